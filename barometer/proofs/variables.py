"""True/false variables by name, of made-up respondents, and which columns they are made from.

Written anew from what `structure.json` says: nothing here comes from the program that computes the
numbers.
"""

from dataclasses import dataclass

import numpy as np

from barometer.verify.claims import split_domain
from barometer.verify.counting import list_answers, list_columns, list_unanswered

UNASKED = -1


class Variables:
    """True/false variables by name of some respondents: int8 arrays of 1, 0, and -1 outside the
    base. `columns`: {column: number of each respondent's answer, -1 where nothing was asked}.
    """

    def __init__(self, structure, columns):
        self.structure, self.columns, self.known = structure, columns, {}

    def find(self, name):
        """The codes of a variable."""
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def select(self, group, domain):
        """Who belongs to a group in a domain, as booleans."""
        inside = self.find(group) == 1
        for name, answer in split_domain(domain).items():
            inside = inside & (self.find(f"{name}={answer}") == 1)
        return inside

    def _find(self, name):
        if name == "all":
            return np.ones(len(next(iter(self.columns.values()))), dtype=np.int8)
        for divider, join in ((" + ", np.max), ("&", np.min)):
            if divider in name:
                codes = np.stack([self.find(part) for part in name.split(divider)])
                return np.where(codes.min(axis=0) < 0, -1, join(codes, axis=0)).astype(np.int8)
        if name.startswith("!"):
            codes = self.find(name[1:])
            return np.where(codes < 0, codes, 1 - codes).astype(np.int8)
        if name in self.structure["derived"]:
            return self._derive(self.structure["derived"][name])
        column, _, answers = name.partition("=")
        codes = list_answers(self.structure, column)
        wanted, answers = np.zeros(len(codes) + 1, dtype=np.int8), answers.split("|") or ["1"]
        answers = answers if answers != [""] else ["1"]
        wanted[[codes.index(answer) for answer in answers]] = 1
        wanted[-1] = -1
        found = wanted[self.columns[column]]
        for beside, given in list_unanswered(self.structure, column, answers):
            none = [list_answers(self.structure, beside).index(one) for one in given]
            found = np.where(np.isin(self.columns[beside], none), UNASKED, found).astype(np.int8)
        return found

    def _derive(self, derived):
        parts = np.stack([self.find(part) for part in derived["parts"]])
        enough = (parts == 1).sum(axis=0) >= derived["at_least"]
        value = (~enough if derived["negated"] else enough).astype(np.int8)
        among = derived["among"]
        value[self.find(among) != 1 if among else (parts < 0).any(axis=0)] = -1
        return value


def list_sources(structure, name):
    """The columns that a variable is made from, with those that say who was asked it."""
    own = list_own(structure, name)
    questions = {column.partition(".")[0] for column in own - {*structure["background"]}}
    asked = (structure["questions"][question]["asked"] for question in questions)
    return own.union(*(list_sources(structure, one) for one in asked))


def name_base(structure, name):
    """The variable that is true of those who are asked another."""
    name = name.lstrip("!")
    if name in structure["derived"] and structure["derived"][name]["among"]:
        return structure["derived"][name]["among"]
    for divider in (" + ", "&"):
        if divider in name:
            return _join_bases(structure, name.split(divider))
    if name in structure["derived"]:
        return _join_bases(structure, structure["derived"][name]["parts"])
    column, _, answers = name.partition("=")
    question = structure["questions"].get(column.partition(".")[0], {"asked": "all"})
    none = list_unanswered(structure, column, answers.split("|") if answers else ["1"])
    if none and question["kind"] == "multiple":
        return f"{none[0][0]}=0"
    if none:
        return f"{column}={'|'.join(one for one in question['answers'] if one not in none[0][1])}"
    return question["asked"]


def _join_bases(structure, names):
    bases = {name_base(structure, name) for name in names} - {"all"}
    return "&".join(sorted(bases)) or "all"


def list_cell_sources(structure, cell):
    """The same of a cell's item, group and domain."""
    item, group, domain = cell
    names = [item, group, *(f"{name}=" for name in split_domain(domain))]
    return set().union(
        *({name[:-1]} if name.endswith("=") else list_sources(structure, name) for name in names)
    )


def list_own(structure, name):
    """The columns that a variable itself is made from, without those that say who was asked."""
    if name == "all":
        return set()
    for divider in (" + ", "&"):
        if divider in name:
            return set().union(*(list_own(structure, part) for part in name.split(divider)))
    name = name.lstrip("!")
    if name in structure["derived"]:
        one = structure["derived"][name]
        names = [*one["parts"], *([one["among"]] if one["among"] else [])]
        return set().union(*(list_own(structure, part) for part in names))
    column, _, answers = name.partition("=")
    none = list_unanswered(structure, column, answers.split("|") if answers else ["1"])
    return {column, *(beside for beside, _ in none)}


@dataclass(frozen=True)
class Unit:
    """What is answered at once: a question, or a row of a battery. `asked`: the variable that says
    by whom.
    """

    name: str
    columns: tuple
    asked: str
    question: dict

    @property
    def alone(self):
        """The columns of what is ticked alone."""
        names = self.question["exclusive"]
        return [column for column in self.columns if column.partition(".")[2] in names]

    @property
    def several(self):
        """Whether it has ticks."""
        return self.question["kind"] == "multiple"


def list_units(structure, columns):
    """The `Unit`s that have some of these columns, in levels: each level after those that say who
    is asked it. All ticks of a question are there, so that everybody can tick something. Raises
    `ValueError` for questions that wait for each other.
    """
    found = []
    for name, question in structure["questions"].items():
        own = list_columns(structure, name)
        used = [column for column in own if column in columns]
        if used and question["kind"] == "multiple":
            found.append(Unit(name, tuple(own), question["asked"], question))
        elif used:
            found += [Unit(column, (column,), question["asked"], question) for column in used]
    levels, there = [], {*structure["background"]}
    while found:
        ready = [unit for unit in found if list_sources(structure, unit.asked) <= there]
        if not ready:
            raise ValueError("questions wait for each other")
        levels.append(ready)
        there |= {column for unit in ready for column in unit.columns}
        found = [unit for unit in found if unit not in ready]
    return levels
