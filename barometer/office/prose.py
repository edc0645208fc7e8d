"""Paragraphs of text that a person may change, known again by a checksum of their words.

A paragraph is marked by a bookmark named by it, which an editor keeps with the paragraph.
"""

from hashlib import sha256

MARK = "b_"
LETTERS = 16


def name_paragraph(words):
    """The name of a paragraph with these words, "b_" and sixteen hexadecimal digits."""
    return f"{MARK}{sha256(settle(words).encode()).hexdigest()[:LETTERS]}"


def settle(words):
    """Words with one space between them: a line's end or a fixed space is no change."""
    return " ".join(words.split())
