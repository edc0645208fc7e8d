"""Which version of the program made a number."""

import os
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from barometer import paths
from barometer.languages.speaking import N_, _

# What reports follow from.
PROGRAM = ("barometer", "data", "notebooks", "requirements.lock", "requirements.txt", "run_all.py")
NO_GIT, NO_ARCHIVE, NO_COMMIT, OTHERS, SILENT = N_(
    (
        "git er ikke installeret",
        "mappen er ikke et git-arkiv",
        "arkivet har ingen commit",
        "mappen ejes af en anden bruger, og git svarer da ikke",
        "git svarer ikke",
    )
)
# set where a hook of some archive starts the program
LED_ASTRAY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")


def name_version():
    """ "0.1.0+79c47d7": the number and the beginning of the commit ("… med ændringer"); where that
    is not known, why: "0.1.0 (git er ikke installeret)".
    """
    git = _look_once()
    if not git["commit"]:
        return " ".join(filter(None, (number_version(), f"({_(git['why'])})")))
    named = "+".join(filter(None, (number_version(), git["commit"][:7])))
    return f"{named}{_(' med ændringer')}" if git["changed"] else named


@lru_cache
def _look_once():
    return describe_commit()


def number_version():
    """ "0.1.0"; "" where the project is run from its folder without being installed."""
    try:
        return version("barometer")
    except PackageNotFoundError:
        return ""


@lru_cache
def date_commit(root=None):
    """The day of the project's commit, "2026-11-27"; "" where the commit is not known."""
    root = root or paths.ROOT
    known = describe_commit(root)["commit"]
    return _ask(root, "show", "--no-patch", "--format=%cs", "HEAD") if known else ""


def describe_commit(root=None):
    """The project's `commit`, and whether what makes reports is `changed`; or `why` none."""
    root = root or paths.ROOT
    try:
        if Path(_ask(root, "rev-parse", "--show-toplevel")).resolve() != root:
            return {"commit": None, "why": NO_ARCHIVE}  # unpacked inside somebody else's
        commit = _ask(root, "rev-parse", "--verify", "HEAD")
        changed = bool(_ask(root, "status", "--porcelain", "--", *PROGRAM))
        return {"commit": commit, "changed": changed}
    except OSError:
        return {"commit": None, "why": NO_GIT}
    except subprocess.CalledProcessError as error:
        reasons = {"dubious ownership": OTHERS, "not a git repository": NO_ARCHIVE}
        reasons |= {"single revision": NO_COMMIT}
        why = next((why for words, why in reasons.items() if words in error.stderr), SILENT)
        return {"commit": None, "why": why}


def _ask(root, *words):
    """git's answer, in English whatever the user's language is."""
    environment = {name: value for name, value in os.environ.items() if name not in LED_ASTRAY}
    options = {"capture_output": True, "text": True, "check": True}
    command, environment = ["git", "-C", root, *words], environment | {"LC_ALL": "C"}
    return subprocess.run(command, env=environment, **options).stdout.strip()
