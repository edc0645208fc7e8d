"""What the columns of a file are called where a form on the web wrote it: with the questions in a
second row, parts of questions under them, or a code and a question in one name.
"""

import re
from dataclasses import dataclass

from barometer.files.texts import is_number

CHOICE = re.compile(r" - Selected Choice(?= - |$)")  # what it adds to a question
IMPORTED = re.compile(r'\{"ImportId":')  # a third row of machine-read ids (Qualtrics)
# a code with a question after it, as a name (LimeSurvey): "Q3[SQ001]. Who helped? [Citizens]"
CODED = re.compile(r"(?P<code>[A-Za-z]\w*(?:\[\w+\])*)\. +(?P<text>\S.*)")
WHOLE = re.compile(
    r"(Open-Ended )?Response", re.I
)  # all that was asked, and no part (SurveyMonkey)
MOSTLY = 0.8  # of the columns that a file of a kind has its kind of names in
LOOKED_AT = 2  # rows after the first that may say what columns are


@dataclass(frozen=True)
class Headers:
    """`names` of the columns, `titles` {name: what it is about}, how many `rows` after the first
    say so, and `way`, how that was understood; "" where it was the plain way.
    """

    names: tuple
    titles: dict
    rows: int = 0
    way: str = ""


def read_headers(names, rows, counted):
    """The `Headers` of a file.

    `names`: the cells of its first row, "" for an empty one. `rows`: those of the next ones, at
    most `LOOKED_AT`. `counted(place)`: [(text, in how many rows)] of the column at a place, of all
    rows but the first.
    """
    return (
        _find_imported(names, rows)
        or _find_parts(names, rows)
        or _find_questions(names, rows, counted)
        or _find_codes(names)
        or Headers(tuple(names), {})
    )


def _find_imported(names, rows):
    """Names, questions, and ids for a program: three rows."""
    if len(rows) < LOOKED_AT or not all(names):
        return None
    ids = [bool(IMPORTED.match(cell)) for cell in rows[1]]
    if not any(ids) or any(cell and not one for cell, one in zip(rows[1], ids, strict=True)):
        return None
    titles = {name: CHOICE.sub("", text) for name, text in zip(names, rows[0], strict=True) if text}
    return Headers(
        tuple(names), titles, 2, "spørgsmålene står i anden række, og den tredje er sprunget over"
    )


def _find_parts(names, rows):
    """A question above its first column, and what its columns are about in the next row, which has
    nothing in a column that all later rows have something in.
    """
    if len(rows) < LOOKED_AT or not names[0] or all(names):
        return None
    parts, first = rows[0], rows[1]
    empty = any(name and not part and cell
                for name, part, cell in zip(names, parts, first, strict=True))  # fmt: skip
    below = all(part for name, part in zip(names, parts, strict=True) if not name)
    if not empty or not below or any(map(is_number, filter(None, parts))):
        return None
    made, question = [], ""
    alone = [bool(name) and all(names[place + 1 : place + 2]) for place, name in enumerate(names)]
    for name, part, single in zip(names, parts, alone, strict=True):
        question = name or question
        whole = single or WHOLE.fullmatch(part)
        made.append(question if whole else f"{question} [{part}]")
    if len({*made}) < len(made):
        return None
    return Headers(tuple(made), {}, 1, "spørgsmålenes dele står i anden række")


def _find_questions(names, rows, counted):
    """A short name in the first row, and the question in the second: texts that stand once, in
    columns of which most have nothing else but numbers.
    """
    texts = rows[0] if rows else ()
    if len(rows) < LOOKED_AT or not all(names) or not all(texts) or len({*texts}) < len(texts):
        return None
    if any(map(is_number, texts)) or sum(map(len, texts)) <= sum(map(len, names)):
        return None
    numbers = 0
    for place, text in enumerate(texts):
        others = dict(counted(place))
        if others.pop(text, 0) != 1:
            return None
        numbers += bool(others) and all(map(is_number, others))
    if numbers * 2 <= len(names):
        return None
    titles = dict(zip(names, texts, strict=True))
    return Headers(tuple(names), titles, 1, "spørgsmålene står i anden række")


def _find_codes(names):
    """A code and a question in each name."""
    found = [CODED.fullmatch(name) for name in names]
    codes = [match["code"] if match else name for match, name in zip(found, names, strict=True)]
    if sum(map(bool, found)) < MOSTLY * len(names) or len({*codes}) < len(codes):
        return None
    titles = {match["code"]: match["text"] for match in found if match}
    return Headers(tuple(codes), titles, 0, "navne og spørgsmål står i samme række")
