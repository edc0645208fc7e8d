"""A survey's codebook goes out as DDI-Codebook 2.5 and comes in again as the same survey."""

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from barometer.__main__ import main
from barometer.codebook.reading import NAMESPACE, read_codebook
from barometer.codebook.writing import write_codebook
from barometer.data.cards import read_cards
from barometer.data.registry import make_questionnaire, read_questionnaire
from barometer.drafting.project import draft_project
from barometer.files.faults import DataFault
from barometer.files.yaml_files import load_yaml
from barometer.paths import DATA

SHIPPED = DATA / "barometer-2020"
ENGLISH = {  # says nothing of those who answer
    "title": "Help",
    "round": 1,
    "period": "2026",
    "language": "en",
    "background": {"sector": {"text": "Part", "answers": {"north": "North"}}},
    "questions": {
        "who": {
            "text": "Who helped?",
            "kind": "multiple",
            "asked": "all",
            "items": {"a": "Citizens", "b": "Companies"},
        }
    },
    "derived": {},
    "domains": [],
}
ORDER = ("labl", "qstn", "universe", "catgry", "varFormat")  # of the schema's varType


@pytest.fixture(scope="module")
def written():
    registry = read_questionnaire(SHIPPED / "questionnaire.yaml")
    return registry, write_codebook(registry, read_cards(SHIPPED))


def find(element, tag):
    return element.findall(f".//{{{NAMESPACE}}}{tag}")


def test_every_column_is_a_variable_with_its_question_base_and_answers(written):
    registry, content = written
    book = ET.fromstring(content)
    assert book.tag == f"{{{NAMESPACE}}}codeBook" and book.get("version") == "2.5"
    variables = {one.get("name"): one for one in find(book, "var")}
    assert [*variables] == ["id", "stratum", "weight", *registry.columns]
    assert variables["weight"].get("wgt") == "wgt"
    novelty = variables["novelty"]
    assert [one.text for one in find(novelty, "catValu")] == [
        *registry.questions["novelty"].answers
    ]
    assert find(novelty, "qstnLit")[0].text == registry.questions["novelty"].text
    assert find(novelty, "universe")[0].text == registry.label(registry.questions["novelty"].asked)
    assert find(book, "dataKind")[0].text == "Syntetiske svar"


def test_parts_stand_in_the_order_of_the_schema_and_references_lead_somewhere(written):
    book = ET.fromstring(written[1])
    ids = [one.get("ID") for one in book.iter() if one.get("ID")]
    assert len(ids) == len(set(ids))
    parts = [re.sub(r"\{.*\}", "", one.tag) for one in book]
    assert parts == ["stdyDscr", "fileDscr", "dataDscr"]
    kinds = [re.sub(r"\{.*\}", "", one.tag) for one in find(book, "dataDscr")[0]]
    assert kinds == sorted(kinds, reverse=True)  # all groups stand before the variables
    for variable in find(book, "var"):
        places = [ORDER.index(re.sub(r"\{.*\}", "", one.tag)) for one in variable]
        assert places == sorted(places) and variable.get("files") == "F1"
    for group in find(book, "varGrp"):
        assert set(group.get("var").split()) <= set(ids)


def test_no_count_of_answers_is_in_it(written):
    assert "catStat" not in written[1].decode() and "caseQnty" not in written[1].decode()


def test_the_shipped_answers_with_their_codebook_are_the_same_questions(written, tmp_path):
    registry, content = written
    (tmp_path / "book.xml").write_bytes(content)
    table = pd.read_csv(SHIPPED / "microdata.csv", dtype=str)
    table.to_csv(tmp_path / "svar.csv", index=False)
    given = {"id": "id", "weight": "weight", "strata": "stratum"}
    words = ("Prøven", "2018-2019", "2020-02-29")
    draft = draft_project(tmp_path / "svar.csv", *words, given, codebook=tmp_path / "book.xml")
    text = draft.files["data/svar/questionnaire.yaml"]
    made = make_questionnaire(load_yaml("questionnaire.yaml", text.encode()))
    # whether degrees of agreement have points, is a guess that a person decides
    kinds = {one.text: one.kind for one in made.questions.values()}
    scales = {text for text, kind in kinds.items() if kind == "scale"}
    for one in registry.questions.values():
        assert kinds[one.text] == one.kind or (one.text in scales and one.kind == "battery")
    assert len(kinds) == len(registry.questions) and len(scales) == 1
    for question in registry.questions.values():
        found = next(one for one in made.questions.values() if one.text == question.text)
        assert list(found.items.values())[: len(question.items)] == [*question.items.values()]
        assert list(found.answers.items())[: len(question.answers)] == [*question.answers.items()]
    assert "er beskrevet i kodebogen" in draft.files["beslutninger.md"]


