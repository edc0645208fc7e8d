"""What columns are taken for, by their names and what stands in them."""

import pandas as pd
import pytest

from barometer.files.texts import write_alike
from barometer.incoming.columns import describe_columns
from barometer.incoming.roles import Role, Sure, guess_roles, list_candidates
from barometer.incoming.words import find_unit
from barometer.layouts.source import Source, read_source
from tests.make.answers import write_sav


def guess(labels=None, **columns):
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    )
    return guess_roles(describe_columns(Source("a.csv", frame, labels or {})))


def test_each_column_of_an_ordinary_file_has_its_part(tmp_path):
    source = read_source(write_sav(tmp_path / "a.sav"))
    roles = {name: one.role for name, one in guess_roles(describe_columns(source)).items()}
    assert roles["respnr"] == Role.ID and roles["wgt"] == Role.WEIGHT
    assert roles["age"] == Role.NUMBER and roles["open"] == Role.TEXT
    assert {roles[name] for name in ("part", "q1", "q2", "q3_1", "q4a")} == {Role.ANSWER}


@pytest.mark.parametrize(
    "name", ["vaegt", "vægt", "WEIGHT", "wgt", "pweight", "design_weight", "vekt"]
)
def test_a_weight_is_known_by_its_name_and_asked_about_though_some_of_it_is_wrong(name):
    rows = [str(1 + place / 7) for place in range(20)]
    assert guess(**{name: rows})[name].sure == Sure.CERTAIN
    for wrong in ("-1", "0", None, "ukendt"):
        found = guess(**{name: [wrong, *rows[1:]]})[name]
        assert found.role == Role.WEIGHT and found.sure == Sure.LIKELY


def test_a_column_of_ids_is_asked_about_though_some_stand_twice_and_one_of_few_codes_is_not():
    rows = [str(place) for place in range(20)]
    for wrong in ("1", None):
        found = guess(respid=[wrong, *rows[1:]])["respid"]
        assert found.role == Role.ID and found.sure == Sure.LIKELY
    assert guess(nr=["1", "2"] * 10)["nr"].role != Role.ID


def test_a_question_on_body_weight_with_labels_is_no_weight():
    labels = {"weight_group": {"1": "Let", "2": "Tung"}}
    assert guess(labels, weight_group=["1", "2"] * 10)["weight_group"].role == Role.ANSWER


def test_replicate_weights_are_many_and_clusters_are_named():
    rows = [str(1 + place / 7) for place in range(20)]
    found = guess(**{f"repwt{at}": rows for at in range(1, 11)}, psu=["1", "2"] * 10)
    assert len(list_candidates(found, Role.REPLICATE)) == 10
    assert found["psu"].role == Role.CLUSTER
    assert guess(rep1=["1", "2"] * 10)["rep1"].role == Role.ANSWER


def test_what_says_nothing_of_a_respondent_is_left_out():
    found = guess(
        empty=[None] * 20, start=["2024-05-01"] * 20, when=["01-05-2024"] * 20, same=["1"] * 20
    )
    assert [one.role for one in found.values()] == [Role.EMPTY, Role.NOTE, Role.NOTE, Role.CONSTANT]


def test_codes_without_labels_are_answers_of_which_nobody_is_sure():
    assert guess(q=["1", "2", "3"] * 10)["q"].sure == Sure.UNSURE
    assert guess(q=["Ja", "Nej", "Ja"] * 10)["q"].sure == Sure.LIKELY


@pytest.mark.parametrize(
    "name",
    [
        *("Kommentarer", "Andet, skriv", "q7_andet (notér)", "Uddyb gerne"),
        *("Other - please specify", "Skriv gerne, hvad I har lært", "Beskriv jeres bedste idé"),
        *("Please describe what you learned", "Fortæl om det"),
    ],
)
def test_what_people_write_themselves_is_no_answer_however_few_the_texts(name):
    assert guess(**{name: ["Fin hjælp", "Ventede", None] * 20})[name].role == Role.TEXT
    labels = {name: {"1": "Ros", "2": "Ris"}}  # somebody has coded them
    assert guess(labels, **{name: ["1", "2", None] * 20})[name].role == Role.ANSWER


def test_a_text_that_is_long_is_said_to_be_so_and_not_to_be_many():
    found = guess(sted=["x" * 300, None, None] * 20)["sted"]
    assert (found.role, found.why) == (Role.TEXT, "teksterne er lange")


@pytest.mark.parametrize(
    ("name", "title"), [("lag", ""), ("v2", "Udtrækningslag"), ("strat", ""), ("x", "Stratum")]
)
def test_a_stratum_is_known_by_its_name_or_its_title(name, title):
    frame = pd.DataFrame({name: ["1", "2"] * 9}, dtype=object)
    source = Source("a.csv", frame, {}, {name: title})
    assert guess_roles(describe_columns(source))[name].role == Role.STRATUM


@pytest.mark.parametrize("title", ["Hvor mange børn har du?", "Antal ansatte", "How many visits?"])
def test_what_is_counted_is_a_number_however_few_different_ones_there_are(title):
    frame = pd.DataFrame({"n": ["1", "2", "3"] * 9}, dtype=object)
    columns = describe_columns(Source("a.csv", frame, {}, {"n": title}))
    assert guess_roles(columns)["n"].role == Role.NUMBER
    assert find_unit(write_alike(title)) in ("børn", "ansatte", "visits")


def test_sentences_of_many_kinds_are_text_that_somebody_wrote_and_a_question_on_writing_is_none():
    texts = [f"Vi gjorde det på vis {one}." for one in "abcdefghijkl"]
    assert guess(q=texts * 10)["q"].role == Role.TEXT
    assert guess(q=[text.rstrip(".") for text in texts] * 10)["q"].role == Role.ANSWER
    asked = guess(**{"Hvor tit skriver du?": ["Tit", "Aldrig", "Tit"] * 10})
    assert asked["Hvor tit skriver du?"].role == Role.ANSWER


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Hvor mange sygedage har du haft i år?", "sygedage"),
        ("Anciennitet (år)", "år"),
        ("Hvor længe ventede du, i minutter?", "minutter"),
        ("How long did you wait [minutes]?", "minutes"),
        ("Har du haft fravær i gruppen (Drift)?", ""),
    ],
)
def test_the_unit_of_a_number_is_what_is_counted_and_not_when(title, unit):
    assert find_unit(write_alike(title)) == unit


def test_numbers_with_decimals_are_numbers_though_they_are_few_and_whole_ones_may_be_codes():
    assert guess(timer=["37.0", "32.5", "30.0"] * 9)["timer"].role == Role.NUMBER
    assert guess(timer=["3.0", "2.0", "1.0"] * 9)["timer"].role == Role.ANSWER


def test_numbers_that_each_stand_once_are_ids_where_rows_were_counted_by_them():
    incomes = [str(30_000 + 317 * place * place % 40_009) for place in range(40)]
    assert len({*incomes}) == 40
    assert guess(pay=incomes)["pay"].role == Role.NUMBER
    for first in (1, 500):
        counted = [str(first + place + place // 9) for place in range(40)]  # some rows are gone
        assert guess(row=counted)["row"].role == Role.ID
    assert guess(hours=["3", "1", "2"])["hours"].role != Role.ID
