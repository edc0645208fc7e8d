"""Reads the registry and the tables of a survey's folder, each by its card.

Each function raises `DataFault` with all that is wrong with its file. `ways`: a list that gets how
a file was understood, where it was not the plain way.
"""

from collections import Counter
from difflib import get_close_matches
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pandas as pd

from barometer.data.cards import CARDS, POPULATION, PUBLISHED, REGISTRY, check_length, read_bytes
from barometer.data.codes import settle_types
from barometer.data.domains import check_dimensions, list_renamed
from barometer.data.publication import REQUIRED, check_numbers, check_published, fill_published
from barometer.data.registry import make_questionnaire
from barometer.data.terms import PARTS, check_words
from barometer.data.variables import POINTS, list_points
from barometer.designs.declared import read_declared
from barometer.files.csv_files import EMPTY, parse_csv
from barometer.files.faults import (
    Fault,
    check_columns,
    check_texts,
    find_row_faults,
    raise_faults,
    show,
    show_list,
)
from barometer.files.formats import CATALOG, parse_table
from barometer.files.texts import WHOLE, find_alike
from barometer.files.yaml_files import GET_AGAIN, load_yaml
from barometer.languages.localising import localise
from barometer.languages.speaking import SOURCE
from barometer.numbers.allowed import FIELDS as NUMBER_FIELDS

KEYS = ("id", "stratum", "weight")  # the microdata's columns before the registry's
MOST_UNITS = 10**9  # far above any country's; what a float and an int64 hold without loss
LIKE = 0.8  # how alike a name that is no field is to the one it is taken for (difflib)
LISTED, CODED = ("exclusive", "residual", "unanswered", "any_of", "none_of"), ("items", "answers")
_QUESTION = "text kind asked items answers max exclusive residual unanswered sides identity breaks"
_DERIVED = "label any_of none_of at_least among base_text identity breaks"
NEEDED = ("title", "round", "period", "background", "questions", "derived")
REGISTRY_FIELDS = (*NEEDED, "fieldwork", "domains", "groupings", "breaks", "lacks", *PARTS)
ENTRY_FIELDS = {  # the fields of each entry of a part, and those it must have
    "background": (("text", "heading", "answers"), ("answers",)),
    "questions": ((*_QUESTION.split(), *NUMBER_FIELDS), ("text", "asked")),
    "derived": (_DERIVED.split(), ("label",)),
}
STRATUM_COLUMNS = ("stratum", "units", "basis")  # and one for each dimension
INVITED = "invited"  # how many were asked to respond, where it is known


def read_registry(folder, cards):
    """The survey's registry. What contradicts itself in it is a fault of questionnaire.yaml."""
    return parse_registry(read_bytes(folder, REGISTRY, cards))


def read_population(folder, cards, registry, ways):
    """One row per stratum: stratum, its answers, units (whole number) and basis; `invited`, how
    many were asked, where the file says it.
    """
    table = _read_text_table(folder, POPULATION, cards, ways)[0]
    if table.empty:
        raise_faults([Fault(POPULATION, EMPTY, GET_AGAIN)])
    raise_faults(
        check_columns(
            POPULATION,
            table,
            [*registry.background, *STRATUM_COLUMNS, *[INVITED] * (INVITED in table)],
        )
    )
    named = table.assign(id=table["stratum"])
    faults = check_length(POPULATION, table, cards)
    faults += _check_identifier(POPULATION, named, "stratum")
    for column in registry.background:
        codes = [str(code) for code in registry.background[column]["answers"]]
        remedy = f"brug en af {show_list(codes)} fra {REGISTRY}"
        cases = [(~table[column].isin(codes), "koden kendes ikke", remedy)]
        faults += find_row_faults(POPULATION, named, [column], cases, shown=True)
    units, wrong = _read_whole(table["units"])
    remedy = "skriv antallet med cifre alene, uden tusindtalsskilletegn"
    cases = [(wrong, "ikke et helt tal over 0", remedy)]
    faults += find_row_faults(POPULATION, named, ["units"], cases, shown=True)
    found = {"units": units}
    if INVITED in table:
        found[INVITED], wrong = _read_whole(table[INVITED])
        more = "ret antallet, eller units"
        cases = [(wrong, "ikke et helt tal over 0", remedy)]
        cases += [(found[INVITED] > units, "flere spurgte, end der er enheder", more)]
        faults += find_row_faults(POPULATION, named, [INVITED], cases, shown=True)
    raise_faults(faults)
    return table.assign(**{name: one.astype("int64") for name, one in found.items()})


