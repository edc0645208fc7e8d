"""Where the work of a run is done: on this machine, or by the workers of a Dask cluster, in the
same words.

Both hand out futures of `tasks.run_chapter` and `tasks.build_report`. Modules that only the work
needs are imported by those who do it, so that a run that has little to do is done soon.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from threading import Lock, Thread

from barometer.files.faults import DataFault, is_terminal
from barometer.files.private import settle_plans
from barometer.run.machine import count_cores, limit_jobs
from barometer.run.template import (
    ForkDied,
    allow_forks,
    call_in_fork,
    can_fork,
    expect_no_chapters,
    read_first,
)

_ONE_AT_A_TIME = Lock()  # in this process: the reader of finished PDFs is not made for threads


class Here:
    """This machine. Chapters run side by side, each in its kernel; reports are built in forks of
    the warm template.
    """

    def __init__(self, run, workspace):
        allow_forks()
        self._workspace = workspace
        self._chapters = ThreadPoolExecutor(count_jobs(run))
        self._reports = ThreadPoolExecutor(count_cores())

    def run_chapter(self, task):
        """A future `Result`."""
        return self._chapters.submit(_run_chapter, task, self._workspace)

    def build_report(self, task):
        """A future `Built`."""
        return self._reports.submit(call_apart, "build_report", task)

    def try_together(self, data, cells):
        """What is wrong with the cells of several reports taken together, see
        `tasks.try_together`.
        """
        return call_apart("try_together", data, cells)

    def close(self):
        """Begin nothing more, and wait for nothing."""
        for pool in (self._chapters, self._reports):
            pool.shutdown(wait=False, cancel_futures=True)


def call_apart(name, *arguments):
    """What a function of `tasks` returns, called in a fork of the template where the system can."""
    if can_fork():
        return call_in_fork("barometer.run.tasks", name, *arguments)
    from barometer.run import tasks

    with _ONE_AT_A_TIME:
        return getattr(tasks, name)(*arguments)


def check_data(run, chapters):
    """What is wrong with the run's data, see `tasks.check_data`; meanwhile this process gets ready
    for its part.

    Where there are none to execute, all were executed over the same data, which were checked then.
    What reports are built of beside them is checked in any case.
    """
    if faults := _check_lists():
        return faults
    allow_forks()
    settle_plans(run.internal)
    read_first(run.variants[0].data)
    if not chapters:
        expect_no_chapters()
        Thread(target=_get_ready, args=["barometer.run.records"]).start()
        return None
    ready = Thread(target=_get_ready, args=["barometer.run.execution", "barometer.run.records"])
    ready.start()
    try:
        sources = [(chapter.name, chapter.source) for chapter in run.chapters]
        faults = call_apart("check_data", run.variants[0].data, is_terminal(sys.stderr), sources)
    except ForkDied as error:
        faults = f"Undersøgelsens filer blev ikke læst: {error}. Kør igen."
    ready.join()
    return faults


def _check_lists():
    """What is wrong with what people keep beside the chapters, report.yaml and typed_numbers.yaml;
    "" where nothing.
    """
    from barometer.report.imprint import read_front
    from barometer.verify.typed import read_allowed

    problems = []
    for read, arguments in ((read_front, (None,)), (read_allowed, ())):
        try:
            read(*arguments)
        except DataFault as error:
            problems += [fault.describe() for fault in error.faults]
    return "\n".join(problems)


def count_jobs(run):
    """How many chapters run side by side: a third of a kernel's life is waiting, so more than there
    are cores.
    """
    return limit_jobs(run.jobs or 2 * count_cores() + 1)


def _get_ready(*modules):
    for module in modules:
        with suppress(Exception):  # told when it is needed
            import_module(module)


def _run_chapter(task, workspace):
    from barometer.run.execution import run_chapter

    return run_chapter(task, workspace)
