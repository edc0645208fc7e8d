"""What the gate costs: time spent in it as a part of the cells' own time, all chapters for all
sectors in one process.

    python benchmarks/gate.py [ROUNDS]
"""

import sys
import time

import nbformat

from barometer import paths
from barometer.disclosure import release
from barometer.document.chapters import list_chapters
from barometer.parameters import list_names
from barometer.sentences import published

SECTORS = [*list_names(paths.name_default())]

SPENT = {"gate": 0.0}


def clock(function):
    """`function`, with the time spent in it added to that of the gate."""

    def clocked(*given, **named):
        start = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            SPENT["gate"] += time.perf_counter() - start

    return clocked


def run_chapters():
    """Execute the code cells of every chapter for every sector; the seconds it took."""
    start = time.perf_counter()
    for sector in SECTORS:
        for path in list_chapters():
            names = {}
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "code":
                    exec(compile(cell.source, path.name, "exec"), names)
                    if "parameters" in cell.metadata.get("tags", []):
                        names["sector"] = sector
    return time.perf_counter() - start


def main():
    """Print the gate's part of each round."""
    for module in (release, published):
        module.protect = clock(module.protect)
    run_chapters()  # imports and fonts
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        SPENT["gate"] = 0.0
        seconds = run_chapters()
        sys.stdout.write(
            f"cells {seconds:.2f} s, of it the gate {SPENT['gate']:.2f} s: "
            f"{100 * SPENT['gate'] / (seconds - SPENT['gate']):.1f} % on top of the rest\n"
        )


if __name__ == "__main__":
    main()
