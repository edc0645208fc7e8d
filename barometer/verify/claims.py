"""What published folders claim of counts: the claims that a certificate is held against.

Reads `numbers.csv` and `structure.json` of each report of a folder and nothing else, with the
standard library alone. A cell is (item, group, domain); a claim says what its count, its base, its
share or a difference must be.
"""

import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

NUMBERS, STRUCTURE = "numbers.csv", "structure.json"
CLOSED, UNSURE = "[c]", "[u]"
SHARES = ("share", "sum")
# made of points and numbers
STATISTICS = ("mean", "q10", "q25", "median", "q75", "q90", "total", "ratio")
NUMBER = r"(\d+(?:\.\d{3})*(?:,\d+)?)"
SHARE = re.compile(rf"(under |over )?{NUMBER} ?(?:%|pct\.?)", re.I)
SIGNED = re.compile(rf"([+−-]?){NUMBER}(?: procentpoint)?")
FLAG = re.compile(r" ?\[[agø]\]")
LEAST, LARGEST = "Mindste vægt", "Største vægt"
# columns with numbers as they are written
WRITTEN = ("shown", "label", "low", "high", "published_value", "difference")
ROUNDED = 1e-7  # of a percentage point: what sums of floating-point numbers may be off


@dataclass(frozen=True)
class Claim:
    """`kind`: n (respondents asked), count (of them, who gave the answer), share, difference (of
    two cells' shares), units (sum of weights), least, largest (weight), response (per cent of
    units that answered). `low`, `high`: limits, shares in per cent. `where`: report, place in
    it and words.
    """

    kind: str
    cells: tuple
    low: float
    high: float
    where: str = field(compare=False)


@dataclass
class Published:
    """All that a folder's reports claim. `suppressed`: cells with the mark `[c]` whose share or
    count stands nowhere. `reports`: {name: its numbers.csv}. `problems`: a line for each report
    that cannot be read.
    """

    structure: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    suppressed: list = field(default_factory=list)
    reports: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


def read_published(folder, reports=None):
    """The `Published` of a folder of reports, or of those named in `reports`."""
    found, marked, shown = Published(), {}, set()
    for path in sorted(Path(folder).glob(f"*/{NUMBERS}")):
        name, beside = path.parent.name, path.with_name(STRUCTURE)
        if reports is not None and name not in reports:
            continue
        if not beside.is_file():
            found.problems.append(
                f"{name}/{STRUCTURE} mangler. Lav rapporten på ny med python -m barometer run."
            )
            continue
        structure = json.loads(beside.read_text(encoding="utf-8"))
        report = structure.pop("report")
        if found.structure not in ({}, structure):
            found.problems.append(f"{name}/{STRUCTURE} er ikke som de andre rapporters.")
            continue
        found.structure, found.reports[name] = structure, path
        for row in read_rows(path, report):
            _read_row(found, marked, shown, row, Report(structure, report, name))
    found.suppressed = sorted(marked.keys() - shown)
    return found


def read_rows(path, about):
    """The rows of a report's numbers.csv with its numbers written as in Danish. `about`: "report"
    of its structure.json, whose "written" says how they are written in another language.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not (written := about.get("written")):
        return rows
    signs = (re.escape(written[name]) for name in ("thousands", "decimal"))
    form = re.compile(r"(?<=\d)(?:({})(?=\d{{3}}(?!\d))|{})(?=\d)".format(*signs))
    words = sorted(written["words"].items(), key=lambda pair: -len(pair[0]))
    for row in rows:
        for name in WRITTEN:
            text = form.sub(lambda found: "." if found[1] else ",", row[name])
            for word, danish in words:
                text = text.replace(word, danish)
            row[name] = text
    return rows


@dataclass(frozen=True)
class Report:
    """Where a row stands: the structure of its survey, {"domain", "label"} of its report."""

    structure: dict
    about: dict
    name: str

    def place(self, item, group, base):
        """The cell of a row. A part as a group is that part; a base that does not name the report's
        own part is of the whole. Another part than the report's own, seen from there, stays a
        group: nobody is in it.
        """
        dimensions = self.structure["background"]
        own = self.about["domain"] and base.endswith(f"({self.about['label']})")
        inside, left = dict(self.about["domain"] if own else {}), []
        for term in group.split("&"):
            name, _, answer = term.partition("=")
            known = name in dimensions and answer in dimensions[name]
            if known and inside.get(name, answer) == answer:
                inside[name] = answer
            elif term != "all":
                left.append(term)
        return item, "&".join(left) or "all", name_domain(inside)


def name_domain(places):
    """ "all", "region", "field=health": as the program names a part of the population."""
    order = sorted(places, key=lambda name: (name != "sector", name))
    parts = [places[name] if name == "sector" else f"{name}={places[name]}" for name in order]
    return "&".join(parts) or "all"


def split_domain(domain):
    """{dimension: answer} of a domain's name."""
    parts = [] if domain == "all" else [part.rpartition("=") for part in domain.split("&")]
    return {name or "sector": answer for name, _, answer in parts}


