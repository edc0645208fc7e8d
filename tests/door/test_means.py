"""Scales are asked for their means and their ends, and what may not be told of them is not."""

import numpy as np
import pytest

from barometer.disclosure import means
from barometer.disclosure.plan import Plan, name_cell
from barometer.door.calls import CallError
from barometer.files.faults import DataFault
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.make.small_survey import (
    REGISTRY,
    STRATA,
    break_and_recard,
    change_cards,
    make_survey,
    make_waves,
    set_cells,
)

SCALES = """  satisfied:
    text: Hvor tilfreds er I?
    kind: scale
    asked: all
    answers: {"1": Slet ikke, "2": Lidt, "3": Noget, "4": Meget, dont_know: Ved ikke}
    residual: [dont_know]
  trust:
    text: Hvor stor er tilliden?
    kind: scale
    asked: all
    items: {leaders: Til ledere, citizens: Til borgere}
    answers: {low: Lav, middle: Mellem, high: Høj}
derived:
"""
SCALES += "  content: {label: Godt tilfreds, any_of: [satisfied=3|4]}\n"
REGISTRY = REGISTRY.replace("derived:\n", SCALES, 1)
WAVES = 12  # 36 answers in each stratum of 1,000 units or more
VARIABLE = "satisfied=1|2|3|4"


def add_scales(table):
    place = np.arange(len(table))
    south = table["stratum"].str.startswith("municipality").to_numpy()
    satisfied = 1 + np.minimum(place * 7 % 11 % 4 + south, 3)
    trust = np.array(["low", "middle", "high"])
    return table.assign(
        satisfied=np.where(place % 9 == 8, "dont_know", satisfied.astype(str)),
        trust_leaders=trust[place % 3],
        trust_citizens=trust[np.minimum(place // 12 % 3, 2)],
    )


@pytest.fixture
def folder(tmp_path):
    folder = make_waves(tmp_path / "small", REGISTRY, WAVES)
    assert len(STRATA) == 4
    return break_and_recard(folder, add_scales)


@pytest.fixture
def survey(folder):
    return open_survey(str(folder))


def test_the_mean_is_of_points_and_leaves_residual_answers_out(survey):
    row = survey.mean("satisfied").table.iloc[0]
    codes, weights = survey.variables.answers["satisfied"], survey.design.weights
    known = (codes != "dont_know").to_numpy()
    points = codes[known].astype(str).astype(float)
    assert row["share"] == pytest.approx(np.average(points, weights=weights[known]))
    assert row["n"] == known.sum() < len(codes)


def test_points_that_are_no_numbers_are_counted_from_one(survey):
    table = survey.mean("trust").table
    assert table["label"].tolist() == ["Til ledere", "Til borgere"]
    shares = survey.shares("trust.leaders").table["share"]
    assert table["share"].iloc[0] == pytest.approx((shares * [1, 2, 3]).sum())


def test_two_groups_are_told_as_higher_or_lower_in_the_scales_own_points(survey):
    pair = survey.mean("satisfied", by="sector=municipality")
    told = pair.tell(
        "D1", "satisfied", differs="{Højere}: {a} mod {b}, {forskel}.", same="Ens: {a}, {b}."
    )
    row = pair.comparisons.iloc[0]
    first, second = (f"{row[f'share_{one}']:.1f}".replace(".", ",") for one in ("first", "second"))
    assert row["verdict"] == "higher" and str(told).startswith(f"Højere: {first} mod {second}")
    (basis,) = told.evidence
    assert basis["first"] == first and basis["difference"].startswith("+0,")
    kinds = [one["kind"] for one in basis["trace"]]
    assert kinds[:4] == ["mean", "mean", "mean_difference", "p"]
    assert "højere" in pair._repr_html_() and "oftere" not in pair._repr_html_()


def test_more_groups_have_one_test_of_each_scale(survey):
    answer = survey.mean(["satisfied", "trust.leaders"], by="sector")
    tests = [one.distribution for one in answer.tables]
    assert [test.items[0].partition("=")[0] for test in tests] == ["satisfied", "trust.leaders"]
    assert all(test.ndf == 2 and test.p <= 1 for test in tests)
    told = answer.tell(
        "D2",
        "satisfied",
        difference="Forskel: {a}.",
        same="Ens: {a}.",
        numbers={"a": ("satisfied", "sector=municipality")},
    )
    assert str(told).startswith("Forskel: ")


def test_the_table_says_what_stands_behind_each_mean(survey):
    table = survey.mean("trust", by="sector=municipality").show("tillid", "Tillid").payload["table"]
    assert table["columns"] == ["Spørgsmål", "Gruppe", "Gennemsnit", "n", "Forskel"]
    assert [row[3] for row in table["rows"]] == ["72", "72", "72", "72"]


def test_the_ends_of_a_scale_are_shares(survey):
    ends = survey.boxes("satisfied", top=1, bottom=2)
    assert ends.table["item"].tolist() == ["satisfied=4", "satisfied=1|2"]
    assert ends.table["label"].tolist() == ["Meget", "Slet ikke eller Lidt"]
    with pytest.raises(CallError, match="satisfied har 4 trin"):
        survey.boxes("satisfied", top=3, bottom=2)


def test_what_is_no_scale_is_answered_with_those_that_are(survey):
    with pytest.raises(CallError, match=r"»satisfied«.*Der er satisfied, trust.leaders"):
        survey.mean("satisfid")
    with pytest.raises(CallError, match="overlapper"):
        survey.mean("satisfied", by=["all", "innovative", "sector=region"])


def leave_out(table):
    """Six answer neither row of a battery, and six more not the second."""
    gone = np.arange(len(table)) < 6, np.arange(len(table)) < 12
    return table.assign(
        trust_leaders=table["trust_leaders"].where(~gone[0], "none"),
        trust_citizens=table["trust_citizens"].where(~gone[1], "none"),
    )


@pytest.fixture
def incomplete(tmp_path):
    """A survey of a battery that some have not answered."""
    answered = "answers: {low: Lav, middle: Mellem, high: Høj"
    ends = "}\n    residual: [none]\n    unanswered: [none]"
    registry = REGISTRY.replace(answered + "}", answered + ", none: Intet svar" + ends)
    folder = make_waves(tmp_path / "small", registry, WAVES)
    return open_survey(
        data=str(break_and_recard(folder, lambda table: leave_out(add_scales(table))))
    )


def test_how_many_gave_no_answer_is_told_of_every_row_of_a_battery(incomplete):
    for asked in (incomplete.mean("trust"), incomplete.mean("trust", by="sector")):
        for shown in (asked.show("t", "Tillid"), asked.draw_means("f", "Tillid")):
            assert "6–12 har ikke svaret og er ikke medregnet." in shown.payload["note"]


def test_how_many_gave_no_answer_is_not_told_where_not_all_of_them_are_in_a_group(incomplete):
    """With how many were asked it would give how many answered who are in none."""
    shown = incomplete.mean("trust", by=["sector=region", "sector=municipality"])
    assert "ikke svaret" not in shown.show("t", "Tillid").payload["note"]


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        # with it comes how many answered a row that is suppressed
        (("trust.leaders=low|middle|high", "all", "all"), "12 har ikke svaret"),
        (("trust.leaders=low", "all", "all"), "12 har ikke svaret"),
        (("all", "all", "all"), ""),  # how many were asked
    ],
)
def test_how_many_gave_no_answer_is_not_told_where_it_gives_back_what_is_suppressed(
    incomplete, closed, told
):
    shown = confide(incomplete, closed={closed: "secondary"}).mean("trust")
    note = shown.show("t", "Tillid").payload["note"]
    assert f" {told}" in note and "6" not in note.partition("Syntetiske")[0].replace("95", "")
    assert told or "ikke svaret" not in note


