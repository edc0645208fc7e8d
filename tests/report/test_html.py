"""The web page: structure, escaping, self-containment, and how it behaves on a narrow screen."""

import functools
import re
from itertools import pairwise

import pypdfium2
import pytest
from markupsafe import Markup

from barometer.display import Table
from barometer.document.document import build_document
from barometer.document.imprint import TEXTS
from barometer.exhibits import hold_ranges
from barometer.report.exporters import HtmlExporter
from barometer.report.html import render_html, render_index, render_statement
from barometer.report.pdf import render_pdf
from tests.make.samples import code_cell as code
from tests.make.samples import make_figure, make_notebook, make_report, markdown_cell
from tests.test_display import Tags

HOSTILE = (
    r"#slut $x^2$ <script>alert(1)</script> \_under_ {{ 7*7 }} #panic[a] \u{41} \\ <b> & @ref ~ `"
)
REPORT = {
    "variant": "all",
    "sector_label": "Den offentlige sektor",
    "html": "all/report.html",
    "pdf": "all/report.pdf",
    "status": "",
    "chapters": [("Forord & <b>", "all/chapters/01.ipynb")],
}


@functools.cache
def page():
    """The sample report as a page."""
    return render_html(build_document(make_report()), pdf="report.pdf")


def hostile_notebook():
    """A chapter in which every kind of text is hostile to markup languages."""
    table = {"columns": [HOSTILE, "n"], "rows": [[HOSTILE, "1"]], "numeric": [False, True]}
    escaped = re.sub(r"([\\`*_{}\[\]<>#$~&@!|])", r"\\\1", HOSTILE)
    return make_notebook(
        markdown_cell(f"## {escaped}\n\n{escaped}"),
        markdown_cell(f"### {escaped}\n\n{escaped}", "case"),
        code(make_figure(title=HOSTILE, alt=HOSTILE + "!", note=HOSTILE, table=table)),
        code(Table(HOSTILE, table, HOSTILE, "tabel-1")),
    )


def test_page_is_danish_with_one_h1_and_headings_in_order():
    tags = Tags(page()).found
    assert ("html", {"lang": "da"}) in tags
    main = page()[page().index("<main") :]
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", main)]
    assert [tag for tag, _ in tags].count("h1") == 1 and levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_page_has_landmarks_and_a_skip_link():
    tags = Tags(page()).found
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in tags}
    assert next(attrs["href"] for tag, attrs in tags if tag == "a") == "#_indhold"


def test_page_runs_nothing_and_fetches_nothing():
    tags = Tags(page()).found
    assert not {tag for tag, _ in tags} & {"script", "link", "iframe", "img", "object"}
    assert not re.search(r"url\((?!data:|#)", page())
    assert not [
        attrs for _, attrs in tags if any(name.startswith("on") or name == "src" for name in attrs)
    ]


def test_every_id_is_used_once_and_every_inner_link_arrives():
    tags = Tags(page()).found
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {
        attrs["href"][1:] for tag, attrs in tags if attrs.get("href", "").startswith("#")
    } <= set(ids)


def test_pictures_have_role_and_alternative_text():
    pictures = [attrs for tag, attrs in Tags(page()).found if tag == "svg"]
    assert len(pictures) == 2
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 40 for attrs in pictures)


def test_tables_have_scope_and_numbers_of_a_figure_a_caption():
    tags = Tags(page()).found
    assert {attrs.get("scope") for tag, attrs in tags if tag == "th"} == {"col", "row"}
    assert page().count("<details><summary>Vis tallene bag Figur") == 2
    assert '<caption><span class="held">Figur 4. Politisk initieret' in page()


def test_synthetic_data_are_named_in_header_bar_and_footer():
    for start, end in (("<header", "</header>"), ("<aside", "</aside>"), ("<footer", "</footer>")):
        part = page()[page().index(start) :]
        assert "syntetiske data" in part[: part.index(end)]


def test_real_data_are_not_called_synthetic():
    notebook = make_notebook(
        survey={"synthetic": False, "citation": "Mikrodata", "notice": "Mikrodata"}
    )
    assert "syntetisk" not in render_html(build_document([("x", notebook)])).lower()


def test_hostile_text_is_shown_as_it_was_typed():
    html = render_html(build_document([("x", hostile_notebook())]))
    assert not {tag for tag, _ in Tags(html).found} & {"script", "b"}
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8
    assert (
        html.count("{{ 7*7 }}") >= 8
        and "49" not in html[html.index("<main") : html.index("</main>")]
    )


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("i 2018-2019.", 'i <span class="nobreak">2018-2019</span>.'),
        (
            "3-9 ansatte & COVID-19",
            '<span class="nobreak">3-9</span> ansatte &amp; <span class="nobreak">COVID-19</span>',
        ),
        ("978-87-1", '<span class="nobreak">978-87-1</span>'),
        ("nord-syd, −3-x, a-1b", "nord-syd, −3-x, a-1b"),
        ("<b>1-2", '&lt;b&gt;<span class="nobreak">1-2</span>'),
        (Markup("&lt;"), "&lt;"),
        ("' 5", "&#39; 5"),
    ],
)
def test_a_range_of_numbers_is_held_on_its_line_and_the_rest_is_escaped(text, page):
    assert str(hold_ranges(text)) == page


