"""The steps that weights are made by, on margins: which of k cells each respondent is in, and how
many units each cell has.

All are those of R's package survey (Lumley 2010, chapter 7): `postStratify`, `rake`, `calibrate`
and `trimWeights`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack

from barometer.statistics.design import check_weights

MOST = 1000  # rounds of an iteration
NEAR = 1e-11  # of a total, in proportion: how well iterated weights meet it
DEPENDENT = 1e-10  # singular values below this part of the largest are 0
REPEATED = 50  # rounds of trimming


class NotConverged(ValueError):
    """`margins`: {name of a margin: the largest deviation from its totals, as a proportion}."""

    def __init__(self, margins):
        super().__init__("weights do not meet the totals")
        self.margins = margins


@dataclass(frozen=True, eq=False)
class Margin:
    """A variable's cells: `place` (n) of each respondent, and `totals` (k), units of each cell."""

    name: str
    place: np.ndarray
    totals: np.ndarray

    def sum(self, weights):
        """The weights' sum in each cell (k)."""
        return np.bincount(self.place, weights, len(self.totals))

    def deviate(self, weights):
        """The largest deviation of a cell's sum of weights, as a proportion of its total."""
        return float(np.max(np.abs(self.sum(weights) - self.totals) / (1 + self.totals)))


class Projection:
    """Takes from influence values what the weights were fitted to.

    A weighted sum whose weights meet totals has the variance of its residuals (Deville & Särndal
    1992, result 5): values are regressed on the margins' cells with the weights `within`, and what
    is left counts. `after` (n): the weights after the step.
    """

    def __init__(self, margins, within, after):
        self._cells = _lay_out(margins)
        self._within, self._after = within, after[:, None]
        self._inverse = _invert(self._cells, within)

    def __call__(self, influence):
        """Residuals (n x k) of influence values, each a weight times a value."""
        values = influence / self._after
        for _ in range(2):  # once more, as the first time leaves rounding errors
            fitted = self._inverse @ (self._cells.T @ (values * self._within[:, None]))
            values = values - self._cells @ fitted
        return values * self._after


def poststratify(weights, margin):
    """(weights whose sum in each cell is its total, `Projection`). No cell may be empty."""
    factors = margin.totals / margin.sum(weights)
    after = weights * factors[margin.place]
    return after, Projection([margin], weights, after)


def rake(weights, margins):
    """Weights fitted to several margins in turn until all are met (Deming & Stephan 1940).

    Its residuals are not weighted, as R's `rake` takes them; `calibrate` with method "raking" gives
    the same weights and residuals weighted by the weights before it. Raises `NotConverged`.
    """
    after = weights
    for _ in range(MOST):
        for margin in margins:
            sums = margin.sum(after)
            after = after * (margin.totals / np.where(sums > 0, sums, 1))[margin.place]
        if all(margin.deviate(after) < NEAR for margin in margins):
            return after, Projection(margins, np.ones(len(after)), after)
    raise NotConverged({margin.name: margin.deviate(after) for margin in margins})


def calibrate(weights, margins, method="linear", bounds=()):
    """Weights as near as can be to those before that meet all margins (Deville & Särndal 1992).

    What a weight is multiplied by is 1 + u ("linear"), exp u ("raking") or the logit function
    between `bounds`, u a sum of one number for each of the respondent's cells. "linear" and
    "raking" with bounds are cut off there. Raises `NotConverged`.
    """
    low, high = bounds or (-np.inf, np.inf)
    totals = np.concatenate([margin.totals for margin in margins])
    cells, function, u = _lay_out(margins), _FUNCTIONS[method], np.zeros(len(weights))
    for _ in range(MOST):
        factors, slopes = function(u, low, high)
        misfit = totals - cells.T @ (weights * factors)
        if np.max(np.abs(misfit) / (1 + totals)) < NEAR:
            after = weights * factors
            return after, Projection(margins, weights, after)
        step = cells @ (_invert(cells, weights * slopes) @ misfit)
        # halved where it leaves what can be computed
        while not np.isfinite(function(u + step, low, high)).all():
            step = step / 2
        u = u + step
    after = weights * function(u, low, high)[0]
    raise NotConverged({margin.name: margin.deviate(after) for margin in margins})


def trim(weights, low, high):
    """Weights between `low` and `high`; what is cut off is shared among the others, in equal parts.

    As R's `trimWeights` with `strict`: again until none is outside. Raises `NotConverged`.
    """
    after = weights
    for _ in range(REPEATED):
        outside = (after < low * (1 - NEAR)) | (after > high * (1 + NEAR))
        if not outside.any():
            return after
        if outside.all():
            break
        cut = np.clip(after, low, high)
        left = (after - cut).sum() / np.count_nonzero(~outside)
        after = np.where(outside, cut, after + left)
    raise NotConverged({})


def measure_spread(weights):
    """(least, largest, coefficient of variation, Kish's design effect n sum w^2 / (sum w)^2) of
    weights (Kish 1965, section 11.7; 1992).
    """
    weights = check_weights(weights)
    effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
    return float(weights.min()), float(weights.max()), float(np.sqrt(effect - 1)), float(effect)


def _lay_out(margins):
    """Which cells each respondent is in, a 1 for each: sparse (n x all cells of all margins)."""
    n = len(margins[0].place)
    ones, rows = np.ones(n), np.arange(n)
    parts = [
        csr_array((ones, (rows, margin.place)), shape=(n, len(margin.totals))) for margin in margins
    ]
    return hstack(parts, format="csr")


def _invert(cells, weights):
    """The pseudo-inverse of the cells' weighted products, as margins of one total depend on each
    other.
    """
    products = (cells.T @ cells.multiply(weights[:, None])).toarray()
    return np.linalg.pinv(products, rcond=DEPENDENT, hermitian=True)


def _linear(u, low, high):
    return np.clip(1 + u, low, high), ((1 + u > low) & (1 + u < high)).astype(float)


def _exponential(u, low, high):
    with np.errstate(over="ignore"):
        factors = np.exp(u)
    inside = (factors > low) & (factors < high)
    return np.clip(factors, low, high), np.where(inside, factors, 0.0)


def _logit(u, low, high):
    rate = (high - low) / ((high - 1) * (1 - low))
    with np.errstate(over="ignore", invalid="ignore"):
        grown = np.exp(rate * u)
        below = high - 1 + (1 - low) * grown
        factors = (low * (high - 1) + high * (1 - low) * grown) / below
        slopes = rate * (high - low) * (high - 1) * (1 - low) * grown / below**2
    return factors, slopes


_FUNCTIONS = {"linear": _linear, "raking": _exponential, "logit": _logit}
