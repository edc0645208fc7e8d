"""What one figure shows of one `Released`: which cells, in which order, and each as text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, nan

import numpy as np

from barometer.disclosure.gate import Released
from barometer.disclosure.rules import MARKS
from barometer.forms import FORMS, MEASURES
from barometer.languages.speaking import N_, _
from barometer.marks import IN_PICTURES, RESERVATION, UNCERTAIN, UNRELIABLE
from barometer.sentences.evidence import MEAN_VERDICTS as MEAN_WORDS
from barometer.sentences.evidence import VERDICTS as WORDS
from barometer.sentences.trace import make_cell, trace_text
from barometer.statistics.comparisons import ROUNDS, read_verdict
from barometer.text import NBSP, NOBODY, Flag, Number, Text, name_measure, write_number

KNOWN = WORDS | {"no_difference": N_("ingen forskel")}  # where all were asked
SURE, TENDING = ("higher", "lower"), ("tendency_higher", "tendency_lower")
STAR = "*"  # in pictures: the table has the flag, and what it means
OPPOSITE = dict(zip((*SURE, *TENDING), (*SURE[::-1], *TENDING[::-1]), strict=True))


@dataclass(frozen=True)
class Selection:
    """What a figure shows of one `Released`: items in drawing order, groups, answers left out."""

    released: Released
    items: tuple
    groups: dict
    left_out: tuple = ()

    def __reduce__(self):
        return Selection, (self.released, self.items, self.groups, self.left_out)

    @property
    def about(self):
        """What the table is of and how it was made."""
        return self.released.about

    @cached_property
    def names(self):
        """{group: its label as inside a sentence}."""
        return {group: self.about.inside(label) for group, label in self.groups.items()}

    @cached_property
    def _rows(self):
        return {(row.item, row.group): row for row in self.released.table.itertuples()}

    @cached_property
    def _tests(self):
        tests = self.released.comparisons.itertuples() if len(self.released.comparisons) else ()
        return {(row.item, row.first, row.second): row for row in tests}

    def cell(self, item, group):
        """The row of an item and a group. Raises `KeyError` where there is none."""
        return self._rows.get((item, group)) or self.released.cell(item, group)

    def cells(self, group):
        """The rows of a group, one per item."""
        return [self.cell(item, group) for item in self.items]

    def cells_of(self, item):
        """The rows of an item, one per group."""
        return [self.cell(item, group) for group in self.groups]

    def label(self, item):
        """Danish label of an item."""
        return self.cell(item, next(iter(self.groups))).label

    def test(self, item):
        """(verdict, status, p) of the first group against the second; None if not compared."""
        first, second = self.groups
        if row := self._tests.get((item, first, second)):
            return self.read_verdict(row), row.status, row.p
        if row := self._tests.get((item, second, first)):
            verdict = self.read_verdict(row)
            return OPPOSITE.get(verdict, verdict), row.status, row.p
        return None

    def read_verdict(self, test):
        """The verdict on a test, which may be that it is a tendency."""
        return read_verdict(test, self.about.alpha)

    def tests(self, item):
        """All tests on an item between two of the figure's groups."""
        return [
            row
            for (name, first, second), row in self._tests.items()
            if name == item and first in self.groups and second in self.groups
        ]


def select_cells(released, groups, items=None, left_out=()):
    """What a figure shows. `groups`: names, or names with labels; `items`: all when left out."""
    table = released.table
    if not isinstance(groups, Mapping):
        known = dict(zip(table["group"], table["group_label"], strict=True))
        groups = {group: known.get(group, group) for group in groups}
    if items is None:
        every = table.loc[table["group"].isin(list(groups)), "item"].unique()
        items = [item for item in every if item not in left_out]
    selection = Selection(released, tuple(items), dict(groups), tuple(left_out))
    for item in (*selection.items, *selection.left_out):
        for group in groups:
            selection.cell(item, group)
    return selection


def sort_items(selection, first=()):
    """Those that are to be `first`, then the largest share of the first group on top; closed ones
    below, lest their place gives their size.

    Residual answers are last whatever their size, in the questionnaire's order.
    """
    group, residual = next(iter(selection.groups)), selection.about.residual

    def place(item):
        cell = selection.cell(item, group)
        if item in first:
            return -1, first.index(item)
        return (1, 0) if item in residual else (0, -cell.share if is_open(cell) else 1)

    return replace(selection, items=tuple(sorted(selection.items, key=place)))


def list_tests(selection):
    """The tests that a figure shows at its rows, as plain data for `adjustments.py`."""
    domain = {"domain": ROUNDS if selection.about.rounds else selection.about.domain}
    return tuple(
        domain | {"item": item, "group": test.first, "versus": test.second, "p": float(test.p)}
        for item in selection.items
        for test in selection.tests(item)
        if isfinite(test.p)
    )


def trace_picture(selection, cells=None):
    """Rows on the numbers in a picture; a closed one stands there in words. `cells`: all that are
    numbered, where that is not each item in each group; one without a limit is a sum.
    """
    if cells is None:
        cells = [cell for item in selection.items for cell in selection.cells_of(item)]
    numbers = [
        make_number(cell) if hasattr(cell, "df") else make_sum(cell, "percent")
        for cell in cells
        if not is_closed(cell)
    ]
    return trace_text(Text(*numbers), "picture", selection.about)


def is_closed(cell):
    """Whether a mark stands in a cell's place."""
    return cell.status.startswith("[")


def is_open(cell):
    """Whether a cell has a share that may be shown."""
    return not is_closed(cell) and isfinite(cell.share)


