"""What a survey answers is what the rooms behind the door say, and every count has passed the
gate.
"""

import subprocess
import sys
from dataclasses import replace

import pytest

import barometer
from barometer.data.registry import RegistryError
from barometer.data.variables import Variables
from barometer.disclosure.plan import Plan
from barometer.disclosure.release import (
    release_contrast,
    release_differences,
    release_distribution,
    release_shares,
)
from barometer.door.calls import CallError, Lacking
from barometer.figures.tables import list_parts
from barometer.languages.speaking import speak
from barometer.marks import CONFIDENTIAL
from barometer.text import format_count
from tests.make.shipped import INITIATION, open_shipped


def test_a_chapter_imports_what_it_needs_in_one_line_and_nothing_is_read_before():
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, barometer; print(dir(barometer), 'pandas' in sys.modules, "
            "'barometer.survey' in sys.modules); from barometer import open_survey; "
            "print(open_survey.__module__)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [
        "['explore', 'open_survey', 'open_surveys'] False False",
        "barometer.survey",
    ]
    with pytest.raises(AttributeError):
        barometer.__getattr__("_open_survey")


def test_calls_have_the_first_dimension_by_the_name_that_the_survey_gives_it():
    survey = open_shipped("all")
    background = survey.registry.background
    background = {"level": background["sector"]} | {
        name: entry for name, entry in background.items() if name != "sector"
    }
    registry = replace(survey.registry, background=background)
    answers = survey.variables.answers.rename(columns={"sector": "level"})
    variables = Variables(registry, answers)
    named = replace(survey, registry=registry, variables=variables, plan=Plan())
    named = replace(named, population=survey.population.rename(columns={"sector": "level"}))
    assert [*named.groups("level")] == ["level=state", "level=region", "level=municipality"]
    shares = named.compare("innovative", by="level").table["share"]
    assert shares.equals(survey.compare("innovative", by="sector").table["share"])
    with pytest.raises(RegistryError, match=r"dele er level \("):
        named.compare("innovative", by="nope")


def test_who_gave_no_answer_is_in_no_group_that_a_question_divides_respondents_into():
    survey = open_shipped("all")
    question = survey.registry.questions["novelty"]
    last = [*question.answers][-1]
    for none, left in (
        ((last,), [*question.answers][:-1]),
        ((*question.answers,), question.answers),
    ):
        asked = survey.registry.questions | {"novelty": replace(question, unanswered=none)}
        other = replace(survey, registry=replace(survey.registry, questions=asked))
        assert [*other.groups("novelty")] == [f"novelty={code}" for code in left]


def test_what_a_survey_says_that_it_lacks_is_left_out_and_said_once():
    survey = open_shipped("region")
    lacks = {"privacy": "Hvem passede på data?", "cost": "Hvad kostede det?"}
    survey = replace(survey, registry=replace(survey.registry, lacks=lacks))
    assert not isinstance(survey.compare("value", by="initiation"), Lacking)
    for lacking, named in {
        survey.compare("privacy.state", by="sector"): "»Hvem passede på data?«",
        survey.shares(["value", "privacy"], by="cost"): "»Hvem passede på data?« og »Hvad",
        survey.cross("novelty", "cost"): "»Hvad kostede det?«",
        survey.mean("cost"): "»Hvad kostede det?« er ikke med i denne undersøgelse og er",
        survey.shares("value", by=["!cost=high", "cost=high"]): "»Hvad kostede det?«",
    }.items():
        assert lacking.draw_groups("figure", "Titel", when=False) is None
        told = lacking.tell("A01", "privacy.state", differs="{oftere}", same="…")
        assert str(told).startswith(named) and told.is_withheld
        assert str(lacking.draw_groups("figure", "Titel")) == ""
    with pytest.raises(RegistryError):
        survey.shares("privaci")


def test_shares_of_a_question_are_those_of_its_items():
    survey = open_shipped("region")
    answer = survey.shares("value")
    assert answer.table.equals(release_shares(survey, survey.question("value")).table)
    assert survey.shares(["value", "value.quality", "innovative"]).table["item"].tolist() == [
        *survey.question("value"),
        "innovative",
    ]


