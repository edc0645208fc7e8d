"""Columns of answers into questions: one answer, several ticks, or the rows of a battery."""

import re
from dataclasses import dataclass, field, replace

from barometer.data.variables import POINTS
from barometer.files.csv_files import DELIMITERS
from barometer.files.texts import find_alike, is_number, make_name, write_alike
from barometer.incoming.ordering import order_by_words
from barometer.incoming.roles import Sure, list_points
from barometer.incoming.stems import BRACKETS, divide_runs, divide_titles, find_stem
from barometer.incoming.words import NO_ANSWER, NO_OPINION, find_unit
from barometer.languages.speaking import _

MOST_ITEMS = 60
MOST_DECIMALS = 4  # of numbers; where there are more, any number is allowed
LARGE = 1000  # numbers from here on are shown without decimals
GUESSED_ORDER = "svarenes rækkefølge er gættet af deres ord: er den rigtig?"
GUESSED_SCALE = (
    "kan svarenes trin lægges sammen til et gennemsnit, fra {first} (»{least}«) til {last} "
    "(»{most}«)? Ellers kind: {kind}"
)
TURNED = "vend svarene om, hvis et højt gennemsnit skal være det modsatte"
WORDED = (
    "er teksterne svar, man valgte imellem? De står efter alfabetet. Fri tekst skal ud: slet "
    "spørgsmålet og kolonnen"
)
MAYBE_TICKS = "er det kryds, hvor 0 er »ikke valgt«? Så kind: multiple, uden answers"
ALIKE = 0.75  # of the answers of two columns without labels that are rows of one question
FEWEST_POINTS = 4  # of a scale that is recognised


@dataclass(frozen=True)
class Item:
    """One column of a question with several: the item's id and its text."""

    id: str
    text: str
    column: str


@dataclass(frozen=True)
class Drafted:
    """A question: `columns` of the file, `items` of several, `answers` {code: text}.

    `cells`: what divides several answers in one column, "" where each has its own. `sure`,
    `doubts`: how sure its kind is, and what a person must look at.
    """

    id: str
    text: str
    kind: str
    columns: tuple
    items: tuple = ()
    answers: dict = field(default_factory=dict)
    residual: tuple = ()
    sure: Sure = Sure.CERTAIN
    doubts: tuple = ()
    cells: str = ""
    number: dict = field(default_factory=dict)  # fields of a number (`numbers/answers.py`)


def group_columns(columns, taken=(), numbers=()):
    """[`Drafted`, …] of {column: `Column`} in the file's order; `taken`: names that no question
    may have; `numbers`: columns of numbers.
    """
    names, found = {*taken}, []
    runs = divide_runs(
        columns.values(),
        lambda column: None if column.name in numbers else _find_key(column),
        MOST_ITEMS,
    )
    for group in (part for run in runs for part in _split_unlike(run)):
        several = len(group) > 1 and _make_several(group)
        made = make_number if group[0].name in numbers else _make_single
        for drafted in [several] if several else [made(column) for column in group]:
            name = _find_free(drafted.id, names)
            names.add(name)
            found.append(replace(drafted, id=name))
    return found


def _find_key(column):
    """What columns of one question have in common; None for one that stands alone."""
    stem = find_stem(column)
    if not stem:
        return None
    if column.is_tick():
        return stem, "tick"
    return stem, tuple(column.labels.items()) or "unlabelled"


def _split_unlike(run):
    """A run of neighbours as runs of those whose answers are alike, where no labels say so."""
    if run[0].labels or run[0].is_tick():
        return [run]
    parts = []
    for column in run:
        if parts and _are_alike(parts[-1][-1], column):
            parts[-1].append(column)
        else:
            parts.append([column])
    return parts


def _are_alike(one, other):
    """Whether most answers of two columns are the same: nobody may have given some of them."""
    first, second = {*one.counts} - one.missing, {*other.counts} - other.missing
    return len(first & second) >= ALIKE * len(first | second)


