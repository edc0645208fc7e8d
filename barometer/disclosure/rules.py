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

SMALLEST_COUNT = 3  # Statistics Denmark's count criterion: fewer than 3 units are not published
SMALLEST_KNOWN = 10  # our choice, about twice the five regions, which everybody can name
# our choice: Statistics Denmark states the criterion of dominance, not its limit
HEAVIEST = 0.90
# NCHS (Parker et al. 2017): fewest respondents, also after the design effect
SMALLEST_SAMPLE = 30
NARROW, WIDE = 0.05, 0.30  # NCHS: always precise enough; never precise enough
RELATIVE = 1.30  # NCHS: widest interval between the two, as a part of the share
# NCHS: with fewer degrees of freedom a number is looked at by a person before it is shown
FEWEST_DEGREES = 8
NCHS = "NCHS (Parker et al. 2017, Vital and Health Statistics 2-175)"


BASE = "base"  # the rule that hides how many there are too


@dataclass(frozen=True)
class Rule:
    """`breaks(table)`: which rows of a table of cells break the rule, as n booleans."""

    id: str
    mark: str
    reason: str
    source: str
    breaks: Callable


def _is_few(count):
    return count.between(1, SMALLEST_COUNT - 1)


def _is_answer_few(table):
    return _is_few(table["n_yes"]) & (table["n"] >= SMALLEST_COUNT)


def _is_complement_few(table):
    return _is_few(table["n"] - table["n_yes"]) & (table["n"] >= SMALLEST_COUNT)


def _is_unanimous(table):
    return (
        _is_exact(table)
        & table["n"].between(SMALLEST_COUNT, SMALLEST_KNOWN - 1)
        & ~table["implied"]
    )


def _is_sampled(table):
    """NCHS's rules are about sampling error: a base that was surveyed completely has none."""
    return (table["n"] > 0) & (table["status"] != "complete")


def _is_sample_small(table):
    return table[["n", "n_effective"]].min(axis=1) < SMALLEST_SAMPLE


def _is_wide_beside(table, share):
    """At 0 per cent there is nothing to set the width against, and NCHS suppresses nothing for
    it.
    """
    return (table["width"] > NARROW) & (share > 0) & (table["width"] > RELATIVE * share)


def _is_exact(table):
    return (table["n_yes"] == 0) | (table["n_yes"] == table["n"])


RULES = (
    Rule(
        BASE,
        CONFIDENTIAL,
        f"fewer than {SMALLEST_COUNT} respondents in the base: their number is not shown either",
        "Statistics Denmark, count criterion (antalskriteriet)",
        lambda table: _is_few(table["n"]),
    ),
    Rule(
        "answer",
        CONFIDENTIAL,
        f"1 to {SMALLEST_COUNT - 1} respondents stand behind the answer: each knows himself and "
        "maybe another",
        "Statistics Denmark, count criterion (antalskriteriet)",
        _is_answer_few,
    ),
    Rule(
        "complement",
        CONFIDENTIAL,
        f"1 to {SMALLEST_COUNT - 1} respondents did not give the answer: the share and its base "
        "show it",
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
        lambda table: (table["n"] >= SMALLEST_COUNT) & (table["heaviest"] > HEAVIEST),
    ),
    Rule(
        "sample",
        UNRELIABLE,
        f"fewer than {SMALLEST_SAMPLE} respondents, in number or after the design effect",
        NCHS,
        lambda table: _is_sampled(table) & _is_sample_small(table),
    ),
    Rule(
        "no_interval",
        UNRELIABLE,
        "no degrees of freedom are left to find an interval with",
        "our choice: NCHS has such a number looked at by a person",
        lambda table: _is_sampled(table) & table["width"].isna(),
    ),
    Rule(
        "width",
        UNRELIABLE,
        "a Korn-Graubard interval of 30 percentage points or more",
        NCHS,
        lambda table: _is_sampled(table) & (table["width"] >= WIDE),
    ),
    Rule(
        "relative_width",
        UNRELIABLE,
        "a Korn-Graubard interval of more than 5 percentage points and 130 per cent of the share",
        NCHS,
        lambda table: _is_sampled(table) & _is_wide_beside(table, table["share"]),
    ),
)
# What NCHS would have a person look at, or give a footnote, is shown with a flag.
REVIEWED = (
    Rule(
        "extreme",
        EXTREME,
        "0 or 100 per cent: nobody or everybody gave the answer",
        NCHS,
        lambda table: _is_sampled(table) & _is_exact(table),
    ),
    Rule(
        "degrees",
        FEW_DEGREES,
        "fewer than 8 degrees of freedom: the uncertainty itself is uncertain",
        NCHS,
        lambda table: _is_sampled(table) & (table["df"] < FEWEST_DEGREES),
    ),
)
FOOTNOTED = Rule(
    "rest",
    REST,
    "the number is precise enough, but the share of those who did not give the answer, set "
    "against its own interval, is not",
    NCHS,
    lambda table: _is_sampled(table) & _is_wide_beside(table, 1 - table["share"]),
)
FLAGS = (*REVIEWED, FOOTNOTED)


def find_broken(table, mark=None, rules=None):
    """The id of the first rule that each row breaks, "" where it breaks none: an array of n texts.

    `mark`: only the rules with this mark.
    """
    broken = np.full(len(table), "", dtype=object)
    for rule in reversed(RULES if rules is None else rules):
        if mark in (None, rule.mark):
            broken[rule.breaks(table).to_numpy()] = rule.id
    return broken


def find_flags(table):
    """The marks that stand beside the number of each row where it is shown, "" or such as "[a]
    [g]": n texts.

    As NCHS does, a number that a person would have to look at gets no footnote on the rest besides.
    """
    flags = [""] * len(table)
    for rule in REVIEWED:
        flags = [
            f"{flag} {rule.mark}".strip() if broken else flag
            for flag, broken in zip(flags, rule.breaks(table), strict=True)
        ]
    return np.array(
        [
            flag or rest * FOOTNOTED.mark
            for flag, rest in zip(flags, FOOTNOTED.breaks(table), strict=True)
        ],
        dtype=object,
    )
