"""Respondents by kind: who has answered alike, and which kind of a block's a row of it is.

Of millions of respondents there are some thousand kinds, so what is worked out of each is worked
out of one of each kind.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST = 2**18  # respondents that are sorted at a time


@dataclass(frozen=True, eq=False)
class Alike:
    """A row for each different combination of some answers and variables among respondents:
    `answers`, a table; `values` of the variables (1, 0, nan); `counts`, how many have it.
    """

    answers: pd.DataFrame
    values: np.ndarray
    counts: np.ndarray


def find_alike(answers, values, counted):
    """The `Alike` of a table of answers (n rows) and some variables (n each: 1, 0, -1 for nan).

    `counted` (n booleans): who counts; a combination that nobody of them has is there with 0.
    """
    codes = [_code_answers(answers[column]) for column in answers] + values
    rows, counts = np.arange(len(counted)), counted.astype(float)
    # a part at a time: of all respondents at once the numbers would fill the memory
    parts = [slice(start, start + MOST) for start in range(0, len(rows), MOST)]
    found = [_find_different([one[part] for one in codes], counts[part]) for part in parts]
    rows = np.concatenate([rows[part][found[n][0]] for n, part in enumerate(parts)])
    counts = np.concatenate([number for _, number in found])
    those, counts = _find_different([one[rows] for one in codes], counts)
    rows = rows[those]
    values = np.column_stack([one[rows] for one in values]).astype(float)
    values[values < 0] = np.nan
    return Alike(answers.iloc[rows].reset_index(drop=True), values, counts.astype(int))


def pack_lines(lines):
    """The columns of booleans (cells x rows) as bytes, a row of them for each."""
    return np.packbits(np.ascontiguousarray(lines.T), axis=1)


def find_places(kinds, packed):
    """The place of each of some rows of bytes among `kinds`, which are different; -1 where it is
    none of them.
    """
    form = np.dtype((np.void, kinds.shape[1]))
    kinds, packed = (np.ascontiguousarray(one).view(form).ravel() for one in (kinds, packed))
    order = np.argsort(kinds)
    places = order[np.searchsorted(kinds, packed, sorter=order).clip(max=len(kinds) - 1)]
    return np.where(kinds[places] == packed, places, -1)


def _code_answers(column):
    """Each answer's number; -1 where there is none."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy()  # of one byte, where they are few
    return pd.factorize(column)[0]


def _find_different(codes, counts):
    """(the first row of each combination of `codes`, the sum of `counts` over its rows). `codes`:
    arrays of whole numbers from -1 on.
    """
    place, size = np.zeros(len(counts), dtype=np.int64), 1
    for one in codes:
        width = int(one.max(initial=-1)) + 2
        if size * width > MOST:
            place, size = _number(place)
        place, size = place * width + (one + 1), size * width
    place, size = _number(place)
    first = np.empty(size, dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    return first, np.bincount(place, counts, size)


def _number(values):
    """(each value's number among the different ones, how many these are)."""
    numbers, different = pd.factorize(values)
    return numbers, len(different)
