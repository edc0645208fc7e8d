"""Whole runs of tiny chapters: what a report's folder holds, and what becomes of it when something
fails.
"""

import nbformat
import pytest

from tests.conftest import FIGURE


def test_a_report_holds_its_formats_its_chapters_and_its_figures(project):
    project.write_chapter("01_figur", FIGURE)
    project.write_chapter("02_ok", "1")
    reports = project.make("region")
    files = project.list_output()
    assert [report.folder for report in reports] == [project.output / "region"]
    assert list(files) == [
        f"region/{name}"
        for name in (
            "chapters/01_figur.ipynb",
            "chapters/02_ok.ipynb",
            "claims.csv",
            "figures/figur-1.csv",
            "figures/figur-1.png",
            "figures/figur-1.svg",
            "numbers.csv",
            "report.html",
            "report.pdf",
            "structure.json",
            "tables.xlsx",
        )
    ]
    assert (
        files["region/figures/figur-1.csv"].decode()
        == '\ufeffSvar,Andel\n\'=SUM(A1),"-3,2"\nJa,45 %\n'
    )
    nbformat.validate(
        nbformat.reads(files["region/chapters/01_figur.ipynb"].decode(), as_version=4)
    )


TRACED = (
    FIGURE.replace("import display", "import display\nfrom barometer.payloads import hold_back")
    .replace('json": payload', 'json": hold_back(payload)')
    .replace(
        '"note": "N"',
        """"note": "N", "trace": [
    {"where": "figur-1", "part": "table", "shown": "45 %", "kind": "share", "item": "x", "group": "all", "n": "20",
     "inter" + "nal": {"share": round(0.45 + 0.0012345, 7), "se": 0.01, "low": None, "high": None, "total": 9.0}}]""",
    )
)


def test_full_precision_lies_beside_the_reports_and_in_none_of_their_files(project):
    project.write_chapter("01_figur", TRACED)
    project.make("region")
    files = project.list_output()
    row = files["region/numbers.csv"].decode().splitlines()[1]
    assert row.startswith("01_figur,figur-1,table,45 %,share,,x,,all,,,20,,,")
    assert b"0.4512345,0.01,,,9.0" in files["internal/region.csv"]
    told = [
        name
        for name, content in files.items()
        if b"4512345" in content or b'"internal":' in content
    ]
    assert told == ["internal/region.csv"]


def test_full_precision_of_an_earlier_run_goes_when_the_report_has_none(project):
    project.write_chapter("01_figur", TRACED)
    project.make("region")
    project.write_chapter("01_figur", FIGURE)
    project.make("region")
    assert "internal/region.csv" not in project.list_output()


def test_one_failing_chapter_stops_no_other_and_leaves_the_earlier_report(project):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_some", "if sector == 'state': raise ValueError('nej\\ntak')")
    (project.output / "state" / "chapters").mkdir(parents=True)
    (project.output / "state" / "report.html").write_text("earlier")
    seen = []
    reports = project.make("state", "region", tick=seen.append)
    assert [report.folder for report in reports] == [None, project.output / "region"]
    assert [result.failure is None for result in reports[0].results] == [True, False]
    assert reports[0].results[1].failure.evalue == "nej tak"
    assert len(seen) == 4
    assert (project.output / "state" / "report.html").read_text() == "earlier"
    assert {path.name for path in project.output.iterdir()} == {"state", "region"}


def test_a_report_that_cannot_be_set_leaves_the_earlier_one(project, monkeypatch):
    project.write_chapter("01_ok", "1")
    assert project.make()[0].folder
    before = project.list_output()
    monkeypatch.setattr("barometer.report.folder.render_pdf", lambda document, attached: 1 / 0)
    report = project.make(force=True)[0]
    assert (report.folder, str(report.failure)) == (None, "ZeroDivisionError: division by zero")
    assert project.list_output() == before
    assert {path.name for path in project.output.iterdir()} == {"all"}


def test_data_changed_during_the_run_make_no_report(project, tmp_path):
    (tmp_path / "runde4").mkdir()
    (tmp_path / "runde4" / "cards.yaml").write_text("files: {a.csv: {}}")
    project.write_chapter("01_ok", f"open({str(tmp_path / 'runde4' / 'a.csv')!r}, 'w').write('x')")
    report = project.make(data=str(tmp_path / "runde4"))[0]
    assert report.folder is None and "data eller pakker er ikke dem" in str(
        report.results[0].failure
    )
    assert not any(path.is_file() for path in project.internal.rglob("*"))


