"""Empty cells: not asked, or no answer."""

import pandas as pd

from barometer.drafting.grouping import Drafted
from barometer.drafting.routing import find_routes
from barometer.incoming.roles import Sure


def route(first, second):
    questions = [Drafted("a", "A", "single", ("a",)), Drafted("b", "B", "single", ("b",))]
    codes = {"a": {None: pd.Categorical(first)}, "b": {None: pd.Categorical(second)}}
    return find_routes(questions, codes)["b"]


def test_a_question_that_everybody_answered_was_put_to_everybody():
    found = route(["1", "2"] * 6, ["x"] * 12)
    assert found.question is None and found.asked.all() and found.unanswered == 0


def test_an_earlier_answer_explains_who_was_asked():
    found = route(["1", "2"] * 6, ["x", None] * 6)
    assert (found.question, found.codes, found.sure) == ("a", ("1",), Sure.CERTAIN)
    assert found.asked.tolist() == [True, False] * 6 and found.unanswered == 0


def test_those_who_were_asked_and_left_it_empty_gave_no_answer():
    second = ["x", None] * 10
    second[0] = None
    found = route(["1", "2"] * 10, second)
    assert (found.question, found.unanswered, found.sure) == ("a", 1, Sure.LIKELY)


def test_one_answer_outside_is_enough_for_an_earlier_answer_to_explain_nothing():
    second = ["x", None] * 10
    second[1] = "x"
    found = route(["1", "2"] * 10, second)
    assert found.question is None and found.unanswered == 9 and found.sure == Sure.UNSURE


def test_two_respondents_who_left_it_empty_are_not_taken_for_a_route():
    found = route(["1"] * 18 + ["2"] * 2, ["x"] * 18 + [None] * 2)
    assert found.question is None and found.unanswered == 2
