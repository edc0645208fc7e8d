"""Who has come and gone between a release and the survey as it is, as far as the numbers of
respondents show.

Of the data behind a release nothing is kept but what it showed. The fewest respondents that make up
the differences of all its numbers are looked for: some of today's who had not answered then
(`added`), and some who had, and have since been taken out (`gone`), each like one of today's in all
that the numbers of respondents depend on. Where the numbers are alike, nobody is: answers may have
been corrected, but all cells are then taken for the same, which is on the safe side.
"""

import numpy as np

from barometer.disclosure.relations import is_member
from barometer.releases.reading import SHOWN, SUPPRESSED

UNEXPLAINED = 1000.0  # what one respondent costs that nobody can explain


def find_differences(survey, release):
    """(added, gone): numbers of respondents of the survey's table, of `gone` those that they are
    like, as two arrays.
    """
    members, missing = _compare_sizes(survey, _list_sizes(survey, release.cells))
    weighted, nobody = np.flatnonzero(survey.design.weights > 0), np.array([], dtype=int)
    if not missing.any():
        return nobody, nobody
    patterns, first, number, many = np.unique(
        members, axis=1, return_index=True, return_inverse=True, return_counts=True
    )
    added, gone = _solve(patterns.astype(float), missing, many)
    chosen = [np.flatnonzero(number.ravel() == place)[:count] for place, count in enumerate(added)]
    return weighted[np.concatenate(chosen)], weighted[np.repeat(first, gone)]


def find_changed_sizes(survey, cells):
    """Those of the cells whose numbers of respondents are shown ({cell: `reading.Seen`}) that have
    another number now.
    """
    sizes = _list_sizes(survey, cells)
    _, missing = _compare_sizes(survey, sizes)
    return [cell for cell, changed in zip(sizes, missing, strict=True) if changed]


def _compare_sizes(survey, sizes):
    """(booleans, cells x respondents with a weight; how many more each cell has now)."""
    variables, weighted = survey.variables, survey.design.weights > 0
    members = [
        (is_member(variables, *where) & variables.is_true(item))[weighted] for item, *where in sizes
    ]
    members = np.array(members, dtype=bool).reshape(len(sizes), -1)
    return members, members.sum(axis=1) - np.array([*sizes.values()], dtype=float)


def _list_sizes(survey, cells):
    """{cell whose number of respondents is shown: that number}: of bases, as a rule."""
    registry, found = survey.registry, {}
    for (item, group, domain), seen in cells.items():
        count = seen.shown.replace(".", "")
        if seen.status == SHOWN and count.isdecimal():
            found[item, group, domain] = int(count)
        if seen.status != SUPPRESSED and seen.n:
            found[registry.asked(item), group, domain] = int(seen.n)
    return found


def _solve(patterns, missing, many):
    """How many of each pattern were added and are gone: the fewest that make up what is missing."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # here: rarely needed

    rows, columns = patterns.shape
    rest = np.eye(rows)
    equations = np.hstack([patterns, -patterns, rest, -rest])
    costs = np.concatenate([np.ones(2 * columns), np.full(2 * rows, UNEXPLAINED)])
    costs[: 2 * columns] += 1e-6 * np.arange(2 * columns)  # one answer on every machine
    most = np.concatenate([many, np.full(columns + 2 * rows, np.inf)])
    found = milp(
        costs,
        constraints=LinearConstraint(equations, missing, missing),
        integrality=np.ones(len(costs)),
        bounds=Bounds(0, most),
    )
    return np.round(found.x[: 2 * columns]).astype(int).reshape(2, columns)
