"""Pictures: what may be in them stays as it was, and nothing that could run, fetch or fill the
memory gets in.
"""

import base64
from io import StringIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

from barometer.document.document import build_document
from barometer.document.markdown import DocumentError
from barometer.files.images import clean_png, clean_svg
from barometer.pictures import describe_svg
from barometer.report.html import render_html
from tests.make.chromium import open_chromium
from tests.make.samples import DOT, code_cell, draw_bars, make_figure, make_notebook

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
RUN = "void(document.title = &quot;ran&quot;)"
HOSTILE = {
    "empty": "",
    "no picture": "<png/>",
    "html": f"<html><svg {NAMES}/></html>",
    "script": f"<svg {NAMES}><script>{RUN}</script></svg>",
    "script of another namespace": f"<svg {NAMES}><x:script "
    f'xmlns:x="http://www.w3.org/1999/xhtml">a</x:script></svg>',
    "handler": f'<svg {NAMES} onload="{RUN}"/>',
    "handler after a sign": f'<svg {NAMES} id=">" onload="{RUN}"/>',
    "handler after a sign in a title": f"<svg {NAMES}><g style='>' onclick='{RUN}'/></svg>",
    "handler in capitals": f'<svg {NAMES} ONLOAD="{RUN}"/>',
    "handler of an inner "
    "element": f'<svg {NAMES}><g><path d="M0 0" onmouseover="{RUN}"/></g></svg>',
    "html inside": f'<svg {NAMES}><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" '
    f'src="//example.org/a"'
    f' onerror="{RUN}"/></foreignObject></svg>',
    "animation that sets": f'<svg {NAMES}><a><set attributeName="href" '
    f'to="javascript:{RUN}"/><text>x</text></a></svg>',
    "animation": f'<svg {NAMES}><animate attributeName="x" values="0"/></svg>',
    "link": f'<svg {NAMES}><a xlink:href="https://example.org"><text>x</text></a></svg>',
    "link to a script": f'<svg {NAMES}><a href="javascript:{RUN}"><text>x</text></a></svg>',
    "script with "
    "references": f'<svg {NAMES}><a href="&#106;avascript:{RUN}"><text>x</text></a></svg>',
    "use of a file": f'<svg {NAMES}><use xlink:href="other.svg#x"/></svg>',
    "use of data": f'<svg {NAMES}><use href="data:image/svg+xml,x#y"/></svg>',
    "image": f'<svg {NAMES}><image href="https://example.org/a.png"/></svg>',
    "filter with an "
    "image": f'<svg {NAMES}><filter id="a"><feImage href="http://example.org"/></filter></svg>',
    "fill from outside": f'<svg {NAMES}><rect fill="url(https://example.org/a#b)"/></svg>',
    "fill from outside in quotes": f"<svg {NAMES}><rect fill=\"url('//example.org/#b')\"/></svg>",
    "fill from outside in "
    "capitals": f'<svg {NAMES}><rect fill="URL(https://example.org/a#b)"/></svg>',
    "fill from inside and outside": f'<svg {NAMES}><rect fill="url(#a) url(//example.org)"/></svg>',
    "style that fetches": f'<svg {NAMES}><rect style="mask: url(https://example.org/a)"/></svg>',
    "style that fetches by "
    "escapes": f'<svg {NAMES}><rect style="mask: \\75rl(https://example.org/a)"/></svg>',
    "style that fetches by a "
    "comment": f'<svg {NAMES}><rect style="fill: u/**/rl(//example.org/a)"/></svg>',
    "style with a set of "
    "images": f"<svg {NAMES}><rect style=\"fill: image-set('a.png' 1x)\"/></svg>",
    "style over the page": f'<svg {NAMES}><rect style="position: fixed; width: 100vw"/></svg>',
    "style with a cursor": f'<svg {NAMES}><rect style="cursor: url(//example.org/a)"/></svg>',
    "sheet": f"<svg {NAMES}><style>@import 'https://example.org/a.css';</style></svg>",
    "sheet for the whole page": f"<svg {NAMES}><style>body {{ display: none }}</style></svg>",
    "sheet that imports by "
    "escapes": f"<svg {NAMES}><style>@\\69mport '//example.org'</style></svg>",
    "entity": f'<!DOCTYPE svg [<!ENTITY x "{RUN}">]><svg {NAMES} onload="&x;"/>',
    "entity with a "
    "picture": f"<!DOCTYPE svg [<!ENTITY x '<svg onload=\"{RUN}\"/>'>]><svg {NAMES}>&x;</svg>",
    "entity from a file": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<svg {NAMES}><text>&x;</text></svg>",
    "entities a billion times": '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "' + f"&{a};" * 10 + '">' for a, b in pairwise("abcdefghi"))
    + "]><svg>&i;</svg>",
    "type of document with a part of its own": '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    f'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY x "a">]><svg '
    f"{NAMES}><text>&x;</text></svg>",
    "uses within uses": f'<svg {NAMES}><g id="a"><path d="M0 0"/></g>'
    + "".join(
        f'<g id="{b}">' + f'<use href="#{a}"/>' * 10 + "</g>" for a, b in pairwise("abcdefghi")
    )
    + "</svg>",
    "a thousand within each other": f"<svg {NAMES}>{'<g>' * 1000}{'</g>' * 1000}</svg>",
    **{
        f"{name} within each other": f"<svg {NAMES}>"
        + "".join(
            f'<{name} id="{a}"><path {refers}="url(#{b})"/><path style="{refers}: '
            f'url(#{b})"/></{name}>'
            for a, b in pairwise("abcdefghi")
        )
        + f'<path {refers}="url(#a)"/></svg>'
        for name, refers in (
            ("pattern", "fill"),
            ("mask", "mask"),
            ("clipPath", "clip-path"),
            ("marker", "marker-end"),
        )
    },
    "pattern of itself": f'<svg {NAMES}><pattern id="a"><path fill="url(#a)"/></pattern><path '
    f'fill="url(#a)"/></svg>',
    "base of all links": f'<svg {NAMES} xml:base="https://example.org/"><use href="x#a"/></svg>',
    "id that is markup": f'<svg {NAMES}><path id="a&quot; onload=&quot;{RUN}"/></svg>',
    "not closed": "<svg><g></svg>",
    "unknown element": f"<svg {NAMES}><video/></svg>",
    "two pictures": f"<svg {NAMES}/><svg {NAMES}/>",
}


