"""The figures: what is drawn, that it can be read, and that picture, words and table say the
same.
"""

import re
from collections import Counter
from functools import cache, partial
from io import BytesIO
from itertools import chain, combinations, pairwise
from math import isnan, nan, sqrt
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot, style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.image import imread
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from barometer.disclosure.gate import About, Released
from barometer.document.document import build_document
from barometer.exhibits import read_style
from barometer.figures import bars, cells, charts, drawing, findings, notes, sheets
from barometer.figures.cells import select_cells, sort_items
from barometer.figures.drawing import (
    draw_balance,
    draw_distribution,
    draw_groups,
    draw_shares,
    draw_two_groups,
    draw_whole_and_parts,
)
from barometer.payloads import hold_internal
from barometer.pictures import crop_svg
from barometer.report.pdf import render_pdf
from barometer.shades import drawing as shades
from barometer.shades import painting
from barometer.text import NBSP
from tests.make.samples import code_cell, make_notebook
from tests.make.shipped import read_danish

GROUPS = {
    "political": "Igangsat af politiske beslutninger",
    "other": "Igangsat af andre årsager",
    "all": "Hele sektoren",
    "state": "Staten",
    "region": "Regionerne",
    "municipality": "Kommunerne",
}
PAIR = ["political", "other"]
BALANCE = (*charts.LEFT, *charts.RIGHT)
VALUES = [
    ("quality", "Kvalitet", 66, 69),
    ("efficiency", "Effektivitet", 37, 45),
    ("satisfaction", "Medarbejdertilfredshed", 37, 51),
    ("goals", "Indfrielse af politiske mål", 57, 25),
    ("other_value", "Anden værdi", 60, 6),
    ("dont_know", "Ved ikke", 3, 2),
]
VERDICTS = {
    "quality": "no_difference",
    "efficiency": "lower",
    "satisfaction": "lower",
    "goals": "higher",
    "other_value": "no_difference",
    "dont_know": "no_difference",
}
NOVELTY = [
    ("first", "Den første af sin slags", 13, 18),
    ("inspired", "Inspireret, men tilpasset", 58, 61),
    ("copy", "En kopi", 17, 12),
    ("dont_know", "Ved ikke", 12, 9),
]
PARTS = {"Fremmet af": ["p1", "p2"], "Igangsat af": ["i1", "i2"]}
WHOLE = [
    ("whole", "Politik spillede en positiv rolle", 59),
    ("p1", "Fremmet af ledelsen", 41),
    ("p2", "Fremmet af lovgivning", 35),
    ("i1", "Igangsat af ledelsen", 11),
    ("i2", "Igangsat af lovgivning", 18),
]
LONG = (
    "Internt i egen kommune, region eller eget ministerområde og "
    "arbejdspladsudviklingssamarbejdsorganisationerne"
)


def make_cell(item, label, group, per_cent, n=500, status=""):
    share = nan if status.startswith("[") or status == "empty" else per_cent / 100
    spread = 1.96 * sqrt(share * (1 - share) / n) if not isnan(share) else nan
    low, high = (
        (nan, nan)
        if status in ("too_few", "empty")
        else (max(0, share - spread), min(1, share + spread))
    )
    return {
        "item": item,
        "label": label,
        "group": group,
        "group_label": GROUPS[group],
        "share": share,
        "se": spread / 2,
        "low": low,
        "high": high,
        "n": nan if status == "empty" else n,
        "n_yes": n,
        "n_effective": n,
        "deff": 1.0,
        "df": n,
        "total": n,
        "status": status,
    }


def make_table(values, groups=PAIR, closed=(), n=(507, 1370, 88, 40)):
    return pd.DataFrame(
        [
            make_cell(item, label, group, per_cent, size, "[c]" if (item, group) in closed else "")
            for item, label, *shares in values
            for group, per_cent, size in zip(groups, shares, n, strict=False)
        ]
    )


def make_tests(verdicts, first="political", second="other", closed=(), p=0.001):
    return pd.DataFrame(
        [
            {
                "item": item,
                "label": item,
                "first": first,
                "second": second,
                "difference": 0.1,
                "p": nan if item in closed or not verdict else p,
                "verdict": "" if item in closed else verdict,
                "status": "[c]" if item in closed else "",
            }
            for item, verdict in verdicts.items()
        ]
    )


def release(table, tests=None, distribution=None, **about):
    facts = {
        "question": "Hvilken værdi?",
        "base_text": "arbejdspladser med mindst én innovation",
        "multiple": True,
        "asked": "innovative",
        "part": "all",
        "part_label": "Hele den offentlige sektor",
        "source": "Eget udtræk.",
        "synthetic": True,
        "alpha": 0.05,
        "residual": ("other_value", "dont_know"),
    }
    return Released(
        table, pd.DataFrame() if tests is None else tests, distribution, About(**facts | about)
    )


def make_balance(per_cents, closed=()):
    answers = [
        "Hæmmede i høj grad",
        "Hæmmede i nogen grad",
        "Fremmede i nogen grad",
        "Fremmede i høj grad",
        "Ikke relevant",
        "Ved ikke",
    ]
    table = pd.DataFrame(
        [
            make_cell(
                f"{row}{k}",
                f"{row}: {answer}",
                "all",
                value,
                1877,
                "[c]" if f"{row}{k}" in closed else "",
            )
            for row, values in per_cents.items()
            for k, (answer, value) in enumerate(zip(answers, values, strict=True))
        ]
    )
    rows = {row: ([f"{row}0", f"{row}1"], [f"{row}2", f"{row}3"]) for row in per_cents}
    return release(table, multiple=False), rows, [f"{row}{k}" for row in per_cents for k in (4, 5)]


def draw_values(**about):
    return draw_two_groups(
        release(make_table(VALUES), make_tests(VERDICTS), **about), "figur-4", "Titel", PAIR
    )


def draw_novelty(closed=(), verdict="difference", p=0.01):
    test = SimpleNamespace(p=p, verdict=verdict, status="", level=0.05)
    released = release(make_table(NOVELTY, closed=closed), distribution=test, multiple=False)
    return draw_distribution(released, "figur-3", "Titel", PAIR, ["dont_know"])


def draw_role(closed=()):
    table = make_table(WHOLE, ["all"], closed, n=[1877])
    return draw_whole_and_parts(
        release(table, question="", multiple=False), "figur-1", "Titel", "whole", PARTS
    )


def draw_influence(closed=()):
    per_cents = {"Ledelsen": [1.6, 4.4, 25, 16, 41, 12], "Lovgivning": [4, 8, 21, 14, 42, 11]}
    released, rows, left_out = make_balance(per_cents, closed)
    return draw_balance(released, "figur-2", "Titel", rows, ["hæmmende", "fremmende"], left_out)


def draw_sectors(closed=()):
    sectors = ["region", "state", "municipality"]
    table = make_table([("x", "Igangsat af politiske beslutninger", 13, 35, 27)], sectors, closed)
    verdicts = [
        ("lower", "region", "state"),
        ("higher", "municipality", "region"),
        ("no_difference", "state", "municipality"),
    ]
    tests = pd.concat(
        [make_tests({"x": verdict}, first, second) for verdict, first, second in verdicts]
    )
    return draw_groups(
        release(table, tests, question="", multiple=False), "figur-6", "Titel", ["x"], sectors
    )


