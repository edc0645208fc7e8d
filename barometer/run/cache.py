"""What a run finds when it begins: which reports stand, which chapters are kept, and why the rest
is to be done.

A report stands when its record in `internal/` says that it was made of the same sources and every
file is still as it was written. The record also has what a run tells of a report, so that one that
stands is told of in the same words.
"""

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from barometer.files.checksums import hash_file
from barometer.files.private import INTERNAL, LONGEST_KEPT, write_private
from barometer.run.fingerprints import PARTS, describe_chapter, make_key

MOST_KEPT = 2 * 2**30  # bytes; beyond them, the results unused for the longest time go first
NOT_KEPT = "der er intet gemt"
RUN = "run"  # the name of the record of the last run as a whole; no report's is so


@dataclass(frozen=True)
class Findings:
    """Per variant: `parts` = {chapter: {part: checksum}}, `keys` the report's checksum; `standing`
    the record of a report that need not be made; `reasons` = {chapter: why it is to be executed} of
    the others.
    """

    parts: dict
    keys: dict
    standing: dict
    reasons: dict


def look_around(run):
    """The `Findings` of a run."""
    parts = {
        variant: {
            chapter.name: describe_chapter(chapter.source, variant, run.sources)
            for chapter in run.chapters
        }
        for variant in run.variants
    }
    texts = [sha256(chapter.source).hexdigest() for chapter in run.chapters]
    keys = {
        variant: make_key(
            list(parts[variant].items()), texts, run.suffix, run.formats, run.sources.publishing
        )
        for variant in run.variants
    }
    records = {
        variant: read_record(run.internal, variant.name + run.suffix) for variant in run.variants
    }
    standing = {} if run.force else _find_standing(run, records, keys)
    results = locate_results(run.internal)
    reasons = {
        variant: {
            chapter: "--force" if run.force else _explain(records[variant], chapter, made_of)
            for chapter, made_of in parts[variant].items()
            if run.force or not has_result(results, make_key(made_of))
        }
        for variant in run.variants
        if variant not in standing
    }
    return Findings(parts, keys, standing, reasons)


def name_report(label, run):
    """What a report is called on the front page: the part of the public sector, and which chapters
    if not all.
    """
    part = (
        f", kapitel {' og '.join(chapter.name[:2] for chapter in run.chapters)}"
        if run.suffix
        else ""
    )
    return label + part


def locate_record(internal, name):
    """Where the record of a report lies, whether there is one or not."""
    return internal / f"{name}.json"


def read_record(internal, name):
    """What is recorded of a finished report; nothing where there is none, or another report's."""
    try:
        record = json.loads(locate_record(internal, name).read_text(encoding="utf-8"))
        return record if isinstance(record, dict) and record.get("name") == name else {}
    except (OSError, ValueError):
        return {}


def write_record(internal, name, record):
    """Record a finished report; written last, so that a report without one is made again."""
    write_private(
        locate_record(internal, name), json.dumps({"name": name} | record, ensure_ascii=False)
    )


def locate_file(run, path):
    """Where a file of a report lies, by its name in the report's record ("NAME/…",
    "internal/…").
    """
    return (
        (run.internal / path.removeprefix(f"{INTERNAL}/"))
        if path.startswith(f"{INTERNAL}/")
        else run.output / path
    )


def fingerprint_run(run, findings):
    """The checksum of everything that a run's front page and `run.json` tell of its reports."""
    return make_key([[variant.name, findings.keys[variant]] for variant in run.variants])


def is_recorded(run, findings):
    """Whether the front page and `run.json` are those of just these reports, all of them
    standing.
    """
    try:
        record = read_record(run.internal, RUN)
        there = [
            hash_file(run.output / name) == checksum for name, checksum in record["pages"].items()
        ]
        told = json.loads((run.output / "run.json").read_text(encoding="utf-8"))
        there += [(run.output / report["variant"]).is_dir() for report in told["earlier"]]
        return (
            len(findings.standing) == len(run.variants)
            and all(there)
            and record["fingerprint"] == fingerprint_run(run, findings)
            and all(report["status"] == "complete" for report in told["reports"])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _find_standing(run, records, keys):
    return {
        variant: record
        for variant, record in records.items()
        if record.get("key") == keys[variant] and _is_whole(run, record)
    }


def _explain(record, chapter, parts):
    """Why a chapter is executed, in words: what has changed since its report was made."""
    parts_then = record.get("parts")
    before = parts_then.get(chapter) if isinstance(parts_then, dict) else None
    changed = [
        PARTS[name] for name, checksum in parts.items() if before and before.get(name) != checksum
    ]
    return ", ".join(changed) or NOT_KEPT


def _is_whole(run, record):
    try:
        whole = {"told", "label"} <= {*record}
        return whole and all(
            hash_file(locate_file(run, path)) == checksum
            for path, checksum in record["files"].items()
        )
    # a file is gone, or the record is not one of ours
    except (OSError, KeyError, AttributeError):
        return False


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
