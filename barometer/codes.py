"""A table of answers as a file has them, into the registry's codes: each column with its list of different values.

A file of SPSS, Stata or SAS has values and their labels. Which of the two are the registry's is found out for a whole
column at a time, and where they say different things of one value, that is a fault: no choice would be safe.
"""
from functools import lru_cache

import numpy as np
import pandas as pd

from barometer.faults import Fault
from barometer.labels import describe_labels, find_contradictions, find_meant, list_names, write_code
from barometer.texts import normalise
from barometer.written import COUNT, read_numbers

TICKS = {"0": 0.0, "1": 1.0, "0.0": 0.0, "1.0": 1.0, "0,0": 0.0, "1,0": 1.0}   # ticks as texts
UNLABELLED = "uden etiket"


def settle_types(name, parsed, registry, strata=()):
    """(table, faults, told) of a file's `parsed` content: weights are numbers, ids text, and all else categories, ticks
    numbers, codes text.

    Labels of answers become their codes. A column's categories are the registry's answers (or 0 and 1) and what else
    stands in it. A column in which something is no number keeps its contents, for the checks to name the rows.
    `strata`: names of the population's strata. `told`: which columns were read by code and which by label.
    """
    questions = {column: question for question in registry.questions.values() for column in question.columns}
    table, labels = parsed.table, parsed.labels
    settled, ways = {}, {}
    for column in table:
        question = questions.get(column)
        if column == "weight":
            settled[column] = read_numbers(table[column], parsed.comma)
        elif column == "id":
            is_text = isinstance(table[column].dtype, pd.StringDtype)
            settled[column] = _make_text(table[column]) if is_text else pd.Series(
                _to_codes(table[column], None, {})[0], dtype="str")
        elif question and question.kind == "multiple":
            settled[column] = _to_ticks(table[column])
        else:
            answers = dict(zip(strata, strata, strict=True)) if column == "stratum" else (
                question.answers if question else {})
            settled[column], ways[column] = _to_codes(table[column], labels.get(column), answers)
    faults = find_contradictions(name, parsed, registry, strata)
    contradicted = {column for fault in faults for column in fault.columns}
    told = describe_labels(name, ways, labels, questions)
    return pd.DataFrame(settled, table.index), faults + _find_two_ways(name, ways, contradicted), told


@lru_cache(maxsize=256)
def list_categories(categories):
    """The pandas type of a column with these different values (a tuple)."""
    # Most columns have the same few, and making sure that these are different takes longer than the column.
    return pd.CategoricalDtype(list(categories))


def _make_text(series):
    return series if all(map(str.isascii, series.dropna())) else series.map(normalise, na_action="ignore").astype("str")


def _to_ticks(series):
    positions, distinct = _factorize(series)
    present = [None if isinstance(value, str) and not value else value for value in distinct]
    try:
        numbers = [None if value is None else _read_tick(value) for value in present]
    except (ValueError, TypeError):
        return _make_categories(series, positions, [None if value is None else str(value) for value in present], ())
    return _make_categories(series, positions, [None if number != number else number for number in numbers], (0.0, 1.0))


def _read_tick(value):
    if isinstance(value, str):
        if value not in TICKS and not COUNT.fullmatch(value):   # a number that is no tick is told as one
            raise ValueError(value)
        return TICKS[value] if value in TICKS else float(value)
    return float(value)


def _to_codes(series, labels, answers):
    """(the column in codes, how they were found: "code", "label", "both" where they differ, "" without labels)."""
    positions, distinct = _factorize(series)
    values = [None if value is None or value != value or value == "" else value for value in distinct]
    codes = [None if value is None else write_code(value) for value in values]
    way = ""
    if labels is not None and answers:
        codes, way = _choose(values, codes, labels, answers)
    elif labels:   # a column that the registry does not know
        codes = [normalise(labels.get(value)) or code for value, code in zip(values, codes, strict=True)]
    return _make_categories(series, positions, codes, tuple(answers)), way


def _choose(values, codes, labels, answers):
    """(codes, way) of a column's different values, all by their code or all by their label."""
    names = list_names(answers)
    written = [None if value is None else labels.get(value) or (value if isinstance(value, str) else None)
               for value in values]
    by_label = [find_meant(text, names) for text in written]
    by_code = [code if code in answers else None for code in codes]
    present = [place for place, value in enumerate(values) if value is not None]
    found = {way: sum(meant[place] is not None for place in present)
             for way, meant in (("code", by_code), ("label", by_label))}
    way = "code" if found["code"] >= found["label"] else "label"
    differ = any(by_code[place] != by_label[place] for place in present)
    if found["code"] == found["label"] == len(present) and differ:
        way = "both"
    meant = by_label if way == "label" else by_code
    chosen = list(codes)
    for place in present:
        # What is no answer is told as the file has it, but never as an answer found the other way.
        shown = normalise(written[place]) or codes[place]
        chosen[place] = meant[place] or (f"{shown} ({UNLABELLED})" if shown in answers else shown)
    return chosen, way


def _find_two_ways(name, ways, contradicted):
    columns = tuple(column for column, way in ways.items() if way == "both" and column not in contradicted)
    problem = "indholdet kan både være koder og tekster, og de er forskellige svar"
    return [Fault(name, problem, "giv svarene koder, som ikke er et andet svars tekst", columns)] if columns else []


def _factorize(series):
    """Each row's place (-1: missing) among the different values, and these."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy(), series.cat.categories
    try:
        return pd.factorize(series)
    except TypeError:   # a cell that is a list
        return pd.factorize(series.map(str, na_action="ignore"))


def _make_categories(series, positions, values, first):
    """Categories `first` and then the other `values` in order; `positions` tell each row's value (-1: missing)."""
    dtype = list_categories((*first, *sorted({*values} - {None, *first})))
    order = {value: place for place, value in enumerate(dtype.categories)}
    places = np.array([order.get(value, -1) for value in values] + [-1], dtype=np.int32)
    return pd.Categorical.from_codes(places[positions], dtype=dtype)
