"""Catalogues brought up to date with the texts there are, and what is wrong with a translation.

A translation has the placeholders, links and numbers of its original. Numbers come from the data,
and those that are typed are typed once.
"""

import io
import re

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from barometer.files.writing import write_file
from barometer.languages.catalogues import MESSAGES, PROGRAM, PROJECT, find_catalogue

WIDTH = 100
FIELD = re.compile(r"{([^{}]*)}")
NAMED = re.compile(r"{\w+}|%\(\w+\)s")  # of a message
LINK = re.compile(r"\]\(([^)]*)\)|\[\^(\w+)\]|(%\(\w+\)s)")
START = re.compile(r"^(#{1,6} |[-*] |\d+\. |> |\[\^\w+\]: )")
DIGITS = re.compile(r"\d[\d.,\u00a0]*\d|\d")
# words of Danish wordings that stand for one of two (`door/words.py`); a translation writes both
PAIRED = {"oftere", "hyppigere", "højere", "større", "flere", "mere", "bedre", "stærkere"}
TITLES = {
    PROJECT: "Texts of a project: report.yaml, chapters, cards, published results.",
    PROGRAM: "Texts of the program.",
    MESSAGES: "Messages of the program to whoever runs it.",
}
HEADER = """# {title}
# Brought up to date and checked by: python -m barometer translate {language}
# A text keeps its placeholders in braces, its Markdown and its numbers, and no number is added."""


def update_catalogue(domain, language, messages):
    """Write a catalogue with these `Message`s, in their order; translations of texts that are
    unchanged are kept, those of changed ones are marked `fuzzy`. Returns its path.
    """
    path = find_catalogue(domain, language)
    catalogue = read_file(path) if path.is_file() else Catalog(language)
    template = Catalog()
    for one in messages:
        notes = [one.note] if one.note else []
        template.add(one.text, context=one.context, locations=[one.place], auto_comments=notes)
    catalogue.update(template, no_fuzzy_matching=False)
    for gone in [*catalogue.obsolete]:
        if not catalogue.obsolete[gone].string:
            del catalogue.obsolete[gone]
    catalogue.fuzzy = False
    catalogue.header_comment = HEADER.format(title=TITLES[domain], language=language)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=WIDTH)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, _drop_dates(buffer.getvalue()))
    return path


def read_file(path):
    """A catalogue as Babel has it. Raises `ValueError` for what is none."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def find_faults(domain, language, messages):
    """(texts without a translation, [(text, what is wrong with its translation)])."""
    path = find_catalogue(domain, language)
    known = {}
    if path.is_file():
        known = {(one.context, one.id): one for one in read_file(path) if one.id}
    missing, wrong = [], []
    for message in messages:
        found = known.get((message.context, message.text))
        if found is None or not found.string or found.fuzzy:
            missing.append(message)
        else:
            # in messages {oftere} is an example, and {navn: tekst} what is to be written
            check = describe_other_fields if domain == MESSAGES else describe_faults
            wrong += [(message, why) for why in check(message.text, found.string)]
    return missing, wrong


def describe_faults(text, translation):
    """What is wrong with the translation of one text, as sentences in English; none where it has
    the placeholders, links and numbers of the text.
    """
    fields, others = ({*FIELD.findall(one)} for one in (text, translation))
    paired = {name for name in fields if name.lower() in PAIRED or "|" in name}
    chosen = {name for name in others if "|" in name}
    fields, others = fields - paired, others - chosen
    faults = [f"lacks {{{name}}}" for name in sorted(fields - others)]
    faults += [f"adds {{{name}}}" for name in sorted(others - fields)]
    if bool(paired) != bool(chosen):
        faults.append("writes {" + min(paired | chosen) + "} otherwise than as {larger|smaller}")
    faults += [
        f"{{{name}}} is not two words" for name in chosen if not re.fullmatch(r"[^|]+\|[^|]+", name)
    ]
    for what, find in (("links", _find_links), ("numbers", _find_numbers), ("mark", _find_start)):
        if (one := find(text)) != (other := find(translation)):
            faults.append(f"has other {what} than its original: {other} for {one}")
    return faults


def describe_other_fields(text, translation):
    """As `describe_faults` of a message to whoever runs the program."""
    fields, others = ({*NAMED.findall(one)} for one in (text, translation))
    faults = [f"lacks {name}" for name in sorted(fields - others)]
    return faults + [f"adds {name}" for name in sorted(others - fields)]


def _find_links(text):
    return sorted("".join(one) for one in LINK.findall(text))


def _find_numbers(text):
    return sorted(re.sub(r"\D", "", one) for one in DIGITS.findall(FIELD.sub("", text)))


def _find_start(text):
    found = START.match(text)
    return found[0] if found else ""


def _drop_dates(content):
    """A catalogue's bytes without the lines of its head with the time when it was made."""
    lines = content.decode("utf-8").splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator')
    dated += ('"Language-Team', '"Report-Msgid-Bugs-To', '"Project-Id-Version')
    return "".join(line for line in lines if not line.startswith(dated)).encode()
