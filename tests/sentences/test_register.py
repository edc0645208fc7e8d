import csv
import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from nbformat import v4

from barometer.document.document import build_document
from barometer.errors import ContentError
from barometer.payloads import MIME
from barometer.report.html import render_html
from barometer.report.numbers import write_claims
from barometer.sentences import evidence
from barometer.sentences.claims import Sentence
from barometer.sentences.register import (
    COLUMNS,
    collect_claims,
    describe_claims,
    find_verdicts,
    list_deviations,
    list_verdicts,
    tabulate_claims,
)
from barometer.sentences.trace import read_claim
from tests.make import samples
from tests.make.samples import code_cell, make_figure

ROW = dict.fromkeys(evidence.COLUMNS, "") | {
    "about": "Effektivitet: a mod b",
    "item": "value.efficiency",
    "group": "a",
    "versus": "b",
    "first": "37 pct.",
    "second": "45 pct.",
    "difference": "−8,3",
    "low": "−13,5",
    "high": "−3,1",
    "p": "0,002",
    "p_adjusted": "0,008",
    "p_bh": "0,004",
    "falls": "",
    "verdict": "lower",
    "published": "D15",
}


def make_notebook(*payloads):
    outputs = [v4.new_output("execute_result", {MIME: payload}) for payload in payloads]
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# A"), v4.new_code_cell("x", outputs=outputs)]
    )


PROSE = {
    "kind": "prose",
    "id": "D15",
    "markdown": "Sjældnere.",
    "outcome": "less",
    "evidence": [ROW],
}


def collect(verdict="lower", published="lower"):
    payload = PROSE | {"evidence": [ROW | {"verdict": verdict}]}
    stated = {"D15": {"verdict": published, "test": "value.efficiency / a / b"}}
    return collect_claims([("04", make_notebook(payload))], stated if published else {})


@pytest.mark.parametrize(
    ("verdict", "published", "status"),
    [
        ("lower", "lower", "holds"),
        ("higher", "lower", "contradicts"),
        ("no_difference", "lower", "reworded"),
        ("closed", "lower", "withheld"),
        ("untested", "lower", "withheld"),
        ("lower", "", ""),
        ("tendency_lower", "no_difference", "holds"),
        ("no_difference", "tendency_lower", "reworded"),
        ("tendency_lower", "tendency_lower", "holds"),
        ("higher", "tendency_lower", "contradicts"),
        ("lower", "tendency_lower", "reworded"),
        ("no_difference", "difference", "reworded"),
    ],
)
def test_a_sentence_is_held_against_the_published_verdict(verdict, published, status):
    assert collect(verdict, published)[0]["status"] == status


@pytest.mark.parametrize(
    "test", ["value.quality / a / b", "value.efficiency / b / a", "value.efficiency / a / all"]
)
def test_a_sentence_is_not_held_against_a_verdict_on_something_else(test):
    payload = {"kind": "prose", "id": "D15", "markdown": "-", "outcome": "less", "evidence": [ROW]}
    (row,) = collect_claims(
        [("04", make_notebook(payload))], {"D15": {"verdict": "higher", "test": test}}
    )
    assert (row["published_verdict"], row["status"]) == ("", "")


def test_a_sectors_report_is_held_only_against_what_was_published_of_that_sector():
    published = pd.DataFrame(
        [
            ("D03", "all", "x", "", "", "no_difference"),
            ("D04", "state", "x", "sector=state", "all", "higher"),
            ("S01", "state", "x", "all", "", ""),
        ],
        columns=["id", "domain", "item", "group", "versus", "verdict"],
    )
    assert list(list_verdicts(published, "all", ("state", "region", "municipality"))) == [
        "D03",
        "D04",
    ]
    assert (
        list_verdicts(published, "all", ("state", "region", "municipality"))["D03"]["test"]
        == "x / sector=state / sector=region / sector=municipality"
    )
    assert list_verdicts(published, "state", ("state", "region", "municipality")) == {
        "D04": {"verdict": "higher", "test": "x / sector=state / all"}
    }
    assert list_verdicts(published, "region", ("state", "region", "municipality")) == {}


def test_what_a_figures_title_rests_on_stands_below_it():
    sentence = Sentence("F1", "Oftere", "more", (ROW,))
    figure = replace(make_figure(title="Oftere"), claim=read_claim(sentence))
    page = render_html(build_document([("04", samples.make_notebook(code_cell(figure)))]))
    ground = r'<details class="why" id="grundlag-F1"><summary aria-label="Grundlag: Oftere">'
    # the picture, its table and its note stand between
    figure = re.search(
        r'<span id="saetning-F1">.* Oftere<a .*</a></figcaption>(?s:.*?)</figure>', page
    )
    assert figure and f"</p>{ground}" in figure[0]


def test_only_another_verdict_is_a_deviation_and_a_withheld_sentence_is_none():
    assert len(list_deviations(collect("no_difference") + collect("higher"))) == 2
    assert list_deviations(collect() + collect("closed") + collect("lower", "")) == []


