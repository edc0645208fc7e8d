"""The faults that answers can have: outside the list, against the routing, ticks that do not go
together.

A fault that only follows from another is not told: who is asked a question follows from other
answers, and where one of those is in doubt, so is everything that rests on it (`doubt`, kept per
question and respondent).
"""

import numpy as np
import pandas as pd

from barometer.data.cards import CARDS, POPULATION, REGISTRY
from barometer.data.codes import TICKS
from barometer.data.reading import order_registry
from barometer.data.variables import MUST_TICK, Variables
from barometer.files.faults import Fault, find_row_faults, name_rows, show_list
from barometer.text import format_count

# cells that are no answer; an answer is its place in the list, a tick 1 or 0
EMPTY, WRONG = -1, -2


def check_answers(name, table, registry, background):
    """Every `Fault` of the answers in a table, in the questionnaire's order.

    `background` has sector, field and size of each respondent, nan where the stratum is unknown;
    None if all are.
    """
    nobody = np.zeros(len(table), dtype=bool)
    cells = _code_cells(table, registry)
    variables = Variables(registry, _make_clean(table, registry, cells, background))
    unknown = ~nobody if background is None else background.isna().any(axis=1).to_numpy()
    doubt, faults = dict.fromkeys(registry.background, unknown), {}
    for node, rests_on in order_registry(registry).items():
        doubtful = np.logical_or.reduce([nobody, *(doubt[other] for other in rests_on)])
        if node in registry.questions:
            question = registry.questions[node]
            asked = nobody if doubtful.all() else variables.is_true(question.asked)
            faults[node], doubtful = _check_question(name, table, cells, question, asked, doubtful)
        doubt.setdefault(node, doubtful)
    return [fault for question in registry.questions for fault in faults[question]]


def _code_cells(table, registry):
    """{column: array of small numbers}: the place of each answer in the question's list, EMPTY or
    WRONG.
    """
    questions = {
        column: q for q in registry.questions.values() for column in q.columns if column in table
    }
    return {column: _code_column(table[column], question) for column, question in questions.items()}


def _code_column(column, question):
    cells = pd.Categorical(column)
    if question.kind == "multiple":
        values, known = cells.categories, {0.0: 0, 1.0: 1}
        if values.dtype != float:
            values = [TICKS.get(value, value) for value in values]  # beside a word
    else:
        values, known = (
            cells.categories,
            {answer: place for place, answer in enumerate(question.answers)},
        )
    places = [*(known.get(value, WRONG) for value in values), EMPTY]
    return np.array(places, dtype=np.min_scalar_type(-len(known) - 2))[cells.codes]


def _make_clean(table, registry, cells, background):
    """The answers and the respondents' background, with what is no answer left out."""
    ticks = {
        column for q in registry.questions.values() if q.kind == "multiple" for column in q.columns
    }
    clean = {}
    for column in (column for column, cell in cells.items() if (cell == WRONG).any()):
        # A column with a word among its ticks came as text.
        clean[column] = (
            np.where(cells[column] < 0, np.nan, cells[column])
            if column in ticks
            else table[column].mask(cells[column] == WRONG)
        )
    if background is not None:
        clean |= {name: background[name].array for name in background}
    return table.assign(**clean)


def _check_question(name, table, cells, question, asked, doubtful):
    """Faults of one question, and in whose rows (booleans) its answers cannot be relied upon."""
    columns = [column for column in question.columns if column in cells]
    if not columns:
        return [], np.ones(len(table), dtype=bool)
    found = np.column_stack([cells[column] for column in columns])
    faults, faulty = [], doubtful
    for wrong, problem, remedy in _list_cases(question, found, asked[:, None], doubtful[:, None]):
        if not wrong.any():
            continue
        rows, hit = wrong.any(axis=1), np.flatnonzero(wrong.any(axis=0))
        values = dict.fromkeys(
            v for place in hit for v in table[columns[place]][(wrong & (found == WRONG))[:, place]]
        )
        where = tuple(columns[place] for place in hit)
        faults.append(
            Fault(
                name, problem, remedy, where, int(rows.sum()), name_rows(table, rows), tuple(values)
            )
        )
        faulty = faulty | rows
    if len(columns) < len(question.columns):
        return faults, np.ones(len(table), dtype=bool)
    if question.kind == "multiple":
        faults += _check_ticks(name, table, question, found == 1, asked & ~faulty)
    return faults, faulty


