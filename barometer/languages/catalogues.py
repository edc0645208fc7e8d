"""Catalogues of gettext: a text in another language, read from `.po` files as they are when a
process first needs one. There is nothing to compile.

A project has one a language in `notebooks/locale/LANGUAGE/LC_MESSAGES/project.po`, the program one
in `barometer/locale/LANGUAGE/LC_MESSAGES/barometer.po`.
"""

from functools import cache
from pathlib import Path

from barometer import paths

PROJECT, PROGRAM = "project", "barometer"  # the two domains


def find_folder(domain):
    """The folder `locale` of a domain's catalogues."""
    return (paths.NOTEBOOKS if domain == PROJECT else paths.PACKAGE) / "locale"


def find_catalogue(domain, language):
    """The path of a catalogue, whether there is one or not."""
    return find_folder(domain) / language / "LC_MESSAGES" / f"{domain}.po"


def list_languages(domain):
    """The languages that a domain has a catalogue of, by their codes ("en", "nb")."""
    return sorted(path.parts[-3] for path in find_folder(domain).glob(f"*/LC_MESSAGES/{domain}.po"))


def read_catalogue(domain, language):
    """{(context or None, text): text in `language`}, without those that are not translated, or
    whose original has changed since (`fuzzy`). A language without a catalogue has none.
    """
    path = find_catalogue(domain, language)
    try:
        return _read(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


def list_untranslated(language):
    """The texts of the catalogues of a language that have no translation, or whose original has
    changed since; of a catalogue that is not there, its name.
    """
    found = []
    for domain in (PROJECT, PROGRAM):
        path, known = find_catalogue(domain, language), read_catalogue(domain, language)
        texts = _list_texts(path) if path.is_file() else [(None, path.name)]
        found += [text for context, text in texts if (context, text) not in known]
    return found


def _list_texts(path):
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return [(message.context, message.id) for message in read_po(file) if message.id]


@cache
def _read(path, _time):
    # here, so that a run in one language never imports Babel
    from babel.messages.pofile import read_po

    with Path(path).open("rb") as file:
        found = read_po(file)
    return {
        (message.context, message.id): message.string
        for message in found
        if message.id and message.string and not message.fuzzy
    }
