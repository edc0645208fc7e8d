"""How many the strata stand for, guessed by the weights where the file does not say."""

import io

import numpy as np
import pandas as pd

from barometer.drafting.deciding import list_decisions
from barometer.drafting.population import make_population, name_dimensions


def test_each_column_that_divides_respondents_is_a_dimension_with_a_name_of_its_own():
    columns = ["Region", "region!", "2. område", "id", "class"]
    names = ["region", "region_part", "part_2_omraade", "id_part", "class_part"]
    assert list(name_dimensions(columns).items()) == list(zip(columns, names, strict=True))


def make(strata, weights):
    strata, weights = pd.Series(strata), pd.Series(weights, dtype=float)
    made = make_population(strata, weights, {"sector": np.full(len(strata), "x")})
    return made, pd.read_csv(io.StringIO(made.text))["units"].tolist()


def test_weights_that_count_units_sum_to_them():
    made, units = make(["a", "a", "b"], [3, 4.2, 5])
    assert units == [7, 5] and made.factor == 1
    assert made.tolerances == {"weight_tolerance": 0.05, "stratum_tolerance": 0.05}  # 7.2 and 7


def test_normalised_weights_are_multiplied_where_a_stratum_has_more_answers_than_their_sum():
    made, units = make(["a"] * 2 + ["b"] * 2, [0.25, 0.25, 1.5, 2])
    assert made.factor == 200 and units == [100, 700] and made.tolerances == {}


def test_normalised_weights_that_need_no_more_are_left_as_they_are():
    made, units = make(["a"] * 4, [0.5, 1.5, 0.9, 1.1])
    assert made.factor == 1 and units == [4] and made.tolerances == {}


def test_weights_that_count_units_are_never_multiplied_and_what_does_not_fit_is_said():
    made, units = make(["a"] * 4 + ["b"] * 2, [0.5] * 4 + [50, 50])
    assert made.factor == 1 and units == [4, 100]
    assert made.tolerances == {"weight_tolerance": 0.05, "stratum_tolerance": 0.55}


def test_where_everybody_counts_the_same_units_are_said_to_be_answers():
    made, units = make(["a"] * 4, [1] * 4)
    assert units == [4] and not made.is_weighed and made.text.endswith(",4,antallet af svar\n")
    told = [decision.why for decision in list_decisions({}, {}, [], {}, None, made)]
    assert told == ["units er antallet af svar i hvert stratum"]
    assert make(["a"] * 4, [2] * 4)[0].is_weighed
