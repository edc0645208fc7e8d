"""The parameters of every chapter and their allowed values, checked before anything is run.

papermill only logs a parameter that a notebook lacks, and injects any value. So `run_all.py` and
`open_survey` (every chapter's first call) both come through `check_parameters`.
"""

import ast
import difflib
import numbers
import re
from dataclasses import dataclass, field
from pathlib import Path

from barometer import paths
from barometer.data.domains import WHOLE, name_domain, order_dimensions, read_parts
from barometer.errors import BarometerError
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.languages.messages import choose_language
from barometer.languages.speaking import other_languages, own_language, speak, spoken

LONGEST = 100  # characters of a refused value that are shown


class ParameterError(BarometerError):
    """Parameters that cannot be run; the message names every problem and what is allowed."""


@dataclass(frozen=True)
class Parameters:
    """What a chapter is run with."""

    # ((dimension, answer), …), in the order of the survey's registry
    parts: tuple = ()
    data: str = ""
    alpha: float = 0.05
    language: str = field(default_factory=own_language)

    @property
    def answers(self):
        """{dimension: answer}, also of those that narrow nothing."""
        return dict(self.parts)

    @property
    def first(self):
        """The answer in the first dimension."""
        return self.parts[0][1] if self.parts else WHOLE

    @property
    def values(self):
        """{name: value} as a chapter is given them: first the part of the first dimension."""
        named = {name: getattr(self, name) for name in REQUIRED}
        return dict(self.parts[:1]) | named | dict(self.parts[1:])

    @property
    def domain(self):
        """The part of the population that the report is on (`domains.py`)."""
        return name_domain(self.answers)

    @property
    def label(self):
        """The part of the population in the registry's words: "Regionerne, Sundhed"."""
        known, names = list_parts(self.data), list_names(self.data)
        narrower = [(name, one) for name, one in self.parts[1:] if one != WHOLE]
        named = [known.get(name, {}).get(one, one) for name, one in narrower]
        return ", ".join([names.get(self.first, self.first), *named])

    @property
    def name(self):
        """The report's folder: "all", "region", "all-field-health"."""
        further = {name: one for name, one in self.parts[1:] if one != WHOLE}
        named = [f"{name}-{_make_plain(further[name])}" for name in order_dimensions(further)]
        return "-".join([_make_plain(self.first), *named])


# a chapter has these and the first dimension; without the other dimensions it covers all of them
REQUIRED = ("data", "alpha", "language")


def check_parameters(**values):
    """`Parameters` of these values; raise `ParameterError` with all that is wrong.

    Names beside `REQUIRED` are the dimensions of the survey's registry.
    """
    values = {"data": paths.name_default()} | values
    known = list_parts(values["data"])
    # nothing is known of a survey that cannot be read; opening it says what is wrong with it
    dimensions = [*known] or [name for name in values if name not in REQUIRED]
    names = [*dimensions[:1], *REQUIRED, *dimensions[1:]]
    problems = [_describe_unknown(name, names) for name in values if name not in names]
    given = {name: value for name, value in values.items() if name in REQUIRED}
    for name, check in _CHECKS.items():
        problems += check(given[name]) if name in given else []
    # A Mac may have written å in a name as two characters; the registry's have one.
    parts = {name: normalise(values.get(name, WHOLE)) for name in dimensions}
    for name, value in parts.items():
        problems += _check_answer(name, value, _list_allowed(values["data"], name))
    if problems:
        raise ParameterError("\n".join(problems))
    return Parameters(tuple(parts.items()), **given | {"data": str(values["data"])})


def name_answers(data, answers):
    """{dimension: answer} of answers in the order of the survey's registry."""
    names = [*list_parts(data)]
    if names and len(answers) > len(names):
        raise ParameterError(
            f"For mange svar ({len(answers) - 1}). Delene er {', '.join(names[1:])}."
        )
    return dict(zip(names, answers, strict=False))


def resolve_data(data):
    """The survey's folder: a name under `data/`, a path to a folder anywhere, or a path to a
    project's folder, which stands for its survey.
    """
    path = resolve_path(data)  # first, as it refuses what can be no name either
    named = find_alike(paths.DATA / data)
    found = named if len(Path(data).parts) == 1 and named.is_dir() else find_alike(path)
    own = paths.is_project(found) and paths.name_default(found)
    return found / "data" / own if own else found


def find_alike(path):
    """The file at a path, or one with the same letters in other characters (å may be two)."""
    if path.name.isascii() or path.exists() or not path.parent.is_dir():
        return path
    name = normalise(path.name)
    return next((one for one in path.parent.iterdir() if normalise(one.name) == name), path)


def resolve_path(text):
    """The full path of a folder that a user named. Raises `ParameterError` for what is no path."""
    try:
        path = Path(text).expanduser().resolve()
        path.exists()  # a name that is too long is found out here
        return path
    # too long, a null byte, the home of a user that does not exist
    except (OSError, ValueError, RuntimeError):
        raise ParameterError(f"{quote(text)} kan ikke være en sti.") from None


