"""The plan of closed cells: made once from the whole survey, the same for every report of it.

It covers what the registry says reports show (`reported`), in every domain that it says they are
made for (`domains`), and every published number; a field's report closes what the whole's does,
also when run alone. What a chapter asks for beside it is planned on top, with the question's other
answers, the other sectors and the group's counterparts, and without opening or closing anything of
the plan.
"""

from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from barometer.data.domains import (
    FIRST,
    WHOLE,
    is_joined,
    is_negated,
    list_wider_domains,
    name_domain,
    narrow_domain,
    split_domain,
    split_terms,
    strip_not,
)
from barometer.disclosure.attacks import NoPlan
from barometer.disclosure.bounds import tell_once
from barometer.disclosure.relations import find_base, is_member, list_sources, relate_cells
from barometer.disclosure.rules import SMALLEST_KNOWN, find_broken
from barometer.disclosure.suppression import ASKING, SEALING, close_patterns, close_secondary
from barometer.marks import CONFIDENTIAL

# columns of published.csv that say what a row is about
CELL = ("item", "group", "versus", "sector")
BESIDE = (
    "Tabellen kan ikke vises: lukkede tal i den kunne regnes ud af det, rapporterne viser i "
    "forvejen. "
    "Skriv den under reported i questionnaire.yaml, og kør python -m barometer seal, så "
    "planlægges alt under ét."
)
SECONDARY = "secondary"  # closed so that another does not come back
# how a plan is made; another number where the same files and rules would be planned otherwise
METHOD = "3"


@dataclass(frozen=True)
class Plan:
    """`scope`: the (item, group, domain) it was made for; `closed`: {cell: id of the rule, or
    "secondary"}.

    `extended` remembers what was planned on top (`extend_plan`), by the cells it was asked for.
    """

    scope: frozenset = frozenset()
    closed: dict = field(default_factory=dict, repr=False)
    extended: dict = field(default_factory=dict, compare=False, repr=False)


def name_cell(registry, item, group, domain):
    """The cell of an item and a group seen from a domain: a sector (field, size) as a group is that
    one's own.
    """
    inside = narrow_domain(domain, group, registry.background)
    return (item, WHOLE, inside) if inside else (item, group, domain)


def list_tiers(registry):
    """The domains that reports are made for, in the order they are planned: the whole and the
    sectors; the other dimensions one by one; then in twos, and so on, as far as the registry's
    `domains` says.
    """
    tiers = {0: [*registry.domain_names]}
    for crossed in registry.domains:
        answers = product(*(registry.background[name]["answers"] for name in crossed))
        tiers.setdefault(len(crossed), []).extend(
            name_domain(dict(zip(crossed, one, strict=True))) for one in answers
        )
    return [tiers[number] for number in sorted(tiers)]


def list_scope(registry, published, domains=None):
    """The cells that reports on `domains` show: how many answered, which each report's imprint
    tells; what the registry says; and (of the whole) each published number's. Without `domains`,
    the whole and the sectors.
    """
    domains = [*registry.domain_names] if domains is None else domains
    cells = [(WHOLE, WHOLE, domain) for domain in domains]
    cells += [
        (name, group, domain)
        for entry in registry.reported
        for variable in entry["variables"]
        for name in list_variables(registry, variable)
        for group in entry["groups"]
        for domain in domains
    ]
    for row in (
        published.to_dict("records") if WHOLE in domains and {"kind", *CELL} <= {*published} else ()
    ):
        cells += _list_published(registry, row)
    return list(dict.fromkeys(cells))


def _list_published(registry, row):
    """The cells that a published number or verdict is about; none for a fact from elsewhere."""
    item, group, versus, sector = (row[name] for name in CELL)
    items = {"table": list_variables(registry, item), "items": [item, versus], "fact": []}.get(
        row["kind"], [item]
    )
    groups = [group or WHOLE, *([versus] if row["kind"] in ("groups", "table") else [])]
    sectors = registry.domain_names if row["kind"] == "sectors" else [sector or WHOLE]
    return [name_cell(registry, *cell) for cell in product(items, groups, sectors)]


def list_variables(registry, name):
    """The variables of a question or of a battery's row; the name itself where it is a variable."""
    question, _, item = name.partition(".")
    if question not in registry.questions or "=" in name:
        return [name]
    if not item:
        return list(registry.questions[question].variables)
    answers = registry.questions[question].answers
    return [f"{name}={answer}" for answer in answers] or [name]


def make_plan(survey, tell=tell_once):
    """The `Plan` of a survey, by its own rules and relations.

    Made in tiers, each with what was closed before it: what the whole and the sectors close by
    themselves is closed whether any reports are made by field or not. For those the fewest cells
    are found; for the others, of which there are many more, that would take hours, and whole
    patterns are closed. `tell`: see `bounds.py`. Raises `NoPlan`.
    """
    scope, closed = [], None
    for domains in list_tiers(survey.registry):
        new = frozenset(list_scope(survey.registry, survey.published, domains)) - {*scope}
        scope += sorted(new)
        closed = close_cells(survey, scope, closed, new=new, tell=tell)
    return Plan(frozenset(scope), closed)


