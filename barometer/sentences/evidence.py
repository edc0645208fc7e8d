"""What a sentence rests on, as rows of text: columns of `claims.csv` (docs/design.md, "The trace").

A row also has `trace`, a row of `numbers.csv` per number in it, and that of a tested difference
`numbers`: difference, limits and p as numbers (`Number.to_plain`).
"""

from math import isfinite

from barometer.disclosure.rules import MARKS
from barometer.languages.speaking import N_, _
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
from barometer.statistics.comparisons import ROUNDS, read_verdict
from barometer.text import MEASURES, Number, name_measure, write_number

_TESTED = """about item group versus first second difference low high p p_adjusted p_bh family
    falls"""
COLUMNS = (*_TESTED.split(), *sensitivity.COLUMNS, "flag", "verdict", "published")


VERDICTS = N_(
    {
        "higher": "oftere",
        "lower": "sjældnere",
        "no_difference": "ingen sikker forskel",
        "difference": "forskellig",
        "tendency_higher": "tendens til oftere",
        "tendency_lower": "tendens til sjældnere",
        "tendency": "tendens til forskel",
        "": "ikke testet",
    }
)  # as readers meet them
MEAN_VERDICTS = VERDICTS | N_(
    {
        "higher": "højere",
        "lower": "lavere",
        "tendency_higher": "tendens til højere",
        "tendency_lower": "tendens til lavere",
    }
)


def describe_tests(tests, published):
    """What several tests rest on. `tests` = [(released, row of comparisons or `TableTest`)]."""
    return tuple(
        describe_table(released, one)
        if test is released.distribution
        else describe_test(test, one, released)
        for (released, test), one in zip(tests, published or [None] * len(tests), strict=True)
    )


def describe_test(row, published, released):
    """The row of one tested difference. `published`: id of the verdict that was printed."""
    status = row["status"] if row["status"] in MARKS else ""
    inside = released.about.inside
    form, *_forms, signed, limit = MEASURES[name_measure(row)]
    factor = 100 if name_measure(row) == "share" else 1
    cells = find_cells(row, released)
    # the other of a pair has its own number: a mark on what a plan leaves open would be false
    shown = {
        name: _write(cell["share"], form, cell["status"] if cell["status"] in MARKS else "")
        for name, cell in zip(("first", "second"), cells, strict=True)
    }
    numbers = {"difference": Number(factor * row["difference"], signed, status)}
    numbers |= {name: Number(factor * row[name], limit, status) for name in ("low", "high")}
    numbers |= {"p": Number(row["p"], "bare_p", status)}
    numbers = {name: one for name, one in numbers.items() if status or isfinite(one.value)}
    shown |= {name: str(number) for name, number in numbers.items()}
    second = inside(row["second_label"])
    about = f"{row['label']}: {inside(row['first_label'])}{_(' mod ')}{second}"
    if "group" in row:  # two items in one group
        about = f"{row['first_label']}{_(' mod ')}{second}: {inside(row['group_label'])}"
    names = {"about": about, "item": row["item"], "versus": row["second"], "published": published}
    names |= {"group": row.get("group", row["first"])}
    shown |= sensitivity.describe_inference(row, released.about)
    shown |= dict.fromkeys(sensitivity.COLUMNS[:2], status) if status else {}
    flags = dict.fromkeys(mark for cell in cells for mark in cell.get("flag", "").split())
    verdict = _name_verdict(row, released.about)
    text = _fill(names | shown | {"flag": " ".join(flags), "verdict": verdict})
    return text | {
        "numbers": {name: number.to_plain() for name, number in numbers.items()},
        "trace": _trace_test(row, cells, text, released),
        **_keep_p(row["p"], released),
    }


