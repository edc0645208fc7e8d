"""What changed between two runs, by their traces alone (docs/design.md, "The trace")."""

import csv
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from barometer import paths
from barometer.errors import BarometerError
from barometer.files.csv_files import write_csv
from barometer.files.writing import write_text
from barometer.languages.messages import express_shown
from barometer.languages.naming import name_partly
from barometer.parameters import list_names
from barometer.sentences.register import WORDS
from barometer.text import format_count, lower_first
from barometer.verify.typed import subtract_shares

NEEDED = {"numbers.csv": ("where", "shown"), "claims.csv": ("id", "sentence")}
NUMBER = ("chapter", "where", "part", "item", "group", "kind")
TEST = ("id", "item", "group", "versus")
SOURCES = {"data": "data", "code": "programmet"}  # why numbers may have changed, and no change
SIGNIFICANT, SILENT = ("higher", "lower", "difference"), ("closed", "uncertain", "untested", "")
_COLUMNS = """report change chapter where part kind item label group group_label versus
    from to points crosses note"""
COLUMNS = tuple(_COLUMNS.split())
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
FIGURES = re.compile(r"\[c\]|\d+([.,]\d+)*")
INTRO = """# Hvad er ændret siden sidst?

Sammenlignet er to kørslers spor (`claims.csv` og `numbers.csv`), rapport for rapport. Et tal tæller
én gang for hvert sted, det vises; point er procentpoint mellem tallene, som de vises. Alt står også
i `changes.csv`."""


class ChangesError(BarometerError):
    """Two runs cannot be compared; the message says which folder is at fault and what to do."""


@dataclass(frozen=True)
class Changes:
    """What changed, a row (`COLUMNS`) each; `reports` of either run, `compared` of both."""

    reports: tuple
    compared: tuple
    rows: tuple

    def count(self, report=None):
        """{kind: how many}, in one report or in all, of the kinds that occurred."""
        found = [row["change"] for row in self.rows if report in (None, row["report"])]
        return {kind: found.count(kind) for kind in KINDS if kind in found}

    @property
    def summary(self):
        """One Danish sentence on all reports."""
        if not self.compared:
            return "De to kørsler har ingen rapport til fælles, så intet er sammenlignet."
        counts = {lower_first(KINDS[kind], ()): n for kind, n in self.count().items()}
        counted = "; ".join(f"{name}: {format_count(n)}" for name, n in counts.items())
        none = "Intet er ændret siden sidst i det, der kan sammenlignes."
        return f"Siden sidst: {counted}." if counted else none


def read_traces(folder):
    """{report: {file: (columns, rows)}} of a run's folder. Raises `ChangesError` for no trace."""
    found, problem = {}, "har ingen spor (<rapport>/claims.csv og numbers.csv)"
    try:
        for place in Path(folder).iterdir():
            if place.is_dir() and not place.name.startswith("."):
                paths = [place / name for name in NEEDED if (place / name).is_file()]
                found[place.name] = {path.name: _read_table(path) for path in paths}
    except FileNotFoundError:
        found, problem = {}, "findes ikke"
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        found, problem = {}, f"kan ikke læses: {error}"
    if not any(found.values()):
        remedy = "Giv den mappe, som en kørsel har lagt rapporterne i, fx outputs"
        older = "er den fra før, der var spor, så lav rapporterne igen"
        raise ChangesError(f"Mappen {folder} {problem}. {remedy}; {older}.")
    return {name: tables for name, tables in found.items() if tables}


def compare_runs(old, new):
    """The `Changes` from one run to the next; each a folder, or what `read_traces` read of it."""
    old, new = (run if isinstance(run, dict) else read_traces(run) for run in (old, new))
    known, rows = old | new, []
    order = [*list_names(paths.name_default()), *sorted(known)]
    reports = [name for name in dict.fromkeys(order) if name in known]
    compared = [name for name in reports if name in old and name in new]
    for report in reports:
        if report in compared:
            found = _compare_report(old[report], new[report])
        else:
            problem = f"Rapporten findes kun i den {'gamle' if report in old else 'nye'} kørsel"
            found = [{"change": NOTICE, "note": f"{problem} og er ikke sammenlignet."}]
        rows += [dict.fromkeys(COLUMNS, "") | {"report": report} | row for row in found]
    return Changes(tuple(reports), tuple(compared), tuple(rows))


