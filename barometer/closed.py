"""The plan of closed cells as a file of the survey's folder (closed.yaml), and the exceptions from its rules.

`python -m barometer.seal` writes closed.yaml, where it has a card. One that is missing, or was made from other files or
rules than today's, is not used: the plan is then made again each time the survey is opened.
"""
import hashlib
import json
from datetime import date

from barometer.domains import DIMENSIONS, WHOLE, name_domain
from barometer.faults import DataFault, Fault, raise_faults, show
from barometer.parameters import SECTORS
from barometer.plan import name_cell
from barometer.questionnaire import RegistryError
from barometer.rules import VERSION
from barometer.yaml_files import load_yaml

CLOSED, EXCEPTIONS = "closed.yaml", "exceptions.yaml"
FIELDS = ("item", "group", "sector", "reason", "responsible", "date")
HEADER = """# Cells that no report shows, and the rule behind each (barometer/rules.py). Confidential with real data.
# Made by python -m barometer.seal from the survey's files; not to be edited."""


def make_key(cards):
    """What a plan is made for: these rules, and the contents of the files that it follows from."""
    names = [cards["microdata"], "questionnaire.yaml", "population.csv", "published.csv", EXCEPTIONS]
    checksums = [str(cards["files"][name]["sha256"]).lower() for name in names if name in cards["files"]]
    return hashlib.sha256("\n".join([VERSION, *checksums]).encode()).hexdigest()


def write_closed(closed, cards):
    """The text of closed.yaml: `closed` is {(item, group, domain): rule}; `sector` is the domain's name."""
    lines = [f"  - {{sector: {sector}, group: {_quote(group)}, item: {_quote(item)}, rule: {rule}}}"
             for (item, group, sector), rule in sorted(closed.items())]
    return "\n".join([HEADER, f"made_for: {make_key(cards)}", "closed:" if lines else "closed: []", *lines, ""])


def read_closed(content, cards):
    """{(item, group, sector): rule} of closed.yaml, or None where it was made for something else."""
    found = load_yaml(CLOSED, content)
    if not isinstance(found, dict) or found.get("made_for") != make_key(cards):
        return None
    try:
        return {(one["item"], one["group"], one["sector"]): one["rule"] for one in found["closed"]}
    except (TypeError, KeyError):
        raise DataFault([Fault(CLOSED, "filen er rettet i hånden", "kør python -m barometer.seal")]) from None


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
