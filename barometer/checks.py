"""The faults that a survey's files can have, measured against registry, population and cards, all told at once."""
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from barometer.answers import check_answers
from barometer.cards import CARDS, POPULATION, REGISTRY, check_length, read_bytes, read_cards
from barometer.closed import CLOSED, EXCEPTIONS, read_closed, read_exceptions
from barometer.faults import DataFault, Fault, make_row_fault, match_columns, raise_faults
from barometer.fingerprints import hash_survey
from barometer.questionnaire import Questionnaire
from barometer.reading import (
    KEYS,
    find_background,
    find_workplaces,
    read_population,
    read_published,
    read_registry,
    read_table,
)
from barometer.weighing import weigh
from barometer.written import find_texts

_READ = {}   # the last folder read in this process, by the content of its files


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
    told: tuple = ()   # how files were understood, where they are not written the plain way: Danish sentences
    unplanned: str = ""   # why there is no plan of closed cells to go by, in Danish


def read_folder(folder):
    """Read and check all files of a survey's folder. Raises one `DataFault` with the faults of all of them.

    What this process has read already is not read again while every file of the survey has the same content.
    """
    try:
        key = str(Path(folder).resolve()), tuple(hash_survey(Path(folder)).items())
    except OSError:   # a file that cannot be read; which, is told below
        key = None
    if key is None or key not in _READ:
        files = read_files(folder, read_cards(folder))
        _READ.clear()
        _READ[key] = files
    files = _READ[key]
    tables = {name: getattr(files, name).copy(deep=False) for name in ("population", "microdata", "published")}
    return replace(files, **tables)   # copied on writing: nobody else's tables change


def read_files(folder, cards):
    """Read and check all files of a survey's folder by these cards. Raises one `DataFault` with all faults.

    They need not be the folder's own: who seals it has the cards before they are written.
    """
    faults, told = [], []
    registry = _attempt(faults, read_registry, folder, cards)
    published = _attempt(faults, read_published, folder, cards, registry, told)
    if registry is None:
        # Nothing can be said of their contents, but of their bytes.
        for name in (POPULATION, cards["microdata"]):
            _attempt(faults, read_bytes, folder, name, cards)
        raise DataFault(faults)
    population = _attempt(faults, read_population, folder, cards, registry, told)
    microdata = _attempt(faults, read_table, folder, cards["microdata"], cards, registry,
                         () if population is None else tuple(population["stratum"]), told)
    if microdata is not None:
        found = find_faults(microdata, registry, population, cards)
        if not found and population is not None:   # what is wrong with weights or strata makes other sums
            factors, found, how = weigh(cards["microdata"], microdata, population, cards)
            microdata["weight"] = microdata["weight"] * factors
            told += how
        faults += found
    exceptions = _attempt(faults, _read_exceptions, folder, cards, registry) if (
        EXCEPTIONS in cards["files"] or (Path(folder) / EXCEPTIONS).exists()) else {}
    closed, unplanned = _attempt(faults, _read_closed, folder, cards) or (None, "")
    raise_faults(faults)
    return Files(cards, registry, population, microdata, published, closed, exceptions, tuple(told), unplanned)


def _read_exceptions(folder, cards, registry):
    return read_exceptions(read_bytes(folder, EXCEPTIONS, cards), registry)


def _read_closed(folder, cards):
    """(the plan of closed cells, ""), or (None, why there is none that was made for these files)."""
    if CLOSED not in cards["files"]:
        return None, f"{CLOSED} har intet kort i {CARDS}"
    if not (Path(folder) / CLOSED).exists():
        return None, f"{CLOSED} mangler"
    closed = read_closed(read_bytes(folder, CLOSED, cards), cards)
    return closed, "" if closed is not None else f"{CLOSED} er lavet til andre filer eller efter andre regler"


def check_survey(microdata, registry, population, cards):
    """Raise `DataFault` with every fault of a table of answers; return nothing when there is none."""
    raise_faults(find_faults(microdata, registry, population, cards))


