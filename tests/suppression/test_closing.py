"""The optimiser on tables small enough to solve by hand: cells are named by their place, kinds are
the inner cells.
"""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from barometer.data.domains import name_domain
from barometer.disclosure.relations import Block, Relations
from barometer.disclosure.rules import LIMITS
from barometer.suppression import closing
from barometer.suppression.attacks import NoPlan, Search, attack
from barometer.suppression.bounds import Exhausted, Progress
from barometer.suppression.closing import close_patterns, close_secondary
from barometer.suppression.patterns import mask_answers, narrow
from barometer.suppression.programmes import Programme
from barometer.suppression.reopening import open_again


def make_relations(inner, closable_margins=True):
    """A two-way table of counts with all its sums, as `Relations`: cell (row, column, "") with "+"
    for a sum.
    """
    counts, lines = {}, {}
    rows, columns = inner.shape
    for row in [*range(rows), "+"]:
        for column in [*range(columns), "+"]:
            line = np.zeros(inner.shape, dtype=bool)
            line[slice(None) if row == "+" else row, slice(None) if column == "+" else column] = (
                True
            )
            cell = (str(row), str(column), "")
            lines[cell], counts[cell] = line.ravel(), int(inner[line].sum())
    block = Block(tuple(lines), np.array(list(lines.values())))
    return Relations((block,), {cell: cell for cell in lines}, {}, counts)


def name(*places):
    return {(row, column, "") for row, column in places}


TABLE = np.array([[2, 20, 30], [40, 50, 60], [70, 80, 90]])


def test_a_count_closed_alone_comes_back_exactly_by_subtraction():
    found = attack(make_relations(TABLE), frozenset(name("00")), ("0", "0", ""))
    assert (found.low, found.high) == (2, 2)
    assert found.succeeds


def test_the_attack_names_open_cells_that_gave_the_count_away():
    used = attack(make_relations(TABLE), frozenset(name("00")), ("0", "0", "")).used
    line, column = name("01", "02", "0+"), name("10", "20", "+0")
    assert line <= used or column <= used or len(used) >= 3


def test_two_closed_in_a_row_still_come_back_from_their_columns():
    relations = make_relations(TABLE)
    assert attack(relations, frozenset(name("00", "01")), ("0", "0", "")).succeeds


def test_a_rectangle_hides_a_count_up_to_the_smallest_on_its_way():
    relations, closed = make_relations(TABLE), frozenset(name("00", "01", "10", "11"))
    found = attack(relations, closed, ("0", "0", ""))
    # the corner can take all of its row's 20, and give all its own 2
    assert (found.low, found.high) == (0, 22)
    assert not found.succeeds


def test_a_cell_in_which_nobody_can_be_needs_no_others_and_stops_no_plan():
    relations = make_relations(TABLE)
    block, nobody = relations.blocks[0], ("9", "+", "")
    lines = np.vstack([block.lines, np.zeros(TABLE.size, dtype=bool)])
    blocks = (Block((*block.cells, nobody), lines),)
    relations = replace(relations, blocks=blocks, counts=relations.counts | {nobody: 0})
    assert Search(relations).hide(nobody, frozenset({nobody}))
    assert not Search(relations).hide(("0", "0", ""), frozenset({nobody}))
    assert close_secondary(relations, {nobody}) == {nobody}
    assert close_patterns(relations, {nobody}) == {nobody}
    assert nobody in close_secondary(relations, {nobody, *name("00")})


def test_the_plan_closes_the_fewest_cells_and_of_those_the_smallest():
    closed = close_secondary(make_relations(TABLE), name("00"))
    # every way takes three more; these add up to least
    assert closed == name("00", "01", "10", "11")
    assert all(not attack(make_relations(TABLE), closed, cell).succeeds for cell in closed)


def test_two_small_counts_in_one_row_do_not_hide_each_other():
    """2 and 1 add up to 3: their range is wide enough. 1 and 1 add up to 2, and a third must go."""
    row = make_relations(np.array([[1, 2, 30, 40]]))
    assert close_secondary(row, name("00", "01")) >= name("00", "01")
    wide = attack(row, close_secondary(row, name("00", "01")), ("0", "0", ""))
    assert wide.high - wide.low >= LIMITS.smallest_count
    pair = make_relations(np.array([[1, 1, 30, 40]]))
    assert len(close_secondary(pair, name("00", "01")) - name("00", "01")) >= 1


def test_the_plan_is_the_same_whatever_the_order_of_the_cells():
    relations = make_relations(TABLE)
    turned = Relations(
        (Block(relations.blocks[0].cells[::-1], relations.blocks[0].lines[::-1]),),
        dict(reversed(relations.names.items())),
        {},
        relations.counts,
    )
    assert close_secondary(relations, name("00")) == close_secondary(turned, name("00"))


