"""The plan of closed cells as a file, and the exceptions from its rules.

`python -m barometer.seal` writes closed.yaml into the survey's folder, where it has a card. One that was changed since
is refused. Where there is none, or one that was made from other files or rules than today's or in another way, the plan
is made when the survey is first opened, and kept among what is not for publication, by what it was made for.
"""
import hashlib
import json
import os
import re
import time
from contextlib import ExitStack, suppress
from datetime import date
from functools import partial

from barometer.domains import DIMENSIONS, WHOLE, name_domain
from barometer.drafts import hold_alone
from barometer.effort import tell_planning, tell_seconds
from barometer.faults import DataFault, Fault, raise_faults, show
from barometer.parameters import SECTORS
from barometer.plan import METHOD, Plan, make_plan, name_cell
from barometer.private import locate_plans, make_private, write_private
from barometer.questionnaire import RegistryError
from barometer.recount import find_left_open
from barometer.rules import VERSION
from barometer.store import LONGEST_KEPT
from barometer.yaml_files import load_yaml

CLOSED, EXCEPTIONS = "closed.yaml", "exceptions.yaml"
SEAL = "kør python -m barometer.seal"
LINE = {"sector", "group", "item", "rule"}
WEIGHING = ("weights", "weight_tolerance")     # cards that say what weights are, which one of the rules looks at
FIELDS = ("item", "group", "sector", "reason", "responsible", "date")
HEADER = """# Cells that no report shows, and the rule behind each (barometer/rules.py). Confidential with real data.
# Made by python -m barometer.seal from the survey's files; not to be edited."""


def make_key(cards):
    """What a plan is made for: these rules, this way of planning, and the contents of the files it follows from."""
    names = [cards["microdata"], "questionnaire.yaml", "population.csv", "published.csv", EXCEPTIONS]
    checksums = [str(cards["files"][name]["sha256"]).lower() for name in names if name in cards["files"]]
    weighing = [f"{name}: {cards[name]}" for name in WEIGHING if name in cards]
    return _hash([VERSION, METHOD, *weighing, *checksums])


def write_closed(closed, cards):
    """The text of closed.yaml: `closed` is {(item, group, domain): rule}; `sector` is the domain's name."""
    key, lines = make_key(cards), _list_lines(closed)
    return "\n".join([HEADER, f"made_for: {key}", f"contents: {_hash([key, *lines])}",
                      "closed:" if lines else "closed: []", *lines, ""])


def read_closed(content, cards):
    """{(item, group, sector): rule} of closed.yaml; None where it was made for something else than the survey as it is.

    Raises `DataFault` where it is not as it was made. A file of before its contents had a checksum was made for
    something else, whatever it says.
    """
    found = load_yaml(CLOSED, content)
    try:
        key, closed = found["made_for"], {}
        for one in found["closed"]:
            closed[one["item"], one["group"], one["sector"]] = one["rule"]
            if {*one} != LINE:
                raise KeyError
        stale = key != make_key(cards) and re.fullmatch("[0-9a-f]{64}", key)
        if found.get("contents") == _hash([key, *_list_lines(closed)]) or (stale and "contents" not in found):
            return None if stale else closed
    except (TypeError, KeyError, ValueError):
        pass
    raise DataFault([Fault(CLOSED, "filen er rettet, siden den blev lavet", SEAL)])


def find_kept(survey, scope):
    """The `Plan` of these cells that is kept for the survey; None where there is none, or it is not as it was kept."""
    try:
        path = locate_kept(survey.cards)
        closed = read_closed(path.read_bytes(), survey.cards)
        os.utime(path)
    except (OSError, DataFault):
        return None
    plan = None if closed is None else Plan(scope, closed)
    return plan if plan and not find_left_open(survey, plan) else None


def make_kept(survey, scope):
    """The `Plan` of a survey whose folder has none to go by, made once and kept for all who open it.

    It says so on stderr. Raises `NoPlan`.
    """
    folder = locate_kept(survey.cards).parent
    with ExitStack() as held:
        with suppress(OSError):     # where it cannot be kept, each process makes its own
            make_private(folder)
            held.enter_context(hold_alone(folder))
        if plan := find_kept(survey, scope):     # another process has made it while this one waited
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
        with suppress(OSError):     # another process's
            if time.time() - path.stat().st_mtime > LONGEST_KEPT:
                path.unlink()
                path.parent.rmdir()


def _list_lines(closed):
    return [f"  - {{sector: {sector}, group: {_quote(group)}, item: {_quote(item)}, rule: {rule}}}"
            for (item, group, sector), rule in sorted(closed.items())]


def _hash(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _quote(name):
    return json.dumps(name, ensure_ascii=False)   # a text of JSON is one of YAML


def read_exceptions(content, registry):
    """{(item, group, sector): {reason, responsible, date}} of exceptions.yaml. Raises `DataFault`.

    A person has decided that these cells may be shown although a rule would close them, and answers for it.
    """
    found = load_yaml(EXCEPTIONS, content)
    entries = found.get("exceptions") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        remedy = "skriv exceptions: øverst, og en liste af undtagelser under den"
        raise DataFault([Fault(EXCEPTIONS, "filen mangler afsnittet exceptions", remedy)])
    problems = [(number, _check_exception(entry, registry)) for number, entry in enumerate(entries, 1)]
    raise_faults([Fault(EXCEPTIONS, f"undtagelse {number} {problem}", f"udfyld {', '.join(FIELDS)}")
                  for number, problem in problems if problem])
    cells = [name_cell(entry["item"], entry["group"], name_domain(entry)) for entry in entries]
    return {cell: {name: str(entry[name]) for name in FIELDS[3:]} for cell, entry in zip(cells, entries, strict=True)}


def _check_exception(entry, registry):
    """What is wrong with an exception, or ""."""
    missing = [name for name in FIELDS if not isinstance(entry, dict) or not entry.get(name)
               or not isinstance(entry[name], str | date)]
    if missing:
        return f"mangler {', '.join(missing)}"
    if entry["sector"] not in SECTORS:
        return f"har en sektor, der ikke kendes ({show(entry['sector'])})"
    if wrong := [name for name in DIMENSIONS[1:] if entry.get(name, WHOLE) not in (
            WHOLE, *registry.background[name]["answers"])]:
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
