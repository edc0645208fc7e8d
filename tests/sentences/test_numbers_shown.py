"""Tables, sentences and what they rest on: each number shown has its row, and a closed one none of
its own.
"""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from barometer.figures import tables
from barometer.sentences import claims, facts, published
from barometer.sentences.trace import trace_cell
from barometer.survey import open_survey
from barometer.text import Number
from tests.make.shipped import GROUPS, compare_shipped, open_shipped
from tests.make.small_survey import REGISTRY, make_survey
from tests.sentences.test_claims import WORDINGS, make_released

NUMBER = re.compile(r"\d[\d.]*(?:,\d+)?")
CLOSED_CELL = {
    "part": "table",
    "shown": "",
    "kind": "share",
    "item": "x",
    "group": "a",
    "n": "",
    "low": "",
    "high": "",
    "base": "arbejdspladser",
    "internal": {},
}
LINE = {
    "id": "P1",
    "chapter": "2",
    "statement": "Udsagn",
    "kind": "share",
    "domain": "all",
    "item": "x",
    "group": "a",
    "value": "60",
    "qualifier": "approx",
    "verdict": "",
    "ours": 58.0,
    "difference": -2.0,
    "p": float("nan"),
    "our_verdict": "",
    "part": "denne del",
    "flag": "",
    "result": "within",
    "trace": CLOSED_CELL | {"n": "20", "low": "50 %"},
}


def show_line(**changes):
    return published.show_published(
        pd.DataFrame([LINE | changes]), "numbers", "2", "tabel-5", "T"
    ).payload


def list_shown(rows):
    return [(row["shown"], row["kind"], row["n"], row["published"]) for row in rows]


def test_a_published_number_ours_and_how_far_apart_they_are_have_a_row_each():
    payload = show_line()
    assert list_shown(payload["trace"]) == [
        ("ca. 60\u00a0%", "published", "", "P1"),
        ("58,0\u00a0%", "share", "20", "P1"),
        ("−2,0", "deviation", "20", "P1"),
    ]
    assert [row["shown"] for row in payload["trace"]] == payload["table"]["rows"][0][1:4]
    assert [row["low"] for row in payload["trace"]] == ["", "50 %", ""]


def test_a_flag_stands_beside_our_number_and_in_its_row():
    payload = show_line(flag="[ø]", trace=LINE["trace"] | {"flag": "[ø]"})
    assert payload["table"]["rows"][0][1:4] == ["ca. 60\u00a0%", "58,0\u00a0% [ø]", "−2,0"]
    assert [(row["shown"], row["flag"]) for row in payload["trace"]] == [
        ("ca. 60\u00a0%", ""),
        ("58,0\u00a0%", "[ø]"),
        ("−2,0", ""),
    ]
    assert payload["key"].startswith("[ø]: tallet er sikkert nok")


def test_a_closed_number_beside_a_published_one_is_only_a_mark():
    rows = show_line(result="[c]", trace=CLOSED_CELL)["trace"]
    assert list_shown(rows) == [
        ("ca. 60\u00a0%", "published", "", "P1"),
        ("[c]", "share", "", "P1"),
        ("[c]", "deviation", "", "P1"),
    ]
    assert all(row["internal"] == {} for row in rows)


def test_what_was_not_published_for_the_sector_is_left_out_with_its_rows_and_that_is_said():
    other = LINE | {"id": "P2", "statement": "Et andet", "result": "not_applicable", "trace": {}}
    shown = published.show_published(
        pd.DataFrame([LINE, other]), "numbers", "2", "tabel-5", "T"
    ).payload
    assert [row[0] for row in shown["table"]["rows"]] == ["Udsagn"]
    assert {row["published"] for row in shown["trace"]} == {"P1"}
    assert "ikke er udgivet for denne del alene" in shown["note"]
    assert "udeladt" not in show_line()["note"]


