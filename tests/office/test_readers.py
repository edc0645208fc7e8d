"""Real reports with their office files: the same cells in all of them, opened by LibreOffice."""

import csv
import io
import random
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser

import openpyxl
import pypdfium2
import pytest

from barometer.document.document import build_document
from barometer.exports.cells import KINDS, list_exhibits, read_shown
from barometer.report.workbook import name_exhibits, split_columns
from barometer.text import read_plain
from tests.conftest import copy_run, run_report
from tests.make.shipped import SECTORS

pytestmark = pytest.mark.slow
pptx = pytest.importorskip("pptx")
docx = pytest.importorskip("docx")
MANY = 50
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DIGITS = 8  # after the point: so many that two numbers have them alike by chance in no run
FULL = re.compile(rf"\d+[.,]\d{{{DIGITS},}}")
TEXTS = (*(".xml", ".rels", ".csv", ".json", ".jsonld", ".px", ".ipynb", ".html", ".svg", ".txt"),)


@pytest.fixture(scope="module")
def office(real, tmp_path_factory):
    """The four reports with office files."""
    folder = copy_run(real[0], tmp_path_factory.mktemp("office"))
    assert "gjort rede for alle" in run_report(folder, "--format", "office")
    return folder


def list_places(folder):
    """[(exhibit, row of its table, column, number shown)] of every share of the trace that a figure
    shows: the trace and the table have the same order.
    """
    with open(folder / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        trace = [
            row for row in csv.DictReader(file) if row["part"] == "table" and row["kind"] in KINDS
        ]
    found = []
    for exhibit in list_exhibits(build_document(sorted((folder / "chapters").iterdir()))):
        if exhibit["type"] != "figure":
            continue
        table = exhibit["table"]
        places = [
            (at, column, number.shown)
            for at, row in enumerate(table["parts"])
            for column, cell in enumerate(row)
            for number in read_plain(cell or []).numbers[:1]
            if number.form in ("percent", "one_decimal") or number.shown.startswith("[")
        ]
        own = [row for row in trace if row["where"] == exhibit["id"]]
        if not own:  # numbers that others have published
            continue
        for (at, column, shown), row in zip(places, own, strict=True):
            assert shown == row["shown"]
            found.append((exhibit, at, column, row))
    return found


def choose(folder):
    places = list_places(folder)
    return random.Random(18).sample(places, min(MANY, len(places)))


class Tables(HTMLParser):
    """{id of a figure: rows of its table} of a page."""

    def __init__(self, text):
        super().__init__()
        self.found, self.figure, self.inside = {}, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "figure":
            self.figure = dict(attributes).get("id")
            self.found.setdefault(self.figure, [])
        if self.figure and tag == "tr":
            self.found[self.figure].append([])
        if self.figure and tag in ("td", "th") and self.found[self.figure]:
            self.found[self.figure][-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.figure = None if tag == "figure" else self.figure
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.figure and self.inside:
            self.found[self.figure][-1][-1] += data


def settle(text):
    return " ".join(str(text).split())


@pytest.mark.parametrize("sector", SECTORS)
def test_fifty_cells_are_the_same_in_trace_page_pdf_and_office_files(office, sector):
    from odfdo import Document

    folder = office / sector
    pages = Tables((folder / "report.html").read_text(encoding="utf-8")).found
    with pypdfium2.PdfDocument(folder / "report.pdf") as pdf:
        printed = settle(" ".join(page.get_textpage().get_text_range() for page in pdf))
    workbook = openpyxl.load_workbook(folder / "tables.xlsx")
    sheets = {one.name: one for one in Document(folder / "tables.ods").body.tables}
    book = docx.Document(str(folder / "report.docx"))
    letters = {}
    for table in book.tables:
        caption = table._tbl.tblPr.find("{*}tblCaption")
        if caption is not None:
            letters[next(iter(caption.attrib.values()))] = table
    charts = {}
    for slide in pptx.Presentation(str(folder / "figures.pptx")).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                charts[shape._element.nvGraphicFramePr.cNvPr.get("name")] = shape.chart.plots[0]
    names = {
        exhibit["id"]: name
        for name, exhibit in name_exhibits(build_document(sorted((folder / "chapters").iterdir())))
    }
    for exhibit, at, column, row in choose(folder):
        shown, table = settle(row["shown"]), exhibit["table"]
        written = settle(table["rows"][at][column])
        number = read_shown(row["shown"])
        expected = None if number is None else number / 100
        assert written.startswith(shown)
        assert settle(pages[exhibit["id"]][1 + at][column]).startswith(shown)
        assert written in printed
        # columns of limits and reservations stand between those of the table
        before = [
            head
            for head, _, _ in split_columns(
                table | {"columns": [f"c{i}" for i in range(len(table["columns"]))]}
            )
        ]
        place = before.index(f"c{column}")
        for value in (
            workbook[names[exhibit["id"]]].cell(4 + at, 1 + place).value,
            sheets[names[exhibit["id"]]].get_value((place, 3 + at)),
        ):
            assert (
                (settle(value) == shown)
                if expected is None
                else float(value) == pytest.approx(expected)
            )
        letter = letters[f"{exhibit['label']}. {exhibit['title']}"]
        assert settle(letter.rows[1 + at].cells[column].text) == written
        plot = charts[exhibit["label"]]
        (series,) = [one for one in plot.series if one.name == settle(table["columns"][column])]
        value = series.values[at]
        assert value is None if expected is None else value == pytest.approx(expected)


@pytest.mark.parametrize("sector", SECTORS)
def test_no_office_file_has_a_number_in_a_chart_or_sheet_that_the_trace_has_not(office, sector):
    from odfdo import Document

    folder = office / sector
    with open(folder / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {read_shown(row[name]) for row in rows for name in ("shown", "low", "high", "n")}
    deck = pptx.Presentation(str(folder / "figures.pptx"))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    values = {value for chart in charts for one in chart.plots[0].series for value in one.values}
    assert (
        len(charts) == len(deck.slides) - 1 >= 9
        and {round(100 * one, 6) for one in values if one is not None} <= known
    )
    # what is inside a chart's own workbook is what the chart shows
    for chart in charts:
        inside = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        numbers = {
            cell.value
            for line in inside.active.iter_rows()
            for cell in line
            if isinstance(cell.value, int | float)
        }
        assert numbers <= values
    shown = openpyxl.load_workbook(folder / "tables.xlsx")
    beside = {
        sheet.title: [cell.value for line in sheet.iter_rows(min_row=4) for cell in line]
        for sheet in shown
    }
    for sheet in Document(folder / "tables.ods").body.tables:
        if sheet.name in beside and sheet.name != "Om":
            numbers = [one for line in sheet.get_values() for one in line]
            numbers = {
                float(one) for one in numbers if one is not None and not isinstance(one, str)
            }
            assert numbers <= {
                float(one) for one in beside[sheet.name] if isinstance(one, int | float)
            }


def test_libreoffice_opens_every_office_file_with_all_its_figures(office, tmp_path):
    if not (program := shutil.which("soffice")):
        pytest.skip("no LibreOffice on this machine: the files are not opened")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    folder = office / "state"  # with closed cells
    titles = [
        one["title"]
        for one in list_exhibits(build_document(sorted((folder / "chapters").iterdir())))
        if one["type"] == "figure"
    ]
    for name in ("figures.pptx", "report.docx", "tables.ods"):
        subprocess.run([*asked, str(folder / name)], check=True, timeout=300, capture_output=True)
        with pypdfium2.PdfDocument((tmp_path / name).with_suffix(".pdf")) as pdf:
            text = "".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
            pages = len(pdf)
        assert [title for title in titles if "".join(title.split()) not in text] == []
        assert pages == 1 + len(titles) if name.endswith("pptx") else pages > 10


# --- What an intruder looks for in all files at once
# ---------------------------------------------------------------------


def list_texts(content, name):
    """(name, text) of a file, and of all that is packed in it, however deep: a chart's workbook."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for one in packed.namelist():
                yield from list_texts(packed.read(one), f"{name}/{one}")
    elif name.endswith(TEXTS):
        yield name, content.decode("utf-8-sig")


def shorten(number):
    whole, _, decimals = number.replace(",", ".").partition(".")
    return f"{whole}.{decimals[:DIGITS]}"


def read_full(internal):
    """What a run keeps with all digits and does not publish, as shares and in per cent."""
    names = ("share", "se", "low", "high", "total")
    found = set()
    for path in internal.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                values = [abs(float(row[name])) for name in names if row.get(name)]
                # 81 of 100 is 0.81, which is no more than a page has
                exact = [one for one in values if abs(one - round(one, 4)) > 1e-8]
                found |= {shorten(f"{value * by:.12f}") for value in exact for by in (1, 100)}
    return found


def find_full(folder, full):
    """(file, number) of each number in full precision that stands in any file of a folder."""
    return [
        (name, number)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, text in list_texts(path.read_bytes(), path.relative_to(folder).as_posix())
        for number in FULL.findall(text)
        if shorten(number) in full
    ]


def test_no_file_and_nothing_packed_in_one_has_a_number_in_full_precision(office, tmp_path):
    full = read_full(office.parent / "internal" / office.name)
    assert len(full) > 1000 and find_full(office, full) == []
    # one in a chart's own workbook would be found
    inside, outside = io.BytesIO(), tmp_path / "figures.pptx"
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<v>{max(full)}123</v>")
    with zipfile.ZipFile(outside, "w") as deck:
        deck.writestr("ppt/embeddings/book.xlsx", inside.getvalue())
    assert len(find_full(tmp_path, full)) == 1


@pytest.mark.parametrize("sector", SECTORS)
def test_no_text_of_slides_or_letter_or_figures_csv_has_a_number_that_the_page_has_not(
    office, sector
):
    folder = office / sector
    page = re.sub(
        r"<(style|script|svg).*?</\1>", " ", (folder / "report.html").read_text("utf-8"), flags=re.S
    )
    told = [re.sub(r"<[^>]+>", " ", page), *re.findall(r'(?:alt|content|title)="([^"]*)"', page)]
    known = {*NUMBER.findall(" ".join(told))}
    deck = pptx.Presentation(str(folder / "figures.pptx"))
    slides = [
        shape.text_frame.text
        for slide in deck.slides
        for shape in (*slide.shapes, *((slide.has_notes_slide and slide.notes_slide.shapes) or ()))
        if shape.has_text_frame
    ]
    letter = [one.text for one in docx.Document(str(folder / "report.docx")).element.iter("{*}t")]
    tables = [
        cell
        for path in (folder / "figures").glob("*.csv")
        for row in csv.reader(path.read_text("utf-8-sig").splitlines())
        for cell in row
    ]
    for texts in (slides, letter, tables):
        numbers = {*NUMBER.findall(" ".join(filter(None, texts)))}
        assert len(numbers) > 10 and numbers <= known
