"""The registry of a survey: its questions, answers, routing and derived variables.

Labels, bases and checks are looked up here, and stand nowhere else in the project.
"""

from dataclasses import dataclass, field
from functools import cached_property, partial

from barometer.data import domains, terms
from barometer.data.domains import WHOLE, is_joined, is_negated, split_terms, strip_not
from barometer.data.terms import Condition, RegistryError, read_label, read_text
from barometer.data.variables import name_answers
from barometer.files.faults import suggest
from barometer.files.yaml_files import read_yaml
from barometer.languages.localising import localise
from barometer.languages.speaking import SOURCE, _, speak
from barometer.numbers.allowed import GIVEN, Allowed
from barometer.text import lower_first

KINDS = ("single", "multiple", "battery", "scale", "number")


@dataclass(frozen=True)
class Question:
    """One question. `items`: what can be ticked, or rows, which a battery, a scale or a number has;
    `answers`: in order; of a number `GIVEN` and what may be answered instead.
    """

    id: str
    text: str
    kind: str
    asked: str
    items: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    max: int | None = None
    exclusive: tuple = ()
    residual: tuple = ()
    assumed: tuple = ()
    sides: dict = field(default_factory=dict)  # {words: answers} to the left and right of zero
    allowed: Allowed | None = None  # of a number
    unanswered: tuple = ()  # answers, or ticks, of who gave none: outside the base of all others

    @property
    def columns(self):
        """Names of the microdata columns, in the questionnaire's order."""
        return [f"{self.id}_{item}" for item in self.items] if self.items else [self.id]

    @property
    def variables(self):
        """The true/false variables: one per answer, per item, or (battery) per item and answer."""
        left = [item for item in self.items if self.answers or item not in self.unanswered]
        names = [f"{self.id}.{item}" for item in left] or [self.id]
        if not self.answers:
            return names
        none = self.unanswered if not self.allowed else (GIVEN, *self.unanswered)
        answers = [one for one in self.answers if one not in none] or [GIVEN]
        return [f"{name}={answer}" for name in names for answer in answers]


@dataclass(frozen=True)
class Derived:
    """Made from answers: true when `at_least` of (or, `negated`, none of) `parts` are."""

    id: str
    label: str
    parts: tuple
    at_least: int = 1
    negated: bool = False
    among: str | None = None
    base_text: str | None = None


