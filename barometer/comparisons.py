"""Tests of differences between shares, and of whole tables, each with a verdict.

A difference is tested itself, never by looking whether two intervals overlap: both shares' influence values are joined
per respondent, so that respondents counted in both (overlapping groups, two items answered by the same people) bring
their covariance with them.
"""
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr

from barometer.estimates import BLOCK, CONFIDENCE, NO_VARIANCE, find_limits, read_answers

COLUMNS = ("item", "label", "first", "second", "first_label", "second_label", "share_first", "share_second", "n_first",
           "n_second", "difference", "se", "low", "high", "df", "t", "p", "p_adjusted", "verdict", "status")
# A tendency is our choice: the publication speaks of one (Figur 5), at the level of 0.05, and gives no rule.
LEVEL, TENDENCY = 0.05, 0.10
SINGULAR = 1e12     # condition number of the table's log odds ratios from which their tests are rounding noise


@dataclass(frozen=True)
class TableTest:
    """Rao-Scott test of items x groups: F on `ndf` and `ddf`, among `n` respondents.

    `verdict` is "difference", "no_difference", or "" where the table cannot be tested. Then `p` is nan and `status`
    says why: "empty" nobody in it, "one_level" one group or one category only, "singular" too many empty cells,
    "zero_variance", "too_few" no degrees of freedom.
    """

    items: tuple
    groups: tuple
    n: int
    f: float
    ndf: float
    ddf: float
    p: float
    verdict: str
    status: str


@dataclass(frozen=True, eq=False)
class TableMeasure:
    """What a table's test is made of. `pearson`: X squared on weighted shares and n. `effects`: the matrix whose
    eigenvalues are the table's generalised design effects, None where it cannot be had, and `status` says why."""

    n: int
    df: int
    pearson: float
    effects: np.ndarray | None
    status: str


