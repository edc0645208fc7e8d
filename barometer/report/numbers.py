"""The numbers of a report in one table, each with its cell, its data and what was published.

`numbers.csv` has numbers as shown; full precision goes to `internal/`.
"""

import json
from decimal import ROUND_HALF_UP, Decimal

from barometer.data.cards import CARDS, REGISTRY, read_file
from barometer.data.domains import WHOLE, name_part, narrow_domain, split_domain
from barometer.data.publication import load_published
from barometer.data.registry import read_questionnaire
from barometer.data.variables import MUST_TICK
from barometer.disclosure.rules import read_limits
from barometer.document.findings import choose_findings, trace_findings
from barometer.files.csv_files import write_csv
from barometer.files.writing import write_text
from barometer.files.yaml_files import load_yaml
from barometer.forms import DIFFERENCES, FORMS
from barometer.languages.numerals import separators, write_decimal
from barometer.languages.speaking import N_, SOURCE, _, spoken
from barometer.parameters import list_parts
from barometer.payloads import list_payloads
from barometer.report.tidy import name_level
from barometer.sentences.register import COLUMNS as CLAIMS
from barometer.sentences.trace import Asked, trace_asked, trace_number
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import NBSP, NOBODY, write_number
from barometer.verify.claims import LARGEST, LEAST
from barometer.version import name_version

_COLUMNS = """chapter where part shown kind question item label group group_label base n low high
    confidence flag data code published published_value difference reason"""
COLUMNS = tuple(_COLUMNS.split())
TESTED = (
    "difference",
    *DIFFERENCES,
    "p",
    "p_adjusted",
    "p_bh",
)  # kinds of numbers in the table of sentences
INTERNAL = ("share", "se", "low", "high", "total")
# kinds of numbers that can have been published as such
KINDS = {"share": "share", "sum": "share", "count": "count"}
IMPRINT = "_udgave"  # id of the report's last section


def collect_numbers(chapters, data, findings=()):
    """A row (`COLUMNS`, `internal`) per number shown in `chapters`, (name, executed notebook).

    `data`: the survey's folder. `findings`: the front matter's. `internal`: a dict of numbers that
    are not for publication.
    """
    dimensions, rows = tuple(list_parts(data)), {}
    published = _index_published(data, dimensions)
    in_front = list(trace_findings(choose_findings(chapters, findings)))
    chapters = [(chapter, list_payloads(notebook)) for chapter, notebook in chapters]
    register = [
        (chapter, row)
        for chapter, payloads in chapters
        for payload in payloads
        for row in _trace_basis(payload)
    ]
    plain = dict.fromkeys(COLUMNS, "") | {"domain": WHOLE, "internal": {}, "code": name_version()}
    for chapter, payloads in chapters:
        surveys = (payload for payload in payloads if payload.get("kind") == "survey")
        edition = {"chapter": chapter, "data": next(map(_name_edition, surveys), "")}
        shown = [row for one in payloads for row in _trace_payload(one, chapter, register)]
        for row in [*shown, *(row for name, row in in_front if name == chapter)]:
            made = plain | edition | row
            made["confidence"] = name_level() if made["low"] else ""
            made |= {"published": ""} | compare_row(row, published, dimensions)
            rows.setdefault(tuple(made[name] for name in COLUMNS), made)
    return list(rows.values())


def _trace_payload(payload, chapter, register):
    """The rows of an output, of what its sentence rests on, and of what is made of them all."""
    if payload.get("kind") == "survey":
        return _trace_respondents(payload)
    rows = [*payload.get("trace", ()), *_trace_basis(payload)]
    if payload.get("kind") == "claims" and any(name != chapter for name, _ in register):
        place = {"where": payload["id"], "part": "table"}
        rows += [
            row | place | {"shown": row["shown"].replace("< ", f"<{NBSP}")}
            for _, row in register
            if row["kind"] in TESTED
        ]
        level = trace_number(write_number(CONFIDENCE, "share"), "note", "confidence")
        rows.append({**level, "where": payload["id"]})
    return rows


def _name_edition(survey):
    """The survey and its data's date. A checksum of answers would confirm a guess of them."""
    return f"{survey['name']}, {survey['data_date']}"


def _trace_respondents(survey):
    """The row on the one number that the imprint has of a survey: nothing of a chapter's own."""
    if not (shown := survey.get("respondents")):
        return []
    part = survey["part"], survey["part_label"], survey["nouns"]
    row = trace_asked(shown, "text", "count", Asked(survey.get("answered"), *part))
    return [row | {"chapter": "", "where": IMPRINT}]


def _trace_basis(payload):
    """Rows on what a sentence or title rests on.

    A sentence that says nothing, as its neighbour does, is not on the page, nor is its basis.
    """
    evidence = payload.get("evidence", ()) if payload.get("markdown", "x") else ()
    where = payload.get("claim") or payload.get("id")
    rows = [row for one in evidence for row in one.get("trace", ())]
    return [{**row, "where": where, "part": "basis"} for row in rows]


