"""A run: chapters are executed where no kept result fits; a report is whole or not there at all."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock

from barometer.files.checksums import hash_file
from barometer.files.private import make_private, write_private
from barometer.files.writing import (
    clear_drafts,
    clear_scratch,
    draft_folder,
    keep_foreign,
    write_file,
    write_text,
)
from barometer.languages.speaking import other_languages, own_language
from barometer.machine import count_cores
from barometer.parameters import Parameters
from barometer.run import cache, records
from barometer.run.cache import make_key, make_work_key
from barometer.run.work import ChapterTask, Failure, Refusal, ReportTask, Result, name_failure

# Files of a report of which there is no record; with one, the record lists which were made.
MADE = re.compile(
    r"report\.(html|pdf|docx)|(claims|numbers)\.csv|(claims|structure)\.json|data/[^/]+|"
    r"tables\.(xlsx|ods)|figures\.pptx|"
    r"chapters/\d\d_[^/]*\.ipynb|figures/([^/]*\.(svg|png)|figur-[^/]*)"
)
UNREADABLE = Failure("det gemte resultat kan ikke læses", own=True)


@dataclass(frozen=True)
class Report:
    """One variant's report: where it lies (`None` when it was not made) and what a run says of it
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
    """A report with findings, which a strict run does not put in its place. `told`: see
    `work.Built`.
    """

    def __init__(self, summary, found):
        self.told = summary
        super().__init__(
            f"--strict: {found} fund, som er nævnt nedenfor; en tidligere rapport bliver stående"
        )


def count_findings(summary):
    """How many things of a built report (`work.Built.told`) fail a strict run."""
    return len(summary["deviations"]) + len(summary["faults"]) + len(summary["left_out"])


