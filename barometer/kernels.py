"""Kernels for chapters: forked from a warm template where the system can (Linux), ordinary ones elsewhere.

The template is the fork server of Python's own multiprocessing: one process that has imported what chapters import
(`preload.py`) and runs nothing else. Each kernel is a fork of it, a process of its own with all that an ordinary kernel
has; only its start is quicker.
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
from importlib.metadata import EntryPoint
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from pathlib import Path
from pickle import PicklingError
from types import ModuleType

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets.config import Config

from barometer.drafts import name_scratch

# The same order of sets in every run; and processes share the cores, so a process shares its own with no threads.
PINNED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
          "PYDEVD_DISABLE_FILE_VALIDATION": "1"}   # the debugger that every kernel loads would warn
SWITCH = "BAROMETER_WARM"       # 0 in the environment: ordinary kernels
PRELOAD = ["barometer.preload"]
WARM = "barometer-warm"
END_WITH_PARENT = 1             # PR_SET_PDEATHSIG of Linux's prctl
_HIDING = threading.Lock()


class ProjectKernel(AsyncKernelManager):
    """The interpreter that runs this program, whatever kernel the user has registered under the name python3."""

    @property
    def kernel_spec(self):
        # The user's own IPython start-up files stay out: an empty profile beside the connection file.
        profile = str(Path(self.connection_file).with_name("ipython"))
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
        chosen = {"kernel_provisioner": {"provisioner_name": _register()}} if can_fork() else {}
        return KernelSpec(argv=command, language="python", env=PINNED | {"IPYTHONDIR": profile}, metadata=chosen)


class ForkDied(Exception):
    """A fork ended without an answer: it was killed, perhaps for want of memory."""


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking the template; stops and watches it as Jupyter does any other."""

    async def launch_kernel(self, cmd, **kwargs):
        context = open_template()
        arguments = cmd[cmd.index("ipykernel_launcher") + 1:]
        process = context.Process(target=_become_kernel, args=(arguments, str(kwargs["cwd"]), kwargs["env"]))
        with hide_main():
            process.start()
        self.process, self.pid, self.pgid = _Handle(process), process.pid, process.pid
        return self.connection_info


class _Handle:
    """A multiprocessing.Process with the methods of subprocess.Popen that Jupyter calls."""

    stdin = stdout = stderr = None

    def __init__(self, process):
        self.process, self.pid = process, process.pid

    def poll(self):
        return self.process.exitcode

    def wait(self):
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def can_fork():
    """Whether kernels can be forked: on Linux, unless switched off, and not in a process that may have no children."""
    return (sys.platform == "linux" and os.environ.get(SWITCH, "1") != "0"
            and not multiprocessing.current_process().daemon)


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


def _register():
    """Jupyter's name for `WarmProvisioner`. Known to this process only, not to other programs of the environment."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners.setdefault(WARM, EntryPoint(WARM, f"{__name__}:WarmProvisioner", factory.GROUP_NAME))
    return WARM


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
    before, usual = {name: os.environ.get(name) for name in PINNED}, tempfile.tempdir
    os.environ.update(PINNED)
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


def _become_kernel(arguments, folder, environment):
    """In the fork: turn into an ordinary kernel, which ends with all it started when the run does."""
    os.setsid()
    end_with_parent()
    run = multiprocessing.parent_process().sentinel
    threading.Thread(target=lambda: (wait([run]), os.killpg(0, signal.SIGKILL)), daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:] = [path for path in sys.path if path]
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])


def configure_kernel(folder):
    """Talk over files where the system can: two kernels starting at once may be given the same TCP port."""
    files = {"connection_file": f"{folder}/kernel.json"}
    return Config({"KernelManager": files | ({"transport": "ipc", "ip": f"{folder}/k"} if os.name == "posix" else {})})


def _name_end(code):
    """How a process ended, in words: its exit code, or the signal that killed it."""
    if code is None or code >= 0:
        return f"kode {code}"
    return f"signal {-code}" + (", måske fordi maskinen manglede hukommelse" if code == -signal.SIGKILL else "")
