"""What can be chosen of any survey: questions, rows and variables, found by words; what to cross
them by; parts of the population; measures.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from barometer.data.domains import split_terms, strip_not
from barometer.door.calls import CallError
from barometer.files.faults import suggest
from barometer.files.texts import normalise, write_alike
from barometer.languages.speaking import N_
from barometer.text import join_words

SHARES, MEAN, BOXES = "shares", "mean", "boxes"
MEASURES = N_(
    {
        SHARES: "Andele",
        MEAN: "Gennemsnit",
        BOXES: "Top og bund",
        "median": "Median",
        "quantiles": "Kvartiler",
        "total": "Sum",
    }
)
OF_SCALES, OF_NUMBERS = (MEAN, SHARES, BOXES), (MEAN, "median", "quantiles", "total", SHARES)
STEM = 4  # letters that a word and a label have in common at least


@dataclass(frozen=True)
class Choice:
    """What is looked at: `items`, the name of a question, a row or a variable; `by`, what a chapter
    gives as one, or None; `part`, the conditions of a part of the population; `measure`.
    """

    items: str
    by: object = None
    part: tuple = ()
    measure: str = SHARES


def find_question(registry, name):
    """The `Question` that a question, a row or an answer of one is of; None for other variables."""
    return registry.questions.get(strip_not(name).partition("=")[0].partition(".")[0])


def find_row(registry, name):
    """The label of the row or tick that a name is; "" for a whole question or an answer."""
    question, item = find_question(registry, name), name.partition(".")[2]
    return question.items.get(item, "") if question else ""


def name_subject(registry, name):
    """The heading of a question, row or variable."""
    question, row = find_question(registry, name), find_row(registry, name)
    if question is None or "=" in name:
        return registry.label(name)
    return f"{question.text} – {row}" if row else question.text


def list_subjects(registry, words=""):
    """{name: heading} of all that can be asked of, in the questionnaire's order, or of those that
    have all of some words in name, text, answers or rows: questions, each with its rows or ticks,
    and derived variables.
    """
    wanted, found = write_alike(words).split(), {}
    for name, question in registry.questions.items():
        answers = question.answers.values()
        if _has(wanted, name, question.text, *question.items.values(), *answers):
            found[name] = question.text
        for item, label in question.items.items():
            row, own = f"{name}.{item}", write_alike(f"{name}.{item} {label}")
            named = not wanted or any(word in own for word in wanted)
            if named and _has(wanted, row, question.text, label):
                found[row] = f"– {label}"
    for name, variable in registry.derived.items():
        if _has(wanted, name, variable.label):
            found[name] = variable.label
    return found


def _has(wanted, *texts):
    every = write_alike(" ".join(texts))
    return all(word in every for word in wanted)


def list_crossings(registry, choice):
    """{name: heading} of what groups can be made by: dimensions that the part leaves open,
    groupings, other questions with one answer, derived variables.
    """
    question = find_question(registry, choice.items)
    fixed = {term.partition("=")[0] for term in choice.part}
    found = {name: entry["heading"] for name, entry in registry.background.items()}
    for name, groups in registry.groupings.items():
        found[name] = " / ".join(groups.values())
    for name, one in registry.questions.items():
        if one.answers and not one.items and one is not question and not one.allowed:
            found[name] = one.text
    found |= {name: one.label for name, one in registry.derived.items()}
    return {one: text for one, text in found.items() if one not in {choice.items, *fixed}}


def list_measures(registry, name):
    """The measures of a question, a row or a variable, the usual one first."""
    question = find_question(registry, name)
    whole = question and "=" not in name
    if whole and question.allowed:
        several = name == question.id and len(question.items) > 1
        return (MEAN, SHARES) if several else OF_NUMBERS
    return OF_SCALES if whole and question.kind == "scale" else (SHARES,)


def list_parts(registry):
    """{dimension: {code: label}} of the parts of the population."""
    return {name: dict(entry["answers"]) for name, entry in registry.background.items()}


def read_part(registry, part):
    """The conditions of a part, in the order of dimensions: of {dimension: answer}, of conditions
    ("size=large", "innovative"), or of words ("kommuner, sundhed, store").

    Raises `CallError` for words that no label begins with, and for two answers of one dimension.
    """
    if isinstance(part, Mapping):
        given = [f"{name}={answer}" for name, answer in part.items() if answer not in ("all", "")]
    else:
        given = part.replace(";", ",").split(",") if isinstance(part, str) else list(part or ())
    terms = [term for one in given if one.strip() for term in _read_term(registry, one.strip())]
    known, others = {}, []
    for term in dict.fromkeys(terms):
        name = term.partition("=")[0]
        if name not in registry.background:
            others.append(term)
        elif known.setdefault(name, term) != term:
            both = " og ".join(map(registry.label, (known[name], term)))
            raise CallError(f"part: {both} kan ikke vælges på én gang.")
    return (*(known[name] for name in registry.background if name in known), *others)


def _read_term(registry, text):
    text = normalise(text)
    terms = split_terms(text)
    if all(_is_name(registry, term) for term in terms):
        registry.check_group(text)
        return terms
    answers = {
        f"{name}={code}": (label, registry.background[name]["names"][code], code)
        for name, labels in list_parts(registry).items()
        for code, label in labels.items()
    }
    found = [one for one, texts in answers.items() if any(_is_meant(text, x) for x in texts)]
    exact = [one for one in found if write_alike(text) in map(write_alike, answers[one])]
    found = exact or found
    if len(found) != 1:
        labels = {label: label for label, *_rest in answers.values()}
        named = join_words([answers[one][0] for one in found] or [*labels])
        raise CallError(f"part: {text!r} er ikke én del.{suggest(text, labels)} Der er {named}.")
    return found


def _is_name(registry, term):
    name = strip_not(term).partition("=")[0].partition(".")[0]
    return name in registry.derived or ("=" in term and name in registry.background) or (
        ("=" in term or "." in term) and name in registry.questions
    )  # fmt: skip


def _is_meant(word, label):
    """Whether a label begins as a word does: "kommuner" of "Kommunerne", "store" of "Store …"."""
    word, label = write_alike(word), write_alike(label)
    first = label.split()[0] if label.split() else ""
    return label.startswith(word) or (len(first) >= STEM and word.startswith(first))
