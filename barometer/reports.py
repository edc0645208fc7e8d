"""The chapters of a plan become reports: each complete in its folder under `outputs/`, or not there at all."""
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import nbformat
import pandas as pd

from barometer.cards import PUBLISHED
from barometer.drafts import clear_drafts, draft_folder, write_text
from barometer.execution import Failure, Result, execute_chapter, open_workspace
from barometer.ledger import collect_numbers, remove_internal, write_claims, write_internal, write_numbers
from barometer.parameters import Parameters, resolve_data
from barometer.pictures import write_pictures
from barometer.planning import count_cores, hash_files, shorten
from barometer.release import collect_release, find_recovered, write_release
from barometer.survey import open_survey

FILES = {"html": "report.html", "pdf": "report.pdf"}


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
    claims: tuple = ()          # rows of the sentences' register
    release: tuple = ()         # rows of the gate's record, a dict per cell


def run_plan(plan, tick=lambda result: None):
    """Execute all chapters of all variants, and make each report as soon as its chapters are there.

    Returns the reports in the plan's order. `tick` is called with every `Result`. What fails stops nothing else.
    """
    plan.output.mkdir(parents=True, exist_ok=True)
    clear_drafts(plan.output)
    results, reports = {variant: {} for variant in plan.variants}, {}
    pool = ThreadPoolExecutor(plan.jobs or count_cores() + 1)
    with open_workspace() as workspace:
        try:
            futures = {pool.submit(execute_chapter, chapter, variant, plan.timeout, workspace): (variant, chapter)
                       for variant in plan.variants for chapter in plan.chapters}
            for future in as_completed(futures):
                variant, chapter = futures[future]
                results[variant][chapter] = future.result()
                tick(results[variant][chapter])
                if len(results[variant]) == len(plan.chapters):
                    done = [results[variant][path] for path in plan.chapters]
                    reports[variant] = make_report(plan, variant, done, reports.values())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)   # Ctrl-C does not wait for running kernels
    return [reports[variant] for variant in plan.variants]


def make_report(plan, variant, results, others=()):
    """Put one variant's report in its place, unless a chapter failed; the earlier report then stays as it was.

    `others`: the run's reports so far, which must not give back together with this one what each of them closes.
    """
    start, name = time.perf_counter(), variant.name + plan.suffix
    spent = sum(result.seconds for result in results)
    report = Report(name, variant, tuple(results), spent)
    if any(result.failure for result in results):
        return report
    try:
        if hash_files(resolve_data(variant.data)) != plan.data:
            raise ValueError("data er ændret under kørslen, så rapporten ville bygge på to udgaver; kør igen")
        with draft_folder(plan.output / name) as folder:
            document, numbers = write_report(folder, results, plan.formats, resolve_data(variant.data))
            cells = _release_cells(plan, variant, numbers, [cell for other in others for cell in other.release])
            write_internal(plan.output, name, numbers)
            write_release(plan.output, name, cells)
    except Exception as error:
        report = replace(report, failure=Failure(type(error).__name__, shorten(error)))
    else:
        report = replace(report, folder=plan.output / name, meta=document["meta"], claims=tuple(document["claims"]),
                         release=tuple(cells))
    return replace(report, seconds=spent + time.perf_counter() - start)


def _release_cells(plan, variant, numbers, others):
    """The gate's record of a report. Raises ValueError where it and `others` give a closed count back together."""
    if not any("rule" in row["internal"] for row in numbers):
        return []
    survey = _open_once(variant.data, tuple(plan.data.items()))
    cells = collect_release(numbers, survey.exceptions)
    if found := find_recovered(survey, [*others, *cells]):
        raise ValueError(f"kørslens tabeller giver tilsammen {len(found)} lukkede tal tilbage, fx "
                         f"{' / '.join(found[0])}; skriv dem under reported i questionnaire.yaml, og kør "
                         "python -m barometer.seal")
    return cells


@lru_cache(maxsize=1)
def _open_once(data, checksums):
    return open_survey(data)


def write_report(folder, results, formats, data):
    """Fill a report's folder: the report in its formats, the executed chapters, the figures, the trace.

    Returns the document and the rows of its numbers. `data` is the survey's folder.
    """
    # Imported here so that a refused run need not wait for the typesetters.
    from barometer.document import build_document
    from barometer.html import FRONT, STATEMENT, render_html
    from barometer.pdf import render_pdf

    numbers = collect_numbers([(result.chapter, result.notebook) for result in results], data)
    notebooks = {result.chapter: remove_internal(result.notebook) for result in results}
    document = build_document(list(notebooks.items()), published=_read_published(data))
    for part in ("chapters", "figures"):
        (folder / part).mkdir()
    for chapter, notebook in notebooks.items():
        write_text(folder / "chapters" / f"{chapter}.ipynb", nbformat.writes(notebook) + "\n")
        write_pictures(folder / "figures", notebook)
    write_numbers(folder / "numbers.csv", numbers)
    write_claims(folder / "claims.csv", document["claims"])
    beside = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]
    if "html" in formats:
        pdf = FILES["pdf"] if "pdf" in formats else None
        write_text(folder / FILES["html"], render_html(document, pdf, [*beside, FRONT, f"../{STATEMENT}"]))
    if "pdf" in formats:
        (folder / FILES["pdf"]).write_bytes(render_pdf(document))
    return document, numbers


def _read_published(data):
    path = data / PUBLISHED
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else None
