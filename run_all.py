"""Lav rapporterne: kør alle kapitler for hver sektor, og saml dem i outputs/."""
import os
import sys
import time

from tqdm import tqdm

from barometer.command_line import read_arguments
from barometer.parameters import SECTORS, ParameterError


def main(arguments=None):
    """The story of a run: refuse what cannot be run, execute, record, tell. Returns the exit code."""
    options = read_arguments(arguments, __doc__)
    # Imported here so that --help and a misspelt option need not wait for papermill and pandas.
    from barometer.attacks import NoPlan
    from barometer.changes import ChangesError, compare_runs, read_traces, write_changes
    from barometer.faults import DataFault
    from barometer.planning import plan_run
    from barometer.records import write_records
    from barometer.reports import run_plan
    from barometer.survey import open_survey

    try:
        every = () if options.field or options.size or options.each else SECTORS
        plan = plan_run(options.sector or every, options.chapter, options.data, options.alpha, options.field,
                        options.size, options.each, output=options.output, formats=options.format, jobs=options.jobs,
                        timeout=options.timeout)
        open_survey(plan.variants[0].data)   # a fault in the data is told once, and not by every chapter
        earlier = read_traces(options.compare) if options.compare else None   # before the run may replace it
    except (ParameterError, ChangesError, NoPlan) as error:
        return refuse(error)
    except DataFault as error:
        return refuse(error.full_message())   # with row ids and contents: a terminal may show them, a file may not
    started, clock = time.time(), time.perf_counter()
    try:
        with show_progress(len(plan.variants) * len(plan.chapters)) as bar:
            reports = run_plan(plan, tick=lambda result: bar.update())
    except KeyboardInterrupt:
        print("Afbrudt. Rapporter, der allerede var færdige, er urørte.", file=sys.stderr, flush=True)
        os._exit(130)   # at once: the kernels see that this program is gone, and end
    seconds = time.perf_counter() - clock
    write_records(plan, reports, started, seconds)
    print_summary(plan, reports, seconds)
    deviations = tell_deviations(reports)
    unexplained = tell_unexplained(reports)
    if earlier is not None and any(report.folder for report in reports):   # otherwise there is no new run to compare
        print(f"Ændringer siden {options.compare}: {write_changes(compare_runs(earlier, plan.output), plan.output)}")
    tell_release(reports)
    complete = all(report.folder for report in reports)
    return 0 if complete and not (options.strict and (deviations or unexplained)) else 1


def refuse(message):
    """Say why the run was not begun; the exit code for that."""
    print(f"Kørslen blev ikke begyndt.\n{message}", file=sys.stderr)
    return 2


def show_progress(chapters):
    """A bar of the chapters done, in a terminal; nothing where nobody watches."""
    return tqdm(total=chapters, desc="Kapitler kørt", bar_format="{desc}: {n_fmt} af {total_fmt} |{bar}| {elapsed}",
                dynamic_ncols=True, disable=None)


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


def tell_deviations(reports):
    """Name each sentence whose verdict is another than the published one; how many there are."""
    from barometer.register import WORDS, list_deviations

    found = [(report.name, row) for report in reports for row in list_deviations(report.claims)]
    for name, row in found:
        print(f"  {name}: {row['id']} er {WORDS[row['verdict']]}, men publiceret som {WORDS[row['published_verdict']]} "
              f"({WORDS[row['status']]}): {row['sentence']}")
    return len(found)


def tell_release(reports):
    """How many cells of the new reports passed the gate, and how many were closed under each mark."""
    from barometer.release import count_release
    from barometer.rules import MARKS

    told = count_release([cell for report in reports if report.folder for cell in report.release])
    if told["cells"]:
        found = told["status"]
        closed = ", ".join(f"{found.get(mark, 0)} {mark}" for mark in MARKS)
        print(f"Kontrollen har set {told['cells']} celler: {found.get('shown', 0)} vist, {closed}. Se internal/.")


def tell_unexplained(reports, most=10):
    """Read the new reports back and name the first of the faults found; how many there are."""
    from barometer.readback import check_reports
    from barometer.typed import read_allowed

    try:
        count, faults = check_reports([report.folder for report in reports if report.folder], read_allowed())
    except ValueError as error:   # the list is kept by hand
        count, faults = 0, [str(error)]
    rest = [f"Og {len(faults) - most} til: python -m barometer.readback viser dem alle."] if len(faults) > most else []
    for line in [*faults[:most], *rest]:
        print(f"  {line}")
    if count and not faults:
        print(f"Rapporterne er læst tilbage: Der er gjort rede for alle {count} tal.")
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())
