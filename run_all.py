"""Lav rapporterne: kør alle kapitler for hver sektor, og saml dem i outputs/."""
import argparse
import os
import sys
import time
from pathlib import Path

from tqdm import tqdm

from barometer.parameters import SECTORS, ParameterError, Parameters, suggest
from barometer.paths import OUTPUTS

FORMATS = {"html": ("html",), "pdf": ("pdf",), "both": ("html", "pdf")}


def main(arguments=None):
    """The story of a run: refuse what cannot be run, execute, record, tell. Returns the exit code."""
    options = read_arguments(arguments)
    # Imported here so that --help and a misspelt option need not wait for papermill and pandas.
    from barometer.checks import DataFault
    from barometer.execution import plan_run, run_plan, write_records
    from barometer.survey import open_survey

    try:
        plan = plan_run(options.sector or SECTORS, options.chapter, options.data, options.alpha, output=options.output,
                        formats=options.format, jobs=options.jobs, timeout=options.timeout)
        open_survey(plan.variants[0].data)   # a fault in the data is told once, and not by every chapter
    except ParameterError as error:
        return refuse(error)
    except DataFault as error:
        return refuse(error.full_message())   # with row ids and contents: a terminal may show them, a file may not
    started, clock = time.time(), time.perf_counter()
    try:
        with tqdm(total=len(plan.variants) * len(plan.chapters), unit="kapitel", disable=None) as bar:
            reports = run_plan(plan, tick=lambda result: bar.update())
    except KeyboardInterrupt:
        print("Afbrudt. Rapporter, der allerede var færdige, er urørte.", file=sys.stderr, flush=True)
        os._exit(130)   # at once: the kernels see that this program is gone, and end
    seconds = time.perf_counter() - clock
    write_records(plan, reports, started, seconds)
    print_summary(plan, reports, seconds)
    return 0 if all(report.folder for report in reports) else 1


def refuse(message):
    """Say why the run was not begun; the exit code for that."""
    print(f"Kørslen blev ikke begyndt.\n{message}", file=sys.stderr)
    return 2


def print_summary(plan, reports, seconds):
    """What was made and what failed, report by report."""
    print(f"{'Rapport':<26}{'Resultat':<44}{'Sekunder':>8}")
    for report in reports:
        failed = [result for result in report.results if result.failure]
        broken = f"{len(failed)} af {len(report.results)} kapitler fejlede" if failed else "den kunne ikke sættes"
        made = ", ".join(path.name for path in sorted(report.folder.glob("report.*"))) if report.folder else ""
        outcome = made or f"IKKE LAVET: {broken}"
        print(f"{report.name:<26}{outcome:<44}" + f"{report.seconds:>8.1f}".replace(".", ","))
        for result in failed:
            print(f"  {result.chapter}, {result.failure}")
        if report.failure:
            print(f"  {report.failure}")
    print(f"I alt {seconds:.0f} sekunder. Rapporterne er samlet i {plan.output / 'index.html'}")


def read_arguments(arguments=None):
    """The command line, converted; ends the program with code 2 and one message when it cannot be read."""
    parser = DanishParser(description=__doc__, add_help=False, allow_abbrev=False, formatter_class=DanishHelp)
    add = parser.add_argument_group("Valg").add_argument
    add("--sector", action="extend", type=split_words, default=[], metavar="NAVN",
        help=f"{', '.join(SECTORS)}; flere med komma eller ved at gentage valget (alle fire, når intet er valgt)")
    add("--chapter", action="extend", type=split_words, default=[], metavar="KAPITEL",
        help="nummer eller navn; rapporten bliver da delvis og får sin egen mappe, fx outputs/region-kapitel-02")
    add("--data", default=Parameters.data, metavar="MAPPE", help="navn under data/ eller sti (%(default)s)")
    add("--alpha", type=read_decimal, default=Parameters.alpha, metavar="TAL", help="signifikansniveau (%(default)s)")
    add("--output", type=lambda text: Path(text).expanduser().resolve(), default=OUTPUTS, metavar="MAPPE",
        help="hvor rapporterne lægges (outputs/)")
    add("--format", type=read_format, default="both", metavar="FORMAT", help="html, pdf eller both (%(default)s)")
    add("--jobs", type=read_count, metavar="ANTAL", help="kapitler, der køres samtidig (maskinens kerner + 1)")
    add("--timeout", type=read_count, default=600, metavar="SEKUNDER", help="hvor længe en celle må køre (%(default)s)")
    add("-h", "--help", action="help", help="vis denne hjælp")
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        parser.error(f"ukendt valg: {unknown[0]}.{suggest(unknown[0], parser.list_options())}")
    return options


class DanishHelp(argparse.HelpFormatter):
    """argparse's help with a Danish word for "usage"."""

    def add_usage(self, usage, actions, groups, prefix="Brug: "):
        super().add_usage(usage, actions, groups, prefix)


class DanishParser(argparse.ArgumentParser):
    """argparse with its refusals in Danish."""

    def error(self, message):
        message = message.replace("argument ", "").replace("expected one argument", "mangler en værdi")
        self.exit(2, f"Kørslen blev ikke begyndt.\n{message}\nSe valgene med: python run_all.py --help\n")

    def list_options(self):
        """Every option's name."""
        return [name for action in self._actions for name in action.option_strings]


def split_words(text):
    """The words of a list with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def read_decimal(text):
    """A number, with point or comma."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} er ikke et tal. Tilladt er fx 0.05.") from None


def read_count(text):
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} er ikke et helt tal fra 1 og op.")
    return int(text)


def read_format(text):
    """The formats that a report is made in."""
    if text not in FORMATS:
        raise argparse.ArgumentTypeError(f"{text!r} findes ikke. Tilladt er {', '.join(FORMATS)}.")
    return FORMATS[text]


if __name__ == "__main__":
    sys.exit(main())