def test_a_table_of_which_nothing_is_left_is_not_there():
    other = LINE | {"result": "not_applicable", "trace": {}}
    assert published.show_published(pd.DataFrame([other]), "numbers", "2", "tabel-5", "Tal") is None


@pytest.mark.parametrize("what, chapters", [("numbers", "23456"), ("verdicts", "2345")])
def test_every_number_of_the_tables_that_compare_with_the_publication_has_a_row(what, chapters):
    for chapter in [*chapters, ""]:
        payload = published.show_published(compare_shipped(), what, chapter, "tabel-5", "T").payload
        cells = [
            number
            for row in payload["table"]["rows"]
            for cell in row[1:]
            for number in NUMBER.findall(cell)
        ]
        rows = [number for row in payload["trace"] for number in NUMBER.findall(row["shown"])]
        assert sorted(cells) == sorted(rows) and cells
        assert all(
            row["n"] and row["base"] and row["item"]
            for row in payload["trace"]
            if row["kind"] != "published"
        )


def test_the_count_of_a_published_number_is_those_with_the_answer():
    rows = published.show_published(compare_shipped(), "numbers", "2", "tabel-5", "T").payload[
        "trace"
    ]
    assert {(row["kind"], row["n"]) for row in rows if row["published"] == "S009"} == {
        ("published", ""),
        ("count", "1877"),
        ("deviation", "1877"),
    }


def test_only_the_counts_that_are_told_of_the_agreement_are_in_its_trace():
    told = facts.tell_agreement(
        "E", compare_shipped(), "numbers", "", every="Alle {b}.", one="-", some="-", empty="-"
    )
    assert [(row["shown"], row["kind"]) for row in told.trace] == [("78", "agreement")]


def test_the_facts_that_are_told_of_the_survey_are_in_the_trace():
    rows = facts.tell_facts("M", open_shipped("region"), "{svar} af {population}.").trace
    assert [(row["shown"], row["kind"], row["n"], row["base"]) for row in rows] == [
        ("2.271", "count", "2271", "offentlige arbejdspladser"),
        ("15.000", "units", "2271", "offentlige arbejdspladser"),
    ]
    assert [
        row["kind"] for row in facts.tell_facts("M", open_shipped(), "Niveau {alpha}.").trace
    ] == ["level"]


@pytest.mark.parametrize("alpha, told", [(0.05, "0,05"), (0.001, "0,001"), (0.1, "0,1")])
def test_a_small_level_is_not_told_as_none(alpha, told):
    survey = SimpleNamespace(
        synthetic=True,
        alpha=alpha,
        terms={"sted": ""},
        registry=SimpleNamespace(respondents={}, whole={"name": "Det hele"}),
        cards={},
        published=None,
        count_respondents=lambda: Number(1, "count"),
        population=pd.DataFrame({"units": [1]}),
    )
    assert str(facts.tell_facts("M", survey, "{alpha}")) == told


def test_every_number_of_the_sample_table_has_a_row_that_says_which_it_is():
    payload = tables.show_sample(open_shipped(), "tabel-4", "T").payload
    for cells, group in zip(payload["table"]["rows"], [*GROUPS, "all"], strict=True):
        shown = {row["label"]: row["shown"] for row in payload["trace"] if row["group"] == group}
        assert shown == dict(zip(payload["table"]["columns"][1:], cells[1:], strict=True))


def test_the_design_effect_is_told_as_a_ratio_of_variances():
    payload = tables.show_sample(open_shipped(), "tabel-4", "T").payload
    assert (
        "Designeffekten er forholdet mellem variansen her og variansen i en simpel"
        in payload["note"]
    )
    state = np.flatnonzero(open_shipped().member("sector=state"))
    y, w = open_shipped().indicator("innovative")[state], open_shipped().design.weights[state]
    share = np.average(y, weights=w)
    variance = open_shipped().design.variances(((y - share) * w / w.sum())[:, None], state)[0]
    simple = share * (1 - share) / (len(y) - 1) * (1 - len(y) / w.sum())
    assert payload["table"]["rows"][0][-1] == f"{variance / simple:.2f}".replace(".", ",")


