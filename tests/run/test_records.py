"""What is told of a run afterwards, in `run.json` and on the front page."""

import json

from barometer.run.records import look_around, write_records
from barometer.run.reports import make_reports


def test_the_records_tell_of_this_run_and_of_reports_that_still_lie_there(project):
    project.write_chapter("01_ok", "if sector == 'region': 1 / 0")
    for sectors in (["all"], ["region", "state"]):
        run = project.plan(*sectors)
        findings = look_around(run)
        write_records(run, findings, make_reports(run, findings), 1_600_000_000, 12.34)
    told = json.loads((project.output / "run.json").read_text())
    assert [(report["variant"], report["status"]) for report in told["reports"]] == [
        ("region", "failed"),
        ("state", "complete"),
    ]
    assert [report["variant"] for report in told["earlier"]] == ["all"]
    assert told["parameters"] == {
        "sector": ["region", "state"],
        "field": ["all"],
        "size": ["all"],
        "data": "barometer-2020",
        "alpha": 0.05,
        "language": "da",
    }
    assert "ZeroDivisionError" in told["reports"][0]["results"][0]["error"]
    assert told["versions"]["papermill"] and told["seconds"] == 12.3
    index = json.loads((project.output / "index.html").read_text())
    assert [(report["html"], report["status"]) for report in index] == [
        ("all/report.html", "Fra en tidligere kørsel"),
        ("state/report.html", ""),
        (None, "Kunne ikke laves"),
    ]
    assert index[1]["chapters"] == [["Om ok", "state/chapters/01_ok.ipynb"]]


def test_the_front_page_knows_reports_of_other_runs_by_their_own_records_whatever_run_json_says(
    project,
):
    project.write_chapter("01_ok", "1")
    run = project.plan("region")
    write_records(run, (findings := look_around(run)), make_reports(run, findings), 0, 0)
    # a run at the same time, whose front page ours has just replaced
    project.make("state", wanted=["1"])
    run = project.plan("all")
    write_records(run, (findings := look_around(run)), make_reports(run, findings), 0, 0)
    index = json.loads((project.output / "index.html").read_text())
    assert [(report["variant"], report["part_label"], report["status"]) for report in index] == [
        ("all", "Hele den offentlige sektor", ""),
        ("state-kapitel-01", "Staten, kapitel 01", "Fra en tidligere kørsel"),
        ("region", "Regionerne", "Fra en tidligere kørsel"),
    ]
