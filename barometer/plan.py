"""The plan of closed cells: made once from the whole survey, the same for every report of it.

It covers what the registry says reports show (`reported`) and every published number; a sector's report closes what
the whole's does, also when run alone. What a chapter asks for beside it is planned on top, with the question's other
answers, the other sectors and the group's counterparts, and without opening or closing anything of the plan.
"""
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from barometer.attacks import NoPlan
from barometer.parameters import SECTORS
from barometer.questionnaire import BACKGROUND
from barometer.relations import WHOLE, find_base, is_member, list_sources, relate_cells
from barometer.rules import CONFIDENTIAL, SMALLEST_KNOWN, find_broken
from barometer.suppression import close_secondary

CELL = ("item", "group", "versus", "sector")     # columns of published.csv that say what a row is about
BESIDE = ("Tabellen kan ikke vises: lukkede tal i den kunne regnes ud af det, rapporterne viser i forvejen. "
          "Skriv den under reported i questionnaire.yaml, og kør python -m barometer.seal, så planlægges alt under ét.")
SECONDARY = "secondary"     # closed so that another does not come back


@dataclass(frozen=True)
class Plan:
    """`scope`: the (item, group, sector) it was made for; `closed`: {cell: id of the rule, or "secondary"}.

    `extended` remembers what was planned on top (`extend_plan`), by the cells it was asked for.
    """

    scope: frozenset = frozenset()
    closed: dict = field(default_factory=dict)
    extended: dict = field(default_factory=dict, compare=False, repr=False)


def name_cell(item, group, sector):
    """The cell of an item and a group seen from a sector: a sector as a group is that sector's own."""
    return (item, WHOLE, group.removeprefix("sector=")) if group.startswith("sector=") else (item, group, sector)


def list_scope(registry, published):
    """The cells that reports show: what the registry says, in every sector, and each published number's."""
    cells = [(name, group, sector) for entry in registry.reported for variable in entry["variables"]
             for name in list_variables(registry, variable) for group in entry["groups"] for sector in SECTORS]
    for row in published.to_dict("records") if {"kind", *CELL} <= {*published} else ():
        cells += _list_published(registry, row)
    return list(dict.fromkeys(cells))


def _list_published(registry, row):
    """The cells that a published number or verdict is about; none for a fact from elsewhere."""
    item, group, versus, sector = (row[name] for name in CELL)
    items = {"table": list_variables(registry, item), "items": [item, versus], "fact": []}.get(row["kind"], [item])
    groups = [group or WHOLE, *([versus] if row["kind"] in ("groups", "table") else [])]
    sectors = SECTORS if row["kind"] == "sectors" else [sector or WHOLE]
    return [name_cell(one, other, place) for one in items for other in groups for place in sectors]


def list_variables(registry, name):
    """The variables of a question or of a battery's row; the name itself where it is a variable."""
    question, _, item = name.partition(".")
    if question not in registry.questions or "=" in name:
        return [name]
    if not item:
        return list(registry.questions[question].variables)
    answers = registry.questions[question].answers
    return [f"{name}={answer}" for answer in answers] or [name]


def list_wider(registry, name):
    """The bases that a variable lies within, from the nearest to everybody."""
    base = registry.asked(name)
    return (base,) if base == WHOLE else (base, *list_wider(registry, base))


def make_plan(survey):
    """The `Plan` of a survey, by its own rules and relations. Raises `NoPlan`."""
    scope = list_scope(survey.registry, survey.published)
    return Plan(frozenset(scope), close_cells(survey, scope))


def extend_plan(survey, cells):
    """{cell: rule} of what must be closed of `cells` that the survey's plan does not cover, the plan as it stands.

    Raises `NoPlan` where some of it would come back from what the plan shows, whatever else is closed.
    """
    plan = survey.plan
    extra = dict.fromkeys(one for cell in cells if cell not in plan.scope for one in widen(survey.registry, cell))
    extra = frozenset(cell for cell in extra if cell not in plan.scope)
    if extra and extra not in plan.extended:
        related = find_related(survey.registry, plan, extra)
        settled = {cell: rule for cell, rule in plan.closed.items() if cell in related}
        try:
            plan.extended[extra] = close_cells(survey, [*sorted(related), *sorted(extra)], settled, extra)
        except NoPlan:
            raise NoPlan(BESIDE) from None
    return plan.extended.get(extra, {})


