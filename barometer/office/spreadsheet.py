"""Figures and tables as an OpenDocument spreadsheet (ISO/IEC 26300): the sheets of the workbook."""

import io

from odfdo import Cell, Document, Row, Table

from barometer.document.imprint import date_file
from barometer.languages.speaking import N_, _
from barometer.marks import FLAGS, MARKS
from barometer.office.packages import settle_package
from barometer.report.sheets import tidy
from barometer.report.tidy import tabulate_cells
from barometer.report.workbook import name_exhibits, part_counts, split_columns
from barometer.text import FORMS, Number

COVER, DATA = N_("Om"), N_("Data")


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
    sheet = Table(name)
    for line in lines:
        row = Row()
        for cell in line:
            row.append_cell(_make_cell(cell), clone=False)
        sheet.append_row(row, clone=False)
    book.body.append(sheet)


def _make_cell(cell):
    if not isinstance(cell, Number) or cell.rounded is None:
        text = tidy(str(cell))
        return Cell(text, text=text, cell_type="string") if text else Cell()
    percent = FORMS[cell.form][0] == 100
    kind = "percentage" if percent else "float"
    return Cell(cell.rounded, text=tidy(cell.shown), cell_type=kind)
