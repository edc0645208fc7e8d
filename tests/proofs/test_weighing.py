"""Weights of made-up respondents of whose weights nothing is published."""

from types import SimpleNamespace

import numpy as np
import pytest

from barometer.proofs.made_up import MadeUp, Work
from barometer.proofs.weighing import give_weights, guess_weights, is_weighed, weigh
from barometer.verify.claims import Claim
from tests.proofs.test_fitting_across import STRUCTURE, claim


def test_parts_weigh_what_the_published_shares_of_the_whole_say_of_theirs():
    """5 and 10 of 50 each are 15 per cent of the whole, and 12 if the state weighs 4 times as much."""
    ticked = np.concatenate([np.arange(50) < 5, np.arange(50) < 10]).astype(np.int8)
    columns = {"partner.abroad": ticked, "sector": np.repeat(np.array([0, 1], dtype=np.int8), 50)}
    shares = [("all", 12), ("state", 10), ("region", 20)]
    claims = [claim("partner.abroad", domain, share) for domain, share in shares]
    survey = MadeUp(STRUCTURE, [], claims, columns, np.ones(100), Work(100))
    heavy = guess_weights(survey, SimpleNamespace(structure=STRUCTURE, claims=claims))
    assert heavy == pytest.approx({(0,): 1.6, (1,): 0.4}, abs=0.05)
    weights = give_weights({"sector": columns["sector"]}, heavy, mixed=False)
    assert 100 * (weights @ ticked) / weights.sum() == pytest.approx(12, abs=0.3)
    mixed = give_weights({"sector": columns["sector"]}, heavy, mixed=True)
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
    survey = SimpleNamespace(structure=STRUCTURE, columns={})
    assert guess_weights(survey, SimpleNamespace(structure=STRUCTURE, claims=[])) == {}
