"""Where that lies which is not for publication: beside the folder of reports, for its owner alone.

The reports of P/NAME have it in P/internal/NAME: full precision, the gate's record, executed
chapters. Of a folder of reports within another the outer one counts, so that nothing internal lies
in what is uploaded with either.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from barometer import paths
from barometer.files.writing import write_file

LONGEST_KEPT = 30 * 86400  # seconds since a result was last used

INTERNAL = "internal"
# in the environment: the folder that plans are kept in, if not the usual one
PLANS = "BAROMETER_PLANS"
TITLE = "# Ikke til offentliggørelse"
README = f"""{TITLE}

Her ligger for hver rapport alle dens tal med fuld præcision: andel, standardfejl, konfidensgrænser
og vægtet antal. Celler, som rapporten lukker, er heller ikke her. Men afrundingen i rapporten er
også en beskyttelse, så filerne skal blive hos dem, der har adgang til data.

`<rapport>-release.csv` er protokollen over, hvilke celler der er vist eller lukket, efter hvilken
regel, og hvem der svarer for undtagelser. Hvilke der er lukket for andres skyld, er i sig selv
fortroligt. `<rapport>.json` og `run.json` har kontrolsummer af undersøgelsens filer; en kontrolsum
røber en fil for den, der kan gætte dens indhold. `results/` er de kørte kapitler, som næste kørsel
bruger igen, og `plans/` planer over lukkede celler til de undersøgelser, hvis mappe ikke har en,
der passer, og hvad kapitlerne har spurgt om.

Filerne bruges til at efterprøve rapportens tal. Det, der kan offentliggøres, står i rapportens egen
`numbers.csv`.
"""


def locate_internal(output):
    """The folder for what is not for publication of the reports in `output` (a full path)."""
    folders = (output, *output.parents)
    outer = next(filter(_has_reports, reversed(folders)), output)
    return outer.parent / INTERNAL / outer.name / output.relative_to(outer)


def check_place(output):
    """Why nothing internal can be kept beside an output folder, as sentences with the remedy."""
    if output.parent == output:
        other = f"Vælg en mappe på det, fx {str(output / 'outputs')!r}."
        return [f"output = {str(output)!r} er et helt drev. {other}"]
    if any(_is_marked(folder) for folder in (output, *output.parents)):
        problem = "ligger i en mappe med det, der ikke er til offentliggørelse. Vælg en anden."
        return [f"output = {str(output)!r} {problem}"]
    internal = locate_internal(output)
    there = _find_there(internal)
    where = f"i {str(internal)!r}, ved siden af rapporterne"
    place = f"Det, der ikke er til offentliggørelse, skal ligge {where}."
    if not there.is_dir():
        remedy = "Flyt filen, eller vælg en anden --output."
        problem = f"{str(there)!r} er ikke en mappe."
        return [f"{problem} {place} {remedy}"]
    if not os.access(there, os.W_OK | os.X_OK):
        remedy = "Vælg en --output i en mappe, du kan skrive i."
        problem = f"Der kan ikke skrives i {str(there)!r}."
        return [f"{problem} {place} {remedy}"]
    return []


def _find_there(place):
    """A place, or the nearest of the folders it would lie in that is there."""
    return next(folder for folder in (place, *place.parents) if os.path.lexists(folder))


def locate_plans():
    """Where plans that no survey's folder holds are kept: one place for all, also notebooks."""
    return Path(os.environ.get(PLANS) or locate_internal(paths.OUTPUTS) / "plans")


def settle_plans(internal):
    """Where that cannot be written, let this run and all it starts use its own internal folder."""
    if not os.access(_find_there(locate_plans()), os.W_OK | os.X_OK):
        os.environ[PLANS] = str(internal / "plans")


def settle_internal(output):
    """Make the folder ready, for its owner alone. Raises OSError.

    Returns where an earlier version left it in the output folder, from which it is moved.
    """
    internal, old = locate_internal(output), output / INTERNAL
    ours = _is_marked(old) or (old / "results").is_dir() or any(map(_is_marked, old.glob("*")))
    moved = _move_out(old, internal) if ours else None
    output.parent.mkdir(parents=True, exist_ok=True)
    make_private(internal)
    for name, text in (("README.md", README), (".gitignore", "*\n")):
        if not (internal / name).is_file() or (internal / name).read_bytes() != text.encode():
            write_private(internal / name, text)
    for folder, _, files in os.walk(internal):
        modes = {folder: 0o700} | {os.path.join(folder, name): 0o600 for name in files}
        for path, mode in modes.items():
            with suppress(OSError):  # another run's, gone meanwhile; a disk without such rights
                if not os.path.islink(path) and os.stat(path).st_mode & 0o077:
                    os.chmod(path, mode)
    return moved


def make_private(folder):
    """Make a folder and those it lies in for their owner alone, where they are not there."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        with suppress(FileExistsError):  # another run's
            missing.mkdir(mode=0o700)


def write_private(path, content):
    """Write a whole file (text or bytes) for its owner alone, and its folders, or nothing."""
    make_private(path.parent)
    write_file(path, content.encode() if isinstance(content, str) else content, mode=0o600)


def _is_marked(folder):
    """Whether a folder is one of those made here, or by an earlier version."""
    try:
        return (folder / "README.md").read_text(encoding="utf-8").startswith(TITLE)
    except (OSError, ValueError):
        return False


def _has_reports(folder):
    pages = [folder / "run.json", folder / "index.html"]
    return folder == paths.OUTPUTS or all(page.is_file() for page in pages)


def _move_out(old, internal):
    """Executed chapters of an earlier version fit no more and go; the rest keeps its name."""
    shutil.rmtree(old / "results", ignore_errors=True)
    for path in sorted(old.iterdir()):
        if path.name not in ("README.md", ".gitignore") and not (internal / path.name).exists():
            make_private(internal)
            shutil.move(path, internal / path.name)
    shutil.rmtree(old)
    return old
