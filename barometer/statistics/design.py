"""How a stratified (and, if need be, clustered) sample was drawn, and the variance of weighted sums
under it.

The variance of a sum is taken over all of a stratum's sampled units, also those outside the group
at hand: rows are never filtered away before the variance is taken (Särndal, Swensson & Wretman
1992, section 5.5).
"""

import copy
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from barometer.errors import BarometerError

LONELY_RULES = ("fail", "adjust", "certainty", "remove")


class LonelyStratum(BarometerError):
    """A stratum has one sampled unit, so no variance can be estimated, and no rule was named."""


class Design:
    """How n respondents were sampled: weights, strata, population per stratum, and (rarely)
    clusters.

    `weights`, `strata`, `fpc` and `psu` hold one value per respondent. `fpc` is the number of
    population units in the respondent's stratum (finite population correction 1 - n/N; Cochran
    1977, section 5.5); none means sampled with replacement. `psu` labels the primary sampling unit
    within the stratum; none means each respondent is one. `lonely` says what a stratum with one
    sampled unit adds to a variance: "fail" refuses with `LonelyStratum`, "adjust" takes its
    deviation from the overall mean (conservative), "certainty" and "remove" add nothing. A stratum
    surveyed completely is never lonely. `complete`: which strata are (a boolean for each of
    `stratum_names`). Raises ValueError naming what is wrong with the arguments.
    """

    def __init__(self, weights, strata=None, fpc=None, psu=None, lonely="fail"):
        if lonely not in LONELY_RULES:
            rules = ", ".join(LONELY_RULES)
            raise ValueError(f"lonely={lonely!r} is not a rule; choose one of {rules}")
        self.lonely, self.weights = lonely, _check_weights(weights)
        self.stratum_names, self.stratum = _code_labels("strata", strata, len(self.weights))
        self.unit, self.unit_stratum = _nest_units(psu, self.stratum)
        self.sizes = np.bincount(self.unit_stratum, minlength=len(self.stratum_names))
        unsampled = np.ones(len(self.sizes))
        if fpc is not None:
            population = _check_population(fpc, self.stratum, self.sizes, self.stratum_names)
            unsampled = 1 - self.sizes / population
        self.complete, self._corrected = unsampled == 0, bool((unsampled < 1).any())
        self._set_factors(unsampled, lonely)

    def _set_factors(self, unsampled, lonely):
        """What squared deviations are multiplied by; `unsampled`: what part of a stratum is."""
        self._single = (self.sizes == 1) & (unsampled > 0)
        several, single = self.sizes > 1, unsampled if lonely == "adjust" else 0.0
        below = np.where(several, self.sizes - 1, 1)
        factor = np.where(several, unsampled * self.sizes / below, single)
        self._root_factor = np.sqrt(factor)

    @cached_property
    def uncorrected(self):
        """The same design without finite population correction, for inference to a superpopulation.

        What is asked then is not how the population at hand would have answered, but what made it
        answer so, and of that a complete survey is a sample too (Korn & Graubard 1999, section 2.2;
        Graubard & Korn 2002). A stratum with one unit that was surveyed completely becomes lonely.
        Under the rule "fail" it is taken as under "adjust", the cautious one, as nobody could name
        a rule for a stratum that the finite design does not count as lonely.
        """
        if not self._corrected:
            return self
        other = copy.copy(self)
        other.complete, other._corrected = np.zeros(len(self.sizes), dtype=bool), False
        other.lonely = "adjust" if self.lonely == "fail" else self.lonely
        other._set_factors(np.ones(len(self.sizes)), other.lonely)
        return other

    def effective_size(self, rows):
        """Effective number of sampled units among `rows`, after unequal weights: (sum W)^2 / sum
        W^2 (Kish 1965, section 11.7); W are the units' weights. At most the number of units; 0 for
        none.
        """
        weights = self.weights[rows]
        if self.unit is not None:
            weights = np.bincount(self.unit[rows], weights, len(self.unit_stratum))
        squares = (weights**2).sum()
        return float(weights.sum() ** 2 / squares) if squares else 0.0

    def find_complete(self, asked, rows):
        """Whether all of a base are from strata surveyed completely: k booleans, column j of
        `asked` (m x k) being base j. An empty base is not complete.
        """
        inside = asked & (self.weights[rows] > 0)[:, None]
        sampled = inside & ~self.complete[self.stratum[rows]][:, None]
        return inside.any(axis=0) & ~sampled.any(axis=0)

    def variances(self, influence, rows):
        """Variances of sums of the columns of `influence` (m x k), whose lines are `rows` (m)."""
        residuals = self._find_residuals(influence, rows)
        return np.einsum("ij,ij->j", residuals, residuals)

    def covariances(self, influence, rows):
        """Covariance matrix (k x k) of the sums of the columns of `influence` (m x k)."""
        residuals = self._find_residuals(influence, rows)
        return residuals.T @ residuals

    def class_variances(self, numbers, means, spreads):
        """Variance of sums of influence values that are known by classes of respondents, each its
        own sampled unit.

        The arguments are arrays (classes x ... x strata): how many units of a class a stratum has,
        their mean influence and the sum of their squared deviations from it. Units in no class have
        influence 0. Returns an array (...). The squared deviations from the stratum's mean are
        those within and those between classes, both sums of squares and so free of cancellation
        (Chan, Golub & LeVeque 1983). Equals `variances` on the values one by one.
        """
        # as in _find_residuals
        overall = np.where(self.sizes == 1, 0.0, (numbers * means).sum(axis=0) / self.sizes)
        squares = (self.sizes - numbers.sum(axis=0)) * overall**2
        squares += (spreads + numbers * (means - overall) ** 2).sum(axis=0)
        return squares @ self._root_factor**2

    def degrees_of_freedom(self, rows):
        """Units minus strata among `rows` with a weight (Korn & Graubard 1999, section 5.2)."""
        return int(self.count_degrees(np.ones((len(rows), 1), dtype=bool), rows)[0])

    def count_degrees(self, asked, rows):
        """Degrees of freedom of k bases; `asked` (m x k): which of `rows` are in each."""
        counted = asked & (self.weights[rows] > 0)[:, None]
        strata = np.count_nonzero(_sum_by(self.stratum[rows], len(self.sizes), counted), axis=0)
        units = counted
        if self.unit is not None:
            units = _sum_by(self.unit[rows], len(self.unit_stratum), counted)
        return np.count_nonzero(units, axis=0) - strata

    def _find_residuals(self, influence, rows):
        """Deviations from the stratum mean over all its sampled units, scaled so that their squares
        sum to variances.

        The variance is the sum over strata of (1 - n/N) n/(n-1) times squared deviations (Cochran
        1977, section 5.4).
        """
        self.refuse_lonely(rows)
        strata = self.stratum[rows]
        if self.unit is not None:
            influence = _sum_by(self.unit[rows], len(self.unit_stratum), influence)
            strata = self.unit_stratum
        means = _sum_by(strata, len(self.sizes), influence) / self.sizes[:, None]
        # "adjust": influence values have mean 0 over the whole base
        means[self.sizes == 1] = 0.0
        absent = self.sizes - np.bincount(strata, minlength=len(self.sizes))
        inside = (influence - means[strata]) * self._root_factor[strata][:, None]
        # Units without a row here have influence 0, hence deviate by the stratum's mean.
        outside = means * (self._root_factor * np.sqrt(absent))[:, None]
        return np.vstack([inside, outside])

    def find_lonely(self):
        """Respondents whose stratum has one sampled unit but is not surveyed completely."""
        return np.flatnonzero(self._single[self.stratum])

    def refuse_lonely(self, rows):
        """Raise `LonelyStratum` where one of `rows` is lonely and no rule is named for it."""
        if self.lonely != "fail":
            return
        lonely = np.unique(self.stratum[rows[self._single[self.stratum[rows]]]])
        if len(lonely):
            names = ", ".join(str(name) for name in self.stratum_names[lonely])
            raise LonelyStratum(
                f"only one sampled unit in stratum {names}; name a rule for it with lonely="
            )


