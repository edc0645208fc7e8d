"""How numbers are written in the language that is spoken, as Unicode's CLDR has it (Babel)."""

import re
from functools import cache
from string import digits

from barometer.languages.speaking import SOURCE, spoken

DANISH = (",", ".")  # the source's, so that a report in it needs no Babel
WRITTEN = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d+")  # as only the source writes a number


def separators():
    """(decimal sign, sign between thousands)."""
    return DANISH if spoken() == SOURCE else _read(spoken())


@cache
def _read(language):
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(language), get_group_symbol(language)


def count_decimals(text):
    """How many decimals the first number in a text has that has some: 1 in "0,5 %"."""
    after = text.partition(separators()[0])[2]
    return len(after) - len(after.lstrip(digits))


def write_decimal(text):
    """A number with a decimal point, as people write it: "0.05" → "0,05"."""
    return text.replace(".", separators()[0])


def write_thousands(number):
    """A whole number: 1877 → "1.877"."""
    return write_grouped(f"{number:,}")


def write_grouped(text):
    """A number as Python groups it: "1,877.5" → "1.877,5"."""
    decimal, between = separators()
    return text.translate({ord(","): between, ord("."): decimal})


def localise_number(text, language, written):
    """A number that is `written` in the source's language, in another: "1.030.000" → "1,030,000".
    Any other text stays.
    """
    if written != SOURCE or language == SOURCE or not WRITTEN.fullmatch(text):
        return text
    decimal, between = _read(language)
    return text.translate({ord(DANISH[0]): decimal, ord(DANISH[1]): between})


def name_territory(language):
    """A language with the country where most use it: "da" → "da_DK"."""
    from babel.core import get_global

    if language == "en":  # spelt as in Europe
        return "en_GB"
    known = get_global("likely_subtags").get(language, language).split("_")
    return "_".join((known[0], *known[2:]))


def name_months():
    """The names of the months as dates have them."""
    from babel.dates import get_month_names

    return list(get_month_names("wide", locale=spoken()).values())


def name_language(language):
    """What a language calls itself, with a capital: "da" → "Dansk"."""
    from babel.core import Locale

    name = Locale(language).get_display_name()
    return name[:1].upper() + name[1:]


def name_alpha3(language):
    """A language as the EU's list has it, by ISO 639-3: "da" → "DAN"."""
    if language == SOURCE:
        return "DAN"
    from babel.core import get_global

    aliases = get_global("language_aliases").items()
    known = [code for code, name in aliases if name == language and len(code) == 3]
    # "deu" and not the older "ger"
    return min(known, key=lambda code: not code.startswith(language), default=language).upper()
