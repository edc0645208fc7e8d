"""Whatever happens to a run: it is really killed, starved and interrupted here, and nothing is lost
or left behind.
"""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from barometer.files.writing import draft_folder
from barometer.paths import ROOT
from tests.make.copies import make_copy, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc"),
]

BOTH = ("--sector", "state,region", "--format", "html")
CHILD = (
    "import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', 'import time; "
    "time.sleep(600)'], "
    "stderr=subprocess.DEVNULL)"
)
WAIT = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)"
AS_ROOT = [] if os.getuid() == 0 else ["sudo", "-n"]
METHODS = pytest.mark.parametrize("method", ["forkserver", "spawn"])  # on Linux, and elsewhere


@pytest.fixture
def copy(tmp_path):
    made = make_copy(tmp_path)
    made.write_chapter("01_rolig", "1")
    yield made
    made.kill_all()


def in_region(cell):
    """The cell, run in the regions' report only."""
    return "if sector == 'region':\n" + textwrap.indent(cell, "    ")


def count_told(told, words):
    return sum(words in line for line in told.splitlines())


def wait_for_chapter(copy):
    """The number of the process whose chapter waits."""
    path = copy.notebooks / "pid"
    return int(wait_for(lambda: path.exists() and path.read_text()))


def list_half(output):
    """What is left in an output folder of something half-made."""
    return [path.name for path in output.rglob(".*")]


def expect_what_is_missing(copy, *names):
    """The next run makes the two reports, executing only these chapters."""
    code, told = copy.run(*BOTH, "--verbose")
    assert code == 0, told
    executed = [line.split(": ")[0] for line in told.splitlines() if ": køres (" in line]
    assert sorted(executed) == sorted(names)
    assert {path.parent.name for path in copy.output.glob("*/report.html")} == {"state", "region"}


def test_each_kind_of_trouble_is_named_and_stops_nothing_else(copy):
    for name, cell in {
        "02_fejl": "value = 1 / 0",
        "03_forlader": "import os\nos._exit(1)",
        # as the system does out of memory
        "04_draebt": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "05_hukommelse": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**32, "
        "2**32))\nx = bytes(2**33)",
        "06_haenger": "import time\ntime.sleep(600)",
        # in C, where no interrupt is heard
        "07_doev": "import re\nre.match('(a?){64}a{64}', 'a' * 64)",
    }.items():
        copy.write_chapter(name, in_region(cell))
    start = time.monotonic()
    code, told = copy.run(*BOTH, "--timeout", "10")
    assert code == 1
    assert "IKKE LAVET: 6 af 7 kapitler fejlede" in told
    assert "02_fejl, celle 4 (if sector == 'region':): ZeroDivisionError: division by zero" in told
    assert (
        count_told(told, "processen blev standset") == 2 and count_told(told, "tiden er gået") == 2
    )
    assert "05_hukommelse, celle 4 (if sector == 'region':): MemoryError" in told
    assert (copy.output / "state" / "report.html").exists() and not (
        copy.output / "region"
    ).exists()
    assert list_half(copy.output) == [] and time.monotonic() - start < 120
    wait_for(lambda: not copy.list_processes(), 10)


@METHODS
@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "Afbrudt."), (signal.SIGTERM, 143, "Stoppet.")],
)
def test_a_run_told_to_stop_stops_at_once_and_keeps_what_is_done(copy, number, code, word, method):
    copy.write_chapter("02_lang", CHILD, in_region(WAIT))
    run = copy.start(*BOTH, BAROMETER_START=method)
    wait_for_chapter(copy)
    wait_for((copy.internal / "state.json").exists)
    wait_for(
        lambda: (
            len(
                [
                    path
                    for path in copy.internal.glob("results/*/*.json")
                    # all but the one that waits
                    if "notebook" in path.read_text(encoding="utf-8")
                ]
            )
            == 3
        )
    )
    earlier, begun = copy.list_output(), time.monotonic()
    # a terminal tells the group
    os.killpg(run.pid, number) if number == signal.SIGINT else run.send_signal(number)
    assert run.wait(10) == code and time.monotonic() - begun < 3
    assert len(told := run.stderr.read().splitlines()) == 1 and told[0].startswith(word)
    wait_for(lambda: not copy.list_processes(), 10)
    assert copy.list_output() == earlier and list_half(copy.output) == []
    copy.write_chapter("02_lang", "2")
    expect_what_is_missing(copy, "state, 02_lang", "region, 02_lang")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_stopped_while_it_gets_ready_or_builds_reports_says_so_in_one_line_and_is_soon_gone(
    copy, number
):
    assert copy.run(*BOTH)[0] == 0
    for force in (["--force"], []):
        for wait in (0.3, 0.6, 0.9, 1.2, 1.6, 2.0):
            for page in copy.output.glob("*/report.html"):
                page.unlink()
            run = copy.start(*BOTH, *force)
            time.sleep(wait)
            os.killpg(run.pid, number) if number == signal.SIGINT else run.send_signal(number)
            # until nobody holds its pipes: a server ends its imports first
            _, told = run.communicate(timeout=15)
            assert len(told.splitlines()) <= 1 and "Traceback" not in told, (wait, told)
            wait_for(lambda: not copy.list_processes(), 10)


