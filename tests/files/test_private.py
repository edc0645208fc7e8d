"""What is not for publication lies beside the folder of reports, for its owner alone."""

import json
import os
import shutil
import stat

import pytest

from barometer.data.cards import hash_survey
from barometer.files.private import locate_internal, settle_internal
from barometer.parameters import ParameterError
from barometer.paths import DATA, OUTPUTS, ROOT
from barometer.run.records import is_recorded, look_around, write_records
from barometer.run.reports import make_reports

posix = pytest.mark.skipif(os.name != "posix", reason="rights of Unix")


def record(run):
    """The run's reports, made and told of."""
    findings = look_around(run)
    reports = make_reports(run, findings)
    write_records(run, findings, reports, 0, 0)
    return reports


def list_modes(folder):
    return {stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.rglob("*"))}


def test_nothing_internal_lies_in_the_folder_of_reports(project):
    project.write_chapter("01_ok", "1")
    settle_internal(project.output)
    record(project.plan("state"))
    assert sorted(path.name for path in project.output.iterdir()) == [
        "index.html",
        "run.json",
        "state",
        "tilgaengelighed.html",
    ]
    assert {"README.md", "results", "run.json", "state.json"} <= {
        path.name for path in project.internal.iterdir()
    }
    assert (project.internal / ".gitignore").read_text() == "*\n"


def test_the_projects_own_lies_in_internal_and_is_no_part_of_its_archive():
    assert locate_internal(OUTPUTS) == ROOT / "internal" / "outputs"
    assert "/internal/" in (ROOT / ".gitignore").read_text().splitlines()


def test_reports_within_a_folder_of_reports_keep_nothing_internal_in_either(tmp_path):
    outer, inner = tmp_path / "rapporter", tmp_path / "rapporter" / "2026" / "forår"
    assert locate_internal(inner) == tmp_path / "rapporter" / "2026" / "internal" / "forår"
    outer.mkdir()
    for name in ("run.json", "index.html"):
        (outer / name).touch()
    assert locate_internal(inner) == tmp_path / "internal" / "rapporter" / "2026" / "forår"
    assert locate_internal(OUTPUTS / "prøve") == ROOT / "internal" / "outputs" / "prøve"


def test_what_reports_within_kept_before_is_moved_when_the_outer_folder_gets_reports(tmp_path):
    settle_internal(tmp_path / "rapporter" / "2026")
    assert settle_internal(tmp_path / "rapporter") == tmp_path / "rapporter" / "internal"
    assert (tmp_path / "internal" / "rapporter" / "2026" / "README.md").exists()
    assert not (tmp_path / "rapporter" / "internal").exists()


@pytest.mark.parametrize("mark", ["README.md", "results"])
def test_what_an_earlier_version_kept_in_the_output_folder_is_moved_out_of_it(tmp_path, mark):
    old, new = tmp_path / "outputs" / "internal", tmp_path / "internal" / "outputs"
    (old / "results" / "ab").mkdir(parents=True)
    if mark == "README.md":
        (old / "results" / "ab").rmdir()
        (old / "README.md").write_text("# Ikke til offentliggørelse\n", encoding="utf-8")
    (old / "region.csv").write_text("0.123456789")
    (old / "state.csv").write_text("old")
    new.mkdir(parents=True)
    (new / "state.csv").write_text("new")
    assert settle_internal(tmp_path / "outputs") == old
    assert not old.exists() and not (new / "results").exists()
    assert ((new / "region.csv").read_text(), (new / "state.csv").read_text()) == (
        "0.123456789",
        "new",
    )
    assert settle_internal(tmp_path / "outputs") is None


def test_a_folder_of_that_name_that_somebody_else_made_stays(tmp_path):
    (tmp_path / "outputs" / "internal").mkdir(parents=True)
    (tmp_path / "outputs" / "internal" / "notat.txt").touch()
    assert settle_internal(tmp_path / "outputs") is None
    assert (tmp_path / "outputs" / "internal" / "notat.txt").exists()


@posix
def test_only_its_owner_may_read_it_also_what_was_there_before(project, monkeypatch):
    before = os.umask(0o022)
    try:
        project.write_chapter("01_ok", "1")
        record(project.plan("state"))
        assert list_modes(project.internal.parent) <= {0o700, 0o600}
        (project.internal / "gammel").mkdir(mode=0o755)
        (project.internal / "gammel" / "tal.csv").touch(mode=0o644)
        settle_internal(project.output)
        assert list_modes(project.internal.parent) == {0o700, 0o600}
        # what is to be published may be read
        assert {0o644, 0o755} & list_modes(project.output)
        deep = project.output / "ny" / "mappe"
        settle_internal(deep)
        assert stat.S_IMODE(deep.parent.stat().st_mode) == 0o755
    finally:
        os.umask(before)


