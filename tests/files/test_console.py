"""Wherever the program's words go, and in whatever letters, the reports are made."""

import io
import subprocess
import sys

import pytest

from barometer.files.console import HANDLER
from barometer.machine import FILES, FILES_A_JOB
from barometer.paths import ROOT

posix = pytest.mark.skipif(sys.platform == "win32", reason="of a Unix shell")


def run(folder, script, *options, program=("run_all.py",), **environment):
    """A real run of one chapter under a shell's script, in which "$@" is the command."""
    command = [
        sys.executable,
        *program,
        "--sector",
        "region",
        "--chapter",
        "6",
        "--format",
        "html",
        "--output",
        folder,
        *options,
    ]
    return subprocess.run(
        ["bash", "-c", script, "bash", *command],
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nowhere", **environment},
        timeout=300,
    )


def has_report(folder):
    return (folder / "region-kapitel-06" / "report.html").exists()


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("cp1252", "Rapporterne er læst: »5« – ?"),
        ("cp850", "Rapporterne er læst: »5« - ?"),
        ("ascii", 'Rapporterne er laest: "5" - ?'),
        ("utf-8", "Rapporterne er læst: »5« – ?"),
        ("latin-1", "Rapporterne er læst: »5« - ?"),
    ],
)
def test_what_a_terminal_cannot_show_is_replaced_by_letters_that_it_can(encoding, shown):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=HANDLER)
    print("Rapporterne er læst: »5« – \udce6", end="", file=stream, flush=True)
    assert stream.buffer.getvalue().decode(encoding) == shown


def test_a_letter_with_an_accent_loses_it_and_a_sign_without_another_becomes_a_question_mark():
    assert "Ærø, é → 漢".encode("ascii", HANDLER) == b"AEroe, e -> ?".replace(b"AEroe", b"Aeroe")


@posix
@pytest.mark.parametrize("program", ["seal", "verify"])
@pytest.mark.parametrize("script", ['exec "$@" >&-', 'exec "$@" 2>&-', 'exec "$@" <&- >&- 2>&-'])
def test_the_other_commands_end_as_they_should_without_a_place_for_their_words(
    tmp_path, program, script
):
    command = [sys.executable, "-m", "barometer", program, tmp_path / "findes-ikke"]
    done = subprocess.run(["bash", "-c", script, "bash", *command], capture_output=True, cwd=ROOT)
    assert done.returncode == 1 and b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("program", ["seal", "verify"])
def test_the_other_commands_speak_in_whatever_letters_there_are(tmp_path, program):
    done = subprocess.run(
        [sys.executable, "-m", "barometer", program, tmp_path / "mappe med æ"],
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii"},
    )
    told = done.stdout + done.stderr
    assert (
        done.returncode == 1
        and told.isascii()
        and b"mappe med ae" in told
        and b"Traceback" not in told
    )


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "method"),
    [
        ('exec "$@" >&-', "forkserver"),
        ('exec "$@" 2>&-', "spawn"),
        ('exec "$@" >&- 2>&-', "spawn"),
        ('exec "$@" <&- >&- 2>&-', "forkserver"),
    ],
)
def test_a_run_without_a_place_for_its_words_makes_its_reports(tmp_path, script, method):
    done = run(tmp_path, script, BAROMETER_START=method)
    assert done.returncode == 0 and has_report(tmp_path)
    assert b"Traceback" not in done.stderr


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp850"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_a_run_makes_its_reports_and_tells_of_them_in_whatever_letters_there_are(
    tmp_path, environment
):
    done = run(tmp_path, 'exec "$@"', **environment)
    assert (done.returncode, done.stderr) == (0, b"") and has_report(tmp_path)
    assert b"Der er gjort rede for alle" in done.stdout
    refused = run(tmp_path, 'exec "$@"', "--alpha", "7", **environment)
    assert refused.returncode == 2 and b"rslen blev ikke begyndt" in refused.stderr


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "cause"),
    [
        ("-n 20", "kun 20 åbne filer"),
        ("-n 32", "kun 32 åbne filer"),
        ("-n 64", "kun 64 åbne filer"),
        ("-v 300000", "hukommelse"),
        ("-v 1000000", "kun hver proces 976 MB hukommelse"),
    ],
)
def test_too_little_of_what_the_system_allows_is_told_by_its_cause_before_anything_is_run(
    tmp_path, limit, cause
):
    done = run(tmp_path, f'ulimit {limit} && exec "$@"')
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, len(lines), lines[0]) == (
        2,
        2,
        "Kørslen blev ikke begyndt.",
    ) and cause in lines[1]
    assert not has_report(tmp_path)


@posix
@pytest.mark.slow
@pytest.mark.parametrize("limit", [f"-n {FILES + FILES_A_JOB}", "-v 3145728", "-S -n 64"])
def test_what_is_just_enough_is_enough_and_a_soft_limit_is_raised(tmp_path, limit):
    done = run(tmp_path, f'ulimit {limit} && exec "$@"', "--sector", "all,state,municipality")
    assert (done.returncode, done.stderr) == (0, b""), done.stdout.decode()


@posix
@pytest.mark.slow
@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_a_home_that_cannot_be_written_is_not_complained_of(tmp_path, method):
    done = run(
        tmp_path, 'exec "$@"', "--chapter", "4", HOME="/proc/nowhere", BAROMETER_START=method
    )
    assert (done.returncode, done.stderr) == (0, b"")
