"""Pictures (SVG, PNG) taken apart and put together again of what is allowed in them.

A page holds its pictures inline, where a browser would run and fetch what they name. What is not on
a list here, elements, attributes, values, chunks, has no way in.
"""

import re
import struct
import zlib
from xml.etree import ElementTree

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
MARGIN = 9  # points: white around a picture that stands alone
PNG = b"\x89PNG\r\n\x1a\n"  # how such a file begins
DEEPEST = 50  # elements within each other

_ELEMENTS = """svg g defs symbol use title desc path rect circle ellipse line polyline polygon text
    tspan clipPath mask marker pattern linearGradient radialGradient stop"""
_PROPERTIES = """alignment-baseline baseline-shift clip-path clip-rule color color-interpolation
    direction display dominant-baseline fill fill-opacity fill-rule font font-family font-size
    font-stretch font-style font-variant font-weight letter-spacing marker marker-end marker-mid
    marker-start mask opacity overflow paint-order shape-rendering stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width text-anchor text-decoration text-rendering unicode-bidi
    vector-effect visibility white-space word-spacing writing-mode"""
_ATTRIBUTES = """clipPathUnits cx cy d dx dy fx fy gradientTransform gradientUnits height
    lengthAdjust markerHeight markerUnits markerWidth maskContentUnits maskUnits offset orient
    pathLength patternContentUnits patternTransform patternUnits points preserveAspectRatio r refX
    refY rotate rx ry spreadMethod textLength transform version viewBox width x x1 x2 y y1 y2"""
ELEMENTS = frozenset(_ELEMENTS.split())
PROPERTIES = frozenset(_PROPERTIES.split())  # as attributes, and as declarations in a style
ATTRIBUTES = PROPERTIES | frozenset(_ATTRIBUTES.split())
_FUNCTIONS = "translate scale rotate matrix skewX skewY rgb rgba hsl hsla"
FUNCTIONS = frozenset(_FUNCTIONS.split())
NAME = re.compile(r"[A-Za-z_][\w.:-]*")
# a reference to a part of the picture itself
INSIDE = re.compile(r"url\(\s*([\"']?)#([A-Za-z_][\w.:-]*)\1\s*\)")
VALUE = re.compile(r"[\w\s.,:#%()'\"+*−-]*")  # no escapes, no comments, no rules
CALL = re.compile(r"([\w-]*)\s*\(")
# What matplotlib writes before and in each picture: a type of document without anything in it, and
# a style for all.
PROLOGUE = re.compile(
    r'\s*(<\?xml [^<>?]*\?>)?\s*(<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1\.1//EN"\s+'
    r'"http://www\.w3\.org/Graphics/SVG/1\.1/DTD/svg11\.dtd">)?'
)
SHEET = "*{stroke-linejoin: round; stroke-linecap: butt}"
# Where a screen lacks the typeface, browsers would fall back to a serif one.
FACE = re.compile(r"(?<![\w ])([\"']?)IBM Plex Sans\1(?=;|$)")
CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND"}
TEXTS = {b"tEXt", b"iTXt"}
BROKEN = "billedet i punkter er ikke helt"


def clean_svg(svg):
    """The bare <svg>, the same for the same picture. Raises ValueError for what is not allowed."""
    return write_svg_tree(read_svg(svg))


def read_svg(svg):
    """The tree of a picture, names without namespace. Raises ValueError for what is not allowed."""
    text = (svg or "")[PROLOGUE.match(svg or "").end() :]
    parser = ElementTree.XMLParser(target=_Builder())
    try:
        parser.feed(text)
        root = parser.close()
    except ElementTree.ParseError as error:
        raise ValueError(f"billedet er ikke en SVG: {error}") from None
    if _plain(root.tag) != "svg":
        raise ValueError("billedet er ikke en SVG")
    clean = _clean(root, 0)
    if any(_is_sheet(part) for part in root.iter()):
        clean.attrib = {"stroke-linejoin": "round", "stroke-linecap": "butt"} | clean.attrib
    _check_uses(clean)
    return clean


def write_svg_tree(root):
    """The text of a tree from `read_svg`."""
    root.attrib = {"xmlns": SVG[1:-1], "xmlns:xlink": XLINK[1:-1]} | root.attrib
    return ElementTree.tostring(root, encoding="unicode").strip()


def name_faces(root):
    """Name another face beside the picture's own, for a screen that lacks it."""
    for part in root.iter():
        for name in part.attrib.keys() & {"font-family", "font", "style"}:
            part.set(name, FACE.sub(r"\1IBM Plex Sans\1, sans-serif", part.get(name)))


