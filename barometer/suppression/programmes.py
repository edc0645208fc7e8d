"""Linear programmes over kinds of respondents: one model of a set of blocks, kept as long as it is
of use.

A row says of a cell of a block that its kinds add up to its count and to what it has moved, up or
down. An open cell moves by nothing; a suppressed one, and one that may still be suppressed, has
columns that say how much. So what is suppressed and what is asked for change bounds and costs
alone, and each search begins where the last one ended (HiGHS, primal simplex; Huangfu & Hall 2018),
or, where moves cost something, where nothing moves (dual simplex).
"""

from dataclasses import dataclass
from functools import cached_property
from time import monotonic

import numpy as np
from scipy.sparse import coo_array, csr_array

from barometer.errors import BarometerError
from barometer.suppression.bounds import Effort, Exhausted

NEAR = 1e-6  # rounding noise of a linear programme
STEPS = 200_000  # of one linear programme; the longest seen took some thousand
WARM_STEPS = 5_000  # the same, of one that begins where another has ended
SPREADING = 1_500  # the same, of one that need not come to an end
FIXED = 20_000  # units of work (`bounds.py`) that any linear programme costs
ENDED = ("kIterationLimit", "kTimeLimit")  # statuses of HiGHS
PRIMAL, DUAL = 4, 1  # HiGHS's simplex methods
SENSE = 1  # HiGHS's word for the least
FREE = 0.0  # price of work that is done once for many searches, whichever comes first
GAIN = 1e4  # what a respondent more in a target is worth, beside what any move costs


class NoPlan(BarometerError):
    """Some suppressed count comes back whatever else is suppressed."""


@dataclass(frozen=True, eq=False)
class Block:
    """Cells that share their questions. `lines` (cells x kinds): whether a kind of respondent is
    counted in a cell. `given`: how many respondents are of each kind, where that is known.
    """

    cells: tuple
    lines: np.ndarray
    given: np.ndarray | None = None

    def __reduce__(self):
        # an eighth as large, as large ones are sent to others
        return _unpack, (self.cells, np.packbits(self.lines), self.lines.shape, self.given)


