"""The sheet a figure is painted on: size, texts, key of colours, typeface; the picture as SVG and
PNG.

Lengths are in points, so that text keeps its size and margins follow from their text.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO, StringIO
from itertools import pairwise

import numpy as np
from matplotlib import figure, font_manager
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from barometer.files.images import MARGIN, clean_svg
from barometer.paths import FONTS

# points: a hair less than the page's text is wide (158 mm), so that 9 points stay 9 in print
PAGE = 447.8
LABEL = 150  # points: widest column of labels before they wrap
KEY_GAP = 12  # points: between the entries of the key
SIZE, LINE = 9, 11.5  # points: text and its line spacing
# height of IBM Plex Sans' capitals, as a part of the size: what centres a line on its bar
CAPITAL = 0.698
INK, GREY, FRAME, WHITE = "#1D1D1D", "#595959", "#8C8C8C", "#FFFFFF"
OUTLINE = "#08403C"  # around a colour too pale to be seen on white
LEAST_CONTRAST = 3  # of graphics, by WCAG 2.2
RESOLUTION = 192  # dots an inch of the PNG: twice a screen's


@dataclass(frozen=True)
class Sheet:
    """Rows 0, 1, … downwards, `pitch` points apart, in axes `width` points wide from `left`."""

    canvas: figure.Figure
    axes: object
    left: float
    width: float
    pitch: float
    rows: int


def open_sheet(labels, pitch, key=(), right=0, weights=None, key_end=PAGE):
    """A sheet with a row per label, a key above until `key_end`, `right` points kept free."""
    register_fonts()
    weights = weights or ["regular"] * len(labels)
    labels = list(zip(labels, weights, strict=True))
    labels = [(wrap_text(label, LABEL, weight), weight) for label, weight in labels]
    left = 12 + max(
        measure_text(line, weight) for text, weight in labels for line in text.split("\n")
    )
    depths = [LINE * (text.count("\n") + 1) for text, _ in labels]
    between = [(one + other) / 2 + 4 for one, other in pairwise(depths)]
    pitch = max([pitch, depths[0], depths[-1], *between])
    lines = _lay_out_key(key, left, key_end)
    width, depth = PAGE - left - right, pitch * len(labels)
    height = depth + (LINE + 4) * len(lines) + 10
    canvas = figure.Figure(figsize=(PAGE / 72, height / 72))
    axes = canvas.add_axes((left / PAGE, 3 / height, width / PAGE, depth / height))
    sheet = Sheet(canvas, axes, left, width, pitch, len(labels))
    for y, (text, weight) in enumerate(labels):
        write(sheet, text, 0, y, 1 - left, weight=weight, where="axes")
    for number, line in enumerate(lines):
        write_key(sheet, line, len(lines) - 1 - number)
    return sheet


def close_sheet(sheet):
    """Draw the zero line and take away the axes: every bar carries its number."""
    sheet.axes.set_ylim(sheet.rows - 0.5, -0.5)
    sheet.axes.set_axis_off()
    sheet.axes.axvline(0, color=INK, linewidth=0.8, zorder=5, clip_on=False)
    return sheet.canvas


def write(sheet, text, x, y, dx=0.0, dy=0.0, where="data", size=SIZE, **style):
    """Write lines centred on row `y`, `dx`, `dy` points from `x` in data, or of where="axes".

    `style`: `ha`, `weight`, `color` of matplotlib's texts.
    """
    lines, places = text.split("\n"), ("axes fraction" if where == "axes" else "data", "data")
    style = {"ha": "left", "va": "baseline", "weight": "regular", "color": INK, **style}
    for number, line in enumerate(lines):
        rise = dy + ((len(lines) - 1) / 2 - number) * LINE - CAPITAL * size / 2
        start = line, (x, y), (dx, rise), places, "offset points"
        sheet.axes.annotate(*start, size=size, annotation_clip=False, **style)


def write_key(sheet, line, level=0):
    """Squares of the colours with their names, `level` lines above the one at the bars."""
    width, height = sheet.canvas.get_size_inches() * 72
    points = Affine2D().scale(1 / width, 1 / height) + sheet.canvas.transFigure
    y = sheet.pitch * sheet.rows + 13 + level * (LINE + 4)
    for x, color, text in line:
        if color:
            edge = color if measure_contrast(color, WHITE) >= LEAST_CONTRAST else OUTLINE
            look = {"facecolor": color, "edgecolor": edge, "linewidth": 0.8}
            square = Rectangle((x + 0.4, y - 0.4), 8, 8, transform=points, **look)
            sheet.canvas.add_artist(square)
        sheet.canvas.text(x + LINE, y, text, transform=points, size=SIZE, va="baseline", color=INK)


def outline_field(sheet, start, y, length, thickness, solid=False):
    """A dashed field where a closed cell's bar would be; a solid one: so far it could reach."""
    height = thickness / sheet.pitch
    style = {"edgecolor": GREY, "linewidth": 0.8, "linestyle": (0, (2, 2))}
    if solid:
        style = {"edgecolor": FRAME, "linewidth": 0.6}
    field = Rectangle((start, y - height / 2), length, height, fill=False, zorder=2, **style)
    sheet.axes.add_patch(field)


def write_svg(canvas):
    """The picture as an <svg>: text as text, no date, no style sheet for the whole page."""
    buffer = StringIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None})
    return clean_svg(buffer.getvalue())


def write_png(canvas, about):
    """The picture in dots, on white, with the texts `about` in the file; no date, no program."""
    buffer, paper = BytesIO(), canvas.bbox_inches.padded(MARGIN / 72)
    about = {"Software": None, **about}
    canvas.savefig(buffer, format="png", dpi=RESOLUTION, bbox_inches=paper, metadata=about)
    return buffer.getvalue()


@cache
def register_fonts():
    """Add the project's typeface to matplotlib's, once."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))


@cache
def measure_text(text, weight="regular", size=SIZE):
    """Width of a line of text in points."""
    register_fonts()
    font = font_manager.FontProperties(family="IBM Plex Sans", weight=weight, size=size)
    return text_to_path.get_text_width_height_descent(text, font, False)[0]


def wrap_text(text, width, weight="regular"):
    """Break a text into lines at most `width` points wide; a wider word is cut with a hyphen."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if measure_text(longer, weight) <= width:
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        while len(lines[-1]) > 1 and measure_text(lines[-1], weight) > width:
            cut = len(lines[-1]) - 1
            while cut > 1 and measure_text(f"{lines[-1][:cut]}-", weight) > width:
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


def _lay_out_key(key, left, right):
    """The key's entries as lines of (x, color, text): above the bars where they fit."""
    widths = [LINE + measure_text(text) + KEY_GAP for _, text in key]
    for count in range(1, len(key) + 1):
        per_line = -(-len(key) // count)  # as many on each line: 4 over 2 lines are 2 and 2
        steps = np.cumsum([0, *(max(widths[k::per_line]) for k in range(per_line))])
        if 1 + steps[-1] - KEY_GAP <= right:
            start = left if left + steps[-1] - KEY_GAP <= right else 1
            rows = [key[first : first + per_line] for first in range(0, len(key), per_line)]
            return [[(start + steps[k], *one) for k, one in enumerate(row)] for row in rows]
    return [
        [(1, color if line == 0 else None, part)]
        for color, text in key
        for line, part in enumerate(wrap_text(text, right - LINE - 2).split("\n"))
    ]
