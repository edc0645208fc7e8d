"""The elements of a DDI-Codebook 2.5 that say what was asked. None of them holds a count."""

import re
import xml.etree.ElementTree as ET

from barometer.codebook.reading import NAMESPACE
from barometer.languages.speaking import N_, _
from barometer.numbers.allowed import GIVEN

TICKS = N_({"0": "Ikke valgt", "1": "Valgt"})
GROUPS = {
    "multiple": "multipleResp",
    "battery": "grid",
    "scale": "grid",
    "number": "grid",
}  # of varGrp, by a question's kind
REFUSED = re.compile(r"[^A-Za-z0-9._-]")  # more than in xs:ID, of which versions of XML differ
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def start_book(language):
    """An empty codebook, whose texts are in a language."""
    ET.register_namespace("", NAMESPACE)
    return ET.Element(_name("codeBook"), {"version": "2.5", LANGUAGE: language})


def finish_book(book):
    """The bytes of a codebook."""
    ET.indent(book)
    return ET.tostring(book, encoding="utf-8", xml_declaration=True) + b"\n"


def add(parent, tag, text=None, **given):
    """A new last child of an element. `given`: its attributes."""
    child = ET.SubElement(parent, _name(tag), given)
    child.text = None if text is None else str(text)
    return child


def name_id(name, kind="V"):
    """The ID of a variable, or of a group (`kind` "G"): what XML refuses in an ID is written by
    its number in Unicode.
    """
    return f"{kind}_" + REFUSED.sub(lambda found: f"_x{ord(found[0]):x}_", name)


def add_variable(data, name, **given):
    """A new variable, by its name. `given`: its attributes."""
    return add(data, "var", ID=name_id(name), name=name, **given)


def add_group(data, question, names, base):
    """The variables `names` of a question with several. `base`: who was asked, in words."""
    variables = " ".join(map(name_id, names))
    group = add(
        data, "varGrp", ID=name_id(question.id, "G"), type=GROUPS[question.kind], var=variables,
        name=question.id,
    )  # fmt: skip
    add(group, "labl", question.text)
    add(group, "universe", base)


def add_variables(data, question, names, base, **given):
    """A variable for each item of a question, or for itself; `names` in the items' order."""
    interval = "contin" if question.allowed else "discrete"
    for name, item in zip(names, question.items or [None], strict=True):
        variable = add_variable(data, name, intrvl=interval, **given)
        add(variable, "labl", question.items[item] if item else question.text)
        add(add(variable, "qstn"), "qstnLit", question.text)
        add(variable, "universe", base)
        add_categories(variable, question.answers or _name_ticks())
        add(variable, "varFormat", type="character")


def add_categories(variable, answers):
    """Codes and what they mean."""
    for code, label in answers.items():
        if code != GIVEN:
            category = add(variable, "catgry")
            add(category, "catValu", code)
            add(category, "labl", label)


def _name_ticks():
    return {code: _(words) for code, words in TICKS.items()}


def _name(tag):
    return f"{{{NAMESPACE}}}{tag}"
