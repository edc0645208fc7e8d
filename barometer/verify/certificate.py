"""The certificate of a published folder: made-up surveys that give all that is published, and two
of which differ in each suppressed cell.

Checked with sums only, by the standard library alone: no data, no solver, nothing of the program
that computes numbers. A survey is a text for each column with a sign for each respondent: the
number of the answer from "0" on, "-" where nothing was asked.
"""

import hashlib
import json
from functools import cached_property
from itertools import accumulate
from operator import or_
from pathlib import Path

from barometer.verify.claims import NUMBERS, ROUNDED, STRUCTURE, read_published, split_domain

CERTIFICATE = "certificate.json"
SEAL = '\n "sha256": "'  # what stands before the checksum of all before it
NOTHING = "-"
RUN = "python -m barometer run"
REMEDY = f"Lav rapporterne på ny med {RUN}, og beviset med python -m barometer prove."
UNPROVED = "Cellen kan være regnet ud. Kør python -m barometer seal, og lav rapporterne på ny."


class Survey:
    """One made-up survey. Masks are integers with a bit for each respondent."""

    def __init__(self, structure, columns, weights):
        self.structure, self.columns = structure, columns
        self.weights = [float(weight) for many, weight in weights for _ in range(many)]
        self.size, self.known, self.runs, start = len(self.weights), {}, [], 0
        for many, weight in weights:
            self.runs.append((((1 << many) - 1) << start, float(weight)))
            start += many

    @cached_property
    def everybody(self):
        """The mask of all respondents."""
        return (1 << self.size) - 1

    def find(self, name):
        """(mask of those for whom a variable is true, mask of those who were asked it)."""
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def _find(self, name):
        derived = self.structure["derived"]
        if name == "all":
            return self.everybody, self.everybody
        if " + " in name or "&" in name:  # a sum of exclusive answers, or several at once
            divider = " + " if " + " in name else "&"
            parts = [self.find(part) for part in name.split(divider)]
            true, asked = parts[0]
            for more, others in parts[1:]:
                true, asked = true | more if divider == " + " else true & more, asked & others
            return true & asked, asked
        if name.startswith("!"):
            true, asked = self.find(name[1:])
            return asked & ~true, asked
        if name in derived:
            return self._derive(derived[name])
        column, _, answers = name.partition("=")
        return self._match(column, answers.split("|") if answers else ["1"])

    def _derive(self, derived):
        parts, asked = [self.find(part) for part in derived["parts"]], self.everybody
        enough = [self.everybody, *[0] * derived["at_least"]]  # of whom so many are true
        for true, others in parts:
            asked &= others
            for many in range(derived["at_least"], 0, -1):
                enough[many] |= enough[many - 1] & true
        asked = self.find(derived["among"])[0] if derived["among"] else asked
        return asked & (~enough[-1] if derived["negated"] else enough[-1]), asked

    def _match(self, column, answers):
        codes, text = list_answers(self.structure, column), self.columns[column]
        wanted = {chr(48 + codes.index(answer)) for answer in answers}
        bits = [(sign in wanted, sign != NOTHING) for sign in reversed(text)]
        return tuple(int("".join("01"[bit[part]] for bit in bits), 2) for part in (0, 1))

    def select(self, cell):
        """(mask of those asked an item in a group and a domain, mask of those of them counted)."""
        item, group, domain = cell
        true, asked = self.find(item)
        inside = self.find(group)[0]
        for name, answer in split_domain(domain).items():
            inside &= self.find(f"{name}={answer}")[0]
        return asked & inside, true & inside

    def weigh(self, mask):
        """The sum of the weights of some respondents."""
        return sum(weight * (mask & run).bit_count() for run, weight in self.runs)

    def measure(self, claim):
        """The number that a claim is about, as this survey has it; None where nobody was asked."""
        pairs = [self.select(cell) for cell in claim.cells]
        base, yes = pairs[0]
        if claim.kind in ("n", "count"):
            return (base if claim.kind == "n" else yes).bit_count()
        if claim.kind == "units":
            return self.weigh(yes)
        if claim.kind in ("least", "largest"):
            held = [weight for run, weight in self.runs if run & yes]
            return (min if claim.kind == "least" else max)(held, default=None)
        if claim.kind == "response":
            return 100 * yes.bit_count() / self.weigh(yes) if yes else None
        if not all(base for base, _ in pairs):
            return None
        first, *other = [100 * self.weigh(yes) / self.weigh(base) for base, yes in pairs]
        return first if not other else first - other[0]

    def list_faults(self):
        """What no questionnaire of this structure can have been answered like, a line each."""
        for name, question in self.structure["questions"].items():
            columns = list_columns(self.structure, name)
            if question["kind"] != "multiple":  # rows that nothing is published of are left out
                columns = [column for column in columns if column in self.columns]
            if not {*columns} & {*self.columns}:
                continue
            asked, ticked = self.find(question["asked"])[0], []
            for column in columns:
                codes, text = list_answers(self.structure, column), self.columns.get(column, "")
                if len(text) != self.size or not {*text} <= {
                    NOTHING,
                    *(chr(48 + place) for place in range(len(codes))),
                }:
                    yield f"{column} har andre svar, end spørgsmålet har"
                    return
                if self._match(column, codes)[1] != asked:
                    yield f"{column} er besvaret af andre end dem, der er spurgt"
                ticked.append(self._match(column, ["1"])[0] if "1" in codes else 0)
            if question["kind"] != "multiple":
                continue
            alone = [one for one, item in zip(ticked, question["items"], strict=True)
                     if item in question["exclusive"]]  # fmt: skip
            several = [0, *accumulate(ticked, or_)][:-1]
            twice = 0
            for one, before in zip(ticked, several, strict=True):
                twice |= one & before
            if any(one & twice for one in alone):
                yield f"{name} har et svar, der står alene, sammen med andre"
            many = [self.everybody] + [0] * ((question["max"] or len(ticked)) + 1)
            for one in ticked:
                for place in range(len(many) - 1, 0, -1):
                    many[place] |= many[place - 1] & one
            if many[-1]:
                yield f"{name} har flere kryds, end der må sættes"
            if question["must_tick"] and asked & ~many[1]:
                yield f"{name} er ikke besvaret af alle, der er spurgt"


