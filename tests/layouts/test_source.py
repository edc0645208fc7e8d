"""Files of any format become the same codes, with what they say of them."""

import pandas as pd
import pyreadstat
import pytest

from barometer.drafting.coding import read_codes
from barometer.drafting.grouping import group_columns
from barometer.files.faults import DataFault
from barometer.incoming.columns import describe_columns
from barometer.incoming.doubtful import find_doubtful
from barometer.incoming.roles import Role, guess_roles
from barometer.layouts.source import read_source
from tests.make.answers import make_answers, make_texts, write_sav


def test_a_file_of_spss_gives_codes_labels_titles_and_what_is_declared_missing(tmp_path):
    source = read_source(write_sav(tmp_path / "a.sav"))
    assert source.frame["q1"].tolist()[:3] == ["2", "9", "1"]
    assert source.labels["q1"] == {"1": "Ja", "2": "Nej", "9": "Ved ikke"}
    assert source.titles["q2"] == "Hvor meget?"
    assert source.missing == {"q1": {"9"}}
    assert source.frame["q2"].isna().sum() == (make_answers()["q2"].isna()).sum()


def test_missing_codes_of_stata_are_no_answers_unless_they_have_words(tmp_path):
    scale = {1: "Strongly agree", 2: "Agree", 3: "Disagree", 4: "Strongly disagree"}
    frame = pd.DataFrame({"q": [1, 2, 3, 4, "a", "z"] * 3, "name": [*"abcdef"] * 3})
    pyreadstat.write_dta(
        frame,
        tmp_path / "a.dta",
        variable_value_labels={"q": scale | {"a": "Don't know"}},
        missing_user_values={"q": ["a", "z"]},
    )
    source = read_source(tmp_path / "a.dta")
    assert {"a", "z"} <= source.missing["q"] and "name" not in source.missing
    columns = describe_columns(source)
    (question,) = group_columns({"q": columns["q"]})
    assert question.kind == "scale" and question.residual == ("a",)
    (codes,) = read_codes(source, columns, question).values()
    assert codes.isna().sum() == 3 and set(codes.dropna()) == {*"1234a"}
    assert find_doubtful(source, columns, guess_roles(columns)) == []


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".parquet"])
def test_the_same_answers_are_the_same_codes_in_every_format(tmp_path, suffix):
    frame, path = make_answers(), tmp_path / f"a{suffix}"
    {
        ".xlsx": lambda: frame.to_excel(path, index=False),
        ".csv": lambda: frame.to_csv(path, index=False, sep=";", decimal=",", encoding="cp1252"),
        ".parquet": lambda: frame.to_parquet(path),
    }[suffix]()
    expected = read_source(write_sav(tmp_path / "b.sav")).frame
    found = read_source(path).frame
    assert list(found) == list(expected)
    for name in ("q1", "q2", "wgt", "age", "part"):
        assert (
            found[name].astype(object).fillna("").tolist()
            == expected[name].astype(object).fillna("").tolist()
        )


