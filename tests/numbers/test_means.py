"""Means on samples small enough to check by hand. Against R: tests/statistics/test_golden.py."""

import numpy as np
import pytest

from barometer.numbers.means import Scale, compare_means, estimate_means
from barometer.numbers.means import test_means as check_means
from barometer.statistics.design import Design
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.tabletests import Overlap
from tests.statistics.test_estimates import TinySurvey, nan

GROUPS = {"a": [1, 1, 1, 0, 0, 0], "b": [0, 0, 0, 1, 1, 1], "c": [1, 0, 0, 0, 0, 1]}


def make(values, groups=("all",), weights=(1,) * 6, **how):
    survey = TinySurvey(Design(list(weights), **how), {}, GROUPS)
    survey.inference = "finite"
    scale = Scale("Scale", np.array(values, dtype=float), 1, 5)
    return estimate_means(survey, {"scale": scale}, groups)


def test_a_mean_is_weighted_and_of_those_who_gave_a_value():
    row = make([1, 5, nan, 4, nan, 2], weights=[2, 1, 9, 1, 9, 1]).table.iloc[0]
    assert (row.share, row.n, row.total, row.measure) == (13 / 5, 4, 13, "mean")


def test_the_error_of_a_simple_samples_mean_is_its_spread_over_the_root_of_n():
    row = make([1, 5, 3, 4, 3, 2]).table.iloc[0]
    assert row.se == pytest.approx(np.std([1, 5, 3, 4, 3, 2], ddof=1) / np.sqrt(6))
    assert row.n_effective == pytest.approx(6) and row.df == 5
    assert row.width == pytest.approx((row.high - row.low) / 4)  # of a scale from 1 to 5


def test_a_mean_of_noughts_and_ones_is_the_share():
    answers, weights = [1, 0, 1, 1, 0, nan], [1, 2, 3, 4, 5, 6]
    survey = TinySurvey(Design(weights), {"item": answers}, {})
    share = estimate_shares(survey, ["item"]).table.iloc[0]
    row = make(answers, weights=weights).table.iloc[0]
    assert [row.share, row.se, row.df] == pytest.approx([share.share, share.se, share.df])


@pytest.mark.parametrize(
    ("values", "how", "status"),
    [
        ([nan] * 6, {}, "empty"),
        ([3] * 6, {}, "zero_variance"),
        ([1, 2, 3, 4, 5, 1], {"fpc": [6] * 6}, "complete"),
        ([1] + [nan] * 5, {}, "too_few"),
    ],
)
def test_a_status_says_why_there_is_no_interval(values, how, status):
    row = make(values, **how).table.iloc[0]
    assert row.status == status and np.isnan([row.low, row.high]).all()


def test_a_difference_is_first_minus_second_with_a_verdict():
    (row,) = compare_means(make([4, 5, 5, 1, 2, 1], ("a", "b")), "a", "b").itertuples()
    assert row.difference == pytest.approx(14 / 3 - 4 / 3)
    assert (row.verdict, row.method, row.df) == ("higher", "t", 5) and row.low > 0


def test_where_nothing_varies_there_is_no_test():
    (row,) = compare_means(make([4, 4, 4, 1, 1, 1], ("a", "b")), "a", "b").itertuples()
    assert (row.status, row.verdict) == ("zero_variance", "") and np.isnan(row.p)


def test_where_all_were_asked_the_difference_is_known():
    found = make([4, 5, 5, 1, 2, 1], ("a", "b"), fpc=[6] * 6)
    (row,) = compare_means(found, "a", "b").itertuples()
    assert (row.status, row.verdict) == ("complete", "higher") and np.isnan(row.p)
    test = check_means(found)
    assert (test.status, test.verdict) == ("complete", "difference")


def test_the_test_of_two_groups_is_the_square_of_the_t_test():
    found = make([4, 3, 5, 1, 4, 1], ("a", "b"))
    (row,) = compare_means(found, "a", "b").itertuples()
    test = check_means(found)
    assert (test.f, test.p) == (pytest.approx(row.t**2), pytest.approx(row.p))


def test_groups_that_overlap_have_no_test_together():
    with pytest.raises(Overlap, match="a and c"):
        check_means(make([4, 3, 5, 1, 4, 1], ("a", "b", "c")))
