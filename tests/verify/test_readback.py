"""Finished reports read back: every number accounted for, and each way of getting one wrong seen to
be caught.
"""

import csv
import json
import random
import re
import shutil
from dataclasses import replace

import nbformat
import pytest
from pypdfium2 import PdfDocument

from barometer.display import Table
from barometer.document.document import build_document
from barometer.figures.drawing import draw_two_groups
from barometer.figures.tables import show_shares
from barometer.languages.speaking import speak
from barometer.paths import ROOT
from barometer.payloads import MIME
from barometer.report.folder import write_report
from barometer.report.html import render_html, render_index
from barometer.report.pdf import render_pdf
from barometer.report.switch import link_reports
from barometer.run.work import Result
from barometer.sentences.claims import tell_difference
from barometer.verify.pages import SOFT_HYPHEN, is_told, read_html, read_pdf, squeeze
from barometer.verify.readback import check_reports, find_lost_flags, main
from barometer.verify.typed import (
    WORDS,
    count_numbers,
    find_numbers,
    find_stale,
    find_unexplained,
    match_words,
    read_allowed,
    read_form,
    read_share,
    spell_row,
    subtract_shares,
    write_alike,
)
from tests.figures.test_drawing import VALUES, VERDICTS, draw_role, make_table, make_tests, release
from tests.make.samples import SURVEY, code_cell, make_notebook, markdown_cell
from tests.make.shipped import SECTORS
from tests.sentences.test_claims import make_released

RULES = [entry for entry in read_allowed() if not entry["chapter"]]
NOTE = "Kilden er nævnt.[^kilde]\n\n[^kilde]: Se fx »Om kilder« (2018)."


# ---- numbers in Danish text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Der kom 2.271 svar.", ["2.271"]),
        ("Niveauet er 0,05.", ["0,05"]),
        ("Det gælder 37\u00a0pct. mod 8 %, 3 procentpoint", ["37%", "8%", "3 procentpoint"]),
        ("37\u00a0% (34–40)", ["37% (34–40)"]),
        (
            "1\u00a0% (under\u00a00,5–2) og 99 % (98,1 til over\n99,95)",
            ["1% (under 0,5–2)", "99% (98,1 til over 99,95)"],
        ),
        ("+28,7 (+26,2 til +31,1) og −3,4 og (-3,2)", ["+28,7 (+26,2 til +31,1)", "−3,4", "−3,2"]),
        ("p < 0,001 og <\u00a00,001 og p = 0,017", ["<0,001", "<0,001", "0,017"]),
        ("i 2018-2019, den 24. november 2026", ["2018", "2019", "24", "2026"]),
        ("COVID-19 og SHA-256 og CO2", ["COVID-19", "SHA-256", "CO2"]),
        ("D04a, OIN01DK og 1Se", ["D04a", "OIN01DK", "1Se"]),
        ("005f1969a2fae", ["005f1969a2fae"]),
        ("ISBN 978-87-972893-4-1", ["978", "87", "972893", "4", "1"]),
        ("de 98 kommuner (2021).", ["98", "2021"]),
        ("seks ud af ti, [c]", []),
    ],
)
def test_a_number_is_found_whole_with_its_sign_unit_and_interval(text, found):
    assert find_numbers(text) == found


def test_no_number_is_passed_over_with_the_words_around_it():
    token = read_form("da")[1].pattern
    every, draw = re.compile(token.removeprefix(f"{WORDS}|")), random.Random(6)
    pieces = [
        "ord",
        "æø",
        "COVID",
        "x_",
        "til",
        "pct.",
        "procentpoint",
        "%",
        "19",
        "2.271",
        "0,05",
        "<",
        "−",
        "-",
        "+",
        "–",
        "(",
        ")",
        ".",
        ",",
        ";",
        "/",
        "\n",
        "§",
        "²",
    ]
    for _ in range(5000):
        text = "".join(draw.choice(pieces) + draw.choice(["", " "]) for _ in range(8))
        assert find_numbers(text) == [write_alike(token[0]) for token in every.finditer(text)], text