def test_a_run_stopped_while_chapters_begin_says_so_in_one_line(copy):
    """Processes that are half ready would complain of what is cleared away under them."""
    for number in range(2, 9):
        copy.write_chapter(f"0{number}_kort", "1")
    for _ in range(12):
        run = copy.start(*BOTH, "--force")
        # run, tracker, server, and those that begin
        wait_for(lambda: len(copy.list_processes()) > 4, 60)
        time.sleep(0.03)
        os.killpg(run.pid, signal.SIGINT)
        _, told = run.communicate(timeout=15)
        assert run.returncode == 130 and len(told.splitlines()) == 1, told
        wait_for(lambda: not copy.list_processes(), 10)


@METHODS
def test_a_run_uses_its_own_program_whichever_else_is_installed_or_lies_where_it_is_begun(
    copy, method
):
    copy.write_chapter(
        "02_hvem",
        "import barometer\nfrom barometer.display import Prose\n"
        "Prose(f'Programmet er {barometer.NAME}.')",
    )
    with open(copy.folder / "barometer" / "__init__.py", "a", encoding="utf-8") as file:
        file.write("NAME = 'kopien'\n")
    for folder in (ROOT, "/"):
        code, told = copy.run(
            "--sector", "region", "--format", "html", "--force", cwd=folder, BAROMETER_START=method
        )
        assert code == 0, told
        assert "Programmet er kopien." in (copy.output / "region" / "report.html").read_text()


@pytest.fixture
def scratch():
    """A place for temporary files with a path short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="b", dir="/tmp") as folder:
        yield Path(folder)


@METHODS
def test_a_run_that_is_killed_leaves_no_process_and_the_next_clears_its_temporary_files(
    copy, method, scratch
):
    copy.write_chapter("02_lang", CHILD, in_region(WAIT))
    run = copy.start(*BOTH, BAROMETER_START=method, TMPDIR=str(scratch))
    wait_for_chapter(copy)
    wait_for((copy.internal / "state.json").exists)
    run.kill()
    assert run.wait(10) == -signal.SIGKILL
    wait_for(lambda: not copy.list_processes(), 10)
    assert list(scratch.glob("bm-*"))
    kept = next(copy.internal.glob("results/*/*.json"))
    half = kept.with_name(f".{kept.name}.{run.pid}.new")
    half.write_text("half")
    os.utime(half, (0, 0))
    copy.write_chapter("02_lang", "2")
    code, told = copy.run(*BOTH, TMPDIR=str(scratch))
    assert code == 0, told
    assert list(scratch.iterdir()) == [] and list_half(copy.output) == []


def test_a_server_that_is_killed_fails_what_runs_and_starts_again_for_the_rest(copy):
    for number in range(2, 6):
        copy.write_chapter(f"0{number}_kort", "import time\ntime.sleep(1)")
    copy.write_chapter("00_lang", in_region(WAIT))
    run = copy.start("--sector", "region", "--format", "html", "--jobs", "1")
    chapter = wait_for_chapter(copy)
    server = int(Path(f"/proc/{chapter}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(server, signal.SIGKILL)
    out, _ = run.communicate(timeout=120)
    assert run.returncode == 1
    assert "IKKE LAVET: 1 af 6 kapitler fejlede" in out, out
    assert "00_lang, celle 4" in out, out
    wait_for(lambda: not copy.list_processes(), 10)
    copy.write_chapter("00_lang", "2")
    code, told = copy.run("--sector", "region", "--format", "html", "--verbose")
    assert code == 0 and count_told(told, ": køres (") == 1


def find_server(copy):
    return next(
        (
            process
            for process in copy.list_processes()
            if b"forkserver import main" in Path(f"/proc/{process}/cmdline").read_bytes()
        ),
        None,
    )


def test_a_server_that_is_killed_as_it_starts_is_started_again(copy):
    """What it was about to do may be lost; the run says so, and the next one makes it."""
    run = copy.start(*BOTH)
    os.kill(wait_for(lambda: find_server(copy)), signal.SIGKILL)
    out, err = run.communicate(timeout=60)
    told = out + err
    assert run.returncode == 0 or "processen blev standset" in told, told
    assert "Traceback" not in told
    wait_for(lambda: not copy.list_processes(), 10)
    code, told = copy.run(*BOTH)
    assert code == 0, told
    assert {path.parent.name for path in copy.output.glob("*/report.html")} == {"state", "region"}


@METHODS
def test_a_mistyped_helper_module_fails_the_chapters_that_use_it_and_no_others(copy, method):
    def mistype(module):
        with open(copy.folder / "barometer" / module, "a", encoding="utf-8") as file:
            file.write("def mistyped(:\n")
        return copy.run("--sector", "region", "--format", "html", BAROMETER_START=method)

    copy.write_chapter("02_vaerktoej", "import barometer.synthesis.synthetic")
    code, told = mistype("synthesis/synthetic.py")
    assert code == 1 and "IKKE LAVET: 1 af 2 kapitler fejlede" in told and "Traceback" not in told
    assert (
        "02_vaerktoej, celle 4 (import barometer.synthesis.synthetic): SyntaxError: invalid syntax "
        "(synthetic.py, line " in told
    )
    code, told = mistype("survey.py")  # without which nothing can be done
    assert code == 2 and len(told.splitlines()) == 2 and "survey.py, linje " in told


def test_a_process_that_is_killed_is_one_failed_chapter(copy):
    copy.write_chapter("02_lang", in_region(WAIT))
    run = copy.start(*BOTH)
    os.kill(wait_for_chapter(copy), signal.SIGKILL)
    out, _ = run.communicate(timeout=120)
    assert run.returncode == 1
    assert (
        "02_lang, celle 4 (if sector == 'region':): processen blev standset" in out
        and "state" in out
    )
    copy.write_chapter("02_lang", "2")
    expect_what_is_missing(copy, "state, 02_lang", "region, 02_lang")


@pytest.fixture
def small_disk(tmp_path):
    """A real file system that can be made as small as its content. Mounting needs root."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        [*AS_ROOT, "mount", "-t", "tmpfs", "tmpfs", place], capture_output=True
    ).returncode:
        pytest.skip("no right to mount a file system")
    yield place
    subprocess.run([*AS_ROOT, "umount", "-l", place], check=False)


