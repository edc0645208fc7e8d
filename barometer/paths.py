"""Where the program is, and where the project that it serves is: every other path is built on
these.

A project is a folder with `notebooks/report.yaml` and `data/`. Its folders are `paths.ROOT`,
`paths.DATA`, `paths.NOTEBOOKS` and `paths.OUTPUTS`, never imported by name, so that no module has a
path from before the project was chosen. Without a choice it is the one around the working folder:
a notebook opened by hand has the project that it lies in.
"""

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

FILES = {"html": "report.html", "pdf": "report.pdf"}  # of a finished report

PACKAGE = Path(__file__).resolve().parent
PROGRAM = PACKAGE.parent  # where `import barometer` finds it
FONTS = PACKAGE / "fonts"
TEMPLATES = PACKAGE / "report" / "templates"

PROJECT = "BAROMETER_PROJECT"  # in the environment of the processes that do a run's work
OPTION, HELP = "--project", {"-h", "--help"}
PARTS = {"ROOT": ".", "DATA": "data", "NOTEBOOKS": "notebooks", "OUTPUTS": "outputs"}
_SERVED = {}
_HERE = sys.modules[__name__]  # used as every other module uses it


class NoProject(ValueError):
    """No folder with a project was named or is near; one line says what a project is."""

    def _render_traceback_(self):
        return [f"{type(self).__name__}: {self}"]  # in a notebook, too


def is_project(folder):
    """Whether a folder has what makes it a project."""
    return (folder / "notebooks" / "report.yaml").is_file() and (folder / "data").is_dir()


def find_project(*starts):
    """The nearest project at or above the first of these folders that has one. Raises
    `NoProject`.
    """
    for start in map(Path, starts):
        for folder in (start.resolve(), *start.resolve().parents):
            if is_project(folder):
                return folder
    raise NoProject(
        f"Intet projekt fundet fra {Path(starts[0]).resolve()} og opad: En projektmappe har "
        f"notebooks/report.yaml og data/. Gå til den, eller angiv den med {OPTION} MAPPE."
    )


def serve_project(folder):
    """Let this process serve a project from now on. Raises `NoProject`."""
    folder = Path(folder).expanduser().resolve()
    if not is_project(folder):
        raise NoProject(
            f"{folder} er ikke en projektmappe: notebooks/report.yaml eller data/ mangler. Ret "
            f"{OPTION}."
        )
    _SERVED["ROOT"] = folder


def serve_near(folder):
    """Let this process serve the project around a folder, where none is named, or served, or around
    the working folder.
    """
    if _SERVED or os.environ.get(PROJECT) or not Path(folder).is_dir():
        return
    with suppress(NoProject):  # raised where the project is needed
        serve_project(find_project(Path.cwd(), folder))


def take_project(words, *starts):
    """The words of a command line without `--project FOLDER`, which is served from now on.

    Without the option it is a project's folder that stands among the words as no option's value, or
    the project around the first of `starts` that has one, or around the working folder, or around a
    folder among the words. A project's folder leaves the words. Raises `NoProject`.
    """
    rest, named = [], None
    words = iter(words)
    for word in words:
        name, equals, value = word.partition("=")
        if name != OPTION:
            rest.append(word)
        elif not (named := value if equals else next(words, "")):
            raise NoProject(f"{OPTION} mangler en mappe.")
    if named:
        serve_project(named)
        return rest
    if given := [word for word in _list_plain(rest) if is_project(Path(word))]:
        serve_project(given[0])
        return [word for word in rest if word != given[0]]
    try:
        serve_project(find_project(*starts, Path.cwd()))
        return rest
    except NoProject:
        if HELP & {*rest} and is_project(PROGRAM):
            serve_project(PROGRAM)  # the help names a project's surveys, and any will do
            return rest
        folders = [word for word in rest if Path(word).is_dir()]
        if not folders:
            raise
        serve_project(project := find_project(*folders))
        return [word for word in rest if Path(word).resolve() != project]


def _list_plain(words):
    """Words that are neither an option nor what follows one."""
    pairs = zip(["", *words], words, strict=False)
    return [
        word for before, word in pairs if not before.startswith("-") and word[:1] not in ("", "-")
    ]


def __getattr__(name):
    """The project's folders; see PEP 562."""
    if name not in PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if not _SERVED:
        named = os.environ.get(PROJECT)
        serve_project(named) if named else _SERVED.update(ROOT=find_project(Path.cwd()))
    return _SERVED["ROOT"] / PARTS[name]


def list_surveys(project=None):
    """Names of the folders of a project's data (the served one's) that hold a survey."""
    data = Path(project) / PARTS["DATA"] if project else _HERE.DATA
    return sorted(path.parent.name for path in data.glob("*/questionnaire.yaml"))


def name_default(project=None):
    """The survey meant where none is named: the only one of a project (the served one), or else
    what its report.yaml says at `data`; "" where neither says it.
    """
    if len(found := list_surveys(project)) == 1:
        return found[0]
    notebooks = Path(project) / PARTS["NOTEBOOKS"] if project else _HERE.NOTEBOOKS
    front = (notebooks / "report.yaml").read_text("utf-8", "replace")
    named = re.search(r"""^data:[ \t]*["']?([^\s"'#]+)""", front, re.MULTILINE)
    return named[1] if named else ""
