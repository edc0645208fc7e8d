"""Figures and tables as a workbook, a sheet each: what is shown, as numbers to calculate with.

Every number is the rounded one that readers meet; an interval has columns of its own. One table on
a sheet, nothing merged, no blank rows: a screen reader and a program can read it.
"""

import io
import re
from dataclasses import replace
from itertools import zip_longest
from math import isclose
from textwrap import wrap

from xlsxwriter import Workbook

from barometer.document.imprint import date_file
from barometer.marks import FLAGS, MARKS
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import FORMS, LIMITS, NBSP, NONE, Flag, Number, Text, read_plain, write_number

LEVEL = write_number(CONFIDENCE, "percent")
ENDS = (f"nedre grænse ({LEVEL})", f"øvre grænse ({LEVEL})")  # of an interval
RESERVED_HEAD = "forbehold"  # of the column with flags
BESIDE = (
    "Grænserne, som i rapporten står i parentes efter tallet, har her kolonner for sig, og det "
    f"har mærker, der står ved et tal. Grænserne er for intervaller på {LEVEL}."
)
WIDE, NARROW, WORDS, TERM, WIDEST = 50, 13, 20, 24, 80  # characters
BESIDE_TEXT = 3  # characters of a column that its text has no room in
LINE = 15  # points
A4 = 9  # the file format's number for it
COVER = "Om"
# Limits of the file format (ECMA-376 and Excel's specifications), in characters but for the height,
# which is in points.
LONGEST_NAME, LONGEST_HEAD, LONGEST_CELL, LONGEST_FOOTER, HIGHEST = 31, 255, 32_767, 255, 409
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")  # in a sheet's name
RESERVED = {"history", COVER.lower()}  # names that no exhibit's sheet can have


def render_workbook(document):
    """A document's figures and tables as the bytes of an XLSX file: same document, same bytes."""
    meta, file = document["meta"], io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    about = {"title": f"{meta['title']}: figurer og tabeller", "subject": meta["sector_label"]}
    about |= {"author": meta["author"], "created": date_file(meta).replace(tzinfo=None)}
    book.set_properties(about | {"comments": meta["synthetic_mark"] if meta["synthetic"] else ""})
    exhibits = name_exhibits(document)
    _write_cover(book, meta, exhibits)
    for name, exhibit in exhibits:
        _write_exhibit(book, name, meta, exhibit)
    book.close()
    return file.getvalue()


def name_exhibits(document):
    """(name of its sheet, block) of each figure and table, in the report's order."""
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]]
    blocks = [block for block in blocks if block["type"] in ("figure", "table")]
    labels = [FORBIDDEN.sub(" ", block["label"]).strip() for block in blocks]
    names = [label or f"Uden nummer {place}" for place, label in enumerate(labels, 1)]
    return list(zip(shorten_names(names, LONGEST_NAME, RESERVED), blocks, strict=True))


def shorten_names(names, longest, taken=()):
    """The names in at most `longest` characters, each unlike others and `taken` ones in any case.

    A name that is cut ends in "…"; one that would be like another gets a number.
    """
    found, taken = [], {*taken}
    for name in names:
        short, number = _cut(name, longest), 1
        while short.casefold() in taken:
            number += 1
            mark = f" ({number})"
            short = _cut(name, longest - len(mark)) + mark
        taken.add(short.casefold())
        found.append(short)
    return found


def _cut(text, longest):
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def split_columns(table):
    """[(head, whether numeric, cells: `Number` or string)] of a table; limits and flags apart."""
    found, rows = [], table["rows"]
    parts = table.get("parts") or [[None] * len(row) for row in rows]
    for place, (head, numeric) in enumerate(zip(table["columns"], table["numeric"], strict=True)):
        cells = [
            read_plain(known[place] or [row[place]]) if numeric else Text(row[place])
            for row, known in zip(rows, parts, strict=True)
        ]
        numbers, limits, flags = zip(*map(_divide, cells), strict=True) if cells else ((), (), ())
        found.append((head, numeric, list(numbers)))
        if any(limits):
            given = (
                limit or (number if str(number) in MARKS else NONE,) * 2
                for limit, number in zip(limits, numbers, strict=True)
            )
            for end, column in zip(ENDS, zip(*given, strict=True), strict=True):
                found.append((f"{head}, {end}", True, list(column)))
        if any(flags):
            found.append((f"{head}, {RESERVED_HEAD}", False, [flag or NONE for flag in flags]))
    return found


def _divide(text):
    """(number, ends of its interval with unit, flags) of a cell; words of one without number."""
    limits = [number for number in text.numbers if number.form in LIMITS]
    if len(text.numbers) != len(limits) + 1 or not isinstance(text[0], Number):
        return str(text), (), ""
    ends = tuple(_add_unit(limit) for limit in limits)
    return text[0], ends, NBSP.join(part for part in text if isinstance(part, Flag))


def _add_unit(limit):
    form = limit.form.removeprefix("bare_")
    whole = limit.value is not None and form != limit.form
    if whole:
        return Number(limit.value, form)
    return replace(limit, written=f"{limit.shown}{FORMS[form][2]}")


def name_format(number):
    """The format that shows a number as it is written; None for words, such as "under 0,5 %"."""
    if not isinstance(number, Number) or number.rounded is None:
        return None
    factor, digits, _ = FORMS[number.form]
    shown = factor * number.rounded
    digits += not isclose(shown, round(shown, digits))  # "99,5 %" where others are whole
    form = f"{'#,##' * (number.form == 'count')}0{'.' * bool(digits)}{'0' * digits}"
    form += " %" * (factor == 100)
    return f"+{form};−{form};{form}" if number.form.startswith("signed") else form


