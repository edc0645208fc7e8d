"""The bench: what is chosen is what its lines show in a chapter, of any survey, and only looked
at.
"""

import json
import re
import subprocess
import sys

import nbformat
import pytest

from barometer.data.registry import RegistryError
from barometer.document.chapters import check_chapter_names, list_chapters
from barometer.door.calls import CallError
from barometer.drafting.project import make_explore
from barometer.exploring import choosing, showing
from barometer.exploring.bench import Bench, explore
from barometer.exploring.looking import KINDS
from barometer.figures.cells import write_share
from barometer.files.images import read_svg
from barometer.languages.speaking import settle
from barometer.marks import CONFIDENTIAL, MARKS
from barometer.paths import NOTEBOOKS
from barometer.payloads import is_for_screen
from barometer.pictures import crop_svg
from tests.make.shipped import open_shipped
from tests.test_internal import list_long_numbers, list_outputs

PART = ("sector=municipality", "field=health", "size=large")
CHOICES = {
    "ticks of two groups": {"item": "value", "by": "initiation"},
    "ticks of many groups": {"item": "value", "by": "field"},
    "one answer": {"item": "novelty", "by": "sector"},
    "a variable": {"item": "innovative", "by": "field"},
    "a row": {"item": "influence.legislation"},
    "a part": {"item": "value", "part": "kommuner"},
    "groups in a part": {"item": "value", "by": "size", "part": {"sector": "municipality"}},
    "two groups in a part": {"item": "novelty", "by": "initiation", "part": ["size=large"]},
}


@pytest.fixture(scope="module")
def bench():
    return Bench(open_shipped())


@pytest.mark.parametrize("name", CHOICES)
def test_the_lines_show_in_a_chapter_what_is_seen(bench, name):
    seen = bench.look(**CHOICES[name])
    assert "table" in seen.kinds
    for kind in seen.kinds:
        known, code = {"survey": bench.survey}, seen.lines(kind)
        place = code.index(f"\n{code.split(' = ')[0]}.")
        exec(code[:place], known)
        shown = eval(code[place:].strip(), known)
        assert shown.payload == getattr(seen, kind).payload


@pytest.mark.parametrize("name", ["ticks of two groups", "ticks of many groups", "one answer"])
def test_the_picture_of_a_screen_has_the_size_texts_and_marks_of_the_page(bench, name):
    seen = bench.look(**CHOICES[name])
    alone, page = seen.seen_figure, seen.figure
    drawn = [read_svg(crop_svg(one.svg)) for one in (alone, page)]
    assert (alone.png, alone.narrow) == (b"", "") and page.png and page.narrow
    assert drawn[0].get("viewBox").split()[2:] == drawn[1].get("viewBox").split()[2:]
    texts = [[one.text for one in svg.iter() if one.text and one.text.strip()] for svg in drawn]
    assert texts[0] == texts[1] and len(texts[0]) > 10
    assert alone.payload == page.payload and not is_for_screen()


def test_a_part_can_be_any_combination_in_words_names_or_answers(bench):
    registry = bench.survey.registry
    assert choosing.read_part(registry, "kommuner, sundhed, 50 ansatte") == PART
    assert choosing.read_part(registry, "store, sundhed, kommunerne") == PART
    answers = {"size": "large", "sector": "municipality", "field": "health"}
    assert choosing.read_part(registry, answers) == PART
    assert choosing.read_part(registry, ["field=health", "innovative"])[-1] == "innovative"
    assert choosing.read_part(registry, None) == choosing.read_part(registry, "") == ()
    seen = bench.look("innovative", part="kommuner, sundhed, store")
    assert set(seen.answer.table["group"]) == {"&".join(PART)}


def test_what_is_no_part_or_two_of_a_kind_is_told_in_a_line(bench):
    with pytest.raises(CallError, match=r"'kommunner' er ikke én del. Mente du »Kommunerne«"):
        bench.look("value", part="kommunner")
    with pytest.raises(CallError, match="Staten og Kommunerne kan ikke vælges på én gang"):
        bench.look("value", part="staten, kommuner")
    with pytest.raises(CallError, match="sector er allerede valgt under part"):
        bench.look("value", by="sector", part="staten")
    with pytest.raises(CallError, match="measure: value har ikke mean, men shares"):
        bench.look("value", measure="mean")
    with pytest.raises(RegistryError, match="Mente du »value«"):
        bench.look("valeu")
    with pytest.raises(CallError, match=r"lines: her er ingen figure. Der er"):
        bench.look("introduced").lines("figure")


def test_questions_are_found_by_words_in_text_rows_and_answers(bench):
    found = bench.search("samarbejde borgere")
    assert {"partner", "partner.citizens", "influence"} <= {*found}
    assert "partner.companies" not in found and bench.search("ZZZ") == {}
    assert len(bench.search()) > 150
    assert "novelty" in bench.search("KOPI")  # an answer's word
    assert "innovative" in bench.search("innovativ arbejdsplads")


def test_who_was_asked_how_many_and_how_sure_stand_above(bench):
    seen = bench.look("value", by="initiation")
    text = read_text(showing.show_look(seen))
    assert "arbejdspladser, der har indført mindst én innovation" in text
    assert seen.counts == (530, 1347) and "n = 530–1.347" in text
    table = seen.answer.table
    half = ((100 * table["high"]).round() - (100 * table["low"]).round()).max() / 2
    assert 0 <= seen.widest[0] * 100 - half <= 0.5
    assert f"usikkerhed højst {seen.widest[0] * 100:.0f} procentpoint (95 pct. sikkerhed)" in text


def read_text(html):
    text = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").split())


