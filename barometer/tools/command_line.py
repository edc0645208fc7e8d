"""The command line of a run: its options, its help and its refusals, in Danish as all messages."""

import argparse
import os
import re
import sys

from barometer import paths
from barometer.files.faults import suggest
from barometer.files.texts import normalise
from barometer.languages.messages import express
from barometer.parameters import (
    ParameterError,
    Parameters,
    list_names,
    list_parts,
    quote,
    resolve_path,
)

BOTH = ("html", "pdf")
FORMATS = {"html": BOTH[:1], "pdf": BOTH[1:], "both": BOTH, "office": (*BOTH, "office")}


def split_words(text):
    """The words of a list with commas, each letter as one character."""
    words = [normalise(word.strip()) for word in text.split(",") if word.strip()]
    if not words:
        raise argparse.ArgumentTypeError("mangler en værdi")
    return words


SEVERAL = {"action": "extend", "type": split_words, "default": []}


def read_arguments(arguments, description):
    """The options given, converted; ends the program with code 2 and one message when they cannot
    be read.

    `arguments` is a list of words, or `None` for those that the program was started with.
    """
    started = os.path.basename(sys.argv[0])
    parser = DanishParser(
        prog="python -m barometer run" if started == "__main__.py" else started,
        description=description,
        add_help=False,
        allow_abbrev=False,
        formatter_class=DanishHelp,
    )
    add = parser.add_argument_group("Valg").add_argument
    data = find_data(sys.argv[1:] if arguments is None else arguments)
    parts = list_parts(data)
    named, first = ", ".join(parts), next(iter(parts), "")
    for name, answers in parts.items():
        codes = ", ".join(list_names(data))
        add(
            f"--{name}",
            **SEVERAL,
            metavar="NAVN",
            help=f"{codes}; flere med komma eller ved at gentage valget (alle, når intet er valgt)"
            if name == first
            else f"fx {next(iter(answers), 'all')}; rapporten dækker da kun det, i alt eller i "
            f"--{first}",
        )
    add(
        "--each",
        **SEVERAL,
        metavar="HVAD",
        help=f"{named}: en rapport for hver, der er svar fra; flere giver hver kombination",
    )
    add(
        "--chapter",
        **SEVERAL,
        metavar="KAPITEL",
        help="nummer eller navn; rapporten bliver da delvis og får sin egen mappe, fx "
        "outputs/all-kapitel-02",
    )
    add(
        "--data",
        default=paths.name_default(),
        metavar="MAPPE",
        help="navn under data/ eller sti (%(default)s)",
    )
    add(
        "--language",
        **SEVERAL,
        metavar="SPROG",
        help="en eller flere af report.yaml (uden valg: kapitlernes eget)",
    )
    add(
        "--alpha",
        type=read_decimal,
        default=Parameters.alpha,
        metavar="TAL",
        help="signifikansniveau (%(default)s)",
    )
    add(
        "--output",
        type=read_output,
        default=paths.OUTPUTS,
        metavar="MAPPE",
        help="hvor rapporterne lægges (outputs/)",
    )
    add(
        "--format",
        type=read_format,
        default="both",
        metavar="FORMAT",
        help="html, pdf, both eller office: begge og kontorfiler (%(default)s)",
    )
    add(
        "--jobs",
        type=read_count,
        metavar="ANTAL",
        help="kapitler, der køres samtidig (et for hver kerne, + 1, så langt hukommelsen rækker)",
    )
    add(
        "--cluster",
        type=read_address,
        metavar="ADRESSE",
        help="lad en Dask-klynge gøre arbejdet; planlæggerens adresse, fx tcp://HOST:8786",
    )
    add(
        "--timeout",
        type=read_count,
        default=600,
        metavar="SEKUNDER",
        help="hvor længe en celle må køre (%(default)s)",
    )
    add("--force", action="store_true", help="kør alt, også det, der er gemt fra tidligere kørsler")
    add(
        "--supersede",
        action="store_true",
        help="flyt tidligere rapporter, der ikke kan ligge ved siden af de nye, til det, der ikke "
        "er til offentliggørelse",
    )
    add("--verbose", action="store_true", help="sig for hvert kapitel, hvorfor det køres eller ej")
    add(
        "--compare",
        type=read_path,
        metavar="MAPPE",
        help="skriv, hvad der er ændret siden en tidligere kørsel, hvis mappe med rapporter "
        "angives",
    )
    add(
        "--strict",
        action="store_true",
        help="fejl, hvis en sætning falder anderledes ud end publiceret, et tal mangler sin kilde, "
        "en lukket celle sit bevis eller en tekst sin oversættelse, eller noget vist ikke kom med",
    )
    add(  # taken from the words before they come here
        paths.OPTION,
        metavar="MAPPE",
        help="projektets mappe, med notebooks/report.yaml og data/ (den, programmet ligger i, "
        "ellers fra arbejdsmappen og opad)",
    )
    add("-h", "--help", action="help", help="vis denne hjælp")
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        parser.error(f"ukendt valg: {quote(unknown[0])[1:-1]}")
    options.parts = getattr(options, first) if first else []
    options.further = {name: getattr(options, name) for name in parts if name != first}
    return options


