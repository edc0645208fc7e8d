"""Patterns for several cells at a time: the plan is the same, whoever searches."""

import pickle
from concurrent.futures import CancelledError, Future

import numpy as np
import pytest

from barometer.disclosure.rules import LIMITS
from barometer.suppression import closing
from barometer.suppression.attacks import Search
from barometer.suppression.batches import BATCH, Batches, search
from barometer.suppression.bounds import Effort, Exhausted, Progress
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


def make_patterns(relations, effort=None):
    return Patterns(relations, dict.fromkeys(relations.counts, 1.0), effort or Effort())


class Anew:
    """A worker who makes all models anew for each task, from what was sent to it, as `as_found`
    says.
    """

    def __init__(self, as_found=lambda found: found):
        self.as_found, self.taken, self.opened = as_found, [], 0

    def open(self, patterns):
        self.sent = pickle.dumps((patterns.relations, patterns.costs))
        self.opened += 1

    def submit(self, task):
        self.taken.append(task.target)
        future = Future()
        try:
            found = search(Patterns(*pickle.loads(self.sent), Effort()), task)
            future.set_result(self.as_found(found))
        except CancelledError as error:
            future.set_exception(error)
        return future

    def close(self):
        self.opened -= 1


@pytest.mark.parametrize("make", [make_table, pytest.param(make_parts, marks=pytest.mark.slow)])
def test_the_plan_and_its_work_are_the_same_whoever_searches(make, monkeypatch):
    relations, work, worker = make(), [], Anew()

    def plan(workers):
        effort, plain = [], closing.Effort
        with monkeypatch.context() as patch:
            patch.setattr(closing, "Effort", lambda *a: effort.append(plain(*a)) or effort[-1])
            closed = close_secondary(relations, list_small(relations), workers=workers)
        work.append([one.done for one in effort])
        return closed

    plans = [plan(None), plan(worker)]
    assert plans[0] > list_small(relations) and plans == plans[:1] * 2
    assert work == work[:1] * 2 and len(worker.taken) > BATCH  # a bound is reached at the same cell
    assert worker.opened == 0


def test_cells_of_a_batch_are_searched_for_while_the_same_cells_are_suppressed():
    relations = make_table()
    small = sorted(list_small(relations))
    batch, patterns = small[:BATCH], make_patterns(relations)
    with Batches(patterns) as batches:
        found = batches.hide(frozenset(small), batch)
    alone = []
    for cell in batch:
        with Batches(make_patterns(relations)) as batches:
            alone += batches.hide(frozenset(small), [cell])
    assert found == alone and all(found)


def test_a_batch_takes_up_only_cells_that_are_not_hidden_when_it_begins():
    cells, hidden = list(range(3 * BATCH)), set()
    batches = Batches(make_patterns(make_table()))
    taken = []
    for batch in batches.divide(cells, lambda cell: cell in hidden):
        taken.append(batch)
        hidden.update(range(BATCH, 2 * BATCH))
    assert taken == [cells[:BATCH], cells[2 * BATCH :]]


def test_all_that_a_search_suppressed_hides_every_cell():
    relations = make_table(3)
    closed = close_secondary(relations, list_small(relations))
    assert not Search(relations).find_all(closed)


def test_a_worker_that_is_lost_changes_nothing():
    relations = make_table()

    def lose(found):
        raise CancelledError

    for lost in (Anew(lose), Anew(lambda found: None)):
        plan = close_secondary(relations, list_small(relations), workers=lost)
        assert lost.taken
        assert plan == close_secondary(relations, list_small(relations))


def test_a_bound_of_work_ends_a_batch():
    relations = make_table()
    small = sorted(list_small(relations))
    with Batches(make_patterns(relations, Effort(1.0))) as batches, pytest.raises(Exhausted):
        batches.hide(frozenset(small), small[:1])


def test_a_limit_of_time_ends_a_search_and_is_told():
    relations, progress, worker = make_table(), Progress(1e-9), Anew()
    closed = close_secondary(relations, list_small(relations), tell=progress, workers=worker)
    assert closed == relations.counts.keys() and progress.reached and worker.opened == 0
