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
DEAR = 1e6  # what missing a claim by a respondent costs, in squares, where a weight of 2 costs 1
STUCK = 3e-3  # respondents by which a claim that is held is missed: others contradict it
PART = 0.1  # of the largest of these: claims that are missed by less are not to blame
NOISE = 1e-9  # nothing, where it is divided by


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
    if not shares:  # every number is suppressed
        return {}
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
    """Change weights as little as can be so that all goals are met. Returns the places of those
    that are not. `survey.sums` are counted anew.

    A claim is held when it has not been met once: most are far from their ends, and what moves the
    few moves little else. Where claims contradict each other with these answers, they alone are
    returned, and it ends there.
    """
    start, goals, held = survey.weights.copy(), survey.goals, set()
    missed = _list_missed(survey)
    if any(goals.kinds[at] < 2 for at, _ in missed):
        return sorted(at for at, _ in missed if goals.kinds[at] < 2)
    limits = _find_limits(survey, published) if missed else None
    parts, ends = _find_totals(survey, published), np.zeros(len(start), dtype=int)
    rows = np.unique(np.concatenate([goals.first, goals.second]))
    place = {row: at for at, row in enumerate(rows)}
    inside = Cells([survey.cells[row] for row in rows]).find(
        Variables(survey.structure, survey.columns)
    )
    for turn in range(TURNS):
        if not missed:
            break
        held |= missed
        lines, least = [], []
        for at, side in sorted(held):
            line, value = _write_claim(survey, at, place, *inside)
            size = side * goals.find_sizes(survey.sums)[at] / 100
            aim = (goals.low if side > 0 else goals.high)[at]
            lines.append(size * line)
            least.append(size * (aim - value + line @ (survey.weights - start)))
        survey.work.spend(EACH * len(start) * len(held) ** 2)
        found = _change(start, np.array(lines), np.array(least), parts, limits, ends)
        if found is None:
            break
        survey.weights, short = found
        survey.count(np.flatnonzero(survey.active))
        missed = _list_missed(survey)
        if turn and short.max() > STUCK:
            return [at for (at, _), off in zip(sorted(held), short, strict=True)
                    if off > PART * short.max()]  # fmt: skip
    return sorted({at for at, _ in missed})


def _list_missed(survey):
    """{(place of a claim, 1 where it is missed from below, or -1)}."""
    off = survey.goals.find_off(survey.sums)
    return {(int(at), int(np.sign(off[at]))) for at in np.flatnonzero(np.abs(off) >= NEAR)}


def _write_claim(survey, at, place, base, yes):
    """(how a share or a difference moves with each weight, as it does near what they are; what it
    is now), in per cent.
    """
    goals, line, value = survey.goals, 0.0, 0.0
    pairs = ((goals.first[at], 1), (goals.second[at], -1))
    for row, sign in pairs[: 1 if goals.kinds[at] == 2 else 2]:
        total, one = max(survey.sums[row, 1], 1e-9), place[row]
        share = survey.sums[row, 3] / total
        line = line + sign * 100 * (yes[one] - share * base[one]) / total
        value += sign * 100 * share
    turned = -1 if goals.kinds[at] == 4 and value < 0 else 1
    return turned * line, turned * value


def _change(start, lines, least, parts, limits, ends):
    """(weights near `start` of which each line has its least, or little less where that cannot be,
    within the limits; how much less); None where none were found. `ends`: for each respondent -1
    where the least limit holds him, 1 where the largest does; they are found by trying.
    """
    scale = start * (limits[0] < limits[1])
    lines, parts = lines * scale, parts * scale
    room = [(limit - start) / np.maximum(scale, NOISE) for limit in limits]
    for turn in range(2 * TURNS):
        free = ends == 0
        held = np.select([ends < 0, ends > 0], room, 0.0)
        inverse = np.linalg.pinv(parts[:, free] @ parts[:, free].T)
        apart = lines[:, free] @ parts[:, free].T @ inverse  # no part's weight changes
        prices = _find_prices(
            lines[:, free] - apart @ parts[:, free], least - lines @ held + apart @ (parts @ held)
        )
        if prices is None:
            return None
        change = prices @ lines
        change -= (parts @ np.where(free, change, held)) @ inverse @ parts
        weights = np.round(start + scale * np.where(free, change, held), DIGITS)
        now = (change > room[1] + OUTSIDE).astype(int) - (change < room[0] - OUTSIDE)
        if (now[free] != 0).any():
            ends[free] = now[free]
        elif (now != ends).any() and turn < TURNS:  # whoever would stay within is let go
            ends[:] = np.where(now == ends, ends, 0)
        else:
            return weights, prices / DEAR
    return None


def _find_prices(lines, least):
    """How much of each of some lines makes up the smallest vector of which each makes at least so
    much. Each may make less at a price: the square of that, times `DEAR`.
    """
    from scipy.optimize import nnls

    root = np.linalg.cholesky(lines @ lines.T + np.eye(len(lines)) / DEAR)
    try:
        found, _ = nnls(root.T, np.linalg.solve(root, least), maxiter=10 * len(least))
    except RuntimeError:  # too many steps
        return None
    return found


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
