"""The record of what a report shows, held against the plan of closed cells."""

from dataclasses import replace

import pytest

from barometer.disclosure.plan import SECONDARY
from barometer.marks import CONFIDENTIAL
from barometer.verify.record import find_misplaced
from tests.make.shipped import open_shipped

CELL = ("value.quality", "politically_initiated", "region")


def make_record(cell, status="shown"):
    item, group, sector = cell
    return {"item": item, "group": group, "domain": sector, "status": status}


def close(survey, *cells):
    return replace(
        survey,
        plan=replace(survey.plan, closed=survey.plan.closed | dict.fromkeys(cells, SECONDARY)),
    )


def test_a_report_that_shows_what_the_plan_shows_has_nothing_out_of_place():
    survey = open_shipped()
    closed = next(iter(survey.plan.closed))
    assert find_misplaced(survey, [make_record(CELL), make_record(closed, CONFIDENTIAL)]) == []


@pytest.mark.parametrize("status", ["shown", "[u]"])
def test_a_cell_that_the_plan_closes_and_a_report_shows_is_found(status):
    """As where a kept chapter was run by an earlier plan."""
    survey = close(open_shipped(), CELL)
    assert find_misplaced(survey, [make_record(CELL, status)]) == [CELL]


def test_a_cell_that_the_plan_was_not_made_for_is_found_where_it_is_shown():
    survey, beside = open_shipped(), ("financing.none", "all", "region")
    assert find_misplaced(survey, [make_record(beside), make_record(CELL)]) == [beside]
    assert find_misplaced(survey, [make_record(beside, CONFIDENTIAL)]) == []


def test_an_opposite_and_a_rest_are_out_of_place_where_what_gives_them_away_is_closed():
    survey = open_shipped()
    opposite = ("!value.quality", "politically_initiated", "region")
    rest = ("politically_initiated", "!sector=region", "all")
    records = [make_record(opposite), make_record(rest)]
    assert find_misplaced(survey, records) == []
    closed = close(survey, CELL, ("politically_initiated", "all", "region"))
    assert find_misplaced(closed, records) == sorted([opposite, rest])
