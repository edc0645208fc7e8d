"""Drawing lots so that weighted shares come out as a recipe says: the sample, and who gives an
answer.
"""

import numpy as np
import pandas as pd

from barometer.errors import BarometerError

# percentage points that a drawn weighted share may lie from the recipe's, where it says nothing
REACH = 0.2
CANDIDATES = 400  # respondents near the margin that may be exchanged
TRIES = 12  # times that the probabilities are moved by what the drawn shares lack
# what exchanges count in: sums of its multiples are exact, in whatever order a machine adds
GRID = 2.0**-12


class RecipeError(BarometerError):
    """A step of the recipe cannot be met."""


def draw_sample(population, sectors, rng):
    """One row per respondent (id, stratum, weight), n per sector as in `sectors`, allocated by
    units × rate.

    The weight is the stratum's units per respondent, so that the weights sum to the
    population.
    """
    rows = []
    for sector, n in sectors.items():
        strata = population[population["sector"] == sector]
        share = strata["units"] * strata["rate"].astype(float)
        exact = n * share / share.sum()
        # three at least: a stratum of its own never stands alone
        drawn = np.maximum(np.floor(exact), 3).astype(int)
        while drawn.sum() < n:
            drawn.loc[(exact - drawn).idxmax()] += 1
        while drawn.sum() > n:
            drawn.loc[drawn.idxmax()] -= 1
        for stratum, units, respondents in zip(
            strata["stratum"], strata["units"], drawn, strict=True
        ):
            rows += [(stratum, units / respondents)] * respondents
    order = rng.permutation(len(rows))
    sample = pd.DataFrame([rows[i] for i in order], columns=["stratum", "weight"])
    sample.insert(0, "id", [f"{i:04d}" for i in range(1, len(sample) + 1)])
    return sample


def draw_trait(kind, n, rng):
    """A trait of n respondents that nobody observes, with mean 0 and standard deviation 1.

    `kind`: "normal", or "exponential": few have very much of it.
    """
    return rng.normal(size=n) if kind == "normal" else rng.standard_exponential(n) - 1


def draw_answers(score, rows, steers, targets, reach, eligible, forced, rng):
    """Booleans: who gives the answer. `rows` (k x n) times the answer must come within `reach` (k)
    of `targets` (k).

    `steers` (k x n): whose probabilities each constraint raises.

    The luck of each respondent stays while the probabilities are moved, all of a group's alike, by
    what the drawn sums lack. So no part of a group is favoured, as it would be if those were
    exchanged whose weights fit best; that is done only for what remains.
    """
    luck = rng.random(len(score))
    free = np.flatnonzero(eligible & ~forced)
    need = targets - rows[:, forced].sum(axis=1)
    aim, best = need.copy(), None
    for attempt in range(TRIES):
        try:
            margin = tilt(score[free], rows[:, free], steers[:, free], aim) - luck[free]
        except RecipeError:
            if not attempt:
                raise
            break
        gap = rows[:, free] @ (margin > 0) - need
        distance = round(float(np.abs(gap / reach).max()), 6)
        if best is None or distance < best[0]:
            best = distance, margin
        if distance < 1:
            break
        aim = aim - 0.7 * gap
    margin = best[1]
    answer = forced.copy()
    answer[free[exchange(margin > 0, margin, rows[:, free] / reach[:, None], need / reach)]] = True
    return answer


def tilt(score, rows, steers, targets):
    """Probabilities logistic(score + steers'λ) whose `rows` meet the targets (damped Newton)."""
    scale = np.abs(rows).sum(axis=1) / len(score)
    a, t, d, steer = (
        rows / scale[:, None],
        targets / scale,
        steers.astype(float),
        np.zeros(len(rows)),
    )
    for _ in range(80):
        p = 1 / (1 + np.exp(-np.clip(score + steer @ d, -30, 30)))
        gap = t - a @ p
        if np.abs(gap).max() < 1e-10 * len(score):
            break
        slope = (a * (p * (1 - p))) @ d.T + 1e-6 * len(score) * np.eye(len(a))
        move = np.linalg.lstsq(slope, gap, rcond=1e-9)[0]
        steer = steer + move * min(1, 1 / np.abs(move).max())
    missed = np.abs((a @ p - t) * scale).max()
    if missed > 2:
        raise RecipeError(
            f"andelene kan ikke nås samtidig; det bedste er {missed:.1f} procentpoint fra"
        )
    return p


def exchange(chosen, margin, rows, targets):
    """Flip and swap respondents nearest their margin until every constraint is within 1, or nothing
    helps any more.
    """
    rows, targets = np.round(rows / GRID), np.round(targets / GRID)
    chosen, gap = chosen.copy(), rows @ chosen - targets
    near = np.argsort(np.abs(margin), kind="stable")[: 2 * CANDIDATES]
    for _ in range(400):
        if np.abs(gap).max() < 1 / GRID:
            return chosen
        flips = rows[:, near] * np.where(chosen[near], -1, 1)
        single = ((gap[:, None] + flips) ** 2).sum(axis=0)
        best, move = single.min(), [near[single.argmin()]]
        inside, outside = near[chosen[near]][:CANDIDATES], near[~chosen[near]][:CANDIDATES]
        if best >= (gap**2).sum() * 0.9 and len(inside) and len(outside):
            left = gap[:, None] - rows[:, inside]
            cross = (
                (left**2).sum(axis=0)[:, None]
                + 2 * left.T @ rows[:, outside]
                + (rows[:, outside] ** 2).sum(axis=0)
            )
            i, j = np.unravel_index(cross.argmin(), cross.shape)
            if cross[i, j] < best:
                best, move = cross[i, j], [inside[i], outside[j]]
        if best >= (gap**2).sum():
            break
        for index in move:
            gap = gap + rows[:, index] * (-1 if chosen[index] else 1)
            chosen[index] = ~chosen[index]
    if np.abs(gap).max() * GRID > 8:
        raise RecipeError(
            f"andelene rammes ikke; {np.abs(gap).max() * GRID:.1f} gange så langt fra, som de må "
            f"være"
        )
    return chosen
