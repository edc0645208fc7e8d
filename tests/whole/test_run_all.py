"""The command line: what it refuses, what it tells, and its exit codes."""

import ast
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import time

import pytest

from barometer.files.faults import DataFault, Fault
from barometer.paths import ROOT
from barometer.run import process, records, reports
from barometer.run.tasks import _list_names
from barometer.survey import open_survey
from tests.make.small_survey import change_cards, make_survey


@pytest.fixture
def run_all(monkeypatch):
    """run_all.py as a module, with a survey that opens without data."""
    monkeypatch.setattr("barometer.run.tasks.open_survey", lambda *values: None)
    specification = importlib.util.spec_from_file_location("run_all", ROOT / "run_all.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_a_run_tells_what_was_made_and_what_failed(run_all, project, capsys):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_some", "if sector == 'state':\n    raise ValueError('nej')")
    code = run_all.main(
        ["--sector", "state,region", "--output", str(project.output), "--format", "html"]
    )
    told = capsys.readouterr()
    assert code == 1
    lines = [" ".join(line.split()[:-1]) for line in told.out.splitlines()[:4]]
    assert told.out.splitlines()[0].split() == ["Rapport", "Resultat", "Arbejde,", "s"]
    assert lines[1] == "state IKKE LAVET: 1 af 2 kapitler fejlede"
    assert (
        "  02_some, celle 3 (if sector == 'state':): ValueError (fejlens ord kan gengive et svar "
        "og vises kun i en "
        "terminal)"
    ) in told.out.splitlines()
    assert lines[3] == "region report.html"
    assert told.err == ""  # no bar where nobody watches, and no noise from the chapters
    assert (project.output / "index.html").exists() and (project.output / "run.json").exists()


def test_the_words_of_an_error_that_may_quote_an_answer_go_to_a_terminal_only(
    run_all, project, monkeypatch, capsys
):
    project.write_chapter("01_svar", "1\nraise ValueError('could not convert: Hansen, 0712')")
    project.write_chapter("02_kode", "undefined")
    call = "from barometer.door.calls import CallError\nname = 'Hans' + 'en'\nraise CallError("
    project.write_chapter("03_kald", f"{call}'shares: items mangler')")
    project.write_chapter("04_kald", f"{call}f'shares: items = {{name!r}} kan ikke bruges')")
    arguments = ["--sector", "state", "--output", str(project.output)]
    assert run_all.main(arguments) == 1
    told = capsys.readouterr()
    assert "Hansen" not in told.out + told.err and "01_svar, celle 3 (" in told.out
    assert "NameError: name 'undefined' is not defined" in told.out  # which quotes code alone
    assert "CallError: shares: items mangler" in told.out and "CallError (fejlens" in told.out
    assert b"Hansen" not in b"".join(
        path.read_bytes() for path in project.output.rglob("*") if path.is_file()
    )
    monkeypatch.setattr("barometer.tools.summary.is_watched", lambda stream: True)
    run_all.main(arguments)
    assert "ValueError: could not convert: Hansen, 0712" in capsys.readouterr().out


def test_what_goes_wrong_after_the_run_has_begun_is_not_told_as_if_it_had_not(
    run_all, project, monkeypatch, capsys
):
    project.write_chapter("01_ok", "1")
    arguments = ["--sector", "state", "--output", str(project.output)]
    for error in (
        ValueError("noget"),
        MemoryError(),
        ModuleNotFoundError(name="x"),
        OSError("noget"),
    ):

        def fail(*_, error=error):
            raise error

        monkeypatch.setattr(records, "write_records", fail)
        assert run_all.main([*arguments, "--force"]) == 1
        assert capsys.readouterr().err.startswith("Kørslen kunne ikke gøres færdig: ")
    assert (project.output / "state" / "report.html").exists()


def test_a_strict_run_tells_of_its_findings_and_ends_with_1_before_anything_is_replaced(
    run_all, project, monkeypatch, capsys
):
    project.write_chapter("01_ok", "x = 1")
    arguments = ["--sector", "all", "--format", "html", "--output", str(project.output)]
    monkeypatch.setattr("barometer.report.folder.render_html", lambda *_: "<p>Ingen tal.</p>")
    assert run_all.main([*arguments, "--strict"]) == 0
    page = project.output / "all" / "report.html"
    before = page.read_bytes()
    monkeypatch.setattr(
        "barometer.report.folder.render_html", lambda *_: "<p>Det gælder 77 pct.</p>"
    )
    assert run_all.main([*arguments, "--strict", "--force"]) == 1
    told = capsys.readouterr().out
    assert "IKKE LAVET: den har fund" in told and "»77 pct.« er der ikke gjort rede for" in told
    assert page.read_bytes() == before
    assert "77 pct." not in (project.output / "run.json").read_text()


