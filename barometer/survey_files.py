"""A survey's folder, read whole: registry, tables and plan, with every fault of them at once."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from barometer.data.cards import (
    AGGREGATES,
    CARDS,
    CLOSED,
    EXCEPTIONS,
    POPULATION,
    hash_survey,
    read_bytes,
    read_cards,
)
from barometer.data.checks import find_faults, weigh
from barometer.data.domains import WHOLE, name_domain
from barometer.data.publication import read_aggregates
from barometer.data.reading import read_population, read_published, read_registry, read_table
from barometer.data.registry import Questionnaire, RegistryError
from barometer.designs.declared import read_declared
from barometer.designs.making import scale_sets
from barometer.disclosure.closed import read_closed
from barometer.disclosure.plan import Plan, name_cell
from barometer.files.faults import DataFault, Fault, raise_faults, show
from barometer.files.yaml_files import load_yaml
from barometer.releases.memory import list_releases
from barometer.weighting.declared import TOTALS, is_made
from barometer.weighting.making import Made, make_weights, read_totals, start_weights

# of an exception from the rules of confidentiality, beside the first dimension
WHY = ("reason", "responsible", "date")

_READ = {}  # the last folder read in this process, by the content of its files


@dataclass(frozen=True)
class Files:
    """What a survey's folder holds, read and found to be as registry and cards say."""

    cards: dict
    registry: Questionnaire
    population: pd.DataFrame
    microdata: pd.DataFrame
    published: pd.DataFrame
    plan: Plan | None = None
    exceptions: dict = field(default_factory=dict)
    # how files were understood, where they are not written the plain way: Danish sentences
    ways: tuple = ()
    unplanned: str = ""  # why there is no plan of closed cells to go by, in Danish
    made: Made | None = None  # how weights were made here
    aggregates: pd.DataFrame | None = None  # published shares of other rounds and countries
    # what `survey.bind_files` made of them, for whoever opens them again
    bound: dict = field(default_factory=dict, repr=False, compare=False)


def read_folder(folder):
    """Read and check all files of a survey's folder. Raises one `DataFault` with all faults.

    The last folder is not read again while its files have the same content; where its plan alone
    is another, that alone is.
    """
    try:
        key = str(Path(folder).resolve()), tuple(hash_survey(Path(folder)).items())
    except OSError:  # a file that cannot be read; which, is found below
        key = None
    if key is None or key not in _READ:
        files = _read_plan(folder, key) or read_files(folder, read_cards(folder))
        _READ.clear()
        _READ[key] = files
    files, names = _READ[key], ("population", "microdata", "published")
    # copied on writing: nobody else's tables change
    return replace(files, **{name: getattr(files, name).copy(deep=False) for name in names})


def forget_folder():
    """Let the last folder go: its answers may take gigabytes of memory."""
    _READ.clear()


def _read_plan(folder, key):
    """The last folder, with the plan as it is now, where nothing else is another; or None."""
    for known, files in _READ.items():
        if key is None or known is None or key[0] != known[0]:
            continue
        cards = read_cards(folder) | {"releases": files.cards["releases"]}
        changed = {name for name, _ in {*key[1]} ^ {*known[1]}}
        if changed <= {CARDS, CLOSED} and leave_plan(cards) == leave_plan(files.cards):
            plan, unplanned = _read_closed(folder, cards)
            return replace(files, cards=cards, plan=plan, unplanned=unplanned)
    return None


def leave_plan(cards):
    """The cards without that of the plan."""
    files = {name: card for name, card in cards["files"].items() if name != CLOSED}
    return cards | {"files": files}


