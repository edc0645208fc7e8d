"""Which errors' words may be told in a file, and which may quote an answer."""

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from barometer.door.calls import CallError
from barometer.parameters import check_parameters
from barometer.run.work import WITHHELD, ChapterTask, fail_cell
from tests.make.shipped import open_shipped

# {what the program said: the cell that it was said of}
OWN = {
    'shares: items mangler. Skriv fx survey.shares(["innovative", "reused"])': "survey.shares()",
    "shares: items = [3] kan ikke bruges. Skriv et navn": "survey.shares([3])",
    "'value.othr' er ikke i svaret. Mente du »value.other«?": "values.tell('X', 'value.othr', …)",
    "tell: difers= kendes ikke. Mente du »differs«?": "values.tell('X', 'value', difers='…')",
    "survey.comparre findes ikke. Mente du »compare«?": "survey.comparre('value')",
    'D15: tell mangler same=. Skriv fx .tell("D15", "navn", differs="… {oftere} …: {a} mod '
    '{b}.", same="…").': "values.tell('D15', 'value.quality')",
}
# where the chapter has handed it what stands in the answers
QUOTING = [
    "shares: items = 'kanariefuglen sang for lederen' kan ikke bruges",
    "shares: items = 'vi har ikke tid' kan ikke bruges",
    "shares: items = 'vi har ikke",  # cut
    "shares: items = ['vi har ikke tid', 'nej'] kan ikke bruges",
    'shares: items = "vi har ikke tid" kan ikke bruges',
    "{q} i »vi har ikke tid {q}« kendes ikke",
    "shares: items = 481234 kan ikke bruges",
    "survey.kanariefugl findes ikke",
]


def fail(words, code, name="CallError"):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(code)])
    source = nbformat.writes(notebook).encode()
    return fail_cell(ChapterTask("01_x", source, check_parameters()), name, words, 1, code)


@pytest.mark.parametrize("words", OWN)
def test_what_the_program_says_of_a_call_is_told_in_a_file(words):
    assert words in fail(words, OWN[words]).logged
    assert WITHHELD in fail(words, OWN[words], "ValueError").logged


@pytest.mark.parametrize("words", QUOTING)
def test_what_a_call_quotes_and_no_chapter_wrote_is_told_on_the_screen_alone(words):
    failure = fail(words, "survey.shares(answers)")
    assert words in str(failure)
    assert WITHHELD in failure.logged and words not in failure.logged


def test_a_table_of_answers_in_a_call_is_told_by_its_kind():
    answers = pd.DataFrame({"id": ["kanarie"]})
    for wrong in (answers, answers["id"], answers.to_numpy(), [answers]):
        with pytest.raises(CallError, match=r"items = (DataFrame|Series|ndarray|list) kan ikke"):
            open_shipped().shares(wrong)
