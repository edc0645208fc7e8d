"""Two wordings that differ in one word only, written as one: "{oftere}" is "oftere" where the first
share is the larger, and "sjældnere" where it is the smaller. "{more often|less often}" has both.
Wordings that a sentence does not take, lacks, or that are no texts, are refused here.
"""

import re
from string import Formatter

from barometer.door.calls import CallError
from barometer.files.faults import suggest
from barometer.sentences.wordings import SURE
from barometer.text import EARLIER

EITHER = re.compile(r"{([^{}|]+)\|([^{}|]+)}")  # both words, as in a translation

# {word of the larger share: word of the smaller}. In a wording it stands in braces, and with a
# capital where it begins a sentence: "{Oftere} end andre …".
PAIRS = {
    "oftere": "sjældnere",
    "hyppigere": "sjældnere",
    "højere": "lavere",
    "større": "mindre",
    "flere": "færre",
    "mere": "mindre",
    "bedre": "dårligere",
    "stærkere": "svagere",
}
_FORMS = {
    form(larger): form(smaller) for larger, smaller in PAIRS.items() for form in (str, str.title)
}


def split_wording(id, name, wording):
    """(the wording of the larger share, that of the smaller) of one with words of `PAIRS` in
    braces.

    >>> split_wording("D15", "differs", "De er {oftere} delt.")
    ("De er oftere delt.", "De er sjældnere delt.")

    Raises `CallError` for a wording without any: both would say the same.
    """
    larger, smaller = (EITHER.sub(rf"\{number}", wording) for number in (1, 2))
    for word, opposite in _FORMS.items():
        larger = larger.replace(f"{{{word}}}", word)
        smaller = smaller.replace(f"{{{word}}}", opposite)
    if larger == smaller:
        written = [word for word in re.findall(r"{(\w+)}", wording) if suggest(word, _FORMS)]
        unknown = (
            f" {{{written[0]}}} er intet af dem.{suggest(written[0], _FORMS)}" if written else ""
        )
        raise CallError(
            f"{id}: {name}= har intet ord, der skifter.{unknown} Skriv et af "
            f"{', '.join(f'{{{word}}}' for word in PAIRS)}, eller skriv begge sætninger: "
            f"{'more= og less=' if name == 'differs' else f'{name}_more= og {name}_less='}."
        )
    return larger, smaller


LETTERS = "abcdefgh"  # placeholders of shares, in the order of a sentence's items
SHARES = {"shares": 1, "difference": 2, "together": 2, "which": 2}  # of each item, by kind
# what a sentence of a kind can name besides
NAMED = {
    "difference": ("forskel", "navn", "resten"),
    "together": ("hvilke",),
    "which": ("resten",),
    "table": ("dele",),
    "list": ("navne", "tendens", "udeladt"),
}
PAIRED = ("differs", "tendency")  # wordings that stand for two
HELD = ("withheld", "otherwise")


def check_wordings(id, wordings):
    """Raise `CallError` for the first wording of a sentence that is no text, or whose braces are
    not around a name each.
    """
    for name, wording in wordings.items():
        if not isinstance(wording, str):
            raise CallError(f"{id}: {name} = {wording!r} er ikke en tekst i anførselstegn.")
        try:
            odd = [one for one in Formatter().parse(wording) if one[2] or one[3] or one[1] == ""]
        except ValueError:
            odd = [("", wording[:60], "", None)]
        if odd:
            written = "".join(filter(None, (odd[0][1], odd[0][3] and "!", odd[0][3])))
            raise CallError(
                f"{id}: klammerne i {name}= skal stå om et navn hver, som {{a}}, og her står "
                f"»{written}«."
            )


def list_fields(wording):
    """The names in a wording's braces, in order."""
    return [name for _, name, _, _ in Formatter().parse(wording) if name]


def check_placeholders(id, kind, wordings, items, numbers, terms):
    """Raise `CallError` for a placeholder that no sentence of its kind can fill, also in a wording
    that these data do not choose.

    `items`: those that the sentence is on; `numbers`, `terms`: names of further numbers and words.
    """
    count = SHARES.get(kind, 0) * (1 if kind == "which" else len(items))
    letters = [*LETTERS[:count], *numbers]
    counted = [f"n_{one}" for one in letters]
    known = [*letters, *counted, *NAMED.get(kind, ()), *terms, *SURE]
    known = [one for one in known if one not in EARLIER]
    for name, wording in wordings.items():
        fitting = [*known, *(("emne", "grund") if name in (*HELD, "untested") else ())]
        fitting += [f"{one}_alle" for one in letters] if name == "words" else []
        fitting += [*_FORMS] if name in PAIRED else []
        for field in list_fields(wording):
            if EARLIER.get(field, field) not in fitting and not (name in PAIRED and "|" in field):
                names = [*fitting, *(old for old, new in EARLIER.items() if new in fitting)]
                raise CallError(
                    f"{id}: {{{field}}} i {name}= kendes ikke.{suggest(field, names)} "
                    f"Her kan bruges {', '.join(f'{{{one}}}' for one in fitting)}."
                )


def refuse_unknown(function, given, known):
    """Raise `CallError` for the first of the named wordings that a function does not take."""
    for name in given:
        if name not in known:
            raise CallError(
                f"{function}: {name}= kendes ikke.{suggest(name, known)} "
                f"Her kan skrives {', '.join(known)}."
            )


def miss_wordings(id, lacking, example):
    """The error of a sentence that lacks these wordings, or has none at all."""
    missing = " og ".join(f"{name}=" for name in lacking) or "sin tekst"
    return CallError(f"{id}: tell mangler {missing}. Skriv fx {example}")
