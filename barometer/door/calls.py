"""Calls from a chapter, checked before anything is computed: a missing argument, a wrong type or a
misspelt name is one line that says what to write.
"""

import inspect
import re
from collections.abc import Mapping
from functools import wraps
from types import MappingProxyType

from barometer.arguments import KINDS
from barometer.data.domains import list_heads
from barometer.display import Shown
from barometer.errors import BarometerError
from barometer.files.faults import suggest
from barometer.languages.speaking import (
    _,
    further,
    own_language,
    speak_again,
    spoken,
    translate,
)
from barometer.parameters import quote
from barometer.sentences.wordings import Sentence
from barometer.text import join_words


class CallError(BarometerError):
    """A call in a chapter that cannot be answered; the message says what to write instead."""


class MissingName(CallError, AttributeError):
    """An attribute that does not exist; the message names the one that was meant."""


def miss_name(owner, name, known, hint=""):
    """The error of an attribute that does not exist, on a thing that is called `owner`. `hint`:
    what is said of it instead of the name that may be meant.
    """
    if name.startswith("_"):  # Python and IPython look for many of those, and need no message
        return AttributeError(name)
    hint = hint or suggest(name, known)
    return MissingName(f"{owner}.{name} findes ikke.{hint} Her er {', '.join(known)}.")


class Looked:
    """A pandas table that a chapter is given: a name or column that it does not have is answered in
    one line. `_called`: what messages call it.
    """

    _called = "table"

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            raise miss_name(self._called, name, [*self.columns], self._lead(name)) from None

    def __getitem__(self, key):
        try:
            return super().__getitem__(key)
        except KeyError:
            known = ", ".join(map(str, self.columns))
            hint = self._lead(key) or suggest(key, self.columns)
            called = f"{self._called}[{quote(key)}]"
            raise CallError(f"{called} findes ikke.{hint} Her er {known}.") from None

    def _lead(self, name):
        """Where what is meant by a name is found; "" for what is nowhere."""
        return ""


class Lacking:
    """The answer to what a survey has not asked (`lacks` in its registry): the first call shows one
    line with that, and the others show nothing.
    """

    groups, is_withheld, mostly_shown = MappingProxyType({}), True, False

    def __init__(self, survey, texts):
        self.survey, self._texts, self._shown = survey, texts, False

    def most_frequent(self, *given, **named):
        """What is asked further is lacking too."""
        return self

    hold_against_next = most_frequent

    def __getattr__(self, name):
        if name == "tell" or name.startswith(("draw_", "show")):
            return self._say
        raise miss_name("svaret på det, undersøgelsen ikke har spurgt om", name, ["tell", "show"])

    def __repr__(self):
        named = join_words([f"»{text}«" for text in self._texts])
        line = _("{named} er ikke med i denne undersøgelse og er derfor udeladt.")
        return line.format(named=named)

    def _say(self, id, *given, when=True, **named):
        if not when:
            return None
        shown, self._shown = self._shown, True
        return Sentence(id, "" if shown else repr(self), "empty")


def _find_lacking(function, found):
    """The texts of what a call requests and the survey lacks."""
    lacks = getattr(getattr(found.get("self"), "registry", None), "lacks", None)
    if not lacks or function.__name__.startswith(("show", "tell")):
        return []
    asked = [one for name in ASKING if name in found for one in _list_given(found[name])]
    names = [name for one in asked for name in list_heads(one)]
    return list(dict.fromkeys(lacks[name] for name in names if name in lacks))


def _list_given(value):
    values = [value] if isinstance(value, str) else value or ()
    return [one for one in values if isinstance(one, str)]


ASKING = ("items", "by", "beside", "one", "other")  # arguments that name what is asked for
TEXTS, LABELLED = ("title", "shows", "topic"), ("rows", "parts")  # arguments that readers see


