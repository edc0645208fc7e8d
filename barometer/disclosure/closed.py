"""The plan of closed cells as a file: what it was made for, and what it closes.

`python -m barometer seal` writes closed.yaml into the survey's folder, where it has a card. One
that was changed since is refused. Where there is none, or one that was made from other files or
rules than today's or in another way, the plan is made by the first run, and kept among what is not
for publication, by what it was made for.
"""

import hashlib
import json
import os
import re
import time
from contextlib import ExitStack, suppress
from itertools import product

import numpy as np

from barometer.data.cards import CLOSED, EXCEPTIONS
from barometer.disclosure.facts import count_cells
from barometer.disclosure.plan import METHOD, Plan, is_known_wider
from barometer.disclosure.relations import find_base, relate_cells
from barometer.disclosure.rules import VERSION, find_broken
from barometer.files.faults import DataFault, Fault
from barometer.files.private import LONGEST_KEPT, locate_plans, make_private, write_private
from barometer.files.writing import hold_alone
from barometer.files.yaml_files import load_yaml
from barometer.marks import CONFIDENTIAL
from barometer.suppression.bounds import tell_planning

SEAL = "kør python -m barometer seal"
# cards that say what weights are, which one of the rules looks at
WEIGHING = ("weights", "weight_tolerance", "limits")
HEADER = """# The cells that chapters ask for (planned), those of them that no report shows, and \
the rule behind each
# (closed; barometer/disclosure/rules.py). Confidential with real data.
# Made by python -m barometer seal from the survey's files and the chapters; not to be edited."""
PLANNED = ("domains", "groups", "items")
FORM = 2  # of the file; one without was written by an earlier program
LARGEST = 10_000_000  # bytes: takes some ten seconds to read; all crossings of three dimensions 0.2


def make_key(cards):
    """What a plan is made for: these rules, this way of planning, and the contents of the files it
    follows from.
    """
    names = [
        cards["microdata"],
        "questionnaire.yaml",
        "population.csv",
        "published.csv",
        EXCEPTIONS,
    ]
    checksums = [
        str(cards["files"][name]["sha256"]).lower() for name in names if name in cards["files"]
    ]
    weighing = [f"{name}: {cards[name]}" for name in WEIGHING if name in cards]
    return _hash([VERSION, METHOD, *weighing, *checksums])


def write_closed(plan, cards, asked_by=""):
    """The text of closed.yaml. `asked_by`: a checksum of the chapters that a plan is kept for,
    which asked for its cells.

    `planned` names the plan's scope: each item in each group in each domain of a line; `closed`
    likewise, with the rule.
    """
    key, planned, closed = make_key(cards), _list_lines(plan.scope), _list_closed(plan.closed)
    lines = [
        HEADER,
        f"form: {FORM}",
        f"made_for: {key}",
        f"asked_by: {asked_by}" if asked_by else "",
        beside := f"beside: {json.dumps(plan.beside, sort_keys=True)}" if plan.beside else "",
        f"contents: {_hash([key, asked_by, *filter(None, [beside]), *planned, *closed])}",
        "planned:" if planned else "planned: []",
        *planned,
        "closed:" if closed else "closed: []",
        *closed,
    ]
    return "\n".join([*filter(None, lines), ""])


def read_closed(content, cards, asked_by=""):
    """The `Plan` of closed.yaml; None where it was made for something else than the survey as it
    is or not beside all its releases, or for other chapters than those of `asked_by`, where given.

    Raises `DataFault` where it is not as it was made. One of an earlier program was made for
    something else, whatever it says.
    """
    found = load_yaml(CLOSED, content, LARGEST)
    try:
        key, maker = found["made_for"], found.get("asked_by", "")
        stale = key != make_key(cards) and re.fullmatch("[0-9a-f]{64}", key)
        if stale and "form" not in found:
            return None
        closed = read_lines(found["closed"])
        plan = Plan(read_planned(found["planned"]), closed, found.get("beside", {}))
        beside = [f"beside: {json.dumps(plan.beside, sort_keys=True)}"] if plan.beside else []
        made = [key, maker, *beside, *_list_lines(plan.scope), *_list_closed(closed)]
        if found["contents"] == _hash(made):
            stale = stale or cards.get("releases", {}).items() - plan.beside.items()
            return None if stale or asked_by not in ("", maker) else plan
    except (TypeError, KeyError, ValueError):
        pass
    raise DataFault([Fault(CLOSED, "filen er rettet, siden den blev lavet", SEAL)])


def find_kept(survey, asked_by="", content=None):
    """The `Plan` that is kept for the survey (and for these chapters, where given); None where
    there is none, or it is not as it was kept. `content`: what is kept, where that is known.
    """
    try:
        content = read_kept(survey.cards) if content is None else content
        plan = read_closed(content, survey.cards, asked_by)
        os.utime(locate_kept(survey.cards))
    except (OSError, DataFault):
        return None
    return plan if plan and not find_left_open(survey, plan) else None


