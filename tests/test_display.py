"""What a cell shows: payload, picture and text side by side, and nothing half-made."""

from html.parser import HTMLParser

import pytest

from barometer.display import Prose, SurveyNotice, Table, name_id
from barometer.document.document import build_document
from barometer.files.images import clean_svg
from barometer.paths import TEMPLATES
from barometer.payloads import MIME
from barometer.pictures import describe_svg
from barometer.report.html import render_html
from tests.make.samples import (
    ALT,
    DOT,
    SURVEY,
    code_cell,
    draw_bars,
    make_figure,
    make_notebook,
    number_table,
)

HOSTILE = '<script>alert("x")</script> & _a_ #1 $x$ {{ 7 }}'


class Tags(HTMLParser):
    """Collects the start tags of a page."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_figure_carries_payload_picture_and_html():
    bundle = make_figure()._repr_mimebundle_()
    assert bundle[MIME]["kind"] == "figure" and bundle[MIME]["alt"] == ALT
    assert bundle["image/svg+xml"] == clean_svg(draw_bars()) and bundle["image/png"] == DOT
    assert "Figur 4" in bundle["text/html"] and "Figur 4" in bundle["text/plain"]


@pytest.mark.parametrize("alt", ["", "   ", None])
def test_figure_without_alternative_text_is_refused(alt):
    with pytest.raises(ValueError, match="figur-4: figuren mangler alternativ tekst"):
        make_figure(alt=alt)


def test_figure_whose_alternative_text_repeats_the_title_is_refused():
    with pytest.raises(ValueError, match="gentager blot titlen"):
        make_figure(alt="En titel", title="En titel")


@pytest.mark.parametrize("png", [b"", b"<svg/>"])
def test_figure_without_its_picture_in_dots_is_refused(png):
    with pytest.raises(ValueError, match="figur-4: figuren mangler billedet i punkter"):
        make_figure(png=png)


def test_figure_whose_picture_could_run_something_is_refused():
    with pytest.raises(ValueError, match="onload"):
        make_figure(svg='<svg onload="alert(1)"></svg>')


def test_picture_gets_role_alternative_text_and_ids_of_its_own():
    svg, _ = describe_svg(draw_bars(), 'Søjler med "ord"', "figur-4")
    assert ' role="img" aria-label="Søjler med &quot;ord&quot;"' in svg[: svg.index(">")]
    assert 'id="figur-4-area"' in svg and "url(#figur-4-area)" in svg


def test_table_headers_have_scope_and_the_table_a_caption():
    tags = Tags(Table("Titel", number_table())._repr_mimebundle_()["text/html"]).found
    scopes = [attrs["scope"] for tag, attrs in tags if tag == "th"]
    assert scopes == ["col"] * 4 + ["row"] * 7
    assert "caption" in [tag for tag, _ in tags]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"rows": [["a"]]}, "1 celler"),
        ({"rows": [["a", 1, "b", "c"]]}, "er ikke tekst"),
        ({"numeric": [True]}, "numeric"),
        ({"columns": []}, "columns"),
    ],
)
def test_table_of_unequal_rows_or_unformatted_numbers_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Table("Titel", {**number_table(), **change})


def test_hostile_text_is_escaped_for_the_screen():
    table = {"columns": [HOSTILE, "n"], "rows": [[HOSTILE, "1"]], "numeric": [False, True]}
    for shown in (
        Table(HOSTILE, table, HOSTILE),
        make_figure(title=HOSTILE, alt=HOSTILE + "!", note=HOSTILE),
    ):
        assert "script" not in [
            tag for tag, _ in Tags(shown._repr_mimebundle_()["text/html"]).found
        ]


def test_prose_is_the_same_text_on_screen_and_in_the_payload():
    bundle = Prose("**Tekst**", "p1")._repr_mimebundle_()
    assert bundle[MIME] == {"kind": "prose", "id": "p1", "markdown": "**Tekst**", "trace": []}
    assert bundle["text/markdown"] == "**Tekst**"


def test_survey_notice_says_which_data_and_cannot_format_itself():
    bundle = SurveyNotice({**SURVEY, "notice": "*Syntetiske* data"})._repr_mimebundle_()
    assert bundle[MIME]["kind"] == "survey" and bundle[MIME]["part"] == "all"
    assert r"\*Syntetiske\* data" in bundle["text/markdown"]


def test_id_gives_the_number():
    assert [name_id("figur-4"), name_id("tabel-12"), name_id(None)] == ["Figur 4", "Tabel 12", ""]


def test_what_jupyterlab_draws_of_a_figure_and_a_table_is_what_the_page_has():
    table = {**number_table(), "numeric": [False, True, True, True]}
    shown = make_figure(), Table("En <titel>, 2018-2019", table, "Noten [c]", "tabel-7")
    page = render_html(build_document([("01_a", make_notebook(*map(code_cell, shown)))]))
    style = (TEMPLATES / "exhibits.css").read_text(encoding="utf-8")
    assert style in page
    for one in shown:
        html = one._repr_mimebundle_()["text/html"]
        drawn = html.partition("</style>")[2].removesuffix("</div>")
        assert style in html and drawn in page and "<table>" in drawn and "<th scope" in drawn
