"""An answer in pictures and in a table: each with its alternative text, its note and its numbers.

`id`: what the figure or table shows, as a short name ("values"); the report numbers them in reading
order, and a link `[Figur](#values)` gets the number.
"""

from collections.abc import Mapping

from barometer.data.cards import REGISTRY
from barometer.door.calls import CallError, public
from barometer.door.ranking import check_known, find_table
from barometer.figures import tables
from barometer.files.faults import suggest


def _load():
    """The module that draws, imported when a chapter draws: it brings matplotlib, which takes time
    and, where there is no home, warns.
    """
    from barometer.figures import drawing

    return drawing


@public
def draw_pairs(self, id, title, shows=""):
    """Two bars per item, one for each group, with what the test of their difference says.

    >>> values.draw_pairs("values", title="Værdi af innovationerne")

    `shows` replaces the first sentence of the note, here and in the other figures.
    """
    if len(self.groups) != 2:
        raise CallError(
            f"draw_pairs: figuren sammenligner to grupper, og her er {len(self.groups)}. "
            f"Spørg med survey.compare(…, by=to grupper), eller tegn med draw_groups."
        )
    return _load().draw_two_groups(self.tables[0], id, title, self.groups, shows)


@public
def draw_groups(self, id, title, item=None, shows=""):
    """One item in several groups, the largest share on top.

    >>> survey.compare("innovative", by="field").draw_groups("fields", title="Efter fagområde")
    """
    items = list(dict.fromkeys(self.tables[0].table["item"]))
    if item is None and len(items) > 1:
        raise CallError(f"draw_groups: skriv item=, et af {', '.join(items)}.")
    item = item or items[0]
    check_known(self, "item", item)
    return _load().draw_groups(
        next(one for one in self.tables if (one.table["item"] == item).any()),
        id,
        title,
        item,
        self.groups,
        shows,
    )


@public
def draw_distribution(self, id, title, left_out=None, shows=""):
    """A stacked bar per group, the answers in the questionnaire's order.

    >>> novelty.draw_distribution("novelty", title="Hvor nye er innovationerne?")

    `left_out`: answers that get no field and are named in the note; "Ved ikke" and the like where
    it is not given.
    """
    released = find_table(self, ())
    residual = released.about.residual if left_out is None else left_out
    return _load().draw_distribution(released, id, title, self.groups, _list(residual), shows=shows)


@public
def draw_balance(self, id, title, rows, group=None, shows=""):
    """Answers to both sides of zero, as the registry says with `sides` at the battery.

    >>> influence.draw_balance("influence", title="…", rows=["influence.legislation"])

    `rows`: rows of a battery, or {label: row}.
    """
    released, registry = self.tables[0], self.survey.registry
    if not isinstance(rows, Mapping):
        rows = {_label_row(registry, row): row for row in _list(rows)}
    group = group or next(iter(self.groups))
    check_known(self, "group", group)
    shown = list(dict.fromkeys(released.table["item"]))
    sides = {row: _find_sides(registry, row) for row in rows.values()}
    if len({tuple(found.items()) for found in sides.values()}) > 1:
        raise CallError(
            f"draw_balance: {', '.join(sides)} har ikke de samme sider. Tegn hver for sig."
        )
    drawn = {
        label: [[f"{row}={answer}" for answer in chosen] for chosen in sides[row].values()]
        for label, row in rows.items()
    }
    items = [item for both in drawn.values() for side in both for item in side]
    if missing := [item for item in items if item not in shown]:
        row = missing[0].partition("=")[0]
        raise CallError(
            f"draw_balance: {row} er ikke i svaret. Spørg med survey.shares([{row!r}])."
        )
    left_out = [item for item in shown if item.partition("=")[0] in sides and item not in items]
    words = list(next(iter(sides.values())))
    return _load().draw_balance(released, id, title, drawn, words, left_out, shows, group)


@public
def draw_parts(self, id, title, whole, parts, group=None, shows=""):
    """A share and the overlapping parts it is made of.

    >>> roles.draw_parts("roles", title="…", whole="reused", parts={"Heraf": ["novelty=copy"]})

    `parts`: {heading: items}, whose labels begin with it.
    """
    for item in (whole, *(one for members in parts.values() for one in _list(members))):
        check_known(self, "item", item)
    parts = {heading: _list(members) for heading, members in parts.items()}
    return _load().draw_whole_and_parts(
        self.tables[0], id, title, whole, parts, shows, group or next(iter(self.groups))
    )


@public
def show(self, id, title):
    """The shares with their intervals, a row per item, as a numbered table with its note.

    >>> values.show("values-table", title="Værdi af den seneste innovation")
    """
    return tables.show_shares(self.tables[0], id, title)


def _list(names):
    return [names] if isinstance(names, str) else list(names)


def _label_row(registry, row):
    return _find_battery(registry, row).items[row.partition(".")[2]]


def _find_sides(registry, row):
    battery = _find_battery(registry, row)
    if not battery.sides:
        raise CallError(
            f"draw_balance: {battery.id} har ingen sider. Skriv sides ved den i {REGISTRY}: "
            f"to ord, hvert med de svar, der skal stå på den side af nul."
        )
    return battery.sides


def _find_battery(registry, row):
    question, _, item = row.partition(".")
    known = registry.questions.get(question)
    if not known or item not in known.items or not known.answers:
        rows = [
            f"{name}.{one}"
            for name, entry in registry.questions.items()
            if entry.answers
            for one in entry.items
        ]
        raise CallError(
            f"draw_balance: {row!r} er ikke en række i et spørgsmål.{suggest(row, rows)}"
        )
    return known
