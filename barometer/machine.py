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

# bytes of each respondent: of an answer, of what is beside the answers in an open survey, and of
# what a chapter works with at the most; bytes of a process without them
ANSWER, BESIDE, WORKING, ALONE = 1, 60, 150, 2**27
ROOM = 2**32  # bytes that are taken to be free where the system does not say
# of a control group: what it may take, what it has, and of what; by the version that it is of
GROUPS = {
    2: ("", ("memory.max", "memory.current", "memory.stat")),
    1: ("memory", ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat")),
}


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


def fit_jobs(jobs, rows, columns, shared):
    """How many of these chapters may be under way at a time in the memory there is, at least one.

    `rows`, `columns`: of the survey's answers. `shared`: whether one process reads them for all
    chapters, so that each takes only what it works with.
    """
    free = find_memory()
    free = ROOM if free is None else free
    read = rows * (columns * ANSWER + BESIDE)
    work = rows * WORKING + ALONE
    fits = (free - read) // work if shared else free // (read + work)
    return max(1, min(jobs, fits))


def find_memory(system=Path("/")):
    """Bytes of memory that may still be taken; none where the system does not say."""
    found = _read_numbers(system / "proc/meminfo").get("MemAvailable")
    free = [] if found is None else [1024 * found]
    for folder, names in _list_groups(system):
        limit, taken, parts = (folder / name for name in names)
        with suppress(OSError, ValueError):  # no such group, or "max"
            files = _read_numbers(parts).get("inactive_file", 0)  # given up when it is needed
            free.append(int(limit.read_text()) - int(taken.read_text()) + files)
    return max(0, min(free)) if free else None


def _list_groups(system):
    """(folder, names of its files) of the control groups that this process is in, and of those that
    they are in.
    """
    try:
        lines = (system / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds in ("", "memory"):
            below, names = GROUPS[1 if kinds else 2]
            top = system / "sys/fs/cgroup" / below
            own = top / path.lstrip("/")
            inside = (folder for folder in (own, *own.parents) if folder.is_relative_to(top))
            yield from ((folder, names) for folder in inside)


def _read_numbers(path):
    """{name: number} of a file of the system with one of each a line."""
    try:
        lines = [line.replace(":", " ").split() for line in path.read_text().splitlines()]
    except OSError:
        return {}
    return {line[0]: int(line[1]) for line in lines if len(line) > 1 and line[1].isdecimal()}


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
