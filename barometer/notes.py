"""The words of a figure: its note, its alternative text and its table, all from the cells the picture draws."""
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite

from barometer.disclosure import Released
from barometer.numbers import NBSP, join_words, lower_first, write_number

CONFIDENCE = 0.95   # level of the intervals in a Released table, whatever the tests' alpha
MARKS = {"[c]": "for få svar til at vise tallet", "[u]": "for usikkert til at vise tallet", "[z]": "ikke relevant"}
WORDS = {"higher": "oftere", "lower": "sjældnere", "no_difference": "ingen sikker forskel", "": "ikke testet"}
ADVERBS = {"higher": "signifikant højere", "lower": "signifikant lavere"}
OPPOSITE = {"higher": "lower", "lower": "higher"}
NOBODY = "ingen svar"
LONGEST_ALT = 300   # characters: what a screen reader says in about 20 seconds


@dataclass(frozen=True)
class Selection:
    """What one figure shows of one `Released`: items in drawing order, groups with their labels, answers left out."""

    released: Released
    items: tuple
    groups: dict
    left_out: tuple = ()

    @property
    def about(self):
        """What a reader must know of the table."""
        return self.released.about

    @cached_property
    def _rows(self):
        return {(row.item, row.group): row for row in self.released.table.itertuples()}

    @cached_property
    def _tests(self):
        tests = self.released.comparisons
        return {(row.item, row.first, row.second): row for row in tests.itertuples()} if len(tests) else {}

    def cell(self, item, group):
        """The row of an item and a group. Raises `KeyError` where there is none."""
        return self._rows.get((item, group)) or self.released.cell(item, group)

    def cells(self, group):
        """The rows of a group, one per item."""
        return [self.cell(item, group) for item in self.items]

    def cells_of(self, item):
        """The rows of an item, one per group."""
        return [self.cell(item, group) for group in self.groups]

    def label(self, item):
        """Danish label of an item."""
        return self.cell(item, next(iter(self.groups))).label

    def test(self, item):
        """(verdict, status, adjusted p) of the first group against the second on an item; None if not compared."""
        first, second = self.groups
        if row := self._tests.get((item, first, second)):
            return row.verdict, row.status, row.p_adjusted
        if row := self._tests.get((item, second, first)):
            return OPPOSITE.get(row.verdict, row.verdict), row.status, row.p_adjusted
        return None

    def tests(self, item):
        """All tests on an item between two of the figure's groups."""
        return [row for (name, first, second), row in self._tests.items()
                if name == item and first in self.groups and second in self.groups]


def select_cells(released, groups, items=None, left_out=()):
    """Choose what a figure shows. `groups`: names, or names with the labels to be used; `items`: all when left out."""
    table = released.table
    if not isinstance(groups, Mapping):
        known = dict(zip(table["group"], table["group_label"], strict=True))
        groups = {group: known.get(group, group) for group in groups}
    if items is None:
        items = [item for item in table.loc[table["group"].isin(list(groups)), "item"].unique() if item not in left_out]
    selection = Selection(released, tuple(items), dict(groups), tuple(left_out))
    for item in (*selection.items, *selection.left_out):
        for group in groups:
            selection.cell(item, group)
    return selection


def sort_items(selection):
    """Largest share of the first group on top. Closed cells after the open ones: their place must not tell their size.

    Residual answers are last whatever their size, in the questionnaire's order.
    """
    first, residual = next(iter(selection.groups)), selection.about.residual

    def place(item):
        cell = selection.cell(item, first)
        return (1, 0) if item in residual else (0, -cell.share if is_open(cell) else 1)
    return replace(selection, items=tuple(sorted(selection.items, key=place)))


def is_open(cell):
    """Whether a cell has a share that may be shown."""
    return not cell.status.startswith("[") and isfinite(cell.share)


def tell_share(cell, kind="percent"):
    """A cell's share as text, its mark when closed, or that nobody answered."""
    if cell.status.startswith("[") or is_open(cell):
        return write_number(cell.share, kind, cell.status)
    return NOBODY


def tell_interval(cell):
    """"33–41", the limits of a cell in per cent; its mark when closed, a dash when it has none."""
    if cell.status.startswith("["):
        return cell.status
    if not (is_open(cell) and isfinite(cell.low) and isfinite(cell.high)):
        return "–"
    return "–".join(write_number(limit, "percent").removesuffix(f"{NBSP}%") for limit in (cell.low, cell.high))


