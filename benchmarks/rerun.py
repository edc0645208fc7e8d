"""What a whole run takes, beside the chapters' own code, beside an earlier version of the project
and beside a plain loop over the same chapters: in one go, on one machine, by turns. Linux only.

    python benchmarks/rerun.py [ROUNDS] [--sectors all,region] [--plain] [--earlier FOLDER]

The floor is the chapters' code cells, what they show included, in IPython's shell in one process
that has run them once already. `--plain` executes each chapter with `papermill` and converts it
with `jupyter nbconvert --to html`, one after the other: minutes. `--earlier` names a checkout of
another commit. Runs are made in a copy of the project, so that a chapter can be changed. Seconds of
CPU are those of every process that a command starts.
"""

import argparse
import ctypes
import gc
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from barometer import paths
from barometer.document.chapters import list_chapters
from barometer.parameters import list_names
from barometer.version import PROGRAM

ADOPT = 36  # PR_SET_CHILD_SUBREAPER of prctl: processes whose parent is gone become ours
KINDS = ("ru_utime", "ru_stime")


def run_cells(sectors):
    """Execute the code cells of every chapter for these sectors."""
    shell = InteractiveShell.instance()
    for sector in sectors:
        for path in list_chapters():
            shell.reset(new_session=False)
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    with capture_output():
                        shell.run_cell("".join(cell["source"])).raise_error()
                    if "parameters" in cell["metadata"].get("tags", []):
                        shell.user_ns["sector"] = sector


def time_cells(sectors):
    """Write the seconds, wall and CPU, that they take once this process is warm."""
    run_cells(sectors)
    gc.freeze()  # the shell looks for garbage after each chapter; what is loaded is none
    start, spent = time.perf_counter(), time.process_time()
    run_cells(sectors)
    print(time.perf_counter() - start, time.process_time() - spent)


def time_floor(sectors):
    """The same, in a process of its own."""
    words = (sys.executable, __file__, "--floor", "--sectors", ",".join(sectors))
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return tuple(map(float, done.stdout.split()))


def time_command(*words, project):
    """Seconds, wall and CPU, of a command in a project's folder."""
    environment = os.environ | {"PYTHONPATH": str(project), "BAROMETER_PROJECT": str(project)}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        words, check=True, cwd=project / "notebooks", env=environment, stdout=subprocess.DEVNULL
    )
    seconds = time.perf_counter() - start
    with suppress(ChildProcessError):
        while True:
            os.wait()  # the server of forks, which ends by itself
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, sum(getattr(after, kind) - getattr(before, kind) for kind in KINDS)


def time_plain(project, sectors, folder):
    """Those of the plain loop."""
    programs, found = Path(sys.executable).parent, []
    for sector in sectors:
        for path in sorted((project / "notebooks").glob("[0-9]*.ipynb")):
            made = folder / f"{sector}-{path.name}"
            execute = (programs / "papermill", path, made, "-p", "sector", sector, "-k", "python3")
            found.append(time_command(*execute, "--log-level", "ERROR", project=project))
            convert = (programs / "jupyter", "nbconvert", "--to", "html", made)
            found.append(time_command(*convert, "--log-level", "ERROR", project=project))
    return tuple(map(sum, zip(*found, strict=True)))


def time_runs(project, sectors, output):
    """{what: seconds, wall and CPU} of runs: everything, nothing changed, one text changed."""

    def run(*options):
        words = (sys.executable, project / "run_all.py", "--sector", ",".join(sectors))
        return time_command(*words, "--output", output, *options, project=project)

    found = {"everything": run("--force"), "nothing changed": run()}
    chapter = sorted((project / "notebooks").glob("[0-9]*.ipynb"))[2]
    text = chapter.read_text(encoding="utf-8")
    changed = json.loads(text)
    cells = [cell for cell in changed["cells"] if cell["cell_type"] == "markdown"]
    [cell for cell in cells if not cell["metadata"].get("tags")][-1]["source"].append("\n\nNyt.")
    chapter.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
    found["one text changed"] = run()
    chapter.write_text(text, encoding="utf-8")
    return found


def copy_project(source, target):
    """A project's own files and its program, in another folder."""
    target.mkdir()
    for part in PROGRAM:
        copy = shutil.copytree if (source / part).is_dir() else shutil.copy
        copy(source / part, target / part)
    return target


def read_options():
    """The command line's."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--sectors", default=",".join(list_names(paths.name_default())))
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--floor", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--earlier", type=Path)
    return parser.parse_args()


def main():
    """Print each round, and the medians as ratios to the floor."""
    options, found = read_options(), []
    sectors = options.sectors.split(",")
    if options.floor:
        return time_cells(sectors)
    ctypes.CDLL(None).prctl(ADOPT, 1)
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(paths.ROOT, Path(folder, "project"))
        if options.earlier:
            earlier = copy_project(options.earlier.resolve(), Path(folder, "earlier"))
        for number in range(options.rounds):
            times = {"floor": time_floor(sectors)}
            times |= time_runs(project, sectors, Path(folder, f"outputs-{number}"))
            if options.earlier:
                old = time_runs(earlier, sectors, Path(folder, f"earlier-{number}"))
                times |= {f"{what}, earlier": seconds for what, seconds in old.items()}
            if options.plain:
                times["plain loop"] = time_plain(project, sectors, Path(folder))
            found.append(times)
            told = (f"{what} {wall:.1f} ({cpu:.1f} CPU)" for what, (wall, cpu) in times.items())
            print(", ".join(told), flush=True)
    middle = {
        what: [statistics.median(times[what][kind] for times in found) for kind in (0, 1)]
        for what in found[0]
    }
    for what, (wall, cpu) in middle.items():
        floor = middle["floor"]
        ratios = f"{wall / floor[0]:6.2f} times the floor, CPU {cpu / floor[1]:6.2f} times"
        print(f"{what:<28}{wall:7.2f} s {cpu:7.2f} CPU s  {ratios}")


if __name__ == "__main__":
    main()
