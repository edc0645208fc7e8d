"""Editions one after another, really run, and an intruder who has their published files alone
(`attacker.py`): what he finds where nothing is remembered is not there beside a release.
"""

import csv
import shutil
import subprocess
import sys

import pytest

from barometer.paths import ROOT
from barometer.publishing import command
from barometer.releases.planning import InTheWay
from barometer.survey import open_planned
from tests.conftest import run_report
from tests.disclosure.test_attacker import WEIGHT, make_self_weighting
from tests.make.asked import seal_shipped
from tests.make.attacker import find_secrets_of_editions
from tests.make.perturbed import read_answers, write_answers
from tests.make.shipped import copy_sectors

DAY = "2026-11-27"
LATE = 80  # a respondent of a small group, whose like answers late
FORMAT = ("--format", "html")


def remember(folder, name, outputs):
    assert command.main([name, str(outputs), "--data", str(folder)], DAY) == 0


def find_told(folder, closed, *outputs):
    """The cells that were suppressed in the first edition and are known too well from all."""
    _, secrets = find_secrets_of_editions(*outputs)
    return {cell[1:] for cell in secrets if cell[0] == 0 and cell[1:] in closed}


def list_closed(folder):
    """The cells that a plan suppresses, as the intruder names them."""
    names = {"field": "all-field-", "size": "all-size-"}
    found = set()
    for item, group, domain in open_planned(str(folder)).plan.closed:
        name, _, answer = domain.partition("=")
        found.add((item, group, f"{names[name]}{answer}" if answer else domain))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("remembered", [False, True])
def test_another_part_in_a_second_edition_gives_nothing_back_of_the_first(tmp_path, remembered):
    """First reports by field; then by size too."""
    folder = copy_sectors(tmp_path / "survey", "field")
    seal_shipped(folder)
    first = tmp_path / "first"
    run_report(first, *FORMAT, "--data", folder)
    run_report(first, *FORMAT, "--data", folder, "--each", "field")
    closed = list_closed(folder)
    if remembered:
        remember(folder, "en", first)
    path = folder / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("domains: [field]", "domains: [field, size]"), encoding="utf-8")
    seal_shipped(folder)
    second = tmp_path / "second"
    for options in ((), ("--each", "field"), ("--each", "size")):
        run_report(second, *FORMAT, "--data", folder, *options)
    assert bool(find_told(folder, closed, first, second)) is not remembered


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


@pytest.mark.slow
@pytest.mark.parametrize("remembered", [False, True])
def test_a_late_answer_tells_no_count_of_the_edition_before_it(tmp_path, remembered):
    folder = make_self_weighting(tmp_path / "survey", 6)
    first, closed = tmp_path / "first", list_closed(folder)
    run_report(first, *FORMAT, "--data", folder)
    if remembered:
        remember(folder, "en", first)
    add_late_answer(folder)
    if remembered:
        with pytest.raises(InTheWay, match="Udgivelsen en står i vejen"):
            seal_shipped(folder)
        return
    seal_shipped(folder)
    run_report(tmp_path / "second", *FORMAT, "--data", folder)
    assert find_told(folder, closed, first, tmp_path / "second")


def run(folder, outputs, *options):
    return subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--data", folder, "--output", outputs, *FORMAT,
         *options], capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_two_runs_by_two_plans_make_no_pair_in_one_folder(tmp_path):
    """Reports of the sectors by one plan; then, with other answers, of the whole alone."""
    folder = make_self_weighting(tmp_path / "survey", 6)
    outputs = tmp_path / "outputs"
    assert run(folder, outputs).returncode == 0
    closed = list_closed(folder)
    add_late_answer(folder)
    seal_shipped(folder)
    before = {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    done = run(folder, outputs, "--sector", "all,region")
    assert done.returncode == 2
    assert "municipality er lavet tidligere" in done.stderr and "--output" in done.stderr
    assert {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()} == before
    # what the two would have told together, had they been made
    assert run(folder, tmp_path / "others", "--sector", "all,region").returncode == 0
    pair = tmp_path / "pair"
    shutil.copytree(outputs, pair)
    assert find_told(folder, closed, pair, tmp_path / "others")
    # all of them anew is no pair
    assert run(folder, outputs).returncode == 0
