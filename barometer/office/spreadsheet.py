"""Figures and tables as an OpenDocument spreadsheet (ISO/IEC 26300): the sheets of the workbook."""

import io
from math import ceil

from odfdo import Cell, Column, Document, Element, Row, Table

from barometer.document.imprint import date_file
from barometer.languages.numerals import count_decimals
from barometer.languages.speaking import N_, _
from barometer.marks import FLAGS, MARKS
from barometer.office.packages import settle_package
from barometer.report.sheets import tidy
from barometer.report.tidy import tabulate_cells
from barometer.report.workbook import name_exhibits, part_counts, split_columns
from barometer.text import FORMS, NBSP, Number

COVER, DATA = N_("Om"), N_("Data")
ABOVE = 2  # lines above a table's heads, which run over the cells beside them
NARROW, WIDE = 8, 60  # letters that a column has room for, at least and at most
BROKEN = 20  # letters of a head that is longer, in lines
BOLD = 1.35  # how much wider bold letters are, with room beside them
LETTER = 0.2  # centimetres
# names of styles: of titles, and of heads above texts and above numbers
SHEET, TITLE, HEAD, NUMERIC = "sheet", "title", "head", "numeric"
# a sheet lies on its side and is as wide as the paper, over as many pages as its rows need
PAPER = (
    f'<style:page-layout style:name="{SHEET}"><style:page-layout-properties '
    'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" '
    'fo:margin-top="1.5cm" fo:margin-bottom="1.5cm" fo:margin-left="1.5cm" fo:margin-right="1.5cm" '
    'style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout>'
)


def render_spreadsheet(document, numbers):
    """A spreadsheet's bytes: a cover, all shares, and a sheet for each figure and table.

    A number is the rounded one that readers meet, with its form; all else is text.
    """
    meta, book = document["meta"], Document("spreadsheet")
    book.body.clear()
    _add_styles(book, meta["synthetic_mark"] if meta["synthetic"] else "")
    about, day = book.meta, date_file(meta).replace(tzinfo=None)
    about.title, about.subject = (
        f"{meta['title']}: {_('figurer og tabeller')}",
        meta["part_label"],
    )
    about.creator = about.initial_creator = meta["author"]
    about.creation_date = about.date = day
    about.language = meta["language"]
    facts = [*meta["facts"], *((mark, _(words)) for mark, words in (MARKS | FLAGS).items())]
    facts = [(_("Syntetisk"), meta["synthetic_text"])] * meta["synthetic"] + facts
    lines = [
        [tidy(f"{meta['title']}: {_('figurer og tabeller')}")],
        *([*map(tidy, one)] for one in facts),
    ]
    _add_sheet(book, _(COVER), lines, has_heads=False)
    _add_sheet(
        book, _(DATA), _list_lines(_("Alle andele"), meta, tabulate_cells(document, numbers))
    )
    for name, exhibit in name_exhibits(document):
        table, counts = part_counts(exhibit["table"], exhibit.get("note", ""))
        title = ". ".join(filter(None, (exhibit["label"], exhibit["title"])))
        lines = _list_lines(title or name, meta, split_columns(table))
        beside = filter(None, (exhibit.get("key"), exhibit.get("note"), counts))
        _add_sheet(book, name, [*lines, *([tidy(words)] for words in beside)])
    file = io.BytesIO()
    book.save(file)
    return settle_package(file.getvalue(), meta)


def _list_lines(title, meta, columns):
    """What stands on a sheet, line by line: its heads in row 3, as in the workbook."""
    mark = meta["synthetic_mark"] if meta["synthetic"] else ""
    about = (meta["part_label"], f"{meta['data_title']}, {meta['period']}", mark)
    yield [tidy(title)]
    yield [tidy(" · ".join(filter(None, about)))]
    yield [tidy(head) for head, _numeric, _cells in columns]
    yield from zip(*(one[2] for one in columns), strict=True)


