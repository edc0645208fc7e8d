"""Reads the registry and the tables of a survey's folder, each by its card.

Each function raises `DataFault` with all that is wrong with its file.
"""

from difflib import get_close_matches
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import numpy as np
import pandas as pd

from barometer.data.cards import CARDS, POPULATION, PUBLISHED, REGISTRY, check_length, read_bytes
from barometer.data.codes import settle_types
from barometer.data.domains import SECTORS
from barometer.data.publication import REQUIRED, check_numbers, check_published, fill_published
from barometer.data.registry import make_questionnaire
from barometer.files.csv_files import EMPTY, parse_csv
from barometer.files.faults import (
    Fault,
    check_texts,
    make_row_fault,
    match_columns,
    raise_faults,
    show,
    show_list,
)
from barometer.files.formats import CATALOG, parse_table
from barometer.files.texts import WHOLE, find_alike
from barometer.files.yaml_files import GET_AGAIN, load_yaml

BACKGROUND = ("sector", "field", "size")
KEYS = ("id", "stratum", "weight")  # the microdata's columns before the registry's
MOST_WORKPLACES = 10**9  # far above any country's; what a float and an int64 hold without loss
LIKE = 0.8  # how alike a name that is no field is to the one it is taken for (difflib)
LISTED = ("exclusive", "residual", "any_of", "none_of")
REGISTRY_FIELDS = (
    "title",
    "round",
    "period",
    "background",
    "questions",
    "derived",
    "reported",
    "fieldwork",
    "domains",
)
ENTRY_FIELDS = {  # the fields of each entry of a part, and those it must have
    "background": (("text", "answers"), ("answers",)),
    "questions": (
        ("text", "kind", "asked", "items", "answers", "max", "exclusive", "residual"),
        ("text", "asked"),
    ),
    "derived": (("label", "any_of", "none_of", "at_least", "among", "base_text"), ("label",)),
}
STRATUM_COLUMNS = ("stratum", *BACKGROUND, "workplaces", "basis")


def read_registry(folder, cards):
    """The survey's registry. What contradicts itself in it is a fault of questionnaire.yaml."""
    return _parse_registry(read_bytes(folder, REGISTRY, cards))


def read_population(folder, cards, registry, told=None):
    """One row per stratum: stratum, sector, field, size, workplaces (whole number) and basis.

    `told` here and below: a list that how the file was understood is added to, where it was not the
    plain way.
    """
    table = _read_text_table(folder, POPULATION, cards, told)[0]
    if table.empty:
        raise_faults([Fault(POPULATION, EMPTY, GET_AGAIN)])
    raise_faults(_check_columns(POPULATION, table, STRATUM_COLUMNS, extra=True))
    named = table.assign(id=table["stratum"])
    # 100.000 is no number here
    whole = table["workplaces"].map(lambda text: bool(WHOLE.fullmatch(text)))
    workplaces = pd.to_numeric(table["workplaces"].where(whole), errors="coerce")
    faults = check_length(POPULATION, table, cards) + _check_identifier(
        POPULATION, named, "stratum"
    )
    for column in BACKGROUND:
        codes = [str(code) for code in registry.background[column]["answers"]]
        unknown, remedy = (
            ~table[column].isin(codes),
            f"brug en af {show_list(codes)} fra {REGISTRY}",
        )
        faults += make_row_fault(
            POPULATION, named, [column], unknown, "koden kendes ikke", remedy, table[column]
        )
    wrong = ~((workplaces > 0) & (workplaces < MOST_WORKPLACES))
    raise_faults(
        faults
        + make_row_fault(
            POPULATION,
            named,
            ["workplaces"],
            wrong,
            "ikke et helt tal over 0",
            "skriv antallet af arbejdspladser med cifre alene, uden tusindtalsskilletegn",
            table["workplaces"],
        )
    )
    return table.assign(workplaces=workplaces.astype("int64"))


def find_background(stratum, population):
    """Sector, field and size of each respondent by stratum, as categories; missing where the
    stratum is not known.
    """
    place, strata = _find_places(stratum, population), population.set_index("stratum")
    kinds = {name: pd.Categorical(strata[name]) for name in BACKGROUND}
    codes = {name: np.append(kind.codes, -1)[place] for name, kind in kinds.items()}
    return pd.DataFrame(
        {name: pd.Categorical.from_codes(codes[name], dtype=kinds[name].dtype) for name in kinds}
    )


def find_workplaces(stratum, population):
    """Workplaces in each respondent's stratum; nan where it is not known."""
    return np.append(population["workplaces"].to_numpy(float), np.nan)[
        _find_places(stratum, population)
    ]


def _find_places(stratum, population):
    """Each respondent's stratum as a row of the population, -1 where it is not known."""
    strata = pd.Categorical(stratum)
    return np.append(pd.Index(population["stratum"]).get_indexer(strata.categories), -1)[
        strata.codes
    ]


