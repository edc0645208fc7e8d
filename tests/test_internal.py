"""Full precision: in no output of a notebook that is run by hand, and all of it where a run reads
it.
"""

import json
import re
import subprocess
import sys

import nbformat
import pytest

from barometer.disclosure.release import release_shares
from barometer.disclosure.rules import RULES
from barometer.display import Prose
from barometer.document.cleaning import restore_internal
from barometer.figures.drawing import draw_groups
from barometer.paths import NOTEBOOKS
from barometer.payloads import MIME, hold_back, hold_internal, put_back, strip_internal
from barometer.statistics.estimates import estimate_shares
from tests.make.shipped import GROUPS as SECTORS
from tests.make.shipped import open_shipped

LONG = re.compile(rb"\d[.,]\d{4,}|\d{7,}")  # more digits than any page shows
ROW = {"part": "text", "shown": "37 pct.", "internal": {"share": 0.3712345678901, "rule": "answer"}}
CHAPTERS = ["01_indledning", "02_politiske_beslutninger", "05_samarbejde", "07_efterproevning"]


def list_outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def list_long_numbers(outputs):
    """Numbers of an output with more digits than a page has, but for pictures and a checksum."""
    found = []
    for output in outputs:
        data = {kind: part for kind, part in output.get("data", {}).items() if kind != "image/png"}
        # as letters: "200–216" is no longer number for the four digits that a dash is escaped by
        text = re.sub(r"[0-9a-f]{64}", "", json.dumps(data, ensure_ascii=False))
        # a picture is drawn of whole per cents, in points and with the letters' own widths
        if "svg" in text:
            text = re.sub(r"<svg.*?</svg>", "", text, flags=re.S)
        found += LONG.findall(text.encode())
    return found


def test_a_row_shows_nothing_of_what_it_has_in_full():
    bundle = Prose("37 pct.", "p", (ROW,))._repr_mimebundle_()
    assert bundle[MIME]["trace"] == [{"where": "p", "part": "text", "shown": "37 pct."}]
    assert "0.3712" not in json.dumps(bundle) and "answer" not in json.dumps(bundle)
    # as in a list of sentences at a cell's end
    assert "0.3712" not in repr(Prose("37 pct.", "p", (ROW,)))


def test_a_run_gets_it_back_row_by_row_also_of_evidence():
    payload = {
        "kind": "prose",
        "trace": [ROW, {"shown": "1"}],
        "evidence": [{"p": "0,04", "trace": [ROW], "internal": {"p": 0.0412345678}}],
    }
    with hold_internal() as held:
        # as a kernel sends it
        shown = json.loads(json.dumps(hold_back(payload, made_here=True), sort_keys=True))
    assert 'internal"' not in json.dumps(shown) and "0.37" not in json.dumps(shown)
    assert put_back(shown, held) == payload | {"made_here": True}
    # outside a run nothing is kept
    assert set(hold_back(payload)) == set(payload) and len(held) == 1
    assert ROW["internal"]["rule"] == "answer"  # what is in memory is left alone


def test_what_somebody_typed_is_neither_full_precision_nor_made_here():
    typed = {"kind": "table", "made_here": True, "trace": [ROW]}
    assert put_back(typed, {}) == {"kind": "table", "trace": [strip_internal(ROW)]}
    with pytest.raises(KeyError):
        put_back({"kind": "table", "internal_name": "en anden"}, {})


def test_a_figure_is_whole_in_memory_and_bare_in_its_output():
    figure = draw_groups(
        release_shares(open_shipped(), ["innovative"], SECTORS),
        "figur-1",
        "T",
        "innovative",
        SECTORS,
    )
    full = [row["internal"] for row in figure.trace if row["internal"]]
    assert full
    assert "internal" not in json.dumps(figure._repr_mimebundle_()[MIME])
    with hold_internal() as held:
        bundle = figure._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", data=bundle)])
    restored = restore_internal(nbformat.v4.new_notebook(cells=[cell]), held)
    rows = restored.cells[0].outputs[0].data[MIME]["trace"]
    assert [row["internal"] for row in rows if row.get("internal")] == full


def test_a_released_table_at_a_cells_end_tells_neither_number_nor_rule():
    released = release_shares(
        open_shipped("region"), ["innovative", "value.dont_know"], ["all", "size=small"]
    )
    told = repr(released) + repr(estimate_shares(open_shipped("region"), ["innovative"]))
    assert "se .table" in told and re.findall(r"\d{2,}", told.replace("celler", "")) == []
    assert not any(rule.id in told for rule in RULES)


def run_by_hand(folder, chapter, tool):
    """A chapter executed as the README tells; the notebook that is left."""
    path = folder / "kapitel.ipynb"
    command = {
        "papermill": ["papermill", NOTEBOOKS / f"{chapter}.ipynb", path, "-p", "sector", "region"],
        "nbconvert": [
            "nbconvert",
            "--execute",
            "--to",
            "notebook",
            "--output",
            path,
            NOTEBOOKS / f"{chapter}.ipynb",
        ],
    }[tool]
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, cwd=NOTEBOOKS)
    return nbformat.read(path, as_version=4)


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("tool", ["papermill", "nbconvert"])
def test_a_chapter_run_by_hand_has_no_digit_more_than_the_page_and_no_rule(tmp_path, chapter, tool):
    outputs = list_outputs(run_by_hand(tmp_path, chapter, tool))
    assert len(outputs) > 5
    assert list_long_numbers(outputs) == []
    rows = [
        row
        for output in outputs
        if MIME in output.get("data", {})
        for row in output.data[MIME].get("trace", ())
    ]
    assert rows and not any("internal" in row or "rule" in row for row in rows)


def test_a_number_in_full_would_be_found():
    output = nbformat.v4.new_output("display_data", data={MIME: {"trace": [ROW]}})
    assert list_long_numbers([output]) == [b"0.3712345678901"]
