"""Numbers in a chapter's outputs that have not come through the gate: no report is made of them.

A number in an output must be in a row of that output's trace that comes from a released table, be
on the typed list, or belong to the survey's own words.
"""

import re
from xml.etree import ElementTree

from barometer.display import explain_table, name_id, read_markdown
from barometer.errors import BarometerError
from barometer.forms import DIFFERENCES, MEASURES, STATISTICS
from barometer.marks import SCREEN_ONLY
from barometer.payloads import (
    MIME,
    NARROW_TYPE,
    SVG_TYPE,
    is_beside,
    is_hidden,
    list_rows,
    read_payload,
)
from barometer.text import write_number
from barometer.verify.typed import (
    ALLOWED,
    TIMES,
    find_unexplained,
    is_part,
    match_registered,
    spell_marks,
    write_alike,
)

REMEDY = (
    "Vis tallet med barometers egne funktioner (tell, show, draw_groups …), som går "
    f"gennem kontrollen, eller før det på listen {ALLOWED} med slags og grund, hvis det ikke "
    "kommer fra data."
)
PICTURE = (
    "Et billede kan vise tal, som ingen kan læse efter. Tegn figuren med draw_groups, "
    f"draw_pairs …, eller skriv dens titel på listen {ALLOWED} med slags og grund, hvis "
    "intet i den kommer fra data."
)
# each in its own way; the register's are ids and words of published.csv
_READ = "kind id title note alt table key markdown trace evidence verdicts"
READ = frozenset(_READ.split())
# Where a link in Markdown leads, which is not shown. What has a space in it is no link, and is.
LINK = re.compile(r"\]\((?:#|https?://|mailto:)[^\s()<>]*\)")
FORMS = ("share", "percent", "one_decimal")  # of a share; a mean has one
MOST = 3  # that a message names
DIGITS = re.compile(r"\d+")
OWN = 2  # digits at most in a figure's or table's own number


def refuse_unreleased(chapters, allowed, by_hand=False):
    """Raise `UnreleasedNumber` for the first cell with a number that has not come through the gate.

    `chapters`: (name, executed notebook) in reading order; `allowed`: see `typed.read_allowed`.
    `by_hand`: no run made their outputs (`payloads.py`), so that traces are taken as they are.
    """
    outputs = [
        (name, number, data, read_payload(data))
        for name, notebook in chapters
        for number, data in _list_outputs(notebook)
    ]
    words, found, by_others = [], [], []
    for name, number, _, payload in outputs:
        kind, ours = payload.get("kind"), _is_ours(payload, by_hand)
        if kind == "survey" and not ours:
            where = f"{name}, celle {number}: undersøgelsen er beskrevet i hånden"
            raise UnreleasedNumber(where, "Vis den ved at skrive »survey« i en celle.")
        words += payload.get("words", ()) if kind == "survey" else ()
        by_others += [(name, number, payload)] if kind == "figure" and not ours else []
    for name, number, data, payload in outputs:
        if is_beside(payload):
            raise UnreleasedNumber(f"{name}, celle {number}: noget er kun til skærmen", SCREEN_ONLY)
        running = payload.get("kind") == "prose" and not payload.get("evidence")
        times = running and _is_ours(payload, by_hand)  # elsewhere 1987 may be a count
        forms = [one["form"] for one in allowed if one["chapter"] == name[:2]]
        general = [one for one in allowed if not one["chapter"]]
        forms += [one["form"] for one in general if times or one["kind"] not in TIMES]
        unknown = _find_unexplained(data, payload, forms, words, by_hand)
        found += [(name, number, one) for one in unknown]
    if found:
        name, number, first = found[0]
        rest = [f"{other}, celle {cell}: »{one}«" for other, cell, one in found[1:MOST]]
        more = f" Også {'; '.join(rest)}{' og flere' * (len(found) > MOST)}." if rest else ""
        where = f"{name}, celle {number}: et tal er ikke gået gennem kontrollen"
        raise UnreleasedNumber(where, f"»{first}«. {REMEDY}{more}")
    for name, number, payload in by_others:
        titles = [one["form"] for one in allowed if one["chapter"] == name[:2]]
        if not any(title.fullmatch(payload.get("title") or "") for title in titles):
            raise UnreleasedNumber(f"{name}, celle {number}: figuren er tegnet i hånden", PICTURE)