def test_ranges_are_held_in_text_table_and_note():
    table = {
        "columns": ["Størrelse", "Svar i 2018-2019"],
        "rows": [["3-9 ansatte", "10-49"]],
        "numeric": [False, True],
    }
    cells = [
        markdown_cell("## Årene 2016-2017\n\nI *2014-2015*."),
        code(Table("T", table, "Fra 2012-2013.")),
    ]
    html = render_html(build_document([("01_x", make_notebook(*cells))]))
    held = re.findall(r'class="nobreak">([^<]+)<', html)
    assert {"2016-2017", "2014-2015", "2018-2019", "3-9", "10-49", "2012-2013"} <= {*held}


def test_same_document_gives_the_same_page():
    assert render_html(build_document(make_report()), pdf="report.pdf") == page()


def test_exporter_makes_a_page_of_one_chapter():
    html, resources = HtmlExporter().from_notebook_node(
        make_report()[0][1], {"metadata": {"name": "02_vaerdi"}}
    )
    assert (
        '<h2 id="hvad-faar-politikerne-ud-af-det">' in html
        and resources["output_extension"] == ".html"
    )


def test_index_links_every_report_and_escapes():
    html = render_index(
        [REPORT, {**REPORT, "variant": "state", "pdf": None, "status": "Kunne ikke laves"}]
    )
    hrefs = [attrs.get("href") for tag, attrs in Tags(html).found if tag == "a"]
    assert hrefs.count("all/report.html") == 2 and hrefs.count("all/report.pdf") == 1
    assert (
        "Forord &amp; &lt;b&gt;" in html
        and "Kunne ikke laves" in html
        and "syntetiske data" in html
    )
    assert hrefs[-1] == "tilgaengelighed.html"


def list_links(html):
    """{target: what the link is called} of a page's links to other files."""
    return {
        attrs["href"]: attrs.get("aria-label")
        for tag, attrs in Tags(html).found
        if tag == "a" and "href" in attrs and not attrs["href"].startswith("#")
    }


def test_page_links_only_to_files_that_lie_beside_it():
    own = [
        "figures/figur-4.svg",
        "figures/figur-4.csv",
        "figures/figur-5.png",
        "numbers.csv",
        "../index.html",
    ]
    outside = {"https://www.coi.dk/"}
    document = build_document(make_report())
    assert set(list_links(render_html(document))) == outside
    assert set(list_links(render_html(document, "report.pdf", [*own, "chapters/01.ipynb"]))) == {
        *own,
        "report.pdf",
        *outside,
    }
    assert (
        list_links(render_html(document, beside=own))["figures/figur-5.png"]
        == "Hent Figur 5 som PNG"
    )


def test_what_a_link_is_called_has_the_words_it_shows():
    links = re.findall(
        r'<a [^>]*aria-label="([^"]+)"[^>]*>([^<]+)</a>',
        render_html(build_document(make_report()), beside=["figures/figur-4.svg"]),
    )
    assert {"SVG", "1"} <= {shown for _, shown in links}
    assert all(shown in label for label, shown in links if shown != "↩")


def test_a_box_says_once_what_kind_it_is():
    cases = make_notebook(
        markdown_cell("## Case: Vejrdata\n\nTekst.", "case"), markdown_cell("## Andet", "case")
    )
    titles = re.findall(
        r'<span class="kind">Case<span class="hidden">: </span></span>(.+?)</h3>',
        render_html(build_document([("x", cases)])),
    )
    assert titles == ["Vejrdata", "Andet"]


def test_statement_says_plainly_that_contact_and_review_are_missing():
    html = render_statement({"contact": {"name": "Kontoret"}, "reviewed": ""})
    assert (
        "Kontakt er ikke udfyldt" in html
        and "gennemgang er ikke udfyldt" in html
        and "mailto:" not in html
    )


def test_statement_shows_the_contact_that_the_office_set():
    html = render_statement(
        {
            "contact": {"name": "Kontor & <b>", "email": "a@example.dk", "phone": "12 34 56 78"},
            "reviewed": "1. marts 2027",
        }
    )
    assert {"mailto:a@example.dk", "tel:12345678", "index.html"} <= set(list_links(html))
    assert (
        "Kontor &amp; &lt;b&gt;" in html
        and "senest gennemgået 1. marts 2027" in html
        and "ikke udfyldt" not in html
    )
    assert "ikke udfyldt" not in render_statement({"contact": {"phone": "1"}, "reviewed": "i går"})


def test_front_page_and_statement_tell_no_time():
    assert render_index([REPORT]) == render_index([{**REPORT, "seconds": 99.9}])
    assert render_statement() == render_statement()


def test_a_front_matter_of_what_must_be_there_makes_every_page_and_the_pdf(tmp_path):
    front = tmp_path / "report.yaml"
    front.write_text("\n".join(f"{name}: da" for name in TEXTS), encoding="utf-8")
    document = build_document(make_report(), front)
    assert "Forlæg" not in render_html(document)
    assert render_pdf(document).startswith(b"%PDF")
    for page in (render_index([], document["meta"]), render_statement(document["meta"])):
        assert "was.digst.dk" not in page and "fører tilsyn" not in page
    with pypdfium2.PdfDocument(render_pdf(document)) as pdf:
        assert "Forlæg" not in pdf[0].get_textpage().get_text_range()
