"""Every documented name of a variable works everywhere, as an item and as a group: estimate, gate,
figure and trace.
"""

from dataclasses import replace

import numpy as np
import pytest

from barometer.data.domains import is_negated, split_terms, strip_not
from barometer.data.registry import RegistryError
from barometer.disclosure.plan import Plan
from barometer.disclosure.release import release_contrast, release_differences, release_shares
from barometer.figures.drawing import draw_groups, draw_two_groups
from barometer.figures.tables import show_shares
from barometer.survey import open_survey
from tests.make.shipped import open_shipped
from tests.make.small_survey import make_survey

NAMES = (
    "all",
    "innovative",
    "!innovative",
    "evaluated=external|internal",
    "!evaluated=no",
    "initiator.employees",
    "!initiator.employees",
    "introduced.product=yes",
    "!introduced.product=yes|no",
    "sector=state",
    "!sector=state",
    "sector=state|region",
    "sector=municipality&size=small",
    "innovative&sector=state",
    "!innovative&!sector=state",
    "purpose.learning&evaluated=internal",
    "!purpose.learning&initiator.employees",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return open_survey(str(make_survey(tmp_path_factory.mktemp("names") / "survey")))


@pytest.mark.parametrize("name", NAMES)
def test_a_documented_name_is_an_item_and_a_group_in_a_table_with_its_note(small, name):
    for item, group in ((name, "all"), ("all", name), (name, name), ("evaluated=internal", name)):
        released = release_shares(small, [item], [group])
        payload = show_shares(released, "tabel-1", "T").payload
        assert len(payload["table"]["rows"]) == 1
        assert payload["trace"] == [] or all(
            row["item"] for row in payload["trace"] if row["kind"] == "share"
        )


def test_a_name_of_several_is_true_where_all_are_and_has_no_value_where_one_has_none(small):
    found = small.indicator("purpose.learning&evaluated=internal")
    asked = small.indicator("was_evaluated") == 1
    assert np.isnan(found[~asked]).all()
    assert found[asked].tolist() == [1, 1, 1, 1]
    # one of the state's three is not innovative
    assert small.indicator("!innovative&sector=state").sum() == 1
    assert small.member("sector=state&innovative").sum() == 2
    assert small.member("!innovative&!sector=state").sum() == 3


def test_not_a_name_twice_is_the_name(small):
    assert (small.indicator("!!innovative") == small.indicator("innovative")).all()
    assert small.label("!!innovative") == small.label("innovative") == "Innovativ"
    assert (is_negated("!a"), is_negated("!!a"), strip_not("!!a"), split_terms("a&!b")) == (
        True,
        False,
        "a",
        ("a", "!b"),
    )


@pytest.mark.parametrize(
    ("name", "label", "asked"),
    [
        ("!innovative", "Ikke innovativ", "all"),
        ("!evaluated=no", "Ikke nej", "innovative"),
        ("sector=state&size=small", "Staten og få ansatte", "all"),
        ("purpose.learning&evaluated=internal", "At lære og ja, internt", "was_evaluated"),
        ("!innovative&!sector=state", "Ikke innovativ og ikke staten", "all"),
    ],
)
def test_a_name_has_a_label_and_a_base(small, name, label, asked):
    assert small.label(name) == label
    assert small.registry.asked(name) == asked


def test_two_bases_that_do_not_lie_within_each_other_are_joined(small):
    name = "underway=yes&evaluated=no"
    assert small.registry.asked(name) == "innovative&not_innovative"
    assert small.registry.list_wider(name) == ("innovative&not_innovative", "all")
    assert release_shares(small, [name]).table["n"].tolist() == [0]


@pytest.mark.parametrize(
    "name", ["!nothing", "innovative&nothing", "!evaluated=never", "sector=state&size=tall"]
)
def test_an_unknown_term_is_refused_by_name_wherever_it_stands(small, name):
    for ask in (
        lambda: release_shares(small, [name]),
        lambda: release_shares(small, ["innovative"], [name]),
    ):
        with pytest.raises(RegistryError, match=r"nothing|never|tall"):
            ask()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("politically_initiated", "!politically_initiated"),
        ("sector=state&size=large", "sector=state&size=small"),
        ("attempted_shared&sector=state", "!attempted_shared&sector=state"),
    ],
)
def test_such_groups_are_compared_drawn_and_traced(first, second):
    survey = open_shipped()
    released = release_differences(survey, ["value.quality", "!value.efficiency"], first, second)
    groups = {first: "Den ene", second: "Den anden"}
    payload = draw_two_groups(released, "figur-1", "En titel", groups).payload
    assert "Den ene" in payload["table"]["columns"][1]
    assert {row["group"] for row in payload["trace"] if row["kind"] == "share"} == {first, second}
    assert draw_groups(released, "figur-2", "En titel", "!value.efficiency", groups).payload[
        "trace"
    ]
    assert (
        release_contrast(survey, "!value.quality", "value.efficiency", [first]).comparison(
            "!value.quality", first
        )["group"]
        == first
    )


def test_what_is_not_a_group_is_the_group_that_the_registry_calls_so():
    survey = open_shipped()
    released = release_shares(
        survey, ["value.quality"], ["!politically_initiated", "initiated_by_other_causes"]
    )
    one, other = (released.table.iloc[place] for place in (0, 1))
    assert (one["share"], one["se"], one["n"]) == (other["share"], other["se"], other["n"])


def test_what_is_left_of_the_public_sector_needs_no_plan_of_its_own():
    survey = open_shipped("region")
    release_shares(survey.whole, ["politically_initiated"], ["!sector=region"])
    assert ("politically_initiated", "!sector=region", "all") not in survey.plan.scope
    closed = dict(survey.plan.closed)
    closed["politically_initiated", "all", "region"] = "answer"
    survey = replace(survey.whole, plan=Plan(survey.plan.scope, closed))
    released = release_shares(survey, ["politically_initiated"], ["!sector=region"])
    # with the whole it would give the region's away
    assert released.table["status"].tolist() == ["[c]"]
