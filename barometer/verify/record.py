"""The record of a release: which cells a report shows or closes, by which rule, which exceptions.

It lies in `internal/` (`private.py`): which cells are closed for their own sake is what an intruder
would like to learn. `run.json` has the numbers of cells, which give nothing away.
"""

from collections import Counter

from barometer.disclosure.attacks import Search
from barometer.disclosure.plan import SECONDARY, find_parts, find_related, name_cell
from barometer.disclosure.relations import find_base, relate_cells
from barometer.disclosure.rules import PRECISION_VERSION, RULES, VERSION
from barometer.files.csv_files import write_csv
from barometer.marks import CONFIDENTIAL

_COLUMNS = """sector group item n status rule rules_version exception responsible date data code"""
COLUMNS = tuple(_COLUMNS.split())
SHARES = ("share", "count")  # kinds of numbers that come from one cell
VERSIONS = f"{VERSION}, {PRECISION_VERSION}"  # of the rules of confidentiality and of precision
STATUS = {rule.id: rule.mark for rule in RULES} | {SECONDARY: CONFIDENTIAL}


def collect_release(numbers, survey):
    """A dict (`COLUMNS`) per cell behind the numbers. `exceptions`: the survey's, by cell."""
    cells = {}
    for row in numbers:
        if row["kind"] in SHARES and row["item"] and "rule" in row["internal"]:
            cell = name_cell(survey.registry, row["item"], row["group"], row["sector"])
            rule = row["internal"]["rule"]
            answered = survey.exceptions.get(cell, {})
            status = STATUS.get(rule, "shown")
            answers = [answered.get(name, "") for name in ("reason", "responsible", "date")]
            sources = row["data"], row["code"]
            told = (*cell[::-1], row["n"], status, rule, VERSIONS, *answers, *sources)
            cells[cell] = dict(zip(COLUMNS, told, strict=True))
    return list(cells.values())


def find_recovered(survey, cells):
    """[(item, group, domain)] of closed cells that several tables of a run give back together.

    Only tables beside the survey's plan can, as each of them was planned by itself.
    """
    shown = {(cell["item"], cell["group"], cell["sector"]): cell["status"] for cell in cells}
    plan, registry = survey.plan, survey.registry
    beside = {c for c in shown.keys() - plan.scope if not find_parts(registry, plan, c)}
    if not beside:
        return []
    # the plan's other cells are safe from each other
    related = find_related(survey.registry, survey.plan, beside)
    relations = relate_cells(survey, sorted(beside | related))
    closed = {
        cell: relations.names[cell] for cell in {*survey.plan.closed} & relations.names.keys()
    }
    held = {cell for cell in shown if shown[cell] == CONFIDENTIAL}
    held |= {
        find_base(survey.registry, (cell["item"], cell["group"], cell["sector"]))
        for cell in cells
        if not cell["n"]
    }  # how many were asked is not told either
    closed |= {cell: relations.names[cell] for cell in held & relations.names.keys()}
    told = {
        relations.names[cell]
        for cell in shown.keys() & relations.names.keys()
        if shown[cell] != CONFIDENTIAL
    }
    nobody = {
        cell
        for block in relations.blocks
        for cell, line in zip(block.cells, block.lines, strict=True)
        if not line.any()
    }  # the questionnaire rules them out, and tells so
    hidden = frozenset(closed.values()) - told - nobody
    found = (told | Search(relations).find_all(hidden)) - nobody
    return [cell for cell, name in sorted(closed.items()) if name in found]


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
        write_csv(
            folder / f"{name}-release.csv", [COLUMNS, *(list(cell.values()) for cell in cells)]
        )