def clean_png(png, texts=()):
    """A PNG with nothing beside the dots but those of its texts that are among `texts`.

    Raises ValueError where it is none, or is not whole.
    """
    if not png.startswith(PNG):
        raise ValueError("billedet i punkter er ikke en PNG")
    kept, place = [PNG], len(PNG)
    while place < len(png):
        length, kind = len(png), b""
        if place + 12 <= len(png):
            length, kind = struct.unpack_from(">I4s", png, place)
        chunk = png[place : place + 12 + length]
        whole = len(chunk) == 12 + length
        if not whole or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError(BROKEN)
        if kind in CHUNKS or (kind in TEXTS and _read_text(kind, chunk[8:-4]) in texts):
            kept.append(chunk)
        place += 12 + length
        if kind == b"IEND":
            return b"".join(kept)
    raise ValueError(BROKEN)


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree without comments; refuses definitions, which could put anything anywhere."""

    def doctype(self, name, public, system):
        problem = "billedet har en dokumenttype (DOCTYPE)"
        raise ValueError(f"{problem}; gem det som en almindelig SVG uden den")


def _plain(name):
    return name.removeprefix(SVG)


def _clean(part, depth):
    """A copy of an element, its names without namespace. Raises ValueError."""
    name = _plain(part.tag)
    if name not in ELEMENTS:
        problem = (
            f"<{name.rpartition('}')[2]}>, som ikke kan komme med. Tilladt er former, tekst og"
        )
        kinds = "scripts, indlejrede filer, animationer og henvisninger ud af billedet"
        raise ValueError(f"billedet indeholder {problem} farver, ikke {kinds}")
    if depth > DEEPEST:
        raise ValueError(f"billedet har over {DEEPEST} elementer inden i hinanden")
    made = ElementTree.Element(name)
    made.text, made.tail = part.text, part.tail
    for key, value in part.attrib.items():
        _set(made, key, value)
    for child in part:
        # of the program that drew it
        if _plain(child.tag) != "metadata" and not _is_sheet(child):
            made.append(_clean(child, depth + 1))
    return made


def _is_sheet(part):
    return _plain(part.tag) == "style" and (part.text or "").strip() == SHEET


def _set(part, key, value):
    key = "href" if key == f"{XLINK}href" else key
    if key in ("role", "class", "type") or key.startswith("aria-"):
        return  # the figure has a text of its own, and the page its own classes
    if key == f"{XLINK}title" or key.startswith("{http://www.w3.org/XML/1998/namespace}"):
        return
    if key == "id":
        fits = NAME.fullmatch(value)
    elif key == "href":
        fits = value.startswith("#") and NAME.fullmatch(value[1:])
    elif key == "style":
        fits = all(_is_declaration(one) for one in value.split(";") if one.strip())
    else:
        fits = key in ATTRIBUTES and _is_value(value)
    if not fits:
        problem = f"{key.rpartition('}')[2]}={value[:40]!r}, som ikke kan komme med"
        rule = "intet i det må køre, hente eller pege ud af billedet"
        raise ValueError(f"billedet indeholder {problem}; {rule}")
    part.set("xlink:href" if key == "href" else key, value)


def _is_declaration(text):
    name, _, value = text.partition(":")
    return name.strip() in PROPERTIES and _is_value(value)


def _is_value(text):
    bare = INSIDE.sub("", text)
    return VALUE.fullmatch(bare) and all(name in FUNCTIONS for name in CALL.findall(bare))


def _check_uses(root):
    """Refuse a part that is drawn within one that is: a few lines of them fill a machine's memory.

    Gradients are only looked up, however they follow each other.
    """
    colours = {part.get("id") for part in root.iter() if part.tag.endswith("Gradient")}
    drawn = set().union(*map(list_references, root.iter())) - colours
    for part in (part for part in root.iter() if part.get("id") in drawn):
        if any(list_references(inner) - colours for inner in part.iter()):
            parts = "dele (<use>, mønstre, masker), der selv bruger dele"
            raise ValueError(f"billedet bruger {parts}; tegn dem ud")


def list_references(part):
    """The ids of the parts that an element is drawn with."""
    inside = {name for value in part.attrib.values() for _, name in INSIDE.findall(value)}
    return inside | {part.get("xlink:href", "#")[1:]} - {""}


def own_name(name, value, prefix):
    """An attribute's value with ids that no other picture on a page has."""
    if name == "id":
        return f"{prefix}-{value}"
    if name == "xlink:href":
        return f"#{prefix}-{value[1:]}"
    return INSIDE.sub(rf"url(#{prefix}-\2)", value) if "url(" in value else value


def _read_text(kind, content):
    """(keyword, text) of a chunk with text; an empty text where it is packed."""
    key, _, rest = content.partition(b"\0")
    if kind == b"tEXt":
        return key.decode("latin-1"), rest.decode("latin-1")
    packed, text = rest[:1] != b"\0", rest[2:].split(b"\0", 2)[-1]
    return key.decode("latin-1"), "" if packed else text.decode("utf-8", "replace")
