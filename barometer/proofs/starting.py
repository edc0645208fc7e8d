"""Where the search for made-up surveys starts: respondents placed and weighted as published,
answers drawn near the published shares.
"""

from itertools import product

import numpy as np

from barometer.proofs.variables import UNASKED, Variables
from barometer.verify.claims import split_domain
from barometer.verify.counting import list_answers

ROUNDS = 60  # of raking
DIGITS = 9  # of a weight, after the point
UNKNOWN = 0.02  # the chance of a tick of which nothing is published


def count_places(published, random):
    """({place: respondents}, {place: weight}): `place` is an answer of each dimension that reports
    distinguish. Published sizes are met where they can be at once, by raking and rounding; a part
    without one has room for as many as answered something there.
    """
    structure, sizes, totals, answered = published.structure, {}, {}, {}
    for claim in published.claims:
        item, group, domain = claim.cells[0]
        if item == group == "all" and claim.kind in ("n", "count", "units"):
            held = totals if claim.kind == "units" else sizes
            held[domain] = (claim.low + claim.high) / 2
        elif claim.kind in ("n", "count"):
            for _, _, one in claim.cells:
                answered[one] = max(answered.get(one, 0), claim.low)
    known = {next(iter(structure["background"]))}  # somebody must be somewhere
    known |= {name for domain in [*sizes, *totals] for name in split_domain(domain)}
    known |= {name for cell in _list_cells(published) for name in _list_dimensions(structure, cell)}
    names = [name for name in structure["background"] if name in known]
    places = [
        dict(zip(names, answers, strict=True))
        for answers in product(*(structure["background"][name] for name in names))
    ]
    answered["all"] = max([0, *answered.values()])
    answered = {domain: least for domain, least in answered.items() if domain not in sizes}
    inside = {
        domain: np.array([split_domain(domain).items() <= place.items() for place in places])
        for domain in {*sizes, *totals, *answered}
    }
    named = [inside[one] for one in (*sizes, *answered) if inside[one].sum() == 1]
    counts = _find_settled(places, np.any(named, axis=0) if named else np.ones(len(places)))
    counts = _rake(counts, {**answered, **sizes}, inside, first=answered)
    counts = _round_counts(counts, sizes, inside, random, answered)
    weights = np.ones(len(places))
    weights = _rake(weights * counts, totals, inside) / np.maximum(counts, 1)
    return names, places, counts, weights


def _list_cells(published):
    return [
        *published.suppressed,
        *{cell for claim in published.claims for cell in claim.cells},
    ]


def _list_dimensions(structure, cell):
    item, group, domain = cell
    terms = [*item.split("&"), *group.split("&")]
    named = {term.lstrip("!").partition("=")[0] for term in terms}
    return {*split_domain(domain)} | (named & {*structure["background"]})


def _find_settled(places, named):
    """1 for a place that is named, or of which some answer is in no place that is; 0 for others: a
    department of another division.
    """
    there = {pair for place, held in zip(places, named, strict=True) if held
             for pair in place.items()}  # fmt: skip
    return np.array(
        [float(held or not place.items() <= there)
         for place, held in zip(places, named, strict=True)]
    )  # fmt: skip


def _rake(values, totals, inside, first=()):
    """Values scaled until those in each domain add up to its total (iterative proportional
    fitting); `first`: domains that give way to the others.
    """
    order = sorted(totals, key=lambda one: (one not in first, -inside[one].sum()))
    for _ in range(ROUNDS):
        for domain in order:
            held = values[inside[domain]].sum()
            if held > 0:
                values[inside[domain]] *= totals[domain] / held
    return values


