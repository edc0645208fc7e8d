"""Shares from one pass over the respondents, against influence values respondent by respondent and
by hand.
"""

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barometer.paths import ROOT
from barometer.statistics import onepass
from barometer.statistics.design import LONELY_RULES, Design, LonelyStratum
from barometer.statistics.estimates import NO_VARIANCE, measure_by_units
from barometer.statistics.onepass import Measures, measure_in_one_pass

NAMES = [one.name for one in fields(Measures)]
respondents = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([0.0, 0.3, 0.7, 1.0, 4.0, 1e6]),
        *[st.sampled_from([-1, 0, 1])] * 2,
        *[st.booleans()] * 3,
    ),
    min_size=2,
    max_size=30,
).filter(lambda rows: any(row[1] for row in rows))


def make_frame(n, seed=1, k=4, groups=3, strata=5):
    """A design with unequal weights within strata, answers (n x k) and groups that overlap."""
    rng = np.random.default_rng(seed)
    stratum = np.arange(n) % strata
    # the first stratum is surveyed completely
    fpc = np.bincount(stratum)[stratum] * (1 + stratum)
    design = Design(rng.uniform(0.2, 9, n), stratum, fpc)
    return design, rng.integers(-1, 2, (n, k)).astype(np.int8), rng.random((groups, n)) < 0.4


def expect_same(design, answers, members, reach=1e-10):
    """Both ways give the same measures, and the same are without variance."""
    one, other = (
        measure_in_one_pass(design, answers, members),
        measure_by_units(design, answers, members),
    )
    for name in NAMES:
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), reach, 1e-11, err_msg=name
        )
    np.testing.assert_array_equal(one.se < NO_VARIANCE, other.se < NO_VARIANCE)
    np.testing.assert_array_equal(np.isin(one.share, (0, 1)), np.isin(other.share, (0, 1)))


@settings(max_examples=150, deadline=None)
@given(respondents, st.sampled_from(LONELY_RULES[1:]), st.sampled_from([None, 1, 2]))
def test_one_pass_gives_what_influence_values_give(rows, lonely, sampled):
    stratum, weights = np.array([row[0] for row in rows]), [row[1] for row in rows]
    sizes = {name: np.count_nonzero(stratum == name) for name in stratum}
    fpc = None if sampled is None else [sampled * sizes[name] for name in stratum]
    design = Design(weights, stratum, fpc, lonely=lonely)
    expect_same(
        design,
        np.array([row[2:4] for row in rows], dtype=np.int8),
        np.array([row[4:] for row in rows]).T,
    )


def test_a_share_of_two_strata_is_as_by_hand():
    # a: weights 1, 3 say yes, 2 no; b: 2 yes, 2 no and 5 outside the group. W = 10, p = 6/10.
    design = Design([1, 3, 2, 2, 2, 5], list("aaabbb"))
    answers = np.array([[1], [1], [0], [1], [0], [1]], dtype=np.int8)
    found = measure_in_one_pass(design, answers, np.array([[True] * 5 + [False]]))
    # 100 times the influence: a 4, 12, -12 around 4/3; b 8, -12, 0 around -4/3. Times 3/2.
    squares = sum(
        (value - mean) ** 2
        for mean, values in ((4 / 3, (4, 12, -12)), (-4 / 3, (8, -12, 0)))
        for value in values
    )
    assert (found.share[0, 0], found.n[0, 0], found.n_yes[0, 0], found.df[0, 0]) == (0.6, 5, 3, 3)
    assert found.se[0, 0] == pytest.approx(np.sqrt(1.5 * squares) / 100, rel=1e-14)


def test_twenty_thousand_respondents_in_overlapping_groups_give_the_same_by_both_ways():
    expect_same(*make_frame(20_000, k=12, groups=9, strata=40))


def test_more_groups_than_bits_of_one_number_are_told_apart():
    design, answers, members = make_frame(300, groups=4 * onepass.BITS + 6)
    members[3:] = True  # only the bits that are pushed out first tell respondents apart
    expect_same(design, answers, members)


@pytest.mark.parametrize("limit", [1, 40, 200])
def test_working_on_fewer_groups_and_items_at_a_time_changes_nothing(monkeypatch, limit):
    frame = make_frame(500, k=7, groups=6)
    whole = measure_in_one_pass(*frame)
    monkeypatch.setattr(onepass, "LIMIT", limit)
    parts = measure_in_one_pass(*frame)
    for name in NAMES:
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), 1e-13, err_msg=name)


@pytest.mark.parametrize("share", [1e-6, 1 - 1e-6])
def test_shares_near_0_and_100_per_cent_keep_their_digits(share):
    n = 1_000_000
    answers = (np.arange(n) < share * n).astype(np.int8)[:, None]
    found = measure_in_one_pass(Design(np.full(n, 0.1)), answers, np.ones((1, n), dtype=bool))
    # One respondent differs: variance p (1 - p) / (n - 1).
    assert found.se[0, 0] == pytest.approx(np.sqrt(1e-6 * (1 - 1e-6) / (n - 1)), rel=1e-12)


def test_weights_that_are_alike_in_a_stratum_leave_no_variance_behind():
    # 0.1 + 0.1 + ... is not a whole number of tenths: rounding must stay below what counts as
    # variance.
    n = 300_000
    stratum = np.arange(n) % 3
    design = Design(np.array([0.1, 1 / 3, 7e5])[stratum], stratum)
    found = measure_in_one_pass(
        design, (stratum == 1).astype(np.int8)[:, None], np.ones((1, n), dtype=bool)
    )
    assert found.se[0, 0] < NO_VARIANCE
    assert 0 < found.share[0, 0] < 1


def test_weights_of_very_different_size_in_a_stratum_keep_their_digits():
    rng = np.random.default_rng(3)
    n = 4000
    weights = np.where(np.arange(n) % 2, 1e-7, 1e5) * rng.uniform(1, 2, n)
    light = (np.arange(n) % 2 == 1)[None]
    expect_same(
        Design(weights, np.arange(n) % 3),
        rng.integers(0, 2, (n, 2)).astype(np.int8),
        light,
        reach=1e-9,
    )


def test_a_lonely_stratum_is_refused_only_where_it_is_in_the_base():
    design = Design([1, 1, 1], ["south", "south", "north"])
    answers = np.array([[1], [0], [1]], dtype=np.int8)
    assert measure_in_one_pass(design, answers, np.array([[True, True, False]])).share[0, 0] == 0.5
    for members in ([[True, False, True]], [[True, True, False], [False, True, True]]):
        with pytest.raises(LonelyStratum, match="north"):
            measure_in_one_pass(design, answers, np.array(members))
    unasked = np.array([[1], [0], [-1]], dtype=np.int8)
    assert measure_in_one_pass(design, unasked, np.array([[True] * 3])).n[0, 0] == 2


MILLION = """
import resource
import numpy as np
from tests.statistics.test_onepass import expect_same, make_frame
from barometer.statistics.onepass import measure_in_one_pass

design, answers, members = make_frame(1_000_000, k=60, groups=21, strata=100)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
measure_in_one_pass(design, answers, members)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
expect_same(design, answers[:, :2], members[:3])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is told otherwise there")
def test_a_million_respondents_take_less_than_400_megabytes_beyond_the_data_and_give_the_same():
    told = subprocess.run([sys.executable, "-c", MILLION], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) < 400
