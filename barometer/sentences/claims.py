"""Sentences about the data. People write a wording for each outcome; only here a verdict chooses
one.

A wording is Danish Markdown with placeholders for the numbers of released tables: `{a}` and `{b}`
the two shares, `{forskel}` their difference, `{sektor}` where ("i regionerne"), what the registry
says of the survey (`{periode}`, `{runde}`, `{indsamling}`; `Survey.terms`), `{sikker}` and
`{sikkert}`, left out where all were asked and nothing is uncertain, and those named in `numbers`.
"""

from dataclasses import replace

from barometer.errors import ContentError
from barometer.sentences import evidence
from barometer.sentences import withheld as reasons
from barometer.sentences.wordings import Sentence, fill_sentence, name_share
from barometer.statistics.comparisons import read_verdict
from barometer.text import Number, Text, join_texts, join_words

ANY = ("more", "less", "difference")
UNTOLD = {*reasons.CLOSINGS, "untested"}
LEANING = ("tendency_more", "tendency_less")
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
    if test.status in reasons.WITHHELD:
        return reasons.WITHHELD[test.status]
    if not test.verdict:
        return "untested"
    verdict = read_verdict(test, alpha)
    return OUTCOMES.get(verdict, verdict)


def tell_difference(
    id, released, item, more, less, same, group=None, topic=None, published=None, **wordings
):
    """A sentence on one tested difference: significantly more or less, or no certain difference.

    `tendency_more`, `tendency_less`: wordings for a difference near significance; without them its
    labels make the words, and never `same`. `numbers`: further texts, or (item, group), by name.
    `topic`: what the sentence is about, should its numbers be closed; `withheld`: the wording then,
    for a title, which needs no reason. `published`: id of the published verdict.
    """
    row = released.comparison(item, group)
    numbers = _name_pairs([(released, row)])
    numbers |= {"forskel": Number(row["difference"], "points", row["status"], row)}
    for name, where in wordings.pop("numbers", {}).items():
        numbers[name] = where if isinstance(where, str) else _find_cell(released, where)
    wordings = {"more": more, "less": less, "same": same, **wordings}
    topic = topic or reasons.name_pair(row, released.about)
    return _tell_test(id, (released, row), wordings, numbers, published, topic)


def tell_shares(id, released, text, numbers, words=None, withheld=""):
    """A plain description: no comparison. `numbers` = {placeholder: item or (item, group)}.

    `words`: a wording with fractions ("{a} innovationer": "seks ud af ti innovationer"), instead of
    `text` where each share has one (`wordings.name_share`). `withheld` as in `tell_difference`.
    """
    rows = [_look_up(released, where) for where in numbers.values()]
    topic = reasons.name_shares(rows, released.about)
    grounds = tuple(evidence.describe_share(row, released.about) for row in rows)
    fractions = [name_share(row["share"], row["low"]) for row in rows]
    if words and all(fractions):
        named = dict(zip(numbers, fractions, strict=True))
        return fill_sentence(id, "words", {"words": words}, named, released, topic, grounds)
    cells = {name: _find_cell(released, where) for name, where in numbers.items()}
    wordings = {"text": text, "withheld": withheld}
    return fill_sentence(id, "text", wordings, cells, released, topic, grounds)


def tell_distribution(id, released, difference, same, numbers=None, published=None, **wordings):
    """A sentence on a whole table's test. `numbers` and `withheld` as in `tell_shares`.

    A number can be several: [(item, group, where), …] is "45 pct. i staten og 40 pct. i …".
    """
    cells = {name: _find_cell(released, where) for name, where in (numbers or {}).items()}
    wordings = {"difference": difference, "same": same, **wordings}
    test, topic = (released, released.distribution), reasons.name_question(released)
    return _tell_test(id, test, wordings, cells, published, topic)


