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
from barometer.files.images import clean_svg
from barometer.payloads import MIME, check_table, is_hidden, read_payload
from barometer.report.cleaning import tell_left_out
from barometer.report.imprint import agree_on_survey, describe_report, read_front
from barometer.report.markdown import (
    DocumentError,
    MarkdownReader,
    number_exhibits,
    plain_text,
    resolve_links,
)
from barometer.sentences.register import (
    collect_claims,
    describe_claims,
    find_verdicts,
    tabulate_claims,
)

BOXES = ("case", "interview")
EXHIBIT_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
EXHIBITS = ("figure", "table", "claims")  # kinds of payloads with a number
RESERVED = ("saetning-", "grundlag-")  # what the names of sentences begin with on a page
SURVEY = (
    "name",
    "title",
    "sector",
    "sector_label",
    "synthetic",
    "notice",
    "citation",
    "period",
    "data_date",
)


def build_document(notebooks, front=None, published=None):
    """The document model of executed notebooks, as plain data.

    {"meta": {…}, "chapters": [{id, name, title, blocks, claims}, …], "claims": rows of the
    sentences' register, "left_out": a line for each cell that shows what is not in the report}.

    `notebooks`: paths or (name, NotebookNode) pairs, in reading order; `front`: the front matter as
    a dict or its file (default: notebooks/report.yaml). `published`: the survey's published
    numbers, for sentences where no chapter has the register. Raises `DocumentError`.
    """
    chapters, surveys, opened = [], [], [_open_notebook(item) for item in notebooks]
    exhibits, notes = [], []
    ids = _list_exhibits(opened)  # headings take other names
    verdicts = find_verdicts((notebook for _, notebook in opened), published)
    claims = collect_claims(opened, verdicts)
    for name, notebook in opened:
        reader = ChapterReader(name, ids, notes, claims, exhibits)
        chapters.append(reader.read(notebook))
        surveys.append((name, reader.survey))
    meta = describe_report(read_front(front), agree_on_survey(surveys))
    left_out = [line for name, notebook in opened for line in tell_left_out(notebook, name)]
    return {
        "meta": meta,
        "chapters": resolve_links(chapters, ids, number_exhibits(exhibits)),
        "claims": claims,
        "left_out": left_out,
    }


