"""The days on which a file's answers were given, where one of its columns holds days."""

import re
from datetime import date

from barometer.languages.numerals import name_months
from barometer.languages.speaking import _

ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
WRITTEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
LAST_MONTH = 12
MONTH = re.compile(
    r"(jan|feb|m.r|apr|ma[jyi]|jun|jul|aug|sep|o[kc]t|nov|de[csz])[^\W\d]*\.?"
).pattern
# what a spreadsheet makes of "10-49" and of "1-9"
MADE = re.compile(
    rf"{MONTH}[-. ]\d{{1,2}}|\d{{1,2}}\.?[-. ]{MONTH}|\d{{4}}-\d\d-\d\dT00:00:00", re.I
)
INTERVAL = re.compile(r"\D*\d+\D*(\d+\D*)?")


def find_days(columns):
    """(name of a column, its first and its last `date`) of the first column that holds nothing but
    days; None where there is none, or days may be months.

    `columns` {name: `Column`}. A time after the day is passed over.
    """
    for name, column in columns.items():
        days = _read_days([*column.counts]) if column.filled else None
        if days:
            return name, min(days), max(days)
    return None


def find_made(codes):
    """The answers of which a spreadsheet has made days: "Oct-49" among "1-9" and "50+"."""
    made = [code for code in codes if MADE.fullmatch(code)]
    others = [code for code in codes if code not in made]
    return made if any(map(INTERVAL.fullmatch, others)) else []


def name_time(first, last):
    """The months from one day to another.

    >>> name_time(date(2026, 9, 1), date(2026, 10, 10))
    'september og oktober 2026'
    """
    one, other = (name_months()[day.month - 1] for day in (first, last))
    months = (last.year - first.year) * 12 + last.month - first.month
    if months == 0:
        return f"{other} {last.year}"
    if first.year < last.year:
        return _(" til ").join([f"{one} {first.year}", f"{other} {last.year}"])
    between = _(" og ") if months == 1 else _(" til ")
    return f"{one}{between}{other} {last.year}"


def _read_days(codes):
    for pattern, read in ((ISO, _make_days), (WRITTEN, _read_written)):
        found = [pattern.match(code) for code in codes]
        if all(found):
            return read([tuple(map(int, match.groups())) for match in found])
    return None


def _read_written(parts):
    """Days of numbers with the year last: the day stands first where a first number is no month."""
    first, second = (max(part[at] for part in parts) for at in (0, 1))
    if (first > LAST_MONTH) == (second > LAST_MONTH):
        return None
    order = (2, 1, 0) if first > LAST_MONTH else (2, 0, 1)
    return _make_days([tuple(part[at] for at in order) for part in parts])


def _make_days(parts):
    """Days of (year, month, day); None where one is no day."""
    try:
        return [date(*one) for one in parts]
    except ValueError:  # 2026-02-30
        return None