def tell_verdict(selection, item):
    """What the test of the two groups says of an item, in words; the mark where a closed cell is in it."""
    marks = [cell.status for group in selection.groups if (cell := selection.cell(item, group)).status.startswith("[")]
    verdict, status, _ = selection.test(item) or ("", "", None)
    return marks[0] if marks else status if status.startswith("[") else WORDS[verdict]


def count_asked(selection, group):
    """"507" respondents in a group, "480–507" when not all items have the same base, or the mark of a closed base."""
    cells = [selection.cell(item, group) for item in (*selection.items, *selection.left_out)]
    known = [cell.n for cell in cells if isfinite(cell.n)]
    if not known:
        return next((cell.status for cell in cells if cell.status.startswith("[")), NOBODY)
    return "–".join(dict.fromkeys(write_number(n, "count") for n in (min(known), max(known))))


def write_note(selection, shows, sums="", tested="", interval=False, stacked=False):
    """The note in the publication's own order: shown, asked, sums, left out, tested, weighting, n per group, source."""
    about, drawn = selection.about, [cell for item in selection.items for cell in selection.cells_of(item)]
    interval = interval and any(is_open(cell) and isfinite(cell.low) for cell in drawn)
    intervals = (f"De tynde streger er {write_number(CONFIDENCE, 'share')} sikkerhedsintervaller: De viser den "
                 "statistiske usikkerhed ved hver andel.") if interval else ""
    if interval and tested:
        intervals += " En forskel er testet for sig og kan ikke aflæses af, om stregerne overlapper."
    synthetic = "Tallene bygger på syntetiske data." if about.synthetic else ""
    parts = [shows, _tell_base(about), _tell_domain(selection), sums, _tell_left_out(selection), tested, intervals,
             _tell_marks(selection, stacked), _tell_weighting(about), _tell_n(selection),
             f"Kilde: {about.source.rstrip('. ')}.", synthetic]
    return " ".join(filter(None, parts))


def tell_answers(selection):
    """First sentence for a figure of the answers to a question, by group."""
    subject = f"svarene på spørgsmålet {_quote([selection.about.question])}" if selection.about.question else "andelene"
    groups = f", opdelt på {_quote(selection.groups.values())}" if len(selection.groups) > 1 else ""
    return f"Figuren viser {subject}{groups}."


def tell_share_by_group(selection):
    """First sentence for a figure of one share by group."""
    groups = join_words(map(lower_first, selection.groups.values()))
    return f"Figuren viser andelen ”{selection.label(selection.items[0])}” for {groups}."


def tell_overlap(selection, whole, parts):
    """Why overlapping parts add up to more than their whole."""
    group = next(iter(selection.groups))
    total, cells = selection.cell(whole, group), [selection.cell(item, group) for item in parts]
    if all(map(is_open, (total, *cells))) and sum(cell.share for cell in cells) > total.share:
        return f"Delene summerer til mere end {tell_share(total)}, fordi flere af dem kan gælde på én gang."
    return "Delene overlapper, fordi flere af dem kan gælde på én gang."


def tell_multiple(selection):
    """Why the shares of a group add up to more than 100 per cent, when several answers could be ticked."""
    if not selection.about.multiple:
        return ""
    totals = [sum(cell.share for cell in selection.cells(group) if is_open(cell)) for group in selection.groups]
    verb = "summerer" if min(totals) > 1 else "kan summere"
    return (f"Procentandelene {verb} til mere end {write_number(1, 'percent')}, "
            "fordi arbejdspladserne kunne vælge flere svar.")


def tell_less(selection):
    """Why the shares in a bar add up to less than 100 per cent."""
    left_out = any(cell.share != 0 for item in selection.left_out for cell in selection.cells_of(item))
    return (f"Procentandelene i hver bjælke summerer til mindre end {write_number(1, 'percent')}, "
            "fordi ikke alle svar er med.") if left_out else ""


