"""A folder of reports as a dataset: for archives as a Research Object Crate (RO-Crate 1.1), for
catalogues of open data as DCAT-AP, version 3, and its Danish profile DCAT-AP-DK.

Both are made of what the folder holds and what the reports say of themselves, without a clock.
"""

import json
from pathlib import PurePosixPath

from barometer.codebook import released
from barometer.document.imprint import date_file
from barometer.exports import claims, sdmx, tables
from barometer.exports.tables import describe_source, write_json
from barometer.files.writing import write_text
from barometer.languages.numerals import name_alpha3
from barometer.languages.speaking import N_, _

CRATE, CATALOGUE = "ro-crate-metadata.json", "dcat.jsonld"
TIMED = ("run.json",)  # has the time of a run in it, and is another each time
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
# {ending: (IANA's media type, the EU's name of a file type)}
TYPES = {
    ".html": ("text/html", "HTML"),
    ".pdf": ("application/pdf", "PDF"),
    ".csv": ("text/csv", "CSV"),
    ".json": ("application/json", "JSON"),
    ".jsonld": ("application/ld+json", "JSON_LD"),
    ".xml": ("application/xml", "XML"),
    ".ipynb": ("application/x-ipynb+json", "JSON"),
    ".svg": ("image/svg+xml", "SVG"),
    ".png": ("image/png", "PNG"),
    ".px": ("text/x-pcaxis", "TXT"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", "ODS"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PPTX"),
}
EU = "http://publications.europa.eu/resource/authority"
# {licence: (its page, the EU's name of it)}
LICENCES = {
    "CC BY 4.0": ("https://creativecommons.org/licenses/by/4.0/", "CC_BY_4_0"),
    "CC0 1.0": ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
}
# what a catalogue leads to: the numbers of a report, in the forms that programs read
DISTRIBUTED = {
    "numbers.csv": N_("Alle viste tal"),
    "claims.csv": N_("Alle sætninger og deres tests"),
    claims.FILE: N_("Alle sætninger som JSON"),
    tables.FILE: N_("Alle andele i figurer og tabeller"),
    sdmx.FILE: N_("Alle andele i figurer og tabeller som SDMX-CSV"),
    released.FILE: N_("Spørgsmål, svarmuligheder og hvem der blev spurgt (DDI-Codebook)"),
    "tables.xlsx": N_("Figurer og tabeller som regneark"),
    "tables.ods": N_("Figurer og tabeller som regneark (OpenDocument)"),
}
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def describe_folder(output, meta, reports, records, beside):
    """Write what archives and catalogues read of a folder of reports. Returns the files' names:
    none where no report was made, whose `meta` would describe them.

    `reports`: the reports as the front page has them; `records`: {name: what is recorded of it}.
    `beside`: the folder's further files.
    """
    files = {
        one["variant"]: (
            one["part_label"],
            [
                path
                for path in sorted(records[one["variant"]].get("files", ()))
                if path.startswith(f"{one['variant']}/")
            ],
        )
        for one in reports
    }
    files = {name: report for name, report in files.items() if report[1]}
    if not meta or not files:
        return []
    write_text(output / CATALOGUE, describe_catalogue(meta, files))
    sizes = {
        path: (output / path).stat().st_size
        for path in (
            *beside,
            CATALOGUE,
            *(path for _label, paths in files.values() for path in paths),
        )
        if path not in TIMED
    }
    write_text(output / CRATE, describe_crate(meta, files, [*beside, CATALOGUE], sizes))
    return [CATALOGUE, CRATE]


def change_size(output, path, size):
    """Let the `CRATE` of a folder, where there is one, say how large a file is now."""
    if (output / CRATE).is_file():
        crate = json.loads((output / CRATE).read_text(encoding="utf-8"))
        for one in crate["@graph"]:
            if one["@id"] == path and "contentSize" in one:
                one["contentSize"] = str(size)
        write_text(output / CRATE, write_json(crate))


def describe_crate(meta, reports, beside, sizes):
    """The text of `CRATE`.

    `reports`: {folder: (what it is on, paths of its files)}; `beside`: further files of the folder.
    `sizes`: {path: its bytes}, of those that are the same each time.
    """
    licence = _name_licence(meta)
    author = {"@id": "#author", "@type": "Organization", "name": meta["author"]}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{meta['title']}: {_('rapporter og tal')}",
        "description": describe_source(meta),
        "datePublished": f"{date_file(meta):%Y-%m-%d}",
        "version": meta["edition"],
        "inLanguage": meta["language"],
        "keywords": meta["keywords"],
        "temporalCoverage": meta["period"].replace("–", "/"),
        "license": {"@id": licence["@id"]},
        "author": {"@id": author["@id"]},
        "hasPart": [{"@id": f"{name}/"} for name in reports] + [{"@id": one} for one in beside],
    }
    parts = [
        {
            "@id": f"{name}/",
            "@type": "Dataset",
            "name": f"{meta['title']} ({label})",
            "description": describe_source(meta),
            "about": label,
            "hasPart": [{"@id": path} for path in files],
        }
        for name, (label, files) in reports.items()
    ]
    files = [*beside, *(path for _label, paths in reports.values() for path in paths)]
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }
    graph = [descriptor, root, *parts, *(_describe_file(one, sizes.get(one)) for one in files)]
    return write_json({"@context": CONTEXT, "@graph": [*graph, author, licence]})


