"""The report's figures: picture, alternative text, note and table made in one call from one `Released`.

The picture holds bars and their labels only; title and note are text on the page. seaborn draws the bars. Every
length on the sheet is in points, so that text keeps its size and margins follow from the text that stands in them.
"""
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import pairwise
from math import isfinite, nan

import numpy as np
import seaborn as sns
from matplotlib import figure, font_manager, style
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from barometer import notes
from barometer.display import Figure, clean_svg
from barometer.notes import is_open, select_cells, sort_items, tell_share
from barometer.paths import FONTS

THEME = str(FONTS.parent / "theme.mplstyle")
PAGE = 6.3 * 72        # points: width of an A4 page's text
STACK = 24             # points: thickness of a bar with segments
LABEL = 150            # points: widest column of labels before they wrap
SIZE, LINE = 9, 11.5   # points: text and its line spacing
CAPITAL = 0.698        # height of IBM Plex Sans' capitals, as a part of the size: what centres a line on its bar
GAP = 26               # points: the field that stands for a closed segment

INK, GREY, WHITE = "#1D1D1D", "#595959", "#FFFFFF"
# One colour, one meaning, in every figure. Dark blue and orange, 3:1 to white and to each other, are the pair of the
# UK Government Analysis Function's palette; answers have hues of their own. Three steps between white and black cannot
# all be 3:1 to white and to their neighbours, so the palest is outlined.
FIRST, SECOND, PART = "#12436D", "#F46A25", "#2073BC"
ANSWERS = ("#08403C", "#21948A", "#E3F3F1", "#7A4FA3")
OUTLINE = ANSWERS[0]
BALANCE = {"hindered_high": "#801650", "hindered_some": "#D0719F",
           "promoted_some": "#21948A", "promoted_high": "#08403C"}


@dataclass(frozen=True)
class Sheet:
    """A figure's surface: rows 0, 1, … downwards, `pitch` points apart, in axes `width` points wide from `left`."""

    canvas: figure.Figure
    axes: object
    left: float
    width: float
    pitch: float
    rows: int


def draw_whole_and_parts(released, id, title, whole, parts, shows="", group="all"):
    """A share and the overlapping parts it is made of. `parts`: heading → items, whose labels begin with it.

    `shows` replaces the note's first sentence, where a person can say better what the figure shows.
    """
    items = [item for members in parts.values() for item in members]
    selection = select_cells(released, [group], [whole, *items])
    shows = shows or (f"Figuren viser andelen ”{selection.label(whole)}” og de dele, den er sammensat af. Den samlede "
                      "andel tæller alle med, som mindst én af delene gælder for.")
    note = notes.write_note(selection, shows, notes.tell_overlap(selection, whole, items), interval=True)
    return _finish(id, title, notes.describe_whole(selection, whole, items), note, notes.tabulate_items(selection),
                   paint_whole_and_parts, selection, whole, parts)


def draw_balance(released, id, title, rows, left_out=(), shows="", group="all"):
    """Answers on both sides of zero. `rows`: label → {"hindered_high": item, …} with the four keys of `BALANCE`."""
    items = [members[key] for members in rows.values() for key in BALANCE]
    selection = select_cells(released, [group], items, left_out)
    about = f" på spørgsmålet ”{released.about.question}”" if released.about.question else ""
    shows = shows or f"Figuren viser svarene{about}: hæmmende til venstre for nul, fremmende til højre."
    totals = [(label, *_add_sides(selection, members)) for label, members in rows.items()]
    shows += " Tallet for enden af en bjælke er summen af dens to svar, beregnet før afrunding."
    note = notes.write_note(selection, shows, notes.tell_less(selection), stacked=True)
    return _finish(id, title, notes.describe_balance(selection, totals), note, notes.tabulate_items(selection),
                   paint_balance, selection, rows, totals)


def draw_distribution(released, id, title, groups, left_out=(), shows=""):
    """A stacked bar per group, the answers in the questionnaire's order."""
    selection = select_cells(released, groups, left_out=left_out)
    if len(selection.items) > len(ANSWERS):
        raise ValueError(f"{id}: en stablet bjælke viser højst {len(ANSWERS)} svar; udelad nogle (left_out)")
    note = notes.write_note(selection, shows or notes.tell_answers(selection), notes.tell_less(selection),
                            notes.tell_distribution(selection), stacked=True)
    return _finish(id, title, notes.describe_distribution(selection), note, notes.tabulate_items(selection),
                   paint_distribution, selection)


