"""What a notebook cell shows: bundles that JupyterLab draws and that the exporters read back as
plain data.

Each bundle holds the payload of docs/design.md under `MIME`, beside text/html or text/markdown for
the person at the screen. Nothing is ever parsed out of the HTML again: a table travels as data, a
picture with its alternative text.
"""

import json
import re
import sys
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape

from barometer.files.images import PNG, clean_svg, describe_svg
from barometer.marks import explain_marks
from barometer.payloads import MIME, PNG_TYPE, SVG_TYPE, Veiled, hold_back, strip_internal, veil

# what could be read as Markdown in text that is none
PLAIN_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
LIST_MARK = re.compile(r"^(\d*)([-+=.)])(?=\s|$)")  # the same at the beginning of a line


class Shown:
    """What a cell shows by its payload. It knows whether this program's functions made it, and as
    it is now.

    What a chapter makes by hand, or changes in its hands, has not come from a released table by
    itself.
    """

    def _remember(self):
        frame = sys._getframe(1)
        while frame.f_globals.get("__name__") == __name__ or frame.f_code.co_name in (
            "__init__",
            "__post_init__",
        ):
            # to whoever asked for it, past the class itself and `show_table`
            frame = frame.f_back
        made_here = frame.f_globals.get("__name__", "").startswith("barometer.")
        for name in ("trace", "evidence", "claim"):
            if hasattr(self, name):
                object.__setattr__(self, name, veil(getattr(self, name)))
        if hasattr(self, "tests"):
            object.__setattr__(self, "tests", tuple(map(Veiled, self.tests)))
        object.__setattr__(self, "_made", _fingerprint(self.payload) if made_here else None)

    def _show(self, **pictures):
        payload = self.payload
        return {
            MIME: hold_back(payload, self._made == _fingerprint(payload)),
            **draw_payload(payload, **pictures),
        }


