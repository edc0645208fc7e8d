"""True/false variables by name, on frames small enough to reckon by hand."""

import numpy as np
import pandas as pd
import pytest

from barometer.data import variables as variables_module
from barometer.data.registry import RegistryError, read_questionnaire
from barometer.data.variables import Variables, lie_outside
from tests.make.small_survey import REGISTRY

NAN = np.nan


@pytest.fixture
def variables(tmp_path):
    path = tmp_path / "questionnaire.yaml"
    path.write_text(REGISTRY, encoding="utf-8")
    answers = pd.DataFrame(
        {
            "introduced_product": ["yes", "yes", "no", "dont_know", None],
            "introduced_service": ["yes", "no", "no", "no", "yes"],
            "initiator_employees": [1.0, 0.0, NAN, NAN, NAN],
            "evaluated": ["internal", "external", None, None, "no"],
            "sector": ["state", "region", "state", "municipality", "state"],
        }
    )
    return Variables(read_questionnaire(path), answers)


def expect(variables, name, values):
    np.testing.assert_array_equal(variables.indicator(name), values)


def test_an_answer_is_one_for_those_who_gave_it_and_nan_for_those_not_asked(variables):
    expect(variables, "introduced.product=yes", [1, 1, 0, 0, NAN])
    expect(variables, "evaluated=external", [0, 1, NAN, NAN, 0])


def test_several_answers_in_one_name_count_together(variables):
    expect(variables, "evaluated=external|internal", [1, 1, NAN, NAN, 0])


def test_the_opposite_of_an_answer_has_the_same_base(variables):
    expect(variables, "!evaluated=external", [1, 0, NAN, NAN, 1])
    assert list(variables.is_true("!evaluated=external")) == [True, False, False, False, True]
    assert list(variables.is_asked("!evaluated=external")) == [True, True, False, False, True]


def test_a_tick_is_one_and_an_empty_box_zero(variables):
    expect(variables, "initiator.employees", [1, 0, NAN, NAN, NAN])


def test_background_belongs_to_everybody(variables):
    expect(variables, "sector=state", [1, 0, 1, 0, 1])


def test_all_is_everybody(variables):
    expect(variables, "all", [1, 1, 1, 1, 1])


def test_any_of_is_true_when_one_part_is(variables):
    expect(variables, "innovative", [1, 1, 0, 0, NAN])


def test_none_of_is_the_opposite_and_keeps_the_base(variables):
    expect(variables, "not_innovative", [0, 0, 1, 1, NAN])


def test_at_least_two_needs_two_parts(variables):
    expect(variables, "both_types", [1, 0, 0, 0, NAN])


def test_among_decides_the_base_instead_of_the_parts(variables):
    expect(variables, "evaluated_by_own", [1, 0, NAN, NAN, NAN])


def test_a_part_without_an_answer_puts_the_respondent_outside_the_base(variables):
    assert np.isnan(variables.indicator("innovative")[4])


def test_is_true_is_false_outside_the_base(variables):
    np.testing.assert_array_equal(
        variables.is_true("was_evaluated"), [True, True, False, False, False]
    )


def test_a_variable_cannot_be_changed_after_it_is_computed(variables):
    with pytest.raises(ValueError, match="read-only"):
        variables.indicator("innovative")[0] = 0


def test_an_unknown_variable_is_refused_by_name(variables):
    with pytest.raises(RegistryError, match="inovative"):
        variables.indicator("inovative")


NONE = REGISTRY.replace(
    'answers: {external: "Ja, udefra", internal: "Ja, internt", "no": Nej}',
    'answers: {external: "Ja, udefra", internal: "Ja, internt", "no": Nej, none: Intet svar}\n'
    "    unanswered: [none]",
).replace(
    "    residual: [dont_know]\n  evaluated:",
    "    unanswered: [dont_know]\n  evaluated:",
)


@pytest.fixture
def unanswered(tmp_path):
    path = tmp_path / "questionnaire.yaml"
    path.write_text(NONE, encoding="utf-8")
    answers = pd.DataFrame(
        {
            "evaluated": ["internal", "none", None, "no"],
            "initiator_employees": [1.0, 0.0, NAN, 0.0],
            "initiator_dont_know": [0.0, 1.0, NAN, 0.0],
        }
    )
    return Variables(read_questionnaire(path), answers)


def test_who_gave_no_answer_is_outside_the_base_of_all_others(unanswered):
    expect(unanswered, "evaluated=internal", [1, NAN, NAN, 0])
    expect(unanswered, "!evaluated=internal", [0, NAN, NAN, 1])
    expect(unanswered, "was_evaluated", [1, NAN, NAN, 0])
    expect(unanswered, "initiator.employees", [1, NAN, NAN, 0])


def test_no_answer_itself_is_of_all_who_were_asked(unanswered):
    expect(unanswered, "evaluated=none", [0, 1, NAN, 0])
    expect(unanswered, "initiator.dont_know", [0, 1, NAN, 0])


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("evaluated=internal", "evaluated=external|internal|no"),
        ("evaluated=none", "innovative"),
        ("was_evaluated", "evaluated=external|internal|no"),
        ("initiator.employees", "initiator.dont_know=0"),
    ],
)
def test_the_base_of_an_answer_is_that_one_was_given(unanswered, name, base):
    registry = unanswered.registry
    assert registry.asked(name) == base
    assert base == "innovative" or registry.asked(base) == base
    assert registry.list_wider(name)[-1] == "all" and "innovative" in registry.list_wider(name)
    asked = unanswered.find_codes(name) >= 0
    assert base == "innovative" or list(unanswered.is_true(base)) == list(asked)


@pytest.mark.parametrize(
    ("item", "group", "outside"),
    [
        ("purpose.learning", "evaluated=no", True),  # an earlier answer leads past it
        ("purpose.learning", "evaluated=internal", False),
        ("purpose.learning", "!was_evaluated", True),
        ("purpose.learning", "evaluated=no&sector=state", True),
        ("purpose.learning", "!innovative", True),  # past what leads to it
        ("underway=yes", "innovative", True),  # by what is its opposite
        ("underway=yes", "sector=state", False),
        ("evaluated=no", "evaluated=internal", False),  # all of them were asked
        ("initiator.leaders", "initiator.citizens", False),
        ("introduced.product=yes", "innovative", False),
        ("purpose.learning", "country=dk", False),  # a group of other rounds or countries
    ],
)
def test_who_was_not_asked_is_known_by_the_answers_that_lead_past_a_question(
    variables, item, group, outside
):
    assert lie_outside(variables.registry, [item], group) == outside


def test_of_a_group_that_is_no_registrys_such_as_a_country_it_is_not_said_that_nobody_was_asked(
    variables,
):
    assert not lie_outside(variables.registry, ["purpose.learning"], "country=dk")


def test_variables_that_there_is_no_room_for_are_made_again(variables, monkeypatch):
    monkeypatch.setattr(variables_module, "KEPT", 10)  # bytes: two variables of five respondents
    monkeypatch.setattr(variables_module, "FEWEST", 1)
    first = variables.find_codes("evaluated=external")
    variables.find_codes("all")
    assert variables.find_codes("evaluated=external") is first  # it is the last used now
    variables.find_codes("sector=state")
    assert [*variables._made] == ["evaluated=external", "sector=state"]
    expect(variables, "all", [1, 1, 1, 1, 1])
    expect(variables, "evaluated=external", [0, 1, NAN, NAN, 0])
