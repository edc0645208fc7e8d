"""Chapters are really executed here, in tiny notebooks: what fails, what is left behind, what is always the same."""
import ast
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from conftest import FIGURE
from nbformat import v4

from barometer import execution, parameters
from barometer.execution import (
    Parameters,
    describe_commit,
    execute_chapter,
    normalise_notebook,
    plan_run,
    run_plan,
    select_chapters,
    write_records,
)
from barometer.parameters import ParameterError
from barometer.paths import DATA, ROOT

PEEK = 'import os, sys\n{"folder": os.getcwd(), "seed": os.environ["PYTHONHASHSEED"], "python": sys.executable}'


@pytest.fixture(autouse=True)
def quiet_data(monkeypatch):
    """These chapters open no survey, so any folder does for one."""
    monkeypatch.setitem(parameters._CHECKS, "data", lambda value: [])


def execute(project, name, tmp_path, timeout=60, **parameters):
    return execute_chapter(project.notebooks / f"{name}.ipynb", Parameters(**parameters), timeout, tmp_path)


def plan(project, *sectors, wanted=(), **rest):
    return plan_run(sectors or ["all"], wanted, output=project.output, **{"timeout": 60, **rest})


def read_last_output(notebook):
    return notebook.cells[-1].outputs[-1].data["text/plain"]


def forbid(*_):
    raise AssertionError("a kernel was started")


def test_a_chapter_runs_in_the_notebooks_folder_with_this_python_and_fixed_hashes(project, tmp_path, monkeypatch):
    # A kernel that the user registered under the same name, and IPython start-up files, must not come in between.
    kernel = tmp_path / "home" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    project.write_chapter("01_ok", PEEK)
    result = execute(project, "01_ok", tmp_path, sector="region")
    assert result.failure is None
    python = sys.executable.replace(str(ROOT), ".")
    assert ast.literal_eval(read_last_output(result.notebook)) == {
        "folder": str(project.notebooks), "seed": "0", "python": python}
    assert 'sector = "region"' in result.notebook.cells[2].source


def test_two_runs_give_the_same_bytes(project, tmp_path):
    project.write_chapter("01_same", "import warnings\nwarnings.warn('x')", "object()", "{'b', 'a', 'c'}", FIGURE)
    first, second = (nbformat.writes(execute(project, "01_same", tmp_path).notebook) for _ in range(2))
    assert first == second
    assert "object at 0x" not in first


def test_a_failing_cell_is_named_as_the_author_counts_it(project, tmp_path):
    project.write_chapter("01_raising", "1 + 1", "# forklaring\nvalue = 1 / 0   # her", "2 + 2")
    result = execute(project, "01_raising", tmp_path)
    assert result.notebook is None
    assert str(result.failure) == "celle 4 (value = 1 / 0   # her): ZeroDivisionError: division by zero"


def test_a_killed_kernel_is_not_taken_for_a_finished_chapter(project, tmp_path):
    project.write_chapter("01_killed", "import os\nos._exit(1)", "2 + 2")
    result = execute(project, "01_killed", tmp_path)
    assert result.notebook is None
    assert (result.failure.cell, result.failure.reason) == (3, "DeadKernelError")


def test_a_chapter_that_leaves_in_the_middle_is_not_finished(project, tmp_path):
    project.write_chapter("01_leaving", "import sys\nsys.exit(0)", "2 + 2")   # papermill calls this success
    assert execute(project, "01_leaving", tmp_path).failure.cell == 3


def test_a_cell_that_never_ends_is_stopped(project, tmp_path):
    project.write_chapter("01_hanging", "1", "import time\ntime.sleep(600)")
    start = time.monotonic()
    result = execute(project, "01_hanging", tmp_path, timeout=2)
    assert (result.failure.cell, result.failure.reason) == (4, "CellTimeoutError")
    assert time.monotonic() - start < 30


def test_nothing_is_left_of_a_kernel(project, tmp_path):
    project.write_chapter("01_ok", "import os\nos.getpid()")
    with execution._open_workspace() as workspace:
        result = execute(project, "01_ok", workspace)
    assert not Path(workspace).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(read_last_output(result.notebook)), 0)


