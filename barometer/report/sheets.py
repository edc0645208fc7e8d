"""A worksheet with one table on it: texts that fit, numbers as they are shown, nothing acts."""

import re
from itertools import zip_longest
from math import isclose
from textwrap import wrap

from barometer.forms import FORMS, is_value
from barometer.text import Number

WIDE, NARROW, WORDS, TERM, WIDEST = 50, 13, 20, 24, 80  # characters
FIRST, FURTHER = (
    64,
    8,
)  # of a column whose texts are to stay on a line: a first one, more than words
BESIDE_TEXT = 3  # characters of a column that its text has no room in
BOLD = 0.95  # of a column's characters, bold ones that it has room for
LINE = 15  # points
A4 = 9  # the file format's number for it
# Limits of the file format (ECMA-376 and Excel's specifications), in characters but for the height,
# which is in points.
LONGEST_NAME, LONGEST_HEAD, LONGEST_CELL, LONGEST_FOOTER, HIGHEST = 31, 255, 32_767, 255, 409
NO_NAME = re.compile(r"\W+")  # what a table's name cannot have


def shorten_names(names, longest, taken=()):
    """The names in at most `longest` characters, each unlike others and `taken` ones in any case.

    A name that is cut ends in "…"; one that would be like another gets a number.
    """
    found, taken = [], {*taken}
    for name in names:
        short, number = cut_text(name, longest), 1
        while short.casefold() in taken:
            number += 1
            mark = f" ({number})"
            short = cut_text(name, longest - len(mark)) + mark
        taken.add(short.casefold())
        found.append(short)
    return found


def cut_text(text, longest):
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def name_format(number):
    """The format that shows a number as it is written; None for words, such as "under 0,5 %"."""
    if not isinstance(number, Number) or number.rounded is None:
        return None
    factor, digits, _ = FORMS[number.form]
    shown = factor * number.rounded
    digits += not isclose(shown, round(shown, digits))  # "99,5 %" where others are whole
    digits = max(digits, 0)
    grouped = number.form == "count" or is_value(number.form)
    form = f"{'#,##' * grouped}0{'.' * bool(digits)}{'0' * digits}"
    form += " %" * (factor == 100)
    return f"+{form};−{form};{form}" if "signed" in number.form else form


class Sheet:
    """A worksheet, filled from above. All text is text: it becomes no formula and no link."""

    def __init__(self, book, name, meta, widths):
        self.book, self.rows, self.widths, self.styles = book, 0, widths, {}
        self.sheet = book.add_worksheet(name)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        if meta["synthetic"]:
            mark = meta["synthetic_mark"].replace("&", "&&")
            self.sheet.set_footer(cut_text(f"&L{mark}", LONGEST_FOOTER))

    def style(self, **style):
        """A format: text starts at the top and goes on below."""
        key = tuple(style.items())
        if key not in self.styles:
            style = {"text_wrap": True, "valign": "top", **style}
            self.styles[key] = self.book.add_format(style)
        return self.styles[key]

    def make_room(self, row, cells, share=1.0):
        """Give a row the height of its text: not every program does it by itself.

        `share`: the part of a column's characters that a text has room for, less if bold.
        """
        lines = max(
            len(wrap(cell, max(1, int(share * width) - BESIDE_TEXT), break_on_hyphens=False))
            for cell, width in zip(cells, self.widths, strict=False)
        )
        self.sheet.set_row(row, min(HIGHEST, LINE * max(1, lines)))

    def add_title(self, words, **style):
        """A line that may run past its column."""
        style = self.style(**{"text_wrap": False, "bold": True} | style)
        self.sheet.write_string(self.rows, 0, cut_text(tidy(words), LONGEST_CELL), style)
        self.rows += 1

    def add(self, *cells, **style):
        """A row of text; several where a text is longer than a cell can be."""
        pieces = [
            [text[at : at + LONGEST_CELL] for at in range(0, max(1, len(text)), LONGEST_CELL)]
            for text in map(tidy, cells)
        ]
        for row in zip_longest(*pieces, fillvalue=""):
            for place, piece in enumerate(row):
                self.sheet.write_string(self.rows, place, piece, self.style(**style))
            self.make_room(self.rows, row)
            self.rows += 1


def tidy(text):
    """Text without the fixed spaces that hold it together on a page."""
    return text.replace("\xa0", " ").replace("\xad", "")


def find_width(column, place, words=WORDS):
    """A column's characters, so that no word in it is divided, and no text among numbers."""
    head, numeric, cells = column
    whole = [cell for cell in cells if numeric and not name_format(cell)]
    found = [word for text in (head, *map(str, cells)) for word in text.split()]
    least = max(map(len, (*found, *whole)), default=0) + BESIDE_TEXT
    longest = 0 if numeric else max(map(len, map(str, cells)), default=0) + BESIDE_TEXT
    least = max(least, min(longest, words + FURTHER if place else FIRST))
    return max(NARROW if numeric else words if place else WIDE, min(least, WIDEST))


def write_table(sheet, columns):
    """The sheet's one table, below what stands on it: (head, whether numeric, cells) a column."""
    top, rows = sheet.rows, list(zip(*(cells for _, _, cells in columns), strict=True))
    heads = [
        {"header": head, "header_format": sheet.style(bold=True, **_place_text(place, numeric))}
        for place, (head, numeric, _) in enumerate(columns)
    ]
    # the sheet's own name, with its number where others are written alike
    name, others = NO_NAME.sub("_", sheet.sheet.get_name()).strip("_"), sheet.book.worksheets()[:-1]
    if name in [NO_NAME.sub("_", one.get_name()).strip("_") for one in others]:
        name = f"{name}_{len(others)}"
    name, look = name if name[:1].isalpha() else f"t_{name}", "Table Style Light 1"
    options = {"name": name, "style": look, "autofilter": False, "first_column": True}
    end = top + max(1, len(rows)), len(columns) - 1
    sheet.sheet.add_table(top, 0, *end, options | {"columns": heads})
    sheet.make_room(top, [head for head, _, _ in columns], BOLD)
    for row, cells in enumerate(rows, top + 1):
        for place, (cell, (_, numeric, _)) in enumerate(zip(cells, columns, strict=True)):
            _write_cell(sheet, row, place, cell, numeric)
        sheet.make_room(row, list(map(str, cells)))
    sheet.sheet.freeze_panes(top + 1, 1)
    sheet.sheet.repeat_rows(top)
    sheet.rows = end[0] + 1


def _write_cell(sheet, row, place, cell, numeric):
    if cell == "":
        return
    if form := name_format(cell):
        sheet.sheet.write_number(row, place, cell.rounded, sheet.style(num_format=form))
    else:
        sheet.sheet.write_string(row, place, cell, sheet.style(**_place_text(place, numeric)))


def _place_text(place, numeric):
    """Text among numbers stands as they do; other text keeps clear of the numbers before it."""
    return {"align": "right"} if numeric else {"align": "left", "indent": min(place, 1)}
