"""A figure's note: what it shows, who was asked, what was tested, where the numbers come from."""

from itertools import chain
from math import isfinite

from barometer.disclosure.rules import MARKS
from barometer.figures.cells import (
    SURE,
    TENDING,
    WORDS,
    count_asked,
    has_interval,
    is_open,
    split_label,
    tell_count,
    tell_share,
)
from barometer.marks import CONFIDENTIAL, explain_marks
from barometer.statistics.comparisons import adjust_holm
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import NBSP, Number, Text, join_texts, join_words

LEVEL = Number(CONFIDENCE, "share", kind="confidence")  # of intervals
WHOLE = Number(1, "percent", kind="whole")
# Why a share has no interval, by status (`estimates.estimate_shares`).
BARE = {
    "complete": "alle er spurgt",
    "zero_variance": "svarene ikke varierer inden for strata",
    "too_few": "der er for få svar",
}


def write_note(selection, shows, sums="", tested="", stacked=False, keyed=False):
    """The note in the publication's order: shown, asked, sums, left out, tested, weighting, n,
    source.

    `stacked`: a bar has segments; `keyed`: of a table, which explains its marks itself.
    """
    about, source = selection.about, selection.about.source.rstrip(". ")
    if about.synthetic and "syntetisk" not in source.lower():
        synthetic = "Tallene bygger på syntetiske data."
    else:
        synthetic = ""
    parts = [
        shows,
        _tell_base(selection),
        _tell_domain(selection),
        sums,
        tested,
        *([] if keyed else [_tell_intervals(selection, stacked), _tell_marks(selection, stacked)]),
        f"Data er vægtet til {selection.about.inside(about.sector_label)}.",
        _tell_n(selection),
        f"Kilde: {source}.",
        synthetic,
    ]
    return join_texts(" ", filter(None, parts))


def tell_answers(selection):
    """First sentence for a figure of the answers to a question, by group."""
    if selection.about.question:
        subject = f"svarene på {_quote([selection.about.question])}"
    else:
        subject = "andelene"
    return f"Figuren viser {subject}."


def tell_share_by_group(selection):
    """First sentence for a figure of one share by group."""
    groups = join_words(map(selection.about.inside, selection.groups.values()))
    return f"Figuren viser andelen ”{selection.label(selection.items[0])}” for {groups}."


def tell_overlap(selection, whole, parts):
    """Why overlapping parts add up to more than their whole."""
    group = next(iter(selection.groups))
    total, cells = selection.cell(whole, group), [selection.cell(item, group) for item in parts]
    if all(map(is_open, (total, *cells))) and sum(cell.share for cell in cells) > total.share:
        reason = ", fordi flere af dem kan gælde på én gang."
        return Text("Delene summerer til mere end ", tell_share(total), reason)
    return "Delene overlapper, fordi flere af dem kan gælde på én gang."


def tell_multiple(selection):
    """Why a group's shares may add up to more than 100 per cent."""
    if not selection.about.multiple:
        return ""
    totals = [
        sum(cell.share for cell in selection.cells(group) if is_open(cell))
        for group in selection.groups
    ]
    verb = "summerer" if min(totals) > 1 else "kan summere"
    return Text(f"Flere svar var mulige, så andelene {verb} til over ", WHOLE, ".")


def tell_left_out(selection):
    """What is left out, with its size: why a bar adds up to less than 100 per cent."""
    by_row = {}
    for item in selection.left_out:
        row, answer = split_label(selection.label(item))
        shares = Text(f"{_quote([answer])} (", _tell_shares(selection, item), ")")
        by_row.setdefault(row, []).append(shares)
    texts = [
        Text(f"for {selection.about.inside(row)} " if row else "", join_words(shares))
        for row, shares in by_row.items()
    ]
    return Text("Udeladt er ", join_words(texts), _tell_less(selection), ".") if texts else ""


