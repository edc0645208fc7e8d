"""Weights are held against the population: in all, stratum by stratum, and where they are only
normalised.
"""

import numpy as np
import pandas as pd
import pytest

from barometer.data.checks import tabulate_weights
from barometer.files.faults import DataFault
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.make.small_survey import STRATA, break_and_recard, change_cards, make_survey, set_cells

STRATUM = dict(
    zip([f"r{n:02}" for n in range(1, 13)], [one for one in STRATA for _ in range(3)], strict=True)
)


@pytest.fixture
def folder(tmp_path):
    # 115 units in strata of 20, 30, 40 and 25; three respondents in each
    return make_survey(tmp_path / "small")


def tell(folder):
    with pytest.raises(DataFault) as caught:
        read_folder(folder)
    return [line for line in str(caught.value).splitlines() if line.startswith("- ")]


def weigh(folder, find):
    """Give each respondent the weight that `find` says: a function of id and units in the
    stratum.
    """
    break_and_recard(
        folder,
        lambda table: table.assign(weight=[f"{find(r, STRATUM[r][4]):.10f}" for r in table["id"]]),
    )


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (
            0.6,
            "vægtene summer til 69, men population.csv har 115 (60 pct. ved 12 svar)",
        ),
        (1.02, "vægtene summer til 117, men population.csv har 115"),
        (78 * 3, "(over ti gange så meget ved 12 svar)"),
    ],
)
def test_weights_of_another_sum_are_told_with_both_sums(folder, factor, told):
    weigh(folder, lambda _, units: factor * units / 3)
    lines = tell(folder)
    assert len(lines) == 1
    assert f"microdata.csv, kolonne weight: {told}" in lines[0] or told in lines[0]


def test_relative_weights_of_any_sum_are_scaled_by_one_factor_where_the_card_says_so(folder):
    weigh(folder, lambda _, units: 0.6 * units / 3)
    assert "weights: relative" in tell(folder)[0]
    change_cards(folder, lambda cards: cards | {"weights": "relative"})
    files = read_folder(folder)
    sums = files.microdata.groupby("stratum", observed=True)["weight"].sum()
    assert sums.sort_values().tolist() == pytest.approx([20, 25, 30, 40])
    assert "vægtene er relative (sum 69) og er skaleret til de 115" in files.ways[0]


@pytest.mark.parametrize("weight", ["9000", "1" + "0" * 308])
def test_a_weight_above_all_units_is_told(folder, weight):
    break_and_recard(folder, set_cells(["r01", "r02"], weight=weight))
    assert "vægtene summer til" in tell(folder)[0]


def test_a_tolerance_is_the_cards(folder):
    weigh(folder, lambda _, units: 1.02 * units / 3)
    change_cards(folder, lambda cards: cards | {"weight_tolerance": 0.03})
    assert read_folder(folder).microdata["weight"].sum() == pytest.approx(117.3)


def test_weights_that_sum_up_in_all_but_not_in_a_stratum_are_told(folder):
    weigh(folder, lambda r, units: {20: 30, 30: 20}.get(units, units) / 3)
    (line,) = tell(folder)
    assert "vægtene i 2 strata summer ikke til stratummets units" in line
    assert "(state-small 30 mod 20, region-large 20 mod 30)" in line
    # calibrated to something else
    change_cards(folder, lambda cards: cards | {"stratum_tolerance": 0.6})
    assert len(read_folder(folder).microdata) == 12


@pytest.mark.parametrize(
    ("find", "words"),
    [
        (lambda _, units: 12 * units / 3 / 115, "for vægtene er normaliserede;"),
        (lambda *_: 1, "for vægtene er normaliserede i hvert stratum;"),
        (lambda _, units: units / 3 / 115, "for vægtene er normaliserede;"),
    ],
)
def test_normalised_weights_are_recognised_and_scaled_only_where_the_card_says_so(
    folder, find, words
):
    expected = read_folder(folder).microdata["weight"]
    weigh(folder, find)
    (line,) = tell(folder)
    assert words in line
    assert "skriv weights: normalised i cards.yaml" in line
    change_cards(folder, lambda cards: cards | {"weights": "normalised"})
    survey = open_survey(str(folder))
    np.testing.assert_allclose(survey.design.weights, expected, rtol=1e-6)
    assert "er skaleret til de 115 i population.csv" in survey.ways[0]


def test_weights_that_are_not_normalised_though_the_card_says_so_are_told(folder):
    change_cards(folder, lambda cards: cards | {"weights": "normalised"})
    assert (
        "kortet siger, at vægtene er normaliserede, men de summer til 115 ved 12 svar"
        in tell(folder)[0]
    )


def test_strata_without_answers_are_listed_and_accepted_only_where_the_card_says_so(folder):
    break_and_recard(folder, lambda table: table[~table["id"].isin(["r04", "r05", "r06"])])
    assert tell(folder)[0].startswith(
        "- population.csv, kolonne stratum: 1 stratum uden svar (region-large); "
    )
    change_cards(folder, lambda cards: cards | {"empty_strata": "accept"})
    assert len(read_folder(folder).microdata) == 9


def test_weights_may_also_stand_for_the_strata_without_answers(folder):
    break_and_recard(folder, lambda table: table[~table["id"].isin(["r04", "r05", "r06"])])
    weigh(folder, lambda _, units: units / 3 * 115 / 85)
    change_cards(folder, lambda cards: cards | {"empty_strata": "accept", "stratum_tolerance": 0.5})
    assert read_folder(folder).microdata["weight"].sum() == pytest.approx(115)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weights", "mean1"),
        ("empty_strata", True),
        ("inference", "infinite"),
        ("weight_tolerance", "0,01"),
        ("weight_tolerance", 1),
        ("stratum_tolerance", -0.1),
        ("weight_tolerance", True),
        ("data_date", "2020-02-29 10:00"),
        ("data_date", "20200229"),
        ("data_date", 43890),
    ],
)
def test_a_field_of_the_card_that_is_none_of_what_it_may_be_is_told(folder, field, value):
    change_cards(folder, lambda cards: cards | {field: value})
    told = tell(folder)[0]
    assert told.startswith("- cards.yaml: ") and f"feltet {field} " in told


def test_sums_of_weights_and_respondents_are_told_by_stratum(folder):
    files = read_folder(folder)
    table = tabulate_weights(
        files.microdata["stratum"], files.microdata["weight"], files.population
    )
    assert table["respondents"].tolist() == [3, 3, 3, 3]
    np.testing.assert_allclose(table["weights"], table["units"])
    empty = tabulate_weights(pd.Series(["state-small"]), [2.5], files.population)
    assert empty["respondents"].tolist() == [1, 0, 0, 0]
    assert empty["weights"].tolist() == [2.5, 0, 0, 0]
