"""The files for other programs: what they hold is what a report shows, and other programs read it."""

import csv
import io
import json
import re
from urllib.parse import unquote

import pytest

from barometer.data.registry import read_questionnaire
from barometer.exports import claims, sdmx, tables
from barometer.exports.cells import list_cells, read_shown
from barometer.exports.crate import describe_catalogue, describe_crate
from barometer.exports.cubes import Cube, write_json_stat, write_px
from barometer.exports.writing import write_data
from barometer.paths import DATA
from tests.report.test_numbers import ROW

SHIPPED = DATA / "barometer-2020" / "questionnaire.yaml"

META = {
    "title": "Rapport",
    "series": "Serie",
    "description": "Om noget.",
    "keywords": ["et ord"],
    "author": "Nogen",
    "reuse": "Frit.",
    "address": "",
    "contact": {},
    "language": "da",
    "licence": "CC BY 4.0",
    "citation": "Egne svar",
    "cite": "Nogen (2026): »Rapport«.",
    "data_name": "svar-2020",
    "data_date": "2020-02-29",
    "commit_date": "",
    "reviewed": "",
    "published": "",
    "source": "",
    "edition": "1",
    "period": "2018–2019",
    "part": "all",
    "part_label": "Alle",
    "synthetic": True,
    "synthetic_text": "Lavet på syntetiske data.",
    "synthetic_mark": "Syntetiske data",
}
FIGURE = {
    "type": "figure",
    "id": "figur-1",
    "label": "Figur 1",
    "title": 'En "titel"',
    "note": "n = 20.",
    "table": {},
}
CLOSED = {"shown": "[c]", "n": "", "low": "", "high": ""}


def make_row(answer, group="all", **changes):
    named = {"item": f"q={answer}", "label": answer.upper(), "group": group}
    row = ROW | named | {"group_label": group.title(), "flag": "", "confidence": ""}
    # full precision is not to be had
    return {name: value for name, value in (row | changes).items() if name != "internal"}


ROWS = [
    make_row("a", shown="37,4\xa0%"),
    make_row("a", "b", shown="under 0,5\xa0%", low="0\xa0%", high="2\xa0%"),
    make_row("b", **CLOSED),
    make_row("b", "b", shown="1,0\xa0%", low="0\xa0%", high="3\xa0%", flag="[ø]"),
    make_row("c", kind="units"),  # no share
    make_row("c", where="D01", part="basis"),  # of a sentence
]
CLAIM = {
    "id": "D01",
    "chapter": "01_x",
    "sentence": "En sætning.",
    "verdict": "higher",
    "outcome": "more",
    "about": "X",
    "published": "",
    "status": "",
    "difference": "−3,2",
    "low": "−5,0",
    "high": "−1,1",
    "p": "<0,001",
}
DOCUMENT = {
    "meta": META,
    "chapters": [{"blocks": [FIGURE]}],
    "annex": [],
    "claims": [CLAIM, CLAIM | {"id": "D02", "sentence": ""}],
}


def make_cube(rows=ROWS):
    return Cube(FIGURE, list_cells(DOCUMENT, rows), META)


@pytest.mark.parametrize(
    "text, number",
    [
        ("37,4\xa0%", 37.4),
        ("1.877", 1877),
        ("37\xa0pct.", 37),
        ("−3,2", -3.2),
        ("under 0,5\xa0%", None),
        ("[c]", None),
        ("–", None),
        ("", None),
    ],
)
def test_a_shown_number_is_a_number_and_words_and_marks_are_none(text, number):
    assert read_shown(text) == number


def test_a_cell_is_the_number_shown_and_a_closed_one_has_its_mark_alone():
    cells = list_cells(DOCUMENT, ROWS)
    assert [(one.item, one.group, one.value, one.low, one.n) for one in cells] == [
        ("q=a", "all", 37.4, 29, 20),
        ("q=a", "b", None, 0, 20),
        ("q=b", "all", None, None, None),
        ("q=b", "b", 1, 0, 20),
    ]
    assert [one.mark for one in cells] == ["", "", "[c]", ""]


def test_the_csv_has_a_row_for_each_cell_and_its_description_a_column_for_each_of_its_own():
    read = list(csv.DictReader(io.StringIO(tables.write_table(list_cells(DOCUMENT, ROWS)))))
    described = json.loads(tables.describe_table(META))
    assert [row["value"] for row in read] == ["37.4", "", "", "1"]
    assert [row["shown"] for row in read] == ["37,4 %", "under 0,5 %", "[c]", "1,0 %"]
    assert [one["name"] for one in described["tableSchema"]["columns"]] == [*read[0]]
    assert described["dc:description"].startswith("Lavet på syntetiske data.")


def test_text_that_a_spreadsheet_would_run_is_disarmed_in_the_csv():
    rows = [make_row("a", group_label="=1+1")]
    assert "'=1+1" in tables.write_table(list_cells(DOCUMENT, rows))


