"""papermill over chapters × sectors: every report complete in its folder under `outputs/`, or not there at all.

A chapter counts as done only when papermill returned without an exception *and* every code cell has run: after a
kernel's death papermill marks all cells, also those never run, as completed, so its own word is not asked for.
"""
import csv
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import distributions
from logging import CRITICAL, getLogger
from pathlib import Path

import nbformat
import papermill
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from traitlets.config import Config

from barometer.display import MIME
from barometer.parameters import SECTORS, ParameterError, Parameters, check_declaration, check_parameters, resolve_data
from barometer.paths import DATA, NOTEBOOKS, OUTPUTS, ROOT

PINNED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}   # same order of sets every run; kernels share the cores
PACKAGES = ("barometer", "numpy", "scipy", "pandas", "matplotlib", "seaborn", "papermill", "nbclient", "ipykernel",
            "nbconvert", "markdown-it-py", "typst", "pikepdf")
FILES = {"html": "report.html", "pdf": "report.pdf"}
NUMBER = re.compile(r"[-+]?\d[\d.]*(,\d+)?( ?%)?")
LONGEST_FOLDER = 70   # a Unix socket's path, folder and name, may be 104 bytes on the strictest system


@dataclass(frozen=True)
class Plan:
    """A run that has been checked: which chapters, with which parameters, to where."""

    variants: tuple[Parameters, ...]
    chapters: tuple[Path, ...]
    data: dict                  # {path: sha256} of the survey's files when the run began
    suffix: str = ""            # names the folder of a partial report, so that it never replaces a complete one
    output: Path = OUTPUTS
    formats: tuple[str, ...] = ("html", "pdf")
    jobs: int | None = None     # chapters at a time; a kernel waits a good deal, so one more than there are cores
    timeout: int = 600          # seconds a cell may take


@dataclass(frozen=True)
class Failure:
    """Why something was not made, in one line."""

    reason: str
    evalue: str
    cell: int | None = None     # counted from 1 in the chapter as written, headings and text included
    code: str = ""

    def __str__(self):
        where = f"celle {self.cell} ({self.code}): " if self.cell else ""
        return f"{where}{self.reason}: {self.evalue}" if self.evalue else where + self.reason


@dataclass(frozen=True)
class Result:
    """One chapter of one sector, executed: the notebook, or why there is none."""

    chapter: str
    sector: str
    seconds: float
    notebook: nbformat.NotebookNode | None = None
    failure: Failure | None = None


@dataclass(frozen=True)
class Report:
    """One sector's report: where it was put (`None` when it was not made) and what it was made of."""

    name: str
    parameters: Parameters
    results: tuple[Result, ...]
    seconds: float              # work, not waiting: the sum over the chapters and of setting the report
    folder: Path | None = None
    failure: Failure | None = None
    meta: dict | None = None    # the document's: what the front page says of the data


# ---- before the run -------------------------------------------------------------------------------------------------

def plan_run(sectors, wanted=(), data="barometer-2020", alpha=0.05, **rest):
    """A `Plan` of these sectors and chapters (all when none are named); raises `ParameterError` with all problems."""
    problems, variants = [], []
    for sector in dict.fromkeys(sectors):
        try:
            checked = check_parameters(sector=sector, data=data, alpha=alpha)
            variants.append(replace(checked, data=_name_data(checked.data)))
        except ParameterError as error:
            problems += str(error).splitlines()
    chapters, unknown = select_chapters(list_chapters(), wanted)
    problems += unknown + [f"{path.name}: {problem}" for path in chapters for problem in _check_chapter(path)]
    suffix = "-kapitel-" + "-".join(path.stem[:2] for path in chapters) if wanted else ""
    files = hash_files(resolve_data(data)) if variants else {}
    plan = Plan(tuple(variants), tuple(chapters), files, suffix, **rest)
    if problems := problems + _check_output(plan):
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return plan


def count_cores():
    """The cores this program may use, which in a container can be fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def list_chapters():
    """The chapters in reading order; other notebooks in the folder (without a number) are no part of the report."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def select_chapters(chapters, wanted):
    """The chapters named by number ("2", "02") or name, and a sentence for each name that fits none."""
    names = {path: {path.stem, path.name, path.stem[3:], path.stem[:2], path.stem[:2].lstrip("0")} for path in chapters}
    known = ", ".join(path.stem for path in chapters)
    unknown = [f"Kapitel »{name}« findes ikke. Kapitlerne er {known}." for name in wanted
               if not any(name in fitting for fitting in names.values())]
    if not chapters:
        unknown.append("Der er ingen kapitler i notebooks/ (filer med navne som 01_navn.ipynb).")
    return [path for path in chapters if not wanted or names[path] & set(wanted)], unknown


