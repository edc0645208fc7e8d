"""Texts of a YAML file that stand in several languages: `label: {da: Staten, en: The state}`."""

import re

CODE = re.compile(r"[a-z]{2,3}")
# entries by their own names, which may look like codes of languages
NAMED = ("items", "answers", "questions", "derived", "background", "groupings", "sides", "values")


def localise(content, language, source, named=False):
    """A copy of plain data with the text in `language`, or else in `source`, of each that stands in
    several: {code of a language: text}, with `source` among the codes.

    `named`: whether the names of a mapping are those of entries.
    """
    if isinstance(content, list):
        return [localise(value, language, source) for value in content]
    if not isinstance(content, dict):
        return content
    if not named and is_several(content, source):
        return content.get(language) or content[source]
    return {
        key: localise(value, language, source, not named and key in NAMED)
        for key, value in content.items()
    }


def is_several(content, source):
    """Whether plain data are one text in several languages."""
    return (
        isinstance(content, dict)
        and source in content
        and all(isinstance(key, str) and CODE.fullmatch(key) for key in content)
        and all(isinstance(value, str) for value in content.values())
    )