def read_published(folder, cards, registry=None, told=None):
    """The published numbers as text in every cell (empty where the file is), one row per `id`;
    there may be none.

    Without a `registry` (None) nothing is said that would need it.
    """
    table, comma = _read_text_table(folder, PUBLISHED, cards, told)
    raise_faults(_check_columns(PUBLISHED, table, REQUIRED if len(table) else ["id"]))
    faults = check_length(PUBLISHED, table, cards) + _check_identifier(PUBLISHED, table, "id")
    faults += check_numbers(table, comma)
    table = fill_published(table, comma)
    raise_faults(faults + (check_published(table, registry) if registry else []))
    return table


def read_table(folder, filename, cards, registry=None, strata=(), told=None):
    """A table of answers in any of the formats: codes (text) and ticks (0.0, 1.0) as categories,
    weights as numbers.

    Types follow `registry` (default: the folder's). What cannot be converted is kept as it is, for
    `check_survey`.
    """
    content = read_bytes(folder, filename, cards)
    registry = registry or read_registry(folder, cards)
    catalogs = [name for name in cards["files"] if name.lower().endswith(CATALOG)]
    if len(catalogs) > 1:
        raise_faults(
            [Fault(CARDS, f"flere kort er på kataloger ({show_list(catalogs)})", "behold det ene")]
        )
    catalog = (catalogs[0], read_bytes(folder, catalogs[0], cards)) if catalogs else None
    parsed = parse_table(Path(folder) / filename, content, plain=("id", "weight"), catalog=catalog)
    table, faults, ways = settle_types(filename, parsed, registry, tuple(strata))
    raise_faults(faults)
    if told is not None:
        told += [*parsed.told, *ways]
    return table


def order_registry(registry):
    """{name: the names it rests on} of questions, derived variables and background, each after all
    it rests on.

    Raises `CycleError` where a question is asked, or a variable derived, on the ground of itself.
    """
    rests_on = {name: () for name in registry.background}
    for question in registry.questions.values():
        rests_on[question.id] = () if question.asked == "all" else (question.asked,)
    for variable in registry.derived.values():
        names = {*variable.parts, variable.among or "all"} - {"all"}
        rests_on[variable.id] = tuple(
            n if n in registry.derived else registry.parse(n).question for n in sorted(names)
        )
    return {name: rests_on[name] for name in TopologicalSorter(rests_on).static_order()}


@lru_cache(maxsize=8)
def _parse_registry(content):
    # The registry takes longer to parse (YAML) than the microdata to read.
    found, remedy = load_yaml(REGISTRY, content), "ret det i registret"
    raise_faults([Fault(REGISTRY, problem, remedy) for problem in _check_form(found)])
    try:
        registry = make_questionnaire(found)
        order_registry(registry)
        problems = _check_registry(registry)
    except (CycleError, RecursionError):
        problems = ["afledte variable eller ruter bygger på sig selv"]
    except (KeyError, TypeError, AttributeError) as error:
        problems = [f"registret mangler noget eller har det i en forkert form ({show(error)})"]
    except ValueError as error:
        problems = [show(str(error), longest=200)]
    raise_faults([Fault(REGISTRY, problem, remedy) for problem in problems])
    return registry


def _check_form(found):
    """What is wrong with the form of a registry, as YAML says it: parts that are missing or of
    another kind, and names that are nearly those of a field, which would go unheard.
    """
    if not isinstance(found, dict):
        return ["registret mangler noget: filen har ingen felter"]
    misspelt = _find_misspelt(found, REGISTRY_FIELDS)
    problems = _tell_misspelt(misspelt, "")
    missing = [name for name in REGISTRY_FIELDS[:6] if name not in found]
    if missing:
        untold = [name for name in missing if name not in misspelt.values()]
        return problems + ([f"registret mangler noget: {', '.join(untold)}"] if untold else [])
    for part, (fields, needed) in ENTRY_FIELDS.items():
        if not isinstance(found[part], dict):
            problems.append(f"{part} skal have et navn for hver del")
            continue
        for name, entry in found[part].items():
            if not isinstance(entry, dict):
                problems.append(f"{show(name)} under {part} har ingen felter")
                continue
            misspelt = _find_misspelt(entry, fields)
            problems += _tell_misspelt(misspelt, f"{show(name)}: ")
            problems += [
                f"{show(name)}: feltet {field} mangler"
                for field in needed
                if field not in entry and field not in misspelt.values()
            ]
            problems += [
                f"{show(name)}: {field} skal være en liste"
                for field in LISTED
                if not isinstance(entry.get(field, []), list)
            ]
            problems += [
                f"{show(name)}: {field} skal være koder med en tekst til hver"
                for field in ("items", "answers")
                if not isinstance(entry.get(field, {}), dict)
            ]
    problems += [
        f"{field} skal være en liste"
        for field in ("reported", "domains")
        if not isinstance(found.get(field, []), list)
    ]
    reported = found.get("reported", [])
    problems += [
        f"reported, nr. {place}: skal have listerne groups og variables"
        for place, entry in enumerate(reported if isinstance(reported, list) else (), 1)
        if not isinstance(entry, dict)
        or not all(isinstance(entry.get(field), list) for field in ("groups", "variables"))
    ]
    return problems


