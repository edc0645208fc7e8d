"""A figure's picture beyond its drawing: the frame that it has where it stands alone, the places in
it that have a text when they are pointed at, and how it stands on a page.
"""

import re
from xml.etree import ElementTree

from barometer.files.images import (
    clean_svg,
    list_references,
    name_faces,
    own_name,
    read_svg,
    write_svg_tree,
)
from barometer.payloads import NARROW_TYPE, SVG_TYPE

# ids of what is outside the part that a page shows, of that part, and of the places
FRAME_ID, INSIDE_ID, MARK_ID = "frame-", "inside", "marks"
COLOUR = re.compile(r"#([0-9a-f]{6})\b")  # in a style, which a page can give another


def add_marks(svg, marks, inside=None):
    """A picture with texts at places in it, (left, top, width, height, text) each.

    `inside`: (left, top, width, height) of the part that a page shows, which marks are placed in.
    """
    root = read_svg(svg)
    left, top = inside[:2] if inside else (0, 0)
    if inside:
        root.append(_make_box(inside, {"id": INSIDE_ID, "fill": "none"}))
    group = ElementTree.SubElement(root, "g", {"id": MARK_ID, "fill-opacity": "0"})
    for x, y, width, height, text in marks:
        box = _make_box((x + left, y + top, width, height), {})
        ElementTree.SubElement(box, "title").text = text
        group.append(box)
    return write_svg_tree(root)


def crop_svg(svg, marked=True):
    """The part of a picture that a page shows; without its frame, and its marks if not wanted."""
    root = read_svg(svg)
    _crop(root)
    if not marked:
        _take_marks(root)
    return write_svg_tree(root)


def read_pictures(data):
    """{"svg", "narrow"}: a figure's drawings of an output's data, without a frame; "" for none.

    Raises ValueError for what is not allowed in a picture.
    """
    narrow = "".join(data.get(NARROW_TYPE, ""))
    svg = crop_svg("".join(data.get(SVG_TYPE, "")))
    return {"svg": svg, "narrow": clean_svg(narrow) if narrow else ""}


def describe_svg(svg, alt, prefix):
    """(picture for a page, its marks): what is inside the frame, with alternative text, colours
    that a style can change, and ids that no other picture has; see `read_marks`.
    """
    root = read_svg(svg)
    _crop(root)
    marks, used = read_marks(root), set().union(*map(list_references, root.iter()))
    for part in root.iter():
        for name, value in list(part.attrib.items()):
            part.set(name, own_name(name, value, prefix))
            if name == "style":
                part.set(name, COLOUR.sub(r"var(--c\1,#\1)", part.get(name)))
            if name == "id" and value not in used:
                del part.attrib[name]
    name_faces(root)
    root.attrib = {"role": "img", "aria-label": alt} | root.attrib
    return write_svg_tree(root), marks


def read_marks(root):
    """Take a picture's marks out of its tree: [(left, top, width, height, text)] in parts of it."""
    box = list(map(float, root.get("viewBox", "0 0 1 1").split()))
    return [
        (
            (float(one.get("x")) - box[0]) / box[2],
            (float(one.get("y")) - box[1]) / box[3],
            float(one.get("width")) / box[2],
            float(one.get("height")) / box[3],
            one.findtext("title"),
        )
        for one in _take_marks(root)
    ]


def _take_marks(root):
    group = next((part for part in root if part.get("id") == MARK_ID), ())
    if len(group):
        root.remove(group)
    return list(group)


def _crop(root):
    """Reduce a tree to what is inside its frame, if it has one."""
    inside = next((part for part in root.iter() if part.get("id") == INSIDE_ID), None)
    if inside is None:
        return
    x, y, width, height = (inside.get(name) for name in ("x", "y", "width", "height"))
    root.attrib |= {"width": f"{width}pt", "height": f"{height}pt"}
    root.attrib |= {"viewBox": f"{x} {y} {width} {height}"}
    for parent in list(root.iter()):
        for part in list(parent):
            if (part.get("id") or "").startswith(FRAME_ID) or part is inside:
                parent.remove(part)


def _make_box(box, attributes):
    sides = zip(("x", "y", "width", "height"), box, strict=True)
    return ElementTree.Element("rect", {name: f"{side:g}" for name, side in sides} | attributes)