def _round_counts(counts, sizes, inside, random, least):
    """Whole numbers near these, one respondent moved at a time until each domain has its size, or
    no fewer than its `least`.
    """
    whole = np.floor(counts)
    rest = counts - whole
    missing = round(counts.sum() - whole.sum())
    for at in np.argsort(-(rest + 1e-6 * random.random(len(rest))))[: max(missing, 0)]:
        whole[at] += 1
    aims = {**sizes, **least}
    matrix = np.array([inside[domain] for domain in aims], dtype=float)
    low = np.array([round(aim) for aim in aims.values()], dtype=float)
    high = np.where([domain in sizes for domain in aims], low, np.inf)

    def miss(held):
        return np.maximum(low - held, 0) + np.maximum(held - high, 0)

    for _ in range(10 * len(counts) + 100):
        held = matrix @ whole
        if not miss(held).any():
            break
        # the best of all moves of one respondent from one place to another, or to and from nowhere
        change = np.concatenate([matrix, np.zeros((len(aims), 1))], axis=1)
        moved = held - change.T[:, None, :] + change.T[None, :, :]
        costs = miss(moved).sum(axis=2) + 1e-3 * random.random((len(counts) + 1,) * 2)
        costs[:-1][whole == 0] = np.inf
        one, other = np.unravel_index(np.argmin(costs), costs.shape)
        if one < len(counts):
            whole[one] -= 1
        if other < len(counts):
            whole[other] += 1
    return whole.astype(int)


def place_respondents(structure, names, places, counts, weights):
    """({dimension: answers}, weights) of all respondents, place by place."""
    columns = {
        name: np.repeat(
            [structure["background"][name].index(place[name]) for place in places], counts
        ).astype(np.int8)
        for name in names
    }
    weights = np.repeat([round(float(weight), DIGITS) for weight in weights], counts)
    return columns, weights


def spread_weights(structure, columns, weights, claims):
    """Weights of which some are the least and the largest that are published of a part, where those
    of its places are not. The others in a place weigh so much less or more that it weighs the same.
    """
    weights, variables, fixed = weights.copy(), Variables(structure, columns), set()
    place = np.unique(np.stack([*columns.values()]), axis=1, return_inverse=True)[1].ravel()
    ends = [claim for claim in claims if claim.kind in ("least", "largest")]
    low, high = np.zeros(len(weights)), np.full(len(weights), np.inf)
    for claim in ends:
        inside = variables.select(*claim.cells[0][1:])
        if claim.kind == "least":
            low[inside] = np.maximum(low[inside], claim.low)
        else:
            high[inside] = np.minimum(high[inside], claim.high)
    known = any(claim.kind == "units" for claim in claims)
    if not known and ends:  # nothing is known of what parts weigh: half way between the ends
        high = np.where(np.isfinite(high), high, np.maximum(low, 1.0))
        weights = np.round(np.sqrt(np.maximum(low, 1e-3) * high), DIGITS)
    for claim in sorted(ends, key=lambda one: -len(split_domain(one.cells[0][2]))):
        inside = variables.select(*claim.cells[0][1:])
        reached = weights[inside]
        if not len(reached) or (
            reached.min() <= claim.high if claim.kind == "least" else reached.max() >= claim.low
        ):
            continue
        value = (claim.low + claim.high) / 2
        for one in np.argsort(-np.bincount(place[inside]), kind="stable"):
            free = [at for at in np.flatnonzero(place == one) if at not in fixed]
            if len(free) < 2 or not inside[free[0]]:
                continue
            rest = (weights[free].sum() - value) / (len(free) - 1) if known else weights[free[1]]
            if low[free[0]] <= rest <= high[free[0]] and low[free[0]] <= value <= high[free[0]]:
                weights[free], weights[free[0]] = round(rest, DIGITS), round(value, DIGITS)
                fixed.add(free[0])
                break
    return weights


