"""Which version of the program made a number."""

import os
import re
import shutil
import subprocess

import pytest

from barometer import version
from barometer.version import describe_commit, name_version


@pytest.fixture
def archive(tmp_path):
    """A git archive with one empty commit."""
    root = tmp_path.resolve() / "arkiv"
    root.mkdir()
    for words in (
        ["init"],
        ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", "-C", root, *words], check=True, capture_output=True)
    return root


@pytest.fixture
def name(monkeypatch):
    """What the version is called of a project that lies in a folder."""

    def call(root):
        version._look_once.cache_clear()
        monkeypatch.setattr(version, "describe_commit", lambda: describe_commit(root))
        monkeypatch.setattr(version, "number_version", lambda: "0.1.0")
        return name_version()

    yield call
    version._look_once.cache_clear()


def test_the_version_is_named_with_its_commit_or_with_why_that_is_not_known():
    assert re.fullmatch(
        r"(\d+\.\d+\.\d+[+ ])?([0-9a-f]{7}( med ændringer)?|\(.+\))", name_version()
    )


def test_a_project_in_git_has_its_commit(archive, name):
    commit = describe_commit(archive)
    assert len(commit["commit"]) == 40 and not commit["changed"]
    assert name(archive) == f"0.1.0+{commit['commit'][:7]}"
    (archive / "outputs").mkdir()
    for path in ("noter.txt", "outputs/run.json"):
        (archive / path).touch()
    assert not describe_commit(archive)["changed"]
    (archive / "requirements.txt").touch()
    assert describe_commit(archive)["changed"] and name(archive).endswith(" med ændringer")


def test_a_project_in_a_worktree_of_its_archive_has_its_commit(archive):
    tree = archive.parent / "træ"
    subprocess.run(["git", "-C", archive, "worktree", "add", tree], check=True, capture_output=True)
    assert describe_commit(tree) == describe_commit(archive)


def test_an_archive_that_another_user_owns_is_named_as_the_reason(archive, name, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch for it
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    assert describe_commit(archive) == {"commit": None, "why": version.OTHERS}
    assert name(archive) == "0.1.0 (mappen ejes af en anden bruger, og git svarer da ikke)"


def test_the_commits_day_is_known_where_the_commit_is(tmp_path):
    assert version.date_commit(tmp_path) == ""
    for words in (
        ["init", "-q"],
        [
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@x",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x",
            "--date",
            "2020-01-01T12:00:00",
        ],
    ):
        subprocess.run(
            ["git", "-C", tmp_path, *words],
            check=True,
            env=os.environ | {"GIT_COMMITTER_DATE": "2021-02-03T12:00:00"},
        )
    version.date_commit.cache_clear()
    assert version.date_commit(tmp_path) == "2021-02-03"


@pytest.mark.parametrize(
    "why", [version.NO_GIT, version.NO_ARCHIVE, version.NO_COMMIT, version.SILENT]
)
def test_why_a_commit_is_not_known_is_said(archive, name, monkeypatch, why):
    root = archive
    if why == version.NO_GIT:
        monkeypatch.setenv("PATH", "")
    elif why == version.NO_ARCHIVE:  # as unpacked from a compressed file
        shutil.rmtree(archive / ".git")
    elif why == version.NO_COMMIT:
        shutil.rmtree(archive / ".git")
        subprocess.run(["git", "-C", root, "init"], check=True, capture_output=True)
    else:
        (archive / ".git" / "config").write_text("[")
    assert describe_commit(root) == {"commit": None, "why": why}
    assert name(root) == f"0.1.0 ({why})"


def test_a_project_unpacked_within_another_archive_has_not_that_ones_commit(archive):
    (archive / "projekt").mkdir()
    assert describe_commit(archive / "projekt") == {"commit": None, "why": version.NO_ARCHIVE}


def test_an_archive_whose_hook_starts_the_program_is_not_taken_for_the_projects_own(
    archive, tmp_path, monkeypatch
):
    expected = describe_commit(archive)
    subprocess.run(["git", "init", tmp_path / "andet"], check=True, capture_output=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "andet" / ".git"))
    assert describe_commit(archive) == expected
