"""Codebooks are valid: what the official schema of DDI-Codebook 2.5 demands of the elements that
are written (`ddi.xsd`) holds in those of any survey, and each reference leads somewhere.
"""

from pathlib import Path

import pytest
from lxml import etree

from barometer.codebook.released import write_released
from barometer.codebook.writing import write_codebook
from barometer.data.cards import read_cards
from barometer.data.registry import make_questionnaire
from barometer.files.yaml_files import load_yaml
from tests.codebook.test_codebook import SHIPPED
from tests.codebook.test_released import ROWS, make_book, read_registry
from tests.exports.test_exports import META
from tests.make.second_project import REGISTRY

SCHEMA = etree.XMLSchema(file=Path(__file__).parent / "ddi.xsd")
REFERRING = ("var", "files", "wgt-var")  # attributes that name elements by their IDs
DRAWN = {
    "clusters whose names are words": {
        "clusters": ["Skole nr."],
        "cluster_sizes": ["Skoler (i alt)"],
    },
    "replicate weights": {"replicates": {"method": "JK1", "columns": "vægt 1-vægt 3"}},
    "a cluster that is asked about too": {"clusters": ["novelty"]},
}
LETTERS = "aldersgruppe_²-ø"  # a name of a registry, not of XML
ODD = {
    "title": "Help",
    "round": 1,
    "period": "2026",
    "background": {
        "sector": {"text": "Part", "answers": {"north": "North"}},
        LETTERS: {"text": "Age", "answers": {"<40 or others": "Young"}},
    },
    "questions": {
        "hjælp-²": {"text": "Who helped?", "kind": "multiple", "asked": "all", "items": {"a²": "A"}}
    },
    "derived": {
        "everybody": {"label": "Everybody", "any_of": ["all"]},
        "helped": {"label": "Helped", "any_of": ["all", "hjælp-².a²"], "among": "everybody"},
    },
    "domains": [],
}
ASKED = [
    {"item": "helped", "group": f"{LETTERS}=<40 or others"},
    {"item": "hjælp-².a²", "group": "all"},
]


def list_faults(content):
    """What is wrong with a codebook: of the schema, and references that lead nowhere."""
    book = etree.fromstring(content)
    faults = [] if SCHEMA.validate(book) else [str(one) for one in SCHEMA.error_log]
    named = {id for one in book.iter() for key in REFERRING for id in one.get(key, "").split()}
    return faults + sorted(named - {*book.xpath("//@ID")})


def test_codebooks_of_the_shipped_survey_are_valid():
    assert list_faults(write_codebook(read_registry(), read_cards(SHIPPED))) == []
    assert list_faults(make_book()) == []
    every = [{"item": name, "group": "all"} for name in read_registry().derived]
    assert list_faults(make_book(ROWS + every)) == []


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_a_codebook_is_valid_however_the_survey_was_drawn(drawn):
    assert list_faults(write_codebook(read_registry(), read_cards(SHIPPED) | drawn)) == []


def test_another_country_s_codebooks_are_valid():
    registry = make_questionnaire(load_yaml("questionnaire.yaml", REGISTRY.encode()))
    rows = [{"item": "view.users=agree", "group": "setting=town"}, {"item": "digital", "group": ""}]
    assert list_faults(write_codebook(registry, read_cards(SHIPPED))) == []
    assert list_faults(write_released(registry, META | {"part_label": "Fylke"}, rows)) == []


def test_names_that_xml_refuses_and_variables_that_are_true_of_all_make_valid_codebooks():
    registry = make_questionnaire(ODD)
    assert list_faults(write_codebook(registry, read_cards(SHIPPED))) == []
    content = write_released(registry, META | {"part_label": "All"}, ASKED)
    assert list_faults(content) == []
    assert etree.fromstring(content).xpath("//@name")[1:3] == [LETTERS, "hjælp-².a²"]


def test_the_schema_finds_what_stands_in_another_order_or_place():
    valid = make_book()
    for old, new in [
        (b'version="2.5"', b'version="2.6"'),
        (b"varGrp", b"nCubeGrp"),
        (b' name="innovative"', b""),
        (b"titlStmt", b"rspStmt"),
    ]:
        assert old in valid and list_faults(valid.replace(old, new)) != []
    book = etree.fromstring(valid)
    study = book[0]
    study.insert(0, study[1])
    assert list_faults(etree.tostring(book)) != []
