"""Bars of cells on a sheet, drawn by seaborn; beside them numbers, intervals, closed fields."""

from math import isfinite

import numpy as np
import seaborn as sns

from barometer.figures import sheets
from barometer.figures.cells import NOBODY, has_interval, is_closed, is_open, write_share

STACK = 24  # points: thickness of a bar with segments
GAP = 26  # points: the field that stands for a closed segment
# points below a bar's middle: where the intervals of its segments lie, so that none meet
LANES = (7, -7, 10, -10)


def fit_scale(sheet, cells):
    """Choose the scale so that the longest bar fits; never so that 20 % looks full."""
    ends = [find_end(cell) for cell in cells if is_open(cell)]
    flags = filter(None, (getattr(cell, "flag", "") for cell in cells))
    beside = max((sheets.measure_text(f" {flag}") for flag in flags), default=0)
    room = sheet.width - 4 * sheets.LINE - beside
    sheet.axes.set_xlim(0, max([0.2, *ends]) * sheet.width / room)


def find_end(cell):
    """Where an open cell's bar and its interval are both past."""
    return max(round_shown(cell.share), round_shown(cell.high) if isfinite(cell.high) else 0)


def round_shown(share):
    """A share in whole per cent: a picture could be measured."""
    return np.floor(100 * np.asarray(share) + 0.5) / 100


def find_scale(width, *sides):
    """Points per share such that the longest bar with its closed segments fills `width`."""
    closed = sum(max(sum(map(is_closed, row)) for row in rows) for rows in sides)
    longest = sum(max(measure_reach(row) for row in rows) for rows in sides)
    return (width - GAP * closed) / max(longest, 0.2)


def measure_reach(cells, gap=0.0):
    """How far a bar of segments and their intervals reach, each closed one being `gap` long."""
    starts = np.cumsum([0, *(_measure_segment(cell, gap) for cell in cells)])
    placed = zip(starts, cells, strict=False)
    ends = [start + find_end(cell) for start, cell in placed if _is_drawn(cell)]
    return float(max([starts[-1], *ends]))


def paint_bars(sheet, cells, color, thickness):
    """A bar from zero for every open cell; None leaves its row empty."""
    known = {y: cell for y, cell in enumerate(cells) if cell and is_open(cell)}
    known = {str(y): round_shown(cell.share) for y, cell in known.items()}
    _paint(sheet, thickness, y=list(known), x=list(known.values()), color=color)


def frame_parts(sheet, cells):
    """A frame of the whole's (first cell's) length around each open part. Returns where numbers
    stand.

    None stands for a row without a bar. A closed whole has no frame to be read off.
    """
    whole, *parts = cells
    if not is_open(whole):
        return None
    parts = {y: cell for y, cell in enumerate(parts, 1) if cell and is_open(cell)}
    for y in parts:
        sheets.outline_field(sheet, 0, y, round_shown(whole.share), 12, solid=True)
    return max(map(find_end, (whole, *parts.values())))


def paint_pairs(sheet, selection, thickness, colors):
    """Two bars per row, `thickness` points together."""
    known = [
        (str(y), round_shown(cell.share), group)
        for group in selection.groups
        for y, cell in enumerate(selection.cells(group))
        if is_open(cell)
    ]
    rows, shares, groups = map(list, zip(*known, strict=True)) if known else ([], [], [])
    hues = {"hue": groups, "hue_order": list(selection.groups), "palette": list(colors)}
    _paint(sheet, thickness, y=rows, x=shares, gap=0.05, **hues)


