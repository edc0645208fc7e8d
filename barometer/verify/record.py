"""The record of a release: which cells a report shows or closes, by which rule, which exceptions.

It lies in `internal/` (`private.py`): which cells are closed for their own sake is what an intruder
would like to learn. `run.json` has the numbers of cells, which give nothing away.
"""

from collections import Counter

from barometer.disclosure.plan import SECONDARY, find_beside, find_rules, name_cell
from barometer.disclosure.rules import PRECISION_VERSION, RULES, VERSION
from barometer.files.csv_files import write_csv
from barometer.forms import STATISTICS
from barometer.marks import CONFIDENTIAL

_COLUMNS = """domain group item n status rule rules_version exception responsible date data code"""
COLUMNS = tuple(_COLUMNS.split())
SHARES = ("share", "count", *STATISTICS, "answers")  # kinds of numbers that come from one cell
VERSIONS = f"{VERSION}, {PRECISION_VERSION}"  # of the rules of confidentiality and of precision
STATUS = {rule.id: rule.mark for rule in RULES} | {SECONDARY: CONFIDENTIAL}


def collect_release(numbers, survey):
    """A dict (`COLUMNS`) per cell behind the numbers. `exceptions`: the survey's, by cell."""
    cells = {}
    for row in numbers:
        if row["kind"] in SHARES and row["item"] and "rule" in row["internal"]:
            cell = name_cell(survey.registry, row["item"], row["group"], row["domain"])
            rule, exception = row["internal"]["rule"], survey.exceptions.get(cell, {})
            what = (*cell[::-1], row["n"], STATUS.get(rule, "shown"), rule, VERSIONS)
            why = [exception.get(name, "") for name in ("reason", "responsible", "date")]
            values = (*what, *why, row["data"], row["code"])
            cells[cell] = dict(zip(COLUMNS, values, strict=True))
    return list(cells.values())


def find_misplaced(survey, cells):
    """Cells of a report's record that it shows, and that the plan closes or was not made for."""
    shown = [
        (cell["item"], cell["group"], cell["domain"])
        for cell in cells
        if cell["status"] != CONFIDENTIAL
    ]
    rules, _ = find_rules(survey, shown)
    return sorted(find_beside(survey, shown) | rules.keys())


def count_release(cells):
    """How many cells a report checked, by status; how many exceptions, under which rules."""
    return {
        "rules_version": VERSIONS,
        "cells": len(cells),
        "status": dict(Counter(cell["status"] for cell in cells)),
        "exceptions": sum(bool(cell["exception"]) for cell in cells),
    }


def write_release(folder, name, cells):
    """The record as `NAME-release.csv` in a folder not for publication, if it has numbers."""
    if cells:
        lines = [list(cell.values()) for cell in cells]
        write_csv(folder / f"{name}-release.csv", [COLUMNS, *lines])
