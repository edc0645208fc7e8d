"""Finished reports put in another place than this machine's disk: s3://, gs://, abfs:// and
whatever else fsspec knows.

The run is made in `outputs/`, where what it keeps and what is not for publication stay. Stores of
objects have no renaming of folders: each file is replaced at once, a report's pages after what they
show, the front page last.
"""

import json
from pathlib import PurePosixPath

from barometer.files.checksums import hash_file

# what lies there, by checksum, so that only what has changed is sent
SENT = "barometer-sent.json"
# the front page last
SHARED = ("changes.csv", "changes.md", "run.json", "tilgaengelighed.html", "index.html")
# have no folders: making one would make a bucket
STORES = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"}
NO_FSSPEC = "{} kræver en pakke, der ikke er installeret: {}. Se »Rapporter i skyen« i README.md."


def open_place(url):
    """(file system, folder) of an address. Raises ValueError for one that nothing here can open."""
    try:
        from fsspec.core import url_to_fs

        return url_to_fs(url)  # which wants the packages of the kind of place
    except ImportError as error:
        raise ValueError(NO_FSSPEC.format(url, error)) from None
    except ValueError as error:
        raise ValueError(f"output = {url!r} kan ikke åbnes: {error}") from None


def send_reports(output, names, place, again=False, only=None):
    """Send finished reports, by name, and what tells of them. Returns how many files were sent.

    Files that the place has already are not sent, unless `again`; those of an earlier edition of a
    report are removed. `only`: which may be sent, by their path in `output`; all when left out.
    """
    system, folder = place
    files = {
        path.relative_to(output).as_posix(): path
        for name in names
        for path in sorted((output / name).rglob("*"), key=_order)
        if path.is_file() and (only is None or path.relative_to(output).as_posix() in only)
    }
    files |= {name: output / name for name in SHARED if (output / name).exists()}
    before = {} if again else _read_sent(system, folder)
    now = {name: hash_file(path) for name, path in files.items()}
    fresh = [name for name in files if before.get(name) != now[name]]
    for name in fresh:
        _send(system, f"{folder}/{name}", files[name].read_bytes())
    stale = [name for name in before if name not in now and name.partition("/")[0] in names]
    for name in stale:
        system.rm_file(f"{folder}/{name}")
    kept = {name: sha for name, sha in before.items() if name not in stale}
    if fresh or stale:
        _send(system, f"{folder}/{SENT}", json.dumps(kept | now, indent=1).encode())
    return len(fresh)


def _order(path):
    """Pages after the figures and tables that they show."""
    return path.name.startswith("report."), path.as_posix()


def _read_sent(system, folder):
    try:
        return json.loads(system.cat_file(f"{folder}/{SENT}"))
    except FileNotFoundError:
        return {}


def _send(system, target, content):
    if not STORES & set([system.protocol] if isinstance(system.protocol, str) else system.protocol):
        system.makedirs(str(PurePosixPath(target).parent), exist_ok=True)
    system.pipe_file(target, content)
