"""Executed chapters, each kept under one checksum of all that it follows from: where that is alike,
so is the result, on any machine, and nothing is executed twice.

No times of files are compared: a checkout changes them all, and a file can be changed without its
time. The results lie in `internal/` (`private.py`), since they hold numbers in full precision. A
file is used because of the checksum it begins with, of its key and its content, never because it is
there: one that was copied, restored or renamed to another key's place is none of that key's.
"""

import hashlib
import json
import os
import platform
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from barometer import paths
from barometer.data.cards import CLOSED, hash_survey, list_rounds
from barometer.files.checksums import hash_file, hash_files
from barometer.files.private import LONGEST_KEPT, write_private
from barometer.languages.catalogues import PROGRAM, PROJECT, find_catalogue
from barometer.languages.speaking import SOURCE, other_languages, speak
from barometer.parameters import quote
from barometer.paths import PACKAGE, TEMPLATES
from barometer.version import name_version

MOST_KEPT = 2 * 2**30  # bytes; beyond them, the results unused for the longest time go first
LATEST = 253_402_300_800  # seconds from 1970 to the year 10000
# of an entry of a catalogue: a context of two words, the id of a sentence, figure or table first
OF_ONE = re.compile(r' "([\w-]+) \w+"\n')
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)==", re.M)
PARTS = {
    "code": "kapitlets kode er ændret",
    "parameters": "parametrene er ændret",
    "data": "data er ændret",
    "plan": "planen over lukkede celler er lavet til andre kapitler",
    "program": "programmet er ændret",
    "python": "Python eller en pakke har en anden version",
    "project": "det gemte er et andet projekts",
    "translations": "en oversættelse er ændret",
}


@dataclass(frozen=True)
class Sources:
    """What the chapters of a run share. `data`: {path: sha256}; the rest are single checksums.

    `program` is modules, word lists and fonts; `publishing` what only a finished report follows
    from.
    """

    data: dict
    program: str
    python: str
    publishing: str
    # where it lies; not compared, as a worker may have its checkout in another place
    project: str = field(compare=False)


def read_sources(data):
    """The `Sources` of a run over the survey in the folder `data`."""
    listed = paths.NOTEBOOKS.glob("*.yaml"), paths.DATA.glob("*/published.csv")
    beside = [hash_file(path) for found in listed for path in sorted(found)]
    date = os.environ.get("SOURCE_DATE_EPOCH", "")
    with speak(SOURCE):  # one name, whichever language a report is made in
        publishing = [hash_files(TEMPLATES), beside, name_version(), date]
    rounds = [hash_survey(folder) for folder in list_rounds(data)]
    return Sources(
        hash_survey(data),
        *describe_program(rounds).values(),
        _hash(publishing),
        _hash(str(paths.ROOT)),
    )


def describe_program(rounds=()):
    """{part: checksum} of the program, with a survey's `rounds`, and of Python."""
    return {
        "program": _hash([_STARTED, _hash_program(), *rounds]),
        "python": _hash(_describe_python()),
    }


