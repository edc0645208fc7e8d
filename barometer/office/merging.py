"""What somebody has changed in the text document of a report, and where it stands in the chapters.

A paragraph has a bookmark with a checksum of its words as they were (`prose.py`). One whose words
are others now is looked for among the paragraphs of the chapters' Markdown cells. What is changed
there is text alone: a change of a digit is refused, as numbers come from the data, and so is one
that cannot be kept apart from the marks of Markdown around it.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from barometer.document.markdown import parse
from barometer.office.prose import LETTERS, MARK, name_paragraph, settle

CHANGED, DIGITS = "ændret", "tal er ændret; de kommer fra data og rettes ikke her"
NO_CELL = "står ikke som tekst i et kapitel; det er skrevet af en kodecelle, så ret den dér"
MARKUP = "kan ikke skilles fra links, fremhævelser eller fodnoter omkring; ret cellen i hånden"
GONE = "er slettet i dokumentet; slet det selv i cellen"


@dataclass(frozen=True)
class Change:
    """A paragraph that has other words than the report gave it: `chapter` and `cell` (from 1) where
    it was found; `why` it is not to be written, "" where it is; `source` the cell's text after it.
    """

    old: str
    new: str
    chapter: str = ""
    cell: int = 0
    why: str = ""
    source: str = ""


def list_changes(path, chapters):
    """The `Change` of each changed paragraph of a text document, in its order. `chapters`: {name:
    notebook as JSON data}, in which nothing is changed.

    Several changes of one cell follow from each other: the last one's `source` has them all.
    Raises `ValueError` for a file that is no text document, or none of a report.
    """
    places, sources = _find_paragraphs(chapters), {}
    read = read_paragraphs(path)
    if not read:
        raise ValueError(
            f"{path}: dokumentet har ingen bogmærker fra en rapport. Brug report.docx, som den er "
            "lavet af run --files, og gem den som .docx."
        )
    found = []
    for name, words in read:
        base = name[: len(MARK) + LETTERS]
        if name_paragraph(words) == base:
            continue
        if base not in places:
            found.append(Change("", settle(words), why=NO_CELL))
            continue
        chapter, cell, old = places[base]
        source = sources.get((chapter, cell)) or read_source(chapters[chapter], cell)
        written, why = change_source(source, old, settle(words)) if settle(words) else ("", GONE)
        if not why:
            sources[chapter, cell] = written
        found.append(Change(old, settle(words), chapter, cell, why, written))
    return found


def read_paragraphs(path):
    """(bookmark, words) of each paragraph that a report has marked. Raises `ValueError`."""
    try:
        book = docx.Document(str(path))
    except (OSError, KeyError, ValueError, PackageNotFoundError) as error:
        raise ValueError(f"{path}: filen kan ikke læses som et Word-dokument (.docx).") from error
    found = []
    for paragraph in book.element.body.iter(qn("w:p")):
        names = [one.get(qn("w:name")) for one in paragraph.iter(qn("w:bookmarkStart"))]
        marks = [name for name in names if name.startswith(MARK)]
        # a paragraph that somebody joined with the next one has the marks of both
        found += [(marks[0], _read_words(paragraph))] if marks else []
    return found


def _read_words(paragraph):
    """What a reader reads: deleted words that an editor keeps track of are gone, footnotes too."""
    words = []
    for run in paragraph.iter(qn("w:r")):
        raised = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
        if raised is None or raised.get(qn("w:val")) != "superscript":
            words += [_read_piece(piece) for piece in run]
    return "".join(words)


def _read_piece(piece):
    if piece.tag == qn("w:t"):
        return piece.text or ""
    return " " if piece.tag in (qn("w:br"), qn("w:tab")) else ""


def read_source(notebook, cell):
    """The text of a cell, counted from 1."""
    return "".join(notebook["cells"][cell - 1]["source"])


def _find_paragraphs(chapters):
    """{name: (chapter, cell, words)} of the paragraphs and headings of all Markdown cells."""
    found = {}
    for chapter, notebook in chapters.items():
        for number, cell in enumerate(notebook["cells"], 1):
            if cell["cell_type"] == "markdown":
                for words in list_words(read_source(notebook, number)):
                    found.setdefault(name_paragraph(words), (chapter, number, settle(words)))
    return found


def list_words(source):
    """The words of each paragraph and heading of a Markdown text."""
    tokens = parse(source)
    return [_write_inline(token.children) for token in tokens if token.type == "inline"]


def _write_inline(children):
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(one.type, one.content) for one in children)


def change_source(source, old, new):
    """(a Markdown text with the words of one paragraph changed, "" or why they are not)."""
    if [c for c in old if c.isdigit()] != [c for c in new if c.isdigit()]:
        return source, DIGITS
    at = _align(source, old)
    if at is None:
        return source, MARKUP
    pieces, last = [], 0
    for kind, start, end, first, after in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal":
            continue
        begin = at[start] if start < len(old) else at[-1] + 1
        stop = at[end - 1] + 1 if end > start else begin
        pieces += [source[last:begin], new[first:after]]
        last = stop
    written = "".join([*pieces, source[last:]])
    # what was understood is what is there: all other paragraphs are as before, and this one is new
    before, now = ([*map(settle, list_words(text))] for text in (source, written))
    if old not in before or now != [new if one == old else one for one in before]:
        return source, MARKUP
    return written, ""


def _align(source, words):
    """The place of each letter of a paragraph's words in its Markdown; None where it has none."""
    for start in range(len(source)):
        if source[start] == words[0] and (places := _follow(source, words, start)):
            return places
    return None


def _follow(source, words, start):
    places, at = [], start
    for letter in words:
        skipped = 0
        while at < len(source) and not _is_alike(source[at], letter):
            at, skipped = at + 1, skipped + 1
            if source[at - 1] == "\n" and source[at : at + 1] == "\n":
                return None  # beyond the paragraph
        if at == len(source):
            return None
        places.append(at)
        at += 1
    return places


# {what a letter is shown as: how it may be typed}; quotation marks are made of straight ones
TYPED = {
    **dict.fromkeys("»«“”„", '"'),
    **dict.fromkeys("›‹‘’‚", "'"),
    " ": "\n\xa0",
}


def _is_alike(typed, shown):
    return typed == shown or typed in TYPED.get(shown, "")
