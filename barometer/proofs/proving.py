"""Fits the answers of a made-up survey, question by question, until what is claimed comes out."""

from itertools import product

import numpy as np

from barometer.proofs.fitting import MOST, Choice, Fit
from barometer.proofs.variables import UNASKED, Variables, list_own, list_sources
from barometer.verify.counting import list_answers

ROOTS = 3  # questions that may depend on one whose answers are changed late
AGAIN = 2  # times that a question is fitted when it is taken up
LARGE = 3_000  # kinds by answers of a programme that is not tried
ACROSS = 4  # ticks of several questions that are fitted together
FOUND_EACH = 3e-8  # seconds for each respondent, answer and cell of a programme
FITTED, FITTED_EACH = 2e-3, 1e-6  # seconds of a programme, and for each of its answers and claims


def fit_missed(survey, start, random, pairs=False, which=None):
    """Fit each unit that some claim is missed by (`which`: some of them); those that few others
    hang on, if any.
    """
    if which is None:
        which = np.flatnonzero(survey.goals.miss(survey.sums) > survey.far)
    chosen = _list_units(survey, which)
    for at in random.permutation(len(chosen)):
        fit_unit(survey, chosen[at], start, random, pairs)


def draw_again(survey, start, random, which):
    """Draw and fit the answers anew that some claims are about: these could not be met beside the
    others, and others may. Answers that groups are made of are fitted alone.
    """
    grouping = list_grouping(survey)
    for unit in _list_units(survey, which):
        if not grouping & {*unit.columns} and not _list_dependents(survey, unit):
            survey.columns |= start.draw(unit, survey.columns)
            survey.count(survey.find_moved(unit.columns))
        for turn in range(AGAIN):
            fit_unit(survey, unit, start, random, pairs=turn > 0)


def _list_units(survey, which):
    """The units that some claims are about; those that few others hang on, if any."""
    names = set()
    for at in which:
        for item, _, _ in survey.goals.claims[at][1]:
            names |= list_own(survey.structure, item)
    chosen = [unit for unit in survey.units if names & {*unit.columns}]
    plain = [unit for unit in chosen if len(_list_dependents(survey, unit)) <= ROOTS]
    return plain or chosen


def fit_across(survey, start, random, which=None):
    """Fit together the ticks of several questions that a cell looks at, where some claim on them is
    missed: what one question could give is often taken by what the others have already.
    """
    names, units = set(), [unit for unit in survey.units if unit.several]
    if which is None:
        which = np.flatnonzero(survey.goals.miss(survey.sums) > survey.far)
    for at in which:
        names |= set().union(
            *(list_own(survey.structure, cell[0]) for cell in survey.goals.claims[at][1])
        )
    groups = {}
    for row in np.flatnonzero(survey.active):
        own = list_own(survey.structure, survey.cells[row][0])
        for asked in {unit.asked for unit in units if own & {*unit.columns}} if own & names else ():
            parts = [unit for unit in units if unit.asked == asked and own & {*unit.columns}]
            columns = [column for unit in parts for column in unit.columns if column in own]
            if len(parts) > 1 and len(columns) <= ACROSS:
                groups[tuple(columns)] = parts
    for columns, parts in groups.items():
        answers = np.array([*product((0, 1), repeat=len(columns))], dtype=np.int8)
        moved = survey.find_moved(columns)
        if _fit(survey, parts, Choice(columns, answers), moved, random):
            for unit in parts:
                _fill_empty(survey, unit, random)
                _route(survey, unit, start)


