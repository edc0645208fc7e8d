"""What follows from what where earlier releases are still published: the relations between the
counts of the survey as it is and those that they were made of.

Where a release was made of the same respondents, its cells are the survey's own. Where some have
come or gone since (`differences.py`), each of its counts is another: of those who have answered
both times and of those who have gone, where today's is of the former and of those who were added. A
kind of respondent has then the times at which he had answered as well. An intruder is given how
many there are of each such presence, and not what they answered. That is more than reports show
(which strata they are of, and that nobody else has changed his answers), so that what he cannot
find out with it cannot be found out without.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from barometer.data.domains import WHOLE, is_joined, is_negated
from barometer.disclosure.plan import list_needed, name_cell
from barometer.disclosure.relations import (
    Relations,
    find_base,
    find_names,
    list_lines,
    relate_cells,
    rename,
)
from barometer.releases.differences import find_differences
from barometer.releases.reading import SUPPRESSED
from barometer.suppression.kinds import find_places, pack_lines
from barometer.suppression.programmes import Block, NoPlan

NOW = ""  # the survey as it is, among the names of releases


class ShownAlready(NoPlan):
    """Cells that are to be suppressed are shown in a release. Its argument: {release: cells}."""


@dataclass(frozen=True)
class Linked:
    """What earlier releases are to a plan. `scope`: cells that those of the same respondents
    have; `suppressed`: those that must stay so, of other respondents with the release's name as
    their fourth part; `shown`: {release: the same of those that it shows}.
    """

    names: dict
    scope: tuple
    suppressed: tuple
    shown: dict = field(repr=False)
    present: dict = field(repr=False)  # {frozenset of releases: respondents (numbers of rows)}
    width: int

    def relate(self, survey, cells):
        """The `Relations` of cells of the survey and all cells of the releases."""
        held = {*self.suppressed}.union(*self.shown.values())
        here = [cell for cell in held if len(cell) == 3]
        there = sorted(cell for cell in held if len(cell) == 4)
        own = list(dict.fromkeys([*cells, *sorted(here)]))
        known = list(dict.fromkeys([*own, *(cell[:3] for cell in there)]))
        relations = relate_cells(survey, known)
        width = max(self.width, relations.width)
        if not there:
            return Relations(
                relations.blocks, relations.names, relations.asked, relations.counts, width
            )
        now = {relations.names[cell] for cell in own}
        now |= {relations.names[find_base(survey.registry, cell)] for cell in own}
        divide = partial(_divide, survey, self.present, now, there, relations.names)
        blocks = [divide(block) for block in relations.blocks]
        names = find_names(blocks)
        asked = {}
        for base, those in relations.asked.items():
            if base in names:
                found = {names[cell] for cell in those if cell in names}
                asked.setdefault(names[base], set()).update(found)
        blocks = tuple(rename(block, names) for block in blocks)
        counts = {}
        for block in blocks:
            sums = (block.lines @ block.given).tolist()
            counts |= dict(zip(block.cells, sums, strict=True))
        first = {cell: names[name] for cell, name in relations.names.items() if name in names}
        return Relations(blocks, names | first, asked, counts, width)

    def list_closable(self, relations, closed):
        """The cells that may be suppressed besides `closed`: those that no release shows.

        Raises `ShownAlready` where one of `closed`, or of what was asked of it, is shown.
        """
        names = {
            release: {relations.names[cell]: cell for cell in cells if cell in relations.names}
            for release, cells in self.shown.items()
        }
        every = closed.union(*(relations.asked.get(cell, ()) for cell in closed))
        if against := {
            release: sorted(shown[cell] for cell in every & shown.keys())
            for release, shown in names.items()
            if every & shown.keys()
        }:
            raise ShownAlready(against)
        fixed = {cell for shown in names.values() for cell in shown}
        fixed |= {cell for cell in relations.counts if len(cell) == 4} - closed
        fixed |= {base for base, cells in relations.asked.items() if cells & fixed}
        return frozenset(relations.counts.keys() - fixed)


def link_releases(survey, releases):
    """The `Linked` of some `memory.Release`s to a survey."""
    away, gone, shown, suppressed = {}, {}, {}, set()
    for release in releases:
        added, left = find_differences(survey, release)
        if len(added) or len(left):
            away[release.name], gone[release.name] = added, Counter(left.tolist())
        own = (release.name,) if release.name in away else ()
        seen, hidden = _list_cells(survey, release)
        shown[release.name] = frozenset(cell + own for cell in seen)
        suppressed |= {cell + own for cell in hidden}
    suppressed -= frozenset().union(*shown.values())
    scope = sorted(
        cell for cell in suppressed.union(*shown.values()) if len(cell) == 3 and not _is_rest(cell)
    )
    return Linked(
        {release.name: release.contents for release in releases},
        tuple(scope),
        tuple(sorted(suppressed)),
        shown,
        _list_present(survey, away, gone),
        max((release.threshold for release in releases), default=0),
    )


def _list_cells(survey, release):
    """(cells whose counts a release lets be known, cells that it suppresses), as a plan has
    them.
    """
    registry, shown, hidden = survey.registry, set(), set()
    for named, seen in release.cells.items():
        cell = name_cell(registry, *named)
        needed = list_needed(registry, cell)
        if seen.status == SUPPRESSED:
            hidden |= {needed[0] if len(needed) == 1 else cell} - survey.exceptions.keys()
        else:
            shown |= {*needed}
            if seen.n:
                shown |= {find_base(registry, one) for one in needed}
    return shown, hidden - shown


def _is_rest(cell):
    """Whether a cell is of all but a part: a plan has the part and the whole."""
    return is_negated(cell[1]) and not is_joined(cell[1])


def _list_present(survey, away, gone):
    """{releases that they are behind, with `NOW` among them where they are in the survey:
    respondents}. `away`: {release: who was not there}; `gone`: {release: who had answered like
    which of today's}.
    """
    weighted, everywhere = np.flatnonzero(survey.design.weights > 0), frozenset([NOW, *away])
    places = {place: everywhere for place in weighted.tolist()}
    for release, absent in away.items():
        for place in absent.tolist():
            places[place] -= {release}
    found = {}
    for place, present in places.items():
        found.setdefault(present, []).append(place)
    every = sorted({place for those in gone.values() for place in those})
    for place in every:
        for number in range(max(those[place] for those in gone.values())):
            present = frozenset(name for name, those in gone.items() if those[place] > number)
            found.setdefault(present, []).append(place)
    return {present: np.array(those) for present, those in found.items()}


def _divide(survey, present, now, there, names, block):
    """A block whose kinds are divided by the releases that they are behind.

    Kinds of another presence than most are those of the strata that have such respondents alone.
    """
    rows = {cell: place for place, cell in enumerate(block.cells)}
    own = list_lines(survey.variables, block.cells)
    number = find_places(pack_lines(block.lines), pack_lines(own))
    where = [rows[cell] for cell in block.cells if cell[:2] == (WHOLE, WHOLE)]
    strata, most = block.lines[where].T, max(present, key=lambda one: (len(present[one]), *one))
    columns, given, masks = [], [], []
    for those, people in present.items():
        taken = np.bincount(number[people], minlength=block.lines.shape[1])
        kept = np.ones(len(taken), dtype=bool)
        if those != most:
            held = {stratum.tobytes() for stratum in strata[taken > 0]}
            kept = np.array([stratum.tobytes() in held for stratum in strata])
        columns.append(np.flatnonzero(kept))
        given.append(taken[kept])
        masks += [those] * int(kept.sum())
    lines = block.lines[:, np.concatenate(columns)]
    made = {cell: lines[rows[cell]] & _is_in(masks, NOW) for cell in block.cells if cell in now}
    made |= {
        cell: lines[rows[names[cell[:3]]]] & _is_in(masks, cell[3])
        for cell in there
        if names[cell[:3]] in rows
    }
    for those in present:
        if those != most:  # how many there are is known
            label = "+".join(sorted(those)) or "-"
            made[WHOLE, WHOLE, WHOLE, f"={label}"] = np.array([one == those for one in masks])
    return Block(tuple(made), np.array([*made.values()]), np.concatenate(given))


def _is_in(masks, release):
    return np.array([release in one for one in masks])
