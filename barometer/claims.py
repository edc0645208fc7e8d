"""Sentences about the data. People write a wording for each outcome; here, and only here, a verdict chooses one.

A wording is Danish Markdown with placeholders for numbers, filled by `write_number` from released tables: `{a}` and
`{b}` the two shares, `{forskel}` their difference, `{sektor}` where ("i regionerne"), what the registry says of the
survey (`{periode}`, `{runde}`, `{indsamling}`; `Survey.terms`), and those named in `numbers`.
"""
import re
from dataclasses import dataclass, field

from barometer.comparisons import read_verdict
from barometer.display import Prose, Shown, escape_markdown, read_markdown
from barometer.evidence import describe_share, describe_table, describe_test
from barometer.numbers import join_words, lower_first, write_number
from barometer.topics import (
    CLOSINGS,
    INCOMPARABLE,
    MIXED,
    WITHHELD,
    choose_untested,
    name_pair,
    name_question,
    name_shares,
    name_tests,
)
from barometer.trace import trace_cell, trace_difference
from barometer.words import name_share

ANY = ("more", "less", "difference")
OUTCOMES = {"higher": "more", "lower": "less", "no_difference": "same", "tendency_higher": "tendency_more",
            "tendency_lower": "tendency_less"}   # of a test, by its verdict


@dataclass(frozen=True)
class Sentence(Shown):
    """A chosen and filled sentence. Ends a cell as Markdown; it can also be a figure's title.

    `evidence`: what it rests on, a row per test or share, as text (columns of `claims.csv`, docs/design.md);
    `trace`: a row on each number in it (columns of `numbers.csv`).
    """

    id: str
    text: str
    outcome: str
    evidence: tuple = field(default=(), repr=False)     # with full precision, which no output has
    trace: tuple = field(default=(), repr=False)

    def __str__(self):
        return read_markdown(self.text)

    def __post_init__(self):
        self._remember()

    @property
    def payload(self):
        """The sentence as the document model reads it."""
        return Prose(self.text, self.id, self.trace, self.outcome, self.evidence).payload

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._show()


def decide(test, alpha):
    """The outcome of one test (a row of comparisons, or a `TableTest`).

    "more", "less", "same", "tendency_more", "tendency_less" for a difference of two shares; "difference", "same" or
    "tendency" for a whole table; "closed" or "uncertain" where the gate closed it, "untested" where there is no test.
    """
    if test.status in WITHHELD:
        return WITHHELD[test.status]
    if not test.verdict:
        return "untested"
    verdict = read_verdict(test, alpha)
    return OUTCOMES.get(verdict, verdict)


def tell_difference(
    id, released, item, more, less, same, group=None, topic=None, published=None, when=True, **wordings
):
    """A sentence on one tested difference: significantly more, significantly less, or no certain difference.

    `tendency_more`, `tendency_less`: wordings for a difference that is not significant but near it; without them such
    a difference is told as `same`. `numbers`: further texts by name. `topic`: what the sentence is about, should its
    numbers be closed (otherwise what is compared); `withheld`: what is said then, for a title, which needs no reason.
    `published`: id of the verdict that the publication printed. `when=False` shows nothing.
    """
    if not when:
        return None
    row = released.comparison(item, group)
    numbers = dict(zip("ab", _find_pair(released, row), strict=True))
    numbers |= {"forskel": (row["difference"], "points", row["status"], row), **wordings.pop("numbers", {})}
    wordings = {"more": more, "less": less, "same": same, **wordings}
    evidence = (describe_test(row, published, released),)
    outcome = decide(row, released.about.alpha)
    return _tell(id, outcome, wordings, numbers, released, topic or name_pair(row), evidence)


def tell_shares(id, released, text, numbers, words=None, withheld="", when=True):
    """A plain description: no comparison. `numbers` = {placeholder: item or (item, group)}.

    `words`: a wording with fractions ("{a} innovationer": "seks ud af ti innovationer"), used instead of `text` when
    each of its shares may be called by one (`words.name_share`). `withheld` as in `tell_difference`.
    """
    if not when:
        return None
    rows = [_look_up(released, where) for where in numbers.values()]
    topic, evidence = name_shares(rows), tuple(describe_share(row, released.about) for row in rows)
    named = {name: name_share(row["share"], row["low"]) for name, row in zip(numbers, rows, strict=True)}
    if words and all(named.values()):
        return _tell(id, "words", {"words": words}, named, released, topic, evidence)
    cells = {name: _find_cell(released, where) for name, where in numbers.items()}
    return _tell(id, "text", {"text": text, "withheld": withheld}, cells, released, topic, evidence)