def describe_table(released, published):
    """The row of a whole table's test."""
    test = released.distribution
    groups = ", ".join(dict.fromkeys(map(released.about.inside, released.table["group_label"])))
    labels = list(dict.fromkeys(released.table["label"]))
    what = released.about.question if len(labels) > 1 else ""  # of one row among several, its label
    what = what or labels[0]
    about = _("{what} (samlet test: {groups})").format(what=what, groups=groups)
    text = _describe_whole(test, released.about, about, **name_table(test), published=published)
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
    named = _(" og ").join([first, *map(about.inside, others)])
    places = ", ".join(map(about.inside, groups.values()))
    what = _("{what}: om forskellene er lige store (samlet test: {groups})")
    what = what.format(what=named, groups=places)
    text = _describe_whole(test, about, what, " / ".join(items), " / ".join(groups))
    row = trace_number(text["p"], "basis", "p", about) | {
        "item": text["item"],
        "label": named,
        "group": text["group"],
        "group_label": " / ".join(groups.values()),
        "n": str(test.n) if isfinite(test.n) else "",
        "base": describe_base(about, next(iter(items)), ""),
    }
    rows = [*([row] if text["p"] else []), *sensitivity.list_hinges(row, text, about)]
    return text | {"trace": rows, **_keep_p(test.p, released)}


def _describe_whole(test, about, what, item, group, published=""):
    """The columns of a test of more than two shares (`TableTest`, `InteractionTest`)."""
    names = {"about": what, "item": item, "group": group, "published": published}
    names |= sensitivity.describe_inference(test, about)
    return _fill(names | {"p": _write(test.p, "bare_p", ""), "verdict": _name_verdict(test, about)})


def describe_share(cell, about):
    """The row of one share, for a sentence that compares nothing."""
    status = cell["status"] if cell["status"] in MARKS else ""
    form, _, limit, *_ = MEASURES[name_measure(cell)]
    limits = {name: _write(cell[name], limit, status) for name in ("low", "high")}
    names = {"about": f"{cell['label']}: {about.inside(cell['group_label'])}"}
    names |= {"item": cell["item"], "group": cell["group"]}
    limits["first"] = _write(cell["share"], form, status)
    empty = "empty" * (cell["status"] == "empty")
    verdict = _name_closing(status) or empty or "description"
    text = _fill(names | limits | {"flag": cell.get("flag", ""), "verdict": verdict})
    shown = {} if status else {name: text[name] for name in ("low", "high")}
    return text | {"trace": [trace_cell(cell, text["first"], "basis", form, about) | shown]}


def _keep_p(p, released):
    """What the adjustments are made of (`adjustments.py`), where p is shown."""
    about = released.about
    if not isfinite(p):
        return {}
    domain = ROUNDS if about.rounds else about.domain
    return {"internal": {"p": float(p), "alpha": about.alpha, "domain": domain}}


def find_cells(row, released):
    """The two cells that a row of comparisons compares: of two items in one group, or the other
    way round.
    """
    if "group" in row:
        return [released.cell(row[which], row["group"]) for which in ("first", "second")]
    return [released.cell(row["item"], row[which]) for which in ("first", "second")]


def _trace_test(row, cells, text, released):
    """Of the two shares, their difference and p: a row on each that is shown."""
    shares = [
        trace_cell(cell, text[name], "basis", name_measure(cell), released.about)
        for name, cell in zip(("first", "second"), cells, strict=True)
    ]
    difference = trace_difference(row, text["difference"], "basis", released.about)
    difference |= {"published": text["published"]}
    plain = difference | {"low": "", "high": "", "internal": {}}
    hinges = sensitivity.list_hinges(plain, text, released.about)
    rows = [*shares, difference, plain | {"kind": "p", "shown": text["p"]}, *hinges]
    return [one for one in rows if one["shown"]]


def _write(value, kind, status):
    return write_number(value, kind, status) if status or isfinite(value) else ""


def _fill(row):
    # the noun of those who answer is no column, but the words on what a verdict hangs on have it
    return {name: row.get(name) or "" for name in (*COLUMNS, "respondents")}


def _name_verdict(test, about):
    return read_verdict(test, about.alpha) or _name_closing(test.status) or "untested"


def _name_closing(status):
    return status in MARKS and ("closed" if status == CONFIDENTIAL else "uncertain")