def _name_data(data):
    """What a chapter is given: a name under `data/`, or a full path, since its working directory is not the user's."""
    folder = resolve_data(data)
    return folder.name if folder.parent == DATA else folder.as_posix()


def _check_chapter(path):
    try:
        return check_declaration(nbformat.read(path, as_version=4))
    except (OSError, ValueError) as error:   # nbformat's own errors are ValueErrors
        return [f"kan ikke læses som notebook: {_shorten(error)}"]


def _check_output(plan):
    if plan.output.exists() and not plan.output.is_dir():
        return [f"output = {str(plan.output)!r} er en fil. Tilladt er en mappe, som findes eller kan oprettes."]
    targets = [plan.output / (variant.sector + plan.suffix) for variant in plan.variants]
    return [f"Mappen {target} er ikke en rapport og bliver ikke erstattet. Vælg en anden --output."
            for target in targets if target.exists() and not (target / "chapters").is_dir()]


# ---- one chapter ----------------------------------------------------------------------------------------------------

class ProjectKernel(AsyncKernelManager):
    """The interpreter that runs this program, whatever kernel the user has registered under the name python3."""

    @property
    def kernel_spec(self):
        # The user's own IPython start-up files stay out: an empty profile beside the connection file.
        profile = str(Path(self.connection_file).with_name("ipython"))
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
        return KernelSpec(argv=command, language="python", env=PINNED | {"IPYTHONDIR": profile})


def execute_chapter(chapter, parameters, timeout, workspace):
    """Run one chapter in a kernel of its own; whatever goes wrong becomes the result's `failure`.

    `workspace` is a folder for the kernel's connection, with a short path.
    """
    start, begun = time.perf_counter(), []
    notebook = failure = None
    try:
        source = nbformat.read(chapter, as_version=4)
        executed = _run_notebook(source, chapter.parent, parameters, timeout, tempfile.mkdtemp(dir=workspace), begun)
        notebook = normalise_notebook(executed, parameters.data)
        failure = _find_unfinished(notebook)
    except papermill.PapermillExecutionError as error:
        failure = Failure(error.ename, _shorten(error.evalue), *_place_cell(source, error.cell_index, error.source))
    except Exception as error:   # a dead kernel, a timeout, a full disk: this chapter's trouble, not the others'
        place = _place_cell(source, *begun[-1]) if begun else ()
        failure = Failure(type(error).__name__, _shorten(error), *place)
    seconds = time.perf_counter() - start
    return Result(chapter.stem, parameters.sector, seconds, None if failure else notebook, failure)


def _run_notebook(source, folder, parameters, timeout, connection, begun):
    """papermill's executed notebook. `begun` collects (index, source) of the cells as they start."""
    for name in ("papermill", "traitlets", "asyncio"):
        getLogger(name).setLevel(CRITICAL)   # what goes wrong is reported once, in the summary
    return papermill.execute_notebook(
        source, None, asdict(parameters), kernel_name="python3", language="python", progress_bar=False,
        request_save_on_cell_execute=False, execution_timeout=timeout, shutdown_kernel="immediate",
        kernel_manager_class=ProjectKernel, config=_configure_kernel(connection),
        resources={"metadata": {"path": str(folder)}},   # papermill's own cwd= changes the whole program's
        on_cell_execute=lambda cell, cell_index: begun.append((cell_index, cell.source)),
    )


def _configure_kernel(folder):
    """Talk over files where the system can: two kernels starting at once may be given the same TCP port."""
    files = {"connection_file": f"{folder}/kernel.json"}
    return Config({"KernelManager": files | ({"transport": "ipc", "ip": f"{folder}/k"} if os.name == "posix" else {})})


def _open_workspace():
    """A temporary folder whose path leaves room for a socket's name."""
    usual = tempfile.gettempdir()
    short = usual if os.name != "posix" or len(usual) < LONGEST_FOLDER else "/tmp"
    return tempfile.TemporaryDirectory(prefix="bm-", dir=short, ignore_cleanup_errors=True)


def _place_cell(source, index, code):
    """(number, first line) of an executed cell in the chapter as written: the injected parameters are not in it."""
    tagged = next((i for i, cell in enumerate(source.cells) if "parameters" in cell.metadata.get("tags", ())), -1)
    lines = [line.strip() for line in code.splitlines() if line.strip() and not line.strip().startswith("#")]
    return (index if index > tagged + 1 else index + 1), (lines or [""])[0][:60]