def test_a_sentence_carries_a_row_on_each_number_it_rests_on():
    rows = claims.tell_difference("T", make_released(), "x", **WORDINGS, published="D1").evidence[
        0
    ]["trace"]
    assert [(row["shown"], row["kind"], row["group"], row["n"], row["low"]) for row in rows] == [
        ("40\u00a0pct.", "share", "a", "100", "35\u00a0%"),
        ("30\u00a0pct.", "share", "b", "100", "35\u00a0%"),
        ("+10,0", "difference", "a mod b", "100 og 100", "+5,0"),
        ("0,010", "p", "a mod b", "100 og 100", ""),
    ]
    assert [row.get("published", "") for row in rows] == ["", "", "D1", "D1"]


def test_a_closed_test_rests_on_marks_alone():
    released = make_released(float("nan"), float("nan"), "", "[c]")
    for row in claims.tell_difference("T", released, "x", **WORDINGS, published="D1").evidence[0][
        "trace"
    ]:
        assert (row["shown"], row["n"], row["low"], row["high"], row["internal"]) == (
            "[c]",
            "",
            "",
            "",
            {},
        )


def test_the_limits_of_a_described_share_are_those_that_are_shown():
    (row,) = claims.tell_shares("T", make_released(), "{a}.", {"a": "x"}).evidence[0]["trace"]
    assert (row["part"], row["shown"], row["low"], row["high"]) == (
        "basis",
        "40\u00a0pct.",
        "35,0",
        "45,0",
    )


def test_two_shares_told_because_they_cannot_be_tested_are_in_the_trace():
    told = claims.tell_difference(
        "T", make_released(0.4, float("nan"), "", "exact"), "x", **WORDINGS
    )
    assert [row["shown"] for row in told.trace] == ["40\u00a0pct.", "0\u00a0pct."]
    assert "40\u00a0pct. (gruppe a) mod 0\u00a0pct. (gruppe b)." in str(told)


def test_a_closed_count_brings_no_number_of_those_with_the_answer(monkeypatch):
    released = make_released(status="[c]")
    released = replace(released, table=released.table.assign(n_yes=2.0))
    monkeypatch.setattr(published, "release_shares", lambda survey, items: released)
    found = published.FINDERS["count"]({"item": "x"}, None)
    assert (found.status, found.trace["n"], found.trace["internal"]) == ("[c]", "", {})


def test_the_gate_tells_who_was_asked_each_item_of_a_table_with_several_bases():
    items = ["politicians_promoted_not_hindered", "innovative"]
    released = tables.release_shares(open_shipped(), items, ["innovative"])
    rows = [
        trace_cell(cell, "1\u00a0%", "table", "share", released.about)
        for cell in released.table.itertuples()
    ]
    affected = (
        "innovative arbejdspladser, hvor den nærmeste politiske ledelse fremmede eller "
        "hæmmede innovationen"
    )
    innovative = "arbejdspladser, der har indført mindst én innovation i perioden 2018–2019"
    assert [(row["base"], row["asked"]) for row in rows] == [
        (affected, "affected_by_politicians"),
        (innovative, "all"),
    ]


def test_the_sample_table_has_a_design_effect_where_the_registry_has_no_innovative(tmp_path):
    registry = (
        re.sub("measure: .*", "", REGISTRY)
        .replace("innovative", "renewed")
        .replace("label: Innovativ,", "label: Fornyet,")
    )
    survey = open_survey(str(make_survey(tmp_path / "small", registry=registry)))
    payload = tables.show_sample(survey, "tabel-4", "T").payload
    assert "for andelen »Fornyet«." in payload["note"]
    assert "nnovativ" not in payload["note"]
    assert [row[0] for row in payload["table"]["rows"]][-1] == "Hele den offentlige sektor"
    assert payload["table"]["rows"][-1][1] == "115"
