"""A table of answers as a file has them, into the registry's codes: each column with its list of
different values.

A file of SPSS, Stata or SAS has values and their labels. Which of the two are the registry's is
found out for a whole column at a time, and where they say different things of one value, that is a
fault: no choice would be safe.
"""

import re
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from barometer.files.csv_files import list_categories
from barometer.files.faults import Fault, show, show_list
from barometer.files.texts import COUNT, find_alike, normalise, read_numbers, write_alike

TICKS = {"0": 0.0, "1": 1.0, "0.0": 0.0, "1.0": 1.0, "0,0": 0.0, "1,0": 1.0}  # ticks as texts
UNLABELLED = "uden etiket"


def settle_types(name, parsed, registry, strata=()):
    """(table, faults, told) of a file's `parsed` content: weights are numbers, ids text, and all
    else categories, ticks numbers, codes text.

    Labels of answers become their codes. A column's categories are the registry's answers (or 0 and
    1) and what else stands in it. A column in which something is no number keeps its contents, for
    the checks to name the rows. `strata`: names of the population's strata. `told`: which columns
    were read by code and which by label.
    """
    questions = {
        column: question for question in registry.questions.values() for column in question.columns
    }
    table, labels = parsed.table, parsed.labels
    settled, ways = {}, {}
    for column in table:
        question = questions.get(column)
        if column == "weight":
            settled[column] = read_numbers(table[column], parsed.comma)
        elif column == "id":
            is_text = isinstance(table[column].dtype, pd.StringDtype)
            settled[column] = (
                _make_text(table[column])
                if is_text
                else pd.Series(_to_codes(table[column], None, {})[0], dtype="str")
            )
        elif question and question.kind == "multiple":
            settled[column] = _to_ticks(table[column])
        else:
            answers = (
                dict(zip(strata, strata, strict=True))
                if column == "stratum"
                else (question.answers if question else {})
            )
            settled[column], ways[column] = _to_codes(table[column], labels.get(column), answers)
    faults = find_contradictions(name, parsed, registry, strata)
    contradicted = {column for fault in faults for column in fault.columns}
    told = describe_labels(name, ways, labels, questions)
    return (
        pd.DataFrame(settled, table.index),
        faults + _find_two_ways(name, ways, contradicted),
        told,
    )


def _make_text(series):
    return (
        series
        if all(map(str.isascii, series.dropna()))
        else series.map(normalise, na_action="ignore").astype("str")
    )


def _to_ticks(series):
    positions, distinct = _factorize(series)
    present = [None if isinstance(value, str) and not value else value for value in distinct]
    try:
        numbers = [None if value is None else _read_tick(value) for value in present]
    except (ValueError, TypeError):
        return _make_categories(
            series, positions, [None if value is None else str(value) for value in present], ()
        )
    return _make_categories(
        series, positions, [None if number != number else number for number in numbers], (0.0, 1.0)
    )


def _read_tick(value):
    if isinstance(value, str):
        # a number that is no tick is told as one
        if value not in TICKS and not COUNT.fullmatch(value):
            raise ValueError(value)
        return TICKS[value] if value in TICKS else float(value)
    return float(value)


def _to_codes(series, labels, answers):
    """(the column in codes, how they were found: "code", "label", "both" where they differ, ""
    without labels).
    """
    positions, distinct = _factorize(series)
    values = [
        None if value is None or value != value or value == "" else value for value in distinct
    ]
    codes = [None if value is None else write_code(value) for value in values]
    way = ""
    if labels is not None and answers:
        codes, way = _choose(values, codes, labels, answers)
    elif labels:  # a column that the registry does not know
        codes = [
            normalise(labels.get(value)) or code for value, code in zip(values, codes, strict=True)
        ]
    return _make_categories(series, positions, codes, tuple(answers)), way


def _choose(values, codes, labels, answers):
    """(codes, way) of a column's different values, all by their code or all by their label."""
    names = list_names(answers)
    written = [
        None if value is None else labels.get(value) or (value if isinstance(value, str) else None)
        for value in values
    ]
    by_label = [find_meant(text, names) for text in written]
    by_code = [code if code in answers else None for code in codes]
    present = [place for place, value in enumerate(values) if value is not None]
    found = {
        way: sum(meant[place] is not None for place in present)
        for way, meant in (("code", by_code), ("label", by_label))
    }
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
    columns = tuple(
        column for column, way in ways.items() if way == "both" and column not in contradicted
    )
    problem = "indholdet kan både være koder og tekster, og de er forskellige svar"
    return (
        [Fault(name, problem, "giv svarene koder, som ikke er et andet svars tekst", columns)]
        if columns
        else []
    )


