"""The PDF: accessible by rule, the same bytes twice, text as typed, typeface embedded, synthetic
data named.
"""

import functools
import io
import re
import subprocess
import sys
import tomllib
import zlib
from importlib.metadata import EntryPoint
from itertools import pairwise

import nbformat
import page
import pikepdf
import pypdfium2
import pytest
import typst
from nbconvert.exporters.base import get_export_names
from nbconvert.utils.exceptions import ConversionException

from barometer.display import Table
from barometer.document.document import build_document
from barometer.document.imprint import read_front
from barometer.paths import ROOT
from barometer.report.exporters import PdfExporter
from barometer.report.pdf import mark_row_headers, render_pdf
from barometer.verify.pages import read_pdf
from tests.make.pdf_facts import (
    list_characters,
    list_elements,
    list_fonts,
    measure_fill,
    read_tree,
    run_poppler,
)
from tests.make.samples import (
    SURVEY,
    code_cell,
    draw_bars,
    make_figure,
    make_notebook,
    make_report,
    markdown_cell,
)
from tests.report.test_html import HOSTILE, hostile_notebook

# unseen, before the page numbers of the contents and so before equal digits of the same face
JOINER = "\u2060"


@functools.cache
def report():
    """The sample report with cover and contents."""
    return render_pdf(build_document(make_report()))


@functools.cache
def chapter():
    """The sample report's first chapter, as nbconvert makes it."""
    return PdfExporter().from_notebook_node(
        make_report()[0][1], {"metadata": {"name": "02_vaerdi"}}
    )[0]


@pytest.mark.parametrize("standard", ["ua1", "3a"])
@pytest.mark.parametrize("make", [report, chapter])
def test_pdf_follows_every_rule_of_pdf_ua_and_pdf_a(tmp_path, make, standard):
    path = tmp_path / "x.pdf"
    path.write_bytes(make())
    assert page.validate_pdf(str(path), profile=standard).is_compliant


def test_a_file_that_says_it_is_pdf_a_and_is_not_is_refused(tmp_path):
    path = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(report())) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")
        pdf.save(path, fix_metadata_version=False)
    assert not page.validate_pdf(str(path), profile="3a").is_compliant


def test_same_document_gives_the_same_bytes():
    assert render_pdf(build_document(make_report())) == report()


@pytest.mark.parametrize(
    ("front", "commit", "newest"),
    [
        ({}, "", b"2026-11-23"),
        ({}, "2026-10-01", b"2026-11-23"),
        ({}, "2027-01-02", b"2027-01-02"),
        ({"reviewed": "2027-05-06"}, "2026-11-24", b"2027-05-06"),
        ({"published": 2026}, "", b"2026-11-23"),
        ({"published": 2028}, "2027-01-02", b"2028-12-31"),
        ({"source": "COI, maj 2029"}, "", b"2029-12-31"),
        ({"published": "2021", "reviewed": ""}, "", b"2026-11-23"),
    ],
)
def test_the_file_is_no_older_than_the_newest_thing_it_tells_of(monkeypatch, front, commit, newest):
    monkeypatch.setattr("barometer.document.imprint.date_commit", lambda: commit)
    document = build_document(make_report(), {**read_front(None), **front})
    assert newest in _read_metadata(render_pdf(document))


def test_the_files_date_is_source_date_epoch_where_that_is_set(monkeypatch):
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
    scopes = [scope for kind, scope, _ in read_tree(report()) if kind == "TH"]
    assert scopes.count("Column") == 16 and scopes.count("Row") == 7 + 3 + 3 + 3 == len(scopes) - 16


def test_a_figure_is_read_as_caption_alternative_text_note_and_its_table_in_the_annex(tmp_path):
    text = run_poppler(tmp_path, "pdfinfo", report(), "-struct-text").replace(JOINER, "")
    parts = [
        "Fornyelse fra oven",
        "Hvad får politikerne ud af det?",
        "Svarene vises i",
        'Figur 4"',
        "Figure:",
        "Figuren viser andelen",
        "Tallene bag Figur\xa04",
        "også når der",
        "Bilag",
        "Tallene bag Figur\xa04",
        "Table",
        "/Scope /Column",
        "/Scope /Row",
    ]
    assert find_in_order(text, parts) == []
    kinds = [kind for kind, _, _ in read_tree(report())]
    after = kinds[kinds.index("Figure") :]
    assert kinds[: kinds.index("Figure")].count("Caption") == 1
    assert next(kind for kind in after if kind in ("P", "Table")) == "P"


