"""The text of a report that somebody has edited, back into the chapters: `python -m barometer merge
report.docx`.
"""

import json
import sys
from pathlib import Path

from barometer import paths
from barometer.files.writing import write_text
from barometer.tools.command_line import make_parser

HELP = """Nævn, hvad der er ændret i teksten i report.docx (run --format office), og hvor det står \
i kapitlerne.

Kun tekst i Markdown-celler kan komme tilbage: Tal kommer fra data, og sætninger med tal skrives \
af kapitlernes kode."""
NONE = "Ingen tekst er ændret.\n"


def main(arguments=None):
    """List the changes, and write them if asked. Returns the exit code."""
    given = _read_arguments(arguments)
    if not given.document.is_file():
        raise ValueError(f"{given.document}: filen mangler.")
    from barometer.office.merging import list_changes

    files = sorted(paths.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    chapters = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}
    changes = list_changes(given.document, chapters)
    sys.stdout.write("".join(map(_describe, changes)) or NONE)
    taken = {(one.chapter, one.cell): one.source for one in changes if not one.why}
    for (chapter, cell), source in taken.items():
        chapters[chapter]["cells"][cell - 1]["source"] = source.splitlines(keepends=True)
    for name in sorted({chapter for chapter, _cell in taken} if given.write else ()):
        content = json.dumps(chapters[name], ensure_ascii=False, indent=1)
        write_text(paths.NOTEBOOKS / f"{name}.ipynb", f"{content}\n")
    if taken:
        count = sum(not one.why for one in changes)
        sys.stdout.write(f"Rettelser: {count}. ")
        sys.stdout.write("De er skrevet.\n" if given.write else "De skrives med --write.\n")
    return 0


def _describe(change):
    where = f"{change.chapter}, celle {change.cell}" if change.chapter else "Ikke i kapitlerne"
    why = f"  Skrives ikke: {change.why}.\n" if change.why else ""
    old = f"  Før: {change.old}\n" if change.old else ""
    return f"{where}\n{old}  Nu:  {change.new}\n{why}"


def _read_arguments(arguments):
    parser, add = make_parser("merge", HELP, "Intet er ændret.")
    add("document", type=Path, metavar="FIL", help="den rettede report.docx")
    add("--write", action="store_true", help="skriv ændringerne i kapitlerne")
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
