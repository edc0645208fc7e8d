"""The faults of a survey's files, measured against registry, population and cards."""

import numpy as np
import pandas as pd

from barometer.data.answers import check_answers
from barometer.data.cards import CARDS, POPULATION, REGISTRY, check_length
from barometer.data.reading import INVITED, KEYS, STRATUM_COLUMNS
from barometer.designs import columns as design_columns
from barometer.designs.declared import read_declared
from barometer.files.faults import Fault, check_columns, find_row_faults, show_list
from barometer.files.texts import find_texts
from barometer.numbers.allowed import name_values
from barometer.text import format_count
from barometer.weighting.declared import is_made

# of a sum of weights, in proportion, where the card names none: rounded weights pass
TOLERANCE = 0.01
# how near to 1 the mean of normalised weights is: they are written with few decimals
NORMAL = 0.005
SHOWN = 5


def find_faults(microdata, registry, population, cards):
    """Every `Fault` of a table of answers that can be found with or without a `population`."""
    name = cards["microdata"]
    faults = check_length(name, microdata, cards) + _check_columns(name, microdata, registry, cards)
    faults += _check_ids(name, microdata) + _check_weights(name, microdata)
    faults += design_columns.find_faults(name, microdata, cards)
    if population is None or "stratum" not in microdata:
        return faults + check_answers(name, microdata, registry, None)
    faults += _check_strata(name, microdata, population, cards)
    return faults + check_answers(
        name, microdata, registry, find_background(microdata["stratum"], population)
    )


def _check_columns(name, table, registry, cards):
    add = f"tilføj den, eller fjern spørgsmålet fra {REGISTRY}"
    remove = f"fjern den, eller tilføj den i {REGISTRY}"
    drawn = read_declared(cards)
    both = tuple(name for name in drawn.numbers if name in registry.columns)
    problem = f"kolonnen er både et spørgsmål i {REGISTRY} og udtrækning i {CARDS}"
    faults = [Fault(name, problem, "behold den det ene sted", both)] if both else []
    drawn = [one for one in drawn.every_column if one not in registry.columns]
    made = [name_values(column) for one in registry.questions.values() for column in one.columns]
    table = table[[column for column in table if column not in made]]
    return faults + check_columns(name, table, [*KEYS, *registry.columns, *drawn], add, remove)


def _check_ids(name, table):
    if "id" not in table:
        return []
    ids = table["id"].astype("str")
    empty = ids.isna() | (ids.str.strip() == "")
    repeated = ids.duplicated(keep=False) & ~empty
    cases = [
        (empty, "id mangler", "giv hver respondent sit løbenummer"),
        (repeated, "samme id flere gange", "behold én række per respondent"),
    ]
    return find_row_faults(name, table, ["id"], cases)


def _check_weights(name, table):
    if "weight" not in table:
        return []
    texts, empty = find_texts(table["weight"]), table["weight"].isna().to_numpy()
    weights = pd.to_numeric(table["weight"].mask(texts), errors="coerce").to_numpy(float)
    plain = "skriv den med decimalpunktum og uden tusindtalsskilletegn, fx 1250.5"
    positive = "ret den til et tal over 0, eller tag rækken ud"
    finite = "beregn den igen som units i stratum delt med antal svar"
    cases = [
        (empty, "vægten mangler", "udfyld den, eller tag rækken ud"),
        (texts, "vægten er ikke et tal", plain),
        (weights <= 0, "vægten er nul eller negativ", positive),
        (weights == np.inf, "vægten er uendelig", finite),
    ]
    return find_row_faults(name, table, ["weight"], cases, shown=True)


def _check_strata(name, table, population, cards):
    strata = pd.Categorical(table["stratum"])
    sizes = np.bincount(strata.codes + 1, minlength=len(strata.categories) + 1)
    respondents, units = sizes[strata.codes + 1], find_units(strata, population)
    # A stratum of one unit that answered is complete and has no sampling error to estimate.
    declared = read_declared(cards)
    refused = declared.is_plain and cards.get("lonely", "fail") == "fail"
    lonely = (respondents == 1) & ((units > 1) | (not declared.corrected)) & refused
    many = respondents > units
    fewer = f"fjern gentagne svar, eller ret units i {POPULATION}"
    rule = f"slå det sammen med et nabostratum, eller vælg en regel i {CARDS} (lonely: adjust)"
    cases = [
        (np.isnan(units), "stratum kendes ikke", f"ret det til et stratum i {POPULATION}"),
        (many, "stratum med flere svar end units", fewer),
        (lonely, "stratum med kun ét svar", rule),
    ]
    if INVITED in population:
        more = respondents > find_units(strata, population, INVITED)
        remedy = f"ret {INVITED} i {POPULATION}"
        cases.append((more, "stratum med flere svar end spurgte", remedy))
    return find_row_faults(name, table, ["stratum"], cases, shown=True)


def find_background(stratum, population):
    """Each respondent's background, as categories; missing for an unknown stratum."""
    places = _find_places(stratum, population)
    names = [name for name in population if name not in (*STRATUM_COLUMNS, INVITED)]
    kinds = {name: pd.Categorical(population[name]) for name in names}
    return pd.DataFrame({name: kind.take(places, allow_fill=True) for name, kind in kinds.items()})


def find_units(stratum, population, column="units"):
    """Units in each respondent's stratum, or another count of it; nan where it is not known."""
    units = np.append(population[column].to_numpy(float), np.nan)
    return units[_find_places(stratum, population)]


def _find_places(stratum, population):
    """Each respondent's stratum as a row of the population, -1 where it is not known."""
    strata = pd.Categorical(stratum)
    places = pd.Index(population["stratum"]).get_indexer(strata.categories)
    return np.append(places, -1)[strata.codes]