def resize(disk, room):
    """Leave this many bytes free."""
    used = (state := os.statvfs(disk)).f_frsize * (state.f_blocks - state.f_bfree)
    subprocess.run([*AS_ROOT, "mount", "-o", f"remount,size={used + room}", disk], check=True)


@pytest.mark.parametrize(
    ("room", "missing"), [(0, ["region, 01_rolig"]), (100_000, [])], ids=["none", "little"]
)
def test_a_full_disk_leaves_nothing_half_made_and_the_next_run_does_the_rest(
    copy, small_disk, room, missing
):
    copy = replace(copy, output=small_disk / "outputs")
    assert copy.run("--sector", "state", "--format", "html")[0] == 0
    earlier = copy.list_output()
    resize(small_disk, room)
    code, told = copy.run(*BOTH)
    assert code == 1 and "No space left on device" in told
    assert {
        name: content for name, content in copy.list_output().items() if name in earlier
    } == earlier
    assert not (copy.output / "region").exists() and list_half(copy.output) == []
    resize(small_disk, 2**27)
    expect_what_is_missing(copy, *missing)


def test_two_runs_on_one_folder_both_finish_with_complete_reports(copy):
    for number in range(2, 5):
        copy.write_chapter(f"0{number}_kort", "import time\ntime.sleep(0.5)")
    runs = [copy.start(*BOTH, "--force") for _ in range(2)]
    told = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    once = copy.list_output()
    code, again = copy.run(*BOTH)
    assert code == 0 and count_told(again, "(uændret)") == 2
    assert copy.list_output() == once and list_half(copy.output) == []


def test_a_reader_never_finds_a_report_missing_or_half_made(tmp_path):
    target, seen, stop = tmp_path / "all", [], threading.Event()
    whole = [f"{number}" * 200_000 for number in range(10)]

    def read():
        while not stop.is_set():
            try:
                seen.append((target / "report.html").read_text())
            except OSError as error:
                seen.append(repr(error))

    put(target, whole[0])
    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        put(target, whole[number % 10])
    stop.set()
    reader.join()
    assert len(seen) > 100 and set(seen) <= set(whole)


def put(target, text):
    with draft_folder(target) as folder:
        (folder / "report.html").write_text(text)