def test_what_may_not_be_closed_stays_open():
    relations = make_relations(TABLE)
    allowed = set(relations.counts) - name("01", "10", "11")
    closed = close_secondary(relations, name("00"), allowed)
    assert not closed & name("01", "10", "11")
    assert not attack(relations, closed, ("0", "0", "")).succeeds


def test_in_patterns_too_no_closed_count_comes_back_and_what_is_dear_stays_open_where_it_can():
    """The cheapest rectangle has its corner at 1, 1; where that is dear, others are closed."""
    relations = make_relations(TABLE)
    for dear in (set(), name("11"), name("11", "12", "21", "22")):
        closed = close_patterns(relations, name("00"), dear)
        assert name("00") < closed
        assert all(not attack(relations, closed, cell).succeeds for cell in closed)
    assert not close_patterns(relations, name("00"), name("11")) & name("11")


def test_a_closed_count_that_nothing_can_hide_is_told():
    with pytest.raises(NoPlan, match="open already"):
        close_secondary(make_relations(TABLE), name("00"), name("00"))


def test_a_closed_base_closes_everything_asked_of_it():
    relations = make_relations(TABLE)
    asked = Relations(
        relations.blocks,
        relations.names,
        {("0", "+", ""): {("0", "1", ""), ("0", "2", "")}},
        relations.counts,
    )
    assert close_secondary(asked, name("0+")) >= name("0+", "01", "02")


def test_counts_that_contradict_each_other_are_told():
    relations = make_relations(TABLE)
    broken = Relations(
        relations.blocks, relations.names, {}, relations.counts | {("+", "+", ""): 1}
    )
    with pytest.raises(NoPlan, match="contradict"):
        attack(broken, frozenset(name("00")), ("0", "0", ""))


def test_where_time_is_over_all_is_closed_but_what_is_dear_as_long_as_that_tells_nothing():
    relations, sums = make_relations(TABLE), name("0+", "1+", "2+", "+0", "+1", "+2", "++")
    inner = frozenset(relations.counts) - sums
    over = Progress(0)
    assert close_patterns(relations, name("00"), sums, tell=over) == inner
    assert over.reached
    assert close_secondary(relations, name("00"), tell=Progress(0)) == frozenset(relations.counts)
    # the rest of its row is dear, and gives it away
    row = name("01", "02", "0+")
    assert close_patterns(relations, name("00"), row, tell=Progress(0)) >= row


def make_fields(inner):
    """Counts of answers (rows) in fields (columns), with all sums, as `Relations`."""
    rows, columns = inner.shape
    cells, lines = [], []
    for row in [*range(rows), None]:
        for column in [*range(columns), None]:
            line = np.zeros(inner.shape, dtype=bool)
            line[slice(None) if row is None else row, slice(None) if column is None else column] = 1
            item = "all" if row is None else f"answer={row}"
            cells.append((item, "all", "all" if column is None else f"field=f{column}"))
            lines.append(line.ravel())
    block = Block(tuple(cells), np.array(lines), inner.ravel())
    counts = dict(zip(cells, (block.lines @ block.given).tolist(), strict=True))
    return Relations((block,), {cell: cell for cell in cells}, {}, counts)


