"""What a chapter says where all that it would show is withheld."""

import math

import pytest

from barometer.document.document import build_document
from barometer.languages.speaking import speak
from barometer.sentences.claims import tell_difference
from tests.make.samples import code_cell, make_figure, make_notebook, markdown_cell
from tests.sentences.test_claims import make_released

WORDINGS = {"more": "Flere.", "less": "Færre.", "same": "Ens."}
CLOSED, UNCERTAIN = "[c]", "[u]"
SILENT = "Kapitlets tal kan ikke vises: {}."


def tell(id, mark="", withheld=""):
    numbers = (math.nan, math.nan, "", mark) if mark else ()
    told = tell_difference(id, make_released(*numbers), "x", **WORDINGS, withheld=withheld)
    return code_cell(told)


def list_lines(*cells):
    """The text of each paragraph of a chapter."""
    notebook = make_notebook(markdown_cell("Om dette spørger vi her."), *cells)
    chapter = build_document([("prøve", notebook)])["chapters"][0]
    return [
        "".join(part.get("text", "") for part in block["content"])
        for block in chapter["blocks"]
        if block["type"] == "paragraph"
    ][1:]


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ([CLOSED], "tallene er fortrolige"),
        ([UNCERTAIN, UNCERTAIN], "tallene er for usikre"),
        ([CLOSED, UNCERTAIN], "nogle tal er for usikre, og andre er fortrolige"),
    ],
)
def test_a_chapter_in_which_all_is_withheld_says_so_and_why(marks, why):
    cells = [tell(f"X0{number}", mark) for number, mark in enumerate(marks)]
    assert list_lines(*cells) == [SILENT.format(why)]


def test_it_says_so_in_the_language_of_the_report():
    with speak("en"):
        assert list_lines(tell("X01", CLOSED)) == [
            "The numbers of this chapter cannot be shown: the numbers are confidential."
        ]


@pytest.mark.parametrize(("language", "read"), [("da", "»alt« og ›et‹"), ("en", "“alt” og ‘et’")])
def test_straight_quotation_marks_become_those_of_the_language(language, read):
    with speak(language):
        assert list_lines(markdown_cell("Hun så \"alt\" og 'et'.")) == [f"Hun så {read}."]


@pytest.mark.parametrize(
    "cells",
    [
        [tell("X01", CLOSED, "Det vises ikke.")],
        [tell("X01", CLOSED), tell("X02")],
        [tell("X01", CLOSED), code_cell(make_figure())],
        [],
    ],
    ids=["a sentence says why", "another is told", "a figure is shown", "nothing is asked"],
)
def test_a_chapter_that_shows_something_or_asks_nothing_has_no_such_line(cells):
    assert not any("kan ikke vises:" in line for line in list_lines(*cells))
