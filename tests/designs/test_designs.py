"""A survey's card says how it was drawn; what it says is checked, and errors follow it."""

import numpy as np
import pytest

from barometer.designs import declared
from barometer.designs.declared import list_span, read_declared
from barometer.disclosure.release import release_differences, release_shares
from barometer.files.faults import DataFault
from barometer.statistics import replicates
from barometer.statistics.design import Design
from barometer.statistics.replicates import Replicates
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.make.small_survey import (
    ROWS,
    STRATA,
    break_and_recard,
    change_cards,
    make_survey,
    set_cells,
)

TIMES = 6  # each row of the small survey stands so many times, with a sixth of its weight
WAVES = range(TIMES)
SETS = tuple(f"rep{number:02d}" for number in range(1, 9))
JK = {"method": "JK1", "columns": "rep01-rep08"}
CLUSTERED = {"clusters": ["school", "class"], "cluster_sizes": ["schools", "classes"]}


def add_columns(table):
    """Four schools of four or five pupils in each stratum, of two classes each, and eight sets of weights
    that each leave one eighth of the respondents out.
    """
    place = table.groupby("stratum").cumcount()
    known = table.assign(
        school=(place % 4 + 1).astype(str),
        **{"class": (place // 4 % 2).map({0: "a", 1: "b"})},
        schools="9",
        classes="3",
    )
    weights, part = table["weight"].astype(float), np.arange(len(table)) % len(SETS)
    for number, name in enumerate(SETS):
        known[name] = np.where(part == number, 0, weights * 8 / 7).round(9).astype(str)
    return known


@pytest.fixture
def folder(tmp_path):
    rows = [
        [f"{row[0]}{wave}", row[1], f"{float(row[2]) / TIMES:.10g}", *row[3:]]
        for row in ROWS
        for wave in WAVES
    ]
    population = {name: units for name, *_, units in STRATA}
    assert sum(population.values()) == 115
    return break_and_recard(make_survey(tmp_path / "small", rows), add_columns)


def declare(folder, *dropped, **fields):
    """The folder with these fields of its card, and the columns that they do not use dropped."""
    used = read_declared(fields).every_column
    spare = {*SETS, "school", "class", "schools", "classes"} - {*used}
    break_and_recard(folder, lambda table: table.drop(columns=[*spare, *dropped]))
    return change_cards(folder, lambda cards: cards | fields)


def read_table(folder):
    return read_folder(folder).microdata


def test_clusters_of_the_card_are_the_stages_of_the_design(folder):
    survey = open_survey(str(declare(folder, **CLUSTERED)))
    table = read_table(folder)
    by_hand = Design(
        table["weight"],
        table["stratum"].to_numpy(),
        table["schools"],
        table["school"].to_numpy(),
        later=[(table["class"].to_numpy(), table["classes"])],
    )
    asked = np.ones((len(table), 1))
    influence, rows = np.arange(len(table))[:, None] * asked, np.arange(len(table))
    assert len(survey.design.stages) == 2
    assert survey.design.variances(influence, rows) == pytest.approx(
        by_hand.variances(influence, rows)
    )
    assert survey.design.degrees_of_freedom(rows) == 4 * len(STRATA) - len(STRATA)


def test_without_their_number_the_first_clusters_count_as_drawn_with_replacement(folder):
    survey = open_survey(str(declare(folder, clusters=["school", "class"])))
    assert survey.design.uncorrected is survey.design
    table, rows = read_table(folder), np.arange(len(read_table(folder)))
    influence = rows[:, None] * 1.0
    first = Design(table["weight"], table["stratum"].to_numpy(), psu=table["school"].to_numpy())
    assert survey.design.variances(influence, rows) == pytest.approx(
        first.variances(influence, rows)
    )


def test_replicate_weights_of_the_card_make_the_errors(folder):
    survey = open_survey(str(declare(folder, replicates=JK)))
    table = read_table(folder)
    assert isinstance(survey.design, Replicates)
    cell = release_shares(survey, ["innovative"]).cell("innovative")
    yes = survey.indicator("innovative")
    shares = [np.average(yes, weights=table[name]) for name in SETS]
    expected = np.sqrt(7 / 8 * sum((one - cell.share) ** 2 for one in shares))
    assert (cell.se, cell.df) == (pytest.approx(expected), 7)


@pytest.mark.parametrize("form", ["weights", "factors"])
def test_replicate_weights_are_scaled_as_their_weights_are(folder, form):
    def shrink(table):
        mean = table["weight"].astype(float).mean()
        by = table["weight"].astype(float) if form == "factors" else mean
        sets = {name: (table[name].astype(float) / by).astype(str) for name in SETS}
        return table.assign(**sets, weight=(table["weight"].astype(float) / mean).astype(str))

    sets = JK | {"form": form}
    plain = open_survey(str(declare(folder, replicates=JK)))
    expected = release_shares(plain, ["both_types"], ["!sector=region"]).table["se"].item()
    change_cards(
        break_and_recard(folder, shrink),
        lambda cards: cards | {"replicates": sets, "weights": "normalised"},
    )
    survey = open_survey(str(folder))
    assert survey.design.weights.sum() == pytest.approx(115)
    found = release_shares(survey, ["both_types"], ["!sector=region"]).table["se"].item()
    assert found == pytest.approx(expected)


def test_a_survey_without_a_finite_population_is_corrected_nowhere(folder):
    corrected = release_shares(open_survey(str(declare(folder))), ["both_types"]).cell("both_types")
    survey = open_survey(str(change_cards(folder, lambda cards: cards | {"correction": "none"})))
    cell = release_shares(survey, ["both_types"]).cell("both_types")
    assert survey.design.uncorrected is survey.design
    assert cell.se > corrected.se and cell.share == corrected.share


@pytest.mark.parametrize("fields", [CLUSTERED, {"clusters": ["school"]}, {"replicates": JK}])
def test_how_a_survey_was_drawn_opens_no_cell_that_is_confidential(tmp_path, folder, fields):
    def ask(survey):
        released = release_differences(
            survey, ["initiator.leaders", "both_types"], "evaluated=internal", "!evaluated=internal"
        )
        table, pairs = released.table, released.comparisons
        assert (
            table.loc[table["status"] == "[c]", ["share", "se", "low", "deff", "df"]]
            .isna()
            .to_numpy()
            .all()
        )
        assert (
            pairs.loc[pairs["status"] == "[c]", ["difference", "se", "p", "t"]]
            .isna()
            .to_numpy()
            .all()
        )
        return table["rule"].where(table["status"] == "[c]", "").tolist(), table["n"].fillna(
            -1
        ).tolist()

    few = set_cells(
        [f"r{number:02}{wave}" for number in (1, 4, 7, 10) for wave in WAVES][2:],
        evaluated="no",
        purpose_learning="",
        purpose_required="",
    )
    break_and_recard(folder, few)
    drawn = ask(open_survey(str(declare(folder, **fields))))
    change_cards(
        folder, lambda cards: {name: one for name, one in cards.items() if name not in fields}
    )
    break_and_recard(
        folder, lambda table: table.drop(columns=[*read_declared(fields).every_column])
    )
    assert drawn == ask(open_survey(str(folder))) and any(drawn[0])


FAULTS = [
    ({"clusters": ["school"]}, {"school": ""}, "kolonne school: klyngen mangler i 1 række; udfyld"),
    (CLUSTERED, {"schools": "8"}, "kolonne schools: tallet er ikke ens i hele stratum i 18 rækker"),
    (CLUSTERED, {"classes": "mange"}, "kolonne classes: ikke et tal i 1 række; skriv"),
    (CLUSTERED, {"classes": "0"}, "kolonne classes: tallet er for lille eller uendeligt i 1 række"),
    ({"replicates": JK}, {"rep03": ""}, "kolonne rep03: tallet mangler i 1 række; udfyld feltet"),
    ({"replicates": JK}, {"rep03": "-1"}, "kolonne rep03: tallet er for lille eller uendeligt"),
]


@pytest.mark.parametrize(("fields", "cells", "told"), FAULTS)
def test_a_fault_of_the_columns_is_told_with_file_column_rows_and_remedy(
    folder, fields, cells, told
):
    declare(folder, **fields)
    break_and_recard(folder, set_cells(["r010"], **cells))
    with pytest.raises(DataFault) as fault:
        read_folder(folder)
    assert f"microdata.csv, {told}" in str(fault.value)


def test_fewer_clusters_than_were_drawn_are_a_fault(folder):
    declare(folder, **CLUSTERED)
    break_and_recard(folder, lambda table: table.assign(schools="3"))
    with pytest.raises(DataFault, match="kolonne schools: flere school end tallet i 72 rækker"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("column", "told"),
    [("school", "stratum med kun én school i 18"), ("class", "school med kun én class i 5")],
)
def test_a_lonely_unit_of_any_stage_asks_for_a_rule(folder, column, told):
    declare(folder, **CLUSTERED)
    ids = [f"r0{number}{wave}" for number in (1, 2, 3) for wave in WAVES]

    def edit(table):
        alone = table["id"].isin(ids) & ((table["school"] == "1") | (column == "school"))
        return table.assign(**{column: table[column].mask(alone, "1")})

    break_and_recard(folder, edit)
    with pytest.raises(DataFault, match=f"kolonne {column}: {told} rækker.*lonely: adjust"):
        read_folder(folder)
    assert open_survey(str(change_cards(folder, lambda cards: cards | {"lonely": "adjust"})))


def test_sets_that_are_factors_and_columns_that_lack_are_told(folder):
    declare(folder, replicates=JK)
    break_and_recard(
        folder, lambda table: table.assign(**{name: "0.2" for name in SETS[1:]}, rep01="0.1")
    )
    with pytest.raises(
        DataFault, match="summer ikke til det samme som vægtene; skriv form: factors"
    ):
        read_folder(folder)
    break_and_recard(folder, lambda table: table.drop(columns="rep05"))
    with pytest.raises(DataFault, match="kolonne rep05: kolonnen mangler"):
        read_folder(folder)


CARDS = [
    ({"clusters": "school"}, "feltet clusters er ikke en liste"),
    ({"clusters": ["id"]}, "feltet clusters har kolonnen id"),
    ({"cluster_sizes": ["schools"]}, "cluster_sizes står uden clusters"),
    ({"clusters": ["school"], "cluster_sizes": ["a", "b", "c"]}, "flere kolonner end trin"),
    ({"correction": "yes"}, "i feltet correction kendes ikke; vælg en af finite, none"),
    (CLUSTERED | {"correction": "none"}, "cluster_sizes korrigerer, men correction siger none"),
    ({"clusters": ["school"], "replicates": JK}, "både clusters og replicates"),
    ({"replicates": "rep"}, "feltet replicates har ingen felter; skriv fx replicates"),
    ({"replicates": JK | {"method": "SDR"}}, "replicates.method er 'SDR', som ikke kendes"),
    ({"replicates": JK | {"columns": "rep"}}, "replicates.columns er ikke en række af kolonner"),
    ({"replicates": JK | {"method": "Fay"}}, "replicates.rho er ikke et tal fra 0 til under 1"),
    ({"replicates": JK | {"method": "JKn"}}, "feltet replicates.scales mangler"),
    ({"replicates": JK | {"method": "JKn", "scales": [0.5]}}, "har 1 tal, men 8 kolonner"),
    ({"replicates": JK | {"scale": 2}}, "feltet replicates.scale kendes ikke"),
    ({"clusterz": ["school"]}, "feltet clusterz kendes ikke; ret det til clusters"),
]


@pytest.mark.parametrize(("fields", "told"), CARDS)
def test_a_field_that_cannot_be_understood_is_told_with_its_remedy(folder, fields, told):
    change_cards(folder, lambda cards: cards | fields)
    with pytest.raises(DataFault) as fault:
        read_folder(folder)
    assert f"cards.yaml: {told}" in str(fault.value) or told in str(fault.value)


def test_a_span_of_columns_keeps_the_width_of_its_numbers():
    assert list_span("w1-w3") == ("w1", "w2", "w3")
    assert list_span("brr_09-brr_11") == ("brr_09", "brr_10", "brr_11")
    assert list_span("w1-v3") == list_span("w") == list_span(None) == ()


def test_what_a_card_may_say_of_replicates_is_what_they_can_be_estimated_by():
    assert declared.CENTERS == replicates.CENTERS


def test_a_column_that_is_asked_about_too_is_described_once():
    declared = read_declared({"clusters": ["school", "class"], "cluster_sizes": ["schools"]})
    assert [name for name, *_ in declared.describe(("school",))] == ["class", "schools"]
