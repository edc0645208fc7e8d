"""Which cells to close with a closed one, all at once: the cheapest other answers that respondents
could have given.

An intruder who is to find another count in a closed cell must find answers that give it, and every
open count as it is. The linear programme looks for such answers in which as few open counts as can
be are not as they are; those are closed as well, and hide each other (after Kelly, Golden & Assad
1992). One or two programmes for each cell that comes back, where the fewest cells of all would take
hours.
"""

import numpy as np
from scipy.sparse import coo_array, csr_array

from barometer.disclosure.attacks import CUT_SHORT, FIXED, NEAR, PLAIN, WIDTH
from barometer.disclosure.bounds import Exhausted

# (respondents, side)
WAYS = (((WIDTH, 1),), ((WIDTH, -1),), ((WIDTH - 1, 1), (1, -1)), ((1, 1), (WIDTH - 1, -1)))


class Patterns:
    """Finds what must be closed with a cell. `costs`: {cell that may be closed: what that
    costs}.
    """

    def __init__(self, relations, costs, effort):
        self.counts, self.costs, self.effort = relations.counts, costs, effort
        self.blocks = {}
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
            moves = self._solve(held, closed, target, size, side)
            more = [
                block for cell in moves or () for block in self.blocks[cell] if block not in held
            ]
            if not more:
                return moves
            held += dict.fromkeys(more)  # what moves there must fit what is open there

    def _solve(self, held, closed, target, size, side):
        from scipy.optimize import linprog  # here, as in `attacks.py`

        cells = list(dict.fromkeys(cell for block in held for cell in block.cells))
        movable = {
            cell: place
            for place, cell in enumerate(
                cell for cell in cells if cell in closed or cell in self.costs
            )
        }
        equations, kinds = self._set_up(held, movable)
        goal = np.zeros(equations.shape[1])
        limits = np.array([(0, np.inf)] * equations.shape[1])
        for cell, place in movable.items():
            up, down = kinds + 2 * place, kinds + 2 * place + 1
            goal[[up, down]] = 0 if cell in closed else self.costs[cell]
            if cell == target:
                limits[[up, down]] = [(size, size), (0, 0)][::side]
        values = [self.counts[cell] for block in held for cell in block.cells]
        found = linprog(
            goal, A_eq=equations, b_eq=values, bounds=limits, method="highs-ds", options=PLAIN
        )
        self.effort.spend(FIXED + found.nit * equations.shape[0])
        if found.status == CUT_SHORT:
            raise Exhausted
        if found.status != 0:
            return None
        moves = {
            cell: found.x[kinds + 2 * place] - found.x[kinds + 2 * place + 1]
            for cell, place in movable.items()
        }
        return {cell: move for cell, move in moves.items() if abs(move) > NEAR}

    def _set_up(self, held, movable):
        """The equations, a row for each cell of each block: its kinds minus how it moves (up, down)
        are its count.
        """
        rows, columns, signs, first, row = [], [], [], 0, 0
        kinds = sum(block.lines.shape[1] for block in held)
        for block in held:
            line, kind = np.nonzero(block.lines)
            rows.append(row + line)
            columns.append(first + kind)
            signs.append(np.ones(len(line)))
            moved = [
                (row + place, kinds + 2 * movable[cell])
                for place, cell in enumerate(block.cells)
                if cell in movable
            ]
            for side, sign in ((0, -1.0), (1, 1.0)):
                rows.append(np.array([place for place, _ in moved], dtype=int))
                columns.append(np.array([column + side for _, column in moved], dtype=int))
                signs.append(np.full(len(moved), sign))
            first, row = first + block.lines.shape[1], row + len(block.cells)
        entries = np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))
        return csr_array(coo_array(entries, shape=(row, kinds + 2 * len(movable)))), kinds
