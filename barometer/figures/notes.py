"""A figure's note: what it shows, who was asked, what was tested, where the numbers come from."""

from itertools import chain
from math import isfinite

from barometer.figures.cells import (
    count_asked,
    has_interval,
    is_closed,
    is_open,
    split_label,
    write_share,
)
from barometer.marks import explain_marks
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
    parts = [shows, _describe_base(selection), _describe_domain(selection), sums, tested]
    if not keyed:
        parts += [_explain_intervals(selection, stacked), _explain_marks(selection, stacked)]
    parts += [f"Data er vægtet til {about.inside(about.sector_label)}.", _write_n(selection)]
    parts.append(f"Kilde: {source}.")
    if about.synthetic and "syntetisk" not in source.lower():
        parts.append("Tallene bygger på syntetiske data.")
    return join_texts(" ", filter(None, parts))


def describe_answers(selection):
    """First sentence for a figure of the answers to a question, by group."""
    question = selection.about.question
    return f"Figuren viser {f'svarene på {quote([question])}' if question else 'andelene'}."


def describe_share(selection):
    """First sentence for a figure of one share by group."""
    groups = join_words(selection.names.values())
    return f"Figuren viser andelen ”{selection.label(selection.items[0])}” for {groups}."


def explain_overlap(selection, whole, parts):
    """Why overlapping parts add up to more than their whole."""
    group = next(iter(selection.groups))
    total, cells = selection.cell(whole, group), [selection.cell(item, group) for item in parts]
    if all(map(is_open, (total, *cells))) and sum(cell.share for cell in cells) > total.share:
        reason = ", fordi flere af dem kan gælde på én gang."
        return Text("Delene summerer til mere end ", write_share(total), reason)
    return "Delene overlapper, fordi flere af dem kan gælde på én gang."


def explain_multiple(selection):
    """Why a group's shares may add up to more than 100 per cent."""
    if not selection.about.multiple:
        return ""
    totals = [
        sum(cell.share for cell in selection.cells(group) if is_open(cell))
        for group in selection.groups
    ]
    verb = "summerer" if min(totals) > 1 else "kan summere"
    return Text(f"Flere svar var mulige, så andelene {verb} til over ", WHOLE, ".")


def describe_left_out(selection):
    """What is left out, with its size: why a bar adds up to less than 100 per cent."""
    by_row = {}
    for item in selection.left_out:
        row, answer = split_label(selection.label(item))
        shares = Text(f"{quote([answer])} (", _write_shares(selection, item), ")")
        by_row.setdefault(row, []).append(shares)
    texts = [
        Text(f"for {selection.about.inside(row)} " if row else "", join_words(shares))
        for row, shares in by_row.items()
    ]
    return Text("Udeladt er ", join_words(texts), _explain_less(selection), ".") if texts else ""


def _explain_less(selection):
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


def _describe_domain(selection):
    (group, label), *others = selection.groups.items()
    if others or group in ("all", *selection.about.group_bases):
        return ""
    return f"Figuren omfatter kun gruppen {quote([label])}."


def _describe_base(selection):
    """Who was asked; or the figure's one group, where that is a base.

    Of variables of several questions, one may be asked of others too, who are not counted.
    """
    about, only = selection.about, next(iter(selection.groups))
    if len(selection.groups) == 1 and only in about.group_bases:
        return f"Figuren omfatter kun {about.group_bases[only]}."
    verb = "Spurgt" if about.question else "Medregnet"
    return f"{verb} er kun {about.base_text}." if about.asked != "all" else ""


def _write_shares(selection, item):
    shares = list(map(write_share, selection.cells_of(item)))
    if len(shares) == 1:
        return shares[0]
    named = zip(selection.names.values(), shares, strict=True)
    return join_texts(", ", [Text(f"{name} ", share) for name, share in named])


def _explain_intervals(selection, stacked):
    """How to read the lines on the bars and the parentheses; why a share has neither."""
    where = "; en streg ligger, hvor dens svar ender" if stacked else ""
    start = "Streger og tabellens parenteser: statistisk usikkerhed ("
    lines = Text(start, LEVEL, f" interval){where}.") if find_intervals(selection) else ""
    return join_texts(" ", filter(None, [lines, explain_missing(selection)]))


def find_intervals(selection):
    """Whether any share of a figure or table has an interval."""
    return any(has_interval(cell) for item in selection.items for cell in selection.cells_of(item))


def explain_missing(selection):
    """Why a share stands there without an interval."""
    cells = [cell for item in selection.items for cell in selection.cells_of(item)]
    found = {cell.status for cell in cells if is_open(cell) and not has_interval(cell)}
    why = " eller ".join(reason for status, reason in BARE.items() if status in found)
    return f"Hvor en andel ikke har noget interval, er det, fordi {why}." if why else ""


def _explain_marks(selection, stacked):
    drawn, left_out = (
        [cell for item in items for cell in selection.cells_of(item)]
        for items in (selection.items, selection.left_out)
    )
    marks = {
        mark for cell in (*drawn, *left_out) for mark in (cell.status, getattr(cell, "flag", ""))
    }
    closed = stacked and any(map(is_closed, drawn))
    width = "Bredden af et stiplet felt viser ikke et tal." if closed else ""
    return " ".join(filter(None, [explain_marks(marks), width]))


def _write_n(selection):
    counts = [count_asked(selection, group) for group in selection.groups]
    if len(counts) == 1:
        return Text(f"n{NBSP}={NBSP}", counts[0], ".")
    named = zip(selection.names.values(), counts, strict=True)
    return Text("n: ", join_texts("; ", [Text(f"{name}{NBSP}", n) for name, n in named]), ".")


def quote(labels):
    """”A”, ”B” og ”C”; "" for none. Quoted, because labels have commas and "og" of their own."""
    quoted = [f"”{label}”" for label in labels]
    return join_words(quoted) if quoted else ""
