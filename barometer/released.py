"""What passed the gate: tables without microdata, what they are of, and how they show themselves at
a cell's end: no digit more than a page has, and no rule.

A notebook that is run by hand is saved with what it shows. What is computed with is left as it is.
"""

from dataclasses import dataclass, field, replace
from functools import wraps
from math import isfinite

import numpy as np
import pandas as pd

from barometer.data.domains import WHOLE
from barometer.forms import FORMS
from barometer.languages.messages import express_shown
from barometer.marks import SCREEN_ONLY
from barometer.statistics.inferences import FINITE
from barometer.text import format_count, lower_first, name_both

# Columns of released tables that no page has: which rule closed a cell, how precise its share is,
# sums of weights.
_UNSHOWN = "rule trace found se t n_yes n_effective width deff deff_status df total"
UNSHOWN = frozenset(_UNSHOWN.split())
MEASURED = ("share", "low", "high", "share_first", "share_second", "difference")
LEVELS = ("p", "p_finite", "p_superpopulation", "p_adjusted", "p_bh")


@dataclass(frozen=True)
class About:
    """What a table is of and how it was made: plain data for notes and alternative texts."""

    question: str
    base_text: str
    multiple: bool
    asked: str
    part: str
    part_label: str
    source: str
    synthetic: bool
    alpha: float
    residual: tuple
    group_bases: dict = field(default_factory=dict)  # groups that are bases: what such a base is
    item_bases: dict = field(default_factory=dict)  # asked: variable, words, what it lies within
    terms: dict = field(default_factory=lambda: name_both({"sted": ""}))  # `Survey.terms`
    domain: str = WHOLE  # what the table covers: in a report on a part it may be the whole
    inference: str = FINITE  # whose test decides
    by_hand: bool = False  # whether a chapter put the table together, so that no gate has seen it
    beside: bool = False  # whether the plan was not made for it, so that it is only looked at
    rounds: bool = False  # whether its groups are rounds of the survey
    names: frozenset = frozenset()  # labels that are proper names
    # {item: how many were asked and gave no answer, None for few}
    lacking: dict = field(default_factory=dict)
    unasked: frozenset = frozenset()  # groups of whom nobody was put the question

    def inside(self, label):
        """A label as it stands inside a sentence: see `text.lower_first`."""
        return lower_first(label, self.names)


