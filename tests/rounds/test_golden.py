"""Changes between rounds against those of R's package survey (golden/make_golden.R)."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from barometer.rounds.designs import Independent, make_panel
from barometer.rounds.joined import Joined
from barometer.statistics.comparisons import compare_groups
from barometer.statistics.design import Design
from barometer.statistics.estimates import Estimates, read_answers

GOLDEN = Path(__file__).parent / "golden"
DATA, EXPECTED = (pd.read_csv(GOLDEN / f"{name}.csv") for name in ("data", "expected"))
ROUNDS = [DATA[DATA["round"] == number] for number in (1, 2)]


def make_survey(part, fpc):
    weights, strata = part["weight"].to_numpy(), part["stratum"].to_numpy()
    design = Design(weights, strata, part["units"].to_numpy() if fpc else None)
    return SimpleNamespace(
        design=design,
        inference="finite",
        registry=SimpleNamespace(round=part["round"].iloc[0], period=""),
        indicator=lambda _: part["yes"].to_numpy(float),
        member=lambda _: np.ones(len(part), dtype=bool),
        label=lambda name: name,
    )


@pytest.mark.parametrize("row", list(EXPECTED.itertuples()), ids=EXPECTED["design"])
def test_a_change_has_the_error_and_the_p_of_r(row):
    surveys = tuple(make_survey(part, row.design == "independent") for part in ROUNDS)
    designs = [survey.design for survey in surveys]
    if row.design == "panel":
        design = make_panel(designs, [part["id"].to_numpy() for part in ROUNDS])
    else:
        design = Independent(designs)
    joined = Joined(surveys, design, {"yes": ("yes", "yes")})
    groups = "round=2", "round=1"
    estimates = Estimates(joined, ("yes",), groups, None, read_answers(joined, ["yes"]))
    found = compare_groups(estimates, *groups).iloc[0]
    assert found["df"] == row.df
    for name in ("difference", "se", "p"):
        assert found[name] == pytest.approx(getattr(row, name), rel=1e-9)


def test_a_panel_of_clusters_or_of_respondents_who_changed_stratum_is_refused():
    designs = [make_survey(part, False).design for part in ROUNDS]
    ids = [np.full(len(part), "x") for part in ROUNDS]
    with pytest.raises(ValueError, match="strata"):
        make_panel(designs, ids)
    clusters = Design([1, 1, 1, 1], psu=list("aabb"))
    with pytest.raises(ValueError, match="plain designs"):
        make_panel([clusters], [np.arange(4)])
