"""How a sample was drawn, in strata and, if need be, in clusters of one or more stages, and the
variance of weighted sums under it.

The variance of a sum is taken over all of a stratum's sampled units, also those outside the group
at hand: rows are never filtered away before the variance is taken (Särndal, Swensson & Wretman
1992, section 5.5).
"""

import copy
from functools import cached_property

import numpy as np

from barometer.errors import BarometerError
from barometer.statistics.stages import Stage, code_labels, sum_by

LONELY_RULES = ("fail", "adjust", "certainty", "remove")


class LonelyStratum(BarometerError):
    """A stratum has one sampled unit, so no variance can be estimated, and no rule was named."""


class Design:
    """How n respondents were sampled: weights, strata, population per stratum, and clusters.

    `weights`, `strata`, `fpc` and `psu` hold one value per respondent. `fpc` is the number of
    population units in the respondent's stratum (finite population correction 1 - n/N; Cochran
    1977, section 5.5); none means sampled with replacement. `psu` labels the primary sampling unit
    within the stratum; none means each respondent is one. `later`: for each further stage (labels
    of the units within those above, or None where each respondent is one; how many the unit above
    has, or None), n values each. A later stage counts by the part of the units above that was
    sampled, so not at all where these were sampled with replacement (Särndal, Swensson & Wretman
    1992, section 4.4). `lonely` says what a stratum, or a unit above, with one sampled unit adds to
    a variance: "fail" refuses with `LonelyStratum`, "adjust" takes its deviation from the overall
    mean (conservative), "certainty" and "remove" add nothing. One surveyed completely is never
    lonely. `complete`: which strata are in their first stage (a boolean for each of
    `stratum_names`). Raises ValueError naming what is wrong with the arguments.
    """

    def __init__(self, weights, strata=None, fpc=None, psu=None, lonely="fail", later=()):
        if lonely not in LONELY_RULES:
            rules = ", ".join(LONELY_RULES)
            raise ValueError(f"lonely={lonely!r} is not a rule; choose one of {rules}")
        self.lonely, self.weights = lonely, check_weights(weights)
        self.stratum_names, self.stratum = code_labels("strata", strata, len(self.weights))
        self.stages = [Stage(self.stratum, self.stratum_names, psu, fpc)]
        for number, (units, population) in enumerate(later, 2):
            what = f"fpc of stage {number}"
            self.stages.append(self.stages[-1].make_later(units, population, what))
        for stage in self.stages:
            stage.set_factors(lonely)

    @property
    def unit(self):
        """Each respondent's primary sampling unit; None where each is one."""
        return self.stages[0].unit

    @property
    def sizes(self):
        """Sampled primary units of each stratum."""
        return self.stages[0].sizes

    @property
    def is_plain(self):
        """Whether a respondent is a sampled unit, so that shares are measured in one pass."""
        return self.unit is None

    @cached_property
    def complete(self):
        """Which strata were surveyed completely in their first stage, as booleans."""
        return self.stages[0].unsampled == 0

    @property
    def is_complete(self):
        """Whether everybody in the strata was surveyed."""
        return not self._incomplete.any()

    @cached_property
    def _incomplete(self):
        """Which respondents were sampled from more, in whichever stage."""
        return np.logical_or.reduce([stage.list_incomplete() for stage in self.stages])

    @cached_property
    def uncorrected(self):
        """The same design without finite population correction, for inference to a superpopulation.

        What is asked then is not how the population at hand would have answered, but what made it
        answer so, and of that a complete survey is a sample too (Korn & Graubard 1999, section 2.2;
        Graubard & Korn 2002). Only the first stage counts then. A stratum with one unit that was
        surveyed completely becomes lonely. Under the rule "fail" it is taken as under "adjust", the
        cautious one, as nobody could name a rule for a stratum that the finite design does not
        count as lonely.
        """
        if not (self.stages[0].unsampled < 1).any():
            return self
        other = copy.copy(self)
        for name in ("complete", "_incomplete", "uncorrected"):
            other.__dict__.pop(name, None)
        other.lonely = "adjust" if self.lonely == "fail" else self.lonely
        other.stages = [self.stages[0].leave_uncorrected(other.lonely)]
        return other

    def effective_size(self, rows):
        """Effective number of sampled units among `rows`, after unequal weights: (sum W)^2 / sum
        W^2 (Kish 1965, section 11.7); W are the units' weights. At most the number of units; 0 for
        none.
        """
        weights = self.weights[rows]
        if self.unit is not None:
            weights = np.bincount(self.unit[rows], weights, len(self.stages[0].unit_stratum))
        squares = (weights**2).sum()
        return float(weights.sum() ** 2 / squares) if squares else 0.0

    def find_complete(self, asked, rows):
        """Whether all of a base are from strata surveyed completely: k booleans, column j of
        `asked` (m x k) being base j. An empty base is not complete.
        """
        inside = asked & (self.weights[rows] > 0)[:, None]
        sampled = inside & self._incomplete[rows][:, None]
        return inside.any(axis=0) & ~sampled.any(axis=0)

    def variances(self, influence, rows, bases=None):
        """Variances of sums of the columns of `influence` (m x k), whose lines are `rows` (m); of
        several such arrays, those of the sums of all of them.

        `bases` is what each influence is relative to; only replicate weights need it
        (`replicates.py`).
        """
        residuals = self._list_residuals(influence, rows)
        return sum(np.einsum("ij,ij->j", one, one) for one in residuals)

    def covariances(self, influence, rows, bases=None):
        """Covariance matrix (k x k) of the sums of the columns of `influence` (m x k)."""
        return sum(one.T @ one for one in self._list_residuals(influence, rows))

    def class_variances(self, numbers, means, spreads):
        """Variance of sums of influence values that are known by classes of respondents, each its
        own sampled unit.

        The arguments are arrays (classes x ... x strata): how many units of a class a stratum has,
        their mean influence and the sum of their squared deviations from it. Units in no class have
        influence 0. Returns an array (...). The squared deviations from the stratum's mean are
        those within and those between classes, both sums of squares and so free of cancellation
        (Chan, Golub & LeVeque 1983). Equals `variances` on the values one by one.
        """
        # as in Stage.find_residuals
        overall = np.where(self.sizes == 1, 0.0, (numbers * means).sum(axis=0) / self.sizes)
        squares = (self.sizes - numbers.sum(axis=0)) * overall**2
        squares += (spreads + numbers * (means - overall) ** 2).sum(axis=0)
        return squares @ self.stages[0].root_factor ** 2

    def degrees_of_freedom(self, rows):
        """Units minus strata among `rows` with a weight (Korn & Graubard 1999, section 5.2)."""
        return int(self.count_degrees(np.ones((len(rows), 1), dtype=bool), rows)[0])

    def count_degrees(self, asked, rows):
        """Degrees of freedom of k bases; `asked` (m x k): which of `rows` are in each."""
        counted = asked & (self.weights[rows] > 0)[:, None]
        strata = np.count_nonzero(sum_by(self.stratum[rows], len(self.sizes), counted), axis=0)
        units = counted
        if self.unit is not None:
            units = sum_by(self.unit[rows], len(self.stages[0].unit_stratum), counted)
        return np.count_nonzero(units, axis=0) - strata

    def _list_residuals(self, influence, rows):
        """Deviations whose squares sum to variances, a part at a time (`Stage.list_residuals`)."""
        self.refuse_lonely(rows)
        influence = sum(influence[1:], influence[0]) if isinstance(influence, tuple) else influence
        if len(self.stages) == 1:
            return self.stages[0].list_residuals(influence, rows)
        return [np.vstack([stage.find_residuals(influence, rows) for stage in self.stages])]

    def find_lonely(self):
        """Respondents whose stratum, in one of the stages, has one sampled unit but is not surveyed
        completely.
        """
        lonely = [stage.single[stage.stratum] for stage in self.stages]
        return np.flatnonzero(np.logical_or.reduce(lonely))

    def refuse_lonely(self, rows):
        """Raise `LonelyStratum` where one of `rows` is lonely and no rule is named for it."""
        if self.lonely != "fail":
            return
        for stage in self.stages:
            strata = stage.stratum[rows]
            lonely = np.unique(strata[stage.single[strata]])
            if len(lonely):
                names = ", ".join(str(name) for name in stage.names[lonely])
                raise LonelyStratum(
                    f"only one sampled unit in stratum {names}; name a rule for it with lonely="
                )


def check_weights(weights):
    """Weights as an array (n). Raises ValueError for what is no weight, and where all are 0."""
    weights = np.array(weights, dtype=float)
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(bad):
        raise ValueError(
            f"weights must be finite and not negative; {len(bad)} are not, first in row {bad[0]}"
        )
    if not weights.any():
        raise ValueError("weights are all zero")
    return weights