def paint_stack(sheet, rows, colors, scale, side=1, edge=sheets.WHITE):
    """Rows of cells as segments outwards from zero, each with its number and its interval at its
    end.

    Returns how far each row reaches.
    """
    reached, taken = np.zeros(len(rows)), np.zeros((len(rows), 2))
    columns = zip(*rows, strict=True)
    for cells, color, lane in zip(columns, colors, LANES[: len(colors)], strict=True):
        lengths = np.array([_measure_segment(cell, GAP / scale) for cell in cells])
        known = [y for y, cell in enumerate(cells) if _is_drawn(cell)]
        _paint(
            sheet,
            STACK,
            y=[str(y) for y in known],
            x=list(side * lengths[known]),
            color=color,
            left=side * reached[known],
            edgecolor=edge,
            linewidth=0.8,
        )
        for y, cell in enumerate(cells):
            middle, length = (reached[y] + lengths[y] / 2), lengths[y]
            if is_closed(cell):
                sheets.outline_field(sheet, side * reached[y], y, side * length, STACK)
                sheets.write(sheet, cell.status, side * middle, y, ha="center", color=sheets.GREY)
            elif y in known:
                where = middle * scale, y, length * scale
                _write_segment(sheet, cell, *where, color, taken[y], side / scale)
                if has_interval(cell):
                    ends = side * (reached[y] + round_shown([cell.low, cell.high]))
                    paint_interval(sheet, *ends, y + lane / sheet.pitch)
        reached += lengths
    for y, cells in enumerate(rows):
        if {str(write_share(cell)) for cell in cells} == {NOBODY}:
            place = "left" if side > 0 else "right"
            sheets.write(sheet, NOBODY, 0, y, 5 * side, ha=place, color=sheets.GREY)
    return side * np.array([measure_reach(cells, GAP / scale) for cells in rows])


def mark_cell(sheet, cell, y, weight="regular", size=sheets.SIZE, place=None):
    """A bar's interval and number, at its end or `place`; a closed cell's mark at its start."""
    text = str(write_share(cell))
    if not is_open(cell):
        length = 12 * sheet.axes.get_xlim()[1] / sheet.width if is_closed(cell) else 0
        sheets.outline_field(sheet, 0, y, length, 8)
        return sheets.write(sheet, text, length, y, 5, color=sheets.GREY)
    if has_interval(cell):
        paint_interval(sheet, *round_shown([cell.low, cell.high]), y)
    return sheets.write(sheet, text, place or find_end(cell), y, 5, weight=weight, size=size)


def paint_interval(sheet, low, high, y):
    """A thin dark line; white below it keeps it visible on a dark bar."""
    for color, width in ((sheets.WHITE, 2.6), (sheets.INK, 1.0)):
        sheet.axes.plot(
            [low, high], [y, y], color=color, linewidth=width, solid_capstyle="butt", zorder=3
        )


def _paint(sheet, thickness, y, x, **drawing):
    if y:
        order, width = [str(row) for row in range(sheet.rows)], thickness / sheet.pitch
        plain = {"saturation": 1, "errorbar": None, "legend": False, "edgecolor": "none"}
        sns.barplot(
            y=y, x=x, order=order, orient="y", ax=sheet.axes, width=width, **plain | drawing
        )


def _write_segment(sheet, cell, middle, y, length, color, taken, unit):
    """Write a segment's number in it or, where it is too narrow, above or below; lengths in points.

    `unit`: a point in data. `taken`: how far the lines above and below are written on; it is moved
    on, so that no two numbers touch.
    """
    text = str(write_share(cell))
    width = sheets.measure_text(text)
    if width + 4 <= length:
        inks = sheets.INK, sheets.WHITE
        readable = max(inks, key=lambda ink: sheets.measure_contrast(ink, color))
        sheets.write(sheet, text, middle * unit, y, ha="center", color=readable)
        return
    level = int(taken[0] > taken[1])
    middle = max(middle, taken[level] + 3 + width / 2)
    taken[level] = middle + width / 2
    sheets.write(sheet, text, middle * unit, y, 0, (STACK / 2 + 5.5) * (1, -1)[level], ha="center")


def _is_drawn(cell):
    return is_open(cell) and cell.share > 0  # a stack has no field for an answer that nobody gave


def _measure_segment(cell, gap):
    return round_shown(cell.share) if is_open(cell) else gap if is_closed(cell) else 0.0