@dataclass(frozen=True)
class Figure(Shown):
    """A picture that cannot be shown without its alternative text, its note and the numbers behind
    it.

    `svg` is the picture, `png` the same in dots, `table` the numbers as `{"columns": [...], "rows":
    [[...]], "numeric": [...]}`, all text.
    """

    id: str
    title: str
    alt: str
    note: str
    table: dict
    svg: str = field(repr=False)
    # a row per number shown, see `trace.py`
    trace: tuple = field(default=(), repr=False)
    # of the sentence that is the title: `trace.read_claim`
    claim: dict = field(default_factory=dict, repr=False)
    png: bytes = field(default=b"", repr=False)
    # those shown at its rows, in full precision
    tests: tuple = field(default=(), repr=False)

    def __post_init__(self):
        check_alternative(self.alt, self.title, self.id)
        check_table(self.table, self.id)
        object.__setattr__(self, "svg", clean_svg(self.svg))
        if not self.png.startswith(PNG):
            raise ValueError(f"{self.id}: figuren mangler billedet i punkter (png)")
        self._remember()

    @property
    def payload(self):
        """The figure as the document model reads it; the picture lies beside it as
        image/svg+xml.
        """
        return {
            "kind": "figure",
            "id": self.id,
            "title": self.title,
            "alt": self.alt,
            "note": self.note,
            "table": self.table,
            "key": explain_table(self.table),
            "trace": place_trace(self.trace, self.id),
            **self.claim,
            **({"internal": Veiled(tests=list(self.tests))} if self.tests else {}),
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._show(svg=self.svg, png=self.png)


@dataclass(frozen=True)
class Table(Shown):
    """A table of finished text; the first column names the row."""

    title: str
    table: dict
    note: str = ""
    id: str | None = None
    trace: tuple = field(default=(), repr=False)

    def __post_init__(self):
        check_table(self.table, self.id or self.title)
        self._remember()

    @property
    def payload(self):
        """The table as the document model reads it."""
        return {
            "kind": "table",
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "table": self.table,
            "key": explain_table(self.table),
            "trace": place_trace(self.trace, self.id),
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._show()


@dataclass(frozen=True)
class Prose(Shown):
    """Markdown text made by code, live in JupyterLab and read by the report as if a person had
    typed it.

    `outcome`, `evidence`: of a sentence on data, see `claims.Sentence`.
    """

    markdown: str
    id: str | None = None
    trace: tuple = field(default=(), repr=False)
    outcome: str = ""
    evidence: tuple = field(default=(), repr=False)

    def __post_init__(self):
        self._remember()

    @property
    def payload(self):
        """The text as the document model reads it."""
        told = {"outcome": self.outcome, "evidence": list(self.evidence)} if self.outcome else {}
        return {
            "kind": "prose",
            "id": self.id,
            "markdown": self.markdown,
            "trace": place_trace(self.trace, self.id),
            **told,
        }

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._show()


@dataclass(frozen=True)
class SurveyNotice(Shown):
    """Says at the head of a chapter which data it stands on, and whether they are synthetic."""

    payload: dict = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "payload", {**self.payload, "kind": "survey"})
        self._remember()

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._show()


def draw_payload(payload, svg="", png=b""):
    """What stands beside a payload in its output, {MIME type: content}, made of it alone and of a
    figure's pictures.

    `svg`: cleaned. Raises KeyError for a kind of payload that is none of ours.
    """
    return {
        "figure": _draw_figure,
        "table": _draw_table,
        "prose": _draw_prose,
        "survey": _draw_survey,
        "claims": _draw_register,
    }[payload["kind"]](payload, svg, png)


def _draw_figure(payload, svg, png):
    numbers = draw_table(payload["table"], f"Tallene bag {name_id(payload['id'])}", payload["key"])
    # JupyterLab shows the richest it knows, which is the HTML; the PNG is for the report's folder.
    html = (
        f'<figure style="margin:1em '
        f'0;max-width:46em"><figcaption><strong>{escape(name_id(payload["id"]))}. '
        f'{escape(payload["title"])}</strong></figcaption><div style="background:#fff">'
        f"{describe_svg(svg, payload['alt'], payload['id'])}</div>{_draw_note(payload['note'])}"
        f"<details><summary>Vis tallene</summary>{numbers}</details></figure>"
    )
    return {
        SVG_TYPE: svg,
        PNG_TYPE: b64encode(png).decode(),
        "text/html": html,
        "text/plain": f"{name_id(payload['id'])}. {payload['title']}\n{payload['alt']}",
    }


def _draw_table(payload, *_):
    table, key = payload["table"], payload["key"]
    caption = ". ".join(filter(None, (name_id(payload["id"]), payload["title"])))
    lines = [" | ".join(row) for row in (table["columns"], *table["rows"])]
    return {
        "text/html": draw_table(table, caption, key) + _draw_note(payload["note"]),
        "text/plain": "\n".join(filter(None, [caption, key, *lines])),
    }


def _draw_prose(payload, *_):
    return {"text/markdown": payload["markdown"], "text/plain": payload["markdown"]}


def _draw_survey(payload, *_):
    about = {key: escape_markdown(str(value)) for key, value in payload.items()}
    lines = [
        f"**{about.get('title', '')}** · {about.get('sector_label', '')}",
        about.get("notice", ""),
        f"*Kilde: {about.get('citation', '')}*",
    ]
    return {
        "text/markdown": "\n\n".join(filter(None, lines)),
        "text/plain": " ".join(
            str(payload.get(key, "")) for key in ("title", "sector_label", "notice")
        ),
    }


def _draw_register(*_):
    told = "Tabellen over alle rapportens sætninger dannes, når kapitlerne samles."
    return {"text/markdown": told, "text/plain": told}


def show_table(title, table, note="", id=None, trace=()):
    """A table a cell can end with. `id` ("tabel-1") gives its number; without it, it has none."""
    return Table(title, table, note, id, tuple(trace))


def place_trace(rows, identifier):
    """The rows of a trace, each told where its number is."""
    return [{"where": identifier or "", **row} for row in rows]


def escape_markdown(text):
    """A text that is no Markdown, such as a label, so that Markdown shows it as it stands, on one
    line.
    """
    return LIST_MARK.sub(r"\1\\\2", PLAIN_MARKDOWN.sub(r"\\\1", re.sub(r"[\r\n\t]+", " ", text)))


def read_markdown(text):
    """The words of a sentence in Markdown where none is read, as in a figure's title: without its
    escapes.
    """
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def name_id(identifier):
    """ "figur-4" → "Figur 4"; no id, no name."""
    kind, _, number = (identifier or "").partition("-")
    return f"{kind.capitalize()} {number}" if number else kind.capitalize()


def check_alternative(alt, title, where):
    """Refuse a picture without alternative text, or whose text only repeats the title read out just
    before it.
    """
    if not (alt or "").strip():
        raise ValueError(f"{where}: figuren mangler alternativ tekst (alt)")
    if alt.strip() == (title or "").strip():
        raise ValueError(
            f"{where}: den alternative tekst gentager blot titlen; skriv hvad figuren viser"
        )


def check_table(table, where):
    """Refuse a table whose rows and columns differ in number, or that holds anything but finished
    text.
    """
    columns, rows, numeric = (table.get(key) for key in ("columns", "rows", "numeric"))
    if not columns or rows is None or numeric is None or len(numeric) != len(columns):
        raise ValueError(
            f"{where}: en tabel skal have columns, rows og numeric, og numeric lige så lang som "
            f"columns"
        )
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(
                f"{where}: rækken {row!r} har {len(row)} celler, men tabellen har {len(columns)} "
                f"kolonner"
            )
    if odd := [cell for row in (columns, *rows) for cell in row if not isinstance(cell, str)]:
        raise ValueError(f"{where}: {odd[0]!r} er ikke tekst; formatér tallene først")


def explain_table(table):
    """What the marks in a table mean, "" where it has none: told above it, as a reader meets the
    mark after that.
    """
    return explain_marks([text for row in (table["columns"], *table["rows"]) for text in row])


def draw_table(table, caption, key=""):
    """An HTML table with caption and the key to its marks, every header told whether it heads a
    column or a row.
    """
    align = ["right" if numeric else "left" for numeric in table["numeric"]]
    head = "".join(
        f'<th scope="col" style="text-align:{a}">{escape(c)}</th>'
        for a, c in zip(align, table["columns"], strict=True)
    )
    body = "".join(
        "<tr>" + "".join(_draw_cell(i, cell, align[i]) for i, cell in enumerate(row)) + "</tr>"
        for row in table["rows"]
    )
    return (
        f"<table><caption "
        f'style="text-align:left;font-weight:bold">{escape(caption)}{_draw_key(key)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _fingerprint(payload):
    return sha256(
        json.dumps(strip_internal(payload), sort_keys=True, default=str).encode()
    ).hexdigest()


def _draw_cell(position, text, align):
    start, end = ('<th scope="row"', "</th>") if position == 0 else ("<td", "</td>")
    return f'{start} style="text-align:{align}">{escape(text)}{end}'


def _draw_key(key):
    return (
        f'<p style="font-weight:normal;font-size:0.9em;margin:0.3em 0">{escape(key)}</p>'
        if key
        else ""
    )


def _draw_note(note):
    return f'<p style="font-size:0.9em">{escape(note)}</p>' if note else ""
