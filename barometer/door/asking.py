"""The questions that a chapter puts to a survey. Each has an `Answer`, which has passed the gate.

`items`: a question ("value"), a row of a battery ("influence.legislation"), a variable
("value.efficiency", "innovative"), or a list of those. `by`: a dimension, a question or a grouping
of the registry by its name ("size", "novelty", "initiation"), one variable (those it is true of
beside the others), or several groups by name or with the labels that figures use ({group: label}).
"""

from collections.abc import Mapping

from barometer.data.domains import (
    WHOLE,
    describe_dimensions,
    is_joined,
    is_negated,
    list_dividing,
    split_domain,
    split_terms,
    strip_not,
)
from barometer.data.registry import RegistryError
from barometer.data.variables import divide_themselves
from barometer.disclosure import release
from barometer.door.answer import Answer
from barometer.door.calls import CallError, public
from barometer.figures.tables import list_parts
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.statistics.tabletests import Overlap


@public
def ask_shares(self, items, by=None):
    """Weighted shares of `items` in each group, with intervals and nothing tested.

    >>> survey.shares("value")
    >>> survey.shares(["innovative", "reused"], by="size")

    Raises `RegistryError` for a name that the questionnaire does not have, `CallError` for what is
    no name.
    """
    names, groups = list_items(self, items), read_groups(self, by)
    return Answer(self, (release.release_shares(self, names, [*groups]),), groups)


@public
def compare(self, items, by, beside=()):
    """Shares of `items` in the groups of `by`, and whether they differ.

    >>> survey.compare("value", by="initiation")
    >>> survey.compare("innovative", by="size")

    Two groups are tested item by item; the answers of a single-answer question, and each item in
    the groups of a dimension, by one test of the whole table as well (Rao & Scott 1984). `beside`:
    groups whose shares are shown with them, but not tested.
    """
    names, groups = list_items(self, items), read_groups(self, by)
    check_division(self, names, groups)
    if len(groups) == 1 and not is_split(self, by):
        groups = add_opposite(self, groups, by)
    if is_exclusive(self, names):
        return Answer(self, test_tables(self, names, groups, True), groups)
    if len(groups) == 2 and not is_split(self, by):
        others = list_items(self, beside)
        tables = (release.release_differences(self, names, *groups, others=others),)
        return Answer(self, tables, groups)
    # the first table is what is shown: all items, of which each has a table that is tested
    shown = (release.release_shares(self, names, [*groups]),) if len(names) > 1 else ()
    return Answer(self, (*shown, *test_tables(self, names, groups, False)), groups)


@public
def contrast(self, one, other, by=None):
    """Whether item `one` is more frequent than item `other`, among the same respondents.

    >>> survey.contrast("reused", "novelty=first")

    Lists of the same length are held against each other pair by pair. `by`: in each group.
    """
    first, second, groups = list_items(self, one), list_items(self, other), read_groups(self, by)
    if len(first) != len(second):
        raise CallError(
            f"contrast: one har {len(first)} navne og other {len(second)}. Skriv lige mange."
        )
    if alike := [a for a, b in zip(first, second, strict=True) if a == b]:
        raise CallError(
            f"contrast: one og other er begge {alike[0]!r}. Skriv to forskellige navne."
        )
    tables = [
        release.release_contrast(self, *pair, [*groups]) for pair in zip(first, second, strict=True)
    ]
    return Answer(self, tuple(tables), groups)


@public
def set_beside(self, items):
    """The report's part beside those of the first dimension and the whole.

    >>> survey.parts("innovative")

    A report on the whole tests whether the parts differ (`.tell(…, difference=…)`), one on a part
    whether that differs from what is left (`.tell(…, differs=…)`).
    """
    whole, names = self.whole, list_items(self, items)
    shown = release.release_shares(whole, names, list_parts(self))
    groups = dict(zip(shown.table["group"], shown.table["group_label"], strict=True))
    if self.is_whole:
        tested = test_tables(whole, names, self.sectors, False)
        return Answer(self, (shown, *tested), groups, self.sectors, WHOLE)
    pair = (self.own_domain, self.rest)
    return Answer(
        self, (shown, release.release_differences(whole, names, *pair)), groups, pair, WHOLE
    )


@public
def cross(self, one, other):
    """Shares of the answers to one question in each answer to another, and whether they differ.

    >>> survey.cross("novelty", "size")
    """
    known, dividing = _list_names(self), _describe_names(self)
    if not isinstance(other, str) or normalise(other) not in known:
        misspelt = isinstance(other, str) and other not in self.registry.questions
        hint = suggest(other, known) if misspelt else ""
        raise CallError(
            f"cross: {other!r} kan ikke dele svarene i grupper.{hint} Det gør {dividing}."
        )
    names, groups = list_items(self, one), read_groups(self, other)
    check_division(self, names, groups)
    return Answer(self, test_tables(self, names, groups, is_exclusive(self, names)), groups)


@public
def list_groups(self, name):
    """{group: label} of a dimension ("size"), a single-answer question ("novelty") or a grouping
    of the registry ("initiation").

    >>> survey.groups("size")
    """
    name, registry = normalise(name), self.registry
    if name in registry.groupings:
        return dict(registry.groupings[name])
    if not is_split(self, name):
        known, dividing = _list_names(self), _describe_names(self)
        hint = "" if name in registry.questions else suggest(name, known)
        raise CallError(f"groups: {name!r} deler ikke svarene i grupper.{hint} Det gør {dividing}.")
    if name == registry.first:
        return {group: self.label(group) for group in self.sectors}
    answers = list_dividing(registry, name)
    codes = [one for one in answers if _lies_within(self, name, one)]
    return {group: self.label(group) for group in (f"{name}={one}" for one in codes)}


