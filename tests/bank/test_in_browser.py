"""The bank of the shipped survey as a visitor has it: in a real Chromium, by mouse and by keyboard,
with its files opened by other programs.
"""

import csv
import io
import random
import re
from html.parser import HTMLParser

import openpyxl
import pytest

from barometer.data.domains import WHOLE, is_negated, narrow_domain, strip_not
from barometer.data.registry import read_questionnaire
from barometer.exports.cells import KINDS, read_shown
from barometer.forms import STATISTICS
from barometer.languages.numerals import separators
from barometer.paths import DATA
from barometer.report.numbers import name_cell
from barometer.verify import typed
from barometer.verify.readback import check_bank
from tests.make.shipped import SECTORS
from tests.whole.test_browser import CUT, SPACED, browser, check_markup, find_violations, visit

pytestmark = pytest.mark.slow
__all__ = ("browser", "visit")  # fixtures
HASH = "#sp-novelty"
MOST_BYTES, MOST_MS = 3_000_000, 1000


@pytest.fixture
def bank(real):
    return real[0] / "statbank.html"


def read_rows(real, kinds=KINDS):
    """{(report, where, item, group): row} of the shares that sentences, figures and tables show."""
    found = {}
    for name in SECTORS:
        with open(real[0] / name / "numbers.csv", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["kind"] in kinds and row["part"] in (
                    "table",
                    "picture",
                    "text",
                    "basis",
                    "bank",
                ):
                    found.setdefault((name, row["where"], row["item"], row["group"]), []).append(
                        row
                    )
    return found


def read_page(page):
    """{id: (share, interval, n)} of all rows of the page's tables."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.cells tr[id]')].map(row =>
        [row.id, [...row.querySelectorAll('td')].map(one => one.textContent.trim())]))"""
    )


def test_fifty_cells_are_those_of_the_trace(real, visit, bank):
    rows, page = read_rows(real), read_page(visit(bank, unfold=False))
    assert len(page) > 400
    for name in random.Random(18).sample(sorted(page), 50):
        share, interval, n = (text.replace("\xa0", " ") for text in page[name])
        named = tuple(name.split("/", 3))
        expected = [
            (
                read_shown(row["shown"]) if read_shown(row["shown"]) is not None else row["shown"],
                "–".join(
                    filter(None, (row[end].removesuffix("%").strip() for end in ("low", "high")))
                ),
                row["n"],
            )
            for row in rows[named]
        ]
        shown = read_shown(share.replace(" ", "\xa0"))
        interval = interval.removesuffix("%").strip()
        told = (shown if shown is not None else share, interval, n.replace(separators()[1], ""))
        assert told in [(a, b.replace("\xa0", " "), c) for a, b, c in expected], name


class Cells(HTMLParser):
    """(answer, part, group) of each row of the page's tables."""

    def __init__(self, text):
        super().__init__()
        self.found, self.answer = set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "tbody":
            self.answer = given.get("data-item")
        elif tag == "tr" and "data-part" in given:
            self.found.add((self.answer, given["data-part"], given["data-group"]))


def test_every_share_and_other_statistic_of_the_reports_has_a_cell(real, bank):
    cells = Cells(bank.read_text("utf-8")).found
    registry = read_questionnaire(DATA / "barometer-2020" / "questionnaire.yaml")
    asked = {"", *(one.asked for one in registry.questions.values())}
    asked |= {one.among for one in registry.derived.values() if one.among}
    looked_for, lost = 0, set()
    for (report, where, item, _group), rows in read_rows(real, (*KINDS, *STATISTICS)).items():
        for row in rows:
            statistic = "" if row["kind"] in ("share", "sum") else row["kind"]
            # another part, or what is left beside one, is a part by itself
            other = narrow_domain(WHOLE, strip_not(row["group"]), registry.background)
            within = WHOLE if other and other != WHOLE else report
            named = {
                name_cell(row | {"domain": within, "asked": one}, registry.background)
                for one in asked
            }
            places = {(name, *place) for part, name, group in named
                      for place in ((part, group), *([(group, WHOLE)] if is_negated(group) else []))}  # fmt: skip
            looked_for += 1
            if not any((".".join(filter(None, (name, statistic))), *place) in cells
                       for name, *place in places):  # fmt: skip
                lost.add((report, where, item, row["group"], row["kind"]))
    assert looked_for > 1500 and lost == set()


