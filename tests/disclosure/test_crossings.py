"""Tables beside the plan that cross two questions: made in seconds, whatever the two, and nothing
closed comes back.
"""

import time

import pytest

from barometer.disclosure import bounds, suppression
from barometer.disclosure.attacks import NoPlan, Search
from barometer.disclosure.plan import SECONDARY, extend_plan, find_related, name_cell, widen
from barometer.disclosure.relations import relate_cells
from barometer.disclosure.suppression import Bounds
from tests.make.shipped import open_shipped

QUESTIONS = [
    name for name, one in open_shipped().registry.questions.items() if one.kind != "battery"
]
LONGEST = 40  # seconds of one core; the bound is five of an idle one
HARD = [
    ("technology", "novelty"),
    ("novelty", "closeness"),
    ("core_task", "novelty"),
    ("evaluated", "novelty"),
]


def list_crossed(survey, question, other):
    return [
        name_cell(survey.registry, item, group, "all")
        for item in survey.question(question)
        for group in survey.question(other)
    ]


def find_recovered_cells(survey, cells, found):
    """The closed cells of the plan and on top of it that an intruder finds who knows every open
    one.
    """
    scope = survey.plan.scope
    extra = {
        one for cell in cells if cell not in scope for one in widen(survey.registry, cell)
    } - scope
    related = find_related(survey.registry, survey.plan, extra)
    relations = relate_cells(survey, [*sorted(related), *sorted(extra)])
    closed = {
        cell: relations.names[cell]
        for cell in survey.plan.closed | found
        if cell in relations.names
    }
    names = Search(relations).find_all(frozenset(closed.values()))
    return {cell for cell, name in closed.items() if name in names}


def cross(survey, question, other):
    """Plan the crossing of two questions, and attack it. Returns what was closed; None where the
    table is refused.

    Where all that was asked for is closed for want of time, cells come back that the plan's open
    ones tell already: they break no rule and are none of the plan's.
    """
    cells, start = list_crossed(survey, question, other), time.process_time()
    try:
        found = extend_plan(survey, cells)
    except NoPlan:
        found = None
    assert time.process_time() - start < LONGEST
    recovered = set() if found is None else find_recovered_cells(survey, cells, found)
    assert not recovered & survey.plan.closed.keys() and {found[cell] for cell in recovered} <= {
        SECONDARY
    }
    return found


@pytest.mark.parametrize(("question", "other"), HARD)
def test_a_crossing_that_took_minutes_is_made_in_seconds_and_keeps_what_is_closed(question, other):
    survey = open_shipped()
    found = cross(survey, question, other)
    asked = list_crossed(survey, question, other)
    assert 0 < len(found) < len([one for cell in asked for one in widen(survey.registry, cell)])
    assert sum(cell not in found for cell in asked) > len(asked) / 4


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_crossing_of_two_questions_is_made_in_seconds_and_keeps_what_is_closed(question):
    survey = open_shipped()
    for other in QUESTIONS:
        if other != question:
            cross(survey, question, other)


def test_where_even_patterns_are_too_much_work_all_that_was_asked_for_is_closed(monkeypatch):
    survey = open_shipped()
    monkeypatch.setattr("barometer.disclosure.plan.ASKING", Bounds(1e5, 2e5))
    monkeypatch.setitem(vars(survey.plan), "extended", {})
    cells = list_crossed(survey, "technology", "novelty")
    found = extend_plan(survey, cells)
    assert {*cells} <= found.keys()
    # Nothing of the table is told; what comes back is told by the plan, and was closed for others'
    # sake alone.
    assert {found[cell] for cell in find_recovered_cells(survey, cells, found)} <= {SECONDARY}


def test_the_same_is_closed_however_busy_the_machine(monkeypatch):
    """Work is counted and not timed: a clock that runs a thousand times as fast changes nothing."""
    survey = open_shipped()
    cells = list_crossed(survey, "technology", "novelty")
    found = extend_plan(survey, cells)
    monkeypatch.setitem(vars(survey.plan), "extended", {})
    start = time.monotonic()
    monkeypatch.setattr(
        bounds.time, "monotonic", lambda: start + 1000 * (time.perf_counter() % 1000)
    )
    assert extend_plan(survey, cells) == found


def test_a_search_that_takes_long_says_once_that_it_is_at_work(monkeypatch, capsys):
    clock = iter(range(1000))
    monkeypatch.setattr(bounds.time, "monotonic", lambda: next(clock))
    spent = bounds.Effort(limit=10)
    for _ in range(5):
        spent.spend(1)
    told = capsys.readouterr()
    assert told.err == bounds.AT_WORK and told.out == ""


def test_a_quick_search_says_nothing_and_work_beyond_the_limit_is_not_done(capsys):
    spent = bounds.Effort(limit=10)
    spent.spend(10)
    with pytest.raises(bounds.Exhausted):
        spent.spend(1)
    assert capsys.readouterr().err == ""
    assert suppression.ASKING.patterns <= 1e8  # some ten million units a second
