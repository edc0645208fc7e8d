"""What is in a page for search engines and social media: Open Graph, a description, and a report
and its numbers as JSON-LD (schema.org).

All of it stands on the page too, and every description says when data are synthetic.
"""

import json
from pathlib import PurePosixPath

from markupsafe import Markup

from barometer.languages.numerals import name_territory
from barometer.languages.speaking import _

SCHEMA = "https://schema.org"
# what a report's numbers can be had as, and as what (IANA's names)
FILES = {
    "numbers.csv": "text/csv",
    "claims.csv": "text/csv",
    "claims.json": "application/json",
    "data/cells.csv": "text/csv",
    "tables.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def describe_page(meta, title, place="", picture=""):
    """{"description", "tags": [(property, content), …], "address", "image"} of a page's head.

    `place`: the page's path below the folder that `meta["address"]` names; `picture`: that of an
    image. Both are whole addresses, and "" where that of the folder is not known.
    """
    description = " ".join(filter(None, (meta["description"], _mark(meta))))
    address, image = (_complete(meta, path) if path else "" for path in (place, picture))
    tags = {
        "og:type": "article",
        "og:title": title,
        "og:description": description,
        "og:site_name": meta["series"],
        "og:locale": name_territory(meta["language"]),
        "og:url": address,
        "og:image": image,
    }
    tags = [(name, words) for name, words in tags.items() if words]
    return {"description": description, "tags": tags, "address": address, "image": image}


def describe_report(document, title, beside=()):
    """A report and its numbers as JSON-LD, safe within a page.

    `beside`: paths of files that lie beside the page: of those the numbers can be had from.
    """
    meta = document["meta"]
    author = {"@type": "Organization", "name": meta["author"]}
    shared = {"inLanguage": meta["language"], "temporalCoverage": meta["period"].replace("–", "/")}
    report = {
        "@type": "Report",
        "@id": "#rapport",
        "name": title,
        "description": " ".join(filter(None, (meta["description"], _mark(meta)))),
        "keywords": meta["keywords"],
        "author": author,
        "isPartOf": {"@type": "CreativeWorkSeries", "name": meta["series"]},
        "about": meta["part_label"],
        "isBasedOn": [{"@id": "#tal"}, *_name_work(meta["source"])],
        "license": _name_work(meta["reuse"]),
        "version": meta["edition"],
        "datePublished": str(meta["published"]),
        "hasPart": [
            {"@type": "Chapter", "name": one["title"], "url": f"#{one['id']}"}
            for one in document["chapters"]
        ],
    }
    numbers = {
        "@type": "Dataset",
        "@id": "#tal",
        "name": _("Tallene i rapporten »{title}«").format(title=title),
        "description": " ".join(
            filter(None, (meta["synthetic_text"] if meta["synthetic"] else "", meta["citation"]))
        ),
        "creator": author,
        "license": _name_work(meta.get("licence", "")),
        "isAccessibleForFree": True,
        "dateModified": meta["data_date"],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": path}
            for path, kind in FILES.items()
            if path in beside
        ],
    }
    graph = [_drop_empty(shared | one) for one in (report, numbers)]
    written = json.dumps({"@context": SCHEMA, "@graph": graph}, ensure_ascii=False)
    # what could end the element or begin a comment
    return Markup(written.replace("<", "\\u003c").replace("&", "\\u0026"))


def _mark(meta):
    return f"{meta['synthetic_mark']}." if meta["synthetic"] else ""


def _complete(meta, path):
    return f"{meta['address'].rstrip('/')}/{PurePosixPath(path)}" if meta["address"] else ""


def _name_work(words):
    return [{"@type": "CreativeWork", "name": words}] if words else []


def _drop_empty(fields):
    return {name: value for name, value in fields.items() if value not in ("", [], None)}