def _factorize(series):
    """Each row's place (-1: missing) among the different values, and these."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy(), series.cat.categories
    try:
        return pd.factorize(series)
    except TypeError:  # a cell that is a list
        return pd.factorize(series.map(str, na_action="ignore"))


def _make_categories(series, positions, values, first):
    """Categories `first` and then the other `values` in order; `positions` tell each row's value
    (-1: missing).
    """
    dtype = list_categories((*first, *sorted({*values} - {None, *first})))
    order = {value: place for place, value in enumerate(dtype.categories)}
    places = np.array([order.get(value, -1) for value in values] + [-1], dtype=np.int32)
    return pd.Categorical.from_codes(places[positions], dtype=dtype)


# how alike a label and another's answer are, and how much more than its own (difflib)
LIKE, NEARER = 0.6, 0.02
SHOWN = 3  # contradictions of one column in a sentence
YES, NO = re.compile(r"(ja|yes|true|sand)\b"), re.compile(r"(nej|no|false|falsk)\b")
TICKED = re.compile(
    r"(ja|yes|true|sand|valgt|kryds|afkryds|krydset|afkrydset|nævnt|"
    r"checked|selected|ticked|mentioned|"
    r"quoted|marked|markeret)\b"
)
UNTICKED = re.compile(
    r"(nej|no|not|false|falsk|ikke|intet|ingen|un(checked|selected|ticked|marked)|fravalgt)\b"
)
AGREE = "ret etiketterne i filen eller koderne i questionnaire.yaml, så de siger det samme"


def write_code(value):
    """A value as a code is written: 1.0 is "1"."""
    return normalise(str(int(value) if isinstance(value, float) and value.is_integer() else value))


def list_names(answers):
    """{text, as it is compared: code} of what may stand for the answers ({code: label}): labels,
    and codes besides.
    """
    return {write_alike(code): code for code in answers} | {
        write_alike(text): code for code, text in answers.items()
    }


def find_meant(text, names):
    """The code of the answer that a label names; None where it names none."""
    return None if text is None else names.get(write_alike(text))


def find_contradictions(name, parsed, registry, strata=()):
    """Every `Fault` of a file whose labels say other things of values and columns than the
    registry.
    """
    found = {}
    for question in registry.questions.values():
        items = (
            dict(zip(question.columns, question.items.values(), strict=True))
            if question.items
            else {}
        )
        for column in question.columns:
            labels = {
                value: text
                for value, text in (parsed.labels.get(column) or {}).items()
                if isinstance(text, str)
            }
            if question.kind == "multiple":
                problems = _check_ticks(labels, column, items)
            else:
                codes = {write_code(value): text for value, text in labels.items()}
                problems = _check_codes(codes, question.answers)
                problems = problems or _check_merged(codes, question.answers) + _check_turned(
                    codes, question.answers
                )
            problems += _check_title(parsed.titles.get(column), column, items)
            problems += _check_text(parsed.titles.get(column), question, registry)
            for problem in problems[:SHOWN]:
                found.setdefault(problem, []).append(column)
    codes = {
        write_code(value): text for value, text in (parsed.labels.get("stratum") or {}).items()
    }
    for problem in _check_codes(codes, dict(zip(strata, strata, strict=True)), "stratum")[:SHOWN]:
        found.setdefault(problem, []).append("stratum")
    return [Fault(name, problem, AGREE, tuple(columns)) for problem, columns in found.items()]


def _check_codes(labels, answers, what="svaret"):
    names, problems = list_names(answers), []
    for code, text in labels.items():
        if code not in answers:
            continue
        meant, said = find_meant(text, names), answers[code]
        if meant is not None and meant != code:
            problems.append(
                f"værdien {show(code)} har etiketten {show(text, quoted=True)}, som i registret "
                f"er {what} "
                f"{show(meant)}"
            )
        elif meant is None and _say_opposite(text, said):
            problems.append(
                f"værdien {show(code)} har etiketten {show(text, quoted=True)}, men koden er i "
                f"registret "
                f"{show(said, quoted=True)}"
            )
    return problems


def _check_merged(labels, answers):
    """Values of two answers that a file labels alike: it does not tell the answers apart, whatever
    its codes are.
    """
    alike = find_alike({code: text for code, text in labels.items() if code in answers})
    return [
        f"værdierne {show_list(codes)} har samme etiket ({show(labels[codes[0]], quoted=True)}), "
        f"men er hver sit "
        "svar i registret"
        for codes in alike
    ]


def _check_turned(labels, answers):
    """Pairs of values whose labels, in other words than the registry's, are each more like the
    other's answer.
    """
    known = [code for code in labels if code in answers]
    like = {
        (one, other): SequenceMatcher(
            None, write_alike(labels[one]), write_alike(answers[other]), False
        ).ratio()
        for one in known
        for other in known
    }
    nearer = {
        (one, other)
        for one, other in like
        if like[one, other] >= LIKE and like[one, other] - like[one, one] >= NEARER
    }
    return [
        f"værdierne {show(one)} og {show(other)} har etiketterne {show(labels[one], quoted=True)} "
        f"og "
        f"{show(labels[other], quoted=True)}, som ligner hinandens svar i registret"
        for place, one in enumerate(known)
        for other in known[place + 1 :]
        if {(one, other), (other, one)} <= nearer
    ]


def _say_opposite(one, other):
    one, other = write_alike(one), write_alike(other)
    return bool((YES.match(one) and NO.match(other)) or (NO.match(one) and YES.match(other)))


def _check_ticks(labels, column, items):
    problems = []
    for value, text in labels.items():
        if value not in (0, 1):
            continue
        alike, own = write_alike(text), write_alike(items[column])
        other = next(
            (label for label in items.values() if write_alike(label) == alike != own), None
        )
        wrong = (
            UNTICKED.match(alike) and alike != own
            if value == 1
            else TICKED.match(alike) or alike == own
        )
        wrong = wrong or (0 in labels and 1 in labels and alike == write_alike(labels[1 - value]))
        if wrong or other:
            stands = "et kryds" if value == 1 else "intet kryds"
            problems.append(
                f"værdien {value:g} har etiketten {show(text, quoted=True)}, men {value:g} er "
                f"{stands}" + (f" ved {show(items[column], quoted=True)}" if other else "")
            )
    return problems


def _check_title(title, column, items):
    if not isinstance(title, str) or column not in items:
        return []
    # Often the question's text stands before the item's. Of items that one text ends with, the
    # longest is meant.
    ends = {
        write_alike(label): name
        for name, label in items.items()
        if re.search(rf"(^|\W){re.escape(write_alike(label))}$", write_alike(title))
    }
    other = ends[max(ends, key=len)] if ends else column
    return (
        [f"kolonnen hedder {show(title, quoted=True)}, som i registret er {other}"]
        if other != column
        else []
    )


def _check_text(title, question, registry):
    """A column that is called what another question is in the registry."""
    texts = {name: write_alike(one.text) for name, one in registry.questions.items()}
    if not isinstance(title, str) or write_alike(title) == texts[question.id]:
        return []
    return [
        f"kolonnen hedder {show(title, quoted=True)}, som i registret er {name}"
        for name, text in texts.items()
        if text == write_alike(title)
    ][:1]


def describe_labels(name, ways, labels, questions):
    """What is told of a file with labels: which columns were read by code and by label; where
    labels are unlike.
    """
    columns = {
        way: [
            column
            for column, found in ways.items()
            if found == way and (way == "label" or labels.get(column))
        ]
        for way in ("code", "label")
    }
    told = [
        f"{name}: svar er fundet ved deres {word} i {show_list(columns[way])}"
        for way, word in (("code", "kode"), ("label", "tekst"))
        if columns[way]
    ]
    unlike = [
        column
        for column in columns["code"]
        if column in questions and _is_unlike(labels[column], questions[column])
    ]
    if unlike:
        told.append(
            f"{name}: filens tekster er andre end registrets i {show_list(unlike)}, og koderne er "
            f"brugt"
        )
    return tuple(told)


def _is_unlike(labels, question):
    return any(
        write_alike(question.answers[code]) != write_alike(text)
        for value, text in labels.items()
        if (code := write_code(value)) in question.answers
    )
