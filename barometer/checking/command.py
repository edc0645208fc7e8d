"""`python -m barometer check [FOLDER]`: every fault of a project's files in one go."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from barometer.checking.finding import find_faults
from barometer.checking.repairs import repair
from barometer.checking.writing import write_page, write_report, write_text
from barometer.files.console import is_watched
from barometer.files.faults import DataFault
from barometer.files.writing import write_text as write_file
from barometer.parameters import ParameterError, check_parameters, resolve_data
from barometer.tools.command_line import add_survey, make_parser
from barometer.version import name_version

HELP = """Find alle fejl i en undersøgelses filer, uden at forsegle den."""


def main(arguments):
    """Check the folder. Returns the exit code: 1 where something is wrong."""
    given = _read_arguments(arguments)
    try:
        folder = resolve_data(check_parameters(data=given.folder).data)
        mended = repair(folder) if given.fix else []
    except DataFault as error:
        sys.stderr.write(f"{error.message_for(sys.stderr)}\n")
        return 1
    except ParameterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{line}.\n" for line in mended))
    found = find_faults(folder)
    # ids go to a terminal, and into files with --ids
    sys.stdout.write(write_text(found, given.ids or is_watched(sys.stdout)))
    if given.page:
        write_file(given.page, write_page(found, given.ids))
    if given.json:
        time = datetime.now(UTC).isoformat(timespec="seconds")
        write_file(given.json, write_report(found, time, f"Barometer {name_version()}", given.ids))
    return 1 if found.faults else 0


def _read_arguments(arguments):
    parser, add = make_parser("check", HELP, "Intet er kontrolleret.")
    add_survey(add)
    add(
        "--page",
        type=Path,
        metavar="FIL",
        help="skriv fejlene på en side (HTML) til den, der skal rette dem",
    )
    add("--json", type=Path, metavar="FIL", help="skriv dem som ESS' valideringsrapport (JSON)")
    add("--ids", action="store_true", help="med respondenternes løbenumre, også i filer")
    add(
        "--fix",
        action="store_true",
        help="ret først, hvad der ikke kan ændre et svar: mellemrum, og bogstaver i kolonnenavne",
    )
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
