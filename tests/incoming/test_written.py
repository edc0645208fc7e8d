"""What somebody wrote beside ticks counts as an answer, and ticks are known in any spelling."""

import pandas as pd
import pytest

from barometer.drafting.coding import read_codes
from barometer.drafting.grouping import group_columns
from barometer.incoming.columns import describe_columns
from barometer.incoming.roles import Role, guess_roles
from barometer.incoming.written import tick_written
from barometer.layouts.source import Source

HELPED = "Who helped? [{}]"
OTHER = HELPED.format("Other (please specify)")


def _read(columns):
    return Source("a.csv", pd.DataFrame(columns, dtype=object).astype("category"))


def _tick(**columns):
    source = _read({HELPED.format(name): given for name, given in columns.items()})
    return tick_written(source, describe_columns(source))


def test_who_only_wrote_an_answer_of_their_own_has_answered_the_question():
    ticks = {"Friends": ["Friends", None, None], "Chief": [None, "Chief", None]}
    ticks["Other (please specify)"] = [None, None, "The neighbour"]
    source = _tick(**ticks)
    columns = describe_columns(source)
    (question,) = group_columns(columns)
    assert question.kind == "multiple"
    assert [item.text for item in question.items] == [*ticks]
    codes = read_codes(source, columns, question)
    assert [[*map(str, one)] for one in codes.values()] == [
        ["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"],
    ]  # fmt: skip
    assert OTHER in source.ways[0]
    assert "neighbour" not in source.frame.to_csv()


@pytest.mark.parametrize("name", ["Other", "Autre", "Sonstiges", "Andet", "Comment"])
def test_an_answer_of_one_s_own_is_known_in_several_languages(name):
    assert _tick(A=["x", None], B=[None, "x"], **{name: ["words", None]}).ways


@pytest.mark.parametrize(
    "columns",
    [
        {"A": ["x", None], "B": [None, "x"], "Other": ["x", None], "Other text": ["words", None]},
        {"A": ["Good", "Bad"], "B": ["Bad", "Good"], "Other": ["words", None]},
        {"A": ["x", None], "Other": ["words", None]},
        {"A": ["x", None], "B": [None, "x"], "Name": ["words", None]},
    ],
    ids=["a tick of its own", "no ticks", "one tick", "no other"],
)
def test_other_texts_are_left_as_they_are(columns):
    assert not _tick(**columns).ways


@pytest.mark.parametrize("ticked", ["Y", "x", "J", "✓", "TRUE", "Wahr"])
@pytest.mark.parametrize("unticked", [None, "n", "FALSE"])
def test_ticks_are_known_in_the_spellings_of_several_programs(ticked, unticked):
    source = _read({"A [a]": [ticked, unticked], "A [b]": [unticked, ticked]})
    columns = describe_columns(source)
    (question,) = group_columns(columns)
    assert question.kind == "multiple"
    assert columns["A [a]"].find_ticked() == {ticked}


def test_a_tick_beside_a_room_for_words_is_no_free_text():
    source = _read({"Who? [Andet (skriv)]": ["Ja", "Nej", "Ja"], "Q2_3_TEXT": ["Fax", None, "Fax"]})
    guesses = guess_roles(describe_columns(source))
    assert [one.role for one in guesses.values()] == [Role.ANSWER, Role.TEXT]
