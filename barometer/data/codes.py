"""A table of answers as a file has them, into the registry's codes, a whole column at a time.

A file of SPSS, Stata or SAS has values and their labels. Either may be the registry's; where they
say different things of one value, that is a fault: no choice would be safe.
"""

import re
from difflib import SequenceMatcher
from itertools import combinations, product

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from barometer.files.csv_files import list_categories
from barometer.files.faults import Fault, show, show_list
from barometer.files.texts import COUNT, find_alike, normalise, read_numbers, write_alike
from barometer.numbers.allowed import name_values
from barometer.numbers.answers import read_column

TICKS = {"0": 0.0, "1": 1.0, "0.0": 0.0, "1.0": 1.0, "0,0": 0.0, "1,0": 1.0}  # ticks as texts
UNLABELLED = "uden etiket"
# how alike a label and another's answer are, and how much more than its own (difflib)
LIKE, NEARER = 0.6, 0.02
SHOWN = 3  # contradictions of one column in a sentence
YES, NO = re.compile(r"(ja|yes|true|sand)\b"), re.compile(r"(nej|no|false|falsk)\b")
TICKED = re.compile(
    r"(ja|yes|true|sand|valgt|kryds|afkryds|krydset|afkrydset|nævnt|"
    r"checked|selected|ticked|mentioned|quoted|marked|markeret)\b"
)
UNTICKED = re.compile(
    r"(nej|no|not|false|falsk|ikke|intet|ingen|un(checked|selected|ticked|marked)|fravalgt)\b"
)
AGREE = "ret etiketterne i filen eller koderne i questionnaire.yaml, så de siger det samme"
TWO_WAYS = "indholdet kan både være koder og tekster, og de er forskellige svar"


def settle_types(name, parsed, registry, strata=(), numbers=("weight",)):
    """(table, faults, ways) of a file's `parsed` content: weights are numbers, ids text, all else
    categories. The columns are taken out of `parsed`.

    A column's categories are the registry's answers (ticks: 0 and 1) and what else stands in it,
    for the checks to name the rows. `strata`: the population's names. `ways`: which columns were
    read by code and which by label.
    """
    questions = {name: one for one in registry.questions.values() for name in one.columns}
    index, columns, settled, ways = parsed.table.index, parsed.take_columns(), {}, {}
    for column in [*columns]:
        question, cells = questions.get(column), columns.pop(column)
        labels = parsed.labels.get(column)
        if column in numbers:
            settled[column] = read_numbers(cells, parsed.comma)
        elif column == "id":
            settled[column] = _make_text(cells)
        elif question and question.kind == "multiple":
            settled[column] = _to_ticks(cells)
        elif question and question.allowed:
            found = read_column(cells, labels, question.answers, parsed.comma)
            settled[column], settled[name_values(column)] = found
        else:
            answers = question.answers if question else {}
            answers = {one: one for one in strata} if column == "stratum" else answers
            settled[column], ways[column] = _to_codes(cells, labels, answers)
    faults = find_contradictions(name, parsed, registry, strata)
    contradicted = {column for fault in faults for column in fault.columns}
    unsure = tuple(one for one, way in ways.items() if way == "both" and one not in contradicted)
    remedy = "giv svarene koder, som ikke er et andet svars tekst"
    faults += [Fault(name, TWO_WAYS, remedy, unsure)] if unsure else []
    described = describe_labels(name, ways, parsed.labels, questions)
    return pd.DataFrame(settled, index, copy=False), faults, described


def _make_text(series):
    if not isinstance(series.dtype, pd.StringDtype):
        return pd.Series(_to_codes(series, None, {})[0], dtype="str")
    if pc.all(pc.string_is_ascii(pa.array(series.array))).as_py() is not False:
        return series
    return series.map(normalise, na_action="ignore").astype("str")


def _to_ticks(series):
    """The column's ticks as numbers; as texts where one of them is no number."""
    positions, distinct = _factorize(series)
    try:
        return _make_categories(positions, list(map(_read_tick, distinct)), (0.0, 1.0))
    except (ValueError, TypeError):
        return _make_categories(positions, [str(value) or None for value in distinct], ())


def _read_tick(value):
    # a number that is no tick is a fault as a number
    if isinstance(value, str) and value and value not in TICKS and not COUNT.fullmatch(value):
        raise ValueError(value)
    return None if value == "" else TICKS[value] if value in TICKS else float(value)


