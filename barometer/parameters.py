"""The parameters of every chapter and their allowed values, checked before anything is run.

papermill only logs a parameter that a notebook does not know, and injects any value. So both
`run_all.py` and `open_survey` (every chapter's first call) come through `check_parameters`.
"""

import ast
import difflib
import numbers
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from barometer import paths
from barometer.data.domains import DIMENSIONS, SECTORS, WHOLE, name_domain, split_domain
from barometer.errors import BarometerError
from barometer.files.faults import suggest
from barometer.files.texts import normalise

LANGUAGES = ("da",)
LONGEST = 100  # characters of a refused value that are told


class ParameterError(BarometerError):
    """Parameters that cannot be run; the message names every problem and what is allowed."""


@dataclass(frozen=True)
class Parameters:
    """What a chapter is run with."""

    sector: str = "all"
    data: str = ""
    alpha: float = 0.05
    language: str = "da"
    field: str = WHOLE
    size: str = WHOLE

    @property
    def domain(self):
        """The part of the public sector that the report is on (`domains.py`)."""
        return name_domain({name: getattr(self, name) for name in DIMENSIONS})

    @property
    def label(self):
        """The part of the public sector in the registry's words: "Regionerne, Sundhed"."""
        answers = [
            list_answers(self.data, name).get(answer, answer)
            for name, answer in split_domain(self.domain).items()
            if name in FURTHER
        ]
        return ", ".join([SECTORS[self.sector], *answers])

    @property
    def name(self):
        """What the report made with these is called, as a folder: "all", "region",
        "all-field-health".
        """
        further = split_domain(self.domain).items()
        return "-".join(
            [
                self.sector,
                *(
                    f"{name}-{_make_plain(answer)}"
                    for name, answer in further
                    if name != DIMENSIONS[0]
                ),
            ]
        )


NAMES = tuple(field.name for field in fields(Parameters))
FURTHER = tuple(name for name in DIMENSIONS if name != "sector")  # answers are the survey's own
# a chapter without the others covers all of them
REQUIRED = tuple(name for name in NAMES if name not in FURTHER)


def check_parameters(**values):
    """Return `Parameters` of these values, defaults for the rest; raise `ParameterError` with all
    that is wrong.
    """
    values = {"data": paths.name_default()} | values
    problems = [_describe_unknown(name) for name in values if name not in NAMES]
    # A Mac may have written å in a name as two characters; the registry's have one.
    values = {
        name: normalise(value) if name in DIMENSIONS else value for name, value in values.items()
    }
    problems += [
        problem
        for name in NAMES
        if name in values and name in _CHECKS
        for problem in _CHECKS[name](values[name])
    ]
    problems += [
        problem
        for name in FURTHER
        if name in values
        for problem in _check_answer(name, values[name], values["data"])
    ]
    if problems:
        raise ParameterError("\n".join(problems))
    return Parameters(**values | {"data": str(values["data"])})


def resolve_data(data):
    """The survey's folder: a name under `data/`, or a path to a folder anywhere."""
    path = resolve_path(data)  # first, as it refuses what can be no name either
    named = find_alike(paths.DATA / data)
    return named if len(Path(data).parts) == 1 and named.is_dir() else find_alike(path)


def find_alike(path):
    """The file or folder at a path; where there is none, one whose name has the same letters in
    other characters (å may be one or two).
    """
    if path.name.isascii() or path.exists() or not path.parent.is_dir():
        return path
    name = normalise(path.name)
    return next((one for one in path.parent.iterdir() if normalise(one.name) == name), path)


def resolve_path(text):
    """The full path of a folder that a user named. Raises `ParameterError` for what cannot be a
    path.
    """
    try:
        path = Path(text).expanduser().resolve()
        path.exists()  # a name that is too long is found out here
        return path
    # too long, a null byte, the home of a user that does not exist
    except (OSError, ValueError, RuntimeError):
        raise ParameterError(f"{quote(text)} kan ikke være en sti.") from None


