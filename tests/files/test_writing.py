"""A folder is put in its place whole, and what a killed run leaves behind is cleared by the next
one.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from barometer.files.writing import (
    LONGEST_WRITING,
    clear_drafts,
    clear_scratch,
    draft_folder,
    hold_folder,
)


@pytest.fixture(scope="module")
def gone():
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def write_draft(output, name, *parts, hours=0.0):
    """A draft of this name and age, with these folders in it."""
    draft = output / name
    for part in parts:
        (draft / part).mkdir(parents=True)
        (draft / part / "report.html").write_text(part)
    draft.mkdir(exist_ok=True)
    made = time.time() - hours * 3600
    os.utime(draft, (made, made))
    return draft


def list_names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_draft_takes_its_place_whole_and_is_not_seen_before(tmp_path):
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "earlier").touch()
    with draft_folder(tmp_path / "all") as folder:
        (folder / "later").touch()
        assert list_names(tmp_path / "all") == ["earlier"]
    assert (list_names(tmp_path), list_names(tmp_path / "all")) == (["all"], ["later"])


def test_a_draft_that_fails_leaves_what_was_there(tmp_path):
    (tmp_path / "all").mkdir()
    with pytest.raises(ZeroDivisionError), draft_folder(tmp_path / "all"):
        1 / 0  # noqa: B018
    assert list_names(tmp_path) == ["all"]


@pytest.mark.skipif(
    os.name != "posix", reason="on Windows only a draft's age tells that it was left"
)
def test_the_next_run_clears_what_a_killed_run_left(project):
    project.write_chapter("01_ok", "1")
    project.output.mkdir()
    script = (
        "import os, sys, pathlib\nfrom barometer.files.writing import draft_folder\n"
        "with draft_folder(pathlib.Path(sys.argv[1])) as folder:\n    (folder / 'half').touch()\n "
        "   os._exit(9)"
    )
    for name in ("region", "all-kapitel-01-03"):
        subprocess.run([sys.executable, "-c", script, project.output / name], check=False)
    assert len(list_names(project.output)) == 2
    assert project.make("state")[0].folder
    assert list_names(project.output) == ["state"]


def test_a_draft_that_may_still_be_written_stays(tmp_path):
    fresh = write_draft(tmp_path, f".region-{os.getpid()}-abcd_123", "new", hours=0.9)
    write_draft(tmp_path, f".state-{os.getpid()}-abcd_123", "new", hours=1.1)
    clear_drafts(tmp_path, tmp_path.parent / "internal")
    assert LONGEST_WRITING == 3600
    assert list_names(tmp_path) == [fresh.name]


def test_nothing_but_our_own_drafts_is_cleared(tmp_path, gone):
    for name in (
        ".git",
        ".region",
        ".region-notes",
        f".my regions-{gone}-abcd1234",
        f"region-{gone}-abcd1234",
        f".region-{gone}-abcd12345",
        ".region-kapitel-02",
        "region",
    ):
        write_draft(tmp_path, name, "new", hours=48)
    write_draft(tmp_path, f".region-{gone}-somebody", "new", "letters", hours=48)
    (tmp_path / f".state-{gone}-abcd1234").write_text("a file")
    (tmp_path / f".all-{gone}-abcd1234").symlink_to(tmp_path / "region")
    before = list_names(tmp_path)
    clear_drafts(tmp_path, tmp_path.parent / "internal")
    assert list_names(tmp_path) == before
    assert (tmp_path / "region" / "new" / "report.html").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders are held by locks of Unix")
def test_what_a_run_in_another_container_holds_stays_though_its_process_is_not_seen(
    tmp_path, gone, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    draft = write_draft(tmp_path, f".region-{gone}-abcd1234", "new", hours=0)
    scratch = Path("/tmp", f"bm-{gone}-abcd1234")
    scratch.mkdir()
    with hold_folder(draft), hold_folder(scratch):
        clear_drafts(tmp_path, tmp_path.parent / "internal")
        clear_scratch()
        assert draft.exists() and scratch.exists()
    clear_drafts(tmp_path, tmp_path.parent / "internal")
    clear_scratch()
    assert not draft.exists() and not scratch.exists()


@pytest.mark.parametrize(("there", "left"), [(False, "old"), (True, "now")])
def test_a_report_moved_aside_when_the_run_was_killed_is_put_back(tmp_path, gone, there, left):
    write_draft(tmp_path, f".region-kapitel-02-{gone}-abcd1234", "old", "new", hours=2)
    target = tmp_path / "region-kapitel-02"
    if there:
        target.mkdir()
        (target / "report.html").write_text("now")
    clear_drafts(tmp_path, tmp_path.parent / "internal")
    assert list_names(tmp_path) == [target.name]
    assert (target / "report.html").read_text() == left
