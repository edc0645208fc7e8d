"""The office files: what other programs find in them is what the report shows, and what somebody
edits in its text comes back to the chapters.
"""

import base64
import io
import zipfile

import docx
import odfdo
import pptx
import pytest

from barometer.languages.speaking import speak
from barometer.office import letters, spreadsheet
from barometer.office.letters import render_letter
from barometer.office.merging import change_source, list_changes, list_words
from barometer.office.slides import list_series, render_slides
from barometer.office.spreadsheet import render_spreadsheet
from barometer.payloads import write_table
from barometer.text import Number
from tests.exports.test_exports import META
from tests.report.test_workbook import tell_share

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
TABLE = {
    "columns": ["Svar", "Staten (n = 20)", "Kommunerne (n = 30)", "n"],
    "numeric": [False, True, True, True],
    "rows": [
        ["Ja", tell_share(0.374, 0.31, 0.42), tell_share(0.5, 0.41, 0.6), Number(50, "count")],
        ["Nej", Number(None, "percent", "[c]"), tell_share(0.003, 0.0, 0.02), Number(30, "count")],
    ],
}
WRITTEN = write_table(TABLE, "svar")
FIGURE = {
    "type": "figure",
    "id": "svar",
    "label": "Figur 1",
    "title": "Ja er hyppigst",
    "alt": "Liggende søjler for to svar.",
    "note": "En note.",
    "key": "[c]: lukket.",
    "table": WRITTEN,
}


def say(text, **more):
    return {"type": "text", "text": text} | more


PARAGRAPH = [say("Det er "), {"type": "strong", "content": [say("vigtigt")]}, say(" at vide.")]
DOCUMENT = {
    "meta": META | {"subtitle": "Under", "data_title": "Data", "facts": [["Licens", "CC BY 4.0"]]},
    "chapters": [
        {
            "title": "Kapitel",
            "blocks": [
                {"type": "heading", "level": 2, "id": "x", "content": [say("Afsnit")]},
                {"type": "paragraph", "content": PARAGRAPH},
                FIGURE,
            ],
        }
    ],
    "annex": [],
    "claims": [],
}
SOURCE = "## Afsnit\n\nDet er **vigtigt** at\nvide.\n"
CHAPTERS = {"01_x": {"cells": [{"cell_type": "markdown", "source": [SOURCE]}]}}


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "svar.png"
    path.write_bytes(PNG)
    return path


def write_letter(picture):
    return render_letter(DOCUMENT, lambda name: picture)


def edit(picture, old, new):
    """The path of a letter in which somebody has changed words of a run."""
    book = docx.Document(io.BytesIO(write_letter(picture)))
    runs = [run for paragraph in book.paragraphs for run in paragraph.runs if run.text == old]
    runs[0].text = new
    path = picture.parent / "rettet.docx"
    book.save(str(path))
    return path


def test_a_figure_is_a_slide_with_a_chart_that_has_the_shares_and_no_limits():
    assert [head for head, _ in list_series(WRITTEN)] == ["Staten (n = 20)", "Kommunerne (n = 30)"]
    deck = pptx.Presentation(io.BytesIO(render_slides(DOCUMENT)))
    _, slide = deck.slides
    (frame,) = [shape for shape in slide.shapes if shape.has_chart]
    assert [list(one.values) for one in frame.chart.plots[0].series] == [[0.37, None], [0.5, None]]
    # what has no bar is told beside the answer
    names = list(frame.chart.plots[0].categories)
    assert names == ["Ja", "Nej (Staten: [c]; Kommunerne: under 0,5 %)"]
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == FIGURE["alt"]
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert all(one in words for one in (FIGURE["title"], FIGURE["note"], "Syntetiske data"))
    assert FIGURE["alt"] in slide.notes_slide.notes_text_frame.text


def test_the_text_has_real_headings_tables_alternative_texts_and_a_language(picture):
    book = docx.Document(io.BytesIO(write_letter(picture)))
    styles = [(one.style.name, one.text) for one in book.paragraphs]
    assert ("Heading 1", "Kapitel") in styles and ("Heading 2", "Afsnit") in styles
    assert [cell.text for cell in book.tables[0].rows[1].cells] == WRITTEN["rows"][0]
    inside = book.element.xml
    assert f'descr="{FIGURE["alt"]}"' in inside and "<w:tblHeader/>" in inside
    assert 'w:val="da-DK"' in book.styles.element.xml
    assert META["synthetic_text"] in [text for _, text in styles]


