"""What is told of a run: `run.json` for whoever asks how the numbers were made, `index.html` for
the reader.
"""

import json
import platform
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from barometer.data.cards import PUBLISHED, REGISTRY
from barometer.files.writing import write_text
from barometer.parameters import list_names
from barometer.paths import FILES
from barometer.report.html import STATEMENT, render_index, render_statement
from barometer.run.cache import RUN, fingerprint_run, name_report, read_record, write_record
from barometer.version import describe_commit

# of a survey's files; nothing in them comes from an answer
PUBLIC = (REGISTRY, PUBLISHED, "dictionary.csv")
PACKAGES = (
    "barometer",
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
    "seaborn",
    "papermill",
    "nbclient",
    "ipykernel",
    "nbconvert",
    "markdown-it-py",
    "typst",
    "pikepdf",
    "pypdfium2",
    "XlsxWriter",
)


def write_records(run, findings, reports, started, seconds):
    """`run.json`, `index.html` and the accessibility statement; and the run's own record, which is
    not for publication.

    They tell of what this run made, and of complete reports of earlier runs that still lie there. A
    checksum tells a file's content to whoever can guess it: only those of files that are public
    anyway are published.
    """
    records = [describe_report(run, report) for report in reports]
    earlier = _find_earlier(run, {record["variant"] for record in records})
    parameters = run.variants[0].values | {
        name: list(dict.fromkeys(variant.answers[name] for variant in run.variants))
        for name in run.variants[0].answers
    }
    order = [*list_names(parameters["data"])]
    shown = [
        record | {"status": _tell_status(record, record in records)}
        for record in sorted([*records, *earlier], key=lambda one: _place_report(one, order))
    ]
    meta = next((report.told["meta"] for report in reports if report.told), None)
    pages = {"index.html": render_index(shown, meta), STATEMENT: render_statement(meta)}
    told = {
        "started": datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "parameters": parameters | {"data": Path(parameters["data"]).name},
        "chapters": [chapter.name for chapter in run.chapters],
        "data": {name: sha if name in PUBLIC else None for name, sha in run.sources.data.items()},
        "versions": list_versions(),
        "git": describe_commit(),
        "reports": records,
        "earlier": earlier,
    }
    pages["run.json"] = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    for name, page in pages.items():
        write_text(run.output / name, page)
    write_record(
        run.internal,
        RUN,
        {
            "data": run.sources.data,
            "fingerprint": fingerprint_run(run, findings),
            "pages": {name: sha256(page.encode()).hexdigest() for name, page in pages.items()},
        },
    )


def describe_report(run, report):
    """A report as the index and `run.json` tell of it; links to an earlier report when this run's
    was not made.
    """
    results = [
        {
            "chapter": result.chapter,
            "status": "failed" if result.failure else "kept" if result.kept else "complete",
            "seconds": round(result.seconds, 1),
            "error": result.failure.brief if result.failure else None,
        }
        for result in report.results
    ]
    label = name_report(
        report.told.get("meta", {}).get("sector_label") or report.parameters.label, run
    )
    chapters = [result.chapter for result in report.results]
    told = report.told if report.folder else {}  # a report that was refused lies nowhere
    return _describe_folder(run.output, report.name, label, told, chapters) | {
        "status": "complete" if report.folder else "failed",
        "seconds": round(report.seconds, 1),
        "results": results,
        "error": report.failure.brief if report.failure else None,
        "left_out": report.told.get("left_out", []),
    }


def _place_report(record, order):
    """Where a report stands on the front page, whichever run made it: by sector, in the order of
    all of them.
    """
    sector = record["variant"].partition("-")[0]
    return order.index(sector) if sector in order else len(order)


def _describe_folder(output, name, label, told, chapters):
    links = {
        kind: f"{name}/{file}" if (output / name / file).exists() else None
        for kind, file in FILES.items()
    }
    titles = [
        (title, f"{name}/chapters/{chapter}.ipynb")
        for title, chapter in zip(told.get("titles", ()), chapters, strict=False)
    ]
    return {
        "variant": name,
        "sector_label": label,
        **links,
        "chapters": titles,
        "release": told.get("release"),
    }


def _tell_status(record, now):
    """A line for the front page, where there is something to tell."""
    if record["status"] == "complete" or not now:
        return "" if now else "Fra en tidligere kørsel"
    there = record["html"] or record["pdf"]
    return (
        "Kunne ikke laves denne gang; rapporten er fra en tidligere kørsel"
        if there
        else "Kunne ikke laves"
    )


def list_versions():
    """The versions of Python and of the packages that numbers and pages come from."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _find_earlier(run, made):
    """The finished reports that lie there beside those of this run, each as its own record tells of
    it.
    """
    records = {
        path.stem: read_record(run.internal, path.stem)
        for path in sorted(run.internal.glob("*.json"))
    }
    there = {
        name: record
        for name, record in records.items()
        if name not in made and record.get("label") and (run.output / name).is_dir()
    }
    return [
        _describe_folder(run.output, name, record["label"], record["told"], [*record["parts"]])
        | {"status": "complete"}
        for name, record in there.items()
    ]
