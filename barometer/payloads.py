"""The payload of an output: read and written; its full precision, which is in no output."""

import json
from contextlib import contextmanager
from itertools import chain
from uuid import uuid4

from barometer.errors import ContentError
from barometer.languages.messages import express_shown
from barometer.marks import SCREEN_ONLY
from barometer.text import Number, Text, is_written

MIME = "application/vnd.barometer+json"
SVG_TYPE, PNG_TYPE = "image/svg+xml", "image/png"
NARROW_TYPE = "application/vnd.barometer.narrow+svg"  # a figure's drawing for a phone, an SVG
UNMET = "unmet"  # tag of a cell whose conditions do not hold (`conditions.py`)
HIDDEN = {"parameters", "injected-parameters", "remove", UNMET}  # tags of cells that show nothing


def read_payload(data):
    """The payload of an output's data; some notebooks hold it as text."""
    return json.loads(data[MIME]) if isinstance(data[MIME], str) else data[MIME]


def list_data(notebook):
    """The data of each of a notebook's outputs that has a payload, in order."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return [output["data"] for output in outputs if MIME in output.get("data", {})]


def list_payloads(notebook):
    """The payloads of a notebook's outputs, in order."""
    return list(map(read_payload, list_data(notebook)))


def is_hidden(cell):
    """Whether a cell says by a tag that it shows nothing."""
    return not HIDDEN.isdisjoint(cell["metadata"].get("tags", ()))


LANGUAGES = "languages"  # {language: the payload in it}, beside the one of the chapter's language
MARK, INTERNAL = "internal_name", "internal"
_held = None  # {name: what a payload lacks, as JSON}, while this process executes a chapter
_asked = None  # the cells that it needs of the gate, where they are collected
_only_seen = False  # whether figures are drawn for the screen alone


@contextmanager
def hold_internal(asked=None):
    """{name: JSON} of what payloads lack, while this process executes a chapter; not written.

    `asked`: a list for the cells that it needs of the gate, where a plan is made of them.
    """
    global _held, _asked
    _held, _asked = {}, asked
    try:
        yield _held
    finally:
        _held = _asked = None


class Veiled(dict):
    """Numbers in full precision, read as in any dict, of which nothing is seen at a cell's end."""

    def __repr__(self):
        """Shown without a number."""
        return "{vises ikke}" if self else "{}"


def veil(part):
    """A copy of plain data in which no dict under `internal` shows anything of itself."""
    if isinstance(part, dict):
        return {
            key: Veiled(value) if key == INTERNAL else veil(value) for key, value in part.items()
        }
    return type(part)(map(veil, part)) if isinstance(part, list | tuple) else part


def hold_back(payload, made_here=False):
    """A payload as it may be shown; what it lacks is kept for the run (`hold_internal`).

    `made_here`: whether this program made it, rather than a chapter by hand.
    """
    shown = strip_internal(payload)
    if _held is None:
        return shown
    name, taken = uuid4().hex, [part.get(INTERNAL) for part in _walk(payload)]
    _held[name] = json.dumps({"taken": taken, "made_here": made_here})
    return shown | {MARK: name}


def put_back(payload, held):
    """A payload with its full precision and `made_here` again. `held`: from `hold_internal`.

    One that nothing was held back of was not made here. Raises KeyError for a name not held.
    """
    payload = {key: value for key, value in strip_internal(payload).items() if key != "made_here"}
    if not (name := payload.pop(MARK, None)):
        return payload
    known = json.loads(held[str(name)])
    for part, taken in zip(_walk(payload), known["taken"], strict=True):
        if taken is not None:
            part[INTERNAL] = taken
    return payload | {"made_here": known["made_here"]}


def list_rows(payload):
    """The rows of the trace of an output, of what it shows and of what it rests on."""
    return [
        *payload.get("trace", ()),
        *(row for one in payload.get("evidence", ()) for row in one.get("trace", ())),
    ]


def is_beside(payload):
    """Whether an output shows what the plan of closed cells was not made for."""
    return any(row.get("beside") for row in list_rows(payload))


def mark_beside(payload, drawn):
    """What is drawn of a payload ({MIME type: content}), with word of it where it is only looked
    at.
    """
    if not is_beside(payload):
        return drawn
    words = express_shown(SCREEN_ONLY)
    notes = {
        "text/html": f'<p style="color:#666">{words}</p>',
        "text/markdown": f"\n\n*{words}*",
        "text/plain": f"\n{words}",
    }
    return {kind: content + notes.get(kind, "") for kind, content in drawn.items()}


def is_run():
    """Whether a run executes this chapter, for a report or to collect what it needs."""
    return _held is not None


def is_collecting():
    """Whether a chapter is executed for its requests alone, and nobody sees what it shows."""
    return _asked is not None


@contextmanager
def draw_for_screen():
    """Within, figures have no picture but that of a screen: no file and no phone's page is made of
    them.
    """
    global _only_seen
    _only_seen = True
    try:
        yield
    finally:
        _only_seen = False


def is_for_screen():
    """Whether figures are drawn for the screen alone."""
    return _only_seen


def note_asked(cells):
    """Note which cells a chapter needs, where a plan is being made; whether that is so."""
    if _asked is None:
        return False
    _asked.extend(cells)
    return True


def strip_internal(part):
    """A copy of plain data without anything under `internal`, however deep."""
    if isinstance(part, dict):
        return {key: strip_internal(value) for key, value in part.items() if key != INTERNAL}
    return [strip_internal(value) for value in part] if isinstance(part, list | tuple) else part


def _walk(part):
    """Every dict in plain data but those under `internal`, in the order of names."""
    if isinstance(part, dict):
        yield part
        for key in sorted(part):
            if key != INTERNAL:
                yield from _walk(part[key])
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _walk(value)


def write_table(table, where):
    """A table of finished text, of one whose heads and cells are strings, `Number` and `Text`.

    `parts` has each cell with numbers as `Text.to_plain`, None for others. Raises as `check_table`.
    """
    lines = (table.get("columns") or (), *(table.get("rows") or ()))
    heads, *rows = ([_write_cell(cell) for cell in row] for row in lines)
    parts = [
        [Text(cell).to_plain() if isinstance(cell, Number | Text) else None for cell in row]
        for row in lines[1:]
    ]
    written = table | {"columns": heads} | ({"rows": rows} if "rows" in table else {})
    written |= {"parts": parts} if any(map(any, parts)) else {}
    check_table(written, where)
    return written


def _write_cell(cell):
    return str(cell) if isinstance(cell, Number | Text) else cell


def check_table(table, where):
    """Refuse a table with uneven rows, or with anything but finished text."""
    columns, rows, numeric = (table.get(key) for key in ("columns", "rows", "numeric"))
    if not columns or rows is None or numeric is None or len(numeric) != len(columns):
        needed = "columns, rows og numeric, og numeric lige så lang som columns"
        raise ContentError(f"{where}: en tabel skal have {needed}")
    for row in rows:
        if len(row) != len(columns):
            number = f"{len(row)} celler, men tabellen har {len(columns)} kolonner"
            raise ContentError(f"{where}: rækken {row!r} har {number}")
    for cell, parts in zip(chain(*rows), chain(*table.get("parts", ())), strict=False):
        if parts and not is_written(parts, cell):
            raise ContentError(f"{where}: tallene i {cell!r} er andre end dem, der vises")
    if odd := [cell for row in (columns, *rows) for cell in row if not isinstance(cell, str)]:
        raise ContentError(f"{where}: {odd[0]!r} er ikke tekst; formatér tallene først")