def page_of(svg):
    """A report's page with a figure whose picture was put into the notebook by hand."""
    bundle = make_figure()._repr_mimebundle_()
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {**bundle, "image/svg+xml": svg},
    }
    notebook = make_notebook(code_cell())
    notebook.cells[-1].outputs = [type(notebook)(output)]
    return render_html(build_document([("x", notebook)]))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_picture_that_could_run_fetch_or_fill_the_memory_is_refused(name):
    with pytest.raises(ValueError, match="billedet"):
        clean_svg(HOSTILE[name])
    with pytest.raises(ValueError, match="billedet"):
        make_figure(svg=HOSTILE[name])
    with pytest.raises(DocumentError, match="celle 3: billedet"):
        page_of(HOSTILE[name])


def test_an_instruction_a_comment_and_the_programs_metadata_are_left_out():
    svg = (
        f'<?xml-stylesheet href="//example.org"?><svg {NAMES}><!-- a '
        f"--><metadata><x/></metadata></svg>"
    )
    assert clean_svg(svg) == f"<svg {NAMES} />"


def test_words_in_a_picture_that_look_like_markup_are_fine():
    words = 'kun one = 5, onload="x" id="y" url(#z) &lt;script&gt;'
    assert (
        clean_svg(f"<svg><text>{words}</text></svg>") == f"<svg {NAMES}><text>{words}</text></svg>"
    )
    svg, _ = describe_svg(f"<svg><text>{words}</text></svg>", "a", "figur-1")
    assert 'id="y" url(#z)' in svg


