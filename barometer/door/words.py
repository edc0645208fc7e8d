"""Two wordings that differ in one word only, written as one: "{oftere}" is "oftere" where the first
share is the larger, and "sjældnere" where it is the smaller. "{more often|less often}" has both.
"""

import re

from barometer.door.calls import CallError
from barometer.files.faults import suggest

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
