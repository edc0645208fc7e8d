"""A made-up survey of a certificate, counted with sums only, by the standard library alone: no
solver, nothing of the program that computes numbers.

A survey is a text for each column with a sign for each respondent: the number of the answer from
"0" on, "-" where nothing was asked.
"""

from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from operator import or_

from barometer.verify.claims import split_domain

NOTHING = "-"


class Survey:
    """One made-up survey. Masks are integers with a bit for each respondent. `weights`: [how many
    respondents in a row, what each weighs], as decimal numbers.
    """

    def __init__(self, structure, columns, weights):
        self.structure, self.columns, self.known = structure, columns, {}
        if not all(weight.replace(".", "", 1).isdecimal() for _, weight in weights):
            raise ValueError("a weight that is no number")
        digits = max((len(weight.partition(".")[2]) for _, weight in weights), default=0)
        self.unit = 10**digits
        self.weights = [
            int(Decimal(weight) * self.unit) for many, weight in weights for _ in range(many)
        ]
        self.size = len(self.weights)

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
        for beside, given in list_unanswered(self.structure, column, answers):
            none = {chr(48 + list_answers(self.structure, beside).index(one)) for one in given}
            text = "".join(
                NOTHING if other in none else sign
                for sign, other in zip(text, self.columns[beside], strict=True)
            )
        bits = [(sign in wanted and sign != NOTHING, sign != NOTHING) for sign in reversed(text)]
        return tuple(int("".join("01"[bit[part]] for bit in bits), 2) for part in (0, 1))

    def select(self, cell):
        """(mask of those asked an item in a group and a domain, mask of those of them counted)."""
        item, group, domain = cell
        true, asked = self.find(item)
        inside = self.find(group)[0]
        for name, answer in split_domain(domain).items():
            inside &= self.find(f"{name}={answer}")[0]
        return asked & inside, true & inside

    @cached_property
    def planes(self):
        """For each binary digit of a weight, whose weight has it: sums are whole numbers, and
        exact.
        """
        many = max(self.weights, default=0).bit_length()
        return [
            int("".join(str(weight >> place & 1) for weight in reversed(self.weights)) or "0", 2)
            for place in range(many)
        ]

    def weigh(self, mask):
        """The sum of the weights of some respondents."""
        found = sum((mask & plane).bit_count() << place for place, plane in enumerate(self.planes))
        return found / self.unit

    def measure(self, claim):
        """The number that a claim is about, as this survey has it; None where nobody was asked."""
        pairs = [self.select(cell) for cell in claim.cells]
        base, yes = pairs[0]
        if claim.kind in ("n", "count"):
            return (base if claim.kind == "n" else yes).bit_count()
        if claim.kind == "units":
            return self.weigh(yes)
        if claim.kind in ("least", "largest"):
            held = [one for at, one in enumerate(self.weights) if yes >> at & 1]
            return (min if claim.kind == "least" else max)(held) / self.unit if held else None
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


def list_unanswered(structure, column, answers):
    """[(column, answers)] of who is outside the base of some answers, as he gave none."""
    name, _, item = column.partition(".")
    question = structure["questions"].get(name, {})
    none = question.get("unanswered", [])
    if question.get("kind") == "multiple":
        own = item in none and [*answers] == ["1"]
        return [] if own else [(f"{name}.{one}", ["1"]) for one in none]
    return [(column, none)] if none and not {*answers} & {*none} else []


def list_answers(structure, column):
    """The codes of what can stand in a column, in order; of a tick, "0" and "1"."""
    if column in structure["background"]:
        return structure["background"][column]
    return structure["questions"][column.partition(".")[0]]["answers"] or ["0", "1"]
