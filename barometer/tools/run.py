"""Makes a project's reports, `python -m barometer run` or `python run_all.py`: what is asked for is
checked, what stands is found, the rest is made, recorded and summarised.
"""

import json
import os
import shutil
import signal
import sys
import time

from barometer.languages.speaking import other_languages, own_language, speak
from barometer.paths import take_project
from barometer.tools.command_line import read_arguments

MADE, FAILED, REFUSED, INTERRUPTED, STOPPED = 0, 1, 2, 130, 143  # exit codes
HELP = "Lav rapporterne: kør de kapitler, der er ændret, for hver del, og saml dem i outputs/."


class Stopped(KeyboardInterrupt):
    """The system asked the program to end."""


def main(words, *starts):
    """Make the reports that a command line names, of the project that it names, or else the one
    around `starts` or the working folder. Returns the exit code.
    """
    begun = []
    try:
        options = read_arguments(take_project(words, *starts), HELP)
        signal.signal(signal.SIGTERM, _stop)
        return run_reports(options, lambda: begun.append(True))
    except BrokenPipeError:
        # Python would else write the error once more at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        text = "Udskriften blev lukket, før den var skrevet. Kør igen for at se, hvad der er lavet."
        sys.stderr.write(f"{text}\n")
        return FAILED
    except (ValueError, ModuleNotFoundError, SyntaxError, MemoryError, OSError) as error:
        text = _describe_error(error)
        if begun or isinstance(error, OSError):
            untouched = "Rapporter, der allerede var færdige, er urørte."
            text = text.rstrip(".")
            sys.stderr.write(f"Kørslen kunne ikke gøres færdig: {text}. {untouched}\n")
            return FAILED
        sys.stderr.write(f"Kørslen blev ikke begyndt.\n{text}\n")
        return REFUSED
    except Stopped:
        _leave("Stoppet", STOPPED)
    except KeyboardInterrupt:
        _leave("Afbrudt", INTERRUPTED)


def run_reports(options, begin):
    """Check, make, record and summarise. Returns the exit code. Raises ValueError for what cannot
    be run, before `begin` is called.
    """
    # Imported here and below to save time: most runs have little to do.
    from barometer.parameters import check_language
    from barometer.run.request import plan_run

    if options.strict:
        from barometer.document.imprint import read_front, refuse_unsigned

        refuse_unsigned(read_front(None))
    run = plan_run(
        options.parts,
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
        supersede=options.supersede,
    )
    own, code, made = own_language(), MADE, False
    if problems := [line for one in options.language for line in check_language(one)]:
        raise ValueError("\n".join(problems))
    for language in options.language or [own]:
        with speak(language):
            one = run if language == own else run.in_language(language)
            done, changed = _run_language(one, options, begin)
            code, made = max(code, done), made or changed
    if made and any((run.output / language).is_dir() for language in other_languages()):
        from barometer.run.reports import link_languages

        link_languages(run)
    return code


def _run_language(run, options, begin):
    """The reports of a run in one language: (exit code, whether anything was made). Chapters are
    executed for the first of several.
    """
    from barometer.files.private import settle_internal
    from barometer.proofs.command import list_unproved
    from barometer.run.records import RUN, is_recorded, look_around, read_record
    from barometer.tools import summary

    # a run that is refused leaves nothing where none has been
    used = run.output.exists() or run.internal.exists()
    if used and (moved := settle_internal(run.within or run.output)):
        place = f"lå i {moved} og er flyttet til {run.internal}."
        _say([f"Det, der ikke er til offentliggørelse, {place}"])
    findings, earlier = look_around(run), None
    if options.compare:  # before the run may replace it
        from barometer.verify.changes import compare_runs, read_traces, write_changes

        # as the reports of this language were, where there were any
        there = options.compare / run.language
        earlier = read_traces(there if there.is_dir() else options.compare)
    if options.verbose:
        _say(summary.tell_reasons(run, findings))
    started, clock = time.time(), time.perf_counter()
    reports = _make(run, findings, begin)
    begin()
    seconds = time.perf_counter() - clock
    _say(_set_aside(run, reports))
    if stood := is_recorded(run, findings):
        proof = json.loads((run.output / "run.json").read_text(encoding="utf-8"))["certificate"]
        missing = read_record(run.internal, RUN).get("untranslated", [])
    else:
        from barometer.run.records import write_records

        proof = None if _is_proved(run, reports) else _prove(run, reports)
        missing = summary.name_untranslated(run.language)
        write_records(run, findings, reports, started, seconds, proof, missing)
    _say(summary.tell_reports(run, reports, seconds))
    _say(found := [*summary.tell_findings(reports)])
    _say(summary.tell_account(reports))
    _say(list_unproved(proof))
    made = [report for report in reports if report.folder]
    if made and earlier is not None:
        written = write_changes(compare_runs(earlier, run.output), run.output)
        _say([f"Ændringer siden {options.compare}: {written}"])
    _say(summary.tell_release(run, made))
    _say(missing)
    sys.stdout.flush()
    found += [*missing, *(proof["faults"] if proof else [])]
    failed = (found and options.strict) or len(made) < len(reports)
    return FAILED if failed else MADE, not stood