def tell_differences(selection):
    """Which answers two groups differ on, at which level, in how many tests, and what Holm's
    leaves.

    The tests that the figure shows are the family that is corrected for.
    """
    tests = {
        item: test
        for item in selection.items
        if (test := selection.test(item)) and not test[1].startswith("[")
    }
    named = {
        verdict: _quote(selection.label(item) for item, test in tests.items() if test[0] == verdict)
        for verdict in WORDS
    }
    made = sum(isfinite(test[2]) for test in tests.values())
    where = f" i gruppen {_quote([next(iter(selection.groups.values()))])}"  # said once
    told = [verdict for verdict in (*SURE, *TENDING) if named[verdict]]
    told = {
        verdict: f"{WORDS[verdict]}{where * (verdict == told[0])} for {named[verdict]}"
        for verdict in told
    }
    found, leaning = (
        ", ".join(told[verdict] for verdict in kind if verdict in told) for kind in (SURE, TENDING)
    )
    said = (
        Text(
            f"{'S' if found else 'Ingen s'}ignifikante forskelle (",
            _tell_tests(selection, made),
            ")",
        )
        if made
        # known, untested
        else (
            f"{'F' if found else 'Ingen f'}orskelle"
            if any(test[0] for test in tests.values())
            else ""
        )
    )
    parts = [
        join_texts(": ", filter(None, [said, found])),
        _tell_holm(selection, tests, made),
        leaning,
        f"{'ikke' if made else 'Forskellen er ikke'} testet for {named['']}" if named[""] else "",
    ]
    return join_texts("; ", filter(None, parts)) + "." if tests else ""


def tell_pairs(selection):
    """Which of the figure's groups differ on its one item, by pairs; and as a whole table."""
    names = {group: selection.about.inside(label) for group, label in selection.groups.items()}
    tests = [row for row in selection.tests(selection.items[0]) if row.verdict]
    pairs = {
        verdict: [
            (names[row.first], names[row.second])
            for row in tests
            if selection.read_verdict(row) == verdict
        ]
        for verdict in WORDS
    }
    found, leaning = (_tell_order(pairs, *kind, list(names.values())) for kind in (SURE, TENDING))
    if pairs["no_difference"]:
        same = join_words(f"{one} og {other}" for one, other in pairs["no_difference"])
    else:
        same = ""
    # without p the differences are known, as all were asked
    count = sum(isfinite(row.p) for row in tests)
    sure = "signifikant " * bool(count)
    parts = [
        f"{sure}højere for {found}" if found else "",
        f"tendens til højere for {leaning}" if leaning else "",
        f"ingen {sure}forskel på {same}" if same else "",
    ]
    if count:
        made = Text("Grupperne er testet parvis (", _tell_tests(selection, count), ")")
    else:
        made = "Grupperne parvis"
    compared = Text(made, f": {', '.join(filter(None, parts))}.") if tests else ""
    return join_texts(" ", filter(None, [compared, tell_distribution(selection)]))


def _tell_order(pairs, higher, lower, names):
    """Which groups lie above which, of the pairs with one of two verdicts."""
    above = {}
    for high, low in [*pairs[higher], *((second, first) for first, second in pairs[lower])]:
        above.setdefault(low, []).append(high)
    return " og for ".join(
        f"{join_words(sorted(highs, key=names.index))} end for {low}"
        for low, highs in above.items()
    )


def tell_distribution(selection):
    """What the test of the whole table says."""
    test = selection.released.distribution
    if test is None:
        return ""
    if test.status in MARKS:
        if test.status == CONFIDENTIAL:
            why = "af hensyn til fortrolighed"
        else:
            why = "fordi tallene er for usikre"
        return f"Grupperne er ikke sammenlignet samlet, {why}."
    if not test.verdict:
        return "Forskellen på grupperne er ikke testet samlet."
    if test.status:  # known without a test: all were asked, or all answer the same
        return (
            f"Grupperne er samlet set {'forskellige' if test.verdict == 'difference' else 'ens'}."
        )
    said = {
        "difference": "signifikant",
        "no_difference": "ikke signifikant",
        "tendency": "ikke signifikant, men en tendens",
    }[selection.read_verdict(test)]
    tests = _tell_tests(selection, level=test.level)
    return Text(f"Forskellen på grupperne er samlet set {said} (", tests, ").")


def _tell_tests(selection, count=0, level=None):
    level = Number(selection.about.alpha if level is None else level, "level")
    tests = (tell_count(count), f" test{'s' * (count > 1)}, ") if count else ()
    return Text(*tests, "niveau ", level)


def _tell_less(selection):
    """What leaving answers out does to the bars, one per group and row."""
    bars = {}
    for item in selection.left_out:
        row, _ = split_label(selection.label(item))
        for cell in selection.cells_of(item):
            bars.setdefault((row, cell.group), []).append(cell.share)
    shorter = [any(share > 0 for share in shares) for shares in bars.values()]
    if all(shorter):
        return Text("; derfor summerer hver bjælke til mindre end ", WHOLE)
    if not all(map(isfinite, chain(*bars.values()))):
        # a closed one may be 0
        return Text("; derfor kan bjælkerne summere til mindre end ", WHOLE)
    return Text("; derfor summerer ikke alle bjælker til ", WHOLE) if any(shorter) else ""


