"""What the rules of confidentiality look at, of one cell: how many are in it, and how much of it
the two largest are.
"""

from hashlib import sha256

import numpy as np
import pandas as pd

from barometer.data.domains import WHOLE, is_joined, split_terms
from barometer.disclosure.relations import is_member
from barometer.marks import CONFIDENTIAL


def count_cell(survey, cell):
    """(respondents who gave the answer, respondents in the base, the part that its two heaviest
    are of its weight) of (item, group, domain).

    Of a number also the part that its two largest contributions are of the weighted sum of its
    absolute values, and 1 where all of few gave the same: the larger part counts.
    """
    item, group, domain = cell
    variables = survey.variables
    base = (
        is_member(variables, group, domain) & variables.is_asked(item) & (survey.design.weights > 0)
    )
    weights = survey.design.weights[base]
    heaviest = _find_part(weights)
    for term in filter(survey.registry.is_number, split_terms(item)):
        values = np.abs(survey.scale(term).values[base])
        alike = 0 < len(values) < survey.limits.smallest_known and len({*values}) == 1
        heaviest = 1.0 if alike else max(heaviest, _find_part(weights * values))
    return np.count_nonzero(base & variables.is_true(item)), len(weights), heaviest


def count_lacking(survey, item):
    """How many were asked an item and gave no answer; None for fewer than the least number, and 0
    where they are counted in its base.
    """
    registry = survey.registry
    base = WHOLE if item == WHOLE or is_joined(item) else registry.asked(item)
    if base == WHOLE or base in registry.derived or item in registry.derived:
        return 0
    inside = survey.member(WHOLE) & (survey.design.weights > 0)
    asked = survey.variables.is_true(registry.route(item)) & inside
    lacking = int(np.count_nonzero(asked & ~survey.variables.is_true(base)))
    return lacking if lacking == 0 or lacking >= survey.limits.smallest_count else None


def count_lacking_of(survey, table):
    """{item: `count_lacking`} of the items of a released table, where it gives nothing back that is
    suppressed: with how many answered it gives how many were asked, and the other way round.

    So none of an item's rows is suppressed, all who answered are counted in them, and how many were
    asked is not suppressed in the plan.
    """
    counted = {}
    for item, rows in table.groupby("item", sort=False):
        lacking = count_lacking(survey, item)
        if lacking == 0 or _is_counted(survey, item, rows):
            counted[item] = lacking
    return counted


def _is_counted(survey, item, rows):
    registry = survey.registry
    asked = registry.route(item), WHOLE, survey.domain
    if (
        rows["status"].eq(CONFIDENTIAL).any()
        or rows["n"].isna().any()
        or asked in survey.plan.closed
    ):
        return False
    inside = survey.member(WHOLE) & (survey.design.weights > 0)
    answered = np.count_nonzero(inside & survey.variables.is_true(registry.asked(item)))
    return WHOLE in {*rows["group"]} or rows["n"].sum() == answered


def _find_part(sums):
    total = sums.sum() if len(sums) > 2 else 0.0
    return float(np.partition(sums, -2)[-2:].sum() / total) if total > 0 else 0.0


MOST = 2**16  # respondents that are counted at a time


def count_cells(survey, cells):
    """`n_yes`, `n` and `heaviest` (`rules.py`) of each cell: a row for each, in their order."""
    weights, variables = survey.design.weights, survey.variables
    order = np.argsort(-weights, kind="stable")[: np.count_nonzero(weights > 0)]
    items, column = _number([cell[0] for cell in cells])
    wheres, row = _number([cell[1:] for cell in cells])
    bases, base = _number([_digest(variables.is_asked(item)) for item in items])
    first = [items[np.flatnonzero(base == place)[0]] for place in range(len(bases))]
    yes, sums = np.zeros((len(wheres), len(items))), np.zeros((3, len(wheres), len(bases)))
    asked_of = [np.unique(column[row == place]) for place in range(len(wheres))]
    # of a large survey all at once would fill the memory
    for start in range(0, len(order), MOST):
        part = order[start : start + MOST]
        some = variables if len(order) <= MOST else variables.take(part)
        rows = part if some is variables else slice(None)
        asked = np.array([some.is_asked(item)[rows] for item in first])
        given = np.array([some.is_true(item)[rows] for item in items])
        for place, those in enumerate(asked_of):
            member, within = is_member(some, *wheres[place])[rows], np.unique(base[those])
            yes[place, those] += np.count_nonzero(given[those] & member, axis=1)
            before, held = sums[0, place, within], asked[within] & member
            sums[:, place, within] += _sum_heaviest(before, held, weights[part])
    n, totals, heaviest = sums
    heaviest = np.divide(heaviest, totals, out=np.zeros_like(totals), where=n > 2)
    base = base[column]
    return pd.DataFrame(
        {"n_yes": yes[row, column], "n": n[row, base], "heaviest": heaviest[row, base]}
    )


def _digest(members):
    return sha256(np.packbits(members)).digest()


def _sum_heaviest(before, members, weights):
    """Each row's number of members, their weight, and that of the first two, whom it may have
    `before`: who comes first is heaviest.
    """
    heaviest = np.zeros(len(members))
    rows = np.flatnonzero(before < 2)
    left = members[rows]
    for further in range(2 if len(rows) else 0):
        first = left.argmax(axis=1)
        counted = left[np.arange(len(rows)), first] & (before[rows] + further < 2)
        heaviest[rows] += np.where(counted, weights[first], 0)
        left[np.arange(len(rows)), first] = False
    return np.array([np.count_nonzero(members, axis=1), members @ weights, heaviest])


def _number(names):
    """(the names, each once; the number of each in them)."""
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return list(places), np.array([places[name] for name in names], dtype=int)
