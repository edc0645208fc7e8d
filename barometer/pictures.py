"""The files of a report's figures: a picture that stands alone as SVG and as PNG, and the numbers behind it as CSV."""
import base64
import re
from functools import cache
from xml.etree.ElementTree import Element

from barometer.display import MIME
from barometer.drafts import write_text
from barometer.images import MARGIN, name_faces, read_svg, write_svg_tree
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
    root = read_svg(svg)
    used = " ".join(value for part in root.iter() for value in part.attrib.values()) + " ".join(
        name for part in root.iter() for name in part.attrib)
    name_faces(root)
    style, paper = Element("style"), _add_margin(root)
    style.text = "".join(_embed_face(*face) for mark, face in FACES.items() if mark in used)
    told = {"title": figure["title"], "desc": f"{figure['alt']} {figure['note']}"}
    root.attrib = {"role": "img", "aria-labelledby": " ".join(told)} | root.attrib
    for name, text in reversed(told.items()):
        root.insert(0, Element(name, {"id": name}))
        root[0].text = text
    for part in (paper, style):
        if part is not None:
            root.insert(len(told), part)
    return write_svg_tree(root) + "\n"


def _add_margin(root):
    """Room around the picture, and the white paper of that size: no page gives it any air."""
    box = re.fullmatch(r"0 0 ([\d.]+) ([\d.]+)", root.get("viewBox", ""))
    if not box:
        return None
    width, height = (f"{float(length) + 2 * MARGIN:g}" for length in box.groups())
    root.attrib |= {"width": f"{width}pt", "height": f"{height}pt",
                    "viewBox": f"-{MARGIN} -{MARGIN} {width} {height}"}
    return Element("rect", {"x": f"-{MARGIN}", "y": f"-{MARGIN}", "width": width, "height": height, "fill": "#fff"})


@cache
def _embed_face(name, weight):
    data = base64.b64encode((FONTS / f"IBMPlexSans-{name}-Latin1.woff2").read_bytes()).decode()
    return (f'@font-face{{font-family:"IBM Plex Sans";font-weight:{weight};'
            f'src:url(data:font/woff2;base64,{data}) format("woff2")}}')
