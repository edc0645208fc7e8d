"""A piece of work in a process of its own, and by name what ended it: an error, a kill, a hang.

On Linux the process is forked from a server that has imported what the work needs (`preload.py`).
Elsewhere, and with BAROMETER_START=spawn, it is started anew: slower, with the same results. The
server is Python's own and ends with the process that started it; its forks end with it.
"""

import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from traceback import format_exc
from types import ModuleType

from barometer import paths
from barometer.files.writing import hold_folder, name_scratch
from barometer.machine import KILL, has_matplotlib_folder, name_end

SWITCH = "BAROMETER_START"  # in the environment: how processes are started, "spawn"
# in the server's environment: a survey that it reads, so that no fork need to; whether chapters
# are to be executed, or only reports built
DATA, CHAPTERS = "BAROMETER_DATA", "BAROMETER_CHAPTERS"
# The same order of sets in every run; processes share the cores, so none has threads.
PINNED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
LONGEST_START = 300  # seconds until a process begins its work
# Attempts and seconds between them: a killed server refuses until it counts as dead.
STARTS, PAUSE = 5, 0.2
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl
NAME = "barometer-work"  # of a process; others that a program has started have another
_INTERRUPT = {signal.SIGINT}
_FIRST = {CHAPTERS: "1"}
_STARTING = threading.Lock()  # the environment of this process is changed meanwhile
_STOPPED = threading.Event()  # set: no thread may start another process
_OPENED = ExitStack()
_to_caller = None  # in a process that works: the connection to its caller


class Ended(Exception):
    """A process ended without an answer. `last` is what it last reported, None where nothing."""

    last = None


class Killed(Ended):
    """A process was killed, perhaps for lack of memory, or left by itself; how, in words."""

    def __str__(self):
        return f"processen blev standset ({self.args[0]})"


class Hung(Ended):
    """A process reported nothing for longer than it may, and was killed."""


def shares():
    """Whether processes have what the server has read, without reading it again."""
    return os.environ.get(SWITCH) != "spawn" and sys.platform == "linux"


def start_method():
    """How processes are started: "forkserver" on Linux unless switched off, else "spawn"."""
    return "forkserver" if shares() else "spawn"


def call(function, *arguments, patience=None):
    """What `function(*arguments)` returns, called in a process of its own, which ends with the call
    and takes with it all processes that it has started.

    `patience`: the seconds it may go without a `report`, counted from its beginning; no limit when
    left out. Function, arguments and answer are pickled. Raises what the function raises, `Killed`
    or `Hung`.
    """
    ours, theirs = multiprocessing.Pipe()
    with ours:
        process = start(theirs)
        try:
            work = function, arguments, os.environ | pin_environment()
            done, value = _ask(ours, process, work, patience)
        finally:
            end(process)
    if not done:
        raise value
    return value


def report(value):
    """Report to the caller of this process how far its work is; it may be killed before it can
    answer. Does nothing where the work is done in the caller's own process.
    """
    if _to_caller is not None:
        _to_caller.send(("report", value))


def receive():
    """In a process that works: what its caller sends it besides."""
    return _to_caller.recv()


def prepare(data=None, chapters=True):
    """Let the server, when it starts, read the survey in the folder `data`; without `chapters`, let
    it import no more than reports need.
    """
    if data is not None:
        _FIRST.setdefault(DATA, data)
    if not chapters:
        _FIRST[CHAPTERS] = ""


def allow():
    """A run begins: it may start processes, also where the run before it was stopped."""
    _STOPPED.clear()


def stop_all():
    """End all processes; until another run begins there are no others."""
    _STOPPED.set()
    for process in multiprocessing.active_children():
        if process.name == NAME:
            end(process)


def start(connection):
    """A new process that waits for its work. Raises `Killed` where it or the server was killed."""
    context = multiprocessing.get_context(start_method())
    if start_method() == "forkserver":
        context.set_forkserver_preload(["barometer.run.preload"])
    with connection:
        for _ in range(STARTS):
            with _starting():
                if _STOPPED.is_set():
                    raise Killed("kørslen er ved at slutte")
                process = context.Process(target=_work, args=(connection,), name=NAME, daemon=False)
                with suppress(EOFError, ConnectionError):
                    process.start()
                    return process
            time.sleep(PAUSE)
    raise Killed("før den begyndte, måske fordi maskinen manglede hukommelse")


def end(process):
    """Kill a process with all that it has started, and wait for it."""
    for kill in ("killpg", "kill"):  # the group it leads; itself, where it leads none yet
        with suppress(OSError, AttributeError):
            getattr(os, kill)(process.pid, KILL)
    process.join(5)


