"""The one gate. What a notebook draws, writes or tells is a `Released`, and only `protect` makes one.

Rule (count): a cell is closed when 1 or 2 respondents stand behind the answer or behind its complement, or when the
base has fewer than 3. Source: Statistics Denmark's count criterion (antalskriteriet), fewer than 3 units; that the
complement counts too is our choice, because a share and its base give it away.
"""
from dataclasses import dataclass, field

import pandas as pd

from barometer.numbers import format_count
from barometer.trace import EVERYBODY

CLOSED = "[c]"        # confidential
SMALLEST_COUNT = 3    # Statistics Denmark's count criterion: cells with fewer units are not published


@dataclass(frozen=True)
class About:
    """What a reader must know of a table: plain data for notes, captions and alternative texts."""

    question: str
    base_text: str
    multiple: bool
    asked: str
    sector: str
    sector_label: str
    source: str
    synthetic: bool
    alpha: float
    residual: tuple
    group_bases: dict = field(default_factory=dict)   # groups that are bases of questions, and what such a base is
    item_bases: dict = field(default_factory=dict)    # who was asked each item: variable, words, what it lies within


@dataclass(frozen=True)
class Released:
    """Tables that passed the gate. Same columns as `Estimates.table` and `compare_groups`; no microdata behind them."""

    table: pd.DataFrame
    comparisons: pd.DataFrame
    distribution: object
    about: About

    def cell(self, item, group="all"):
        """The one row of an item and a group, as a Series. Raises `KeyError` naming what is not in the table."""
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


def protect(estimates, comparisons=None, distribution=None):
    """Pass an estimate table, and what was tested on it, through the gate.

    Comparisons that rest on a closed cell are closed too: difference, interval and p would give it back.
    """
    table = close_cells(estimates.table)
    closed = {(row.item, row.group) for row in table.itertuples() if row.status == CLOSED}
    compared = close_comparisons(comparisons, closed) if comparisons is not None else pd.DataFrame()
    return Released(table, compared, distribution, _describe(estimates))


def close_cells(table):
    """A copy of an estimate table in which every unsafe cell has status "[c]" and no numbers."""
    behind, base = table["n_yes"], table["n"]
    complement = base - behind
    unsafe = (base < SMALLEST_COUNT) | behind.between(1, SMALLEST_COUNT - 1) | complement.between(1, SMALLEST_COUNT - 1)
    unsafe &= base > 0   # an empty base tells about nobody
    safe = table.copy()
    safe["status"] = safe["status"].astype(object).mask(unsafe, CLOSED)
    for column in ("share", "se", "low", "high", "n_yes", "n_effective", "deff", "total"):
        safe[column] = safe[column].astype(float).mask(unsafe)
    safe["n"] = safe["n"].astype(float).mask(unsafe & (base < SMALLEST_COUNT))
    return safe


def close_comparisons(comparisons, closed):
    """A copy of a table of tested differences without those that rest on a closed (item, group)."""
    group = comparisons.get("group")
    first = zip(comparisons["item"], comparisons["first"] if group is None else group, strict=True)
    if group is None:
        second = zip(comparisons["item"], comparisons["second"], strict=True)
    else:
        second = zip(comparisons["second"], group, strict=True)
    unsafe = [a in closed or b in closed for a, b in zip(first, second, strict=True)]
    safe = comparisons.copy()
    numbers = ["share_first", "share_second", "difference", "se", "low", "high", "t", "p", "p_adjusted"]
    safe.loc[unsafe, numbers] = float("nan")
    safe.loc[unsafe, "verdict"] = ""
    safe.loc[unsafe, "status"] = CLOSED
    return safe


def _describe(estimates):
    survey, items = estimates.survey, list(estimates.items)
    registry = survey.registry
    bases = {item: registry.asked(item) for item in items}
    asked = next(iter(bases.values())) if len({*bases.values()}) == 1 else "all"
    questions = {registry.parse(item).question for item in items if item not in registry.derived and item != "all"}
    question = registry.questions.get(next(iter(questions))) if len(questions) == 1 else None
    return About(
        question.text if question else "", _name_base(registry, asked),
        bool(question and question.kind == "multiple"), asked,
        survey.sector, survey.label("all"), survey.source, survey.synthetic, survey.alpha,
        tuple(item for item in items if registry.is_residual(item)),
        {group: registry.derived[group].base_text for group in estimates.groups
         if group in registry.derived and registry.derived[group].base_text},
        {item: (base, _name_base(registry, base), _list_wider(registry, base)) for item, base in bases.items()},
    )


def _name_base(registry, name):
    base = registry.derived.get(name)
    return (base.base_text or base.label) if base else EVERYBODY


def _list_wider(registry, base):
    """The bases that a base lies within, from the nearest to everybody."""
    wider = registry.asked(base)
    return () if base == "all" else (wider, *_list_wider(registry, wider))


def _one(table, what, **where):
    rows = table
    for column, value in where.items():
        rows = rows[rows[column] == value]
    if len(rows) != 1:
        raise KeyError(f"{what} er ikke i tabellen ({format_count(len(rows))} rækker passer)")
    return rows.iloc[0]
