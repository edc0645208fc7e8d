"""Many variants of one chapter: how many a minute, and what memory and processes do over time.

    python benchmarks/variants.py [COUNT]                 # on this machine
    python benchmarks/variants.py COUNT tcp://HOST:8786   # on the workers of a Dask scheduler

Workers need this folder on their PYTHONPATH. Compare one worker with two by two runs.
"""

import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path

from many import list_variants

from barometer.run.records import look_around
from barometer.run.reports import make_reports
from barometer.run.request import plan_run


def read_memory(process):
    """Megabytes of a process in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def count_zombies():
    """Processes of this machine that have ended and that nobody has asked about."""
    count = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            count += path.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return count


def main():
    """Print a line for each tenth of the variants, and the whole."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    cluster = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        run = plan_run(["all"], ["1"], output=Path(folder), formats=("html",), cluster=cluster)
        run = replace(run, variants=list_variants(count))
        start = last = time.perf_counter()
        done = 0

        def tick(result):
            nonlocal done, last
            done += 1
            if done % (count // 10) == 0:
                now, template = (
                    time.perf_counter(),
                    getattr(forkserver._forkserver, "_forkserver_pid", None),
                )
                told = (
                    f"{done} done, {60 * (count // 10) / (now - last):.0f} a minute, "
                    f"{read_memory('self'):.0f} MB, "
                )
                told += f"template {read_memory(template):.0f} MB, " if template else ""
                print(f"{told}{count_zombies()} zombies", flush=True)
                last = now

        reports = make_reports(run, look_around(run), tick)
        seconds = time.perf_counter() - start
    failures = [str(one.failure) for report in reports for one in (report, *report.results)]
    print(*{*failures} - {"None"}, sep="\n")
    print(
        f"{sum(bool(report.folder) for report in reports)} of {count} reports in {seconds:.0f} s, "
        f"{60 * count / seconds:.0f} a minute"
    )


if __name__ == "__main__":
    main()
