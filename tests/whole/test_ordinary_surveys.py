"""Estimates and tests of valid surveys in which some number does not exist: none raises, and each
row says why.
"""

import numpy as np
import pytest

from barometer.disclosure import gate
from barometer.disclosure.release import release_differences, release_distribution, release_shares
from barometer.figures.drawing import draw_distribution, draw_groups
from barometer.figures.tables import show_shares
from barometer.sentences.claims import tell_difference, tell_shares
from barometer.statistics.comparisons import compare_groups, compare_items
from barometer.statistics.design import Design
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.inferences import INFERENCES
from barometer.statistics.interactions import test_interaction
from barometer.statistics.tabletests import test_distribution
from barometer.survey import open_survey
from tests.make.small_survey import COLUMNS, break_and_recard, make_survey, set_cells
from tests.statistics.test_comparisons import TinySurvey

nan = np.nan
N = 12
HALF = {"a": [1] * 6 + [0] * 6, "b": [0] * 6 + [1] * 6, "nobody": [0] * N}
MIXED = {"x": [1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0], "y": [0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1]}
STRATA = list("aaabbbcccddd")
SURVEYS = {
    "a census": ({"fpc": [3] * N, "strata": STRATA}, MIXED),
    "a census with strata of one": (
        {"fpc": [1] * 6 + [6] * 6, "strata": [*"abcdef", *"g" * 6]},
        MIXED,
    ),
    "everybody alike": ({"fpc": [30] * N, "strata": STRATA}, {"x": [1] * N, "y": [1] * N}),
    "one group alike": (
        {"fpc": [30] * N, "strata": STRATA},
        {"x": [1] * 6 + MIXED["x"][6:], "y": MIXED["y"]},
    ),
    "opposite groups": ({"fpc": [30] * N, "strata": STRATA}, {"x": HALF["a"], "y": HALF["b"]}),
    "no answers": ({"fpc": [30] * N, "strata": STRATA}, {"x": [nan] * N, "y": MIXED["y"]}),
    "no answers in a group": (
        {"fpc": [30] * N, "strata": STRATA},
        {"x": [nan] * 6 + MIXED["x"][6:], "y": MIXED["y"]},
    ),
    "one stratum": ({"fpc": [100] * N}, MIXED),
    "normalised weights": ({"fpc": [30] * N, "strata": STRATA, "weights": [0.5, 1.5] * 6}, MIXED),
    "a sector surveyed completely": ({"fpc": [3] * 6 + [30] * 6, "strata": STRATA}, MIXED),
    "one answer": (
        {"fpc": [30] * N, "strata": STRATA},
        {"x": [1] + [nan] * 11, "y": [nan] * 11 + [0]},
    ),
}
KNOWN = {
    "",
    "empty",
    "complete",
    "exact",
    "equal",
    "zero_variance",
    "too_few",
    "singular",
    "one_level",
}


def make(name, inference):
    how, answers = SURVEYS[name]
    how = {"weights": [2] * N} | how
    return TinySurvey(Design(how.pop("weights"), **how), answers | HALF, inference)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("inference", INFERENCES)
@pytest.mark.parametrize("name", SURVEYS)
def test_every_valid_survey_is_estimated_and_tested_and_every_row_says_why_a_number_does_not_exist(
    name, inference
):
    survey = make(name, inference)
    groups = ["a", "b", "nobody", "all"]
    estimates = estimate_shares(survey, ["x", "y"], groups)
    table = estimates.table
    assert (table["share"].isna() == (table["status"] == "empty")).all()
    assert (
        table["low"].isna()
        == table["status"].isin(["empty", "complete", "too_few", "zero_variance"])
    ).all()
    assert (
        table["deff"].isna()
        == (
            (table["status"].isin(["empty", "complete", "exact", "zero_variance"]))
            | (table["deff_status"] != "")
        )
    ).all()
    rows = [
        row
        for first in groups
        for second in groups
        if first != second
        for row in compare_groups(estimates, first, second).itertuples()
    ]
    for row in (*rows, *compare_items(estimates, "x", "y").itertuples()):
        assert row.status in KNOWN
        assert np.isnan(row.p) == bool(row.status)
        assert bool(row.verdict) == (row.status in ("", "complete", "equal"))
    tests = [
        test_distribution(survey, ["x"], ["a", "b"]),
        test_distribution(survey, ["x"], ["a", "nobody"]),
        test_interaction(survey, [("x", "a"), ("x", "b")], [("y", "a"), ("y", "b")]),
    ]
    for test in tests:
        assert test.status in KNOWN
        assert np.isnan(test.p) == bool(test.status)
        assert bool(test.verdict) == (test.status in ("", "complete", "equal"))


def test_what_nobody_in_a_report_was_asked_is_told_as_such_wherever_it_stands(
    tmp_path, monkeypatch
):
    """Nobody in the state is innovative, so that nobody there was asked what only the innovative
    are.
    """
    folder = make_survey(tmp_path / "small")
    blank = dict.fromkeys(
        [name for name in COLUMNS if name.startswith(("initiator", "evaluated", "purpose"))], ""
    )
    break_and_recard(
        folder,
        set_cells(
            ["r01", "r02", "r03"],
            introduced_product="no",
            introduced_service="no",
            underway="no",
            **blank,
        ),
    )
    # what is tried is not the gate
    monkeypatch.setattr(gate, "find_rules", lambda survey, cells: ({}, set()))
    survey = open_survey(str(folder), "state")
    groups = {"size=small": "Små", "size=large": "Store"}
    shares = release_shares(survey, survey.question("evaluated"))
    payload = show_shares(shares, "tabel-1", "T").payload
    assert [row[1] for row in payload["table"]["rows"]] == ["ingen svar"] * 3
    told = tell_shares("X", shares, "Det gælder {a} {sektor}.", {"a": "evaluated=internal"})
    assert (str(told), told.outcome) == ("Der er ingen svar i staten om »Ja, internt«.", "empty")
    assert shares.most_frequent("all") in survey.question("evaluated")
    tested = release_differences(survey, ["evaluated=internal"], *groups)
    told = tell_difference(
        "X", tested, "evaluated=internal", more="Flere.", less="Færre.", same="Ens."
    )
    assert (str(told), told.outcome) == (
        "Der er ingen svar i staten fra de grupper, der skulle sammenlignes, når det "
        "gælder »Ja, internt«.",
        "untested",
    )
    table = release_distribution(survey, survey.question("evaluated"), [*groups])
    for figure in (
        draw_groups(tested, "figur-1", "T", ["evaluated=internal"], groups),
        draw_distribution(table, "figur-2", "T", groups),
    ):
        cells = {cell for row in figure.payload["table"]["rows"] for cell in row[1:]}
        assert cells - {"0"} == {"ingen svar"}  # 0: the number of respondents
        assert "nan" not in str(figure.payload)


@pytest.mark.parametrize("name", [name for name in SURVEYS if name.startswith("a census")])
def test_no_test_of_a_census_is_for_want_of_answers(name):
    estimates = estimate_shares(make(name, "finite"), ["x", "y"], ["a", "b"])
    assert set(estimates.table["status"]) == {"complete"}
    assert set(compare_groups(estimates, "a", "b")["status"]) == {"complete"}
    assert compare_groups(estimates, "a", "b")["p_superpopulation"].notna().all()
