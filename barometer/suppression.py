"""Which safe cells must be closed too, so that no closed count comes back by adding and subtracting the open ones.

Complementary cell suppression. `attacks.py` finds what comes back, and which open cells gave it away: one of them must
be closed. The fewest cells that answer every such attack are a minimum hitting set, and the attacks are tried again
until none succeeds (a cutting-plane method, after Fischetti & Salazar-González 2001).
"""
from collections import Counter

import numpy as np

from barometer.attacks import NoPlan, Search

ROUNDS = 500        # the hardest table tried took 59
DEAR = 50           # other cells that are rather closed than one that is dear


def close_secondary(relations, primary, closable=None):
    """The cells to close so that none of `primary` comes back, nor any closed with them: a frozenset.

    Cells go by their names in `relations`. `closable`: those that may be closed (all when left out). Raises `NoPlan`,
    also where an attack takes none of them.
    """
    primary = closed = _close_asked(relations, frozenset(primary))
    cuts, search = {}, Search(relations, closable)
    for _ in range(ROUNDS):
        found = search.find(closed)
        if not found:
            return closed
        if bare := sorted(target for target, used in found.items() if not used and target in primary):
            raise NoPlan(f"{bare[0]} comes back from cells that are open already")
        cuts |= dict.fromkeys(found.items())
        closed = primary | _answer(relations, cuts, primary)
    raise NoPlan(f"no plan after {ROUNDS} rounds of attacks")


def close_stepwise(relations, primary, dear=frozenset()):
    """The same, not the fewest of all but at each step the fewest that answer the attacks that succeed then.

    Nothing is opened again: what was once seen to be safe stays so and need not be tried again, and what is solved at
    each step is small. `dear`: cells that are closed only where there is no other way.
    """
    closed, search = _close_asked(relations, frozenset(primary)), Search(relations)
    while found := search.find(closed):
        closed |= _answer(relations, dict.fromkeys(found.items()), closed, dear)
    return closed


def _close_asked(relations, closed):
    """With a base that is closed, everything that was asked of it."""
    return closed.union(*(relations.asked[cell] for cell in closed if cell in relations.asked))


def _answer(relations, cuts, primary, dear=frozenset()):
    """The fewest cells, and of those the fewest respondents, that answer every attack.

    `cuts`: (target, open cells used). One of those used must be closed, as long as the target is: where none may be,
    the target is not. With a closed base goes everything asked of it.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # here, as in `attacks.py`

    cells = {cell for target, used in cuts for cell in (*used, target)} - primary
    asked = [(base, cell) for base in cells & set(relations.asked) for cell in relations.asked[base] - primary - {base}]
    cells = sorted(cells.union(cell for _, cell in asked))
    places = {cell: place for place, cell in enumerate(cells)}
    rows = np.zeros((len(cuts) + len(asked), len(cells)))
    for row, (target, used) in zip(rows, cuts, strict=False):
        row[[places[cell] for cell in used]] = 1
        if target in places:
            row[places[target]] = -1
    for row, (base, cell) in zip(rows[len(cuts):], asked, strict=True):
        row[[places[cell], places[base]]] = 1, -1
    least = [0 if target in places else 1 for target, _ in cuts] + [0] * len(asked)
    found = milp(_weigh(relations, cells, dear), constraints=LinearConstraint(rows, least, np.inf),
                 integrality=np.ones(len(cells)), bounds=Bounds(0, 1))
    if found.x is None:
        raise NoPlan("no cells can be closed that answer every attack")
    return frozenset(cell for cell, place in places.items() if found.x[place] > 0.5)


def _weigh(relations, cells, dear):
    """What closing each cell costs: one for each name it has, and `DEAR` times that of one that is dear; among as many,
    the smaller counts are closed.

    Shares of one that differ from cell to cell make the answer the same on every machine.
    """
    names = Counter(relations.names.values())
    counts = np.array([relations.counts[cell] for cell in cells], dtype=float)
    costs = np.array([names[cell] * (DEAR if cell in dear else 1) for cell in cells])
    return costs + counts / (2 * counts.sum() + 1) + (
        1e-7 * np.arange(len(cells)))
