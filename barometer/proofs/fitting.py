"""Gives the respondents of a made-up survey other answers to one question, as few as can be, so
that what is claimed comes out: a linear programme over kinds of respondents, rounded.
"""

from dataclasses import dataclass

import numpy as np

from barometer.proofs.programmes import solve
from barometer.proofs.variables import Variables

DEAR = 200.0  # what missing a claim by a respondent costs, where changing an answer costs one
WISHED = 20.0  # the same of a suppressed cell that need not be moved
INSIDE = 0.3  # part of a claim's width kept from each end before answers are rounded
STEPS = 60  # changes that follow a programme
PAIRS = 60  # changes that are tried in pairs
KICKS = 8  # times that none of them helps and one is made all the same
NEAREST = 12  # changes of which such a one is drawn
MOST = 4096  # answers that columns can have together


@dataclass(frozen=True)
class Choice:
    """Columns that are answered together, and what can be answered: (answers x columns)."""

    columns: tuple
    answers: np.ndarray


class Fit:
    """The programme of one choice. `asked`: respondents; `limits`: (respondents x answers),
    which answers each may have; `place`: the cells and claims that it moves (`made_up.Place`).
    """

    def __init__(self, survey, choice, asked, limits, place):
        self.goals, self.inner, cells = place.goals, place.inner, place.cells
        held = {name: values[asked] for name, values in survey.columns.items()}
        now = np.stack([held[name] for name in choice.columns], axis=1)
        found = []
        for answer in choice.answers:
            other = {
                name: np.full(len(asked), value, dtype=np.int8)
                for name, value in zip(choice.columns, answer, strict=True)
            }
            found.append(np.concatenate(cells.find(Variables(survey.structure, held | other))))
        weights = survey.weights[asked]
        # Respondents who are alike to all claims are of one kind.
        _, first, self.kind, self.sizes = np.unique(
            _hash_columns([*found, limits.T], weights),
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        self.inside = np.stack([one[:, first] for one in found]).astype(float)
        self.weights, self.limits = weights[first], limits[first]
        same = (now[:, None, :] == choice.answers[None]).all(axis=2)
        self.held = np.where(same.any(axis=1), same.argmax(axis=1), -1)
        self.now = np.zeros((len(first), len(choice.answers)))
        np.add.at(self.now, (self.kind, self.held), self.held >= 0)
        self.sums, self.cells = survey.sums[place.held], len(cells.cells)

    def solve(self, random):
        """(kinds x answers): how many of each kind shall have each answer, so that the claims are
        met, or else are missed by as little as can be; None where nothing was found.
        """
        matrix, low, high = self._write_claims()
        found = self._solve(matrix, low, high)
        if found is None:
            return None
        values, short = found
        low = np.where(self.goals.soft & (short > 0.5), -np.inf, low)
        return self._polish(self._round(values), random, matrix, low, high)

    def _polish(self, wanted, random, matrix, low, high):
        """Change the answers of one or two respondents at a time as long as that brings the claims
        nearer. Where nothing does, one is changed all the same, and it is tried from there.
        """
        (kinds, answers), dear = wanted.shape, self.goals.dear
        kind, one, other = (part.ravel() for part in np.indices((kinds, answers, answers)))
        moves = np.flatnonzero((one != other) & self.limits[kind, other])
        places, others = kind * answers + one, kind * answers + other
        kicks, wanted, best, least = 0, wanted.ravel(), None, np.inf
        for _ in range(STEPS):
            held = matrix @ wanted
            off = (np.maximum(low - held, 0) + np.maximum(held - high, 0)) @ dear
            if off < least - 1e-9:
                least, best = off, wanted.copy()
            able = random.permutation(moves[wanted[places[moves]] > 0])[:PAIRS]
            if off < 1e-9 or kicks >= KICKS or not len(able):
                break
            steps = matrix[:, others[able]] - matrix[:, places[able]]
            rows = np.flatnonzero(steps.any(axis=1))
            steps, able = np.concatenate([np.zeros((len(held), 1)), steps], axis=1), [-1, *able]
            costs = np.zeros((len(able), len(able)))
            for at in rows:
                sums = (held[at] + steps[at])[:, None] + steps[at]
                costs += dear[at] * np.maximum(np.maximum(sums - high[at], low[at] - sums), 0)
            first, second = np.unravel_index(np.argmin(costs), costs.shape)
            if costs[first, second] >= costs[0, 0] - 1e-9:
                kicks += 1
                first, second = 0, random.choice(np.argsort(costs[0, 1:])[:NEAREST]) + 1
            for at in (able[first], able[second]):
                if at >= 0 and wanted[places[at]] > 0:
                    wanted[places[at]] -= 1
                    wanted[others[at]] += 1
        return best.reshape(kinds, answers)

    def _solve(self, matrix, low, high):
        """The linear programme: answers = now + more - fewer, as few more as can be, and each claim
        may be missed at a price. Returns the answers, and by how much each claim is below.
        """
        from scipy.sparse import block_array, csr_array, diags_array, eye_array

        (kinds, answers), size, missed = self.now.shape, self.now.size, len(low)
        now, able, soft = self.now.ravel().astype(float), self.limits.ravel(), self.goals.soft
        inside = INSIDE * np.where(np.isfinite(high - low), high - low, 0)
        low, high = low + inside - matrix @ now, high - inside - matrix @ now
        lines, slack, places = csr_array(matrix), eye_array(missed), np.arange(size)
        # a wish costs no more where its cell moves the other way
        above = diags_array(np.where(soft, 1.0, -1.0))
        whole = csr_array((np.ones(size), (places // answers, places)), shape=(kinds, size))
        missing = self.sizes - self.now.sum(axis=1)
        none, endless = np.zeros(2 * missed), np.full(missed, np.inf)
        found = solve(
            np.concatenate(
                [
                    np.ones(size),
                    np.zeros(size),
                    np.where(soft, WISHED, DEAR * self.goals.dear),
                    np.where(soft, 0, DEAR * self.goals.dear),
                ]
            ),
            (
                np.concatenate([np.zeros(size), np.where(able, 0, now), none]),
                np.concatenate(
                    [
                        np.where(able, np.repeat(self.sizes, answers), 0),
                        now,
                        np.where(soft, np.maximum(low, 0), np.inf),
                        endless,
                    ]
                ),
            ),
            block_array([[lines, -lines, slack, above], [whole, -whole, None, None]], format="csr"),
            (np.concatenate([low, missing]), np.concatenate([high, missing])),
        )
        if found is None:
            return None
        values = now + found[:size] - found[size : 2 * size]
        return values.reshape(kinds, answers), found[2 * size : 2 * size + missed]

    def _round(self, values):
        """Whole numbers near these, as many of each kind in all."""
        whole = np.floor(values + 1e-6)
        missing = (self.sizes - whole.sum(axis=1)).astype(int)
        order = np.argsort(whole - values, axis=1, kind="stable")
        for kind in np.flatnonzero(missing > 0):
            whole[kind, order[kind, : missing[kind]]] += 1
        return whole.astype(int)

    def assign(self, wanted, random):
        """For each respondent the row of his answer, with as few changes as `wanted` allows."""
        rows = self.held.copy()
        for kind in np.flatnonzero((wanted != self.now).any(axis=1)):
            own = random.permutation(np.flatnonzero(self.kind == kind))
            left, free = wanted[kind].copy(), []
            for at in own:
                if rows[at] >= 0 and left[rows[at]] > 0:
                    left[rows[at]] -= 1
                else:
                    free.append(at)
            rows[free] = np.repeat(np.arange(len(left)), left)
        return rows

    def _write_claims(self):
        """Each claim as limits of a sum over kinds and answers, in respondents."""
        goals, lines, lows, highs = self.goals, [], [], []
        for at, kind in enumerate(goals.kinds):
            one, other = goals.first[at], goals.second[at]
            if kind < 2:
                line, rest = self._count(one, 0 if kind == 0 else 2)
                low, high = goals.low[at] - rest, goals.high[at] - rest
            else:
                line, low, high = self._write_share(at, one, other)
            lines.append(line)
            lows.append(low)
            highs.append(high)
        return np.array(lines).reshape(len(lines), self.now.size), np.array(lows), np.array(highs)

    def _write_share(self, at, one, other):
        """A share, or the difference of two, by its derivative where its base moves too."""
        goals = self.goals
        line, value = np.zeros(self.now.size), 0.0
        for cell, sign in ((one, 1), (other, -1))[: 1 if goals.kinds[at] == 2 else 2]:
            base, yes = self.sums[cell][1], self.sums[cell][3]
            share = np.clip(yes / base, 0, 1) if base > 0 else 0.0
            if goals.kinds[at] == 2:  # exact: at the nearer end of what it can be
                share = np.clip(share, goals.low[at] / 100, goals.high[at] / 100)
            base = max(base, 1e-9)
            up, down = self._count(cell, 3), self._count(cell, 1)
            line = line + sign * (up[0] - share * down[0]) / base
            value += sign * (share + (up[1] - share * down[1]) / base)
        if goals.kinds[at] == 4 and value + line @ self.now.ravel() < 0:
            line, value = -line, -value
        scale = max(self.sums[one][0], 1.0)
        return (
            scale * line,
            scale * (goals.low[at] / 100 - value),
            scale * (goals.high[at] / 100 - value),
        )

    def _count(self, cell, part):
        """(how each kind's answers add to one sum of a cell, what else is in that sum)."""
        place = self.inner.get(cell)
        if place is None:
            return np.zeros(self.now.size), self.sums[cell][part]
        inside = self.inside[:, place if part < 2 else self.cells + place].T
        line = (inside * self.weights[:, None] if part % 2 else inside).ravel()
        return line, self.sums[cell][part] - line @ self.now.ravel()


def _hash_columns(tables, weights):
    """A number for each respondent, the same for those who are alike in all tables (rows x
    respondents, of true and false) and in weight. That two others have the same is so unlikely
    (2**-64 a pair) that no second look is worth its time; the checks would find it.
    """
    found = weights.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    random = np.random.default_rng(len(weights))
    for table in tables:
        for part in np.packbits(table, axis=0):
            found += part * random.integers(1, 2**63, dtype=np.uint64) * np.uint64(2)
            found ^= found >> np.uint64(29)
    return found