def test_every_number_of_it_is_accounted_for(real):
    folders = [real[0] / name for name in SECTORS]
    assert check_bank(real[0], folders, typed.read_allowed()) == []


def test_it_is_small_is_there_within_a_second_and_asks_for_nothing(visit, bank):
    assert bank.stat().st_size < MOST_BYTES
    page = visit(bank, unfold=False)
    page.wait_for_function("document.fonts.status == 'loaded'")
    assert {url for url in page.asked if not url.startswith("data:")} == {bank.resolve().as_uri()}
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    assert took < MOST_MS


def open_bank(visit, bank, place=HASH, **screen):
    page = visit(bank, unfold=False, **screen)
    page.goto(f"{bank.as_uri()}{place}")
    page.wait_for_selector("section.question:not([hidden]) h2")
    page.evaluate("document.querySelectorAll('.choice details').forEach(each => each.open = true)")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("place", ["", HASH, "#sp-selv"])
def test_axe_finds_no_violation(visit, bank, place, width, scheme):
    page = (
        open_bank(visit, bank, place, width=width, scheme=scheme)
        if place
        else visit(bank, width, scheme=scheme)
    )
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert find_violations(page) == []


def test_the_html_checker_finds_nothing(bank):
    assert check_markup(bank) == []


@pytest.mark.parametrize(("width", "height"), [(320, 900), (320, 256), (1280, 900)])
@pytest.mark.parametrize("style", ["", SPACED], ids=["as it is", "spaced"])
@pytest.mark.parametrize(
    "place",
    [HASH, "#sp-partner?mod=all|politically_initiated all|initiated_by_other_causes", "#sp-selv"],
)
def test_nothing_is_cut_or_scrolls_sideways(visit, bank, place, style, width, height):
    page = open_bank(visit, bank, place, width=width, height=height)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(
        "style => document.head.append(Object.assign(document.createElement('style'), {textContent: style}))",
        style,
    )
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        == 0
    )
    assert page.evaluate(CUT) == []


def test_all_tables_are_there_without_a_program(browser, bank):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(bank.as_uri())
    assert page.locator(".cells").count() > 10
    assert all(one.is_visible() for one in page.locator(".cells").all())
    assert (
        not page.locator("#soeg").is_visible()
        and not page.locator("form.choice").first.is_visible()
    )
    context.close()


def test_a_share_is_found_by_words_and_keyboard_alone(visit, bank):
    """As somebody does who has never seen the page: Tab to the search, type, Enter."""
    page = visit(bank, unfold=False)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "_soeg":
            break
    page.keyboard.type("kopi regioner")
    assert "fundet" in page.locator("#_fundet").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sp-novelty:not([hidden])")
    assert (
        page.evaluate("document.activeElement.textContent") == "Hvor ny er den seneste innovation?"
    )
    rows = page.locator("#sp-novelty .cells tr[data-part]:visible")
    assert rows.first.get_attribute("data-part") == "region"
    assert "%" in rows.first.inner_text()


@pytest.mark.parametrize("words", ["vaerdi", "værdi", "VÆRDI", "vardi"])
def test_letters_of_danish_are_found_however_they_are_typed(visit, bank, words):
    page = visit(bank, unfold=False)
    page.fill("#_soeg", words)
    links = page.locator("#_liste li:visible a")
    assert any("værdi" in one.inner_text() for one in links.all())


def test_another_form_of_a_word_is_found_by_its_beginning_and_nonsense_is_not(visit, bank):
    page = visit(bank, unfold=False)
    page.fill("#_soeg", "kopieret")
    first = page.locator("#_liste li:visible a").first
    assert first.get_attribute("href").endswith("#sp-novelty?svar=novelty%3Dcopy")
    # where no question has all words, those with the most, and of the answers the one with the most
    page.fill("#_soeg", "hvor mange af regionerne xyzzy kopierede")
    assert page.locator("#_fundet").inner_text().startswith("Intet har alle ordene")
    assert first.get_attribute("href").endswith("#sp-novelty?dele=region&svar=novelty%3Dcopy")
    # a short word is none within "tilpasset", and what holds a sentence together chooses nothing
    page.fill("#_soeg", "Hvor mange på sundhedsområdet har kopieret?")
    found = "#sp-novelty?dele=field%3Dhealth&svar=novelty%3Dcopy"
    assert first.get_attribute("href").endswith(found)
    # "andres" stands in an answer, so that "Andre årsager" is no group that is asked for
    page.fill("#_soeg", "kopieret andres løsninger")
    assert first.get_attribute("href").endswith("#sp-novelty?svar=novelty%3Dcopy")
    page.fill("#_soeg", "xyzzy")
    assert page.locator("#_fundet").inner_text().startswith("Intet fundet")


