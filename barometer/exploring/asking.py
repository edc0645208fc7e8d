"""The call that a choice is in a chapter, made and written: what is seen at the bench is what its
lines show.
"""

from dataclasses import dataclass, replace
from itertools import chain

from barometer.data.domains import WHOLE
from barometer.door.asking import add_opposite, is_split, list_items, read_groups
from barometer.door.calls import CallError
from barometer.exploring.choosing import MEASURES, SHARES, find_question, list_measures
from barometer.files.faults import suggest
from barometer.files.texts import normalise

MOST_TESTS = 24  # variables that are tested one by one in more than two groups
LONGEST = 96  # characters of a line of code


@dataclass(frozen=True)
class Call:
    """A call of a survey: `method`, `items`, and `by` as a chapter writes it. `groups`: {group:
    label}, empty for everybody in the report's part; `remark`: why it is another than was asked.
    """

    method: str
    items: str
    by: object
    groups: dict
    where: str = ""  # the conditions of a part, of the whole whatever part a report is on
    named: str = ""  # what the groups go by in the registry, where that is one name
    remark: str = ""

    def ask(self, survey):
        """The survey's answer."""
        target = survey.whole if self.where else survey
        by = {} if self.by is None else {"by": self.by}
        return getattr(target, self.method)(self.items, **by)

    def write(self, name):
        """The same as a line of code that gives the answer a name, or as several."""
        target = "survey.whole" if self.where else "survey"
        start, items = f"{name} = {target}.{self.method}(", quote(self.items)
        if self.by is None:
            return f"{start}{items})"
        if self.where and self.named:  # their labels as the registry has them, in any language
            group = f'    f"{{one}}&{self.where}": label'
            every = f"    for one, label in {target}.groups({quote(self.named)}).items()"
            return "\n".join([f"{start}{items}, by={{", group, every, "})"])
        line = f"{start}{items}, by={write_value(self.by)})"
        if len(line) <= LONGEST or not isinstance(self.by, dict):
            return line
        pairs = [f"    {quote(one)}: {quote(label)}," for one, label in self.by.items()]
        return "\n".join([f"{start}{items}, by={{", *pairs, "})"])


def make_call(survey, choice):
    """The `Call` of a `Choice`. Raises `CallError` and `RegistryError` for what cannot be asked."""
    registry, items = survey.registry, normalise(choice.items)
    variables = list_items(survey, items)
    if choice.measure not in MEASURES:
        hint = suggest(choice.measure, MEASURES)
        known = ", ".join(list_measures(registry, items))
        raise CallError(f"measure: {choice.measure!r} kendes ikke.{hint} Der er {known}.")
    if choice.measure not in (known := list_measures(registry, items)):
        raise CallError(f"measure: {items} har ikke {choice.measure}, men {', '.join(known)}.")
    by = choice.by or None
    groups = {} if by is None else dict(read_groups(survey, by))
    split = by is not None and is_split(survey, by)
    named = by if split or (isinstance(by, str) and by in registry.groupings) else ""
    if len(groups) == 1 and not split:
        groups = add_opposite(survey, groups, by)
        by = [*groups]
    if choice.part:
        groups, by = _narrow(survey, groups, choice.part)
    where = "&".join(choice.part)
    method, remark = choice.measure, ""
    if method == SHARES and by is not None and (len(groups) > 1 or split):
        many = len(groups) > 2 and len(variables) > MOST_TESTS
        question = find_question(registry, items)
        method = SHARES if many and question.id == items else "compare"
        remark = "many" if method == SHARES else ""
    return Call(method, items, by, groups, where, named, remark)


def ask(survey, call):
    """(answer, the call that it is of): groups that overlap have shares, and no test."""
    try:
        return call.ask(survey), call
    except CallError as error:
        if call.method != "compare" or "overlapper" not in str(error):
            raise
    untested = replace(call, method=SHARES, remark="overlap")
    return untested.ask(survey), untested


def _narrow(survey, groups, part):
    """(groups, `by`) within a part of the population: each group and the part's conditions."""
    where = "&".join(part)
    if not groups:
        return {where: survey.label(where)}, where
    fixed = {term.partition("=")[0] for term in part if "=" in term}
    named = {one.partition("=")[0] for one in chain(*(group.split("&") for group in groups))}
    if held := (fixed & named) - {WHOLE}:
        raise CallError(
            f"by: {', '.join(sorted(held))} er allerede valgt under part. Kryds med noget andet."
        )
    found = {f"{group}&{where}": label for group, label in groups.items()}
    return found, found


def quote(text):
    """A text as a literal of code, in double quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_value(value):
    """A name, a list of names, {name: label} or True as code."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{quote(one)}: {quote(label)}" for one, label in value.items()) + "}"
        )
    return "[" + ", ".join(map(quote, value)) + "]"
