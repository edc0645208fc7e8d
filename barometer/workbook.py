"""A report's figures and tables as a workbook, a sheet for each: what is shown, as numbers that can be calculated with.

Every number is the rounded one that readers meet; an interval has columns of its own. One table on a sheet, nothing
merged, no blank rows: it can be read by a screen reader and by a program.
"""
import io
import re
from math import ceil

from xlsxwriter import Workbook

from barometer.imprint import date_file
from barometer.marks import MARKS

NUMBER = re.compile(r"([+−-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?(\s?%)?")     # as written in Danish
INTERVAL = re.compile(r"([^()]+?)(\s%)?\s\(([^()]+?)(?:–|\stil\s)([^()]+)\)")   # 68 % (66–70); +28,7 (+26,2 til +31,1)
ENDS = ("nedre grænse", "øvre grænse")      # of an interval: heads of their columns
BESIDE = "Grænserne, som i rapporten står i parentes efter tallet, har her kolonner for sig."
NONE = "–"
WIDE, NARROW, WORDS, TERM = 50, 13, 20, 24     # characters
LINE = 15       # points
A4 = 9          # the file format's number for it
LONGEST = 31    # characters in a sheet's name
COVER = "Om"


def render_workbook(document):
    """The document model's figures and tables as the bytes of an XLSX file; same document, same bytes."""
    meta, file = document["meta"], io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties({"title": f"{meta['title']}: figurer og tabeller", "subject": meta["sector_label"],
                         "author": meta["author"], "comments": meta["synthetic_mark"] if meta["synthetic"] else "",
                         "created": date_file(meta).replace(tzinfo=None)})
    exhibits = name_exhibits(document)
    _write_cover(book, meta, exhibits)
    for name, exhibit in exhibits:
        _write_exhibit(book, name, meta, exhibit)
    book.close()
    return file.getvalue()


def name_exhibits(document):
    """(name of its sheet, block) of each figure and table, in the report's order."""
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]
              if block["type"] in ("figure", "table")]
    return [(block["label"][:LONGEST] or f"Uden nummer {place}", block) for place, block in enumerate(blocks, 1)]


def split_columns(table):
    """[(head, whether of numbers, cells)] of a table of text, the ends of an interval in columns of their own."""
    found = []
    for place, (head, numeric) in enumerate(zip(table["columns"], table["numeric"], strict=True)):
        cells = [row[place] for row in table["rows"]]
        parts = [INTERVAL.fullmatch(cell) if numeric else None for cell in cells]
        if not any(parts):
            found.append((head, numeric, cells))
            continue
        values = [_divide(part, cell) for part, cell in zip(parts, cells, strict=True)]
        for column, name in zip(zip(*values, strict=True), (head, *(f"{head}, {end}" for end in ENDS)), strict=True):
            found.append((name, True, list(column)))
    return found


def _divide(part, cell):
    """The number in a cell and the ends of its interval, each with the unit; what is closed is so in all three."""
    if part is None:
        return (cell, cell, cell) if cell in MARKS else (cell, NONE, NONE)
    return tuple(part[place] + (part[2] or "") for place in (1, 3, 4))


def read_number(text):
    """(value, the spreadsheet's format that shows it as it stood), or None for what is no number."""
    found = NUMBER.fullmatch(text)
    if not found:
        return None
    sign, whole, decimals, percent = found.groups(default="")
    digits = f"{'#,##' if '.' in whole else ''}0{'.' if decimals else ''}{'0' * len(decimals)}{' %' if percent else ''}"
    value = int(whole.replace(".", "") + decimals) / 10 ** (len(decimals) + (2 if percent else 0))
    return (-value if sign in ("-", "−") and value else value), f"+{digits};−{digits};{digits}" if sign else digits


class _Sheet:
    """A worksheet that is filled from above. All text is text: nothing in it can become a formula or a link."""

    def __init__(self, book, name, meta, widths):
        self.book, self.rows, self.widths = book, 0, widths
        self.sheet = book.add_worksheet(name)
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        if meta["synthetic"]:
            self.sheet.set_footer("&L" + meta["synthetic_mark"].replace("&", "&&"))

    def style(self, **style):
        """A format: text starts at the top and goes on below."""
        return self.book.add_format({"text_wrap": True, "valign": "top", **style})

    def make_room(self, row, cells):
        """Give a row the height of its text: not every program does it by itself."""
        lines = max(ceil(len(cell) / width) for cell, width in zip(cells, self.widths, strict=False))
        self.sheet.set_row(row, LINE * max(1, lines))

    def add_title(self, words, **style):
        """A line that may run past its column."""
        self.sheet.write_string(self.rows, 0, tidy(words), self.style(text_wrap=False, bold=True, **style))
        self.rows += 1

    def add(self, *cells, **style):
        """A row of text."""
        for place, cell in enumerate(cells):
            self.sheet.write_string(self.rows, place, tidy(cell), self.style(**style))
        self.make_room(self.rows, cells)
        self.rows += 1


def tidy(text):
    """Text without the fixed spaces that hold it together on a page."""
    return text.replace("\xa0", " ").replace("\xad", "")


def _write_cover(book, meta, exhibits):
    sheet = _Sheet(book, COVER, meta, (TERM, 2 * WIDE))
    sheet.add_title(f"{meta['title']}: figurer og tabeller", font_size=14)
    if meta["synthetic"]:
        sheet.add("Syntetisk", meta["synthetic_text"], bold=True)
    for term, words in [*meta["facts"], *MARKS.items(), ("Intervaller", BESIDE)]:
        sheet.add(term, words)
    for name, exhibit in exhibits:
        sheet.add("", exhibit["title"])
        sheet.sheet.write_url(sheet.rows - 1, 0, f"internal:'{name}'!A1", string=name)


def _write_exhibit(book, name, meta, exhibit):
    columns = _make_unique(split_columns(exhibit["table"]))
    sheet = _Sheet(book, name, meta, [WIDE, *(NARROW if numeric else WORDS for _, numeric, _ in columns[1:])])
    sheet.add_title(". ".join(filter(None, (exhibit["label"], exhibit["title"]))) or name, font_size=12)
    for words in filter(None, (exhibit.get("note"), exhibit.get("key"))):
        sheet.add(words)
    _write_table(sheet, columns)


def _write_table(sheet, columns):
    top, rows = sheet.rows, list(zip(*(cells for _, _, cells in columns), strict=True))
    heads = [{"header": head, "header_format": sheet.style(bold=True, **_place_text(place, numeric))}
             for place, (head, numeric, _) in enumerate(columns)]
    sheet.sheet.add_table(top, 0, top + max(1, len(rows)), len(columns) - 1, {
        "name": f"tabel_{len(sheet.book.worksheets())}", "autofilter": False, "first_column": True,
        "style": "Table Style Light 1", "columns": heads})
    sheet.make_room(top, [head for head, _, _ in columns])
    for row, cells in enumerate(rows, top + 1):
        for place, cell in enumerate(cells):
            _write_cell(sheet, row, place, tidy(cell), columns[place][1])
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


def _make_unique(columns):
    """Spreadsheets demand that no two heads of a table are the same."""
    heads = []
    for head in (tidy(head) for head, _, _ in columns):
        heads.append(head if head.lower() not in map(str.lower, heads) else f"{head} ({len(heads) + 1})")
    return [(head, *rest) for head, (_, *rest) in zip(heads, columns, strict=True)]
