"""An answer in pictures and in a table: each with its alternative text, its note and its numbers.

`id`: what the figure or table shows, as a short name ("values"); the report numbers them in reading
order, and a link `[Figur](#values)` gets the number.
"""

from collections.abc import Mapping

from barometer.data.cards import REGISTRY
from barometer.data.domains import WHOLE
from barometer.data.variables import list_points
from barometer.disclosure.release import release_differences, release_shares
from barometer.door.calls import CallError, public
from barometer.door.ranking import check_known, choose_group, find_table, find_together
from barometer.figures import tables
from barometer.files.faults import suggest
from barometer.languages.speaking import translate
from barometer.shades.rows import list_rows

MOST_COLUMNS = 10  # of a table with shades
LEAST_SHOWN = 0.5  # of the shares, or pairs: with fewer, a picture is of what is missing


def _load():
    """The module that draws, imported when a chapter draws: it brings matplotlib, which takes time
    and, where there is no home, warns.
    """
    from barometer.figures import drawing

    return drawing


@public
def draw_pairs(self, id, title, first=(), shows="", when=True):
    """Two points per item, one for each group, in sections by what the test of their difference
    says.

    >>> values.draw_pairs("values", title="Værdi af innovationerne")

    `first`: items above the sections, such as what the others are parts of. `shows` replaces the
    question in the note, and `when=False` shows nothing, here and in the other figures.
    """
    if not when:
        return None
    released, groups = _find_pair(self)
    check_known(self, "item", *_list(first))
    return _load().draw_two_groups(released, id, title, groups, shows, _list(first))


def mostly_shown(self):
    """Whether at least half of the shares may be shown; of two groups, half of the pairs.

    >>> values.draw_pairs("values", title, when=values.mostly_shown)
    """
    table = self.tables[0].table
    table = table[~table["item"].isin(self.tables[0].about.residual)]
    shown = table[table["group"].isin(list(self.groups))].set_index("item")["share"].notna()
    shown = shown.groupby(level=0).all() if len(self.groups) == 2 else shown
    return bool(shown.mean() >= LEAST_SHOWN)


@public
def draw_shares(self, id, title, group=None, ordered=False, shows="", when=True):
    """A bar per item, of one group, the largest on top.

    >>> survey.shares("value").draw_shares("values", title="Værdi af den seneste innovation")

    `ordered`: in the questionnaire's order instead, as answers of a scale are read.
    """
    group = choose_group(self, "draw_shares", group)
    if not when:
        return None
    return _load().draw_shares(self.tables[0], id, title, shows, group, ordered)


@public
def draw_groups(self, id, title, items=None, whole=None, shows="", when=True):
    """Items in several groups, the largest share on top.

    >>> survey.compare("innovative", by="field").draw_groups("fields", title="Efter fagområde")

    `items`: several are drawn below each other. `whole`: a group that all are parts of, which is
    drawn as a line through the others.
    """
    items = _list(items) if items else list(dict.fromkeys(self.tables[0].table["item"]))
    check_known(self, "item", *items)
    groups = {name: label for name, label in self.groups.items() if name != WHOLE or whole}
    if whole:
        check_known(self, "group", whole)
        groups |= {whole: self.groups.get(whole) or self.survey.label(whole)}
    if not groups:
        raise CallError(
            "draw_groups: her er ingen grupper at tegne. Spørg med by=, eller tegn med draw_shares."
        )
    released = find_together(self, "draw_groups", items)
    if not when:
        return None
    own = self.survey.own_domain
    return _load().draw_groups(released, id, title, items, groups, shows, whole, own)


@public
def draw_distribution(self, id, title, left_out=None, shows="", when=True):
    """A point per group at each answer, the answers in the questionnaire's order.

    >>> novelty.draw_distribution("novelty", title="Hvor nye er innovationerne?")

    `left_out`: answers that are in the table alone and named in the note; "Ved ikke" and the like
    where it is not given.
    """
    released = find_table(self, ())
    residual = released.about.residual if left_out is None else left_out
    check_known(self, "item", *_list(left_out or ()))
    if not when:
        return None
    return _load().draw_distribution(released, id, title, self.groups, _list(residual), shows=shows)


@public
def draw_balance(self, id, title, rows, totals=None, group=None, shows="", when=True):
    """Answers to both sides of zero, as the registry says with `sides` at the battery.

    >>> influence.draw_balance("influence", title="…", rows=["influence.legislation"])

    `rows`: rows of a battery, or {label: row}. `totals`: {row: [variable, variable]}, which are the
    answers of each side in all, so that these have intervals.
    """
    released, registry = self.tables[0], self.survey.registry
    if not isinstance(rows, Mapping):
        rows = {_label_row(registry, row): row for row in _list(rows)}
    group = choose_group(self, "draw_balance", group)
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
    if totals and (few := [row for row in rows.values() if len(_list(totals.get(row, ()))) != 2]):
        raise CallError(
            f"draw_balance: totals skal have to variable for {few[0]}, en for hver side."
        )
    summed = {label: _list(totals[row]) for label, row in rows.items()} if totals else None
    check_known(self, "item", *(one for pair in (summed or {}).values() for one in pair))
    words = list(next(iter(sides.values())))
    if not when:
        return None
    return _load().draw_balance(released, id, title, drawn, words, left_out, shows, group, summed)