def test_a_column_of_the_letters_tables_holds_its_longest_word_or_number_and_texts_have_the_rest():
    rows = [[*["ord " * 30] * 3, "37 % (25–49)"], [*"abc", "4 %"]]
    heads, numeric = ["Svar", "Del", "Gruppe", "Andel"], [False] * 3 + [True]
    *texts, number = letters.share_width({"columns": heads, "rows": rows, "numeric": numeric})
    assert sum(texts) + number == pytest.approx(letters.WIDTH, rel=0.01)
    held = round(number / letters.WIDTH * letters.LETTERS)
    assert held == letters.AROUND + len("37 % (25–49)") and min(texts) > number


def test_a_column_of_the_spreadsheet_has_room_for_its_longest_text_and_no_more_than_sixty_letters():
    text = "En nok så lang tekst"
    lines = [["Titel" * 20], ["Under"], ["Svar", "Andel"], [text, "x" * 90], ["n = 20." * 9]]
    assert spreadsheet._measure_columns(lines[spreadsheet.ABOVE :]) == [len(text), 60]
    book = odfdo.Document(io.BytesIO(render_spreadsheet(DOCUMENT, [])))
    for sheet in book.body.tables:
        styles = [book.get_style("table-column", one.style) for one in sheet.get_columns()]
        assert styles and None not in styles


def test_the_spreadsheet_has_numbers_as_shown_and_marks_as_text():
    book = odfdo.Document(io.BytesIO(render_spreadsheet(DOCUMENT, [])))
    (sheet,) = [one for one in book.body.tables if one.name == "Figur 1"]
    rows = [[str(x) if x is not None else "" for x in row] for row in sheet.get_values()]
    assert rows[2][:3] == ["Svar", "Staten", "Staten, nedre grænse (95 %)"]
    assert rows[3][1:4] == ["0.37", "0.31", "0.42"] and rows[4][1] == "[c]"
    assert rows[4][4] == "under 0,5 %"


def test_a_printed_sheet_is_as_wide_as_its_paper_with_heads_in_bold_and_the_mark_below():
    book = odfdo.Document(io.BytesIO(render_spreadsheet(DOCUMENT, [])))
    paper = book.get_part("styles.xml")
    (page,) = paper.xpath("//style:master-page[@style:name='sheet']")
    layout = page.get_attribute("style:page-layout-name")
    (held,) = paper.xpath(
        f"//style:page-layout[@style:name='{layout}']/style:page-layout-properties"
    )
    assert held.get_attribute("style:scale-to-X") == "1"
    (below,) = page.xpath("style:footer/text:p")
    assert below.text == DOCUMENT["meta"]["synthetic_mark"]
    for sheet in book.body.tables:
        style = book.get_style("table", sheet.style)
        assert style.get_attribute("style:master-page-name") == "sheet"
        assert sheet.get_cell("A1").style == "title"
    (sheet,) = [one for one in book.body.tables if one.name == "Figur 1"]
    assert [sheet.get_cell(place).style for place in ("A3", "B3")] == ["head", "numeric"]


def test_a_share_in_the_spreadsheet_has_as_many_decimals_as_it_is_shown_with():
    """A program shows a share without a form with two: 37.00 %."""
    book = odfdo.Document(io.BytesIO(render_spreadsheet(DOCUMENT, [])))
    (sheet,) = [one for one in book.body.tables if one.name == "Figur 1"]
    style = book.get_style("table-cell", sheet.get_cell("B4").style)
    form = style.get_attribute("style:data-style-name")
    (held,) = book.content.xpath(f"//number:percentage-style[@style:name='{form}']/number:number")
    assert held.get_attribute("number:decimal-places") == "0"


