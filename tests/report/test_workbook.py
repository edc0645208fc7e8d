"""The workbook of a report: the same numbers as on its pages, which can be calculated with, and
nothing that acts.
"""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from math import nan

import openpyxl
import pypdfium2
import pytest

from barometer.display import Table
from barometer.document.document import build_document
from barometer.payloads import check_table, write_table
from barometer.report.numbers import COLUMNS
from barometer.report.workbook import (
    CLAIMS,
    name_exhibits,
    name_format,
    render_workbook,
    shorten_names,
    split_columns,
)
from barometer.text import Flag, Number, Text
from tests.make.samples import code_cell, make_notebook, make_report
from tests.make.shipped import SECTORS
from tests.report.test_html import HOSTILE, hostile_notebook


def tell_share(value, low, high, *flags):
    """A cell of a share with its interval and flags."""
    limits = Number(low, "bare_limit"), "–", Number(high, "bare_limit")
    beside = [part for flag in flags for part in ("\xa0", Flag(flag))]
    return Text(Number(value, "percent"), "\xa0(", *limits, ")", *beside)


def tell_difference(value, low, high):
    """A cell of a difference with its interval."""
    limits = Number(low, "signed_limit"), " til ", Number(high, "signed_limit")
    return Text(Number(value, "signed"), " (", *limits, ")")


TABLE = {
    "columns": ["Svar", "Andel (n = 1.877)", "Forskel", "p", "Dom"],
    "numeric": [False, True, True, True, False],
    "rows": [
        [
            "Kvalitet (fra 0–1)",
            tell_share(0.684, 0.661, 0.702),
            tell_difference(28.7, 26.2, 31.1),
            Number(0.0004, "bare_p"),
            "oftere (1–2)",
        ],
        [
            "Andet",
            Number(0.4, "percent", "[c]"),
            tell_difference(-0.1, -1.1, 0.9),
            Number(0.975, "bare_p"),
            "–",
        ],
        ["Ingen", Number(0, "percent"), Number(nan, "signed", "[u]"), "–", "[c]"],
    ],
}


def render(*tables, note="En note."):
    """The opened workbook of a chapter with these tables."""
    cells = [
        code_cell(Table(f"Titel {number}", table, note, f"tabel-{number}"))
        for number, table in enumerate(tables, 1)
    ]
    return openpyxl.load_workbook(
        io.BytesIO(render_workbook(build_document([("01_x", make_notebook(*cells))])))
    )


def read_table(sheet):
    """(heads, rows of cells) of the one table on a sheet."""
    (table,) = sheet.tables.values()
    head, *rows = sheet[table.ref]
    return [cell.value for cell in head], rows


def show(cell):
    """What a Danish spreadsheet shows of a cell: only the parts of formats that the workbook
    uses.
    """
    if isinstance(cell.value, str):
        return cell.value
    positive, negative, zero = (cell.number_format.split(";") * 3)[:3]
    form = positive if cell.value > 0 else negative if cell.value < 0 else zero
    form = form if ";" in cell.number_format or cell.value >= 0 else f"-{form}"
    places = len(re.search(r"0(?:\.(0+))?", form.replace("#,##0", "0"))[1] or "")
    number = f"{abs(cell.value) * (100 if '%' in form else 1):,.{places}f}"
    number = number if "#,##" in form else number.replace(",", "")
    return re.sub(r"(#,##)?0(\.0+)?", number.translate(str.maketrans(",.", ".,")), form)


def test_a_flag_beside_a_number_has_a_column_of_its_own_and_the_number_is_one():
    table = {
        "columns": ["Svar", "Andel"],
        "numeric": [False, True],
        "rows": [
            ["Kvalitet", tell_share(0.93, 0.88, 0.96, "[ø]")],
            ["Andet", tell_share(0, 0, 0.09, "[a]", "[g]")],
            ["Ingen", Number(nan, "percent", "[u]")],
            ["Flere", tell_share(0.09, 0.07, 0.11)],
            ["Få", Text(Number(1, "percent"), "\xa0", Flag("[a]"))],
            ["Næsten ingen", tell_share(0.003, 0.001, 0.997, "[ø]")],
        ],
    }
    columns = split_columns(write_table(table, "tabel-1"))
    assert [(head, numeric, list(map(str, cells))) for head, numeric, cells in columns[1:]] == [
        ("Andel", True, ["93\xa0%", "0\xa0%", "[u]", "9\xa0%", "100\xa0%", "under 0,5\xa0%"]),
        (
            "Andel, nedre grænse (95\xa0%)",
            True,
            ["88\xa0%", "0\xa0%", "[u]", "7\xa0%", "–", "under\xa00,5\xa0%"],
        ),
        (
            "Andel, øvre grænse (95\xa0%)",
            True,
            ["96\xa0%", "9\xa0%", "[u]", "11\xa0%", "–", "over\xa099,5\xa0%"],
        ),
        ("Andel, forbehold", False, ["[ø]", "[a]\xa0[g]", "–", "–", "[a]", "[ø]"]),
    ]


