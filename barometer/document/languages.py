"""Words of another language than the report's, marked for whoever has the text read aloud."""

import re


def mark_english(part, phrases):
    """A copy of blocks or inline content in which each of `phrases` is a part of its own.

    {"type": "text"} becomes several, with {"type": "foreign", "language": "en"} for the phrases.
    Links' content is marked too; code is not.
    """
    if not phrases:
        return part
    # the longest first: one may begin as another
    either = "|".join(re.escape(one) for one in sorted(phrases, key=len, reverse=True))
    return _mark(part, re.compile(rf"(?<!\w)({either})(?!\w)"))


def _mark(part, form):
    if isinstance(part, dict):
        return {key: _mark(value, form) for key, value in part.items()}
    if not isinstance(part, list):
        return part
    return [piece for item in part for piece in _divide(item, form)]


def _divide(item, form):
    if not isinstance(item, dict) or item.get("type") != "text":
        return [_mark(item, form)]
    foreign = {"type": "foreign", "language": "en"}
    # every second piece is a phrase
    pieces = enumerate(form.split(item["text"]))
    return [{**(foreign if at % 2 else item), "text": text} for at, text in pieces if text]
