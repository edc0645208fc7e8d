"""Weighted shares with design-based standard errors, for a stratified (and, if need be, clustered)
sample.

One idea carries the module. A weighted share is a smooth function of weighted sums, so each
respondent has one influence value on it, and the variance of the share is the variance of a plain
sum of influence values (Taylor linearisation; Binder 1983, Särndal, Swensson & Wretman 1992,
section 5.5). Respondents outside a group have influence 0 but keep their place in the design: rows
are never filtered away before the variance is taken.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv, expit, logit, stdtrit

from barometer.statistics.onepass import Measures, join_measures, measure_in_one_pass

# level of every interval, of shares and of differences, whatever level tests have
CONFIDENCE = 0.95
NO_VARIANCE = 1e-12  # a standard error below this is rounding noise: shares lie between 0 and 1
# weights that add up to no more respondents than this above n are normalised, by rounding
UNSCALED = 1e-3
# respondents x items worked on at a time, so that a million rows need no gigabytes
BLOCK = 2**22
_COLUMNS = """item label group group_label share se low high n n_yes n_effective width deff
    deff_status df total status"""
COLUMNS = tuple(_COLUMNS.split())


@dataclass(frozen=True, eq=False)
class Shares(Measures):
    """`Measures` (k) of k items among the respondents of one group, and what each respondent adds
    to them.

    `rows` (m): positions in the design of those asked at least one of the items. `asked`, `yes` (m
    x k): who is in which base, and who gave the answer. `influence` (m x k): each respondent's
    influence on each share.
    """

    rows: np.ndarray
    asked: np.ndarray
    yes: np.ndarray
    influence: np.ndarray

    @property
    def relative(self):
        """How often each respondent counts in what each number is relative to (m x k), as
        replicate weights need it; None where the numbers are sums.
        """
        return self.asked


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """`table` has one row per item and group (columns `COLUMNS`); `answers` (n x items) is 1, 0, or
    -1 where not asked.

    Not releasable: nothing is closed for disclosure yet, and the microdata hang on it.
    """

    survey: object
    items: tuple
    groups: tuple
    table: pd.DataFrame
    answers: np.ndarray

    measure_name = "share"  # what `share` in the table is

    def __repr__(self):
        state = "endnu ikke gennem kontrollen (disclosure.protect)"
        return f"Estimates: {len(self.table)} celler, {state}"

    def measure(self, group, items=None):
        """`Shares` of `items` (default: all) in `group`. Raises ValueError for other names."""
        items = self.items if items is None else tuple(items)
        unknown = [item for item in items if item not in self.items]
        if unknown or group not in self.groups:
            raise ValueError(f"not among these estimates: {', '.join(unknown) or group}")
        columns = [self.items.index(item) for item in items]
        return measure_shares(
            self.survey.design, self.answers[:, columns], find_rows(self.survey, group)
        )


def estimate_shares(survey, items, groups=("all",), confidence=CONFIDENCE):
    """Estimate the weighted share of every item in every group; one row per item and group, in that
    order.

    `survey` offers `.design`, `.indicator(item)` (n; 1, 0, nan where not asked), `.member(group)`
    (n; true or false) and `.label(name)`. In the table `share`, `se`, `low`, `high` are proportions
    and `n`, `n_yes` respondents. `low` and `high` are logit limits on the base's own degrees of
    freedom `df`. `deff` is against simple random sampling without replacement from as many units as
    the weights add up to. `n_effective` = p (1 - p) / se squared (Korn & Graubard 1998), no larger
    than n, and n where se is 0; `width` is that of the interval which the rules of precision look
    at (`find_limits`, method "capped"). `total` is the weighted number with the answer.

    `status` says which numbers do not exist, and why: "" estimated; "empty" nobody in the base: no
    number at all; "complete" all strata of the base surveyed completely: the share is that of the
    population, whatever it is, without sampling error, limits or design effect; "exact" 0 or 100
    per cent, with the exact limits of Clopper & Pearson (1934) on n; "zero_variance" se 0 though
    answers differ, without variation within strata, and "too_few" no degrees of freedom: a
    share but no limits. `deff_status` is "weights" where the weights add up to no more than the
    respondents, as normalised ones do: then there is no simple random sample without replacement to
    compare with. Raises ValueError for an indicator that is not 1, 0 or nan, and `LonelyStratum` as
    the design says.
    """
    if not items or not groups or not 0 < confidence < 1:
        raise ValueError("name at least one item and one group, and a confidence between 0 and 1")
    items, groups = tuple(items), tuple(groups)
    answers = read_answers(survey, items)
    members = np.stack([np.asarray(survey.member(group), dtype=bool) for group in groups])
    design = survey.design
    measure = measure_in_one_pass if design.is_plain else measure_by_units
    unscaled = design.weights.sum() <= (1 + UNSCALED) * np.count_nonzero(design.weights)
    measures = measure(design, answers, members)
    tabulated = _tabulate(measures, confidence, unscaled)
    labels = [
        (item, survey.label(item), group, survey.label(group)) for item in items for group in groups
    ]
    columns = dict(zip(COLUMNS[:4], zip(*labels, strict=True), strict=True))
    columns |= {name: values.ravel() for name, values in tabulated.items()}
    table = pd.DataFrame({name: columns[name] for name in COLUMNS})
    return Estimates(survey, items, groups, table, answers)


def read_answers(survey, items):
    """Answers (n x items): 1, 0, and -1 where not asked. Raises ValueError for other values."""
    answers = np.empty((len(survey.design.weights), len(items)), dtype=np.int8, order="F")
    for column, item in enumerate(items):
        indicator = np.asarray(survey.indicator(item), dtype=float)
        yes, no = indicator == 1, indicator == 0
        if not (yes | no | np.isnan(indicator)).all():
            raise ValueError(f"item {item} has values other than 1, 0 and nan")
        # without a large number on the way
        answers[:, column] = (yes | no).view(np.int8) - np.int8(1) + yes
    return answers


def find_rows(survey, group):
    """Positions of the group's members among the survey's respondents."""
    return np.flatnonzero(np.asarray(survey.member(group), dtype=bool))


def measure_shares(design, answers, rows):
    """`Shares` of the items (columns of `answers`, see `read_answers`) among `rows`."""
    rows = rows[(answers[rows] >= 0).any(axis=1)]
    asked, yes = answers[rows] >= 0, answers[rows] == 1
    weights = design.weights[rows]
    n, n_yes = (np.count_nonzero(answer[weights > 0], axis=0) for answer in (asked, yes))
    weight, total = (np.where(n > 0, weights @ answer, np.nan) for answer in (asked, yes))
    # 1 and not nearly 1: the variance must be 0
    share = np.where((n_yes == n) & (n > 0), 1.0, total / weight)
    influence = np.where(asked, yes - share, 0.0) * (weights[:, None] / weight)
    se = np.where(n > 0, np.sqrt(design.variances(influence, rows, asked)), np.nan)
    df, complete = design.count_degrees(asked, rows), design.find_complete(asked, rows)
    return Shares(share, se, df, n, n_yes, weight, total, complete, rows, asked, yes, influence)


def measure_by_units(design, answers, members):
    """`Measures` (k x groups) as `measure_in_one_pass`, from influence values, for clusters and
    replicate weights.
    """
    groups = [_measure_blocks(design, answers, np.flatnonzero(member)) for member in members]
    return join_measures(groups, join=np.stack)


def join_rows(design, measured):
    """Respondents in any of several `Shares`, and the place of each one's rows among them."""
    present = np.zeros(len(design.weights), dtype=bool)
    for one in measured:
        present[one.rows] = True
    place = np.cumsum(present) - 1
    return np.flatnonzero(present), [place[one.rows] for one in measured]


