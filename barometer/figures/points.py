"""Points of cells on a sheet, drawn by seaborn: each on a lane of its own with its interval, or two
on a line with what is between them.
"""

from math import isfinite

import numpy as np
import seaborn as sns

from barometer.figures import sheets
from barometer.figures.cells import (
    describe_cell,
    find_end,
    find_place,
    has_interval,
    is_open,
    write_drawn,
)

DIAMETER = 7.5  # points
LEAST = 0.2  # the shortest scale: below it differences look larger than they are


def fit_scale(sheet, cells, before=False):
    """A scale from zero on which the largest of the cells fits with its number beside it.

    `before`: numbers stand before points too, where one near zero needs room, and a closed one
    after the number of the other group.
    """
    size = sheet.layout.size
    words = [(find_end(cell) if is_open(cell) else 0, str(write_drawn(cell))) for cell in cells]
    room = 20 + max(sheets.measure_text(text, size=size) for _, text in words)
    room += 44 if before and not all(map(is_open, cells)) else 0
    top = max([LEAST, *(end for end, _ in words)])
    least = min([top, *(find_place(cell) for cell in cells if is_open(cell))])
    scale = (sheet.width - room) / top
    low = max(0, room - least * scale) if before else 0
    scale = (sheet.width - room - low) / top
    low = max(0, room - least * scale) if before else 5
    sheet.axes.set_xlim(-low / scale, -low / scale + sheet.width / scale)


def fit_values(sheet, cells, least, most):
    """A scale from `least` to `most`, or as far as cells go where one is None, with room for a
    number beside the last.
    """
    known = [cell for cell in cells if is_open(cell)]
    ends = [find_place(cell, end) for cell in known for end in ("low", "share", "high")
            if isfinite(getattr(cell, end))]  # fmt: skip
    start = min([0.0, *ends]) if least is None else least
    stop = max([start, *ends]) if most is None else most
    stop = stop if stop > start else start + 1
    words = [sheets.measure_text(str(write_drawn(cell)), size=sheet.layout.size) for cell in cells]
    room = 20 + max(words)
    scale = (sheet.width - room - 5) / (stop - start)
    sheet.origin[:] = start, stop
    sheet.axes.set_xlim(start - 5 / scale, start + (sheet.width - 5) / scale)


def paint_lane(sheet, selection, item, group, y, look):
    """A cell's point with its interval and its number, or the word for what is closed."""
    cell, (color, filled) = selection.cell(item, group), look
    text = describe_cell(selection, item, group)
    if not is_open(cell):
        start = sheet.origin[0]
        _write_lane(sheet, y, [(write_drawn(cell), start, 5, {"color": sheets.GREY})])
        reach = start + 60 * sheets.find_point(sheet)
        sheets.add_mark(sheet, start, reach, y, sheet.layout.line, text)
        return
    share = find_place(cell)
    if has_interval(cell):
        ends = [find_place(cell, end) for end in ("low", "high")]
        sheet.axes.plot(ends, [y, y], color=color, linewidth=1.6, zorder=2, solid_capstyle="butt")
    paint_point(sheet, share, y, color, filled)
    ink = sheets.GREY if color == sheets.GREY else sheets.INK
    gap = DIAMETER / 2 + 4 if find_end(cell) == share else 5
    end = max(find_end(cell), share + 4 * sheets.find_point(sheet))
    _write_lane(sheet, y, [(write_drawn(cell), end, gap, {"color": ink})])
    start = find_place(cell, "low") if has_interval(cell) else share
    sheets.add_mark(sheet, start, find_end(cell) + 32 * sheets.find_point(sheet), y,
                    sheet.layout.line, text)  # fmt: skip


