"""What a plan of suppressed cells costs, and whether it holds: seconds, memory, cells.

    python benchmarks/sealing.py NAME [--time-limit SECONDS] [--plan-only]
        [--workers NUMBER | --cluster ADDRESS]

NAME: shipped, crossed (sector, field and size two by two), fields (50 made ones), municipalities
(98 made ones, 12,000 respondents), questions (200 of 40 answers). The limit is that of `seal`: what
is still to be planned then is suppressed. Workers are processes besides, none where not said, or
those of a Dask scheduler. Plans with the same checksum are the same. The attack at the end is made
anew on the finished plan, from all that stays open (`attacking.py`).
"""

import argparse
import os
import re
import sys
import time
from hashlib import sha256
from pathlib import Path

import made_surveys
from attacking import find_recovered

from barometer.disclosure.plan import SECONDARY, make_plan
from barometer.disclosure.relations import relate_cells
from barometer.searchers.cluster import Cluster
from barometer.searchers.processes import Processes
from barometer.suppression.bounds import Progress

CROSSED = (("field",), ("size",), ("sector", "field"), ("sector", "size"), ("field", "size"))
SURVEYS = {
    "shipped": made_surveys.make_shipped,
    "crossed": lambda: made_surveys.make_shipped(CROSSED),
    "fields": lambda: made_surveys.make_fields(50),
    "municipalities": made_surveys.make_municipalities,
    "questions": lambda: made_surveys.make_questions(200, 40),
}
LIMIT = 900  # seconds


def read_peak():
    """The most memory that this process has had, in MB. `getrusage` would count what the one that
    started it had.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1e3


def main(name, limit, attacked=True, workers=None):
    """Plan the survey within `limit` seconds, print what was measured, attack the plan. `workers`:
    who searches, this process alone where left out.
    """
    survey, asked = SURVEYS[name]()
    start, begun, progress = time.process_time(), time.monotonic(), Progress(limit)
    plan = make_plan(survey, asked, progress, workers=workers)
    seconds, took = time.process_time() - start, time.monotonic() - begun
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    secondary = sum(rule == SECONDARY for rule in plan.closed.values())
    ended = "limit of time" if progress.reached else "limit of work" if progress.given_up else "end"
    sys.stdout.write(
        f"{name}: {len(plan.scope)} cells asked for, {len(plan.closed)} suppressed, {secondary} of "
        f"them for others' sake; plan {seconds:.1f} s of this process's CPU, {took:.1f} s by the "
        f"clock (load {load:.1f}), to its {ended}; {read_peak():.0f} MB; "
        f"{sha256(repr(sorted(plan.closed.items())).encode()).hexdigest()[:12]}\n"
    )
    sys.stdout.flush()
    if attacked:
        attack(survey, plan)


def attack(survey, plan):
    """Attack a plan and print what was found."""
    start, relations = time.process_time(), relate_cells(survey, sorted(plan.scope))
    closed = frozenset(relations.names[cell] for cell in plan.closed)
    recovered, summed = find_recovered(relations, closed)
    sys.stdout.write(
        f"{len(recovered)} of {len(relations.names)} cells known too well; attack "
        f"{time.process_time() - start:.1f} s of CPU, {summed} of {len(closed)} shown to be hidden "
        f"by sums; {read_peak():.0f} MB\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=SURVEYS)
    parser.add_argument("--time-limit", type=float, default=LIMIT, metavar="SECONDS")
    parser.add_argument("--plan-only", action="store_true")
    parser.add_argument("--workers", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--cluster", metavar="ADDRESS")
    given = parser.parse_args()
    processes = Processes(given.workers) if given.workers else None
    searchers = Cluster(given.cluster) if given.cluster else processes
    main(given.name, given.time_limit, not given.plan_only, searchers)