def draw_two_groups(released, id, title, groups, shows=""):
    """Two bars per answer, with intervals and with what the test of their difference says, in words."""
    if len(groups) != 2:
        raise ValueError(f"{id}: figuren sammenligner to grupper, ikke {len(groups)}")
    selection = sort_items(select_cells(released, groups))
    tested = any(selection.test(item) for item in selection.items)
    note = notes.write_note(selection, shows or notes.tell_answers(selection), notes.tell_multiple(selection),
                            notes.tell_differences(selection), interval=True)
    return _finish(id, title, notes.describe_two_groups(selection), note, notes.tabulate_items(selection, tested),
                   paint_two_groups, selection, tested)


def draw_groups(released, id, title, item, groups, shows=""):
    """One answer in several groups, the largest share on top."""
    groups = select_cells(released, groups, [item]).groups
    by_size = sorted(groups, key=lambda group: -c.share if is_open(c := released.cell(item, group)) else 1)
    selection = select_cells(released, {group: groups[group] for group in by_size}, [item])
    note = notes.write_note(selection, shows or notes.tell_share_by_group(selection),
                            tested=notes.tell_pairs(selection), interval=True)
    return _finish(id, title, notes.describe_groups(selection), note, notes.tabulate_groups(selection),
                   paint_groups, selection)


def paint_whole_and_parts(selection, whole, parts):
    """The whole as a heavy bar, then a heading per kind of part with its bars below."""
    lines = [(whole, selection.label(whole))]
    for heading, items in parts.items():
        lines += [(None, heading), *((item, _strip_heading(selection.label(item), heading)) for item in items)]
    bold = ["semibold", *("regular" for _ in lines[1:])]
    sheet = open_sheet([label if item else "" for item, label in lines], 24, weights=bold)
    cells = [selection.cell(item, next(iter(selection.groups))) if item else None for item, _ in lines]
    fit_scale(sheet, [cell for cell in cells if cell])
    paint_bars(sheet, [cells[0]], FIRST, 20)
    paint_bars(sheet, [None, *cells[1:]], PART, 12)
    for y, (cell, (_, label)) in enumerate(zip(cells, lines, strict=True)):
        if cell:
            mark_cell(sheet, cell, y, bold[y], size=SIZE if y else 12)
        else:   # nearer to the bars it heads than to those above
            write(sheet, label, 0, y, 1 - sheet.left, -4, weight="semibold", where="axes")
    return close_sheet(sheet)


def paint_balance(selection, rows, totals):
    """Hindering answers to the left of zero, promoting ones to the right, the milder ones nearest."""
    sides = {-1: ("hindered_some", "hindered_high"), 1: ("promoted_some", "promoted_high")}
    answers = [notes.split_label(selection.label(item))[1] for item in selection.items[:len(BALANCE)]]
    sheet = open_sheet(list(rows), 52, list(zip(BALANCE.values(), answers, strict=True)))
    group = next(iter(selection.groups))
    cells = {side: [[selection.cell(members[key], group) for key in keys] for members in rows.values()]
             for side, keys in sides.items()}
    scale = _find_scale(sheet.width - 5 * LINE - 8, *cells.values())
    reach = {side: max(_add_up(row, GAP / scale) for row in cells[side]) for side in sides}
    spare = (sheet.width / scale - sum(reach.values())) / 2
    sheet.axes.set_xlim(-reach[-1] - spare, reach[1] + spare)
    for side, keys in sides.items():
        ends = paint_stack(sheet, cells[side], [BALANCE[key] for key in keys], scale, side, edge=WHITE)
        for y, end in enumerate(ends):
            if isfinite(total := totals[y][1 if side < 0 else 2]):
                write(sheet, notes.write_number(total, "percent"), end, y, 5 * side,
                      ha="left" if side > 0 else "right", weight="semibold")
    return close_sheet(sheet)


def paint_distribution(selection):
    """One bar per group, its segments labelled."""
    colors = ANSWERS[:len(selection.items)]
    key = [(color, selection.label(item)) for color, item in zip(colors, selection.items, strict=True)]
    sheet = open_sheet(list(selection.groups.values()), 48, key)
    cells = [selection.cells(group) for group in selection.groups]
    scale = _find_scale(sheet.width - 22, cells)
    sheet.axes.set_xlim(0, sheet.width / scale)
    paint_stack(sheet, cells, colors, scale, edge=OUTLINE)
    return close_sheet(sheet)


