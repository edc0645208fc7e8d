"""Scales and numbers: means, quantiles, totals and ratios, tested between groups, in sentences, a
table and a picture; the ends of scales as shares.
"""

import re
from dataclasses import dataclass, field, replace

from barometer.data.variables import list_points, list_scales
from barometer.disclosure import release
from barometer.door import asking, ranking, telling, views
from barometer.door.calls import CallError, public
from barometer.figures import tables
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.forms import QUANTILES
from barometer.numbers.quantities import Quantity
from barometer.statistics.tabletests import Overlap

STEP = re.compile(
    r"^\d+[ .:=–-]*|\s*\(\d+\)$"
)  # the point in the words of an answer: "1 Slet ikke"


@dataclass(frozen=True, repr=False)
class MeanAnswer(views.Handed):
    """An answer on scales or numbers: released tables of means, and what they can do.

    >>> means = survey.mean("satisfaction", by="size")
    >>> means.tell("D20", difference="… {staten} …", same="…", numbers={"staten": …})
    >>> means.show("satisfaction", title="Tilfredshed")

    `names`: {name of a scale: the variable that its means are of}.
    """

    survey: object = field(repr=False)
    tables: tuple
    groups: dict
    names: dict
    tested: tuple = ()
    domain: str = ""

    _called, _given_by = "answer", "survey.mean(…)"
    _rows = " Dens tal står i .table."
    _in_language = views.translate_answer
    table = property(ranking.join_tables)
    comparisons = property(ranking.join_comparisons)

    _repr_html_ = views.view_answer
    __repr__ = views.name_answer

    @public
    def tell(self, id, items=None, when=True, topic=None, numbers=None, **wordings):
        """A sentence on means, of the kind that its wordings are for, as on shares.

        >>> means.tell("D20", differs="De er {mere} tilfredse: {a} mod {b}.", same="… {a} og {b}")

        `items`: a scale or several by name. `{forskel}` is in the scale's own points.
        """
        found = {
            name: self._place(where) if not isinstance(where, list) else [*map(self._place, where)]
            for name, where in dict(numbers or {}).items()
        }
        names = [items] if isinstance(items, str) else items
        items = None if names is None else [self._place(one) for one in names]
        return telling.tell(
            self, id, items, published=None, when=when, topic=topic, numbers=found, **wordings
        )

    @public
    def show(self, id, title):
        """The means with their intervals and how many gave a point, as a numbered table with its
        note.

        >>> means.show("satisfaction", title="Tilfredshed")
        """
        beside = len(self.tables) > 1 and len(self.names) == 1
        return tables.show_means(self.tables, id, title, self.groups, self._unit, beside)

    @public
    def draw_means(self, id, title, shows="", when=True):
        """A point with its interval for each mean, of several groups a block for each scale.

        >>> means.draw_means("satisfaction", title="Tilfredshed")

        Scales in one picture have the same points, and of numbers there is one.
        """
        from barometer.figures import drawing  # it brings matplotlib, which takes time

        scales = [self.survey.scale(name.partition("&")[0]) for name in self.names.values()]
        ends = {(one.least, one.largest) for one in scales}
        number = isinstance(scales[0], Quantity)
        if len(ends) > 1 or (number and len(self.tables) > 1):
            raise CallError(
                f"draw_means: {', '.join(self.names)} kan ikke stå på samme akse. "
                f"Tegn hver for sig."
            )
        released = self.tables[0]
        if len(self.tables) > 1:
            released = release.release_means(self.survey, [*self.names.values()], [*self.groups])
        question = self.survey.registry.questions[next(iter(self.names)).partition(".")[0]]
        axis, names = (None, None), ()
        if not number:
            points = list_points(question)
            axis = scales[0].least, scales[0].largest
            first, *_, last = sorted(points, key=points.get)
            names = tuple(STEP.sub("", question.answers[code]) for code in (first, last))
            names = names if all(names) and not any(map(_has_digit, names)) else ()
        if not when:
            return None
        own = self.survey.own_domain
        return drawing.draw_means(
            released, id, title, self.groups, axis, names, shows, own, self._unit
        )

    @property
    def _unit(self):
        """What numbers count; "" of scales, and where several have other units."""
        questions = self.survey.registry.questions
        named = [questions[name.partition(".")[0]] for name in self.names]
        units = {one.allowed.unit if one.allowed else "" for one in named}
        ratio = any("&" in name for name in self.names.values())
        return units.pop() if len(units) == 1 and not ratio else ""

    def _place(self, where):
        """A scale's name, alone or first of (name, group, …), as its variable."""
        if isinstance(where, tuple):
            return (self._place(where[0]), *where[1:])
        return self.names.get(normalise(where), where)


@public
def ask_mean(self, items, by=None):
    """Means of scales or numbers in each group of `by`, and whether they differ: between two groups
    scale by scale, between more by one test of each.

    >>> survey.mean("satisfaction", by="size")

    "Ved ikke" and other residual answers are no points, and not in the mean. Raises `CallError`
    for what is neither a scale nor a number.
    """
    names = list_named(self, items, "mean")
    variables = [*names.values()]
    groups = _read_pair(self, by, variables)
    numbers = [[one] for one in variables if self.registry.is_number(one)]
    scales = [one for one in variables if [one] not in numbers]
    # parts of the population have one test, also where a report's part has two or one of them
    whole = asking.is_split(self, by)
    together = by is None or (len(groups) == 2 and not whole)
    parts = [scales] if together else [[one] for one in scales]
    parts, asked = [*filter(None, parts), *numbers], ([*groups], by is not None, whole)

    def ask():
        return [release.release_means(self, part, *asked) for part in parts]

    return MeanAnswer(self, _ask(ask, groups), groups, names)