def _describe_file(path, length):
    media, _form = TYPES.get(PurePosixPath(path).suffix, ("application/octet-stream", ""))
    name = PurePosixPath(path).name
    found = {"@id": path, "@type": "File", "name": name, "encodingFormat": media}
    return found if length is None else found | {"contentSize": str(length)}


def _name_licence(meta):
    page, _code = LICENCES.get(meta.get("licence", ""), ("#licence", ""))
    words = meta.get("licence") or _("Ikke oplyst")
    return {"@id": page, "@type": "CreativeWork", "name": words, "description": meta["reuse"]}


def describe_catalogue(meta, reports):
    """The text of `CATALOGUE`: a dataset for each report, each file of `DISTRIBUTED` that is there.

    `reports`: as of `describe_crate`. Addresses are whole where the front matter has one, and
    otherwise relative to the folder.
    """
    address = f"{meta['address'].rstrip('/')}/" if meta["address"] else ""
    language = _name_code("language", name_alpha3(meta["language"]))
    publisher = {
        "@id": f"{address}#publisher",
        "@type": "foaf:Organization",
        "foaf:name": _say(meta, meta["author"]),
    }
    shared = {"dct:publisher": {"@id": publisher["@id"]}, "dct:language": language}
    sets = [
        _describe_set(meta, name, *report, address) | shared for name, report in reports.items()
    ]
    catalogue = {
        "@id": f"{address}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _say(meta, meta["series"]),
        "dct:description": _say(meta, meta["description"]),
        "dct:modified": _date(f"{date_file(meta):%Y-%m-%d}"),
        "dcat:dataset": [{"@id": one["@id"]} for one in sets],
    }
    files = [one for a_set in sets for one in a_set.pop("files")]
    return write_json(
        {"@context": PREFIXES, "@graph": [catalogue | shared, *sets, *files, publisher]}
    )


def _describe_set(meta, name, label, paths, address):
    """A report's numbers, with its `files` apart."""
    title = f"{meta['title']}: {_('tallene')} ({label})"
    contact = {
        "@type": "vcard:Organization",
        "vcard:fn": meta["contact"].get("name") or meta["author"],
    }
    if email := meta["contact"].get("email"):
        contact["vcard:hasEmail"] = {"@id": f"mailto:{email}"}
    _page, code = LICENCES.get(meta.get("licence", ""), ("", ""))
    licence = (
        _name_code("licence", code)
        if code
        else {
            "@type": "dct:LicenseDocument",
            "dct:title": _say(meta, meta.get("licence") or _("Ikke oplyst")),
        }
    )
    start, _dash, end = meta["period"].partition("–")
    files = [
        {
            "@id": f"{address}{path}#fil",
            "@type": "dcat:Distribution",
            "dct:title": _say(meta, _(words)),
            "dcat:accessURL": {"@id": f"{address}{path}"},
            "dcat:downloadURL": {"@id": f"{address}{path}"},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
            "dct:format": _name_code("file-type", form),
            "dct:license": licence,
        }
        for path, words in ((f"{name}/{file}", words) for file, words in DISTRIBUTED.items())
        if path in paths
        for media, form in [TYPES[PurePosixPath(path).suffix]]
    ]
    return {
        "@id": f"{address}{name}/#tal",
        "@type": "dcat:Dataset",
        "dct:title": _say(meta, title),
        "dct:description": _say(meta, describe_source(meta)),
        "dct:identifier": f"{meta['data_name']}/{name}",
        "dcat:keyword": [_say(meta, one) for one in meta["keywords"]],
        "dcat:contactPoint": contact,
        "dct:accessRights": _name_code("access-right", "PUBLIC"),
        "dct:modified": _date(f"{date_file(meta):%Y-%m-%d}"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _year(start),
            "dcat:endDate": _year(end or start),
        },
        "dcat:landingPage": {"@id": f"{address}{name}/report.html"},
        "dcat:distribution": [{"@id": one["@id"]} for one in files],
        "files": files,
    }


def _say(meta, words):
    return {"@value": words, "@language": meta["language"]}


def _name_code(kind, code):
    return {"@id": f"{EU}/{kind}/{code}"}


def _date(day):
    return {"@value": day, "@type": "xsd:date"}


def _year(year):
    """A year as one; a period in other words is left as words."""
    return {"@value": year, "@type": "xsd:gYear"} if year.isdecimal() else year
