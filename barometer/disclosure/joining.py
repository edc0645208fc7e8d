"""Rounds that have passed the gate as one table, and published numbers, which need none."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd

from barometer.disclosure.gate import close_comparisons, describe
from barometer.released import Released, ReleasedTable


def join_released(parts, names, comparisons, about):
    """One `Released` of several of one row each, which have passed the gate, each that of a round.

    `names`: {column: name} of each; `comparisons`: tests of differences between the rows, which are
    closed where one of their cells is; `about`: of the newest round's.
    """
    table = pd.concat(
        [part.table.assign(**named) for part, named in zip(parts, names, strict=True)],
        ignore_index=True,
    )
    compared = pd.DataFrame()
    if len(comparisons):
        compared = close_comparisons(pd.concat(comparisons, ignore_index=True), table)
    held = {
        name: any(getattr(part.about, name) for part in parts) for name in ("by_hand", "beside")
    }
    about = replace(about, rounds=True, **held)
    released = Released(ReleasedTable(table), ReleasedTable(compared), None, about)
    object.__setattr__(released, "about", about)
    return released


def join_published(survey, items, table, comparisons, source):
    """A `Released` of numbers that others have published, and tests made of them alone: there are
    no microdata behind them, so no rule closes any. Their groups are no groups of the survey.
    """
    about = describe(SimpleNamespace(survey=survey, items=items, groups=()))
    about = replace(about, rounds=True, synthetic=False, source=source)
    released = Released(ReleasedTable(table), ReleasedTable(comparisons), None, about)
    object.__setattr__(released, "about", about)
    return released
