"""Gives a made-up survey the last of what is claimed: respondents weigh a little more or less, and
each part of the population weighs what it did.

Published shares are weighted and rounded, and whole respondents seldom meet all of them. Nothing
that is published says what one respondent weighs, but for the least and the largest of a part. The
change is the smallest in squares, as in calibration (Deville & Särndal 1992), found as a least
distance (Lawson & Hanson 1974, chapter 23).
"""

import numpy as np

from barometer.proofs.made_up import Cells
from barometer.proofs.starting import DIGITS
from barometer.proofs.variables import Variables
from barometer.verify.claims import split_domain

TURNS = 12  # least distances; each takes up the claims that the last one's weights do not meet
OUTSIDE = 1e-5  # of a weight: rounding noise
FREE = 0.4  # part of a weight that it may be changed by
EACH = 1e-9  # seconds for each respondent and two claims
SPREAD = 20  # how much heavier or lighter than others a place is guessed to be at most
MIXED = (0.7, 1.0, 1.3)  # weights of those in a place, to each other
STAYS = 1e-4  # what a weight of 2 costs, where a share that is missed by all costs 1
NEAR = 3e-5  # respondents: less than the goals are narrower than what is claimed


def is_weighed(published):
    """Whether something is published of what respondents weigh."""
    return any(claim.kind in ("units", "least", "largest") for claim in published.claims)


def guess_weights(survey, published):
    """{place: weight} of respondents of whose weights nothing is published, the same for all in a
    place: an answer of each dimension, by number.

    The published shares of a whole are between those of its parts, nearer to those of the heavier.
    The weights are those with which the answers of a survey that was fitted with others give the
    shares best (least squares; as little from 1 as that allows).
    """
    from scipy.optimize import lsq_linear

    shares = [claim for claim in published.claims if claim.kind == "share"]
    found, places, sizes = _find_places(published.structure, survey.columns)
    variables = Variables(survey.structure, survey.columns)
    base, yes = Cells([claim.cells[0] for claim in shares]).find(variables)
    lines = []
    for claim, asked, counted in zip(shares, base, yes, strict=True):
        share = (claim.low + claim.high) / 200
        many = max(np.count_nonzero(asked), 1)
        lines.append(np.bincount(places, weights=counted - share * asked) / many)
    stays = np.sqrt(STAYS * sizes)
    best = lsq_linear(
        np.concatenate([*lines, np.diag(stays).ravel(), sizes]).reshape(-1, len(sizes)),
        np.concatenate([np.zeros(len(lines)), stays, [1.0]]),  # the last: of 1 on average
        (1 / SPREAD, SPREAD),
    )
    return dict(zip(map(tuple, found.T.tolist()), best.x.tolist(), strict=True))


def give_weights(columns, heavy, mixed):
    """The weights of respondents by their place; `mixed`: of several in one, so that a count and a
    share of one cell can both be met.
    """
    weights = [heavy.get(place, 1.0) for place in zip(*columns.values(), strict=True)]
    parts = np.resize(MIXED, len(weights)) if mixed else 1
    return np.round(np.array(weights) * parts, DIGITS)


def _find_places(structure, columns):
    """(dimensions x places: answers; each respondent's place; each place's part of all)."""
    known = [values for name, values in columns.items() if name in structure["background"]]
    found, places = np.unique(np.stack(known), axis=1, return_inverse=True)
    places = places.ravel()
    return found, places, np.bincount(places) / len(places)


def weigh(survey, published):
    """Change weights as little as can be so that all goals are met; whether they are.
    `survey.sums` are counted anew.

    A claim is held when it has not been met once: most are far from their ends, and what moves the
    few moves little else.
    """
    start, goals, held = survey.weights.copy(), survey.goals, []
    if (goals.miss(survey.sums) < NEAR).all():
        return True
    limits = _find_limits(survey, published)
    parts, ends = _find_totals(survey, published), set()
    rows = np.unique(np.concatenate([goals.first, goals.second]))
    place = {row: at for at, row in enumerate(rows)}
    cells = Cells([survey.cells[row] for row in rows])
    base, yes = cells.find(Variables(survey.structure, survey.columns))
    for _ in range(TURNS):
        missed = goals.miss(survey.sums) >= NEAR
        if missed[goals.kinds < 2].any():
            return False
        if not missed.any():
            return True
        held = np.union1d(held, np.flatnonzero(missed)).astype(int)
        lines, values = [], []
        for at in held:  # as it changes near what the weights are
            line, value = 0.0, 0.0
            pairs = ((goals.first[at], 1), (goals.second[at], -1))
            for row, sign in pairs[: 1 if goals.kinds[at] == 2 else 2]:
                total, one = max(survey.sums[row, 1], 1e-9), place[row]
                share = survey.sums[row, 3] / total
                line = line + sign * 100 * (yes[one] - share * base[one]) / total
                value += sign * 100 * share
            turned = -1 if goals.kinds[at] == 4 and value < 0 else 1
            lines.append(turned * line)
            values.append(turned * value)
        lines = np.array(lines)
        rest = np.array(values) - lines @ (survey.weights - start)
        least = np.concatenate([goals.low[held] - rest, rest - goals.high[held]])
        survey.work.spend(EACH * len(start) * (len(held) + len(ends)) ** 2)
        weights = _change(start, np.concatenate([lines, -lines]), least, parts, limits, ends)
        if weights is None:
            return False
        survey.weights = weights
        survey.count(np.flatnonzero(survey.active))
    return False


