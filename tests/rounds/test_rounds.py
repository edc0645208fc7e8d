"""Rounds made for the test: opened together, compared, told and drawn, each by its own plan."""

import json

import numpy as np
import pytest

from barometer.files.faults import DataFault
from barometer.rounds.identity import find_variable, list_breaks
from barometer.survey import open_surveys
from tests.make.small_survey import COLUMNS, REGISTRY, STRATA, change_cards, make_survey

N = 240  # respondents of a round, sixty in each stratum


def draw(seed, innovative, ids="r"):
    """Rows of a round in which that part is innovative."""
    rng, rows = np.random.default_rng(seed), []
    for stratum in STRATA:
        for number in range(N // 4):
            yes = rng.random() < innovative
            row = dict.fromkeys(COLUMNS, "")
            row |= {
                "id": f"{ids}{stratum[0]}{number}",
                "stratum": stratum[0],
                "weight": "4",
                "introduced_product": "yes" if yes else "no",
                "introduced_service": "no",
            }
            if yes:
                row |= {f"initiator_{one}": "0" for one in ("employees", "leaders", "citizens")}
                row |= {"initiator_leaders": "1", "initiator_dont_know": "0"}
                row |= {"evaluated": rng.choice(["internal", "no"])}
                if row["evaluated"] == "internal":
                    row |= {"purpose_learning": "1", "purpose_required": "0"}
            else:
                row |= {"underway": "no"}
            rows.append([row[column] for column in COLUMNS])
    return rows


def make_round(folder, number, innovative, change=lambda text: text, **how):
    registry = REGISTRY.replace("round: 1", f"round: {number}")
    registry = registry.replace("2018-2019", f"{2012 + 2 * number}-{2013 + 2 * number}")
    make_survey(folder / f"round{number}", draw(number, innovative, **how), change(registry))
    path = folder / f"round{number}" / "population.csv"
    text = path.read_text(encoding="utf-8")
    for stratum in STRATA:
        text = text.replace(f",{stratum[4]},", ",240,")
    path.write_text(text, encoding="utf-8")
    from tests.make.small_survey import recard

    return recard(path.parent)


def name_rounds(folder, *names, **fields):
    return change_cards(folder, lambda cards: cards | {"rounds": list(names)} | fields)


@pytest.fixture
def three(tmp_path):
    for number, share in ((1, 0.5), (2, 0.45), (3, 0.62)):
        make_round(tmp_path, number, share)
    return name_rounds(tmp_path / "round3", "round1", "round2")


def test_a_change_is_the_difference_of_independent_samples(three):
    rounds = open_surveys(str(three))
    assert [survey.registry.round for survey in rounds.surveys] == [1, 2, 3]
    change = rounds.follow("innovative")
    test, table = change.comparisons.iloc[0], change.table.set_index("group")
    assert (test["first"], test["second"]) == ("round=3", "round=2")
    se = table.loc[["round=3", "round=2"], "se"].to_numpy()
    assert test["se"] == pytest.approx(np.hypot(*se), rel=1e-12)
    assert test["df"] == table.loc["round=3", "df"] + table.loc["round=2", "df"]
    shares = {one.registry.round: one.shares("innovative").table.iloc[0] for one in rounds.surveys}
    assert table.loc["round=1", "share"] == shares[1]["share"]
    first = rounds.follow("innovative", since=1).comparisons.iloc[0]
    assert first["share_second"] == shares[1]["share"]


def test_a_change_is_told_by_the_kinds_of_sentences_and_has_kinds_of_its_own_in_the_trace(three):
    change = open_surveys(str(three)).follow("innovative")
    told = change.tell(
        "U1",
        "innovative",
        differs="De er {oftere} innovative: {a} mod {b}.",
        same="Ingen sikker forskel: {a} mod {b}.",
    )
    assert told.outcome == "more" and str(told.text).startswith("De er oftere innovative: 6")
    assert {row["kind"] for row in told.trace} == {"round"}
    kinds = {row["kind"] for one in told.evidence for row in one["trace"]}
    assert kinds == {"round", "round_difference", "p"}
    assert told.evidence[0]["internal"]["domain"] == "rounds"


def test_a_line_stops_where_the_measure_was_changed_and_the_change_is_not_tested(tmp_path):
    broken = "breaks:\n  - {round: 3, what: method, text: Der spørges nu på nettet}\nquestions:"
    make_round(tmp_path, 2, 0.45)
    make_round(tmp_path, 3, 0.62, lambda text: text.replace("questions:", broken, 1))
    change = open_surveys(str(name_rounds(tmp_path / "round3", "round2"))).follow("innovative")
    assert change.breaks == {"innovative": {"round=3": ("Der spørges nu på nettet",)}}
    assert change.comparisons.iloc[0]["verdict"] == ""
    told = change.tell("U1", differs="{oftere} {a} {b}", same="-", withheld="Nej: {grund}.")
    assert str(told.text) == "Nej: spørgsmålet er ændret mellem runderne."
    figure = change.draw_line("line", "Fra runde til runde")
    assert "Linjen er brudt, hvor målet er ændret" in figure.alt
    assert "ændret" in figure.svg and "ændret" in figure.narrow
    assert [row[0] for row in figure.table["rows"]] == ["2016–2017", "2018–2019"]


def test_a_measure_that_changes_without_a_word_is_a_fault_and_a_word_mends_it(tmp_path):
    make_round(tmp_path, 2, 0.5)

    def reword(text, told=""):
        return text.replace("text: Har I evalueret?", f"text: Er det evalueret?{told}")

    make_round(tmp_path, 3, 0.5, reword)
    with pytest.raises(DataFault, match="evaluated har en anden ordlyd i runde 3 end i runde 2"):
        open_surveys(str(name_rounds(tmp_path / "round3", "round2")))
    told = "\n    breaks: [{round: 3, what: none, text: Samme indhold}]"
    make_round(tmp_path, 3, 0.5, lambda text: reword(text, told))
    rounds = open_surveys(str(name_rounds(tmp_path / "round3", "round2")))
    assert rounds.follow("evaluated=no").breaks == {"evaluated=no": {}}


def test_a_question_has_one_identity_under_two_names(tmp_path):
    def rename(text):
        text = text.replace("  evaluated:\n", "  assessed:\n    identity: evaluated\n")
        return text.replace("evaluated=external", "assessed=external").replace(
            "evaluated=internal], among", "assessed=internal], among"
        )

    make_round(tmp_path, 2, 0.5)
    old = open_surveys(str(tmp_path / "round2")).newest.registry
    from barometer.data.reading import parse_registry

    new = parse_registry(rename(REGISTRY).encode())
    assert find_variable("assessed=no", new, old) == "evaluated=no"
    assert find_variable("assessed=never", new, old) == ""
    assert list_breaks("assessed=no", [old, new]) == {}


def test_a_panel_counts_what_the_same_respondents_answer_alike(tmp_path):
    for number, share in ((2, 0.45), (3, 0.62)):
        make_round(tmp_path, number, share)
    apart = open_surveys(str(name_rounds(tmp_path / "round3", "round2")))
    plain = apart.follow("innovative").comparisons.iloc[0]
    change_cards(tmp_path / "round3", lambda cards: cards | {"overlap": "ids"})
    panel = open_surveys(str(tmp_path / "round3")).follow("innovative").comparisons.iloc[0]
    assert panel["difference"] == plain["difference"]
    assert panel["se"] != pytest.approx(plain["se"], rel=1e-6)
    assert panel["df"] == N - 4


def test_a_round_passes_the_gate_by_its_own_rules(tmp_path):
    make_survey(tmp_path / "small")  # twelve answers
    make_round(tmp_path, 2, 0.45)
    rounds = open_surveys(str(name_rounds(tmp_path / "round2", "small")))
    change = rounds.follow("innovative")
    assert change.table.set_index("group").loc["round=1", "status"] == "[u]"
    assert change.comparisons.iloc[0]["status"] == "[u]"
    assert np.isnan(change.comparisons.iloc[0]["p"])


def test_a_folder_that_is_no_round_and_a_number_that_comes_twice_are_told(three):
    name_rounds(three, "../round1")
    with pytest.raises(DataFault, match="rounds er ikke en liste af mapper"):
        open_surveys(str(three))
    name_rounds(three, "round1")
    cards = json.loads((three / "cards.yaml").read_text(encoding="utf-8"))
    assert cards["rounds"] == ["round1"]
    make_round(three.parent, 1, 0.5, lambda text: text.replace("round: 1", "round: 3"))
    with pytest.raises(DataFault, match="runderne har numrene 3, 3"):
        open_surveys(str(three))
