"""The pictures of the kinds of figure, painted on a sheet of a layout, and the colours with a
meaning.
"""

from itertools import cycle

from barometer.figures import bars, points, sheets
from barometer.figures.cells import is_open, round_shown, split_label
from barometer.figures.sheets import Row
from barometer.languages.speaking import _

# One colour, one meaning, in every figure: blue is the first of two groups and orange the second,
# purple is to the left of zero and green to the right, slate is everybody, teal the answers to a
# question. Blue and orange, 3:1 to white and to each other, are the pair of the UK Government
# Analysis Function's palette; purple and green stay apart for those who do not see red or green.
FIRST, SECOND, EVERYBODY = "#12436D", "#F46A25", "#333F4A"
LEFT, RIGHT = ("#4F1A63", "#AE79C4"), ("#5E9E3A", "#1F4711")  # in order, from left to right
PARTS = (RIGHT[0], FIRST)  # of a whole, heading by heading
ANSWERS = ("#21948A", sheets.OUTLINE, "#8A5A00")
# of groups' points: (colour, filled). A ring differs from a disc without colour.
LOOKS = ((FIRST, True), (SECOND, False), *((color, True) for color in ANSWERS))
PALE = ((sheets.GREY, True), (sheets.GREY, False))  # where a difference is none to build on
OF_ALL, BESIDE_ALL = (EVERYBODY, False), (EVERYBODY, True)


def paint_whole_and_parts(selection, whole, parts, layout):
    """The whole as a heavy bar, then each part, all on one scale from 0 to 100 per cent."""
    height = 16 if layout.label else 14
    rows, cells = [Row(selection.label(whole), 1, 26, "semibold")], [(whole, EVERYBODY)]
    for (heading, items), color in zip(parts.items(), cycle(PARTS), strict=False):
        rows.append(Row(heading, 0, weight="semibold"))
        cells.append(None)
        rows += [Row(_strip_heading(selection.label(item), heading), 1, height) for item in items]
        cells += [(item, color) for item in items]
    sheet, group = sheets.open_sheet(layout, rows), next(iter(selection.groups))
    bars.fit_track(sheet)
    painted = []
    for places, one in zip(sheet.places, cells, strict=True):
        if one:
            large = one[0] == whole
            look = (20, one[1], "semibold", 3) if large else (12, one[1], "regular", 0)
            painted.append((one[0], group, places[0], *look))
    bars.paint_shares(sheet, selection, painted)
    return sheets.close_sheet(sheet)


def paint_shares(selection, layout):
    """A bar per item, of one group."""
    rows = [Row(selection.label(item), 1, 16) for item in selection.items]
    sheet, group = sheets.open_sheet(layout, rows), next(iter(selection.groups))
    bars.fit_track(sheet)
    bars.paint_shares(sheet, selection, [
        (item, group, y, 12, EVERYBODY, "regular", 0)
        for item, (y,) in zip(selection.items, sheet.places, strict=True)
    ])  # fmt: skip
    return sheets.close_sheet(sheet)


def paint_balance(selection, rows, totals, words, layout):
    """Answers to the left and to the right of zero, one or two a side. `rows`: {label: (items to
    the left, items to the right)}, in the question's order; `totals`: {label: (cell, cell)}.
    """
    left, right = next(iter(rows.values()))
    # a side's one answer has its stronger colour; outwards from zero
    colors = LEFT[: len(left)][::-1], RIGHT[-len(right) :]
    heads = [(words[0], left[::-1], colors[0]), (words[1], right, colors[1])]
    keys = [_list_answers(selection, items) for _word, items, _tones in heads]
    head = layout.line * (1 + max(map(len, keys))) + 6
    rows_shown = [Row(label, 1, bars.STACK + 6) for label in rows]
    sheet = sheets.open_sheet(layout, rows_shown, head)
    reach = [
        max([0.1, *(float(round_shown(both[side].share)) for both in totals.values()
                    if is_open(both[side]))])
        for side in (0, 1)
    ]  # fmt: skip
    # room for the words above each side, and for the numbers at its end
    room = [
        22 + max(sheets.measure_text(word, "semibold", layout.size) for word in (text, *key))
        for (text, *_), key in zip(heads, keys, strict=True)
    ]
    beside = sheets.measure_text(_("fortroligt"), "semibold", layout.size) + 10
    scale = (sheet.width - 2 * beside) / sum(reach)
    for side in (0, 1):
        if reach[side] * scale + beside < room[side]:
            scale = min(scale, (sheet.width - beside - room[side]) / reach[1 - side])
    starts = [max(reach[side] * scale + beside, room[side]) for side in (0, 1)]
    zero = starts[0]
    sheet.axes.set_xlim(-zero / scale, (sheet.width - zero) / scale)
    for side, (text, _items, tones), key in zip((-1, 1), heads, keys, strict=True):
        _head_side(sheet, side, text[:1].upper() + text[1:], tones, key)
    both_totals = [totals[label] for label in rows]
    bars.paint_sides(sheet, selection, [
        (y, (one[::-1], both[0]), (other, both[1]))
        for (one, other), both, (y,) in zip(rows.values(), both_totals, sheet.places, strict=True)
    ], colors)  # fmt: skip
    bars.mark_zero(sheet)
    return sheets.close_sheet(sheet)


