"""What is told while a plan is made, and how much work a search may do."""

import pytest

from barometer.disclosure import bounds


def test_a_search_that_takes_long_says_once_that_it_is_at_work(monkeypatch, capsys):
    clock = iter(range(1000))
    monkeypatch.setattr(bounds.time, "monotonic", lambda: next(clock))
    spent = bounds.Effort(limit=10)
    for _ in range(5):
        spent.spend(1)
    told = capsys.readouterr()
    assert told.err == bounds.AT_WORK and told.out == ""


def test_a_quick_search_says_nothing_and_work_beyond_the_limit_is_not_done(capsys):
    spent = bounds.Effort(limit=10)
    spent.spend(10)
    with pytest.raises(bounds.Exhausted):
        spent.spend(1)
    assert capsys.readouterr().err == ""
