"""The faults of columns that say how respondents were drawn: clusters, their sizes, replicate
weights.
"""

import numpy as np
import pandas as pd

from barometer.designs.declared import CARDS, read_declared
from barometer.files.faults import Fault, find_row_faults
from barometer.files.texts import find_texts


def find_faults(name, table, cards):
    """Every `Fault` of the columns of a table that the card's design names and that are there."""
    declared, faults = read_declared(cards), []
    for column in declared.clusters:
        if column in table:
            empty = table[column].isna() | (table[column].astype("str").str.strip() == "")
            cases = [(empty, "klyngen mangler", "udfyld den, eller tag rækken ud")]
            faults += find_row_faults(name, table, [column], cases)
    for column in declared.numbers:
        if column in table:
            faults += _check_numbers(name, table, column, column in declared.sizes)
    if faults or "stratum" not in table or not {*declared.every_column} <= {*table}:
        return faults
    if declared.clusters:
        return _check_stages(name, table, declared, cards.get("lonely", "fail") == "fail")
    return _check_sets(name, table, declared) if declared.method else []


def _check_numbers(name, table, column, is_size):
    texts, empty = find_texts(table[column]), table[column].isna().to_numpy()
    numbers = pd.to_numeric(table[column].mask(texts), errors="coerce").to_numpy(float)
    wrong = (numbers < 1) if is_size else (numbers < 0)
    plain = "skriv det med decimalpunktum og uden tusindtalsskilletegn"
    what = "klynger eller respondenter, der var at udtrække af"
    remedy = f"skriv antallet af {what}" if is_size else "ret tallet til 0 eller derover"
    cases = [
        (empty, "tallet mangler", "udfyld feltet, eller tag rækken ud"),
        (texts, "ikke et tal", plain),
        (wrong | np.isinf(numbers), "tallet er for lille eller uendeligt", remedy),
    ]
    return find_row_faults(name, table, [column], cases, shown=True)


def _check_stages(name, table, declared, refused):
    """Faults of sizes that vary in a unit or are too small, and of units that stand alone."""
    faults, above = [], pd.factorize(table["stratum"])[0]
    stages = [*declared.clusters, None][: max(len(declared.clusters), len(declared.sizes))]
    counted = True  # whether a stage counts: all stages before it have sizes
    for stage, column in enumerate(stages):
        units = np.arange(len(table)) if column is None else pd.factorize(table[column])[0]
        unit = pd.factorize(above.astype(np.int64) * (units.max() + 1) + units)[0]
        sampled = pd.Series(unit).groupby(above).nunique().to_numpy()[above]
        size = declared.sizes[stage] if stage < len(declared.sizes) else ""
        there = table[size].to_numpy(float) if size else np.full(len(table), np.inf)
        within = "stratum" if stage == 0 else stages[stage - 1]
        what = column or "respondenter"
        if size:
            groups = pd.Series(there).groupby(above)
            varies = (groups.max() > groups.min()).to_numpy()[above]
            cases = [
                (varies, f"tallet er ikke ens i hele {within}", "skriv det samme i alle rækker"),
                (
                    ~varies & (sampled > there),
                    f"flere {what} end tallet",
                    f"ret tallet til alle, der var at udtrække i {within}",
                ),
            ]
            faults += find_row_faults(name, table, [size], cases, shown=True)
        if refused and counted:
            lonely = (sampled == 1) & (there > 1)
            remedy = f"slå sammen med en nabo, eller vælg en regel i {CARDS} (lonely: adjust)"
            problem = f"{within} med kun én {what}" if column else f"{within} med kun ét svar"
            columns = [column] if column else [within]
            faults += find_row_faults(name, table, columns, [(lonely, problem, remedy)])
        above, counted = unit, counted and bool(size)
    return faults


def _check_sets(name, table, declared):
    """Faults of replicate weights that are all alike, or whose sums are of another form."""
    sets = table[list(declared.columns)].to_numpy(float)
    weights = pd.to_numeric(table["weight"], errors="coerce").to_numpy(float)
    alike = [
        column
        for column, one in zip(declared.columns, sets.T, strict=True)
        if not one.any() or (np.array_equal(one, sets[:, 0]) and column != declared.columns[0])
    ]
    faults = []
    if alike:
        problem = "kolonnen er tom for vægte eller magen til den første"
        remedy = f"hent filen igen, eller ret columns under replicates i {CARDS}"
        faults.append(Fault(name, problem, remedy, tuple(alike)))
    total, sums = np.nansum(weights), np.median(sets.sum(axis=0))
    factors = np.median(sets.mean(axis=0))
    if declared.form == "weights" and not 0.5 * total <= sums <= 2 * total:
        problem = "gentagelsesvægtene summer ikke til det samme som vægtene"
        remedy = f"skriv form: factors under replicates i {CARDS}, hvis de er faktorer"
        faults.append(Fault(name, problem, remedy, (declared.columns[0],)))
    elif declared.form == "factors" and not 0.5 <= factors <= 2:
        problem = "gentagelsesvægtene er ikke faktorer omkring 1"
        remedy = f"skriv form: weights under replicates i {CARDS}, hvis de er vægte"
        faults.append(Fault(name, problem, remedy, (declared.columns[0],)))
    return faults
