"""The sheet a figure is painted on: its two layouts, rows, texts and typeface; the picture as SVG
and PNG, and what frames it where it stands alone.

Lengths are in points from the upper left, so that text keeps its size and rows follow from their
text.
"""

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO, StringIO

import numpy as np
from matplotlib import figure, font_manager
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox

from barometer.files.images import MARGIN, clean_svg
from barometer.paths import FONTS
from barometer.pictures import FRAME_ID, add_marks

# height of IBM Plex Sans' capitals, as a part of the size: what centres a line on its mark
CAPITAL = 0.698
INK, GREY, WHITE = "#1D1D1D", "#595959", "#FFFFFF"
TRACK = "#ECEAE6"  # what a share is a part of; it adds nothing to the number
OUTLINE = "#08403C"  # around a colour too pale to be seen on white
RESOLUTION = 192  # dots an inch of the PNG: twice a screen's
INSIDE = "picture"  # the part of a framed picture that a page shows


@dataclass(frozen=True)
class Layout:
    """Width of a picture, size and line spacing of its text, widest column of labels; in points.

    Without a column, labels stand above what they name.
    """

    page: float
    size: float
    line: float
    label: float


# a hair less than the page's text is wide (158 mm), so that 9 points stay 9 in print
WIDE = Layout(447.8, 9, 11.5, 150)
NARROW = Layout(288, 12, 15.5, 0)  # for a phone: the least, of 320 pixels, has 288 for a page
LAYOUTS = (WIDE, NARROW)
ABOVE, BELOW = 8, 2  # points around a heading
TALL, LEAST_GAP = 430, 1.5  # points: of a sheet at most, as far as the gap between rows allows it


@dataclass(frozen=True)
class Row:
    """A line of the sheet: a label with `lanes` marks of `height` points beside it, or a heading.

    `under`: a word in grey below the label. `height`: 0 for the layout's line.
    """

    label: str
    lanes: int = 1
    height: float = 0
    weight: str = "regular"
    color: str = INK
    under: str = ""


@dataclass(frozen=True)
class Sheet:
    """Axes `width` points wide from `left`, in shares across and points from the top down.

    `places`: {row: y of each of its lanes}. `marks`: texts of places that are pointed at, as
    (left, top, width, height, text).
    """

    canvas: figure.Figure
    axes: object
    layout: Layout
    left: float
    width: float
    height: float
    places: list
    marks: list = field(default_factory=list)
    points: list = field(default_factory=list)  # (colour, whether filled, share, y), until painted
    origin: list = field(default_factory=lambda: [0.0])  # where lanes begin, and end


def open_sheet(layout, rows, head=0.0, foot=0.0):
    """A sheet of rows, with `head` points kept free above and `foot` below."""
    register_fonts()
    beside = [row for row in rows if row.lanes]
    texts = {id(row): _wrap_row(layout, row) for row in rows}
    longest = [measure_text(line, weight, layout.size) for row in beside
               for line, weight, _ in texts[id(row)]]  # fmt: skip
    left = 12 + max(longest, default=0) if layout.label else 1
    gap = _find_gap(layout, rows, texts)
    y, places, written = head + 2, [], []
    for number, row in enumerate(rows):
        lines, lane = texts[id(row)], row.height or layout.line
        depth = layout.line * len(lines)
        if not row.lanes:
            y += ABOVE if number else 0
            written.append((lines, y))
            y += depth + BELOW
            places.append([])
            continue
        if layout.label:
            room = _find_room(layout, row, lines)
            written.append((lines, y + (room - depth) / 2))
            first = y + (room - lane * row.lanes) / 2
        else:
            room, first = depth + lane * row.lanes, y + depth
            written.append((lines, y))
        places.append([first + lane * (number + 0.5) for number in range(row.lanes)])
        y += room + gap
    height, width = y + foot, layout.page - left - 1
    canvas = figure.Figure(figsize=(layout.page / 72, height / 72))
    axes = canvas.add_axes((left / layout.page, 0, width / layout.page, 1))
    sheet = Sheet(canvas, axes, layout, left, width, height, places)
    for lines, top in written:
        for line, (text, weight, color) in enumerate(lines):
            place = top + layout.line * (line + 0.5)
            write(sheet, text, 0, place, 1 - left, where="axes", weight=weight, color=color)
    return sheet


