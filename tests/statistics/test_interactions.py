"""Differences between differences on frames small enough to check by hand. Against R:
test_golden.py.
"""

import numpy as np
import pytest

from barometer.statistics.interactions import test_interaction
from tests.statistics.test_comparisons import HALVES, build, compare

nan = np.nan
GROUPS = {"a": [1] * 20 + [0] * 20, "b": [0] * 20 + [1] * 20}


def cross(survey, one, other, groups, **how):
    return test_interaction(
        survey, [(one, group) for group in groups], [(other, group) for group in groups], **how
    )


def test_one_that_differs_and_one_that_hardly_does_not_need_not_differ_from_each_other():
    clear, near = (
        [1] * 13 + [0] * 7 + [1] * 6 + [0] * 14,
        ([1] * 12 + [0] * 8) * 1 + [1] * 6 + [0] * 14,
    )
    survey = build(clear=clear, near=near, **GROUPS)
    assert compare(survey, "clear").verdict == "higher"
    assert compare(survey, "near").verdict == "no_difference"
    test = cross(survey, "clear", "near", "ab")
    assert test.differences == pytest.approx((0.35 - 0.3,))
    assert (test.verdict, test.status) == ("no_difference", "")


def test_opposite_differences_differ():
    survey = build(
        up=[1] * 14 + [0] * 6 + [1] * 6 + [0] * 14,
        down=[1] * 6 + [0] * 14 + [1] * 14 + [0] * 6,
        **GROUPS,
    )
    assert cross(survey, "up", "down", "ab").verdict == "difference"


def test_the_variance_of_two_items_of_the_same_people_has_their_covariance():
    survey = build(one=[1, 1, 1, 0, 1, 0, 0, 0], other=[1, 1, 0, 0, 1, 1, 0, 0], **HALVES)
    # one: influence (1,1,1,-3)/16 in a, (3,-1,-1,-1)/16 in b; other: (2,2,-2,-2)/16 in both.
    joint = np.array([1 - 2, 1 - 2, 1 + 2, -3 + 2, -3 + 2, 1 + 2, 1 - 2, 1 - 2]) / 16
    test = cross(survey, "one", "other", "ab")
    assert test.differences == (0.5,)
    assert test.se[0] == pytest.approx(np.sqrt(8 / 7 * (joint**2).sum()))
    assert (test.f, test.ndf, test.ddf, test.n) == (pytest.approx((0.5 / test.se[0]) ** 2), 1, 7, 8)


def test_one_item_in_two_parts_of_the_sample_is_asked_by_cells():
    item = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8 + [1, 0] * 5 + [1, 0] * 5
    names = ("ax", "bx", "ay", "by")
    survey = build(
        item=item,
        **{
            name: [int(place // 10 == which) for place in range(40)]
            for which, name in enumerate(names)
        },
    )
    test = test_interaction(
        survey, *([("item", name) for name in names[start : start + 2]] for start in (0, 2))
    )
    assert test.differences == pytest.approx((0.6,))
    assert test.verdict == "difference"


def test_the_order_of_groups_does_not_matter():
    rng = np.random.default_rng(5)
    group, one, other = rng.integers(0, 3, 90), rng.integers(0, 2, 90), rng.integers(0, 2, 90)
    survey = build(
        rng.integers(1, 9, 90),
        list("xyz") * 30,
        one=one,
        other=other,
        **{f"g{k}": (group == k).astype(int) for k in range(3)},
    )
    first, second = (
        cross(survey, "one", "other", ["g0", "g1", "g2"]),
        cross(survey, "one", "other", ["g2", "g0", "g1"]),
    )
    assert (first.f, first.ndf, first.ddf, first.p) == pytest.approx(
        (second.f, second.ndf, second.ddf, second.p)
    )
    assert (first.ndf, first.ddf) == (2, 86)


@pytest.mark.parametrize(
    ("variables", "how", "status", "verdict"),
    [
        ({"one": [nan] * 4 + [1, 0, 1, 0], "other": [1, 0] * 4}, {}, "empty", ""),
        ({"one": [0] * 4 + [1, 0, 1, 0], "other": [1, 0] * 4}, {}, "exact", ""),
        ({"one": [1, 0] * 4, "other": [1, 0] * 4}, {}, "zero_variance", ""),
        (
            {"one": [1, 1, 1, 0, 1, 0, 0, 0], "other": [1, 0] * 4},
            {"fpc": [8] * 8},
            "complete",
            "difference",
        ),
        ({"one": [1, 0] * 4, "other": [0, 1] * 4}, {"fpc": [8] * 8}, "complete", "no_difference"),
    ],
)
def test_what_cannot_be_tested_says_why(variables, how, status, verdict):
    test = cross(build(**variables, **how, **HALVES), "one", "other", "ab")
    assert (test.status, test.verdict) == (status, verdict)
    assert np.isnan([test.p, test.p_finite]).all()


def test_both_inferences_are_made_and_the_cards_speaks():
    survey = build(
        one=[1, 1, 1, 0, 1, 0, 0, 0] * 2,
        other=[1, 1, 0, 0, 1, 1, 0, 0] * 2,
        a=HALVES["a"] * 2,
        b=HALVES["b"] * 2,
        fpc=[24] * 16,
    )
    finite = cross(survey, "one", "other", "ab")
    survey.inference = "superpopulation"
    further = cross(survey, "one", "other", "ab")
    assert finite.p == further.p_finite < further.p == finite.p_superpopulation
    assert further.se[0] == pytest.approx(finite.se[0] * np.sqrt(3))


def test_lists_of_unlike_length_are_refused():
    with pytest.raises(ValueError, match="2 and 1"):
        test_interaction(
            build(one=[1, 0], a=[1, 0], b=[0, 1]), [("one", "a"), ("one", "b")], [("one", "a")]
        )