def has_interval(cell):
    """Whether a cell has limits that may be shown."""
    return is_open(cell) and isfinite(cell.low) and isfinite(cell.high)


def make_number(cell, form="percent"):
    """A cell's share, its mark when closed, or that nobody answered; no flag beside it. A mean has
    its own form.
    """
    form = form if name_measure(cell) == "share" else name_measure(cell)
    return Number(cell.share, form, cell.status, cell)


def make_sum(cell, form):
    """A sum of answers' shares (`trace.add_cells`)."""
    return Number(cell.share, form, cell.status, cell, kind="sum")


def write_share(cell, form="percent"):
    """The same with its flag; in words in a "share", which stands in texts for screen readers."""
    flag = getattr(cell, "flag", "")
    beside = (f" ({_(RESERVATION)})",) if form == "share" else (NBSP, Flag(flag))
    return Text(make_number(cell, form), *(beside if flag else ()))


def write_drawn(cell):
    """The same in a picture: a closed one in words, one with a flag starred."""
    if is_closed(cell):
        return _name_closed(cell)
    return Text(make_number(cell), STAR * bool(getattr(cell, "flag", "")))


def _name_closed(cell):
    """Why a number is not shown, in a picture; "" where it is. A mean of many can be uncertain."""
    number = getattr(cell, "measure", "share") != "share"
    if number and cell.status == UNRELIABLE:
        return _(UNCERTAIN)
    return _(IN_PICTURES.get(cell.status, ""))


def describe_cell(selection, item, group, cell=None):
    """The text of a mark that is pointed at: "Kvalitet, politisk igangsat: 66 % (62–70), n =
    530". `cell`: where it is no row of the table.
    """
    cell = selection.cell(item, group) if cell is None else cell
    several = len(selection.groups) > 1
    name = f", {selection.names[group]}" if several else ""
    share = _name_closed(cell) or write_estimate(cell)
    counted = not is_closed(cell) and isfinite(cell.n)
    n = (f", n{NBSP}={NBSP}", Number(cell.n, "count")) if counted else ()
    return Text(f"{cell.label}{name}: ", share, *n)


def round_shown(share):
    """A share in whole per cent: a picture could be measured."""
    return np.floor(100 * np.asarray(share) + 0.5) / 100


def find_place(cell, end="share"):
    """Where a cell's number, or an end of its interval, is drawn: as it is shown."""
    value, measure = getattr(cell, end), name_measure(cell)
    if measure == "share":
        return float(round_shown(value))
    step = 10.0 ** FORMS[measure][1]
    return float(np.floor(step * value + 0.5) / step)


def find_end(cell):
    """Where an open cell's mark and its interval are both past."""
    return max(find_place(cell), find_place(cell, "high") if isfinite(cell.high) else -inf)


def write_estimate(cell):
    """ "66 % (62–70) [ø]": a cell's share, limits and flag, on one line; without what it lacks."""
    if not has_interval(cell):
        return write_share(cell)
    measure = name_measure(cell)
    limit = "bare_limit" if measure == "share" else MEASURES[measure][2]
    low, high = (Number(end, limit) for end in (cell.low, cell.high))
    share, *flag = write_share(cell)
    return Text(share, f"{NBSP}(", low, "–", high, ")", *flag)


def make_count(count):
    """A number of answers, parts, tests or closed numbers, which is of no cell."""
    return Number(count, "count")


def name_verdict(selection, item):
    """The verdict on an item of two groups, in words; the graver mark where one is closed."""
    verdict, status, _p = selection.test(item) or ("", "", None)
    held = {status, *(cell.status for cell in selection.cells_of(item))}
    words = KNOWN if status == "complete" else WORDS
    if name_measure(selection.cells_of(item)[0]) != "share":
        words = (
            MEAN_WORDS
            if status != "complete"
            else MEAN_WORDS | {"no_difference": N_("ingen forskel")}
        )
    return next((mark for mark in MARKS if mark in held), _(words[verdict]))


def count_asked(selection, group):
    """ "507" respondents in a group, "480–507" where items differ, or a closed base's mark.

    Where items differ, those that are closed are left out: their n stand nowhere else, so that
    neither a row of the trace nor the certificate would have them.
    """
    cells = [selection.cell(item, group) for item in (*selection.items, *selection.left_out)]
    held = [cell.status for cell in cells if is_closed(cell)]
    counted = [cell for cell in cells if isfinite(cell.n)]
    if len({cell.n for cell in counted}) > 1:
        counted = [cell for cell in counted if not is_closed(cell)]
    known = [cell.n for cell in counted]
    closed = "" if known else (held or [""])[0]
    ends = dict.fromkeys(write_number(n, "count") for n in known and (min(known), max(known)))
    n = known[0] if len(ends) == 1 else None
    # where items have several bases, one number is of those that it was counted for
    items = counted or [cell for cell in cells if is_closed(cell)]
    item = items[0].item if items and len(ends) < 2 else selection.about.asked
    where = item, _("Antal svar"), group, selection.groups[group]
    base = make_cell(*where, n, closed)
    base.measure = name_measure(cells[0])  # of a mean, those who gave a point or a number
    written = "–".join(ends) or closed or _(NOBODY)
    return Number(known[0] if known else nan, "count", closed, base, written=written)


def split_label(label):
    """("Den nærmeste politiske ledelse", "Ved ikke"): a battery's row and answer; else no row."""
    row, _, answer = label.rpartition(": ")
    return row, answer
