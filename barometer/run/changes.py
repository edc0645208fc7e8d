"""What changed between two runs, read from their traces alone: a table for a spreadsheet, a Danish
text for people.

The traces are `<report>/claims.csv` and `<report>/numbers.csv` (docs/design.md, "The trace"). The
programs that made them are not needed, and may have been older: what only one of them wrote is
named and left out.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from barometer.data.domains import SECTORS
from barometer.files.csv_files import write_csv
from barometer.files.writing import write_text
from barometer.numbers import format_count, lower_first, write_number
from barometer.sentences.register import WORDS

NEEDED = {"numbers.csv": ("where", "shown"), "claims.csv": ("id", "sentence")}
NUMBER, TEST = (
    ("chapter", "where", "part", "item", "group", "kind"),
    ("id", "item", "group", "versus"),
)
# a new one may be why numbers changed; it is itself no change
SOURCES = {"data": "data", "code": "programmet"}
SIGNIFICANT, SILENT = ("higher", "lower", "difference"), ("closed", "uncertain", "untested", "")
COLUMNS = (
    "report",
    "change",
    "chapter",
    "where",
    "part",
    "kind",
    "item",
    "label",
    "group",
    "group_label",
    "versus",
    "from",
    "to",
    "points",
    "crosses",
    "note",
)
NOTICE = "notice"  # no change: what is not compared, or that the data are others
KINDS = {
    "number": "Ændrede tal",
    "number_added": "Nye tal",
    "number_removed": "Bortfaldne tal",
    "number_basis": "Uændrede tal på ændret grundlag",
    "verdict": "Ændrede testudfald",
    "status": "Ændret status",
    "sentence": "Sætninger med ny ordlyd",
    "sentence_number": "Sætninger, hvor kun tallene er nye",
    "sentence_added": "Nye sætninger",
    "sentence_removed": "Bortfaldne sætninger",
    "verdict_added": "Nye tests og andele bag sætninger",
    "verdict_removed": "Bortfaldne tests og andele bag sætninger",
    "verdict_basis": "Uændrede testudfald på ændret grundlag",
}
NAMES = {
    "low": "nedre grænse",
    "high": "øvre grænse",
    "difference": "forskel",
    "outcome": "udfald",
    "label": "navn",
    "first": "første andel",
    "second": "anden andel",
    "p_adjusted": "Holm",
    "chapter": "kapitel",
}
PARTS = {
    "text": "tekst",
    "title": "titel",
    "picture": "billede",
    "table": "tabel",
    "alt": "alternativ tekst",
    "basis": "grundlag",
}
PERCENTAGE = re.compile(r"(\d[\d.]*(?:,\d+)?)\s*(?:pct\.?|%)")
INTRO = """# Hvad er ændret siden sidst?

Sammenlignet er to kørslers spor (`claims.csv` og `numbers.csv`), rapport for rapport. Et tal \
tæller én gang for hvert
sted, det vises; point er procentpoint mellem tallene, som de vises. Alt står også i \
`changes.csv`."""


class ChangesError(ValueError):
    """Two runs cannot be compared; the message says which folder is at fault and what to do."""


@dataclass(frozen=True)
class Changes:
    """What changed, a row (columns `COLUMNS`) for each; the `reports` of either run, and those
    `compared`: of both.
    """

    reports: tuple
    compared: tuple
    rows: tuple

    def count(self, report=None):
        """{kind: how many} in one report or in all, in the order of `KINDS`, without kinds that did
        not occur.
        """
        found = Counter(row["change"] for row in self.rows if report in (None, row["report"]))
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @property
    def summary(self):
        """One Danish sentence on all reports."""
        if not self.compared:
            return "De to kørsler har ingen rapport til fælles, så intet er sammenlignet."
        told = "; ".join(
            f"{lower_first(KINDS[kind])}: {format_count(count)}"
            for kind, count in self.count().items()
        )
        return (
            f"Siden sidst: {told}."
            if told
            else "Intet er ændret siden sidst i det, der kan sammenlignes."
        )


def read_traces(folder):
    """{report: {file: rows}} of a run's folder. Raises `ChangesError` where there is nothing to
    compare.
    """
    try:
        places = [
            place
            for place in Path(folder).iterdir()
            if place.is_dir() and not place.name.startswith(".")
        ]
        found = {
            place.name: {
                name: _read_table(place / name) for name in NEEDED if (place / name).is_file()
            }
            for place in places
        }
        problem = (
            "" if any(found.values()) else "har ingen spor (<rapport>/claims.csv og numbers.csv)"
        )
    except FileNotFoundError:
        problem = "findes ikke"
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = f"kan ikke læses: {error}"
    if problem:
        raise ChangesError(
            f"Mappen {folder} {problem}. Giv den mappe, som run_all.py har lagt rapporterne i, "
            "fx outputs; er den fra før, der var spor, så lav rapporterne igen."
        )
    return {name: tables for name, tables in found.items() if tables}


def compare_runs(old, new):
    """The `Changes` from one run to the next; each a folder, or what `read_traces` read before it
    was replaced.
    """
    old, new = (run if isinstance(run, dict) else read_traces(run) for run in (old, new))
    known, rows = {*old, *new}, []
    reports = [*(name for name in SECTORS if name in known), *sorted(known - {*SECTORS})]
    for report in reports:
        which = "gamle" if report in old else "nye"
        found = (
            _compare_report(old[report], new[report])
            if report in old and report in new
            else [_notice(f"Rapporten findes kun i den {which} kørsel og er ikke sammenlignet.")]
        )
        rows += [dict.fromkeys(COLUMNS, "") | {"report": report} | row for row in found]
    return Changes(
        tuple(reports), tuple(name for name in reports if name in old and name in new), tuple(rows)
    )


def write_changes(changes, folder):
    """`changes.csv` and `changes.md` in a folder; returns the path of the latter."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(
        folder / "changes.csv",
        [COLUMNS, *([row[name] for name in COLUMNS] for row in changes.rows)],
    )
    told = [
        INTRO,
        changes.summary,
        *(block for report in changes.reports for block in _tell_report(changes, report)),
    ]
    write_text(folder / "changes.md", "\n\n".join(filter(None, told)) + "\n")
    return folder / "changes.md"


