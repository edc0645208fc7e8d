"""The certificate of a published folder: made-up surveys that give all that is published, and two
of which differ in each suppressed cell.

Checked with sums only, by the standard library alone: no data, no solver, nothing of the program
that computes numbers. A survey is a text for each column with a sign for each respondent: the
number of the answer from "0" on, "-" where nothing was asked.
"""

import hashlib
import json
from pathlib import Path

from barometer.verify.claims import NUMBERS, ROUNDED, STRUCTURE, read_published
from barometer.verify.counting import Survey

CERTIFICATE = "certificate.json"
SEAL = '\n "sha256": "'  # what stands before the checksum of all before it
RUN = "python -m barometer run"
REMEDY = f"Lav rapporterne på ny med {RUN}, og beviset med python -m barometer prove."
LEFT = ": ikke bevist. "  # after the name of a cell
UNFINISHED = (
    "Grænsen for, hvor længe der søges, blev nået, og det siger intet om, hvorvidt cellen kan "
    "regnes ud. Giv mere tid: python -m barometer prove --time-limit SEKUNDER."
)
NONE_FOUND = (
    "Der blev ikke fundet nogen opdigtet undersøgelse med alle de viste tal, og det siger intet "
    "om, hvorvidt cellen kan regnes ud."
)
UNPROVED = "Cellen kan være regnet ud. Kør python -m barometer seal, og lav rapporterne på ny."


def read_surveys(structure, content):
    """The `Survey`s of a certificate. Each after the first has the columns in which it differs."""
    first = content["surveys"][0] if content["surveys"] else {}
    return [
        Survey(structure, first["columns"] | one["columns"], one.get("weights", first["weights"]))
        for one in content["surveys"]
    ]


def find_unproved(surveys, suppressed, threshold):
    """The cells of which no two surveys' counts differ by as many respondents as `threshold`."""
    if not surveys:
        return list(suppressed)
    counts = {cell: [one.select(cell)[1].bit_count() for one in surveys] for cell in suppressed}
    return [cell for cell, held in counts.items() if max(held) - min(held) < threshold]


def find_contradictions(survey, claims):
    """The claims that a survey does not agree with: [(claim, what it has instead)]."""
    found = []
    for claim in claims:
        value = survey.measure(claim)
        if claim.kind == "distance" and value is not None:
            value = abs(value)
        if value is None or not claim.low - ROUNDED <= value <= claim.high + ROUNDED:
            found.append((claim, value))
    return found


def check_folder(folder, reports=None):
    """(how many suppressed cells are proved, how many there are, a line per fault) of a folder of
    reports; of those named in `reports`, and nothing is said of others.
    """
    folder = Path(folder)
    try:
        content, faults = read_certificate(folder / CERTIFICATE)
        published = read_published(folder, {name.partition("/")[0] for name in content["files"]})
    except FileNotFoundError:
        return 0, len(read_published(folder).suppressed), [f"{CERTIFICATE} mangler. {REMEDY}"]
    except (ValueError, KeyError, TypeError):
        many = len(read_published(folder).suppressed)
        return 0, many, [f"{CERTIFICATE} kan ikke læses. {REMEDY}"]
    faults += published.problems + _compare_files(folder, content["files"], reports)
    try:
        threshold = published.structure["threshold"]
        if content["threshold"] != threshold:
            raise ValueError(f"threshold {content['threshold']}")
        surveys = read_surveys(published.structure, content)
        for number, survey in enumerate(surveys, 1):
            faults += [f"Undersøgelse {number}: {fault}." for fault in survey.list_faults()]
            for claim, value in find_contradictions(survey, published.claims):
                held = "ingen" if value is None else f"{value:.3f}".replace(".", ",")
                faults.append(f"Undersøgelse {number} giver {held}, ikke »{claim.where}«.")
        unproved = find_unproved(surveys, published.suppressed, threshold)
        why = UNPROVED if surveys else NONE_FOUND
        why = why if content["unfinished"] is None else UNFINISHED
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        faults.append(f"{CERTIFICATE} passer ikke til rapporterne ({error}). {REMEDY}")
        unproved, why = published.suppressed, UNPROVED
    faults += [f"{' / '.join(cell)}{LEFT}{why}" for cell in unproved]
    return len(published.suppressed) - len(unproved), len(published.suppressed), faults


def describe_proof(folder):
    """(lines on how much is proved, lines on what is not) of a folder of reports."""
    if not (Path(folder) / CERTIFICATE).is_file():
        return [f"Der er intet bevis ({CERTIFICATE}). Lav det med python -m barometer prove."], []
    proved, many, faults = check_folder(folder)
    return [count_proved(proved, many)], faults


def count_proved(proved, many):
    """The line on how many of the suppressed cells are proved."""
    if not many:
        return "Beviset: Ingen celler er lukket af hensyn til fortrolighed."
    return f"Beviset: At de ikke kan regnes ud, er bevist for {proved} af {many} lukkede celler."


def read_certificate(path):
    """(a certificate's content, a line where it is not as it was made). Raises `OSError`,
    `ValueError`, `KeyError`, `TypeError`.
    """
    text = path.read_text(encoding="utf-8")
    before, seal, after = text.rpartition(SEAL)
    content = json.loads(text)
    whole = after == f'{_hash(before)}"\n}}\n'
    if not isinstance(content["files"], dict) or not isinstance(content["surveys"], list):
        raise ValueError("no certificate")
    return content, [] if seal and whole else [f"{path.name} er ændret, siden den blev lavet."]


def write_certificate(content):
    """The text of a certificate, with the checksum of what stands before it."""
    lines = ",\n ".join(
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in content.items()
    )
    text = "{\n " + lines + ","
    return f'{text}{SEAL}{_hash(text)}"\n}}\n'


def hash_files(published):
    """{file of a report: its checksum} of those that a certificate is about."""
    paths = [
        path.with_name(name) for path in published.reports.values() for name in (NUMBERS, STRUCTURE)
    ]
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def _compare_files(folder, known, reports):
    there = {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for name in (NUMBERS, STRUCTURE)
        for path in sorted(folder.glob(f"*/{name}"))
        if reports is None or path.parent.name in reports
    }
    return [
        f"{name} er ikke den fil, beviset er lavet til. {REMEDY}"
        for name in sorted({*there, *known})
        if there.get(name) != known.get(name)
    ]


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()