def tell_differences(selection):
    """Which answers the two groups differ on, at which level, in how many tests, and what Holm's correction leaves."""
    tests = {item: test for item in selection.items if (test := selection.test(item)) and not test[1].startswith("[")}
    named = {verdict: _quote(selection.label(item) for item, test in tests.items() if test[0] == verdict)
             for verdict in WORDS}
    first, second = (_quote([label]) for label in selection.groups.values())
    level = _tell_level(selection)
    where = f"i gruppen {first} end i gruppen {second}"
    found = [f"{adverb} ({_quote([WORDS[verdict]])}) {{}}for {named[verdict]}"
             for verdict, adverb in ADVERBS.items() if named[verdict]]
    found = [text.format(f"{where} " if not position else "") for position, text in enumerate(found)]
    sentences = [
        f"Andelen er {', mens den er '.join(found)}, {level}." if found else "",
        f"Ingen af forskellene er signifikante {level}." if named["no_difference"] and not found else "",
        f"Der er ingen signifikant forskel for {named['no_difference']}." if named["no_difference"] and found else "",
        f"Forskellen er ikke testet for {named['']}." if named[""] else "",
        _tell_adjustment(selection, tests),
    ]
    return " ".join(filter(None, sentences))


def tell_pairs(selection):
    """Which of the figure's groups differ on its one item, pair by pair; and on the table as a whole."""
    level = _tell_level(selection)
    names = {group: lower_first(label) for group, label in selection.groups.items()}
    tests = selection.tests(selection.items[0])
    pairs = {verdict: [(names[row.first], names[row.second]) for row in tests if row.verdict == verdict]
             for verdict in WORDS}
    above = {}
    for high, low in [*pairs["higher"], *((second, first) for first, second in pairs["lower"])]:
        above.setdefault(low, []).append(high)
    found = " og for ".join(f"{join_words(sorted(highs, key=list(names.values()).index))} end for {low}"
                            for low, highs in above.items())
    same = join_words(f"{one} og {other}" for one, other in pairs["no_difference"]) if pairs["no_difference"] else ""
    sentences = [
        f"Andelen er signifikant højere for {found} {level}." if found else "",
        f"Der er ingen signifikant forskel på {same}{f' {level}' if not found else ''}." if same else "",
        tell_distribution(selection),
    ]
    return " ".join(filter(None, sentences))


def tell_distribution(selection):
    """What the test of the whole table says."""
    test = selection.released.distribution
    if test is None:
        return ""
    if not test.verdict:
        return "Forskellen på grupperne er ikke testet samlet."
    negation = "" if test.verdict == "difference" else "ikke "
    return f"Forskellen på grupperne er samlet set {negation}signifikant {_tell_level(selection)}."


def _tell_domain(selection):
    only = [label for group, label in selection.groups.items() if group != "all"]
    return f"Figuren omfatter kun gruppen {_quote(only)}." if len(selection.groups) == 1 and only else ""


def _tell_base(about):
    if about.asked == "all":
        return ""
    questions = "Spørgsmålet" if about.question else "Spørgsmålene"
    return f"{questions} er kun stillet til {about.base_text}."


def _tell_left_out(selection):
    """Each left-out answer with its share: per group, and per row when the figure has several rows of a battery."""
    by_row = {}
    for item in selection.left_out:
        row, answer = split_label(selection.label(item))
        by_row.setdefault(row, []).append((answer, item))
    texts = []
    for row, answers in by_row.items():
        shares = join_words(f"{_quote([answer])} ({_tell_shares(selection, item)})" for answer, item in answers)
        texts.append(f"for {lower_first(row)} {shares}" if row else shares)
    return f"Udeladt er {join_words(texts)}." if texts else ""


def _tell_shares(selection, item):
    shares = {label: tell_share(selection.cell(item, group)) for group, label in selection.groups.items()}
    if len(shares) == 1:
        return next(iter(shares.values()))
    return ", ".join(f"{lower_first(label)} {share}" for label, share in shares.items())


def _tell_adjustment(selection, tests):
    """How many tests the verdicts rest on, and which of the significant ones Holm's correction does not keep."""
    made = [item for item, test in tests.items() if test[0]]
    if len(made) < 2:
        return ""
    count = f"Der er foretaget {write_number(len(made), 'count')} test, én for hvert svar, uden korrektion for antallet"
    found = [item for item in made if tests[item][0] in OPPOSITE and isfinite(tests[item][2])]
    lost = _quote(selection.label(item) for item in found if tests[item][2] >= selection.about.alpha)
    kept = "; med Holms korrektion er de samme forskelle signifikante" if found else ""
    return f"{count}{f'; med Holms korrektion er forskellen ikke signifikant for {lost}' if lost else kept}."


def _tell_level(selection):
    # As a p-value, because "decimal" would round a level of 0.001 to 0,00.
    level = write_number(selection.about.alpha, "p").removeprefix("p = ").rstrip("0")
    return f"ved et signifikansniveau på {level}"


