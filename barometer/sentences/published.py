"""The published numbers and verdicts beside ours, row by row of `published.csv`.

A row's `kind` says what is compared: `share` and `count` a number; `groups` an item between two
groups, `items` two items in one group, `table` a whole question between two groups, `parts` an
item between all parts: a verdict; `fact` what is no result of this survey, and not computed.
"""

from dataclasses import dataclass, field, replace
from functools import cache, partial
from math import isfinite, nan

from barometer.data.domains import WHOLE, name_group
from barometer.data.publication import name_statement
from barometer.disclosure.gate import protect
from barometer.disclosure.labels import translate_released
from barometer.disclosure.release import release_contrast, release_differences, release_shares
from barometer.disclosure.rules import MARKS
from barometer.display import Table
from barometer.languages.speaking import N_, _
from barometer.released import ReleasedTable
from barometer.sentences.evidence import VERDICTS
from barometer.sentences.trace import (
    trace_cell,
    trace_difference,
    trace_number,
    trace_table,
)
from barometer.statistics.comparisons import read_verdict
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.tabletests import test_distribution
from barometer.text import NOBODY, NONE, Flag, Number, Text

# what a row on another number than the share lacks
BARE = {"low": "", "high": "", "flag": "", "internal": {}}
CELL = ("kind", "domain", "item", "group", "versus")  # columns that say what a row is of
# Columns beside the published ones.
_JUDGED = "part ours difference p our_verdict our_status flag result trace found"
JUDGED = tuple(_JUDGED.split())
WITHIN, OUTSIDE, MISSING, NOT_APPLICABLE = "within", "outside", "missing", "not_applicable"


@dataclass(frozen=True)
class Finding:
    """What today's data give for a published row: released number (`value`), verdict or mark."""

    value: float = nan
    p: float = nan
    verdict: str = ""
    status: str = ""
    flag: str = ""  # beside the number
    released: object = None  # what it was found in
    write: object = field(default=lambda released: {}, repr=False)

    @property
    def trace(self):
        """The row of `numbers.csv` on what it is of; what is shown is put in later."""
        return self.write(self.released)

    def in_language(self, survey):
        """The same with the labels of a survey in another language."""
        if self.released is None:
            return self
        return replace(self, released=translate_released(self.released, survey))


def compare_published(survey):
    """Each published row with `ours`, `difference`, `p`, `our_verdict`, `our_status`, `result`,
    `trace`.

    `result`: "within" the row's tolerance or the same verdict, "outside", "missing" where the data
    give no number or test (nobody in a group, nothing that varies), "[c]" or "[u]" closed at the
    gate, or "not_applicable": no result of this survey, or not stated for the report's part.
    """

    @cache  # several rows can be of one cell
    def find(*cell):
        return FINDERS[cell[0]](dict(zip(CELL, cell, strict=True)), survey.whole)

    rows = [_judge(row, survey, find) for row in survey.published.to_dict("records")]
    # also where nothing was published
    return ReleasedTable(rows, columns=[*survey.published, *JUDGED])


def _judge(row, survey, find):
    stated = survey.report in (WHOLE, row["domain"]) and row["kind"] != "fact"
    found = find(*(row[name] for name in CELL)) if stated else Finding()
    difference = found.value - float(row["value"]) if stated and row["value"] else nan
    if not stated:
        result = NOT_APPLICABLE
    elif found.status.startswith("["):
        result = found.status
    elif not found.verdict if row["verdict"] else not isfinite(found.value):
        result = MISSING
    elif row["verdict"]:
        result = WITHIN if _same(found.verdict, row["verdict"]) else OUTSIDE
    else:
        result = WITHIN if abs(difference) <= float(row["tolerance"]) else OUTSIDE
    return row | {
        "ours": found.value,
        "difference": difference,
        "p": found.p,
        "our_verdict": found.verdict,
        "our_status": found.status,
        "flag": found.flag,
        "result": result,
        "trace": found.trace,
        "found": found,
        "statement": name_statement(row, survey.registry),
        "part": survey.registry.whole["part"],
    }


