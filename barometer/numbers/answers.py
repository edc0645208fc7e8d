"""Answers that are numbers: what a question allows, how a column of a file is read, its faults.

Such a column becomes two: one of codes, in which whoever gave a number has `GIVEN` and others the
code of what they said instead, and one of the numbers (`name_values`).
"""

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from barometer.files.faults import find_row_faults
from barometer.files.texts import find_texts, is_number, read_numbers, write_alike
from barometer.forms import DECIMALS

GIVEN = "given"  # the code of whoever gave a number
GIVEN_LABEL = "Har svaret med et tal"
FIELDS = ("unit", "least", "most", "decimals", "shown")  # of a question, beside those of all kinds
HAIR = 1e-6  # how far from a whole number of its last decimal a number is by rounding alone


@dataclass(frozen=True)
class Allowed:
    """The numbers that a question allows. `unit`: what they count ("kr."); `decimals`: the most
    that an answer has, None for any; `shown`: of means and the like, below 0 tens, hundreds, …
    """

    unit: str = ""
    least: float = -inf
    most: float = inf
    decimals: int | None = None
    shown: int = 1

    @property
    def form(self):
        """How what is made of the numbers is written (`forms.MEASURES`)."""
        return f"value_{self.shown}"


def read_allowed(entry):
    """The `Allowed` of a question's fields. Raises `ValueError` saying what is wrong with one."""
    least, most = entry.get("least", -inf), entry.get("most", inf)
    if not (_is_plain(least) and _is_plain(most) and least < most):
        raise ValueError("least og most skal være to tal, det mindste først")
    decimals = entry.get("decimals")
    if decimals is not None and (not _is_whole(decimals) or not 0 <= decimals <= DECIMALS[-1]):
        raise ValueError(f"decimals skal være et helt tal fra 0 til {DECIMALS[-1]}")
    shown = entry.get("shown", min((decimals or 0) + 1, DECIMALS[-1]))
    if not _is_whole(shown) or shown not in DECIMALS:
        raise ValueError(f"shown skal være et helt tal fra {DECIMALS[0]} til {DECIMALS[-1]}")
    return Allowed(str(entry.get("unit", "")), float(least), float(most), decimals, shown)


def name_values(column):
    """The name of the column with the numbers that a column of answers held."""
    return f"{column}={GIVEN}"


def read_column(series, labels, answers, comma=False):
    """(codes as categories, numbers) of a column. What is neither stays as it is written, for the
    checks to name the rows.

    `labels` {value: text} of the file; `answers` {code: text} of the registry, `GIVEN` first. A
    value is an answer's if it is its code, or its label is the answer's text.
    """
    positions, distinct = pd.factorize(series.astype(object) if _is_listed(series) else series)
    distinct = pd.Series(distinct)
    codes = {code: code for code in answers if code != GIVEN}
    codes |= {float(code): code for code in codes if is_number(code)}
    texts = {write_alike(text): code for code, text in answers.items() if code != GIVEN}
    labelled = {value: texts.get(write_alike(text)) for value, text in (labels or {}).items()}
    codes |= {value: code for value, code in labelled.items() if code}
    found = distinct.map(codes).astype(object)
    numbers = read_numbers(distinct.where(found.isna()), comma)
    wrong = find_texts(numbers)
    for place in np.flatnonzero(wrong):
        found[place] = texts.get(write_alike(numbers[place])) or str(numbers[place])
    values = numbers.mask(wrong).astype(float).to_numpy() if wrong.any() else numbers.to_numpy()
    found = found.mask(~np.isnan(values), GIVEN)
    others = sorted({one for one in found.dropna().unique() if one not in answers})
    order = {code: place for place, code in enumerate((*answers, *others))}
    places = np.append(found.map(order).fillna(-1).to_numpy(np.int32), -1)
    coded = pd.Categorical.from_codes(places[positions], categories=[*order])
    return coded, np.append(values, np.nan)[positions]


def find_faults(name, table, column, allowed):
    """The faults of the numbers of a column: out of the range, with too many decimals."""
    values = table[name_values(column)]
    cases = []
    if allowed.least > -inf:
        what = f"tallet er mindre end {_write(allowed.least)}"
        cases.append((values < allowed.least, what, "ret det, eller ret least i registret"))
    if allowed.most < inf:
        what = f"tallet er større end {_write(allowed.most)}"
        cases.append((values > allowed.most, what, "ret det, eller ret most i registret"))
    cases.append((np.isinf(values), "tallet er uendeligt", "ret det, eller tøm feltet"))
    if allowed.decimals is not None:
        scaled = values * 10.0**allowed.decimals
        most = f"{allowed.decimals} decimaler" if allowed.decimals != 1 else "1 decimal"
        what = f"tallet har mere end {most}" if allowed.decimals else "tallet er ikke helt"
        rough = (scaled - scaled.round()).abs() > HAIR * np.maximum(1, scaled.abs() * HAIR)
        cases.append((rough, what, "afrund det, eller ret decimals i registret"))
    return find_row_faults(name, table.assign(**{column: values}), [column], cases, shown=True)


def _is_listed(series):
    return isinstance(series.dtype, pd.CategoricalDtype | pd.StringDtype)


def _is_plain(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _write(number):
    return f"{number:.10g}".replace(".", ",")
