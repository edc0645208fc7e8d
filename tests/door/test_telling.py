"""A sentence of the door is the one that the rooms behind it tell, whatever way its wordings are
written.
"""

import pytest

from barometer.door.calls import CallError
from barometer.door.words import PAIRS, split_wording
from barometer.sentences.claims import tell_difference
from tests.make.shipped import open_shipped

PAIR = {
    "more": "Effektivitet er oftere opnået, {a} mod {b}.",
    "less": "Effektivitet er sjældnere opnået, {a} mod {b}.",
    "same": "Ens: {a} og {b}.",
}
DIFFERS = {"differs": "Effektivitet er {oftere} opnået, {a} mod {b}.", "same": PAIR["same"]}


def ask(sector="all"):
    return open_shipped(sector).compare("value", by="initiation")


@pytest.mark.parametrize("item", ["value.efficiency", "value.political_goals", "value.quality"])
def test_one_wording_that_differs_in_a_word_is_told_as_the_two_it_stands_for(item):
    answer = ask()
    expected = tell_difference("X1", answer.tables[0], item, **PAIR)
    told = answer.tell("X1", item, **DIFFERS)
    assert (told.text, told.outcome) == (expected.text, expected.outcome)
    assert told.evidence == expected.evidence


def test_both_directions_are_told():
    answer = ask()
    told = {item: str(answer.tell("X", item, **DIFFERS)) for item in answer.table["item"].unique()}
    assert "oftere" in told["value.political_goals"]
    assert "sjældnere" in told["value.efficiency"]
    assert told["value.quality"].startswith("Ens:")


@pytest.mark.parametrize(("larger", "smaller"), PAIRS.items())
def test_every_pair_of_words_is_turned_also_where_it_begins_a_sentence(larger, smaller):
    begun = f"{{{larger.title()}}} end x, {{{larger}}} end y."
    assert split_wording("X", "differs", begun) == (
        f"{larger.title()} end x, {larger} end y.",
        f"{smaller.title()} end x, {smaller} end y.",
    )


def test_a_wording_without_a_word_that_turns_is_refused():
    with pytest.raises(CallError, match="intet ord, der skifter"):
        ask().tell("X", "value.quality", differs="Det samme.", same="Ens.")
    with pytest.raises(CallError, match="tendency_more= og tendency_less="):
        ask().tell("X", "value.quality", **DIFFERS, tendency="Det samme.")


def test_a_verdict_that_was_published_under_the_sentences_own_id_is_found():
    (row,) = ask().tell("D15", "value.efficiency", **DIFFERS).evidence
    assert row["published"] == "D15"
    (row,) = ask().tell("D15", "value.efficiency", published=None, **DIFFERS).evidence
    assert row["published"] == ""


def test_an_id_that_was_published_on_something_else_is_not_taken():
    (row,) = ask().tell("D15", "value.quality", **DIFFERS).evidence
    assert row["published"] == ""
    whole = open_shipped().whole
    state = whole.compare("politically_initiated", by=["sector=municipality", "all"])
    (row,) = state.tell("D04c", **DIFFERS).evidence  # D04c was published on legislation
    assert row["published"] == ""


def test_a_share_is_told_of_the_group_that_was_asked_for():
    survey = open_shipped()
    whole = survey.shares("innovative").tell("X", "innovative", text="{a}")
    regions = survey.shares("innovative", by="sector=region").tell("X", text="{a}")
    assert str(whole) != str(regions)
    told = survey.shares("value").tell("X", ["value.quality", "value.other"], text="{b} og {a}")
    assert [row["item"] for row in told.evidence] == ["value.quality", "value.other"]


def test_the_sectors_are_told_by_name_where_a_table_is_tested():
    told = (
        open_shipped()
        .parts("innovative")
        .tell("X", "innovative", difference="{sektorer}", same="{sektorer}", tendency="{sektorer}")
    )
    assert str(told).count("pct.") == 3 and "i kommunerne" in str(told)


def test_the_most_frequent_is_held_against_the_next():
    answer = ask()
    held = answer.hold_against_next("value.quality", by="politically_initiated")
    told = held.tell("X", more="{navn}", less="{navn}", same="{navn}")
    first, second = (
        answer.table[answer.table["group"] == "politically_initiated"]
        .nlargest(2, "share")["item"]
        .tolist()
    )
    assert first == "value.quality" and told.evidence[0]["versus"] == second


def test_two_tests_are_told_side_by_side_and_a_conclusion_asks_whether_they_differ():
    wordings = {
        "only_first": "1",
        "only_second": "2",
        "both": "begge",
        "neither": "ingen",
    }
    answer = open_shipped().parts(["initiated_by_legislation", "initiated_by_politicians"])
    items = ["initiated_by_legislation", "initiated_by_politicians"]
    plain = answer.tell("X", items, **wordings)
    concluded = answer.tell("X", items, **wordings, so_first="Altså.", so_second="Altså.")
    assert len(plain.evidence) == 2 and len(concluded.evidence) == 3


def test_a_test_of_all_parts_is_held_against_the_published_verdict_of_its_id():
    answer = open_shipped().parts("political_positive_role")
    for id, held in (("D03", ["D03"]), ("X", [])):
        told = answer.tell(id, difference="Forskel.", same="Ens.")
        assert [one["published"] for one in told.evidence if one.get("published")] == held


def test_where_a_sentence_is_not_for_this_report_nothing_is_told():
    assert ask().tell("X", "value.quality", **DIFFERS, when=False) is None


def test_passages_on_the_survey_are_chosen_by_their_wordings():
    survey = open_shipped()
    assert str(survey.tell("X", synthetic="syntetisk", real="virkelig")) == "syntetisk"
    assert str(survey.tell("X", sampled="stikprøve", census="alle")) == "stikprøve"
    assert str(survey.tell("X", whole="hele", sector="del")) == "hele"
    assert str(survey.tell("X", finite="her", superpopulation="altid")) == "her"
    assert survey.tell("X", gaps="huller") is None
    assert survey.tell("X", normalised="vægte") is None
