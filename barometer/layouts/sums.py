"""Rows at the end of a file that are no respondents: sums or means of the rows above them."""

import re

import numpy as np
import pandas as pd

from barometer.files.texts import is_number, write_alike
from barometer.layouts.coded import count_codes

MOST = 4  # rows with sums at the end of a file
FEWEST = 3  # rows above them
# what such a row is called, in the languages of the countries that have a barometer
SUMMED = re.compile(
    r"(grand |sub|hoved)?total(t|er|ly|e|sum)?|i ?alt|sum(ma|me|mer)?|insgesamt|gesamt(summe)?"
    r"|totaal|yhteensä|samtals|kokku|gennemsnit(lig)?|gns|snit|gjennomsnitt|average|avg|mean"
    r"|medel(värde|tal)?|genomsnitt|durchschnitt|mittelwert|gemiddelde|moyenne|keskiarvo|meðaltal"
)


def find_sums(frame):
    """Which rows of a table of codes (categories, none where empty) are sums or means of those
    above them: a boolean each, of which only some of the last can be true.

    A row is one where numbers are sums or means of the numbers above, and no text stands in it but
    a word for that; without the word all must be sums. One with the word and nothing else is one
    where nobody else has that text.
    """
    rows = len(frame)
    for many in range(min(MOST, rows - FEWEST), 0, -1):
        ends = range(rows - many, rows)
        if all(_is_summed(frame, at, rows - many) for at in ends):
            return np.arange(rows) >= rows - many
    return np.zeros(rows, dtype=bool)


def _is_summed(frame, at, above):
    """Whether the row at a place is a sum or a mean of the rows before the place `above`."""
    given = {name: frame[name].iloc[at] for name in frame}
    given = {name: code for name, code in given.items() if not pd.isna(code)}
    texts = {name: code for name, code in given.items() if not is_number(code)}
    if not given or not all(_is_word(code) for code in texts.values()):
        return False
    answered = any((frame[name].iloc[:above] == code).any() for name, code in texts.items())
    if len(texts) == len(given):
        return not answered
    kinds = (
        _find_kind(frame[name], float(code), above, code)
        for name, code in given.items()
        if name not in texts
    )
    if not texts or answered:  # it may be a respondent's answer
        return all(kind == "sum" for kind in kinds)
    return any(kinds)


def _is_word(code):
    return bool(SUMMED.fullmatch(write_alike(code).strip(" .:()")))


def _find_kind(column, value, above, written):
    """ "sum" or "mean" of the numbers above; "" for neither. A sum is larger than each of them."""
    counts = count_codes(pd.Categorical(column.iloc[:above]))
    counts = {code: many for code, many in counts.items() if many}
    if not counts or not all(map(is_number, counts)):
        return ""
    numbers, many = np.array([*map(float, counts)]), np.array([*counts.values()])
    step = 0.5 * 10.0 ** -len(written.partition(".")[2]) + 1e-9
    total = float(numbers @ many)
    if abs(value - total) <= step and abs(total) > np.abs(numbers).max():
        return "sum"
    return "mean" if abs(value - total / many.sum()) <= step else ""