def extend_plan(survey, cells):
    """{cell: rule} of what must be closed of `cells` that the survey's plan does not cover, the
    plan as it stands.

    Raises `NoPlan` where some of it would come back from what the plan shows, whatever else is
    closed.
    """
    plan, asked = survey.plan, [cell for cell in cells if cell not in survey.plan.scope]
    opposites = {cell: other for cell in asked if (other := find_opposite(plan, cell))}
    wanted = [opposites.get(cell, cell) for cell in asked if opposites.get(cell) not in plan.scope]
    rests = {cell: parts for cell in wanted if (parts := find_parts(survey.registry, plan, cell))}
    extra = dict.fromkeys(
        one for cell in wanted if cell not in rests for one in widen(survey.registry, cell)
    )
    extra = frozenset(cell for cell in extra if cell not in plan.scope)
    if extra and extra not in plan.extended:
        related = find_related(survey.registry, plan, extra)
        told = plan.scope | {find_base(survey.registry, cell) for cell in plan.scope}
        closable = extra | ({find_base(survey.registry, cell) for cell in extra} - told)
        try:
            plan.extended[extra] = close_cells(
                survey, [*sorted(related), *sorted(extra)], plan.closed, closable, bounds=ASKING
            )
        except NoPlan:
            raise NoPlan(BESIDE) from None
    found = plan.extended.get(extra, {}) | _close_rests(survey, rests)
    return found | _close_opposites(survey, plan.closed | found, opposites)


def find_opposite(plan, cell):
    """The cell that gives this one and is given by it, as both are asked of the same base: of an
    item "!x" it is x, and of x it is "!x" where the plan covers that. None else.
    """
    item, *where = cell
    other = strip_not(item) if is_negated(item) else f"!{item}"
    return (
        None
        if is_joined(item) or not (is_negated(item) or (other, *where) in plan.scope)
        else (other, *where)
    )


def _close_opposites(survey, closed, opposites):
    """{cell: rule} of those among `opposites` ({cell: the other}) that are closed, as the other
    gives them back.
    """
    found = [cell for cell, other in opposites.items() if other in closed]
    facts = pd.DataFrame(
        [(*_count_cell(survey, cell), True) for cell in found],
        columns=["n_yes", "n", "heaviest", "implied"],
    )
    return {
        cell: rule or SECONDARY
        for cell, rule in zip(found, find_broken(facts, CONFIDENTIAL), strict=True)
    }


def find_parts(registry, plan, cell):
    """The part and the whole that give all but the part (the group "!sector=region"), where the
    plan covers both.

    Nothing need be planned for it: who is shown both can subtract, and where one is closed, so is
    what is left.
    """
    item, group, domain = cell
    inside = (
        narrow_domain(domain, strip_not(group), registry.background)
        if is_negated(group) and not is_joined(group)
        else None
    )
    parts = ((item, WHOLE, inside), (item, WHOLE, domain)) if inside and inside != domain else ()
    return parts if {*parts} <= plan.scope else ()


def _close_rests(survey, rests):
    """{cell: rule} of those among `rests` ({cell: its part and whole}) that are closed, and of
    their bases.
    """
    closed = survey.plan.closed
    found = {}
    for cell, parts in rests.items():
        base = find_base(survey.registry, cell)
        held = {
            base: any(find_base(survey.registry, part) in closed for part in parts),
            cell: any(part in closed for part in parts),
        }
        facts = pd.DataFrame(
            [(*_count_cell(survey, one), one == base) for one in held],
            columns=["n_yes", "n", "heaviest", "implied"],
        )
        rules = find_broken(facts, CONFIDENTIAL)
        found |= {
            one: rule or SECONDARY
            for (one, hold), rule in zip(held.items(), rules, strict=True)
            if rule or hold
        }
    return found


def find_related(registry, plan, extra):
    """The plan's cells that share a question with `extra`, those that share one with the closed
    among them, and so on.

    The questions that groups of the plan are made of are left out: how many each group has is told
    anyway.
    """
    usual = {
        column
        for entry in registry.reported
        for group in entry["groups"]
        for column in list_sources(registry, group, as_group=True)
    }
    questions = {
        cell: set(list_sources(registry, cell[0]) + list_sources(registry, cell[1], as_group=True))
        - usual
        for cell in plan.scope
    }
    found, reach = (
        set(),
        {column for item, _, _ in extra for column in list_sources(registry, item)},
    )
    while new := {
        cell for cell, columns in questions.items() if cell not in found and columns & reach
    }:
        found |= new
        reach |= {column for cell in new & set(plan.closed) for column in questions[cell]}
    return found