def test_the_register_has_a_row_for_each_test_of_a_sentence():
    payload = {
        "kind": "prose",
        "id": "D06",
        "markdown": "Begge.",
        "outcome": "more",
        "evidence": [ROW, ROW],
    }
    assert [row["id"] for row in collect_claims([("02", make_notebook(payload))], {})] == [
        "D06",
        "D06",
    ]


def test_two_passages_have_not_one_id_and_one_that_says_nothing_takes_none():
    plain = {"kind": "prose", "id": "R01", "markdown": "Tekst.", "outcome": "text", "evidence": []}
    silent = plain | {"markdown": ""}
    assert collect_claims([("01", make_notebook(plain, silent))], {}) == []
    with pytest.raises(ContentError, match=r"R01 står to gange \(01 og 02\)"):
        collect_claims([("01", make_notebook(plain)), ("02", make_notebook(plain))], {})


def test_outputs_that_rest_on_nothing_are_not_in_the_register():
    plain = {"kind": "prose", "id": "R01", "markdown": "Tekst.", "outcome": "text", "evidence": []}
    assert collect_claims([("01", make_notebook(plain, {"kind": "survey"}))], {}) == []


def test_the_published_verdicts_come_from_the_chapter_that_shows_the_register():
    shown = make_notebook(
        {"kind": "claims", "id": "tabel-1", "title": "T", "verdicts": {"D15": {"verdict": "lower"}}}
    )
    assert find_verdicts([make_notebook(), shown]) == {"D15": {"verdict": "lower"}}
    assert find_verdicts([make_notebook()]) == {}


def test_what_a_sentence_rests_on_is_told_in_words():
    told = describe_claims(collect())[0]["rests"][0]
    assert told == (
        "Effektivitet: a mod b. 37 pct. mod 45 pct.; forskel −8,3 (−13,5\xa0til\xa0−3,1) "
        "procentpoint; "
        "p = 0,002; efter Holm 0,008, efter Benjamini–Hochberg 0,004; "
        "sjældnere; publiceret: sjældnere (stemmer)."
    )


def test_what_a_sentence_rests_on_has_how_many_answered_and_once_where_that_is_the_same():
    def tell(*sizes):
        trace = [{"kind": "share", "n": n} for n in sizes]
        rows = collect_claims(
            [("04", make_notebook(PROSE | {"evidence": [ROW | {"trace": trace}]}))], {}
        )
        return describe_claims(rows)[0]["rests"][0]

    assert "37 pct. mod 45 pct. (n = 530 og n = 1.347); forskel" in tell("530", "1347")
    assert "37 pct. mod 45 pct. (n = 530); forskel" in tell("530", "530")
    assert "n =" not in tell("", "")


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Oftere", "Oftere"),
        ("De ses oftere i den ene gruppe.", "De ses oftere i den ene…"),
        ("Ved 59 pct. er det så.", "Ved…"),
        ("59 pct.", "sætningen"),
    ],
)
def test_a_sentence_is_named_by_its_first_words_without_numbers(sentence, name):
    rows = collect_claims([("04", make_notebook(PROSE | {"markdown": sentence}))], {})
    assert describe_claims(rows)[0]["name"] == name


def test_a_sentence_with_a_sign_of_markdown_is_kept_as_it_is_read():
    told = PROSE | {"markdown": r"Spend on books \& e-books \[€\] is higher."}
    rows = collect_claims([("04", make_notebook(told))], {})
    assert rows[0]["sentence"] == "Spend on books & e-books [€] is higher."


def test_the_table_shows_now_published_and_status_and_leaves_descriptions_out():
    rows = [*collect("no_difference"), *collect("description", "")]
    table = tabulate_claims(rows, "tabel-16", "T").payload["table"]
    assert [row[1:] for row in table["rows"]] == [
        [
            "−8,3 (−13,5\xa0til\xa0−3,1)",
            "0,002 (0,008; 0,004)",
            "ingen sikker forskel; omformuleret, publiceret som sjældnere",
        ]
    ]


def test_claims_csv_can_be_read_back(tmp_path):
    write_claims(tmp_path / "claims.csv", collect())
    read = list(
        csv.DictReader(io.StringIO((tmp_path / "claims.csv").read_text(encoding="utf-8-sig")))
    )
    assert tuple(read[0]) == COLUMNS
    assert read[0]["sentence"] == "Sjældnere."
    assert read[0]["status"] == "holds"


@pytest.mark.parametrize("falls", ["", "Holm"])
def test_the_note_explains_falling_only_where_a_difference_falls(falls):
    rows = [row | {"falls": falls} for row in collect()]
    table = tabulate_claims(rows, "tabel-16", "T").payload
    assert (
        ("Falder med" in table["note"])
        == ("falder med" in table["table"]["rows"][0][3])
        == bool(falls)
    )