def tell_together(id, tests, more, less, same, mixed, topic=None, published=None, withheld=""):
    """One sentence on several tested differences: all more, all less, none certain, or mixed.

    `tests` = [(released, item)] or [(released, item, group)]; `{a}` and `{b}` are the first test's
    shares, `{c}` and `{d}` the second's; `{hvilke}`, in `mixed`, names those that are sure. Where
    only some are closed, untested or near significance, each has its own sentence. `published`: an
    id per test. `withheld` as in `tell_difference`.
    """
    tests = [(released, released.comparison(*where)) for released, *where in tests]
    found = [_decide(test) for test in tests]
    outcomes, rows = {*found}, [row for _, row in tests]
    numbers = _name_pairs(tests)
    numbers |= {"hvilke": reasons.name_outcomes(list(zip(rows, found, strict=True)))}
    grounds = _describe_tests(tests, published)
    if outcomes == {"untested"} and not withheld:
        return _tell_none(id, tests, numbers, "", grounds, reasons.name_tests(tests))
    outcome = _find_apart(outcomes) or (found[0] if len(outcomes) == 1 else "mixed")
    if outcome == "parts":
        return _tell_apart(id, tests, published, withheld)
    wordings = {"more": more, "less": less, "same": same, "mixed": mixed}
    wordings |= {"withheld": withheld or _word_held(outcomes)}
    topic = topic or reasons.name_tests(tests)
    return fill_sentence(id, outcome, wordings, numbers, tests[0][0], topic, grounds)


def tell_which(id, first, second, numbers=None, published=None, counts=ANY, apart=None, **wordings):
    """What two tests found, side by side. `first`, `second` = (released, row of comparisons or
    `TableTest`).

    `counts`: the outcomes that count as one; ("more",) where something is said to be the most
    frequent. Wordings: `both`, `neither`, `only_first`, `only_second`. That one is significant and
    the other is not does not make the two different (Gelman & Stern 2006): the last two conclude
    nothing. The conclusions `so_first`, `so_second` are added where `apart`, a test of the
    difference between the two (`release.release_interaction`), finds one; where it does not, that
    is added. Where one is closed, untested or a tendency, each has its own sentence. `published`:
    an id per test.
    """
    tests = (first, second)
    found = [_decide(test) for test in tests]
    one, other = (outcome in counts for outcome in found)
    outcome = "both" if one and other else "first" if one else "second" if other else "neither"
    outcome = _find_apart({*found}) or outcome
    if outcome == "parts":
        return _tell_apart(id, tests, published)
    cells = {
        name: where if isinstance(where, str) else _find_cell(*where)
        for name, where in (numbers or {}).items()
    }
    told = {name.removeprefix("only_"): wording for name, wording in wordings.items()}
    grounds = _describe_tests(tests, published)
    if apart and outcome in ("first", "second"):
        test = apart.distribution
        so = wordings.get(f"so_{outcome}") if test.verdict == "difference" else ""
        so = so or (reasons.ALIKE if test.status == "complete" else reasons.UNDECIDED)
        told[outcome] += f" {so}"
        grounds += (evidence.describe_interaction(apart),)
    told |= {"withheld": _word_held({*found})}
    return fill_sentence(id, outcome, told, cells, first[0], reasons.name_tests(tests), grounds)


def tell_list(
    id, released, items, some, none, others="", tendency="", untested="", topic="", published=()
):
    """Which of `items` differ significantly: `some`, `{navne}` their names, or `none`. Closed ones
    are not named.

    `tendency` is added where some are near it (`{tendens}`), and replaces `none`; `others` is on
    the rest where some are named; `untested` on those that cannot be compared (`{udeladt}`). Where
    none can, only that is told, of `topic` (otherwise of the question).
    """
    tests = [(released, released.comparison(item)) for item in items]
    outcomes = {row["label"]: _decide((released, row)) for _, row in tests}
    names, leaning, left = (
        _name_labels(outcomes, which, released.about) for which in (ANY, LEANING, UNTOLD)
    )
    numbers = {"navne": names, "tendens": leaning, "udeladt": left}
    grounds = _describe_tests(tests, published)
    topic = topic or reasons.name_question(released)
    if {*outcomes.values()} <= UNTOLD:
        return _tell_none(id, tests, numbers, untested, grounds, topic)
    said = [some] if names else []
    said += [tendency or reasons.LISTED] if leaning else []
    if "same" in outcomes.values() and said:
        said.append(others)
    said = said or [none]
    said += [untested] if left else []
    outcome = "difference" if names else "tendency" if leaning else "same"
    wordings = {outcome: " ".join(filter(None, said))}
    return fill_sentence(id, outcome, wordings, numbers, released, topic, grounds)


