"""Alternative texts: kind of chart, groups, the main result, the exception, what is closed."""

import re

from barometer.figures.cells import KNOWN as KNOWN_WORDS
from barometer.figures.cells import (
    SURE,
    WORDS,
    is_closed,
    is_open,
    make_count,
    make_sum,
    write_share,
)
from barometer.languages.speaking import N_, _
from barometer.text import Number, Text, begin, join_texts, join_words, say

LONGEST_ALT = 500  # characters: what a screen reader says in about half a minute
POINTS = N_("Punkter for {items} for {groups}.")
TAIL = N_("Tal i tabellen bag figuren.")
TESTED = N_(
    {
        "difference": "Forskellen er samlet set sikker.",
        "no_difference": "Ingen sikker forskel samlet set.",
        "tendency": "Ingen sikker forskel samlet set, men en tendens.",
    }
)
# without a test: all were asked, or are alike
KNOWN = N_(
    {
        "difference": "Der er forskel samlet set.",
        "no_difference": "Der er ingen forskel samlet set.",
    }
)


def describe_two_groups(selection):
    """Two points per answer: every sure difference, what is near one, and what is none."""
    first, second = selection.names.values()
    kind = say(
        "Punkter for {items} i to grupper: {first} og {second}.",
        items=_count_items(selection), first=first, second=second,
    )  # fmt: skip
    pairs = {item: selection.cells_of(item) for item in selection.items}
    pairs = {item: cells for item, cells in pairs.items() if all(map(is_open, cells))}
    by_size = sorted(pairs, key=lambda item: -abs(pairs[item][0].share - pairs[item][1].share))
    if not by_size:
        return _fit_alt(
            kind, _("Ingen svar kan vises for begge grupper."), _count_closed(selection)
        )
    found = {}
    for item in by_size:
        if (test := selection.test(item)) and test[0]:
            word = KNOWN_WORDS if test[1] == "complete" else WORDS
            found.setdefault(word[test[0]], []).append(item)
    if not found:
        some = len(pairs) < len(selection.items)
        wordings = N_(("Størst blandt de viste svar er afstanden for {pair}",
                   "Størst er afstanden for {pair}"))  # fmt: skip
        main = say(wordings[not some], pair=_write_pair(selection, by_size[0]))
        return _fit_alt(kind, main, _count_closed(selection))
    closed = _count_closed(selection)
    return _fit_alt(kind, *_write_found(selection, found, (kind, closed)), closed)


def describe_shares(selection):
    """A bar per answer, of one group: the largest and the smallest."""
    kind = say("Liggende søjler for {items}.", items=_count_items(selection))
    known = _sort_open(cell for item in selection.items for cell in selection.cells_of(item))
    if not known:
        return _fit_alt(kind, _("Ingen af tallene kan vises."))
    ends = [Text(f"{cell.label}, ", write_share(cell, "share")) for cell in known]
    least = [say("mindst: {share}", share=ends[-1])] if len(ends) > 1 else []
    most = join_texts("; ", [say("Størst: {share}", share=ends[0]), *least])
    return _fit_alt(kind, most, _count_closed(selection))


def describe_whole(selection, whole, parts):
    """One bar for the whole, then its parts."""
    group = next(iter(selection.groups))
    known = _sort_open(selection.cell(item, group) for item in parts)
    cell = selection.cell(whole, group)
    count = make_count(len(parts))
    kind = say("Liggende søjler: en samlet andel og {n} dele, der overlapper.", n=count)
    main = Text(f"{cell.label}: ", write_share(cell, "share")) if is_open(cell) else ""
    ends = [Text(f"{part.label}, ", write_share(part, "share")) for part in known]
    most = [say("Størst af delene: {share}", share=ends[0])] if ends else []
    least = [say("mindst: {share}", share=ends[-1])] if len(ends) > 1 else []
    return _fit_alt(kind, main, join_texts("; ", most + least), _count_closed(selection))


def describe_balance(selection, totals, words):
    """Bars to both sides of zero. `totals`: {label: (cell to the left, cell to the right)};
    `words`: what each side is called.
    """
    names = join_words(map(selection.about.inside, totals))
    kind = say("Søjler til begge sider af nul for {names}.", names=names)
    texts = []
    for label, sides in totals.items():
        known = [
            Text(_write_total(side), f" {word}")
            for side, word in zip(reversed(sides), reversed(words), strict=True)
            if is_open(side)
        ]
        texts += [Text(f"{label}: ", join_texts(_(" mod "), known))] if known else []
    main, *others = texts or [_("Ingen af summerne kan vises.")]
    return _fit_alt(kind, main, *others, _count_closed(selection))


def describe_distribution(selection, kind=POINTS):
    """A point per group at each answer: the largest, and where the groups lie furthest apart."""
    groups = join_words(selection.names.values())
    kind = say(kind, items=_count_items(selection), groups=groups)
    cells = {item: _sort_open(selection.cells_of(item)) for item in selection.items}
    spans = {item: some[0].share - some[-1].share for item, some in cells.items() if len(some) > 1}
    if not spans:
        return _fit_alt(kind, _("Svarene kan ikke sammenlignes."), _count_closed(selection))
    largest = max(spans, key=lambda item: cells[item][0].share)
    apart = max(spans, key=spans.get)
    texts = [say("Størst andel: {share}", share=_write_at(selection, largest, cells[largest]))]
    if apart != largest:
        furthest = _write_at(selection, apart, cells[apart])
        texts.append(say("Størst afstand: {share}", share=furthest))
    test = selection.released.distribution
    verdicts = KNOWN if test and test.status else TESTED
    verdict = _(verdicts.get(selection.read_verdict(test), "")) if test else ""
    return _fit_alt(kind, *texts, verdict, _count_closed(selection))


