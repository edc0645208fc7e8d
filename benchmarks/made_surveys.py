"""Surveys that are made for a measurement of the plan of suppressed cells: the shipped respondents
divided otherwise, drawn again to be more, or asked other questions.

Only what a plan needs is there, in memory: a registry, answers, weights and strata, and the cells
that are asked for, {domain: cells}. Each function returns (survey, cells).
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from barometer.data.registry import Question
from barometer.data.variables import Variables
from barometer.disclosure.plan import list_tiers
from barometer.survey import open_survey
from barometer.tools.collecting import ensure_plan

SHIPPED = "barometer-2020"
SEED = 14


def make_shipped(domains=None):
    """The shipped survey, with reports by other `domains` than its own where they are given."""
    survey = open_survey(SHIPPED)
    if domains is not None:
        survey = replace(survey, registry=replace(survey.registry, domains=domains))
    return survey, _ask_alike(survey)


def make_fields(count):
    """The shipped respondents, divided by lot into `count` fields."""
    (survey, _), rng = make_shipped(), np.random.default_rng(SEED)
    drawn = rng.integers(count, size=len(survey.variables.answers))
    return _divide(survey, "field", drawn, count, [("field",)])


def make_municipalities(count=98, respondents=12_000):
    """The shipped respondents drawn anew until they are `respondents`, divided by lot into
    municipalities of which the largest has some thirty times as many as the smallest.
    """
    (survey, _), rng = make_shipped(), np.random.default_rng(SEED)
    rows = rng.integers(len(survey.variables.answers), size=respondents)
    answers = survey.variables.answers.iloc[rows].reset_index(drop=True)
    grown = replace(
        survey,
        variables=Variables(survey.registry, answers),
        design=SimpleNamespace(weights=np.ones(respondents)),
    )
    sizes = np.geomspace(1, 30, count)
    drawn = rng.choice(count, size=respondents, p=sizes / sizes.sum())
    return _divide(grown, "place", drawn, count, [("place",)])


def make_questions(questions, answers, respondents=2_271):
    """As many questions, each of as many answers of which some are rare, and the sectors."""
    (survey, _), rng = make_shipped(), np.random.default_rng(SEED)
    codes = [f"a{number}" for number in range(answers)]
    asked = {
        f"q{number}": Question(
            f"q{number}", f"Q{number}", "single", "all", answers=dict.fromkeys(codes, "A")
        )
        for number in range(questions)
    }
    chances = 1 / np.arange(1, answers + 1)
    table = {
        name: np.array(codes)[rng.choice(answers, size=respondents, p=chances / chances.sum())]
        for name in asked
    }
    registry = replace(
        survey.registry,
        questions=asked,
        derived={},
        domains=(),
    )
    place = survey.variables.answers[[*registry.background]].iloc[:respondents]
    table = pd.concat([place.reset_index(drop=True), pd.DataFrame(table)], axis=1)
    made = replace(
        survey,
        registry=registry,
        variables=Variables(registry, table),
        design=SimpleNamespace(weights=np.ones(respondents)),
        published=survey.published.iloc[:0],
    )
    items = [item for question in asked.values() for item in question.variables]
    cells = {one: [(item, "all", one) for item in items] for one in registry.domain_names}
    return made, cells


def _ask_alike(survey):
    """{domain: cells}: of the whole and the sectors what chapters ask for, of each other domain
    what they ask for of the field that has most respondents.
    """
    ensure_plan(SHIPPED)  # one is made, by the chapters, where that of the folder is out of date
    asked, shipped = {}, open_survey(SHIPPED).plan.scope
    for item, group, domain in sorted(shipped):
        asked.setdefault(domain, []).append((item, group))
    return {
        domain: [(*one, domain) for one in asked.get(domain, asked["field=education"])]
        for tier in list_tiers(survey.registry)
        for domain in tier
    }


def _divide(survey, name, drawn, count, domains):
    """A survey whose respondents have another answer in dimension `name`, and reports by it."""
    codes = np.array([f"{name[0]}{number}" for number in range(count)])
    entry = {**survey.registry.background["field"], "answers": {code: code for code in codes}}
    entry |= {part: {code: code for code in codes} for part in ("names", "places")}
    registry = replace(
        survey.registry,
        background=survey.registry.background | {name: entry},
        domains=tuple(domains),
    )
    answers = survey.variables.answers.assign(**{name: codes[drawn]})
    population = answers[[*registry.background]].drop_duplicates().reset_index(drop=True)
    made = replace(
        survey, registry=registry, variables=Variables(registry, answers), population=population
    )
    return made, _ask_alike(made)