def _list_outputs(notebook):
    """(number of the cell as its author counts, data) of each payload that is shown."""
    number = 0
    for cell in notebook["cells"]:
        number += "injected-parameters" not in cell["metadata"].get("tags", ())
        if not is_hidden(cell):
            yield from (
                (number, output["data"])
                for output in cell.get("outputs", ())
                if MIME in output.get("data", {})
            )


def _is_ours(payload, by_hand):
    """Whether this package made an output, and of nothing but tables that the gate made."""
    return (by_hand or payload.get("made_here", False)) and not any(
        row.get("by_hand") for row in list_rows(payload)
    )


def _find_unexplained(data, payload, forms, words, by_hand):
    """The numbers of one output that nothing accounts for."""
    rows, texts = list_rows(payload), _list_texts(payload)
    # what goes into the report's tables of numbers and sentences may be typed
    if not _is_ours(payload, by_hand):
        typed = [row for row in rows if not _is_released(row)] + [*payload.get("evidence", ())]
        texts += [text for row in typed for text in row.values() if isinstance(text, str)]
        texts += _list_strings([value for key, value in payload.items() if key not in READ])
        texts += _list_strings((payload.get("table") or {}).get("numeric"))
        rows = [row for row in rows if _is_released(row)]
    if payload.get("kind") != "prose" and not _is_name(payload.get("id"), words):
        texts.append(name_id(payload["id"]) or str(payload["id"]).replace("-", " "))
    texts += [text for text in _list_drawn(data, payload) if not is_part(text, words)]
    known, forms = spell_marks(rows), [*forms, *map(match_registered, words)]
    return [number for text in texts for number, _ in find_unexplained(text, known, forms)]


def _is_released(row):
    """Whether a row is of a cell that came through the gate, and shows what it has there."""
    internal = {} if row.get("by_hand") else row.get("internal", {})
    if not {"rule", "share"} <= internal.keys() or internal["share"] is None:
        return "rule" in internal and row["shown"].startswith("[")
    means = row["kind"] in (*STATISTICS, *DIFFERENCES)
    forms = [one for name in MEASURES if name != "share" for one in MEASURES[name]]
    forms = forms if means else FORMS
    ways = {write_alike(write_number(internal["share"], form)) for form in forms}
    return write_alike(row["shown"]) in ways


def _is_name(identifier, words):
    """Whether an id ("figur-brug-i-2023") has only its own number and those of the words."""
    ours = {number for word in words for number in DIGITS.findall(word)}
    others = [number for number in DIGITS.findall(identifier or "") if number not in ours]
    return len(others) <= 1 and all(len(number) <= OWN for number in others)


def _list_texts(payload):
    """Everything that an output says in words, but for what it is called."""
    table, kind = payload.get("table") or {"columns": [], "rows": []}, payload.get("kind")
    texts = [payload.get(name) or "" for name in ("title", "note", "alt")]
    texts += [cell for row in (table["columns"], *table["rows"]) for cell in row]
    if payload.get("key") and payload["key"] != explain_table(table):
        texts.append(payload["key"])
    if kind == "prose":
        texts.append(read_markdown(LINK.sub("]", payload.get("markdown") or "")))
    return texts if kind != "survey" else []


def _list_drawn(data, payload):
    """The words in a figure's pictures; one that cannot be read is refused later."""
    if payload.get("kind") != "figure":
        return []
    pictures = ("".join(data.get(kind, "")) for kind in (SVG_TYPE, NARROW_TYPE))
    return [words for svg in pictures for words in _read_picture(svg)]


def _read_picture(svg):
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return []
    lines = [part for part in root.iter() if part.tag.rpartition("}")[2] == "text"]
    inside = {inner for line in lines for inner in line.iter()}
    drawn = ["".join(line.itertext()) for line in lines]
    # for screen readers, or anywhere in the file
    others = [part for part in root.iter() if part not in inside]
    drawn += [one.text or "" for one in others]
    drawn += [child.tail or "" for one in others for child in one]
    return [" ".join(text.split()) for text in drawn if text.strip()]


def _list_strings(part):
    """Every text, and every number as text, in plain data."""
    if isinstance(part, dict):
        return [text for pair in part.items() for value in pair for text in _list_strings(value)]
    if isinstance(part, list | tuple):
        return [text for value in part for text in _list_strings(value)]
    return [] if part is None or isinstance(part, bool) else [str(part)]


class UnreleasedNumber(BarometerError):
    """A report would show what passed no gate. Arguments: where, as a file may say; what it is."""

    def __str__(self):
        return self.args[1]
