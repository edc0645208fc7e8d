"""Sentences about the data. People write a wording for each outcome; only here a verdict chooses
one.

A wording is Danish Markdown with placeholders for the numbers of released tables: `{a}` and `{b}`
the two shares, `{forskel}` their difference, `{sektor}` where ("i regionerne"), what the registry
says of the survey (`{periode}`, `{runde}`, `{indsamling}`; `Survey.terms`), `{sikker}` and
`{sikkert}`, left out where all were asked and nothing is uncertain, and those named in `numbers`.
"""

from dataclasses import replace

from barometer.sentences.evidence import (
    describe_interaction,
    describe_share,
    describe_table,
    describe_test,
)
from barometer.sentences.withheld import (
    ALIKE,
    CLOSINGS,
    LISTED,
    MIXED,
    UNDECIDED,
    WITHHELD,
    name_outcomes,
    name_pair,
    name_question,
    name_shares,
    name_tests,
    word_test,
)
from barometer.sentences.wordings import Sentence, fill_sentence, name_share
from barometer.statistics.comparisons import read_verdict
from barometer.text import Number, Text, join_texts, join_words

ANY = ("more", "less", "difference")
UNTOLD = (*CLOSINGS, "untested")
OUTCOMES = {
    "higher": "more",
    "lower": "less",
    "no_difference": "same",
    "tendency_higher": "tendency_more",
    "tendency_lower": "tendency_less",
}  # of a test, by its verdict


def decide(test, alpha):
    """The outcome of one test (a row of comparisons, or a `TableTest`).

    "more", "less", "same", "tendency_more", "tendency_less" for a difference of two shares;
    "difference", "same" or "tendency" for a whole table; "closed" or "uncertain" where the gate
    closed it, "untested" where there is no test.
    """
    if test.status in WITHHELD:
        return WITHHELD[test.status]
    if not test.verdict:
        return "untested"
    verdict = read_verdict(test, alpha)
    return OUTCOMES.get(verdict, verdict)


def tell_difference(
    id,
    released,
    item,
    more,
    less,
    same,
    group=None,
    topic=None,
    published=None,
    when=True,
    **wordings,
):
    """A sentence on one tested difference: significantly more or less, or no certain difference.

    `tendency_more`, `tendency_less`: wordings for a difference near significance; without them its
    labels make the words, and never `same`. `numbers`: further texts, or (item, group), by name.
    `topic`: what the sentence is about, should its numbers be closed; `withheld`: the wording then,
    for a title, which needs no reason. `published`: id of the published verdict. `when=False` shows
    nothing.
    """
    if not when:
        return None
    row = released.comparison(item, group)
    numbers = dict(zip("ab", _find_pair(released, row), strict=True))
    numbers |= {"forskel": Number(row["difference"], "points", row["status"], row)}
    numbers |= {
        name: where if isinstance(where, str) else _find_cell(released, where)
        for name, where in wordings.pop("numbers", {}).items()
    }
    wordings = {"more": more, "less": less, "same": same, **wordings}
    topic = topic or name_pair(row, released.about)
    return _tell_test(id, (released, row), wordings, numbers, published, topic)


def tell_shares(id, released, text, numbers, words=None, withheld="", when=True):
    """A plain description: no comparison. `numbers` = {placeholder: item or (item, group)}.

    `words`: a wording with fractions ("{a} innovationer": "seks ud af ti innovationer"), instead of
    `text` where each share has one (`wordings.name_share`). `withheld` as in `tell_difference`.
    """
    if not when:
        return None
    rows = [_look_up(released, where) for where in numbers.values()]
    topic = name_shares(rows, released.about)
    evidence = tuple(describe_share(row, released.about) for row in rows)
    named = {
        name: name_share(row["share"], row["low"]) for name, row in zip(numbers, rows, strict=True)
    }
    if words and all(named.values()):
        return fill_sentence(id, "words", {"words": words}, named, released, topic, evidence)
    cells = {name: _find_cell(released, where) for name, where in numbers.items()}
    return fill_sentence(
        id, "text", {"text": text, "withheld": withheld}, cells, released, topic, evidence
    )


def tell_distribution(
    id, released, difference, same, numbers=None, published=None, when=True, **wordings
):
    """A sentence on a whole table's test. `numbers` and `withheld` as in `tell_shares`.

    A number can be several: [(item, group, where), …] is "45 pct. i staten og 40 pct. i …".
    """
    if not when:
        return None
    cells = {name: _find_cell(released, where) for name, where in (numbers or {}).items()}
    wordings = {"difference": difference, "same": same, **wordings}
    return _tell_test(
        id, (released, released.distribution), wordings, cells, published, name_question(released)
    )


