"""What a run takes, beside a plain loop over the same chapters and beside the cells' own code: one
run, one machine.

    python benchmarks/rerun.py [ROUNDS [SECTORS]]

The plain loop executes each chapter with `papermill` and converts it with `jupyter nbconvert --to
html`, on the command line, one after the other. The floor is the chapters' code cells, what they
show included, in IPython's shell in one process that has run them once already, and in two such
processes at once. All but the floor is done in a copy of the project, so that a chapter can be
changed.
"""

import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from barometer import paths
from barometer.parameters import list_names
from barometer.paths import ROOT
from barometer.run.request import list_chapters
from barometer.version import PROGRAM

SECTORS = [*list_names(paths.name_default())]


def run_cells(sectors):
    """Execute the code cells of every chapter for these sectors; the seconds it took."""
    start, shell = time.perf_counter(), InteractiveShell.instance()
    for sector in sectors:
        for path in list_chapters():
            shell.reset(new_session=False)
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    with capture_output():
                        shell.run_cell("".join(cell["source"])).raise_error()
                    if "parameters" in cell["metadata"].get("tags", []):
                        shell.user_ns["sector"] = sector
    return time.perf_counter() - start


def run_twice(sectors, ready):
    """The same in a process that runs them once to get warm; it then waits for the other one."""
    run_cells(sectors)
    gc.freeze()  # the shell looks for garbage after each chapter; what is loaded is none
    ready.wait()
    run_cells(sectors)


def time_floor(sectors, processes):
    """Seconds of the cells' own code in one warm process or several."""
    context = get_context("spawn")
    ready = context.Barrier(processes + 1)
    begun = [
        context.Process(target=run_twice, args=(sectors[number::processes], ready))
        for number in range(processes)
    ]
    for process in begun:
        process.start()
    ready.wait()
    start = time.perf_counter()
    for process in begun:
        process.join()
    return time.perf_counter() - start


def time_command(*words, project):
    """Seconds of a command in the copy of the project."""
    start = time.perf_counter()
    subprocess.run(
        words,
        check=True,
        cwd=project / "notebooks",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(project)},
    )
    return time.perf_counter() - start


def time_plain(project, sectors, folder):
    """Seconds of the plain loop."""
    programs, total = Path(sys.executable).parent, 0.0
    for sector in sectors:
        for path in sorted((project / "notebooks").glob("[0-9]*.ipynb")):
            made = folder / f"{sector}-{path.name}"
            total += time_command(
                programs / "papermill",
                path,
                made,
                "-p",
                "sector",
                sector,
                "-k",
                "python3",
                project=project,
            )
            total += time_command(
                programs / "jupyter", "nbconvert", "--to", "html", made, project=project
            )
    return total


def time_runs(project, sectors, output):
    """{what: seconds} of runs of the program: everything, with and without PDF, nothing changed,
    one text changed.
    """

    def run(*options):
        return time_command(
            sys.executable,
            project / "run_all.py",
            "--sector",
            ",".join(sectors),
            "--output",
            output,
            *options,
            project=project,
        )

    found = {
        "html": run("--force", "--format", "html"),
        "html og pdf": run("--force"),
        "intet ændret": run(),
    }
    chapter = sorted((project / "notebooks").glob("[0-9]*.ipynb"))[2]
    text = chapter.read_text(encoding="utf-8")
    changed = json.loads(text)
    texts = [
        cell
        for cell in changed["cells"]
        if cell["cell_type"] == "markdown" and not cell["metadata"].get("tags")
    ]
    texts[-1]["source"].append("\n\nEn ny sætning.")
    chapter.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
    found["ét kapitels tekst ændret"] = run()
    chapter.write_text(text, encoding="utf-8")
    return found


def main():
    """Print each round, and the medians with their ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sectors = sys.argv[2].split(",") if len(sys.argv) > 2 else list(SECTORS)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "project")
        for part in PROGRAM:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            project.mkdir(exist_ok=True)
            copy(ROOT / part, project / part)
        for number in range(rounds):
            times = {"plain": time_plain(project, sectors, Path(folder))}
            times |= time_runs(project, sectors, Path(folder, f"outputs-{number}"))
            times |= {"floor, 1": time_floor(sectors, 1), "floor, 2": time_floor(sectors, 2)}
            found.append(times)
            print(
                ", ".join(f"{name} {seconds:.1f} s" for name, seconds in times.items()), flush=True
            )
    middle = {name: statistics.median(times[name] for times in found) for name in found[0]}
    print(
        f"plain / html {middle['plain'] / middle['html']:.1f}, html / floor in one process "
        f"{middle['html'] / middle['floor, 1']:.2f}, html / floor in two "
        f"{middle['html'] / middle['floor, 2']:.2f}, "
        f"pdf adds {middle['html og pdf'] - middle['html']:.1f} s, nothing changed "
        f"{middle['intet ændret']:.2f} s, "
        f"one text changed {middle['ét kapitels tekst ændret']:.1f} s"
    )


if __name__ == "__main__":
    main()
