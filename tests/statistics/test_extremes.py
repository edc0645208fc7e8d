"""Differences to and from 0 and 100 per cent, on frames small enough to check by hand. Against R:
test_golden.py.
"""

import numpy as np
import pytest
from scipy.stats import f

from barometer.statistics.comparisons import compare_items
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.inferences import floor_level
from barometer.statistics.tabletests import test_unanimous
from tests.statistics.test_comparisons import HALVES, build, compare

nan = np.nan


def test_none_of_one_group_and_half_of_another_are_tested_by_rao_scott():
    row = compare(build(item=[0, 0, 0, 0, 1, 1, 0, 0], **HALVES))
    # Of 8 two say yes, one in each group expected: X squared = 2/1 + 2/3. The cells' shares are
    # 1/2, 1/4, 1/4; of the log odds ratio without the empty cell the variance is 10/8 as if simple,
    # and (10 - 1)/7 by the design.
    assert (row.status, row.method, row.df) == ("", "rao_scott", 7)
    assert row.p == pytest.approx(f.sf((2 + 2 / 3) * (10 / 8) / (9 / 7), 1, 7))
    assert row.verdict == "no_difference"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ([0] * 50, [1] * 30 + [0] * 20, "lower"),
        ([1] * 30 + [0] * 20, [0] * 50, "higher"),
        ([1] * 50, [1] * 30 + [0] * 20, "higher"),
        ([1] * 30 + [0] * 20, [1] * 50, "lower"),
        ([0] * 50, [1] + [0] * 49, "no_difference"),
        ([0] * 50, [1] * 50, "lower"),
        ([1] * 50, [0] * 50, "higher"),
    ],
)
def test_the_largest_differences_are_told_and_the_smallest_are_not(first, second, verdict):
    row = compare(build(item=first + second, a=[1] * 50 + [0] * 50, b=[0] * 50 + [1] * 50))
    assert (row.verdict, row.status) == (verdict, "")
    assert (row.p < 0.05) == (verdict != "no_difference")
    assert row.low < row.difference < row.high or abs(row.difference) == 1


def test_a_few_with_the_answer_are_no_difference_to_a_small_group_without():
    # A t-test would ask the larger group alone: 12 of 400 is five standard errors from 0, however
    # few the others are.
    row = compare(
        build(item=[0] * 20 + [1] * 12 + [0] * 388, a=[1] * 20 + [0] * 400, b=[0] * 20 + [1] * 400)
    )
    assert abs(row.difference / row.se) > 3
    assert (row.method, row.verdict) == ("rao_scott", "no_difference")
    assert row.p > 0.3


def test_a_group_of_everybody_is_tested_with_those_in_both_counted_once():
    answers = [0] * 20 + [1] * 12 + [0] * 388
    part = [1] * 20 + [0] * 400
    whole = compare(build(item=answers, a=part, b=[1] * 420))
    rest = compare(build(item=answers, a=part, b=[0] * 20 + [1] * 400))
    assert whole.method == rest.method == "rao_scott"
    assert whole.p == pytest.approx(rest.p, abs=0.02)


def test_none_against_all_is_fishers_test():
    row = compare(build(item=HALVES["a"], **HALVES))
    assert (row.method, row.verdict) == ("exact", "higher")
    assert row.p == row.p_finite == row.p_superpopulation == pytest.approx(2 / 70)


def test_an_exact_test_counts_what_weighted_answers_are_worth():
    # Four with weights 1, 1, 1 and 9 are worth 144/84 = 1.7 and count as one: 5 ways, one like it.
    assert compare(build([1, 1, 1, 9, 1, 1, 1, 1], item=HALVES["a"], **HALVES)).p == pytest.approx(
        1 / 5
    )


def test_groups_of_other_sizes_have_one_way_to_be_of_one_mind():
    assert test_unanimous([4, 3], [0, 1]) == pytest.approx(1 / 35)
    assert test_unanimous([3.9, 3.9], [0, 1]) == pytest.approx(2 / 20)
    assert test_unanimous([2, 2, 2], [0, 1, 2]) == pytest.approx(6 * 8 / 720)


@pytest.mark.parametrize("share", [0, 1])
def test_two_groups_that_all_say_the_same_do_not_differ(share):
    row = compare(build(item=[share] * 8, **HALVES))
    assert (row.status, row.verdict, row.difference) == ("equal", "no_difference", 0)
    assert row[["p", "p_finite", "p_superpopulation", "p_adjusted", "low", "high"]].isna().all()


def test_of_two_items_one_that_nobody_ticked_is_tested_on_the_same_people():
    survey = build(never=[0] * 40, some=[1] * 10 + [0] * 30)
    row = compare_items(estimate_shares(survey, ["never", "some"], ["all"]), "never", "some").iloc[
        0
    ]
    assert (row.method, row.verdict) == ("rao_scott", "lower")
    assert 0.0001 < row.p < 0.005  # McNemar's exact test: ten of ten one way, p = 0.002


def test_two_items_of_which_one_is_ticked_by_all_and_one_by_none_are_a_sign_test():
    survey = build(never=[0] * 8, always=[1] * 8)
    row = compare_items(
        estimate_shares(survey, ["never", "always"], ["all"]), "never", "always"
    ).iloc[0]
    assert (row.method, row.verdict) == ("exact", "lower")
    assert row.p == pytest.approx(2 / 2**8)


def test_the_interval_of_a_difference_from_0_has_the_exact_limit_on_that_side():
    row = compare(build(item=[0] * 10 + [1, 0] * 5, a=[1] * 10 + [0] * 10, b=[0] * 10 + [1] * 10))
    table = estimate_shares(
        build(item=[0] * 10 + [1, 0] * 5, b=[0] * 10 + [1] * 10), ["item"], ["b"]
    ).table
    upper = 1 - 0.025 ** (1 / 10)  # of 0 of 10
    assert row.low == pytest.approx(-0.5 - (table["high"][0] - 0.5))
    assert row.high == pytest.approx(-0.5 + np.hypot(upper, 0.5 - table["low"][0]))


def test_the_test_at_0_follows_the_inference_that_speaks():
    survey = build(
        item=[0] * 10 + [1, 0] * 5, a=[1] * 10 + [0] * 10, b=[0] * 10 + [1] * 10, fpc=[30] * 20
    )
    finite = compare(survey)
    assert finite.p == finite.p_finite < finite.p_superpopulation
    survey.inference = "superpopulation"
    assert compare(survey).p == finite.p_superpopulation
    assert compare(survey).high > finite.high


@pytest.mark.parametrize(
    ("alpha", "level"),
    [(0.2, 0.1), (0.1, 0.1), (0.07, 0.05), (0.05, 0.05), (0.049, 0.01), (0.001, 0.001)],
)
def test_a_hidden_p_is_judged_at_few_levels(alpha, level):
    assert floor_level(alpha) == level
    assert np.isnan(floor_level(0.0009))
