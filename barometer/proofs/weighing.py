"""Gives a made-up survey the last of what is claimed: respondents weigh more or less, and each part
of the population weighs what it did.

Published shares are weighted and rounded, and whole respondents seldom meet all of them. Nothing
that is published says what one respondent weighs, but for the least and the largest of a part. The
change is the smallest in squares, as in calibration (Deville & Särndal 1992), found as a least
distance (Lawson & Hanson 1974, chapter 23). Where that does not meet all claims, a linear programme
finds the weights that miss as little as can be: of claims that contradict each other it misses few,
and these are fitted again.
"""

import numpy as np

from barometer.proofs.made_up import Cells
from barometer.proofs.programmes import miss_least
from barometer.proofs.starting import DIGITS
from barometer.proofs.variables import Variables
from barometer.verify.claims import split_domain

TURNS = 12  # least distances; each takes up the claims that the last one's weights do not meet
TURNS_MOST = 4  # programmes; each has claims as they move near the last one's weights
OUTSIDE = 1e-5  # of a weight: rounding noise
FREE = 5.0  # times that a weight may become larger or smaller, where nothing says how large it is
EACH, EACH_PAIR = 1.5e-6, 1e-9  # seconds for each respondent and claim, or two claims
SPREAD = 20  # how much heavier or lighter than others a part is guessed to be at most
MIXED = (0.7, 1.0, 1.3)  # weights of those in a place, to each other
DEAR_SQUARED = 1e6  # what missing a claim by a respondent costs, where a weight of 2 costs 1
NOISE = 1e-9  # nothing, where it is divided by
LIKELY = 1e-5  # what a part's weight of 2 costs, where a share that is missed by all costs 1
SURE = 10.0  # the same of an average that is not 1
NEAR = 3e-5  # respondents: less than the goals are narrower than what is claimed
STUCK = 1e-3  # respondents by which a claim is missed: others contradict it


def is_weighed(published):
    """Whether something is published of what respondents weigh."""
    return any(claim.kind in ("units", "least", "largest") for claim in published.claims)


def guess_weights(published, columns):
    """{place: weight} of respondents of whose weights nothing is published: a place is an answer of
    each dimension in `columns`, by number.

    The share of a whole is that of its parts by what these weigh: the sum over parts k of
    w(k) n(k) (share(k) - share) is 0. The weights of a dimension's answers are those with which the
    published shares meet that best (least squares; as little from 1 as that allows); a place weighs
    the product of its answers.
    """
    places = np.unique(np.stack([*columns.values()]), axis=1, return_counts=True)
    weights = np.ones(places[0].shape[1])
    for row, name in zip(places[0], columns, strict=True):
        sizes = np.bincount(row, places[1], len(published.structure["background"][name]))
        weights *= _guess_answers(published, name, sizes / sizes.sum())[row]
    return dict(zip(map(tuple, places[0].T.tolist()), weights.tolist(), strict=True))


def _guess_answers(published, name, sizes):
    """The weights of a dimension's answers, whose parts of all respondents are `sizes`."""
    from scipy.optimize import lsq_linear

    answers, found, asked = published.structure["background"][name], {}, {}
    for claim in published.claims:
        if claim.kind in ("share", "n"):
            item, group, domain = claim.cells[0]
            where = tuple(split_domain(domain).items())
            held = found if claim.kind == "share" else asked
            held.setdefault((item, group), {})[where] = (claim.low + claim.high) / 2
    there, lines = np.flatnonzero(sizes), []
    for cell, shares in found.items():
        parts, many = [((name, answers[one]),) for one in there], asked.get(cell, {})
        if () in shares and () in many and shares.keys() & many.keys() >= {*parts}:
            off = [many[one] * (shares[one] - shares[()]) / 100 for one in parts]
            lines.append(np.array(off) / max(many[()], 1))
    weights, sizes = np.ones(len(answers)), sizes[there]
    if lines and len(there) > 1:
        stays = np.sqrt(LIKELY * sizes)
        best = lsq_linear(
            np.concatenate([*lines, np.diag(stays).ravel(), SURE * sizes]).reshape(-1, len(sizes)),
            np.concatenate([np.zeros(len(lines)), stays, [SURE]]),
            (1 / SPREAD, SPREAD),
        )
        weights[there] = best.x
    return weights


def give_weights(columns, heavy, mixed):
    """The weights of respondents by their place; `mixed`: of several in one, so that a count and a
    share of one cell can both be met.
    """
    weights = [heavy.get(place, 1.0) for place in zip(*columns.values(), strict=True)]
    parts = np.resize(MIXED, len(weights)) if mixed else 1
    return np.round(np.array(weights) * parts, DIGITS)


