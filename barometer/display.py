"""What a notebook cell shows: bundles that JupyterLab draws and that the exporters read back as plain data.

Each bundle holds the payload of docs/design.md under `MIME`, beside text/html or text/markdown for the person at the
screen. Nothing is ever parsed out of the HTML again: a table travels as data, a picture with its alternative text.
"""
import copy
import re
from base64 import b64encode
from dataclasses import dataclass, field
from html import escape

from barometer.marks import explain_marks

MIME = "application/vnd.barometer+json"
MARGIN = 9   # points: white around a picture that stands alone
PNG = b"\x89PNG\r\n\x1a\n"   # how such a file begins
PLAIN_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$&])")   # what could be read as Markdown in text that is none
LIST_MARK = re.compile(r"^(\d*)([-+=.)])(?=\s|$)")   # the same at the beginning of a line
UNSAFE_SVG = re.compile(r"<(script|foreignObject|iframe|image)\b|@import"
                        r"|<[^>]*(\son\w+\s*=|javascript:|(href|src)\s*=\s*[\"'](?!#))", re.I)

# Where a screen lacks the typeface, browsers would fall back to a serif one.
FALLBACK_FACES = {'font-family="IBM Plex Sans"': 'font-family="IBM Plex Sans, sans-serif"',
                  "'IBM Plex Sans';": "'IBM Plex Sans', sans-serif;"}


@dataclass(frozen=True)
class Figure:
    """A picture that cannot be shown without its alternative text, its note and the numbers behind it.

    `svg` is the picture, `png` the same in dots, `table` the numbers as `{"columns": [...], "rows": [[...]],
    "numeric": [...]}`, all text.
    """

    id: str
    title: str
    alt: str
    note: str
    table: dict
    svg: str
    trace: tuple = ()                            # a row per number shown, see `trace.py`
    claim: dict = field(default_factory=dict)    # of the sentence that is the title: see `trace.read_claim`
    png: bytes = field(default=b"", repr=False)

    def __post_init__(self):
        check_alternative(self.alt, self.title, self.id)
        check_table(self.table, self.id)
        clean_svg(self.svg)
        if not self.png.startswith(PNG):
            raise ValueError(f"{self.id}: figuren mangler billedet i punkter (png)")

    @property
    def payload(self):
        """The figure as the document model reads it; the picture lies beside it as image/svg+xml."""
        return {"kind": "figure", "id": self.id, "title": self.title, "alt": self.alt, "note": self.note,
                "table": self.table, "key": explain_table(self.table),
                "trace": place_trace(self.trace, self.id), **self.claim}

    def _repr_mimebundle_(self, include=None, exclude=None):
        # JupyterLab shows the richest it knows, which is the HTML; the PNG is for the report's folder.
        return {MIME: self.payload, "image/svg+xml": self.svg, "image/png": b64encode(self.png).decode(),
                "text/html": self._draw(), "text/plain": f"{name_id(self.id)}. {self.title}\n{self.alt}"}

    def _draw(self):
        numbers = draw_table(self.table, f"Tallene bag {name_id(self.id)}", self.payload["key"])
        return (f'<figure style="margin:1em 0;max-width:46em"><figcaption><strong>{escape(name_id(self.id))}. '
                f'{escape(self.title)}</strong></figcaption><div style="background:#fff">'
                f"{describe_svg(self.svg, self.alt, self.id)}</div>{_draw_note(self.note)}"
                f"<details><summary>Vis tallene</summary>{numbers}</details></figure>")


@dataclass(frozen=True)
class Table:
    """A table of finished text; the first column names the row."""

    title: str
    table: dict
    note: str = ""
    id: str | None = None
    trace: tuple = ()

    def __post_init__(self):
        check_table(self.table, self.id or self.title)

    @property
    def payload(self):
        """The table as the document model reads it."""
        return {"kind": "table", "id": self.id, "title": self.title, "note": self.note, "table": self.table,
                "key": explain_table(self.table), "trace": place_trace(self.trace, self.id)}

    def _repr_mimebundle_(self, include=None, exclude=None):
        caption = ". ".join(filter(None, (name_id(self.id), self.title)))
        lines = [" | ".join(row) for row in (self.table["columns"], *self.table["rows"])]
        key = self.payload["key"]
        return {MIME: self.payload, "text/html": draw_table(self.table, caption, key) + _draw_note(self.note),
                "text/plain": "\n".join(filter(None, [caption, key, *lines]))}


@dataclass(frozen=True)
class Prose:
    """Markdown text made by code, live in JupyterLab and read by the report as if a person had typed it."""

    markdown: str
    id: str | None = None
    trace: tuple = ()

    def _repr_mimebundle_(self, include=None, exclude=None):
        payload = {"kind": "prose", "id": self.id, "markdown": self.markdown,
                   "trace": place_trace(self.trace, self.id)}
        return {MIME: payload, "text/markdown": self.markdown, "text/plain": self.markdown}