def make_reports(run, findings, tick=lambda result: None, begin=lambda: None):
    """Make the reports that do not stand, each as soon as its chapters are there. Returns all, in
    the run's order.

    `findings`: from `records.look_around`. `begin` is called once there are workers; before that,
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
    if missing := [variant for variant in run.variants if variant not in made]:
        with _open_workers(run) as (workers, threads):
            begin()
            making = Making(run, findings, workers, tick, made)
            made |= zip(missing, threads.map(making.make, missing), strict=True)
    cache.prune_results(
        run.results,
        {make_key(parts) for chapters in findings.parts.values() for parts in chapters.values()},
    )
    return [made[variant] for variant in run.variants]


def link_languages(run):
    """Let each page of a run's folder lead to the same page in the other languages that are there,
    and record it as it is then.
    """
    from barometer.report.switch import link_languages as link

    base = run.within or run.output
    own = replace(run, output=base, language="", within=None)
    runs = {own_language(): own}
    runs |= {one: own.in_language(one) for one in other_languages() if (base / one).is_dir()}
    folders = {name: one.output for name, one in runs.items()}
    pages = sorted([*base.glob("*.html"), *base.glob("*/report.html")])
    for path in (page.relative_to(base).as_posix() for page in pages):
        for language, page in link(folders, path).items():
            if page != (folders[language] / path).read_text(encoding="utf-8"):
                write_text(folders[language] / path, page)
                _record_page(runs[language], path, page.encode())


def _record_page(run, path, content):
    """Record a page that was changed after its report was made, and its size in the crate."""
    from barometer.exports.crate import CRATE, change_size

    name = path.partition("/")[0]
    record = records.read_record(run.internal, name)
    if path in record.get("files", {}):
        record["files"][path] = sha256(content).hexdigest()
        records.write_record(run.internal, name, record)
    change_size(run.output, path, len(content))
    last = records.read_record(run.internal, records.RUN)
    for one in {path, CRATE} & {*last.get("pages", ())}:
        last["pages"][one] = hash_file(run.output / one)
    records.write_record(run.internal, records.RUN, last)


class Making:
    """A run under way: all chapters are handed out at once, and `make` waits for those of one
    report. It is called in several threads.
    """

    def __init__(self, run, findings, workers, tick, standing):
        self.run, self.findings, self.workers, self.tick = run, findings, workers, tick
        self.store = run.results
        self.reports, self.one_at_a_time = standing, Lock()
        self.waiting = {
            variant: [
                self._execute(variant, chapter) for chapter in run.chapters if chapter.name in why
            ]
            for variant, why in findings.reasons.items()
        }

    def make(self, variant):
        """The `Report` of one variant, put in its place if nothing prevents it."""
        results = {
            chapter.name: Result(chapter.name, variant.name, 0.0, kept=True)
            for chapter in self.run.chapters
        }
        notebooks = self._collect(variant, results, self.waiting.pop(variant))
        if damaged := [
            chapter
            for chapter in self.run.chapters
            if results[chapter.name].kept and chapter.name not in notebooks
        ]:
            futures = [self._execute(variant, chapter) for chapter in damaged]
            notebooks = self._collect(variant, results, futures)
        for name, result in results.items():
            if name not in notebooks and not result.failure:
                results[name] = replace(result, failure=UNREADABLE)
        if len(notebooks) < len(results):
            return self._describe(variant, results)
        name = variant.name + self.run.suffix
        chapters = tuple((one.name, one.source, notebooks[one.name]) for one in self.run.chapters)
        task = ReportTask(
            name, variant, self.run.formats, chapters, self.run.sources, self.run.language
        )
        try:
            built = self.workers.build_report(task)
            with self.one_at_a_time:
                summary, beside = self._place(variant, built)
                outcome = {"folder": self.run.output / name, "told": summary, "beside": beside}
                report = self._describe(variant, results, built.seconds, **outcome)
                self.reports[variant] = report
        except Exception as error:
            failure, summary = name_failure(error), getattr(error, "told", {})
            report = self._describe(variant, results, failure=failure, told=summary)
        return report

    def _execute(self, variant, chapter):
        """A future `Result` of a chapter, whose notebook is kept and not in it."""
        made_of = self.findings.parts[variant][chapter.name]
        task = ChapterTask(
            chapter.name, chapter.source, variant, make_work_key(made_of), self.run.timeout
        )
        taken = Future()

        def take(done):
            taken.set_result(result := self._keep(make_key(made_of), task, done))
            with self.one_at_a_time:
                self.tick(result)

        self.workers.execute_chapter(task).add_done_callback(take)
        return taken

    def _keep(self, key, task, done):
        try:
            result = done.result()
        except Exception as error:  # a worker is gone, or raised
            return Result(task.chapter, task.parameters.name, 0.0, failure=name_failure(error))
        failure = result.failure
        if not failure:
            try:
                cache.keep_result(self.store, key, {"notebook": result.notebook})
            except OSError as error:  # a full disk
                failure = name_failure(error)
        return replace(result, notebook=None, failure=failure)

    def _collect(self, variant, results, futures):
        """The executed notebooks of a report, as {chapter: JSON}, of those that can be read; and
        the results that the futures give, in their place in `results`.
        """
        results |= {result.chapter: result for result in (future.result() for future in futures)}
        parts = self.findings.parts[variant]
        kept = {
            name: cache.read_result(self.store, make_key(parts[name])) or {}
            for name, result in results.items()
            if not result.failure
        }
        return {name: one["notebook"] for name, one in kept.items() if "notebook" in one}

    def _place(self, variant, built):
        """Put a built report in its place, unless a strict run has findings.

        Returns its `told`, and which files of others lie in its folder.
        """
        name, summary = variant.name + self.run.suffix, built.told
        if self.run.strict and (found := count_findings(summary)):
            raise StrictRefusal(summary, found)
        with draft_folder(self.run.output / name) as folder:
            for path, content in built.files.items():
                if path.startswith(f"{name}/"):
                    write_file(folder / path.removeprefix(f"{name}/"), content)
            written = {*records.read_record(self.run.internal, name).get("files", ())}
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
                write_private(records.locate_file(self.run, path), content)
        records.write_record(
            self.run.internal,
            name,
            {
                "key": self.findings.keys[variant],
                "parts": self.findings.parts[variant],
                "told": summary,
                "data": self.run.sources.data,
                "label": records.name_report(
                    summary["meta"].get("part_label") or variant.label, self.run
                ),
                "files": {
                    path: sha256(content).hexdigest() for path, content in built.files.items()
                },
            },
        )
        return summary, tuple(beside)

    def _describe(self, variant, results, seconds=0.0, **outcome):
        spent = sum(result.seconds for result in results.values()) + seconds
        name = variant.name + self.run.suffix
        return Report(name, variant, tuple(results.values()), spent, **outcome)


@contextmanager
def _open_workers(run):
    """Those who do the work of a run, and threads that wait for it; when the block ends, what has
    not begun is cancelled.
    """
    from barometer.run.workers import Cluster, Here

    workers, threads = (Cluster if run.cluster else Here)(run), ThreadPoolExecutor(count_cores())
    try:
        yield workers, threads
    except KeyboardInterrupt:
        from barometer.run.process import stop_all

        stop_all()
        raise
    finally:
        workers.close()
        threads.shutdown(wait=False, cancel_futures=True)


def _describe_standing(run, variant, record):
    name = variant.name + run.suffix
    results = tuple(Result(chapter.name, variant.name, 0.0, kept=True) for chapter in run.chapters)
    return Report(name, variant, results, folder=run.output / name, told=record["told"], stood=True)
