"""Columns become questions: one answer, several, rows of a battery."""

import pandas as pd
import pytest

from barometer.drafting.coding import find_unanswered_codes
from barometer.drafting.grouping import group_columns
from barometer.files.texts import make_name
from barometer.incoming.columns import describe_columns
from barometer.incoming.roles import Role, Sure, guess_roles
from barometer.layouts.source import Source, read_source
from tests.make.answers import write_sav


def group(columns, labels=None, titles=None):
    frame = pd.DataFrame({name: pd.Series(one, dtype=object) for name, one in columns.items()})
    return group_columns(describe_columns(Source("a.csv", frame, labels or {}, titles or {})))


def test_stems_titles_and_labels_make_questions(tmp_path):
    source = read_source(write_sav(tmp_path / "a.sav"))
    columns = describe_columns(source)
    found = group_columns({name: columns[name] for name in columns if name.startswith("q")})
    assert [(one.id, one.kind, len(one.columns)) for one in found] == [
        ("q1", "single", 1),
        ("q2", "single", 1),
        ("q3", "multiple", 2),
        ("q4", "battery", 2),
    ]
    assert found[2].text == "Hvem hjalp?"
    assert [item.text for item in found[2].items] == ["Borgere", "Ved ikke"]
    assert found[2].residual == ("2",)
    assert [item.id for item in found[3].items] == ["a", "b"]
    assert found[0].residual == ("9",)


@pytest.mark.parametrize(
    "names",
    [
        ("Hvem hjalp? [Borgere]", "Hvem hjalp? [Ledere]"),
        ("Hvem hjalp? - Borgere", "Hvem hjalp? - Ledere"),
        ("Hvem hjalp?: Borgere", "Hvem hjalp?: Ledere"),
        ("Hvem hjalp? Borgere", "Hvem hjalp? Ledere"),
        ("2. Hvem hjalp? Borgere", "2. Hvem hjalp? Ledere"),
    ],
)
def test_a_question_that_stands_in_the_names_alone_is_found(names):
    (found,) = group({name: ["0", "1", "1", "0"] for name in names})
    assert found.kind == "multiple" and found.text.removeprefix("2. ") == "Hvem hjalp?"
    assert [item.text for item in found.items] == ["Borgere", "Ledere"]


def test_yes_and_no_in_each_row_is_a_battery_and_not_ticks():
    labels = {name: {"1": "Ja", "2": "Nej"} for name in ("q1_1", "q1_2")}
    (found,) = group({"q1_1": ["1", "2"], "q1_2": ["2", "2"]}, labels)
    assert found.kind == "battery" and found.answers == {"1": "Ja", "2": "Nej"}


def test_neighbours_with_other_answers_are_questions_of_their_own():
    labels = {"q1": {"1": "Ja", "2": "Nej"}, "q2": {"1": "Stor", "2": "Lille"}}
    found = group({"q1": ["1", "2"], "q2": ["2", "1"]}, labels)
    assert [one.kind for one in found] == ["single", "single"]


def test_several_answers_in_one_cell_are_ticks_of_which_somebody_must_be_asked():
    (found,) = group({"Hvem?": ["Borgere;Ledere", "Borgere", "Ledere;Andre"] * 3})
    assert found.kind == "multiple" and found.cells and found.sure == Sure.LIKELY
    assert [item.text for item in found.items] == ["Andre", "Borgere", "Ledere"]


def test_numbers_without_labels_are_doubtful_and_say_which():
    (found,) = group({"q": ["1", "2", "5"] * 3})
    assert found.sure == Sure.UNSURE and "1, 2, 5" in found.doubts[0]


def test_answers_with_the_same_text_are_told_apart_by_their_codes():
    (found,) = group({"q": ["1", "2"]}, {"q": {"1": "Ja", "2": "ja"}})
    assert found.answers == {"1": "Ja (1)", "2": "ja (2)"}


def test_names_are_plain_letters_and_never_used_twice():
    assert make_name("Hvor ofte går du på æblejagt?") == "hvor_ofte_gaar_du_paa_aeblejagt"
    found = group({"Å": ["a", "b"], "aa": ["c", "d"], "id": ["x", "y"]})
    assert [one.id for one in found] == ["aa", "aa_2", "id"]


def test_a_scale_with_labels_at_its_ends_alone_stands_in_the_order_of_its_numbers():
    labels = {"1": "Helt uenig", "6": "Helt enig", "98": "Ved ikke"}
    (found,) = group({"q": ["1", "6", "3", "2", "98"] * 3}, {"q": labels})
    assert [*found.answers] == [*"123456", "98"] and found.residual == ("98",)


def test_answers_that_are_no_opinion_or_were_not_given_are_known_by_their_words():
    labels = {"q": {"1": "Ja", "2": "Husker ikke", "3": "Uoplyst"}}
    (found,) = group({"q": ["1", "2", "3"] * 4}, labels)
    assert found.residual == ("2",) and find_unanswered_codes(found) == ["3"]


def test_more_numbers_without_labels_than_are_named_are_seen_to_be_more():
    (found,) = group({"q": [str(one * one) for one in range(10)] * 2})
    assert found.doubts == ("hvad betyder 0, 1, 4, 9, 16, 25, 36, 49 …?",)


def test_a_scale_of_which_only_the_ends_have_words_is_one_though_some_do_not_know():
    points = [str(point) for point in range(11)]
    labels = {"nps": {"0": "Slet ikke", "10": "Meget", "99": "Ved ikke"}}
    frame = pd.DataFrame({"nps": [*points, "99"] * 2}, dtype=object)
    columns = describe_columns(Source("a.csv", frame, labels))
    assert guess_roles(columns)["nps"].role == Role.ANSWER
    (found,) = group_columns(columns)
    assert found.kind == "scale" and found.residual == ("99",) and found.sure == Sure.LIKELY
    assert [*found.answers] == [*points, "99"] and "hvad betyder" not in " ".join(found.doubts)


