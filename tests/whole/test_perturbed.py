"""The chapters' sentences follow the tests: on the shipped answers and on others that tell another
story.

The chapters' code cells are run in this process with every question they ask noted
(`run_chapters`). Each sentence is then written a second time (`expect_sentence`) from microdata.csv
and population.csv alone: own reading, own variables, own variance in a plain loop over strata, own
choice of wording. What is shared is SciPy's distributions.
"""

import ast
import csv
import inspect
import math
import re
from collections import ChainMap, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from unittest.mock import patch

import nbformat
import numpy as np
import pytest
import yaml
from scipy import stats

from barometer.disclosure import release
from barometer.disclosure.closed import read_lines
from barometer.document.conditions import WHEN, read_conditions
from barometer.figures import drawing, tables
from barometer.parameters import check_declaration
from barometer.paths import NOTEBOOKS
from barometer.sentences import claims, facts, published
from barometer.sentences.claims import Sentence
from barometer.sentences.register import list_verdicts
from barometer.sentences.wordings import PLAIN, REACH
from barometer.statistics import comparisons
from barometer.survey import open_survey
from tests.make.perturbed import PARTNERS, PERTURBATIONS, SHIPPED, VALUES, make_perturbed
from tests.make.shipped import read_danish

CHAPTERS = {
    path.stem[:2]: nbformat.read(path, 4) for path in sorted(NOTEBOOKS.glob("0[1-5]_*.ipynb"))
}
NOTED = ("release_", "tell_", "draw_", "show_")  # functions that the door calls
TENDENCY = 0.10
PERIOD = "2018–2019"
REST = "resten af den offentlige sektor"
PLACES = {"all": "", "state": "i staten", "region": "i regionerne", "municipality": "i kommunerne"}


# --- The chapters, run here
# ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A sentence that a chapter told, by which function and from what."""

    function: str
    asked: dict
    sentence: Sentence


@dataclass(frozen=True)
class Run:
    """What chapters told ({id: Told}), their figures' titles by id and, by object, the recipes of
    released tables.
    """

    told: dict
    recipes: dict
    titles: dict

    @property
    def texts(self):
        return {name: told.sentence.text for name, told in self.told.items()}

    @property
    def outcomes(self):
        return {name: told.sentence.outcome for name, told in self.told.items()}


def run_chapters(folder, sector, chapters=tuple(CHAPTERS), alpha=0.05):
    """Run chapters' code cells in this process for a survey folder and a sector; nothing is
    drawn.
    """
    run = Run({}, {}, {})
    for chapter in chapters:
        run_chapter(CHAPTERS[chapter], {"sector": sector, "data": str(folder), "alpha": alpha}, run)
    return run


