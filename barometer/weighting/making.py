"""Weights made by the steps of a survey's card, with every fault that can stand in their way."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from barometer.designs.declared import CARDS
from barometer.files.csv_files import EMPTY, parse_csv
from barometer.files.faults import DataFault, Fault, check_columns, find_row_faults, show, show_list
from barometer.files.texts import WHOLE
from barometer.languages.speaking import N_, _
from barometer.text import format_count, join_words
from barometer.weighting.declared import STARTS, TOTALS, read_start, read_steps
from barometer.weighting.steps import Margin, NotConverged, calibrate, poststratify, rake, trim

POPULATION, STRATUM = "population.csv", "stratum"
COLUMNS = ("variable", "answer", "units")  # of totals.csv
JOINED = "&"
STAGES = N_(  # what a stage is called in a table
    {
        "start": "Ved begyndelsen",
        "poststratify": "Efterstratificeret",
        "rake": "Tilpasset trinvis",
        "calibrate": "Kalibreret",
        "trim": "Afkortet",
    }
)


@dataclass(frozen=True)
class Stage:
    """Weights (n) after a step; `kind` and `by` are the step's, "start" first."""

    kind: str
    by: tuple
    weights: np.ndarray


@dataclass(frozen=True)
class Made:
    """`stages` of weights, the first those that the steps began with; `projections` of a design."""

    stages: tuple
    projections: tuple


def name_stage(stage, registry):
    """What a stage is called in a table."""
    dimensions, questions = registry.background, registry.questions
    names = []
    for name in stage.by:
        words = dimensions[name].get("heading", name) if name in dimensions else name
        words = questions[name].text if name in questions else words
        names.append(_("Stratum") if name == STRATUM else words)
    named = f": {join_words(names)}" if names else ""
    return f"{_(STAGES[stage.kind])}{named}"


def read_totals(content):
    """Totals of variables that the population's table lacks: variable, answer, units (integers).

    Raises `DataFault`.
    """
    table = parse_csv(TOTALS, content).table
    faults = check_columns(TOTALS, table, COLUMNS)
    if faults or table.empty:
        raise DataFault(faults or [Fault(TOTALS, EMPTY, "skriv en række for hvert svar")])
    table = table.astype(object).fillna("").astype(str)
    named = table.assign(id=table["variable"] + "=" + table["answer"])
    numbers = table["units"].str.fullmatch(WHOLE.pattern)
    cases = [
        (named["id"].duplicated(keep=False), "samme svar flere gange", "behold én række per svar"),
        (~numbers, "ikke et helt tal", "skriv antallet med cifre alene"),
    ]
    if faults := find_row_faults(TOTALS, named, ["answer"], cases[:1], shown=True):
        raise DataFault(faults)
    if faults := find_row_faults(TOTALS, named, ["units"], cases[1:], shown=True):
        raise DataFault(faults)
    return table.assign(units=table["units"].astype("int64"))


def start_weights(table, population, cards):
    """The table with the weights that the steps begin with, before it is checked.

    For `start: strata` units divided by answers; 1 where the stratum is not known, which is a fault
    of its own.
    """
    if read_start(cards) == STARTS[1]:
        return table
    if "weight" in table:
        problem = "kolonnen weight er der, men vægtene begynder med strata"
        remedy = f"fjern den, eller skriv start: column under weighting i {CARDS}"
        raise DataFault([Fault(cards["microdata"], problem, remedy, ("weight",))])
    weights = np.ones(len(table))
    if STRATUM in table:
        strata = pd.Categorical(table[STRATUM])
        places = pd.Index(population[STRATUM]).get_indexer(strata.categories)
        units = np.append(np.where(places < 0, np.nan, population["units"].to_numpy()[places]), 1)
        sizes = np.bincount(strata.codes + 1, minlength=len(strata.categories) + 1)
        weights = units[strata.codes] / sizes[strata.codes + 1]
    table.insert(min(2, table.shape[1]), "weight", np.where(np.isnan(weights), 1.0, weights))
    return table


def make_weights(table, registry, population, totals, cards):
    """(`Made` or None, faults) of a table of answers without faults.

    `totals`: as `read_totals`, or None.
    """
    weights, projections = table["weight"].to_numpy(float), []
    stages, margins, faults = [Stage("start", (), weights)], {}, []
    steps = read_steps(cards)
    for step in steps:
        joined = [step.by] if step.kind == "poststratify" else [(name,) for name in step.by]
        for by in joined:
            if by not in margins:
                margins[by], found = _find_margin(by, table, registry, population, totals, cards)
                faults += found
    if faults:
        return None, faults
    for number, step in enumerate(steps, 1):
        try:
            weights, projection = _take(step, weights, margins)
        except NotConverged as error:
            return None, [_explain_unmet(number, step, error.margins)]
        if not (weights > 0).all():
            return None, [_explain_negative(number, step, table, cards, weights <= 0)]
        projections += [projection] if projection else []
        stages.append(Stage(step.kind, step.by, weights))
    return Made(tuple(stages), tuple(projections)), []


