"""The plan of a survey that is not sealed, on its way to a worker with another checkout."""

from types import SimpleNamespace

import pytest

from barometer.data.cards import CARDS, parse_cards, read_file
from barometer.disclosure.closed import locate_kept
from barometer.files.private import PLANS, write_private
from barometer.paths import DATA
from barometer.run import workers

SURVEY = "barometer-2020"
TASK = SimpleNamespace(parameters=SimpleNamespace(data=SURVEY))


@pytest.fixture
def cards():
    return parse_cards(read_file(DATA / SURVEY / CARDS))


def test_a_worker_keeps_the_plan_that_the_run_has_as_its_own_before_it_works(
    cards, tmp_path, monkeypatch
):
    monkeypatch.setenv(PLANS, str(tmp_path / "run"))
    write_private(locate_kept(cards), b"made_for: these")
    sent = workers._read_plan(SURVEY)
    monkeypatch.setenv(PLANS, str(tmp_path / "worker"))
    kept = locate_kept(cards)
    assert workers._answer(lambda task: kept.read_bytes(), TASK, sent) == b"made_for: these"
    assert kept.is_relative_to(tmp_path / "worker") and kept.stat().st_mode & 0o077 == 0


def test_where_the_run_has_kept_none_a_worker_keeps_none(cards, tmp_path, monkeypatch):
    monkeypatch.setenv(PLANS, str(tmp_path))
    assert workers._read_plan(SURVEY) == b""
    assert workers._answer(lambda task: 7, TASK, b"") == 7
    assert not list(tmp_path.iterdir())
