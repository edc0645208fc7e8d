"""How much work a search for closed cells may do, and reports of how far it is.

Work is counted, not timed, so that a plan is the same on every machine, however busy. Time decides
when something is reported, and ends a search only where somebody has set a limit (`Progress`).
"""

import sys
import time
from dataclasses import dataclass, field

from barometer.files.console import is_watched
from barometer.languages.messages import express

PATIENCE = 1.0  # seconds before anything is reported
PACE = 0.5  # seconds between two reports
WITHOUT_STEPS = "{desc}: {elapsed}{postfix}"
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
        sys.stderr.write(express(AT_WORK))
        sys.stderr.flush()


def tell_planning(why):
    """The line on stderr of who makes a plan; `why`: the reason, and how the plan is kept for
    good.
    """
    line = f"Fortrolighed: Planen over de celler, der må lukkes, laves nu, for {why}\n"
    sys.stderr.write(express(line))
    sys.stderr.flush()


class Progress:
    """Reports how far work is: its parts, one after another (`begin`), in a terminal with how much
    of each is done, how long it has taken and how many cells are still known too well; else a line
    for each. A search that it is given to as `tell` ends when `seconds` have passed.

    `reached`: whether that has happened; `given_up`: whether a search was more work than may be
    done, so that all was closed that may be.
    """

    def __init__(self, seconds=None):
        self.begun, self.reached, self.given_up = time.monotonic(), False, False
        self._bar = None
        self.until = float("inf") if seconds is None else self.begun + seconds

    def begin(self, words, total=None):
        """Say which part of the work begins; `total`: how many steps it has, if that is known."""
        self.close()
        if not is_watched(sys.stderr):
            sys.stderr.write(f"{express(words)}\n")
            sys.stderr.flush()
            return
        from tqdm import tqdm  # here: work that is not watched does not need it

        shape = "{desc}: {n_fmt} af {total_fmt} |{bar}| {elapsed}" if total else WITHOUT_STEPS
        options = {"dynamic_ncols": True, "leave": False, "mininterval": 0, "bar_format": shape}
        self._bar = tqdm(total=total, desc=express(words), file=sys.stderr, **options)

    def __call__(self, done, before):
        if self._bar is not None:
            self._bar.n = done if self._bar.total else 0
            self._bar.refresh()

    def count(self, left):
        """Show how many suppressed cells come back as it stands."""
        if self._bar is not None:
            self._bar.set_postfix_str(express(f"{left} celler kan endnu regnes ud"), refresh=False)

    def close(self):
        """Remove from the screen what was shown."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def begin(tell, words, total=None):
    """Say at `tell`, if it takes that, which part of the work begins."""
    if isinstance(tell, Progress):
        tell.begin(words, total)


@dataclass
class Effort:
    """`limit`: units of work, of which an ordinary core does some ten million a second; `done`:
    those that are spent.

    `tell(done, before)` is called while work goes on, at most every `PACE` seconds; `before`: how
    often it was called until then.
    """

    limit: float = float("inf")
    tell: object = tell_once
    done: float = 0.0
    told: int = 0
    next: float = field(default_factory=lambda: time.monotonic() + PATIENCE, repr=False)

    @property
    def until(self):
        """The moment of the monotonic clock at which work must end; infinity for none."""
        return getattr(self.tell, "until", float("inf"))

    def count(self, left):
        """Give `tell` how many suppressed cells come back as it stands, if it takes that."""
        getattr(self.tell, "count", int)(left)

    def give_up(self):
        """Note at `tell`, if it takes that, that all is closed for lack of work."""
        if isinstance(self.tell, Progress):
            self.tell.given_up = True

    def spend(self, units):
        """Count work that has been done. Raises `Exhausted` where there was no more to spend, or
        time is over.
        """
        self.done += units
        if time.monotonic() >= self.next:
            self.tell(self.done, self.told)
            self.told, self.next = self.told + 1, time.monotonic() + PACE
        if time.monotonic() >= self.until:
            self.tell.reached = True
            raise Exhausted
        if self.done > self.limit:
            raise Exhausted