def pin_environment():
    """What the environment of every process has in common: its program is this one, whichever
    else is installed, and so is its project.
    """
    others = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    found = os.pathsep.join(dict.fromkeys([str(paths.PROGRAM), *others]))
    places = {"PYTHONPATH": found, paths.PROJECT: str(paths.ROOT)}
    return PINNED | _place_matplotlib() | places


@contextmanager
def _starting():
    """While a process starts: it has its environment, and no Ctrl-C reaches it, which the run
    handles. Its files lie where the next run clears.

    multiprocessing imports the main program in each process, and none needs it. It lets a process
    that ends with its parent, as a Dask worker does, have none; ours end by themselves.
    """
    with _STARTING:
        before, usual = dict(os.environ), tempfile.tempdir
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        settings = multiprocessing.current_process()._config
        follows = settings.pop("daemon", None)
        # without this the server looks for modules in the working directory first
        os.environ.update(pin_environment() | _FIRST | {"PYTHONSAFEPATH": "1"})
        tempfile.tempdir = _open_place()
        if hasattr(signal, "pthread_sigmask"):
            resource_tracker.ensure_running()  # which would let signals in again
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPT)
        try:
            yield
        finally:
            if hasattr(signal, "pthread_sigmask"):
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            tempfile.tempdir, sys.modules["__main__"] = usual, main
            if follows is not None:
                settings["daemon"] = follows
            for name in os.environ.keys() - before.keys():
                del os.environ[name]
            os.environ.update(before)


def _ask(connection, process, work, patience):
    """(whether it went well, what came of it) of a process that is given its work. Raises `Killed`
    or `Hung`.
    """
    last, limit = None, LONGEST_START
    until = time.monotonic() + limit
    try:
        connection.send(work)
        while True:
            rest = until - time.monotonic()
            # by turns, as what it has started may keep its connection open
            if not wait([connection, process.sentinel], min(rest, 1)):
                if rest <= 0:
                    raise Hung(f"der skete intet i {limit} sekunder")
                if process.exitcode is None:
                    continue
            if not connection.poll():
                raise EOFError
            word, value = connection.recv()
            if word == "answer":
                return value
            limit = threading.TIMEOUT_MAX if patience is None else patience
            last, until = value, time.monotonic() + limit
    except (Hung, EOFError, OSError) as error:
        process.join(0 if isinstance(error, Hung) else 1)
        ended = error if isinstance(error, Hung) else Killed(name_end(process.exitcode))
        ended.last = last
        raise ended from None


def _work(connection):
    """In the new process: do what is asked for, and answer."""
    global _to_caller
    _follow_caller()
    _to_caller = connection
    try:
        function, arguments, environment = connection.recv()
        os.environ.clear()
        os.environ.update(environment)
        if str(paths.ROOT) != environment[paths.PROJECT]:  # the server serves another
            paths.serve_project(environment[paths.PROJECT])
        connection.send(("begun", None))
        answer = True, function(*arguments)
    except (EOFError, ConnectionError):  # the caller is gone
        os._exit(1)
    except Exception as error:
        error.add_note(f"I en anden proces:\n{format_exc()}")  # a traceback is not pickled
        answer = False, error
    try:
        message = pickle.dumps(("answer", answer))
        if not answer[0]:
            pickle.loads(message)
    except Exception as error:  # it cannot be pickled, or not be made again
        message = pickle.dumps(("answer", (False, RuntimeError(f"{answer[1]!r} ({error})"))))
    with suppress(OSError):
        connection.send_bytes(message)


def _follow_caller():
    """A session of its own, apart from the terminal's, that ends when the server or the caller
    does.
    """
    if hasattr(os, "setsid"):
        os.setsid()
    # not where the caller is its parent: it would be killed before it could kill what it started
    if sys.platform == "linux" and os.getppid() != multiprocessing.parent_process().pid:
        import ctypes

        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    # forgets a Ctrl-C that came before: it was for the run
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGINT, usual)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPT)

    def follow():
        wait([multiprocessing.parent_process().sentinel])
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


@cache
def _place_matplotlib():
    """matplotlib's folder, where the user has none that can be written: each process would else
    make one and warn.
    """
    if has_matplotlib_folder():
        return {}
    return {"MPLCONFIGDIR": os.path.join(_open_place(), "matplotlib")}


@cache
def _open_place():
    folder = tempfile.mkdtemp(**name_scratch())
    _OPENED.enter_context(hold_folder(folder))
    # after multiprocessing's own files, at -100
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-200)
    return folder
