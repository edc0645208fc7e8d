"""A project made from a file of answers: `python -m barometer new FOLDER --from FILE`."""

import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from barometer.drafting.deciding import Undecided
from barometer.drafting.project import draft_project, write_project
from barometer.files.console import is_watched
from barometer.files.faults import DataFault
from barometer.incoming.roles import Sure
from barometer.languages.catalogues import PROGRAM, list_languages
from barometer.languages.messages import choose_language, follow_language
from barometer.languages.speaking import N_, SOURCE, _, speak
from barometer.parameters import quote
from barometer.tools.collecting import ChapterFailed
from barometer.tools.command_line import make_parser
from barometer.tools.seal import seal_survey

HELP = """Lav en projektmappe af en fil med svar (SPSS, Stata, SAS, Excel, ODS, CSV, Parquet).

Kolonnerne læses med deres etiketter og bliver til spørgsmål. Hvad der er gættet, og hvor sikkert,
står i beslutninger.md. Hvad der ændrer tal (vægt, strata, løbenummer), bliver der spurgt om."""
OPTIONS = {
    "weight": "kolonnen med vægte, eller none",
    "strata": "kolonnen med strata, eller none",
    "id": "kolonnen med løbenumre, eller none",
    "cluster": "kolonnen med den klynge, der blev udtrukket, eller none",
    "replicates": "kolonnerne med gentagelsesvægte, fx rep01-rep80, eller none",
}
UNDONE = "Projektet blev ikke lavet."
MANY = {
    Sure.CERTAIN: N_("sikre", "guesses"),
    Sure.LIKELY: N_("sandsynlige", "guesses"),
    Sure.UNSURE: N_("usikre", "guesses"),
}
SHOWN = 12  # decisions on the screen
MORE = 8  # questions of another chapter


def main(arguments):
    """Make the project. Returns the exit code."""
    given = _read_arguments(arguments)
    follow_language(given.language or SOURCE)
    options = {name: getattr(given, name) for name in (*OPTIONS, "method")}
    how = given.accept, given.codebook, given.as_is
    words = (given.title, given.period, given.date)
    try:
        with speak(given.language or choose_language()):
            draft = draft_project(given.source, *words, options, *how)
        target = write_project(draft, given.folder, seal_survey)
    except DataFault as fault:
        return _refuse(fault.message_for(sys.stderr))
    except ChapterFailed as error:
        return _refuse(error.message_for(sys.stderr))
    except (Undecided, OSError, ValueError) as error:
        return _refuse(str(error))
    _write_summary(draft, target)
    return 0


def _write_summary(draft, target):
    write = sys.stdout.write
    for way in draft.ways:
        write(f"{way}\n")
    counts = {sure: sum(one.sure == sure for one in draft.decisions) for sure in Sure}
    with speak(choose_language()):
        named = [_count_guesses(sure, count) for sure, count in counts.items()]
    numbers = ", ".join(named)
    write(f"Projektet er lavet i {target}.\nGæt: {numbers}. De står alle i {draft.listed}.\n")
    unsure = [one for one in draft.decisions if one.sure == Sure.UNSURE]
    for one in unsure[:SHOWN]:
        write(f"  {one.what}: {one.why}{f'; {one.remedy}' if one.remedy else ''}\n")
    if len(unsure) > SHOWN:
        write(f"  … og {len(unsure) - SHOWN} til\n")
    if draft.left:
        write(f"Ikke i kapitlet: {', '.join(draft.left)}. Tag dem med i et til:\n")
        with speak(choose_language()):
            name = f"02_{_('navn')}"
        write(f"python -m barometer draft {name} --questions {','.join(draft.left[:MORE])}\n")
    write(f"Nu: jupyter lab {target / 'notebooks'}\n")
    write(f"eller: python -m barometer run --project {target}\n")


def _count_guesses(sure, count):
    several = _(MANY[sure], "guesses")
    return f"{count} {_(sure.value, 'guess') if count == 1 else several}"


def _refuse(why):
    start = "\r" if is_watched(sys.stderr) else ""
    sys.stderr.write(f"{start}{UNDONE}\n{why}\n")
    return 2


def _read_arguments(arguments):
    parser, add = make_parser("new", HELP, UNDONE)
    add("folder", type=Path, metavar="MAPPE", help="den nye mappe")
    add("--from", dest="source", type=Path, required=True, metavar="FIL", help="filen med svar")
    help = "en kodebog (DDI-Codebook) med etiketter til en fil uden"
    add("--codebook", type=Path, metavar="FIL", help=help)
    for name, help in OPTIONS.items():
        add(f"--{name}", metavar="KOLONNE", help=help)
    add(
        "--method",
        metavar="METODE",
        help="JK1, BRR, bootstrap, Fay:0.3 eller JKn:0.5, hvis den ikke kan ses",
    )
    add("--title", metavar="TEKST", help="undersøgelsens navn (det, filen siger, eller dens navn)")
    add("--period", metavar="ÅR", help="de år, undersøgelsen handler om (indsamlingens)")
    add(
        "--date",
        type=_read_date,
        metavar="DATO",
        help="indsamlingens sidste dag (svarenes, hvis filen har en dato, ellers filens)",
    )
    add(
        "--language",
        type=_read_language,
        metavar="SPROG",
        help="projektets sprog: da, en … (det, som systemet er sat til)",
    )
    add("--accept", action="store_true", help="tag det første forslag, hvor der ellers spørges")
    add(
        "--as-is",
        action="store_true",
        help="tag også det, der næppe er ment: få rækker med en kode uden tekst, med svar uden at "
        "være spurgt …",
    )
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)


def _read_language(text):
    if text not in (known := {SOURCE, *list_languages(PROGRAM)}):
        listed = ", ".join(sorted(known))
        raise ArgumentTypeError(f"{quote(text)} er ikke et sprog, som projekter laves i: {listed}")
    return text


def _read_date(text):
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ArgumentTypeError(
            f"{quote(text)} er ikke en dato; skriv den som 2020-02-29"
        ) from None
