"""A report's figures and tables as a workbook, a sheet for each: what is shown, as numbers that can
be calculated with.

Every number is the rounded one that readers meet; an interval has columns of its own. One table on
a sheet, nothing merged, no blank rows: it can be read by a screen reader and by a program.
"""

import io
import re
from itertools import zip_longest
from textwrap import wrap

from xlsxwriter import Workbook

from barometer.marks import FLAGS, MARKS
from barometer.report.imprint import date_file
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import write_number

# as written in Danish
NUMBER = re.compile(r"([+−-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?(\s?%)?")
# 68 % (66–70); +28,7 (+26,2 til +31,1)
INTERVAL = re.compile(r"([^()]+?)(\s%)?\s\(([^()]+?)(?:–|\stil\s)([^()]+)\)")
# 98 % (95–99) [ø]
FLAGGED = re.compile(rf"(.+?)\s((?:{'|'.join(map(re.escape, FLAGS))})(?:\s\[\w\])*)")
LEVEL = write_number(CONFIDENCE, "percent")
# of an interval: heads of their columns
ENDS = (f"nedre grænse ({LEVEL})", f"øvre grænse ({LEVEL})")
RESERVED_HEAD = "forbehold"  # of the column with flags
BESIDE = (
    "Grænserne, som i rapporten står i parentes efter tallet, har her kolonner for sig, og det "
    "har mærker, der "
    f"står ved et tal. Grænserne er for intervaller på {LEVEL}."
)
NONE = "–"
WIDE, NARROW, WORDS, TERM, WIDEST = 50, 13, 20, 24, 80  # characters
# characters of a column that its text has no room in: margins, and that before words
BESIDE_TEXT = 3
LINE = 15  # points
A4 = 9  # the file format's number for it
COVER = "Om"
# Limits of the file format (ECMA-376 and Excel's specifications), in characters but for the height,
# which is in points.
LONGEST_NAME, LONGEST_HEAD, LONGEST_CELL, LONGEST_FOOTER, HIGHEST = 31, 255, 32_767, 255, 409
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")  # in a sheet's name
RESERVED = {"history", COVER.lower()}  # names that no exhibit's sheet can have


def render_workbook(document):
    """The document model's figures and tables as the bytes of an XLSX file; same document, same
    bytes.
    """
    meta, file = document["meta"], io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties(
        {
            "title": f"{meta['title']}: figurer og tabeller",
            "subject": meta["sector_label"],
            "author": meta["author"],
            "comments": meta["synthetic_mark"] if meta["synthetic"] else "",
            "created": date_file(meta).replace(tzinfo=None),
        }
    )
    exhibits = name_exhibits(document)
    _write_cover(book, meta, exhibits)
    for name, exhibit in exhibits:
        _write_exhibit(book, name, meta, exhibit)
    book.close()
    return file.getvalue()


def name_exhibits(document):
    """(name of its sheet, block) of each figure and table, in the report's order."""
    blocks = [
        block
        for chapter in document["chapters"]
        for block in chapter["blocks"]
        if block["type"] in ("figure", "table")
    ]
    labels = [FORBIDDEN.sub(" ", block["label"]).strip() for block in blocks]
    names = [label or f"Uden nummer {place}" for place, label in enumerate(labels, 1)]
    return list(zip(shorten_names(names, LONGEST_NAME, RESERVED), blocks, strict=True))


