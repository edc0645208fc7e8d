"""Bars of cells on a sheet, drawn by seaborn: on a track that is the whole, and to both sides of
zero.
"""

import numpy as np
import seaborn as sns

from barometer.figures import sheets
from barometer.figures.cells import (
    describe_cell,
    find_end,
    has_interval,
    is_open,
    round_shown,
    write_drawn,
)

STACK = 24  # points: thickness of a bar with segments


def fit_track(sheet, widest=""):
    """A scale from 0 to 100 per cent, with room for the widest number beside a full bar."""
    room = 12 + sheets.measure_text(widest or "100 %", "semibold", sheet.layout.size + 3)
    sheet.axes.set_xlim(0, sheet.width / (sheet.width - room))


def paint_shares(sheet, selection, rows):
    """A bar on its track per row: (item, group, y, thickness, colour, weight, points that its
    number is larger than the text).

    A closed cell has its word on an empty track.
    """
    painted = []
    for item, group, y, thickness, color, weight, more in rows:
        cell = selection.cell(item, group)
        sheets.paint_field(sheet, 0, y, 1, thickness, facecolor=sheets.TRACK)
        end, style = 0, {"color": sheets.GREY}
        if is_open(cell):
            painted.append((y, 0, float(round_shown(cell.share)), color, thickness))
            end, style = find_end(cell), {"weight": weight, "size": sheet.layout.size + more}
            if has_interval(cell):
                paint_interval(sheet, *round_shown([cell.low, cell.high]), y)
        sheets.write(sheet, write_drawn(cell), end, y, 6, **style)
        text = describe_cell(selection, item, group)
        sheets.add_mark(sheet, 0, 1, y, max(thickness, sheet.layout.line), text)
    paint_bars(sheet, painted)


def paint_sides(sheet, selection, rows, colors):
    """Answers outwards from zero, and what they are in all as the number at the end of each side.

    `rows`: (y, (items to the left, their total as a cell), the same to the right), items from zero
    outwards; `colors`: of each side, likewise. A bar is of one colour where an answer is closed;
    where the total is, its word stands alone.
    """
    painted = []
    for y, *sides in rows:
        for side, (items, total), tones in zip((-1, 1), sides, colors, strict=True):
            beside = {"ha": "right" if side < 0 else "left", "weight": "semibold"}
            end = 0.0
            if is_open(total):
                end = float(round_shown(total.share))
                painted += list_segments(sheet, selection, (items, total), tones, y, side, 0.0)
            else:
                beside |= {"color": sheets.GREY, "weight": "regular"}
            write_end(sheet, selection, total, side * end, y, side, beside)
    paint_bars(sheet, painted, sheets.WHITE)


def write_end(sheet, selection, total, end, y, side, style):
    """The number of a side at its end, or its word."""
    sheets.write(sheet, write_drawn(total), end, y, 6 * side, **style)
    reach = end + side * 36 * sheets.find_point(sheet)
    text = describe_cell(selection, total.item, total.group, total)
    sheets.add_mark(sheet, end, reach, y, STACK, text)


def list_segments(sheet, selection, side_of, tones, y, side, begin):
    """The bars of a side's answers, which reach their total together. `side_of`: (items outwards,
    total); `begin`: how far from zero they begin.
    """
    items, total = side_of
    end = begin + float(round_shown(total.share))
    cells = [selection.cell(item, total.group) for item in items]
    if not all(map(is_open, cells)):
        return [(y, side * begin, side * (end - begin), tones[-1], STACK)]
    # the total is rounded by itself, so the last answer has what the others leave
    ends = np.minimum(begin + np.cumsum([round_shown(cell.share) for cell in cells]), end)
    bounds = [begin, *map(float, ends[:-1]), end]
    segments = []
    for item, color, start, stop in zip(items, tones, bounds, bounds[1:], strict=False):
        if stop > start:
            segments.append((y, side * start, side * (stop - start), color, STACK))
            text = describe_cell(selection, item, total.group)
            sheets.add_mark(sheet, side * start, side * stop, y, STACK, text)
    return segments


def mark_zero(sheet):
    """A line through zero at each row."""
    for (y,) in sheet.places:
        ends = y - STACK / 2 - 3, y + STACK / 2 + 3
        sheet.axes.plot([0, 0], ends, color=sheets.INK, linewidth=0.8, zorder=5)


def paint_interval(sheet, low, high, y):
    """A thin dark line; white below it keeps it visible on a dark bar."""
    for color, width in ((sheets.WHITE, 2.6), (sheets.INK, 1.0)):
        sheet.axes.plot(
            [low, high], [y, y], color=color, linewidth=width, solid_capstyle="butt", zorder=3
        )


def paint_bars(sheet, bars, edge=None):
    """Bars as (y, start, length, colour, thickness), those of a look in one call."""
    looks = dict.fromkeys((color, thickness) for *_, color, thickness in bars)
    for color, thickness in looks:
        places, starts, lengths = zip(
            *sorted(bar[:3] for bar in bars if bar[3:] == (color, thickness)), strict=True
        )
        # seaborn takes a bar's width in parts of the least distance between two
        between = min(np.diff(np.unique(places)), default=1.0)
        sns.barplot(
            y=list(places), x=list(lengths), left=np.array(starts), color=color, orient="y",
            ax=sheet.axes, width=thickness / between, native_scale=True, saturation=1,
            errorbar=None, legend=False, edgecolor=edge or "none", linewidth=0.8 if edge else 0,
        )  # fmt: skip
