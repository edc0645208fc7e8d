"""The PDF: accessible by rule, the same bytes twice, text as typed, typeface embedded, synthetic data named."""
import functools
import io
import re
import shutil
import subprocess
import sys
from itertools import pairwise

import nbformat
import page
import pikepdf
import pytest
from nbconvert.utils.exceptions import ConversionException
from samples import SURVEY, code_cell, make_notebook, make_report, markdown_cell
from test_html import HOSTILE, hostile_notebook

from barometer.document import build_document
from barometer.pdf import PdfExporter, render_pdf


@functools.cache
def report():
    """The sample report with cover and contents."""
    return render_pdf(build_document(make_report()))


@functools.cache
def chapter():
    """The sample report's first chapter, as nbconvert makes it."""
    return PdfExporter().from_notebook_node(make_report()[0][1], {"metadata": {"name": "02_vaerdi"}})[0]


def run_poppler(tmp_path, tool, pdf, *options):
    """What a poppler tool says of a PDF."""
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    tail = ["-"] if tool == "pdftotext" else []
    return subprocess.run([tool, *options, str(path), *tail], capture_output=True, text=True, check=True).stdout


def list_elements(pdf):
    """The structure tree in reading order, as (kind, element)."""
    def walk(element):
        kids = element.get("/K")
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield str(kid.S), kid
                yield from walk(kid)
    return list(walk(pdf.Root.StructTreeRoot))


@pytest.mark.parametrize("make", [report, chapter])
def test_pdf_follows_every_rule_of_pdf_ua(tmp_path, make):
    path = tmp_path / "x.pdf"
    path.write_bytes(make())
    assert page.validate_pdf(str(path), profile="ua1").is_compliant


def test_same_document_gives_the_same_bytes():
    assert render_pdf(build_document(make_report())) == report()


def test_files_date_is_that_of_the_data_or_of_source_date_epoch(monkeypatch):
    assert b"2026-11-23" in _read_metadata(report())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert b"1970-01-01" in _read_metadata(render_pdf(build_document(make_report())))


def test_pdf_has_language_title_and_bookmarks():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        assert str(pdf.Root.Lang).lower().startswith("da")
        assert str(pdf.docinfo.Title).startswith("Fornyelse fra oven")
        with pdf.open_outline() as outline:
            assert "Hvad får politikerne ud af det?" in [item.title for item in outline.root]


def test_headings_are_in_order():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        levels = [int(kind[2]) for kind, _ in list_elements(pdf) if re.fullmatch(r"/H[1-6]", kind)]
    assert levels[0] == 1 and len(levels) > 8
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headers_for_columns_and_rows():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        scopes = [str(entry.get("/Scope")) for kind, cell in list_elements(pdf) if kind == "/TH"
                  for entry in (cell.A if isinstance(cell.A, pikepdf.Array) else [cell.A])]
    assert scopes.count("/Column") == 16 and scopes.count("/Row") == 7 + 3 + 3 + 3


def test_pictures_have_alternative_text_and_their_note_stays_readable():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        alts = [str(element.get("/Alt", "")) for _, element in list_elements(pdf) if "/Alt" in element]
    assert len([alt for alt in alts if alt.startswith("Vandrette søjler")]) == 2
    assert not [alt for alt in alts if "Data er vægtet" in alt]


@pytest.mark.parametrize("make", [report, chapter])
def test_every_page_says_synthetic_data(tmp_path, make):
    pages = run_poppler(tmp_path, "pdftotext", make(), "-layout").split("\f")[:-1]
    assert len(pages) > 3
    assert [number for number, text in enumerate(pages, 1) if "syntetiske data" not in text] == []


def test_cover_and_colophon_say_whose_report_it_is_not(tmp_path):
    text = run_poppler(tmp_path, "pdftotext", report())
    front = [" ".join(part.split()) for part in text.split("\f")[:2]]
    for part in front:
        assert "En uafhængig rekonstruktion, ikke udgivet af" in part and "maj 2021" in part


def test_contents_give_page_numbers(tmp_path):
    text = run_poppler(tmp_path, "pdftotext", report(), "-layout", "-f", "3", "-l", "3")
    assert re.search(r"Hvad får politikerne ud af det\?\W+4\b", text)
    assert re.search(r"Figur 5\s+Borgerne får ikke oftere indflydelse\s+\d", text)


def test_only_the_reports_typeface_is_embedded(tmp_path):
    fonts = run_poppler(tmp_path, "pdffonts", report()).splitlines()[2:]
    assert fonts and all("IBMPlexSans" in line and " yes " in line for line in fonts)


def test_no_text_is_smaller_than_nine_points(tmp_path):
    xml = run_poppler(tmp_path, "pdftotext", report(), "-bbox-layout")
    heights = [float(b) - float(a) for a, b in re.findall(r'<word [^>]*yMin="([\d.]+)"[^>]*yMax="([\d.]+)"', xml)]
    assert min(heights) > 9 * 0.9   # a word's box is about the type size; footnote marks are set as such by the font


@pytest.mark.parametrize("lines", [6, 7, 8, 13, 14])
def test_question_and_heading_stay_with_what_follows(tmp_path, lines):
    answer = "Det gælder på tværs af fagområder, og uanset arbejdspladsens størrelse er historien den samme. " * 7
    parts = [f"**Hvad er det sværeste?**\n\n{answer}\n\n### Og hvad så?\n\n{answer}"] * 4
    notebook = make_notebook(markdown_cell("\n\n".join(["Kort linje."] * lines)),
                             markdown_cell("## Samtale\n\n" + "\n\n".join(parts), "interview"))
    text = run_poppler(tmp_path, "pdftotext", render_pdf(build_document([("x", notebook)])), "-layout")
    pages = [[line.strip() for line in part.splitlines() if line.strip()] for part in text.split("\f")[:-1]]
    assert [lines[-2] for lines in pages if lines[-2].endswith("?")] == []   # the last line is the running foot


def test_hostile_text_is_set_as_it_was_typed(tmp_path):
    text = run_poppler(tmp_path, "pdftotext", render_pdf(build_document([("x", hostile_notebook())])))
    bare = re.sub(r"[\s-]", "", text)
    assert bare.count(re.sub(r"[\s-]", "", HOSTILE)) >= 6
    assert "{{7*7}}" in bare


def test_exporter_refuses_a_notebook_that_was_not_run():
    with pytest.raises(ConversionException, match="»x« er ikke kørt til ende"):
        PdfExporter().from_notebook_node(make_notebook(code_cell(count=None)), {"metadata": {"name": "x"}})


def test_command_line_refuses_in_one_line(tmp_path):
    nbformat.write(make_notebook(code_cell(count=None)), tmp_path / "x.ipynb")
    done = subprocess.run([sys.executable, "-m", "nbconvert", "--to", "barometer-pdf", str(tmp_path / "x.ipynb")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1 and not (tmp_path / "x.pdf").exists()
    assert "barometer: Notebooken »x« er ikke kørt til ende" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_command_line_executes_and_exports(tmp_path):
    notebook = make_notebook()
    notebook.cells[1].source = f"from barometer.display import SurveyNotice\nSurveyNotice({SURVEY!r})"
    notebook.cells[1].update(outputs=[], execution_count=None)
    nbformat.write(notebook, tmp_path / "x.ipynb")
    subprocess.run([sys.executable, "-m", "nbconvert", "--execute", "--to", "barometer-pdf", str(tmp_path / "x.ipynb")],
                   check=True, capture_output=True)
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def _read_metadata(pdf_bytes):
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        return pdf.Root.Metadata.read_bytes()
