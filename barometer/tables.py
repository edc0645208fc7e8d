"""What a chapter asks for: estimate, compare and pass the gate in one call; and released tables as readers see them."""
from math import isfinite

from barometer.cells import select_cells, tabulate_items
from barometer.comparisons import compare_groups, compare_items
from barometer.disclosure import CLOSED, protect
from barometer.display import Table
from barometer.estimates import estimate_shares
from barometer.interactions import test_interaction
from barometer.notes import tell_confidence, write_note
from barometer.numbers import lower_first, write_number
from barometer.tabletests import test_distribution
from barometer.trace import trace_cell, trace_part

# The groups that the publication compares, with the short names that figures use.
INITIATION = {"politically_initiated": "Politisk igangsat", "initiated_by_other_causes": "Andre årsager"}
INITIATED, OTHER = INITIATION
SECTORS = ("sector=state", "sector=region", "sector=municipality")
SAMPLE = {"Arbejdspladser": "workplaces", "Svar": "count", "Mindste vægt": "weight", "Største vægt": "weight",
          "Designeffekt": "deff"}   # columns of `show_sample` and the kinds of their numbers
INFLUENCES = ("hindered_high", "hindered_some", "promoted_some", "promoted_high")


def release_shares(survey, items, groups=("all",)):
    """Shares of `items` in each of `groups`."""
    return protect(estimate_shares(survey, items, groups))


def release_differences(survey, items, first, second, others=()):
    """Shares of `items` in two groups (and `others`, untested), and whether the first differs from the second."""
    estimates = estimate_shares(survey, items, (first, second, *others))
    return protect(estimates, compare_groups(estimates, first, second, survey.alpha))


def release_contrast(survey, first, second, groups=("all",)):
    """Shares of two items in each of `groups`, and whether the first item is more frequent than the second."""
    estimates = estimate_shares(survey, (first, second), groups)
    return protect(estimates, compare_items(estimates, first, second, survey.alpha))


def release_distribution(survey, items, groups):
    """Shares of mutually exclusive `items` in disjoint `groups`, and whether the distribution as a whole differs.

    With two groups each item is compared as well.
    """
    estimates = estimate_shares(survey, items, groups)
    compared = compare_groups(estimates, *groups, survey.alpha) if len(groups) == 2 else None
    return protect(estimates, compared, test_distribution(survey, items, groups, survey.alpha))


def release_interaction(survey, items, groups):
    """Whether two items differ unlike each other between `groups`: an `InteractionTest` as `Released.distribution`.

    `items`: two; `groups`: two or more, disjoint or not. With four groups and one item, whether the first two differ
    unlike the last two: release_interaction(survey, ["x"], ["a&u", "b&u", "a&v", "b&v"]). Say "it is A that tells them
    apart, not B" where its `verdict` is "difference", and nothing of the kind where it is not.
    """
    half = len(groups) // 2
    first, second = ([(item, group) for group in groups] for item in items) if len(items) == 2 else (
        [(item, group) for item in items for group in part] for part in (groups[:half], groups[half:]))
    test = test_interaction(survey, first, second, survey.alpha)
    return protect(estimate_shares(survey, items, groups), None, test)


def name_sectors(item):
    """Placeholders for an item's share in each sector, for `tell_distribution`."""
    return {name: (item, group) for name, group in zip(("stat", "regioner", "kommuner"), SECTORS, strict=True)}


def list_parts(survey):
    """The groups of a table that sets the report's part of the public sector beside the sectors and the whole."""
    own = [] if survey.is_whole or survey.is_sector else [survey.own_domain]
    return [*own, *SECTORS, "all"]


def name_answers(row):
    """A battery row's four answers with an opinion, for `draw_balance`."""
    return {answer: f"{row}={answer}" for answer in INFLUENCES}


def name_label(released, item):
    """An item's label as it stands inside a sentence."""
    return lower_first(released.table.loc[released.table["item"] == item, "label"].iloc[0])


def show_shares(released, id, title):
    """The shares of a released table with intervals, a row per item, as a numbered table with its note."""
    groups = dict(zip(released.table["group"], released.table["group_label"], strict=True))
    selection = select_cells(released, groups)
    table, rows = trace_part("table", lambda: tabulate_items(selection), released.about)
    note, told = trace_part("note", lambda: write_note(selection, (
        f"Tabellen viser vægtede andele med {tell_confidence()} sikkerhedsinterval i parentes."), keyed=True),
        released.about)
    return Table(title, table, note, id, (*rows, *told))


def show_sample(survey, id, title):
    """Workplaces, respondents, weights and design effect per sector, closed where a sector has too few respondents."""
    released = release_shares(survey.whole, ["innovative"], [*SECTORS, "all"])
    cells = [released.cell("innovative", group) for group in (*SECTORS, "all")]
    rows = [_describe_sector(survey.whole, cell) for cell in cells]
    trace = [trace_cell(cell, shown, "table", kind, released.about) | {"label": column}
             for cell, row in zip(cells, rows, strict=True)
             for shown, (column, kind) in zip(row[1:], SAMPLE.items(), strict=True)]
    note = ("Vægten er det antal arbejdspladser, som et svar står for. Designeffekten er beregnet for andelen af "
            f"innovative arbejdspladser. Kilde: {survey.source}.")
    table = {"columns": ["Sektor", *SAMPLE], "rows": rows, "numeric": [False, *[True] * len(SAMPLE)]}
    return Table(title, table, note, id, tuple(trace))


def _describe_sector(survey, cell):
    weights = survey.design.weights[survey.member(cell["group"])]
    closed = CLOSED if not isfinite(cell["n"]) else ""
    return [
        cell["group_label"], write_number(weights.sum(), "count"), write_number(cell["n"], "count", closed),
        write_number(weights.min(), "decimal", closed), write_number(weights.max(), "decimal", closed),
        write_number(cell["deff"], "decimal", cell["status"]),
    ]
