"""A table of answers as a file has them, into the registry's codes: each column with its list of different values."""
from functools import lru_cache

import numpy as np
import pandas as pd


def settle_types(table, labels, registry):
    """A copy in which weights are numbers, ids text, and all else categories: ticks numbers, codes text.

    Labels of answers become their codes. A column's categories are the registry's answers (or 0 and 1) and what else
    stands in it. A column in which something is no number keeps its contents, for the checks to name the rows.
    """
    questions = {column: question for question in registry.questions.values() for column in question.columns}
    settled = {}
    for column in table:
        if column == "weight":
            settled[column] = _to_numbers(table[column])
        elif column == "id":
            is_text = isinstance(table[column].dtype, pd.StringDtype)
            settled[column] = table[column] if is_text else pd.Series(_to_codes(table[column], {}, {}), dtype="str")
        elif column in questions and questions[column].kind == "multiple":
            settled[column] = _to_ticks(table[column])
        else:
            answers = questions[column].answers if column in questions else {}
            settled[column] = _to_codes(table[column], labels.get(column), answers)
    return pd.DataFrame(settled, table.index)


@lru_cache(maxsize=256)
def list_categories(categories):
    """The pandas type of a column with these different values (a tuple)."""
    # Most columns have the same few, and making sure that these are different takes longer than the column.
    return pd.CategoricalDtype(list(categories))


def _to_numbers(series):
    try:
        return series.astype(float)
    except (ValueError, TypeError):
        return series.astype("str")


def _to_ticks(series):
    positions, distinct = _factorize(series)
    present = [None if isinstance(value, str) and not value else value for value in distinct]
    try:
        numbers = [None if value is None else float(value) for value in present]
    except (ValueError, TypeError):
        return _make_categories(series, positions, [None if value is None else str(value) for value in present], ())
    return _make_categories(series, positions, [None if number != number else number for number in numbers], (0.0, 1.0))


def _to_codes(series, labels, answers):
    positions, distinct = _factorize(series)
    by_label = {text: code for code, text in answers.items()} if labels is not None else {}
    codes = [_find_code(value, (labels or {}).get(value), answers, by_label) for value in distinct]
    return _make_categories(series, positions, codes, tuple(answers))


def _factorize(series):
    """Each row's place (-1: missing) among the different values, and these."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy(), series.cat.categories
    try:
        return pd.factorize(series)
    except TypeError:   # a cell that is a list
        return pd.factorize(series.map(str, na_action="ignore"))


def _make_categories(series, positions, values, first):
    """Categories `first` and then the other `values` in order; `positions` tell each row's value (-1: missing)."""
    dtype = list_categories((*first, *sorted({*values} - {None, *first})))
    order = {value: place for place, value in enumerate(dtype.categories)}
    places = np.array([order.get(value, -1) for value in values] + [-1], dtype=np.int32)
    return pd.Categorical.from_codes(places[positions], dtype=dtype)


def _find_code(value, label, answers, by_label):
    """The code of an answer given as its code or as its Danish label, by the value itself or by its label."""
    whole = isinstance(value, float | np.floating) and value.is_integer()
    known = [str(int(value) if whole else value), *([label] if label else [])]
    codes = [text for text in known if text in answers] or [by_label[text] for text in known if text in by_label]
    return codes[0] if codes else known[-1] or None
