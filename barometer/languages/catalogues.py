"""Catalogues of gettext: a text in another language, read from `.po` files as they are when a
process first needs one. There is nothing to compile.

A project has one a language in `notebooks/locale/LANGUAGE/LC_MESSAGES/project.po`, the program one
in `barometer/locale/LANGUAGE/LC_MESSAGES/barometer.po`, and one of its messages to whoever runs it
in `messages.po` beside it.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from barometer import paths

# the domains: of a project, of what the program shows, of its messages
PROJECT, PROGRAM, MESSAGES = "project", "barometer", "messages"
# a line of a catalogue: its word, or none where it goes on with the line before, and its text
LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)\s+)?"(.*)"\s*$')
FIELDS = {"msgctxt": "context", "msgid": "text", "msgstr": "translation"}
ESCAPED, SIGNS = re.compile(r"\\(.)"), {"n": "\n", "t": "\t", "r": "\r"}


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


def list_untranslated(language, domains=(PROJECT, PROGRAM)):
    """The texts of the catalogues of a language that have no translation, or whose original has
    changed since; of a catalogue that is not there, its name.
    """
    found = []
    for domain in domains:
        path, known = find_catalogue(domain, language), read_catalogue(domain, language)
        texts = _list_texts(path) if path.is_file() else [(None, path.name)]
        found += [text for context, text in texts if (context, text) not in known]
    return found


def _list_texts(path):
    return [(entry.context, entry.text) for entry in _read_entries(path) if entry.text]


@cache
def _read(path, _time):
    return {
        (entry.context, entry.text): entry.translation
        for entry in _read_entries(Path(path))
        if entry.text and entry.translation and not entry.fuzzy
    }


@dataclass
class Entry:
    """A text of a catalogue and its translation, "" for none; `fuzzy`: of a text since changed."""

    context: str | None = None
    text: str = ""
    translation: str = ""
    fuzzy: bool = False


def _read_entries(path):
    """The `Entry`s of a catalogue of texts without plural forms. It is read here and not by Babel,
    which takes ten times as long: each command in another language waits for it.
    """
    entries, field = [Entry()], "translation"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            if line.startswith("#,") and "fuzzy" in line:
                entries.append(Entry(fuzzy=True))
                field = ""
            continue
        if not (found := LINE.match(line)):
            continue
        word, content = found.groups()
        if word:
            # the first of an entry: after a translation, or after its flags
            if word != "msgstr" and field == "translation":
                entries.append(Entry())
            field = FIELDS[word]
        content = ESCAPED.sub(lambda one: SIGNS.get(one[1], one[1]), content)
        setattr(entries[-1], field, (getattr(entries[-1], field) or "") + content)
    return entries