def test_a_strict_run_asks_for_the_offices_contact_and_date_before_anything_is_run(
    run_all, project, monkeypatch, capsys
):
    monkeypatch.setattr("barometer.report.folder.render_html", lambda *_: "<p>Ingen tal.</p>")
    project.write_chapter("01_ok", "x = 1")
    front = project.notebooks / "report.yaml"
    filled = front.read_text(encoding="utf-8")
    empty = filled.replace("a@example.dk", "").replace('reviewed: "2027"', 'reviewed: ""')
    front.write_text(empty, encoding="utf-8")
    arguments = ["--sector", "all", "--format", "html", "--output", str(project.output)]
    assert run_all.main([*arguments, "--strict"]) == 2
    told = capsys.readouterr().err
    assert "report.yaml: feltet contact er ikke udfyldt; skriv, hvem" in told
    assert "report.yaml: feltet reviewed er ikke udfyldt; skriv datoen" in told
    assert not project.output.exists()
    assert run_all.main(arguments) == 0
    page = (project.output / "tilgaengelighed.html").read_text(encoding="utf-8")
    assert "Udgiveren har endnu ikke oplyst" in page
    front.write_text(filled, encoding="utf-8")
    assert run_all.main([*arguments, "--strict"]) == 0


def test_a_run_without_trouble_ends_with_0(run_all, project):
    project.write_chapter("01_ok", "1")
    assert run_all.main(["--sector", "all", "--chapter", "1", "--output", str(project.output)]) == 0
    assert (project.output / "all-kapitel-01" / "report.pdf").exists()


def test_a_number_that_nothing_accounts_for_is_told_and_fails_only_a_strict_run(
    run_all, project, monkeypatch, capsys
):
    monkeypatch.setattr(
        "barometer.report.folder.render_html", lambda *_: "<p>Det gælder 77 pct.</p>"
    )
    project.write_chapter("01_ok", "x = 1")
    arguments = ["--sector", "all", "--format", "html", "--output", str(project.output)]
    assert run_all.main(arguments) == 0
    assert (
        "  all/report.html, uden for kapitlerne: »77 pct.« er der ikke gjort rede for"
        in capsys.readouterr().out
    )
    assert run_all.main([*arguments, "--strict"]) == 1  # also told of a report that stands
    monkeypatch.setattr("barometer.report.folder.render_html", lambda *_: "<p>Det gælder 2018.</p>")
    assert run_all.main([*arguments, "--strict", "--force"]) == 0
    assert "Der er gjort rede for alle 1 tal." in capsys.readouterr().out


