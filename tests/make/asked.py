"""Plans for what chapters would ask for, without running any."""

from barometer.data.domains import WHOLE
from barometer.disclosure.plan import list_tiers, list_variables, name_cell
from barometer.releases.memory import list_releases
from barometer.releases.planning import plan_beside
from barometer.suppression.bounds import tell_once
from barometer.tools.seal import seal_survey
from tests.make import small_survey
from tests.make.shipped import open_shipped


def plan_asked(variables=(), groups=(WHOLE,)):
    """What `seal_survey` takes for `plan`: as if chapters asked for these variables (or questions)
    in these groups, in the report of each sector.
    """

    def plan(survey, folder, made=(), tell=tell_once, strict=True):
        cells = [
            (item, group)
            for variable in variables
            for item in list_variables(survey.registry, variable)
            for group in groups
        ]
        return _plan(survey, folder, cells, tell)

    return plan


def plan_cells(*pairs):
    """The same of single cells, each an item and a group."""

    def plan(survey, folder, made=(), tell=tell_once, strict=True):
        return _plan(survey, folder, pairs, tell)

    return plan


def _plan(survey, folder, pairs, tell):
    asked = {
        domain: [name_cell(survey.registry, *pair, domain) for pair in pairs]
        for domain in survey.registry.domain_names
    }
    return plan_beside(survey, asked, list_releases(folder), tell)


def make_carded(folder, **parts):
    """The tiny survey with cards for the dictionary and the plan, not sealed yet."""
    card = small_survey.CARD | {"sha256": "0" * 64}
    small_survey.make_survey(folder, **parts)
    return small_survey.change_cards(
        folder,
        lambda cards: cards["files"].update(
            {"closed.yaml": card, "dictionary.csv": card | {"rows": 13}}
        ),
    )


def plan_shipped(survey, folder, made=(), tell=tell_once, strict=True):
    """The same as if the project's own chapters were run: for the scope of the shipped plan, as far
    as the survey names its reports.
    """
    domains = {domain for tier in list_tiers(survey.registry) for domain in tier}
    asked = {}
    for cell in open_shipped().plan.scope:
        if cell[2] in domains:
            asked.setdefault(cell[2], []).append(cell)
        elif "&" in cell[2]:  # the strata, of which the whole's report tells
            asked.setdefault(WHOLE, []).append(cell)
    return plan_beside(survey, asked, list_releases(folder) if folder else (), tell)


def seal_shipped(folder):
    """Seal a copy of the shipped survey, for the chapters that it comes with."""
    return seal_survey(folder, plan=plan_shipped)
