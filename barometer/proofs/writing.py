"""The certificate of a folder of reports as a file: made of what is published, kept while that is
the same.
"""

import hashlib
import json
import sys
from itertools import groupby
from pathlib import Path

import numpy as np

from barometer import paths
from barometer.files.writing import write_text
from barometer.proofs.proving import make_surveys
from barometer.verify.certificate import (
    CERTIFICATE,
    RUN,
    describe_proof,
    hash_files,
    read_certificate,
    write_certificate,
)
from barometer.verify.claims import NUMBERS, read_published

METHOD = "1"  # another where the same numbers would give other surveys
ABOUT = (
    "Opdigtede undersøgelser, som ingen har svaret på. Hver af dem giver de tal, rapporterne "
    "viser, og "
    "i hver lukket celle har to af dem antal, der ligger mindst tre fra hinanden. Lavet af de "
    "udgivne tal alene. Se docs/confidentiality.md."
)


def make_certificate(folder):
    """Write the certificate of a folder of reports, unless it has the one of these numbers."""
    folder, published = Path(folder), read_published(folder)
    if not published.reports:
        return
    key = _make_key(published)
    content = _find_kept(folder, key) or {
        "about": ABOUT,
        "threshold": published.structure["threshold"],
        "made_for": key,
        "surveys": _write_surveys(published, key),
    }
    text = write_certificate(content | {"files": hash_files(published)})
    path = folder / CERTIFICATE
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def _make_key(published):
    """A checksum of what is published, and of how surveys are made."""
    lines = [
        METHOD,
        json.dumps(published.structure, sort_keys=True),
        *sorted(f"{one.kind} {one.cells} {one.low} {one.high}" for one in published.claims),
        *map(str, published.suppressed),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _find_kept(folder, key):
    """The content of the certificate that lies there, where it is of the same numbers."""
    try:
        content, faults = read_certificate(folder / CERTIFICATE)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    content.pop("sha256", None)
    return content if not faults and content.get("made_for") == key and content["surveys"] else None


def _write_surveys(published, key):
    """The surveys as a certificate has them; the seed is made of the key."""
    made = make_surveys(published, np.random.default_rng(int(key[:16], 16)))
    found = []
    for survey in made:
        columns = {
            name: "".join("-" if code < 0 else chr(48 + code) for code in values)
            for name, values in sorted(survey.columns.items())
        }
        runs = [
            [len([*group]), f"{weight:.10g}"] for weight, group in groupby(survey.weights.tolist())
        ]
        if found:
            columns = {
                name: text for name, text in columns.items() if found[0]["columns"][name] != text
            }
        found.append({"columns": columns, "weights": runs})
    return found


def main(arguments):
    """Write the certificate of a folder of reports (default: outputs/). Returns the exit code."""
    folder = Path(arguments[0]) if arguments else paths.OUTPUTS
    if not any(folder.glob(f"*/{NUMBERS}")):
        sys.stderr.write(f"Der er ingen rapporter i {folder}. Lav dem med {RUN}.\n")
        return 1
    make_certificate(folder)
    proved, unproved = describe_proof(folder)
    sys.stdout.write("\n".join([*proved, *unproved]) + "\n")
    return 1 if unproved else 0
