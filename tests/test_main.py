"""`python -m barometer`: each command is given its folder."""

import pytest

from barometer.__main__ import COMMANDS, main
from barometer.tools import synthetic
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
    assert told[0] == "Der er ikke trukket nogen svar." and "synthetic.yaml" in told[1]
    assert (folder / "microdata.csv").read_bytes() == before


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_in_one_line_that_a_folder_is_not_there(name, tmp_path, capsys):
    assert main([name, str(tmp_path / "nowhere")]) == 1
    told = capsys.readouterr()
    assert len((told.out + told.err).splitlines()) <= 3 and "nowhere" in told.out + told.err