def find_related(registry, plan, extra):
    """The plan's cells that share a question with `extra`, those that share one with the closed among them, and so on.

    The questions that groups of the plan are made of are left out: how many each group has is told anyway.
    """
    usual = {column for entry in registry.reported for group in entry["groups"]
             for column in list_sources(registry, group, as_group=True)}
    questions = {cell: set(list_sources(registry, cell[0]) + list_sources(registry, cell[1], as_group=True)) - usual
                 for cell in plan.scope}
    found, reach = set(), {column for item, _, _ in extra for column in list_sources(registry, item)}
    while new := {cell for cell, columns in questions.items() if cell not in found and columns & reach}:
        found |= new
        reach |= {column for cell in new & set(plan.closed) for column in questions[cell]}
    return found


def widen(registry, cell):
    """A cell with all from which it could come back: its question's other answers, all sectors, the other groups."""
    item, group, _ = cell
    items = [item]
    question, _, answer = item.partition("=")
    if answer and question not in BACKGROUND:
        items += list_variables(registry, question)
    groups = [group] if group == WHOLE or group in registry.derived else [group, f"!{group}"]
    background = group.partition("=")[0]
    if background in BACKGROUND:
        groups = [f"{background}={answer}" for answer in registry.background[background]["answers"]]
    return [(one, other, sector) for one in items for other in groups for sector in SECTORS]


def close_cells(survey, cells, settled=None, closable=None):
    """{cell: id of the rule} of all cells to be closed among `cells` and their bases.

    `settled`: the same of cells already planned; then only `closable` ones may be closed. An exception that a person
    has answered for opens a cell to the rules, but it may be closed for another's sake.
    """
    relations, settled = relate_cells(survey, cells), settled or {}
    named = list(relations.names)
    facts = describe_cells(survey, relations, named)
    broken = dict(zip(named, find_broken(facts, CONFIDENTIAL), strict=True))
    primary = {cell: rule for cell, rule in broken.items()
               if rule and cell not in survey.exceptions and (not settled or cell in closable)}
    first = {relations.names[cell] for cell in (*primary, *settled)}
    movable = None if closable is None else {relations.names[cell] for cell in closable}
    closed = close_secondary(relations, first, movable)
    return {cell: primary.get(cell) or settled.get(cell) or SECONDARY
            for cell, name in relations.names.items() if name in closed}


def describe_cells(survey, relations, cells):
    """What the rules of confidentiality look at, a row per cell: `n`, `n_yes`, `heaviest`, `implied` (`rules.py`)."""
    counted = {cell: _count_cell(survey, cell) for cell in cells}
    rows = [(*counted[cell], _is_implied(survey, relations, counted, cell)) for cell in cells]
    return pd.DataFrame(rows, columns=["n_yes", "n", "heaviest", "implied"])


def _count_cell(survey, cell):
    item, group, sector = cell
    variables = survey.variables
    base = is_member(variables, group, sector) & variables.is_asked(item) & (survey.design.weights > 0)
    weights = survey.design.weights[base]
    heaviest = np.partition(weights, -2)[-2:].sum() / weights.sum() if len(weights) > 2 else 0.0
    return np.count_nonzero(base & variables.is_true(item)), len(weights), heaviest


def _is_implied(survey, relations, counted, cell):
    """Whether all of a group say the same by definition, or because all of a larger one do, of which that is shown."""
    item, group, sector = cell
    if item in list_wider(survey.registry, group) or (
            relations.names[cell] == relations.names.get(find_base(survey.registry, cell))):
        return True
    yes, n, _ = counted[cell]
    for wider in {(item, group, WHOLE), (item, WHOLE, sector), (item, WHOLE, WHOLE)} - {cell}:
        all_yes, all_n, _ = counted.get(wider, (1, 2, 0))
        if all_n >= SMALLEST_KNOWN and (all_yes, yes) in ((0, 0), (all_n, n)):
            return True
    return False
