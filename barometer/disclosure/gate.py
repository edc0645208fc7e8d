"""The one gate. What a notebook draws, shows or writes is a `Released`, and only `protect` makes
one.

The rules are in `rules.py`. Which cells are confidential was decided once for the whole survey
(`plan.py`), so that no two tables of any report give a closed one back; here they are closed, and
what is too uncertain is marked.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from barometer.data.domains import WHOLE, split_terms
from barometer.data.variables import lie_outside
from barometer.disclosure.facts import count_lacking_of
from barometer.disclosure.means import find_hidden, find_mean_rules
from barometer.disclosure.plan import find_beside, find_rules, name_cell
from barometer.disclosure.rules import (
    LIMITS,
    MARKS,
    MEAN_RULES,
    find_broken,
    find_flags,
    find_mean_flags,
)
from barometer.errors import BarometerError
from barometer.languages.speaking import _
from barometer.marks import CONFIDENTIAL, UNRELIABLE
from barometer.numbers.means import MEAN
from barometer.payloads import is_run, note_asked
from barometer.released import About, Released, ReleasedTable
from barometer.statistics.comparisons import adjust_holm
from barometer.statistics.inferences import floor_level
from barometer.statistics.interactions import InteractionTest
from barometer.statistics.tabletests import nan
from barometer.text import format_count

CLOSED = CONFIDENTIAL
NAMED = 3  # cells that a refusal names


class NotPlanned(BarometerError):
    """A report would show cells that the plan of closed cells was not made for. Its argument: these
    (item, group, domain).
    """

    def __str__(self):
        named = ", ".join(" / ".join(cell) for cell in self.args[0][:NAMED])
        more = len(self.args[0]) - NAMED
        return (
            f"{named}{f' og {format_count(more)} til' * (more > 0)} er ikke i planen over lukkede "
            "celler. Forsegl undersøgelsen igen: python -m barometer seal"
        )


def protect(estimates, comparisons=None, distribution=None):
    """Pass an estimate table, and what was tested on it, through the gate.

    A table with cells that the survey's plan was not made for may be looked at in a notebook, where
    the rules alone close cells. A report shows none of it: a run raises `NotPlanned`, and whoever
    exports the notebook is refused.

    Comparisons that rest on a closed cell are closed too: difference, interval and p would give it
    back. Of a whole table see `close_distribution`, and of a difference between differences
    `close_interaction`.
    """
    survey, cells = estimates.survey, list_cells(estimates)
    beside = find_beside(survey, cells)
    # cells of an earlier round are in its own plan, whichever survey chapters are run for
    noted = not survey.earlier and note_asked(cells)
    if not noted and beside and is_run():
        raise NotPlanned([cell for cell in dict.fromkeys(cells) if cell in beside])
    rules, bases = find_rules(survey, cells)
    broken, small = [rules.get(cell, "") for cell in cells], [cell in bases for cell in cells]
    if estimates.measure_name == MEAN:
        counts, broken = broken, find_mean_rules(estimates, broken)
        small = find_hidden(cells, counts, broken, beside)
    table = close_cells(estimates.table, broken, small, survey.limits)
    compared = close_comparisons(comparisons, table) if comparisons is not None else pd.DataFrame()
    if isinstance(distribution, InteractionTest):
        distribution = close_interaction(distribution, table)
    elif distribution is not None:
        distribution = close_distribution(distribution, table, survey.limits)
    lacking = count_lacking_of(survey, table)
    about = replace(describe(estimates), by_hand=bool(beside), beside=bool(beside), lacking=lacking)
    released = Released(ReleasedTable(table), ReleasedTable(compared), distribution, about)
    object.__setattr__(released, "about", about)  # this one has passed the gate
    return released


def list_cells(estimates):
    """The (item, group, domain) of each row of an estimate table."""
    registry, domain = estimates.survey.registry, estimates.survey.domain
    names = zip(estimates.table["item"], estimates.table["group"], strict=True)
    return [name_cell(registry, item, group, domain) for item, group in names]


def close_cells(table, rules, small, limits=LIMITS):
    """A copy of an estimate table without the numbers of unsafe cells, and with the column `rule`
    that closed each.

    `rules`: id of the rule that makes a cell confidential, or "". `small`: whether its base is
    confidential too, and then n is not shown either. What is too uncertain gets "[u]" and keeps its
    n. `flag`: the marks that stand beside a number that is shown (`rules.FLAGS`).
    """
    means = "measure" in table
    uncertain = find_broken(table, UNRELIABLE, MEAN_RULES if means else None, limits)
    rules = np.where(np.array(rules, dtype=object) != "", rules, uncertain)
    confidential = (rules != "") & (rules != uncertain)
    status = np.where(
        confidential,
        CONFIDENTIAL,
        np.where(rules != "", UNRELIABLE, table["status"].to_numpy(object)),
    )
    marks = find_mean_flags(table, limits) if means else find_flags(table, limits)
    flags = np.where(rules != "", "", marks)
    numbers = ("share", "se", "low", "high", "n_yes", "n_effective", "width", "deff", "df", "total")
    safe = {name: np.where(rules != "", np.nan, table[name].to_numpy(float)) for name in numbers}
    n = np.where(np.array(small, dtype=bool), np.nan, table["n"].to_numpy(float))
    return table.assign(
        **safe, n=n, status=pd.Series(status, table.index, dtype=object), rule=rules, flag=flags
    )


def close_comparisons(comparisons, table):
    """A copy of a table of tested differences without those that rest on a closed cell of `table`.

    Holm's adjustment is made again among those left, as a place in the order would reveal one that
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
    texts = {
        name: np.where(marks != "", kept, comparisons[name].to_numpy(object))
        for name, kept in (("verdict", ""), ("method", ""), ("status", marks))
    }
    return comparisons.assign(
        **safe,
        **{
            name: pd.Series(values, comparisons.index, dtype=object)
            for name, values in texts.items()
        },
        n_first=[one[1] for one, _ in pairs],
        n_second=[other[1] for _, other in pairs],
        p_adjusted=adjust_holm(safe["p"]),
    )