def test_a_row_of_a_battery_stands_for_its_answers():
    answer = open_shipped().shares("influence.legislation", by="innovative")
    assert answer.table["item"].nunique() == 6
    assert set(answer.table["group"]) == {"innovative"}


def test_two_groups_are_compared_item_by_item():
    survey = open_shipped("region")
    answer = survey.compare("value", by="initiation")
    expected = release_differences(survey, survey.question("value"), *INITIATION)
    assert answer.comparisons.equals(expected.comparisons)
    assert answer.groups == INITIATION
    assert answer.tables[0].distribution is None


def test_answers_that_exclude_each_other_are_tested_as_a_whole_too():
    survey = open_shipped()
    answer = survey.compare("novelty", by="initiation")
    expected = release_distribution(survey, survey.question("novelty"), INITIATION)
    assert answer.tables[0].distribution == expected.distribution
    assert answer.comparisons.equals(expected.comparisons)


def test_a_dimension_is_tested_as_a_whole_item_by_item():
    survey = open_shipped()
    answer = survey.compare(["innovative", "reused"], by="sector")
    shown, *tested = answer.tables
    assert list(dict.fromkeys(shown.table["item"])) == ["innovative", "reused"]  # what is shown
    for released, item in zip(tested, ("innovative", "reused"), strict=True):
        expected = release_distribution(survey, [item], survey.sectors).distribution
        assert released.distribution == expected


def test_two_answers_of_a_question_are_a_pair_item_by_item_in_table_sentence_and_figure():
    """closeness has two answers and "Ved ikke": two of its groups are a pair as any other."""
    survey = open_shipped()
    pair = survey.compare("value", by=["closeness=break", "closeness=development"])
    assert len(pair.tables) == 1 and len(pair.comparisons) == len(survey.question("value"))


@pytest.mark.parametrize("by", ["two sectors", "sector", "closeness"])
def test_every_item_of_a_comparison_is_in_the_table_that_is_shown(by):
    """By a question as by a dimension; of two groups item by item, of more as whole tables."""
    survey = open_shipped()
    by = ["sector=state", "sector=region"] if by == "two sectors" else by
    answer = survey.compare("value", by=by)
    rows = answer.show("f", "Titel").table["rows"]
    assert len(rows) == len(survey.question("value")) == len({str(row[0]) for row in rows})


def test_a_single_variable_is_compared_with_its_opposite():
    answer = open_shipped().compare("value.quality", by="politically_initiated")
    assert [*answer.groups] == ["politically_initiated", "!politically_initiated"]


def test_a_group_beside_is_told_and_not_tested():
    whole = open_shipped("region").whole
    answer = whole.compare("innovative", by=["sector=region", "all"], beside="!sector=region")
    assert set(answer.table["group"]) == {"sector=region", "all", "!sector=region"}
    assert len(answer.comparisons) == 1


def test_two_lists_are_contrasted_pair_by_pair():
    survey = open_shipped()
    answer = survey.contrast(["reused", "value.quality"], ["novelty=first", "value.efficiency"])
    expected = release_contrast(survey, "value.quality", "value.efficiency").comparisons
    assert answer.comparisons.iloc[1]["p"] == expected.iloc[0]["p"]
    with pytest.raises(CallError, match="lige mange"):
        survey.contrast(["reused"], ["novelty=first", "innovative"])


@pytest.mark.parametrize("sector", ["all", "region"])
def test_the_reports_part_stands_beside_the_others_and_the_whole(sector):
    survey = open_shipped(sector)
    answer = survey.parts("innovative")
    shown = release_shares(survey.whole, ["innovative"], list_parts(survey)).table
    assert answer.tables[0].table.equals(shown)
    tested = answer.tables[1]
    if sector == "all":
        expected = release_distribution(survey.whole, ["innovative"], survey.sectors)
        assert tested.distribution == expected.distribution
    else:
        expected = release_differences(survey.whole, ["innovative"], survey.own_domain, survey.rest)
        assert tested.comparisons.equals(expected.comparisons)


