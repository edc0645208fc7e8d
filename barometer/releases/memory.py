"""The releases of a survey that are remembered: `releases/NAME/` in the survey's folder, each with

* `cells.csv`: what its reports show of each cell (`reading.py`);
* `structure.json`: what is public of the survey, as it was then;
* `certificate.json`: the certificate that lay beside the reports, where one did;
* `release.yaml`: when it was published and withdrawn, its reports, and a checksum of the rest.

Nothing of it is more than what a reader of the published reports has.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from barometer.data.cards import RELEASE as ABOUT
from barometer.data.cards import RELEASES
from barometer.errors import BarometerError
from barometer.files.faults import DataFault, Fault
from barometer.files.writing import draft_folder, write_text
from barometer.files.yaml_files import load_yaml
from barometer.releases.reading import merge_cells, read_cells, write_cells
from barometer.verify.certificate import CERTIFICATE

CELLS, STRUCTURE = "cells.csv", "structure.json"
NAME = re.compile(r"[a-z0-9æøå][a-z0-9æøå._-]{0,59}")
FIELDS = {"published", "order", "withdrawn", "reports", "contents"}
LACKING = {"order", "withdrawn"}  # fields that a release may be without
COMMAND = "python -m barometer release"


class ReleaseError(BarometerError):
    """A release that cannot be remembered or withdrawn; the message names the remedy."""


@dataclass(frozen=True)
class Release:
    """What was published under a name. `cells`: {(item, group, domain): `reading.Seen`};
    `order`: which it is of those of its day, from 1; `withdrawn`: the date, "" while it is
    published; `contents`: a checksum of all but the dates.
    """

    name: str
    published: str
    order: int
    withdrawn: str
    reports: tuple
    cells: dict
    structure: dict
    contents: str

    @property
    def place(self):
        """Where it stands among others, in the order in which they were published."""
        return self.published, self.order, self.name

    @property
    def threshold(self):
        """Respondents that lay between two possible counts of what it suppresses."""
        return self.structure["threshold"]


def list_releases(folder):
    """The releases of a survey's folder that are published, in the order of their names."""
    return [release for release in list_all(folder) if not release.withdrawn]


def list_all(folder):
    """The same with those that were withdrawn. Raises `DataFault` where one is not as it was
    written.
    """
    places = sorted((Path(folder) / RELEASES).glob(f"*/{ABOUT}"))
    return [_read_release(path.parent) for path in places]


def remember(folder, name, seen, date, certificate=None):
    """Remember the reports of a `reading.Folder` as a release; `certificate`: its bytes.

    Returns the `Release`. Raises `ReleaseError` for a name that cannot be used.
    """
    check_name(folder, name)
    place = Path(folder) / RELEASES / name
    order = 1 + sum(one.published == date for one in list_all(folder))
    place.parent.mkdir(exist_ok=True)
    with draft_folder(place) as draft:
        write_cells(draft / CELLS, merge_cells(seen.cells.values()))
        write_text(draft / STRUCTURE, json.dumps(seen.structure, indent=1) + "\n")
        if certificate is not None:
            (draft / CERTIFICATE).write_bytes(certificate)
        _write_about(draft, date, order, "", [*seen.cells])
    return _read_release(place)


def check_name(folder, name):
    """Raise `ReleaseError` where a release of a survey cannot be called so."""
    if not NAME.fullmatch(name):
        raise ReleaseError(
            f"»{name}« kan ikke bruges som navn på en udgivelse. Brug a-å, 0-9, punktum og "
            "bindestreg, fx foraar-2020."
        )
    if (Path(folder) / RELEASES / name).exists():
        raise ReleaseError(
            f"Der er allerede en udgivelse, der hedder {name}. Vælg et andet navn; "
            f"{COMMAND} viser dem alle."
        )


def withdraw(folder, name, date):
    """Say that a release is no longer published. Raises `ReleaseError` where there is none."""
    known = {release.name: release for release in list_all(folder)}
    if name not in known:
        names = ", ".join(known) or "ingen"
        raise ReleaseError(f"Der er ingen udgivelse, der hedder {name}. Der er {names}.")
    release = known[name]
    if release.withdrawn:
        raise ReleaseError(f"{name} blev trukket tilbage {release.withdrawn}.")
    when = release.published, release.order, date
    _write_about(Path(folder) / RELEASES / name, *when, release.reports)


def _write_about(place, published, order, withdrawn, reports):
    lines = [
        f"published: {published}",
        f"order: {order}",
        f"withdrawn: {withdrawn}" if withdrawn else "",
        f"reports: {json.dumps([*reports], ensure_ascii=False)}",
        f"contents: {json.dumps(_hash(place, reports))}",
    ]
    write_text(place / ABOUT, "\n".join([*filter(None, lines), ""]))


def _read_release(place):
    try:
        about = load_yaml(ABOUT, (place / ABOUT).read_bytes())
        if not FIELDS - LACKING <= {*about} <= FIELDS:
            raise ValueError("fields")
        reports = tuple(map(str, about["reports"]))
        if about["contents"] != _hash(place, reports):
            raise ValueError("contents")
        return Release(
            place.name,
            str(about["published"]),
            int(about.get("order", 1)),
            str(about.get("withdrawn") or ""),
            reports,
            read_cells((place / CELLS).read_text(encoding="utf-8-sig")),
            json.loads((place / STRUCTURE).read_text(encoding="utf-8")),
            about["contents"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        remedy = "hent mappen igen, fx fra git, for en udgivelse rettes ikke"
        file = f"{RELEASES}/{place.name}"
        problem = "udgivelsen er ikke, som den blev husket"
        raise DataFault([Fault(file, problem, remedy)]) from None


def _hash(place, reports):
    """The checksum of a release's files and the names of its reports."""
    found = hashlib.sha256("\n".join(reports).encode())
    for name in (CELLS, STRUCTURE, CERTIFICATE):
        path = place / name
        found.update(path.read_bytes() if path.exists() else b"-")
    return found.hexdigest()
