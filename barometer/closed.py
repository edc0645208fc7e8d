"""The plan of closed cells as a file of the survey's folder (closed.yaml), and the exceptions from its rules.

`python -m barometer.seal` writes closed.yaml, where it has a card. One that was made from other files or rules than
today's, in another way, or was changed since, is refused. Where it has no card, the plan is made each time the survey
is opened.
"""
import hashlib
import json
from datetime import date

from barometer.domains import DIMENSIONS, WHOLE, name_domain
from barometer.faults import DataFault, Fault, raise_faults, show
from barometer.parameters import SECTORS
from barometer.plan import METHOD, name_cell
from barometer.questionnaire import RegistryError
from barometer.rules import VERSION
from barometer.yaml_files import load_yaml

CLOSED, EXCEPTIONS = "closed.yaml", "exceptions.yaml"
SEAL = "kør python -m barometer.seal"
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
    """{(item, group, sector): rule} of closed.yaml.

    Raises `DataFault` where it was made for something else than the survey as it is, or is not as it was made.
    """
    found, key = load_yaml(CLOSED, content), make_key(cards)
    if not isinstance(found, dict) or found.get("made_for") != key:
        problem = "planen over lukkede celler er lavet til andre filer, til andre regler eller på en anden måde"
        raise DataFault([Fault(CLOSED, problem, SEAL)])
    try:
        closed = {(one["item"], one["group"], one["sector"]): one["rule"] for one in found["closed"]}
        if found.get("contents") == _hash([key, *_list_lines(closed)]):
            return closed
    except (TypeError, KeyError):
        pass
    raise DataFault([Fault(CLOSED, "filen er rettet, siden den blev lavet", SEAL)])


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
