"""Cells as CSV that needs no guessing: a row each, decimal points, UTF-8 without a mark, and beside
it what each column holds, as CSV on the Web says it (W3C Recommendation, 17 December 2015).
"""

import csv
import io
import json

from barometer.files.csv_files import disarm
from barometer.languages.speaking import N_, _
from barometer.marks import FLAGS, MARKS

FILE = "data/cells.csv"
DESCRIPTION = "data/cells.csv-metadata.json"  # where a reader of CSV on the Web looks for it
NUMBER = {"base": "decimal"}
# {column: (title, what it holds, datatype)}
COLUMNS = {
    "exhibit": (N_("Vist i"), N_("id for figuren eller tabellen i rapporten"), "string"),
    "item": (N_("Variabel"), N_("navn på svaret i undersøgelsens register"), "string"),
    "question": (N_("Emne"), N_("hvad der blev spurgt om"), "string"),
    "answer": (N_("Svar"), N_("svaret i ord"), "string"),
    "group": (N_("Gruppevariabel"), N_("navn på gruppen i undersøgelsens register"), "string"),
    "group_label": (N_("Gruppe"), N_("gruppen i ord"), "string"),
    "base": (N_("Spurgt"), N_("hvem der blev spurgt"), "string"),
    "value": (N_("Tal"), N_("tallet, afrundet som i rapporten; tomt, hvor det er lukket"), NUMBER),
    "low": (N_("Nedre grænse"), N_("95 % sikkerhedsinterval, afrundet"), NUMBER),
    "high": (N_("Øvre grænse"), N_("95 % sikkerhedsinterval, afrundet"), NUMBER),
    "n": (N_("n"), N_("antal svar i gruppen"), {"base": "integer", "minimum": 0}),
    "unit": (N_("Enhed"), N_("pct. eller point på en skala"), "string"),
    "shown": (N_("Vist"), N_("tallet eller mærket, som det står i rapporten"), "string"),
    "flag": (N_("Forbehold"), N_("mærker ved et tal, der vises med forbehold"), "string"),
}
KEY = ("exhibit", "item", "group")


def write_table(cells):
    """The text of `FILE`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    for cell in cells:
        writer.writerow([write_field(getattr(cell, name)) for name in COLUMNS])
    return text.getvalue()


def write_field(value):
    """A field as text: a number with a decimal point, "" where there is none."""
    if value is None:
        return ""
    # the report's fixed space is a space here
    return disarm(value.replace("\xa0", " ")) if isinstance(value, str) else f"{value:.10g}"


def describe_table(meta):
    """The text of `DESCRIPTION`. `meta`: the document's."""
    columns = [
        {
            "name": name,
            "titles": {meta["language"]: _(title)},
            "dc:description": _(words),
            "datatype": kind,
            "required": name in KEY,
        }
        for name, (title, words, kind) in COLUMNS.items()
    ]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": meta["language"]}],
        "url": FILE.partition("/")[2],
        "dc:title": f"{meta['title']}: {_('andele i figurer og tabeller')}",
        "dc:subject": meta["part_label"],
        "dc:description": describe_data(meta),
        "dc:creator": meta["author"],
        "dc:license": meta.get("licence", ""),
        "dc:temporal": meta["period"],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns, "primaryKey": list(KEY)},
        "notes": [f"{mark}: {_(words)}" for mark, words in (MARKS | FLAGS).items()],
    }
    return write_json(content)


def describe_data(meta):
    """What the numbers are made of, first that data are synthetic where they are; how to cite."""
    return f"{describe_source(meta)} {meta['cite']}"


def describe_source(meta):
    """The same of a whole folder, whose reports are cited each in its own words."""
    mark = meta["synthetic_text"] if meta["synthetic"] else ""
    return " ".join(filter(None, (mark, f"{meta['citation']}.")))


def write_json(content):
    """JSON as a file has it: the same content, the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