def fit_unit(survey, unit, start, random, pairs=False):
    """Fit one unit's answers, and have answered what is asked because of them. `pairs`: ticks are
    fitted two at a time, as somebody's only tick can then become another.
    """
    if not unit.several:
        codes = list_answers(survey.structure, unit.columns[0])
        choice = Choice(unit.columns, np.arange(len(codes), dtype=np.int8)[:, None])
        _fit(survey, [unit], choice, survey.find_moved(unit.columns), random)
    else:
        others = [column for column in unit.columns if column not in unit.alone]
        if unit.alone and others:
            _fit_alone(survey, unit, others, start, random)
        groups = _join_columns(survey, unit, others)
        if pairs and len(groups) > 1:
            order = random.permutation(len(groups))
            groups = [groups[one] + groups[order[-1 - at]] for at, one in enumerate(order)]
            groups = [[*dict.fromkeys(group)] for group in groups]
        for columns in groups:
            answers = np.array([*product((0, 1), repeat=len(columns))], dtype=np.int8)
            if len(answers) <= MOST:
                moved = survey.find_moved(columns)
                _fit(survey, [unit], Choice(tuple(columns), answers), moved, random)
        _fill_empty(survey, unit, random)
    _route(survey, unit, start)


def _fit(survey, units, choice, moved, random, free=False):
    """Fit some columns of units that the same respondents are asked; whether that was done, and is
    no worse than before. `free`: every answer may be given, and it may be worse. Cells that are to
    be moved may make it worse too, until the claims are fitted again.
    """
    place = survey.find_place(moved)
    if place is None or not (place.goals.miss(survey.sums[place.held]) > survey.far).any():
        return False
    asked = np.flatnonzero(Variables(survey.structure, survey.columns).find(units[0].asked) == 1)
    if not len(asked):
        return False
    limits = np.ones((len(asked), len(choice.answers)), dtype=bool)
    for unit in () if free else units:
        limits &= _find_limits(survey, unit, choice, asked)
    survey.work.spend(FOUND_EACH * limits.size * len(place.rows))
    fit = Fit(survey, choice, asked, limits, place)
    if fit.now.size > LARGE:
        return False
    survey.work.spend(FITTED + FITTED_EACH * fit.now.size * len(place.which))
    wanted = fit.solve(random)
    if wanted is None:
        return False
    rows, before = fit.assign(wanted, random), place.goals.price(survey.sums[place.held])
    held = {column: survey.columns[column] for column in choice.columns}, survey.sums[moved]
    for at, column in enumerate(choice.columns):
        survey.columns[column] = survey.columns[column].copy()
        survey.columns[column][asked] = choice.answers[rows, at]
    survey.count(moved)
    now = place.goals.price(survey.sums[place.held])
    if free or place.goals.soft.any() or now <= before + 1e-9:
        return True
    survey.columns |= held[0]
    survey.sums[moved] = held[1]
    return False


def _find_limits(survey, unit, choice, asked):
    """(respondents x answers): who may answer what, by number of ticks and what stands alone."""
    limits = np.ones((len(asked), len(choice.answers)), dtype=bool)
    if unit.several:
        held = {column: survey.columns[column][asked] for column in unit.columns}
        besides = sum(held[column] for column in unit.columns if column not in choice.columns)
        own = [column in unit.columns for column in choice.columns]
        ticks = choice.answers[:, own].sum(axis=1)
        many = np.asarray(besides).reshape(-1, 1) + ticks[None]
        most = unit.question["max"] or len(unit.columns)
        limits &= many <= most
        if unit.question["must_tick"] and not _list_free(survey, unit):
            limits &= many >= 1
        lonely = sum((held[column] for column in unit.alone), np.zeros(len(asked), dtype=np.int8))
        limits[lonely > 0] = ticks == 0
    return limits


def _list_free(survey, unit):
    """The ticks of which nothing is published."""
    touched = set().union(*(_list_cell_own(survey, row) for row in survey.find_moved(unit.columns)))
    return [one for one in unit.columns if one not in touched and one not in unit.alone]


