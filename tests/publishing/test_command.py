"""`python -m barometer release`: what is published is remembered, listed and withdrawn."""

import pytest

from barometer import __main__ as commands
from barometer.publishing.command import main
from barometer.releases.memory import list_all, list_releases
from barometer.survey import open_planned
from tests.make.asked import make_carded, plan_asked
from tests.make.published import make_rows, publish
from tests.releases.test_planning import ITEMS, MORE, put_rows, seal

DAY = "2026-11-27"


@pytest.fixture
def published(tmp_path):
    """(a sealed survey's folder, the folder of its reports)."""
    folder = seal(make_carded(tmp_path / "s", rows=make_rows()), MORE)
    publish(folder, tmp_path / "ud", MORE)
    return folder, tmp_path / "ud"


def test_what_the_plan_allows_is_noted_in_it_and_the_survey_stays_sealed(published, capsys):
    folder, reports = published
    before = open_planned(str(folder)).plan
    assert main(["foraar", str(reports), "--data", str(folder)], DAY) == 0
    told = capsys.readouterr().out
    assert f"foraar: udgivet {DAY}, 4 rapporter" in told
    assert "Der er intet bevis" in told and "noteret" in told
    after = open_planned(str(folder)).plan
    assert (after.scope, after.closed) == (before.scope, before.closed)
    assert after.beside.keys() == {"foraar"}


def test_reports_of_another_plan_and_of_data_that_are_not_sealed_are_remembered_and_it_is_told(
    published, capsys
):
    folder, reports = published
    seal(folder, ITEMS)
    assert main(["a", str(reports), "--data", str(folder)], DAY) == 0
    assert "Kør python -m barometer seal" in capsys.readouterr().out
    put_rows(folder, make_rows()[1:])
    assert main(["b", str(reports), "--data", str(folder)], DAY) == 0
    assert "Kør python -m barometer seal" in capsys.readouterr().out
    assert [one.name for one in list_releases(folder)] == ["a", "b"]


def test_the_certificate_is_kept_with_the_release(published, capsys):
    folder, reports = published
    (reports / "certificate.json").write_bytes(b"{}")
    main(["a", str(reports), "--data", str(folder)], DAY)
    assert (folder / "releases" / "a" / "certificate.json").read_bytes() == b"{}"
    assert "kan ikke læses" in capsys.readouterr().out


def test_releases_are_listed_with_those_that_were_withdrawn(published, capsys):
    folder, reports = published
    data = ["--data", str(folder)]
    assert main(data) == 0 and "Ingen rapporter" in capsys.readouterr().out
    main(["a", str(reports), *data], DAY)
    assert main(["--withdraw", "a", *data], "2026-12-01") == 0
    assert "kan ikke kaldes tilbage" in capsys.readouterr().out
    assert main(data) == 0
    told = capsys.readouterr().out
    assert told == f"a: udgivet {DAY}, trukket tilbage 2026-12-01, 4 rapporter\n"
    assert open_planned(str(folder)).plan.scope


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a", "tom"], "Der er ingen rapporter i"),
        (["a", "ud", "--data", "anden"], "er af s, ikke af anden"),
        (["A/b", "ud"], "kan ikke bruges som navn"),
        (["--withdraw", "a"], "Der er ingen udgivelse, der hedder a"),
    ],
)
def test_what_cannot_be_remembered_is_told_in_one_line_and_changes_nothing(
    published, capsys, words, told
):
    folder, _ = published
    make_carded(folder.parent / "anden")
    (folder.parent / "tom").mkdir()
    words = words if "--data" in words else [*words, "--data", "s"]
    words = [str(folder.parent / word) if (folder.parent / word).is_dir() else word
             for word in words]  # fmt: skip
    assert commands.main(["release", *words]) == 1
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1
    assert list_all(folder) == []


def test_an_option_that_is_unknown_is_refused(capsys):
    for words in (["--nej"], ["a", "--withdraw", "a"]):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 2
        assert capsys.readouterr().err.startswith("Intet er husket.\n")


def test_help_names_the_options(capsys):
    with pytest.raises(SystemExit) as stopped:
        commands.main(["release", "--help"])
    assert stopped.value.code == 0
    assert "--withdraw NAVN" in capsys.readouterr().out


def test_plan_asked_is_made_beside_releases(published):
    folder, reports = published
    main(["a", str(reports), "--data", str(folder)], DAY)
    survey = open_planned(str(folder))
    assert plan_asked(ITEMS)(survey, folder).scope >= survey.plan.scope
