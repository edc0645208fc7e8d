"""The plan of closed cells as a file, and the exceptions from its rules.

`python -m barometer seal` writes closed.yaml into the survey's folder, where it has a card. One
that was changed since is refused. Without one that was made of today's files and rules, the plan is
made when the survey is first opened, and kept, by what it was made for, in `internal/`.
"""

import hashlib
import json
import os
import re
import time
from contextlib import ExitStack, suppress
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from barometer.data.domains import FIRST, WHOLE, name_domain
from barometer.data.registry import RegistryError
from barometer.disclosure.bounds import tell_planning, tell_seconds
from barometer.disclosure.plan import METHOD, Plan, is_known_wider, make_plan, name_cell
from barometer.disclosure.relations import find_base, is_member, relate_cells
from barometer.disclosure.rules import VERSION, find_broken
from barometer.files.faults import DataFault, Fault, raise_faults, show
from barometer.files.private import LONGEST_KEPT, locate_plans, make_private, write_private
from barometer.files.writing import hold_alone
from barometer.files.yaml_files import load_yaml
from barometer.marks import CONFIDENTIAL

CLOSED, EXCEPTIONS = "closed.yaml", "exceptions.yaml"
SEAL = "kør python -m barometer seal"
LINE = {"sector", "group", "item", "rule"}
# cards that say what weights are, which one of the rules looks at
WEIGHING = ("weights", "weight_tolerance")
FIELDS = ("item", "group", "sector", "reason", "responsible", "date")
HEADER = """# Cells that no report shows, and the rule behind each \
(barometer/disclosure/rules.py). Confidential with real data.
# Made by python -m barometer seal from the survey's files; not to be edited."""


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


def write_closed(closed, cards):
    """The text of closed.yaml: `closed` is {(item, group, domain): rule}; `sector` is the domain's
    name.
    """
    key, lines = make_key(cards), _list_lines(closed)
    return "\n".join(
        [
            HEADER,
            f"made_for: {key}",
            f"contents: {_hash([key, *lines])}",
            "closed:" if lines else "closed: []",
            *lines,
            "",
        ]
    )


def read_closed(content, cards):
    """{(item, group, sector): rule} of closed.yaml; None where it was made for something else than
    the survey as it is.

    Raises `DataFault` where it is not as it was made. A file of before its contents had a checksum
    was made for something else, whatever it says.
    """
    found = load_yaml(CLOSED, content)
    try:
        key, closed = found["made_for"], {}
        for one in found["closed"]:
            closed[one["item"], one["group"], one["sector"]] = one["rule"]
            if {*one} != LINE:
                raise KeyError
        stale = key != make_key(cards) and re.fullmatch("[0-9a-f]{64}", key)
        if found.get("contents") == _hash([key, *_list_lines(closed)]) or (
            stale and "contents" not in found
        ):
            return None if stale else closed
    except (TypeError, KeyError, ValueError):
        pass
    raise DataFault([Fault(CLOSED, "filen er rettet, siden den blev lavet", SEAL)])


def find_kept(survey, scope):
    """The `Plan` of these cells that is kept for the survey; None where there is none, or it is not
    as it was kept.
    """
    try:
        path = locate_kept(survey.cards)
        closed = read_closed(path.read_bytes(), survey.cards)
        os.utime(path)
    except (OSError, DataFault):
        return None
    plan = None if closed is None else Plan(scope, closed)
    return plan if plan and not find_left_open(survey, plan) else None


def make_kept(survey, scope):
    """The `Plan` of a survey whose folder has none to go by, made once and kept for all who open
    it.

    It says so on stderr. Raises `NoPlan`.
    """
    folder = locate_kept(survey.cards).parent
    with ExitStack() as held:
        with suppress(OSError):  # where it cannot be kept, each process makes its own
            make_private(folder)
            held.enter_context(hold_alone(folder))
        if plan := find_kept(survey, scope):  # another process has made it while this one waited
            return plan
        changed = "den gemte er ændret siden, og " if (folder / CLOSED).exists() else ""
        tell_planning(f"{changed}{survey.unplanned}")
        plan = make_plan(survey, partial(tell_seconds, time.monotonic()))
        with suppress(OSError):
            write_private(folder / CLOSED, write_closed(plan.closed, survey.cards))
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


def _list_lines(closed):
    return [
        f"  - {{sector: {sector}, group: {_quote(group)}, item: {_quote(item)}, rule: {rule}}}"
        for (item, group, sector), rule in sorted(closed.items())
    ]


