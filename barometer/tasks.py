"""What a run has done in a process of its own or on another machine, beside executing chapters: reports, checks.

All is plain data in and plain data out: a worker needs the project and the data, but no folder shared with the run.
"""
import json
import time
from pathlib import Path

from barometer.attacks import NoPlan
from barometer.building import restore_text, write_report
from barometer.cleaning import tell_left_out
from barometer.drafts import open_scratch
from barometer.faults import DataFault
from barometer.fingerprints import read_sources
from barometer.ledger import write_internal
from barometer.parameters import resolve_data
from barometer.private import INTERNAL
from barometer.readback import check_report
from barometer.register import list_deviations
from barometer.release import collect_release, count_release, find_recovered, write_release
from barometer.survey import open_survey
from barometer.typed import read_allowed
from barometer.unreleased import refuse_unreleased
from barometer.work import OTHER_SOURCES, Built, Refusal, Result


def build_report(task):
    """The `Built` report. Raises what stands in its way."""
    start, data = time.perf_counter(), resolve_data(task.parameters.data)
    if read_sources(data) != task.sources:
        raise Refusal(OTHER_SOURCES)
    results = [Result(chapter, task.name, 0.0, restore_text(json.loads(executed), source))
               for chapter, source, executed in task.chapters]
    refuse_unreleased([(result.chapter, result.notebook) for result in results], read_allowed())
    with open_scratch() as place:
        folder = Path(place, task.name)
        folder.mkdir()
        document, numbers = write_report(folder, results, task.formats, data)
        cells, beside = _collect_cells(task.parameters.data, numbers)
        write_internal(Path(place, INTERNAL), task.name, numbers)
        write_release(Path(place, INTERNAL), task.name, cells)
        count, faults, unused = _read_back(folder)
        files = {path.relative_to(place).as_posix(): path.read_bytes()
                 for path in sorted(Path(place).rglob("*")) if path.is_file()}
    told = {"meta": document["meta"], "titles": [_read_title(result) for result in results],
            "deviations": list_deviations(document["claims"]), "numbers": count, "faults": faults, "unused": unused,
            "release": count_release(cells), "cells": cells if beside else [],
            "left_out": [line for result in results for line in tell_left_out(result.notebook, result.chapter)]}
    return Built(files, told, time.perf_counter() - start)


def check_data(data, in_terminal=False):
    """What is wrong with a survey's files, for the person who runs the program; nothing when all is well."""
    try:
        open_survey(data)
    except DataFault as error:
        return error.full_message() if in_terminal else str(error)   # row ids and contents go to no file
    except NoPlan as error:
        return str(error)
    return None


def try_together(data, cells):
    """What several reports' closed cells give back together: a sentence with the remedy, or nothing.

    `cells`: the gate's record of all of them, a dict per cell.
    """
    found = find_recovered(open_survey(data), cells)
    if not found:
        return None
    many = f"{len(found)} lukkede tal tilbage, fx" if len(found) > 1 else "et lukket tal tilbage:"
    return (f"kørslens tabeller giver tilsammen {many} {' / '.join(found[0])}; skriv tabellerne under reported i "
            "questionnaire.yaml, og kør python -m barometer.seal")


def _collect_cells(data, numbers):
    """The gate's record of a report, and whether a cell of it lies beside the survey's plan."""
    if not any("rule" in row["internal"] for row in numbers):
        return [], False
    survey = open_survey(data)
    cells = collect_release(numbers, survey.exceptions)
    return cells, any((cell["item"], cell["group"], cell["sector"]) not in survey.plan.scope for cell in cells)


def _read_back(folder):
    try:
        return check_report(folder, read_allowed())
    except ValueError as error:   # the list is kept by hand
        return 0, [str(error)], []


def _read_title(result):
    headings = [line[2:].strip() for cell in result.notebook.cells if cell.cell_type == "markdown"
                for line in cell.source.splitlines() if line.startswith("# ")]
    return headings[0] if headings else result.chapter