def tabulate_weights(stratum, weights, population):
    """The population's strata with `respondents` (number) and `weights` (sum), which passed no
    gate.

    `stratum`, `weights`: of each respondent.
    """
    places = _find_places(stratum, population)
    known, weights = places >= 0, np.nan_to_num(np.asarray(weights, dtype=float), posinf=np.inf)
    table = population.drop(columns="basis", errors="ignore").reset_index(drop=True)
    table["respondents"] = np.bincount(places[known], minlength=len(table))
    table["weights"] = np.bincount(places[known], weights[known], minlength=len(table))
    return table


def weigh(name, table, population, cards):
    """(each weight's factor, faults, ways) of a table whose strata and weights are right.

    `ways`: that the weights were normalised, or are relative, and are scaled.
    """
    sums = tabulate_weights(table["stratum"], table["weight"], population)
    empty, ones = sums["respondents"] == 0, np.ones(len(table))
    faults, sums = _check_empty(sums[empty], cards), sums[~empty]
    if faults or not len(sums):
        return ones, faults, ()
    way, total = find_normalised(sums), _write(sums["weights"].sum())
    given = cards.get("weights", "population")
    if given == "population" or is_made(cards):
        return ones, _compare(name, sums, population["units"].sum(), cards, way), ()
    if given == "relative":
        way = "all"
    elif not way:
        said = "kortet siger, at vægtene er normaliserede"
        problem = f"{said}, men de summer til {total} ved"
        number = format_count(int(sums["respondents"].sum()))
        remedy = f"ret vægtene, eller skriv weights: population eller relative i {CARDS}"
        return ones, [Fault(name, f"{problem} {number} svar", remedy, ("weight",))], ()
    factors = sums["units"] / sums["weights"]
    if way == "all":
        factors[:] = sums["units"].sum() / sums["weights"].sum()
    scaled = sums.assign(weights=sums["weights"] * factors)
    scale = f"skaleret til de {_write(scaled['weights'].sum())} i {POPULATION}"
    what = "relative" if given == "relative" else "normaliserede"
    ways = (f"{name}: vægtene er {what} (sum {total}) og er {scale}",)
    places = _find_places(table["stratum"], sums)
    faults = _compare(name, scaled, sums["units"].sum(), cards, "")
    return factors.to_numpy()[places], faults, ways


def find_normalised(sums):
    """Where weights have mean 1 (or sum 1): over "all", within "strata" each, or ""."""
    total, number = sums["weights"].sum(), sums["respondents"].sum()
    within = np.abs(sums["weights"] / sums["respondents"] - 1) <= NORMAL
    if within.all():
        return "strata"
    return "all" if abs(total / number - 1) <= NORMAL or abs(total - 1) <= NORMAL else ""


def _check_empty(empty, cards):
    if not len(empty) or cards.get("empty_strata", "refuse") == "accept":
        return []
    what = f"{format_count(len(empty))} {'stratum' if len(empty) == 1 else 'strata'}"
    problem = f"{what} uden svar ({show_list(empty['stratum'])})"
    accept = f"skriv empty_strata: accept i {CARDS}, hvis ingen svar skal stå for dem"
    return [Fault(POPULATION, problem, f"slå dem sammen med andre, eller {accept}", ("stratum",))]


def _compare(name, sums, every, cards, way):
    """The faults of sums that are not the population's; `every`: units, with empty strata."""
    tolerance = cards.get("weight_tolerance", TOLERANCE)
    total, least = sums["weights"].sum(), sums["units"].sum()
    if not least * (1 - tolerance) <= total <= every * (1 + tolerance):
        number, share = format_count(int(sums["respondents"].sum())), _write_share(total / least)
        problem = f"vægtene summer til {_write(total)}, men {POPULATION} har {_write(least)}"
        problem += f" ({share} ved {number} svar)"
        remedy = (
            f"beregn dem igen, så de summer til units, ret {POPULATION}, eller skriv weights: "
            f"relative i {CARDS}, så de skaleres til units, hvis kun forholdet mellem dem gælder"
        )
        if is_made(cards):
            remedy = f"lad et trin under weighting i {CARDS} nå units, fx rake eller calibrate"
        elif way:
            where = " i hvert stratum" if way == "strata" else ""
            problem += f", for vægtene er normaliserede{where}"
            remedy = f"skriv weights: normalised i {CARDS}, så de skaleres til units"
        return [Fault(name, problem, remedy, ("weight",))]
    within = cards.get("stratum_tolerance", tolerance)
    if is_made(cards):  # they meet what the card's steps say, in strata or not
        return []
    wrong = sums[np.abs(sums["weights"] / sums["units"] - 1) > within]
    if not len(wrong):
        return []
    rows = wrong.head(SHOWN).itertuples()
    pairs = [f"{row.stratum} {_write(row.weights)} mod {_write(row.units)}" for row in rows]
    more = f" og {len(wrong) - SHOWN} til" if len(wrong) > SHOWN else ""
    what = "1 stratum" if len(wrong) == 1 else f"{format_count(len(wrong))} strata"
    problem = f"vægtene i {what} summer ikke til stratummets units"
    remedy = f"skriv stratum_tolerance: 0.5 i {CARDS}, hvis de er kalibreret til andet"
    found = f"{problem} ({', '.join(pairs)}{more})"
    return [Fault(name, found, f"beregn dem igen, eller {remedy}", ("weight",))]


def _write(number):
    return format_count(round(number)) if 10 <= number < 1e15 else f"{number:.3g}".replace(".", ",")


def _write_share(share):
    if share >= 9.99:
        return "over ti gange så meget"
    return f"{100 * share:.3g}".replace(".", ",") + " pct."