def quote(value):
    """A refused value as a message shows it: control characters escaped, and not endless. Of what
    is no plain value, such as a table of answers, the name of its kind.
    """
    try:
        text = repr(value if not isinstance(value, Path) else str(value))
    except ValueError:  # a number of thousands of digits
        return "et tal"
    if "\n" in text or type(value).__module__ not in ("builtins", "pathlib"):
        return type(value).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def check_declaration(notebook):
    """What is wrong with a chapter's `parameters` cell, as a list of sentences."""
    cells, injected = (
        [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", ())]
        for tag in ("parameters", "injected-parameters")
    )
    if injected:
        return ["er gemt efter en kørsel: slet cellen med mærket »injected-parameters«."]
    if len(cells) != 1 or cells[0]["cell_type"] != "code":
        there = f"men har {len(cells)} celler med det mærke"
        return [f"skal have én kodecelle med mærket »parameters«, {there}."]
    try:
        declared = _read_assignments(cells[0]["source"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        form = "linjer som alpha = 0.05: et navn, et lighedstegn og en fast værdi"
        return [f"parametercellen må kun have {form}."]
    required = [*[*list_parts(declared.get("data", ""))][:1], *REQUIRED]
    missing = [f"parametercellen mangler »{name}«." for name in required if name not in declared]
    try:
        check_parameters(**declared)
    except ParameterError as error:
        return [*missing, *str(error).splitlines()]
    return missing


def _read_assignments(source):
    """{name: value} of a cell that only assigns constants to single names."""
    declared = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
        else:
            target = getattr(statement, "target", None)
        if not isinstance(target, ast.Name) or getattr(statement, "value", None) is None:
            raise ValueError("not a plain assignment")
        declared[target.id] = ast.literal_eval(statement.value)
    return declared


def _describe_unknown(name, names):
    unknown = f"Ukendt parameter »{quote(name)[1:-1]}«.{suggest(name, names)}"
    return f"{unknown} Parametrene er {', '.join(names)}."


def _describe_refused(name, value, known):
    """What is wrong with a value that is no code of `known` ({code: label}); what is allowed."""
    codes, labels = [*known], [*known.values()]
    words = [word.lower() for word in (*codes, *labels)]
    close = difflib.get_close_matches(str(value)[:LONGEST].lower(), words, n=1)
    hint = f" Mente du »{(codes * 2)[words.index(close[0])]}«?" if close else ""
    allowed = ", ".join(f"{code} ({label})" for code, label in known.items())
    return f"{name} = {quote(value)} findes ikke.{hint} Tilladt er {allowed}."


def list_parts(data):
    """{dimension: {code: label}} of a survey's registry; nothing where that cannot be read."""
    return _read_known(data)[0]


def list_names(data):
    """{code: what a report on it is called} of the whole and of the first dimension's parts; as
    `list_parts`.
    """
    return _read_known(data)[1]


def list_reported(data):
    """The parts that have a report where none is named: the whole and the first dimension's.

    A part that everybody belongs to would have the report of the whole.
    """
    names = [*list_names(data)]
    return names[:1] if len(names) == 2 else names


def _read_known(data):
    try:
        path = resolve_data(data) / "questionnaire.yaml"
        return read_parts(path, path.stat().st_mtime_ns, spoken())
    except (ParameterError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}  # opening the survey says all that is wrong with it


def _list_allowed(data, name):
    with speak(choose_language()):  # of whoever reads it
        known = list_parts(data)
        labels = list_names(data) if [*known][:1] == [name] else known.get(name, {})
    return {WHOLE: "alle"} | labels


def _make_plain(answer):
    return re.sub(r"[^a-z0-9_]+", "_", answer.lower())


def _check_answer(name, value, known):
    if isinstance(value, str) and (value in known or len(known) == 1):
        return []
    return [_describe_refused(name, value, known)]


def _check_data(value):
    surveys = paths.list_surveys()
    named = f"navnet på en mappe under data/ ({', '.join(surveys) or 'der er ingen'})"
    allowed = f"Tilladt er {named} eller stien til en mappe."
    if value == "":
        return [f"data mangler. Angiv den, eller skriv data i report.yaml. {allowed}"]
    if not isinstance(value, str | Path):
        return [f"data = {quote(value)} har en forkert type. {allowed}"]
    try:
        folder = resolve_data(value)
    except ParameterError as error:
        return [f"data = {error} {allowed}"]
    given = f"data = {quote(str(value))}"
    if folder.is_file():
        return [f"{given} er en fil. Skriv mappen, den ligger i: {quote(str(folder.parent))}."]
    if not folder.is_dir():
        return [f"{given} findes ikke.{suggest(value, surveys)} {allowed}"]
    if not (folder / "questionnaire.yaml").is_file():
        return [f"{given} er ingen undersøgelse: questionnaire.yaml mangler. {allowed}"]
    return []


def _check_alpha(value):
    form = "et decimaltal fra 0.001 og mindre end 0.5 med højst tre decimaler, fx 0.05"
    allowed = f"Tilladt er {form}."
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return [f"alpha = {quote(value)} har en forkert type. {allowed}"]
    # A finer level would find more of p than its three decimals, which are all that a report has.
    if 0.001 <= value < 0.5 and value == round(float(value), 3):
        return []
    return [f"alpha = {quote(value)} er uden for det tilladte. {allowed}"]


def check_language(value):
    """What is wrong with the code of a language, as a list of sentences."""
    if value in (known := (own_language(), *other_languages())):
        return []
    fault = f"language = {quote(value)} findes ikke.{suggest(value, known)}"
    return [f"{fault} Tilladt er {', '.join(known)} (language og languages i report.yaml)."]


_CHECKS = {"data": _check_data, "alpha": _check_alpha, "language": check_language}
