"""Figures and tables in HTML: one template for the pages of a report and for JupyterLab, so that
the screen shows what the page will.
"""

import re
from functools import cache

import jinja2
from markupsafe import Markup, escape

from barometer.languages.marking import translate_marked
from barometer.languages.speaking import spoken
from barometer.paths import TEMPLATES
from barometer.pictures import describe_svg

# A text is beside its place rather than in it, so that it has the width of the drawing.
MARKS = Markup('<div class="marks" aria-hidden="true">{}</div>')
MARK = Markup('<i style="{}"></i><b style="{}:0;bottom:{:.1f}%">{}</b>')
# 2018–2019, 3-9, COVID-19; not an interval in parentheses
EXHIBIT_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # of a figure or table
RANGE = re.compile(r"(?<![\w-])\w{1,12}(?:-\d+)+(?![\w-])|(?<![\w.,(])\d+–\d+(?![\w,)])")


def make_environment():
    """Jinja2's environment of the report's templates, in the language that is spoken."""
    return _make_environment(spoken())


@cache
def _make_environment(language):
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_load),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["draw"] = _draw_picture
    environment.filters["hold"] = hold_ranges
    return environment


def _load(name):
    return translate_marked((TEMPLATES / name).read_text(encoding="utf-8"))


def draw_exhibit(payload, label, svg="", narrow=""):
    """A figure or table as on the page, with the page's style for it alone. `svg`, `narrow`:
    cleaned.
    """
    macros = make_environment().get_template("exhibits.html.j2").module
    # a payload that was made by hand may lack the key; a title's grounds are the report's
    shown = {"key": ""} | payload | {"label": label, "svg": svg, "narrow": narrow, "claim": ""}
    draw = {"figure": macros.figure, "table": macros.numbered_table}[payload["kind"]]
    return str(macros.screen(draw(shown), Markup(read_style())))


def draw_table(table, caption, key=""):
    """A table of texts alone, as `draw_exhibit`: `columns`, `rows`, and which are `numeric`."""
    macros = make_environment().get_template("exhibits.html.j2").module
    return str(macros.screen(macros.table(table, caption, key), Markup(read_style())))


@cache
def read_style():
    """The style of figures and tables, for a page and within another's."""
    return (TEMPLATES / "exhibits.css").read_text(encoding="utf-8")


def hold_ranges(text):
    """A text, escaped, in which no line ends within "2018–2019": browsers may divide it at its
    dash.
    """
    return Markup(RANGE.sub(r'<span class="nobreak">\g<0></span>', str(escape(text))))


def _draw_picture(figure, name="svg"):
    """One of a figure's drawings, and over it the texts of places that are pointed at."""
    svg, marks = describe_svg(figure[name], figure["alt"], f"{figure['id']}-{name}")
    return Markup(svg) + (MARKS.format(Markup("").join(map(_draw_mark, marks))) if marks else "")


def _draw_mark(mark):
    left, top, width, height, text = mark
    box = zip(("left", "top", "width", "height"), (left, top, width, height), strict=True)
    place = ";".join(f"{side}:{100 * part:.1f}%" for side, part in box)
    half = "left" if left + width / 2 < 0.5 else "right"
    return MARK.format(place, half, 100 * (1 - top), text)
