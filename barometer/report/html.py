"""The document model → one self-contained web page; a run's front page and accessibility statement.

No script, nothing fetched: the page works from a mail, an intranet and an archive. The template
escapes all text but checked pictures and what holds a range on its line.
"""

import base64
from functools import cache
from pathlib import Path

from markupsafe import Markup

from barometer.document.imprint import read_front
from barometer.document.markdown import plain_text
from barometer.exhibits import make_environment, read_style
from barometer.languages.naming import name_statement
from barometer.languages.speaking import _
from barometer.paths import FILES, FONTS, TEMPLATES
from barometer.report.metadata import describe_page, describe_report
from barometer.report.switch import leave_place

FRONT = "../index.html"  # beside a report's folder
FACES = (
    ("Regular", 400, "normal"),
    ("Italic", 400, "italic"),
    ("Medium", 500, "normal"),
    ("SemiBold", 600, "normal"),
    ("Bold", 700, "normal"),
)


def render_html(document, pdf=None, beside=()):
    """The whole report as one HTML file. `pdf`: the relative path of its PDF.

    `beside`: paths of files that will lie beside the page ("figures/values.svg", "../index.html");
    it links to no others, so that a page alone, as in a mail, has no dead links. A document may
    have `folder`, the name of the page's.
    """
    meta, chapters = document["meta"], document["chapters"]
    blocks = [block for chapter in chapters for block in chapter["blocks"]] + document["annex"]
    title = f"{meta['title']}: {chapters[0]['title'] if len(chapters) == 1 else meta['subtitle']}"
    title = f"{title} ({meta['part_label']})"
    exhibits = [one for one in blocks if one["type"] in ("figure", "table") and one["id"]]
    pictures = [path for one in exhibits if (path := f"figures/{one['id']}.png") in beside]
    paths = [_place(document, path) for path in (FILES["html"], *pictures[:1])]
    return render_page(
        "report",
        meta,
        title,
        home=FRONT if FRONT in beside else None,
        statement=f"../{name_statement()}",
        style=mark_paper(meta),
        social=describe_page(meta, title, *paths),
        data=describe_report(document, title, beside),
        pdf=pdf,
        beside=beside,
        chapters=[
            {**chapter, "sections": _list_sections(chapter), "place": f"_kapitel-{number}"}
            for number, chapter in enumerate(chapters, 1)
        ],
        summary=document["findings"],
        annex=document["annex"],
        exhibits=exhibits,
        grounds={
            claim["id"]: claim for part in (*chapters, *blocks) for claim in part.get("claims", ())
        },
        notes=_list_notes(chapters),
        switch=leave_place,
    )


def _place(document, path):
    return f"{document['folder']}/{path}" if document.get("folder") else ""


def render_index(reports, meta=None, beside=()):
    """The front page of a run. `meta`: of any of its documents; without it the front matter alone.

    A report is {"variant", "part_label", "html", "pdf", "status", "findings" (the document's),
    "data" (names of files), "chapters": [(title, path), …]}; paths are relative, `None` where a
    file was not made. `beside`: the statistics bank, where there is one.
    """
    meta = complete_meta(meta)
    empty = {"html": None, "pdf": None, "chapters": [], "data": [], "findings": []}
    reports = [{**empty, **report} for report in reports]
    title = _("{title}: alle rapporter").format(title=meta["title"])
    return render_page(
        "index", meta, title, home=None, reports=reports, statement=name_statement(), banks=beside
    )


def render_statement(meta=None):
    """The accessibility statement of a run. `meta` as for `render_index`."""
    meta = complete_meta(meta)
    return render_page(
        "statement",
        meta,
        _("{title}: tilgængelighed").format(title=meta["title"]),
        home=Path(FRONT).name,
    )


def render_page(template, meta, title, style="", **values):
    """A page of `template`, with the style of all pages before its own. `values`: the template's;
    `policy`, what its Content-Security-Policy allows beside style and typefaces.
    """
    css, page = _read_style() + style, make_environment().get_template(f"{template}.html.j2")
    values = {"social": describe_page(meta, title), "data": "", "policy": ""} | values
    return page.render(meta=meta, title=title, css=css, **values)


def complete_meta(meta):
    """The `meta` of a document, or of none: what front matter says alone."""
    # unknown data are called synthetic rather than real
    unknown = {"date_text": "", "fieldwork": "", "synthetic": True}
    return {**unknown, **read_front(None), **(meta or {})}


@cache
def _read_style():
    styles = "font-style:{};font-display:swap;"
    faces = [embed_face(name, weight, styles.format(style)) for name, weight, style in FACES]
    own = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return Markup("\n".join((*faces, own + read_style())))


def mark_paper(meta):
    """Style that marks every printed page as of synthetic data."""
    if not meta["synthetic"]:
        return Markup("")
    mark = meta["synthetic_mark"]
    words = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x}" for c in mark)
    return Markup(f'@page{{@bottom-left{{content:"{words}";font-size:9pt}}}}')


@cache
def embed_face(name, weight, further=""):
    """A rule of style that has a typeface's file in it. `further`: declarations."""
    data = base64.b64encode((FONTS / f"IBMPlexSans-{name}-Latin1.woff2").read_bytes()).decode()
    face = f'font-family:"IBM Plex Sans";font-weight:{weight};{further}'
    return f'@font-face{{{face}src:url(data:font/woff2;base64,{data}) format("woff2")}}'


def _list_sections(chapter):
    return [
        {"id": block["id"], "title": plain_text(block["content"])}
        for block in chapter["blocks"]
        if block["type"] == "heading" and block["level"] == 2
    ]


def _list_notes(part):
    """Every footnote below a part of the model, in reading order."""
    if isinstance(part, list):
        return [note for item in part for note in _list_notes(item)]
    if not isinstance(part, dict):
        return []
    inner = [note for value in part.values() for note in _list_notes(value)]
    return [part, *inner] if part.get("type") == "footnote" else inner
