"""The executed chapters of a report become its folder: pages, chapters, figures and tables as files, the trace."""
import nbformat

from barometer.adjustments import adjust_chapters
from barometer.cleaning import prepare_publication
from barometer.document import build_document
from barometer.drafts import write_text
from barometer.html import FRONT, STATEMENT, render_html
from barometer.ledger import collect_numbers, write_claims, write_numbers
from barometer.pdf import render_pdf
from barometer.pictures import write_pictures
from barometer.publication import load_published
from barometer.work import FILES
from barometer.workbook import render_workbook


def write_report(folder, results, formats, data):
    """Fill a report's folder: the report in its formats, the executed chapters, figures and tables, the trace.

    Returns the document and the rows of its numbers. `data` is the survey's folder.
    """
    chapters = adjust_chapters([(result.chapter, result.notebook) for result in results])
    numbers = collect_numbers(chapters, data)
    notebooks = {name: prepare_publication(notebook) for name, notebook in chapters}
    document = build_document(list(notebooks.items()), published=load_published(data))
    for part in ("chapters", "figures"):
        (folder / part).mkdir()
    for chapter, notebook in notebooks.items():
        write_text(folder / "chapters" / f"{chapter}.ipynb", nbformat.v4.writes(notebook) + "\n")
        write_pictures(folder / "figures", notebook)
    write_numbers(folder / "numbers.csv", numbers)
    write_claims(folder / "claims.csv", document["claims"])
    (folder / "tables.xlsx").write_bytes(render_workbook(document))
    beside = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]
    if "html" in formats:
        pdf = FILES["pdf"] if "pdf" in formats else None
        write_text(folder / FILES["html"], render_html(document, pdf, [*beside, FRONT, f"../{STATEMENT}"]))
    if "pdf" in formats:
        (folder / FILES["pdf"]).write_bytes(render_pdf(document))
    return document, numbers


def restore_text(executed, source):
    """The executed chapter (JSON data) with the text it has now, which may be newer than the execution.

    `source`: the chapter's bytes; its code cells are those that were executed.
    """
    ran, cells = [cell for cell in executed["cells"] if cell["cell_type"] == "code"], []
    for cell in nbformat.v4.reads(source.decode()).cells:
        if cell.cell_type != "code":
            cells.append(cell)
        elif not _is_injected(cell):
            cells.append(ran.pop(0))
            cells += [ran.pop(0) for _ in ran[:1] if _is_injected(ran[0])]
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells, 1)]
    return nbformat.from_dict(executed | {"cells": numbered})


def _is_injected(cell):
    return "injected-parameters" in cell["metadata"].get("tags", ())
