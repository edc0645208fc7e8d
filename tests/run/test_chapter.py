"""Chapters are really executed here, in tiny notebooks: what fails, what is left behind, what is
always the same.
"""

import ast
import json
import os
import sys
import time

import nbformat
import pytest
from nbformat import v4

from barometer.document.cleaning import normalise_notebook
from barometer.parameters import check_parameters
from barometer.paths import ROOT
from barometer.run import process, workers
from barometer.run.tasks import execute_chapter
from barometer.run.work import ChapterTask
from tests.conftest import FIGURE

PEEK = (
    'import os, sys\n{"folder": os.getcwd(), "seed": os.environ["PYTHONHASHSEED"], "python": '
    "sys.executable}"
)


@pytest.fixture(params=["forkserver", "spawn"])
def method(request, monkeypatch):
    """How processes are started: on Linux, and elsewhere."""
    monkeypatch.setenv(process.SWITCH, request.param)
    return request.param


def call_whole(name, *given):
    """Stands in for `workers._call_task`: the executed notebook, with all that is not kept."""
    return execute_chapter(*given)


def execute(project, name, timeout=60, **parameters):
    source = (project.notebooks / f"{name}.ipynb").read_bytes()
    task = ChapterTask(name, source, check_parameters(**parameters), timeout=timeout)
    with pytest.MonkeyPatch.context() as patch:
        # with its notebook as it is
        patch.setattr(workers, "_call_task", call_whole)
        return workers.execute_chapter(task)


def read_last_output(notebook):
    return notebook.cells[-1].outputs[-1].data["text/plain"]


def test_a_chapter_runs_in_the_notebooks_folder_with_this_python_and_fixed_hashes(
    project, tmp_path, monkeypatch
):
    # A kernel that the user registered under the same name, and IPython start-up files, must not
    # come in between.
    kernel = tmp_path / "home" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": ["false"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    project.write_chapter("01_ok", PEEK)
    result = execute(project, "01_ok", sector="region")
    assert result.failure is None
    python = sys.executable.replace(str(ROOT), ".")
    assert ast.literal_eval(read_last_output(result.notebook)) == {
        "folder": str(project.notebooks),
        "seed": "0",
        "python": python,
    }
    assert 'sector = "region"' in result.notebook.cells[2].source


def test_two_runs_give_the_same_bytes(project, tmp_path):
    project.write_chapter(
        "01_same", "import warnings\nwarnings.warn('x')", "object()", "{'b', 'a', 'c'}", FIGURE
    )
    first, second = (nbformat.writes(execute(project, "01_same").notebook) for _ in range(2))
    assert first == second
    assert "object at 0x" not in first


def test_a_failing_cell_is_named_as_the_author_counts_it(project, method):
    project.write_chapter("01_raising", "1 + 1", "# forklaring\nvalue = 1 / 0   # her", "2 + 2")
    result = execute(project, "01_raising")
    assert result.notebook is None
    assert (
        str(result.failure)
        == "celle 4 (value = 1 / 0   # her): ZeroDivisionError: division by zero"
    )


def test_a_killed_process_is_not_taken_for_a_finished_chapter(project, method):
    project.write_chapter("01_killed", "import os\nos._exit(1)", "2 + 2")
    result = execute(project, "01_killed")
    assert result.notebook is None
    assert (result.failure.cell, result.failure.reason) == (3, "processen blev standset")
    assert result.failure.evalue == "kode 1"


def test_a_chapter_that_leaves_in_the_middle_is_not_finished(project, tmp_path):
    # papermill calls this success
    project.write_chapter("01_leaving", "import sys\nsys.exit(0)", "2 + 2")
    assert execute(project, "01_leaving").failure.cell == 3


def test_a_cell_that_never_ends_is_stopped(project, method):
    project.write_chapter("01_hanging", "1", "import time\ntime.sleep(600)")
    start = time.monotonic()
    result = execute(project, "01_hanging", timeout=2)
    assert (result.failure.cell, result.failure.reason) == (4, "tiden er gået")
    assert "på 2 sekunder; se --timeout" in result.failure.evalue
    assert time.monotonic() - start < 30


def test_nothing_is_left_of_a_process(project, method):
    project.write_chapter("01_ok", "import os\nos.getpid()")
    result = execute(project, "01_ok")
    with pytest.raises(ProcessLookupError):
        os.kill(int(read_last_output(result.notebook)), 0)


def test_what_differs_between_runs_is_taken_out():
    output = v4.new_output(
        "execute_result",
        data={
            "text/plain": "<a.B object at 0x7f00>",
            "text/html": "<style>\n#T_ab12c td {}</style><table id='T_ab12c'>",
        },
    )
    warning = v4.new_output("stream", text="/tmp/ipykernel_4711/123.py:1: UserWarning: x")
    cell = v4.new_code_cell(
        "f('/home/mette/data/runde4')",
        outputs=[output, warning],
        metadata={"papermill": {}, "execution": {}, "tags": ["x"]},
    )
    clean = normalise_notebook(
        v4.new_notebook(cells=[cell], metadata={"papermill": {}}), "/home/mette/data/runde4"
    )
    assert clean.metadata == {}
    assert clean.cells[0].metadata == {"tags": ["x"]}
    assert (clean.cells[0].id, clean.cells[0].source) == ("cell-1", "f('runde4')")
    assert clean.cells[0].outputs[0].data["text/plain"] == "<a.B object>"
    assert (
        clean.cells[0].outputs[0].data["text/html"]
        == "<style>\n#T_00000 td {}</style><table id='T_00000'>"
    )
    assert clean.cells[0].outputs[1].text == "celle:1: UserWarning: x"
