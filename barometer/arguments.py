"""What the arguments of a chapter's calls must be, by their names: one kind for each name, in words
and as a check.
"""

import re
from collections.abc import Mapping

from barometer.display import Shown
from barometer.exhibits import EXHIBIT_ID


def is_text(value):
    """Whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_texts(value):
    """Whether a value is a text, or a list of texts."""
    return isinstance(value, str) or (
        isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    )


def is_names(value):
    """Whether a value is a name, or several: texts, or (name, group)."""
    return is_text(value) or (
        isinstance(value, list | tuple)
        and bool(value)
        and all(
            is_text(one)
            or (isinstance(one, tuple) and len(one) == 2 and all(is_text(part) for part in one))
            for one in value
        )
    )


def is_names_or_none(value):
    """Whether a value is a name, several, or an empty list of them."""
    return is_names(value) or (isinstance(value, list | tuple) and not value)


def is_numbers(value):
    """Whether a value is a number, or several."""
    values = value if isinstance(value, list | tuple) else [value]
    return bool(values) and all(type(one) in (int, float) for one in values)


def is_count(value):
    """Whether a value is a whole number."""
    return type(value) is int


def is_groups(value):
    """Whether a value is a name, several, or names with labels."""
    if isinstance(value, Mapping):
        return bool(value) and all(is_text(one) for pair in value.items() for one in pair)
    return is_names(value)


def is_cell(value):
    """Whether a value names a cell, or several: a name, (name, group), (name, group, text)."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, tuple) and is_cell(one) for one in value)
    parts = value if isinstance(value, tuple) else (value,)
    return 1 <= len(parts) <= 3 and all(map(is_text, parts))


NAMES = "et navn i anførselstegn eller en liste af navne"
SENTENCE_ID = re.compile(r"[A-Za-z][\w.-]*")
# {name of an argument: (what it must be, in words, the check)}
KINDS = {
    "id": (
        'bogstaver og tal uden mellemrum, fx "D15"',
        lambda x: is_text(x) and bool(SENTENCE_ID.fullmatch(x)),
    ),
    # of a figure or a table, which has a title too
    "exhibit": (
        'hvad der vises, med små bogstaver fra a til z, tal og bindestreger, fx "values"',
        lambda x: is_text(x) and bool(EXHIBIT_ID.fullmatch(x)),
    ),
    "title": (
        "en tekst i anførselstegn, eller en sætning fra .tell(…)",
        lambda x: is_text(str(x)) and isinstance(x, str | Shown),
    ),
    "items": (NAMES, is_names),
    "by": (f'{NAMES}, eller {{"gruppe": "etiket"}}', is_groups),
    "beside": (NAMES, is_names_or_none),
    "one": (NAMES, is_names),
    "other": (NAMES, is_names),
    "item": ("et navn i anførselstegn", is_text),
    "first": (NAMES, is_names_or_none),
    "totals": (
        '{"række": ["navn", "navn"]}',
        lambda x: isinstance(x, Mapping) and bool(x) and all(map(is_names, x.values())),
    ),
    "group": ("navnet på en gruppe i anførselstegn", is_text),
    "name": ("et navn i anførselstegn", is_text),
    "chapter": ('kapitlets nummer i anførselstegn, fx "2"', lambda x: isinstance(x, str)),
    "what": (
        '"numbers" eller "verdicts"',
        lambda x: isinstance(x, str) and x in ("numbers", "verdicts", "all"),
    ),
    "whole": ("et navn i anførselstegn", is_text),
    "parts": (
        '{"overskrift": ["navn"]}',
        lambda x: isinstance(x, Mapping) and bool(x) and all(map(is_names, x.values())),
    ),
    "rows": (
        'navne, eller {"etiket": "navn"}',
        lambda x: is_names([*x.values()] if isinstance(x, Mapping) else x),
    ),
    "left_out": (NAMES, is_names_or_none),
    "besides": (NAMES, is_names_or_none),
    "answer": ("et navn i anførselstegn", lambda x: x is None or is_text(x)),
    "top": ("et helt antal point, fx 2", is_count),
    "bottom": ("et helt antal point, fx 2", is_count),
    "at": ("tal mellem 0 og 1, fx [0.25, 0.5, 0.75]", is_numbers),
    "numbers": (
        '{"c": "navn"}, {"c": ("navn", "gruppe")} eller tekster',
        lambda x: isinstance(x, Mapping) and all(map(is_text, x)) and all(map(is_cell, x.values())),
    ),
    "ordered": ("True eller False", lambda x: isinstance(x, bool)),
    "shares": ("True eller False", lambda x: isinstance(x, bool)),
    "since": ("rundens nummer, fx 2", lambda x: isinstance(x, int) and not isinstance(x, bool)),
    "over": ('hvad der er en række for, fx "round"', is_text),
    "words": ("ord i anførselstegn", lambda x: isinstance(x, str)),
    "part": (
        'ord i anførselstegn, en liste af dem, eller {"dimension": "svar"}',
        lambda x: is_texts([*x, *x.values()] if isinstance(x, Mapping) else x),
    ),
    "measure": ('et mål i anførselstegn, fx "shares"', is_text),
    "when": ("sandt eller falsk, fx survey.is_whole", lambda x: isinstance(x, bool)),
    "counts": ('udfald, fx ("more",)', is_names),
    "shows": ("en tekst i anførselstegn", lambda x: isinstance(x, str)),
    "topic": ("en tekst i anførselstegn", is_text),
}
