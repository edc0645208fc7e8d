"""A chapter drafted from a list of questions: `python -m barometer draft CHAPTER --questions …`."""

import json
import re
import sys
from contextlib import suppress
from pathlib import Path

from barometer import paths
from barometer.data.domains import describe_dimensions
from barometer.data.registry import RegistryError, read_questionnaire
from barometer.drafting.chapters import (
    find_common,
    find_exhibits,
    find_undivided,
    is_single,
    make_chapter,
    write_chapter,
)
from barometer.files.faults import DataFault, suggest
from barometer.files.texts import normalise
from barometer.languages.speaking import own_language, speak
from barometer.parameters import ParameterError, check_parameters, resolve_data
from barometer.survey_files import read_folder
from barometer.tools.command_line import make_parser, split_words

HELP = """Lav et udkast til et kapitel: et afsnit for hvert spørgsmål, med tabel eller figur.

Ordlyden er til at rette. Forsegl bagefter (python -m barometer seal), så det nye kan udgives."""
UNDONE = "Kapitlet blev ikke lavet."
NAME = re.compile(r"\d\d_\w+")


class NotDrafted(ValueError):
    """Why there is no draft, in one line."""


def main(arguments):
    """Write the chapter into the project's notebooks. Returns the exit code."""
    given = _read_arguments(arguments)
    try:
        data = given.data or paths.name_default()
        folder = resolve_data(check_parameters(data=data).data)
        registry = read_questionnaire(folder / "questionnaire.yaml")
        path = _find_path(given.chapter)
        questions = [_find_question(registry, name) for name in map(normalise, given.questions)]
        by = _find_grouping(registry, given.by) if given.by else None
    except (NotDrafted, DataFault, RegistryError, ParameterError, OSError) as error:
        sys.stderr.write(f"{UNDONE}\n{error}\n")
        return 2
    title = given.title or path.stem[3:].replace("_", " ").capitalize()
    number = path.stem[:2]
    common, nested = (
        _find_common(folder, registry, questions),
        _is_nested(folder, by, registry.first),
    )
    with speak(own_language()):
        notebook = make_chapter(
            title, registry, questions, data, by, number, common, nested, _list_taken()
        )
    path.write_text(write_chapter(notebook), encoding="utf-8")
    for why in [find_undivided(registry, name, by) for name in questions] if by else ():
        sys.stdout.write(f"{why}\n" * bool(why))
    sys.stdout.write(f"{path.name} er lavet. Ret ordlyden, og forsegl: python -m barometer seal\n")
    return 0


def _find_common(folder, registry, questions):
    """What most answered to each question; nothing where the survey's answers cannot be read."""
    try:
        answers = read_folder(folder).microdata
    except (DataFault, OSError):  # a chapter may be drafted before the survey is sealed
        return {}
    return find_common(registry, questions, answers, answers["weight"])


def _list_taken():
    """The ids of figures and tables that the project's chapters have."""
    sources = []
    for path in paths.NOTEBOOKS.glob("*.ipynb"):
        with suppress(ValueError):  # a run says what is no notebook
            cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
            sources += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return find_exhibits(sources)


def _is_nested(folder, by, first):
    """Whether each part of a dimension lies in one part of the first, as departments in divisions:
    a division's report compares its own.
    """
    try:
        population = read_folder(folder).population
    except (DataFault, OSError):
        return False
    known = by in population and by != first and population[first].nunique() > 1
    return bool(known and population.groupby(by)[first].nunique().max() == 1)


def _find_path(chapter):
    name = Path(chapter).name.removesuffix(".ipynb")
    if not NAME.fullmatch(name) or Path(chapter).name != str(chapter):
        raise NotDrafted(
            f"»{chapter}« er ikke et kapitels navn. Skriv to cifre og et ord: 08_navn."
        )
    path = paths.NOTEBOOKS / f"{name}.ipynb"
    taken = [one.name for one in paths.NOTEBOOKS.glob(f"{name[:2]}_*.ipynb")]
    if taken:
        raise NotDrafted(f"{taken[0]} findes allerede. Vælg et andet nummer end {name[:2]}.")
    return path


def _find_question(registry, name):
    if name not in registry.questions:
        raise NotDrafted(f"Intet spørgsmål hedder »{name}«.{suggest(name, registry.questions)}")
    return name


def _find_grouping(registry, name):
    name = normalise(name)
    single = [key for key, one in registry.questions.items() if is_single(one)]
    known = [*registry.background, *registry.groupings, *registry.derived, *single]
    if name not in known:
        hint = "" if name in registry.questions else suggest(name, known)
        parts = describe_dimensions(registry.background)
        dividing = ", ".join([*parts, *known[len(parts) :]])
        raise NotDrafted(
            f"--by {name}: det deler ikke svarene i grupper.{hint} Det gør {dividing}."
        )
    return name


def _read_arguments(arguments):
    parser, add = make_parser("draft", HELP, UNDONE)
    add("chapter", metavar="KAPITEL", help="navnet på notebooken, fx 08_navn")
    add(
        "--questions",
        action="extend",
        type=split_words,
        required=True,
        metavar="NAVNE",
        help="spørgsmål i registret; flere med komma",
    )
    add("--by", metavar="NAVN", help="hvad svarene sammenlignes efter (ingenting)")
    add("--title", metavar="TEKST", help="kapitlets overskrift (notebookens navn)")
    add("--data", metavar="MAPPE", help="undersøgelsen: navn under data/ eller sti (projektets)")
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
