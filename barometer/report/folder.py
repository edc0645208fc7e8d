"""A report's folder: pages, chapters, figures and tables as files, the trace."""

import base64
import re
from xml.etree.ElementTree import Element

import nbformat

from barometer.data.cards import REGISTRY
from barometer.data.publication import load_published
from barometer.document.cleaning import prepare_publication
from barometer.document.conditions import drop_unmet, hide_unmet
from barometer.document.document import build_document
from barometer.document.imprint import read_front
from barometer.document.translating import translate_notebook
from barometer.files.csv_files import write_csv
from barometer.files.images import MARGIN, name_faces, read_svg, write_svg_tree
from barometer.files.writing import write_text
from barometer.languages.naming import name_statement
from barometer.parameters import list_parts
from barometer.paths import FILES
from barometer.payloads import MIME, PNG_TYPE, SVG_TYPE, list_data
from barometer.pictures import INSIDE_ID
from barometer.report.html import FRONT, embed_face, render_html
from barometer.report.numbers import collect_numbers, write_claims, write_numbers
from barometer.report.pdf import render_pdf
from barometer.report.workbook import render_workbook
from barometer.sentences.adjustments import adjust_chapters


def write_report(folder, results, formats, data, add=None, fill=None):
    """Fill a report's folder. Returns its document and rows of numbers. `data`: the survey's.

    `add`: writes further files into the folder, of the document, the rows of numbers, `formats`
    and `data`.
    `fill`: of the rows of numbers, further ones that stand beside the report (`bank/filling.py`).
    """
    chapters = adjust_chapters([(one.chapter, hide_unmet(one.notebook)) for one in results])
    numbers = collect_numbers(chapters, data, read_front(None)["findings"])
    numbers += fill(numbers) if fill else []
    notebooks = {name: prepare_publication(notebook) for name, notebook in chapters}
    published = load_published(data, next(iter(list_parts(data)), ""))
    document = build_document(list(notebooks.items()), published=published)
    for part in ("chapters", "figures"):
        (folder / part).mkdir()
    for chapter, notebook in notebooks.items():
        shown = nbformat.v4.writes(drop_unmet(notebook)) + "\n"
        write_text(folder / "chapters" / f"{chapter}.ipynb", shown)
        write_pictures(folder / "figures", notebook)
    write_numbers(folder / "numbers.csv", numbers)
    write_claims(folder / "claims.csv", document["claims"])
    (folder / "tables.xlsx").write_bytes(render_workbook(document, numbers))
    if add:
        add(folder, document, numbers, formats, data)
    beside = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]
    if "html" in formats:
        pdf = FILES["pdf"] if "pdf" in formats else None
        placed = document | {"folder": folder.name}
        page = render_html(placed, pdf, [*beside, FRONT, f"../{name_statement()}"])
        write_text(folder / FILES["html"], page)
    if "pdf" in formats:
        evidence = (folder / "numbers.csv", folder / "claims.csv", data / REGISTRY)
        attached = {path.name: path.read_bytes() for path in evidence if path.exists()}
        (folder / FILES["pdf"]).write_bytes(render_pdf(document, attached))
    return document, numbers


def restore_text(executed, source, language=""):
    """The executed chapter (JSON data) with the text of `source`, which may be newer; in a further
    `language`, which is spoken, where one is given.

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
    restored = nbformat.from_dict(executed | {"cells": numbered})
    return translate_notebook(restored, language) if language else restored


def _is_injected(cell):
    return "injected-parameters" in cell["metadata"].get("tags", ())


# by what an attribute has where a face is used
FACES = {"font-weight: 600": ("SemiBold", 600), "font-size": ("Regular", 400)}


def write_pictures(folder, notebook):
    """Each figure of an executed notebook as ID.svg, ID.png and ID.csv."""
    for data in list_data(notebook):
        figure = data[MIME]
        if figure.get("kind") == "figure":
            path, table = folder / f"{figure['id']}.svg", figure["table"]
            write_text(path, complete_svg("".join(data[SVG_TYPE]), figure))
            path.with_suffix(".png").write_bytes(base64.b64decode(data[PNG_TYPE]))
            write_csv(path.with_suffix(".csv"), [table["columns"], *table["rows"]])


def complete_svg(svg, figure):
    """The picture as a file alone: with title, description, note and typeface of its own."""
    root = read_svg(svg)
    used = " ".join(word for part in root.iter() for pair in part.attrib.items() for word in pair)
    name_faces(root)
    style, paper = Element("style"), None if _has_frame(root) else _add_margin(root)
    style.text = "".join(embed_face(*face) for mark, face in FACES.items() if mark in used)
    texts = {"title": figure["title"], "desc": f"{figure['alt']} {figure['note']}"}
    root.attrib = {"role": "img", "aria-labelledby": " ".join(texts)} | root.attrib
    for name, text in reversed(texts.items()):
        root.insert(0, Element(name, {"id": name}))
        root[0].text = text
    for part in (paper, style):
        if part is not None:
            root.insert(len(texts), part)
    return write_svg_tree(root) + "\n"


def _has_frame(root):
    return any(part.get("id") == INSIDE_ID for part in root.iter())


def _add_margin(root):
    """Room around the picture, and the white paper of that size: no page gives it any air."""
    box = re.fullmatch(r"0 0 ([\d.]+) ([\d.]+)", root.get("viewBox", ""))
    if not box:
        return None
    width, height = (f"{float(length) + 2 * MARGIN:g}" for length in box.groups())
    root.attrib |= {"width": f"{width}pt", "height": f"{height}pt"}
    root.attrib |= {"viewBox": f"-{MARGIN} -{MARGIN} {width} {height}"}
    corner = {"x": f"-{MARGIN}", "y": f"-{MARGIN}"}
    return Element("rect", {**corner, "width": width, "height": height, "fill": "#fff"})
