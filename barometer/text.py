"""Numbers that keep value, form, status and cell until they are written, in the language that is
spoken, and texts of words and such numbers: nothing is read back out of what has been written.
"""

import math
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from string import Formatter

from barometer.forms import FORMS, LIMITS, MEASURES, NBSP, NOBODYS, is_value  # noqa: F401
from barometer.languages.numerals import write_decimal, write_grouped, write_thousands
from barometer.languages.speaking import N_, _

NONE = "–"  # in place of a number that does not exist
NOBODY = N_("ingen svar")  # in place of a share of nobody
HAIR = 1e-9  # shares nearer than this to 0 or 1 are 0 or 1: sums are rounded by the machine
LEAST_P = Decimal("0.001")


@dataclass(frozen=True, repr=False)
class Number:
    """A number on its way to paper. `form`: how it is written, as for `write_number`.

    `cell`: the row of a released table that it comes from. `kind`: what it is in the trace, where
    the form does not say it. `written`: its text where no form writes it, such as "480–507".
    `begins`: whether it begins a sentence, in which "under 0,5 pct." has a capital. A closed number
    has no value.
    """

    value: float
    form: str
    status: str = ""
    cell: object = field(default=None, compare=False)
    kind: str = ""
    written: str = ""
    begins: bool = False

    def __post_init__(self):
        if self.status.startswith("["):
            object.__setattr__(self, "value", None)

    def __repr__(self):
        return repr(self.shown)

    def __str__(self):
        return self.shown[:1].upper() + self.shown[1:] if self.begins else self.shown

    def __format__(self, spec):
        raise TypeError("et tal i en f-streng mister sin celle; brug Text")

    @property
    def shown(self):
        """The number as the trace has it."""
        return self.written or write_number(self.value, self.form, self.status)

    @property
    def rounded(self):
        """The number as readers see it, a part of one if in per cent; None for words and marks."""
        if self.value is None or not math.isfinite(self.value):
            return None
        word, number = _settle(self.value, self.form)
        # what does not write its value, "480–507", is none; a limit's zero has lost its side of 0
        if word or (self.written and self.written != write_number(self.value, self.form)):
            return 0.0 if self.form == "signed_limit" and not number else None
        return int(number) if self.form == "count" else float(number / FORMS[self.form][0])

    def to_plain(self):
        """The number as plain data, no more precise than it is shown and without its cell."""
        return {"shown": self.shown, "value": self.rounded, "form": self.form}


class Flag(str):
    """A mark beside a number that is shown with a reservation."""

    __slots__ = ()


class Text(tuple):
    """Words and numbers in order. `str` writes it; `numbers` are what its trace is made of.

    `Text("Det gælder ", number, ".")` equals the string that it writes, and contains what that
    contains.
    """

    def __new__(cls, *pieces):
        parts = []
        for piece in pieces:
            for part in piece if isinstance(piece, tuple) else (piece,):
                if type(part) is str and parts and type(parts[-1]) is str:
                    parts[-1] += part
                elif not isinstance(part, str | Number):
                    raise TypeError(f"{part!r} er hverken ord eller et tal med form; brug Number")
                elif part != "":
                    parts.append(part)
        return super().__new__(cls, parts)

    def __str__(self):
        return "".join(map(str, self))

    def __repr__(self):
        return repr(str(self))

    def __format__(self, spec):
        raise TypeError("en tekst i en f-streng mister sine tal; brug Text")

    def __eq__(self, other):
        return str(self) == other if isinstance(other, str) else super().__eq__(other)

    def __hash__(self):
        return hash(str(self))

    def __contains__(self, words):
        return words in str(self) if isinstance(words, str) else super().__contains__(words)

    def __add__(self, other):
        return Text(self, other)

    def __radd__(self, other):
        return Text(other, self)

    @property
    def numbers(self):
        """The numbers of the text, in reading order."""
        return [part for part in self if isinstance(part, Number)]

    def to_plain(self):
        """The parts as plain data, which `read_plain` reads."""
        plain = [part.to_plain() if isinstance(part, Number) else part for part in self]
        return [{"flag": str(part)} if isinstance(part, Flag) else part for part in plain]


def read_plain(parts):
    """The `Text` of which `Text.to_plain` made plain data."""
    return Text(*map(_read_part, parts))


def _read_part(part):
    if isinstance(part, str):
        return part
    if "flag" in part:
        return Flag(part["flag"])
    return Number(part["value"], part["form"], written=part["shown"])


def is_written(parts, text):
    """Whether plain data of `Text.to_plain` write a text, and no number is more precise."""
    read = read_plain(parts)
    return str(read) == text and all(one.value in (None, one.rounded) for one in read.numbers)


# what placeholders were called before, in wordings that have them still
EARLIER = {"sektor": "sted", "sektorer": "dele", "sektorerne": "delene"}


def name_both(values):
    """{placeholder: value} with the names that they had before too."""
    return values | {old: values[name] for old, name in EARLIER.items() if name in values}


def fill(wording, values):
    """The `Text` of a wording with each {name} replaced. Raises `KeyError` for one not there."""
    pieces = []
    for words, name, *_rest in Formatter().parse(wording):
        pieces += [words] if name is None else [words, values[name]]
    return Text(*pieces)