def find_in_order(text, parts):
    """The parts that do not come after the part before them."""
    lost, position = [], 0
    for part in parts:
        found = text.find(part, position)
        lost += [part] if found < 0 else []
        position = max(found, position)
    return lost


def test_pictures_have_alternative_text_and_their_note_stays_readable():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        alts = [
            str(element.get("/Alt", "")) for _, element in list_elements(pdf) if "/Alt" in element
        ]
    assert len([alt for alt in alts if alt.startswith("Vandrette søjler")]) == 2
    assert not [alt for alt in alts if "Data er vægtet" in alt]


@pytest.mark.parametrize("make", [report, chapter])
def test_every_page_says_synthetic_data(tmp_path, make):
    pages = run_poppler(tmp_path, "pdftotext", make(), "-layout").split("\f")[:-1]
    assert len(pages) > 3
    assert [number for number, text in enumerate(pages, 1) if "syntetiske data" not in text] == []


def test_the_subtitle_on_the_cover_has_lines_of_even_length(tmp_path):
    text = run_poppler(tmp_path, "pdftotext", report(), "-l", "1", "-layout")
    lines = [line.strip() for line in text.splitlines()]
    first = next(i for i, line in enumerate(lines) if line.startswith("Når politikerne"))
    assert lines[first : first + 2] == ["Når politikerne sætter præg", "på offentlig innovation"]


def test_cover_and_colophon_say_whose_report_it_is_not(tmp_path):
    text = run_poppler(tmp_path, "pdftotext", report())
    cover, *_, last = [" ".join(part.split()) for part in text.split("\f")[:-1]]
    for part in (cover, last):
        assert "En uafhængig rekonstruktion, ikke udgivet af" in part
        assert "Barometer-projektet" in part and "2026" in part
    assert "maj 2021" in last


def test_contents_give_page_numbers(tmp_path):
    text = run_poppler(tmp_path, "pdftotext", report(), "-layout", "-f", "2", "-l", "2")
    assert re.search(r"Hvad får politikerne ud af det\?\W+3\b", text)
    assert re.search(r"Figur 5\s+Borgerne får ikke oftere indflydelse\s+\d", text)


def test_only_the_reports_typeface_is_used_and_it_is_embedded():
    fonts = list_fonts(report())
    assert len(fonts) > 2 and all(fonts.values())
    assert all(name.partition("+")[2].startswith("IBMPlexSans") for name in fonts)


def test_no_text_is_smaller_than_nine_points_in_figures_as_placed_either():
    sizes = [size for page in list_characters(report()) for _, size, _ in page]
    assert min(sizes) > 8.99


def test_a_picture_drawn_wider_than_the_page_would_show_as_too_small_text():
    wide = (
        draw_bars()
        .replace('width="448pt"', 'width="600pt"')
        .replace('viewBox="0 0 448', 'viewBox="0 0 600')
    )
    data = render_pdf(build_document([("x", make_notebook(code_cell(make_figure(svg=wide))))]))
    assert min(size for page in list_characters(data) for _, size, _ in page) < 7


@pytest.mark.parametrize("height", [660, 2000])
def test_a_picture_higher_than_a_page_stands_on_one_with_its_title_and_note(tmp_path, height):
    svg = re.sub(r'height="[^"]*"', f'height="{height}pt"', draw_bars(), count=1)
    svg = re.sub(r'viewBox="[^"]*"', f'viewBox="0 0 448 {height}"', svg, count=1)
    svg = svg.replace("</g></svg>", f'<text x="9" y="{height - 9}">nederst</text></g></svg>')
    notebook = make_notebook(markdown_cell("## Emne"), code_cell(make_figure(svg=svg)))
    data = render_pdf(build_document([("x", notebook)]))
    pages = run_poppler(tmp_path, "pdftotext", data, "-layout").split("\f")
    (page,) = [page for page in pages if "nederst" in page]
    title, note = (page.find(words) for words in ("Politisk initieret innovation", "Kilde:"))
    assert -1 < title < page.index("nederst") < note


def find_reach(path):
    """How far to the right the text of a PDF's pages goes, in points."""
    with pypdfium2.PdfDocument(path) as pdf:
        texts = [one.get_textpage() for one in pdf]
        return max(
            text.get_charbox(place)[2]
            for text in texts
            for place in range(text.count_chars())
            if text.get_text_range(place, 1).strip()
        )


