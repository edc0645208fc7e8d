"""Verdicts on frames small enough to check by hand. Against R: test_golden.py. At 0 and 100:
test_extremes.py.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from barometer.statistics import comparisons
from barometer.statistics.comparisons import (
    COLUMNS,
    adjust_holm,
    compare_groups,
    compare_items,
    find_p_values,
    find_tendency,
    read_verdict,
)
from barometer.statistics.design import Design
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.tabletests import test_distribution

nan = np.nan


@dataclass
class TinySurvey:
    design: Design
    variables: dict
    inference: str = "finite"

    def indicator(self, item):
        return np.array(self.variables[item], dtype=float)

    def member(self, group):
        if group == "all":
            return np.ones(len(self.design.weights), dtype=bool)
        return np.nan_to_num(self.variables[group]) == 1

    def label(self, name):
        return name.upper()


def build(weights=None, strata=None, fpc=None, **variables):
    n = len(next(iter(variables.values())))
    return TinySurvey(Design([1] * n if weights is None else weights, strata, fpc), variables)


def compare(survey, item="item", first="a", second="b", **how):
    return compare_groups(
        estimate_shares(survey, [item], [first, second]), first, second, **how
    ).iloc[0]


HALVES = {"a": [1, 1, 1, 1, 0, 0, 0, 0], "b": [0, 0, 0, 0, 1, 1, 1, 1]}


def test_two_groups_of_four_give_the_difference_worked_out_by_hand():
    row = compare(build(item=[1, 1, 1, 0, 1, 0, 0, 0], **HALVES))
    # Each group: squared influence 3/64 + 9/64 ... = 12/256; two groups, times n/(n-1) = 8/7 of the
    # whole design.
    se = np.sqrt(8 / 7 * 2 * 12 / 256)
    assert (row.share_first, row.share_second, row.difference) == (0.75, 0.25, 0.5)
    assert (row.n_first, row.n_second, row.df, row.status) == (4, 4, 7, "")
    assert (row.se, row.t) == pytest.approx((se, 0.5 / se))
    assert row.low < row.difference < row.high
    assert (row.low + row.high) / 2 == pytest.approx(0.5)


def test_columns_and_names_are_as_promised():
    survey = build(item=[1, 0, 1, 0, 1, 0, 0, 0], other=[0, 1] * 4, **HALVES)
    table = compare_groups(estimate_shares(survey, ["other", "item"], ["a", "b"]), "a", "b")
    assert tuple(table.columns) == COLUMNS
    assert list(table["item"]) == ["other", "item"]
    assert list(table.loc[0, ["label", "first", "second", "first_label", "second_label"]]) == [
        "OTHER",
        "a",
        "b",
        "A",
        "B",
    ]


def test_items_compared_a_few_at_a_time_are_one_family(monkeypatch):
    items = {
        "one": [1, 1, 1, 0, 1, 0, 0, 0],
        "two": [0, 1, 1, 0, 1, 1, 0, 0],
        "three": [1, 1, 0, 0, 1, 0, 1, 0],
    }
    estimates = estimate_shares(build(**items, **HALVES), [*items], ["a", "b"])
    whole = compare_groups(estimates, "a", "b")
    monkeypatch.setattr(comparisons, "BLOCK", 2 * 8)
    pd.testing.assert_frame_equal(compare_groups(estimates, "a", "b"), whole)


@pytest.mark.parametrize(
    ("p", "alpha", "tends"),
    [
        (0.0499, 0.05, False),
        (0.05, 0.05, True),
        (0.0999, 0.05, True),
        (0.10, 0.05, False),
        (nan, 0.05, False),
        (0.05, 0.01, False),
        (0.02, 0.01, False),
        (0.07, 0.06, False),
    ],
)
def test_a_tendency_has_p_from_5_to_below_10_per_cent_and_is_told_at_no_other_level_than_5(
    p, alpha, tends
):
    assert find_tendency(p, alpha) == tends


def test_a_tendency_is_named_after_its_direction_and_a_whole_tables_has_none():
    higher, lower = (
        SimpleNamespace(verdict="no_difference", p=0.07, difference=sign * 0.1) for sign in (1, -1)
    )
    table = SimpleNamespace(verdict="no_difference", p=0.07)
    assert [read_verdict(test, 0.05) for test in (higher, lower, table)] == [
        "tendency_higher",
        "tendency_lower",
        "tendency",
    ]
    assert {read_verdict(test, 0.01) for test in (higher, lower, table)} == {"no_difference"}
    assert read_verdict(SimpleNamespace(verdict="", p=nan, difference=nan), 0.05) == ""


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([1] * 19 + [0] + [0] * 19 + [1], "higher"),
        ([0] * 19 + [1] + [1] * 19 + [0], "lower"),
        ([1, 0] * 20, "no_difference"),
    ],
)
def test_the_verdict_says_which_way_the_first_group_lies(answers, verdict):
    row = compare(build(item=answers, a=[1] * 20 + [0] * 20, b=[0] * 20 + [1] * 20))
    assert (row.verdict, row.status) == (verdict, "")


def test_the_verdict_follows_the_level_and_the_interval_is_of_95_per_cent_whatever_that_is():
    survey = build(
        item=[1, 1, 1, 0, 1, 0, 0, 0] * 2,
        a=[1, 1, 1, 1, 0, 0, 0, 0] * 2,
        b=[0, 0, 0, 0, 1, 1, 1, 1] * 2,
    )
    strict, mild = compare(survey, alpha=0.01), compare(survey, alpha=0.10)
    assert 0.01 < strict.p == mild.p < 0.10
    assert (strict.verdict, mild.verdict) == ("no_difference", "higher")
    assert (strict.low, strict.high) == (mild.low, mild.high)
    assert strict.high - strict.difference == pytest.approx(stdtrit(strict.df, 0.975) * strict.se)


def test_a_group_does_not_differ_from_itself_once_the_covariance_is_counted():
    row = compare(build(item=[1, 1, 1, 0, 1, 0, 0, 0], a=HALVES["a"], b=HALVES["a"]))
    assert (row.difference, row.se, row.status, row.verdict) == (0, 0, "zero_variance", "")


def test_overlapping_groups_share_the_influence_of_those_in_both():
    survey = build(item=[1, 1, 0, 1, 0, 0], a=[1, 1, 1, 1, 0, 0], b=[0, 0, 1, 1, 1, 1])
    # Shares 3/4 and 1/4; influence of a: 1/16 (+,+,-3,+), of b: 1/16 (-1,3,-1,-1) from the third
    # row on.
    joint = np.array([1, 1, -3 + 1, 1 - 3, 1, 1]) / 16
    row = compare(survey)
    assert row.se == pytest.approx(np.sqrt(6 / 5 * (joint**2).sum()))
    assert row.df == 5


def test_strata_make_the_groups_independent():
    survey = build(item=[1, 1, 1, 0, 1, 0, 0, 0], strata=list("xxxxyyyy"), **HALVES)
    se = estimate_shares(survey, ["item"], ["a", "b"]).table["se"]
    assert compare(survey).se == pytest.approx(np.sqrt((se**2).sum()))
    assert compare(survey).df == 6


@pytest.mark.parametrize(
    ("answers", "how", "status"),
    [
        ([1, 0, 1, 0, nan, nan, nan, nan], {}, "empty"),
        ([nan] * 8, {}, "empty"),
        ([1, 1, 0, 0, 1, 1, 0, 0], {"strata": list("ppqqrrss"), "fpc": [9] * 8}, "zero_variance"),
    ],
)
def test_what_cannot_be_tested_has_a_reason_and_no_verdict(answers, how, status):
    row = compare(build(item=answers, **how, **HALVES))
    assert (row.status, row.verdict, row.method) == (status, "", "")
    assert (
        row[["t", "p", "p_finite", "p_superpopulation", "p_adjusted", "low", "high"]].isna().all()
    )
    assert np.isnan(row.se) == np.isnan(row.difference) == (status == "empty")


def test_too_few_degrees_of_freedom_are_no_test():
    # One respondent of each of four strata is in the base; the others keep the strata from being
    # lonely.
    answers = [1, nan, 0, nan, 1, nan, 0, nan]
    survey = build(item=answers, strata=list("ppqqrrss"), **HALVES)
    row = compare(survey)
    assert (row.df, row.status, row.verdict) == (0, "too_few", "")
    assert np.isnan(row.p)


def test_holm_leaves_untestable_rows_out_of_the_family():
    strong, weak = [1] * 9 + [0] + [0] * 9 + [1], [1, 1, 1, 0, 0] * 2 + [1, 1, 0, 0, 0] * 2
    survey = build(
        strong=strong, never=[0] * 20, weak=weak, a=[1] * 10 + [0] * 10, b=[0] * 10 + [1] * 10
    )
    table = compare_groups(
        estimate_shares(survey, ["strong", "never", "weak"], ["a", "b"]), "a", "b"
    )
    assert list(table["status"]) == ["", "equal", ""]
    assert table["p_adjusted"][0] == pytest.approx(2 * table["p"][0])
    assert np.isnan(table["p_adjusted"][1])
    assert table["p_adjusted"][2] == table["p"][2]


def test_the_verdict_rests_on_p_and_the_adjusted_p_stands_beside():
    answers = [1, 1, 1, 0, 1, 0, 0, 0] * 2
    survey = build(one=answers, same=answers, a=HALVES["a"] * 2, b=HALVES["b"] * 2)
    table = compare_groups(
        estimate_shares(survey, ["one", "same"], ["a", "b"]), "a", "b", alpha=0.07
    )
    assert (table["p"] < 0.07).all() and (table["p_adjusted"] > 0.07).all()
    assert list(table["verdict"]) == ["higher", "higher"]


def test_an_item_against_its_complement_has_twice_the_standard_error():
    yes = [1, 1, 1, 0, 1, 1, 0, 0]
    survey = build([1, 2, 3, 4, 1, 2, 3, 4], yes=yes, no=[1 - answer for answer in yes], **HALVES)
    estimates = estimate_shares(survey, ["yes", "no"], ["a", "b"])
    table = compare_items(estimates, "yes", "no")
    shares = estimates.table.query("item == 'yes'").reset_index()
    assert list(table["se"]) == pytest.approx(list(2 * shares["se"]))
    assert list(table["difference"]) == pytest.approx(list(2 * shares["share"] - 1))
    assert list(table["group"] + table["group_label"]) == ["aA", "bB"]
    assert set(table["item"] + table["first"] + table["second_label"]) == {"yesyesNO"}


def test_two_items_may_have_different_bases():
    survey = build(one=[1, 0, 1, 0, nan, nan], other=[nan, nan, 1, 0, 0, 0])
    row = compare_items(estimate_shares(survey, ["one", "other"], ["all"]), "one", "other").iloc[0]
    joint = np.array([1, -1, 1 - 1.5, -1 + 0.5, 0.5, 0.5]) / 8
    assert (row.n_first, row.n_second, row.difference, row.df) == (4, 4, 0.25, 5)
    assert row.se == pytest.approx(np.sqrt(6 / 5 * (joint**2).sum()))


def test_holm_is_adjusted_over_the_groups_of_an_item_comparison():
    survey = build(one=[1, 1, 0, 1, 1, 0, 1, 0], other=[0, 1, 0, 0, 1, 1, 1, 0], **HALVES)
    table = compare_items(estimate_shares(survey, ["one", "other"], ["a", "b"]), "one", "other")
    assert list(table["p_adjusted"]) == pytest.approx(list(adjust_holm(table["p"])))


def test_a_group_that_was_not_estimated_is_refused():
    estimates = estimate_shares(build(item=[1, 0, 1, 0, 1, 0, 0, 0], **HALVES), ["item"], ["a"])
    with pytest.raises(ValueError, match="not among these estimates: b"):
        compare_groups(estimates, "a", "b")


def test_holm_multiplies_by_the_tests_left_and_never_steps_down():
    assert list(adjust_holm([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert list(adjust_holm([0.5, nan, 0.6])) == pytest.approx([1, nan, 1], nan_ok=True)
    assert list(adjust_holm([])) == []


def test_p_is_two_sided_and_student():
    # With one degree of freedom Student's t is Cauchy: P(|t| > 1) = 1/2.
    assert list(find_p_values(np.array([1.0, -1.0]), np.array([1, 1]))) == pytest.approx([0.5, 0.5])
    assert np.isnan(find_p_values(np.array([1.0]), np.array([0]))[0])


YES, NO = [1, 1, 1, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1, 1, 1]


def test_a_simple_random_sample_gives_pearsons_statistic_times_n_minus_1_over_n():
    test = test_distribution(build(yes=YES, no=NO, **HALVES), ["yes", "no"], ["a", "b"])
    # 3 of 4 against 1 of 4: X squared = 8 x (4 x (1/8)^2 / (1/4)) = 2.
    assert (test.n, test.status, test.verdict) == (8, "", "no_difference")
    assert (test.f, test.ndf, test.ddf) == pytest.approx((2 * 7 / 8, 1, 7))


def test_a_single_item_is_tested_against_its_complement():
    survey = build(yes=YES, no=NO, **HALVES)
    single, both = (
        test_distribution(survey, items, ["a", "b"]) for items in (["yes"], ["yes", "no"])
    )
    assert (single.f, single.p) == pytest.approx((both.f, both.p))


def test_the_order_of_answers_and_groups_does_not_matter():
    rng = np.random.default_rng(7)
    answer, group = rng.integers(0, 3, 60), rng.integers(0, 3, 60)
    survey = build(
        rng.integers(1, 9, 60),
        list("xy") * 30,
        **{f"i{k}": answer == k for k in range(3)},
        **{f"g{k}": group == k for k in range(3)},
    )
    one = test_distribution(survey, ["i0", "i1", "i2"], ["g0", "g1", "g2"])
    other = test_distribution(survey, ["i2", "i0", "i1"], ["g1", "g2", "g0"])
    assert (one.f, one.ndf, one.ddf, one.p) == pytest.approx(
        (other.f, other.ndf, other.ddf, other.p)
    )


def test_a_clear_difference_of_distributions_is_found():
    survey = build(yes=YES * 5, no=NO * 5, a=HALVES["a"] * 5, b=HALVES["b"] * 5)
    assert test_distribution(survey, ["yes", "no"], ["a", "b"]).verdict == "difference"


def test_those_not_asked_and_those_in_no_group_are_outside_the_table():
    survey = build(yes=[*YES, nan, 1], a=[*HALVES["a"], 1, 0], b=[*HALVES["b"], 0, 0])
    assert test_distribution(survey, ["yes"], ["a", "b"]).n == 8


@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ({"yes": [nan] * 8, **HALVES}, "empty"),
        ({"yes": YES, "a": [1] * 8, "b": [0] * 8}, "empty"),
    ],
)
def test_a_table_that_cannot_be_tested_says_why(variables, status):
    test = test_distribution(build(**variables), ["yes"], ["a", "b"])
    assert (test.status, test.verdict) == (status, "")
    assert np.isnan([test.f, test.ndf, test.ddf, test.p]).all()


def test_a_table_with_too_many_empty_cells_is_singular():
    survey = build(
        i=[1, 0, 0, 0, 0, 0, 0],
        j=[0, 1, 0, 0, 0, 0, 0],
        k=[0, 0, 1, 0, 0, 0, 0],
        m=[0, 0, 0, 1, 1, 0, 0],
        a=[1, 1, 0, 0, 0, 0, 0],
        b=[0, 0, 1, 1, 0, 0, 0],
        c=[0, 0, 0, 0, 1, 1, 1],
    )
    assert test_distribution(survey, list("ijkm"), ["a", "b", "c"]).status == "singular"


def test_a_table_surveyed_completely_is_its_own_verdict_and_a_sample_of_what_made_it():
    complete, sample = (
        test_distribution(build(yes=YES, **how, **HALVES), ["yes"], ["a", "b"])
        for how in ({"fpc": [8] * 8}, {})
    )
    assert (complete.status, complete.verdict) == ("complete", "difference")
    assert np.isnan([complete.p, complete.p_finite]).all()
    assert complete.p_superpopulation == sample.p


def test_a_complete_table_in_which_the_groups_are_alike_shows_no_difference():
    test = test_distribution(
        build(yes=[1, 0, 1, 0, 1, 0, 1, 0], fpc=[8] * 8, **HALVES), ["yes"], ["a", "b"]
    )
    assert (test.status, test.verdict) == ("complete", "no_difference")


def make_census(yes_a, yes_b, size=500):
    """Two groups of `size`, all asked, of whom so many say yes."""
    answers = [1] * yes_a + [0] * (size - yes_a) + [1] * yes_b + [0] * (size - yes_b)
    return build(
        item=answers,
        a=[1] * size + [0] * size,
        b=[0] * size + [1] * size,
        fpc=[2 * size] * 2 * size,
    )


@pytest.mark.parametrize(
    ("yes_a", "yes_b", "pair", "table"),
    [
        (287, 283, "no_difference", "no_difference"),  # 57.4 and 56.6: both are told as 57 per cent
        (288, 287, "higher", "difference"),  # 57.6 and 57.4: 58 and 57 per cent
        (1, 2, "no_difference", "no_difference"),  # both under 0.5 per cent
        (0, 1, "lower", "difference"),  # none, and under 0.5 per cent
        (499, 500, "lower", "difference"),
    ],
)
def test_groups_of_a_census_that_are_told_by_the_same_number_are_told_as_alike(
    yes_a, yes_b, pair, table
):
    survey = make_census(yes_a, yes_b)
    assert (compare(survey).status, compare(survey).verdict) == ("complete", pair)
    test = test_distribution(survey, ["item"], ["a", "b"])
    assert (test.status, test.verdict) == ("complete", table)


def test_groups_that_all_answer_the_same_do_not_differ_and_nothing_is_tested():
    test = test_distribution(build(yes=[1] * 8, **HALVES), ["yes"], ["a", "b"])
    assert (test.status, test.verdict) == ("equal", "no_difference")
    assert np.isnan([test.p, test.p_finite, test.p_superpopulation]).all()


def test_groups_of_one_mind_each_are_tested_exactly():
    # Fisher: of the 70 ways to deal four yes and four no, two part the groups as much.
    test = test_distribution(build(yes=HALVES["a"], **HALVES), ["yes"], ["a", "b"])
    assert (test.status, test.verdict) == ("", "difference")
    assert test.p == test.p_finite == test.p_superpopulation == pytest.approx(2 / 70)


def test_three_groups_of_one_mind_are_tested_exactly():
    # 3 of 9 yes: 84 ways, and each of the groups of three could be the one.
    groups = {
        name: [int(place // 3 == which) for place in range(9)] for which, name in enumerate("abc")
    }
    assert test_distribution(
        build(yes=groups["a"], **groups), ["yes"], list("abc")
    ).p == pytest.approx(3 / 84)


def test_a_table_tells_how_many_are_in_each_group_and_what_they_are_worth():
    test = test_distribution(
        build([1, 1, 1, 3, 2, 2, 2, 2], yes=[*YES[:7], nan], **HALVES), ["yes"], ["a", "b"]
    )
    assert test.sizes == (4, 3)
    assert test.effective == pytest.approx((6**2 / 12, 3))


CORRECTED = {"fpc": [10, 10, 10, 10, 40, 40, 40, 40], "strata": list("xxxxyyyy")}


def test_each_test_is_made_with_finite_population_correction_and_without():
    answers = {"item": [1, 1, 1, 0, 1, 0, 0, 0], **HALVES}
    finite, without = (
        compare(build(**CORRECTED, **answers)),
        compare(build(strata=CORRECTED["strata"], **answers)),
    )
    assert (finite.p_finite, finite.p_superpopulation) == (finite.p, without.p)
    assert without.p_finite == without.p_superpopulation == without.p
    # In each stratum n/(n-1) times 12/256; of the first 6 of 10 were not drawn, of the second 36 of
    # 40.
    assert finite.se == pytest.approx(np.sqrt((0.6 + 0.9) * 4 / 3 * 12 / 256))
    assert without.se == pytest.approx(np.sqrt(2 * 4 / 3 * 12 / 256))


def test_the_verdict_and_the_interval_are_those_of_the_inference_that_speaks():
    survey = build(
        item=[1, 1, 1, 0, 1, 0, 0, 0] * 2, a=HALVES["a"] * 2, b=HALVES["b"] * 2, fpc=[20] * 16
    )
    finite = compare(survey, alpha=0.01)
    survey.inference = "superpopulation"
    further = compare(survey, alpha=0.01)
    assert (finite.verdict, further.verdict) == ("higher", "no_difference")
    assert finite.p == further.p_finite < 0.01 < further.p == finite.p_superpopulation
    assert further.low < finite.low
    assert further.high > finite.high
    table = test_distribution(survey, ["item"], ["a", "b"])
    assert table.p == table.p_superpopulation > table.p_finite
    shares = estimate_shares(survey, ["item"], ["a"]).table
    # a share describes: finite
    assert shares["se"][0] == pytest.approx(np.sqrt(4 / 20 * 16 / 15 * 24 / 32**2))


def test_an_inference_with_another_name_is_refused():
    survey = build(item=[1, 1, 1, 0, 1, 0, 0, 0], **HALVES)
    survey.inference = "model"
    with pytest.raises(ValueError, match="model"):
        compare(survey)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([1, 1, 1, 0, 1, 0, 0, 0], "higher"),
        ([0, 0, 0, 0, 1, 0, 0, 0], "lower"),
        ([1, 0, 0, 0, 1, 0, 0, 0], "no_difference"),
        ([0] * 8, "no_difference"),
        ([1, 1, 1, 1, 0, 0, 0, 0], "higher"),
    ],
)
def test_a_difference_in_a_census_is_known_and_has_no_p(answers, verdict):
    row = compare(build(item=answers, fpc=[8] * 8, **HALVES))
    assert (row.status, row.verdict, row.se) == ("complete", verdict, 0)
    assert row[["t", "p", "p_finite", "p_adjusted", "low", "high"]].isna().all()


def test_a_census_is_tested_as_a_sample_of_what_made_it():
    survey = build(item=[1, 1, 1, 0, 1, 0, 0, 0], fpc=[8] * 8, **HALVES)
    sample = compare(build(item=[1, 1, 1, 0, 1, 0, 0, 0], **HALVES))
    assert compare(survey).p_superpopulation == sample.p
    survey.inference = "superpopulation"
    row = compare(survey)
    assert (row.status, row.verdict, row.p) == ("", sample.verdict, sample.p)


def test_a_census_with_one_workplace_in_a_stratum_can_be_tested():
    # Alone in its stratum it is not lonely, as it is all there is; without correction it deviates
    # from the mean.
    survey = build(
        item=[1, 1, 0, 0, 1, 0],
        strata=list("uvvwww"),
        fpc=[1, 2, 2, 3, 3, 3],
        a=[1, 1, 1, 0, 0, 0],
        b=[0, 0, 0, 1, 1, 1],
    )
    row = compare(survey)
    # Influence 1/9, 1/9, -2/9 and 1/9, -2/9, 1/9 with signs; v: 2 times 2 (1.5/9)^2; w: 3/2 times
    # 6/81; u: (1/9)^2.
    assert (row.status, row.verdict, row.df) == ("complete", "higher", 3)
    se = np.sqrt((1 + 2 * 2 * 1.5**2 + 3 / 2 * 6) / 81)
    assert row.p_superpopulation == pytest.approx(
        find_p_values(np.array([1 / 3 / se]), np.array([3]))[0]
    )


def test_overlapping_groups_or_items_are_refused_by_name():
    survey = build(yes=YES, no=NO, **HALVES)
    with pytest.raises(ValueError, match=r"groups overlap: some respondents .* all and a"):
        test_distribution(survey, ["yes", "no"], ["all", "a"])
    with pytest.raises(ValueError, match=r"items overlap: some respondents .* yes and a"):
        test_distribution(survey, ["yes", "a"], ["b", "a"])
