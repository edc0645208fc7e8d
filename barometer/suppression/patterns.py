"""What must be suppressed with a cell: the cheapest other answers that respondents could have given
in which its count is another.
"""

from dataclasses import replace
from itertools import compress
from math import fsum

import numpy as np

from barometer.data.domains import name_domain, split_domain
from barometer.suppression.programmes import Programme

# answers of each dimension that a pattern may use at first: of two dimensions, of more
NEARBY = (3, 2)
KEPT = 8  # programmes of patterns that may be of use again


class Patterns:
    """Finds what must be closed with a cell. `costs`: {cell that may be closed: what that
    costs}.

    An intruder who is to find another count in a closed cell must find answers that give it, and
    every open count as it is. The linear programme looks for such answers in which as few open
    counts as can be are not as they are; those are closed as well, and hide each other (after
    Kelly, Golden & Assad 1992).
    """

    def __init__(self, relations, costs, effort):
        self.relations, self.counts, self.costs = relations, relations.counts, costs
        self.effort, self.programmes, self.width = effort, {}, relations.width
        self.blocks = {}  # {cell: places of its blocks}
        for place, block in enumerate(relations.blocks):
            for cell in block.cells:
                self.blocks.setdefault(cell, []).append(place)
        self._masks, self._ranks, self._answers = {}, {}, {}
        self.linked = {}  # {blocks of a cell: those that moves of it have been seen to reach}
        for domain in sorted({cell[2] for cell in relations.counts}):
            for name, answer in split_domain(domain).items():
                self._answers.setdefault(name, set()).add(answer)
        self.crossed = len(self._answers) > 2
        self.nearby = NEARBY[self.crossed]

    def hide(self, closed, target, near=None, alone=False):
        """[{cell: how much it moves}] of the cheapest ways to give the target another count far
        enough from the truth; None where there is none. All cells that move must be closed.

        `near`: {dimension: answers} (as pairs) of the respondents who alone may be others than
        they are. `alone`: whether cells that other blocks have too stay as they are.
        """
        found, far = [], self.width
        # the (respondents, side) by which the target moves in one other set of answers, or in two
        either, both = [(far, 1), (far, -1)], [((far - 1, 1), (1, -1)), ((1, 1), (far - 1, -1))]
        for way in [*((one,) for one in either), *both]:
            if found and (len(way) > 1 or found[0][0] == 0):
                break
            moves = [self._move(closed, target, size, side, near, alone) for size, side in way]
            if all(move is not None for move in moves):
                price = fsum(
                    self.costs[cell]
                    for cell in {*(cell for move in moves for cell in move)} - closed
                )
                found.append((price, len(found), moves))
        return min(found)[2] if found else None

    def hide_near(self, closed, target, most=None):
        """The same by moves between few answers of each dimension: the target's own, and the others
        where most cells of the same item and group are closed already and else are smallest; of
        the dimensions that its domain does not name, those with most of its respondents. With
        more than two dimensions first in the target's own blocks alone, of which there are few.

        `most`: how many answers of each; few where left out.
        """
        near = self.list_near(closed, target, most or self.nearby)
        found = self.hide(closed, target, near, alone=True) if self.crossed else None
        return found or self.hide(closed, target, near)

    def hide_together(self, closed, place, targets, turned):
        """{cell: how much it moves} of one way to give as many cells of a block in a domain as can
        be other counts far enough from the truth; cells that other blocks have too stay as they
        are. `place`: the block's; `turned`: see `Programme.spread`.
        """
        near = self.list_near(closed, targets[0], self.nearby)
        programme = self._find_alone(closed, (place,), near)
        targets = [cell for cell in targets if cell in programme.places]
        return programme.spread(targets, self.width, turned) if targets else {}

    def list_near(self, closed, target, most):
        """((dimension, answers), …): see `hide_near`."""
        own, near = split_domain(target[2]), {}
        for name, answers in self._answers.items():
            if name not in own:
                near[name] = frozenset(self._rank_answers(target, name)[:most])
                continue
            scores = {
                answer: self._score(closed, (*target[:2], name_domain(own | {name: answer})))
                for answer in answers
            }
            others = sorted(answers - {own[name]}, key=lambda one: (scores[one], one))
            near[name] = frozenset([own[name], *others[: most - 1]])
        return tuple(sorted(near.items()))

    def _rank_answers(self, target, name):
        """The answers of a dimension, that of most respondents in the target's domain first."""
        place = self.blocks[target][0]
        key = place, target[2], name
        if key not in self._ranks:
            masks = self._mask_answers(place)
            inside = self.relations.blocks[place].given.copy()
            for one in split_domain(target[2]).items():
                inside = inside * masks[one][1]
            counts = {
                answer: -int(inside @ masks[name, answer][1])
                for answer in self._answers[name]
                if (name, answer) in masks
            }
            self._ranks[key] = sorted(counts, key=lambda answer: (counts[answer], answer))
        return self._ranks[key]

    def _mask_answers(self, place):
        """See `mask_answers`."""
        if place not in self._masks:
            self._masks[place] = mask_answers(self.relations.blocks[place])
        return self._masks[place]

    def _score(self, closed, cell):
        count = self.counts.get(cell, 0)
        return (cell not in closed or count == 0, count < self.width, count)

    def _move(self, closed, target, size, side, near, alone):
        """How much each cell moves when the target does by `size` respondents; None where it
        cannot.
        """
        if side < 0 and self.counts[target] < size:
            return None
        held = own = tuple(self.blocks[target])
        if alone:
            return self._find_alone(closed, held, near).force(target, size, side)
        remembered = self.crossed and near is not None
        if remembered:
            held = self.linked.get(own, held)
        while True:
            programme = self._find_programme(held, near)
            programme.close(closed, self.costs)
            moves = programme.force(target, size, side)
            more = {place for cell in moves or () for place in self.blocks[cell]} - {*held}
            if not more:
                return moves
            held = tuple(sorted({*held, *more}))  # what moves there must fit what is open there
            if remembered:
                self.linked[own] = held

    def _find_alone(self, closed, held, near):
        """The programme of some blocks in which no cell moves that others have too."""
        programme = self._find_programme(held, near)
        own = [cell for cell in programme.cells if {*held}.issuperset(self.blocks[cell])]
        costs = {cell: self.costs[cell] for cell in own if cell in self.costs}
        programme.close(closed.intersection(own), costs)
        return programme

    def _find_programme(self, held, near):
        if (near, held) not in self.programmes:
            if len(self.programmes) > KEPT:
                self.programmes.clear()
            blocks = [self.relations.blocks[place] for place in held]
            narrowed = blocks, self.counts
            if near is not None:
                narrowed = narrow(blocks, near, [self._mask_answers(place) for place in held])
            self.programmes[near, held] = Programme(*narrowed, self.effort)
        return self.programmes[near, held]


