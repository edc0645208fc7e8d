"""The one gate. What a notebook draws, writes or tells is a `Released`, and only `protect` makes
one.

The rules are in `rules.py`. Which cells are confidential was decided once for the whole survey
(`plan.py`), so that no two tables of any report give a closed one back; here they are closed, and
what is too uncertain is marked.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from barometer.data.domains import WHOLE, split_terms
from barometer.disclosure.plan import extend_plan, name_cell
from barometer.disclosure.rules import MARKS, SMALLEST_SAMPLE, find_broken, find_flags
from barometer.marks import CONFIDENTIAL, UNRELIABLE
from barometer.previews import ReleasedTable
from barometer.statistics.comparisons import adjust_holm
from barometer.statistics.inferences import FINITE, floor_level
from barometer.statistics.interactions import InteractionTest
from barometer.statistics.tabletests import nan
from barometer.text import format_count, lower_first

CLOSED = CONFIDENTIAL


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
    group_bases: dict = field(default_factory=dict)  # groups that are bases: what such a base is
    item_bases: dict = field(default_factory=dict)  # asked: variable, words, what it lies within
    terms: dict = field(default_factory=lambda: {"sektor": ""})  # `Survey.terms`
    domain: str = WHOLE  # what the table covers: in a report on a part it may be the whole
    inference: str = FINITE  # whose test speaks
    by_hand: bool = False  # whether a chapter put the table together, so that no gate has seen it
    names: frozenset = frozenset()  # labels that are proper names

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
    another by `dataclasses.replace`, says so (`about.by_hand`), and a report shows none of its
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
        return (
            f"Released: {len(self.table)} celler ({', '.join(self.table.columns[:4])} …); se .table"
        )

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


def protect(estimates, comparisons=None, distribution=None):
    """Pass an estimate table, and what was tested on it, through the gate.

    Comparisons that rest on a closed cell are closed too: difference, interval and p would give it
    back. Of a whole table see `close_distribution`, and of a difference between differences
    `close_interaction`.
    """
    survey, cells = estimates.survey, list_cells(estimates)
    closed = survey.plan.closed | extend_plan(survey, cells)
    rules = [closed.get(cell, "") for cell in cells]
    bases = [(survey.registry.asked(item), *where) in closed for item, *where in cells]
    table = close_cells(estimates.table, rules, bases)
    compared = close_comparisons(comparisons, table) if comparisons is not None else pd.DataFrame()
    if distribution is not None:
        close = (
            close_interaction if isinstance(distribution, InteractionTest) else close_distribution
        )
        distribution = close(distribution, table)
    about = _describe(estimates)
    released = Released(ReleasedTable(table), ReleasedTable(compared), distribution, about)
    object.__setattr__(released, "about", about)  # this one has passed the gate
    return released


def list_cells(estimates):
    """The (item, group, domain) of each row of an estimate table."""
    registry, domain = estimates.survey.registry, estimates.survey.domain
    names = zip(estimates.table["item"], estimates.table["group"], strict=True)
    return [name_cell(registry, item, group, domain) for item, group in names]


def close_cells(table, rules, small):
    """A copy of an estimate table without the numbers of unsafe cells, and with the column `rule`
    that closed each.

    `rules`: id of the rule that makes a cell confidential, or "". `small`: whether its base is
    confidential too, and then n is not told either. What is too uncertain gets "[u]" and keeps its
    n. `flag`: the marks that stand beside a number that is shown (`rules.FLAGS`).
    """
    uncertain = find_broken(table, UNRELIABLE)
    rules = np.where(np.array(rules, dtype=object) != "", rules, uncertain)
    confidential = (rules != "") & (rules != uncertain)
    status = np.where(
        confidential,
        CONFIDENTIAL,
        np.where(rules != "", UNRELIABLE, table["status"].to_numpy(object)),
    )
    flags = np.where(rules != "", "", find_flags(table))
    numbers = ("share", "se", "low", "high", "n_yes", "n_effective", "width", "deff", "df", "total")
    safe = {name: np.where(rules != "", np.nan, table[name].to_numpy(float)) for name in numbers}
    n = np.where(np.array(small, dtype=bool), np.nan, table["n"].to_numpy(float))
    return table.assign(
        **safe, n=n, status=pd.Series(status, table.index, dtype=object), rule=rules, flag=flags
    )


def close_comparisons(comparisons, table):
    """A copy of a table of tested differences without those that rest on a closed cell of `table`.

    Holm's adjustment is made again among those left, as a place in the order would tell of one that
    is closed.
    """
    group = comparisons.get("group")
    cells = dict(
        zip(
            zip(table["item"], table["group"], strict=True),
            zip(table["status"], table["n"], strict=True),
            strict=True,
        )
    )
    first = zip(comparisons["item"], comparisons["first"] if group is None else group, strict=True)
    second = zip(
        comparisons["item"] if group is None else comparisons["second"],
        comparisons["second"] if group is None else group,
        strict=True,
    )
    pairs = [(cells[one], cells[other]) for one, other in zip(first, second, strict=True)]
    marks = np.array(
        [next((mark for mark in MARKS if mark in (one[0], other[0])), "") for one, other in pairs],
        object,
    )
    numbers = (
        "share_first",
        "share_second",
        "difference",
        "se",
        "low",
        "high",
        "t",
        "p",
        "p_finite",
        "p_superpopulation",
    )
    safe = {
        name: np.where(marks != "", np.nan, comparisons[name].to_numpy(float)) for name in numbers
    }
    told = {
        name: np.where(marks != "", kept, comparisons[name].to_numpy(object))
        for name, kept in (("verdict", ""), ("method", ""), ("status", marks))
    }
    return comparisons.assign(
        **safe,
        **{
            name: pd.Series(values, comparisons.index, dtype=object)
            for name, values in told.items()
        },
        n_first=[one[1] for one, _ in pairs],
        n_second=[other[1] for _, other in pairs],
        p_adjusted=adjust_holm(safe["p"]),
    )


def close_distribution(test, table):
    """A copy of a whole table's test (`TableTest`) as it may be told beside the closed cells of
    `table`.

    * Where a group's base is confidential, or none of a group's cells may be shown, the verdict has
      their mark: to say that a group differs is to say something of it.
    * So it has where a group has, or after its weights is worth, fewer respondents than a cell must
      have ("[u]").
    * Otherwise a confidential cell closes p, for which an intruder could solve the count. The
      verdict is told, at the largest of few levels that is not above the report's
      (`inferences.LEVELS`): at any level it would be an oracle for p. Below the least of them, and
      where the table is its own verdict, it is closed.
    """
    mark = _find_table_mark(test, table)
    hidden = CONFIDENTIAL in set(table["status"])
    level = floor_level(test.level) if hidden else test.level
    if not mark and hidden and (test.status in ("complete", "equal") or np.isnan(level)):
        mark = CONFIDENTIAL
    verdict, status = ("", mark) if mark else (test.verdict, test.status)
    if hidden and verdict:
        verdict = "difference" if test.p < level else "no_difference"
    closed = (
        dict.fromkeys(("f", "ndf", "ddf", "p", "p_finite", "p_superpopulation"), nan)
        if mark or hidden
        else {}
    )
    closed |= {"n": nan} if hidden else {}
    return replace(
        test, **closed, verdict=verdict, status=status, level=level, sizes=(), effective=()
    )


def close_interaction(test, table):
    """A copy of an `InteractionTest` without its numbers and verdict where a cell that it rests on
    is closed.
    """
    status = dict(
        zip(zip(table["item"], table["group"], strict=True), table["status"], strict=True)
    )
    held = {status[cell] for cell in (*test.first, *test.second)}
    mark = next((mark for mark in MARKS if mark in held), "")
    numbers = dict.fromkeys(("n", "f", "ndf", "ddf", "p", "p_finite", "p_superpopulation"), nan)
    return (
        replace(test, **numbers, differences=(), se=(), verdict="", status=mark) if mark else test
    )


def _find_table_mark(test, table):
    """The mark that closes the verdict on a whole table: that of a group of which nothing may be
    shown, or is sure.
    """
    groups = [rows for _, rows in table.groupby("group", sort=False)]
    untold = [set(rows["status"]) for rows in groups if rows["status"].isin(MARKS).all()]
    if any(rows["n"].isna().any() for rows in groups) or any(
        CONFIDENTIAL in held for held in untold
    ):
        return CONFIDENTIAL
    few = min((*test.sizes, *test.effective), default=SMALLEST_SAMPLE) < SMALLEST_SAMPLE
    return UNRELIABLE if untold or (few and test.status not in ("complete", "empty")) else ""


def _describe(estimates):
    survey, items = estimates.survey, list(estimates.items)
    registry = survey.registry
    bases = {item: registry.asked(item) for item in items}
    asked = next(iter(bases.values())) if len({*bases.values()}) == 1 else "all"
    questions = {
        registry.find_question(item) for item in items if item not in ("all", *registry.derived)
    }
    question = registry.questions.get(next(iter(questions))) if len(questions) == 1 else None
    return About(
        question.text if question else "",
        _name_base(registry, asked),
        bool(question and question.kind == "multiple"),
        asked,
        survey.report,
        survey.label("all"),
        survey.source,
        survey.synthetic,
        survey.alpha,
        tuple(item for item in items if registry.is_residual(item)),
        {
            group: registry.derived[group].base_text
            for group in estimates.groups
            if group in registry.derived and registry.derived[group].base_text
        },
        {
            item: (
                base,
                _name_base(registry, base),
                () if base == WHOLE else registry.list_wider(base),
            )
            for item, base in bases.items()
        },
        survey.terms,
        survey.domain,
        survey.inference,
        names=registry.names,
    )


def _name_base(registry, name):
    bases = [registry.derived[term] for term in split_terms(name) if term in registry.derived]
    return " og ".join(one.base_text or one.label for one in bases) or registry.respondents["all"]


def _one(table, what, **where):
    # Names are never missing. As arrays, since a number is looked up for each that a report shows.
    fits = [table[column].to_numpy(object) == value for column, value in where.items()]
    rows = np.flatnonzero(np.logical_and.reduce(fits))
    if len(rows) != 1:
        raise KeyError(f"{what} er ikke i tabellen ({format_count(len(rows))} rækker passer)")
    return table.iloc[rows[0]]