class Programme:
    """The model of some blocks with the counts of their cells. `effort`: `bounds.Effort`.

    Raises `Exhausted` where the work may not be done, `NoPlan` for counts that contradict each
    other.
    """

    def __init__(self, blocks, counts, effort=None):
        self.blocks, self.effort = blocks, effort or Effort()
        self.kinds = sum(block.lines.shape[1] for block in blocks)
        self.cells = tuple(dict.fromkeys(cell for block in blocks for cell in block.cells))
        self.places = {cell: place for place, cell in enumerate(self.cells)}
        self.counts = np.array([counts[cell] for cell in self.cells], dtype=float)
        # of the columns: how far each cell can move up, then down, and what a respondent costs
        self._limits = self._costs = np.zeros(2 * len(self.cells))
        self._asked, self._begun, self._unmoved = [], False, None

    def close(self, closed, costs=None):
        """Let suppressed cells move, and others only for what that costs, `costs`: {cell: of a
        respondent}.
        """
        costs = costs or {}
        free = np.array([cell in closed for cell in self.cells])
        movable = free | np.array([cell in costs for cell in self.cells])
        prices = np.where(free, 0.0, [costs.get(cell, 0.0) for cell in self.cells])
        self._drop_question()
        limits = np.concatenate([np.where(movable, np.inf, 0), np.where(movable, self.counts, 0)])
        if len(changed := np.flatnonzero(limits != self._limits)):
            self._change_limits(changed, limits[changed])
        prices = np.concatenate([prices, prices])
        if len(changed := np.flatnonzero(prices != self._costs)):
            self._change_costs(changed, prices[changed])
        self._limits, self._costs = limits, prices

    def reach(self, target, side, most=np.inf):
        """How far a suppressed cell can move up (`side` 1) or down (-1), at most `most`: (how far,
        {cell: how it moves}, open cells that keep it from moving further).

        Where there is no end to it: (infinity, None, none).
        """
        self._ask([target], most * (side > 0), most * (side < 0))
        if not self._solve(target):
            return np.inf, None, frozenset()
        moves = self._list_moves()
        far = abs(moves.get(target, 0.0))
        return far, moves, frozenset() if far > most - NEAR else self._list_used()

    def spread(self, targets, most, turned=False):
        """{cell: how it moves} of answers that move as many of some suppressed cells as can be, by
        up to `most` each, every other one of them downwards where it has as many; `turned`: the
        others. Where moves cost something, none where it takes long.
        """
        ups = [bool(place % 2) != turned or self.counts[self.places[cell]] < most
               for place, cell in enumerate(targets)]  # fmt: skip
        ups = np.array(ups)
        self._ask(targets, most * ups, most * ~ups)
        if not self._costs.any():
            self._solve(targets[0])
            return self._list_moves()
        return self._list_moves() if self._run(PRIMAL, SPREADING) == "kOptimal" else {}

    def force(self, target, size, side):
        """{cell: how it moves} where a cell moves by `size` and others as cheaply as can be; None
        where it cannot.
        """
        if target not in self.places:  # nobody can be in it
            return None
        self._drop_question()
        self._begin_anew()
        place = self.places[target]
        self._asked = np.array([place, place + len(self.cells)])
        sizes = np.array([size * (side > 0), size * (side < 0)], dtype=float)
        self._model.changeColsBounds(2, self._asked.astype(np.int32), sizes, sizes)
        status = self._run(DUAL, STEPS)
        if status in ENDED:
            raise Exhausted
        return self._list_moves() if status == "kOptimal" else None

    @cached_property
    def _model(self):
        import highspy  # here: a report is made without attacks, and starts sooner without this

        equations, values = self._set_up()
        moving, columns = len(self._limits), equations.shape[1]
        none = np.zeros(columns)
        most = np.concatenate([self._limits, np.full(columns - moving, np.inf)])
        shape = columns, len(values), equations.nnz, int(highspy.MatrixFormat.kRowwise), SENSE, 0.0
        entries = equations.indptr, equations.indices, equations.data
        model = highspy._Highs()  # Highs itself writes a notice to standard output
        options = {"output_flag": False, "presolve": "off", "threads": 1, "solver": "simplex"}
        for name, value in options.items():
            model.setOptionValue(name, value)
        model.passModel(*shape, none, none, most, values, values, *entries, none.astype(np.int32))
        return model

    def _set_up(self):
        """The equations (a row for each cell of each block) and the counts that are on their right
        sides.
        """
        rows, columns, signs, values, row, first = [], [], [], [], 0, len(self._limits)
        for block in self.blocks:
            line, kind = block.lines.nonzero()
            places = np.array([self.places[cell] for cell in block.cells])
            lines = np.arange(row, row + len(places))
            rows += [row + line, lines, lines]
            columns += [first + kind, places, len(self.cells) + places]
            signs += [np.ones(len(line)), -np.ones(len(places)), np.ones(len(places))]
            given = block.given
            values.append(self.counts[places] if given is None else block.lines @ given)
            first, row = first + block.lines.shape[1], row + len(places)
        entries = np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))
        return csr_array(coo_array(entries, shape=(row, first))), np.concatenate(values)

    def _solve(self, target):
        """Whether there is an end to what was asked for."""
        status = self._run(PRIMAL, WARM_STEPS)
        if status == "kIterationLimit":  # the primal simplex cycles now and then
            self._model.clearSolver()
            status = self._run(DUAL, STEPS)
        if status == "kUnbounded":
            return False
        if status in ENDED:
            raise Exhausted
        if status != "kOptimal":
            raise NoPlan(f"the open counts contradict each other at {target}")
        return True

    def _run(self, method, steps, price=1.0):
        model = self._model
        model.setOptionValue("simplex_strategy", method)
        if price:
            allowed = max(self.effort.limit - self.effort.done, 0.0) / model.getNumRow() + 1
            steps = int(min(steps, allowed))
        model.setOptionValue("simplex_iteration_limit", steps)
        rest = max(self.effort.until - monotonic(), 0.0)
        model.setOptionValue("time_limit", model.getRunTime() + rest)
        if model.run().name == "kError":  # others in the process use HiGHS with more threads
            model.resetGlobalScheduler(True)
            model.run()
        done = max(model.getInfo().simplex_iteration_count, 0)
        self.effort.spend(price * (FIXED + done * model.getNumRow()))
        return model.getModelStatus().name

    def _list_moves(self):
        moved = np.array(self._model.getSolution().col_value[: len(self._limits)])
        ups, downs = moved.reshape(2, -1)
        return {
            self.cells[place]: float(ups[place] - downs[place])
            for place in np.flatnonzero(np.abs(ups - downs) > NEAR)
        }

    def _list_used(self):
        duals = np.array(self._model.getSolution().col_dual[: len(self.cells)])
        still = self._limits[: len(self.cells)] == 0
        return frozenset(self.cells[place] for place in np.flatnonzero(still & (abs(duals) > NEAR)))

    def _ask(self, targets, ups, downs):
        """Ask for as much movement of some cells, up and down, as is allowed of each."""
        if not self._begun:  # some answers that give every count, from which all searches begin
            self._begun = True
            self._run(DUAL, STEPS)
        self._drop_question()
        places = np.array([self.places[cell] for cell in targets])
        self._asked = np.concatenate([places, places + len(self.cells)])
        most = np.nan_to_num(np.append(ups, downs), posinf=np.inf)
        gain = GAIN if self._costs.any() else 1.0
        self._change_costs(self._asked, np.where(most > 0, -gain, 0.0))
        self._change_limits(self._asked, np.minimum(most, self._limits[self._asked]))

    def _begin_anew(self):
        """Go to answers in which no cell moves, so that nothing costs anything. From there the dual
        simplex finds what is asked for in a tenth of the steps that it takes from another answer.

        They are the same whatever was asked for before, and so is what is found from there.
        """
        if self._unmoved is None:
            columns = np.arange(len(self._limits))
            none = np.zeros(len(columns))
            self._change_limits(columns, none)
            self._change_costs(columns, none)
            self._model.clearSolver()
            if all(block.given is not None for block in self.blocks):
                self._model.setBasis(self._list_given())
            self._run(DUAL, STEPS, FREE)
            self._unmoved = self._model.getBasis()
            self._change_limits(columns, self._limits)
            self._change_costs(columns, self._costs)
        self._model.clearSolver()
        self._model.setBasis(self._unmoved)

    def _list_given(self):
        """A basis of the kinds of which there are some. It is the truth, or near it where they
        depend on each other.
        """
        import highspy

        given = np.concatenate([block.given for block in self.blocks]) > 0
        some = np.concatenate([np.zeros(len(self._limits), dtype=bool), given])
        ways = highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic
        basis = highspy.HighsBasis()
        basis.col_status = [ways[one] for one in some.tolist()]
        basis.row_status = [ways[0]] * self._model.getNumRow()
        basis.alien = True
        return basis

    def _drop_question(self):
        if len(self._asked):
            self._change_costs(self._asked, self._costs[self._asked])
            self._change_limits(self._asked, self._limits[self._asked])
            self._asked = []

    def _change_costs(self, columns, costs):
        self._model.changeColsCost(len(columns), columns.astype(np.int32), np.asarray(costs, float))

    def _change_limits(self, columns, limits):
        lower, limits = np.zeros(len(columns)), np.asarray(limits, float)
        self._model.changeColsBounds(len(columns), columns.astype(np.int32), lower, limits)


def _unpack(cells, lines, shape, given):
    unpacked = np.unpackbits(lines, count=shape[0] * shape[1])
    return Block(cells, unpacked.view(bool).reshape(shape), given)
