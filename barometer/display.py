"""What a notebook cell shows: bundles that JupyterLab draws and exporters read back as plain data.

A bundle has the payload of docs/design.md under `MIME`, beside text/html or text/markdown for the
screen. Nothing is parsed out of the HTML: a table travels as data, a picture with its alternative
text.
"""

import json
import re
import sys
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from barometer.errors import ContentError
from barometer.exhibits import draw_exhibit
from barometer.files.images import PNG, clean_svg
from barometer.languages.speaking import _, speak
from barometer.marks import explain_marks
from barometer.payloads import (
    INTERNAL,
    LANGUAGES,
    MIME,
    NARROW_TYPE,
    PNG_TYPE,
    SVG_TYPE,
    Veiled,
    hold_back,
    is_collecting,
    is_for_screen,
    mark_beside,
    strip_internal,
    veil,
    write_table,
)

# what could be read as Markdown in text that is none
PLAIN_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
NOTICE = ("title", "part_label", "notice", "citation")  # what a notice of a survey says
MAKING = ("__init__", "__post_init__")
PAYLOAD = ("id", "title", "alt", "note", "table", "markdown")  # fields that a payload has
LIST_MARK = re.compile(r"^(\d*)([-+=.)])(?=\s|$)")  # the same at the beginning of a line


class Shown:
    """What a cell shows by its payload, and whether this program made it, as it is now.

    What a chapter makes or changes by hand has not come from a released table by itself.
    """

    kind = ""  # of the payload
    variants = MappingProxyType({})  # {language: the same in it}, beside its own

    def _in_language(self, language):
        """The same in a language, where it has been written in it."""
        return self.variants.get(language, self)

    def __post_init__(self):
        self._remember()

    def _remember(self):
        frame = sys._getframe(1)
        # to whoever asked for it, past the class itself
        while frame.f_globals.get("__name__") == __name__ or frame.f_code.co_name in MAKING:
            frame = frame.f_back
        made_here = frame.f_globals.get("__name__", "").startswith("barometer.")
        for name in ("trace", "evidence", "claim"):
            if hasattr(self, name):
                object.__setattr__(self, name, veil(getattr(self, name)))
        if hasattr(self, "tests"):
            object.__setattr__(self, "tests", tuple(map(Veiled, self.tests)))
        object.__setattr__(self, "_made", _fingerprint(self.payload) if made_here else None)

    @property
    def payload(self):
        """What is shown as the document model reads it; a figure's picture lies beside it."""
        fields = {name: getattr(self, name) for name in PAYLOAD if hasattr(self, name)}
        trace = [{"where": self.id or "", **row} for row in self.trace]
        key = {"key": explain_table(self.table)} if "table" in fields else {}
        return {"kind": self.kind, **fields, **key, "trace": trace}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": ""} if is_collecting() else self._show()

    def _show(self):
        payload, pictures = self.payload, ()
        made, others = self._made == _fingerprint(payload), {}
        for language, one in self.variants.items():
            with speak(language):  # texts are written as late as here
                others[language] = one.payload
            made = made and one._made == _fingerprint(others[language])
        if self.kind == "figure":
            pictures = self.svg, self.png, self.narrow
        shown = hold_back(payload | {LANGUAGES: others} if others else payload, made)
        return {MIME: shown, **draw_payload(payload, *pictures)}


