"""What follows from what: the linear relations between the counts behind a survey's cells.

A cell is (item, group, domain): the respondents of a group in a domain (`domains.py`) who gave an
answer. Its count is a sum over *kinds* of respondents: the combinations of answers that the
questionnaire allows. The relations are written down nowhere but follow from the registry, because
the kinds are given to the same code that computes variables: answers add up to their base, sectors
to the whole and so do fields, a union lies between its largest part and the sum of its parts.
"""

from dataclasses import dataclass
from itertools import chain, product

import numpy as np
import pandas as pd

from barometer.data.domains import (
    WHOLE,
    is_joined,
    list_conditions,
    split_domain,
    split_terms,
    strip_not,
)
from barometer.data.variables import MUST_TICK, Variables
from barometer.disclosure.rules import LIMITS
from barometer.suppression.kinds import find_alike, find_places, pack_lines
from barometer.suppression.programmes import Block

# columns; a block of more has thousands of kinds, and parts of it get blocks of their own
MANY = 7
MOST = 10_000  # kinds of a block; of one with more the rarest are left out
UNUSUAL = 2  # answers other than the usual one that a kind may have and not be rare


@dataclass(frozen=True, eq=False)
class Relations:
    """All blocks of some cells and of their bases, whose sizes reports show.

    Cells with the same respondents behind them are one cell: `names` says by which name it goes in
    `blocks` and in `counts` (respondents). `asked`: {base: the cells that were asked of it}, by the
    same names. `width`: respondents that must lie between the ends of what a closed count can be.
    """

    blocks: tuple
    names: dict
    asked: dict
    counts: dict
    width: int = LIMITS.smallest_count


def relate_cells(survey, cells):
    """`Relations` of some cells: a block for each set of questions that no other block has."""
    registry, needs = survey.registry, {}
    bases = {cell: find_base(registry, cell) for cell in cells}
    # how many were asked is shown, and so is how many gave the answers that led to the question
    known = {*bases.values()}
    for cell in dict.fromkeys([*cells, *bases.values()]):
        sources = list_sources(registry, cell[0])
        sources += list_sources(registry, cell[1], as_group=cell not in known)
        needs[cell] = frozenset(sources + _list_alone(registry, sources))
    sets = sorted({*needs.values()}, key=lambda columns: (-len(columns), sorted(columns)))
    sets = [
        columns
        for place, columns in enumerate(sets)
        if not any(columns < other for other in sets[:place] if len(other) <= MANY)
    ]
    blocks = []
    for columns in sets:
        own = [cell for cell in needs if needs[cell] <= columns]
        own += [bases[cell] for cell in own if cell in bases]
        blocks.append(_make_block(survey, columns, tuple(dict.fromkeys(own))))
    names = find_names(blocks)
    asked = {}
    for cell, base in bases.items():
        asked.setdefault(names[base], set()).add(names[cell])
    blocks = tuple(rename(block, names) for block in blocks)
    counted = [(block.cells, (block.lines @ block.given).tolist()) for block in blocks]
    counts = dict(chain.from_iterable(zip(*one, strict=True) for one in counted))
    return Relations(blocks, names, asked, counts, survey.limits.smallest_count)


def _list_alone(registry, columns):
    """The columns of what is ticked alone, for each question of which all else is among some
    columns: those who ticked something are then the rest of the base.
    """
    found = []
    for question in registry.questions.values():
        alone = [f"{question.id}_{item}" for item in question.exclusive]
        if question.kind == "multiple" and alone and {*question.columns} - {*alone} <= {*columns}:
            found += alone
    return found


def find_base(registry, cell):
    """The cell of everybody who was asked: its item is a base of the registry."""
    return registry.asked(cell[0]), *cell[1:]


def list_sources(registry, name, as_group=False):
    """The columns that a variable is made from; none for a base that is only a group."""
    if is_joined(name):
        return [
            column
            for term in split_terms(name)
            for column in list_sources(registry, term, as_group)
        ]
    name = strip_not(name)
    if name == WHOLE or (as_group and name in _list_bases(registry)):
        return []
    if name in registry.derived:
        return [
            column
            for part in registry.derived[name].parts
            for column in list_sources(registry, part)
        ]
    beside = registry.list_unanswered(condition := registry.parse(name))
    return [*dict.fromkeys((condition.column, *(column for column, _ in beside)))]