def test_tests_are_seen_with_their_verdicts(bench):
    seen = bench.look("value", by="initiation")
    assert [row["item"] for row in seen.tests] == bench.survey.question("value")
    text = read_text(showing.show_look(seen))
    row = next(one for one in seen.tests if one["item"] == "value.efficiency")
    assert row["verdict"] == "lower" and f"{row['difference']} ({row['low']} – " in text
    whole = bench.look("novelty", by="sector").tests
    assert len(whole) == 1 and whole[0]["p"]


def test_each_test_says_which_row_it_is_of(bench):
    about = [one["about"] for one in bench.look("value", by="size").tests]
    assert len(set(about)) == len(about) == 7 and about[0].startswith("Kvalitet (samlet test:")


def test_what_the_plan_was_not_made_for_is_marked_and_what_it_was_is_not(bench):
    planned = showing.show_look(bench.look("value"))
    beside = showing.show_look(bench.look("value", part="sundhed, store"))
    assert "Kun til skærmen" in beside and "Tallene er i planen" not in beside
    assert "Tallene er i planen" in planned and "Kun til skærmen" not in planned
    assert all("kommer ikke i nogen rapport" in text for text in (planned, beside))


def test_no_part_however_small_shows_a_number_that_a_rule_closes(bench):
    """Of each cell in small parts: closed, or of as many as the rules ask for."""
    found = 0
    for sector in ("state", "region"):
        for field in ("justice", "care", "culture"):
            seen = bench.look("value", part={"sector": sector, "field": field, "size": "small"})
            for cell in seen.answer.table.itertuples():
                closed = cell.status in (*MARKS, "empty")
                found += cell.status == CONFIDENTIAL
                assert closed or cell.n >= bench.survey.limits.smallest_count
                assert str(write_share(cell)) in seen.table.payload["table"]["rows"][cell.Index][1]
    assert found


def test_groups_that_overlap_are_shown_untested(bench):
    seen = bench.look("innovative", by=["value.quality", "value.efficiency", "value.other"])
    assert seen.call.method == "shares" and not seen.tests
    assert "Grupperne overlapper" in showing.show_look(seen)


def test_all_rows_in_many_groups_are_shown_untested_and_one_row_is_tested(bench):
    many = bench.look("influence", by="field")
    assert not many.tests and "Vælg en række" in showing.show_look(many)
    assert bench.look("influence.legislation", by="field").tests


def test_a_call_without_arguments_is_what_is_chosen(bench):
    chosen = bench.look("novelty", by="sector").choice
    assert bench.look().choice == chosen


def test_the_bench_speaks_the_language_that_is_chosen(monkeypatch):
    try:
        bench = explore("barometer-2020", language="en")
        html = showing.show_look(bench.look("value", by="initiation", part="health"))
        names = {choosing.name_subject(bench.survey.registry, one) for one in bench.search("value")}
        lines = bench.look("value", by="initiation", part="health").lines("figure")
    finally:
        settle("da")
    text = read_text(html)
    assert "Politically initiated" in text and "For the screen only" in text
    assert not re.search(
        r"[æøåÆØÅ]|usikkerhed|Prøve|kommer ikke", text.split("Kun til skærmen: Planen")[0]
    )
    assert "What kinds of value has the latest innovation led to?" in names
    assert 'title="Hvilke former for værdi' in lines  # chapters are written in Danish


def test_the_bench_is_no_chapter_and_every_new_project_has_the_same():
    assert not [path for path in list_chapters() if path.stem == "explore"]
    assert check_chapter_names() == []
    assert (NOTEBOOKS / "explore.ipynb").read_text(encoding="utf-8") == make_explore()


def test_choosing_in_the_widgets_shows_what_is_chosen():
    pytest.importorskip("ipywidgets")
    controls = Bench(open_shipped())._controls
    controls.words.value = "værdi"
    assert controls.items.value == "value" and "2 spørgsmål" in controls.found.value
    controls.by.value = "initiation"
    assert "Politisk igangsat" in controls.shown.value
    assert [kind for _, kind in controls.kind.options] == list(KINDS)
    controls.kind.value = "figure"
    assert "value.draw_pairs(" in controls.lines.value
    controls.parts["size"].value = "large"
    assert "&amp;size=large" in controls.lines.value
    assert "size" not in dict((name, one) for one, name in controls.by.options)
    controls.items.value = "value.other"
    assert controls.by.value == "initiation" and "Anden værdi" in controls.shown.value
    controls.words.value = "ZZZ"
    assert controls.items.value is None and "Anden værdi" in controls.shown.value


def test_without_widgets_the_bench_is_what_is_chosen_as_text(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "barometer.exploring.widgets", None)
    shown = Bench(open_shipped())._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/html"} and "<table" in shown["text/html"]


@pytest.mark.slow
def test_the_notebook_runs_by_papermill_with_no_digit_more_than_a_page(tmp_path):
    path, place = tmp_path / "explore.ipynb", NOTEBOOKS / "explore.ipynb"
    words = [sys.executable, "-m", "papermill", place, path]
    subprocess.run(words, check=True, capture_output=True, cwd=NOTEBOOKS)
    executed = nbformat.read(path, 4)
    outputs = list_outputs(executed)
    shown = [one["data"] for one in outputs if "text/html" in one.get("data", {})]
    assert len(shown) == 3 and "Hvad testene siger" not in shown[0]["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown[0]
    assert next(one["text"] for one in outputs if "text" in one).startswith("introduced =")
    kept = executed.metadata.get("widgets", {})
    # widgets are named by lot, in letters and digits
    named = json.loads(re.sub(r"[0-9a-f]{32}", "", json.dumps([*outputs, kept])))
    assert kept and list_long_numbers(named) == []
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert not any(re.search(r"\bdef |lambda", cell.source) for cell in code)
