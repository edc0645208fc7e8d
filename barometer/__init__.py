"""The Innovation Barometer's report: what a chapter imports.

>>> from barometer import open_survey, INITIATION
"""

import sys

# jsonschema, which nbformat imports, takes a second to compile a grammar of web addresses if it
# finds the package for it, and does without if not. No notebook's schema asks for that check, and
# here every program waits for it.
sys.modules.setdefault("rfc3987_syntax", None)

# {what a chapter imports: where it is}; read when asked for, so that a command's --help is quick
_PLACES = {"open_survey": "barometer.survey", "INITIATION": "barometer.figures.tables"}
__all__ = sorted(_PLACES)


def __getattr__(name):
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)


def __dir__():
    return list(__all__)
