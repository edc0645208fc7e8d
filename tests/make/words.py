"""The words of everything that a folder of reports has in one language, and those of another that
may not be among them.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections import Counter
from html.parser import HTMLParser

import pikepdf
import pypdfium2
import yaml
from babel.messages.pofile import read_po

from barometer.languages.catalogues import PROGRAM, PROJECT, find_catalogue
from barometer.languages.localising import is_several
from barometer.paths import DATA

WORD = re.compile(r"(?<![\w.=/#&-])[^\W\d_]{2,}(?![\w=/]|\.\w)")
FIELD = re.compile(r"{[^{}]*}|\]\([^)]*\)")
SAID = ("alt", "title", "aria-label", "content")  # attributes that are read
# columns and keys with codes and names of files
CODES = {"chapter", "where", "part", "item", "group", "family", "id", "@id", "code", "data"}
CODES |= {"chapters", "parameters", "versions", "git", "role", "url"}


def list_foreign(language, domains=(PROGRAM, PROJECT)):
    """The words of the texts of program, project and registry that their translations into
    `language` lack: in lower case.
    """
    own, others = Counter(), Counter()
    for domain in domains:
        with find_catalogue(domain, language).open("rb") as file:
            for message in read_po(file):
                own.update(list_words(FIELD.sub(" ", message.id)))
                others.update(list_words(FIELD.sub(" ", message.string)))
    for path in DATA.glob("*/questionnaire.yaml"):
        for text in _list_several(yaml.safe_load(path.read_text(encoding="utf-8"))):
            own.update(list_words(text["da"]))
            others.update(list_words(text.get(language, "")))
    return {*own} - {*others}


def _list_several(content):
    if is_several(content, "da"):
        yield content
    elif isinstance(content, dict | list):
        for one in content.values() if isinstance(content, dict) else content:
            yield from _list_several(one)


def list_words(text):
    """The words of a text in lower case; no codes, addresses or names of files."""
    return [word.lower() for word in WORD.findall(text)]


def read_texts(path):
    """What a reader meets in one file of a report, as a list of texts."""
    content = path.read_bytes()
    if path.name == "structure.json":  # codes alone, and how numbers are written
        return []
    kinds = {".html": _read_html, ".pdf": _read_pdf, ".csv": _read_csv, ".ipynb": _read_notebook}
    kinds |= {".json": _read_json, ".jsonld": _read_json, ".px": _read_px}
    kinds |= dict.fromkeys((".svg", ".xml"), _read_marks)
    kinds |= dict.fromkeys((".xlsx", ".pptx", ".docx", ".ods"), _read_package)
    return [*kinds[path.suffix](content)] if path.suffix in kinds else []


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts, self.skipped = [], False

    def handle_starttag(self, tag, attrs):
        self.skipped = tag in ("style", "script")
        policy = any(name == "http-equiv" for name, _ in attrs)  # for browsers, in their words
        self.texts += [text for name, text in attrs if name in SAID and text and not policy]
        # a text in another language is marked
        self.skipped |= any(name == "hreflang" for name, _ in attrs)

    def handle_endtag(self, tag):
        self.skipped = False

    def handle_data(self, data):
        if not self.skipped:
            self.texts.append(data)


def _read_html(content):
    page = _Page()
    page.feed(content.decode())
    return page.texts


def _read_pdf(content):
    for page in pypdfium2.PdfDocument(content):
        yield re.sub("[\xad\ufffe]\\s*", "", page.get_textpage().get_text_range())
    with pikepdf.open(io.BytesIO(content)) as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary):
                yield from (str(one[key]) for key in ("/Alt", "/Title") if key in one)


def _read_csv(content):
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        yield from (text for name, text in row.items() if name not in CODES and text)


def _read_json(content):
    return _list_values(json.loads(content))


def _list_values(content):
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for one in content:
            yield from _list_values(one)
    elif isinstance(content, dict):
        for name, one in content.items():
            if name not in CODES:
                yield from _list_values(one)


def _read_px(content):
    lines = re.sub(r'"\s+"', "", content.decode("utf-8-sig"))
    return [line for line in lines.split(";") if not line.strip().startswith("CODES")]


def _read_marks(content):
    bare = re.sub(r"<style.*?</style>", "", content.decode(), flags=re.DOTALL)
    return [html.unescape(text) for text in re.findall(r">([^<>]+)<", bare)]


def _read_package(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                text = package.read(name).decode()
                yield from re.findall(r'descr="([^"]+)"', text)
                # a sheet of numbers has codes in some of its columns
                yield from (one for one in _read_marks(text.encode()) if not _is_code(one))


def _is_code(text):
    return bool(re.search(r"[\w=]+ mod [\w=]+[._=|]|[._=|]\w+ mod |^alt$|^figur-", text))


def _read_notebook(content):
    for cell in json.loads(content)["cells"]:
        if cell["cell_type"] == "markdown":
            yield re.sub(r"\]\([^)]*\)", "]", "".join(cell["source"]))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            yield from (
                html.unescape(text)
                for kind in ("text/html", "text/markdown", "text/plain")
                for text in re.findall(
                    r"(?:^|>)([^<>]+)",
                    re.sub(r"<style.*?</style>", "", "".join(data.get(kind, "")), flags=re.DOTALL),
                )
            )
