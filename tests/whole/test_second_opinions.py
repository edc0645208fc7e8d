"""What others find of the same suppressed cells: tau-Argus' audit, the program that statistical
offices use.

The relations between counts go to it in its own format (JJ: cells and equations), and it finds by
itself between which limits each suppressed count lies.
"""

from dataclasses import replace

import pytest

from barometer.disclosure.relations import relate_cells
from barometer.suppression.attacks import attack
from tests.make.shipped import open_shipped

MOST = 700  # kinds of respondents of a system: the audit has each for a suppressed cell of its own


def write_jj(path, block, counts, closed):
    """The counts of a block and of its kinds of respondents, and that each is a sum of kinds.
    Returns {number of the cell: its name}.
    """
    cells, kinds, most = block.cells, block.lines.shape[1], sum(block.given)
    values = [*((counts[cell], "u" if cell in closed else "s") for cell in cells),
              *((count, "m") for count in block.given)]  # fmt: skip
    lines = [
        f"{number} {value} 1 {status} 0 {most} 0 0 0"
        for number, (value, status) in enumerate(values)
    ]
    equations = []
    for number, line in enumerate(block.lines):
        terms = [f"{len(cells) + kind} (1)" for kind in line.nonzero()[0]]
        terms.append(f"{number} (-1)")
        equations.append(f"0 {len(terms)} : {' '.join(terms)}")
    text = ["0", str(len(cells) + kinds), *lines, str(len(equations)), *equations]
    path.write_text("\n".join([*text, ""]), encoding="ascii")
    return dict(enumerate(cells))


def list_systems():
    """(relations of one block, its suppressed cells) of the shipped plan, where no other block has
    them too.
    """
    survey = open_shipped()
    relations = relate_cells(survey, sorted(survey.plan.scope))
    closed = frozenset(relations.names[cell] for cell in survey.plan.closed)
    for block in relations.blocks:
        held = closed.intersection(block.cells)
        others = [one for one in relations.blocks if one is not block]
        if (
            held
            and block.lines.shape[1] <= MOST
            and not any(held.intersection(one.cells) for one in others)
        ):
            yield replace(relations, blocks=(block,)), held


@pytest.mark.slow
@pytest.mark.parametrize("opened", [0, 1], ids=["the plan", "one cell opened"])
def test_tau_argus_finds_the_same_limits_of_suppressed_counts(tmp_path, opened):
    """And a plan in which one suppressed cell of each system is opened gives others back to both."""
    audit = pytest.importorskip("pytauargus._tauargus").audit_jj
    tried, revealed = 0, 0
    for number, (relations, held) in enumerate(list_systems()):
        closed = frozenset(sorted(held)[opened:])
        path = tmp_path / f"{number}.jj"
        names = write_jj(path, relations.blocks[0], relations.counts, closed)
        found = {names[row["cell"]]: row for row in audit(str(path)) if row["cell"] in names}
        assert found.keys() == closed
        for cell, row in found.items():
            ours = attack(relations, closed, cell)
            assert (row["min"], row["max"]) == pytest.approx((ours.low, ours.high), abs=1)
            assert (row["max"] - row["min"] >= relations.width) != ours.succeeds
            tried, revealed = tried + 1, revealed + ours.succeeds
    assert tried > 50
    assert (revealed > 0) == bool(opened)
