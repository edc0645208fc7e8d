"""Pictures in which tones grade: answers to both sides of a scale's middle, and tables of shares
with a shade for each.
"""

from itertools import repeat

from barometer.figures import bars, sheets
from barometer.figures.cells import describe_cell, is_closed, is_open, round_shown, write_drawn
from barometer.figures.charts import LEFT, RIGHT
from barometer.figures.sheets import OUTLINE, Row

# of the points of a scale on each side of its middle, outwards from there, and the middle's
LOWER = (LEFT[1], "#9661AC", "#7E4A94", "#67327B", LEFT[0])
UPPER = (RIGHT[0], "#4E8830", "#3E7226", "#2F5D1B", RIGHT[1])
MIDDLE, MIDDLE_EDGE = "#D5D8DC", "#7B8289"
STEPS = {1: (4,), 2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}  # of these tones
# of a table's cells, by fifths of what can be, and their numbers
SHADES = ("#F1F6F5", "#CFE6E3", "#93CAC4", "#4FADA4", OUTLINE)


def paint_scale(selection, rows, labels, layout):
    """The answers to a scale as a bar for each row, the middle answer in the middle, lower ones to
    the left and higher ones to the right, whose sum stands at each end.

    `rows`: [(label, middle cell or None, (items to the left, total), (items to the right, total))],
    items outwards; `labels`: the answers of the scale, from the lowest.
    """
    count = len(rows[0][2][0])
    lower, upper = ([tones[step] for step in STEPS[count]] for tones in (LOWER, UPPER))
    tones = [*lower[::-1], *[MIDDLE] * (len(labels) % 2), *upper]
    head = sheets.measure_key(layout, labels) + 2
    sheet = sheets.open_sheet(layout, [Row(row[0], 1, bars.STACK + 4) for row in rows], head)
    reach = [0.05, 0.05]
    for _label, middle, *sides in rows:
        half = float(round_shown(middle.share)) / 2 if middle and is_open(middle) else 0.0
        for side, (_items, total) in enumerate(sides):
            share = float(round_shown(total.share)) if is_open(total) else 0.0
            reach[side] = max(reach[side], half + share)
    words = [str(write_drawn(total)) for row in rows for _items, total in row[2:]]
    room = 8 + max(sheets.measure_text(word, "semibold", layout.size) for word in words)
    scale = (sheet.width - 2 * room) / sum(reach)
    start = -(reach[0] + room / scale)
    sheet.axes.set_xlim(start, start + sheet.width / scale)
    signs = [(_sign_field(sheet, tone), label) for tone, label in zip(tones, labels, strict=True)]
    sheets.write_key(sheet, signs, layout.line / 2 + 1)
    painted = [(y, *rest) for (_label, *rest), (y,) in zip(rows, sheet.places, strict=True)]
    _paint_rows(sheet, selection, painted, (lower, upper))
    if len(labels) % 2 == 0:
        bars.mark_zero(sheet)
    return sheets.close_sheet(sheet)


def _paint_rows(sheet, selection, rows, colors):
    """The bars of a scale. `rows`: as `paint_scale`, with y in place of the label; `colors`: the
    tones of each side, outwards.

    A side of which an answer is closed is one hollow bar: a tone would be that of one answer.
    """
    painted, hollow = [], {color: [] for color in (MIDDLE_EDGE, *(tones[-1] for tones in colors))}
    for y, middle, *sides in rows:
        half = 0.0
        if middle is not None and is_open(middle):
            half = float(round_shown(middle.share)) / 2
            hollow[MIDDLE_EDGE] += [(y, -half, 2 * half, MIDDLE, bars.STACK)] if half else []
            text = describe_cell(selection, middle.item, middle.group)
            sheets.add_mark(sheet, -half, half, y, bars.STACK, text)
        for side, (items, total), tones in zip((-1, 1), sides, colors, strict=True):
            beside, end = {"ha": "right" if side < 0 else "left", "weight": "semibold"}, half
            if is_open(total):
                share = float(round_shown(total.share))
                end += share
                if is_divided(selection, items, total):
                    side_of = items, total
                    painted += bars.list_segments(sheet, selection, side_of, tones, y, side, half)
                else:
                    bar = y, side * half, side * share, sheets.WHITE, bars.STACK
                    hollow[tones[-1]].append(bar)
            else:
                beside |= {"color": sheets.GREY, "weight": "regular"}
            bars.write_end(sheet, selection, total, side * end, y, side, beside)
    bars.paint_bars(sheet, painted, sheets.WHITE)
    for edge, ones in hollow.items():
        bars.paint_bars(sheet, ones, edge)