FOREIGN = """<?xml version="1.0"?>
<codeBook xmlns="http://www.icpsr.umich.edu/DDI" version="2.0"><dataDscr>
<varGrp ID="G" type="grid" var="A B"><txt>How far
 do you agree?</txt></varGrp>
<var ID="A" name="q_a"><labl>Pay</labl><catgry><catValu>1</catValu><labl>Yes</labl></catgry>
<catgry missing="Y"><catValu>9</catValu><labl>Refused</labl></catgry></var>
<var ID="B" name="q_b"><labl>Leaders</labl></var>
<var ID="C" name="q_c"><labl>Short</labl><qstn><qstnLit>The whole question?</qstnLit></qstn></var>
</dataDscr></codeBook>"""


def test_a_codebook_of_another_version_and_maker_is_read(tmp_path):
    (tmp_path / "a.xml").write_text(FOREIGN, encoding="utf-8")
    found = read_codebook(tmp_path / "a.xml")
    assert found.titles == {
        "q_a": "How far do you agree? [Pay]",
        "q_b": "How far do you agree? [Leaders]",
        "q_c": "The whole question?",
    }
    assert found.labels["q_a"] == {"1": "Yes", "9": "Refused"} and found.missing["q_a"] == {"9"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<codeBook/>", "ingen variable"),
        ("not xml", "ikke XML"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><codeBook/>', "ENTITY"),
    ],
)
def test_what_is_no_codebook_is_refused_in_one_line(tmp_path, content, told):
    (tmp_path / "a.xml").write_text(content, encoding="utf-8")
    with pytest.raises(DataFault, match=told):
        read_codebook(tmp_path / "a.xml")


def test_a_codebook_of_another_file_is_refused(tmp_path):
    (tmp_path / "a.xml").write_text(FOREIGN, encoding="utf-8")
    pd.DataFrame({"x": ["Ja", "Nej"]}).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(DataFault, match="brug kodebogen til den fil"):
        draft_project(
            tmp_path / "a.csv", "x", "2020", "2020-01-01", {}, codebook=tmp_path / "a.xml"
        )


def test_the_command_writes_the_file_that_is_named(tmp_path, capsys):
    path = tmp_path / "bog.xml"
    assert main(["codebook", "--output", str(path)]) == 0 and "bog.xml" in capsys.readouterr().out
    assert len(read_codebook(path).titles) > 50


@pytest.mark.parametrize(
    ("drawn", "names"),
    [
        ({"clusters": ["school"], "cluster_sizes": ["schools"]}, ["school", "schools"]),
        ({"replicates": {"method": "JK1", "columns": "rep1-rep3"}}, ["rep1", "rep2", "rep3"]),
    ],
)
def test_the_columns_that_say_how_respondents_were_drawn_are_variables_too(drawn, names):
    registry = read_questionnaire(SHIPPED / "questionnaire.yaml")
    book = ET.fromstring(write_codebook(registry, read_cards(SHIPPED) | drawn))
    variables = {one.get("name"): one for one in find(book, "var")}
    assert [*variables] == ["id", "stratum", "weight", *names, *registry.columns]
    assert ("replicates" in drawn) == (variables[names[0]].get("wgt") == "wgt")


def test_a_codebook_is_in_the_language_of_its_registry():
    book = ET.fromstring(write_codebook(make_questionnaire(ENGLISH), read_cards(SHIPPED)))
    assert book.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    labels = [one.text for one in find(book, "labl")]
    assert {"Selected", "Not selected"} < {*labels} and "Valgt" not in labels
    assert next(one.text for one in find(book, "universe")) == "The whole survey"
