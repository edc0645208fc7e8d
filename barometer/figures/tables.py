"""Released tables as readers see them, and tables on the survey itself."""

from dataclasses import replace
from itertools import chain
from math import isfinite, nan

from barometer.data.domains import WHOLE, name_place, narrow_domain
from barometer.disclosure.gate import CLOSED
from barometer.disclosure.release import release_shares
from barometer.display import Table
from barometer.figures.cells import (
    name_verdict,
    select_cells,
    write_estimate,
)
from barometer.figures.findings import MEASURE_NAMES, tabulate_items, tabulate_rows
from barometer.figures.notes import LEVEL, describe_whole, find_intervals, write_lacking, write_note
from barometer.languages.speaking import N_, _
from barometer.sentences.trace import trace_table_texts, trace_text
from barometer.text import NOBODY, NONE, Number, Text, begin, name_statistic, say
from barometer.weighting.making import name_stage
from barometer.weighting.response import measure_representativity
from barometer.weighting.steps import measure_spread

# columns after the first of `show_sample` and `show_response`, which the noun is the first of
SAMPLE = N_(("Svar", "Sum af vægte", "Mindste vægt", "Største vægt", "Designeffekt"))
RESPONSE = N_(("Svar", "Svar i pct."))
SPREAD = N_(("Mindste vægt", "Største vægt", "Variation", "Kishs designeffekt"))
SPREAD_FORMS = ("decimal", "decimal", "percent", "decimal")
SPREAD_NOTE = N_(
    "Variation: vægtenes standardafvigelse i pct. af deres gennemsnit. Kishs designeffekt: hvor "
    "meget vægtenes forskelle øger variansen, hvis de intet har med svarene at gøre."
)
SAMPLE_KINDS = ("units", "count", "units", "weight", "weight", "deff")
SAMPLE_NOTE = N_(
    "{Many}: hvor mange populationen har. Vægten er det antal {many}, som et svar står for."
)
EFFECT_NOTE = N_(
    "Designeffekten er forholdet mellem variansen her og variansen i en simpel tilfældig "
    "stikprøve. Den er beregnet for andelen {words}."
)
INVITED = N_("Spurgte")
INVITED_NOTE = N_("Svar i pct.: svar i forhold til de spurgte {many} i stratummet.")
EVENNESS_NOTE = N_(
    "R er {r}: én, hvis lige stor en del af de spurgte svarede i alle strata, og mindre, jo "
    "mere delene er forskellige."
)
RESPONSE_NOTE = N_(
    "Svar i pct.: svar i forhold til alle {many} i stratummet, uanset hvor mange der blev spurgt."
)
UNVARIED = N_(
    {
        "exact": "{none}",
        "too_few": "der er for få svar",
        "complete": "alle er spurgt",
        "zero_variance": "svarene er ens i hvert stratum",
    }
)
WEIGHTS = N_("vægtene summer ikke til flere, end der er svar")


def name_parts(survey, item):
    """The placeholder `{dele}`: an item's share in each part of the first dimension, with where
    that is.
    """
    registry = survey.registry
    domains = {one: narrow_domain(WHOLE, one, registry.background) for one in survey.sectors}
    places = [(item, group, name_place(registry, one)) for group, one in domains.items()]
    return {"dele": places}


def list_parts(survey):
    """The groups of a table that sets the report's part beside the sectors and the whole, without
    sectors that have no answers or are all there is.
    """
    own = [] if survey.is_whole or survey.is_sector else [survey.own_domain]
    return [*own, *(survey.sectors if len(survey.sectors) > 1 else ()), "all"]


def show_shares(released, id, title):
    """A released table's shares with intervals, a row per item, as a numbered table with note."""
    groups = dict(zip(released.table["group"], released.table["group_label"], strict=True))
    selection = select_cells(released, groups)
    table = tabulate_rows(selection) or tabulate_items(selection)
    further = Text(_("Vægtede andele."))
    if find_intervals(selection):
        further = say("Vægtede andele med {level} sikkerhedsinterval i parentes.", level=LEVEL)
    note = write_note(selection, further=further)
    rows = trace_table_texts(table, released.about), trace_text(note, "note", released.about)
    return Table(title, table, str(note), id, tuple(chain(*rows)))


