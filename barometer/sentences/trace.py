"""Which cell a number on paper comes from: the rows of docs/design.md, "The trace".

What is told on its way into text passes `tell`; within `listen` it is kept with its cell, and
`trace_text` makes rows of what is still in the finished text. `sector` (the domain's name) and
`asked` in a row say where published numbers are looked up.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from math import isfinite
from types import SimpleNamespace

from barometer.data.domains import EVERYBODY, SECTORS, WHOLE
from barometer.text import write_number

# forms of a share: with interval, and with full precision
SHARES = ("share", "percent", "one_decimal", "sum")
# Those are of everybody asked, whatever they answered.
BASES = ("count", "workplaces", "weight", "response")
# A share in running text, as `write_number` writes it.
SHARE = re.compile(r"(?:(?:under|over) )?\d+(?:,\d+)?\u00a0pct\.")
_HEARD = ContextVar("heard", default=None)


@contextmanager
def listen():
    """A list that is filled with (shown, kind, cell) of every number told within the block."""
    heard = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def tell(shown, kind, cell=None):
    """`shown`, unchanged. `cell` is the row of a released table it comes from, or None where it is
    from no cell.
    """
    if (heard := _HEARD.get()) is not None:
        heard.append((shown, kind, cell))
    return shown


def trace_cell(cell, shown, part, kind, about):
    """A row on one number of a released cell (`cell`: a row of `Released.table`). A closed cell's
    has no numbers.
    """
    cell = _read_row(cell)
    shares, asked = kind in SHARES, find_base(about, cell.item)[0]
    row = {
        "part": part,
        "shown": shown,
        "kind": "share" if shares and kind != "sum" else kind,
        "question": about.question,
        "item": cell.item,
        "label": cell.label,
        "group": cell.group,
        "group_label": cell.group_label,
        "base": describe_base(about, cell.item, cell.group),
        "n": "",
        "low": "",
        "high": "",
        "flag": "",
        "sector": about.domain,
        "asked": asked,
        "internal": {"rule": cell.rule} if hasattr(cell, "rule") else {},
        **_tell_hand(about),
    }
    if kind in BASES:
        row |= {"item": asked, "label": "Antal svar" if kind == "count" else "", "internal": {}}
    if shown.startswith("[") or (cell.status.startswith("[") and kind not in BASES):
        return row
    row["n"] = f"{cell.n:.0f}" if isfinite(cell.n) else ""
    if shares and isfinite(cell.share):
        row["flag"] = getattr(cell, "flag", "")
        if isfinite(cell.low) and isfinite(cell.high):
            row |= {
                "low": write_number(cell.low, "limit"),
                "high": write_number(cell.high, "limit"),
            }
        row["internal"] |= {
            name: float(value) if isfinite(value := getattr(cell, name)) else None
            for name in ("share", "se", "low", "high", "total")
        }
    return row


def trace_difference(test, shown, part, about):
    """A row on the difference of a tested pair (`test`: a row of `Released.comparisons`)."""
    test = _read_row(test)
    # of two items in one group; otherwise of one item in two groups
    between = getattr(test, "group", None)
    group = between or f"{test.first} mod {test.second}"
    item = f"{test.item} mod {test.second}" if between else test.item
    label = f"{test.first_label} mod {about.inside(test.second_label)}"
    labels = (
        {"label": label, "group_label": test.group_label}
        if between
        else {"label": test.label, "group_label": label}
    )
    row = (
        trace_number(shown, part, "difference", about)
        | labels
        | {
            "item": item,
            "group": group,
            "asked": find_base(about, test.item)[0],
            "base": describe_base(about, test.item, group),
        }
    )
    if shown.startswith("[") or test.status.startswith("["):
        return row
    sizes = [
        f"{size:.0f}"
        for name in ("n_first", "n_second")
        if isfinite(size := getattr(test, name, float("nan")))
    ]
    numbers = {
        name: float(value) if isfinite(value := getattr(test, name)) else None
        for name in ("difference", "se", "low", "high")
    }
    limits = {
        name: write_number(100 * limit, "signed_limit")
        for name in ("low", "high")
        if (limit := numbers[name]) is not None
    }
    return (
        row
        | limits
        | {
            "n": " og ".join(sizes),
            "internal": {"share": numbers.pop("difference"), **numbers, "total": None},
        }
    )


def trace_table(released, shown, part):
    """A row on p of a whole table's test. n only where every group's is shown: the sum would give
    the closed one.
    """
    test, about = released.distribution, released.about
    told = isfinite(test.n) and released.table["n"].notna().all()
    return (
        trace_number(shown, part, "p", about)
        | name_table(test)
        | {
            "label": about.question or released.table["label"].iloc[0],
            "group_label": " / ".join(dict.fromkeys(released.table["group_label"])),
            "base": describe_base(about, test.items[0], ""),
            "n": str(test.n) if told else "",
            "asked": find_base(about, test.items[0])[0],
        }
    )


def name_table(test):
    """The item (a question where it has more than one answer) and the groups of a whole table's
    test.
    """
    item = test.items[0] if len(test.items) == 1 else test.items[0].partition("=")[0]
    return {"item": item, "group": " / ".join(test.groups)}


def trace_number(shown, part, kind, about=None):
    """A row on a number that comes from no cell: a level, a count of tests."""
    return {
        "part": part,
        "shown": shown,
        "kind": kind,
        "question": "",
        "item": "",
        "label": "",
        "group": "",
        "group_label": "",
        "base": "",
        "n": "",
        "low": "",
        "high": "",
        "sector": about.domain if about else "",
        "asked": about.asked if about else "",
        "internal": {},
        **_tell_hand(about),
    }


def trace_asked(shown, part, kind, n, domain=WHOLE, label=SECTORS[WHOLE]):
    """A row on how many answered in the survey or in a part of it, or on how many workplaces they
    stand for.

    `n`: respondents as readers are told, "1.877" or their mark; then the row has no number.
    """
    place = "" if domain == WHOLE else f" ({label})"
    return trace_number(shown, part, kind) | {
        "item": "all",
        "label": "Antal svar" if kind == "count" else "Antal arbejdspladser",
        "group": "all",
        "group_label": label,
        "base": EVERYBODY + place,
        "sector": domain,
        "n": "" if n.startswith("[") else n.replace(".", ""),
    }


def trace_part(part, make, about):
    """What `make()` makes, a text or a table, and rows on its numbers."""
    with listen() as heard:
        made = make()
    lines = (
        [made]
        if isinstance(made, str)
        else [cell for row in (made["columns"], *made["rows"]) for cell in row]
    )
    return made, trace_text(heard, "\n".join(lines), part, about)


def trace_text(heard, text, part, about):
    """Rows on what was heard and is in the text. Of what was dropped from its end the last told is
    gone.
    """
    left, rows = {}, []
    for shown, kind, cell in heard:
        if shown not in left:
            left[shown] = len(
                re.findall(rf"(?<!\d)(?<!\d[.,]){re.escape(shown)}(?!\d|[.,]\d)", text)
            )
        if left[shown]:
            left[shown] -= 1
            rows.append(
                trace_cell(cell, shown, part, kind, about)
                if cell is not None
                else trace_number(shown, part, kind, about)
            )
    return drop_repeated(rows)


def trace_title(title, selection):
    """Rows on a figure's title: those of the sentence it is, or the cell that has the share it
    names.
    """
    if getattr(title, "trace", None):
        return [{**row, "part": "title"} for row in title.trace]
    rows, about = [], selection.about
    cells = [cell for item in selection.items for cell in selection.cells_of(item)]
    for shown in SHARE.findall(str(title)):
        fits = [
            cell
            for cell in cells
            if isfinite(cell.share) and write_number(cell.share, "share") == shown
        ]
        if fits:  # a share of no cell of the figure has no row, and is refused
            rows.append(
                trace_cell(fits[0], shown, "title", "share", about)
                if len(fits) == 1
                else trace_number(shown, "title", "share", about)
            )
    return rows


def read_claim(title):
    """What a title that is a `Sentence` rests on, for the register of sentences; nothing for a
    plain title.
    """
    if not getattr(title, "evidence", None):
        return {}
    return {"claim": title.id, "outcome": title.outcome, "evidence": list(title.evidence)}


def add_cells(cells):
    """Exclusive answers to one question as one cell with their summed share; no interval, as none
    was estimated.
    """
    first, nothing = cells[0], float("nan")
    heads, answers = zip(*(cell.item.rpartition("=")[::2] for cell in cells), strict=True)
    item = (
        f"{heads[0]}={'|'.join(answers)}"
        if heads[0] and len(set(heads)) == 1
        else " + ".join(cell.item for cell in cells)
    )
    closed = next((cell.status for cell in cells if cell.status.startswith("[")), "")
    return SimpleNamespace(
        item=item,
        label=" + ".join(cell.label for cell in cells),
        group=first.group,
        group_label=first.group_label,
        share=nothing if closed else sum(cell.share for cell in cells),
        n=first.n,
        se=nothing,
        low=nothing,
        high=nothing,
        total=nothing if closed else sum(cell.total for cell in cells),
        status=closed,
    )


def count_group(group, label, n, status, asked):
    """How many were asked in a group, as a cell: `n` is None where the items' bases differ."""
    nothing = float("nan")
    return SimpleNamespace(
        item=asked,
        label="Antal svar",
        group=group,
        group_label=label,
        share=nothing,
        se=nothing,
        low=nothing,
        high=nothing,
        total=nothing,
        n=nothing if n is None else n,
        status=status,
    )


def drop_repeated(rows):
    """The rows without those on the same number of the same cell in the same part."""
    return list(
        {
            tuple(row[name] for name in ("part", "shown", "kind", "item", "group")): row
            for row in reversed(rows)
        }.values()
    )[::-1]


def _tell_hand(about):
    """What a row says of a table that a chapter put together by hand (`Released`); of the gate's
    own nothing.
    """
    return {"by_hand": True} if about and about.by_hand else {}


def _read_row(row):
    """A row whose columns are its attributes: those of a Series may be hidden by its methods."""
    return SimpleNamespace(**row) if hasattr(row, "to_dict") else row


def find_base(about, item):
    """(variable, words, variables it lies within) of who was asked an item; of the whole table
    where it is not told.
    """
    return about.item_bases.get(item, (about.asked, about.base_text, ()))


def describe_base(about, item, group):
    """Who a share is of, in words: the narrower of those asked the item and, if it is a base, the
    group; and where.
    """
    _, words, within = find_base(about, item)
    words = words if group in within else about.group_bases.get(group, words)
    return words if about.domain == WHOLE else f"{words} ({about.sector_label})"
