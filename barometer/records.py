"""What is told of a run: `run.json` for whoever asks how the numbers were made, `index.html` for the reader."""
import json
import platform
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import distributions
from pathlib import Path

from barometer.domains import DIMENSIONS
from barometer.drafts import write_text
from barometer.release import count_release
from barometer.reports import FILES
from barometer.version import describe_commit

PACKAGES = ("barometer", "numpy", "scipy", "pandas", "matplotlib", "seaborn", "papermill", "nbclient", "ipykernel",
            "nbconvert", "markdown-it-py", "typst", "pikepdf", "pypdfium2")


def write_records(plan, reports, started, seconds):
    """`run.json`, `index.html` and the accessibility statement.

    They tell of what this run made, and of complete reports of earlier runs that still lie there.
    """
    from barometer.html import STATEMENT, render_index, render_statement

    records = [describe_report(plan, report) for report in reports]
    earlier = _find_earlier(plan.output, {record["variant"] for record in records})
    parameters = asdict(plan.variants[0]) | {
        name: list(dict.fromkeys(getattr(variant, name) for variant in plan.variants)) for name in DIMENSIONS}
    run = {
        "started": datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds"),
        "seconds": round(seconds, 1), "parameters": parameters | {"data": Path(parameters["data"]).name},
        "chapters": [path.stem for path in plan.chapters], "data": plan.data, "versions": list_versions(),
        "git": describe_commit(), "reports": records, "earlier": earlier,
    }
    write_text(plan.output / "run.json", json.dumps(run, ensure_ascii=False, indent=1) + "\n")
    shown = [record | {"status": _tell_status(record, record in records)} for record in [*records, *earlier]]
    meta = next((report.meta for report in reports if report.meta), None)
    write_text(plan.output / "index.html", render_index(shown, meta))
    write_text(plan.output / STATEMENT, render_statement(meta))


def describe_report(plan, report):
    """A report as the index and `run.json` tell of it; links to an earlier report when this run's was not made."""
    place = plan.output / report.name
    links = {kind: f"{report.name}/{file}" if (place / file).exists() else None for kind, file in FILES.items()}
    chapters = [(_read_title(result), f"{report.name}/chapters/{result.chapter}.ipynb") for result in report.results
                if report.folder]
    results = [{"chapter": result.chapter, "status": "failed" if result.failure else "complete",
                "seconds": round(result.seconds, 1), "error": result.failure.brief if result.failure else None}
               for result in report.results]
    part = f", kapitel {' og '.join(result.chapter[:2] for result in report.results)}" if plan.suffix else ""
    label = (report.meta or {}).get("sector_label") or report.parameters.label
    return {"variant": report.name, "sector_label": label + part,
            "status": "complete" if report.folder else "failed", "seconds": round(report.seconds, 1), **links,
            "chapters": chapters, "release": count_release(report.release) if report.folder else None,
            "results": results,
            "error": report.failure.brief if report.failure else None}


def _tell_status(record, now):
    """A line for the front page, where there is something to tell."""
    if record["status"] == "complete" or not now:
        return "" if now else "Fra en tidligere kørsel"
    there = record["html"] or record["pdf"]
    return "Kunne ikke laves denne gang; rapporten er fra en tidligere kørsel" if there else "Kunne ikke laves"


def list_versions():
    """The versions of Python and of the packages that numbers and pages come from."""
    installed = {package.name.lower(): package.version for package in distributions()}
    return {"python": platform.python_version()} | {name: installed[name] for name in PACKAGES if name in installed}


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
