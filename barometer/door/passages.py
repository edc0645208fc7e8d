"""Passages and tables on the survey itself, and the published results beside ours."""

from dataclasses import dataclass, field

import pandas as pd

from barometer.data.domains import WHOLE
from barometer.data.publication import name_statement
from barometer.door.asking import list_items
from barometer.door.calls import CallError, Looked, public
from barometer.door.ranking import AnswerTable
from barometer.door.views import Handed, keep_wordings
from barometer.door.words import check_wordings, miss_wordings, refuse_unknown
from barometer.figures import tables
from barometer.files.faults import suggest
from barometer.languages.messages import express_shown
from barometer.marks import CONFIDENTIAL
from barometer.sentences import facts, published, register
from barometer.text import format_count

# {kind of passage: (function of `facts`, the wordings it has, those it must have)}
PASSAGES = {
    "facts": ("tell_facts", ("synthetic", "real"), ("synthetic",)),
    "design": ("tell_design", ("sampled", "census", "certain"), ("sampled", "census")),
    "scope": ("tell_scope", ("whole", "part"), ("whole", "part")),
    "inference": (
        "tell_inference",
        ("finite", "superpopulation", "certain"),
        ("finite", "superpopulation"),
    ),
    "always": ("tell_always", ("always",), ("always",)),
    "gaps": ("tell_gaps", ("gaps",), ("gaps",)),
    "normalised": ("tell_normalised", ("normalised",), ("normalised",)),
}
AGREEMENT = ("every", "one", "some", "empty")  # the wordings that a passage on it must have
FURTHER = ("alone", "alone_missed")  # and may have
FIRST_PART = "sector"  # `part` in a report on a part of the first dimension, where it is another
KINDS = {
    "single": "ét svar",
    "multiple": "flere svar",
    "battery": "ét svar i hver række",
    "scale": "en skala",
    "number": "et tal",
}


class QuestionTable(Looked, pd.DataFrame):
    """The table of questions; called, it is itself or the rows of the questions that are named."""

    _called = "questions"

    def __call__(self, *names, **unknown):
        """The table, or those rows of it. Raises `CallError` for a name that is none of theirs."""
        known = list(self["name"])
        if unknown:
            raise CallError(
                f"questions: {next(iter(unknown))}= kendes ikke. Skriv fx "
                f"survey.questions({known[0]!r})"
            )
        for name in names:
            if name not in known:
                hint = suggest(name, known) if isinstance(name, str) else ""
                raise CallError(f"questions: {name!r} er ikke et spørgsmål.{hint}")
        return QuestionTable(self[self["name"].isin(names)]) if names else self

    def _lead(self, name):
        """Where the row of a question is found; "" for what is none."""
        known = isinstance(name, str) and name in {*super().__getitem__("name")}
        return f" Skriv survey.questions({name!r})." if known else ""


def list_questions(self):
    """The survey's questions: `name`, `text`, `kind`, who was `asked`, the `answers` by name, and
    `n`, how many the question was put to in the report's part (a mark where that may not be shown).

    >>> survey.questions
    """
    rows = [
        {
            "name": name,
            "text": question.text,
            "kind": express_shown(KINDS[question.kind]),
            "asked": self.label(question.asked),
            "answers": ", ".join([*(question.items or question.answers)]),
            "n": _count_asked(self, question.asked),
        }
        for name, question in self.registry.questions.items()
    ]
    return QuestionTable(rows)


def _count_asked(self, base):
    cell = base, WHOLE, self.domain
    if cell not in self.plan.scope or cell in self.plan.closed:
        return CONFIDENTIAL
    asked = self.variables.is_true(base) & self.member(WHOLE) & (self.design.weights > 0)
    return format_count(int(asked.sum()))


@public
def tell_survey(self, id, published=None, **wordings):
    """A passage on the survey, chosen by what it is: its wordings say which passage it is.

    >>> survey.tell("R04", synthetic="Data efterligner …", real="Den øverste leder …")

    * `synthetic`, `real`: by whether its data are synthetic. An empty one shows nothing.
    * `sampled`, `census`, `certain`: by whether all were asked (`facts.tell_design`).
    * `whole`, `part`: by what the report is on.
    * `finite`, `superpopulation`, `certain`: by what the tests infer to.
    * `always`: of any survey, for its numbers.
    * `gaps`: where strata have no answers; `normalised`: where weights were delivered so.

    `published`: {placeholder: id of a published fact}. Other placeholders as in `facts.tell_facts`.
    """
    kind = next((kind for kind, (_, _, must) in PASSAGES.items() if {*must} & {*wordings}), None)
    every = list(dict.fromkeys(name for _, names, _ in PASSAGES.values() for name in names))
    function, names, must = PASSAGES[kind] if kind else (None, every, ())
    if kind == "scope" and FIRST_PART in wordings:
        names, must = (*names, FIRST_PART), ("whole", FIRST_PART)
    refuse_unknown(f"{id}: tell", wordings, names)
    lacking = [name for name in must if name not in wordings]
    if lacking or not kind:
        raise miss_wordings(id, lacking, f'survey.tell("{id}", synthetic="…", real="…").')
    check_wordings(id, wordings)
    given = dict(wordings)
    if kind in ("always", "gaps", "normalised"):
        given = {"text": given[kind]}
    if published is not None:
        if kind != "facts" or not isinstance(published, dict):
            raise CallError(f'{id}: published= skrives som {{"antal": "S005"}} ved synthetic=.')
        given["published"] = published
    return keep_wordings(getattr(facts, function)(id, self, **given), wordings)


