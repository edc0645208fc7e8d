"""CSV files as people have them: with commas in UTF-8, or as a Danish Excel writes them.

Fields may be divided by commas, semicolons, tabs or bars (the first line decides), and text without
commas between fields may be in Windows-1252; of a column of codes each different text is kept once.
"""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from barometer.files.faults import DataFault, Fault, raise_faults, refuse
from barometer.files.texts import SAVE_AS_UTF8, decode, decode_windows, normalise
from barometer.files.writing import write_text
from barometer.files.yaml_files import GET_AGAIN

EMPTY = "filen har ingen rækker"
RENAME = "behold den ene, eller giv dem hver sit navn, hvis de er hvert sit spørgsmål"
BLOCK = 2**22  # bytes read at once; a row must be shorter
DELIMITERS = {",": "komma", ";": "semikolon", "\t": "tabulator", "|": "lodret streg"}
UNNAMED = "(uden navn, nr. "  # and its place: what a column without a name is called
# in the only name of a first line: of other delimiters, or of no names
OTHERS = re.compile(r"[:^~<>#\s]")
# a first line that names what divides fields, for Excel
EXCEL = re.compile(rb'\A"?sep=([,;\t])"?\r?\n')
WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass
class Parsed:
    """A file's table; `labels` {column: {value: label}}, `titles` {column: what it is about}.

    `ways`: how the file was understood, where it was not the plain way. `comma`: whether its
    numbers may have decimal commas. `title`: what a file of a statistical program says it is on.
    """

    table: pd.DataFrame
    labels: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)
    ways: tuple = ()
    comma: bool = False
    title: str = ""

    def take_columns(self):
        """{name: column}, which the table has no longer: one that is done with frees its memory."""
        columns = {name: self.table[name] for name in self.table}
        self.table = self.table[[]]
        return columns


def parse_csv(name, content, plain=None):
    """A CSV file as `Parsed`: all text, as categories but for the columns `plain` (None: all are).

    An empty field is missing; the table may have no rows. Raises `DataFault`.
    """
    original = content
    content, encoding = _settle_encoding(name, content)
    if b"\0" in content:  # UTF-16 or UTF-32 that does not say so, or no text at all
        refuse(name, "filen er ikke tekst i tegnkodningen UTF-8 (den har NUL-tegn)", SAVE_AS_UTF8)
    if b"\n" not in content:  # as Macs ended lines once
        content = content.replace(b"\r", b"\n")
    excel = EXCEL.match(content)
    content = content[excel.end() :] if excel else content
    names, lines, delimiter = _read_header(name, content, excel and excel[1].decode())
    # nothing says that a Danish Excel wrote it
    if encoding == "Windows-1252" and delimiter == ",":
        decode(name, original)
    table = pd.DataFrame({column: pd.Series(dtype="str") for column in names})
    uneven = []
    if _has_rows(content, lines):
        plain = names if plain is None else plain
        try:
            table, uneven = _parse_lines(content, names, lines, plain, delimiter)
        except (pa.ArrowException, ValueError):
            refuse(name, "filen kan ikke læses som CSV", GET_AGAIN)
    if uneven:
        first = tuple(f"række {number - lines}" for number in uneven)
        problem = f"andet antal felter end de {len(names)} kolonnenavne"
        quote = f"sæt anførselstegn om felter med {DELIMITERS[delimiter]}"
        remedy = f"{quote}, og giv hver række lige mange felter"
        raise DataFault([Fault(name, problem, remedy, (), len(uneven), first)])
    return Parsed(
        _drop_blank(table), ways=_describe(name, delimiter, encoding), comma=delimiter != ","
    )


def _drop_blank(table):
    """Without empty rows (Excel keeps them) and columns that have neither name nor content."""
    if table.iloc[:, 0].isna().any() and (blank := table.isna().all(axis=1)).any():
        table = table[~blank].reset_index(drop=True)
    unnamed = [name for name in table if name.startswith(UNNAMED) and table[name].isna().all()]
    return table.drop(columns=unnamed)


def _describe(name, delimiter, encoding):
    ways = [f"felterne er adskilt af {DELIMITERS[delimiter]}"] if delimiter != "," else []
    ways += [f"tegnkodningen er {encoding}"] if encoding else []
    return (f"{name}: {', '.join(ways)}",) if ways else ()


def _settle_encoding(name, content):
    """(the content in UTF-8 and NFC, without byte order mark; its encoding if it was another)."""
    for mark, encoding in WIDE.items():
        if content.startswith(mark):
            try:
                return normalise(content.decode(encoding)).encode(), "UTF-16"
            except UnicodeDecodeError:
                decode(name, content)
    state = _examine(content)
    if state == "windows":
        text = decode_windows(content)
        return (decode(name, content), "") if text is None else (text.encode(), "Windows-1252")
    while content.startswith(codecs.BOM_UTF8):  # some programs add one to what has one
        content = content.removeprefix(codecs.BOM_UTF8)
    return (normalise(content.decode()).encode() if state == "decomposed" else content), ""


