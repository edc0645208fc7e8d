"""From executed chapters to the finished report: seconds for one report's HTML, PDF and pictures,
in one warm process.

    python run_all.py && python benchmarks/publishing.py [OUTPUTS]
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from barometer import paths
from barometer.document.document import build_document
from barometer.report.folder import write_pictures
from barometer.report.html import render_html
from barometer.report.pdf import render_pdf


def publish(folder):
    """Make a report's files from its executed chapters; {step: seconds}."""
    seconds, start = {}, time.perf_counter()

    def note(step):
        nonlocal start
        seconds[step], start = time.perf_counter() - start, time.perf_counter()

    books = [
        (path.stem, nbformat.read(path, as_version=4))
        for path in sorted((folder / "chapters").glob("*.ipynb"))
    ]
    note("read")
    document = build_document(books)
    note("document")
    render_html(document)
    note("html")
    render_pdf(document)
    note("pdf")
    with TemporaryDirectory() as target:
        for _, book in books:
            write_pictures(Path(target), book)
    note("pictures")
    return seconds


def main():
    """Print the steps' seconds for every report: made once, as the typesetter remembers what it has
    set before.
    """
    outputs = Path(sys.argv[1]) if len(sys.argv) > 1 else paths.OUTPUTS
    for folder in sorted(path.parent for path in outputs.glob("*/chapters")):
        found = publish(folder)
        steps = ", ".join(f"{step} {spent:.2f}" for step, spent in found.items())
        sys.stdout.write(f"{folder.name:<14}{sum(found.values()):.2f} s ({steps})\n")


if __name__ == "__main__":
    main()
