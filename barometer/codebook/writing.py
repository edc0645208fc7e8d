"""A registry as DDI-Codebook 2.5 (DDI Alliance 2012): variables, questions, answers, bases.

It holds no counts: how many gave an answer passes the gate only in a report.
"""

import xml.etree.ElementTree as ET

from barometer.codebook.reading import NAMESPACE
from barometer.data.variables import describe_keys
from barometer.designs.declared import read_declared
from barometer.languages.speaking import N_, _, speak
from barometer.numbers.allowed import GIVEN
from barometer.version import name_version

TICKS = N_({"0": "Ikke valgt", "1": "Valgt"})
GROUPS = {
    "multiple": "multipleResp",
    "battery": "grid",
    "scale": "grid",
    "number": "grid",
}  # of varGrp, by a question's kind
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def write_codebook(registry, cards):
    """The bytes of a DDI-Codebook of a `Questionnaire` and the cards of its survey's files, in the
    registry's language.
    """
    with speak(registry.language):
        book = _make_book(registry, cards)
    ET.indent(book)
    return ET.tostring(book, encoding="utf-8", xml_declaration=True) + b"\n"


def _make_book(registry, cards):
    ET.register_namespace("", NAMESPACE)
    book = ET.Element(_name("codeBook"), {"version": "2.5", LANGUAGE: registry.language})
    card = cards["files"][cards["microdata"]]
    _write_study(book, registry, cards, card)
    text = _add(_add(book, "fileDscr", ID="F1"), "fileTxt")
    _add(text, "fileName", cards["microdata"])
    data = _add(book, "dataDscr")
    for question in registry.questions.values():
        if question.items:
            _write_group(data, registry, question)
    for name, label in describe_keys(registry).items():
        given = {"wgt": "wgt", "intrvl": "contin"} if name == "weight" else {"intrvl": "discrete"}
        _add(_add(data, "var", ID=f"V_{name}", name=name, files="F1", **given), "labl", label)
    for name, label, kind in read_declared(cards).describe():
        given = {"wgt": "wgt"} if kind == "number" and name in read_declared(cards).columns else {}
        given |= {"intrvl": "contin" if kind == "number" else "discrete"}
        _add(_add(data, "var", ID=f"V_{name}", name=name, files="F1", **given), "labl", label)
    for question in registry.questions.values():
        for column, item in zip(question.columns, question.items or [None], strict=True):
            _write_variable(data, registry, question, column, item)
    return book


def _write_study(book, registry, cards, card):
    study = _add(book, "stdyDscr")
    citation = _add(study, "citation")
    _add(_add(citation, "titlStmt"), "titl", registry.title)
    produced = _add(citation, "prodStmt")
    _add(produced, "producer", card["producer"])
    _add(produced, "software", "Barometer", version=name_version())
    _add(citation, "biblCit", card["citation"])
    about = _add(study, "stdyInfo")
    if cards.get("notice"):
        _add(about, "abstract", cards["notice"])
    summary = _add(about, "sumDscr")
    _add(summary, "timePrd", registry.period)
    _add(summary, "collDate", registry.fieldwork or str(card["collected"]))
    _add(summary, "universe", registry.whole["name"])
    if card["origin"] == "synthetic":
        _add(summary, "dataKind", _("Syntetiske svar"))
    _add(_add(_add(study, "dataAccs"), "useStmt"), "restrctn", card["licence"])


def _write_group(data, registry, question):
    variables = " ".join(f"V_{column}" for column in question.columns)
    group = _add(
        data, "varGrp", ID=f"G_{question.id}", type=GROUPS[question.kind], var=variables,
        name=question.id,
    )  # fmt: skip
    _add(group, "labl", question.text)
    _add(group, "universe", _name_base(registry, question))


def _write_variable(data, registry, question, column, item):
    interval = "contin" if question.allowed else "discrete"
    variable = _add(
        data, "var", ID=f"V_{column}", name=column, files="F1", intrvl=interval,
        **{"wgt-var": "V_weight"},
    )  # fmt: skip
    _add(variable, "labl", question.items[item] if item else question.text)
    _add(_add(variable, "qstn"), "qstnLit", question.text)
    _add(variable, "universe", _name_base(registry, question))
    for code, label in (question.answers or TICKS).items():
        if code == GIVEN:
            continue
        category = _add(variable, "catgry")
        _add(category, "catValu", code)
        _add(category, "labl", label if question.answers else _(label))
    _add(variable, "varFormat", type="character")


def _name_base(registry, question):
    """Who was asked, in words."""
    return registry.whole["name"] if question.asked == "all" else registry.label(question.asked)


def _name(tag):
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent, tag, text=None, **given):
    child = ET.SubElement(parent, _name(tag), given)
    child.text = None if text is None else str(text)
    return child