def _read_whole(column):
    """(numbers, rows in which none stands that is whole and above 0); 100.000 is none here."""
    whole = column.str.fullmatch(WHOLE.pattern)
    numbers = pd.to_numeric(column.where(whole), errors="coerce")
    return numbers, ~((numbers > 0) & (numbers < MOST_UNITS))


def read_published(folder, cards, registry, ways):
    """The published numbers as text, a row per `id`; less is checked without a `registry`."""
    table, comma = _read_text_table(folder, PUBLISHED, cards, ways)
    raise_faults(check_columns(PUBLISHED, table, REQUIRED if len(table) else ["id"], remove=""))
    faults = check_length(PUBLISHED, table, cards) + _check_identifier(PUBLISHED, table, "id")
    faults += check_numbers(table, comma)
    table = fill_published(table, registry.first if registry else "", comma)
    raise_faults(faults + (check_published(table, registry) if registry else []))
    return table


def read_table(folder, filename, cards, registry, strata, ways):
    """Answers in any format: codes (text) and ticks (0.0, 1.0) as categories, weights as numbers.

    What cannot be converted is kept as it is, for `find_faults`.
    """
    catalogs = [name for name in cards["files"] if name.lower().endswith(CATALOG)]
    if len(catalogs) > 1:
        problem = f"flere kort er på kataloger ({show_list(catalogs)})"
        raise_faults([Fault(CARDS, problem, "behold det ene")])
    catalog = (catalogs[0], read_bytes(folder, catalogs[0], cards)) if catalogs else None
    numbers = ("weight", *read_declared(cards).numbers)
    path, plain = Path(folder) / filename, ("id", *numbers)
    parsed = parse_table(path, read_bytes(folder, filename, cards), plain, catalog)
    table, faults, labelled = settle_types(filename, parsed, registry, strata, numbers)
    raise_faults(faults)
    ways += [*parsed.ways, *labelled]
    return table