def tell_together(
    id, tests, more, less, same, mixed, topic=None, published=None, withheld="", when=True
):
    """One sentence on several tested differences: all more, all less, none certain, or mixed.

    `tests` = [(released, item)] or [(released, item, group)]; `{a}` and `{b}` are the first test's
    shares, `{c}` and `{d}` the second's; `{hvilke}`, in `mixed`, names those that are sure. Where
    only some are closed, untested or near significance, each has its own sentence. `published`: an
    id per test. `withheld` as in `tell_difference`.
    """
    if not when:
        return None
    rows = [released.comparison(item, *group) for released, item, *group in tests]
    tested = [(test[0], row) for test, row in zip(tests, rows, strict=True)]
    numbers = dict(
        zip("abcdefgh", (number for one in tested for number in _find_pair(*one)), strict=False)
    )
    numbers |= {
        "hvilke": name_outcomes(
            [(row, decide(row, released.about.alpha)) for released, row in tested]
        )
    }
    wordings = {"more": more, "less": less, "same": same, "mixed": mixed, "withheld": withheld}
    outcomes = {decide(row, released.about.alpha) for released, row in tested}
    outcome = next(iter(outcomes)) if len(outcomes) == 1 else "mixed"
    if outcomes & {*UNTOLD} or any(one.startswith("tendency") for one in outcomes):
        outcome = _find_held(outcomes) or "parts"
    wordings["withheld"] = withheld or _word_held(outcomes)
    evidence, topic = _describe_tests(tested, published), topic or name_tests(tested)
    if outcomes == {"untested"} and not withheld:
        return _tell_none(id, tested, numbers, "", evidence, name_tests(tested))
    if outcome == "parts":
        return _tell_apart(id, tested, published, withheld)
    return fill_sentence(id, outcome, wordings, numbers, tests[0][0], topic, evidence)


def tell_which(
    id,
    first,
    second,
    only_first,
    only_second,
    both,
    neither,
    numbers=None,
    published=None,
    counts=ANY,
    when=True,
    apart=None,
    so_first="",
    so_second="",
):
    """What two tests found, side by side. `first`, `second` = (released, row of comparisons or
    `TableTest`).

    `counts`: the outcomes that count as one; ("more",) where something is said to be the most
    frequent. That one is significant and the other is not does not make the two different (Gelman &
    Stern 2006): `only_first` and `only_second` conclude nothing. The conclusions `so_first`,
    `so_second` are added where `apart`, a test of the difference between the two
    (`release.release_interaction`), finds one; where it does not, that is added. Where one is
    closed, untested or a tendency, each has its own sentence. `published`: an id per test.
    """
    if not when:
        return None
    tests = (first, second)
    outcomes = [decide(test, released.about.alpha) for released, test in tests]
    shown = tuple(outcome in counts for outcome in outcomes)
    outcome = {
        (True, True): "both",
        (True, False): "first",
        (False, True): "second",
        (False, False): "neither",
    }[shown]
    if {*outcomes} & {*UNTOLD} or any(one.startswith("tendency") for one in outcomes):
        outcome = _find_held({*outcomes}) or "parts"
    if outcome == "parts":
        return _tell_apart(id, tests, published)
    cells = {
        name: where if isinstance(where, str) else _find_cell(*where)
        for name, where in (numbers or {}).items()
    }
    wordings = {
        "first": only_first,
        "second": only_second,
        "both": both,
        "neither": neither,
        "withheld": _word_held({*outcomes}),
    }
    evidence = _describe_tests(tests, published)
    if apart and outcome in ("first", "second"):
        if apart.distribution.verdict == "difference":
            so = {"first": so_first, "second": so_second}[outcome]
        else:
            so = ""
        wordings[outcome] += (
            f" {so or (ALIKE if apart.distribution.status == 'complete' else UNDECIDED)}"
        )
        evidence += (describe_interaction(apart),)
    return fill_sentence(id, outcome, wordings, cells, first[0], name_tests(tests), evidence)


def tell_list(
    id,
    released,
    items,
    some,
    none,
    others="",
    tendency=LISTED,
    untested="",
    topic=None,
    published=None,
    when=True,
):
    """Which of `items` differ significantly: `some`, `{navne}` their names, or `none`. Closed ones
    are not named.

    `tendency` is added where some are near it (`{tendens}`), and replaces `none`; `others` is on
    the rest where some are named; `untested` on those that cannot be compared (`{udeladt}`). Where
    none can, only that is told, of `topic` (otherwise of the question).
    """
    if not when:
        return None
    tested = [(released, released.comparison(item)) for item in items]
    outcomes = {row["label"]: decide(row, released.about.alpha) for _, row in tested}
    names, leaning, left = (
        _name_labels(outcomes, which, released.about)
        for which in (("more", "less"), ("tendency_more", "tendency_less"), UNTOLD)
    )
    numbers, evidence = (
        {"navne": names, "tendens": leaning, "udeladt": left},
        _describe_tests(tested, published),
    )
    topic = topic or name_question(released)
    if {*outcomes.values()} <= {*UNTOLD}:
        return _tell_none(id, tested, numbers, untested, evidence, topic)
    said = [some] * bool(names) + [tendency] * bool(leaning) or [none]
    said += [others] * ("same" in outcomes.values() and said != [none]) + [untested] * bool(left)
    outcome = "difference" if names else "tendency" if leaning else "same"
    wording = " ".join(filter(None, said))
    return fill_sentence(id, outcome, {outcome: wording}, numbers, released, topic, evidence)


