"""Text as a survey's files hold it: bytes into characters, one way of writing each letter, numbers.

Names, labels, codes and file names are compared in Unicode's form NFC: å may be one code point or
two (as Mac computers write it), and both look the same to everybody but a program.
"""

import re
import unicodedata

from barometer.files.faults import refuse

SAVE_AS_UTF8 = "gem filen igen som »CSV UTF-8 (kommasepareret)«"
WINDOWS = "cp1252"
# What Danish text in Windows-1252 has beside ASCII. Other characters are a sign of another
# encoding: in that of the old DOS (cp850) and of Macs, the bytes of æ, ø and å are other signs than
# these.
LETTERS = {chr(code) for code in range(0xC0, 0x100)} - {"×", "÷", "Ã"} | set("ŠšŽžŸ")
# letters that are no accents, as ASCII
ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
SHORT = 40  # characters of a name made of a text
SIGNS = set("–—…“”„«»€§°½¼´·®©\u00a0")


def normalise(text):
    """A text in NFC; anything but a text as it is."""
    plain = not isinstance(text, str) or text.isascii()
    return text if plain else unicodedata.normalize("NFC", text)


def write_alike(text):
    """What labels are compared by: NFC, without capitals, single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def make_name(text):
    """A name of a-z, 0-9 and _ for a question or an item, made of a text or a column's name."""
    plain = text.casefold().translate(ASCII)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    whole = re.match(rf"\w{{1,{SHORT}}}(?=_|$)", name)  # as many whole words as there is room for
    return whole[0].strip("_") if whole else name[:SHORT]


def find_alike(labels):
    """[[key, key, …], …] of the texts of {key: text} that are written alike."""
    found = {}
    for key, text in labels.items():
        found.setdefault(write_alike(text), []).append(key)
    return [keys for keys in found.values() if len(keys) > 1]


def decode(name, content):
    """Text in NFC of a file in UTF-8, with or without a mark. Raises `DataFault` for any other."""
    try:
        return normalise(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        remedy = SAVE_AS_UTF8 if name.endswith(".csv") else "gem filen igen som UTF-8"
        line = content.count(b"\n", 0, error.start) + 1
        refuse(name, f"filen er ikke i tegnkodningen UTF-8 (linje {line})", remedy)


def decode_windows(content):
    """Bytes read as Windows-1252, in NFC, or None where they hardly are."""
    try:
        text = content.decode(WINDOWS)
    except UnicodeDecodeError:
        return None
    odd = {c for c in text if not c.isascii()} - LETTERS - SIGNS
    apostrophes = [place for place, c in enumerate(text) if c == "’"] if odd else []
    strange = odd - {"’"} or any(not text[max(0, at - 1) : at].isalpha() for at in apostrophes)
    return None if strange else normalise(text)


WHOLE = re.compile("[0-9]+")
COUNT = re.compile("[1-9][0-9]*")
PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMA = re.compile(r"-?[0-9]+(,[0-9]+)?")
GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")  # may be thousands
# what somebody meant as a number
LOOKS = re.compile(r"[+-]?[\d.,'’\s]*\d[\d.,'’\s]*(e[+-]?\d+)?\s*%?", re.I)
SMALL = 100  # beside whole numbers below this, 1.250 is one and a quarter
INFINITE = ("inf", "-inf")


def read_numbers(series, comma=False):
    """A column as numbers or nan. A text that is none, or may be two, stays text (object)."""
    if not _holds_text(series):
        return series.astype(float)
    texts = series.astype("str")
    plain = texts.str.fullmatch(PLAIN.pattern) | texts.isin(INFINITE)
    if comma and texts.str.contains(",", regex=False).any():
        plain, texts = texts.str.fullmatch(COMMA.pattern), texts.str.replace(",", ".", regex=False)
    else:
        plain &= ~_find_doubtful(texts, comma)
    good = plain.fillna(False).to_numpy(bool) | texts.isna().to_numpy()
    if good.all():
        return texts.astype(float)
    # Not one by one: a large file may have a wrong number in each row.
    numbers = texts.where(good).astype(float).astype(object)
    return numbers.where(good, series.astype("str"))


def find_texts(series):
    """Which rows (booleans) of a column that was read hold no number but a text."""
    import numpy as np  # here and below, so that a run that has nothing to do is done soon

    if series.dtype != object:
        return np.zeros(len(series), dtype=bool)
    return np.array([isinstance(value, str) for value in series])


def is_number(text, comma=False):
    """Whether a text is one number: digits, and a point (or comma) that divides no thousands."""
    if comma and "," in text:
        return bool(COMMA.fullmatch(text))
    return bool(PLAIN.fullmatch(text)) and not GROUPED.fullmatch(text)


def _holds_text(series):
    import numpy as np
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.cat.categories.to_series()
    if isinstance(series.dtype, pd.StringDtype):
        return True
    if series.dtype != object:
        return False
    return any(isinstance(value, str | bytes | list | dict | np.ndarray) for value in series)


def _find_doubtful(texts, comma):
    """Which rows may hold thousands: all with a point have three digits behind it."""
    import numpy as np

    grouped, pointed = texts.str.fullmatch(GROUPED.pattern), texts.str.contains(".", regex=False)
    grouped, pointed = grouped.fillna(False).to_numpy(bool), pointed.fillna(False).to_numpy(bool)
    if not grouped.any() or (grouped != pointed).any():
        return np.zeros(len(texts), dtype=bool)
    if comma:
        return grouped
    whole = texts.where(texts.str.fullmatch(WHOLE.pattern).fillna(False)).dropna().astype(float)
    return grouped if (whole >= SMALL).any() else np.zeros(len(texts), dtype=bool)
