"""Remembers what is published: `python -m barometer release NAME [FOLDER]`.

A run into a folder publishes nothing. Whoever lays a folder of reports before readers has it
remembered here, and from then on plans are made beside it (`releases/`), until it is withdrawn.
Without a name the releases are listed.
"""

import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

from barometer import paths
from barometer.data.cards import CARDS, CLOSED, read_file
from barometer.disclosure.closed import read_closed, write_closed
from barometer.disclosure.plan import Plan
from barometer.files.faults import DataFault
from barometer.files.writing import write_file
from barometer.parameters import check_parameters, resolve_data
from barometer.releases.memory import check_name, list_all, remember, withdraw
from barometer.releases.reading import read_folder
from barometer.releases.standing import find_uncovered
from barometer.survey import read_survey
from barometer.text import format_count
from barometer.tools.card_text import put_checksums
from barometer.tools.command_line import make_parser
from barometer.verify.certificate import CERTIFICATE, describe_proof

HELP = """Husk, at en mappe med rapporter er udgivet, så det, der udgives senere, bliver lukket \
ved siden af den.

Uden navn vises de udgivelser, der huskes. De ligger i releases/ i undersøgelsens mappe og \
indeholder intet, som
rapporternes læsere ikke har: de viste tal, hvilke der er lukket, og beviset."""
NONE = "Ingen rapporter er meldt udgivet.\n"
SEALED = "Planen over lukkede celler passer til den og er noteret som lavet ved siden af den.\n"
UNSEALED = (
    "Planen over lukkede celler er ikke lavet ved siden af den. Kør python -m barometer seal, før "
    "der laves flere rapporter.\n"
)


def main(arguments=None, today=None):
    """Remember, withdraw or list. Returns the exit code."""
    given = _read_arguments(arguments)
    today = today or date.today().isoformat()
    folder = Path(resolve_data(check_parameters(data=given.data).data))
    if given.withdraw:
        withdraw(folder, given.withdraw, today)
        sys.stdout.write(
            f"{given.withdraw} er trukket tilbage. Den næste forsegling regner ikke med den. Tag "
            "også rapporterne ned: De kopier, læsere har gemt, kan ikke kaldes tilbage.\n"
        )
    elif given.name:
        _remember(folder, given, today)
    else:
        sys.stdout.write("".join(map(_describe, _list_in_time(folder))) or NONE)
    return 0


def _list_in_time(folder):
    return sorted(list_all(folder), key=lambda one: one.place)


def _remember(folder, given, today):
    check_name(folder, given.name)
    reports = given.folder or paths.OUTPUTS
    seen = read_folder(reports)
    if not seen.cells:
        raise ValueError(f"Der er ingen rapporter i {reports}.")
    if seen.names != {folder.name}:
        raise ValueError(
            f"Rapporterne i {reports} er af {' og '.join(sorted(seen.names))}, ikke af "
            f"{folder.name}. Vælg undersøgelsen med --data."
        )
    place = reports / CERTIFICATE
    certificate = place.read_bytes() if place.is_file() else None
    release = remember(folder, given.name, seen, today, certificate)
    sys.stdout.write(_describe(release))
    sys.stdout.write("\n".join(line for lines in describe_proof(reports) for line in lines) + "\n")
    sys.stdout.write(SEALED if _note(folder, release) else UNSEALED)


def _note(folder, release):
    """Whether the plan in a survey's folder is safe beside a release as it is; it is then noted to
    be made beside it.
    """
    content = read_file(folder / CARDS)
    try:
        survey, _ = read_survey(check_parameters(data=str(folder)))
    except DataFault:  # changed, and not sealed yet
        return False
    others = {name: seen for name, seen in survey.cards["releases"].items() if name != release.name}
    plan = None
    if CLOSED in survey.cards["files"] and (folder / CLOSED).exists():
        plan = read_closed(read_file(folder / CLOSED), survey.cards | {"releases": others})
    if plan is None or find_uncovered(survey, plan, release.cells):
        return False
    plan = Plan(plan.scope, plan.closed, others | {release.name: release.contents})
    text = write_closed(plan, survey.cards).encode()
    write_file(folder / CLOSED, text)
    write_file(folder / CARDS, put_checksums(content, {CLOSED: sha256(text).hexdigest()}))
    return True


def _describe(release):
    """A line on a release."""
    withdrawn = f", trukket tilbage {release.withdrawn}" if release.withdrawn else ""
    many = len(release.reports)
    reports = "1 rapport" if many == 1 else f"{format_count(many)} rapporter"
    return f"{release.name}: udgivet {release.published}{withdrawn}, {reports}\n"


def _read_arguments(arguments):
    """What is to be done, and to which folders."""
    parser, add = make_parser("release", HELP, "Intet er husket.")
    add("name", nargs="?", metavar="NAVN", help="hvad udgivelsen skal hedde, fx foraar-2020")
    add(
        "folder",
        nargs="?",
        type=Path,
        metavar="MAPPE",
        help="de udgivne rapporters mappe (outputs/)",
    )
    add("--withdraw", metavar="NAVN", help="sig, at en udgivelse ikke længere er offentlig")
    add(
        "--data",
        default=paths.name_default(),
        metavar="UNDERSØGELSE",
        help="navn under data/ eller sti (%(default)s)",
    )
    add("-h", "--help", action="help", help="vis denne hjælp")
    given = parser.parse_args(arguments)
    if given.withdraw and given.name:
        parser.error("--withdraw trækker en udgivelse tilbage; skriv ikke også NAVN")
    return given
