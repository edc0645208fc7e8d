"""A Markdown text by its paragraphs, which are translated one by one."""

import re

from barometer.languages.speaking import translate

BETWEEN = re.compile(r"(\n[ \t]*\n\s*)")


def split_paragraphs(text):
    """The paragraphs, headings and lists of a Markdown text, without the lines between them."""
    return [part for part in map(str.strip, BETWEEN.split(text)) if part]


def translate_markdown(text):
    """A Markdown text of the project in the language that is spoken, paragraph by paragraph."""
    return "".join(
        part if number % 2 else part.replace(part.strip(), translate(part.strip()), 1)
        for number, part in enumerate(BETWEEN.split(text))
    )
