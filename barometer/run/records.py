"""What is recorded of a run, and what the next one finds: which reports stand, and why the others
are to be made.

A report stands when its record in `internal/` says that it was made of the same sources and every
file is still as it was written. The record also has what a run writes on the screen of a report, so
that one that stands is described in the same words. `run.json` describes how the numbers were made,
`index.html` for the reader.
"""

import json
import platform
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from barometer.data.cards import CLOSED
from barometer.files.checksums import hash_file
from barometer.files.private import INTERNAL, write_private
from barometer.files.writing import write_text
from barometer.languages.speaking import _
from barometer.parameters import list_names
from barometer.paths import FILES
from barometer.run.cache import PARTS, describe_chapter, has_result, hash_catalogue, make_key
from barometer.run.work import PUBLIC
from barometer.verify.certificate import CERTIFICATE
from barometer.version import describe_commit

DATA = ("tables.xlsx", "numbers.csv", "claims.csv")  # on the front page
PACKAGES = """barometer numpy scipy pandas matplotlib seaborn papermill nbclient ipykernel nbconvert
    markdown-it-py typst pikepdf pypdfium2 XlsxWriter"""
RUN = "run"  # the name of the record of the last run as a whole; no report's is so


@dataclass(frozen=True)
class Findings:
    """Per variant: `parts` = {chapter: {part: checksum}}, `keys` the report's checksum; `standing`
    the record of a report that need not be made; `reasons` = {chapter: why it is to be executed} of
    the others.
    """

    parts: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    standing: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)


def look_around(run):
    """The `Findings` of a run."""
    found, results = Findings(), run.results
    texts = [sha256(chapter.source).hexdigest() for chapter in run.chapters]
    for variant in run.variants:
        parts = {
            chapter.name: describe_chapter(chapter.source, variant, run.sources)
            for chapter in run.chapters
        }
        made = [*parts.items()], texts, run.suffix, run.formats, run.sources.publishing
        key = make_key(*made, *(run.language and [run.language, hash_catalogue(run.language)]))
        found.parts[variant], found.keys[variant] = parts, key
        record = read_record(run.internal, variant.name + run.suffix)
        if not run.force and record.get("key") == key and _is_whole(run, record):
            found.standing[variant] = record
        else:
            found.reasons[variant] = {
                chapter: "--force" if run.force else _explain(record, chapter, made_of)
                for chapter, made_of in parts.items()
                if run.force or not has_result(results, make_key(made_of))
            }
    return found


def name_report(label, run):
    """What the front page calls a report: its part of the population, which chapters if not all."""
    numbers = _(" og ").join(chapter.name[:2] for chapter in run.chapters)
    return f"{label}, {_('kapitel')} {numbers}" if run.suffix else label


def read_record(internal, name):
    """What is recorded of a finished report; nothing where there is none of it."""
    try:
        record = json.loads((internal / f"{name}.json").read_text(encoding="utf-8"))
        return record if isinstance(record, dict) and record.get("name") == name else {}
    except (OSError, ValueError):
        return {}


def list_others(run, made):
    """The names of the reports in the run's folder that are not among those `made`, and are of
    other data or another plan, as far as their records show.
    """
    names = [path.parent.name for path in sorted(run.output.glob("*/numbers.csv"))]
    records = {name: read_record(run.internal, name) for name in names if name not in made}
    # a plan that is none of the survey's files may be another
    planned = any(Path(name).name == CLOSED for name in run.sources.data)
    return [
        name
        for name, record in records.items()
        if not planned or record.get("data") != run.sources.data
    ]


def write_record(internal, name, record):
    """Record a finished report; written last, so that a report without one is made again."""
    content = json.dumps({"name": name} | record, ensure_ascii=False)
    write_private(internal / f"{name}.json", content)


def locate_file(run, path):
    """Where a file of a report lies, by its name in its record ("NAME/…", "internal/…")."""
    inside = path.removeprefix(f"{INTERNAL}/")
    return run.output / path if inside == path else run.internal / inside