def _make_several(group):
    """One question of columns that belong together; None where they do not."""
    ticks = all(column.is_tick() for column in group)
    numbers = any(column.numbers is not None and not column.labels for column in group)
    if ticks and not _are_ticks(group):
        return None
    stem = _find_key(group[0])[0]
    titles = [column.title or column.name for column in group]
    divided = divide_titles(titles)
    if divided is None and sum(title.endswith("?") for title in titles) > 1:
        return None  # each is a question by itself
    named = all(column.title for column in group)
    text, texts, sure = divided or (stem, titles, Sure.LIKELY if named else Sure.UNSURE)
    items = tuple(
        Item(_name_item(column, stem, place), item, column.name)
        for place, (column, item) in enumerate(zip(group, texts, strict=True), 1)
    )
    items = _make_different(items)
    names = tuple(column.name for column in group)
    if ticks and not _are_yes_no(group):
        last = tuple(one.id for one in items if NO_OPINION.search(write_alike(one.text)))
        return Drafted(make_name(stem), text, "multiple", names, items, {}, last, sure)
    answers = _merge_answers(group)
    doubts = ()
    if numbers:
        sure, doubts = Sure.UNSURE, ("hvad betyder koderne?",)
    elif group[0].by_words:
        sure, doubts = Sure.LIKELY, (GUESSED_ORDER,)
    elif ticks and {*answers} <= {"0", "1"}:
        sure, doubts = Sure.LIKELY, (MAYBE_TICKS,)
    last = _find_residual(answers)
    kind, sure, doubts = _find_kind("battery", answers, sure, doubts)
    return Drafted(make_name(stem), text, kind, names, items, answers, last, sure, doubts)


def _are_ticks(group):
    """Whether ticks belong together: where all stand at 0, or at 1, they also mean other things."""
    bare = [column for column in group if {*column.counts} <= {"0", "1"} and not column.labels]
    return len(bare) < len(group) or any(column.counts.get("1") for column in bare)


def _are_yes_no(group):
    """Whether each was answered by yes or no: both are labelled, and nobody left one empty."""
    words = [{write_alike(text) for text in column.labels.values()} for column in group]
    yes_no = {frozenset(one) for one in ({"ja", "nej"}, {"ja", "nei"}, {"yes", "no"})}
    return all(frozenset(one) in yes_no for one in words)


def _name_item(column, stem, place):
    match = BRACKETS.fullmatch(column.name)
    if not match and column.name.startswith(stem):
        rest = make_name(column.name[len(stem) :].strip(" _.-"))
        return rest or str(place)
    return str(place)


def _make_different(items):
    """Items whose texts are written alike get their column's name beside the text."""
    alike = {id for ids in find_alike({one.id: one.text for one in items}) for id in ids}
    return tuple(
        replace(one, text=f"{one.text} ({one.column})") if one.id in alike else one for one in items
    )


def _merge_answers(group):
    answers = {}
    for column in group:
        for code in column.answers:
            answers.setdefault(code, column.label(code))
    return make_answers(answers)


def _make_single(column):
    text, name = column.title or column.name, make_name(column.name)
    if not column.labels and column.divided:
        divider, parts = column.divided
        items = tuple(Item(str(at), part, column.name) for at, part in enumerate(parts, 1))
        last = tuple(one.id for one in items if NO_OPINION.search(write_alike(one.text)))
        doubts = (f"er det flere svar i ét felt, delt af {DELIMITERS[divider]}?",)
        names = (column.name,)
        return Drafted(name, text, "multiple", names, items, {}, last, Sure.LIKELY, doubts, divider)
    answers = make_answers({code: column.label(code) for code in column.answers})
    unlabelled = [code for code in answers if code not in column.labels]
    numbers = column.numbers is not None and unlabelled
    doubts = (
        (f"hvad betyder {', '.join(unlabelled[:8])}{' …' * (len(unlabelled) > 8)}?",)
        if numbers
        else ()
    )
    sure = Sure.UNSURE if numbers else Sure.CERTAIN
    if column.numbers is None and not column.labels:
        sure, doubts = Sure.LIKELY, (WORDED,)
    if column.by_words:
        sure, doubts = Sure.LIKELY, (GUESSED_ORDER,)
    last = _find_residual(answers)
    kind, sure, doubts = _find_kind("single", answers, sure, doubts)
    if kind == "scale" and column.labels:  # the words at its ends say what the others are
        sure, doubts = Sure.LIKELY, doubts[-1:]
    return Drafted(name, text, kind, (column.name,), (), answers, last, sure, doubts)


