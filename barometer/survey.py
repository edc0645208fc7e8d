"""The door: a survey is opened, asked, and what comes back tells, draws and shows itself.

>>> survey = open_survey("barometer-2020", "region")
>>> survey.compare("value", by="initiation")
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pandas as pd

from barometer import paths
from barometer.data.cards import CARDS, CLOSED, REGISTRY, list_rounds
from barometer.data.checks import find_background, find_units
from barometer.data.domains import WHOLE, name_place, split_domain
from barometer.data.variables import Variables
from barometer.designs.making import make_design
from barometer.disclosure.closed import SEAL, find_kept, find_left_open, make_key, read_kept
from barometer.disclosure.plan import Plan, list_tiers
from barometer.door import asking, means, passages, views
from barometer.door.calls import public
from barometer.files.faults import DataFault, Fault, raise_faults
from barometer.languages.speaking import settle
from barometer.parameters import ParameterError, check_parameters, name_answers, resolve_data
from barometer.payloads import is_collecting
from barometer.rounds import following, published
from barometer.rounds.identity import find_changes
from barometer.sample import Sample, count_members
from barometer.survey_files import read_folder
from barometer.text import format_count
from barometer.weighting.design import Calibrated

_PLANS = {}  # the last plan made or read in this process, by what it was made for


@dataclass(frozen=True, repr=False)
class Survey(views.Handed, Sample):
    """A survey in a chapter: a table of contents of `barometer/door/`."""

    questions = property(passages.list_questions)
    groups = asking.list_groups
    shares = asking.ask_shares
    compare = asking.compare
    contrast = asking.contrast
    mean = means.ask_mean
    boxes = means.ask_boxes
    median = means.ask_median
    quantiles = means.ask_quantiles
    total = means.ask_total
    ratio = means.ask_ratio
    parts = asking.set_beside
    cross = asking.cross
    published_over = published.ask_published
    check_published = passages.check_published
    tell = passages.tell_survey
    show_sample = passages.show_sample
    show_response = passages.show_response
    show_weighting = passages.show_weighting
    show_sentences = passages.show_sentences
    _repr_mimebundle_ = views.view_survey
    __repr__ = views.name_survey
    # what the report is on, for `when=` and `by=`
    is_whole = Sample.is_whole
    has_rest = Sample.has_rest
    compares = public(Sample.compares)
    whole = Sample.whole
    own_domain = Sample.own_domain
    rest = Sample.rest
    _called, _given_by = "survey", "open_survey(…)"
    _rows = " Spørg fx med survey.shares(…)."


@public
def open_survey(data=None, answer=None, alpha=0.05, language=None, *answers, **further):
    """Read and check the survey in folder `data` (a name under `data/`, or a path; the project's
    own where it is left out), seen from a part of the population. `answer`: one in the first
    of the registry's dimensions; `answers`: in each of the others, in its order. By name
    (`field="health"`) too.

    >>> survey = open_survey("barometer-2020", "region")

    Raises `ParameterError` for a value outside the allowed set, and for a part that has no
    respondents or is not planned; `DataFault` for a file that is not as registry and card say: its
    message names every fault of every file.
    """
    named = {} if data is None else {"data": data}
    paths.serve_near(data or "")
    placed = (WHOLE if answer is None else answer, *answers)
    placed = name_answers(paths.name_default() if data is None else data, placed)
    named |= {"language": language} if language else {}
    parameters = check_parameters(**named, alpha=alpha, **(placed | further))
    settle(parameters.language)
    survey, plan = read_survey(parameters)
    if problem := describe_unmade(survey, parameters.domain):
        raise ParameterError(problem)
    return replace(survey, plan=find_plan(survey, plan))


@dataclass(frozen=True)
class Rounds(views.Handed):
    """Rounds of a survey, opened together: `surveys`, the earliest first. Each passes the gate by
    its own plan.

    >>> rounds = open_surveys("barometer-2020")
    >>> rounds.follow("innovative").tell("U01", differs="… {oftere} …", same="…")
    """

    surveys: tuple
    overlap: bool = False
    _given_by = "open_surveys(…)"
    _rows = " Runderne står i .surveys."

    @property
    def newest(self):
        """The round that is reported on."""
        return self.surveys[-1]

    @public
    def follow(self, items, since=None):
        """Shares of `items` in every round, and whether they changed from the one before, or from
        round `since`, to the newest.

        >>> rounds.follow("innovative").draw_line("over-time", title="Fra runde til runde")
        """
        return following.follow(self.surveys, items, since, self.overlap)


@public
def open_surveys(data=None, answer=None, alpha=0.05, language="da", *answers, **further):
    """Open a survey with the earlier rounds that its card names (`rounds`), as `Rounds`; `data`,
    `answer` … as `open_survey`. A card with `overlap: ids` says that the same id is the same
    respondent.

    >>> rounds = open_surveys("barometer-2020", "region")

    Raises as `open_survey`, and `DataFault` for two rounds of one number, and for a measure that is
    another in one round than in the one before without a word of it under `breaks`.
    """
    newest = open_survey(data, answer, alpha, language, *answers, **further)
    folders = list_rounds(resolve_data(paths.name_default() if data is None else data))
    earlier = [
        replace(open_survey(str(one), answer, alpha, language, *answers, **further), earlier=True)
        for one in folders
    ]
    earlier.sort(key=lambda survey: survey.registry.round)
    periods = tuple(str(survey.registry.period) for survey in earlier)
    surveys = [*earlier, replace(newest, further=periods)]
    numbers = [survey.registry.round for survey in surveys]
    if len({*numbers}) < len(numbers) or numbers[-1] != max(numbers):
        problem = f"runderne har numrene {', '.join(map(str, numbers))}"
        remedy = f"giv hver runde sit nummer (round), og nævn kun tidligere runder i {CARDS}"
        raise DataFault([Fault(REGISTRY, problem, remedy)])
    pairs = pairwise(surveys)
    raise_faults([one for old, new in pairs for one in find_changes(old.registry, new.registry)])
    return Rounds(tuple(surveys), newest.cards.get("overlap") == "ids")


def prepare_survey(data):
    """Read a survey, and its plan where one is kept, for whoever opens it in this process or a fork
    of it.
    """
    open_planned(data)


def read_survey(parameters):
    """(the survey that `parameters` name, without a plan of closed cells; the plan that its folder
    holds, if any).

    Nothing of it may be shown. Raises as `open_survey`, but for the part of the population.
    """
    files = read_folder(folder := resolve_data(parameters.data))
    return bind_files(files, Path(folder).name, parameters), files.plan


def bind_files(files, name, parameters):
    """The `Survey` of a folder's `Files`, without a plan of closed cells."""
    if not files.bound:
        files.bound.update(variables=_bind_variables(files), design=_bind_design(files))
    return Survey(
        name,
        files.registry,
        files.bound["variables"],
        files.bound["design"],
        files.population,
        files.published,
        files.cards,
        parameters.domain,
        parameters.domain,
        parameters.alpha,
        parameters.language,
        files.exceptions,
        files.ways,
        unplanned=files.unplanned
        and f"{files.unplanned}. {_tell_remedy(files.cards, parameters.data)}",
        made=files.made,
        aggregates=files.aggregates,
    )


