import pytest

from barometer.door.calls import CallError
from barometer.door.words import split_wording


def test_a_misspelt_word_in_braces_is_answered_with_the_one_that_was_meant():
    with pytest.raises(CallError, match=r"\{oftre\} er intet af dem\. Mente du »oftere«\?"):
        split_wording("D15", "differs", "De er {oftre} delt.")