@pytest.mark.parametrize(
    ("note", "below"),
    [("n: første 1.530, anden 53.", []), ("Ingen.", ["n: Første 1.530; Anden 53."]),
     ("n: anden 530.", ["n: Første 1.530; Anden 53."])],
)  # fmt: skip
def test_how_many_answered_stands_below_a_sheet_and_not_in_its_heads(note, below):
    heads = ["Svar", "Første (n\xa0=\xa01.530)", "Anden (n\xa0=\xa053)"]
    table = {"columns": heads, "rows": [["Ja", "–", "–"]], "numeric": [False, True, True]}
    sheet = render(table, note=note)["Tabel 1"]
    found, _ = read_table(sheet)
    assert found == ["Svar", "Første", "Anden"]
    under = [row[0].value for row in sheet.iter_rows(min_row=5) if row[0].value]
    assert under == [note, *below]


def test_a_cell_is_the_number_that_was_shown_and_an_interval_has_columns_of_its_own():
    heads, rows = read_table(render(TABLE)["Tabel 1"])
    assert heads == [
        "Svar",
        "Andel",
        "Andel, nedre grænse (95 %)",
        "Andel, øvre grænse (95 %)",
        "Forskel",
        "Forskel, nedre grænse (95 %)",
        "Forskel, øvre grænse (95 %)",
        "p",
        "Dom",
    ]
    assert [[cell.value for cell in row] for row in rows] == [
        ["Kvalitet (fra 0–1)", 0.68, 0.66, 0.70, 28.7, 26.2, 31.1, "< 0,001", "oftere (1–2)"],
        ["Andet", "[c]", "[c]", "[c]", -0.1, -1.1, 0.9, 0.975, "–"],
        ["Ingen", 0, "–", "–", "[u]", "[u]", "[u]", "–", "[c]"],
    ]
    assert [[show(cell) for cell in row] for row in rows][:2] == [
        [
            "Kvalitet (fra 0–1)",
            "68 %",
            "66 %",
            "70 %",
            "+28,7",
            "+26,2",
            "+31,1",
            "< 0,001",
            "oftere (1–2)",
        ],
        ["Andet", "[c]", "[c]", "[c]", "−0,1", "−1,1", "+0,9", "0,975", "–"],
    ]


@pytest.mark.parametrize(
    ("number", "value", "form"),
    [
        (Number(480, "count"), 480, "#,##0"),
        (Number(1234567, "count"), 1234567, "#,##0"),
        (Number(2.741, "decimal"), 2.74, "0.00"),
        (Number(0.5871, "percent"), 0.59, "0 %"),
        (Number(0.995, "percent"), 0.995, "0.0 %"),
        (Number(0.5944, "one_decimal"), 0.594, "0.0 %"),
        (Number(0.44, "signed"), 0.4, "+0.0;−0.0;0.0"),
        (Number(-12.5, "signed"), -12.5, "+0.0;−0.0;0.0"),
        (Number(0.0413, "bare_p"), 0.041, "0.000"),
    ],
)
def test_a_number_is_as_precise_as_it_is_shown_and_written_alike(number, value, form):
    assert (number.rounded, name_format(number)) == (value, form)


@pytest.mark.parametrize(
    "cell",
    [
        "2.271",
        Number(0.0004, "bare_p"),
        Number(0.003, "percent"),
        Number(0.4, "share", "[c]"),
        Number(nan, "share", "empty"),
        Number(480, "count", written="480–507"),
    ],
)
def test_what_is_shown_as_words_stays_text(cell):
    assert name_format(cell) is None


def test_a_cell_of_words_around_numbers_stays_text():
    about = Text("ca. ", Number(0.6, "percent"))
    three = Text(*(Number(p, "bare_p") for p in (0.01, 0.02, 0.03)))
    table = {"columns": ["Tal", "p"], "numeric": [True, True], "rows": [[about, three]]}
    assert split_columns(write_table(table, "x")) == [
        ("Tal", True, ["ca. 60\xa0%"]),
        ("p", True, ["0,0100,0200,030"]),
    ]


