"""The language that is spoken at the moment, and what texts are called in others.

A text is written once, in the language of its project or program, and that text is its name in the
catalogues (`.po` files of gettext) of all other languages.
"""