def compare_groups(estimates, first, second, alpha=0.05):
    """Test, item by item, whether the share in group `first` differs from that in `second`; groups may overlap.

    Two-sided t-test of the difference on the degrees of freedom of both bases together (Korn & Graubard 1999, section
    2.4). `difference` is first minus second as a proportion, `low` and `high` its limits at `CONFIDENCE`, as a share's,
    whatever `alpha` is. The verdict, "higher", "lower" or "no_difference", rests on `p`; `p_adjusted` is Holm's over
    this table's testable rows. An untestable row has no p and no verdict, and `status` says why: "empty" base, "exact"
    (a share is 0 or 100 per cent), "zero_variance", "too_few" degrees of freedom. Raises ValueError for a group not
    among the estimates.
    """
    survey = estimates.survey
    names = {
        "item": estimates.items, "label": [survey.label(item) for item in estimates.items],
        "first": first, "second": second, "first_label": survey.label(first), "second_label": survey.label(second),
    }
    width = max(1, BLOCK // len(survey.design.weights))
    blocks = [_compare_block(estimates, estimates.items[start:start + width], first, second, alpha)
              for start in range(0, len(estimates.items), width)]
    tested = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return pd.DataFrame({**names, **tested, "p_adjusted": adjust_holm(tested["p"])})[list(COLUMNS)]


def compare_items(estimates, first, second, alpha=0.05):
    """Test, group by group, whether the share of item `first` differs from that of item `second`.

    The same respondents answer both, and their covariance is in the test; the two bases may differ. As
    `compare_groups`, with one row per group named in the further columns `group` and `group_label`; `item` is `first`.
    """
    survey, rows = estimates.survey, []
    for group in estimates.groups:
        one, other = estimates.measure(group, [first]), estimates.measure(group, [second])
        joined = _join(survey.design, one, other)
        rows.append({
            "item": first, "label": survey.label(first), "first": first, "second": second,
            "first_label": survey.label(first), "second_label": survey.label(second),
            **{name: values[0] for name, values in _test_differences(joined, one, other, alpha).items()},
            "group": group, "group_label": survey.label(group),
        })
    table = pd.DataFrame(rows)
    return table.assign(p_adjusted=adjust_holm(table["p"]))[[*COLUMNS, "group", "group_label"]]


def test_distribution(survey, items, groups, alpha=0.05):
    """Test whether the distribution over `items` differs between `groups` (Rao & Scott 1984, second-order F).

    `items` are answers of which a respondent has at most one; who was asked but has none of them makes up one further
    category, so a single item is tested against its complement. Who lacks an answer or is in no group is outside the
    table. Returns `TableTest`. Raises ValueError if a respondent is in two groups or has two of the items.
    """
    items, groups = tuple(items), tuple(groups)
    answers = read_answers(survey, items)
    asked = (answers >= 0).all(axis=1)
    members = np.column_stack([np.asarray(survey.member(group), dtype=bool) for group in groups])
    category = np.where(asked, _number_column(answers == 1, items, "items", otherwise=len(items)), -1)
    group = _number_column(members, groups, "groups", otherwise=-1)
    measure = measure_table(survey.design, category, group)
    f, ndf, ddf, p = _find_f(measure)
    verdict = "" if np.isnan(p) else "difference" if p < alpha else "no_difference"
    return TableTest(items, groups, measure.n, f, ndf, ddf, p, verdict, measure.status)


test_distribution.__test__ = False     # pytest would take it for a test wherever it is imported


def measure_table(design, category, group):
    """`TableMeasure` of two codings of the n respondents; a negative code means outside the table.

    `effects` sets the design-based covariance of the table's log odds ratios against that of simple random sampling
    (Rao & Scott 1984, section 3), both taken at the estimated cells; empty cells are left out of the ratios.
    """
    rows = np.flatnonzero((category >= 0) & (group >= 0) & (design.weights > 0))
    if not len(rows):
        return TableMeasure(0, 0, np.nan, None, "empty")
    categories, line = np.unique(category[rows], return_inverse=True)
    groups, column = np.unique(group[rows], return_inverse=True)
    shape, n, df = (len(categories), len(groups)), len(rows), design.degrees_of_freedom(rows)
    if min(shape) < 2:
        return TableMeasure(n, df, np.nan, None, "one_level")
    cells = (line * shape[1] + column)[:, None] == np.arange(shape[0] * shape[1])
    weights = design.weights[rows] / design.weights[rows].sum()
    shares = weights @ cells
    covariance = design.covariances((cells - shares) * weights[:, None], rows)
    effects, status = _find_effects(shares, covariance, shape, n)
    return TableMeasure(n, df, _find_pearson(shares.reshape(shape), n), effects, status if df > 0 else "too_few")


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
    """Whether a difference that is not significant is told as a tendency: p from 0.05 to under 0.10.

    At another level of significance than 0.05 no tendency is told.
    """
    return alpha == LEVEL and LEVEL <= p < TENDENCY


def read_verdict(test, alpha):
    """The verdict that is told of a test, a row of comparisons or a `TableTest`: its own, or that it is a tendency.

    "tendency_higher", "tendency_lower", or "tendency" of a whole table, which has no direction.
    """
    if test.verdict != "no_difference" or not find_tendency(test.p, alpha):
        return test.verdict
    difference = getattr(test, "difference", None)
    return "tendency" if difference is None else "tendency_higher" if difference > 0 else "tendency_lower"


def find_p_values(t, df):
    """Two-sided p-values of t statistics, arrays alike; nan where df is not positive."""
    return 2 * stdtr(np.where(np.asarray(df) > 0, df, np.nan), -np.abs(t))


def _join(design, one, other):
    """Standard errors and degrees of freedom of the differences of two `Shares` with as many items."""
    present = np.zeros(len(design.weights), dtype=bool)
    present[one.rows] = present[other.rows] = True
    rows, place = np.flatnonzero(present), np.cumsum(present) - 1
    influence = np.zeros((len(rows), len(one.share)))
    asked = np.zeros(influence.shape, dtype=bool)
    for shares, sign in ((one, 1), (other, -1)):
        places = place[shares.rows]
        influence[places] += sign * shares.influence
        asked[places] |= shares.asked
    return np.sqrt(design.variances(influence, rows)), design.count_degrees(asked, rows)


def _compare_block(estimates, items, first, second, alpha):
    one, other = estimates.measure(first, items), estimates.measure(second, items)
    return _test_differences(_join(estimates.survey.design, one, other), one, other, alpha)


def _test_differences(joined, one, other, alpha):
    difference = one.share - other.share
    se, df = np.where(np.isnan(difference), np.nan, joined[0]), joined[1]
    status = _find_status(se, df, one, other)
    testable = status == ""
    se_tested = np.where(testable, se, np.nan)
    low, high = find_limits(difference, se_tested, df, CONFIDENCE, method="wald")
    t = difference / se_tested
    p = find_p_values(t, df)
    verdict = np.select([~testable, p >= alpha, difference > 0], ["", "no_difference", "higher"], "lower")
    return {
        "share_first": one.share, "share_second": other.share, "n_first": one.n, "n_second": other.n,
        "difference": difference, "se": np.where(se < NO_VARIANCE, 0.0, se), "low": low, "high": high, "df": df,
        "t": t, "p": p, "verdict": verdict, "status": status,
    }


def _find_status(se, df, one, other):
    empty = (one.n == 0) | (other.n == 0)
    exact = np.isin(one.share, (0.0, 1.0)) | np.isin(other.share, (0.0, 1.0))
    return np.select([empty, exact, se < NO_VARIANCE, df <= 0], ["empty", "exact", "zero_variance", "too_few"], "")


def _number_column(flags, names, what, otherwise):
    """Which column of `flags` (n x k) is true in each row; ValueError where two are."""
    twice = flags.sum(axis=1) > 1
    if twice.any():
        both = " and ".join(names[column] for column in np.flatnonzero(flags[twice][0])[:2])
        raise ValueError(f"{what} overlap: {twice.sum()} respondents have more than one, such as {both}")
    return np.where(flags.any(axis=1), flags.argmax(axis=1), otherwise)


def _find_pearson(table, n):
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    return float(n * ((table - expected) ** 2 / expected).sum())


def _find_effects(shares, covariance, shape, n):
    """The design effects matrix of the cells' log odds ratios, and a status."""
    inverse = np.divide(1, shares, out=np.zeros_like(shares), where=shares > 0)
    ratios = np.kron(*(np.vstack([-np.ones(levels - 1), np.eye(levels - 1)]) for levels in shape)) * inverse[:, None]
    simple = ratios.T @ (ratios * shares[:, None]) / n
    if np.linalg.cond(simple) > SINGULAR:
        return None, "singular"
    effects = np.linalg.solve(simple, ratios.T @ covariance @ ratios)
    return (effects, "") if np.trace(effects) > NO_VARIANCE else (None, "zero_variance")


def _find_f(measure):
    """F, its two degrees of freedom and p: X squared over the effects' sum, Satterthwaite's df (Rao & Scott 1984)."""
    if measure.status:
        return (float("nan"),) * 4
    total = np.trace(measure.effects)
    ndf = total**2 / np.trace(measure.effects @ measure.effects)
    f, ddf = measure.pearson / total, ndf * measure.df
    return float(f), float(ndf), float(ddf), float(fdtrc(ndf, ddf, f))
