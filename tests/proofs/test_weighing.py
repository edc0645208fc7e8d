"""Weights of made-up respondents of whose weights nothing is published."""

from types import SimpleNamespace

import numpy as np
import pytest

from barometer.proofs.made_up import MadeUp, Work
from barometer.proofs.programmes import miss_least
from barometer.proofs.weighing import give_weights, guess_weights, is_weighed, weigh
from barometer.verify.claims import Claim
from tests.proofs.test_fitting_across import STRUCTURE, claim


def test_parts_weigh_what_the_published_shares_of_the_whole_say_of_theirs():
    """10 per cent of the state and 20 of the regions are 12 of the whole if the state weighs four
    times as much, with as many respondents in each.
    """
    columns = {"sector": np.repeat(np.array([0, 1], dtype=np.int8), 50)}
    asked = [("all", 100), ("state", 50), ("region", 50)]
    claims = [Claim("n", (("partner.abroad", "all", one),), n, n, "") for one, n in asked]
    shares = [("all", 12), ("state", 10), ("region", 20)]
    claims += [claim("partner.abroad", domain, share) for domain, share in shares]
    heavy = guess_weights(SimpleNamespace(structure=STRUCTURE, claims=claims), columns)
    assert heavy == pytest.approx({(0,): 1.6, (1,): 0.4}, abs=0.05)
    weights = give_weights(columns, heavy, mixed=False)
    assert weights @ np.repeat([0.1, 0.2], 50) / weights.sum() == pytest.approx(0.12, abs=0.003)
    mixed = give_weights(columns, heavy, mixed=True)
    assert len({*mixed[:50]}) == 3 and mixed[:50].mean() == pytest.approx(weights[0], rel=0.02)


def test_a_folder_says_what_respondents_weigh_where_it_has_their_units_or_the_largest_weight():
    share = claim("partner.abroad", "all", 12)
    units = Claim("units", (("all", "all", "state"),), 90, 90, "")
    for further, known in (([], False), ([units], True)):
        assert is_weighed(SimpleNamespace(claims=[share, *further])) == known


@pytest.fixture
def published():
    """Fifty respondents of each sector, ten of each with both ticks, and what may be claimed."""

    def make(*claims):
        ticked = np.tile(np.arange(50) < 10, 2).astype(np.int8)
        columns = {name: ticked for name in ("initiator.abroad", "partner.abroad")}
        columns["partner.abroad"] = ticked[::-1].copy()
        columns["sector"] = np.repeat(np.array([0, 1], dtype=np.int8), 50)
        survey = MadeUp(STRUCTURE, [], claims, columns, np.ones(100), Work(100))
        return survey, SimpleNamespace(structure=STRUCTURE, claims=claims)

    return make


def test_weights_meet_all_but_what_contradicts_each_other_and_that_is_named(published):
    """The parts have 15 per cent each, and the whole cannot have 25."""
    shares = [("all", 25), ("state", 15), ("region", 15)]
    against = [claim("partner.abroad", domain, share) for domain, share in shares]
    survey, folder = published(claim("initiator.abroad", "all", 22), *against)
    stuck = weigh(survey, folder)
    assert {survey.goals.claims[at][1] for at in stuck} == {one.cells for one in against}
    ticked = survey.columns["initiator.abroad"] == 1
    assert 100 * survey.weights[ticked].sum() / survey.weights.sum() == pytest.approx(22, abs=0.1)


def test_no_weight_leaves_the_limits_that_are_published_and_those_within_give_the_share(published):
    largest = Claim("largest", (("all", "all", "state"),), 1.1, 1.1, "")
    share = Claim("share", (("initiator.abroad", "all", "all"),), 22.95, 23.05, "")
    survey, folder = published(share, largest)
    assert not weigh(survey, folder)
    heaviest = survey.weights[:50].max()
    assert heaviest == pytest.approx(1.1) and survey.weights[50:].max() > 1.15


def test_where_no_share_is_published_no_part_weighs_more_than_another():
    columns = {"sector": np.array([0, 0, 1], dtype=np.int8)}
    published = SimpleNamespace(structure=STRUCTURE, claims=[])
    assert guess_weights(published, columns) == {(0,): 1.0, (1,): 1.0}


def test_claims_that_the_nearest_weights_cannot_meet_are_met_by_others(published, monkeypatch):
    """Those nearest are not looked for here, as where they end in too many limits."""
    monkeypatch.setattr("barometer.proofs.weighing._meet_nearest", lambda *given: True)
    claims = [claim("initiator.abroad", "all", 22), claim("partner.abroad", "state", 15)]
    survey, folder = published(*claims)
    assert weigh(survey, folder) == []
    ticked = survey.columns["initiator.abroad"] == 1
    assert 100 * survey.weights[ticked].sum() / survey.weights.sum() == pytest.approx(22, abs=0.1)
    assert np.isclose(survey.weights, 1).sum() > 50  # as near as that allows


def test_of_claims_that_contradict_each_other_few_are_missed_by_what_misses_least():
    """The one share cannot be 10 and 20: one of the two claims is missed, and the other is met."""
    lines = np.array([[1.0, -1.0], [1.0, -1.0]])
    limits = np.zeros(2) + 0.5, np.zeros(2) + 2.0
    ends = np.array([0.2, -0.1]), np.array([0.3, 0.1])
    weights, short = miss_least(np.ones(2), lines, *ends, np.ones((1, 2)), limits)
    assert weights.sum() == pytest.approx(2) and sorted(short) == pytest.approx([0, 0.1])