def test_numbers_that_are_not_those_shown_are_refused():
    for value in (0.69, 0.684):
        parts = [[None, [{"shown": "68\xa0%", "value": value, "form": "percent"}]]]
        table = {"columns": ["Svar", "Andel"], "numeric": [False, True], "parts": parts}
        with pytest.raises(ValueError, match="andre end dem, der vises"):
            check_table(table | {"rows": [["Ja", "68\xa0%"]]}, "tabel-1")


def test_the_cover_says_what_the_numbers_are_and_leads_to_every_sheet():
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(build_document(make_report()))))
    cover = {row[0].value: row[1] for row in book["Om"].iter_rows()}
    assert cover["Syntetisk"].value.startswith("Lavet på syntetiske data")
    assert cover["Svarperiode"].value == "23. november 2026" and "[c]" in cover
    linked = [cell for (cell, *_) in book["Om"].iter_rows() if cell.hyperlink]
    assert [cell.value for cell in linked] == book.sheetnames[1:] and len(book.sheetnames) > 2
    assert [cell.hyperlink.location for cell in linked] == [
        f"'{name}'!A1" for name in book.sheetnames[1:]
    ]
    for sheet in book.worksheets:
        assert "syntetiske data" in sheet.oddFooter.left.text and not sheet.merged_cells.ranges
    for sheet in book.worksheets[1:]:
        told = cover[sheet.title].value  # the last of the sample's tables has no id and no title
        assert sheet["A1"].value == (f"{sheet.title}. {told}" if told else sheet.title)
        assert sheet.freeze_panes and all(
            cell.value is not None for row in read_table(sheet)[1] for cell in row
        )


