"""By what method replicate weights were made, where that can be seen of them."""

import numpy as np

from barometer.designs.declared import METHODS

NEAR = 1e-3  # how far rounded weights are from what a method makes of them, as a share
NUMBERED = {"Fay": "rho", "JKn": "scales"}  # methods that need a number


def recognise(weights, sets):
    """The fields of `replicates` that can be seen of weights (n) and sets (n x R): `form`, and
    `method` with what it needs; without `method` where it cannot be seen.

    BRR doubles or drops each weight, Fay's variant takes rho and 2 - rho of them; a jackknife drops
    each respondent in one set alone and multiplies others of his stratum (JKn) or all (JK1).
    """
    form = find_form(weights, sets)
    ratios = sets if form == "factors" else sets / weights[:, None]
    levels = [_list_levels(column) for column in ratios.T]
    least, most = ratios.min(), ratios.max()
    found = {"form": form}
    if all(len(one) == 2 for one in levels) and _is_near(least + most, 2):
        if _is_near(least, 0):
            return found | {"method": "BRR"}
        if least > 0:
            return found | {"method": "Fay", "rho": round(float(least), 4)}
    if not ((ratios < NEAR).sum(axis=1) == 1).all():
        return found
    tops = np.array([one[-1] for one in levels])
    if all(len(one) == 2 for one in levels) and _is_near(tops, len(levels) / (len(levels) - 1)):
        return found | {"method": "JK1"}
    if all(len(one) == 3 and _is_near(one[1], 1) for one in levels):
        # of n units in a stratum each stands for n / (n - 1)
        units = np.round(tops / (tops - 1))
        if _is_near(tops, units / np.maximum(units - 1, 1)):
            return found | {"method": "JKn", "scales": [float(one) for one in (units - 1) / units]}
    return found


def find_form(weights, sets):
    """Whether sets are "weights" themselves, or "factors" of the weights."""
    return "weights" if 0.5 <= np.median(sets.sum(axis=0)) / weights.sum() <= 2 else "factors"


def read_method(text):
    """The fields of "BRR", "Fay:0.3" or "JKn:0.5". Raises ValueError for what is no method."""
    method, _, number = text.partition(":")
    known = {name.casefold(): name for name in METHODS}.get(method.casefold())
    if known is None or bool(number) != (known in NUMBERED):
        raise ValueError(f"{text}: skriv JK1, BRR, bootstrap, Fay:0.3 eller JKn:0.5")
    return {"method": known} | ({NUMBERED[known]: float(number)} if number else {})


def _list_levels(column):
    """The different values of a column, from the least, but for rounding."""
    values = np.unique(column)
    return values[np.append(True, np.diff(values) > NEAR * np.maximum(values[1:], 1))]


def _is_near(values, expected):
    return bool((np.abs(np.asarray(values) - expected) <= NEAR).all())
