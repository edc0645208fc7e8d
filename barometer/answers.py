"""The faults that answers can have: outside the list, against the routing, ticks that do not go together.

A fault that only follows from another is not told: who is asked a question follows from other answers, and where one
of those is in doubt, so is everything that rests on it (`doubt`, kept per question and respondent).
"""
import numpy as np
import pandas as pd

from barometer.cards import REGISTRY
from barometer.codes import TICKS
from barometer.faults import Fault, make_row_fault, name_rows, show_list
from barometer.reading import order_registry
from barometer.variables import MUST_TICK, Variables

EMPTY, WRONG = -1, -2               # cells that are no answer; an answer is its place in the list, a tick 1 or 0


def check_answers(name, table, registry, background):
    """Every `Fault` of the answers in a table, in the questionnaire's order.

    `background` has sector, field and size of each respondent, nan where the stratum is unknown; None if all are.
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
    """{column: array of small numbers}: the place of each answer in the question's list, EMPTY or WRONG."""
    questions = {column: q for q in registry.questions.values() for column in q.columns if column in table}
    return {column: _code_column(table[column], question) for column, question in questions.items()}


def _code_column(column, question):
    cells = pd.Categorical(column)
    if question.kind == "multiple":
        values, known = cells.categories, {0.0: 0, 1.0: 1}
        if values.dtype != float:
            values = [TICKS.get(value, value) for value in values]   # beside a word
    else:
        values, known = cells.categories, {answer: place for place, answer in enumerate(question.answers)}
    places = [*(known.get(value, WRONG) for value in values), EMPTY]
    return np.array(places, dtype=np.min_scalar_type(-len(known) - 2))[cells.codes]


def _make_clean(table, registry, cells, background):
    """The answers and the respondents' background, with what is no answer left out."""
    ticks = {column for q in registry.questions.values() if q.kind == "multiple" for column in q.columns}
    clean = {}
    for column in (column for column, cell in cells.items() if (cell == WRONG).any()):
        # A column with a word among its ticks came as text.
        clean[column] = (np.where(cells[column] < 0, np.nan, cells[column]) if column in ticks
                         else table[column].mask(cells[column] == WRONG))
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
        values = dict.fromkeys(v for place in hit for v in table[columns[place]][(wrong & (found == WRONG))[:, place]])
        where = tuple(columns[place] for place in hit)
        faults.append(Fault(name, problem, remedy, where, int(rows.sum()), name_rows(table, rows), tuple(values)))
        faulty = faulty | rows
    if len(columns) < len(question.columns):
        return faults, np.ones(len(table), dtype=bool)
    if question.kind == "multiple":
        faults += _check_ticks(name, table, question, found == 1, asked & ~faulty)
    return faults, faulty


def _list_cases(question, found, asked, doubtful):
    """The three things that can be wrong with a single cell: which cells (booleans), what it is, and the remedy."""
    route = f"ret ruten ({question.asked}) i {REGISTRY}"
    return [
        (found == WRONG, *_describe_wrong(question)),
        ((found >= 0) & ~asked & ~doubtful, "svar fra arbejdspladser, der ikke skal have spørgsmålet",
         f"tøm felterne, eller {route}"),
        ((found == EMPTY) & asked & ~doubtful, "svar mangler fra arbejdspladser, der skal have spørgsmålet",
         f"udfyld felterne (»Ved ikke« er et svar), eller {route}"),
    ]


def _describe_wrong(question):
    if question.kind == "multiple":
        return "andet end 0 og 1", "skriv 1 for kryds og 0 for intet kryds"
    return "svar uden for listen", f"brug en af koderne {show_list(question.answers)}, eller tilføj svaret i {REGISTRY}"


def _check_ticks(name, table, question, ticks, answered):
    """Faults of the ticks of a multiple question taken together; `answered` are the asked with every item filled in."""
    number, faults = ticks.sum(axis=1), []
    exclusive = [f"{question.id}_{item}" for item in question.exclusive]
    if question.max:
        faults += make_row_fault(
            name, table, question.columns, number > question.max, f"flere end {question.max} krydser",
            f"behold højst {question.max}, eller ret max i {REGISTRY}")
    if exclusive:
        alone = ticks[:, [column in exclusive for column in question.columns]].any(axis=1)
        faults += make_row_fault(
            name, table, exclusive, alone & (number > 1), "et svar, der udelukker andre, står sammen med andre",
            "behold enten det eller de andre")
    if MUST_TICK & set(question.exclusive):
        faults += make_row_fault(
            name, table, question.columns, answered & (number == 0), "intet kryds", f"sæt kryds, fx i {exclusive[-1]}")
    return faults