@pytest.mark.parametrize(
    ("text", "known", "left"),
    [
        # a count is no share
        ("37 pct.", ["37 %"], []),
        ("37", ["37 %"], ["37"]),
        ("37 pct.", ["37"], ["37 pct."]),
        ("3,4", ["−3,4"], ["3,4"]),
        ("2.2711", ["2.271"], ["2.2711"]),
        ("137 %", ["37 %"], ["137 %"]),
        ("D37", ["37 %"], ["D37"]),
        ("0,001", ["< 0,001"], ["0,001"]),
        ("37 procentpoint", ["37 %"], ["37 procentpoint"]),
    ],
)
def test_a_number_is_known_only_as_it_is_written_in_a_row(text, known, left):
    rows = set().union(*(spell_row(shown) for shown in known))
    assert [number for number, _ in find_unexplained(text, rows, [])] == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("37 % (34–40)", []),
        ("37 % (34–41)", ["37 % (34–41)"]),
        ("38 % (34–40)", ["38 % (34–40)"]),
        ("37 % (34 til 40)", []),
        ("37 %", []),
        ("34 %", ["34 %"]),
        ("34 og 40", ["34", "40"]),
    ],
)
def test_an_interval_is_known_only_with_its_own_number(text, left):
    known = spell_row("37\u00a0pct.", "34\u00a0%", "40\u00a0%")
    assert [number for number, _ in find_unexplained(text, known, [])] == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("under 0,5 % (under 0,5–over 99,5)", []),
        ("0,5 % (under 0,5–over 99,5)", []),
        ("under 0,5 % (0,5–99,5)", ["0,5 % (0,5–99,5)"]),
        ("under 0,5 % (over 0,5–over 99,5)", ["0,5 % (over 0,5–over 99,5)"]),
        ("under 0,5 % (0–100)", ["0,5 % (0–100)"]),
    ],
)
def test_an_end_that_is_nearly_0_or_100_is_known_only_as_such(text, left):
    known = spell_row("under 0,5\u00a0%", "under 0,5\u00a0%", "over 99,5\u00a0%")
    assert [number for number, _ in find_unexplained(text, known, [])] == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I 2018 og 2019, i (2021) og 2018-2019", []),
        ("29. februar 2020", []),
        ("Figur 4 og tabel 12", []),
        ("Note 2", []),
        ("I 1877", ["1877"]),
        ("2018 pct.", ["2018 pct."]),
        ("12018", ["12018"]),
        ("2018,5", ["2018,5"]),
        ("4 figurer", ["4"]),
        ("den 29. gang", ["29"]),
    ],
)
def test_years_dates_and_labels_are_let_in_by_form_and_nothing_like_them(text, left):
    assert [
        number for number, _ in find_unexplained(text, set(), [rule["form"] for rule in RULES])
    ] == left


def test_what_is_let_in_by_its_words_is_let_in_across_line_ends_and_in_no_other_words():
    form = match_words("de 98 kommuner")
    assert find_unexplained("de\n98 kommuner", set(), [form]) == []
    assert find_unexplained("de 98 regioner og 98 kommuner", set(), [form])
    assert find_unexplained("ISBN 978-\n87-9", set(), [match_words("ISBN 978-87-9")]) == []
    form = match_words('Q13. "It\'s mine"')
    for set_as in ('Q13. "It\'s mine"', "Q13. »It’s mine«", "Q13. “It’s mine”"):
        assert find_unexplained(f"{set_as} var spurgt", set(), [form]) == []


def test_closed_marks_and_the_number_of_an_interval_are_counted():
    assert count_numbers("37 % (34–40), 37 % og [c]") == {"37% (34–40)": 1, "37%": 2, "[c]": 1}


# ---- the typed list


def write_allowed(tmp_path, entry, rule="{kind: year, form: '20\\d\\d', reason: x}"):
    path = tmp_path / "typed.yaml"
    path.write_text(f"rules: [{rule}]\nnumbers: [{entry}]", encoding="utf-8")
    return path


def test_a_published_number_is_let_in_by_its_id(tmp_path):
    entry = read_allowed(
        write_allowed(
            tmp_path, '{kind: case, chapter: "01", words: "{S001} folkevalgte, {S008}", reason: x}'
        )
    )[1]
    assert (entry["words"], entry["chapter"]) == ("2.816 folkevalgte, 0,05", "01")


