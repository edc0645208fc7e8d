"""The four PDFs as they are handed over, from chapters really executed: accessible, readable, no
page wasted.
"""

import csv
import re
from itertools import pairwise

import nbformat
import page
import pypdfium2
import pytest

from barometer.data.publication import load_published
from barometer.document.document import build_document
from barometer.paths import DATA
from barometer.payloads import MIME
from barometer.report.pdf import render_pdf
from tests.make.pdf_facts import list_characters, list_fonts, measure_fill, read_tree, run_poppler
from tests.make.shipped import SECTORS

pytestmark = pytest.mark.slow
REGISTRY = DATA / "barometer-2020" / "questionnaire.yaml"
NUMBER = re.compile(r"\d[\d.,]*(?=\s?(?:%|pct\.))")


@pytest.fixture(scope="module")
def output(real):
    """The folder of a whole run."""
    return real[0]


@pytest.fixture(params=SECTORS)
def folder(output, request):
    """One report's folder."""
    return output / request.param


@pytest.fixture
def data(folder):
    """One report's PDF."""
    return (folder / "report.pdf").read_bytes()


def list_figures(folder):
    """The payloads of the report's figures."""
    books = [
        nbformat.read(path, as_version=4) for path in sorted((folder / "chapters").glob("*.ipynb"))
    ]
    shown = [
        output.data[MIME]
        for book in books
        for cell in book.cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    return [payload for payload in shown if payload["kind"] == "figure"]


def find_openers(data):
    """The numbers, from 0, of the pages that chapters open on."""
    with pypdfium2.PdfDocument(data) as pdf:
        return {mark.get_dest().get_index() for mark in pdf.get_toc() if mark.level == 0}


def test_the_pdf_follows_every_rule_of_pdf_ua(folder):
    assert page.validate_pdf(str(folder / "report.pdf"), profile="ua1").is_compliant


def test_the_same_chapters_give_the_same_bytes(folder, data):
    books = [
        (path.stem, nbformat.read(path, as_version=4))
        for path in sorted((folder / "chapters").glob("*.ipynb"))
    ]
    evidence = (folder / "numbers.csv", folder / "claims.csv", REGISTRY)
    attached = {path.name: path.read_bytes() for path in evidence}
    published = load_published(REGISTRY.parent, "sector")
    assert render_pdf(build_document(books, published=published), attached) == data


def test_every_figure_is_read_as_caption_alternative_text_note_and_a_link_to_its_numbers(
    folder, data
):
    kinds = [kind for kind, _, _ in read_tree(data)]
    starts = [i for i, kind in enumerate(kinds) if kind == "Figure"]
    assert len(starts) == len(list_figures(folder)) > 8
    for start in starts:
        assert "Caption" in kinds[start - 3 : start]
        following = [kind for kind in kinds[start + 1 : start + 20] if kind in ("P", "Link")]
        assert following[:2] == ["P", "Link"]


def list_headings(book):
    return [
        line.strip("# ")
        for cell in book.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if re.match("#{1,3} ", line) and not cell.metadata.get("tags")
    ]


def test_the_text_is_read_in_the_order_of_the_notebooks(folder, data, tmp_path):
    spoken = run_poppler(tmp_path, "pdfinfo", data, "-struct-text").replace("\u2060", "")
    books = [
        nbformat.read(path, as_version=4) for path in sorted((folder / "chapters").glob("*.ipynb"))
    ]
    # a chapter that shows nothing but its title is not in the report
    headings = [
        heading for book in books if len(found := list_headings(book)) > 1 for heading in found
    ]
    position = spoken.index('H1 "Indledning')
    assert len(headings) > 50
    for heading in headings:
        position = spoken.index(f'"{heading}"', position)


def test_every_figure_has_an_alternative_text_of_its_own_that_names_its_main_numbers(folder, data):
    spoken = [alt for kind, _, alt in read_tree(data) if kind == "Figure"]
    figures = list_figures(folder)
    assert spoken == [figure["alt"] for figure in figures] and len(figures) > 8
    for figure in figures:
        shown = {
            number
            for row in figure["table"]["rows"]
            for cell in row[1:]
            for number in NUMBER.findall(cell)
        }
        assert figure["alt"] != figure["title"]
        # Figure 2's text adds answers up; the second calculation of the figures' texts holds the
        # sums.
        assert set(NUMBER.findall(figure["alt"])) & shown or figure["id"] == "influence"


def test_every_table_has_headers_of_columns_and_rows(data):
    tree = read_tree(data)
    tables = "".join(
        {"Table": "\n", "TR": "r", "TH": scope[:1], "TD": "d"}.get(kind, "")
        for kind, scope, _ in tree
    )
    tables = tables.split("\n")[1:]
    assert len(tables) > 10
    assert [table for table in tables if not re.fullmatch(r"rC+(rRd+)+", table)] == []


def test_no_text_is_smaller_than_nine_points_in_figures_as_placed_either(data):
    assert min(size for page in list_characters(data) for _, size, _ in page) > 8.99


def test_only_the_reports_typeface_is_used_and_it_is_embedded(data):
    fonts = list_fonts(data)
    assert all(fonts.values()) and {name.partition("+")[2].partition("-")[0] for name in fonts} == {
        "IBMPlexSans"
    }


def test_no_page_is_blank_or_nearly_so_and_those_within_a_chapter_are_filled(data):
    fills, openers = measure_fill(data), find_openers(data)
    inside = [
        fill
        for number, fill in enumerate(fills)
        if number + 1 not in openers and number + 1 < len(fills)
    ]
    assert min(fills) > 0.1  # where a chapter ends
    assert len(inside) > 15 and sum(inside) / len(inside) > 0.88 and min(inside) > 0.4


def test_each_chapter_opens_on_a_page_of_its_own_that_shows_its_name(data):
    with pypdfium2.PdfDocument(data) as pdf:
        marks = [mark for mark in pdf.get_toc() if mark.level == 0]
        pages = [mark.get_dest().get_index() for mark in marks]
        tops = [
            " ".join(pdf[number].get_textpage().get_text_range().split())[:200] for number in pages
        ]
        names = [mark.get_title() for mark in marks]
    # the chapters, the findings, the contents, the annex, the imprint
    assert len(names) == 11 and all(before < after for before, after in pairwise(pages))
    assert all(name in top for name, top in zip(names, tops, strict=True))


def test_a_sector_report_spends_no_row_on_what_was_not_published_for_the_sector(folder):
    for path in (folder / "chapters").glob("07*.ipynb"):
        shown = [
            output.data[MIME]
            for cell in nbformat.read(path, as_version=4).cells
            for output in cell.get("outputs", ())
            if MIME in output.get("data", {})
        ]
        cells = [
            cell
            for payload in shown
            for row in payload.get("table", {}).get("rows", ())
            for cell in row
        ]
        assert cells and "[z]" not in cells
    with open(folder / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        assert not any(row["shown"] == "[z]" for row in csv.DictReader(file))
