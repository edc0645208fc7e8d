"""Figures in which tones grade: scales to both sides of their middle, and tables with shades."""

import re
from itertools import pairwise

import pytest
from matplotlib.colors import to_hex

from barometer.door.calls import CallError
from barometer.figures import bars, sheets
from barometer.shades import painting
from barometer.text import NBSP
from tests.figures.test_drawing import (
    SCALES,
    draw_heat,
    draw_scales,
    make_scales,
    paint,
    read_dark,
    select_cells,
)
from tests.make.shipped import open_shipped


def paint_scale(shares, closed=()):
    """{colour: (start, end)} of the bars of one scale."""
    released, [(label, group, items, pair)] = make_scales(closed, {"Løn": shares})
    selection = select_cells(released, ["all"])
    half = len(items) // 2
    sides = items[:half][::-1], items[len(items) - half :]
    ends = [selection.cell(item, group) for item in pair]
    middle = selection.cell(items[half], group) if len(items) % 2 else None
    row = (label, middle, *zip(sides, ends, strict=True))
    labels = [str(place) for place in range(len(items))]
    picture = paint(painting.paint_scale, selection, [row], labels, sheets.WIDE)
    return {
        to_hex(bar.get_facecolor()).upper(): (bar.get_x(), bar.get_x() + bar.get_width())
        for bar in picture.axes.patches
        if bar.get_height() == bars.STACK
    }


def test_the_middle_is_in_the_middle_and_points_follow_outwards_from_it():
    ends = paint_scale((5, 8, 20, 41, 26))
    drawn = {color: tuple(round(end, 6) for end in pair) for color, pair in ends.items()}
    assert drawn == {
        painting.MIDDLE: (-0.1, 0.1),
        painting.LOWER[0]: (-0.1, -0.18),
        painting.LOWER[-1]: (-0.18, -0.23),
        painting.UPPER[0]: (0.1, 0.51),
        painting.UPPER[-1]: (0.51, 0.77),
    }


@pytest.mark.parametrize("count", range(2, 12))
def test_a_scale_of_two_to_eleven_points_has_a_tone_for_each(count):
    shares = [100 // count] * count
    assert len(paint_scale(shares)) == count
    labels = [str(place) for place in range(count)]
    figure = draw_scales(scales={"Løn": shares, "Arbejdet": shares}, labels=labels)
    words = re.findall(r"<text[^>]*>([^<]+)", figure.narrow)
    assert {*labels} <= {*words}


def test_a_side_that_is_closed_has_its_word_and_a_point_that_is_no_tone_of_its_own():
    assert {*paint_scale((5, 8, 20, 41, 26), ["Løn=high"])} == {
        painting.MIDDLE, painting.LOWER[0], painting.LOWER[-1],
    }  # fmt: skip
    ends = paint_scale((5, 8, 20, 41, 26), ["Løn=3"])
    assert ends[sheets.WHITE] == pytest.approx((0.1, 0.77)) and painting.UPPER[-1] not in ends
    figure = draw_scales(["Løn=3"])
    assert "En tom søjle" in figure.note and "En tom søjle" not in draw_scales().note
    assert painting.MIDDLE not in paint_scale((5, 8, 20, 41, 26), ["Løn=2"])
    figure = draw_scales(["Løn=high"])
    assert ">fortroligt<" in figure.svg and "1 tal kan ikke vises" in figure.alt


def test_a_scale_s_ends_have_their_sums_in_words_picture_and_table():
    figure = draw_scales()
    assert f">67{NBSP}%<" in figure.svg and f">13{NBSP}%<" in figure.svg
    assert "Ledelsen: 67 pct. i den høje ende mod 13 pct. i den lave ende" in figure.alt.replace(
        NBSP, " "
    )
    assert "Ved enderne står" in figure.note and len(figure.table["rows"]) == 7 * len(SCALES)


def test_tones_of_a_scale_grade_and_shades_of_a_table_too_on_either_page():
    dark = read_dark()
    for tones in (painting.LOWER, painting.UPPER, painting.SHADES):
        for look in (tones, [dark[tone.lower()] for tone in tones]):
            light = [sheets.measure_contrast(tone, "#FFFFFF") for tone in look]
            assert light in (sorted(light), sorted(light, reverse=True))
            assert all(abs(one - other) > 0.05 for one, other in pairwise(light))
    for tone in (*painting.LOWER, *painting.UPPER, painting.MIDDLE_EDGE):
        assert sheets.measure_contrast(tone, "#FFFFFF") >= 3


@pytest.mark.parametrize("shade", painting.SHADES)
def test_a_number_on_a_shade_can_be_read_on_either_page(shade):
    ink, dark = sheets.WHITE if shade == painting.SHADES[-1] else sheets.INK, read_dark()
    assert sheets.measure_contrast(ink, shade) >= 4.5
    assert sheets.measure_contrast(dark[ink.lower()], dark[shade.lower()]) >= 4.5


def test_a_larger_share_is_darker_and_a_closed_one_has_its_mark_and_no_shade():
    whole, closed = draw_heat(), draw_heat([("quality", "state")])
    assert whole.svg.count(painting.SHADES[3].lower()) > closed.svg.count(
        painting.SHADES[3].lower()
    )
    assert ">[c]<" in closed.svg and "[c] fortroligt." in closed.note
    assert "[c]" not in whole.svg + whole.note and "Jo mørkere" in whole.note


def test_columns_that_have_no_room_for_their_labels_have_letters_that_are_explained():
    survey = open_shipped()
    figure = survey.compare("value", by="field").draw_heat("fields", "Værdi efter fagområde")
    for svg in (figure.svg, figure.narrow):
        words = re.findall(r"<text[^>]*>([^<]+)", svg)
        assert words.count("A") == words.count("G") == 2
    assert "n står i tabellen" in figure.note
    sectors = survey.compare("value", by="sector").draw_heat("sectors", "Værdi efter sektor")
    assert "Kommunerne" in sectors.svg and ">A<" not in sectors.svg


def test_what_is_no_scale_or_has_too_many_columns_is_refused_in_a_line():
    survey = open_shipped()
    with pytest.raises(CallError, match="draw_scale: novelty er ikke en skala"):
        survey.shares("novelty").draw_scale("a", "Titel")
    with pytest.raises(CallError, match="draw_heat: figuren har plads til 10"):
        survey.shares("influence", by=survey.question("partner")[:11]).draw_heat("a", "Titel")