def _tell_none(id, tested, numbers, untested, evidence, subject):
    """Why none of several can be compared: one reason for all where there is one."""
    (released, row), marks = tested[0], {row["status"] for _, row in tested}
    held = [WITHHELD[mark] for mark in WITHHELD if mark in marks]
    if held and marks <= {*WITHHELD}:
        wordings = {"withheld": MIXED if len(held) > 1 else ""}
        return fill_sentence(id, held[0], wordings, numbers, released, subject, evidence)
    wordings, names = word_test(row, released)
    if len(marks) == 1 and "{a}" not in wordings["untested"]:
        return fill_sentence(
            id, "untested", wordings, names | {"emne": subject}, released, subject, evidence
        )
    if untested:
        return fill_sentence(
            id, "untested", {"untested": untested}, numbers, released, subject, evidence
        )
    return replace(_tell_apart(id, tested, None), evidence=evidence)


def _tell_test(id, test, wordings, numbers, published, topic):
    """A sentence on one test: its outcome's wording, or words made of the labels."""
    released, one = test
    outcome, evidence = decide(one, released.about.alpha), _describe_tests([test], [published])
    if wordings.get(outcome) or outcome in WITHHELD.values():
        return fill_sentence(id, outcome, wordings, numbers, released, topic, evidence)
    if wordings.get("withheld"):  # a title says no more than what the figure shows
        return fill_sentence(
            id, outcome, {outcome: wordings["withheld"]}, numbers, released, topic, evidence
        )
    if outcome in ANY or outcome == "same":
        raise ValueError(f"{id}: der er ingen formulering til udfaldet {outcome!r}")
    return _tell_apart(id, [test], [published])


def _tell_apart(id, tests, published, withheld=""):
    """A sentence on each of several tests, in words made of the labels."""
    evidence, parts = _describe_tests(tests, published), []
    for released, test in tests:
        wordings, names = word_test(test, released)
        whole = test is released.distribution
        if released.about.domain != released.about.sector:  # the labels say where
            wordings = {
                name: wording.replace(" {sektor}", "") for name, wording in wordings.items()
            }
        pair = {} if whole else dict(zip("ab", _find_pair(released, test), strict=True))
        topic = name_question(released) if whole else name_pair(test, released.about)
        parts.append(
            fill_sentence(
                id, decide(test, released.about.alpha), wordings, names | pair, released, topic, ()
            )
        )
    outcome = parts[0].outcome if len(parts) == 1 else "parts"
    text = withheld or join_texts(" ", dict.fromkeys(part.text for part in parts))
    trace = () if withheld else tuple(row for part in parts for row in part.trace)
    return Sentence(id, text, outcome, evidence, trace)


def _describe_tests(tests, published):
    """What several tests rest on. `tests` = [(released, row of comparisons or `TableTest`)]."""
    return tuple(
        describe_table(released, one)
        if test is released.distribution
        else describe_test(test, one, released)
        for (released, test), one in zip(tests, published or [None] * len(tests), strict=True)
    )


def _look_up(released, where):
    item, group = (where, "all") if isinstance(where, str) else where
    return released.cell(item, group)


def _find_cell(released, where):
    if isinstance(where, list):
        return join_words(Text(_find_cell(released, one[:2]), f" {one[2]}") for one in where)
    cell = _look_up(released, where)
    return Number(cell["share"], "share", cell["status"], cell)


def _find_pair(released, row):
    """The two shares of a comparison, each with its cell. A closed comparison closes both."""
    if "group" in row:  # two items in one group
        cells = [released.cell(row[which], row["group"]) for which in ("first", "second")]
    else:
        cells = [released.cell(row["item"], row[which]) for which in ("first", "second")]
    shares = row["share_first"], row["share_second"]
    return [
        Number(share, "share", row["status"], cell)
        for share, cell in zip(shares, cells, strict=True)
    ]


def _find_held(outcomes):
    """The graver reason why nothing is told, where the gate closed all; else ""."""
    return next((one for one in CLOSINGS if one in outcomes), "") if outcomes <= {*CLOSINGS} else ""


def _word_held(outcomes):
    """The wording where some are closed for one reason and some for the other; else ""."""
    return MIXED if outcomes == {*CLOSINGS} else ""


def _name_labels(outcomes, which, about):
    labels = [about.inside(label) for label, outcome in outcomes.items() if outcome in which]
    return join_words(labels) if labels else ""
