"""A chapter is drafted into the project's notebooks, or one line says why not."""

import re

import pytest

from barometer import paths
from barometer.tools.draft import main


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A project's notebooks beside the shipped survey."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "01_first.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(paths, "NOTEBOOKS", folder, raising=False)
    return folder


def test_a_chapter_is_written_once(notebooks, capsys):
    assert main(["08_vaerdi", "--questions", "value,novelty", "--by", "initiation"]) == 0
    assert "seal" in capsys.readouterr().out
    assert main(["08_andet", "--questions", "value"]) == 2
    assert "08_vaerdi.ipynb findes allerede" in capsys.readouterr().err
    assert sorted(one.name for one in notebooks.iterdir()) == ["01_first.ipynb", "08_vaerdi.ipynb"]


def test_two_chapters_of_one_title_have_no_id_of_a_figure_in_common(notebooks):
    ids = []
    for name in ("08_svar", "09_svar"):
        assert main([name, "--questions", "value,novelty"]) == 0
        text = (notebooks / f"{name}.ipynb").read_text(encoding="utf-8")
        ids += re.findall(r"\.(?:show|draw_\w+)\(\\\"([^\"\\]+)", text)
    assert len(ids) == len({*ids}) == 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("8_x", "--questions", "value"), "to cifre"),
        (("../09_x", "--questions", "value"), "to cifre"),
        (("09_x", "--questions", "valeu"), "Mente du »value«"),
        (("09_x", "--questions", "value", "--by", "sectr"), "Mente du »sector«"),
        (("09_x", "--questions", "value", "--by", "value"), "deler ikke"),
        (("09_x", "--questions", "value", "--by", "region"), "Det gør sector (Sektor), field ("),
    ],
)
def test_what_cannot_be_drafted_is_told_in_two_lines(notebooks, capsys, words, told):
    assert main([*words]) == 2
    message = capsys.readouterr().err
    assert told in message and len(message.strip().splitlines()) == 2
    assert len([*notebooks.iterdir()]) == 1


def test_a_chapter_is_drafted_in_the_language_of_the_project(notebooks):
    (notebooks / "report.yaml").write_text("language: en\n", encoding="utf-8")
    assert main(["08_value", "--questions", "value"]) == 0
    text = (notebooks / "08_value.ipynb").read_text(encoding="utf-8")
    assert "the survey: a folder under data/" in text and "undersøgelsen" not in text


def test_a_question_that_divides_nothing_is_no_misspelling(notebooks, capsys):
    assert main(["09_x", "--questions", "novelty", "--by", "initiator"]) == 2
    assert "Mente du" not in capsys.readouterr().err
