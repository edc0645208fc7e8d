"""Every number on its way into text passes `write_number`: Danish form, one rounding rule, suppression respected."""
import math
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"   # a number and its unit stay on one line

def write_number(value, kind, status=""):
    """Danish text of one number. `kind`: count, share ("37 pct."), percent ("37 %"), points, decimal, p,
    one_decimal ("37,4 %") or signed (+0,4, in points).

    A closed number (status "[c]") is its mark, whatever the value. Shares and differences are given as parts of one.
    Raises `ValueError` for a missing value or an unknown kind: a hole in a sentence is an error, never a blank.
    """
    if status.startswith("["):
        return status
    if value is None or not math.isfinite(value):
        raise ValueError(f"et tal mangler (kind={kind!r}, status={status!r})")
    writers = {
        "count": format_count,
        "share": lambda x: f"{_round(100 * x, 0)}{NBSP}pct.",
        "percent": lambda x: f"{_round(100 * x, 0)}{NBSP}%",
        "points": lambda x: f"{_round(abs(100 * x), 0)}{NBSP}procentpoint",
        "decimal": lambda x: _round(x, 2),
        "p": _format_p,
        "one_decimal": lambda x: f"{_round(100 * x, 1)}{NBSP}%",
        "signed": _format_signed,
    }
    if kind not in writers:
        raise ValueError(f"ukendt talform {kind!r}; vælg en af {', '.join(writers)}")
    return writers[kind](value)


def format_count(value):
    """1877 → "1.877"."""
    return f"{round(value):,}".replace(",", ".")


def join_words(words):
    """["a", "b", "c"] → "a, b og c"."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def lower_first(label):
    """A label inside a sentence: "Staten" → "staten"; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _round(value, digits):
    # Half away from zero, on the decimal the reader would see; binary round() turns 0,5 down as often as up.
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded)).replace(".", ",")   # no minus before a zero


def _format_signed(value):
    text = _round(value, 1)
    return text if text == "0,0" else text.replace("-", "−") if value < 0 else f"+{text}"


def _format_p(value):
    return "p < 0,001" if value < 0.001 else f"p = {_round(value, 3)}"
