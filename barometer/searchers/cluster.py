"""Searches for patterns by the workers of a Dask cluster, each with its own copy of the relations.

A worker that is lost, or cannot do it, costs time alone: what it was asked for is looked for here.
"""

import threading

from barometer.run.cache import describe_program
from barometer.run.workers import check_workers, connect
from barometer.suppression.batches import UNBOUND, Clock, search
from barometer.suppression.bounds import Effort
from barometer.suppression.patterns import Patterns

_OWN = threading.local()


class Cluster:
    """Workers as of `batches.Batches`: those of the scheduler at an address.

    Raises ValueError where they have another program.
    """

    def __init__(self, address):
        self._client, self._sent, self._known = connect(address), [], None
        try:
            check_workers(self._client.run(describe_program), address, describe_program())
        except BaseException:
            self.leave()
            raise

    def open(self, patterns):
        """Send the relations to all workers."""
        known = patterns.relations, patterns.costs
        [self._known] = self._client.scatter([known], broadcast=True)

    def submit(self, task):
        """The future `Found` of a task; None where a worker could not do it."""
        sent = self._client.submit(search_there, self._known, task, pure=False)
        self._sent = [*(one for one in self._sent if not one.done()), sent]
        return sent

    def close(self):
        """Begin nothing more, and forget the relations there."""
        self._client.cancel([*self._sent, self._known])
        self._sent, self._known = [], None

    def leave(self):
        """Leave the cluster."""
        self._client.close()


def search_there(known, task):
    """On a worker: what is found for a task. None for an error, whose words and arguments would
    stand in the worker's log.
    """
    try:
        if getattr(_OWN, "known", None) is not known:
            _OWN.known, _OWN.patterns = known, Patterns(*known, Effort(UNBOUND, Clock()))
        return search(_OWN.patterns, task)
    except Exception:
        return None
