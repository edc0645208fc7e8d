"""The design of a survey whose columns have been checked."""

from itertools import zip_longest

from barometer.designs.declared import read_declared
from barometer.statistics.design import Design
from barometer.statistics.replicates import Replicates, find_scales


def make_design(table, cards, units):
    """The `Design`, or `Replicates`, of a table of answers.

    `units` (n): how many the population has in each respondent's stratum.
    """
    declared = read_declared(cards)
    weights, strata = table["weight"].to_numpy(float), table["stratum"].array
    if declared.method:
        scale = find_scales(declared.method, len(declared.columns), declared.rho)
        scales = declared.scales or 1.0
        return Replicates(
            weights, read_sets(table, declared), scale, scales, declared.center, strata
        )
    lonely = cards.get("lonely", "fail")
    if not declared.clusters:
        return Design(weights, strata, units if declared.corrected else None, lonely=lonely)
    first, *later = [
        (
            table[column].to_numpy() if column else None,
            table[size].to_numpy(float) if size else None,
        )
        for column, size in zip_longest(declared.clusters, declared.sizes)
    ]
    return Design(weights, strata, first[1], first[0], lonely, later)


def read_sets(table, declared):
    """The sets of weights (n x R): factors are multiplied by the weight."""
    sets = table[list(declared.columns)].to_numpy(float)
    return sets * table["weight"].to_numpy(float)[:, None] if declared.form == "factors" else sets


def scale_sets(table, declared, factors):
    """Multiply the sets of weights in a table, in place, by what its weights were multiplied by."""
    if declared.form == "weights":
        for column in declared.columns:
            table[column] = table[column] * factors
