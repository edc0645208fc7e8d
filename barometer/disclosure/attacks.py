"""What an intruder finds out about closed counts who knows every open one: linear programmes over
kinds of respondents.

The least and the largest value that a closed count can have, and, where the two are near, the open
cells that gave it away: those with a part in the programme's dual solution.
"""

from dataclasses import dataclass, field, replace
from itertools import compress

import numpy as np
from scipy.sparse import coo_array, csr_array

from barometer.disclosure.bounds import Effort, Exhausted
from barometer.errors import BarometerError

WIDTH = 3  # respondents between the least and the largest possible value of a closed count
NEAR = 1e-6  # rounding noise of a linear programme
SMALL = 500  # kinds of a block whose attacks are cheap, and tried first
CUT_SHORT, UNBOUNDED = 1, 3  # statuses of `linprog`
STEPS = 200_000  # of one linear programme; the longest seen took some thousand
FIXED = 20_000  # units of work (`bounds.py`) that any linear programme costs
WORTHWHILE = 4  # cells that one programme must hide at once for another to be tried on the rest
# simplifying such small programmes takes longer than solving them
PLAIN = {"presolve": False, "maxiter": STEPS}


class NoPlan(BarometerError):
    """Some closed count comes back whatever else is closed."""


@dataclass(frozen=True)
class Attack:
    """What an intruder finds out about a closed count, and the open cells it took."""

    low: float
    high: float
    used: frozenset

    @property
    def succeeds(self):
        """Whether the count is known too well."""
        return self.high - self.low < WIDTH


@dataclass(frozen=True, eq=False)
class System:
    """What is known of the kinds in some blocks, as equations: the open cells, and that a closed
    cell is one number.

    `names`: the open cell behind each equation, None for the others. `places`: {closed cell: its
    kinds}.
    """

    equations: csr_array
    values: np.ndarray
    names: tuple
    places: dict
    effort: Effort = field(default_factory=Effort)

    def reach(self, target, side):
        """The greatest (`side` 1) or least (-1) value of a closed cell: (value, kinds or None, open
        cells it took).

        Raises `NoPlan` for counts that contradict each other, `Exhausted` where the work may not be
        done.
        """
        goal = np.zeros(self.equations.shape[1])
        goal[self.places[target]] = -side
        found = self._solve(goal)
        if found.status == UNBOUNDED:
            return np.inf, None, frozenset()
        if found.status != 0:
            raise NoPlan(f"the open counts contradict each other at {target}")
        value = (
            np.floor(found.fun * -side + NEAR) if side == 1 else np.ceil(found.fun * -side - NEAR)
        )
        used = {self.names[row] for row in np.flatnonzero(np.abs(found.eqlin.marginals) > NEAR)}
        return value, found.x, frozenset(used - {None})

    def move(self, targets):
        """Answers that move the counts of many closed cells at once, upwards; None where there is
        no end to that.
        """
        goal = np.zeros(self.equations.shape[1])
        for target in targets:
            # nobody can be in a cell that the questionnaire rules out
            if len(self.places[target]):
                goal[self.places[target]] -= 1 / len(self.places[target])
        return self._solve(goal).x

    def _solve(self, goal):
        from scipy.optimize import (
            linprog,  # here: a report is made without attacks, and starts sooner without this
        )

        found = linprog(
            goal,
            A_eq=self.equations,
            b_eq=self.values,
            bounds=(0, None),
            method="highs-ds",
            options=PLAIN,
        )
        self.effort.spend(FIXED + found.nit * self.equations.shape[0])
        if found.status == CUT_SHORT:
            raise Exhausted
        return found


class Witnesses:
    """Why closed counts are safe: other answers that respondents could have given, with every open
    count the same.

    One such set of answers hides each cell that it gives another count by `WIDTH`, as long as the
    cells in which it differs from the truth stay closed: most attacks of the next round need not be
    tried again.
    """

    def __init__(self, counts):
        self.counts, self.needs = counts, {}

    def hide(self, cell, closed):
        """Whether some witness hides a cell when these are closed."""
        return any(needs <= closed for needs in self.needs.get(cell, ()))

    def keep(self, moves):
        """Keep a witness that is known by how much it moves each cell: [{cell: respondents}], one
        or two of them.
        """
        moved = frozenset(cell for move in moves for cell in move)
        for cell in moved:
            ends = [0, *(move.get(cell, 0) for move in moves)]
            if np.floor(max(ends) + NEAR) - np.ceil(min(ends) - NEAR) >= WIDTH:
                self.needs.setdefault(cell, []).append(moved)

    def add(self, system, *answers):
        """Keep a witness: one set of answers (respondents of each kind), or two that differ far
        enough together.
        """
        truth = np.array([self.counts[cell] for cell in system.places], dtype=float)
        counts = np.array(
            [
                truth,
                *([kinds[places].sum() for places in system.places.values()] for kinds in answers),
            ]
        )
        moved = frozenset(compress(system.places, (np.abs(counts - truth) > NEAR).any(axis=0)))
        width = np.floor(counts.max(axis=0) + NEAR) - np.ceil(counts.min(axis=0) - NEAR)
        for cell in compress(system.places, width >= WIDTH):
            self.needs.setdefault(cell, []).append(moved)


