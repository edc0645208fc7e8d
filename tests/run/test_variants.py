"""Which reports a run makes, and how it refuses those that cannot be made. The tiny survey has four
strata:

state-administration-small, region-health-large, municipality-health-small,
municipality-administration-large.
"""

import pytest

from barometer.parameters import ParameterError
from barometer.run.request import find_unmade, leave_out, list_variants, plan_run
from barometer.survey import open_survey
from tests.make import small_survey

DOMAINS = small_survey.REGISTRY.replace(
    "questions:", "domains: [field, size, sector&field]\nquestions:", 1
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return str(
        small_survey.make_survey(tmp_path_factory.mktemp("variants") / "s", registry=DOMAINS)
    )


def choose(data, each, named):
    variants = list_variants(named, each, data=data, alpha=0.05)
    return leave_out(variants, find_unmade(variants), each)


def make(data, each=(), **named):
    return [variant.name for variant in choose(data, each, named)]


def refuse(data, each=(), **named):
    with pytest.raises(ParameterError) as refusal:
        choose(data, each, named)
    return str(refusal.value)


def test_what_is_not_named_is_all_of_it(data):
    assert make(data) == ["all"]
    assert make(data, sector=["all", "region", "all"]) == ["all", "region"]
    assert make(data, field=["health"]) == ["all-field-health"]


def test_named_answers_are_combined(data):
    assert make(data, sector=["region", "municipality"], field=["health"]) == [
        "region-field-health",
        "municipality-field-health",
    ]


def test_each_makes_one_report_for_every_answer(data):
    assert make(data, ["field"]) == ["all-field-administration", "all-field-health"]
    assert make(data, ["size", "field"], size=["large"], sector=["all"], field=["all"]) == [
        "all-size-large"
    ]
    assert make(data, ["sector"]) == ["state", "region", "municipality"]


def test_each_leaves_out_what_nobody_has_answered_from_and_naming_it_is_refused(data):
    assert make(data, ["field"], sector=["state", "region"]) == [
        "state-field-administration",
        "region-field-health",
    ]
    assert refuse(data, sector=["state"], field=["health"]) == (
        "Der er ingen svar, eller for få til at vise noget, med sector = state og field = health."
    )
    assert "sector = state og field = health" in refuse(
        data, ["sector"], sector=["state"], field=["health"]
    )


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory):
    """The regions were asked, and nobody answered."""
    folder = small_survey.make_survey(tmp_path_factory.mktemp("unanswered") / "s", registry=DOMAINS)
    small_survey.break_and_recard(folder, lambda table: table[table["stratum"] != "region-large"])
    return str(small_survey.change_cards(folder, lambda cards: cards | {"empty_strata": "accept"}))


def test_a_sector_without_answers_is_refused_by_name_and_left_out_of_each(unanswered):
    told = (
        "Der er ingen svar i regionerne (sector = region), så der er intet at lave en rapport af."
    )
    assert (
        refuse(unanswered, sector=["region"])
        == refuse(unanswered, sector=["all", "region"])
        == told
    )
    assert make(unanswered, ["sector"]) == ["state", "municipality"]
    with pytest.raises(ParameterError, match="Der er ingen svar i regionerne"):
        open_survey(unanswered, "region")


def test_a_part_that_is_not_planned_is_refused_with_what_to_do(data):
    assert refuse(data, field=["health"], size=["small"]) == (
        "En rapport med field = health og size = small er ikke planlagt. Skriv field&size under "
        "domains i "
        "questionnaire.yaml, og kør python -m barometer seal."
    )


def test_all_problems_are_told_at_once_with_what_was_meant(data):
    told = refuse(data, ["siz"], sector=["regio"], field=["helth"])
    assert "--each siz findes ikke. Mente du »size«? Tilladt er sector, field, size." in told
    assert "Mente du »region«?" in told
    assert (
        "field = 'helth' findes ikke. Mente du »health«? Tilladt er all (alle), administration "
        "(Administration), "
        "health (Sundhed)." in told
    )


def test_a_danish_name_of_a_field_is_refused_with_its_code(data):
    assert "Mente du »health«?" in refuse(data, field=["sundhed"])


def test_two_answers_whose_folders_would_be_one_are_refused(tmp_path):
    alike = DOMAINS.replace("health: Sundhed", "health: Sundhed, a-b: Andet, a_b: Andet igen")
    data = str(small_survey.make_survey(tmp_path / "s", registry=alike))
    assert "ville få mappen all-field-a_b" in refuse(data, field=["a-b", "a_b"])


def test_a_survey_that_is_none_is_refused_before_its_answers_are_asked_for(tmp_path):
    assert "questionnaire.yaml mangler" in refuse(str(tmp_path), ["field"])


def test_which_parts_have_no_report_is_found_out_once(data, tmp_path, monkeypatch):
    def plan(*sectors):
        run = plan_run(sectors, data=data, each=["field"], output=tmp_path / "outputs")
        return [variant.name for variant in run.variants]

    asked = []
    monkeypatch.setattr(
        "barometer.run.process.call",
        lambda function, variants: asked.append(variants) or {"field=health": "ingen svar"},
    )
    assert plan() == plan() == ["all-field-administration"]
    assert len(asked) == 1
    for kept in tmp_path.rglob("*.json"):
        kept.write_text("{}")
    assert plan() == ["all-field-administration"]
    assert len(asked) == 2
    plan("region")
    assert len(asked) == 3


def test_a_refused_run_leaves_nothing_in_the_output_folder(data, tmp_path):
    with pytest.raises(ParameterError):
        plan_run([], ["99"], data=data, each=["field"], output=tmp_path / "outputs")
    assert not (tmp_path / "outputs").exists()
