"""Weights and errors against those of R's package survey (golden/make_golden.R)."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from barometer.numbers.means import Scale, estimate_means
from barometer.statistics.comparisons import compare_groups
from barometer.statistics.design import Design
from barometer.statistics.estimates import estimate_shares
from barometer.weighting.design import Calibrated
from barometer.weighting.steps import Margin, calibrate, poststratify, rake, trim
from tests.statistics.test_estimates import TinySurvey

GOLDEN = Path(__file__).parent / "golden"
DATA, POPULATION, TOTALS, WEIGHTS, EXPECTED = (
    pd.read_csv(GOLDEN / f"{name}.csv")
    for name in ("data", "population", "totals", "weights", "expected")
)
UNITS = POPULATION.set_index("stratum")["units"][DATA["stratum"]].to_numpy(float)
THREE = ("sector", "age", "sex")
CLOSED = ("post", "post_age", "linear", "post_linear")  # the others are iterated


def margin(name):
    totals = TOTALS[TOTALS["variable"] == name]
    place = pd.Index(totals["answer"]).get_indexer(DATA[name])
    return Margin(name, place, totals["units"].to_numpy(float))


def cells():
    place = pd.Index(POPULATION["stratum"]).get_indexer(DATA["stratum"])
    return Margin("stratum", place, POPULATION["units"].to_numpy(float))


def chain(start, *steps):
    weights, projections = start, []
    for step in steps:
        weights, projection = step(weights)
        projections += [projection] if projection else []
    return weights, projections


def fit(function, names=THREE, **how):
    return lambda weights: function(weights, [margin(name) for name in names], **how)


def cut(weights):
    return trim(weights, 0.5 * weights.mean(), 2 * weights.mean()), None


@cache
def make(recipe):
    strata = UNITS / DATA.groupby("stratum")["stratum"].transform("size").to_numpy()
    equal = np.full(len(DATA), 3000 / len(DATA))
    bounds = {"method": "logit", "bounds": (0.5, 2.5)}
    raking = fit(calibrate, method="raking")
    return {
        "post": lambda: chain(equal, lambda weights: poststratify(weights, cells())),
        "post_age": lambda: chain(strata, lambda weights: poststratify(weights, margin("age"))),
        "rake": lambda: chain(strata, fit(rake)),
        "rake_clusters": lambda: chain(strata, fit(rake)),
        "rake_equal": lambda: chain(equal, fit(rake, ("sector", "size", "age", "sex"))),
        "linear": lambda: chain(strata, fit(calibrate)),
        "linear_bounds": lambda: chain(strata, fit(calibrate, bounds=(0.7, 1.9))),
        "raking": lambda: chain(strata, raking),
        "raking_clusters": lambda: chain(strata, raking),
        "logit": lambda: chain(strata, fit(calibrate, **bounds)),
        "rake_trim": lambda: chain(strata, fit(rake), cut),
        "rake_trim_rake": lambda: chain(strata, fit(rake), cut, fit(rake)),
        "post_linear": lambda: chain(
            equal,
            lambda weights: poststratify(weights, cells()),
            fit(calibrate, ("age", "sex")),
        ),
    }[recipe]()


def survey(recipe):
    weights, projections = make(recipe)
    strata, how = DATA["stratum"].to_numpy(), {"fpc": UNITS}
    if recipe.endswith("clusters"):
        how = {"psu": DATA["cluster"].to_numpy()}
    if recipe in ("post", "rake_equal", "post_linear"):
        how = {}
    design = Calibrated(Design(weights, strata, **how), projections)
    groups = {
        f"{name}={answer}": (DATA[name] == answer).to_numpy()
        for name, answer in (("sector", "region"), ("age", "c"), ("sex", "f"), ("sex", "m"))
    }
    return TinySurvey(design, {"yes": DATA["yes"].to_numpy(float)}, groups)


def measure(recipe, statistic, domain):
    asked = survey(recipe)
    if statistic == "share":
        return estimate_shares(asked, ["yes"], [domain]).table.iloc[0]
    if statistic == "mean":
        scale = Scale("points", DATA["points"].to_numpy(float), 1, 5)
        return estimate_means(asked, {"yes": scale}, [domain]).table.iloc[0]
    asked.inference = "finite"
    groups = domain.split(" mod ")
    tested = compare_groups(estimate_shares(asked, ["yes"], groups), *groups).iloc[0]
    return tested.rename({"difference": "share", "share": ""})


@pytest.mark.parametrize("recipe", list(WEIGHTS))
def test_weights_and_errors_are_those_of_r(recipe):
    near = 1e-9 if recipe in CLOSED else 1e-6
    assert make(recipe)[0] == pytest.approx(WEIGHTS[recipe].to_numpy(), rel=near)
    rows = EXPECTED[EXPECTED["recipe"] == recipe]
    assert len(rows) == 7
    for row in rows.itertuples():
        found = measure(recipe, row.statistic, row.domain)
        assert found["share"] == pytest.approx(row.estimate, rel=near)
        assert found["se"] == pytest.approx(row.se, rel=near)


def test_what_weights_were_fitted_to_has_no_error():
    asked = survey("rake")
    items = {"age": (DATA["age"] == "c").to_numpy(float)}
    row = estimate_shares(TinySurvey(asked.design, items, {}), ["age"]).table.iloc[0]
    assert (row["share"], row["se"]) == (pytest.approx(720 / 3000), 0.0)
