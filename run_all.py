"""Lav rapporterne: kør de kapitler, der er ændret, for hver sektor, og saml dem i outputs/."""

import os
import signal
import sys
import time

from barometer.files.console import is_watched, settle_streams
from barometer.paths import NoProject, take_project
from barometer.tools.command_line import read_arguments

MADE, FAILED, REFUSED, INTERRUPTED, STOPPED = 0, 1, 2, 130, 143  # exit codes


def main(arguments=None):
    """The story of a run: refuse what cannot be run, make what does not stand, record, tell.
    Returns the exit code.
    """
    try:
        words = sys.argv[1:] if arguments is None else arguments
        words = take_project(words, os.path.dirname(os.path.abspath(__file__)))
    except NoProject as error:
        return refuse(error)
    options, begun = read_arguments(words, __doc__), []
    signal.signal(signal.SIGTERM, stop)
    try:
        return run_reports(options, lambda: begun.append(True))
    except BrokenPipeError:
        # Python would tell it once more at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(
            "Udskriften blev lukket, før den var skrevet. Kør igen for at se, hvad der er lavet.",
            file=sys.stderr,
        )
        return FAILED
    # ParameterError, DataFault, ChangesError: told in full where they are raised
    except ValueError as error:
        return give_up(error) if begun else refuse(error)
    except ModuleNotFoundError as error:
        told = (
            f"Pakken {error.name} er ikke installeret i {sys.prefix}. Kør: pip install -r "
            f"requirements.txt"
        )
        return give_up(told) if begun else refuse(told)
    except SyntaxError as error:  # in a helper module, just edited
        told = f"{error.filename}, linje {error.lineno}: {error.msg}. Ret filen, og kør igen."
        return give_up(told) if begun else refuse(told)
    except MemoryError:
        return (
            give_up("maskinen har ikke hukommelse nok")
            if begun
            else refuse("Maskinen har ikke hukommelse nok.")
        )
    except OSError as error:
        return give_up(error)
    except Stopped:
        leave("Stoppet", STOPPED)
    except KeyboardInterrupt:
        leave("Afbrudt", INTERRUPTED)


def run_reports(options, begin):
    """Plan, make, record and tell. Raises ValueError for what cannot be run, before `begin` is
    called.
    """
    # Imported here and below so that nobody waits for what is not needed: most runs have little to
    # do.
    from barometer.files.private import settle_internal
    from barometer.run.cache import is_recorded, look_around
    from barometer.run.request import plan_run

    run = plan_run(
        options.sector,
        options.chapter,
        options.data,
        options.alpha,
        options.further,
        options.each,
        output=options.output,
        formats=options.format,
        jobs=options.jobs,
        timeout=options.timeout,
        force=options.force,
        cluster=options.cluster,
        strict=options.strict,
    )
    # a run that is refused leaves nothing where none has been
    used = run.output.exists() or run.internal.exists()
    if used and (moved := settle_internal(run.output)):
        print(
            f"Det, der ikke er til offentliggørelse, lå i {moved} og er flyttet til {run.internal}."
        )
    # before the run may replace it
    findings, earlier = look_around(run), read_earlier(options.compare)
    if options.verbose:
        tell_reasons(run, findings)
    started, clock = time.time(), time.perf_counter()
    reports = make(run, findings, begin)
    begin()
    seconds = time.perf_counter() - clock
    if not is_recorded(run, findings):
        from barometer.run.records import write_records

        write_records(run, findings, reports, started, seconds)
    print_summary(run, reports, seconds)
    told = tell_deviations(reports) + tell_unexplained(reports) + tell_left_out(reports)
    tell_changes(options.compare, earlier, run, reports)
    tell_release(run, reports)
    sys.stdout.flush()
    return (
        FAILED
        if (told and options.strict) or not all(report.folder for report in reports)
        else MADE
    )


def make(run, findings, begin):
    """The run's reports. A fault in the data is told once, and not by every chapter. Raises
    ValueError for one.
    """
    from barometer.run.reports import make_reports

    if len(findings.standing) == len(run.variants):
        return make_reports(run, findings)
    from barometer.files.private import settle_internal
    from barometer.machine import check_limits
    from barometer.run.workers import check_data, count_jobs

    chapters = sum(map(len, findings.reasons.values()))
    if not run.cluster and (problems := check_limits()):
        raise ValueError("\n".join(problems))
    if faults := check_data(run, chapters):
        raise ValueError(faults)
    settle_internal(run.output)
    with show_progress(chapters, count_jobs(run)) as bar:
        return make_reports(run, findings, lambda result: advance(bar, count_jobs(run)), begin)


def stop(*_):
    """SIGTERM ends a run as Ctrl-C does."""
    raise Stopped


class Stopped(KeyboardInterrupt):
    """The system asked the program to end."""


def leave(word, code):
    """End at once: kernels and workers see that this program is gone, and end themselves."""
    print(
        f"{word}. Rapporter, der allerede var færdige, er urørte; næste kørsel laver kun det, der "
        f"mangler.",
        file=sys.stderr,
        flush=True,
    )
    os._exit(code)


def refuse(message):
    """Say why the run was not begun; the exit code for that."""
    print(f"Kørslen blev ikke begyndt.\n{message}", file=sys.stderr)
    return REFUSED


def give_up(message):
    """Say why a run that had begun was not finished; the exit code for that."""
    told = str(message).rstrip(".")
    print(
        f"Kørslen kunne ikke gøres færdig: {told}. Rapporter, der allerede var færdige, er urørte.",
        file=sys.stderr,
    )
    return FAILED