def _find_gap(layout, rows, texts):
    """Points between the rows: fewer where a sheet would else leave no room for its heading."""
    if not layout.label:  # a phone's page has no end
        return 9
    beside = [row for row in rows if row.lanes]
    filled = sum(_find_room(layout, row, texts[id(row)]) for row in rows)
    filled += (ABOVE + BELOW) * (len(rows) - len(beside))
    return min(6, max(LEAST_GAP, (TALL - filled) / max(len(beside), 1)))


def _find_room(layout, row, lines):
    """Points that a row takes, with its label beside its lanes."""
    return max(layout.line * len(lines), (row.height or layout.line) * row.lanes)


def close_sheet(sheet):
    """Take away the axes: every mark carries its number."""
    sheet.axes.set_ylim(sheet.height, 0)
    sheet.axes.set_axis_off()
    return sheet


def _wrap_row(layout, row):
    """The lines of a row's label as (text, weight, colour)."""
    width = layout.label if layout.label and row.lanes else layout.page - 8
    label = wrap_text(row.label, width, row.weight, layout.size).split("\n") if row.label else []
    under = wrap_text(row.under, width, size=layout.size).split("\n") if row.under else []
    return [*((line, row.weight, row.color) for line in label),
            *((line, "regular", GREY) for line in under)]  # fmt: skip


def find_point(sheet):
    """How much of a share a point across is."""
    low, high = sheet.axes.get_xlim()
    return (high - low) / sheet.width


def write(sheet, text, x, y, dx=0.0, where="data", size=0, **style):
    """Write a line centred on `y`, `dx` points from `x` in shares, or of where="axes".

    `style`: `ha`, `weight`, `color` of matplotlib's texts.
    """
    size = size or sheet.layout.size
    style = {"ha": "left", "va": "baseline", "weight": "regular", "color": INK, **style}
    places = ("axes fraction" if where == "axes" else "data", "data")
    start = str(text), (x, y), (dx, -CAPITAL * size / 2), places, "offset points"
    sheet.axes.annotate(*start, size=size, annotation_clip=False, **style)


def write_key(sheet, entries, y, left=1.0):
    """Entries (paint, text) in a line, or below each other where they are too long for one.

    `paint(x, y)` paints the sign at points from the left of the page. Returns the height.
    """
    x, layout = left, sheet.layout
    for paint, text in entries:
        width = 13 + measure_text(text, size=layout.size)
        if x > left and x + width > layout.page:
            x, y = left, y + layout.line + 2
        paint(x + 5, y)
        for number, line in enumerate(
            wrap_text(text, layout.page - x - 14, size=layout.size).split("\n")
        ):
            y += layout.line if number else 0
            write(sheet, line, 0, y, x + 13 - sheet.left, where="axes")
        x += width + 14
    return y


def measure_key(layout, texts, left=1.0):
    """How many points down a key of these texts takes."""
    x, lines = left, 1
    for text in texts:
        width = 13 + measure_text(text, size=layout.size)
        if x > left and x + width > layout.page:
            x, lines = left, lines + 1
        wrapped = wrap_text(text, layout.page - x - 14, size=layout.size)
        lines += wrapped.count("\n")
        x += width + 14
    return lines * (layout.line + 2) + 5


def paint_field(sheet, start, y, length, thickness, **style):
    """A rectangle from `start` in shares, centred on `y`; without an edge if none is asked for."""
    style = {"linewidth": 0, "zorder": 0.5, **style}
    box = Rectangle((start, y - thickness / 2), length, thickness, **style)
    sheet.axes.add_patch(box)