def _same(ours, published):
    """Whether two verdicts agree: no published difference does so with a tendency."""
    return ours == published or (published == "no_difference" and ours.startswith("tendency"))


def _find_share(row, survey):
    group = row["group"] if row["domain"] == WHOLE else name_group(row["domain"])
    released = release_shares(survey, [row["item"]], [group])
    # the only one; to look it up by name would take a tenth of all the time
    cell = released.table.iloc[0]
    share, status, flag = (cell[name] for name in ("share", "status", "flag"))
    return Finding(100 * share, status=status, flag=flag, released=released, write=_trace_share)


def _trace_share(released):
    return trace_cell(released.table.iloc[0], "", "table", "one_decimal", released.about)


def _find_count(row, survey):
    released = release_shares(survey, [row["item"]])
    cell = released.table.iloc[0]
    mark = cell["status"] if cell["status"] in MARKS else ""
    return Finding(cell["n_yes"], status=mark, released=released, write=_trace_count)


def _trace_count(released):
    cell = released.table.iloc[0]
    n = "" if cell["status"] in MARKS else f"{cell['n_yes']:.0f}"
    row = trace_cell(cell, "", "table", "share", released.about)
    return row | BARE | {"kind": "count", "n": n}


def _find_groups(row, survey):
    return _read_comparison(release_differences(survey, [row["item"]], row["group"], row["versus"]))


def _find_items(row, survey):
    return _read_comparison(release_contrast(survey, row["item"], row["versus"], [row["group"]]))


def _find_table(row, survey):
    """Of all answers of a single question, or of a battery's row (`question.item`)."""
    question = survey.registry.questions[row["item"].partition(".")[0]]
    items = [f"{row['item']}={answer}" for answer in question.answers]
    return _read_table(survey, items, [row["group"], row["versus"]])


def _find_parts(row, survey):
    several = len(survey.sectors) > 1
    return _read_table(survey, [row["item"]], survey.sectors) if several else Finding()


def _read_comparison(released):
    found = released.comparisons.iloc[0]
    verdict = read_verdict(found, released.about.alpha)
    numbers = 100 * found["difference"], found["p"], verdict, found["status"]
    return Finding(*numbers, released=released, write=_trace_comparison)


def _trace_comparison(released):
    return trace_difference(released.comparisons.iloc[0], "", "table", released.about)


def _read_table(survey, items, groups):
    test = test_distribution(survey, items, groups, survey.alpha)
    released = protect(estimate_shares(survey, items, groups), None, test)
    test = released.distribution
    verdict, write = read_verdict(test, survey.alpha), partial(trace_table, shown="", part="table")
    return Finding(p=test.p, verdict=verdict, status=test.status, released=released, write=write)


_FOUND = (_find_share, _find_count, _find_groups, _find_items, _find_table, _find_parts)
FINDERS = {find.__name__.removeprefix("_find_"): find for find in _FOUND}

SHOWN = ("published", "ours", "deviation", "")  # kinds of the numbers in a line; "" of a text
TESTED = ("", "p", "")
ALIKE = N_("ingen forskel")  # where all were asked
RESULTS = N_({WITHIN: "stemmer", OUTSIDE: "stemmer ikke", MISSING: "kan ikke prøves"})
NOTES = N_(
    {
        "numbers": "Udgivet: det publicerede. Vores: beregnet på dette datasæt.",
        "verdicts": "Udsagn: publikationens, i vores ord. Vores test og p: beregnet på dette "
        "datasæt.",
    }
)
UNSHOWN = N_(" –: p vises ikke eller findes ikke, fx fordi tabellen bag testen har lukkede tal.")
SHORTENED = N_(" Rækker, der ikke er udgivet for {part} alene, er udeladt.")