def check_date():
    """What is wrong with the date that files are to have, where one is given."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None or (given.isascii() and given.isdecimal() and int(given) < LATEST):
        return []
    remedy = "Ret den i miljøet, eller fjern den."
    return [f"SOURCE_DATE_EPOCH = {quote(given)} er ikke sekunder siden 1970. {remedy}"]


def describe_chapter(source, parameters, sources):
    """{part: checksum} of all that one executed chapter follows from. `source`: the notebook's
    bytes.

    The text between the code cells is not among them: no cell sees it (`folder.restore_text`).
    """
    # the survey's files count, not where they are
    named = parameters.values | {"data": Path(parameters.data).name}
    return {
        "code": _hash_code(source),
        "parameters": _hash(named),
        "data": _hash(sources.data),
        "plan": _describe_plan(sources.data),
        "program": sources.program,
        "python": sources.python,
        "project": sources.project,
        "translations": _hash(
            [[one, *_hash_shown(one, source, hash_catalogue(one))] for one in other_languages()]
        ),
    }


def hash_catalogue(language):
    """A checksum of all translations into a language, of program and project."""
    catalogues = (find_catalogue(domain, language) for domain in (PROGRAM, PROJECT))
    return _hash([hash_file(path) if path.is_file() else "" for path in catalogues])


@lru_cache(maxsize=100)
def _hash_shown(language, source, catalogues):
    """Checksums of the translations that a chapter's outputs are written with: those of the
    program, and of the project those of code cells and cards, which have a context. Of sentences,
    figures and tables only those whose ids the chapter's code names: ids are used once in a report.
    `catalogues`: their checksum, so that others of the language are read (`hash_catalogue`).
    """
    words, (program, shown) = _list_words(source), _read_shown(language, catalogues)
    return program, _hash([text for id, text in shown if id in words or not id])


@lru_cache(maxsize=20)
def _read_shown(language, _catalogues):
    """(checksum of the program's translations, [(id or "" for what is of no sentence, figure or
    table alone, entry)] of the project's that have a context).
    """
    program, project = (find_catalogue(domain, language) for domain in (PROGRAM, PROJECT))
    entries = _read(project).split("\n\n")
    shown = [one.partition("msgctxt")[2] for one in entries if "msgctxt" in one]
    named = [(found[1] if (found := OF_ONE.match(one)) else "", one) for one in shown]
    return _hash(_read(program)), named


def make_work_key(made_of):
    """The key of a chapter's work, wherever the project lies where it is done, whichever plan of
    closed cells was made for it, and whatever it is translated to.
    """
    own = ("project", "plan", "translations")
    return make_key({name: sha for name, sha in made_of.items() if name not in own})


def hash_chapters():
    """A checksum of the code of all chapters, from which a plan of closed cells follows."""
    found = sorted(paths.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    return _hash([[path.stem, _hash_code(path.read_bytes())] for path in found])


def _describe_plan(files):
    """What a plan follows from that is not among the survey's files: all chapters, where it is none
    of those files.
    """
    return "" if any(Path(path).name == CLOSED for path in files) else hash_chapters()


def make_key(*parts):
    """The name that a result is kept under: one checksum of everything it follows from."""
    return _hash(parts)


def _list_words(source):
    cells = (cell for cell in json.loads(source)["cells"] if cell["cell_type"] == "code")
    return {*re.findall(r"[\w-]+", "\n".join("".join(cell["source"]) for cell in cells))}


@lru_cache(maxsize=100)
def _hash_code(source):
    notebook = json.loads(source)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cells = [["".join(cell["source"]), cell["metadata"]] for cell in code]
    return _hash([notebook.get("metadata"), cells])


def _hash(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _hash_program():
    """Modules, word lists and fonts: the package without the templates of finished pages; modules
    beside notebooks.
    """
    beside = hash_files(paths.NOTEBOOKS).items()
    return _hash([{name: sha for name, sha in beside if name.endswith(".py")}, _hash_package()])


def _hash_package():
    """{path: sha256} of the package without caches and the templates of finished pages."""
    return {
        name: sha
        for name, sha in hash_files(PACKAGE).items()
        if "__pycache__" not in name and not name.startswith(("report/templates/", "locale/"))
    }


def _describe_python():
    """Python, what project and program require, and the versions of all those packages that are
    installed (of all packages where nothing is required), by their folders' names.
    """
    required = {
        f"{folder}/{name}": _read(folder / name)
        for folder in dict.fromkeys((paths.ROOT, paths.PROGRAM))
        for name in ("requirements.txt", "requirements.lock")
    }
    wanted = {_plain_name(name) for text in required.values() for name in REQUIREMENT.findall(text)}
    installed = sorted(
        {
            path.name
            for place in map(Path, sys.path)
            if place.is_dir()
            for path in place.glob("*.dist-info")
            if not wanted or _plain_name(path.name.split("-")[0]) in wanted
        }
    )
    return [
        platform.python_implementation(),
        platform.python_version(),
        *required.values(),
        installed,
    ]


def _read(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _plain_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def locate_results(internal):
    """Where the results of a run are kept."""
    return internal / "results"


def has_result(folder, key):
    """Whether a result seems to be there; `read_result` checks whether it is whole."""
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


# of the modules as this process has them: a worker's files may change while it runs
_STARTED = _hash(_hash_package())
