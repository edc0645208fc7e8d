"""A figure's or table's note, which is short: what was asked, what is left out, how many answered.

How figures are read, what data are weighted to and where they are from stands once in a report.
"""

from dataclasses import dataclass

from barometer.data.domains import WHOLE, list_heads, split_domain
from barometer.figures.cells import (
    STAR,
    count_asked,
    has_interval,
    is_open,
    make_count,
    split_label,
)
from barometer.figures.findings import quote
from barometer.languages.speaking import N_, _
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import NBSP, Number, Text, join_texts, say

LONGEST = 40  # words
MOST_NAMED = 4  # groups whose n a note has room for beside what it must say
NOT_COUNTED = N_("De, der ikke har svaret, er ikke medregnet.")
LEVEL = Number(CONFIDENCE, "share", kind="confidence")  # of intervals
# Why a share has no interval, by status (`estimates.estimate_shares`).
BARE = N_(
    {
        "complete": "alle er spurgt",
        "zero_variance": "svarene ikke varierer inden for strata",
        "too_few": "der er for få svar",
    }
)


@dataclass(frozen=True)
class Part:
    """A part of a note: how late it gives way, its forms, the longest first, and whether it
    `stays`, in its shortest form.
    """

    order: int
    forms: list
    stays: bool = False


def write_note(selection, shows="", further="", kept=False):
    """The note, of at most `LONGEST` words as far as parts can be left out or shortened.

    `shows`: what a person has written in place of the question; `further`: what this kind of figure
    must say, which with `kept` is the last to give way; n of many groups is in the table then.
    """
    about = selection.about
    stop = "." * (not about.question.endswith(("?", ".")))
    asked = (
        _("Spørgsmål: {text}").format(text=quote([about.question]) + stop) if about.question else ""
    )
    flagged = any(
        getattr(cell, "flag", "") for item in selection.items for cell in selection.cells_of(item)
    )
    brief = not kept or len(selection.groups) <= MOST_NAMED
    parts = [  # in reading order
        Part(4, [shows or asked]),
        Part(1, _describe_base(selection), stays=True),
        Part(8, [write_lacking(about, (*selection.items, *selection.left_out))]),
        Part(3, [_describe_domain(selection)]),
        Part(9, [describe_whole(about, selection.groups)], stays=True),
        Part(10 if kept else 2, [further]),
        Part(5, _name_left_out(selection)),
        Part(6, [f"{STAR}{NBSP}{_('med forbehold, se tabellen.')}" if flagged else ""]),
        Part(2, [explain_missing(selection)]),
        Part(9, [write_n(selection)] * brief + [_("n står i tabellen.")]),
        Part(7, [_("Syntetiske data.") if about.synthetic else ""]),
    ]
    return join_texts(" ", filter(None, _fit_parts(parts)))


def write_n(selection):
    """How many answered, by group."""
    counts = [count_asked(selection, group) for group in selection.groups]
    if len(counts) == 1:
        return Text(f"n{NBSP}={NBSP}", counts[0], ".")
    if len({str(count) for count in counts}) == 1:
        return Text(f"n{NBSP}={NBSP}", counts[0], _(" i hver gruppe."))
    named = zip(selection.names.values(), counts, strict=True)
    return Text("n: ", join_texts("; ", [Text(f"{name}{NBSP}", n) for name, n in named]), ".")


def write_lacking(about, items):
    """How many gave no answer, and are not counted; "" where all did, or none may be shown."""
    found = [about.lacking[item] for item in items if item in about.lacking]
    if not any(one != 0 for one in found):
        return ""
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return _("Få har ikke svaret og er ikke medregnet.") if not any(known) else _(NOT_COUNTED)
    ends = [make_count(one) for one in dict.fromkeys((min(known), max(known)))]
    if all(item.endswith("=given") for item in items):
        return say("{n} har ikke svaret med et tal og er ikke medregnet.", n=join_texts("–", ends))
    return say("{n} har ikke svaret og er ikke medregnet.", n=join_texts("–", ends))


