"""Editions one after another, really run, and an intruder who has their published files
(`attacker.py`): what he finds where nothing is remembered is not there beside a release.
"""

import csv
import shutil
import subprocess
import sys

import pytest

from barometer.disclosure.plan import name_cell
from barometer.disclosure.relations import relate_cells
from barometer.paths import NOTEBOOKS, ROOT
from barometer.publishing import command
from barometer.releases.planning import InTheWay
from barometer.releases.reading import SUPPRESSED, read_folder
from barometer.suppression.attacks import Search
from barometer.survey import open_planned
from tests.conftest import run_without_certificate
from tests.disclosure.test_attacker import WEIGHT, make_self_weighting
from tests.make.asked import seal_shipped
from tests.make.attacker import PLACES, find_secrets_of_editions
from tests.make.perturbed import read_answers, write_answers
from tests.make.shipped import copy_sectors

DAY = "2026-11-27"
LATE = 80  # a respondent of a small group, whose like answers late
CHAPTERS = "0[3456]_*.ipynb"


@pytest.fixture(autouse=True, scope="module")
def few_chapters(tmp_path_factory):
    """Editions of four chapters: what they show is enough for the intruder."""
    notebooks = tmp_path_factory.mktemp("chapters")
    for path in (*NOTEBOOKS.glob(CHAPTERS), *NOTEBOOKS.glob("*.yaml")):
        shutil.copy(path, notebooks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("barometer.paths.NOTEBOOKS", notebooks)
        yield


def publish(folder, outputs, sectors=("all",), **options):
    """Reports as pages alone."""
    run_without_certificate(outputs, sectors, data=str(folder), formats=("html",), **options)


def remember(folder, name, outputs):
    assert command.main([name, str(outputs), "--data", str(folder)], DAY) == 0


def find_told(closed, *outputs):
    """The cells that were suppressed in the first edition and are known too well from all."""
    _, secrets = find_secrets_of_editions(*outputs)
    return {cell[1:] for cell in secrets if cell[0] == 0 and cell[1:] in closed}


@pytest.fixture(scope="module")
def by_field(tmp_path_factory):
    """(a survey with reports by field, what is published of it)."""
    place = tmp_path_factory.mktemp("field")
    folder = copy_sectors(place / "survey", "field")
    seal_shipped(folder)
    for options in ({}, {"each": ["field"]}):
        publish(folder, place / "first", **options)
    return folder, place / "first"


@pytest.mark.slow
@pytest.mark.parametrize("remembered", [False, True])
def test_another_part_in_a_second_edition_gives_nothing_back_of_the_first(
    by_field, tmp_path, remembered
):
    """First reports by field; then by size too. The intruder is given each count exactly that the
    first edition shows and that the second may show, which is more than their files tell.
    """
    folder, first = shutil.copytree(by_field[0], tmp_path / "survey"), by_field[1]
    if remembered:
        remember(folder, "en", first)
    path = folder / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("domains: [field]", "domains: [field, size]"), encoding="utf-8")
    seal_shipped(folder)
    survey = open_planned(str(folder))
    open_now = {*survey.plan.scope} - survey.plan.closed.keys()
    shown, suppressed = list_seen(survey, first)
    relations = relate_cells(survey, sorted({*survey.plan.scope, *shown, *suppressed}))
    known, left = ({relations.names[cell] for cell in cells} for cells in (
        shown | open_now, suppressed | survey.plan.closed.keys() & relations.names.keys()))  # fmt: skip
    assert len(suppressed) > 20
    given_back = known & {relations.names[cell] for cell in suppressed}
    found = given_back | Search(relations).find_all(frozenset(left - known))
    assert bool(found) is not remembered


def list_seen(survey, outputs):
    """(cells whose counts the reports of a folder show, those that they suppress)."""
    seen = {
        name_cell(survey.registry, *cell): one.status
        for cells in read_folder(outputs).cells.values()
        for cell, one in cells.items()
        if not cell[1].startswith("!")
    }
    suppressed = {cell for cell, status in seen.items() if status == SUPPRESSED}
    return seen.keys() - suppressed, suppressed


def add_late_answer(folder):
    """One more respondent, of the same stratum and with the same answers as another."""
    rows = read_answers(folder)
    like = rows[LATE]
    write_answers(folder, [*rows, like | {"id": str(max(int(row["id"]) for row in rows) + 1)}])
    path = folder / "population.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        strata = list(csv.DictReader(lines))
    for stratum in strata:
        if stratum["stratum"] == like["stratum"]:
            stratum["units"] = str(int(stratum["units"]) + WEIGHT)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(strata[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(strata)


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """(a small survey as first published, the same with one late answer and sealed anew, the
    reports of the first, what those suppress).
    """
    place = tmp_path_factory.mktemp("late")
    folder = make_self_weighting(place / "before" / "survey", 6)
    publish(folder, place / "first", ("all", *PLACES))
    after = shutil.copytree(folder, place / "after" / "survey")
    add_late_answer(after)
    seal_shipped(after)
    return folder, after, place / "first", {*open_planned(str(folder)).plan.closed}


@pytest.mark.slow
def test_a_late_answer_tells_counts_of_the_edition_before_it_where_nothing_is_remembered(
    late, tmp_path
):
    _, after, first, closed = late
    publish(after, tmp_path / "second", ("all", *PLACES))
    assert find_told(closed, first, tmp_path / "second")


@pytest.mark.slow
def test_a_late_answer_tells_nothing_beside_a_release_that_is_remembered(late, tmp_path):
    """The edition is planned so that the two together tell nothing, or refused by the name of the
    release that stands in its way.
    """
    folder, _, first, closed = late
    folder = shutil.copytree(folder, tmp_path / "survey")
    remember(folder, "en", first)
    add_late_answer(folder)
    try:
        seal_shipped(folder)
    except InTheWay as refusal:
        assert "Udgivelsen en står i vejen" in str(refusal)
        return
    publish(folder, tmp_path / "second", ("all", *PLACES))
    assert not find_told(closed, first, tmp_path / "second")


@pytest.mark.slow
def test_two_runs_by_two_plans_make_no_pair_in_one_folder(late, tmp_path):
    """Reports of the sectors by one plan; then, with a late answer, of the whole and one sector."""
    _, after, first, closed = late
    outputs = shutil.copytree(first, tmp_path / "outputs")
    before = {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--data", after, "--output", outputs, "--format",
         "html", "--sector", "all,region"], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "municipality er lavet tidligere" in done.stderr and "--output" in done.stderr
    assert {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()} == before
    again = subprocess.run([*done.args, "--supersede"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert {path.parent.name for path in outputs.glob("*/report.html")} == {"all", "region"}
    assert "Den tidligere rapport municipality kan ikke ligge ved siden af de nye" in again.stdout
    moved = {path.name for path in outputs.parent.glob("internal/*/superseded/*")}
    assert moved == {"state", "municipality"}
    # what the two would have told together, had they been made
    publish(after, tmp_path / "others", ("all", "region"))
    assert find_told(closed, first, tmp_path / "others")
