"""What the rules of confidentiality look at, of one cell: how many are in it, and how much of it
the two largest are.
"""

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


MOST = 20_000  # respondents that are counted at a time


def count_cells(survey, cells):
    """`n_yes`, `n` and `heaviest` (`rules.py`) of each cell: a row for each, in their order."""
    weights, variables = survey.design.weights, survey.variables
    order = np.argsort(-weights, kind="stable")[: np.count_nonzero(weights > 0)]
    items, column = _number([cell[0] for cell in cells])
    wheres, row = _number([cell[1:] for cell in cells])
    members = [is_member(variables, *where) for where in wheres]
    codes = [variables.find_codes(item) for item in items]
    bases, base = _number([np.packbits(one >= 0).tobytes() for one in codes])
    asked = [codes[np.flatnonzero(base == place)[0]] >= 0 for place in range(len(bases))]
    yes, sums = np.zeros((len(wheres), len(items))), np.zeros((3, len(wheres), len(bases)))
    # of a large survey all at once would fill the memory
    for start in range(0, len(order), MOST):
        part = order[start : start + MOST]
        inside = np.array([one[part] for one in members])
        yes += (
            inside.astype(np.float32)
            @ np.array([one[part] == 1 for one in codes], dtype=np.float32).T
        )
        for place, one in enumerate(asked):
            _add_heaviest(sums[:, :, place], inside & one[part], weights[part])
    n, totals, heaviest = sums
    heaviest = np.divide(heaviest, totals, out=np.zeros_like(totals), where=n > 2)
    base = base[column]
    return pd.DataFrame(
        {"n_yes": yes[row, column], "n": n[row, base], "heaviest": heaviest[row, base]}
    )


def _add_heaviest(sums, members, weights):
    """Add to each row's number of members, their weight, and that of the first two: who comes first
    is heaviest.
    """
    rows, left = np.arange(len(members)), members.copy()
    for place in range(2):
        first = left.argmax(axis=1)
        sums[2] += np.where(left[rows, first] & (sums[0] + place < 2), weights[first], 0)
        left[rows, first] = False
    sums[0] += np.count_nonzero(members, axis=1)
    sums[1] += members @ weights


def _number(names):
    """(the names, each once; the number of each in them)."""
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return list(places), np.array([places[name] for name in names], dtype=int)
