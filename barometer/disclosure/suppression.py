"""Which safe cells must be closed too, so that no closed count comes back by adding and subtracting
the open ones.

Complementary cell suppression. `attacks.py` finds what comes back, and which open cells gave it
away: one of them must be closed. The fewest cells that answer every such attack are a minimum
hitting set, and the attacks are tried again until none succeeds (a cutting-plane method, after
Fischetti & Salazar-González 2001). Where that is more work than may be done (`bounds.py`), more
cells are closed than must be, and sooner: whole patterns, one or two programmes for each cell that
comes back, and at last everything that may be closed.
"""

from collections import Counter
from dataclasses import dataclass
from math import fsum

import numpy as np
from scipy.sparse import csr_array

from barometer.disclosure.attacks import WIDTH, NoPlan, Search
from barometer.disclosure.bounds import Effort, Exhausted, tell_once
from barometer.disclosure.programmes import Programme

CUT_SHORT = 1  # a status of `milp`
DEAR = 50  # other cells that are rather closed than one that is dear
# entries of a hitting set's matrix; with more, finding the fewest takes seconds, and some are found
HARD = 3000
HITTING = 1000  # units of work for each entry
LAST = 5e7  # units of work for the last attack where all other work is done
NODES = 100  # branches that are looked into for the fewest
# how a pattern may move the cell that it hides: (respondents, side), one or two of them
WAYS = (((WIDTH, 1),), ((WIDTH, -1),), ((WIDTH - 1, 1), (1, -1)), ((1, 1), (WIDTH - 1, -1)))


@dataclass(frozen=True)
class Bounds:
    """Units of work (`bounds.py`) after which a search goes on in a simpler way: from the fewest
    cells to whole patterns, and from these to everything that may be closed.
    """

    fewest: float
    patterns: float


SEALING = Bounds(3e8, 9e9)  # half a minute, a quarter of an hour
ASKING = Bounds(5e6, 5e7)  # half a second, five seconds in a notebook


def close_secondary(relations, primary, closable=None, bounds=SEALING, tell=tell_once):
    """The cells to close so that none of `primary` comes back, nor any closed with them: a
    frozenset.

    Cells go by their names in `relations`. `closable`: those that may be closed (all when left
    out). Raises `NoPlan`, also where an attack takes none of them.
    """
    primary = closed = _close_asked(relations, frozenset(primary))
    effort = Effort(bounds.fewest, tell)
    cuts, search = {}, Search(relations, closable, effort)
    try:
        while found := search.find(closed):
            _refuse_bare(found, primary)
            cuts |= dict.fromkeys(found.items())
            if sum(len(used) for _, used in cuts) > HARD:
                raise Exhausted
            closed = primary | _answer(relations, cuts, primary)
            effort.spend(HITTING * sum(len(used) for _, used in cuts))
    except Exhausted:
        return close_patterns(relations, primary, frozenset(), closable, bounds, tell)
    return closed


def close_patterns(
    relations, primary, dear=frozenset(), closable=None, bounds=SEALING, tell=tell_once
):
    """The same, not the fewest: with each cell that comes back a whole pattern; everything where
    that is too much work.

    Nothing is opened again, and what was once seen to be safe stays so and need not be tried again.
    `dear`: cells that are closed only where there is no other way. A cell of a pattern that cannot
    be hidden whatever else is closed is told anyway, and opened.
    """
    primary = closed = _close_asked(relations, frozenset(primary))
    effort = Effort(bounds.patterns, tell)
    search = Search(relations, closable, effort)
    names = sorted(relations.counts if closable is None else closable & relations.counts.keys())
    costs = dict(zip(names, _weigh(relations, names, dear), strict=True))
    costs |= {
        base: fsum([costs[base], *(costs.get(cell, 0) for cell in relations.asked[base] - {base})])
        for base in sorted(costs.keys() & relations.asked.keys())
    }
    patterns = _Patterns(relations, costs, effort)
    try:
        while found := search.find(closed):
            effort.count(len(found))
            for target in sorted(
                found, key=lambda cell: (cell not in primary, relations.counts[cell], cell)
            ):
                if search.hide(target, closed):
                    continue  # by the pattern of another
                if moves := patterns.hide(closed, target):
                    closed = _close_asked(relations, closed.union(*moves))
                    search.keep(moves)
                elif target in primary:
                    raise NoPlan(f"{target} comes back from cells that are open already")
                else:
                    closed -= {target}
                    patterns.costs.pop(target, None)
    except Exhausted:
        return _close_rest(relations, primary | closed, names, dear, tell)
    return closed


def _close_rest(relations, closed, names, dear, tell):
    """Everything that may be closed, but for what is dear where that tells nothing of the rest."""
    everything = _close_asked(relations, closed.union(names))
    if dear and not closed.issuperset(names):
        some = _close_asked(relations, closed.union(cell for cell in names if cell not in dear))
        try:  # the dear ones alone are soon attacked
            if not Search(relations, effort=Effort(LAST)).find_all(some) & closed:
                return some
        except Exhausted:
            pass
    return everything


def _refuse_bare(found, primary):
    if bare := sorted(target for target, used in found.items() if not used and target in primary):
        raise NoPlan(f"{bare[0]} comes back from cells that are open already")