def _sum_by(codes, k, values):
    """Column sums of `values` (m x columns) for each code 0..k-1: k x columns."""
    m = len(codes)
    return csc_array((np.ones(m), codes, np.arange(m + 1)), shape=(k, m)) @ values


def _check_weights(weights):
    weights = np.array(weights, dtype=float)
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(bad):
        raise ValueError(
            f"weights must be finite and not negative; {len(bad)} are not, first in row {bad[0]}"
        )
    if not weights.any():
        raise ValueError("weights are all zero")
    return weights


def _code_labels(name, labels, n):
    """Sorted distinct labels, and each row's place among them. ValueError for missing ones."""
    labels = np.zeros(n, dtype=int) if labels is None else np.asarray(labels)
    if len(labels) != n or pd.isna(labels).any():
        raise ValueError(f"{name} must hold one label for each of the {n} rows, none missing")
    # much faster than np.unique where the labels are texts
    codes, names = pd.factorize(labels, sort=True)
    return np.asarray(names), codes


def _nest_units(psu, stratum):
    """Each row's unit (none: its own) and each unit's stratum. Labels may repeat between strata."""
    if psu is None:
        return None, stratum
    names, codes = _code_labels("psu", psu, len(stratum))
    pairs, unit = np.unique(stratum * len(names) + codes, return_inverse=True)
    return unit, pairs // len(names)


def _check_population(fpc, stratum, sizes, names):
    """Units per stratum. Raises ValueError if they vary within one or lie below the sample."""
    fpc = np.asarray(fpc, dtype=float)
    if len(fpc) != len(stratum):
        raise ValueError(f"fpc must hold one number for each of the {len(stratum)} rows")
    population = np.zeros(len(sizes))
    population[stratum] = fpc
    wrong = [
        ("is missing or varies within", np.unique(stratum[population[stratum] != fpc])),
        ("is below the number sampled in", np.flatnonzero(~(population >= sizes))),
    ]
    for fault, strata in wrong:
        if len(strata):
            raise ValueError(f"fpc {fault} stratum {', '.join(str(names[s]) for s in strata)}")
    return population
