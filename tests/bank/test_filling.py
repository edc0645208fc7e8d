"""What the bank asks a survey for beside the numbers of its pages."""

import pytest

from barometer.bank import filling
from barometer.bank.filling import Filling
from barometer.data.domains import WHOLE
from barometer.files.faults import DataFault
from barometer.languages.speaking import speak
from tests.make.shipped import open_shipped
from tests.report.test_numbers import ROW

SHOWN = {"kind": "share", "domain": "all", "asked": "innovative", "data": "barometer-2020", "code": "1"}  # fmt: skip


def make_row(item, shown="13\xa0%", **more):
    return ROW | SHOWN | {"item": item, "shown": shown, "internal": {"rule": ""}} | more


def fill(numbers, domain=WHOLE):
    return Filling(lambda *_args, **_named: open_shipped(), "barometer-2020", domain).fill(numbers)


@pytest.fixture(autouse=True)
def name_parts(monkeypatch):
    """Has `report.yaml` name these parts for the bank; none at first."""
    front = {"bank": []}
    monkeypatch.setattr(filling, "read_front", lambda _: front)
    return lambda *names: front.update(bank=[*names])


def test_an_answer_that_no_page_shows_of_all_is_a_row_of_the_trace_as_another():
    rows = fill([make_row("novelty=copy", group="politically_initiated")])
    (row,) = [row for row in rows if row["item"] == "novelty=copy"]
    assert (row["shown"], row["n"], row["low"], row["high"]) == (
        "13\xa0%",
        "1877",
        "12\xa0%",
        "15\xa0%",
    )
    assert (row["where"], row["part"], row["kind"]) == ("statbank", "bank", "share")


def test_what_a_page_shows_in_whole_per_cent_is_not_asked_for_and_a_decimal_is():
    assert "novelty=copy" not in {row["item"] for row in fill([make_row("novelty=copy")])}
    assert "novelty=copy" in {row["item"] for row in fill([make_row("novelty=copy", "13,4\xa0%")])}


def test_only_what_the_plan_has_of_the_reports_part_is_there_and_what_it_closes_has_its_mark():
    plan = open_shipped().plan
    for domain in (WHOLE, "state"):
        rows = fill([make_row("novelty=copy", group="politically_initiated")], domain)
        assert len(rows) > 10
        for row in rows:
            cell = row["item"], WHOLE, domain
            assert cell in plan.scope
            assert (row["shown"] == "[c]") == (cell in plan.closed)
            assert row["group"] == ("all" if domain == WHOLE else "sector=state")


def test_in_another_language_they_are_in_it():
    with speak("en"):
        rows = fill([make_row("novelty=copy", group="politically_initiated")])
    (row,) = [row for row in rows if row["item"] == "innovative"]
    assert (row["label"], row["group_label"]) == ("Innovative workplace", "The whole public sector")


def test_a_report_of_no_survey_has_nothing_to_fill():
    assert fill([]) == [] and fill([make_row("x") | {"internal": {}}]) == []


def test_each_pair_of_sectors_is_tested_and_the_verdict_alone_is_told():
    filling = Filling(lambda *_args, **_named: open_shipped(), "barometer-2020", WHOLE)
    items = {"novelty": ["novelty=copy", "novelty=first"], "": ["novelty=copy|first"]}
    tests = filling.compare(items)
    assert sorted(key[1] for key in tests) == ["region"] * 2 + ["state"] * 4
    assert {key[4] for key in tests} == {"region", "municipality"}
    for *_key, test in tests:
        assert test["verdict"] in ("oftere", "sjældnere", "ingen sikker forskel")
        assert not any(test[name] for name in ("shown", "low", "high", "p", "source"))


def test_the_report_on_the_whole_brings_further_parts_that_the_project_names(name_parts):
    plan = open_shipped().plan
    name_parts("field")
    numbers = [make_row("novelty=copy")]
    rows = [row for row in fill(numbers) if row["group"].startswith("field=")]
    (row,) = [r for r in rows if (r["item"], r["group"]) == ("novelty=copy", "field=health")]
    assert (row["shown"], row["low"], row["high"]) == ("12\xa0%", "8\xa0%", "18\xa0%")
    assert (row["n"], row["part"], row["group_label"]) == ("239", "bank", "Sundhed")
    for row in rows:
        cell = row["item"], WHOLE, row["group"]
        assert cell in plan.scope and (row["shown"] == "[c]") == (cell in plan.closed)
    assert not any(row["group"].startswith("field=") for row in fill(numbers, "state"))


def test_a_question_that_the_project_names_is_the_only_one_in_further_parts(name_parts):
    name_parts("field/novelty")
    rows = fill([make_row("novelty=copy")])
    further = {row["item"].partition("=")[0] for row in rows if row["group"].startswith("field=")}
    assert further == {"novelty"}
    made = Filling(lambda *_args, **_named: open_shipped(), "barometer-2020", WHOLE)
    tests = made.compare({"novelty": ["novelty=copy"], "value": ["value.quality"]})
    assert {key[0] for key in tests if key[1].startswith("field=")} == {"novelty=copy"}


def test_whether_two_further_parts_differ_is_tested_among_their_own_kind(name_parts):
    name_parts("size")
    made = Filling(lambda *_args, **_named: open_shipped(), "barometer-2020", WHOLE)
    tests = made.compare({"": ["innovative"]})
    pairs = {(key[1], key[4]) for key in tests}
    assert ("size=small", "size=large") in pairs and ("state", "size=large") not in pairs


@pytest.mark.parametrize("unknown", ["colour", "field/colour"])
def test_parts_that_no_report_can_be_on_and_unknown_questions_are_refused(name_parts, unknown):
    name_parts("field", unknown)
    with pytest.raises(DataFault, match="bank: colour står ikke"):
        fill([make_row("novelty=copy")])


def test_a_survey_that_is_not_the_projects_own_is_without_what_it_lacks(name_parts):
    name_parts("colour", "field/colour")
    rows = Filling(lambda *_args, **_named: open_shipped(), "another", WHOLE).fill(
        [make_row("novelty=copy")]
    )
    assert rows and not any(row["group"].startswith("field=") for row in rows)