def _find_unfinished(notebook):
    """The first cell that did not run to its end, as a `Failure`; nothing when all did."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        place = _place_cell(notebook, index, cell.source)
        for output in cell.outputs:
            if output.output_type == "error":
                return Failure(output.ename, _shorten(output.evalue), *place)
        if cell.execution_count is None:
            return Failure("Cellen er ikke kørt", "", *place)
    return None


def normalise_notebook(notebook, data=""):
    """A copy without what differs between runs: times, random ids, process numbers, addresses, this machine's paths."""
    plain = json.loads(json.dumps(notebook))
    plain["metadata"].pop("papermill", None)
    paths = {path: short for path, short in ((data, Path(data).name), (str(ROOT), ".")) if Path(path).is_absolute()}
    tables = {}   # the random id that pandas gives a styled table → its number in order of appearance
    for number, cell in enumerate(plain["cells"], 1):
        cell["id"] = f"cell-{number}"
        for noise in ("papermill", "execution"):
            cell["metadata"].pop(noise, None)
    plain["cells"] = _change_text(plain["cells"], lambda text: _clean_text(text, paths, tables))
    return nbformat.from_dict(plain)


def _change_text(part, change):
    """A copy of JSON data with `change` done to every text in it."""
    if isinstance(part, dict):
        return {key: _change_text(value, change) for key, value in part.items()}
    if isinstance(part, list):
        return [_change_text(value, change) for value in part]
    return change(part) if isinstance(part, str) else part


def _clean_text(text, paths, tables):
    for path, short in paths.items():
        text = text.replace(path, short)
    text = re.sub(r"\bT_[0-9a-f]{5}(?![0-9a-f])", lambda id: tables.setdefault(id[0], f"T_{len(tables):05d}"), text)
    text = re.sub(r"\S*ipykernel_\d+[/\\]\d+\.py", "celle", text)   # warnings name the process that ran the cell
    return re.sub(r" at 0x[0-9a-fA-F]+>", ">", text)


def _shorten(error):
    return " ".join(str(error).split())[:300]


# ---- the run --------------------------------------------------------------------------------------------------------

def run_plan(plan, tick=lambda result: None):
    """Execute all chapters of all variants, and make each report as soon as its chapters are there.

    Returns the reports in the plan's order. `tick` is called with every `Result`. What fails stops nothing else.
    """
    plan.output.mkdir(parents=True, exist_ok=True)
    results, reports = {variant: {} for variant in plan.variants}, {}
    pool = ThreadPoolExecutor(plan.jobs or count_cores() + 1)
    with _open_workspace() as workspace:
        try:
            futures = {pool.submit(execute_chapter, chapter, variant, plan.timeout, workspace): (variant, chapter)
                       for variant in plan.variants for chapter in plan.chapters}
            for future in as_completed(futures):
                variant, chapter = futures[future]
                results[variant][chapter] = future.result()
                tick(results[variant][chapter])
                if len(results[variant]) == len(plan.chapters):
                    reports[variant] = make_report(plan, variant, [results[variant][path] for path in plan.chapters])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)   # Ctrl-C does not wait for running kernels
    return [reports[variant] for variant in plan.variants]


def make_report(plan, variant, results):
    """Put one variant's report in its place, unless a chapter failed; the earlier report then stays as it was."""
    start, name = time.perf_counter(), variant.sector + plan.suffix
    spent = sum(result.seconds for result in results)
    report = Report(name, variant, tuple(results), spent)
    if any(result.failure for result in results):
        return report
    try:
        if hash_files(resolve_data(variant.data)) != plan.data:
            raise ValueError("data er ændret under kørslen, så rapporten ville bygge på to udgaver; kør igen")
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=plan.output) as beside:
            new = Path(beside, "new")
            new.mkdir()
            meta = write_report(new, results, plan.formats)
            _swap_in(new, plan.output / name, Path(beside, "old"))
    except Exception as error:
        report = replace(report, failure=Failure(type(error).__name__, _shorten(error)))
    else:
        report = replace(report, folder=plan.output / name, meta=meta)
    return replace(report, seconds=spent + time.perf_counter() - start)


def write_report(folder, results, formats):
    """Fill a report's folder: the report in its formats, the executed chapters, the figures. Returns its meta."""
    # Imported here so that a refused run need not wait for the typesetters.
    from barometer.document import build_document
    from barometer.html import render_html
    from barometer.pdf import render_pdf

    document = build_document([(result.chapter, result.notebook) for result in results])
    if "html" in formats:
        _write_text(folder / FILES["html"], render_html(document, FILES["pdf"] if "pdf" in formats else None))
    if "pdf" in formats:
        (folder / FILES["pdf"]).write_bytes(render_pdf(document))
    for part in ("chapters", "figures"):
        (folder / part).mkdir()
    for result in results:
        _write_text(folder / "chapters" / f"{result.chapter}.ipynb", nbformat.writes(result.notebook) + "\n")
        _write_figures(folder / "figures", result.notebook)
    return document["meta"]


