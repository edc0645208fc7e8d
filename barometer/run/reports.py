"""A run: chapters are executed where no kept result fits; a report is whole or not there at all."""

import re
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from barometer.files.private import make_private, write_private
from barometer.files.writing import (
    clear_drafts,
    clear_scratch,
    draft_folder,
    keep_foreign,
    write_file,
)
from barometer.machine import count_cores
from barometer.parameters import Parameters
from barometer.run import cache
from barometer.run.fingerprints import make_key, make_work_key
from barometer.run.work import ChapterTask, Failure, Refusal, ReportTask, Result, name_failure

# Files of a report of which there is no record; with one, the record tells which were made.
MADE = re.compile(
    r"report\.(html|pdf)|(claims|numbers)\.csv|tables\.xlsx|chapters/\d\d_[^/]*\.ipynb|"
    r"figures/([^/]*\.(svg|png)|figur-[^/]*)"
)


@dataclass(frozen=True)
class Report:
    """One variant's report: where it lies (`None` when it was not made) and what is told of it
    (`work.Built`).
    """

    name: str
    parameters: Parameters
    results: tuple = ()  # of its chapters, without the notebooks
    # work of this run, not waiting: the sum over the chapters and of building the report
    seconds: float = 0.0
    folder: Path | None = None
    failure: Failure | None = None
    told: dict = field(default_factory=dict)
    stood: bool = False  # whether it was there already
    beside: tuple = ()  # files in its folder that somebody else put there


class StrictRefusal(Refusal):
    """A report with findings, which a strict run does not put in its place. `told`: what is told of
    it.
    """

    def __init__(self, told, found):
        self.told = told
        super().__init__(
            f"--strict: {found} fund, som er nævnt nedenfor; en tidligere rapport bliver stående"
        )


def count_findings(told):
    """How many things of a built report (`work.Built.told`) fail a strict run."""
    return len(told["deviations"]) + len(told["faults"]) + len(told["left_out"])


def make_reports(run, findings, tick=lambda result: None, begin=lambda: None):
    """Make the reports that do not stand, each as soon as its chapters are there. Returns all, in
    the run's order.

    `findings`: from `standing.look_around`. `begin` is called once there are workers; before that,
    ValueError may be raised. `tick` is called with every `Result` of a chapter that is executed.
    What fails stops nothing else.
    """
    run.output.mkdir(parents=True, exist_ok=True)
    make_private(run.internal)
    clear_drafts(run.output, run.internal)
    clear_scratch()
    made = {
        variant: _describe_standing(run, variant, record)
        for variant, record in findings.standing.items()
    }
    if len(made) < len(run.variants):
        with _open_workers(run) as pool:
            begin()
            made = Making(run, findings, pool, tick, made).work()
    cache.prune_results(
        cache.locate_results(run.internal),
        {make_key(parts) for chapters in findings.parts.values() for parts in chapters.values()},
    )
    return [made[variant] for variant in run.variants]