def test_a_picture_from_matplotlib_stays_as_it_was():
    canvas = FigureCanvasSVG(Canvas())
    axes = canvas.figure.subplots()
    axes.bar(["æ", "b"], [1, 2], hatch="//", label="a")
    axes.plot([1, 2], marker="o", linestyle="--", alpha=0.5)
    axes.legend()
    buffer = StringIO()
    canvas.print_svg(buffer)
    before, after = (
        ElementTree.fromstring(buffer.getvalue()),
        ElementTree.fromstring(clean_svg(buffer.getvalue())),
    )
    drawn = [
        [
            (part.tag, part.attrib)
            for part in root.iter()
            if part.tag.rpartition("}")[2] in ("path", "use", "g", "text")
        ]
        for root in (before, after)
    ]
    assert drawn[0] == drawn[1] and len(drawn[0]) > 40
    assert after.get("stroke-linejoin") == "round"  # what its style sheet said of all elements


def test_cleaning_twice_is_cleaning_once():
    once = clean_svg(draw_bars())
    assert clean_svg(once) == once and "metadata" not in once


def test_ids_and_references_are_the_pages_own():
    drawn = f'<svg {NAMES}><path id="a"/><use xlink:href="#a" style="fill: url(\'#b\')"/></svg>'
    svg, _ = describe_svg(drawn, "x", "figur-1")
    assert (
        'id="figur-1-a"' in svg
        and 'xlink:href="#figur-1-a"' in svg
        and "fill: url(#figur-1-b)" in svg
    )


@pytest.mark.parametrize(
    "png", [b"", b"<svg/>", base64.b64decode(DOT)[:-3], base64.b64decode(DOT)[:20] + b"x"]
)
def test_a_picture_in_dots_that_is_not_whole_is_refused(png):
    with pytest.raises(ValueError, match="punkter"):
        clean_png(png)


def test_a_page_says_that_nothing_may_run_and_nothing_be_fetched():
    page = page_of(draw_bars())
    policy = page.index("Content-Security-Policy")
    assert (
        policy < page.index("<title>") and "default-src 'none'" in page and "script-src" not in page
    )


# --- In a browser
# -------------------------------------------------------------------------------------------------

SHOWN = [
    "handler",
    "handler after a sign",
    "script",
    "style that fetches",
    "style that fetches by escapes",
    "image",
    "sheet",
    "link to a script",
    "html inside",
]


@pytest.fixture(scope="module")
def browser():
    with open_chromium() as chromium:
        yield chromium


def look(browser, html):
    """(whether a page ran what is in its pictures, what it asked for)."""
    page, asked = browser.new_page(), []
    # what gets past the policy
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page.set_content(html, wait_until="load")
    page.evaluate(
        "document.querySelectorAll('svg a').forEach(a => a.dispatchEvent(new MouseEvent('click')))"
    )
    page.wait_for_timeout(300)
    title = page.title()
    page.close()
    return title == "ran", asked


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_what_is_refused_does_run_or_fetch_where_it_is_let_in_and_the_policy_stops_it(
    browser, name
):
    """The picture past all checks: in a page without policy it does its harm, in one of ours it
    does not.
    """
    page = page_of(draw_bars())
    start, end = page.index("<svg"), page.index("</svg>") + 6
    spoiled = page[:start] + HOSTILE[name] + page[end:]
    meta = page[page.index('<meta http-equiv="Content-Security-Policy"') :].partition("\n")[0]
    ran, asked = look(browser, spoiled.replace(meta, ""))
    assert ran or [url for url in asked if "example.org" in url]
    ran, asked = look(browser, spoiled)
    assert not ran and [url for url in asked if "example.org" in url] == []