def mask_answers(block):
    """{(dimension, answer): (whether each cell of a block is in a domain with that, whether each
    kind is in such a cell)}.
    """
    domains = np.array([cell[2] for cell in block.cells])
    masks, shape = {}, block.lines.shape
    for domain in dict.fromkeys(domains.tolist()):
        own = domains == domain
        inside = block.lines[own].any(axis=0)
        for one in split_domain(domain).items():
            cells, kinds = masks.setdefault(one, tuple(np.zeros(size, bool) for size in shape))
            cells |= own
            kinds |= inside
    return masks


def narrow(blocks, near, masks):
    """(blocks, {cell: count}) of the respondents with a few answers of each dimension (`near`)
    alone, with the cells that they are in. What can be moved there can be moved in the whole, where
    the others stay as they are. `masks`: `mask_answers` of each block.
    """
    near = dict(near)
    narrowed, counts = [], {}
    for block, known in zip(blocks, masks, strict=True):
        left, kinds = (np.ones(size, dtype=bool) for size in block.lines.shape)
        for (name, answer), (cells, inside) in known.items():
            if name in near and answer not in near[name]:
                left &= ~cells
                kinds &= ~inside
        lines, given = block.lines[np.ix_(left, kinds)], block.given[kinds]
        inside = lines.any(axis=1)
        lines, cells = lines[inside], tuple(compress(compress(block.cells, left), inside))
        narrowed.append(replace(block, cells=cells, lines=lines, given=given))
        for cell, count in zip(cells, (lines @ given).tolist(), strict=True):
            # fewer where a block has not all of their respondents in cells of these domains
            counts[cell] = min(count, counts.get(cell, count))
    return narrowed, counts