def _read_table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        columns, *lines = list(csv.reader(file, strict=True)) or [[]]
    if not columns or any(len(line) != len(columns) for line in lines):
        raise csv.Error(f"{path.parent.name}/{path.name} er tom eller afbrudt")
    return columns, [dict(zip(columns, line, strict=True)) for line in lines]


def _notice(text):
    return {"change": NOTICE, "note": text}


def _compare_report(old, new):
    """Of a report that both runs have: the changes of each table, over the columns that both
    have.
    """
    for name, needed in NEEDED.items():
        (before, was), (after, now) = old.get(name, ((), ())), new.get(name, ((), ()))
        if not {*needed} <= {*before} & {*after}:
            yield _notice(f"{name} er ikke sammenlignet: filen eller en nødvendig kolonne mangler.")
            continue
        for column in dict.fromkeys([*before, *after]):
            if column not in before or column not in after:
                which = "gamle" if column in after else "nye"
                yield _notice(
                    f"{name} mangler kolonnen {column} i den {which} kørsel; den er ikke "
                    f"sammenlignet."
                )
        was, now = (
            [{name: row[name] for name in before if name in after} for row in rows]
            for rows in (was, now)
        )
        for column, word in SOURCES.items():
            if {row.get(column) for row in was} != {row.get(column) for row in now}:
                yield _notice(
                    f"De to kørsler bygger på hver sin udgave af {word} ({column} i {name})."
                )
        yield from (_compare_numbers if name == "numbers.csv" else _compare_claims)(was, now)


def _compare_numbers(old, new):
    for row in _compare(old, new, "number", NUMBER, "shown"):
        yield row | {
            "points": _subtract(row["from"], row["to"]) if row["change"] == "number" else ""
        }


def _compare_claims(old, new):
    """Sentences by id; then, of those that both runs have, what they rest on."""
    told = (
        {
            row["id"]: {name: row.get(name, "") for name in ("id", "chapter", "sentence")}
            for row in rows
        }.values()
        for rows in (old, new)
    )
    for row in _compare(*told, "sentence", ("id",), "sentence"):
        same = row["change"] == "sentence" and _mask(row["from"]) == _mask(row["to"])
        if row["change"] != "sentence_basis":
            yield row | {"change": "sentence_number" if same else row["change"], "note": ""}
    both = {row["id"] for row in old} & {row["id"] for row in new}
    old, new = ([row for row in rows if row["id"] in both] for rows in (old, new))
    for row in _compare(old, new, "verdict", TEST, "verdict"):
        yield row | (_tell_crossing(row) if row["change"] == "verdict" else {})
    yield from (
        row | {"note": ""}
        for row in _compare(old, new, "status", TEST, "status")
        if row["change"] == "status"
    )


def _compare(old, new, change, key, column):
    """Rows of changes: of the column, of other columns only (basis), and rows without a match."""
    apart = {*key, column, *SOURCES, "sentence", "status"}
    for was, now in _pair(old, new, key, column):
        before, after = ((row or {}).get(column, "") for row in (was, now))
        names = [name for name in was or () if now and name not in apart and was[name] != now[name]]
        note = "; ".join(
            f"{NAMES.get(name, name)} {was[name] or '–'} → {now[name] or '–'}" for name in names
        )
        if was and now and before == after and not note:
            continue
        kind = change if before != after else f"{change}_basis"
        kind = kind if was and now else f"{change}_{'added' if now else 'removed'}"
        row = now or was
        about = {
            "where": row.get("where") or row.get("id"),
            "label": row.get("label") or row.get("about", ""),
        }
        yield (
            {name: row[name] for name in COLUMNS if name in row}
            | about
            | {"change": kind, "from": before, "to": after, "note": note}
        )


