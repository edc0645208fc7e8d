"""A scale from file to report: its mean is asked, gated, told, tabled, traced and read back."""

import csv
import json

import nbformat
import numpy as np
import openpyxl
import pytest
from nbformat import v4

from tests.make.answers import make_answers, write_sav
from tests.whole.test_new_project import call, tell_contact

pytestmark = pytest.mark.slow
CELLS = (
    'means = survey.mean("q5")',
    'means.tell("S1", text="Tilfredsheden er i gennemsnit {a}, siger {n_a}.")',
    'pair = survey.mean("q5", by="part=syd") if survey.is_whole else None',
    'pair and pair.tell("S2", differs="Syd er {mere} tilfreds: {a} mod {b}, {forskel} point fra '
    'hinanden.", same="Syd er lige så tilfreds: {a} og {b}.")',
    'pair and pair.show("tilfredshed", title="Hvor tilfredse de er")',
    'survey.boxes("q5").show("ender", title="Skalaens ender")',
)


def write_answers(path):
    """The answers with a scale of seven points, on which the south lies higher, and "Ved ikke"."""
    frame, draw = make_answers(400), np.random.default_rng(20261128)
    south = frame["part"].to_numpy() == 2
    points = np.clip(np.round(draw.normal(4 + south, 1.3)), 1, 7)
    points[::25] = 9
    frame = frame.assign(q5=points)
    labels = {value: f"Trin {value:.0f}" for value in range(1, 8)}
    found = {"q5": labels | {9: "Ved ikke"}, "part": {1: "Nord", 2: "Syd"}}
    return write_sav(path, frame, variable_value_labels=found), frame


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scales")
    path, frame = write_answers(folder / "answers.sav")
    target = folder / "project"
    given = ("--weight", "wgt", "--strata", "stratum", "--id", "respnr")
    code, told = call("new", target, "--from", path, *given, cwd=folder)
    assert code == 0, told
    registry = target / "data" / "answers" / "questionnaire.yaml"
    text = registry.read_text(encoding="utf-8")
    head, part, rest = text.partition("  q5:")
    assert part
    rest = rest.replace("kind: single", "kind: scale", 1)
    registry.write_text(head + part + rest, encoding="utf-8")
    chapter = target / "notebooks" / "01_foerste_kapitel.ipynb"
    notebook = nbformat.read(chapter, as_version=4)
    cells = [v4.new_code_cell(code) for code in CELLS]
    notebook.cells = [*notebook.cells[:4], *cells]
    nbformat.write(notebook, chapter)
    tell_contact(target)
    code, told = call("seal", cwd=target)
    assert code == 0, told
    code, told = call("run", cwd=target)
    assert code == 0 and "gjort rede for alle" in told, told
    return target / "outputs" / "all", frame


def read(report, name):
    with (report / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_mean_of_the_report_is_that_of_the_answers(made):
    report, frame = made
    known = frame[frame["q5"] < 9]
    mean = np.average(known["q5"], weights=known["wgt"])
    (row,) = [
        one
        for one in read(report, "numbers.csv")
        if (one["where"], one["kind"], one["part"]) == ("S1", "mean", "text")
    ]
    assert row["shown"] == f"{mean:.1f}".replace(".", ",") and row["n"] == str(len(known))
    assert row["item"] == "q5=1|2|3|4|5|6|7"
    page = (report / "report.html").read_text(encoding="utf-8")
    assert f"gennemsnit {row['shown']}, siger {len(known)}." in page


def test_the_difference_of_means_is_told_tested_and_traced(made):
    report, frame = made
    (claim,) = [one for one in read(report, "claims.csv") if one["id"] == "S2"]
    assert (claim["outcome"], claim["verdict"]) == ("more", "higher")
    kinds = {one["kind"] for one in read(report, "numbers.csv") if one["where"] == "S2"}
    assert {"mean", "mean_difference", "p"} <= kinds and "difference" not in kinds
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "Syd er mere tilfreds" in page and "; højere" in page and "procentpoint" not in page
    known = frame[frame["q5"] < 9]
    means = [np.average(one["q5"], weights=one["wgt"]) for _, one in known.groupby("part")]
    shown = [f"{mean:.1f}".replace(".", ",") for mean in means]
    assert f"{shown[1]} mod {shown[0]}" in claim["sentence"]


def test_the_table_of_means_stands_on_page_and_in_workbook(made):
    report, _ = made
    book = openpyxl.load_workbook(report / "tables.xlsx", read_only=True)
    rows = [row for sheet in book for row in sheet.values]
    (south,) = [row for row in rows if "højere" in row]
    assert south[1] == "Syd" and round(south[2], 1) == 5.0  # a number, as the page has it
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "Trin 6 eller Trin 7" in page and ">Gennemsnit<" in page


def test_a_verified_folder_has_no_number_that_nobody_accounts_for(made):
    report, _ = made
    code, told = call("verify", report.parent, cwd=report.parents[1])
    assert code == 0, told
    assert json.loads((report.parent / "run.json").read_text(encoding="utf-8"))
