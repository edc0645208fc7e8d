"""Patterns for several cells at a time, which workers can look for side by side.

The cells of a batch are searched for while the same cells are suppressed, so none waits for
another. A pattern stays right when others have been suppressed meanwhile, as more can move then;
a cheaper one may have become possible. A batch has as many cells however many workers there are,
and each search begins at the same answers: so the plan is the same, whoever searches.
"""

import copy
from asyncio import CancelledError  # as in Dask; that of other workers is an `Exception`
from dataclasses import dataclass
from itertools import islice

from barometer.suppression.bounds import PACE, Effort, Exhausted

BATCH = 8  # cells
WIDER = (3, 6)  # answers of each dimension that a pattern may use where few are not enough
UNBOUND = float("inf")  # work: that of a search is counted where its batch is used


@dataclass(frozen=True)
class Task:
    """A cell to hide, while these are closed. `linked`: blocks that its moves are known to reach,
    None where that is not known. `mosts`: see `Patterns.hide_near`, tried one after another.
    """

    target: tuple
    closed: frozenset
    linked: tuple | None
    mosts: tuple


@dataclass(frozen=True)
class Found:
    """What came of a task: `moves` as of `Patterns.hide_near`, and the blocks that they reach;
    `work`: units; `ended`: whether time was over.
    """

    moves: list | None
    linked: tuple | None
    work: float
    ended: bool = False


class Clock:
    """When a search must end. How far it is is shown nobody."""

    def __init__(self, until=UNBOUND):
        self.until, self.reached = until, False

    def __call__(self, done, before):
        pass


def search(patterns, task):
    """`Found` for a task, by a worker's own `Patterns`, whose work has no bound."""
    own, before = tuple(patterns.blocks[task.target]), patterns.effort.done
    patterns.linked = {own: task.linked} if task.linked else {}
    moves, ended = None, False
    try:
        for most in task.mosts:
            moves = moves or patterns.hide_near(task.closed, task.target, most)
    except Exhausted:
        ended = True
    return Found(moves, patterns.linked.get(own), patterns.effort.done - before, ended)


class Batches:
    """Hides cells, a batch at a time, by `patterns`. `workers`: who searches, this process alone
    where left out.

    Workers have `open(patterns)`, `submit(task)`, which gives a future `Found` or None where
    they could not do it, and `close()`. To be left as a context, so that no search goes on.
    """

    def __init__(self, patterns, workers=None):
        self.patterns, self.workers = patterns, workers
        self._own = copy.copy(patterns)
        self._own.programmes, self._own.linked = {}, {}
        self._own.effort = Effort(UNBOUND, Clock(patterns.effort.until))

    def __enter__(self):
        if self.workers:
            self.workers.open(self.patterns)
        return self

    def __exit__(self, *_):
        if self.workers:
            self.workers.close()

    def divide(self, cells, is_hidden):
        """Batches of those cells that are not hidden when their batch begins. Each is to be used
        before the next is taken.
        """
        left = (cell for cell in cells if not is_hidden(cell))
        while batch := [*islice(left, BATCH)]:
            yield batch

    def hide(self, closed, batch, wide=False):
        """The moves that hide each cell of a batch, see `Patterns.hide_near`; None where none do.
        `wide`: whether more answers are tried where few are not enough.

        Raises `Exhausted`.
        """
        linked, owns = self.patterns.linked, [tuple(self.patterns.blocks[cell]) for cell in batch]
        mosts = (None, *WIDER) if wide else (None,)
        tasks = [
            Task(cell, closed, linked.get(own), mosts)
            for cell, own in zip(batch, owns, strict=True)
        ]
        moves = []
        for own, found in zip(owns, self._search(tasks), strict=True):
            self.patterns.effort.spend(found.work)
            if found.ended:
                raise Exhausted
            if found.linked:
                linked[own] = tuple(sorted({*linked.get(own, ()), *found.linked}))
            moves.append(found.moves)
        return moves

    def _search(self, tasks):
        """`Found` for each task, in their order."""
        if not self.workers:
            return (search(self._own, task) for task in tasks)
        futures = [self.workers.submit(task) for task in tasks]
        return (
            self._wait(future) or search(self._own, task)
            for task, future in zip(tasks, futures, strict=True)
        )

    def _wait(self, future):
        """What a worker found; None where it could not do it, or is lost."""
        while True:
            try:
                return future.result(PACE)
            except TimeoutError:
                if future.done():
                    return None
                self.patterns.effort.spend(0)
            except (Exception, CancelledError):  # whatever it was, it is looked for again here
                return None
