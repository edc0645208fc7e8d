"""Weighted shares with design-based standard errors, for a stratified (and, if need be, clustered) sample.

One idea carries the module. A weighted share is a smooth function of weighted sums, so each respondent has one
influence value on it, and the variance of the share is the variance of a plain sum of influence values (Taylor
linearisation; Binder 1983, Särndal, Swensson & Wretman 1992, section 5.5). Respondents outside a group have influence
0 but keep their place in the design: rows are never filtered away before the variance is taken.
"""
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import csc_array
from scipy.special import betaincinv, expit, logit, stdtrit

LONELY_RULES = ("fail", "adjust", "certainty", "remove")
NO_VARIANCE = 1e-12     # a standard error below this is rounding noise: shares lie between 0 and 1
BLOCK = 2**22           # respondents x items worked on at a time, so that a million rows need no gigabytes
COLUMNS = ("item", "label", "group", "group_label", "share", "se", "low", "high", "n", "n_yes", "n_effective", "deff",
           "df", "total", "status")


class LonelyStratum(ValueError):
    """A stratum has one sampled unit, so its variance cannot be estimated, and no rule was named."""


class Design:
    """How n respondents were sampled: weights, strata, population per stratum, and (rarely) clusters.

    `weights`, `strata`, `fpc` and `psu` hold one value per respondent. `fpc` is the number of population units in the
    respondent's stratum (finite population correction 1 - n/N; Cochran 1977, section 5.5); none means sampled with
    replacement. `psu` labels the primary sampling unit within the stratum; none means each respondent is one.
    `lonely` says what a stratum with one sampled unit adds to a variance: "fail" refuses with `LonelyStratum`,
    "adjust" takes its deviation from the overall mean (conservative), "certainty" and "remove" add nothing. A stratum
    surveyed completely is never lonely. Raises ValueError naming what is wrong with the arguments.
    """

    def __init__(self, weights, strata=None, fpc=None, psu=None, lonely="fail"):
        if lonely not in LONELY_RULES:
            raise ValueError(f"lonely={lonely!r} is not a rule; choose one of {', '.join(LONELY_RULES)}")
        self.lonely, self.weights = lonely, _check_weights(weights)
        self.stratum_names, self.stratum = _code_labels("strata", strata, len(self.weights))
        self.unit, self.unit_stratum = _nest_units(psu, self.stratum)
        self.sizes = np.bincount(self.unit_stratum, minlength=len(self.stratum_names))
        unsampled = np.ones(len(self.sizes))
        if fpc is not None:
            unsampled = 1 - self.sizes / _check_population(fpc, self.stratum, self.sizes, self.stratum_names)
        self._single = (self.sizes == 1) & (unsampled > 0)
        single_factor = unsampled if lonely == "adjust" else 0.0
        several = self.sizes > 1
        factor = np.where(several, unsampled * self.sizes / np.where(several, self.sizes - 1, 1), single_factor)
        self._root_factor = np.sqrt(factor)

    def variances(self, influence, rows):
        """Variance of the sum of each column of `influence` (m x k), whose lines are the respondents `rows` (m)."""
        residuals = self._find_residuals(influence, rows)
        return np.einsum("ij,ij->j", residuals, residuals)

    def covariances(self, influence, rows):
        """Covariance matrix (k x k) of the sums of the columns of `influence` (m x k)."""
        residuals = self._find_residuals(influence, rows)
        return residuals.T @ residuals

    def degrees_of_freedom(self, rows):
        """Sampled units minus strata, counted among `rows` that carry a weight (Korn & Graubard 1999, section 5.2)."""
        return int(self.count_degrees(np.ones((len(rows), 1), dtype=bool), rows)[0])

    def count_degrees(self, asked, rows):
        """Degrees of freedom of k bases at once: column j of `asked` (m x k) says which of `rows` are in base j."""
        counted = asked & (self.weights[rows] > 0)[:, None]
        strata = np.count_nonzero(_sum_by(self.stratum[rows], len(self.sizes), counted), axis=0)
        if self.unit is None:
            return np.count_nonzero(counted, axis=0) - strata
        return np.count_nonzero(_sum_by(self.unit[rows], len(self.unit_stratum), counted), axis=0) - strata

    def _find_residuals(self, influence, rows):
        """Deviations from the stratum mean over all its sampled units, scaled so that their squares sum to variances.

        The variance is the sum over strata of (1 - n/N) n/(n-1) times squared deviations (Cochran 1977, section 5.4).
        """
        self._refuse_lonely(rows)
        strata = self.stratum[rows]
        if self.unit is not None:
            influence, strata = _sum_by(self.unit[rows], len(self.unit_stratum), influence), self.unit_stratum
        means = _sum_by(strata, len(self.sizes), influence) / self.sizes[:, None]
        means[self.sizes == 1] = 0.0     # "adjust": influence values have mean 0 over the whole base
        absent = self.sizes - np.bincount(strata, minlength=len(self.sizes))
        inside = (influence - means[strata]) * self._root_factor[strata][:, None]
        # Units without a row here have influence 0, hence deviate by the stratum's mean.
        outside = means * (self._root_factor * np.sqrt(absent))[:, None]
        return np.vstack([inside, outside])

    def _refuse_lonely(self, rows):
        if self.lonely != "fail":
            return
        lonely = np.unique(self.stratum[rows[self._single[self.stratum[rows]]]])
        if len(lonely):
            names = ", ".join(str(name) for name in self.stratum_names[lonely])
            raise LonelyStratum(f"only one sampled unit in stratum {names}; name a rule for it with lonely=")


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of k items among the respondents of one group, as arrays. Nan where nobody is in the base.

    `rows` (m): positions in the design of those asked at least one of the items. `asked` (m x k): who is in which
    base. `influence` (m x k): each respondent's influence on each share. The rest (k): `n` and `n_yes` respondents
    with a weight, in the base and with the answer; `weight` and `total` the same weighted.
    """

    rows: np.ndarray
    asked: np.ndarray
    influence: np.ndarray
    share: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    n_yes: np.ndarray
    weight: np.ndarray
    total: np.ndarray


@dataclass(frozen=True, eq=False)
class Estimates:
    """`table` has one row per item and group (columns `COLUMNS`); `answers` (n x items) is 1, 0, or -1 where not asked.

    Not releasable: nothing is closed for disclosure yet, and the microdata hang on it.
    """

    survey: object
    items: tuple
    groups: tuple
    table: pd.DataFrame
    answers: np.ndarray = field(repr=False)

    def measure(self, group, items=None):
        """`Shares` of `items` (default: all) in `group`, with influence values. Raises ValueError for other names."""
        items = self.items if items is None else tuple(items)
        unknown = [item for item in items if item not in self.items]
        if unknown or group not in self.groups:
            raise ValueError(f"not among these estimates: {', '.join(unknown) or group}")
        columns = [self.items.index(item) for item in items]
        return measure_shares(self.survey.design, self.answers[:, columns], find_rows(self.survey, group))


def estimate_shares(survey, items, groups=("all",), confidence=0.95):
    """Estimate the weighted share of every item in every group; one row per item and group, in that order.

    `survey` offers `.design`, `.indicator(item)` (n; 1, 0, nan where not asked), `.member(group)` (n; true or false)
    and `.label(name)`. In the table `share`, `se`, `low`, `high` are proportions and `n`, `n_yes` respondents. `low`
    and `high` are logit limits on the base's own degrees of freedom `df`. `deff` is against simple random sampling
    without replacement from as many units as the weights add up to; `n_effective` = n / design effect against
    sampling with replacement (Kish 1965), which does not hang on the weights' scale. `total` is the weighted number
    with the answer. `status`: "" estimated; "empty" nobody in the base; "exact" 0 or 100 per cent, with the
    exact limits of Clopper & Pearson (1934) on n; "zero_variance" se 0 though answers differ (base surveyed completely,
    or no variation within strata) and "too_few" no degrees of freedom: a share but no limits.
    Raises ValueError for an indicator that is not 1, 0 or nan, and `LonelyStratum` as the design says.
    """
    if not items or not groups or not 0 < confidence < 1:
        raise ValueError("name at least one item and one group, and a confidence between 0 and 1")
    items, groups = tuple(items), tuple(groups)
    answers = read_answers(survey, items)
    by_group = [_tabulate_group(survey.design, answers, find_rows(survey, group), confidence) for group in groups]
    columns = {name: np.stack([one[name] for one in by_group], axis=1).ravel() for name in by_group[0]}
    labels = [(item, survey.label(item), group, survey.label(group)) for item in items for group in groups]
    columns |= dict(zip(COLUMNS[:4], zip(*labels, strict=True), strict=True))
    return Estimates(survey, items, groups, pd.DataFrame({name: columns[name] for name in COLUMNS}), answers)


def read_answers(survey, items):
    """Items' answers as one small matrix (n x items): 1, 0, and -1 where not asked. ValueError for other values."""
    answers = np.empty((len(survey.design.weights), len(items)), dtype=np.int8, order="F")
    for column, item in enumerate(items):
        indicator = np.asarray(survey.indicator(item), dtype=float)
        asked = ~np.isnan(indicator)
        if not np.isin(indicator[asked], (0.0, 1.0)).all():
            raise ValueError(f"item {item} has values other than 1, 0 and nan")
        answers[:, column] = np.where(asked, indicator == 1, -1)
    return answers