def test_where_nothing_can_be_kept_beside_the_reports_is_told_before_anything_is_run(
    project, tmp_path
):
    project.write_chapter("01_ok", "1")
    project.internal.parent.write_text("a file")
    with pytest.raises(
        ParameterError,
        match=r"er ikke en mappe\. Det, der ikke er til offentliggørelse, skal ligge i",
    ):
        project.plan()
    project.internal.parent.unlink()
    settle_internal(project.output)
    with pytest.raises(
        ParameterError, match="ligger i en mappe med det, der ikke er til offentliggørelse"
    ):
        type(project)(project.notebooks, project.internal / "rapporter").plan()
    with pytest.raises(ParameterError, match="er et helt drev"):
        type(project)(project.notebooks, tmp_path.parents[-1]).plan()


@posix
def test_a_place_that_cannot_be_written_is_told_of(project, monkeypatch):
    project.write_chapter("01_ok", "1")
    # as for a user without the right
    monkeypatch.setattr("barometer.files.private.os.access", lambda path, mode: False)
    with pytest.raises(
        ParameterError,
        match=r"Der kan ikke skrives i .* Vælg en --output i en mappe, du kan skrive i",
    ):
        project.plan()


@pytest.fixture
def survey(tmp_path):
    """A folder with two files that have a card, one that has none, and reports."""
    folder = tmp_path / "runde4"
    for name in (
        "svar.csv",
        "closed.yaml",
        "questionnaire.yaml",
        "rapporter/all/report.html",
        "brev til Hans.docx",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    # a report publishes the registry's structure
    shutil.copy(DATA / "barometer-2020" / "questionnaire.yaml", folder)
    (folder / "cards.yaml").write_text(
        "files:\n  svar.csv: {}\n  closed.yaml: {}\n  questionnaire.yaml: {}\n"
    )
    return folder


def test_only_files_with_a_card_belong_to_a_survey(survey):
    assert sorted(hash_survey(survey)) == [
        "cards.yaml",
        "closed.yaml",
        "questionnaire.yaml",
        "svar.csv",
    ]
    before = hash_survey(survey)
    (survey / "rapporter" / "all" / "report.html").write_text("anew")
    assert hash_survey(survey) == before
    (survey / "svar.csv").rename(survey / "a\u030arsag.csv")  # å as a Mac writes it
    (survey / "cards.yaml").write_text('{"files": {"årsag.csv": {}}}', encoding="utf-8")
    assert sorted(hash_survey(survey)) == ["cards.yaml", "årsag.csv"]


@pytest.mark.parametrize(
    "content", ["{", "", "files: 3", "- a", "files: {1: {}, ../runde4/svar.csv: {}}", "\ta: 1"]
)
def test_cards_that_cannot_be_read_name_no_files(survey, content):
    (survey / "cards.yaml").write_text(content)
    assert [*hash_survey(survey)] == ["cards.yaml"]


def test_no_checksum_of_a_confidential_file_is_published_and_no_file_without_a_card_is_named(
    project, survey
):
    project.write_chapter("01_ok", "1")
    run = project.plan("state", data=str(survey))
    record(run)
    told = json.loads((project.output / "run.json").read_text())
    sums = hash_survey(survey)
    assert told["data"] == {
        "cards.yaml": None,
        "closed.yaml": None,
        "svar.csv": None,
        "questionnaire.yaml": sums["questionnaire.yaml"],
    }
    published = b"".join(path.read_bytes() for path in project.output.rglob("*") if path.is_file())
    assert b"Hans" not in published
    for name in ("cards.yaml", "closed.yaml", "svar.csv"):
        assert sums[name].encode() not in published
    for name in ("run.json", "state.json"):
        assert json.loads((project.internal / name).read_text())["data"] == sums
    # it follows from them
    assert look_around(run).keys[run.variants[0]].encode() not in published


def test_reports_within_the_survey_s_own_folder_are_made_and_stand(project, survey):
    project.write_chapter("01_ok", "1")
    inside = type(project)(project.notebooks, survey / "rapporter")
    (survey / "rapporter" / "all" / "report.html").unlink()
    stood = []
    for _ in range(3):
        run = inside.plan("all", data=str(survey))
        stood.append(is_recorded(run, look_around(run)))
        assert record(run)[0].folder
    assert stood == [False, True, True]