def tell_distribution(id, released, difference, same, numbers=None, published=None, withheld="", when=True):
    """A sentence on a whole table's test. `numbers` and `withheld` as in `tell_shares`."""
    if not when:
        return None
    cells = {name: _find_cell(released, where) for name, where in (numbers or {}).items()}
    outcome = decide(released.distribution, released.about.alpha)
    wordings = {"difference": difference, "same": same, "withheld": withheld}
    evidence = (describe_table(released, published),)
    return _tell(id, outcome, wordings, cells, released, name_question(released), evidence)


def tell_together(id, tests, more, less, same, mixed, topic=None, published=None, withheld="", when=True):
    """One sentence on several tested differences: all more, all less, none certain, or mixed.

    `tests` = [(released, item)] or [(released, item, group)]; `{a}` and `{b}` are the first test's shares, `{c}` and
    `{d}` the second's, and so on. `published`: an id for each test. `withheld` as in `tell_difference`.
    """
    if not when:
        return None
    rows = [released.comparison(item, *group) for released, item, *group in tests]
    tested = [(test[0], row) for test, row in zip(tests, rows, strict=True)]
    numbers = dict(zip("abcdefgh", (number for one in tested for number in _find_pair(*one)), strict=False))
    wordings = {"more": more, "less": less, "same": same, "mixed": mixed, "withheld": withheld}
    outcome, evidence = _combine(rows, tests[0][0].about.alpha), _describe_tests(tested, published)
    return _tell(id, outcome, wordings, numbers, tests[0][0], topic or rows[0]["label"], evidence)


def tell_which(
    id, first, second, only_first, only_second, both, neither, numbers=None, published=None, counts=ANY, when=True
):
    """Which of two tests shows a difference. `first` and `second` = (released, row of comparisons or `TableTest`).

    `counts`: the outcomes that count as one; ("more",) where a sentence says that something is the most frequent.
    `published`: an id for each test.
    """
    if not when:
        return None
    released = first[0]
    outcomes = [decide(test, released.about.alpha) for _, test in (first, second)]
    shown = tuple(outcome in counts for outcome in outcomes)
    outcome = {(True, True): "both", (True, False): "first", (False, True): "second", (False, False): "neither"}[shown]
    outcome = next((one for one in (*CLOSINGS, "untested") if one in outcomes), outcome)
    cells = {name: _find_cell(*where) for name, where in (numbers or {}).items()}
    wordings = {"first": only_first, "second": only_second, "both": both, "neither": neither}
    evidence = _describe_tests((first, second), published)
    return _tell(id, outcome, wordings, cells, released, name_tests((first, second)), evidence)


def tell_list(id, released, items, some, none, untested="", published=None, when=True):
    """Which of `items` differ significantly: `some`, `{navne}` their names, or `none`. Closed ones are not named."""
    if not when:
        return None
    tested = [(released, released.comparison(item)) for item in items]
    outcomes = {row["label"]: decide(row, released.about.alpha) for _, row in tested}
    names, left = (_name_labels(outcomes, which) for which in (("more", "less"), (*CLOSINGS, "untested")))
    held = [outcome for outcome in CLOSINGS if outcome in outcomes.values()]
    outcome = held[0] if set(outcomes.values()) <= set(CLOSINGS) else "difference" if names else "same"
    wordings = {"difference": some, "same": none}
    if left:
        wordings = {name: f"{wording} {untested}" for name, wording in wordings.items()}
    wordings["withheld"] = MIXED if len(held) > 1 else ""
    numbers, evidence = {"navne": names, "udeladt": left}, _describe_tests(tested, published)
    return _tell(id, outcome, wordings, numbers, released, name_question(released), evidence)


