"""What a run is asked for, and every way in which it is refused before anything starts."""

import json
import shutil
from pathlib import Path

import pytest

from barometer.data.cards import hash_survey
from barometer.files.checksums import hash_files
from barometer.parameters import ParameterError
from barometer.paths import DATA, ROOT
from barometer.run.request import plan_run, select_chapters


def test_chapters_are_found_by_number_and_by_name():
    chapters = [Path(f"{name}.ipynb") for name in ("01_start", "02_midte", "10_slut")]
    for wanted in ("2", "02", "midte", "02_midte", "02_midte.ipynb"):
        assert select_chapters(chapters, [wanted]) == ([chapters[1]], [])
    assert select_chapters(chapters, ["10", "1"]) == ([chapters[0], chapters[2]], [])
    assert select_chapters(chapters, ["7"])[1] == [
        "Kapitel »7« findes ikke. Kapitlerne er 01_start, 02_midte, 10_slut."
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"parts": ["regio"]}, "Mente du »region«?"),
        ({"alpha": 0.7}, "alpha = 0.7"),
        ({"wanted": ["9"]}, "Kapitlerne er 01_ok"),
    ],
)
def test_a_refused_run_starts_nothing(project, forbid_chapters, values, told):
    project.write_chapter("01_ok", "1")
    with pytest.raises(ParameterError, match=told.replace("?", r"\?")):
        plan_run(**{"parts": ["all"], "output": project.output, **values})
    assert not project.output.exists()


def test_a_chapter_with_other_parameters_is_refused_by_name(project):
    project.write_chapter("01_ok", "1")
    project.write_chapter("02_wrong", "1", declaration='sektor = "all"')
    (project.notebooks / "03_broken.ipynb").write_text("{")
    with pytest.raises(ParameterError) as refusal:
        project.plan()
    assert "02_wrong.ipynb: Ukendt parameter »sektor«. Mente du »sector«?" in str(refusal.value)
    assert "03_broken.ipynb: kan ikke læses" in str(refusal.value)
    assert "01_ok" not in str(refusal.value)


def test_a_condition_that_can_never_hold_is_refused_before_anything_is_run(
    project, forbid_chapters
):
    project.write_chapter("01_ok", "1")
    path = project.notebooks / "01_ok.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"].append(
        {
            "cell_type": "markdown",
            "id": "x",
            "source": "Om D9b.",
            "metadata": {"tags": ["when=D9b:less"]},
        }
    )
    path.write_text(json.dumps(notebook))
    with pytest.raises(ParameterError) as refusal:
        project.plan()
    assert "01_ok.ipynb: celle " in str(refusal.value)
    assert "sætningen D9b i mærket »when=« fortælles ikke i kapitlet" in str(refusal.value)


def test_a_folder_that_is_no_report_is_never_replaced(project):
    project.write_chapter("01_ok", "1")
    (project.output / "all").mkdir(parents=True)
    (project.output / "all" / "brev.txt").touch()
    with pytest.raises(ParameterError, match="er ikke en rapport"):
        project.plan()


def test_a_report_of_which_parts_are_gone_is_replaced(project):
    project.write_chapter("01_ok", "1")
    project.make()
    shutil.rmtree(project.output / "all" / "chapters")
    assert (project.make()[0].folder / "chapters").is_dir()
    shutil.rmtree(project.output)
    (project.output / "all").mkdir(parents=True)
    assert (project.make()[0].folder / "chapters").is_dir()


