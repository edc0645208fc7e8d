"""What all tests share: which are run by default, and that nothing is skipped unseen where
everything must run.
"""

import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from barometer.files.private import PLANS
from barometer.machine import count_cores
from barometer.paths import ROOT

# A shell starts what it does not wait for with Ctrl-C ignored, and what the tests start would
# inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What the tests start is compiled once and not by each of some hundred processes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Messages are tested in Danish, whichever language the developer's system speaks.
os.environ["LANGUAGE"] = "da"

REQUIRE_ALL = os.environ.get("BAROMETER_REQUIRE_ALL") == "1"
# whose slow tests take longest; begun first, so that no worker has one left when others are done
LONGEST = (
    "disclosure/test_attacker.py",
    "releases/test_sequences.py",
    "whole/test_survival.py",
    "run/test_engine.py",
    "run/test_respondents.py",
    "run/test_cluster.py",
    "whole/test_fuzz.py",
    "surveys/test_surveys.py",
    "figures/test_notes.py",
    "whole/test_leaks.py",
    "tools/test_seal.py",
    "whole/test_same_bytes.py",
    "disclosure/test_plan.py",
)
REFUSAL = "skipped, but BAROMETER_REQUIRE_ALL=1 allows no skips: "


def pytest_collection_modifyitems(config, items):
    """Leave out slow tests unless -m is given or a test is named."""
    items.sort(key=_find_turn)
    if config.option.markexpr or any("::" in argument for argument in config.args):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if not item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)


