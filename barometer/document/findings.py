"""A report's findings, chosen among its sentences by what their tests found.

The project's front matter names sentences in order of preference, each with short wordings by
outcome; the verdict that chose a sentence's wording in its chapter chooses the short one too. The
numbers are those that the sentence rests on first.
"""

from barometer.display import read_markdown
from barometer.languages.speaking import _
from barometer.payloads import list_payloads
from barometer.sentences.wordings import fill_wording
from barometer.text import name_both

SURE = ("more", "less", "text")  # outcomes that stand first
MOST, FEW = 6, 3  # findings of a report; of a chapter
PARTS = ("summary", "head")  # where a finding's numbers are in the trace
OUTCOMES = {
    *("text", "more", "less", "same", "tendency_more", "tendency_less"),
    *("both", "first", "second", "difference", "tendency"),
}
SAME = {"words": "text", "equal": "same"}  # an outcome with the wording of another
_REMEDY = "skriv det som {id: {udfald: sætning}}"


def list_problems(declared):
    """(what is wrong with the findings of a front matter, how to mend it)."""
    if not isinstance(declared, dict):
        return [("feltet findings er ikke en liste med navne", _REMEDY)]
    found = []
    for id, entry in declared.items():
        where = f"findings, {id}"
        if not isinstance(entry, dict):
            found.append((f"{where}: sætningen mangler", _REMEDY))
            continue
        for name, words in entry.items():
            if name == "covers":
                if not isinstance(words, list):
                    found.append((f"{where}: covers er ikke en liste", "skriv [id, id]"))
            elif name not in OUTCOMES:
                known = ", ".join(sorted(OUTCOMES))
                found.append((f"{where}: udfaldet {name} kendes ikke", f"brug {known}, covers"))
            elif not isinstance(words, str) or any(map(str.isdigit, words)):
                remedy = "skriv ord; tallene sættes foran af sig selv"
                found.append((f"{where}, {name}: er ikke en sætning uden tal", remedy))
    return found


def choose_findings(chapters, declared):
    """{"report": the findings of all, "chapters": {name: of a chapter}} of executed notebooks.

    `chapters`: (name, notebook) in reading order; `declared`: the front matter's findings. A
    finding is {"id", "chapter", "outcome", "text", "numbers", "joined" ("mod" or "og"), "trace"};
    those with a certain outcome stand first, in the order of `declared`. A report of one chapter
    has no findings of all.
    """
    found = {}
    for name, notebook in chapters:
        payloads = list_payloads(notebook)
        surveys = [one.get("terms", {}) for one in payloads if one.get("kind") == "survey"]
        terms = name_both({"sted": "", "resten": ""} | (surveys[0] if surveys else {}))
        for payload in payloads:
            id = payload.get("claim") or payload.get("id")
            if id in declared and (finding := _read_finding(payload, declared[id], terms)):
                found[id] = {"id": id, "chapter": name, **finding}
    ordered = [found[id] for id in declared if id in found]
    ordered.sort(key=lambda one: one["outcome"] not in SURE)
    report = _leave_out_covered(ordered, declared)
    heads = {name: [one for one in report if one["chapter"] == name][:FEW] for name, _ in chapters}
    return {"report": report[:MOST] if len(chapters) > 1 else [], "chapters": heads}


def trace_findings(chosen):
    """(chapter, row of `numbers.csv`) for each number of the findings, where it is shown."""
    heads = [one for findings in chosen["chapters"].values() for one in findings]
    for part, findings in zip(PARTS, (chosen["report"], heads), strict=True):
        for one in findings:
            for row in one["trace"]:
                yield one["chapter"], row | {"where": one["id"], "part": part}


def show_findings(findings, clean):
    """Findings as a document has them, without their rows of the trace. `clean`: of a text."""
    plain = [{key: one[key] for key in one if key != "trace"} for one in findings]
    return [one | {"text": clean(one["text"])} for one in plain]


def _read_finding(payload, entry, terms):
    """A sentence in few words; nothing where its numbers are closed, or no wording is for its
    outcome.
    """
    outcome = SAME.get(payload.get("outcome"), payload.get("outcome"))
    if not (wording := entry.get(outcome)) or not payload.get("evidence"):
        return None
    first = payload["evidence"][0]
    numbers = [shown for name in ("first", "second") if (shown := first[name])]
    shares = [row for row in first["trace"] if row["kind"] in ("share", "sum")]
    if not numbers or numbers != [row["shown"] for row in shares] or numbers[0].startswith("["):
        return None
    text = read_markdown(str(fill_wording(wording, terms)))
    joined = (_(" mod ") if outcome in SURE else _(" og ")).strip()
    found = {"outcome": outcome, "text": text, "numbers": numbers, "joined": joined}
    return found | {"trace": shares}


def _leave_out_covered(findings, declared):
    """Findings without those that one before them says more of (`covers`)."""
    kept, covered = [], set()
    for one in findings:
        if one["id"] not in covered:
            kept.append(one)
            covered.update(declared[one["id"]].get("covers", ()))
    return kept
