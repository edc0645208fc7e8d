"""Reads a survey's folder, checks every file against registry and card, and binds the answers to
their design.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from barometer.data.cards import CARDS
from barometer.data.domains import (
    PLACES,
    SECTORS,
    WHOLE,
    is_joined,
    is_negated,
    list_conditions,
    name_group,
    name_part,
    name_place,
    split_domain,
)
from barometer.data.reading import find_background, find_workplaces
from barometer.data.registry import Questionnaire, RegistryError
from barometer.data.terms import list_numbered_words, name_ordinal
from barometer.data.variables import Variables
from barometer.disclosure.closed import CLOSED, SEAL, find_kept, find_left_open, make_kept, make_key
from barometer.disclosure.plan import Plan, list_scope, list_tiers
from barometer.disclosure.rules import SMALLEST_COUNT
from barometer.display import SurveyNotice
from barometer.files.faults import DataFault, Fault, suggest
from barometer.files.texts import normalise
from barometer.marks import CONFIDENTIAL
from barometer.parameters import ParameterError, check_parameters, resolve_data
from barometer.statistics.design import Design
from barometer.statistics.inferences import FINITE
from barometer.survey_files import read_folder
from barometer.text import Number, format_count, join_words

REST = "Den øvrige offentlige sektor"  # beside the part that a report is on
REST_NAME, WHOLE_NAME = "resten af den offentlige sektor", "den offentlige sektor som helhed"
_PLANS = {}  # the last plan made or read in this process, by what it was made for


@dataclass(frozen=True)
class Survey:
    """Answers and design of one round, seen from one domain (`domains.py`).

    The design is always that of the whole survey, and `domain` a domain of it (`member`), so that
    standard errors are those of a subpopulation (Lumley 2010, ch. 2) and not of a smaller survey.
    `report`: the domain that the report is on; `domain` is another where it looks at the whole.
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
    language: str = "da"
    exceptions: dict = field(default_factory=dict)
    told: tuple = ()  # how files were understood that are not written the plain way
    plan: Plan = field(default_factory=Plan)
    # why the folder has no plan to go by, and how to keep one there, in Danish
    unplanned: str = ""

    def indicator(self, item):
        """n numbers: 1 or 0 among those asked, nan outside the base."""
        return self.variables.indicator(item)

    def member(self, group):
        """n booleans: who belongs to `group` within the domain. `all` is the domain itself."""
        inside = self.variables.is_true(WHOLE)
        for condition in (group, *list_conditions(self.domain)):
            inside = inside & self.variables.is_true(condition)
        return inside

    def label(self, name):
        """Danish label of a variable; `all`, and the report's own domain as a group, are named
        after the domain.
        """
        if name in (WHOLE, self.own_domain):
            return name_domain_label(self.registry, self.domain if name == WHOLE else self.report)
        if name == f"!{self.own_domain}":
            return REST
        return self.registry.label(name)

    def question(self, identifier):
        """The variables of a question, one per answer or item, in the questionnaire's order."""
        known, name = self.registry.questions, normalise(identifier)
        if name not in known:
            raise RegistryError(
                f"Der er intet spørgsmål, der hedder {name!r}.{suggest(name, known)} Spørgsmålene "
                f"er "
                f"{', '.join(known)}."
            )
        return known[name].variables

    @property
    def whole(self):
        """The same survey seen from the whole public sector, still for the same report."""
        return replace(self, domain=WHOLE)

    @property
    def is_whole(self):
        """Whether the report covers the whole public sector."""
        return self.report == WHOLE

    @property
    def is_sector(self):
        """Whether it covers a sector: beside the whole, what numbers have been published of."""
        return self.report in SECTORS and not self.is_whole

    @cached_property
    def sectors(self):
        """The sectors that somebody has answered from, as groups of the whole: "sector=state", …"""
        return tuple(
            name_group(sector)
            for sector in SECTORS
            if sector != WHOLE and _count_members(self, sector)
        )

    @property
    def empty_strata(self):
        """The names of the population's strata that nobody has answered from."""
        return tuple(
            sorted(
                {*self.population["stratum"]} - {*self.design.stratum_names[self.design.stratum]}
            )
        )

    @property
    def is_census(self):
        """Whether every workplace of the population has answered."""
        return not self.empty_strata and bool(self.design.complete.all())

    @property
    def own_domain(self):
        """The group of the report's domain, for comparing it with `all` in `whole`."""
        return name_group(self.report)

    @property
    def rest(self):
        """The group that the report's part is compared with in `whole`: what is left of the public
        sector.

        Of a part in several dimensions, whose remainder no name says, it is the whole.
        """
        return WHOLE if self.is_whole or is_joined(self.own_domain) else f"!{self.own_domain}"

    @property
    def rest_name(self):
        """What `rest` is called in a sentence."""
        return REST_NAME if is_negated(self.rest) else WHOLE_NAME

    @property
    def has_rest(self):
        """Whether the report is on a part beside which somebody else has answered."""
        return not self.is_whole and _count_members(self, WHOLE) > _count_members(self, self.report)

    @property
    def compares_sectors(self):
        """Whether the report is on the whole, and has sectors to compare."""
        return self.is_whole and len(self.sectors) > 1

    def compares(self, sector):
        """Whether the report is on the whole, and a sector can be set beside others in it."""
        return self.compares_sectors and name_group(sector) in self.sectors

    @property
    def place(self):
        """Where the report's numbers are from, as words at a sentence's end: "i regionerne"; "" for
        the whole.
        """
        return (
            PLACES[self.report]
            if self.report in PLACES
            else name_place(self.registry.background, self.report)
        )

    @property
    def terms(self):
        """{placeholder: words} of what wordings may say of the survey; "" for what its registry
        does not tell.

        `sektor` (`place`), `sektorerne` (that have answers), `periode` ("2018-2019"), `runde`
        ("tredje"), `indsamling` ("januar og februar 2020").
        """
        registry = self.registry
        labels = [registry.inside(registry.label(sector)) for sector in self.sectors]
        return {
            "sektor": self.place,
            "sektorerne": join_words(labels) if labels else "",
            "periode": registry.period,
            "runde": name_ordinal(registry.round),
            "indsamling": registry.fieldwork,
        }

    @property
    def inference(self):
        """Which test speaks, with finite population correction or without (`inferences.py`), as the
        card says.
        """
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
        """What a chapter must know of its survey, as plain data (no microdata): see docs/design.md,
        "Outputs".
        """
        card = self.cards["files"][self.cards["microdata"]]
        asked = self.count_respondents(self.report)
        return {
            "name": self.name,
            "title": self.cards["title"],
            "sector": self.report,
            "sector_label": name_domain_label(self.registry, self.report),
            "synthetic": self.synthetic,
            "notice": self.cards["notice"],
            "citation": card["citation"],
            "licence": card["licence"],
            "period": self.registry.period,
            "data_date": str(self.cards["data_date"]),
            "words": list_numbered_words(self.registry, self.cards),
            **({"told": list(self.told)} if self.told else {}),
            "respondents": str(asked),
            "answered": asked.rounded,
        }

    def count_respondents(self, domain=WHOLE):
        """How many answered in a domain, closed where the plan closes it or was not made for it."""
        cell = WHOLE, WHOLE, domain
        closed = cell not in self.plan.scope or cell in self.plan.closed
        return Number(_count_members(self, domain), "count", CONFIDENTIAL * closed)