def is_recorded(run, findings):
    """Whether the front page and `run.json` are those of just these reports, all of them
    standing.
    """
    try:
        record = read_record(run.internal, RUN)
        written = json.loads((run.output / "run.json").read_text(encoding="utf-8"))
        return (
            len(findings.standing) == len(run.variants)
            and all(hash_file(run.output / name) == sha for name, sha in record["pages"].items())
            and all((run.output / report["variant"]).is_dir() for report in written["earlier"])
            and record["fingerprint"] == _sign_run(run, findings)
            and all(report["status"] == "complete" for report in written["reports"])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def write_records(run, findings, reports, started, seconds, proof=(), untranslated=()):
    """`run.json`, `index.html` and the accessibility statement; and the run's own record, which is
    not for publication. `proof`: what `proofs.command` says of the certificate that lies there;
    `untranslated`: what a run says of texts that its language lacks.

    They describe what this run made, and complete reports of earlier runs that still lie there. A
    checksum confirms a guess of a file's content: only those of files that are public anyway are
    published.
    """
    # a run with nothing to do need not wait for it
    from barometer.bank.pages import write_bank
    from barometer.exports.crate import describe_folder
    from barometer.report.html import name_statement, render_index, render_statement

    records = [_describe_report(run, report) for report in reports]
    earlier = _find_earlier(run, {record["variant"] for record in records})
    first = run.variants[0]
    parameters = first.values | {
        name: list(dict.fromkeys(variant.answers[name] for variant in run.variants))
        for name in first.answers
    }
    order = [*list_names(first.data)]
    shown = [
        record | {"status": _name_status(record, record in records)}
        for record in sorted([*records, *earlier], key=lambda one: _place_report(one, order))
    ]
    meta = next((report.told["meta"] for report in reports if report.told), None)
    about = {
        "started": datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "parameters": parameters | {"data": Path(first.data).name},
        "chapters": [chapter.name for chapter in run.chapters],
        "data": {name: sha if name in PUBLIC else None for name, sha in run.sources.data.items()},
        "versions": _list_versions(),
        "git": describe_commit(),
        "certificate": proof or None,
        "reports": records,
        "earlier": earlier,
    }
    files = {one["variant"]: read_record(run.internal, one["variant"]) for one in shown}
    bank = write_bank(run.output, files, run.sources.data, meta)
    pages = {
        "index.html": render_index(shown, meta, bank),
        name_statement(): render_statement(meta),
        "run.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n",
    }
    for name, page in pages.items():
        write_text(run.output / name, page)
    _link_pages(run, shown)
    beside = [*pages, *bank, *([CERTIFICATE] if proof else [])]
    beside += describe_folder(run.output, meta, shown, files, beside)
    checked = {one: hash_file(run.output / one) for one in beside}
    own = {"data": run.sources.data, "fingerprint": _sign_run(run, findings), "pages": checked}
    write_record(run.internal, RUN, own | {"untranslated": [*untranslated]})


def _link_pages(run, shown):
    """Let the page of each report lead to the same chapters of the others that are there."""
    from barometer.report.switch import link_reports

    for report in (pages := [one for one in shown if one["html"]]):
        chapters = [Path(path).stem for _, path in report["chapters"]]
        others = [
            (one["part_label"], f"../{one['html']}")
            for one in pages
            if one is not report and [Path(path).stem for _, path in one["chapters"]] == chapters
        ]
        path = run.output / report["html"]
        page = link_reports(before := path.read_text(encoding="utf-8"), others)
        record = read_record(run.internal, report["variant"])
        if page != before and report["html"] in record.get("files", {}):
            write_text(path, page)
            record["files"][report["html"]] = sha256(page.encode()).hexdigest()
            write_record(run.internal, report["variant"], record)


def _sign_run(run, findings):
    """The checksum of everything that a run's front page and `run.json` say of its reports."""
    return make_key([[variant.name, findings.keys[variant]] for variant in run.variants])


def _explain(record, chapter, parts):
    """Why a chapter is executed, in words: what has changed since its report was made."""
    then = record.get("parts")
    before = (then.get(chapter) if isinstance(then, dict) else None) or parts
    changed = [PARTS[name] for name in parts if before.get(name) != parts[name]]
    return ", ".join(changed) or "der er intet gemt"


def _is_whole(run, record):
    try:
        files = record["files"].items()
        whole = all(hash_file(locate_file(run, path)) == checksum for path, checksum in files)
        return whole and {"told", "label"} <= {*record}
    # a file is gone, or the record is not one of ours
    except (OSError, KeyError, AttributeError):
        return False


def _describe_report(run, report):
    """A report as the index and `run.json` describe it; links to an earlier report when this run's
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
    label = report.told.get("meta", {}).get("part_label") or report.parameters.label
    chapters = [result.chapter for result in report.results]
    summary = report.told if report.folder else {}  # a report that was refused lies nowhere
    return _describe_folder(run, report.name, name_report(label, run), summary, chapters) | {
        "status": "complete" if report.folder else "failed",
        "seconds": round(report.seconds, 1),
        "results": results,
        "error": report.failure.brief if report.failure else None,
        "left_out": report.told.get("left_out", []),
    }


def _place_report(record, order):
    """Where a report stands on the front page, whichever run made it: by sector."""
    sector = record["variant"].partition("-")[0]
    return order.index(sector) if sector in order else len(order)


def _describe_folder(run, name, label, summary, chapters):
    links = {kind: f"{name}/{file}" for kind, file in FILES.items()}
    links = {kind: path if (run.output / path).exists() else None for kind, path in links.items()}
    paths = [f"{name}/chapters/{chapter}.ipynb" for chapter in chapters]
    titles = list(zip(summary.get("titles", ()), paths, strict=False))
    about = {"variant": name, "part_label": label, "findings": summary.get("findings", [])}
    about |= links | {"data": [file for file in DATA if (run.output / name / file).exists()]}
    return about | {"chapters": titles, "release": summary.get("release")}


def _name_status(record, now):
    """A line for the front page, where the report is not as it should be."""
    if record["status"] == "complete" or not now:
        return "" if now else _("Fra en tidligere kørsel")
    there = _("Kunne ikke laves denne gang; rapporten er fra en tidligere kørsel")
    return there if record["html"] or record["pdf"] else _("Kunne ikke laves")


def _list_versions():
    """The versions of Python and of the packages that numbers and pages come from."""
    found = {"python": platform.python_version()}
    for name in PACKAGES.split():
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _find_earlier(run, made):
    """The finished reports of earlier runs that lie there, each as its own record describes it."""
    names = [path.stem for path in sorted(run.internal.glob("*.json")) if path.stem not in made]
    records = {name: read_record(run.internal, name) for name in names}
    return [
        _describe_folder(run, name, record["label"], record["told"], [*record["parts"]])
        | {"status": "complete"}
        for name, record in records.items()
        if record.get("label") and (run.output / name).is_dir()
    ]