def draw_one_group(closed=()):
    table = make_table([(item, label, share) for item, label, share, _ in VALUES], ["all"], closed)
    return draw_shares(release(table), "figur-7", "Titel")


def draw_in_order(closed=()):
    table = make_table([(item, label, share) for item, label, share, _ in VALUES], ["all"], closed)
    return draw_shares(release(table), "figur-8", "Titel", ordered=True)


STEPS = ("Slet ikke", "Lidt", "Hverken eller", "Noget", "Meget")
LETTERS = str.maketrans("0123456789", "abcdefghij")  # a number in a label is none of the data
SCALES = {
    "Ledelsen": (5, 8, 20, 41, 26),
    "Løn": (12, 25, 20, 30, 13),
    "Arbejdet": (3, 6, 10, 41, 40),
}


def make_scales(closed=(), scales=SCALES):
    """(released, rows, labels) of scales with a middle, and the sum of each side of it."""
    table, rows = [], []
    for row, shares in scales.items():
        half = len(shares) // 2
        pair = [f"{row}=low", f"{row}=high"]
        sums = [(pair[0], sum(shares[:half])), (pair[1], sum(shares[len(shares) - half :]))]
        items = [f"{row}={k}" for k in range(len(shares))]
        for item, share in (*sums, *zip(items, shares, strict=True)):
            status = "[c]" if item in closed else ""
            label = f"{row}: {item.partition('=')[2].translate(LETTERS)}"
            table.append(make_cell(item, label, "all", share, 1877, status))
        rows.append((row, "all", items, pair))
    return release(pd.DataFrame(table), multiple=False), rows


def draw_scales(closed=(), scales=SCALES, labels=STEPS):
    released, rows = make_scales(closed, scales)
    return shades.draw_scale(released, "figur-9", "Titel", rows, labels, {"all": "Alle"})


