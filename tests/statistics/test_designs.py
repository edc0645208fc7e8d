"""Stages and replicate weights on samples small enough to check by hand. Against R: test_golden.py."""

import numpy as np
import pandas as pd
import pytest

from barometer.statistics import stages
from barometer.statistics.design import Design, LonelyStratum
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.replicates import Replicates, find_scales
from tests.statistics.test_estimates import TinySurvey, nan

EVERYBODY = np.arange(4)


def test_two_stages_add_the_second_by_the_part_of_the_first_that_was_drawn():
    # Two of four clusters, two of three in each: 2 (1 - 1/2) times half the squared difference of
    # the sums 1 and 5, plus 1/2 of (1 - 2/3) 2 times half of 1 squared and of 3 squared.
    design = Design([1] * 4, fpc=[4] * 4, psu=list("aabb"), later=[(None, [3] * 4)])
    (variance,) = design.variances(np.array([[0.0], [1], [1], [4]]), EVERYBODY)
    assert variance == pytest.approx(0.5 * 2 * 16 / 2 + 0.5 * (1 / 3) * 2 * (1 / 2 + 9 / 2))


def test_where_all_clusters_were_drawn_only_the_later_stage_counts():
    design = Design([1] * 4, fpc=[2] * 4, psu=list("aabb"), later=[(None, [2, 2, 3, 3])])
    asked = np.ones((4, 1), dtype=bool)
    (variance,) = design.variances(np.array([[0.0], [9], [1], [4]]), EVERYBODY)
    assert variance == pytest.approx((1 / 3) * 2 * 9 / 2)
    assert design.complete.all() and not design.is_complete
    assert design.find_complete(asked[:2], EVERYBODY[:2]).all()  # of cluster a, all were asked
    assert not design.find_complete(asked, EVERYBODY).any()


def test_a_cluster_of_one_unit_is_lonely_only_where_its_stage_counts():
    how = {"psu": list("aabc"), "later": [(None, [3] * 4)]}
    with pytest.raises(LonelyStratum, match="0/b, 0/c"):
        Design([1] * 4, fpc=[5] * 4, **how).variances(np.ones((4, 1)), EVERYBODY)
    assert Design([1] * 4, **how).variances(np.ones((4, 1)), EVERYBODY)  # with replacement


def test_inference_beyond_the_population_has_one_stage():
    design = Design([1] * 4, fpc=[4] * 4, psu=list("aabb"), later=[(None, [3] * 4)])
    assert len(design.uncorrected.stages) == 1
    assert design.uncorrected.uncorrected is design.uncorrected


def estimate(design, answers):
    return estimate_shares(TinySurvey(design, {"item": answers}, {}), ["item"]).table.iloc[0]


def test_the_jackknife_of_a_simple_sample_is_its_usual_error():
    sets = (1 - np.eye(4)) * 4 / 3
    row = estimate(Replicates([1] * 4, sets, find_scales("JK1", 4)), [1, 0, 0, 1])
    plain = estimate(Design([1] * 4), [1, 0, 0, 1])
    assert (row.share, row.df) == (plain.share, 3) and row.se == pytest.approx(plain.se)


def test_a_set_that_leaves_nobody_in_the_base_is_left_out_there():
    sets = np.array([[2, 0, 1], [2, 0, 3], [0, 2, 2], [0, 2, 2]])
    row = estimate(Replicates([1] * 4, sets, find_scales("BRR", 3)), [1, 0, nan, nan])
    # shares of the sets: 1/2, none, 1/4
    assert row.se == pytest.approx(np.sqrt((1 / 4) ** 2 / 3))


def test_deviations_from_the_mean_of_the_sets_are_smaller():
    sets = np.array([[2, 2, 1], [1, 0, 1], [0, 2, 1.5], [1, 0, 0.5]])
    errors = [
        estimate(Replicates([1] * 4, sets, 1 / 3, center=center), [1, 0, 0, 1]).se
        for center in ("mean", "estimate")
    ]
    shares = np.array([3 / 4, 2 / 4, 1.5 / 4])
    expected = [np.sqrt(np.var(shares)), np.sqrt(np.mean((shares - 0.5) ** 2))]
    assert errors == pytest.approx(expected)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"replicates": [[1, 2]] * 3}, "a line for each weight"),
        ({"replicates": [[1, -2]] * 4}, "not negative"),
        ({"replicates": [[1]] * 4}, "two or more sets"),
        ({"center": "middle"}, "estimate, mean"),
    ],
)
def test_what_is_no_set_of_weights_is_refused(how, told):
    with pytest.raises(ValueError, match=told):
        Replicates([1] * 4, **({"replicates": [[1, 2]] * 4, "scale": 1} | how))


def test_variances_found_a_part_of_the_rows_at_a_time_are_the_same(monkeypatch):
    rng = np.random.default_rng(1)
    design = Design(rng.random(30) + 1, rng.integers(0, 3, 30), np.full(30, 40))
    rows = np.sort(rng.choice(30, 23, replace=False))
    influence = rng.normal(size=(23, 2))
    whole = design.covariances(influence, rows)
    monkeypatch.setattr(stages, "MOST", 4)
    assert design.covariances(influence, rows) == pytest.approx(whole, rel=1e-12)
    assert design.variances(influence, rows) == pytest.approx(whole.diagonal(), rel=1e-12)


def test_strata_of_few_names_are_numbered_as_texts_are():
    texts = np.array(["c", "a", "b", "a"], dtype=object)
    given = pd.Categorical(texts, categories=["c", "none", "b", "a"])
    names, codes = stages.code_labels("strata", given, 4)
    assert (names.tolist(), codes.tolist()) == (["a", "b", "c"], [2, 0, 1, 0])
    with pytest.raises(ValueError, match="none missing"):
        stages.code_labels("strata", pd.Categorical(["a", None]), 2)