def test_a_grouping_is_its_groups_alone_and_among_others():
    survey = open_shipped()
    assert survey.compare("value", by=["initiation"]).groups == INITIATION
    groups = survey.shares("value", by=["initiation", "sector=state"]).groups
    assert groups == INITIATION | {"sector=state": "Staten"}


def test_questions_are_crossed_and_what_is_no_split_is_refused():
    survey = open_shipped()
    answer = survey.cross("novelty", "size")
    assert [*answer.groups] == ["size=small", "size=medium", "size=large"]
    assert answer.tables[0].distribution.groups == tuple(answer.groups)
    with pytest.raises(CallError, match=r"Det gør sector \(Sektor\), field .*, underway"):
        survey.cross("novelty", "value")


def test_groups_are_those_with_answers_by_their_labels():
    survey = open_shipped()
    assert survey.groups("sector") == {
        "sector=state": "Staten",
        "sector=region": "Regionerne",
        "sector=municipality": "Kommunerne",
    }
    assert [*survey.groups("novelty")] == list(survey.question("novelty"))
    with pytest.raises(CallError, match="Mente du »field«"):
        survey.groups("fild")


def test_kinds_of_questions_are_said_in_the_language_of_the_notebook():
    known = {"one answer", "several answers", "one answer in each row", "a scale", "a number"}
    with speak("en"):
        assert {*open_shipped().questions["kind"]} <= known


@pytest.mark.parametrize("sector", ["all", "region"])
def test_how_many_were_asked_is_told_only_where_the_plan_has_it_open(sector):
    survey = open_shipped(sector)
    table = survey.questions
    assert list(table.columns) == ["name", "text", "kind", "asked", "answers", "n"]
    assert table["name"].tolist() == [*survey.registry.questions]
    for name, shown in zip(table["name"], table["n"], strict=True):
        base = survey.registry.questions[name].asked
        cell = (base, "all", survey.domain)
        if cell in survey.plan.scope and cell not in survey.plan.closed:
            asked = survey.member("all") & survey.variables.is_true(base)
            assert shown == format_count(asked.sum())
        else:
            assert shown == CONFIDENTIAL
    assert (table["n"] != CONFIDENTIAL).any()


def test_overlapping_groups_are_refused_in_danish():
    with pytest.raises(CallError, match="overlapper"):
        open_shipped().compare("innovative", by=["all", "sector=state", "sector=region"])


@pytest.mark.parametrize(
    ("items", "by"),
    [
        ("novelty", "novelty"),
        ("novelty=first", ["novelty=inspired", "novelty=copy"]),
        ("novelty", "reused"),
        ("reused", "novelty"),
        ("value.quality", "value.quality"),
        ("novelty", {"novelty=first&sector=state": "A", "novelty=copy&sector=state": "B"}),
    ],
)
def test_what_is_divided_by_its_own_answers_is_refused(items, by):
    with pytest.raises(CallError, match="kan ikke deles efter sig selv"):
        open_shipped("all").compare(items, by=by)


def test_ticks_may_be_divided_by_one_of_them():
    assert open_shipped("all").compare("value", by="value.quality").comparisons.size


def test_a_misspelt_name_is_answered_with_the_one_that_was_meant():
    with pytest.raises(RegistryError, match="Mente du »efficiency«"):
        open_shipped().shares("value.efficency")
    with pytest.raises(RegistryError, match="Mente du »innovative«"):
        open_shipped().shares("inovative")


def test_tab_completion_leads_to_what_a_chapter_asks():
    survey = open_shipped()
    names = dir(survey)
    assert {"questions", "groups", "shares", "compare", "contrast", "parts", "cross"} <= {*names}
    assert not any(name.startswith("_") for name in names) and "design" not in names
    answer = dir(survey.shares("innovative"))
    assert {"tell", "show", "draw_pairs", "table"} <= {*answer} and "survey" not in answer


def test_a_name_that_the_survey_has_is_no_misspelling_of_another():
    survey = open_shipped()
    for call in (
        lambda: survey.mean("novelty"),
        lambda: survey.compare("novelty", by="culture"),
        lambda: survey.compare("novelty", by="value"),
    ):
        with pytest.raises((CallError, RegistryError)) as caught:
            call()
        assert "Mente du" not in str(caught.value)
