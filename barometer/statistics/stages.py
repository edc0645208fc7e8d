"""One stage of sampling: the units of each stratum, and what deviations from its mean add to a
variance.
"""

import copy

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

MOST = 2**16  # rows whose deviations are found at a time


class Stage:
    """The sampling of units within strata, of n respondents.

    `stratum` (n): each one's stratum, as a place in `names`; of a later stage it is the unit above.
    `units`: labels (n), which may repeat between strata; none means each respondent is a unit.
    `population` (n): how many units the stratum has; none means sampled with replacement. `part`:
    what part of all units above was sampled, of each stratum, 1 in the first stage. `sizes`:
    sampled units of each stratum; `unsampled`: what part of a stratum's units is not. Raises
    ValueError for a population that varies in a stratum or is smaller than the sample.
    """

    def __init__(self, stratum, names, units=None, population=None, part=1.0, what="fpc"):
        self.stratum, self.names, self.part = stratum, names, np.broadcast_to(part, len(names))
        self.unit, self.unit_stratum, self._labels = _nest_units(units, stratum)
        self.sizes = np.bincount(self.unit_stratum, minlength=len(names))
        self.unsampled = np.ones(len(self.sizes))
        if population is not None:
            population = _check_population(what, population, stratum, self.sizes, names)
            self.unsampled = 1 - self.sizes / population

    def set_factors(self, lonely):
        """What squared deviations are multiplied by: (1 - n/N) n/(n-1) (Cochran 1977, section
        5.4), and in later stages the part of the units above (Cochran 1977, section 10.3).
        """
        unsampled = self.unsampled
        self.single = (self.sizes == 1) & (unsampled > 0) & (self.part > 0)
        several, single = self.sizes > 1, unsampled if lonely == "adjust" else 0.0
        below = np.where(several, self.sizes - 1, 1)
        factor = np.where(several, unsampled * self.sizes / below, single)
        self.root_factor = np.sqrt(factor * self.part)

    def leave_uncorrected(self, lonely):
        """The same stage as if sampled with replacement."""
        other = copy.copy(self)
        other.unsampled = np.ones(len(self.sizes))
        other.set_factors(lonely)
        return other

    def make_later(self, units, population, what):
        """The stage in which units were sampled within the units of this one."""
        part = ((1 - self.unsampled) * self.part)[self.unit_stratum]
        names = np.array(
            [
                f"{self.names[stratum]}/{label}"
                for stratum, label in zip(self.unit_stratum, self._labels, strict=True)
            ],
            dtype=object,
        )
        return Stage(self.unit, names, units, population, part, what)

    def find_residuals(self, influence, rows):
        """Deviations from the stratum's mean over all its sampled units, scaled so that their
        squares sum to variances.
        """
        return np.vstack([*self.list_residuals(influence, rows)])

    def list_residuals(self, influence, rows):
        """The same, a part at a time: of millions of rows all would fill the memory."""
        strata = self.stratum[rows]
        if self.unit is not None:
            influence = sum_by(self.unit[rows], len(self.unit_stratum), influence)
            strata = self.unit_stratum
        means = sum_by(strata, len(self.sizes), influence) / self.sizes[:, None]
        # "adjust": influence values have mean 0 over the whole base
        means[self.sizes == 1] = 0.0
        absent = self.sizes - np.bincount(strata, minlength=len(self.sizes))
        # Units without a row here have influence 0, hence deviate by the stratum's mean.
        outside = means * (self.root_factor * np.sqrt(absent))[:, None]
        for start in range(0, max(1, len(strata)), MOST):
            part = slice(start, start + MOST)
            inside = influence[part] - means[strata[part]]
            inside *= self.root_factor[strata[part]][:, None]
            yield np.vstack([inside, outside]) if start + MOST >= len(strata) else inside

    def list_incomplete(self):
        """Which respondents (n booleans) are of a stratum that was not surveyed completely."""
        return (self.unsampled > 0)[self.stratum]


def sum_by(codes, k, values):
    """Column sums of `values` (m x columns) for each code 0..k-1: k x columns."""
    m = len(codes)
    return csc_array((np.ones(m), codes, np.arange(m + 1)), shape=(k, m)) @ values


def code_labels(name, labels, n):
    """Sorted distinct labels, and each row's place among them. ValueError for missing ones."""
    labels = np.zeros(n, dtype=int) if labels is None else labels
    labels = labels if isinstance(labels, pd.Categorical) else np.asarray(labels)
    if len(labels) != n or pd.isna(labels).any():
        raise ValueError(f"{name} must hold one label for each of the {n} rows, none missing")
    if isinstance(labels, pd.Categorical):  # a text for each of millions of rows takes memory
        codes, used = pd.factorize(labels.codes)
        names = np.asarray(labels.categories)[used]
        order = np.argsort(names)
        return names[order], np.argsort(order)[codes]
    # much faster than np.unique where the labels are texts
    codes, names = pd.factorize(labels, sort=True)
    return np.asarray(names), codes


def _nest_units(units, stratum):
    """Each row's unit (none: its own), each unit's stratum and label. Labels may repeat between
    strata.
    """
    if units is None:
        return None, stratum, None
    names, codes = code_labels("psu", units, len(stratum))
    pairs, unit = np.unique(stratum * len(names) + codes, return_inverse=True)
    return unit, pairs // len(names), names[pairs % len(names)]


def _check_population(what, fpc, stratum, sizes, names):
    """Units per stratum. Raises ValueError if they vary within one or lie below the sample."""
    fpc = np.asarray(fpc, dtype=float)
    if len(fpc) != len(stratum):
        raise ValueError(f"{what} must hold one number for each of the {len(stratum)} rows")
    population = np.zeros(len(sizes))
    population[stratum] = fpc
    wrong = [
        ("is missing or varies within", np.unique(stratum[population[stratum] != fpc])),
        ("is below the number sampled in", np.flatnonzero(~(population >= sizes))),
    ]
    for fault, strata in wrong:
        if len(strata):
            raise ValueError(f"{what} {fault} stratum {', '.join(str(names[s]) for s in strata)}")
    return population