def test_a_figure_of_means_is_a_slide_with_their_decimals_and_no_shares_beside_them():
    rows = [["Løn", Number(3.52, "mean"), Number(40, "count")]]
    rows += [["Tid", Number(4.0, "mean"), Number(0.25, "percent")]]
    means = {"columns": ["Svar", "Gennemsnit", "n"], "numeric": [False, True, True], "rows": rows}
    figure = FIGURE | {"table": write_table(means, "tal")}
    document = DOCUMENT | {"chapters": [{"title": "Kapitel", "blocks": [figure]}]}
    _, slide = pptx.Presentation(io.BytesIO(render_slides(document))).slides
    (frame,) = [shape for shape in slide.shapes if shape.has_chart]
    (plot,) = frame.chart.plots
    assert [list(one.values) for one in plot.series] == [[3.5, 4.0]]
    assert plot.data_labels.number_format == "#,##0.0"


def test_the_same_report_gives_the_same_bytes_whatever_the_clock(picture, monkeypatch):
    def make():
        return write_letter(picture), render_slides(DOCUMENT), render_spreadsheet(DOCUMENT, [])

    before = make()
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 5, 6, 7, 8, 9, 0, 1, 0))
    monkeypatch.setattr("time.time", lambda: 1.9e9)
    assert make() == before
    for content in before:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            assert {one.date_time[0] for one in book.infolist()} == {1980}


def test_an_unchanged_text_has_no_changes(picture):
    path = picture.parent / "report.docx"
    path.write_bytes(write_letter(picture))
    assert list_changes(path, CHAPTERS) == []


def test_changed_words_come_back_into_the_markdown_with_its_marks(picture):
    (change,) = list_changes(edit(picture, " at vide.", " at huske."), CHAPTERS)
    assert (change.chapter, change.cell, change.why) == ("01_x", 1, "")
    assert change.source == "## Afsnit\n\nDet er **vigtigt** at\nhuske.\n"


def test_a_heading_comes_back_too(picture):
    (change,) = list_changes(edit(picture, "Afsnit", "Et afsnit"), CHAPTERS)
    assert change.source.startswith("## Et afsnit\n")


def test_a_changed_number_is_never_written(picture):
    (change,) = list_changes(edit(picture, " at vide.", " for 7 af dem."), CHAPTERS)
    assert "tal" in change.why and change.source == SOURCE


def test_what_no_markdown_cell_has_is_told_and_not_written(picture):
    (change,) = list_changes(edit(picture, "Kapitel", "Kapitlet"), CHAPTERS)
    assert change.chapter == "" and "kodecelle" in change.why


@pytest.mark.parametrize(
    "source, old, new, expected",
    [
        ('Han sagde "ja".', "Han sagde »ja«.", "Hun sagde »ja«.", 'Hun sagde "ja".'),
        ("- et\n- to", "to", "tre", "- et\n- tre"),
        (
            "Se [her](https://x.dk) nu.",
            "Se her nu.",
            "Se her siden.",
            "Se [her](https://x.dk) siden.",
        ),
        (
            "En note[^1] her.\n\n[^1]: Kilde.",
            "En note her.",
            "En note dér.",
            "En note[^1] dér.\n\n[^1]: Kilde.",
        ),
        ("A\n\nB", "A", "C", "C\n\nB"),
        ("A *B* c", "A B c", "A *B* c", None),  # stars that somebody typed would be emphasis
        ("A\n\nA", "A", "C", None),  # which of them?
    ],
)
def test_a_change_is_written_where_it_is_and_refused_where_that_is_not_sure(
    source, old, new, expected
):
    assert list_words(source)
    written, why = change_source(source, old, new)
    assert (written, bool(why)) == ((source, True) if expected is None else (expected, False))


def test_quotation_marks_of_another_language_are_typed_as_straight_ones():
    with speak("en"):
        assert list_words('He said "yes".') == ["He said “yes”."]
        written, why = change_source('He said "yes".', "He said “yes”.", "She said “yes”.")
    assert (written, why) == ('She said "yes".', "")


def test_a_file_that_is_no_text_document_is_refused_by_name(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(b"no")
    with pytest.raises(ValueError, match=r"x\.docx"):
        list_changes(path, CHAPTERS)
    docx.Document().save(str(path))
    with pytest.raises(ValueError, match="bogmærker"):
        list_changes(path, CHAPTERS)
