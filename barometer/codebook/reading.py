"""A DDI-Codebook of version 2 beside a file of answers: the labels that the file itself lacks."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from barometer.files.faults import refuse
from barometer.files.texts import normalise

NAMESPACE = "ddi:codebook:2_5"
GET_AGAIN = "hent filen igen, eller eksportér kodebogen som DDI-Codebook 2.5"
GRID = ("multipleResp", "grid")  # kinds of groups whose variables are parts of one question


@dataclass(frozen=True)
class Codebook:
    """`labels` {variable: {code: label}}, `titles` {variable: what it is about}, `missing`
    {variable: codes that are no answer}.
    """

    name: str
    labels: dict
    titles: dict
    missing: dict


def read_codebook(path):
    """The `Codebook` in a file. Raises `DataFault` where there is none."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError:
        refuse(path.name, "filen mangler eller kan ikke åbnes", "ret stien efter --codebook")
    if b"<!DOCTYPE" in content[:1000] and b"<!ENTITY" in content:
        refuse(path.name, "filen erklærer egne tegn (ENTITY), som kan skjule andet", GET_AGAIN)
    try:
        book = ET.fromstring(content)
    except ET.ParseError as error:
        refuse(path.name, f"filen er ikke XML (linje {error.position[0]})", GET_AGAIN)
    variables = list(_find(book, "var"))
    if not variables:
        refuse(path.name, "der er ingen variable (var) i filen", GET_AGAIN)
    shared = _read_groups(book)
    labels, titles, missing = {}, {}, {}
    for variable in variables:
        name = normalise(variable.get("name") or variable.get("ID") or "")
        labels[name], missing[name] = _read_categories(variable)
        titles[name] = _read_title(variable, shared.get(variable.get("ID")))
    return Codebook(path.name, labels, titles, missing)


def _read_groups(book):
    """{a variable's ID: the question it is a part of}."""
    return {
        one: text
        for group in _find(book, "varGrp")
        if group.get("type") in GRID and (text := _read_text(group, "txt", "labl"))
        for one in (group.get("var") or "").split()
    }


def _read_title(variable, question):
    """What a variable is about; of a part of a question, the question and the part in brackets."""
    label, asked = _read_text(variable, "labl"), _read_text(variable, "qstnLit")
    if question:
        return f"{question} [{label}]" if label else question
    return asked or label


def _read_categories(variable):
    labels, missing = {}, set()
    for category in _find(variable, "catgry"):
        code, label = _read_text(category, "catValu"), _read_text(category, "labl")
        if code and label:
            labels[code] = label
        if code and category.get("missing") == "Y":
            missing.add(code)
    return labels, missing


def _find(element, tag):
    """Elements of any namespace: versions of the format have different ones."""
    return (one for one in element.iter() if one.tag == tag or str(one.tag).endswith(f"}}{tag}"))


def _read_text(element, *tags):
    """The text of the first child of these tags that has one, in a line."""
    for tag in tags:
        for child in _find(element, tag):
            if text := normalise(" ".join("".join(child.itertext()).split())):
                return text
    return ""
