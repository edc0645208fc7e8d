"""The document model → PDF/UA-1 and PDF/A-3a through one Typst template, its evidence attached.

The compiler refuses what would fail either. What it cannot do yet, headers of table rows, is
written into the tagged file afterwards.
"""

import io
import json
from operator import sub

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name

from barometer.data.cards import REGISTRY
from barometer.document.document import DocumentError
from barometer.document.imprint import date_file
from barometer.languages.marking import translate_marked
from barometer.languages.speaking import N_, _
from barometer.paths import FONTS, TEMPLATES

STANDARDS = ["a-3a", "ua-1"]
TYPE = {"font_paths": [FONTS], "ignore_system_fonts": True}
SHORT = 0.4  # of a chapter's last page: one filled less far down is saved, if it can be
# {name of an attached file: (its type, what it is)}
ATTACHED = N_(
    {
        "numbers.csv": ("text/csv", "Alle tal i rapporten, og hvad hvert af dem bygger på"),
        "claims.csv": ("text/csv", "Alle sætninger om data og de tests, de hviler på"),
        REGISTRY: ("application/yaml", "Spørgeskema, grupper og definitioner"),
    }
)


def render_pdf(document, attachments=None):
    """The bytes of a tagged PDF; same document, same bytes. Its date is `date_file`'s.

    `attachments`: {name (of `ATTACHED`): bytes}, which the file carries.

    A document of one chapter opens with a title block; several get cover, colophon and contents.
    """
    meta, chapters = document["meta"], document["chapters"]
    compact = len(chapters) == 1
    title = f"{meta['title']}. {meta['subtitle']}"
    title = f"{chapters[0]['title']} – {meta['title']}" if compact else title
    given = attachments or {}
    attached = [[name, kind, _(words)] for name, (kind, words) in ATTACHED.items() if name in given]
    model = {**document, "compact": compact, "title": title, "attached": attached}
    model |= {"still": False, "close": []}
    pdf, settled = _compile(model, given)
    # figures that have no room where they are named may call for each other's places for ever, and
    # pages would have numbers of a layout that is not theirs
    if not settled:
        model["still"] = True
        pdf, _settled = _compile(model, given)
    return mark_row_headers(pdf if compact else _set_closer(model, given, pdf))


def _set_closer(model, attachments, pdf):
    """The PDF in which the chapters that can do without a last page of a few lines are set closer,
    or the one that was given.
    """
    ends = _find_ends(model, attachments)
    short = [chapter for chapter, (_, fill) in ends.items() if fill < SHORT]
    while short:
        closer = model | {"close": short}
        tried, settled = _compile(closer, attachments)
        pages, new = _count_pages(ends), _count_pages(_find_ends(closer, attachments))
        saved = [chapter for chapter in short if new[chapter] < pages[chapter]]
        if saved == short:
            return tried if settled else pdf
        short = saved
    return pdf


def _count_pages(ends):
    """{chapter: its pages} of {chapter: (its last page, how far down that is filled)}."""
    last = [page for page, _ in ends.values()]
    return dict(zip(ends, map(sub, last, [0, *last]), strict=False))


def _find_ends(model, attachments):
    """{chapter: (its last page, how far down that is filled, 0 to 1)}, of a document compiled just
    now: the compiler has kept what it laid out.
    """
    ends = typst.query(_list_files(model, attachments), "<chapter-end>", field="value", **TYPE)
    return {chapter: (page, fill) for chapter, page, fill in json.loads(ends)}


def _compile(model, attachments):
    """(the bytes of the PDF, whether its layout has come to rest)."""
    files = _list_files(model, attachments)
    options = {"format": "pdf", "pdf_standards": STANDARDS, "timestamp": date_file(model["meta"])}
    try:
        pdf, warnings = typst.compile_with_warnings(files, **TYPE, **options)
    except typst.TypstError as error:
        raise DocumentError(f"PDF'en kan ikke laves: {error.message}") from error
    return pdf, not any("did not converge" in warning.message for warning in warnings)


def _list_files(model, attachments):
    return {
        **attachments,
        "main": translate_marked((TEMPLATES / "report.typ").read_text("utf-8")).encode(),
        "document.json": json.dumps(model, ensure_ascii=False).encode(),
    }


def mark_row_headers(pdf_bytes):
    """The same PDF, in which the first cell of every table row is tagged as that row's header."""
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        for row in _find_rows(pdf):
            cells = [cell for cell in _list_children(row) if cell.get("/S") in (Name.TD, Name.TH)]
            if cells and cells[0].S == Name.TD:
                _make_header(cells[0])
        return _write(pdf)


def _write(pdf):
    """The bytes of a PDF in which no stream ends in a carriage return.

    With the line feed that follows, it would be read as one mark, and the stream as a byte shorter
    than it says (ISO 19005-3, 6.1.7.1). A compressed stream may have a byte more; those into which
    objects are gathered end otherwise where one more object is gathered.
    """
    for stream in (thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)):
        if (raw := stream.read_raw_bytes()).endswith(b"\r"):
            parameters = stream.get("/DecodeParms")
            stream.write(raw + b"\n", filter=stream.get("/Filter"), decode_parms=parameters)
    for name in ("", "/ViewerPreferences", "/MarkInfo", "/Lang"):
        if name in pdf.Root:
            pdf.Root[name] = pdf.make_indirect(pdf.Root[name])
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
        if b"\r\nendstream" not in out.getvalue():
            break
    return out.getvalue()


def _find_rows(pdf):
    """The rows of all tables but their head, as in the file: quicker than down its tree."""
    return [
        thing
        for thing in pdf.objects
        if isinstance(thing, Dictionary)
        and thing.get("/S") == Name.TR
        and thing.get("/P", Dictionary()).get("/S") == Name.TBody
    ]


def _list_children(element):
    kids = element.get("/K")
    kids = list(kids) if isinstance(kids, Array) else [kids]
    return [kid for kid in kids if isinstance(kid, Dictionary)]


def _make_header(cell):
    cell.S, given = Name.TH, cell.get("/A", Array())
    given = list(given) if isinstance(given, Array) else [given]
    kept = [one for one in given if not isinstance(one, Dictionary) or one.get("/O") != Name.Table]
    cell.A = Array([*kept, Dictionary(O=Name.Table, Scope=Name.Row)])
