"""Gives a made-up survey the last of what is claimed: some respondents weigh a little more or less,
and each part of the population weighs what it did.

Published shares are weighted and rounded, and whole respondents seldom meet all of them. Nothing
that is published says what one respondent weighs, but for the least and the largest of a part.
"""

import numpy as np

from barometer.proofs.made_up import Cells
from barometer.proofs.variables import Variables
from barometer.verify.claims import split_domain

TURNS = 4  # a difference of two shares is linear only near what the weights are
FREE = 0.4  # part of a weight that it may be changed by, where no limits are published
NEAR = 3e-5  # respondents: less than the goals are narrower than what is claimed
DIGITS = 7  # of a changed weight


def weigh(survey, published):
    """Change as little weight as can be so that all goals are met; whether they are. `survey.sums`
    are counted anew.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    start, goals = survey.weights.copy(), survey.goals
    low, high = _find_limits(survey, published)
    equal, totals = _find_totals(survey, published, start)
    rows = np.unique(np.concatenate([goals.first, goals.second]))
    place = {row: at for at, row in enumerate(rows)}
    cells = Cells([survey.cells[row] for row in rows])
    base, yes = cells.find(Variables(survey.structure, survey.columns))
    for _ in range(TURNS):
        miss = goals.miss(survey.sums)
        if (miss < NEAR).all():
            return True
        lines, most = [], []
        for at in np.flatnonzero(goals.kinds >= 2):
            line, value = 0.0, 0.0
            pairs = ((goals.first[at], 1), (goals.second[at], -1))
            for row, sign in pairs[: 1 if goals.kinds[at] == 2 else 2]:
                total = max(survey.sums[row, 1], 1e-9)
                share = survey.sums[row, 3] / total
                one = place[row]
                line = line + sign * (yes[one] - share * base[one]) / total
                value += sign * share
            if goals.kinds[at] == 4 and value < 0:
                line, value = -line, -value
            # what is claimed, in per cent, of the share after the change
            lines += [100 * line, -100 * line]
            most += [goals.high[at] - 100 * value, 100 * value - goals.low[at]]
        matrix = csr_array(np.array(lines))
        change = survey.weights - start
        found = linprog(
            np.ones(2 * len(start)),
            A_ub=_both(matrix),
            b_ub=np.array(most) + matrix @ change,
            A_eq=_both(equal) if len(totals) else None,
            b_eq=totals if len(totals) else None,
            bounds=np.stack(
                [np.zeros(2 * len(start)), np.concatenate([high - start, start - low])], axis=1
            ),
            method="highs",
        )
        if found.x is None:
            return False
        more = found.x[: len(start)] - found.x[len(start) :]
        survey.weights = np.where(np.abs(more) > 1e-7, np.round(start + more, DIGITS), start)
        survey.count(np.flatnonzero(survey.active))
    return bool((goals.miss(survey.sums) < NEAR).all())


def _both(matrix):
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(matrix), -csr_array(matrix)], format="csr")


def _find_limits(survey, published):
    """The least and the largest that each respondent may weigh, by what is published of parts."""
    low, high = survey.weights * (1 - FREE), survey.weights * (1 + FREE)
    variables = Variables(survey.structure, survey.columns)
    for claim in published.claims:
        if claim.kind in ("least", "largest"):
            inside = variables.select(*claim.cells[0][1:])
            if claim.kind == "least":
                low[inside] = np.maximum(low[inside], claim.low)
            else:
                high[inside] = np.minimum(high[inside], claim.high)
    return np.minimum(low, survey.weights), np.maximum(high, survey.weights)


def _find_totals(survey, published, start):
    """(parts x respondents, zeros): whose changes add up to nothing, so that each part weighs what
    it did.
    """
    variables = Variables(survey.structure, survey.columns)
    parts = {
        claim.cells[0]: variables.select(*claim.cells[0][1:]) & (variables.find("all") == 1)
        for claim in published.claims
        if claim.kind == "units" and claim.cells[0][0] == "all"
    }
    # of parts that are divided into others with a published size, those alone
    names = sorted(parts, key=lambda cell: -len(split_domain(cell[2])))
    deepest = [cell for cell in names if len(split_domain(cell[2])) == _depth(names)]
    kept = deepest if sum(parts[cell].sum() for cell in deepest) == len(start) else names
    return np.array([parts[cell] for cell in kept], dtype=float), np.zeros(len(kept))


def _depth(names):
    return len(split_domain(names[0][2])) if names else 0
