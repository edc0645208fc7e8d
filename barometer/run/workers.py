"""Where the work of a run is done: on this machine, or by the workers of a Dask cluster, in the
same words.

A worker of a cluster needs the same program, data and packages in a checkout of its own, and no
folder in common with the run: results are sent back as bytes. When a worker is lost, the
scheduler gives what it had to the others.

Both have `execute_chapter`, a future, and `build_report`, which waits. What only the work needs is
imported by the processes that do it, so that a run that has little to do is done soon.
"""

import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from threading import Thread

from barometer import paths
from barometer.files.faults import DataFault, is_terminal
from barometer.files.private import settle_plans, write_private
from barometer.languages.speaking import own_language, speak
from barometer.machine import count_cores, fit_jobs, limit_jobs
from barometer.run import process
from barometer.run.work import Failure, Result, open_answer, place_cell

DICTIONARY, COLUMNS = "dictionary.csv", 100  # what names a survey's columns, or how many they are
WAIT = 10  # seconds to reach the scheduler
NO_DASK = "--cluster kræver Dask. Installér det med: pip install -e .[cluster]"
SAME = {
    "data": "andre data",
    "program": "et andet program",
    "python": "en anden Python eller andre pakker",
    "publishing": "en anden udgave af rapportens skabeloner eller et andet commit",
}


class Here:
    """This machine: as many chapters side by side as the run has jobs, and reports beside them."""

    def __init__(self, run):
        process.allow()
        self._chapters = ThreadPoolExecutor(count_jobs(run))

    def execute_chapter(self, task):
        """A future `Result`."""
        return self._chapters.submit(execute_chapter, task)

    def build_report(self, task):
        """The `Built` report."""
        return build_report(task)

    def close(self):
        """Begin nothing more, and wait for nothing."""
        self._chapters.shutdown(wait=False, cancel_futures=True)


class Cluster:
    """The workers of the scheduler at `run.cluster`. Raises ValueError where they cannot do the
    run's work.
    """

    def __init__(self, run):
        self._client, data = connect(run.cluster), run.variants[0].data
        try:
            found = self._client.run(_describe_worker, data)
            check_workers(found, run.cluster, asdict(run.sources))
        except BaseException:
            self.close()
            raise
        self._pool = self._client.get_executor(pure=False)
        self._plan = _read_plan(data)

    def execute_chapter(self, task):
        """A future `Result`."""
        return open_answer(self._pool.submit(_answer, execute_chapter, task, self._plan))

    def build_report(self, task):
        """The `Built` report."""
        return open_answer(self._pool.submit(_answer, build_report, task, self._plan)).result()

    def close(self):
        """Leave the cluster; what has not begun is cancelled."""
        self._client.close()


def connect(address):
    """The client of a Dask scheduler. Raises ValueError where there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(NO_DASK) from None
    # Dask gives the second a level of its own
    for name in ("distributed", "distributed.client"):
        # what goes wrong is reported in the summary
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=WAIT)
    # the last two of missing certificates
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ValueError(
            f"Dask-planlæggeren {address} svarer ikke ({error}). Start den med: dask scheduler, "
            "og angiv certifikaterne, hvis den kræver dem (docs/runs.md)"
        ) from None


def check_workers(described, scheduler, wanted):
    """Refuse workers that would make something else, or none at all. `wanted`: {part: checksum}."""
    problems = []
    if not described:
        problems = [
            f"Dask-planlæggeren {scheduler} har ingen arbejdere. Start dem med: "
            f"dask worker {scheduler}"
        ]
    shared = [name for name in SAME if name in wanted]
    for address, found in described.items():
        known = isinstance(found, dict)
        differing = [SAME[name] for name in shared if known and found[name] != wanted[name]]
        if differing or not isinstance(found, dict):
            what = " og ".join(differing) or f"en fejl ({found})"
            problems.append(
                f"Arbejderen {address} har {what}. Hent samme commit, data og pakker på dens "
                f"maskine, og "
                "start den igen, eller stop den."
            )
    if problems:
        raise ValueError("\n".join(problems))


def _describe_worker(data):
    """On a worker: the checksums of its sources, or what is wrong there."""
    try:
        from barometer.parameters import resolve_data
        from barometer.run.cache import read_sources

        return asdict(read_sources(resolve_data(data)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _read_plan(data):
    """The bytes of the plan that is kept here for a survey, which its folder lacks on the workers
    too; none where there is none.
    """
    from barometer.disclosure.closed import read_kept

    return read_kept(_read_cards(data))


def _read_cards(data):
    from barometer.data.cards import CARDS, parse_cards, read_file
    from barometer.parameters import resolve_data

    return parse_cards(read_file(resolve_data(data) / CARDS))


def _keep_plan(data, plan):
    """On a worker: keep the run's plan, as if it had been made here."""
    from barometer.disclosure.closed import locate_kept, read_kept

    cards = _read_cards(data)
    if read_kept(cards) != plan:
        write_private(locate_kept(cards), plan)


