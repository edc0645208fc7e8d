"""The plan of closed cells: made once from the whole survey, the same for every report of it.

It covers what the chapters ask for in every report that the registry names (`domains`), which is
found by running them (`tools/collecting.py`), and every published number; a field's report closes
what the whole's does, also when run alone. What the plan was not made for is published in no
report.
"""

from dataclasses import dataclass, field
from itertools import product

import pandas as pd

from barometer.data.domains import (
    WHOLE,
    is_joined,
    is_negated,
    list_wider_domains,
    name_domain,
    narrow_domain,
    strip_not,
)
from barometer.disclosure.facts import count_cell
from barometer.disclosure.relations import find_base, relate_cells
from barometer.disclosure.rules import BASE, find_broken
from barometer.marks import CONFIDENTIAL
from barometer.suppression.attacks import NoPlan, Search
from barometer.suppression.bounds import Effort, Exhausted, tell_once
from barometer.suppression.closing import close_patterns, close_secondary

# columns of published.csv that say what a row is about
CELL = ("item", "group", "versus", "domain")
UNPLANNED = (
    "Der kan ikke laves en plan over lukkede celler: En af dem kan regnes ud, hvad der end lukkes. "
    "Se efter, om svarene følger spørgeskemaet i questionnaire.yaml, og om kapitlerne kan spørge "
    "om færre grupper."
)
SECONDARY = "secondary"  # closed so that another does not come back
# how a plan is made; another number where the same files and rules would be planned otherwise
METHOD = "6"
LONGEST = 1e9  # units of work (`bounds.py`)
FACTS = ["n_yes", "n", "heaviest", "implied"]


@dataclass(frozen=True)
class Plan:
    """`scope`: the (item, group, domain) it was made for; `closed`: {cell: id of the rule, or
    "secondary"}; `beside`: {release: checksum} of the earlier releases it was made beside.
    """

    scope: frozenset = frozenset()
    closed: dict = field(default_factory=dict, repr=False)
    beside: dict = field(default_factory=dict, repr=False)


def name_cell(registry, item, group, domain):
    """The cell of an item and a group seen from a domain: a part as a group is that
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


def list_scope(survey, asked, domains):
    """The cells that reports on `domains` show: how many answered, which each report's imprint
    has; what chapters ask for ({domain: cells}); and (of the whole) each published number's,
    which are public already.
    """
    cells = [(WHOLE, WHOLE, domain) for domain in domains]
    cells += [cell for domain in domains for cell in asked.get(domain, ())]
    published = survey.published
    if WHOLE in domains and {"kind", *CELL} <= {*published}:
        for row in published.to_dict("records"):
            cells += _list_published(survey.registry, row)
    return list(dict.fromkeys(one for cell in cells for one in list_needed(survey.registry, cell)))


def _list_published(registry, row):
    """The cells that a published number or verdict is about; none for a fact from elsewhere."""
    item, group, versus, domain = (row[name] for name in CELL)
    items = {"table": list_variables(registry, item), "items": [item, versus], "fact": []}.get(
        row["kind"], [item]
    )
    groups = [group or WHOLE, *([versus] if row["kind"] in ("groups", "table") else [])]
    domains = registry.domain_names if row["kind"] == "parts" else [domain or WHOLE]
    return [name_cell(registry, *cell) for cell in product(items, groups, domains)]


def list_variables(registry, name):
    """The variables of a question or of a battery's row; the name itself where it is a variable."""
    question, _, item = name.partition(".")
    if question not in registry.questions or "=" in name:
        return [name]
    if not item:
        return list(registry.questions[question].variables)
    answers = registry.questions[question].answers
    return [f"{name}={answer}" for answer in answers] or [name]


