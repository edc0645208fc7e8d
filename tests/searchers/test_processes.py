"""Searches by processes of this machine: the plan of one process, also where some are lost."""

import multiprocessing
import os
import pickle
import signal
import time

import numpy as np
import pytest

from barometer.run import process
from barometer.searchers.processes import Processes
from barometer.suppression import closing
from barometer.suppression.batches import Task
from barometer.suppression.bounds import Effort
from barometer.suppression.closing import close_secondary
from barometer.suppression.patterns import Patterns
from tests.suppression.test_batches import list_small, make_table

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch):
    monkeypatch.setattr(closing, "MUCH", 0)
    monkeypatch.setattr(closing, "_close_together", lambda relations, closed, *_: closed)


@pytest.fixture(params=["forkserver", "spawn"])
def started(request, monkeypatch):
    if request.param == "spawn":
        monkeypatch.setenv(process.SWITCH, "spawn")


def list_processes():
    return [one for one in multiprocessing.active_children() if one.name == process.NAME]


def test_two_processes_give_the_plan_of_one_and_are_gone_then(started, monkeypatch):
    relations, taken, search = make_table(), [], Processes._search
    monkeypatch.setattr(Processes, "_search", lambda *a: taken.append(search(*a)) or taken[-1])
    plan = close_secondary(relations, list_small(relations), workers=Processes(2))
    assert taken and all(taken)
    assert plan == close_secondary(relations, list_small(relations))
    assert not list_processes()


def test_a_process_that_is_killed_is_done_without():
    relations, workers = make_table(), Processes(1)
    small = list_small(relations)
    workers.open(Patterns(relations, dict.fromkeys(relations.counts, 1.0), Effort()))
    try:
        task = Task(min(small), small, None, (None,))
        assert workers.submit(task).result(60).moves
        [one] = list_processes()
        os.kill(one.pid, signal.SIGKILL)
        assert workers.submit(task).result(60) is None
    finally:
        workers.close()


def test_an_end_in_the_middle_leaves_no_process():
    relations, workers = make_table(), Processes(2)
    small = list_small(relations)
    workers.open(Patterns(relations, dict.fromkeys(relations.counts, 1.0), Effort()))
    for cell in sorted(small) * 20:
        workers.submit(Task(cell, small, None, (None,)))
    until = time.monotonic() + 60
    while len(list_processes()) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(list_processes()) == 2
    workers.close()
    assert not list_processes()


def test_relations_are_sent_without_loss():
    relations = make_table()
    [block] = relations.blocks[:1]
    sent = pickle.loads(pickle.dumps(block))
    assert sent.cells == block.cells and np.array_equal(sent.lines, block.lines)
    assert sent.lines.dtype == bool