def paint_two_groups(selection, tested):
    """Pairs of bars; at the right margin, row by row, the verdict on their difference."""
    words = [wrap_text(notes.tell_verdict(selection, item), 62) for item in selection.items] if tested else []
    right = 70 if tested else 0
    key = list(zip((FIRST, SECOND), selection.groups.values(), strict=True))
    sheet = open_sheet([selection.label(item) for item in selection.items], 33, key, right)
    fit_scale(sheet, [cell for group in selection.groups for cell in selection.cells(group)])
    paint_pairs(sheet, selection, 20)
    if tested:
        _write_key(sheet, [(PAGE - 62, FIRST, "mod"), (PAGE - 46 + measure_text("mod"), SECOND, "")])
    for y, item in enumerate(selection.items):
        for cell, shift in zip(selection.cells_of(item), (-5.25, 5.25), strict=True):
            mark_cell(sheet, cell, y + shift / sheet.pitch)
        if tested:
            sure = (selection.test(item) or ("",))[0] in notes.OPPOSITE
            write(sheet, words[y], 1, y, right - 62, weight="semibold" if sure else "regular",
                  color=INK if sure else GREY, where="axes")
    return close_sheet(sheet)


def paint_groups(selection):
    """One bar per group."""
    sheet, cells = open_sheet(list(selection.groups.values()), 26), selection.cells_of(selection.items[0])
    fit_scale(sheet, cells)
    paint_bars(sheet, cells, FIRST, 13)
    for y, cell in enumerate(cells):
        mark_cell(sheet, cell, y)
    return close_sheet(sheet)


def open_sheet(labels, pitch, key=(), right=0, weights=None):
    """A sheet with a row per label: labels wrapped at the left, the key of colours above, `right` points kept free."""
    register_fonts()
    weights = weights or ["regular"] * len(labels)
    wrapped = [wrap_text(label, LABEL, weight) for label, weight in zip(labels, weights, strict=True)]
    left = 12 + max(measure_text(line, weight) for text, weight in zip(wrapped, weights, strict=True)
                    for line in text.split("\n"))
    depths = [LINE * (text.count("\n") + 1) for text in wrapped]
    pitch = max([pitch, depths[0], depths[-1], *((one + other) / 2 + 4 for one, other in pairwise(depths))])
    lines = _lay_out_key(key, left, PAGE - right)
    height = pitch * len(labels) + (LINE + 4) * len(lines) + 10
    canvas = figure.Figure(figsize=(PAGE / 72, height / 72))
    axes = canvas.add_axes((left / PAGE, 3 / height, (PAGE - left - right) / PAGE, pitch * len(labels) / height))
    sheet = Sheet(canvas, axes, left, PAGE - left - right, pitch, len(labels))
    for y, (text, weight) in enumerate(zip(wrapped, weights, strict=True)):
        write(sheet, text, 0, y, 1 - left, weight=weight, where="axes")
    for number, line in enumerate(lines):
        _write_key(sheet, line, len(lines) - 1 - number)
    return sheet


def close_sheet(sheet):
    """Draw the zero line and take away the axes: every bar carries its number."""
    sheet.axes.set_ylim(sheet.rows - 0.5, -0.5)
    sheet.axes.set_axis_off()
    sheet.axes.axvline(0, color=INK, linewidth=0.8, zorder=5, clip_on=False)
    return sheet.canvas


