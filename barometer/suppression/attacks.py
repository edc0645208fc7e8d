"""What an intruder finds out about closed counts from all open ones: linear programmes over
kinds of respondents (`programmes.py`). The least and the largest value that a closed count can
have, and, where the two are near, the open cells from which it follows: those with a part in the
programme's dual solution.
"""

from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from barometer.suppression.bounds import Effort
from barometer.suppression.programmes import NEAR, NoPlan, Programme

__all__ = ["Attack", "NoPlan", "Search", "Witnesses", "attack"]

SMALL = 500  # kinds of a block whose attacks are cheap, and tried first
WORTHWHILE = 4  # cells that one programme must hide at once for another to be tried on the rest


@dataclass(frozen=True)
class Attack:
    """What an intruder finds out about a closed count; `used`: the open cells it took."""

    low: float
    high: float
    used: frozenset
    width: int

    @property
    def succeeds(self):
        """Whether the count is known too well."""
        return self.high - self.low < self.width


class Witnesses:
    """Why closed counts are safe: other answers that respondents could have given, with every open
    count the same.

    One such set of answers hides each cell that it gives another count by `width`, as long as the
    cells in which it differs from the truth stay closed: most attacks of the next round need not be
    tried again. `known`: cells that need none, as
    their count is known to everybody.
    """

    def __init__(self, width, known=frozenset()):
        self.width, self.needs, self._valid, self._closed = width, {}, {}, None
        self.known = known
        self._kept = []

    def hide(self, cell, closed):
        """Whether some witness hides a cell when these are closed."""
        if closed is not self._closed:
            self._valid, self._closed = {}, closed
        return cell in self.known or any(
            self._is_valid(needs, closed) for needs in self.needs.get(cell, ())
        )

    def _is_valid(self, needs, closed):
        if id(needs) not in self._valid:
            self._valid[id(needs)] = needs <= closed
        return self._valid[id(needs)]

    def keep(self, moves):
        """Keep a witness that is known by how much it moves each cell: [{cell: respondents}], one
        or two of them.
        """
        moved, hidden = frozenset(cell for move in moves for cell in move), []
        for cell in moved:
            ends = [0, *(move.get(cell, 0) for move in moves)]
            if np.floor(max(ends) + NEAR) - np.ceil(min(ends) - NEAR) >= self.width:
                self.needs.setdefault(cell, []).append(moved)
                hidden.append(cell)
        self._kept.append((moved, hidden))

    def list_hidden_by(self, cell):
        """The cells that some witness hides in which a cell differs from the truth, sorted."""
        return sorted({one for moved, hidden in self._kept if cell in moved for one in hidden})


def attack(relations, closed, target):
    """`Attack` on one closed cell, through its own blocks and all that closed cells link to
    them.
    """
    linked = next(
        blocks for blocks, cells in _link_blocks(relations.blocks, closed) if target in cells
    )
    programme = Programme(linked, relations.counts)
    programme.close(closed)
    (up, _, one), (down, _, other) = (programme.reach(target, side) for side in (1, -1))
    count = relations.counts[target]
    low, high = np.ceil(count - down - NEAR), np.floor(count + up + NEAR)
    return Attack(low, high, one | other, relations.width)


class Search:
    """Looks for attacks that succeed, first those on few kinds, and remembers which need not be
    tried again.
    """

    def __init__(self, relations, closable=None, effort=None):
        self.effort = effort or Effort()
        small = replace(
            relations, blocks=tuple(one for one in relations.blocks if one.lines.shape[1] <= SMALL)
        )
        self.places = [_Place(small, self.effort), _Place(relations, self.effort)]
        self.closable = closable

    def find(self, closed):
        """{closed cell: open cells used of those that may be closed, none where it cannot be
        helped} of the attacks that succeed.
        """
        for place in self.places:
            found = place.find(closed)
            if self.closable is not None:
                found = {target: used & self.closable for target, used in found.items()}
            if found:
                return found
        return {}

    def hide(self, cell, closed):
        """Whether a cell is known to be hidden from every attack (`Witnesses.hide`)."""
        return all(place.witnesses.hide(cell, closed) for place in self.places)

    def keep(self, moves):
        """Keep what hides cells from all attacks (`Witnesses.keep`)."""
        for place in self.places:
            place.witnesses.keep(moves)

    def list_hidden_by(self, cell):
        """See `Witnesses.list_hidden_by`; of all blocks."""
        return self.places[-1].witnesses.list_hidden_by(cell)

    def find_all(self, closed):
        """The closed cells that any attack on few kinds or on all of them finds out about, as a
        set.
        """
        return {cell for place in self.places for cell in place.find(closed)}


class _Place:
    """The attacks through some blocks, with the models of those that closed cells link."""

    def __init__(self, relations, effort):
        self.relations, self.effort = relations, effort
        self.witnesses, self.programmes = Witnesses(relations.width, find_empty(relations)), {}

    def find(self, closed):
        """{closed cell: open cells used} of the attacks that succeed."""
        found, kept = {}, {}
        for linked, cells in _link_blocks(self.relations.blocks, closed):
            key = tuple(id(block) for block in linked)
            if key in self.programmes:
                kept[key] = self.programmes[key]
            left = [cell for cell in sorted(cells) if not self.witnesses.hide(cell, closed)]
            if not left:
                continue
            if key not in kept:
                kept[key] = Programme(linked, self.relations.counts, self.effort)
            kept[key].close(closed)
            if kept[key].kinds > SMALL:
                left = self._hide_together(kept[key], left, closed)
            for cell in left:
                if self.witnesses.hide(cell, closed):
                    continue
                if used := self._try_attack(kept[key], cell):
                    found[cell] = used
        self.programmes = kept
        return found

    def _hide_together(self, programme, cells, closed):
        """The cells that are left when one programme at a time has moved all of them, as long as
        that hides several.
        """
        while len(cells) > WORTHWHILE:
            self.witnesses.keep([programme.spread(cells, self.relations.width)])
            left = [cell for cell in cells if not self.witnesses.hide(cell, closed)]
            if len(left) > len(cells) - WORTHWHILE:
                return left
            cells = left
        return cells

    def _try_attack(self, programme, cell):
        """The open cells by which the attack on a cell succeeds, none where it fails.

        The truth itself is possible: a value far enough from it on one side is enough.
        """
        width = self.relations.width
        up, most, used = programme.reach(cell, 1, width)
        if up > width - NEAR:
            self.witnesses.keep([most])
            return frozenset()
        down, least, more = programme.reach(cell, -1, width)
        if np.floor(up + NEAR) + np.floor(down + NEAR) < width:
            return used | more
        self.witnesses.keep([most, least])
        return frozenset()


def find_empty(relations):
    """The cells in which nobody can be, such as all of a part that the population does not have."""
    some = [block.lines.any(axis=1) for block in relations.blocks]
    full, empty = (
        {
            cell
            for block, held in zip(relations.blocks, some, strict=True)
            for cell in compress(block.cells, held == wanted)
        }
        for wanted in (True, False)
    )
    return frozenset(empty - full)


def _link_blocks(blocks, closed):
    """Blocks in groups that share closed cells, with those cells: nothing in another group
    restricts them.
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