def _hash(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _quote(name):
    return json.dumps(name, ensure_ascii=False)  # a text of JSON is one of YAML


def read_exceptions(content, registry):
    """{(item, group, sector): {reason, responsible, date}} of exceptions.yaml. Raises `DataFault`.

    A person has decided that these cells may be shown although a rule would close them, and answers
    for it.
    """
    found = load_yaml(EXCEPTIONS, content)
    entries = found.get("exceptions") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        remedy = "skriv exceptions: øverst, og en liste af undtagelser under den"
        raise DataFault([Fault(EXCEPTIONS, "filen mangler afsnittet exceptions", remedy)])
    problems = [
        (number, _check_exception(entry, registry)) for number, entry in enumerate(entries, 1)
    ]
    raise_faults(
        [
            Fault(EXCEPTIONS, f"undtagelse {number} {problem}", f"udfyld {', '.join(FIELDS)}")
            for number, problem in problems
            if problem
        ]
    )
    found = {}
    for entry in entries:
        domain = name_domain({name: entry.get(name, WHOLE) for name in registry.background})
        cell = name_cell(registry, entry["item"], entry["group"], domain)
        found[cell] = {name: str(entry[name]) for name in FIELDS[3:]}
    return found


def _check_exception(entry, registry):
    """What is wrong with an exception, or ""."""
    missing = [
        name
        for name in FIELDS
        if not isinstance(entry, dict)
        or not entry.get(name)
        or not isinstance(entry[name], str | date)
    ]
    if missing:
        return f"mangler {', '.join(missing)}"
    if entry[FIRST] not in registry.domain_names:
        return f"har en sektor, der ikke kendes ({show(entry['sector'])})"
    if wrong := [
        name
        for name, dimension in registry.background.items()
        if entry.get(name, WHOLE) not in (WHOLE, *dimension["answers"])
    ]:
        return f"har {wrong[0]}, der ikke kendes ({show(entry[wrong[0]])})"
    try:
        registry.check_group(entry["item"])
        registry.check_group(entry["group"])
        date.fromisoformat(str(entry["date"]))
    except RegistryError as error:
        return f"har et navn, der ikke kendes ({show(error, longest=100)})"
    except ValueError:
        return f"har en dato, der ikke er en dato ({show(entry['date'])})"
    return ""


MOST = 20_000  # respondents that are counted at a time


def find_left_open(survey, plan):
    """The cells of a plan, and of their bases, that a rule of confidentiality closes and the plan
    does not; sorted.

    Exceptions that a person answers for are none of them.
    """
    cells = sorted(plan.scope.union(find_base(survey.registry, cell) for cell in plan.scope))
    facts = count_cells(survey, cells)
    broken = find_broken(facts.assign(implied=True), CONFIDENTIAL) != ""
    unclear = (find_broken(facts.assign(implied=False), CONFIDENTIAL) != "") & ~broken
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
        if not is_known_wider(survey.registry, counted, cell := cells[place])
    ]
    return sorted([*found, *_drop_implied(survey, plan, unclear)])


def count_cells(survey, cells):
    """`n_yes`, `n` and `heaviest` (`rules.py`) of each cell: a row for each, in their order."""
    weights, variables = survey.design.weights, survey.variables
    order = np.argsort(-weights, kind="stable")[: np.count_nonzero(weights > 0)]
    items, column = _number([cell[0] for cell in cells])
    wheres, row = _number([cell[1:] for cell in cells])
    members = [is_member(variables, *where) for where in wheres]
    codes = [variables.find_codes(item) for item in items]
    bases, base = _number([np.packbits(one >= 0).tobytes() for one in codes])
    asked = [codes[np.flatnonzero(base == place)[0]] >= 0 for place in range(len(bases))]
    yes, sums = np.zeros((len(wheres), len(items))), np.zeros((3, len(wheres), len(bases)))
    # of a large survey all at once would fill the memory
    for start in range(0, len(order), MOST):
        part = order[start : start + MOST]
        inside = np.array([one[part] for one in members])
        yes += (
            inside.astype(np.float32)
            @ np.array([one[part] == 1 for one in codes], dtype=np.float32).T
        )
        for place, one in enumerate(asked):
            _add_heaviest(sums[:, :, place], inside & one[part], weights[part])
    n, totals, heaviest = sums
    heaviest = np.divide(heaviest, totals, out=np.zeros_like(totals), where=n > 2)
    base = base[column]
    return pd.DataFrame(
        {"n_yes": yes[row, column], "n": n[row, base], "heaviest": heaviest[row, base]}
    )


def _add_heaviest(sums, members, weights):
    """Add to each row's number of members, their weight, and that of the first two: who comes first
    is heaviest.
    """
    rows, left = np.arange(len(members)), members.copy()
    for place in range(2):
        first = left.argmax(axis=1)
        sums[2] += np.where(left[rows, first] & (sums[0] + place < 2), weights[first], 0)
        left[rows, first] = False
    sums[0] += np.count_nonzero(members, axis=1)
    sums[1] += members @ weights


def _number(names):
    """(the names, each once; the number of each in them)."""
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return list(places), np.array([places[name] for name in names], dtype=int)


def _drop_implied(survey, plan, cells):
    """Those of some cells whose respondents do not say the same by definition. To find that out
    takes seconds.
    """
    if not cells:
        return []
    names = relate_cells(survey, sorted(plan.scope)).names
    return [cell for cell in cells if names[cell] != names.get(find_base(survey.registry, cell))]
