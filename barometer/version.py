"""Which version of the program made a number."""
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from barometer.paths import ROOT

PROGRAM = ("barometer", "data", "notebooks", "requirements.txt", "run_all.py")   # what reports follow from


@lru_cache
def name_version():
    """"0.1.0", with the commit where there is one ("0.1.0, commit 79c47d7", "… med ændringer")."""
    number = number_version()
    commit = describe_commit()
    told = f"commit {commit['commit'][:7]}{' med ændringer' if commit['changed'] else ''}" if commit else ""
    return ", ".join(filter(None, (number, told)))


def number_version():
    """"0.1.0"; "" where the project is run from its folder without being installed."""
    try:
        return version("barometer")
    except PackageNotFoundError:
        return ""


def describe_commit(root=ROOT):
    """The project's commit and whether what makes reports is changed since; nothing outside git, or without git."""
    def ask(*words):
        return subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, check=True).stdout.strip()
    try:
        if Path(ask("rev-parse", "--show-toplevel")).resolve() != root:
            return None   # unpacked inside somebody else's repository
        return {"commit": ask("rev-parse", "HEAD"), "changed": bool(ask("status", "--porcelain", "--", *PROGRAM))}
    except (OSError, subprocess.CalledProcessError):
        return None