def _find_kind(kind, answers, sure, doubts):
    """(kind, how sure, doubts) of a question whose answers may be the points of a scale: numbers in
    a row of which some have no words, or words of a scale.
    """
    words = {code: write_alike(text) for code, text in answers.items()}
    points = [code for code, text in words.items()
              if not NO_OPINION.search(text) and not NO_ANSWER.search(text)]  # fmt: skip
    if not FEWEST_POINTS <= len(points) <= POINTS[1]:
        return kind, sure, doubts
    numbers = [float(code) for code in points if is_number(code)]
    in_a_row = len(numbers) == len(points) and {*map(float.__sub__, numbers[1:], numbers)} == {1.0}
    texts = [answers[code] for code in points]
    bare = any(text == code for code, text in zip(points, texts, strict=True))
    ordered = order_by_words(texts) in (texts, texts[::-1])
    worded = ordered and not any(map(str.isdigit, "".join(texts)))
    if not (worded and (in_a_row or not numbers)) and not (in_a_row and bare):
        return kind, sure, doubts
    sure = Sure.LIKELY if sure == Sure.CERTAIN else sure
    first, last = (points[0], points[-1]) if numbers else (1, len(points))
    ends = {"first": first, "least": texts[0], "last": last, "most": texts[-1]}
    asked = (*doubts, GUESSED_SCALE.format(kind=kind, **ends))
    if GUESSED_ORDER in doubts:  # which end has the highest point is a guess too
        return "scale", Sure.UNSURE, (*asked, TURNED)
    return "scale", sure, asked


def make_number(column):
    """A question that is answered by a number; codes with labels say something else, unless they
    lie among the numbers: 0 for "none".
    """
    plain = [code for code in column.counts if code not in {*column.labels, *column.missing}]
    values = sorted(map(float, plain)) or [0.0]
    among = [
        code
        for code in list_points(column)
        if code in column.labels and values[0] - 1 <= float(code) <= values[-1]
    ]
    answers = make_answers(
        {code: column.label(code) for code in column.labels if code not in among}
    )
    plain += among
    values = sorted(map(float, plain)) or values
    decimals = min(MOST_DECIMALS, max((len(one.partition(".")[2]) for one in plain), default=0))
    typical = abs(values[len(values) // 2])
    fields = {"least": 0} if values[0] >= 0 else {}
    fields |= {"decimals": decimals} if decimals < MOST_DECIMALS else {}
    fields["shown"] = 0 if typical >= LARGE else 1
    unit = _(column.unit) or find_unit(write_alike(column.title or column.name))
    fields |= {"unit": unit} if unit else {}
    counted = f"tæller de {unit} (unit)" if unit else "hvad tæller de (unit)"
    doubts = (f"kan tallene lægges sammen, og {counted}?",)
    if among:
        named = ", ".join(f"{code} ({column.label(code)})" for code in among)
        doubts += (f"{named} regnes som tal",)
    name, text = make_name(column.name), column.title or column.name
    last = tuple(answers)
    return Drafted(
        name, text, "number", (column.name,), (), answers, last, Sure.LIKELY, doubts, "", fields
    )


def make_answers(answers):
    """{code: text} in which codes are allowed ones and no two texts are written alike."""
    alike = {code for codes in find_alike(answers) for code in codes}
    return {
        make_code(code): f"{text} ({code})" if code in alike and text != code else text
        for code, text in answers.items()
    }


def make_code(code):
    """A code without the signs that divide a variable's name."""
    return re.sub(r"[=|&]", "/", code).strip()


def _find_residual(answers):
    return tuple(code for code, text in answers.items() if NO_OPINION.search(write_alike(text)))


def _find_free(name, taken):
    name, number = name or "q", 2
    if name not in taken:
        return name
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
