"""What a survey is called in text: nothing about its time is typed, and another survey says its
own.
"""

import json
import re
import shutil

import pytest
import yaml

from barometer.data.registry import make_questionnaire
from barometer.data.terms import fill_period, list_numbered_words, name_ordinal, write_period
from barometer.disclosure.release import release_shares
from barometer.paths import DATA, NOTEBOOKS
from barometer.sentences.facts import tell_facts
from barometer.survey import open_survey
from barometer.verify.pages import read_html
from tests.conftest import run_report
from tests.make.asked import seal_shipped
from tests.make.small_survey import REGISTRY, make_survey

OWN_YEARS = re.compile(r"201[89]")
# Where other years of the barometer are told of: the rounds before, a case, references.
ELSEWHERE = re.compile(r"Første runde handlede|DMI|Krüger Hansen|fælles nordisk rapport|\(2018\)")


@pytest.mark.parametrize(
    ("number", "word"), [(1, "første"), (3, "tredje"), (13, "13."), ("A", "A"), (True, "True")]
)
def test_a_round_is_told_as_a_word_where_there_is_one(number, word):
    assert name_ordinal(number) == word


def test_the_period_stands_once_in_a_registry_and_is_filled_in_wherever_its_texts_say_so():
    content = {
        "period": "2020-2022",
        "text": "I {periode}?",
        "answers": [{"label": "Før {periode}"}, 3, None],
    }
    assert fill_period(content, "2020-2022") == {
        "period": "2020-2022",
        "text": "I 2020-2022?",
        "answers": [{"label": "Før 2020-2022"}, 3, None],
    }
    registry = yaml.safe_load(
        REGISTRY.replace("Har I noget på vej?", "Har I noget på vej i {periode}?")
    )
    assert (
        make_questionnaire(registry).questions["underway"].text == "Har I noget på vej i 2018–2019?"
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("2018-2019", "2018–2019"),
        ("2018–2019", "2018–2019"),
        ("fra 2021-2023, runde 4-b", "fra 2021–2023, runde 4-b"),
        ("2018-02-29", "2018-02-29"),
        (2019, 2019),
    ],
)
def test_years_typed_with_a_hyphen_have_a_dash_in_text(typed, written):
    assert write_period(typed) == written


def test_the_registrys_words_with_a_number_are_listed_the_longest_first(tmp_path):
    survey = open_survey(str(make_survey(tmp_path)))
    words = list_numbered_words(survey.registry, survey.cards)
    assert survey.registry.period in words and all(re.search(r"\d", word) for word in words)
    assert [*map(len, words)] == sorted(map(len, words), reverse=True)


def test_a_question_s_number_is_its_own_also_where_a_sentence_leaves_the_question_mark_out(
    tmp_path,
):
    content = yaml.safe_load(REGISTRY)
    next(iter(content["questions"].values()))["text"] = "10. Er der fornyet?"
    cards = open_survey(str(make_survey(tmp_path))).cards
    words = list_numbered_words(make_questionnaire(content), cards)
    assert {"10. Er der fornyet?", "10. Er der fornyet"} <= {*words}


def test_a_sentence_says_the_surveys_own_period_and_round(tmp_path):
    survey = open_survey(str(make_survey(tmp_path)))
    told = tell_facts(
        "X",
        survey,
        synthetic="Runden er {runde}, årene {periode}.",
        real="{runde} runde, {periode}.",
    )
    assert str(told) in ("Runden er første, årene 2018–2019.", "første runde, 2018–2019.")
    about = release_shares(survey, ["innovative"]).about
    assert about.terms["periode"] == "2018–2019" and about.terms["runde"] == "første"


@pytest.mark.parametrize(
    "wording", ["Sendt ud i {indsamling}.", "{svarprocent} svarede.", "Der kom {antal} svar."]
)
def test_a_passage_on_what_the_survey_does_not_say_is_not_shown(tmp_path, wording):
    survey = open_survey(str(make_survey(tmp_path)))
    assert tell_facts("X", survey, wording, wording, published={"antal": "S999"}) is None


def test_the_shipped_survey_says_when_and_how_many():
    survey = open_survey()
    told = tell_facts(
        "X", survey, "I {indsamling} kom {antal} svar, {svarprocent}.", published={"antal": "S005"}
    )
    assert str(told) == "I januar og februar 2020 kom 2.271 svar, 50\xa0pct."
    assert [row["shown"] for row in told.trace] == ["50\xa0pct.", "2.271"]


@pytest.mark.slow
def test_a_survey_of_other_years_says_no_other_year_of_itself(tmp_path):
    folder = shutil.copytree(DATA / "barometer-2020", tmp_path / "barometer-2022")
    for name, pairs in {
        "questionnaire.yaml": [
            ("period: 2018–2019", "period: 2020–2022"),
            (', tredje runde"', ', fjerde runde"'),
            ("januar og februar 2020", "marts 2023"),
            ("round: 3", "round: 4"),
        ],
        "cards.yaml": [("data_date: 2020-02-29", "data_date: 2023-03-31")],
    }.items():
        text = (folder / name).read_text(encoding="utf-8")
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        (folder / name).write_text(text, encoding="utf-8")
    seal_shipped(folder)
    # two chapters are on other rounds and countries, whose years are theirs
    own = sorted(path.stem for path in NOTEBOOKS.glob("0[1-7]_*.ipynb"))
    run_report(
        tmp_path / "out", "--data", folder, "--sector", "all,region", "--format", "html",
        "--chapter", ",".join(own),
    )  # fmt: skip
    for name in ("all", "region"):
        [page] = (tmp_path / "out").glob(f"{name}-*/report.html")
        passages = read_html(page.read_text(encoding="utf-8"))
        found = [passage.text for passage in passages if OWN_YEARS.search(passage.text)]
        assert [text for text in found if not ELSEWHERE.search(text)] == []
        assert sum("2020–2022" in passage.text for passage in passages) > 10
        assert any("marts 2023" in passage.text for passage in passages)
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert run