@dataclass(frozen=True)
class Questionnaire:
    """The whole registry. Look-ups raise `RegistryError` naming what is unknown."""

    title: str
    round: int
    period: str
    background: dict
    questions: dict
    derived: dict
    fieldwork: str = ""  # when the questions were asked: "januar og februar 2020"
    domains: tuple = ()  # the dimensions of reports, beside the first
    names: frozenset = frozenset()  # labels that are proper names (`proper: true`)
    respondents: dict = field(default_factory=dict)  # what it calls those who answer (`terms.py`)
    whole: dict = field(default_factory=dict)  # and all of them together
    measure: dict = field(default_factory=dict)  # whose design effect the sample's table shows
    groupings: dict = field(default_factory=dict)  # {name in chapters: {group: label}}
    identities: dict = field(default_factory=dict)  # {question, derived: its name over rounds}
    breaks: dict = field(default_factory=dict)  # {name: ((round, what, text), …)} (`terms.py`)
    lacks: dict = field(default_factory=dict)  # {question that others ask and it does not: text}
    language: str = field(default=SOURCE, compare=False)  # that its file is written in
    content: dict = field(default_factory=dict, repr=False, compare=False)  # what its file says

    @property
    def first(self):
        """The first dimension: of its parts reports are made where none is named."""
        return next(iter(self.background))

    @cached_property
    def domain_names(self):
        """{domain: what a report on it is called}: the whole, and parts of the first dimension."""
        return {WHOLE: self.whole["name"]} | domains.name_firsts(self.background)

    def parse(self, name):
        """The `Condition` of `question.item`, `question=answer|…` or `question.item=answer|…`."""
        left, _, right = name.partition("=")
        id, _, item = left.partition(".")
        answers, question = tuple(right.split("|")) if right else (), self.questions.get(id)
        if not question and id not in self.background:
            known = [*self.questions, *self.derived, *self.background, *self.groupings]
            problem = f"der er intet spørgsmål eller afledt variabel med navnet {id!r}"
            raise RegistryError(f"{name!r}: {problem}.{suggest(id, known)}")
        items = question.items if question else {item: ""}
        if item not in (items or {"": ""}):
            allowed = ", ".join(items) or "ingen"
            hint = suggest(item, items)
            raise RegistryError(f"{name!r}: {id!r} har delspørgsmålene {allowed}.{hint}")
        allowed = question.answers if question else self.background[id]["answers"]
        if question and question.kind == "multiple" and {*answers} <= {"0", "1"}:
            answers = tuple(map(int, answers or "1"))
        elif not answers or set(answers) - set(allowed):
            hints = [suggest(answer, allowed) for answer in answers if answer not in allowed]
            problem = f"svaret skal være blandt {', '.join(allowed)}"
            raise RegistryError(f"{name!r}: {problem}.{''.join(hints[:1])}")
        return Condition(f"{id}_{item}" if item else id, answers, id, item or None)

    def check_group(self, name):
        """Raise `RegistryError` unless this names a variable, or several (`domains.py`)."""
        for term in map(strip_not, split_terms(name)):
            if term != "all" and term not in self.derived:
                self.parse(term)

    def check_item(self, name):
        """Raise `RegistryError` unless this names a variable, a question or a battery's row."""
        id, _, item = name.partition(".")
        known = {"", *self.questions[id].items} if id in self.questions else ()
        if "=" in name or item not in known:
            self.check_group(name)

    def label(self, name):
        """Danish label of a variable: of the answer or item it names, or of the derived one."""
        if is_joined(name):
            first, *others = map(self.label, split_terms(name))
            return _(" og ").join([first, *map(self.inside, others)])
        if is_negated(name):
            return _("Ikke {label}").format(label=self.inside(self.label(strip_not(name))))
        name = strip_not(name)
        if name == "all" or name in self.derived:
            return _("Alle") if name == "all" else self.derived[name].label
        condition = self.parse(name)
        if condition.question in self.background:
            labels = self.background[condition.question]["answers"]
            return _(" eller ").join(labels[answer] for answer in condition.answers)
        question = self.questions[condition.question]
        if question.kind == "multiple":
            return question.items[condition.item]
        answers = name_answers(question, condition.answers)
        return f"{question.items[condition.item]}: {answers}" if condition.item else answers

    def inside(self, label):
        """A label as it stands inside a sentence: see `text.lower_first`."""
        return lower_first(label, self.names)

    def asked(self, name):
        """The variable (or `all`) that must be true for somebody to have a value of `name`.

        Of several: their bases but those that another of them lies within, joined. Of numbers, and
        of answers beside which some gave none: that one was given.
        """
        if is_joined(name):
            bases = list(dict.fromkeys(map(self.asked, split_terms(name))))
            wider = {base for one in bases for base in self.list_wider(one)}
            return "&".join(sorted(base for base in bases if base not in wider)) or "all"
        name = strip_not(name)
        if name in self.derived:
            derived = self.derived[name]
            bases = {derived.among} if derived.among else set(map(self.asked, derived.parts))
            return bases.pop() if len(bases) == 1 else "all"
        if name == "all" or self.is_number(name):
            return name
        question = self.questions.get((condition := self.parse(name)).question)
        return terms.name_answered(question, condition, name) or self.route(name)

    def list_unanswered(self, condition):
        """((column, codes), …): who is outside the base of a `Condition`, as he gave no answer."""
        return terms.list_unanswered(self.questions.get(condition.question), condition)

    def route(self, name):
        """The variable that decided who was put the question of an answer."""
        question = self.find_question(name)
        return self.questions[question].asked if question in self.questions else "all"

    def is_number(self, name):
        """Whether a variable is that a number was given."""
        question = self.questions.get(name.partition("=")[0].partition(".")[0])
        return bool(question and question.allowed) and name.endswith(f"={GIVEN}")

    def list_wider(self, name):
        """The bases that a variable lies within, from the nearest to everybody."""
        if name == "all":
            return ()
        base = self.asked(name) if self.asked(name) != name else self.route(name)
        return (base, *self.list_wider(base))

    def find_question(self, name):
        """The question whose answer a variable is; None for a derived one and for several."""
        several = (term := strip_not(name)) in ("all", *self.derived) or is_joined(name)
        return None if several else self.parse(term).question

    def is_residual(self, name):
        """Whether a variable is "Ved ikke", "Andet" and the like, drawn last or left out."""
        if self.find_question(name) not in self.questions:
            return False
        condition = self.parse(strip_not(name))
        question = self.questions[condition.question]
        one = condition.item if question.kind == "multiple" else condition.answers[0]
        return one in question.residual

    @cached_property
    def columns(self):
        """All answer columns of the microdata, in order."""
        return [column for question in self.questions.values() for column in question.columns]


