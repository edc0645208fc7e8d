"""The warm template: one process that has imported what chapters and reports need, and forks
whoever needs it.

It is the fork server of Python's own multiprocessing with `preload.py`, and runs nothing itself. It
ends with the process that started it, and its forks end with it.
"""

import ctypes
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib import import_module
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from pickle import PicklingError
from traceback import format_exc
from types import ModuleType

from barometer import paths
from barometer.files.writing import hold_folder, name_scratch
from barometer.run.machine import has_matplotlib_folder

# The same order of sets in every run; and processes share the cores, so a process shares its own
# with no threads.
PINNED = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}  # the debugger that every kernel loads would warn
SWITCH = "BAROMETER_WARM"  # 0 in the environment: ordinary kernels
PRELOAD = ["barometer.run.preload"]
# in the template's environment: a survey that it reads, so that no fork need to
DATA = "BAROMETER_DATA"
# the same: whether chapters are to be executed, or only reports made
CHAPTERS = "BAROMETER_CHAPTERS"
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl
# the name of each, by which they are told from others that a program has started
FORK = "barometer-fork"
_INTERRUPT = {signal.SIGINT}
_HIDING = threading.Lock()
# the whole process's environment and working directory are changed for it
_STARTING = threading.Lock()
_FIRST = {CHAPTERS: "1"}
_OPENED = ExitStack()
_ENDED = threading.Event()  # set: what still asks for a fork in some thread is too late


class ForkDied(Exception):
    """A fork ended without an answer: it was killed, perhaps for want of memory."""


def can_fork():
    """Whether kernels can be forked: on Linux, unless switched off, and not in a process that may
    have no children.
    """
    return (
        sys.platform == "linux"
        and os.environ.get(SWITCH, "1") != "0"
        and not multiprocessing.current_process().daemon
    )


def read_first(data):
    """Let the template, when it starts, read this survey."""
    _FIRST.setdefault(DATA, data)


def expect_no_chapters():
    """Let the template, when it starts, import no more than reports need; a chapter would import
    the rest itself.
    """
    _FIRST[CHAPTERS] = ""


def pin_environment():
    """The environment of all processes that do a run's work: its program is this one, whichever
    else is installed, and so is its project.
    """
    others = [
        path
        for path in os.environ.get("PYTHONPATH", "").split(os.pathsep)
        if path not in ("", str(paths.PROGRAM))
    ]
    return (
        PINNED
        | _place_matplotlib()
        | {
            "PYTHONPATH": os.pathsep.join([str(paths.PROGRAM), *others]),
            paths.PROJECT: str(paths.ROOT),
        }
    )


def open_template():
    """multiprocessing's fork-server context, the template running (it starts again if it was
    killed).
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    with _STARTING, _pinned():
        forkserver.ensure_running()
    return context


def allow_forks():
    """A run begins: it may have forks, also where the run before it in this process was told to
    stop.
    """
    _ENDED.clear()


def end_forks():
    """Kill all forks with what they have started, and wait for it; until another run begins, there
    are no others.
    """
    with _HIDING:
        _ENDED.set()
    forks = [process for process in multiprocessing.active_children() if process.name == FORK]
    for process in forks:
        for kill in (os.killpg, os.kill):  # the group it leads; itself, where it leads none yet
            with suppress(OSError):
                kill(process.pid, signal.SIGKILL)
    for process in forks:
        process.join(1)


def start_fork(function, *arguments):
    """A process forked from the template, in which a function is called. Raises `ForkDied` where it
    was killed.
    """
    process = open_template().Process(target=function, args=arguments, name=FORK)
    try:
        with hide_main():
            if _ENDED.is_set():
                raise ForkDied("kørslen er ved at slutte")
            process.start()
    except (EOFError, ConnectionError):
        raise ForkDied(
            "skabelonen blev standset, måske fordi maskinen manglede hukommelse"
        ) from None
    return process


def call_in_fork(module, name, *arguments):
    """What a module's function returns, called in a fork of the template. Raises what it raises, or
    `ForkDied`.
    """
    with _STARTING:
        folder, environment = os.getcwd(), dict(os.environ) | pin_environment()
    ours, theirs = multiprocessing.Pipe()
    process = start_fork(_answer, theirs)
    theirs.close()
    with ours:
        try:
            ours.send((module, name, arguments, folder, environment))
            done, value = ours.recv()
        except (EOFError, ConnectionError):
            process.join()
            raise ForkDied(f"processen blev standset ({name_end(process.exitcode)})") from None
    process.join()
    if not done:
        raise value
    return value


@contextmanager
def hide_main():
    """While processes are started: multiprocessing imports the main program in each of them, and
    none needs it.
    """
    with _HIDING:
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def follow_run():
    """In a fork: a session of its own, out of the terminal's reach, that ends when the template or
    the run does.
    """
    os.setsid()
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    # forgets a Ctrl-C that came before: it was for the run
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGINT, usual)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)
    run = multiprocessing.parent_process().sentinel
    threading.Thread(
        target=lambda: (wait([run]), os.killpg(0, signal.SIGKILL)), daemon=True
    ).start()


def _answer(connection):
    """In the fork: call and send back."""
    follow_run()
    try:
        module, name, arguments, folder, environment = connection.recv()
    except (EOFError, ConnectionError):  # the run is gone
        os._exit(1)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    try:
        answer = True, getattr(import_module(module), name)(*arguments)
    except Exception as error:
        error.add_note(f"I en anden proces:\n{format_exc()}")  # a traceback does not travel
        answer = False, error
    try:
        connection.send(answer)
    except ConnectionError:
        os._exit(1)
    except (TypeError, AttributeError, PicklingError) as error:
        connection.send((False, RuntimeError(f"{answer[1]!r} ({error})")))


@contextmanager
def _pinned():
    """The template's environment is that of this process while it starts; its socket lies where the
    next run clears.

    Its working directory is the program's, as it looks there for modules first. Ctrl-C, which a
    terminal tells every process, is the run's affair.
    """
    chosen, usual, folder = pin_environment() | _FIRST, tempfile.tempdir, os.getcwd()
    before = {name: os.environ.get(name) for name in chosen}
    os.environ.update(chosen)
    os.chdir(paths.PROGRAM)
    tempfile.tempdir = _open_place()
    resource_tracker.ensure_running()  # which would let signals in again
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        tempfile.tempdir = usual
        os.chdir(folder)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@cache
def _place_matplotlib():
    """matplotlib's folder, where the user has none that can be written: each process would else
    make one and warn.
    """
    return (
        {}
        if has_matplotlib_folder()
        else {"MPLCONFIGDIR": os.path.join(_open_place(), "matplotlib")}
    )


@cache
def _open_place():
    folder = tempfile.mkdtemp(**name_scratch())
    _OPENED.enter_context(hold_folder(folder))
    # after multiprocessing's own files, at -100
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-200)
    return folder


def name_end(code):
    """How a process ended, in words: its exit code, or the signal that killed it."""
    if code is None or code >= 0:
        return f"kode {code}"
    return f"signal {-code}" + (
        ", måske fordi maskinen manglede hukommelse" if code == -signal.SIGKILL else ""
    )
