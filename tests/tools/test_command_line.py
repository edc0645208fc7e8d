"""The options' values as the program receives them; refusals are tried in test_run_all.py, through
the program.
"""

import subprocess
import sys

import pytest

from barometer.__main__ import main
from barometer.paths import OUTPUTS, ROOT
from barometer.tools.command_line import read_arguments


def read(*words):
    return read_arguments(words, "En beskrivelse.")


def test_lists_may_have_commas_or_be_repeated():
    options = read(
        "--sector", "state, region", "--sector", "all", "--chapter", "2,", "--chapter", "03"
    )
    assert (options.sector, options.chapter) == (["state", "region", "all"], ["2", "03"])


def test_nothing_chosen_is_everything():
    options = read()
    assert (options.sector, options.chapter, options.format, options.output) == (
        [],
        [],
        ("html", "pdf"),
        OUTPUTS,
    )
    assert (options.data, options.alpha, options.jobs, options.timeout) == (
        "barometer-2020",
        0.05,
        None,
        600,
    )


def test_numbers_and_places_are_converted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = read("--alpha", "0,01", "--jobs", "3", "--format", "pdf", "--output", "her")
    assert (options.alpha, options.jobs, options.format, options.output) == (
        0.01,
        3,
        ("pdf",),
        tmp_path / "her",
    )


def test_an_address_is_refused_as_the_folder_it_is_not(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        read("--output", "s3://spand/mappe")
    assert end.value.code == 2 and not list(tmp_path.iterdir())
    told = capsys.readouterr().err
    assert "--output: 's3://spand/mappe' er en adresse og ikke en mappe" in told
    assert "rclone sync" in told


def test_help_tells_what_the_program_is_for(capsys):
    with pytest.raises(SystemExit) as end:
        read("--help")
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("Brug: ") and "En beskrivelse." in told


UNDONE = {
    "run": "Kørslen blev ikke begyndt.",
    "new": "Projektet blev ikke lavet.",
    "draft": "Kapitlet blev ikke lavet.",
    "check": "Intet er kontrolleret.",
    "codebook": "Kodebogen blev ikke skrevet.",
    "seal": "Mappen blev ikke forseglet.",
    "release": "Intet er husket.",
    "prove": "Intet er bevist.",
}


@pytest.mark.parametrize("command", UNDONE)
def test_every_command_says_what_it_has_not_done_and_which_option_was_meant(command, capsys):
    needed = {"new": ["mappe", "--from", "fil"], "draft": ["08_x", "--questions", "a"]}
    for words, told in (
        (["--hlep"], "Ukendt valg: --hlep. Mente du »--help«?"),
        (["a", "b", "c", "d"], "Ukendt valg: "),
    ):
        with pytest.raises(SystemExit) as ended:
            main([command, *needed.get(command, []), *words])
        lines = capsys.readouterr().err.splitlines()
        assert ended.value.code == 2 and lines[0] == UNDONE[command]
        assert lines[1].startswith(told) and lines[2] == "Se valgene med --help" and len(lines) == 3


def test_what_a_command_lacks_is_named_in_danish(capsys):
    for words, told in (
        (["new"], "Mangler MAPPE, --from"),
        (["new", "x", "--from"], "--from: mangler en værdi"),
        (["new", "x", "--from", "y", "--date", "3"], "'3' er ikke en dato"),
        (["seal", "--time-limit", "x"], "'x' er ikke et helt tal"),
    ):
        with pytest.raises(SystemExit):
            main(words)
        assert told in capsys.readouterr().err


def test_the_command_line_is_read_without_pandas():
    code = "import sys, barometer.tools.run; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
