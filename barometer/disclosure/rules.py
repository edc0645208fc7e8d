"""The rules of the gate: which cells are never shown, each with its reason and its source. Nothing
else decides.

A rule looks at a table with one row per cell (`estimates.COLUMNS`, and `heaviest`: the share of the
base's weight that its two heaviest respondents have, and `implied`: whether all say the same by
definition, or of a larger group it is shown already) and says which rows break it. The rules of
precision are those of NCHS for proportions (docs/design.md, "Precision"). Change a rule, and change
its kind's version: the release record names both, and a plan of confidential cells is made for
`VERSION`. What must be closed besides, so that nothing comes back by subtraction, is
`suppression.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from barometer.marks import CONFIDENTIAL, EXTREME, FEW_DEGREES, REST, UNRELIABLE

VERSION = "1"  # of the rules of confidentiality
PRECISION_VERSION = "2"  # of the rules of precision
MARKS = (CONFIDENTIAL, UNRELIABLE)

NCHS = "NCHS (Parker et al. 2017, Vital and Health Statistics 2-175)"


BASE = "base"  # the rule that hides how many there are too


@dataclass(frozen=True)
class Limits:
    """The limits of the rules, in respondents, proportions and degrees of freedom. A survey's card
    may set others, each with its reason and source (`cards.LIMITS`).

    >>> Limits(smallest_count=5).smallest_known
    10
    """

    # Statistics Denmark's count criterion: fewer than 3 units are not published
    smallest_count: int = 3
    # our choice, about twice the five regions, which everybody can name
    smallest_known: int = 10
    # our choice: Statistics Denmark states the criterion of dominance, not its limit
    heaviest: float = 0.90
    # NCHS (Parker et al. 2017): fewest respondents, also after the design effect
    smallest_sample: int = 30
    # NCHS: always precise enough; never precise enough
    narrow: float = 0.05
    wide: float = 0.30
    relative: float = 1.30  # NCHS: widest interval between the two, as a part of the share
    # NCHS: with fewer degrees of freedom a number is looked at by a person before it is shown
    fewest_degrees: int = 8


LIMITS = Limits()


def read_limits(cards):
    """The `Limits` of a survey by its card, which has been checked: its own, and else the usual."""
    own = cards.get("limits") or {}
    return Limits(**{name: entry["value"] for name, entry in own.items()})


FEW = LIMITS.smallest_count


@dataclass(frozen=True)
class Rule:
    """`breaks(table, limits)`: which rows of a table of cells break the rule, as n booleans."""

    id: str
    mark: str
    reason: str
    source: str
    breaks: Callable


def _is_base_few(table, limits):
    return _is_few(table["n"], limits)


def _is_few(count, limits):
    return count.between(1, limits.smallest_count - 1)


def _is_answer_few(table, limits):
    return _is_few(table["n_yes"], limits) & (table["n"] >= limits.smallest_count)


def _is_complement_few(table, limits):
    return _is_few(table["n"] - table["n_yes"], limits) & (table["n"] >= limits.smallest_count)


def _is_unanimous(table, limits):
    known = table["n"].between(limits.smallest_count, limits.smallest_known - 1)
    return _is_exact(table) & known & ~table["implied"]


def _is_dominated(table, limits):
    return (table["n"] >= limits.smallest_count) & (table["heaviest"] > limits.heaviest)


def _is_sampled(table):
    """NCHS's rules are about sampling error: a base that was surveyed completely has none."""
    return (table["n"] > 0) & (table["status"] != "complete")


def _is_sample_small(table, limits):
    return _is_sampled(table) & (table[["n", "n_effective"]].min(axis=1) < limits.smallest_sample)


def _is_wide_beside(table, share, limits):
    """At 0 per cent there is nothing to set the width against, and NCHS suppresses nothing for
    it.
    """
    wide = (table["width"] > limits.narrow) & (table["width"] > limits.relative * share)
    return _is_sampled(table) & (share > 0) & wide


def _is_exact(table):
    return (table["n_yes"] == 0) | (table["n_yes"] == table["n"])


