"""What chapters ask the gate for, found by running them, and the plan of closed cells made of it.

Chapters run over a folder of their own that holds the survey as it is to be sealed, and no plan or
the one that was made last; what they show is thrown away. What a chapter requests may depend on
what it is shown, so those that a plan shows something else are run again with it. What one has
requested is kept among what is not for publication: it is not run again, by this seal or another,
where all that it follows from is as it was, and so is what it is shown of all that it requested.
"""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from barometer.data.cards import CARD_FIELDS, CARDS, CLOSED, REGISTRY, hash_survey, list_rounds
from barometer.data.domains import split_domain
from barometer.disclosure.closed import make_kept, write_closed
from barometer.disclosure.plan import Plan, find_beside, find_rules, list_scope, list_tiers
from barometer.document.chapters import list_chapters
from barometer.errors import BarometerError
from barometer.files.console import is_watched
from barometer.files.private import locate_plans
from barometer.files.writing import open_scratch
from barometer.machine import count_cores, fit_jobs, give_back, limit_jobs
from barometer.parameters import check_parameters, resolve_data
from barometer.releases.memory import list_releases
from barometer.releases.planning import plan_beside
from barometer.run import process
from barometer.run.cache import (
    describe_chapter,
    hash_chapters,
    keep_result,
    make_key,
    make_work_key,
    prune_results,
    read_result,
    read_sources,
)
from barometer.run.work import ChapterTask
from barometer.run.workers import execute_chapter
from barometer.suppression.bounds import Progress, begin, tell_once
from barometer.survey import describe_unmade, read_survey
from barometer.survey_files import forget_folder, leave_plan
from barometer.text import format_count

FIRST = "Kapitlerne køres for at se, hvad de spørger om"
AGAIN = "Kapitler, som planen viser noget andet, køres igen"
MOST_SHOWN = 8  # ways to be shown a survey that are kept of a chapter


class ChapterFailed(BarometerError):
    """A chapter cannot be run over the survey, so that its requests are not known. Its
    arguments: the chapter's and the report's names, and the `Failure`.
    """

    def __str__(self):
        chapter, report, failure = self.args
        return f"{chapter} ({report}) kan ikke køres over undersøgelsen: {failure.logged}"

    def message_for(self, stream):
        """The same, with all words where a person watches."""
        chapter, report, failure = self.args
        words = failure if is_watched(stream) else failure.logged
        return f"{chapter} ({report}) kan ikke køres over undersøgelsen: {words}"


def plan_chapters(survey, folder, made=(), tell=tell_once, strict=True, workers=None):
    """The `Plan` of a survey for what all chapters ask for, in every report that it names.

    `folder`: where its files are; `made`: {name: bytes} of those that are to be others. `strict`:
    whether a chapter that stops is refused (`ChapterFailed`); else what it has asked for until then
    is planned. `tell(done, before)` is called during the work, see `bounds.py`. The plan is made
    beside the releases that are published. `workers`: see `plan.make_plan`. Raises `NoPlan`.
    """
    releases = list_releases(folder)
    with open_scratch() as workspace:
        place = Path(workspace, "data", survey.name)
        _lay_out(place, folder, made)
        _put_plan(place, survey.cards, made)
        tasks = _list_tasks(survey, place)
        asked, waiting, plan = {task: () for task in tasks}, tasks, Plan()
        jobs, requests = _count_jobs(survey), Requests(survey, folder, place)
        while waiting:
            known = {task: requests.find(task, plan) for task in waiting}
            unknown = [task for task in waiting if known[task] is None]
            if unknown:
                begin(tell, AGAIN if plan.scope else FIRST, len(unknown))
            for task, result in _run_chapters(unknown, tell, jobs):
                if result.failure and strict:
                    raise ChapterFailed(task.chapter, task.parameters.name, result.failure)
                known[task] = result.asked
                if not result.failure:
                    requests.keep(task, plan, result.asked)
            for task in waiting:
                asked[task] = tuple(dict.fromkeys([*asked[task], *known[task]]))
            cells = _sum_up(asked)
            if (scope := _list_all(survey, cells)) <= plan.scope:
                break
            begin(tell, f"Planen lægges for {format_count(len(scope))} celler")
            before, plan = plan, plan_beside(survey, cells, releases, tell, workers)
            waiting = [
                task
                for task in tasks
                if _look(survey, before, asked[task]) != _look(survey, plan, asked[task])
            ]
            _put_plan(place, survey.cards, made, plan)
        requests.prune()
    return plan