def draw_heat(closed=(), groups=("state", "region", "municipality")):
    values = [(item, label, a, b, a // 2) for item, label, a, b in VALUES]
    table = make_table(values, groups, closed, n=(507, 1370, 880))
    named = {group: GROUPS[group] for group in groups}
    return shades.draw_heat(release(table), "figur-10", "Titel", [one[0] for one in values], named)


DRAWN = [
    *(draw_role, draw_influence, draw_novelty, draw_values, draw_sectors, draw_one_group),
    *(draw_in_order, draw_scales, draw_heat),
]
draw_once = cache(lambda draw: draw())  # for tests that only look at it


def test_answers_that_are_no_opinion_are_drawn_where_there_are_no_others():
    released = release(make_table(VALUES[4:]))
    alone = drawing.draw_two_groups(released, "figur-9", "Titel", PAIR)
    assert "Anden værdi" in alone.svg and "Ved ikke" in alone.svg


def test_answers_of_a_scale_are_drawn_in_the_questionnaire_s_order():
    labels = [label for _, label, *_ in VALUES]
    assert [str(row[0]) for row in draw_in_order().table["rows"]] == labels
    assert [str(row[0]) for row in draw_one_group().table["rows"]] != labels


# Precision


@pytest.mark.parametrize("rounded", [True, False], ids=["as drawn", "if shares were not rounded"])
@pytest.mark.parametrize(
    "draw", [one for one in DRAWN if one is not draw_heat], ids=lambda draw: draw.__name__
)
def test_a_picture_that_is_measured_tells_no_more_of_a_share_than_is_written(
    draw, rounded, monkeypatch
):
    """Shares that are written alike are drawn alike, to the last digit of a coordinate and the last
    dot.
    """
    if not rounded:
        for module in ("bars", "charts", "cells"):
            name = f"barometer.figures.{module}.round_shown"
            monkeypatch.setattr(name, lambda share: np.array(share)[()])
    before = draw()
    monkeypatch.setitem(
        globals(),
        "make_cell",
        lambda item, label, group, per_cent, *rest: shift(
            make_cell_as_told(item, label, group, per_cent, *rest)
        ),
    )
    after = draw()
    assert after.table == before.table
    assert (after.svg == before.svg) == (after.narrow == before.narrow) == rounded
    assert after.png == before.png or not rounded


make_cell_as_told = make_cell


def shift(cell):
    """A cell with numbers a little larger, which are rounded to the same."""
    return cell | {name: cell[name] + 1e-5 for name in ("share", "low", "high")}


# Colours


def test_a_figure_is_not_painted_where_nobody_sees_it(monkeypatch):
    painted, paint = [], drawing._paint
    monkeypatch.setattr(drawing, "_paint", lambda *drawn: painted.append(1) or paint(*drawn))
    with hold_internal([]):
        figure = draw_two_groups(release(make_table(VALUES)), "figur-4", "Titel", PAIR)
        assert figure._repr_mimebundle_() == {"text/html": ""}
    assert not painted
    draw_two_groups(release(make_table(VALUES)), "figur-4", "Titel", PAIR)
    assert painted


def test_every_colour_has_contrast_to_white():
    for color in (charts.FIRST, charts.SECOND, charts.EVERYBODY, *charts.PARTS, *BALANCE):
        assert sheets.measure_contrast(color, "#FFFFFF") >= 3, color
    assert all(sheets.measure_contrast(color, "#FFFFFF") >= 3 for color in charts.ANSWERS)


def test_what_is_told_apart_by_tone_differs_in_lightness_and_the_rest_by_its_form():
    for scale in ([charts.FIRST, charts.SECOND], charts.LEFT, charts.RIGHT):
        for one, other in pairwise(scale):
            assert sheets.measure_contrast(one, other) >= 3, (one, other)
    assert [filled for _, filled in charts.LOOKS[:2]] == [True, False]
    assert [filled for _, filled in charts.PALE] == [True, False]


def read_dark():
    """{colour: what a dark page has in its place}."""
    return {f"#{one}": other for one, other in re.findall(r"--c(\w{6}):(#\w{6})", read_style())}


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_every_colour_of_a_picture_has_another_on_a_dark_page_that_can_be_seen_there(draw):
    dark, paper = read_dark(), "#14181D"
    used = {*re.findall(r"#[0-9a-f]{6}", draw_once(draw).svg)}
    assert len(used) >= 4 and used <= dark.keys()
    # a shade adds to its number, and stands beside others
    pale = {
        "#ffffff",
        sheets.TRACK.lower(),
        *map(str.lower, (*painting.SHADES[:-1], painting.MIDDLE)),
    }
    for color in used - pale:
        assert sheets.measure_contrast(dark[color], paper) >= 3, color
    assert dark["#ffffff"] == paper
    for text in (sheets.INK, sheets.GREY):
        assert sheets.measure_contrast(dark[text.lower()], paper) >= 4.5
    for tones in (charts.LEFT, charts.RIGHT):
        one, other = (dark[tone.lower()] for tone in tones)
        assert sheets.measure_contrast(one, other) >= 2.9


def test_hindering_and_promoting_are_parted_by_a_line_that_has_contrast_to_both():
    for color in BALANCE[1:3]:
        assert sheets.measure_contrast(color, sheets.INK) >= 3


# What is seen without the cones for red (protanopia) or green (deuteranopia), in linear light:
# Machado, Oliveira and Fernandes 2009, severity 1.
WITHOUT = {
    "red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
# From linear light to the quantities that CIELAB is made of, as parts of white (IEC 61966-2-1).
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
TOGETHER = [
    (charts.FIRST, charts.SECOND),
    (charts.EVERYBODY, *charts.PARTS),
    BALANCE,
    charts.ANSWERS,
]


def see(color, missing):
    """A colour in CIELAB, as it is seen without one kind of cone."""
    channels = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    light = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    light = np.clip(np.array(WITHOUT[missing]) @ light, 0, 1)
    parts = XYZ @ light / XYZ.sum(axis=1)
    root = np.where(parts > (6 / 29) ** 3, np.cbrt(parts), parts * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("missing", WITHOUT)
def test_colours_that_meet_in_a_figure_stay_apart_without_red_or_green(missing):
    for one, other in [pair for colors in TOGETHER for pair in combinations(colors, 2)]:
        assert np.linalg.norm(see(one, missing) - see(other, missing)) > 18, (one, other)


def test_the_simulation_confuses_what_is_known_to_be_confused():
    red, green, blue = "#C00000", "#5A7A00", "#0040C0"
    assert np.linalg.norm(see(red, "green") - see(green, "green")) < 18
    assert np.linalg.norm(see(red, "green") - see(blue, "green")) > 60
    assert see("#FFFFFF", "red") == pytest.approx([100, 0, 0], abs=0.1)


def test_one_colour_means_one_thing_in_all_figures():
    groups, people, balance = (
        {charts.FIRST, charts.SECOND},
        {charts.EVERYBODY},
        set(BALANCE),
    )
    for one, other in combinations((groups, people, balance, set(charts.ANSWERS)), 2):
        assert not one & other
    assert set(charts.PARTS) <= groups | balance


def test_text_beside_marks_has_contrast():
    assert sheets.measure_contrast(sheets.GREY, "#FFFFFF") >= 4.5
    for color in (charts.LEFT[0], charts.RIGHT[1]):  # the words above the sides
        assert sheets.measure_contrast(color, "#FFFFFF") >= 4.5


def test_contrast_is_that_of_wcag():
    assert sheets.measure_contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert sheets.measure_contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


# The picture


@pytest.mark.parametrize("draw", DRAWN)
def test_picture_is_text_in_the_projects_typeface_and_nothing_under_nine_points(draw):
    figure = draw_once(draw)
    for svg, least in ((figure.svg, 9), (figure.narrow, 12)):
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
        assert svg.count("<text") == len(sizes) > 5 and min(sizes) >= least
        assert set(re.findall(r"font-family: ([^;\"]+)", svg)) == {"'IBM Plex Sans'"}
        assert "<style" not in svg and "dc:date" not in svg
    assert crop_svg(figure.svg).startswith("<svg") and 'width="447.8pt"' in crop_svg(figure.svg)
    assert 'width="288pt"' in figure.narrow  # pixels that a screen of 320 has for it


TRACK = re.compile(r'<path d="([^"]+)"[^>]*stroke: #eceae6')
WORDS = re.compile(
    r'<text style="(?:font-weight: (\d+); )?font-size: (\d+)px;[^"]*text-anchor: (\w+)[^"]*"'
    r' x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)'
)


@pytest.mark.parametrize("closed", [(), [("novelty=first", "not")]])
@pytest.mark.parametrize("draw", [draw_values, draw_novelty, draw_sectors])
def test_no_lane_goes_through_a_word(draw, closed):
    figure = draw(closed=closed) if draw is draw_novelty else draw_once(draw)
    for svg in (figure.svg, figure.narrow):
        tracks = [list(map(float, re.findall(r"-?[\d.]+", path))) for path in TRACK.findall(svg)]
        parts = [(line[k], line[k + 2], line[1]) for line in tracks for k in range(0, len(line), 4)]
        crossed, beside = [], 0
        for weight, size, anchor, x, y, text in WORDS.findall(svg):
            width = sheets.measure_text(text, "semibold" if weight else "regular", int(size))
            left = float(x) - (width if anchor == "end" else 0)
            for start, end, lane in parts:
                if abs(float(y) - lane) < int(size) / 2:
                    beside += 1
                    crossed += [text] if start < left + width and end > left else []
        assert beside > 5 and crossed == []


@pytest.mark.parametrize("draw", DRAWN)
def test_both_drawings_show_the_same_words_and_numbers(draw):
    figure = draw_once(draw)
    wide, narrow = (
        "".join("".join(re.findall(r"<text[^>]*>([^<]+)", svg)).split()).replace("-", "")
        for svg in (crop_svg(figure.svg), figure.narrow)
    )
    assert Counter(wide) == Counter(narrow) and len(wide) > 30


@pytest.mark.parametrize("draw", DRAWN)
def test_each_number_is_told_with_its_interval_and_n_where_its_mark_is_pointed_at(draw):
    figure = draw_once(draw)
    for svg in (figure.svg, figure.narrow):
        marks = re.findall(r"<rect[^>]*><title>([^<]+)</title>", svg)
        shown = re.findall(rf">(\d+{NBSP}%)\*?<", svg)
        for number in shown:
            assert [text for text in marks if f": {number}" in text and f"n{NBSP}={NBSP}" in text]
        assert len(marks) >= len(shown) > 2
    if draw is draw_values:
        told = f"Kvalitet, igangsat af andre årsager: 69{NBSP}%{NBSP}(67–71), n{NBSP}={NBSP}1.370"
        assert told in marks


@pytest.mark.parametrize("draw", DRAWN)
def test_same_bytes_again_whatever_styles_the_notebook_has_set(draw):
    first = draw()
    with mpl.rc_context():
        sns.set_theme(
            "poster",
            rc={"savefig.bbox": "tight", "font.family": "DejaVu Sans", "svg.fonttype": "path"},
        )
        settings = dict(mpl.rcParams)
        second = draw()
        assert dict(mpl.rcParams) == settings
    assert first == second
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("draw", DRAWN)
def test_text_is_nine_points_as_placed_in_the_pdf(draw):
    pdf = PdfDocument(
        render_pdf(build_document([("x", make_notebook(code_cell(draw_once(draw))))]))
    )
    sizes = [
        text.get_font_size() * abs(text.get_matrix().d)
        for page in pdf
        for text in page.get_objects(filter=[FPDF_PAGEOBJ_TEXT], max_depth=9)
    ]
    assert len(sizes) > 50 and min(sizes) > 8.999


def read_chunks(png):
    """The parts of a PNG file as (name, content), its signature left out."""
    start = 8
    while start < len(png):
        length = int.from_bytes(png[start : start + 4])
        yield png[start + 4 : start + 8].decode(), png[start + 8 : start + 8 + length]
        start += length + 12


@pytest.mark.parametrize("draw", DRAWN)
def test_picture_in_dots_is_twice_a_screens_and_holds_its_words_and_nothing_of_the_machine(draw):
    figure = draw_once(draw)
    chunks = list(read_chunks(figure.png))
    names = [name for name, _ in chunks]
    assert (
        set(names) == {"IHDR", "pHYs", "tEXt", "iTXt", "IDAT", "IEND"} & set(names)
        and names[-1] == "IEND"
    )
    told = dict(content.split(b"\0", 1) for name, content in chunks if name in ("tEXt", "iTXt"))
    assert set(told) == {b"Title", b"Description", b"Comment"}
    assert "Syntetiske data" in told[b"Comment"].decode(errors="replace")
    assert int.from_bytes(chunks[0][1][:4]) == pytest.approx((447.8 + 2 * 9) / 72 * 192, abs=1)


@pytest.mark.parametrize("draw", DRAWN)
def test_picture_brings_its_own_opaque_white_paper(draw):
    dots = imread(BytesIO(draw_once(draw).png))
    margin = 9 * 192 // 72 - 1  # the last row may be half the picture's
    assert dots[..., 3].min() == 1
    for edge in (dots[:margin], dots[-margin:], dots[:, :margin], dots[:, -margin:]):
        assert edge.min() == 1


@pytest.mark.parametrize("draw", DRAWN)
def test_a_picture_alone_has_title_n_source_and_that_data_are_synthetic_and_a_page_shows_none(draw):
    figure = draw_once(draw)
    words = " ".join(re.findall(r"<text[^>]*>([^<]+)", figure.svg))
    count = re.findall(rf"{NBSP}([\d.]*\d)[;.]", figure.note)[-1]
    place = "Vægtet til hele den offentlige sektor."
    for told in ("Titel", "Syntetiske data.", place, "Kilde: Eget udtræk.", count):
        assert told in words
    for svg in (crop_svg(figure.svg), figure.narrow):
        assert not re.search("Titel|Kilde|Vægtet|[Ss]yntetisk", svg)


def find_points(picture, color):
    """The shares of the points of an edge's colour, from the top down, without the key's."""
    found = [
        (y, x)
        for dots in picture.axes.collections
        if to_hex(dots.get_edgecolor()[0]).upper() == color
        or to_hex(dots.get_facecolor()[0]).upper() == color
        for x, y in dots.get_offsets()
    ]
    return [x for _, x in sorted(found)]


def test_points_lie_at_their_shares_and_keep_their_colours():
    selection = sort_items(select_cells(release(make_table(VALUES), make_tests(VERDICTS)), PAIR))
    sections = [("", selection.items, False, {})]
    picture = paint(charts.paint_two_groups, selection, sections, sheets.WIDE)
    shares = [find_points(picture, color)[1:] for color in (charts.FIRST, charts.SECOND)]
    assert shares == [[cell.share for cell in selection.cells(group)] for group in PAIR]


def test_bars_fill_their_part_of_a_track_that_is_the_whole():
    table = make_table(WHOLE, ["all"])
    selection = select_cells(release(table), ["all"])
    picture = paint(charts.paint_whole_and_parts, selection, "whole", PARTS, sheets.WIDE)
    tracks, filled = (
        [bar.get_width() for bar in picture.axes.patches
         if (to_hex(bar.get_facecolor()).upper() == sheets.TRACK) == track]
        for track in (True, False)
    )  # fmt: skip
    assert tracks == [1] * 5 and sorted(filled) == sorted(share / 100 for _, _, share in WHOLE)
    assert picture.axes.get_xlim()[0] == 0 < 1 < picture.axes.get_xlim()[1]


def paint_sides(closed=(), totals=None):
    released, rows, _ = make_balance({"Ledelsen": [2, 4, 25, 16, 41, 12]}, closed)
    selection = select_cells(released, ["all"], [*chain(*rows["Ledelsen"])])
    added = drawing.join_sides(selection, rows["Ledelsen"])
    words = ["hæmmende", "fremmende"]
    picture = paint(charts.paint_balance, selection, rows, {"Ledelsen": added}, words, sheets.WIDE)
    return {
        to_hex(bar.get_facecolor()).upper(): (bar.get_x(), bar.get_x() + bar.get_width())
        for bar in picture.axes.patches
        if bar.get_height() == bars.STACK
    }


def test_segments_follow_each_other_outwards_from_zero():
    ends = paint_sides()
    drawn = [tuple(round(end, 6) for end in ends[color]) for color in BALANCE]
    assert drawn == [(-0.04, -0.06), (0, -0.04), (0, 0.25), (0.25, 0.41)]


def test_a_side_of_which_the_sum_is_closed_has_no_bar():
    assert {*paint_sides(["Ledelsen0"])} == {*charts.RIGHT}


def draw_summed(per_cents, totals, closed=()):
    released, rows, left_out = make_balance(per_cents, closed)
    cells = [make_cell(f"sum{k}", f"Sum {k}", "all", share, 1877) for k, share in enumerate(totals)]
    released = release(pd.concat([released.table, pd.DataFrame(cells)]), multiple=False)
    return draw_balance(released, "figur-2", "Titel", rows, ["hæmmende", "fremmende"], left_out,
                        totals={"Ledelsen": ["sum0", "sum1"]})  # fmt: skip


def test_a_sides_total_has_its_interval_in_the_table_and_stands_alone_where_an_answer_is_closed():
    per_cents = {"Ledelsen": [2, 4, 25, 16, 41, 12]}
    figure = draw_summed(per_cents, [6, 41])
    rows = {row[0]: row[1] for row in figure.table["rows"]}
    assert rows["Sum 1"] == f"41{NBSP}%{NBSP}(39–43)" and list(rows)[:2] == ["Sum 0", "Sum 1"]
    assert f">41{NBSP}%<" in figure.svg and f">25{NBSP}%<" not in figure.svg
    closed = draw_summed(per_cents, [6, 41], ["Ledelsen2"])
    assert (
        f">41{NBSP}%<" in closed.svg
        and charts.RIGHT[0].lower() not in closed.narrow.split("</text>")[-1]
    )


def test_a_total_that_is_not_the_sum_of_its_answers_is_refused():
    with pytest.raises(ValueError, match="er ikke summen"):
        draw_summed({"Ledelsen": [2, 4, 25, 16, 41, 12]}, [6, 42])


def find_intervals(picture, colors):
    """Ends of the lines of some colours, in the order they are drawn."""
    lines = [line for line in picture.axes.lines if len(set(line.get_xdata())) > 1]
    return [tuple(line.get_xdata()) for line in lines if line.get_color() in colors]


def test_every_open_point_has_its_interval_in_its_colour():
    selection = sort_items(
        select_cells(release(make_table(VALUES, closed={("goals", "other")})), PAIR)
    )
    sections = [("", selection.items, False, {})]
    picture = paint(charts.paint_two_groups, selection, sections, sheets.WIDE)
    for group, color in zip(PAIR, (charts.FIRST, charts.SECOND), strict=True):
        shown = [
            tuple(bars.round_shown([cell.low, cell.high]))
            for cell in selection.cells(group)
            if cells.is_open(cell)
        ]
        assert find_intervals(picture, [color]) == shown and len(shown) >= 5


def test_two_points_on_a_line_are_joined_and_have_no_interval_that_could_not_be_read():
    selection = select_cells(release(make_table(NOVELTY)), PAIR, left_out=["dont_know"])
    sections = [("", selection.items, False, {})]
    picture = paint(charts.paint_two_groups, selection, sections, sheets.WIDE, True)
    assert find_intervals(picture, [sheets.GREY]) == [(0.13, 0.18), (0.58, 0.61), (0.12, 0.17)]
    assert find_intervals(picture, [charts.FIRST, charts.SECOND, sheets.INK]) == []


def test_the_whole_is_a_line_through_its_parts():
    table = make_table([("x", "Igangsat", 27, 35, 13)], ["all", "state", "region"])
    selection = select_cells(release(table), ["all", "state", "region"])
    picture = paint(charts.paint_groups, selection, "all", None, sheets.WIDE)
    (line,) = [line for line in picture.axes.lines if {*line.get_xdata()} == {0.27}
               and len({*line.get_ydata()}) == 2]  # fmt: skip
    ys = [y for dots in picture.axes.collections for _, y in dots.get_offsets()]
    assert min(line.get_ydata()) == min(ys) and max(line.get_ydata()) > max(ys)


def paint(painter, *facts):
    sheets.register_fonts()
    with style.context(["default", drawing.THEME]):
        return painter(*facts)


def longest_labels():
    """The ten longest texts of answers in the shipped questionnaire."""
    labels = {
        label
        for question in read_danish()["questions"].values()
        for key in ("items", "answers")
        for label in question.get(key, {}).values()
        if isinstance(label, str)
    }
    return sorted(labels, key=lambda label: (len(label), label))[-10:]


def awkward_pictures():
    """(name, painter, facts): long labels, closed cells, empty bases, shares of 0 and 1, narrow
    segments.
    """

    def divide(selection, first=()):
        return selection, findings.divide_items(selection, first)

    extremes = [
        ("zero", LONG, 0, 100),
        ("full", "Et svar", 100, 0),
        ("small", "Et andet", 1, 1),
        ("tiny", "Et tredje", 0.4, 99),
    ]
    table = make_table(extremes)
    table.loc[0, "status"] = "exact"
    selection = sort_items(select_cells(release(table, make_tests({"zero": ""})), PAIR))
    yield "extremes", charts.paint_two_groups, *divide(selection)
    yield "extremes, first", charts.paint_two_groups, *divide(selection, ["zero"])
    yield "extremes in a pair", partial(charts.paint_two_groups, pair=True), *divide(selection)
    yield "extremes of one", charts.paint_shares, select_cells(release(table), ["political"])
    everything = make_table(VALUES, closed={(item, group) for item, *_ in VALUES for group in PAIR})
    selection = select_cells(release(everything), PAIR)
    yield "all closed", charts.paint_two_groups, *divide(selection)
    yield "all closed pairs", partial(charts.paint_two_groups, pair=True), *divide(selection)
    yield "all closed bars", charts.paint_shares, select_cells(release(everything), PAIR[:1])
    half = make_table(VALUES, closed={(item, "other") for item, *_ in VALUES})
    selection = select_cells(release(half), PAIR)
    yield "half closed", partial(charts.paint_two_groups, pair=True), *divide(selection)
    empty = pd.DataFrame(
        [
            make_cell(item, label, group, 50, 500, "empty" if group == "other" else "too_few")
            for item, label, *_ in VALUES
            for group in PAIR
        ]
    )
    yield "empty", charts.paint_two_groups, *divide(select_cells(release(empty), PAIR))
    many = [(f"v{k}", f"{LONG} {k}", *[10 * k + 1] * 5) for k in range(4)]
    selection = select_cells(release(make_table(many, list(GROUPS)[:5], n=[90] * 5)), [*GROUPS][:5])
    yield "five groups", charts.paint_answers, selection
    yield "five groups in blocks", charts.paint_groups, selection, "all", "state"
    for name, values, hidden in (
        ("narrow", [1, 1, 1, 1, 90, 6], ()),
        ("wide", [30, 20, 30, 20, 0, 0], ()),
        ("one-sided", [0, 1, 60, 39, 0, 0], ()),
        ("closed sides", [2, 4, 25, 16, 41, 12], ("A0", "A1", "A2", "B3")),
    ):
        released, rows, _ = make_balance({"A": values, LONG[:59]: values}, hidden)
        selection = select_cells(
            released, ["all"], [item for sides in rows.values() for side in sides for item in side]
        )
        totals = {label: drawing.join_sides(selection, members) for label, members in rows.items()}
        yield name, charts.paint_balance, selection, rows, totals, ["hæmmende", "fremmende"]
    for missing in (0, 2, 3):  # all open, most closed, and closed in turn
        shares = [
            (label, label, 90 - 8 * k % 90, 3 + 9 * k % 90)
            for k, label in enumerate(longest_labels())
        ]
        hidden = {
            (label, group)
            for k, (label, *_) in enumerate(shares)
            for group in PAIR
            if (missing == 2 and k % 4) or (missing == 3 and (k + PAIR.index(group)) % 2)
        }
        tests = make_tests(
            {
                label: ("higher", "lower", "no_difference")[k % 3]
                for k, (label, *_) in enumerate(shares)
            },
            closed={item for item, _ in hidden},
        )
        groups = {"political": LONG, "other": f"{LONG} ikke"}
        selection = select_cells(
            release(make_table(shares, closed=hidden), tests), groups if missing else PAIR
        )
        yield (
            f"the registry's longest labels, {len(hidden)} closed",
            charts.paint_two_groups,
            *divide(selection),
        )
    flagged = make_table([("x", LONG, 100, 96)]).assign(flag="[a] [g]")
    yield "flags", charts.paint_two_groups, *divide(select_cells(release(flagged), PAIR))
    table = make_table([("whole", LONG, 99), *WHOLE[1:]], ["all"], {("p2", "all")})
    yield (
        "parts",
        charts.paint_whole_and_parts,
        select_cells(release(table), ["all"]),
        "whole",
        PARTS,
    )


@pytest.mark.parametrize("layout", sheets.LAYOUTS, ids=["wide", "narrow"])
@pytest.mark.parametrize("case", list(awkward_pictures()), ids=lambda case: case[0])
def test_no_text_is_clipped_and_no_two_touch(case, layout):
    _, painter, *facts = case
    sheet = paint(partial(painter, layout=layout), *facts)
    picture = sheet.canvas
    renderer = FigureCanvasAgg(picture).get_renderer()
    width, height = picture.get_size_inches() * picture.dpi
    ticks = sheet.axes.get_yticklabels() + sheet.axes.get_xticklabels()
    texts = [
        text
        for text in picture.findobj(mpl.text.Text)
        if text.get_text() and text.get_visible() and text not in ticks
    ]
    assert texts
    # The height of capitals and figures, not of the whole type body, is what must not meet.
    boxes = [(text.get_text(), text.get_window_extent(renderer).padded(-1)) for text in texts]
    for text, box in boxes:
        assert box.x0 >= -1 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text
    for (one, first), (other, second) in combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across <= 0 or down <= 0.25 * min(first.height, second.height), (one, other)
    solid = (sheets.INK, sheets.GREY, charts.FIRST, charts.SECOND, charts.EVERYBODY)
    for line in (line for line in sheet.axes.lines if line.get_color() in solid):
        (left, right), (y, end) = sorted(line.get_xdata()), line.get_ydata()
        (left, y), (right, end) = sheet.axes.transData.transform([(left, y), (right, end)])
        low, high = sorted([y, end])
        # a line from one to another row crosses no name of a row, which stands to the left
        assert not [
            text
            for text, box in boxes
            if low < high and "%" not in text and box.x0 < left < box.x1
            and min(high, box.y1) > max(low, box.y0)
        ]  # fmt: skip
        if left < right:
            assert left >= 0 and right <= width
            assert not [
                text
                for text, box in boxes
                if box.x0 < right
                and left < box.x1
                and abs(y - (box.y0 + box.y1) / 2) < 0.3 * box.height
            ]


def test_lines_are_no_wider_than_asked_and_lose_no_letter():
    wrapped = sheets.wrap_text(LONG, 80)
    assert all(sheets.measure_text(line) <= 80 for line in wrapped.split("\n"))
    assert re.sub(r"-?\n| ", "", wrapped) == LONG.replace(" ", "")
    assert sheets.wrap_text(f"57{NBSP}%", 5).count("\n") > 0  # never an endless loop


# Order, verdicts, closed cells


def test_largest_first_closed_after_the_open_and_residual_answers_last():
    table = make_table(VALUES, closed={("quality", "political")})
    order = sort_items(select_cells(release(table), PAIR)).items
    assert order == ("goals", "efficiency", "satisfaction", "quality", "other_value", "dont_know")
    rows = [row[0] for row in draw_values().table["rows"]]
    assert rows[:2] == ["Kvalitet", "Indfrielse af politiske mål"]
    assert rows[-2:] == ["Anden værdi", "Ved ikke"]


def test_what_stands_first_is_above_all_with_its_verdict_in_words():
    selection = sort_items(
        select_cells(release(make_table(VALUES), make_tests(VERDICTS)), PAIR), ["efficiency"]
    )
    (first, *others) = findings.divide_items(selection, ["efficiency"])
    assert first == ("", ["efficiency"], False, {"efficiency": "sjældnere"})
    assert [heading for heading, *_ in others] == [
        "Igangsat af politiske beslutninger oftere",
        "Ingen sikker forskel",
        "Igangsat af politiske beslutninger sjældnere",
    ]


def test_verdict_stands_in_words_in_picture_and_table():
    figure = draw_values()
    words = [row[-1] for row in figure.table["rows"]]
    assert words == [
        "ingen sikker forskel",
        "oftere",
        "sjældnere",
        "sjældnere",
        *["ingen sikker forskel"] * 2,
    ]
    for svg in (figure.svg, figure.narrow):
        lines = re.findall(r"<text[^>]*>([^<]+)", crop_svg(svg))
        order = [
            "Igangsat af politiske beslutninger oftere",
            "Indfrielse af politiske mål",
            "Ingen sikker forskel",
            "Kvalitet",
            "Igangsat af politiske beslutninger sjældnere",
            "Effektivitet",
            "Medarbejdertilfredshed",
        ]
        tops = dict(zip(lines, find_tops(svg), strict=True))
        assert sorted(order, key=tops.get) == order
        assert not {"Anden værdi", "Ved ikke"} & {*lines}


def find_tops(svg):
    """How far down each text of a picture lies."""
    return [
        float(y) for y in re.findall(r"<text[^>]*?transform=\"[^\"]*? ([\d.]+)\)", crop_svg(svg))
    ]


def test_a_word_stands_below_each_answer_of_a_distribution_that_is_tested():
    tests = make_tests({"first": "lower", "inspired": "no_difference", "copy": "higher"})
    released = release(make_table(NOVELTY), tests, residual=("dont_know",), multiple=False)
    figure = draw_distribution(released, "figur-3", "Titel", PAIR, ["dont_know"])
    for svg in (figure.svg, figure.narrow):
        words = re.findall(r">(oftere|sjældnere|ingen sikker forskel)<", svg)
        assert words == ["sjældnere", "ingen sikker forskel", "oftere"]
    assert [row[-1] for row in figure.table["rows"]][:3] == words
    assert not re.search(">(oftere|sjældnere)<", draw_novelty().svg)


def test_a_comparison_made_the_other_way_round_is_turned():
    tests = make_tests({"goals": "lower"}, "other", "political")
    selection = select_cells(release(make_table(VALUES), tests), PAIR)
    assert cells.name_verdict(selection, "goals") == "oftere"
    assert cells.name_verdict(selection, "quality") == "ikke testet"


def test_without_comparisons_there_are_no_verdicts():
    figure = draw_two_groups(release(make_table(VALUES)), "figur-4", "Titel", PAIR)
    assert "Forskel" not in figure.table["columns"] and "forskel" not in figure.svg
    assert "sikker forskel" not in figure.alt


def test_closed_cells_are_told_in_words_in_pictures_and_named_nowhere_in_the_alternative():
    closed = {("goals", "political"), ("dont_know", "political")}
    tests = make_tests(VERDICTS, closed={"goals", "dont_know"})
    figure = draw_two_groups(
        release(make_table(VALUES, closed=closed), tests), "figur-4", "Titel", PAIR
    )
    rows = {row[0]: row[1:] for row in figure.table["rows"]}
    assert rows["Indfrielse af politiske mål"] == ["[c]", f"25{NBSP}%{NBSP}(23–27)", "[c]"]
    for svg in (figure.svg, figure.narrow):
        assert svg.count(">fortroligt<") == 1 and svg.count(">Kan ikke sammenlignes<") == 1
        assert "[c]" not in svg and f"57{NBSP}%" not in svg
    assert "politiske mål" not in figure.alt and "[c]" not in figure.alt
    assert "[c]: vises ikke" in figure.payload["key"]


@pytest.mark.parametrize(
    "draw, closed",
    [
        (draw_role, {("whole", "all")}),
        (draw_role, {(item, "all") for item, *_ in WHOLE}),
        (draw_novelty, {(item, "political") for item, *_ in NOVELTY}),
        (draw_novelty, {("first", "other"), ("dont_know", "other")}),
        (draw_one_group, {("quality", "all")}),
        (draw_influence, {"Ledelsen0", "Ledelsen5"}),
        (draw_influence, {f"{row}{k}" for row in ("Ledelsen", "Lovgivning") for k in range(6)}),
        (draw_sectors, {("x", "region")}),
        (draw_sectors, {("x", group) for group in ("region", "state", "municipality")}),
    ],
)
def test_closed_cells_in_every_kind_of_figure(draw, closed):
    figure = draw(closed)
    texts = (figure.svg, figure.note, figure.alt, str(figure.table))
    assert not any(re.search(r"\bnan\b", text) for text in texts)
    assert ">fortroligt<" in figure.svg and ">fortroligt<" in figure.narrow
    assert "[c]" in str(figure.table["rows"]) and "[c]: vises ikke" in figure.payload["key"]
    assert "[c]" not in figure.alt and figure.alt.endswith("Tal i tabellen bag figuren.")


def test_a_mean_of_many_that_is_uncertain_is_not_said_to_have_few_answers():
    cell = SimpleNamespace(label="Pris", status="[u]", share=nan, n=530, measure="number2")
    selection = SimpleNamespace(cell=lambda *_: cell, groups={"all": "Alle"})
    assert cells.write_drawn(cell) == "for usikkert"
    assert str(cells.describe_cell(selection, "q", "all")) == "Pris: for usikkert"
    assert cells.write_drawn(SimpleNamespace(**vars(cell) | {"measure": "share"})) == "for få svar"


def test_a_sum_with_a_closed_part_is_not_shown():
    figure = draw_influence({"Ledelsen0", "Ledelsen5"})
    assert f">6{NBSP}%<" not in figure.svg and "hæmmende. Lovgivning" not in figure.alt
    assert f">41{NBSP}%<" in figure.svg


# Words


def test_note_has_question_base_what_is_left_out_and_n():
    note = draw_values().note
    assert note.replace(NBSP, " ") == (
        "Spørgsmål: »Hvilken værdi?« Spurgt: arbejdspladser med mindst én innovation. "
        "Ikke vist: »Anden værdi« og »Ved ikke«. "
        "n: igangsat af politiske beslutninger 507; igangsat af andre årsager 1.370. "
        "Syntetiske data."
    )


@pytest.mark.parametrize("draw", DRAWN)
def test_note_is_short(draw):
    note = draw_once(draw).note
    assert 5 < notes.count_words(note) <= 40 and "n" in note


@pytest.mark.parametrize("words", [5, 15, 30, 60])
def test_note_stays_short_with_a_long_question_and_keeps_n(words):
    figure = draw_values(question=" ".join(["ord"] * words) + "?", base_text="folk " * 20)
    assert notes.count_words(figure.note) <= 40
    assert f"andre årsager{NBSP}1.370." in figure.note and "Syntetiske data." in figure.note
    assert ("ord ord" in figure.note) == (words < 20)


def test_a_note_without_room_for_who_was_asked_says_that_not_everybody_was():
    note = draw_values(base_text="folk " * 20).note
    assert "Ikke alle er spurgt." in note and "folk" not in note
    assert "Ikke alle" not in draw_values(base_text="folk " * 20, asked="all").note


def test_a_figure_of_everybody_in_a_report_on_a_part_says_so_where_no_group_does():
    told = "Omfatter hele den offentlige sektor."
    assert told in draw_values(part="region").note
    assert told in draw_values(part="region", question=" ".join(["ord"] * 60)).note
    assert told not in draw_values().note
    about = draw_values(part="region", domain="region", part_label="Regionerne").note
    assert "Omfatter" not in about
    parts = {"sector=state": "Staten", "sector=region": "Regionerne"}
    about = release(make_table(VALUES), part="region").about
    assert notes.describe_whole(about, parts) == notes.describe_whole(about, {"all": "Hele"}) == ""
    assert notes.describe_whole(about, {"field=x": "Sundhed"}) == told


def test_note_counts_what_is_left_out_where_there_is_no_room_for_names():
    values = [*VALUES[:3], *((f"r{k}", f"{LONG} {k}", 3, 4) for k in range(6))]
    released = release(make_table(values), residual=tuple(f"r{k}" for k in range(6)))
    note = draw_two_groups(released, "figur-4", "Titel", PAIR).note
    assert "Ikke vist: 6 svar, som står i tabellen." in note and notes.count_words(note) <= 40


def test_n_is_in_the_table_where_there_are_too_many_groups_for_a_note():
    groups = {name: f"{LONG} {name}" for name in [*GROUPS][:5]}
    table = make_table([("x", "Andel", 10, 20, 30, 40, 50)], list(groups), n=[90] * 4 + [80])
    note = draw_groups(release(table), "figur-6", "Titel", ["x"], groups).note
    assert "n står i tabellen." in note and notes.count_words(note) <= 40


@pytest.mark.parametrize(
    "p, alpha, tends",
    [
        (0.05, 0.05, True),
        (0.0999, 0.05, True),
        (0.10, 0.05, False),
        (0.02, 0.01, False),
        (0.12, 0.10, False),
    ],
)
def test_a_tendency_is_told_in_the_same_words_at_the_row_in_the_table_and_the_alternative_text(
    p, alpha, tends
):
    tests = make_tests({"goals": "no_difference", "quality": "no_difference"}).assign(p=[p, 0.5])
    figure = draw_two_groups(
        release(make_table(VALUES), tests, alpha=alpha), "figur-4", "Titel", PAIR
    )
    row = next(row for row in figure.table["rows"] if row[0] == "Indfrielse af politiske mål")
    assert row[-1] == ("tendens til oftere" if tends else "ingen sikker forskel")
    assert ("tendens til oftere" in figure.svg) == ("tendens til oftere" in figure.narrow) == tends
    assert (" Tendens til oftere: Indfrielse af politiske mål, " in figure.alt) == tends
    assert "Ingen sikker forskel" in figure.alt


def test_a_tendency_of_a_whole_table_is_told_in_the_alternative_text():
    figure = draw_novelty(verdict="no_difference", p=0.07)
    assert "Ingen sikker forskel samlet set, men en tendens." in figure.alt


def test_a_flag_stands_at_the_number_in_picture_and_table_and_is_explained_in_words():
    table = make_table(VALUES).assign(flag="")
    table.loc[(table["item"] == "goals") & (table["group"] == "political"), "flag"] = "[ø]"
    figure = draw_two_groups(release(table, make_tests(VERDICTS)), "figur-4", "Titel", PAIR)
    assert f">57{NBSP}%*<" in figure.svg and f">25{NBSP}%<" in figure.svg
    assert [row[1] for row in figure.table["rows"] if row[0] == "Indfrielse af politiske mål"] == [
        f"57{NBSP}%{NBSP}(53–61){NBSP}[ø]"
    ]
    assert f"*{NBSP}med forbehold, se tabellen." in figure.note
    assert "[ø]: tallet er sikkert nok" in figure.payload["key"]
    assert (
        f"57{NBSP}pct. (med forbehold) mod 25{NBSP}pct." in figure.alt and "[ø]" not in figure.alt
    )
    assert {row["shown"] for row in figure.trace if row.get("flag") == "[ø]"} == {
        f"57{NBSP}%",
        f"57{NBSP}pct.",
    }


def test_a_census_has_no_intervals_and_the_note_says_why():
    table = make_table(VALUES).assign(status="complete", low=nan, high=nan)
    note = draw_two_groups(release(table), "figur-4", "Titel", PAIR).note
    assert "har noget interval, er det, fordi alle er spurgt." in note


def test_labels_may_hold_braces_and_quotes():
    values = [(item, f'{{{label}}} "x"', *shares) for item, label, *shares in VALUES]
    note = draw_two_groups(
        release(make_table(values), make_tests(VERDICTS)), "figur-4", "Titel", PAIR
    ).note
    assert '»{Anden værdi} "x"« og' in note


def test_note_of_everybody_and_of_real_data():
    note = draw_values(asked="all", synthetic=False).note
    assert "Spurgt" not in note and "yntetisk" not in note
    words = draw_values(part="region", part_label="Regionerne", synthetic=False).svg
    assert "Vægtet til regionerne. Kilde: Eget udtræk." in words and "yntetisk" not in words


def test_a_person_can_write_what_the_figure_shows():
    figure = draw_two_groups(
        release(make_table(VALUES)), "figur-4", "Titel", PAIR, shows="Figuren viser værdi."
    )
    assert figure.note.startswith("Figuren viser værdi. Spurgt")


def test_n_is_a_range_when_items_have_different_bases():
    table = make_table(VALUES)
    table.loc[(table["item"] == "quality") & (table["group"] == "other"), "n"] = 1204
    assert (
        f"andre årsager{NBSP}1.204–1.370."
        in draw_two_groups(release(table), "figur-4", "Titel", PAIR).note
    )


@pytest.mark.parametrize("draw", DRAWN)
def test_alternative_is_short_and_not_the_title(draw):
    figure = draw_once(draw)
    assert (
        len(figure.alt) <= 500
        and figure.alt != figure.title
        and figure.alt.endswith("Tal i tabellen bag figuren.")
    )
    assert len(re.findall(r"\d+\spct\.", figure.alt)) >= 2


def test_alternative_names_every_sure_difference_and_what_is_none():
    alt = draw_values().alt.replace(NBSP, " ")
    assert (
        "Oftere i den første gruppe: Indfrielse af politiske mål, 57 pct. mod 25 pct. "
        "Sjældnere: Medarbejdertilfredshed, 37 pct. mod 51 pct.; Effektivitet, 37 pct. mod 45 pct. "
        "Ingen sikker forskel: Kvalitet. "
    ) in alt
    assert "Anden værdi" not in alt  # not in the picture


def test_alternative_of_a_distribution_tells_its_largest_share_and_where_the_groups_differ_most():
    alt = draw_novelty().alt.replace(NBSP, " ")
    assert "Størst andel: Inspireret, men tilpasset, 58 pct. mod 61 pct. " in alt
    assert "Størst afstand: En kopi, 17 pct. mod 12 pct. " in alt


def test_alternative_says_how_many_numbers_are_closed():
    assert "kan ikke vises" not in draw_values().alt
    closed = {("goals", "political"), ("dont_know", "political"), ("dont_know", "other")}
    tests = make_tests(VERDICTS, closed={"goals", "dont_know"})
    figure = draw_two_groups(
        release(make_table(VALUES, closed=closed), tests), "figur-4", "Titel", PAIR
    )
    assert figure.alt.endswith(" 1 tal kan ikke vises. Tal i tabellen bag figuren.")


def test_alternative_stays_short_with_long_labels():
    values = [(item, f"{LONG} {item}", *shares) for item, _, *shares in VALUES]
    groups = {"political": LONG, "other": f"{LONG} ikke"}
    alt = draw_two_groups(
        release(make_table(values), make_tests(VERDICTS)), "figur-4", "Titel", groups
    ).alt
    assert len(alt) <= 500 and alt.endswith("Tal i tabellen bag figuren.")


def test_table_has_share_interval_and_n_per_group_as_text():
    table = draw_values().table
    assert table["columns"][1] == f"Igangsat af politiske beslutninger (n{NBSP}={NBSP}507)"
    assert table["rows"][1] == [
        "Indfrielse af politiske mål",
        f"57{NBSP}%{NBSP}(53–61)",
        f"25{NBSP}%{NBSP}(23–27)",
        "oftere",
    ]
    assert table["columns"][3:] == ["Forskel"] and table["numeric"] == [False, True, True, False]
    # left out of the picture, not of the table
    assert draw_novelty().table["rows"][-1][0] == "Ved ikke"


@pytest.mark.parametrize(
    ("share", "low", "high", "text"),
    [
        (0.0029, 0.0020, 0.0042, "under 0,5 % (under 0,5–under 0,5)"),
        (0.01, 0.004, 0.02, "1 % (under 0,5–2)"),
        (0.99, 0.98, 0.997, "99 % (98–over 99,5)"),
        (0.0, 0.0, 0.08, "0 % (0–8)"),
        (1.0, 0.92, 1.0, "100 % (92–100)"),
    ],
)
def test_an_end_of_an_interval_is_0_or_100_only_where_it_is_so(share, low, high, text):
    cell = make_cell("quality", "Kvalitet", "political", 50) | {
        "share": share,
        "low": low,
        "high": high,
    }
    released = release(pd.DataFrame([cell]))
    shown = draw_groups(released, "figur-6", "Titel", ["quality"], {"political": "Ja"}).table[
        "rows"
    ][0][1]
    assert shown.replace(NBSP, " ") == text
    assert " " not in shown.partition("%")[2]  # the parenthesis stays on a line with its number


def test_table_of_groups_has_share_with_interval_and_n():
    table = draw_sectors({("x", "region")}).table
    assert table["columns"] == ["Gruppe", "Igangsat af politiske beslutninger", "n"]
    assert table["rows"][0] == ["Staten", f"35{NBSP}%{NBSP}(32–38)", "1.370"]
    assert table["rows"][2][:2] == ["Regionerne", "[c]"]


def test_groups_may_be_given_labels():
    groups = {"political": "Politik", "other": "Andet"}
    figure = draw_two_groups(release(make_table(VALUES)), "figur-4", "Titel", groups)
    assert ">Politik<" in figure.svg and f"n: politik{NBSP}507; andet{NBSP}1.370." in figure.note


def test_an_empty_base_and_a_share_without_limits():
    table = pd.DataFrame(
        [
            make_cell("a", "A", "political", 50, 500, "too_few"),
            make_cell("a", "A", "other", 0, 1, "empty"),
        ]
    )
    figure = draw_two_groups(release(table), "figur-4", "Titel", PAIR)
    assert figure.table["rows"] == [["A", f"50{NBSP}%", "ingen svar"]]
    assert ">ingen svar<" in figure.svg
    assert "Hvor en andel ikke har noget interval, er det, fordi der er for få svar." in figure.note


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="to grupper"):
        draw_two_groups(release(make_table(VALUES)), "figur-4", "Titel", ["political"])
    many = make_table([("x", "X", *[10] * 6)], list(GROUPS), n=[90] * 6)
    with pytest.raises(ValueError, match="højst 5"):
        draw_distribution(release(many), "figur-3", "Titel", [*GROUPS])
    with pytest.raises(KeyError, match="unknown"):
        draw_groups(release(make_table(VALUES)), "figur-6", "Titel", ["unknown"], PAIR)


def test_a_sheet_of_many_rows_leaves_room_on_its_page_for_the_heading_it_belongs_to():
    """Five answers of five groups, and one answer of them, whose rows stand as far apart as ever."""
    block = [sheets.Row("Svar", 0), *[sheets.Row(f"Gruppe {at}") for at in range(5)]]
    assert sheets.open_sheet(sheets.WIDE, block * 5).height < sheets.TALL + 10
    few = sheets.open_sheet(sheets.WIDE, block).places
    assert few[2][0] - few[1][0] == sheets.WIDE.line + 6