def _write_figures(folder, notebook):
    """Each figure's picture, and the table behind it for a spreadsheet."""
    outputs = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    for data in (data for data in outputs if data.get(MIME, {}).get("kind") == "figure"):
        figure = data[MIME]
        _write_text(folder / f"{figure['id']}.svg", "".join(data["image/svg+xml"]))
        lines = [figure["table"]["columns"], *figure["table"]["rows"]]
        with open(folder / f"{figure['id']}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([_disarm(cell) for cell in line] for line in lines)


def _disarm(cell):
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are left as they are."""
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") and not NUMBER.fullmatch(cell) else cell


def _swap_in(new, target, old):
    """Replace a folder in two renames; readers never see half a report."""
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


# ---- what is told of the run ----------------------------------------------------------------------------------------

def write_records(plan, reports, started, seconds):
    """`run.json` and `index.html`: what this run made, and complete reports of earlier runs that still lie there."""
    from barometer.html import render_index

    records = [describe_report(plan, report) for report in reports]
    earlier = _find_earlier(plan.output, {record["variant"] for record in records})
    parameters = asdict(plan.variants[0]) | {"sector": [variant.sector for variant in plan.variants]}
    run = {
        "started": datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds"),
        "seconds": round(seconds, 1), "parameters": parameters | {"data": Path(parameters["data"]).name},
        "chapters": [path.stem for path in plan.chapters], "data": plan.data, "versions": list_versions(),
        "git": describe_commit(), "reports": records, "earlier": earlier,
    }
    _write_text(plan.output / "run.json", json.dumps(run, ensure_ascii=False, indent=1) + "\n")
    shown = [record | {"status": _tell_status(record, record in records)} for record in [*records, *earlier]]
    meta = next((report.meta for report in reports if report.meta), None)
    _write_text(plan.output / "index.html", render_index(shown, meta))


def describe_report(plan, report):
    """A report as the index and `run.json` tell of it; links to an earlier report when this run's was not made."""
    place = plan.output / report.name
    links = {kind: f"{report.name}/{file}" if (place / file).exists() else None for kind, file in FILES.items()}
    chapters = [(_read_title(result), f"{report.name}/chapters/{result.chapter}.ipynb") for result in report.results
                if report.folder]
    results = [{"chapter": result.chapter, "status": "failed" if result.failure else "complete",
                "seconds": round(result.seconds, 1), "error": str(result.failure) if result.failure else None}
               for result in report.results]
    part = f", kapitel {' og '.join(result.chapter[:2] for result in report.results)}" if plan.suffix else ""
    return {"variant": report.name, "sector_label": SECTORS[report.parameters.sector] + part,
            "status": "complete" if report.folder else "failed", "seconds": round(report.seconds, 1), **links,
            "chapters": chapters, "results": results, "error": str(report.failure) if report.failure else None}


def _tell_status(record, now):
    """A line for the front page."""
    if record["status"] == "complete" or not now:
        return "Færdig" if now else "Fra en tidligere kørsel"
    there = record["html"] or record["pdf"]
    return "Kunne ikke laves denne gang; rapporten er fra en tidligere kørsel" if there else "Kunne ikke laves"


def hash_files(folder):
    """{path: sha256} of every file in a folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def list_versions():
    """The versions of Python and of the packages that numbers and pages come from."""
    installed = {package.name.lower(): package.version for package in distributions()}
    return {"python": platform.python_version()} | {name: installed[name] for name in PACKAGES if name in installed}


def describe_commit(root=ROOT):
    """The project's commit and whether files have been changed since; nothing outside git, or without git."""
    def ask(*words):
        return subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, check=True).stdout.strip()
    try:
        if Path(ask("rev-parse", "--show-toplevel")).resolve() != root:
            return None   # unpacked inside somebody else's repository
        return {"commit": ask("rev-parse", "HEAD"), "changed": bool(ask("status", "--porcelain"))}
    except (OSError, subprocess.CalledProcessError):
        return None


def _find_earlier(output, made):
    try:
        run = json.loads((output / "run.json").read_text(encoding="utf-8"))
        known = [*run["reports"], *run["earlier"]]
        return [record for record in known if record["variant"] not in made and (output / record["variant"]).is_dir()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _read_title(result):
    headings = [line[2:].strip() for cell in result.notebook.cells if cell.cell_type == "markdown"
                for line in cell.source.splitlines() if line.startswith("# ")]
    return headings[0] if headings else result.chapter


def _write_text(path, text):
    """Write a whole file or nothing: a reader never sees half of it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    os.replace(fresh, path)
