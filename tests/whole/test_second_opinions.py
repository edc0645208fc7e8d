"""What others find of the same suppressed cells: tau-Argus' audit, the program that statistical
offices use.

The relations between counts go to it in its own format (JJ: cells and equations), and it finds by
itself between which limits each suppressed count lies.
"""

from dataclasses import replace
from math import ceil, floor

import pytest

from barometer.disclosure.relations import relate_cells
from barometer.suppression.attacks import attack
from tests.make.shipped import open_shipped

NEAR = 1e-6  # rounding noise of a linear programme
# kinds of respondents of a system: the audit has each for a suppressed cell of its own, and reads
# no sum of many more
MOST = 510


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


def audit_system(path, relations, closed):
    """{suppressed cell: (least, largest count)}, by tau-Argus' audit."""
    audit = pytest.importorskip("pytauargus._tauargus").audit_jj
    names = write_jj(path, relations.blocks[0], relations.counts, closed)
    return {
        names[row["cell"]]: (ceil(row["min"] - NEAR), floor(row["max"] + NEAR))
        for row in audit(str(path))
        if row["cell"] in names
    }


def attack_system(relations, closed):
    """The same by the program's own attacks."""
    found = {cell: attack(relations, closed, cell) for cell in closed}
    return {cell: (one.low, one.high) for cell, one in found.items()}


@pytest.mark.slow
def test_tau_argus_finds_the_same_limits_of_suppressed_counts_none_of_them_near(tmp_path):
    audited = {}
    for relations, held in list_systems():
        found = audit_system(tmp_path / "system.jj", relations, held)
        assert found == attack_system(relations, held)
        audited |= found
    assert len(audited) > 50
    assert min(high - low for low, high in audited.values()) >= relations.width


@pytest.mark.slow
def test_tau_argus_finds_what_comes_back_where_a_suppressed_cell_is_shown(tmp_path):
    relations, held = next(list_systems())
    left = frozenset(sorted(held)[-1:])
    found = audit_system(tmp_path / "system.jj", relations, left)
    assert found == attack_system(relations, left)
    assert [high - low for low, high in found.values()] == [0]
