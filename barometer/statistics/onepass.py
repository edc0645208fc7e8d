"""Shares of many items in many groups from one pass over the respondents, where each respondent is
a sampled unit.

A respondent's influence on a share is w (y - p) / W: the weight times one of two numbers, one for
all who gave the answer and one for all who did not. So the variance of a share needs no value per
respondent, only how many of each stratum and group gave the answer or not, the sum of their
weights, and how these vary; and a million respondents take little more memory than their answers.
"""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

LIMIT = 2**18  # items x groups x strata worked on at a time
EXPONENTS = 2**12  # more than the binary exponents of a number
BITS = 16  # groups whose memberships are written as the bits of one number


@dataclass(frozen=True, eq=False)
class Measures:
    """Shares of items, as arrays alike; nan where nobody is in the base.

    `share` and its standard error `se` are proportions. `n` and `n_yes`: respondents with a weight,
    in the base and with the answer; `weight` and `total`: the same weighted. `df`: those in the
    base minus their strata. `complete`: whether all strata of the base were surveyed completely.
    """

    share: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    n_yes: np.ndarray
    weight: np.ndarray
    total: np.ndarray
    complete: np.ndarray


@dataclass(frozen=True, eq=False)
class Cells:
    """Respondents (n) sorted into k cells, each of one stratum, the same groups and weights within
    a factor of two.

    `codes` (n): 3 times each one's cell, plus 1; those without weight stand in a further cell, as
    they count nowhere. `centres` (k): the cells' mean weights; `squares` (n): each weight's squared
    deviation from its cell's. The memberships, one for each group of a cell: which cell (`held`),
    and which group and stratum it is `part` of, as a number below `parts` (groups * strata).
    """

    codes: np.ndarray
    centres: np.ndarray
    squares: np.ndarray
    held: np.ndarray
    part: np.ndarray
    parts: int


def measure_in_one_pass(design, answers, members):
    """`Measures` (items x groups) of a sample of single respondents, with linearised errors (Binder
    1983).

    `answers` (n x items) is 1, 0, or -1 where not asked; `members` (groups x n) booleans, of groups
    that may overlap. Raises `LonelyStratum` as the design says.
    """
    _refuse_lonely(design, answers, members)
    stratum, inside, place = _find_cells(design, members)
    if len(members) > 1 and len(members) * len(stratum) > LIMIT:
        half = len(members) // 2
        halves = members[:half], members[half:]
        return join_measures([measure_in_one_pass(design, answers, half) for half in halves])
    cells = _make_cells(design, stratum, inside, place)
    width = max(1, LIMIT // max(cells.parts, len(cells.held)))
    parts = (answers[:, first : first + width] for first in range(0, answers.shape[1], width))
    return join_measures([_measure_items(design, cells, part) for part in parts], axis=0)


def join_measures(parts, axis=1, join=np.concatenate):
    """One `Measures` of several, array by array."""
    names = [one.name for one in fields(Measures)]
    return Measures(*(join([getattr(part, name) for part in parts], axis) for name in names))


def _refuse_lonely(design, answers, members):
    lonely = design.find_lonely()
    asked = (answers[lonely] >= 0).any(axis=1)
    for member in members:
        design.refuse_lonely(lonely[member[lonely] & asked])


def _find_cells(design, members):
    """Each cell's stratum (k) and groups (groups x k), and each respondent's cell (n)."""
    # Light weights would lose their digits beside heavy ones, so a cell has those of one binary
    # exponent.
    place = pd.factorize(EXPONENTS * design.stratum + np.frexp(design.weights)[1])[0]
    for number, member in enumerate(members, 1):
        place = 2 * place + member
        if number % BITS == 0 or number == len(members):
            place = pd.factorize(place)[0]
    someone = np.empty(place.max() + 1, dtype=int)
    someone[place] = np.arange(len(place))  # who of a cell does not matter: they are alike
    return design.stratum[someone], members[:, someone], place


def _make_cells(design, stratum, inside, place):
    k, strata = len(stratum), len(design.sizes)
    centres = np.bincount(place, design.weights, k) / np.bincount(place, minlength=k)
    codes = 3 * np.where(design.weights > 0, place, k) + 1
    group, held = np.nonzero(inside)
    squares = (design.weights - centres[place]) ** 2
    part = group * strata + stratum[held]
    return Cells(codes, centres, squares, held, part, len(inside) * strata)


def _measure_items(design, cells, answers):
    numbers, weights, spreads = _sum_classes(design, cells, answers)
    totals, counts = weights.sum(axis=-1), numbers.sum(axis=-1)
    weight, n = totals.sum(axis=0), counts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        no, yes = totals / weight
        scales = np.array([-yes, no])[..., None] / weight[:, :, None]
    means = scales * weights / np.maximum(numbers, 1)
    variances = design.class_variances(numbers, means, scales**2 * spreads)
    asked, base = numbers.sum(axis=0), n > 0  # by stratum
    df = n - np.count_nonzero(asked, axis=-1)
    complete = base & ~(asked[..., ~design.complete] > 0).any(axis=-1)
    se, weight, total = (
        np.where(base, value, np.nan) for value in (np.sqrt(variances), weight, totals[1])
    )
    return Measures(
        yes, se, df.astype(int), n.astype(int), counts[1].astype(int), weight, total, complete
    )


def _sum_classes(design, cells, answers):
    """Numbers, weights and squared deviations of weights from their class's mean, of those who did
    not and who did give each answer, in each group and stratum: arrays (2 x items x groups x
    strata).
    """
    numbers, weights, squares = _sum_cells(design, cells, answers)[:, cells.held]
    means = weights / np.maximum(numbers, 1)
    within = np.maximum(squares - numbers * (means - cells.centres[cells.held, None]) ** 2, 0)
    ones, ends = np.ones(len(cells.part)), np.arange(len(cells.part) + 1)
    gather = csc_array((ones, cells.part, ends), shape=(cells.parts, len(cells.part)))
    class_numbers, class_weights = gather @ numbers, gather @ weights
    class_means = class_weights / np.maximum(class_numbers, 1)
    spreads = gather @ (within + numbers * (means - class_means[cells.part]) ** 2)
    shape = (-1, len(design.sizes), 2, answers.shape[1])
    return [
        sums.reshape(shape).transpose(2, 3, 0, 1)
        for sums in (class_numbers, class_weights, spreads)
    ]


def _sum_cells(design, cells, answers):
    """The same by cell, deviations from the cell's mean: array (3 x k x 2 items), "no" to all items
    first.
    """
    k = len(cells.centres)
    sums = np.empty((3, k, 2, answers.shape[1]))
    for place, column in enumerate(answers.T):
        codes = cells.codes + column
        for one, values in zip(sums, (None, design.weights, cells.squares), strict=True):
            one[..., place] = np.bincount(codes, values, 3 * (k + 1)).reshape(k + 1, 3)[:k, 1:]
    return sums.reshape(3, k, -1)
