"""Figures of scales, and of many answers in many groups: picture, alternative text, note and table
in one call from one `Released`, as those of `figures/drawing.py`.
"""

from functools import partial

from barometer.figures import alt_texts, notes
from barometer.figures.cells import is_open, select_cells, write_share
from barometer.figures.drawing import finish
from barometer.figures.findings import MOST_BESIDE, tabulate_items
from barometer.languages.speaking import N_, _
from barometer.marks import IN_PICTURES
from barometer.shades import painting

ENDS = N_(("i den lave ende", "i den høje ende"))
AT_ENDS = N_("Ved enderne står, hvor mange der svarer på hver side af midten.")
UNDIVIDED = N_("En tom søjle har svar, der ikke vises hver for sig.")
SHADED = N_("Jo mørkere, des større andel.")
TABLE = N_("Tabel med {items} for {groups}, mørkere jo større andelen er.")


def draw_scale(released, id, title, rows, labels, groups, left_out=(), shows=""):
    """The answers to a scale, to both sides of its middle. `rows`: [(label, group, items from the
    lowest, (variable of those below the middle, of those above))]; `labels`: of the answers.
    """
    totals = [item for *_, pair in rows for item in pair]
    answers = [item for _, _, items, _ in rows for item in items]
    selection = select_cells(released, groups, dict.fromkeys([*totals, *answers]), left_out)
    drawn = []
    for label, group, items, pair in rows:
        half = len(items) // 2
        middle = selection.cell(items[half], group) if len(items) % 2 else None
        sides = items[:half][::-1], items[len(items) - half :]
        ends = [selection.cell(item, group) for item in pair]
        drawn.append((label, middle, *zip(sides, ends, strict=True)))
    added = {label: [total for _, total in sides] for label, _middle, *sides in drawn}
    undivided = any(
        is_open(total) and not painting.is_divided(selection, items, total)
        for _label, _middle, *sides in drawn
        for items, total in sides
    )
    further = " ".join([_(AT_ENDS), *[_(UNDIVIDED)] * undivided])
    note = notes.write_note(selection, shows, further, kept=True)
    alt = alt_texts.describe_balance(selection, added, [_(one) for one in ENDS])
    paint = partial(painting.paint_scale, selection, drawn, labels)
    ends = [cell for pair in added.values() for cell in pair]
    return finish(id, title, selection, alt, note, _tabulate(selection), paint, ends)


def draw_heat(released, id, title, items, groups, shows=""):
    """A table of shares with a shade for each: the fewer of answers and groups are its columns."""
    selection = select_cells(released, groups, items)
    rows = [(selection.label(item), (item, None)) for item in selection.items]
    columns = [(label, (None, group)) for group, label in selection.groups.items()]
    if len(columns) > len(rows):
        rows, columns = columns, rows
    held = {cell.status for item in selection.items for cell in selection.cells_of(item)}
    marks = [f"{mark} {_(word)}." for mark, word in IN_PICTURES.items() if mark in held]
    note = notes.write_note(selection, shows, " ".join([_(SHADED), *marks]), kept=True)
    alt = alt_texts.describe_distribution(selection, TABLE)
    paint = partial(painting.paint_heat, selection, rows, columns)
    return finish(id, title, selection, alt, note, _tabulate(selection), paint)


def _tabulate(selection):
    """A row per answer; of many groups there is no room for intervals."""
    if len(selection.groups) <= MOST_BESIDE:
        return tabulate_items(selection)
    return tabulate_items(selection, write=write_share)
