"""Which cell a number on paper comes from: the rows of docs/design.md, "The trace".

A text has its numbers and their cells (`text.Text`); `trace_text` makes the rows of them. `domain`
(the domain's name) and `asked` in a row say where published numbers are looked up.
"""

from dataclasses import dataclass
from math import isfinite, nan
from types import SimpleNamespace

from barometer.data.domains import WHOLE
from barometer.forms import LIMITS, MEASURES
from barometer.languages.speaking import _
from barometer.marks import CONFIDENTIAL
from barometer.text import Text, name_measure, name_statistic, write_number

# forms of a share: with interval, and with full precision
SHARES = ("share", "percent", "one_decimal", "sum")
# Those are of everybody asked, whatever they answered.
BASES = ("count", "units", "weight", "response")
ADDED = ("share", "total")  # of exclusive answers
AGAINST = " mod "  # between two groups or items in a row
# what numbers of another round are called, so that nobody takes them for this survey's
ROUNDS = {"share": "round", "count": "round_count", "difference": "round_difference"}
_CELL = "question item label group group_label base n low high domain asked"
CELL = tuple(_CELL.split())  # what a row says of the number's cell


@dataclass(frozen=True)
class Asked:
    """The cell of a count of respondents (`n`, None where closed) or of units in a domain."""

    n: int | None
    domain: str
    label: str
    nouns: dict  # the registry's, of those who answer


def trace_text(text, part, about):
    """Rows on the numbers of a `Text`, `Number` or string; an interval is in its share's row."""
    rows = {}
    for number in reversed(Text(text).numbers):
        if number.form not in LIMITS:
            row = _trace_number(number, part, about)
            rows[tuple(row[name] for name in ("shown", "kind", "item", "group"))] = row
    return list(rows.values())[::-1]


def trace_table_texts(table, about):
    """Rows on the numbers of a table whose heads and cells are strings and texts."""
    cells = [cell for row in (table["columns"], *table["rows"]) for cell in row]
    return trace_text(Text(*cells), "table", about)


def _trace_number(number, part, about):
    shown, kind, cell = number.shown, number.kind or number.form, number.cell
    if cell is None:
        return trace_number(shown, part, kind, about)
    if isinstance(cell, Asked):
        return trace_asked(shown, part, kind, cell)
    if kind.endswith("points"):
        return trace_difference(cell, shown, part, about)
    return trace_cell(cell, shown, part, kind, about)


def trace_cell(cell, shown, part, kind, about):
    """A row on one number of a released cell (`cell`); a closed cell's has no numbers, but for how
    many are behind a closed mean.
    """
    cell = _read_row(cell)
    measure, asked = name_measure(cell), find_base(about, cell.item)[0]
    mean = kind in MEASURES and kind != "share"
    shares = kind in SHARES or mean
    if kind == "count" and measure != "share":
        kind = "answers"  # of those who gave a point or a number
    named = name_statistic(cell) if mean else "share" if kind in SHARES and kind != "sum" else kind
    row = trace_number(shown, part, named, about) | {
        "question": about.question,
        **{name: getattr(cell, name) for name in ("item", "label", "group", "group_label")},
        "base": describe_base(about, cell.item, cell.group),
        "flag": "",
        "asked": asked,
        "internal": {"rule": cell.rule} if hasattr(cell, "rule") else {},
    }
    if kind in BASES:
        row |= {"item": asked, "label": _("Antal svar") if kind == "count" else "", "internal": {}}
    n = f"{cell.n:.0f}" if isfinite(cell.n) else ""
    if shown.startswith("[") or (cell.status.startswith("[") and kind not in (*BASES, "answers")):
        # of a closed mean it says that how many gave a point is not closed
        return row | ({"n": n} if mean and cell.status == CONFIDENTIAL else {})
    row["n"] = n
    if shares and isfinite(cell.share):
        row["flag"] = getattr(cell, "flag", "")
        if isfinite(cell.low) and isfinite(cell.high):
            form = MEASURES[measure][2] if mean else "limit"
            row |= {end: write_number(getattr(cell, end), form) for end in ("low", "high")}
        row["internal"] |= _read_finite(cell, ("share", "se", "low", "high", "total"))
    return row


def trace_difference(test, shown, part, about):
    """A row on the difference of a tested pair (`test`: a row of `Released.comparisons`)."""
    test = _read_row(test)
    pair = f"{test.first_label}{_(' mod ')}{about.inside(test.second_label)}"
    if group := getattr(test, "group", None):  # two items in one group
        names = {"item": f"{test.item}{AGAINST}{test.second}", "label": pair}
        names |= {"group": group, "group_label": test.group_label}
    else:
        group = f"{test.first}{AGAINST}{test.second}"
        names = {"item": test.item, "label": test.label, "group": group, "group_label": pair}
    names |= {"asked": find_base(about, test.item)[0]}
    names |= {"base": describe_base(about, test.item, group)}
    measure, mean = name_measure(test), name_measure(test) != "share"
    kind = f"{name_statistic(test)}_difference" if mean else "difference"
    row = trace_number(shown, part, kind, about) | names
    if shown.startswith("[") or test.status.startswith("["):
        return row
    sizes = [getattr(test, name, nan) for name in ("n_first", "n_second")]
    numbers = _read_finite(test, ("difference", "se", "low", "high"))
    limits = {
        name: write_number((1 if mean else 100) * numbers[name], MEASURES[measure][4])
        for name in ("low", "high")
        if numbers[name] is not None
    }
    internal = {"share": numbers.pop("difference"), **numbers, "total": None}
    n = _(" og ").join(f"{size:.0f}" for size in sizes if isfinite(size))
    return row | limits | {"n": n, "internal": internal}