def _tell_marks(selection, stacked):
    drawn, left_out = ({selection.cell(item, group).status for item in items for group in selection.groups}
                       for items in (selection.items, selection.left_out))
    marks = sorted(mark for mark in drawn | left_out if mark.startswith("["))
    width = "Bredden af et stiplet felt viser ikke et tal." if stacked and drawn & set(marks) else ""
    return " ".join(filter(None, [*(f"{mark}: {MARKS.get(mark, 'vises ikke')}." for mark in marks), width]))


def _tell_weighting(about):
    if about.sector == "all":
        return "Data er vægtet til at repræsentere den offentlige sektor samlet set."
    return f"Data er vægtet til at repræsentere arbejdspladserne i {lower_first(about.sector_label)}."


def _tell_n(selection):
    if len(selection.groups) == 1:
        return f"n{NBSP}={NBSP}{count_asked(selection, next(iter(selection.groups)))}."
    counts = (f"{lower_first(label)}{NBSP}{count_asked(selection, group)}" for group, label in selection.groups.items())
    return f"n: {'; '.join(counts)}."


def split_label(label):
    """("Den nærmeste politiske ledelse", "Ved ikke"): row and answer of a battery; no row for other questions."""
    row, _, answer = label.rpartition(": ")
    return row, answer


def _quote(labels):
    """”A”, ”B” og ”C”; nothing for no labels. Quoted, because labels have commas and "og" of their own."""
    quoted = [f"”{label}”" for label in labels]
    return join_words(quoted) if quoted else ""


# Alternative texts: kind of chart, what is compared, the main result with its two numbers, the exception, the table.

def describe_two_groups(selection):
    """Two bars per answer: the largest tested difference, and the largest the other way."""
    first, second = (lower_first(label) for label in selection.groups.values())
    kind = f"Liggende søjler for {_count_items(selection)} i to grupper: {first} og {second}."
    pairs = {item: selection.cells_of(item) for item in selection.items}
    pairs = {item: cells for item, cells in pairs.items() if all(map(is_open, cells))}
    by_size = sorted(pairs, key=lambda item: -abs(pairs[item][0].share - pairs[item][1].share))
    tests = {item: selection.test(item) for item in by_size}
    found = [item for item in by_size if tests[item] and tests[item][0] in OPPOSITE]
    if not by_size:
        return _fit_alt(kind, "Ingen svar kan vises for begge grupper.")
    if not found:
        tested = any(test and test[0] for test in tests.values())
        start = "Ingen sikker forskel; størst er afstanden for" if tested else "Størst er afstanden for"
        return _fit_alt(kind, f"{start} {_tell_pair(selection, by_size[0])}")
    main, verdict = found[0], tests[found[0]][0]
    opposite = next((item for item in found if tests[item][0] == OPPOSITE[verdict]), None)
    exception = f"{WORDS[OPPOSITE[verdict]].capitalize()}: {_tell_pair(selection, opposite)}" if opposite else ""
    return _fit_alt(kind, f"Størst sikker forskel, {WORDS[verdict]} i den første gruppe: "
                          f"{_tell_pair(selection, main)}", exception)


def describe_whole(selection, whole, parts):
    """One bar for the whole, then its parts."""
    group = next(iter(selection.groups))
    known = [cell for item in parts if is_open(cell := selection.cell(item, group))]
    known.sort(key=lambda cell: -cell.share)
    cell = selection.cell(whole, group)
    kind = f"Liggende søjler: en samlet andel og {write_number(len(parts), 'count')} dele, der overlapper."
    main = f"{cell.label}: {tell_share(cell, 'share')}" if is_open(cell) else ""
    if not known:
        return _fit_alt(kind, main)
    least = f"mindst: {known[-1].label}, {tell_share(known[-1], 'share')}" if len(known) > 1 else ""
    return _fit_alt(kind, main, "; ".join(filter(None, [
        f"Størst af delene: {known[0].label}, {tell_share(known[0], 'share')}", least])))


def describe_balance(selection, totals):
    """Bars to both sides of zero. `totals`: (label, hindered, promoted) per row, nan where it cannot be shown."""
    kind = f"Søjler til begge sider af nul for {join_words(lower_first(row[0]) for row in totals)}."
    texts = []
    for label, *sides in totals:
        known = [f"{write_number(side, 'share')} {word}" for side, word in
                 zip(reversed(sides), ("fremmende", "hæmmende"), strict=True) if isfinite(side)]
        texts += [f"{label}: {' mod '.join(known)}"] if known else []
    return _fit_alt(kind, texts[0] if texts else "Ingen af summerne kan vises.", *texts[1:])


