"""The pieces of work of a run, as they are handed to whoever does them, and what comes back: plain
data, both ways.
"""

import json
import re
from concurrent.futures import Future
from dataclasses import dataclass, field
from errno import EMFILE, ENFILE
from functools import cache

from barometer.data.cards import PUBLISHED, REGISTRY
from barometer.errors import BarometerError
from barometer.parameters import Parameters, resolve_data
from barometer.paths import PACKAGE
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
PUBLIC = (REGISTRY, PUBLISHED, "dictionary.csv")  # nothing in these comes from an answer
QUOTED = re.compile(r"'([^']*)'?|\"([^\"]*)\"?|»([^«]*)«?")
WORD = re.compile(r"[^\W_]+")
NAME = re.compile(r"\w+(\.\w+)*")  # of an item, of an argument
BROKEN = re.compile(r'"\s+f?"')  # in a text of the program on several lines


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


def fail_cell(task, name, words, *place):
    """The `Failure` of a chapter's cell by an error of the kind `name`, with its message. One of
    the program's own is in files too, unless the chapter has handed it an answer to quote.
    """
    own = name in _list_own(BarometerError) and _says_only(words, *_read_public(task))
    return Failure(name, shorten(words), *place, own=own)


def _list_own(kind):
    return {kind.__name__}.union(*map(_list_own, kind.__subclasses__()))


def _says_only(message, public, program):
    """Whether all that a message quotes stands in one of two texts, and its other words as well:
    its numbers in the first of them.
    """
    known, own = (set(WORD.findall(text.lower())) for text in (public, program))
    words = {one for one in own if not one.isdecimal()} | known
    quoted = [found for one in QUOTED.findall(message) for found in one if found]
    names = [one for one in quoted if NAME.fullmatch(one)]
    rest = " ".join([QUOTED.sub(" ", message), *names])
    return words.issuperset(WORD.findall(rest.lower())) and all(
        one in public or one in program for one in quoted if one not in names
    )


def _read_public(task):
    """(what a chapter and the public files of its survey say, what the program says)."""
    folder = resolve_data(task.parameters.data)
    files = [folder / name for name in PUBLIC if (folder / name).is_file()]
    texts = [path.read_text("utf-8", "replace") for path in files]
    cells = ["".join(cell["source"]) for cell in json.loads(task.source)["cells"]]
    return "\n".join([*cells, *texts]), _read_program()


@cache
def _read_program():
    texts = [BROKEN.sub("", path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")]
    return "\n".join(texts).replace("{{", "{").replace("}}", "}")


def shorten(error):
    """What an error says, in one line of a limited length."""
    return " ".join(str(error).split())[:300]


def open_answer(sent):
    """A future of what a worker was asked for, raising again what was raised there."""
    opened = Future()

    def take(done):
        try:
            answer = done.result()
        except BaseException as error:  # the worker is gone, or the run stopped it
            answer = error
        if isinstance(answer, BaseException):
            opened.set_exception(answer)
        else:
            opened.set_result(answer)

    sent.add_done_callback(take)
    return opened
