"""How a file's respondents were drawn is asked about, and what can be seen of weights is seen."""

import numpy as np
import pandas as pd
import pytest
import yaml

from barometer.designs.recognising import read_method, recognise
from barometer.drafting.deciding import Undecided
from barometer.drafting.project import draft_project, write_files
from barometer.files.faults import DataFault
from barometer.statistics.replicates import Replicates
from barometer.survey import open_survey
from barometer.tools.seal import seal_cards
from tests.make.answers import make_answers

WORDS = ("Prøven", "2024", "2024-05-01")
CHOSEN = {"weight": "wgt", "strata": "stratum", "id": "respnr"}
UNITS, STRATA = np.arange(60) // 6, np.arange(60) // 30  # ten units of six, five in a stratum


def make_sets(method, weights):
    """Sets of weights (n x R) as each method makes them of ten units in two strata."""
    one = np.eye(10)[UNITS]
    if method == "JK1":
        factors = (1 - one) * 10 / 9
    elif method == "JKn":
        factors = np.where(one == 1, 0, np.where(STRATA[:, None] == np.arange(10) // 5, 5 / 4, 1))
    else:
        signs = np.where(np.random.default_rng(5).random((10, 12)) < 0.5, 0, 2)[UNITS]
        signs[:6, 0], signs[6:12, 0] = 0, 2
        factors = signs * 0.7 + 0.3 if method == "Fay" else signs
    return (factors * weights[:, None]).round(4)


def write(path, method=None, **cells):
    frame = make_answers().drop(columns=["open"])
    frame["school"] = UNITS + 1
    if method:
        sets = make_sets(method, frame["wgt"].to_numpy())
        names = [f"jkw_{number:02d}" for number in range(1, sets.shape[1] + 1)]
        frame = pd.concat([frame, pd.DataFrame(sets, columns=names)], axis=1)
    frame = frame.rename(columns={"school": "psu"}).assign(**cells)
    frame.to_csv(path, index=False)
    return path, f"jkw_01-jkw_{sets.shape[1]:02d}" if method else ""


def read_cards(draft):
    return yaml.safe_load(draft.files[f"data/{draft.name}/cards.yaml"])


def test_a_cluster_is_asked_about_and_declared(tmp_path):
    path, _ = write(tmp_path / "a.csv")
    with pytest.raises(Undecided, match=r"klyngen, der blev udtrukket.*--cluster psu eller"):
        draft_project(path, *WORDS, CHOSEN)
    draft = draft_project(path, *WORDS, CHOSEN | {"cluster": "psu", "strata": "none"})
    cards = read_cards(draft)
    assert cards["clusters"] == ["cluster"] and "correction" not in cards
    header, first = draft.answers.to_csv(index=False).splitlines()[:2]
    assert dict(zip(header.split(","), first.split(","), strict=True))["cluster"] == "1"
    assert "tilbagelægning" in draft.files["beslutninger.md"]
    plain = read_cards(draft_project(path, *WORDS, CHOSEN | {"cluster": "none"}))
    assert plain["correction"] == "none" and "clusters" not in plain


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("JK1", {}),
        ("JKn", {"scales": [0.8] * 10}),
        ("BRR", {}),
        ("Fay", {"rho": 0.3}),
    ],
)
def test_the_method_of_replicate_weights_is_seen_of_them(tmp_path, method, fields):
    path, span = write(tmp_path / "a.csv", method)
    with pytest.raises(Undecided, match=f"--replicates {span}, eller --replicates none"):
        draft_project(path, *WORDS, CHOSEN | {"cluster": "none"})
    given = CHOSEN | {"cluster": "none", "replicates": span}
    found = read_cards(draft_project(path, *WORDS, given))["replicates"]
    last = 10 if method.startswith("JK") else 12
    expected = {"method": method, "form": "weights", "columns": f"replicate_01-replicate_{last}"}
    assert found == expected | fields


def test_where_the_method_cannot_be_seen_a_person_says_it(tmp_path):
    path, span = write(tmp_path / "a.csv", "BRR", jkw_03=np.arange(60) + 5.0)
    given = CHOSEN | {"cluster": "none", "replicates": span}
    with pytest.raises(Undecided, match=r"--method JK1, BRR, bootstrap, Fay:0.3 eller JKn:0.5"):
        draft_project(path, *WORDS, given)
    cards = read_cards(draft_project(path, *WORDS, given | {"method": "jkn:0.5"}))
    assert (cards["replicates"]["method"], cards["replicates"]["scales"]) == ("JKn", 0.5)
    taken = draft_project(path, *WORDS, {}, accepted=True)
    assert "replicates" not in read_cards(taken)
    assert "bruges ikke, for metoden kan ikke ses" in taken.files["beslutninger.md"]


def test_a_cell_that_is_no_replicate_weight_is_a_fault_of_the_file(tmp_path):
    path, span = write(tmp_path / "a.csv", "JK1", jkw_04=-1)
    with pytest.raises(DataFault, match="kolonne jkw_04: gentagelsesvægten mangler, er ikke et"):
        draft_project(path, *WORDS, CHOSEN | {"cluster": "none", "replicates": span})
    with pytest.raises(Undecided, match="--replicates jkw_01-jkw_11: filen har ingen kolonne"):
        draft_project(path, *WORDS, CHOSEN | {"replicates": "jkw_01-jkw_11"})


def test_a_drafted_survey_is_estimated_by_its_replicate_weights(tmp_path):
    path, span = write(tmp_path / "a.csv", "JKn")
    draft = draft_project(path, *WORDS, CHOSEN | {"cluster": "none", "replicates": span})
    write_files(draft, tmp_path)
    folder = tmp_path / "data" / draft.name
    cards = yaml.safe_load((folder / "cards.yaml").read_text(encoding="utf-8"))
    del cards["files"]["closed.yaml"]  # a plan would take chapters to run
    text = yaml.safe_dump(cards | {"data_date": "2024-05-01"}, allow_unicode=True)
    (folder / "cards.yaml").write_text(text, encoding="utf-8")
    seal_cards(folder)
    assert "Gentagelsesvægt 10 (JKn)" in (folder / "dictionary.csv").read_text(encoding="utf-8")
    survey = open_survey(str(folder))
    assert isinstance(survey.design, Replicates) and survey.design.scales.tolist() == [0.8] * 10


def test_weights_that_no_method_makes_have_none():
    rng = np.random.default_rng(3)
    weights = rng.uniform(1, 3, 40)
    assert recognise(weights + 50, rng.uniform(0.5, 1.5, (40, 9))) == {"form": "factors"}
    sets = weights[:, None] * rng.poisson(1, (40, 9))
    assert "method" not in recognise(weights, sets)
    # one set for each pair, which leaves out one of two: the scales would be others (JK2)
    pairs = np.arange(40) // 2
    jk2 = np.where(pairs[:, None] == np.arange(20), 2.0 * (np.arange(40) % 2)[:, None], 1)
    assert "method" not in recognise(weights, jk2 * weights[:, None])


@pytest.mark.parametrize("text", ["SDR", "Fay", "BRR:0.3", "JKn"])
def test_a_method_without_its_number_is_refused(text):
    with pytest.raises(ValueError, match=r"Fay:0.3 eller JKn:0.5"):
        read_method(text)
