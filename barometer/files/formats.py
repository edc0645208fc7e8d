"""One file's bytes into a table, whatever the format; of a column of codes or ticks each different
one is kept once.

No error of a library passes through: their messages quote the line they stumbled on, and a
traceback may be stored.
"""

import io
from contextlib import suppress

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyreadstat

from barometer.files.csv_files import EMPTY, Parsed, parse_csv, refuse_repeated
from barometer.files.faults import DataFault, Fault
from barometer.files.texts import decode_windows, normalise
from barometer.files.yaml_files import GET_AGAIN

# the types of columns that hold codes as they are
TEXTS = (pa.string(), pa.large_string(), pa.string_view())
STATISTICAL = {
    ".sav": "read_sav",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
UNMARKED = {".xpt": {}}  # options of a reader that knows no values declared missing
CATALOG = ".sas7bcat"  # SAS keeps the labels of values in a file of their own
BYTES = "ISO-8859-1"  # in which each byte is a character
UNSURE = ("UTF-8", "UTF8", BYTES)  # what readers say where the file says nothing
SUFFIXES = (".csv", ".parquet", *STATISTICAL)


def parse_table(path, content, plain=(), catalog=None):
    """A file's `content` as `Parsed`; columns but the `plain` may come as categories. `catalog`:
    (name, bytes) of the file with the labels of a SAS file.

    Raises `DataFault` where the file cannot be read, has no rows or names a column twice.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        parsed = parse_csv(path.name, content, plain)
    elif suffix == ".parquet":
        parsed = _parse_parquet(path.name, content, plain)
    elif suffix in STATISTICAL:
        parsed = _parse_statistical(path.name, content, suffix, catalog)
    else:
        _refuse(
            path.name, "formatet kendes ikke", f"brug en fil, der ender på {', '.join(SUFFIXES)}"
        )
    if parsed.table.empty:
        _refuse(path.name, EMPTY, GET_AGAIN)
    parsed.table.columns = list(map(normalise, parsed.table.columns))
    return parsed


def _parse_parquet(name, content, plain):
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(content))
        names = file.schema_arrow.names
        refuse_repeated(name, names)
        # A column at a time: as numbers they would all together take many times the memory of their
        # categories.
        frame = pd.DataFrame(
            {column: _read_column(file, column, column in plain) for column in names}
        )
        return Parsed(
            frame, {normalise(one.name): {} for one in file.schema_arrow if one.type not in TEXTS}
        )
    except DataFault:
        raise
    except (pa.ArrowException, ValueError, TypeError, OSError):
        _refuse(name, "filen er afkortet eller er ikke en Parquet-fil", GET_AGAIN)


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
    words, told = ({}, ()) if _declares(meta) else _find_words(name, texts)
    frame.columns = [words.get(column, column) for column in frame.columns]
    for column in frame if words else ():
        if frame[column].dtype == object or isinstance(frame[column].dtype, pd.StringDtype):
            frame[column] = frame[column].map(
                lambda text: words.get(text, text), na_action="ignore"
            )
    labels = {
        words.get(column, column): {value: words.get(text, text) for value, text in found.items()}
        for column, found in getattr(meta, "variable_value_labels", {}).items()
    }
    titles = {
        words.get(column, column): words.get(text, text)
        for column, text in getattr(meta, "column_names_to_labels", {}).items()
        if text
    }
    return Parsed(
        frame,
        {normalise(column): _normalise(labels.get(column, {})) for column in frame},
        {normalise(column): normalise(text) for column, text in titles.items()},
        told,
    )


def _read_statistical(name, content, suffix, read):
    """(frame, what the file says beside it). Where it declares no encoding but UTF-8, each byte
    comes as one character: the reader cuts a text silently that ends in a byte of another
    encoding.
    """
    # user_missing: "Ved ikke" is often declared missing in these files, but here it is an answer.
    try:
        encoding = None
        with suppress(pyreadstat.ReadstatError, UnicodeDecodeError):
            encoding = getattr(
                read(io.BytesIO(content), metadataonly=True)[1], "file_encoding", None
            )
        options = UNMARKED.get(suffix, {"user_missing": True})
        if encoding and encoding.upper() not in UNSURE:
            return read(io.BytesIO(content), **options)
        return read(io.BytesIO(content), encoding=BYTES, **options)
    except Exception:  # a broken file makes these readers stumble in any way
        _refuse(name, f"filen er afkortet eller er ikke en {suffix}-fil", GET_AGAIN)


def _find_formats(name, content, meta):
    """{column: {value: label}} of a SAS file, whose columns name formats of the catalog."""
    _, found = _read_statistical(
        name,
        content,
        CATALOG,
        lambda file, **options: pyreadstat.read_sas7bcat(
            file, **{key: value for key, value in options.items() if key == "encoding"}
        ),
    )
    formats = {str(key).upper().strip("."): labels for key, labels in found.value_labels.items()}
    named = {
        column: str(one).upper().strip(".")
        for column, one in (meta.variable_to_label or {}).items()
    }
    return {column: formats[one] for column, one in named.items() if one in formats}


def _declares(meta):
    return (getattr(meta, "file_encoding", None) or BYTES).upper() != BYTES


def _list_texts(frame, meta):
    yield from (column for column in frame)
    for column in frame:
        if frame[column].dtype == object or isinstance(frame[column].dtype, pd.StringDtype):
            yield from (value for value in frame[column].unique() if isinstance(value, str))
    for found in (
        *getattr(meta, "variable_value_labels", {}).values(),
        getattr(meta, "column_names_to_labels", {}),
    ):
        yield from (text for text in found.values() if isinstance(text, str))


def _find_words(name, texts):
    """({text as read: what it is}, what is told of it) of a file that does not say its encoding."""
    try:
        raw = {text: text.encode(BYTES) for text in texts}
    except UnicodeEncodeError:  # read as what they are
        return {}, ()
    with suppress(UnicodeDecodeError):
        return {text: one.decode() for text, one in raw.items()}, ()
    if decode_windows(b"\n".join(raw.values())) is None:
        _refuse(
            name,
            "tegnkodningen er hverken UTF-8 eller Windows-1252",
            "gem filen igen som Unicode (UTF-8)",
        )
    return {text: decode_windows(one) for text, one in raw.items()}, (
        f"{name}: tegnkodningen er Windows-1252",
    )


def _normalise(labels):
    return {normalise(value): normalise(text) for value, text in labels.items()}


def _refuse(name, problem, remedy):
    raise DataFault([Fault(name, problem, remedy)]) from None
