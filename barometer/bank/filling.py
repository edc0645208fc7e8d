"""What the bank of a survey has beside the numbers of its pages: answers of all who were asked,
where a page shows some of them alone, and whether its parts differ.

All of it is in the plan, and passes the gate. The answers are rows of `numbers.csv` like others, so
that certificate, attacks and releases have them too; of the tests there is the verdict alone.
"""

from itertools import combinations
from math import isnan

from barometer.bank.collecting import BANK, SHARES, collect_bank, find_question
from barometer.data.domains import WHOLE, is_joined, is_negated, name_group
from barometer.disclosure.release import release_differences, release_shares
from barometer.languages.numerals import separators
from barometer.languages.speaking import _, own_language, spoken
from barometer.report.numbers import COLUMNS, name_cell
from barometer.report.tidy import name_level
from barometer.sentences.evidence import VERDICTS
from barometer.sentences.trace import trace_cell
from barometer.text import write_number
from barometer.verify.typed import OWN

COUNTED = ("scale", "number")  # kinds of questions whose answers are no shares


class Filling:
    """The survey behind a report. `open_survey`: the door's; `data`: the survey's name or folder;
    `domain`: the part that the report is on.
    """

    def __init__(self, open_survey, data, domain):
        self.open_survey, self.data, self.domain = open_survey, data, domain

    def _open(self):
        survey = self.open_survey(self.data)
        return survey if spoken() == own_language() else survey._in_language(spoken())

    def fill(self, numbers):
        """Rows for `numbers.csv`, of which `numbers` are the others: a share for each answer that
        the plan has of all who were asked in the report's part, and that no page shows in whole
        per cent with such an interval.
        """
        if not _has_survey(numbers):
            return []
        survey = self._open()
        dimensions = survey.registry.background
        decimal = separators()[0]
        known = {
            name_cell(row, dimensions)
            for row in numbers
            if row["kind"] in SHARES and decimal not in row["shown"] + row["low"]
        }
        items = [
            item
            for item, group, domain in sorted(survey.plan.scope)
            if (group, domain) == (WHOLE, self.domain) and _is_answer(survey.registry, item)
        ]
        named = {"group": WHOLE, "sector": self.domain}
        items = [one for one in items if name_cell(named | {"item": one}, dimensions) not in known]
        if not items:
            return []
        released = release_shares(survey, items, [name_group(self.domain)])
        edition = next(row for row in numbers if row["data"])
        plain = dict.fromkeys(COLUMNS, "") | {name: edition[name] for name in ("data", "code")}
        return [plain | row for row in map(self._trace, _list_shown(released))]

    def _trace(self, shown):
        cell, words, about = shown
        row = trace_cell(cell, words, BANK, "percent", about) | {"where": OWN}
        return row | {"confidence": name_level() if row["low"] else ""}

    def compare(self, items):
        """[[item, part, group, statistic, part, group, test], …]: whether the sectors differ, each
        pair of them and each of `items` ({question: variables}), in shares that the plan has.

        The verdict is after Holm's correction for the answers to a question.
        """
        survey, found = self._open(), []
        parts = [one for one in survey.registry.domain_names if one != WHOLE]
        for question in items.values():
            for pair in combinations(parts, 2):
                cells = {one: [(one, WHOLE, part) for part in pair] for one in question}
                own = [one for one in question if survey.plan.scope.issuperset(cells[one])]
                if own:
                    found += _test(survey, own, pair)
        return found

    def collect(self, document, numbers, data):
        """What the report brings to the bank (`collecting.py`). `data`: the survey's folder."""
        whole = self.domain == WHOLE and _has_survey(numbers)
        return collect_bank(document, numbers, data, self.compare if whole else None)


def _has_survey(numbers):
    return any("rule" in row["internal"] for row in numbers)


def _is_answer(registry, item):
    if item == WHOLE or is_negated(item) or is_joined(item):
        return False
    question = registry.questions.get(find_question(registry, item))
    return not question or question.kind not in COUNTED


def _list_shown(released):
    for cell in released.table.itertuples():
        if cell.status.startswith("["):
            yield cell, cell.status, released.about
        elif not isnan(cell.share):
            yield cell, write_number(cell.share, "percent"), released.about


def _test(survey, items, pair):
    tested = release_differences(survey, items, *map(name_group, pair)).comparisons
    for row in tested.itertuples():
        verdict = row.verdict
        if not isnan(row.p_adjusted) and row.p_adjusted >= survey.alpha:
            verdict = "no_difference"
        if verdict:
            empty = dict.fromkeys(("shown", "low", "high", "p"), "")
            test = empty | {"verdict": _(VERDICTS[verdict]), "source": None, "place": None}
            yield [row.item, pair[0], WHOLE, "", pair[1], WHOLE, test]
