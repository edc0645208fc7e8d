"""Faults as text, as a page and as a validation report.

The report's form is that of van der Loo & ten Bosch (2017), Design of a generic machine-readable
validation report structure, version 1.0: one validation for each fault, with the value "0", and one
with the value "1" for each file that has none.
"""

import json

from jinja2 import Environment

from barometer.files.faults import show_list
from barometer.languages.marking import MARKED
from barometer.languages.messages import choose_language, express
from barometer.languages.numerals import name_language
from barometer.languages.speaking import SOURCE
from barometer.paths import PACKAGE
from barometer.text import format_count

FAILED, PASSED = "0", "1"
PAGE = PACKAGE / "checking" / "templates" / "faults.html.j2"
ALL_WELL = "filen er, som registret og kortene siger"


def write_text(found, with_ids=False):
    """A line for each fault, and how many there are; `with_ids`: with respondents' ids."""
    if not found.faults:
        return "Alle filer er, som registret og kortene siger.\n"
    lines = [f"- {fault.describe(with_ids)}" for fault in found.faults]
    return "\n".join([*lines, _count(found.faults), ""])


def write_page(found, with_ids=False):
    """A page in HTML, of one file, for whoever is to mend the faults: a table a file."""
    files = dict.fromkeys(fault.file for fault in found.faults)
    tables = {
        name: [_list_cells(one, with_ids) for one in found.faults if one.file == name]
        for name in files
    }
    source = PAGE.read_text(encoding="utf-8")
    source = MARKED.sub(lambda marked: express(marked[1]), source)
    count, language = express(_count(found.faults)), choose_language()
    template = Environment(autoescape=True).from_string(source)
    return template.render(title=found.title, count=count, tables=tables, language=language)


def write_report(found, time, actor, with_ids=False):
    """The validation report as JSON; `time`: of the check (ISO 8601); `actor`: the program."""
    event = {"time": time, "actor": actor, "agent": None, "trigger": None}
    entries = [_make_entry(fault, found, event, with_ids) for fault in found.faults]
    wrong = {fault.file for fault in found.faults}
    for name in (name for name in found.files if name not in wrong):
        rule = {
            "language": _name_language(),
            "expression": express(ALL_WELL),
            "severity": "error",
        }
        entries.append(_join(event, rule, _name_data(found, name, ("",), ("",)), PASSED))
    numbered = [{"id": f"{place}"} | entry for place, entry in enumerate(entries, 1)]
    return json.dumps(numbered, ensure_ascii=False, indent=1) + "\n"


def _name_language():
    """The language that the faults are written in, as it calls itself."""
    language = choose_language()
    return "dansk" if language == SOURCE else name_language(language)


def _make_entry(fault, found, event, with_ids):
    rule = {
        "language": _name_language(),
        "expression": express(fault.problem),
        "severity": "error",
        "description": express(fault.remedy),
    }
    units = fault.ids if with_ids and fault.ids else ("",)
    columns = (*fault.columns, *(fault.strange if with_ids else ())) or ("",)
    return _join(event, rule, _name_data(found, fault.file, units, columns), FAILED)


def _name_data(found, file, units, columns):
    """Population, time, unit and variable of each value, as the structure names data."""
    cells = [[found.title, found.period, unit, column] for unit in units for column in columns]
    return {"source": cells, "target": cells, "description": file}


def _join(event, rule, data, value):
    return {"type": "validation", "event": event, "rule": rule, "data": data, "value": value}


def _count(faults):
    return "1 fejl" if len(faults) == 1 else f"{format_count(len(faults))} fejl"


def _list_cells(fault, with_ids):
    """Column, rows, what is wrong, what to do."""
    columns = fault.columns or (fault.strange if with_ids else ())
    rows = format_count(fault.rows) if fault.rows else ""
    if with_ids and fault.ids:
        rows += f" ({show_list(fault.ids, total=fault.rows)})"
    return (", ".join(columns), rows, express(fault.problem), express(fault.remedy))
