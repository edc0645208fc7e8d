"""Several answers in one cell, and one answer that has a comma."""

import pytest

from barometer.incoming.cells import find_divider, split_cell

TICKS = ["Email, Chat", "Email", "Chat", "Phone, landline", "Email, Phone, landline", "Chat, Visit",
         "Email, Chat, Visit"]  # fmt: skip


def test_commas_divide_answers_that_stand_alone_and_beside_each_other():
    assert find_divider(TICKS) == (",", ("Chat", "Email", "Phone, landline", "Visit"))
    cell = split_cell("Email, Phone, landline", *find_divider(TICKS))
    assert cell == ["Email", "Phone, landline"]


@pytest.mark.parametrize(
    "codes",
    [
        ["Yes, often", "Yes, seldom", "No"],
        ["Agree, strongly", "Agree, partly", "Disagree, partly", "Disagree, strongly"],
        [f"{a}, {b}" for a in ("North", "South", "East") for b in ("town", "country", "coast")],
        ["it was fine, thanks", "good, really", "nothing to add"],
        ["a;b"],
        [],
    ],
)
def test_answers_with_a_comma_are_one_answer(codes):
    assert find_divider(codes) is None


def test_semicolons_divide_answers_also_where_a_cell_ends_with_one():
    assert find_divider(["A;B;", "B;", "A;B;C;"]) == (";", ("A", "B", "C"))
    assert split_cell("A;B;", ";", ("A", "B", "C")) == ["A", "B"]
