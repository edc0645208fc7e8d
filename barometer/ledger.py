"""The numbers of a report in one table, each with its cell, its data and what was published (docs/design.md).

`numbers.csv` is made to be published beside the report: numbers as shown. Full precision goes to `internal/`.
"""
import copy
import csv
import io
import json
import re
from decimal import ROUND_HALF_UP, Decimal

from barometer.display import MIME
from barometer.drafts import write_text
from barometer.version import name_version

COLUMNS = ("chapter", "where", "part", "shown", "kind", "question", "item", "label", "group", "group_label", "base",
           "n", "low", "high", "sha256", "code", "published", "published_value", "difference", "reason")
INTERNAL = ("share", "se", "low", "high", "total")
KINDS = {"share": "share", "sum": "share", "count": "count"}   # kinds of numbers that can have been published as such
FORMULA, NUMBER = tuple("=+-@\t\r"), re.compile(r"[-+]?\d[\d.]*(,\d+)?( ?%)?")
README = """# Ikke til offentliggørelse

Her ligger hver kørsels tal med fuld præcision, én fil for hver rapport: andel, standardfejl, konfidensgrænser og vægtet
antal. Tallene er frigivet af projektets regel om for få svar, og celler, som rapporten skjuler, er heller ikke her. Men
afrundingen i rapporten er også en beskyttelse, så filerne skal blive hos dem, der har adgang til data.

Filerne bruges til at efterprøve rapportens tal. Det, der kan offentliggøres, står i rapportens egen `numbers.csv`.
"""


def collect_numbers(chapters, data):
    """A row per number shown in the executed notebooks. `chapters`: (name, notebook); `data`: the survey's folder.

    Keys are those of `COLUMNS`, and `internal`: a dict of numbers that are not for publication.
    """
    published, rows, seen = _index_published(data), [], set()
    for chapter, notebook in chapters:
        payloads = [payload for _, payload in _find_payloads(notebook)]
        sha256 = next((payload["sha256"] for payload in payloads if payload.get("kind") == "survey"), "")
        for payload in payloads:
            for row in payload.get("trace", ()):
                made = {name: row.get(name, "") for name in COLUMNS} | {"chapter": chapter, "sha256": sha256}
                made |= {"code": name_version(), "internal": row.get("internal", {})} | compare_row(row, published)
                if (key := tuple(made[name] for name in COLUMNS)) not in seen:
                    seen.add(key)
                    rows.append(made)
    return rows


def compare_row(row, published):
    """What was published of a row's number: ids, values, differences (ours − theirs, one decimal) and why."""
    kind = KINDS.get(row["kind"])
    found = published.get((kind, *_name_cell(row)), ()) if kind else ()
    if not found:
        return {}
    ours = row.get("internal", {}).get("share") if kind == "share" else None
    ours = 100 * ours if ours is not None else int(row["n"]) if kind == "count" and row["n"] else None
    differences = [_round(ours - float(one["value"])) if ours is not None else "" for one in found]
    reasons = ["ord: ca." if one["qualifier"] == "approx" else one.get("reason") or "" for one in found]
    if row["shown"].startswith("["):
        reasons = ["lukket"]
    together = {"published": [one["id"] for one in found], "published_value": [one["value"] for one in found],
                "difference": differences, "reason": reasons}
    return {name: _join(values) for name, values in together.items()}


def remove_internal(notebook):
    """A copy of a notebook without the numbers that are not for publication."""
    notebook = copy.deepcopy(notebook)
    for data, payload in _find_payloads(notebook):
        if "trace" in payload:
            payload["trace"] = [{name: value for name, value in row.items() if name != "internal"}
                                for row in payload["trace"]]
            data[MIME] = payload
    return notebook


def write_numbers(path, rows):
    """The table that goes with the report."""
    write_csv(path, [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def write_internal(output, name, rows):
    """The same cells with full precision, a row per cell, in `internal/` beside the reports; nothing of closed ones."""
    folder, columns = output / "internal", ("question", "item", "group", "base", "n", "sha256", "code")
    cells = {tuple(row[column] for column in columns): row["internal"] for row in rows if row["internal"]}
    if not cells:
        return (folder / f"{name}.csv").unlink(missing_ok=True)   # an earlier run's is not this report's
    folder.mkdir(exist_ok=True)
    write_text(folder / "README.md", README)
    lines = [[*cell, *("" if numbers.get(key) is None else repr(numbers[key]) for key in INTERNAL)]
             for cell, numbers in cells.items()]
    return write_csv(folder / f"{name}.csv", [(*columns, *INTERNAL), *lines])


def write_csv(path, lines):
    """A comma-separated table in UTF-8, safe to open in a spreadsheet."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([disarm(cell) for cell in line] for line in lines)
    write_text(path, text.getvalue())


def disarm(cell):
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are left as they are."""
    return f"'{cell}" if cell[:1] in FORMULA and not NUMBER.fullmatch(cell) else cell


def _find_payloads(notebook):
    """(an output's data, its payload) for every output that belongs in the report."""
    datas = [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return [(data, json.loads(data[MIME]) if isinstance(data[MIME], str) else data[MIME])
            for data in datas if MIME in data]


def _index_published(data):
    """{(kind, sector, item, group): [published row, …]}; the chapters have checked the file."""
    path, found = data / "published.csv", {}
    if not path.exists():
        return found
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] in KINDS.values() and row.get("value"):
                cell = {"item": row["item"], "group": row["group"], "sector": row["sector"], "asked": ""}
                found.setdefault((row["kind"], *_name_cell(cell)), []).append(row)
    return found


def _name_cell(row):
    """(sector, item, group): a sector's share is the same seen from the sector as from the whole."""
    sector, group = row.get("sector") or "all", row["group"] or "all"
    group = "all" if group == row.get("asked") else group   # who was asked is everybody with an answer
    if sector == "all" and group.startswith("sector="):
        sector, group = group.removeprefix("sector="), "all"
    head, _, answers = row["item"].rpartition("=")
    return sector, f"{head}={'|'.join(sorted(answers.split('|')))}" if head else answers, group


def _join(values):
    """"12"; "12; –; 13" where several were published of the same cell and are not alike."""
    return values[0] if len(set(values)) == 1 else "; ".join(value or "–" for value in values)


def _round(value):
    rounded = Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded))
