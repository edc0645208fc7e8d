"""One file's bytes into a table, whatever the format; of a column of codes each is kept once.

No error of a library passes through: messages quote the line, and a traceback may be stored.
"""

import io
from contextlib import suppress
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyreadstat

from barometer.files.csv_files import EMPTY, Parsed, parse_csv, refuse_repeated
from barometer.files.faults import DataFault, refuse
from barometer.files.texts import decode_windows, normalise
from barometer.files.yaml_files import GET_AGAIN

# the types of columns that hold codes as they are
TEXTS = (pa.string(), pa.large_string(), pa.string_view())
READERS = {".sav": "read_sav", ".dta": "read_dta", ".sas7bdat": "read_sas7bdat"}
STATISTICAL = READERS | {".xpt": "read_xport"}
UNMARKED = {".xpt": {}}  # options of a reader without values declared missing
CATALOG = ".sas7bcat"  # SAS keeps the labels of values in a file of their own
BYTES = "ISO-8859-1"  # in which each byte is a character
UNSURE = ("UTF-8", "UTF8", BYTES)  # what readers say where the file says nothing
# Arrow's own pool keeps what is freed for itself, hundreds of megabytes of many answers
pa.set_memory_pool(pa.system_memory_pool())
TABLES = (".csv", ".tsv", ".tab", ".txt")  # of text, a line for each row
SUFFIXES = (*TABLES, ".parquet", *STATISTICAL)


def parse_table(path, content, plain=(), catalog=None):
    """A file's `content` as `Parsed`; columns but the `plain` may come as categories.

    `catalog`: (name, bytes) of a SAS file's labels. Raises `DataFault` where the file cannot be
    read, has no rows or names a column twice.
    """
    suffix = path.suffix.lower()
    if suffix in TABLES:
        parsed = parse_csv(path.name, content, plain)
    elif suffix == ".parquet":
        parsed = _parse_parquet(path.name, content, plain)
    elif suffix in STATISTICAL:
        parsed = _parse_statistical(path.name, content, suffix, catalog)
    else:
        remedy = f"brug en fil, der ender på {', '.join(SUFFIXES)}"
        refuse(path.name, "formatet kendes ikke", remedy)
    if parsed.table.empty:
        refuse(path.name, EMPTY, GET_AGAIN)
    parsed.table.columns = list(map(normalise, parsed.table.columns))
    return parsed


def _parse_parquet(name, content, plain):
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(content))
        names = file.schema_arrow.names
        refuse_repeated(name, names)
        # A column at a time: as numbers they would all together take many times the memory of their
        # categories.
        columns = {one: _read_column(file, one, one in plain) for one in names}
        frame = pd.DataFrame(columns, copy=False)  # a second copy of millions of rows fills memory
        coded = (one.name for one in file.schema_arrow if one.type not in TEXTS)
        return Parsed(frame, {normalise(one): {} for one in coded})
    except DataFault:
        raise
    except (pa.ArrowException, ValueError, TypeError, OSError):
        refuse(name, "filen er afkortet eller er ikke en Parquet-fil", GET_AGAIN)


def _read_column(file, name, plain):
    column = file.read(columns=[name])[name]
    # pandas has no index of these
    column = column.cast(pa.float32()) if pa.types.is_float16(column.type) else column
    if column.type in TEXTS and not plain:
        return column.dictionary_encode().to_pandas()
    series = column.to_pandas()
    if plain:
        return series.mask(series == "") if isinstance(series.dtype, pd.StringDtype) else series
    with suppress(TypeError):  # lists, or the like, in its cells
        series = series.astype("category")
    return series


