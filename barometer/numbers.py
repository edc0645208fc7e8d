"""Every number on its way into text passes `write_number`: Danish form, one rounding rule,
suppression respected.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"  # a number and its unit stay on one line
NONE = "–"  # in place of a number that does not exist
NOBODY = "ingen svar"  # in place of a share of nobody
NAMES = set()  # labels that are proper names
HAIR = 1e-9  # shares nearer than this to 0 or 1 are 0 or 1: sums are rounded by the machine


def write_number(value, kind, status=""):
    """Danish text of one number. `kind`: count, share ("37 pct."), percent ("37 %"), points,
    decimal, p, one_decimal ("37,4 %"), signed (+0,4, in points), or an end of an interval: limit
    ("37 %"), fine_limit ("37,4 %"), signed_limit (+0,4).

    A closed number (status "[c]") is its mark, whatever the value. One that does not exist is "–",
    and "ingen svar" where it is the share of nobody (status "empty"). Shares and differences are
    given as parts of one. Only a true 0 is "0 pct.", and only a true 1 "100 pct.": 0.003 is "under
    0,5 pct.", 0.997 "over 99,5 pct.". So are limits; that of a difference keeps its sign, "+0,0",
    as it tells whether 0 is in the interval. Raises `ValueError` for an unknown kind.
    """
    writers = {
        "count": format_count,
        "share": lambda x: f"{_round_share(x, 0)}{NBSP}pct.",
        "percent": lambda x: f"{_round_share(x, 0)}{NBSP}%",
        "points": lambda x: f"{_round_up(abs(100 * x), 0)}{NBSP}procentpoint",
        "decimal": lambda x: _round_up(x, 2),
        "p": _format_p,
        "one_decimal": lambda x: f"{_round_share(x, 1)}{NBSP}%",
        "signed": _format_signed,
        "signed_limit": lambda x: _format_signed(
            x, ("−" if x < 0 else "+") if abs(x) > 100 * HAIR else ""
        ),
        "limit": lambda x: f"{_round_share(x, 0)}{NBSP}%",
        "fine_limit": lambda x: f"{_round_share(x, 1)}{NBSP}%",
    }
    if kind not in writers:
        raise ValueError(f"ukendt talform {kind!r}; vælg en af {', '.join(writers)}")
    if status.startswith("["):
        return status
    if value is None or not math.isfinite(value):
        return NOBODY if status == "empty" and kind in ("share", "percent", "one_decimal") else NONE
    return writers[kind](value)


def are_alike(*shares):
    """Whether shares are told as one number: 0.574 and 0.566 are both "57 pct."."""
    return len({write_number(share, "share") for share in shares}) == 1


def format_count(value):
    """1877 → "1.877"."""
    return f"{round(value):,}".replace(",", ".")


def write_published(value):
    """A value of `published.csv` as it is written in text: 2816 → "2.816", 0.05 → "0,05"."""
    return format_count(int(value)) if value.isdecimal() else value.replace(".", ",")


def join_words(words):
    """["a", "b", "c"] → "a, b og c"."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def take_label(entry):
    """The label of a registry's entry, {"label": …} or a text; `proper: true` makes it a name,
    which keeps its capital.

    The names are known to the process from then on, as labels go on their way as plain text.
    """
    if not isinstance(entry, dict):
        return entry
    if entry.get("proper") is True and isinstance(entry["label"], str):
        NAMES.add(entry["label"])
    return entry["label"]


def lower_first(label):
    """A label inside a sentence: "Staten" → "staten"; an abbreviation, a name with a capital in its
    first word ("Nord-Norge"), and what begins with a name of the registry (`take_label`) keeps its
    capital.
    """
    first = label.partition(" ")[0]
    if any(label.startswith(name) and not label[len(name) :][:1].isalnum() for name in NAMES):
        return label
    return label if any(letter.isupper() for letter in first[1:]) else label[:1].lower() + label[1:]


def _round(value, digits):
    # Half away from zero, on the decimal the reader would see; binary round() turns 0,5 down as
    # often as up.
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded)).replace(".", ",")  # no minus before a zero


def _round_share(share, digits):
    """A share in per cent; what is not 0 or 1 is not rounded to it."""
    if share > 1 - HAIR or _round(100 * share, digits) != _round(100, digits):
        return _round_up(100 * share, digits)
    most = _round(100 - _find_half(digits), digits + 1)
    return (
        most
        if Decimal(repr(float(100 * share))) == Decimal(most.replace(",", "."))
        else f"over {most}"
    )


def _round_up(value, digits):
    """A number that is not negative; one that is rounded to 0 without being so is told to be under
    the half.
    """
    text = _round(value, digits)
    if value > 100 * HAIR and text == _round(0, digits):
        return f"under {_round(_find_half(digits), digits + 1)}"
    return text


def _find_half(digits):
    return 0.5 * 10.0**-digits


def _format_signed(value, zero=""):
    """In points; `zero`: the sign of what is rounded to 0."""
    text = _round(value, 1)
    return f"{zero}{text}" if text == "0,0" else text.replace("-", "−") if value < 0 else f"+{text}"


def _format_p(value):
    return "p < 0,001" if value < 0.001 else f"p = {_round(value, 3)}"