def _tell_holm(selection, tests, made):
    """Which of the significant differences Holm's correction for the number of tests keeps."""
    adjusted = dict(zip(tests, adjust_holm([p for _, _, p in tests.values()]), strict=True))
    found = [item for item, test in tests.items() if test[0] in SURE]
    lost = [item for item in found if adjusted[item] >= selection.about.alpha]
    kept = [item for item in found if item not in lost]
    if made < 2 or not found:
        return ""
    if lost and kept:  # the shorter list, as all are named just before
        left = min(
            (
                f"{word} for {_quote(map(selection.label, some))}"
                for word, some in (("ikke", lost), ("kun", kept))
            ),
            key=len,
        )
    else:
        left = "ingen" if lost else "de samme" if len(kept) > 1 else "den samme"
    return f"med Holms korrektion {left}"


def _tell_domain(selection):
    only = [
        label
        for group, label in selection.groups.items()
        if group not in ("all", *selection.about.group_bases)
    ]
    if not (len(selection.groups) == 1 and only):
        return ""
    return f"Figuren omfatter kun gruppen {_quote(only)}."


def _tell_base(selection):
    """Who was asked; or the figure's one group, where that is a base.

    Of variables of several questions, one may be asked of others too, who are not counted.
    """
    about, only = selection.about, next(iter(selection.groups))
    if len(selection.groups) == 1 and only in about.group_bases:
        return f"Figuren omfatter kun {about.group_bases[only]}."
    verb = "Spurgt" if about.question else "Medregnet"
    return f"{verb} er kun {about.base_text}." if about.asked != "all" else ""


def _tell_shares(selection, item):
    shares = {
        label: tell_share(selection.cell(item, group)) for group, label in selection.groups.items()
    }
    if len(shares) == 1:
        return next(iter(shares.values()))
    texts = [Text(f"{selection.about.inside(label)} ", share) for label, share in shares.items()]
    return join_texts(", ", texts)


def _tell_intervals(selection, stacked):
    """How to read the lines on the bars and the parentheses; why a share has neither."""
    where = "; en streg ligger, hvor dens svar ender" if stacked else ""
    start = "Streger og tabellens parenteser: statistisk usikkerhed ("
    lines = Text(start, LEVEL, f" interval){where}.") if find_intervals(selection) else ""
    return join_texts(" ", filter(None, [lines, tell_missing(selection)]))


def find_intervals(selection):
    """Whether any share of a figure or table has an interval."""
    return any(has_interval(cell) for item in selection.items for cell in selection.cells_of(item))


def tell_missing(selection):
    """Why a share stands there without an interval."""
    found = {
        cell.status
        for item in selection.items
        for cell in selection.cells_of(item)
        if is_open(cell) and not has_interval(cell)
    }
    told = [why for status, why in BARE.items() if status in found]
    if not told:
        return ""
    return f"Hvor en andel ikke har noget interval, er det, fordi {' eller '.join(told)}."


def _tell_marks(selection, stacked):
    cells = [
        [selection.cell(item, group) for item in items for group in selection.groups]
        for items in (selection.items, selection.left_out)
    ]
    drawn, left_out = ({cell.status for cell in kind} for kind in cells)
    flags = {getattr(cell, "flag", "") for kind in cells for cell in kind}
    closed = any(status.startswith("[") for status in drawn)
    width = "Bredden af et stiplet felt viser ikke et tal." if stacked and closed else ""
    return " ".join(filter(None, [explain_marks(drawn | left_out | flags), width]))


def _tell_n(selection):
    if len(selection.groups) == 1:
        return Text(f"n{NBSP}={NBSP}", count_asked(selection, next(iter(selection.groups))), ".")
    counts = [
        Text(f"{selection.about.inside(label)}{NBSP}", count_asked(selection, group))
        for group, label in selection.groups.items()
    ]
    return Text("n: ", join_texts("; ", counts), ".")


def _quote(labels):
    """”A”, ”B” og ”C”; "" for none. Quoted, because labels have commas and "og" of their own."""
    quoted = [f"”{label}”" for label in labels]
    return join_words(quoted) if quoted else ""
