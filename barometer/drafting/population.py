"""population.csv where a file of answers does not say how many its strata stand for."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd

from barometer.data.checks import TOLERANCE
from barometer.languages.speaking import _

NORMAL = 0.005  # how near to 1 the mean of normalised weights is
STEP = 0.05  # of a tolerance that is written


@dataclass(frozen=True)
class Population:
    """`text`: population.csv. `factor`: what normalised weights' sums were multiplied by.

    `tolerances` {the cards' key: a share}: where units are not the weights' sums.
    """

    text: str
    factor: int
    tolerances: dict


def is_normalised(weights):
    """Whether weights have a mean of 1, so that they say nothing of the number of units."""
    return bool(abs(weights.mean() - 1) <= NORMAL and (weights != 1).any())


def make_population(strata, weights, dimensions):
    """The `Population` that the weights stand for, never fewer units than respondents in a stratum.

    `strata`: a name a row; `dimensions` {name: answers, a row each}. Sums of normalised weights
    are in proportion to the units alone. So all are multiplied by one number, where rounding or a
    stratum that has more respondents would change their proportions.
    """
    table = pd.DataFrame({"stratum": strata, **dimensions, "weight": weights})
    groups = table.groupby("stratum", sort=True)
    made = groups[[*dimensions]].first()
    sums, numbers = groups["weight"].sum().to_numpy(), groups.size().to_numpy()
    factor = _find_factor(sums, numbers) if is_normalised(weights) else 1
    units = np.maximum(np.round(sums * factor).astype(int), numbers)
    made["units"] = units
    times = _("summen af vægtene gange {factor}").format(factor=factor)
    made["basis"] = times if factor > 1 else _("summen af vægtene")
    text = made.reset_index().to_csv(index=False, lineterminator="\n")
    found = {
        "weight_tolerance": abs(sums.sum() * factor / units.sum() - 1),
        "stratum_tolerance": float(np.abs(sums * factor / units - 1).max()),
    }
    tolerances = {key: _round_up(share) for key, share in found.items() if share > TOLERANCE}
    return Population(text, factor, tolerances)


def _find_factor(sums, numbers):
    """The least whole number by which each sum is at least its respondents, and rounds to units
    within half of the tolerance.
    """
    if (sums >= numbers).all():
        return 1
    return ceil(max(np.max(numbers / sums), 1 / (TOLERANCE * sums.min())))


def _round_up(share):
    """The next step above a share, and less than 1 as cards have it."""
    return min(round(ceil(share / STEP + 1e-9) * STEP, 2), 0.99)