def read_files(folder, cards):
    """Read and check a survey's files by cards, which may be newer. Raises one `DataFault`."""
    faults, ways = [], []
    published = _attempt(faults, list_releases, folder) or ()
    cards = cards | {"releases": {release.name: release.contents for release in published}}
    registry = _attempt(faults, read_registry, folder, cards)
    published = _attempt(faults, read_published, folder, cards, registry, ways)
    if registry is None:
        # Nothing can be said of their contents, but of their bytes.
        for name in (POPULATION, cards["microdata"]):
            _attempt(faults, read_bytes, folder, name, cards)
        raise DataFault(faults)
    beside = None
    if AGGREGATES in cards["files"]:
        beside = _attempt(faults, _read_aggregates, folder, cards, registry)
    population = _attempt(faults, read_population, folder, cards, registry, ways)
    strata = () if population is None else tuple(population["stratum"])
    name = cards["microdata"]
    microdata = _attempt(faults, read_table, folder, name, cards, registry, strata, ways)
    totals, made = None, None
    if is_made(cards):
        if TOTALS in cards["files"]:
            totals = _attempt(faults, _read_totals, folder, cards)
        if microdata is not None and population is not None:
            microdata = _attempt(faults, start_weights, microdata, population, cards)
    if microdata is not None:
        found = find_faults(microdata, registry, population, cards)
        # what is wrong with weights or strata makes other sums
        if not (found or faults) and population is not None and is_made(cards):
            made, found = make_weights(microdata, registry, population, totals, cards)
            microdata["weight"] = made.stages[-1].weights if made else 1.0
        if not found and population is not None:
            factors, found, how = weigh(name, microdata, population, cards)
            microdata["weight"] = microdata["weight"] * factors
            scale_sets(microdata, read_declared(cards), factors)
            ways += how
        faults += found
    exceptions = {}
    if EXCEPTIONS in cards["files"] or (Path(folder) / EXCEPTIONS).exists():
        exceptions = _attempt(faults, _read_exceptions, folder, cards, registry)
    plan, unplanned = _attempt(faults, _read_closed, folder, cards) or (None, "")
    raise_faults(faults)
    tables = population, microdata, published
    return Files(cards, registry, *tables, plan, exceptions, tuple(ways), unplanned, made, beside)


def _read_aggregates(folder, cards, registry):
    return read_aggregates(read_bytes(folder, AGGREGATES, cards), registry)


def _read_totals(folder, cards):
    return read_totals(read_bytes(folder, TOTALS, cards))


def _read_exceptions(folder, cards, registry):
    return read_exceptions(read_bytes(folder, EXCEPTIONS, cards), registry)


def read_exceptions(content, registry):
    """{(item, group, domain): {reason, responsible, date}} of exceptions.yaml. Raises `DataFault`.

    A person has decided that these cells may be shown although a rule would close them, and answers
    for it.
    """
    found = load_yaml(EXCEPTIONS, content)
    entries = found.get("exceptions") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        remedy = "skriv exceptions: øverst, og en liste af undtagelser under den"
        raise DataFault([Fault(EXCEPTIONS, "filen mangler afsnittet exceptions", remedy)])
    fields = ("item", "group", registry.first, *WHY)
    problems = [
        (number, _check_exception(entry, registry, fields))
        for number, entry in enumerate(entries, 1)
    ]
    raise_faults(
        [
            Fault(EXCEPTIONS, f"undtagelse {number} {problem}", f"udfyld {', '.join(fields)}")
            for number, problem in problems
            if problem
        ]
    )
    found = {}
    for entry in entries:
        domain = name_domain({name: entry.get(name, WHOLE) for name in registry.background})
        cell = name_cell(registry, entry["item"], entry["group"], domain)
        found[cell] = {name: str(entry[name]) for name in WHY}
    return found


def _check_exception(entry, registry, fields):
    """What is wrong with an exception, or ""."""
    missing = [
        name
        for name in fields
        if not isinstance(entry, dict)
        or not entry.get(name)
        or not isinstance(entry[name], str | date)
    ]
    if missing:
        return f"mangler {', '.join(missing)}"
    if wrong := [
        name
        for name, dimension in registry.background.items()
        if entry.get(name, WHOLE) not in (WHOLE, *dimension["answers"])
    ]:
        return f"har {wrong[0]}, der ikke kendes ({show(entry[wrong[0]])})"
    try:
        registry.check_group(entry["item"])
        registry.check_group(entry["group"])
        date.fromisoformat(str(entry["date"]))
    except RegistryError as error:
        return f"har et navn, der ikke kendes ({show(error, longest=100)})"
    except ValueError:
        return f"har en dato, der ikke er en dato ({show(entry['date'])})"
    return ""


def _read_closed(folder, cards):
    """(the plan of closed cells, ""), or (None, why there is none made for these files)."""
    if CLOSED not in cards["files"]:
        return None, f"{CLOSED} har intet kort i {CARDS}"
    if not (Path(folder) / CLOSED).exists():
        return None, f"{CLOSED} mangler"
    content = read_bytes(folder, CLOSED, cards)
    if plan := read_closed(content, cards):
        return plan, ""
    if cards["releases"] and read_closed(content, cards | {"releases": {}}):
        return None, f"{CLOSED} er ikke lavet ved siden af alle udgivelser"
    return None, f"{CLOSED} er lavet til andre filer eller efter andre regler"


def _attempt(faults, read, *arguments):
    """What `read` returns; or None, and its faults among `faults`."""
    try:
        return read(*arguments)
    except DataFault as fault:
        faults.extend(fault.faults)
        return None
