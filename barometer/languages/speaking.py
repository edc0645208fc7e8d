"""The language that texts are written in at the moment, and those that they are written in besides.

`SOURCE` is what the program's own texts are written in; a project's are in the language of its
`report.yaml`. A process writes one language at a time. A chapter is executed in one, and what it
shows is written again in each of the `further` ones, of the same estimates.
"""

import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from barometer import paths
from barometer.languages.catalogues import PROGRAM, PROJECT, list_languages, read_catalogue

SOURCE = "da"
LANGUAGE = re.compile(r"""^language:[ \t]*["']?([a-z]{2,3})""", re.MULTILINE)
LANGUAGES = re.compile(r"^languages:[ \t]*\[([^]\n]*)\]", re.MULTILINE)
_spoken, _further, _again = [SOURCE], [()], []


def spoken():
    """The code of the language that is spoken, such as "da"."""
    return _spoken[-1]


def own_language():
    """The language that the project that is served is written in, as its `report.yaml` says."""
    try:
        path = paths.NOTEBOOKS / "report.yaml"
        return _read_languages(str(path), path.stat().st_mtime_ns)[0]
    except (OSError, ValueError):  # no project is near
        return SOURCE


def other_languages():
    """Those that it can be read in besides: `languages:` of its `report.yaml`, in order."""
    try:
        path = paths.NOTEBOOKS / "report.yaml"
        own, others = _read_languages(str(path), path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return ()
    return tuple(one for one in others if one != own)


@cache
def _read_languages(path, _time):
    text = Path(path).read_text("utf-8", "replace")
    own, others = LANGUAGE.search(text), LANGUAGES.search(text)
    known = {SOURCE, *list_languages(PROGRAM), *list_languages(PROJECT)}
    # one that is not known is refused with the rest of the front matter, before anything is run
    own = own[1] if own and own[1] in known else SOURCE
    others = re.findall(r"[a-z]{2,3}", others[1] if others else "")
    return own, [one for one in others if one in known]


@contextmanager
def speak(language):
    """Let all that is written within be in a language."""
    _spoken.append(language)
    try:
        yield
    finally:
        _spoken.pop()


def settle(language):
    """Write in a language from now on, where no other is chosen: in a notebook opened by hand."""
    _spoken[0] = language


def further():
    """The languages that what is shown is written in besides the one that is spoken."""
    return () if _again else _further[-1]


@contextmanager
def write_further(languages):
    """Let what is shown within be written in these languages too."""
    _further.append(tuple(languages))
    try:
        yield
    finally:
        _further.pop()


@contextmanager
def speak_again(language):
    """Within, what has been written in the language of the chapter is written in another."""
    _again.append(language)
    try:
        with speak(language):
            yield
    finally:
        _again.pop()


def is_again():
    """Whether something is written once more, in another language than its chapter's."""
    return bool(_again)


def _(text, context=None):
    """A text of the program in the language that is spoken; as it is where it has no translation.

    Placeholders are filled afterwards: `_("{number} fejl").format(number=3)`, never an f-string.
    """
    language = _spoken[-1]
    if language == SOURCE or not text:
        return text
    known = read_catalogue(PROGRAM, language)
    return known.get((context, text)) or known.get((None, text), text)


def N_(text, context=None):
    """A text of the program, or a dict or tuple of them, which is translated with `_` where it is
    used: a constant.
    """
    return text


def translate(text, context=None):
    """A text of the project, as `_`: of its chapters, `report.yaml`, cards or published results.

    `context`: where it stands, such as "D15 same"; without one, or where that has no translation,
    by the text alone.
    """
    known = read_catalogue(PROJECT, _spoken[-1])
    return known.get((context, text)) or known.get((None, text), text) if known else text
