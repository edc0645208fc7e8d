"""A chapter drafted from a list of questions."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from barometer.data.registry import make_questionnaire, read_questionnaire
from barometer.drafting.chapters import (
    find_common,
    find_undivided,
    make_chapter,
    make_heading,
)
from barometer.files.yaml_files import load_yaml
from barometer.languages.speaking import speak
from barometer.paths import DATA
from tests.make.small_survey import REGISTRY


def read_registry():
    return read_questionnaire(DATA / "barometer-2020" / "questionnaire.yaml")


def list_code(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_a_chapter_has_its_parameters_one_import_and_each_question():
    notebook = make_chapter("Prøve", read_registry(), ["novelty", "value"], "barometer-2020")
    code = list_code(notebook)
    assert notebook.cells[1].metadata.tags == ["parameters"]
    assert 'survey.shares("novelty")' in code
    compile(code, "chapter", "exec")


def test_answers_of_one_question_are_drawn_in_its_order_ticks_by_size_and_rows_are_a_table():
    questions = ["novelty", "value", "introduced"]
    code = list_code(make_chapter("Prøve", read_registry(), questions, "barometer-2020"))
    one, several, rows = re.findall(r"\w+\.(?:draw_shares|show)\(.*\)", code)
    assert one.startswith("novelty.draw_shares(") and one.endswith(", ordered=True)")
    assert several.startswith("value.draw_shares(") and "ordered" not in several
    assert rows.startswith("introduced.show(")


def test_questions_are_compared_by_what_divides_respondents():
    registry = read_registry()
    code = list_code(make_chapter("P", registry, ["value", "novelty"], "b", "initiation", "08"))
    assert 'survey.compare("value", by="initiation")' in code and "{oftere}" in code
    assert 'novelty.draw_distribution("hvor-ny-er-den-p"' in code
    code = list_code(make_chapter("P", registry, ["value"], "b", "sector"))
    # a table each would be tested
    assert 'survey.whole.shares("value", by="sector")' in code


def test_parts_that_have_reports_are_compared_of_the_whole_and_groups_within_each_part():
    registry = read_registry()
    for part in registry.background:
        code = list_code(make_chapter("P", registry, ["value", "novelty", "culture"], "b", part))
        asked = re.findall(r"= (survey[.a-z]*)\.\w+\(", code)
        assert asked == ["survey.whole"] * 3, part
        assert "{sted}" not in code and "difference=" in code
        assert "i grupperne i hele undersøgelsen." in code
    code = list_code(make_chapter("P", registry, ["value"], "b", "field", nested=True))
    assert "survey.whole" not in code  # a division's report has its own departments
    for groups in ("initiation", "novelty"):
        code = list_code(make_chapter("P", registry, ["value"], "b", groups))
        assert "survey.whole" not in code


def test_one_scale_in_many_groups_is_drawn_to_both_sides_and_many_answers_as_a_table_with_shades():
    registry = read_registry()
    scales = {
        name: replace(registry.questions[name], kind="scale") for name in ("culture", "novelty")
    }
    registry = replace(registry, questions=registry.questions | scales)
    code = list_code(make_chapter("P", registry, ["culture"], "b"))
    assert 'culture = survey.mean("culture")' in code and "culture.draw_means(" in code
    code = list_code(make_chapter("P", registry, ["novelty"], "b", "field"))
    assert (
        'novelty = survey.whole.compare("novelty", by="field")' in code
        and "novelty.draw_scale(" in code
    )
    code = list_code(make_chapter("P", registry, ["value"], "b", "field"))
    assert "value.draw_heat(" in code


def test_every_question_has_a_sentence_also_ticks_and_rows_by_several_groups():
    registry = read_registry()
    most = {"value": "value.quality", "culture": "culture.new_paths=agree"}
    notebook = make_chapter("P", registry, [*most], "b", "sector", common=most)
    code = list_code(notebook)
    assert code.count(".tell(") == 2
    assert 'survey.whole.compare("value.quality", by="sector").tell(' in code
    assert 'survey.whole.compare("culture.new_paths=agree", by="sector").tell(' in code
    label = registry.label("value.quality")
    assert f'difference="Hvor mange der svarer »{label}«, er forskelligt i grupperne i hele' in code
    scales = registry.questions | {"culture": replace(registry.questions["culture"], kind="scale")}
    registry = replace(registry, questions=scales)
    row = registry.questions["culture"].items["new_paths"]
    for by, told in {
        None: f'text="Gennemsnittet af »{row}« {{sted}} er {{a}} blandt',
        "initiation": f'differs="Gennemsnittet af »{row}« er {{højere}} i gruppen',
        "sector": f'difference="Gennemsnittet af »{row}« er forskelligt i grupperne',
    }.items():
        code = list_code(make_chapter("P", registry, ["culture"], "b", by, common=most))
        assert '.mean("culture.new_paths"' in code and told in code


@pytest.mark.parametrize("by", ["novelty", "reused"])
def test_a_question_is_never_drafted_by_its_own_answers(by):
    code = list_code(make_chapter("P", read_registry(), ["novelty", "value"], "b", by))
    assert 'survey.shares("novelty")' in code
    assert re.search(rf'survey.(compare|shares)\("value", by="{by}"\)', code)


def test_a_question_that_one_group_alone_was_asked_is_not_drafted_by_those_groups():
    registry = make_questionnaire(load_yaml("questionnaire.yaml", REGISTRY.encode()))
    assert "kun én" in find_undivided(registry, "evaluated", "innovative")
    assert find_undivided(registry, "purpose", "evaluated") == ""  # two of three were asked
    code = list_code(make_chapter("P", registry, ["evaluated"], "b", "innovative"))
    assert 'survey.shares("evaluated")' in code


def test_the_same_draft_has_the_same_bytes():
    one, other = (make_chapter("P", read_registry(), ["value"], "b") for _ in range(2))
    assert one == other


def test_a_drafted_sentence_says_whom_its_share_is_of_and_names_the_groups():
    registry = read_registry()
    code = list_code(make_chapter("P", registry, ["introduced", "novelty", "value"], "b"))
    assert "af arbejdspladserne {sted} svarer" in code  # everybody was asked
    assert "af de arbejdspladser {sted}, der er spurgt, svarer" in code
    assert 'words="{a_alle} arbejdspladser {sted} svarer' in code  # "seks ud af ti …"
    assert 'words="{a_alle} arbejdspladser {sted}, der er spurgt, svarer' in code
    code = list_code(make_chapter("P", registry, ["value"], "b", "initiation"))
    first, second = registry.groupings["initiation"].values()
    assert f"Gruppen »{first}« svarer" in code and f"end gruppen »{second}«: " in code
    assert "ikke {sikkert} forskellige" in code and "lige ofte" not in code


def test_a_chapter_is_written_in_the_language_that_is_spoken_with_two_words_for_the_two_outcomes():
    registry = read_questionnaire(DATA / "barometer-2020" / "questionnaire.yaml", "en")
    with speak("en"):
        code = list_code(make_chapter("P", registry, ["value", "novelty"], "b", "initiation"))
    assert 'language = "en"' in code and "# significance level, between" in code
    assert "{more often|less often} than the group ‘" in code
    assert "There is no {sikkert} difference" in code and "»" not in code


def test_what_most_answered_is_weighted_and_no_rest():
    registry = read_registry()
    answers = [*registry.questions["novelty"].answers]
    table = pd.DataFrame({"novelty": [answers[0], answers[1], answers[1], *answers[-1:] * 9]})
    assert registry.questions["novelty"].residual  # the last one
    for weights, most in (([1, 1, 1], answers[1]), ([3, 1, 1], answers[0])):
        weights = np.array([*weights, *[1] * 9])
        found = find_common(registry, ["novelty"], table, weights)
        assert found == {"novelty": f"novelty={most}"}
    names = [f"value_{item}" for item in registry.questions["value"].items]
    table = pd.DataFrame(0, index=range(2), columns=names)
    table[names[1]] = [1, 0]
    found = find_common(registry, ["value"], table, np.ones(2))
    assert found == {"value": f"value.{[*registry.questions['value'].items][1]}"}


def test_a_scale_whose_points_have_no_words_is_told_by_its_mean():
    registry = read_registry()
    points = {str(one): str(one) for one in range(11)} | {"0": "Slet ikke", "10": "Meget"}
    scale = replace(registry.questions["novelty"], kind="scale", answers=points, residual=())
    registry = replace(registry, questions=registry.questions | {"novelty": scale})
    code = list_code(make_chapter("P", registry, ["novelty"], "b"))
    assert 'survey.mean("novelty").tell(' in code and "Gennemsnittet {sted} er {a}" in code
    assert "novelty.draw_" in code
    points = {one: one for one in ("Uenig", "Lidt uenig", "Lidt enig", "Enig")}  # a file of texts
    scale = replace(scale, answers=points)
    registry = replace(registry, questions=registry.questions | {"novelty": scale})
    code = list_code(make_chapter("P", registry, ["novelty"], "b"))
    assert "svarer »Uenig«" in code and "Gennemsnittet" not in code


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Hvad var nyt? (Sæt gerne flere kryds)", "Hvad var nyt?"),
        ("Hvor sandsynligt er det? (0-10)", "Hvor sandsynligt er det?"),
        ("(Sæt ét kryds) Hvem hjalp?", "Hvem hjalp?"),
        ("Hvor mange innovation(er)?", "Hvor mange innovation(er)?"),
        ("(1)", "(1)"),
        ("Hvad kostede det (i kroner)?", "Hvad kostede det?"),
        ("Q4. What did it cost (in pounds)?", "Q4. What did it cost (in pounds)?"),
    ],
)
def test_a_heading_is_the_question_without_how_to_answer_it(text, heading):
    assert make_heading(text) == heading


DIGITS = """
title: T
round: 1
period: "2026"
background: {part: {text: P, answers: {a: A}}}
questions:
  age: {text: Age, kind: single, asked: all, answers: {a: "18-24", b: "25-49", c: "50+"}}
  sex: {text: Sex, kind: single, asked: all, answers: {f: Female, m: Male}}
  place: {text: Place, kind: single, asked: all, answers: {n: North, s: South, w: West}}
  rank:
    text: Rank
    kind: battery
    asked: all
    items: {price: Price, service: Service}
    answers: {"1": "1", "2": "2"}
derived: {}
domains: []
"""


@pytest.mark.parametrize("by", [None, "sex", "place"])
@pytest.mark.parametrize(("name", "item"), [("age", "age=a"), ("rank", "rank.price=1")])
def test_answers_whose_labels_all_have_digits_have_a_sentence_on_the_one_named_first(
    name, item, by
):
    registry = make_questionnaire(load_yaml("questionnaire.yaml", DIGITS.encode()))
    code = list_code(make_chapter("P", registry, [name], "b", by))
    (wordings,) = re.findall(r"\.tell\(\n(.*?)\n\)", code, re.S)
    assert not re.search(r"\d", wordings.partition('",\n')[2].replace(f'"{item}"', ""))
    if by and name == "age":  # the whole table is tested
        assert "difference=" in wordings
        return
    assert "giver det førstnævnte svar" in wordings and ("»Price«" in wordings) == (name == "rank")
    assert item in code
