"""How a column of answers that are numbers is read, and its faults."""

import numpy as np
import pandas as pd

from barometer.files.faults import find_row_faults
from barometer.files.texts import find_texts, is_number, read_numbers, write_alike
from barometer.numbers.allowed import GIVEN, name_values

HAIR = 1e-6  # how far from a whole number of its last decimal a number is by rounding alone


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
    if np.isfinite(allowed.least):
        what = f"tallet er mindre end {_write(allowed.least)}"
        cases.append((values < allowed.least, what, "ret det, eller ret least i registret"))
    if np.isfinite(allowed.most):
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


def _write(number):
    return f"{number:.10g}".replace(".", ",")
