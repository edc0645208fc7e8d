"""The program's commands: `python -m barometer run` makes a project's reports, `new` a project and
`draft` a chapter; `release` remembers what is published; `check`, `codebook`, `seal`, `synthetic`,
`prove` and `verify` take a folder; `translate` keeps catalogues of translations,
`publish` prepares a folder to leave, `merge` takes edited text back.
"""

import sys

from barometer.files.console import settle_streams
from barometer.paths import HELP, NoProject, take_project

COMMANDS = {
    "run": "laver rapporterne, som run_all.py gør; valgene vises af run --help",
    "new": "laver en projektmappe af en fil med svar; valgene vises af new --help",
    "check": "finder alle fejl i en undersøgelses filer; valgene vises af check --help",
    "draft": "laver et udkast til et kapitel; valgene vises af draft --help",
    "codebook": "skriver spørgsmål og svar som DDI-Codebook 2.5, arkivernes format",
    "seal": "forsegler en undersøgelses filer og lægger planen over lukkede celler",
    "release": "husker, hvad der er udgivet, så det næste lukkes ved siden af det",
    "publish": "gør det, der må lægges ud, klar med manifest og bevis; to personer godkender",
    "merge": "henter rettet tekst fra report.docx tilbage til kapitlerne",
    "translate": "bringer oversættelsernes kataloger ajour og kontrollerer dem",
    "synthetic": "trækker de syntetiske svar",
    "prove": "beviser af de udgivne tal, at lukkede celler ikke kan regnes ud",
    "verify": "læser færdige rapporter tilbage og nævner hvert tal, der ikke er gjort rede for",
}
USAGE = "Brug: python -m barometer KOMMANDO [MAPPE]\n" + "".join(
    f"  {name:<10} {does}\n" for name, does in COMMANDS.items()
)


def main(arguments):
    """Hand the rest of the command line to the command that it names. Returns the exit code."""
    name, *rest = ["--help" if one == "--hjælp" else one for one in arguments] or [""]
    if name == "run":
        from barometer.tools.run import main as make_reports

        return make_reports(rest)
    if name == "new":
        from barometer.tools.new import main as make_project

        return make_project(rest)
    own = (
        "seal",
        "release",
        "draft",
        "check",
        "codebook",
        "prove",
        "translate",
        "merge",
        "publish",
    )  # have a help of their own
    if HELP & {name, *rest} and name not in own:
        sys.stdout.write(USAGE)
        return 0
    if name not in COMMANDS:
        sys.stderr.write((f"»{name}« er ikke en kommando.\n" if name else "") + USAGE)
        return 2
    try:
        rest = take_project(rest)
    except NoProject as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if name == "draft":
        from barometer.tools.draft import main as command
    elif name == "codebook":
        from barometer.tools.codebook import main as command
    elif name == "check":
        from barometer.checking.command import main as command
    elif name == "seal":
        from barometer.tools.seal import main as command
    elif name == "release":
        from barometer.publishing.command import main as command
    elif name == "publish":
        from barometer.publishing.publish import main as command
    elif name == "merge":
        from barometer.publishing.merge import main as command
    elif name == "translate":
        from barometer.translating.command import main as command
    elif name == "synthetic":
        from barometer.synthesis.synthetic import main as command
    elif name == "prove":
        from barometer.tools.prove import main as command
    else:
        from barometer.verify.readback import main as command
    try:
        return command(rest)
    except OSError as error:
        problem = (
            f"{error.filename}: filen mangler eller kan ikke åbnes." if error.filename else error
        )
    except ValueError as error:  # of the files that people keep
        problem = error.message_for(sys.stderr) if hasattr(error, "message_for") else error
    sys.stderr.write(f"{problem}\n")
    return 1


if __name__ == "__main__":
    settle_streams()
    sys.exit(main(sys.argv[1:]))