@pytest.mark.parametrize("given", ["", "abc", "-5", "1.5", "٣", "99999999999999"])
def test_a_date_for_the_files_that_is_none_is_refused(project, monkeypatch, given):
    project.write_chapter("01_ok", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(ParameterError, match=r"SOURCE_DATE_EPOCH = .* er ikke sekunder siden 1970"):
        project.plan()


def test_an_output_folder_below_a_file_is_refused_and_one_of_the_projects_own(project, tmp_path):
    project.write_chapter("01_ok", "1")
    (tmp_path / "fil").touch()
    for output, told in (
        (tmp_path / "fil" / "mappe", "er en fil"),
        (ROOT / "tests", "egne mapper"),
        (ROOT / "benchmarks" / "x", "egne mapper"),
    ):
        with pytest.raises(ParameterError, match=told):
            plan_run(["all"], output=output)


def test_data_outside_the_project_are_given_as_a_full_path(project, tmp_path, monkeypatch):
    project.write_chapter("01_ok", "1")
    (tmp_path / "runde4").mkdir()
    monkeypatch.chdir(tmp_path)
    assert project.plan(data="runde4").variants[0].data == (tmp_path / "runde4").as_posix()
    assert project.plan(data=str(DATA / "barometer-2020")).variants[0].data == "barometer-2020"


def test_only_files_with_a_card_belong_to_a_survey(tmp_path):
    (tmp_path / "rapporter").mkdir()
    for name in (
        "a.csv",
        "på.csv",
        "kontaktliste.xlsx",
        "rapporter/report.html",
        "questionnaire.yaml",
    ):
        (tmp_path / name).write_bytes(b"")
    assert [*hash_survey(tmp_path)] == []
    (tmp_path / "cards.yaml").write_text(
        "files: {a.csv: {}, på.csv: {}, gone.csv: {}, ../b.csv: {}}", encoding="utf-8"
    )
    assert [*hash_survey(tmp_path)] == ["a.csv", "cards.yaml", "på.csv"]
    (tmp_path / "exceptions.yaml").write_bytes(b"")
    assert "exceptions.yaml" in hash_survey(tmp_path)
    (tmp_path / "cards.yaml").write_text("files:\n\ta.csv: {}", encoding="utf-8")
    assert [*hash_survey(tmp_path)] == ["cards.yaml", "exceptions.yaml"]


def test_data_are_known_by_their_fingerprints(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert hash_files(tmp_path) == {
        "a.csv": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    }


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("8_nyt", "08_nyt"),
        ("08-nyt", "08_nyt"),
        ("008_nyt", "08_nyt"),
        ("08 nyt", "08_nyt"),
        ("08_nyt kapitel", "08_nyt_kapitel"),
    ],
)
def test_a_notebook_that_is_nearly_named_as_a_chapter_is_told_with_the_name_it_should_have(
    project, name, meant
):
    project.write_chapter("01_start", "1")
    project.write_chapter(name, "1")
    with pytest.raises(ParameterError, match=rf"{name}\.ipynb er ikke et kapitel.*{meant}\.ipynb"):
        project.plan("all")


def test_a_chapter_that_is_added_is_found_and_a_bench_beside_it_is_not(project):
    for name in ("01_start", "08_nyt", "explore"):
        project.write_chapter(name, "1")
    assert [chapter.name for chapter in project.plan("all").chapters] == ["01_start", "08_nyt"]


def test_two_chapters_have_not_one_number(project):
    for name in ("01_start", "08_nyt", "08_andet"):
        project.write_chapter(name, "1")
    with pytest.raises(ParameterError, match=r"08_andet\.ipynb og 08_nyt\.ipynb har samme nummer"):
        project.plan("all")


def test_a_link_to_a_figure_that_no_chapter_shows_is_told_before_anything_is_run(project):
    project.write_chapter("01_start", 'survey.draw_shares("values", "Titel")')
    project.write_chapter("02_mere", '"Se [Figur](#values)."')
    assert len(project.plan("all").chapters) == 2
    project.write_chapter("02_mere", '"Se [Figur](#valus) og [afsnittet](#start)."')
    told = r"^02_mere\.ipynb: celle \d: Linket til #valus fører til ingen figur .*»values«\?$"
    with pytest.raises(ParameterError, match=told):
        project.plan("all")
