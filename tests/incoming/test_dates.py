"""The last day of the answers is read of the file, where it can be."""

from datetime import date

import pandas as pd
import pytest

from barometer.incoming.columns import describe_columns
from barometer.incoming.dates import find_last_day
from barometer.incoming.source import Source


def find(days):
    frame = pd.DataFrame({"q": ["1"] * len(days), "svardato": days}, dtype=object)
    return find_last_day(describe_columns(Source("a.csv", frame)))


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
    assert find(days) == ("svardato", last)


@pytest.mark.parametrize(
    "days", [["01-02-2026", "03-04-2026"], ["2026-02-30"], ["2026-03-01", "senere"], [None, None]]
)
def test_days_that_can_be_read_in_two_ways_or_none_are_not_guessed(days):
    assert find(days) is None
