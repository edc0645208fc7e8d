"""population.csv where a file of answers does not say how many its strata stand for, and the
dimensions that its strata lie in.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd

from barometer.data.checks import TOLERANCE
from barometer.data.domains import is_no_name
from barometer.drafting.drawn import CLUSTER
from barometer.drafting.grouping import make_answers, make_code
from barometer.files.texts import make_name
from barometer.incoming.keys import EVERYBODY
from barometer.languages.speaking import _

ONE_PART = "part"  # of which all respondents are
KEYS = ("id", "stratum", "weight", "all", EVERYBODY, CLUSTER)
NORMAL = 0.005  # how near to 1 the mean of normalised weights is
STEP = 0.05  # of a tolerance that is written


@dataclass(frozen=True)
class Population:
    """`text`: population.csv. `factor`: what normalised weights' sums were multiplied by.
    `is_weighed`: whether respondents have different weights, or others than 1.

    `tolerances` {the cards' key: a share}: where units are not the weights' sums.
    """

    text: str
    factor: int
    tolerances: dict
    is_weighed: bool = True


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
    is_weighed = bool((table["weight"] != 1).any())
    sums_of = _("summen af vægtene") if is_weighed else _("antallet af svar")
    made["basis"] = times if factor > 1 else sums_of
    text = made.reset_index().to_csv(index=False, lineterminator="\n")
    found = {
        "weight_tolerance": abs(sums.sum() * factor / units.sum() - 1),
        "stratum_tolerance": float(np.abs(sums * factor / units - 1).max()),
    }
    tolerances = {key: _round_up(share) for key, share in found.items() if share > TOLERANCE}
    return Population(text, factor, tolerances, is_weighed)


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


def make_dimensions(source, columns, names):
    """({dimension: (text, {code: label})}, {dimension: each row's code}) of `names`, {column:
    dimension}; where there are none, of one part that everybody is in.
    """
    if not names:
        everybody = np.full(len(source.frame), EVERYBODY)
        named = {EVERYBODY: _("Alle respondenter")}
        return {ONE_PART: (_("Alle"), named)}, {ONE_PART: everybody}
    dimensions, values = {}, {}
    for name, key in names.items():
        column = columns[name]
        given = [code for code, count in column.counts.items() if count]
        texts = make_answers({code: column.label(code) for code in given})
        # a part's code is the name of its report's folder
        codes = {code: make_name(texts[make_code(code)]) or make_code(code) for code in given}
        if len({*codes.values()} - {"all"}) < len(given):
            codes = {code: make_code(code) for code in given}
        labels = {codes[code]: texts[make_code(code)] for code in given}
        dimensions[key] = (column.title or name, labels)
        values[key] = source.frame[name].map(codes).to_numpy()
    return dimensions, values


def name_dimensions(parts):
    """{column: the name of its dimension}, each another; the columns of the answers' keys have
    theirs already.
    """
    found = {}
    for column in parts:
        name = make_name(column)
        if name in (*KEYS, *found.values()) or is_no_name(name):
            name = f"{name}_part" if name[:1].isalpha() else f"part_{name}"
        while name in found.values():
            name = f"{name}_part"
        found[column] = name
    return found
