import pytest

from barometer.sentences.wordings import FRACTIONS, REACH, name_share


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.59, "seks ud af ti"),
        (0.61, "seks ud af ti"),
        (0.588, "knap seks ud af ti"),
        (0.575, "knap seks ud af ti"),
        (0.6249, "godt seks ud af ti"),
        (0.5, "halvdelen"),
        (0.51, "halvdelen"),
        (0.516, "godt halvdelen"),
        (0.484, "knap halvdelen"),
        (0.75, "tre ud af fire"),
        (0.67, "to ud af tre"),
        (0.656, "knap to ud af tre"),
        (0.1, "en ud af ti"),
        (0.45, ""),
        (0.02, ""),
        (0.97, ""),
        (0.155, ""),
    ],
)
def test_a_share_is_called_by_a_fraction_within_its_bounds_and_by_none_outside(share, words):
    assert name_share(share) == words


def test_a_share_at_the_very_bound_of_a_fraction_is_still_named():
    assert name_share(0.60 - REACH / 100 + 1e-9) == "knap seks ud af ti"
    assert name_share(0.60 - REACH / 100 - 1e-4) == ""


def test_more_than_half_is_said_only_when_the_interval_is_above_half():
    assert name_share(0.55, low=0.52) == "mere end halvdelen"
    assert name_share(0.55, low=0.49) == ""
    assert name_share(0.55) == ""


def test_fractions_stand_in_order_and_each_is_called_by_its_own_name():
    values = [value for value, _ in FRACTIONS]
    assert values == sorted(values)
    assert all(name_share(value / 100) == words for value, words in FRACTIONS)
