"""What a fault in a survey's files is: one Danish sentence with file, column, rows and remedy.

`str(DataFault)` may end up in a file, because a notebook that raises stores the traceback; it
therefore gives numbers of rows only. `full_message()` adds up to five row ids and cell contents,
and is for the terminal alone.
"""

import difflib
import unicodedata
from dataclasses import dataclass, field

from barometer.errors import BarometerError
from barometer.files.console import is_watched as is_terminal
from barometer.text import format_count

# ids, values or columns in one sentence: enough to find the pattern, short enough to read
SHOWN = 5
# sentences in one message; a wrong file has hundreds, and the first ones say what is wrong with it
SHOWN_FAULTS = 40
WITHHELD = (
    "Id og fremmede kolonnenavne udelades, fordi teksten kan blive gemt; "
    "kør rapporterne i en terminal for at se dem"
)
# characters of a foreign text that are shown; the longest label of the third round has 61
LONGEST = 60
# characters of one text; the longest of the third round has 132, and a figure must hold it
LONGEST_TEXT = 1000
# Unicode's kinds of characters that nobody sees
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
ROW = "række "  # before the place of a row that has no id, or whose id says nothing
HARMLESS = "\n\t\u00ad"  # of those kinds: a new line, a tab, and a soft hyphen in a long word


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one file. `ids` and `values` are respondents', and for the terminal
    only.

    `columns` is empty when the fault is the whole file's, `rows` 0 when it is not one of rows.
    `strange`: columns that only the file names, for the terminal too: in a file that lacks its
    first line they are a respondent's answers.
    """

    file: str
    problem: str
    remedy: str
    columns: tuple = ()
    rows: int = 0
    ids: tuple = field(default=(), repr=False)
    values: tuple = field(default=(), repr=False)
    strange: tuple = field(default=(), repr=False)

    @property
    def is_withheld(self):
        """Whether a terminal shows more than a file has."""
        return bool(self.ids or self.strange)

    def describe(self, in_terminal=False):
        """The fault as one sentence, with ids and cell contents in a terminal only."""
        columns = self.columns or (self.strange if in_terminal else ())
        where = f"{show(self.file)}, kolonne {show_list(columns)}" if columns else show(self.file)
        if (number := len(self.strange)) and not in_terminal:
            where += f", {format_count(number)} kolonner" if number > 1 else ", 1 kolonne"
        problem = f"{self.problem} i 1 række" if self.rows == 1 else self.problem
        if self.rows > 1:
            problem = f"{self.problem} i {format_count(self.rows)} rækker"
        found = [_name_rows(self.ids, self.rows)] if self.ids else []
        found += [f"fundet {show_list(self.values, quoted=True)}"] if self.values else []
        detail = f" ({'; '.join(found)})" if found and in_terminal else ""
        return f"{where}: {problem}{detail}; {self.remedy}."


class DataFault(BarometerError):
    """A survey's files are not as registry and cards say; `faults` has every `Fault` found."""

    def __init__(self, faults):
        self.faults = tuple(faults)
        super().__init__(_compose(self.faults))

    def __reduce__(self):
        # Exceptions travel between processes by their args; those of this one are the text, not the
        # faults.
        return DataFault, (self.faults,)

    def full_message(self):
        """The same text with row ids and cell contents: for a terminal, never for a file."""
        return _compose(self.faults, in_terminal=True)

    def message_for(self, stream):
        """The text for whoever reads `stream`: the full one only where that is a terminal."""
        return self.full_message() if is_terminal(stream) else str(self)


def _name_rows(ids, total):
    """The rows of a fault, by respondents' ids or by where they stand."""
    places = [one.removeprefix(ROW) for one in ids if one.startswith(ROW)]
    if len(places) == len(ids):
        return f"{ROW}{show_list(places, total=total)}"
    return f"id {show_list(ids, quoted=True, total=total)}"


def show(text, quoted=False, longest=LONGEST):
    """A text fit for a terminal: control characters escaped, at most `longest` characters."""
    text = str(text)
    shown = repr(text[:longest])
    return (shown if quoted else shown[1:-1]) + ("…" if len(text) > longest else "")


def show_list(texts, quoted=False, total=None):
    """Up to five texts, escaped, and how many more there are (of `total`)."""
    texts = list(texts)
    more = (total or len(texts)) - min(len(texts), SHOWN)
    shown = ", ".join(show(text, quoted) for text in texts[:SHOWN])
    return f"{shown} og {format_count(more)} til" if more else shown


