"""A column of codes as categories: each different code once, and a small number a row, so that a
file of millions of rows takes little more memory than its answers.
"""

import numpy as np
import pandas as pd


def translate(column, known):
    """The column with other codes, {code: another, or None where it is none}.

    What `known` does not name becomes empty. Raises nothing; rows that are empty stay so.
    """
    given = pd.Categorical(column)
    made = [known.get(code) for code in given.categories]
    different = list(dict.fromkeys(code for code in made if code is not None))
    places = {code: place for place, code in enumerate(different)}
    small = np.min_scalar_type(-len(different) - 1)
    found = np.array([*(places.get(code, -1) for code in made), -1], dtype=small)
    return pd.Categorical.from_codes(found[given.codes], different)


def put(column, rows, code):
    """A copy of the column with `code` in the `rows` (a boolean each)."""
    given = pd.Categorical(column)
    if not rows.any():
        return given
    changed = given.copy() if code in given.categories else given.add_categories([code])
    changed[rows] = code
    return changed


def count_codes(column, rows=None):
    """{code: how many have it}, in all or in the `rows` (a boolean each); a code without rows has
    none.
    """
    places = column.codes if rows is None else column.codes[rows]
    counts = np.bincount(places.astype(np.intp) + 1, minlength=len(column.categories) + 1)
    return dict(zip(column.categories, counts[1:].tolist(), strict=True))
