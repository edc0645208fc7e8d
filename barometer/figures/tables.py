"""Released tables as readers see them, and tables on the survey itself."""

from math import isfinite, nan

from barometer.data.domains import FIRST, WHOLE, name_group, name_place
from barometer.disclosure.gate import CLOSED
from barometer.disclosure.release import release_shares
from barometer.display import Table
from barometer.figures.cells import select_cells, tabulate_items
from barometer.figures.notes import LEVEL, find_intervals, tell_missing, write_note
from barometer.sentences.trace import trace_table_texts, trace_text
from barometer.text import NOBODY, NONE, Number, Text, join_texts

# columns after the first of `show_sample` and `show_response`, which the noun is the first of
SAMPLE = ("Svar", "Sum af vægte", "Mindste vægt", "Største vægt", "Designeffekt")
RESPONSE = ("Svar", "Svar i pct.")
SAMPLE_KINDS = ("units", "count", "units", "weight", "weight", "deff")
SAMPLE_NOTE = (
    "{Many}: hvor mange populationen har. Vægten er det antal {many}, som et svar står for."
)
EFFECT_NOTE = (
    "Designeffekten er forholdet mellem variansen her og variansen i en simpel tilfældig "
    "stikprøve. Den er beregnet for andelen {words}."
)
UNVARIED = {
    "exact": "{none}",
    "too_few": "der er for få svar",
    "complete": "alle er spurgt",
    "zero_variance": "svarene er ens i hvert stratum",
}
WEIGHTS = "vægtene summer ikke til flere, end der er svar"


def name_sectors(survey, item):
    """The placeholder `{sektorer}`: an item's share in each sector, with where that is."""
    return {
        "sektorer": [
            (item, group, name_place(survey.registry, group.partition("=")[2]))
            for group in survey.sectors
        ]
    }


def list_parts(survey):
    """The groups of a table that sets the report's part beside the sectors and the whole.

    A sector without answers is left out, and one that is all there is of the whole.
    """
    own = [] if survey.is_whole or survey.is_sector else [survey.own_domain]
    return [*own, *(survey.sectors if len(survey.sectors) > 1 else ()), "all"]


def show_shares(released, id, title):
    """A released table's shares with intervals, a row per item, as a numbered table with note."""
    groups = dict(zip(released.table["group"], released.table["group_label"], strict=True))
    selection = select_cells(released, groups)
    table = tabulate_items(selection)
    note = write_note(selection, _tell_content(selection), keyed=True)
    told = trace_text(note, "note", released.about)
    rows = trace_table_texts(table, released.about)
    return Table(title, table, str(note), id, (*rows, *told))


def _tell_content(selection):
    """First sentence of a table's note: its shares, and their intervals where there are any."""
    limits = (" med ", LEVEL, " sikkerhedsinterval i parentes") if find_intervals(selection) else ()
    content = Text("Tabellen viser vægtede andele", *limits, ".")
    return join_texts(" ", filter(None, [content, tell_missing(selection)]))


def show_sample(survey, id, title):
    """Units, respondents, weights and design effect per sector, closed where few answered.

    A sector of the population that nobody answered from is shown as such. The design effect is that
    of the registry's `measure`, or of the first variable on everybody that it reports.
    """
    registry, item = survey.registry, _find_measure(survey)
    label, columns = f"»{survey.label(item)}«", (_name_many(survey), *SAMPLE)
    words = registry.measure.get("of", label)
    none = registry.measure.get("none", f"alle eller ingen har svaret {label}")
    released = release_shares(survey.whole, [item], [*survey.every_sector, "all"])
    known = {*map(name_group, survey.population[FIRST].astype(str)), "all"}
    cells = [
        cell
        for group in (*survey.every_sector, "all")
        if group in known
        for cell in [released.cell(item, group)]
    ]
    rows = [_describe_sector(survey.whole, cell) for cell in cells]
    trace = [
        row | {"label": column}
        for cells in rows
        for number, column in zip(cells[1:], columns, strict=True)
        if number.shown not in (NONE, NOBODY)
        for row in trace_text(number, "table", released.about)
    ]
    effect = [EFFECT_NOTE.format(words=words)] * (not survey.is_census)
    reasons = filter(None, (_explain_effect(cell, none) for cell in cells))
    about = SAMPLE_NOTE.format(Many=columns[0], many=registry.respondents["many"])
    note = " ".join([about, *effect, *reasons, f"Kilde: {survey.source}."])
    table = {
        "columns": [registry.background[FIRST]["heading"], *columns],
        "rows": rows,
        "numeric": [False, *[True] * len(columns)],
    }
    return Table(title, table, note, id, tuple(trace))


def show_response(survey, id, title):
    """Units, respondents and the share that answered, per stratum.

    The counts pass the gate as those of any group.
    """
    dimensions, columns = list(survey.registry.background), (_name_many(survey), *RESPONSE)
    population = survey.population.groupby(dimensions, sort=False, observed=True)["units"].sum()
    groups = {
        "&".join(f"{name}={answer}" for name, answer in zip(dimensions, where, strict=True)): (
            where,
            units,
        )
        for where, units in population.items()
    }
    released = release_shares(survey.whole, ["all"], [*groups])
    rows, trace = [], []
    for group, (where, units) in groups.items():
        cell = released.cell("all", group)
        closed = CLOSED if not isfinite(cell["n"]) else ""
        numbers = [
            Number(units, "count", cell=cell, kind="units"),
            Number(cell["n"], "count", closed, cell),
            Number(cell["n"] / units, "percent", closed, cell, kind="response"),
        ]
        rows.append(
            [
                survey.registry.background[name]["answers"][answer]
                for name, answer in zip(dimensions, where, strict=True)
            ]
            + numbers
        )
        trace += [
            row | {"label": column}
            for number, column in zip(numbers, columns, strict=True)
            for row in trace_text(number, "table", released.about)
        ]
    rows = [
        [", ".join([row[0], *map(survey.registry.inside, row[1:-3])]), *row[-3:]] for row in rows
    ]
    note = (
        f"Svar i pct.: svar i forhold til alle {survey.registry.respondents['many']} i "
        f"stratummet, uanset hvor mange der blev spurgt. Kilde: {survey.source}."
    )
    table = {
        "columns": ["Stratum", *columns],
        "rows": rows,
        "numeric": [False, *[True] * len(columns)],
    }
    return Table(title, table, note, id, tuple(trace))


def _find_measure(survey):
    """The variable of the sample's design effect: the registry's, or one on everybody."""
    registry = survey.registry
    if registry.measure:
        return registry.measure["variable"]
    every = [
        *registry.derived,
        *(name for one in registry.questions.values() for name in one.variables),
    ]
    found = [name for name in every if registry.asked(name) == WHOLE]
    return [*found, WHOLE][0]


def _name_many(survey):
    """The noun of those who answer as the head of a column."""
    many = survey.registry.respondents["many"]
    return many[:1].upper() + many[1:]


def _describe_sector(survey, cell):
    members = survey.member(cell["group"]) & (survey.design.weights > 0)
    inside = survey.population[FIRST].astype(str) == cell["group"].partition("=")[2]
    weights, units = survey.design.weights[members], survey.population["units"]
    closed = CLOSED if not isfinite(cell["n"]) else ""
    ends = (weights.min(), weights.max()) if len(weights) else (nan, nan)
    total = weights.sum() if len(weights) else nan
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
    if cell["deff_status"] == "weights":
        why = WEIGHTS
    else:
        why = UNVARIED.get(cell["status"], WEIGHTS).format(none=none)
    return f"{cell['group_label']} har ingen designeffekt: {why}."