def add_mark(sheet, start, end, y, height, text):
    """Give a text to a place that is pointed at, from `start` to `end` in shares."""
    low, point = sheet.axes.get_xlim()[0], find_point(sheet)
    left, right = (sheet.left + (one - low) / point for one in sorted((start, end)))
    left, right = max(0, min(left, right - 20, sheet.layout.page - 20)), max(right, left + 20)
    sheet.marks.append((left, y - height / 2, right - left, height, str(text)))


def write_svg(sheet):
    """The picture as an <svg>: text as text, no date, no style sheet for the whole page."""
    buffer = StringIO()
    sheet.canvas.savefig(buffer, format="svg", metadata={"Date": None})
    return add_marks(clean_svg(buffer.getvalue()), sheet.marks)


def write_framed(sheet, title, lines, about):
    """(SVG, PNG) of the picture as it stands alone: the title above it, `lines` below, a margin.

    `about`: texts in the PNG file; no date, no program.
    """
    layout, canvas = sheet.layout, sheet.canvas
    head = wrap_text(title, layout.page, "semibold", layout.size + 2).split("\n")
    feet = [part for line in lines for part in wrap_text(line, layout.page).split("\n")]
    top, foot = len(head) * (layout.line + 3) + 6, len(feet) * layout.line + 6
    points = Affine2D().scale(1 / layout.page, 1 / sheet.height) + canvas.transFigure
    style = {"transform": points, "va": "baseline", "color": INK}
    texts = [(line, sheet.height + top - (number + 1) * (layout.line + 3), "semibold", 2)
             for number, line in enumerate(head)]  # fmt: skip
    texts += [(line, -6 - (number + 1) * layout.line + 3, "regular", 0)
              for number, line in enumerate(feet)]  # fmt: skip
    for number, (line, y, weight, more) in enumerate(texts):
        look = style | {"weight": weight, "size": layout.size + more}
        canvas.text(1, y, line, gid=f"{FRAME_ID}{number}", **look)
    paper = [[-MARGIN / 72, -(foot + MARGIN) / 72],
             [(layout.page + MARGIN) / 72, (sheet.height + top + MARGIN) / 72]]  # fmt: skip
    svg, png, paper = StringIO(), BytesIO(), Bbox(paper)
    canvas.savefig(svg, format="svg", bbox_inches=paper, metadata={"Date": None})
    about = {"Software": None, **about}
    canvas.savefig(png, format="png", dpi=RESOLUTION, bbox_inches=paper, metadata=about)
    inside = MARGIN, top + MARGIN, layout.page, sheet.height
    return add_marks(clean_svg(svg.getvalue()), sheet.marks, inside), png.getvalue()


@cache
def register_fonts():
    """Add the project's typeface to matplotlib's, once."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))


@cache
def measure_text(text, weight="regular", size=WIDE.size):
    """Width of a line of text in points."""
    register_fonts()
    font = font_manager.FontProperties(family="IBM Plex Sans", weight=weight, size=size)
    return text_to_path.get_text_width_height_descent(text, font, False)[0]


def wrap_text(text, width, weight="regular", size=WIDE.size):
    """Break a text into lines at most `width` points wide; a wider word is cut with a hyphen."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if measure_text(longer, weight, size) <= width:
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        while len(lines[-1]) > 1 and measure_text(lines[-1], weight, size) > width:
            cut = len(lines[-1]) - 1
            while cut > 1 and measure_text(f"{lines[-1][:cut]}-", weight, size) > width:
                cut -= 1
            lines[-1:] = [f"{lines[-1][:cut]}-", lines[-1][cut:]]
    return "\n".join(lines)


def measure_contrast(first, second):
    """Contrast ratio of two colours "#RRGGBB", as WCAG 2.2 defines it: 1 to 21."""
    dark, light = sorted(_measure_luminance(color) for color in (first, second))
    return (light + 0.05) / (dark + 0.05)


def _measure_luminance(color):
    channels = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
