"""Tests of whole tables: whether answers are distributed alike in groups (Rao & Scott 1984)."""

from collections import Counter
from dataclasses import dataclass, field
from math import floor, lgamma

import numpy as np
from scipy.special import fdtrc

from barometer.statistics.estimates import NO_VARIANCE, read_answers
from barometer.statistics.inferences import EQUAL, Judged, choose, measure_both, nan
from barometer.text import are_alike

# condition number of the table's log odds ratios from which their tests are rounding noise
SINGULAR = 1e12


class Overlap(ValueError):
    """A respondent is in two groups of a table, or has two of its items. `what`: "groups" or
    "items".
    """

    def __init__(self, what, both):
        self.what = what
        super().__init__(f"{what} overlap: some respondents have more than one, such as {both}")


@dataclass(frozen=True)
class TableTest(Judged):
    """Test of items x groups: Rao-Scott's F, or an exact test.

    `sizes` and `effective`: each group's respondents, and how many they are worth after their
    weights (Kish 1965). `status`: "complete" all were asked, so the table itself is the verdict,
    and there is no difference where all groups' shares are written as the same numbers; "equal" all
    groups answer the same, to the last one; "empty" nobody in it, or in one of its groups;
    "one_level" one group only; "singular" too many empty cells; "zero_variance"; "too_few" no
    degrees of freedom.
    """

    items: tuple
    groups: tuple
    sizes: tuple = ()
    effective: tuple = field(default=(), repr=False)


@dataclass(frozen=True, eq=False)
class TableMeasure:
    """What a table's test is made of. `pearson`: X squared on weighted shares and n. `effects`: the
    matrix whose eigenvalues are the table's generalised design effects, None where it cannot be
    had, and `status` says why.
    """

    n: int
    df: int
    pearson: float
    effects: np.ndarray | None
    status: str


def test_distribution(survey, items, groups, alpha=0.05):
    """Test whether the distribution over `items` differs between `groups` (Rao & Scott 1984,
    second-order F).

    `items` are answers of which a respondent has at most one; who was asked but has none of them
    makes up one further category, so a single item is tested against its complement. Who lacks an
    answer or is in no group is outside the table. Where every group is of one mind, but not of the
    same, no variance can be estimated, and the test is exact on effective sizes (`test_unanimous`).
    `survey` offers `inference`, which says whose p decides, beside what `estimate_shares` needs.
    Returns `TableTest`. Raises `Overlap` if a respondent is in two groups or has two of the items.
    """
    items, groups = tuple(items), tuple(groups)
    design, answers = survey.design, read_answers(survey, items)
    members = np.column_stack([np.asarray(survey.member(group), dtype=bool) for group in groups])
    asked = (answers >= 0).all(axis=1) & (design.weights > 0)
    category = np.where(
        asked, _number_column(answers == 1, items, "items", otherwise=len(items)), -1
    )
    group = np.where(asked, _number_column(members, groups, "groups", otherwise=-1), -1)
    rows = [np.flatnonzero((group == place) & asked) for place in range(len(groups))]
    effective = [design.effective_size(members) for members in rows]
    measures = measure_both(design, lambda one: measure_table(one, category, group))
    measure = choose(survey.inference, measures)
    status = _find_status(measure, rows)
    f, ndf, ddf, _ = _find_f(measure) if not status else (nan,) * 4
    both = [nan if status == "empty" else _find_f(one)[3] for one in measures]
    chosen = [np.unique(category[members]) for members in rows]
    if status not in ("empty", "equal", "one_level") and all(len(answer) == 1 for answer in chosen):
        exact = test_unanimous(effective, [int(answer[0]) for answer in chosen])
        f, ndf, ddf = nan, nan, nan
        both = [nan if one.status == "complete" else exact for one in measures]
        status = status if status == "complete" else ""
    p = choose(survey.inference, both)
    differs = p < alpha
    if status == "complete":
        unlike = not _are_alike(design, category, rows)
        differs = measure.pearson > EQUAL * measure.n and unlike
    judged = status in ("complete", "equal") or not np.isnan(p)
    verdict = ("difference" if differs and status != "equal" else "no_difference") if judged else ""
    found = {"n": measure.n, "f": f, "ndf": ndf, "ddf": ddf, "verdict": verdict, "status": status}
    found |= {"p": p, "p_finite": both[0], "p_superpopulation": both[1], "level": alpha}
    return TableTest(items, groups, tuple(map(len, rows)), tuple(effective), **found)


test_distribution.__test__ = False  # pytest would take it for a test wherever it is imported


def measure_table(design, category, group):
    """`TableMeasure` of two codings of the n respondents; a negative code is outside the table."""
    rows = np.flatnonzero((category >= 0) & (group >= 0) & (design.weights > 0))
    if not len(rows):
        return TableMeasure(0, 0, np.nan, None, "empty")
    line, column = _number_codes(category[rows]), _number_codes(group[rows])
    shape = (int(line.max()) + 1, int(column.max()) + 1)
    cells = (line * shape[1] + column)[:, None] == np.arange(shape[0] * shape[1])
    return measure_cells(design, rows, cells, shape)


def _number_codes(codes):
    """Each code's place among the different ones."""
    return (np.cumsum(np.bincount(codes) > 0, dtype=np.int32) - 1)[codes]


