"""Each respondent's id, stratum and weight in a file of answers, and what is wrong with them."""

import numpy as np
import pandas as pd

from barometer.incoming.doubtful import find_fault
from barometer.incoming.roles import Role

EVERYBODY = "everybody"  # the stratum, and the part, of a file that has none
FILL_IT = "udfyld det, eller tag rækkerne ud"
FILL = "udfyld den, eller tag rækkerne ud"


def read_keys(source, columns, chosen):
    """((ids, strata, weights), a row each, of the columns `chosen` {role: column or None}; faults).

    Without a column rows are numbered, all are of one stratum, and each weighs 1. The faults are
    those of all three, and of the clusters; a stratum that is missing is None.
    """
    rows, faults = len(source.frame), []
    digits = len(str(rows))
    ids = pd.Series([f"r{row:0{digits}}" for row in range(1, rows + 1)])
    strata, weights = pd.Series([EVERYBODY] * rows), pd.Series(np.ones(rows))
    if name := chosen[Role.ID]:
        ids = source.frame[name]
        twice, remedy = ids.duplicated(keep=False) & ids.notna(), "tag rækkerne ud, eller skriv"
        faults += [
            find_fault(source, name, ids.isna(), "løbenummeret mangler", "udfyld det"),
            find_fault(source, name, twice, "løbenummeret står flere gange", f"{remedy} --id none"),
        ]
    if name := chosen[Role.STRATUM]:
        labels = {code: columns[name].label(code) for code in columns[name].counts}
        strata = source.frame[name].map(labels)
        faults.append(find_fault(source, name, strata.isna(), "stratum mangler", FILL_IT))
    if name := chosen[Role.WEIGHT]:
        weights = pd.to_numeric(source.frame[name], errors="coerce")
        problem = "vægten mangler, er ikke et tal eller er ikke over nul"
        faults.append(find_fault(source, name, ~(weights > 0), problem, FILL))
    if name := chosen.get(Role.CLUSTER):
        empty = source.frame[name].isna()
        faults.append(find_fault(source, name, empty, "klyngen mangler", FILL))
    strata = strata.astype(str).where(strata.notna(), None)
    keys = ids.astype(str), strata, weights.astype(float)
    return keys, [fault for fault in faults if fault]
