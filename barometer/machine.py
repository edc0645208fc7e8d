"""What the system allows a run: cores, open files, memory. Too little is a fault before anything is
begun.
"""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has the second alone
FILES = 100  # more than a run has open beside its chapters, or a process that works
FILES_A_JOB = 35  # more than a run has open for each chapter under way
MEMORY = 3 * 2**30  # bytes of addresses that a process may come to take, most of them never used


def count_cores():
    """The cores this program may use, which in a container can be fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def give_back():
    """Give memory that nothing uses back to the system, where the system has a way.

    What many columns took stays in the process otherwise, beside the processes that it starts.
    """
    import ctypes  # by those alone that need it
    import gc

    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, TypeError, AttributeError):  # the system's library is not glibc
        ctypes.CDLL(None).malloc_trim(0)


def limit_jobs(jobs):
    """How many of these chapters may be under way at a time: each needs files of its own to be
    open.

    The limit is raised as far as the system lets this program do so, and is needed.
    """
    files = _raise_files(FILES + FILES_A_JOB * jobs)
    return jobs if files is None else max(1, min(jobs, (files - FILES) // FILES_A_JOB))


def check_limits():
    """What the system allows too little of for any chapter to be executed, a sentence for each,
    with the remedy.
    """
    files, memory = _raise_files(FILES + FILES_A_JOB), _read_limit("RLIMIT_AS")
    problems = []
    if files is not None and files < FILES + FILES_A_JOB:
        problems.append(
            f"Systemet tillader kun {files} åbne filer ad gangen, og en kørsel skal bruge "
            f"{FILES + FILES_A_JOB}. Hæv grænsen, fx med: ulimit -n 1024"
        )
    if memory is not None and memory < MEMORY:
        problems.append(
            f"Systemet giver kun hver proces {memory // 2**20} MB hukommelse, og en kørsel skal "
            f"bruge "
            f"{MEMORY // 2**20}. Hæv grænsen, fx med: ulimit -v unlimited"
        )
    return problems


def name_end(code):
    """How a process ended, in words: its exit code, or the signal that killed it."""
    if code is None or code >= 0:
        return f"kode {code}"
    killed = ", måske fordi maskinen manglede hukommelse" if code == -KILL else ""
    return f"signal {-code}{killed}"


def has_matplotlib_folder():
    """Whether the folders in which matplotlib keeps settings and fonts can be written; made where
    they are missing.
    """
    try:
        if chosen := os.environ.get("MPLCONFIGDIR"):
            folders = [Path(chosen)]
        elif sys.platform.startswith(("linux", "freebsd")):
            folders = [
                Path(os.environ.get(name) or Path.home() / usual, "matplotlib")
                for name, usual in (("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache"))
            ]
        else:
            folders = [Path.home() / ".matplotlib"]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        return all(os.access(folder, os.W_OK) for folder in folders)
    except (OSError, RuntimeError):  # no rights; no home
        return False


def _raise_files(wanted):
    """How many files may be open, raised to what is wanted as far as may be; none: there is no
    limit.
    """
    soft = _read_limit("RLIMIT_NOFILE")
    if soft is not None and soft < wanted:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE,
                (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard),
            )
    return _read_limit("RLIMIT_NOFILE")


def _read_limit(name):
    """A limit of this process; none: there is no limit."""
    if not hasattr(resource, name):
        return None
    soft = resource.getrlimit(getattr(resource, name))[0]
    return None if soft == resource.RLIM_INFINITY else soft
