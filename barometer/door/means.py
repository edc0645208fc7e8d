"""Scales: their means, tested between groups, in sentences and a table; their ends as shares."""

from dataclasses import dataclass, field

from barometer.data.variables import list_points, list_scales
from barometer.disclosure import release
from barometer.door import asking, ranking, telling, views
from barometer.door.calls import CallError, public
from barometer.figures import tables
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.statistics.tabletests import Overlap


@dataclass(frozen=True, repr=False)
class MeanAnswer:
    """An answer on scales: released tables of means, and what they can do.

    >>> means = survey.mean("satisfaction", by="sector")
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

    table = property(ranking.join_tables)
    comparisons = property(ranking.join_comparisons)

    _repr_html_ = views.view_answer
    __repr__ = views.name_answer
    __dir__ = views.list_names
    __getattr__ = views.miss_name

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
        return tables.show_means(self.tables, id, title, self.groups)

    def _place(self, where):
        """A scale's name, alone or first of (name, group, …), as its variable."""
        if isinstance(where, tuple):
            return (self._place(where[0]), *where[1:])
        return self.names.get(normalise(where), where)


@public
def ask_mean(self, items, by=None):
    """Means of scales in each group of `by`, and whether they differ: between two groups scale by
    scale, between more by one test of each.

    >>> survey.mean("satisfaction", by="sector")

    "Ved ikke" and other residual answers are no points, and not in the mean. Raises `CallError`
    for what is no scale.
    """
    names, groups = list_named(self, items), asking.read_groups(self, by)
    if by is not None and len(groups) == 1:
        (group,) = groups
        groups = asking.read_groups(self, [group, f"!{group}"])
    variables = [*names.values()]
    parts = [variables] if by is None or len(groups) == 2 else [[one] for one in variables]
    try:
        found = [release.release_means(self, part, [*groups], by is not None) for part in parts]
    except Overlap:
        raise CallError(
            f"Grupperne {', '.join(groups)} overlapper, så de kan ikke prøves under ét. "
            f"Sammenlign to ad gangen."
        ) from None
    return MeanAnswer(self, tuple(found), groups, names)


@public
def ask_boxes(self, items, by=None, top=2, bottom=2):
    """Shares of the last `top` and the first `bottom` points of scales; compared where `by` is
    given.

    >>> survey.boxes("satisfaction", by="sector", top=2, bottom=2)
    """
    variables = []
    for name in list_named(self, items):
        codes = [*list_points(self.registry.questions[name.partition(".")[0]])]
        if not (top >= 0 and bottom >= 0 and 1 <= top + bottom <= len(codes)):
            raise CallError(f"boxes: {name} har {len(codes)} trin. Skriv top og bottom mindre.")
        ends = [codes[len(codes) - top :], codes[:bottom]]
        variables += [f"{name}={'|'.join(end)}" for end in ends if end]
    return asking.ask_shares(self, variables) if by is None else asking.compare(self, variables, by)


def list_named(self, items):
    """{name of a scale: its variable} of names of scales; a battery of scales is all its rows."""
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
            hint = suggest(name, known)
            known = f"Der er {', '.join(known)}." if known else "Undersøgelsen har ingen skalaer."
            raise CallError(f"mean: {name!r} er ikke en skala.{hint} {known}")
        found |= chosen
    return found
