"""Every number shown has its row, every row its cell, and a closed cell gives nothing away."""

import json
import re
from types import SimpleNamespace

import pytest

from barometer.display import Prose
from barometer.figures.cells import count_asked, select_cells
from barometer.figures.drawing import draw_two_groups
from barometer.figures.tables import show_shares
from barometer.payloads import MIME
from barometer.sentences import trace
from barometer.sentences.claims import Sentence
from barometer.text import NBSP, Number, Text
from tests.figures.test_drawing import (
    DRAWN,
    PAIR,
    VALUES,
    VERDICTS,
    draw_influence,
    draw_novelty,
    draw_role,
    draw_sectors,
    draw_values,
    make_cell,
    make_table,
    make_tests,
    release,
)

NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*\d|(?<![\w-])\d")
STATED = {"2018", "2019"}


def rows_of(figure, **wanted):
    return [
        row
        for row in figure.payload["trace"]
        if all(row[name] == value for name, value in wanted.items())
    ]


def numbers_in(text):
    return set(NUMBER.findall(text)) - STATED


def known_numbers(rows):
    return {
        number
        for row in rows
        for name in ("shown", "low", "high")
        for number in NUMBER.findall(row[name])
    }


def test_a_share_has_its_cell_its_limits_its_base_and_its_n():
    released = release(make_table([("goals", "Politiske mål", 57, 25)]))
    cell = released.table.loc[0]
    row = trace.trace_cell(cell, f"57{NBSP}pct.", "text", "share", released.about)
    assert row == {
        "part": "text",
        "shown": f"57{NBSP}pct.",
        "kind": "share",
        "question": "Hvilken værdi?",
        "item": "goals",
        "label": "Politiske mål",
        "group": "political",
        "group_label": "Igangsat af politiske beslutninger",
        "base": "arbejdspladser med mindst én innovation",
        "n": "507",
        "low": f"53{NBSP}%",
        "high": f"61{NBSP}%",
        "flag": "",
        "domain": "all",
        "asked": "innovative",
        "internal": {
            "share": 0.57,
            "se": cell["se"],
            "low": cell["low"],
            "high": cell["high"],
            "total": 507.0,
        },
        "by_hand": True,
    }
    assert row == trace.trace_cell(
        next(released.table.itertuples()), f"57{NBSP}pct.", "text", "share", released.about
    )


def test_a_sectors_base_says_which_sector():
    about = release(make_table(VALUES), part="state", part_label="Staten", domain="state").about
    assert (
        trace.describe_base(about, "goals", "all")
        == "arbejdspladser med mindst én innovation (Staten)"
    )
    whole = release(make_table(VALUES), part="state", part_label="Hele den offentlige sektor").about
    # to compare with
    assert trace.describe_base(whole, "goals", "all") == "arbejdspladser med mindst én innovation"


@pytest.mark.parametrize(
    "item, group, base, asked",
    [
        # what the table is of is not what each of its items is of
        ("goals", "all", "genbrugere", "reused"),
        ("other", "all", "alle", "all"),
        ("goals", "innovative", "genbrugere", "reused"),  # the item's base lies within the group
        ("other", "innovative", "innovative", "all"),  # the group within the item's base
        ("unknown", "sector=state", "blandede", "mixed"),
    ],
)
def test_the_base_of_a_row_is_that_of_its_own_item(item, group, base, asked):
    about = release(
        make_table(VALUES),
        base_text="blandede",
        asked="mixed",
        group_bases={"innovative": "innovative"},
        item_bases={
            "goals": ("reused", "genbrugere", ("innovative", "all")),
            "other": ("all", "alle", ()),
        },
    ).about
    row = trace.trace_cell(make_cells(item, group), "57\u00a0%", "table", "share", about)
    assert (row["base"], row["asked"]) == (base, asked)


def make_cells(item, group):
    cell = release(make_table(VALUES)).table.loc[0]
    return cell.replace({cell["item"]: item, cell["group"]: group})