def _fill_empty(survey, unit, random):
    """Have everybody who must tick something do so: something of which nothing is published."""
    free = _list_free(survey, unit)
    if free and unit.question["must_tick"]:
        ticks = sum(survey.columns[column] for column in unit.columns)
        empty = np.flatnonzero((ticks == 0) & (survey.columns[free[0]] >= 0))
        chosen = random.integers(len(free), size=len(empty))
        for at, column in enumerate(free):
            survey.columns[column][empty[chosen == at]] = 1


def _fit_alone(survey, unit, others, start, random):
    """Fit who ticks what is ticked alone. All who tick something else are one answer, which goes
    for the cells that do not ask what: of those alone, and of the others all together.
    """
    columns = (*unit.alone, *others)
    answers = np.zeros((len(unit.alone) + 1, len(columns)), dtype=np.int8)
    answers[np.arange(len(unit.alone)), np.arange(len(unit.alone))] = 1
    answers[-1, len(unit.alone)] = 1
    if not unit.question["must_tick"]:
        answers = np.concatenate([answers, np.zeros((1, len(columns)), dtype=np.int8)])
    moved = [
        row
        for row in survey.find_moved(columns)
        if not (own := _list_cell_own(survey, row) & {*others}) or own == {*others}
    ]
    before = {column: survey.columns[column].copy() for column in columns}
    lonely = sum(before[column] == 1 for column in unit.alone) > 0
    some = sum(before[column] == 1 for column in others) > 0
    for at, column in enumerate(columns):  # as the answers are
        survey.columns[column][some] = answers[len(unit.alone), at]
    moved = np.array(moved, int)
    survey.count(moved)
    changed = _fit(survey, [unit], Choice(columns, answers), moved, random, free=True)
    now = sum(survey.columns[column] == 1 for column in unit.alone) > 0
    for column in others:
        kept = ~now & ~lonely & some
        survey.columns[column][kept] = before[column][kept]
    fresh = ~now & lonely & (survey.columns[others[0]] == 1)
    if fresh.any():
        drawn = start.draw(unit, survey.columns, among=fresh)
        for column in others:
            survey.columns[column][fresh] = drawn[column][fresh]
    if changed or some.any():
        survey.count(survey.find_moved(columns))


def _list_cell_own(survey, row):
    item, group, _ = survey.cells[row]
    return list_own(survey.structure, item) | list_own(survey.structure, group)


def _join_columns(survey, unit, others):
    """The ticks of a unit in groups: those that a cell looks at together are fitted together."""
    groups = [{column} for column in others]
    for row in survey.find_moved(others):
        own = _list_cell_own(survey, row) & {*others}
        if 1 < len(own) < len(others) or len(own) == len(others) <= 6:
            joined = [group for group in groups if group & own]
            groups = [group for group in groups if not group & own] + [set().union(*joined)]
    groups.sort(key=len, reverse=True)
    return [[column for column in others if column in group] for group in groups]


def list_grouping(survey):
    """The columns that groups are made of."""
    groups = {cell[1] for cell in survey.cells}
    return set().union(*(list_sources(survey.structure, group) for group in groups))


def _list_dependents(survey, unit):
    """The units that some are asked because of their answers to this one."""
    own = {*unit.columns}
    return [one for one in survey.units if own & list_sources(survey.structure, one.asked)]


def _route(survey, unit, start):
    """Have those answer who are asked something now, and nobody else."""
    changed = {*unit.columns}
    for other in survey.units:
        if not changed & list_sources(survey.structure, other.asked):
            continue
        asked = Variables(survey.structure, survey.columns).find(other.asked) == 1
        answered = survey.columns[other.columns[0]] != UNASKED
        if (asked == answered).all():
            continue
        drawn = start.draw(other, survey.columns, among=asked & ~answered)
        for column in other.columns:
            survey.columns[column][asked & ~answered] = drawn[column][asked & ~answered]
            survey.columns[column][~asked] = UNASKED
        changed |= {*other.columns}
    if len(changed) > len(unit.columns):
        survey.count(survey.find_moved(changed))