def test_a_pattern_of_dates_that_is_not_translated_has_the_months_of_the_language(tmp_path):
    rule = "{kind: date, form: '\\d{1,2}\\W{1,3}(?:maj|juni)', reason: x}"
    with speak("en"):
        (rule,) = [one for one in read_allowed(write_allowed(tmp_path, "", rule))
                   if "spare" not in one]  # fmt: skip
    assert rule["form"].search("on 28 May 2026") and not rule["form"].search("on 28 maj 2026")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('{kind: case, chapter: "01", words: "{X999} ting", reason: x}', "X999"),
        ('{kind: anything, chapter: "01", words: "9 ting", reason: x}', "anything"),
        ('{kind: case, words: "9 ting", reason: x}', "chapter"),
        ('{kind: case, chapter: "01", words: "9 ting"}', "reason"),
        ("[", "typed.yaml"),
    ],
)
def test_an_entry_that_lacks_something_or_names_something_unknown_is_refused(tmp_path, entry, told):
    with pytest.raises(ValueError, match=told):
        read_allowed(write_allowed(tmp_path, entry))


def test_an_entry_that_fits_nothing_in_its_chapter_is_stale(tmp_path):
    allowed = read_allowed(
        write_allowed(tmp_path, '{kind: case, chapter: "01", words: "9 ting", reason: x}')
    )
    assert find_stale({"01": "I 2021 var der 9 ting."}, allowed) == []
    assert [entry["words"] for entry in find_stale({"01": "I 2021", "02": "9 ting"}, allowed)] == [
        "9 ting"
    ]


# ---- what is read of a page


def test_each_text_of_a_page_is_read_with_its_element_part_and_chapter():
    page = """<title>T 1</title><meta name="description" content="D 2"><meta name="viewport" content="scale=1">
    <style>a{margin:3px}</style><nav><li><a href="#figur-4">Figur 4. Titel 5</a></li></nav>
    <section class="chapter"><p>En <strong>6</strong>7<br>8<sup><a class="noteref" aria-label="Note 9">9</a></sup></p>
    <div class="claim" id="saetning-D01"><p>Ti 10</p></div><figure id="figur-4"><figcaption>Titel 5</figcaption>
    <svg aria-label="Alt 11"><g id="text_1"><text>12 %</text></g></svg><p class="note">n = 13</p>
    <table><tr><th>Ja</th><td>14</td></tr></table></figure></section><footer><p>15</p></footer>"""
    found = [(one.text, one.where, one.part, one.chapter) for one in read_html(page, ["01_x"])]
    assert found == [
        ("T 1", "", "text", ""),
        ("D 2", "", "text", ""),
        ("Figur 4. Titel 5", "figur-4", "title", ""),
        ("Note 9", "", "text", "01_x"),
        ("En 67 8", "", "text", "01_x"),
        ("Ti 10", "saetning-D01", "text", "01_x"),
        ("Titel 5", "figur-4", "title", "01_x"),
        ("Alt 11", "figur-4", "alt", "01_x"),
        ("12 %", "figur-4", "picture", "01_x"),
        ("n = 13", "figur-4", "note", "01_x"),
        ("Ja", "figur-4", "table", "01_x"),
        ("14", "figur-4", "table", "01_x"),
        ("15", "", "text", ""),
    ]


def test_a_sentence_is_found_across_pages_and_typesetting_and_an_altered_one_is_not():
    pages = [
        squeeze(page)
        for page in ("Først.\nDet gælder 37\u00a0pct. af \n dem, og", "Hoved\nder er mange af dem.")
    ]
    assert is_told(pages, squeeze("Det gælder **37 pct.** af dem, og der er »mange« af dem."))
    assert not is_told(pages, squeeze("Det gælder 38 pct. af dem, og der er mange af dem."))
    assert squeeze("Se [figuren](#figur-4).") == "Sefiguren."


# ---- a small report made by the report's own means