def read_earlier(folder):
    """The traces of the run to compare with, where one is named."""
    if not folder:
        return None
    from barometer.verify.changes import read_traces

    return read_traces(folder)


def show_progress(total, jobs):
    """A bar of the chapters done, running and the time left, in a terminal; nothing where nobody
    watches.
    """
    from tqdm import tqdm

    bar = tqdm(
        total=total,
        desc="Kapitler kørt",
        dynamic_ncols=True,
        disable=None,
        bar_format="{desc}: {n_fmt} af {total_fmt} |{bar}|{postfix}, ca. {remaining} tilbage",
    )
    advance(bar, jobs, 0)
    return bar


def advance(bar, jobs, done=1):
    """Move the bar on by the chapters done."""
    bar.set_postfix_str(f"{min(jobs, bar.total - bar.n - done)} kører", refresh=False)
    bar.update(done)
    if not done:
        bar.refresh()


def tell_reasons(run, findings):
    """What is run and what is not, chapter by chapter, and why."""
    for variant in run.variants:
        name = variant.name + run.suffix
        if variant in findings.standing:
            print(f"{name}: står uændret")
            continue
        for chapter in run.chapters:
            why = findings.reasons[variant].get(chapter.name)
            print(
                f"{name}, {chapter.name}: "
                f"{f'køres ({why})' if why else 'køres ikke (gemt resultat)'}"
            )
        print(f"{name}: rapporten sættes")


def print_summary(run, reports, seconds):
    """What was made and what failed, report by report."""
    print(f"{'Rapport':<25} {'Resultat':<42}{'Arbejde, s':>10}")
    for told in dict.fromkeys(
        one for report in reports for one in report.told.get("meta", {}).get("told", ())
    ):
        print(f"Læst: {told}.")
    for report in reports:
        failed = [result for result in report.results if result.failure]
        broken = (
            f"{len(failed)} af {len(report.results)} kapitler fejlede"
            if failed
            else "den har fund"
            if report.told
            else "den kunne ikke sættes"
        )
        made = (
            ", ".join(path.name for path in sorted(report.folder.glob("report.*")))
            if report.folder
            else ""
        )
        outcome = f"{made}{' (uændret)' if report.stood else ''}" or f"IKKE LAVET: {broken}"
        print(f"{report.name:<25} {outcome:<44}" + f"{report.seconds:>8.1f}".replace(".", ","))
        if report.beside:
            print(
                f"  Ikke rapportens egne filer, som er blevet liggende i mappen: "
                f"{', '.join(report.beside)}"
            )
        for where, failure in [
            *((f"{result.chapter}, ", result.failure) for result in failed),
            ("", report.failure),
        ]:
            if failure:
                print(f"  {where}{failure if is_watched(sys.stdout) else failure.logged}")
    for why in run.left_out:
        print(f"Udeladt: {why}")
    print(f"I alt {seconds:.0f} sekunder. Rapporterne er samlet i {run.output / 'index.html'}")


def tell_deviations(reports):
    """Name each sentence whose verdict is another than the published one; how many there are."""
    found = [(report.name, row) for report in reports for row in report.told.get("deviations", ())]
    if found:
        from barometer.sentences.register import WORDS
    for name, row in found:
        print(
            f"  {name}: {row['id']} er {WORDS[row['verdict']]}, men publiceret som "
            f"{WORDS[row['published_verdict']]} "
            f"({WORDS[row['status']]}): {row['sentence']}"
        )
    return len(found)


def tell_unexplained(reports, most=10):
    """Name the first of the numbers, read back from the reports, that nothing accounts for; how
    many there are.
    """
    made = {report.name: report.told for report in reports if report.told}
    count = sum(told["numbers"] for told in made.values())
    faults = [fault for told in made.values() for fault in told["faults"]]
    if any(told["unused"] for told in made.values()):
        from barometer.verify.typed import name_stale

        faults += name_stale({name: told["unused"] for name, told in made.items()})
    rest = (
        [f"Og {len(faults) - most} til: python -m barometer verify viser dem alle."]
        if len(faults) > most
        else []
    )
    for line in [*faults[:most], *rest]:
        print(f"  {line}")
    if count and not faults:
        print(f"Rapporterne er læst tilbage: Der er gjort rede for alle {count} tal.")
    return len(faults)


def tell_left_out(reports):
    """Name each cell whose output is in no report, though it may have been meant for it; how many
    there are.

    A chapter shows the same in the reports of all sectors, and is told of once.
    """
    lines = dict.fromkeys(
        line for report in reports if report.told for line in report.told.get("left_out", ())
    )
    for line in lines:
        print(f"  {line}")
    return len(lines)


def tell_changes(folder, earlier, run, reports):
    """Write what is changed since an earlier run, where one was named and there is a new one to
    compare with.
    """
    if earlier is not None and any(report.folder for report in reports):
        from barometer.verify.changes import compare_runs, write_changes

        print(
            f"Ændringer siden {folder}: "
            f"{write_changes(compare_runs(earlier, run.output), run.output)}"
        )


def tell_release(run, reports):
    """How many cells of the reports passed the gate, and how many were closed under each mark."""
    from barometer.disclosure.rules import MARKS

    releases = [report.told["release"] for report in reports if report.folder]
    if cells := sum(release["cells"] for release in releases):
        count = {
            mark: sum(release["status"].get(mark, 0) for release in releases)
            for mark in ("shown", *MARKS)
        }
        closed = ", ".join(f"{count[mark]} {mark}" for mark in MARKS)
        print(
            f"Kontrollen har set {cells} celler: {count['shown']} vist, {closed}. Se "
            f"{run.internal}."
        )


if __name__ == "__main__":
    settle_streams()
    sys.exit(main())