def test_a_word_wider_than_its_column_is_divided_and_does_not_reach_beyond_the_page(tmp_path):
    rows = [
        [
            "Spørgsmål " * 8,
            "+44,0\xa0(+38,1\xa0til\xa0+49,8)",
            "0,027",
            "hænger på endelighedskorrektionen",
        ]
    ] * 3
    table = {
        "columns": ["Sætning", "Forskel", "p", "Dom"],
        "rows": rows,
        "numeric": [False, True, True, False],
    }
    notebook = make_notebook(code_cell(Table("Register", table, "Note.", "tabel-1")))
    (tmp_path / "x.pdf").write_bytes(render_pdf(build_document([("01_x", notebook)])))
    assert find_reach(tmp_path / "x.pdf") <= (595.3 + 453.6) / 2 + 2


def test_no_head_of_a_column_reaches_further_out_than_its_numbers(tmp_path):
    rows = [[f"Række {row}", "12\xa0%"] for row in range(3)]
    table = {"columns": ["Svar", "Svar i pct."], "rows": rows, "numeric": [False, True]}
    notebook = make_notebook(code_cell(Table("Svar", table, "Note.", "tabel-1")))
    data = render_pdf(build_document([("01_x", notebook)]))
    boxes = run_poppler(tmp_path, "pdftotext", data, "-bbox")
    ends = {
        word: float(right) for right, word in re.findall(r'xMax="([\d.]+)"[^>]*>(pct\.|%)<', boxes)
    }
    assert ends["pct."] == pytest.approx(ends["%"], abs=0.2)


def test_the_name_of_a_figure_stays_on_one_line_where_the_text_refers_to_it(tmp_path):
    lines = [
        markdown_cell("x" * length + " x" * 20 + " se [Figur 1](#figur-1) x.")
        for length in range(30, 60)
    ]
    notebook = make_notebook(*lines, code_cell(make_figure("figur-1")))
    (tmp_path / "x.pdf").write_bytes(render_pdf(build_document([("01_x", notebook)])))
    with pypdfium2.PdfDocument(tmp_path / "x.pdf") as pdf:
        text = "".join(one.get_textpage().get_text_range() for one in pdf)
    assert re.search(r"se Figur\s*[\r\n]\s*1", text) is None and len(
        re.findall(r"Figur\s1", text)
    ) >= len(lines)


def make_wide(groups):
    """A table of so many groups, each cell a share with its interval."""
    columns = [
        "Svar",
        *(f"Undervisningsområdet {group} (n\xa0=\xa0{200 + group})" for group in range(groups)),
    ]
    rows = [
        [
            f"Meget tilfreds, svar {row}",
            *(
                f"{10 + row + group}\xa0%\xa0({row + group}–{20 + row + group})"
                for group in range(groups)
            ),
        ]
        for row in range(4)
    ]
    return {"columns": columns, "rows": rows, "numeric": [False, *[True] * groups]}


@pytest.mark.parametrize("groups", [1, 4, 6, 8, 13, 30])
def test_no_number_is_divided_and_none_reaches_beyond_the_page_in_a_table_of_many_groups(
    tmp_path, groups
):
    table = make_wide(groups)
    cells = [
        code_cell(Table("Otte grupper", table, "Note.", "tabel-1")),
        code_cell(make_figure(table=table)),
    ]
    (tmp_path / "x.pdf").write_bytes(render_pdf(build_document([("01_x", make_notebook(*cells))])))
    lines = "\n".join(
        passage.text.replace("\xa0", " ") for passage in read_pdf(tmp_path / "x.pdf")
    ).splitlines()
    shown = [cell.replace("\xa0", " ") for row in table["rows"] for cell in row[1:]]
    assert [cell for cell in shown if not any(cell in line for line in lines)] == []
    # the page, its text, and a hyphen that hangs
    assert find_reach(tmp_path / "x.pdf") <= (595.3 + 453.6) / 2 + 2
    assert page.validate_pdf(str(tmp_path / "x.pdf"), profile="ua1").is_compliant


