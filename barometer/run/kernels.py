"""Kernels for chapters: forked from a warm template where the system can (Linux), ordinary ones
elsewhere.

A forked kernel is a process of its own with all that an ordinary kernel has; only its start is
quicker.
"""

import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets.config import Config

from barometer.payloads import FOLDER
from barometer.run.template import (
    CHAPTERS,
    DATA,
    can_fork,
    follow_run,
    name_end,
    pin_environment,
    start_fork,
)

WARM = "barometer-warm"
ENDED = "ended"  # the file beside a kernel's connection that says how it ended
INLINE = "module://matplotlib_inline.backend_inline"


class ProjectKernel(AsyncKernelManager):
    """The interpreter that runs this program, whatever kernel the user has registered under the
    name python3.
    """

    @property
    def kernel_spec(self):
        # The user's own IPython start-up files stay out: an empty profile beside the connection
        # file.
        profile = str(Path(self.connection_file).with_name("ipython"))
        command = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            "--log-level=ERROR",
        ]
        chosen = {"kernel_provisioner": {"provisioner_name": _register()}} if can_fork() else {}
        internal = str(place_internal(Path(self.connection_file).parent))
        environment = pin_environment() | {"IPYTHONDIR": profile, FOLDER: internal}
        return KernelSpec(argv=command, language="python", env=environment, metadata=chosen)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking the template; stops and watches it as Jupyter does any other."""

    async def launch_kernel(self, cmd, **kwargs):
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = start_fork(_become_kernel, arguments, str(kwargs["cwd"]), kwargs["env"])
        place = Path(arguments[arguments.index("-f") + 1]).with_name(ENDED)
        self.process, self.pid, self.pgid = _Handle(process, place), process.pid, process.pid
        return self.connection_info


class _Handle:
    """A multiprocessing.Process with the methods of subprocess.Popen that Jupyter calls."""

    stdin = stdout = stderr = None

    def __init__(self, process, place):
        self.process, self.pid, self.place = process, process.pid, place

    def poll(self):
        code = self.process.exitcode
        if code is not None:
            # its folder is gone, so nobody asks any more; or it told itself
            with suppress(OSError):
                if not self.place.exists():
                    self.place.write_text(name_end(code), encoding="utf-8")
        return code

    def wait(self):
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def _register():
    """Jupyter's name for `WarmProvisioner`. Known to this process only, not to other programs of
    the environment.
    """
    factory = KernelProvisionerFactory.instance()
    factory.provisioners.setdefault(
        WARM, EntryPoint(WARM, f"{__name__}:WarmProvisioner", factory.GROUP_NAME)
    )
    return WARM


def _become_kernel(arguments, folder, environment):
    """In the fork: turn into an ordinary kernel, which ends with all it started when the run
    does.
    """
    follow_run()
    modules_own = {name: value for name, value in os.environ.items() if name.startswith("PYDEVD_")}
    os.environ.clear()
    os.environ.update(modules_own | environment)
    for name in (CHAPTERS, DATA):  # seen where the template was just starting
        os.environ.pop(name, None)
    os.chdir(folder)
    multiprocessing.current_process().name = "MainProcess"
    # the system's own, for what the chapter starts
    multiprocessing.set_start_method(None, force=True)
    sys.path[:] = [path for path in sys.path if path]
    sys.argv = [find_spec("ipykernel_launcher").origin, *arguments]
    import matplotlib
    from ipykernel.kernelapp import IPKernelApp

    # as if it were imported here
    matplotlib.rcParams["backend"] = environment.get("MPLBACKEND") or INLINE
    try:
        IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    except Exception as error:  # told with its chapter, not as a traceback in the terminal
        with suppress(OSError):
            place = Path(arguments[arguments.index("-f") + 1]).with_name(ENDED)
            place.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        os._exit(1)


def place_internal(folder):
    """The folder, within that of its connection, that a chapter's kernel writes full precision to
    (`internal.py`).
    """
    return Path(folder, "internal")


def configure_kernel(folder):
    """Talk over files where the system can: two kernels starting at once may be given the same TCP
    port.
    """
    files = {"connection_file": f"{folder}/kernel.json"}
    return Config(
        {
            "KernelManager": files
            | ({"transport": "ipc", "ip": f"{folder}/k"} if os.name == "posix" else {})
        }
    )
