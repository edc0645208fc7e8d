"""What the tests behind a figure found, as a part of its note."""

from math import isfinite

from barometer.disclosure.rules import MARKS
from barometer.figures.cells import SURE, TENDING, WORDS, make_count
from barometer.figures.notes import quote
from barometer.marks import CONFIDENTIAL
from barometer.statistics.comparisons import adjust_holm
from barometer.text import Number, Text, join_texts, join_words

DISTRIBUTION = {
    "difference": "signifikant",
    "no_difference": "ikke signifikant",
    "tendency": "ikke signifikant, men en tendens",
}


def describe_differences(selection):
    """Which answers two groups differ on, at which level, in how many tests, and what Holm's
    leaves.

    The tests that the figure shows are the family that is corrected for.
    """
    tests = {item: test for item in selection.items if (test := selection.test(item))}
    tests = {item: test for item, test in tests.items() if not test[1].startswith("[")}
    if not tests:
        return ""
    named = {
        verdict: quote(selection.label(item) for item, test in tests.items() if test[0] == verdict)
        for verdict in WORDS
    }
    made = sum(isfinite(test[2]) for test in tests.values())
    where = f" i gruppen {quote([next(iter(selection.groups.values()))])}"  # said once
    parts = {}
    for verdict in (*SURE, *TENDING):
        if named[verdict]:
            parts[verdict] = f"{WORDS[verdict]}{'' if parts else where} for {named[verdict]}"
    found, leaning = (
        ", ".join(parts[verdict] for verdict in kind if verdict in parts)
        for kind in (SURE, TENDING)
    )
    start = ""
    if made:
        kind = f"{'S' if found else 'Ingen s'}ignifikante forskelle"
        start = Text(f"{kind} (", _write_tests(selection, made), ")")
    elif any(test[0] for test in tests.values()):  # known, untested
        start = "Forskelle" if found else "Ingen forskelle"
    untested = f"{'ikke' if made else 'Forskellen er ikke'} testet for {named['']}"
    texts = [
        join_texts(": ", filter(None, [start, found])),
        _apply_holm(selection, tests, made),
        leaning,
        untested if named[""] else "",
    ]
    return join_texts("; ", filter(None, texts)) + "."


def describe_pairs(selection):
    """Which of the figure's groups differ on its one item, by pairs; and as a whole table."""
    names = selection.names
    tests = [row for row in selection.tests(selection.items[0]) if row.verdict]
    pairs = {verdict: [] for verdict in WORDS}
    for row in tests:
        pairs[selection.read_verdict(row)].append((names[row.first], names[row.second]))
    found, leaning = (_order_groups(pairs, *kind, list(names.values())) for kind in (SURE, TENDING))
    # without p the differences are known, as all were asked
    count = sum(isfinite(row.p) for row in tests)
    sure = "signifikant " * bool(count)
    alike = [f"{one} og {other}" for one, other in pairs["no_difference"]]
    parts = [f"{sure}højere for {found}"] if found else []
    parts += [f"tendens til højere for {leaning}"] if leaning else []
    parts += [f"ingen {sure}forskel på {join_words(alike)}"] if alike else []
    made = "Grupperne parvis"
    if count:
        made = Text("Grupperne er testet parvis (", _write_tests(selection, count), ")")
    compared = Text(made, f": {', '.join(parts)}.") if tests else ""
    return join_texts(" ", filter(None, [compared, describe_distribution(selection)]))


def _order_groups(pairs, higher, lower, names):
    """Which groups lie above which, of the pairs with one of two verdicts."""
    above = {}
    for high, low in [*pairs[higher], *((second, first) for first, second in pairs[lower])]:
        above.setdefault(low, []).append(high)
    return " og for ".join(
        f"{join_words(sorted(highs, key=names.index))} end for {low}"
        for low, highs in above.items()
    )


def describe_distribution(selection):
    """What the test of the whole table found."""
    test = selection.released.distribution
    if test is None:
        return ""
    if test.status in MARKS:
        closed = test.status == CONFIDENTIAL
        why = "af hensyn til fortrolighed" if closed else "fordi tallene er for usikre"
        return f"Grupperne er ikke sammenlignet samlet, {why}."
    if not test.verdict:
        return "Forskellen på grupperne er ikke testet samlet."
    if test.status:  # known without a test: all were asked, or all answer the same
        kind = "forskellige" if test.verdict == "difference" else "ens"
        return f"Grupperne er samlet set {kind}."
    found = DISTRIBUTION[selection.read_verdict(test)]
    tests = _write_tests(selection, level=test.level)
    return Text(f"Forskellen på grupperne er samlet set {found} (", tests, ").")


def _write_tests(selection, count=0, level=None):
    level = Number(selection.about.alpha if level is None else level, "level")
    tests = (make_count(count), f" test{'s' * (count > 1)}, ") if count else ()
    return Text(*tests, "niveau ", level)


def _apply_holm(selection, tests, made):
    """Which of the significant differences Holm's correction for the number of tests keeps."""
    adjusted = dict(zip(tests, adjust_holm([p for _, _, p in tests.values()]), strict=True))
    found = [item for item, test in tests.items() if test[0] in SURE]
    lost = [item for item in found if adjusted[item] >= selection.about.alpha]
    kept = [item for item in found if item not in lost]
    if made < 2 or not found:
        return ""
    if lost and kept:  # the shorter list, as all are named just before
        lists = (("ikke", lost), ("kun", kept))
        texts = [f"{word} for {quote(map(selection.label, some))}" for word, some in lists]
        left = min(texts, key=len)
    else:
        left = "ingen" if lost else "de samme" if len(kept) > 1 else "den samme"
    return f"med Holms korrektion {left}"
