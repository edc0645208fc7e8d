"""Executed notebooks → document model: what is read, and every reason to refuse."""

import copy
import json

import nbformat
import nbformat.v4 as v4
import pytest

from barometer.display import Prose, Table
from barometer.document.document import build_document
from barometer.document.imprint import read_front
from barometer.document.markdown import DocumentError, plain_text
from barometer.paths import NOTEBOOKS
from barometer.payloads import MIME
from barometer.version import name_version, number_version
from tests.make.samples import (
    code_cell,
    make_figure,
    make_notebook,
    make_report,
    markdown_cell,
    number_table,
)


def read(*cells, **keywords):
    """The only chapter of a notebook with these cells after its title and its survey (cells 1 and
    2).
    """
    return build_document([("prøve", make_notebook(*cells, **keywords))])["chapters"][0]


def shown(**data):
    """A code cell showing raw data by MIME type (underscore for slash)."""
    return code_cell(
        v4.new_output(
            "display_data", data={key.replace("_", "/"): text for key, text in data.items()}
        )
    )


def figure_cell(**payload):
    """A figure whose payload was changed after it left display.py, as a hand-made notebook
    could.
    """
    bundle = make_figure()._repr_mimebundle_()
    return code_cell(
        v4.new_output("display_data", data={**bundle, MIME: {**bundle[MIME], **payload}})
    )


def picture_cell(svg):
    """A figure whose picture was changed so."""
    bundle = make_figure()._repr_mimebundle_()
    return code_cell(v4.new_output("display_data", data={**bundle, "image/svg+xml": svg}))


def test_report_has_chapters_with_every_kind_of_block():
    document = build_document(make_report())
    assert [c["title"] for c in document["chapters"]] == [
        "Hvad får politikerne ud af det?",
        "Hvordan er tallene til?",
    ]
    kinds = {block["type"] for chapter in document["chapters"] for block in chapter["blocks"]}
    assert kinds == {
        "paragraph",
        "heading",
        "list",
        "blockquote",
        "quote",
        "box",
        "figure",
        "table",
        "code",
        "rule",
    }


def test_document_is_plain_data():
    document = build_document(make_report())
    assert json.loads(json.dumps(document)) == document


def test_notebooks_are_not_changed_by_reading_them():
    report = make_report()
    before = copy.deepcopy(report)
    build_document(report)
    assert report == before


def test_colophon_tells_how_to_cite_what_may_be_reused_version_and_date_and_origin_of_the_data():
    facts = dict(
        build_document([("x", make_notebook(survey={"licence": "CC BY 4.0"}))])["meta"]["facts"]
    )
    assert facts["Citeres"] == (
        "Barometer-projektet (2026): »Fornyelse fra oven. Når politikerne sætter præg på offentlig "
        "innovation« (Den "
        f"offentlige sektor). Version {number_version()}. Data dateret 23. november 2026. Bygger "
        f"på syntetiske data."
    )
    assert facts["Version"] == name_version() and facts["Licens for data"] == "CC BY 4.0"
    assert "MIT" in facts["Genbrug"] and facts["Datas art"].startswith("Syntetiske data")


def test_the_office_may_set_identifier_and_citation():
    front = {**read_front(None), "identifiers": {"DOI": "10.1234/5678"}, "cite": "Kontoret (2026)"}
    facts = dict(build_document([("x", make_notebook())], front)["meta"]["facts"])
    assert (facts["DOI"], facts["Citeres"]) == ("10.1234/5678", "Kontoret (2026)")


def test_front_matter_and_survey_make_the_meta():
    meta = build_document(make_report())["meta"]
    assert meta["title"] == "Fornyelse fra oven"
    assert (meta["part_label"], meta["data_title"], meta["date_text"]) == (
        "Den offentlige sektor",
        "Innovationsbarometeret, tredje runde",
        "23. november 2026",
    )
    assert "COI" in meta["reservation"] and "maj 2021" in meta["source"]


def test_reuse_and_citation_speak_of_synthetic_data_only_where_they_are():
    about = {"synthetic": False, "notice": "", "citation": "Mikrodata"}
    synthetic, real = (
        dict(build_document([("x", make_notebook(survey=survey))])["meta"]["facts"])
        for survey in ({}, about)
    )
    assert (
        synthetic["Citeres"].endswith("Bygger på syntetiske data.")
        and "yntetisk" not in real["Citeres"]
    )
    assert "yntetisk" not in real["Genbrug"]
    assert real["Datas art"] == "Svar fra virkelige arbejdspladser"


def test_notebook_files_are_read_by_path(tmp_path):
    path = tmp_path / "03_kapitel.ipynb"
    nbformat.write(make_notebook(), path)
    assert build_document([path])["chapters"][0]["name"] == "03_kapitel"
    path.write_text("{")
    with pytest.raises(DocumentError, match="kan ikke læses"):
        build_document([path])


def test_figure_number_follows_its_id_also_when_the_chapter_stands_alone():
    assert read(code_cell(make_figure("figur-7")))["blocks"][0]["label"] == "Figur 7"


def named_cells(*ids):
    return [figure_cell(id=one) for one in ids]


