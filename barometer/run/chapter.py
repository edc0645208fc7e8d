"""One chapter executed: its notebook without what differs between runs, or why there is none.

A chapter counts as done only when papermill returned without an exception *and* every code cell has
run: papermill marks cells as completed that have never run, so its own word is not asked for.
"""

import json
import multiprocessing
import os
import re
import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from logging import CRITICAL, getLogger
from pathlib import Path

import nbformat
import papermill

from barometer import paths
from barometer.parameters import resolve_data
from barometer.payloads import hold_internal
from barometer.report.cleaning import remove_unreleased, restore_internal
from barometer.run import engine, process
from barometer.run.fingerprints import describe_chapter, make_work_key, read_sources
from barometer.run.work import OTHER_SOURCES, Failure, Result, name_failure, place_cell, shorten


def run_chapter(task, folder):
    """The `Result` of a chapter, its notebook as JSON. One whose sources changed meanwhile is a
    failure. Where only what it asks for is collected, there is no key to hold it against, and no
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
    start = time.perf_counter()
    notebook = failure = None
    asked = []
    try:
        source = nbformat.reads(task.source.decode(), as_version=4)
        with hold_internal(asked if task.collects else None) as held:
            executed = _run_notebook(source, task.parameters, folder)
        notebook = normalise_notebook(restore_internal(executed, held), task.parameters.data)
        failure = _find_unfinished(notebook)
    except papermill.PapermillExecutionError as error:
        failure = Failure(
            error.ename,
            shorten(error.evalue),
            *place_cell(source.cells, error.cell_index, error.source),
        )
    except Exception as error:  # a full disk: this chapter's trouble, not the others'
        failure = name_failure(error)
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
    for name in ("papermill", "traitlets", "asyncio"):
        getLogger(name).setLevel(CRITICAL)  # what goes wrong is reported once, in the summary
    os.chdir(folder)
    # as in a kernel, for what the chapter starts and for what asks where it runs
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


def _find_unfinished(notebook):
    """The first cell that did not run to its end, as a `Failure`; nothing when all did."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        place = place_cell(notebook.cells, index, cell.source)
        for output in cell.outputs:
            if output.output_type == "error":
                return Failure(output.ename, shorten(output.evalue), *place)
        if cell.execution_count is None:
            return Failure("Cellen er ikke kørt", "", *place)
    return None


def _make_key(task):
    sources = read_sources(resolve_data(task.parameters.data))
    return make_work_key(describe_chapter(task.source, task.parameters, sources))


def normalise_notebook(notebook, data=""):
    """A copy without what differs between runs: times, random ids, process numbers, addresses, this
    machine's paths.
    """
    plain = json.loads(json.dumps(notebook))
    plain["metadata"].pop("papermill", None)
    places = {data: Path(data).name, str(paths.ROOT): ".", str(paths.PROGRAM): "."}
    places = {path: short for path, short in places.items() if Path(path).is_absolute()}
    # the random id that pandas gives a styled table → its number in order of appearance
    tables = {}
    for number, cell in enumerate(plain["cells"], 1):
        cell["id"] = f"cell-{number}"
        for noise in ("papermill", "execution"):
            cell["metadata"].pop(noise, None)
        if cell["cell_type"] == "code":  # the author's text is left alone
            cell.update(_change_text(cell, lambda text: _clean_text(text, places, tables)))
    return nbformat.from_dict(plain)


def _change_text(part, change):
    """A copy of JSON data with `change` done to every text in it, except to pictures in dots, which
    are no text.
    """
    if isinstance(part, dict):
        return {
            key: value if key == "image/png" else _change_text(value, change)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_change_text(value, change) for value in part]
    return change(part) if isinstance(part, str) else part


def _clean_text(text, places, tables):
    for path, short in places.items():
        text = text.replace(path, short)
    if "T_" in text:  # a glance first: most texts are pictures, and have none of it
        text = re.sub(
            r"\bT_[0-9a-f]{5}(?![0-9a-f])",
            lambda id: tables.setdefault(id[0], f"T_{len(tables):05d}"),
            text,
        )
    if "ipykernel_" in text:  # warnings name the process that ran the cell
        text = re.sub(r"\S*ipykernel_\d+[/\\]\d+\.py", "celle", text)
    return re.sub(r" at 0x[0-9a-fA-F]+>", ">", text) if " at 0x" in text else text
