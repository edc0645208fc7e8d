"""Figures and tables in HTML: one template for the pages of a report and for JupyterLab, so that
the screen shows what the page will.
"""

import re
from functools import cache

import jinja2
from markupsafe import Markup, escape

from barometer.files.images import describe_svg
from barometer.paths import TEMPLATES

RANGE = re.compile(r"(?<![\w-])\w{1,12}(?:-\d+)+(?![\w-])")  # 2018-2019, 3-9, COVID-19


@cache
def make_environment():
    """Jinja2's environment of the report's templates."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["draw"] = _draw_picture
    environment.filters["hold"] = hold_ranges
    return environment


def draw_exhibit(payload, label, svg=""):
    """A figure or table as on the page, with the page's style for it alone. `svg`: cleaned."""
    macros = make_environment().get_template("exhibits.html.j2").module
    # a payload that was made by hand may lack the key; a title's grounds are the report's
    shown = {"key": ""} | payload | {"label": label, "svg": svg, "claim": ""}
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
    """A text, escaped, in which no line ends within "2018-2019": browsers may divide it at its
    hyphen.
    """
    return Markup(RANGE.sub(r'<span class="nobreak">\g<0></span>', str(escape(text))))


def _draw_picture(figure):
    return Markup(describe_svg(figure["svg"], figure["alt"], figure["id"]))
