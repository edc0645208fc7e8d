"""Texts of templates that are translated: those between ⟦ and ⟧, what is filled in among them."""

import re

from barometer.languages.speaking import _

MARKED = re.compile("⟦(.*?)⟧", re.DOTALL)


def translate_marked(source):
    """A template in the language that is spoken, without the marks."""
    return MARKED.sub(lambda found: _(found[1]), source)
