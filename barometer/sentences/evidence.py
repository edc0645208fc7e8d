"""What a sentence rests on, as rows of text: columns of `claims.csv` (docs/design.md, "The trace").

A row also has `trace`, a row of `numbers.csv` per number in it, and that of a tested difference
`numbers`: difference, limits and p as numbers (`Number.to_plain`).
"""

from math import isfinite

from barometer.disclosure.rules import MARKS
from barometer.marks import CONFIDENTIAL
from barometer.sentences import sensitivity
from barometer.sentences.trace import (
    describe_base,
    name_table,
    trace_cell,
    trace_difference,
    trace_number,
    trace_table,
)
from barometer.statistics.comparisons import read_verdict
from barometer.text import Number, write_number

COLUMNS = (
    "about",
    "item",
    "group",
    "versus",
    "first",
    "second",
    "difference",
    "low",
    "high",
    "p",
    "p_adjusted",
    "p_bh",
    "family",
    "falls",
    *sensitivity.COLUMNS,
    "flag",
    "verdict",
    "published",
)


def describe_test(row, published, released):
    """The row of one tested difference. `published`: id of the verdict that was printed."""
    status = row["status"] if row["status"] in MARKS else ""
    verdict = read_verdict(row, released.about.alpha) or _name_closing(status) or "untested"
    inside = released.about.inside
    shown = {name: _write(row[f"share_{name}"], "share", status) for name in ("first", "second")}
    numbers = {"difference": Number(100 * row["difference"], "signed", status)}
    numbers |= {name: Number(100 * row[name], "signed_limit", status) for name in ("low", "high")}
    numbers |= {"p": Number(row["p"], "bare_p", status)}
    numbers = {name: one for name, one in numbers.items() if status or isfinite(one.value)}
    shown |= {name: str(number) for name, number in numbers.items()}
    about = f"{row['label']}: {inside(row['first_label'])} mod {inside(row['second_label'])}"
    if "group" in row:  # two items in one group
        about = (
            f"{row['first_label']} mod {inside(row['second_label'])}: {inside(row['group_label'])}"
        )
    names = {
        "about": about,
        "item": row["item"],
        "group": row.get("group", row["first"]),
        "versus": row["second"],
    }
    shown |= sensitivity.describe_inference(row, released.about)
    shown |= dict.fromkeys(sensitivity.COLUMNS[:2], status) if status else {}
    cells = _find_cells(row, released)
    flag = " ".join(dict.fromkeys(mark for cell in cells for mark in _read_flag(cell).split()))
    text = _fill(names | shown | {"flag": flag, "verdict": verdict, "published": published})
    return text | {
        "numbers": {name: number.to_plain() for name, number in numbers.items()},
        "trace": _trace_test(row, cells, text, released),
        **_keep_p(row["p"], released),
    }


def describe_table(released, published):
    """The row of a whole table's test."""
    test = released.distribution
    groups = ", ".join(
        dict.fromkeys(released.about.inside(label) for label in released.table["group_label"])
    )
    about = f"{released.about.question or released.table['label'].iloc[0]} (samlet test: {groups})"
    names = {"about": about, **name_table(test), "p": _write(test.p, "bare_p", "")}
    names |= sensitivity.describe_inference(test, released.about)
    verdict = read_verdict(test, released.about.alpha) or _name_closing(test.status) or "untested"
    text = _fill(names | {"verdict": verdict, "published": published})
    row = trace_table(released, text["p"], "basis") | {"published": text["published"]}
    rows = [*([row] if text["p"] else []), *sensitivity.list_hinges(row, text, released.about)]
    if text["level"] and not text["p"]:
        rows.append(row | {"kind": "level", "shown": text["level"]})
    return text | {"trace": rows, **_keep_p(test.p, released)}


def describe_interaction(released):
    """The row of a test of a difference between differences (`release.release_interaction`)."""
    test, about, cells = released.distribution, released.about, released.table
    items, groups = (
        dict(zip(cells[name], cells[label], strict=True))
        for name, label in (("item", "label"), ("group", "group_label"))
    )
    first, *others = items.values()
    named = " og ".join([first, *map(released.about.inside, others)])
    places = ", ".join(map(released.about.inside, groups.values()))
    names = {
        "about": f"{named}: om forskellene er lige store (samlet test: {places})",
        "item": " / ".join(items),
        "group": " / ".join(groups),
        "p": _write(test.p, "bare_p", ""),
    }
    names |= sensitivity.describe_inference(test, about)
    verdict = read_verdict(test, about.alpha) or _name_closing(test.status) or "untested"
    text = _fill(names | {"verdict": verdict})
    row = (
        trace_number(text["p"], "basis", "p", about)
        | {name: text[name] for name in ("item", "group")}
        | {
            "label": named,
            "group_label": " / ".join(groups.values()),
            "n": str(test.n) if isfinite(test.n) else "",
            "base": describe_base(about, next(iter(items)), ""),
        }
    )
    rows = [*([row] if text["p"] else []), *sensitivity.list_hinges(row, text, about)]
    return text | {"trace": rows, **_keep_p(test.p, released)}


def describe_share(cell, about):
    """The row of one share, for a sentence that compares nothing."""
    status = cell["status"] if cell["status"] in MARKS else ""
    limits = {name: _write(cell[name], "bare_fine_limit", status) for name in ("low", "high")}
    names = {"about": f"{cell['label']}: {about.inside(cell['group_label'])}"}
    names |= {"item": cell["item"], "group": cell["group"]}
    limits["first"] = _write(cell["share"], "share", status)
    empty = "empty" * (cell["status"] == "empty")
    verdict = _name_closing(status) or empty or "description"
    text = _fill(names | limits | {"flag": _read_flag(cell), "verdict": verdict})
    shown = {} if status else {name: text[name] for name in ("low", "high")}
    return text | {"trace": [trace_cell(cell, text["first"], "basis", "share", about) | shown]}


def _keep_p(p, released):
    """What the adjustments are made of (`adjustments.py`), where p is shown."""
    about = released.about
    if not isfinite(p):
        return {}
    return {"internal": {"p": float(p), "alpha": about.alpha, "domain": about.domain}}


def _find_cells(row, released):
    """The two cells that a test compares."""
    where = [
        (row[name], row["group"]) if "group" in row else (row["item"], row[name])
        for name in ("first", "second")
    ]
    return [released.cell(*cell) for cell in where]


def _read_flag(cell):
    return cell.get("flag", "")


def _trace_test(row, cells, text, released):
    """Of the two shares, their difference and p: a row on each that is shown."""
    shares = [
        trace_cell(cell, text[name], "basis", "share", released.about)
        for name, cell in zip(("first", "second"), cells, strict=True)
    ]
    difference = trace_difference(row, text["difference"], "basis", released.about) | {
        "published": text["published"]
    }
    plain = difference | {"low": "", "high": "", "internal": {}}
    tests = [plain | {"kind": kind, "shown": text[kind]} for kind in ("p",)]
    return [
        one
        for one in (
            *shares,
            difference,
            *tests,
            *sensitivity.list_hinges(plain, text, released.about),
        )
        if one["shown"]
    ]


def _write(value, kind, status):
    return write_number(value, kind, status) if status or isfinite(value) else ""


def _fill(row):
    # the noun of those who answer is no column, but what the verdict hangs on is told with it
    return {name: row.get(name) or "" for name in (*COLUMNS, "respondents")}


def _name_closing(status):
    return status in MARKS and ("closed" if status == CONFIDENTIAL else "uncertain")