def is_divided(selection, items, total):
    """Whether the answers of a side can be shown beside each other."""
    return all(is_open(selection.cell(item, total.group)) for item in items)


def _sign_field(sheet, color):
    """What puts a coloured square in a key, at points from the left of the page."""
    edge = {"edgecolor": MIDDLE_EDGE, "linewidth": 0.8} if color == MIDDLE else {}

    def paint(x, y):
        point, low = sheets.find_point(sheet), sheet.axes.get_xlim()[0]
        sheets.paint_field(sheet, low + (x - 5 - sheet.left) * point, y, 8 * point, 8,
                           facecolor=color, clip_on=False, **edge)  # fmt: skip

    return paint


def paint_heat(selection, rows, columns, layout):
    """A table of shares whose cells are the darker the larger they are, each with its number.

    `rows`, `columns`: [(label, (item or None, group or None))], of which each pair is a cell.
    Columns that have no room for their labels have letters, explained above.
    """
    height, labels = layout.line + 8, [label for label, _ in columns]
    lines_of = [Row(label, 1, height) for label, _ in rows]
    lettered = not all(map(_fit_heads, sheets.LAYOUTS, repeat(lines_of), repeat(labels)))
    letters = [chr(ord("A") + place) for place in range(len(columns))]
    key = labels if lettered else []
    heads = letters if lettered else _fit_heads(layout, lines_of, labels)
    lines = 1 + max(text.count("\n") for text in heads)
    above = sheets.measure_key(layout, key) if key else 0
    head = above + lines * layout.line + 2
    sheet = sheets.open_sheet(layout, lines_of, head)
    sheet.axes.set_xlim(0, 1)
    if key:
        signs = [(_sign_letter(sheet, letter), label)
                 for letter, label in zip(letters, key, strict=True)]  # fmt: skip
        sheets.write_key(sheet, signs, layout.line / 2 + 1)
    width, point = 1 / len(columns), sheets.find_point(sheet)
    for place, text in enumerate(heads):
        for line, word in enumerate(reversed(text.split("\n"))):
            y = head - layout.line * (line + 0.5)
            sheets.write(sheet, word, (place + 0.5) * width, y, ha="center", weight="semibold")
    for (_label, row), (y,) in zip(rows, sheet.places, strict=True):
        for place, (_head, column) in enumerate(columns):
            item, group = (one or other for one, other in zip(row, column, strict=True))
            cell = selection.cell(item, group)
            shade = SHADES[min(4, int(5 * round_shown(cell.share)))] if is_open(cell) else None
            ink = sheets.WHITE if shade == OUTLINE else sheets.INK if shade else sheets.GREY
            if shade:
                start, length = place * width + point, width - 2 * point
                sheets.paint_field(sheet, start, y, length, height, facecolor=shade)
            # a column has no room for a word, and the note explains the mark
            word = cell.status if is_closed(cell) else write_drawn(cell)
            sheets.write(sheet, word, (place + 0.5) * width, y, ha="center", color=ink, zorder=5)
            ends = place * width, (place + 1) * width
            sheets.add_mark(sheet, *ends, y, height, describe_cell(selection, item, group))
    return sheets.close_sheet(sheet)


def _fit_heads(layout, rows, labels):
    """The labels of columns, broken into lines; [] where one is too long for its column."""
    wide = sheets.open_sheet(layout, rows).width / len(labels) - 4
    fitted = [sheets.wrap_text(label, wide, "semibold", layout.size) for label in labels]
    long = any("-\n" in text.replace("–", "") or text.count("\n") > 2 for text in fitted)
    return [] if long else fitted


def _sign_letter(sheet, letter):
    """What puts a letter in a key, at points from the left of the page."""
    return lambda x, y: sheets.write(sheet, letter, 0, y, x - 5 - sheet.left, where="axes",
                                     weight="semibold")  # fmt: skip