def _is_proved(run, reports):
    """Whether a further language has the numbers that the certificate of the first one is of."""
    from barometer.files.private import locate_internal
    from barometer.run.records import read_record
    from barometer.verify.certificate import CERTIFICATE

    if not run.within or not (run.within / CERTIFICATE).is_file():
        return False
    first = locate_internal(run.within)
    same = all(
        # what its chapters follow from, the data among it
        read_record(first, report.name).get("parts")
        == read_record(run.internal, report.name)["parts"]
        for report in reports
        if report.folder
    )
    if same:
        (run.output / CERTIFICATE).unlink(missing_ok=True)  # of a run in this language alone
    return same


def _prove(run, reports):
    """The certificate of the folder: of this run's reports, and of earlier ones over the same data.
    With what it says, the names of those over other data.
    """
    from barometer.proofs.command import prove
    from barometer.run import process
    from barometer.run.records import read_record

    there = {path.parent.name for path in run.output.glob("*/numbers.csv")}
    alike = {report.name for report in reports if report.folder}
    alike |= {
        name for name in there if read_record(run.internal, name).get("data") == run.sources.data
    }
    if not there:  # no process need be started
        return prove(run.output)
    process.allow()
    try:
        proof = process.call(prove, run.output, sorted(alike))
    except process.Ended as error:
        fault = f"Beviset blev ikke lavet: {error}. Kør python -m barometer prove."
        raise OSError(fault) from None
    return proof and proof | {"apart": sorted(there - alike)}


def _make(run, findings, begin):
    """The run's reports. A fault in the data is reported once, and not by every chapter. Raises
    ValueError for one.
    """
    from barometer.run.reports import make_reports

    if len(findings.standing) == len(run.variants):
        _refuse_beside(run)
        return make_reports(run, findings)
    from barometer.files.private import settle_internal
    from barometer.machine import check_limits
    from barometer.run.workers import check_data, count_jobs, lacks_plan
    from barometer.tools.summary import show_progress

    chapters = sum(map(len, findings.reasons.values()))
    if not run.cluster and (problems := check_limits()):
        raise ValueError("\n".join(problems))
    if faults := check_data(run, chapters):
        raise ValueError(faults)
    if chapters and lacks_plan(run):
        from barometer.tools.collecting import ensure_plan

        ensure_plan(run.variants[0].data)
    if not run.supersede:  # those are moved when the new ones are made
        _refuse_beside(run)
    settle_internal(run.within or run.output)
    with show_progress(chapters, count_jobs(run)) as tick:
        return make_reports(run, findings, tick, begin)


def _refuse_beside(run):
    """Raise `Standing` where reports of earlier runs may not lie beside those of this one."""
    from barometer.run.records import list_others

    if others := list_others(run, {variant.name + run.suffix for variant in run.variants}):
        from barometer.releases.standing import refuse_standing
        from barometer.survey import open_planned

        refuse_standing(run.output, others, open_planned(run.variants[0].data))


def _set_aside(run, reports):
    """Move earlier reports that could not be made anew, and may not lie beside those that could,
    to what is not for publication. Yields a line for each.
    """
    from barometer.run.records import list_others

    made = {report.name for report in reports if report.folder}
    others = list_others(run, made) if made else []
    for name in others:
        from barometer.releases.standing import Standing, refuse_standing
        from barometer.survey import open_planned

        try:
            refuse_standing(run.output, [name], open_planned(run.variants[0].data))
        except Standing:
            place = run.internal / "superseded" / name
            shutil.rmtree(place, ignore_errors=True)
            place.parent.mkdir(exist_ok=True)
            shutil.move(run.output / name, place)
            yield f"Den tidligere rapport {name} kan ikke ligge ved siden af de nye: {place}"


def _say(lines):
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _describe_error(error):
    if isinstance(error, ModuleNotFoundError):
        return (
            f"Pakken {error.name} er ikke installeret i {sys.prefix}. Kør: pip install -r "
            f"requirements.txt"
        )
    if isinstance(error, SyntaxError):  # in a helper module, just edited
        return f"{error.filename}, linje {error.lineno}: {error.msg}. Ret filen, og kør igen."
    # a `BarometerError` has its whole message where it is raised
    return "Maskinen har ikke hukommelse nok." if isinstance(error, MemoryError) else str(error)


def _stop(*_):
    """SIGTERM ends a run as Ctrl-C does."""
    raise Stopped


def _leave(word, code):
    """End at once: the processes that work end when this program is gone."""
    sys.stderr.write(
        f"{word}. Rapporter, der allerede var færdige, er urørte; næste kørsel laver kun det, der "
        f"mangler.\n"
    )
    sys.stderr.flush()
    os._exit(code)
