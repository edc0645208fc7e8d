"""Which project the program serves: found from the working folder upward, named, or told by the
run; and that two projects with one environment never mix.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

from barometer import __main__ as commands
from barometer import paths
from barometer.parameters import ParameterError, check_parameters, resolve_data
from barometer.paths import NoProject, find_project, serve_project, take_project
from barometer.run.process import pin_environment
from tests.make.copies import make_copy

HERE = paths.ROOT


@pytest.fixture
def served(monkeypatch):
    """No project chosen, nor told; afterwards the one that was."""
    monkeypatch.setattr(paths, "_SERVED", {})
    monkeypatch.delenv(paths.PROJECT, raising=False)


def make_project(folder):
    """The least that is a project."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "notebooks" / "report.yaml").touch()
    return folder


def test_a_project_is_the_nearest_folder_upward_with_a_front_matter_and_data(tmp_path):
    outer = make_project(tmp_path / "outer")
    inner = make_project(outer / "deep" / "inner")
    (outer / "deep" / "half" / "notebooks").mkdir(parents=True)
    (outer / "deep" / "half" / "notebooks" / "report.yaml").touch()  # and no data
    assert find_project(inner / "notebooks") == find_project(inner) == inner
    assert find_project(outer / "deep" / "half" / "notebooks") == outer


def test_the_first_folder_that_lies_in_a_project_decides(tmp_path):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    assert find_project(tmp_path, one, other) == one


def test_the_folders_asked_for_follow_the_project_that_is_served(served, tmp_path, monkeypatch):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    monkeypatch.chdir(one / "notebooks")
    assert one / "data" == paths.DATA and one / "notebooks" == paths.NOTEBOOKS
    monkeypatch.chdir(other)  # decided once, as a chapter may change its working folder
    assert one / "outputs" == paths.OUTPUTS
    serve_project(other)
    assert other == paths.ROOT
    with pytest.raises(AttributeError):
        paths.NOTHING  # noqa: B018


def test_a_process_that_does_a_runs_work_has_the_runs_project(served, tmp_path, monkeypatch):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    serve_project(one)
    told = pin_environment()
    assert told[paths.PROJECT] == str(one)
    assert told["PYTHONPATH"].split(os.pathsep)[0] == str(paths.PROGRAM)
    paths._SERVED.clear()
    monkeypatch.setenv(paths.PROJECT, told[paths.PROJECT])
    monkeypatch.chdir(other)
    assert one == paths.ROOT


def test_the_option_is_taken_from_the_words_wherever_it_stands(served, tmp_path, monkeypatch):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    monkeypatch.chdir(one)
    assert take_project(["a", "--b"]) == ["a", "--b"] and one == paths.ROOT
    assert take_project(["a", "--project", str(other), "c"]) == ["a", "c"] and other == paths.ROOT
    assert take_project([f"--project={one}"]) == [] and one == paths.ROOT
    assert take_project([], other) == [] and other == paths.ROOT
    for words in (["--project"], ["--project="], ["--project", str(tmp_path)]):
        with pytest.raises(NoProject):
            take_project(words)


def test_a_folder_among_the_words_leads_to_its_project_where_the_working_folder_has_none(
    served, tmp_path, monkeypatch
):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    (other / "data" / "x").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert take_project(["other", "--fix"]) == ["--fix"] and other == paths.ROOT
    inside = os.path.join("other", "data", "x")
    assert take_project([inside]) == [inside] and other == paths.ROOT
    monkeypatch.chdir(one)
    assert take_project([inside]) == [inside] and one == paths.ROOT


def test_a_projects_folder_among_the_words_is_the_project_and_an_options_value_is_none(
    served, tmp_path, monkeypatch
):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    monkeypatch.chdir(one)
    assert take_project([".", "--fix"]) == ["--fix"] and one == paths.ROOT
    assert take_project([str(other)]) == [] and other == paths.ROOT
    assert take_project(["--output", str(other)]) == ["--output", str(other)]
    assert one == paths.ROOT