def show_means(tables, id, title, groups, unit="", beside=False):
    """Tables of means, or of other numbers, with intervals and how many gave a point or a number,
    a row per scale and group.

    `unit`: what numbers count. `beside`: the tables are of one question, and stand in columns
    beside each other.
    """
    # each table has who gave no answer to its own scales
    lacking = {item: many for one in tables for item, many in one.about.lacking.items()}
    about, several, rows = replace(tables[0].about, lacking=lacking), len(groups) > 1, []
    tested = len(groups) == 2 and len(tables[0].comparisons) > 0 and not beside
    selections = [select_cells(released, groups) for released in tables]
    others = selections[1:] if beside else []
    for selection in selections[: 1 if beside else None]:
        for item in selection.items:
            verdict = [name_verdict(selection, item)] if tested else []
            for cell in selection.cells_of(item):
                n = Number(cell.n, "count", cell=cell) if isfinite(cell.n) else cell.status
                named = [selection.label(item), *[selection.groups[cell.group]] * several]
                cells = [cell, *(one.cell(item, cell.group) for one in others)]
                rows.append([*named, *map(write_estimate, cells), n, *verdict])
                verdict = [""] * tested
    found = [name_statistic(one.released.table.iloc[0]) for one in selections]
    names = [MEASURE_NAMES[name] for name in dict.fromkeys(found)]
    counted = f" ({unit})" if unit else ""
    measured = [f"{_(one).capitalize()}{counted}" for one in names]
    heads = [_("Spørgsmål"), *[_("Gruppe")] * several, *measured, "n", *[_("Forskel")] * tested]
    numeric = [False, *[False] * several, *[True] * len(measured), True, *[False] * tested]
    table = {"columns": heads, "rows": rows, "numeric": numeric}
    known = any(map(find_intervals, selections))
    limits = say(" med {level} sikkerhedsinterval i parentes", level=LEVEL) if known else ()
    numbers = "statistic" in tables[0].table
    what = _("Vægtede gennemsnit") if names == ["gennemsnit"] else _("Vægtede tal")
    who = _("n: de, der svarede på skalaen.")
    who = _("n: de, der svarede med et tal.") if numbers else who
    note = Text(what, *limits, f". {who}")
    note += f" {describe_whole(about, groups)}".rstrip()
    if missing := write_lacking(about, dict.fromkeys(chain(*(one.items for one in selections)))):
        note += Text(" ", missing)
    note += f" {_('Syntetiske data.')}" * about.synthetic
    trace = trace_table_texts(table, about), trace_text(note, "note", about)
    return Table(title, table, str(note), id, tuple(chain(*trace)))


def show_sample(survey, id, title):
    """Units, respondents, weights and design effect per sector, closed where few answered.

    A sector of the population that nobody answered from is shown as such. The design effect is that
    of the registry's `measure`, or of the first variable on everybody that it reports.
    """
    registry, item = survey.registry, _find_measure(survey)
    label = _("»{label}«").format(label=survey.label(item))
    columns = (_name_many(survey), *map(_, SAMPLE))
    words = registry.measure.get("of", label)
    none = registry.measure.get(
        "none", _("alle eller ingen har svaret {label}").format(label=label)
    )
    released = release_shares(survey.whole, [item], [*survey.every_sector, "all"])
    first = registry.first
    known = {*(f"{first}={one}" for one in survey.population[first].astype(str)), "all"}
    groups = [group for group in (*survey.every_sector, "all") if group in known]
    cells = [released.cell(item, group) for group in groups]
    rows = [_describe_sector(survey.whole, cell) for cell in cells]
    effect = [_(EFFECT_NOTE).format(words=words)] * (not survey.is_census)
    reasons = filter(None, (_explain_effect(cell, none) for cell in cells))
    about = _(SAMPLE_NOTE).format(Many=columns[0], many=registry.respondents["many"])
    note = " ".join([about, *effect, *reasons, _name_source(survey)])
    heads = [registry.background[first]["heading"], *columns]
    return _finish(id, title, heads, rows, note, released)


def _finish(id, title, heads, rows, note, released):
    """A table of a head and numbers in each row, with the trace of the numbers."""
    trace = [
        row | {"label": head}
        for cells in rows
        for number, head in zip(cells[1:], heads[1:], strict=True)
        if number.shown not in (NONE, NOBODY)
        for row in trace_text(number, "table", released.about)
    ]
    trace += trace_text(note, "note", released.about)
    numeric = [False, *[True] * (len(heads) - 1)]
    table = {"columns": heads, "rows": rows, "numeric": numeric}
    return Table(title, table, str(note), id, tuple(trace))


