"""Numbers on samples small enough to check by hand. Against R: tests/statistics/test_golden.py."""

import numpy as np
import pandas as pd
import pytest

from barometer.numbers.allowed import GIVEN, name_values, read_allowed
from barometer.numbers.answers import read_column
from barometer.numbers.means import compare_means
from barometer.numbers.quantities import Quantity, estimate_numbers, find_quantile
from barometer.statistics.design import Design
from tests.statistics.test_estimates import TinySurvey, nan

GROUPS = {"a": [1, 1, 1, 0, 0, 0], "b": [0, 0, 0, 1, 1, 1]}


def make(values, groups=("all",), weights=(1,) * 6, **how):
    survey = TinySurvey(Design(list(weights)), {}, GROUPS)
    survey.inference = "finite"
    number = Quantity("Number", np.array(values, dtype=float), 0, np.inf, "value_1", **how)
    return estimate_numbers(survey, "number=given", number, groups)


def test_a_quantile_is_the_number_where_the_weight_passes_its_part():
    values, weights = np.array([5.0, 1.0, 3.0]), np.array([1.0, 1.0, 2.0])
    assert find_quantile(values, weights, 0.2) == 3  # R's rule, whose least is the second
    assert find_quantile(values, weights, 0.25) == 1
    assert find_quantile(values, weights, 0.5) == 3
    assert find_quantile(values, weights, 0.9) == 5
    assert np.isnan(find_quantile(values, np.zeros(3), 0.5))


def test_a_total_is_of_weights_times_numbers_and_its_error_that_of_a_sum():
    row = make([1, 5, nan, 4, 3, 2], weights=[2, 1, 9, 1, 1, 1], statistic="total").table.iloc[0]
    products = np.array([2, 5, 0, 4, 3, 2])
    assert (row.share, row.n) == (16, 5)
    assert row.se == pytest.approx(np.std(products, ddof=1) * np.sqrt(6))


def test_a_ratio_counts_those_who_gave_both_numbers():
    below = np.array([1, 2, 2, nan, 2, 2.0])
    row = make([2, 4, nan, 9, 4, 4], statistic="ratio", below=below).table.iloc[0]
    assert (row.share, row.n, row.se) == (2.0, 4, 0.0)


@pytest.mark.parametrize("statistic", ["mean", "median", "total"])
def test_a_difference_of_numbers_is_first_minus_second_in_their_own_form(statistic):
    found = make([40, 50, 60, 10, 20, 15], ("a", "b"), statistic=statistic)
    (row,) = compare_means(found, "a", "b").itertuples()
    assert row.difference > 0 and (row.measure, row.statistic) == ("value_1", statistic)


CODES = {GIVEN: "Et tal", "-9": "Ved ikke", "none": "Intet"}


@pytest.mark.parametrize(
    ("cells", "labels", "codes", "numbers"),
    [
        ([1.5, -9.0, None], {}, [GIVEN, "-9", None], [1.5, nan, nan]),
        (["1,5", "none", ""], {}, [GIVEN, "none", None], [1.5, nan, nan]),
        ([3.0, 99.0], {99.0: "ved ikke"}, [GIVEN, "-9"], [3, nan]),
        (["2", "Ved ikke", "mange"], {}, [GIVEN, "-9", "mange"], [2, nan, nan]),
    ],
)
def test_a_column_becomes_codes_and_numbers(cells, labels, codes, numbers):
    series = pd.Series(cells).replace("", None) if "" in cells else pd.Series(cells)
    found, values = read_column(series, labels, CODES, comma=True)
    assert [None if pd.isna(one) else one for one in found] == codes
    np.testing.assert_array_equal(values, numbers)
    assert name_values("cost") == "cost=given"


@pytest.mark.parametrize(
    "entry", [{"least": 2, "most": 1}, {"decimals": True}, {"shown": 7}, {"least": "0"}]
)
def test_what_a_number_allows_must_be_numbers(entry):
    with pytest.raises(ValueError, match="skal være"):
        read_allowed(entry)