def _close_asked(relations, closed):
    """With a base that is closed, everything that was asked of it."""
    return closed.union(*(relations.asked[cell] for cell in closed if cell in relations.asked))


def _answer(relations, cuts, primary):
    """The fewest cells, and of those the fewest respondents, that answer every attack.

    `cuts`: (target, open cells used). One of those used must be closed, as long as the target is:
    where none may be, the target is not. With a closed base goes everything asked of it. Where the
    fewest are too hard to find, some are.
    """
    from scipy.optimize import Bounds as Limits  # here, as in `attacks.py`
    from scipy.optimize import LinearConstraint, milp

    cells = {cell for target, used in cuts for cell in (*used, target)} - primary
    asked = [
        (base, cell)
        for base in cells & set(relations.asked)
        for cell in relations.asked[base] - primary - {base}
    ]
    cells = sorted(cells.union(cell for _, cell in asked))
    places = {cell: place for place, cell in enumerate(cells)}
    rows = [
        {places[cell]: 1 for cell in used} | ({places[target]: -1} if target in places else {})
        for target, used in cuts
    ]
    rows += [{places[cell]: 1, places[base]: -1} for base, cell in asked]
    lengths = [len(row) for row in rows]
    entries = [sign for row in rows for sign in row.values()]
    columns = [place for row in rows for place in row]
    matrix = csr_array(
        (np.array(entries, dtype=float), columns, np.cumsum([0, *lengths])),
        shape=(len(rows), len(cells)),
    )
    least = [0 if target in places else 1 for target, _ in cuts] + [0] * len(asked)
    costs = _weigh(relations, cells)
    if len(entries) > HARD:
        return _pick(relations, cuts, dict(zip(cells, costs, strict=True)))
    found = milp(
        costs,
        constraints=LinearConstraint(matrix, least, np.inf),
        integrality=np.ones(len(cells)),
        bounds=Limits(0, 1),
        options={"node_limit": NODES},
    )
    if found.x is None and found.status == CUT_SHORT:
        return _pick(relations, cuts, dict(zip(cells, costs, strict=True)))
    if found.x is None:
        raise NoPlan("no cells can be closed that answer every attack")
    return frozenset(cell for cell, place in places.items() if found.x[place] > 0.5)


def _pick(relations, cuts, costs):
    """Cells that answer every attack, each time the one that answers most for what it costs
    (Chvátal 1979).
    """
    left, picked = [used for _, used in cuts], frozenset()
    while left:
        answered = Counter(cell for used in left for cell in used)
        best = max(sorted(answered), key=lambda cell: answered[cell] / costs[cell])
        picked = _close_asked(relations, picked | {best})
        left = [used for used in left if not used & picked]
    return picked


def _weigh(relations, cells, dear=frozenset()):
    """What closing each cell costs: one for each name it has, and `DEAR` times that of one that is
    dear; among as many, the smaller counts are closed.

    Shares of one that differ from cell to cell make the answer the same on every machine.
    """
    names = Counter(relations.names.values())
    counts = np.array([relations.counts[cell] for cell in cells], dtype=float)
    costs = np.array([names[cell] * (DEAR if cell in dear else 1) for cell in cells])
    return costs + counts / (2 * counts.sum() + 1) + (1e-7 * np.arange(len(cells)))


class _Patterns:
    """Finds what must be closed with a cell. `costs`: {cell that may be closed: what that
    costs}.

    An intruder who is to find another count in a closed cell must find answers that give it, and
    every open count as it is. The linear programme looks for such answers in which as few open
    counts as can be are not as they are; those are closed as well, and hide each other (after
    Kelly, Golden & Assad 1992).
    """

    def __init__(self, relations, costs, effort):
        self.counts, self.costs, self.effort = relations.counts, costs, effort
        self.blocks, self.programmes = {}, {}
        for block in relations.blocks:
            for cell in block.cells:
                self.blocks.setdefault(cell, []).append(block)

    def hide(self, closed, target):
        """[{cell: how much it moves}] of the cheapest ways to give the target another count far
        enough from the truth; None where there is none. All cells that move must be closed.
        """
        found = []
        for way in WAYS:
            if found and len(way) > 1:
                break
            moves = [self._move(closed, target, size, side) for size, side in way]
            if all(move is not None for move in moves):
                price = sum(
                    self.costs[cell]
                    for cell in {*(cell for move in moves for cell in move)} - closed
                )
                found.append((price, len(found), moves))
        return min(found)[2] if found else None

    def _move(self, closed, target, size, side):
        """How much each cell moves when the target does by `size` respondents; None where it
        cannot.
        """
        if side < 0 and self.counts[target] < size:
            return None
        held = list(dict.fromkeys(self.blocks[target]))
        while True:
            key = frozenset(map(id, held))
            if key not in self.programmes:
                self.programmes[key] = Programme(held, self.counts, self.effort)
            programme = self.programmes[key]
            programme.close(closed, self.costs)
            moves = programme.force(target, size, side)
            more = [
                block for cell in moves or () for block in self.blocks[cell] if block not in held
            ]
            if not more:
                return moves
            held += dict.fromkeys(more)  # what moves there must fit what is open there
