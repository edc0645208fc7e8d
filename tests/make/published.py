"""Reports of a survey as far as plans and releases look at them: numbers.csv and structure.json, by
the survey's plan, without chapters; and a survey of some seventy respondents to publish.
"""

import csv
import random

from barometer.data.domains import name_part
from barometer.disclosure.plan import find_rules, name_cell
from barometer.disclosure.relations import find_base, is_member
from barometer.report.numbers import COLUMNS, write_structure
from barometer.survey import open_planned
from tests.make import small_survey

SIZES = {"state-small": 12, "region-large": 18, "municipality-small": 25, "municipality-large": 15}
# who began it: employees, leaders, citizens, not known
BEGUN = ("1000", "1100", "0010", "0110", "0001")


def make_rows(seed=3):
    """Rows of microdata: everybody of the tiny survey's strata as often as `SIZES` says, with
    answers drawn by chance among those that the questionnaire allows.
    """
    luck, units = random.Random(seed), {one[0]: one[4] for one in small_survey.STRATA}
    rows = []
    for stratum, size in SIZES.items():
        for _ in range(size):
            answers = luck.choice(small_survey.ANSWERS)
            if answers[-3]:  # innovative
                begun = luck.choices(BEGUN, [9, 6, 2, 3, 2])[0]
                rate = luck.choices(["external", "internal", "no"], [1, 4, 6])[0]
                why = ["", ""] if rate == "no" else [str(luck.randrange(2)), "1"]
                answers = [*answers[:3], *begun, rate, *why]
            weight = f"{units[stratum] / size:.10g}"
            rows.append([f"r{len(rows) + 1:02}", stratum, weight, *answers])
    return rows


def add_respondent(rows, like, times=1):
    """The rows with some more respondents of the kind of one, and weights that add up again."""
    rows = [[*row] for row in rows] + [
        [f"r{len(rows) + 1 + number:02}", *rows[like][1:]] for number in range(times)
    ]
    same = [row for row in rows if row[1] == rows[like][1]]
    units = {one[0]: one[4] for one in small_survey.STRATA}[rows[like][1]]
    for row in same:
        row[2] = f"{units / len(same):.10g}"
    return rows


def publish(data, output, items, groups=("all",), reports=None):
    """Write what reports on the whole and the sectors show of items in groups, by the survey's
    plan. Returns {cell: whether it is shown}.
    """
    survey, shown = open_planned(str(data)), {}
    for domain in reports or survey.registry.domain_names:
        rows = []
        for item in items:
            for group in groups:
                cell = name_cell(survey.registry, item, group, domain)
                rules, bases = find_rules(survey, [cell])
                shown[cell] = not rules
                base, yes = (
                    _count(survey, one) for one in (find_base(survey.registry, cell), cell)
                )
                text = "[c]" if rules else f"{100 * yes / base:.0f}\u00a0%" if base else "–"
                n = "" if bases or rules else str(base)
                rows.append(_row(survey, domain, item=item, group=group, shown=text, n=n))
        folder = output / domain
        folder.mkdir(parents=True)
        with (folder / "numbers.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        write_structure(folder / "structure.json", data, domain)
    return shown


def _count(survey, cell):
    return int((is_member(survey.variables, *cell[1:]) & survey.variables.is_true(cell[0])).sum())


def _row(survey, domain, **row):
    base = f"dem, der er spurgt ({name_part(survey.registry, domain)})"
    return {"kind": "share", "base": base, "data": f"{survey.name}, 2020-02-29"} | row
