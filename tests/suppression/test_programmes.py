"""The programmes that are kept between attacks: the same bounds as programmes that are made anew by
another solver's interface, whatever was asked before.
"""

import highspy
import numpy as np
import pytest
from scipy.optimize import linprog

from barometer.disclosure.relations import Block
from barometer.suppression.bounds import Effort, Exhausted
from barometer.suppression.programmes import FIXED, NoPlan, Programme
from tests.suppression.test_closing import TABLE, make_relations, name


def make_system(seed):
    """Blocks of cells that share some, the counts of a made population, and which are closed."""
    rng = np.random.default_rng(seed)
    blocks, counts = [], {}
    shared = rng.integers(0, 9, 4)
    for number in range(rng.integers(1, 4)):
        kinds, cells = int(rng.integers(4, 12)), int(rng.integers(4, 9))
        people = rng.integers(0, 9, kinds)
        people[:4] = shared  # the first kinds are the same people in each block
        lines = rng.random((cells, kinds)) < 0.4
        lines[0] = np.arange(kinds) < 2
        lines[1] = (np.arange(kinds) >= 1) & (np.arange(kinds) < 4)
        names = [("shared", str(cell), "") for cell in (0, 1)]
        names += [(str(number), str(cell), "") for cell in range(2, cells)]
        blocks.append(Block(tuple(names), lines))
        counts |= dict(zip(names, (lines @ people).tolist(), strict=True))
    closed = frozenset(cell for cell in counts if rng.random() < 0.5)
    return tuple(blocks), counts, closed


def bound(blocks, counts, closed, target, side):
    """How far a closed cell can move, by a programme of its own: equations of the open cells, and
    that a closed cell of several blocks is one.
    """
    ends = np.cumsum([0, *(block.lines.shape[1] for block in blocks)])
    rows, values, seen = [], [], {}
    for first, last, block in zip(ends, ends[1:], blocks, strict=False):
        for cell, line in zip(block.cells, block.lines, strict=True):
            row = np.zeros(ends[-1])
            row[first:last] = line
            if cell not in closed:
                rows.append(row)
                values.append(counts[cell])
            elif cell in seen:
                rows.append(row - seen[cell])
                values.append(0)
            else:
                seen[cell] = row
    matrix = (np.array(rows), values) if rows else (None, None)
    found = linprog(-side * seen[target], A_eq=matrix[0], b_eq=matrix[1], method="highs")
    if found.status != 0:
        return np.inf
    return side * (seen[target] @ found.x - counts[target])


@pytest.mark.parametrize("seed", range(40))
def test_bounds_are_those_of_programmes_made_anew_whatever_was_asked_before(seed):
    blocks, counts, closed = make_system(seed)
    programme, rng = Programme(blocks, counts), np.random.default_rng(seed)
    for shown in (closed, closed | {*list(counts)[:3]}, closed):  # more are closed, and opened
        programme.close(shown)
        for target in rng.permutation(sorted(shown)).tolist():
            target = tuple(target)
            for side in (1, -1):
                far, moves, used = programme.reach(target, side)
                assert far == pytest.approx(bound(blocks, counts, shown, target, side), abs=1e-6)
                assert not used & shown and not {*(moves or ())} - shown


@pytest.mark.parametrize("seed", range(20))
def test_the_open_cells_that_are_named_are_enough_to_give_the_bound(seed):
    blocks, counts, closed = make_system(seed)
    programme = Programme(blocks, counts)
    programme.close(closed)
    for target in sorted(closed):
        far, _, used = programme.reach(target, 1)
        others = frozenset(counts) - used
        assert bound(blocks, counts, others, target, 1) == pytest.approx(far, abs=1e-6)


