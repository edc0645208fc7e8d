"""A report's codebook says what its numbers are on, and tells no count."""

import xml.etree.ElementTree as ET

from barometer.codebook.reading import NAMESPACE, read_codebook
from barometer.codebook.released import find_shown, write_released
from barometer.data.registry import read_questionnaire
from barometer.paths import DATA
from tests.exports.test_exports import META

SHIPPED = DATA / "barometer-2020"
ROWS = [
    {"item": "novelty=copy", "group": "all"},
    {"item": "value.quality", "group": "field=health mod !field=health"},
    {"item": "innovative", "group": "all"},
    {"item": "", "group": ""},
]


def find(element, tag):
    return element.findall(f".//{{{NAMESPACE}}}{tag}")


def read_registry(language="da"):
    return read_questionnaire(SHIPPED / "questionnaire.yaml", language)


def make_book(rows=ROWS):
    return write_released(read_registry(), META | {"part_label": "Regionerne"}, rows)


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