class Start:
    """Draws a unit's first answers: for each respondent with the chance that is published of the
    smallest cell he is in.
    """

    def __init__(self, structure, claims, random):
        self.structure, self.random, self.known = structure, random, {}
        sizes = {claim.cells[0]: claim.high for claim in claims if claim.kind == "n"}
        for claim in claims:
            if claim.kind == "share":
                cell = claim.cells[0]
                share, size = (claim.low + claim.high) / 200, sizes.get(cell, np.inf)
                self.known.setdefault(cell[0], {})[cell[1:]] = (size, share)

    def draw(self, unit, columns, among=None):
        """{column: answers} of a unit, of those who are asked it or of some of them (`among`)."""
        variables = Variables(self.structure, columns)
        asked = variables.find(unit.asked) == 1 if among is None else among
        if not unit.several:
            column = unit.columns[0]
            codes = list_answers(self.structure, column)
            chances = np.stack(
                [self._find_chances(f"{column}={code}", variables, len(asked)) for code in codes]
            )
            return {column: self._draw_answers(chances, asked)}
        chances = {name: self._find_chances(name, variables, len(asked)) for name in unit.columns}
        return self._draw_ticks(unit, chances, asked, among is not None)

    def _find_chances(self, name, variables, n):
        """For each respondent the share of the smallest published cell; nan where there is none."""
        found, sizes = np.full(n, np.nan), np.full(n, np.inf)
        for (group, domain), (size, share) in self.known.get(name, {}).items():
            try:
                inside = variables.select(group, domain)
            except KeyError:  # a group that is made of what nobody has been asked yet
                continue
            better = inside & ((size < sizes) | np.isnan(found))
            found[better], sizes[better] = share, size
        return found

    def _draw_answers(self, chances, asked):
        """One answer each: those without a published share have what is left, in equal parts."""
        unknown = np.isnan(chances)
        left = np.maximum(1 - np.nansum(chances, axis=0), 0)
        many = unknown.sum(axis=0)
        chances = np.where(unknown, left / np.maximum(many, 1), chances)
        chances = np.maximum(chances, 1e-9)
        bounds = np.cumsum(chances / chances.sum(axis=0), axis=0)
        points = self._spread(asked)
        drawn = (points[None] > bounds[:-1]).sum(axis=0)
        return np.where(asked, drawn, UNASKED).astype(np.int8)

    def _spread(self, asked):
        """A number from 0 to 1 for each respondent, evenly spread over those who follow each
        other.
        """
        points = np.zeros(len(asked))
        order = np.flatnonzero(asked)
        steps = (np.arange(len(order)) * 0.6180339887498949 + self.random.random()) % 1
        points[order] = steps
        return points

    def _draw_ticks(self, unit, chances, asked, others_only):
        """Ticks: first who ticks what stands alone, then each of the others by itself."""
        others = [name for name in unit.columns if name not in unit.alone]
        n = len(asked)
        ticks = {name: np.where(asked, 0, UNASKED).astype(np.int8) for name in unit.columns}
        free, left = asked.copy(), np.ones(n)
        for name in () if others_only else unit.alone:
            chance = np.nan_to_num(chances[name], nan=UNKNOWN)
            hit = free & (self._spread(asked) < chance / np.maximum(left, 1e-9))
            ticks[name][hit] = 1
            free &= ~hit
            left = left - chance
        most, many = unit.question["max"] or len(others), np.zeros(n, dtype=int)
        for name in sorted(others, key=lambda one: np.isnan(chances[one]).all()):
            chance = np.nan_to_num(chances[name], nan=UNKNOWN) / np.maximum(left, 0.05)
            hit = free & (many < most) & (self._spread(asked) < chance)
            ticks[name][hit] = 1
            many += hit
        if unit.question["must_tick"] and others:
            unknown = [name for name in others if np.isnan(chances[name]).all()]
            if unknown:
                likely = np.full(len(unknown), 1 / len(unknown))
            else:
                likely = np.array([np.nanmean(chances[name]) ** 2 for name in others])
            names = unknown or others
            self._fill_empty(ticks, names, likely / likely.sum(), free & (many == 0), many)
        return ticks

    def _fill_empty(self, ticks, others, likely, empty, many):
        """Give those who ticked nothing a tick of somebody who has several."""
        for at in np.flatnonzero(empty):
            name = others[self.random.choice(len(others), p=likely)]
            pool = np.flatnonzero((ticks[name] == 1) & (many > 1))
            if len(pool):
                giver = self.random.choice(pool)
                ticks[name][giver], many[giver] = 0, many[giver] - 1
            ticks[name][at], many[at] = 1, 1
