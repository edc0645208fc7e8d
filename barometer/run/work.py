"""The pieces of work of a run, as they are handed to whoever does them, and what comes back: plain
data, both ways.
"""

from dataclasses import dataclass, field
from errno import EMFILE, ENFILE

from barometer.errors import BarometerError
from barometer.parameters import Parameters
from barometer.verify.unreleased import UnreleasedNumber

OTHER_SOURCES = "program, data eller pakker er ikke dem, kørslen begyndte med; kør igen"

# Errors whose words name code, files and the program's own refusals, and no values.
QUOTE_NOTHING = (
    "AttributeError",
    "DataFault",
    "DocumentError",
    "FileNotFoundError",
    "ImportError",
    "IndentationError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotPlanned",
    "OSError",
    "ParameterError",
    "PermissionError",
    "RecursionError",
    "SyntaxError",
    "TypstError",
    "ZeroDivisionError",
)
WITHHELD = "fejlens ord kan gengive et svar og vises kun i en terminal"


class Refusal(BarometerError):
    """Why something is not made, in the program's own words."""


@dataclass(frozen=True)
class ChapterTask:
    """A chapter to execute. `key` is the checksum of all that its result follows from
    (`cache.make_key`).
    """

    chapter: str
    source: bytes = field(repr=False)  # what is represented may be logged, on other machines too
    parameters: Parameters
    key: str = ""
    timeout: int = 600
    collects: bool = False  # whether only its requests to the gate are collected


@dataclass(frozen=True)
class ReportTask:
    """A report to build: `chapters` = ((name, source, executed notebook as JSON), …) in reading
    order.

    `sources` are the checksums of what the run began with (`cache.Sources`).
    """

    name: str
    parameters: Parameters
    formats: tuple
    chapters: tuple = field(repr=False)
    sources: object = field(repr=False)
    language: str = ""  # where it is not that of the chapters


@dataclass(frozen=True)
class Failure:
    """Why something was not made, in one line."""

    reason: str
    evalue: str = ""
    # counted from 1 in the chapter as written, headings and text included
    cell: int | None = None
    code: str = ""
    # whether `evalue` is in the program's own words, which quote nobody's answers
    own: bool = False

    def __str__(self):
        return f"{self.brief}: {self.evalue}" if self.evalue else self.brief

    @property
    def logged(self):
        """The same for a file, where an error's words stay out if they may quote an answer."""
        if self.own or not self.evalue or self.reason in QUOTE_NOTHING:
            return str(self)
        return f"{self.brief} ({WITHHELD})"

    @property
    def brief(self):
        """The same without what the error said: a library's may quote an answer, and files are
        published.
        """
        where = f"celle {self.cell} ({self.code}): " if self.cell else ""
        return where + self.reason


@dataclass(frozen=True)
class Result:
    """One chapter of one report, executed: the notebook, or why there is none."""

    chapter: str
    variant: str
    seconds: float
    # a NotebookNode; JSON between processes; none once it is kept
    notebook: object = field(default=None, repr=False)
    failure: Failure | None = None
    kept: bool = False  # whether it is that of an earlier run
    asked: tuple = ()  # the cells that it asked the gate for, where they are collected


@dataclass(frozen=True)
class Built:
    """A finished report: `files` = {path: bytes}, "NAME/…" and "internal/…"; `told`, plain data,
    what a run says of it.

    `told`: "meta", "findings", "bank" (`bank/collecting.py`), "titles" (of chapters), "deviations",
    "numbers" (how many were read back), "faults" (numbers without account), "unused" (typed numbers
    not in it), "left_out" (a line per cell that shows what is not in the report), "release"
    (counts).
    """

    files: dict = field(repr=False)
    told: dict = field(repr=False)
    seconds: float


def place_cell(cells, index, code):
    """(number, first line) of an executed cell in the chapter as written, `cells`: the injected
    parameters are not in it.
    """
    tagged = next(
        (i for i, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", ())), -1
    )
    lines = [
        line.strip()
        for line in code.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    return (index if index > tagged + 1 else index + 1), (lines or [""])[0][:60]


def name_failure(error):
    """An exception as a `Failure`."""
    if getattr(error, "errno", None) in (EMFILE, ENFILE):
        return Failure(
            "for mange åbne filer",
            "hæv grænsen, fx med: ulimit -n 1024, eller kør færre ad gangen (--jobs)",
            own=True,
        )
    if isinstance(error, UnreleasedNumber):
        return Failure(error.args[0], " ".join(error.args[1].split()), own=True)
    if isinstance(error, Refusal):
        return Failure("afvist", " ".join(str(error).split()), own=True)
    return Failure(type(error).__name__, shorten(error))


def shorten(error):
    """What an error says, in one line of a limited length."""
    return " ".join(str(error).split())[:300]
