"""Gives the respondents of a made-up survey other answers to one question, as few as can be, so
that what is claimed comes out: a linear programme over kinds of respondents, rounded.
"""

from dataclasses import dataclass

import numpy as np

from barometer.proofs.variables import Variables

DEAR = 200.0  # what missing a claim by a respondent costs, where changing an answer costs one
STEPS = 40  # changes that follow a programme
PAIRS = 80  # changes that are tried in pairs
VAIN = 3  # times that none of them helps
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
        kinds = np.concatenate(
            [
                *(np.packbits(one, axis=0) for one in found),
                np.packbits(limits, axis=1).T,
                weights.view(np.uint8).reshape(len(asked), 8).T,
            ]
        )
        # Respondents who are alike to all claims are of one kind.
        _, first, self.kind, self.sizes = np.unique(
            kinds, axis=1, return_index=True, return_inverse=True, return_counts=True
        )
        self.kind = self.kind.ravel()
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
        claims = self._write_claims()
        found = self._solve(*claims)
        return found if found is None else self._polish(found, random, *claims)

    def _polish(self, wanted, random, matrix, low, high):
        """Change the answers of one or two respondents at a time as long as that brings the claims
        nearer.
        """
        kinds, answers = wanted.shape
        kind, one, other = (part.ravel() for part in np.indices((kinds, answers, answers)))
        moves = np.flatnonzero((one != other) & self.limits[kind, other])
        held, vain = matrix @ wanted.ravel(), 0
        for _ in range(STEPS):
            off = np.maximum(low - held, 0) + np.maximum(held - high, 0)
            if off.sum() < 1e-9:
                break
            able = moves[wanted[kind[moves], one[moves]] > 0]
            able = random.permutation(able)[:PAIRS]
            steps = matrix[:, kind[able] * answers + other[able]]
            steps = steps - matrix[:, kind[able] * answers + one[able]]
            steps, able = np.concatenate([np.zeros((len(held), 1)), steps], axis=1), [-1, *able]
            sums = held[:, None, None] + steps[:, :, None] + steps[:, None, :]
            costs = (np.maximum(low[:, None, None] - sums, 0)).sum(axis=0)
            costs += (np.maximum(sums - high[:, None, None], 0)).sum(axis=0)
            first, second = np.unravel_index(np.argmin(costs), costs.shape)
            if costs[first, second] >= off.sum() - 1e-9:
                vain += 1
                if vain > VAIN:
                    break
                continue
            for at in (able[first], able[second]):
                if at >= 0 and wanted[kind[at], one[at]] > 0:
                    wanted[kind[at], one[at]] -= 1
                    wanted[kind[at], other[at]] += 1
            held = matrix @ wanted.ravel()
        return wanted

    def _solve(self, matrix, low, high):
        """The linear programme: answers = now + more - fewer, as few more as can be, and each claim
        may be missed at a price. Then whole numbers near its answers.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import block_array, csr_array, eye_array

        (kinds, answers), size, missed = self.now.shape, self.now.size, len(low)
        slack = eye_array(missed)
        places = np.arange(size)
        whole = csr_array((np.ones(size), (places // answers, places)), shape=(kinds, size))
        lines = [
            [csr_array(matrix), None, slack, -slack],
            [whole, None, None, None],
            [eye_array(size), -eye_array(size), None, None],
        ]
        most = np.where(self.limits, self.sizes[:, None], 0).ravel().astype(float)
        found = milp(
            np.concatenate([np.zeros(size), np.ones(size), np.full(2 * missed, DEAR)]),
            constraints=LinearConstraint(
                block_array(lines, format="csc"),
                np.concatenate([low, self.sizes, np.full(size, -np.inf)]),
                np.concatenate([high, self.sizes, self.now.ravel()]),
            ),
            bounds=Bounds(0, np.concatenate([most, np.full(size + 2 * missed, np.inf)])),
        )
        return None if found.x is None else self._round(found.x[:size].reshape(kinds, answers))

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
