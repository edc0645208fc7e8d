"""The shipped survey, opened once per sector for all tests that only read it."""
from functools import cache

from barometer.parameters import SECTORS
from barometer.published import compare_published
from barometer.survey import open_survey

CODES = tuple(SECTORS)


@cache
def open_shipped(sector="all"):
    """The shipped survey as the report of `sector` sees it."""
    return open_survey(sector=sector)


@cache
def compare_shipped(sector="all"):
    """Every published row beside ours, for the report of `sector`."""
    return compare_published(open_shipped(sector))