def read_questionnaire(path, language=None):
    """The registry in the file at `path`, in its own language or another."""
    return make_questionnaire(read_yaml(path), language)


def make_questionnaire(content, language=None):
    """The registry of a file's content, in its own language or another. Raises `RegistryError`."""
    original, own = content, str(content.get("language", SOURCE))
    content = localise(content, language or own, own)
    period = terms.write_period(content["period"])
    content = terms.fill_period(content | {"period": period}, period)
    names = terms.find_names(content)
    makers = {"questions": _make_question, "derived": _make_derived}
    makers["background"] = partial(domains.read_dimension, names=names)
    with speak(language or own):  # what it does not say itself is in that language too
        words = terms.read_words(content)
        questions, derived, background = (
            {terms.read_name(key): make(str(key), entry) for key, entry in content[part].items()}
            for part, make in makers.items()
        )
    registry = Questionnaire(
        read_text(content["title"], "title"),
        content["round"],
        period,
        background,
        questions,
        derived,
        read_text(content["fieldwork"], "fieldwork") if "fieldwork" in content else "",
        domains.read_crossings(content, background),
        names,
        *words,
        terms.read_groupings(content),
        *terms.read_breaks(content),
        terms.read_lacks(content),
        own,
        original,
    )
    if registry.measure:
        registry.check_item(registry.measure["variable"])
    for name in (one for groups in registry.groupings.values() for one in groups):
        registry.check_group(name)
    for variable in derived.values():
        for part in (*variable.parts, variable.among or "all"):
            if part != "all" and part not in derived:
                registry.parse(part)
    for question in questions.values():
        if question.asked != "all" and question.asked not in derived:
            problem = f"asked er {question.asked!r}, som ikke er en afledt variabel"
            raise RegistryError(f"{question.id}: {problem}")
    return registry


def _make_question(key, entry):
    if entry.get("kind") not in KINDS:
        raise RegistryError(f"{key}: kind skal være en af {', '.join(KINDS)}")
    items = terms.read_items(key, entry)
    lists = entry.get("exclusive", ()), entry.get("residual", ()), terms.find_assumed(entry)
    text, kind, most = read_text(entry["text"], key), entry["kind"], entry.get("max")
    answers, most = terms.read_answers(key, entry), terms.read_count(most, f"{key}: max")
    lists, sides = [tuple(map(str, one)) for one in lists], terms.read_sides(key, entry, answers)
    allowed = None
    if kind == "number":
        allowed, answers = terms.read_number(key, entry, answers)
        lists[1] = tuple(answers)[1:]
    none, asked = tuple(map(str, entry.get("unanswered", ()))), entry["asked"]
    return Question(key, text, kind, asked, items, answers, most, *lists, sides, allowed, none)


def _make_derived(key, entry):
    label, negated, base = read_label(entry, key), "none_of" in entry, entry.get("base_text")
    parts = tuple(entry["none_of"] if negated else entry["any_of"])
    least = terms.read_count(entry.get("at_least", 1), f"{key}: at_least")
    base = None if base is None else read_text(base, f"{key}: base_text")
    return Derived(key, label, parts, least, negated, entry.get("among"), base)
