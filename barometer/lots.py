"""Drawing lots so that weighted shares come out as a recipe says: the sample, and who gives an answer."""
import numpy as np
import pandas as pd

REACH = 0.05          # percentage points that a drawn weighted share may lie from the recipe's
CANDIDATES = 400      # borderline respondents that may be exchanged


class RecipeError(ValueError):
    """A step of the recipe cannot be met."""


def draw_sample(population, sectors, rng):
    """One row per respondent (id, stratum, weight), n per sector as in `sectors`, allocated by workplaces × rate.

    The weight is the stratum's workplaces per respondent, so that the weights sum to the population.
    """
    rows = []
    for sector, n in sectors.items():
        strata = population[population["sector"] == sector]
        share = strata["workplaces"] * strata["rate"].astype(float)
        exact = n * share / share.sum()
        drawn = np.maximum(np.floor(exact), 3).astype(int)   # three at least: a stratum of its own never stands alone
        while drawn.sum() < n:
            drawn.loc[(exact - drawn).idxmax()] += 1
        while drawn.sum() > n:
            drawn.loc[drawn.idxmax()] -= 1
        for stratum, workplaces, respondents in zip(strata["stratum"], strata["workplaces"], drawn, strict=True):
            rows += [(stratum, workplaces / respondents)] * respondents
    order = rng.permutation(len(rows))
    sample = pd.DataFrame([rows[i] for i in order], columns=["stratum", "weight"])
    sample.insert(0, "id", [f"{i:04d}" for i in range(1, len(sample) + 1)])
    return sample


def draw_answers(score, rows, steers, targets, eligible, forced, rng, balance=None):
    """Booleans: who gives the answer. `rows` (constraints × n) times the answer must come within 1 of `targets`.

    `steers` (constraints × n): in whose favour each constraint tilts the probabilities.

    `balance` (k × n): further sums that should end near where the probabilities put them.
    """
    luck = rng.random(len(score))
    free = np.flatnonzero(eligible & ~forced)
    need = targets - rows[:, forced].sum(axis=1)
    probability = tilt(score[free], rows[:, free], steers[:, free], need)
    margin = probability - luck[free]
    if balance is not None:
        rows = np.vstack([rows, balance])
        need = np.concatenate([need, balance[:, free] @ probability])
    answer = forced.copy()
    answer[free[exchange(margin > 0, margin, rows[:, free], need)]] = True
    return answer


def tilt(score, rows, steers, targets):
    """Probabilities logistic(score + steers'λ) whose expected `rows` meet the targets (damped Newton)."""
    scale = np.abs(rows).sum(axis=1) / len(score)
    a, t, d, steer = rows / scale[:, None], targets / scale, steers.astype(float), np.zeros(len(rows))
    for _ in range(80):
        p = 1 / (1 + np.exp(-np.clip(score + steer @ d, -30, 30)))
        gap = t - a @ p
        if np.abs(gap).max() < 1e-8 * len(score):
            break
        slope = (a * (p * (1 - p))) @ d.T + 1e-6 * len(score) * np.eye(len(a))
        move = np.linalg.lstsq(slope, gap, rcond=1e-9)[0]
        steer = steer + move * min(1, 1 / np.abs(move).max())
    missed = np.abs((a @ p - t) * scale).max() * REACH
    if missed > 2:
        raise RecipeError(f"andelene kan ikke nås samtidig; det bedste er {missed:.1f} procentpoint fra")
    return p


def exchange(chosen, margin, rows, targets):
    """Flip and swap respondents nearest their margin until every constraint is within 1, or nothing helps any more."""
    chosen, gap = chosen.copy(), rows @ chosen - targets
    near = np.argsort(np.abs(margin), kind="stable")[: 2 * CANDIDATES]
    for _ in range(400):
        if np.abs(gap).max() < 1:
            return chosen
        flips = rows[:, near] * np.where(chosen[near], -1, 1)
        single = ((gap[:, None] + flips) ** 2).sum(axis=0)
        best, move = single.min(), [near[single.argmin()]]
        inside, outside = near[chosen[near]][:CANDIDATES], near[~chosen[near]][:CANDIDATES]
        if best >= (gap**2).sum() * 0.9 and len(inside) and len(outside):
            left = gap[:, None] - rows[:, inside]
            cross = (left**2).sum(axis=0)[:, None] + 2 * left.T @ rows[:, outside] + (rows[:, outside] ** 2).sum(axis=0)
            i, j = np.unravel_index(cross.argmin(), cross.shape)
            if cross[i, j] < best:
                best, move = cross[i, j], [inside[i], outside[j]]
        if best >= (gap**2).sum() - 1e-9:
            break
        for index in move:
            gap = gap + rows[:, index] * (-1 if chosen[index] else 1)
            chosen[index] = ~chosen[index]
    if np.abs(gap).max() > 20:
        raise RecipeError(f"andelene rammes ikke; afvigelse {np.abs(gap).max() * REACH:.1f} point")
    return chosen