@public
def show_sample(self, id, title):
    """Units, respondents, weights and design effect in each part, as a table.

    >>> survey.show_sample("weights", title="Svar og vægte")
    """
    return tables.show_sample(self, id, title)


@public
def show_response(self, id, title):
    """Units, respondents and the share that answered in each stratum, as a table.

    >>> survey.show_response("response", title="Svar efter stratum")
    """
    return tables.show_response(self, id, title)


@public
def show_weighting(self, id, title, items=()):
    """What each step that made the weights did to their spread and to the shares of `items`, as a
    table; nothing where weights were given.

    >>> survey.show_weighting("weighting", title="Vægtene trin for trin", items=["innovative"])
    """
    return tables.show_weighting(self, id, title, list_items(self, items))


@public
def show_sentences(self, id, title):
    """The register of all the report's sentences and the tests they rest on, as a table.

    >>> survey.show_sentences("sentences", title="Rapportens sætninger")
    """
    return register.show_claims(self, id, title)


@public
def check_published(self):
    """The published numbers and verdicts beside ours: a `PublishedCheck`.

    >>> check = survey.check_published()
    """
    table = AnswerTable(published.compare_published(self))
    return PublishedCheck(table, self.place, self)


@dataclass(frozen=True, repr=False)
class PublishedCheck(Handed):
    """What was published beside what these data say; `table` has a row for each of it."""

    _called, _given_by = "check", "survey.check_published()"
    _rows = " Dens rækker står i .table."

    table: object = field(repr=False)
    place: str = ""  # where the report is on, at a sentence's end
    survey: object = field(default=None, repr=False)

    def _in_language(self, language):
        """The same with its statements in the language that is spoken, which is `language`."""
        survey = self.survey._in_language(language)
        registry, rows = survey.registry, survey.published.to_dict("records")
        statements = [name_statement(row, registry) for row in rows]
        found = [one.in_language(survey) for one in self.table["found"]]
        texts = {"statement": statements, "part": registry.whole["part"]}
        table = self.table.assign(**texts, found=found, trace=[one.trace for one in found])
        return PublishedCheck(table, survey.place, survey)

    @property
    def agrees(self):
        """Whether several numbers and several verdicts could be tried, and all agree."""
        return published.agree_all(self.table)

    @public
    def tell(self, id, what, when=True, **wordings):
        """How many agree: `every`, `one` or `some` do not, `empty` where none could be tried,
        `alone` and `alone_missed` where only one could. Of "all" that agree, numbers and verdicts.

        >>> check.tell("E01", "numbers", every="Alle {b} …", one="…", some="…", empty="…")
        """
        needed = AGREEMENT[:1] if what == "all" else AGREEMENT
        refuse_unknown(f"{id}: tell", wordings, (*AGREEMENT, *FURTHER))
        if not when:
            return None
        if lacking := [name for name in needed if not wordings.get(name)]:
            example = f'check.tell("{id}", "numbers", every="Alle {{b}} …", one="…", …).'
            raise miss_wordings(id, lacking, example)
        told = facts.tell_agreement(id, self.table, what, self.place, **wordings)
        return keep_wordings(told, wordings)

    @public
    def show(self, id, title, what, chapter):
        """What was published in one chapter ("" elsewhere) beside ours, as a table.

        >>> check.show("numbers-2", title="Tal i kapitlet …", what="numbers", chapter="2")
        """
        known = sorted({*self.table["chapter"]} - {""})
        if chapter and chapter not in known:
            raise CallError(
                f"{id}: intet er publiceret i kapitel {chapter!r}. Der er {', '.join(known)}."
            )
        return published.show_published(self.table, what, chapter, id, title)

    def _repr_html_(self):
        return self.table._repr_html_()

    def __repr__(self):
        return express_shown(f"Kontrol af {len(self.table)} publicerede tal og udsagn")
