"""Rounds, or other surveys, of which only numbers are published: shares with how many answered and,
where it is known or assumed, a design effect.
"""

from dataclasses import dataclass
from math import isfinite, nan, sqrt

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from barometer.data.domains import WHOLE
from barometer.disclosure.joining import join_published
from barometer.display import Table
from barometer.door.calls import CallError, public
from barometer.languages.speaking import N_, _
from barometer.rounds.following import Change
from barometer.rounds.identity import EVERY, SAME
from barometer.rounds.joined import leave_untested, name_round
from barometer.sentences.trace import trace_table_texts
from barometer.statistics.comparisons import COLUMNS as COMPARED
from barometer.statistics.comparisons import adjust_holm
from barometer.statistics.estimates import COLUMNS, CONFIDENCE, find_limits
from barometer.statistics.inferences import judge_differences
from barometer.text import NONE, Number

ROUNDED = 0.01**2 / 12  # variance of a share that was rounded to whole per cent
HEADS = N_({"round": "Runde", "country": "Land"})


def estimate_published(share, n, effect):
    """Variance of a published share: design effect x p (1 - p) / n (Kish 1965), and of its rounding
    to whole per cent; nan without n or design effect.
    """
    share, n, effect = (np.asarray(one, dtype=float) for one in (share, n, effect))
    with np.errstate(divide="ignore", invalid="ignore"):
        return effect * share * (1 - share) / n + ROUNDED


def test_published(first, second, variances, alpha):
    """{column: number} of the difference between two published shares of independent samples, by
    the normal distribution.
    """
    difference, se = first - second, sqrt(sum(variances))
    z = difference / se if isfinite(se) else nan
    reach = ndtri(1 - (1 - CONFIDENCE) / 2) * se
    p = float(2 * ndtr(-abs(z)))
    return {
        "difference": difference,
        "se": se,
        "low": difference - reach,
        "high": difference + reach,
        "t": z,
        "df": np.inf,
        "p": p,
        "p_finite": p,
        "p_superpopulation": p,
        "method": "z" if isfinite(p) else "",
        "verdict": str(judge_differences(np.array([difference]), np.array([p]), alpha)[0]),
        "status": "" if isfinite(p) else "too_few",
    }


@public
def ask_published(self, items, over="round", since=None):
    """Published shares of `items` in each round, and whether they changed to the last from the one
    before (or from round `since`); or in each of another `over` of aggregates.csv, such as
    "country", and then nothing is tested.

    >>> survey.published_over(["innovative"], over="round")

    A test needs how many answered and a design effect on both rows; a measure that the registry
    says was changed in between is not tested.
    """
    rows = self.aggregates
    if rows is None or over not in {*rows["over"]}:
        known = "" if rows is None else ", ".join(dict.fromkeys(rows["over"]))
        raise CallError(f"published_over: aggregates.csv har ikke over = {over!r}. Der er {known}.")
    items = [items] if isinstance(items, str) else list(items)
    rows = rows[rows["over"] == over]
    if missing := [item for item in items if item not in {*rows["item"]}]:
        raise CallError(f"published_over: aggregates.csv har ikke {missing[0]!r} over {over}.")
    if since is not None:
        _check_since(rows, items, over, since)
    groups = {f"{over}={row.group}": row.label for row in rows.itertuples() if row.item in items}
    table = pd.DataFrame(
        [_estimate(self, row) for row in rows[rows["item"].isin(items)].itertuples()]
    )
    tests, breaks = [], {}
    for item in items if over == "round" else ():
        breaks[item] = _find_breaks(self.registry, item)
        known = [int(one) for one in rows.loc[rows["item"] == item, "group"]]
        earlier = since if since in known[:-1] else (known[-2] if len(known) > 1 else None)
        if earlier is not None:
            broken = any(earlier < number <= known[-1] for number in breaks[item])
            tests.append(_compare(self, table, item, known[-1], earlier, broken))
        breaks[item] = {
            name_round(number): text for number, text in breaks[item].items() if number in known
        }
    compared = pd.concat(tests, ignore_index=True) if tests else pd.DataFrame()
    if tests:
        compared = compared.assign(p_adjusted=adjust_holm(compared["p"]))
    source = "; ".join(dict.fromkeys(rows.loc[rows["item"].isin(items), "publisher"]))
    released = join_published(self, items, table, compared, source)
    return Published(self, (released,), groups, breaks=breaks, over=over)