def public(function):
    """A function that a chapter calls: its arguments are checked by name (`KINDS`) before it runs.

    Raises `CallError`, with the first example of the function's docstring where something is
    missing.
    """
    signature, called = inspect.signature(function), _find_called(function)

    @wraps(function)
    def call(*given, **named):
        try:
            found = signature.bind(*given, **named).arguments
        except TypeError:
            raise CallError(_explain_call(function, signature, given, named)) from None
        for name, value in found.items():
            kind = "exhibit" if name == "id" and "title" in signature.parameters else name
            if kind in KINDS and not _is_left_out(signature, found, name):
                form, fits = KINDS[kind]
                if not fits(value):
                    refused = f"{name} = {quote(value)} kan ikke bruges"
                    raise CallError(f"{called}: {refused}. Skriv {form}.")
        bound = signature.bind(*given, **named)
        if lacking := _find_lacking(function, found):
            return Lacking(found["self"], lacking)
        if own_language() == spoken():
            shown = function(*given, **named)
        else:  # in a notebook that is run by hand in another language
            shown = _write(function, bound, spoken())
        return _write_further(function, bound, shown) if isinstance(shown, Shown) else shown

    return call


def _is_left_out(signature, found, name):
    """Whether an argument is not given, as is the title of what is not shown."""
    untitled = name == "title" and found.get("when") is False
    return found[name] is None and (untitled or signature.parameters[name].default is None)


def _write_further(function, bound, shown):
    """What a call shows, with the same in each further language (`Shown.variants`): only written,
    of the same estimates.
    """
    variants = {}
    for language in further():
        with speak_again(language):
            variants[language] = _write(function, bound, language)
    object.__setattr__(shown, "variants", variants)
    return shown


def _write(function, bound, language):
    """What a call shows in a language: its texts translated, and what it is called on as well."""
    id, parts = str(bound.arguments.get("id", "")), bound.signature.parameters
    arguments = {
        name: {one: _translate_wording(id, one, text) for one, text in value.items()}
        if parts[name].kind is inspect.Parameter.VAR_KEYWORD
        else _translate(id, name, value, language)
        for name, value in bound.arguments.items()
    }
    again = inspect.BoundArguments(bound.signature, arguments)
    return function(*again.args, **again.kwargs)


def _translate_wording(id, name, text):
    """One of the wordings of a sentence, which may be called as an argument of other functions is:
    `whole`."""
    return translate(text, f"{id} {name}") if isinstance(text, str) else text


def _translate(id, name, value, language):
    """An argument of a call in the language that is spoken."""
    if hasattr(type(value), "_in_language"):
        return value._in_language(language)
    if name in LABELLED and isinstance(value, Mapping):
        return {translate(label, "label"): one for label, one in value.items()}
    named = name in KINDS and name not in TEXTS
    return translate(value, f"{id} {name}") if isinstance(value, str) and not named else value


def _explain_call(function, signature, given, named):
    takes = [
        name
        for name, one in signature.parameters.items()
        if one.kind is not one.VAR_KEYWORD and name != "self"
    ]
    if unknown := [name for name in named if name not in takes and not _takes_any(signature)]:
        fault = f"{unknown[0]}= kendes ikke.{suggest(unknown[0], takes)}"
    elif lacking := [
        name
        for name, one in [*signature.parameters.items()][len(given) :]
        if one.default is one.empty and one.kind is not one.VAR_KEYWORD and name not in named
    ]:
        fault = f"{' og '.join(lacking)} mangler."
    else:
        fault = f"der er for mange argumenter, eller et er skrevet to gange; den tager {takes}."
    example = _find_example(function)
    return f"{_find_called(function)}: {fault}" + (f" Skriv fx {example}" if example else "")


def _find_example(function):
    """The first example of a function's docstring; "" for none."""
    lines = map(str.strip, (function.__doc__ or "").splitlines())
    return next((line.removeprefix(">>> ") for line in lines if line.startswith(">>> ")), "")


def _find_called(function):
    """What a chapter calls a function: by its own name, or by the one of its example."""
    names = re.findall(r"(\w+)\(", _find_example(function))
    return function.__name__ if function.__name__ in names else [*names, function.__name__][0]


def _takes_any(signature):
    return any(one.kind is one.VAR_KEYWORD for one in signature.parameters.values())