def _tell(id, outcome, wordings, numbers, released, topic, evidence):
    """Choose the wording, fill it, and refuse a hole. A closed number in the wording closes the whole sentence."""
    outcome = outcome if outcome in wordings else _flatten(outcome)
    wording = wordings.get(outcome, "")
    used = {name: number for name, number in numbers.items() if f"{{{name}}}" in wording}
    marks = {number[2] for number in used.values() if not isinstance(number, str)}
    held = next((WITHHELD[mark] for mark in WITHHELD if mark in marks), "")
    if outcome in INCOMPARABLE or held:
        wording = INCOMPARABLE[outcome] if outcome in INCOMPARABLE else CLOSINGS[held]
        text = fill_wording(wordings.get("withheld") or wording, released.about.terms, emne=topic)
        return Sentence(id, text, outcome if outcome in INCOMPARABLE else held, evidence)
    if outcome == "untested":
        wording, used = choose_untested(numbers, topic)
    if not wording:
        raise ValueError(f"{id}: der er ingen formulering til udfaldet {outcome!r}")
    filled = {name: number if isinstance(number, str) else write_number(*number[:3]) for name, number in used.items()}
    trace = tuple(
        _trace_number(filled[name], *number[1::2], released.about) for name, number in used.items()
        if not isinstance(number, str)
    )
    return Sentence(id, fill_wording(wording, released.about.terms, **filled), outcome, evidence, trace)


def _trace_number(shown, kind, source, about):
    if kind == "points":
        return trace_difference(source, shown, "text", about)
    return trace_cell(source, shown, "text", kind, about)


def fill_wording(wording, terms, **values):
    """A wording with its placeholders filled. `terms`: what the survey is called, by placeholder (`Survey.terms`).

    The wording is Markdown; what is filled in, such as a label of the registry, is not. Raises `KeyError` naming a
    hole.
    """
    plain = {name: escape_markdown(value) for name, value in {**terms, **values}.items()}
    try:
        text = wording.format(**plain)
    except KeyError as hole:
        known = ", ".join(f"{{{name}}}" for name in plain)
        raise KeyError(f"{{{hole.args[0]}}} i »{wording[:60]}« kendes ikke; her kan bruges {known}") from None
    text = re.sub(r" +(?=[ ,.;:)])", "", text)     # an empty place leaves a space behind
    return text.replace("pct..", "pct.").strip()   # a sentence that ends with a share ends with its full stop


def _describe_tests(tests, published):
    """What several tests rest on. `tests` = [(released, row of comparisons or `TableTest`)]."""
    return tuple(
        describe_table(released, one) if test is released.distribution else describe_test(test, one, released)
        for (released, test), one in zip(tests, published or [None] * len(tests), strict=True)
    )


def _look_up(released, where):
    item, group = (where, "all") if isinstance(where, str) else where
    return released.cell(item, group)


def _find_cell(released, where):
    cell = _look_up(released, where)
    return cell["share"], "share", cell["status"], cell


def _find_pair(released, row):
    """The two shares of a comparison, each with its cell. A closed comparison closes both."""
    if "group" in row:   # two items in one group
        cells = [released.cell(row[which], row["group"]) for which in ("first", "second")]
    else:
        cells = [released.cell(row["item"], row[which]) for which in ("first", "second")]
    shares = row["share_first"], row["share_second"]
    return [(share, "share", row["status"], cell) for share, cell in zip(shares, cells, strict=True)]


def _flatten(outcome):
    return "same" if outcome.startswith("tendency") else outcome


def _name_labels(outcomes, which):
    labels = [lower_first(label) for label, outcome in outcomes.items() if outcome in which]
    return join_words(labels) if labels else ""


def _combine(rows, alpha):
    """The outcome of several tests. One without a test leaves all untold, unless it is a share of 0 or 100 per cent."""
    outcomes = [_flatten(decide(row, alpha)) for row in rows]
    if held := [outcome for outcome in CLOSINGS if outcome in outcomes]:
        return held[0]
    if any(outcome == "untested" and row["status"] != "exact" for outcome, row in zip(outcomes, rows, strict=True)):
        return "untested"
    return outcomes[0] if len(set(outcomes)) == 1 else "mixed"