def measure_cells(design, rows, cells, shape):
    """`TableMeasure` of the respondents `rows` (m) in a table of `shape` (answers, groups).

    `cells` (m x answers * groups) counts in which cells a respondent stands, groups beside each
    other: in one, or in several where groups overlap or items are compared. Such a table is that of
    the answers, sampled in clusters, a respondent each. `effects` sets the design-based covariance
    of the table's log odds ratios against that of simple random sampling (Rao & Scott 1984, section
    3), both taken at the estimated cells; empty cells are left out of the ratios.
    """
    times = cells.sum(axis=1)
    n, df = int(times.sum()), design.degrees_of_freedom(rows)
    if min(shape) < 2:
        return TableMeasure(n, df, np.nan, None, "one_level")
    weights = design.weights[rows] / (design.weights[rows] @ times)
    shares = weights @ cells
    influence = times[:, None] * shares
    np.subtract(cells, influence, out=influence)  # in place: there may be millions of rows
    influence *= weights[:, None]
    bases = np.broadcast_to(times[:, None], influence.shape)
    covariance = design.covariances(influence, rows, bases)
    effects, status = _find_effects(shares, covariance, shape, n)
    if design.find_complete(np.ones((len(rows), 1), dtype=bool), rows)[0]:
        effects, status = None, "complete"
    status = status if df > 0 or status == "complete" else "too_few"
    return TableMeasure(n, df, _find_pearson(shares.reshape(shape), n), effects, status)


def find_table_p(measure):
    """p of a `TableMeasure` by the second-order F test; nan where it has a status."""
    return _find_f(measure)[3]


def test_unanimous(effective, answers):
    """Exact conditional test of groups that are each of one mind: p of a table at least as
    unlikely, margins given.

    `effective`: the groups' effective sizes, whole ones counted. `answers`: the code of each
    group's one answer. The test is Fisher's (1935), of tables larger than two by two Freeman &
    Halton's (1951), on the counts that simple random samples of the effective sizes would have, as
    Korn & Graubard (1998) use the exact binomial limits. The probability of such a table, prod(C!)
    / n! with C the answers' sums, is the least that any table with these margins has; p is that
    times the number of tables in which each group is of one mind.
    """
    sizes = [max(1, floor(size + 1e-9)) for size in effective]
    wanted = Counter()
    for size, answer in zip(sizes, answers, strict=True):
        wanted[answer] += size
    log = sum(lgamma(count + 1) for count in wanted.values()) - lgamma(sum(sizes) + 1)
    return min(1.0, float(_count_alike(sizes, tuple(wanted.values())) * np.exp(log)))


test_unanimous.__test__ = False


def _count_alike(sizes, wanted):
    """In how many ways groups of these sizes can have one answer each that add up to `wanted`."""
    ways = Counter({wanted: 1})  # by what is left of each answer
    for size in sizes:
        further = Counter()
        for left, number in ways.items():
            for place, count in enumerate(left):
                if count >= size:
                    further[(*left[:place], count - size, *left[place + 1 :])] += number
        ways = further
    return ways[(0,) * len(wanted)]


def _are_alike(design, category, rows):
    """Whether each answer's share is one number in all groups (`rows`: who is in each)."""
    shares = [
        np.bincount(category[members], design.weights[members], category.max() + 1)
        / design.weights[members].sum()
        for members in rows
    ]
    return all(are_alike(*answer) for answer in zip(*shares, strict=True))


def _find_status(measure, rows):
    if not all(map(len, rows)):
        return "empty"
    return "equal" if measure.status == "one_level" and len(rows) > 1 else measure.status


def _number_column(flags, names, what, otherwise):
    """Which column of `flags` (n x k) is true in each row. Raises `Overlap` where two are."""
    twice = flags.sum(axis=1) > 1
    if twice.any():
        both = " and ".join(names[column] for column in np.flatnonzero(flags[twice][0])[:2])
        raise Overlap(what, both)
    return np.where(flags.any(axis=1), flags.argmax(axis=1), otherwise).astype(np.int32)


def _find_pearson(table, n):
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    return float(n * ((table - expected) ** 2 / expected).sum())


def _find_effects(shares, covariance, shape, n):
    """The design effects matrix of the cells' log odds ratios, and a status."""
    inverse = np.divide(1, shares, out=np.zeros_like(shares), where=shares > 0)
    ratios = (
        np.kron(*(np.vstack([-np.ones(levels - 1), np.eye(levels - 1)]) for levels in shape))
        * inverse[:, None]
    )
    simple = ratios.T @ (ratios * shares[:, None]) / n
    if np.linalg.cond(simple) > SINGULAR:
        return None, "singular"
    effects = np.linalg.solve(simple, ratios.T @ covariance @ ratios)
    return (effects, "") if np.trace(effects) > NO_VARIANCE else (None, "zero_variance")


def _find_f(measure):
    """F, its degrees of freedom (Satterthwaite's) and p (Rao & Scott 1984); nan with a status."""
    if measure.status:
        return (nan,) * 4
    total = np.trace(measure.effects)
    ndf = total**2 / np.trace(measure.effects @ measure.effects)
    f, ddf = measure.pearson / total, ndf * measure.df
    return float(f), float(ndf), float(ddf), float(fdtrc(ndf, ddf, f))