def close_distribution(test, table, limits=LIMITS):
    """A copy of a whole table's test (`TableTest`) as it may be shown beside the closed cells of
    `table`.

    * Where a group's base is confidential, or none of a group's cells may be shown, the verdict has
      their mark: to say that a group differs is to say something of it.
    * So it has where a group has, or after its weights is worth, fewer respondents than a cell must
      have ("[u]").
    * Otherwise a confidential cell closes p, for which an intruder could solve the count. The
      verdict is shown, at the largest of few levels that is not above the report's
      (`inferences.LEVELS`): at any level it would be an oracle for p. Below the least of them, and
      where the table is its own verdict, it is closed.
    """
    mark = _find_table_mark(test, table, limits.smallest_sample)
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


def _find_table_mark(test, table, smallest):
    """The mark that closes the verdict on a whole table: that of a group of which nothing may be
    shown, or is sure.
    """
    groups = [rows for _, rows in table.groupby("group", sort=False)]
    closed = [set(rows["status"]) for rows in groups if rows["status"].isin(MARKS).all()]
    if any(rows["n"].isna().any() for rows in groups) or any(
        CONFIDENTIAL in held for held in closed
    ):
        return CONFIDENTIAL
    few = min((*test.sizes, *test.effective), default=smallest) < smallest
    return UNRELIABLE if closed or (few and test.status not in ("complete", "empty")) else ""


def describe(estimates):
    """What a table of estimates is of, as `About`."""
    return describe_table(estimates.survey, list(estimates.items), estimates.groups)


def describe_table(survey, items, groups):
    """The same of these items and groups of a survey."""
    registry = survey.registry
    bases = {item: registry.asked(item) for item in items}
    asked = next(iter(bases.values())) if len({*bases.values()}) == 1 else "all"
    questions = {
        registry.find_question(item) for item in items if item not in ("all", *registry.derived)
    }
    question = registry.questions.get(next(iter(questions))) if len(questions) == 1 else None
    return About(
        question.text if question else "",
        name_base(registry, asked),
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
            for group in groups
            if group in registry.derived and registry.derived[group].base_text
        },
        {
            item: (
                base,
                name_base(registry, base),
                () if base == WHOLE else registry.list_wider(base),
            )
            for item, base in bases.items()
        },
        survey.terms,
        survey.domain,
        survey.inference,
        names=registry.names,
        unasked=frozenset(one for one in groups if lie_outside(registry, items, one)),
    )


def name_base(registry, name):
    """Who is asked something, in words: of those of whom the variable `name` is true."""
    every, words = split_terms(name), ""
    given = [one for one in every if one != WHOLE and one not in registry.derived]
    if given:
        number = any(map(registry.is_number, given))
        words = _(", der svarede med et tal") if number else _(", der har svaret")
        routes = (registry.route(one) if one in given else one for one in every)
        every = dict.fromkeys(routes)
    bases = [registry.derived[term] for term in every if term in registry.derived]
    named = _(" og ").join(one.base_text or one.label for one in bases)
    return (named or registry.respondents["all"]) + words
