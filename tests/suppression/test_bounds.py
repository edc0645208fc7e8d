"""What is told while a plan is made, and how much work a search may do."""

import io
import re
import sys

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


class Terminal(io.StringIO):
    """A screen that somebody watches, 80 columns wide."""

    def isatty(self):
        return True


def report_work(stream, monkeypatch):
    """What stands on a stream of a work in two parts, the first of three steps."""
    monkeypatch.setattr(sys, "stderr", stream)
    progress = bounds.Progress()
    bounds.begin(progress, "Filer læses", 3)
    for step in range(3):
        progress(step + 1, step)
    bounds.begin(progress, "Planen lægges")
    progress.count(7)
    progress(4711, 0)
    progress.close()
    bounds.begin(len, "Siges ikke")  # to who takes no parts
    return stream.getvalue()


def test_a_terminal_shows_how_far_each_part_of_the_work_is(monkeypatch):
    shown = report_work(Terminal(), monkeypatch).split("\r")
    steps = [re.search(r"Filer læses: (\d) af 3 \|.*\| 00:00$", line.rstrip()) for line in shown]
    assert [one[1] for one in steps if one] == ["0", "1", "2", "3"]
    last = [line for line in shown if line.strip()][-1]
    assert re.fullmatch(r"Planen lægges: 00:00, 7 celler kan endnu regnes ud\s*", last)
    assert not shown[-1]  # nothing is left there


def test_a_log_has_one_line_for_each_part_of_the_work(monkeypatch):
    assert report_work(io.StringIO(), monkeypatch) == "Filer læses\nPlanen lægges\n"
