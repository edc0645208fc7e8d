"""`python -m barometer`: each command is given its folder."""

import pytest

from barometer.__main__ import COMMANDS, main
from barometer.synthesis import synthetic
from barometer.verify import typed
from tests.make.small_survey import make_survey


def test_synthetic_draws_the_folder_that_is_named(tmp_path, monkeypatch, capsys):
    drawn = []
    monkeypatch.setattr(synthetic, "write_survey", lambda folder: drawn.append(folder) or "0a1b")
    assert main(["synthetic", str(tmp_path)]) == 0 and main(["synthetic"]) == 0
    assert [drawn[0], drawn[1].name] == [tmp_path, "barometer-2020"]
    assert capsys.readouterr().out.startswith(f"{tmp_path.name}/microdata.csv  sha256 0a1b")


def test_synthetic_says_in_one_line_that_a_survey_has_no_recipe(tmp_path, capsys):
    folder = make_survey(tmp_path)
    before = (folder / "microdata.csv").read_bytes()
    assert main(["synthetic", str(folder)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 and told[0].endswith(
        "synthetic.yaml: filen mangler eller kan ikke åbnes."
    )
    assert (folder / "microdata.csv").read_bytes() == before


def test_verify_says_which_list_is_missing_and_where_it_belongs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(typed, "ALLOWED", "nowhere.yaml")
    assert main(["verify", str(tmp_path)]) == 1
    assert "nowhere.yaml: filen mangler" in (told := capsys.readouterr().err)
    assert "mappen notebooks" in told and len(told.splitlines()) == 2


MAKE = ("run", "new", "draft", "publish")  # what takes more than a folder that is there


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in MAKE])
def test_a_command_says_in_one_line_that_a_folder_is_not_there(name, tmp_path, capsys):
    assert main([name, str(tmp_path / "nowhere")]) == 1
    told = capsys.readouterr()
    assert len((told.out + told.err).splitlines()) <= 3 and "nowhere" in told.out + told.err


@pytest.mark.parametrize(
    "words", [["--help"], ["--hjælp"], ["verify", "--help"], ["synthetic", "-h"]]
)
def test_help_is_given_for_the_program_and_for_a_command(words, capsys):
    assert main(words) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)


@pytest.mark.parametrize("name", ["seal", "check", "prove"])
def test_help_is_asked_for_in_danish_too(name, capsys):
    told = []
    for word in ("--help", "--hjælp"):
        with pytest.raises(SystemExit) as ended:
            main([name, word])
        told.append((ended.value.code, capsys.readouterr().out))
    assert told[0] == told[1] and told[0][0] == 0
