"""Numbers that stand with their unit in each cell: "45 %", "1200 kr."."""

import re

from barometer.languages.speaking import N_

PER_CENT = N_("procent")  # "pct." and "per cent" would make a mean look like a share
MOSTLY = 0.8  # of a column's different texts, how many are numbers with the one unit
# what such a unit is called, by how it is written after a number or before it
UNITS = {
    **dict.fromkeys(("%", "pct", "pct.", "procent", "prosent", "percent", "per cent"), PER_CENT),
    **dict.fromkeys(("kr", "kr.", "kroner", "dkk"), "kr."),
    **{"sek": "SEK", "nok": "NOK"},
    **dict.fromkeys(("€", "eur", "euro"), "€"),
    **dict.fromkeys(("$", "usd"), "$"),
    **dict.fromkeys(("£", "gbp"), "£"),
}
_SIGN = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
_NUMBER = r"[-+]?\d[\d.,]*"
WITH_UNIT = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?P<after>{_SIGN})|(?P<before>{_SIGN})\s*(?P<amount>{_NUMBER})", re.I
)


def split_units(texts):
    """({text: its number without the unit}, the unit) of a column's different texts; None where
    they have no unit, or not the same.

    What is no such number is not among them, and is little. A nought may stand bare.

    >>> split_units(["45 %", "7%", "0"])
    ({'45 %': '45', '7%': '7', '0': '0'}, 'procent')
    >>> split_units(["5 %", "5 kr."]) is None
    True
    """
    found = {text: WITH_UNIT.fullmatch(text.strip()) for text in texts if isinstance(text, str)}
    numbers = {text: one["number"] or one["amount"] for text, one in found.items() if one}
    units = {UNITS[(one["after"] or one["before"]).casefold()] for one in found.values() if one}
    numbers |= {text: "0" for text in texts if str(text).strip() == "0"}
    if len(units) != 1 or len(numbers) < MOSTLY * len(texts):
        return None
    return numbers, units.pop()
