"""A made-up survey while it is being made: what its respondents answer, as arrays, and how far it
is from the claims of a published folder.

It is made from the structure of a survey and what is claimed of its counts, never from its data.
"""

from dataclasses import dataclass, replace

import numpy as np

from barometer.proofs.variables import Variables, list_cell_sources, list_own, name_base

COUNTED = 1e-8  # seconds for each respondent and cell that is counted
COUNTS = 10.0  # what missing a count costs, where a share costs 1: no weight can give it
DEARER, DEAREST = 5.0, 50.0  # times that a share costs more when weights cannot give it, and most
MARGIN = 2e-4  # percentage points kept from the ends of an interval


class Cells:
    """Some cells, for finding many respondents' places in them at once."""

    def __init__(self, cells):
        self.cells = list(cells)
        self.items, self.item = np.unique([cell[0] for cell in self.cells], return_inverse=True)
        wheres = [cell[1:] for cell in self.cells]
        self.wheres = list(dict.fromkeys(wheres))
        places = {where: place for place, where in enumerate(self.wheres)}
        self.where = np.array([places[where] for where in wheres], dtype=int)

    def find(self, variables):
        """(cells x respondents) twice: who is asked, and who is counted."""
        codes = np.stack([variables.find(str(name)) for name in self.items])[self.item]
        inside = np.stack([variables.select(*where) for where in self.wheres])[self.where]
        return (codes >= 0) & inside, (codes == 1) & inside


