"""Answers of few who were not asked, and beside an answer that excludes others, are told."""

import pandas as pd

from barometer.drafting.grouping import Drafted, Item
from barometer.drafting.routing import find_nearly, find_routes
from barometer.drafting.strays import find_strays
from barometer.layouts.source import Source

SOURCE = Source("a.sav", pd.DataFrame())


def route(first, second):
    questions = [Drafted("a", "A", "single", ("Q1",)), Drafted("b", "B", "single", ("Q2",))]
    codes = {"a": {None: pd.Categorical(first)}, "b": {None: pd.Categorical(second)}}
    nearly = find_nearly(questions, codes, find_routes(questions, codes))
    return [one.describe() for one in find_strays(SOURCE, questions, codes, nearly)]


def tick(*rows, last="Ingen af dem"):
    items = tuple(Item(str(at), text, f"Q_{at}") for at, text in enumerate(["X", last], 1))
    question = Drafted("q", "Q", "multiple", ("Q_1", "Q_2"), items)
    codes = {str(item): pd.Categorical(one) for item, one in enumerate(zip(*rows, strict=True), 1)}
    return [one.describe() for one in find_strays(SOURCE, [question], {"q": codes}, {})]


def test_an_answer_of_one_who_was_not_asked_is_told_with_the_answer_that_leads_there():
    second = ["x", None] * 60
    second[1] = "x"
    (told,) = route(["1", "2"] * 60, second)
    assert told == (
        "a.sav, kolonne Q2: der er svaret af nogen, som ikke blev spurgt (ikke Q1 = 1) i 1 række; "
        "slet svarene, eller ret det første, eller skriv --as-is."
    )


def test_one_who_left_the_leading_question_empty_was_not_asked_either():
    (told,) = route([None, "2", *["1", "2"] * 60], ["x", None, *["x", None] * 60])
    assert "(ikke Q1 = 1) i 1 række" in told


def test_answers_of_many_who_were_not_asked_are_no_fault():
    second = ["x", None] * 60
    second[1:20:2] = ["x"] * 10
    assert route(["1", "2"] * 60, second) == []
    assert route(["1", "2"] * 60, ["x", None] * 60) == []


def test_none_of_them_beside_another_is_told_where_few_gave_it():
    rows = [("0", "1")] * 60 + [("1", "0")] * 9
    (told,) = tick(*rows, ("1", "1"))
    assert told == (
        "a.sav, kolonne Q_1, Q_2: »Ingen af dem« er svaret sammen med andet i 1 række; slet det "
        "ene af svarene, eller skriv --as-is."
    )
    assert tick(*rows) == [] == tick(*rows, *[("1", "1")] * 9)
    assert tick(*rows, ("1", "1"), last="Innovation") == []
