"""Figures and tables as an OpenDocument spreadsheet (ISO/IEC 26300): the sheets of the workbook."""

import io

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
LETTER = 0.2  # centimetres


def render_spreadsheet(document, numbers):
    """A spreadsheet's bytes: a cover, all shares, and a sheet for each figure and table.

    A number is the rounded one that readers meet, with its form; all else is text.
    """
    meta, book = document["meta"], Document("spreadsheet")
    book.body.clear()
    about, day = book.meta, date_file(meta).replace(tzinfo=None)
    about.title, about.subject = (
        f"{meta['title']}: {_('figurer og tabeller')}",
        meta["sector_label"],
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
    _add_sheet(book, _(COVER), lines)
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
    about = (meta["sector_label"], f"{meta['data_title']}, {meta['period']}", mark)
    yield [tidy(title)]
    yield [tidy(" · ".join(filter(None, about)))]
    yield [tidy(head) for head, _numeric, _cells in columns]
    yield from zip(*(one[2] for one in columns), strict=True)


def _add_sheet(book, name, lines):
    sheet, lines = Table(name), [*map(list, lines)]
    for width in _measure_columns(lines[ABOVE:]):
        sheet.append(Column(style=_name_width(book, width)))
    for line in lines:
        row = Row()
        for cell in line:
            row.append_cell(_make_cell(book, cell), clone=False)
        sheet.append_row(row, clone=False)
    book.body.append(sheet)


def _measure_columns(lines):
    """How many letters each column of these lines needs; a line of one cell runs over others."""
    rows = [line for line in lines if len(line) > 1] or [[""]]
    texts = [[_write(line[at]) for line in rows if at < len(line)] for at in range(len(rows[0]))]
    return [min(max(NARROW, *map(len, column)), WIDE) for column in texts]


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
