"""A survey's folder, read whole: registry, tables and plan, with every fault of them at once."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from barometer.data.cards import CARDS, POPULATION, hash_survey, read_bytes, read_cards
from barometer.data.checks import find_faults, weigh
from barometer.data.reading import read_population, read_published, read_registry, read_table
from barometer.data.registry import Questionnaire
from barometer.disclosure.closed import CLOSED, EXCEPTIONS, read_closed, read_exceptions
from barometer.files.faults import DataFault, raise_faults

_READ = {}  # the last folder read in this process, by the content of its files


@dataclass(frozen=True)
class Files:
    """What a survey's folder holds, read and found to be as registry and cards say."""

    cards: dict
    registry: Questionnaire
    population: pd.DataFrame
    microdata: pd.DataFrame
    published: pd.DataFrame
    closed: dict | None = None
    exceptions: dict = field(default_factory=dict)
    # how files were understood, where they are not written the plain way: Danish sentences
    told: tuple = ()
    unplanned: str = ""  # why there is no plan of closed cells to go by, in Danish


def read_folder(folder):
    """Read and check all files of a survey's folder. Raises one `DataFault` with all faults.

    The last folder is not read again while its files have the same content.
    """
    try:
        key = str(Path(folder).resolve()), tuple(hash_survey(Path(folder)).items())
    except OSError:  # a file that cannot be read; which, is told below
        key = None
    if key is None or key not in _READ:
        files = read_files(folder, read_cards(folder))
        _READ.clear()
        _READ[key] = files
    files = _READ[key]
    tables = {
        name: getattr(files, name).copy(deep=False)
        for name in ("population", "microdata", "published")
    }
    return replace(files, **tables)  # copied on writing: nobody else's tables change


def read_files(folder, cards):
    """Read and check a survey's files by cards, which may be newer. Raises one `DataFault`."""
    faults, told = [], []
    registry = _attempt(faults, read_registry, folder, cards)
    published = _attempt(faults, read_published, folder, cards, registry, told)
    if registry is None:
        # Nothing can be said of their contents, but of their bytes.
        for name in (POPULATION, cards["microdata"]):
            _attempt(faults, read_bytes, folder, name, cards)
        raise DataFault(faults)
    population = _attempt(faults, read_population, folder, cards, registry, told)
    microdata = _attempt(
        faults,
        read_table,
        folder,
        cards["microdata"],
        cards,
        registry,
        () if population is None else tuple(population["stratum"]),
        told,
    )
    if microdata is not None:
        found = find_faults(microdata, registry, population, cards)
        # what is wrong with weights or strata makes other sums
        if not found and population is not None:
            factors, found, how = weigh(cards["microdata"], microdata, population, cards)
            microdata["weight"] = microdata["weight"] * factors
            told += how
        faults += found
    if EXCEPTIONS in cards["files"] or (Path(folder) / EXCEPTIONS).exists():
        exceptions = _attempt(faults, _read_exceptions, folder, cards, registry)
    else:
        exceptions = {}
    closed, unplanned = _attempt(faults, _read_closed, folder, cards) or (None, "")
    raise_faults(faults)
    return Files(
        cards,
        registry,
        population,
        microdata,
        published,
        closed,
        exceptions,
        tuple(told),
        unplanned,
    )


def _read_exceptions(folder, cards, registry):
    return read_exceptions(read_bytes(folder, EXCEPTIONS, cards), registry)


def _read_closed(folder, cards):
    """(the plan of closed cells, ""), or (None, why there is none made for these files)."""
    if CLOSED not in cards["files"]:
        return None, f"{CLOSED} har intet kort i {CARDS}"
    if not (Path(folder) / CLOSED).exists():
        return None, f"{CLOSED} mangler"
    closed = read_closed(read_bytes(folder, CLOSED, cards), cards)
    return (
        closed,
        "" if closed is not None else f"{CLOSED} er lavet til andre filer eller efter andre regler",
    )


def _attempt(faults, read, *arguments):
    """What `read` returns; or None, and its faults among `faults`."""
    try:
        return read(*arguments)
    except DataFault as fault:
        faults.extend(fault.faults)
        return None
