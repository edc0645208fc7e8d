"""Cells that are shown only where an outcome or the report's part fits."""

import nbformat.v4 as v4
import pytest

from barometer.display import Prose
from barometer.document.conditions import check_conditions, drop_unmet, hide_unmet
from barometer.document.document import build_document
from barometer.document.markdown import DocumentError, plain_text
from barometer.sentences.evidence import COLUMNS
from tests.make.samples import SURVEY, code_cell, make_notebook, markdown_cell

DIMENSIONS = {"sector": {"state": "Staten", "region": "Regionerne"}, "field": {"health": "Sundhed"}}
EVIDENCE = (dict.fromkeys(COLUMNS, "") | {"about": "x", "verdict": "lower"},)


def tell(id="D09b", outcome="less", text="Sjældnere.", **tags):
    """A cell that has told a sentence."""
    bundle = Prose(text, id, (), outcome, EVIDENCE)._repr_mimebundle_()
    cell = code_cell(v4.new_output("display_data", data=bundle))
    return tag(cell, **tags)


def tag(cell, *tags):
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), *tags]
    return cell


def comment(*tags, text="En bemærkning."):
    return tag(markdown_cell(text), *tags)


def read(*cells, sector="all"):
    notebook = make_notebook(*cells, survey=SURVEY | {"part": sector})
    document = build_document([("prøve", notebook)])
    return document["chapters"][0]["blocks"]


def is_shown(*tags, sector="all", told=()):
    blocks = read(comment(*tags), *(tell(id, outcome) for id, outcome in told), sector=sector)
    return blocks[0]["type"] == "paragraph" if blocks else False


@pytest.mark.parametrize(
    ("condition", "outcome", "shown"),
    [
        ("less", "less", True),
        ("more|less", "less", True),
        ("differs", "less", True),
        ("more", "less", False),
        ("same", "same", True),
        ("tendency", "tendency_less", True),
        ("tendency", "same", False),
        ("only_first", "first", True),
        ("some", "difference", True),
        ("none", "same", True),
        ("told", "equal", True),
        ("told", "parts", True),
        ("told", "uncertain", False),
        ("withheld", "uncertain", True),
        ("withheld", "untested", True),
        ("withheld", "same", False),
    ],
)
def test_a_cell_is_shown_where_the_sentence_had_such_an_outcome(condition, outcome, shown):
    assert is_shown(f"when=D09b:{condition}", told=[("D09b", outcome)]) is shown


def test_the_sentence_may_be_told_later_or_be_one_of_several():
    blocks = read(comment("when=D09b:less"), tell())
    assert [block["type"] for block in blocks] == ["paragraph", "claim"]
    told = [("D08", "uncertain"), ("D09b", "less")]
    assert is_shown("when=D08|D09b:withheld", told=told)
    assert not is_shown("when=D08|D09b:more", told=told)


def test_a_sentence_that_is_not_told_in_this_report_fits_no_condition():
    assert not is_shown("when=D09b:less|same|withheld")
    hidden = [tag(tell(), "when=D08:more"), tell("D08", "same")]
    assert [block["type"] for block in read(comment("when=D09b:less"), *hidden)] == ["claim"]


@pytest.mark.parametrize(
    ("tags", "sector", "shown"),
    [
        (["sector=state|region"], "region", True),
        (["sector=state|region"], "all", False),
        (["sector=all|state"], "all", True),
        (["sector=!state"], "region", True),
        (["sector=!state"], "state", False),
        (["sector=state", "field=health"], "state&field=health", True),
        (["sector=state", "field=health"], "state", False),
        (["sector=all"], "field=health", True),
        (["field=all"], "field=health", False),
    ],
)
def test_a_cell_is_shown_where_the_reports_part_fits(tags, sector, shown):
    assert is_shown(*tags, sector=sector) is shown


def test_all_conditions_of_a_cell_must_hold():
    told = [("D09b", "less")]
    assert is_shown("when=D09b:less", "sector=region", told=told, sector="region")
    assert not is_shown("when=D09b:less", "sector=region", told=told, sector="state")
    assert not is_shown("when=D09b:more", "sector=region", told=told, sector="region")


