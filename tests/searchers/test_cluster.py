"""Searches by the workers of a real Dask cluster on this machine."""

import sys

import numpy as np
import pytest

from barometer.searchers.cluster import Cluster
from barometer.suppression import closing
from barometer.suppression.batches import Batches
from barometer.tools import seal
from tests.run.test_cluster import copy, make_checkout, open_cluster  # noqa: F401
from tests.suppression.test_closing import make_crossed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc"),
]


def test_searches_by_workers_give_the_plan_of_one_machine_and_need_no_data(
    copy,
    tmp_path,
    monkeypatch,
):
    other = make_checkout(copy, tmp_path / "other")
    (other / "data" / "barometer-2020" / "microdata.csv").write_text("id\n")
    relations = make_crossed(np.random.default_rng(1))
    small = frozenset(cell for cell, count in relations.counts.items() if 0 < count < 3)
    waited, wait = [], Batches._wait
    monkeypatch.setattr(closing, "MUCH", 0)  # few domains are enough to be much
    monkeypatch.setattr(closing, "_close_together", lambda relations, closed, *_: closed)
    monkeypatch.setattr(Batches, "_wait", lambda *a: waited.append(wait(*a)) or waited[-1])
    alone = closing.close_secondary(relations, small)
    assert alone > small and not waited
    with open_cluster(copy, tmp_path, [copy.folder, other]) as (address, _):
        workers = Cluster(address)
        try:
            assert closing.close_secondary(relations, small, workers=workers) == alone
        finally:
            workers.leave()
    assert waited and all(waited)


def test_a_seal_refuses_workers_with_another_program_and_changes_nothing(copy, tmp_path, capsys):
    other = make_checkout(copy, tmp_path / "other")
    (other / "barometer" / "sentences" / "wordings.py").write_text("")
    folder = copy.folder / "data" / "barometer-2020"
    before = [(path, path.read_bytes()) for path in sorted(folder.iterdir())]
    with open_cluster(copy, tmp_path, [other]) as (address, _):
        assert seal.main([str(folder), "--cluster", address]) == 1
    assert "har et andet program. Hent samme commit" in capsys.readouterr().err
    assert before == [(path, path.read_bytes()) for path in sorted(folder.iterdir())]
