import numpy as np
import pandas as pd
import pytest

from barometer.disclosure.rules import FLAGS, LIMITS, RULES, Limits, find_broken, find_flags
from barometer.marks import CONFIDENTIAL, UNRELIABLE

# A cell that no rule closes: 40 of 100 respondents, 40 per cent (31-50).
SAFE = {
    "n": 100,
    "n_yes": 40,
    "n_effective": 100.0,
    "share": 0.40,
    "width": 0.20,
    "df": 99,
    "status": "",
    "heaviest": 0.04,
    "implied": False,
}
# A cell that each rule closes, and the nearest that it leaves open; worked out by hand from the
# rule's words.
EXAMPLES = {
    "answer": (
        {"n_yes": 2, "share": 0.02, "width": 0.04},
        {"n_yes": 3, "share": 0.03, "width": 0.05},
    ),
    "complement": ({"n_yes": 98, "share": 0.98}, {"n_yes": 97, "share": 0.97}),
    "base": (
        {"n": 2, "n_yes": 0, "share": 0.0, "implied": True},
        {"n": 3, "n_yes": 0, "share": 0.0, "implied": True},
    ),
    "unanimous": ({"n": 9, "n_yes": 9, "share": 1.0}, {"n": 10, "n_yes": 10, "share": 1.0}),
    "dominance": ({"heaviest": 0.91}, {"heaviest": 0.90}),
    "sample": ({"n_effective": 29.9}, {"n_effective": 30.0}),
    "no_interval": ({"df": 0, "width": np.nan}, {"df": 1, "width": 0.20}),
    "width": ({"width": 0.30}, {"width": 0.299}),
    "relative_width": ({"share": 0.10, "width": 0.131}, {"share": 0.10, "width": 0.13}),
}


def find(mark=None, rules=None, **changes):
    return find_broken(pd.DataFrame([SAFE | changes]), mark, rules)[0]


def find_flag(**changes):
    return find_flags(pd.DataFrame([SAFE | changes]))[0]


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


@pytest.mark.parametrize("rule", (*RULES, *FLAGS), ids=lambda rule: rule.id)
def test_every_rule_gives_its_reason_and_its_source_or_says_that_it_is_our_choice(rule):
    assert len(rule.reason) > 20
    assert (
        "our choice" in rule.source or "Statistics Denmark" in rule.source or "NCHS" in rule.source
    )
    assert (rule.mark in (CONFIDENTIAL, UNRELIABLE)) == (rule in RULES)


def test_all_of_a_small_group_alike_is_open_where_all_of_a_larger_group_shown_are_alike_too():
    assert find(CONFIDENTIAL, n=9, n_yes=0, share=0.0) == "unanimous"
    assert find(CONFIDENTIAL, n=9, n_yes=0, share=0.0, implied=True) == ""


def test_an_interval_of_five_points_is_precise_enough_whatever_the_share():
    assert find(UNRELIABLE, share=0.02, width=0.05) == ""


def test_a_sample_is_small_by_number_and_by_effect_whichever_is_smaller():
    assert find(n=29, n_yes=12, n_effective=29.0) == find(n=100, n_effective=29.9) == "sample"
    # a finite population makes an effect below 1
    assert find(n=29, n_yes=12, n_effective=45.0) == "sample"
    assert find(n=30, n_yes=12, n_effective=30.0) == ""


def test_at_0_per_cent_no_relative_width_suppresses_and_the_number_is_flagged():
    nobody = {"n": 40, "n_yes": 0, "n_effective": 40.0, "share": 0.0, "width": 0.0881}
    assert find(**nobody) == "" and find_flag(**nobody) == "[a]"
    assert find(**nobody | {"n": 29, "n_effective": 29.0}) == "sample"


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({}, ""),
        ({"n_yes": 100, "share": 1.0, "width": 0.036}, "[a]"),
        ({"df": 7}, "[g]"),
        ({"df": 8}, ""),
        ({"df": 7, "n_yes": 0, "share": 0.0, "width": 0.036}, "[a] [g]"),
        ({"share": 0.90, "width": 0.131}, "[ø]"),
        ({"share": 0.90, "width": 0.1299}, ""),
        # precise enough, whatever is set against it
        ({"share": 0.97, "width": 0.05}, ""),
        # what a person looks at gets no footnote besides
        ({"share": 0.90, "width": 0.131, "df": 7}, "[g]"),
    ],
)
def test_what_nchs_has_reviewed_or_footnoted_is_shown_with_a_flag(changes, flag):
    assert find_flag(**changes) == flag
    assert find(**changes) == ""


def test_a_base_surveyed_completely_breaks_no_rule_of_precision_and_has_no_flag():
    census = {
        "status": "complete",
        "n": 12,
        "n_yes": 5,
        "n_effective": 12.0,
        "width": np.nan,
        "df": 0,
    }
    assert find(**census) == "" and find_flag(**census) == ""
    assert find_flag(**census | {"n_yes": 12, "share": 1.0}) == ""
    assert find(**census | {"status": ""}) == "sample"
    # those of confidentiality hold all the same
    assert find(CONFIDENTIAL, **census | {"n_yes": 1}) == "answer"


def test_an_empty_base_breaks_no_rule_and_has_no_flag():
    nothing = dict.fromkeys(("n_effective", "share", "width"), np.nan) | {
        "n": 0,
        "n_yes": 0,
        "df": 0,
    }
    assert find(heaviest=0.0, **nothing) == "" and find_flag(heaviest=0.0, **nothing) == ""


def test_confidentiality_comes_before_precision():
    assert find_mark(n=20, n_yes=1, n_effective=18.0, width=0.39) == CONFIDENTIAL
    assert find_mark(n=20, n_yes=8, n_effective=18.0) == UNRELIABLE


def test_the_reasons_have_the_limits_that_the_rules_have():
    reasons = {rule.id: rule.reason for rule in RULES}
    assert f"fewer than {LIMITS.smallest_count} respondents" in reasons["base"]
    assert f"1 to {LIMITS.smallest_count - 1} respondents" in reasons["answer"]
    assert f"1 to {LIMITS.smallest_count - 1} respondents" in reasons["complement"]
    assert f"fewer than {LIMITS.smallest_sample} respondents" in reasons["sample"]


@pytest.mark.parametrize(
    "limits, rule, closed, safe",
    [
        ({"smallest_count": 5}, "base", {"n": 4, "n_yes": 2}, {"n": 5, "n_yes": 5}),
        ({"smallest_count": 5}, "answer", {"n_yes": 4}, {"n_yes": 5}),
        ({"smallest_count": 5}, "complement", {"n_yes": 96}, {"n_yes": 95}),
        ({"smallest_known": 20}, "unanimous", {"n": 19, "n_yes": 0}, {"n": 20, "n_yes": 0}),
        ({"heaviest": 0.8}, "dominance", {"heaviest": 0.81}, {"heaviest": 0.8}),
        ({"smallest_sample": 50}, "sample", {"n_effective": 49.0}, {"n_effective": 50.0}),
        ({"wide": 0.2}, "width", {"width": 0.2}, {"width": 0.19}),
    ],
)
def test_a_limit_of_the_survey_s_own_moves_its_rule_and_no_other(limits, rule, closed, safe):
    own = Limits(**limits)
    usual = find_broken(pd.DataFrame([SAFE | closed]))[0]
    assert find_broken(pd.DataFrame([SAFE | closed]), limits=own)[0] == rule != usual
    assert find_broken(pd.DataFrame([SAFE | safe]), limits=own)[0] != rule