def quote(value):
    """A refused value as a message tells it: control characters escaped, and not endless."""
    try:
        text = repr(value if not isinstance(value, Path) else str(value))
    except ValueError:  # a number of thousands of digits
        return "et tal"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def check_declaration(notebook):
    """What is wrong with a chapter's `parameters` cell, as a list of sentences (empty if
    nothing).
    """
    tagged = {
        tag: [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", ())]
        for tag in ("parameters", "injected-parameters")
    }
    cells = tagged["parameters"]
    if tagged["injected-parameters"]:
        return ["er gemt efter en kørsel: slet cellen med mærket »injected-parameters«."]
    if len(cells) != 1 or cells[0]["cell_type"] != "code":
        return [
            f"skal have én kodecelle med mærket »parameters«, men har {len(cells)} celler med det "
            f"mærke."
        ]
    try:
        declared = _read_assignments(cells[0]["source"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [
            'parametercellen må kun have linjer som sector = "all": et navn, et lighedstegn og en '
            "fast værdi."
        ]
    missing = [f"parametercellen mangler »{name}«." for name in REQUIRED if name not in declared]
    try:
        check_parameters(**declared)
    except ParameterError as error:
        return [*missing, *str(error).splitlines()]
    return missing


def _read_assignments(source):
    """{name: value} of a cell that only assigns constants to single names."""
    declared = {}
    for statement in ast.parse(source).body:
        target = (
            statement.targets[0]
            if isinstance(statement, ast.Assign)
            else getattr(statement, "target", None)
        )
        if not isinstance(target, ast.Name) or getattr(statement, "value", None) is None:
            raise ValueError("not a plain assignment")
        declared[target.id] = ast.literal_eval(statement.value)
    return declared


def _describe_unknown(name):
    return (
        f"Ukendt parameter »{quote(name)[1:-1]}«.{suggest(name, NAMES)} Parametrene er "
        f"{', '.join(NAMES)}."
    )


def _check_sector(value):
    return [] if value in tuple(SECTORS) else [_describe_refused("sector", value, SECTORS)]


def _describe_refused(name, value, known):
    """What is wrong with a value that is no code of `known` ({code: label}), what was meant and
    what is allowed.
    """
    words = {**{code: code for code in known}, **{label: code for code, label in known.items()}}
    close = difflib.get_close_matches(
        str(value)[:LONGEST].lower(), [word.lower() for word in words], n=1
    )
    meant = next((code for word, code in words.items() if close and word.lower() == close[0]), None)
    hint = f" Mente du »{meant}«?" if meant else ""
    allowed = ", ".join(f"{code} ({label})" for code, label in known.items())
    return f"{name} = {quote(value)} findes ikke.{hint} Tilladt er {allowed}."


def list_answers(data, name):
    """{code: label} of a dimension's answers in a survey's registry; none where that cannot be
    read.
    """
    try:
        path = resolve_data(data) / "questionnaire.yaml"
        return dict(_read_background(path, path.stat().st_mtime_ns)[name])
    except (ParameterError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # opening the survey tells all that is wrong with it


@lru_cache(maxsize=8)
def _read_background(path, changed):
    from barometer.files.yaml_files import (
        read_yaml,  # here, as `--help` and a misspelt option need no registry
    )

    background = read_yaml(path)["background"]
    return {
        name: {
            str(code): label["label"] if isinstance(label, dict) else str(label)
            for code, label in entry["answers"].items()
        }
        for name, entry in background.items()
    }


def _check_answer(name, value, data):
    if value == WHOLE:
        return []
    known = {WHOLE: "alle"} | list_answers(data, name)
    if isinstance(value, str) and (value in known or len(known) == 1):
        return []
    return [_describe_refused(name, value, known)]


def _make_plain(answer):
    return re.sub(r"[^a-z0-9_]+", "_", answer.lower())


def _check_data(value):
    allowed = (
        f"navnet på en mappe under data/ ({', '.join(paths.list_surveys()) or 'der er ingen'}) "
        f"eller stien til en mappe"
    )
    if value == "":
        return [f"data mangler. Angiv den, eller skriv data i report.yaml. Tilladt er {allowed}."]
    if not isinstance(value, str | Path):
        return [f"data = {quote(value)} har en forkert type. Tilladt er {allowed}."]
    try:
        folder = resolve_data(value)
    except ParameterError as error:
        return [f"data = {error} Tilladt er {allowed}."]
    if folder.is_file():
        return [
            f"data = {quote(str(value))} er en fil. Skriv mappen, den ligger i: "
            f"{quote(str(folder.parent))}."
        ]
    if not folder.is_dir():
        return [
            f"data = {quote(str(value))} findes ikke.{suggest(value, paths.list_surveys())} "
            f"Tilladt er {allowed}."
        ]
    if not (folder / "questionnaire.yaml").is_file():
        return [
            f"data = {quote(str(value))} er ingen undersøgelse: questionnaire.yaml mangler. "
            f"Tilladt er {allowed}."
        ]
    return []


def _check_alpha(value):
    allowed = (
        "Tilladt er et decimaltal fra 0.001 og mindre end 0.5 med højst tre decimaler, fx 0.05."
    )
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return [f"alpha = {quote(value)} har en forkert type. {allowed}"]
    # A finer level would find more of p than its three decimals, which is what a report tells of
    # it.
    if 0.001 <= value < 0.5 and value == round(float(value), 3):
        return []
    return [f"alpha = {quote(value)} er uden for det tilladte. {allowed}"]


def _check_language(value):
    return (
        []
        if value in LANGUAGES
        else [f"language = {quote(value)} findes ikke. Tilladt er {', '.join(LANGUAGES)}."]
    )


_CHECKS = {
    "sector": _check_sector,
    "data": _check_data,
    "alpha": _check_alpha,
    "language": _check_language,
}
