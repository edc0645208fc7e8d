"""Rounds and countries of which only numbers are published."""

import numpy as np
import pytest

from barometer.door.calls import CallError
from barometer.files.faults import DataFault
from barometer.survey import open_survey
from tests.make.small_survey import CARD, REGISTRY, change_cards, make_survey, recard

HEAD = "over,group,label,item,share,n,effect,response,coverage,publisher,source\n"
ROWS = [
    "round,1,2014-2015,innovative,70,800,1.5,,,Kontoret,bogen",
    "round,2,2016-2017,innovative,60,1000,1.5,,,Kontoret,bogen",
    "round,3,2018-2019,innovative,66,900,1.5,,,Kontoret,bogen",
    "round,3,2018-2019,all,,1100,,50,Alle,Kontoret,bogen",
    "country,no,Norge,innovative,77,,,,Kun kommuner,Norden,nettet",
    "country,se,Sverige,innovative,81,,,,Alle,Norden,nettet",
]
BREAK = "breaks:\n  - {round: 2, what: method, text: Nyt}\nquestions:"


def make(folder, rows=ROWS, registry=REGISTRY):
    make_survey(folder, registry=registry)
    (folder / "aggregates.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    change_cards(folder, lambda c: c | {"files": c["files"] | {"aggregates.csv": CARD}})
    return recard(folder)


@pytest.fixture
def survey(tmp_path):
    broken = REGISTRY.replace("questions:", BREAK, 1)
    return open_survey(str(make(tmp_path / "small", registry=broken)))


def test_a_published_change_is_tested_by_share_n_and_design_effect(survey):
    test = survey.published_over(["innovative"]).comparisons.iloc[0]
    variances = [1.5 * p * (1 - p) / n + 1e-4 / 12 for p, n in ((0.66, 900), (0.6, 1000))]
    assert test["se"] == pytest.approx(np.sqrt(sum(variances)), rel=1e-12)
    assert (test["first"], test["second"], test["verdict"]) == ("round=3", "round=2", "higher")
    assert test["p"] == pytest.approx(0.0285, abs=0.0005)


def test_what_was_changed_in_between_is_neither_tested_nor_joined(survey):
    change = survey.published_over(["innovative"], since=1)
    assert change.comparisons.iloc[0]["verdict"] == ""
    figure = change.draw_line("line", "Over tid")
    assert "ændret" in figure.svg and figure.trace[0]["kind"] == "round"


def test_countries_are_shown_with_whom_they_cover_and_nothing_is_tested(survey):
    countries = survey.published_over(["innovative"], over="country")
    assert not len(countries.comparisons)
    table = countries.show_coverage("nordic", "Norden").table
    assert [row[:3] for row in table["rows"]] == [
        ["Norge", "Kun kommuner", "–"],
        ["Sverige", "Alle", "–"],
    ]
    assert [str(row[-1]) for row in table["rows"]] == ["77\xa0%", "81\xa0%"]
    with pytest.raises(CallError, match="har ikke over = 'planet'"):
        survey.published_over(["innovative"], over="planet")


def test_a_share_without_a_base_has_no_test(tmp_path):
    rows = [row.replace(",900,1.5,", ",,,") for row in ROWS]
    survey = open_survey(str(make(tmp_path / "small", rows)))
    assert survey.published_over(["innovative"]).comparisons.iloc[0]["verdict"] == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",innovative,70", ",inovative,70", "navnet kendes ikke"),
        (",70,800", ",170,800", "ikke et tal fra 0 til 100"),
        ("round,1,", "round,2,", "samme række flere gange"),
        ("round,1,", "round,first,", "runden er intet tal"),
        (",bogen", ",", "kilden mangler"),
    ],
)
def test_faults_of_published_numbers_are_told(tmp_path, old, new, told):
    rows = [ROWS[0].replace(old, new), *ROWS[1:]]
    with pytest.raises(DataFault, match=told):
        open_survey(str(make(tmp_path / "small", rows)))
