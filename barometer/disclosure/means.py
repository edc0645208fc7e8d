"""What makes a mean confidential or too uncertain: the gate's rules for shares, as a mean has them.

A mean is a sum over answers, so it is closed where the number of those who gave a point is, where
an answer of its scale is closed that reports show (with others it would follow from the mean),
there or in a larger or smaller group that is not large (its own mean follows nearly from the means
of the others), and where the points of few follow from it. Of numbers it is closed where two are
nearly all of their sum: the plan is made with that (`facts.py`), so that others hide it. A quantile
is closed besides where few lie on one side of it, or few have the value that is shown. What the
plan closes is closed for every report, and a base that is closed for another's sake closes its
mean, so that no mean follows from a whole and the other parts.
"""

import numpy as np

from barometer.data.domains import split_terms, strip_not
from barometer.disclosure.plan import SECONDARY, name_cell
from barometer.disclosure.relations import is_member
from barometer.disclosure.rules import BASE
from barometer.forms import FORMS, QUANTILES
from barometer.statistics.estimates import find_rows
from barometer.text import write_number

ROUNDINGS = 2  # a mean stands beside both ends of its interval, which are rounded by themselves
FEW_BEHIND = "answer"  # the rule of a number that few respondents stand behind


def find_mean_rules(estimates, rules):
    """The id of the rule that makes each mean confidential, "" for none: a list, a row each.

    `rules`: those that the plan and the rules for counts give of the variable that is true of all
    who gave a point. Besides: "base" fewer than the least number gave one; "dominance" two have
    more than 90 per cent of the weight of those who did; "unanimous" all of fewer than 10 gave the
    same, which follows from the mean.
    """
    found = []
    for rule, row in zip(rules, estimates.table.itertuples(), strict=True):
        rule = rule or _find_own(estimates, row.item, row.group)
        if getattr(row, "statistic", "") in QUANTILES.values():
            rule = rule or _find_behind(estimates, row)
        if "statistic" not in estimates.table:
            rule = rule or _find_shown(estimates, row.item, row.group)
        found.append(rule)
    return found


def find_hidden(cells, counts, rules, beside):
    """Whether how many are behind each mean is closed too: that is a count of its own, which is
    shown where the plan leaves it open. `counts`: the rule that closes each count; `rules`: each
    mean; `beside`: cells that no plan was made for.
    """
    return [
        rule == BASE or (rule != "" and (closed != "" or cell in beside))
        for cell, closed, rule in zip(cells, counts, rules, strict=True)
    ]


def _find_behind(estimates, row):
    """The rule of a quantile with fewer than the least known number of respondents on one side of
    it, or fewer than the least number who have the value as it is shown.
    """
    survey = estimates.survey
    rows = find_rows(survey, row.group)
    values = estimates.answers[rows[survey.design.weights[rows] > 0], 0]
    values = values[~np.isnan(values)]
    if not len(values):
        return ""
    sides = (values <= row.share).sum(), (values >= row.share).sum()
    shown = write_number(row.share, row.measure)
    step = 10.0 ** -FORMS[row.measure][1]  # nothing further away is written alike
    near, counts = np.unique(values[np.abs(values - row.share) <= step], return_counts=True)
    held = sum(
        int(count)
        for one, count in zip(near, counts, strict=True)
        if write_number(one, row.measure) == shown
    )
    few = min(sides) < survey.limits.smallest_known or held < survey.limits.smallest_count
    return FEW_BEHIND if few else ""


def _find_own(estimates, item, group):
    design, limits = estimates.survey.design, estimates.survey.limits
    values = estimates.answers[:, estimates.items.index(item)]
    rows = find_rows(estimates.survey, group)
    rows = rows[~np.isnan(values[rows]) & (design.weights[rows] > 0)]
    weights, n = design.weights[rows], len(rows)
    if 0 < n < limits.smallest_count:
        return BASE
    if n and np.partition(weights, -2)[-2:].sum() > limits.heaviest * weights.sum():
        return "dominance"
    unanimous = 0 < n < limits.smallest_known and len({*values[rows]}) == 1
    return "unanimous" if unanimous else ""


def _find_shown(estimates, item, group):
    """Whether a report shows an answer of the scale, or several together, that is closed: there, or
    among others of whom these are some or who are some of these. Means of both are written with a
    `step`, and so the sum of points that is left is known to within `step` times all of them: too
    few count where the points at both ends lie as far apart as `span`.
    """
    survey = estimates.survey
    registry, name = survey.registry, item.partition("=")[0]
    count, *where = name_cell(registry, item, group, survey.domain)
    closed = [cell for cell in survey.plan.closed if _is_of(registry, cell[0], name)]
    if tuple(where) in {cell[1:] for cell in closed}:
        return SECONDARY
    # how many gave a point follows from no others that are open, so that this mean is no way to it
    wheres = {cell[1:] for cell in closed if cell[0] != count}
    values = estimates.answers[:, estimates.items.index(item)]
    given, step = ~np.isnan(values), 10.0 ** -FORMS["mean"][1]
    own = is_member(survey.variables, *where) & given
    for other in wheres:
        members = is_member(survey.variables, *other) & given
        nested = not (own & ~members).any() or not (members & ~own).any()
        many = max(np.count_nonzero(own), np.count_nonzero(members))
        span = np.ptp(values[given]) if given.any() else 0
        if nested and step * many < ROUNDINGS * survey.limits.smallest_count * span:
            return SECONDARY
    return ""


def _is_of(registry, item, name):
    """Whether a variable says something of the answers to a scale, or to a row of one."""
    terms = map(strip_not, split_terms(item))
    derived = registry.derived
    return any(
        any(_is_of(registry, part, name) for part in derived[term].parts)
        if term in derived
        else term.partition("=")[0] == name
        for term in terms
    )
