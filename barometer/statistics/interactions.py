"""The test of a difference between differences: that one differs and another does not is no proof
that they are unlike.

"The difference between significant and not significant is not itself statistically significant"
(Gelman & Stern 2006).
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import fdtrc

from barometer.statistics.estimates import find_rows, join_rows, measure_shares, read_answers
from barometer.statistics.extremes import is_extreme
from barometer.statistics.inferences import EQUAL, Judged, choose, measure_both, nan
from barometer.statistics.tabletests import SINGULAR


@dataclass(frozen=True)
class InteractionTest(Judged):
    """Adjusted Wald test of whether the differences among `first` cells equal those among `second`,
    cell by cell.

    Cells are (item, group). `differences` (q): (first[0] - first[j]) - (second[0] - second[j]), as
    proportions, and `se` (q) their standard errors; `ndf` is q. `status`: "complete" all were
    asked, so the differences themselves are the verdict; "empty" nobody in a base; "exact" a share
    is 0 or 100 per cent and has no variance; "zero_variance"; "too_few" degrees of freedom.
    """

    first: tuple
    second: tuple
    differences: tuple = field(repr=False)
    se: tuple = field(repr=False)


def test_interaction(survey, first, second, alpha=0.05):
    """Test whether the differences among the cells `first` equal the corresponding ones among the
    cells `second`.

    Each is as many cells, (item, group) of the survey's names, two or more; what is compared lies
    at the same place.
    * Two items between the same two groups: `first` [(item, a), (item, b)], `second` [(other, a),
      (other, b)].
    * One item in two sub-populations: [(item, "a&x"), (item, "b&x")] and [(item, "a&y"), (item,
      "b&y")].
    * Two whole tables, an item by groups each: [(item, group) for group in groups] and [(other,
      group) for …]. In chapters `release.release_interaction` makes it and passes it through the
      gate.

    The respondents' influence values of all cells are joined, so that whoever is in several brings
    the covariance. The quadratic form of q differences is held against F on q and df - q + 1 (Korn
    & Graubard 1990, adjusted Wald), df those of all bases together; with q = 1 it is the square of
    the t-test. Returns `InteractionTest`. Raises ValueError for lists of unlike or too small
    length.
    """
    first, second = tuple(first), tuple(second)
    if len(first) != len(second) or len(first) < 2:
        raise ValueError(
            f"as many cells in each, two or more: {len(first)} and {len(second)} were named"
        )
    measured = [_measure_cell(survey, *cell) for cell in (*first, *second)]
    shares = np.array([one.share[0] for one in measured])
    contrast = _make_contrast(len(first))
    rows, influence, bases = join_cells(survey.design, measured)
    df = survey.design.degrees_of_freedom(rows)
    complete = survey.design.find_complete(np.ones((len(rows), 1), dtype=bool), rows)[0]
    covariances = measure_both(
        survey.design,
        lambda way: contrast @ way.covariances(influence, rows, bases) @ contrast.T,
    )
    differences, q = contrast @ shares, len(contrast)
    status = "exact" if any(is_extreme(one)[0] for one in measured) else ""
    status = "empty" if np.isnan(shares).any() else status
    tested = [(nan, "") if status else find_wald(differences, one, df) for one in covariances]
    if complete and status != "empty":
        tested[0] = nan, "complete"
    f, found = choose(survey.inference, tested)
    status = found if found == "complete" else status or found
    ps = [float(fdtrc(q, df - q + 1, value)) for value, _ in tested]
    p = choose(survey.inference, ps)
    differs = bool((np.abs(differences) > EQUAL).any()) if status == "complete" else p < alpha
    judged = status == "complete" or not np.isnan(p)
    verdict = ("difference" if differs else "no_difference") if judged else ""
    se = np.sqrt(np.maximum(np.diag(choose(survey.inference, covariances)), 0))
    counted = int((survey.design.weights[rows] > 0).sum())
    found = {"n": counted, "f": f, "ndf": q, "ddf": df - q + 1, "p": p, "verdict": verdict}
    found |= {"status": status, "p_finite": ps[0], "p_superpopulation": ps[1], "level": alpha}
    return InteractionTest(first, second, tuple(differences.tolist()), tuple(se.tolist()), **found)


test_interaction.__test__ = False  # pytest would take it for a test wherever it is imported


def _make_contrast(k):
    """Rows (k - 1 x 2k): the first cell minus another, minus the same of the second k cells."""
    half = np.hstack([np.ones((k - 1, 1)), -np.eye(k - 1)])
    return np.hstack([half, -half])


def _measure_cell(survey, item, group):
    answers = read_answers(survey, [item])
    return measure_shares(survey.design, answers, find_rows(survey, group))


def join_cells(design, measured):
    """The respondents (m) of any of the cells, their influence on each share and who is in its base
    (m x cells).
    """
    rows, places = join_rows(design, measured)
    influence, bases = np.zeros((2, len(rows), len(measured)))
    for column, (one, place) in enumerate(zip(measured, places, strict=True)):
        influence[place, column] = one.influence[:, 0]
        if one.relative is not None:
            bases[place, column] = one.relative[:, 0]
    sums = all(one.relative is None for one in measured)
    return rows, influence, None if sums else bases


def find_wald(differences, covariance, df):
    """F of the differences (q) and "", or nan and why there is none."""
    q = len(differences)
    if df - q + 1 <= 0:
        return nan, "too_few"
    scale = np.sqrt(np.diag(covariance))
    if not (scale > 0).all() or np.linalg.cond(covariance / np.outer(scale, scale)) > SINGULAR:
        return nan, "zero_variance"
    wald = differences @ np.linalg.solve(covariance, differences)
    return float(wald * (df - q + 1) / (df * q)), ""