def find_rows(survey, group):
    """Positions of the group's members among the survey's respondents."""
    return np.flatnonzero(np.asarray(survey.member(group), dtype=bool))


def measure_shares(design, answers, rows):
    """Shares of the items (columns of `answers`, n x k, as from `read_answers`) among `rows`, as `Shares`."""
    rows = rows[(answers[rows] >= 0).any(axis=1)]
    asked, yes = answers[rows] >= 0, answers[rows] == 1
    weights = design.weights[rows]
    n, n_yes = (np.count_nonzero(answer[weights > 0], axis=0) for answer in (asked, yes))
    weight, total = (np.where(n > 0, weights @ answer, np.nan) for answer in (asked, yes))
    share = np.where((n_yes == n) & (n > 0), 1.0, total / weight)     # 1 and not nearly 1: the variance must be 0
    influence = np.where(asked, yes - share, 0.0) * (weights[:, None] / weight)
    se = np.where(n > 0, np.sqrt(design.variances(influence, rows)), np.nan)
    return Shares(rows, asked, influence, share, se, design.count_degrees(asked, rows), n, n_yes, weight, total)


def measure_totals(design, answers, rows):
    """Weighted totals of the items among `rows`: (totals, standard errors, degrees of freedom), arrays of k.

    In a lonely stratum "adjust" measures a total's deviation from 0, which is more cautious than from the mean.
    """
    rows = rows[(answers[rows] >= 0).any(axis=1)]
    weighted = (answers[rows] == 1) * design.weights[rows][:, None]
    degrees = design.count_degrees(answers[rows] >= 0, rows)
    return weighted.sum(axis=0), np.sqrt(design.variances(weighted, rows)), degrees


