"""Weights of made-up respondents of whose weights nothing is published."""

from types import SimpleNamespace

import numpy as np
import pytest

from barometer.proofs.made_up import MadeUp, Work
from barometer.proofs.weighing import give_weights, guess_weights, is_weighed
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
