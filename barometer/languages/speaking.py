"""The language that texts are written in at the moment.

`SOURCE` is what the program's own texts are written in; a project may have another. A process
speaks one language at a time: what is written within `speak` is in that language.
"""

from contextlib import contextmanager

from barometer.languages.catalogues import PROGRAM, PROJECT, read_catalogue

SOURCE = "da"
_spoken = [SOURCE]


def spoken():
    """The code of the language that is spoken, such as "da"."""
    return _spoken[-1]


@contextmanager
def speak(language):
    """Let all that is written within be in a language."""
    _spoken.append(language)
    try:
        yield
    finally:
        _spoken.pop()


def _(text, context=None):
    """A text of the program in the language that is spoken; as it is where it has no translation.

    Placeholders are filled afterwards: `_("{number} fejl").format(number=3)`, never an f-string.
    """
    language = _spoken[-1]
    if language == SOURCE or not text:
        return text
    return read_catalogue(PROGRAM, language).get((context, text), text)


def translate(text, context=None):
    """A text of the project, as `_`: of its chapters, `report.yaml`, cards or published results.

    `context`: where it stands, such as "D15 same"; without one, or where that has no translation,
    by the text alone.
    """
    language = _spoken[-1]
    if language == SOURCE or not text:
        return text
    known = read_catalogue(PROJECT, language)
    return known.get((context, text)) or known.get((None, text), text)
