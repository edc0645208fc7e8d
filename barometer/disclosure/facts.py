"""What the rules of confidentiality look at, of one cell: how many are in it, and how much of it
the two largest are.
"""

import numpy as np

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