def read_kept(cards):
    """The bytes of the plan that is kept for these cards; none where there is none."""
    try:
        return locate_kept(cards).read_bytes()
    except OSError:
        return b""


def make_kept(survey, asked_by, make):
    """The `Plan` of a survey whose folder has none to go by: `make()`, called once and kept for all
    who open the survey.

    A line on stderr names it. Raises `NoPlan`.
    """
    folder = locate_kept(survey.cards).parent
    with ExitStack() as held:
        with suppress(OSError):  # where it cannot be kept, each process makes its own
            make_private(folder)
            held.enter_context(hold_alone(folder))
        if plan := find_kept(survey, asked_by):  # another process made it while this one waited
            return plan
        changed = "den gemte er ændret siden, og " if (folder / CLOSED).exists() else ""
        if find_kept(survey):
            changed = "kapitlerne er ændret, siden den gemte blev lavet, og "
        tell_planning(f"{changed}{survey.unplanned}")
        plan = make()
        with suppress(OSError):
            write_private(folder / CLOSED, write_closed(plan, survey.cards, asked_by))
            _clear_unused(folder.parent)
    return plan


def locate_kept(cards):
    """Where the plan for these cards is kept, if it is."""
    return locate_plans() / make_key(cards) / CLOSED


def _clear_unused(folder):
    """Remove the plans that nobody has used for 30 days."""
    for path in folder.glob(f"*/{CLOSED}"):
        with suppress(OSError):  # another process's
            if time.time() - path.stat().st_mtime > LONGEST_KEPT:
                path.unlink()
                path.parent.rmdir()


def _list_closed(closed):
    """The lines of what is closed by each rule."""
    cells = {}
    for cell, rule in closed.items():
        cells.setdefault(rule, []).append(cell)
    return [line for rule in sorted(cells) for line in _list_lines(cells[rule], f"rule: {rule}, ")]


def _list_lines(cells, first=""):
    """A line for the items in the same groups of the same domains; `first`: how it begins."""
    asked = {}
    for item, group, domain in sorted(cells):
        asked.setdefault((group, domain), []).append(item)
    domains = {}
    for (group, domain), items in asked.items():
        domains.setdefault((group, tuple(items)), []).append(domain)
    groups = {}
    for (group, items), held in domains.items():
        groups.setdefault((tuple(held), items), []).append(group)
    return [
        f"  - {{{first}"
        + ", ".join(
            f"{name}: {json.dumps(part, ensure_ascii=False)}"
            for name, part in zip(PLANNED, (held, found, items), strict=True)
        )
        + "}"
        for (held, items), found in sorted(groups.items())
    ]


def read_cells(content):
    """(planned cells, {closed cell: rule}) of a closed.yaml, whatever it was made for. Raises
    `DataFault`, and KeyError or TypeError where it is of another form.
    """
    found = load_yaml(CLOSED, content, LARGEST)
    return read_planned(found["planned"]), read_lines(found["closed"])


def read_planned(entries):
    """The cells of the lines `planned` of closed.yaml."""
    return frozenset(cell for entry in entries for cell in _read_line(entry, PLANNED))


def read_lines(entries):
    """{cell: rule} of the lines `closed` of closed.yaml."""
    names = "rule", *PLANNED
    return {cell: entry["rule"] for entry in entries for cell in _read_line(entry, names)}


def _read_line(entry, names):
    if {*entry} != {*names}:
        raise KeyError
    for domain, group, item in product(*(entry[name] for name in PLANNED)):
        yield item, group, domain


def _hash(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def find_left_open(survey, plan):
    """The cells of a plan, and of their bases, that a rule of confidentiality closes and the plan
    does not; sorted.

    Exceptions that a person answers for are none of them.
    """
    cells = sorted(plan.scope.union(find_base(survey.registry, cell) for cell in plan.scope))
    facts, limits = count_cells(survey, cells), survey.limits
    broken = find_broken(facts.assign(implied=True), CONFIDENTIAL, limits=limits) != ""
    unclear = find_broken(facts.assign(implied=False), CONFIDENTIAL, limits=limits) != ""
    unclear &= ~broken
    left_open = np.array(
        [cell not in plan.closed and cell not in survey.exceptions for cell in cells], dtype=bool
    )
    found = [cells[place] for place in np.flatnonzero(broken & left_open)]
    if not (unclear & left_open).any():
        return found
    counted = dict(zip(cells, facts.itertuples(index=False, name=None), strict=True))
    unclear = [
        cell
        for place in np.flatnonzero(unclear & left_open)
        if not is_known_wider(survey, counted, cell := cells[place])
    ]
    return sorted([*found, *_drop_implied(survey, plan, unclear)])


def _drop_implied(survey, plan, cells):
    """Those of some cells whose respondents do not say the same by definition. To find that out
    takes seconds.
    """
    if not cells:
        return []
    names = relate_cells(survey, sorted(plan.scope)).names
    return [cell for cell in cells if names[cell] != names.get(find_base(survey.registry, cell))]