def confide(survey, **closed):
    """The survey with a plan in which these cells (item, group, domain) are suppressed."""
    object.__setattr__(survey, "plan", Plan(frozenset(closed["closed"]), closed["closed"]))
    return survey


@pytest.mark.parametrize(
    "item", [VARIABLE, "satisfied=2", "satisfied=3|4", "satisfied=dont_know", "content", "!content"]
)
def test_a_mean_is_closed_where_its_number_or_one_of_its_answers_is(survey, item):
    survey = confide(survey, closed={(item, "all", "all"): "secondary"})
    row = survey.mean("satisfied").table.iloc[0]
    assert row["status"] == "[c]" and np.isnan([row["share"], row["n"], row["se"]]).all()
    told = survey.mean("satisfied").tell("D3", text="I snit {a} af {n_a}.")
    assert told.is_withheld and not told.trace


@pytest.mark.parametrize(
    ("rules", "known"), [({}, True), ({(VARIABLE, "all", "all"): "secondary"}, False)]
)
def test_of_a_closed_mean_it_is_told_how_many_gave_a_point_where_the_plan_leaves_that_open(
    survey, rules, known
):
    rules |= {("satisfied=2", "sector=state", "all"): "answer"}
    count = (VARIABLE, "all", "all")
    object.__setattr__(survey, "plan", Plan(frozenset({count, *rules}), rules))
    row = survey.mean("satisfied").table.iloc[0]
    assert row["status"] == "[c]" and np.isfinite(row["n"]) == known