def _make_block(survey, columns, cells):
    registry = survey.registry
    flags = _list_flags(registry, columns, cells)
    # the background columns that distinguish the cells' domains, the first always among them
    domains = {cell[2] for cell in cells}
    columns = columns.union([registry.first], *map(split_domain, domains))
    answers = survey.variables.answers[sorted(columns)]
    known = [survey.variables.find_codes(flag) for flag in flags]
    alike = find_alike(answers, known, survey.design.weights > 0)
    kinds, patterns = _list_kinds(survey, columns, flags, alike)
    # one of each sort of respondents after the kinds, so that variables are made once
    every = pd.concat([kinds, alike.answers[kinds.columns]], ignore_index=True)
    patterns = np.vstack([patterns, alike.values])
    known = {flag: patterns[:, place] for place, flag in enumerate(flags)}
    packed = pack_lines(list_lines(Variables(registry, every, known), cells))
    # Kinds that no cell distinguishes are one kind to a reader of the report.
    found = np.unique(packed[: len(kinds)], axis=0)
    lines = np.unpackbits(found, axis=1, count=len(cells)).T.astype(bool)
    own = find_places(found, packed[len(kinds) :][alike.counts > 0])
    counts = np.bincount(own, alike.counts[alike.counts > 0], len(found))
    return Block(cells, lines, counts.astype(int))


def list_lines(variables, cells):
    """Booleans (cells x rows of the variables' table): who is counted in a cell."""
    members = {
        where: is_member(variables, *where) for where in dict.fromkeys(cell[1:] for cell in cells)
    }
    return np.array([variables.is_true(item) & members[tuple(where)] for item, *where in cells])


def _list_kinds(survey, columns, flags, alike):
    """The kinds as a table of answers, and (kinds x flags) which bases each is in (1, 0, nan)."""
    registry, questions = survey.registry, {}
    for column in sorted(columns - set(registry.background), key=registry.columns.index):
        question = next(one for one in registry.questions.values() if column in one.columns)
        questions.setdefault(question.id, []).append(column)
    # nan: not concerned by the base; 0: outside it, and so in its opposite
    seen = np.unique(np.nan_to_num(alike.values, nan=-1), axis=0)
    seen[seen == -1] = np.nan
    rows, patterns = [], []
    for pattern in seen:  # the patterns that routing allows are few
        answers = [
            _list_answers(registry.questions[name], held, pattern, flags)
            for name, held in questions.items()
        ]
        made = [
            tuple(one for given in combination for one in given)
            for combination in product(*answers)
        ]
        rows += made
        patterns += [pattern] * len(made)
    answers = pd.DataFrame(rows, columns=[column for held in questions.values() for column in held])
    answers, patterns = _drop_impossible(registry, answers, np.array(patterns), flags)
    background = sorted(columns & {*survey.registry.background})
    return _place_kinds(survey, background, answers, patterns, alike)


def _place_kinds(survey, background, answers, patterns, alike):
    """Each combination of answers in each combination of `background` that the population has.

    Where there would be more than `MOST`, only those that somebody has given there and those with
    at most `UNUSUAL` unusual answers. That is on the safe side: to an intruder fewer kinds reveal
    more.
    """
    places = survey.population[background].drop_duplicates().reset_index(drop=True)
    one, other = (grid.ravel() for grid in np.mgrid[: len(places), : len(answers)])
    if len(one) > MOST:
        given = survey.variables.answers[[*answers.columns]]
        unusual = ((answers != given.mode().iloc[0]) & answers.notna()).sum(axis=1)
        kept = _find_given(alike.answers, places, answers) | (unusual.to_numpy() <= UNUSUAL)
        one, other = np.nonzero(kept)
    parts = places.iloc[one], answers.iloc[other]
    kinds = pd.concat([part.reset_index(drop=True) for part in parts], axis=1)
    return kinds, patterns[other]


