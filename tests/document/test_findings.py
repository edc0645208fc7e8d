"""A report's findings: chosen by outcome and preference, with numbers that the sentence rests on."""

import pytest

from barometer.display import Prose
from barometer.document.document import build_document
from barometer.document.findings import choose_findings, list_problems, trace_findings
from barometer.document.imprint import read_front
from barometer.paths import ROOT
from barometer.sentences import evidence
from tests.make.samples import code_cell, make_notebook

WORDS = {
    "text": "af alle.",
    "more": "Oftere {sektor}.",
    "less": "Sjældnere.",
    "same": "Ingen forskel.",
}


def tell(id, outcome, *shown):
    """A cell with a sentence that rests on these shares."""
    rows = [{"kind": "share", "shown": one, "n": ""} for one in shown]
    row = dict.fromkeys(evidence.COLUMNS, "") | {"trace": rows, "verdict": "description"}
    row |= dict(zip(("first", "second"), shown, strict=False))
    return code_cell(Prose(f"Sætningen {id}.", id, (), outcome, (row,)))


def choose(declared, *chapters):
    """The findings of chapters, each of these cells."""
    notebooks = [(f"0{i}_x", make_notebook(*cells)) for i, cells in enumerate(chapters, 1)]
    return choose_findings(notebooks, declared)


def list_ids(findings):
    return [one["id"] for one in findings]


def test_six_findings_in_order_of_preference_those_with_a_certain_outcome_first():
    names = [f"A{number}" for number in range(8)]
    outcomes = ["same", "more", "text", "words", "less", "more", "more", "more"]
    cells = [
        tell(id, outcome, "40 pct.", *["20 pct."] * (outcome not in ("text", "words")))
        for id, outcome in zip(names, outcomes, strict=True)
    ]
    chosen = choose(dict.fromkeys(reversed(names), WORDS), cells[4:], cells[:4])
    assert list_ids(chosen["report"]) == ["A7", "A6", "A5", "A4", "A3", "A2"]
    assert {name: list_ids(found) for name, found in chosen["chapters"].items()} == {
        "01_x": ["A7", "A6", "A5"],
        "02_x": ["A3", "A2", "A1"],
    }


def test_the_outcome_chooses_the_words_and_whether_two_numbers_are_held_against_each_other():
    cells = [tell("A", "less", "10 pct.", "30 pct."), tell("B", "same", "9 pct.", "9 pct.")]
    report = choose({"A": WORDS, "B": WORDS}, cells, [])["report"]
    assert [(one["text"], one["numbers"], one["joined"]) for one in report] == [
        ("Sjældnere.", ["10 pct.", "30 pct."], "mod"),
        ("Ingen forskel.", ["9 pct.", "9 pct."], "og"),
    ]


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [("closed", ("[c]", "[c]")), ("more", ("[u]", "[u]")), ("tendency_more", ("9 pct.", "8 pct."))],
)
def test_what_is_closed_or_has_no_words_for_its_outcome_is_no_finding(outcome, shown):
    chosen = choose({"A": WORDS}, [tell("A", outcome, *shown)], [])
    assert chosen["report"] == [] == chosen["chapters"]["01_x"]


def test_a_finding_that_covers_another_stands_instead_of_it_where_it_is_certain():
    declared = {"A": {"more": "Oftere.", "covers": ["B"]}, "B": WORDS}
    for outcome, ids in (("more", ["A"]), ("uncertain", ["B"])):
        shown = ("9 pct.", "8 pct.") if outcome == "more" else ("[u]", "[u]")
        chosen = choose(declared, [tell("A", outcome, *shown)], [tell("B", "text", "9 pct.")])
        assert list_ids(chosen["report"]) == ids


def test_a_chapter_alone_has_its_own_findings_and_none_of_a_report():
    chosen = choose({"A": WORDS}, [tell("A", "text", "9 pct.")])
    assert (chosen["report"], list_ids(chosen["chapters"]["01_x"])) == ([], ["A"])


def test_each_number_of_a_finding_has_a_row_where_it_is_shown():
    chosen = choose({"A": WORDS}, [tell("A", "more", "9 pct.", "8 pct.")], [])
    rows = [(row["where"], row["part"], row["shown"]) for _, row in trace_findings(chosen)]
    assert rows == [
        ("A", part, shown) for part in ("summary", "head") for shown in ("9 pct.", "8 pct.")
    ]


def test_the_document_has_them_without_their_rows():
    front = {**read_front(None), "findings": {"A": WORDS}}
    notebooks = [
        ("01_a", make_notebook(tell("A", "text", "9 pct."))),
        ("02_b", make_notebook(tell("B", "text", "8 pct."))),
    ]
    document = build_document(notebooks, front)
    (finding,) = document["findings"]
    assert finding["numbers"] == ["9 pct."] and "trace" not in finding
    assert (
        document["chapters"][0]["findings"] == [finding] and not document["chapters"][1]["findings"]
    )
    assert "findings" not in document["meta"]


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        (["A"], "feltet findings er ikke en liste med navne"),
        ({"A": "tekst"}, "findings, A: sætningen mangler"),
        ({"A": {"mere": "Oftere."}}, "findings, A: udfaldet mere kendes ikke"),
        ({"A": {"more": "Ved 57 pct."}}, "findings, A, more: er ikke en sætning uden tal"),
        ({"A": {"more": "Oftere.", "covers": "B"}}, "findings, A: covers er ikke en liste"),
    ],
)
def test_what_is_wrong_with_declared_findings_is_said(declared, problem):
    assert [found for found, _ in list_problems(declared)] == [problem]


def test_every_sentence_that_the_project_names_is_told_in_a_chapter():
    text = "".join(path.read_text("utf-8") for path in (ROOT / "notebooks").glob("*.ipynb"))
    declared = read_front(None)["findings"]
    assert declared and [id for id in declared if f'\\"{id}\\",' not in text] == []


def test_a_chapter_of_which_all_is_annex_stands_there_under_its_title():
    annexed = make_notebook(tell("B", "text", "8 pct."))
    for cell in annexed.cells[1:]:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "annex"]
    first = ("01_a", make_notebook(tell("A", "text", "9 pct.")))
    document = build_document([first, ("02_b", annexed)], {**read_front(None), "findings": {}})
    assert [chapter["name"] for chapter in document["chapters"]] == ["01_a"]
    head = document["annex"][0]
    assert (head["type"], head["level"]) == ("heading", 2)
    assert [claim["id"] for claim in head["claims"]] == ["B"]