def write(sheet, text, x, y, dx=0.0, dy=0.0, ha="left", weight="regular", color=INK, where="data",
          size=SIZE):
    """Write lines centred on row `y`, `dx` and `dy` points from `x`, in data or (where="axes") parts of the axes."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        rise = dy + ((len(lines) - 1) / 2 - number) * LINE - CAPITAL * size / 2
        sheet.axes.annotate(line, (x, y), (dx, rise), ("axes fraction" if where == "axes" else "data", "data"),
                            "offset points", ha=ha, va="baseline", size=size, weight=weight, color=color,
                            annotation_clip=False)


def fit_scale(sheet, cells):
    """Choose the scale so that the longest bar, its interval and its number just fit; never so that 20 % looks full."""
    ends = [max(cell.share, cell.high) if isfinite(cell.high) else cell.share for cell in cells if is_open(cell)]
    sheet.axes.set_xlim(0, max([0.2, *ends]) * sheet.width / (sheet.width - 4 * LINE))


def paint_bars(sheet, cells, color, thickness):
    """A bar from zero for every open cell; None leaves its row empty."""
    known = {str(y): cell.share for y, cell in enumerate(cells) if cell and is_open(cell)}
    _paint(sheet, thickness, y=list(known), x=list(known.values()), color=color)


def paint_pairs(sheet, selection, thickness):
    """Two bars per row, `thickness` points together."""
    known = [(str(y), cell.share, group) for group in selection.groups
             for y, cell in enumerate(selection.cells(group)) if is_open(cell)]
    rows, shares, groups = (list(column) for column in zip(*known, strict=True)) if known else ([], [], [])
    _paint(sheet, thickness, y=rows, x=shares, hue=groups, hue_order=list(selection.groups), palette=[FIRST, SECOND],
           gap=0.05)


def paint_stack(sheet, rows, colors, scale, side=1, edge=WHITE):
    """Rows of cells as segments outwards from zero, each with its number. Returns where each row ends."""
    reached, taken = np.zeros(len(rows)), np.zeros((len(rows), 2))
    for cells, color in zip(zip(*rows, strict=True), colors, strict=True):
        lengths = np.array([_measure_segment(cell, GAP / scale) for cell in cells])
        known = [y for y, cell in enumerate(cells) if is_open(cell) and cell.share > 0]
        _paint(sheet, STACK, y=[str(y) for y in known], x=list(side * lengths[known]), color=color,
               left=side * reached[known], edgecolor=edge, linewidth=0.8)
        for y, cell in enumerate(cells):
            middle = reached[y] + lengths[y] / 2
            if cell.status.startswith("["):
                _outline(sheet, side * reached[y], y, side * lengths[y], STACK)
                write(sheet, cell.status, side * middle, y, ha="center", color=GREY)
            elif y in known:
                _write_segment(sheet, cell, middle * scale, y, lengths[y] * scale, color, taken[y], side / scale)
        reached += lengths
    for y, cells in enumerate(rows):
        if {tell_share(cell) for cell in cells} == {notes.NOBODY}:
            write(sheet, notes.NOBODY, 0, y, 5 * side, ha="left" if side > 0 else "right", color=GREY)
    return side * reached


def mark_cell(sheet, cell, y, weight="regular", size=SIZE):
    """A bar's interval and number; for a closed cell a field with its mark, where the bar would have begun."""
    if not is_open(cell):
        length = 12 * sheet.axes.get_xlim()[1] / sheet.width if cell.status.startswith("[") else 0
        _outline(sheet, 0, y, length, 8)
        return write(sheet, tell_share(cell), length, y, 5, color=GREY)
    if isfinite(cell.low) and isfinite(cell.high):
        # White below the dark line keeps it visible on the dark bar.
        for color, width in ((WHITE, 2.6), (INK, 1.0)):
            sheet.axes.plot([cell.low, cell.high], [y, y], color=color, linewidth=width, solid_capstyle="butt",
                            zorder=3)
    end = max(cell.share, cell.high) if isfinite(cell.high) else cell.share
    return write(sheet, tell_share(cell), end, y, 5, weight=weight, size=size)


@cache
def register_fonts():
    """Tell matplotlib of the project's typeface, once."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))


@cache
def measure_text(text, weight="regular", size=SIZE):
    """Width of a line of text in points."""
    register_fonts()
    font = font_manager.FontProperties(family="IBM Plex Sans", weight=weight, size=size)
    return text_to_path.get_text_width_height_descent(text, font, False)[0]


def wrap_text(text, width, weight="regular"):
    """Break a text into lines at most `width` points wide; a word that is wider is cut with a hyphen."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if measure_text(longer, weight) <= width:
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        while len(lines[-1]) > 1 and measure_text(lines[-1], weight) > width:
            cut = next((k for k in range(len(lines[-1]) - 1, 0, -1)
                        if measure_text(f"{lines[-1][:k]}-", weight) <= width), 1)
            lines[-1:] = [f"{lines[-1][:cut]}-", lines[-1][cut:]]
    return "\n".join(lines)


def measure_contrast(first, second):
    """Contrast ratio of two colours "#RRGGBB", as WCAG 2.2 defines it: 1 to 21."""
    dark, light = sorted(_measure_luminance(color) for color in (first, second))
    return (light + 0.05) / (dark + 0.05)