def _add_styles(book, mark):
    """Have styles for sheets and for heads. `mark`: what stands below each page."""
    paper = book.get_part("styles.xml")
    paper.get_element("//office:automatic-styles").append(Element.from_tag(PAPER))
    page = Element.from_tag(
        f'<style:master-page style:name="{SHEET}" style:page-layout-name="{SHEET}"/>'
    )
    below, line = Element.from_tag("<style:footer/>"), Element.from_tag("<text:p/>")
    line.text = mark
    below.append(line)
    page.append(below)
    paper.get_element("//office:master-styles").append(page)
    shown = '<style:table-properties table:display="true"/>'
    bold = '<style:text-properties fo:font-weight="bold"/>'
    broken = '<style:table-cell-properties fo:wrap-option="wrap"/>'
    right = '<style:paragraph-properties fo:text-align="right"/>'
    for name, family, more, held in (
        (SHEET, "table", f'style:master-page-name="{SHEET}"', shown),
        (TITLE, "table-cell", "", bold),
        (HEAD, "table-cell", "", broken + bold),
        (NUMERIC, "table-cell", "", broken + right + bold),
    ):
        about = f'style:name="{name}" style:family="{family}" {more}'
        style = Element.from_tag(f"<style:style {about}>{held}</style:style>")
        book.insert_style(style, automatic=True)


def _add_sheet(book, name, lines, has_heads=True):
    sheet, lines = Table(name, style=SHEET), [*map(list, lines)]
    for width in _measure_columns(lines[ABOVE:]):
        sheet.append(Column(style=_name_width(book, width)))
    styles = {0: [TITLE]} | ({ABOVE: _list_heads(lines[ABOVE:])} if has_heads else {})
    for at, line in enumerate(lines):
        row, names = Row(), styles.get(at, [None] * len(line))
        for cell, style in zip(line, names, strict=True):
            made = _make_cell(book, cell)
            if style:
                made.style = style
            row.append_cell(made, clone=False)
        sheet.append_row(row, clone=False)
    book.body.append(sheet)


def _list_heads(lines):
    """The style of each head: above numbers it stands at the right."""
    rows = [line for line in lines[1:] if len(line) == len(lines[0])]
    columns = zip(*rows, strict=True) if rows else [[]] * len(lines[0])
    return [
        NUMERIC if any(isinstance(cell, Number) for cell in column) else HEAD for column in columns
    ]


def _measure_columns(lines):
    """How many letters each column of these lines needs, the first of which are heads; a line of
    one cell runs over others.
    """
    heads, *rows = [line for line in lines if len(line) > 1] or [[""]]
    widths = []
    for at, head in enumerate(map(_write, heads)):
        longest = max(min(len(head), BROKEN), *map(len, head.split() or [""]))
        texts = [_write(line[at]) for line in rows if at < len(line)]
        held = max(NARROW, ceil(BOLD * longest), *map(len, texts or [""]))
        widths.append(min(held, WIDE))
    return widths


def _name_width(book, width):
    """The name of a style of columns with room for `width` letters, which the book then has."""
    name = f"letters{width}"
    if book.get_style("table-column", name) is None:
        size = f'<style:table-column-properties style:column-width="{width * LETTER:.1f}cm"/>'
        family = f'style:name="{name}" style:family="table-column"'
        style = Element.from_tag(f"<style:style {family}>{size}</style:style>")
        book.insert_style(style, automatic=True)
    return name


def _write(cell):
    return tidy(cell.shown if isinstance(cell, Number) else str(cell))


def _make_cell(book, cell):
    if not isinstance(cell, Number) or cell.rounded is None:
        text = tidy(str(cell))
        return Cell(text, text=text, cell_type="string") if text else Cell()
    text = tidy(cell.shown)
    if FORMS[cell.form][0] != 100:
        return Cell(cell.rounded, text=text, cell_type="float")
    style = _name_percent(book, count_decimals(text))
    return Cell(cell.rounded, text=text, cell_type="percentage", style=style)


def _name_percent(book, decimals):
    """The name of a style of shares with so many decimals, which the book then has: programs show
    two without it.
    """
    name, form = f"percent{decimals}", f"share{decimals}"
    if book.get_style("table-cell", name) is None:
        number = (
            f'<number:number number:decimal-places="{decimals}" number:min-integer-digits="1"/>'
        )
        shown = f"{number}<number:text>{NBSP}%</number:text>"
        tag = "number:percentage-style"
        styles = book.content.get_element("//office:automatic-styles")
        styles.append(Element.from_tag(f'<{tag} style:name="{form}">{shown}</{tag}>'))
        about = f'style:name="{name}" style:family="table-cell" style:data-style-name="{form}"'
        styles.append(Element.from_tag(f"<style:style {about}/>"))
    return name