def _check_since(rows, items, over, since):
    """Raise `CallError` for a round from which no item has changed to a later one."""
    every = (
        {int(one) for one in rows.loc[rows["item"].isin(items), "group"]} if over == "round" else {}
    )
    if since not in sorted(every)[:-1]:
        known = ", ".join(map(str, sorted(every)[:-1])) or "ingen"
        raise CallError(
            f"published_over: since = {since} er ingen tidligere runde. Der er {known}."
        )


@dataclass(frozen=True, repr=False)
class Published(Change):
    """A `Change` of published numbers; `over`: what its groups are."""

    over: str = "round"
    _given_by = "survey.published_over(…)"

    @public
    def show_coverage(self, id, title, shares=True):
        """Who was asked in each round or country, how many answered, and the
        `shares`, as a table.

        >>> nordic.show_coverage("nordic", title="Fem landes barometre")
        """
        rows = self.survey.aggregates
        rows, released = rows[rows["over"] == self.over], self.tables[0]
        items = list(dict.fromkeys(released.table["item"])) if shares else []
        heads = [released.cell(item, _first(released, item))["label"] for item in items]
        shown = []
        for group, label in self.groups.items():
            part = rows[rows["group"] == group.partition("=")[2]]
            everybody = part[part["item"] == WHOLE]
            about = everybody.iloc[0] if len(everybody) else part.iloc[0]
            cells = [_write_cell(released, item, group) for item in items]
            shown.append(
                [
                    label,
                    about["coverage"] or NONE,
                    _write_fact(about["n"], "count"),
                    _write_fact(about["response"], "percent"),
                    *cells,
                ]
            )
        head = _(HEADS[self.over]) if self.over in HEADS else _("Gruppe")
        columns = [head, _("Hvem der er spurgt"), _("Svar"), _("Svarprocent")]
        table = {
            "columns": [*columns, *heads],
            "rows": shown,
            "numeric": [False, False, True, True, *[True] * len(heads)],
        }
        source = released.about.source.rstrip(". ")
        note = _("Publicerede tal. Kilde: {source}.").format(source=source)
        return Table(title, table, note, id, tuple(trace_table_texts(table, released.about)))


def _first(released, item):
    return released.table.loc[released.table["item"] == item, "group"].iloc[0]


def _write_cell(released, item, group):
    rows = released.table
    if not ((rows["item"] == item) & (rows["group"] == group)).any():
        return NONE
    cell = released.cell(item, group)
    return Number(cell["share"], "percent", cell=cell)


def _write_fact(value, form):
    return Number(value, form, kind="fact") if isfinite(value) else NONE


def _estimate(survey, row):
    """A row of `COLUMNS` with what the gate adds, of a row of aggregates.csv."""
    variance = float(estimate_published(row.share, row.n, row.effect))
    se = sqrt(variance) if isfinite(variance) else nan
    low, high = (float(end) for end in find_limits(row.share, se, np.inf, CONFIDENCE))
    n = row.n if isfinite(row.n) else nan
    known = {
        "item": row.item,
        "label": survey.label(row.item),
        "group": f"{row.over}={row.group}",
        "group_label": row.label,
    }
    numbers = {"share": row.share, "se": se, "low": low, "high": high, "n": n, "deff": row.effect}
    blank = dict.fromkeys(COLUMNS, nan) | {"deff_status": "", "status": "", "rule": "", "flag": ""}
    return blank | known | numbers


def _find_breaks(registry, item):
    found = {}
    head = item.partition("=")[0].partition(".")[0]
    for name in (EVERY, head):
        for number, what, text in registry.breaks.get(name, ()):
            if what != SAME:
                found.setdefault(number, []).append(text)
    return found


def _compare(survey, table, item, later, earlier, broken):
    cells = [
        table[(table["item"] == item) & (table["group"] == name_round(number))].iloc[0]
        for number in (later, earlier)
    ]
    variances = [cell["se"] ** 2 for cell in cells]
    row = {
        "item": item,
        "label": cells[0]["label"],
        **{f"{name}": cell["group"] for name, cell in zip(("first", "second"), cells, strict=True)},
        "first_label": cells[0]["group_label"],
        "second_label": cells[1]["group_label"],
        "share_first": cells[0]["share"],
        "share_second": cells[1]["share"],
        "n_first": cells[0]["n"],
        "n_second": cells[1]["n"],
        "p_adjusted": nan,
    }
    row |= test_published(cells[0]["share"], cells[1]["share"], variances, survey.alpha)
    tested = pd.DataFrame([row])[list(COMPARED)]
    return leave_untested(tested) if broken else tested
