"""A row of sums at a file's end is no respondent, and a respondent is no row of sums."""

import pandas as pd
import pytest

from barometer.files.faults import DataFault
from barometer.incoming.columns import describe_columns
from barometer.incoming.doubtful import find_doubtful
from barometer.incoming.roles import guess_roles
from barometer.layouts.source import Source
from barometer.layouts.sums import find_sums

NUMBERS = {"where": ["North", "South", "North", "South"], "hours": ["3", "5", "9", "2"]}


def add(*rows, **columns):
    """Four respondents and the rows below them, a cell for each column."""
    given = {**NUMBERS, **columns}
    cells = zip(*rows, strict=True)
    below = zip(given, cells, strict=True)
    return pd.DataFrame({name: [*given[name], *more] for name, more in below}, dtype=object)


@pytest.mark.parametrize(
    "rows",
    [
        [("Total", "19")],
        [("I alt", "19")],
        [("Gennemsnit", "4.75")],
        [("Average:", "4.8")],
        [(None, "19")],
        [("Sum", "19"), ("Gns.", "4.75")],
        [("Total", None)],
    ],
)
def test_rows_of_sums_and_means_at_the_end_are_known(rows):
    assert find_sums(add(*rows)).tolist() == [False] * 4 + [True] * len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [("North", "19")],  # a respondent with many hours
        [("Total", "4")],  # whose answer is "Total"
        [(None, "5")],
        [("North", None)],
        [("Total", "19"), ("North", "4")],  # not at the end
    ],
)
def test_a_respondent_is_no_sum(rows):
    assert not find_sums(add(*rows)).any()


def test_an_answer_that_others_gave_too_is_none_unless_all_numbers_are_sums():
    given = ["Total", "Basic", "Total", "Basic"]
    assert not find_sums(add(("Total", None), where=given)).any()
    assert not find_sums(add(("Total", "4.75"), where=given)).any()
    assert find_sums(add(("Total", "19"), where=given)).any()


def test_a_row_of_sums_is_told_with_its_columns_row_and_remedy():
    frame = add(("Total", "19"))
    source = Source("a.csv", frame)
    columns = describe_columns(source)
    (fault,) = find_doubtful(source, columns, guess_roles(columns))
    assert DataFault([fault]).args
    assert fault.describe() == (
        "a.csv, kolonne where, hours: det er summer eller gennemsnit af rækkerne over og "
        "ingen respondent i 1 række; tag rækken ud, eller skriv --as-is."
    )
