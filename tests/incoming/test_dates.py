"""The last day of the answers is read of the file, where it can be."""

from datetime import date

import pandas as pd
import pytest

from barometer.incoming.columns import describe_columns
from barometer.incoming.dates import find_days, find_made, name_time
from barometer.layouts.source import Source


def find(days):
    frame = pd.DataFrame({"q": ["1"] * len(days), "svardato": days}, dtype=object)
    return find_days(describe_columns(Source("a.csv", frame)))


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (["2026-03-01", "2026-03-28", "2025-12-31"], date(2026, 3, 28)),
        (["2026-03-01T08:00:00", "2026-03-02T09:30:00"], date(2026, 3, 2)),
        (["28-03-2026", "1-4-2026"], date(2026, 4, 1)),
        (["03/28/2026", "04/01/2026"], date(2026, 4, 1)),
    ],
)
def test_the_last_day_is_found_in_the_ways_that_days_are_written(days, last):
    name, first, found = find(days)
    assert (name, found) == ("svardato", last) and first <= last


@pytest.mark.parametrize(
    ("first", "last", "time"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), "september 2026"),
        (date(2026, 9, 1), date(2026, 10, 10), "september og oktober 2026"),
        (date(2026, 5, 1), date(2026, 10, 10), "maj til oktober 2026"),
        (date(2025, 12, 1), date(2026, 1, 10), "december 2025 til januar 2026"),
    ],
)
def test_the_time_of_the_answers_is_told_in_months(first, last, time):
    assert name_time(first, last) == time


@pytest.mark.parametrize(
    "days", [["01-02-2026", "03-04-2026"], ["2026-02-30"], ["2026-03-01", "senere"], [None, None]]
)
def test_days_that_can_be_read_in_two_ways_or_none_are_not_guessed(days):
    assert find(days) is None


@pytest.mark.parametrize(
    ("codes", "made"),
    [
        (["1-9", "Oct-49", "50+"], ["Oct-49"]),
        (["01-sep", "okt-49", "50-99"], ["01-sep", "okt-49"]),
        (["1-9", "2049-10-01T00:00:00"], ["2049-10-01T00:00:00"]),
        (["1-9", "10-49"], []),
        (["May 1", "June 5"], []),  # days that were asked for
        (["Oct-49", "Nord"], []),
        (["Marts", "April", "12"], []),
    ],
)
def test_answers_that_a_spreadsheet_made_days_of_are_known_beside_others(codes, made):
    assert find_made(codes) == made