def _find_given(given, places, answers):
    """(places x answers): whether somebody in a place has given these answers."""
    columns = [*places.columns, *answers.columns]
    numbered = answers.assign(_answer=np.arange(len(answers))).merge(
        given[columns].drop_duplicates(), on=[*answers.columns], how="inner"
    )
    found = numbered.merge(
        places.assign(_place=np.arange(len(places))), on=[*places.columns], how="inner"
    )
    given = np.zeros((len(places), len(answers)), dtype=bool)
    given[found["_place"], found["_answer"]] = True
    return given


def _drop_impossible(registry, kinds, patterns, flags):
    """The kinds whose answers agree with the bases they are said to be in, where the answers decide
    that.
    """
    possible = np.ones(len(kinds), dtype=bool)
    for place, flag in enumerate(flags):
        if flag in registry.derived and set(list_sources(registry, flag)) <= set(kinds.columns):
            known = zip(flags, patterns.T, strict=True)
            others = {name: one for name, one in known if name != flag}
            inside = patterns[:, place] == 1
            possible &= Variables(registry, kinds, others).is_true(flag) == inside
    return kinds[possible].reset_index(drop=True), patterns[possible]


def _list_answers(question, columns, pattern, flags):
    """What can stand in a question's columns together: nothing where it is not asked; what is
    ticked alone, alone.
    """
    if pattern[flags.index(question.asked)] != 1:
        return [(np.nan,) * len(columns)]
    found = list(product(tuple(question.answers) or (0, 1), repeat=len(columns)))
    if question.kind != "multiple":
        return found
    alone = [
        place
        for place, column in enumerate(columns)
        if column.removeprefix(f"{question.id}_") in question.exclusive
    ]
    found = [
        ticks for ticks in found if sum(ticks) <= 1 or not any(ticks[place] for place in alone)
    ]
    must_tick = {*columns} == {*question.columns} and MUST_TICK & {*question.exclusive}
    return [ticks for ticks in found if any(ticks) or not must_tick]


def _list_flags(registry, columns, cells):
    """The bases that matter to a block: who is asked its questions, or is what a variable or a
    group is among.
    """
    found, bases = {WHOLE: None}, _list_bases(registry)
    for item in dict.fromkeys(cell[0] for cell in cells):
        found |= dict.fromkeys(_find_flags(registry, item, bases))
    for term in dict.fromkeys(term for cell in cells for term in split_terms(cell[1])):
        found |= dict.fromkeys([term] if term in bases else _find_flags(registry, term, bases))
    questions = registry.questions.values()
    asked = [question.asked for question in questions if columns & {*question.columns}]
    return list(found | dict.fromkeys(asked))


def _find_flags(registry, name, bases):
    if is_joined(name):
        return [flag for term in split_terms(name) for flag in _find_flags(registry, term, bases)]
    name = strip_not(name)
    parts = registry.derived[name].parts if name in registry.derived else ()
    inside = [flag for part in parts for flag in _find_flags(registry, part, bases)]
    base = registry.asked(name)
    return [*inside, base if base in bases else registry.route(name)]


def _list_bases(registry):
    asked = {question.asked for question in registry.questions.values()}
    return asked | {one.among for one in registry.derived.values() if one.among} | {WHOLE}


def is_member(variables, group, domain):
    """Who belongs to a group in a domain ("all": everywhere), as an array of booleans."""
    conditions = (group, *list_conditions(domain))
    return np.logical_and.reduce([variables.is_true(one) for one in conditions])


def find_names(blocks):
    """{cell: the first name, in order, of the cell with the same respondents behind it}."""
    names = {}

    def find(cell):
        while names.setdefault(cell, cell) != cell:
            cell = names[cell]
        return cell

    for block in blocks:
        first = {}
        for cell, line in zip(block.cells, block.lines, strict=True):
            one, other = find(cell), find(first.setdefault(line.tobytes(), cell))
            names[max(one, other)] = min(one, other)
    return {cell: find(cell) for cell in names}


def rename(block, names):
    lines = {names[cell]: line for cell, line in zip(block.cells, block.lines, strict=True)}
    return Block(tuple(lines), np.array(list(lines.values())), block.given)
