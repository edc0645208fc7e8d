"""Questions that are answered by a number: from the file to means, quantiles, totals and ratios in
sentences, tables and pictures; what may not be told of them is not.
"""

import re

import numpy as np
import pytest

from barometer.door.calls import CallError
from barometer.files.faults import DataFault
from barometer.numbers.quantities import find_quantile
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.door.test_means import confide
from tests.make.small_survey import (
    REGISTRY,
    ROWS,
    break_and_recard,
    make_survey,
    make_waves,
    set_cells,
)

NUMBERS = """  cost:
    text: Hvad kostede det?
    kind: number
    asked: all
    unit: kr.
    least: 0
    most: 100000
    decimals: 0
    shown: -2
    answers: {"-9": Ved ikke}
  staff:
    text: Hvor mange arbejdede med?
    kind: number
    asked: all
    least: 0
    decimals: 1
    shown: 1
derived:
"""
REGISTRY = REGISTRY.replace("derived:\n", NUMBERS, 1)
WAVES = 15


def add_numbers(table):
    place = np.arange(len(table))
    south = table["stratum"].str.startswith("municipality").to_numpy()
    cost = 1000 + 50 * (place * 7 % 31) + 900 * south
    staff = 1 + (place * 5 % 17) / 2
    return table.assign(
        cost=np.where(place % 9 == 8, "-9", cost.astype(str)),
        staff=[f"{one:.1f}" for one in staff],
    )


@pytest.fixture
def folder(tmp_path):
    folder = make_waves(tmp_path / "small", REGISTRY, WAVES)
    return break_and_recard(folder, add_numbers)


@pytest.fixture
def survey(folder):
    return open_survey(str(folder))


def list_given(survey, name="cost"):
    values = survey.scale(f"{name}=given").values
    known = ~np.isnan(values)
    return values[known], survey.design.weights[known]


def test_a_number_is_read_and_a_code_beside_it_is_none(survey):
    values, weights = list_given(survey)
    row = survey.mean("cost").table.iloc[0]
    assert row["share"] == pytest.approx(np.average(values, weights=weights))
    assert row["n"] == len(values) < len(survey.variables.answers) and values.min() > 0
    share = survey.shares("cost").table.iloc[0]
    assert share["label"] == "Ved ikke" and share["n"] == len(survey.variables.answers)


def test_quantiles_totals_and_ratios_are_of_the_weighted_numbers(survey):
    values, weights = list_given(survey)
    assert survey.total("cost").table["share"].iloc[0] == pytest.approx(values @ weights)
    found = survey.quantiles("cost", at=[0.25, 0.5, 0.75])
    shares = [one.table["share"].iloc[0] for one in found.tables]
    assert shares == [find_quantile(values, weights, point) for point in (0.25, 0.5, 0.75)]
    assert shares == sorted(shares) and {*shares} <= {*values}
    both = ~np.isnan(survey.scale("cost=given").values)
    staff = survey.scale("staff=given").values[both]
    ratio = survey.ratio("cost", "staff").table.iloc[0]
    assert ratio["share"] == pytest.approx((values @ weights) / (staff @ weights))
    assert ratio["n"] == len(values)


@pytest.mark.parametrize("ask", ["mean", "median", "total"])
def test_two_groups_are_told_in_the_numbers_own_form(survey, ask):
    pair = getattr(survey, ask)("cost", by="sector=municipality")
    told = pair.tell("D1", "cost", differs="{Højere}: {a} mod {b}, {forskel}.", same="Ens: {a}.")
    row = pair.comparisons.iloc[0]
    assert row["verdict"] == "higher" and row["p"] < 0.05
    shown = f"{round(row['share_first'], -2):,.0f}".replace(",", ".")
    assert str(told).startswith(f"Højere: {shown} mod ")
    (basis,) = told.evidence
    assert re.fullmatch(r"\+[\d.]+00", basis["difference"])
    assert [one["kind"] for one in basis["trace"]][:3] == [ask, ask, f"{ask}_difference"]


def test_more_groups_have_one_test_and_a_picture_with_a_table(survey):
    answer = survey.mean("cost", by="sector")
    told = answer.tell(
        "D2", difference="Forskel: {a}.", same="Ens.", numbers={"a": ("cost", "sector=region")}
    )
    assert answer.tables[0].distribution.ndf == 2 and str(told).startswith(("Forskel", "Ens"))
    figure = answer.draw_means("omkostning", "Omkostninger")
    payload = figure.payload
    assert payload["table"]["columns"][0] == "Gruppe" and len(payload["table"]["rows"]) == 3
    assert "Højest og lavest: " in payload["alt"] and "i kr. n: " in payload["note"]
    assert "har ikke svaret med et tal og er ikke medregnet." in payload["note"]
    kinds = {row["kind"] for row in payload["trace"] if row["part"] == "picture"}
    assert kinds == {"mean"}


