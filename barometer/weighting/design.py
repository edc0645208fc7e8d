"""The design of a survey whose weights were made here: errors are those of what is left when the
totals that the weights meet are taken away.
"""

import copy

import numpy as np

from barometer.statistics.design import Design
from barometer.statistics.estimates import BLOCK


class Calibrated(Design):
    """A `Design` whose `weights` meet totals by `projections` (`steps.Projection`), in order.

    A respondent outside a group has no influence on it, but what is left of 0 beside the totals, so
    that all n count in each variance.
    """

    is_plain = False

    def __init__(self, design, projections):
        self.__dict__.update(copy.copy(design).__dict__)
        self.projections = tuple(projections)
        self.everybody = np.arange(len(self.weights))

    def variances(self, influence, rows, bases=None):
        """As `Design.variances`, of residuals."""
        influence = sum(influence[1:], influence[0]) if isinstance(influence, tuple) else influence
        width = max(1, BLOCK // len(self.weights))
        found = [
            super(Calibrated, self).variances(influence[:, first : first + width], rows)
            for first in range(0, influence.shape[1], width)
        ]
        return np.concatenate(found) if found else np.zeros(0)

    def _list_residuals(self, influence, rows):
        influence = sum(influence[1:], influence[0]) if isinstance(influence, tuple) else influence
        every = np.zeros((len(self.weights), influence.shape[1]))
        every[rows] = influence
        for project in self.projections:
            every = project(every)
        return super()._list_residuals(every, self.everybody)