def say(wording, context=None, /, **values):
    """The `Text` of a wording of the program in the language that is spoken, filled as `fill`."""
    return fill(_(wording, context), values)


def join_texts(divider, texts):
    """What `str.join` does, of strings, numbers and texts."""
    pieces = [piece for text in texts for piece in (divider, text)]
    return Text(*pieces[1:])


def begin(piece):
    """A word, number or text as it begins a sentence."""
    if isinstance(piece, Number):
        return replace(piece, begins=True)
    if isinstance(piece, Text):
        return Text(*map(begin, piece[:1]), *piece[1:])
    return piece[:1].upper() + piece[1:]


def write_number(value, form, status=""):
    """Text of one number, here in Danish.

    `form`: count, share ("37 pct."), percent ("37 %"), points, decimal, p ("p = 0,042"), bare_p
    ("0,042"), level ("0,05"), one_decimal ("37,4 %"), signed (+0,4, in points), or an end of an
    interval: limit ("37 %"), bare_limit ("37"), fine_limit ("37,4 %"), bare_fine_limit ("37,4"),
    signed_limit (+0,4). Of means: mean ("3,7"), mean_points ("0,4"), mean_limit ("3,5"). Of
    numbers: value_0 ("1.877"), value_2 ("12,35"), value_-3 ("1.877.000") and their ends.
    Raises `ValueError` for another. A closed number (status "[c]") is its mark. One that does not
    exist is "–", "ingen svar" the share of nobody (status "empty"). Shares are parts of one. Only a
    true 0 is "0 pct.": 0.003 is "under 0,5 pct.", 0.997 "over 99,5 pct.". So are limits; that of a
    difference keeps its sign, "+0,0", as it says whether 0 is in the interval.
    """
    if form not in FORMS:
        raise ValueError(f"ukendt talform {form!r}; vælg en af {', '.join(FORMS)}")
    if status.startswith("["):
        return status
    if value is None or not math.isfinite(value):
        return _(NOBODY) if status == "empty" and form in NOBODYS else NONE
    word, number = _settle(value, form)
    text = write_decimal(str(abs(number)))
    if is_value(form):
        text = write_grouped(f"{abs(number):,f}")
    if form == "count":
        return format_count(value)
    if form == "p":
        return f"p {word or '='} {text}"
    text, word = text.rstrip("0") if form == "level" else text, _(word)
    if "signed" in form:
        sign = number if number or form.endswith("signed") or abs(value) <= 100 * HAIR else value
        return f"{'−' if sign < 0 else '+' if sign > 0 else ''}{text}"
    if number < 0 and form.startswith(("mean", "value")):
        return f"−{text}"
    between = NBSP if form == "bare_limit" else " "
    unit = _(FORMS[form][2], "1" if number == 1 else None)
    return f"{word}{between * bool(word)}{text}{unit}"


def are_alike(*shares, form="share"):
    """Whether shares are written as one number: 0.574 and 0.566 are both "57 pct."."""
    return len({write_number(share, form) for share in shares}) == 1


def name_measure(row):
    """What the numbers of a released row are: one of `forms.MEASURES`."""
    return getattr(row, "measure", "share")


def name_statistic(row):
    """What was made of the numbers of a released row: "mean", "median" … (`forms.STATISTICS`)."""
    return getattr(row, "statistic", "mean")


def format_count(value):
    """1877 → "1.877"."""
    return write_thousands(round(value))


def write_published(value):
    """A value of `published.csv` as it is written in text: 2816 → "2.816", 0.05 → "0,05"."""
    return format_count(int(value)) if value.isdecimal() else write_decimal(value)


def join_words(words):
    """["a", "b", "c"] → "a, b og c"; a `Text` where one of them is a number or a text."""
    *others, last = words
    between = _(" og ") if others else ""
    if not all(isinstance(word, str) for word in (*others, last)):
        return Text(join_texts(", ", others), between, last)
    return f"{', '.join(others)}{between}{last}"


def lower_first(label, names):
    """A label inside a sentence: "Staten" → "staten"; "Nord-Norge", "EU" and `names` stay."""
    first = label.partition(" ")[0]
    if any(label.startswith(name) and not label[len(name) :][:1].isalnum() for name in names):
        return label
    return label if any(letter.isupper() for letter in first[1:]) else label[:1].lower() + label[1:]


def _round(value, digits):
    # Half away from zero, on the decimal the reader would see; binary round() turns 0,5 down as
    # often as up.
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)  # no minus before a zero


def _settle(value, form):
    """(word, number): a finite value in the form's unit as readers see it; "under" its bound."""
    factor, digits, _unit = FORMS[form]
    value = factor * float(value)
    value = abs(value) if form.endswith("points") else value
    if form == "count":
        return "", Decimal(round(value))
    rounded = _round(value, digits)
    if form in ("p", "bare_p", "level"):
        return ("<", LEAST_P) if value < LEAST_P else ("", rounded)
    half = Decimal(5).scaleb(-digits - 1)
    if "signed" in form or form in ("mean", "mean_limit") or is_value(form):
        return "", rounded
    if value > 100 * HAIR and not rounded:
        return N_("under"), half
    if form != "points" and factor == 100 and rounded == 100 and value <= 100 * (1 - HAIR):
        most = 100 - half
        return ("" if Decimal(repr(float(value))) == most else N_("over")), most
    return "", rounded
