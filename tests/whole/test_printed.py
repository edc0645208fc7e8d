"""The four printed reports: short, their pages full, in one minute, with their evidence."""

import csv
import io
import re

import pikepdf
import pypdfium2
import pytest

from barometer.document.findings import FEW, MOST
from barometer.paths import DATA, ROOT
from tests.make.pdf_facts import list_elements, measure_fill
from tests.make.shipped import CODES

pytestmark = pytest.mark.slow
REPORTS = CODES
LONGEST = {"all": 30}  # pages before the annex
OTHERS = 32  # of a part: what it has beside the whole takes room
HALF, LITTLE = 0.5, 0.3


def read_pages(folder, sector):
    """The text of each page of a report."""
    with pypdfium2.PdfDocument(folder / sector / "report.pdf") as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]


def find_annex(pages):
    """How many pages stand before the annex."""
    return next(i for i, text in enumerate(pages) if text.startswith("Bilag\n"))


@pytest.mark.parametrize("sector", REPORTS)
def test_a_report_has_at_most_thirty_pages_before_its_annex(real, sector):
    assert find_annex(read_pages(real[0], sector)) <= LONGEST.get(sector, OTHERS)


@pytest.mark.parametrize("sector", REPORTS)
def test_no_page_is_under_half_full_and_none_nearly_empty_where_a_chapter_ends(real, sector):
    pages = read_pages(real[0], sector)
    fills = measure_fill((real[0] / sector / "report.pdf").read_bytes())
    # a chapter's first page has no running head
    begins = [not text.startswith("Fornyelse fra oven") for text in pages] + [True]
    inside = range(find_annex(pages))
    low = [i + 1 for i in inside if fills[i] < (LITTLE if begins[i + 1] else HALF)]
    assert low == []


@pytest.mark.parametrize("sector", REPORTS)
def test_the_page_after_the_cover_has_the_findings_with_numbers_of_the_trace(real, sector):
    _, summary, contents, *_ = read_pages(real[0], sector)
    with open(real[0] / sector / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == "summary"]
    assert summary.startswith("Det korte af det lange")
    assert len({row["where"] for row in rows}) == MOST
    assert summary.count("Læs mere på side") == MOST
    assert all(row["shown"].replace("\xa0", " ") in summary.replace("\xa0", " ") for row in rows)
    assert "Indhold\n" in contents and "Om denne udgave" in contents and "Figur 1" in contents


@pytest.mark.parametrize("sector", REPORTS)
def test_each_chapter_on_data_opens_with_what_it_has_found(real, sector):
    with open(real[0] / sector / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        heads = {
            (row["chapter"], row["where"]) for row in csv.DictReader(file) if row["part"] == "head"
        }
    chapters = [chapter for chapter, _ in heads]
    assert {chapter[:2] for chapter in chapters} == {"01", "02", "03", "04", "05"}
    assert max(map(chapters.count, chapters)) == FEW


@pytest.mark.parametrize("sector", REPORTS)
def test_the_file_is_both_standards_and_carries_its_evidence(real, sector):
    folder = real[0] / sector
    with pikepdf.open(folder / "report.pdf") as pdf:
        carried = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
        related = {str(one.AFRelationship) for one in pdf.Root.AF}
        metadata = pdf.Root.Metadata.read_bytes().decode()
        profile = pdf.Root.OutputIntents[0].S
    assert carried == {
        "numbers.csv": (folder / "numbers.csv").read_bytes(),
        "claims.csv": (folder / "claims.csv").read_bytes(),
        "questionnaire.yaml": (DATA / "barometer-2020" / "questionnaire.yaml").read_bytes(),
    }
    assert related == {"/Data"} and profile == "/GTS_PDFA1"
    for told in ("pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert told in metadata


@pytest.mark.parametrize("sector", REPORTS)
def test_each_figures_table_stands_in_the_annex_and_is_linked_there_and_back(real, sector):
    pages = read_pages(real[0], sector)
    text = "\n".join(pages[find_annex(pages) :]).replace("\xa0", " ")
    # a figure may stand in the annex itself, with a link beneath it
    figures = len(re.findall(r"Tallene bag Figur \d+\b(?!, side)", text))
    assert figures >= 5
    with pikepdf.open(io.BytesIO((real[0] / sector / "report.pdf").read_bytes())) as pdf:
        assert len([kind for kind, _ in list_elements(pdf) if kind == "/Figure"]) == figures


def test_the_picture_in_the_readme_is_the_reports(real):
    name = "values-by-initiation.png"
    shown = (ROOT / "docs" / name).read_bytes()
    assert shown == (real[0] / "all" / "figures" / name).read_bytes()
    for page in ("README.md", "README.da.md"):
        assert f"(docs/{name})" in (ROOT / page).read_text(encoding="utf-8")