def test_what_is_not_shown_leaves_no_footnote_heading_or_link():
    hidden = comment("sector=state", text="## Skjult\n\nMed note.[^1]\n\n[^1]: En kilde.")
    shown = comment(text="Se [afsnittet](#skjult).[^2]\n\n[^2]: En anden.")
    (block,) = read(hidden, shown)
    assert plain_text(block["content"]) == "Se afsnittet."
    assert [one["type"] for one in block["content"]] == ["text", "text", "text", "footnote"]
    assert block["content"][-1]["number"] == 1


def test_a_hidden_cell_has_no_sentence_in_the_register_and_is_not_published():
    cells = [tag(tell(), "when=D08:more"), comment("when=D08:more"), tell("D08", "same")]
    notebook = make_notebook(*cells, survey=SURVEY)
    assert [row["id"] for row in build_document([("x", notebook)])["claims"]] == ["D08"]
    left = drop_unmet(hide_unmet(notebook))
    assert len(left.cells) == len(notebook.cells) - 2
    assert all("when=D08:more" not in cell.metadata.get("tags", []) for cell in left.cells)


def test_a_cell_marked_joined_goes_on_in_the_paragraph_before_it_and_keeps_what_it_rests_on():
    blocks = read(
        comment(text="Først."),
        tag(tell("D08", "same", "Så."), "joined"),
        tag(tell(), "joined"),
        comment("joined", text="Til sidst.\n\nNyt afsnit."),
    )
    assert [block["type"] for block in blocks] == ["paragraph", "paragraph"]
    assert plain_text(blocks[0]["content"]) == "Først. Så. Sjældnere. Til sidst."
    claims = [one["id"] for one in blocks[0]["content"] if one["type"] == "claim"]
    assert claims == ["D08", "D09b"]


def test_a_joined_cell_after_a_heading_or_at_the_beginning_has_a_paragraph_of_its_own():
    blocks = read(comment(text="## Afsnit"), tag(tell(), "joined"))
    assert [block["type"] for block in blocks] == ["heading", "claim"]
    assert [block["type"] for block in read(tag(tell(), "joined"))] == ["claim"]


def test_a_told_box_stands_as_a_box_and_an_empty_one_not_at_all():
    box = tell("B1", "text", "### Hvad ved vi ikke?\n\nFor få svar.")
    (block,) = read(tag(box, "box"))
    assert (block["type"], block["kind"], block["title"]) == ("box", "box", "Hvad ved vi ikke?")
    (block,) = read(tell(), tag(tell("B1", "closed", ""), "box"))
    assert block["type"] == "claim"


def test_a_sentence_that_says_nothing_is_in_the_register_and_not_on_the_page():
    document = build_document([("x", make_notebook(tell(text=""), survey=SURVEY))])
    chapter = document["chapters"][0]
    assert (chapter["blocks"], chapter["claims"]) == ([], [])
    assert [row["id"] for row in document["claims"]] == ["D09b"]


SOURCE = 'x.tell("D09b", "novelty=first", differs="…", same="…")\ny.tell("V01", text="…")'


def check(*tags, source=SOURCE):
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}},
        {"cell_type": "markdown", "source": "x", "metadata": {"tags": list(tags)}},
    ]
    return check_conditions(cells, DIMENSIONS)


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("when=D9b:less", "sætningen D9b i mærket »when=« fortælles ikke i kapitlet. Mente du"),
        ("when=D09b:les", "D09b kan ikke få udfaldet les. Mente du »less«?"),
        ("when=D09b:both", "D09b kan ikke få udfaldet both."),
        ("when=V01:more", "V01 kan ikke få udfaldet more."),
        ("when=D09b", "skal have formen when=D15:more|less"),
        ("when=D09b:", "skal have formen when=D15:more|less"),
        ("sector=", "skal have formen sector=navn|navn"),
        ("sector=regio", "sector=regio findes ikke. Mente du »region«?"),
        ("sektor=region", "mærket »sektor=« kendes ikke. Mente du »sector«?"),
    ],
)
def test_a_condition_that_can_never_hold_is_one_message_that_names_the_cell(tag, told):
    (problem,) = check(tag)
    assert problem.startswith("celle 2: ") and told in problem


def test_conditions_that_can_hold_are_none_the_worse():
    fitting = ("when=D09b:more|less|same", "when=V01|D09b:told", "sector=!region", "field=all")
    assert check(*fitting, "quote", "joined") == []
    assert check("when=D09b:mixed", source='x.tell("D09b", **wordings)') == []


def test_an_exporter_refuses_a_condition_that_is_none():
    with pytest.raises(DocumentError, match="when=D15:more"):
        read(comment("when=D09b"))
