"""One chapter in a kernel of its own: the executed notebook without what differs between runs, or
why there is none.

A chapter counts as done only when papermill returned without an exception *and* every code cell has
run: after a kernel's death papermill marks all cells, also those never run, as completed, so its
own word is not asked for.
"""

import json
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, replace
from errno import EMFILE, ENFILE
from logging import CRITICAL, getLogger
from pathlib import Path

import nbformat
import papermill

from barometer import paths
from barometer.files.writing import open_scratch
from barometer.parameters import resolve_data
from barometer.report.cleaning import remove_unreleased, restore_internal
from barometer.run.fingerprints import describe_chapter, make_work_key, read_sources
from barometer.run.kernels import ENDED, ProjectKernel, configure_kernel, place_internal
from barometer.run.template import read_first
from barometer.run.work import OTHER_SOURCES, Failure, Result, shorten


def run_chapter(task, workspace=None):
    """The `Result` of a chapter, its notebook as JSON. One whose sources changed meanwhile is a
    failure.

    `workspace`: a folder for the kernel's connection, with a short path; a temporary one when left
    out.
    """
    if workspace is None:
        with open_scratch() as folder:
            return run_chapter(task, folder)
    read_first(task.parameters.data)
    result = execute_chapter(task, workspace)
    if _make_key(task) != task.key:
        return replace(
            result, notebook=None, failure=Failure("SourcesChanged", OTHER_SOURCES, own=True)
        )
    if result.failure:
        return result
    return replace(
        result, notebook=json.dumps(remove_unreleased(result.notebook), ensure_ascii=False)
    )


def execute_chapter(task, workspace):
    """Run one chapter (`tasks.ChapterTask`) in a kernel of its own; what goes wrong becomes the
    result's `failure`.

    `workspace` is a folder for the kernel's connection, with a short path.
    """
    start, begun, connection = time.perf_counter(), [], Path(workspace)
    notebook = failure = None
    try:
        source = nbformat.reads(task.source.decode(), as_version=4)
        connection = Path(tempfile.mkdtemp(dir=workspace))
        internal = place_internal(connection)
        internal.mkdir(mode=0o700)
        executed = _run_notebook(source, task.parameters, task.timeout, connection, begun)
        notebook = normalise_notebook(restore_internal(executed, internal), task.parameters.data)
        failure = _find_unfinished(notebook)
    except papermill.PapermillExecutionError as error:
        failure = Failure(
            error.ename, shorten(error.evalue), *_place_cell(source, error.cell_index, error.source)
        )
    # a dead kernel, a timeout, a full disk: this chapter's trouble, not the others'
    except Exception as error:
        place = _place_cell(source, *begun[-1]) if begun else ()
        reason, told, own = _name_trouble(error, task.timeout, connection)
        failure = Failure(reason, told, *place, own=own)
    seconds = time.perf_counter() - start
    return Result(
        task.chapter, task.parameters.name, seconds, None if failure else notebook, failure
    )


def _run_notebook(source, parameters, timeout, connection, begun):
    """papermill's executed notebook. `begun` collects (index, source) of the cells as they
    start.
    """
    for name in ("papermill", "traitlets", "asyncio"):
        getLogger(name).setLevel(CRITICAL)  # what goes wrong is reported once, in the summary
    return papermill.execute_notebook(
        source,
        None,
        asdict(parameters),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        execution_timeout=timeout,
        shutdown_kernel="immediate",
        kernel_manager_class=ProjectKernel,
        config=configure_kernel(connection),
        coalesce_streams=True,  # a kernel sends what is printed in pieces, cut by the clock
        # papermill's own cwd= changes the whole program's
        resources={"metadata": {"path": str(paths.NOTEBOOKS)}},
        on_cell_execute=lambda cell, cell_index: begun.append((cell_index, cell.source)),
    )


def _name_trouble(error, timeout, connection):
    """(reason, what is said of it, whether in words of our own): told so that a communicator can
    act on it.
    """
    name = type(error).__name__
    if getattr(error, "errno", None) in (EMFILE, ENFILE):
        return (
            "for mange åbne filer",
            "hæv grænsen, fx med: ulimit -n 1024, eller kør færre ad gangen (--jobs)",
            True,
        )
    if name == "DeadKernelError" or "Kernel died" in str(error):
        ended = "måske manglede maskinen hukommelse"
        with suppress(OSError):  # where it says so itself, or the system did
            ended = shorten((connection / ENDED).read_text(encoding="utf-8"))
        return (
            ("kernen blev standset" if name == "DeadKernelError" else "kernen blev ikke startet"),
            ended,
            True,
        )
    return {
        "ForkDied": ("kernen blev ikke startet", str(error), True),
        "CellTimeoutError": (
            "tiden er gået",
            f"cellen nåede ikke sin ende på {timeout} sekunder; se --timeout",
            True,
        ),
    }.get(name, (name, shorten(error), False))


def _place_cell(source, index, code):
    """(number, first line) of an executed cell in the chapter as written: the injected parameters
    are not in it.
    """
    tagged = next(
        (i for i, cell in enumerate(source.cells) if "parameters" in cell.metadata.get("tags", ())),
        -1,
    )
    lines = [
        line.strip()
        for line in code.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    return (index if index > tagged + 1 else index + 1), (lines or [""])[0][:60]


def _find_unfinished(notebook):
    """The first cell that did not run to its end, as a `Failure`; nothing when all did."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        place = _place_cell(notebook, index, cell.source)
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
