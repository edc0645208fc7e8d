"""The register of a report's sentences: what each rests on, and what was published of it."""

from dataclasses import dataclass
from itertools import takewhile

from barometer.data.domains import name_group
from barometer.disclosure.rules import MARKS
from barometer.display import Table, draw_payload, read_markdown
from barometer.errors import ContentError
from barometer.forms import STATISTICS
from barometer.languages.speaking import N_, _
from barometer.marks import CONFIDENTIAL, FLAGS, UNRELIABLE
from barometer.marks import MARKS as MEANINGS
from barometer.numbers.allowed import GIVEN
from barometer.payloads import MIME, list_payloads
from barometer.sentences import evidence, sensitivity
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import NBSP, NONE, Text, read_plain, write_number

COLUMNS = ("id", "chapter", "sentence", "outcome", *evidence.COLUMNS, "published_verdict", "status")
OPPOSITE = {
    "higher": "lower",
    "lower": "higher",
    "tendency_lower": "higher",
    "tendency_higher": "lower",
}
DESCRIPTIONS = ("description", "empty")  # of a share without a test, or of nobody
DEVIATIONS = ("reworded", "contradicts")
WORDS = evidence.VERDICTS | N_(
    {
        "holds": "stemmer",
        "reworded": "omformuleret",
        "contradicts": "modsat",
        "withheld": "holdt tilbage",
        "": "–",
        "closed": "[c]",
        "uncertain": "[u]",
        "untested": "ikke testet",
        "description": "beskrivelse",
        "empty": "ingen svar",
    }
)
ALIKE = N_("ingen forskel i hele procent")  # of a census, in which nothing is uncertain
WITHHELD = {"closed": MEANINGS[CONFIDENTIAL], "uncertain": MEANINGS[UNRELIABLE]}
KINDS = ("share", *STATISTICS, "round")
FIRST_WORDS = 6  # of a sentence, as a name for it
NOTE = N_(
    "Forskel i procentpoint med {level} interval. I parentes efter p: p efter Holms "
    "korrektion for antallet af tests i samme figur eller af samme spørgsmål, og efter "
    "Benjamini–Hochbergs (BH) for alle tests i rapporten. Dom: hvad testen siger; en tendens er "
    "tæt på at være signifikant og regnes ikke for en sikker forskel. Hvor publikationen skrev "
    "om det samme, står, om det stemmer."
)
KNOWN = N_(
    "Forskel i procentpoint. Alle er spurgt, så en forskel er en forskel, og der er ikke noget "
    "p. Hvor publikationen skrev om det samme, står, om det stemmer."
)  # of a census
FALLS = N_("»Falder med« siger, at forskellen ikke er signifikant efter den korrektion.")


def list_verdicts(published, part, parts):
    """{id: {"verdict", "test"}} of published rows: all for the whole, a part's own else. `parts`:
    the first dimension's.
    """
    rows = published[published["verdict"] != ""]
    rows = rows if part == "all" else rows[rows["domain"] == part]
    return {
        row["id"]: {"verdict": row["verdict"], "test": _name_test(row, parts)}
        for row in rows.to_dict("records")
    }


@dataclass(frozen=True)
class Register:
    """Shown in a chapter, it becomes the table of all the report's sentences."""

    id: str
    title: str
    verdicts: dict

    def _repr_mimebundle_(self, include=None, exclude=None):
        payload = {"kind": "claims", "id": self.id, "title": self.title, "verdicts": self.verdicts}
        return {MIME: payload, **draw_payload(payload)}


def show_claims(survey, id, title):
    """The register of the whole report's sentences."""
    verdicts = list_verdicts(survey.published, survey.report, survey.firsts)
    return Register(id, title, verdicts)


def find_verdicts(notebooks, published=None):
    """The published verdicts that the chapter with the register carries.

    Without that chapter those of `published` (the survey's) for the notebooks' part, or none.
    """
    shown = {one["kind"]: one for notebook in notebooks for one in list_payloads(notebook)}
    if "claims" in shown:
        return shown["claims"]["verdicts"]
    if published is None or "survey" not in shown or not {"verdict", "domain"} <= {*published}:
        return {}
    return list_verdicts(published, shown["survey"]["part"], shown["survey"]["parts"])


