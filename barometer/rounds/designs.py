"""The design of several rounds at once: of samples that are independent, or of a panel, whose
respondents are asked again.
"""

from functools import cached_property

import numpy as np

from barometer.statistics.design import Design


class Independent:
    """Designs of samples drawn independently of each other, respondents in their order.

    A variance of several rounds is the sum of theirs, and so are degrees of freedom. It offers what
    a `Design` does.
    """

    is_plain, unit = False, None

    def __init__(self, designs):
        self.designs = tuple(designs)
        self.weights = np.concatenate([design.weights for design in self.designs])
        sizes = [len(design.weights) for design in self.designs]
        self.starts = np.cumsum([0, *sizes])

    @property
    def is_complete(self):
        """Whether everybody was surveyed in all of them."""
        return all(design.is_complete for design in self.designs)

    @cached_property
    def uncorrected(self):
        """The same without finite population corrections."""
        return Independent([design.uncorrected for design in self.designs])

    def effective_size(self, rows):
        """As of a `Design`, of the designs' respondents together."""
        return float(sum(one.effective_size(part) for one, part, _ in self._divide(rows)))

    def find_complete(self, asked, rows):
        """Whether all of a base were surveyed, in each design it has anybody in: k booleans."""
        complete, anybody = np.ones(asked.shape[1], dtype=bool), asked.any(axis=0)
        for design, part, inside in self._divide(rows):
            complete &= design.find_complete(asked[inside], part) | ~asked[inside].any(axis=0)
        return complete & anybody

    def find_lonely(self):
        """Respondents that are alone in a stratum."""
        return np.concatenate(
            [
                design.find_lonely() + start
                for design, start in zip(self.designs, self.starts, strict=False)
            ]
        )

    def refuse_lonely(self, rows):
        """Raise `LonelyStratum` as the designs say."""
        for design, part, _ in self._divide(rows):
            design.refuse_lonely(part)

    def variances(self, influence, rows, bases=None):
        """The sums of the designs' variances (k)."""
        return sum(
            design.variances(_take(influence, inside), part, _take(bases, inside))
            for design, part, inside in self._divide(rows)
        )

    def covariances(self, influence, rows, bases=None):
        """The sums of the designs' covariance matrices (k x k)."""
        return sum(
            design.covariances(_take(influence, inside), part, _take(bases, inside))
            for design, part, inside in self._divide(rows)
        )

    def degrees_of_freedom(self, rows):
        """The sum of the designs'."""
        return sum(design.degrees_of_freedom(part) for design, part, _ in self._divide(rows))

    def count_degrees(self, asked, rows):
        """The sums of the designs' (k)."""
        return sum(
            design.count_degrees(asked[inside], part) for design, part, inside in self._divide(rows)
        )

    def _divide(self, rows):
        """(design, rows in it, which of `rows` those are) of each design with one of them."""
        for number, design in enumerate(self.designs):
            start, end = self.starts[number : number + 2]
            inside = (rows >= start) & (rows < end)
            if inside.any():
                yield design, rows[inside] - start, inside


def make_panel(designs, ids):
    """The `Design` of rounds in which the same respondents may be asked: who has one of the `ids`
    (n of each round) in several rounds is one unit, so that his answers' covariance counts.

    Strata are those of each design, and each respondent was drawn by himself. It is not corrected
    for a finite population, as who was drawn in one round alone is not drawn from all. Raises
    ValueError where one respondent is in several strata, or a design is not plain.
    """
    if not all(type(design) is Design and design.is_plain for design in designs):
        raise ValueError("plain designs")
    strata = np.concatenate([design.stratum_names[design.stratum] for design in designs])
    units = np.concatenate(ids)
    first = {}
    for unit, stratum in zip(units, strata, strict=True):
        if first.setdefault(unit, stratum) != stratum:
            raise ValueError("strata")
    weights = np.concatenate([design.weights for design in designs])
    return Design(weights, strata, psu=units, lonely=designs[-1].lonely)


def _take(arrays, inside):
    if isinstance(arrays, tuple | list):
        return tuple(one[inside] for one in arrays)
    return None if arrays is None else arrays[inside]
