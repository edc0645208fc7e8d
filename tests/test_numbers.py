import math

import pytest

from barometer.numbers import NBSP, join_words, lower_first, write_number


@pytest.mark.parametrize(("value", "kind", "text"), [
    (1877, "count", "1.877"), (15000.0, "count", "15.000"), (0.365, "share", f"37{NBSP}pct."),
    (0.005, "percent", f"1{NBSP}%"), (0.345, "percent", f"35{NBSP}%"), (0, "share", f"0{NBSP}pct."),
    (-0.138, "points", f"14{NBSP}procentpoint"), (0.05, "decimal", "0,05"), (1.0, "decimal", "1,00"),
    (0.0004, "p", "p < 0,001"), (0.0667, "p", "p = 0,067"), (0.3745, "one_decimal", f"37,5{NBSP}%"),
    (0.44, "signed", "+0,4"), (-0.44, "signed", "−0,4"), (-0.04, "signed", "0,0"),
])
def test_numbers_are_written_the_danish_way_and_halves_are_rounded_up(value, kind, text):
    assert write_number(value, kind) == text


def test_a_closed_number_is_its_mark_whatever_the_value():
    assert write_number(0.4, "share", "[c]") == "[c]"
    assert write_number(math.nan, "count", "[c]") == "[c]"


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_missing_number_is_an_error_and_never_a_blank(missing):
    with pytest.raises(ValueError, match="et tal mangler"):
        write_number(missing, "share")


def test_an_unknown_kind_of_number_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="count, share"):
        write_number(1, "roman")


def test_words_are_joined_with_og_before_the_last():
    assert join_words(["a"]) == "a"
    assert join_words(iter(["a", "b", "c"])) == "a, b og c"


def test_a_label_inside_a_sentence_begins_small_unless_it_is_an_abbreviation():
    assert lower_first("Borgere") == "borgere"
    assert lower_first("EU-midler") == "EU-midler"
