"""The reports in two languages: the same numbers and verdicts, of one execution of each chapter."""

import csv
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import validate_pdf

from barometer.languages.speaking import speak
from barometer.releases.reading import read_folder
from barometer.tools.run import main
from barometer.verify.claims import read_published
from tests.conftest import copy_run
from tests.exports.test_readers import READERS
from tests.make.chromium import open_chromium
from tests.make.words import list_foreign, list_words, read_texts

pytestmark = pytest.mark.slow
SECTORS = ("all", "state", "region", "municipality")
# what a row of the trace is, whatever language it is written in
SAME = ("chapter", "where", "part", "kind", "item", "group", "flag", "published")


@pytest.fixture(scope="module")
def output(real, tmp_path_factory):
    """All four reports, in English beside the Danish ones."""
    copy = copy_run(real[0], tmp_path_factory.mktemp("languages"))
    assert main(["--output", str(copy), "--language", "en"]) == 0
    return copy


@pytest.fixture(scope="module", params=SECTORS)
def sector(request):
    return request.param


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_further_language_executes_no_chapter(output):
    for report in json.loads((output / "en" / "run.json").read_text())["reports"]:
        assert {one["status"] for one in report["results"]} == {"kept"}
        assert len(report["results"]) > 6


def test_a_sentence_has_the_same_verdict_and_status_in_each_language(output, sector):
    danish, english = (read(output / name / sector / "claims.csv") for name in (".", "en"))
    columns = ("id", "chapter", "outcome", "item", "group", "p_finite", "verdict", "status")

    def keep(row):
        return [row[name].replace(",", ".") for name in columns]

    assert [*map(keep, danish)] == [*map(keep, english)] and len(danish) > 50
    other = [row["id"] for row, one in zip(danish, english, strict=True)
             if row["sentence"] and row["sentence"] == one["sentence"]]  # fmt: skip
    assert other == []


def test_every_number_of_the_english_pages_is_that_of_the_danish(output, sector):
    danish, english = (read(output / name / sector / "numbers.csv") for name in (".", "en"))

    def value(shown, point):
        thousands, decimal = (",", ".") if point else (".", ",")
        number = re.sub(r"[^\d.,+−<\[]|[.,](?!\d)", "", shown)
        return number.replace(thousands, "").replace(decimal, ".")

    def keep(row, point):
        written = [value(row[name], point) for name in ("shown", "low", "high")]
        return [*(row[name] for name in SAME), re.findall(r"\d+", row["n"]), *written]

    # an alternative text ends where it is long enough, which is earlier in one of the languages
    first = sorted(keep(row, False) for row in danish if row["part"] != "alt")
    second = sorted(keep(row, True) for row in english if row["part"] != "alt")
    assert first == second and len(first) > 500
    ending = [keep(row, True) for row in english if row["part"] == "alt"]
    known = [row[4:] for row in (keep(row, False) for row in danish)]
    assert len(ending) > 20
    # what it counts at its end is what it has left out
    assert [row for row in ending if row[3] != "count" and row[4:] not in known] == []


@pytest.mark.parametrize("reader", READERS)
def test_fifty_cells_of_english_files_are_those_of_their_trace(output, sector, reader):
    with speak("en"):
        READERS[reader](output / "en" / sector)


def test_the_english_reports_say_the_same_of_every_cell_as_the_danish(output):
    danish, english = read_published(output), read_published(output / "en")
    assert danish.claims.keys() == english.claims.keys() and len(danish.claims) > 1000
    assert danish.suppressed == english.suppressed and not english.problems
    assert read_folder(output).cells == read_folder(output / "en").cells


def test_no_danish_word_but_names_and_codes_stands_in_anything_english(output):
    foreign, found, read = list_foreign("en"), {}, 0
    assert {"sammenlignes", "arbejdspladser", "og"} <= foreign and "public" not in foreign
    for path in sorted((output / "en").rglob("*.*")):
        for text in read_texts(path) if path.is_file() else ():
            read += len(words := list_words(text))
            for word in foreign & {*words}:
                found.setdefault(word, (path.name, text[:80]))
    assert found == {} and read > 100_000


def test_every_page_leads_to_itself_in_the_other_language_and_stands_in_the_next_run(
    output, capsys
):
    pages = ["index.html", "tilgaengelighed.html", *(f"{one}/report.html" for one in SECTORS)]
    for path in pages:
        for folder, other, code in ((output, output / "en", "en"), (output / "en", output, "da")):
            page = (folder / path).read_text()
            (href,) = re.findall(rf'<a href="([^"]+)" hreflang="{code}" lang="{code}">', page)
            assert (folder / path).parent.joinpath(href).resolve() == other / path
            alternates = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page)
            places = [(folder / path).parent.joinpath(one).resolve() for _, one in alternates]
            assert {*places} == {folder / path, other / path}
    capsys.readouterr()
    assert main(["--output", str(output), "--language", "da,en"]) == 0
    assert capsys.readouterr().out.count("(uændret)") == 2 * len(SECTORS)
    for folder in (output, output / "en"):
        crate = json.loads((folder / "ro-crate-metadata.json").read_text())
        sizes = {one["@id"]: one["contentSize"] for one in crate["@graph"] if "contentSize" in one}
        assert all(str((folder / one).stat().st_size) == size for one, size in sizes.items())


def test_axe_finds_nothing_on_the_english_pages(output):
    found = []
    with open_chromium() as chromium:
        for path in ("index.html", "statbank.html", "all/report.html"):
            for width in (320, 1280):
                page = chromium.new_page(viewport={"width": width, "height": 900})
                page.goto((output / "en" / path).as_uri())
                page.evaluate(
                    "document.querySelectorAll('details').forEach(one => one.open = true)"
                )
                told = Axe().run(page).response
                assert len(told["passes"]) > 20
                found += [(path, width, rule["id"]) for rule in told["violations"]]
                page.close()
    assert found == []


def test_the_english_pdf_follows_every_rule_of_pdf_ua_and_pdf_a(output):
    pdf = str(output / "en" / "all" / "report.pdf")
    assert [*validate_pdf(pdf, profile="ua1").failures] == []
    assert [*validate_pdf(pdf, profile="3a").failures] == []