def _list_cases(question, found, asked, doubtful):
    """The three things that can be wrong with a single cell: which cells (booleans), what it is,
    and the remedy.
    """
    route = f"ret ruten ({question.asked}) i {REGISTRY}"
    return [
        (found == WRONG, *_describe_wrong(question)),
        (
            (found >= 0) & ~asked & ~doubtful,
            "svar fra arbejdspladser, der ikke skal have spørgsmålet",
            f"tøm felterne, eller {route}",
        ),
        (
            (found == EMPTY) & asked & ~doubtful,
            "svar mangler fra arbejdspladser, der skal have spørgsmålet",
            f"udfyld felterne (»Ved ikke« er et svar), eller {route}",
        ),
    ]


def _describe_wrong(question):
    if question.kind == "multiple":
        return "andet end 0 og 1", "skriv 1 for kryds og 0 for intet kryds"
    return (
        "svar uden for listen",
        f"brug en af koderne {show_list(question.answers)}, eller tilføj svaret i {REGISTRY}",
    )


def _check_ticks(name, table, question, ticks, answered):
    """Faults of the ticks of a multiple question taken together; `answered` are the asked with
    every item filled in.
    """
    number, faults = ticks.sum(axis=1), []
    exclusive = [f"{question.id}_{item}" for item in question.exclusive]
    if question.max:
        remedy = f"behold højst {question.max}, eller ret max i {REGISTRY}"
        cases = [(number > question.max, f"flere end {question.max} krydser", remedy)]
        faults += find_row_faults(name, table, question.columns, cases)
    if exclusive:
        alone = ticks[:, [column in exclusive for column in question.columns]].any(axis=1)
        problem = "et svar, der udelukker andre, står sammen med andre"
        cases = [(alone & (number > 1), problem, "behold enten det eller de andre")]
        faults += find_row_faults(name, table, exclusive, cases)
    if MUST_TICK & set(question.exclusive):
        cases = [(answered & (number == 0), "intet kryds", f"sæt kryds, fx i {exclusive[-1]}")]
        faults += find_row_faults(name, table, question.columns, cases)
    return faults


# of a sum of weights, in proportion, where the card names none: rounded weights pass
TOLERANCE = 0.01
# how near to 1 the mean of normalised weights is: they are written with few decimals
NORMAL = 0.005
BACKGROUND = ("stratum", "sector", "field", "size", "workplaces")
SHOWN = 5


def tabulate_weights(stratum, weights, population):
    """One row per stratum of the population: its columns, and `respondents` (number) and `weights`
    (sum).

    `stratum`, `weights`: of each respondent. Counts and sums have passed no gate.
    """
    places = pd.Index(population["stratum"]).get_indexer(
        np.asarray(pd.Series(stratum).astype(object))
    )
    known = places >= 0
    weights = np.nan_to_num(np.asarray(weights, dtype=float)[known], nan=0.0, posinf=np.inf)
    table = population[[name for name in BACKGROUND if name in population]].copy()
    with np.errstate(over="ignore"):
        table["respondents"] = np.bincount(places[known], minlength=len(table))
        table["weights"] = np.bincount(places[known], weights, minlength=len(table))
    return table.reset_index(drop=True)


def weigh(name, table, population, cards):
    """(factor of each respondent's weight, faults, told) of a table whose strata and weights are
    known to be right.
    """
    sums = tabulate_weights(table["stratum"], table["weight"], population)
    ones = np.ones(len(table))
    empty = sums["respondents"] == 0
    faults = _check_empty(sums[empty], cards)
    sums = sums[~empty]
    if faults or not len(sums):
        return ones, faults, ()
    way = find_normalised(sums)
    if cards.get("weights", "population") == "normalised":
        if not way:
            problem = (
                "kortet siger, at vægtene er normaliserede, men de summer til "
                f"{_write(sums['weights'].sum())} ved "
                f"{format_count(int(sums['respondents'].sum()))} svar"
            )
            remedy = f"ret vægtene, eller skriv weights: population i {CARDS}"
            return ones, [Fault(name, problem, remedy, ("weight",))], ()
        factors = _find_factors(sums, way)
        scaled = sums.assign(weights=sums["weights"] * factors)
        told = (
            f"{name}: vægtene er normaliserede (sum {_write(sums['weights'].sum())}) og er "
            f"skaleret til de "
            f"{_write(scaled['weights'].sum())} arbejdspladser i {POPULATION}",
        )
        places = pd.Index(sums["stratum"]).get_indexer(np.asarray(table["stratum"].astype(object)))
        return factors[places], _compare(name, scaled, sums["workplaces"].sum(), cards, ""), told
    return ones, _compare(name, sums, population["workplaces"].sum(), cards, way), ()


