"""What a report brings to the bank: its cells and its tests, as plain data, each with the place on
its page where it stands.
"""

from barometer.bank.pages import OTHERS
from barometer.data.cards import REGISTRY
from barometer.data.domains import (
    WHOLE,
    is_joined,
    is_negated,
    name_part,
    narrow_domain,
    split_domain,
    split_terms,
    strip_not,
)
from barometer.data.registry import read_questionnaire
from barometer.disclosure.gate import name_base
from barometer.exports.cells import list_exhibits, read_shown
from barometer.figures.tables import MEASURE_NAMES
from barometer.forms import DIFFERENCES, FORMS, STATISTICS
from barometer.languages.numerals import separators
from barometer.languages.speaking import _, spoken
from barometer.report.numbers import name_cell
from barometer.report.tidy import name_level
from barometer.sentences.register import name_verdict
from barometer.sentences.trace import AGAINST
from barometer.verify.typed import OWN

SHARES = ("share", "sum")
TESTS = ("difference", *DIFFERENCES)
# parts of a page where a number may be looked up, the best to lead a reader to first
BANK = "bank"  # of what stands in no report
PARTS = ("table", "picture", "title", "text", "basis", BANK)
ASKED = {"single": "one", "scale": "one", "battery": "one", "multiple": "several"}


def collect_bank(document, numbers, data, compare=None):
    """{"part", "level", "questions", "parts", "kinds", "groups", "answers", "cells", "tests"} of a
    report.

    `numbers`: rows of `numbers.csv` with `domain` and `asked`. `data`: the survey's folder. A cell
    is (item, group, domain) as in the plan; `source` names its row of `numbers.csv`. `compare`: of
    {question: variables} what is tested besides (`filling.py`).
    """
    registry = read_questionnaire(data / REGISTRY, spoken())
    made = Collector(registry, _list_places(document))
    claims = {(one["id"], one["item"]): [] for one in document["claims"]}
    for one in document["claims"]:
        claims[one["id"], one["item"]].append(one)
    for row in numbers:
        if row["kind"] in (*SHARES, *STATISTICS):
            made.add_cell(row)
    for row in numbers:
        if row["kind"] in TESTS:
            made.add_test(row, claims)
    if compare:
        made.add_verdicts(compare)
    return {"part": document["meta"]["part"], "level": name_level()} | made.describe()


