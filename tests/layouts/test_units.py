"""Numbers with a unit beside them in each cell are numbers."""

import pandas as pd
import pytest

from barometer.drafting.grouping import make_number
from barometer.incoming.columns import describe_columns
from barometer.incoming.roles import Role, guess_roles
from barometer.languages.speaking import speak
from barometer.layouts.source import read_source
from barometer.verify.typed import read_form


def read(path, *cells):
    pd.DataFrame({"a": cells, "b": range(len(cells))}).to_csv(path, index=False, sep=";")
    source = read_source(path)
    column = describe_columns(source)["a"]
    return source, column, guess_roles({"a": column})["a"].role


@pytest.mark.parametrize(
    ("cells", "codes", "unit"),
    [
        (("45 %", "7%", "0 %", "45 %"), ["45", "7", "0", "45"], "procent"),
        (("12,5 pct.", "7 pct.", "0", None), ["12.5", "7", "0", None], "procent"),
        (("120 kr.", "75 kr", "900 DKK", "1 kr"), ["120", "75", "900", "1"], "kr."),
        (("€ 12", "€7", "3 €", "4 EUR"), ["12", "7", "3", "4"], "€"),
    ],
)
def test_numbers_are_read_without_their_unit_which_is_kept(tmp_path, cells, codes, unit):
    source, column, role = read(tmp_path / "a.csv", *cells)
    found = [None if pd.isna(code) else code for code in source.frame["a"]]
    assert found == codes and column.unit == unit and role == Role.NUMBER
    assert make_number(column).number["unit"] == unit
    with speak("en"):
        assert read_form("en")[0].fullmatch(f"5 {make_number(column).number['unit']}") is None
        assert make_number(column).number["unit"] == {"procent": "percent", "kr.": "DKK"}.get(
            unit, unit
        )


def test_a_number_in_words_or_of_several_units_or_of_none_in_some_rows_is_a_text(tmp_path):
    words = ("Team 1", "Team 2", "Team 3"), ("18-24 %", "25 %+")
    units = ("5 %", "5 kr.", "7 %"), ("120 kr.", "75 kr.", "900")
    for cells in (*words, *units):
        assert read(tmp_path / "a.csv", *cells)[2] != Role.NUMBER