def _pair(old, new, key, column):
    """(old row, new row) of the same key, in their order, None for a row that is alone.

    Where one run has more rows of a key than the other, those alike in `column` are paired first.
    """
    groups = {}
    for side, rows in enumerate((old, new)):
        for row in rows:
            groups.setdefault(tuple(row.get(name, "") for name in key), ([], []))[side].append(row)
    for was, now in groups.values():
        texts = ([row.get(column) for row in rows] for rows in (was, now))
        blocks = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
        for _, a, b, c, d in blocks if len(was) != len(now) else [("", 0, len(was), 0, len(now))]:
            yield from zip_longest(was[a:b], now[c:d])


def _tell_crossing(row):
    """Whether a changed verdict crosses the line of significance, and in words."""
    (was, now), told = (row[name] in SIGNIFICANT for name in ("from", "to")), ""
    silent = row["from"] in SILENT or row["to"] in SILENT
    if silent:
        told = f"kan {'ikke' if row['to'] in SILENT else 'nu'} vises eller testes"
    elif was != now:
        told = "er blevet signifikant" if now else "er ikke længere signifikant"
    elif was:
        told = "skifter retning"
    crosses = "yes" if was != now and not silent else "no"
    return {"crosses": crosses, "note": "; ".join(filter(None, (told, row["note"])))}


def _subtract(before, after):
    """The difference in points of two percentages as shown, without decimals where neither has any;
    otherwise "".
    """
    found = [PERCENTAGE.fullmatch(text) for text in (before, after)]
    if not all(found):
        return ""
    was, now = (float(one[1].replace(".", "").replace(",", ".")) for one in found)
    return write_number(now - was, "signed").removesuffix("" if "," in before + after else ",0")


def _mask(sentence):
    return re.sub(r"\[c\]|\d+([.,]\d+)*", "#", sentence)


def _tell_report(changes, report):
    """Blocks of Markdown: the report's name, what is to be noticed, how many of each kind, and each
    kind in turn.
    """
    rows, counts = [row for row in changes.rows if row["report"] == report], changes.count(report)
    crossing = sum(row["crosses"] == "yes" for row in rows)
    more = {"verdict": f", heraf {crossing} hen over grænsen for signifikans"}
    yield (
        f"## {SECTORS.get(report, 'Delvis rapport' if '-kapitel-' in report else 'Rapport')} "
        f"(`{report}`)"
    )
    told = "\n".join(
        f"* {KINDS[kind]}: {format_count(count)}{more.get(kind, '')}"
        for kind, count in counts.items()
    )
    yield told or ("Intet er ændret." if report in changes.compared else "")
    yield "\n".join(f"* Bemærk: {row['note']}" for row in rows if row["change"] == NOTICE)
    for kind in counts:
        # a number that changed alike in a figure's picture, table and text is told once
        lines = {}
        for row in (row for row in rows if row["change"] == kind):
            same = tuple(row[name] for name in ("where", "chapter", "item", "group"))
            lines.setdefault((same, _tell_row(row)), []).append(PARTS.get(row["part"], row["part"]))
        yield f"### {KINDS[kind]}"
        yield "\n".join(
            f"* **{where}** ({', '.join(filter(None, dict.fromkeys([chapter, *parts])))}){told}"
            for ((where, chapter, *_), told), parts in lines.items()
        )


def _tell_row(row):
    """What a line says after where it is: the sentence before and now, or what the number is,
    before → now.
    """
    change, words = row["change"], {"from": "Før", "to": "Nu"}
    row = {name: re.sub(r"[\r\n]+", " ", text).replace("<", "\\<") for name, text in row.items()}
    sides = {"added": ("to",), "basis": ("to",), "removed": ("from",)}.get(
        change.rpartition("_")[2], ("from", "to")
    )
    if change.startswith("sentence"):
        return "".join(f"\n  * {words[side]}: {row[side]}" for side in sides)
    what = ", ".join(filter(None, (row["label"] or row["item"] or row["kind"], row["group_label"])))
    values = " → ".join(
        row[side] if change.startswith("number") else WORDS.get(row[side], row[side])
        for side in sides
    )
    points, note = (
        f" ({row['points']} point)" if row["points"] else "",
        f". {row['note']}" if row["note"] else "",
    )
    return f" {what}: **{values}**{points}{note}"
