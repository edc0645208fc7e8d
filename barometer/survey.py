"""Reads a survey's folder, checks every file against registry and card, and binds the answers to their design."""
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from barometer.checks import read_folder
from barometer.closed import make_key
from barometer.design import Design
from barometer.display import SurveyNotice
from barometer.numbers import format_count
from barometer.parameters import SECTORS, check_parameters, resolve_data
from barometer.plan import Plan, list_scope, make_plan
from barometer.questionnaire import Questionnaire
from barometer.reading import find_background, find_workplaces
from barometer.variables import Variables

_PLANS = {}   # the last plan made or read in this process, by what it was made for


@dataclass(frozen=True)
class Survey:
    """Answers and design of one round, seen from one sector.

    The design is always that of the whole survey; a sector is a domain of it (`member`), so that standard errors are
    those of a subpopulation (Lumley 2010, ch. 2) and not of a smaller survey.
    """

    name: str
    registry: Questionnaire
    variables: Variables
    design: Design
    population: pd.DataFrame
    published: pd.DataFrame
    cards: dict
    sector: str = "all"
    domain: str = "all"
    alpha: float = 0.05
    language: str = "da"
    exceptions: dict = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)

    def indicator(self, item):
        """n numbers: 1 or 0 among those asked, nan outside the base."""
        return self.variables.indicator(item)

    def member(self, group):
        """n booleans: who belongs to `group` within the report's sector. `all` is the sector itself."""
        return self.variables.is_true(group) & self.variables.is_true(_find_sector(self.domain))

    def label(self, name):
        """Danish label of a variable; `all` is named after the report's sector."""
        return SECTORS[self.domain] if name == "all" else self.registry.label(name)

    def question(self, identifier):
        """The variables of a question, one per answer or item, in the questionnaire's order."""
        return self.registry.questions[identifier].variables

    @property
    def whole(self):
        """The same survey seen from the whole public sector, still for the report of `sector`."""
        return replace(self, domain="all")

    @property
    def is_whole(self):
        """Whether the report covers the whole public sector."""
        return self.sector == "all"

    @property
    def own_sector(self):
        """The group of the report's sector, for comparing it with `all` in `whole`."""
        return _find_sector(self.sector)

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
        """What a chapter must know of its survey, as plain data (no microdata): see docs/design.md, "Outputs"."""
        card = self.cards["files"][self.cards["microdata"]]
        return {
            "name": self.name, "title": self.cards["title"], "sector": self.sector,
            "sector_label": SECTORS[self.sector], "synthetic": self.synthetic, "notice": self.cards["notice"],
            "citation": card["citation"], "licence": card["licence"], "period": self.registry.period,
            "data_date": str(self.cards["data_date"]), "sha256": card["sha256"],
            "respondents": format_count(int(self.member("all").sum())),
        }


def open_survey(data="barometer-2020", sector="all", alpha=0.05, language="da"):
    """Read and check the survey in folder `data` (a name under `data/`, or a path), seen from `sector`.

    Raises `ParameterError` for a value outside the allowed set and `DataFault` for a file that is not as registry and
    card say; its message names every fault of every file.
    """
    parameters = check_parameters(data=data, sector=sector, alpha=alpha, language=language)
    folder = resolve_data(parameters.data)
    files = read_folder(folder)
    microdata = files.microdata
    stratum = microdata["stratum"]
    answers = pd.concat([microdata, find_background(stratum, files.population)], axis=1)
    design = Design(
        microdata["weight"].to_numpy(float), stratum.to_numpy(),
        fpc=find_workplaces(stratum, files.population), lonely=files.cards.get("lonely", "fail"),
    )
    survey = Survey(
        Path(folder).name, files.registry, Variables(files.registry, answers), design, files.population,
        files.published, files.cards,
        parameters.sector, parameters.sector, parameters.alpha, parameters.language, files.exceptions,
    )
    return replace(survey, plan=_find_plan(survey, files.closed))


def _find_plan(survey, closed):
    """The plan that the folder holds, or one made now: it takes seconds, and no two sectors need it twice."""
    key = make_key(survey.cards), frozenset((closed or {}).items())
    if key not in _PLANS:
        _PLANS.clear()
        scope = frozenset(list_scope(survey.registry, survey.published))
        _PLANS[key] = make_plan(survey) if closed is None else Plan(scope, closed)
    return _PLANS[key]


def _find_sector(sector):
    return "all" if sector == "all" else f"sector={sector}"

