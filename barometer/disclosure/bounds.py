"""How much work a search for closed cells may do, and word to whoever waits for it.

Work is counted, not timed, so that a plan is the same on every machine, however busy. Time decides
only when something is told.
"""

import sys
import time
from dataclasses import dataclass, field

from barometer.files.console import is_watched

PATIENCE = 1.0  # seconds before anything is told
PACE = 0.5  # seconds between two tellings
AT_WORK = (
    "Fortrolighed: Der regnes på, hvilke tal der må lukkes, så ingen lukkede kan regnes ud. "
    "Det kan tage lidt tid.\n"
)


class Exhausted(Exception):
    """The work that a search may do is done, and it has no result."""


def tell_once(done, started):
    """One line on stderr, as seen in a terminal and in a notebook, when a search first takes
    long.
    """
    if not started:
        sys.stderr.write(AT_WORK)
        sys.stderr.flush()


def tell_planning(why):
    """The line on stderr of who makes a plan; `why`: the reason, and how the plan is kept for
    good.
    """
    sys.stderr.write(f"Fortrolighed: Planen over de celler, der må lukkes, laves nu, for {why}\n")
    sys.stderr.flush()


def tell_seconds(begun, done, told):
    """In a terminal, how long there has been work, since the moment `begun` of the monotonic
    clock.
    """
    if is_watched(sys.stderr):
        sys.stderr.write(f"\r  {time.monotonic() - begun:.0f} sekunder")
        sys.stderr.flush()


@dataclass
class Effort:
    """`limit`: units of work, of which an ordinary core does some ten million a second; `done`:
    those that are spent.

    `tell(done, told)` is called while work goes on, at most every `PACE` seconds, with how often it
    was called before.
    """

    limit: float = float("inf")
    tell: object = tell_once
    done: float = 0.0
    told: int = 0
    next: float = field(default_factory=lambda: time.monotonic() + PATIENCE, repr=False)

    def spend(self, units):
        """Count work that has been done. Raises `Exhausted` where there was no more to spend."""
        self.done += units
        if time.monotonic() >= self.next:
            self.tell(self.done, self.told)
            self.told, self.next = self.told + 1, time.monotonic() + PACE
        if self.done > self.limit:
            raise Exhausted
