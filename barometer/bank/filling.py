"""What the bank of a survey has beside the numbers of its pages: answers of all who were asked,
where a page shows some of them alone, in a report's part and in the parts that `bank:` in
`report.yaml` names; and whether parts differ.

All of it is in the plan, and passes the gate. The answers are rows of `numbers.csv` like others, so
that certificate, attacks and releases have them too; of the tests there is the verdict alone.
"""

from itertools import combinations, product
from math import isnan

from barometer import paths
from barometer.bank.collecting import BANK, SHARES, collect_bank, find_question
from barometer.data.domains import WHOLE, is_joined, is_negated, name_domain, name_group
from barometer.disclosure.release import release_differences, release_shares
from barometer.document.imprint import REPORT, read_front
from barometer.files.faults import DataFault, Fault
from barometer.languages.numerals import separators
from barometer.languages.speaking import _, own_language, spoken
from barometer.report.numbers import COLUMNS, name_cell
from barometer.report.tidy import name_level
from barometer.sentences.evidence import VERDICTS
from barometer.sentences.trace import trace_cell
from barometer.statistics.comparisons import adjust_holm
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
        per cent with such an interval. The report on the whole brings further parts too.
        """
        if not _has_survey(numbers):
            return []
        survey = self._open()
        decimal = separators()[0]
        known = {
            name_cell(row, survey.registry.background)
            for row in numbers
            if row["kind"] in SHARES and decimal not in row["shown"] + row["low"]
        }
        alike = {}  # {answers: the parts that lack them}
        for part, questions in self._list_parts(survey.registry):
            if lacking := _list_lacking(survey, part, questions, known):
                alike.setdefault(lacking, []).append(name_group(part))
        edition = next(row for row in numbers if row["data"])
        plain = dict.fromkeys(COLUMNS, "") | {name: edition[name] for name in ("data", "code")}
        return [
            plain | self._trace(shown)
            for items, groups in alike.items()
            for shown in _list_shown(release_shares(survey, items, groups))
        ]

    def _list_parts(self, registry):
        """[(part, the questions that are wanted in it, None for all), …]."""
        further = self._list_further(registry) if self.domain == WHOLE else []
        own = (self.domain, None)
        return [own, *((part, questions) for parts, questions in further for part in parts)]

    def _list_further(self, registry):
        """What the project names, of which a survey that is not its own may lack some."""
        return list_further(registry, self.data == paths.name_default())

    def _trace(self, shown):
        cell, words, about = shown
        row = trace_cell(cell, words, BANK, "percent", about) | {"where": OWN}
        return row | {"confidence": name_level() if row["low"] else ""}

    def compare(self, items):
        """[[item, part, group, statistic, part, group, test], …]: whether sectors differ, and the
        further parts of one kind: each pair of them and each of `items` ({question: variables}), in
        shares that the plan has.

        The verdict is after Holm's correction for the answers to a question.
        """
        survey, found = self._open(), []
        sectors = [one for one in survey.registry.domain_names if one != WHOLE]
        for parts, questions in ((sectors, None), *self._list_further(survey.registry)):
            wanted = [
                [one for one in answers if _is_wanted(survey.registry, one, questions)]
                for answers in items.values()
            ]
            for pair in combinations(parts, 2):
                found += _test(survey, wanted, pair)
        return found

    def collect(self, document, numbers, data):
        """What the report brings to the bank (`collecting.py`). `data`: the survey's folder."""
        whole = self.domain == WHOLE and _has_survey(numbers)
        return collect_bank(document, numbers, data, self.compare if whole else None)


def list_further(registry, own):
    """[(parts, questions), …] of what `bank:` in `report.yaml` names: "field" is all questions
    (None) in each field, "field/novelty" that one. Raises `DataFault` for parts that reports cannot
    be on by the registry, and for a question that it does not have, where the survey is the
    project's `own`; another is without them.
    """
    wanted = {}
    for one in read_front(None)["bank"]:
        name, _slash, question = one.partition("/")
        wanted.setdefault(name, set()).add(question)
    domains = {"&".join(one) for one in registry.domains}
    questions = {*registry.questions, *registry.derived}
    if own:
        named = {question for several in wanted.values() for question in several - {""}}
        _refuse_unknown(wanted, domains, "under domains i questionnaire.yaml")
        _refuse_unknown(named, questions, "blandt spørgsmålene i questionnaire.yaml")
    return [
        (_cross_answers(registry, name.split("&")), None if "" in several else several & questions)
        for name, several in wanted.items()
        if name in domains
    ]


def _refuse_unknown(names, known, where):
    if unknown := [one for one in names if one not in known]:
        problem = f"bank: {', '.join(sorted(unknown))} står ikke {where}"
        known = ", ".join(sorted(known)) or "ingen"
        raise DataFault([Fault(REPORT, problem, f"der står {known}")])


def _cross_answers(registry, names):
    """The parts that have one answer to each of some dimensions."""
    answers = product(*(registry.background[one]["answers"] for one in names))
    return [name_domain(dict(zip(names, found, strict=True))) for found in answers]


def _list_lacking(survey, part, questions, known):
    """The answers to these questions that the plan has of all who were asked in a part, and that no
    page shows.
    """
    items = [
        item
        for item, group, domain in sorted(survey.plan.scope)
        if (group, domain) == (WHOLE, part)
        and _is_answer(survey.registry, item)
        and _is_wanted(survey.registry, item, questions)
    ]
    named = {"group": WHOLE, "domain": part}
    background = survey.registry.background
    return tuple(one for one in items if name_cell(named | {"item": one}, background) not in known)


def _is_wanted(registry, item, questions):
    """Whether an item is an answer to one of these questions, or one of these derived variables."""
    return questions is None or bool({item, registry.find_question(item)} & questions)


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


def _test(survey, questions, pair):
    """Whether two parts differ, in each answer to each question that the plan has of both."""
    planned = [
        [one for one in items if survey.plan.scope.issuperset((one, WHOLE, part) for part in pair)]
        for items in questions
    ]
    every = [one for items in planned for one in items]
    if not every:
        return
    released = release_differences(survey, every, *map(name_group, pair))
    tested = {row.item: row for row in released.comparisons.itertuples()}
    for items in planned:
        adjusted = adjust_holm([tested[one].p for one in items])
        for item, p in zip(items, adjusted, strict=True):
            verdict = "no_difference" if p >= survey.alpha else tested[item].verdict
            if verdict:
                empty = dict.fromkeys(("shown", "low", "high", "p"), "")
                test = empty | {"verdict": _(VERDICTS[verdict]), "source": None, "place": None}
                yield [item, pair[0], WHOLE, "", pair[1], WHOLE, test]