def test_what_differs_between_runs_is_taken_out():
    output = v4.new_output("execute_result", data={"text/plain": "<a.B object at 0x7f00>",
                                                   "text/html": "<style>\n#T_ab12c td {}</style><table id='T_ab12c'>"})
    warning = v4.new_output("stream", text="/tmp/ipykernel_4711/123.py:1: UserWarning: x")
    cell = v4.new_code_cell("f('/home/mette/data/runde4')", outputs=[output, warning],
                            metadata={"papermill": {}, "execution": {}, "tags": ["x"]})
    clean = normalise_notebook(v4.new_notebook(cells=[cell], metadata={"papermill": {}}), "/home/mette/data/runde4")
    assert clean.metadata == {}
    assert clean.cells[0].metadata == {"tags": ["x"]}
    assert (clean.cells[0].id, clean.cells[0].source) == ("cell-1", "f('runde4')")
    assert clean.cells[0].outputs[0].data["text/plain"] == "<a.B object>"
    assert clean.cells[0].outputs[0].data["text/html"] == "<style>\n#T_00000 td {}</style><table id='T_00000'>"
    assert clean.cells[0].outputs[1].text == "celle:1: UserWarning: x"


def test_chapters_are_found_by_number_and_by_name():
    chapters = [Path(f"{name}.ipynb") for name in ("01_start", "02_midte", "10_slut")]
    for wanted in ("2", "02", "midte", "02_midte", "02_midte.ipynb"):
        assert select_chapters(chapters, [wanted]) == ([chapters[1]], [])
    assert select_chapters(chapters, ["10", "1"]) == ([chapters[0], chapters[2]], [])
    assert select_chapters(chapters, ["7"])[1] == [
        "Kapitel »7« findes ikke. Kapitlerne er 01_start, 02_midte, 10_slut."]


def test_a_report_holds_its_formats_its_chapters_and_its_figures(project):
    project.write_chapter("01_figur", FIGURE)
    project.write_chapter("02_ok", "1")
    reports = run_plan(plan(project, "region"))
    files = project.list_output()
    assert [report.folder for report in reports] == [project.output / "region"]
    assert list(files) == [f"region/{name}" for name in (
        "chapters/01_figur.ipynb", "chapters/02_ok.ipynb", "figures/figur-1.csv", "figures/figur-1.svg",
        "report.html", "report.pdf")]
    assert files["region/figures/figur-1.csv"].decode() == "Svar,Andel\n'=SUM(A1),\"-3,2\"\nJa,45 %\n"
    nbformat.validate(nbformat.reads(files["region/chapters/01_figur.ipynb"].decode(), as_version=4))


def test_one_failing_chapter_stops_no_other_and_leaves_the_earlier_report(project):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_some", "if sector == 'state': raise ValueError('nej\\ntak')")
    (project.output / "state" / "chapters").mkdir(parents=True)
    (project.output / "state" / "report.html").write_text("earlier")
    seen = []
    reports = run_plan(plan(project, "state", "region"), tick=seen.append)
    assert [report.folder for report in reports] == [None, project.output / "region"]
    assert [result.failure is None for result in reports[0].results] == [True, False]
    assert reports[0].results[1].failure.evalue == "nej tak"
    assert len(seen) == 4
    assert (project.output / "state" / "report.html").read_text() == "earlier"
    assert {path.name for path in project.output.iterdir()} == {"state", "region"}


def test_a_report_that_cannot_be_set_leaves_the_earlier_one(project, monkeypatch):
    project.write_chapter("01_ok", "1")
    run = plan(project)
    assert run_plan(run)[0].folder
    before = project.list_output()
    monkeypatch.setattr("barometer.pdf.render_pdf", lambda document: 1 / 0)
    report = run_plan(run)[0]
    assert (report.folder, str(report.failure)) == (None, "ZeroDivisionError: division by zero")
    assert project.list_output() == before
    assert [path.name for path in project.output.iterdir()] == ["all"]


def test_data_changed_during_the_run_make_no_report(project, tmp_path):
    (tmp_path / "runde4").mkdir()
    project.write_chapter("01_ok", f"open({str(tmp_path / 'runde4' / 'a.csv')!r}, 'w').write('x')")
    report = run_plan(plan(project, data=str(tmp_path / "runde4")))[0]
    assert report.folder is None and "data er ændret" in str(report.failure)


def test_a_partial_report_does_not_replace_the_complete_one(project):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_ok", "1")
    run_plan(plan(project))
    before = project.list_output()
    reports = run_plan(plan(project, wanted=["2"], formats=("html",)))
    assert reports[0].folder == project.output / "all-kapitel-02"
    assert {name: content for name, content in project.list_output().items() if name.startswith("all/")} == before
    assert not (reports[0].folder / "report.pdf").exists()


