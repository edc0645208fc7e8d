"""Tests and limits of a difference to or from 0 or 100 per cent.

Such a share has no variance that could be estimated, so the t-test of a difference would count the
other share's alone: that from 0 of 12 respondents would be as certain as that from 0 of 1,000. Rao
& Scott's test does not need it, as it compares counts with those expected if the shares were one.
Where both shares are extreme nothing varies at all, and an exact test on effective sizes says how
rare that is.
"""

from math import floor

import numpy as np

from barometer.statistics.inferences import measure_both
from barometer.statistics.tabletests import find_table_p, measure_cells, test_unanimous


def is_extreme(shares):
    """Which of the items (k booleans) all or none of a base say."""
    return (shares.n > 0) & ((shares.n_yes == 0) | (shares.n_yes == shares.n))


def test_extreme(design, one, other, item):
    """([p finite, p superpopulation], method) of the difference on an item, one or both of whose
    shares are extreme.

    `one`, `other`: `Shares`; `item`: a column of both. "rao_scott": the second-order F test (Rao &
    Scott 1984) of the table share x answer. Where respondents are in both, as in overlapping groups
    or with two items, the table is of answers, and each respondent a cluster of his; so the
    covariance is in the test. "exact", where one is 0 and the other 100 per cent: `test_unanimous`
    for two groups; for two items that the same people answer the sign test (McNemar 1947) on their
    effective size. p is nan where the table has no variance or no degrees of freedom.
    """
    if is_extreme(one)[item] and is_extreme(other)[item]:
        p = _test_exactly(design, one, other, item)
        return [p, p], "exact"
    rows, cells = stack_pair(design, one, other, item)
    measures = measure_both(design, lambda way: measure_cells(way, rows, cells, (2, 2)))
    return [find_table_p(measure) for measure in measures], "rao_scott"


test_extreme.__test__ = False  # pytest would take it for a test wherever it is imported


def stack_pair(design, one, other, item):
    """The table share x answer of an item in two `Shares`: its respondents (m), and in which of the
    cells each stands.

    The cells (m x 4): yes in the first share, yes in the second, no in the first, no in the second.
    """
    cells = np.zeros((len(design.weights), 4))
    for place, shares in enumerate((one, other)):
        asked, yes = shares.asked[:, item], shares.yes[:, item]
        cells[shares.rows[asked & yes], place] = 1
        cells[shares.rows[asked & ~yes], 2 + place] = 1
    rows = np.flatnonzero(cells.any(axis=1) & (design.weights > 0))
    return rows, cells[rows]


def find_mover_limits(design, one, other, item, limits, confidence):
    """Limits (low, high) of a difference of which a share is extreme, from those of the two shares
    (MOVER; Zou & Donner 2008, after Newcombe 1998, method 10).

    `limits`: (low, high) of the first and of the second share; those of an extreme one are replaced
    by the exact ones of Clopper & Pearson (1934) on its effective size (Korn & Graubard 1998). A
    share without variance has no covariance with the other either, so none is in them.
    """
    shares = [found.share[item] for found in (one, other)]
    (low, high), (low_other, high_other) = (
        _find_exact_limits(design, found, item, confidence) if is_extreme(found)[item] else limit
        for found, limit in zip((one, other), limits, strict=True)
    )
    difference = shares[0] - shares[1]
    return (
        difference - np.hypot(shares[0] - low, high_other - shares[1]),
        difference + np.hypot(high - shares[0], shares[1] - low_other),
    )


def _find_exact_limits(design, shares, item, confidence):
    effective = design.effective_size(shares.rows[shares.asked[:, item]])
    reach = ((1 - confidence) / 2) ** (1 / effective)
    return (0.0, 1 - reach) if shares.n_yes[item] == 0 else (reach, 1.0)


def _test_exactly(design, one, other, item):
    asked = [shares.rows[shares.asked[:, item]] for shares in (one, other)]
    both = np.intersect1d(*asked)
    both = both[design.weights[both] > 0]
    # two items: each of these respondents says one and not the other, and all of them the same one
    if len(both):
        return min(1.0, 2.0 * 0.5 ** floor(design.effective_size(both) + 1e-9))
    return test_unanimous([design.effective_size(rows) for rows in asked], [0, 1])
