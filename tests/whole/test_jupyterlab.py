"""A real JupyterLab in a real Chromium: a chapter is opened, changed, run, saved and exported as an
analyst does it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from html import unescape

import nbformat
import pypdfium2
import pytest

from barometer.document.conditions import drop_unmet, hide_unmet
from barometer.paths import NOTEBOOKS, ROOT
from barometer.payloads import MIME
from barometer.text import format_count
from tests.make.chromium import open_chromium
from tests.make.pdf_facts import run_poppler
from tests.make.shipped import open_shipped
from tests.test_internal import list_long_numbers, list_outputs

pytestmark = pytest.mark.slow
CHAPTER = "05_samarbejde"
# as JupyterLab makes them of the exporters' names
MENU = {"html": "Barometer_html", "pdf": "Barometer_pdf"}
STALE = (
    "JupyterLab has other exporters than pyproject.toml: install again (pip install -r "
    "requirements.txt)"
)
LONGEST = 60  # seconds that anything may take on a busy machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """(address, folder) of a JupyterLab on a copy of the notebooks, without the settings of whoever
    runs the test.
    """
    place = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, place / "notebooks", ignore=shutil.ignore_patterns(".*"))
    (place / "data").symlink_to(ROOT / "data")  # with it the copy is a project
    names = (
        "HOME",
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    )
    own = {name: str(place / name.lower()) for name in names} | {"PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ServerApp.port=0",
        "--IdentityProvider.token=",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        str(place / "notebooks"),
    ]
    with open(place / "log", "w") as log:
        server = subprocess.Popen(
            command, env=os.environ | own, stdout=log, stderr=log, start_new_session=True
        )
    try:
        told = await_until(lambda: list((place / "jupyter_runtime_dir").glob("jpserver-*.json")))
        yield await_until(lambda: read_address(told[0])), place / "notebooks"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(LONGEST)


def await_until(ask):
    """What `ask` returns as soon as that is something."""
    end = time.monotonic() + LONGEST
    while not (answer := ask()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)
    return answer


def read_address(path):
    try:
        return json.loads(path.read_text())["url"]
    except ValueError:  # being written
        return None


@pytest.fixture(scope="module")
def exported(lab, tmp_path_factory):
    """A chapter with another `sector`, run and saved by keyboard, and exported in both formats by
    mouse.

    {"menu": its entries, "saved": the notebook on disk, "html" and "pdf": the files that came
    down}.
    """
    (address, folder), downloads, found = lab, [], {}
    with open_chromium() as chromium:
        context = chromium.new_context(viewport={"width": 1400, "height": 1000})
        context.on("page", lambda page: page.on("download", lambda file: downloads.append(file)))
        page = context.new_page()
        page.set_default_timeout(1000 * LONGEST)
        page.goto(f"{address}lab/tree/{CHAPTER}.ipynb")
        # before its kernel is there, JupyterLab runs nothing and says nothing
        page.get_by_text("| Idle").wait_for()
        page.locator(".cm-line", has_text='sector = "all"').click()
        page.keyboard.press("End")
        page.keyboard.press("Shift+Home")
        page.keyboard.insert_text('sector = "region"')
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        found["saved"] = await_until(lambda: save(page, folder / f"{CHAPTER}.ipynb"))
        align = "cells => cells.map(cell => getComputedStyle(cell).textAlign)"
        found["aligned"] = [
            {*page.locator(f".exhibit tbody {one}").evaluate_all(align)}
            for one in ("th", "td.number")
        ]
        for kind in MENU:
            page.get_by_role("menuitem", name="File", exact=True).click()
            page.locator(".lm-Menu-item", has_text="Save and Export Notebook As").hover()
            entries = page.locator(".lm-Menu").last.locator(".lm-Menu-itemLabel")
            entries.filter(has_text="Markdown").wait_for()
            found["menu"] = entries.all_inner_texts()
            assert set(MENU.values()) <= set(found["menu"]), STALE
            entries.filter(has_text=MENU[kind]).click()
            end = time.monotonic() + LONGEST
            while not downloads and time.monotonic() < end:
                page.wait_for_timeout(100)  # lets the browser tell what it does
            assert downloads, f"nothing came down for {MENU[kind]}"
            found[kind] = tmp_path_factory.mktemp(kind) / downloads[0].suggested_filename
            downloads.pop().save_as(found[kind])
    return found


@pytest.fixture(scope="module")
def explored(lab):
    """The bench after a question was searched for, crossed and narrowed by mouse and keyboard:
    {"shown": its text, "seconds": how long the last choice took, "lines": what was copied}.
    """
    (address, _folder), found = lab, {}
    with open_chromium() as chromium:
        context = chromium.new_context(viewport={"width": 1400, "height": 1400})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(1000 * LONGEST)
        page.goto(f"{address}lab/workspaces/bench/tree/explore.ipynb")
        page.get_by_text("| Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        bench = page.locator(".barometer-bench")
        bench.get_by_label("Søg").fill("værdi givet")
        heading = bench.locator("h3")
        heading.get_by_text("Hvilke former for værdi").wait_for()
        bench.get_by_label("Opdelt efter").select_option(label="Politisk igangsat / Andre årsager")
        bench.get_by_text("Hvad testene siger").wait_for()
        start = time.monotonic()
        bench.get_by_label("Sektor").select_option(label="Kommunerne")
        bench.get_by_text("Kun til skærmen: Sæt linjerne").wait_for()
        found["seconds"] = time.monotonic() - start
        bench.get_by_role("button", name="Figur", exact=True).click()
        bench.get_by_text("draw_pairs").wait_for()
        bench.get_by_role("button", name="Kopiér").click()
        bench.get_by_role("button", name="Kopieret").wait_for()
        found["lines"] = page.evaluate("navigator.clipboard.readText()")
        found["shown"] = bench.inner_text()
        found["drawings"] = bench.locator("figure svg:visible").count()
    return found


def save(page, path):
    """The notebook on disk, saved by keyboard, when all its cells have run."""
    page.keyboard.press("Control+s")
    page.wait_for_timeout(500)
    try:
        notebook = nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError:  # it is being written
        return None
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
    return notebook if all(cell.execution_count for cell in code) else None


def list_sentences(notebook):
    """The sentences on data that a page has of an executed notebook, without Markdown."""
    payloads = [
        output.data[MIME]
        for cell in drop_unmet(hide_unmet(notebook)).cells
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    return [
        re.sub(r"[*\\]", "", one["markdown"])
        for one in payloads
        if one["kind"] == "prose" and one.get("evidence")
    ]


def squeeze(text):
    return re.sub(r"\W", "", unescape(text))


def test_the_menu_has_both_formats_once_and_under_the_names_that_the_readme_tells(exported):
    ours = [name for name in exported["menu"] if "arometer" in name]
    assert sorted(ours) == sorted(MENU.values())
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"*{name}*" in readme for name in ours)


def test_words_of_a_table_stand_at_the_left_and_numbers_at_the_right(exported):
    """JupyterLab's own style has all at the right."""
    assert exported["aligned"] == [{"left"}, {"right"}]


