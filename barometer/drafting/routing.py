"""Why cells are empty: somebody was not asked, or gave no answer."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from barometer.incoming.doubtful import FEW
from barometer.incoming.roles import Sure
from barometer.layouts.coded import count_codes

ALMOST = 0.8  # of those asked, how many answered at the least
FEWEST = 5  # rows with an answer that leads past a question, at the least


@dataclass(frozen=True)
class Route:
    """Who was asked: those with `codes` in `question` (its `item` for a tick); None is everybody.

    `asked`: a row each, whether somebody was. `unanswered`: how many of them gave no answer.
    """

    question: str | None
    item: str | None
    codes: tuple
    asked: np.ndarray
    unanswered: int
    sure: Sure


def find_routes(questions, codes):
    """{question: `Route`} of [`Drafted`, …].

    `codes` {question: {item or None: codes as categories, none where empty}}: each row's answer.
    """
    return {
        id: _find_route(answered, before)
        for id, answered, before in _list_answered(questions, codes)
    }


def find_nearly(questions, codes, routes):
    """{question: (`Route`, rows)} of those that an earlier answer explains but for few rows, in
    which somebody answered who was not asked; arguments as in `find_routes`.
    """
    found = {}
    for id, answered, before in _list_answered(questions, codes):
        route = _find_route(answered, before, FEW)
        if routes[id].question is None and route.question is not None:
            found[id] = route, answered & ~route.asked
    return found


def _list_answered(questions, codes):
    """(question, whether each row answered it, what can lead to it) of each, in order."""
    before = []
    for question in questions:
        given = codes[question.id].values()
        yield question.id, np.any([pd.notna(one) for one in given], axis=0), before
        before += _list_leading(question, codes)


def _list_leading(question, codes):
    """[(question, item or None, codes)] of what can lead to a later question."""
    if question.kind in ("single", "scale") and not question.items:
        return [(question.id, None, codes[question.id][None])]
    if question.kind == "multiple":
        return [(question.id, item, given) for item, given in codes[question.id].items()]
    return []


def _find_route(answered, before, few=0.0):
    everybody = Route(
        None, None, (), np.ones(len(answered), bool), int((~answered).sum()), Sure.CERTAIN
    )
    if answered.all() or not answered.any():
        return everybody
    best = None
    for question, item, given in reversed(before):
        route = _try(answered, question, item, given, few)
        if route and (best is None or route.unanswered < best.unanswered):
            best = route
    # That most gave no answer is less likely than that they were not asked.
    unsure = Sure.UNSURE if answered.mean() < ALMOST else Sure.CERTAIN
    return best or Route(None, None, (), everybody.asked, everybody.unanswered, unsure)


def _try(answered, question, item, given, few):
    """The route by one earlier answer, where it explains every row that has an answer, or all but a
    share of `few` of those that lead past the question.
    """
    codes, outside, answers = [], 0, count_codes(given, answered)
    for code, rows in count_codes(given).items():
        share = answers[code] / rows if rows else None
        if share is None:
            continue
        if share <= few:
            outside += rows
        elif share >= ALMOST:
            codes.append(code)
        else:
            return None
    asked = given.isin(codes)
    strays = (answered & ~asked).sum()
    if not codes or outside < FEWEST or strays > few * (~asked).sum():
        return None
    if item is not None and codes != ["1"]:
        return None
    unanswered = int((asked & ~answered).sum())
    sure = Sure.LIKELY if unanswered else Sure.CERTAIN
    return Route(question, item, tuple(sorted(codes)), asked, unanswered, sure)
