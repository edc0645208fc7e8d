"""Messages to whoever runs the program, in the language that they have chosen for programs.

They are written in Danish, as f-strings, and put together of each other: a fault of a file has its
place, its problem and its remedy. So a message is translated when it is shown, by its form: the
catalogue has "{name} mangler", which "population.csv mangler" has, and what stands in its field is
translated in its turn. A text in quotation marks is somebody else's and stays.

The choice is gettext's: the first of LANGUAGE, LC_ALL, LC_MESSAGES and LANG that is set. Where none
is, or the language is C, a command's messages are in the language of its project. In a language
without a catalogue they stay as they are.
"""

import os
import re
from functools import cache, lru_cache

from barometer.errors import show_with
from barometer.languages.catalogues import MESSAGES, list_languages, read_catalogue
from barometer.languages.numerals import localise_number
from barometer.languages.speaking import SOURCE, own_language, spoken

FIELD = re.compile(r"{(\w+)}|%\((\w+)\)s")
# where one message may end and another begin
BREAK = re.compile(
    r"(?<=[.;:,!?«'])\s+|(?=[.;:,)]+(?:\s|$))|(?<=[(])|\s(?=[(])|\s\s+"
    r"|(?:\s*[\n\r]\s*|^)(?:[*#-]+\s)*"
)
SENTENCE = re.compile(r"[.;:!?]\s+")
NAMED = re.compile(r"»[^«]*«|“[^”]*”")
QUOTED = (("»", "«"), ("“", "”"), ('"', '"'), ("'", "'"))
WORD = re.compile(r"[\w\0]+")
LEAST = 4  # letters of a form, below which it is one only where a number stands last
LONGEST = 5000  # characters of a message of several lines
MOST = 20  # places, besides the ends of sentences, at which a message is looked for


_followed = []  # [the language of messages where nobody has chosen one, "" for the project's]