def paint_two_groups(selection, sections, layout, pair=False):
    """Two points per item, on a lane each with their intervals, or as a `pair` on one line.

    `sections`: (heading, items, whether they stand back, {item: word under its label}).
    """
    rows, drawn = [], []
    for heading, items, pale, under in sections:
        color = sheets.GREY if pale else sheets.INK
        if heading:
            rows.append(Row(heading, 0, weight="semibold", color=color))
            drawn.append(None)
        for item in items:
            weight = "regular" if heading or pair else "semibold"
            height = layout.line + (0.5 if layout.label else 1.5)
            lanes = {"lanes": 1, "height": height + 8} if pair else {"lanes": 2, "height": height}
            label, below = selection.label(item), under.get(item, "")
            rows.append(Row(label, **lanes, weight=weight, color=color, under=below))
            drawn.append((item, PALE if pale else LOOKS[:2]))
    key = list(selection.groups.values())
    head = sheets.measure_key(layout, key) + 3
    sheet = sheets.open_sheet(layout, rows, head)
    cells = [cell for item in selection.items for cell in selection.cells_of(item)]
    points.fit_scale(sheet, cells, before=pair)
    signs = [(points.sign(sheet, look), text) for look, text in zip(LOOKS, key, strict=False)]
    sheets.write_key(sheet, signs, layout.line / 2 + 1)
    for one, places in zip(drawn, sheet.places, strict=True):
        if one and pair:
            points.paint_pair(sheet, selection, one[0], places[0], one[1], "semibold")
        elif one:
            for group, y, look in zip(selection.groups, places, one[1], strict=True):
                points.paint_lane(sheet, selection, one[0], group, y, look)
    points.paint_points(sheet)
    return sheets.close_sheet(sheet)


def paint_answers(selection, layout):
    """A point per group, in each answer's rows: of three groups or more."""
    looks = dict(zip(selection.groups, cycle(LOOKS), strict=False))
    return _paint_blocks(selection, layout, lambda group: looks[group])


def paint_means(selection, ends, names, own, layout):
    """A point per group with its interval; of several items one block after the other, of one group
    a row each. `ends`: the least and the largest of the axis, None where the numbers decide.
    `names`: what the two ends are called, or ().
    """
    several = len(selection.groups) > 1
    return _paint_blocks(
        selection, layout, lambda _: BESIDE_ALL, None, own,
        plain=not several, fit=lambda sheet, cells: points.fit_values(sheet, cells, *ends),
        names=names,
    )  # fmt: skip


def paint_groups(selection, whole, own, layout):
    """A point per group; of several items one block after the other.

    `whole`: a group whose share is a line through the others; `own`: one that is the report's.
    """
    look = {whole: OF_ALL}
    return _paint_blocks(selection, layout, lambda one: look.get(one, BESIDE_ALL), whole, own)


def _paint_blocks(
    selection, layout, look, whole=None, own=None, plain=False, fit=points.fit_scale, names=()
):
    rows, drawn, several = [], [], len(selection.items) > 1 and not plain
    for item in selection.items:
        if several:
            rows.append(Row(selection.label(item), 0, weight="semibold"))
            drawn.append(None)
        for group, label in selection.groups.items():
            weight = "semibold" if group == own else "regular"
            rows.append(Row(selection.label(item) if plain else label, 1, layout.line + 2, weight))
            drawn.append((item, group))
    sheet = sheets.open_sheet(layout, rows, (layout.line + 4) * bool(names))
    fit(sheet, [selection.cell(*one) for one in drawn if one])
    if names:
        _name_ends(sheet, names)
    places = {one: y[0] for one, y in zip(drawn, sheet.places, strict=True) if one}
    for (item, group), y in places.items():
        points.paint_lane(sheet, selection, item, group, y, look(group))
    if whole in selection.groups:
        for item in selection.items:
            if is_open(cell := selection.cell(item, whole)):
                ends = [places[item, group] for group in selection.groups]
                share = float(round_shown(cell.share))
                style = {"color": EVERYBODY, "linewidth": 0.8, "linestyle": (0, (3, 2))}
                # where labels stand above their lanes, the line is broken so that it crosses none
                spans = [(min(ends), max(ends) + 6)]
                spans = spans if layout.label else [(y - 6, y + 6) for y in ends]
                for span in spans:
                    sheet.axes.plot([share] * 2, span, zorder=1, **style)
    points.paint_points(sheet)
    return sheets.close_sheet(sheet)


def _name_ends(sheet, names):
    """Above a scale what its two ends are called, each within its half."""
    y, grey = sheet.layout.line / 2 + 1, {"color": sheets.GREY}
    for text, x, place in zip(names, sheet.origin, ("left", "right"), strict=True):
        short = sheets.wrap_text(text, sheet.width / 2 - 6, size=sheet.layout.size).split("\n")
        sheets.write(sheet, short[0] + "…" * (len(short) > 1), x, y, 0, ha=place, **grey)


def _strip_heading(label, heading):
    rest = label.removeprefix(heading).strip()
    return rest[:1].upper() + rest[1:]


def _list_answers(selection, items):
    """The answers of a side, without the word that they all begin with."""
    answers = [split_label(selection.label(item))[1] for item in items]
    first = {answer.partition(" ")[0] for answer in answers}
    return [one.partition(" ")[2] if len(first) == 1 < len(answers) else one for one in answers]


def _head_side(sheet, side, text, tones, key):
    """The word above a side of zero, and below it which tone is which answer."""
    layout, place = sheet.layout, "right" if side < 0 else "left"
    y, point = layout.line / 2 + 1, sheets.find_point(sheet)
    sheets.write(sheet, text, 0, y, 6 * side, ha=place, weight="semibold", color=tones[-1])
    for color, answer in zip(tones, key, strict=True):
        y += layout.line
        start = 6 if side > 0 else -14
        sheets.paint_field(sheet, start * point, y, 8 * point, 8, facecolor=color)
        sheets.write(sheet, answer, 0, y, 18 * side, ha=place)
