"""What few rows of a file have, and hardly can be meant, is told; what many have is how it is."""

import numpy as np
import pandas as pd
import pytest

from barometer.incoming.columns import describe_columns
from barometer.incoming.doubtful import find_doubtful, find_unlike
from barometer.incoming.roles import guess_roles
from barometer.layouts.source import Source

WORDS = {"1": "Ja", "2": "Nej", "8": "Ved ikke"}
ENDS = {"0": "Slet ikke", "10": "Helt"}


def find(values, labels=None, title="q"):
    """The faults of a column of answers, beside one that everybody has answered."""
    frame = pd.DataFrame({"q": values, "r": ["1", "2"] * (len(values) // 2)}, dtype=object)
    source = Source("a.sav", frame, {"q": labels} if labels else {}, {"q": title})
    columns = describe_columns(source)
    return [one.describe() for one in find_doubtful(source, columns, guess_roles(columns))]


def fill(few, rest, rows=200):
    return [*few, *(rest * rows)[: rows - len(few)]]


@pytest.mark.parametrize("code", ["7", "99", "0", "x"])
def test_a_code_without_words_among_those_that_have_them_is_told_with_its_rows(code):
    (told,) = find(fill([code, code], ["1", "2", "8"]), WORDS)
    assert told == (
        f"a.sav, kolonne q: koden {code} har ingen tekst i 2 rækker; ret svarene, skriv hvad koden "
        "betyder, eller skriv --as-is."
    )


def test_a_code_that_many_gave_is_an_answer_without_words():
    assert find(fill(["7"] * 30, ["1", "2", "8"]), WORDS) == []


def test_a_point_between_others_of_a_scale_needs_no_words_however_few_gave_it():
    points = [str(point) for point in range(11) if point != 1]
    assert find(fill(["1"], points), ENDS) == []
    (told,) = find(fill(["11", "-1"], points), ENDS)
    assert "koderne -1, 11 har ingen tekst i 2 rækker" in told


def test_a_point_needs_no_words_beside_one_that_nobody_chose_either():
    points = [str(point) for point in range(11) if point not in (1, 2)]
    assert find(fill(["2"], points), ENDS) == []
    (told,) = find(fill(["2", "11"], points), ENDS)
    assert "koden 11 har ingen tekst i 1 række" in told
    (told,) = find(fill(["5"], ["1", "2", "9"]), {"1": "Ja", "2": "Nej", "9": "Andet"})
    assert "koden 5 har ingen tekst i 1 række" in told


def test_a_text_among_numbers_and_one_below_zero_are_told():
    numbers = [str(one) for one in range(40)]
    assert find(fill([], numbers)) == []
    (told,) = find(fill(["ca. 300"], numbers))
    assert "kolonne q: der står andet end et tal i 1 række; ret tallene" in told
    (told,) = find(fill(["-9", "-9"], numbers))
    assert "kolonne q: tallet er under nul i 2 rækker" in told
    assert find(fill(["-9"], numbers), {"-9": "Ved ikke"}) == []
    assert find(fill(["-5", "-4"] * 20, numbers)) == []


def test_a_row_in_which_nothing_is_answered_is_told():
    frame = pd.DataFrame({"q": fill([None], ["1", "2"]), "r": fill([None], ["a", "b"])})
    columns = describe_columns(source := Source("a.sav", frame))
    (told,) = find_doubtful(source, columns, guess_roles(columns))
    assert told.describe() == (
        "a.sav: der er ikke svaret på noget i 1 række; tag rækkerne ud, eller skriv --as-is."
    )


def test_rows_unlike_their_stratum_are_those_with_another_answer_or_none():
    strata = pd.Series(["n"] * 4 + ["s"] * 4 + [None], dtype=object)
    values = pd.Series(["1", "1", None, "1", "2", "2", "2", "1", "1"], dtype=object)
    assert np.flatnonzero(find_unlike(values, strata)).tolist() == [2, 7]


def test_an_answer_that_a_spreadsheet_made_a_day_of_is_told_in_however_many_rows():
    (told,) = find(["1-9", "Oct-49"] * 20)
    assert told == (
        "a.sav, kolonne q: »Oct-49« er nok tal som 10-49, som et regneark har gjort til en dato, i "
        "20 rækker; ret svarene, eller skriv --as-is."
    )
