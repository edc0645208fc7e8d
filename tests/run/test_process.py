"""A piece of work in a process of its own: what it returns, what ended it, what is left of it."""

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from barometer.paths import ROOT
from barometer.run import process

posix = pytest.mark.skipif(os.name != "posix", reason="signals and groups of processes")


@pytest.fixture(
    params=[
        pytest.param(
            "forkserver", marks=pytest.mark.skipif(sys.platform != "linux", reason="fork")
        ),
        "spawn",
    ],
    autouse=True,
)
def method(request, monkeypatch):
    """How processes are started: on Linux, and elsewhere."""
    if request.param == "spawn":
        monkeypatch.setenv(process.SWITCH, "spawn")
    assert process.start_method() == request.param
    return request.param


def test_what_is_called_returns_raises_and_dies_as_told():
    assert process.call(operator.add, 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        process.call(operator.truediv, 1, 0)
    with pytest.raises(process.Killed, match="kode 3"):
        process.call(os._exit, 3)


def test_a_server_that_refuses_for_a_moment_is_asked_again_and_one_that_goes_on_is_given_up(
    method, monkeypatch
):
    started = multiprocessing.get_context(method).Process
    usual, refusals = started.start, []

    def refuse(process_):
        refusals.append(1)
        if len(refusals) % 10 != 3:  # as a server does that has been killed and is not yet gone
            raise ConnectionRefusedError
        usual(process_)

    monkeypatch.setattr(started, "start", refuse)
    monkeypatch.setattr(process, "PAUSE", 0)
    assert process.call(operator.add, 1, 2) == 3 and len(refusals) == 3
    with pytest.raises(process.Killed, match="før den begyndte"):
        process.call(operator.add, 1, 2)
    assert len(refusals) == 3 + process.STARTS


@posix
def test_a_kill_is_told_by_its_signal_as_the_system_s_own_for_want_of_memory():
    with pytest.raises(process.Killed, match="signal 9, måske fordi maskinen manglede hukommelse"):
        process.call(signal.raise_signal, signal.SIGKILL)


def hang_after(words):
    for word in words:
        process.report(word)
    time.sleep(600)


def test_a_hang_is_told_with_what_was_last_reported_and_ends():
    start = time.monotonic()
    with pytest.raises(process.Hung) as hung:
        process.call(hang_after, ["a", "b"], patience=1)
    assert hung.value.last == "b" and time.monotonic() - start < 30


def work_slowly(steps):
    for step in range(steps):
        time.sleep(0.6)
        process.report(step)
    return steps


def test_who_reports_in_time_may_take_any_time():
    assert process.call(work_slowly, 4, patience=2) == 4


def die_after_report():
    process.report("så langt")
    os._exit(1)


def test_what_was_last_reported_before_a_death_is_told():
    with pytest.raises(process.Killed) as killed:
        process.call(die_after_report, patience=60)
    assert killed.value.last == "så langt"


class Peculiar(Exception):
    """An exception that cannot be made again of what it says."""

    def __init__(self, one, other):
        super().__init__(f"{one} og {other}")


def raise_peculiarly():
    raise Peculiar("det ene", "det andet")


def test_what_cannot_travel_is_told_in_words():
    with pytest.raises(RuntimeError, match="det ene og det andet"):
        process.call(raise_peculiarly)
    with pytest.raises(RuntimeError, match="cannot pickle"):
        process.call(open, os.devnull)


def describe():
    names = ("PYTHONHASHSEED", "OMP_NUM_THREADS", "PYTHONSAFEPATH", "BAROMETER_PROBE")
    return os.getcwd(), {name: os.environ.get(name) for name in names}, hash("x")


def test_a_process_has_the_caller_s_folder_and_environment_and_fixed_hashes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("BAROMETER_PROBE", "her")
    before = dict(os.environ)
    folder, environment, first = process.call(describe)
    assert folder == str(tmp_path) and process.call(describe)[2] == first
    assert list(environment.values()) == ["0", "1", None, "her"]
    assert dict(os.environ) == before


def start_another():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    return os.getpid(), child.pid


@posix
def test_a_process_takes_with_it_what_it_has_started():
    for number in process.call(start_another):
        for _ in range(100):
            if not _is_alive(number):
                break
            time.sleep(0.05)
        else:
            raise AssertionError(f"{number} is alive")


def _is_alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def fork_and_die():
    if os.fork():
        os._exit(5)
    time.sleep(600)


@posix
def test_a_death_is_noticed_though_what_it_has_forked_keeps_its_connection_open():
    start = time.monotonic()
    with pytest.raises(process.Killed, match="kode 5"):
        process.call(fork_and_die)
    assert time.monotonic() - start < 30


def call_in_turn():
    return process.call(operator.add, 1, 1)


def begin_daemon(answers):
    answers.put(call_in_turn())


def test_a_process_that_is_to_have_no_children_has_work_done_all_the_same():
    """As a Dask worker is one."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    worker = context.Process(target=begin_daemon, args=(answers,), daemon=True)
    worker.start()
    assert answers.get(timeout=60) == 2
    worker.join()


def test_who_is_stopped_starts_nothing_more_until_another_run_begins():
    process.stop_all()
    try:
        with pytest.raises(process.Killed, match="kørslen er ved at slutte"):
            process.call(operator.add, 1, 1)
    finally:
        process.allow()
    assert process.call(operator.add, 1, 1) == 2


def begin_interrupted():
    """What a process does whose terminal says Ctrl-C before it has left the terminal's reach, its
    signals held back.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.raise_signal(signal.SIGINT)
    process._follow_caller()
    # a chapter is interrupted by it
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    sys.exit(7)


@posix
def test_a_process_does_not_hear_a_terminal_that_it_has_left():
    begun = multiprocessing.get_context("spawn").Process(target=begin_interrupted)
    begun.start()
    begun.join()
    assert begun.exitcode == 7


@posix
@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "1"])
def test_the_tests_pass_also_where_they_were_started_with_ctrl_c_ignored(workers):
    name = test_a_process_does_not_hear_a_terminal_that_it_has_left.__name__
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "no:cacheprovider"]
    done = subprocess.run(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command, f"{__file__}::{name}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != process.SWITCH},
    )
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout
