"""What a figure shows: the answers by their tests' verdicts, as they are drawn, and as rows of the
table behind it.
"""

from math import isfinite

from barometer.figures.cells import (
    SURE,
    TENDING,
    count_asked,
    name_verdict,
    split_label,
    write_estimate,
    write_share,
)
from barometer.languages.speaking import N_, _
from barometer.text import NBSP, Number, Text, join_words, name_measure, name_statistic

MOST_BESIDE = 4  # answers whose intervals a page has room for
# of the first group against the second; for what is no difference see `cells.KNOWN`
OFTENER, SELDOMER = N_(("{} oftere", "{} sjældnere"))
ALIKE = N_({"complete": "Ingen forskel", "": "Ingen sikker forskel"})
CLOSED, UNTESTED = N_(("Kan ikke sammenlignes", "Ikke testet"))

# what is made of points and numbers, inside a sentence; as a head with a capital
MEASURE_NAMES = N_(
    {
        "mean": "gennemsnit",
        "q10": "nederste decil",
        "q25": "nedre kvartil",
        "median": "median",
        "q75": "øvre kvartil",
        "q90": "øverste decil",
        "total": "sum",
        "ratio": "forhold",
    }
)


def divide_items(selection, first=()):
    """Sections of answers by verdict, as (heading, items, whether it stands back, {item: word}).

    `first`: items above all sections, without a heading, with their verdict as a word. A word is
    also given to a difference that is nearly sure. Without tests there is one section.
    """
    others = [item for item in selection.items if item not in first]
    found = {item: _find_section(selection, item) for item in others}
    label = next(iter(selection.groups.values()))
    under = {item: name_verdict(selection, item) for item in first if selection.test(item)}
    sections = [("", list(first), False, under)] if first else []
    if not any(selection.test(item) for item in others):
        return [*sections, ("", others, False, {})]
    for heading in dict.fromkeys((OFTENER, *ALIKE.values(), SELDOMER, CLOSED, UNTESTED)):
        items = [item for item in others if found[item] == heading]
        pale = heading not in (OFTENER, SELDOMER)
        words = {
            item: name_verdict(selection, item)
            for item in items
            if (test := selection.test(item)) and test[0] in TENDING
        }
        if items:
            sections.append((_(heading).format(label), items, pale, words))
    return sections


def _find_section(selection, item):
    verdict, status, _ = selection.test(item) or ("", "", None)
    if status.startswith("[") or name_verdict(selection, item).startswith("["):
        return CLOSED
    if verdict in SURE:
        return (OFTENER, SELDOMER)[SURE.index(verdict)]
    if verdict in TENDING:
        return ALIKE[""]
    return ALIKE.get(status, ALIKE[""]) if verdict else UNTESTED


def quote(labels):
    """»A«, »B« og »C«; "" for none. Quoted, because labels have commas and "og" of their own."""
    quoted = [_("»{label}«").format(label=label) for label in labels]
    return join_words(quoted) if quoted else ""


def tabulate_items(selection, verdicts=False, write=write_estimate):
    """A row per answer: share and interval in each group, and the verdict between two. `write`: of
    a cell.
    """
    labels = selection.groups
    row = selection.cells_of(selection.items[0])[0]
    shares = name_measure(row) == "share"
    named = _("Andel") if shares else _(MEASURE_NAMES[name_statistic(row)]).capitalize()
    labels = labels if len(labels) > 1 else dict.fromkeys(labels, named)
    columns = [
        Text(f"{label} (n{NBSP}={NBSP}", count_asked(selection, group), ")")
        for group, label in labels.items()
    ]
    rows = []
    for item in (*selection.items, *selection.left_out):
        rows.append([selection.label(item), *map(write, selection.cells_of(item))])
        rows[-1] += [name_verdict(selection, item)] if verdicts else []
    return {
        "columns": [
            _("Svar") if shares else _("Spørgsmål"),
            *columns,
            *[_("Forskel")] * verdicts,
        ],
        "rows": rows,
        "numeric": [False, *[True] * len(columns), *[False] * verdicts],
    }


def tabulate_rows(selection):
    """A row for each row of a battery (and group), a column for each answer and one for n; None
    where the items are no rows of the same answers.

    Of more than `MOST_BESIDE` answers there is no room for intervals.
    """
    items = (*selection.items, *selection.left_out)
    parts = {item: split_label(selection.label(item)) for item in items}
    rows = list(dict.fromkeys(row for row, _ in parts.values()))
    answers = list(dict.fromkeys(answer for _, answer in parts.values()))
    known = {part: item for item, part in parts.items()}
    whole = len(known) == len(items) == len(rows) * len(answers)
    if (
        not whole
        or len(rows) < 2
        or len(answers) < 2
        or "" in rows
        or any("=" not in item for item in items)
    ):
        return None
    several, found = len(selection.groups) > 1, []
    write = write_estimate if len(answers) <= MOST_BESIDE else write_share
    for row in rows:
        for group, label in selection.groups.items():
            cells = [selection.cell(known[row, answer], group) for answer in answers]
            n = cells[0].n
            counted = Number(n, "count", cell=cells[0]) if isfinite(n) else cells[0].status
            found.append([row, *[label] * several, *map(write, cells), counted])
    return {
        "columns": ["", *[_("Gruppe")] * several, *answers, "n"],
        "rows": found,
        "numeric": [False, *[False] * several, *[True] * len(answers), True],
    }


def tabulate_groups(selection):
    """A row per group for the one item, share with interval, and n; of several items as above."""
    if len(selection.items) > 1:
        return tabulate_items(selection)
    item, rows = selection.items[0], []
    for cell in selection.cells_of(item):
        n = Number(cell.n, "count", cell=cell) if isfinite(cell.n) else cell.status
        rows.append([selection.groups[cell.group], write_estimate(cell), n])
    columns = [_("Gruppe"), selection.label(item), "n"]
    return {"columns": columns, "rows": rows, "numeric": [False, True, True]}