def test_figures_are_numbered_in_reading_order_whatever_their_names():
    blocks = read_blocks(*named_cells("zebra", "apes", "values-by-group"))
    told = [(block["id"], block["label"]) for block in blocks if block["type"] == "figure"]
    assert told == [("zebra", "Figur 1"), ("apes", "Figur 2"), ("values-by-group", "Figur 3")]


def test_a_figure_put_in_front_renumbers_the_others_and_the_links_to_them():
    text = markdown_cell("Se [Figur](#zebra), [figur](#apes) og [her](#apes).")
    assert "Se Figur 1, figur 2 og her." in tell_text(text, *named_cells("zebra", "apes"))
    assert "Se Figur 2, figur 3 og her." in tell_text(text, *named_cells("new", "zebra", "apes"))


def test_an_id_with_a_number_keeps_it_and_the_others_take_what_is_left():
    blocks = read_blocks(*named_cells("apes", "figur-1", "zebra"))
    assert [one["label"] for one in blocks if one["type"] == "figure"] == [
        "Figur 2",
        "Figur 1",
        "Figur 3",
    ]


def test_a_link_to_a_figure_of_another_chapter_says_where_it_is():
    text = markdown_cell("Det står i [Figur](#elsewhere); se [Tabel](#gone).")
    told = tell_text(text, *named_cells("apes"))
    assert "i en figur i den samlede rapport; se en tabel i den samlede rapport." in told


def test_a_heading_gives_way_to_a_figure_of_the_same_name():
    blocks = read_blocks(markdown_cell("## Apes"), *named_cells("apes"))
    assert [block["id"] for block in blocks] == ["apes-2", "apes"]


def read_blocks(*cells):
    return read(*cells)["blocks"]


def tell_text(*cells):
    return " ".join(
        plain_text(block["content"]) for block in read_blocks(*cells) if "content" in block
    )


def test_link_to_what_this_document_lacks_becomes_plain_text():
    blocks = read(
        code_cell(make_figure()), markdown_cell("Se [Figur 4](#figur-4) og [Figur 9](#figur-9).")
    )["blocks"]
    content = blocks[1]["content"]
    assert [part.get("href") for part in content if part["type"] == "link"] == ["#figur-4"]
    assert plain_text(content) == "Se Figur 4 og Figur 9."


def test_streams_bare_values_and_hidden_cells_are_left_out():
    stream = v4.new_output("stream", name="stdout", text="støj")
    assert (
        read(
            code_cell(stream),
            shown(text_plain="42"),
            markdown_cell("x", "remove"),
            code_cell(make_figure(), "remove"),
        )["blocks"]
        == []
    )


def test_prose_made_by_code_is_read_like_typed_markdown():
    text = "Det er **sikkert**.[^a]\n\n[^a]: En note."
    assert read(code_cell(Prose(text)))["blocks"] == read(markdown_cell(text))["blocks"]


def test_quotes_become_danish_and_hyphens_stay_hyphens():
    paragraph = read(markdown_cell('Han sagde "ja" i 2016-17 -- (c) og [c].'))["blocks"][0]
    assert plain_text(paragraph["content"]) == "Han sagde »ja« i 2016-17 -- (c) og [c]."


def test_html_in_markdown_is_text():
    assert plain_text(read(markdown_cell("<b>fed</b>"))["blocks"][0]["content"]) == "<b>fed</b>"


def test_footnotes_are_numbered_through_the_report():
    notes = json.dumps(build_document(make_report())["chapters"])
    assert [notes.count(f'"type": "footnote", "number": {number}') for number in (1, 2, 3)] == [
        1,
        1,
        0,
    ]


def test_pull_quote_keeps_who_said_it_apart():
    quote = read(markdown_cell("> Godt.\n>\n> – En borgmester", "quote"))["blocks"][0]
    assert (plain_text(quote["paragraphs"][0]), plain_text(quote["source"])) == (
        "Godt.",
        "– En borgmester",
    )


@pytest.mark.parametrize("heading", ["# Titel", "## Titel", "#### Titel"])
def test_box_hangs_one_level_below_where_it_stands(heading):
    box = read(
        markdown_cell("## Afsnit"),
        markdown_cell(f"{heading}\n\nTekst", "case"),
        markdown_cell("## Næste"),
    )
    assert [block.get("level") for block in box["blocks"]] == [2, 3, 2]
    assert box["blocks"][1]["title"] == "Titel"


def test_non_breaking_hyphen_becomes_an_ordinary_one():
    assert plain_text(read(markdown_cell("2016\u201117"))["blocks"][0]["content"]) == "2016-17"


def test_columns_of_a_pipe_table_aligned_right_are_numbers():
    table = read(markdown_cell("| a | b |\n|:--|--:|\n| x | 1 |"))["blocks"][0]["table"]
    assert table == {"columns": ["a", "b"], "rows": [["x", "1"]], "numeric": [False, True]}


