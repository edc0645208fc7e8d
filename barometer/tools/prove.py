"""The certificate of a folder of reports by itself: `python -m barometer prove [FOLDER]`."""

import sys
from pathlib import Path

from barometer import paths
from barometer.proofs.command import prove
from barometer.tools.command_line import make_parser, read_count
from barometer.verify.certificate import count_proved

HELP = """Bevis af de udgivne tal, at lukkede celler ikke kan regnes ud.

Beviset lægges i mappen, og python -m barometer verify prøver det uden data."""


def main(arguments):
    """Write the certificate. Returns the exit code."""
    given = _read_arguments(arguments)
    proof = prove(given.folder, None, *([given.time_limit] if given.time_limit else []))
    if not proof:
        remedy = "Lav dem med python -m barometer run"
        sys.stderr.write(f"Der er ingen rapporter i {given.folder}. {remedy}.\n")
        return 1
    lines = [count_proved(proof["proved"], proof["closed"]), *proof["faults"]]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if proof["faults"] else 0


def _read_arguments(arguments):
    parser, add = make_parser("prove", HELP, "Intet er bevist.")
    help = "rapporternes mappe (outputs/)"
    add("folder", nargs="?", type=Path, default=paths.OUTPUTS, metavar="MAPPE", help=help)
    help = "hvor længe der må søges, i sekunders arbejde"
    add("--time-limit", type=read_count, metavar="SEKUNDER", help=help)
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