def test_a_partial_report_does_not_replace_the_complete_one(project):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_ok", "1")
    project.make()
    before = project.list_output()
    reports = project.make(wanted=["2"], formats=("html",))
    assert reports[0].folder == project.output / "all-kapitel-02"
    assert {
        name: content for name, content in project.list_output().items() if name.startswith("all/")
    } == before
    assert not (reports[0].folder / "report.pdf").exists()


@pytest.mark.slow
def test_a_run_with_all_kinds_of_trouble_finishes_what_can_be_finished(project, capfd):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_killed", "import os\nif sector == 'all': os._exit(1)")
    project.write_chapter("03_hanging", "import time\nif sector == 'all': time.sleep(600)")
    reports = project.make("all", "state", timeout=10)
    assert [report.folder is None for report in reports] == [True, False]
    assert [result.failure is None for result in reports[0].results] == [True, False, False]
    assert capfd.readouterr() == ("", "")


def test_a_file_that_somebody_put_into_a_reports_folder_is_kept_and_told_of(project):
    project.write_chapter("01_figur", FIGURE)
    assert project.make("region")[0].beside == ()
    folder = project.output / "region"
    (folder / "bilag").mkdir()
    for name in ("brev.docx", "figures/figur-9.png", "bilag/noter.txt", ".DS_Store"):
        (folder / name).write_text(name)
    (folder / "chapters" / "02_gammelt.ipynb").symlink_to("/nowhere")
    project.write_chapter("01_figur", FIGURE, "1")
    report = project.make("region")[0]
    assert report.beside == (
        "bilag/noter.txt",
        "brev.docx",
        "chapters/02_gammelt.ipynb",
        "figures/figur-9.png",
    )
    assert (folder / "brev.docx").read_text() == "brev.docx" and (folder / ".DS_Store").exists()
    assert (folder / "chapters" / "02_gammelt.ipynb").is_symlink()
    assert project.make("region")[0].stood


def test_what_an_earlier_edition_had_itself_goes_with_it_also_where_no_record_is_left(project):
    for record in (True, False):
        project.write_chapter("01_figur", FIGURE)
        project.write_chapter("02_andet", "1")
        project.make("region")
        if not record:
            (project.internal / "region.json").unlink()
        project.write_chapter("01_figur", "1")
        (project.notebooks / "02_andet.ipynb").unlink()
        assert project.make("region", formats=("html",))[0].beside == ()
        assert [name for name in project.list_output() if name.startswith("region/")] == [
            f"region/{name}"
            for name in (
                "chapters/01_figur.ipynb",
                "claims.csv",
                "numbers.csv",
                "report.html",
                "structure.json",
                "tables.xlsx",
            )
        ]


def test_a_strict_run_leaves_the_earlier_report_where_there_are_findings(project, monkeypatch):
    project.write_chapter("01_ok", "x = 1")
    project.make("region", "state", formats=("html",))
    before = project.list_output()
    page = "barometer.report.folder.render_html"
    monkeypatch.setattr(page, lambda document, *_: "<p>Det gælder 77 pct.</p>")
    reports = project.make("region", "state", formats=("html",), strict=True, force=True)
    assert [report.folder for report in reports] == [None, None] and project.list_output() == before
    assert (
        str(reports[0].failure).startswith("afvist: --strict: 1 fund") and reports[0].told["faults"]
    )
    monkeypatch.setattr(page, lambda document, *_: "<p>Ingen tal.</p>")
    assert project.make("region", formats=("html",), strict=True, force=True)[0].folder
    assert project.list_output()["region/report.html"] == b"<p>Ingen tal.</p>"


def test_a_deviation_from_what_was_published_stops_a_strict_report_too(project, monkeypatch):
    project.write_chapter("01_ok", "x = 1")
    deviation = [
        {"id": "D01", "verdict": "same", "published_verdict": "higher", "status": "reworded"}
    ]
    monkeypatch.setattr("barometer.run.tasks.list_deviations", lambda claims: deviation)
    assert (
        project.make("region", strict=True)[0].folder is None
        and not (project.output / "region").exists()
    )
    assert project.make("region")[0].folder