def test_every_answer_that_is_searched_by_its_words_is_shown_with_rows_and_their_marks(visit, bank):
    page = visit(bank, unfold=False)
    found = page.evaluate(
        """async () => {
        const text = (one) => one.textContent.replace(/\\s+/g, " ").trim();
        const seen = (what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility());
        const search = document.querySelector("#_soeg"), found = [];
        for (const label of new Set([...document.querySelectorAll(".answer span")].map(text))) {
          search.value = label;
          search.dispatchEvent(new Event("input"));
          seen("#_liste ol li a")[0].click();
          await new Promise((done) => setTimeout(done));
          const shown = seen(".cells tr[data-part]").map(text).join(" "), key = seen(".key span");
          found.push([label, shown.length, key.filter((one) => !shown.includes(one.dataset.mark)).length]);
        }
        return found;
        }"""
    )
    assert len(found) > 50 and [one for one in found if not one[1] or one[2]] == []


def test_what_is_chosen_is_reopened_by_its_address(visit, bank):
    page = open_bank(visit, bank)
    page.uncheck("#sp-novelty [name=dele][value=state]")
    page.check("#sp-novelty [name=grupper][value=politically_initiated]")
    page.select_option("#sp-novelty [name=svar]", "novelty=first")
    seen = page.locator("#sp-novelty .cells tr[data-part]:visible").all_inner_texts()
    assert seen and not any("Staten" in one for one in seen)
    again = open_bank(visit, bank, page.evaluate("location.hash"))
    assert again.locator("#sp-novelty .cells tr[data-part]:visible").all_inner_texts() == seen


def test_two_groups_are_compared_by_the_reports_own_test(real, visit, bank):
    page = open_bank(
        visit, bank, "#sp-partner?mod=all|politically_initiated all|initiated_by_other_causes"
    )
    lines = page.locator("#sp-partner .compared tbody tr").all_inner_texts()
    rows = read_rows(real, ("difference",))
    group = "politically_initiated mod initiated_by_other_causes"
    tested = {row["label"]: row for (report, *_rest, item, one), (row, *_more) in rows.items()
              if report == "all" and one == group and item.startswith("partner.")}  # fmt: skip
    assert len(tested) > 5
    for label, row in tested.items():
        (line,) = [one for one in lines if one.startswith(label)]
        assert (
            row["shown"] in line
            and row["low"] in line
            and re.search("oftere|sjældnere|sikker", line)
        )


def download(page, name):
    with page.expect_download() as told:
        page.click(f"#sp-novelty [name={name}]")
    return told.value.path().read_bytes(), told.value.suggested_filename


def test_csv_and_xlsx_hold_what_is_shown_and_other_programs_open_them(visit, bank):
    page = open_bank(visit, bank)
    shown = page.locator("#sp-novelty .cells tr[data-part]:visible").count()
    content, name = download(page, "csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert name == "sp-novelty.csv" and len(rows) == shown + 1
    sheet, name = download(page, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    table = [list(row) for row in book["Data"].iter_rows(values_only=True)]
    assert name == "sp-novelty.xlsx" and len(table) == shown + 1 and table[0] == rows[0]
    for texts, cells in zip(rows[1:], table[1:], strict=True):
        assert texts == ["" if one is None else str(one) for one in cells]
        assert isinstance(cells[5], int | float) and isinstance(cells[8], int)
    assert "syntetiske data" in rows[1][-1].lower()


def test_one_s_own_answer_is_seen_beside_a_part_and_leaves_the_page_in_no_way(visit, bank):
    page = open_bank(visit, bank, "#sp-selv")
    before = len(page.asked)
    page.select_option("#sp-selv [name=del]", "region")
    page.check(
        "#sp-selv fieldset:has-text('Hvor ny er den seneste') label:has-text('Den første') input"
    )
    told = page.locator("#sp-selv output:visible").filter(has_text="%").inner_text()
    assert "Regionerne" in told and "n = 286" in told
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert len(page.asked) == before and page.evaluate("location.hash") == "#sp-selv"
