"""Answers that are texts stand in the order of their scale, not of the alphabet."""

import pandas as pd
import pytest

from barometer.incoming.columns import describe_columns
from barometer.incoming.ordering import order_by_words
from barometer.layouts.source import read_source

SCALES = [
    ["Meget tilfreds", "Tilfreds", "Hverken tilfreds eller utilfreds", "Utilfreds"],
    ["Helt enig", "Overvejende enig", "Hverken eller", "Overvejende uenig", "Helt uenig"],
    ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"],
    ["Very satisfied", "Fairly satisfied", "Fairly dissatisfied", "Very dissatisfied"],
    ["I meget høj grad", "I høj grad", "I nogen grad", "I mindre grad", "Slet ikke", "Ved ikke"],
    ["Altid", "Ofte", "Nogle gange", "Sjældent", "Aldrig"],
    ["Dagligt", "Ugentligt", "Månedligt", "Sjældnere", "Aldrig"],
    ["Excellent", "Very good", "Good", "Fair", "Poor", "Don't know"],
    ["Under 18", "18-29 år", "30-49 år", "50-99 år", "100 år eller derover"],
    ["Færre end 5 ansatte", "5-9 ansatte", "10-49 ansatte", "Mere end 49 ansatte", "Ubesvaret"],
    ["Svært fornøyd", "Fornøyd", "Hverken eller", "Misfornøyd", "Svært misfornøyd", "Vet ikke"],
    ["A great deal", "Quite a lot", "A little", "Not at all"],
    ["Meget", "Noget", "Lidt", "Slet ikke"],
    ["Always", "Usually", "Sometimes", "Never"],
    ["Definitely", "Probably", "Maybe", "Probably not", "Definitely not", "Don't know"],
    ["For meget", "Passende", "For lidt", "Ved ikke"],
    ["Much better", "A little better", "About the same", "A little worse", "Much worse"],
    ["Meget bedre", "Lidt bedre", "Uændret", "Lidt værre", "Meget værre"],
    ["Far too high", "Too high", "About right", "Too low", "Far too low"],
]


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale[0])
def test_a_scale_stands_in_its_order_whatever_the_alphabet_says(scale):
    assert order_by_words(sorted(scale)) == scale
    assert order_by_words([*map(str.upper, reversed(scale))]) == [*map(str.upper, scale)]


@pytest.mark.parametrize(
    "texts",
    [
        ["Nord", "Syd", "Øst", "Vest"],
        ["Tilfreds", "Blå"],
        ["Meget tilfreds", "Meget enig"],  # two scales
        ["Helt tilfreds", "Meget tilfreds"],  # as strong, in two wordings
        ["Blandet tilfreds", "Utilfreds"],
        ["Ved ikke", "Ja"],
        [],
    ],
    ids=str,
)
def test_where_the_words_say_no_order_none_is_guessed(texts):
    assert order_by_words(texts) is None


def test_the_order_that_a_file_gives_is_kept_and_one_that_is_guessed_is_said_to_be(tmp_path):
    answers = ["Utilfreds", "Meget tilfreds", "Tilfreds"] * 4
    pd.DataFrame({"q": answers, "n": range(12)}).to_csv(tmp_path / "a.csv", index=False)
    column = describe_columns(read_source(tmp_path / "a.csv"))["q"]
    assert [*column.counts] == ["Meget tilfreds", "Tilfreds", "Utilfreds"] and column.by_words
    kinds = pd.CategoricalDtype(["Utilfreds", "Tilfreds", "Meget tilfreds"], ordered=True)
    frame = pd.DataFrame({"q": pd.Series(answers, dtype=kinds), "n": range(12)})
    frame.to_parquet(tmp_path / "a.parquet")
    column = describe_columns(read_source(tmp_path / "a.parquet"))["q"]
    assert [*column.counts] == ["Utilfreds", "Tilfreds", "Meget tilfreds"] and not column.by_words
