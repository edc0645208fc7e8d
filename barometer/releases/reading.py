"""What a folder of reports shows of each cell, by its published files alone, and the same as a
table.
"""

import csv
import json
import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from barometer.files.csv_files import write_csv
from barometer.files.faults import DataFault, Fault
from barometer.forms import STATISTICS
from barometer.verify.claims import CLOSED, FLAG, NUMBERS, STRUCTURE, UNSURE, Report, read_rows

COLUMNS = ("item", "group", "domain", "status", "n", "shown", "low", "high")
SHOWN, UNCERTAIN, SUPPRESSED = "shown", "uncertain", "suppressed"
# kinds of numbers that are about one cell
KINDS = ("share", "sum", "count", "units", "response", "weight", *STATISTICS, "answers")
OWN = ("count", *STATISTICS, "answers")  # whose n is the count itself


@dataclass(frozen=True)
class Seen:
    """What is seen of a cell: whether it is `shown`, `uncertain` or `suppressed`; respondents in
    its base ("" where that is not shown); the number and its interval as they are written.
    """

    status: str
    n: str = ""
    shown: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Folder:
    """`cells`: {report: {(item, group, domain): Seen}}; `structure`: what is public of the survey
    (`structure.json`); `names`: the surveys that the reports say they are of.
    """

    cells: dict
    structure: dict
    names: frozenset


def read_folder(folder, reports=None):
    """The `Folder` of the reports that lie in a folder, or of those named.

    Raises `DataFault` where one cannot be read.
    """
    cells, structure, names = {}, {}, set()
    for path in sorted(Path(folder).glob(f"*/{NUMBERS}")):
        name = path.parent.name
        if reports is not None and name not in reports:
            continue
        try:
            structure = json.loads(path.with_name(STRUCTURE).read_text(encoding="utf-8"))
            about = structure.pop("report")
            rows = read_rows(path, about)
            cells[name] = _read_rows(rows, Report(structure, about, name))
            names |= {row["data"].rpartition(", ")[0] for row in rows} - {""}
        except (OSError, ValueError, KeyError, TypeError) as error:
            remedy = "lav rapporten på ny med python -m barometer run"
            fault = f"rapportens tal kan ikke læses ({type(error).__name__})"
            raise DataFault([Fault(f"{name}/{NUMBERS}", fault, remedy)]) from None
    return Folder(cells, structure, frozenset(names))


def merge_cells(reports):
    """{cell: Seen} of several reports: a cell that one of them shows is shown."""
    found = {}
    for cells in reports:
        for cell, seen in cells.items():
            _keep(found, cell, seen)
    return found


def _keep(found, cell, seen):
    order = (SHOWN, UNCERTAIN, SUPPRESSED)
    held = found.setdefault(cell, seen)
    if (order.index(seen.status), not seen.n) < (order.index(held.status), not held.n):
        found[cell] = seen


def _read_rows(rows, report):
    found = {}
    for row in rows:
        if not row["item"] or not row["group"]:
            continue
        text = FLAG.sub("", row["shown"].replace("\u00a0", " "))
        if row["kind"] == "difference":
            items, groups = row["item"].split(" mod "), row["group"].split(" mod ")
            if len(items) * len(groups) != 2 or text in (CLOSED, UNSURE):
                continue
            sizes = re.findall(r"\d+", row["n"])
            sizes = sizes if len(sizes) == 2 else ["", ""]
            for (item, group), n in zip(product(items, groups), sizes, strict=True):
                cell = report.place(item, group, row["base"])
                _keep(found, cell, Seen(SHOWN, n if n.isdecimal() else ""))
        elif row["kind"] in KINDS:
            status = {CLOSED: SUPPRESSED, UNSURE: UNCERTAIN}.get(text, SHOWN)
            parts = row["item"].split(" + ")
            if len(parts) > 1 and status != SHOWN:
                continue  # which of the parts it is for is not shown
            if row["kind"] == "count" and all(text.partition("–")):
                continue  # the least and the most of several bases: each has its own number
            shown = (text, row["low"], row["high"]) if len(parts) == 1 else ("", "", "")
            if row["kind"] in STATISTICS and row["n"].isdecimal():  # a suppressed mean's n
                status = SHOWN
            for item in parts:
                cell = report.place(item, row["group"], row["base"])
                n = row["n"] if row["n"].isdecimal() and row["kind"] not in OWN else ""
                _keep(found, cell, Seen(status, n, *(shown if row["kind"] in KINDS[:3] else ())))
    return found


def write_cells(path, cells):
    """The table of what is seen of each cell."""
    lines = [
        [*cell, seen.status, seen.n, seen.shown, seen.low, seen.high]
        for cell, seen in sorted(cells.items())
    ]
    write_csv(path, [COLUMNS, *lines])


def read_cells(text):
    """{cell: Seen} of such a table. Raises `ValueError` where it is none."""
    columns, *lines = list(csv.reader(text.splitlines(), strict=True)) or [[]]
    if tuple(columns) != COLUMNS or any(len(line) != len(COLUMNS) for line in lines):
        raise ValueError("no table of cells")
    return {tuple(line[:3]): Seen(*line[3:]) for line in lines}
