"""Towns in regions in a country: what a group's total gives away at each level, worked out by hand."""

import pandas as pd
import pytest

from barometer.data.domains import name_group
from barometer.disclosure.plan import make_plan
from barometer.disclosure.relations import relate_cells
from barometer.statistics.estimates import estimate_shares
from barometer.suppression.attacks import attack
from barometer.survey import describe_unmade, open_survey
from tests.make.small_survey import CARD, _write_cards, recard

REGISTRY = """
title: Byer i regioner
round: 1
period: "2026"
background:
  sector: {text: Region, answers: {north: Nord, south: Syd}}
  town: {text: By, answers: {a: A, b: B, c: C, d: D, e: E}}
questions:
  used: {text: Brugte I det?, kind: single, asked: all, answers: {"yes": Ja, "no": Nej}}
derived: {}
domains: [town]
"""
# town: (its region, yes, no). North has 18 of 41, south 19 of 38, the country 37 of 79.
TOWNS = {
    "a": ("north", 1, 12),
    "b": ("north", 8, 6),
    "c": ("north", 9, 5),
    "d": ("south", 10, 9),
    "e": ("south", 9, 10),
}


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towns")
    people = [
        (town, answer)
        for town, (_, yes, no) in TOWNS.items()
        for answer in ["yes"] * yes + ["no"] * no
    ]
    rows = [(f"r{at}", town, 10, answer) for at, (town, answer) in enumerate(people)]
    places = [
        (town, region, town, 10 * (yes + no), "lavet") for town, (region, yes, no) in TOWNS.items()
    ]
    tables = {
        "microdata.csv": pd.DataFrame(rows, columns=["id", "stratum", "weight", "used"]),
        "population.csv": pd.DataFrame(
            places, columns=["stratum", "sector", "town", "units", "basis"]
        ),
        "published.csv": pd.DataFrame(columns=["id", "kind", "item"]),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False)
    (folder / "questionnaire.yaml").write_text(REGISTRY, encoding="utf-8")
    files = dict.fromkeys((*tables, "questionnaire.yaml"), CARD)
    about = {"title": "Byer", "notice": "Syntetiske data.", "data_date": "2026-02-28"}
    _write_cards(folder, about | {"microdata": "microdata.csv", "files": files})
    return open_survey(str(recard(folder)))


DOMAINS = ("all", "north", "south", *(f"town={town}" for town in TOWNS))
CELLS = [(f"used={answer}", "all", domain) for domain in DOMAINS for answer in ("yes", "no")]


def test_a_group_s_total_is_the_sum_of_its_parts_at_every_level(survey):
    (block,) = relate_cells(survey, CELLS).blocks
    lines = dict(zip(block.cells, block.lines.astype(int), strict=True))
    counts = dict(zip(block.cells, block.lines @ block.given, strict=True))
    yes = {domain: ("used=yes", "all", domain) for domain in DOMAINS}
    assert [counts[yes[one]] for one in ("all", "north", "south", "town=a")] == [37, 18, 19, 1]
    for whole, parts in {
        "all": ("north", "south"),
        "north": ("town=a", "town=b", "town=c"),
        "south": ("town=d", "town=e"),
    }.items():
        assert (lines[yes[whole]] == sum(lines[yes[part]] for part in parts)).all()


def test_what_is_closed_in_a_town_comes_back_from_its_region_unless_another_town_is_closed(survey):
    relations = relate_cells(survey, CELLS)
    a, b, d = (
        {relations.names[f"used={answer}", "all", f"town={town}"] for answer in ("yes", "no")}
        for town in "abd"
    )
    wanted = relations.names["used=yes", "all", "town=a"]
    assert attack(relations, frozenset(a), wanted).succeeds  # 18 - 8 - 9
    assert attack(relations, frozenset(a | d), wanted).succeeds  # a town of another region
    assert not attack(relations, frozenset(a | b), wanted).succeeds


def test_a_plan_closes_within_the_region_and_has_a_report_for_each_level(survey):
    asked = {domain: [cell for cell in CELLS if cell[2] == domain] for domain in DOMAINS}
    plan = make_plan(survey, asked)
    closed = {domain for item, _, domain in plan.closed if item == "used=yes"}
    assert "town=a" in closed and closed & {"town=b", "town=c", "north"}
    assert not closed & {"town=d", "town=e", "south", "all"}
    assert all(describe_unmade(survey, domain) == "" for domain in DOMAINS)


def test_a_town_is_compared_with_the_rest_of_its_region(survey):
    rest = f"{name_group('north')}&!town=b"
    table = estimate_shares(survey, ["used=yes"], ["town=b", rest]).table.set_index("group")
    assert table.loc["town=b", "share"] == pytest.approx(8 / 14)
    assert table.loc[rest, "share"] == pytest.approx(10 / 27)
    assert survey.groups("town") == {f"town={one}": one.upper() for one in TOWNS}