@pytest.mark.parametrize("more", range(9))
def test_no_page_of_the_annex_has_a_table_of_less_than_four_rows_of_a_longer_one(more):
    def make_table(count):
        rows = [[f"Række {row}", f"{row}\xa0%"] for row in range(count)]
        rows[count // 2][0] += ", som har så langt et navn, at det ikke kan stå på én linje" * 2
        return {"columns": ["Svar", "Andel"], "rows": rows, "numeric": [False, True]}

    counts = [9 + more, 31, 12, 70, 5]
    annex = [code_cell(Table(f"Tabel {count}", make_table(count), "Note.", f"tabel-{k}"), "annex")
             for k, count in enumerate(counts)]  # fmt: skip
    figure = code_cell(make_figure(table=make_table(10)))
    chapters = [make_notebook(figure, *annex), make_notebook(markdown_cell("Andet."))]
    data = render_pdf(build_document(list(zip("xy", chapters, strict=True))))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        parts = [sum(1 for part in element.K if part.get("/S") == "/TR")
                 for kind, element in list_elements(pdf) if kind == "/TBody"]  # fmt: skip
    assert sum(parts) == 10 + sum(counts) and len(parts) > 7 and min(parts) >= 4
    # between two chapters, contents and cover on one side and the imprint on the other
    assert min(measure_fill(data)[4:-2]) > 0.7


@pytest.mark.parametrize("lines", [6, 7, 8, 13, 14])
def test_question_and_heading_stay_with_what_follows(tmp_path, lines):
    answer = (
        "Det gælder på tværs af fagområder, og uanset arbejdspladsens størrelse er historien den "
        "samme. " * 7
    )
    parts = [f"**Hvad er det sværeste?**\n\n{answer}\n\n### Og hvad så?\n\n{answer}"] * 4
    notebook = make_notebook(
        markdown_cell("\n\n".join(["Kort linje."] * lines)),
        markdown_cell("## Samtale\n\n" + "\n\n".join(parts), "interview"),
    )
    text = run_poppler(
        tmp_path, "pdftotext", render_pdf(build_document([("x", notebook)])), "-layout"
    )
    pages = [
        [line.strip() for line in part.splitlines() if line.strip()]
        for part in text.split("\f")[:-1]
    ]
    # the last line is the running foot
    assert [lines[-2] for lines in pages if lines[-2].endswith("?")] == []


@pytest.mark.parametrize("lines", range(0, 28, 4))
def test_a_figure_stands_below_its_mention_or_opens_the_next_page_and_text_fills_the_page_before(
    tmp_path, lines
):
    answer = (
        "Det gælder på tværs af fagområder, og uanset arbejdspladsens størrelse er historien den "
        "samme. " * 4
    )
    notebook = make_notebook(
        markdown_cell("\n\n".join([*["Kort linje."] * lines, "## Hvad viser figuren?"])),
        code_cell(make_figure()),
        *[markdown_cell(answer) for _ in range(14)],
    )
    data = render_pdf(build_document([("x", notebook)]))
    pages = run_poppler(tmp_path, "pdftotext", data, "-layout").split("\f")
    mention, figure = (
        next((number, text.index(words)) for number, text in enumerate(pages) if words in text)
        for words in ("Hvad viser figuren?", "Politisk initieret innovation skaber")
    )
    assert figure[0] - mention[0] in (0, 1) and (figure > mention)
    # the last three: the text's end, the annex, and the imprint
    assert min(measure_fill(data)[:-3]) > 0.85


@pytest.mark.parametrize("lines", range(0, 40, 8))
def test_figures_keep_their_order_and_their_places_are_settled(tmp_path, monkeypatch, lines):
    warnings = []

    def compile_and_note(*arguments, **options):
        data, told = typst.compile_with_warnings(*arguments, **options)
        warnings.extend(told)  # such as a layout that never comes to rest
        return data

    monkeypatch.setattr("barometer.report.pdf.typst.compile", compile_and_note)
    answer = (
        "Det gælder på tværs af fagområder, og uanset arbejdspladsens størrelse er historien den "
        "samme. " * 4
    )
    figures = [
        code_cell(make_figure(f"figur-{number}", title=f"Titel {number}")) for number in (1, 2, 3)
    ]
    data = render_pdf(
        build_document(
            [
                (
                    "x",
                    make_notebook(
                        markdown_cell("\n\n".join(["Kort linje."] * lines)),
                        *figures[:2],
                        markdown_cell(answer),
                        figures[2],
                        *[markdown_cell(answer) for _ in range(9)],
                    ),
                )
            ]
        )
    )
    text = run_poppler(tmp_path, "pdftotext", data)
    assert find_in_order(text, ["Titel 1", "Titel 2", "Titel 3"]) == [] and warnings == []


@pytest.mark.parametrize("lines", range(0, 30, 6))
def test_no_figure_stands_inside_a_box_that_comes_after_it(tmp_path, lines):
    answer = "Det gælder på tværs af fagområder, og uanset arbejdspladsens størrelse. " * 4
    case = "### Case: Et eksempel\n\n" + "\n\n".join([answer] * 6)
    notebook = make_notebook(
        markdown_cell("\n\n".join(["Kort linje."] * lines + [answer] * 2)),
        code_cell(make_figure(title="Titel på figuren")),
        markdown_cell(answer),
        markdown_cell(case, "case"),
    )
    data = render_pdf(build_document([("x", notebook)]))
    text = run_poppler(tmp_path, "pdftotext", data, "-layout")
    assert find_in_order(text, ["Titel på figuren", "Et eksempel"]) == []


# paragraphs of which the last would stand alone on a further page
@pytest.mark.parametrize(("paragraphs", "pages"), [(24, 2), (37, 3)])
def test_a_chapter_does_not_end_with_a_few_lines_on_a_page_of_their_own(paragraphs, pages):
    words = "Det gælder på tværs af fagområder, og uanset arbejdspladsens størrelse er det ens. "
    long = make_notebook(markdown_cell("\n\n".join([words * 3] * paragraphs)))
    short = make_notebook(markdown_cell("Kort linje."))
    data = render_pdf(build_document([("a", long), ("b", short)]))
    # before: cover and contents; after: the short chapter and the imprint
    fills = measure_fill(data)[2:-2]
    assert len(fills) == pages and fills[-1] > 0.9


@pytest.mark.parametrize("lines", range(12))
def test_no_line_of_a_paragraph_is_left_alone_on_a_page(tmp_path, lines):
    words = (
        "Først "
        + "gælder det på tværs af fagområder og uanset arbejdspladsens størrelse, " * 5
        + "til sidst."
    )
    notebook = make_notebook(markdown_cell("\n\n".join([*["Kort linje."] * lines, *[words] * 14])))
    text = run_poppler(
        tmp_path, "pdftotext", render_pdf(build_document([("x", notebook)])), "-layout"
    )
    pages = [
        [line.strip() for line in part.splitlines() if line.strip()]
        for part in text.split("\f")[:2]
    ]
    # the last line is the running foot
    assert not pages[0][-2].startswith("Først") and len(pages[0]) > 20
    # the first is the running head
    assert not pages[1][1].endswith("til sidst.")


def test_the_colophon_says_how_to_cite_and_reuse_and_shows_identifiers_only_where_given(tmp_path):
    def read_colophon(front):
        data = render_pdf(build_document(make_report(), front))
        return run_poppler(tmp_path, "pdftotext", data).split("\f")[-2]

    front = read_front(None)
    plain, numbered = (
        read_colophon(front),
        read_colophon(front | {"identifiers": {"ISBN": "978-87-0-0"}}),
    )
    for words in (
        "Citeres",
        "Barometer-projektet (2026): »Fornyelse fra oven",
        "Genbrug",
        "MIT",
        "Version",
        "Syntetiske data",
        "Svarperiode",
        "23. november 2026",
    ):
        assert words in plain
    assert "ISBN" not in plain and "ISBN\n978-87-0-0" in numbered


def test_metadata_name_title_author_and_keywords():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        found = [str(pdf.docinfo[key]) for key in ("/Title", "/Author", "/Keywords")]
        shown = pdf.Root.ViewerPreferences.DisplayDocTitle
    assert (
        found[0].startswith("Fornyelse fra oven. Når politikerne")
        and found[1] == "Barometer-projektet"
        and shown
    )
    assert "offentlig innovation" in found[2]


def test_links_lead_to_chapters_figures_and_the_web():
    with pikepdf.open(io.BytesIO(report())) as pdf:
        links = [
            note
            for page in pdf.pages
            for note in page.get("/Annots", ())
            if note.Subtype == "/Link"
        ]
        targets = [str(note.A.URI) if "/A" in note and "/URI" in note.A else "" for note in links]
    # contents, cross-references
    assert "https://www.coi.dk/" in targets and targets.count("") > 10


def test_hostile_text_is_set_as_it_was_typed(tmp_path):
    text = run_poppler(
        tmp_path, "pdftotext", render_pdf(build_document([("x", hostile_notebook())]))
    )
    bare = re.sub(r"[\s-]", "", text)
    assert bare.count(re.sub(r"[\s-]", "", HOSTILE)) >= 6
    assert "{{7*7}}" in bare


def test_exporter_refuses_a_notebook_that_was_not_run():
    with pytest.raises(ConversionException, match="»x« er ikke kørt til ende"):
        PdfExporter().from_notebook_node(
            make_notebook(code_cell(count=None)), {"metadata": {"name": "x"}}
        )


@pytest.mark.parametrize(
    "name",
    [  # the second as it was once called
        pytest.param("barometer_pdf", marks=pytest.mark.slow),
        "barometer-pdf",
    ],
)
def test_command_line_refuses_in_one_line(tmp_path, name):
    nbformat.write(make_notebook(code_cell(count=None)), tmp_path / "x.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", name, str(tmp_path / "x.ipynb")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and not (tmp_path / "x.pdf").exists()
    assert (
        "barometer: Notebooken »x« er ikke kørt til ende" in done.stderr
        and "Traceback" not in done.stderr
    )


def test_jupyter_is_shown_the_exporters_whose_names_its_server_can_call_and_no_others():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "entry-points"
    ]
    exporters = {
        name: EntryPoint(name, value, "nbconvert.exporters").load()
        for name, value in declared["nbconvert.exporters"].items()
    }
    assert {name for name, exporter in exporters.items() if exporter().enabled} == {
        "barometer_pdf",
        "barometer_html",
    }
    assert {name.replace("-", "_") for name in exporters} == {"barometer_pdf", "barometer_html"}


@pytest.mark.slow
def test_the_installed_exporters_are_those_that_are_declared():
    assert [name for name in get_export_names() if name.startswith("barometer")] == [
        "barometer_html",
        "barometer_pdf",
    ]


@pytest.mark.slow
def test_command_line_executes_and_exports(tmp_path):
    notebook = make_notebook()
    notebook.cells[
        1
    ].source = f"from barometer.display import SurveyNotice\nSurveyNotice({SURVEY!r})"
    notebook.cells[1].update(outputs=[], execution_count=None)
    nbformat.write(notebook, tmp_path / "x.ipynb")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--execute",
            "--to",
            "barometer_pdf",
            str(tmp_path / "x.ipynb"),
        ],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def _read_metadata(pdf_bytes):
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        return pdf.Root.Metadata.read_bytes()