def show_response(survey, id, title):
    """Units, respondents and the share that answered, per stratum; also how many were asked, and
    how even the response was, where the population says it. The gate passes the counts.
    """
    registry, rows = survey.registry, []
    known = "invited" in survey.population
    parts = survey.population.groupby([*registry.background], sort=False, observed=True)
    strata = parts[["units", *["invited"] * known]].sum().reset_index().to_dict("records")
    every = [stratum.pop("units") for stratum in strata]
    asked = [stratum.pop("invited") for stratum in strata] if known else every
    groups = ["&".join(map("=".join, stratum.items())) for stratum in strata]
    released = release_shares(survey.whole, ["all"], groups)
    cells = [released.cell("all", group) for group in groups]
    for stratum, cell, many, invited in zip(strata, cells, every, asked, strict=True):
        closed = CLOSED if not isfinite(cell["n"]) else ""
        labels = [registry.background[name]["answers"][one] for name, one in stratum.items()]
        rows.append(
            [
                ", ".join([labels[0], *map(registry.inside, labels[1:])]),
                Number(many, "count", cell=cell, kind="units"),
                *[Number(invited, "count", cell=cell, kind="units")] * known,
                Number(cell["n"], "count", closed, cell),
                Number(cell["n"] / invited, "percent", closed, cell, kind="response"),
            ]
        )
    heads = [_("Stratum"), _name_many(survey), *[_(INVITED)] * known, *map(_, RESPONSE)]
    note = _(INVITED_NOTE if known else RESPONSE_NOTE).format(many=registry.respondents["many"])
    evenness = measure_representativity(every, asked, [cell["n"] for cell in cells])
    # of closed numbers none is made
    if known and isfinite(evenness):
        note = Text(
            note, " ", say(EVENNESS_NOTE, r=Number(evenness, "decimal", kind="r_indicator"))
        )
    note = Text(note, f" {_name_source(survey)}")
    return _finish(id, title, heads, rows, note, released)


def show_weighting(survey, id, title, items):
    """How far weights are apart after each step that made them, and what the step did to the shares
    of `items`; None where the weights were given.

    All numbers are of everybody. What the plan closes is closed at every step. `step` in the trace.
    """
    if not survey.made:
        return None
    whole = survey.whole
    released = release_shares(whole, [WHOLE, *items])
    every, *cells = (released.cell(item) for item in released.table["item"])
    closed = CLOSED if not isfinite(every["n"]) else ""
    answers = [whole.indicator(cell["item"]) for cell in cells]
    rows = []
    for stage in survey.made.stages:
        spread = zip(measure_spread(stage.weights), SPREAD_FORMS, strict=True)
        numbers = [Number(value, form, closed, every, "step") for value, form in spread]
        for cell, answer in zip(cells, answers, strict=True):
            asked = answer == answer
            share = (stage.weights[asked] @ answer[asked]) / stage.weights[asked].sum()
            numbers.append(Number(share, "percent", cell["status"], cell, "step"))
        rows.append([name_stage(stage, survey.registry), *numbers])
    heads = [_("Trin"), *map(_, SPREAD), *(cell["label"] for cell in cells)]
    note = f"{_(SPREAD_NOTE)} {_name_source(survey)}"
    return _finish(id, title, heads, rows, note, released)


def _find_measure(survey):
    """The variable of the sample's design effect: the registry's, or one on everybody."""
    registry = survey.registry
    if registry.measure:
        return registry.measure["variable"]
    answers = [name for one in registry.questions.values() for name in one.variables]
    every = (*registry.derived, *answers, WHOLE)
    return next(name for name in every if name == WHOLE or registry.asked(name) == WHOLE)


def _name_source(survey):
    return _("Kilde: {source}.").format(source=survey.source)


def _name_many(survey):
    return begin(survey.registry.respondents["many"])


def _describe_sector(survey, cell):
    members = survey.member(cell["group"]) & (survey.design.weights > 0)
    inside = survey.population[survey.registry.first].astype(str) == cell["group"].partition("=")[2]
    weights, units = survey.design.weights[members], survey.population["units"]
    closed = CLOSED if not isfinite(cell["n"]) else ""
    total, *ends = [
        one() if len(weights) else nan for one in (weights.sum, weights.min, weights.max)
    ]
    numbers = [
        (units[inside | (cell["group"] == "all")].sum(), "count", ""),
        (cell["n"], "count", closed),
        (total, "count", closed),
        *((end, "decimal", closed) for end in ends),
        (cell["deff"], "decimal", cell["status"]),
    ]
    kinds = zip(numbers, SAMPLE_KINDS, strict=True)
    return [cell["group_label"], *(Number(*number, cell, kind) for number, kind in kinds)]


def _explain_effect(cell, none):
    """Why a sector has no design effect, as a sentence; "" where it has one or a mark."""
    if isfinite(cell["deff"]) or cell["status"].startswith("[") or cell["status"] == "empty":
        return ""
    status = "" if cell["deff_status"] == "weights" else cell["status"]
    why = _(UNVARIED.get(status, WEIGHTS)).format(none=none)
    text = _("{group} har ingen designeffekt: {why}.")
    return text.format(group=cell["group_label"], why=why)