@dataclass(frozen=True)
class SurveyNotice:
    """Says at the head of a chapter which data it stands on, and whether they are synthetic."""

    payload: dict = field(default_factory=dict)

    def _repr_mimebundle_(self, include=None, exclude=None):
        about = {key: escape_markdown(str(value)) for key, value in self.payload.items()}
        lines = [f"**{about.get('title', '')}** · {about.get('sector_label', '')}", about.get("notice", ""),
                 f"*Kilde: {about.get('citation', '')}*"]
        return {MIME: {**self.payload, "kind": "survey"}, "text/markdown": "\n\n".join(filter(None, lines)),
                "text/plain": " ".join(str(self.payload.get(key, "")) for key in ("title", "sector_label", "notice"))}


def show_table(title, table, note="", id=None, trace=()):
    """A table a cell can end with. `id` ("tabel-1") gives its number; without it, it has none."""
    return Table(title, table, note, id, tuple(trace))


def place_trace(rows, identifier):
    """The rows of a trace, each told where its number is."""
    return [{"where": identifier or "", **row} for row in rows]


def escape_markdown(text):
    """A text that is no Markdown, such as a label, so that Markdown shows it as it stands, on one line."""
    return LIST_MARK.sub(r"\1\\\2", PLAIN_MARKDOWN.sub(r"\\\1", re.sub(r"[\r\n\t]+", " ", text)))


def read_markdown(text):
    """The words of a sentence in Markdown where none is read, as in a figure's title: without its escapes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def name_id(identifier):
    """"figur-4" → "Figur 4"; no id, no name."""
    kind, _, number = (identifier or "").partition("-")
    return f"{kind.capitalize()} {number}" if number else kind.capitalize()


def check_alternative(alt, title, where):
    """Refuse a picture without alternative text, or whose text only repeats the title read out just before it."""
    if not (alt or "").strip():
        raise ValueError(f"{where}: figuren mangler alternativ tekst (alt)")
    if alt.strip() == (title or "").strip():
        raise ValueError(f"{where}: den alternative tekst gentager blot titlen; skriv hvad figuren viser")


def check_table(table, where):
    """Refuse a table whose rows and columns differ in number, or that holds anything but finished text."""
    columns, rows, numeric = (table.get(key) for key in ("columns", "rows", "numeric"))
    if not columns or rows is None or numeric is None or len(numeric) != len(columns):
        raise ValueError(f"{where}: en tabel skal have columns, rows og numeric, og numeric lige så lang som columns")
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{where}: rækken {row!r} har {len(row)} celler, men tabellen har {len(columns)} kolonner")
    if odd := [cell for row in (columns, *rows) for cell in row if not isinstance(cell, str)]:
        raise ValueError(f"{where}: {odd[0]!r} er ikke tekst; formatér tallene først")


def explain_table(table):
    """What the marks in a table mean, "" where it has none: told above it, as a reader meets the mark after that."""
    return explain_marks([text for row in (table["columns"], *table["rows"]) for text in row])


def clean_svg(svg):
    """The bare <svg> element: no XML prologue, no creator's metadata. Refuses what could run or fetch in a browser."""
    if "<svg" not in (svg or ""):
        raise ValueError("billedet er ikke en SVG")
    bare = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg"):], flags=re.S).strip()
    if UNSAFE_SVG.search(bare):
        raise ValueError("billedet indeholder scripts, indlejrede filer eller henvisninger ud af billedet")
    return bare


def describe_svg(svg, alt, prefix):
    """The picture for a page: alternative text on it, and ids of its own, as two pictures otherwise share theirs."""
    bare = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', clean_svg(svg))
    bare = re.sub(r'(href="#|url\(#)', rf"\1{prefix}-", bare)
    for face, faces in FALLBACK_FACES.items():
        bare = bare.replace(face, faces)
    tag, rest = bare.split(">", 1)
    tag = re.sub(r'\s(role|aria-[a-z]+)="[^"]*"', "", tag)
    return f'{tag.replace("<svg", f"""<svg role="img" aria-label="{escape(alt)}" """.rstrip(), 1)}>{rest}'


def draw_table(table, caption, key=""):
    """An HTML table with caption and the key to its marks, every header told whether it heads a column or a row."""
    align = ["right" if numeric else "left" for numeric in table["numeric"]]
    head = "".join(f'<th scope="col" style="text-align:{a}">{escape(c)}</th>'
                   for a, c in zip(align, table["columns"], strict=True))
    body = "".join("<tr>" + "".join(_draw_cell(i, cell, align[i]) for i, cell in enumerate(row)) + "</tr>"
                   for row in table["rows"])
    return (f'<table><caption style="text-align:left;font-weight:bold">{escape(caption)}{_draw_key(key)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def remove_unreleased(notebook):
    """A copy of a notebook without what its author looked at.

    Only an output with a payload has passed the gate; what was printed or merely shown can be anything.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if MIME in output.get("data", {})]
    return notebook


def _draw_cell(position, text, align):
    start, end = ('<th scope="row"', "</th>") if position == 0 else ("<td", "</td>")
    return f'{start} style="text-align:{align}">{escape(text)}{end}'


def _draw_key(key):
    return f'<p style="font-weight:normal;font-size:0.9em;margin:0.3em 0">{escape(key)}</p>' if key else ""


def _draw_note(note):
    return f'<p style="font-size:0.9em">{escape(note)}</p>' if note else ""
