"""A survey whose card says how its weights are made, from its files to its shares."""

import hashlib

import numpy as np
import pytest

from barometer.files.faults import DataFault
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.make.small_survey import (
    CARD,
    break_and_recard,
    change_cards,
    make_survey,
    read_text,
    set_cells,
)

# Of each stratum's three respondents two are innovative: not one of the cells below is empty.
YES = "variable,answer,units\nevaluated,internal,70\nevaluated,no,45\n"


@pytest.fixture
def folder(tmp_path):
    return make_survey(tmp_path / "small")


def declare(folder, *steps, start="column", totals=None, **fields):
    if start == "strata":
        break_and_recard(folder, lambda table: table.drop(columns="weight"))
    if totals:
        (folder / "totals.csv").write_text(totals, encoding="utf-8")

    def edit(cards):
        weighting = {"start": start, "steps": list(steps)}
        card = {}
        if totals:
            sha = hashlib.sha256(totals.encode()).hexdigest()
            card = {"totals.csv": CARD | {"sha256": sha, "rows": totals.count("\n") - 1}}
        return cards | {
            "weights": "made",
            "weighting": weighting,
            "files": cards["files"] | card,
            **fields,
        }

    return change_cards(folder, edit)


def tell(folder):
    with pytest.raises(DataFault) as caught:
        read_folder(folder)
    return " ".join(str(caught.value).split())


def weigh_equally(folder):
    break_and_recard(folder, lambda table: table.assign(weight="1"))
    return folder


def test_weights_of_strata_need_no_column_and_are_units_divided_by_answers(folder):
    given = read_folder(folder).microdata["weight"].to_numpy()
    made = read_folder(declare(folder, start="strata"))
    assert made.microdata["weight"].to_numpy() == pytest.approx(given)
    assert [stage.kind for stage in made.made.stages] == ["start"]


def test_the_steps_of_the_card_are_taken_in_order_and_the_errors_are_those_of_residuals(folder):
    steps = {"poststratify": ["sector"]}, {"rake": ["field", "size"]}, {"trim": [0.2, 4]}
    declare(weigh_equally(folder), *steps)
    files = read_folder(folder)
    assert [stage.kind for stage in files.made.stages] == ["start", "poststratify", "rake", "trim"]
    survey = open_survey(str(folder))
    assert survey.design.weights.sum() == pytest.approx(115)
    large = survey.member("size=large")
    assert survey.design.weights[large].sum() == pytest.approx(55)
    # what the weights were fitted to has no error
    influence = np.where(large, survey.design.weights, 0.0)[:, None]
    (variance,) = survey.design.variances(influence, np.arange(12))
    assert variance == pytest.approx(0, abs=1e-12)


def test_totals_of_a_question_stand_in_a_file_of_their_own(folder):
    registry = (folder / "questionnaire.yaml").read_text(encoding="utf-8")
    registry = registry.replace(
        "asked: innovative\n    answers: {external", "asked: all\n    answers: {external"
    )
    rows = read_text(folder)
    rows.loc[rows["evaluated"] == "", "evaluated"] = "no"
    small = make_survey(folder, rows.to_numpy().tolist(), registry)
    declare(weigh_equally(small), {"rake": ["evaluated", "sector"]}, totals=YES)
    microdata = read_folder(folder).microdata
    sums = microdata.groupby("evaluated", observed=True)["weight"].sum()
    assert sums[["internal", "no"]].tolist() == pytest.approx([70, 45])
    wrong = YES.replace("45", "46")
    declare(folder, {"rake": ["evaluated", "sector"]}, totals=wrong)
    assert "totals.csv, kolonne units: totalerne for evaluated summer til 116, men" in tell(folder)
    declare(folder, {"rake": ["evaluated"]}, totals=YES.replace("internal", "external"))
    told = tell(folder)
    assert "svaret på evaluated mangler eller har ingen total" in told
    declare(folder, {"rake": ["evaluated"]}, totals=YES.replace("no,", "perhaps,"))
    assert "evaluated har ikke svaret perhaps" in tell(folder)


FAULTS = [
    (({"rake": ["secter"]},), {}, "er hverken en dimension eller et spørgsmål med ét svar"),
    (({"rake": ["underway"]},), {}, "totals.csv: underway har ingen totaler"),
    (({"poststratify": ["sector", "underway"]},), {}, "er ikke alle i population.csv"),
    (({"trim": [0.99, 1.01]},), {}, "kan ikke holdes mellem grænserne"),
    (({"calibrate": ["sector"], "bounds": [0.999, 1.001]},), {}, "totalerne kan ikke mødes"),
    (({"rake": []},), {}, "trin 1: rake har ingen liste"),
    (({"rake": ["size"], "trim": [0.3, 3]},), {}, "trinnet er ikke ét af"),
    (({"rake": ["size"], "bounds": [0.3, 3]},), {}, "bounds hører ikke til rake"),
    (({"calibrate": ["size"], "method": "logit"},), {}, "grænserne er ikke et tal under 1"),
    ((), {"weights": "population"}, "følges ikke ad"),
]


@pytest.mark.parametrize(("steps", "fields", "told"), FAULTS, ids=[one[2] for one in FAULTS])
def test_what_cannot_be_made_is_told_with_file_and_remedy(folder, steps, fields, told):
    break_and_recard(folder, set_cells(["r01"], weight="60"))
    declare(folder, *steps, **fields)
    assert told in tell(folder)


def test_a_cell_without_respondents_is_named_before_anything_is_made(folder):
    break_and_recard(folder, lambda table: table[~table["stratum"].str.startswith("region")])
    declare(folder, {"poststratify": ["sector", "field"]}, empty_strata="accept")
    told = tell(folder)
    assert "population.csv, kolonne sector, field: 1 celle af sector&field har ingen svar" in told
    assert "(region&health)" in told and "rake: sector, field" in told


def test_a_weight_column_beside_weights_of_strata_and_a_negative_weight_are_told(folder):
    change_cards(
        folder,
        lambda cards: cards | {"weights": "made", "weighting": {"start": "strata", "steps": []}},
    )
    assert "kolonnen weight er der, men vægtene begynder med strata" in tell(folder)
    weights = {"r01": 500, "r02": 1, "r03": 1}
    for one, weight in weights.items():
        break_and_recard(folder, set_cells([one], weight=str(weight)))
    declare(folder, {"calibrate": ["sector", "evaluated"]})
    assert "totals.csv: evaluated har ingen totaler" in tell(folder)


def test_a_table_shows_what_each_step_did_and_a_closed_share_is_closed_at_every_step(folder):
    declare(weigh_equally(folder), {"rake": ["sector", "size"]}, {"trim": [0.2, 4]})
    survey = open_survey(str(folder))
    table = survey.show_weighting("steps", "Trin", items=["innovative"]).table
    assert [row[0] for row in table["rows"]] == [
        "Ved begyndelsen",
        "Tilpasset trinvis: Sektor og Størrelse",
        "Afkortet",
    ]
    assert [str(cell) for cell in table["rows"][0][1:4]] == ["1,00", "1,00", "0\xa0%"]
    made = survey.design.weights
    assert str(table["rows"][2][2]) == f"{made.max():.2f}".replace(".", ",")
    assert {str(row[-1]) for row in table["rows"]} == {"[u]"}  # twelve answers
    assert make_survey(folder) and open_survey(str(folder)).show_weighting("s", "Trin") is None
