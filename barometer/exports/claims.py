"""The sentences of a report for machines: what is claimed, how sure it is, on which numbers."""

from barometer.exports.cells import MEAN, SHARE, read_shown
from barometer.exports.tables import describe_data, write_json
from barometer.languages.speaking import N_, _

FILE = "claims.json"
KINDS = ("share", "sum", "mean", "difference", "count")
UNITS = {"difference": N_("procentpoint"), "mean": MEAN, "count": N_("svar")}
_TEST = """about verdict item group versus difference low high p p_adjusted level inference
    otherwise reason published published_verdict status"""
TEST = tuple(_TEST.split())
PAGE = "report.html#saetning-"


def write_claims(document, numbers):
    """The text of `FILE`. `numbers`: rows of `numbers.csv`, of which only the published columns are
    read.
    """
    meta, rows = document["meta"], {}
    for row in numbers:
        if row["part"] in ("text", "title", "basis") and row["kind"] in KINDS:
            rows.setdefault(row["where"], {})[_describe_number(row)] = None
    content = {
        "title": meta["title"],
        "about": meta["part_label"],
        "period": meta["period"],
        "synthetic": meta["synthetic"],
        "description": describe_data(meta),
        "licence": meta.get("licence", ""),
        "version": meta["edition"],
        "claims": [_describe(*one, rows) for one in _group(document["claims"])],
    }
    return write_json(content)


def _group(claims):
    """(id, rows of the register) of each sentence that says something; one may rest on several."""
    found = {}
    for row in claims:
        if row["sentence"]:
            found.setdefault(row["id"], []).append(row)
    return found.items()


def _describe(name, claims, rows):
    first, verdicts = claims[0], {one["verdict"] for one in claims}
    return {
        "id": name,
        "chapter": first["chapter"],
        "claim": first["sentence"],
        "outcome": first["outcome"],
        "verdict": first["verdict"] if len(verdicts) == 1 else "several",
        "numbers": [dict(one) for one in rows.get(name, ())],
        "tests": [{key: _read(one[key]) for key in TEST if one.get(key)} for one in claims],
        "link": f"{PAGE}{name}",
    }


def _read(text):
    """A field as a number, if it is one and not "<0,001"."""
    number = read_shown(text)
    return text.replace("\xa0", " ") if number is None else number


def _describe_number(row):
    """(name, value) pairs of a number: as shown, as a number, and of what."""
    found = {
        "shown": row["shown"].replace("\xa0", " "),
        "value": read_shown(row["shown"]),
        "unit": _(UNITS.get(row["kind"], SHARE)),
        "kind": row["kind"],
        "item": row["item"],
        "label": row["label"],
        "group": row["group"],
        "group_label": row["group_label"],
        "base": row["base"],
        "n": int(row["n"]) if row["n"].isdigit() else None,
        "low": read_shown(row["low"]),
        "high": read_shown(row["high"]),
        "confidence": row["confidence"].replace("\xa0", " "),
        "flag": row["flag"],
    }
    return tuple((name, value) for name, value in found.items() if value not in ("", None))