@pytest.mark.parametrize(
    ("sizes", "closed", "asked", "shown"),
    [
        ((18, None), (), "reused", "18"),  # the number is of the one item whose base is open
        ((None, 18), (), "helped", "18"),
        ((18, 19), (), "all", "18–19"),  # the least and the most of two
        ((None, None), ("other",), "helped", "[c]"),
        ((18, 19), ("other",), "reused", "18"),  # no row of the trace has the 19
        ((18, 18), ("other",), "reused", "18"),
        ((18, 19), ("goals", "other"), "reused", "[c]"),
    ],
)
def test_how_many_answered_is_of_the_base_that_it_was_counted_for(sizes, closed, asked, shown):
    items = [("goals", "Politiske mål", 57, 25), ("other", "Andet", 5, 7)]
    table = make_table(items, closed={(item, "political") for item in closed})
    table["n"] = [sizes[item == "other"] for item in table["item"]]
    bases = {"goals": ("reused", "genbrugere", ()), "other": ("helped", "hjulpne", ())}
    released = release(table.astype({"n": float}), asked="all", item_bases=bases)
    number = count_asked(select_cells(released, ["political"]), "political")
    (row,) = trace.trace_text(number, "note", released.about)
    assert (row["item"], row["kind"], row["shown"]) == (asked, "count", shown)


def test_how_many_gave_a_point_is_not_told_as_how_many_were_asked():
    """131 of 147 answered on the one scale whose mean is open: 147 is the base of the scales."""
    table = make_table([("pace", "Tempo", 3.5, 3), ("help", "Hjælp", 3.4, 2)])
    table["n"] = [131.0 if item == "pace" else float("nan") for item in table["item"]]
    released = release(table.assign(measure="mean"), asked="all")
    number = count_asked(select_cells(released, ["political"]), "political")
    (row,) = trace.trace_text(number, "note", released.about)
    assert (row["item"], row["kind"], row["shown"]) == ("pace", "answers", "131")


def test_a_whole_tables_test_tells_its_n_only_where_every_groups_is_shown():
    test = SimpleNamespace(items=("q=a", "q=b"), groups=("political", "other"), n=1877)
    table = make_table(VALUES)
    row = trace.trace_table(release(table, distribution=test), "0,010", "basis")
    assert (row["kind"], row["item"], row["group"], row["n"]) == (
        "p",
        "q",
        "political / other",
        "1877",
    )
    table.loc[0, "n"] = float("nan")
    assert trace.trace_table(release(table, distribution=test), "0,010", "basis")["n"] == ""


def test_a_closed_cell_has_no_number_in_its_row():
    table = make_table([("goals", "Politiske mål", 57, 25)], closed={("goals", "political")})
    row = trace.trace_cell(table.loc[0], "[c]", "table", "share", release(table).about)
    assert (row["shown"], row["n"], row["low"], row["high"], row["internal"]) == (
        "[c]",
        "",
        "",
        "",
        {},
    )
    assert not re.search(r"\d", "".join(str(value) for value in row.values()))


def test_a_difference_names_both_groups():
    test = (
        make_tests({"goals": "higher"})
        .assign(
            difference=0.32,
            se=0.02,
            low=0.28,
            high=0.36,
            n_first=507.0,
            n_second=1370.0,
            first_label="Politisk",
            second_label="Andre",
        )
        .loc[0]
    )
    row = trace.trace_difference(
        test, f"32{NBSP}procentpoint", "text", release(make_table(VALUES)).about
    )
    assert (row["kind"], row["item"], row["group"], row["n"]) == (
        "difference",
        "goals",
        "political mod other",
        "507 og 1370",
    )
    assert (row["group_label"], row["low"], row["high"]) == ("Politisk mod andre", "+28,0", "+36,0")
    assert row["internal"] == {"share": 0.32, "se": 0.02, "low": 0.28, "high": 0.36, "total": None}
    closed = trace.trace_difference(
        test.replace("", "[c]"), "[c]", "text", release(make_table(VALUES)).about
    )
    assert (closed["n"], closed["low"], closed["high"], closed["internal"]) == ("", "", "", {})


def test_the_rows_of_a_text_are_those_of_its_numbers_each_once_and_limits_stand_with_their_share():
    released = release(make_table(VALUES))
    cell = released.table.loc[0]
    share = Number(cell["share"], "percent", cell=cell)
    limits = [Number(cell[name], "bare_limit") for name in ("low", "high")]
    level, count = Number(0.05, "level"), Number(5, "count")
    text = Text("5 svar, ", level, ": ", share, " (", *limits, ") og ", share, " af ", count, ".")
    rows = trace.trace_text(text, "alt", released.about)
    assert [(row["part"], row["shown"], row["kind"], row["item"]) for row in rows] == [
        ("alt", "0,05", "level", ""),
        ("alt", share.shown, "share", cell["item"]),
        ("alt", "5", "count", ""),
    ]
    assert trace.trace_text("5 svar", "alt", released.about) == []


