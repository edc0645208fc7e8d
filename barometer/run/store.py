"""Executed chapters, each kept under the checksum of what it follows from, so that nothing is
executed twice.

They lie in `internal/` (`private.py`), since they hold numbers in full precision. A file is trusted
because of the checksum it begins with, of its key and its content, never because it is there: one
that was copied, restored or renamed to another key's place is none of that key's.
"""

import hashlib
import json
import os
import time
from contextlib import suppress

from barometer.files.private import LONGEST_KEPT, write_private

MOST_KEPT = 2 * 2**30  # bytes; beyond them, the results unused for the longest time go first


def locate_results(internal):
    """Where the results of a run are kept."""
    return internal / "results"


def has_result(folder, key):
    """Whether a result seems to be there; `read_result` tells whether it is whole."""
    return _locate(folder, key).exists()


def read_result(folder, key):
    """The kept result (plain data), `None` where there is none or where it is damaged. It counts as
    used now.
    """
    path = _locate(folder, key)
    try:
        checksum, _, text = path.read_text(encoding="utf-8").partition("\n")
        if checksum != _sign(key, text):
            return None
        os.utime(path)
        return json.loads(text)
    except (OSError, ValueError):
        return None


def keep_result(folder, key, result):
    """Keep a result (plain data) whole or not at all. Raises OSError where it cannot be written."""
    text = json.dumps(result, ensure_ascii=False)
    write_private(_locate(folder, key), f"{_sign(key, text)}\n{text}")


def prune_results(folder, used):
    """Remove what has not been used for 30 days, then the oldest beyond 2 GB; never the keys in
    `used`.
    """
    files = []
    for path in folder.glob("??/*.json"):
        with suppress(OSError):  # another run's pruning
            files.append((path.stat().st_mtime, path.stat().st_size, path))
    room = MOST_KEPT
    for when, size, path in sorted(files, reverse=True):
        room -= size
        if path.stem not in used and (room < 0 or time.time() - when > LONGEST_KEPT):
            with suppress(OSError):
                path.unlink()


def _sign(key, text):
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()


def _locate(folder, key):
    return folder / key[:2] / f"{key}.json"