def show_published(compared, what, chapter, id, title):
    """The published numbers, or verdicts, of one chapter ("" = elsewhere) beside ours, as a table.

    What is not stated for the report's part is left out. Nothing where nothing is left.
    """
    every = _select(compared, what)
    every = every[every["chapter"] == chapter]
    found = every[every["result"] != NOT_APPLICABLE].to_dict("records")
    write, columns, kinds = _write_number_row, N_(["Tal", "Udgivet", "Vores", "Forskel"]), SHOWN
    if what == "verdicts":
        write, columns, kinds = _write_verdict_row, N_(["Udsagn", "Vores test", "p"]), TESTED
    columns = [*columns, N_("Resultat")]
    rows = [write(row) for row in found]
    written = zip(found, rows, strict=True)
    trace = tuple(one for row, cells in written for one in _trace_row(row, cells[1:], kinds))
    numeric = [name in ("Udgivet", "Vores", "Forskel", "p") for name in columns]
    unshown = what == "verdicts" and any(str(cells[columns.index("p")]) == NONE for cells in rows)
    note = _(NOTES[what]) + _(UNSHOWN) * unshown
    note += _(SHORTENED).format(part=every["part"].iloc[0]) * (len(found) < len(every))
    table = {"columns": [*map(_, columns)], "rows": rows, "numeric": numeric}
    return Table(title, table, note, id, trace) if rows else None


def _trace_row(row, cells, kinds):
    """Rows on the published number of our cell, on our own, and on how far it is from it."""
    named = {name: row[name] for name in ("item", "group", "domain")} | {"label": row["statement"]}
    ours = {**trace_number("", "table", ""), **named, **row["trace"], "published": row["id"]}
    bare = ours | BARE
    known = {"ours": ours, "published": bare | {"n": ""}}
    rows = []
    for cell, kind in zip(cells, kinds, strict=True):
        text = str(cell.numbers[0] if kind == "ours" else cell)
        if kind and text not in (NONE, NOBODY):
            row = known.get(kind, bare) | {"shown": text}
            rows.append(row if kind == "ours" else row | {"kind": kind})
    return rows


def agree_all(compared):
    """Whether several numbers and several verdicts could be tried, and all agree."""
    return all(
        agree > 1 and not missed for agree, missed in (count_agreement(compared, x) for x in NOTES)
    )


def count_agreement(compared, what):
    """(how many agree, how many do not) of those that could be tried."""
    results = [*_select(compared, what)["result"]]
    return results.count(WITHIN), results.count(OUTSIDE)


def _select(compared, what):
    verdict = compared["verdict"] != ""
    return compared[verdict if what == "verdicts" else ~verdict & (compared["kind"] != "fact")]


def _write_number_row(row):
    kind, unit = ("count", 1) if row["kind"] == "count" else ("percent", 100)
    about = _("ca. ") if row["qualifier"] == "approx" else ""
    mark = row["result"] if row["result"] in MARKS else ""
    empty = mark or ("empty" if row["result"] == MISSING else "")
    ours = Number(row["ours"] / unit, "one_decimal" if unit == 100 else kind, empty)
    return [
        row["statement"],
        Text(about, Number(float(row["value"]) / unit, kind)),
        Text(ours, *([" ", Flag(row["flag"])] if row["flag"] else [])),
        Text(Number(row["difference"], "signed", mark)),
        mark or _(RESULTS[row["result"]]),
    ]


def _write_verdict_row(row):
    mark = row["result"] if row["result"] in MARKS else ""
    ours = mark or _(VERDICTS[row["our_verdict"]])
    if not mark and row["our_verdict"].startswith("tendency"):
        ours += _(", ikke signifikant")
    if not mark and (row.get("our_status"), row["our_verdict"]) == ("complete", "no_difference"):
        ours = _(ALIKE)
    p = Text(Number(row["p"], "bare_p", mark))
    return [row["statement"], ours, p, mark or _(RESULTS[row["result"]])]
