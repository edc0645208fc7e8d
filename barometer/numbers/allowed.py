"""What a question that is answered with a number allows, and the names of its columns.

Such a column becomes two: one of codes, in which whoever gave a number has `GIVEN` and others the
code of what they said instead, and one of the numbers (`name_values`).
"""

from dataclasses import dataclass
from math import inf

from barometer.forms import DECIMALS
from barometer.languages.speaking import N_

GIVEN = "given"  # the code of whoever gave a number
GIVEN_LABEL = N_("Har svaret med et tal")
FIELDS = ("unit", "least", "most", "decimals", "shown")  # of a question, beside those of all kinds


@dataclass(frozen=True)
class Allowed:
    """The numbers that a question allows. `unit`: what they count ("kr."); `decimals`: the most
    that an answer has, None for any; `shown`: of means and the like, below 0 tens, hundreds, …
    """

    unit: str = ""
    least: float = -inf
    most: float = inf
    decimals: int | None = None
    shown: int = 1

    @property
    def form(self):
        """How what is made of the numbers is written (`forms.MEASURES`)."""
        return f"value_{self.shown}"


def read_allowed(entry):
    """The `Allowed` of a question's fields. Raises `ValueError` saying what is wrong with one."""
    least, most = entry.get("least", -inf), entry.get("most", inf)
    if not (_is_plain(least) and _is_plain(most) and least < most):
        raise ValueError("least og most skal være to tal, det mindste først")
    decimals = entry.get("decimals")
    if decimals is not None and (not _is_whole(decimals) or not 0 <= decimals <= DECIMALS[-1]):
        raise ValueError(f"decimals skal være et helt tal fra 0 til {DECIMALS[-1]}")
    shown = entry.get("shown", min((decimals or 0) + 1, DECIMALS[-1]))
    if not _is_whole(shown) or shown not in DECIMALS:
        raise ValueError(f"shown skal være et helt tal fra {DECIMALS[0]} til {DECIMALS[-1]}")
    return Allowed(str(entry.get("unit", "")), float(least), float(most), decimals, shown)


def name_values(column):
    """The name of the column with the numbers that a column of answers held."""
    return f"{column}={GIVEN}"


def _is_plain(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)
