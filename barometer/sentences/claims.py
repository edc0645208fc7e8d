"""Sentences about the data. People write a wording for each outcome; only here a verdict chooses
one.

A wording is Danish Markdown with placeholders for the numbers of released tables: `{a}` and `{b}`
the two shares, `{n_a}` and `{n_b}` how many answered, `{forskel}` the shares' difference (as they
are shown), `{grund}` in `withheld` why nothing is told, `{sted}` where ("i regionerne"), what the
registry says of the survey (`{periode}`, `{runde}`, `{indsamling}`; `Survey.terms`), `{sikker}` and
`{sikkert}`, left out where all were asked and nothing is uncertain, and those named in `numbers`.
"""

from dataclasses import replace

from barometer.errors import ContentError
from barometer.languages.speaking import _
from barometer.sentences import evidence
from barometer.sentences import withheld as reasons
from barometer.sentences.wordings import (
    Sentence,
    are_equal,
    count_answers,
    fill_sentence,
    find_cell,
    leave_out_place,
    look_up,
    name_fractions,
    name_pairs,
    name_share,
    write_difference,
)
from barometer.statistics.comparisons import read_verdict
from barometer.text import join_texts, name_measure

ANY = ("more", "less", "difference")
UNTOLD, LEANING = {*reasons.CLOSINGS, "untested"}, ("tendency_more", "tendency_less")
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

    `equal`: used for `same` where both shares are shown as one number. `tendency_more`,
    `tendency_less`: wordings for a difference near significance; without them its labels make the
    words, and never `same`. `numbers`: further texts, or (item, group), by name. `withheld`: what
    is said where the numbers are closed or untested ("" where a neighbour says it); without it that
    is said of `topic`. `otherwise`: a title's words where no other fits. `published`: id of the
    published verdict.
    """
    row = released.comparison(item, group)
    numbers = name_pairs([(released, row)])
    numbers |= {"forskel": write_difference(row)}
    for name, where in wordings.pop("numbers", {}).items():
        numbers[name] = where if isinstance(where, str) else find_cell(released, where)
    wordings = {"more": more, "less": less, "same": same, **wordings}
    topic = topic or reasons.name_pair(row, released.about)
    return _tell_test(id, (released, row), wordings, numbers, published, topic)


def tell_shares(id, released, text, numbers, words=None, **wordings):
    """A plain description: no comparison. `numbers` = {placeholder: item or (item, group)}.

    `words`: a wording with fractions ("{a} innovationer": "seks ud af ti innovationer"), instead of
    `text` where each share has one (`wordings.name_share`). One with counts alone (`{n_a}`) rests
    on no share. `withheld`, `otherwise` as in `tell_difference`.
    """
    rows = [look_up(released, where) for where in numbers.values()]
    topic = reasons.name_shares(rows, released.about)
    shares = [row for name, row in zip(numbers, rows, strict=True) if f"{{{name}}}" in text]
    grounds = tuple(evidence.describe_share(row, released.about) for row in shares)
    fractions = [name_share(row["share"], row["low"]) for row in rows]
    if words and all(fractions) and name_measure(rows[0]) == "share":
        named = name_fractions(numbers, fractions)
        return fill_sentence(id, "words", {"words": words}, named, released, topic, grounds)
    cells = {name: find_cell(released, where) for name, where in numbers.items()}
    cells |= {f"n_{name}": count_answers(row) for name, row in zip(numbers, rows, strict=True)}
    return fill_sentence(id, "text", {"text": text, **wordings}, cells, released, topic, grounds)


def tell_distribution(id, released, difference, same, numbers=None, published=None, **wordings):
    """A sentence on a whole table's test. `numbers` as in `tell_shares`, `equal`, `withheld` and
    `otherwise` as in `tell_difference`.

    A number can be several: [(item, group, where), …] is "45 pct. i staten og 40 pct. i …".
    """
    cells = {name: find_cell(released, where) for name, where in (numbers or {}).items()}
    wordings = {"difference": difference, "same": same, **wordings}
    test, topic = (released, released.distribution), reasons.name_question(released)
    return _tell_test(id, test, wordings, cells, published, topic)


def tell_together(id, tests, topic=None, published=None, **wordings):
    """One sentence on several tested differences: all `more`, all `less`, none certain (`same`) and
    none to be seen either (`equal`), or `mixed`.

    `tests` = [(released, item)] or [(released, item, group)]; `{a}` and `{b}` are the first test's
    shares, `{c}` and `{d}` the second's; `{hvilke}`, in `mixed` (or "more_less"), names those that
    are sure. Where some are closed or near significance, each has its own sentence.
    """
    tests = [(released, released.comparison(*where)) for released, *where in tests]
    found = [_decide(test) for test in tests]
    outcomes, rows = {*found}, [row for _, row in tests]
    numbers = name_pairs(tests)
    numbers |= {"hvilke": reasons.name_outcomes(list(zip(rows, found, strict=True)))}
    grounds = evidence.describe_tests(tests, published)
    own = wordings.get("withheld", wordings.get("otherwise"))
    if outcomes == {"untested"} and own is None:
        return _tell_none(id, tests, numbers, "", grounds, reasons.name_tests(tests))
    outcome = _find_apart(outcomes) or (found[0] if len(outcomes) == 1 else "mixed")
    if outcome == "parts":
        return _tell_apart(id, tests, published, wordings)
    if outcome == "same" and wordings.get("equal") and are_equal(numbers, tests):
        outcome = "equal"
    wordings, numbers = (
        reasons.word_held(outcomes) | wordings,
        reasons.give_reason(outcomes) | numbers,
    )
    if outcome == "untested":
        wordings = {outcome: own}
    wordings |= {"mixed": wordings.get("_".join(found)) or wordings["mixed"]}
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
        return _tell_apart(id, tests, published, wordings)
    cells = reasons.give_reason({*found}) | {
        name: where if isinstance(where, str) else find_cell(*where)
        for name, where in (numbers or {}).items()
    }
    told = {name.removeprefix("only_"): wording for name, wording in wordings.items()}
    grounds = evidence.describe_tests(tests, published)
    if apart and outcome in ("first", "second"):
        test = apart.distribution
        so = wordings.get(f"so_{outcome}") if test.verdict == "difference" else ""
        so = so or (_(reasons.ALIKE if test.status == "complete" else reasons.UNDECIDED))
        told[outcome] += f" {so}"
        grounds += (evidence.describe_interaction(apart),)
    told = reasons.word_held({*found}) | told
    return fill_sentence(id, outcome, told, cells, first[0], reasons.name_tests(tests), grounds)


def tell_list(
    id, released, items, some, none, others="", tendency="", untested="", topic="", published=(),
    **wordings,
):  # fmt: skip
    """Which of `items` differ significantly: `some`, `{navne}` their names, or `none`. Closed ones
    are not named.

    `tendency` is added where some are near it (`{tendens}`), and replaces `none`; `others` is on
    the rest where some are named; `untested` on those that cannot be compared (`{udeladt}`). Where
    none can, only that is told: `withheld`, or else of `topic` (otherwise of the question).
    """
    tests = [(released, released.comparison(item)) for item in items]
    outcomes = {row["label"]: _decide((released, row)) for _, row in tests}
    names, leaning, left = (
        reasons.name_labels(outcomes, which, released.about) for which in (ANY, LEANING, UNTOLD)
    )
    numbers = {"navne": names, "tendens": leaning, "udeladt": left}
    grounds = evidence.describe_tests(tests, published)
    topic = topic or reasons.name_question(released)
    if {*outcomes.values()} <= UNTOLD:
        return _tell_none(id, tests, numbers, untested, grounds, topic, **wordings)
    said = [some] if names else []
    said += [tendency or _(reasons.LISTED)] if leaning else []
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


def _tell_none(id, tests, numbers, untested, grounds, subject, withheld=None):
    """Why none of several can be compared: one reason for all where there is one."""
    (released, row), marks = tests[0], {row["status"] for _, row in tests}
    if withheld is not None:
        found = {*map(_decide, tests)}
        outcome = next((one for one in reasons.CLOSINGS if one in found), "untested")
        wordings, numbers = (
            {"withheld": withheld, outcome: withheld},
            reasons.give_reason(found) | numbers,
        )
        return fill_sentence(id, outcome, wordings, numbers, released, subject, grounds)
    held = [reasons.WITHHELD[mark] for mark in reasons.WITHHELD if mark in marks]
    outcome, (wordings, names) = "untested", reasons.word_test(row, released)
    if held and marks <= {*reasons.WITHHELD}:
        outcome, wordings = held[0], {"withheld": _(reasons.MIXED)} if len(held) > 1 else {}
    elif len(marks) == 1 and "{a}" not in wordings["untested"]:
        numbers = names | {"emne": subject}
    elif untested:
        wordings = {"untested": untested}
    else:
        return replace(_tell_apart(id, tests, None), evidence=grounds)
    return fill_sentence(id, outcome, wordings, numbers, released, subject, grounds)


def _tell_test(id, test, wordings, numbers, published, topic):
    """A sentence on one test: its outcome's wording, or words made of the labels."""
    outcome, grounds = _decide(test), evidence.describe_tests([test], [published])
    if outcome == "same" and wordings.get("equal") and are_equal(numbers, [test]):
        outcome = "equal"
    numbers = reasons.give_reason({"broken"} & {test[1].status} or {outcome}) | numbers
    if not wordings.get(outcome) and outcome not in reasons.WITHHELD.values():
        own = wordings.get("otherwise")  # a title says no more than its figure shows
        own = wordings.get("withheld", own) if outcome == "untested" else own
        if own is None and outcome not in (*ANY, "same"):
            return _tell_apart(id, [test], [published])
        if own is None:
            raise ContentError(f"{id}: der er ingen formulering til udfaldet {outcome!r}")
        wordings = {outcome: own}
    return fill_sentence(id, outcome, wordings, numbers, test[0], topic, grounds)