@public
def ask_quantiles(self, items, by=None, at=(0.25, 0.5, 0.75)):
    """Quantiles of one number in each group of `by`: below them lie so large parts of the weight.

    >>> survey.quantiles("cost", by="size", at=[0.25, 0.5, 0.75])

    `at`: 0.1, 0.25, 0.5, 0.75, 0.9. What one alone may tell in a sentence, `at=0.5`, is tested too.
    """
    points = [at] if isinstance(at, int | float) else list(at)
    if unknown := [one for one in points if one not in QUANTILES]:
        known = ", ".join(map(str, QUANTILES))
        raise CallError(f"quantiles: at = {unknown[0]!r} kan ikke bruges. Skriv nogle af {known}.")
    return _ask_number(self, items, by, [QUANTILES[one] for one in points], "quantiles")


@public
def ask_median(self, items, by=None):
    """The median of one number in each group of `by`, and whether it differs.

    >>> survey.median("cost", by="size")
    """
    return _ask_number(self, items, by, ["median"], "median")


@public
def ask_total(self, items, by=None):
    """What one number adds up to in the population, in each group of `by`.

    >>> survey.total("cost", by="size")
    """
    return _ask_number(self, items, by, ["total"], "total")


@public
def ask_ratio(self, one, other, by=None):
    """The sum of one number divided by the sum of another, of those who gave both.

    >>> survey.ratio("cost", "employees", by="size")
    """
    (name, first), (_, second) = (_find_number(self, name, "ratio") for name in (one, other))
    groups = _read_pair(self, by, [first, second])
    above, under = self.scale(first), self.scale(second)
    label = f"{above.label.rstrip('?')} / {self.registry.inside(under.label.rstrip('?'))}"
    quantity = replace(above, label=label, statistic="ratio", below=under.values)
    item = f"{first}&{second}"
    asked = [*groups], by is not None, asking.is_split(self, by)

    def ask():
        return [release.release_numbers(self, item, quantity, *asked)]

    return MeanAnswer(self, _ask(ask, groups), groups, {name: item})


def _ask_number(self, items, by, statistics, asked):
    """A `MeanAnswer` of one number, with a table for each of `statistics`."""
    name, variable = _find_number(self, items, asked)
    groups, number = _read_pair(self, by, [variable]), self.scale(variable)
    quantities = [replace(number, statistic=one) for one in statistics]
    where = [*groups], by is not None, asking.is_split(self, by)

    def ask():
        return [release.release_numbers(self, variable, one, *where) for one in quantities]

    return MeanAnswer(self, _ask(ask, groups), groups, {name: variable})


def _find_number(self, name, asked):
    """(name, variable) of the one number that is named."""
    found = list_named(self, name, asked)
    numbers = [one for one in found.items() if self.registry.is_number(one[1])]
    if len(found) != 1 or not numbers:
        raise CallError(
            f"{asked}: {', '.join(found)} er ikke ét spørgsmål med tal. Skriv navnet på et."
        )
    return numbers[0]


def _read_pair(self, by, variables):
    """The groups of `by`; one group beside all others."""
    groups = asking.read_groups(self, by)
    asking.check_division(self, variables, groups)
    if by is not None and len(groups) == 1 and not asking.is_split(self, by):
        groups = asking.add_opposite(self, groups, by)
    return groups


def _ask(ask, groups):
    try:
        return tuple(ask())
    except Overlap:
        raise asking.overlap_error(groups) from None


def _has_digit(text):
    return any(map(str.isdigit, text))


@public
def ask_boxes(self, items, by=None, top=2, bottom=2):
    """Shares of the last `top` and the first `bottom` points of scales; compared where `by` is
    given.

    >>> survey.boxes("satisfaction", by="size", top=2, bottom=2)
    """
    variables = []
    for name in list_named(self, items, "boxes"):
        question = self.registry.questions[name.partition(".")[0]]
        if question.allowed:
            raise CallError(f"boxes: {name} er et tal og har ingen trin.")
        codes = [*list_points(question)]
        if not (top >= 0 and bottom >= 0 and 1 <= top + bottom <= len(codes)):
            raise CallError(f"boxes: {name} har {len(codes)} trin. Skriv top og bottom mindre.")
        ends = [codes[len(codes) - top :], codes[:bottom]]
        variables += [f"{name}={'|'.join(end)}" for end in ends if end]
    return asking.ask_shares(self, variables) if by is None else asking.compare(self, variables, by)


def list_named(self, items, asked):
    """{name of a scale: its variable} of names of scales; a battery of scales is all its rows.

    `asked`: the call that names them.
    """
    questions = self.registry.questions
    known = {
        name: one[0] for one_of in questions.values() for name, one in list_scales(one_of).items()
    }
    found = {}
    for name in [items] if isinstance(items, str) else items:
        name = normalise(name)
        rows = list_scales(questions[name]) if name in questions else {}
        chosen = {row: one[0] for row, one in rows.items()} or (
            {name: known[name]} if name in known else {}
        )
        if not chosen:
            hint = "" if name in questions else suggest(name, known)
            none = "Undersøgelsen har hverken skalaer eller tal."
            known = f"Der er {', '.join(known)}." if known else none
            raise CallError(f"{asked}: {name!r} er ikke en skala eller et tal.{hint} {known}")
        found |= chosen
    return found