def trace_table(released, shown, part):
    """A row on p of a whole table; n only where every group's is shown, lest the sum give it."""
    test, about = released.distribution, released.about
    known = isfinite(test.n) and released.table["n"].notna().all()
    row = trace_number(shown, part, "p", about) | name_table(test)
    return row | {
        "label": about.question or released.table["label"].iloc[0],
        "group_label": " / ".join(dict.fromkeys(released.table["group_label"])),
        "base": describe_base(about, test.items[0], ""),
        "n": str(test.n) if known else "",
        "asked": find_base(about, test.items[0])[0],
    }


def name_table(test):
    """The item (a question with more than one answer) and groups of a whole table's test."""
    item = test.items[0] if len(test.items) == 1 else test.items[0].partition("=")[0]
    return {"item": item, "group": " / ".join(test.groups)}


def trace_number(shown, part, kind, about=None):
    """A row on a number that comes from no cell: a level, a count of tests."""
    kind = ROUNDS.get(kind, kind) if about and about.rounds else kind
    row = {"part": part, "shown": shown, "kind": kind, **dict.fromkeys(CELL, "")}
    if about:
        row |= {"domain": about.domain, "asked": about.asked}
    # of a table that a chapter put together; the gate's own need no such mark
    marks = {"by_hand": about.by_hand, "beside": about.beside} if about else {}
    return row | {"internal": {}} | {name: True for name, held in marks.items() if held}


def trace_asked(shown, part, kind, cell):
    """A row on how many answered in a domain, or units they stand for (`cell`: `Asked`)."""
    place = "" if cell.domain == WHOLE else f" ({cell.label})"
    return trace_number(shown, part, kind) | {
        "item": "all",
        "label": _("Antal svar")
        if kind == "count"
        else _("Antal {many}").format(many=cell.nouns["many"]),
        "group": "all",
        "group_label": cell.label,
        "base": cell.nouns["all"] + place,
        "domain": cell.domain,
        "n": "" if cell.n is None else str(cell.n),
    }


def trace_title(title):
    """Rows on a title that is a sentence. In a plain title a number is refused."""
    return [{**row, "part": "title"} for row in getattr(title, "trace", ())]


def read_claim(title):
    """What a title that is a `Sentence` rests on, for the register; nothing for a plain one."""
    if not getattr(title, "evidence", None):
        return {}
    return {"claim": title.id, "outcome": title.outcome, "evidence": list(title.evidence)}


def add_cells(cells):
    """Exclusive answers as one cell with their summed share; no interval was estimated."""
    heads, answers = zip(*(cell.item.rpartition("=")[::2] for cell in cells), strict=True)
    item, label = (" + ".join(getattr(cell, name) for cell in cells) for name in ("item", "label"))
    if heads[0] and len(set(heads)) == 1:
        item = f"{heads[0]}={'|'.join(answers)}"
    closed = next((cell.status for cell in cells if cell.status.startswith("[")), "")
    added = {} if closed else {name: sum(getattr(cell, name) for cell in cells) for name in ADDED}
    return make_cell(item, label, cells[0].group, cells[0].group_label, cells[0].n, closed, **added)


def make_cell(item, label, group, group_label, n, status, share=nan, total=nan):
    """A cell that is no row of a table: a sum of answers or a base (`n`: None where unequal)."""
    n = nan if n is None else n
    return SimpleNamespace(
        **{"item": item, "label": label, "group": group, "group_label": group_label, "n": n},
        **{"status": status, "share": share, "total": total, "se": nan, "low": nan, "high": nan},
    )


def _read_finite(row, names):
    """{name: number, or None where there is none} of a row."""
    values = {name: getattr(row, name) for name in names}
    return {name: float(value) if isfinite(value) else None for name, value in values.items()}


def _read_row(row):
    """A row whose columns are its attributes: those of a Series may be hidden by its methods."""
    return SimpleNamespace(**row) if hasattr(row, "to_dict") else row


def find_base(about, item):
    """(variable, words, variables it lies within) of who was asked an item."""
    return about.item_bases.get(item, (about.asked, about.base_text, ()))


def describe_base(about, item, group):
    """Who a share is of, in words: the narrower of base and group; and where."""
    _, words, within = find_base(about, item)
    words = words if group in within else about.group_bases.get(group, words)
    return words if about.domain == WHOLE else f"{words} ({about.part_label})"