def _decide(test):
    released, one = test
    return decide(one, released.about.alpha)


def _find_apart(outcomes):
    """Why tests have no wording together: closed all, for the graver reason, or "parts" where only
    some are, or are untested or near significance; "" where they have one.
    """
    if outcomes <= {*reasons.CLOSINGS}:
        return next(one for one in reasons.CLOSINGS if one in outcomes)
    leaning = any(one.startswith("tendency") for one in outcomes)
    return "parts" if leaning or outcomes & UNTOLD else ""


def _tell_none(id, tests, numbers, untested, grounds, subject):
    """Why none of several can be compared: one reason for all where there is one."""
    (released, row), marks = tests[0], {row["status"] for _, row in tests}
    held = [reasons.WITHHELD[mark] for mark in reasons.WITHHELD if mark in marks]
    outcome, (wordings, names) = "untested", reasons.word_test(row, released)
    if held and marks <= {*reasons.WITHHELD}:
        outcome, wordings = held[0], {"withheld": reasons.MIXED if len(held) > 1 else ""}
    elif len(marks) == 1 and "{a}" not in wordings["untested"]:
        numbers = names | {"emne": subject}
    elif untested:
        wordings = {"untested": untested}
    else:
        return replace(_tell_apart(id, tests, None), evidence=grounds)
    return fill_sentence(id, outcome, wordings, numbers, released, subject, grounds)


def _tell_test(id, test, wordings, numbers, published, topic):
    """A sentence on one test: its outcome's wording, or words made of the labels."""
    outcome, grounds = _decide(test), _describe_tests([test], [published])
    if not wordings.get(outcome) and outcome not in reasons.WITHHELD.values():
        if not wordings.get("withheld"):
            if outcome in (*ANY, "same"):
                raise ContentError(f"{id}: der er ingen formulering til udfaldet {outcome!r}")
            return _tell_apart(id, [test], [published])
        wordings = {outcome: wordings["withheld"]}  # a title says no more than its figure shows
    return fill_sentence(id, outcome, wordings, numbers, test[0], topic, grounds)


def _tell_apart(id, tests, published, withheld=""):
    """A sentence on each of several tests, in words made of the labels."""
    parts = [_tell_labels(id, released, test) for released, test in tests]
    outcome = parts[0].outcome if len(parts) == 1 else "parts"
    text = withheld or join_texts(" ", dict.fromkeys(part.text for part in parts))
    trace = () if withheld else tuple(row for part in parts for row in part.trace)
    return Sentence(id, text, outcome, _describe_tests(tests, published), trace)


def _tell_labels(id, released, test):
    """A sentence on one test in words made of the labels."""
    wordings, names = reasons.word_test(test, released)
    if released.about.domain != released.about.sector:  # the labels say where
        wordings = {name: text.replace(" {sektor}", "") for name, text in wordings.items()}
    if test is released.distribution:
        topic = reasons.name_question(released)
    else:
        topic = reasons.name_pair(test, released.about)
        names |= _name_pairs([(released, test)])
    return fill_sentence(id, _decide((released, test)), wordings, names, released, topic, ())


def _describe_tests(tests, published):
    """What several tests rest on. `tests` = [(released, row of comparisons or `TableTest`)]."""
    return tuple(
        evidence.describe_table(released, one)
        if test is released.distribution
        else evidence.describe_test(test, one, released)
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


def _name_pairs(tests):
    """{"a": number, "b": …}: the two shares of each comparison. A closed one closes both."""
    numbers = [
        Number(row[f"share_{name}"], "share", row["status"], cell)
        for released, row in tests
        for name, cell in zip(("first", "second"), evidence.find_cells(row, released), strict=True)
    ]
    return dict(zip("abcdefgh", numbers, strict=False))


def _word_held(outcomes):
    """The wording where some are closed for one reason and some for the other; else ""."""
    return reasons.MIXED if outcomes == {*reasons.CLOSINGS} else ""


def _name_labels(outcomes, which, about):
    labels = [about.inside(label) for label, outcome in outcomes.items() if outcome in which]
    return join_words(labels) if labels else ""