@public
def draw_scale(self, id, title, shows="", when=True):
    """The answers to scales to both sides of their middle, a bar for each scale; one scale in
    several groups has a bar for each group.

    >>> survey.shares("satisfaction").draw_scale("satisfaction", title="Tilfredshed")

    At the ends stands how many answered below the middle, and above it.
    """
    registry, table = self.survey.registry, self.tables[0].table
    names = list(dict.fromkeys(item.partition("=")[0] for item in table["item"]))
    scales = [registry.questions.get(name.partition(".")[0]) for name in names]
    if other := [name for name, one in zip(names, scales, strict=True)
                 if one is None or one.kind != "scale"]:  # fmt: skip
        raise CallError(
            f"draw_scale: {other[0]} er ikke en skala. Skriv kind: scale ved den i {REGISTRY}."
        )
    if (
        len({tuple(list_points(one)) for one in scales}) > 1
        or min(len(names), len(self.groups)) > 1
    ):
        raise CallError(
            "draw_scale: figuren viser skalaer med de samme trin, eller én skala i flere grupper."
        )
    if not when:
        return None
    rows, items = list_rows(registry, names, self.groups)
    left_out = [item for item in dict.fromkeys(table["item"]) if registry.is_residual(item)]
    released = release_shares(self.survey, [*items, *left_out], [*self.groups])
    labels = [scales[0].answers[code] for code in list_points(scales[0])]
    drawing = _load_shades()
    return drawing.draw_scale(released, id, title, rows, labels, self.groups, left_out, shows)


@public
def draw_heat(self, id, title, items=None, shows="", when=True):
    """Many answers in many groups: a table of shares, each the darker the larger it is.

    >>> survey.compare("value", by="field").draw_heat("fields", title="Værdi efter fagområde")
    """
    items = _list(items) if items else list(dict.fromkeys(self.tables[0].table["item"]))
    check_known(self, "item", *items)
    if min(len(items), len(self.groups)) > MOST_COLUMNS:
        raise CallError(
            f"draw_heat: figuren har plads til {MOST_COLUMNS} grupper eller svar på den ene led."
        )
    if not when:
        return None
    released = find_together(self, "draw_heat", items)
    return _load_shades().draw_heat(released, id, title, items, self.groups, shows)


@public
def draw_parts(self, id, title, whole, parts, group=None, shows="", when=True):
    """A share and the overlapping parts it is made of.

    >>> roles.draw_parts("roles", title="…", whole="reused", parts={"Heraf": ["novelty=copy"]})

    `parts`: {heading: items}, whose labels begin with it.
    """
    every = [one for members in parts.values() for one in _list(members)]
    check_known(self, "item", whole, *every)
    parts = {heading: _list(members) for heading, members in parts.items()}
    group = choose_group(self, "draw_parts", group)
    if not when:
        return None
    return _load().draw_whole_and_parts(self.tables[0], id, title, whole, parts, shows, group)


@public
def show(self, id, title):
    """The shares with their intervals, a row per item, as a numbered table with its note.

    >>> values.show("values-table", title="Værdi af den seneste innovation")
    """
    return tables.show_shares(self.tables[0], id, title)


def _load_shades():
    from barometer.shades import drawing

    return drawing


def _list(names):
    return [names] if isinstance(names, str) else list(names)


def _find_pair(self):
    """(released table, {group: label}) of the two groups that are compared."""
    if len(self.groups) == 2:
        released = self.tables[0]
        if len(self.tables) > 1 and not len(released.comparisons):  # each item has its own table
            items = list(dict.fromkeys(released.table["item"]))
            released = release_differences(self.survey, items, *self.groups)
        return released, self.groups
    if len(self.tested) != 2:
        raise CallError(
            f"draw_pairs: figuren sammenligner to grupper, og her er {len(self.groups)}. "
            f"Spørg med survey.compare(…, by=to grupper), eller tegn med draw_groups."
        )
    pair = {*self.tested}
    released = next(one for one in self.tables if pair <= {*one.table["group"]})
    labels = dict(zip(released.table["group"], released.table["group_label"], strict=True))
    return released, {group: labels[group] for group in self.tested}


def _label_row(registry, row):
    return _find_battery(registry, row).items[row.partition(".")[2]]


def _find_sides(registry, row):
    battery = _find_battery(registry, row)
    if not battery.sides:
        raise CallError(
            f"draw_balance: {battery.id} har ingen sider. Skriv sides ved den i {REGISTRY}: "
            f"to ord, hvert med de svar, der skal stå på den side af nul."
        )
    return {translate(word, "label"): answers for word, answers in battery.sides.items()}


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
