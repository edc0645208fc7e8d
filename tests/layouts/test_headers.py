"""Which rows of a file say what its columns are, and that a plain file has one such row."""

from collections import Counter

import pytest

from barometer.layouts.headers import read_headers


def read(*rows):
    def counted(place):
        return Counter(row[place] for row in rows[1:] if row[place]).items()

    return read_headers(rows[0], rows[1:3], counted)


def test_a_plain_file_is_taken_as_it_is():
    plain = [
        [["id", "q1"], ["1", "yes"], ["2", "no"]],
        [["", "q1"], ["0", "yes"], ["1", "no"]],  # a number for each row, without a name
        [["id", "q1", ""], ["1", "yes", "x"], ["2", "no", ""]],
        [["id", "q1"], ["1", "How are you?"], ["2", "How are you?"]],
        [["id", "q1"], ["a", "b"], ["c", "d"]],
        [["id"], ["1"]],
        [["a. b", "c"], ["1", "2"]],
    ]
    for rows in plain:
        headers = read(*rows)
        assert (headers.rows, headers.titles, headers.way) == (0, {}, ""), rows
        assert list(headers.names) == rows[0]


def test_questions_are_read_of_the_second_row_and_ids_of_the_third_are_passed_over():
    headers = read(
        ["Q1", "Q2_1"],
        ["Age?", "Used - Selected Choice - Email"],
        ['{"ImportId":"a"}', '{"ImportId":"b"}'],
        ["20", "Email"],
    )
    assert headers.rows == 2
    assert headers.titles == {"Q1": "Age?", "Q2_1": "Used - Email"}
    headers = read(["v1", "v2", "v3"], ["How old?", "How many?", "Why?"], ["1", "2", "x"])
    assert headers.rows == 1 and headers.titles["v2"] == "How many?"


def test_parts_in_the_second_row_follow_the_question_above_the_first_of_them():
    headers = read(
        ["ID", "Where?", "Used?", "", "Why?"],
        ["", "Response", "Email", "Chat", "Response"],
        ["1", "North", "Email", "", "x"],
    )
    assert headers.rows == 1
    assert list(headers.names) == ["ID", "Where?", "Used? [Email]", "Used? [Chat]", "Why?"]


def test_what_a_question_is_answered_by_is_no_part_of_it():
    headers = read(
        ["ID", "Role?", "", "Why?"],
        ["", "Response", "Other (please specify)", "Open-Ended Response"],
        ["1", "Boss", "x", "y"],
    )
    assert list(headers.names) == ["ID", "Role?", "Role? [Other (please specify)]", "Why?"]


@pytest.mark.parametrize("name", ["Q1[SQ1]. Used? [Email]", "G01Q02. Used? [Email]"])
def test_a_code_in_front_of_a_question_is_its_name(name):
    headers = read(["id. Response ID", name], ["1", "Yes"])
    code = name.partition(". ")[0]
    assert headers.names == ("id", code) and headers.titles[code] == "Used? [Email]"
    assert headers.rows == 0