def paint_pair(sheet, selection, item, y, looks, numbers):
    """The two groups' points of an item on one line, each number on its outer side.

    `numbers`: the weight of the numbers.
    """
    group_cells = [(group, selection.cell(item, group), look)
                   for group, look in zip(selection.groups, looks, strict=True)]  # fmt: skip
    known, written = [one for one in group_cells if is_open(one[1])], []
    known = sorted(known, key=lambda one: find_place(one[1]))
    if len(known) == 2:
        ends = [find_place(cell) for _, cell, _ in known]
        style = {"color": sheets.GREY, "linewidth": 2.2, "zorder": 2, "solid_capstyle": "butt"}
        sheet.axes.plot(ends, [y, y], **style)
    for place, (group, cell, (color, filled)) in enumerate(known):
        share = find_place(cell)
        paint_point(sheet, share, y, color, filled)
        first = place == 0 and len(known) == 2
        beside = {"ha": "right" if first else "left", "weight": numbers}
        shift = (DIAMETER / 2 + 4) * (-1 if first else 1)
        written.append((write_drawn(cell), share, shift, beside))
        reach = share + (-34 if first else 34) * sheets.find_point(sheet)
        text = describe_cell(selection, item, group)
        sheets.add_mark(sheet, share, reach, y, sheet.layout.line + 4, text)
    closed = [one for one in group_cells if not is_open(one[1])]
    for place, (group, cell, (color, filled)) in enumerate(closed):
        start = max([0.0, *(find_end(one[1]) for one in known)])
        dx = (44 if known else 8) + place * 0.4 * sheet.width
        point = sheets.find_point(sheet)
        paint_point(sheet, start + dx * point, y, color, filled)
        written.append((write_drawn(cell), start, dx + DIAMETER, {"color": sheets.GREY}))
        sheets.add_mark(sheet, start + dx * point, start + (dx + 60) * point, y,
                        sheet.layout.line, describe_cell(selection, item, group))  # fmt: skip
    _write_lane(sheet, y, written)


def _write_lane(sheet, y, words):
    """A lane's line from zero on, and words on it, which it does not go through: (text, share,
    points from there, style).
    """
    point, size, ends = sheets.find_point(sheet), sheet.layout.size, [sheet.origin[0]]
    gaps = []
    for text, share, dx, style in words:
        sheets.write(sheet, text, share, y, dx, **style)
        width = sheets.measure_text(str(text), style.get("weight", "regular"), size)
        left = dx - width if style.get("ha") == "right" else dx
        gaps.append((share + (left - 3) * point, share + (left + width + 3) * point))
    for start, end in sorted(gaps):
        ends += [max(start, ends[-1]), end]
    ends.append(max(sheet.axes.get_xlim()[1], ends[-1]))
    parts = [(start, end, np.nan) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    style = {"color": sheets.TRACK, "linewidth": 1, "zorder": 0.6}
    sheet.axes.plot(np.ravel(parts), np.full(np.size(parts), y), **style)


def paint_point(sheet, share, y, color, filled):
    """Put a disc, or a ring that differs from it without colour, among the sheet's points."""
    sheet.points.append((color, filled, share, y))


def paint_points(sheet):
    """Paint the points that were put on a sheet, those of a look in one call."""
    size = DIAMETER * sheet.layout.size / sheets.WIDE.size
    for color, filled in dict.fromkeys(point[:2] for point in sheet.points):
        points = [point[2:] for point in sheet.points if point[:2] == (color, filled)]
        shares, places = map(list, zip(*points, strict=True))
        sns.scatterplot(
            x=shares, y=places, ax=sheet.axes, marker="o", legend=False, zorder=4, clip_on=False,
            s=(size if filled else size - 0.6) ** 2, color=color if filled else sheets.WHITE,
            edgecolor=color, linewidth=0 if filled else 1.8,
        )  # fmt: skip


def sign(sheet, look):
    """What puts a group's point in a key, at points from the left of the page."""

    def paint(x, y):
        low = sheet.axes.get_xlim()[0]
        paint_point(sheet, low + (x - sheet.left) * sheets.find_point(sheet), y, *look)

    return paint
