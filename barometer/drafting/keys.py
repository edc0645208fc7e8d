"""Each respondent's id, stratum and weight in a file of answers, and what is wrong with them."""

import numpy as np
import pandas as pd

from barometer.drafting.folder import EVERYBODY
from barometer.files.faults import Fault, raise_faults
from barometer.incoming.roles import Role

SHOWN = 5  # rows that a fault names


def read_keys(source, columns, chosen):
    """(ids, strata, weights), a row each, of the columns `chosen` {role: column or None}.

    Without a column rows are numbered, all are of one stratum, and each weighs 1. Raises
    `DataFault` with everything that is wrong in the file.
    """
    rows, faults = len(source.frame), []
    digits = len(str(rows))
    ids = pd.Series([f"r{row:0{digits}}" for row in range(1, rows + 1)])
    strata, weights = pd.Series([EVERYBODY] * rows), pd.Series(np.ones(rows))
    if name := chosen[Role.ID]:
        ids = source.frame[name]
        twice, remedy = ids.duplicated(keep=False) & ids.notna(), "tag rækkerne ud, eller skriv"
        faults += [
            _find_fault(source, name, ids.isna(), "løbenummeret mangler", "udfyld det"),
            _find_fault(
                source, name, twice, "løbenummeret står flere gange", f"{remedy} --id none"
            ),
        ]
    if name := chosen[Role.STRATUM]:
        labels = {code: columns[name].label(code) for code in columns[name].counts}
        strata = source.frame[name].map(labels)
        remedy = "udfyld det, eller tag rækkerne ud"
        faults.append(_find_fault(source, name, strata.isna(), "stratum mangler", remedy))
    if name := chosen[Role.WEIGHT]:
        weights = pd.to_numeric(source.frame[name], errors="coerce")
        problem = "vægten mangler, er ikke et tal eller er ikke over nul"
        remedy = "udfyld den, eller tag rækkerne ud"
        faults.append(_find_fault(source, name, ~(weights > 0), problem, remedy))
    raise_faults([fault for fault in faults if fault])
    return ids.astype(str), strata.astype(str), weights.astype(float)


def _find_fault(source, column, bad, problem, remedy):
    """A `Fault` of the rows that are `bad`; None where none is."""
    if not bad.any():
        return None
    places = np.flatnonzero(bad)[:SHOWN]
    lines = tuple(f"række {place + 1}" for place in places)
    return Fault(source.name, problem, remedy, (column,), int(bad.sum()), lines)