def find_faults(microdata, registry, population, cards):
    """Every `Fault` of a table of answers. Without a `population` (None) nothing is said that would need it."""
    name = cards["microdata"]
    faults = check_length(name, microdata, cards) + _check_columns(name, microdata, registry)
    faults += _check_ids(name, microdata) + _check_weights(name, microdata)
    if population is None or "stratum" not in microdata:
        return faults + check_answers(name, microdata, registry, None)
    faults += _check_strata(name, microdata, population, cards)
    return faults + check_answers(name, microdata, registry, find_background(microdata["stratum"], population))


def _attempt(faults, read, *arguments):
    """What `read` returns; or None, and its faults among `faults`."""
    try:
        return read(*arguments)
    except DataFault as fault:
        faults.extend(fault.faults)
        return None


def _check_columns(name, table, registry):
    expected = [*KEYS, *registry.columns]
    missing = tuple(column for column in expected if column not in table)
    spare = tuple(column for column in table if column not in set(expected))
    missing, spare, faults = match_columns(name, missing, spare)
    add, remove = f"tilføj den, eller fjern spørgsmålet fra {REGISTRY}", f"fjern den, eller tilføj den i {REGISTRY}"
    faults += [Fault(name, "kolonnen mangler", add, missing)] if missing else []
    return faults + ([Fault(name, "kolonnen kendes ikke", remove, strange=spare)] if spare else [])


def _check_ids(name, table):
    if "id" not in table:
        return []
    ids = table["id"].astype("str")
    empty = ids.isna() | (ids.str.strip() == "")
    repeated = ids.duplicated(keep=False) & ~empty
    return [
        *make_row_fault(name, table, ["id"], empty, "id mangler", "giv hver arbejdsplads sit løbenummer"),
        *make_row_fault(name, table, ["id"], repeated, "samme id flere gange", "behold én række per arbejdsplads"),
    ]


def _check_weights(name, table):
    if "weight" not in table:
        return []
    texts, empty = find_texts(table["weight"]), table["weight"].isna().to_numpy()
    weights = pd.to_numeric(table["weight"].mask(texts), errors="coerce").to_numpy(float)
    cases = [
        (empty, "vægten mangler", "udfyld den, eller tag rækken ud"),
        (texts, "vægten er ikke et tal", "skriv den med decimalpunktum og uden tusindtalsskilletegn, fx 1250.5"),
        (weights <= 0, "vægten er nul eller negativ", "ret den til et tal over 0, eller tag rækken ud"),
        (weights == np.inf, "vægten er uendelig", "beregn den igen som arbejdspladser i stratum delt med antal svar"),
    ]
    return [fault for rows, problem, remedy in cases
            for fault in make_row_fault(name, table, ["weight"], rows, problem, remedy, table["weight"])]


def _check_strata(name, table, population, cards):
    strata = pd.Categorical(table["stratum"])
    respondents = np.bincount(strata.codes + 1, minlength=len(strata.categories) + 1)[strata.codes + 1]
    workplaces = find_workplaces(strata, population)
    # A stratum of one workplace that answered is complete and has no sampling error to estimate.
    lonely = (respondents == 1) & (workplaces > 1) & (cards.get("lonely", "fail") == "fail")
    cases = [
        (np.isnan(workplaces), "stratum kendes ikke", f"ret det til et stratum i {POPULATION}"),
        (respondents > workplaces, "stratum med flere svar end arbejdspladser",
         f"fjern gentagne svar, eller ret workplaces i {POPULATION}"),
        (lonely, "stratum med kun ét svar",
         f"slå det sammen med et nabostratum, eller vælg en regel i {CARDS} (lonely: adjust)"),
    ]
    return [fault for rows, problem, remedy in cases
            for fault in make_row_fault(name, table, ["stratum"], rows, problem, remedy, table["stratum"])]