def find_hidden(text):
    """The code ("U+202E") of a text's first character that nobody sees or that turns others around.

    They let a text differ for the eye and for a search, and none is needed in Danish.
    """
    if not text.isprintable():
        for character in text:
            if character not in HARMLESS and unicodedata.category(character) in HIDDEN:
                return f"U+{ord(character):04X}"
    return ""


def check_texts(file, texts):
    """The faults of texts that readers are to see: pairs of where each stands, and the text."""
    faults = []
    for where, text in texts:
        if len(text) > LONGEST_TEXT:
            problem = f"{show(where)} er en tekst på {format_count(len(text))} tegn"
            remedy = f"skriv den med højst {format_count(LONGEST_TEXT)} tegn"
            faults.append(Fault(file, problem, remedy))
        elif hidden := find_hidden(text):
            problem = f"{show(where)} har et tegn, som ikke kan ses ({hidden})"
            faults.append(Fault(file, problem, "slet tegnet"))
    return faults


def name_rows(table, rows):
    """The first five ids of rows (booleans), or row numbers where they have no id."""
    import numpy as np  # here and below: YAML files are read without it

    positions = np.flatnonzero(rows)[:SHOWN]
    known = table["id"].iloc[positions] if "id" in table else [None] * len(positions)
    # Row numbers do not count the line of column names.
    return tuple(
        name if isinstance(name, str) and name.strip() else f"række {position + 1}"
        for name, position in zip(known, positions, strict=True)
    )


def find_row_faults(file, table, columns, cases, shown=False):
    """The faults of rows of a table. `cases`: (rows, problem, remedy), rows a boolean each.

    `shown`: the first column's contents of those rows are in the message too.
    """
    import numpy as np

    faults = []
    for rows, problem, remedy in cases:
        if (rows := np.asarray(rows, dtype=bool)).any():
            values = tuple(table[columns[0]][rows].dropna().unique()) if shown else ()
            found = int(rows.sum()), name_rows(table, rows), values
            faults.append(Fault(file, problem, remedy, tuple(columns), *found))
    return faults


def check_columns(file, table, expected, add="tilføj den", remove="fjern den"):
    """Columns missing, unexpected (unless `remove` is ""), or alike but for capitals and spaces.

    Unexpected ones are named wherever most of the expected are there: then the first line is names
    of columns, and no respondent's answers.
    """
    missing, alike = [name for name in expected if name not in table], {}
    spare = [name for name in table if name not in {*expected}]
    folded = {" ".join(name.casefold().split()): name for name in missing}
    for name in spare:
        if meant := folded.get(" ".join(str(name).casefold().split())):
            alike[name] = meant
    missing = tuple(name for name in missing if name not in alike.values())
    spare = tuple(name for name in spare if name not in alike)
    written = "kolonnens navn er skrevet med andre bogstaver (store og små) eller mellemrum"
    faults = [Fault(file, written, "skriv det netop sådan", tuple(alike.values()))] if alike else []
    faults += [Fault(file, "kolonnen mangler", add, missing)] if missing else []
    if spare and remove:
        named = len(missing) * 2 < len({*expected})
        shown = {"columns": spare} if named else {"strange": spare}
        faults.append(Fault(file, "kolonnen kendes ikke", remove, **shown))
    return faults


def raise_faults(faults):
    """Raise `DataFault` if there are any faults."""
    if faults:
        raise DataFault(faults)


def refuse(file, problem, remedy):
    """Raise the `DataFault` of one fault of a file, and no other error with it."""
    raise DataFault([Fault(file, problem, remedy)]) from None


def _compose(faults, in_terminal=False):
    lines = [f"- {fault.describe(in_terminal)}" for fault in faults[:SHOWN_FAULTS]]
    if len(faults) > SHOWN_FAULTS:
        lines.append(f"- … og {format_count(len(faults) - SHOWN_FAULTS)} fejl til.")
    if not in_terminal and any(fault.is_withheld for fault in faults):
        lines.append(f"{WITHHELD}.")
    number = "1 fejl" if len(faults) == 1 else f"{format_count(len(faults))} fejl"
    return "\n".join([f"Data er ikke, som registret og kortene siger: {number}.", *lines])


def suggest(word, known):
    """A Danish " Mente du …?" if a known word resembles this one, else nothing."""
    names = {name.lower(): name for name in reversed(tuple(known))}
    close = difflib.get_close_matches(str(word)[:LONGEST].lower(), names, n=1)
    return f" Mente du »{names[close[0]]}«?" if close else ""