RULES = (
    Rule(
        BASE,
        CONFIDENTIAL,
        f"fewer than {FEW} respondents in the base: their number is not shown either",
        "Statistics Denmark, count criterion (antalskriteriet)",
        _is_base_few,
    ),
    Rule(
        "answer",
        CONFIDENTIAL,
        f"1 to {FEW - 1} respondents stand behind the answer: each knows himself and maybe another",
        "Statistics Denmark, count criterion (antalskriteriet)",
        _is_answer_few,
    ),
    Rule(
        "complement",
        CONFIDENTIAL,
        f"1 to {FEW - 1} respondents did not give the answer: the share and its base show it",
        "our choice",
        _is_complement_few,
    ),
    Rule(
        "unanimous",
        CONFIDENTIAL,
        "0 or 100 per cent in a group of fewer than 10 tells the answer of every member; "
        "not where the same is shown of a larger group that they are part of, as it is known from "
        "there already",
        "our choice",
        _is_unanimous,
    ),
    Rule(
        "dominance",
        CONFIDENTIAL,
        "two respondents have more than 90 per cent of the group's weight: its share is "
        "their answer",
        "Statistics Denmark, criterion of dominance (dominanskriteriet); the limit is our choice",
        _is_dominated,
    ),
    Rule(
        "sample",
        UNRELIABLE,
        f"fewer than {LIMITS.smallest_sample} respondents, in number or after the design effect",
        NCHS,
        _is_sample_small,
    ),
    Rule(
        "no_interval",
        UNRELIABLE,
        "no degrees of freedom are left to find an interval with",
        "our choice: NCHS has such a number looked at by a person",
        lambda table, limits: _is_sampled(table) & table["width"].isna(),
    ),
    Rule(
        "width",
        UNRELIABLE,
        "a Korn-Graubard interval of 30 percentage points or more",
        NCHS,
        lambda table, limits: _is_sampled(table) & (table["width"] >= limits.wide),
    ),
    Rule(
        "relative_width",
        UNRELIABLE,
        "a Korn-Graubard interval of more than 5 percentage points and 130 per cent of the share",
        NCHS,
        lambda table, limits: _is_wide_beside(table, table["share"], limits),
    ),
)
# Of means: a scale that is made 0 to 1 long has the width of a share, and NCHS's rules beside it.
MEAN_RULES = tuple(rule for rule in RULES if rule.id in ("sample", "no_interval", "width"))
# What NCHS would have a person look at, or give a footnote, is shown with a flag.
REVIEWED = (
    Rule(
        "extreme",
        EXTREME,
        "0 or 100 per cent: nobody or everybody gave the answer",
        NCHS,
        lambda table, limits: _is_sampled(table) & _is_exact(table),
    ),
    Rule(
        "degrees",
        FEW_DEGREES,
        "fewer than 8 degrees of freedom: the uncertainty itself is uncertain",
        NCHS,
        lambda table, limits: _is_sampled(table) & (table["df"] < limits.fewest_degrees),
    ),
)
FOOTNOTED = Rule(
    "rest",
    REST,
    "the number is precise enough, but the share of those who did not give the answer, set "
    "against its own interval, is not",
    NCHS,
    lambda table, limits: _is_wide_beside(table, 1 - table["share"], limits),
)
FLAGS = (*REVIEWED, FOOTNOTED)


def find_broken(table, mark=None, rules=None, limits=LIMITS):
    """The id of the first rule that each row breaks, "" where it breaks none: an array of n texts.

    `mark`: only the rules with this mark.
    """
    broken = np.full(len(table), "", dtype=object)
    for rule in reversed(RULES if rules is None else rules):
        if mark in (None, rule.mark):
            broken[rule.breaks(table, limits).to_numpy()] = rule.id
    return broken


def find_mean_flags(table, limits=LIMITS):
    """The same of means: that there are few degrees of freedom."""
    few = REVIEWED[1]
    return np.where(few.breaks(table, limits), few.mark, "").astype(object)


def find_flags(table, limits=LIMITS):
    """The marks that stand beside the number of each row where it is shown, "" or such as "[a]
    [g]": n texts.

    As NCHS does, a number that a person would have to look at gets no footnote on the rest besides.
    """
    flags = [""] * len(table)
    for rule in REVIEWED:
        flags = [
            f"{flag} {rule.mark}".strip() if broken else flag
            for flag, broken in zip(flags, rule.breaks(table, limits), strict=True)
        ]
    return np.array(
        [
            flag or rest * FOOTNOTED.mark
            for flag, rest in zip(flags, FOOTNOTED.breaks(table, limits), strict=True)
        ],
        dtype=object,
    )
