"""Which safe cells must be closed too, so that no closed count comes back by adding and subtracting
the open ones.

Complementary cell suppression. `attacks.py` finds what comes back, and from which open cells it
follows: one of them must be closed. The fewest cells that answer every such attack are a minimum
hitting set, and the attacks are tried again until none succeeds (a cutting-plane method, after
Fischetti & Salazar-González 2001). Where that is more work than may be done (`bounds.py`), more
cells are closed than must be, and sooner: whole patterns, one or two programmes for each cell that
comes back, and at last everything that may be closed.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from math import fsum

import numpy as np
from scipy.sparse import csr_array

from barometer.suppression.attacks import NoPlan, Search
from barometer.suppression.batches import Batches
from barometer.suppression.bounds import Effort, Exhausted, tell_once
from barometer.suppression.patterns import Patterns
from barometer.suppression.reopening import is_safe_near, open_again

CUT_SHORT = 1  # a status of `milp`
DEAR = 50  # other cells that are rather closed than one that is dear
# entries of a hitting set's matrix; with more, finding the fewest takes seconds, and some are found
HARD = 3000
HITTING = 1000  # units of work for each entry
LAST = 5e7  # units of work for the last attack where all other work is done
# cells times kinds of all blocks; with more, patterns are looked for in few domains first
MUCH = 1.2e7
NODES = 100  # branches that are looked into for the fewest


@dataclass(frozen=True)
class Bounds:
    """Units of work (`bounds.py`) after which a search goes on in a simpler way: from the fewest
    cells to whole patterns, and from these to everything that may be closed; and after which
    nothing more is opened again.
    """

    fewest: float
    patterns: float
    opening: float


SEALING = Bounds(3e8, 9e9, 5e8)  # half a minute, a quarter of an hour, a minute


def close_secondary(
    relations, primary, closable=None, bounds=SEALING, tell=tell_once, workers=None
):
    """The cells to close so that none of `primary` comes back, nor any closed with them: a
    frozenset.

    Cells go by their names in `relations`. `closable`: those that may be closed (all when left
    out). `workers`: who searches, see `batches.py`. Raises `NoPlan`, also where an attack takes
    none of them.
    """
    if _is_much(relations):
        return close_patterns(relations, primary, frozenset(), closable, bounds, tell, workers)
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
        return close_patterns(relations, primary, frozenset(), closable, bounds, tell, workers)
    return closed


def close_patterns(
    relations,
    primary,
    dear=frozenset(),
    closable=None,
    bounds=SEALING,
    tell=tell_once,
    workers=None,
):
    """The same, not the fewest: with each cell that comes back a whole pattern; everything where
    that is too much work.

    What was once seen to be safe stays so and need not be tried again. `dear`: cells that are
    closed only where there is no other way. A cell of a pattern that cannot be hidden whatever else
    is closed is revealed anyway, and opened. Where there is much, what was closed in vain is opened
    again at last.
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
    patterns = Patterns(relations, costs, effort)
    try:
        if _is_much(relations):
            with Batches(patterns, workers) as batches:
                closed = _close_near(relations, primary, search, batches)
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
        effort.give_up()
        return _close_rest(relations, primary | closed, names, dear)
    if _is_much(relations):
        effort = Effort(bounds.opening, tell)
        return _open_near(relations, closed, primary, costs, search, effort, workers)
    return closed


def _open_near(relations, closed, primary, costs, search, effort, workers):
    """Open again what was closed in vain, as far as patterns in few domains show it to be safe."""
    with Batches(Patterns(relations, {}, effort), workers) as batches:
        is_safe = partial(is_safe_near, search=search, batches=batches)
        return open_again(relations, closed, primary, costs, is_safe)


def _close_rest(relations, closed, names, dear):
    """Everything that may be closed; without what is dear, where the rest stays hidden so."""
    everything = _close_asked(relations, closed.union(names))
    if dear and not closed.issuperset(names):
        some = _close_asked(relations, closed.union(cell for cell in names if cell not in dear))
        try:  # the dear ones alone are soon attacked
            if not Search(relations, effort=Effort(LAST)).find_all(some) & closed:
                return some
        except Exhausted:
            pass
    return everything


def _is_much(relations):
    return sum(block.lines.size for block in relations.blocks) > MUCH


def _close_near(relations, primary, search, batches):
    """The same, a batch of cells after another, by patterns in few domains alone
    (`Patterns.hide_near`).

    Cells that none of these hides are left as they are. No cell is attacked in the whole of what is
    linked: a pattern that is kept shows that it is safe.
    """
    closed = primary
    for turned in (False, True):
        closed = _close_together(relations, closed, batches.patterns, search, turned)
    for wide in (False, True):  # what takes long is done last: by then most of it is hidden
        closed = _close_batches(relations, primary, closed, search, batches, wide)
    return closed


def _close_batches(relations, primary, closed, search, batches, wide):
    """More cells, so that all are hidden that can be. `wide`: see `Batches.hide`."""
    hopeless = set()

    def is_hidden(cell):
        return search.hide(cell, closed)

    while left := [cell for cell in closed if cell not in hopeless and not is_hidden(cell)]:
        left.sort(key=lambda cell: (cell not in primary, relations.counts[cell], cell))
        for batch in batches.divide(left, is_hidden):
            for target, moves in zip(batch, batches.hide(closed, batch, wide), strict=True):
                if is_hidden(target):
                    continue  # by the pattern of another
                if moves:
                    closed = _close_asked(relations, closed.union(*moves))
                    search.keep(moves)
                else:
                    hopeless.add(target)
    return closed


def _close_together(relations, closed, patterns, search, turned):
    """More cells, so that as many as can be are hidden by one programme for each block and
    domain.
    """
    for place, block in enumerate(relations.blocks):
        domains = {}
        for cell in sorted(closed.intersection(block.cells)):
            if len(patterns.blocks[cell]) == 1:
                domains.setdefault(cell[2], []).append(cell)
        for targets in domains.values():
            targets = [cell for cell in targets if not search.hide(cell, closed)]
            if targets and (moves := patterns.hide_together(closed, place, targets, turned)):
                closed = _close_asked(relations, closed.union(moves))
                search.keep([moves])
    return closed


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
    barred, picked = {target for target, used in cuts if not used}, frozenset()
    while left := [
        used - barred
        for target, used in cuts
        # one on a cell that stays open is none
        if (target not in costs or target in picked) and not used & picked
    ]:
        if not all(left):
            raise Exhausted  # whole patterns are tried instead
        answered = Counter(cell for used in left for cell in used)
        best = max(sorted(answered), key=lambda cell: answered[cell] / costs[cell])
        picked = _close_asked(relations, picked | {best})
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
