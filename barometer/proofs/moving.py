"""Makes the surveys of a certificate, from what a folder has published and nothing else.

The first survey's answers are drawn near the published shares and then fitted, question by
question. Each further one is the first, fitted again with other counts in suppressed cells. The
same published numbers give the same seed and the same surveys.
"""

import numpy as np

from barometer.proofs.made_up import Exhausted, MadeUp, Work, count_bases
from barometer.proofs.proving import (
    AGAIN,
    draw_again,
    fit_across,
    fit_missed,
    fit_unit,
    list_grouping,
)
from barometer.proofs.starting import Start, count_places, place_respondents, spread_weights
from barometer.proofs.variables import list_units
from barometer.proofs.weighing import give_weights, guess_weights, is_weighed, weigh
from barometer.verify.claims import Claim

STARTS = 12  # draws of a first survey at most; others may give what one did not
ROUNDS = 9  # times that what is not met is fitted again
PATIENT = 4  # of these that are made even where they bring nothing
VAIN = 0.9  # of what was missed before: fitting again is left for weights where more is left
MUCH = 0.4  # respondents by which a claim may be missed before weights are changed
MUCH_MORE = 10.0  # the same where nothing is published of weights
FURTHER = 3  # respondents that a count is moved at most beyond the threshold
FINISHES = 10  # times that weights are tried
FAR = 0.1  # respondents by which a claim may be missed where one survey is made from another
TURNS = 20  # further surveys that are tried at most from one first


def make_surveys(published, random, seconds):
    """(the surveys of a certificate, none where what is published was not met in few tries; whether
    the work of about so many `seconds` ended the search).
    """
    work, surveys = Work(seconds), []
    left, threshold = published.suppressed, published.structure["threshold"]
    try:
        for turn in range(STARTS):
            first, start = make_first(published, random, work, mixed=turn % 2 == 0)
            # others begin with few weights, so that many respondents are alike
            finished = _finish(first, published, start, random)
            if finished:
                more = _find_left([*surveys, finished], left, threshold)
                if not surveys or len(more) < len(left):
                    surveys.append(finished)
                left = _move_all(surveys, more, first, start, random, published)
            if surveys and not left:
                break
    except Exhausted:
        return surveys, True
    return surveys, False


def make_first(published, random, work, mixed=False):
    """The first `MadeUp`, and what it was begun with (`Start`). `mixed`: respondents in one place
    have several weights, where nothing is published of weights.
    """
    names, places, counts, weights = count_places(published, random)
    structure = published.structure
    columns, weights = place_respondents(structure, names, places, counts, weights)
    start = Start(structure, published.claims, random)
    if not is_weighed(published):
        weights = give_weights(columns, guess_weights(published, columns), mixed)
    weights = spread_weights(structure, columns, weights, published.claims)
    claims = count_bases(structure, published.claims)
    survey = MadeUp(structure, published.suppressed, claims, columns, weights, work)
    survey.much = MUCH if is_weighed(published) else MUCH_MORE
    used = set().union(*survey.sources) - {*structure["background"]}
    grouping = list_grouping(survey)
    for level in list_units(structure, used):
        for unit in sorted(level, key=lambda one: grouping.isdisjoint(one.columns)):
            survey.columns |= start.draw(unit, survey.columns)
            survey.units.append(unit)
            survey.look_again()
            for _ in range(AGAIN):
                before = survey.goals.miss(survey.sums).sum()
                fit_unit(survey, unit, start, random)
                if survey.goals.miss(survey.sums).sum() in (0, before):
                    break
        settle(survey, start, random)
    return survey, start


def settle(survey, start, random, rounds=ROUNDS):
    """Fit again what is not met, until the weights can give the rest (`weighing.py`)."""
    before = np.inf
    for turn in range(rounds):
        price = survey.goals.price(survey.sums)
        much = np.where(survey.goals.kinds < 2, 0, survey.much)
        which = np.flatnonzero(survey.goals.miss(survey.sums) > much)
        vain = turn >= PATIENT and price > VAIN * before
        vain = vain and not (survey.goals.kinds[which] < 2).any()
        if not len(which) or vain:
            return
        before = price
        if turn:
            fit_across(survey, start, random, which)
        fit_missed(survey, start, random, turn > 0, which)


def _move_all(surveys, left, first, start, random, published):
    """Add further surveys, which are the first with other counts in cells that are left. Returns
    the cells that are left then: others may be moved from another first one.
    """
    many, threshold = len(left), published.structure["threshold"]
    for _ in range(TURNS):
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
        elif other is not None and _is_nearer(surveys, other, left, threshold):
            surveys.append(other)
    return left


def _find_left(surveys, cells, threshold):
    wide = _find_ranges(surveys, cells) >= threshold
    return [cell for cell, far in zip(cells, wide, strict=True) if not far]


def _is_nearer(surveys, other, cells, threshold):
    """Whether a cell of so few respondents that a first survey may reach neither end by as many as
    the threshold has more between its ends with another survey.
    """
    few = [cell for cell in cells if surveys[0].sums[surveys[0].places[cell]][0] < 2 * threshold]
    return bool((_find_ranges([*surveys, other], few) > _find_ranges(surveys, few)).any())


def _find_ranges(surveys, cells):
    """How far apart the least and the largest count of each cell are."""
    rows = [surveys[0].places[cell] for cell in cells]
    counts = np.array([one.sums[rows, 2] for one in surveys]).reshape(len(surveys), len(rows))
    return np.ptp(counts, axis=0)


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
        if min(yes, base - yes) < threshold <= max(yes, base - yes):
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
        base = first.sums[first.places[cell]][0]
        end = base - was if now > was else was
        far = min(threshold, end) if base < 2 * threshold else threshold
        if abs(now - was) >= far and now != was:
            low, high = (was + far, np.inf) if now > was else (-np.inf, was - far)
            moved.append(Claim("count", (cell,), low, high, "moved"))
    if not moved:
        return None
    other.claims = [*first.claims, *moved]
    other.look_again()
    settle(other, start, random, rounds=4)
    found = _finish(other, published, start, random, tries=1)  # others can be moved instead
    first.dear = other.dear
    return found


def _finish(survey, published, start, random, tries=FINISHES):
    """The survey with weights by which all claims are met. What no weights can give costs more, and
    is fitted once more; None where that helps as little.
    """
    for turn in range(tries):
        weighed = survey.copy()
        stuck = weigh(weighed, published)
        if not stuck:
            return weighed
        survey.raise_price(stuck)
        if turn < tries - 1:
            draw_again(survey, start, random, stuck)
            settle(survey, start, random, rounds=2)
    return None
