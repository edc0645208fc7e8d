"""Alternative texts: kind of chart, groups, the main result, the exception, what is closed."""

from math import isfinite

from barometer.figures.cells import (
    OPPOSITE,
    SURE,
    TENDING,
    WORDS,
    is_closed,
    is_open,
    make_count,
    make_sum,
    write_share,
)
from barometer.text import Number, Text, join_texts, join_words

LONGEST_ALT = 300  # characters: what a screen reader says in about 20 seconds
TAIL = "Tal i tabellen nedenfor."
TESTED = {
    "difference": "Forskellen er samlet set sikker.",
    "no_difference": "Ingen sikker forskel samlet set.",
    "tendency": "Ingen sikker forskel samlet set, men en tendens.",
}
# without a test: all were asked, or are alike
KNOWN = {
    "difference": "Der er forskel samlet set.",
    "no_difference": "Der er ingen forskel samlet set.",
}


def describe_two_groups(selection):
    """Two bars per answer: the largest tested difference, and the largest the other way."""
    first, second = selection.names.values()
    items = _count_items(selection)
    kind = Text("Liggende søjler for ", items, f" i to grupper: {first} og {second}.")
    pairs = {item: selection.cells_of(item) for item in selection.items}
    pairs = {item: cells for item, cells in pairs.items() if all(map(is_open, cells))}
    by_size = sorted(pairs, key=lambda item: -abs(pairs[item][0].share - pairs[item][1].share))
    tests = {item: selection.test(item) for item in by_size}
    found, leaning = (
        [item for item in by_size if tests[item] and tests[item][0] in verdicts]
        for verdicts in (SURE, TENDING)
    )
    # all were asked
    sure = "" if any(test and test[1] == "complete" for test in tests.values()) else "sikker "
    if not by_size:
        return _fit_alt(kind, "Ingen svar kan vises for begge grupper.", _count_closed(selection))
    if not found:
        tested = any(test and test[0] for test in tests.values())
        # a closed one may be larger
        among = " blandt de viste svar" if len(pairs) < len(selection.items) else ""
        start = f"Ingen {sure}forskel{among}; størst" if tested else f"Størst{among}"
        start += " er afstanden for"
        main = Text(f"{start} ", _write_pair(selection, by_size[0]))
        tendency = _write_found(selection, tests, leaning[0]) if leaning else ""
        return _fit_alt(kind, main, tendency, _count_closed(selection))
    main, verdict = found[0], tests[found[0]][0]
    opposite = next((item for item in found if tests[item][0] == OPPOSITE[verdict]), None)
    exception = _write_found(selection, tests, opposite) if opposite else ""
    start = f"Størst{f' {sure}' if sure else 'e '}forskel, {WORDS[verdict]} i den første gruppe: "
    main = Text(start, _write_pair(selection, main))
    return _fit_alt(kind, main, exception, _count_closed(selection))


def describe_whole(selection, whole, parts):
    """One bar for the whole, then its parts."""
    group = next(iter(selection.groups))
    known = _sort_open(selection.cell(item, group) for item in parts)
    cell = selection.cell(whole, group)
    count = make_count(len(parts))
    kind = Text("Liggende søjler: en samlet andel og ", count, " dele, der overlapper.")
    main = Text(f"{cell.label}: ", write_share(cell, "share")) if is_open(cell) else ""
    ends = [Text(f"{part.label}, ", write_share(part, "share")) for part in known]
    most = [Text("Størst af delene: ", ends[0])] if ends else []
    least = [Text("mindst: ", ends[-1])] if len(ends) > 1 else []
    return _fit_alt(kind, main, join_texts("; ", most + least), _count_closed(selection))


def describe_balance(selection, rows, words):
    """Bars to both sides of zero. `rows`: (label, left, right), as cells whose share is nan where
    closed; `words`: what each side is called.
    """
    names = join_words(selection.about.inside(row[0]) for row in rows)
    kind = Text(f"Søjler til begge sider af nul for {names}.")
    texts = []
    for label, *sides in rows:
        known = [
            Text(make_sum(side, "share"), f" {word}")
            for side, word in zip(reversed(sides), reversed(words), strict=True)
            if isfinite(side.share)
        ]
        texts += [Text(f"{label}: ", join_texts(" mod ", known))] if known else []
    main, *others = texts or ["Ingen af summerne kan vises."]
    return _fit_alt(kind, main, *others, _count_closed(selection))


def describe_distribution(selection):
    """A stacked bar per group: the answer on which the groups lie furthest apart."""
    groups = join_words(selection.names.values())
    kind = Text("Stablede søjler med ", _count_items(selection), f" for {groups}.")
    cells = {item: _sort_open(selection.cells_of(item)) for item in selection.items}
    spans = {item: some[0].share - some[-1].share for item, some in cells.items() if len(some) > 1}
    if not spans:
        return _fit_alt(kind, "Svarene kan ikke sammenlignes.", _count_closed(selection))
    item = max(spans, key=spans.get)
    if len(selection.groups) == 2:
        main = _write_pair(selection, item)
    else:
        main = Text(f"{selection.label(item)}, ", _write_ends(selection, cells[item]))
    test = selection.released.distribution
    verdicts = KNOWN if test and test.status else TESTED
    verdict = verdicts.get(selection.read_verdict(test), "") if test else ""
    return _fit_alt(kind, Text("Størst afstand: ", main), verdict, _count_closed(selection))


def describe_groups(selection):
    """One answer over several groups: the highest and the lowest."""
    item = selection.items[0]
    label, groups = selection.about.inside(selection.label(item)), selection.names.values()
    kind = Text(f"Liggende søjler: {label}, opdelt på {join_words(groups)}.")
    known = _sort_open(selection.cells_of(item))
    main = "Ingen af tallene kan vises."
    if len(known) > 1:
        main = Text("Højest og lavest: ", _write_ends(selection, known))
    elif known:
        main = Text(f"{selection.groups[known[0].group]}: ", write_share(known[0], "share"))
    return _fit_alt(kind, main, _count_closed(selection))


def _sort_open(cells):
    """The cells that may be shown, the largest share first."""
    return sorted(filter(is_open, cells), key=lambda cell: -cell.share)


def _fit_alt(kind, main, *exceptions):
    """Join the sentences and what exceptions there is room for; else the kind loses its details."""
    for start in ([kind, main], [_find_kind(kind), main], [kind]):
        if _measure(start) <= LONGEST_ALT:
            break
    else:
        return Text(_cut(kind, LONGEST_ALT - len(TAIL) - 2), f"… {TAIL}")
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
    texts = [Text(sentence) for sentence in (*sentences, TAIL) if sentence]
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
    return Text(make_count(len(selection.items)), " svar")


def _count_closed(selection):
    """How many of the picture's numbers are closed: a gap is a result too."""
    closed = sum(is_closed(cell) for item in selection.items for cell in selection.cells_of(item))
    return Text(make_count(closed), " tal kan ikke vises") if closed else ""


def _write_pair(selection, item):
    shares = [write_share(cell, "share") for cell in selection.cells_of(item)]
    return Text(f"{selection.label(item)}, ", join_texts(" mod ", shares))


def _write_found(selection, tests, item):
    return Text(f"{WORDS[tests[item][0]].capitalize()}: ", _write_pair(selection, item))


def _write_ends(selection, cells):
    ends = [
        Text(write_share(cell, "share"), f" for {selection.names[cell.group]}")
        for cell in (cells[0], cells[-1])
    ]
    return join_texts(" mod ", ends)