def _tell_apart(id, tests, published, wordings=None):
    """A sentence on each of several tests, in words made of the labels; a chapter's own for those
    that are withheld, and for all of a title.
    """
    parts, wordings = [_tell_labels(id, released, test) for released, test in tests], wordings or {}
    outcome = parts[0].outcome if len(parts) == 1 else "parts"
    grounds = evidence.describe_tests(tests, published)
    if "otherwise" in wordings:
        released = tests[0][0]
        return fill_sentence(
            id, outcome, {outcome: wordings["otherwise"]}, {}, released, "", grounds
        )
    if "withheld" in wordings:
        told = [part for part in parts if not part.is_withheld]
        numbers = reasons.give_reason({part.outcome for part in parts})
        own = {"text": wordings["withheld"]}
        parts = [*told, fill_sentence(id, "text", own, numbers, tests[0][0], "", ())]
    text = join_texts(" ", dict.fromkeys(part.text for part in parts if str(part.text)))
    trace = tuple(row for part in parts for row in part.trace)
    return Sentence(id, text, outcome, grounds, trace)


def _tell_labels(id, released, test):
    """A sentence on one test in words made of the labels."""
    wordings, names = reasons.word_test(test, released)
    wordings = {name: leave_out_place(text, released.about) for name, text in wordings.items()}
    if test is released.distribution:
        topic = reasons.name_question(released)
    else:
        topic = reasons.name_pair(test, released.about)
        names |= name_pairs([(released, test)])
    return fill_sentence(id, _decide((released, test)), wordings, names, released, topic, ())
