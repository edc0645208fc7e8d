"""Readers see nothing half-made: a file or folder is made beside its place, hidden, and renamed.

A killed run leaves its hidden folder, and one in the system's place for temporary files. The next
run clears both, and puts an earlier report back that was between two renames.
"""

import ctypes
import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

DRAFT = re.compile(r"\.([a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)-(\d{1,7})-[a-z0-9_]{8}")
SCRATCH = re.compile(r"bm-(\d{1,7})-[a-z0-9_]{8}")
FRESH = re.compile(r"\..+\.(\d{1,7})\.new")
# characters of the place for them: a Unix socket's path, four names on, may be 104
LONGEST_PATH = 40
HERE, EXCHANGE = -100, 2  # of Linux's renameat2: AT_FDCWD, RENAME_EXCHANGE
LONGEST_FILE = 5  # seconds that the writing of one file may take
# seconds; a report is written in some seconds, so whoever wrote an older draft has left it
LONGEST_WRITING = 3600


@contextmanager
def draft_folder(target):
    """An empty folder to fill, which replaces `target` at the block's end unless that is an
    exception.

    The draft is named after the report and this process, as in `.region-4711-k3x_0abz`.
    """
    prefix = f".{target.name}-{os.getpid()}-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent) as beside,
        hold_folder(beside),
    ):
        new = Path(beside, "new")
        new.mkdir()
        yield new
        _swap_in(new, target, Path(beside, "old"))


@contextmanager
def open_scratch():
    """A temporary folder, gone at the block's end, whose path leaves room for a socket's name."""
    scratch = tempfile.TemporaryDirectory(**name_scratch(), ignore_cleanup_errors=True)
    with scratch as folder, hold_folder(folder):
        yield folder


@contextmanager
def hold_folder(folder, alone=False):
    """Lock the folder, shared or `alone`, until the block or this process ends; not without locks.

    A run in a container of its own is not among the processes that another sees, though they share
    the folder.
    """
    if fcntl is None:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(held, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(held)


hold_alone = partial(hold_folder, alone=True)


def name_scratch():
    """How a temporary folder is named: `prefix` and `dir` for `tempfile`. It says whose it is."""
    return {"prefix": f"bm-{os.getpid()}-", "dir": _find_scratch()}


def clear_scratch():
    """Remove the temporary folders that killed runs of this user left."""
    for folder in Path(_find_scratch()).glob("bm-*"):
        with suppress(OSError):
            named = None if folder.is_symlink() else SCRATCH.fullmatch(folder.name)
            if named and not _is_running(int(named[1])) and not _is_held(folder):
                shutil.rmtree(folder)


def keep_foreign(old, new, ours):
    """Copy into a new folder what the program did not put into the old one. Returns those not
    hidden.

    `ours`: whether a file, by its name in the old folder, was made by the program.
    """
    kept = []
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old).as_posix()
        there = path.is_symlink() or path.is_file()
        if there and not ours(name) and not os.path.lexists(new / name):
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, new / name, follow_symlinks=False)
            kept += [name] if not re.search(r"(^|/)\.", name) else []
    return kept


def clear_drafts(output, internal):
    """Remove what killed runs left in both folders; other runs' drafts and other folders stay."""
    for folder in (output, internal, *internal.glob("results/*")):
        clear_fresh(folder)
    for draft in output.glob(".*"):
        # gone meanwhile, or somebody else's: nothing that should stop a run
        with suppress(OSError):
            if (named := DRAFT.fullmatch(draft.name)) and _is_left(draft, int(named[2])):
                if not (target := output / named[1]).exists() and (draft / "old").is_dir():
                    (draft / "old").rename(target)
                shutil.rmtree(draft)


def clear_fresh(folder):
    """Remove the files of a folder that killed processes had begun to write."""
    for fresh in folder.glob(".*.new"):
        with suppress(OSError):
            written = time.time() - fresh.stat().st_mtime
            named = FRESH.fullmatch(fresh.name)
            if named and written > LONGEST_FILE and not _is_running(int(named[1])):
                fresh.unlink()


def write_text(path, text):
    """Write a whole file or nothing."""
    write_file(path, text.encode())


def write_file(path, content, mode=0o666):
    """Write a whole file and its folders, or nothing. `mode`: who may use it at most."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")  # two runs may write the same
    try:
        # left by a killed run with our number; its mode would stay
        with suppress(FileNotFoundError):
            fresh.unlink()
        with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
        os.replace(fresh, path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def _is_left(draft, process):
    """Whether a folder is a draft that nobody is writing any more."""
    if draft.is_symlink() or not {path.name for path in draft.iterdir()} <= {"new", "old"}:
        return False
    written = time.time() - draft.stat().st_mtime
    return written > LONGEST_WRITING or not (_is_running(process) or _is_held(draft))


def _is_running(process):
    """Whether a process exists; on Windows, where asking would interrupt it, it is said to."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        pass
    return True


def _is_held(folder):
    if fcntl is None:
        return False
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(held)
    return False


def _swap_in(new, target, old):
    """Replace a folder, in one step where the system can, else in two renames."""
    if _exchange(new, target):
        return  # what was there lies in the draft now, and goes with it
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if _exchange(new, target):  # another run has put its own there meanwhile
            return
        if old.exists():
            old.rename(target)
        raise


def _exchange(one, other):
    """Whether two folders have changed places, at once: Linux can, on most file systems."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    paths = HERE, os.fsencode(one), HERE, os.fsencode(other)
    return rename is not None and not rename(*paths, EXCHANGE)


def _find_scratch():
    usual = tempfile.gettempdir()
    return usual if os.name != "posix" or len(usual) < LONGEST_PATH else "/tmp"
