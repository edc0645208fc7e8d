import math

import numpy as np
import pytest

from barometer.text import (
    NBSP,
    Flag,
    Number,
    Text,
    begin,
    fill,
    join_texts,
    join_words,
    lower_first,
    read_plain,
    write_number,
)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1877, "count", "1.877"),
        (15000.0, "count", "15.000"),
        (0.365, "share", f"37{NBSP}pct."),
        (0.005, "percent", f"1{NBSP}%"),
        (0.345, "percent", f"35{NBSP}%"),
        (0, "share", f"0{NBSP}pct."),
        (-0.138, "points", f"14{NBSP}procentpoint"),
        (0.05, "decimal", "0,05"),
        (1.0, "decimal", "1,00"),
        (0.0004, "p", "p < 0,001"),
        (0.0667, "p", "p = 0,067"),
        (0.3745, "one_decimal", f"37,5{NBSP}%"),
        (0.44, "signed", "+0,4"),
        (-0.44, "signed", "−0,4"),
        (-0.04, "signed", "0,0"),
        (0.0667, "bare_p", "0,067"),
        (0.0004, "bare_p", "< 0,001"),
        (0.05, "level", "0,05"),
        (0.001, "level", "0,001"),
        (0.624, "bare_limit", "62"),
        (0.003, "bare_limit", f"under{NBSP}0,5"),
        (0.624, "bare_fine_limit", "62,4"),
    ],
)
def test_numbers_are_written_the_danish_way_and_halves_are_rounded_up(value, kind, text):
    assert write_number(value, kind) == text


def test_a_closed_number_is_its_mark_whatever_the_value():
    assert write_number(0.4, "share", "[c]") == "[c]"
    assert write_number(math.nan, "count", "[c]") == "[c]"


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_number_that_does_not_exist_is_a_dash_and_a_share_of_nobody_is_said_to_be_so(missing):
    assert write_number(missing, "share", "zero_variance") == "–"
    assert write_number(missing, "decimal") == "–"
    assert [
        write_number(missing, kind, "empty")
        for kind in ("share", "percent", "one_decimal", "points")
    ] == ["ingen svar", "ingen svar", "ingen svar", "–"]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.0029, "share", f"under 0,5{NBSP}pct."),
        (0.0029, "percent", f"under 0,5{NBSP}%"),
        (0.997, "percent", f"over 99,5{NBSP}%"),
        (0.9951, "share", f"over 99,5{NBSP}pct."),
        (0.995, "share", f"99,5{NBSP}pct."),
        (0.9949, "share", f"99{NBSP}pct."),
        (1.0, "share", f"100{NBSP}pct."),
        (0.00029, "one_decimal", f"under 0,05{NBSP}%"),
        (0.99997, "one_decimal", f"over 99,95{NBSP}%"),
        (0.997, "one_decimal", f"99,7{NBSP}%"),
        (0.0, "one_decimal", f"0,0{NBSP}%"),
        (-0.003, "points", f"under 0,5{NBSP}procentpoint"),
        (0.0, "points", f"0{NBSP}procentpoint"),
        (0.003, "decimal", "under 0,005"),
        (0.0, "decimal", "0,00"),
        (0.003, "limit", f"under 0,5{NBSP}%"),
        (0.9999, "limit", f"over 99,5{NBSP}%"),
        (0.0, "limit", f"0{NBSP}%"),
        (1.0, "limit", f"100{NBSP}%"),
        (0.0001, "fine_limit", f"under 0,05{NBSP}%"),
        (0.9999, "fine_limit", f"over 99,95{NBSP}%"),
        (0.003, "fine_limit", f"0,3{NBSP}%"),
    ],
)
def test_only_a_true_zero_is_written_as_0_and_only_a_true_whole_as_100_per_cent(value, kind, text):
    assert write_number(value, kind) == text


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (0.04, "+0,0"),
        (-0.04, "−0,0"),
        (0.0, "0,0"),
        (-1e-9, "0,0"),
        (0.05, "+0,1"),
        (-2.34, "−2,3"),
    ],
)
def test_the_limit_of_a_difference_tells_on_which_side_of_0_it_is(points, text):
    assert write_number(np.float64(points), "signed_limit") == text


def test_a_sum_that_the_machine_rounded_is_still_the_whole_and_one_of_nothing_is_nothing():
    assert write_number(sum([0.1] * 10), "percent") == f"100{NBSP}%"  # 0.9999999999999999
    assert write_number(0.3 - 0.1 - 0.2, "percent") == f"0{NBSP}%"  # -2.8e-17