@pytest.mark.parametrize("seed", range(8))
def test_patterns_in_few_domains_are_safe_from_attacks_in_all(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    relations = make_fields(rng.integers(0, 12, (5, 12)) + 8 * (rng.random((5, 12)) < 0.7))
    small = frozenset(
        cell for cell, count in relations.counts.items() if 0 < count < LIMITS.smallest_count
    )
    assert small
    attacked = []
    with monkeypatch.context() as patch:
        patch.setattr(closing, "MUCH", 0)
        patch.setattr(Programme, "reach", lambda *given: attacked.append(given))
        closed = close_secondary(relations, small)
    assert attacked == []  # each cell has a witness
    assert closed > small and len(closed) < len(relations.counts) / 2
    assert all(not attack(relations, closed, cell).succeeds for cell in closed)


def test_moves_between_few_domains_leave_all_others_as_they_are():
    relations = make_fields(np.array([[2, 20, 30], [40, 50, 60]]))
    masks = [mask_answers(block) for block in relations.blocks]
    (block,), counts = narrow(relations.blocks, (("field", {"f0", "f1"}),), masks)
    assert counts["answer=0", "all", "all"] == 22 and counts["all", "all", "all"] == 112
    assert all(cell[2] != "field=f2" for cell in block.cells) and block.given.sum() == 112
    elsewhere = Programme([block], counts)
    assert elsewhere.force(("answer=0", "all", "field=f2"), 3, 1) is None


@pytest.mark.parametrize("seed", range(8))
def test_what_is_closed_in_vain_is_opened_again_and_nothing_comes_back(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    relations = make_fields(rng.integers(0, 12, (5, 8)) + 8 * (rng.random((5, 8)) < 0.7))
    small = frozenset(
        cell for cell, count in relations.counts.items() if 0 < count < LIMITS.smallest_count
    )
    monkeypatch.setattr(closing, "MUCH", 0)
    with monkeypatch.context() as patch:
        patch.setattr(closing, "open_again", lambda relations, closed, *_: closed)
        before = close_patterns(relations, small)
    closed = close_patterns(relations, small)
    assert small <= closed <= before
    assert all(not attack(relations, closed, cell).succeeds for cell in closed)


def make_crossed(rng, sizes=(2, 2, 2)):
    """Two questions of four answers, asked of the same respondents of three dimensions, in all
    parts by one dimension and by two: a block of each question; both have the numbers asked.
    """
    places = np.indices(sizes).reshape(3, -1)
    named = ["all"] + [name_domain(dict(part)) for part in _list_parts(sizes)]
    insides = [np.ones(places.shape[1], dtype=bool)]
    for part in _list_parts(sizes):
        insides.append(
            np.all([places[NAMES.index(name)] == int(code[1]) for name, code in part], axis=0)
        )
    asked, blocks, counts = rng.integers(5, 60, places.shape[1]), [], {}
    for question in "ab":
        given = np.array([rng.multinomial(many, (0.6, 0.25, 0.1, 0.05)) for many in asked])
        cells, lines = [], []
        for domain, inside in zip(named, insides, strict=True):
            for answer in [None, *range(4)]:
                item = "all" if answer is None else f"{question}={answer}"
                cells.append((item, "all", domain))
                chosen = np.isin(range(4), range(4) if answer is None else [answer])
                lines.append(np.outer(inside, chosen).ravel())
        blocks.append(Block(tuple(cells), np.array(lines), given.ravel()))
        counts |= dict(zip(cells, (blocks[-1].lines @ blocks[-1].given).tolist(), strict=True))
    return Relations(tuple(blocks), {cell: cell for cell in counts}, {}, counts)


NAMES = ("sector", "field", "size")


def _list_parts(sizes):
    named = zip(NAMES, sizes, strict=True)
    codes = [[(name, f"{name[0]}{at}") for at in range(many)] for name, many in named]
    return [one for many in (1, 2) for held in combinations(codes, many) for one in product(*held)]


@pytest.mark.parametrize("seed", range(2))
def test_patterns_of_crossed_parts_are_safe_and_first_move_only_what_no_other_question_has(
    seed, monkeypatch
):
    relations, begun = make_crossed(np.random.default_rng(seed)), []
    small = frozenset(cell for cell, many in relations.counts.items() if 0 < many < 3)
    monkeypatch.setattr(closing, "MUCH", 0)
    force = Programme.force

    def note(programme, target, *way):
        moves = force(programme, target, *way)
        begun.append((target, len(programme.blocks), moves))
        return moves

    monkeypatch.setattr(Programme, "force", note)
    closed = close_secondary(relations, small)
    assert begun and begun[0][1] == 1  # though the numbers asked link both blocks
    alone = [moves for target, many, moves in begun if many == 1 and moves and target[0] != "all"]
    assert alone and not any(cell[0] == "all" for moves in alone[:1] for cell in moves)
    assert closed >= small and len(closed) < len(relations.counts)
    assert all(not attack(relations, closed, cell).succeeds for cell in closed)


@pytest.mark.parametrize("tries", [0, 4, 1000])
def test_what_is_opened_when_the_work_is_done_stays_open(tries):
    relations, left = make_relations(TABLE), iter(range(tries))
    everything, corner = frozenset(relations.counts), frozenset(name("00"))

    def is_safe(few, opened):
        if next(left, None) is None:
            raise Exhausted
        return all(not attack(relations, few, cell).succeeds for cell in few)

    costs = dict.fromkeys(everything, 1.0)
    closed = open_again(relations, everything, corner, costs, is_safe)
    assert corner < closed and all(not attack(relations, closed, cell).succeeds for cell in closed)
    assert (len(closed) < len(everything)) == (tries > 0)
    if tries == 1000:  # all that is left is needed
        assert all(not is_safe(closed - {cell}, cell) for cell in closed - corner)


@pytest.mark.parametrize("work", [0, 1e9])
def test_a_plan_that_is_too_much_work_closes_all_and_says_that_it_gave_up(work):
    relations, progress = make_relations(TABLE), Progress()
    bounds = closing.Bounds(work, work, work)
    closed = close_patterns(relations, frozenset(name("00")), bounds=bounds, tell=progress)
    assert progress.given_up == (closed == frozenset(relations.counts)) == (work == 0)
    assert not progress.reached
