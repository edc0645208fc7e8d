"""A file of answers, of whatever format, as codes with their labels."""

import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pandas as pd
import pyreadstat
import python_calamine

from barometer.codebook.reading import read_codebook
from barometer.data.codes import write_code
from barometer.files.csv_files import EMPTY, UNNAMED, refuse_repeated
from barometer.files.faults import refuse
from barometer.files.formats import CATALOG, READERS, SUFFIXES, TABLES, parse_table
from barometer.files.texts import normalise, read_numbers
from barometer.files.yaml_files import GET_AGAIN
from barometer.languages.speaking import _
from barometer.layouts.coded import translate
from barometer.layouts.headers import LOOKED_AT, read_headers
from barometer.layouts.units import split_units

PADDED = re.compile("-?0[0-9]")  # a code that is no number: 01
SOUGHT = 20  # rows of a sheet among which the names of its columns are looked for
FEWEST_COLUMNS, MOST_ABOVE = 4, 2  # cells of a row of names; of a row above it, at the most
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Source:
    """`frame`: a row per respondent, codes as text in categories, none where nothing stands.

    `labels` {column: {code: label}}, `titles` {column: what it is about}, `missing` {column: codes
    that the file declares missing}, `ways`: how the file was understood, `numbered`: the columns
    that hold nothing but numbers. `title`: what the file says that it is about, if anything.
    `units` {column: what is written beside each number in it}.
    """

    name: str
    frame: pd.DataFrame
    labels: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)
    ways: tuple = ()
    numbered: frozenset = frozenset()
    title: str = ""
    units: dict = field(default_factory=dict)


def read_source(path, codebook=None):
    """The file at `path` as a `Source`, with what a DDI-Codebook at `codebook` says and the file
    does not. Raises `DataFault` where one of them cannot be read.
    """
    source = _read_file(Path(path))
    return _join(source, read_codebook(codebook)) if codebook else source


def _join(source, codebook):
    """A source with a codebook's labels, titles and missing codes where it has none."""
    known = [name for name in source.frame if name in codebook.titles]
    if not known:
        problem = f"ingen af dens variable er kolonner i {source.name}"
        refuse(codebook.name, problem, "brug kodebogen til den fil")
    labels = _fill(source.labels, codebook.labels, known)
    titles = _fill(source.titles, codebook.titles, known)
    missing = _fill(source.missing, codebook.missing, known)
    lacking = len(codebook.titles) - len(known)
    way = f"{codebook.name}: {len(known)} kolonner er beskrevet i kodebogen"
    way += f"; {lacking} af dens variable er ikke i {source.name}" if lacking else ""
    ways = (*source.ways, way)
    return replace(source, labels=labels, titles=titles, missing=missing, ways=ways)


def _fill(own, other, known):
    return own | {name: other[name] for name in known if other.get(name) and not own.get(name)}


def _read_file(path):
    suffix = path.suffix.lower()
    try:
        content = path.read_bytes()
    except OSError:
        refuse(path.name, "filen mangler eller kan ikke åbnes", "ret stien efter --from")
    if suffix in SHEETS:
        return _read_sheet(path.name, content)
    if suffix not in SUFFIXES:
        allowed = ", ".join((*SUFFIXES, *SHEETS))
        refuse(path.name, "formatet kendes ikke", f"brug en fil, der ender på {allowed}")
    catalog = path.with_suffix(CATALOG)
    known = (catalog.name, catalog.read_bytes()) if catalog.exists() else None
    parsed = parse_table(path, content, (), known if suffix == ".sas7bdat" else None)
    if suffix in TABLES:
        parsed = _read_headers(path.name, parsed)
    source = _write_codes(path.name, parsed.table, parsed.comma)
    labels = source.labels | {
        name: {write_code(value): label for value, label in found.items() if str(label).strip()}
        for name, found in parsed.labels.items()
        if found
    }
    labels |= {name: one for name, one in _read_categories(parsed.table).items() if one}
    missing = _read_missing(content, suffix)
    known = {"titles": parsed.titles, "ways": parsed.ways, "title": parsed.title}
    return replace(source, labels=labels, missing=missing, **known)


def _read_headers(name, parsed):
    """A parsed CSV file without the rows that say what its columns are, and with what they say."""
    table = parsed.table
    names = ["" if one.startswith(UNNAMED) else one for one in table]
    rows = [
        ["" if pd.isna(cell) else cell.strip() for cell in table.iloc[at].astype(object)]
        for at in range(min(LOOKED_AT, len(table)))
    ]
    headers = read_headers(names, rows, lambda place: table.iloc[:, place].value_counts().items())
    if not headers.way:
        return parsed
    if len(table) == headers.rows:
        refuse(name, EMPTY, GET_AGAIN)
    table = table.iloc[headers.rows :].reset_index(drop=True)
    table.columns = list(map(normalise, headers.names))
    ways = (*parsed.ways, f"{name}: {headers.way}")
    return replace(parsed, table=table, titles=headers.titles, ways=ways)


def _read_categories(table):
    """{column: {code: its text}} of columns whose answers the file lists in an order."""
    listed = {
        name: table[name].cat.categories
        for name in table
        if isinstance(table[name].dtype, pd.CategoricalDtype) and table[name].cat.ordered
    }
    return {name: {_write_value(one): str(one) for one in found} for name, found in listed.items()}