def test_codes_with_leading_noughts_are_kept(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n01,1.0\n02,2\n", encoding="utf-8")
    frame = read_source(path).frame
    assert frame["a"].tolist() == ["01", "02"] and frame["b"].tolist() == ["1", "2"]


def test_the_largest_sheet_of_a_book_is_read_and_named(tmp_path):
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"x": ["note"]}).to_excel(book, sheet_name="Om", index=False)
        make_texts().to_excel(book, sheet_name="Svar", index=False)
    source = read_source(path)
    assert len(source.frame) == 60
    assert source.ways == ("a.xlsx: arket »Svar« er læst; andre ark er ikke: Om",)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"not a book"), ("a.sav", b"$FL2 cut"), ("a.docx", b"x"), ("a.csv", b"")],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataFault) as caught:
        read_source(tmp_path / name)
    assert name in str(caught.value) and len(caught.value.faults) == 1


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_column_that_stands_twice_is_told_with_its_places_as_it_may_be_two_questions(
    tmp_path, suffix
):
    path, table = tmp_path / f"a.{suffix}", pd.DataFrame([["q1", "q2", "q1"], [1, 2, 1]])
    write = table.to_excel if suffix == "xlsx" else table.to_csv
    write(path, index=False, header=False)
    with pytest.raises(DataFault) as caught:
        read_source(path)
    (fault,) = caught.value.faults
    assert fault.problem == "kolonnen står flere gange (nr. 1 og 3)"
    assert (
        fault.remedy
        == "behold den ene, eller giv dem hver sit navn, hvis de er hvert sit spørgsmål"
    )


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_true_and_false_have_words_and_are_no_numbers(tmp_path, suffix):
    path, table = tmp_path / f"a.{suffix}", pd.DataFrame({"a": [True, False, None], "b": [1, 2, 3]})
    table = table if suffix == "xlsx" else table.astype({"a": "boolean"})
    (table.to_excel if suffix == "xlsx" else table.to_parquet)(path, index=False)
    source = read_source(path)
    assert source.labels["a"] == {"1": "Ja", "0": "Nej"} and "a" not in source.numbered
    assert source.frame["a"].tolist()[:2] == ["1", "0"] and source.frame["a"].isna().sum() == 1


def test_an_answer_that_stands_on_several_lines_is_one_line_in_every_format(tmp_path):
    frame = pd.DataFrame({"a": ["God\n hjælp", "Nej", "God\u00a0hjælp"], "b": [1, 2, 3]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    for name in ("a.csv", "a.xlsx"):
        assert read_source(tmp_path / name).frame["a"].tolist() == ["God hjælp", "Nej", "God hjælp"]


WEIGHTS = [1.002, 0.5, 2.25, 1.119, 12.0]


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".xlsx", ".csv", ".parquet", "comma", "typed"])
def test_a_column_of_numbers_is_one_though_some_of_them_have_three_decimals(tmp_path, suffix):
    """1.119 alone may be thousands; among such numbers it is not."""
    frame = pd.DataFrame({"wgt": WEIGHTS, "q": ["Ja", "Nej", "Ja", "Ja", "Nej"]})
    path = tmp_path / f"a{suffix if suffix.startswith('.') else '.csv'}"
    {
        ".sav": lambda: pyreadstat.write_sav(frame, str(path)),
        ".dta": lambda: pyreadstat.write_dta(frame, str(path)),
        ".xlsx": lambda: frame.to_excel(path, index=False),
        ".csv": lambda: frame.to_csv(path, index=False),
        ".parquet": lambda: frame.to_parquet(path),
        "comma": lambda: frame.to_csv(path, index=False, sep=";", decimal=","),
        "typed": lambda: frame.astype(str).to_csv(path, index=False),
    }[suffix]()
    columns = describe_columns(read_source(path))
    assert sorted(columns["wgt"].numbers) == sorted(WEIGHTS)
    assert guess_roles(columns)["wgt"].role == Role.WEIGHT


def test_a_decimal_comma_typed_in_a_sheet_is_one(tmp_path):
    frame = pd.DataFrame({"wgt": ["1,002", "0,5", "2,25"], "q": ["Ja", "Nej", "Ja"]})
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    assert describe_columns(read_source(tmp_path / "a.xlsx"))["wgt"].numbers == [0.5, 1.002, 2.25]


def test_thousands_are_no_numbers_that_anybody_guesses(tmp_path):
    (tmp_path / "a.csv").write_text("income;q\n1.250;1,5\n2.500;2\n", encoding="utf-8")
    assert describe_columns(read_source(tmp_path / "a.csv"))["income"].numbers is None


def test_a_file_says_what_it_is_on_and_one_that_does_not_has_no_title(tmp_path):
    path = write_sav(tmp_path / "a.sav", file_label=" Fornyelse i  2026 ")
    assert read_source(path).title == "Fornyelse i 2026"
    assert read_source(write_sav(tmp_path / "b.sav")).title == ""
