"""Names that are made of texts."""

import pytest

from barometer.files.texts import SHORT, make_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sandsynlighed for at anbefale arbejdspladsen (0-10)", "sandsynlighed_for_at_anbefale"),
        ("Hvor tilfreds er du med din løn?", "hvor_tilfreds_er_du_med_din_loen"),
        ("x" * (SHORT + 1), "x" * SHORT),
        ("a" * SHORT, "a" * SHORT),
        ("(?)", ""),
    ],
)
def test_a_name_of_a_long_text_ends_with_a_whole_word(text, name):
    assert make_name(text) == name