def list_cells():
    """A sentence, two figures, a table and running text with a footnote."""
    values = release(make_table(VALUES), make_tests(VERDICTS))
    sentence = tell_difference(
        "X01", make_released(), "x", more="Flere: {a} mod {b}.", less="Færre.", same="Ens."
    )
    return [
        markdown_cell(f"Publikationen er fra maj 2021. {NOTE}"),
        code_cell(sentence),
        code_cell(draw_two_groups(values, "figur-4", "Titel", ["political", "other"])),
        code_cell(draw_role()),
        code_cell(show_shares(values, "tabel-2", "Tabel")),
    ]


def write_small(folder, *cells, words=()):
    """The report of these cells, in its folder. `words`: those of the survey's registry that have a
    number.
    """
    folder.mkdir(exist_ok=True)
    survey = {key: SURVEY[key] for key in ("name", "data_date")} | {"words": [*words]}
    notebook = make_notebook(*(cells or list_cells()), survey=survey)
    other = make_notebook(markdown_cell("Intet at se."), title="# Et andet")
    results = [Result("01_x", "all", 1.0, notebook), Result("02_y", "all", 1.0, other)]
    write_report(folder, results, ("html", "pdf"), folder)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small report, made once."""
    return write_small(tmp_path_factory.mktemp("small") / "all-kapitel-01-02")


def check(folder):
    return check_reports([folder], RULES)[1]


def alter(small, tmp_path, before, after, file="report.html"):
    """Faults of the small report with one text replaced in one file."""
    folder = shutil.copytree(small, tmp_path / small.name)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return check(folder)


def test_a_report_as_it_was_made_has_every_number_accounted_for(small):
    count, faults = check_reports([small], RULES)
    assert faults == [] and count > 200


@pytest.mark.parametrize("difference", [-0.078, 0.068, 0.0])
def test_a_difference_without_an_interval_as_in_a_census_is_accounted_for(tmp_path, difference):
    released = make_released(difference, float("nan"), "higher", "complete")
    without = dict.fromkeys(("low", "high", "p_adjusted"), float("nan"))
    released = replace(released, comparisons=released.comparisons.assign(**without))
    sentence = tell_difference(
        "X01", released, "x", more="Flere: {a} mod {b}.", less="Færre.", same="Ens."
    )
    folder = write_small(tmp_path / "all-kapitel-01-02", code_cell(sentence))
    assert "procentpoint; alle er spurgt" in (folder / "report.html").read_text(
        encoding="utf-8"
    ).replace("\u00a0", " ")
    assert check(folder) == []


def test_a_digit_typed_in_a_wording_is_caught_in_page_and_pdf(tmp_path):
    sentence = tell_difference(
        "X01", make_released(), "x", more="{a} af 77 pct.", less="Færre.", same="Ens."
    )
    faults = check(write_small(tmp_path / "all", code_cell(sentence)))
    assert [fault.split(" er der")[0] for fault in faults] == [
        "all/report.html, saetning-X01 text: »77 pct.«",
        "all/report.pdf, side 3: »77 pct.«",
    ]
    assert "40 pct. af 77 pct." in faults[0] and "Skriv det som en sætning" in faults[0]


@pytest.mark.parametrize("words", ["i 2019", "den 3. maj 2021", "i 2018-2019"])
def test_a_year_or_date_typed_in_a_sentence_on_data_is_caught_and_one_in_running_text_is_not(
    tmp_path, words
):
    sentence = tell_difference(
        "X01", make_released(), "x", more=f"{{a}} {words}.", less="Færre.", same="Ens."
    )
    faults = check(
        write_small(tmp_path / "all", code_cell(sentence), markdown_cell(f"Det var {words}."))
    )
    assert faults and all("all/report.html, saetning-X01 text: " in fault for fault in faults)


def test_the_registrys_own_words_with_numbers_are_known_wherever_they_stand(tmp_path):
    words = ["30-49 år eller mere end det", "Under 30 år", "2020-2022"]
    released = make_released()
    table = released.table.assign(label="Under 30 år")
    sentence = tell_difference(
        "X01",
        replace(released, table=table),
        "x",
        less="Færre.",
        same="Ens.",
        more="Flere under 30 år i 2020-2022: {a}.",
    )
    shown = {
        "columns": ["Alder", "Note"],
        "rows": [["30-49 år eller mere end det", "under 30 år"]],
        "numeric": [False, False],
    }
    cells = [
        code_cell(sentence),
        code_cell(Table("Alder under 30 år", shown, "", "tabel-2023stat")),
    ]
    typed = markdown_cell("Det gælder 30 pct.")
    assert len(check(write_small(tmp_path / "without", *cells))) > 5
    assert check(write_small(tmp_path / "known", *cells, words=words)) == []
    assert check(write_small(tmp_path / "typed", *cells, typed, words=words)) != []


def test_a_digit_typed_in_markdown_is_caught_although_a_sentence_has_the_same(tmp_path):
    faults = check(
        write_small(tmp_path / "all", *list_cells(), markdown_cell("Det gælder 40 pct. af dem."))
    )
    assert [fault.split(" er der")[0] for fault in faults] == ["all/report.html, 01_x: »40 pct.«"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("beslutninger\u00a0507;", "beslutninger\u00a0508;", "figur-4 note: »508«"),
        ("n\u00a0=\u00a0507</b>", "n\u00a0=\u00a0508</b>", "figur-4 marks: »508«"),
        # one that is elsewhere
        (">66\u00a0%\u00a0(62–70)", ">51\u00a0%\u00a0(62–70)", "figur-4 table: »51 % (62–70)«"),
        (
            ">66\u00a0%\u00a0(62–70)",
            ">69\u00a0%\u00a0(67–71)",
            "figur-4 table: »66%« har 1 rækker i sporet",
        ),
        (">66\u00a0%</text>", ">69\u00a0%</text>", "figur-4 picture: »66%« har 1 rækker i sporet"),
        ("57\u00a0pct. mod 25", "58\u00a0pct. mod 25", "figur-4 alt: »58 pct.«"),
        ("Flere: 40\u00a0pct.", "Flere: 41\u00a0pct.", "saetning-X01 text: »41 pct.«"),
        ("+10,0", "+11,0", "grundlag-X01 text: »+11,0 (+5,0 til +15,0)«"),
        ("<dd>1.877</dd>", "<dd>1.878</dd>", "uden for kapitlerne: »1.878«"),
        ("Om kilder« (2018)", "Om kilder« (s. 18)", "uden for kapitlerne: »18«"),
        ("Figur 4. Titel", "Figur 4. Titel 9", "figur-4 title: »9«"),
    ],
)
def test_a_number_altered_by_hand_is_caught_where_it_is(small, tmp_path, before, after, told):
    faults = alter(small, tmp_path, before, after)
    assert any(told in fault for fault in faults), faults
    assert all(fault.startswith("all-kapitel-01-02/report.html, ") for fault in faults)


def test_a_sentence_gone_from_the_page_is_caught_by_its_rows(small, tmp_path):
    page = (small / "report.html").read_text(encoding="utf-8")
    block = re.search(r'<div class="claim" id="saetning-X01".*?</div>', page, re.S)[0]
    faults = alter(small, tmp_path, block, "")
    own = ("sætningen X01", "saetning-X01", "grundlag-X01")
    assert len(faults) > 3 and all(any(one in fault for one in own) for fault in faults)
    assert "sætningen X01 står i claims.csv, men ikke på siden" in faults[-1]


def test_what_a_sentence_rests_on_gone_from_the_page_is_caught_and_so_is_another_n(small, tmp_path):
    page = (small / "report.html").read_text(encoding="utf-8")
    block = re.search(r'<details class="why" id="grundlag-X01">.*?</details>', page, re.S)[0]
    assert any("grundlag-X01" in fault for fault in alter(small, tmp_path, block, ""))
    faults = alter(small, tmp_path / "n", "n = 100", "n = 101")
    assert any("»101« er der ikke gjort rede for" in fault for fault in faults)
    assert any("»100« har 1 rækker i sporet" in fault for fault in faults)


def test_a_sentence_gone_from_the_pdf_is_caught(small, tmp_path):
    folder = shutil.copytree(small, tmp_path / "all")
    cells = list_cells()
    (folder / "report.pdf").write_bytes(
        render_pdf(
            build_document(
                [
                    ("01_x", make_notebook(cells[0], *cells[2:])),
                    ("02_y", make_notebook(title="# Et andet")),
                ]
            )
        )
    )
    assert any(
        "report.pdf, sætningen X01 står i claims.csv, men ikke i rapporten" in fault
        for fault in check(folder)
    )


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        (
            "numbers.csv",
            "40\u00a0pct.",
            "44\u00a0pct.",
            "»44%« har 1 rækker i sporet, men står her 0 gange",
        ),
        (
            "claims.csv",
            "40\u00a0pct. mod",
            "44\u00a0pct. mod",
            "sætningen X01 står i claims.csv, men ikke på siden",
        ),
        ("claims.csv", '"+10,0"', '"+12,0"', "grundlag-X01 text: »+12,0« har 1 rækker"),
    ],
)
def test_a_trace_that_says_something_else_than_the_page_is_caught(
    small, tmp_path, file, before, after, told
):
    assert any(told in fault for fault in alter(small, tmp_path, before, after, file))


def test_the_pdf_is_held_against_all_numbers_of_the_report(small, tmp_path):
    folder = shutil.copytree(small, tmp_path / "all")
    cells = [*list_cells(), markdown_cell("Der var 88 pct. i 12 byer.")]
    notebooks = [("01_x", make_notebook(*cells)), ("02_y", make_notebook(title="# Et andet"))]
    (folder / "report.pdf").write_bytes(render_pdf(build_document(notebooks)))
    faults = [fault for fault in check(folder) if "gjort rede for" in fault]
    assert [re.search("»(.*?)«", fault)[1] for fault in faults] == ["88 pct.", "12"]


def test_a_wrong_number_in_a_pdfs_alternative_text_is_caught(small, tmp_path):
    folder, figure = shutil.copytree(small, tmp_path / "all"), draw_role()
    cells = [
        *list_cells()[:3],
        code_cell(replace(figure, alt=figure.alt.replace("59", "77"))),
        *list_cells()[4:],
    ]
    notebooks = [("01_x", make_notebook(*cells)), ("02_y", make_notebook(title="# Et andet"))]
    (folder / "report.pdf").write_bytes(render_pdf(build_document(notebooks)))
    assert "all/report.pdf, alternativ tekst: »77 pct.«" in " ".join(check(folder))


def test_hyphens_of_the_typesetter_and_page_ends_hide_nothing(tmp_path):
    text = (
        "Undersøgelses\u00admetode\u00adbeskrivelsen omfatter "
        "arbejdsplads\u00adudviklings\u00adsamarbejds\u00adorganisationerne. "
    ) * 60
    path = tmp_path / "x.pdf"
    path.write_bytes(render_pdf(build_document([("x", make_notebook(markdown_cell(text)))])))
    assert SOFT_HYPHEN in PdfDocument(path)[0].get_textpage().get_text_range()
    pages = [squeeze(page.text) for page in read_pdf(path) if SOFT_HYPHEN not in page.text]
    assert len(pages) > 2 and "".join(pages).count(squeeze(text[:95])) > 50


def test_a_file_that_cannot_be_read_is_a_fault(small, tmp_path):
    folder = shutil.copytree(small, tmp_path / "all")
    (folder / "report.pdf").write_bytes(b"%PDF")
    assert check(folder) == ["all/report.pdf, filen kan ikke læses. Lav rapporten på ny."]


def test_a_stale_entry_is_told_only_when_all_whole_reports_are_read(small, tmp_path):
    entry = {"kind": "case", "chapter": "01", "words": "9 ting", "form": match_words("9 ting")}
    folders = [shutil.copytree(small, tmp_path / sector) for sector in SECTORS]
    used = [rule for rule in RULES if rule["kind"] == "label"][:1]
    assert check_reports(folders[:3], [*RULES, entry])[1] == []
    assert check_reports(folders, [*used, entry])[1][-1] == (
        "typed_numbers.yaml: »9 ting« (case) står ikke i nogen rapport. Slet eller ret linjen."
    )


def test_the_command_tells_one_line_when_all_is_well_and_fails_with_one_per_fault(
    small, tmp_path, capsys
):
    shutil.copytree(small, tmp_path / "all")
    assert main([str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert re.fullmatch(
        r"1 rapporter er læst tilbage\. Der er gjort rede for alle \d+ tal\.\n"
        r"Der er intet bevis \(certificate\.json\)\. Lav det med python -m barometer prove\.\n",
        told,
    )
    page = tmp_path / "all" / "report.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace(
            "beslutninger\u00a0507;", "beslutninger\u00a0508;", 1
        ),
        encoding="utf-8",
    )
    assert main([str(tmp_path)]) == 1
    assert all(
        line.startswith("all/report.html, figur-4 note: ")
        for line in capsys.readouterr().out.splitlines()
        if "certificate.json" not in line
    )
    assert main([str(tmp_path / "all")]) == 1
    assert "Der er ingen rapporter" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("named", "other", "key"),
    [
        ("Staten, kapitel 02 og 04", "Staten, kapitel 03 og 04", "part_label"),
        ("Steder med 10-49 ansatte", "Steder med 10-50 ansatte", "part_label"),
        ("Steder med 10-49 ansatte", "Steder med 10-50 ansatte", "sector_label"),  # of before
    ],
)
def test_what_a_report_is_called_is_known_on_the_front_page_and_in_links_to_it(
    small, tmp_path, capsys, named, other, key
):
    page = shutil.copytree(small, tmp_path / "all") / "report.html"
    text, front = page.read_text(encoding="utf-8"), tmp_path / "index.html"
    record = {"variant": "state", "html": "state/report.html", "pdf": "state/report.pdf"}
    record |= {key: named, "status": "", "findings": [], "data": [], "chapters": []}
    run = {"reports": [], "earlier": [record]}
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")

    def read_back(label):
        page.write_text(link_reports(text, [(label, record["html"])]), encoding="utf-8")
        front.write_text(render_index([record | {"part_label": label}]), encoding="utf-8")
        return main([str(tmp_path)]), capsys.readouterr().out

    code, told = read_back(named)
    assert code == 0, told
    code, told = read_back(other)
    assert code == 1 and "index.html, " in told and "all/report.html, " in told


# ---- the real report


def rebuild(real, tmp_path, change):
    """Faults of the whole sector's report, its page made anew from executed chapters that `change`
    has altered.
    """
    folder = shutil.copytree(real[0] / "all", tmp_path / "all")
    books = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((folder / "chapters").glob("*.ipynb"))
    }
    change(books)
    page = render_html(build_document(list(books.items())), "report.pdf")
    (folder / "report.html").write_text(page, encoding="utf-8")
    return check_reports([folder], read_allowed())[1]


def find_payload(books, identifier):
    """(cells, cell, payload) of what has this id."""
    for book in books.values():
        for cell in book.cells:
            for output in cell.get("outputs", ()):
                if output.get("data", {}).get(MIME, {}).get("id") == identifier:
                    return book.cells, cell, output.data[MIME]
    raise AssertionError(identifier)


@pytest.mark.slow
def test_every_number_of_the_four_reports_is_accounted_for_and_no_entry_is_stale(real):
    count, faults = check_reports([real[0] / sector for sector in SECTORS], read_allowed())
    assert faults == [] and count > 7000
    assert f"Der er gjort rede for alle {count} tal." in real[1]


def type_digit_in_wording(books):
    payload = find_payload(books, "D17")[2]
    payload["markdown"] = payload["markdown"].replace("57", "58")


def type_digit_in_markdown(books):
    # as D17 says
    books["04_politiske_maal"].cells.append(markdown_cell("Det gælder 57 pct. af dem."))


def write_wrong_n_in_note(books):
    payload = find_payload(books, "values-by-initiation")[2]
    payload["note"] = payload["note"].replace("1.347", "1.346")


def alter_table_cell(books):
    table = find_payload(books, "politics-by-sector")[2]["table"]
    for cells in (table["rows"], table["parts"]):
        cells[0][1] = cells[1][1]


def remove_sentence(books):
    cells, cell, _ = find_payload(books, "D17")
    cells.remove(cell)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (type_digit_in_wording, "saetning-D17 text: »58 pct.«"),
        (type_digit_in_markdown, "04_politiske_maal: »57 pct.«"),
        (write_wrong_n_in_note, "values-by-initiation note: »1.346«"),
        (alter_table_cell, "politics-by-sector table: »"),
        (remove_sentence, "sætningen D17 står i claims.csv, men ikke på siden"),
    ],
)
def test_a_fault_put_into_the_real_report_by_hand_is_caught(real, tmp_path, change, told):
    assert any(told in fault for fault in rebuild(real, tmp_path, change))


def list_untold(rows):
    """Published verdicts of the chapters that none of these rows of the register tells, figures'
    titles left out.
    """
    with open(
        ROOT / "data" / "barometer-2020" / "published.csv", encoding="utf-8", newline=""
    ) as file:
        stated = {row["id"] for row in csv.DictReader(file) if row["verdict"] and row["chapter"]}
    own = [row for row in rows if not row["id"].startswith("F")]
    told = {row[name] for row in own for name in ("id", "published")}
    # D01, D13 and D22 each sum up several published tests in one sentence.
    return {
        name
        for name in stated - told
        if name[:3] not in {"D01", "D13", "D22"} or name[:3] not in told
    }


@pytest.mark.slow
def test_every_published_statement_of_the_chapters_has_its_sentence_and_one_without_is_missed(real):
    with open(real[0] / "all" / "claims.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list_untold(rows) == set()
    missed = {
        name: list_untold([row for row in rows if row["id"] != name])
        for name in ("D09b", "D13", "D17", "S053")
    }
    assert missed == {
        "D09b": {"D09b"},
        "D13": {"D13a", "D13b", "D13c", "D13d"},
        "D17": {"D17"},
        "S053": {"D53"},
    }


@pytest.mark.parametrize(
    "text, lost",
    [
        ("93 % (88–96) [ø]", 0),
        ("93 % [ø]", 0),
        ("93 % (88–96)", 1),
        ("93 %. [ø]: tallet er sikkert nok", 1),
        ("", 1),
    ],
)
def test_a_number_that_stands_without_its_flag_is_named(text, lost):
    row = {"place": ("figur-4", "table"), "part": "table", "shown": "93\u00a0%", "flag": "[ø]"}
    lines = find_lost_flags(
        {("figur-4", "table"): text}, [row, row | {"flag": ""}, row | {"part": "text"}]
    )
    assert len(lines) == lost and all("figur-4 table" in line and "[ø]" in line for line in lines)


def test_sentences_that_share_a_paragraph_are_read_each_in_its_own_place():
    cells = [
        code_cell(tell_difference(id, make_released(), "x", "Det er {a}.", "Færre.", "Ens."))
        for id in ("D1", "D2")
    ]
    cells[1].metadata["tags"] = ["joined"]
    document = build_document([("x", make_notebook(*cells, survey=SURVEY))])
    page = render_html(document)
    assert (page.count('<span class="claim"'), page.count('<div class="claim"')) == (2, 0)
    told = [one.where for one in read_html(page, ["x"]) if "Det er 40 pct." in one.text]
    assert [where for where in told if where.startswith("saetning")] == [
        "saetning-D1",
        "saetning-D2",
    ]


def test_units_of_a_language_are_those_of_its_catalogue():
    with speak("en"):
        assert find_numbers("37 per cent (34–40), 2 percentage points") == [
            "37% (34–40)",
            "2 percentage points",
        ]
        assert [*map(read_share, ("1,037.5 per cent", "37%", "37 pct", "37"))] == [
            1037.5,
            37.0,
            None,
            None,
        ]
        assert subtract_shares("37.5 per cent", "40.0 per cent") == "+2.5"
    with speak("nb"):
        assert find_numbers("37 prosent") == ["37%"]
    assert find_numbers("37 prosent") == ["37"]
    assert subtract_shares("37 pct.", "40 pct.") == "+3" and read_share("37,5 pct.") == 37.5
