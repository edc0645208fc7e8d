"""Variances from replicate weights: how far a number moves when it is made again with each set.

A file has them where strata and clusters are not given away, or where weights were calibrated. What
is estimated is a ratio of weighted sums, so it is made anew with each set of weights and not
linearised (Wolter 2007, chapters 3 to 5).
"""

import numpy as np

from barometer.statistics.design import check_weights
from barometer.statistics.stages import code_labels

CENTERS = ("estimate", "mean")
DEPENDENT = 1e-5  # as R's degf: below this, a set of weights is made of others, but for rounding


class Replicates:
    """A design known by `replicates` (n x R), R further sets of the n respondents' `weights`.

    The variance of a number is `scale` times the sum over the sets of `scales` (R, or 1 each) times
    the squared deviation of the set's number from that of the weights themselves (`center`
    "estimate"; as R's svrepdesign with mse=TRUE) or from the sets' mean ("mean", mse=FALSE). A set
    with which a number cannot be made, as nobody in its base has a weight, is left out, as R does.
    `strata` are only what groups of units there are. It offers what `Design` does. Nothing is
    corrected for a finite population, no stratum is lonely, and none counts as complete. Raises
    ValueError naming what is wrong with the arguments.
    """

    is_plain, is_complete, unit = False, False, None

    def __init__(self, weights, replicates, scale, scales=1.0, center="estimate", strata=None):
        self.weights = check_weights(weights)
        self.replicates = np.asarray(replicates, dtype=float)
        if self.replicates.ndim != 2 or len(self.replicates) != len(self.weights):
            raise ValueError("replicates must have a line for each weight")
        if not (np.isfinite(self.replicates).all() and (self.replicates >= 0).all()):
            raise ValueError("replicate weights must be finite and not negative")
        if center not in CENTERS:
            raise ValueError(f"center={center!r} is not one of {', '.join(CENTERS)}")
        sets = self.replicates.shape[1]
        self.scales = scale * np.broadcast_to(np.asarray(scales, dtype=float), sets)
        if sets < 2 or not (self.scales >= 0).all() or not self.scales.any():
            raise ValueError("two or more sets of weights, and scales that are not negative")
        self.center = center
        self.stratum_names, self.stratum = code_labels("strata", strata, len(self.weights))
        self._degrees = {}

    @property
    def uncorrected(self):
        """Itself, as nothing is corrected."""
        return self

    def effective_size(self, rows):
        """Effective number of respondents among `rows`, after unequal weights (Kish 1965)."""
        weights = self.weights[rows]
        squares = (weights**2).sum()
        return float(weights.sum() ** 2 / squares) if squares else 0.0

    def find_complete(self, asked, rows):
        """No base (k booleans) is known to have been surveyed completely."""
        return np.zeros(asked.shape[1], dtype=bool)

    def find_lonely(self):
        """No respondent is alone in his stratum."""
        return np.array([], dtype=int)

    def refuse_lonely(self, rows):
        """Nothing to refuse."""

    def variances(self, influence, rows, bases=None):
        """Variances of k numbers of which `rows` (m) have `influence` (m x k); of several such
        arrays, those of the sums of all of them.

        `bases` (m x k, or as many as there are arrays) says how often each respondent counts in
        what a number is relative to, so that influence is w (y - p) / W with W the base's weight;
        without it the numbers are sums.
        """
        deviations = self._deviate(influence, rows, bases)
        deviations[np.isnan(deviations)] = 0
        return np.einsum("ij,ij->j", deviations, deviations)

    def covariances(self, influence, rows, bases=None):
        """Covariance matrix (k x k) of the same; a set that gives no number for one gives none for
        any.
        """
        deviations = self._deviate(influence, rows, bases)
        deviations = deviations[~np.isnan(deviations).any(axis=1)]
        return deviations.T @ deviations

    def degrees_of_freedom(self, rows):
        """The rank of the sets of weights among `rows`, minus one (as R's degf)."""
        return int(self.count_degrees(np.ones((len(rows), 1), dtype=bool), rows)[0])

    def count_degrees(self, asked, rows):
        """Degrees of freedom of k bases; `asked` (m x k): which of `rows` are in each."""
        counted = asked & (self.weights[rows] > 0)[:, None]
        return np.array([self._find_rank(rows[one]) - 1 for one in counted.T], dtype=int)

    def _find_rank(self, rows):
        key = rows.tobytes()
        if key not in self._degrees:
            self._degrees[key] = _count_independent(self.replicates[rows])
        return self._degrees[key]

    def _deviate(self, influence, rows, bases):
        """Deviations (R x k) of the sets' numbers, scaled so that their squares sum to variances;
        nan where a set gives none.
        """
        if not isinstance(influence, tuple):
            influence, bases = (influence,), (bases,)
        weights, replicates = self.weights[rows], self.replicates[rows]
        ratios = np.divide(
            replicates, weights[:, None], out=np.zeros_like(replicates), where=weights[:, None] > 0
        )
        moved = 0
        for values, base in zip(influence, bases, strict=True):
            sums = ratios.T @ values
            if base is None:
                sums = sums - values.sum(axis=0)
            else:
                with np.errstate(divide="ignore", invalid="ignore"):
                    sums = sums * ((weights @ base) / (replicates.T @ base))
            moved = moved + sums
        if self.center == "mean":
            kept = ~np.isnan(moved) & (self.scales > 0)[:, None]
            moved = moved - np.where(kept, moved, 0).sum(axis=0) / np.maximum(kept.sum(axis=0), 1)
        return moved * np.sqrt(self.scales)[:, None]


def _count_independent(sets):
    """How many columns of an array (m x R) are not made of those before them, 1 where all are 0: a
    column counts if what is left of it, beside those, is not below `DEPENDENT` of its length.
    """
    columns, found = np.linalg.qr(sets, mode="r").T, []
    for column in columns:
        left = column
        for _ in range(2):  # once more, as the first time leaves rounding errors
            left = left - sum((one * (one @ left) for one in found), np.zeros_like(left))
        length = np.linalg.norm(left)
        if length > DEPENDENT * np.linalg.norm(column):
            found.append(left / length)
    return max(len(found), 1)


def find_scales(method, sets, rho=0.0):
    """The scale of a method's variances with R sets of weights, where the method gives it.

    JK1 (R - 1) / R; JKn 1, with scales (n - 1) / n of each set; BRR 1 / R; Fay 1 / (R (1 - rho)^2)
    (Judkins 1990); bootstrap 1 / (R - 1) (Rao & Wu 1988), all as R's svrepdesign has them.
    """
    return {
        "JK1": (sets - 1) / sets,
        "JKn": 1.0,
        "BRR": 1 / sets,
        "Fay": 1 / (sets * (1 - rho) ** 2),
        "bootstrap": 1 / (sets - 1),
    }[method]
