"""What a plan of suppressed cells costs, and whether it holds: seconds of CPU, memory, cells.

    python benchmarks/sealing.py NAME

NAME: shipped, crossed (sector, field and size two by two), fields (50 made ones), municipalities
(98 made ones, 12,000 respondents), questions (200 of 40 answers). The attack at the end is made
anew on the finished plan, from all that stays open (`attacking.py`).
"""

import re
import sys
import time
from pathlib import Path

import made_surveys
from attacking import find_recovered

from barometer.disclosure.plan import SECONDARY, make_plan
from barometer.disclosure.relations import relate_cells

CROSSED = (("field",), ("size",), ("sector", "field"), ("sector", "size"), ("field", "size"))
SURVEYS = {
    "shipped": made_surveys.make_shipped,
    "crossed": lambda: made_surveys.make_shipped(CROSSED),
    "fields": lambda: made_surveys.make_fields(50),
    "municipalities": made_surveys.make_municipalities,
    "questions": lambda: made_surveys.make_questions(200, 40),
}


def read_peak():
    """The most memory that this process has had, in MB. `getrusage` would count what the one that
    started it had.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1e3


def main(name):
    """Plan the survey, attack the plan, print what was measured."""
    survey, asked = SURVEYS[name]()
    start = time.process_time()
    plan = make_plan(survey, asked)
    planned = time.process_time()
    relations = relate_cells(survey, sorted(plan.scope))
    closed = frozenset(relations.names[cell] for cell in plan.closed)
    recovered, summed = find_recovered(relations, closed)
    seconds = planned - start, time.process_time() - planned
    memory = read_peak()
    secondary = sum(rule == SECONDARY for rule in plan.closed.values())
    sys.stdout.write(
        f"{name}: {len(relations.names)} cells, {len(plan.closed)} suppressed, {secondary} of them "
        f"for others' sake, {len(recovered)} known too well; plan {seconds[0]:.1f} s of CPU, "
        f"attack {seconds[1]:.1f} s, {summed} of {len(closed)} shown to be hidden by sums; "
        f"{memory:.0f} MB\n"
    )


if __name__ == "__main__":
    main(sys.argv[1])
