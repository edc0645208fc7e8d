"""The files of a report's figures: each stands alone, and none holds more than the page does."""

import base64
from dataclasses import replace
from io import StringIO
from xml.etree import ElementTree

from barometer.disclosure.release import release_differences
from barometer.document.cleaning import normalise_notebook
from barometer.figures.drawing import draw_two_groups
from barometer.report.folder import complete_svg, write_pictures
from tests.make.samples import ALT, DOT, NOTE, code_cell, draw_bars, make_figure, make_notebook
from tests.make.shipped import INITIATION, open_shipped

SVG = "{http://www.w3.org/2000/svg}"


def complete(**changes):
    return complete_svg(draw_bars(), {"title": "T", "alt": "A", "note": "N", **changes})


def test_each_figure_gets_a_picture_in_lines_one_in_dots_and_its_numbers(tmp_path):
    write_pictures(
        tmp_path, make_notebook(code_cell(make_figure()), code_cell(make_figure("figur-5")))
    )
    names = [f"figur-{number}.{kind}" for number in (4, 5) for kind in ("csv", "png", "svg")]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "figur-4.png").read_bytes() == base64.b64decode(DOT)
    ElementTree.parse(tmp_path / "figur-4.svg")


def test_svg_file_tells_title_description_and_note_first():
    root = ElementTree.parse(StringIO(complete(title="A < B", alt=ALT, note=NOTE))).getroot()
    assert [part.tag for part in root[:2]] == [SVG + "title", SVG + "desc"]
    assert root[0].text == "A < B" and root[1].text == f"{ALT} {NOTE}"
    assert root.get("role") == "img" and root.get("aria-labelledby").split() == [
        root[0].get("id"),
        root[1].get("id"),
    ]


def test_svg_file_brings_the_faces_it_uses_and_no_others():
    bold = draw_bars().replace('font-size="9"', 'style="font-size: 9px; font-weight: 600"')
    plain = draw_bars().replace('font-size="9"', 'style="font-size: 9px"')
    counts = [
        complete_svg(svg, {"title": "T", "alt": "A", "note": "N"}).count("@font-face")
        for svg in (plain, bold)
    ]
    assert counts == [1, 2]
    assert "http" not in complete().replace("http://www.w3.org/", "")


def test_picture_in_dots_survives_that_a_notebook_is_cleaned_of_this_machines_paths():
    dots = base64.b64decode(DOT) + bytes(2) + base64.b64decode("/srv/ipykernel+1" * 2)
    assert "/srv/" in base64.b64encode(dots).decode()
    notebook = normalise_notebook(make_notebook(code_cell(make_figure(png=dots))), "/srv")
    assert base64.b64decode(notebook.cells[-1].outputs[0].data["image/png"]) == dots


def test_svg_file_has_white_paper_around_the_picture():
    root = ElementTree.parse(StringIO(complete())).getroot()
    box, paper = root.get("viewBox").split(), root.find(SVG + "rect")
    width, height = (float(length) for length in box[2:])
    assert box[:2] == ["-9", "-9"] and width == 448 + 18 and root.get("width") == "466pt"
    assert [paper.get(key) for key in ("x", "y", "width", "height", "fill")] == [*box, "#fff"]
    assert [part.tag for part in root].index(SVG + "rect") < [part.tag for part in root].index(
        SVG + "g"
    )
    assert height == 24 + 38 * 7 + 18


def test_a_picture_measured_with_a_ruler_tells_no_more_than_its_numbers():
    """Bars and intervals are as long as the whole per cents that are written, not as the shares
    behind them.
    """
    survey = open_shipped()
    for more, less in ((0.3749, 0.3651), (0.0249, 0.0151)):
        released = release_differences(survey, survey.question("value"), *INITIATION)
        pictures = []
        for share in (more, less):
            open_cells = released.table["status"] == ""
            table = released.table.assign(
                share=released.table["share"].mask(open_cells, share),
                low=released.table["low"].mask(open_cells, share - 0.01),
                high=released.table["high"].mask(open_cells, share + 0.01),
            )
            pictures.append(
                draw_two_groups(replace(released, table=table), "figur-4", "Titel", INITIATION).svg
            )
        assert pictures[0] == pictures[1]