@dataclass
class Goals:
    """Claims on cells as arrays, for measuring many surveys at once. A survey is measured by its
    `sums`: (…, cells, 4) of respondents asked and their weight, respondents counted and theirs.
    `soft`: claims that need not be met. `dear`: what missing one by a respondent costs, to others.
    """

    claims: list
    first: np.ndarray
    second: np.ndarray
    kinds: np.ndarray
    low: np.ndarray
    high: np.ndarray
    soft: np.ndarray
    dear: np.ndarray

    def miss(self, sums):
        """(…, claims): by how many respondents, about, each claim is not met."""
        return np.abs(self.find_off(sums))

    def price(self, sums):
        """What all that is missed costs."""
        return self.miss(sums) @ self.dear

    def find_sizes(self, sums):
        """(…, claims): the respondents that a claim is about; of a difference, the fewer."""
        one, other = sums[..., self.first, 0], sums[..., self.second, 0]
        return np.maximum(np.where(self.kinds >= 3, np.minimum(one, other), one), 1)

    def find_off(self, sums):
        """(…, claims): the same as `miss`, below 0 where a claim's number is too large."""
        one, other = sums[..., self.first, :], sums[..., self.second, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = 100 * one[..., 3] / one[..., 1]
            others = np.where(self.kinds >= 3, 100 * other[..., 3] / other[..., 1], 0.0)
        values = np.where(
            self.kinds == 0, one[..., 0], np.where(self.kinds == 1, one[..., 2], shares - others)
        )
        values = np.where(self.kinds == 4, np.abs(values), values)
        values = np.where(np.isfinite(values), values, 1e3)
        off = np.maximum(self.low - values, 0) - np.maximum(values - self.high, 0)
        return off * np.where(self.kinds < 2, 1.0, self.find_sizes(sums) / 100)

    def narrow(self, which, held):
        """Some of the claims, on sums that have these cells alone."""
        return Goals(
            [self.claims[place] for place in which],
            np.searchsorted(held, self.first[which]),
            np.searchsorted(held, self.second[which]),
            self.kinds[which],
            self.low[which],
            self.high[which],
            self.soft[which],
            self.dear[which],
        )


KINDS = {"n": 0, "count": 1, "moved": 1, "share": 2, "difference": 3, "distance": 4}


def make_goals(claims, places, dear=None):
    """The `Goals` of claims on the cells in `places` ({cell: its row}); several on one number are
    joined. `dear`: {(kind, cells): what missing it costs}, where it is not the usual.
    """
    joined = {}
    for claim in claims:
        key = claim.kind, claim.cells
        low, high = joined.get(key, (-np.inf, np.inf))
        joined[key] = max(low, claim.low), min(high, claim.high)
    keys = list(joined)
    kinds = np.array([KINDS[kind] for kind, _ in keys], dtype=int)
    low, high = (np.array([joined[key][side] for key in keys], dtype=float) for side in (0, 1))
    margin = np.where(kinds >= 2, np.minimum(MARGIN, (high - low) / 4), 0.0)
    return Goals(
        keys,
        np.array([places[cells[0]] for _, cells in keys], dtype=int),
        np.array([places[cells[-1]] for _, cells in keys], dtype=int),
        kinds,
        low + margin,
        high - margin,
        np.array([kind == "moved" for kind, _ in keys], dtype=bool),
        np.where(kinds == 1, COUNTS, [(dear or {}).get(key, 1.0) for key in keys]),
    )


@dataclass
class Place:
    """What some columns move: `cells`, whose sums are in `rows`, and the claims on them (`goals`,
    `which` of all), on the sums in `held`. `inner`: {place in `held`: place in `cells`}.
    """

    cells: Cells
    rows: np.ndarray
    held: np.ndarray
    inner: dict
    which: np.ndarray
    goals: Goals


def count_bases(structure, claims):
    """Claims with each n as the count of the base, so that it is taken up with the group; and of
    each group that it has at least as many respondents as are counted in it.
    """
    found = []
    for claim in claims:
        (item, group, domain), *_ = claim.cells
        if claim.kind == "n":
            claim = replace(
                claim, kind="count", cells=((name_base(structure, item), group, domain),)
            )
        found.append(claim)
        if claim.kind == "count" and list_own(structure, group) - {*structure["background"]}:
            found.append(replace(claim, cells=((group, "all", domain),), high=np.inf))
    return found


class Exhausted(Exception):
    """The work that may be done is done."""


class Work:
    """How much work may still be done, in seconds of the machine that it was measured on."""

    def __init__(self, seconds):
        self.left = seconds

    def spend(self, seconds):
        """Do some. Raises `Exhausted` where none is left."""
        self.left -= seconds
        if self.left < 0:
            raise Exhausted


class MadeUp:
    """One made-up survey. `columns`: {column: answers}, `weights` of the respondents, `units` that
    are answered, `sums` of all `cells`, the `goals` whose columns are there. `far`: by how many
    respondents a claim must be missed to be fitted again; `much`: before weights are changed.
    """

    far = much = 0.0

    def __init__(self, structure, cells, claims, columns, weights, work):
        self.work, self.structure, self.claims = work, structure, [*claims]
        self.cells = sorted({*cells, *(cell for claim in claims for cell in claim.cells)})
        self.places = {cell: row for row, cell in enumerate(self.cells)}
        self.sources = [list_cell_sources(structure, cell) for cell in self.cells]
        self.columns, self.weights, self.units = dict(columns), np.asarray(weights, float), []
        self.sums, self.dear = np.zeros((len(self.cells), 4)), {}
        self.look_again()

    def copy(self):
        """Another survey with the same answers."""
        other = MadeUp.__new__(MadeUp)
        other.__dict__ = self.__dict__ | {
            "units": [*self.units],
            "sums": self.sums.copy(),
            "dear": {**self.dear},
        }
        other.columns = {name: values.copy() for name, values in self.columns.items()}
        return other

    def look_again(self):
        """Take up all cells and claims whose columns are there, and count anew."""
        there = {*self.columns}
        self.active = np.array([sources <= there for sources in self.sources], dtype=bool)
        claims = [
            claim
            for claim in self.claims
            if claim.kind in KINDS and all(self.active[self.places[one]] for one in claim.cells)
        ]
        self.goals = make_goals(claims, self.places, self.dear)
        self.count(np.flatnonzero(self.active))

    def raise_price(self, which):
        """Have some claims cost more than others from now on."""
        for at in which:
            key = self.goals.claims[at]
            self.dear[key] = min(DEARER * self.dear.get(key, 1.0), DEAREST)
        self.look_again()

    def count(self, rows):
        """Count some cells from the answers."""
        if len(rows):
            self.work.spend(COUNTED * len(rows) * len(self.weights))
            cells = Cells([self.cells[row] for row in rows])
            base, yes = cells.find(Variables(self.structure, self.columns))
            self.sums[rows] = np.stack(
                [base.sum(axis=1), base @ self.weights, yes.sum(axis=1), yes @ self.weights], axis=1
            )

    def find_moved(self, names):
        """The rows of the cells that some columns are a source of."""
        names = {*names}
        return np.array(
            [
                row
                for row, sources in enumerate(self.sources)
                if self.active[row] and sources & names
            ],
            dtype=int,
        )

    def find_place(self, rows):
        """The `Place` of some cells; None where no claim is on them."""
        touched = np.isin(self.goals.first, rows) | np.isin(self.goals.second, rows)
        which = np.flatnonzero(touched)
        if not len(which):
            return None
        first, second = self.goals.first[which], self.goals.second[which]
        held = np.unique(np.concatenate([first, second]))
        rows = np.intersect1d(rows, held)
        inner = {int(np.searchsorted(held, row)): place for place, row in enumerate(rows)}
        cells = Cells([self.cells[row] for row in rows])
        return Place(cells, rows, held, inner, which, self.goals.narrow(which, held))