def test_quantiles_stand_beside_each_other_in_a_table(survey):
    table = survey.quantiles("cost", by="sector").show("kvartiler", "Kvartiler").payload["table"]
    heads = ["Spørgsmål", "Gruppe", "Nedre kvartil (kr.)", "Median (kr.)", "Øvre kvartil (kr.)"]
    assert table["columns"] == [*heads, "n"]


def test_a_plain_sentence_has_the_number_and_how_many_gave_one(survey):
    told = survey.mean("staff").tell("D3", text="I snit {a} af {n_a}.")
    row = survey.mean("staff").table.iloc[0]
    assert str(told) == f"I snit {row['share']:.1f}".replace(".", ",") + f" af {row['n']:.0f}."


def test_what_is_no_number_is_answered_with_those_that_are(survey):
    with pytest.raises(CallError, match=r"»cost«.*Der er cost, staff"):
        survey.mean("cist")
    with pytest.raises(CallError, match=r"kan ikke bruges. Skriv nogle af 0\.1, 0\.25"):
        survey.quantiles("cost", at=0.3)
    with pytest.raises(CallError, match="er et tal og har ingen trin"):
        survey.boxes("cost")


@pytest.mark.parametrize("ask", ["mean", "median", "total"])
def test_a_number_is_closed_where_the_plan_closes_who_gave_one(survey, ask):
    survey = confide(survey, closed={("cost=given", "all", "all"): "secondary"})
    row = getattr(survey, ask)("cost").table.iloc[0]
    assert row["status"] == "[c]" and np.isnan([row["share"], row["n"], row["se"]]).all()


def test_a_few_who_did_not_know_the_number_close_nothing(folder):
    def edit(table):
        cost = np.where(np.arange(len(table)) == 3, "-9", "1200")
        return table.assign(cost=np.where(np.arange(len(table)) % 2, cost, "1300"))

    row = open_survey(str(break_and_recard(folder, edit))).mean("cost").table.iloc[0]
    assert row["status"] == "" and row["n"] == len(ROWS) * WAVES - 1


@pytest.mark.parametrize("ask", ["mean", "total", "median"])
def test_a_sum_that_two_make_up_is_not_shown(folder, ask):
    edit = set_cells(["r01x0", "r01x1"], cost="90000")

    def small(table):
        return table.assign(cost="10")

    survey = open_survey(str(break_and_recard(folder, lambda table: edit(small(table)))))
    table = getattr(survey, ask)("cost", by=["sector=state", "sector=region"]).table
    rows = table.set_index("group")
    assert rows.loc["sector=state", "rule"] == "dominance"
    assert rows.loc["sector=region", "status"] != "[c]"


def test_a_quantile_that_is_one_respondents_number_is_not_shown(folder):
    def edit(table):
        return table.assign(cost=[str(1000 + 137 * place) for place in range(len(table))])

    survey = open_survey(str(break_and_recard(folder, edit)))
    row = survey.median("cost").table.iloc[0]
    assert row["status"] == "[c]" and row["rule"] == "answer"
    assert survey.mean("cost").table["status"].iloc[0] == ""


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"cost": "mange"}, r"kolonne cost: ikke et tal i 1 række; .*brug en af koderne -9"),
        ({"cost": "-5"}, "tallet er mindre end 0"),
        ({"cost": "100001"}, "tallet er større end 100000"),
        ({"cost": "12.5"}, "tallet er ikke helt"),
        ({"staff": "2.25"}, "tallet har mere end 1 decimal"),
        ({"staff": ""}, "svar mangler"),
    ],
)
def test_what_is_no_such_number_is_a_fault_with_its_row(folder, cells, told):
    break_and_recard(folder, set_cells(["r01x0"], **cells))
    with pytest.raises(DataFault, match=told) as fault:
        read_folder(folder)
    assert "r01x0" in str(fault.value) or "1 række" in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("least: 0\n    most", "least: 200000\n    most", "least og most skal være"),
        ("shown: -2", "shown: 9", "shown skal være et helt tal fra -6 til 4"),
        ("decimals: 0", "decimals: -1", "decimals skal være et helt tal fra 0"),
        ('{"-9": Ved ikke}', "{given: Ved ikke}", "et svar kan ikke have koden given"),
    ],
)
def test_a_number_that_allows_nothing_is_a_fault_of_the_registry(tmp_path, old, new, told):
    assert old in REGISTRY
    folder = make_survey(tmp_path / "small", None, REGISTRY.replace(old, new))
    with pytest.raises(DataFault, match=told):
        read_folder(folder)
