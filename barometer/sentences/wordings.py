"""A sentence, and how a wording becomes one: placeholders filled by released numbers, and nothing
where one is closed.

The one way from a wording to a `Sentence` on data is `fill_sentence`.
"""

import re
from dataclasses import dataclass, field

from barometer.display import Prose, Shown, escape_markdown, read_markdown
from barometer.errors import ContentError
from barometer.sentences.trace import trace_text
from barometer.sentences.withheld import CLOSINGS, EMPTY, INCOMPARABLE, WITHHELD
from barometer.text import Number, Text, begin, fill

CAPITAL = "_"  # at the end of a placeholder's name: its text begins a sentence
# What a wording calls a difference that a test found; nothing where all were asked, and a
# difference is one.
SURE, KNOWN = {"sikker": "sikker", "sikkert": "sikkert"}, {"sikker": "", "sikkert": ""}
BEGINNING = re.compile(r"((?:^|(?<!\bca)(?<!pct)[.!?]\s+)\W*)\{(\w+)\}")


@dataclass(frozen=True)
class Sentence(Shown):
    """A chosen and filled sentence. Ends a cell as Markdown; it can also be a figure's title.

    `text`: Markdown, a `Text` (a string is made one). `evidence`: what it rests on, a row per test
    or share, as text (columns of `claims.csv`); `trace`: a row per number in it.
    """

    id: str
    text: Text
    outcome: str
    evidence: tuple = field(default=(), repr=False)  # with full precision, which no output has
    trace: tuple = field(default=(), repr=False)

    def __str__(self):
        return read_markdown(str(self.text))

    def __post_init__(self):
        object.__setattr__(self, "text", Text(self.text))
        self._remember()

    @property
    def payload(self):
        """The sentence as the document model reads it."""
        return Prose(str(self.text), self.id, self.trace, self.outcome, self.evidence).payload


def fill_sentence(id, outcome, wordings, numbers, released, topic, evidence):
    """The `Sentence` of an outcome's wording. A closed number closes all of it; a hole is refused.

    `numbers`: {placeholder: words, a `Number`, or a `Text` of several}. `topic`: what is withheld.
    """
    wording, about = wordings.get(outcome, ""), released.about
    # in the order they are given, as `numbers.csv` lists them
    used = Text(*(number for name, number in numbers.items() if f"{{{name}}}" in wording))
    marks = {number.status for number in used.numbers}
    held = next((WITHHELD[mark] for mark in WITHHELD if mark in marks), "")
    held = held or "empty" * ("empty" in marks)
    known = INCOMPARABLE if outcome in INCOMPARABLE else {**CLOSINGS, "empty": EMPTY}
    held = outcome if outcome in INCOMPARABLE else held
    if held:
        text = fill_wording(wordings.get("withheld") or known[held], about.terms, emne=topic)
        return Sentence(id, text, held, evidence)
    if not wording:
        raise ContentError(f"{id}: der er ingen formulering til udfaldet {outcome!r}")
    terms = about.terms | (KNOWN if _is_known(evidence) else SURE)
    text = fill_wording(wording, terms, **numbers)
    return Sentence(id, text, outcome, evidence, tuple(trace_text(used, "text", about)))


def _is_known(evidence):
    """Whether all the tests that a sentence rests on are of groups in which all were asked."""
    return bool(evidence) and all(one.get("reason") == "complete" for one in evidence)


def fill_wording(wording, terms, **values):
    """The `Text` of a wording with words, numbers and texts for placeholders. Raises
    `ContentError` for a hole.

    A sentence begins with a capital letter. The wording is Markdown; what is filled in, such as a
    label of the registry, is not. `terms`: as `Survey.terms`.
    """
    plain = {name: _escape(value) for name, value in {**terms, **values}.items()}
    begun = {f"{name}{CAPITAL}": begin(piece) for name, piece in plain.items()}
    try:
        text = fill(BEGINNING.sub(rf"\1{{\2{CAPITAL}}}", wording), plain | begun)
    except KeyError as hole:
        name, known = hole.args[0].removesuffix(CAPITAL), ", ".join(f"{{{name}}}" for name in plain)
        problem = f"{{{name}}} i »{wording[:60]}« kendes ikke; her kan bruges {known}"
        raise ContentError(problem) from None
    return _set_type(text)


def _escape(piece):
    if isinstance(piece, Text):
        return Text(*map(_escape, piece))
    return piece if isinstance(piece, Number) else escape_markdown(piece)


def _set_type(text):
    """A text without spaces around an empty place, and with one full stop after "pct."."""
    parts = []
    for part in text:
        if not isinstance(part, Number):
            part = re.sub(r" +(?=[ ,.;:)])", "", part).replace("pct..", "pct.")
            if parts and str(parts[-1]).endswith("pct."):
                part = part.removeprefix(".")
            part = part if parts else part.lstrip()
        parts.append(part)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return Text(*parts)


REACH = 2.5  # a fraction is named within this distance of it
PLAIN = 1.0  # and without "knap" or "godt" within this
FRACTIONS = (
    (10, "en ud af ti"),
    (20, "en ud af fem"),
    (25, "en ud af fire"),
    (30, "tre ud af ti"),
    (100 / 3, "en ud af tre"),
    (40, "fire ud af ti"),
    (50, "halvdelen"),
    (60, "seks ud af ti"),
    (200 / 3, "to ud af tre"),
    (70, "syv ud af ti"),
    (75, "tre ud af fire"),
    (80, "otte ud af ti"),
    (90, "ni ud af ti"),
)
# said above the fraction's reach, when the interval's lower limit is above it
MORE_THAN = (50, "mere end halvdelen")


def name_share(share, low=float("nan")):
    """0.59 → "seks ud af ti", 0.58 → "knap seks ud af ti", 0.55 with low 0.52 → "mere end
    halvdelen".

    `share` and `low` (the interval's lower limit) are parts of one; "" where none fits.
    """
    percent = 100 * share
    target, words = min(FRACTIONS, key=lambda known: abs(percent - known[0]))
    if abs(percent - target) <= PLAIN:
        return words
    if abs(percent - target) <= REACH + 1e-9:  # 100 × 0.575 is a hair less than 57.5
        return f"{'knap' if percent < target else 'godt'} {words}"
    target, words = MORE_THAN
    return words if target + REACH < percent < 60 - REACH and 100 * low > target else ""