def weigh(survey, published):
    """Change weights so that all goals are met, or else those are missed that no weights can give.
    Returns the places of these. `survey.sums` are counted anew.

    The smallest change in squares is tried first, which is quick and seldom finds what is hard.
    """
    missed, kinds, start = _list_missed(survey), survey.goals.kinds, survey.weights
    if counts := sorted({at for at, _ in missed if kinds[at] < 2}):
        return counts
    if missed:
        lines = _Lines(survey, published)
        if _meet_nearest(survey, lines):
            survey.weights = start
            survey.count(np.flatnonzero(survey.active))
            return _meet_most(survey, lines)
    return []


def _meet_nearest(survey, lines):
    """Whether claims are missed by the weights nearest to what they were, for which a claim is held
    when it has not been met once: most are far from their ends, and what moves the few moves little
    else.
    """
    held, missed, ends = set(), _list_missed(survey), np.zeros(len(lines.start), dtype=int)
    for turn in range(TURNS):
        held |= missed
        places, sides = map(np.array, zip(*sorted(held), strict=True))
        found, lows, highs = lines.write(places)
        least = np.where(sides > 0, lows, -highs) - sides * (found @ lines.start)
        survey.work.spend(EACH_PAIR * len(lines.start) * len(held) ** 2)
        found = _change_nearest(lines, sides[:, None] * found, least, ends)
        if found is None:
            return True
        survey.weights, short = found
        survey.count(np.flatnonzero(survey.active))
        if not (missed := _list_missed(survey)):
            return False
        if turn and short.max() > STUCK:
            return True
    return True


def _meet_most(survey, lines):
    """The places of the claims that are missed by the weights that miss all claims together by as
    little as can be.
    """
    which = np.flatnonzero(survey.goals.kinds >= 2)
    for _ in range(TURNS_MOST):
        survey.work.spend(EACH * len(lines.start) * len(which))
        found = miss_least(lines.start, *lines.write(which), lines.parts, lines.limits)
        if found is None:
            break
        survey.weights, short = np.round(found[0], DIGITS), found[1]
        survey.count(np.flatnonzero(survey.active))
        if (short > STUCK).any():
            return [*which[short > STUCK]]
        if not _list_missed(survey):
            return []
    return sorted({at for at, _ in _list_missed(survey)})


class _Lines:
    """How claims move with weights, near what these are. `start`: the weights to begin with;
    `limits`, `parts`: of `_find_limits` and `_find_totals`.
    """

    def __init__(self, survey, published):
        goals, self._survey, self.start = survey.goals, survey, survey.weights
        self.limits = _find_limits(survey, published)
        self.parts = _find_totals(survey, published)
        rows = np.unique(np.concatenate([goals.first, goals.second]))
        self._place = {row: at for at, row in enumerate(rows)}
        self._inside = Cells([survey.cells[row] for row in rows]).find(
            Variables(survey.structure, survey.columns)
        )

    def write(self, which):
        """(claims x respondents, the least and the largest of their sums), in respondents."""
        survey, goals, lines, values = self._survey, self._survey.goals, [], []
        sizes = goals.find_sizes(survey.sums)[which] / 100
        for at in which:
            line, value = _write_claim(survey, at, self._place, *self._inside)
            lines.append(line)
            values.append(value - line @ survey.weights)
        lows, highs = (sizes * (ends[which] - values) for ends in (goals.low, goals.high))
        return sizes[:, None] * lines, lows, highs


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


def _change_nearest(known, lines, least, ends):
    """(weights near those of `known`, a `_Lines`, of which each line has its least more, or little
    less where that cannot be, within the limits; how much less); None where none were found.
    `ends`: for each respondent -1 where the least limit holds him, 1 where the largest does; they
    are found by trying.
    """
    start, parts, limits = known.start, known.parts, known.limits
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
            return weights, prices / DEAR_SQUARED
    return None


def _find_prices(lines, least):
    """How much of each of some lines makes up the smallest vector of which each makes at least so
    much. Each may make less at a price: the square of that, times `DEAR_SQUARED`.
    """
    from scipy.optimize import nnls

    root = np.linalg.cholesky(lines @ lines.T + np.eye(len(lines)) / DEAR_SQUARED)
    try:
        found, _ = nnls(root.T, np.linalg.solve(root, least), maxiter=10 * len(least))
    except RuntimeError:  # too many steps
        return None
    return found


def _find_limits(survey, published):
    """The least and the largest that each respondent may weigh, by what is published of parts.
    Those who may have the one or the other themselves keep their weight.
    """
    low, high = survey.weights / FREE, survey.weights * FREE
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
