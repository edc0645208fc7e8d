"""The files of a report's figures: a picture that stands alone as SVG and as PNG, and the numbers behind it as CSV."""
import base64
import re
from functools import cache
from html import escape

from barometer.display import FALLBACK_FACES, MARGIN, MIME, clean_svg
from barometer.drafts import write_text
from barometer.ledger import write_csv
from barometer.paths import FONTS

FACES = {"font-weight: 600": ("SemiBold", 600), "font-size": ("Regular", 400)}   # what tells that a face is used


def write_pictures(folder, notebook):
    """Each figure of an executed notebook as ID.svg, ID.png and ID.csv."""
    outputs = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    for data in (data for data in outputs if data.get(MIME, {}).get("kind") == "figure"):
        figure = data[MIME]
        write_text(folder / f"{figure['id']}.svg", complete_svg("".join(data["image/svg+xml"]), figure))
        (folder / f"{figure['id']}.png").write_bytes(base64.b64decode(data["image/png"]))
        write_csv(folder / f"{figure['id']}.csv", [figure["table"]["columns"], *figure["table"]["rows"]])


def complete_svg(svg, figure):
    """The picture as a file that needs no page around it: with title, description, note and typeface of its own."""
    bare = clean_svg(svg)
    for face, faces in FALLBACK_FACES.items():
        bare = bare.replace(face, faces)
    tag, rest = bare.split(">", 1)
    words = {"title": figure["title"], "desc": f"{figure['alt']} {figure['note']}"}
    told = "".join(f'<{name} id="{name}">{escape(text)}</{name}>' for name, text in words.items())
    style = "".join(_embed_face(*face) for mark, face in FACES.items() if mark in bare)
    labelled = tag.replace("<svg", '<svg role="img" aria-labelledby="title desc"', 1)
    framed, paper = _add_margin(labelled)
    return f"{framed}>{told}<style>{style}</style>{paper}{rest}\n"


def _add_margin(tag):
    """The <svg> tag with room around the picture, and the white paper of that size: no page gives it any air."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', tag)
    if not box:
        return tag, ""
    width, height = (f"{float(length) + 2 * MARGIN:g}" for length in box.groups())
    size = f'width="{width}pt" height="{height}pt" viewBox="-{MARGIN} -{MARGIN} {width} {height}"'
    paper = f'<rect x="-{MARGIN}" y="-{MARGIN}" width="{width}" height="{height}" fill="#fff"/>'
    bare = re.sub(r'\s(width|height|viewBox)="[^"]*"', "", tag)
    return f"{bare} {size}", paper


@cache
def _embed_face(name, weight):
    data = base64.b64encode((FONTS / f"IBMPlexSans-{name}-Latin1.woff2").read_bytes()).decode()
    return (f'@font-face{{font-family:"IBM Plex Sans";font-weight:{weight};'
            f'src:url(data:font/woff2;base64,{data}) format("woff2")}}')