def widen(registry, cell):
    """A cell with all from which it could come back: its question's other answers, the other
    groups, and, for each dimension of its domain, that dimension's other answers and their sum.
    """
    item, group, domain = cell
    items = [item]
    question, _, answer = strip_not(item).partition("=")
    if answer and question not in registry.background and not is_joined(item):
        items += list_variables(registry, question)
    groups = [
        "&".join(terms)
        for terms in product(*(_widen_term(registry, term) for term in split_terms(group)))
    ]
    free = {
        name: [WHOLE, *registry.background[name]["answers"]]
        for name in split_domain(domain) or (FIRST,)
    }
    domains = [
        name_domain(dict(zip(free, answers, strict=True))) for answers in product(*free.values())
    ]
    return [(one, other, where) for one in items for other in groups for where in domains]


def _widen_term(registry, term):
    """A term of a group's name with its counterparts: the dimension's other answers, or who is not
    in it.
    """
    background, _, answer = term.partition("=")
    if background in registry.background and "|" not in answer:
        return [f"{background}={one}" for one in registry.background[background]["answers"]]
    plain = strip_not(term)
    return [plain] if plain == WHOLE or term in registry.derived else [plain, f"!{plain}"]


def close_cells(survey, cells, settled=None, closable=None, new=(), bounds=SEALING, tell=tell_once):
    """{cell: id of the rule} of all cells to be closed among `cells` and their bases.

    `settled`: the same of cells already planned; only `closable` ones (all when left out) are
    closed besides. `new`: those that are closed before others, in patterns. An exception that a
    person has answered for opens a cell to the rules, but it may be closed for another's sake.
    """
    relations = relate_cells(survey, cells)
    named, settled = (
        list(relations.names),
        {  # bases among them, which nobody asks for by name
            cell: rule for cell, rule in (settled or {}).items() if cell in relations.names
        },
    )
    facts = describe_cells(survey, relations, named)
    broken = dict(zip(named, find_broken(facts, CONFIDENTIAL), strict=True))
    primary = {
        cell: rule
        for cell, rule in broken.items()
        if rule and cell not in survey.exceptions and (closable is None or cell in closable)
    }
    movable = (
        None
        if closable is None
        else {relations.names[cell] for cell in closable}
        - {relations.names[cell] for cell in named if cell not in closable}
    )
    first = {relations.names[cell] for cell in settled} | {
        name
        for cell in primary
        if (name := relations.names[cell])
        if movable is None or name in movable
    }
    if settled and new:
        dear = {relations.names[cell] for cell in cells if cell not in new}
        closed = close_patterns(relations, first, dear, None, bounds, tell)
    else:
        closed = close_secondary(relations, first, movable, bounds, tell)
    return {
        cell: primary.get(cell) or settled.get(cell) or SECONDARY
        for cell, name in relations.names.items()
        if name in closed
    }


def describe_cells(survey, relations, cells):
    """What the rules of confidentiality look at, a row per cell: `n`, `n_yes`, `heaviest`,
    `implied` (`rules.py`).
    """
    counted = {cell: _count_cell(survey, cell) for cell in cells}
    rows = [(*counted[cell], _is_implied(survey, relations, counted, cell)) for cell in cells]
    return pd.DataFrame(rows, columns=["n_yes", "n", "heaviest", "implied"])


def _count_cell(survey, cell):
    item, group, domain = cell
    variables = survey.variables
    base = (
        is_member(variables, group, domain) & variables.is_asked(item) & (survey.design.weights > 0)
    )
    weights = survey.design.weights[base]
    heaviest = np.partition(weights, -2)[-2:].sum() / weights.sum() if len(weights) > 2 else 0.0
    return np.count_nonzero(base & variables.is_true(item)), len(weights), heaviest


def _is_implied(survey, relations, counted, cell):
    """Whether all of a group say the same by definition, or because all of a larger one do, of
    which that is shown.
    """
    return relations.names[cell] == relations.names.get(find_base(survey.registry, cell)) or (
        is_known_wider(survey.registry, counted, cell)
    )


def is_known_wider(registry, counted, cell):
    """The same, but only as far as the registry says it of the group, or counts ({cell: (n_yes, n,
    …)}) tell it.
    """
    item, group, domain = cell
    if item in registry.list_wider(group):
        return True
    yes, n, _ = counted[cell]
    wider_domains = (domain, *list_wider_domains(domain))
    for wider in {(item, one, other) for one in (group, WHOLE) for other in wider_domains} - {cell}:
        all_yes, all_n, _ = counted.get(wider, (1, 2, 0))
        if all_n >= SMALLEST_KNOWN and (all_yes, yes) in ((0, 0), (all_n, n)):
            return True
    return False
