"""The table of a report's numbers: each row's data and version, what was published of it, and what
is left out.
"""

import codecs
import csv
import re

import nbformat.v4 as v4
import pytest

from barometer.document.cleaning import prepare_publication
from barometer.payloads import MIME
from barometer.report import numbers
from tests.make.samples import SURVEY

ROW = {
    "where": "figur-1",
    "part": "table",
    "shown": "37 %",
    "kind": "share",
    "question": "Spørgsmål?",
    "item": "x",
    "label": "X",
    "group": "all",
    "group_label": "Alle",
    "base": "arbejdspladser",
    "n": "20",
    "low": "29 %",
    "high": "46 %",
    "domain": "all",
    "asked": "innovative",
    "internal": {"share": 0.374, "se": 0.04, "low": 0.29, "high": None, "total": 7.5},
}
PUBLISHED = [
    ("P1", "all", "share", "x", "all", "38", "exact"),
    ("P2", "all", "share", "x", "all", "40", "approx"),
    ("P3", "state", "share", "x", "all", "30", "approx"),
    ("P5", "all", "share", "q.r=b|a", "all", "37", ""),
    ("P4", "all", "count", "innovative", "all", "21", ""),
    ("P6", "all", "fact", "x", "all", "1", ""),
]


@pytest.fixture
def data(tmp_path):
    """A folder with published numbers."""
    with open(tmp_path / "published.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(
            [("id", "sector", "kind", "item", "group", "value", "qualifier"), *PUBLISHED]
        )
    (tmp_path / "questionnaire.yaml").write_text(
        "background:\n  sector: {answers: {state: Staten, region: Regionerne}}\n", encoding="utf-8"
    )
    return tmp_path


def make_notebook(*rows):
    outputs = [
        v4.new_output("display_data", data={MIME: payload})
        for payload in (
            {"kind": "survey", "name": "runde-3", "data_date": "2020-02-29"},
            {"kind": "figure", "id": "figur-1", "trace": list(rows)},
        )
    ]
    return v4.new_notebook(cells=[v4.new_code_cell(outputs=outputs), v4.new_markdown_cell("Tekst")])


def collect(data, *changes):
    rows = [ROW | change for change in changes or ({},)]
    return numbers.collect_numbers([("01_x", make_notebook(*rows))], data)


def test_a_row_knows_its_chapter_its_data_and_the_version(data):
    (row,) = collect(data)
    assert (row["chapter"], row["where"], row["data"]) == ("01_x", "figur-1", "runde-3, 2020-02-29")
    assert row["code"].startswith("0.1.0")


def test_a_row_has_what_was_published_how_far_it_is_and_why(data):
    (row,) = collect(data)
    assert [row[name] for name in ("published", "published_value", "difference", "reason")] == [
        "P1; P2",
        "38; 40",
        "-0,6; -2,6",
        "–; ord: ca.",
    ]


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"domain": "state"}, ("P3", "30", "7,4", "ord: ca.")),
        ({"group": "sector=state"}, ("P3", "30", "7,4", "ord: ca.")),
        # everybody with an answer
        ({"group": "innovative"}, ("P1; P2", "38; 40", "-0,6; -2,6", "–; ord: ca.")),
        ({"group": "other"}, ("", "", "", "")),
        ({"kind": "count", "item": "innovative", "internal": {}}, ("P4", "21", "-1,0", "")),
        ({"kind": "sum", "item": "q.r=a|b"}, ("P5", "37", "0,4", "")),
        ({"kind": "level"}, ("", "", "", "")),
        (
            {"shown": "[c]", "n": "", "low": "", "high": "", "internal": {}},
            ("P1; P2", "38; 40", "", "lukket"),
        ),
    ],
)
def test_a_published_number_is_found_by_cell_and_sector(data, change, expected):
    (row,) = collect(data, change)
    assert (
        tuple(row[name] for name in ("published", "published_value", "difference", "reason"))
        == expected
    )


EVIDENCE = [
    {
        "trace": [
            ROW | {"part": "basis", "shown": shown, "kind": kind, "published": known}
            for shown, kind, known in (
                ("37 pct.", "share", ""),
                ("+8,1", "difference", "D1"),
                ("< 0,001", "p", "D1"),
            )
        ]
    }
]


def make_report(payload, *more):
    """A chapter with a sentence, and one with the table of the report's sentences."""
    found = [("01_x", make_notebook()), ("07_y", make_notebook())]
    for (_, notebook), payloads in zip(
        found, ([payload], [{"kind": "claims", "id": "tabel-16"}, *more]), strict=True
    ):
        notebook.cells[0].outputs += [
            v4.new_output("display_data", data={MIME: one}) for one in payloads
        ]
    return found


def list_places(rows):
    return [(row["chapter"], row["where"], row["part"], row["shown"]) for row in rows]


def test_what_a_sentence_rests_on_has_rows_below_its_chapter_and_its_tests_in_the_table_of_sentences(
    data,
):
    found = numbers.collect_numbers(
        make_report({"kind": "prose", "id": "D1", "evidence": EVIDENCE}), data
    )
    assert list_places(found) == [
        *(("01_x", "D1", "basis", shown) for shown in ("37 pct.", "+8,1", "< 0,001")),
        *(("07_y", "tabel-16", "table", shown) for shown in ("+8,1", "<\u00a00,001")),
        ("07_y", "tabel-16", "note", "95\u00a0pct."),
    ]


