"""The rules of the gate: which cells are never shown, each with its reason and its source. Nothing else decides.

A rule looks at a table with one row per cell (`estimates.COLUMNS`, and `heaviest`: the share of the base's weight that
its two heaviest respondents have, and `implied`: whether all say the same by definition, or of a larger group it is
shown already) and says which rows break it. Change a rule, and change `VERSION`: the release
record names it. What must be closed besides, so that nothing comes back by subtraction, is `suppression.py`.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

VERSION = "1"
CONFIDENTIAL, UNRELIABLE, NOT_APPLICABLE = "[c]", "[u]", "[z]"
MARKS = (CONFIDENTIAL, UNRELIABLE)

SMALLEST_COUNT = 3      # Statistics Denmark's count criterion: fewer than 3 units are not published
SMALLEST_KNOWN = 10     # our choice, about twice the five regions, which everybody can name
HEAVIEST = 0.90         # our choice: Statistics Denmark states the criterion of dominance, not its limit
SMALLEST_SAMPLE = 30    # NCHS (Parker et al. 2017): fewest respondents, after the design effect
NARROW, WIDE = 0.05, 0.30   # NCHS: always precise enough; never precise enough
RELATIVE = 1.30         # NCHS: widest interval between the two, as a part of the share


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
    extreme = (table["n_yes"] == 0) | (table["n_yes"] == table["n"])
    return extreme & table["n"].between(SMALLEST_COUNT, SMALLEST_KNOWN - 1) & ~table["implied"]


def _find_width(table):
    return table["high"] - table["low"]


RULES = (
    Rule("base", CONFIDENTIAL, "fewer than 3 respondents in the base: their number is not shown either",
         "Statistics Denmark, count criterion (antalskriteriet)", lambda table: _is_few(table["n"])),
    Rule("answer", CONFIDENTIAL, "1 or 2 respondents stand behind the answer: each knows himself and maybe the other",
         "Statistics Denmark, count criterion (antalskriteriet)", _is_answer_few),
    Rule("complement", CONFIDENTIAL, "1 or 2 respondents did not give the answer: the share and its base tell so",
         "our choice", _is_complement_few),
    Rule("unanimous", CONFIDENTIAL, "0 or 100 per cent in a group of fewer than 10 tells the answer of every member; "
         "not where the same is shown of a larger group that they are part of, as it is known from there already",
         "our choice", _is_unanimous),
    Rule("dominance", CONFIDENTIAL, "two respondents have more than 90 per cent of the group's weight: its share is "
         "their answer", "Statistics Denmark, criterion of dominance (dominanskriteriet); the limit is our choice",
         lambda table: (table["n"] >= SMALLEST_COUNT) & (table["heaviest"] > HEAVIEST)),
    Rule("sample", UNRELIABLE, "an effective sample of fewer than 30 respondents",
         "NCHS (Parker et al. 2017, Vital and Health Statistics 2-175)",
         lambda table: (table["n"] > 0) & (table["n_effective"].fillna(table["n"]) < SMALLEST_SAMPLE)),
    Rule("width", UNRELIABLE, "an interval of 30 percentage points or more",
         "NCHS (Parker et al. 2017)", lambda table: _find_width(table) >= WIDE),
    Rule("relative_width", UNRELIABLE, "an interval of more than 5 percentage points and 130 per cent of the share",
         "NCHS (Parker et al. 2017)",
         lambda table: (_find_width(table) > NARROW) & (_find_width(table) > RELATIVE * table["share"])),
)


def find_broken(table, mark=None, rules=None):
    """The id of the first rule that each row breaks, "" where it breaks none: an array of n texts.

    `mark`: only the rules with this mark.
    """
    broken = np.full(len(table), "", dtype=object)
    for rule in reversed(RULES if rules is None else rules):
        if mark in (None, rule.mark):
            broken[rule.breaks(table).to_numpy()] = rule.id
    return broken
