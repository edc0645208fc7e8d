"""A sample's weights held against the population that they stand for, stratum by stratum and in all.

A weight is the number of workplaces that an answer stands for, so weights sum to the population. Normalised weights (of
mean 1, in all or within each stratum, or of sum 1) only tell how answers count beside each other; they are scaled to
the population where the survey's card says `weights: normalised`.
"""
import numpy as np
import pandas as pd

from barometer.cards import CARDS, POPULATION
from barometer.faults import Fault, show_list
from barometer.numbers import format_count

TOLERANCE = 0.01    # of a sum of weights, in proportion, where the card names none: rounded weights pass
NORMAL = 0.005      # how near to 1 the mean of normalised weights is: they are written with few decimals
BACKGROUND = ("stratum", "sector", "field", "size", "workplaces")
SHOWN = 5


def tabulate_weights(stratum, weights, population):
    """One row per stratum of the population: its columns, and `respondents` (number) and `weights` (sum).

    `stratum`, `weights`: of each respondent. Counts and sums have passed no gate.
    """
    places = pd.Index(population["stratum"]).get_indexer(np.asarray(pd.Series(stratum).astype(object)))
    known = places >= 0
    weights = np.nan_to_num(np.asarray(weights, dtype=float)[known], nan=0.0, posinf=np.inf)
    table = population[[name for name in BACKGROUND if name in population]].copy()
    with np.errstate(over="ignore"):
        table["respondents"] = np.bincount(places[known], minlength=len(table))
        table["weights"] = np.bincount(places[known], weights, minlength=len(table))
    return table.reset_index(drop=True)


def weigh(name, table, population, cards):
    """(factor of each respondent's weight, faults, told) of a table whose strata and weights are known to be right."""
    sums = tabulate_weights(table["stratum"], table["weight"], population)
    ones = np.ones(len(table))
    empty = sums["respondents"] == 0
    faults = _check_empty(sums[empty], cards)
    sums = sums[~empty]
    if faults or not len(sums):
        return ones, faults, ()
    way = find_normalised(sums)
    if cards.get("weights", "population") == "normalised":
        if not way:
            problem = ("kortet siger, at vægtene er normaliserede, men de summer til "
                       f"{_write(sums['weights'].sum())} ved {format_count(int(sums['respondents'].sum()))} svar")
            remedy = f"ret vægtene, eller skriv weights: population i {CARDS}"
            return ones, [Fault(name, problem, remedy, ("weight",))], ()
        factors = _find_factors(sums, way)
        scaled = sums.assign(weights=sums["weights"] * factors)
        told = (f"{name}: vægtene er normaliserede (sum {_write(sums['weights'].sum())}) og er skaleret til de "
                f"{_write(scaled['weights'].sum())} arbejdspladser i {POPULATION}",)
        places = pd.Index(sums["stratum"]).get_indexer(np.asarray(table["stratum"].astype(object)))
        return factors[places], _compare(name, scaled, sums["workplaces"].sum(), cards, ""), told
    return ones, _compare(name, sums, population["workplaces"].sum(), cards, way), ()


def find_normalised(sums):
    """"all" where weights have mean 1 (or sum 1), "strata" where they have it within each stratum, else ""."""
    total, number = sums["weights"].sum(), sums["respondents"].sum()
    within = np.abs(sums["weights"] / sums["respondents"] - 1) <= NORMAL
    if within.all():
        return "strata"
    return "all" if abs(total / number - 1) <= NORMAL or abs(total - 1) <= NORMAL else ""


def _find_factors(sums, way):
    workplaces, weights = sums["workplaces"].to_numpy(float), sums["weights"].to_numpy(float)
    return workplaces / weights if way == "strata" else np.full(len(sums), workplaces.sum() / weights.sum())


def _check_empty(empty, cards):
    if not len(empty) or cards.get("empty_strata", "refuse") == "accept":
        return []
    one = len(empty) == 1
    problem = f"{format_count(len(empty))} {'stratum' if one else 'strata'} uden svar ({show_list(empty['stratum'])})"
    remedy = f"slå dem sammen med andre, eller skriv empty_strata: accept i {CARDS}, hvis ingen svar skal stå for dem"
    return [Fault(POPULATION, problem, remedy, ("stratum",))]


def _compare(name, sums, every, cards, way):
    """The faults of sums of weights that are not the population's. `every`: workplaces, with those of empty strata."""
    tolerance = cards.get("weight_tolerance", TOLERANCE)
    total, least = sums["weights"].sum(), sums["workplaces"].sum()
    if not least * (1 - tolerance) <= total <= every * (1 + tolerance):
        number = format_count(int(sums["respondents"].sum()))
        problem = (f"vægtene summer til {_write(total)}, men {POPULATION} har {_write(least)} arbejdspladser "
                   f"({_write_share(total / least)} ved {number} svar)")
        remedy = f"beregn dem igen, så de summer til arbejdspladserne, eller ret {POPULATION}"
        if way:
            where = " i hvert stratum" if way == "strata" else ""
            problem += f", for vægtene er normaliserede{where}"
            remedy = f"skriv weights: normalised i {CARDS}, så de skaleres til arbejdspladserne"
        return [Fault(name, problem, remedy, ("weight",))]
    within = cards.get("stratum_tolerance", tolerance)
    wrong = sums[np.abs(sums["weights"] / sums["workplaces"] - 1) > within]
    if not len(wrong):
        return []
    told = ", ".join(f"{row.stratum} {_write(row.weights)} mod {_write(row.workplaces)}"
                     for row in wrong.head(SHOWN).itertuples())
    more = f" og {len(wrong) - SHOWN} til" if len(wrong) > SHOWN else ""
    what = "1 stratum" if len(wrong) == 1 else f"{format_count(len(wrong))} strata"
    problem = f"vægtene i {what} summer ikke til stratummets arbejdspladser ({told}{more})"
    remedy = f"beregn dem igen, eller skriv stratum_tolerance: 0.5 i {CARDS}, hvis de er kalibreret til andet"
    return [Fault(name, problem, remedy, ("weight",))]


def _write(number):
    if not number < 1e15:
        return f"{number:.3g}".replace(".", ",")
    return format_count(round(number)) if number >= 10 else f"{number:.3g}".replace(".", ",")


def _write_share(share):
    return f"{100 * share:.3g}".replace(".", ",") + " pct." if share < 9.99 else "over ti gange så meget"