def list_origin(selection):
    """What stands below a picture that is alone: how many answered, what data, from where."""
    about, source = selection.about, selection.about.source.rstrip(". ")
    synthetic = f"{_('Syntetiske data.')} " if about.synthetic else ""
    place = about.inside(about.part_label)
    text = _("Vægtet til {place}. Kilde: {source}.").format(place=place, source=source)
    return [str(write_n(selection)), synthetic + text]


def count_words(text):
    """How many words a note has; a number and its unit are two."""
    return len(str(text).split())


def find_intervals(selection):
    """Whether any share of a figure or table has an interval."""
    return any(has_interval(cell) for item in selection.items for cell in selection.cells_of(item))


def explain_missing(selection):
    """Why a share stands there without an interval."""
    cells = [cell for item in selection.items for cell in selection.cells_of(item)]
    found = {cell.status for cell in cells if is_open(cell) and not has_interval(cell)}
    why = _(" eller ").join(_(reason) for status, reason in BARE.items() if status in found)
    text = _("Hvor en andel ikke har noget interval, er det, fordi {why}.")
    return text.format(why=why) if why else ""


def explain_overlap(selection, whole, parts):
    """Why overlapping parts add up to more than their whole."""
    group = next(iter(selection.groups))
    total, cells = selection.cell(whole, group), [selection.cell(item, group) for item in parts]
    text = _("Delene kan tilsammen være mere end helheden, fordi flere kan gælde på én gang.")
    if all(map(is_open, (total, *cells))) and sum(cell.share for cell in cells) > total.share:
        text = _("Delene er tilsammen mere end helheden, fordi flere kan gælde på én gang.")
    return text


def _fit_parts(parts):
    """The texts of `Part`s, those that give way first shortened or left out until all fit."""
    chosen = [[form for form in part.forms if form] for part in parts]
    pairs = zip(parts, chosen, strict=True)
    for part, forms in sorted(pairs, key=lambda pair: pair[0].order):
        while _are_long(chosen) and len(forms) > part.stays:
            forms.pop(0)
    return [forms[0] for forms in chosen if forms]


def _are_long(chosen):
    return sum(count_words(forms[0]) for forms in chosen if forms) > LONGEST


def _name_left_out(selection):
    """What is left out by name, or how many answers that is."""
    answers = dict.fromkeys(split_label(selection.label(item))[1] for item in selection.left_out)
    if not answers:
        return [""]
    count = say("Ikke vist: {n} svar, som står i tabellen.", n=make_count(len(answers)))
    return [_("Ikke vist: {names}.").format(names=quote(answers)), count]


def _describe_domain(selection):
    (group, label), *others = selection.groups.items()
    if others or group in ("all", *selection.about.group_bases):
        return ""
    return _("Figuren omfatter kun gruppen {name}.").format(name=quote([label]))


def describe_whole(about, groups):
    """That numbers in a report on a part are of the whole, where no group's name says it."""
    if WHOLE in (about.part, *groups) or about.domain != WHOLE:
        return ""
    if {*split_domain(about.part)} <= {head for group in groups for head in list_heads(group)}:
        return ""
    return _("Omfatter {whole}.").format(whole=about.inside(about.part_label))


def _describe_base(selection):
    """Who was asked, and a shorter form; or the figure's one group, where that is a base.

    Of variables of several questions, one may be asked of others too, who are not counted.
    """
    about, only = selection.about, next(iter(selection.groups))
    if len(selection.groups) == 1 and only in about.group_bases:
        return [_("Medregnet: {base}.").format(base=about.group_bases[only])]
    if about.asked == "all":
        return []
    asked = about.question and "=" not in about.asked
    wording = _("Spurgt: {base}.") if asked else _("Medregnet: {base}.")
    brief = _("Ikke alle er spurgt.") if asked else _("Ikke alle er medregnet.")
    return [wording.format(base=about.base_text), brief]