def describe_distribution(selection):
    """A stacked bar per group: the answer on which the groups lie furthest apart."""
    groups = join_words(map(lower_first, selection.groups.values()))
    kind = f"Stablede søjler med {_count_items(selection)} for {groups}."
    spans = []
    for item in selection.items:
        known = sorted((cell for cell in selection.cells_of(item) if is_open(cell)), key=lambda cell: -cell.share)
        if len(known) > 1:
            spans.append((known[0].share - known[-1].share, item, known))
    if not spans:
        return _fit_alt(kind, "Svarene kan ikke sammenlignes.")
    _, item, known = max(spans, key=lambda span: span[0])
    test = selection.released.distribution
    verdicts = {"difference": "Forskellen er samlet set sikker.", "no_difference": "Ingen sikker forskel samlet set."}
    main = _tell_pair(selection, item) if len(selection.groups) == 2 else (
        f"{selection.label(item)}, {_tell_ends(selection, known)}")
    return _fit_alt(kind, f"Størst afstand: {main}", verdicts.get(test.verdict, "") if test else "")


def describe_groups(selection):
    """One answer over several groups: the highest and the lowest."""
    item = selection.items[0]
    kind = (f"Liggende søjler: {lower_first(selection.label(item))}, opdelt på "
            f"{join_words(map(lower_first, selection.groups.values()))}.")
    known = sorted((cell for cell in selection.cells_of(item) if is_open(cell)), key=lambda cell: -cell.share)
    return _fit_alt(kind, f"Højest og lavest: {_tell_ends(selection, known)}" if len(known) > 1 else
                    f"{selection.groups[known[0].group]}: {tell_share(known[0], 'share')}" if known else
                    "Ingen af tallene kan vises.")


def _fit_alt(kind, main, *exceptions):
    """Join the sentences, without the exceptions and at last without the kind's details where it gets too long."""
    tail = "Tal i tabellen nedenfor."
    for sentences in ([kind, main, *exceptions], [kind, main], [kind.partition(":")[0], main], [kind]):
        text = " ".join(s if s.endswith(".") else f"{s}." for s in filter(None, (*sentences, tail)))
        if len(text) <= LONGEST_ALT:
            return text
    return f"{kind[:LONGEST_ALT - len(tail) - 2].rpartition(' ')[0]}… {tail}"


def _count_items(selection):
    return f"{write_number(len(selection.items), 'count')} svar"


def _tell_pair(selection, item):
    first, second = (tell_share(cell, "share") for cell in selection.cells_of(item))
    return f"{selection.label(item)}, {first} mod {second}"


def _tell_ends(selection, cells):
    return " mod ".join(f"{tell_share(cell, 'share')} for {lower_first(selection.groups[cell.group])}"
                        for cell in (cells[0], cells[-1]))


# Tables

def tabulate_items(selection, verdicts=False):
    """A row per answer: share and interval in each group, and the verdict when two groups are compared."""
    level = write_number(CONFIDENCE, "share")
    columns = ["Svar"]
    for group, label in selection.groups.items():
        asked = f"(n{NBSP}={NBSP}{count_asked(selection, group)})"
        several = len(selection.groups) > 1
        columns += [f"{label if several else 'Andel'} {asked}",
                    f"{level} interval{f', {lower_first(label)}' if several else ''}"]
    columns += ["Forskel"] * verdicts
    rows = []
    for item in (*selection.items, *selection.left_out):
        numbers = [text for cell in selection.cells_of(item) for text in (tell_share(cell), tell_interval(cell))]
        rows.append([selection.label(item), *numbers, *([tell_verdict(selection, item)] if verdicts else [])])
    numeric = [False, *[True] * (2 * len(selection.groups)), *[False] * verdicts]
    return {"columns": columns, "rows": rows, "numeric": numeric}


def tabulate_groups(selection):
    """A row per group for the one item: share, interval and n."""
    item = selection.items[0]
    rows = [[selection.groups[cell.group], tell_share(cell), tell_interval(cell),
             write_number(cell.n, "count") if isfinite(cell.n) else cell.status] for cell in selection.cells_of(item)]
    columns = ["Gruppe", selection.label(item), f"{write_number(CONFIDENCE, 'share')} interval", "n"]
    return {"columns": columns, "rows": rows, "numeric": [False, True, True, True]}
