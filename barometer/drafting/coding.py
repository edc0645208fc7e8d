"""The answers of a file in the codes of its drafted registry, with a code for no answer."""

import numpy as np
import pandas as pd

from barometer.drafting.grouping import make_code
from barometer.files.texts import write_alike
from barometer.incoming.cells import split_cell
from barometer.incoming.words import NO_ANSWER, NOT_ASKED
from barometer.languages.speaking import N_, _
from barometer.layouts.coded import put, translate

UNANSWERED, UNANSWERED_LABEL = "no_answer", N_("Intet svar")


def read_codes(source, columns, question):
    """{item or None: codes as categories, none where empty} of a `Drafted`, as its file has them.

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
        found[name] = translate(source.frame[column], codes)
    return found


def _is_empty(column, code):
    text = write_alike(column.label(code))
    return bool(NOT_ASKED.search(text)) or (code in column.missing and code not in column.labels)


def _read_ticks(source, columns, question):
    """Ticks of each item; a row in which nothing at all stands was not asked or gave no answer."""
    if question.cells:
        (column,) = question.columns
        cells, texts = pd.Categorical(source.frame[column]), {one.text for one in question.items}
        given = {code: {*split_cell(code, question.cells, texts)} for code in cells.categories}
        filled = cells.isin([code for code in given if given[code]])
        ticked = {
            item.id: cells.isin([code for code in given if item.text in given[code]])
            for item in question.items
        }
    else:
        frame = source.frame[list(question.columns)]
        filled = frame.notna().any(axis=1).to_numpy()
        ticked = {
            item.id: frame[item.column].isin(columns[item.column].find_ticked()).to_numpy()
            for item in question.items
        }
    return {
        item: pd.Categorical.from_codes(np.where(filled, np.asarray(rows, np.int8), -1), ["0", "1"])
        for item, rows in ticked.items()
    }


def find_unanswered_codes(question):
    """The answers of a `Drafted` that say that somebody gave none."""
    texts = question.answers.items()
    return [code for code, text in texts if NO_ANSWER.search(write_alike(text))]


def name_unanswered(question):
    """The code of an empty cell in a `Drafted`: that of the file's answer of the same text, if any.

    Two answers of one text are refused.
    """
    known = {item.id: item.text for item in question.items}
    known = known if question.kind == "multiple" else question.answers
    same = [
        one for one, text in known.items() if write_alike(text) == write_alike(_(UNANSWERED_LABEL))
    ]
    return same[0] if same else UNANSWERED


def code_answers(questions, codes, routes):
    """A column for each answer as the registry has them, empty for those who were not asked."""
    made = {}
    for question in questions:
        asked, given = routes[question.id].asked, codes[question.id]
        none = name_unanswered(question)
        empty = np.all([pd.isna(one) for one in given.values()], axis=0)
        for item, one in given.items():
            name = f"{question.id}_{item}" if item else question.id
            lacking = "0" if question.kind == "multiple" else none
            rows = empty if question.kind == "multiple" else pd.isna(one)
            made[name] = put(put(one, asked & rows, lacking), ~asked, "")
        if question.kind == "multiple" and routes[question.id].unanswered:
            name = f"{question.id}_{none}"
            said = (made[name] == "1") if name in made else np.zeros(len(empty), bool)
            given = pd.Categorical.from_codes((empty | said).astype(np.int8), ["0", "1"])
            made[name] = put(given, ~asked, "")
    return pd.DataFrame(made)


def count_unanswered(question, table):
    """How many of those who were asked gave no answer: to the question, or in one of its rows."""
    none = name_unanswered(question)
    if question.kind == "multiple":
        name = f"{question.id}_{none}"
        return int((table[name] == "1").sum()) if name in table else 0
    names = [f"{question.id}_{item.id}" for item in question.items] or [question.id]
    return int((table[names] == none).to_numpy().any(axis=1).sum())
