"""A copy of the whole project, with tiny chapters, that can be run, killed and starved as a user's
would be.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import v4

from barometer.paths import ROOT
from barometer.version import PROGRAM
from tests.conftest import DECLARATION

OPEN = (
    "from barometer.survey import open_survey\nsurvey = open_survey(data, sector, alpha, "
    "language)\nsurvey"
)


@dataclass(frozen=True)
class Copy:
    """`folder` holds the project, `output` its reports. All processes of its runs carry `mark` in
    their environment.
    """

    folder: Path
    output: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def notebooks(self):
        return self.folder / "notebooks"

    @property
    def internal(self):
        return self.output.parent / "internal" / self.output.name

    def write_chapter(self, name, *cells):
        """A chapter with title, parameters, the survey and these code cells; its first own cell is
        the fourth.
        """
        declared = v4.new_code_cell(DECLARATION, metadata={"tags": ["parameters"]})
        content = [
            v4.new_markdown_cell(f"# Om {name[3:]}"),
            declared,
            *map(v4.new_code_cell, [OPEN, *cells]),
        ]
        nbformat.write(v4.new_notebook(cells=content), self.notebooks / f"{name}.ipynb")

    def start(self, *options, cwd=None, **environment):
        """The run under way, in a session of its own so that a whole group can be told to stop."""
        command = [sys.executable, self.folder / "run_all.py", "--output", self.output, *options]
        free = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        marked = free | {"BAROMETER_MARK": self.mark} | environment
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            command, env=marked, cwd=cwd or self.folder, start_new_session=True, **pipes
        )

    def run(self, *options, cwd=None, **environment):
        """(exit code, what was told) of a whole run."""
        process = self.start(*options, cwd=cwd, **environment)
        out, err = process.communicate(timeout=300)
        return process.returncode, out + err

    def list_processes(self):
        """Numbers of the processes of this copy's runs that are alive."""
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/environ")
            if self._is_ours(path)
        ]

    def kill_all(self):
        """End what is alive."""
        for process in self.list_processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _is_ours(self, path):
        try:
            alive = path.with_name("stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
            return alive and self.mark.encode() in path.read_bytes()
        except OSError:
            return False

    def list_output(self):
        """Every file of the finished reports with its bytes."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file() and path.relative_to(self.output).parts[0] != "run.json"
        }


def make_copy(folder, chapters=False):
    """A `Copy`, without the project's own chapters unless they are wanted."""
    project = folder / "project"
    project.mkdir(parents=True)
    for part in PROGRAM:
        source = ROOT / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, project / part)
    for chapter in () if chapters else (project / "notebooks").glob("*.ipynb"):
        chapter.unlink()
    return Copy(project, folder / "outputs")


def wait_for(condition, seconds=60):
    """Wait until a condition holds, and return what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found
