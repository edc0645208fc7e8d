"""A survey's codebook for an archive: `python -m barometer codebook [FOLDER]`."""

import sys
from pathlib import Path

from barometer.codebook.writing import write_codebook
from barometer.data.cards import read_cards
from barometer.data.registry import RegistryError, read_questionnaire
from barometer.files.faults import DataFault
from barometer.files.writing import write_file
from barometer.parameters import ParameterError, check_parameters, resolve_data
from barometer.tools.command_line import add_survey, make_parser

HELP = """Skriv undersøgelsens spørgsmål og svar som DDI-Codebook 2.5, arkivernes format.

Den rummer ingen tal om, hvor mange der har svaret hvad."""


def main(arguments):
    """Write the codebook. Returns the exit code."""
    given = _read_arguments(arguments)
    try:
        folder = resolve_data(check_parameters(data=given.folder).data)
        registry = read_questionnaire(folder / "questionnaire.yaml")
        content = write_codebook(registry, read_cards(folder))
    except DataFault as error:
        sys.stderr.write(f"{error.message_for(sys.stderr)}\n")
        return 1
    except (ParameterError, RegistryError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_file(given.output, content)
    sys.stdout.write(f"{given.output} er skrevet.\n")
    return 0


def _read_arguments(arguments):
    parser, add = make_parser("codebook", HELP, "Kodebogen blev ikke skrevet.")
    add_survey(add)
    add("--output", type=Path, default=Path("codebook.xml"), metavar="FIL", help="codebook.xml")
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
