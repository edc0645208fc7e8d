"""Faults of answers: outside the list, against the routing, ticks that do not go together.

A fault that only follows from another is not named: who is asked a question follows from other
answers, and where one of those is in doubt, so is all that rests on it (`doubt`, kept per question
and respondent).
"""

import numpy as np
import pandas as pd

from barometer.data.cards import REGISTRY
from barometer.data.codes import TICKS
from barometer.data.reading import order_registry
from barometer.data.variables import MUST_TICK, Variables
from barometer.files.faults import Fault, find_row_faults, name_rows, show_list
from barometer.numbers.allowed import GIVEN
from barometer.numbers.answers import find_faults as find_number_faults

# cells that are no answer; an answer is its place in the list, a tick 1 or 0
EMPTY, WRONG = -1, -2


def check_answers(name, table, registry, background):
    """Every `Fault` of a table's answers, in the questionnaire's order.

    `background`: sector, field and size per respondent, nan where the stratum is unknown; None if
    all are.
    """
    nobody = np.zeros(len(table), dtype=bool)
    variables = Variables(registry, _make_clean(table, registry, background))
    unknown = ~nobody if background is None else background.isna().any(axis=1).to_numpy()
    unknown = unknown if unknown.any() else nobody
    doubt, faults = dict.fromkeys(registry.background, unknown), {}
    for node, rests_on in order_registry(registry).items():
        doubtful = _join_rows(nobody, [doubt[other] for other in rests_on])
        if node in registry.questions:
            question = registry.questions[node]
            asked = nobody if doubtful.all() else variables.is_true(question.asked)
            faults[node], doubtful = _check_question(name, table, question, asked, doubtful)
        doubt.setdefault(node, doubtful)
    return [fault for question in registry.questions for fault in faults[question]]


def _join_rows(nobody, rows):
    """The rows that are in one of several; `nobody` itself where none is, for there are as many as
    questions.
    """
    some = [one for one in rows if one is not nobody]
    return np.logical_or.reduce(some) if some else nobody


def _code_column(column, question):
    """Each answer's place in the question's list, EMPTY or WRONG, as small numbers."""
    cells = pd.Categorical(column)
    values = cells.categories
    known = {answer: place for place, answer in enumerate(question.answers)}
    if question.kind == "multiple":
        known = {0.0: 0, 1.0: 1}
        if values.dtype != float:
            values = [TICKS.get(value, value) for value in values]  # beside a word
    places = [*(known.get(value, WRONG) for value in values), EMPTY]
    return np.array(places, dtype=np.min_scalar_type(-len(known) - 2))[cells.codes]


def _make_clean(table, registry, background):
    """The answers and the respondents' background, with what is no answer left out."""
    clean = {} if background is None else {name: background[name].array for name in background}
    for question in registry.questions.values():
        for column in (one for one in question.columns if one in table):
            cells = _code_column(table[column], question)
            if WRONG not in cells:
                continue
            # A column with a word among its ticks came as text.
            if question.kind == "multiple":
                clean[column] = np.where(cells < 0, np.nan, cells)
            else:
                clean[column] = table[column].mask(cells == WRONG)
    return table.assign(**clean)


def _check_question(name, table, question, asked, doubtful):
    """Faults of one question, and in whose rows (booleans) its answers cannot be relied upon."""
    columns = [column for column in question.columns if column in table]
    if not columns:
        return [], np.ones(len(table), dtype=bool)
    found = np.column_stack([_code_column(table[column], question) for column in columns])
    faults, faulty = [], doubtful
    for wrong, problem, remedy in _list_cases(question, found, asked[:, None], doubtful[:, None]):
        if not wrong.any():
            continue
        rows, hit = wrong.any(axis=1), np.flatnonzero(wrong.any(axis=0))
        shown = wrong & (found == WRONG)
        values = dict.fromkeys(v for place in hit for v in table[columns[place]][shown[:, place]])
        where = tuple(columns[place] for place in hit)
        who = int(rows.sum()), name_rows(table, rows), tuple(values)
        faults.append(Fault(name, problem, remedy, where, *who))
        faulty = faulty | rows
    if len(columns) < len(question.columns):
        return faults, np.ones(len(table), dtype=bool)
    if question.allowed:
        for column in columns:
            faults += find_number_faults(name, table, column, question.allowed)
    if question.kind == "multiple":
        faults += _check_ticks(name, table, question, found == 1, asked & ~faulty)
    return faults, faulty


def _list_cases(question, found, asked, doubtful):
    """(cells (booleans), problem, remedy) of what can be wrong with a single cell."""
    route = f"ret ruten ({question.asked}) i {REGISTRY}"
    if question.kind == "multiple":
        yield found == WRONG, "andet end 0 og 1", "skriv 1 for kryds og 0 for intet kryds"
    elif question.allowed:
        remedy = "skriv tallet med cifre og uden enhed"
        if others := [code for code in question.answers if code != GIVEN]:
            remedy += f", eller brug en af koderne {show_list(others)}"
        yield found == WRONG, "ikke et tal", remedy
    else:
        codes = show_list(question.answers)
        remedy = f"brug en af koderne {codes}, eller tilføj svaret i {REGISTRY}"
        yield found == WRONG, "svar uden for listen", remedy
    problem = "svar fra respondenter, der ikke skal have spørgsmålet"
    yield (found >= 0) & ~asked & ~doubtful, problem, f"tøm felterne, eller {route}"
    problem = "svar mangler fra respondenter, der skal have spørgsmålet"
    remedy = f"udfyld felterne (»Ved ikke« er et svar), eller {route}"
    yield (found == EMPTY) & asked & ~doubtful, problem, remedy


def _check_ticks(name, table, question, ticks, answered):
    """Faults of ticks taken together; `answered`: who is asked and has every item filled in."""
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
