"""A sentence, and how a wording becomes one: placeholders filled by released numbers, and nothing
where one is closed.

The one way from a wording to a `Sentence` on data is `fill_sentence`. A chapter's own wording for
what is not told is `withheld`, "" where a neighbour says it. A title's is `otherwise`, which stands
wherever none of its others fits.
"""

import re
from dataclasses import dataclass, field, replace
from math import isfinite

from barometer.display import Prose, Shown, escape_markdown, read_markdown
from barometer.errors import ContentError
from barometer.languages.speaking import N_, _
from barometer.marks import CONFIDENTIAL
from barometer.sentences.evidence import find_cells
from barometer.sentences.trace import trace_text
from barometer.sentences.withheld import CLOSINGS, EMPTY, GROUNDS, INCOMPARABLE, WITHHELD
from barometer.text import (
    EARLIER,
    MEASURES,
    Number,
    Text,
    are_alike,
    begin,
    fill,
    join_words,
    name_measure,
    write_number,
)

CAPITAL = "_"  # at the end of a placeholder's name: its text begins a sentence
# What a wording calls a difference that a test found; nothing where all were asked, and a
# difference is one.
SURE, KNOWN = N_({"sikker": "sikker", "sikkert": "sikkert"}), {"sikker": "", "sikkert": ""}
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
    def is_withheld(self):
        """Whether it tells no number, for another sentence that then tells something else."""
        return self.outcome in ("closed", "uncertain", "untested", "empty")

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
        # a title's own words, before those on several reasons (`withheld.word_held`)
        own = wordings.get("otherwise", wordings.get("withheld"))
        text = _fill_own(own, {"emne": topic, "grund": _(GROUNDS[held])} | numbers, released)
        trace = tuple(trace_text(text, "text", about)) if text is not None else ()
        if text is None:
            text = fill_wording(leave_out_place(_(known[held]), about), about.terms, emne=topic)
        return Sentence(id, text, held, evidence, trace)
    if outcome not in wordings or (not wording and outcome not in ("untested", "text")):
        raise ContentError(f"{id}: der er ingen formulering til udfaldet {outcome!r}")
    sure = KNOWN if _is_known(evidence) else SURE
    terms = about.terms | {name: _(word) for name, word in sure.items()}
    text = fill_wording(wording, terms, **numbers)
    return Sentence(id, text, outcome, evidence, tuple(trace_text(used, "text", about)))


def leave_out_place(wording, about):
    """One of the program's wordings without `{sted}`, which is the report's own part, where a
    table of that report covers another.
    """
    return wording.replace(" {sted}", "") if about.domain != about.part else wording


def _fill_own(wording, numbers, released):
    """A chapter's own wording where a share is closed; None for none, or for a count that is."""
    if wording is None:
        return None
    open_ones = {
        name: one
        for name, one in numbers.items()
        if not any(number.status in WITHHELD for number in Text(one).numbers)
    }
    if any(f"{{{name}}}" in wording for name in numbers.keys() - open_ones.keys()):
        return None
    return fill_wording(wording, released.about.terms, **open_ones)


def name_pairs(tests):
    """{"a": number, "b": …}: the two shares of each comparison, and `n_a`, `n_b` … how many
    answered. A closed share closes both.

    `tests` = [(released, row of comparisons)].
    """
    numbers = {}
    for letters, (released, row) in zip(("ab", "cd", "ef", "gh"), tests, strict=False):
        pairs = zip(letters, ("first", "second"), find_cells(row, released), strict=True)
        for letter, which, cell in pairs:
            form = MEASURES[name_measure(row)][0]
            numbers[letter] = Number(row[f"share_{which}"], form, row["status"], cell)
            numbers[f"n_{letter}"] = count_answers(cell)
    return numbers


def count_answers(cell):
    """How many answered where a share is from; closed where that is not shown."""
    return Number(cell["n"], "count", "" if isfinite(cell["n"]) else CONFIDENTIAL, cell)