def write_changes(changes, folder):
    """`changes.csv` and `changes.md` in a folder; returns the path of the latter."""
    lines = ([row[name] for name in COLUMNS] for row in changes.rows)
    write_csv(folder / "changes.csv", [COLUMNS, *lines])
    parts = [block for report in changes.reports for block in _write_report(changes, report)]
    page = "\n\n".join(map(express_shown, filter(None, [INTRO, changes.summary, *parts])))
    write_text(folder / "changes.md", f"{page}\n")
    return folder / "changes.md"


def _read_table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        columns, *lines = list(csv.reader(file, strict=True)) or [[]]
    if not columns or any(len(line) != len(columns) for line in lines):
        raise csv.Error(f"{path.parent.name}/{path.name} er tom eller afbrudt")
    return columns, [dict(zip(columns, line, strict=True)) for line in lines]


def _compare_report(old, new):
    """The changes of each table of a report, over the columns that both runs have."""
    for name, needed in NEEDED.items():
        (before, was), (after, now) = old.get(name, ((), ())), new.get(name, ((), ()))
        shared = [column for column in before if column in after]
        if not {*needed} <= {*shared}:
            problem = f"{name} er ikke sammenlignet: filen eller en nødvendig kolonne mangler."
            yield {"change": NOTICE, "note": problem}
            continue
        for column in (one for one in (*before, *after) if one not in shared):
            problem = (
                f"mangler kolonnen {column} i den {'gamle' if column in after else 'nye'} kørsel"
            )
            yield {"change": NOTICE, "note": f"{name} {problem}; den er ikke sammenlignet."}
        was, now = ([{one: row[one] for one in shared} for row in rows] for rows in (was, now))
        for column, word in SOURCES.items():
            if {row.get(column) for row in was} != {row.get(column) for row in now}:
                problem = f"De to kørsler bygger på hver sin udgave af {word} ({column} i {name})."
                yield {"change": NOTICE, "note": problem}
        if name == "numbers.csv":
            yield from _compare(was, now, "number", NUMBER, "shown")
        else:
            yield from _compare_claims(was, now)


def _compare_claims(old, new):
    """Sentences by id; then, of those that both runs have, what they rest on."""
    columns = ("id", "chapter", "sentence")
    claims = (
        [{name: row.get(name, "") for name in columns} for row in rows] for rows in (old, new)
    )
    claims = ({row["id"]: row for row in rows}.values() for rows in claims)
    for row in _compare(*claims, "sentence", ("id",), "sentence"):
        change, (was, now) = row["change"], (FIGURES.sub("#", row[side]) for side in ("from", "to"))
        if change != "sentence_basis":
            same = change == "sentence" and was == now
            yield row | {"change": "sentence_number" if same else change, "note": ""}
    both = {row["id"] for row in old} & {row["id"] for row in new}
    old, new = ([row for row in rows if row["id"] in both] for rows in (old, new))
    for row in _compare(old, new, "verdict", TEST, "verdict"):
        yield row | (_describe_crossing(row) if row["change"] == "verdict" else {})
    for row in _compare(old, new, "status", TEST, "status"):
        if row["change"] == "status":
            yield row | {"note": ""}


def _compare(old, new, change, key, column):
    """Rows of changes: of the column, of other columns only (basis), and rows without a match."""
    apart = {*key, column, *SOURCES, "sentence", "status"}
    for was, now in _pair(old, new, key, column):
        before, after = ((row or {}).get(column, "") for row in (was, now))
        kind, row, note = f"{change}_{'added' if now else 'removed'}", now or was, ""
        if was and now:
            names = [name for name in was if name not in apart and was[name] != now[name]]
            words = (express_shown(NAMES.get(name, name)) for name in names)
            ends = ((was[name] or "–", now[name] or "–") for name in names)
            pairs = zip(words, ends, strict=True)
            note = "; ".join(f"{name} {old} → {new}" for name, (old, new) in pairs)
            kind = change if before != after else f"{change}_basis"
            if before == after and not note:
                continue
        yield {name: row[name] for name in COLUMNS if name in row} | {
            "where": row.get("where") or row.get("id"),
            "label": row.get("label") or row.get("about", ""),
            "change": kind,
            "from": before,
            "to": after,
            "points": subtract_shares(before, after) if kind == "number" else "",
            "note": note,
        }