def test_no_stream_ends_in_what_is_read_as_the_beginning_of_the_mark_after_it(tmp_path):
    path = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(report())) as pdf:
        # the last bytes of a compressed stream are a sum of what was compressed
        words = next(
            words
            for words in (str(number).encode() for number in range(10_000, 99_999))
            if zlib.compress(words).endswith(b"\r")
        )
        file = pikepdf.AttachedFileSpec(pdf, words, mime_type="text/csv", filename="a.csv")
        pdf.attachments["a.csv"] = file
        stream = file.get_file().obj
        stream.write(zlib.compress(words), filter=pikepdf.Name.FlateDecode)
        bare = io.BytesIO()
        pdf.save(bare, compress_streams=False)
        path.write_bytes(mark_row_headers(bare.getvalue()))
    assert b"\r\nendstream" in bare.getvalue() and b"\r\nendstream" not in path.read_bytes()
    with pikepdf.open(path) as pdf:
        assert pdf.attachments["a.csv"].get_file().read_bytes() == words


@pytest.mark.parametrize(
    "title",
    [
        "Medarbejderundersøgelsen",
        "Trivselsundersøgelsen for medarbejdere i Beredskabsstyrelsen og Kriminalforsorgen 2025",
        "Speciallægepraksisplanlægningsstabiliseringsperiodeundersøgelsen",
    ],
)
def test_a_long_title_fits_the_cover_the_chapters_head_and_the_line_above_a_page(tmp_path, title):
    document = build_document(make_report())
    document["meta"]["title"] = document["chapters"][0]["title"] = title
    (tmp_path / "x.pdf").write_bytes(render_pdf(document))
    assert find_reach(tmp_path / "x.pdf") <= (595.3 + 453.6) / 2 + 2
    pages = [passage.text for passage in read_pdf(tmp_path / "x.pdf")]
    words = "".join(title.split())
    assert words in "".join("".join(pages).split()).replace("-", "").replace("\u00ad", "")
    heads = run_poppler(tmp_path, "pdftotext", (tmp_path / "x.pdf").read_bytes(), "-layout")
    above = heads.split("\f")[3].strip().splitlines()[0]
    assert above.count(title[:30]) == 2
