"""What the numbers of a report are on, as DDI-Codebook 2.5: questions, answers, who was asked.

It describes the variables that are named in the report's files and no file of answers, so it has
neither counts nor the columns that only the answers have.
"""

from barometer.codebook.elements import (
    add,
    add_categories,
    add_group,
    add_variable,
    add_variables,
    finish_book,
    name_id,
    start_book,
)
from barometer.data.domains import list_heads, split_terms, strip_not
from barometer.disclosure.gate import name_base
from barometer.languages.speaking import N_, _
from barometer.sentences.trace import AGAINST

FILE = "data/codebook.xml"
# what makes a derived variable true, of the variables it is made of
FEWER = {True: N_("Færre end {n} af: {parts}"), False: N_("Mindst {n} af: {parts}")}
NONE = N_("Ingen af: {parts}")
NOTE = N_(
    "Kodebogen beskriver det, som rapportens tal er om, og rummer ingen svar og ingen antal. "
    "Variablernes navne er dem, som numbers.csv og data/cells.csv bruger under item og group: "
    "efter et lighedstegn står svarets kode, og all er alle spurgte."
)


def write_released(registry, meta, numbers):
    """The bytes of `FILE`. `meta`: the document's; `numbers`: rows of `numbers.csv`."""
    shown = find_shown(registry, numbers)
    book = start_book(meta["language"])
    _write_study(book, registry, meta)
    data = add(book, "dataDscr")
    questions = [one for id, one in registry.questions.items() if id in shown]
    asked = [(one, _name_variables(one), name_base(registry, one.asked)) for one in questions]
    for question, names, base in asked:
        if question.items:
            add_group(data, question, names, base)
    for name, entry in registry.background.items():
        if name in shown:
            variable = add_variable(data, name, intrvl="discrete")
            add(variable, "labl", entry["heading"])
            add_categories(variable, entry["answers"])
    for question, names, base in asked:
        add_variables(data, question, names, base)
    for name in (one for one in registry.derived if one in shown):
        _write_derived(data, registry, name)
    return finish_book(book)


def find_shown(registry, numbers):
    """Names of the questions, derived variables and background variables that rows of
    `numbers.csv` are of, with those that a derived variable is made of.
    """
    names = {one for row in numbers for one in (row["item"], row["group"])}
    waiting = {head for one in names for part in one.split(AGAINST) for head in list_heads(part)}
    known = {*registry.questions, *registry.derived, *registry.background}
    shown = set()
    while waiting := (waiting & known) - shown:
        shown |= waiting
        made = [registry.derived[one].parts for one in waiting if one in registry.derived]
        waiting = {head for parts in made for part in parts for head in list_heads(part)}
    return shown


def _write_study(book, registry, meta):
    study = add(book, "stdyDscr")
    citation = add(study, "citation")
    add(add(citation, "titlStmt"), "titl", f"{meta['title']} ({meta['part_label']})")
    add(add(citation, "prodStmt"), "producer", meta["author"])
    add(add(citation, "serStmt"), "serName", meta["series"])
    add(add(citation, "verStmt"), "version", meta["edition"])
    add(citation, "biblCit", meta["citation"])
    about = add(study, "stdyInfo")
    subject = add(about, "subject")
    for word in meta["keywords"]:
        add(subject, "keyword", word)
    mark = meta["synthetic_text"] if meta["synthetic"] else ""
    add(about, "abstract", " ".join(filter(None, (mark, meta["description"]))))
    summary = add(about, "sumDscr")
    add(summary, "timePrd", meta["period"])
    if registry.fieldwork:
        add(summary, "collDate", registry.fieldwork)
    add(summary, "anlyUnit", registry.respondents["many"])
    add(summary, "universe", meta["part_label"])
    if meta["synthetic"]:
        add(summary, "dataKind", _("Syntetiske svar"))
    use = add(add(study, "dataAccs"), "useStmt")
    add(use, "restrctn", meta.get("licence") or _("Ikke oplyst"))
    add(use, "citReq", meta["cite"])
    add(study, "notes", _(NOTE))


def _name_variables(question):
    """The names that numbers have of a question's items, in order."""
    return [f"{question.id}.{item}" for item in question.items] or [question.id]


def _write_derived(data, registry, name):
    derived = registry.derived[name]
    variable = add_variable(data, name, intrvl="discrete")
    add(variable, "labl", derived.label)
    add(variable, "universe", name_base(registry, registry.asked(name)))
    terms = [strip_not(term) for part in derived.parts for term in split_terms(part)]
    origins = dict.fromkeys(term.partition("=")[0] for term in terms if term != "all")
    named = {"var": " ".join(map(name_id, origins))} if origins else {}
    made = add(variable, "derivation", **named)
    parts = "; ".join(map(registry.label, derived.parts))
    words = NONE if derived.negated and derived.at_least == 1 else FEWER[derived.negated]
    add(made, "drvdesc", _(words).format(n=derived.at_least, parts=parts))
    add(variable, "varFormat", type="character")
