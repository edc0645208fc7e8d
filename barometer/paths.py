"""Where the project's folders are; every other module asks here instead of building paths of its
own.
"""

from pathlib import Path

FILES = {"html": "report.html", "pdf": "report.pdf"}  # of a finished report

PACKAGE = Path(__file__).resolve().parent

ROOT = PACKAGE.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
OUTPUTS = ROOT / "outputs"
FONTS = PACKAGE / "fonts"
TEMPLATES = PACKAGE / "report" / "templates"
