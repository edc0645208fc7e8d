"""One file's bytes into a table, whatever the format; of a column of codes or ticks each different one is kept once.

No error of a library passes through: their messages quote the line they stumbled on, and a traceback may be stored.
"""
import codecs
import csv
import io
from collections import Counter
from contextlib import suppress

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyreadstat

from barometer.codes import list_categories
from barometer.faults import DataFault, Fault
from barometer.texts import SAVE_AS_UTF8, decode
from barometer.yaml_files import GET_AGAIN

EMPTY = "filen har ingen rækker"
BLOCK = 2**22   # bytes read at once; a row must be shorter
TEXTS = (pa.string(), pa.large_string(), pa.string_view())   # the types of columns that hold codes as they are
STATISTICAL = {".sav": "read_sav", ".dta": "read_dta", ".sas7bdat": "read_sas7bdat"}
SUFFIXES = (".csv", ".parquet", *STATISTICAL)


def parse_table(path, content, plain=()):
    """Frame of a file's `content`, and the value labels it carries.

    Labels are {column: {value: label}}, with every column that may hold labels of answers instead of their codes.
    Columns but the `plain` may come as categories. Raises `DataFault` where the file cannot be read, has no rows or
    names a column twice.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        table, labels = parse_csv(path.name, content, plain), {}
    elif suffix == ".parquet":
        table, labels = _parse_parquet(path.name, content, plain)
    elif suffix in STATISTICAL:
        table, labels = _parse_statistical(path.name, content, suffix)
    else:
        _refuse(path.name, "formatet kendes ikke", f"brug en fil, der ender på {', '.join(SUFFIXES)}")
    if table.empty:
        _refuse(path.name, EMPTY, GET_AGAIN)
    return table, labels


def parse_csv(name, content, plain=None):
    """Frame of a comma-separated file in UTF-8, all text, as categories but for the columns `plain` (None: all are).

    An empty field is missing.
    """
    _check_encoding(name, content)
    names, lines = _read_header(name, content)
    try:
        table, uneven = _parse_lines(content, names, lines, names if plain is None else plain)
    except (pa.ArrowException, ValueError):
        has_rows = b"".join(content.splitlines()[lines:]).strip()
        _refuse(name, "filen kan ikke læses som CSV" if has_rows else EMPTY, GET_AGAIN)
    if uneven:
        first = tuple(f"række {number - lines}" for number in uneven)
        problem = f"andet antal felter end de {len(names)} kolonnenavne"
        remedy = "sæt anførselstegn om felter med komma, og giv hver række lige mange felter"
        raise DataFault([Fault(name, problem, remedy, (), len(uneven), first)])
    return table


def _check_encoding(name, content):
    """As `decode`, a part at a time: the text of a large file is several times larger."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for first in range(0, len(content), BLOCK):
            decoder.decode(content[first:first + BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        decode(name, content)


def _read_header(name, content):
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""))
    try:
        names = next(lines, [])
    except csv.Error:
        names = []
    if not names or not any(names):
        _refuse(name, "filen er tom eller begynder ikke med kolonnenavne", GET_AGAIN)
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        _refuse(name, "felterne er ikke adskilt af komma", SAVE_AS_UTF8)
    _refuse_repeated(name, names)
    return names, lines.line_num


def _parse_lines(content, names, lines, plain):
    """Frame of the lines after the header, and the numbers of lines that have not as many fields."""
    uneven, coded = [], pa.dictionary(pa.int32(), pa.string())
    options = {
        "read_options": pa.csv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=names, skip_rows=lines),
        "parse_options": pa.csv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=lambda row: uneven.append(row.number) or "skip"),
        "convert_options": pa.csv.ConvertOptions(
            column_types={name: pa.string() if name in plain else coded for name in names},
            null_values=[""], strings_can_be_null=True),
    }
    known, parts = {name: {} for name in names if name not in plain}, {name: [] for name in names}
    for batch in pa.csv.open_csv(io.BytesIO(content), **options):
        for name, part in zip(names, batch.columns, strict=True):
            parts[name].append(_code_part(part, known[name]) if name in known else part)
    return pd.DataFrame({name: _join_parts(parts.pop(name), known.get(name)) for name in names}), uneven


def _code_part(part, known):
    """Each row's place among the `known` texts ({text: place}), which new ones are added to; -1 where it is missing."""
    places = [known.setdefault(text, len(known)) for text in part.dictionary.to_pylist()]
    rows = part.indices.fill_null(len(places)).to_numpy()
    return np.array([*places, -1], dtype=np.min_scalar_type(-len(known) - 1))[rows]


def _join_parts(parts, known):
    if known is None:
        return pa.chunked_array(parts, pa.string()).to_pandas()
    return pd.Series(pd.Categorical.from_codes(np.concatenate(parts), dtype=list_categories(tuple(known))))


def _parse_parquet(name, content, plain):
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(content))
        names = file.schema_arrow.names
        _refuse_repeated(name, names)
        # A column at a time: as numbers they would all together take many times the memory of their categories.
        frame = pd.DataFrame({column: _read_column(file, column, column in plain) for column in names})
        return frame, {one.name: {} for one in file.schema_arrow if one.type not in TEXTS}
    except DataFault:
        raise
    except (pa.ArrowException, ValueError, TypeError, OSError):
        _refuse(name, "filen er afkortet eller er ikke en Parquet-fil", GET_AGAIN)


def _read_column(file, name, plain):
    column = file.read(columns=[name])[name]
    column = column.cast(pa.float32()) if pa.types.is_float16(column.type) else column   # pandas has no index of these
    if column.type in TEXTS and not plain:
        return column.dictionary_encode().to_pandas()
    series = column.to_pandas()
    if plain:
        return series.mask(series == "") if isinstance(series.dtype, pd.StringDtype) else series
    with suppress(TypeError):     # lists, or the like, in its cells
        series = series.astype("category")
    return series


def _parse_statistical(name, content, suffix):
    try:
        # user_missing: "Ved ikke" is often declared missing in these files, but here it is an answer.
        frame, meta = getattr(pyreadstat, STATISTICAL[suffix])(io.BytesIO(content), user_missing=True)
    except Exception:   # a broken file makes these readers stumble in any way
        _refuse(name, f"filen er afkortet eller er ikke en {suffix}-fil", GET_AGAIN)
    return frame, {column: meta.variable_value_labels.get(column, {}) for column in frame}


def _refuse_repeated(name, columns):
    repeated = tuple(column for column, times in Counter(columns).items() if times > 1)
    if repeated:
        raise DataFault([Fault(name, "kolonnen står flere gange", "behold den ene", strange=repeated)])


def _refuse(name, problem, remedy):
    raise DataFault([Fault(name, problem, remedy)]) from None
