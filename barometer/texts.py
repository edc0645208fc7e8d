"""Text as a survey's files hold it: bytes into characters, and characters into one way of writing each letter.

All names, labels, codes and file names are compared in Unicode's form NFC: å may be one code point or two (as Mac
computers write it), and both look the same to everybody but a program.
"""
import unicodedata

from barometer.faults import DataFault, Fault

SAVE_AS_UTF8 = "gem filen igen som »CSV UTF-8 (kommasepareret)«"
WINDOWS = "cp1252"
# What Danish text in Windows-1252 has beside ASCII. Other characters are a sign of another encoding: in that of the
# old DOS (cp850) and of Macs, the bytes of æ, ø and å are other signs than these.
LETTERS = {chr(code) for code in range(0xC0, 0x100)} - {"×", "÷", "Ã"} | set("ŠšŽžŸ")
SIGNS = set("–—…“”„«»€§°½¼´·®©\u00a0")


def normalise(text):
    """A text in NFC; anything but a text as it is."""
    return unicodedata.normalize("NFC", text) if isinstance(text, str) and not text.isascii() else text


def write_alike(text):
    """What two labels are compared by: NFC, no difference between capitals and small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def find_alike(labels):
    """[[key, key, …], …] of the texts of {key: text} that are written alike."""
    found = {}
    for key, text in labels.items():
        found.setdefault(write_alike(text), []).append(key)
    return [keys for keys in found.values() if len(keys) > 1]


def decode(name, content):
    """Text of a file in UTF-8, with or without byte order mark, in NFC. Raises `DataFault` for another encoding."""
    try:
        return normalise(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        remedy = SAVE_AS_UTF8 if name.endswith(".csv") else "gem filen igen som UTF-8"
        line = content.count(b"\n", 0, error.start) + 1
        raise DataFault([Fault(name, f"filen er ikke i tegnkodningen UTF-8 (linje {line})", remedy)]) from None


def decode_windows(content):
    """Bytes read as Windows-1252, in NFC, or None where they hardly are."""
    try:
        text = content.decode(WINDOWS)
    except UnicodeDecodeError:
        return None
    odd = {c for c in text if not c.isascii()} - LETTERS - SIGNS
    if odd - {"’"}:
        return None
    apostrophes = (place for place, c in enumerate(text) if c == "’") if odd else ()
    return None if any(not text[max(0, place - 1):place].isalpha() for place in apostrophes) else normalise(text)