def _write_codes(file, table, comma):
    """The `Source` of a file's table alone: codes, which columns hold nothing but numbers, with
    what unit, and what true and false are called.
    """
    written, numbered, units, labels = {}, set(), {}, {}
    for name in table:
        values = table[name].dropna().unique().astype(object)
        known = _read_as_numbers(values, comma)
        split = split_units(values) if known is None else None
        if split and (read := _read_as_numbers([*split[0].values()], comma)):
            units[name] = split[1]
            known = {value: read[number] for value, number in split[0].items()}
        if known is not None and len(known) == len(values):
            numbered.add(name)
        others = {value: _write_value(value) for value in values if value not in (known or {})}
        written[name] = translate(table[name], {**others, **(known or {})})
        if len(values) and all(isinstance(value, bool | np.bool_) for value in values):
            labels[name] = {"1": _("Ja"), "0": _("Nej")}
    known = {"numbered": frozenset(numbered), "units": units}
    return Source(file, pd.DataFrame(written), labels, **known)


def _read_as_numbers(values, comma):
    """{value: code} of a column's different values; None where one is no number.

    Whether 1.250 is a number is seen by the whole column. 1,0 beside 2 is the same code as 1.
    """
    texts = [value.strip() if isinstance(value, str) else value for value in values]
    others = (bool, np.bool_, datetime, date, time)
    if any(isinstance(one, others) or PADDED.match(str(one)) for one in texts):
        return None
    numbers = read_numbers(pd.Series(texts, dtype=object), comma)
    if numbers.dtype == object:
        return None
    return {value: write_code(number) for value, number in zip(values, numbers, strict=True)}


def _write_value(value):
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    return " ".join(str(write_code(value)).split()) or None  # as the registry writes it, in a line


def _read_missing(content, suffix):
    """{column: codes} that an SPSS or Stata file declares to be no answer."""
    if suffix not in (".sav", ".dta"):
        return {}
    read = getattr(pyreadstat, READERS[suffix])
    # the table could be read, so the file is whole
    meta = read(io.BytesIO(content), metadataonly=True, user_missing=True)[1]
    if suffix == ".dta":  # .a to .z are missing by themselves, in each column of numbers
        types = meta.readstat_variable_types.items()
        return {normalise(name): {*ascii_lowercase} for name, kind in types if kind != "string"}
    found = {name: set(map(write_code, codes)) for name, codes in meta.missing_user_values.items()}
    for name, ranges in meta.missing_ranges.items():
        labelled = meta.variable_value_labels.get(name, {})
        for one in ranges:
            ends = {one["lo"], one["hi"]}
            within = {code for code in labelled if _lies_within(code, one)}
            found.setdefault(name, set()).update(map(write_code, ends | within))
    return {normalise(name): codes for name, codes in found.items()}


def _lies_within(code, ends):
    try:
        return ends["lo"] <= code <= ends["hi"]
    except TypeError:  # a text among numbers
        return code in ends.values()


def _read_sheet(name, content):
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names}
    except Exception:  # the reader raises its own errors, and pyo3's for a broken file
        refuse(name, "filen er afkortet eller er ikke et regneark", GET_AGAIN)
    title = max(sheets, key=lambda one: len(sheets[one]), default="")
    rows = [row for row in sheets.get(title, []) if any(cell != "" for cell in row)]
    above = _count_above(rows)
    rows = rows[above:]
    if len(rows) < 2:
        refuse(name, EMPTY, GET_AGAIN)
    texts = [[_write_cell(cell) for cell in row] for row in rows[: LOOKED_AT + 1]]
    headers = read_headers(texts[0], texts[1:], lambda place: _count_cells(rows[1:], place))
    width = max(place for place, cell in enumerate(headers.names, 1) if cell)
    names = [normalise(cell) or f"kolonne_{at}" for at, cell in enumerate(headers.names[:width], 1)]
    refuse_repeated(name, names)
    if len(rows) == 1 + headers.rows:
        refuse(name, EMPTY, GET_AGAIN)
    given = rows[1 + headers.rows :]
    cells = ([None if cell == "" else cell for cell in row[:width]] for row in given)
    # a number that is text in a sheet was typed, with whatever decimal sign its country has
    table = pd.DataFrame(cells, columns=names, dtype=object)
    source = _write_codes(name, table, comma=True)
    others = [one for one in sheets if one != title and sheets[one]]
    passed = ", ".join(others)
    ways = [f"arket »{title}« er læst; andre ark er ikke: {passed}"] if others else []
    ways += [f"{above} rækker over kolonnernes navne er sprunget over"] * bool(above)
    ways += [headers.way] * bool(headers.way)
    ways = tuple(f"{name}: {way}" for way in ways)
    return replace(source, titles=headers.titles, ways=ways)


def _count_above(rows):
    """How many rows a sheet has above the names of its columns, with a title or a date in them."""
    filled = [sum(cell != "" for cell in row) for row in rows[:SOUGHT]]
    if max(filled, default=0) < FEWEST_COLUMNS:
        return 0
    return next(at for at, many in enumerate(filled) if many > MOST_ABOVE)


def _write_cell(cell):
    return _write_value(cell) or ""


def _count_cells(rows, place):
    return Counter(_write_cell(row[place]) for row in rows if row[place] != "").items()