def choose_language():
    """The language of the program's messages, by the environment, or else by the project."""
    chosen = _choose(*map(os.environ.get, ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")))
    if chosen or not _followed:
        return chosen or SOURCE
    language = _followed[-1] or own_language()
    return language if language in _list_known() else SOURCE


def follow_project():
    """Let messages be in the project's language where nobody has chosen: in a command."""
    _followed[:] = [""]


def follow_language(language):
    """The same in a language, of a command that makes a project in it."""
    if _followed:
        _followed[:] = [language]


@cache
def _choose(languages, *named):
    """The language that an environment chooses; None where it chooses none."""
    locale = next(filter(None, named), "C")
    if locale.split(".")[0] in ("C", "POSIX"):
        return None
    for wanted in [*(languages or "").split(":"), locale]:
        language = re.split(r"[_.@-]", wanted.lower())[0]
        if language in _list_known():
            return language
    return SOURCE


@cache
def _list_known():
    return {SOURCE, *list_languages(MESSAGES)}


def express(text):
    """A message as it is to be shown: in the language of whoever runs the program."""
    return express_in(choose_language(), text)


def express_in(language, text):
    """The same in a language: in a file that is written in it."""
    if language == SOURCE or not text.strip():
        return text
    return _translate(text, language, spoken())[1]


def express_shown(text):
    """A message beside what a notebook shows: where nobody has chosen, in the language of what is
    shown.
    """
    language = choose_language()
    language = spoken() if language == SOURCE else language
    return text if language == SOURCE else _translate(text, language, spoken())[1]


show_with(express)


@lru_cache(maxsize=10_000)
def _translate(text, language, written):
    """(how many letters are found in the catalogue, the text in a language). `written`: the
    language that numbers in it are written in.
    """
    if (bare := text.strip()) != text:
        before, _, after = text.partition(bare) if bare else (text, "", "")
        found, put = _translate(bare, language, written) if bare else (0, "")
        return found, f"{before}{put}{after}"
    whole = _fit(text, language, written) if len(text) < LONGEST else None
    if "\n" in text and not whole:  # else a message is on one line
        lines = [_translate(line, language, written) for line in text.split("\n")]
        return sum(found for found, _ in lines), "\n".join(line for _, line in lines)
    kept = {at for one in NAMED.finditer(text) for at in range(one.start() + 1, one.end())}
    places = {at for one in BREAK.finditer(text) for at in one.span()} - kept
    places = sorted({0, *places, len(text)})
    begun = [one.end() for one in SENTENCE.finditer(text) if one.end() in places]
    # the best way to reach each place: (letters found, pieces before, where from, text)
    best = {0: (0, 0, "")}
    for end_number, end in enumerate(places[1:], 1):
        ways = []
        near = places[max(0, end_number - MOST) : end_number]
        for begin in sorted({0, *near, *(one for one in begun if one < end)}):
            found, pieces, before = best[begin]
            piece = text[begin:end]
            fitted = whole if piece == text else _fit(piece, language, written)
            if fitted:
                ways.append((found + fitted[0], pieces - 1, before + fitted[1]))
            elif begin == places[end_number - 1]:
                ways.append((found, pieces - 1, before + piece))
        best[end] = max(ways, key=lambda way: way[:2])
    return best[len(text)][0], best[len(text)][2]


@lru_cache(maxsize=50_000)
def _fit(text, language, written):
    """As `_translate` for a text that has a form as a whole; None for one that has none."""
    if not text or text != text.strip():
        return None
    plain, forms = _read_forms(language)
    small, found = text[:1].lower() + text[1:], None
    if text in plain or small in plain:
        put = plain.get(text) or plain[small][:1].upper() + plain[small][1:]
        return len(text), put
    for word in dict.fromkeys(["", *WORD.findall(text), *WORD.findall(small)]):
        for letters, short, chunk, form, translation in forms.get(word, ()):
            # a text of several lines has a form of several, or each has its own
            if ("\n" in text and "\n" not in form) or (chunk not in text and chunk not in small):
                continue
            pattern = _make_pattern(form)
            if not (match := pattern.fullmatch(text)):
                if not (match := pattern.fullmatch(small)):
                    continue
                translation = translation[:1].upper() + translation[1:]
            if short and not re.search(r"\d", match[match.lastindex]):
                continue
            filled, more = _fill(match, translation, language, written)
            # the form that says most by itself, where several find as much
            if found is None or (letters + more, letters) > found[:2]:
                found = letters + more, letters, filled
    return found and (found[0], found[2])


def _fill(match, translation, language, written):
    """(a translation with what stands in the fields of a text, the letters found in those)."""
    values, letters = {}, 0
    for name, value in match.groupdict().items():
        begin, end = match.span(name)
        around = match.string[begin - 1 : begin], match.string[end : end + 1]
        own = begin > 0 and around in QUOTED
        found, put = (0, value) if own or not value else _translate(value, language, written)
        put = put if own else localise_number(put, language, written)
        values[name], letters = put, letters + found
    return FIELD.sub(lambda one: values[one[1] or one[2]], translation), letters


@cache
def _read_forms(language):
    """({a message without fields: its translation}, {a word: [(length, whether letters are few,
    longest piece, form, translation) of those with fields that have it as their longest]}).
    """
    plain, forms = {}, {}
    for (_, form), translation in read_catalogue(MESSAGES, language).items():
        if not FIELD.search(form):
            plain[form] = translation
            continue
        words = WORD.findall(FIELD.sub("\0", form))
        longest = max((one for one in words if "\0" not in one), key=len, default="")
        bare, chunk = FIELD.sub("", form), max(FIELD.sub("\0", form).split("\0"), key=len)
        short = len(re.sub(r"\W|_", "", bare)) < LEAST
        forms.setdefault(longest, []).append((len(bare), short, chunk, form, translation))
    return plain, forms


@cache
def _make_pattern(form):
    """What a text of a form looks like; a field that stands twice has the same in it."""
    parts, seen, at = [], set(), 0
    for one in FIELD.finditer(form):
        name = one[1] or one[2]
        parts.append(re.escape(form[at : one.start()]))
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.*?)")
        seen.add(name)
        at = one.end()
    return re.compile("".join([*parts, re.escape(form[at:])]), re.DOTALL)