def _measure_luminance(color):
    channels = np.array([int(color[k:k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _paint(sheet, thickness, y, x, **drawing):
    if y:
        drawing = {"edgecolor": "none", **drawing}
        sns.barplot(y=y, x=x, order=[str(row) for row in range(sheet.rows)], orient="y", ax=sheet.axes, saturation=1,
                    errorbar=None, width=thickness / sheet.pitch, legend=False, **drawing)


def _write_segment(sheet, cell, middle, y, length, color, taken, unit):
    """Write a segment's number in it or, where it is too narrow, above or below; lengths in points, `unit` in data.

    `taken`: how far the lines above and below are written on; it is moved on, so that no two numbers touch.
    """
    text = tell_share(cell)
    width = measure_text(text)
    if width + 4 <= length:
        readable = max((INK, WHITE), key=lambda ink: measure_contrast(ink, color))
        write(sheet, text, middle * unit, y, ha="center", color=readable)
        return
    level = int(taken[0] > taken[1])
    middle = max(middle, taken[level] + 3 + width / 2)
    taken[level] = middle + width / 2
    write(sheet, text, middle * unit, y, 0, (STACK / 2 + 5.5) * (1, -1)[level], ha="center")


def _outline(sheet, start, y, length, thickness):
    """A dashed field: here a bar would be, were its cell not closed."""
    height = thickness / sheet.pitch
    sheet.axes.add_patch(Rectangle((start, y - height / 2), length, height, fill=False, edgecolor=GREY, linewidth=0.8,
                                   linestyle=(0, (2, 2)), zorder=2))


def _measure_segment(cell, gap):
    return cell.share if is_open(cell) else gap if cell.status.startswith("[") else 0.0


def _add_up(cells, gap=0.0):
    return sum(_measure_segment(cell, gap) for cell in cells)


def _add_sides(selection, members):
    """Hindered and promoted in all; nan where a part is closed."""
    group = next(iter(selection.groups))
    cells = [selection.cell(members[key], group) for key in BALANCE]
    return [sum(cell.share for cell in side) if all(map(is_open, side)) else nan for side in (cells[:2], cells[2:])]


def _find_scale(width, *sides):
    """Points per share such that the longest bar (on both sides, if two) and its closed segments fill `width`."""
    closed = sum(max(sum(cell.status.startswith("[") for cell in row) for row in rows) for rows in sides)
    longest = sum(max(_add_up(row) for row in rows) for rows in sides)
    return (width - GAP * closed) / max(longest, 0.2)


def _strip_heading(label, heading):
    rest = label.removeprefix(heading).strip()
    return rest[:1].upper() + rest[1:]


def _lay_out_key(key, left, right):
    """The key's entries as lines of (x, color, text): above the bars where they fit, else from the sheet's edge."""
    widths = [LINE + measure_text(text) + 14 for _, text in key]
    for count in range(1, len(key) + 1):
        per_line = -(-len(key) // count)   # as many on each line: 4 over 2 lines are 2 and 2
        steps = np.cumsum([0, *(max(widths[k::per_line]) for k in range(per_line))])
        if steps[-1] - 14 <= right:
            start = left if left + steps[-1] - 14 <= right else 1
            return [[(start + steps[k], *entry) for k, entry in enumerate(key[first:first + per_line])]
                    for first in range(0, len(key), per_line)]
    return [[(1, color if line == 0 else None, part)] for color, text in key
            for line, part in enumerate(wrap_text(text, right - LINE - 2).split("\n"))]


def _write_key(sheet, line, level=0):
    """Squares of the colours with their names (no colour: a name goes on), `level` lines above the one at the bars."""
    points = Affine2D().scale(1 / 72) + sheet.canvas.dpi_scale_trans
    y = sheet.pitch * sheet.rows + 13 + level * (LINE + 4)
    for x, color, text in line:
        if color:
            edge = OUTLINE if color == ANSWERS[2] else color
            sheet.canvas.add_artist(Rectangle((x + 0.4, y - 0.4), 8, 8, transform=points, facecolor=color,
                                              edgecolor=edge, linewidth=0.8))
        sheet.canvas.text(x + LINE, y, text, transform=points, size=SIZE, va="baseline", color=INK)


def _finish(id, title, alt, note, table, paint, *facts):
    """Paint the picture under the theme alone, whatever styles the notebook has set, and join it with its words."""
    register_fonts()
    with style.context(["default", THEME]):
        picture = write_svg(paint(*facts))
    return Figure(id, title, alt, note, table, picture)


def write_svg(canvas):
    """The picture as an <svg> element: text as text, no date, and no style sheet that would reach the whole page."""
    buffer = StringIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None})
    svg = clean_svg(buffer.getvalue())
    sheet = '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>'
    return svg.replace(sheet, "").replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
