"""A plan beside the releases that are published; or which of them stands in its way."""

import json

from barometer.data.terms import RegistryError
from barometer.disclosure.plan import make_plan
from barometer.releases.linking import ShownAlready, link_releases
from barometer.releases.memory import COMMAND
from barometer.suppression.bounds import tell_once
from barometer.suppression.programmes import NoPlan

NAMED = 3  # cells that a refusal names


class InTheWay(NoPlan):
    """What is to be published cannot be made safe beside releases that are published.

    Its arguments: their names, and cells that they show and that are to be suppressed now, if these
    are why.
    """

    def __str__(self):
        names, cells = self.args
        many = "Udgivelserne" if len(names) > 1 else "Udgivelsen"
        why = "af den og det nye tilsammen kan et lukket tal regnes ud, hvad der end lukkes"
        if cells:
            named = ", ".join(" / ".join(cell[:3]) for cell in cells[:NAMED])
            more = f" og {len(cells) - NAMED} til" if len(cells) > NAMED else ""
            why = f"den viser tal, der nu skal lukkes ({named}{more})"
        withdraw = " og ".join(f"{COMMAND} --withdraw {name}" for name in names)
        return (
            f"{many} {' og '.join(names)} står i vejen: {why}. Er den ikke længere offentlig, så "
            f"kør {withdraw}. Ellers vent med det nye, til flere svar er kommet til eller rettet, "
            "eller spørg om færre celler i kapitlerne."
        )


class OtherQuestionnaire(NoPlan):
    """A release shows what the questionnaire no longer has, or has otherwise. Its arguments: the
    release's name, and names in the questionnaire.
    """

    def __str__(self):
        release, changed = self.args
        return (
            f"Udgivelsen {release} fortæller om {', '.join(changed[:NAMED])}, som "
            "questionnaire.yaml ikke længere har, eller har på en anden måde. Skriv det tilbage, "
            f"eller kør {COMMAND} --withdraw {release}, hvis udgivelsen ikke længere er offentlig."
        )


def plan_beside(survey, asked, releases, tell=tell_once, workers=None):
    """The `Plan` of a survey (`plan.make_plan`) beside the releases that are published.

    Raises `InTheWay`, `OtherQuestionnaire`, `NoPlan`.
    """
    if not releases:
        return make_plan(survey, asked, tell, workers=workers)
    for release in releases:
        if changed := _find_changed(survey.registry, release):
            raise OtherQuestionnaire(release.name, changed)
    try:
        return make_plan(survey, asked, tell, link_releases(survey, releases), workers)
    except NoPlan as error:
        against = getattr(error.__cause__, "args", ({},))[0]
        if isinstance(error.__cause__, ShownAlready):
            cells = sorted({cell for those in against.values() for cell in those})
            raise InTheWay(sorted(against), cells) from error
        raise InTheWay(_find_blocking(survey, asked, releases, tell), []) from error


def _find_blocking(survey, asked, releases, tell):
    """The names of the releases without which there is a plan: one, where one alone will do.

    Raises `NoPlan` where there is none without any of them.
    """
    make_plan(survey, asked, tell)
    names = [release.name for release in releases]
    for release in reversed(releases if len(releases) > 1 else ()):
        others = [one for one in releases if one is not release]
        try:
            make_plan(survey, asked, tell, link_releases(survey, others))
            return [release.name]
        except NoPlan:
            pass
    return names


def _find_changed(registry, release):
    """The names that a release's cells have and that mean something else now, or nothing."""
    then, changed = release.structure, set()
    for cell in release.cells:
        for name in cell[:2]:
            try:
                registry.check_group(name)
            except RegistryError:
                changed.add(name)
    derived = {
        name: {"parts": list(one.parts), "at_least": one.at_least,
               "negated": one.negated, "among": one.among}
        for name, one in registry.derived.items()
    }  # fmt: skip
    names = json.dumps([cell[:2] for cell in release.cells])
    changed |= {
        name for name, one in then["derived"].items()
        if f'"{name}"' in names and derived.get(name) != one
    }  # fmt: skip
    return sorted(changed)