def _find_misspelt(entry, fields):
    """{a name that is no field: the field that it is like}."""
    return {
        name: near[0]
        for name in entry
        if name not in fields and (near := get_close_matches(str(name).lower(), fields, 1, LIKE))
    }


def _tell_misspelt(misspelt, where):
    return [
        f"{where}feltet {show(name)} kendes ikke; det ligner {field}"
        for name, field in misspelt.items()
    ]


def _check_registry(registry):
    problems = [
        f"background mangler {name}"
        for name in BACKGROUND
        if not registry.background[name]["answers"]
    ]
    names = [*registry.questions, *registry.derived, *registry.background, *KEYS, "all"]
    columns = [*registry.columns, *registry.background, *KEYS]
    repeated = {name for group in (names, columns) for name in group if group.count(name) > 1}
    problems += [f"navnet {show(name)} bruges om to ting" for name in sorted(repeated)]
    for question in registry.questions.values():
        unknown = {*question.exclusive, *question.residual} - {*question.items, *question.answers}
        problems += [
            f"{show(question.id)} har intet svar, der hedder {show(name)}"
            for name in sorted(unknown)
        ]
        if not (question.answers if question.kind == "single" else question.items):
            problems.append(f"{show(question.id)} har ingen svar")
    for name, kind, labels in _list_labels(registry):
        problems += [
            f"{show(name)}: {kind} {show_list(codes)} har samme tekst ({show(labels[codes[0]])}) "
            f"og kan ikke "
            "kendes fra hinanden"
            for codes in find_alike(labels)
        ]
    problems += [
        f"{show(variable.id)} bygger på ingenting"
        for variable in registry.derived.values()
        if not variable.parts
    ]
    problems += [
        f"{show(variable.id)}: at_least er {variable.at_least}, men der er kun "
        f"{len(variable.parts)} dele"
        for variable in registry.derived.values()
        if 0 < len(variable.parts) < variable.at_least
    ]
    problems += [
        f"sector har koden {show(code)}, og koderne skal være blandt {', '.join(list(SECTORS)[1:])}"
        for code in registry.background["sector"]["answers"]
        if code not in list(SECTORS)[1:]
    ]
    problems += [
        f"{name} har koden all, som betyder alle"
        for name in BACKGROUND[1:]
        if "all" in registry.background[name]["answers"]
    ]
    return [*dict.fromkeys(problems)]  # a text and the name made of it are one


def _list_labels(registry):
    """(name, what they are, {code: label}) of all texts among which no two may be the same."""
    for name, entry in registry.background.items():
        yield name, "svarene", entry["answers"]
        yield name, "svarene", entry["names"]
    for question in registry.questions.values():
        yield question.id, "svarene", question.answers
        yield question.id, "delspørgsmålene", question.items


def _check_columns(name, table, columns, extra=False):
    missing = tuple(column for column in columns if column not in table)
    spare = tuple(column for column in table if column not in columns)
    missing, spare, faults = match_columns(name, missing, spare)
    faults += [Fault(name, "kolonnen mangler", "tilføj den", missing)] if missing else []
    return faults + (
        [Fault(name, "kolonnen kendes ikke", "fjern den", strange=spare)] if spare and extra else []
    )


def _check_identifier(name, table, column):
    keys = table[column]
    empty = keys.str.strip() == ""
    faults = make_row_fault(
        name, table, [column], empty, "feltet er tomt", "giv hver række sit navn"
    )
    return faults + make_row_fault(
        name,
        table,
        [column],
        keys.duplicated(keep=False) & ~empty,
        "samme navn",
        "giv hver række sit eget navn",
    )


def _read_text_table(folder, name, cards, told=None):
    """(all cells as text, whether numbers may have decimal commas)."""
    parsed = parse_csv(name, read_bytes(folder, name, cards))
    table = parsed.table.fillna("")
    raise_faults(check_texts(name, _list_texts(table)))
    if told is not None:
        told += parsed.told
    return table, parsed.comma


def _list_texts(table):
    """(row and column, text) of every cell, and of the names of the columns."""
    for column in table:
        yield "et kolonnenavn", column
        yield from (
            (f"række {number}, kolonne {column}", text)
            for number, text in enumerate(table[column], 1)
        )