def _bind_variables(files):
    background = find_background(files.microdata["stratum"], files.population)
    return Variables(files.registry, pd.concat([files.microdata, background], axis=1))


def _bind_design(files):
    units = find_units(files.microdata["stratum"], files.population)
    design = make_design(files.microdata, files.cards, units)
    return Calibrated(design, files.made.projections) if files.made else design


def describe_unmade(survey, domain):
    """Why no report can be made on a domain of the survey, as a sentence; "" where one can."""
    named = " og ".join(f"{name} = {answer}" for name, answer in split_domain(domain).items())
    if domain not in survey.registry.domain_names and not any(
        domain in domains for domains in list_tiers(survey.registry)
    ):
        return (
            f"En rapport med {named} er ikke planlagt. Skriv {'&'.join(split_domain(domain))} "
            f"under domains i "
            "questionnaire.yaml, og kør python -m barometer seal."
        )
    count = count_members(survey, domain)
    if domain not in survey.registry.domain_names and count < survey.limits.smallest_count:
        return f"Der er ingen svar, eller for få til at vise noget, med {named}."
    place = name_place(survey.registry, domain)
    told = f"Der er ingen svar {place} ({named}), så der er intet at lave en rapport af."
    return "" if count else told


def find_plan(survey, plan):
    """The plan that the folder holds, if it leaves nothing open that a rule closes; or else the one
    that is kept; or an empty one, by which everything may be looked at and nothing published.
    """
    kept = b"" if plan else read_kept(survey.cards)
    releases = frozenset(survey.cards.get("releases", {}).items())
    made = plan and (plan.scope, frozenset(plan.closed.items()))
    key = make_key(survey.cards), releases, kept, made
    if key in _PLANS:
        return _PLANS[key]
    # one by which chapters are run for their requests was made by this run, and nothing is shown
    if plan and not is_collecting() and (left_open := find_left_open(survey, plan)):
        told = (
            f"planen lader celler stå åbne, som reglerne lukker (antal: "
            f"{format_count(len(left_open))})"
        )
        raise DataFault([Fault(CLOSED, told, SEAL)])
    if found := plan or (kept and find_kept(survey, content=kept)):
        _PLANS.clear()
        _PLANS[key] = found
    return found or Plan()


def open_planned(data):
    """The survey in the folder `data` with its plan, for what is no chapter: of the whole."""
    survey, plan = read_survey(check_parameters(data=data))
    return replace(survey, plan=find_plan(survey, plan))


def _tell_remedy(cards, data):
    """How the plan comes into the survey's folder."""
    card = "" if CLOSED in cards["files"] else f"giv {CLOSED} et kort i {CARDS}, og "
    return f"Skal den ligge i undersøgelsens mappe, så {card}kør python -m barometer seal {data}"
