"""The answers of a file in the codes of its drafted registry, with a code for no answer."""

import numpy as np
import pandas as pd

from barometer.drafting.grouping import SEVERAL, make_code
from barometer.files.texts import write_alike
from barometer.incoming.words import NO_ANSWER, NOT_ASKED

UNANSWERED, UNANSWERED_LABEL = "no_answer", "Intet svar"


def read_codes(source, columns, question):
    """{item or None: array of codes, None where empty} of a `Drafted`, as its file has them.

    Codes that say that a question was not put, and codes declared missing that say nothing, are
    empty.
    """
    if question.kind == "multiple":
        return _read_ticks(source, columns, question)
    names = [item.id for item in question.items] or [None]
    found = {}
    for name, column in zip(names, question.columns, strict=True):
        empty = {code for code in columns[column].counts if _is_empty(columns[column], code)}
        codes = {code: make_code(code) for code in columns[column].counts if code not in empty}
        found[name] = _map(source.frame[column], codes)
    return found


def _is_empty(column, code):
    text = write_alike(column.label(code))
    return bool(NOT_ASKED.search(text)) or (code in column.missing and code not in column.labels)


def _map(series, codes):
    return np.array([codes.get(code) for code in series], dtype=object)


def _read_ticks(source, columns, question):
    """Ticks of each item; a row in which nothing at all stands was not asked or gave no answer."""
    if question.cells:
        (column,) = question.columns
        cells = [code.split(SEVERAL) if code else [] for code in source.frame[column]]
        given = [{part.strip() for part in parts} - {""} for parts in cells]
        filled = np.array([bool(one) for one in given])
        ticked = {item.id: np.array([item.text in one for one in given]) for item in question.items}
    else:
        frame = source.frame[list(question.columns)]
        filled = frame.notna().any(axis=1).to_numpy()
        ticked = {
            item.id: frame[item.column].isin(columns[item.column].find_ticked()).to_numpy()
            for item in question.items
        }
    return {
        item: np.where(filled, np.where(rows, "1", "0"), None).astype(object)
        for item, rows in ticked.items()
    }


def find_unanswered_codes(question):
    """The answers of a `Drafted` that say that somebody gave none."""
    texts = question.answers.items()
    return [code for code, text in texts if NO_ANSWER.search(write_alike(text))]


def code_answers(questions, codes, routes):
    """A column for each answer as the registry has them, empty for those who were not asked."""
    made = {}
    for question in questions:
        asked, given = routes[question.id].asked, codes[question.id]
        empty = np.all([pd.isna(one) for one in given.values()], axis=0)
        for item, one in given.items():
            name = f"{question.id}_{item}" if item else question.id
            if question.kind == "multiple":
                made[name] = np.where(asked & empty, "0", np.where(asked, one, ""))
            else:
                made[name] = np.where(asked, np.where(pd.isna(one), UNANSWERED, one), "")
        if question.kind == "multiple" and routes[question.id].unanswered:
            name = f"{question.id}_{UNANSWERED}"
            made[name] = np.where(asked, np.where(empty, "1", "0"), "")
    return pd.DataFrame(made)


def count_unanswered(question, table):
    """How many answers to the question are lacking among those who were asked."""
    if question.kind == "multiple":
        name = f"{question.id}_{UNANSWERED}"
        return int((table[name] == "1").sum()) if name in table else 0
    names = [f"{question.id}_{item.id}" for item in question.items] or [question.id]
    return int((table[names] == UNANSWERED).to_numpy().sum())
