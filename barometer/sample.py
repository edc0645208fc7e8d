"""Answers bound to their design and seen from one domain: a survey's folder once it is checked."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from barometer.data import domains
from barometer.data.cards import AGGREGATES, CARDS
from barometer.data.domains import WHOLE, is_joined, name_group, name_part
from barometer.data.registry import Questionnaire, RegistryError, make_questionnaire
from barometer.data.terms import list_numbered_words, name_ordinal
from barometer.data.variables import Variables, list_points, list_scales
from barometer.disclosure.plan import Plan
from barometer.disclosure.rules import read_limits
from barometer.display import SurveyNotice
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.languages.speaking import SOURCE, translate
from barometer.marks import CONFIDENTIAL
from barometer.numbers.allowed import name_values
from barometer.numbers.means import Scale
from barometer.numbers.quantities import Quantity
from barometer.statistics.design import Design
from barometer.statistics.inferences import FINITE
from barometer.text import Number, join_words, name_both
from barometer.weighting.making import Made


@dataclass(frozen=True)
class Sample:
    """Answers and design of one round, seen from one domain (`domains.py`).

    The design is always that of the whole survey, and `domain` a domain of it (`member`), so that
    standard errors are those of a subpopulation (Lumley 2010, ch. 2) and not of a smaller survey.
    `report`: the domain that the report is on; `domain` is another where the whole is used.
    """

    name: str
    registry: Questionnaire
    variables: Variables
    design: Design
    population: pd.DataFrame
    published: pd.DataFrame
    cards: dict
    report: str = WHOLE
    domain: str = WHOLE
    alpha: float = 0.05
    language: str = SOURCE
    exceptions: dict = field(default_factory=dict)
    ways: tuple = ()  # how files were understood that are not written the plain way
    plan: Plan = field(default_factory=Plan)
    # why the folder has no plan to go by, and how to keep one there, in Danish
    unplanned: str = ""
    further: tuple = ()  # what earlier rounds are called in labels
    earlier: bool = False  # whether it is an earlier round than the one that is reported on
    made: Made | None = None  # how weights were made here
    # published shares of other rounds and countries (`publication.read_aggregates`)
    aggregates: pd.DataFrame | None = None
    # the same in the language of its chapter, where this is in another
    original: object = field(default=None, repr=False, compare=False)

    def _in_language(self, language):
        """The same survey with its registry's, its cards' and its aggregates' texts in the language
        that is spoken, which is `language`.
        """
        own = self.original or self
        files, name = dict(own.cards["files"]), own.cards["microdata"]
        citation = translate(files[name]["citation"], f"{CARDS} citation")
        files[name] = files[name] | {"citation": citation}
        texts = {one: translate(own.cards[one], f"{CARDS} {one}") for one in ("title", "notice")}
        cards = own.cards | texts | {"files": files}
        rows = own.aggregates
        if rows is not None:
            words = {
                name: [translate(text, AGGREGATES) for text in rows[name]]
                for name in ("label", "coverage", "publisher")
            }
            rows = rows.assign(**words)
        known = own.registry.__dict__.setdefault("_others", {})  # the registry's own, made once
        if language not in known:
            known[language] = make_questionnaire(own.registry.content, language)
        texts = {"registry": known[language], "cards": cards, "aggregates": rows}
        return replace(self, **texts, language=language, original=own)

    def indicator(self, item):
        """n numbers: 1 or 0 among those asked, nan outside the base."""
        return self.variables.indicator(item)

    def member(self, group):
        """n booleans: who belongs to `group` within the domain. `all` is the domain itself."""
        inside = self.variables.is_true(WHOLE)
        for condition in (group, *domains.list_conditions(self.domain)):
            inside = inside & self.variables.is_true(condition)
        return inside

    def label(self, name):
        """Danish label of a variable; of `all` and of the report's domain, the domain's."""
        if name in (WHOLE, self.own_domain):
            return name_part(self.registry, self.domain if name == WHOLE else self.report)
        if name == f"!{self.own_domain}":
            return self.registry.whole["rest_name"]
        return self.registry.label(name)

    def scale(self, variable):
        """The `Scale`, or `Quantity`, of the variable that is true of all who gave a point or a
        number (`variables.list_scales`).
        """
        question = self.registry.questions[self.registry.find_question(variable)]
        label, column = next(
            rest for one, *rest in list_scales(question).values() if one == variable
        )
        if question.allowed:
            allowed, values = question.allowed, self.variables.answers[name_values(column)]
            ends = allowed.least, allowed.most
            return Quantity(label, values.to_numpy(float), *ends, allowed.form)
        points = list_points(question)
        values = self.variables.answers[column].map(points).astype(float).to_numpy()
        asked = self.variables.is_asked(variable)
        return Scale(
            label, np.where(asked, values, np.nan), min(points.values()), max(points.values())
        )

    def question(self, identifier):
        """The variables of a question, one per answer or item, in the questionnaire's order."""
        known, name = self.registry.questions, normalise(identifier)
        if name not in known:
            raise RegistryError(
                f"Der er intet spørgsmål, der hedder {name!r}.{suggest(name, known)} Spørgsmålene "
                f"er {', '.join(known)}."
            )
        return known[name].variables

    @property
    def whole(self):
        """The same survey seen from the whole, still for the same report."""
        return replace(self, domain=WHOLE)

    @property
    def is_whole(self):
        """Whether the report covers the whole population."""
        return self.report == WHOLE

    @property
    def is_sector(self):
        """Whether it covers a sector: beside the whole, what numbers have been published of."""
        return self.report in self.firsts

    @cached_property
    def limits(self):
        """The limits of the rules (`rules.Limits`): the card's, and else the usual."""
        return read_limits(self.cards)

    @property
    def firsts(self):
        """The domains of the first dimension's parts, in order."""
        return tuple(domains.name_firsts(self.registry.background))

    @cached_property
    def sectors(self):
        """The sectors that somebody has answered from, as groups of the whole: "sector=state", …"""
        return tuple(name_group(sector) for sector in self.firsts if count_members(self, sector))

    @property
    def every_sector(self):
        """The registry's sectors, whether somebody has answered from them or not, as groups."""
        return tuple(map(name_group, self.firsts))

    @property
    def empty_strata(self):
        """The names of the population's strata that nobody has answered from."""
        answered = {*self.design.stratum_names[self.design.stratum]}
        return tuple(sorted({*self.population["stratum"]} - answered))

    @property
    def is_census(self):
        """Whether everybody in the population has answered."""
        return not self.empty_strata and self.design.is_complete

    @property
    def own_domain(self):
        """The group of the report's domain, for comparing it with `all` in `whole`."""
        return name_group(self.report)

    @property
    def rest(self):
        """The group that the report's part is compared with in `whole`: what is left of it.

        Of a part in several dimensions, whose remainder has no name, it is the whole.
        """
        return WHOLE if self.is_whole or is_joined(self.own_domain) else f"!{self.own_domain}"

    @property
    def rest_name(self):
        """What `rest` is called in a sentence."""
        return self.registry.whole["rest" if domains.is_negated(self.rest) else "as_one"]

    @property
    def has_rest(self):
        """Whether the report is on a part beside which somebody else has answered."""
        return not self.is_whole and count_members(self, WHOLE) > count_members(self, self.report)

    @property
    def compares_sectors(self):
        """Whether the report is on the whole, and has sectors to compare."""
        return self.is_whole and len(self.sectors) > 1

    def compares(self, answer):
        """Whether the report is on the whole, and a part can be set beside others in it."""
        return self.compares_sectors and f"{self.registry.first}={answer}" in self.sectors

    @property
    def place(self):
        """Where the numbers are from, at a sentence's end: "i regionerne"; "" for the whole."""
        return domains.name_place(self.registry, self.report)

    @property
    def terms(self):
        """{placeholder: words} on the survey for wordings; "" for what its registry lacks.

        `sted` (`place`), `delene` (the first dimension's, that have answers), `periode`
        ("2018–2019"), `runde` ("tredje"), `indsamling` ("januar og februar 2020"), `respondent`
        and its forms.
        """
        registry = self.registry
        labels = [registry.inside(registry.label(part)) for part in self.sectors]
        return {
            **name_both({"sted": self.place, "delene": join_words(labels) if labels else ""}),
            "periode": registry.period,
            "runde": name_ordinal(registry.round),
            "indsamling": registry.fieldwork,
            "respondent": registry.respondents["one"],
            "respondenter": registry.respondents["many"],
            "respondenten": registry.respondents["the_one"],
            "respondenterne": registry.respondents["the_many"],
        }

    @property
    def inference(self):
        """The card's inference: finite population correction or without (`inferences.py`)."""
        return self.cards.get("inference", FINITE)

    @property
    def synthetic(self):
        """Whether the microdata's card says that they are synthetic."""
        return self.cards["files"][self.cards["microdata"]]["origin"] == "synthetic"

    @property
    def source(self):
        """What a source line names: where the numbers come from, and how."""
        return self.cards["files"][self.cards["microdata"]]["citation"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        return SurveyNotice(self.describe())._repr_mimebundle_(include, exclude)

    def describe(self):
        """What a chapter holds of its survey, as plain data: docs/design.md, "Outputs"."""
        card = self.cards["files"][self.cards["microdata"]]
        asked = self.count_respondents(self.report)
        return {
            "name": self.name,
            "title": self.cards["title"],
            "part": self.report,
            "part_label": name_part(self.registry, self.report),
            "synthetic": self.synthetic,
            "notice": self.cards["notice"],
            "citation": card["citation"],
            "licence": card["licence"],
            "period": self.registry.period,
            "fieldwork": self.registry.fieldwork,
            "data_date": str(self.cards["data_date"]),
            "nouns": self.registry.respondents,
            "parts": self.firsts,
            "words": list_numbered_words(self.registry, self.cards, self._list_further()),
            "terms": {"sted": self.place, "resten": self.rest_name},
            **({"told": list(self.ways)} if self.ways else {}),
            "respondents": str(asked),
            "answered": asked.rounded,
        }

    def _list_further(self):
        """The texts of other rounds and countries that readers meet."""
        rows = self.aggregates
        names = () if rows is None else ("label", "coverage", "publisher")
        return [*self.further, *(text for name in names for text in rows[name])]

    def count_respondents(self, domain=WHOLE):
        """How many answered in a domain, closed where the plan closes it or was not made for it."""
        cell = WHOLE, WHOLE, domain
        closed = cell not in self.plan.scope or cell in self.plan.closed
        return Number(count_members(self, domain), "count", CONFIDENTIAL * closed)


def count_members(survey, domain):
    """How many respondents with a weight are in a domain: for whoever decides, shown to nobody."""
    return int(
        np.count_nonzero(replace(survey, domain=domain).member(WHOLE) & (survey.design.weights > 0))
    )