def shorten_names(names, longest, taken=()):
    """The names, each at most `longest` characters and unlike the others and the `taken` ones,
    whatever their case.

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
    """[(head, whether of numbers, cells)] of a table of text, ends of intervals and flags in
    columns of their own.
    """
    found = []
    for place, (head, numeric) in enumerate(zip(table["columns"], table["numeric"], strict=True)):
        cells = [row[place] for row in table["rows"]]
        cells, flags = (
            zip(*map(_take_flag, cells), strict=True) if numeric and cells else (cells, ())
        )
        parts = [INTERVAL.fullmatch(cell) if numeric else None for cell in cells]
        flagged = [(f"{head}, {RESERVED_HEAD}", False, [flag or NONE for flag in flags])] * any(
            flags
        )
        if not any(parts):
            found += [(head, numeric, list(cells)), *flagged]
            continue
        values = [_divide(part, cell) for part, cell in zip(parts, cells, strict=True)]
        for column, name in zip(
            zip(*values, strict=True), (head, *(f"{head}, {end}" for end in ENDS)), strict=True
        ):
            found.append((name, True, list(column)))
        found += flagged
    return found


def _take_flag(cell):
    """A cell without the flag beside its number, and the flag."""
    found = FLAGGED.fullmatch(cell)
    return found.groups() if found else (cell, "")


def _divide(part, cell):
    """The number in a cell and the ends of its interval, each with the unit; what is closed is so
    in all three.
    """
    if part is None:
        return (cell, cell, cell) if cell in MARKS else (cell, NONE, NONE)
    return tuple(part[place] + (part[2] or "") for place in (1, 3, 4))


def read_number(text):
    """(value, the spreadsheet's format that shows it as it stood), or None for what is no
    number.
    """
    found = NUMBER.fullmatch(text)
    if not found:
        return None
    sign, whole, decimals, percent = found.groups(default="")
    thousands, point = "#,##" if "." in whole else "", "." if decimals else ""
    digits = f"{thousands}0{point}{'0' * len(decimals)}{' %' if percent else ''}"
    value = int(whole.replace(".", "") + decimals) / 10 ** (len(decimals) + (2 if percent else 0))
    return (
        -value if sign in ("-", "−") and value else value
    ), f"+{digits};−{digits};{digits}" if sign else digits


class _Sheet:
    """A worksheet that is filled from above. All text is text: nothing in it can become a formula
    or a link.
    """

    def __init__(self, book, name, meta, widths):
        self.book, self.rows, self.widths = book, 0, widths
        self.sheet = book.add_worksheet(name)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        if meta["synthetic"]:
            self.sheet.set_footer(
                _cut("&L" + meta["synthetic_mark"].replace("&", "&&"), LONGEST_FOOTER)
            )

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
        self.sheet.write_string(
            self.rows,
            0,
            _cut(tidy(words), LONGEST_CELL),
            self.style(text_wrap=False, bold=True, **style),
        )
        self.rows += 1

    def add(self, *cells, **style):
        """A row of text; several where a text is longer than a cell can be."""
        pieces = [
            [
                tidy(cell)[start : start + LONGEST_CELL]
                for start in range(0, max(1, len(tidy(cell))), LONGEST_CELL)
            ]
            for cell in cells
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
    sheet.add_title(
        ". ".join(filter(None, (exhibit["label"], exhibit["title"]))) or name, font_size=12
    )
    for words in filter(None, (exhibit.get("note"), exhibit.get("key"), *left)):
        sheet.add(words)
    _write_table(sheet, columns)


def _fit_columns(columns):
    """The columns with heads and cells as long as the format allows; and a line of text for each
    that was cut.

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
        if len(tidy(cell)) > LONGEST_CELL
    ]
    return [
        (head, numeric, [_cut(tidy(cell), LONGEST_CELL) for cell in cells])
        for head, (_, numeric, cells) in zip(short, columns, strict=True)
    ], left


def _find_width(column, place):
    """A column's characters, so that no word in it is divided, and no text that is made of
    numbers.
    """
    head, numeric, cells = column
    whole = [cell for cell in cells if numeric and not read_number(cell)]
    words = [word for text in (head, *cells) for word in text.split()]
    least = max(map(len, (*words, *whole)), default=0) + BESIDE_TEXT
    return max(NARROW if numeric else WORDS if place else WIDE, min(least, WIDEST))


def _write_table(sheet, columns):
    top, rows = sheet.rows, list(zip(*(cells for _, _, cells in columns), strict=True))
    heads = [
        {"header": head, "header_format": sheet.style(bold=True, **_place_text(place, numeric))}
        for place, (head, numeric, _) in enumerate(columns)
    ]
    sheet.sheet.add_table(
        top,
        0,
        top + max(1, len(rows)),
        len(columns) - 1,
        {
            "name": f"tabel_{len(sheet.book.worksheets())}",
            "autofilter": False,
            "first_column": True,
            "style": "Table Style Light 1",
            "columns": heads,
        },
    )
    sheet.make_room(top, [head for head, _, _ in columns])
    for row, cells in enumerate(rows, top + 1):
        for place, cell in enumerate(cells):
            _write_cell(sheet, row, place, cell, columns[place][1])
        sheet.make_room(row, cells)
    sheet.sheet.freeze_panes(top + 1, 1)
    sheet.sheet.repeat_rows(top)


def _write_cell(sheet, row, place, cell, numeric):
    if numeric and (number := read_number(cell)):
        sheet.sheet.write_number(row, place, number[0], sheet.style(num_format=number[1]))
    else:
        sheet.sheet.write_string(row, place, cell, sheet.style(**_place_text(place, numeric)))


def _place_text(place, numeric):
    """Text among numbers stands as they do; other text keeps clear of the numbers before it."""
    return {"align": "right"} if numeric else {"align": "left", "indent": min(place, 1)}
