"""Rows of a file in which something stands that hardly can be meant: a supplier's faults, which a
guess of what the columns are would otherwise follow.

What stands in few rows (`FEW`) and is unlike all others is a fault. In more it is taken
for what the file is like.
"""

import numpy as np

from barometer.files.faults import Fault
from barometer.files.texts import is_number
from barometer.incoming.dates import find_made
from barometer.incoming.roles import FEW as FEW_NUMBERS
from barometer.incoming.roles import Role
from barometer.layouts.sums import find_sums

FEW = 0.02  # of the rows in which something stands
SHOWN = 5  # rows that a fault names
NAMED = 3  # columns of a row with sums that a fault names
AS_IT_IS = "eller skriv --as-is"  # what a person says who means it


def find_fault(source, columns, bad, problem, remedy):
    """A `Fault` of the rows that are `bad` (a row each); None where none is.

    `columns`: the name of one, or names.
    """
    bad = np.asarray(bad, bool)
    if not bad.any():
        return None
    lines = tuple(f"række {place + 1}" for place in np.flatnonzero(bad)[:SHOWN])
    names = (columns,) if isinstance(columns, str) else tuple(columns)
    return Fault(source.name, problem, remedy, names, int(bad.sum()), lines)


def are_few(bad, rows):
    """Whether some of the rows are `bad`, and no more than `FEW` of them."""
    return 0 < np.sum(bad) <= FEW * np.sum(rows)


def find_doubtful(source, columns, guesses):
    """[`Fault`, …] of the columns that are answers, each looked at alone, and of empty rows."""
    roles = (Role.ANSWER, Role.NUMBER, Role.TEXT)
    names = [name for name in columns if guesses[name].role in roles]
    found = [_find_in_column(source, columns[name]) for name in names]
    found += [_find_made_days(source, columns[name]) for name in names]
    sums = find_sums(source.frame)
    problem = "det er summer eller gennemsnit af rækkerne over og ingen respondent"
    held = [name for name in columns if not source.frame[name][sums].isna().all()]
    found.append(find_fault(source, held[:NAMED], sums, problem, f"tag rækken ud, {AS_IT_IS}"))
    answers = [name for name in names if guesses[name].role != Role.TEXT]
    empty = source.frame[answers].isna().all(axis=1)
    if answers and are_few(empty, np.ones(len(empty))):
        remedy = f"tag rækkerne ud, {AS_IT_IS}"
        found.append(find_fault(source, (), empty, "der er ikke svaret på noget", remedy))
    return [fault for fault in found if fault]


def _find_in_column(source, column):
    """A `Fault` of codes without words among those that have them, of a number below 0 where all
    others are not, or of a text among numbers.
    """
    given = source.frame[column.name]
    if column.labels.keys() - column.missing:
        rare = [code for code, rows in column.counts.items() if 0 < rows <= FEW * column.filled]
        codes = [code for code in rare if _lacks_words(column, code)]
        problem = f"{'koden' if len(codes) == 1 else 'koderne'} {', '.join(codes)} har ingen tekst"
        remedy = f"ret svarene, skriv hvad koden betyder, {AS_IT_IS}"
    else:
        codes, problem = _find_numberless(column)
        remedy = f"ret tallene, eller slet dem, {AS_IT_IS}"
    bad = given.isin(codes)
    few = are_few(bad, given.notna())
    return find_fault(source, column.name, bad, problem, remedy) if few else None


def _find_made_days(source, column):
    """A `Fault` of answers that a spreadsheet took for days, in however many rows."""
    codes = find_made([code for code in column.counts if code not in column.labels])
    named = ", ".join(f"»{code}«" for code in codes)
    problem = f"{named} er nok tal som 10-49, som et regneark har gjort til en dato,"
    remedy = f"ret svarene, {AS_IT_IS}"
    return find_fault(source, column.name, source.frame[column.name].isin(codes), problem, remedy)


def _lacks_words(column, code):
    """Whether a code has no label and is no point between two others of a scale."""
    if code in column.labels or code in column.missing:
        return False
    if len({*column.labels} & {*column.counts} - column.missing) < 2:
        return False
    known = {float(one) for one in column.counts if is_number(one)}
    return not is_number(code) or not {float(code) - 1, float(code) + 1} <= known


def _find_numberless(column):
    """(codes, what is wrong with them) of a column that is numbers but for a few rows."""
    codes = [code for code in column.counts if code not in {*column.missing, *column.labels}]
    numbers = [code for code in codes if column.numbered or is_number(code)]
    if len(numbers) <= FEW_NUMBERS:
        return [], ""
    if texts := [code for code in codes if code not in numbers]:
        return texts, "der står andet end et tal"
    return [code for code in numbers if float(code) < 0], "tallet er under nul"


def find_unlike(values, strata):
    """Rows that have another value than most of their stratum, or none.

    `values`: a series of answers, None where empty; `strata`: a name each row, None where missing.
    """
    values = values.astype(object)  # two columns of categories cannot be compared
    most = values.groupby(strata).agg(lambda one: one.mode().iloc[0] if one.notna().any() else None)
    return (strata.notna() & (values != strata.map(most))).to_numpy()