ERROR = v4.new_output("error", ename="KeyError", evalue="'andel'", traceback=[])
REFUSALS = {
    "not executed": (
        [code_cell(count=None)],
        r"»prøve« er ikke kørt til ende \(celle 3.*brug --execute",
    ),
    "error output": ([code_cell(ERROR)], "celle 3: koden fejlede: KeyError: 'andel'"),
    "no alt": ([figure_cell(alt="")], "celle 3: figur-4: figuren mangler alternativ tekst"),
    "alt is title": ([figure_cell(alt="Ens", title="Ens")], "celle 3: .*gentager"),
    "odd table": (
        [figure_cell(table={**number_table(), "rows": [["a"]]})],
        "celle 3: figur-4: rækken",
    ),
    "odd id": ([figure_cell(id="fig 4")], "celle 3: id'et 'fig 4' skal have formen"),
    "unknown kind": ([figure_cell(kind="film")], "celle 3: .*ukendt slags"),
    "figure twice": (
        [code_cell(make_figure()) for _ in "ab"],
        "celle 4: id'et 'figur-4' er brugt to gange",
    ),
    "markdown picture": ([markdown_cell("![x](x.png)")], "celle 3: et billede i Markdown"),
    "second H1": (
        [markdown_cell("# Igen")],
        "celle 3: »Igen« er en anden overskrift på øverste niveau",
    ),
    "skipped level": (
        [markdown_cell("### Dybt")],
        "celle 3: overskriften »Dybt« springer fra niveau 1 til 3",
    ),
    "emoji": ([markdown_cell("Godt 😀")], r"celle 3: tegnet »😀« \(U\+1F600\)"),
    "emoji in a figure": (
        [code_cell(make_figure(svg="<svg><text>☃</text></svg>"))],
        "celle 3: tegnet »☃«",
    ),
    "broken svg": ([picture_cell("<svg><g></svg>")], "celle 3: billedet er ikke en SVG"),
    "picture that runs": (
        [picture_cell("<svg onload='alert()'/>")],
        "celle 3: billedet indeholder onload",
    ),
    "emoji in a table": ([code_cell(Table("☃", number_table()))], "celle 3: tegnet »☃«"),
    "box without heading": (
        [markdown_cell("Tekst", "case")],
        "celle 3: en boks .*begynde med en overskrift",
    ),
    "heading in a quote": ([markdown_cell("## Nej", "quote")], "celle 3: en celle mærket »quote«"),
    "note in a heading": (
        [markdown_cell("## A[^1]\n\n[^1]: x")],
        "celle 3: overskriften »A« har en fodnote",
    ),
    "note without text": ([markdown_cell("A[^1]")], "celle 3: fodnoten"),
    "note in a table": (
        [markdown_cell("| a |\n|---|\n| x[^1] |\n\n[^1]: n")],
        "celle 3: en tabel har en fodnote",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_names_notebook_cell_and_reason(name):
    cells, message = REFUSALS[name]
    with pytest.raises(DocumentError, match=message) as error:
        read(*cells)
    assert "Notebooken »prøve«" in str(error.value)


@pytest.mark.parametrize(
    "title, message",
    [(None, "ingen overskrift på øverste niveau"), ("## Afsnit", "skal begynde med sin titel")],
)
def test_chapter_without_a_title_is_refused(title, message):
    with pytest.raises(DocumentError, match=message):
        read(title=title)


def test_chapter_that_does_not_name_its_data_is_refused():
    notebook = v4.new_notebook(cells=[markdown_cell("# Titel")])
    with pytest.raises(DocumentError, match="siger ikke, hvilke data"):
        build_document([("prøve", notebook)])


def test_figure_twice_across_chapters_is_refused():
    chapters = [(name, make_notebook(code_cell(make_figure()))) for name in ("et", "to")]
    with pytest.raises(DocumentError, match="»to«, celle 3: id'et 'figur-4'"):
        build_document(chapters)


@pytest.mark.parametrize(
    "change", [{"part": "state"}, {"name": "andre-data"}, {"data_date": "2021-01-01"}]
)
def test_chapters_on_different_data_are_refused(change):
    with pytest.raises(
        DocumentError, match=f"»to« bygger på andre data end »et«: {next(iter(change))}"
    ):
        build_document([("et", make_notebook()), ("to", make_notebook(survey=change))])


def test_data_without_a_real_date_are_refused():
    with pytest.raises(DocumentError, match="åååå-mm-dd"):
        read(survey={"data_date": "i går"})


def test_no_chapters_are_refused():
    with pytest.raises(DocumentError, match="ingen kapitler"):
        build_document([])


def test_what_yaml_reads_as_a_date_or_a_number_is_text_in_the_front_matter(tmp_path):
    """A page is written as JSON too, which has no dates."""
    text = (NOTEBOOKS / "report.yaml").read_text(encoding="utf-8")
    text = text.replace('reviewed: ""', "reviewed: 2026-11-28")
    text = text.replace('phone: ""', "phone: 33112233").replace('"2026"', "2026")
    (tmp_path / "report.yaml").write_text(text, encoding="utf-8")
    front = read_front(tmp_path / "report.yaml")
    assert (front["reviewed"], front["published"]) == ("2026-11-28", "2026")
    assert front["contact"]["phone"] == "33112233"
