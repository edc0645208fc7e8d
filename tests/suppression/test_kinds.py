"""Kinds of respondents, held against counting them one by one."""

import numpy as np
import pandas as pd
import pytest

from barometer.data.registry import read_questionnaire
from barometer.data.variables import Variables
from barometer.suppression import kinds
from barometer.suppression.kinds import find_alike, find_places, pack_lines
from tests.make.small_survey import REGISTRY


def make_random(seed, registry):
    """Variables of 60 respondents who answer as they like, with some answers missing."""
    rng = np.random.default_rng(seed)
    answers = {
        "introduced_product": ["yes", "no", "dont_know", None],
        "introduced_service": ["yes", "no", None],
        "initiator_employees": [1.0, 0.0, np.nan],
        "evaluated": ["internal", "external", "no", None],
        "sector": ["state", "region"],
    }
    table = pd.DataFrame({name: rng.choice(every, 60) for name, every in answers.items()})
    return Variables(registry, table.astype(["object", "category"][seed % 2]))


@pytest.mark.parametrize("most", [2, 7, 1000])
def test_respondents_are_counted_by_what_they_answered_as_one_by_one(tmp_path, monkeypatch, most):
    monkeypatch.setattr(kinds, "MOST", most)
    (path := tmp_path / "questionnaire.yaml").write_text(REGISTRY, encoding="utf-8")
    columns, names = ["evaluated", "sector"], ["introduced.product=yes", "innovative"]
    for seed in range(4):
        some = make_random(seed, read_questionnaire(path))
        counted = np.random.default_rng(seed).random(60) < 0.7
        rows = zip(
            *(some.answers[name] for name in columns), *map(some.indicator, names), strict=True
        )
        wanted = dict.fromkeys(write := [str(row) for row in rows], 0)
        for row, one in zip(write, counted, strict=True):
            wanted[row] += bool(one)
        alike = find_alike(some.answers[columns], [*map(some.find_codes, names)], counted)
        rows = zip(*(alike.answers[name] for name in columns), *alike.values.T, strict=True)
        found = [str(row) for row in rows]
        assert len(found) == len({*found})
        assert dict(zip(found, alike.counts.tolist(), strict=True)) == wanted


@pytest.mark.parametrize("seed", range(5))
def test_rows_find_their_kinds_as_one_by_one(seed):
    rng = np.random.default_rng(seed)
    lines = rng.random((11, 40)) < 0.2
    known, packed = np.unique(pack_lines(lines[:, :20]), axis=0), pack_lines(lines)
    known = rng.permutation(known)
    places = {kind.tobytes(): place for place, kind in enumerate(known)}
    wanted = [places.get(row.tobytes(), -1) for row in packed]
    assert find_places(known, packed).tolist() == wanted
    assert {-1, 0, len(known) - 1} <= {*wanted}