def pytest_collection_finish():
    """What was imported stays: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()


def _find_turn(item):
    """When a test's file is begun: first the longest, then what is on the whole."""
    name = item.nodeid.partition("::")[0].removeprefix("tests/")
    if name in LONGEST:
        return LONGEST.index(name)
    return len(LONGEST) + (not name.startswith("whole/"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A skipped test fails where all must run; an expected failure (xfail) stays one."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a whole file skipped while it is read."""
    return _refuse_skip((yield))


def _refuse_skip(report):
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{REFUSAL}{reason}"
    return report


DECLARATION = 'sector = "all"\ndata = "barometer-2020"\nalpha = 0.05\nlanguage = "da"'
FIGURE = """
from IPython.display import display
payload = {"kind": "figure", "id": "figur-1", "title": "T", "alt": "A", "note": "N", "table": {
    "columns": ["Svar", "Andel"], "rows": [["=SUM(A1)", "-3,2"], ["Ja", "45 %"]], "numeric": [False, True]}}
display({"application/vnd.barometer+json": payload, "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6"
    "fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==", "text/plain": "",
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><text>A</text></svg>'}, raw=True)"""


@dataclass(frozen=True)
class Project:
    """A project of tiny chapters in a temporary folder, with stand-ins for the document and its two
    templates.
    """

    notebooks: Path
    output: Path

    def write_chapter(self, name, *cells, declaration=DECLARATION):
        """Write `notebooks/name.ipynb` with a title, the parameters and these code cells."""
        declared = v4.new_code_cell(declaration, metadata={"tags": ["parameters"]})
        content = [
            v4.new_markdown_cell(f"# Om {name[3:]}"),
            declared,
            *map(v4.new_code_cell, cells),
        ]
        nbformat.write(v4.new_notebook(cells=content), self.notebooks / f"{name}.ipynb")

    def plan(self, *sectors, wanted=(), **rest):
        """A run of these chapters for these sectors, into the output folder."""
        from barometer.run.request import plan_run

        return plan_run(sectors or ["all"], wanted, output=self.output, **{"timeout": 60, **rest})

    def make(self, *sectors, tick=lambda result: None, **rest):
        """Really make the reports of these sectors."""
        return make(self.plan(*sectors, **rest), tick)

    def list_output(self):
        """Every file under the output folder with its bytes, but for what is kept for the next
        run.
        """
        files = {path.relative_to(self.output).as_posix(): path for path in self.output.rglob("*")}
        files |= {f"internal/{path.name}": path for path in self.internal.glob("*.*")}
        return {
            name: files[name].read_bytes()
            for name in sorted(files)
            if files[name].is_file() and not re.match(r"internal/([\w-]+\.json|\.gitignore)", name)
        }

    @property
    def internal(self):
        """What is not for publication."""
        return self.output.parent / "internal" / self.output.name


def make(run, tick=lambda result: None):
    """The reports of a run, made where they do not stand."""
    from barometer.run.records import look_around
    from barometer.run.reports import make_reports

    return make_reports(run, look_around(run), tick)


def call_here(name, *arguments):
    """Stands in for `workers._call_task`, in this process."""
    from barometer.run import tasks

    return getattr(tasks, name)(*arguments)


def pytest_xdist_auto_num_workers(config):
    """As many as there are cores for this process; none where somebody wants to look into a
    test.
    """
    if config.option.trace or config.option.capture == "no":
        return 0
    return min(count_cores(), 8)


@pytest.fixture(scope="session", autouse=True)
def plans(tmp_path_factory):
    """Plans that no survey's folder holds are kept here for as long as the tests last, and not in
    the project.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PLANS, str(tmp_path_factory.mktemp("plans")))
        yield


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty `Project`, in use while the test lasts; its chapters open no survey, so any folder
    does for one.
    """
    from barometer import parameters
    from barometer.run import workers

    made = Project(tmp_path / "notebooks", tmp_path / "outputs")
    made.notebooks.mkdir()
    for name in ("report.yaml", "typed_numbers.yaml"):
        shutil.copy(ROOT / "notebooks" / name, made.notebooks)
    # as an office has filled them in
    front = made.notebooks / "report.yaml"
    text = front.read_text(encoding="utf-8")
    for old, new in (('email: ""', 'email: "a@example.dk"'), ('reviewed: ""', 'reviewed: "2027"')):
        assert old in text
        text = text.replace(old, new)
    front.write_text(text, encoding="utf-8")
    monkeypatch.setattr("barometer.paths.NOTEBOOKS", made.notebooks)
    # where the stand-ins are
    monkeypatch.setattr(workers, "build_report", lambda task: call_here("build_report", task))
    # their numbers are of no survey
    monkeypatch.setattr("barometer.run.tasks.refuse_unreleased", lambda *_: None)
    monkeypatch.setattr("barometer.run.tasks.write_files", lambda *_: None)
    monkeypatch.setattr("barometer.bank.filling.collect_bank", lambda *_: {"cells": []})
    monkeypatch.setitem(parameters._CHECKS, "data", lambda value: [])
    for name, parts in {
        "report.folder": {
            "build_document": lambda named, published=None: {
                "meta": {},
                "findings": [],
                "claims": [],
                "chapters": [name for name, _ in named],
            },
            "render_html": lambda document, pdf=None, beside=(): f"{document['chapters']}\n",
            "render_pdf": lambda document, attachments=None: b"%PDF",
            "render_workbook": lambda document, numbers=(): b"PK",
        },
        "report.html": {"render_index": lambda reports, *_: json.dumps(reports)},
    }.items():
        for part, stand_in in parts.items():
            monkeypatch.setattr(f"barometer.{name}.{part}", stand_in)
    return made


def run_report(folder, *options):
    """Really run the project's own chapters into a folder, as a user does; what was told on the
    way.
    """
    return subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--output", folder, *options],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """All four reports of the shipped survey, really run, and what was told; the run itself reads
    them back. Who wants to write there takes a copy.
    """
    folder = tmp_path_factory.mktemp("real")
    return folder, run_report(folder)


def copy_run(folder, place):
    """A copy of a run's folder in another place, with what the next run into it needs."""
    copy = shutil.copytree(folder, place / folder.name)
    internal = Path("internal") / folder.name
    shutil.copytree(folder.parent / internal, place / internal)
    return copy


def run_without_certificate(folder, sectors=(), **options):
    """Really run the project's own chapters in this process's project; what an intruder needs, who
    has no use for a certificate.
    """
    from barometer.run.request import plan_run

    made = make(plan_run(sectors, output=folder, **options))
    failures = [report.failure or report.results for report in made if not report.folder]
    assert made and failures == []
    return made


@pytest.fixture
def forbid_chapters(monkeypatch):
    """A test in which executing a chapter is a failure."""
    from barometer.run import workers

    def fail(*_):
        raise AssertionError("a chapter was executed")

    monkeypatch.setattr(workers, "execute_chapter", fail)