def open_survey(data=None, sector="all", alpha=0.05, language="da", field="all", size="all"):
    """Read and check the survey in folder `data` (a name under `data/`, or a path; the project's
    own where it is left out), seen from a part of the sector.

    Raises `ParameterError` for a value outside the allowed set, and for a part that has no
    respondents or is not planned; `DataFault` for a file that is not as registry and card say: its
    message names every fault of every file.
    """
    named = {} if data is None else {"data": data}
    parameters = check_parameters(
        **named, sector=sector, alpha=alpha, language=language, field=field, size=size
    )
    survey, closed = read_survey(parameters)
    if problem := describe_unmade(survey, parameters.domain):
        raise ParameterError(problem)
    return replace(survey, plan=_find_plan(survey, closed))


def prepare_survey(data):
    """Read a survey, and its plan where one is kept, for whoever opens it in this process or a fork
    of it.
    """
    survey, closed = read_survey(check_parameters(data=data))
    if closed is not None or find_kept(survey, _list_cells(survey)):
        _find_plan(survey, closed)


def read_survey(parameters):
    """(the survey that `parameters` name, without a plan of closed cells; what its folder says is
    closed, if anything).

    Nothing of it may be shown. Raises as `open_survey`, but for the part of the public sector.
    """
    files = read_folder(folder := resolve_data(parameters.data))
    return bind_files(files, Path(folder).name, parameters), files.closed