def attack(relations, closed, target):
    """`Attack` on one closed cell, through its own blocks and all that closed cells link to
    them.
    """
    linked = next(
        blocks for blocks, cells in _link_blocks(relations.blocks, closed) if target in cells
    )
    system = _set_up(linked, closed, relations.counts)
    (high, _, one), (low, _, other) = (system.reach(target, side) for side in (1, -1))
    return Attack(low, high, one | other)


class Search:
    """Looks for attacks that succeed, first those on few kinds, and remembers which need not be
    tried again.
    """

    def __init__(self, relations, closable=None, effort=None):
        self.effort = effort or Effort()
        small = replace(
            relations, blocks=tuple(one for one in relations.blocks if one.lines.shape[1] <= SMALL)
        )
        self.places = [
            (small, Witnesses(relations.counts)),
            (relations, Witnesses(relations.counts)),
        ]
        self.closable = closable

    def find(self, closed):
        """{closed cell: open cells used of those that may be closed, none where it cannot be
        helped} of the attacks that succeed.
        """
        for relations, witnesses in self.places:
            found = _find_attacks(relations, closed, witnesses, self.effort)
            if self.closable is not None:
                found = {target: used & self.closable for target, used in found.items()}
            if found:
                return found
        return {}

    def hide(self, cell, closed):
        """Whether a cell is known to be hidden from every attack (`Witnesses.hide`)."""
        return all(witnesses.hide(cell, closed) for _, witnesses in self.places)

    def keep(self, moves):
        """Keep what hides cells from all attacks (`Witnesses.keep`)."""
        for _, witnesses in self.places:
            witnesses.keep(moves)

    def find_all(self, closed):
        """The closed cells that any attack on few kinds or on all of them finds out about, as a
        set.
        """
        return {
            cell
            for relations, witnesses in self.places
            for cell in _find_attacks(relations, closed, witnesses, self.effort)
        }


def _find_attacks(relations, closed, witnesses, effort):
    found = {}
    for linked, cells in _link_blocks(relations.blocks, closed):
        left = [cell for cell in sorted(cells) if not witnesses.hide(cell, closed)]
        if not left:
            continue
        system = _set_up(linked, closed, relations.counts, effort)
        if system.equations.shape[1] > SMALL:
            left = _hide_together(system, left, closed, witnesses)
        for cell in left:
            if not witnesses.hide(cell, closed) and (used := _try_attack(system, cell, witnesses)):
                found[cell] = used
    return found


def _hide_together(system, cells, closed, witnesses):
    """The cells that are left when one programme at a time has moved all of them, as long as that
    hides several.
    """
    while len(cells) > WORTHWHILE:
        answers = system.move(cells)
        if answers is None:
            break
        witnesses.add(system, answers)
        left = [cell for cell in cells if not witnesses.hide(cell, closed)]
        if len(left) > len(cells) - WORTHWHILE:
            return left
        cells = left
    return cells


def _try_attack(system, cell, witnesses):
    """The open cells by which the attack on a cell succeeds, none where it fails.

    The truth itself is possible: a value far enough from it on one side is enough.
    """
    high, most, used = system.reach(cell, 1)
    if high - witnesses.counts[cell] < WIDTH:
        low, least, more = system.reach(cell, -1)
        if high - low < WIDTH:
            return used | more
        witnesses.add(system, most, least)
    elif most is not None:
        witnesses.add(system, most)
    return frozenset()


def _link_blocks(blocks, closed):
    """Blocks in groups that share closed cells, with those cells: what lies in another group tells
    nothing of them.
    """
    groups = []
    for block in blocks:
        held, joined = closed.intersection(block.cells), [block]
        if not held:
            continue
        for group in [one for one in groups if one[1] & held]:
            groups.remove(group)
            joined, held = [*group[0], *joined], held | group[1]
        groups.append((joined, held))
    return groups


def _set_up(linked, closed, counts, effort=None):
    """The `System` of some blocks."""
    starts = np.cumsum([0, *(block.lines.shape[1] for block in linked)])
    rows, values, names, seen = [], [], [], {}
    for start, block in zip(starts, linked, strict=False):
        for cell, line in zip(block.cells, block.lines, strict=True):
            places = start + np.flatnonzero(line)
            if cell in closed:
                if cell in seen:
                    rows.append(
                        (
                            np.concatenate([places, seen[cell]]),
                            [1] * len(places) + [-1] * len(seen[cell]),
                        )
                    )
                    values.append(0)
                    names.append(None)
                seen[cell] = places
            else:
                rows.append((places, [1] * len(places)))
                values.append(counts[cell])
                names.append(cell)
    lengths = [len(places) for places, _ in rows]
    columns, signs = (np.concatenate([row[part] for row in rows] or [[]]) for part in (0, 1))
    equations = csr_array(
        coo_array(
            (signs.astype(float), (np.repeat(np.arange(len(rows)), lengths), columns.astype(int))),
            shape=(len(rows), starts[-1]),
        )
    )
    return System(equations, np.array(values, dtype=float), tuple(names), seen, effort or Effort())
