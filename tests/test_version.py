"""Which version of the program made a number."""
import re
import subprocess

from barometer.version import describe_commit, name_version


def test_the_version_is_named_with_its_commit_where_there_is_one():
    assert re.fullmatch(r"\d+\.\d+\.\d+(, commit [0-9a-f]{7}( med ændringer)?)?", name_version())


def test_a_project_outside_git_has_no_commit(tmp_path, monkeypatch):
    assert describe_commit(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert describe_commit() is None


def test_a_project_in_git_has_its_commit(tmp_path):
    for words in (["init"], ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)
    commit = describe_commit(tmp_path.resolve())
    assert len(commit["commit"]) == 40 and not commit["changed"]
    (tmp_path / "outputs").mkdir()
    for name in ("noter.txt", "outputs/run.json"):
        (tmp_path / name).touch()
    assert not describe_commit(tmp_path.resolve())["changed"]
    (tmp_path / "requirements.txt").touch()
    assert describe_commit(tmp_path.resolve())["changed"]
    (tmp_path / "sub").mkdir()
    assert describe_commit(tmp_path / "sub") is None