def test_an_unknown_kind_of_number_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="count, share"):
        write_number(1, "roman")


def test_words_are_joined_with_og_before_the_last():
    assert join_words(["a"]) == "a"
    assert join_words(iter(["a", "b", "c"])) == "a, b og c"


def test_a_label_inside_a_sentence_begins_small_unless_it_is_an_abbreviation_or_a_name():
    assert lower_first("Borgere", ()) == "borgere"
    assert lower_first("EU-midler", ()) == "EU-midler"
    assert lower_first("Nord-Norge", ()) == "Nord-Norge"
    assert lower_first("Ministerier, styrelser eller KL", ()) == "ministerier, styrelser eller KL"
    names = {"Vestlandet"}
    assert lower_first("Vestlandet mod staten", names) == "Vestlandet mod staten"
    assert lower_first("Vestlandets sager", names) == "vestlandets sager"
    assert lower_first("Vestlandet", ()) == "vestlandet"


SHARE = Number(0.374, "share", cell="cell-a")
OTHER = Number(0.003, "share", cell="cell-b")


def test_a_text_is_written_as_its_words_and_numbers_and_keeps_the_numbers_in_reading_order():
    text = fill("Det gælder {b} {where} mod {a}.", {"a": SHARE, "b": OTHER, "where": "i staten"})
    assert str(text) == f"Det gælder under 0,5{NBSP}pct. i staten mod 37{NBSP}pct.."
    assert [number.cell for number in text.numbers] == ["cell-b", "cell-a"]
    with pytest.raises(KeyError, match="c"):
        fill("{c}", {"a": SHARE})


def test_texts_are_put_together_without_losing_a_number():
    pair = join_texts(" mod ", [SHARE, OTHER])
    text = "I alt " + pair + "; " + Text(join_words([SHARE, "ingen", Text("n = ", OTHER)]))
    assert str(text) == (
        f"I alt 37{NBSP}pct. mod under 0,5{NBSP}pct.; "
        f"37{NBSP}pct., ingen og n = under 0,5{NBSP}pct."
    )
    assert text.numbers == [SHARE, OTHER, SHARE, OTHER]
    assert Text("a", "", "b", Text("c")) == Text("abc") == "abc" and "bc" in Text("abc")
    assert not Text("") and Text() == ""


@pytest.mark.parametrize("part", [SHARE, Text(SHARE)])
def test_a_number_cannot_lose_its_cell_in_an_f_string(part):
    with pytest.raises(TypeError, match="brug Text"):
        f"Det gælder {part}"


def test_a_number_without_a_form_is_no_part_of_a_text():
    with pytest.raises(TypeError, match=r"0\.374 er hverken ord"):
        Text("Det gælder ", 0.374)


def test_what_begins_a_sentence_has_a_capital_there_and_none_in_the_trace():
    text = begin(Text(OTHER, " siger nej"))
    assert str(text) == f"Under 0,5{NBSP}pct. siger nej"
    assert text.numbers[0].shown == f"under 0,5{NBSP}pct."
    assert begin("staten") == "Staten"


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (Number(0.3745, "percent"), 0.37),
        (Number(0.3745, "one_decimal"), 0.375),
        (Number(-8.26, "signed"), -8.3),
        (Number(1877, "count"), 1877),
        (Number(0.0412, "bare_p"), 0.041),
        (Number(0.995, "percent"), 0.995),
        (Number(0.003, "percent"), None),
        (Number(0.997, "percent"), None),
        (Number(0.0004, "bare_p"), None),
        (Number(0.374, "share", "[c]"), None),
        (Number(math.nan, "share", "empty"), None),
    ],
)
def test_a_number_that_can_be_calculated_with_is_the_one_that_readers_see(number, rounded):
    assert number.rounded == rounded


def test_a_text_becomes_plain_data_without_cells_or_more_precision_and_is_read_back():
    text = Text(
        Number(0.6824, "percent", cell="cell-a"),
        " (",
        Number(0.003, "bare_limit"),
        ")",
        Flag("[ø]"),
    )
    plain = text.to_plain()
    assert plain == [
        {"shown": f"68{NBSP}%", "value": 0.68, "form": "percent"},
        " (",
        {"shown": f"under{NBSP}0,5", "value": None, "form": "bare_limit"},
        ")",
        {"flag": "[ø]"},
    ]
    again = read_plain(plain)
    assert str(again) == str(text) == f"68{NBSP}% (under{NBSP}0,5)[ø]"
    assert again.to_plain() == plain
