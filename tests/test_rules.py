import numpy as np
import pandas as pd
import pytest

from barometer.rules import CONFIDENTIAL, RULES, UNRELIABLE, find_broken

# A cell that no rule closes: 40 of 100 respondents, 40 per cent (31-50).
SAFE = {"n": 100, "n_yes": 40, "n_effective": 100.0, "share": 0.40, "low": 0.31, "high": 0.50, "heaviest": 0.04,
        "implied": False}
# A cell that each rule closes, and the nearest that it leaves open; worked out by hand from the rule's words.
EXAMPLES = {
    "answer": ({"n_yes": 2, "share": 0.02, "low": 0.01, "high": 0.05}, {"n_yes": 3, "share": 0.03, "low": 0.01,
                                                                       "high": 0.06}),
    "complement": ({"n_yes": 98, "share": 0.98, "low": 0.95, "high": 0.99}, {"n_yes": 97, "share": 0.97, "low": 0.94,
                                                                            "high": 0.99}),
    "base": ({"n": 2, "n_yes": 0, "share": 0.0, "implied": True}, {"n": 3, "n_yes": 0, "share": 0.0, "implied": True}),
    "unanimous": ({"n": 9, "n_yes": 9, "share": 1.0}, {"n": 10, "n_yes": 10, "share": 1.0}),
    "dominance": ({"heaviest": 0.91}, {"heaviest": 0.90}),
    "sample": ({"n_effective": 29.9}, {"n_effective": 30.0}),
    "width": ({"low": 0.25, "high": 0.55}, {"low": 0.25, "high": 0.549}),
    "relative_width": ({"share": 0.10, "low": 0.04, "high": 0.171}, {"share": 0.10, "low": 0.04, "high": 0.169}),
}


def find(mark=None, rules=None, **changes):
    return find_broken(pd.DataFrame([SAFE | changes]), mark, rules)[0]


def find_mark(**changes):
    marks = {rule.id: rule.mark for rule in RULES}
    return marks.get(find(**changes), "")


def test_a_cell_with_many_on_both_sides_and_a_narrow_interval_is_open():
    assert find() == ""


def test_every_rule_has_an_example():
    assert set(EXAMPLES) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_each_rule_closes_its_example_and_leaves_the_nearest_cell_alone(rule):
    broken, near = EXAMPLES[rule]
    mark = next(one.mark for one in RULES if one.id == rule)
    assert find(mark, **broken) == rule
    assert find(mark, **near) != rule


@pytest.mark.parametrize("removed", EXAMPLES)
def test_without_a_rule_nothing_of_its_kind_closes_its_example(removed):
    kept = [rule for rule in RULES if rule.id != removed]
    mark = next(rule.mark for rule in RULES if rule.id == removed)
    assert find(mark, kept, **EXAMPLES[removed][0]) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_gives_its_reason_and_its_source_or_says_that_it_is_our_choice(rule):
    assert len(rule.reason) > 20
    assert rule.source == "our choice" or "Statistics Denmark" in rule.source or "NCHS" in rule.source
    assert rule.mark in (CONFIDENTIAL, UNRELIABLE)


def test_all_of_a_small_group_alike_is_open_where_all_of_a_larger_group_shown_are_alike_too():
    assert find(CONFIDENTIAL, n=9, n_yes=0, share=0.0) == "unanimous"
    assert find(CONFIDENTIAL, n=9, n_yes=0, share=0.0, implied=True) == ""


def test_an_interval_of_five_points_is_precise_enough_whatever_the_share():
    assert find(UNRELIABLE, share=0.02, low=0.005, high=0.055) == ""


def test_without_a_design_effect_the_respondents_are_counted():
    assert find(n=40, n_yes=0, n_effective=np.nan, share=0.0, low=0.0, high=0.09) == "relative_width"
    assert find(n=29, n_yes=0, n_effective=np.nan, share=0.0, low=0.0, high=0.04) == "sample"


def test_an_empty_base_breaks_no_rule():
    nothing = dict.fromkeys(("n_effective", "share", "low", "high"), np.nan)
    assert find(n=0, n_yes=0, heaviest=0.0, **nothing) == ""


def test_confidentiality_comes_before_precision():
    assert find_mark(n=20, n_yes=1, n_effective=18.0, low=0.01, high=0.4) == CONFIDENTIAL
    assert find_mark(n=20, n_yes=8, n_effective=18.0) == UNRELIABLE