def list_columns(structure, name):
    """The columns of a question: as variables are called, without an answer."""
    return [f"{name}.{item}" for item in structure["questions"][name]["items"]] or [name]


def list_answers(structure, column):
    """The codes of what can stand in a column, in order; of a tick, "0" and "1"."""
    if column in structure["background"]:
        return structure["background"][column]
    return structure["questions"][column.partition(".")[0]]["answers"] or ["0", "1"]


def read_surveys(structure, content):
    """The `Survey`s of a certificate. Each after the first has the columns in which it differs."""
    first = content["surveys"][0] if content["surveys"] else {}
    return [
        Survey(structure, first["columns"] | one["columns"], one.get("weights", first["weights"]))
        for one in content["surveys"]
    ]


def find_unproved(surveys, suppressed, threshold):
    """The cells of which no two surveys' counts differ by as many respondents as `threshold`."""
    counts = {cell: [one.select(cell)[1].bit_count() for one in surveys] for cell in suppressed}
    return [cell for cell, held in counts.items() if max(held) - min(held) < threshold]


def find_contradictions(survey, claims):
    """The claims that a survey does not agree with: [(claim, what it has instead)]."""
    found = []
    for claim in claims:
        value = survey.measure(claim)
        if claim.kind == "distance" and value is not None:
            value = abs(value)
        if value is None or not claim.low - ROUNDED <= value <= claim.high + ROUNDED:
            found.append((claim, value))
    return found


def check_folder(folder):
    """(how many suppressed cells are proved, how many there are, a line per fault) of a folder of
    reports.
    """
    folder, published = Path(folder), read_published(folder)
    try:
        content, faults = read_certificate(folder / CERTIFICATE)
    except FileNotFoundError:
        return 0, len(published.suppressed), [f"{CERTIFICATE} mangler. {REMEDY}"]
    except (ValueError, KeyError, TypeError):
        return 0, len(published.suppressed), [f"{CERTIFICATE} kan ikke læses. {REMEDY}"]
    faults += published.problems + _compare_files(folder, content["files"])
    try:
        surveys = read_surveys(published.structure, content)
        for number, survey in enumerate(surveys, 1):
            faults += [f"Undersøgelse {number}: {fault}." for fault in survey.list_faults()]
            for claim, value in find_contradictions(survey, published.claims):
                held = "ingen" if value is None else f"{value:.3f}".replace(".", ",")
                faults.append(f"Undersøgelse {number} giver {held}, ikke »{claim.where}«.")
        if not surveys:
            faults.append(
                f"{CERTIFICATE} har ingen undersøgelser: Ingen blev fundet. Intet er bevist."
            )
            return 0, len(published.suppressed), faults
        threshold = published.structure["threshold"]
        if content["threshold"] != threshold:
            raise ValueError(f"threshold {content['threshold']}")
        unproved = find_unproved(surveys, published.suppressed, threshold)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        faults.append(f"{CERTIFICATE} passer ikke til rapporterne ({error}). {REMEDY}")
        unproved = published.suppressed
    faults += [f"{' / '.join(cell)}: ikke bevist. {UNPROVED}" for cell in unproved]
    return len(published.suppressed) - len(unproved), len(published.suppressed), faults


def describe_proof(folder):
    """(lines on how much is proved, lines on what is not) of a folder of reports."""
    if not (Path(folder) / CERTIFICATE).is_file():
        return [f"Der er intet bevis ({CERTIFICATE}). Lav det med python -m barometer prove."], []
    proved, many, faults = check_folder(folder)
    return [f"Beviset: {proved} af {many} lukkede celler kan ikke regnes ud."], faults


def read_certificate(path):
    """(a certificate's content, a line where it is not as it was made). Raises `OSError`,
    `ValueError`, `KeyError`, `TypeError`.
    """
    text = path.read_text(encoding="utf-8")
    before, seal, after = text.rpartition(SEAL)
    content = json.loads(text)
    whole = after == f'{_hash(before)}"\n}}\n'
    if not isinstance(content["files"], dict) or not isinstance(content["surveys"], list):
        raise ValueError("no certificate")
    return content, [] if seal and whole else [f"{path.name} er ændret, siden den blev lavet."]


def write_certificate(content):
    """The text of a certificate, with the checksum of what stands before it."""
    lines = ",\n ".join(
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in content.items()
    )
    text = "{\n " + lines + ","
    return f'{text}{SEAL}{_hash(text)}"\n}}\n'


def hash_files(published):
    """{file of a report: its checksum} of those that a certificate is about."""
    paths = [
        path.with_name(name) for path in published.reports.values() for name in (NUMBERS, STRUCTURE)
    ]
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def _compare_files(folder, known):
    there = {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for name in (NUMBERS, STRUCTURE)
        for path in sorted(folder.glob(f"*/{name}"))
    }
    return [
        f"{name} er ikke den fil, beviset er lavet til. {REMEDY}"
        for name in sorted({*there, *known})
        if there.get(name) != known.get(name)
    ]


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()
