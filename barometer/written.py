"""Numbers as people write them in files: plain digits, with a decimal point; nothing else is taken for a number.

100.000 is a hundred to one program and a hundred thousand to another. So thousands are never divided, and a decimal
comma is one only where commas divide nothing else.
"""
import re

import numpy as np
import pandas as pd

WHOLE = re.compile("[0-9]+")
COUNT = re.compile("[1-9][0-9]*")
PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMA = re.compile(r"-?[0-9]+(,[0-9]+)?")
GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")           # may be thousands
LOOKS = re.compile(r"[+-]?[\d.,'’\s]*\d[\d.,'’\s]*(e[+-]?\d+)?\s*%?", re.I)   # what somebody meant as a number
SMALL = 100   # beside whole numbers below this, 1.250 is one and a quarter
INFINITE = ("inf", "-inf")


def read_numbers(series, comma=False):
    """A column as numbers, missing ones nan. A text that is none, or may be two, stays text among them (object)."""
    if not _holds_text(series):
        return series.astype(float)
    texts = series.astype("str")
    plain = texts.str.fullmatch(PLAIN.pattern) | texts.isin(INFINITE)
    if comma and texts.str.contains(",", regex=False).any():
        plain, texts = texts.str.fullmatch(COMMA.pattern), texts.str.replace(",", ".", regex=False)
    else:
        plain &= ~_find_doubtful(texts, comma)
    good = plain.fillna(False).to_numpy(bool) | texts.isna().to_numpy()
    if good.all():
        return texts.astype(float)
    # Not one by one: a large file may have a wrong number in each row.
    numbers = texts.where(good).astype(float).astype(object)
    return numbers.where(good, series.astype("str"))


def find_texts(series):
    """Which rows (booleans) of a column that was read hold no number but a text."""
    if series.dtype != object:
        return np.zeros(len(series), dtype=bool)
    return np.array([isinstance(value, str) for value in series])


def is_number(text, comma=False):
    """Whether a text is one number and no other: digits, and a decimal point (or comma) that divides no thousands."""
    if comma and "," in text:
        return bool(COMMA.fullmatch(text))
    return bool(PLAIN.fullmatch(text)) and not GROUPED.fullmatch(text)


def _holds_text(series):
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.cat.categories.to_series()
    if isinstance(series.dtype, pd.StringDtype):
        return True
    if series.dtype != object:
        return False
    return any(isinstance(value, str | bytes | list | dict | np.ndarray) for value in series)


def _find_doubtful(texts, comma):
    """Which rows may hold thousands: all with a point have three digits behind it, and nothing says decimals."""
    grouped, pointed = texts.str.fullmatch(GROUPED.pattern), texts.str.contains(".", regex=False)
    grouped, pointed = grouped.fillna(False).to_numpy(bool), pointed.fillna(False).to_numpy(bool)
    if not grouped.any() or (grouped != pointed).any():
        return np.zeros(len(texts), dtype=bool)
    if comma:
        return grouped
    whole = texts.where(texts.str.fullmatch(WHOLE.pattern).fillna(False)).dropna().astype(float)
    return grouped if (whole >= SMALL).any() else np.zeros(len(texts), dtype=bool)
