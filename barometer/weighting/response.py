"""How evenly the parts of a population have responded."""

import numpy as np


def measure_representativity(units, invited, answered):
    """The R-indicator of response by parts of a population: 1 where the same share of those who
    were asked responded in each part, less the more the shares differ, down to 0.

    `units`, `invited`, `answered`: arrays, a part each: how many there are, were asked and
    responded. R is 1 − 2 S, S the standard deviation of the shares over the units (Schouten, Cobben
    and Bethlehem 2009). Shares of a sample differ by chance too: the variance that comes of that is
    subtracted from S². nan where a part has fewer than two who were asked, or a count that is nan.

    >>> measure_representativity([100, 100], [50, 50], [30, 30])
    1.0
    """
    units, invited, answered = (np.asarray(one, float) for one in (units, invited, answered))
    if (invited < 2).any() or not np.isfinite(answered).all():
        return float("nan")
    weights, rates = units / units.sum(), answered / invited
    spread = weights @ (rates - weights @ rates) ** 2
    chance = (weights * (1 - weights)) @ (rates * (1 - rates) / (invited - 1))
    return float(1 - 2 * np.sqrt(max(0.0, spread - chance)))