def test_a_chapter_alone_has_no_table_of_sentences(data):
    notebook = make_report(
        {"kind": "prose", "id": "D1"}, {"kind": "prose", "id": "E1", "evidence": EVIDENCE}
    )[1]
    assert {row["where"] for row in numbers.collect_numbers([notebook], data)} == {"E1"}


def test_a_title_that_is_a_sentence_has_its_numbers_once(data):
    payload = {
        "kind": "figure",
        "id": "figur-2",
        "claim": "F2",
        "trace": [
            ROW | {"where": "figur-2", "part": "title"},
            ROW | {"where": "figur-2", "part": "alt", "shown": "5"},
        ],
    }
    found = numbers.collect_numbers(make_report(payload | {"evidence": [{"trace": []}]}), data)
    assert [place[1:] for place in list_places(found)] == [
        ("figur-2", "title", "37 %"),
        ("figur-2", "alt", "5"),
    ]


def test_a_test_knows_the_published_verdict_by_its_id_and_only_in_its_own_sector(data):
    with open(data / "published.csv", "a", encoding="utf-8") as file:
        file.write("D1,all,groups,x,a,,\n")
    (data / "published.csv").write_text(
        "\n".join(
            line + (",verdict" if not n else ",lower" if line.startswith("D1") else ",")
            for n, line in enumerate((data / "published.csv").read_text().splitlines())
        )
        + "\n"
    )
    change = {"kind": "p", "published": "D1", "group": "a mod b"}
    whole, state = collect(data, change, change | {"domain": "state"})
    assert (whole["published"], whole["published_value"], state["published"]) == ("D1", "lower", "")


def test_the_respondents_of_the_imprint_have_one_row_for_the_report(data):
    survey = {
        "kind": "survey",
        "name": "x",
        "data_date": "2020-02-29",
        "respondents": "1.877",
        "answered": 1877,
        "part": "region",
        "part_label": "Regionerne",
        "nouns": SURVEY["nouns"],
    }
    notebook = make_notebook()
    notebook.cells[0].outputs[0].data[MIME] = survey
    (row,) = numbers.collect_numbers([("01_x", notebook), ("02_y", notebook)], data)
    assert [row[name] for name in ("chapter", "where", "shown", "n", "base")] == [
        "",
        "_udgave",
        "1.877",
        "1877",
        "offentlige arbejdspladser (Regionerne)",
    ]


def test_a_survey_without_published_numbers_has_none(tmp_path):
    assert collect(tmp_path)[0]["published"] == ""


def test_numbers_in_the_table_have_one_decimal_sign(data):
    rows = collect(data, {"domain": "state"}, {"low": "36,1\xa0%", "high": "38,9\xa0%"})
    numeric = ("shown", "n", "low", "high", "published_value", "difference")
    written = [row[name] for row in rows for name in numeric]
    assert "7,4" in written and not [text for text in written if re.search(r"\.\d(?!\d\d)", text)]


def test_the_table_has_numbers_as_shown_only_and_the_same_bytes_again(data, tmp_path):
    for name in ("a.csv", "b.csv"):
        numbers.write_numbers(
            tmp_path / name, collect(data, {}, {}, {"part": "alt", "label": "=1+1"})
        )
    text = (tmp_path / "a.csv").read_bytes()
    assert text == (tmp_path / "b.csv").read_bytes() and b"0.374" not in text and b"'=1+1" in text
    # Excel reads æ, ø and å as they are by the mark at the beginning
    assert text.startswith(codecs.BOM_UTF8)
    lines = list(csv.reader(text.decode("utf-8-sig").splitlines()))
    # what is shown twice in one place is one row
    assert tuple(lines[0]) == numbers.COLUMNS and len(lines) == 3


def test_full_precision_goes_to_a_folder_of_its_own_without_closed_cells(data, tmp_path):
    rows = collect(data, {}, {"part": "alt"}, {"item": "closed", "shown": "[c]", "internal": {}})
    numbers.write_internal(tmp_path, "all", rows)
    lines = list(csv.DictReader((tmp_path / "all.csv").read_text().splitlines()))
    assert [
        (line["item"], line["share"], line["se"], line["high"], line["total"]) for line in lines
    ] == [("x", "0.374", "0.04", "", "7.5")]
    numbers.write_internal(tmp_path, "none", [])
    assert not (tmp_path / "none.csv").exists()


def test_a_stored_notebook_has_no_full_precision_and_the_executed_one_is_left_alone():
    notebook = make_notebook(ROW)
    stored = prepare_publication(notebook)
    assert "0.374" not in str(stored) and "internal" not in str(stored)
    nested = make_report({"kind": "prose", "id": "D1", "evidence": EVIDENCE})[0][1]
    assert "0.374" in str(nested) and "0.374" not in str(prepare_publication(nested))
    assert (
        "0.374" in str(notebook)
        and stored.cells[0].outputs[1].data[MIME]["trace"][0]["shown"] == "37 %"
    )
