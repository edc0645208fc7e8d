"""The faults that a survey's files can have, measured against registry, population and cards, all
told at once.
"""

import numpy as np
import pandas as pd

from barometer.data.answers import check_answers
from barometer.data.cards import CARDS, POPULATION, REGISTRY, check_length
from barometer.data.reading import KEYS, find_background, find_workplaces
from barometer.files.faults import Fault, make_row_fault, match_columns, raise_faults
from barometer.files.texts import find_texts


def check_survey(microdata, registry, population, cards):
    """Raise `DataFault` with every fault of a table of answers; return nothing when there is
    none.
    """
    raise_faults(find_faults(microdata, registry, population, cards))


def find_faults(microdata, registry, population, cards):
    """Every `Fault` of a table of answers. Without a `population` (None) nothing is said that would
    need it.
    """
    name = cards["microdata"]
    faults = check_length(name, microdata, cards) + _check_columns(name, microdata, registry)
    faults += _check_ids(name, microdata) + _check_weights(name, microdata)
    if population is None or "stratum" not in microdata:
        return faults + check_answers(name, microdata, registry, None)
    faults += _check_strata(name, microdata, population, cards)
    return faults + check_answers(
        name, microdata, registry, find_background(microdata["stratum"], population)
    )


def _check_columns(name, table, registry):
    expected = [*KEYS, *registry.columns]
    missing = tuple(column for column in expected if column not in table)
    spare = tuple(column for column in table if column not in set(expected))
    missing, spare, faults = match_columns(name, missing, spare)
    add, remove = (
        f"tilføj den, eller fjern spørgsmålet fra {REGISTRY}",
        f"fjern den, eller tilføj den i {REGISTRY}",
    )
    faults += [Fault(name, "kolonnen mangler", add, missing)] if missing else []
    return faults + ([Fault(name, "kolonnen kendes ikke", remove, strange=spare)] if spare else [])


def _check_ids(name, table):
    if "id" not in table:
        return []
    ids = table["id"].astype("str")
    empty = ids.isna() | (ids.str.strip() == "")
    repeated = ids.duplicated(keep=False) & ~empty
    return [
        *make_row_fault(
            name, table, ["id"], empty, "id mangler", "giv hver arbejdsplads sit løbenummer"
        ),
        *make_row_fault(
            name,
            table,
            ["id"],
            repeated,
            "samme id flere gange",
            "behold én række per arbejdsplads",
        ),
    ]


def _check_weights(name, table):
    if "weight" not in table:
        return []
    texts, empty = find_texts(table["weight"]), table["weight"].isna().to_numpy()
    weights = pd.to_numeric(table["weight"].mask(texts), errors="coerce").to_numpy(float)
    cases = [
        (empty, "vægten mangler", "udfyld den, eller tag rækken ud"),
        (
            texts,
            "vægten er ikke et tal",
            "skriv den med decimalpunktum og uden tusindtalsskilletegn, fx 1250.5",
        ),
        (
            weights <= 0,
            "vægten er nul eller negativ",
            "ret den til et tal over 0, eller tag rækken ud",
        ),
        (
            weights == np.inf,
            "vægten er uendelig",
            "beregn den igen som arbejdspladser i stratum delt med antal svar",
        ),
    ]
    return [
        fault
        for rows, problem, remedy in cases
        for fault in make_row_fault(name, table, ["weight"], rows, problem, remedy, table["weight"])
    ]


def _check_strata(name, table, population, cards):
    strata = pd.Categorical(table["stratum"])
    respondents = np.bincount(strata.codes + 1, minlength=len(strata.categories) + 1)[
        strata.codes + 1
    ]
    workplaces = find_workplaces(strata, population)
    # A stratum of one workplace that answered is complete and has no sampling error to estimate.
    lonely = (respondents == 1) & (workplaces > 1) & (cards.get("lonely", "fail") == "fail")
    cases = [
        (np.isnan(workplaces), "stratum kendes ikke", f"ret det til et stratum i {POPULATION}"),
        (
            respondents > workplaces,
            "stratum med flere svar end arbejdspladser",
            f"fjern gentagne svar, eller ret workplaces i {POPULATION}",
        ),
        (
            lonely,
            "stratum med kun ét svar",
            f"slå det sammen med et nabostratum, eller vælg en regel i {CARDS} (lonely: adjust)",
        ),
    ]
    return [
        fault
        for rows, problem, remedy in cases
        for fault in make_row_fault(
            name, table, ["stratum"], rows, problem, remedy, table["stratum"]
        )
    ]