class ChapterReader(MarkdownReader):
    """Reads one executed notebook, cell by cell."""

    def __init__(self, name, ids, notes, claims, exhibits):
        super().__init__(name, ids, notes)
        self.survey, self.claims = None, claims
        # the report's figures and tables so far, which are numbered when all are read
        self.exhibits = exhibits

    def read(self, notebook):
        """The chapter of a notebook; its H1 becomes the chapter's title."""
        self._check_executed(notebook.cells)
        blocks = []
        for self.cell, cell in enumerate(notebook.cells, 1):
            blocks += self._read_cell(cell)
        self.cell = 0
        if self.title is None:
            self.refuse(
                "har ingen overskrift på øverste niveau; begynd kapitlet med »# Kapitlets titel«"
            )
        if self.survey is None:
            self.refuse(
                "siger ikke, hvilke data kapitlet bygger på; vis undersøgelsen i en celle (skriv "
                "»survey«)"
            )
        own = describe_claims([row for row in self.claims if row["chapter"] == self.name])
        return {**self.title, "name": self.name, "blocks": blocks, "claims": own}

    def _check_executed(self, cells):
        code = [
            (i, c) for i, c in enumerate(cells, 1) if c.cell_type == "code" and c.source.strip()
        ]
        for self.cell, cell in code:
            for output in cell.outputs:
                if output.output_type == "error":
                    self.refuse(f"koden fejlede: {output.ename}: {output.evalue}")
        self.cell = 0
        if waiting := [i for i, cell in code if cell.execution_count is None]:
            self.refuse(
                f"er ikke kørt til ende (celle {waiting[0]} har intet resultat); "
                "kør den først eller brug --execute"
            )

    def _read_cell(self, cell):
        tags = set(cell.metadata.get("tags", []))
        if is_hidden(cell):
            return []
        if cell.cell_type == "code":
            return [block for output in cell.outputs for block in self._read_output(output)]
        if cell.cell_type != "markdown":
            return []
        if box := next((kind for kind in BOXES if kind in tags), None):
            return [self._read_box(cell.source, box)]
        return (
            [self._read_quote(cell.source)] if "quote" in tags else self.read_markdown(cell.source)
        )

    def _read_output(self, output):
        data = output.get("data", {})
        if MIME not in data:
            return []  # what is not for the person at the screen alone is told in `left_out`
        payload = read_payload(data)
        readers = {
            "figure": self._read_figure,
            "table": self._read_table,
            "prose": self._read_prose,
            "survey": self._read_survey,
            "claims": self._read_register,
        }
        if payload.get("kind") not in readers:
            self.refuse(f"resultatet har en ukendt slags ({payload.get('kind')!r})")
        return readers[payload["kind"]](payload, data)

    def _read_figure(self, payload, data):
        table = self._read_cells(payload)
        try:
            check_alternative(payload.get("alt"), payload.get("title"), payload.get("id"))
            svg = clean_svg("".join(data.get("image/svg+xml", "")))
            words = "".join(ElementTree.fromstring(svg).itertext())
        except (ValueError, ElementTree.ParseError) as error:
            self.refuse(str(error))
        self.clean(words)
        texts = {key: self.clean(payload.get(key)) for key in ("title", "alt", "note", "key")}
        return self._add_exhibit(
            {
                "type": "figure",
                **self._claim_id(payload, "figur"),
                **texts,
                "claim": payload.get("claim", ""),
                "table": table,
                "svg": svg,
            }
        )

    def _read_table(self, payload, data):
        name = self._claim_id(payload, "tabel") if payload.get("id") else {"id": "", "label": ""}
        texts = {key: self.clean(payload.get(key)) for key in ("title", "note", "key")}
        return self._add_exhibit(
            {"type": "table", **name, **texts, "table": self._read_cells(payload)}
        )

    def _read_prose(self, payload, data):
        blocks = self.read_markdown(payload["markdown"])
        if not payload.get("evidence"):
            return blocks
        return [{"type": "claim", "id": payload["id"], "blocks": blocks}]

    def _read_register(self, payload, data):
        if any(row["chapter"] != self.name for row in self.claims):
            return self._read_table(
                tabulate_claims(self.claims, payload["id"], payload["title"]).payload, data
            )
        return self.read_markdown("Tabellen over sætningerne findes i den samlede rapport.")

    def _read_survey(self, payload, data):
        if missing := [key for key in SURVEY if key not in payload]:
            self.refuse(f"undersøgelsen mangler {', '.join(missing)}")
        self.survey = {
            key: self.clean(payload[key]) if isinstance(payload[key], str) else payload[key]
            for key in payload
            if key != "kind"
        }
        return []

    def _read_cells(self, payload):
        table = payload.get("table") or {}
        try:
            check_table(table, payload.get("id") or payload.get("title"))
        except ValueError as error:
            self.refuse(str(error))
        rows = [[self.clean(cell) for cell in row] for row in table["rows"]]
        return {
            "columns": [self.clean(c) for c in table["columns"]],
            "rows": rows,
            "numeric": list(table["numeric"]),
            "parts": table.get("parts", []),
        }

    def _claim_id(self, payload, kind):
        identifier = payload.get("id") or ""
        if not EXHIBIT_ID.fullmatch(identifier) or identifier.startswith(RESERVED):
            self.refuse(
                f"id'et {identifier!r} skal have formen »{kind}-4« eller sige, hvad der vises, fx "
                f"»values«, med små bogstaver fra a til z, tal og bindestreg"
            )
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
        return {
            "type": "box",
            "kind": kind,
            "id": title["id"],
            "level": title["level"],
            "title": plain_text(title["content"]),
            "blocks": blocks,
        }

    def _read_quote(self, text):
        blocks = [
            inner for block in self.read_markdown(text) for inner in block.get("blocks", [block])
        ]
        if not blocks or any(block["type"] != "paragraph" for block in blocks):
            self.refuse(
                "en celle mærket »quote« må kun indeholde citatet og eventuelt en linje om, hvem "
                "der sagde det"
            )
        paragraphs = [block["content"] for block in blocks]
        attributed = len(paragraphs) > 1 and plain_text(paragraphs[-1]).startswith(("–", "—"))
        return {
            "type": "quote",
            "paragraphs": paragraphs[:-1] if attributed else paragraphs,
            "source": paragraphs[-1] if attributed else [],
        }


def _list_exhibits(opened):
    """The ids of all figures and tables that notebooks show."""
    outputs = [
        output.get("data", {})
        for _, notebook in opened
        for cell in notebook.cells
        if cell.cell_type == "code" and not is_hidden(cell)
        for output in cell.outputs
    ]
    payloads = [read_payload(data) for data in outputs if MIME in data]
    return {one["id"] for one in payloads if one.get("kind") in EXHIBITS and one.get("id")}


def _open_notebook(item):
    if isinstance(item, tuple):
        return item
    try:
        return Path(item).stem, nbformat.read(item, as_version=4)
    except (OSError, nbformat.reader.NotJSONError) as error:
        raise DocumentError(f"Notebooken »{item}« kan ikke læses: {error}") from error