@pytest.mark.parametrize(
    ("where", "closed"),
    [
        ("all", ["[c]", "[c]", "[c]"]),  # its mean follows from those of the parts
        ("sector=state", ["[c]", "[c]", ""]),  # or that of a part from the whole and the others
    ],
)
def test_a_mean_is_closed_where_with_others_it_tells_one_beside_a_closed_answer(
    survey, monkeypatch, where, closed
):
    cell = name_cell(survey.registry, "satisfied=2", where, "all")
    survey = confide(survey, closed={cell: "secondary"})
    groups = ["all", "sector=state", "sector=municipality"]

    def find_closed():
        found = [survey.mean("satisfied").table, survey.mean("satisfied", by=groups[1:]).table]
        return [one if one == "[c]" else "" for table in found for one in table["status"]]

    assert find_closed() == closed
    # of so many that a sum of points leaves the counts open, that of the cell alone is
    monkeypatch.setattr(means, "ROUNDINGS", 1e-3)
    assert find_closed() == ["[c]" * (one == where) for one in groups]


def test_how_many_gave_a_point_in_a_part_closes_no_mean_of_others(survey):
    """The plan closes that of another part too, so that neither mean follows from the whole's."""
    cell = name_cell(survey.registry, VARIABLE, "sector=state", "all")
    survey = confide(survey, closed={cell: "secondary"})
    tables = survey.mean("satisfied"), survey.mean("satisfied", by="sector=state")
    assert [one.table["status"].iloc[0] for one in tables] == ["", "[c]"]


def answer(**values):
    """An edit that leaves points to some of those of the state alone."""

    def edit(table):
        state = table.index[table["stratum"] == "state-small"]
        table = table.copy()
        table.loc[state, "satisfied"] = "dont_know"
        table.loc[state[: values["n"]], "satisfied"] = values["point"]
        return table

    return edit


@pytest.mark.parametrize(
    ("n", "status"), [(1, "[c]"), (2, "[c]"), (9, "[c]"), (12, "[u]"), (0, "empty")]
)
def test_a_mean_of_few_or_of_few_who_say_the_same_is_not_shown(folder, n, status):
    survey = open_survey(str(break_and_recard(folder, answer(n=n, point="3"))))
    table = survey.mean("satisfied", by=["sector=state", "sector=municipality"]).table
    row = table.set_index("group").loc["sector=state"]
    assert row["status"] == status and np.isnan(row["share"])


def test_a_mean_of_two_who_weigh_nearly_all_is_not_shown(folder):
    heavy = set_cells(["r01x0", "r01x1"], weight="480")
    light = set_cells(
        [
            f"r0{one}x{wave}"
            for one in (1, 2, 3)
            for wave in range(WAVES)
            if (one, wave) not in ((1, 0), (1, 1))
        ],
        weight="1.1765",
    )
    break_and_recard(folder, lambda table: heavy(light(table)))
    change_cards(folder, lambda cards: cards | {"weight_tolerance": 0.5})
    row = open_survey(str(folder)).mean("trust.leaders", by=["sector=state", "sector=region"]).table
    assert row.set_index("group").loc["sector=state", "rule"] == "dominance"


def test_smallest_and_largest_points_are_in_no_table(survey):
    columns = {*survey.mean("satisfied", by="sector").table.columns}
    assert not {name for name in columns if "min" in name or "max" in name}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('{"1": Slet ikke, "2": Lidt, "3"', '{"2": Slet ikke, "1": Lidt, "3"', "ikke i rækkefølge"),
        ("{low: Lav, middle: Mellem, high: Høj}", "{low: Lav}", "har 1 svar, men en skala har"),
        (
            "{low: Lav, middle: Mellem, high: Høj}",
            f"{{{', '.join(f'x{one}: Trin {one}' for one in range(12))}}}",
            "har 12 svar, men en skala har fra 2 til 11",
        ),
    ],
)
def test_a_scale_that_is_none_is_a_fault_of_the_registry(tmp_path, old, new, told):
    assert old in REGISTRY
    folder = make_survey(tmp_path / "small", None, REGISTRY.replace(old, new))
    with pytest.raises(DataFault, match=told):
        read_folder(folder)


def test_the_answers_of_a_battery_stand_in_columns_with_a_row_each(survey):
    table = survey.shares("trust").show("tillid", "Tillid").payload["table"]
    assert table["columns"] == ["", "Lav", "Mellem", "Høj", "n"]
    assert [row[0] for row in table["rows"]] == ["Til ledere", "Til borgere"]
    pair = survey.shares("trust", by=["sector=state", "sector=municipality"])
    table = pair.show("tillid-b", "Tillid").payload["table"]
    assert table["columns"][:2] == ["", "Gruppe"] and len(table["rows"]) == 4
    single = survey.shares("satisfied").show("glad", "Glad").payload["table"]
    assert single["columns"][0] == "Svar"


def test_the_table_behind_a_figure_of_means_calls_them_so(survey):
    columns = survey.mean("trust").draw_means("tillid", "Tillid").payload["table"]["columns"]
    assert columns[0] == "Spørgsmål" and columns[1].startswith("Gennemsnit (n")