def list_needed(registry, cell):
    """The planned cells that give a cell away, and that it gives away: itself, as a rule.

    Of the opposite of an answer ("!x") it is x, asked of the same base. Of all but a part (the
    group "!sector=region") it is the part and the whole: who is shown both can subtract. Such a
    cell is closed where one of those is, and needs no place of its own in the plan.
    """
    item, group, domain = cell
    if is_negated(item) and not is_joined(item):
        return list_needed(registry, (strip_not(item), group, domain))
    if is_negated(group) and not is_joined(group):
        inside = narrow_domain(domain, strip_not(group), registry.background)
        if inside and inside != domain:
            return [(item, WHOLE, inside), (item, WHOLE, domain)]
    return [cell]


def make_plan(survey, asked, tell=tell_once, beside=None, workers=None):
    """The `Plan` of a survey, by its own rules and relations, for what chapters ask for.

    `asked`: {domain: cells} of the reports on each. Made in tiers, each with what was closed before
    it: what the whole and the sectors close by themselves is closed whether any reports are made by
    field or not. For those the fewest cells are found; for the others, of which there are many
    more, that would take hours, and whole patterns are closed. `tell`: see `bounds.py`. `beside`:
    what is published already (`releases.linking.Linked`), or None. `workers`: who searches, see
    `suppression/ahead.py`; they change nothing but how long it takes. Raises `NoPlan`.
    """
    scope, closed = [*(beside.scope if beside else ())], None
    for domains in list_tiers(survey.registry):
        new = frozenset(list_scope(survey, asked, domains)) - {*scope}
        scope += sorted(new)
        held = _list_held(survey, [one for domain in domains for one in asked.get(domain, ())])
        if closed is not None and not new and held.keys() <= closed.keys():
            continue
        try:
            closed = close_cells(survey, scope, closed, new, held, tell, beside, workers)
        except NoPlan as error:
            raise NoPlan(UNPLANNED) from error
    return Plan(frozenset(scope), closed, beside.names if beside else {})


def _list_held(survey, cells):
    """{cell: SECONDARY} of the cells that give away what breaks a rule: of a rest, its part."""
    registry = survey.registry
    rests = [cell for cell in dict.fromkeys(cells) if len(list_needed(registry, cell)) > 1]
    held = {}
    for cell, rule in find_confidential(survey, rests).items():
        part = list_needed(registry, cell)[0]
        held |= dict.fromkeys([part] * bool(rule), SECONDARY)
        held |= dict.fromkeys([find_base(registry, part)] * (rule == BASE), SECONDARY)
    return held


def find_rules(survey, cells):
    """({cell: id of the rule that closes it}, the cells whose base is closed too), by the survey's
    plan; cells that it was not made for are closed by the rules alone.
    """
    closed, rules, bases = survey.plan.closed, {}, set()
    beside = find_beside(survey, cells)
    needed = {cell: list_needed(survey.registry, cell) for cell in dict.fromkeys(cells)}
    alone = find_confidential(
        survey, [cell for cell in needed if cell in beside or needed[cell] != [cell]]
    )
    for cell, others in needed.items():
        held = any((survey.registry.asked(item), *where) in closed for item, *where in others)
        own = cell in beside or len(others) > 1
        if held or (own and alone[cell] == BASE):
            bases.add(cell)
        if cell in closed:
            rules[cell] = closed[cell]
        elif held or any(one in closed for one in others) or (own and alone[cell]):
            rules[cell] = alone.get(cell) or SECONDARY
    return rules, bases


def find_beside(survey, cells):
    """Those of some cells that the survey's plan was not made for: they may be looked at, and
    published in no report.
    """
    scope, registry = survey.plan.scope, survey.registry
    return {cell for cell in cells if not scope.issuperset(list_needed(registry, cell))}


