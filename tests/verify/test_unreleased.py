"""What has not come through the gate reaches no report: numbers typed, computed or drawn beside it
are refused.
"""

import json
from dataclasses import replace

import nbformat.v4 as v4
import pytest

from barometer.disclosure.gate import Released
from barometer.disclosure.release import release_differences, release_shares
from barometer.display import Figure, Prose, SurveyNotice, Table
from barometer.document.cleaning import restore_internal
from barometer.figures.drawing import draw_groups
from barometer.figures.tables import show_shares
from barometer.marks import SCREEN_ONLY
from barometer.payloads import MIME, hold_internal
from barometer.report.exporters import HtmlExporter, PdfExporter
from barometer.run.work import name_failure
from barometer.sentences.claims import tell_difference
from barometer.sentences.facts import tell_scope
from barometer.sentences.trace import trace_cell
from barometer.statistics.estimates import estimate_shares
from barometer.text import write_number
from barometer.verify import unreleased
from barometer.verify.typed import read_allowed
from barometer.verify.unreleased import UnreleasedNumber
from tests.make.samples import code_cell, make_figure, make_notebook, number_table
from tests.make.shipped import GROUPS as SECTORS
from tests.make.shipped import INITIATION, open_shipped
from tests.whole.test_run_all import run_all  # noqa: F401  (a fixture)

RAW = {"columns": ["Sektor", "Antal"], "rows": [["Staten", "4711"]], "numeric": [False, True]}
TYPED = ({"part": "table", "shown": "4711", "low": "", "high": ""},)


@pytest.fixture
def released():
    return release_shares(open_shipped(), ["innovative"], SECTORS)


@pytest.fixture
def look():
    """What a run says of a chapter whose cells show these: `None`, or the refusal."""

    def look(*shown, by_hand=False):
        with hold_internal() as held:
            notebook = make_notebook(code_cell(None, "injected-parameters"), *map(code_cell, shown))
            notebook.cells[1] = code_cell(open_shipped())
        try:
            executed = restore_internal(notebook, held)
            unreleased.refuse_unreleased([("02_x", executed)], read_allowed(), by_hand=by_hand)
        except UnreleasedNumber as error:
            return error
        return None

    return look


def draw_by_hand(**changes):
    """A figure of the sample's numbers by hand, or with other parts; without a trace."""
    parts = {
        name: getattr(make_figure(), name)
        for name in ("id", "title", "alt", "note", "table", "svg", "png")
    }
    return Figure(**parts | changes)


def show_raw(**data):
    return v4.new_output("display_data", data={MIME: data})


