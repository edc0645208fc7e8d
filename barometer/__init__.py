"""The Innovation Barometer's report: what a chapter imports.

>>> from barometer import open_survey
"""

import sys
from pathlib import Path

# jsonschema, which nbformat imports, takes a second to compile a grammar of web addresses if it
# finds the package for it, and does without if not. No schema of a notebook needs that check, and
# here every program waits for it.
sys.modules.setdefault("rfc3987_syntax", None)

# {what a chapter, or the bench, imports: where it is}; read when asked for, so that a command's
# --help is quick
_PLACES = dict.fromkeys(("open_survey", "open_surveys"), "barometer.survey")
_PLACES |= {"explore": "barometer.exploring.bench"}
__all__ = sorted(_PLACES)


def __getattr__(name):
    from importlib import import_module

    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    # Python looks up a room or a module in this way too, before it imports it
    if name.startswith("_") or name in {path.stem for path in Path(__path__[0]).iterdir()}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from barometer.errors import MissingImport
    from barometer.files.faults import suggest

    raise MissingImport(
        f"barometer har ikke {name}.{suggest(name, _PLACES)} Her kan importeres "
        f"{', '.join(__all__)}."
    )


def __dir__():
    return list(__all__)