def _lies_within(self, name, answer):
    """Whether a part may be in the report's own: not where it lies in another, as departments do in
    divisions.
    """
    inside = split_domain(self.domain) if name in self.registry.background else {}
    places = self.population.loc[self.population[name].astype(str) == answer] if inside else ()
    nested = [other for other in inside if self.population.groupby(name)[other].nunique().max() < 2]
    return not len(places) or all(inside[one] in {*places[one].astype(str)} for one in nested)


def list_items(self, items):
    """The variables that names stand for, in order, each once."""
    found = []
    for name in [items] if isinstance(items, str) else items:
        name = normalise(name)
        question, _, item = name.partition(".")
        known = self.registry.questions.get(question)
        if name in self.registry.groupings:
            raise CallError(f"{name} er grupper: Skriv by={name!r}, og et spørgsmål ved items.")
        if known and name == question:
            found += known.variables
        elif known and known.answers and item in known.items:
            found += [f"{name}={answer}" for answer in known.answers]
        else:
            _check_name(self, name)
            found.append(name)
    return list(dict.fromkeys(found))


def read_groups(self, by):
    """{group: label} of what a chapter gives as `by`."""
    if by is None:
        return {WHOLE: self.label(WHOLE)}
    if isinstance(by, Mapping):
        groups = {normalise(name): label for name, label in by.items()}
        for name in groups.keys() & self.registry.groupings.keys():
            raise CallError(f"{name} er grupper med egne etiketter: Skriv by={name!r}.")
    elif isinstance(by, str) and normalise(by) in _list_names(self):
        return list_groups(self, by)
    else:
        groups = [normalise(name) for name in ([by] if isinstance(by, str) else by)]
        groups = dict(
            pair
            for name in groups
            for pair in self.registry.groupings.get(name, {name: ""}).items()
        )
    parts = ", ".join(describe_dimensions(self.registry.background))
    for name in groups:
        _check_name(self, name, f" Undersøgelsens dele er {parts}.")
    return {name: label or self.label(name) for name, label in groups.items()}


def check_division(self, names, groups):
    """Raises `CallError` for what would be compared in groups by the same answers."""
    if divide_themselves(self.registry, names, groups):
        named = names[0].partition("=")[0]
        raise CallError(f"{named} kan ikke deles efter sig selv. Skriv et andet navn ved by.")


def add_opposite(self, groups, by):
    """The one group of `by`, and those that it is not true of. Raises `CallError` where these have
    no name; a chapter may name everybody twice, as the part of a report on the whole.
    """
    (group,) = groups
    if by == WHOLE:
        raise CallError(
            "by = 'all' er alle, og der er ingen at sammenligne dem med. Skriv en gruppe."
        )
    if is_joined(group):
        raise CallError(
            f"by = {group!r} er flere betingelser, og de øvrige har ikke ét navn. "
            f"Skriv begge grupper: by=[{group!r}, …]."
        )
    other = strip_not(group) if is_negated(group) else f"!{group}"
    return groups | read_groups(self, [other])


def overlap_error(groups):
    """The error of groups that no test of all of them can be made of."""
    return CallError(
        f"Grupperne {', '.join(groups)} overlapper, så de kan ikke prøves under ét. "
        f"Sammenlign to ad gangen."
    )


def is_split(self, by):
    """Whether a name stands for disjoint groups: a dimension, or a single-answer question."""
    return isinstance(by, str) and normalise(by) in _list_splits(self)


def is_exclusive(self, names):
    """Whether a respondent can have one only of several variables: answers to the same question."""
    questions = {self.registry.find_question(name) for name in names}
    known = self.registry.questions.get(next(iter(questions))) if len(questions) == 1 else None
    rows = {name.partition("=")[0] for name in names}
    return len(names) > 1 and bool(known) and known.kind != "multiple" and len(rows) == 1


def test_tables(self, names, groups, exclusive):
    """A released table per test: of all items where they exclude each other, else of each item."""
    try:
        return tuple(
            release.release_distribution(self, part, [*groups])
            for part in ([names] if exclusive else [[name] for name in names])
        )
    except Overlap as error:
        if error.what != "groups":
            raise
        raise overlap_error(groups) from None


def _list_splits(self):
    singles = [
        name for name, one in self.registry.questions.items() if one.answers and not one.items
    ]
    return [*self.registry.background, *singles]


def _list_names(self):
    """What stands for several groups by one name."""
    return [*_list_splits(self), *self.registry.groupings]


def _describe_names(self):
    parts = describe_dimensions(self.registry.background)
    return ", ".join([*parts, *_list_names(self)[len(parts) :]])


def _check_name(self, name, further=""):
    terms = split_terms(name)
    if not all(map(strip_not, terms)) or any(term.startswith("!!") for term in terms):
        raise CallError(
            f"{name!r} er intet navn. Et ! står foran et navn og kun én gang, et & mellem to navne."
        )
    try:
        self.registry.check_group(name)
    except RegistryError as error:
        registry = self.registry
        known = [
            *registry.derived,
            *registry.questions,
            *(one for question in registry.questions.values() for one in question.variables),
        ]
        meant = name in known or "Mente du" in str(error)
        hint = "" if meant else suggest(name, known)
        raise RegistryError(f"{error}{hint} Alle navne står i survey.questions.{further}") from None