def _to_codes(series, labels, answers):
    """(the column in codes, how: by "code", "label", "both" where they differ, "" unlabelled)."""
    positions, distinct = _factorize(series)
    values = [None if isinstance(value, str) and not value else value for value in distinct]
    codes, way = [None if value is None else write_code(value) for value in values], ""
    if labels is not None and answers:
        codes, way = _choose(values, codes, labels, answers)
    elif labels:  # a column that is not in the registry
        found = map(labels.get, values)
        codes = [normalise(text) or code for text, code in zip(found, codes, strict=True)]
    return _make_categories(positions, codes, tuple(answers)), way


def _choose(values, codes, labels, answers):
    """(codes, way) of a column's different values, all by their code or all by their label."""
    names = list_names(answers)
    written = [labels.get(value) or (value if isinstance(value, str) else None) for value in values]
    meant = {
        "code": [code if code in answers else None for code in codes],
        "label": [find_meant(text, names) for text in written],
    }
    missed = {way: sum(one is None for one in found) for way, found in meant.items()}
    way, chosen = "label" if missed["label"] < missed["code"] else "code", []
    for code, text, known in zip(codes, written, meant[way], strict=True):
        # What is no answer stays as the file has it, but never as an answer found the other way.
        shown = normalise(text) or code
        chosen.append(known or (f"{shown} ({UNLABELLED})" if shown in answers else shown))
    unsure = missed["code"] == missed["label"] == values.count(None)
    return chosen, "both" if unsure and meant["code"] != meant["label"] else way


def _factorize(series):
    """Each row's place (-1: missing) among the different values, and these."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy(), series.cat.categories
    try:
        return pd.factorize(series)
    except TypeError:  # a cell that is a list
        return pd.factorize(series.map(str, na_action="ignore"))


def _make_categories(positions, values, first):
    """Categories `first`, then other `values` in order; `positions`: each row's (-1: missing)."""
    dtype = list_categories((*first, *sorted({*values} - {None, *first})))
    order = {value: place for place, value in enumerate(dtype.categories)}
    form = np.min_scalar_type(-len(order) - 1)  # a byte, as a rule
    places = np.array([*(order.get(value, -1) for value in values), -1], form)
    return pd.Categorical.from_codes(places[positions], dtype=dtype, validate=False)


def write_code(value):
    """A value as a code is written: 1.0 is "1"."""
    return normalise(str(int(value) if isinstance(value, float) and value.is_integer() else value))


def list_names(answers):
    """{text, as it is compared: code} of what may stand for the answers: labels, and codes."""
    codes = {write_alike(code): code for code in answers}
    return codes | {write_alike(text): code for code, text in answers.items()}


def find_meant(text, names):
    """The code of the answer that a label names; None where it names none."""
    return None if text is None else names.get(write_alike(text))


def find_contradictions(name, parsed, registry, strata=()):
    """Every `Fault` of labels that say other things of values and columns than the registry."""
    found = {}
    for question in registry.questions.values():
        items = dict(zip(question.columns, question.items.values(), strict=False))
        for column in question.columns:
            labels = (parsed.labels.get(column) or {}).items()
            labels = {value: text for value, text in labels if isinstance(text, str)}
            if question.kind == "multiple":
                problems = _check_ticks(labels, column, items)
            else:
                codes, answers = _write_codes(labels), question.answers
                problems = _check_codes(codes, answers) or [
                    *_check_merged(codes, answers),
                    *_check_turned(codes, answers),
                ]
            problems += _check_title(parsed.titles.get(column), column, items, question, registry)
            for problem in problems[:SHOWN]:
                found.setdefault(problem, []).append(column)
    codes = _write_codes(parsed.labels.get("stratum") or {})
    for problem in _check_codes(codes, {one: one for one in strata}, "stratum")[:SHOWN]:
        found.setdefault(problem, []).append("stratum")
    return [Fault(name, problem, AGREE, tuple(columns)) for problem, columns in found.items()]


def _write_codes(labels):
    return {write_code(value): text for value, text in labels.items()}


