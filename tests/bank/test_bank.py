"""The statistics bank: what a report brings to it, and the page of several reports together."""

import re
from copy import deepcopy

import pytest

from barometer.bank.collecting import collect_bank
from barometer.bank.pages import join_banks, render_bank, write_bank
from barometer.languages.speaking import speak
from barometer.verify.readback import check_bank
from barometer.verify.typed import BANK, name_element
from tests.exports.test_exports import META, make_row

REGISTRY = """
title: Prøve
round: 1
period: "2020"
respondents: {one: skole, many: skoler, the_one: skolen, the_many: skolerne, all: skoler}
whole: {name: Alle, place: "", as_one: alle, rest: resten, rest_name: De øvrige, part: delen}
background:
  sector:
    text: Slags
    answers: {state: Staten, region: {label: Regionerne, place: i regionerne}}
  field:
    heading: Område
    answers: {health: Sundhed, school: Skoler}
questions:
  q:
    text: Hvor ofte?
    kind: single
    asked: all
    answers: {a: Å, b: Æble, c: Ø}
derived:
  often: {label: Ofte, any_of: [q=a, q=b]}
"""
MORE = {"kind": "share", "domain": "all", "asked": "all", "where": "figur-1"}
NUMBERS = [
    make_row("a", **MORE, shown="37,4\xa0%"),
    make_row("a", **MORE | {"where": "D01", "part": "text"}, shown="37\xa0pct.", low="33\xa0%", high="42\xa0%"),
    make_row("a", "sector=region", **MORE, shown="30\xa0%", flag="[ø]"),
    make_row("a", "!sector=region", **MORE, shown="45\xa0%"),
    make_row("b", **MORE, shown="[c]", n="", low="", high=""),
    make_row("c", **MORE | {"where": "_udgave"}, shown="3\xa0%"),
    make_row("a", "often", **MORE, item="often", shown="60\xa0%"),
    make_row("a", "sector=region mod !sector=region", **MORE | {"kind": "difference", "where": "D01"},
             shown="−15,0", low="−20,1", high="−9,9", n="20 og 40"),
]  # fmt: skip
CLAIM = {"id": "D01", "sentence": "Der er en forskel.", "item": "q=a", "group": "sector=region", "versus": "!sector=region",
         "p": "<\xa00,001", "verdict": "lower", "reason": ""}  # fmt: skip
DOCUMENT = {
    "meta": META | {"part": "all", "nouns": {"the_many": "skolerne"}},
    "chapters": [
        {"blocks": [{"type": "figure", "id": "figur-1", "label": "Figur 1", "title": "T"}]}
    ],
    "annex": [],
    "claims": [CLAIM],
}


@pytest.fixture
def bank(tmp_path):
    """What a small report brings."""
    (tmp_path / "questionnaire.yaml").write_text(REGISTRY, encoding="utf-8")
    return collect_bank(DOCUMENT, NUMBERS, tmp_path)


def find(bank, *key):
    return next(one for *place, one in bank["cells"] if place == [*key])


def test_a_cell_is_there_once_whole_per_cent_with_interval_before_a_decimal_without(bank):
    cell = find(bank, "q=a", "all", "all", "")
    assert (cell["shown"], cell["low"], cell["value"]) == ("37\xa0%", "33\xa0%", 37)
    assert cell["place"] == ["saetning-D01", "en sætning"]


def test_a_part_as_a_group_is_that_part_and_what_is_left_beside_it_names_it(bank):
    assert find(bank, "q=a", "region", "all", "")["flag"] == "[ø]"
    assert bank["parts"]["!sector=region"] == "De øvrige (uden regionerne)"


def test_what_stands_on_no_page_is_not_brought(bank):
    assert {item for item, *_ in bank["cells"]} == {"q=a", "q=b", "often"}


def test_an_answer_made_of_a_questions_others_stands_with_it_and_is_not_asked_for(bank):
    found = {item: one for item, _statistic, one in bank["answers"]}
    assert found["often"]["question"] == "q" and found["often"]["stem"] == ""
    assert found["q=a"]["stem"] == "q" and found["q=a"]["base"] == "skoler"


def test_a_tested_difference_has_the_verdict_of_its_sentence(bank):
    ((*key, test),) = bank["tests"]
    assert key == ["q=a", "region", "all", "", "!sector=region", "all"]
    assert (test["shown"], test["verdict"], test["p"]) == ("−15,0", "sjældnere", "<\xa00,001")


def test_the_page_has_every_number_with_its_link_and_a_mark_in_words(bank):
    page = render_bank({"all": bank}, DOCUMENT["meta"])
    row = re.search(r'<tr id="all/D01/q=a/all".*?</tr>', page)[0]
    assert 'href="all/report.html#saetning-D01"' in row and ">37\xa0%</a>" in row
    assert "33–42\xa0%" in row and ">20</td>" in row
    assert "[c]: vises ikke af hensyn til fortrolighed" in page
    assert "Syntetiske data" in page and "−20,1 til −9,9" in page


