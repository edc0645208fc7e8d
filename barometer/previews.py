"""What is seen of a table of numbers in full precision at a cell's end: no digit more than a page
has, and no rule.

A notebook run by hand is saved with what it shows. Computations use the table as it is.
"""

from functools import wraps
from math import isfinite

import pandas as pd

# Columns of released tables that no page has: which rule closed a cell, how precise its share is,
# sums of weights.
_UNTOLD = "rule trace se t n_yes n_effective width deff deff_status df total"
UNTOLD = frozenset(_UNTOLD.split())
LEVELS = ("p", "p_finite", "p_superpopulation", "p_adjusted", "p_bh")


class ReleasedColumn(pd.Series):
    """A row or column of a `ReleasedTable`."""

    _constructor = property(lambda self: ReleasedColumn)
    _constructor_expanddim = property(lambda self: ReleasedTable)

    def __repr__(self):
        """Told as a page tells it; a column that no page has only by name."""
        if self.name in UNTOLD:
            return f"{self.name}: {len(self)} tal, som ikke vises"
        kept = [place for place in range(len(self)) if self.index[place] not in UNTOLD]
        told = [
            _write(self.index[place] if self.name not in LEVELS else self.name, self.iat[place])
            for place in kept
        ]
        return repr(pd.Series(told, self.index[kept], dtype=object, name=self.name))

    def describe(self, *args, **kwargs):
        """As any column's, and seen like one."""
        return ReleasedColumn(super().describe(*args, **kwargs))


class ReleasedTable(pd.DataFrame):
    """A `DataFrame` like any other, but for what is seen of it."""

    _constructor = property(lambda self: ReleasedTable)
    _constructor_sliced = property(lambda self: ReleasedColumn)

    def __repr__(self):
        """Told as a page tells it, without columns that no page has."""
        return repr(self._preview())

    def _repr_html_(self):
        return self._preview()._repr_html_()

    @property
    def style(self):
        """Styles of what is seen."""
        return self._preview().style

    def describe(self, *args, **kwargs):
        """As any table's, and seen like one."""
        return ReleasedTable(super().describe(*args, **kwargs))

    def _preview(self):
        kept = [place for place, name in enumerate(self.columns) if name not in UNTOLD]
        # columns, where turned
        rows = [place for place, name in enumerate(self.index) if name not in UNTOLD]
        told = pd.DataFrame(
            {
                number: [_write(self.columns[place], self.iat[row, place]) for row in rows]
                for number, place in enumerate(kept)
            },
            index=self.index[rows],
            dtype=object,
        )
        return told.set_axis(self.columns[kept], axis=1)


def _show_preview(name):
    def show(self, *args, **kwargs):
        return getattr(pd.DataFrame, name)(self._preview(), *args, **kwargs)

    return wraps(getattr(pd.DataFrame, name))(show)


# what is written to be read; to_csv is a file's
for _name in ("to_string", "to_html", "to_markdown", "to_latex"):
    setattr(ReleasedTable, _name, _show_preview(_name))


def _write(name, value):
    """A value as it is seen: a share with two decimals, p with three, else whole."""
    if not isinstance(value, float):
        return value
    if not isfinite(value):
        return ""
    if name in LEVELS:
        return f"{value:.3f}" if value >= 0.001 else "<0.001"
    return f"{value:.2f}" if abs(value) <= 1 else f"{value:.0f}"