class _Sheet:
    """A worksheet, filled from above. All text is text: it becomes no formula and no link."""

    def __init__(self, book, name, meta, widths):
        self.book, self.rows, self.widths = book, 0, widths
        self.sheet = book.add_worksheet(name)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        if meta["synthetic"]:
            mark = meta["synthetic_mark"].replace("&", "&&")
            self.sheet.set_footer(_cut(f"&L{mark}", LONGEST_FOOTER))

    def style(self, **style):
        """A format: text starts at the top and goes on below."""
        return self.book.add_format({"text_wrap": True, "valign": "top", **style})

    def make_room(self, row, cells):
        """Give a row the height of its text: not every program does it by itself."""
        lines = max(
            len(wrap(cell, width - BESIDE_TEXT, break_on_hyphens=False))
            for cell, width in zip(cells, self.widths, strict=False)
        )
        self.sheet.set_row(row, min(HIGHEST, LINE * max(1, lines)))

    def add_title(self, words, **style):
        """A line that may run past its column."""
        style = self.style(text_wrap=False, bold=True, **style)
        self.sheet.write_string(self.rows, 0, _cut(tidy(words), LONGEST_CELL), style)
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


def _write_cover(book, meta, exhibits):
    sheet = _Sheet(book, COVER, meta, (TERM, 2 * WIDE))
    sheet.add_title(f"{meta['title']}: figurer og tabeller", font_size=14)
    if meta["synthetic"]:
        sheet.add("Syntetisk", meta["synthetic_text"], bold=True)
    for term, words in [*meta["facts"], *MARKS.items(), *FLAGS.items(), ("Intervaller", BESIDE)]:
        sheet.add(term, words)
    for name, exhibit in exhibits:
        sheet.add("", exhibit["title"])
        quoted = name.replace("'", "''")
        sheet.sheet.write_url(sheet.rows - 1, 0, f"internal:'{quoted}'!A1", string=name)


def _write_exhibit(book, name, meta, exhibit):
    columns, left = _fit_columns(split_columns(exhibit["table"]))
    sheet = _Sheet(book, name, meta, list(map(_find_width, columns, range(len(columns)))))
    title = ". ".join(filter(None, (exhibit["label"], exhibit["title"])))
    sheet.add_title(title or name, font_size=12)
    for words in filter(None, (exhibit.get("note"), exhibit.get("key"), *left)):
        sheet.add(words)
    _write_table(sheet, columns)


def _fit_columns(columns):
    """Columns with heads and cells as long as the format allows, and a line for each that was cut.

    Spreadsheets demand that no two heads of a table are the same.
    """
    heads = [tidy(head) for head, _, _ in columns]
    short = shorten_names(heads, LONGEST_HEAD)
    left = [
        f"Kolonne {place}, hele navnet: {head}"
        for place, head in enumerate(heads, 1)
        if len(head) > LONGEST_HEAD
    ]
    left += [
        f"Kolonne {place}, række {row}, hele teksten: {cell}"
        for place, (_, _, cells) in enumerate(columns, 1)
        for row, cell in enumerate(cells, 1)
        if len(tidy(str(cell))) > LONGEST_CELL
    ]
    return [
        (head, numeric, [_fit_cell(cell) for cell in cells])
        for head, (_, numeric, cells) in zip(short, columns, strict=True)
    ], left


def _fit_cell(cell):
    return cell if name_format(cell) else _cut(tidy(str(cell)), LONGEST_CELL)


def _find_width(column, place):
    """A column's characters, so that no word in it is divided, and no text among numbers."""
    head, numeric, cells = column
    whole = [cell for cell in cells if numeric and not name_format(cell)]
    words = [word for text in (head, *map(str, cells)) for word in text.split()]
    least = max(map(len, (*words, *whole)), default=0) + BESIDE_TEXT
    return max(NARROW if numeric else WORDS if place else WIDE, min(least, WIDEST))


def _write_table(sheet, columns):
    top, rows = sheet.rows, list(zip(*(cells for _, _, cells in columns), strict=True))
    heads = [
        {"header": head, "header_format": sheet.style(bold=True, **_place_text(place, numeric))}
        for place, (head, numeric, _) in enumerate(columns)
    ]
    name, look = f"tabel_{len(sheet.book.worksheets())}", "Table Style Light 1"
    options = {"name": name, "style": look, "autofilter": False, "first_column": True}
    end = top + max(1, len(rows)), len(columns) - 1
    sheet.sheet.add_table(top, 0, *end, options | {"columns": heads})
    sheet.make_room(top, [head for head, _, _ in columns])
    for row, cells in enumerate(rows, top + 1):
        for place, (cell, (_, numeric, _)) in enumerate(zip(cells, columns, strict=True)):
            _write_cell(sheet, row, place, cell, numeric)
        sheet.make_room(row, list(map(str, cells)))
    sheet.sheet.freeze_panes(top + 1, 1)
    sheet.sheet.repeat_rows(top)


def _write_cell(sheet, row, place, cell, numeric):
    if form := name_format(cell):
        sheet.sheet.write_number(row, place, cell.rounded, sheet.style(num_format=form))
    else:
        sheet.sheet.write_string(row, place, cell, sheet.style(**_place_text(place, numeric)))


def _place_text(place, numeric):
    """Text among numbers stands as they do; other text keeps clear of the numbers before it."""
    return {"align": "right"} if numeric else {"align": "left", "indent": min(place, 1)}
