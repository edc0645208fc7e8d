"""Each respondent's id, stratum and weight in a file of answers, and what is wrong with them."""

import numpy as np
import pandas as pd

from barometer.incoming.doubtful import find_fault
from barometer.incoming.roles import FEW, Role

EVERYBODY = "everybody"  # the stratum, and the part, of a file that has none
ROUNDS = 20  # different codes of a column that says which of a respondent's rows one is
REPEATED = 0.8  # of the codes of a column of ids, how many stand in several rows of a panel
FILL_IT = "udfyld det, eller tag rækkerne ud"
FILL = "udfyld den, eller tag rækkerne ud"


def find_panel(source, columns, guesses):
    """A `Fault` where respondents have a row for each round, or the like: most codes of one column
    stand in several rows, and never twice with the same code of another. None where they have not.
    """
    roles = (Role.NUMBER, Role.TEXT, Role.ANSWER, Role.ID)
    known = [name for name in columns if guesses[name].role in roles]
    few = [name for name in known if 1 < len(columns[name].counts) <= ROUNDS]
    for name in known:
        counts = [*columns[name].counts.values()]
        several = sum(rows > 1 for rows in counts)
        if len(counts) <= FEW or several < REPEATED * len(counts) or columns[name].is_labelled:
            continue
        for other in few:
            enough = max(counts) <= len(columns[other].counts) and other != name
            if enough and not source.frame.duplicated([name, other]).any():
                return _describe_panel(source, name, other)
    return None


def _describe_panel(source, name, other):
    problem = f"de samme står i flere rækker, en for hver {other},"
    remedy = (
        f"er det runder, så lav en fil og et projekt af hver {other}, og hold dem sammen med "
        "rounds og overlap: ids (cards.yaml); er hver række en respondent for sig, så skriv "
        "--id none"
    )
    twice = source.frame[name].duplicated(keep=False)
    return find_fault(source, name, twice & source.frame[name].notna(), problem, remedy)


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
