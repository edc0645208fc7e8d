"""A finished report read back: passages of text from its web page and from its PDF.

Nothing here follows how a report is made: a web page is read by elements, a PDF by pages.
"""

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import pikepdf
import pypdfium2

from barometer.languages.speaking import N_, _

# tags that do not end a passage
INLINE = {"strong", "em", "s", "code", "a", "sup", "span", "br", "tspan"}
# tags that nothing closes
EMPTY = {"br", "meta", "hr", "link", "img", "input"}
# attributes that are read out
SPOKEN = {"aria-label", "alt", "title"}
PARTS = {"text": "picture", "figcaption": "title", "caption": "title", "th": "table", "td": "table"}
FOR_PROGRAMS = ("@context", "@type", "@id", "url", "contentUrl", "encodingFormat", "dateModified")
PHONE = "phone"  # what stands in a figure's second drawing, a part of its own
ELEMENT = re.compile(r"(figur|tabel|saetning|grundlag|kort|hoved)-\w+")
EXHIBIT = re.compile(r"(figur|tabel)-(\w+)")
# the word before the number of what an output shows
LABEL = {"figure": N_("Figur"), "table": N_("Tabel"), "claims": N_("Tabel")}
SOFT_HYPHEN = "\ufffe"  # what PDFium has for a hyphen that the typesetter made


@dataclass(frozen=True)
class Passage:
    """Text without a break. `where`: id of its sentence, figure or table; `part` as in the trace.

    `chapter` is "" outside the chapters, `page` the number of a PDF's page; its alternative texts
    have none.
    """

    text: str
    where: str = ""
    part: str = "text"
    chapter: str = ""
    page: int = 0

    @property
    def place(self):
        """Where the numbers of the passage are looked up: (element, part) or (chapter, "")."""
        return (self.where, self.part) if self.where else (self.chapter, "")


def read_html(html, chapters=(), exhibits=()):
    """The passages of a web page, in order. `chapters`: names in order; `exhibits`: ids."""
    reader = PageReader(chapters, exhibits)
    reader.feed(html)
    reader.close()
    reader.end_passage()
    return reader.passages


def read_pdf(path):
    """The passages of a PDF, one per page with line ends kept, and one per alternative text.

    Raises `pypdfium2.PdfiumError` when it is no PDF that can be opened.
    """
    with pypdfium2.PdfDocument(path) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    with pikepdf.open(path) as pdf:
        parts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        spoken = [str(one.Alt) for one in parts if "/Alt" in one]
    texts = [re.sub(r"[ \r]*\n", "\n", text.replace(SOFT_HYPHEN, "")) for text in texts]
    pages = [Passage(text, page=number) for number, text in enumerate(texts, 1)]
    return [*pages, *(Passage(text, "alternativ tekst", "") for text in spoken)]


def squeeze(text):
    """Text without Markdown, spaces and most signs, to compare what two typesetters made."""
    return re.sub(r"[^\w.,;%+−<]|_", "", re.sub(r"\]\([^)]*\)", "", text))


def is_told(pages, sentence):
    """Whether a sentence stands on a page, or on two in a row. All are squeezed."""
    if any(sentence in page for page in pages):
        return True
    begun = [
        max(size for size in range(len(sentence) + 1) if sentence[:size] in page) for page in pages
    ]
    return any(
        sentence[size:] in after for size, (_, after) in zip(begun, pairwise(pages), strict=False)
    )


def list_exhibits(payloads):
    """(ids of figures and tables, patterns of their labels: of ids, and of numbers in order)."""
    exhibits = [one for one in payloads if one.get("kind") in LABEL and one.get("id")]
    named = [one for one in exhibits if EXHIBIT.fullmatch(one["id"])]
    own = [rf"{_(LABEL[one['kind']])}\s{re.escape(one['id'].partition('-')[2])}" for one in named]
    words = [_(LABEL[one["kind"]]) for one in exhibits]
    counted = [rf"{word}\s{words[: place + 1].count(word)}" for place, word in enumerate(words)]
    return tuple(one["id"] for one in exhibits), own + counted


