"""Exactly what may leave of a folder of reports, with what a receiver needs to check it.

What may leave is what a run has recorded that it wrote there, with the checksums that it had then.
All else in the folder stays: files that somebody else put there, and what lies in `internal/`.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from barometer.errors import BarometerError
from barometer.exports.crate import CRATE
from barometer.exports.tables import write_json
from barometer.files.private import locate_internal
from barometer.files.writing import draft_folder, write_file
from barometer.languages.speaking import _
from barometer.run.records import RUN, read_record
from barometer.verify.certificate import CERTIFICATE
from barometer.verify.readback import FRONT

MANIFEST, SUMS, LICENCE, CHANGES = "manifest.json", "SHA256SUMS", "LICENCE.txt", "changes.md"
OWN = (MANIFEST, SUMS, LICENCE, CHANGES)


class ParcelError(BarometerError):
    """A folder of reports that cannot leave as it is; the message names the remedy."""


@dataclass(frozen=True)
class Parcel:
    """`files`: {path: bytes} of what may leave; `kept`: paths of what does not; `meta`: what the
    first report says of itself; `cite`: how all of it is cited.
    """

    files: dict
    kept: tuple
    meta: dict
    cite: str


def collect_parcel(reports):
    """The `Parcel` of a folder of reports, with those in other languages that lie in it. Raises
    `ParcelError` where a file is not as the run wrote it, and where there is no run's record or no
    certificate.
    """
    internal = locate_internal(reports)
    sums, (meta, *others) = _read_sums(reports, internal)
    if CERTIFICATE not in sums:
        raise ParcelError(
            f"{reports}: beviset mangler. Kør python -m barometer run, så det kommer med."
        )
    for folder in sorted(path.parent for path in reports.glob(f"*/{FRONT}")):
        own, __ = _read_sums(folder, internal / folder.name)
        refuse_others(folder, internal)
        sums |= {f"{folder.name}/{path}": sha for path, sha in own.items()}
    files = {}
    for path, expected in sorted(sums.items()):
        content = (reports / path).read_bytes() if (reports / path).is_file() else b""
        if sha256(content).hexdigest() != expected:
            raise ParcelError(
                f"{path}: filen er ikke, som kørslen skrev den. Lav rapporterne igen med python "
                "-m barometer run, og ret i kapitlerne, ikke i det færdige."
            )
        files[path] = content
    there = {path.relative_to(reports).as_posix() for path in reports.rglob("*") if path.is_file()}
    # several reports are cited by what they share, which older records do not have
    cite = meta.get("cite_all") if others else None
    return Parcel(files, tuple(sorted(there - {*files})), meta, cite or meta["cite"])


def _read_sums(reports, internal):
    """({path: checksum} of what a run wrote in a folder of reports, [what each says of itself])."""
    sums = dict(read_record(internal, RUN).get("pages", {}))
    names = sorted(path.parent.name for path in reports.glob("*/numbers.csv"))
    records = {name: read_record(internal, name) for name in names}
    missing = [name for name, record in records.items() if not record]
    if missing or not sums or not names:
        lacking = ", ".join(missing) or "kørslen"
        raise ParcelError(
            f"{reports}: der er ingen optegnelse om {lacking}, så det er ikke til at se, hvad der "
            "må lægges ud. Lav rapporterne igen med python -m barometer run."
        )
    for name, record in records.items():
        sums |= {path: sha for path, sha in record["files"].items() if path.startswith(f"{name}/")}
    return sums, [records[name]["told"]["meta"] for name in names]


def refuse_others(folder, internal):
    """Raises `ParcelError` where a report in a further language is of other chapters or data."""
    for name in sorted(path.parent.name for path in folder.glob("*/numbers.csv")):
        records = (read_record(place, name) for place in (internal, internal / folder.name))
        own, other = (record.get("parts") for record in records)
        if own != other:
            raise ParcelError(
                f"{folder.name}/{name}: rapporten er lavet af andre kapitler eller data end den på "
                "projektets eget sprog. Lav begge igen med python -m barometer run --language."
            )


def write_parcel(place, name, parcel, changes):
    """Write a parcel's folder. Returns the checksum of its manifest, which is of all that is in it.

    `changes`: the text on what has changed since the release before. The language that is spoken is
    that of the reports.
    """
    meta, files = parcel.meta, dict(parcel.files)
    data = meta.get("licence") or _("Ikke oplyst")
    files[LICENCE] = f"Data: {data}\n{meta['reuse']}\n\n{parcel.cite}\n".encode()
    files[CHANGES] = changes.encode()
    about = {
        "name": name,
        "title": meta["title"],
        "synthetic": meta["synthetic"],
        "version": meta["edition"],
        "licence": data,
        "certificate": CERTIFICATE,
        "description": CRATE if CRATE in files else "",
        "files": [
            {"path": path, "bytes": len(content), "sha256": sha256(content).hexdigest()}
            for path, content in sorted(files.items())
        ],
    }
    files[MANIFEST] = write_json(about).encode()
    lines = [f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    files[SUMS] = "".join(lines).encode()
    place.parent.mkdir(parents=True, exist_ok=True)
    with draft_folder(place) as draft:
        for path, content in files.items():
            write_file(draft / path, content)
    return sha256(files[MANIFEST]).hexdigest()


def read_manifest(place):
    """The checksum of a parcel's manifest; "" where there is no parcel."""
    path = place / MANIFEST
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def find_altered(place):
    """Paths of a parcel's files that are not as its manifest says, are gone or have come."""
    listed = json.loads((place / MANIFEST).read_text(encoding="utf-8"))["files"]
    sums = {one["path"]: one["sha256"] for one in listed}
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    there -= {MANIFEST, SUMS}
    altered = {
        path
        for path in there & {*sums}
        if sha256((place / path).read_bytes()).hexdigest() != sums[path]
    }
    return sorted(altered | (there ^ {*sums}))
