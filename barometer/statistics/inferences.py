"""What a test infers to, and at which levels of significance it may have a verdict.

Every test is made twice, with and without finite population correction. With it, a test is on
whether the units that existed would all have shown the difference; where all of them answered
there is nothing left to test. Without it, a test is on whether what made them answer so would make
others differ too: an analytic question, to which a complete survey is a sample as well (Korn &
Graubard 1999, section 2.2). The survey's card says which one decides.
"""

from dataclasses import dataclass, field

import numpy as np

nan = float("nan")
FINITE, SUPERPOPULATION = "finite", "superpopulation"
INFERENCES = (FINITE, SUPERPOPULATION)

# A verdict at any level is an oracle for p: twenty levels in turn find six digits of it. Where
# p is not shown, because a suppressed count could be solved for from it, only these levels decide,
# and no more than its band is learnt.
LEVELS = (0.10, 0.05, 0.01, 0.001)
EQUAL = 1e-12  # shares nearer to each other than this are the same share


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a test among `n` respondents found: F on `ndf` and `ddf` (nan where it is exact).

    `p` is the one that decides, of `p_finite` and `p_superpopulation`, held against `level`.
    `verdict` is "difference", "no_difference", or "" where nothing can be said. Where p is nan
    `status` says why.
    """

    n: int
    # nor the next: what stands at a cell's end is saved with the notebook
    f: float = field(repr=False)
    ndf: float = field(repr=False)
    ddf: float = field(repr=False)
    p: float = field(repr=False)
    verdict: str
    status: str
    p_finite: float = field(default=nan, repr=False)
    p_superpopulation: float = field(default=nan, repr=False)
    level: float = nan


def floor_level(alpha):
    """The largest of `LEVELS` not above `alpha`, at which a hidden p is judged; nan for none."""
    return next((level for level in LEVELS if level <= alpha), float("nan"))


def measure_both(design, measure):
    """What is measured with and without finite population correction, as `INFERENCES`."""
    first = measure(design)
    return [first, first if design.uncorrected is design else measure(design.uncorrected)]


def choose(inference, both):
    """Of what was measured both ways, what decides. Raises ValueError for another name."""
    if inference not in INFERENCES:
        raise ValueError(f"inference={inference!r} is not one of {', '.join(INFERENCES)}")
    return both[INFERENCES.index(inference)]


def judge_differences(difference, p, alpha, complete=False):
    """ "higher", "lower", "no_difference", or "" where there is no p: arrays alike.

    Of `complete` pairs, where all were asked, the difference itself is the verdict: it has no
    sampling error.
    """
    equal = np.where(complete, np.abs(difference) < EQUAL, ~(p < alpha))
    untested = np.isnan(p) & ~np.asarray(complete)
    return np.select([untested, equal, difference > 0], ["", "no_difference", "higher"], "lower")