def _answer(function, task, plan):
    """On a worker: what a function returns, or the exception it raises. One that got out would be
    written in the worker's log, and with it what the error quotes and what the function was
    given. `plan`: `_read_plan`.
    """
    try:
        if plan:
            _keep_plan(task.parameters.data, plan)
        return function(task)
    except Exception as error:
        return error


def execute_chapter(task):
    """The `Result` of a chapter (`work.ChapterTask`) that is executed in a process of its own."""
    process.prepare(task.parameters.data)
    start = time.perf_counter()
    try:
        place = str(paths.NOTEBOOKS)
        return process.call(_call_task, "run_chapter", task, place, patience=task.timeout)
    except process.Ended as error:
        cells = json.loads(task.source)["cells"]
        place = place_cell(cells, *error.last) if error.last else ()
        if isinstance(error, process.Hung):
            words = f"cellen nåede ikke sin ende på {task.timeout} sekunder; se --timeout"
            failure = Failure("tiden er gået", words, *place, own=True)
        else:
            failure = Failure("processen blev standset", error.args[0], *place, own=True)
        seconds = time.perf_counter() - start
        return Result(task.chapter, task.parameters.name, seconds, failure=failure)


def build_report(task):
    """The `Built` report of a `work.ReportTask`, made in a process of its own."""
    process.prepare(task.parameters.data)
    return process.call(_call_task, "build_report", task)


def _call_task(name, *arguments):
    from barometer.run import tasks

    with speak(getattr(arguments[0], "language", "") or own_language()):
        return getattr(tasks, name)(*arguments)


def check_data(run, chapters):
    """What is wrong with the run's data, see `tasks.check_data`; meanwhile this process imports
    what it needs.

    Where there are none to execute, all were executed over the same data, which were checked then.
    What reports are built of beside them is checked in any case.
    """
    if faults := _check_lists():
        return faults
    process.allow()
    settle_plans(run.internal)
    process.prepare(run.variants[0].data, chapters > 0)
    if not chapters:
        Thread(target=_get_ready).start()
        return None
    ready = Thread(target=_get_ready)
    ready.start()
    try:
        sources = [(chapter.name, chapter.source) for chapter in run.chapters]
        faults = process.call(
            _call_task, "check_data", run.variants[0].data, is_terminal(sys.stderr), sources
        )
    except process.Ended as error:
        faults = f"Undersøgelsens filer blev ikke læst: {error}. Kør igen."
    ready.join()
    return faults


def lacks_plan(run):
    """Whether a plan of closed cells must be made before chapters are executed."""
    try:
        return process.call(_call_task, "lacks_plan", run.variants[0].data)
    except process.Ended:  # looked for again where one is made
        return True


def _check_lists():
    """What is wrong with what people keep beside the chapters, report.yaml and typed_numbers.yaml;
    "" where nothing.
    """
    from barometer.document.imprint import read_front
    from barometer.verify.typed import read_allowed

    problems = []
    for read, arguments in ((read_front, (None,)), (read_allowed, ())):
        try:
            read(*arguments)
        except DataFault as error:
            problems += [fault.describe() for fault in error.faults]
    return "\n".join(problems)


def count_jobs(run):
    """How many chapters run side by side: as many as the run says, or else one for each core, and
    one while another begins, as far as there is memory for them.
    """
    if run.jobs:
        return limit_jobs(run.jobs)
    jobs = count_cores() + 1
    with suppress(DataFault):  # what is wrong is found when the files are read
        cards = _read_cards(run.variants[0].data)
        rows = cards["files"][cards["microdata"]]["rows"]
        columns = cards["files"].get(DICTIONARY, {}).get("rows", COLUMNS)
        jobs = fit_jobs(jobs, rows, columns, process.shares())
    return limit_jobs(jobs)


def _get_ready():
    with suppress(Exception):  # reported when it is needed
        import_module("barometer.report.html")
