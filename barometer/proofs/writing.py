"""The certificate of a folder of reports as a file: made of what is published, kept while that is
the same.
"""

import hashlib
import json
from itertools import groupby
from pathlib import Path

import numpy as np

from barometer.files.writing import write_text
from barometer.languages.speaking import N_, _, own_language, speak
from barometer.proofs.moving import make_surveys
from barometer.proofs.starting import DIGITS
from barometer.proofs.weighing import is_weighed
from barometer.verify.certificate import (
    CERTIFICATE,
    check_folder,
    hash_files,
    read_certificate,
    write_certificate,
)
from barometer.verify.claims import read_published

# others where the same numbers would give other surveys: with weights published, and without
METHODS = {True: "10", False: "11"}
SECONDS = 20  # of search, where nobody says otherwise
NOTHING_CLOSED = N_(
    "Ingen celle i rapporterne er lukket af hensyn til fortrolighed, så intet skal bevises."
)
ABOUT = N_(
    "Opdigtede undersøgelser, som ingen har svaret på. Hver af dem giver de tal, rapporterne "
    "viser, og "
    "i hver lukket celle har to af dem antal, der ligger mindst tre fra hinanden. Lavet af de "
    "udgivne tal alene. Se docs/confidentiality.md."
)


def certify(folder, reports=None, seconds=SECONDS):
    """Make the certificate of a folder of reports and check it as a reader does. Returns
    {"proved", "closed", "surveys": how many, "faults": a line each}; nothing where there is no
    report.
    """
    content = make_certificate(folder, reports, seconds)
    if not content:
        return {}
    proved, closed, faults = check_folder(folder, reports)
    return {
        "proved": proved,
        "closed": closed,
        "surveys": len(content["surveys"]),
        "faults": faults,
    }


def make_certificate(folder, reports=None, seconds=SECONDS):
    """Write the certificate of a folder of reports (of those in `reports`, where given), unless it
    has the one of these numbers. Returns its content; nothing where there is no report.

    `seconds`: how long may be searched, about. It is counted in work, so that the same numbers have
    the same certificate however busy the machine is.
    """
    folder = Path(folder)
    published, path = read_published(folder, reports), folder / CERTIFICATE
    if not published.reports:
        path.unlink(missing_ok=True)  # of reports that are gone
        return None
    key = _make_key(published)
    content = _find_kept(folder, key, seconds)
    if not content:
        with speak(own_language()):
            about = _(ABOUT if published.suppressed else NOTHING_CLOSED)
        surveys, unfinished = _write_surveys(published, key, seconds)
        content = {
            "about": about,
            "threshold": published.structure["threshold"],
            "made_for": key,
            "unfinished": seconds if unfinished else None,
            "surveys": surveys,
        }
    text = write_certificate(content | {"files": hash_files(published)})
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)
    return content


def _make_key(published):
    """A checksum of what is published, and of how surveys are made."""
    lines = [
        METHODS[is_weighed(published)],
        json.dumps(published.structure, sort_keys=True),
        *sorted(f"{one.kind} {one.cells} {one.low} {one.high}" for one in published.claims),
        *map(str, published.suppressed),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _find_kept(folder, key, seconds):
    """The content of the certificate that lies there, where it is of the same numbers and no less
    was searched for it.
    """
    try:
        content, faults = read_certificate(folder / CERTIFICATE)
        enough = content["unfinished"] is None or content["unfinished"] >= seconds
    except (OSError, ValueError, KeyError, TypeError):
        return None
    content.pop("sha256", None)
    return content if not faults and content.get("made_for") == key and enough else None


def _write_surveys(published, key, seconds):
    """(the surveys as a certificate has them, whether more could be found with more work). The seed
    is made of the key.
    """
    if not published.suppressed:
        return [], False
    random = np.random.default_rng(int(key[:16], 16))
    made, unfinished = make_surveys(published, random, seconds)
    found = []
    for survey in made:
        columns = {
            name: "".join("-" if code < 0 else chr(48 + code) for code in values)
            for name, values in sorted(survey.columns.items())
        }
        runs = [
            [len([*group]), f"{weight:.{DIGITS}f}".rstrip("0").rstrip(".")]
            for weight, group in groupby(survey.weights.tolist())
        ]
        if found:
            columns = {
                name: text for name, text in columns.items() if found[0]["columns"][name] != text
            }
        found.append({"columns": columns, "weights": runs})
    return found, unfinished
