"""What is wrong with the ids, strata and weights of a file is told of the file, all at once."""

import pandas as pd

from barometer.incoming.columns import describe_columns
from barometer.incoming.keys import find_panel, read_keys
from barometer.incoming.roles import Role, guess_roles
from barometer.layouts.source import Source

CHOSEN = {Role.ID: "id", Role.STRATUM: "lag", Role.WEIGHT: "vægt"}


def read(ids, strata, weights, chosen=CHOSEN):
    frame = pd.DataFrame({"id": ids, "lag": strata, "vægt": weights}, dtype=object)
    source = Source("a.sav", frame, {"lag": {"1": "Nord"}})
    keys, faults = read_keys(source, describe_columns(source), chosen)
    return (*keys, faults)


def test_keys_are_the_file_s_own_with_the_strata_by_their_labels():
    ids, strata, weights, faults = read(["7", "8"], ["1", "2"], ["1.002", "3"])
    assert ids.tolist() == ["7", "8"] and strata.tolist() == ["Nord", "2"]
    assert weights.tolist() == [1.002, 3] and faults == []


def test_without_columns_rows_are_numbered_and_weigh_the_same():
    ids, strata, weights, _ = read(["7"] * 12, [None] * 12, ["x"] * 12, dict.fromkeys(CHOSEN))
    assert ids.tolist()[:2] == ["r01", "r02"] and strata.nunique() == 1 and {*weights} == {1}


def test_every_fault_is_told_with_its_column_and_rows():
    *_, faults = read(["7", "7", None, "9"], ["1", None, "1", "1"], ["0", "-1", "ukendt", None])
    found = {(one.columns[0], one.rows): one.ids for one in faults}
    assert {*found} == {("id", 1), ("id", 2), ("lag", 1), ("vægt", 4)}
    assert found["id", 2] == ("række 1", "række 2") and found["lag", 1] == ("række 2",)
    assert all(one.file == "a.sav" for one in faults)


def find(**columns):
    source = Source("a.csv", pd.DataFrame(columns, dtype=object))
    described = describe_columns(source)
    return find_panel(source, described, guess_roles(described))


def test_a_row_for_each_round_of_a_respondent_is_told_with_its_remedy():
    people = [str(100 + 7 * place) for place in range(20)]
    both = {"person": people * 2, "wave": ["1"] * 20 + ["2"] * 20}
    fault = find(**both, q=["1", "2"] * 20)
    assert fault.columns == ("person",) and fault.rows == 40
    assert "en for hver wave" in fault.problem and "--id none" in fault.remedy
    left = {name: codes[:37] for name, codes in both.items()}  # some did not answer again
    assert find(**left).rows == 34


def test_numbers_that_some_have_in_common_are_no_panel():
    hours = [str(place * place % 23) for place in range(40)]
    assert find(hours=hours, sex=["1", "2"] * 20) is None
    assert find(person=[str(place) for place in range(40)], wave=["1", "2"] * 20) is None