def test_a_corner_reaches_as_far_as_the_least_on_its_way_and_no_farther_than_it_is_asked_to():
    relations = make_relations(TABLE)
    programme = Programme(relations.blocks, relations.counts)
    programme.close(frozenset(name("00", "01", "10", "11")))
    corner = ("0", "0", "")
    assert [programme.reach(corner, side)[0] for side in (1, -1)] == [20, 2]
    assert programme.reach(corner, 1, 3)[0] == 3
    moves = programme.reach(corner, 1, 3)[1]
    assert {cell[0] + cell[1]: move for cell, move in moves.items()} == pytest.approx(
        {"00": 3, "01": -3, "10": -3, "11": 3}
    )


def test_a_forced_move_takes_the_cheapest_way_and_says_where_there_is_none():
    relations = make_relations(TABLE)
    programme, inner = Programme(relations.blocks, relations.counts), name("01", "10", "11")
    costs = dict.fromkeys(relations.counts, 1.0)
    programme.close(frozenset(name("00")), costs)
    moves = programme.force(("0", "0", ""), 3, 1).values()
    assert len(moves) == 4 and {abs(move) for move in moves} == {3}  # in its row, and beyond it
    programme.close(frozenset(name("00")), dict.fromkeys(inner, 1.0))
    assert programme.force(("0", "0", ""), 3, 1).keys() == name("00", "01", "10", "11")
    assert programme.force(("0", "0", ""), 3, -1) is None  # there are two
    programme.close(frozenset(name("00")), dict.fromkeys(name("01"), 1.0))
    assert programme.force(("0", "0", ""), 3, 1) is None


@pytest.mark.parametrize("seed", range(10))
def test_what_is_forced_does_not_depend_on_what_was_forced_or_closed_before(seed):
    blocks, counts, closed = make_system(seed)
    programme, costs = Programme(blocks, counts), dict.fromkeys(counts, 1.0)
    for shown in (closed, closed | {*list(counts)[:3]}, closed):
        for target in sorted(shown):
            for side in (1, -1):
                alone = Programme(blocks, counts)
                for one in (programme, alone):
                    one.close(shown, costs)
                size = min(2, counts[target]) if side < 0 else 2
                assert programme.force(target, size, side) == alone.force(target, size, side)


def test_counts_that_contradict_each_other_and_work_that_may_not_be_done_are_told():
    relations = make_relations(TABLE)
    broken = Programme(relations.blocks, relations.counts | {("+", "+", ""): 1})
    broken.close(frozenset(name("00")))
    with pytest.raises(NoPlan, match="contradict"):
        broken.reach(("0", "0", ""), 1)
    programme = Programme(relations.blocks, relations.counts, Effort(limit=1))
    programme.close(frozenset(name("00")))
    with pytest.raises(Exhausted):
        programme.reach(("0", "0", ""), 1)


def test_one_programme_does_not_go_on_beyond_the_work_that_may_be_done():
    relations = make_relations(np.arange(1, 145).reshape(12, 12))
    effort = Effort(FIXED + 5 * 169)  # five steps with a row for each cell and margin
    programme = Programme(relations.blocks, relations.counts, effort)
    programme.close(frozenset(relations.counts))
    with pytest.raises(Exhausted):
        programme.reach(("0", "0", ""), 1)
    assert effort.done <= 2 * FIXED + 7 * 169


def test_a_process_that_uses_highs_with_more_threads_is_attacked_in_like_any_other():
    """HiGHS has one set of threads for a process and refuses a model that asks for another."""
    blocks, counts, closed = make_system(3)
    target = next(
        cell for cell in sorted(closed) if np.isfinite(bound(blocks, counts, closed, cell, 1))
    )
    other = highspy._Highs()
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 2)
    highspy._Highs.resetGlobalScheduler(True)
    other.passModel(highspy.HighsLp())
    assert other.run() == highspy.HighsStatus.kOk
    programme = Programme(blocks, counts)
    programme.close(closed)
    assert programme.reach(target, 1)[0] == pytest.approx(bound(blocks, counts, closed, target, 1))
