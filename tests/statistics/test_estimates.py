"""Shares and their errors on frames small enough to check by hand. Against R: test_golden.py."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv

from barometer.statistics.design import Design, LonelyStratum
from barometer.statistics.estimates import COLUMNS, estimate_shares, find_limits

nan = np.nan


@dataclass
class TinySurvey:
    design: Design
    items: dict
    groups: dict

    def indicator(self, item):
        return np.array(self.items[item], dtype=float)

    def member(self, group):
        return np.array(self.groups.get(group, [True] * len(self.design.weights)), dtype=bool)

    def label(self, name):
        return name.upper()


def estimate(answers, weights=None, group=None, design=None, **how):
    design = design or Design([1] * len(answers) if weights is None else weights, **how)
    survey = TinySurvey(design, {"item": answers}, {"group": group} if group else {})
    return estimate_shares(survey, ["item"], ["group"]).table.iloc[0]


def test_weights_1_2_3_make_the_first_answer_one_sixth():
    row = estimate([1, 0, 0], [1, 2, 3])
    assert row.share == pytest.approx(1 / 6)
    assert (row.n, row.n_yes, row.df, row.total, row.status) == (3, 1, 2, 1, "")
    # Influence 5/36, -2/36, -3/36; times n/(n-1) = 3/2.
    assert row.se == pytest.approx(np.sqrt(1.5 * (25 + 4 + 9)) / 36)


def test_there_is_one_row_per_item_and_group_in_that_order():
    survey = TinySurvey(
        Design([1, 1, 1, 1]), {"b": [1, 0, 1, 0], "a": [0, 0, 1, 1]}, {"x": [1, 1, 1, 0]}
    )
    table = estimate_shares(survey, ["b", "a"], ["x", "all"]).table
    assert list(table["item"] + table["group"]) == ["bx", "ball", "ax", "aall"]
    assert list(table["label"] + table["group_label"]) == ["BX", "BALL", "AX", "AALL"]
    assert tuple(table.columns) == COLUMNS
    assert list(table["share"]) == pytest.approx([2 / 3, 1 / 2, 1 / 3, 1 / 2])


def test_only_variation_within_strata_counts():
    # a: influence 1/16 and -3/16, so 2 x 2 x (1/8)^2; b: no variation.
    assert estimate([1, 0, 1, 1], strata=list("aabb")).se == pytest.approx(1 / 4)


def test_surveying_half_of_a_stratum_halves_the_variance():
    assert estimate([1, 0, 1, 1], strata=list("aabb"), fpc=[4] * 4).se == pytest.approx(
        1 / 4 / np.sqrt(2)
    )


def test_a_stratum_surveyed_completely_adds_no_variance():
    row = estimate([1, 0, 1, 1], strata=list("aabb"), fpc=[2] * 4)
    assert (row.share, row.se, row.status) == (0.75, 0, "complete")
    assert np.isnan([row.low, row.high, row.width, row.deff]).all() and row.n_effective == 4


@pytest.mark.parametrize(
    ("answers", "how", "status", "deff_status"),
    [
        ([1, 0, 1, 1], {"fpc": [4] * 4}, "complete", ""),
        ([0, 0, 0, 0], {"fpc": [4] * 4}, "complete", ""),
        ([nan] * 4, {"fpc": [4] * 4}, "empty", "weights"),
        ([1, 1, 1, 1], {"fpc": [9] * 4}, "exact", "weights"),
        ([1, 1, 0, 0], {"strata": list("aabb"), "fpc": [9] * 4}, "zero_variance", "weights"),
        ([1, 0, 1, 1], {"fpc": [9] * 4}, "", "weights"),
        ([1, 0, 1, 1], {"fpc": [9] * 4, "weights": [2] * 4}, "", ""),
        ([1, 0, 1, 1], {"weights": [1.2, 0.8, 1.1, 0.9]}, "", "weights"),
        # the base has more weight than respondents
        ([1, 0, nan, nan], {"weights": [1.5, 1.4, 0.6, 0.5]}, "", "weights"),
    ],
)
def test_a_row_says_which_of_its_numbers_do_not_exist_and_why(answers, how, status, deff_status):
    row = estimate(answers, **how)
    assert (row.status, row.deff_status) == (status, deff_status)
    assert np.isnan(row.deff) == bool(status or deff_status)
    assert np.isnan(row.low) == (status in ("complete", "empty", "zero_variance"))


def test_a_domain_keeps_the_design_that_filtering_rows_would_change():
    answers, group = [1, 0, 0, 0], [True, True, False, False]
    filtered = estimate(answers[:2])
    domain = estimate(answers, group=group)
    assert domain.share == filtered.share == 0.5
    assert filtered.se == pytest.approx(np.sqrt(2 / 1 * 2 / 16))
    assert domain.se == pytest.approx(np.sqrt(4 / 3 * 2 / 16))


def test_those_not_asked_are_outside_the_base_but_in_the_design():
    asked = estimate([1, 0, nan, nan])
    domain = estimate([1, 0, 0, 0], group=[True, True, False, False])
    assert (asked.share, asked.se, asked.n, asked.df) == (domain.share, domain.se, 2, 1)


@pytest.mark.parametrize(
    ("answer", "share", "low", "high"),
    [
        (0, 0, 0, 1 - 0.025 ** (1 / 3)),
        (1, 1, 0.025 ** (1 / 3), 1),
    ],
)
def test_0_and_100_per_cent_get_the_exact_interval_on_the_base(answer, share, low, high):
    row = estimate([answer, answer, answer, nan], [3, 1, 2, 5])
    assert (row.share, row.se, row.n, row.status) == (share, 0, 3, "exact")
    assert (row.low, row.high, row.width) == pytest.approx((low, high, high - low))
    assert np.isnan(row.deff) and row.n_effective == 3


@pytest.mark.parametrize(("answers", "group"), [([nan] * 4, None), ([1, 0, 1, 0], [False] * 4)])
def test_nobody_in_the_base_gives_nan_and_says_empty(answers, group):
    row = estimate(answers, group=group)
    assert (row.n, row.n_yes, row.df, row.status) == (0, 0, 0, "empty")
    assert row[["share", "se", "low", "high", "n_effective", "deff", "total"]].isna().all()


def test_an_unanswered_item_leaves_the_items_beside_it_alone():
    survey = TinySurvey(Design([1, 2, 3]), {"nobody": [nan] * 3, "some": [1, 0, 0]}, {})
    alone = TinySurvey(Design([1, 2, 3]), {"some": [1, 0, 0]}, {})
    both = estimate_shares(survey, ["nobody", "some"]).table
    assert both.iloc[1].equals(estimate_shares(alone, ["some"]).table.iloc[0])


def test_one_respondent_of_each_of_two_strata_has_a_share_but_no_limits():
    row = estimate([1, 0, 1, 0], strata=list("aabb"), group=[True, False, False, True])
    assert (row.share, row.df, row.status) == (0.5, 0, "too_few")
    assert np.isnan([row.low, row.high]).all()
    # The one outside the group deviates too: each stratum holds 1/4 and 0, so 2 x 2 x (1/8)^2,
    # twice.
    assert row.se == pytest.approx(np.sqrt(1 / 8))


def test_respondents_without_weight_are_not_counted():
    row = estimate([1, 0, 1], [1, 1, 0])
    assert (row.n, row.n_yes, row.df, row.share) == (2, 1, 1, 0.5)


def test_a_stratum_with_one_respondent_is_refused_by_name():
    with pytest.raises(LonelyStratum, match="north"):
        estimate([1, 0, 1], strata=["south", "south", "north"])


@pytest.mark.parametrize(
    ("rule", "variance"), [("adjust", 10 / 81), ("certainty", 9 / 81), ("remove", 9 / 81)]
)
def test_a_named_rule_settles_a_stratum_with_one_respondent(rule, variance):
    assert estimate([1, 0, 1], strata=list("aab"), lonely=rule).se == pytest.approx(
        np.sqrt(variance)
    )


def test_a_stratum_with_one_respondent_is_no_fault_outside_the_base_or_when_complete():
    assert estimate([1, 0, 1], strata=list("aab"), group=[True, True, False]).status == ""
    assert estimate([1, 0, 1], strata=list("aab"), fpc=[4, 4, 1]).status == ""


def test_units_of_the_same_name_in_two_strata_are_two_units():
    clustered = Design([1] * 8, strata=list("aaaabbbb"), psu=[1, 1, 2, 2, 1, 1, 2, 2])
    row = estimate([1, 1, 0, 0, 1, 0, 1, 0], design=clustered)
    # Unit sums of influence: a 1/8, -1/8; b 0, 0.
    assert (row.df, row.se) == (2, pytest.approx(np.sqrt(2 * 2 / 64)))


def test_the_effective_number_of_respondents_follows_from_the_weights():
    # Influence is +-w/16, so se squared is 4/3 x 20/256 = 5/48, and 1/4 over it 12/5: Kish's 64/20
    # times 3/4.
    row = estimate([1, 0, 1, 0], [3, 3, 1, 1])
    assert row.n_effective == pytest.approx(12 / 5)


def test_the_effective_number_of_respondents_is_no_larger_than_their_number():
    # 30 of 40 surveyed: se squared is 1/4 x 1/29 x 1/4, so p (1 - p) over it is 116.
    row = estimate([1, 0] * 15, fpc=[40] * 30)
    assert row.share * (1 - row.share) / row.se**2 == pytest.approx(116)
    assert row.n_effective == 30
    low, high = find_limits(row.share, row.se, row.df, method="beta", n=30)
    assert row.width == pytest.approx(1 - 2 * betaincinv(15, 16, 0.025))
    assert row.width > high - low


def test_the_width_that_the_rules_look_at_is_that_of_korn_and_graubard_on_the_bases_degrees_of_freedom():
    row = estimate([1, 0, 1, 0, 0, 0], [3, 3, 1, 1, 2, 2], strata=list("aaabbb"))
    low, high = find_limits(row.share, row.se, 4, method="beta", n=6)
    assert row.share * (1 - row.share) / row.se**2 < 6 and row.width == pytest.approx(high - low)


def test_logit_limits_stay_inside_and_wald_limits_need_not():
    row = estimate([1, 0, 0, 0, 0])
    wald = find_limits(row.share, row.se, row.df, method="wald")
    assert 0 < row.low < row.share < row.high < 1
    assert wald[0] < 0
    with pytest.raises(ValueError, match="wald, logit, beta"):
        find_limits(row.share, row.se, row.df, method="normal")


def test_limits_use_students_t_on_the_degrees_of_freedom():
    # With one degree of freedom the 95 per cent quantile is tan(0.475 pi) = 12.7062.
    low, high = find_limits(0.5, 0.01, 1, method="wald")
    assert (low, high) == pytest.approx((0.5 - 0.127062, 0.5 + 0.127062))


def test_the_variance_of_a_sum_is_that_of_its_units():
    # 1, 0, 3 around 4/3, times 3/2.
    variance = Design([1, 2, 3]).variances(np.array([[1], [0], [3]]), np.arange(3))
    assert variance[0] == pytest.approx(1.5 * (1 + 16 + 25) / 9)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"weights": [1, -1, 1]}, "first in row 1"),
        ({"weights": [1, nan, 1]}, "finite"),
        ({"weights": [0, 0, 0]}, "all zero"),
        ({"weights": [1, 1, 1], "strata": ["a", "a", None]}, "strata"),
        ({"weights": [1, 1, 1], "strata": ["a", "a"]}, "strata"),
        (
            {"weights": [1, 1, 1], "strata": ["a", "b", "b"], "fpc": [5, 5, 6]},
            "varies within stratum b",
        ),
        (
            {"weights": [1, 1, 1], "strata": ["a", "b", "b"], "fpc": [5, 1, 1]},
            "below the number sampled in stratum b",
        ),
        ({"weights": [1, 1, 1], "fpc": [5, 5]}, "fpc"),
        ({"weights": [1, 1, 1], "lonely": "ignore"}, "fail, adjust"),
    ],
)
def test_a_faulty_design_is_refused_and_the_message_says_what_is_wrong(how, says):
    with pytest.raises(ValueError, match=says):
        Design(**how)


def test_an_item_that_is_not_yes_or_no_is_refused():
    with pytest.raises(ValueError, match="item has values other"):
        estimate([1, 2, 0])


def test_other_names_than_those_estimated_are_refused():
    estimates = estimate_shares(TinySurvey(Design([1, 1]), {"item": [1, 0]}, {}), ["item"])
    with pytest.raises(ValueError, match="west"):
        estimates.measure("west")
    with pytest.raises(ValueError, match="other"):
        estimates.measure("all", ["other"])


def test_influence_values_sum_to_zero_and_carry_the_standard_error():
    survey = TinySurvey(Design([1, 2, 3, 4]), {"item": [1, 0, nan, 1]}, {})
    shares = estimate_shares(survey, ["item"]).measure("all")
    assert list(shares.rows) == [0, 1, 3]
    assert shares.influence.sum() == pytest.approx(0)
    assert np.sqrt(survey.design.covariances(shares.influence, shares.rows)[0, 0]) == pytest.approx(
        shares.se[0]
    )


def test_the_arguments_are_left_as_they_were():
    weights, answers = np.array([1.0, 2.0, 3.0]), [1.0, nan, 0.0]
    estimate(answers, weights)
    assert list(weights) == [1, 2, 3]
    assert answers[0] == 1


respondents = st.lists(
    st.tuples(
        st.sampled_from([0.0, 1.0, nan]), st.integers(1, 9), st.sampled_from("ab"), st.booleans()
    ),
    min_size=4,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(respondents, st.floats(0.01, 100), st.randoms())
def test_neither_the_scale_of_the_weights_nor_the_order_of_rows_matters(rows, scale, random):
    shuffled = random.sample(rows, len(rows))
    one, other = (
        estimate(
            [row[0] for row in frame],
            [row[1] * times for row in frame],
            [row[3] for row in frame],
            strata=[row[2] for row in frame],
            lonely="adjust",
        )
        for frame, times in ((rows, 1), (shuffled, scale))
    )
    # The design effect without replacement takes the weights' sum for the population, so it does
    # hang on the scale.
    same = ["share", "se", "low", "high", "n", "n_yes", "n_effective", "df"]
    assert one[same].astype(float).to_numpy() == pytest.approx(
        other[same].astype(float).to_numpy(), nan_ok=True
    )
    assert (one.status, one.total * scale) == (
        other.status,
        pytest.approx(other.total, nan_ok=True),
    )


@settings(max_examples=40, deadline=None)
@given(respondents)
def test_an_answer_and_its_complement_mirror_each_other(rows):
    weights, strata = [row[1] for row in rows], [row[2] for row in rows]
    yes = estimate([row[0] for row in rows], weights, strata=strata, lonely="adjust")
    no = estimate([1 - row[0] for row in rows], weights, strata=strata, lonely="adjust")
    mirrored = [1 - no.share, no.se, 1 - no.high, 1 - no.low]
    assert [yes.share, yes.se, yes.low, yes.high] == pytest.approx(mirrored, nan_ok=True)
