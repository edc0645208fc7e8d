"""A report's codebook says what its numbers are on, in the schema's order, and tells no count."""

import re
import xml.etree.ElementTree as ET

import pytest

from barometer.codebook.reading import NAMESPACE, read_codebook
from barometer.codebook.released import find_shown, write_released
from barometer.codebook.writing import write_codebook
from barometer.data.cards import read_cards
from barometer.data.registry import read_questionnaire
from barometer.paths import DATA
from tests.exports.test_exports import META

SHIPPED = DATA / "barometer-2020"
# of the elements that are written, what may stand within them, in the order of codebook.xsd 2.5;
# `text` where nothing does
WITHIN = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "serStmt": "serName serInfo notes",
    "verStmt": "version verResp notes",
    "stdyInfo": "studyBudget subject abstract sumDscr notes",
    "subject": "keyword topcClas",
    "sumDscr": "timePrd collDate nation geogCover geogUnit anlyUnit universe dataKind",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCont",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "varGrp": "labl txt concept defntn universe notes",
    "var": "location labl qstn valrng universe txt catgry concept derivation varFormat notes",
    "qstn": "preQTxt qstnLit postQTxt",
    "catgry": "catValu labl txt",
    "derivation": "drvdesc drvcmd",
}
ROWS = [
    {"item": "novelty=copy", "group": "all"},
    {"item": "value.quality", "group": "field=health mod !field=health"},
    {"item": "innovative", "group": "all"},
    {"item": "", "group": ""},
]


def name_tag(element):
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def find(element, tag):
    return element.findall(f".//{{{NAMESPACE}}}{tag}")


def read_registry(language="da"):
    return read_questionnaire(SHIPPED / "questionnaire.yaml", language)


def make_book(rows=ROWS):
    return write_released(read_registry(), META | {"sector_label": "Regionerne"}, rows)


@pytest.mark.parametrize("made", ["released", "whole"])
def test_a_codebook_is_as_the_schema_has_it(made):
    content = make_book()
    if made == "whole":
        content = write_codebook(read_registry(), read_cards(SHIPPED))
    book = ET.fromstring(content)
    for element in book.iter():
        order = WITHIN.get(name_tag(element), "").split()
        places = [order.index(name_tag(child)) for child in element]
        assert places == sorted(places), name_tag(element)
    ids = [one.get("ID") for one in book.iter() if one.get("ID")]
    assert len(ids) == len({*ids}) and all(re.fullmatch(r"[A-Za-z_][\w.-]*", id) for id in ids)
    names = ("var", "files", "wgt-var")
    named = {id for one in book.iter() for name in names for id in one.get(name, "").split()}
    assert named and named <= {*ids}


def test_it_has_the_variables_that_the_numbers_are_of_and_those_they_are_made_of():
    registry = read_registry()
    made_of = {"introduced"}  # of `innovative`
    assert find_shown(registry, ROWS) == {"novelty", "value", "field", "innovative", *made_of}
    names = [one.get("name") for one in find(ET.fromstring(make_book()), "var")]
    assert names[0] == "field" and names[-1] == "innovative" and "value.quality" in names
    assert not {"id", "weight", "stratum", "partner.citizens"} & {*names}


def test_its_names_and_codes_are_those_of_the_files_of_numbers(tmp_path):
    (tmp_path / "codebook.xml").write_bytes(make_book())
    read = read_codebook(tmp_path / "codebook.xml")
    registry = read_registry()
    assert read.labels["novelty"] == registry.questions["novelty"].answers
    assert read.labels["value.quality"] == {"0": "Ikke valgt", "1": "Valgt"}
    assert read.labels["field"]["health"] == registry.label("field=health")
    asked = registry.questions["value"]
    assert read.titles["value.quality"] == f"{asked.text} [{asked.items['quality']}]"


def test_it_tells_who_was_asked_and_how_many_nowhere():
    content = make_book()
    book = ET.fromstring(content)
    (universe,) = find(find(book, "sumDscr")[0], "universe")
    assert universe.text == "Regionerne" and find(book, "dataKind")[0].text == "Syntetiske svar"
    novelty = next(one for one in find(book, "var") if one.get("name") == "novelty")
    assert find(novelty, "universe")[0].text.startswith("arbejdspladser, der har indført mindst én")
    counting = ("catStat", "sumStat", "TotlResp", "caseQnty", "respRate", "valrng", "fileDscr")
    assert [tag for tag in counting if tag.encode() in content] == []


def test_what_numbers_say_changes_nothing_in_it():
    told = [one | {"shown": "37 %", "n": "1877", "flag": "[c]"} for one in ROWS]
    assert make_book(told[::-1]) == make_book()
