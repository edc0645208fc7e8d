"""Several answers in one cell, as forms on the web write them: "Phone; Email" or "Phone, Email"."""

import itertools
from collections import Counter

MOST = 30  # different answers of one question
DIVIDERS = (";", ",")


def find_divider(codes):
    """(what divides several answers in the cells of a column, those answers in order); None where
    each cell holds one answer. `codes`: the column's different cells.

    A comma stands within answers too ("Yes, often"). It divides answers where there are more
    different cells than answers, each answer stands in two cells or alone in one, and some answer
    stands both first and after another. Answers that always stand beside each other are one.

    >>> find_divider(["Phone;Email", "Email", "Phone;Chat", "Phone"])
    (';', ('Chat', 'Email', 'Phone'))
    >>> find_divider(["Yes, often", "Yes, seldom", "No"]) is None
    True
    """
    for divider in DIVIDERS:
        several = [code for code in codes if divider in code.strip(f"{divider} ")]
        if len(several) < 2:
            continue
        cells = [_divide(code, divider) for code in codes]
        parts = {part for cell in cells for part in cell}
        if divider == ";" and len(parts) <= MOST:
            return divider, tuple(sorted(parts))
        if divider == "," and len(parts) <= 2 * MOST:
            joined = _join_neighbours(cells)
            parts = {part for cell in joined for part in cell}
            if len(parts) <= MOST and _are_ticks(joined, parts):
                return divider, tuple(sorted(parts))
    return None


def split_cell(code, divider, answers):
    """The answers in a cell, of which some may hold the divider themselves.

    >>> split_cell("Email, Phone, landline", ",", ("Email", "Phone, landline"))
    ['Email', 'Phone, landline']
    """
    pieces, found, at = _divide(code, divider), [], 0
    while at < len(pieces):
        ends = range(len(pieces), at, -1)
        joined = ((f"{divider} ".join(pieces[at:end]), end) for end in ends)
        answer, at = next((one for one in joined if one[0] in answers), (pieces[at], at + 1))
        found.append(answer)
    return found


def _divide(code, divider):
    return [part.strip() for part in code.split(divider) if part.strip()]


def _join_neighbours(cells):
    """Cells in which parts that always follow each other are one part."""
    counts = Counter(part for cell in cells for part in cell)
    pairs = Counter(pair for cell in cells for pair in itertools.pairwise(cell))
    always = {pair for pair, many in pairs.items() if many == counts[pair[0]] == counts[pair[1]]}
    joined = []
    for cell in cells:
        made = cell[:1]
        for before, part in itertools.pairwise(cell):
            if (before, part) in always:
                made[-1] = f"{made[-1]}, {part}"
            else:
                made.append(part)
        joined.append(made)
    return joined


def _are_ticks(cells, parts):
    if len({*map(tuple, cells)}) <= len(parts):
        return False
    counts = Counter(part for cell in cells for part in cell)
    alone = {cell[0] for cell in cells if len(cell) == 1}
    first = {cell[0] for cell in cells if cell}
    later = {part for cell in cells for part in cell[1:]}
    known = all(many > 1 or part in alone for part, many in counts.items())
    return known and bool(first & later)
