"""One report in two languages: the same numbers and verdicts, of one execution of each chapter."""

import csv
import json
import re

import pytest

from barometer.tools.run import main

pytestmark = pytest.mark.slow
# what a row of the trace is, whatever language it is written in
SAME = ("chapter", "where", "part", "kind", "item", "group", "n", "flag", "published")


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    folder = tmp_path_factory.mktemp("languages") / "outputs"
    assert main(["--sector", "region", "--output", str(folder), "--language", "da,en"]) == 0
    return folder


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_further_language_executes_no_chapter(output):
    first, second = (
        json.loads((output / name / "run.json").read_text())["reports"][0]["results"]
        for name in (".", "en")
    )
    assert {one["status"] for one in first} == {"complete"}
    assert {one["status"] for one in second} == {"kept"} and len(first) == len(second) > 6


def test_a_sentence_has_the_same_verdict_and_status_in_each_language(output):
    danish, english = (read(output / name / "region" / "claims.csv") for name in (".", "en"))
    columns = ("id", "chapter", "outcome", "item", "group", "p_finite", "verdict", "status")

    def keep(row):
        return [row[name].replace(",", ".") for name in columns]

    assert [*map(keep, danish)] == [*map(keep, english)] and len(danish) > 50
    other = [row["id"] for row, one in zip(danish, english, strict=True)
             if row["sentence"] and row["sentence"] == one["sentence"]]  # fmt: skip
    assert other == []


def test_every_number_of_the_english_pages_is_that_of_the_danish(output):
    danish, english = (read(output / name / "region" / "numbers.csv") for name in (".", "en"))

    def value(shown, point):
        thousands, decimal = (",", ".") if point else (".", ",")
        number = re.sub(r"[^\d.,+−<\[]|[.,](?!\d)", "", shown)
        return number.replace(thousands, "").replace(decimal, ".")

    def keep(row, point):
        written = (value(row[name], point) for name in ("shown", "low", "high"))
        return [*(row[name] for name in SAME), *written]

    # an alternative text ends where it is long enough, which is earlier in one of the languages
    first = sorted(keep(row, False) for row in danish if row["part"] != "alt")
    second = sorted(keep(row, True) for row in english if row["part"] != "alt")
    assert first == second and len(first) > 500
    ending = [keep(row, True) for row in english if row["part"] == "alt"]
    known = {tuple(row[4:]) for row in (keep(row, False) for row in danish)}
    assert len(ending) > 20
    # what it counts at its end is what it has left out
    ending = [row for row in ending if row[3] != "count"]
    assert [row for row in ending if tuple(row[4:]) not in known] == []
