"""A registry as DDI-Codebook 2.5 (DDI Alliance 2012): variables, questions, answers, bases.

It holds no counts: how many gave an answer passes the gate only in a report.
"""

from barometer.codebook.elements import (
    add,
    add_group,
    add_variable,
    add_variables,
    finish_book,
    name_id,
    start_book,
)
from barometer.data.variables import describe_keys
from barometer.designs.declared import read_declared
from barometer.languages.speaking import _, speak
from barometer.version import name_version


def write_codebook(registry, cards):
    """The bytes of a DDI-Codebook of a `Questionnaire` and the cards of its survey's files, in the
    registry's language.
    """
    with speak(registry.language):
        return finish_book(_make_book(registry, cards))


def _make_book(registry, cards):
    book = start_book(registry.language)
    card = cards["files"][cards["microdata"]]
    _write_study(book, registry, cards, card)
    text = add(add(book, "fileDscr", ID="F1"), "fileTxt")
    add(text, "fileName", cards["microdata"])
    data = add(book, "dataDscr")
    for question in registry.questions.values():
        if question.items:
            add_group(data, question, question.columns, _name_base(registry, question))
    for name, label in describe_keys(registry).items():
        given = {"wgt": "wgt", "intrvl": "contin"} if name == "weight" else {"intrvl": "discrete"}
        add(add_variable(data, name, files="F1", **given), "labl", label)
    drawn = read_declared(cards)
    for name, label, kind in drawn.describe(registry.columns):
        given = {"wgt": "wgt"} if kind == "number" and name in drawn.columns else {}
        given |= {"intrvl": "contin" if kind == "number" else "discrete"}
        add(add_variable(data, name, files="F1", **given), "labl", label)
    for question in registry.questions.values():
        named = question.columns, _name_base(registry, question)
        add_variables(data, question, *named, files="F1", **{"wgt-var": name_id("weight")})
    return book


def _write_study(book, registry, cards, card):
    study = add(book, "stdyDscr")
    citation = add(study, "citation")
    add(add(citation, "titlStmt"), "titl", registry.title)
    produced = add(citation, "prodStmt")
    add(produced, "producer", card["producer"])
    add(produced, "software", "Barometer", version=name_version())
    add(citation, "biblCit", card["citation"])
    about = add(study, "stdyInfo")
    if cards.get("notice"):
        add(about, "abstract", cards["notice"])
    summary = add(about, "sumDscr")
    add(summary, "timePrd", registry.period)
    add(summary, "collDate", registry.fieldwork or str(card["collected"]))
    add(summary, "universe", registry.whole["name"])
    if card["origin"] == "synthetic":
        add(summary, "dataKind", _("Syntetiske svar"))
    add(add(add(study, "dataAccs"), "useStmt"), "restrctn", card["licence"])


def _name_base(registry, question):
    """Who was asked, in words."""
    return registry.whole["name"] if question.asked == "all" else registry.label(question.asked)