def test_a_projects_folder_stands_for_its_survey(served, tmp_path, monkeypatch):
    one, other = make_project(tmp_path / "one"), make_project(tmp_path / "other")
    (other / "data" / "x").mkdir()
    (other / "data" / "x" / "questionnaire.yaml").write_text("", encoding="utf-8")
    monkeypatch.chdir(one)
    assert resolve_data(str(other)) == other / "data" / "x"
    assert resolve_data(str(other / "data" / "x")) == other / "data" / "x"


@pytest.mark.parametrize("command", ["run", "check", "seal", "publish", "release", "prove"])
def test_help_needs_no_project(served, tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    with suppress(SystemExit):
        assert commands.main([command, "--help"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Brug: ") and told.err == ""


@pytest.mark.parametrize("command", [one for one in commands.COMMANDS if one != "new"])
def test_without_a_project_each_command_says_so_in_one_line(
    served, tmp_path, monkeypatch, capsys, command
):
    monkeypatch.chdir(tmp_path)
    assert commands.main([command]) == 2
    told = capsys.readouterr().err
    lines = 1 + (command == "run")  # which says first that it was not begun
    assert told.count("\n") == lines and "notebooks/report.yaml og data/" in told
    assert commands.main([command, "--project", str(tmp_path / "nowhere")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == lines and "nowhere er ikke en projektmappe" in told


def test_a_run_with_a_project_that_is_none_is_not_begun(tmp_path):
    run = subprocess.run(
        [sys.executable, HERE / "run_all.py", "--project", tmp_path],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2 and f"{tmp_path} er ikke en projektmappe" in run.stderr


def test_a_script_outside_any_project_is_told_so_when_it_opens_a_survey(tmp_path):
    free = {name: value for name, value in os.environ.items() if name != paths.PROJECT}
    run = subprocess.run(
        [sys.executable, "-c", "from barometer.survey import open_survey; open_survey()"],
        env=free | {"PYTHONPATH": str(HERE)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.stderr.splitlines()[-1].startswith("barometer.paths.NoProject: Intet projekt fundet")


WHERE = """
import os, pathlib
import barometer
from barometer import paths
here = pathlib.Path.cwd().parent
assert paths.ROOT == here and paths.DATA == here / "data", paths.ROOT
assert (here / "notebooks" / "own.txt").read_text() == here.parent.name
assert pathlib.Path(barometer.__file__).parents[1] == pathlib.Path("PROGRAM")
assert os.environ["PYTHONPATH"].split(os.pathsep)[0] == "PROGRAM"
"""


@pytest.mark.slow
@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_two_clones_with_one_environment_never_mix(tmp_path, method):
    one, other = make_copy(tmp_path / "one"), make_copy(tmp_path / "other")
    for copy in (one, other):
        copy.write_chapter("01_hvor", WHERE.replace("PROGRAM", str(one.folder)))
        (copy.notebooks / "own.txt").write_text(copy.folder.parent.name)
    words = ("--sector", "state", "--format", "html", "--verbose")
    for copy in (one, other, one, other):
        # one program, run from either project's folder, and the same place for the reports
        code, told = one.run(
            *words, "--project", str(copy.folder), cwd=other.folder, BAROMETER_START=method
        )
        assert code == 0, told
        assert "står uændret" not in told  # what stands there is the other project's
    assert "køres ikke (gemt resultat)" in told  # both projects' results are kept, side by side
    # without the option, each clone's own program serves its own project
    other.write_chapter("01_hvor", WHERE.replace("PROGRAM", str(other.folder)))
    shutil.rmtree(one.output)
    code, told = other.run(*words, cwd=one.folder, BAROMETER_START=method)
    assert code == 0, told


def test_the_survey_meant_is_the_only_one_or_what_the_front_matter_says(served, tmp_path):
    serve_project(make_project(tmp_path / "one"))
    front = tmp_path / "one" / "notebooks" / "report.yaml"
    front.write_text("title: T\ndata: second  # of two\n", encoding="utf-8")
    assert paths.name_default() == "second"
    for name in ("first", "second"):
        (paths.DATA / name).mkdir()
        (paths.DATA / name / "questionnaire.yaml").touch()
        assert paths.name_default() == {"first": "first", "second": "second"}[name]
    front.write_text("title: T\n", encoding="utf-8")
    assert paths.name_default() == ""
    with pytest.raises(ParameterError, match=r"skriv data i report\.yaml"):
        check_parameters(sector="all")
