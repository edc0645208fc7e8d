"""The files of a survey's folder, drafted: registry, answers, population, cards."""

import json
from dataclasses import dataclass, field

from barometer.data.publication import COLUMNS, name_column
from barometer.drafting.coding import (
    UNANSWERED,
    UNANSWERED_LABEL,
    count_unanswered,
    find_unanswered_codes,
    name_unanswered,
)
from barometer.drafting.deciding import Decision
from barometer.drafting.drawn import write_fields
from barometer.files.texts import write_alike
from barometer.incoming.roles import Sure
from barometer.incoming.words import NONE_OF_THEM, find_place, has_proper_names
from barometer.languages.messages import express_in
from barometer.languages.speaking import N_, _, spoken

INDENT = "  "
LONGEST = 8  # words of a question that a note on those who were asked another one has room for
CARDED = N_(
    {
        "answers.csv": "Svar",
        "questionnaire.yaml": "Spørgsmål og svar",
        "population.csv": "Hvor mange svarene står for",
        "published.csv": "Udgivne tal at holde egne op imod",
        "dictionary.csv": "Dataordbog",
        "closed.yaml": "Celler, som ingen rapport viser",
    }
)


@dataclass(frozen=True)
class Facts:
    """What the cards and the registry say of a survey beside its answers.

    `normalised`, `lonely`: what the weights and the strata are like; `tolerances` {the cards' key:
    how far the weights' sums are from the units} where that is more than is usual; `drawn`: the
    cards' fields on how respondents were drawn; `fieldwork`: when they answered; `noun`: what they
    are called, in the registry's four forms.
    """

    title: str
    period: str
    date: str
    source: str
    normalised: bool = False
    lonely: bool = False
    tolerances: dict = field(default_factory=dict)
    drawn: dict = field(default_factory=dict)
    fieldwork: str = ""
    noun: tuple = ()


def make_registry(facts, questions, routes, dimensions, table):
    """questionnaire.yaml of [`Drafted`, …]; `dimensions` {name: (text, {code: label})}."""
    bases, derived = _name_bases(questions, routes)
    lines = [
        f"title: {quote(facts.title)}",
        "round: 1",
        f"period: {quote(facts.period)}",
        f"language: {spoken()}",
        *([f"fieldwork: {quote(facts.fieldwork)}"] if facts.fieldwork else []),
        *_write_noun(facts.noun),
        "background:",
    ]
    for name, (text, answers) in dimensions.items():
        lines += [f"{INDENT}{name}:", f"{INDENT * 2}text: {quote(text)}"]
        lines.append(f"{INDENT * 2}answers:")
        for code, label in answers.items():
            words = f"label: {quote(label)}, place: {quote(find_place(label, name, text))}"
            words += ", proper: true" * has_proper_names(name, text)
            words = quote(label) if len(answers) == 1 else f"{{{words}}}"
            lines.append(f"{INDENT * 3}{quote(code)}: {words}")
    lines += ["questions:"] if questions else ["questions: {}"]
    for question in questions:
        lines += _write_question(question, bases[question.id], table)
    lines += ["derived:"] if derived else ["derived: {}"]
    for name, (label, base, part) in derived.items():
        lines += [f"{INDENT}{name}:", f"{INDENT * 2}label: {quote(label)}"]
        lines += [f"{INDENT * 2}base_text: {quote(base)}"]
        lines += [f"{INDENT * 2}any_of: [{quote(part)}]"]
    others = [*dimensions][1:]
    return "\n".join([*lines, f"domains: [{', '.join(others)}]", ""])


def _write_noun(noun):
    forms = zip(("one", "many", "the_one", "the_many"), noun, strict=False)
    return [f"respondents: {{{', '.join(f'{form}: {word}' for form, word in forms)}}}"] * bool(noun)


def list_words(facts, dimensions):
    """[`Decision`, …] of the words that a person must look at: of respondents and of places."""
    found = []
    if facts.noun:
        why = "undersøgelsens navn siger det"
        found.append(Decision(f"respondents: {facts.noun[1]}", Sure.LIKELY, why))
    for name, (text, answers) in dimensions.items():
        named = [find_place(one, name, text) for one in [*answers.values()][:2]]
        places = ", ".join(_("»{label}«").format(label=one) for one in named)
        why = f"i sætninger: {places}"
        remedy = "ret place ved hvert svar under background"
        found += [Decision(f"{name}: place", Sure.LIKELY, why, remedy)] * (len(answers) > 1)
    return found


