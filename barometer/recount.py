"""Holds a plan of closed cells that comes from a file against the rules: every cell of it is counted anew, at once.

A plan is searched for, which takes minutes; whether a rule closes a cell by itself is seen in a tenth of a second.
What is closed besides, so that nothing comes back, is not searched for again (docs/design.md, "Closed cells").
"""
import numpy as np
import pandas as pd

from barometer.plan import is_known_wider
from barometer.relations import find_base, is_member, relate_cells
from barometer.rules import CONFIDENTIAL, find_broken

MOST = 20_000   # respondents that are counted at a time


def find_left_open(survey, plan):
    """The cells of a plan, and of their bases, that a rule of confidentiality closes and the plan does not; sorted.

    Exceptions that a person answers for are none of them.
    """
    cells = sorted(plan.scope.union(find_base(survey.registry, cell) for cell in plan.scope))
    facts = count_cells(survey, cells)
    broken = find_broken(facts.assign(implied=True), CONFIDENTIAL) != ""
    unclear = (find_broken(facts.assign(implied=False), CONFIDENTIAL) != "") & ~broken
    left_open = np.array([cell not in plan.closed and cell not in survey.exceptions for cell in cells], dtype=bool)
    found = [cells[place] for place in np.flatnonzero(broken & left_open)]
    if not (unclear & left_open).any():
        return found
    counted = dict(zip(cells, facts.itertuples(index=False, name=None), strict=True))
    unclear = [cell for place in np.flatnonzero(unclear & left_open)
               if not is_known_wider(survey.registry, counted, cell := cells[place])]
    return sorted([*found, *_drop_implied(survey, plan, unclear)])


def count_cells(survey, cells):
    """`n_yes`, `n` and `heaviest` (`rules.py`) of each cell: a row for each, in their order."""
    weights, variables = survey.design.weights, survey.variables
    order = np.argsort(-weights, kind="stable")[:np.count_nonzero(weights > 0)]
    items, column = _number([cell[0] for cell in cells])
    wheres, row = _number([cell[1:] for cell in cells])
    members = [is_member(variables, *where) for where in wheres]
    codes = [variables.find_codes(item) for item in items]
    bases, base = _number([np.packbits(one >= 0).tobytes() for one in codes])
    asked = [codes[np.flatnonzero(base == place)[0]] >= 0 for place in range(len(bases))]
    yes, sums = np.zeros((len(wheres), len(items))), np.zeros((3, len(wheres), len(bases)))
    for start in range(0, len(order), MOST):    # of a large survey all at once would fill the memory
        part = order[start:start + MOST]
        inside = np.array([one[part] for one in members])
        yes += inside.astype(np.float32) @ np.array([one[part] == 1 for one in codes], dtype=np.float32).T
        for place, one in enumerate(asked):
            _add_heaviest(sums[:, :, place], inside & one[part], weights[part])
    n, totals, heaviest = sums
    heaviest = np.divide(heaviest, totals, out=np.zeros_like(totals), where=n > 2)
    base = base[column]
    return pd.DataFrame({"n_yes": yes[row, column], "n": n[row, base], "heaviest": heaviest[row, base]})


def _add_heaviest(sums, members, weights):
    """Add to each row's number of members, their weight, and that of the first two: who comes first is heaviest."""
    rows, left = np.arange(len(members)), members.copy()
    for place in range(2):
        first = left.argmax(axis=1)
        sums[2] += np.where(left[rows, first] & (sums[0] + place < 2), weights[first], 0)
        left[rows, first] = False
    sums[0] += np.count_nonzero(members, axis=1)
    sums[1] += members @ weights


def _number(names):
    """(the names, each once; the number of each in them)."""
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return list(places), np.array([places[name] for name in names], dtype=int)


def _drop_implied(survey, plan, cells):
    """Those of some cells whose respondents do not say the same by definition. To find that out takes seconds."""
    if not cells:
        return []
    names = relate_cells(survey, sorted(plan.scope)).names
    return [cell for cell in cells if names[cell] != names.get(find_base(survey.registry, cell))]
