"""The surveys of a certificate: a first one, and further ones that are it with other counts in
suppressed cells.
"""

import numpy as np

from barometer.proofs.made_up import Exhausted, Work
from barometer.proofs.proving import draw_again, fit_missed, make_first, settle
from barometer.proofs.weighing import guess_weights, is_weighed, weigh
from barometer.verify.claims import Claim

STARTS = 12  # draws of a first survey at most
FURTHER = 3  # respondents that a count is moved at most beyond the threshold
FINISHES = 10  # times that weights are tried
MOVES = 3  # the same of a further survey, as other counts can be wished
FAR = 0.1  # respondents by which a claim may be missed where one survey is made from another
TURNS = 20  # further surveys that are tried at most


def make_surveys(published, random, seconds):
    """(the surveys of a certificate, none where what is published was not met in few tries; whether
    the work of about so many `seconds` ended the search).
    """
    work, surveys = Work(seconds), []
    left, threshold = published.suppressed, published.structure["threshold"]
    heavy, weighed = None, is_weighed(published)
    try:
        if not weighed:
            draft, _ = make_first(published, random, work, fitted=False)
            heavy = guess_weights(draft, published)
        for turn in range(STARTS):
            first, start = make_first(published, random, work, heavy, mixed=turn % 2 == 0)
            # others begin with few weights, so that many respondents are alike
            if finished := _finish(first, published, start, random):
                surveys.append(finished)
                break
            if not weighed:
                heavy = guess_weights(first, published)
        many = len(left)
        for _ in range(TURNS if surveys else 0):
            if not left:
                break
            # all at once first; what cannot be moved beside others may be moved with fewer
            wanted = [left[at] for at in sorted(random.permutation(len(left))[:many])]
            other = _move(first, wanted, start, random, published)
            more = left if other is None else _find_left([*surveys, other], left, threshold)
            many = max(many // 2, 1)
            if len(more) < len(left):
                surveys.append(other)
                left, many = more, min(4 * many, len(more))
    except Exhausted:
        return surveys, True
    return surveys, False


def _find_left(surveys, cells, threshold):
    rows = [surveys[0].places[cell] for cell in cells]
    counts = np.array([one.sums[rows, 2] for one in surveys]).reshape(len(surveys), len(rows))
    wide = counts.max(axis=0) - counts.min(axis=0) >= threshold if len(rows) else []
    return [cell for cell, far in zip(cells, wide, strict=True) if not far]


def _move(first, left, start, random, published):
    """The first survey with other counts in some cells; None where the claims are not met.

    Each cell is wished up or down; a programme finds which of these go together, and what has moved
    is then to stay so.
    """
    other, wishes, threshold = first.copy(), [], published.structure["threshold"]
    ups = random.random() < 0.5
    for at, cell in enumerate(left):
        base, _, yes, _ = first.sums[first.places[cell]]
        upward = ups == bool(at % 2)
        if yes < threshold or base - yes < threshold:
            upward = base - yes > yes
        size = threshold + random.integers(FURTHER + 1)
        value = min(yes + size, base) if upward else max(yes - size, 0)
        low, high = (value, np.inf) if upward else (-np.inf, value)
        wishes.append(Claim("moved", (cell,), low, high, "moved"))
    other.far = FAR
    other.claims = [*first.claims, *wishes]
    other.look_again()
    fit_missed(other, start, random)
    moved = []
    for cell in left:
        was, now = (one.sums[one.places[cell]][2] for one in (first, other))
        if abs(now - was) >= threshold:
            low, high = (was + threshold, np.inf) if now > was else (-np.inf, was - threshold)
            moved.append(Claim("count", (cell,), low, high, "moved"))
    if not moved:
        return None
    other.claims = [*first.claims, *moved]
    other.look_again()
    settle(other, start, random, rounds=4)
    return _finish(other, published, start, random, MOVES)


def _finish(survey, published, start, random, tries=FINISHES):
    """The survey with weights by which all claims are met. What no weights can give costs more, and
    is fitted once more; None where that helps as little.
    """
    for _ in range(tries):
        weighed = survey.copy()
        stuck = weigh(weighed, published)
        if not stuck:
            return weighed
        survey.raise_price(stuck)
        draw_again(survey, start, random, stuck)
        settle(survey, start, random, rounds=2)
    return None
