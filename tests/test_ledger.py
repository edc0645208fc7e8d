"""The table of a report's numbers: each row's data and version, what was published of it, and what is left out."""
import csv

import nbformat.v4 as v4
import pytest

from barometer import ledger
from barometer.display import MIME

ROW = {"where": "figur-1", "part": "table", "shown": "37 %", "kind": "share", "question": "Spørgsmål?", "item": "x",
       "label": "X", "group": "all", "group_label": "Alle", "base": "arbejdspladser", "n": "20", "low": "29 %",
       "high": "46 %", "sector": "all", "asked": "innovative",
       "internal": {"share": 0.374, "se": 0.04, "low": 0.29, "high": None, "total": 7.5}}
PUBLISHED = [("P1", "all", "share", "x", "all", "38", "exact"), ("P2", "all", "share", "x", "all", "40", "approx"),
             ("P3", "state", "share", "x", "all", "30", "approx"), ("P5", "all", "share", "q.r=b|a", "all", "37", ""),
             ("P4", "all", "count", "innovative", "all", "21", ""), ("P6", "all", "fact", "x", "all", "1", "")]


@pytest.fixture
def data(tmp_path):
    """A folder with published numbers."""
    with open(tmp_path / "published.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("id", "sector", "kind", "item", "group", "value", "qualifier"), *PUBLISHED])
    return tmp_path


def make_notebook(*rows):
    outputs = [v4.new_output("display_data", data={MIME: payload}) for payload in (
        {"kind": "survey", "sha256": "ab12"}, {"kind": "figure", "id": "figur-1", "trace": list(rows)})]
    return v4.new_notebook(cells=[v4.new_code_cell(outputs=outputs), v4.new_markdown_cell("Tekst")])


def collect(data, *changes):
    rows = [ROW | change for change in changes or ({},)]
    return ledger.collect_numbers([("01_x", make_notebook(*rows))], data)


def test_a_row_knows_its_chapter_its_data_and_the_version(data):
    row, = collect(data)
    assert (row["chapter"], row["where"], row["sha256"]) == ("01_x", "figur-1", "ab12")
    assert row["code"].startswith("0.1.0")


def test_a_row_has_what_was_published_how_far_it_is_and_why(data):
    row, = collect(data)
    assert [row[name] for name in ("published", "published_value", "difference", "reason")] == [
        "P1; P2", "38; 40", "-0.6; -2.6", "–; ord: ca."]


@pytest.mark.parametrize("change, expected", [
    ({"sector": "state"}, ("P3", "30", "7.4", "ord: ca.")),
    ({"group": "sector=state"}, ("P3", "30", "7.4", "ord: ca.")),
    ({"group": "innovative"}, ("P1; P2", "38; 40", "-0.6; -2.6", "–; ord: ca.")),   # everybody with an answer
    ({"group": "other"}, ("", "", "", "")),
    ({"kind": "count", "item": "innovative", "internal": {}}, ("P4", "21", "-1.0", "")),
    ({"kind": "sum", "item": "q.r=a|b"}, ("P5", "37", "0.4", "")),
    ({"kind": "level"}, ("", "", "", "")),
    ({"shown": "[c]", "n": "", "low": "", "high": "", "internal": {}}, ("P1; P2", "38; 40", "", "lukket")),
])
def test_a_published_number_is_found_by_cell_and_sector(data, change, expected):
    row, = collect(data, change)
    assert tuple(row[name] for name in ("published", "published_value", "difference", "reason")) == expected


def test_a_survey_without_published_numbers_has_none(tmp_path):
    assert collect(tmp_path)[0]["published"] == ""


def test_the_table_has_numbers_as_shown_only_and_the_same_bytes_again(data, tmp_path):
    for name in ("a.csv", "b.csv"):
        ledger.write_numbers(tmp_path / name, collect(data, {}, {}, {"part": "alt", "label": "=1+1"}))
    text = (tmp_path / "a.csv").read_bytes()
    assert text == (tmp_path / "b.csv").read_bytes() and b"0.374" not in text and b"'=1+1" in text
    lines = list(csv.reader(text.decode().splitlines()))
    assert tuple(lines[0]) == ledger.COLUMNS and len(lines) == 3   # what is shown twice in one place is one row


def test_full_precision_goes_to_a_folder_of_its_own_without_closed_cells(data, tmp_path):
    rows = collect(data, {}, {"part": "alt"}, {"item": "closed", "shown": "[c]", "internal": {}})
    ledger.write_internal(tmp_path, "all", rows)
    lines = list(csv.DictReader((tmp_path / "internal" / "all.csv").read_text().splitlines()))
    assert [(line["item"], line["share"], line["se"], line["high"], line["total"]) for line in lines] == [
        ("x", "0.374", "0.04", "", "7.5")]
    ledger.write_internal(tmp_path, "all", [])
    assert [path.name for path in (tmp_path / "internal").iterdir()] == ["README.md"]


def test_a_stored_notebook_has_no_full_precision_and_the_executed_one_is_left_alone():
    notebook = make_notebook(ROW)
    stored = ledger.remove_internal(notebook)
    assert "0.374" not in str(stored) and "internal" not in str(stored)
    assert "0.374" in str(notebook) and stored.cells[0].outputs[1].data[MIME]["trace"][0]["shown"] == "37 %"