def _check_codes(labels, answers, what="svaret"):
    names, problems = list_names(answers), []
    for code, text in labels.items():
        if code not in answers:
            continue
        meant, said = find_meant(text, names), answers[code]
        labelled = f"værdien {show(code)} har etiketten {show(text, quoted=True)}"
        if meant is not None and meant != code:
            problems.append(f"{labelled}, som i registret er {what} {show(meant)}")
        elif meant is None and _say_opposite(text, said):
            problems.append(f"{labelled}, men koden er i registret {show(said, quoted=True)}")
    return problems


def _check_merged(labels, answers):
    """Values of two answers that a file labels alike, so that nothing divides them."""
    return [
        f"værdierne {show_list(codes)} har samme etiket ({show(labels[codes[0]], quoted=True)}), "
        "men er hver sit svar i registret"
        for codes in find_alike({code: text for code, text in labels.items() if code in answers})
    ]


def _check_turned(labels, answers):
    """Pairs of values whose labels are each more like the other's answer in the registry."""
    known = [code for code in labels if code in answers]
    text, answer = (
        {code: write_alike(texts[code]) for code in known} for texts in (labels, answers)
    )
    like = {
        (one, other): SequenceMatcher(None, text[one], answer[other], False).ratio()
        for one, other in product(known, known)
    }
    nearer = {
        pair for pair in like if like[pair] >= LIKE and like[pair] - like[pair[:1] * 2] >= NEARER
    }
    return [
        f"værdierne {show(one)} og {show(other)} har etiketterne {show(labels[one], quoted=True)} "
        f"og {show(labels[other], quoted=True)}, som ligner hinandens svar i registret"
        for one, other in combinations(known, 2)
        if {(one, other), (other, one)} <= nearer
    ]


def _say_opposite(one, other):
    one, other = write_alike(one), write_alike(other)
    return any(YES.match(a) and NO.match(b) for a, b in ((one, other), (other, one)))


def _check_ticks(labels, column, items):
    problems = []
    for value, text in labels.items():
        if value not in (0, 1):
            continue
        alike, own = write_alike(text), write_alike(items[column])
        other = any(write_alike(label) == alike != own for label in items.values())
        if value == 1:
            wrong = UNTICKED.match(alike) and alike != own
        else:
            wrong = TICKED.match(alike) or alike == own
        wrong = wrong or (1 - value in labels and write_alike(labels[1 - value]) == alike)
        if wrong or other:
            stands = "et kryds" if value == 1 else "intet kryds"
            stands = f"{stands} ved {show(items[column], quoted=True)}" if other else stands
            labelled = f"værdien {value:g} har etiketten {show(text, quoted=True)}"
            problems.append(f"{labelled}, men {value:g} er {stands}")
    return problems


def _check_title(title, column, items, question, registry):
    """A column that is called what another item or another question is in the registry."""
    if not isinstance(title, str):
        return []
    title_alike = write_alike(title)
    # Often the question's text stands before the item's. Of items that one text ends with, the
    # longest is meant.
    ends = {
        write_alike(label): name
        for name, label in items.items()
        if re.search(rf"(^|\W){re.escape(write_alike(label))}$", title_alike)
    }
    others = [ends[max(ends, key=len)]] if ends else []
    texts = {name: write_alike(one.text) for name, one in registry.questions.items()}
    if title_alike != texts[question.id]:
        others += [name for name, text in texts.items() if text == title_alike][:1]
    called = f"kolonnen hedder {show(title, quoted=True)}"
    return [f"{called}, som i registret er {name}" for name in others if name != column]


def describe_labels(name, ways, labels, questions):
    """Which columns were read by code and by label, and which labels are unlike."""
    labelled = [column for column, way in ways.items() if way == "code" and labels.get(column)]
    texts = [column for column, way in ways.items() if way == "label"]
    described = [
        f"{name}: svar er fundet ved deres {word} i {show_list(columns)}"
        for word, columns in (("kode", labelled), ("tekst", texts))
        if columns
    ]
    unlike = []
    for column in labelled:
        answers = questions[column].answers if column in questions else {}
        codes = _write_codes(labels[column]).items()
        if any(write_alike(text) != write_alike(answers.get(code, text)) for code, text in codes):
            unlike.append(column)
    if unlike:
        what = f"filens tekster er andre end registrets i {show_list(unlike)}"
        described.append(f"{name}: {what}, og koderne er brugt")
    return tuple(described)