def _take(step, weights, margins):
    """(weights after a step, its `Projection` or None)."""
    if step.kind == "trim":
        low, high = (bound * weights.mean() for bound in step.bounds)
        return trim(weights, low, high), None
    if step.kind == "poststratify":
        return poststratify(weights, margins[step.by])
    fitted = [margins[(name,)] for name in step.by]
    if step.kind == "rake":
        return rake(weights, fitted)
    return calibrate(weights, fitted, step.method, step.bounds)


def _find_margin(by, table, registry, population, totals, cards):
    """(the `Margin` of one variable, or of several together; faults)."""
    name, of_population = JOINED.join(by), [STRATUM, *registry.background]
    if {*by} <= {*of_population}:
        keys = population[list(by)].astype(str).agg(JOINED.join, axis=1)
        units = population.groupby(keys, sort=False)["units"].sum()
        codes = pd.Categorical(table[STRATUM])
        places = pd.Index(population[STRATUM]).get_indexer(codes.categories)[codes.codes]
        place = pd.Index(units.index).get_indexer(keys.to_numpy())[places]
        return _check_empty(Margin(name, place, units.to_numpy(float)), list(units.index), by)
    if len(by) > 1:
        problem = f"poststratify: {name} er ikke alle i {POPULATION}"
        remedy = f"brug dimensioner af {POPULATION} ({show_list(of_population)}), eller brug rake"
        return None, [Fault(CARDS, problem, remedy)]
    question = registry.questions.get(name)
    if question is None or name not in registry.columns:
        problem = f"weighting: {show(name)} er hverken en dimension eller et spørgsmål med ét svar"
        known = [one for one in registry.questions if one in registry.columns]
        return None, [Fault(CARDS, problem, f"brug en af {show_list([*of_population, *known])}")]
    if totals is None or name not in {*totals["variable"]}:
        problem = f"{name} har ingen totaler"
        return None, [Fault(TOTALS, problem, f"skriv units for hvert svar på {name}")]
    return _read_question(name, question, table, totals, population, cards)


def _read_question(name, question, table, totals, population, cards):
    found = totals[totals["variable"] == name].set_index("answer")["units"]
    known = [str(code) for code in question.answers]
    if strange := [code for code in found.index if code not in known]:
        problem = f"{name} har ikke svaret {show_list(strange)}"
        return None, [Fault(TOTALS, problem, f"brug en af {show_list(known)}", ("answer",))]
    units, every = int(found.sum()), int(population["units"].sum())
    if units != every:
        problem = f"totalerne for {name} summer til {format_count(units)}"
        remedy = f"ret dem, så de summer til det samme som units i {POPULATION}"
        return None, [
            Fault(
                TOTALS, f"{problem}, men {POPULATION} har {format_count(every)}", remedy, ("units",)
            )
        ]
    place = pd.Index(found.index).get_indexer(table[name].astype(object))
    cases = [
        (
            place < 0,
            f"svaret på {name} mangler eller har ingen total",
            f"giv svaret en række i {TOTALS}, eller tag {name} ud af weighting i {CARDS}",
        )
    ]
    if faults := find_row_faults(cards["microdata"], table, [name], cases, shown=True):
        return None, faults
    return _check_empty(
        Margin(name, place, found.to_numpy(float)), list(found.index), (name,), TOTALS
    )


def _check_empty(margin, cells, by, file=POPULATION):
    """(margin, the fault of cells that have units and no respondents)."""
    counts = np.bincount(margin.place, minlength=len(margin.totals))
    empty = [cells[one] for one in np.flatnonzero((counts == 0) & (margin.totals > 0))]
    if not empty:
        return margin, []
    what = "1 celle" if len(empty) == 1 else f"{format_count(len(empty))} celler"
    problem = f"{what} af {margin.name} har ingen svar ({show_list(empty)})"
    remedy = "læg svar sammen"
    remedy += f", eller skriv rake: {show_list(by)} i {CARDS}" if len(by) > 1 else ""
    return margin, [Fault(file, problem, f"{remedy}, eller tag {margin.name} ud af weighting", by)]


def _explain_unmet(number, step, margins):
    what = f"weighting, trin {number} ({step.kind})"
    if not margins:
        problem = f"{what}: vægtene kan ikke holdes mellem grænserne"
        return Fault(CARDS, problem, "skriv grænser, der er længere fra hinanden")
    unmet = [
        f"{name} mangler {100 * share:.2g} pct.".replace(".", ",", 1)
        for name, share in margins.items()
        if share > 1e-9
    ]
    remedy = "brug færre variable, læg svar sammen"
    remedy += ", eller skriv grænser, der er længere fra hinanden" if step.bounds else ""
    return Fault(CARDS, f"{what}: totalerne kan ikke mødes ({', '.join(unmet)})", remedy)


def _explain_negative(number, step, table, cards, rows):
    problem = f"weighting, trin {number} ({step.kind}): vægten bliver nul eller negativ"
    remedy = f"skriv method: raking, eller bounds: [0.5, 2], ved trinnet i {CARDS}"
    return find_row_faults(cards["microdata"], table, ["weight"], [(rows, problem, remedy)])[0]