def run_chapter(notebook, parameters, run):
    assert check_declaration(notebook) == []
    names = {}
    with ExitStack() as stack:
        for module in (release, claims, facts, published, drawing, tables):
            for name, value in list(vars(module).items()):
                if value is getattr(module, name) and name.startswith(NOTED):
                    stack.enter_context(patch.object(module, name, note_calls(value, run)))
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            exec(compile(cell.source, "cell", "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names.update(parameters)


def note_calls(function, run):
    """`function` of a room, with what the door asks of it and what it answers written down;
    pictures and tables are left out.
    """
    name, signature = function.__name__, inspect.signature(function)

    def noted(*given, **named):
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        if name.startswith("draw_"):
            run.titles[bound.arguments["id"]] = bound.arguments["title"]
        if name.startswith(("draw_", "show_")):
            return None
        answer = function(*given, **named)
        asked = {key: value for key, value in bound.arguments.items() if key != "wordings"}
        asked |= bound.arguments.get("wordings", {})
        if name.startswith("release_"):
            # the answer is kept, so that its id stays its own
            run.recipes[id(answer)] = (name, asked, answer)
        elif name.startswith("tell_") and answer is not None:
            run.told[asked["id"]] = Told(name, asked, answer)
        return answer

    return noted


# --- A second calculation
# -----------------------------------------------------------------------------------------

# Variables that are true where one of the named is; the base is the innovative units unless
# `AMONG` says another.
UNIONS = {
    "initiated_by_politicians": ["initiator.nearest_politicians"],
    "initiated_by_legislation": ["initiator.legislation"],
    "politically_initiated": ["initiator.nearest_politicians", "initiator.legislation"],
    "promoted_by_politicians": ["influence.nearest_politicians=promoted_some|promoted_high"],
    "promoted_by_legislation": ["influence.legislation=promoted_some|promoted_high"],
    "hindered_by_politicians": ["influence.nearest_politicians=hindered_some|hindered_high"],
    "hindered_by_legislation": ["influence.legislation=hindered_some|hindered_high"],
    "politically_promoted": ["promoted_by_politicians", "promoted_by_legislation"],
    "political_positive_role": ["politically_initiated", "politically_promoted"],
    "politicians_promoted_not_hindered": ["promoted_by_politicians"],
    "legislation_promoted_not_hindered": ["promoted_by_legislation"],
    "reused": ["novelty=inspired|copy"],
    "attempted_shared": ["shared=yes"],
    "collaborated": [f"partner.{item}" for item in PARTNERS],
}
COMPLEMENTS = {"initiated_by_other_causes": "politically_initiated"}
AMONG = {
    "politicians_promoted_not_hindered": ["promoted_by_politicians", "hindered_by_politicians"],
    "legislation_promoted_not_hindered": ["promoted_by_legislation", "hindered_by_legislation"],
}


FRACTIONS = {
    Fraction(1, 10): "en ud af ti",
    Fraction(1, 5): "en ud af fem",
    Fraction(1, 4): "en ud af fire",
    Fraction(3, 10): "tre ud af ti",
    Fraction(1, 3): "en ud af tre",
    Fraction(2, 5): "fire ud af ti",
    Fraction(1, 2): "halvdelen",
    Fraction(3, 5): "seks ud af ti",
    Fraction(2, 3): "to ud af tre",
    Fraction(7, 10): "syv ud af ti",
    Fraction(3, 4): "tre ud af fire",
    Fraction(4, 5): "otte ud af ti",
    Fraction(9, 10): "ni ud af ti",
}

REMARKS = {
    "closed": "af hensyn til fortrolighed",
    "uncertain": "for usikre",
    "untested": "for få svar",
    "tendency": "peger i retning af en forskel",
}
UNTESTED = ("tell_scope", "tell_facts", "tell_design")
UNDECIDED = "Om de to forskelle er lige store, kan testen ikke afgøre."
ENDS = {
    "more": ("Forskellen er statistisk sikker.",),
    "less": ("Forskellen er statistisk sikker.",),
    "same": ("Det er ikke en statistisk sikker forskel.", "Vi kan ikke påvise forskel"),
}
HELD = ("closed", "uncertain")  # why a number is not shown, the graver first


@dataclass(frozen=True)
class Share:
    """A share with the respondents and their weighted deviations from it.

    `state` is "", "closed", "uncertain", "exact" or "empty".
    """

    value: float
    base: np.ndarray
    deviations: np.ndarray
    state: str


@dataclass(frozen=True)
class Held:
    """What stands in a number's place where it is not shown."""

    outcome: str


@dataclass(frozen=True)
class Finding:
    """The outcome of a test, and the numbers that a wording may name."""

    outcome: str
    a: float = math.nan
    b: float = math.nan
    p: float = math.nan


class Sample:
    """A survey folder's answers and strata, read and calculated without the package."""

    def __init__(self, folder):
        with open(folder / "microdata.csv", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        with open(folder / "population.csv", encoding="utf-8", newline="") as lines:
            strata = list(csv.DictReader(lines))
        # Which cells are closed for another's sake is the plan's to say; that no small count is
        # open is seen here.
        plan = yaml.safe_load((folder / "closed.yaml").read_text(encoding="utf-8"))
        self.closed = {*read_lines(plan["closed"])}
        self.columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        self.weights = self.columns["weight"].astype(float)
        self.strata = [
            (int(row["units"]), np.flatnonzero(self.columns["stratum"] == row["stratum"]))
            for row in strata
        ]
        self.sectors = np.array([name.partition("-")[0] for name in self.columns["stratum"]])
        self.known = {}

    @cached_property
    def innovative(self):
        return np.any(
            [
                self.columns[name] == "yes"
                for name in self.columns
                if name.startswith("introduced_")
            ],
            axis=0,
        )

    def find(self, name):
        """(who says yes, who was asked), booleans."""
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def _find(self, name):
        everybody = np.ones(len(self.weights), bool)
        if name in ("all", "innovative"):
            return (everybody if name == "all" else self.innovative), everybody
        if name.startswith("sector="):
            return self.sectors == name.partition("=")[2], everybody
        if name in COMPLEMENTS or name.startswith("!"):
            yes, asked = self.find(COMPLEMENTS.get(name, name[1:]))
            return asked & ~yes, asked
        if name in UNIONS:
            asked = self._unite(AMONG[name]) if name in AMONG else self.innovative
            return self._unite(UNIONS[name]) & asked, asked
        column, _, answers = name.partition("=")
        cells = self.columns[column.replace(".", "_")]
        asked = (cells != "") & (self.innovative if column.startswith("influence") else True)
        return np.isin(cells, answers.split("|") if answers else ["1"]), asked

    def _unite(self, names):
        return np.any([self.find(name)[0] for name in names], axis=0)

    def take_share(self, item, group, sector):
        yes, asked = self.find(item)
        base = asked & self.find(group)[0] & ((self.sectors == sector) | (sector == "all"))
        n, n_yes = base.sum(), (base & yes).sum()
        if n == 0:
            return Share(math.nan, base, np.zeros(len(yes)), "empty")
        whole = self.weights[base].sum()
        value = self.weights[base & yes].sum() / whole
        deviations = np.where(base, self.weights * (yes - value) / whole, 0)
        cells = {(item, "all", group[7:]) if group.startswith("sector=") else (item, group, sector)}
        if group.startswith("!sector="):  # what is left beside a sector is known from the two
            cells = {(item, "all", group[8:]), (item, "all", sector)}
        assert cells & self.closed or not {n, n_yes, n - n_yes} & {1, 2}
        state = (
            "closed"
            if cells & self.closed
            else "uncertain"
            if self.is_uncertain(value, base, deviations)
            else "exact"
            if n_yes in (0, n)
            else ""
        )
        return Share(value, base, deviations, state)

    def is_uncertain(self, value, base, deviations):
        """The rules of NCHS (Parker et al. 2017) on the limits of Korn & Graubard (1998).

        The effective sample is cut at n once: after the adjustment for degrees of freedom where
        limits are made of it, as NCHS's own program does (`surveytable`, `svyciprop_adjusted`).
        """
        n, tail = base.sum(), 0.025
        if all(len(here) == units for units, here in self.strata if base[here].any()):
            return False  # everybody was asked
        if value in (0, 1):
            return n < 30 or 1 - tail ** (1 / n) >= 0.3
        variance, df = self.add_variance(deviations), self.count_degrees(base)
        if df <= 0:
            return True
        effective = math.inf if variance < 1e-24 else value * (1 - value) / variance
        trials = min(n, effective * (stats.t.isf(tail, n - 1) / stats.t.isf(tail, df)) ** 2)
        yes, no = trials * value, trials * (1 - value)
        width = stats.beta.isf(tail, yes + 1, no) - stats.beta.ppf(tail, yes, no + 1)
        return n < 30 or effective < 30 or width >= 0.3 or width > max(0.05, 1.3 * value)

    def add_variance(self, deviations):
        """Variance of a sum of deviations, stratum by stratum (Cochran 1977, section 5.4)."""
        variance = 0
        for units, here in self.strata:
            n = len(here)
            if n and n < units:
                centred = deviations[here] - deviations[here].mean()
                variance += (1 - n / units) * n / (n - 1) * (centred**2).sum()
        return variance

    def count_degrees(self, base):
        return base.sum() - len(set(self.columns["stratum"][base]))

    def name_share(self, share):
        """The fraction that a share may be called by, or ""; more than half is said only when
        surely so.
        """
        percent = 100 * share.value
        nearest = min(FRACTIONS, key=lambda fraction: abs(percent - 100 * fraction))
        off = percent - 100 * nearest
        if share.state or (not 50 < percent < 60 and abs(off) > REACH):
            return ""
        if abs(off) > REACH:
            spread = self.add_variance(share.deviations) ** 0.5 / (share.value * (1 - share.value))
            reach = stats.t.isf(0.025, self.count_degrees(share.base)) * spread
            return "mere end halvdelen" if math.log(share.value / (1 - share.value)) > reach else ""
        return f"{'' if abs(off) <= PLAIN else 'knap ' if off < 0 else 'godt '}{FRACTIONS[nearest]}"

    def compare(self, one, other, alpha):
        """The finding on two shares, which may overlap in respondents."""
        if held := take_first({one.state, other.state} & {*HELD}):
            return Finding(held)
        variance = self.add_variance(one.deviations - other.deviations)
        df = self.count_degrees(one.base | other.base)
        if one.state or other.state or variance < 1e-24 or df <= 0:
            return Finding("untested", one.value, other.value)
        p = 2 * stats.t.sf(abs(one.value - other.value) / variance**0.5, df)
        outcome = "more" if one.value > other.value else "less"
        outcome = (
            outcome
            if p < alpha
            else f"tendency_{outcome}"
            if alpha == 0.05 and p < TENDENCY
            else "same"
        )
        return Finding(outcome, one.value, other.value, p)

    def test_table(self, items, groups, sector, alpha):
        """Whether the answers' distribution differs: second-order Rao-Scott as R's svychisq writes
        it.
        """
        shares = [self.find(item) for item in items]
        asked = np.all([asked for _, asked in shares], axis=0) & (
            (self.sectors == sector) | (sector == "all")
        )
        lines = [asked & yes for yes, _ in shares]
        lines.append(asked & ~np.any(lines, axis=0))
        lines = [line for line in lines if line.any()]
        members = [asked & self.find(group)[0] for group in groups]
        base = np.any(members, axis=0)
        n, whole, cells = (
            base.sum(),
            self.weights[base].sum(),
            [line & one for line in lines for one in members],
        )
        p = np.array([self.weights[cell].sum() / whole for cell in cells])
        z = [
            np.where(base, self.weights * (cell - share) / whole, 0)
            for cell, share in zip(cells, p, strict=True)
        ]
        k = range(len(cells))
        variances = {(i, j): self.add_variance(z[i] + z[j]) for i in k for j in k}
        covariance = np.array(
            [
                [(variances[i, j] - variances[i, i] / 4 - variances[j, j] / 4) / 2 for j in k]
                for i in k
            ]
        )
        # Interactions: deviations from lines' and columns' means, which is what is left of them
        # beside main effects.
        r, c = len(lines), len(members)
        interactions = np.kron(np.eye(r) - 1 / r, np.eye(c) - 1 / c)
        inverse = np.array([1 / share if share else 0 for share in p])
        basis = np.linalg.svd(interactions)[0][:, : (r - 1) * (c - 1)] * inverse[:, None]
        simple = basis.T @ (np.diag(p) - np.outer(p, p)) @ basis / n
        effects = np.linalg.inv(simple) @ basis.T @ covariance @ basis
        expected = np.outer(p.reshape(r, c).sum(axis=1), p.reshape(r, c).sum(axis=0)).ravel()
        first, second = np.trace(effects), np.trace(effects @ effects)
        ndf = first**2 / second
        found = stats.f.sf(
            n * ((p - expected) ** 2 / expected).sum() / first, ndf, ndf * self.count_degrees(base)
        )
        assert not math.isnan(found)
        near = alpha == 0.05 and found < TENDENCY
        return Finding("difference" if found < alpha else "tendency" if near else "same", p=found)

    def test_extreme(self, found, item, groups, sector, alpha):
        """The same finding on a share of 0 or 100 per cent in one of two groups, with Rao-Scott's
        test.
        """
        direction, p = (
            "more" if found.a > found.b else "less",
            self.test_table([item], groups, sector, alpha).p,
        )
        near = f"tendency_{direction}" if alpha == 0.05 and p < TENDENCY else "same"
        return replace(found, outcome=direction if p < alpha else near, p=p)

    def test_unlike(self, first, second):
        """p of the Wald test that the differences among `first` are those among `second` (Korn &
        Graubard 1990).
        """
        if any(share.state for share in (*first, *second)):
            return math.nan
        found = [
            (a.value - one.value) - (b.value - other.value)
            for (a, b) in [(first[0], second[0])]
            for one, other in zip(first[1:], second[1:], strict=True)
        ]
        parts = [
            first[0].deviations - one.deviations - second[0].deviations + other.deviations
            for one, other in zip(first[1:], second[1:], strict=True)
        ]
        alone = [self.add_variance(part) for part in parts]
        known = list(zip(parts, alone, strict=True))
        covariance = np.array(
            [
                [(self.add_variance(one + other) - v - w) / 2 for other, w in known]
                for one, v in known
            ]
        )
        q, df = (
            len(found),
            self.count_degrees(np.any([share.base for share in (*first, *second)], axis=0)),
        )
        wald = np.array(found) @ np.linalg.inv(covariance) @ np.array(found)
        return stats.f.sf(wald * (df - q + 1) / (df * q), q, df - q + 1)


# --- Sentences written a second time
# ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """What a sentence should be: `wordings` by outcome, `numbers` by placeholder, `Held` where not
    shown.
    """

    outcome: str
    wordings: dict
    numbers: dict
    p: tuple = ()
    parts: tuple = ()  # findings that are told one by one


class Writer:
    """Writes the sentences of one run again. `find_*` follow a released table's recipe to the
    second calculation.
    """

    def __init__(self, run, sample, sector, alpha=0.05):
        self.run, self.sample, self.sector, self.alpha = run, sample, sector, alpha

    def list_faults(self):
        """Every sentence that is not the one expected, with what was expected and the p values
        behind it.
        """
        faults = []
        for name, told in self.run.told.items():
            if told.function in UNTESTED or name == "D22":  # no test; one of its own below
                continue
            expected = getattr(self, f"expect_{told.function.removeprefix('tell_')}")(told.asked)
            outcome, texts = self.write(expected)
            right = (
                told.sentence.text in texts
                if texts
                else self.is_remark(told.sentence.text, outcome, expected)
            )
            if told.sentence.outcome != outcome or not right:
                faults.append(
                    (
                        name,
                        told.sentence.outcome,
                        told.sentence.text,
                        "expected",
                        outcome,
                        texts,
                        expected.p,
                    )
                )
        return faults

    def is_remark(self, text, outcome, expected):
        """Whether a text, no wording of the chapter's, says rightly why nothing is told: too few,
        or all or none.
        """
        pair = {name: expected.numbers[name] for name in ("a", "b") if name in expected.numbers}
        own = expected.wordings.get("withheld", expected.wordings.get("otherwise"))
        if own is not None and outcome != "parts":
            return self.is_own(text, own)
        if outcome == "parts":
            return self.tells_each(text, expected)
        if outcome == "untested" and not {0.0, 1.0}.isdisjoint(pair.values()):
            return (
                all(self.fill(f"{{{name}}}", pair) in text for name in pair)
                and "kan ikke testes" in text
            )
        return REMARKS[outcome] in text

    def is_own(self, text, wording):
        """Whether a text is a chapter's own wording for what is withheld, whatever its count and
        reason.
        """
        free = {name: "\0" for name in re.findall(r"\{(n_\w|grund|emne)\}", wording)}
        pattern = re.escape(self.fill(wording, free)).replace("\0", ".+").replace("\x00", ".+")
        return bool(re.fullmatch(pattern, str(text)))

    def tells_each(self, text, expected):
        """Whether a text says of each of several tests what it found, with its two shares, and no
        more than that.
        """
        said, own = [], expected.wordings.get("withheld")
        if "otherwise" in expected.wordings:
            return self.is_own(text, expected.wordings["otherwise"])
        for found in expected.parts:
            if own is not None and found.outcome in (*HELD, "untested"):
                said.append(self.fill(own, {}) in text if "{" not in own else True)
                continue
            end = REMARKS.get("tendency" if found.outcome.startswith("tendency") else found.outcome)
            end = (
                "kan ikke testes"
                if found.outcome == "untested" and {found.a, found.b} & {0.0, 1.0}
                else end
            )
            ends = (end,) if end else ENDS.get(found.outcome, ("er statistisk sikker",))
            said.append(any(one in text for one in ends))
            if not math.isnan(found.a):
                said += [
                    self.fill(f"til {{{name}}}", {name: getattr(found, name)})[4:] in text
                    for name in "ab"
                ]
        return all(said)

    def write(self, expected):
        """(outcome, the one text it may have); no text where there are too few answers."""
        outcome = expected.outcome
        if outcome == "same" and expected.wordings.get("equal") and self.looks_equal(expected):
            outcome = "equal"
        wording = expected.wordings.get(outcome, "")
        used = {
            name: number for name, number in expected.numbers.items() if f"{{{name}}}" in wording
        }
        listed = [
            one
            for number in used.values()
            for one in ([part for part, _ in number] if isinstance(number, list) else [number])
        ]
        held = (
            outcome
            if outcome in HELD
            else take_first({one.outcome for one in listed if isinstance(one, Held)})
        )
        if held:
            return held, []
        return outcome, [self.fill(wording, used)] if wording and outcome != "untested" else []

    def looks_equal(self, expected):
        """Whether each pair of shares, or all of a list, are written alike."""
        numbers = expected.numbers
        listed = [one for one in numbers.values() if isinstance(one, list)]
        pairs = [[share for share, _ in one] for one in listed] or [
            [numbers[name] for name in pair]
            for pair in ("ab", "cd", "ef", "gh")[: max(1, len(expected.parts))]
            if {*pair} <= numbers.keys()
        ]
        return bool(pairs) and all(len({*map(write_percent, one)}) == 1 for one in pairs)

    def fill(self, wording, numbers):
        """The wording with numbers as readers see them; a space before a mark and a full stop too
        many go.
        """
        shown = {
            name: number if isinstance(number, str) else f"{write_percent(number)}\u00a0pct."
            for name, number in numbers.items()
            if not isinstance(number, list)
        }
        shown |= {
            name: join_names([f"{write_percent(one)}\u00a0pct. {where}" for one, where in number])
            for name, number in numbers.items()
            if isinstance(number, list)
        }
        shown = {
            name: text[0].upper() + text[1:] if wording.startswith(f"{{{name}}}") else text
            for name, text in shown.items()
        }
        terms = {
            **dict.fromkeys(("sektor", "sted"), PLACES[self.sector]),
            "periode": PERIOD,
            "resten": REST,
            "sikker": "sikker",
            "sikkert": "sikkert",
        }
        text = wording.format(**terms | shown)
        return re.sub(r" ([ ,.;:)])", r"\1", text).replace("pct..", "pct.").strip()

    def expect_difference(self, asked):
        found = self.find_difference(asked["released"], asked["item"], asked["group"])
        held = found.outcome in HELD
        numbers = {} if held else {"a": found.a, "b": found.b}
        if "{forskel}" in str(asked) and not held:
            numbers["forskel"] = write_apart(found.a, found.b)
        further = {
            name: one
            if isinstance(one, str)
            else self.find_numbers(asked["released"], {name: one})[name]
            for name, one in asked.get("numbers", {}).items()
        }
        return Expected(found.outcome, asked, numbers | further, (found.p,))

    def expect_shares(self, asked):
        numbers = self.find_numbers(asked["released"], asked["numbers"])
        if asked.get("words"):
            domain = self.run.recipes[id(asked["released"])][1]["survey"].domain
            names = {
                name: self.sample.name_share(self.sample.take_share(where, "all", domain))
                for name, where in asked["numbers"].items()
            }
            if all(names.values()):
                every = {
                    f"{name}_alle": f"{words} af alle" if words.endswith("halvdelen") else words
                    for name, words in names.items()
                }
                return Expected("words", asked, names | every)
        return Expected("text", asked, numbers | self.count_bases(asked))

    def count_bases(self, asked):
        """{"n_a": how many answered where `a` is from}, for a text that names it."""
        domain, found = self.run.recipes[id(asked["released"])][1]["survey"].domain, {}
        for name, where in asked["numbers"].items():
            if f"{{n_{name}}}" in asked["text"]:
                item, group = (where, "all") if isinstance(where, str) else where
                share = self.sample.take_share(item, group, domain)
                # how many are in a group is shown unless that cell is closed itself
                closed = (group, "all", domain) in self.sample.closed
                n = f"{share.base.sum():,}".replace(",", ".")
                found[f"n_{name}"] = Held("closed") if closed else n
        return found

    def expect_distribution(self, asked):
        found = self.find_distribution(asked["released"])
        return Expected(
            found.outcome,
            asked,
            self.find_numbers(asked["released"], asked["numbers"] or {}),
            (found.p,),
        )

    def expect_together(self, asked):
        found = [self.find_difference(*test) for test in asked["tests"]]
        outcomes = {one.outcome for one in found}
        outcome = self.find_common(outcomes) or (outcomes.pop() if len(outcomes) == 1 else "mixed")
        shares = [share for one in found for share in (one.a, one.b)]
        numbers = {letter: share for letter, share in zip("abcdefgh", shares, strict=False)}
        if outcome == "mixed" and "{hvilke}" in asked["mixed"]:
            numbers["hvilke"] = name_sure([test[1] for test in asked["tests"]], found)
        mixed = asked.get("_".join(one.outcome for one in found)) or asked["mixed"]
        asked = asked | {"mixed": mixed}
        return Expected(outcome, asked, numbers, tuple(one.p for one in found), tuple(found))

    def find_common(self, outcomes):
        """Why several tests are not told together: all closed, or "parts" where some are, or some
        near significance.
        """
        if outcomes <= {*HELD}:
            return take_first(outcomes)
        near = any(one.startswith("tendency") for one in outcomes)
        return "parts" if outcomes & {*HELD, "untested"} or near else ""

    def expect_which(self, asked):
        found = [self.find_test(*asked[which]) for which in ("first", "second")]
        first, second = (one.outcome in asked["counts"] for one in found)
        told = (
            "both" if first and second else "first" if first else "second" if second else "neither"
        )
        wordings = asked | {"first": asked["only_first"], "second": asked["only_second"]}
        outcomes = {one.outcome for one in found}
        stop = self.find_common(outcomes)
        texts = {
            name: one for name, one in (asked["numbers"] or {}).items() if isinstance(one, str)
        }
        if told in ("first", "second") and asked["apart"]:
            so = asked[f"so_{told}"] if self.finds_unlike(asked["apart"]) else UNDECIDED
            wordings |= {told: f"{wordings[told]} {so}"}
        return Expected(stop or told, wordings, texts, tuple(one.p for one in found), tuple(found))

    def finds_unlike(self, released):
        """Whether two items differ unlike each other between groups, where that can be tested."""
        asked = self.run.recipes[id(released)][1]
        shares = [
            [
                self.sample.take_share(item, group, asked["survey"].domain)
                for group in asked["groups"]
            ]
            for item in asked["items"]
        ]
        return self.sample.test_unlike(*shares) < self.alpha

    def expect_list(self, asked):
        found = {item: self.find_difference(asked["released"], item) for item in asked["items"]}
        p = tuple(one.p for one in found.values())
        outcomes = {one.outcome for one in found.values()}
        if outcomes <= {*HELD}:
            return Expected(take_first(outcomes), asked, {}, p)
        sure, near, left = (
            [lower(find_label(item)) for item, one in found.items() if one.outcome in which]
            for which in (("more", "less"), ("tendency_more", "tendency_less"), (*HELD, "untested"))
        )
        listed = {
            "navne": join_names(sure),
            "tendens": join_names(near),
            "udeladt": join_names(left),
        }
        if len(left) == len(found):
            return Expected("untested", {}, listed, p)
        said = [asked["some"]] * bool(sure) + [asked["tendency"]] * bool(near) or [asked["none"]]
        if "same" in outcomes and (sure or near):
            said.append(asked["others"])
        said += [asked["untested"]] * bool(left)
        outcome = "difference" if sure else "tendency" if near else "same"
        return Expected(outcome, {outcome: " ".join(said)}, listed, p)

    def find_test(self, released, test):
        """The finding on a row of comparisons, or on a whole table."""
        if self.run.recipes[id(released)][0] == "release_distribution":
            return self.find_distribution(released)
        return self.find_difference(released, test["item"], test.get("group"))

    def find_difference(self, released, item, group=None):
        name, asked, _ = self.run.recipes[id(released)]
        if name == "release_contrast":
            assert item == asked["first"]
            where = group or next(iter(asked["groups"]))
            both = [(asked["first"], where), (asked["second"], where)]
        else:
            groups = (
                asked["groups"]
                if name == "release_distribution"
                else (asked["first"], asked["second"])
            )
            both = [(item, group) for group in groups]
        domain = asked["survey"].domain
        shares = [self.sample.take_share(*one, domain) for one in both]
        found = self.sample.compare(*shares, self.alpha)
        if found.outcome == "untested" and found.a == found.b:
            return replace(found, outcome="same")
        if found.outcome == "untested" and "exact" in (shares[0].state, shares[1].state):
            return self.test_extreme(found, both, shares, domain, released, item, group)
        return found

    def test_extreme(self, found, both, shares, domain, released, item, group):
        """Rao-Scott's test of a share of 0 or 100 per cent against another; R's rows hold the tests
        of other pairs.
        """
        direction = "more" if found.a > found.b else "less"
        if (
            both[0][0] != both[1][0]
            or (shares[0].base & shares[1].base).any()
            or abs(found.a - found.b) == 1
        ):
            p = released.comparison(item, group)["p"]
            near = f"tendency_{direction}" if self.alpha == 0.05 and p < TENDENCY else "same"
            return replace(found, outcome=direction if p < self.alpha else near, p=p)
        return self.sample.test_extreme(found, item, [both[0][1], both[1][1]], domain, self.alpha)

    def find_distribution(self, released):
        asked = self.run.recipes[id(released)][1]
        domain = asked["survey"].domain
        shares = [
            [self.sample.take_share(item, group, domain) for item in asked["items"]]
            for group in asked["groups"]
        ]
        states = [{share.state for share in own} for own in shares]
        held = {take_first(own) for own in states if own <= {*HELD}}
        if held:
            return Finding(take_first(held))
        for own in shares:  # 30 respondents in each group, also after their weights (Kish 1965)
            weights = self.sample.weights[own[0].base]
            if min(len(weights), weights.sum() ** 2 / (weights**2).sum()) < 30:
                return Finding("uncertain")
        found = self.sample.test_table(asked["items"], asked["groups"], domain, self.alpha)
        # then no p is told
        closed = any(share.state == "closed" for own in shares for share in own)
        return replace(found, outcome="same") if closed and found.outcome == "tendency" else found

    def find_numbers(self, released, numbers):
        """Shares by placeholder; `Held` where the share is not shown."""
        domain, found = self.run.recipes[id(released)][1]["survey"].domain, {}
        for name, where in numbers.items():
            if isinstance(where, list):
                found[name] = [
                    (self.find_numbers(released, {"": one[:2]})[""], one[2]) for one in where
                ]
                continue
            item, group = (where, "all") if isinstance(where, str) else where
            share = self.sample.take_share(item, group, domain)
            found[name] = Held(share.state) if share.state in HELD else share.value
        return found


def join_names(names):
    return " og ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def write_percent(share):
    """Whole per cent; what is not 0 or 100 is not rounded to it."""
    if 0 < share < 0.005:
        return "under 0,5"
    return "over 99,5" if 0.995 < share < 1 else str(math.floor(100 * share + 0.5))


def lower(label):
    return label[0].lower() + label[1:]


def write_apart(a, b):
    """The difference of two shares as they are shown, with a word where it is not rounded so."""
    exact, unit = 100 * abs(a - b), "\u00a0procentpoint"
    ends = [write_percent(share) for share in (a, b)]
    plain = f"{write_percent(abs(a - b))}{unit}"
    if not all(end.isdecimal() for end in ends):
        return plain
    shown = abs(int(ends[0]) - int(ends[1]))
    if plain == f"{shown}{unit}":
        return plain
    return f"{'under' if not shown else 'godt' if exact > shown else 'knap'} {max(shown, 1)}{unit}"


def take_first(outcomes):
    return next((name for name in (*HELD, "untested") if name in outcomes), "")


@cache
def find_label(item):
    """An item's label, from the registry's file."""
    registry = read_danish()
    questions = registry["questions"]
    if item in registry["derived"]:
        return registry["derived"][item]["label"]
    question, _, name = item.partition(".")
    label = questions[question]["items"][name]
    return label["label"] if isinstance(label, dict) else label


def name_sure(items, found):
    """Which of two differences is sure, and in which direction; the other one is not."""
    words = {"more": " (oftere)", "less": " (sjældnere)"}
    told = sorted(
        (
            list(words).index(one.outcome) if one.outcome in words else 2,
            f"»{find_label(item)}«{words.get(one.outcome, '')}",
        )
        for item, one in zip(items, found, strict=True)
    )
    first, second = (text for _, text in told)
    return (
        f"Forskellen er sikker, når det gælder "
        f"{first}{', men ikke ' if second[-1] == '«' else ' og '}{second}."
    )


# --- Tests
# --------------------------------------------------------------------------------------------------------

# in which only the regions' report is to tell another story than the shipped one
REGIONAL = [name for name in PERTURBATIONS if name.startswith("regions_")]
SURVEYS = ["shipped", *(name for name in PERTURBATIONS if name not in REGIONAL)]
RUNS = [
    *((name, sector) for name in SURVEYS for sector in ("all", "state")),
    *((name, "region") for name in ("half", "politics_opposed", "evened_out", *REGIONAL)),
    ("politics_favoured", "municipality"),
    ("regions_lowered", "all"),
]
QUICK = ("04", "05")
# sealed every day; each of the others takes seconds, and more where many counts are small
SEALED = ("roles_swapped",)
MIRRORED = (
    "D08",
    "F3",
    "D09",
    "D09b",
    "D12",
    "D14",
    "F4",
    "D17",
    "D18",
    "D15",
    "D16",
    "S053",
    "F5",
    "D20",
    "D20b",
    # sentences on politically initiated innovations and others, on what all of them
    # answered
    "D20c",
    "D23",
)
OPPOSITE = {
    "more": "less",
    "less": "more",
    "tendency_more": "tendency_less",
    "tendency_less": "tendency_more",
}
# Published verdicts that no sentence tests: politics is taken as a whole (D01); the most frequent
# is set against the next one only, whichever that is (D13, D22); the chapter sets employees against
# politics, not against managers (D25).
UNNAMED = {"D01a", "D01b", "D13a", "D13c", "D13d", "D22b", "D22c", "D22d", "D22e", "D25"}
# a sector's sentences that compare it with the whole
AGAINST_ALL = {"T002s", "D03s", "D04s", "D04ds"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Survey folders by name, made when asked for."""

    @cache
    def make(name):
        return (
            SHIPPED
            if name == "shipped"
            else make_perturbed(name, tmp_path_factory.mktemp(name) / name)
        )

    return make


@pytest.fixture(scope="module")
def samples(folders):
    """The second calculation's samples by name."""
    return cache(lambda name: Sample(folders(name)))


@pytest.fixture(scope="module")
def runs(folders):
    """Runs of chapters by survey and sector; each chapter is run once."""
    run_one = cache(lambda name, sector, chapter: run_chapters(folders(name), sector, (chapter,)))

    def join(name, sector, chapters=tuple(CHAPTERS)):
        parts = [run_one(name, sector, chapter) for chapter in chapters]
        joined = ([getattr(part, what) for part in parts] for what in ("told", "recipes", "titles"))
        return Run(*(dict(ChainMap(*maps)) for maps in joined))

    return join


@pytest.fixture(scope="module")
def told_everywhere(runs):
    """{(function, id of a sentence): the outcomes it has in any of the runs}."""
    outcomes = defaultdict(set)
    for name, sector in RUNS:
        for identifier, told in runs(name, sector).told.items():
            outcomes[told.function, identifier].add(told.sentence.outcome)
    return outcomes


@pytest.mark.parametrize(
    "name",
    [
        name if name in SEALED else pytest.param(name, marks=pytest.mark.slow)
        for name in PERTURBATIONS
    ],
)
def test_a_perturbed_survey_passes_every_check_and_stands_for_as_many_units(folders, name):
    survey = open_survey(str(folders(name)))
    assert survey.design.weights.sum() == pytest.approx(survey.population["units"].sum(), rel=1e-6)
    for unchanged in ("population.csv", "published.csv"):
        assert (folders(name) / unchanged).read_bytes() == (SHIPPED / unchanged).read_bytes()
    assert replace(survey.registry, domains=()) == replace(
        open_survey(str(SHIPPED)).registry, domains=()
    )


@pytest.mark.slow
def test_half_a_sample_keeps_every_stratum_and_what_it_stands_for(samples):
    whole, half = samples("shipped"), samples("half")
    assert 0.48 < len(half.weights) / len(whole.weights) < 0.52
    for (units, before), (_, after) in zip(whole.strata, half.strata, strict=True):
        assert min(len(before), 2) <= len(after) <= max(2, (len(before) + 1) // 2)
        assert half.weights[after].sum() == pytest.approx(whole.weights[before].sum())
        assert half.weights[after].sum() == pytest.approx(units)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_sentence_in_a_chapters_code_is_noted_when_it_runs(runs, chapter):
    code = [cell.source for cell in CHAPTERS[chapter].cells if cell.cell_type == "code"]
    calls = [
        node
        for source in code
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    ]
    written = {call.args[0].value for call in calls if getattr(call.func, "attr", "") == "tell"}
    # some are told of a part alone, and some where most of a comparison is closed
    sectors = ("all", "state", "region")
    told = {one for sector in sectors for one in runs("shipped", sector, (chapter,)).told}
    assert told == written


@pytest.mark.parametrize("sector", ["all", "state"])
def test_every_figures_title_is_a_sentence_that_the_second_calculation_checks(runs, sector):
    run = runs("shipped", sector)
    figures = ("positive-role", "influence", "novelty", "values-by-initiation", "partners")
    for number, figure in enumerate(figures, 1):
        assert run.titles[figure].payload == run.told[f"F{number}"].sentence.payload
        assert run.told[f"F{number}"].sentence.evidence


@pytest.mark.parametrize("sector", ["all", "state", "region", "municipality"])
def test_every_published_verdict_is_named_by_a_sentence_that_makes_the_same_test(runs, sector):
    stated = list_verdicts(
        open_survey(str(SHIPPED), sector).published, sector, ("state", "region", "municipality")
    )
    named = [
        row
        for told in runs("shipped", sector).told.values()
        for row in told.sentence.evidence
        if row["published"] in stated
    ]
    found = {
        row["published"]: " / ".join(filter(None, (row["item"], row["group"], row["versus"])))
        for row in named
    }
    assert found == {
        name: told["test"]
        for name, told in stated.items()
        if name[0] == "D" and name not in UNNAMED
    }


@pytest.mark.parametrize(
    ("name", "sector"), [("shipped", "all"), ("roles_swapped", "all"), ("state_inverted", "state")]
)
def test_two_chapters_tell_what_a_second_calculation_finds(runs, samples, name, sector):
    run = runs(name, sector, QUICK)
    assert len(run.told) >= 20
    assert Writer(run, samples(name), sector).list_faults() == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sector"), [*RUNS, ("state_inverted", "region")])
def test_every_sentence_is_the_one_that_a_second_calculation_finds(runs, samples, name, sector):
    run = runs(name, sector)
    assert len(run.told) > 45
    assert Writer(run, samples(name), sector).list_faults() == []


@pytest.mark.parametrize(
    ("name", "sector", "alpha", "outcome"),
    [
        ("shipped", "all", 0.05, "tendency_less"),
        ("shipped", "all", 0.2, "less"),
        pytest.param("evened_out", "state", 0.05, "tendency_less", marks=pytest.mark.slow),
        pytest.param("evened_out", "state", 0.001, "same", marks=pytest.mark.slow),
    ],
)
def test_the_sentences_follow_the_level_of_significance_of_the_report(
    folders, samples, name, sector, alpha, outcome
):
    run = run_chapters(folders(name), sector, ("05",), alpha)
    assert run.outcomes["D23"] == outcome
    assert Writer(run, samples(name), sector, alpha).list_faults() == []


def swap_direction(decide):
    return lambda test, alpha: OPPOSITE.get(decide(test, alpha), decide(test, alpha))


def never_sure(decide):
    return lambda test, alpha: "same"


def one_sided(find_p_values):
    return lambda t, df: find_p_values(t, df) / 2


@pytest.mark.parametrize(
    ("module", "name", "spoil"),
    [
        (claims, "decide", swap_direction),
        (claims, "decide", never_sure),
        (comparisons, "find_p_values", one_sided),
    ],
)
def test_the_second_calculation_notices_a_report_that_does_not_follow_its_tests(
    monkeypatch, samples, module, name, spoil
):
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    assert Writer(run_chapters(SHIPPED, "all", ("05",)), samples("shipped"), "all").list_faults()


def test_with_roles_swapped_what_was_said_of_the_politically_initiated_is_said_no_longer(runs):
    before, after = (
        runs(name, "all", ("03", *QUICK)).outcomes for name in ("shipped", "roles_swapped")
    )
    sure = [name for name in MIRRORED if before[name] in ("more", "less")]
    assert len(sure) >= 8
    assert all(after[name] != before[name] for name in sure)
    assert sum(after[name] == OPPOSITE[before[name]] for name in sure) >= 3


def test_with_the_groups_of_the_state_exchanged_its_report_says_the_opposite(runs):
    before, after = (
        runs(name, "state", ("03", *QUICK)).outcomes for name in ("shipped", "state_inverted")
    )
    assert {after[name] for name in MIRRORED} >= {"more", "less", "same"}
    for name in MIRRORED:
        assert after[name] == OPPOSITE.get(before[name], before[name])


@pytest.mark.slow
def test_with_only_the_state_changed_the_regions_report_changes_only_where_it_compares_with_the_whole(
    runs,
):
    before, after = (runs(name, "region").texts for name in ("shipped", "state_inverted"))
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert changed <= AGAINST_ALL


@cache
def list_conditional():
    """Ids of sentences that a chapter tells only where something holds: `tell(…, when=…)`."""
    calls = (
        node
        for book in CHAPTERS.values()
        for cell in book.cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "tell"
    )
    return {call.args[0].value for call in calls if "when" in {key.arg for key in call.keywords}}


@pytest.mark.slow
@pytest.mark.parametrize("sector", ["all", "state"])
@pytest.mark.parametrize("name", SURVEYS[1:])
def test_the_texts_change_with_the_answers(runs, name, sector):
    before, after = (runs(one, sector) for one in ("shipped", name))
    assert set(before.told) ^ set(after.told) <= list_conditional()
    shared = set(before.told) & set(after.told)
    assert len(shared) > 70
    assert sum(before.texts[one] != after.texts[one] for one in shared) >= 25
    assert sum(before.outcomes[one] != after.outcomes[one] for one in shared) >= 5


def has_all(outcome, *sentences):
    return lambda found: all(found.get(one) == outcome for one in sentences)


def has_any(outcomes, *sentences):
    return lambda found: any(found.get(one) in outcomes for one in sentences)


WORSE = has_any({"less"}, "D15", "D16")
BETTER = has_any({"more", "tendency_more", "tendency_less"}, "D15", "D16")
# Words of each comment on an outcome, and when the answers bear it.
COMMENTS = {
    "bliver altså oftere en snublesten": has_all("more", "D06a", "D06b", "D07a", "D07b"),
    "at politikerne oftere sætter kopier i gang": has_all("more", "D09"),
    "Begge grupper rummer altså": has_any({"same", "equal"}, "D12"),
    "En forskel i værdi behøver derfor ikke": has_all("difference", "V20"),
    "tungere tæt på end langt fra": has_all("more", "D19", "D19b"),
    "Her viser medaljen sin bagside": lambda found: WORSE(found) and not BETTER(found),
    "En forskel her fortæller": lambda found: WORSE(found) or BETTER(found),
    "Her er de én for én": has_any({"more", "less"}, "D20n"),
    "uden at den skiller grupperne ad": has_all("same", "D21"),
    "at de ikke oftere er med": has_any({"same", "equal", "less"}, "D24b"),
}


# goes on where the comment before it stands
FURTHER = {
    "Det kan være en skole, der skal bygges om, et idrætsanlæg, der skal flyttes, eller en plan "
    "for regional udvikling."
}


def list_comments(chapters):
    """(words of a comment, its conditions) of the cells that a report shows by an outcome."""
    found = []
    for cell in (cell for chapter in chapters for cell in CHAPTERS[chapter].cells):
        asked = [one for one in read_conditions(cell) if one.name == WHEN]
        values = {value for one in asked for value in one.values}
        if cell.cell_type == "markdown" and values - {"told", "withheld"}:
            found += [(words, asked) for words in COMMENTS if words in cell.source]
            assert found[-1:] and (found[-1][0] in cell.source or cell.source in FURTHER)
    return found


@pytest.mark.slow
def test_a_comment_on_an_outcome_stands_only_where_the_answers_bear_it(runs):
    comments, stood = list_comments(CHAPTERS), defaultdict(set)
    assert {words for words, _ in comments} == {*COMMENTS}
    for name, sector in RUNS:
        outcomes = runs(name, sector).outcomes
        for words, asked in comments:
            shown = all(one.is_met(outcomes, {}) for one in asked)
            assert shown == COMMENTS[words](outcomes), (name, sector, words)
            stood[words].add(shown)
    assert all(found == {True, False} for found in stood.values()), stood


@pytest.mark.slow
def test_every_tested_difference_is_told_as_more_as_less_and_as_no_difference_in_some_survey(
    told_everywhere,
):
    differences = {
        name: found
        for (function, name), found in told_everywhere.items()
        if function == "tell_difference"
    }
    assert len(differences) > 25
    for title in ("F4s", "F5s"):  # of a figure that stands only where two groups may not be shown
        assert "more" in differences.pop(title)
    assert {
        name: found for name, found in differences.items() if not {"more", "less", "same"} <= found
    } == {}


@pytest.mark.slow
def test_every_other_claim_on_a_test_is_told_in_two_ways_at_least(told_everywhere):
    claimed = {
        name: found - {*HELD, "untested"}
        for (function, name), found in told_everywhere.items()
        if function in ("tell_distribution", "tell_together", "tell_which", "tell_list")
    }
    assert {name: found for name, found in claimed.items() if len(found) < 2} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sector"), RUNS)
def test_the_most_frequent_is_set_against_the_most_frequent_of_the_others(
    runs, samples, name, sector
):
    run, sample = runs(name, sector), samples(name)
    compared = [
        run.told["D13"].asked["released"],
        *(run.told["D22"].asked[which][0] for which in ("first", "second")),
    ]
    for released, items in zip(compared, (VALUES, PARTNERS, PARTNERS), strict=True):
        asked = run.recipes[id(released)][1]
        question = asked["first"].partition(".")[0]
        others = [f"{question}.{item}" for item in items if f"{question}.{item}" != asked["first"]]
        shares = {item: sample.take_share(item, asked["groups"][0], sector) for item in others}
        opened = {item: share.value for item, share in shares.items() if share.state not in HELD}
        assert (
            asked["second"] == max(opened, key=opened.get) if opened else asked["second"] in shares
        )


@pytest.mark.slow
def test_cooperation_within_the_organisation_is_called_the_most_frequent_only_where_it_is(
    runs, samples
):
    wrong = []
    for name, sector in RUNS:
        run = runs(name, sector)
        told, writer = run.told["D22"], Writer(run, samples(name), sector)
        for which in ("first", "second"):
            found = writer.find_test(*told.asked[which])
            claimed = told.sentence.outcome in (which, "both")
            if told.sentence.outcome not in (*HELD, "parts") and claimed != (
                found.outcome == "more"
            ):
                wrong.append((name, sector, which, told.sentence.outcome, found))
    assert wrong == []


@pytest.mark.slow
def test_a_sentence_says_that_answers_are_too_few_only_where_they_are(runs, samples):
    wrong = []
    for name, sector in RUNS:
        run = runs(name, sector)
        for told in run.told.values():
            if told.function == "tell_difference" and told.sentence.outcome == "untested":
                _, asked, _ = run.recipes[id(told.asked["released"])]
                groups = asked.get("groups") or (asked["first"], asked["second"])
                bases = [
                    samples(name).take_share(told.asked["item"], group, sector).base
                    for group in groups
                ]
                if "for få svar" in told.sentence.text and min(base.sum() for base in bases) >= 30:
                    wrong.append((name, sector, told.sentence.text, [base.sum() for base in bases]))
    assert wrong == []
