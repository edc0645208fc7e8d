"""What is told of a run afterwards, in `run.json` and on the front page."""
import json
import subprocess

from barometer.records import describe_commit, write_records
from barometer.reports import run_plan


def test_the_records_tell_of_this_run_and_of_reports_that_still_lie_there(project):
    project.write_chapter("01_ok", "if sector == 'region': 1 / 0")
    for sectors in (["all"], ["region", "state"]):
        run = project.plan(*sectors)
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


def test_a_project_outside_git_has_no_commit(tmp_path, monkeypatch):
    assert describe_commit(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert describe_commit() is None


def test_a_project_in_git_has_its_commit(tmp_path):
    for words in (["init"], ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)
    commit = describe_commit(tmp_path.resolve())
    assert len(commit["commit"]) == 40 and not commit["changed"]
    (tmp_path / "sub").mkdir()
    assert describe_commit(tmp_path / "sub") is None
