"""The pieces of work of a run, as a process of its own does them, here or on another machine: a
chapter executed, a report built, the data checked.

All is plain data in and plain data out: a worker needs the project and the data, but no folder
shared with the run. A chapter counts as done only when papermill returned without an exception
*and* every code cell has run: papermill marks cells as completed that have never run, so its
marks are not used.
"""

import ast
import json
import multiprocessing
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from logging import CRITICAL, getLogger
from pathlib import Path

import nbformat

from barometer.bank.filling import Filling
from barometer.data.domains import list_heads
from barometer.data.registry import RegistryError
from barometer.disclosure.closed import find_kept
from barometer.document.cleaning import (
    describe_left_out,
    normalise_notebook,
    remove_unreleased,
    restore_internal,
)
from barometer.files.faults import DataFault
from barometer.files.private import INTERNAL
from barometer.files.writing import open_scratch
from barometer.languages.speaking import other_languages, write_further
from barometer.office.writing import write_files
from barometer.parameters import check_parameters, resolve_data
from barometer.payloads import hold_internal
from barometer.report.folder import restore_text, write_report
from barometer.report.numbers import write_internal, write_structure
from barometer.run import process
from barometer.run.cache import describe_chapter, hash_chapters, make_work_key, read_sources
from barometer.run.work import (
    OTHER_SOURCES,
    Built,
    Failure,
    Refusal,
    Result,
    fail_cell,
    name_failure,
    place_cell,
)
from barometer.sentences.register import list_deviations
from barometer.survey import open_survey, read_survey
from barometer.text import format_count
from barometer.verify.claims import STRUCTURE
from barometer.verify.readback import check_report
from barometer.verify.record import collect_release, count_release, find_misplaced, write_release
from barometer.verify.typed import read_allowed
from barometer.verify.unreleased import refuse_unreleased

# what a survey is asked with the names of items and groups: `barometer/door/asking.py`
ASKED = ("question", "shares", "compare", "contrast", "parts", "cross", "groups")


def run_chapter(task, folder):
    """The `Result` of a chapter, its notebook as JSON. One whose sources changed meanwhile is a
    failure. Where only its requests are collected, there is no key to compare it with, and no
    notebook. It can be called once in a process.

    `folder`: the working directory of its cells.
    """
    result = execute_chapter(task, folder)
    if task.collects:
        return replace(result, notebook=None)
    if _make_key(task) != task.key:
        return replace(
            result, notebook=None, failure=Failure("SourcesChanged", OTHER_SOURCES, own=True)
        )
    if result.failure:
        return result
    return replace(
        result, notebook=json.dumps(remove_unreleased(result.notebook), ensure_ascii=False)
    )


def execute_chapter(task, folder):
    """Run one chapter (`work.ChapterTask`) in this process, which can run no other; what goes wrong
    becomes the result's `failure`.
    """
    start, asked = time.perf_counter(), []
    notebook = failure = None
    try:
        source = nbformat.reads(task.source.decode(), as_version=4)
        collected, others = (asked, ()) if task.collects else (None, other_languages())
        with hold_internal(collected) as held, write_further(others):
            executed = _run_notebook(source, task.parameters, folder)
        notebook = normalise_notebook(restore_internal(executed, held), task.parameters.data)
        failure = _find_unfinished(notebook, task)
    except Exception as error:  # also a full disk: it ends this chapter and no other
        failure = name_failure(error)
        if hasattr(error, "cell_index"):  # papermill's, of a cell that failed
            place = place_cell(source.cells, error.cell_index, error.source)
            failure = fail_cell(task, error.ename, error.evalue, *place)
    seconds = time.perf_counter() - start
    return Result(
        task.chapter,
        task.parameters.name,
        seconds,
        None if failure else notebook,
        failure,
        asked=tuple(dict.fromkeys(asked)),
    )


def _run_notebook(source, parameters, folder):
    """papermill's executed notebook. Reports each code cell, before it runs, as (index, source)."""
    # imported by those processes alone that execute a chapter
    import papermill

    from barometer.run import engine

    for name in ("papermill", "traitlets", "asyncio"):
        getLogger(name).setLevel(CRITICAL)  # what goes wrong is reported once, in the summary
    os.chdir(folder)
    # as in a kernel, for what the chapter starts and for code that looks where it runs
    multiprocessing.current_process().name = "MainProcess"
    multiprocessing.set_start_method(None, force=True)
    sys.path[:] = [path for path in sys.path if path]
    sys.argv = [find_spec("ipykernel_launcher").origin]
    return papermill.execute_notebook(
        source,
        None,
        parameters.values,
        engine_name=engine.NAME,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        begin=lambda *cell: process.report(cell),
    )


