"""Markdown → blocks of plain data, whether typed in a cell or made by code.

Raw HTML is text like any other, and all else that only typesetters or browsers understand.
"""

import re
import unicodedata
from functools import cache
from itertools import count

from fontTools.ttLib import TTFont
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from barometer.display import name_id
from barometer.errors import BarometerError
from barometer.files.faults import HARMLESS, find_hidden, show
from barometer.languages.speaking import N_, _
from barometer.paths import FONTS

# the typeface has none of the three
HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\ufeff": None})


QUOTES = N_("»«›‹", "quotes")  # that straight ones in a text become, double and single
WORDS = N_({"figure": "Figur", "table": "Tabel"})
# what stands in place of a link's words where the chapter with the figure or table is not here
ELSEWHERE = N_(
    {"figur": "en figur i den samlede rapport", "tabel": "en tabel i den samlede rapport"}
)


class DocumentError(BarometerError):
    """A notebook cannot become part of a report; the message names it, the cell and the remedy."""


def head_annex(chapter, blocks):
    """The blocks of a chapter that is an annex, below its title; none where it shows nothing."""
    content = [{"type": "text", "text": chapter["title"]}]
    head = {"type": "heading", "level": 2, "id": chapter["id"], "content": content}
    head["claims"] = chapter["claims"]
    lower = [
        one | {"level": one["level"] + 1} if one["type"] == "heading" else one for one in blocks
    ]
    return [head, *lower] if blocks else []


def plain_text(content):
    """The words of inline content, without emphasis, links and footnotes."""
    return "".join(
        x.get("text", "") + plain_text(x.get("content", []))
        for x in content
        if x["type"] != "footnote"
    )


def number_exhibits(exhibits):
    """Label figures and tables in reading order ("Figur 1"). Returns {id: label}.

    One whose id is a number ("figur-4") has that, and the others those that are left.
    """
    for kind, word in WORDS.items():
        own = [block for block in exhibits if block["type"] == kind]
        taken = {name_id(block["id"]) for block in own}
        free = (label for number in count(1) if (label := f"{_(word)} {number}") not in taken)
        for block in own:
            block["label"] = name_id(block["id"]) or next(free)
    return {block["id"]: block["label"] for block in exhibits}


def resolve_links(part, ids, labels):
    """A copy in which a link whose words are "Figur" or "Tabel" says which ("Figur 4").

    A link to an id that this document lacks, as in a chapter alone, is plain text.
    """
    if isinstance(part, dict):
        return {key: resolve_links(value, ids, labels) for key, value in part.items()}
    if not isinstance(part, list):
        return part
    resolved = []
    for item in part:
        href = item.get("href", "") if isinstance(item, dict) else ""
        if not href.startswith("#"):
            resolved.append(resolve_links(item, ids, labels))
            continue
        content = item["content"]
        word = plain_text(content)
        named = {_(one).lower(): _(ELSEWHERE[one.lower()]) for one in WORDS.values()}
        if word.lower() in named:
            label = labels.get(href[1:]) or named[word.lower()]
            label = label[0].lower() + label[1:] if word[0].islower() else label
            content = [{"type": "text", "text": label}]
        inside = href[1:] in ids
        resolved += [item | {"content": content}] if inside else resolve_links(content, ids, labels)
    return resolved


