"""What is told while a plan is made, and how much work a search may do."""

import pytest

from barometer.suppression import bounds


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


def test_work_ends_when_the_time_that_was_set_is_over_and_it_is_known_afterwards(monkeypatch):
    monkeypatch.setattr(bounds.time, "monotonic", lambda: 100.0)
    progress = bounds.Progress(5)
    spent = bounds.Effort(tell=progress)
    spent.spend(1e12)
    assert not progress.reached
    monkeypatch.setattr(bounds.time, "monotonic", lambda: 105.0)
    with pytest.raises(bounds.Exhausted):
        spent.spend(1)
    assert progress.reached


@pytest.mark.parametrize("watched", [True, False], ids=["a terminal", "a log"])
def test_progress_is_told_in_a_terminal_alone(monkeypatch, capsys, watched):
    monkeypatch.setattr(bounds, "is_watched", lambda stream: watched)
    progress = bounds.Progress()
    progress(1, 0)
    progress.count(34)
    progress(2, 1)
    progress.close()
    assert ("34 celler kan endnu regnes ud" in capsys.readouterr().err) == watched
