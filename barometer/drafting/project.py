"""A project's folder made from a file of answers: survey, one chapter, front matter, a list of
guesses.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template

import numpy as np
import pandas as pd

from barometer import paths
from barometer.data.registry import make_questionnaire
from barometer.designs.declared import list_span
from barometer.drafting import chapters, deciding, folder
from barometer.drafting.coding import code_answers, read_codes
from barometer.drafting.drawn import read_drawn
from barometer.drafting.grouping import group_columns
from barometer.drafting.population import (
    KEYS,
    ONE_PART,
    is_normalised,
    make_dimensions,
    make_population,
    name_dimensions,
)
from barometer.drafting.routing import find_nearly, find_routes
from barometer.drafting.strays import find_strays
from barometer.files.faults import raise_faults
from barometer.files.texts import make_name, write_alike
from barometer.files.yaml_files import load_yaml
from barometer.incoming.columns import describe_columns
from barometer.incoming.dates import find_days, name_time
from barometer.incoming.doubtful import (
    AS_IT_IS,
    are_few,
    find_doubtful,
    find_fault,
    find_unlike,
)
from barometer.incoming.keys import find_panel, read_keys
from barometer.incoming.roles import Role, Sure, guess_roles
from barometer.incoming.words import find_noun
from barometer.incoming.written import tick_written
from barometer.languages.marking import translate_marked
from barometer.languages.speaking import _, spoken
from barometer.layouts.source import read_source
from barometer.machine import give_back
from barometer.schemas.making import make_schemas, write_schema, write_settings

DRAFTED = 8  # questions in the first chapter
ANSWERS = "answers.csv"
DIMENSIONS = 20  # parts that a column may divide respondents into


@dataclass
class Draft:
    """A project that is ready to be written: `files` {path in it: text}; `answers`: a row each;
    `decisions`, `ways`: what was guessed and how the file was understood; `source`: the file
    itself; `left`: the questions that are not in the first chapter; `listed`: the file in which the
    decisions stand.
    """

    name: str
    files: dict
    answers: pd.DataFrame
    decisions: list
    ways: tuple
    source: Path
    left: tuple
    listed: str


def draft_project(path, title, period, date, given, accepted=False, codebook=None, as_is=False):
    """A `Draft` of the file at `path`, with labels of the `codebook` at another. Raises `DataFault`
    for a file that cannot be used, `Undecided` where a person must choose.

    `title`: None takes the file's label, or its name. `period`, `date` ("2020-02-29"): None takes
    the last day that the file has, or its own.
    `as_is`: what hardly can be meant (`incoming/doubtful.py`) is taken as it stands.
    The project is written in the language that is spoken.
    """
    source = read_source(path, codebook)
    title = title or source.title or Path(path).stem
    columns = describe_columns(source)
    ticked = tick_written(source, columns)
    if ticked is not source:
        source, columns = ticked, describe_columns(ticked)
    guesses = guess_roles(columns)
    date, dated = _find_date(path, columns) if date is None else (date, [])
    chosen = deciding.choose_columns(columns, guesses, given, accepted)
    (ids, strata, weights), faults = read_keys(source, columns, chosen)
    drawn = read_drawn(source, chosen, strata, weights, given.get("method"), accepted)
    used = {*chosen.values(), *list_span(chosen[Role.REPLICATE])}
    answers = {
        name: column
        for name, column in columns.items()
        if guesses[name].role in (Role.ANSWER, Role.NUMBER) and name not in used
    }
    numbers = {name for name in answers if guesses[name].role == Role.NUMBER}
    parts, unlike = _find_dimensions(source, answers, strata, numbers)
    if (drawn_by := chosen[Role.STRATUM]) and columns[drawn_by].is_worded:
        divides = 1 < len(columns[drawn_by].counts) <= DIMENSIONS
        parts += [drawn_by] * (divides and not _is_divided_alike(source, drawn_by, parts))
    named = name_dimensions(parts)
    questions = group_columns(
        {name: one for name, one in answers.items() if name not in parts},
        (*KEYS, *(named.values() or [ONE_PART])),
        numbers,
    )
    codes = {question.id: read_codes(source, columns, question) for question in questions}
    routes = find_routes(questions, codes)
    if not as_is:
        nearly = find_nearly(questions, codes, routes)
        faults += [*find_doubtful(source, columns, guesses), *unlike]
        panel = None if given.get("id") else find_panel(source, columns, guesses)
        faults += [panel] if panel else []
        faults += find_strays(source, questions, codes, nearly)
    raise_faults(faults)
    table = code_answers(questions, codes, routes)
    dimensions, values = make_dimensions(source, columns, named)
    population = make_population(strata, weights, values)
    name = make_name(Path(path).stem) or _("undersoegelse")
    facts = folder.Facts(
        title,
        period or date[:4],
        date,
        source.name,
        is_normalised(weights),
        drawn.lonely,
        population.tolerances,
        drawn.fields,
        name_time(*days[1:]) if (days := find_days(columns)) else "",
        find_noun(write_alike(f"{title} {Path(path).stem}".replace("_", " "))),
    )
    registry = folder.make_registry(facts, questions, routes, dimensions, table)
    keys = {"id": ids, "stratum": strata, "weight": weights, **drawn.columns}
    microdata = pd.concat([pd.DataFrame(keys), table], axis=1)
    decisions = deciding.list_decisions(
        guesses,
        chosen,
        questions,
        routes,
        table,
        population,
        [*drawn.decisions, *dated, *folder.list_words(facts, dimensions)],
    )
    files = _list_files(name, facts, registry, microdata, population.text, next(iter(dimensions)))
    drafted = make_questionnaire(load_yaml("questionnaire.yaml", registry.encode()))
    # of a scale, only its order is in doubt: its answers can be shown
    known = [one.id for one in questions if one.sure != Sure.UNSURE or one.kind == "scale"]
    first = (known or [question.id for question in questions])[:DRAFTED]
    common = chapters.find_common(drafted, first, table, weights)
    chapter = chapters.make_chapter(_("Et første kapitel"), drafted, first, name, common=common)
    files[f"notebooks/{_('01_foerste_kapitel')}.ipynb"] = chapters.write_chapter(chapter)
    files["notebooks/explore.ipynb"] = make_explore()
    listed = _(deciding.LISTED)
    files[listed] = deciding.write_decisions(title, decisions, source.ways)
    left = tuple(question.id for question in questions if question.id not in first)
    return Draft(name, files, microdata, decisions, source.ways, Path(path), left, listed)


def _find_date(path, columns):
    """(the last day of the answers, [`Decision`])."""
    remedy = "skriv indsamlingens sidste dag"
    if found := find_days(columns):
        name, _, day = found
        why = f"den seneste dag i {name}"
    else:
        day, why = datetime.fromtimestamp(Path(path).stat().st_mtime).date(), "filens egen dato"
    sure = Sure.LIKELY if found else Sure.UNSURE
    what = f"data_date: {day.isoformat()} (cards.yaml)"
    return day.isoformat(), [deciding.Decision(what, sure, why, remedy)]


def _find_dimensions(source, answers, strata, numbers):
    """(columns that are the same for everybody in a stratum: reports can be made by them; faults of
    those that are not in few rows).
    """
    found, faults = [], []
    for name, column in answers.items() if strata.nunique() > 1 else ():
        values = source.frame[name]
        divides = 1 < len(column.counts) <= DIMENSIONS and not column.is_tick()
        if not divides or name in numbers:
            continue
        unlike = find_unlike(values, strata)
        if not unlike.any() and values.nunique() > 1:
            found.append(name)
        elif are_few(unlike, np.ones(len(unlike))) and values[~unlike].nunique() > 1:
            problem = "svaret mangler eller er et andet end resten af stratummets"
            remedy = f"ret svaret eller stratum, {AS_IT_IS}"
            faults.append(find_fault(source, name, unlike, problem, remedy))
    return found, faults


def _is_divided_alike(source, name, parts):
    """Whether one of the columns `parts` divides respondents as column `name` does."""
    pairs = (source.frame[[name, one]].drop_duplicates() for one in parts)
    return any(
        not (pair.duplicated(name) | pair.duplicated(pair.columns[1])).any() for pair in pairs
    )


def _list_files(name, facts, registry, microdata, population, first):
    data, schemas = f"data/{name}", make_schemas()
    lengths = {
        ANSWERS: len(microdata),
        "population.csv": population.count("\n") - 1,
        "published.csv": 0,
        "dictionary.csv": microdata.shape[1],
    }
    return {
        f"{data}/questionnaire.yaml": registry,
        f"{data}/population.csv": population,
        f"{data}/published.csv": folder.make_published(first),
        f"{data}/cards.yaml": folder.make_cards(facts, lengths),
        "notebooks/report.yaml": _fill(
            "report.yaml", title=folder.quote(facts.title), data=name, language=spoken()
        ),
        "notebooks/typed_numbers.yaml": _fill("typed_numbers.yaml"),
        "README.md": _fill("README.md", title=facts.title, data=name, source=facts.source),
        ".gitignore": "outputs/\ninternal/\n.ipynb_checkpoints/\n",
        ".vscode/settings.json": write_settings(".vscode"),
        **{f".vscode/{one}.schema.json": write_schema(made) for one, made in schemas.items()},
    }


def _fill(name, **values):
    return Template(translate_marked(_read(name))).substitute(values)


def make_explore():
    """The notebook of the bench, in the language that is spoken."""
    notebook = json.loads(_read("explore.ipynb"))
    for cell in notebook["cells"]:
        source = translate_marked("".join(cell["source"]))
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _read(name):
    return (paths.PACKAGE / "drafting" / "templates" / name).read_text(encoding="utf-8")


def write_project(draft, target, seal):
    """Write the project to `target`, which must not be there yet or be empty, and seal its survey.

    `seal(folder)` raises for what is wrong with the survey; then nothing is written. Raises
    `FileExistsError`.
    """
    target = Path(target).expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(f"{target} findes allerede. Vælg en ny mappe.")
    fresh = target.with_name(f".{target.name}.ny")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        write_files(draft, fresh)
        draft.answers = None  # many rows are not kept while the seal works
        give_back()
        program = os.path.relpath(paths.PROGRAM, target)
        requirements = (paths.PROGRAM / "requirements.txt").read_text(encoding="utf-8")
        own = f"-e {program}"  # where the program lies, seen from the project
        (fresh / "requirements.txt").write_text(requirements.replace("-e .", own), encoding="utf-8")
        paths.serve_project(fresh)
        seal(fresh / "data" / draft.name)
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    paths.serve_project(target)
    return target


def write_files(draft, folder):
    """Write a `Draft`'s files to a folder."""
    for name, text in draft.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    # some thousand rows at a time: the text of millions would fill memory
    answers = folder / "data" / draft.name / ANSWERS
    draft.answers.to_csv(answers, index=False, lineterminator="\n")
