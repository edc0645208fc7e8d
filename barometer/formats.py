"""One file's bytes into a table, whatever the format, with codes as text and ticks and weights as numbers.

No error of a library passes through: their messages quote the line they stumbled on, and a traceback may be stored.
"""
import csv
import io
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyreadstat

from barometer.faults import DataFault, Fault

SAVE_AS_UTF8 = "gem filen igen som »CSV UTF-8 (kommasepareret)«"
EMPTY = "filen har ingen rækker"
GET_AGAIN = "hent filen igen fra kilden"
LARGEST_BLOCK = 2**31 - 1   # pyarrow's limit to the bytes it reads at once
STATISTICAL = {".sav": "read_sav", ".dta": "read_dta", ".sas7bdat": "read_sas7bdat"}
SUFFIXES = (".csv", ".parquet", *STATISTICAL)


def parse_table(path, content, numbers=()):
    """Frame of a file's `content`, and the value labels it carries: {column: {value: label}}, or None if it cannot.

    `numbers` are columns to read as numbers from a CSV file. Raises `DataFault` where the file cannot be read, has no
    rows or names a column twice.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        table, labels = parse_csv(path.name, content, numbers), None
    elif suffix == ".parquet":
        table, labels = _parse_parquet(path.name, content), None
    elif suffix in STATISTICAL:
        table, labels = _parse_statistical(path.name, content, suffix)
    else:
        _refuse(path.name, "formatet kendes ikke", f"brug en fil, der ender på {', '.join(SUFFIXES)}")
    if table.empty:
        _refuse(path.name, EMPTY, GET_AGAIN)
    return table, labels


def parse_csv(name, content, numbers=()):
    """Frame of a comma-separated file in UTF-8, all text but the columns `numbers`; an empty field is missing.

    Where anything in `numbers` is not a number they are text too, for the checks to name the rows.
    """
    names, lines = _read_header(name, decode(name, content))
    try:
        table, uneven = _parse_lines(content, names, lines, numbers)
    except (pa.ArrowException, ValueError):
        if numbers:
            return parse_csv(name, content)
        has_rows = b"".join(content.splitlines()[lines:]).strip()
        _refuse(name, "filen kan ikke læses som CSV" if has_rows else EMPTY, GET_AGAIN)
    if uneven:
        first = tuple(f"række {number - lines}" for number in uneven)
        problem = f"andet antal felter end de {len(names)} kolonnenavne"
        remedy = "sæt anførselstegn om felter med komma, og giv hver række lige mange felter"
        raise DataFault([Fault(name, problem, remedy, (), len(uneven), first)])
    return table


def decode(name, content):
    """Text of a file in UTF-8, with or without byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        remedy = SAVE_AS_UTF8 if name.endswith(".csv") else "gem filen igen som UTF-8"
        _refuse(name, "filen er ikke i tegnkodningen UTF-8", remedy)


def settle_types(table, labels, registry):
    """A copy in which ticks and weights are numbers and all else is text; labels of answers become their codes.

    A column in which something cannot be converted keeps its contents, for the checks to name the rows.
    """
    ticks = {column for q in registry.questions.values() if q.kind == "multiple" for column in q.columns}
    answers = {column: q.answers for q in registry.questions.values() if q.kind != "multiple" for column in q.columns}
    settled = {}
    for column, kind in table.dtypes.items():
        if column in ticks or column == "weight":
            settled |= {} if kind == "float64" else {column: _to_numbers(table[column])}
        elif labels is not None or not isinstance(kind, pd.StringDtype):
            settled[column] = _to_text(table[column], (labels or {}).get(column, {}), answers.get(column, {}))
    return table.assign(**settled)


def _read_header(name, text):
    lines = csv.reader(io.StringIO(text, newline=""))
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


def _parse_lines(content, names, lines, numbers):
    """Frame of the lines after the header, and the numbers of lines that have not as many fields."""
    uneven = []
    options = {
        "read_options": pa.csv.ReadOptions(
            use_threads=False, block_size=min(len(content), LARGEST_BLOCK), column_names=names, skip_rows=lines),
        "parse_options": pa.csv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=lambda row: uneven.append(row.number) or "skip"),
        "convert_options": pa.csv.ConvertOptions(
            column_types={name: pa.float64() if name in numbers else pa.string() for name in names},
            null_values=[""], strings_can_be_null=True),
    }
    return pa.csv.read_csv(io.BytesIO(content), **options).to_pandas(), uneven


def _parse_parquet(name, content):
    try:
        table = pa.parquet.read_table(pa.BufferReader(content))
        _refuse_repeated(name, table.column_names)
        frame = table.to_pandas(ignore_metadata=True)
        texts = frame.select_dtypes("str")
        return frame.assign(**{column: texts[column].mask(texts[column] == "") for column in texts})
    except DataFault:
        raise
    except (pa.ArrowException, ValueError, TypeError, OSError):
        _refuse(name, "filen er afkortet eller er ikke en Parquet-fil", GET_AGAIN)


def _parse_statistical(name, content, suffix):
    try:
        # user_missing: "Ved ikke" is often declared missing in these files, but here it is an answer.
        frame, meta = getattr(pyreadstat, STATISTICAL[suffix])(io.BytesIO(content), user_missing=True)
    except Exception:   # a broken file makes these readers stumble in any way
        _refuse(name, f"filen er afkortet eller er ikke en {suffix}-fil", GET_AGAIN)
    return frame, meta.variable_value_labels


def _refuse_repeated(name, columns):
    repeated = tuple(column for column, times in Counter(columns).items() if times > 1)
    if repeated:
        raise DataFault([Fault(name, "kolonnen står flere gange", "behold den ene", strange=repeated)])


def _refuse(name, problem, remedy):
    raise DataFault([Fault(name, problem, remedy)]) from None


def _to_numbers(series):
    try:
        return series.astype(float)
    except (ValueError, TypeError):
        return series.astype("str")


def _to_text(series, labels, answers):
    try:
        positions, distinct = pd.factorize(series)
    except TypeError:   # a cell that is a list
        positions, distinct = pd.factorize(series.map(str, na_action="ignore"))
    codes = [_find_code(value, labels.get(value), answers) for value in distinct]
    return pd.Series(np.array([*codes, None], dtype=object)[positions], series.index, dtype="str")


def _find_code(value, label, answers):
    """The code of an answer given as its code or as its Danish label, by the value itself or by its label."""
    whole = isinstance(value, float | np.floating) and value.is_integer()
    known = [str(int(value) if whole else value), *([label] if label else [])]
    by_label = {text: code for code, text in answers.items()}
    codes = [text for text in known if text in answers] or [by_label[text] for text in known if text in by_label]
    return codes[0] if codes else known[-1] or None
