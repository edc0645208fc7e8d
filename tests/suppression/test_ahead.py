"""Patterns that are looked for before their turn: the plan is the same, whoever searches."""

from concurrent.futures import CancelledError, Future
from dataclasses import replace

import numpy as np
import pytest

from barometer.disclosure.rules import LIMITS
from barometer.suppression import closing
from barometer.suppression.ahead import Ahead, Task, Threads, hide_near, search
from barometer.suppression.bounds import Effort, Progress
from barometer.suppression.closing import close_secondary
from barometer.suppression.patterns import Patterns
from tests.suppression.test_closing import make_crossed, make_fields


def make_table(seed=0):
    """Twelve fields of five answers, of which some are rare."""
    rng = np.random.default_rng(seed)
    return make_fields(rng.integers(0, 12, (5, 12)) + 8 * (rng.random((5, 12)) < 0.7))


def make_parts():
    return make_crossed(np.random.default_rng(1))


def list_small(relations):
    counts = relations.counts.items()
    return frozenset(cell for cell, count in counts if 0 < count < LIMITS.smallest_count)


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch):
    """Few domains are enough to be much, and no cells are hidden together."""
    monkeypatch.setattr(closing, "MUCH", 0)
    monkeypatch.setattr(closing, "_close_together", lambda relations, closed, *_: closed)


def make_patterns(relations):
    return Patterns(relations, dict.fromkeys(relations.counts, 1.0), Effort())


class Now:
    """Two workers who search at once, each time with models that are new, as `as_found` says."""

    count = 2

    def __init__(self, as_found=lambda found: found):
        self.as_found, self.taken = as_found, []

    def open(self, patterns):
        self.patterns = patterns

    def submit(self, task):
        relations, costs = self.patterns.relations, self.patterns.costs
        self.taken.append(task.target)
        future = Future()
        try:
            found = search(Patterns(relations, costs, Effort()), task)
            future.set_result(self.as_found(found))
        except CancelledError as error:
            future.set_exception(error)
        return future

    def close(self):
        pass


@pytest.mark.parametrize("make", [make_table, pytest.param(make_parts, marks=pytest.mark.slow)])
def test_the_plan_is_the_same_with_one_worker_and_with_several(make, monkeypatch):
    relations, work, taken = make(), [], []
    take = Ahead._take
    monkeypatch.setattr(Ahead, "_take", lambda *given: taken.append(given[1]) or take(*given))

    def plan(workers):
        effort, plain = [], closing.Effort
        with monkeypatch.context() as patch:
            patch.setattr(closing, "Effort", lambda *a: effort.append(plain(*a)) or effort[-1])
            closed = close_secondary(relations, list_small(relations), workers=workers)
        work.append([one.done for one in effort])
        return closed

    plans = [plan(Threads(1)), plan(Threads(2)), plan(Threads(4)), plan(Now())]
    assert plans[0] > list_small(relations) and plans == plans[:1] * 4
    assert work == work[:1] * 4 and taken  # so a bound of work is reached at the same cell too


def test_what_was_found_is_used_only_where_a_search_would_find_the_same_now():
    relations = make_table()
    small = sorted(list_small(relations))
    patterns, target, first = make_patterns(relations), small[0], frozenset(small)
    task, others = Task(target, first, None), []
    found = search(make_patterns(relations), task)
    with Ahead(patterns, Now()) as one:
        assert one._holds(task, found, first)
        assert not one._holds(replace(task, linked=(0,)), found, first)
        for cell in sorted(relations.counts.keys() - first)[::3]:
            closed = first | {cell}
            now = hide_near(make_patterns(relations), closed, target)
            others += [closed] * (now != found.moves)
            assert now == found.moves or not one._holds(task, found, closed)
            one._sent[target] = task, one.workers.submit(task)
            assert one.hide(closed, target, [], lambda *_: False) == now
        assert others


def test_a_worker_that_is_lost_changes_nothing():
    relations = make_table()

    def lose(found):
        raise CancelledError

    lost = Now(lose)
    plan = close_secondary(relations, list_small(relations), workers=lost)
    assert lost.taken
    assert plan == close_secondary(relations, list_small(relations), workers=Threads(1))


def test_a_limit_of_time_ends_workers_too_and_is_told():
    relations, progress, workers = make_table(), Progress(1e-9), Threads(2)
    small = list_small(relations)
    closed = close_secondary(relations, small, tell=progress, workers=workers)
    assert closed == relations.counts.keys() and progress.reached
    assert workers._clock.until == 0.0 and workers._pool._shutdown
