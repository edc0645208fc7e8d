"""Ticks of several questions that a cell looks at together, and fits that make it worse."""

import numpy as np
import pytest

from barometer.proofs import moving, proving
from barometer.proofs.made_up import Exhausted, MadeUp, Work, count_bases
from barometer.proofs.proving import draw_again, fit_across, fit_missed, fit_unit
from barometer.proofs.starting import Start
from barometer.proofs.variables import list_units
from barometer.verify.claims import Claim

TICKS = {
    "kind": "multiple",
    "asked": "all",
    "items": ["abroad", "none"],
    "answers": [],
    "exclusive": ["none"],
    "max": None,
    "must_tick": False,
}
STRUCTURE = {
    "threshold": 3,
    "background": {"sector": ["state", "region"]},
    "questions": {"initiator": TICKS, "partner": TICKS},
    "derived": {
        "either": {
            "parts": ["initiator.abroad", "partner.abroad"],
            "at_least": 1,
            "negated": False,
            "among": None,
        }
    },
}
COLUMNS = [f"{name}.{tick}" for name in STRUCTURE["questions"] for tick in TICKS["items"]]


def claim(item, domain, share):
    return Claim("share", ((item, "all", domain),), share, share, "")


@pytest.fixture
def stuck():
    """A hundred respondents. Ten of the state have both ticks; they are to be of the region."""
    claims = [
        claim("initiator.abroad", "all", 10),
        claim("partner.abroad", "all", 10),
        claim("partner.abroad", "region", 20),
        claim("either", "all", 10),
    ]
    columns = {name: np.zeros(100, dtype=np.int8) for name in COLUMNS}
    columns["sector"] = np.repeat(np.array([0, 1], dtype=np.int8), 50)
    for name in ("initiator.abroad", "partner.abroad"):
        columns[name][:10] = 1
    survey = MadeUp(STRUCTURE, [], claims, columns, np.ones(100), Work(100))
    survey.units = [unit for level in list_units(STRUCTURE, {*COLUMNS}) for unit in level]
    random = np.random.default_rng(1)
    return survey, Start(STRUCTURE, claims, random), random


def miss(survey):
    return survey.goals.miss(survey.sums).sum()


def test_what_no_question_alone_can_give_is_given_by_two_together(stuck):
    survey, start, random = stuck
    fit_missed(survey, start, random)
    assert miss(survey) > 5
    fit_across(survey, start, random)
    assert miss(survey) == 0
    both = (survey.columns["initiator.abroad"] == 1) & (survey.columns["partner.abroad"] == 1)
    assert both.sum() == 10 and not both[:50].any()
    before = survey.work.left
    fit_across(survey, start, random)  # nothing is missed, and nothing is done
    assert survey.work.left == before


def test_a_fit_that_misses_more_than_before_is_taken_back(stuck, monkeypatch):
    survey, start, random = stuck
    held, sums = {name: one.copy() for name, one in survey.columns.items()}, survey.sums.copy()
    fits = []

    def spoil(fit, wanted, random):
        fits.append(fit)
        return np.ones(len(fit.held), dtype=int)  # everybody ticks

    monkeypatch.setattr(proving.Fit, "assign", spoil)
    partner = survey.units[1]
    monkeypatch.setattr(proving, "_fit_alone", lambda *given: None)
    fit_unit(survey, partner, start, random)
    assert fits and (survey.sums == sums).all()
    assert all((survey.columns[name] == values).all() for name, values in held.items())


def test_a_group_is_drawn_with_as_many_respondents_as_are_told_of_in_it():
    """What its answers are is fitted later, and who is not in it cannot give them."""
    asked = Claim("n", (("partner.abroad", "either", "region"),), 20, 20, "")
    size = Claim("count", (("either", "all", "region"),), 20, np.inf, "")
    assert size in count_bases(STRUCTURE, [asked])
    part = Claim("n", (("partner.abroad", "sector=state", "all"),), 20, 20, "")
    assert len(count_bases(STRUCTURE, [part])) == 1  # where somebody is was settled before


def test_counting_is_work_too(stuck):
    survey, _, _ = stuck
    survey.work.left = 0
    with pytest.raises(Exhausted):
        survey.count(np.arange(len(survey.cells)))


def test_what_no_weights_can_give_is_given_first_where_answers_cannot_give_all(stuck):
    survey, start, random = stuck
    claims = [claim("partner.abroad", *one) for one in (("state", 10), ("region", 10), ("all", 30))]
    survey = MadeUp(STRUCTURE, [], claims, survey.columns, np.ones(100), Work(100))
    survey.units = [unit for level in list_units(STRUCTURE, {*COLUMNS}) for unit in level]
    fit_missed(survey, start, random)
    whole = survey.goals.claims.index(("share", claims[2].cells))
    assert survey.goals.miss(survey.sums)[whole] > 10
    for _ in range(3):
        survey.raise_price([whole])
    fit_missed(survey, start, random)
    assert survey.goals.miss(survey.sums)[whole] == 0


def test_answers_that_no_weights_can_help_are_drawn_anew_but_not_those_of_groups(
    stuck, monkeypatch
):
    survey, start, random = stuck
    group = Claim("share", (("partner.abroad", "initiator.abroad", "state"),), 0, 100, "")
    claims = [*survey.claims, group]
    survey = MadeUp(STRUCTURE, [], claims, survey.columns, np.ones(100), Work(100))
    survey.units = [unit for level in list_units(STRUCTURE, {*COLUMNS}) for unit in level]
    drawn = []
    monkeypatch.setattr(
        start, "draw", lambda unit, columns, among=None: drawn.append(unit.name) or {}
    )
    draw_again(survey, start, random, range(len(survey.goals.claims)))
    assert {*drawn} == {"partner"}


def test_what_fitting_again_does_not_bring_nearer_is_left_for_the_weights(stuck, monkeypatch):
    survey, start, random = stuck
    survey.much, fits = 0.4, []
    monkeypatch.setattr(moving, "fit_missed", lambda *given, **named: fits.append(1))
    monkeypatch.setattr(moving, "fit_across", lambda *given, **named: None)
    moving.settle(survey, start, random)
    assert miss(survey) > 5 and len(fits) == moving.PATIENT
