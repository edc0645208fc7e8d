"""Where the project's folders are; every other module asks here instead of building paths of its own."""
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

ROOT = _PACKAGE.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
OUTPUTS = ROOT / "outputs"
FONTS = _PACKAGE / "fonts"
TEMPLATES = _PACKAGE / "templates"