class Requests:
    """What chapters asked for when they were run over the same survey before, and what they were
    shown of it.

    A chapter that is shown the same of all that it requested will request the same, as its cells
    are deterministic where a run is (`cache.py`). `folder`: of the survey; `place`: where chapters
    run.
    """

    def __init__(self, survey, folder, place):
        self._survey, self._folder, self._used = survey, locate_plans() / "requests", set()
        sources = read_sources(place)
        files = {name: sha for name, sha in sources.data.items() if name not in (CARDS, CLOSED)}
        files[CARDS] = json.dumps(leave_plan(survey.cards), sort_keys=True, default=str)
        rounds = {one.name: hash_survey(one) for one in list_rounds(folder)}
        self._sources = replace(sources, data=files | rounds)

    def find(self, task, plan):
        """The cells that a chapter requests where it is shown a plan; None where that is not known
        before it is run.
        """
        for one in self._read(task):
            cells = tuple(map(tuple, one["asked"]))
            if one["shown"] == self._describe_shown(plan, cells):
                return cells
        return None

    def keep(self, task, plan, asked):
        """Keep what a chapter asked for when it was shown a plan."""
        fresh = {"asked": asked, "shown": self._describe_shown(plan, asked)}
        with suppress(OSError):  # it is found out again
            others = [one for one in self._read(task) if one["shown"] != fresh["shown"]]
            keep_result(self._folder, self._make_key(task), [fresh, *others[: MOST_SHOWN - 1]])

    def prune(self):
        """Remove what has not been used for long."""
        prune_results(self._folder, self._used)

    def _read(self, task):
        return read_result(self._folder, self._make_key(task)) or []

    def _make_key(self, task):
        made_of = describe_chapter(task.source, task.parameters, self._sources)
        self._used.add(key := make_key("requests", make_work_key(made_of), task.parameters.domain))
        return key

    def _describe_shown(self, plan, cells):
        survey = replace(self._survey, plan=plan)
        closed, bases = _look(survey, plan, cells)
        return make_key(*(sorted(part) for part in (closed, bases, find_beside(survey, cells))))


def ensure_plan(data):
    """Ensure that the survey has a plan for the chapters as they are, if its folder holds none:
    one is made, and kept. Raises `NoPlan`.
    """
    survey, plan = read_survey(check_parameters(data=data))
    folder = resolve_data(data)
    if not plan:
        make = partial(plan_chapters, survey, folder, tell=Progress(), strict=False)
        make_kept(survey, hash_chapters(), make)
    del survey
    forget_folder()  # the chapters' processes read the answers for themselves
    give_back()


def _lay_out(place, folder, made):
    """A folder with a survey's files, as links where the system has them, and without cards."""
    place.mkdir(parents=True)
    for path in Path(folder).iterdir():
        if path.is_file() and path.name not in (CARDS, CLOSED, *made):
            try:
                (place / path.name).symlink_to(path.resolve())
            except OSError:
                shutil.copyfile(path, place / path.name)
    for name in made:
        (place / name).write_bytes(made[name])


def _put_plan(place, cards, made, plan=None):
    """The folder's cards, and the plan that chapters are to be shown the survey by, if any."""
    card = {name: cards["files"][REGISTRY][name] for name in CARD_FIELDS}
    files = {name: one for name, one in cards["files"].items() if name != CLOSED}
    files |= {name: files[name] | {"sha256": sha256(made[name]).hexdigest()} for name in made}
    if plan:
        text = write_closed(plan, cards).encode()
        (place / CLOSED).write_bytes(text)
        files[CLOSED] = card | {"sha256": sha256(text).hexdigest()}
    (place / CARDS).write_text(json.dumps(cards | {"files": files}, default=str), "utf-8")


def _list_tasks(survey, place):
    """A task for each chapter of each report that the survey names and has answers for."""
    domains = [domain for tier in list_tiers(survey.registry) for domain in tier]
    return [
        ChapterTask(path.stem, path.read_bytes(), variant, collects=True)
        for domain in domains
        if not describe_unmade(survey, domain)
        for variant in [check_parameters(data=place.as_posix(), **split_domain(domain))]
        for path in list_chapters()
    ]


def _count_jobs(survey):
    """How many chapters may run side by side: as the system allows, and as there is memory for."""
    rows, columns = survey.variables.answers.shape
    return limit_jobs(fit_jobs(count_cores() + 1, rows, columns, process.shares()))


def _run_chapters(tasks, tell, jobs):
    """Yield (task, its result), side by side and in the order of the tasks."""
    process.allow()
    pool = ThreadPoolExecutor(jobs)
    try:
        results = pool.map(execute_chapter, tasks)
        for number, (task, result) in enumerate(zip(tasks, results, strict=True)):
            tell(number + 1, number)
            yield task, result
    except BaseException:
        process.stop_all()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _sum_up(asked):
    """{domain: cells} of what chapters ask for in each report."""
    found = {}
    for task, cells in asked.items():
        found.setdefault(task.parameters.domain, {}).update(dict.fromkeys(cells))
    return found


def _list_all(survey, asked):
    """The scope of a plan for what is asked for."""
    tiers = list_tiers(survey.registry)
    return frozenset(cell for tier in tiers for cell in list_scope(survey, asked, tier))


def _look(survey, plan, cells):
    """What a chapter is shown of some cells by a plan: which are closed, and which of their
    bases.
    """
    rules, bases = find_rules(replace(survey, plan=plan), cells)
    return {*rules}, bases