def _find_unfinished(notebook, task):
    """The first cell that did not run to its end, as a `Failure`; nothing when all did."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        place = place_cell(notebook.cells, index, cell.source)
        for output in cell.outputs:
            if output.output_type == "error":
                return fail_cell(task, output.ename, output.evalue, *place)
        if cell.execution_count is None:
            return Failure("Cellen er ikke kørt", "", *place)
    return None


def _make_key(task):
    sources = read_sources(resolve_data(task.parameters.data))
    return make_work_key(describe_chapter(task.source, task.parameters, sources))


def build_report(task):
    """The `Built` report. Raises what prevents it."""
    start, data = time.perf_counter(), resolve_data(task.parameters.data)
    if read_sources(data) != task.sources:
        raise Refusal(OTHER_SOURCES)
    results = [
        Result(chapter, task.name, 0.0, restore_text(json.loads(executed), source, task.language))
        for chapter, source, executed in task.chapters
    ]
    refuse_unreleased([(result.chapter, result.notebook) for result in results], read_allowed())
    with open_scratch() as place:
        (folder := Path(place, task.name)).mkdir()
        bank = Filling(open_survey, task.parameters.data, task.parameters.domain)
        further = write_files, bank.fill
        document, numbers = write_report(folder, results, task.formats, data, *further)
        write_structure(folder / STRUCTURE, data, task.parameters.domain)
        cells = _collect_cells(task.parameters.data, numbers)
        write_internal(Path(place, INTERNAL), task.name, numbers)
        write_release(Path(place, INTERNAL), task.name, cells)
        count, faults, unused = _read_back(folder)
        paths = (path for path in sorted(Path(place).rglob("*")) if path.is_file())
        files = {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
    summary = {
        "meta": document["meta"],
        "findings": document["findings"],
        "bank": bank.collect(document, numbers, data),
        "titles": [_read_title(result) for result in results],
        "deviations": list_deviations(document["claims"]),
        "numbers": count,
        "faults": faults,
        "unused": unused,
        "release": count_release(cells),
        "left_out": [
            line
            for result in results
            for line in describe_left_out(result.notebook, result.chapter)
        ],
    }
    return Built(files, summary, time.perf_counter() - start)


def check_data(data, in_terminal=False, chapters=()):
    """What is wrong with a survey's files, or with the names that chapters ask it for, for the
    person who runs the program; nothing when all is well. `chapters`: (name, bytes of the notebook)
    pairs.
    """
    try:
        survey, _ = read_survey(check_parameters(data=data))
        problems = [
            line for name, source in chapters for line in _check_names(name, source, survey)
        ]
        if not problems:
            open_survey(data)  # and its plan
        return "\n".join(problems) or None
    except DataFault as error:
        # row ids and contents go to no file
        return error.full_message() if in_terminal else str(error)


def lacks_plan(data):
    """Whether neither the survey's folder holds a plan that fits, nor one is kept for the chapters
    as they are.
    """
    survey, plan = read_survey(check_parameters(data=data))
    return not (plan or find_kept(survey, hash_chapters()))


def _check_names(chapter, source, survey):
    """A line on the names in a chapter's calls that the registry neither has nor says it lacks."""
    registry, unknown = survey.registry, {}
    known = registry.background | registry.groupings | registry.lacks
    for cell in json.loads(source)["cells"]:
        with suppress(SyntaxError):  # a line that is IPython's
            text = cell["source"] if cell["cell_type"] == "code" else ""
            for name in _list_names(ast.parse("".join(text))):
                try:
                    {name, *list_heads(name)} & known.keys() or registry.check_item(name)
                except RegistryError as error:
                    unknown.setdefault(name, str(error))
    if not unknown:
        return []
    more = f" (og {format_count(len(unknown) - 1)} til)" * (len(unknown) > 1)
    return [
        f"{chapter}.ipynb bruger navne, som undersøgelsens questionnaire.yaml ikke har: "
        f"{next(iter(unknown.values())).rstrip('.')}{more}. Ret kapitlet, tilføj dem i "
        f"questionnaire.yaml, eller skriv dem under lacks der, så det udelades."
    ]


def _list_names(tree):
    """Every text that stands in a call of `question`, `release_…` or what a survey is asked
    (`ASKED`).
    """
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if function in ASKED or function.startswith("release_"):
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            parts = [
                part
                for one in given
                for part in (one.elts if isinstance(one, ast.List | ast.Tuple) else [one])
            ]
            yield from (
                part.value
                for part in parts
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def _collect_cells(data, numbers):
    """The gate's record of a report. Raises `Refusal` where a chapter was run by another plan."""
    if not any("rule" in row["internal"] for row in numbers):
        return []
    survey = open_survey(data)
    cells = collect_release(numbers, survey)
    if find_misplaced(survey, cells):
        raise Refusal("et kapitel er kørt efter en anden plan over lukkede celler; kør med --force")
    return cells


def _read_back(folder):
    try:
        return check_report(folder, read_allowed())
    except ValueError as error:  # the list is kept by hand
        return 0, [str(error)], []


def _read_title(result):
    headings = [
        line[2:].strip()
        for cell in result.notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("# ")
    ]
    return headings[0] if headings else result.chapter
