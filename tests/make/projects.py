"""Projects made by the commands alone, as their users make them."""

import os
import subprocess
import sys

from barometer import paths


def call(*words, cwd, program=paths.PROGRAM):
    """(exit code, what was told) of `python -m barometer`, of the program in the folder."""
    free = {name: value for name, value in os.environ.items() if name != paths.PROJECT}
    run = subprocess.run(
        [sys.executable, "-m", "barometer", *map(str, words)],
        cwd=cwd,
        env=free | {"PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return run.returncode, run.stdout + run.stderr


def tell_contact(target):
    """What the program cannot know of a report, and a strict run asks for."""
    with (target / "notebooks" / "report.yaml").open("a", encoding="utf-8") as file:
        file.write('contact: {email: kontor@example.dk}\nreviewed: "2027"\n')