def test_a_terminal_shows_how_many_chapters_are_done(run_all, project, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_raising", "1 / 0")
    run_all.main(["--sector", "all", "--output", str(project.output)])
    shown = screen.getvalue()
    assert "Kapitler kørt: 0 af 2" in shown and "2 kører, ca. ? tilbage" in shown
    assert "Kapitler kørt: 2 af 2" in shown and "0 kører, ca. 00:00 tilbage" in shown


def test_every_sector_is_run_when_none_is_named(run_all, project, monkeypatch):
    project.write_chapter("01_ok", "1")
    runs = []
    monkeypatch.setattr(reports, "make_reports", lambda run, findings, *_: runs.append(run) or [])
    monkeypatch.setattr(records, "write_records", lambda *_: None)
    assert run_all.main(["--alpha", "0,1", "--output", str(project.output)]) == 0
    assert [(variant.first, variant.alpha) for variant in runs[0].variants] == [
        (sector, 0.1) for sector in ("all", "state", "region", "municipality")
    ]
    assert (runs[0].formats, runs[0].suffix, runs[0].jobs) == (("html", "pdf"), "", None)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--sector", "regio"], "Mente du »region«?"),
        (["--alpha", "0.7"], "mindre end 0.5"),
        (["--alpha", "meget"], "'meget' er ikke et tal"),
        (["--chapter", "9"], "Kapitel »9« findes ikke. Kapitlerne er 01_ok."),
        (["--sektor", "all"], "Ukendt valg: --sektor. Mente du »--sector«?"),
        (["--format", "word"], "Tilladt er html, pdf, both"),
        (["--jobs", "0"], "ikke et helt tal fra 1"),
        (["--timeout"], "--timeout: mangler en værdi"),
        (["--cluster", ""], "--cluster: mangler en værdi"),
        (["--output", __file__], "er en fil"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_message_before_anything_starts(
    run_all, project, forbid_chapters, capsys, arguments, told
):
    project.write_chapter("01_ok", "1")
    try:
        code = run_all.main(["--output", str(project.output), *arguments])
    except SystemExit as end:
        code = end.code
    message = capsys.readouterr()
    assert code == 2
    assert told in message.err and message.err.startswith("Kørslen blev ikke begyndt.")
    assert (message.out, project.output.exists()) == ("", False)


def test_faults_in_the_data_are_told_once_before_anything_starts(
    run_all, project, forbid_chapters, monkeypatch, capsys
):
    def refuse(data):
        raise DataFault(
            [
                Fault(
                    "microdata.csv",
                    "vægten mangler",
                    "udfyld den",
                    ("weight",),
                    rows=1,
                    ids=("a7",),
                )
            ]
        )

    monkeypatch.setattr("barometer.run.tasks.open_survey", refuse)
    monkeypatch.setattr(process, "call", lambda function, *arguments, **_: function(*arguments))
    project.write_chapter("01_ok", "1")
    assert run_all.main(["--output", str(project.output)]) == 2
    told = capsys.readouterr().err
    assert told.count("vægten mangler") == 1 and "a7" not in told  # no terminal reads it


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("report.yaml", "author:", "autor:", "feltet author mangler; skriv det som en tekst."),
        (
            "report.yaml",
            "author:",
            "autor:",
            "feltet autor kendes ikke; ret det til author, eller fjern det.",
        ),
        (
            "report.yaml",
            "language: da",
            "language: xx",
            "sproget 'xx' kendes ikke; vælg da, en, nb, eller lav et katalog",
        ),
        (
            "report.yaml",
            "[da, en]",
            "[da, xx]",
            "sproget 'xx' kendes ikke; vælg da, en, nb, eller lav et katalog",
        ),
        (
            "report.yaml",
            "colophon:",
            "colophon: x\nkolofon:",
            "feltet colophon er ikke en liste af tekster; skriv det som",
        ),
        (
            "report.yaml",
            'contact: {name: ""',
            'contact: {nam: ""',
            "feltet nam kendes ikke; ret det til name, eller fjern",
        ),
        (
            "report.yaml",
            "identifiers: {}",
            "identifiers: [ISBN]",
            "feltet identifiers er ikke navne med en tekst til",
        ),
        (
            "report.yaml",
            "title: Fornyelse",
            "title: {x: Fornyelse",
            "filen er ikke gyldig YAML (linje",
        ),
        (
            "report.yaml",
            "series: Inn",
            "series: A\nseries: Inn",
            "navnet 'series' er skrevet flere gange (linje 4 og 5)",
        ),
        (
            "typed_numbers.yaml",
            "{S001} folk",
            "{S999} folk",
            "numbers, nr. 1: der er intet publiceret tal med id S999",
        ),
        (
            "typed_numbers.yaml",
            "kind: registry",
            "kind: registr",
            "numbers, nr. 1: kind 'registr' kendes ikke",
        ),
        (
            "typed_numbers.yaml",
            'chapter: "01"',
            "chapter: 1",
            "numbers, nr. 1: feltet chapter mangler eller er ikke en",
        ),
        (
            "typed_numbers.yaml",
            "(19|20)",
            "(19|20",
            "rules, nr. 1: form er hverken ord eller et mønster",
        ),
        (
            "typed_numbers.yaml",
            "\nnumbers:",
            "\nnumber:",
            "afsnittet numbers mangler eller er ikke en liste",
        ),
    ],
)
def test_what_is_wrong_with_the_lists_beside_the_chapters_is_told_before_anything_starts(
    run_all, project, forbid_chapters, capsys, name, old, new, told
):
    text = (project.notebooks / name).read_text(encoding="utf-8")
    (project.notebooks / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    project.write_chapter("01_ok", "1")
    assert run_all.main(["--sector", "state", "--output", str(project.output)]) == 2
    assert f"{name}: {told}" in capsys.readouterr().err
    assert not project.output.exists()


def test_a_survey_without_what_the_chapters_ask_for_is_refused_before_anything_starts(tmp_path):
    folder = make_survey(tmp_path / "small")
    ran = subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--data", folder, "--output", tmp_path / "reports"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    lines = ran.stderr.splitlines()
    assert lines[0] == "Kørslen blev ikke begyndt."
    assert lines[1].startswith(
        "01_indledning.ipynb bruger navne, som undersøgelsens questionnaire.yaml ikke har: "
        "'political_positive_role': der er intet spørgsmål"
    )
    assert lines[1].endswith(", eller skriv dem under lacks der, så det udelades.")
    assert not (tmp_path / "reports").exists()


def test_the_names_that_a_chapter_asks_for_are_found_where_they_are_written():
    source = """
released = release_differences(survey, ["a", *b], "c", versus, others=("d",))
shown = survey.compare(survey.question("q"), by=["e", f]).show("table", "Titel")
"""
    assert sorted(_list_names(ast.parse(source))) == ["a", "c", "d", "e", "q"]


@pytest.mark.parametrize("card", [{"inference": "nonsense"}, {"weights": "normalised"}])
def test_a_survey_that_is_refused_leaves_nothing_where_no_run_has_been(
    run_all, project, forbid_chapters, monkeypatch, capsys, card
):
    monkeypatch.setattr("barometer.run.tasks.open_survey", open_survey)
    folder = change_cards(
        make_survey(project.notebooks.parent / "undersøgelse"), lambda cards: cards | card
    )
    project.write_chapter("01_ok", "1")
    before = sorted(project.output.parent.rglob("*"))
    assert run_all.main(["--data", str(folder), "--output", str(project.output)]) == 2
    assert "cards.yaml" in capsys.readouterr().err
    assert sorted(project.output.parent.rglob("*")) == before


def test_help_is_danish_and_quick():
    start = time.monotonic()
    shown = subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--help"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("Brug: ") and "vis denne hjælp" in shown.stdout
    assert time.monotonic() - start < 10


@pytest.mark.slow
def test_a_run_whose_words_nobody_reads_to_the_end_says_so_in_one_line(tmp_path):
    command = [
        sys.executable,
        ROOT / "run_all.py",
        "--chapter",
        "6",
        "--sector",
        "region",
        "--output",
        tmp_path,
    ]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    run.stdout.close()
    assert run.wait(120) == 1
    assert (
        run.stderr.read()
        == "Udskriften blev lukket, før den var skrevet. Kør igen for at se, hvad der er lavet.\n"
    )
    assert (tmp_path / "region-kapitel-06" / "report.html").exists()


@pytest.mark.parametrize("page", ["index.html", "tilgaengelighed.html"])
def test_a_front_page_that_somebody_has_changed_is_written_again(run_all, project, page):
    project.write_chapter("01_ok", "1")
    arguments = ["--sector", "state", "--format", "html", "--output", str(project.output)]
    run_all.main(arguments)
    (project.output / page).write_text("rettet")
    run_all.main(arguments)
    assert "rettet" not in (project.output / page).read_text()


def test_a_front_page_is_written_again_when_an_earlier_report_is_gone(run_all, project):
    project.write_chapter("01_ok", "1")
    arguments = ["--format", "html", "--output", str(project.output)]
    run_all.main(["--sector", "region", *arguments])
    run_all.main(["--sector", "state", *arguments])
    assert "region/report.html" in (project.output / "index.html").read_text()
    shutil.rmtree(project.output / "region")
    run_all.main(["--sector", "state", *arguments])
    assert "region/report.html" not in (project.output / "index.html").read_text()


def test_a_run_with_nothing_to_do_clears_what_a_killed_one_left(run_all, project):
    project.write_chapter("01_ok", "1")
    arguments = ["--sector", "state", "--format", "html", "--output", str(project.output)]
    run_all.main(arguments)
    left = project.output / ".region-9999999-abcd1234" / "new"
    left.mkdir(parents=True)
    run_all.main(arguments)
    assert not left.parent.exists()


@pytest.mark.slow
def test_a_run_without_a_place_for_its_errors_is_made(tmp_path):
    command = [
        sys.executable,
        ROOT / "run_all.py",
        "--sector",
        "all",
        "--chapter",
        "6",
        "--output",
        tmp_path,
    ]
    subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", *command], check=True, stdout=subprocess.DEVNULL
    )
    assert (tmp_path / "all-kapitel-06" / "report.html").exists()


@pytest.mark.slow
def test_a_skipped_test_is_a_failure_where_everything_must_run(tmp_path):
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "test_one.py").write_text(
        "import pytest\ndef test_one():\n    pytest.skip('no browser')\n"
    )
    (tmp_path / "test_two.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        tmp_path,
        "--rootdir",
        tmp_path,
        "-p",
        "no:cacheprovider",
        "--continue-on-collection-errors",
    ]
    free = {name: value for name, value in os.environ.items() if name != "BAROMETER_REQUIRE_ALL"}
    free |= {"BAROMETER_PROJECT": str(ROOT), "PYTHONPATH": str(ROOT)}
    assert (
        "2 skipped"
        in subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=free).stdout
    )
    strict = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=free | {"BAROMETER_REQUIRE_ALL": "1"},
    )
    assert strict.returncode and "no browser" in strict.stdout and "no_such_module" in strict.stdout
