"""Whether a plan holds, by sums: other answers that respondents could have given, in which a
suppressed count is another and every open one the same, are added up again, kind by kind.

The linear programmes only suggest such answers. What is believed of them is what the sums say over
all blocks of the survey, with nothing of the search's own account of what moves. A suppressed cell
that no such answers show to be hidden is attacked in the whole of what is linked.
"""

import numpy as np

from barometer.suppression import patterns
from barometer.suppression.attacks import Search, find_empty
from barometer.suppression.bounds import Effort
from barometer.suppression.programmes import NEAR, Programme

WIDER = (8, 16)  # answers of each dimension that are tried where few are not enough


class Noting(Programme):
    """A programme that notes the respondents of each kind behind what it lists."""

    noted = ()

    def _list_moves(self):
        people, place, found = self._model.getSolution().col_value, len(self._limits), []
        for block in self.blocks:
            ends = place, place + block.lines.shape[1]
            found.append((block, np.array(people[slice(*ends)])))
            place = ends[1]
        Noting.noted = (*Noting.noted, found)
        return super()._list_moves()


class Sums:
    """Adds up the answers of few respondents over all blocks of the survey."""

    def __init__(self, relations, closed):
        self.relations, self.closed = relations, closed
        self.rows = [{cell: row for row, cell in enumerate(b.cells)} for b in relations.blocks]
        self.kinds = [_number_kinds(block.lines) for block in relations.blocks]

    def count_moves(self, found):
        """{cell: respondents} that answers differ by from the truth; None where they are not
        possible, or an open count is another.

        `found`: [(block of some cells and kinds, respondents of each kind)].
        """
        moved, used = {}, set()
        for part, people in found:
            place, kinds = self._find_block(part)
            block = self.relations.blocks[place]
            used.add(place)
            if people.min(initial=0) < -NEAR:
                return None
            changes = block.lines[:, kinds] @ (people - block.given[kinds])
            for row in range(len(block.cells)):
                change = changes[row] if abs(changes[row]) > NEAR else 0.0
                if abs(moved.setdefault(block.cells[row], change) - change) > NEAR:
                    return None  # another count of the same cell in two blocks
        moved = {cell: change for cell, change in moved.items() if change}
        for place, rows in enumerate(self.rows):
            if place not in used and not rows.keys().isdisjoint(moved):
                return None
        return moved if moved.keys() <= self.closed else None

    def _find_block(self, part):
        """(which block has these cells and kinds, the kinds' places in it)."""
        for place, rows in enumerate(self.rows):
            if all(cell in rows for cell in part.cells):
                columns = np.zeros((len(rows), part.lines.shape[1]), dtype=bool)
                columns[[rows[cell] for cell in part.cells]] = part.lines
                known = self.kinds[place]
                kinds = [known.get(kind.tobytes()) for kind in np.packbits(columns.T, axis=1)]
                if None not in kinds:
                    return place, np.array(kinds, dtype=int)
        raise ValueError("answers of kinds that no block has")


def _number_kinds(lines):
    packed = np.packbits(np.ascontiguousarray(lines.T), axis=1)
    return {kind.tobytes(): place for place, kind in enumerate(packed)}


def find_recovered(relations, closed):
    """(the suppressed cells that are known too well, how many were shown to be hidden by sums)."""
    plain, patterns.Programme = patterns.Programme, Noting
    try:
        hidden = _hide_by_sums(relations, closed)
    finally:
        patterns.Programme = plain
    left = closed - hidden - find_empty(relations)  # that nobody is in the latter, all know
    if not left:
        return frozenset(), len(hidden)
    return frozenset(Search(relations).find_all(closed) & left), len(hidden)


def _hide_by_sums(relations, closed):
    ways, sums, hidden = patterns.Patterns(relations, {}, Effort()), Sums(relations, closed), set()
    for cell in sorted(closed):
        for most in (ways.nearby, *WIDER):
            if cell in hidden:
                break
            Noting.noted = ()
            if ways.hide_near(closed, cell, most):
                found = [moved for noted in Noting.noted if (moved := sums.count_moves(noted))]
                for one in {one for moved in found for one in moved}:
                    ends = [0, *(moved.get(one, 0) for moved in found)]
                    width = np.floor(max(ends) + NEAR) - np.ceil(min(ends) - NEAR)
                    hidden |= {one} if width >= relations.width else set()
    return hidden