class _Copied:
    """A field that is handed out as a copy, so that a chapter changes only its own."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            raise AttributeError(self.name)  # the dataclass has no default for it
        return instance.__dict__[self.name].copy()

    def __set__(self, instance, value):
        instance.__dict__[self.name] = value


@dataclass(frozen=True, repr=False)
class Released:
    """Tables that passed the gate. Same columns as `Estimates.table` and `compare_groups`; no
    microdata behind them.

    Its tables are handed out as copies. One that is made otherwise than by `protect`, also from
    another by `dataclasses.replace`, is marked (`about.by_hand`), and a report shows none of its
    numbers.
    """

    table: pd.DataFrame = _Copied()
    comparisons: pd.DataFrame = _Copied()
    distribution: object
    about: About

    def __post_init__(self):
        object.__setattr__(self, "about", replace(self.about, by_hand=True))

    def __repr__(self):
        # At a cell's end it stands in the notebook that is saved: no number in full, and no cell's
        # rule.
        shown = f"Til visning: {len(self.table)} celler ({', '.join(self.table.columns[:4])} …)"
        shown = f"{shown}; se .table{f'. {SCREEN_ONLY}' if self.about.beside else ''}"
        return express_shown(shown)

    def cell(self, item, group="all"):
        """The one row of an item and a group, as a Series. Raises `KeyError` naming what is not in
        the table.
        """
        return _one(self.table, f"{item} / {group}", item=item, group=group)

    def most_frequent(self, group, besides=()):
        """The item with the largest open share in a group, residual answers and `besides` apart.

        Where all are closed it is one of them, so that what is said of it is closed too.
        """
        left_out = {*self.about.residual, *([besides] if isinstance(besides, str) else besides)}
        rows = self.table[(self.table["group"] == group) & ~self.table["item"].isin(left_out)]
        return rows.loc[rows["share"].fillna(-1).idxmax(), "item"]

    def comparison(self, item, group=None):
        """The one tested difference on an item (and, between items, in a group)."""
        where = {"item": item} | ({"group": group} if group else {})
        return _one(self.comparisons, item, **where)


def _one(table, what, **where):
    # Names are never missing. As arrays, since a number is looked up for each that a report shows.
    fits = [table[column].to_numpy(object) == value for column, value in where.items()]
    rows = np.flatnonzero(np.logical_and.reduce(fits))
    if len(rows) != 1:
        raise KeyError(f"{what} er ikke i tabellen ({format_count(len(rows))} rækker passer)")
    return table.iloc[rows[0]]


class ReleasedColumn(pd.Series):
    """A row or column of a `ReleasedTable`."""

    _constructor = property(lambda self: ReleasedColumn)
    _constructor_expanddim = property(lambda self: ReleasedTable)

    def __repr__(self):
        """Written as on a page; a column that no page has only by name."""
        if self.name in UNSHOWN:
            return f"{self.name}: {len(self)} tal, som ikke vises"
        kept = [place for place in range(len(self)) if self.index[place] not in UNSHOWN]
        # of tables that are put beside each other, no column is that of all numbers
        known = [*self.index].count("measure") == 1
        measure = self["measure"] if known else "share"
        names = [self.index[place] if self.name not in LEVELS else self.name for place in kept]
        shown = [
            _write(name, self.iat[place], measure) for name, place in zip(names, kept, strict=True)
        ]
        return repr(pd.Series(shown, self.index[kept], dtype=object, name=self.name))

    def describe(self, *args, **kwargs):
        """As any column's, and seen like one."""
        return ReleasedColumn(super().describe(*args, **kwargs))


class ReleasedTable(pd.DataFrame):
    """A `DataFrame` like any other, but for what is seen of it."""

    _constructor = property(lambda self: ReleasedTable)
    _constructor_sliced = property(lambda self: ReleasedColumn)

    def __repr__(self):
        """Written as on a page, without columns that no page has."""
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
        kept = [place for place, name in enumerate(self.columns) if name not in UNSHOWN]
        # columns, where turned
        rows = [place for place, name in enumerate(self.index) if name not in UNSHOWN]
        known = [*self.columns].count("measure") == 1
        measures = [*self["measure"]] if known else ["share"] * len(self)
        shown = pd.DataFrame(
            {
                number: [
                    _write(self.columns[place], self.iat[row, place], measures[row]) for row in rows
                ]
                for number, place in enumerate(kept)
            },
            index=self.index[rows],
            dtype=object,
        )
        return shown.set_axis(self.columns[kept], axis=1)


def _show_preview(name):
    def show(self, *args, **kwargs):
        return getattr(pd.DataFrame, name)(self._preview(), *args, **kwargs)

    return wraps(getattr(pd.DataFrame, name))(show)


# what is written to be read; to_csv is a file's
for _name in ("to_string", "to_html", "to_markdown", "to_latex"):
    setattr(ReleasedTable, _name, _show_preview(_name))


def _write(name, value, measure):
    """A value as it is seen: a share with two decimals, p with three, a mean or number with those
    of its measure, else whole.
    """
    if not isinstance(value, float):
        return value
    if not isfinite(value):
        return ""
    if name in LEVELS:
        return f"{value:.3f}" if value >= 0.001 else "<0.001"
    if measure != "share" and name in MEASURED and measure in FORMS:
        decimals = FORMS[measure][1]
        return f"{round(value, decimals):.{max(decimals, 0)}f}"
    return f"{value:.2f}" if abs(value) <= 1 else f"{value:.0f}"
