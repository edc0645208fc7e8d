"""Shares and errors of 60 items for everybody and 20 groups: ours, R's `survey` and Python's `svy`,
in one run.

    python benchmarks/estimates.py [N ...]        (default: 2271 and 1000000 respondents; Linux
    only)

Needs R with `survey` (Debian: apt-get install r-base-core r-cran-survey) and `svy` (pip install
svy); what is missing is left out. All see the same drawn answers. Item by item, as these packages
are used, R and `svy` get questions with routing (17 per cent not asked); R's fastest way, one call
for all items, gets answers by everybody, as it takes no others, and is held against ours on these.
Each works in a process of its own; its seconds are CPU of the estimates alone, ours with degrees of
freedom, intervals, design effects and statuses, and its peak is memory beyond what it held with
data and design. Above 100,000 respondents R and `svy` do 2 items one by one, times 30; ours is
always all 60.
"""

import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

ITEMS, GROUPS, NOT_ASKED, FEW = 60, 20, 0.17, 2
ZERO = 1e-12  # errors below are rounding noise
NUMBERS = {"stratum": np.int32, "group": np.int32, "weight": float, "fpc": float}


def draw_data(folder, n):
    """Write n respondents of a stratified sample as columns of plain numbers."""
    rng, strata = np.random.default_rng(2020), min(100, n // 50)
    stratum = np.arange(n) % strata
    fpc = np.ceil(np.bincount(stratum) * rng.uniform(1.5, 9, strata))
    weight = (fpc / np.bincount(stratum))[stratum] * rng.uniform(0.7, 1.4, n)
    columns = {
        "stratum": stratum,
        "group": rng.integers(0, GROUPS, n),
        "weight": weight,
        "fpc": fpc[stratum],
    }
    for name, values in columns.items():
        values.astype(NUMBERS[name]).tofile(folder / name)
    complete = np.array(
        [rng.random(n) < share for share in rng.uniform(0.02, 0.98, ITEMS)], dtype=np.int8
    )
    complete.tofile(folder / "complete")
    for answers in complete:
        answers[rng.random(n) < NOT_ASKED] = -1
    complete.tofile(folder / "answers")


def read_data(folder, which):
    """The columns by name, and the answers (items x n)."""
    columns = {name: np.fromfile(folder / name, kind) for name, kind in NUMBERS.items()}
    return columns, np.fromfile(folder / which, np.int8).reshape(ITEMS, -1)


def estimate_ours(folder, which):
    """Our estimates, as a function to be timed, and the seconds that the design took."""
    from barometer.statistics.design import Design
    from barometer.statistics.estimates import estimate_shares

    columns, answers = read_data(folder, which)
    start = time.process_time()
    made = Design(columns["weight"], columns["stratum"], columns["fpc"])
    spent = time.process_time() - start

    class Survey:
        design = made

        def indicator(self, item):
            values = answers[int(item)].astype(float)
            values[values < 0] = np.nan
            return values

        def member(self, group):
            return (
                columns["group"] == int(group)
                if group != "all"
                else np.ones(len(made.weights), dtype=bool)
            )

        def label(self, name):
            return name

    def estimate():
        table = estimate_shares(
            Survey(), [*map(str, range(ITEMS))], ["all", *map(str, range(GROUPS))]
        ).table
        return table["share"], table["se"]

    return estimate, spent


def estimate_svy(folder, measured):
    """Those of `svy`, item by item: its mean, which is its fastest."""
    import polars as pl
    import svy

    columns, answers = read_data(folder, "answers")
    items = {
        f"item{place}": pl.Series(answers[place]).replace(-1, None).cast(float)
        for place in range(measured)
    }
    start = time.process_time()
    sample = svy.Sample(
        pl.DataFrame(columns | items), svy.Design(wgt="weight", stratum="stratum", pop_size="fpc")
    )
    spent = time.process_time() - start

    def estimate():
        found = []
        for item in items:
            everybody = sample.estimation.mean(item, drop_nulls=True)
            groups = sample.estimation.mean(item, by="group", drop_nulls=True)
            found += [*everybody.estimates, *sorted(groups.estimates, key=lambda one: one.by_level)]
        return [one.est for one in found], [one.se for one in found]

    return estimate, spent


def read_memory(which):
    """Megabytes of this process: VmRSS now, VmHWM the most since the last reset."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(which))) / 1024


def work(folder, who, measured, rounds):
    """Time one of ours and `svy` in this process; the same line and files as estimates.R writes."""
    estimate, design = (
        estimate_svy(folder, measured) if who == "svy" else estimate_ours(folder, who)
    )
    Path("/proc/self/clear_refs").write_text("5")
    before, spent = read_memory("VmRSS"), []
    for _ in range(rounds):
        start = time.process_time()
        share, se = estimate()
        spent.append(time.process_time() - start)
    print(
        json.dumps(
            {
                "cpu": statistics.median(spent),
                "design": design,
                "peak": read_memory("VmHWM") - before,
            }
        )
    )
    for name, values in (("share", share), ("se", se)):
        np.array(values, dtype=float).tofile(folder / f"{who}-{name}")


def run(command, folder, who, factor):
    """What a process of its own measured, with its answers (values x 2); seconds times `factor`."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    values = np.column_stack([np.fromfile(folder / f"{who}-{name}") for name in ("share", "se")])
    return told | {"cpu": told["cpu"] * factor, "values": values}


def measure(folder, n):
    """{what: its measurement} for n respondents."""
    draw_data(folder, n)
    measured, rounds = (ITEMS, 5) if n <= 100_000 else (FEW, 1)
    python = [sys.executable, __file__, "--work", folder]
    r = ["Rscript", Path(__file__).with_suffix(".R"), folder, n, ITEMS]
    found = {
        which: run([*python, which, ITEMS, max(rounds, 3)], folder, which, 1)
        for which in ("answers", "complete")
    }
    if importlib.util.find_spec("svy"):
        found["svy"] = run([*python, "svy", measured, rounds], folder, "svy", ITEMS / measured)
    if shutil.which("Rscript"):
        found["r-items"] = run([*r, measured, "items", rounds], folder, "r-items", ITEMS / measured)
        found["r-call"] = run([*r, ITEMS, "call", rounds], folder, "r-call", 1)
    return found


def tell(n, found):
    """Print ratios, differences, seconds and memory."""
    names = {
        "answers": "ours",
        "complete": "ours, all asked",
        "svy": "svy, item by item",
        "r-items": "R survey, item by item",
        "r-call": "R survey, one call, all asked",
    }
    print(f"{n:,} respondents, {ITEMS} items, everybody and {GROUPS} groups")
    for who, name in names.items():
        if who not in found:
            print(f"  {name:<30} left out: not installed")
            continue
        one, ours = found[who], found["complete" if who == "r-call" else "answers"]
        line = (
            f"  {name:<30} {one['cpu']:9.3f} CPU s (design {one['design']:.3f}), peak "
            f"{one['peak']:5.0f} MB"
        )
        if one is not ours and who != "complete":
            away = np.abs(ours["values"][: len(one["values"])] - one["values"])
            # an error that is 0 has no relative one
            apart = (away / np.maximum(one["values"], ZERO)).max(axis=0)
            line += (
                f"; {one['cpu'] / ours['cpu']:.1f} times ours; {len(one['values'])} shares and "
                f"errors, "
                f"furthest apart {apart[0]:.0e} and {apart[1]:.0e}"
            )
        print(line)


def main():
    """Measure for each number of respondents."""
    if sys.argv[1:2] == ["--work"]:
        work(Path(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:]))
        return
    for n in [*map(int, sys.argv[1:])] or [2271, 1_000_000]:
        with TemporaryDirectory() as folder:
            tell(n, measure(Path(folder), n))


if __name__ == "__main__":
    main()
