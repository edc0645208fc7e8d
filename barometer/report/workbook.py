"""Figures and tables as a workbook, a sheet each: what is shown, as numbers to calculate with.

Every number is the rounded one that readers meet; an interval has columns of its own. One table on
a sheet, its heads in row 3, nothing merged, no blank rows: a screen reader and a program can read
it. Before them all shares in one table (`report/tidy.py`), after them both traces.
"""

import io
import re
from dataclasses import replace

from xlsxwriter import Workbook

from barometer.document.imprint import date_file
from barometer.languages.speaking import N_, _
from barometer.marks import FLAGS, MARKS
from barometer.report.sheets import (
    LONGEST_CELL,
    LONGEST_HEAD,
    LONGEST_NAME,
    TERM,
    WIDE,
    WORDS,
    Sheet,
    cut_text,
    find_width,
    name_format,
    shorten_names,
    tidy,
    write_table,
)
from barometer.report.tidy import name_ends, name_level, tabulate_cells, tabulate_rows
from barometer.sentences.register import COLUMNS as CLAIMS
from barometer.text import FORMS, LIMITS, NBSP, NONE, Flag, Number, Text, read_plain

RESERVED_HEAD = N_("forbehold")  # of the column with flags
BESIDE = N_(
    "Grænserne, som i rapporten står i parentes efter tallet, har her kolonner for sig, og det "
    "har mærker, der står ved et tal. Grænserne er for intervaller på {level}."
)
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")  # in a sheet's name
N = " (n = "  # before the count in a column's head
COVER, DATA, NUMBERS, SENTENCES = N_(("Om", "Data", "Tal", "Udsagn"))
# names that no exhibit's sheet can have
RESERVED = {"history", *map(str.casefold, (COVER, DATA, NUMBERS, SENTENCES))}
ABOUT = N_(
    {
        DATA: "Alle andele i figurer og tabeller, én på hver række",
        NUMBERS: "Alle viste tal med deres ophav, som i numbers.csv",
        SENTENCES: "Alle sætninger om data med deres tests, som i claims.csv",
    }
)


def render_workbook(document, numbers=()):
    """A document's figures and tables as the bytes of an XLSX file: same document, same bytes.

    `numbers`: rows of `numbers.csv`, as `numbers.collect_numbers` gives them; with them the sheets
    that `ABOUT` names are there too.
    """
    meta, file = document["meta"], io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    about = {
        "title": _("{title}: figurer og tabeller").format(title=meta["title"]),
        "subject": meta["part_label"],
    }
    about |= {"author": meta["author"], "created": date_file(meta).replace(tzinfo=None)}
    book.set_properties(about | {"comments": meta["synthetic_mark"] if meta["synthetic"] else ""})
    exhibits = name_exhibits(document)
    further = _tabulate_traces(document, numbers) if numbers else {}
    _write_cover(book, meta, exhibits, further)
    before, after = {DATA: further.pop(DATA)} if further else {}, further
    for name, columns in before.items():
        _write_sheet(book, name, meta, _(ABOUT[name]), columns)
    for name, exhibit in exhibits:
        title = ". ".join(filter(None, (exhibit["label"], exhibit["title"])))
        table, counts = part_counts(exhibit["table"], exhibit.get("note", ""))
        beside = filter(None, (exhibit.get("key"), exhibit.get("note"), counts))
        _write_sheet(book, name, meta, title or name, split_columns(table), beside)
    for name, columns in after.items():
        _write_sheet(book, name, meta, _(ABOUT[name]), columns)
    book.close()
    return file.getvalue()


def name_exhibits(document):
    """(name of its sheet, block) of each figure and table, in the report's order."""
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]]
    blocks += document["annex"]
    blocks = [block for block in blocks if block["type"] in ("figure", "table")]
    labels = [FORBIDDEN.sub(" ", block["label"]).strip() for block in blocks]
    names = [label or _("Uden nummer {n}").format(n=place) for place, label in enumerate(labels, 1)]
    return list(zip(shorten_names(names, LONGEST_NAME, RESERVED), blocks, strict=True))


