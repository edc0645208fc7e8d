"""What chapters ask for is found by running them, for a seal and for a run without a plan."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from barometer.data.cards import CLOSED
from barometer.disclosure.closed import read_closed
from barometer.disclosure.plan import Plan
from barometer.files.private import PLANS
from barometer.parameters import check_parameters
from barometer.run import workers
from barometer.run.work import ChapterTask
from barometer.suppression.bounds import AT_WORK
from barometer.survey import open_survey, read_survey
from barometer.tools import collecting, seal
from barometer.tools.collecting import FIRST, ChapterFailed, Requests, plan_chapters
from tests.conftest import DECLARATION
from tests.make import small_survey
from tests.make.asked import make_carded, plan_asked
from tests.make.copies import OPEN, make_copy

PLANNED = "Fortrolighed: Planen over de celler, der må lukkes, laves nu, for "
SHOW = "survey.shares('{0}').show('{0}', title='T')"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A project with one chapter on the tiny survey, of which no plan is kept."""
    monkeypatch.setenv(PLANS, str(tmp_path / "plans"))
    made = make_copy(tmp_path)
    made.write_chapter("01_et", SHOW.format("purpose"))
    return made


def call_seal(copy, folder):
    """(exit code, what was told) of a seal by hand."""
    command = [sys.executable, "-m", "barometer", "seal", folder]
    done = subprocess.run(command, cwd=copy.folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def list_planned(folder):
    cards = open_survey(str(folder)).cards
    return {item for item, *_ in read_closed((folder / CLOSED).read_bytes(), cards).scope}


def test_chapters_of_a_seal_and_of_a_run_are_as_many_at_a_time_as_fit(tmp_path, monkeypatch):
    folder, asked = make_carded(tmp_path / "s"), []
    seal.seal_survey(folder, plan=plan_asked(["evaluated"], ["all"]))
    for module in (collecting, workers):
        monkeypatch.setattr(module, "count_cores", lambda: 7)
        monkeypatch.setattr(module, "fit_jobs", lambda *given: asked.append(given) or 3)
    survey = open_survey(str(folder))
    run = SimpleNamespace(jobs=None, variants=[SimpleNamespace(data=str(folder))])
    assert collecting._count_jobs(survey) == workers.count_jobs(run) == 3
    rows, columns = survey.variables.answers.shape
    assert asked[0][:3] == (8, rows, columns)
    assert asked[1][:3] == (8, rows, len(survey.variables.answers.columns) - 3)
    run.jobs = 5  # somebody knows better
    assert workers.count_jobs(run) == 5


@pytest.mark.slow
def test_a_new_chapter_with_new_questions_is_sealed_and_run_and_no_list_is_edited(copy):
    folder = make_carded(copy.folder / "data" / "lille")
    code, told = call_seal(copy, folder)
    assert code == 0 and "initiator.leaders" not in list_planned(folder)
    assert told.partition(AT_WORK)[2].splitlines() == [
        "Undersøgelsens filer efterses",
        FIRST,
        "Planen lægges for 12 celler",
    ]
    copy.write_chapter("08_nyt", SHOW.format("initiator"))
    code, told = copy.run("--data", "lille", "--sector", "all")
    assert code == 1 and PLANNED not in told
    assert "08_nyt, celle 4 (survey.shares('initiator')" in told
    assert "NotPlanned: initiator.employees / all / all, initiator.leaders / all / all" in told
    assert "og 1 til er ikke i planen over lukkede celler. Forsegl undersøgelsen igen: " in told
    assert call_seal(copy, folder)[0] == 0
    assert {"initiator.leaders", "purpose.learning"} <= list_planned(folder)
    assert copy.run("--data", "lille")[0] == 0
    assert (copy.output / "region" / "chapters" / "08_nyt.ipynb").exists()


@pytest.mark.slow
def test_a_survey_without_a_plan_is_planned_by_the_run_once_and_again_when_chapters_change(
    copy, tmp_path
):
    small_survey.make_survey(copy.folder / "data" / "lille")
    options = ("--data", "lille", "--sector", "all")
    code, told = copy.run(*options)
    assert code == 0 and told.count(PLANNED) == 1
    code, told = copy.run(*options, "--force")
    assert code == 0 and PLANNED not in told
    # what a chapter that stops has asked for until then is planned, and the run tells where it is
    copy.write_chapter("08_nyt", SHOW.format("initiator"), "1 / 0")
    code, told = copy.run(*options)
    assert code == 1 and f"{PLANNED}kapitlerne er ændret" in told and "ZeroDivisionError" in told
    copy.write_chapter("08_nyt", SHOW.format("initiator"))
    code, told = copy.run(*options)
    assert code == 0 and f"{PLANNED}kapitlerne er ændret" in told
    code, told = copy.run(*options)
    assert code == 0 and PLANNED not in told
    assert len([*(tmp_path / "plans").rglob(CLOSED)]) == 1


@pytest.fixture
def chapters(tmp_path, monkeypatch):
    """Write the chapters that a plan is made for, each of these code cells."""
    from tests.conftest import Project

    made = Project(tmp_path / "notebooks", tmp_path / "outputs")
    made.notebooks.mkdir()
    monkeypatch.setattr("barometer.paths.NOTEBOOKS", made.notebooks)
    return lambda name, *cells: made.write_chapter(name, OPEN, *cells, declaration=DECLARATION)


def plan(folder, **options):
    survey, _ = read_survey(check_parameters(data=str(folder)))
    return plan_chapters(survey, folder, **options)


@pytest.mark.slow
def test_what_a_chapter_asks_for_once_it_is_shown_the_plan_is_planned_too(tmp_path, chapters):
    """By the rules alone the chapter asks for less than where cells are closed for others' sake."""
    folder = small_survey.make_survey(tmp_path / "s")
    chapters(
        "01_et",
        "released = survey.shares('evaluated').table",
        "if 'secondary' in set(released['rule']):\n    survey.shares('purpose')",
    )
    made = plan(folder)
    asked = {domain for item, _, domain in made.scope if item.startswith("purpose.")}
    assert asked and asked == {
        domain
        for (item, _, domain), rule in made.closed.items()
        if item.startswith("evaluated=") and rule == "secondary"
    }


def test_a_chapter_that_stops_is_refused_by_a_seal_and_planned_as_far_as_it_came_by_a_run(
    tmp_path, chapters
):
    folder = small_survey.make_survey(tmp_path / "s")
    chapters("01_et", "survey.shares('purpose')", "1 / 0", "survey.shares('evaluated')")
    with pytest.raises(ChapterFailed, match=r"01_et \(all\) kan ikke køres .*: celle 5 \(1 / 0\)"):
        plan(folder)
    made = plan(folder, strict=False)
    items = {item for item, *_ in made.scope}
    assert "purpose.learning" in items and "evaluated=no" not in items


@pytest.mark.slow
def test_neither_the_survey_nor_the_project_is_changed_by_a_plan(tmp_path, chapters):
    folder = small_survey.make_survey(tmp_path / "s")
    chapters("01_et", "survey.shares('purpose')")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    plan(folder)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Which chapters were run since this was asked last; nothing is kept of earlier plans."""
    from barometer.tools import collecting

    monkeypatch.setenv(PLANS, str(tmp_path / "plans"))
    execute, ran = collecting.execute_chapter, []
    monkeypatch.setattr(
        collecting, "execute_chapter", lambda task: ran.append(task.chapter) or execute(task)
    )

    def take():
        taken, ran[:] = {*ran}, []
        return taken

    return take


@pytest.mark.slow
def test_a_chapter_is_run_again_only_where_what_it_follows_from_has_changed(
    tmp_path, chapters, run
):
    folder = small_survey.make_survey(tmp_path / "s")
    chapters("01_et", "survey.shares('purpose')")
    chapters("02_to", "survey.shares('evaluated')")
    made = plan(folder)
    assert run() == {"01_et", "02_to"}
    assert plan(folder) == made and run() == set()
    chapters("02_to", "survey.shares('initiator')")
    assert plan(folder) != made and run() == {"02_to"}
    chapters("02_to", "survey.shares('evaluated')")
    assert plan(folder) == made and run() == set()
    small_survey.change_cards(folder, lambda cards: cards.update(title="Anden titel"))
    assert plan(folder) == made and run() == {"01_et", "02_to"}


def test_what_a_chapter_asked_for_is_known_only_where_it_is_shown_the_same(
    tmp_path, chapters, monkeypatch
):
    monkeypatch.setenv(PLANS, str(tmp_path / "plans"))
    folder = small_survey.make_survey(tmp_path / "s")
    parameters = check_parameters(data=str(folder))
    chapters("01_et", "survey.shares('evaluated')")
    task = ChapterTask("01_et", (tmp_path / "notebooks" / "01_et.ipynb").read_bytes(), parameters)
    cells = tuple((f"evaluated={answer}", "all", "all") for answer in ("external", "no"))
    requests = Requests(read_survey(parameters)[0], folder, folder)
    shown = Plan(frozenset([*cells, ("all", "all", "all")]), {})
    assert requests.find(task, shown) is None
    requests.keep(task, shown, cells)
    assert requests.find(task, shown) == cells
    assert requests.find(task, replace(shown, closed={cells[0]: "secondary"})) is None
    assert requests.find(task, Plan()) is None  # by which it would only be looked at
    requests.keep(task, Plan(), cells[:1])
    assert (requests.find(task, shown), requests.find(task, Plan())) == (cells, cells[:1])
    other = task.source.replace(b"evaluated", b"purpose")
    assert requests.find(replace(task, source=other), shown) is None


@pytest.mark.slow
def test_a_plan_is_the_same_whatever_is_kept_of_what_chapters_asked_for(
    tmp_path, chapters, run, monkeypatch
):
    """What a chapter asks for here depends on what another's cells close."""
    folder = small_survey.make_survey(tmp_path / "s")
    chapters(
        "01_et",
        "released = survey.shares('evaluated').table",
        "if 'secondary' in set(released['rule']):\n    survey.shares('purpose')",
    )
    plan(folder)
    run()
    further = "survey.compare('evaluated', by='sector')", "survey.shares('initiator')"
    for number, cell in enumerate(further):
        chapters("02_to", cell)
        made = plan(folder)
        assert "02_to" in run()
        with monkeypatch.context() as patch:
            patch.setenv(PLANS, str(tmp_path / f"fresh{number}"))
            assert plan(folder) == made
        run()
