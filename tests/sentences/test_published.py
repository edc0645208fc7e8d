import csv

import numpy as np
import pandas as pd
import pytest

from barometer.data.publication import name_statement
from barometer.paths import DATA
from barometer.sentences.facts import tell_agreement
from barometer.sentences.published import _same, agree_all, show_published
from barometer.statistics.estimates import estimate_shares
from tests.make.shipped import CODES, compare_shipped, open_shipped

with (DATA / "barometer-2020" / "published.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
NUMBERS = [row for row in ROWS if row["target"] == "yes" and row["kind"] in ("share", "count")]
VERDICTS = [row for row in ROWS if row["verdict"]]
# Published rows that the shipped data do not meet, with the reason. Empty: all are met.
EXCEPTIONS = {}


def find_row(identifier, sector="all"):
    compared = compare_shipped(sector)
    return compared[compared["id"] == identifier].iloc[0]


def test_all_seventy_eight_published_numbers_are_there_to_be_tried():
    assert len(NUMBERS) == 78
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row["id"])
def test_a_published_number_is_met_within_its_tolerance(row):
    found = find_row(row["id"])
    assert found["result"] == "within" or row["id"] in EXCEPTIONS
    assert abs(found["ours"] - float(row["value"])) <= float(row["tolerance"])


@pytest.mark.parametrize("row", VERDICTS, ids=lambda row: row["id"])
def test_a_published_verdict_is_that_of_the_design_based_test(row):
    assert find_row(row["id"])["result"] == "within" or row["id"] in EXCEPTIONS


@pytest.mark.parametrize(
    "row", [row for row in NUMBERS if row["kind"] == "share"], ids=lambda row: row["id"]
)
def test_a_share_found_by_hand_from_the_answers_is_the_one_reported(row):
    survey = open_shipped()
    group = row["group"] if row["sector"] == "all" else f"sector={row['sector']}"
    answers, member = survey.indicator(row["item"]), survey.member(group)
    base = member & ~np.isnan(answers)
    weights = survey.design.weights
    by_hand = 100 * weights[base & (answers == 1)].sum() / weights[base].sum()
    assert by_hand == pytest.approx(find_row(row["id"])["ours"], abs=1e-9)


def test_a_tendency_agrees_with_a_published_one_and_with_no_difference():
    assert find_row("D23")["our_verdict"] == "tendency_lower"
    assert _same("tendency_lower", "no_difference") and not _same(
        "tendency_higher", "tendency_lower"
    )
    assert not _same("tendency_lower", "lower") and not _same("no_difference", "tendency_lower")


@pytest.mark.parametrize("sector", [code for code in CODES if code != "all"])
def test_a_sector_report_tries_only_what_was_published_for_that_sector(sector):
    compared = compare_shipped(sector)
    tried = compared[compared["result"] != "not_applicable"]
    assert set(tried["domain"]) == {sector}
    # a verdict on the state, and one on the regions
    assert len(tried) == (3 if sector == "municipality" else 4)
    assert (tried["result"] == "within").all()


def test_a_number_outside_its_tolerance_is_said_not_to_agree():
    compared = compare_shipped().copy()
    compared.loc[compared["id"] == "S015", ["ours", "difference", "result"]] = [
        70.0,
        11.0,
        "outside",
    ]
    table = show_published(compared, "numbers", "2", "tabel-5", "Tal").payload["table"]
    row = next(
        row for row in table["rows"] if row[0] == "Politiske beslutninger spillede en positiv rolle"
    )
    assert row[2:] == ["70,0\u00a0%", "+11,0", "stemmer ikke"]
    told = tell_agreement(
        "E", compared, "numbers", "", every="Alle {b}", one="{a} af {b}", some="-", empty="-"
    )
    assert not agree_all(compared)
    assert str(told) == "77 af 78"


def test_all_numbers_and_verdicts_of_the_whole_agree_and_are_counted_in_one_sentence():
    assert agree_all(compare_shipped())
    told = tell_agreement("E", compare_shipped(), "all", "", every="Alle {a} tal, {b} udsagn.")
    assert str(told) == "Alle 78 tal, 77 udsagn."
    assert [row["shown"] for row in told.trace] == ["78", "77"]


@pytest.mark.parametrize(
    ("results", "words"),
    [
        (["within"] * 3, "Alle tre."),
        (["within"], "Kun ét i staten: ja."),
        (["outside"], "Kun ét i staten: nej."),
        (["within", "outside"], "Et af to"),
        (["within", "outside", "outside"], "To ikke"),
        (["not_applicable", "[c]"], "Ingen."),
    ],
)
def test_few_that_agree_are_written_in_words_and_one_alone_has_its_own_wording(results, words):
    compared = pd.DataFrame([{"verdict": "", "kind": "share", "result": one} for one in results])
    wordings = {"every": "Alle {b}.", "one": "{a} af {b}", "some": "{c} ikke", "empty": "Ingen."}
    alone = {"alone": "Kun ét {sektor}: ja.", "alone_missed": "Kun ét {sektor}: nej."}
    told = tell_agreement("E", compared, "numbers", "i staten", **wordings, **alone)
    assert (str(told), told.trace) == (words, ())


def test_every_published_row_can_be_shown_in_some_table():
    compared = compare_shipped()
    shown = sum(
        len(show_published(compared, what, chapter, "tabel-1", "T").payload["table"]["rows"])
        for what, chapters in (("numbers", "23456"), ("verdicts", "2345"))
        for chapter in [*chapters, ""]
    )
    assert shown == len(NUMBERS) + len(VERDICTS)


def test_the_item_of_every_computed_row_is_known_to_the_registry():
    survey = open_shipped()
    for row in ROWS:
        if row["kind"] in ("share", "groups", "items"):
            estimate_shares(survey, [row["item"]])


def test_the_note_of_a_table_speaks_of_the_columns_that_it_has():
    numbers, verdicts = (
        show_published(compare_shipped(), what, "", "tabel-1", "T").payload
        for what in ("numbers", "verdicts")
    )
    assert "Udgivet: " in numbers["note"] and "Udgivet" in numbers["table"]["columns"]
    assert "Udgivet: " not in verdicts["note"] and "Vores test og p: " in verdicts["note"]
    dashes = [row for row in verdicts["table"]["rows"] if row[2] == "–"]
    assert dashes and "–: p vises ikke eller findes ikke" in verdicts["note"]
    none = show_published(compare_shipped(), "verdicts", "4", "tabel-1", "T").payload
    assert "–: p" not in none["note"] and not [
        row for row in none["table"]["rows"] if row[2] == "–"
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"kind": "share", "item": "innovative"}, "Innovativ arbejdsplads"),
        (
            {"kind": "share", "item": "innovative", "domain": "region"},
            "Innovativ arbejdsplads: regionerne",
        ),
        (
            {
                "kind": "groups",
                "item": "value.quality",
                "group": "politically_initiated",
                "versus": "initiated_by_other_causes",
            },
            "Kvalitet: igangsat af politiske beslutninger mod igangsat af andre årsager",
        ),
        (
            {
                "kind": "items",
                "item": "value.quality",
                "group": "politically_initiated",
                "versus": "value.efficiency",
            },
            "Kvalitet mod effektivitet: igangsat af politiske beslutninger",
        ),
        ({"kind": "share", "item": "innovative", "statement": "Fire ud af fem"}, "Fire ud af fem"),
    ],
)
def test_a_published_row_without_words_has_those_of_the_registry(row, told):
    row = {"statement": row["item"], "domain": "all", "group": "", "versus": ""} | row
    assert name_statement(row, open_shipped("all").registry) == told
