"""Opens again what was suppressed in vain: patterns are found one after another, and a later one
can make a cell of an earlier one needless.
"""

from barometer.suppression.bounds import Exhausted

MANY = 25  # suppressed cells that would need other witnesses; with more, a cell is left as it is


def open_again(relations, closed, primary, costs, is_safe):
    """`closed` without the cells that need not be suppressed: each is opened, the dearest first,
    where none of the others is known too well then. Those of `primary` stay.

    `costs`: {cell: what closing it costs}; `is_safe(closed, opened)`: whether none is known too
    well when a cell has been opened. Ends where that raises `Exhausted`, with what is opened by
    then.
    """
    bases = {}
    for base, cells in relations.asked.items():
        for cell in cells - {base}:
            bases.setdefault(cell, []).append(base)
    try:
        for cell in sorted(closed - primary, key=lambda one: (-costs.get(one, 0), one)):
            if not closed.isdisjoint(bases.get(cell, ())):
                continue
            if is_safe(fewer := closed - {cell}, cell):
                closed = fewer
    except Exhausted:
        pass
    return closed


def is_safe_near(closed, opened, search, batches):
    """Whether each cell whose witness needed the one that was `opened` has another: moves between
    few domains, of suppressed cells alone.
    """
    left = [cell for cell in search.list_hidden_by(opened) if cell in closed]
    left = [cell for cell in left if not search.hide(cell, closed)]
    if len(left) > MANY:
        return False
    for batch in batches.divide(left, lambda cell: search.hide(cell, closed)):
        for moves in batches.hide(closed, batch):
            if not moves:
                return False
            search.keep(moves)
    return True
