"""Which texts of a project there are to translate, in reading order: those of `report.yaml`, of its
chapters, of the list of typed numbers, of the surveys' cards and of what was published.

The registry (`questionnaire.yaml`) has its texts in several languages itself.
"""

import ast
import csv
import json
import re
from dataclasses import dataclass

from barometer import paths
from barometer.data.cards import AGGREGATES, PUBLISHED, REGISTRY
from barometer.files.yaml_files import read_yaml
from barometer.languages.paragraphs import split_paragraphs

REPORT, TYPED, CARDS = "report.yaml", "typed_numbers.yaml", "cards.yaml"
# the fields of report.yaml that a reader sees
FRONT = (
    *("title", "subtitle", "series", "description", "keywords", "reservation", "synthetic_mark"),
    *("synthetic_text", "source", "colophon", "reuse", "cite", "declaration", "supervision"),
)
CARD = ("title", "notice")  # of a survey's cards; of its answers also the citation
NAMES = {
    "what",
    "id",
    "items",
    "published",
    "when",
    "numbers",
    "counts",
}  # arguments of `tell` without text
# arguments of the other calls by their place; what is text in them
PLACED = {
    "draw_balance": ("id", "title", "rows"),
    "draw_parts": ("id", "title", "whole", "parts"),
}
TITLED = ("id", "title")
LABELS = ("by", "rows", "parts")  # arguments that give labels to names, or names to headings
# what a translator needs of an outcome's wording
OUTCOMES = {
    "differs": "a certain difference; {oftere} and its like are one word where the first share is "
    "larger and another where it is smaller: write both as {more often|less often}",
    "tendency": "a difference near significance; {oftere} and its like as in differs",
    "same": "no certain difference",
    "equal": "both shares are shown as the same number",
    "more": "the first share is certainly larger",
    "less": "the first share is certainly smaller",
    "text": "a description, nothing compared",
    "words": "{a} is a fraction (»six in ten«), {a_alle} the same before a noun in the plural "
    "(»half of all«)",
    "withheld": "said where the numbers may not be shown; {grund} is the reason, a clause",
    "otherwise": "a title where no other wording fits",
    "topic": "what is not told, in quotation marks in a sentence",
    "title": "title of a figure or table",
    "shows": "what a figure shows, in its note",
}


@dataclass(frozen=True)
class Message:
    """A text to translate. `context`: what it is found by beside itself, None for the text alone;
    `place`: (file, number in it); `note`: for the translator.
    """

    text: str
    context: str | None
    place: tuple
    note: str = ""


def list_messages():
    """Every `Message` of the project that is served, each once, in reading order."""
    found = [*_read_front(), *_read_chapters(), *_read_typed(), *_read_surveys()]
    return list({(one.context, one.text): one for one in reversed(found)}.values())[::-1]


def name_context(*parts):
    """The context of a text: "D15 same", "report.yaml title"."""
    return " ".join(parts)


def _read_front():
    front = read_yaml(paths.NOTEBOOKS / REPORT)
    for name in FRONT:
        value = front.get(name) or []
        for number, text in enumerate([value] if isinstance(value, str) else value, 1):
            yield Message(text, name_context(REPORT, name), (REPORT, number))
    for number, (id, wordings) in enumerate((front.get("findings") or {}).items(), 1):
        for outcome, text in wordings.items():
            if isinstance(text, str):
                context = name_context("findings", id, outcome)
                note = "" if outcome != "text" else "reads on from a number set before it: »45 %«"
                yield Message(text, context, (REPORT, number), OUTCOMES.get(outcome, "") or note)


def _read_chapters():
    for path in sorted(paths.NOTEBOOKS.glob("[0-9]*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"], 1):
            place, source = (path.name, number), "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                for text in split_paragraphs(source):
                    yield Message(text, None, place)
            elif cell["cell_type"] == "code":
                yield from _read_code(source, place)


def _read_code(source, place):
    """The texts of a code cell's calls, by which argument they are."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic line, in which there is nothing to translate
        return
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        name = call.func.attr
        given = dict(zip(PLACED.get(name, TITLED), call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg}
        id = given["id"].value if isinstance(given.get("id"), ast.Constant) else ""
        of_sentence = name == "tell"
        for argument, value in given.items():
            if argument in LABELS and isinstance(value, ast.Dict):
                texts = value.values if argument == "by" else value.keys
                for text in _list_constants(texts):
                    yield Message(text, "label", place, "a short label of a figure")
            elif (of_sentence and argument not in NAMES and argument != "title") or (
                name.startswith(("draw_", "show")) and argument in ("title", "shows")
            ):
                for text in _list_constants([value]):
                    note = OUTCOMES.get(argument, "")
                    yield Message(text, name_context(id, argument), place, note)


def _list_constants(nodes):
    for node in nodes:
        for one in ast.walk(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.strip():
                yield one.value


def _read_typed():
    path = paths.NOTEBOOKS / TYPED
    if not path.is_file():
        return
    for number, rule in enumerate(read_yaml(path).get("rules") or (), 1):
        if re.search(r"[^\W\d_]{4}", re.sub(r"\(\?|\\w", "", rule["form"])):
            about = "a regular expression of what may be typed anywhere: dates, numbered labels"
            yield Message(rule["form"], f"{TYPED} rule", (TYPED, number), about)
    note = "the words around a number that is typed in the text, as the translation has them"
    for number, entry in enumerate(read_yaml(path).get("numbers") or (), 1):
        if re.search(r"[^\W\d_]{2}", re.sub(r"{\w+}", "", entry["words"])):
            yield Message(entry["words"], TYPED, (TYPED, number), note)


def _read_surveys():
    for name in paths.list_surveys():
        folder = paths.DATA / name
        cards = read_yaml(folder / CARDS) if (folder / CARDS).is_file() else {}
        own = cards.get("files", {}).get(cards.get("microdata"), {})
        texts = {one: cards.get(one) for one in CARD} | {"citation": own.get("citation")}
        for field, text in texts.items():
            if text:
                yield Message(str(text), name_context(CARDS, field), (f"{name}/{CARDS}", 1))
        registry = read_yaml(folder / REGISTRY) if (folder / REGISTRY).is_file() else {}
        for question in (registry.get("questions") or {}).values():
            for side in question.get("sides") or ():
                yield Message(str(side), "label", (f"{name}/{REGISTRY}", 1), "a side of a figure")
        if (folder / PUBLISHED).is_file():
            with open(folder / PUBLISHED, encoding="utf-8", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), 2):
                    if row["kind"] != "fact" and row["statement"] != row["item"]:
                        place = f"{name}/{PUBLISHED}", number
                        yield Message(row["statement"], PUBLISHED, place, "a row of a table")
        if (folder / AGGREGATES).is_file():
            with open(folder / AGGREGATES, encoding="utf-8", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), 2):
                    place = f"{name}/{AGGREGATES}", number
                    for field in ("label", "coverage", "publisher"):
                        if re.search(r"[^\W\d_]", row[field]):
                            yield Message(row[field], AGGREGATES, place, field)