def find_cell(released, where):
    """The share of an item, or (item, group); of several the text that lists them."""
    if isinstance(where, list):
        return join_words(Text(find_cell(released, one[:2]), f" {one[2]}") for one in where)
    cell = look_up(released, where)
    return Number(cell["share"], MEASURES[name_measure(cell)][0], cell["status"], cell)


def look_up(released, where):
    """The released cell of an item, or (item, group)."""
    item, group = (where, "all") if isinstance(where, str) else where
    return released.cell(item, group)


def are_equal(numbers, tests):
    """Whether all that tests found alike is also shown alike: pairs of shares, or a list.

    `numbers`: {placeholder: number or text}, as from `name_pairs`.
    """
    if any(test is released.distribution for released, test in tests):
        listed = [number for text in numbers.values() for number in Text(text).numbers]
        pairs = [(listed[0], one) for one in listed[1:]]
    else:
        letters = zip(("ab", "cd", "ef", "gh"), tests, strict=False)
        pairs = [[numbers[letter] for letter in pair] for pair, _ in letters]
    told = all(one.value is not None and isfinite(one.value) for pair in pairs for one in pair)
    return told and bool(pairs) and all(map(_are_alike, pairs))


def _are_alike(pair):
    form = pair[0].form if pair[0].form in MEASURES else "share"
    return are_alike(*(one.value for one in pair), form=form)


def write_difference(row):
    """`{forskel}`: the difference between the two shares as they are shown, so that whoever
    subtracts finds it: 57.4 and 24.8 per cent, shown as 57 and 25, are "godt 32 procentpoint".

    The words say on which side of it the difference in full precision is, where that is rounded to
    another number.
    """
    exact = Number(row["difference"], MEASURES[name_measure(row)][1], row["status"], row)
    if name_measure(row) != "share":
        means = [
            Number(row[f"share_{name}"], name_measure(row), row["status"])
            for name in ("first", "second")
        ]
        ends = [one.rounded for one in means]
        return exact if None in ends else replace(exact, value=ends[0] - ends[1])
    shares = [Number(row[f"share_{name}"], "share", row["status"]) for name in ("first", "second")]
    ends = [one.rounded for one in shares]
    if None in ends or exact.rounded is None:
        return exact
    shown = round(100 * abs(ends[0] - ends[1]))
    if exact.shown == write_number(shown / 100, "points"):
        return exact
    word = N_("godt") if 100 * abs(row["difference"]) > shown else N_("knap")
    return Text(
        f"{_(word if shown else 'under')} ",
        Number(max(shown, 1) / 100, "points", row["status"], row),
    )


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
        name = hole.args[0].removesuffix(CAPITAL)
        known = ", ".join(f"{{{one}}}" for one in plain if one not in EARLIER)
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
FRACTIONS = N_(
    (
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
)
# said above the fraction's reach, when the interval's lower limit is above it
MORE_THAN = N_((50, "mere end halvdelen"))


def name_share(share, low=float("nan")):
    """0.59 → "seks ud af ti", 0.58 → "knap seks ud af ti", 0.55 with low 0.52 → "mere end
    halvdelen".

    `share` and `low` (the interval's lower limit) are parts of one; "" where none fits.
    """
    percent = 100 * share
    target, words = min(FRACTIONS, key=lambda known: abs(percent - known[0]))
    if abs(percent - target) <= PLAIN:
        return _(words)
    if abs(percent - target) <= REACH + 1e-9:  # 100 × 0.575 is a hair less than 57.5
        return f"{_('knap' if percent < target else 'godt')} {_(words)}"
    target, words = MORE_THAN
    return _(words) if target + REACH < percent < 60 - REACH and 100 * low > target else ""


def name_fractions(names, fractions):
    """{placeholder: fraction}, and as `a_alle` what stands before a noun in the plural: "seks ud af
    ti", "halvdelen af alle".
    """
    half = _("halvdelen")
    halves = {words: _("{half} af alle").format(half=words) for words in fractions
              if words.endswith(half)}  # fmt: skip
    named = dict(zip(names, fractions, strict=True))
    return named | {f"{name}_alle": halves.get(words, words) for name, words in named.items()}
