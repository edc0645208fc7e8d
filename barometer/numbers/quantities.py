"""What is made of numbers that were answered: means, quantiles, totals and ratios, each with what
a respondent adds to it, so that errors and tests are those of all designs.

A ratio and a mean are linearised (Binder 1983); a total is a sum. A quantile is the inverse of the
weighted distribution, and its interval the inverse of that of the share at or below it (Woodruff
1952), as R's svyquantile makes it (`qrule="math"`). Its influence is that of the share, in the
proportion of the two errors (Francisco & Fuller 1991), so that differences have covariances.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from barometer.forms import QUANTILES
from barometer.numbers.means import Means, Scale, find_spread, is_flat, list_columns, measure_means
from barometer.statistics.estimates import (
    COLUMNS,
    CONFIDENCE,
    Shares,
    find_limits,
    find_rows,
    measure_shares,
)

POINTS = {name: point for point, name in QUANTILES.items()}


@dataclass(frozen=True)
class Quantity(Scale):
    """A `Scale` whose values are numbers, `form`: how they are written (`forms.MEASURES`), and
    which of `forms.STATISTICS` is made of them. `below` (n): what a ratio's values are divided by.
    """

    form: str = "value_1"
    statistic: str = "mean"
    below: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Measured(Shares):
    """`Shares` of one number. `base` (m x 1): as `Shares.relative`. `limits` (low, high): of a
    quantile; `spread`: the variance of what its error is made of, in the population.
    """

    base: np.ndarray | None = None
    limits: tuple = ()
    spread: float = np.nan

    @property
    def relative(self):
        """What the number is relative to."""
        return self.base


@dataclass(frozen=True, eq=False, repr=False)
class Numbers(Means):
    """`Means` of one `Quantity`; the column `statistic` says what the numbers are."""

    quantity: Quantity = None

    def measure(self, group, items=None):
        """`Measured` in `group`."""
        return measure_quantity(self.survey.design, self.quantity, find_rows(self.survey, group))


def estimate_numbers(survey, item, quantity, groups=("all",), confidence=CONFIDENCE):
    """Estimate a `Quantity` in every group: `Numbers`, whose table is that of `estimate_means`.

    `share` is the number, `low` and `high` Wald limits, or Woodruff's of a quantile, on the base's
    own degrees of freedom. `width` is the relative standard error where no number can be below 0,
    as the rules of precision look at it, and else 0. A status "no_limits": a limit of a quantile
    lies outside what was answered.
    """
    groups, rows = tuple(groups), []
    values = quantity.values.astype(float)[:, None]
    for group in groups:
        measured = measure_quantity(survey.design, quantity, find_rows(survey, group), confidence)
        named = {"item": item, "label": quantity.label, "group": group}
        named |= {"group_label": survey.label(group)}
        row = _tabulate(measured, quantity, confidence)
        kinds = {"measure": quantity.form, "statistic": quantity.statistic}
        rows.append(named | {name: column[0] for name, column in row.items()} | kinds)
    table = pd.DataFrame(rows)[[*COLUMNS, "measure", "statistic"]]
    return Numbers(survey, (item,), groups, table, values, quantity)


def measure_quantity(design, quantity, rows, confidence=CONFIDENCE):
    """The `Measured` of a quantity among `rows`."""
    values = quantity.values.astype(float)
    if quantity.below is not None:
        values = np.where(np.isnan(quantity.below), np.nan, values)
    rows = rows[~np.isnan(values[rows])]
    if quantity.statistic == "mean":
        return _measure_mean(design, values, rows)
    if quantity.statistic == "total":
        return _measure_total(design, values, rows)
    if quantity.statistic == "ratio":
        return _measure_ratio(design, values, quantity.below, rows)
    return _measure_quantile(design, values, POINTS[quantity.statistic], rows, confidence)


def find_quantile(values, weights, point):
    """The number below which the part `point` of the weight lies: the inverse of the distribution,
    nan for none (R's qrule_math). Weights of 0 count nowhere.
    """
    values, weights = values[weights > 0], weights[weights > 0]
    if not len(values):
        return np.nan
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weights[order])
    total = sums[-1]
    place = max(int(np.searchsorted(sums, point * total, side="right")) - 1, 0)
    exact = sums[place] / total == point
    return float(values[order][place if exact else min(place + 1, len(values) - 1)])


def _measure_mean(design, values, rows):
    one = measure_means(design, values[:, None], rows)
    spread = find_spread(design.weights[one.rows], values[one.rows], one.share[0])
    return Measured(**_list_fields(one), base=one.asked, spread=spread)


def _measure_total(design, values, rows):
    one = measure_means(design, values[:, None], rows)
    rows, influence = one.rows, (design.weights[one.rows] * values[one.rows])[:, None]
    se = np.where(one.n > 0, np.sqrt(design.variances(influence, rows)), np.nan)
    fields = _list_fields(one) | {"share": one.total, "se": se, "influence": influence}
    return Measured(**fields, spread=np.nan)


def _measure_ratio(design, values, below, rows):
    one, other = (measure_means(design, each[:, None], rows) for each in (values, below))
    rows, weights = one.rows, design.weights[one.rows]
    base = below[rows][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = one.total / other.total
        left = values[rows][:, None] - ratio * base
        influence = left * (weights[:, None] / other.total)
    influence = np.where(np.isfinite(influence), influence, 0.0)
    se = np.where(one.n > 0, np.sqrt(design.variances(influence, rows, base)), np.nan)
    spread = find_spread(weights, left[:, 0], 0.0) / other.share[0] ** 2
    fields = _list_fields(one) | {"share": ratio, "se": se, "influence": influence}
    return Measured(**fields, base=base, spread=spread)


def _measure_quantile(design, values, point, rows, confidence):
    at = find_quantile(values[rows], design.weights[rows], point)
    answers = np.full((len(values), 1), -1, dtype=np.int8)
    answers[rows, 0] = values[rows] <= at
    one = measure_shares(design, answers, rows)
    ends = np.concatenate(find_limits(one.share, one.se, one.df, confidence, "wald"))
    low, high = (
        find_quantile(values[rows], design.weights[rows], end) if 0 <= end <= 1 else np.nan
        for end in ends
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        _, reach = find_limits(0.0, 1.0, one.df, confidence, "wald")  # a quantile of t
        se = (high - low) / (2 * reach)
        influence = -one.influence * np.where(one.se > 0, se / one.se, 0.0)
        spread = se**2 * one.share * (1 - one.share) / one.se**2
    values = values[one.rows] * design.weights[one.rows]
    fields = _list_fields(one) | {
        "share": np.array([at]),
        "se": se,
        "influence": np.where(np.isnan(influence), 0.0, influence),
        "n_yes": one.n,
        "total": np.array([values.sum() if len(values) else np.nan]),
    }
    return Measured(**fields, base=one.asked, limits=(low, high), spread=float(spread[0]))


def _list_fields(shares):
    return {name: getattr(shares, name) for name in Shares.__dataclass_fields__}


def _tabulate(measured, quantity, confidence):
    quantile = bool(measured.limits)
    flat, unlimited = is_flat(measured.se, measured.share), quantile & np.isnan(measured.se)
    status = np.select(
        [measured.n == 0, measured.complete, measured.df <= 0, unlimited, flat & (not quantile)],
        ["empty", "complete", "too_few", "no_limits", "zero_variance"],
        "",
    )
    error = np.where((flat & (not quantile)) | measured.complete, np.nan, measured.se)
    low, high = find_limits(measured.share, error, measured.df, confidence, "wald")
    if quantile:
        low, high = (
            np.where(measured.complete, np.nan, np.array([end])) for end in measured.limits
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = measured.spread / measured.n * (1 - measured.n / measured.weight)
        if np.isnan(measured.spread):  # a total's sample counts as far as it has respondents
            effective = measured.n.astype(float)
        else:
            effective = np.minimum(
                np.where(flat, np.inf, measured.spread / measured.se**2), measured.n
            )
        deff = np.where(flat | ~(simple > 0), np.nan, measured.se**2 / simple)
        relative = error / np.abs(measured.share) if quantity.least >= 0 else error * 0
    return list_columns(measured, flat, (low, high), effective, relative, deff, status)