def test_nothing_in_a_text_becomes_a_formula_a_link_or_markup():
    formula = '=HYPERLINK("file:///etc/passwd")'
    table = {
        "columns": [formula, "+1+1", "+1+1"],
        "numeric": [False, True, True],
        "rows": [["https://example.org", "=1+1", "@SUM(A1)"]],
    }
    chapters = [
        ("01_x", make_notebook(code_cell(Table(formula, table, "=2+2", "tabel-9")))),
        ("02_y", hostile_notebook()),
    ]
    file = io.BytesIO(render_workbook(build_document(chapters)))
    book = openpyxl.load_workbook(file)
    cells = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n"} and HOSTILE in {
        cell.value for cell in cells
    }
    assert not [
        cell
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    heads, rows = read_table(book.worksheets[1])
    assert (
        heads == [formula, "+1+1", "+1+1 (2)"]
        and [cell.value for cell in rows[0]] == table["rows"][0]
    )
    with zipfile.ZipFile(file) as packed:
        assert not [
            name for name in packed.namelist() if b"<f>" in packed.read(name) or "External" in name
        ]


def test_the_same_document_gives_the_same_bytes_with_the_date_of_the_data(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr("barometer.document.imprint.date_commit", lambda: "")
    document = build_document(make_report())
    first = render_workbook(document)
    assert first == render_workbook(document)
    assert openpyxl.load_workbook(io.BytesIO(first)).properties.created == datetime(
        2026, 11, 23, 12
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert openpyxl.load_workbook(
        io.BytesIO(render_workbook(document))
    ).properties.created == datetime(1970, 1, 1)


def test_a_report_without_figures_or_tables_has_a_cover():
    assert render().sheetnames == ["Om"]


def test_a_column_has_room_for_its_longest_word_and_a_row_for_its_lines():
    verdict = "oftere; falder med Benjamini–Hochberg; hænger på endelighedskorrektionen"
    table = {
        "columns": ["Sætning", "p (Holm; BH)", "Dom"],
        "numeric": [False, True, False],
        "rows": [
            ["T001", "<\xa00,001 (<\xa00,001; <\xa00,001)", verdict],
            ["T002", "0,5", "oftere"],
        ],
    }
    sheet = render(table)["Tabel 1"]
    # on one line
    assert sheet.column_dimensions["B"].width >= len("< 0,001 (< 0,001; < 0,001)") + 1
    # it is indented
    assert sheet.column_dimensions["C"].width >= len("endelighedskorrektionen") + 2
    row = next(row for row in sheet.iter_rows() if row[0].value == "T001")[0].row
    assert sheet.row_dimensions[row].height >= 4 * 15 and sheet.row_dimensions[row + 1].height in (
        None,
        15,
    )


def test_a_table_without_rows_or_id_is_a_sheet_too():
    bare = {"columns": ["Svar", "n"], "numeric": [False, True], "rows": [["Ja", "1"]]}
    cells = [
        code_cell(Table("Uden", bare)),
        code_cell(Table("Tom", bare | {"rows": []}, "", "tabel-1")),
    ]
    document = build_document([("01_x", make_notebook(*cells))])
    assert [name for name, _ in name_exhibits(document)] == ["Uden nummer 1", "Tabel 1"]
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(document)))
    assert book["Uden nummer 1"]["A1"].value == "Uden"
    heads, rows = read_table(book["Tabel 1"])
    assert heads == ["Svar", "n"] and [[cell.value for cell in row] for row in rows] == [
        [None, None]
    ]


@pytest.mark.parametrize(
    ("names", "longest", "short"),
    [
        (["Tabel 1", "tabel 1", "TABEL 1"], 31, ["Tabel 1", "tabel 1 (2)", "TABEL 1 (3)"]),
        (["abcdefgh", "abcdefgi", "abc"], 7, ["abcdef…", "ab… (2)", "abc"]),
        (["x" * 40, "x" * 39, "x" * 31], 31, ["x" * 30 + "…", "x" * 26 + "… (2)", "x" * 31]),
        (["Straße", "STRASSE"], 31, ["Straße", "STRASSE (2)"]),
    ],
)
def test_names_cut_to_a_limit_stay_within_it_and_unlike_each_other(names, longest, short):
    found = shorten_names(names, longest)
    assert len({*map(str.casefold, found)}) == len(names) and max(map(len, found)) <= longest
    assert found == short


def test_two_tables_with_long_ids_alike_at_the_beginning_have_a_sheet_each():
    names = [f"tabel-{'tilfredshedmedvaerktoejet2023' * 2}{end}" for end in ("stat", "region")]
    cells = [code_cell(Table(name, TABLE, "", name)) for name in names]
    book = openpyxl.load_workbook(
        io.BytesIO(render_workbook(build_document([("01_x", make_notebook(*cells))])))
    )
    assert (
        len({name.casefold() for name in book.sheetnames}) == 3
        and max(map(len, book.sheetnames)) <= 31
    )
    assert [book[name]["A1"].value.rpartition(". ")[2] for name in book.sheetnames[1:]] == names


def test_text_longer_than_the_format_allows_is_cut_where_it_must_be_and_whole_beside_it():
    heads = ["Svar", *(f"{'Brugere af velfærdsteknologi ' * 10}{end}" for end in "ab")]
    cell, note = "lang " * 8_000, "note " * 8_000
    book = render(
        {"columns": heads, "numeric": [False, False, False], "rows": [["Ja", cell, "kort"]]}
    )
    sheet = book["Tabel 1"]
    found, rows = read_table(sheet)
    assert all(len(head) <= 255 for head in found) and len({head.casefold() for head in found}) == 3
    assert len(rows[0][1].value) <= 32_767 and rows[0][2].value == "kort"
    beside = "".join(str(row[0].value) for row in sheet.iter_rows() if row[0].value)
    assert all(head in beside for head in heads[1:]) and cell.strip() in beside
    assert all(
        height.height is None or height.height <= 409 for height in sheet.row_dimensions.values()
    )
    noted = [code_cell(Table("Titel", TABLE, note, "tabel-1"))]
    noted = openpyxl.load_workbook(
        io.BytesIO(render_workbook(build_document([("01_x", make_notebook(*noted))])))
    )
    told = "".join(str(row[0].value) for row in noted["Tabel 1"].iter_rows() if row[0].value)
    assert note.strip() in told


ROW = {
    **dict.fromkeys(COLUMNS, ""),
    **{"where": "figur-4", "part": "picture", "kind": "share", "question": "Hvad?"},
    **{"item": "value.a", "label": "A", "group": "all", "group_label": "Alle", "n": "1877"},
    **{"shown": "68\xa0%", "low": "66\xa0%", "high": "70\xa0%"},
    "internal": {"share": 0.684, "low": 0.661, "high": 0.702},
}
CLOSED = {"shown": "[c]", "n": "", "low": "", "high": "", "internal": {}, "item": "value.b"}
SMALL = {"shown": "under 0,5\xa0%", "low": "", "high": "", "internal": {"share": 0.003}}
BATTERY = {
    "item": "influence.law=high|some",
    "kind": "sum",
    "label": "Loven: i høj grad + Loven: i nogen grad",
    "flag": "[ø]",
}


def render_with(*changes):
    rows = [ROW | change for change in changes]
    return openpyxl.load_workbook(io.BytesIO(render_workbook(build_document(make_report()), rows)))


def test_the_sheet_data_has_each_share_once_with_n_and_status_in_columns_of_their_own():
    again = {"part": "table"}  # the figure's table
    others = {"where": "D15"}, {"kind": "p", "shown": "0,002"}
    sheet = render_with({}, again, *others, CLOSED, SMALL | {"item": "c"}, BATTERY)["Data"]
    heads, rows = read_table(sheet)
    assert heads == [
        *("Vist i", "Gruppe", "Emne", "Svar", "Andel"),
        *("Nedre grænse (95 %)", "Øvre grænse (95 %)", "n", "Status"),
    ]
    closed = "vises ikke af hensyn til fortrolighed"
    flag = "tallet er sikkert nok, men andelen, der ikke svarede sådan, er for usikker"
    assert [[cell.value for cell in row] for row in rows] == [
        ["Figur 4", "Alle", "Hvad?", "A", 0.68, 0.66, 0.7, 1877, "vist"],
        ["Figur 4", "Alle", "Hvad?", "A", None, None, None, None, closed],
        ["Figur 4", "Alle", "Hvad?", "A", "under 0,5 %", None, None, 1877, "vist"],
        ["Figur 4", "Alle", "Loven", "i høj grad + i nogen grad", 0.68, 0.66, 0.7, 1877, flag],
    ]


def test_both_traces_are_sheets_with_what_is_public_of_them():
    book = render_with({})
    heads, rows = read_table(book["Tal"])
    assert tuple(heads) == COLUMNS and len(rows) == 1
    assert [cell.value for cell in rows[0]].count(1877) == 1
    assert tuple(read_table(book["Udsagn"])[0]) == CLAIMS
    cover = [row[0].value for row in book["Om"].iter_rows()]
    assert {"Data", "Tal", "Udsagn"} <= {*cover}


def test_a_table_has_its_sheets_name_and_every_table_begins_in_the_same_row():
    book = render_with({})
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert table.name == sheet.title.replace(" ", "_")
        assert table.ref.startswith("A3:") and sheet.freeze_panes == "B4"
        assert "syntetiske data" in sheet["A2"].value
    sheet = book["Figur 4"]
    assert sheet.cell(sheet.max_row, 1).value  # the note, below the table


@pytest.mark.slow
def test_libreoffice_opens_the_workbook_and_shows_every_sheet_with_its_heads(real, tmp_path):
    if not (office := shutil.which("soffice")):
        pytest.skip("no LibreOffice on this machine: the workbook is not opened")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    for sector in SECTORS:
        subprocess.run([*asked, str(real[0] / sector / "tables.xlsx")], check=True, timeout=300)
        book = openpyxl.load_workbook(real[0] / sector / "tables.xlsx")
        with pypdfium2.PdfDocument(tmp_path / "tables.pdf") as pdf:
            pages = [page.get_textpage().get_text_range() for page in pdf]
        for sheet in book.worksheets[1:]:
            heads, _ = read_table(sheet)
            assert any(sheet["A1"].value in text for text in pages), sheet.title
            # what is wide goes on on further pages, and a long word on a further line
            words = "".join("".join(pages).split())
            assert all(part in words for head in heads[:5] for part in head.split()), sheet.title


@pytest.mark.slow
@pytest.mark.parametrize("sector", SECTORS)
def test_every_number_of_the_real_reports_is_shown_as_on_the_page(real, sector):
    folder = real[0] / sector
    document = build_document(sorted((folder / "chapters").iterdir()))
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    exhibits = name_exhibits(document)
    names = [name for name, _ in exhibits]
    assert book.sheetnames == ["Om", "Data", *names, "Tal", "Udsagn"] and len(exhibits) > 10
    for name, exhibit in exhibits:
        columns, (_, rows) = split_columns(exhibit["table"]), read_table(book[name])
        assert [[show(cell) for cell in row] for row in rows] == [
            [str(cell).replace("\xa0", " ") for cell in row]
            for row in zip(*(cells for *_, cells in columns), strict=True)
        ]
        page = [" ".join(row) for row in exhibit["table"]["rows"]]
        for shown, told in zip(rows, page, strict=True):
            told = told.replace("\xa0", " ")
            read = [
                show(cell)
                for cell, (head, *_) in zip(shown, columns, strict=True)
                # most numbers have no reservation
                if not (head.endswith(", forbehold") and cell.value == "–")
            ]
            assert all(text in told or re.sub(r"\s?%", "", text) in told for text in read)
