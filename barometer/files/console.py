"""Where a program's words go: a terminal, a file or nothing at all, in whatever letters it has."""

import codecs
import os
import sys
import unicodedata

from barometer.languages.messages import express, follow_project

LETTERS = {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"}
SIGNS = {"»": '"', "«": '"', "’": "'", "…": "...", "×": "x", "→": "->"}
PLAIN = LETTERS | SIGNS | dict.fromkeys("–—·−", "-")
HANDLER = "barometer.plain"


def settle_streams():
    """Let the program write whatever it has to write, wherever its output goes.

    What a terminal or a file cannot show is replaced by letters that it can. Closed streams lead
    nowhere: the numbers 0 to 2 would else be given to files and pipes, in which the words of
    processes that are started would end up.
    """
    follow_project()
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            if (opened := os.open(os.devnull, os.O_RDWR)) == number:
                os.set_inheritable(opened, True)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # It stays open while the program runs.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=HANDLER)
        if mode == "w":
            setattr(sys, name, Expressed(getattr(sys, name)))


class Expressed:
    """A stream on which messages are written in the language of whoever reads them."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, text):
        return self._stream.write(express(text))

    def writelines(self, lines):
        self.write("".join(lines))

    def __getattr__(self, name):
        return getattr(self._stream, name)


def is_watched(stream):
    """Whether what is written there is read in a terminal, and not kept in a file."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # none, or closed
        return False


def _replace(error):
    """What cannot be shown, in ASCII: a Danish letter's usual spelling, a letter without accent."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spell, error.object[error.start : error.end])), error.end


def _spell(character):
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return PLAIN.get(character) or plain or "?"


codecs.register_error(HANDLER, _replace)