def describe_groups(selection):
    """Answers over several groups: the highest and the lowest of each."""
    labels = [selection.about.inside(selection.label(item)) for item in selection.items]
    groups = join_words(selection.names.values())
    kind = say("Punkter: {labels}, opdelt på {groups}.", labels=join_words(labels), groups=groups)
    texts = []
    for item in selection.items:
        known = _sort_open(selection.cells_of(item))
        if len(known) > 1:
            ends = _write_ends(selection, known)
            one = say("Højest og lavest: {ends}", ends=ends)
            many = say("{label}, højest og lavest: {ends}", label=selection.label(item), ends=ends)
            texts.append(many if len(labels) > 1 else one)
        elif known:
            several, group = len(labels) > 1, known[0].group
            name = f"{selection.label(item)}, {selection.names[group]}" if several else ""
            texts.append(
                Text(f"{name or selection.groups[group]}: ", write_share(known[0], "share"))
            )
    return _fit_alt(kind, *(texts or [_("Ingen af tallene kan vises.")]), _count_closed(selection))


def _sort_open(cells):
    """The cells that may be shown, the largest share first."""
    return sorted(filter(is_open, cells), key=lambda cell: -cell.share)


def _fit_alt(kind, main, *exceptions):
    """Join the sentences and what exceptions there is room for; else the kind loses its details."""
    for start in ([kind, main], [_find_kind(kind), main], [kind]):
        if _measure(start) <= LONGEST_ALT:
            break
    else:
        return Text(_cut(kind, LONGEST_ALT - len(_(TAIL)) - 2), f"… {_(TAIL)}")
    for exception in exceptions:
        if start[0] == kind and _measure([*start, exception]) <= LONGEST_ALT:
            start.append(exception)
    return _join(start)


def _find_kind(text):
    """The text before the colon that its details stand after."""
    for place, part in enumerate(text):
        if isinstance(part, str) and ":" in part:
            return Text(*text[:place], part.partition(":")[0])
    return text


def _join(sentences):
    texts = [Text(sentence) for sentence in (*sentences, _(TAIL)) if sentence]
    return join_texts(" ", [text + "." * (not str(text).endswith(".")) for text in texts])


def _measure(sentences):
    return len(str(_join(sentences)))


def _cut(text, longest):
    """The beginning of a text, up to a space between words."""
    parts, left = [], longest
    for part in text:
        if len(str(part)) > left:
            whole = isinstance(part, Number)
            return Text(*parts, "" if whole else part[:left].rpartition(" ")[0])
        parts.append(part)
        left -= len(str(part))
    return Text(*parts)


def _count_items(selection):
    return say("{n} svar", n=make_count(len(selection.items)))


def _count_closed(selection):
    """How many of the picture's numbers are closed: a gap is a result too."""
    closed = sum(is_closed(cell) for item in selection.items for cell in selection.cells_of(item))
    return say("{n} tal kan ikke vises", n=make_count(closed)) if closed else ""


def _write_pair(selection, item):
    shares = [write_share(cell, "share") for cell in selection.cells_of(item)]
    return Text(f"{selection.label(item)}, ", join_texts(_(" mod "), shares))


def _write_found(selection, found, beside):
    """A sentence on each verdict. `found`: {its word: its answers, the largest difference first};
    `beside`: the sentences that must have room too.

    Where there is no room for all, what is no difference becomes a number, then shares give way to
    names, the smallest differences first, and then names to a number. The first answer of a verdict
    always has its shares.
    """
    sure = [WORDS[verdict] for verdict in SURE if WORDS[verdict] in found]
    with_shares = [*sure, *(word for word in found if "tendens" in word)]
    ordered = [*with_shares, *(word for word in found if word not in with_shares)]
    firsts = [found[word][0] for word in with_shares]
    others = [item for word in with_shares for item in found[word][1:]]
    shortest = range(len(others), -1, -1)
    levels = [(len(others), True, True), *((k, True, False) for k in shortest), (0, False, False)]
    for shares, named, all_named in levels:
        shown = {*firsts, *others[:shares]}
        texts = []
        for word in ordered:
            first = _(" i den første gruppe") if word in sure[:1] else ""
            start = begin(_(word)) + first
            names = named if word in with_shares else all_named
            texts.append(_list_found(selection, start, found[word], shown, names))
        if _measure([*beside, *texts]) <= LONGEST_ALT:
            break
    return texts


def _list_found(selection, start, items, shown, named):
    """Answers of a verdict: those `shown` with their shares, the rest by name or as a number."""
    parts = [_write_pair(selection, item) for item in items if item in shown]
    rest = [selection.label(item) for item in items if item not in shown]
    if rest:
        besides = _("desuden ") if parts else ""
        names = _join_labels(rest) if named else say("{n} svar", n=make_count(len(rest)))
        parts.append(Text(besides, names))
    return Text(f"{start}: ", join_texts("; ", parts))


def _join_labels(labels):
    """Labels in a row, with semicolons where one has a comma or "og" of its own."""
    if any(re.search(f",|{_(' og ')}", label) for label in labels):
        return "; ".join(labels)
    return join_words(labels)


def _write_at(selection, item, cells):
    """An answer in two groups, or the most and the least of several."""
    if len(selection.groups) == 2:
        return _write_pair(selection, item)
    return Text(f"{selection.label(item)}, ", _write_ends(selection, cells))


def _write_total(cell):
    return write_share(cell, "share") if hasattr(cell, "df") else make_sum(cell, "share")


def _write_ends(selection, cells):
    ends = [
        say(
            "{share} for {group}",
            share=write_share(cell, "share"),
            group=selection.names[cell.group],
        )
        for cell in (cells[0], cells[-1])
    ]
    return join_texts(_(" mod "), ends)