def _parse_statistical(name, content, suffix, catalog=None):
    read = getattr(pyreadstat, STATISTICAL[suffix])
    frame, meta = _read_statistical(name, content, suffix, read)
    if catalog:
        meta.variable_value_labels = _find_formats(*catalog, meta)
    texts = {text for text in _list_texts(frame, meta) if not text.isascii()}
    words, ways = ({}, ()) if _declares(meta) else _find_words(name, texts)
    for column in filter(partial(_holds_text, frame), frame if words else ()):
        frame[column] = frame[column].map(lambda text: words.get(text, text), na_action="ignore")
    frame.columns = [words.get(column, column) for column in frame.columns]

    def read_text(text):
        return normalise(words.get(text, text))

    labels = {
        read_text(column): {normalise(value): read_text(text) for value, text in found.items()}
        for column, found in _read_labels(meta).items()
    }
    titles = getattr(meta, "column_names_to_labels", {}).items()
    titles = {read_text(column): read_text(text) for column, text in titles if text}
    labels = {name: labels.get(name, {}) for name in map(normalise, frame)}
    title = " ".join(read_text(getattr(meta, "file_label", None) or "").split())
    return Parsed(frame, labels, titles, ways, title=title)


def _read_statistical(name, content, suffix, read):
    """(frame, what the file says beside it). Without a declared encoding bytes come as characters:

    the reader cuts a text, without an error, that ends in a byte of another encoding.
    """
    # user_missing: "Ved ikke" is often declared missing in these files, but here it is an answer.
    try:
        encoding = None
        with suppress(pyreadstat.ReadstatError, UnicodeDecodeError):
            meta = read(io.BytesIO(content), metadataonly=True)[1]
            encoding = getattr(meta, "file_encoding", None)
        options = UNMARKED.get(suffix, {"user_missing": True})
        if encoding and encoding.upper() not in UNSURE:
            return read(io.BytesIO(content), **options)
        return read(io.BytesIO(content), encoding=BYTES, **options)
    except Exception:  # these readers raise anything for a broken file
        refuse(name, f"filen er afkortet eller er ikke en {suffix}-fil", GET_AGAIN)


def _find_formats(name, content, meta):
    """{column: {value: label}} of a SAS file, whose columns name formats of the catalog."""

    def read(file, encoding=None, **_):
        return pyreadstat.read_sas7bcat(file, **({"encoding": encoding} if encoding else {}))

    _, found = _read_statistical(name, content, CATALOG, read)
    formats = {_name_format(key): labels for key, labels in found.value_labels.items()}
    named = {column: _name_format(one) for column, one in (meta.variable_to_label or {}).items()}
    return {column: formats[one] for column, one in named.items() if one in formats}


def _name_format(name):
    return str(name).upper().strip(".")


def _declares(meta):
    return (getattr(meta, "file_encoding", None) or BYTES).upper() != BYTES


def _holds_text(frame, column):
    return frame[column].dtype == object or isinstance(frame[column].dtype, pd.StringDtype)


def _read_labels(meta):
    return getattr(meta, "variable_value_labels", {})


def _list_texts(frame, meta):
    yield from frame
    yield getattr(meta, "file_label", None) or ""
    for column in filter(partial(_holds_text, frame), frame):
        yield from (value for value in frame[column].unique() if isinstance(value, str))
    titles = getattr(meta, "column_names_to_labels", {})
    for found in (*_read_labels(meta).values(), titles):
        yield from (text for text in found.values() if isinstance(text, str))


def _find_words(name, texts):
    """({text as read: what it is}, how) of a file that does not name its encoding."""
    try:
        raw = {text: text.encode(BYTES) for text in texts}
    except UnicodeEncodeError:  # read as what they are
        return {}, ()
    with suppress(UnicodeDecodeError):
        return {text: one.decode() for text, one in raw.items()}, ()
    if decode_windows(b"\n".join(raw.values())) is None:
        problem = "tegnkodningen er hverken UTF-8 eller Windows-1252"
        refuse(name, problem, "gem filen igen som Unicode (UTF-8)")
    way = f"{name}: tegnkodningen er Windows-1252"
    return {text: decode_windows(one) for text, one in raw.items()}, (way,)