def find_limits(estimate, se, df, confidence=CONFIDENCE, method="logit", n=None):
    """Confidence limits (low, high) of estimates, arrays alike; nan where df is not positive.

    "wald": estimate -/+ t se. "logit": the same on the logit scale, for shares (Korn & Graubard
    1999, section 2.4). "beta": Clopper-Pearson with the effective sample size, for rare items;
    needs `n` (Korn & Graubard 1998). "capped": the same with an effective sample size no larger
    than `n` (Parker et al. 2017).
    """
    t = _find_quantile(df, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = estimate * (1 - estimate)
        if method == "wald":
            return estimate - t * se, estimate + t * se
        if method == "logit":
            return tuple(expit(logit(estimate) + side * t * se / spread) for side in (-1, 1))
        if method not in ("beta", "capped"):
            raise ValueError(f"method={method!r} is not one of wald, logit, beta, capped")
        effective = spread / se**2 * (_find_quantile(n - 1, confidence) / t) ** 2
        effective = np.minimum(effective, n) if method == "capped" else effective
        yes, no, tail = effective * estimate, effective * (1 - estimate), (1 - confidence) / 2
        return betaincinv(yes, no + 1, tail), betaincinv(yes + 1, no, 1 - tail)


def find_design_effects(shares):
    """Variance over that of simple random sampling (Kish 1965); nan with se 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = shares.share * (1 - shares.share) / (shares.n - 1) * (1 - shares.n / shares.weight)
        return np.where((shares.se < NO_VARIANCE) | ~(simple > 0), np.nan, shares.se**2 / simple)


def find_effective_sizes(shares):
    """p (1 - p) / se squared (Korn & Graubard 1998), at most n (Parker et al. 2017)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = shares.share * (1 - shares.share) / shares.se**2
    effective = np.where(shares.se < NO_VARIANCE, np.inf, effective)
    return np.where(shares.n > 0, np.minimum(effective, shares.n), np.nan)


def _measure_blocks(design, answers, rows):
    """`Measures` (k) of one group."""
    width = max(1, BLOCK // max(len(rows), 1))
    firsts = range(0, answers.shape[1], width)
    parts = [measure_shares(design, answers[:, first : first + width], rows) for first in firsts]
    return join_measures(parts, axis=0)


def _tabulate(shares, confidence, unscaled):
    unscaled = unscaled | (shares.weight <= shares.n)
    exact = (shares.n > 0) & ((shares.n_yes == 0) | (shares.n_yes == shares.n))
    flat = (shares.se < NO_VARIANCE) & ~exact
    status = np.select(
        [shares.n == 0, shares.complete, exact, shares.df <= 0, flat],
        ["empty", "complete", "exact", "too_few", "zero_variance"],
        "",
    )
    exact &= ~shares.complete
    error = np.where(flat | shares.complete, np.nan, shares.se)
    low, high = find_limits(shares.share, error, shares.df, confidence)
    se = np.where(shares.se < NO_VARIANCE, 0.0, shares.se)
    known = np.where(shares.complete, np.nan, se)
    least, most = find_limits(shares.share, known, shares.df, confidence, "capped", shares.n)
    # Clopper-Pearson in closed form at the ends
    closest = ((1 - confidence) / 2) ** (1 / np.maximum(shares.n, 1))
    return {
        "share": shares.share,
        "se": se,
        "low": np.where(exact, np.where(shares.n_yes == 0, 0.0, closest), low),
        "high": np.where(exact, np.where(shares.n_yes == 0, 1 - closest, 1.0), high),
        "n": shares.n,
        "n_yes": shares.n_yes,
        "n_effective": find_effective_sizes(shares),
        "width": np.where(exact, 1 - closest, most - least),
        "deff": np.where(unscaled, np.nan, find_design_effects(shares)),
        "deff_status": np.where(unscaled & ~shares.complete, "weights", ""),
        "df": shares.df,
        "total": shares.total,
        "status": status,
    }


def _find_quantile(df, confidence):
    df = np.asarray(df, dtype=float)
    return stdtrit(np.where(df > 0, df, np.nan), 1 - (1 - confidence) / 2)
