"""What is looked up in an answer: its tables as one, a test by name, the most frequent item."""

import pandas as pd

from barometer.data.domains import WHOLE
from barometer.disclosure import release
from barometer.door.calls import CallError, Looked, public
from barometer.door.views import lead_to
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.parameters import quote
from barometer.released import ReleasedTable

OWN = "own"  # the sentence's own id


class AnswerTable(Looked, ReleasedTable):
    """The numbers of an answer, as pandas has them."""

    def _lead(self, name):
        if isinstance(name, str) and "item" in self.columns and name in {*self["item"]}:
            return f""" Dens rækker er .table.query("item == {name!r}")."""
        return lead_to(name)


def join_tables(self):
    """The shares of all tables, a row per item and group."""
    return _join(self, "table", ["item", "group"])


def join_comparisons(self):
    """The tested differences of all tables, a row per test."""
    return _join(self, "comparisons", ["item", "first", "second"])


@public
def most_frequent(self, group, besides=()):
    """The item with the largest open share in a group, residual answers and `besides` apart.

    >>> values.most_frequent("politically_initiated", besides="value.quality")
    """
    check_known(self, "group", group)
    check_known(self, "item", *_list(besides))
    return _find_most_frequent(self, group, besides)


@public
def hold_against_next(self, item, by=None):
    """`item` against the most frequent of the others, in each group: whether it is the most
    frequent.

    >>> values.hold_against_next("value.quality", by="politically_initiated")

    In its sentences `{navn}` is the other's label.
    """
    check_known(self, "item", item)
    groups = [by] if isinstance(by, str) else list(by or self.groups)
    for group in groups:
        check_known(self, "group", group)
    tables = tuple(
        release.release_contrast(self.survey, item, _find_most_frequent(self, group, item), [group])
        for group in groups
    )
    return type(self)(self.survey, tables, {group: self.groups[group] for group in groups})


def _find_most_frequent(self, group, besides):
    left_out = {*self.tables[0].about.residual, *_list(besides)}
    if left_out >= {*self.tables[0].table["item"]}:
        raise CallError("Svaret har intet andet, der kan være det hyppigste. Spørg om flere.")
    return self.tables[0].most_frequent(group, besides)


def find_tests(self, item):
    """[(released table, row of its comparisons)] of an item: one, or one per group."""
    item = normalise(item)
    found = [
        (released, row)
        for released in self.tables
        if len(released.comparisons)
        for _, row in released.comparisons.iterrows()
        if row["item"] == item
    ]
    if found:
        return found
    check_known(self, "item", item)
    raise CallError(
        f"{item} er ikke prøvet her. Spørg med survey.compare({item!r}, by=…), "
        f"eller fortæl andelen med text=."
    )


def find_table(self, items):
    """The released table with the test of a whole table on the items (of the first, where there are
    none).
    """
    for released in self.tables:
        test = released.distribution
        if test is not None and (not items or set(items) <= set(test.items)):
            return released
    check_known(self, "item", *items)
    name, first = (list(items) or list_known(self, "item"))[0], self.survey.registry.first
    raise CallError(
        f'Her er ingen samlet test. Spørg fx med survey.compare({name!r}, by="{first}").'
    )


def find_cell_table(self, item, group):
    """The first released table with a cell of an item and a group."""
    check_known(self, "item", item)
    for released in self.tables:
        table = released.table
        if ((table["item"] == item) & (table["group"] == group)).any():
            return released
    check_known(self, "group", group)
    raise CallError(f"{item} er ikke spurgt i gruppen {group}.")


def _list(names):
    return [names] if isinstance(names, str) else [*names]


def list_known(self, column):
    """The names in one column of the tables, each once."""
    return list(dict.fromkeys(name for one in self.tables for name in one.table[column]))


def check_known(self, column, *names):
    """Raise `CallError` for the first of some names that is in no table, with the one that was
    meant.
    """
    known = list_known(self, column) if names else []
    for name in names:
        if normalise(name) not in known:
            what = {"item": "svaret", "group": "gruppen"}[column]
            raise CallError(
                f"{name!r} er ikke i {what}.{suggest(name, known)} Der er {', '.join(known)}."
            )


def check_cells(self, released, cells):
    """Raise `CallError` for an item, or (item, group, …), that a released table does not have."""
    there = {*zip(released.table["item"], released.table["group"], strict=True)}
    every = [one for cell in cells for one in (cell if isinstance(cell, list) else [cell])]
    for cell in every:
        item, group, *_where = cell if isinstance(cell, tuple) else (cell, WHOLE)
        if (item, group) not in there:
            check_known(self, "item", item)
            check_known(self, "group", group)
            raise CallError(f"{item} i gruppen {group} er ikke i den tabel, sætningen er om.")


def check_verdicts(self, id, published):
    """Raise `CallError` for what is no id of a published verdict, where some were published."""
    rows = self.survey.published
    known = [*rows.loc[rows["verdict"] != "", "id"]] if len(rows) else []
    given = [published] if isinstance(published, str) else published
    if not isinstance(given, list | tuple):
        raise CallError(f"{id}: published = {quote(published)} er intet id i anførselstegn.")
    for one in given:
        if known and one is not None and one not in known:
            hint = suggest(one, known)
            raise CallError(f"{id}: published = {quote(one)} er ingen publiceret afgørelse.{hint}")


def find_published(self, id, published, test):
    """The id of the published verdict on a test: what is given, or the sentence's own where it is
    of the same cell.
    """
    if published != OWN:
        check_verdicts(self, id, [published])
        return published
    rows = self.survey.published
    rows = rows[rows["id"] == id].to_dict("records") if "id" in rows else []
    return id if any(row.get("verdict") and _is_same(row, test) for row in rows) else None


def _is_same(row, test):
    if row["kind"] in ("parts", "table"):
        items = getattr(test, "items", ())
        items = items if isinstance(items, tuple) else ()
        return row["item"] in (*items, *(name.partition("=")[0] for name in items))
    if not hasattr(test, "first_label"):
        return False
    if row["kind"] == "items":
        names = ("item", "versus", "group")
        return tuple(row[one] for one in names) == (test["item"], test["second"], test.get("group"))
    pair = (test["item"], test["first"], test["second"])
    return "group" not in test and (row["item"], row["group"], row["versus"]) == pair


def list_published(self, id, published):
    """The ids of the published verdicts on several tests, one for each; None for none."""
    if published in (OWN, None):
        return None
    check_verdicts(self, id, published)
    return [published] if isinstance(published, str) else list(published)


def choose_group(self, called, group):
    """The group that a figure of one is of: the one there is, or which of several."""
    if group is None and len(self.groups) > 1:
        raise CallError(
            f"{called}: figuren viser én gruppe, og her er {len(self.groups)}. "
            f"Skriv en af dem som group=: {', '.join(self.groups)}."
        )
    group = next(iter(self.groups)) if group is None else group
    check_known(self, "group", group)
    return group


def find_together(self, called, items):
    """The first table with all of some items."""
    found = [one for one in self.tables if {*items} <= {*one.table["item"]}]
    if not found:
        raise CallError(f"{called}: {', '.join(items)} er ikke i samme tabel. Spørg om dem sammen.")
    return found[0]


def _join(self, name, keys):
    tables = [table for one in self.tables if len(table := getattr(one, name))]
    if not tables:
        return AnswerTable()
    keys = [*keys, *(["group"] if name == "comparisons" and "group" in tables[0] else [])]
    return AnswerTable(pd.concat(tables, ignore_index=True).drop_duplicates(keys))