def bind_files(files, name, parameters):
    """The `Survey` of a folder's `Files`, without a plan of closed cells."""
    microdata = files.microdata
    stratum = microdata["stratum"]
    answers = pd.concat([microdata, find_background(stratum, files.population)], axis=1)
    design = Design(
        microdata["weight"].to_numpy(float),
        stratum.to_numpy(),
        fpc=find_workplaces(stratum, files.population),
        lonely=files.cards.get("lonely", "fail"),
    )
    return Survey(
        name,
        files.registry,
        Variables(files.registry, answers),
        design,
        files.population,
        files.published,
        files.cards,
        parameters.domain,
        parameters.domain,
        parameters.alpha,
        parameters.language,
        files.exceptions,
        files.told,
        unplanned=files.unplanned
        and f"{files.unplanned}. {_tell_remedy(files.cards, parameters.data)}",
    )


def describe_unmade(survey, domain):
    """Why no report can be made on a domain of the survey, as a sentence; "" where one can."""
    named = " og ".join(f"{name} = {answer}" for name, answer in split_domain(domain).items())
    if domain not in SECTORS and not any(
        domain in domains for domains in list_tiers(survey.registry)
    ):
        return (
            f"En rapport med {named} er ikke planlagt. Skriv {'&'.join(split_domain(domain))} "
            f"under domains i "
            "questionnaire.yaml, og kør python -m barometer seal."
        )
    count = _count_members(survey, domain)
    if domain not in SECTORS and count < SMALLEST_COUNT:
        return f"Der er ingen svar, eller for få til at vise noget, med {named}."
    return (
        ""
        if count
        else f"Der er ingen svar {PLACES[domain]} ({named}), så der er intet at lave en rapport af."
    )


def name_domain_label(registry, domain):
    """What a report on a domain is called on its pages."""
    return SECTORS[domain] if domain in SECTORS else name_part(registry.background, domain)


def _count_members(survey, domain):
    return int(
        np.count_nonzero(replace(survey, domain=domain).member(WHOLE) & (survey.design.weights > 0))
    )


def _find_plan(survey, closed):
    """The plan that the folder holds, or else the one that is kept, or is made now: by one process
    for all others.
    """
    key = make_key(survey.cards), frozenset((closed or {}).items())
    if key not in _PLANS:
        _PLANS.clear()
        scope = _list_cells(survey)
        plan = (
            find_kept(survey, scope) or make_kept(survey, scope)
            if closed is None
            else Plan(scope, closed)
        )
        if closed is not None and (left_open := find_left_open(survey, plan)):
            told = (
                f"planen lader celler stå åbne, som reglerne lukker (antal: "
                f"{format_count(len(left_open))})"
            )
            raise DataFault([Fault(CLOSED, told, SEAL)])
        _PLANS[key] = plan
    return _PLANS[key]


def _tell_remedy(cards, data):
    """How the plan comes into the survey's folder."""
    card = "" if CLOSED in cards["files"] else f"giv {CLOSED} et kort i {CARDS}, og "
    return f"Skal den ligge i undersøgelsens mappe, så {card}kør python -m barometer seal {data}"


def _list_cells(survey):
    domains = [domain for tier in list_tiers(survey.registry) for domain in tier]
    return frozenset(list_scope(survey.registry, survey.published, domains))