def _name_bases(questions, routes):
    """({question: the variable that was true of those asked}, {variable: (label, who that is,
    its part)}).
    """
    known = {question.id: question for question in questions}
    bases, derived, named = {}, {}, {}
    for question in questions:
        route = routes[question.id]
        if route.question is None:
            bases[question.id] = "all"
            continue
        key = (route.question, route.item, route.codes)
        if key not in named:
            first = known[route.question]
            named[key] = f"asked_{question.id}"
            if route.item:
                part = f"{first.id}.{route.item}"
                answer = next(item.text for item in first.items if item.id == route.item)
            else:
                part = f"{first.id}={'|'.join(route.codes)}"
                answer = _(" eller ").join(_label(first, code) for code in route.codes)
            label = _("Svarede »{answer}« til »{question}«")
            label = label.format(answer=answer, question=first.text)
            base = _("de, der svarede »{answer}« til »{question}«")
            base = base.format(answer=answer, question=_shorten(first.text))
            derived[named[key]] = (label, base, part)
        bases[question.id] = named[key]
    return bases, derived


def _shorten(text):
    """The first words of a text, for a note."""
    words = text.split()
    return text if len(words) <= LONGEST else " ".join([*words[:LONGEST], "…"])


def _label(question, code):
    return _(UNANSWERED_LABEL) if code == UNANSWERED else question.answers[code]


def _write_question(question, base, table):
    lines = [f"{INDENT}{question.id}:   # {_(question.sure.value, 'guess')}"]
    lines += [f"{INDENT * 2}# {express_in(spoken(), doubt)}" for doubt in question.doubts]
    lines += [
        f"{INDENT * 2}text: {quote(question.text)}",
        f"{INDENT * 2}kind: {question.kind}",
        f"{INDENT * 2}asked: {base}",
    ]
    lines += [
        f"{INDENT * 2}{name}: {quote(value) if isinstance(value, str) else value}"
        for name, value in question.number.items()
    ]
    items = {item.id: item.text for item in question.items}
    answers, last = dict(question.answers), [*question.residual]
    last += [code for code in find_unanswered_codes(question) if code not in last]
    exclusive = _list_exclusive(question, table)
    none = [code for code in find_unanswered_codes(question) if question.kind != "multiple"]
    if count_unanswered(question, table):
        code = name_unanswered(question)
        (items if question.kind == "multiple" else answers).setdefault(code, _(UNANSWERED_LABEL))
        exclusive += [code] if question.kind == "multiple" else []
        last, none = [*last, code], [*none, code]
    for part, named in (("items", items), ("answers", answers)):
        if named:
            lines += [f"{INDENT * 2}{part}:"]
            lines += [f"{INDENT * 3}{quote(one)}: {quote(text)}" for one, text in named.items()]
    named = {**items, **answers}
    none = none if len({*named} - {*none}) > 1 or question.kind == "number" else []
    for part, codes in (("exclusive", exclusive), ("residual", last), ("unanswered", none)):
        codes = map(quote, dict.fromkeys(codes))
        lines += [f"{INDENT * 2}{part}: [{written}]"] if (written := ", ".join(codes)) else []
    return lines


def _list_exclusive(question, table):
    """Ticks of no opinion, or of none of the others, that nobody gave beside another."""
    if question.kind != "multiple":
        return []
    ticked = table[[f"{question.id}_{item.id}" for item in question.items]] == "1"
    several = ticked.sum(axis=1) > 1
    alone = [item.id for item in question.items if NONE_OF_THEM.search(write_alike(item.text))]
    alone = dict.fromkeys([*alone, *question.residual])
    return [one for one in alone if not (ticked[f"{question.id}_{one}"] & several).any()]


def quote(text):
    """A text as YAML reads it as it is, whatever it looks like."""
    return json.dumps(" ".join(str(text).split()), ensure_ascii=False)


def make_published(first):
    """published.csv without rows; `first`: what the first dimension is called."""
    names = [*COLUMNS]
    names.insert(names.index("kind"), name_column(first))
    return ",".join(names) + "\n"


def make_cards(facts, lengths):
    """cards.yaml; `lengths` {file: rows}. The checksums are put there by the seal."""
    lines = [
        _("# Et kort for hver fil. Efter en ændring, der er ment: python -m barometer seal"),
        f"title: {quote(facts.title)}",
        f"data_date: {facts.date}   # {_('indsamlingens sidste dag')}",
        "microdata: answers.csv",
        *write_fields(facts.drawn),
    ]
    lines += [f"lonely: adjust   # {_('strata med én enhed')}"] if facts.lonely else []
    lines += ["weights: normalised"] if facts.normalised else []
    lines += [f"{key}: {share}" for key, share in facts.tolerances.items()]
    lines.append("files:")
    for name, title in CARDED.items():
        made = {
            "title": f"{_(title)}: {facts.title}",
            "producer": "Barometer (python -m barometer new)",
            "round": 1,
            "collected": _("Fra {source}").format(source=facts.source),
            "origin": "real",
            "licence": _("Ikke angivet"),
            "citation": facts.title,
        }
        lines.append(f"{INDENT}{name}:")
        lines += [
            f"{INDENT * 2}{key}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in made.items()
        ]
        lines += [f"{INDENT * 2}rows: {lengths[name]}"] if name in lengths else []
        lines.append(f'{INDENT * 2}sha256: ""')
    return "\n".join([*lines, ""])
