"""The program's messages in English, for whoever has chosen it: no word of them is Danish."""

import os
import subprocess
import sys

import pytest

from barometer.__main__ import COMMANDS
from barometer.languages.catalogues import MESSAGES, PROGRAM, PROJECT
from barometer.paths import ROOT
from tests.make.words import list_foreign, list_words

pytestmark = pytest.mark.slow
# what is called so whatever language it is told in: codes, names of files and of labels
NAMED = {"da", "kapitel", "beslutninger", "navn"}
# the survey's own title
NAMED |= {"innovationsbarometeret", "tredje", "runde"}
FAULTS = [
    ("xx",),
    ("run", "--sector", "regoin"),
    ("run", "--foo"),
    ("run", "--alpha", "x"),
    ("run", "--alpha", "0.7"),
    ("run", "--jobs", "0"),
    ("run", "--chapter", "99"),
    ("run", "--data", "nowhere"),
    ("run", "--language", "xx"),
    ("run", "--each", "foo"),
    ("run", "--output", "README.md"),
    ("run", "--project", "/tmp"),
    ("check", "nowhere"),
    ("seal", "--time-limit"),
    ("draft", "x", "--questions", "y"),
    ("draft", "99_x", "--questions", "y"),
    ("new", "/nowhere", "--from", "/nowhere.csv"),
    ("codebook", "nowhere"),
    ("release", "v1", "/nowhere"),
    ("publish", "v1", "/nowhere"),
    ("merge", "/nowhere.docx"),
    ("translate", "xx"),
    ("prove", "/nowhere"),
    ("verify", "/nowhere"),
]


def call(*words):
    """What a command writes for somebody who has chosen English."""
    environment = {**os.environ, "LANG": "en_GB.UTF-8", "LANGUAGE": "", "LC_ALL": ""}
    environment["LC_MESSAGES"] = ""
    command = [sys.executable, "-m", "barometer", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def foreign():
    return list_foreign("en", (MESSAGES, PROGRAM, PROJECT)) - NAMED


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_no_danish_word(foreign, command):
    told = call(command, "--help")
    assert len(list_words(told)) > 20
    assert foreign & {*list_words(told)} == set()


@pytest.mark.parametrize("words", FAULTS, ids=" ".join)
def test_a_refusal_has_no_danish_word(foreign, words):
    told = call(*words)
    assert len(list_words(told)) > 3
    assert foreign & {*list_words(told)} == set()


def test_a_survey_with_faults_of_many_kinds_is_described_without_a_danish_word(foreign, spoilt):
    told = call("check", str(spoilt), "--page", str(spoilt / "p.html"))
    assert told.count("\n") > 8
    page = (spoilt / "p.html").read_text()
    assert foreign & {*list_words(told + page)} == set()


@pytest.fixture
def spoilt(tmp_path):
    """A copy of the survey with much that is wrong."""
    import shutil

    folder = tmp_path / "survey"
    shutil.copytree(ROOT / "data" / "barometer-2020", folder)
    path = folder / "microdata.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    for number in range(1, len(names)):
        cells = lines[number].split(",")
        cells[number] = "" if number % 3 == 0 else "zzz"
        lines[number] = ",".join(cells)
    lines.append(lines[50])
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder
