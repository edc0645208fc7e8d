"""What titles of columns share: the text of one question, and of its items what is left."""

import re

from barometer.incoming.roles import Sure

BRACKETS = re.compile(r"(?P<stem>.+?)\s*\[(?P<item>.+)\]\s*")
DIVIDED = re.compile(
    r"\s*(?:(?:[:–|]|\.\.\.|…)(?:\s*-(?=\s))?| - )\s*|(?<=\?)\s+(?:-\s+)?"
)  # between a question's text and an item's
STEM = re.compile(r"(?P<stem>.*?[^\W_])[_.\- ]*(?P<item>\d{1,3}|(?<=\d)[a-z]|(?<=[_.\-])\w{1,20})")
FEWEST_WORDS = 3  # of a beginning that several titles share without a sign after it


def find_stem(column):
    """What stands before an item: in brackets, behind the last digit, or behind a divider."""
    for text in (column.title, column.name):
        if match := BRACKETS.fullmatch(text):
            return match["stem"]
    if match := STEM.fullmatch(column.name):
        return match["stem"]
    ends = [match.end() for match in DIVIDED.finditer(column.title or column.name)]
    return (column.title or column.name)[: ends[-1]].strip() if ends else None


def find_item(column):
    """What stands after the stem of a column's title, or of its name; else all of it.

    >>> from barometer.incoming.columns import Column
    >>> find_item(Column("q1", "Who helped? [Other]", {}, {}, frozenset(), 0))
    'Other'
    """
    text = column.title or column.name
    if match := BRACKETS.fullmatch(text):
        return match["item"]
    ends = [match.end() for match in DIVIDED.finditer(text)]
    return text[ends[-1] :].strip() if ends else text


def divide_runs(columns, find_key, most=None):
    """[[column, …], …]: neighbours with the same key together, at most so many; one without a key
    stands alone.
    """
    runs, last = [], None
    for column in columns:
        key = find_key(column)
        if key and key == last and (most is None or len(runs[-1]) < most):
            runs[-1].append(column)
        else:
            runs.append([column])
        last = key
    return runs


def divide_titles(titles):
    """(the question's text, [each item's], how sure) of several titles; None where they share none.

    >>> divide_titles(["Hvor tilfreds er du med maden?", "Hvor tilfreds er du med rummet?"])
    ('Hvor tilfreds er du med …?', ['Maden', 'Rummet'], <Sure.LIKELY: 'sandsynlig'>)
    """
    for divide in (_divide_brackets, _divide_start, _divide_end, _divide_words):
        if found := divide(titles):
            return found
    return None


def _divide_brackets(titles):
    brackets = [BRACKETS.fullmatch(title) for title in titles]
    if all(brackets) and len({one["stem"] for one in brackets}) == 1:
        return brackets[0]["stem"], [one["item"] for one in brackets], Sure.CERTAIN
    return None


def _divide_start(titles):
    """A question before a divider: "Who helped? - Citizens"."""
    start = _find_start(titles)
    last = max(DIVIDED.finditer(start), key=re.Match.end, default=None)
    cut = last.end() if last else 0
    if not cut or not all(title[cut:].strip() for title in titles):
        return None
    text = start[: last.start()].strip()
    return (text, [title[cut:].strip() for title in titles], Sure.CERTAIN) if text else None


def _divide_end(titles):
    """A question after a divider: "Citizens - Who helped?"."""
    end = _find_start([title[::-1] for title in titles])[::-1]
    cut = next((match.start() for match in DIVIDED.finditer(end)), None)
    if cut is None:
        return None
    texts = [title[: len(title) - len(end) + cut].strip() for title in titles]
    text = DIVIDED.sub("", end[cut:], 1).strip()
    return (text, texts, Sure.CERTAIN) if text and all(texts) else None


def _divide_words(titles):
    """Some words that all begin with, and no sign after them: "How satisfied are you with …"."""
    start = _find_start(titles).rpartition(" ")[0]
    texts = [title[len(start) :].strip().rstrip("?").strip() for title in titles]
    if len(start.split()) < FEWEST_WORDS or not all(texts):
        return None
    asked = "?" if all(title.endswith("?") for title in titles) else ""
    return f"{start} …{asked}", [text[0].upper() + text[1:] for text in texts], Sure.LIKELY


def _find_start(texts):
    """The characters that all texts begin with."""
    first, last = min(texts), max(texts)
    unlike = (at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1])
    return first[: next(unlike, min(len(first), len(last)))]
