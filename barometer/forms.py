"""The forms in which numbers are written, by name: what they are multiplied by, decimals, unit."""

from barometer.languages.speaking import N_

ONE = N_("\u00a0procentpoint", "1")  # the unit of a single one
NBSP = "\u00a0"  # a number and its unit stay on one line
FORMS = {  # factor, decimals, unit
    "count": (1, 0, ""),
    "share": (100, 0, N_("\u00a0pct.")),
    "percent": (100, 0, N_("\u00a0%")),
    "points": (100, 0, N_("\u00a0procentpoint")),
    "decimal": (1, 2, ""),
    "p": (1, 3, ""),
    "bare_p": (1, 3, ""),
    "level": (1, 3, ""),
    "one_decimal": (100, 1, f"{NBSP}%"),
    "signed": (1, 1, ""),
    "signed_limit": (1, 1, ""),
    "limit": (100, 0, f"{NBSP}%"),
    "bare_limit": (100, 0, ""),
    "fine_limit": (100, 1, f"{NBSP}%"),
    "bare_fine_limit": (100, 1, ""),
    "mean": (1, 1, ""),
    "mean_points": (1, 1, ""),
    "mean_limit": (1, 1, ""),
}
# {what a table's numbers are: forms of a number, of a difference in words, of a limit, of a
# difference with its sign, of that one's limit}
MEASURES = {
    "share": ("share", "points", "bare_fine_limit", "signed", "signed_limit"),
    "mean": ("mean", "mean_points", "mean_limit", "signed", "signed_limit"),
}
DECIMALS = range(-6, 5)  # of a number that was answered; below 0 tens, hundreds, thousands …
ENDS = ("", "_points", "_limit", "_signed", "_signed_limit")
for _decimals in DECIMALS:
    MEASURES[f"value_{_decimals}"] = tuple(f"value_{_decimals}{end}" for end in ENDS)
    FORMS |= dict.fromkeys(MEASURES[f"value_{_decimals}"], (1, _decimals, ""))
# what is made of points or numbers, as a trace has it
QUANTILES = {0.1: "q10", 0.25: "q25", 0.5: "median", 0.75: "q75", 0.9: "q90"}
STATISTICS = ("mean", *QUANTILES.values(), "total", "ratio")
DIFFERENCES = tuple(f"{name}_difference" for name in STATISTICS)

LIMITS = tuple(form for form in FORMS if form.endswith("limit"))  # ends of intervals
# forms of what nobody may have
NOBODYS = ("share", "percent", "one_decimal", *(name for name in MEASURES if name != "share"))


def is_value(form):
    """Whether a form is of a number that was answered, such as "value_0" of "1.877"."""
    return form.startswith("value_")
