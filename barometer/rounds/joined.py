"""Rounds as one survey whose groups are the rounds, so that a change is a difference of two groups,
tested as any other.
"""

from dataclasses import dataclass, replace

import numpy as np

from barometer.disclosure.joining import join_released
from barometer.disclosure.release import release_shares
from barometer.rounds.designs import Independent, make_panel
from barometer.rounds.identity import find_variable
from barometer.statistics.comparisons import compare_groups
from barometer.statistics.estimates import Estimates, read_answers

BROKEN = "broken"  # status of a change of a measure that was changed


def name_round(number):
    """The group that a round is."""
    return f"round={number}"


@dataclass(frozen=True)
class Joined:
    """Surveys, the newest last, as estimates and tests use a survey. `design`: of all; `names`:
    {item: its name in each}.
    """

    surveys: tuple
    design: object
    names: dict

    @property
    def inference(self):
        """The newest's."""
        return self.surveys[-1].inference

    def indicator(self, item):
        """n numbers: 1, 0, nan where not asked, of all rounds."""
        parts = zip(self.surveys, self.names[item], strict=True)
        return np.concatenate(
            [
                survey.indicator(name) if name else np.full(len(survey.design.weights), np.nan)
                for survey, name in parts
            ]
        )

    def member(self, group):
        """n booleans: who is in the round."""
        return np.concatenate(
            [
                survey.member("all") & (name_round(survey.registry.round) == group)
                for survey in self.surveys
            ]
        )

    def label(self, name):
        """An item's label in the newest round; a round's period."""
        for survey in self.surveys:
            if name == name_round(survey.registry.round):
                return str(survey.registry.period)
        return self.surveys[-1].label(name)


def join(surveys, items, overlap):
    """The `Joined` of surveys. `overlap`: whether the same id is the same respondent."""
    newest = surveys[-1].registry
    names = {
        item: [find_variable(item, newest, survey.registry) for survey in surveys] for item in items
    }
    designs = [survey.design for survey in surveys]
    if overlap:
        ids = [survey.variables.answers["id"].astype(str).to_numpy() for survey in surveys]
        return Joined(surveys, make_panel(designs, ids), names)
    return Joined(surveys, Independent(designs), names)


def release_rounds(joined, items, pairs):
    """The `Released` of items in all rounds, each through its own round's gate, and the change of
    each item between two rounds.

    `pairs`: {item: (round, earlier round, whether the measure broke between them)}, fewer where an
    item is in one round alone.
    """
    newest, parts, named = joined.surveys[-1], [], []
    for item in items:
        for survey, name in zip(joined.surveys, joined.names[item], strict=True):
            if name:
                parts.append(release_shares(survey, [name]))
                group = name_round(survey.registry.round)
                labels = {"label": joined.label(item), "group_label": joined.label(group)}
                named.append({"item": item, "group": group} | labels)
    tests = []
    for item, (later, earlier, broken) in pairs.items():
        groups = name_round(later), name_round(earlier)
        estimates = Estimates(joined, (item,), groups, None, read_answers(joined, [item]))
        tested = compare_groups(estimates, *groups, newest.alpha)
        tests.append(leave_untested(tested) if broken else tested)
    about = release_shares(newest, items).about
    sources = dict.fromkeys(survey.source.rstrip(". ") for survey in joined.surveys)
    return join_released(parts, named, tests, replace(about, source="; ".join(sources)))


def leave_untested(table):
    """Tests of measures that were changed: no numbers of the difference, and no verdict."""
    empty = dict.fromkeys(
        [
            "difference",
            "se",
            "low",
            "high",
            "df",
            "t",
            "p",
            "p_finite",
            "p_superpopulation",
            "p_adjusted",
        ],
        np.nan,
    )
    return table.assign(**empty, method="", verdict="", status=BROKEN)
