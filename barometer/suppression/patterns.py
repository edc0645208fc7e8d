"""What must be suppressed with a cell: the cheapest other answers that respondents could have given
in which its count is another.
"""

from dataclasses import replace
from itertools import compress, product
from math import fsum

from barometer.data.domains import name_domain, split_domain
from barometer.suppression.programmes import Programme

# answers beside its own that a pattern may use of each dimension of a domain: of one, of more
NEARBY = (4, 2)
KEPT = 50  # programmes of patterns that may be of use again


class Patterns:
    """Finds what must be closed with a cell. `costs`: {cell that may be closed: what that
    costs}.

    An intruder who is to find another count in a closed cell must find answers that give it, and
    every open count as it is. The linear programme looks for such answers in which as few open
    counts as can be are not as they are; those are closed as well, and hide each other (after
    Kelly, Golden & Assad 1992).
    """

    def __init__(self, relations, costs, effort):
        self.counts, self.costs, self.effort = relations.counts, costs, effort
        self.blocks, self.programmes, self.width = {}, {}, relations.width
        for block in relations.blocks:
            for cell in block.cells:
                self.blocks.setdefault(cell, []).append(block)
        self._domains = {}
        for cell in relations.counts:
            dimensions = tuple(split_domain(cell[2]))
            self._domains.setdefault(dimensions, {})[cell[2]] = None

    def hide(self, closed, target, near=None):
        """[{cell: how much it moves}] of the cheapest ways to give the target another count far
        enough from the truth; None where there is none. All cells that move must be closed.

        `near`: the domains whose respondents alone may be others than they are.
        """
        found, far = [], self.width
        # the (respondents, side) by which the target moves in one other set of answers, or in two
        either, both = [(far, 1), (far, -1)], [((far - 1, 1), (1, -1)), ((1, 1), (far - 1, -1))]
        for way in [*((one,) for one in either), *both]:
            if found and (len(way) > 1 or found[0][0] == 0):
                break
            moves = [self._move(closed, target, size, side, near) for size, side in way]
            if all(move is not None for move in moves):
                price = fsum(
                    self.costs[cell]
                    for cell in {*(cell for move in moves for cell in move)} - closed
                )
                found.append((price, len(found), moves))
        return min(found)[2] if found else None

    def hide_near(self, closed, target):
        """The same by moves between the target's domain and a few others like it: those where most
        cells of the same item and group are closed already, and else the smallest.
        """
        own = split_domain(target[2])
        kept = {}
        for name, answer in own.items():
            others = {split_domain(one)[name] for one in self._domains[tuple(own)]} - {answer}
            scores = {
                other: self._score(closed, (*target[:2], name_domain(own | {name: other})))
                for other in others
            }
            best = sorted(others, key=lambda other: (scores[other], other))
            kept[name] = [answer, *best[: NEARBY[len(own) > 1]]]
        if not own:
            return None
        near = [
            name_domain(dict(zip(kept, answers, strict=True)))
            for answers in product(*kept.values())
        ]
        return self.hide(closed, target, frozenset(near))

    def _score(self, closed, cell):
        count = self.counts.get(cell, 0)
        return (cell not in closed or count == 0, count < self.width, count)

    def _move(self, closed, target, size, side, near):
        """How much each cell moves when the target does by `size` respondents; None where it
        cannot.
        """
        if side < 0 and self.counts[target] < size:
            return None
        held = list(dict.fromkeys(self.blocks[target]))
        while True:
            programme = self._find_programme(held, near)
            programme.close(closed, self.costs)
            moves = programme.force(target, size, side)
            more = [
                block for cell in moves or () for block in self.blocks[cell] if block not in held
            ]
            if not more:
                return moves
            held += dict.fromkeys(more)  # what moves there must fit what is open there

    def _find_programme(self, held, near):
        key = near, frozenset(map(id, held))
        if key not in self.programmes:
            if len(self.programmes) > KEPT:
                self.programmes.clear()
            narrowed = (held, self.counts) if near is None else narrow(held, near)
            self.programmes[key] = Programme(*narrowed, self.effort)
        return self.programmes[key]


def narrow(blocks, near):
    """(blocks, {cell: count}) of the respondents in a few domains (`near`) alone, with the cells
    that they are in. What can be moved there can be moved in the whole, where the others stay as
    they are.
    """
    narrowed, counts = [], {}
    for block in blocks:
        kinds = block.lines[[cell[2] in near for cell in block.cells]].any(axis=0)
        lines, given = block.lines[:, kinds], block.given[kinds]
        inside = lines.any(axis=1)
        cells = tuple(compress(block.cells, inside))
        narrowed.append(replace(block, cells=cells, lines=lines[inside], given=given))
        for cell, count in zip(cells, (lines[inside] @ given).tolist(), strict=True):
            # fewer where a block has not all of their respondents in cells of these domains
            counts[cell] = min(count, counts.get(cell, count))
    return narrowed, counts