def _read_row(found, marked, shown, row, report):
    kind, text = row["kind"], FLAG.sub("", row["shown"].replace("\u00a0", " "))
    if not row["item"] or not row["group"]:
        return
    where = f"{report.name}, {row['where'] or row['chapter']}: {row['shown']}"

    def claim(kind, cells, low, high):
        one = Claim(kind, tuple(cells), low, high, where)
        found.claims.setdefault(one, one)

    if kind == "difference":
        _read_difference(claim, row, text, report)
        return
    cell = report.place(row["item"], row["group"], row["base"])
    if kind in STATISTICS and row["n"].isdecimal():
        # its n are those who gave a point or a number, which is what its item says
        shown.add(cell)
        claim("count", [cell], int(row["n"]), int(row["n"]))
    elif text == CLOSED and kind in (*SHARES, "count", *STATISTICS):
        marked.setdefault(cell)
    elif text == UNSURE and kind in SHARES:
        shown.add(cell)
    elif kind in SHARES:
        shown.add(cell)
        if row["n"].isdecimal():
            claim("n", [cell], int(row["n"]), int(row["n"]))
        for low, high in [*_read_share(text), *_read_published(row)]:
            claim("share", [cell], low, high)
    elif kind in ("count", "answers"):
        shown.add(cell)
        if text.replace(".", "").isdecimal():
            claim("count", [cell], *_round_back(text))
    elif kind in ("units", "response") and text != CLOSED:
        for low, high in [_round_back(text)] if kind == "units" else _read_share(text):
            claim(kind, [cell], low, high)
    elif kind == "weight" and text != CLOSED and row["label"] in (LEAST, LARGEST):
        claim("least" if row["label"] == LEAST else "largest", [cell], *_round_back(text))


def _read_difference(claim, row, text, report):
    """A difference and the n of both; one in running text has lost its sign."""
    items, groups = row["item"].split(" mod "), row["group"].split(" mod ")
    if len(items) * len(groups) != 2 or not (shown := SIGNED.fullmatch(text)):
        return
    cells = [report.place(item, group, row["base"]) for item in items for group in groups]
    for cell, n in zip(cells, re.findall(r"\d+", row["n"]), strict=False):
        if n.isdecimal():
            claim("n", [cell], int(n), int(n))
    low, high = _round_back(shown[2])
    if row["part"] == "text":
        claim("distance", cells, low, high)
    else:
        less = shown[1] in ("−", "-")
        claim("difference", cells, *((-high, -low) if less else (low, high)))


def _read_share(text):
    """[(least, largest)] of what a share can have been before it was rounded, in per cent."""
    if text == "ingen svar" or text == "–" or not (found := SHARE.fullmatch(text)):
        return []
    low, high = _round_back(found[2])
    middle, word = (low + high) / 2, (found[1] or "").strip().lower()
    if word:
        return [(1e-6, middle) if word == "under" else (middle, 100 - 1e-6)]
    # only a true 0 is "0 pct.", and only a true 1 "100 pct."
    return [(middle, middle) if middle in (0, 100) else (low, high)]


def _read_published(row):
    """The same from what a row says of published numbers: ours minus theirs, with one decimal."""
    pairs = zip(row["published_value"].split("; "), row["difference"].split("; "), strict=False)
    for theirs, ours in pairs:
        try:
            middle = sum(float(text.replace(",", ".")) for text in (theirs, ours))
        except ValueError:
            continue
        yield middle - 0.05, middle + 0.05


def _round_back(text):
    """The least and the largest number that is written so, but for a count, which is itself."""
    digits, value = len(text.partition(",")[2]), float(text.replace(".", "").replace(",", "."))
    return value - 0.5 / 10**digits, value + 0.5 / 10**digits