def _change(start, lines, least, parts, limits, ends):
    """Weights near `start` of which each line has its least, within the limits; None where there
    are none. `ends`: respondents who are held by a limit, and 1 for the least or -1, for each.
    """
    scale = start * (limits[0] < limits[1])
    parts = parts * scale
    inverse = np.linalg.pinv(parts @ parts.T)
    for _ in range(TURNS):
        at, sign = np.array(sorted(ends), dtype=int).reshape(-1, 2).T
        edges = np.zeros((len(at), len(start)))
        edges[np.arange(len(at)), at] = sign * scale[at]
        every = np.concatenate([lines * scale, edges])
        every -= (every @ parts.T) @ inverse @ parts  # no part's weight changes
        bounds = np.where(sign > 0, limits[0][at], limits[1][at])
        change = _find_nearest(every, np.concatenate([least, sign * (bounds - start[at])]))
        if change is None:
            return None
        weights = np.round(start + scale * change, DIGITS)
        outside = {
            (int(place), side)
            for side, limit in ((1, limits[0]), (-1, limits[1]))
            for place in np.flatnonzero(side * weights < side * limit - OUTSIDE)
        }
        if outside <= ends:
            return weights
        ends |= outside
    return None


def _find_nearest(lines, least):
    """The smallest vector of which each of some lines makes at least so much; None where no vector
    does.
    """
    from scipy.optimize import nnls

    size = np.maximum(np.linalg.norm(lines, axis=1), 1e-12)
    matrix = np.concatenate([(lines / size[:, None]).T, (least / size)[None]])
    _, small = np.linalg.qr(matrix)  # as many rows as lines: the same distances
    aim = np.linalg.lstsq(small.T, matrix[-1], rcond=None)[0]
    try:
        found, _ = nnls(small, aim)
    except RuntimeError:  # too many steps
        return None
    rest = matrix @ found
    rest[-1] -= 1
    # a smallest distance of nothing: the lines contradict each other
    return None if rest @ rest < 1e-9 or rest[-1] > -1e-9 else -rest[:-1] / rest[-1]


def _find_limits(survey, published):
    """The least and the largest that each respondent may weigh, by what is published of parts.
    Those who may have the one or the other themselves keep their weight.
    """
    low, high = survey.weights * (1 - FREE), survey.weights * (1 + FREE)
    variables = Variables(survey.structure, survey.columns)
    for claim in published.claims:
        if claim.kind in ("least", "largest"):
            inside = variables.select(*claim.cells[0][1:])
            here = inside & (survey.weights >= claim.low) & (survey.weights <= claim.high)
            if claim.kind == "least":
                low[inside] = np.maximum(low[inside], claim.low)
            else:
                high[inside] = np.minimum(high[inside], claim.high)
            low[here] = high[here] = survey.weights[here]
    return np.minimum(low, survey.weights), np.maximum(high, survey.weights)


def _find_totals(survey, published):
    """(parts x respondents): whose changes add up to nothing, so that a part weighs what it did."""
    variables = Variables(survey.structure, survey.columns)
    parts = {
        claim.cells[0]: variables.select(*claim.cells[0][1:]) & (variables.find("all") == 1)
        for claim in published.claims
        if claim.kind == "units" and claim.cells[0][0] == "all"
    }
    # of parts that are divided into others with a published size, those alone
    names = sorted(parts, key=lambda cell: -len(split_domain(cell[2])))
    deepest = [cell for cell in names if len(split_domain(cell[2])) == _depth(names)]
    kept = deepest if sum(parts[cell].sum() for cell in deepest) == len(survey.weights) else names
    return np.array([parts[cell] for cell in kept], dtype=float).reshape(-1, len(survey.weights))


def _depth(names):
    return len(split_domain(names[0][2])) if names else 0
