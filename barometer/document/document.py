"""Executed notebooks → one document as plain data, which the HTML and the PDF template both read.

Nothing here writes markup, so nothing in a notebook can break or inject any. Whatever a reader
could miss or be misled by (a chapter not run, a picture without alternative text, a character the
typeface lacks) is refused here, where notebook and cell are still known.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat

from barometer.display import check_alternative, name_id
from barometer.document.blocks import add_blocks, explain_silence
from barometer.document.cleaning import describe_left_out
from barometer.document.conditions import hide_unmet
from barometer.document.findings import choose_findings, show_findings
from barometer.document.imprint import agree_on_survey, describe_report, read_front
from barometer.document.languages import mark_english
from barometer.document.markdown import (
    DocumentError,
    MarkdownReader,
    head_annex,
    number_exhibits,
    plain_text,
    resolve_links,
)
from barometer.errors import ContentError
from barometer.exhibits import EXHIBIT_ID
from barometer.languages.speaking import _
from barometer.payloads import MIME, check_table, is_hidden, list_payloads, read_payload
from barometer.pictures import read_pictures
from barometer.sentences.register import (
    collect_claims,
    describe_claims,
    find_verdicts,
    tabulate_claims,
)

BOXES = ("case", "interview", "box")
JOINED = "joined"  # tag of a cell whose first paragraph goes on in the one before it
EXHIBITS = ("figure", "table", "claims")  # kinds of payloads with a number
RESERVED = ("saetning-", "grundlag-", "kort-", "hoved-")  # beginnings of sentences' names
_SURVEY = "name title part part_label synthetic notice citation period data_date"
SURVEY = tuple(_SURVEY.split())


def build_document(notebooks, front=None, published=None):
    """The document model of executed notebooks, as plain data.

    {"meta": {…}, "findings": the report's (`choose_findings`), "chapters": [{id, name, title,
    findings, blocks, claims}, …], "annex": blocks that stand after all chapters, "claims": rows of
    the sentences' register, "left_out": a line for each cell that shows what is not in the report}.

    `notebooks`: paths or (name, NotebookNode) pairs, in reading order; `front`: the front matter as
    a dict or its file (default: notebooks/report.yaml). `published`: the survey's published
    numbers, for sentences where no chapter has the register. Raises `DocumentError`.
    """
    chapters, surveys, opened = [], [], [_open_notebook(item) for item in notebooks]
    opened = [(name, _hide_unmet(name, notebook)) for name, notebook in opened]
    exhibits, notes, annex, front = [], [], [], read_front(front)
    ids = {name for _, notebook in opened for name in _list_exhibits(notebook)}
    verdicts = find_verdicts((notebook for _, notebook in opened), published)
    claims = collect_claims(opened, verdicts)
    chosen = choose_findings(opened, front["findings"])
    for name, notebook in opened:
        reader = ChapterReader(name, ids, notes, claims, exhibits)
        chapter = reader.read(notebook)
        surveys.append((name, reader.survey))
        chapter["findings"] = show_findings(chosen["chapters"][name], reader.clean)
        alone = not chapter["blocks"] and len(opened) > 1  # all of it stands in the annex
        annex += head_annex(chapter, reader.annex) if alone else reader.annex
        chapters += [chapter] * (not alone)
    exhibits.sort(key=lambda one: any(one is block for block in annex))  # those come last
    meta = describe_report(front, agree_on_survey(surveys))
    parts = {"chapters": chapters, "annex": annex}
    linked = resolve_links(parts, ids, number_exhibits(exhibits))
    left_out = [line for name, notebook in opened for line in describe_left_out(notebook, name)]
    return {
        "meta": {name: value for name, value in meta.items() if name not in ("findings", "terms")},
        "findings": show_findings(chosen["report"], reader.clean),
        **{name: mark_english(part, meta["english"]) for name, part in linked.items()},
        "claims": claims,
        "left_out": left_out,
    }


class ChapterReader(MarkdownReader):
    """Reads one executed notebook, cell by cell."""

    def __init__(self, name, ids, notes, claims, exhibits):
        super().__init__(name, ids, notes)
        self.survey, self.claims, self.annex = None, claims, []
        # the report's figures and tables so far, which are numbered when all are read
        self.exhibits = exhibits

    def read(self, notebook):
        """The chapter of a notebook; its H1 becomes the chapter's title."""
        self._check_executed(notebook.cells)
        blocks = []
        for self.cell, cell in enumerate(notebook.cells, 1):
            tags, read = cell.metadata.get("tags", []), self._read_cell(cell)
            place = self.annex if "annex" in tags else blocks
            place[:] = add_blocks(place, read, JOINED in tags)
        self.cell = 0
        if self.title is None:
            remedy = "begynd kapitlet med »# Kapitlets titel«"
            self.refuse(f"har ingen overskrift på øverste niveau; {remedy}")
        if self.survey is None:
            remedy = "vis undersøgelsen i en celle (skriv »survey«)"
            self.refuse(f"siger ikke, hvilke data kapitlet bygger på; {remedy}")
        own = [row for row in self.claims if row["chapter"] == self.name]
        blocks += self.read_markdown(explain_silence([*blocks, *self.annex], own))
        # one that says nothing has no place on a page
        claims = describe_claims([row for row in own if row["sentence"]])
        return {**self.title, "name": self.name, "blocks": blocks, "claims": claims}

    def _check_executed(self, cells):
        code = [(number, one) for number, one in enumerate(cells, 1) if one.cell_type == "code"]
        code = [(number, one) for number, one in code if one.source.strip()]
        for self.cell, cell in code:
            for output in cell.outputs:
                if output.output_type == "error":
                    self.refuse(f"koden fejlede: {output.ename}: {output.evalue}")
        self.cell = 0
        if waiting := [number for number, cell in code if cell.execution_count is None]:
            problem = f"er ikke kørt til ende (celle {waiting[0]} har intet resultat)"
            self.refuse(f"{problem}; kør den først eller brug --execute")

    def _read_cell(self, cell):
        tags = set(cell.metadata.get("tags", []))
        if is_hidden(cell):
            return []
        box = next((kind for kind in BOXES if kind in tags), None)
        if cell.cell_type == "code":
            payloads = list_payloads({"cells": [cell]}) if box else []
            return [
                *(self._read_box(one["markdown"], box) for one in payloads if one.get("markdown")),
                *(block for one in cell.outputs if not box for block in self._read_output(one)),
            ]
        if cell.cell_type != "markdown":
            return []
        if box:
            return [self._read_box(cell.source, box)]
        if "quote" in tags:
            return [self._read_quote(cell.source)]
        return self.read_markdown(cell.source)

    def _read_output(self, output):
        data = output.get("data", {})
        if MIME not in data:
            return []  # `left_out` has what is not for the person at the screen alone
        payload = read_payload(data)
        match payload.get("kind"):
            case "figure":
                return self._read_figure(payload, data)
            case "table":
                return self._read_table(payload)
            case "prose":
                return self._read_prose(payload)
            case "survey":
                return self._read_survey(payload)
            case "claims":
                return self._read_register(payload)
        self.refuse(f"resultatet har en ukendt slags ({payload.get('kind')!r})")

    def _read_figure(self, payload, data):
        table = self._read_cells(payload)
        try:
            check_alternative(payload.get("alt"), payload.get("title"), payload.get("id"))
            pictures = read_pictures(data)
            words = "".join(ElementTree.fromstring(pictures["svg"]).itertext())
        except (ValueError, ElementTree.ParseError) as error:
            self.refuse(str(error))
        self.clean(words)
        names = self._claim_id(payload, "figur") | {"claim": payload.get("claim", "")}
        texts = {key: self.clean(payload.get(key)) for key in ("title", "alt", "note", "key")}
        return self._add_exhibit({"type": "figure", **names, **texts, "table": table, **pictures})

    def _read_table(self, payload):
        name = self._claim_id(payload, "tabel") if payload.get("id") else {"id": "", "label": ""}
        texts = {key: self.clean(payload.get(key)) for key in ("title", "note", "key")}
        table = {"table": self._read_cells(payload)}
        return self._add_exhibit({"type": "table", **name, **texts, **table})

    def _read_prose(self, payload):
        blocks = self.read_markdown(payload["markdown"])
        if not payload.get("evidence") or not blocks:
            return blocks
        return [{"type": "claim", "id": payload["id"], "blocks": blocks}]

    def _read_register(self, payload):
        if all(row["chapter"] == self.name for row in self.claims):
            return self.read_markdown(_("Tabellen over sætningerne findes i den samlede rapport."))
        table = tabulate_claims(self.claims, payload["id"], payload["title"])
        return self._read_table(table.payload)

    def _read_survey(self, payload):
        if missing := [key for key in SURVEY if key not in payload]:
            self.refuse(f"undersøgelsen mangler {', '.join(missing)}")
        self.survey = {
            key: self.clean(value) if isinstance(value, str) else value
            for key, value in payload.items()
            if key != "kind"
        }
        return []

    def _read_cells(self, payload):
        table = payload.get("table") or {}
        try:
            check_table(table, payload.get("id") or payload.get("title"))
        except ValueError as error:
            self.refuse(str(error))
        columns, *rows = (
            [self.clean(c) for c in row] for row in (table["columns"], *table["rows"])
        )
        cells = {"columns": columns, "rows": rows, "numeric": list(table["numeric"])}
        return cells | {"parts": table.get("parts", [])}

    def _claim_id(self, payload, kind):
        identifier = payload.get("id") or ""
        if not EXHIBIT_ID.fullmatch(identifier) or identifier.startswith(RESERVED):
            form = f"skal have formen »{kind}-4« eller sige, hvad der vises, fx »values«"
            letters = "med små bogstaver fra a til z, tal og bindestreg"
            self.refuse(f"id'et {identifier!r} {form}, {letters}")
        if name_id(identifier) and not identifier.startswith(f"{kind}-"):
            self.refuse(f"id'et {identifier!r} hører til en anden slags end »{kind}«")
        if identifier in [one["id"] for one in self.exhibits]:
            self.refuse(f"id'et {identifier!r} er brugt to gange i rapporten")
        return {"id": identifier, "label": ""}

    def _add_exhibit(self, block):
        self.exhibits += [block] if block["id"] else []
        return [block]

    def _read_box(self, text, kind):
        # a box hangs below the section it stands in, whatever level its author gave it
        outside = self.level
        if outside == 0:
            self.refuse("kapitlet skal begynde med sin titel (»# …«), ikke med en boks")
        first = re.match(r"\s*(#+) ", text)
        if not first:
            self.refuse(f"en boks mærket »{kind}« skal begynde med en overskrift")
        self.shift = outside + 1 - len(first[1])
        title, *blocks = self.read_markdown(text)
        self.level, self.shift = outside, 0
        head = {"id": title["id"], "level": title["level"], "title": plain_text(title["content"])}
        return {"type": "box", "kind": kind, **head, "blocks": blocks}

    def _read_quote(self, text):
        read = self.read_markdown(text)
        blocks = [inner for block in read for inner in block.get("blocks", [block])]
        if not blocks or any(block["type"] != "paragraph" for block in blocks):
            allowed = "citatet og eventuelt en linje om, hvem der sagde det"
            self.refuse(f"en celle mærket »quote« må kun indeholde {allowed}")
        paragraphs, source = [block["content"] for block in blocks], []
        if len(paragraphs) > 1 and plain_text(paragraphs[-1]).startswith(("–", "—")):
            source = paragraphs.pop()
        return {"type": "quote", "paragraphs": paragraphs, "source": source}


def _hide_unmet(name, notebook):
    try:
        return hide_unmet(notebook)
    except ContentError as error:
        raise DocumentError(f"Notebooken »{name}«: {error}") from None


def _list_exhibits(notebook):
    """The ids of all figures and tables that a notebook shows: headings take others."""
    shown = {"cells": [cell for cell in notebook.cells if not is_hidden(cell)]}
    exhibits = [one for one in list_payloads(shown) if one.get("kind") in EXHIBITS]
    return [one["id"] for one in exhibits if one.get("id")]


def _open_notebook(item):
    if isinstance(item, tuple):
        return item
    try:
        return Path(item).stem, nbformat.read(item, as_version=4)
    except (OSError, nbformat.reader.NotJSONError) as error:
        raise DocumentError(f"Notebooken »{item}« kan ikke læses: {error}") from error