def test_the_same_reports_give_the_same_page_and_a_program_that_the_page_allows(bank):
    pages = {render_bank(deepcopy({"all": bank}), DOCUMENT["meta"]) for _ in range(2)}
    assert len(pages) == 1
    (page,) = pages
    assert "default-src 'none'; script-src 'sha256-" in page
    assert not re.search(
        r"fetch\(|XMLHttp|localStorage|sessionStorage|cookie|https?://[^\s\"]*\.js", page
    )


def test_a_cell_of_two_reports_leads_to_the_one_on_its_own_part(bank):
    region = deepcopy(bank) | {"part": "region"}
    (question,) = join_banks({"all": bank, "region": region})
    rows = {row["part"]: row for row in question["answers"][0]["rows"]}
    assert rows["all"]["link"].startswith("all/") and rows["region"]["link"].startswith("region/")
    # what is left beside a part stands after all parts
    assert list(rows) == ["all", "region", "!sector=region"]


def test_parts_stand_by_kind_and_those_without_a_report_are_not_ticked(tmp_path, bank):
    more = make_row("a", "field=health", **MORE, shown="31\xa0%")
    whole = collect_bank(DOCUMENT, [*NUMBERS, more], tmp_path)
    (question,) = join_banks({"all": whole})
    (_none, usual), (kind, further) = question["parts"]
    assert {ticked for _part, _words, ticked in usual} == {True}
    assert (kind, further) == ("Område", [("field=health", "Sundhed", False)])
    # with a report of its own it is
    health = collect_bank(
        {**DOCUMENT, "meta": DOCUMENT["meta"] | {"part": "field=health"}}, [more], tmp_path
    )
    (question,) = join_banks({"all": whole, "field-health": health})
    assert question["parts"][1][1] == [("field=health", "Sundhed", True)]
    page = render_bank({"all": whole}, DOCUMENT["meta"])
    assert "Vælg dele, grupper og svar: Område<" in page


def test_the_bank_speaks_the_language_of_the_reports(bank):
    with speak("en"):
        page = render_bank({"all": bank}, DOCUMENT["meta"] | {"language": "en"})
    assert "Statistics bank" in page and "Statistikbank" not in page.replace("statistikbank", "")


def write(folder, bank, rows):
    (folder / "all").mkdir(exist_ok=True)
    names = [
        "where",
        "part",
        "kind",
        "item",
        "group",
        "shown",
        "low",
        "high",
        "n",
        "question",
        "label",
        "group_label",
        "base",
        "confidence",
    ]
    lines = [names, *([row[name] for name in names] for row in rows)]
    text = "\n".join(",".join(f'"{one}"' for one in line) for line in lines)
    (folder / "all" / "numbers.csv").write_text(text, encoding="utf-8")
    record = {"data": {"x": "1"}, "told": {"bank": bank}}
    assert write_bank(folder, {"all": record}, {"x": "1"}, DOCUMENT["meta"]) == [BANK]
    allowed = [
        {"form": re.compile(r"20(26|18|19)|Figur\s1"), "chapter": ""},
    ]
    return check_bank(folder, [folder / "all"], allowed)


def test_every_number_of_the_page_is_a_row_of_the_trace_and_another_is_named(bank, tmp_path):
    rows = [*NUMBERS, {**make_row("x"), "where": "D01", "item": "q=a", "group": "sector=region mod !sector=region", "kind": "p",
                       "shown": "<\xa00,001"}]  # fmt: skip
    assert write(tmp_path, bank, rows) == []
    changed = [
        row | {"shown": "38\xa0pct."} if row["where"] == "D01" and row["part"] == "text" else row
        for row in rows
    ]
    faults = write(tmp_path, bank, changed)
    assert faults and all("all/D01/q=a/all table: »37 %«" in fault for fault in faults)


def test_how_sure_intervals_are_is_accounted_for_also_where_every_number_is_suppressed(
    bank, tmp_path
):
    closed = [row | {"shown": "[c]", "n": "", "low": "", "high": "", "confidence": ""}
              for row in NUMBERS if row["kind"] == "share"]  # fmt: skip
    document = DOCUMENT | {"claims": []}
    assert write(tmp_path, collect_bank(document, closed, tmp_path), closed) == []


def test_a_test_of_a_part_that_no_report_there_shows_is_left_out(bank):
    other = ["q=a", "state", "all", "", "region", "all", {}]
    assert len(join_banks({"all": bank | {"tests": [*bank["tests"], other]}})[0]["tests"]) == 1


def test_reports_over_other_data_are_not_in_the_bank_and_an_empty_one_is_taken_away(bank, tmp_path):
    write(tmp_path, bank, NUMBERS)
    record = {"data": {"x": "2"}, "told": {"bank": bank}}
    assert write_bank(tmp_path, {"all": record}, {"x": "1"}, DOCUMENT["meta"]) == []
    assert not (tmp_path / BANK).exists()


def test_an_element_is_named_without_a_space():
    assert name_element("all", "D01", "x", "a mod b") == "all/D01/x/a+mod+b"
