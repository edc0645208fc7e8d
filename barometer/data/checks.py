"""The faults that a survey's files can have, measured against registry, population and cards, all
told at once.
"""

import numpy as np
import pandas as pd

from barometer.data.answers import check_answers
from barometer.data.cards import CARDS, POPULATION, REGISTRY, check_length
from barometer.data.reading import KEYS, find_background, find_workplaces
from barometer.files.faults import check_columns, find_row_faults
from barometer.files.texts import find_texts


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
    add = f"tilføj den, eller fjern spørgsmålet fra {REGISTRY}"
    remove = f"fjern den, eller tilføj den i {REGISTRY}"
    return check_columns(name, table, [*KEYS, *registry.columns], add, remove)


def _check_ids(name, table):
    if "id" not in table:
        return []
    ids = table["id"].astype("str")
    empty = ids.isna() | (ids.str.strip() == "")
    repeated = ids.duplicated(keep=False) & ~empty
    cases = [
        (empty, "id mangler", "giv hver arbejdsplads sit løbenummer"),
        (repeated, "samme id flere gange", "behold én række per arbejdsplads"),
    ]
    return find_row_faults(name, table, ["id"], cases)


def _check_weights(name, table):
    if "weight" not in table:
        return []
    texts, empty = find_texts(table["weight"]), table["weight"].isna().to_numpy()
    weights = pd.to_numeric(table["weight"].mask(texts), errors="coerce").to_numpy(float)
    plain = "skriv den med decimalpunktum og uden tusindtalsskilletegn, fx 1250.5"
    positive = "ret den til et tal over 0, eller tag rækken ud"
    finite = "beregn den igen som arbejdspladser i stratum delt med antal svar"
    cases = [
        (empty, "vægten mangler", "udfyld den, eller tag rækken ud"),
        (texts, "vægten er ikke et tal", plain),
        (weights <= 0, "vægten er nul eller negativ", positive),
        (weights == np.inf, "vægten er uendelig", finite),
    ]
    return find_row_faults(name, table, ["weight"], cases, told=True)


def _check_strata(name, table, population, cards):
    strata = pd.Categorical(table["stratum"])
    sizes = np.bincount(strata.codes + 1, minlength=len(strata.categories) + 1)
    respondents, workplaces = sizes[strata.codes + 1], find_workplaces(strata, population)
    # A stratum of one workplace that answered is complete and has no sampling error to estimate.
    lonely = (respondents == 1) & (workplaces > 1) & (cards.get("lonely", "fail") == "fail")
    many = respondents > workplaces
    fewer = f"fjern gentagne svar, eller ret workplaces i {POPULATION}"
    rule = f"slå det sammen med et nabostratum, eller vælg en regel i {CARDS} (lonely: adjust)"
    cases = [
        (np.isnan(workplaces), "stratum kendes ikke", f"ret det til et stratum i {POPULATION}"),
        (many, "stratum med flere svar end arbejdspladser", fewer),
        (lonely, "stratum med kun ét svar", rule),
    ]
    return find_row_faults(name, table, ["stratum"], cases, told=True)