def collect_claims(notebooks, verdicts):
    """A row (`COLUMNS`) for each test or share that a sentence or figure title of the notebooks
    rests on.

    `notebooks`: (name, executed notebook) in reading order; `verdicts`: the published ones. Raises
    ValueError for two sentences with one id.
    """
    rows, places = [], {}
    for name, notebook in notebooks:
        for payload in filter(_says_something, list_payloads(notebook)):
            id = payload.get("claim") or payload["id"]
            if other := places.get(id):
                twice = f"{other} og {name}"
                raise ContentError(
                    f"sætningen {id} står to gange ({twice}); giv den ene et andet id"
                )
            places[id] = name
            said = {"id": id, "chapter": name, "outcome": payload["outcome"]}
            told = payload["title"] if "claim" in payload else read_markdown(payload["markdown"])
            said["sentence"] = told
            rows += [_judge(said | found, verdicts) for found in payload["evidence"]]
    return rows


def _says_something(payload):
    """Whether it is a sentence with a test behind it, or a passage; one may be empty."""
    return payload.get("evidence") or (payload.get("outcome") and payload.get("markdown"))


def list_deviations(rows):
    """The rows whose verdict is another than the published one."""
    return [row for row in rows if row["status"] in DEVIATIONS]


def tabulate_claims(rows, id, title):
    """The sentences that rest on a test, as a numbered table."""
    columns = [*map(_, N_(("Sætning", "Forskel", "p (Holm; BH)", "Dom")))]
    tested = [row for row in rows if row["verdict"] not in DESCRIPTIONS]
    cells = [
        [
            f"{row['id']}. {row['about']}",
            _write_difference(row) or NONE,
            _write_p(row),
            _write_verdict(row),
        ]
        for row in tested
    ]
    table = {"columns": columns, "rows": cells, "numeric": [False, True, True, False]}
    falls = _(FALLS) if any(row["falls"] for row in tested) else ""
    note = KNOWN if tested and all(row["reason"] == "complete" for row in tested) else NOTE
    note = _(note).format(level=write_number(CONFIDENCE, "share"))
    notes = filter(None, (note, falls, sensitivity.note_hinges(tested)))
    return Table(title, table, " ".join(notes), id)


def describe_claims(rows):
    """[{"id", "sentence", "name", "rests": [text, …]}, …] of what sentences rest on, in order.

    `name`: the first words of a sentence, without its numbers.
    """
    found = {}
    for row in rows:
        name = _name_sentence(row["sentence"])
        entry = {"id": row["id"], "sentence": row["sentence"], "name": name, "rests": []}
        found.setdefault(row["id"], entry)["rests"].append(_describe_row(row))
    return list(found.values())


def _name_sentence(sentence):
    words = sentence.split()
    begun = [*takewhile(lambda word: not any(map(str.isdigit, word)), words[:FIRST_WORDS])]
    return " ".join(begun) + "…" * (len(begun) < len(words)) if begun else _("sætningen")


def _describe_row(row):
    shares = _(" mod ").join(filter(None, (row["first"], row["second"])))
    if row["verdict"] == "description" and row["low"]:
        shares += f" ({row['low']}–{row['high']})"
    sizes = [f"n = {write_number(int(n), 'count')}" for n in dict.fromkeys(row["sizes"])]
    shares += f" ({_(' og ').join(sizes)})" if sizes else ""
    both = zip(("Holm", "Benjamini–Hochberg"), (row["p_adjusted"], row["p_bh"]), strict=True)
    unit = {"scale": "point", "number": ""}.get(row.get("means"), "procentpoint")
    unit = _(N_({"point": "point"}).get(unit, f"\u00a0{unit}" if unit else "")).strip()
    shown = row["verdict"] in DESCRIPTIONS  # the share says it
    status = _("publiceret: {verdict} ({status})").format(
        verdict=_(WORDS[row["published_verdict"]]), status=_(WORDS[row["status"]])
    )
    grounds = (
        shares,
        f"{_('forskel')} {_write_difference(row)!s} {unit}".rstrip() if row["difference"] else "",
        f"p {row['p'] if row['p'].startswith('<') else '= ' + row['p']}" if row["p"] else "",
        ", ".join(_("efter {name} {p}").format(name=name, p=p) for name, p in both if p),
        sensitivity.describe_reason(row),
        _(WITHHELD.get(row["verdict"], "")) or ("" if shown else name_verdict(row)),
        _write_falls(row),
        sensitivity.describe_hinge(row, WORDS),
        status if row["status"] else "",
        *(_(FLAGS[mark]) for mark in row["flag"].split()),
    )
    facts = "; ".join(filter(None, grounds))
    return f"{row['about']}. {facts if facts.startswith('p ') else facts[:1].upper() + facts[1:]}."


