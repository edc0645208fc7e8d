"""Tests of differences between shares, each with a verdict.

A difference is tested itself, never by looking whether two intervals overlap: both shares'
influence values are joined per respondent, so that respondents counted in both (overlapping groups,
two items answered by the same people) bring their covariance with them.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtr

from barometer.statistics.estimates import BLOCK, CONFIDENCE, NO_VARIANCE, find_limits, join_rows
from barometer.statistics.extremes import find_mover_limits, is_extreme, test_extreme
from barometer.statistics.inferences import FINITE, choose, judge_differences, measure_both
from barometer.text import are_alike

_COLUMNS = """item label first second first_label second_label share_first share_second n_first
    n_second difference se low high df t p p_finite p_superpopulation p_adjusted method verdict
    status"""
COLUMNS = tuple(_COLUMNS.split())
# A tendency is our choice: the publication has one (Figur 5), at the level of 0.05, and gives
# no rule.
ROUNDS = "rounds"  # the domain of tests between rounds, which are a family of their own
LEVEL, TENDENCY = 0.05, 0.10


def compare_groups(estimates, first, second, alpha=0.05):
    """Test, item by item, whether the share in group `first` differs from that in `second`; groups
    may overlap.

    Two-sided t-test of the difference on the degrees of freedom of both bases together (Korn &
    Graubard 1999, section 2.4); where a share is 0 or 100 per cent the tests and limits of
    `extremes.py`. `method` names the test: "t", "rao_scott", "exact", "" for none. `difference` is
    first minus second as a proportion, `low` and `high` its limits at `CONFIDENCE`, as a share's,
    whatever `alpha` is. Each test is made with finite population correction (`p_finite`) and
    without (`p_superpopulation`); `p`, `t`, `se`, the limits and the verdict ("higher", "lower" or
    "no_difference") are those of `survey.inference`. `p_adjusted` is Holm's over the
    rows with a `p`.

    Where there is no `p`, `status` says why. Two have a verdict all the same: "complete", as all in
    both bases were asked and the inference is to them, so that the difference is known, and is none
    where both shares are written as the same number; "equal", as both shares are 0 or both 100 per
    cent, and no count of answers could make that a difference. Three have none: "empty" base,
    "zero_variance", "too_few" degrees of freedom. Raises ValueError for a group not among the
    estimates.
    """
    survey = estimates.survey
    names = {
        "item": estimates.items,
        "label": [survey.label(item) for item in estimates.items],
        "first": first,
        "second": second,
        "first_label": survey.label(first),
        "second_label": survey.label(second),
    }
    width = max(1, BLOCK // len(survey.design.weights))
    blocks = []
    for start in range(0, len(estimates.items), width):
        items = estimates.items[start : start + width]
        one, other = estimates.measure(first, items), estimates.measure(second, items)
        blocks.append(_test_differences(survey, one, other, alpha))
    tested = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return pd.DataFrame({**names, **tested, "p_adjusted": adjust_holm(tested["p"])})[list(COLUMNS)]


def compare_items(estimates, first, second, alpha=0.05):
    """Test, group by group, whether the share of item `first` differs from that of item `second`.

    The same respondents answer both, and their covariance is in the test; the two bases may differ.
    As `compare_groups`, with one row per group named in the further columns `group` and
    `group_label`; `item` is `first`.
    """
    survey, rows = estimates.survey, []
    names = {"item": first, "label": survey.label(first), "first": first, "second": second}
    names |= {"first_label": survey.label(first), "second_label": survey.label(second)}
    for group in estimates.groups:
        one, other = estimates.measure(group, [first]), estimates.measure(group, [second])
        tested = _test_differences(survey, one, other, alpha)
        tested = {name: values[0] for name, values in tested.items()}
        rows.append(names | tested | {"group": group, "group_label": survey.label(group)})
    table = pd.DataFrame(rows)
    return table.assign(p_adjusted=adjust_holm(table["p"]))[[*COLUMNS, "group", "group_label"]]


def adjust_holm(p):
    """Holm's (1979) step-down adjusted p-values; nan stays nan and is not counted as a test."""
    p = np.asarray(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    # The running maximum keeps a larger p from getting a smaller adjusted one.
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return adjusted


def find_tendency(p, alpha):
    """Whether a difference that is not significant is a tendency: p from 0.05 to under 0.10.

    At another level of significance than 0.05 there is none.
    """
    return alpha == LEVEL and LEVEL <= p < TENDENCY


def read_verdict(test, alpha):
    """The verdict of a test, a row of comparisons or a `TableTest`: its own, or that it is a
    tendency.

    "tendency_higher", "tendency_lower", or "tendency" of a whole table, which has no direction.
    """
    if test.verdict != "no_difference" or not find_tendency(test.p, alpha):
        return test.verdict
    difference = getattr(test, "difference", None)
    if difference is None:
        return "tendency"
    return "tendency_higher" if difference > 0 else "tendency_lower"


def find_p_values(t, df):
    """Two-sided p-values of t statistics, arrays alike; nan where df is not positive."""
    return 2 * stdtr(np.where(np.asarray(df) > 0, df, np.nan), -np.abs(t))


def join_shares(design, one, other):
    """Standard errors, degrees of freedom and completeness of the differences of two `Shares` with
    as many items.

    Standard errors (2 x k) are those with and without finite population correction.
    """
    rows, places = join_rows(design, (one, other))
    influence = tuple(np.zeros((len(rows), len(one.share))) for _ in places)
    asked, bases = np.zeros(influence[0].shape, dtype=bool), [None, None]
    for number, (shares, place) in enumerate(zip((one, other), places, strict=True)):
        influence[number][place] = (1, -1)[number] * shares.influence
        asked[place] |= shares.asked
        if shares.relative is not None:
            bases[number] = np.zeros(asked.shape)
            bases[number][place] = shares.relative
    variances = measure_both(design, lambda way: way.variances(influence, rows, bases))
    return np.sqrt(variances), design.count_degrees(asked, rows), design.find_complete(asked, rows)


def _test_differences(survey, one, other, alpha):
    design, finite = survey.design, survey.inference == FINITE
    difference = one.share - other.share
    errors, df, complete = join_shares(design, one, other)
    errors = np.where(np.isnan(difference), np.nan, errors)
    extreme = is_extreme(one) | is_extreme(other)
    equal = is_extreme(one) & is_extreme(other) & (difference == 0)
    tested = [np.where(~extreme & (se >= NO_VARIANCE), se, np.nan) for se in errors]
    both = np.array([find_p_values(difference / se, df) for se in tested])
    method = np.where(np.isnan(choose(survey.inference, both)), "", "t").astype(object)
    se = choose(survey.inference, errors)
    tested = np.where(method == "t", se, np.nan)
    low, high = find_limits(difference, tested, df, CONFIDENCE, method="wald")
    for item in np.flatnonzero(extreme & ~np.isnan(difference) & ~equal):
        both[:, item], method[item] = test_extreme(design, one, other, item)
        low[item], high[item] = _limit_extreme(survey, one, other, item)
    both[0, complete] = np.nan
    p, complete = choose(survey.inference, both), complete & finite & ~np.isnan(difference)
    low, high = (np.where(np.isnan(p), np.nan, limit) for limit in (low, high))
    status = _find_status(p, difference, complete, equal, df)
    alike = [
        status[item] == "equal"
        or (complete[item] and are_alike(one.share[item], other.share[item]))
        for item in range(len(status))
    ]
    verdict = np.where(alike, "no_difference", judge_differences(difference, p, alpha, complete))
    measured = name_measured(one, other, difference, se, (low, high), df, tested, both, p)
    method = np.where(np.isnan(p), "", method)
    return measured | {"method": method, "verdict": verdict, "status": status}


def name_measured(one, other, difference, se, limits, df, tested, both, p):
    """{column: a number each} of differences between two `Shares`, as tables of them have it.

    `tested`: the standard errors that t is found with, nan for none; `both`: p with and without
    finite population correction.
    """
    return {
        "share_first": one.share,
        "share_second": other.share,
        "n_first": one.n,
        "n_second": other.n,
        "difference": difference,
        "se": np.where(se < NO_VARIANCE, 0.0, se),
        "low": limits[0],
        "high": limits[1],
        "df": df,
        "t": difference / tested,
        "p": p,
        "p_finite": both[0],
        "p_superpopulation": both[1],
    }


def _limit_extreme(survey, one, other, item):
    limits = []
    for shares in (one, other):
        way = choose(survey.inference, [survey.design, survey.design.uncorrected])
        se = np.sqrt(
            way.variances(shares.influence[:, [item]], shares.rows, shares.asked[:, [item]])
        )
        se = np.where(se < NO_VARIANCE, np.nan, se)
        both = find_limits(shares.share[[item]], se, shares.df[[item]], CONFIDENCE)
        limits.append(tuple(limit[0] for limit in both))
    return find_mover_limits(survey.design, one, other, item, limits, CONFIDENCE)


def _find_status(p, difference, complete, equal, df):
    untested = np.isnan(p)
    return np.select(
        [np.isnan(difference), complete, equal, untested & (df <= 0), untested],
        ["empty", "complete", "equal", "too_few", "zero_variance"],
        "",
    )