def find_data(words):
    """The survey that a command line names, before its options, the survey's own, are known."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--data", default=paths.name_default())
    try:
        return parser.parse_known_args(words)[0].data
    except argparse.ArgumentError:
        return ""


class DanishHelp(argparse.HelpFormatter):
    """argparse's help with a Danish word for "usage"."""

    def add_usage(self, usage, actions, groups, prefix="Brug: "):
        super().add_usage(usage, actions, groups, express("Brug:") + " ")


class DanishParser(argparse.ArgumentParser):
    """argparse with its refusals in Danish. `undone`: what has not been done, as the first line."""

    def __init__(self, *given, undone="Kørslen blev ikke begyndt.", **named):
        super().__init__(*given, **named)
        self.undone = undone

    def error(self, message):
        problem = message.removeprefix("argument ")
        for words, put in REFUSED:
            problem = re.sub(words, put, problem)
        if unknown := re.match(r"ukendt valg: (-\S+)", problem):
            problem = f"ukendt valg: {unknown[1]}.{suggest(unknown[1], self.list_options())}"
        problem = problem[:1].upper() + problem[1:]
        self.exit(2, f"{self.undone}\n{problem}\nSe valgene med --help\n")

    def format_help(self):
        """The help in the language of whoever reads it, before its lines are broken."""
        self.description = express(self.description or "")
        for group in self._action_groups:
            group.title = express(group.title or "")
        for one in self._actions:
            one.help, one.metavar = express(one.help or ""), one.metavar and express(one.metavar)
        return super().format_help()

    def list_options(self):
        """Every option's name."""
        return [name for action in self._actions for name in action.option_strings]


# argparse's words and ours
REFUSED = (
    (r"expected one argument", "mangler en værdi"),
    (r"expected at least one argument", "mangler en værdi"),
    (r"the following arguments are required: ", "mangler "),
    (r"unrecognized arguments: ", "ukendt valg: "),
    (r"invalid \w+ value: ", "kan ikke være "),
    (r"not allowed with argument ", "kan ikke stå sammen med "),
)


class PlainHelp(DanishHelp, argparse.RawDescriptionHelpFormatter):
    """Danish help, its lines as they are written."""


def make_parser(command, description, undone):
    """(the parser of `python -m barometer COMMAND`, what adds an option to it)."""
    parser = DanishParser(
        prog=f"python -m barometer {command}",
        description=description,
        add_help=False,
        allow_abbrev=False,
        formatter_class=PlainHelp,
        undone=undone,
    )
    return parser, parser.add_argument_group("Valg").add_argument


def add_survey(add):
    """The survey's folder as a command's only place."""
    add(
        "folder",
        nargs="?",
        default=paths.name_default(),
        metavar="MAPPE",
        help="navn under data/ eller sti (%(default)s)",
    )


def read_address(text):
    """An address as it stands, which is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("mangler en værdi")
    return text.strip()


def read_decimal(text):
    """A number, with point or comma."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{quote(text)} er ikke et tal. Tilladt er fx 0.05."
        ) from None


def read_path(text):
    """The full path of a folder."""
    try:
        return resolve_path(text)
    except ParameterError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def read_output(text):
    """The full path of a folder. An address is refused; it would become a folder of that name."""
    if "://" in text:
        raise argparse.ArgumentTypeError(
            f"{quote(text)} er en adresse og ikke en mappe. Lav rapporterne i en mappe, og læg den "
            "derhen bagefter, fx med rclone sync"
        )
    return read_path(text)


def read_count(text):
    """A whole number from 1."""
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{quote(text)} er ikke et helt tal fra 1 og op.")
    return int(text)


def read_format(text):
    """The formats that a report is made in."""
    if text not in FORMATS:
        known = ", ".join(FORMATS)
        raise argparse.ArgumentTypeError(f"{quote(text)} findes ikke. Tilladt er {known}.")
    return FORMATS[text]
