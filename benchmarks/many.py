"""Variants without end, for measuring: the same report at as many levels of significance as are
wanted.
"""

from dataclasses import dataclass

from barometer import paths
from barometer.parameters import Parameters, list_names

SECTORS = [*list_names(paths.name_default())]


@dataclass(frozen=True)
class Variant(Parameters):
    """A report with a folder of its own for each sector and level."""

    @property
    def name(self):
        return f"{self.sector}-{round(self.alpha * 1e6)}"


def list_variants(count):
    """This many variants, a fourth of them of each sector."""
    return tuple(
        Variant(
            data=paths.name_default(),
            sector=list(SECTORS)[number % 4],
            alpha=round(0.001 * (1 + number // 4), 3),
        )
        for number in range(count)
    )