def compare_row(row, published, dimensions):
    """What was published of a row's number: ids, values, differences (ours − theirs) and why."""
    kind, cell = KINDS.get(row["kind"]), name_cell(row, dimensions)
    # a chapter says itself what it shows; a part is not held against the whole
    if row.get("published"):
        found = [one for one in published.get(row["published"], ()) if one["domain"] == cell[0]]
    else:
        found = published.get((kind, *cell), ()) if kind else ()
    if not found:
        return {}
    ours = None
    if kind == "share" and (share := row.get("internal", {}).get("share")) is not None:
        ours = 100 * share
    elif kind == "count" and row["n"]:
        ours = int(row["n"])
    every = {"published": [], "published_value": [], "difference": [], "reason": []}
    for one in found:
        reason = _("ord: ca.") if one["qualifier"] == "approx" else one.get("reason") or ""
        every["published"].append(one["id"])
        every["published_value"].append(write_decimal(one["value"] or one["verdict"]))
        every["difference"].append("" if ours is None else _round(ours - float(one["value"])))
        every["reason"].append(_("lukket") if row["shown"].startswith("[") else reason)
    return {name: _join(values) for name, values in every.items()}


def write_numbers(path, rows):
    """The table that goes with the report."""
    write_csv(path, [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def write_claims(path, rows):
    """The register of sentences that goes with the report."""
    write_csv(path, [CLAIMS, *([row[name] for name in CLAIMS] for row in rows)])


def write_structure(path, data, domain):
    """Write what is public of a survey, without its words and data: questions, answers, routing and
    derived variables; the respondents that lie between two possible counts of a suppressed cell
    (`threshold`); and the part of the population that the report is on (`label`: as bases name it;
    `written`: how its numbers are written, where that is otherwise than in Danish).
    """
    registry = read_questionnaire(data / REGISTRY, spoken())
    cards = load_yaml(CARDS, read_file(data / CARDS))
    about = {"domain": split_domain(domain), "label": name_part(registry, domain)}
    if spoken() != SOURCE:
        about["written"] = describe_writing()
    questions = {
        question.id: {
            "kind": question.kind,
            "asked": question.asked,
            "items": list(question.items),
            "answers": list(question.answers),
            "exclusive": list(question.exclusive),
            "max": question.max,
            "must_tick": bool(MUST_TICK & {*question.exclusive}),
            **({"unanswered": [*question.unanswered]} if question.unanswered else {}),
        }
        for question in registry.questions.values()
    }
    derived = {
        one.id: {
            "parts": list(one.parts),
            "at_least": one.at_least,
            "negated": one.negated,
            "among": one.among,
        }
        for one in registry.derived.values()
    }
    content = {
        "report": about,
        "threshold": read_limits(cards).smallest_count,
        "background": {name: list(one["answers"]) for name, one in registry.background.items()},
        "questions": questions,
        "derived": derived,
    }
    write_text(path, json.dumps(content, indent=1) + "\n")


def describe_writing():
    """How numbers are written in the language that is spoken, for whoever reads them back:
    `decimal` sign, sign between `thousands`, {its word: the Danish one}.
    """
    words = (*(FORMS[form][2] for form in ("share", "points", "percent")), NOBODY, LEAST, LARGEST)
    words = {_(one): one for one in (*words, *N_(("under", "over")))}
    return dict(zip(("decimal", "thousands"), separators(), strict=True)) | {"words": words}


def write_internal(folder, name, rows):
    """The same cells with full precision, not for publication; nothing of closed ones."""
    columns = ("question", "item", "group", "base", "n", "data", "code")
    cells = {
        tuple(row[column] for column in columns): row["internal"]
        for row in rows
        if row["internal"].get("share") is not None
    }
    if not cells:
        return None
    lines = [
        [*cell, *("" if numbers.get(key) is None else repr(numbers[key]) for key in INTERNAL)]
        for cell, numbers in cells.items()
    ]
    return write_csv(folder / f"{name}.csv", [(*columns, *INTERNAL), *lines])


def _index_published(data, dimensions):
    """{(kind, domain, item, group) or id: [published row, …]}; the chapters have checked them."""
    table, found = load_published(data, next(iter(dimensions), "")), {}
    for row in () if table is None else table.to_dict("records"):
        found[row["id"]] = [row]
        if row["kind"] in KINDS.values() and row["value"]:
            found.setdefault((row["kind"], *name_cell(row, dimensions)), []).append(row)
    return found


def name_cell(row, dimensions):
    """(domain, item, group): a domain's share is the same from the domain as from the whole."""
    domain, group = row.get("domain") or WHOLE, row["group"] or WHOLE
    # who was asked is everybody with an answer
    group = WHOLE if group == row.get("asked") else group
    if inside := narrow_domain(domain, group, dimensions):
        domain, group = inside, WHOLE
    head, _, answers = row["item"].rpartition("=")
    return domain, f"{head}={'|'.join(sorted(answers.split('|')))}" if head else answers, group


def _join(values):
    """ "12"; "12; –; 13" where several were published of the same cell and are not alike."""
    return values[0] if len(set(values)) == 1 else "; ".join(value or "–" for value in values)


def _round(value):
    rounded = Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return write_decimal(str(rounded if rounded else abs(rounded)))