@dataclass(frozen=True)
class Figure(Shown):
    """A picture with its alternative text, its note and the numbers behind it.

    `svg` is the picture with its frame, `png` the same in dots, `narrow` one for a phone, `table`
    the numbers as `{"columns": [...], "rows": [[...]], "numeric": [...]}`, all strings or `Text`.
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
    narrow: str = field(default="", repr=False)
    # what its pictures are painted of, where they are painted later (`figures/drawing.py`)
    sketch: str = field(default="", repr=False)
    kind = "figure"

    def __post_init__(self):
        check_alternative(self.alt, self.title, self.id)
        object.__setattr__(self, "table", write_table(self.table, self.id))
        if not self.sketch:
            object.__setattr__(self, "svg", clean_svg(self.svg))
        object.__setattr__(self, "narrow", clean_svg(self.narrow) if self.narrow else "")
        if not (self.sketch or is_for_screen()) and not self.png.startswith(PNG):
            raise ContentError(f"{self.id}: figuren mangler billedet i punkter (png)")
        self._remember()

    @property
    def payload(self):
        """As of what is shown, with the sentence that is its title."""
        internal = Veiled(tests=list(self.tests)) if self.tests else Veiled()
        internal |= {"sketch": self.sketch} if self.sketch else {}
        return super().payload | self.claim | ({INTERNAL: internal} if internal else {})


@dataclass(frozen=True)
class Table(Shown):
    """A table of strings and `Text`; the first column names the row. `id` may be ""."""

    title: str
    table: dict
    note: str = ""
    id: str | None = None
    trace: tuple = field(default=(), repr=False)
    kind = "table"

    def __post_init__(self):
        object.__setattr__(self, "table", write_table(self.table, self.id or self.title))
        self._remember()


@dataclass(frozen=True)
class Prose(Shown):
    """Markdown text made by code, read by the report as if a person had typed it.

    `outcome`, `evidence`: of a sentence on data, see `claims.Sentence`.
    """

    markdown: str
    id: str | None = None
    trace: tuple = field(default=(), repr=False)
    outcome: str = ""
    evidence: tuple = field(default=(), repr=False)
    kind = "prose"

    @property
    def payload(self):
        """As of what is shown, with what a sentence rests on."""
        claim = {"outcome": self.outcome, "evidence": list(self.evidence)} if self.outcome else {}
        return super().payload | claim


@dataclass(frozen=True)
class SurveyNotice(Shown):
    """Says at the head of a chapter which data it stands on, and whether they are synthetic."""

    about: dict

    @property
    def payload(self):
        """What is known of the survey."""
        return {**self.about, "kind": "survey"}


def draw_payload(payload, svg="", png=b"", narrow=""):
    """{MIME type: content} beside a payload in its output; a figure's pictures are cleaned ones.

    Raises KeyError for another kind of payload.
    """
    drawn = {
        "figure": _draw_figure,
        "table": _draw_table,
        "prose": _draw_prose,
        "survey": _draw_survey,
        "claims": _draw_register,
    }[payload["kind"]](payload, svg, png, narrow)
    return mark_beside(payload, drawn)


def _draw_figure(payload, svg, png, narrow):
    label = name_id(payload["id"])
    title = ". ".join(filter(None, (label, payload["title"])))
    # JupyterLab shows the richest, which is the HTML; the PNG is for the report's folder.
    return {
        SVG_TYPE: svg,
        PNG_TYPE: b64encode(png).decode(),
        **({NARROW_TYPE: narrow} if narrow else {}),
        "text/html": draw_exhibit(payload, label, svg, narrow),
        "text/plain": f"{title}\n{payload['alt']}",
    }


def _draw_table(payload, *_drawn):
    table, label = payload["table"], name_id(payload["id"])
    caption = ". ".join(filter(None, (label, payload["title"])))
    lines = [" | ".join(row) for row in (table["columns"], *table["rows"])]
    return {
        "text/html": draw_exhibit(payload, label),
        "text/plain": "\n".join(filter(None, [caption, payload["key"], *lines])),
    }


def _draw_prose(payload, *_drawn):
    return {"text/markdown": payload["markdown"], "text/plain": payload["markdown"]}


def _draw_survey(payload, *_drawn):
    about = {key: escape_markdown(str(payload.get(key, ""))) for key in NOTICE}
    title, sector, notice, citation = about.values()
    source = _("Kilde: {source}").format(source=citation)
    lines = filter(None, [f"**{title}** · {sector}", notice, f"*{source}*"])
    plain = " ".join(str(payload.get(key, "")) for key in NOTICE[:3])
    return {"text/markdown": "\n\n".join(lines), "text/plain": plain}


def _draw_register(*_drawn):
    text = "Tabellen over alle rapportens sætninger dannes, når kapitlerne samles."
    return {"text/markdown": text, "text/plain": text}


def escape_markdown(text):
    """A text that is no Markdown, such as a label, so that it is shown as it stands, on a line."""
    return LIST_MARK.sub(r"\1\\\2", PLAIN_MARKDOWN.sub(r"\\\1", re.sub(r"[\r\n\t]+", " ", text)))


def read_markdown(text):
    """A sentence in Markdown where none is read, as in a figure's title: without its escapes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def name_id(identifier):
    """ "figur-4" → "Figur 4"; "" for an id that says what is shown, which the report numbers."""
    kind, _dash, number = (identifier or "").partition("-")
    return f"{kind.capitalize()} {number}" if number and kind in ("figur", "tabel") else ""


def check_alternative(alt, title, where):
    """Refuse a picture without alternative text, or whose text only repeats its title."""
    if not (alt or "").strip():
        raise ContentError(f"{where}: figuren mangler alternativ tekst (alt)")
    if alt.strip() == (title or "").strip():
        problem = "den alternative tekst gentager blot titlen; skriv hvad figuren viser"
        raise ContentError(f"{where}: {problem}")


def explain_table(table):
    """What the marks in a table mean, "" where it has none: stands above it."""
    return explain_marks([text for row in (table["columns"], *table["rows"]) for text in row])


def _fingerprint(payload):
    plain = json.dumps(strip_internal(payload), sort_keys=True, default=str)
    return sha256(plain.encode()).hexdigest()