def find_normalised(sums):
    """ "all" where weights have mean 1 (or sum 1), "strata" where they have it within each stratum,
    else "".
    """
    total, number = sums["weights"].sum(), sums["respondents"].sum()
    within = np.abs(sums["weights"] / sums["respondents"] - 1) <= NORMAL
    if within.all():
        return "strata"
    return "all" if abs(total / number - 1) <= NORMAL or abs(total - 1) <= NORMAL else ""


def _find_factors(sums, way):
    workplaces, weights = sums["workplaces"].to_numpy(float), sums["weights"].to_numpy(float)
    return (
        workplaces / weights
        if way == "strata"
        else np.full(len(sums), workplaces.sum() / weights.sum())
    )


def _check_empty(empty, cards):
    if not len(empty) or cards.get("empty_strata", "refuse") == "accept":
        return []
    one = len(empty) == 1
    problem = (
        f"{format_count(len(empty))} {'stratum' if one else 'strata'} uden svar "
        f"({show_list(empty['stratum'])})"
    )
    remedy = (
        f"slå dem sammen med andre, eller skriv empty_strata: accept i {CARDS}, hvis ingen "
        f"svar skal stå for dem"
    )
    return [Fault(POPULATION, problem, remedy, ("stratum",))]


def _compare(name, sums, every, cards, way):
    """The faults of sums of weights that are not the population's. `every`: workplaces, with those
    of empty strata.
    """
    tolerance = cards.get("weight_tolerance", TOLERANCE)
    total, least = sums["weights"].sum(), sums["workplaces"].sum()
    if not least * (1 - tolerance) <= total <= every * (1 + tolerance):
        number = format_count(int(sums["respondents"].sum()))
        problem = (
            f"vægtene summer til {_write(total)}, men {POPULATION} har {_write(least)} "
            f"arbejdspladser "
            f"({_write_share(total / least)} ved {number} svar)"
        )
        remedy = f"beregn dem igen, så de summer til arbejdspladserne, eller ret {POPULATION}"
        if way:
            where = " i hvert stratum" if way == "strata" else ""
            problem += f", for vægtene er normaliserede{where}"
            remedy = f"skriv weights: normalised i {CARDS}, så de skaleres til arbejdspladserne"
        return [Fault(name, problem, remedy, ("weight",))]
    within = cards.get("stratum_tolerance", tolerance)
    wrong = sums[np.abs(sums["weights"] / sums["workplaces"] - 1) > within]
    if not len(wrong):
        return []
    told = ", ".join(
        f"{row.stratum} {_write(row.weights)} mod {_write(row.workplaces)}"
        for row in wrong.head(SHOWN).itertuples()
    )
    more = f" og {len(wrong) - SHOWN} til" if len(wrong) > SHOWN else ""
    what = "1 stratum" if len(wrong) == 1 else f"{format_count(len(wrong))} strata"
    problem = f"vægtene i {what} summer ikke til stratummets arbejdspladser ({told}{more})"
    remedy = (
        f"beregn dem igen, eller skriv stratum_tolerance: 0.5 i {CARDS}, hvis de er "
        f"kalibreret til andet"
    )
    return [Fault(name, problem, remedy, ("weight",))]


def _write(number):
    if not number < 1e15:
        return f"{number:.3g}".replace(".", ",")
    return format_count(round(number)) if number >= 10 else f"{number:.3g}".replace(".", ",")


def _write_share(share):
    return (
        f"{100 * share:.3g}".replace(".", ",") + " pct."
        if share < 9.99
        else "over ti gange så meget"
    )
