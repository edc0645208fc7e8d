"""Surveys that are made for a measurement of the plan of suppressed cells: the shipped respondents
divided otherwise, drawn again to be more, or asked other questions.

Only what a plan needs is there, in memory: a registry, answers, weights and strata.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from barometer.data.registry import Question
from barometer.data.variables import Variables
from barometer.survey import open_survey

SEED = 14


def make_shipped(domains=None):
    """The shipped survey, with reports by other `domains` than its own where they are given."""
    survey = open_survey("barometer-2020")
    if domains is None:
        return survey
    return replace(survey, registry=replace(survey.registry, domains=domains))


def make_fields(count):
    """The shipped respondents, divided by lot into `count` fields."""
    survey, rng = make_shipped(), np.random.default_rng(SEED)
    drawn = rng.integers(count, size=len(survey.variables.answers))
    return _divide(survey, "field", drawn, count, [("field",)])


def make_municipalities(count=98, respondents=12_000):
    """The shipped respondents drawn anew until they are `respondents`, divided by lot into
    municipalities of which the largest has some thirty times as many as the smallest.
    """
    survey, rng = make_shipped(), np.random.default_rng(SEED)
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
    survey, rng = make_shipped(), np.random.default_rng(SEED)
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
        reported=({"groups": ["all"], "variables": [*asked]},),
    )
    place = survey.variables.answers[[*registry.background]].iloc[:respondents]
    table = pd.concat([place.reset_index(drop=True), pd.DataFrame(table)], axis=1)
    return replace(
        survey,
        registry=registry,
        variables=Variables(registry, table),
        design=SimpleNamespace(weights=np.ones(respondents)),
        published=survey.published.iloc[:0],
    )


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
    return replace(
        survey,
        registry=registry,
        variables=Variables(registry, answers),
        population=population,
    )