def test_the_page_that_comes_down_is_the_chosen_sectors(exported):
    page = exported["html"].read_text(encoding="utf-8")
    assert exported["html"].name == f"{CHAPTER}.html"
    assert "(Regionerne)</title>" in page
    text, sentences = squeeze(re.sub(r"<[^>]+>", "", page)), list_sentences(exported["saved"])
    assert len(sentences) >= 5 and [one for one in sentences if squeeze(one) not in text] == []
    assert any("i regionerne" in one for one in sentences)


def test_the_notebook_that_was_saved_has_no_digit_more_than_the_page(exported):
    outputs = list_outputs(exported["saved"])
    assert len(outputs) > 10 and list_long_numbers(outputs) == []


def test_the_pdf_that_comes_down_is_the_chosen_sectors(exported, tmp_path):
    assert exported["pdf"].name == f"{CHAPTER}.pdf"
    with pypdfium2.PdfDocument(exported["pdf"]) as pdf:
        assert len(pdf) > 3
    text = squeeze(run_poppler(tmp_path, "pdftotext", exported["pdf"].read_bytes()))
    assert "Regionerne" in text
    # the head of a page may stand within a sentence, but not at its beginning and its end
    said = list(map(squeeze, list_sentences(exported["saved"])))
    assert [one for one in said if one[:60] not in text and one[-40:] not in text] == []


def test_what_is_chosen_at_the_bench_is_seen_and_its_lines_are_copied(explored):
    text = explored["shown"]
    assert "Kommunerne" in text and "usikkerhed højst" in text and explored["drawings"] == 1
    assert explored["seconds"] < 10  # under one where nothing else is done
    start, last = explored["lines"].rsplit("\n", 1)
    survey = open_shipped()
    known = {"survey": survey}
    exec(start, known)
    (group, _), table = known["value"].groups, known["value"].table
    n = format_count(int(table.loc[table["group"] == group, "n"].iloc[0]))
    assert "sector=municipality" in group and n in text
    assert eval(last, known).payload["kind"] == "figure"
