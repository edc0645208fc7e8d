"""What JupyterLab shows of surveys, answers and sentences: readable, only for the screen, and no
digit more than a page has.
"""

import re

import pandas as pd
import pytest

from barometer.door import views
from barometer.marks import SCREEN_ONLY
from barometer.payloads import MIME
from tests.make.shipped import open_shipped
from tests.test_internal import list_long_numbers


def strip(html):
    return re.sub(r"<[^>]+>", " ", html)


@pytest.mark.parametrize("sector", ["all", "region"])
def test_an_answer_shows_shares_with_intervals_verdicts_and_marks_with_reasons(sector):
    answer = open_shipped(sector).compare("value", by="initiation")
    html = answer._repr_html_()
    assert re.search(r"\d+\s% \(\d+–\d+\)", strip(html).replace("\xa0", " "))
    assert "Politisk igangsat" in html and "value.efficiency" in html
    assert "kun til skærmen" in html.lower()
    assert ("sjældnere" in html) == (sector == "all")
    assert ("[u]: for usikkert" in html) == (sector == "region")
    assert list_long_numbers([{"data": {"text/html": html}}]) == []


@pytest.mark.parametrize("ask", ["shares", "compare", "contrast", "parts", "cross"])
def test_every_question_beside_the_plan_is_answered_with_a_table_for_the_screen_alone(ask):
    survey = open_shipped("region")
    answer = {
        "shares": lambda: survey.shares("financing"),
        "compare": lambda: survey.compare("financing", by="initiation"),
        "contrast": lambda: survey.contrast("financing.none", "financing.own_budget"),
        "parts": lambda: survey.parts("financing.none"),
        "cross": lambda: survey.cross("technology", "novelty"),
    }[ask]()
    for told in (strip(answer._repr_html_()), repr(answer)):
        assert SCREEN_ONLY in told
        assert views.SCREEN not in told
    assert re.search(r"\d+\s% \(\d+–\d+\)", strip(answer._repr_html_()).replace("\xa0", " "))


def test_an_answer_is_no_part_of_a_report():
    answer = open_shipped().shares("innovative")
    assert not hasattr(answer, "_repr_mimebundle_")
    assert "kun til skærmen" in repr(answer).lower()


def test_a_whole_tables_verdict_is_shown():
    html = open_shipped().cross("novelty", "size")._repr_html_()
    assert "samlet: " in html


def test_a_sentence_shows_what_it_rests_on_and_folds_its_other_wordings():
    told = (
        open_shipped()
        .compare("value", by="initiation")
        .tell("D15", "value.efficiency", differs="{a} er {oftere} end {b}.", same="Ens <her>.")
    )
    bundle = told._repr_mimebundle_()
    text = strip(bundle["text/html"]).replace("\xa0", " ")
    assert "D15" in text and "sjældnere" in text and "publiceret: sjældnere ✓" in text
    assert re.search(r"−\d+,\d \(−\d+,\d til −\d+,\d\) point · p [=<] ?0,\d{3}", text)
    assert "<details>" in bundle["text/html"] and "&lt;her&gt;" in bundle["text/html"]
    assert bundle[MIME]["markdown"] == bundle["text/markdown"]
    assert list_long_numbers([{"data": bundle}]) == []


def test_a_closed_sentence_tells_no_number_in_its_view():
    survey = open_shipped("region")
    told = survey.compare("value", by="initiation").tell(
        "D15", "value.efficiency", differs="{a} er {oftere} end {b}.", same="Ens."
    )
    basis = told._repr_mimebundle_()["text/html"].partition("<details>")[0]
    assert "[u]" in basis and "pct." not in basis and "point" not in basis


def test_a_survey_shows_its_part_its_respondents_and_whether_it_is_real_and_sealed():
    survey = open_shipped("region")
    bundle = survey._repr_mimebundle_()
    text = strip(bundle["text/html"])
    for part in ("Regionerne", "331", "2018–2019", "syntetiske", "forseglet", "survey.questions"):
        assert part in text, part
    assert bundle[MIME]["kind"] == "survey"
    assert repr(survey).startswith("Undersøgelse: ")


def test_the_table_of_questions_is_the_same_where_it_is_called():
    survey = open_shipped()
    assert survey.questions().equals(survey.questions)
    assert list(survey.questions("value", "novelty")["name"]) == ["novelty", "value"]
    assert type(survey.questions.head(2)) is pd.DataFrame