def find_confidential(survey, cells):
    """{cell: id of the rule that makes it confidential by itself, or ""}."""
    registry = survey.registry
    known = dict.fromkeys(one for cell in cells for one in (cell, *list_needed(registry, cell)))
    counted = {cell: count_cell(survey, cell) for cell in known}
    rows = [(*counted[cell], is_known_wider(survey, counted, cell)) for cell in cells]
    rules = find_broken(pd.DataFrame(rows, columns=FACTS), CONFIDENTIAL, limits=survey.limits)
    return {
        cell: "" if cell in survey.exceptions else rule
        for cell, rule in zip(cells, rules, strict=True)
    }


def close_cells(
    survey, cells, settled=None, new=(), held=None, tell=tell_once, beside=None, workers=None
):
    """{cell: id of the rule} of all cells to be closed among `cells` and their bases.

    `settled`: the same of cells already planned. `new`: those that are closed before others, in
    patterns. `held`: {cell: rule} that are closed for what they give away. An exception that a
    person has answered for opens a cell to the rules, but it may be closed to hide another.
    """
    relations = (beside.relate if beside else relate_cells)(survey, cells)
    named, settled = (
        [cell for cell in relations.names if len(cell) == 3],  # longer ones are a release's own
        {  # bases among them, which are not requested by name
            cell: rule for cell, rule in (settled or {}).items() if cell in relations.names
        },
    )
    facts = describe_cells(survey, relations, named)
    broken = dict(zip(named, find_broken(facts, CONFIDENTIAL, limits=survey.limits), strict=True))
    primary = dict(held or {}) | {
        cell: rule for cell, rule in broken.items() if rule and cell not in survey.exceptions
    }
    kept = beside.suppressed if beside else ()
    first = {relations.names[cell] for cell in (*settled, *primary, *kept)}
    closable = beside.list_closable(relations, first) if beside else None
    if settled and new:
        dear = {relations.names[cell] for cell in cells if cell not in new}
        closed = close_patterns(relations, first, dear, closable, tell=tell, workers=workers)
    else:
        closed = close_secondary(relations, first, closable, tell=tell, workers=workers)
    if closable is not None and closed.issuperset(closable):
        _refuse_revealed(relations, closed)
    return {
        cell: primary.get(cell) or settled.get(cell) or SECONDARY
        for cell in named
        if relations.names[cell] in closed
    }


def _refuse_revealed(relations, closed):
    """Raise `NoPlan` where all has been closed that may be, for lack of time as a rule, and what
    must stay open gives something back, or that is not found out in `LONGEST`.
    """
    try:
        revealed = Search(relations, effort=Effort(LONGEST)).find_all(closed)
    except Exhausted:
        revealed = True
    if revealed:
        raise NoPlan("what is published gives closed cells back")


def describe_cells(survey, relations, cells):
    """What the rules of confidentiality look at, a row per cell: `n`, `n_yes`, `heaviest`,
    `implied` (`rules.py`).
    """
    counted = {cell: count_cell(survey, cell) for cell in cells}
    rows = [(*counted[cell], _is_implied(survey, relations, counted, cell)) for cell in cells]
    return pd.DataFrame(rows, columns=FACTS)


def _is_implied(survey, relations, counted, cell):
    """Whether all of a group say the same by definition, or because all of a larger one do, of
    which that is shown.
    """
    return relations.names[cell] == relations.names.get(find_base(survey.registry, cell)) or (
        is_known_wider(survey, counted, cell)
    )


def is_known_wider(survey, counted, cell):
    """The same, but only as far as the registry says it of the group, or counts ({cell: (n_yes, n,
    …)}) show it.
    """
    item, group, domain = cell
    if item in survey.registry.list_wider(group):
        return True
    yes, n, _ = counted[cell]
    wider_domains = (domain, *list_wider_domains(domain))
    for wider in {(item, one, other) for one in (group, WHOLE) for other in wider_domains} - {cell}:
        all_yes, all_n, _ = counted.get(wider, (1, 2, 0))
        if all_n >= survey.limits.smallest_known and (all_yes, yes) in ((0, 0), (all_n, n)):
            return True
    return False