def test_sdmx_has_a_row_for_each_cell_by_codes_and_a_closed_one_has_no_number():
    rows = list(
        csv.DictReader(
            io.StringIO(sdmx.write_sdmx(list_cells(DOCUMENT, ROWS), META | {"part": "region"}))
        )
    )
    assert [row["ITEM"] for row in rows] == ["q$3Da", "q$3Da", "q$3Db", "q$3Db"]
    kept = ("OBS_VALUE", "LOWER", "UPPER", "N", "OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE")
    told = [tuple(row[name] for name in kept) for row in rows]
    assert told[0] == ("37.4", "29", "46", "20", "A", "F", "PT")
    assert told[1][:1] + told[1][4:6] == ("", "M", "F")  # "under 0,5 %"
    assert told[2] == ("", "", "", "", "Q", "C", "PT")
    assert {row["STRUCTURE_ID"] for row in rows} == {"BAROMETER:CELLS(1.0.0)"}
    assert {row["TIME_PERIOD"] for row in rows} == {"2018-01-01/P2Y"}
    assert {row["PART"] for row in rows} == {"region"}


@pytest.mark.parametrize("name", ["novelty=copy|first", "value.quality", "!a&b", "x~$2E"])
def test_a_name_is_one_code_of_sdmx_and_comes_back(name):
    code = sdmx.write_code(name)
    assert re.fullmatch(r"[A-Za-z0-9_@$-]+", code)
    assert unquote(code.replace("$", "%")) == name


def test_json_stat_has_a_place_for_each_answer_group_and_measure_and_says_why_one_is_empty():
    cube = json.loads(write_json_stat(make_cube()))
    assert cube["size"] == [2, 2, 4, 1] and len(cube["value"]) == 16
    assert cube["value"][:8] == [37.4, 29, 46, 20, None, 0, 2, 20]
    # n is closed with the number, and its place says so
    assert cube["value"][8:12] == [None] * 4
    assert [cube["status"][str(at)] for at in (4, 8, 11, 12)] == [
        "under 0,5\xa0%",
        "[c]",
        "[c]",
        "[ø]",
    ]


def test_px_is_in_lines_short_enough_with_closed_cells_as_two_dots():
    px = write_px(Cube(FIGURE | {"note": "x" * 600}, list_cells(DOCUMENT, ROWS), META))
    assert max(map(len, px.split("\r\n"))) <= 256
    assert px.endswith(
        'DATA=\r\n37.4 29 46 20\r\n".." 0 2 20\r\n".." ".." ".." ".."\r\n1 0 3 20\r\n;\r\n'
    )
    assert "DECIMALS=1;" in px and "En 'titel'" in px
    assert 'CELLNOTE("A","B","Andel","*")="under 0,5 %"' in px


def test_what_is_not_asked_for_is_three_dots_and_what_is_closed_two():
    rows = ROWS[:1] + ROWS[3:4]
    assert '"..." "..." "..." "..."' in write_px(make_cube(rows))


def test_two_answers_with_one_label_are_told_with_their_questions():
    rows = [
        make_row("x", label="Ved ikke", question="Et?"),
        make_row("y", label="Ved ikke", question="To?"),
    ]
    assert [*make_cube(rows).axes["svar"].values()] == ["Et?: Ved ikke", "To?: Ved ikke"]


def test_a_claim_has_its_sentence_verdict_numbers_and_link():
    (claim,) = json.loads(claims.write_claims(DOCUMENT, ROWS))["claims"]  # one says nothing
    assert claim["link"] == "report.html#saetning-D01"
    limits = {"difference": -3.2, "low": -5.0, "high": -1.1, "p": "<0,001"}
    assert claim["tests"] == [{"about": "X", "verdict": "higher"} | limits]
    assert claim["verdict"] == "higher"
    assert [(one["value"], one["unit"], one["n"]) for one in claim["numbers"]] == [(37, "pct.", 20)]


def test_a_claim_that_rests_on_several_tests_has_them_all_and_stands_once():
    rows = [CLAIM, CLAIM | {"about": "Y", "verdict": "no_difference"}]
    (claim,) = json.loads(claims.write_claims(DOCUMENT | {"claims": rows}, ROWS))["claims"]
    assert claim["verdict"] == "several" and [one["about"] for one in claim["tests"]] == ["X", "Y"]


def test_the_same_report_gives_the_same_bytes(tmp_path):
    def write(name):
        write_data(tmp_path / name, DOCUMENT, ROWS, read_questionnaire(SHIPPED))
        files = sorted((tmp_path / name).rglob("*.*"))
        return [(path.relative_to(tmp_path / name), path.read_bytes()) for path in files]

    assert write("a") == write("b") and len(write("a")) == 7


def test_the_folder_is_described_as_a_whole_and_each_of_its_files_once():
    reports = {"all": ("Alle", ["all/numbers.csv", "all/claims.json", "all/figures/x.svg"])}
    crate = json.loads(describe_crate(META, reports, ["index.html"], {"index.html": 7}))["@graph"]
    entities = {one["@id"]: one for one in crate}
    assert len(entities) == len(crate)
    parts = [one["@id"] for name in ("./", "all/") for one in entities[name]["hasPart"]]
    assert parts == ["all/", "index.html", *reports["all"][1]] and {*parts} <= {*entities}
    assert entities["index.html"]["contentSize"] == "7"
    catalogue = json.loads(describe_catalogue(META, reports))["@graph"]
    files = [one["dcat:accessURL"]["@id"] for one in catalogue if "dcat:accessURL" in one]
    assert files == ["all/numbers.csv", "all/claims.json"]  # pictures are no data


def test_a_catalogue_of_a_folder_with_an_address_has_whole_addresses():
    reports, meta = {"all": ("Alle", ["all/numbers.csv"])}, META | {"address": "https://x.dk/r"}
    named = [one["@id"] for one in json.loads(describe_catalogue(meta, reports))["@graph"]]
    assert named and all(one.startswith("https://x.dk/r/") for one in named)
