"""The Innovation Barometer's report: helper modules for the chapter notebooks."""

import sys

# jsonschema, which nbformat imports, takes a second to compile a grammar of web addresses if it
# finds the package for it, and does without if not. No notebook's schema asks for that check, and
# here every program waits for it.
sys.modules.setdefault("rfc3987_syntax", None)