@pytest.mark.parametrize("draw", DRAWN)
def test_every_number_of_a_figure_is_in_its_trace(draw):
    figure = draw()
    for part, text in (("note", figure.note), ("alt", figure.alt)):
        assert numbers_in(text) <= known_numbers(rows_of(figure, part=part)), part
    cells = "\n".join(
        cell for row in (figure.table["columns"], *figure.table["rows"]) for cell in row
    )
    assert numbers_in(cells) <= known_numbers(rows_of(figure, part="table"))
    drawn = sorted(re.findall(r">(\d+\xa0%|\[c\])<", figure.svg))
    assert drawn == sorted(row["shown"] for row in rows_of(figure, part="picture"))


@pytest.mark.parametrize("draw", DRAWN)
def test_a_figures_trace_is_plain_data_and_says_where(draw):
    rows = draw().payload["trace"]
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert {row["where"] for row in rows} == {draw().id}
    assert len(rows) == len(
        {tuple(row[name] for name in ("part", "shown", "kind", "item", "group")) for row in rows}
    )


@pytest.mark.parametrize(
    "draw, item, group",
    [(draw_role, "p2", "all"), (draw_novelty, "first", "political"), (draw_sectors, "x", "region")],
)
def test_a_closed_cell_of_a_figure_is_only_a_mark(draw, item, group):
    rows = rows_of(draw({(item, group)}), item=item, group=group, kind="share")
    assert {row["part"] for row in rows} == {"table"}  # in the picture it is a word
    assert {(row["shown"], row["n"], row["low"], row["high"]) for row in rows} == {
        ("[c]", "", "", "")
    }
    assert all(row["internal"] == {} for row in rows)


def test_a_sum_with_a_closed_part_is_not_in_the_trace():
    sums = rows_of(draw_influence({"Ledelsen0"}), kind="sum", part="picture")
    assert [row["shown"] for row in sums] == [f"41{NBSP}%", f"12{NBSP}%", f"35{NBSP}%"]


def test_a_sum_of_answers_is_named_as_the_registry_names_it():
    cells = [
        make_cell(f"influence.law={answer}", answer, "political", share, 500)
        for answer, share in (("promoted_some", 20), ("promoted_high", 15))
    ]
    cell = trace.add_cells([next(make_table_of(cell)) for cell in cells])
    assert (cell.item, cell.share) == (
        "influence.law=promoted_some|promoted_high",
        pytest.approx(0.35),
    )


def make_table_of(cell):
    return make_table([]).from_records([cell]).itertuples()


def test_numbers_of_the_note_that_come_from_no_cell_have_their_own_kinds():
    rows = {(row["kind"], row["shown"]): row for row in rows_of(draw_values(), part="note")}
    assert rows["count", "507"]["group"] == "political"
    assert rows["count", "507"]["n"] == "507"


def test_a_title_that_is_a_sentence_brings_its_own_trace_and_a_plain_one_has_none():
    class Told(str):
        trace = ({"part": "text", "shown": "59", "kind": "share", "item": "whole"},)

    assert trace.trace_title(Told("59")) == [{**Told.trace[0], "part": "title"}]
    assert trace.trace_title(f"Ved 59{NBSP}pct.") == []


def test_a_title_that_is_a_sentence_is_shown_as_text_and_brings_what_it_rests_on():
    evidence = ({"item": "goals"},)
    title = Sentence("F4", "Titel", "more", evidence)
    figure = draw_two_groups(
        release(make_table(VALUES), make_tests(VERDICTS)), "figur-4", title, PAIR
    )
    assert figure.payload["title"] == "Titel"
    assert (figure.payload["claim"], figure.payload["evidence"]) == ("F4", [{"item": "goals"}])


def test_a_table_of_shares_has_every_number_in_its_trace():
    table = show_shares(release(make_table(VALUES)), "tabel-2", "Titel")
    cells = "\n".join(
        cell for row in (table.table["columns"], *table.table["rows"]) for cell in row
    )
    assert numbers_in(cells) <= known_numbers(rows_of(table, part="table"))
    assert numbers_in(table.note) <= known_numbers(rows_of(table, part="note"))


def test_prose_carries_the_trace_it_is_given():
    prose = Prose("59 pct.", "S015", ({"part": "text", "shown": "59 pct."},))
    assert prose._repr_mimebundle_()[MIME]["trace"] == [
        {"where": "S015", "part": "text", "shown": "59 pct."}
    ]
