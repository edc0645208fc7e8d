"""The web page: structure, escaping, self-containment, and how it behaves on a narrow screen."""

import functools
import io
import json
import re
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from markupsafe import Markup

from barometer.display import Table
from barometer.document.document import build_document
from barometer.document.imprint import TEXTS, read_front
from barometer.exhibits import hold_ranges
from barometer.languages import naming
from barometer.languages.speaking import speak
from barometer.report.exporters import HtmlExporter
from barometer.report.html import render_html, render_index, render_statement
from barometer.report.pdf import render_pdf
from barometer.report.switch import link_reports
from tests.make.samples import code_cell as code
from tests.make.samples import make_figure, make_notebook, make_report, markdown_cell
from tests.test_display import Tags

HOSTILE = (
    r"#slut $x^2$ <script>alert(1)</script> \_under_ {{ 7*7 }} #panic[a] \u{41} \\ <b> & @ref ~ `"
)
REPORT = {
    "variant": "all",
    "part_label": "Den offentlige sektor",
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
    assert not {tag for tag, _ in tags} & {"link", "iframe", "img", "object"}
    # data for search engines, which no browser runs
    assert [attrs for tag, attrs in tags if tag == "script"] == [{"type": "application/ld+json"}]
    assert not re.search(r"url\((?!data:|#)", page())
    assert not [
        attrs for _, attrs in tags if any(name.startswith("on") or name == "src" for name in attrs)
    ]


def read_data(html):
    """What a page has for search engines: {type: fields}."""
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return {one["@type"]: one for one in json.loads(written)["@graph"]}


def test_search_engines_are_told_what_the_report_and_its_numbers_are_and_that_they_are_synthetic():
    document = build_document(make_report(), read_front(None) | {"published": "2026"})
    data = read_data(render_html(document, beside=["numbers.csv", "tables.xlsx"]))
    report, numbers = data["Report"], data["Dataset"]
    assert (report["inLanguage"], report["datePublished"]) == ("da", "2026")
    assert "syntetiske data" in report["description"] + numbers["description"]
    assert 50 <= len(numbers["description"]) <= 5000  # as Google asks
    assert [one["contentUrl"] for one in numbers["distribution"]] == ["numbers.csv", "tables.xlsx"]
    ids = {attrs.get("id") for _, attrs in Tags(page()).found}
    assert {chapter["url"][1:] for chapter in report["hasPart"]} <= ids
    assert "distribution" not in read_data(page())["Dataset"]


def read_head(html):
    """{name or property: content} of a page's head, and its canonical address."""
    tags = [attrs for tag, attrs in Tags(html).found if tag == "meta" and "content" in attrs]
    named = {attrs.get("property") or attrs.get("name"): attrs["content"] for attrs in tags}
    links = [attrs["href"] for tag, attrs in Tags(html).found if tag == "link"]
    return named | {"canonical": links}


def test_a_page_names_its_address_and_picture_only_where_the_folders_address_is_known():
    placed = {"folder": "state"}
    known = read_front(None) | {"address": "https://example.dk/rapporter/"}
    beside = ["figures/figur-4.png"]
    head = read_head(render_html(build_document(make_report(), known) | placed, beside=beside))
    assert (
        head["canonical"] == [head["og:url"]] == ["https://example.dk/rapporter/state/report.html"]
    )
    assert head["og:image"] == "https://example.dk/rapporter/state/figures/figur-4.png"
    assert head["twitter:card"] == "summary_large_image"
    assert "syntetiske data" in head["og:description"] == head["description"]
    plain = read_head(render_html(build_document(make_report()) | placed, beside=beside))
    assert plain["canonical"] == [] and not {"og:url", "og:image"} & {*plain}
    assert plain["og:title"] == head["og:title"] and plain["twitter:card"] == "summary"


def test_contents_are_one_link_away_and_the_way_back_keeps_the_place():
    bar = page()[page().index('<div class="bar">') : page().index('<div class="frame">')]
    assert '<a href="#_oversigt">Indhold</a>' in bar
    # both targets are fixed: a browser does not scroll to them
    assert re.findall(r'<span class="fixed" id="(\w+)"></span>', page()) == ["_her", "_oversigt"]
    assert '<a class="close" href="#_her">' in page()


def test_every_heading_and_every_figure_and_table_has_a_link_to_itself():
    found = Tags(page()).found
    pins = {attrs["href"][1:]: attrs for tag, attrs in found if attrs.get("class") == "pin"}
    main = page()[page().index("<main") : page().index('<section class="notes"')]
    headings = set(re.findall(r'<h[2-6] id="([^"]+)"', main))
    shown = [attrs for _, attrs in found if attrs.get("class") in ("chart", "table")]
    exhibits = {attrs["id"] for attrs in shown if "id" in attrs}  # one of the tables has no number
    assert headings and exhibits and {*pins} == headings | exhibits
    assert all(attrs["aria-label"].startswith("Link til: ") for attrs in pins.values())
    assert "¶" not in page()[page().index("<body") :]  # not in what is copied


def test_a_pull_line_of_our_own_is_an_aside_and_a_quotation_has_its_source():
    cells = [
        markdown_cell("Vores egen linje.", "quote"),
        markdown_cell("Sagt.\n\n– Nogen", "quote"),
    ]
    html = render_html(build_document([("x", make_notebook(*cells))]))
    assert '<aside class="quote"><p>Vores egen linje.</p></aside>' in html
    assert re.findall("<blockquote>(.*?)</blockquote><figcaption>(.*?)<", html) == [
        ("<p>Sagt.</p>", "– Nogen")
    ]


def test_english_words_are_marked_in_page_and_pdf():
    front = read_front(None) | {"english": ["Tiny Office", "not invented here"]}
    text = markdown_cell("## Et Tiny Office\n\nDet kaldes *not invented here*, ikke Tiny Offices.")
    document = build_document([("x", make_notebook(text))], front)
    assert re.findall('<span lang="en">(.*?)</span>', render_html(document)) == [
        "Tiny Office",
        "not invented here",
    ]
    with pikepdf.open(io.BytesIO(render_pdf(document))) as pdf:
        parts = [part for page in pdf.pages for part in pikepdf.parse_content_stream(page)]
    marked = [part.operands[1] for part in parts if str(part.operator) == "BDC"]
    spoken = [
        str(one.Lang) for one in marked if isinstance(one, pikepdf.Dictionary) and "/Lang" in one
    ]
    assert spoken.count("en") == 2


def test_an_address_that_is_its_own_words_is_not_printed_twice():
    text = markdown_cell("[dst.dk](https://www.dst.dk/da) og [kilden](https://example.dk)")
    html = render_html(build_document([("x", make_notebook(text))]))
    assert '<a href="https://www.dst.dk/da" class="bare">dst.dk</a>' in html
    assert '<a href="https://example.dk">kilden</a>' in html


OTHERS = [("Staten & <b>", "../state/report.html"), ("Regionerne", "../region/report.html")]


def test_a_page_leads_to_the_same_chapter_of_other_reports_that_are_there():
    linked = link_reports(page(), OTHERS)
    targets = [attrs["href"] for tag, attrs in Tags(linked).found if tag == "a" and "href" in attrs]
    chapters = page().count('<section class="chapter"')
    assert [target for target in targets if target.startswith("../state")] == [
        "../state/report.html",
        *(f"../state/report.html#_kapitel-{number + 1}" for number in range(chapters)),
    ]
    assert 'id="_kapitel-1"' in page() and "Staten &amp; &lt;b&gt;" in linked
    # as before when the others are gone, or others are there
    assert link_reports(linked, []) == page() and "../" not in page()
    assert link_reports(linked, OTHERS[1:]) == link_reports(page(), OTHERS[1:])


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


def test_hostile_text_ends_no_data_for_search_engines():
    notebook = make_notebook(title="# x </script><!-- & <b>")
    html = render_html(build_document([("x", notebook)]))
    assert read_data(html)["Report"]["hasPart"][0]["name"] == "x </script><!-- & <b>"
    assert html.count("</script>") == 1


def test_hostile_text_is_shown_as_it_was_typed():
    html = render_html(build_document([("x", hostile_notebook())]))
    assert "b" not in {tag for tag, _ in Tags(html).found} and html.count("<script") == 1
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
        (
            "3–9 ansatte i 2018–2019",
            '<span class="nobreak">3–9</span> ansatte i <span class="nobreak">2018–2019</span>',
        ),
        ("66 % (62–70), 5,7 (4,1–6,6)", "66 % (62–70), 5,7 (4,1–6,6)"),
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


def test_files_are_called_by_words_of_the_projects_language_whatever_is_spoken(monkeypatch):
    with speak("en"):
        assert naming.name_statement() == "tilgaengelighed.html"
        assert naming.name_partly("02-03") == "-kapitel-02-03"
    monkeypatch.setattr(naming, "own_language", lambda: "en")
    assert naming.name_partly("02-03") == "-chapter-02-03"
    beside = ["../accessibility.html", "../tilgaengelighed.html"]
    report = render_html(build_document(make_report()), beside=beside)
    for html in (render_index([REPORT]), report):
        assert 'href="tilg' not in html.replace("../", "")
        assert "accessibility.html" in html


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


def test_a_plain_box_is_no_landmark_as_several_may_have_one_title():
    boxes = [markdown_cell("## Det her kan vi ikke sige\n\nTekst.", "box")] * 2
    html = render_html(build_document([("x", make_notebook(*boxes))]))
    assert html.count('<section class="box box"><') == 2
    case = render_html(build_document([("x", make_notebook(markdown_cell("## A\n\nB.", "case")))]))
    assert '<section class="box case" aria-labelledby="a">' in case


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
        "ikke oplyst, hvem du kan skrive" in html
        and "ikke oplyst, hvornår" in html
        and "mailto:" not in html
        and "report.yaml" not in html
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
        and "ikke oplyst" not in html
    )
    assert "ikke oplyst" not in render_statement({"contact": {"phone": "1"}, "reviewed": "i går"})


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
