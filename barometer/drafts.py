"""Readers see nothing half-made: a file or folder is made beside its place, hidden, and put there by renaming.

A run that is killed leaves its hidden folder behind. The next run clears it, and puts the earlier report back if the
kill came between the two renames.
"""
import os
import re
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

DRAFT = re.compile(r"\.([a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)-(\d{1,7})-[a-z0-9_]{8}")
LONGEST_WRITING = 3600   # seconds; a report is written in some seconds, so whoever wrote an older draft has left it


@contextmanager
def draft_folder(target):
    """An empty folder to fill. It takes the place of `target` at the block's end, unless an exception ends the block.

    The draft is named after the report and this process, as in `.region-4711-k3x_0abz`.
    """
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-{os.getpid()}-", dir=target.parent) as beside:
        new = Path(beside, "new")
        new.mkdir()
        yield new
        _swap_in(new, target, Path(beside, "old"))


def clear_drafts(output):
    """Remove what killed runs left in the output folder; other runs' drafts and other hidden folders stay."""
    for draft in output.glob(".*"):
        with suppress(OSError):   # gone meanwhile, or somebody else's: nothing that should stop a run
            if (named := DRAFT.fullmatch(draft.name)) and _is_left(draft, int(named[2])):
                if not (target := output / named[1]).exists() and (draft / "old").is_dir():
                    (draft / "old").rename(target)
                shutil.rmtree(draft)


def write_text(path, text):
    """Write a whole file or nothing."""
    write_file(path, text.encode())


def write_file(path, content):
    """Write a whole file of these bytes, and the folders it lies in, or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")   # two runs may write the same
    try:
        fresh.write_bytes(content)
        os.replace(fresh, path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def _is_left(draft, process):
    """Whether a folder is a draft that nobody is writing any more."""
    if draft.is_symlink() or not {path.name for path in draft.iterdir()} <= {"new", "old"}:
        return False
    return time.time() - draft.stat().st_mtime > LONGEST_WRITING or not _is_running(process)


def _is_running(process):
    """Whether a process exists; taken for granted on Windows, where asking in this way would interrupt it."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:   # another user's
        pass
    return True


def _swap_in(new, target, old):
    """Replace a folder in two renames; readers never see half a report."""
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