def find_limits(estimate, se, df, confidence=0.95, method="logit", n=None):
    """Confidence limits (low, high) of estimates, arrays alike; nan where df is not positive.

    "wald": estimate -/+ t se. "logit": the same on the logit scale, for shares (Korn & Graubard 1999, section 2.4).
    "beta": Clopper-Pearson with the effective sample size, for rare items; needs `n` (Korn & Graubard 1998).
    """
    t = _find_quantile(df, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = estimate * (1 - estimate)
        if method == "wald":
            return estimate - t * se, estimate + t * se
        if method == "logit":
            return tuple(expit(logit(estimate) + side * t * se / spread) for side in (-1, 1))
        if method != "beta":
            raise ValueError(f"method={method!r} is not one of wald, logit, beta")
        effective = spread / se**2 * (_find_quantile(n - 1, confidence) / t) ** 2
        yes, no, tail = effective * estimate, effective * (1 - estimate), (1 - confidence) / 2
        return betaincinv(yes, no + 1, tail), betaincinv(yes + 1, no, 1 - tail)


def find_design_effects(shares, replacement):
    """Variance over that of simple random sampling, with or without replacement (Kish 1965); nan with se 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = shares.share * (1 - shares.share) / (shares.n - 1)
        if not replacement:
            simple = simple * (1 - shares.n / shares.weight)
        return np.where((shares.se < NO_VARIANCE) | ~(simple > 0), np.nan, shares.se**2 / simple)


def _tabulate_group(design, answers, rows, confidence):
    width = max(1, BLOCK // max(len(rows), 1))
    blocks = [_tabulate_block(measure_shares(design, answers[:, first:first + width], rows), confidence)
              for first in range(0, answers.shape[1], width)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _tabulate_block(shares, confidence):
    exact = (shares.n > 0) & ((shares.n_yes == 0) | (shares.n_yes == shares.n))
    flat = (shares.se < NO_VARIANCE) & ~exact
    status = np.select([shares.n == 0, exact, shares.df <= 0, flat], ["empty", "exact", "too_few", "zero_variance"], "")
    low, high = find_limits(shares.share, np.where(flat, np.nan, shares.se), shares.df, confidence)
    closest = ((1 - confidence) / 2) ** (1 / np.maximum(shares.n, 1))    # Clopper-Pearson in closed form at the ends
    return {
        "share": shares.share, "se": np.where(shares.se < NO_VARIANCE, 0.0, shares.se),
        "low": np.where(exact, np.where(shares.n_yes == 0, 0.0, closest), low),
        "high": np.where(exact, np.where(shares.n_yes == 0, 1 - closest, 1.0), high),
        "n": shares.n, "n_yes": shares.n_yes, "n_effective": shares.n / find_design_effects(shares, replacement=True),
        "deff": find_design_effects(shares, replacement=False), "df": shares.df, "total": shares.total,
        "status": status,
    }


def _find_quantile(df, confidence):
    df = np.asarray(df, dtype=float)
    return stdtrit(np.where(df > 0, df, np.nan), 1 - (1 - confidence) / 2)


def _sum_by(codes, k, values):
    """Column sums of `values` (m x columns) for each code 0..k-1: k x columns."""
    m = len(codes)
    return csc_array((np.ones(m), codes, np.arange(m + 1)), shape=(k, m)) @ values


def _check_weights(weights):
    weights = np.array(weights, dtype=float)
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(bad):
        raise ValueError(f"weights must be finite and not negative; {len(bad)} are not, first in row {bad[0]}")
    if not weights.any():
        raise ValueError("weights are all zero")
    return weights


def _code_labels(name, labels, n):
    """Sorted distinct labels, and each row's position among them. Raises ValueError on missing labels."""
    labels = np.zeros(n, dtype=int) if labels is None else np.asarray(labels)
    if len(labels) != n or pd.isna(labels).any():
        raise ValueError(f"{name} must hold one label for each of the {n} rows, none missing")
    return np.unique(labels, return_inverse=True)


def _nest_units(psu, stratum):
    """Each row's unit (none: its own) and each unit's stratum. Labels may repeat between strata."""
    if psu is None:
        return None, stratum
    names, codes = _code_labels("psu", psu, len(stratum))
    pairs, unit = np.unique(stratum * len(names) + codes, return_inverse=True)
    return unit, pairs // len(names)


def _check_population(fpc, stratum, sizes, names):
    """Population units per stratum. Raises ValueError if they vary within a stratum or lie below the sample."""
    fpc = np.asarray(fpc, dtype=float)
    if len(fpc) != len(stratum):
        raise ValueError(f"fpc must hold one number for each of the {len(stratum)} rows")
    population = np.zeros(len(sizes))
    population[stratum] = fpc
    wrong = [("is missing or varies within", np.unique(stratum[population[stratum] != fpc])),
             ("is below the number sampled in", np.flatnonzero(~(population >= sizes)))]
    for fault, strata in wrong:
        if len(strata):
            raise ValueError(f"fpc {fault} stratum {', '.join(str(names[s]) for s in strata)}")
    return population
