"""Patterns that are looked for before their turn, side by side, and used in their turn.

A pattern follows from its cell, and from which of the cells that the search looked at are
suppressed. It is used where none of these has changed since it was looked for; else it is looked
for again. So the result is the one of a single worker, whatever the number of workers.

The workers are threads, as a linear programme holds no lock of Python while it runs, and all read
the same relations; or those of a cluster (`elsewhere.py`).
"""

import copy
import threading
from asyncio import CancelledError  # as in Dask; that of other workers is an `Exception`
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from barometer.data.domains import split_domain
from barometer.machine import count_cores
from barometer.suppression.bounds import PACE, Effort, Exhausted

WIDER = 6  # answers of each dimension that a pattern may use where few are not enough
UNBOUND = float("inf")  # work: that of a search is counted where it is used
QUEUED = 2  # searches before their turn, for each worker


@dataclass(frozen=True)
class Task:
    """A cell to hide, while these are closed. `linked`: blocks that its moves are known to reach,
    None where that is not known.
    """

    target: tuple
    closed: frozenset
    linked: tuple | None


@dataclass(frozen=True)
class Found:
    """What came of a task: see `Patterns.hide_near`. `looked`: ((near, blocks), …) of the
    programmes; `work`: units; `ended`: whether it was given up.
    """

    moves: list | None
    looked: tuple
    linked: tuple | None
    work: float
    ended: bool = False


class Clock:
    """When searches in other threads must end. How far they are is shown nobody."""

    def __init__(self, until=UNBOUND):
        self.until, self.reached = until, False

    def __call__(self, done, before):
        pass


def hide_near(patterns, closed, target):
    """See `Patterns.hide_near`; among more answers where few are not enough."""
    return patterns.hide_near(closed, target) or patterns.hide_near(closed, target, WIDER)


def search(patterns, task):
    """`Found` for a task, by a worker's own `Patterns`."""
    own, before = tuple(patterns.blocks[task.target]), patterns.effort.done
    patterns.looked, patterns.linked = {}, {own: task.linked} if task.linked else {}
    moves, ended = None, False
    try:
        moves = hide_near(patterns, task.closed, task.target)
    except Exhausted:
        ended = True
    work = patterns.effort.done - before
    return Found(moves, tuple(patterns.looked), patterns.linked.get(own), work, ended)


class Threads:
    """Workers of this process, each with models of its own. `count`: how many; all cores where
    left out.
    """

    def __init__(self, count=None):
        self.count = count or count_cores()
        self._pool, self._own = None, threading.local()

    def open(self, patterns):
        """Be ready for the searches of some `Patterns`."""
        self._pool, self._patterns = ThreadPoolExecutor(self.count), patterns
        self._clock, self._own = Clock(patterns.effort.until), threading.local()

    def submit(self, task):
        """The future `Found` of a task."""
        return self._pool.submit(self._search, task)

    def close(self):
        """End what has begun as soon as its programme is done, and begin nothing more."""
        self._clock.until = 0.0
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _search(self, task):
        if not hasattr(self._own, "patterns"):
            self._own.patterns = copy.copy(self._patterns)
            self._own.patterns.programmes = {}
            self._own.patterns.effort = Effort(UNBOUND, self._clock)
        return search(self._own.patterns, task)


class Ahead:
    """Hides cells one after another, by `patterns`, while `workers` search for later ones.

    One worker where left out: several threads were not faster when that was measured
    (`benchmarks/README.md`).

    To be left as a context, so that no search goes on.
    """

    def __init__(self, patterns, workers=None):
        self.patterns, self.workers = patterns, workers or Threads(1)
        self._sent = {}  # {cell: (task, future)}

    def __enter__(self):
        if self.workers.count > 1:
            self.workers.open(self.patterns)
        return self

    def __exit__(self, *_):
        if self.workers.count > 1:
            self.workers.close()

    def hide(self, closed, target, later, is_hidden):
        """What `hide_near` gives for a cell. `later`: cells whose turn comes next, in that order,
        if they are not hidden by then (`is_hidden(cell, closed)`).

        Raises `Exhausted`.
        """
        if self.workers.count > 1:
            self._drop(closed, {target, *later}, is_hidden)
            self._send(closed, target, (cell for cell in later if not is_hidden(cell, closed)))
            task, future = self._sent.pop(target, (None, None))
            found = future and self._wait(future)
            if found and self._holds(task, found, closed):
                return self._take(target, found)
        return hide_near(self.patterns, closed, target)

    def _drop(self, closed, wanted, is_hidden):
        """Forget what has been found or begun for cells that have been hidden by others."""
        for cell in [*self._sent]:
            if cell not in wanted or is_hidden(cell, closed):
                self._sent.pop(cell)[1].cancel()

    def _send(self, closed, target, later):
        """Let workers search for some cells that no search that has been begun bears upon."""
        most = QUEUED * self.workers.count
        regions = [self._find_region(closed, cell) for cell in self._sent]
        for cell in chain([target], later if len(self._sent) < most else ()):
            if cell in self._sent:
                continue
            if len(self._sent) >= most:
                return
            region = self._find_region(closed, cell)
            if not any(_meet(region, other) for other in regions):
                own = tuple(self.patterns.blocks[cell])
                task = Task(cell, closed, self.patterns.linked.get(own))
                self._sent[cell] = task, self.workers.submit(task)
            regions.append(region)

    def _find_region(self, closed, target):
        """(blocks, {dimension: answers}) that the search for a cell looks at, as far as is known
        before.
        """
        own = tuple(self.patterns.blocks[target])
        near = self.patterns.list_near(closed, target, self.patterns.nearby)
        return {*self.patterns.linked.get(own, own)}, dict(near)

    def _wait(self, future):
        """What a worker found; None where it is lost."""
        while True:
            try:
                return future.result(PACE)
            except TimeoutError:
                if future.done():
                    return None
                self.patterns.effort.spend(0)
            except (Exception, CancelledError):  # whatever it was, it is looked for again here
                return None

    def _holds(self, task, found, closed):
        """Whether a search would find the same now as when it was begun."""
        patterns, own = self.patterns, tuple(self.patterns.blocks[task.target])
        if patterns.linked.get(own) != task.linked:
            return False
        used = list(dict.fromkeys(near for near, _ in found.looked))
        mosts = patterns.nearby, WIDER
        now = [patterns.list_near(closed, task.target, most) for most in mosts]
        if used != [*dict.fromkeys(now)][: len(used)]:
            return False
        regions = [({*held}, dict(near)) for near, held in found.looked]
        return not any(
            _meet((self.patterns.blocks.get(cell, ()), _list_answers(cell)), region)
            for cell in closed ^ task.closed
            for region in regions
        )

    def _take(self, target, found):
        self.patterns.effort.spend(found.work)
        if found.ended:
            raise Exhausted
        if found.linked:
            self.patterns.linked[tuple(self.patterns.blocks[target])] = found.linked
        return found.moves


def _list_answers(cell):
    return {name: {answer} for name, answer in split_domain(cell[2]).items()}


def _meet(one, other):
    """Whether two regions have a block and, of every dimension that both name, an answer in
    common.
    """
    (blocks, answers), (others, near) = one, other
    return not {*blocks}.isdisjoint(others) and all(
        not {*held}.isdisjoint(near[name]) for name, held in answers.items() if name in near
    )