def test_the_records_tell_of_this_run_and_of_reports_that_still_lie_there(project):
    project.write_chapter("01_ok", "if sector == 'region': 1 / 0")
    for sectors in (["all"], ["region", "state"]):
        run = plan(project, *sectors)
        write_records(run, run_plan(run), 1_600_000_000, 12.34)
    told = json.loads((project.output / "run.json").read_text())
    assert [(report["variant"], report["status"]) for report in told["reports"]] == [
        ("region", "failed"), ("state", "complete")]
    assert [report["variant"] for report in told["earlier"]] == ["all"]
    assert told["parameters"] == {
        "sector": ["region", "state"], "data": "barometer-2020", "alpha": 0.05, "language": "da"}
    assert "ZeroDivisionError" in told["reports"][0]["results"][0]["error"]
    assert told["versions"]["papermill"] and told["seconds"] == 12.3
    index = json.loads((project.output / "index.html").read_text())
    assert [(report["html"], report["status"]) for report in index] == [
        (None, "Kunne ikke laves"), ("state/report.html", "Færdig"), ("all/report.html", "Fra en tidligere kørsel")]
    assert index[1]["chapters"] == [["Om ok", "state/chapters/01_ok.ipynb"]]


def test_the_records_hold_the_fingerprints_of_the_data(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert execution.hash_files(tmp_path) == {
        "a.csv": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}


def test_a_project_outside_git_has_no_commit(tmp_path, monkeypatch):
    assert describe_commit(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert describe_commit() is None


@pytest.mark.parametrize(("values", "told"), [
    ({"sectors": ["regio"]}, "Mente du »region«?"),
    ({"alpha": 0.7}, "alpha = 0.7"),
    ({"wanted": ["9"]}, "Kapitlerne er 01_ok"),
])
def test_a_refused_run_starts_nothing(project, monkeypatch, values, told):
    monkeypatch.setattr(execution, "execute_chapter", forbid)
    project.write_chapter("01_ok", "1")
    with pytest.raises(ParameterError, match=told.replace("?", r"\?")):
        plan_run(**{"sectors": ["all"], "output": project.output, **values})
    assert not project.output.exists()


def test_a_chapter_with_other_parameters_is_refused_by_name(project):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_wrong", "1", declaration='sektor = "all"')
    (project.notebooks / "03_broken.ipynb").write_text("{")
    with pytest.raises(ParameterError) as refusal:
        plan(project)
    assert "02_wrong.ipynb: Ukendt parameter »sektor«. Mente du »sector«?" in str(refusal.value)
    assert "03_broken.ipynb: kan ikke læses" in str(refusal.value)
    assert "01_ok" not in str(refusal.value)


def test_a_folder_that_is_no_report_is_never_replaced(project):
    project.write_chapter("01_ok", "1")
    (project.output / "all").mkdir(parents=True)
    with pytest.raises(ParameterError, match="er ikke en rapport"):
        plan(project)


def test_data_outside_the_project_are_given_as_a_full_path(project, tmp_path, monkeypatch):
    project.write_chapter("01_ok", "1")
    (tmp_path / "runde4").mkdir()
    monkeypatch.chdir(tmp_path)
    assert plan(project, data="runde4").variants[0].data == (tmp_path / "runde4").as_posix()
    assert plan(project, data=str(DATA / "barometer-2020")).variants[0].data == "barometer-2020"


@pytest.mark.slow
def test_a_run_with_all_kinds_of_trouble_finishes_what_can_be_finished(project, capfd):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_killed", "import os\nif sector == 'all': os._exit(1)")
    project.write_chapter("03_hanging", "import time\nif sector == 'all': time.sleep(600)")
    reports = run_plan(plan(project, "all", "state", timeout=10))
    assert [report.folder is None for report in reports] == [True, False]
    assert [result.failure is None for result in reports[0].results] == [True, False, False]
    assert capfd.readouterr() == ("", "")


def test_a_project_in_git_has_its_commit(tmp_path):
    for words in (["init"], ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)
    commit = describe_commit(tmp_path.resolve())
    assert len(commit["commit"]) == 40 and not commit["changed"]
    (tmp_path / "sub").mkdir()
    assert describe_commit(tmp_path / "sub") is None
