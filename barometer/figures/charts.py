"""The pictures of the five kinds of figure, painted on a sheet, and the colours with a meaning."""

from itertools import cycle
from math import isfinite

from barometer.figures import bars, sheets
from barometer.figures.cells import WORDS, name_verdict, split_label
from barometer.text import write_number

# One colour, one meaning, in every figure: blue is the first of two groups and orange the second,
# purple is to the left of zero and green to the right, slate is everybody, teal the answers to a
# question. Blue and orange, 3:1 to white and to each other, are the pair of the UK Government
# Analysis Function's palette; purple and green stay apart for those who do not see red or green.
# Three steps between white and black cannot all be 3:1 to white and to their neighbours, so the
# palest is outlined.
FIRST, SECOND, EVERYBODY = "#12436D", "#F46A25", "#333F4A"
LEFT, RIGHT = ("#4F1A63", "#AE79C4"), ("#5E9E3A", "#1F4711")  # in order, from left to right
PARTS = (RIGHT[0], FIRST)  # of a whole, heading by heading
ANSWERS = (sheets.OUTLINE, "#21948A", "#E3F3F1", "#8A5A00")
VERDICT = 62  # points: width of the words on a difference
DISTRIBUTION = {
    "difference": "sikker forskel",
    "no_difference": WORDS["no_difference"],
    "tendency": "tendens til forskel",
}
# without a test: all were asked, or are alike
KNOWN = {"difference": "forskel", "no_difference": "ingen forskel"}


def paint_whole_and_parts(selection, whole, parts):
    """The whole as a heavy bar, then each part as what it fills of the whole's frame."""
    lines = [(whole, selection.label(whole), EVERYBODY)]
    for (heading, items), color in zip(parts.items(), cycle(PARTS), strict=False):
        labels = {item: _strip_heading(selection.label(item), heading) for item in items}
        lines += [(None, heading, color), *((item, labels[item], color) for item in items)]
    bold = ["semibold", *("regular" for _ in lines[1:])]
    sheet = sheets.open_sheet([label if item else "" for item, label, _ in lines], 24, weights=bold)
    group = next(iter(selection.groups))
    cells = [selection.cell(item, group) if item else None for item, *_ in lines]
    bars.fit_scale(sheet, [cell for cell in cells if cell])
    numbers = bars.frame_parts(sheet, cells)
    for y, (cell, (_, label, color)) in enumerate(zip(cells, lines, strict=True)):
        if cell:
            bars.paint_bars(sheet, [*[None] * y, cell], color, 12 if y else 20)
            bars.mark_cell(sheet, cell, y, bold[y], sheets.SIZE if y else 12, numbers)
        else:  # nearer to the bars it heads than to those above
            sheets.write(sheet, label, 0, y, 1 - sheet.left, -4, weight="semibold", where="axes")
    return sheets.close_sheet(sheet)


def paint_balance(selection, rows, totals):
    """Answers to the left and to the right of zero, one or two a side. `rows`: {label: (items to
    the left, items to the right)}, in the question's order.
    """
    left, right = next(iter(rows.values()))
    # a side's one answer has its stronger colour
    colors = (LEFT[: len(left)], RIGHT[-len(right) :])
    answers = [split_label(selection.label(item))[1] for item in (*left, *right)]
    key = list(zip((*colors[0], *colors[1]), answers, strict=True))
    sheet = sheets.open_sheet(list(rows), 52, key)
    group = next(iter(selection.groups))
    # outwards from zero
    cells = {
        -1: [[selection.cell(item, group) for item in reversed(one)] for one, _ in rows.values()],
        1: [[selection.cell(item, group) for item in other] for _, other in rows.values()],
    }
    scale = bars.find_scale(sheet.width - 5 * sheets.LINE - 8, *cells.values())
    reach = {
        side: max(bars.measure_reach(row, bars.GAP / scale) for row in cells[side])
        for side in cells
    }
    spare = (sheet.width / scale - sum(reach.values())) / 2
    sheet.axes.set_xlim(-reach[-1] - spare, reach[1] + spare)
    for side, painted in ((-1, colors[0][::-1]), (1, colors[1])):
        ends = bars.paint_stack(sheet, cells[side], painted, scale, side, edge=sheets.WHITE)
        for y, end in enumerate(ends):
            if isfinite(total := totals[y][1 if side < 0 else 2]):
                text, where = write_number(total, "percent"), "left" if side > 0 else "right"
                sheets.write(sheet, text, end, y, 5 * side, ha=where, weight="semibold")
    return sheets.close_sheet(sheet)


def paint_distribution(selection):
    """One bar per group, its segments labelled; the whole table's verdict at the right margin."""
    test = selection.released.distribution
    verdict = selection.read_verdict(test) if test else ""
    colors = ANSWERS[: len(selection.items)]
    key = [
        (color, selection.label(item)) for color, item in zip(colors, selection.items, strict=True)
    ]
    right = VERDICT + 8 if verdict else 0
    sheet = sheets.open_sheet(list(selection.groups.values()), 48, key, right)
    cells = [selection.cells(group) for group in selection.groups]
    scale = bars.find_scale(sheet.width - 22, cells)
    sheet.axes.set_xlim(0, sheet.width / scale)
    bars.paint_stack(sheet, cells, colors, scale, edge=sheets.OUTLINE)
    if verdict:
        words = f"{(KNOWN if test.status else DISTRIBUTION)[verdict]} samlet set"
        write_verdict(sheet, words, (sheet.rows - 1) / 2, verdict == "difference")
    return sheets.close_sheet(sheet)


def paint_two_groups(selection, tested):
    """Pairs of bars; at the right margin, row by row, the verdict on their difference."""
    right = VERDICT + 8 if tested else 0
    key = list(zip((FIRST, SECOND), selection.groups.values(), strict=True))
    labels = list(map(selection.label, selection.items))
    sheet = sheets.open_sheet(labels, 33, key, right, key_end=sheets.PAGE - right)
    bars.fit_scale(sheet, [cell for group in selection.groups for cell in selection.cells(group)])
    bars.paint_pairs(sheet, selection, 20, (FIRST, SECOND))
    if tested:
        start = sheets.PAGE - VERDICT
        second = start + 16 + sheets.measure_text("mod")
        sheets.write_key(sheet, [(start, FIRST, "mod"), (second, SECOND, "")])
    for y, item in enumerate(selection.items):
        for cell, shift in zip(selection.cells_of(item), (-5.25, 5.25), strict=True):
            bars.mark_cell(sheet, cell, y + shift / sheet.pitch)
        if tested:
            write_verdict(sheet, name_verdict(selection, item), y, selection.is_sure(item))
    return sheets.close_sheet(sheet)


def write_verdict(sheet, words, y, sure):
    """What a test found, at the right margin; what is no sure difference steps back."""
    weight, color = ("semibold", sheets.INK) if sure else ("regular", sheets.GREY)
    text = sheets.wrap_text(words, VERDICT, weight)
    sheets.write(sheet, text, 1, y, 8, where="axes", weight=weight, color=color)


def paint_groups(selection):
    """One bar per group."""
    sheet = sheets.open_sheet(list(selection.groups.values()), 26)
    cells = selection.cells_of(selection.items[0])
    bars.fit_scale(sheet, cells)
    bars.paint_bars(sheet, cells, EVERYBODY, 13)
    for y, cell in enumerate(cells):
        bars.mark_cell(sheet, cell, y)
    return sheets.close_sheet(sheet)


def _strip_heading(label, heading):
    rest = label.removeprefix(heading).strip()
    return rest[:1].upper() + rest[1:]
