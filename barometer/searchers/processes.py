"""Searches for patterns by processes of this machine, each with its own copy of the relations.

Half of a search is Python's, which threads of one process would do by turns. A process that is
lost costs time alone: what it was asked for is looked for by the one that seals.
"""

import multiprocessing
import os
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

from barometer.machine import count_cores
from barometer.run import process
from barometer.suppression.batches import UNBOUND, Clock, search
from barometer.suppression.bounds import Effort
from barometer.suppression.patterns import Patterns


class Processes:
    """Workers as of `batches.Batches`. `count`: how many; one for each core where left out."""

    def __init__(self, count=None):
        self.count = count or count_cores()
        self._pool = self._known = None

    def open(self, patterns):
        """Be ready to start processes, with the relations to be sent to each."""
        process.allow()
        known = patterns.relations, patterns.costs, patterns.effort.until
        self._known, self._own = pickle.dumps(known), threading.local()
        self._pool = ThreadPoolExecutor(self.count)

    def submit(self, task):
        """The future `Found` of a task; None where its process is lost."""
        return self._pool.submit(self._search, task)

    def close(self):
        """End the processes, whatever they are doing."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        process.stop_all()
        self._known = None

    def leave(self):
        """Nothing: between searches there are no processes."""

    def _search(self, task):
        """In a thread, which has one process."""
        try:
            if not hasattr(self._own, "connection"):
                self._own.connection = _start(self._known)
            self._own.connection.send(task)
            return _receive(self._own.connection)
        except (process.Killed, EOFError, OSError):
            return None


def _start(known):
    """The connection to a new process that searches."""
    ours, theirs = multiprocessing.Pipe()
    process.start(theirs)
    ours.send((_answer_tasks, (known,), os.environ | process.pin_environment()))
    return ours


def _receive(connection):
    """What a process reports next. Raises EOFError where it ends instead."""
    word, value = connection.recv()
    while word == "begun":
        word, value = connection.recv()
    if word != "report":
        raise EOFError(value)
    return value


def _answer_tasks(known):
    """In a process: search for one task after another, until it is ended."""
    relations, costs, until = pickle.loads(known)
    patterns = Patterns(relations, costs, Effort(UNBOUND, Clock(until)))
    while True:
        process.report(search(patterns, process.receive()))
