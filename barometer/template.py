"""The warm template: one process that has imported what chapters and reports need, and forks whoever needs it.

It is the fork server of Python's own multiprocessing with `preload.py`, and runs nothing itself. It ends with the
process that started it, and its forks end with it.
"""
import ctypes
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.util import Finalize
from pickle import PicklingError
from types import ModuleType

from barometer.drafts import name_scratch

# The same order of sets in every run; and processes share the cores, so a process shares its own with no threads.
PINNED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
          "PYDEVD_DISABLE_FILE_VALIDATION": "1"}   # the debugger that every kernel loads would warn
SWITCH = "BAROMETER_WARM"       # 0 in the environment: ordinary kernels
PRELOAD = ["barometer.preload"]
DATA = "BAROMETER_DATA"         # in the template's environment: a survey that it reads, so that no fork need to
END_WITH_PARENT = 1             # PR_SET_PDEATHSIG of Linux's prctl
_HIDING = threading.Lock()
_FIRST = {}


class ForkDied(Exception):
    """A fork ended without an answer: it was killed, perhaps for want of memory."""


def can_fork():
    """Whether kernels can be forked: on Linux, unless switched off, and not in a process that may have no children."""
    return (sys.platform == "linux" and os.environ.get(SWITCH, "1") != "0"
            and not multiprocessing.current_process().daemon)


def read_first(data):
    """Let the template, when it starts, read this survey."""
    _FIRST.setdefault(DATA, data)


def expect_no_chapters():
    """Let the template, when it starts, import no more than reports need; a chapter would import the rest itself."""
    PRELOAD[:] = ["barometer.tasks"]


def open_template():
    """multiprocessing's fork-server context, the template running (it starts again if it was killed)."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    with _pinned():
        forkserver.ensure_running()
    return context


def call_in_fork(module, name, *arguments):
    """What a module's function returns, called in a fork of the template. Raises what it raises, or `ForkDied`."""
    context = open_template()
    receiver, sender = context.Pipe(duplex=False)
    given = (sender, module, name, arguments, os.getcwd(), dict(os.environ) | PINNED)
    process = context.Process(target=_answer, args=given)
    with hide_main():
        process.start()
    sender.close()
    try:
        done, value = receiver.recv()
    except EOFError:
        process.join()
        raise ForkDied(f"processen blev standset ({_name_end(process.exitcode)})") from None
    process.join()
    if not done:
        raise value
    return value


@contextmanager
def hide_main():
    """While processes are started: multiprocessing imports the main program in each of them, and none needs it."""
    with _HIDING:
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def end_with_parent():
    """Let this process be killed when the one that forked it is gone; waits for nobody, and cannot be caught."""
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)


def _answer(sender, module, name, arguments, folder, environment):
    """In the fork: call and send back. Ctrl-C is the run's affair, and the fork ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    try:
        answer = True, getattr(import_module(module), name)(*arguments)
    except Exception as error:
        answer = False, error
    try:
        sender.send(answer)
    except (TypeError, AttributeError, PicklingError) as error:
        sender.send((False, RuntimeError(f"{answer[1]!r} ({error})")))


@contextmanager
def _pinned():
    """The template's environment is that of this process while it starts; its socket lies where the next run clears."""
    chosen, usual = PINNED | _FIRST, tempfile.tempdir
    before = {name: os.environ.get(name) for name in chosen}
    os.environ.update(chosen)
    tempfile.tempdir = _open_place()
    try:
        yield
    finally:
        tempfile.tempdir = usual
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@cache
def _open_place():
    folder = tempfile.mkdtemp(**name_scratch())
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-200)   # after multiprocessing's own files, at -100
    return folder


def _name_end(code):
    """How a process ended, in words: its exit code, or the signal that killed it."""
    if code is None or code >= 0:
        return f"kode {code}"
    return f"signal {-code}" + (", måske fordi maskinen manglede hukommelse" if code == -signal.SIGKILL else "")