def name_verdict(row):
    """The verdict of a row of the register, as readers meet it."""
    if (row["reason"], row["verdict"]) == ("complete", "no_difference"):
        return _(ALIKE)
    words = WORDS | (evidence.MEAN_VERDICTS if row.get("means") else {})
    return _(words[row["verdict"]])


def _judge(row, verdicts):
    stated = verdicts.get(row["published"])
    published = stated["verdict"] if stated and stated["test"] == _name_test(row) else ""
    return {name: row.get(name, "") for name in (*COLUMNS, "respondents")} | {
        "numbers": row.get("numbers", {}),
        # of the shares that are shown
        "sizes": [one["n"] for one in row.get("trace", ()) if one["kind"] in KINDS and one["n"]],
        **({"means": means} if (means := _name_means(row)) else {}),
        "published_verdict": published,
        "status": _find_status(row["verdict"], published),
    }


def _name_means(row):
    """ "scale" or "number" of what a test of means is of; "" of shares."""
    kinds = [one for one in row.get("trace", ()) if one["kind"] in STATISTICS]
    number = any(one["item"].endswith(f"={GIVEN}") for one in kinds)
    return ("number" if number else "scale") if kinds else ""


def _name_test(row, parts=()):
    """What is tested in which groups: where the data choose, another than was published."""
    group = row["group"] or " / ".join(map(name_group, parts))
    return " / ".join(filter(None, (row["item"], group, row["versus"])))


def _find_status(verdict, published):
    if not published:
        return ""
    if verdict in ("closed", "uncertain", "untested", "empty"):
        return "withheld"
    # Not significant is what was published of no difference, also where today's data lean one way.
    if verdict == published or (published == "no_difference" and verdict.startswith("tendency")):
        return "holds"
    return "contradicts" if OPPOSITE.get(published) == verdict else "reworded"


def _write_difference(row):
    """ "+28,7 (+26,2 til +31,1)": a tested difference with its interval, on one line."""
    difference, low, high = (_read_number(row, name) for name in ("difference", "low", "high"))
    # a known difference, or none to test, has no limits
    if not low or row["difference"] in MARKS:
        return Text(difference)
    return Text(difference, " (", low, f"{NBSP}{_('til')}{NBSP}", high, ")")


def _write_p(row):
    """p, and in parentheses p after both corrections."""
    if not row["p_bh"]:
        return Text(_read_number(row, "p") or NONE)
    return f"{row['p']} ({row['p_adjusted']}; {row['p_bh']})".replace("< ", f"<{NBSP}")


def _read_number(row, name):
    """A column of a row as the number it shows; as words where the row has no such number."""
    return read_plain([row["numbers"][name]]) if name in row["numbers"] else row[name]


def _write_falls(row):
    return _("falder med {names}").format(names=row["falls"]) if row["falls"] else ""


def _write_verdict(row):
    status = _(WORDS[row["status"]]) if row["status"] else ""
    if row["status"] in DEVIATIONS:
        verdict = _(WORDS[row["published_verdict"]])
        status += _(", publiceret som {verdict}").format(verdict=verdict)
    hinge = _(sensitivity.MARK) if row["otherwise"] else ""
    return "; ".join(filter(None, (name_verdict(row), _write_falls(row), hinge, status)))
