"""Every share and mean that a figure or table shows, as text and as the number that the text is."""

from dataclasses import dataclass

from barometer.languages.numerals import separators
from barometer.languages.speaking import N_, _
from barometer.marks import MARKS
from barometer.report.tidy import PARTS, name_answer
from barometer.text import NBSP

KINDS = ("share", "sum", "mean")
SHARE, MEAN = N_("pct."), N_("gennemsnit")
UNITS = {"share": SHARE, "sum": SHARE, "mean": MEAN}
# what a number is, and which column has it
MEASURES = {
    "share": N_("Andel"),
    "low": N_("Nedre grænse"),
    "high": N_("Øvre grænse"),
    "n": "n",
}


@dataclass(frozen=True)
class Cell:
    """A number as shown, and of what. `value`, `low`, `high`: in `unit`, rounded as shown, None
    where words or a mark stand; `n`: respondents asked, None where they are not shown.
    """

    exhibit: str
    item: str
    question: str
    answer: str
    group: str
    group_label: str
    base: str
    shown: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    unit: str
    flag: str

    @property
    def mark(self):
        """The mark that stands in place of the number, "" where it is shown."""
        return self.shown if self.shown in MARKS else ""


def list_exhibits(document):
    """Figures and tables with an id, in the report's order."""
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]]
    blocks += document["annex"]
    return [one for one in blocks if one["type"] in ("figure", "table") and one["id"]]


def list_cells(document, numbers):
    """A `Cell` for each (exhibit, item, group), once. `numbers`: rows of `numbers.csv`, of which
    only the published columns are read.
    """
    known, cells = {one["id"] for one in list_exhibits(document)}, {}
    for row in numbers:
        if row["where"] in known and row["part"] in PARTS and row["kind"] in KINDS:
            key = row["where"], row["item"], row["group"]
            # a whole number of a picture has, in a table below it, its interval
            if key not in cells or (row["low"] and cells[key].low is None):
                cells[key] = _make_cell(row)
    return list(cells.values())


def read_shown(text):
    """The number that a text shows, in the language that is spoken: of "37,4 %" 37.4, of
    "under 0,5 %" and of marks None.
    """
    decimal, between = separators()
    number = text.partition(NBSP)[0].removesuffix("%").strip()
    number = number.replace(between, "").replace(decimal, ".")
    try:
        return float(number.replace("−", "-"))
    except ValueError:
        return None


def _make_cell(row):
    question, answer = name_answer(row)
    named = [row[name] for name in ("group", "group_label", "base")]
    numbers = [read_shown(row[name]) for name in ("shown", "low", "high")]
    n = int(row["n"]) if row["n"].isdigit() else None
    head = row["where"], row["item"], question, answer, *named, row["shown"]
    return Cell(*head, *numbers, n, _(UNITS[row["kind"]]), row["flag"])
