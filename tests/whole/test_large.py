"""Surveys larger than any round so far: read, checked, planned and estimated right, in memory like
their answers.
"""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from barometer.paths import DATA, ROOT
from barometer.statistics.estimates import estimate_shares
from barometer.survey import open_survey
from barometer.tools.seal import seal_cards
from tests.make.small_survey import ROWS, break_and_recard, make_survey, read_text

MANY, MILLION = 20_000, 1_000_000
ITEMS = {  # names of variables, and the same from the columns of microdata.csv
    "innovative": lambda t: (t.filter(like="introduced_") == "yes").any(axis=1).astype(float),
    "novelty=copy": lambda t: (t["novelty"] == "copy").where(t["novelty"] != "").astype(float),
    "value.quality": lambda t: t["value_quality"].replace("", np.nan).astype(float),
}


def grow_shipped(folder, n):
    """The shipped survey with n respondents: its own, drawn again and again, from as many times
    larger strata.
    """
    for name in ("questionnaire.yaml", "population.csv", "published.csv", "cards.yaml"):
        (folder / name).write_bytes((DATA / "barometer-2020" / name).read_bytes())
    table = read_text(DATA / "barometer-2020").sample(
        n, replace=True, random_state=5, ignore_index=True
    )
    population = read_text(folder, "population.csv")
    units = population["units"].astype(int) * (2 * n // 2271)
    # Weights that differ within a stratum, unlike the shipped ones, and add up to its units.
    uneven = pd.Series(0.5 + np.arange(n) % 7 / 6)
    total = uneven.groupby(table["stratum"]).transform("sum")
    weight = uneven / total * table["stratum"].map(units.set_axis(population["stratum"]))
    table.assign(id=[f"r{row:06}" for row in range(n)], weight=weight).to_csv(
        folder / "microdata.csv", index=False
    )
    population.assign(units=units).to_csv(folder / "population.csv", index=False)
    cards = yaml.safe_load((folder / "cards.yaml").read_text(encoding="utf-8"))
    cards["files"] = {
        name: card | ({"rows": n} if name == "microdata.csv" else {})
        for name, card in cards["files"].items()
        if (folder / name).exists()
    }
    (folder / "cards.yaml").write_text(
        yaml.safe_dump(cards, allow_unicode=True, indent=2, sort_keys=False)
    )
    seal_cards(folder)
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    folder = grow_shipped(tmp_path_factory.mktemp("many"), MANY)
    return folder, open_survey(str(folder))


def reckon(table, population, item, sector):
    """A share and its standard error by the textbook, from the file alone, one stratum after
    another.
    """
    answers, weight = ITEMS[item](table), table["weight"].astype(float)
    sector_of = population.set_index("stratum")["sector"]
    base = answers.notna() & ((table["stratum"].map(sector_of) == sector) | (sector == "all"))
    share = (weight * answers)[base].sum() / weight[base].sum()
    influence = (weight * (answers - share) / weight[base].sum()).where(base, 0.0)
    variance = 0.0
    for stratum, units in zip(population["stratum"], population["units"].astype(int), strict=True):
        values = influence[table["stratum"] == stratum]
        variance += (1 - len(values) / units) * len(values) * values.var(ddof=1)
    return share, variance**0.5, base.sum()


def test_twenty_thousand_respondents_give_what_the_textbook_gives_from_the_file(many):
    folder, survey = many
    table, population = read_text(folder), read_text(folder, "population.csv")
    groups = ["all", "sector=state", "sector=municipality"]
    found = estimate_shares(survey, [*ITEMS], groups).table.set_index(["item", "group"])
    for item in ITEMS:
        for group in groups:
            share, se, n = reckon(table, population, item, group.removeprefix("sector="))
            row = found.loc[(item, group)]
            assert (row.share, row.se) == pytest.approx((share, se), rel=1e-10), (item, group)
            assert row.n == n


def test_an_answer_takes_one_byte(many):
    _, survey = many
    answers = survey.variables.answers
    few = [column for column in answers if column not in ("id", "weight")]
    assert {answers[column].cat.codes.dtype for column in few} == {np.dtype("int8")}
    assert {survey.variables.find_codes(item).dtype for item in ITEMS} == {np.dtype("int8")}


def make_million(folder):
    """The small survey's twelve respondents repeated to a million rows."""
    times = MILLION // len(ROWS)
    rows = pd.DataFrame(ROWS)
    table = pd.concat([rows] * times, ignore_index=True)
    table[0] = [f"r{row:07}" for row in range(len(table))]
    make_survey(folder, table.values.tolist())
    return break_and_recard(
        folder,
        lambda population: population.assign(units=population["units"].astype(int) * times),
        "population.csv",
    )


OPEN = """
import resource, sys
from barometer.statistics.estimates import estimate_shares
from barometer.survey import open_survey

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
survey = open_survey(sys.argv[1])
table = estimate_shares(survey, ["innovative", "evaluated=external|internal"], ["all", "sector=state"]).table
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, *table["share"], *table["n"])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is told otherwise there")
def test_a_million_respondents_are_opened_in_little_more_memory_than_their_file(tmp_path):
    folder = make_million(tmp_path / "million")
    told = subprocess.run(
        [sys.executable, "-c", OPEN, folder], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    peak, *numbers = map(float, told.stdout.split())
    rows = MILLION // len(ROWS) * len(ROWS)
    # Of each stratum's three two are innovative, and one of those has evaluated.
    assert numbers == pytest.approx(
        [2 / 3, 2 / 3, 1 / 2, 1 / 2, rows, rows / 4, rows * 2 / 3, rows / 6], rel=1e-12
    )
    size = (folder / "microdata.csv").stat().st_size / 2**20
    assert peak < size + 250


@pytest.mark.slow
def test_two_hundred_questions_of_forty_answers_are_planned_in_little_memory_and_nothing_comes_back():
    """Some 32,000 cells. A matrix of all attacks and cells would take many gigabytes."""
    measured = subprocess.run(
        [sys.executable, "benchmarks/sealing.py", "questions"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    cells, suppressed, memory = (
        int(re.search(pattern, measured)[1])
        for pattern in (r"(\d+) cells", r"(\d+) suppressed", r"(\d+) MB")
    )
    assert cells > 32_000 and 3_000 < suppressed < 8_000 and memory < 2_000
    assert f"\n0 of {cells} cells known too well;" in measured


DRAFT = """
import resource, sys
from barometer.drafting.project import draft_project

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
chosen = {"weight": "weight", "strata": "stratum", "id": "id"}
draft = draft_project(sys.argv[1], "Mange", "2026", "2026-05-01", chosen)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, len(draft.answers))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is told otherwise there")
def test_a_draft_of_many_rows_keeps_a_byte_or_two_for_each_answer(tmp_path):
    """300,000 rows of 20 columns. As texts they would take 687 MB, as categories 180."""
    rows, rng = 300_000, np.random.default_rng(3)
    answers = {f"q{number}": ["Enig", "Hverken", "Uenig", "Ved ikke"] for number in range(16)}
    table = pd.DataFrame(
        {name: np.array(codes)[rng.integers(4, size=rows)] for name, codes in answers.items()}
    )
    keys = {"id": np.arange(rows), "stratum": rng.integers(5, size=rows), "weight": np.ones(rows)}
    table = table.assign(visits=rng.poisson(9, rows), **keys)
    table.to_parquet(tmp_path / "many.parquet")
    told = subprocess.run(
        [sys.executable, "-c", DRAFT, tmp_path / "many.parquet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    peak, drafted = map(int, told.split())
    assert drafted == rows and peak < 350