def _pair(old, new, key, column):
    """(old row, new row) of the same key, in their order, None for a row that is alone. Where one
    run has more rows of a key than the other, those alike in `column` are paired first.
    """
    groups = {}
    for side, rows in enumerate((old, new)):
        for row in rows:
            groups.setdefault(tuple(row.get(name, "") for name in key), ([], []))[side].append(row)
    for was, now in groups.values():
        blocks = [("", 0, len(was), 0, len(now))]
        if len(was) != len(now):
            texts = ([row.get(column) for row in rows] for rows in (was, now))
            blocks = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
        for _, a, b, c, d in blocks:
            yield from zip_longest(was[a:b], now[c:d])


def _describe_crossing(row):
    """Whether a changed verdict crosses the line of significance, and in words."""
    was, now = (row[name] in SIGNIFICANT for name in ("from", "to"))
    if row["from"] in SILENT or row["to"] in SILENT:
        was = now  # what was not tested crosses nothing
        crossed = f"kan {'ikke' if row['to'] in SILENT else 'nu'} vises eller testes"
    elif was != now:
        crossed = "er blevet signifikant" if now else "er ikke længere signifikant"
    else:
        crossed = "skifter retning" if was else ""
    note = "; ".join(filter(None, (crossed, row["note"])))
    return {"crosses": "yes" if was != now else "no", "note": note}


def _write_report(changes, report):
    """Blocks of Markdown: the report's name, notices, how many of each kind, and each kind."""
    rows, counts = [row for row in changes.rows if row["report"] == report], changes.count(report)
    crossing = sum(row["crosses"] == "yes" for row in rows)
    more = {"verdict": f", heraf {crossing} hen over grænsen for signifikans"}
    plain = "Delvis rapport" if name_partly("") in report else "Rapport"
    yield f"## {list_names(paths.name_default()).get(report, plain)} (`{report}`)"
    listed = [f"* {KINDS[one]}: {format_count(n)}{more.get(one, '')}" for one, n in counts.items()]
    yield "\n".join(listed) or ("Intet er ændret." if report in changes.compared else "")
    yield "\n".join(f"* Bemærk: {row['note']}" for row in rows if row["change"] == NOTICE)
    for kind in counts:
        # a number that changed alike in a figure's picture, table and text is listed once
        lines = {}
        for row in (row for row in rows if row["change"] == kind):
            same = tuple(row[name] for name in ("where", "chapter", "item", "group"))
            part = PARTS.get(row["part"], row["part"])
            lines.setdefault((same, _write_row(row)), []).append(part)
        yield f"### {KINDS[kind]}"
        places = {key: filter(None, dict.fromkeys([key[0][1], *lines[key]])) for key in lines}
        yield "\n".join(
            f"* **{same[0]}** ({', '.join(place)}){shown}"
            for (same, shown), place in places.items()
        )


def _write_row(row):
    """What a line says after where it is: the sentence, or what the number is, before → now."""
    change = row["change"]
    row = {name: re.sub(r"[\r\n]+", " ", text).replace("<", "\\<") for name, text in row.items()}
    alone = {"added": ("to",), "basis": ("to",), "removed": ("from",)}
    sides = alone.get(change.rpartition("_")[2], ("from", "to"))
    if change.startswith("sentence"):
        return "".join(f"\n  * {'Nu' if side == 'to' else 'Før'}: {row[side]}" for side in sides)
    what = ", ".join(filter(None, (row["label"] or row["item"] or row["kind"], row["group_label"])))
    words = {} if change.startswith("number") else WORDS
    shown = " → ".join(words.get(row[side], row[side]) for side in sides)
    shown = f" {what}: **{shown}**" + (f" ({row['points']} point)" if row["points"] else "")
    return shown + (f". {row['note']}" if row["note"] else "")