def test_a_number_with_a_word_is_a_number_and_a_code_outside_them_is_none():
    cells = [str(number) for number in range(1, 30)] + ["0", "-9"]
    labels = {"n": {"0": "Ingen", "-9": "Ved ikke"}}
    frame = pd.DataFrame({"n": cells}, dtype=object)
    titles = {"n": "Hvor mange dage ventede du?"}
    columns = describe_columns(Source("a.csv", frame, labels, titles))
    (found,) = group_columns(columns, numbers=["n"])
    assert found.answers == {"-9": "Ved ikke"} and found.number["least"] == 0
    assert found.number["unit"] == "dage" and "0 (Ingen) regnes som tal" in found.doubts


def test_questions_that_are_alike_in_names_and_answers_only_are_no_battery():
    labels = {name: {"1": "Ja", "2": "Nej"} for name in ("q1", "q2")}
    columns = {"q1": ["1", "2"], "q2": ["2", "1"]}
    apart = group(columns, labels, {"q1": "Har du børn?", "q2": "Ryger du?"})
    assert [one.kind for one in apart] == ["single", "single"]
    titles = {"q1": "Hvor tilfreds er du med maden?", "q2": "Hvor tilfreds er du med rummet?"}
    (battery,) = group(columns, labels, titles)
    assert battery.kind == "battery" and battery.text == "Hvor tilfreds er du med …?"
    assert [item.text for item in battery.items] == ["Maden", "Rummet"]


@pytest.mark.parametrize(("codes", "sure"), [("01", Sure.LIKELY), ("12", Sure.CERTAIN)])
def test_yes_and_no_by_nought_and_one_may_be_ticks_and_the_list_says_how_to_make_them(codes, sure):
    one, other = codes
    labels = {name: {one: "Nej", other: "Ja"} for name in ("q1_1", "q1_2")}
    titles = {"q1_1": "Hvad stod i vejen? Tid", "q1_2": "Hvad stod i vejen? Penge"}
    (found,) = group({"q1_1": [one, other], "q1_2": [other, other]}, labels, titles)
    assert (found.kind, found.sure) == ("battery", sure)
    assert ("kind: multiple" in " ".join(found.doubts)) == (sure == Sure.LIKELY)


def test_texts_without_labels_are_never_sure_to_be_answers_that_were_chosen():
    texts = ["Det gik godt", "Det gik skidt", "Ved ikke"] * 4
    (found,) = group({"q1": texts})
    assert found.sure == Sure.LIKELY and "fri tekst" in " ".join(found.doubts).lower()
    (found,) = group({"q1": ["1", "2"] * 4}, {"q1": {"1": "Godt", "2": "Skidt"}})
    assert found.sure == Sure.CERTAIN


def test_a_scale_has_the_points_that_nobody_chose_where_its_ends_have_words():
    given = [str(point) for point in range(11) if point != 1]
    (found,) = group({"q": given}, {"q": {"0": "Slet ikke", "10": "Helt"}})
    assert found.kind == "scale" and [*found.answers] == [str(point) for point in range(11)]
    assert found.doubts[-1].startswith(
        "kan svarenes trin lægges sammen til et gennemsnit, fra 0 (»Slet ikke«) til 10 (»Helt«)?"
    )


def test_which_end_of_a_scale_of_texts_has_the_highest_point_is_shown_and_asked():
    texts = ["Very satisfied", "Satisfied", "Dissatisfied", "Very dissatisfied"]
    (found,) = group({"q": sorted(texts)})
    assert [*found.answers] == texts and found.sure == Sure.UNSURE
    assert "fra 1 (»Very satisfied«) til 4 (»Very dissatisfied«)" in found.doubts[1]
    assert found.doubts[2] == "vend svarene om, hvis et højt gennemsnit skal være det modsatte"


def test_neighbours_without_labels_are_rows_of_one_question_where_most_answers_are_the_same():
    likert = ["1", "2", "3", "4", "5"]
    columns = {
        "q_1": likert,
        "q_2": [*"12344"],  # nobody gave one of them
        "q_3": ["Ja", "Nej", "Ved ikke", "Ja", "Nej"],
        "q_4": ["a", "b", "a", "b", "c"],
    }
    found = [(one.kind, one.columns) for one in group(columns)]
    assert found == [
        ("scale", ("q_1", "q_2")),
        ("single", ("q_3",)),
        ("single", ("q_4",)),
    ]


def test_two_texts_are_said_to_stand_by_the_alphabet_only_where_they_do():
    (found,) = group({"q": ["No", "Yes"] * 4})
    assert [*found.answers] == ["Yes", "No"] and "alfabetet" not in " ".join(found.doubts)
    (found,) = group({"q": ["FALSE", "TRUE"] * 4})
    assert [*found.answers] == ["TRUE", "FALSE"]
    (found,) = group({"q": ["North", "East"] * 4})
    assert [*found.answers] == ["East", "North"] and "alfabetet" in " ".join(found.doubts)


def test_a_question_and_its_rows_are_told_apart_whatever_stands_between():
    titles = {"q1": "Rate each: - Food", "q2": "Rate each: - Room"}
    (found,) = group({"q1": ["1", "2"], "q2": ["1", "2"]}, titles=titles)
    assert found.text == "Rate each" and [one.text for one in found.items] == ["Food", "Room"]
