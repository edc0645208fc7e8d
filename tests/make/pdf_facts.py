"""What a finished PDF is asked by the tests: its structure, its type, how its pages are filled."""

import ctypes
import io
import math
import shutil
import subprocess

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

BODY = (24, 272)  # mm from the page's foot: between running foot and running head


def list_elements(pdf):
    """The structure tree in reading order, as (kind, element)."""

    def walk(element):
        kids = element.get("/K")
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield str(kid.S), kid
                yield from walk(kid)

    return list(walk(pdf.Root.StructTreeRoot))


def read_tree(data):
    """[(kind, attribute "Scope", alternative text), …] of all elements, in reading order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            (kind[1:], _read_scope(element), str(element.get("/Alt", "")))
            for kind, element in list_elements(pdf)
        ]


def list_fonts(data):
    """{name: whether it is embedded} of all fonts that the file has."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        dictionaries = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        fonts = [
            one
            for one in dictionaries
            if one.get("/Type") == "/Font" and "/DescendantFonts" not in one
        ]
        return {
            str(font.BaseFont): any(
                key.startswith("/FontFile") for key in font.get("/FontDescriptor", {})
            )
            for font in fonts
        }


def list_characters(data):
    """A list for each page of its visible characters, as (character, size in points as placed, mm
    above the foot).

    The size is that of the type times the matrix that it is placed by: a picture made smaller makes
    its text smaller.
    """
    with pypdfium2.PdfDocument(data) as pdf:
        return [_list_page(page.get_textpage()) for page in pdf]


def measure_fill(data):
    """For each page, how much of the room between running head and foot its text reaches down over,
    0 to 1.
    """
    fills = []
    for characters in list_characters(data):
        low = min((y for _, _, y in characters if BODY[0] <= y <= BODY[1]), default=BODY[1])
        fills.append((BODY[1] - low) / (BODY[1] - BODY[0]))
    return fills


def run_poppler(tmp_path, tool, pdf, *options):
    """What a poppler tool says of a PDF."""
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    tail = ["-"] if tool == "pdftotext" else []
    told = subprocess.run(
        [tool, *options, str(path), *tail], capture_output=True, check=True
    ).stdout
    return told.decode(errors="replace")


def _read_scope(element):
    attributes = element.get("/A")
    attributes = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    scopes = [one.get("/Scope") for one in attributes if isinstance(one, pikepdf.Dictionary)]
    return next((str(scope)[1:] for scope in scopes if scope is not None), "")


def _list_page(text):
    return [
        found for i in range(text.count_chars()) if (found := _read_character(text, i))[0].strip()
    ]


def _read_character(text, i):
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetMatrix(text, i, matrix)
    pdfium.FPDFText_GetCharOrigin(text, i, x, y)
    size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
    return chr(pdfium.FPDFText_GetUnicode(text, i)), size, y.value / 72 * 25.4