class MarkdownReader:
    """Reads one notebook's texts in order; `cell` is the one it is in, for messages."""

    def __init__(self, name, ids, notes):
        # ids and notes are shared by the report's chapters
        self.name, self.ids, self.notes = name, ids, notes
        self.cell, self.level, self.shift, self.title = 0, 0, 0, None
        self.footnotes = {}

    def refuse(self, why):
        """Stop with the reason, naming notebook and cell."""
        where = f"Notebooken »{self.name}«" + (f", celle {self.cell}:" if self.cell else "")
        raise DocumentError(f"{where} {why}")

    def clean(self, text):
        """Text the typeface can show: composed letters, ordinary hyphens. Refuses others."""
        text = unicodedata.normalize("NFC", text or "").translate(HYPHENS)
        if hidden := find_hidden(text):
            self.refuse(f"et tegn, som ikke kan ses ({hidden}), skal slettes: …{show(text)}")
        if missing := next((c for c in text if not _has_glyph(c)), ""):
            problem = f"tegnet »{missing}« (U+{ord(missing):04X}) findes ikke i skriften IBM Plex"
            self.refuse(f"{problem} Sans; skriv det på en anden måde: …{text[:60]}…")
        return text

    def read_markdown(self, text):
        """The blocks of a Markdown text; the chapter's title (its only H1) is kept in `title`."""
        tree = SyntaxTreeNode(parse(text))
        self.footnotes = {
            note.meta["id"]: note
            for block in tree.children
            if block.type == "footnote_block"
            for note in block.children
        }
        return self._read_blocks(tree.children)

    def _read_blocks(self, nodes):
        blocks = [self._read_block(node) for node in nodes if node.type != "footnote_block"]
        return [block for block in blocks if block]

    def _read_block(self, node):
        match node.type:
            case "heading":
                content = self._read_inline(node.children[0])
                return self._read_heading(int(node.tag[1]) + self.shift, content)
            case "paragraph":
                return {"type": "paragraph", "content": self._read_inline(node.children[0])}
            case "bullet_list" | "ordered_list":
                items = [self._read_blocks(item.children) for item in node.children]
                order = {"ordered": node.type[0] == "o", "start": node.attrs.get("start", 1)}
                return {"type": "list", **order, "items": items}
            case "blockquote":
                return {"type": "blockquote", "blocks": self._read_blocks(node.children)}
            case "fence" | "code_block":
                return {"type": "code", "text": self.clean(node.content.rstrip("\n"))}
            case "table":
                return self._read_pipe_table(node)
            case "hr":
                return {"type": "rule"}
        self.refuse(f"Markdown af slagsen {node.type!r} kan ikke komme med i rapporten")

    def _read_heading(self, level, content):
        title = plain_text(content)
        if any(x["type"] == "footnote" for x in content):
            self.refuse(f"overskriften »{title}« har en fodnote; sæt den i teksten under")
        if self.level == 0 and level > 1:
            self.refuse(f"kapitlet skal begynde med sin titel (»# …«), ikke med »{title}«")
        if level > max(self.level, 1) + 1:
            self.refuse(f"overskriften »{title}« springer fra niveau {self.level} til {level}")
        if level == 1 and self.title:
            problem = f"»{title}« er en anden overskrift på øverste niveau"
            self.refuse(f"{problem}; et kapitel har kun én")
        self.level, identifier = level, self._make_slug(title)
        if level > 1:
            return {"type": "heading", "level": level, "id": identifier, "content": content}
        self.title = {"id": identifier, "title": title}
        return None

    def _read_pipe_table(self, node):
        if any(inner.type == "footnote_ref" for inner in node.walk()):
            self.refuse("en tabel har en fodnote; sæt den i teksten under")
        lines = [row for part in node.children for row in part.children]
        columns, *rows = (
            [plain_text(self._read_inline(cell.children[0])) for cell in row.children]
            for row in lines
        )
        numeric = ["right" in str(cell.attrs.get("style", "")) for cell in lines[0].children]
        table = {"columns": columns, "rows": rows, "numeric": numeric}
        empty = dict.fromkeys(("id", "label", "title", "note", "key"), "")
        return {"type": "table", **empty, "table": table}

    def _read_inline(self, node):
        return [part for child in node.children or [] for part in self._read_part(child)]

    def _read_part(self, node):
        match node.type:
            case "text":
                if "[^" in node.content:
                    self.refuse(f"fodnoten i »{node.content[:60]}« har ingen tekst i samme celle")
                return [{"type": "text", "text": self.clean(node.content)}] if node.content else []
            case "softbreak":
                return [{"type": "text", "text": " "}]
            case "hardbreak":
                return [{"type": "break"}]
            case "code_inline":
                return [{"type": "code", "text": self.clean(node.content)}]
            case "strong" | "em" | "s":
                kind = "strike" if node.type == "s" else node.type
                return [{"type": kind, "content": self._read_inline(node)}]
            case "link":
                return self._read_link(node.attrs["href"], self._read_inline(node))
            case "footnote_ref":
                return [self._read_footnote(self.footnotes[node.meta["id"]])]
            case "image":
                remedy = "vis det med Figure(…) fra barometer.display"
                problem = "et billede i Markdown kan ikke komme med"
                self.refuse(f"{problem}; {remedy}, som har den alternative tekst")
        return self._read_inline(node)

    def _read_link(self, href, content):
        followed = href.startswith(("#", "https://", "http://", "mailto:"))
        return [{"type": "link", "href": href, "content": content}] if followed else content

    def _read_footnote(self, node):
        content = []
        for child in node.children:
            if child.type == "paragraph":
                content += [{"type": "break"}] if content else []
                content += self._read_inline(child.children[0])
        self.notes.append(self.cell)
        return {"type": "footnote", "number": len(self.notes), "content": content}

    def _make_slug(self, title):
        text = title.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
        text = unicodedata.normalize("NFKD", text)
        slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "afsnit"
        # those belong to figures and tables
        slug = f"om-{slug}" if slug.startswith(("figur-", "tabel-")) else slug
        names = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
        unique = next(name for name in names if name not in self.ids)
        self.ids.add(unique)
        return unique


def parse(text):
    """The tokens of a Markdown text, with the quotation marks of the language that is spoken."""
    return _make_parser(_(QUOTES, "quotes")).parse(text)


@cache
def _make_parser(quotes):
    # No `replacements`: it would turn "(c)" into © and "--" into a dash, where statistics mean what
    # is typed.
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": quotes})
    return parser.enable(["table", "strikethrough", "smartquotes"]).use(footnote_plugin)


@cache
def _glyphs():
    with TTFont(FONTS / "IBMPlexSans-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def _has_glyph(character):
    # Spaces and soft hyphens need no glyph: the typesetter makes them.
    made = character in HARMLESS or unicodedata.category(character) == "Zs"
    return made or ord(character) in _glyphs()