class Collector:
    """Cells and tests by their keys; words of what they are of. `places`: {element: link}."""

    def __init__(self, registry, places):
        self.registry, self.places = registry, places
        self.cells, self.tests = {}, {}
        self.parts, self.kinds, self.groups, self.answers = {}, {}, {}, {}

    def add_cell(self, row):
        """Keep a row of a share or another statistic, or the better one of the same cell."""
        if row["where"] not in self.places or row["part"] not in PARTS:
            return
        statistic = "" if row["kind"] in SHARES else row["kind"]
        key = self._read_cell(row["item"], row["group"], row, statistic)
        decimal = separators()[0] in row["shown"] + row["low"]
        rank = not row["low"], decimal, PARTS.index(row["part"])
        known = self.cells.get(key)
        if known and known["rank"] <= rank:
            return
        self.cells[key] = {
            "rank": rank,
            "shown": _write_share(row["shown"]) if not statistic else row["shown"],
            "value": read_shown(row["shown"]),
            **{name: row[name] for name in ("low", "high", "n", "flag")},
            "ends": [read_shown(row["low"]), read_shown(row["high"])],
            "source": [row["where"], row["item"], row["group"]],
            "place": self.places[row["where"]] or (known and known["place"]),
        }

    def add_test(self, row, claims):
        """Keep a tested difference between two groups, with what the register says of it."""
        groups = row["group"].split(AGAINST)
        if row["where"] not in self.places or AGAINST in row["item"] or len(groups) != 2:
            return
        statistic = "" if row["kind"] == TESTS[0] else row["kind"].removesuffix("_difference")
        keys = [self._read_cell(row["item"], group, row, statistic) for group in groups]
        if (key := (keys[0], keys[1][1:3])) in self.tests:
            return
        found = [
            one
            for one in claims.get((row["where"], row["item"]), ())
            if [one["group"], one["versus"]] == groups
        ]
        if not found:
            return
        self.tests[key] = {
            **{name: row[name] for name in ("shown", "low", "high")},
            "p": found[0]["p"],
            "verdict": name_verdict(found[0]),
            "source": [row["where"], row["item"], row["group"]],
            "place": self.places[row["where"]],
        }

    def add_verdicts(self, compare):
        """Keep what is tested besides, where no sentence rests on the same test."""
        items = {}
        for (item, statistic), one in self.answers.items():
            if not statistic:
                items.setdefault(one["question"], []).append(item)
        for *key, test in compare(items):
            first, second = tuple(key[:4]), tuple(key[4:])
            self.tests.setdefault((first, second), test)

    def describe(self):
        """What was kept, as lists and dicts of texts."""
        order = {name: at for at, name in enumerate((*self.registry.questions, OTHERS))}
        questions = {one["question"] for one in self.answers.values()}
        return {
            "questions": {name: self._describe(name) for name in sorted(questions, key=order.get)},
            "parts": self.parts,
            "kinds": self.kinds,
            "groups": self.groups,
            "answers": [[*key, one] for key, one in self.answers.items()],
            "cells": [
                [*key, {name: one[name] for name in one if name != "rank"}]
                for key, one in self.cells.items()
            ],
            "tests": [[*first, *second, one] for (first, second), one in self.tests.items()],
        }

    def _read_cell(self, item, group, row, statistic):
        """(item, part, group, statistic) of a row; what its names mean is noted.

        What is left beside a part is a part of its own.
        """
        registry = self.registry
        named = {"item": item, "group": group, "asked": row["asked"], "domain": row["domain"]}
        domain, item, group = name_cell(named, registry.background)
        part = domain
        if is_negated(group) and narrow_domain(WHOLE, strip_not(group), registry.background):
            part, group = group, WHOLE
        self.parts.setdefault(part, self._name_part(part))
        self.kinds.setdefault(part, self._name_kind(part))
        self.groups.setdefault(group, _("Alle spurgte") if group == WHOLE else self._label(group))
        if (item, statistic) not in self.answers:
            self.answers[item, statistic] = self._describe_answer(item, row["label"], statistic)
        return item, part, group, statistic

    def _name_part(self, part):
        if is_negated(part):
            inside = self.registry.inside(self._label(strip_not(part)))
            return f"{self.registry.whole['rest_name']} ({_('uden {part}').format(part=inside)})"
        return name_part(self.registry, part)

    def _name_kind(self, part):
        """What parts of a kind are called together: "Område"; "" of the whole and of sectors."""
        names = () if is_negated(part) else split_domain(part)
        headings = [self.registry.background[one]["heading"] for one in names]
        return " × ".join(headings) if {*names} - {self.registry.first} else ""

    def _label(self, name):
        return self.registry.label(name)

    def _describe_answer(self, item, words, statistic):
        registry, question = self.registry, find_question(self.registry, item)
        variables = registry.questions[question].variables if question in registry.questions else ()
        own = question == (OTHERS if is_joined(item) else registry.find_question(item))
        known = [*variables, *registry.derived]
        return {
            "question": question,
            "label": f"{words} ({_(MEASURE_NAMES[statistic])})" if statistic else words,
            "base": name_base(registry, registry.asked(item)),
            # a row of a battery is answered by itself, a tick too
            "stem": self._find_stem(item, question) if own and not statistic else "",
            "order": known.index(item) if item in known else len(known),
        }

    def _find_stem(self, item, question):
        kind = getattr(self.registry.questions.get(question), "kind", "")
        if is_negated(item) or "|" in item or kind not in ASKED:
            return ""
        return item.partition("=")[0]

    def _describe(self, name):
        if name == OTHERS:
            return {"text": _("Sammensat af svar på flere spørgsmål"), "kind": ""}
        question = self.registry.questions[name]
        return {"text": question.text, "kind": ASKED.get(question.kind, "")}


def find_question(registry, item):
    """The question that an item is on, of a derived variable the one that its parts are on;
    `OTHERS` of several.
    """
    terms = {strip_not(term) for term in split_terms(item)}
    found, seen = set(), set()
    while terms:
        term = terms.pop()
        seen.add(term)
        if term in registry.derived:
            terms |= {strip_not(one) for one in registry.derived[term].parts} - seen
        elif term != WHOLE:
            found.add(registry.find_question(term))
    one = found.pop() if len(found) == 1 else OTHERS
    return one if one in registry.questions else OTHERS


def _list_places(document):
    """{id of a figure, table or sentence: (its anchor on the page, what it is called)}."""
    places = {
        one["id"]: [one["id"], one["label"] or one["title"]] for one in list_exhibits(document)
    }
    places[OWN] = None  # in the bank alone
    for claim in document["claims"]:
        if claim["sentence"]:
            places.setdefault(claim["id"], [f"saetning-{claim['id']}", _("en sætning")])
    return places


def _write_share(shown):
    """A share as tables have it, "37 %", also where a sentence says "37 pct."."""
    unit, short = (_(FORMS[name][2]) for name in ("share", "percent"))
    return shown.removesuffix(unit) + short if shown.endswith(unit) else shown