def part_counts(table, note):
    """(the table with no n in its heads, a line that has those which the note lacks).

    A name of a column that has "(n = 530)" in it cannot be used by a program for another survey.
    """
    parts = [tidy(head).partition(N) for head in table["columns"]]
    counts = {name: count.rstrip(")") for name, found, count in parts if found}
    shown = "; ".join(f"{name} {count}" for name, count in counts.items())
    known = {word.strip(".,;") for word in tidy(note).split()} >= {*counts.values()}
    line = "" if known else f"n: {shown}."
    return {**table, "columns": [name for name, _, _ in parts]}, line


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
            for end, column in zip(name_ends(), zip(*given, strict=True), strict=True):
                found.append((f"{head}, {end}", True, list(column)))
        if any(flags):
            found.append((f"{head}, {_(RESERVED_HEAD)}", False, [flag or NONE for flag in flags]))
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
    return replace(limit, written=f"{limit.shown}{_(FORMS[form][2])}")


def _write_cover(book, meta, exhibits, further):
    sheet = Sheet(book, _(COVER), meta, (TERM, 2 * WIDE))
    sheet.add_title(_("{title}: figurer og tabeller").format(title=meta["title"]), font_size=14)
    if meta["synthetic"]:
        sheet.add(_("Syntetisk"), meta["synthetic_text"], bold=True)
    marks = [(mark, _(words)) for mark, words in (MARKS | FLAGS).items()]
    beside = _("Intervaller"), _(BESIDE).format(level=name_level())
    for term, words in [*meta["facts"], *marks, beside]:
        sheet.add(term, words)
    listed = [(name, exhibit["title"]) for name, exhibit in exhibits]
    own = [(_(name), _(ABOUT[name])) for name in further]
    for name, words in (*own[:1], *listed, *own[1:]):
        sheet.add("", words)
        quoted = name.replace("'", "''")
        sheet.sheet.write_url(sheet.rows - 1, 0, f"internal:'{quoted}'!A1", string=name)


def _tabulate_traces(document, numbers):
    """{sheet: columns} of what is in the traces."""
    columns = [name for name in numbers[0] if name not in ("internal", "domain", "asked")]
    return {
        DATA: tabulate_cells(document, numbers),
        NUMBERS: tabulate_rows(columns, numbers),
        SENTENCES: tabulate_rows(CLAIMS, document["claims"]),
    }


def _write_sheet(book, name, meta, title, columns, beside=()):
    """A sheet with one table, its heads in row 3; what explains it stands below."""
    columns, left = _fit_columns(columns)
    # of an exhibit the first column is wide, as its note stands below it; Data has long questions
    widths = [
        find_width(column, place or name in ABOUT, 2 * WORDS if name == DATA and place else WORDS)
        for place, column in enumerate(columns)
    ]
    sheet = Sheet(book, _(name), meta, widths)
    sheet.add_title(title, font_size=12)
    mark = meta["synthetic_mark"] if meta["synthetic"] else ""
    about = (meta["part_label"], f"{meta['data_title']}, {meta['period']}", mark)
    sheet.add_title(" · ".join(filter(None, about)), bold=False)
    write_table(sheet, columns)
    for words in (*beside, *left):
        sheet.add(words)


def _fit_columns(columns):
    """Columns with heads and cells as long as the format allows, and a line for each that was cut.

    Spreadsheets demand that no two heads of a table are the same.
    """
    heads = [tidy(head) for head, _, _ in columns]
    short = shorten_names(heads, LONGEST_HEAD)
    left = [
        _("Kolonne {place}, hele navnet: {head}").format(place=place, head=head)
        for place, head in enumerate(heads, 1)
        if len(head) > LONGEST_HEAD
    ]
    left += [
        _("Kolonne {place}, række {row}, hele teksten: {cell}").format(
            place=place, row=row, cell=cell
        )
        for place, (*_head, cells) in enumerate(columns, 1)
        for row, cell in enumerate(cells, 1)
        if len(tidy(str(cell))) > LONGEST_CELL
    ]
    return [
        (head, numeric, [_fit_cell(cell) for cell in cells])
        for head, (_, numeric, cells) in zip(short, columns, strict=True)
    ], left


def _fit_cell(cell):
    return cell if name_format(cell) else cut_text(tidy(str(cell)), LONGEST_CELL)