def order_registry(registry):
    """{name: the names it rests on} of questions, derived variables and background, in that order.

    Raises `CycleError` where one rests on itself.
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
def parse_registry(content):
    # The registry takes longer to parse (YAML) than the microdata to read.
    found, remedy = load_yaml(REGISTRY, content), "ret det i registret"
    own = str(found.get("language", SOURCE)) if isinstance(found, dict) else SOURCE
    form = _check_form(localise(found, own, own))
    raise_faults([Fault(REGISTRY, problem, remedy) for problem in form])
    try:
        registry = make_questionnaire(found)
        order_registry(registry)
        problems = dict.fromkeys(_check_registry(registry))  # a text and its name are one
    except (CycleError, RecursionError):
        problems = ["afledte variable eller ruter bygger på sig selv"]
    except (KeyError, TypeError, AttributeError) as error:
        problems = [f"registret mangler noget eller har det i en forkert form ({show(error)})"]
    except ValueError as error:
        problems = [show(str(error), longest=200)]
    raise_faults([Fault(REGISTRY, problem, remedy) for problem in problems])
    return registry


def _check_form(found):
    """Parts of a registry that are missing or of another kind, and names like those of a field."""
    if not isinstance(found, dict):
        yield "registret mangler noget: filen har ingen felter"
        return
    misspelt, problems = _find_misspelt(found, REGISTRY_FIELDS)
    yield from problems
    if any(name not in found for name in NEEDED):
        if lacking := [name for name in NEEDED if name not in {*found, *misspelt}]:
            yield f"registret mangler noget: {', '.join(lacking)}"
        return
    if renamed := list_renamed(found["background"]):
        return (yield from renamed)
    for part, fields in ENTRY_FIELDS.items():
        if not isinstance(found[part], dict):
            yield f"{part} skal have et navn for hver del"
            continue
        for name, entry in found[part].items():
            if isinstance(entry, dict):
                yield from (f"{show(name)}: {problem}" for problem in _check_entry(entry, *fields))
            else:
                yield f"{show(name)} under {part} har ingen felter"
    yield from check_words(found)
    if not isinstance(found.get("groupings", {}), dict):
        yield "groupings skal have et navn for hver del"
    if not isinstance(found.get("domains", []), list):
        yield "domains skal være en liste"


def _check_entry(entry, fields, needed):
    misspelt, problems = _find_misspelt(entry, fields)
    yield from problems
    for field in needed:
        if field not in {*entry, *misspelt}:
            yield f"feltet {field} mangler"
    for names, kind, remedy in (
        (LISTED, list, "en liste"),
        (CODED, dict, "koder med en tekst til hver"),
        (("sides",), dict, "ord med en liste af svar til hvert"),
    ):
        for field in names:
            if not isinstance(entry.get(field, kind()), kind):
                yield f"{field} skal være {remedy}"


def _find_misspelt(entry, fields):
    """(fields that are misspelt, the problem of each name that is no field and like one)."""
    found, problems = [], []
    for name in entry:
        near = get_close_matches(str(name).lower(), fields, 1, LIKE) if name not in fields else []
        found += near
        problems += [f"feltet {show(name)} kendes ikke; det ligner {field}" for field in near]
    return found, problems


def _check_registry(registry):
    yield from check_dimensions(registry.background)
    names = Counter([*registry.questions, *registry.derived, *registry.background, *KEYS, "all"])
    names.update([*registry.groupings])
    columns = Counter([*registry.columns, *registry.background, *KEYS])
    for name in sorted({name for name in names | columns if names[name] > 1 or columns[name] > 1}):
        yield f"navnet {show(name)} bruges om to ting"
    for question in registry.questions.values():
        named = {*question.exclusive, *question.residual, *question.unanswered}
        held = question.answers or question.items
        unknown = (named - {*question.items, *question.answers}) | {*question.unanswered} - {*held}
        for name in sorted(unknown):
            yield f"{show(question.id)} har intet svar, der hedder {show(name)}"
        if not (question.items if question.kind in ("multiple", "battery") else question.answers):
            yield f"{show(question.id)} har ingen svar"
        elif question.kind == "scale":
            yield from _check_points(question)
    for name, kind, labels in _list_labels(registry):
        for codes in find_alike(labels):
            alike = f"{kind} {show_list(codes)} har samme tekst ({show(labels[codes[0]])})"
            yield f"{show(name)}: {alike} og kan ikke kendes fra hinanden"
    for variable in registry.derived.values():
        if not variable.parts:
            yield f"{show(variable.id)} bygger på ingenting"
        elif len(variable.parts) < variable.at_least:
            problem = f"at_least er {variable.at_least}, men der er kun {len(variable.parts)} dele"
            yield f"{show(variable.id)}: {problem}"


def _check_points(question):
    least, most = POINTS
    points = [*list_points(question).values()]
    if not least <= len(points) <= most:
        problem = f"har {len(points)} svar, men en skala har fra {least} til {most}"
        yield f"{show(question.id)} {problem}; »Ved ikke« og lignende skrives under residual"
    elif points not in (sorted({*points}), sorted({*points}, reverse=True)):
        yield f"{show(question.id)} er en skala, men svarenes koder står ikke i rækkefølge"


def _list_labels(registry):
    """(name, what they are, {code: label}) of all texts among which no two may be the same."""
    for name, entry in registry.background.items():
        yield from ((name, "svarene", entry[part]) for part in ("answers", "names"))
    for question in registry.questions.values():
        yield question.id, "svarene", question.answers
        yield question.id, "delspørgsmålene", question.items


def _check_identifier(name, table, column):
    empty = table[column].str.strip() == ""
    repeated = table[column].duplicated(keep=False) & ~empty
    cases = [
        (empty, "feltet er tomt", "giv hver række sit navn"),
        (repeated, "samme navn", "giv hver række sit eget navn"),
    ]
    return find_row_faults(name, table, [column], cases)


def _read_text_table(folder, name, cards, ways):
    """(all cells as text, whether numbers may have decimal commas)."""
    parsed = parse_csv(name, read_bytes(folder, name, cards))
    table = parsed.table.fillna("")
    raise_faults(check_texts(name, _list_texts(table)))
    ways += parsed.ways
    return table, parsed.comma


def _list_texts(table):
    """(row and column, text) of every cell, and of the names of the columns."""
    for column in table:
        yield "et kolonnenavn", column
        for number, text in enumerate(table[column], 1):
            yield f"række {number}, kolonne {column}", text