def _examine(content):
    """ "windows" for what is not UTF-8, "decomposed" for what is not NFC, else ""; in parts."""
    decoder, composed = codecs.getincrementaldecoder("utf-8")(), True
    try:
        for first in range(0, len(content), BLOCK):
            text = decoder.decode(content[first : first + BLOCK])
            # A letter and its mark may lie on both sides of a part's end.
            alike = normalise("a" + text[:2])[1:] == text[:2] and normalise(text) == text
            composed = composed and alike
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows"
    return "" if composed else "decomposed"


def _read_header(name, content, delimiter):
    """(names of the columns, lines they take, what divides fields) of the first line."""
    first = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors="replace", newline="")
    delimiter = delimiter or _find_delimiter(content)
    lines = csv.reader(first, delimiter=delimiter)
    try:
        names = next(lines, [])
    except csv.Error:
        names = []
    if not names or not any(names):
        refuse(name, "filen er tom eller begynder ikke med kolonnenavne", GET_AGAIN)
    if len(names) == 1 and OTHERS.search(names[0]):
        divided = f"adskil felterne med {', '.join(DELIMITERS.values())}"
        remedy = f"begynd med kolonnenavnene, og {divided}"
        refuse(name, "filens første linje er ikke kolonnenavne, der er adskilt", remedy)
    refuse_repeated(name, names)
    names = [one if one.strip() else f"{UNNAMED}{place})" for place, one in enumerate(names, 1)]
    return names, lines.line_num, delimiter


def _find_delimiter(content):
    """What stands most often in the first line, outside quotation marks."""
    line = re.split(rb"[\r\n]", re.sub(rb'"[^"]*"', b"", content[:BLOCK]), maxsplit=1)[0]
    # none of them: a comma, the first
    return max(DELIMITERS, key=lambda one: line.count(one.encode()))


def _has_rows(content, lines):
    # As bytes, each a character: lines may end as they do on Macs.
    rest = io.TextIOWrapper(io.BytesIO(content), encoding="latin-1", newline=None)
    for _ in range(lines):
        rest.readline()
    return any(line.strip() for line in rest)


def _parse_lines(content, names, lines, plain, delimiter):
    """Frame of the lines after the header, and the numbers of those with too few or many fields."""
    uneven, coded = [], pa.dictionary(pa.int32(), pa.string())

    def skip(row):
        uneven.append(row.number)
        return "skip"

    types = {name: pa.string() if name in plain else coded for name in names}
    reading = {"block_size": BLOCK, "column_names": names, "skip_rows": lines}
    options = (
        pa.csv.ReadOptions(use_threads=False, **reading),
        pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip),
        pa.csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True),
    )
    known, parts = {name: {} for name in names if name not in plain}, {name: [] for name in names}
    for batch in pa.csv.open_csv(io.BytesIO(content), *options):
        for name, part in zip(names, batch.columns, strict=True):
            parts[name].append(_code_part(part, known[name]) if name in known else part)
    columns = {name: _join_parts(parts.pop(name), known.get(name)) for name in names}
    return pd.DataFrame(columns), uneven


def _code_part(part, known):
    """Each row's place among `known` ({text: place}), which new texts join; -1 where missing."""
    places = [known.setdefault(text, len(known)) for text in part.dictionary.to_pylist()]
    rows = part.indices.fill_null(len(places)).to_numpy()
    return np.array([*places, -1], dtype=np.min_scalar_type(-len(known) - 1))[rows]


def _join_parts(parts, known):
    if known is None:
        return pa.chunked_array(parts, pa.string()).to_pandas()
    dtype = list_categories(tuple(known))
    return pd.Series(pd.Categorical.from_codes(np.concatenate(parts), dtype=dtype))


def refuse_repeated(name, columns):
    """Raise `DataFault` for a file that names a column twice, of which nobody has seen yet whether
    both are the same; "" is no name.
    """
    columns, faults = [*map(normalise, columns)], []
    for column, times in Counter(filter(str.strip, columns)).items():
        if times > 1:
            places = [str(place) for place, one in enumerate(columns, 1) if one == column]
            problem = f"kolonnen står flere gange (nr. {' og '.join(places)})"
            faults.append(Fault(name, problem, RENAME, strange=(column,)))
    raise_faults(faults)


FORMULA, NUMBER = tuple("=+-@\t\r"), re.compile(r"[-+]?\d[\d.]*(,\d+)?( ?%)?")


def write_csv(path, lines):
    """A comma-separated table in UTF-8, safe to open in a spreadsheet.

    It begins with a byte order mark, without which Excel takes it for Windows-1252.
    """
    text = io.StringIO("\ufeff")
    text.seek(1)
    csv.writer(text, lineterminator="\n").writerows(map(disarm, line) for line in lines)
    write_text(path, text.getvalue())


def disarm(cell):
    """Text that is a formula to a spreadsheet, with an apostrophe in front; numbers as they are."""
    return f"'{cell}" if cell[:1] in FORMULA and not NUMBER.fullmatch(cell) else cell


@lru_cache(maxsize=256)
def list_categories(categories):
    """The pandas type of a column with these different values (a tuple)."""
    # Most columns have the same few, and making sure that these are different takes longer than the
    # column.
    return pd.CategoricalDtype(list(categories))