def _is_sentence(attributes):
    """Whether an element is one of several sentences in a paragraph: a passage of its own."""
    return attributes.get("id", "").startswith("saetning-")


def _list_words(data):
    """Every text of JSON-LD that is words: no address, no type, no date for programs."""
    if isinstance(data, dict):
        named = [value for name, value in data.items() if name not in FOR_PROGRAMS]
        return [words for value in named for words in _list_words(value)]
    if isinstance(data, list):
        return [words for value in data for words in _list_words(value)]
    return [data] if isinstance(data, str) else []


class PageReader(HTMLParser):
    """Collects the passages of a page, each with the element that it stands in."""

    def __init__(self, chapters, exhibits=()):
        super().__init__()
        self.exhibits = exhibits
        self.passages, self.stack, self.words = [], [], ""
        self.waiting, self.chapter = list(chapters), ""

    def handle_starttag(self, tag, attributes):
        """Begin a passage, unless the tag only marks words within one."""
        attributes = {name: value or "" for name, value in attributes}
        if not self._is_inline(tag) or _is_sentence(attributes):
            self.end_passage()
        if attributes.get("class") == "chapter" and self.waiting:
            self.chapter = self.waiting.pop(0)
        if tag not in EMPTY:
            self.stack.append((tag, attributes))
        self._read_attributes(tag, attributes)
        if tag == "br":
            self.words += " "

    def handle_endtag(self, tag):
        """End the passage, unless it goes on. A tag that was never opened ends nothing."""
        if not self._is_inline(tag) or (self.stack and _is_sentence(self.stack[-1][1])):
            self.end_passage()
        if tag in [name for name, _ in self.stack]:
            while self.stack.pop()[0] != tag:
                pass

    def handle_data(self, data):
        """Text, but neither style nor the mark of a footnote, whose label is read instead.

        Of data for search engines, each text.
        """
        tag, attributes = self.stack[-1] if self.stack else ("", {})
        if tag == "script":  # none of a program, which says nothing by itself
            for words in _list_words(json.loads(data) if attributes.get("type") else ()):
                self._keep(words)
        elif tag != "style" and attributes.get("class") != "noteref":
            self.words += data

    def end_passage(self):
        """Keep what was read since the last passage ended."""
        self._keep(self.words)
        self.words = ""

    def _is_inline(self, tag):
        return tag in INLINE and not (tag == "a" and any(outer == "nav" for outer, _ in self.stack))

    def _read_attributes(self, tag, attributes):
        own = {*attributes, attributes.get("name")}
        about = tag == "meta" and not {"http-equiv", "viewport"} & own  # for browsers
        for name, text in attributes.items():
            if name in SPOKEN or (about and name == "content"):
                self._keep(text, "alt" if tag == "svg" else None)

    def _keep(self, text, part=None):
        if text := " ".join(text.split()):
            where, found, inside = self._find_place()
            chapter = self.chapter if inside else ""
            self.passages.append(Passage(text, where, part or found, chapter))

    def _is_element(self, name):
        return name in self.exhibits or ELEMENT.fullmatch(name)

    def _find_place(self):
        """(element, part, whether in a chapter). A link in the contents stands for its title."""
        where, part, tags = "", "", {tag for tag, _ in self.stack}
        for tag, attributes in reversed(self.stack):
            linked = attributes.get("href", "")[1:] if "nav" in tags else ""
            own = attributes.get("class")
            part = PHONE if part == "picture" and own == f"drawing {PHONE}" else part
            kind = own if own in ("note", "marks") else PARTS.get(tag, "title" if linked else "")
            part = part or kind
            # a title that is a sentence is its figure's
            own = "" if tag == "figcaption" else attributes.get("id", "")
            where = where or next(filter(self._is_element, (own, linked)), "")
        inside = any(attributes.get("class") == "chapter" for _, attributes in self.stack)
        return where, part or "text", inside
