"""How even the response is: the R-indicator by hand."""

import math

import pytest

from barometer.weighting.response import measure_representativity


def test_the_same_share_everywhere_is_one():
    assert measure_representativity([100, 300], [50, 30], [25, 15]) == 1


def test_shares_that_differ_are_less_by_twice_their_standard_deviation_but_for_chance():
    # shares 0.2 and 0.6 of half the units each: S² = 0.04; chance: 1/4 of each one's variance
    chance = (0.2 * 0.8 / 999 + 0.6 * 0.4 / 999) / 4
    found = measure_representativity([10, 10], [1000, 1000], [200, 600])
    assert found == pytest.approx(1 - 2 * math.sqrt(0.04 - chance), rel=1e-12)


def test_what_chance_alone_can_make_is_no_difference():
    assert measure_representativity([10, 10], [20, 20], [10, 11]) == 1


def test_a_closed_count_and_a_single_one_asked_give_no_number():
    assert math.isnan(measure_representativity([10, 10], [20, 20], [10, math.nan]))
    assert math.isnan(measure_representativity([10, 10], [20, 1], [10, 1]))