class Making:
    """A run under way: what is done of each report, and what the workers are busy with."""

    def __init__(self, run, findings, pool, tick, standing):
        self.run, self.findings, self.pool, self.tick = run, findings, pool, tick
        self.store = cache.locate_results(run.internal)
        self.reports = standing
        self.unmade = {
            variant: {
                chapter.name: Result(chapter.name, variant.name, 0.0, kept=True)
                for chapter in run.chapters
                if chapter.name not in findings.reasons[variant]
            }
            for variant in run.variants
            if variant not in findings.standing
        }
        # variants whose chapters are there; {future: what takes its result}
        self.ready, self.busy = [], {}
        self.building = 0

    def work(self):
        """Hand out all work, and take what comes back until nothing is left. Returns {variant:
        report}.
        """
        for variant in self.unmade:
            for chapter in self.run.chapters:
                if chapter.name in self.findings.reasons[variant]:
                    self._execute(variant, chapter)
            self._finish(variant)
        while self.busy or self.ready:
            # no more notebooks in memory than are needed
            while self.ready and self.building <= count_cores():
                self._build(self.ready.pop(0))
            for future in wait(self.busy, return_when=FIRST_COMPLETED).done:
                self.busy.pop(future)(future)  # let go of it, and of the notebook it holds
        return self.reports

    def _execute(self, variant, chapter):
        made_of = self.findings.parts[variant][chapter.name]
        key, work_key = make_key(made_of), make_work_key(made_of)
        task = ChapterTask(chapter.name, chapter.source, variant, work_key, self.run.timeout)

        def take(future):
            result = self._keep(key, _take_result(future, task))
            self.unmade[variant][chapter.name] = result
            self.tick(result)
            self._finish(variant)

        self.busy[self.pool.execute_chapter(task)] = take

    def _keep(self, key, result):
        """The result without its notebook, which lies in the store."""
        if result.failure:
            return result
        try:
            cache.keep_result(self.store, key, {"notebook": result.notebook})
            return replace(result, notebook=None)
        except OSError as error:  # a full disk
            return replace(result, notebook=None, failure=name_failure(error))

    def _finish(self, variant):
        """Where the last chapter of a report has come: build the report, or tell why it cannot
        be.
        """
        done = self.unmade[variant]
        if len(done) == len(self.run.chapters):
            if any(result.failure for result in done.values()):
                self.reports[variant] = self._describe(variant)
            else:
                self.ready.append(variant)

    def _build(self, variant):
        kept = {
            name: cache.read_result(self.store, make_key(parts))
            for name, parts in self.findings.parts[variant].items()
        }
        if lost := [
            chapter for chapter in self.run.chapters if "notebook" not in (kept[chapter.name] or ())
        ]:
            return self._repair(variant, lost)
        chapters = tuple(
            (chapter.name, chapter.source, kept[chapter.name]["notebook"])
            for chapter in self.run.chapters
        )
        task = ReportTask(
            variant.name + self.run.suffix, variant, self.run.formats, chapters, self.run.sources
        )
        self.busy[self.pool.build_report(task)] = lambda future: self._take_report(variant, future)
        self.building += 1

    def _repair(self, variant, lost):
        """Execute again what an earlier run left damaged; what this run kept itself is not tried
        twice.
        """
        done = self.unmade[variant]
        if not all(done[chapter.name].kept for chapter in lost):
            failure = Failure(
                "Gemte resultater kan ikke læses",
                ", ".join(chapter.name for chapter in lost),
                own=True,
            )
            self.reports[variant] = self._describe(variant, failure=failure)
            return
        for chapter in lost:
            del done[chapter.name]
            self._execute(variant, chapter)

    def _take_report(self, variant, future):
        self.building -= 1
        try:
            built = future.result()
            told, beside = self._place(variant, built)
        except StrictRefusal as error:
            self.reports[variant] = self._describe(
                variant, built.seconds, failure=name_failure(error), told=error.told
            )
        except Exception as error:
            self.reports[variant] = self._describe(variant, failure=name_failure(error))
        else:
            folder = self.run.output / (variant.name + self.run.suffix)
            self.reports[variant] = self._describe(
                variant, built.seconds, folder=folder, told=told, beside=beside
            )

    def _place(self, variant, built):
        """Put a built report in its place, unless it and others give a closed count back or a
        strict run has findings.

        Returns what it tells, and which files of others lie in its folder.
        """
        name, told = variant.name + self.run.suffix, built.told
        others = [
            other
            for other, report in self.reports.items()
            if report.folder and report.told.get("cells")
        ]
        cells = [cell for other in others for cell in self.reports[other].told["cells"]] + told[
            "cells"
        ]
        if told["cells"]:
            from barometer.run.workers import try_together

            if problem := try_together(variant.data, cells):
                raise Refusal(problem)
        if self.run.strict and (found := count_findings(told)):
            raise StrictRefusal(told, found)
        with draft_folder(self.run.output / name) as folder:
            for path, content in built.files.items():
                if path.startswith(f"{name}/"):
                    write_file(folder / path.removeprefix(f"{name}/"), content)
            written = {*cache.read_record(self.run.internal, name).get("files", ())}
            beside = keep_foreign(
                self.run.output / name,
                folder,
                lambda path: f"{name}/{path}" in written if written else MADE.fullmatch(path),
            )
        for file in (f"{name}.csv", f"{name}-release.csv"):
            # an earlier run's, should this report have none
            (self.run.internal / file).unlink(missing_ok=True)
        for path, content in built.files.items():
            if not path.startswith(f"{name}/"):
                write_private(cache.locate_file(self.run, path), content)
        cache.write_record(
            self.run.internal,
            name,
            {
                "key": self.findings.keys[variant],
                "parts": self.findings.parts[variant],
                "told": told,
                "data": self.run.sources.data,
                "label": cache.name_report(
                    told["meta"].get("sector_label") or variant.label, self.run
                ),
                "together": [self.findings.keys[other] for other in (*others, variant)],
                "files": {
                    path: sha256(content).hexdigest() for path, content in built.files.items()
                },
            },
        )
        return told, tuple(beside)

    def _describe(self, variant, seconds=0.0, **outcome):
        results = tuple(self.unmade[variant][chapter.name] for chapter in self.run.chapters)
        spent = sum(result.seconds for result in results) + seconds
        return Report(variant.name + self.run.suffix, variant, results, spent, **outcome)


@contextmanager
def _open_workers(run):
    """Those who do the work of a run; when the block ends, what has not begun is cancelled."""
    from barometer.run.workers import Cluster, Here

    workers = (Cluster if run.cluster else Here)(run)
    try:
        yield workers
    except KeyboardInterrupt:
        from barometer.run.process import stop_all

        stop_all()
        raise
    finally:
        workers.close()


def _describe_standing(run, variant, record):
    name = variant.name + run.suffix
    results = tuple(Result(chapter.name, variant.name, 0.0, kept=True) for chapter in run.chapters)
    return Report(name, variant, results, folder=run.output / name, told=record["told"], stood=True)


def _take_result(future, task):
    """A chapter's result; a worker that is gone, or refuses, is a failure of that chapter."""
    try:
        return future.result()
    except Exception as error:
        return Result(task.chapter, task.parameters.name, 0.0, failure=name_failure(error))
