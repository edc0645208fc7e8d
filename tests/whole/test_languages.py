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
    assert {one["status"] for one in second} == {"kept"} and len(first) == len(second) == 7


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
        text = re.sub(
            r"[^\d.,+−<\[\]a-z]|per cent|pct\.?|percentage points?|procentpoint", "", shown
        )
        thousands, decimal = (",", ".") if point else (".", ",")
        return text.replace(thousands, "").replace(decimal, ".")

    def keep(row, point):
        return [*(row[name] for name in SAME), *(value(row[x], point) for x in ("low", "high"))]

    first = sorted(keep(row, False) for row in danish)
    second = sorted(keep(row, True) for row in english)
    assert first == second and len(first) > 500