BARE = {"columns": ["Sektor"], "rows": [["Staten"]], "numeric": [False]}
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>Staten</text></svg>'
PLAIN = {"title": "T", "alt": "En søjle", "note": "", "table": BARE, "svg": SVG}
BY_HAND = {
    "table": lambda: Table("T", RAW),
    "title": lambda: Table("4711 i alt", BARE),
    "note": lambda: Table("T", BARE, "n = 4711"),
    "table with a typed trace": lambda: Table("T", RAW, trace=TYPED),
    "text": lambda: Prose("Der er **4711** ansatte."),
    "text that begins with it": lambda: Prose("4711\\. Det er alle."),
    "text with a typed trace": lambda: Prose("Der er 4711 ansatte.", "x", TYPED),
    "per cent": lambda: Prose("Det gælder 47,11 pct."),
    "figure's table": lambda: draw_by_hand(**PLAIN | {"table": RAW}),
    "figure's picture": lambda: draw_by_hand(**PLAIN | {"svg": SVG.replace("Staten", "4711")}),
    "figure's alternative text": lambda: draw_by_hand(**PLAIN | {"alt": "En søjle på 4711"}),
    "payload": lambda: show_raw(
        kind="table", id=None, title="T", note="", key="", table=RAW, trace=[*TYPED]
    ),
    "payload that says who made it": lambda: show_raw(
        kind="table", id=None, title="T", note="", key="", table=RAW, trace=[*TYPED], made_here=True
    ),
    "basis of a sentence": lambda: show_raw(
        kind="prose",
        id="x",
        markdown="Staten.",
        outcome="text",
        trace=[],
        evidence=[{"about": "Staten", "first": "4711", "trace": []}],
    ),
    "row of a number that is not shown": lambda: show_raw(
        kind="prose", id="x", markdown="Staten.", trace=[*TYPED]
    ),
    "words that look like a link": lambda: Prose("Antal [i staten](4711 svar)"),
    "number of a figure": lambda: draw_by_hand(**PLAIN | {"id": "figur-4711"}),
    "number of a table": lambda: Table("T", BARE, id="tabel-4711"),
    "title of a picture": lambda: draw_by_hand(
        **PLAIN | {"svg": SVG.replace("text>Staten", "title>4711").replace("/text", "/title")}
    ),
    "text between shapes": lambda: draw_by_hand(
        **PLAIN | {"svg": SVG.replace("<text>Staten</text>", "<g>4711</g>")}
    ),
    "a table's kinds of columns": lambda: show_raw(
        kind="table",
        id=None,
        title="T",
        note="",
        key="",
        trace=[],
        table=BARE | {"numeric": ["4711"]},
    ),
    "number of the register": lambda: show_raw(
        kind="claims", id="tabel-4711", title="T", verdicts={}
    ),
    "outcome": lambda: show_raw(kind="prose", id="x", markdown="Staten.", trace=[], outcome="4711"),
    "key": lambda: show_raw(
        kind="table", id=None, title="T", note="", key="4711", table=BARE, trace=[]
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_number_by_hand_is_refused_with_chapter_cell_number_and_remedy(look, name):
    error = look(Table("T", BARE), BY_HAND[name]())
    # as its author counts
    assert error.args[0] == "02_x, celle 4: et tal er ikke gået gennem kontrollen"
    assert (
        "47" in str(error)[:8] and "tell, show" in str(error) and "typed_numbers.yaml" in str(error)
    )


@pytest.mark.parametrize(
    "identifier",
    [
        "tabel-2a",
        "tabel-A1",
        "tabel-9",
        "tabel-tilfredshed2018stat",
        "tabel-brug-i-2019",
        "tabel-2019-2b",
        "tabel-regnskab",
    ],
)
def test_an_id_may_have_a_number_of_its_own_and_the_survey_s_years_in_it(
    look, released, identifier
):
    assert look(show_shares(released, identifier, "T")) is None


@pytest.mark.parametrize(
    "identifier", ["tabel-antal417", "tabel-1987", "tabel-tilfredshed1987stat", "tabel-18-77"]
)
def test_an_id_with_any_other_number_in_it_is_refused(look, released, identifier):
    assert (
        "et tal er ikke gået gennem kontrollen"
        in look(show_shares(released, identifier, "T")).args[0]
    )


def test_what_our_own_functions_make_of_a_released_table_is_let_through(look, released):
    assert look(show_shares(released, "tabel-9", "T")) is None


def test_what_our_own_functions_made_and_a_chapter_changed_is_refused(look, released):
    table = show_shares(released, "tabel-9", "T")
    table.table["rows"].append(["I alt", "4711", "4711"][: len(table.table["columns"])])
    assert look(table)
    shares = show_shares(released, "tabel-9", "T")
    row = {**shares.trace[0], "shown": "4711", "internal": {}}
    assert "4711" in str(look(Table("T", RAW, trace=(row,))))


@pytest.mark.parametrize(
    "edit",
    [
        lambda table: table.__setitem__("share", 0.4711),
        lambda table: table.loc.__setitem__((0, "share"), 0.4711),
        lambda table: table.__setitem__("group_label", "4711"),
        lambda table: table.insert(0, "item", "4711", True),
    ],
)
def test_what_a_chapter_changes_in_a_released_table_is_not_shown(look, released, edit):
    before = show_shares(released, "tabel-9", "T").payload
    edit(released.table)
    table = show_shares(released, "tabel-9", "T")
    assert table.payload == before and look(table) is None


def compare(released, **changes):
    """A sentence on a difference, of its comparisons with other numbers."""
    wordings = dict.fromkeys(("more", "less", "same"), "Det gælder {a} mod {b}.")
    changed = (
        replace(released, comparisons=released.comparisons.assign(**changes))
        if changes
        else released
    )
    return tell_difference("X1", changed, "value.quality", **wordings)


BESIDE = {
    "another table in it": lambda released: replace(
        released, table=released.table.assign(share=0.4711)
    ),
    "another table, and its word": lambda released: replace(
        released, table=released.table.assign(n=4711), about=replace(released.about, by_hand=False)
    ),
    "an estimate before the gate": lambda released: Released(
        estimate_shares(open_shipped(), ["innovative"], SECTORS).table.assign(rule="", flag=""),
        released.comparisons,
        None,
        released.about,
    ),
}


@pytest.mark.parametrize("by_hand", [False, True], ids=["a run", "an exporter"])
@pytest.mark.parametrize("name", BESIDE)
def test_a_released_table_that_the_gate_did_not_make_is_refused_whatever_shows_it(
    look, released, name, by_hand
):
    made = BESIDE[name](released)
    assert "tell, show" in str(look(show_shares(made, "tabel-9", "T"), by_hand=by_hand))
    assert look(draw_groups(made, "figur-9", "T", ["innovative"], SECTORS), by_hand=by_hand)


@pytest.mark.parametrize("by_hand", [False, True], ids=["a run", "an exporter"])
def test_a_sentence_on_a_difference_that_the_gate_did_not_make_is_refused(look, by_hand):
    released = release_differences(open_shipped(), open_shipped().question("value"), *INITIATION)
    assert look(compare(released), by_hand=by_hand) is None
    assert look(compare(released, share_first=0.4711, difference=0.1), by_hand=by_hand)


UNPLANNED = {
    "an answer's table": lambda answer, item: answer.show("x", title="T"),
    "its figure": lambda answer, item: answer.draw_pairs("x", title="T"),
    "its sentence": lambda answer, item: answer.tell(
        "X1", item, differs="Det er {oftere}: {a} mod {b}.", same="Ens: {a} og {b}."
    ),
}


@pytest.mark.parametrize("by_hand", [False, True], ids=["a run", "an exporter"])
@pytest.mark.parametrize("show", UNPLANNED)
def test_what_the_plan_was_not_made_for_is_seen_with_a_note_and_refused_with_the_remedy(
    look, show, by_hand
):
    """Financing is no part of a chapter."""
    survey = open_shipped()
    beside, planned = (
        UNPLANNED[show](survey.compare(item.partition(".")[0], by=INITIATION), item)
        for item in ("financing.none", "value.quality")
    )
    told = [
        [text for kind, text in shown._repr_mimebundle_().items() if kind.startswith("text/")]
        for shown in (beside, planned)
    ]
    assert all(SCREEN_ONLY in text for text in told[0])
    assert not any(SCREEN_ONLY in text for text in told[1])
    refused = str(name_failure(look(beside, by_hand=by_hand)))
    assert "02_x, celle 3" in refused and "python -m barometer seal" in refused
    assert look(planned, by_hand=by_hand) is None


def test_a_count_in_the_name_that_a_chapter_gives_a_group_is_refused(look, released):
    named = {
        group: f"Gruppe (4711 svar) {number}" for number, group in zip("abc", SECTORS, strict=True)
    }
    assert "»4711«" in str(look(draw_groups(released, "figur-9", "T", ["innovative"], named)))


def test_a_table_by_hand_of_rows_from_the_gate_is_let_through(look, released):
    row = trace_cell(
        released.cell("innovative", SECTORS[0]), "81\u00a0%", "table", "share", released.about
    )
    shown = write_number(released.cell("innovative", SECTORS[0])["share"], "percent")
    by_hand = {
        "columns": ["Sektor", "Andel"],
        "rows": [["Staten", shown]],
        "numeric": [False, True],
    }
    assert look(Table("T", by_hand, trace=({**row, "shown": shown, "n": ""},))) is None
    assert shown.split()[0] in str(look(Table("T", by_hand)))
    # the cell has another
    assert "4711" in str(look(Table("T", RAW, trace=({**row, "shown": "4711"},))))


def test_words_of_the_typed_list_and_the_surveys_own_words_are_let_through(look):
    words = next(entry["words"] for entry in read_allowed() if entry["chapter"] == "02")
    assert (
        look(Prose("Det var anderledes, se [Figur 4](#figur-4)."), Prose(f"De skal {words}."))
        is None
    )
    assert look(Prose("Året før var det anderledes.", "x"), by_hand=True) is None
    assert look(Prose(f"De skal {words} 4711"))


@pytest.mark.parametrize(
    "show",
    [
        lambda: Prose("Der er 1987 svar."),
        lambda: Table(
            "T",
            {
                "columns": ["Sektor", "Antal"],
                "rows": [["Staten", "1987"]],
                "numeric": [False, True],
            },
        ),
    ],
)
def test_a_count_that_looks_like_a_year_is_refused(look, show):
    assert "»1987«" in str(look(show()))


def test_a_figure_by_hand_is_refused_as_nobody_can_read_its_bars(look, monkeypatch):
    bars = SVG.replace("<text>Staten</text>", '<rect width="47.11" height="9"/>')
    error = look(draw_by_hand(**PLAIN | {"svg": bars}))
    assert (
        error.args[0] == "02_x, celle 3: figuren er tegnet i hånden"
        and "draw_groups" in error.args[1]
    )
    words = next(entry["words"] for entry in read_allowed() if entry["chapter"] == "02")
    # somebody answers for it
    assert look(draw_by_hand(**PLAIN | {"svg": bars, "title": words})) is None


def test_a_survey_described_by_hand_is_refused(look):
    error = look(SurveyNotice({"title": "4711 svar", "words": ["4711"]}))
    assert "celle 3: undersøgelsen er beskrevet i hånden" in error.args[0]


def test_a_file_is_told_where_and_the_terminal_what(look):
    failure = name_failure(look(Table("T", RAW)))
    assert failure.brief == "02_x, celle 3: et tal er ikke gået gennem kontrollen"
    assert "»4711«" in str(failure)


def test_several_are_told_together(look):
    error = look(Table("T", RAW), Prose("12 her"), Prose("13 her"), Prose("14 her"))
    assert "»4711«" in str(error) and "02_x, celle 4: »12«; 02_x, celle 5: »13« og flere" in str(
        error
    )


@pytest.mark.parametrize("exporter", [HtmlExporter, PdfExporter])
def test_an_exporter_refuses_it_too(exporter):
    with pytest.raises(
        Exception, match="Notebooken x, celle 3: et tal er ikke gået gennem kontrollen: »4711«"
    ):
        exporter().from_notebook_node(
            make_notebook(code_cell(Table("T", RAW))), {"metadata": {"name": "x"}}
        )
    assert exporter().from_notebook_node(
        make_notebook(code_cell(make_figure())), {"metadata": {"name": "x"}}
    )


def test_a_run_makes_no_report_of_it_and_leaves_the_earlier_one(
    run_all, project, monkeypatch, capsys
):
    monkeypatch.setattr("barometer.run.tasks.refuse_unreleased", unreleased.refuse_unreleased)
    project.write_chapter("01_ok", "x = 1")
    arguments = ["--sector", "all", "--format", "html", "--output", str(project.output)]
    assert run_all.main(arguments) == 0
    before = (project.output / "all" / "report.html").read_bytes()
    project.write_chapter(
        "02_raw", "n = 4711", f"from barometer.display import Table\nTable('T', {RAW!r})"
    )
    capsys.readouterr()
    assert run_all.main(arguments) == 1
    told = capsys.readouterr().out
    assert (
        "02_raw, celle 4: et tal er ikke gået gennem kontrollen: »4711«." in told
        and "tell, show" in told
    )
    assert (project.output / "all" / "report.html").read_bytes() == before
    record = json.loads((project.output / "run.json").read_text(encoding="utf-8"))
    assert record["reports"][0]["error"] == "02_raw, celle 4: et tal er ikke gået gennem kontrollen"


def test_a_number_in_a_sentences_wording_is_refused(look):
    n = 4711
    assert "4711" in str(look(tell_scope("X1", open_shipped(), f"Vi fik {n} svar.", "")))
    assert look(tell_scope("X1", open_shipped(), "Vi fik mange svar.", "")) is None


def test_a_share_in_a_title_that_is_of_no_cell_of_the_figure_is_refused(look, released):
    def draw(title):
        return draw_groups(released, "figur-9", title, ["innovative"], SECTORS)

    shown = write_number(released.cell("innovative", SECTORS[0])["share"], "share")
    assert look(draw(f"I staten er {shown} innovative")) is None
    assert "»12 pct.«" in str(look(draw("I staten er 12\u00a0pct. innovative")))


def test_the_sample_table_by_hand_is_refused_only_without_its_trace(look):
    assert look(Table("T", number_table()))
    assert look(make_figure(), by_hand=True) is None
