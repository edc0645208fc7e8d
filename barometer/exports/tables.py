"""Cells as CSV that needs no guessing: a row each, decimal points, UTF-8 without a mark, and beside
it what each column holds, as CSV on the Web says it (W3C Recommendation, 17 December 2015).
"""

import csv
import io
import json

from barometer.files.csv_files import disarm
from barometer.marks import FLAGS, MARKS
from barometer.report.tidy import LEVEL

FILE = "data/cells.csv"
DESCRIPTION = "data/cells.csv-metadata.json"  # where a reader of CSV on the Web looks for it
NUMBER = {"base": "decimal"}
# {column: (title, what it holds, datatype)}
COLUMNS = {
    "exhibit": ("Vist i", "id for figuren eller tabellen i rapporten", "string"),
    "item": ("Variabel", "navn på svaret i undersøgelsens register", "string"),
    "question": ("Emne", "hvad der blev spurgt om", "string"),
    "answer": ("Svar", "svaret i ord", "string"),
    "group": ("Gruppevariabel", "navn på gruppen i undersøgelsens register", "string"),
    "group_label": ("Gruppe", "gruppen i ord", "string"),
    "base": ("Spurgt", "hvem der blev spurgt", "string"),
    "value": ("Tal", "tallet, afrundet som i rapporten; tomt, hvor det er lukket", NUMBER),
    "low": ("Nedre grænse", f"{LEVEL} sikkerhedsinterval, afrundet", NUMBER),
    "high": ("Øvre grænse", f"{LEVEL} sikkerhedsinterval, afrundet", NUMBER),
    "n": ("n", "antal svar i gruppen", {"base": "integer", "minimum": 0}),
    "unit": ("Enhed", "pct. eller point på en skala", "string"),
    "shown": ("Vist", "tallet eller mærket, som det står i rapporten", "string"),
    "flag": ("Forbehold", "mærker ved et tal, der vises med forbehold", "string"),
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
            "titles": {meta["language"]: title},
            "dc:description": words,
            "datatype": kind,
            "required": name in KEY,
        }
        for name, (title, words, kind) in COLUMNS.items()
    ]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": meta["language"]}],
        "url": FILE.partition("/")[2],
        "dc:title": f"{meta['title']}: andele i figurer og tabeller ({meta['sector_label']})",
        "dc:description": describe_data(meta),
        "dc:creator": meta["author"],
        "dc:license": meta.get("licence", ""),
        "dc:temporal": meta["period"],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns, "primaryKey": list(KEY)},
        "notes": [f"{mark}: {words}" for mark, words in (MARKS | FLAGS).items()],
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
