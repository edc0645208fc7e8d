"""Weighted means of values, such as points of a scale, and tests of their differences.

A mean is a ratio of weighted sums as a share is, so its influence values take the place of a
share's (`estimates.py`), and all designs, groups and covariances are as there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from barometer.statistics.comparisons import COLUMNS as COMPARED
from barometer.statistics.comparisons import (
    adjust_holm,
    find_p_values,
    join_shares,
    name_measured,
)
from barometer.statistics.estimates import (
    COLUMNS,
    CONFIDENCE,
    NO_VARIANCE,
    Estimates,
    Shares,
    find_limits,
    find_rows,
)
from barometer.statistics.inferences import (
    EQUAL,
    FINITE,
    choose,
    judge_differences,
    measure_both,
    nan,
)
from barometer.statistics.interactions import find_wald, join_cells
from barometer.statistics.tabletests import Overlap, TableTest

MEAN = "mean"  # what a table's numbers are, beside shares (its column `measure`)


@dataclass(frozen=True)
class Scale:
    """A variable with a value for each respondent (n; nan where he gave none), what it is called,
    and the least and largest value that there can be.
    """

    label: str
    values: np.ndarray
    least: float
    largest: float


@dataclass(frozen=True, eq=False, repr=False)
class Means(Estimates):
    """`Estimates` whose `share` is a mean, with the column `measure`; `answers` are the values."""

    measure_name = MEAN

    def measure(self, group, items=None):
        """`Shares` of the means of `items` (default: all) in `group`."""
        items = self.items if items is None else tuple(items)
        values = self.answers[:, [self.items.index(item) for item in items]]
        return measure_means(self.survey.design, values, find_rows(self.survey, group))


def estimate_means(survey, scales, groups=("all",), confidence=CONFIDENCE):
    """Estimate the weighted mean of every scale ({item: `Scale`}) in every group.

    The table is that of `estimate_shares`; `share` is the mean, `se`, `low`, `high` are in the
    scale's own points, with Wald limits on the base's own degrees of freedom. `n` and `n_yes`:
    respondents with a value and a weight. `deff` is against simple random sampling without
    replacement; `n_effective` = s^2 / se^2, at most n; `width` the interval's as a part of the
    scale's length, so that a scale of two points has that of a share. `status` as there, but for
    "exact". Returns `Means`. Raises `LonelyStratum` as the design says.
    """
    items, groups, design = tuple(scales), tuple(groups), survey.design
    values = np.column_stack([scales[item].values for item in items]).astype(float)
    length = np.array([scales[item].largest - scales[item].least for item in items])
    parts = []
    for group in groups:
        rows = find_rows(survey, group)
        measured = measure_means(design, values, rows)
        parts.append(_tabulate(design, measured, values, length, confidence))
    rows = [
        {"item": item, "label": scales[item].label, "group": group}
        | {"group_label": survey.label(group), "measure": MEAN}
        | {name: column[place] for name, column in part.items()}
        for place, item in enumerate(items)
        for group, part in zip(groups, parts, strict=True)
    ]
    table = pd.DataFrame(rows)[[*COLUMNS, "measure"]]
    return Means(survey, items, groups, table, values)


def measure_means(design, values, rows):
    """`Shares` whose `share` is the mean of each column of `values` (n x items) among `rows`."""
    rows = rows[~np.isnan(values[rows]).all(axis=1)]
    asked = ~np.isnan(values[rows])
    given, weights = np.where(asked, values[rows], 0.0), design.weights[rows]
    n = np.count_nonzero(asked[weights > 0], axis=0)
    weight, total = (np.where(n > 0, weights @ one, np.nan) for one in (asked, given))
    mean = total / weight
    influence = np.where(asked, given - mean, 0.0) * (weights[:, None] / weight)
    se = np.where(n > 0, np.sqrt(design.variances(influence, rows, asked)), np.nan)
    df, complete = design.count_degrees(asked, rows), design.find_complete(asked, rows)
    return Shares(mean, se, df, n, n, weight, total, complete, rows, asked, asked, influence)


def _tabulate(design, measured, values, length, confidence):
    spread = np.array(
        [
            find_spread(design.weights[measured.rows], values[measured.rows, column], mean)
            for column, mean in enumerate(measured.share)
        ]
    )
    flat = is_flat(measured.se, measured.share)
    status = np.select(
        [measured.n == 0, measured.complete, measured.df <= 0, flat],
        ["empty", "complete", "too_few", "zero_variance"],
        "",
    )
    error = np.where(flat | measured.complete, np.nan, measured.se)
    low, high = find_limits(measured.share, error, measured.df, confidence, "wald")
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = spread / measured.n * (1 - measured.n / measured.weight)
        effective = np.minimum(np.where(flat, np.inf, spread / measured.se**2), measured.n)
        deff = np.where(flat | ~(simple > 0), np.nan, measured.se**2 / simple)
    return list_columns(measured, flat, (low, high), effective, (high - low) / length, deff, status)


def list_columns(measured, flat, interval, effective, width, deff, status):
    """The columns of a table of means or other statistics, of what was measured and found of it.

    `flat`: where the standard error is rounding noise; `width`: how wide the interval is, as the
    rules of precision have it.
    """
    low, high = interval
    return {
        "share": measured.share,
        "se": np.where(flat, 0.0, measured.se),
        "low": low,
        "high": high,
        "n": measured.n,
        "n_yes": measured.n_yes,
        "n_effective": np.where(measured.n > 0, effective, np.nan),
        "width": width,
        "deff": deff,
        "deff_status": np.where(
            (measured.weight <= measured.n) & ~measured.complete, "weights", ""
        ),
        "df": measured.df,
        "total": measured.total,
        "status": status,
    }


def is_flat(se, mean):
    """Where a standard error is rounding noise beside its mean."""
    return se < NO_VARIANCE * np.maximum(1, np.abs(mean))


def find_spread(weights, values, mean):
    """The weighted variance of values, times n / (n - 1)."""
    known = ~np.isnan(values) & (weights > 0)
    n, weights = np.count_nonzero(known), weights[known]
    if n < 2:
        return np.nan
    return (weights @ (values[known] - mean) ** 2) / weights.sum() * n / (n - 1)


def compare_means(estimates, first, second, alpha=0.05):
    """Test, scale by scale, whether the mean in group `first` differs from that in `second`.

    As `compare_groups`, with the column `measure`: a t-test of the difference, whose covariance is
    in it where groups overlap. Where nothing varies there is no test.
    """
    survey, items = estimates.survey, estimates.items
    design, finite = survey.design, survey.inference == FINITE
    one, other = estimates.measure(first), estimates.measure(second)
    difference = one.share - other.share
    errors, df, complete = join_shares(design, one, other)
    errors = np.where(np.isnan(difference), np.nan, errors)
    largest = np.maximum(np.abs(one.share), np.abs(other.share))
    tested = [np.where(is_flat(se, largest), np.nan, se) for se in errors]
    both = np.array([find_p_values(difference / se, df) for se in tested])
    both[0, complete] = np.nan
    p, se = choose(survey.inference, both), choose(survey.inference, errors)
    complete = complete & finite & ~np.isnan(difference)
    low, high = find_limits(difference, np.where(np.isnan(p), np.nan, se), df, method="wald")
    untested = np.isnan(p)
    status = np.select(
        [np.isnan(difference), complete, untested & (df <= 0), untested],
        ["empty", "complete", "too_few", "zero_variance"],
        "",
    )
    tested = choose(survey.inference, tested)
    labels = dict(zip(estimates.table["item"], estimates.table["label"], strict=True))
    table = pd.DataFrame(
        {
            "item": items,
            "label": [labels[item] for item in items],
            "first": first,
            "second": second,
            "first_label": survey.label(first),
            "second_label": survey.label(second),
            **name_measured(one, other, difference, se, (low, high), df, tested, both, p),
            "method": np.where(untested, "", "t"),
            "verdict": judge_differences(difference, p, alpha, complete),
            "status": status,
            "p_adjusted": adjust_holm(p),
        }
    )
    kinds = estimates.table.columns[len(COLUMNS) :]
    return table[[*COMPARED]].assign(**estimates.table[kinds].iloc[0])


def test_means(estimates, alpha=0.05):
    """Test whether the mean of the one scale is the same in all groups: `TableTest`.

    The adjusted Wald test (Korn & Graubard 1990): the quadratic form of the first group's
    difference from each other is held against F on q and df - q + 1. Raises `Overlap` if a
    respondent is in two groups.
    """
    survey, groups, (item,) = estimates.survey, estimates.groups, estimates.items
    members = np.column_stack([np.asarray(survey.member(group), dtype=bool) for group in groups])
    if (twice := members.sum(axis=1) > 1).any():
        named = np.flatnonzero(members[twice][0])[:2]
        raise Overlap("groups", " and ".join(groups[place] for place in named))
    design, measured = survey.design, [estimates.measure(group) for group in groups]
    means, sizes = np.array([one.share[0] for one in measured]), [int(one.n[0]) for one in measured]
    q = len(groups) - 1
    rows, influence, bases = join_cells(design, measured)
    df = design.degrees_of_freedom(rows)
    complete = design.find_complete(np.ones((len(rows), 1), dtype=bool), rows)[0]
    contrast = np.hstack([np.ones((q, 1)), -np.eye(q)])
    differences, status = contrast @ means, "" if q else "one_level"
    status = "empty" if 0 in sizes else status
    ways = measure_both(
        design, lambda way: contrast @ way.covariances(influence, rows, bases) @ contrast.T
    )
    tested = [(nan, "") if status else find_wald(differences, one, df) for one in ways]
    if complete and not status:
        tested[0] = nan, "complete"
    f, found = choose(survey.inference, tested)
    status = status or found
    ps = [float(fdtrc(q, df - q + 1, value)) for value, _ in tested]
    p = choose(survey.inference, ps)
    differs = bool((np.abs(differences) > EQUAL).any()) if status == "complete" else p < alpha
    judged = status == "complete" or not np.isnan(p)
    verdict = ("difference" if differs else "no_difference") if judged else ""
    effective = [design.effective_size(one.rows[one.asked[:, 0]]) for one in measured]
    return TableTest(
        (item,), groups, tuple(sizes), tuple(effective),
        n=sum(sizes), f=f, ndf=q, ddf=df - q + 1, p=p, verdict=verdict, status=status,
        p_finite=ps[0], p_superpopulation=ps[1], level=alpha,
    )  # fmt: skip


test_means.__test__ = False  # pytest would take it for a test wherever it is imported
