"""`python -m barometer translate [LANGUAGE …]`: catalogues brought up to date, and checked."""

import sys

from babel.localedata import exists

from barometer.languages.catalogues import (
    MESSAGES,
    PROGRAM,
    PROJECT,
    find_catalogue,
    list_languages,
)
from barometer.languages.speaking import SOURCE, own_language
from barometer.paths import PACKAGE
from barometer.tools.command_line import make_parser
from barometer.translating import messages, program
from barometer.translating.catalogues import find_faults, update_catalogue
from barometer.translating.project import list_messages

HELP = """Bring oversættelsernes kataloger ajour med teksterne, og kontrollér dem.

Et sprog, som intet katalog har endnu, får et nyt. Uden et sprog: alle, der er begyndt på."""
SHOWN = 20  # texts that lack a translation and are named


def main(arguments):
    """Update and check. Returns the exit code: 1 where a translation is missing or wrong."""
    given = _read_arguments(arguments)
    failed = False
    for language in given.languages:
        if not exists(language):
            sys.stderr.write(f"{language} er ikke koden for et sprog. Skriv fx en, nb eller de.\n")
            return 1
    for domain, texts in _list_domains():
        own = own_language() if domain == PROJECT else SOURCE
        for language in given.languages or list_languages(domain):
            if language == own:  # there is nothing to translate
                continue
            if not given.check:
                update_catalogue(domain, language, texts)
            missing, wrong = find_faults(domain, language, texts)
            failed |= bool(missing or wrong)
            path = find_catalogue(domain, language)
            sys.stdout.write(f"{path}: {len(texts) - len(missing)} af {len(texts)} tekster\n")
            for message, why in wrong:
                sys.stdout.write(f"  {name_message(message)}: {why}\n")
            for message in missing[: None if given.all else SHOWN]:
                sys.stdout.write(f"  {name_message(message)}: mangler\n")
    return 1 if failed else 0


def name_message(message):
    """Where a text stands, and how it begins."""
    where = ":".join(map(str, message.place))
    return f"{where} {message.context or ''} »{message.text[:50]}«"


def _list_domains():
    yield PROJECT, list_messages()
    if (PACKAGE.parent / ".git").exists():  # of an installed program they are what they are
        yield PROGRAM, program.list_messages()
        yield MESSAGES, messages.list_messages()


def _read_arguments(arguments):
    parser, add = make_parser("translate", HELP, "Intet er kontrolleret.")
    add("languages", nargs="*", metavar="SPROG", help="sprogets kode: en, nb …")
    add("--check", action="store_true", help="kontrollér kun; skriv intet")
    add("--all", action="store_true", help="nævn alle, der mangler")
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
