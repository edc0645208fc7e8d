"""What a figure's note, its verdicts and its alternative text say is so: each is calculated again
from the survey's files.

The chapters' own code draws the figures in this process. `NOTE` takes a note apart and leaves no
sentence over; each of `STATEMENTS` is then read out of it and found again from microdata.csv,
population.csv and questionnaire.yaml, with the second calculation of test_perturbed.py. What the
gate closed is read in the figure's own table.
"""

import math
import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations

import numpy as np
import pytest
import yaml

from barometer.display import Figure
from barometer.figures import cells, drawing
from barometer.paths import NOTEBOOKS
from barometer.payloads import MIME
from tests.make.perturbed import SHIPPED, make_perturbed
from tests.make.shipped import CODES, read_danish
from tests.whole.test_notebooks import run_chapter
from tests.whole.test_perturbed import CHAPTERS, REGIONAL, SURVEYS, Sample

WITH_FIGURES = {
    "01": ("values",),
    "02": ("positive-role", "politics-by-sector", "influence", "help-by-beginning"),
    "03": ("novelty",),
    "04": ("values-by-initiation", "involvement"),
    "05": ("partners", "citizens"),
}
FIGURES = [figure for ids in WITH_FIGURES.values() for figure in ids]
# what fewer than half of the pairs may be shown of is drawn of the report's part and the rest
PAIRED = ("novelty", "values-by-initiation", "partners")
REGISTRY = read_danish()
QUESTIONS, DERIVED, PERIOD = REGISTRY["questions"], REGISTRY["derived"], REGISTRY["period"]
SECTORS = {
    "all": "hele den offentlige sektor",
    "state": "staten",
    "region": "regionerne",
    "municipality": "kommunerne",
}
# drawn every day: the report with all groups, and the one with most that is closed
DAILY = [
    code if code in ("all", "region") else pytest.param(code, marks=pytest.mark.slow)
    for code in CODES
]
LONGEST_ALT, LONGEST_NOTE = 500, 40


# --- What the figures are about
# ------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """What a figure shows: the question behind it, {item: label} drawn and left out, {group:
    label}; `domain`: the sector that its shares are of, where that is not the report's.
    """

    question: str
    items: dict
    groups: dict
    left_out: dict
    domain: str = ""


def name_answers(question):
    """{item: label} of a question that is no battery, from the registry's file."""
    about = QUESTIONS[question]
    if about["kind"] == "single":
        return {f"{question}={answer}": label for answer, label in about["answers"].items()}
    return {
        f"{question}.{item}": label["label"] if isinstance(label, dict) else label
        for item, label in about["items"].items()
    }


def name_rows(rows, residual):
    """{item: label} of the influence battery's answers, those that are an opinion or those that are
    none.
    """
    about = QUESTIONS["influence"]
    return {
        f"influence.{row}={answer}": f"{about['items'][row]}: {label}"
        for row in rows
        for answer, label in about["answers"].items()
        if (answer in about["residual"]) == residual
    }


def describe_figures(sector):
    """{id: About} as the chapters' prose describes the figures of a report."""
    roles = (
        "political_positive_role",
        "promoted_by_politicians",
        "promoted_by_legislation",
        "initiated_by_politicians",
        "initiated_by_legislation",
    )
    pair = {
        "politically_initiated": "Politisk igangsat",
        "initiated_by_other_causes": "Andre årsager",
    }
    causes = {
        "initiated_by_politicians": "Igangsat af den nærmeste politiske ledelse",
        "initiated_by_legislation": "Igangsat af ny lovgivning",
        "initiated_by_other_causes": "Andre årsager",
    }
    short = {"initiated_by_politicians": "Igangsat af ledelsen",
             "initiated_by_legislation": "Igangsat af lovgivning"}  # fmt: skip
    sectors = {"all": "Hele den offentlige sektor", "sector=state": "Staten",
               "sector=region": "Regionerne", "sector=municipality": "Kommunerne"}  # fmt: skip
    alone = {"all": "Andel"}
    rows = ("nearest_politicians", "legislation")
    helped = ("politicians_promoted_not_hindered", "legislation_promoted_not_hindered")
    totals = [f"{way}_by_{who}" for who in ("politicians", "legislation")
              for way in ("hindered", "promoted")]  # fmt: skip
    novelty, value, partner = map(divide_answers, ("novelty", "value", "partner"))
    together = {"collaborated": DERIVED["collaborated"]["label"]}
    about = {
        "values": About("value", value[0], alone, value[1]),
        "positive-role": About("", name_derived(roles), alone, {}),
        "politics-by-sector": About(
            "", name_derived(("politically_initiated", *roles[3:])), sectors, {}, "all"
        ),
        "influence": About(
            "influence", name_derived(totals) | name_rows(rows, False), {"innovative": "Andel"},
            name_rows(rows, True),
        ),
        "help-by-beginning": About("", name_derived(helped), causes | short, {}),
        "novelty": About("novelty", novelty[0], pair, novelty[1]),
        "values-by-initiation": About("value", value[0], pair, value[1]),
        "involvement": About(
            "value", {"value.citizen_involvement": "Borgerinddragelse"}, causes, {}
        ),
        "partners": About("partner", together | partner[0], pair, partner[1]),
        "citizens": About("partner", {"partner.citizens": "Borgere"}, causes, {}),
    }  # fmt: skip
    if sector == "all":
        return about
    own = {f"sector={sector}": sectors[f"sector={sector}"],
           f"!sector={sector}": "Den øvrige offentlige sektor"}  # fmt: skip
    fewer = {
        name: label
        for name, label in about["partners"].items.items()
        if name.partition(".")[2]
        in ("internal", "same_sector", "citizens", "companies", "knowledge_institutions")
    }
    beside = {
        "novelty": replace(about["novelty"], groups=own, domain="all"),
        "values-by-initiation": replace(
            about["values-by-initiation"], groups=own, domain="all", left_out={}
        ),
        "partners": replace(about["partners"], groups=own, domain="all", items=fewer, left_out={}),
        "involvement": replace(about["involvement"], groups=sectors, domain="all"),
        "citizens": replace(about["citizens"], groups=sectors, domain="all"),
    }
    return about | {f"{name} beside the rest": one for name, one in beside.items()}


def divide_answers(question):
    """({item: label} that are an opinion, those that are none) of a question that is no battery."""
    answers, residual = name_answers(question), QUESTIONS[question].get("residual", [])
    left = {name: label for name, label in answers.items() if re.split("[.=]", name)[1] in residual}
    return {name: label for name, label in answers.items() if name not in left}, left


def name_derived(names):
    return {name: DERIVED[name]["label"] for name in names}


# --- The figures, drawn here
# --------------------------------------------------------------------------------------


def draw_figures(folder, sector, alpha=0.05, chapters=tuple(WITH_FIGURES)):
    """{id: Figure} that the chapters' code cells draw for a survey folder and a sector."""
    drawn = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in vars(drawing) if name.startswith("draw_")]:
            patch.setattr(drawing, name, keep_figure(getattr(drawing, name), drawn))
        for chapter in chapters:
            names = {}
            for cell in (cell for cell in CHAPTERS[chapter].cells if cell.cell_type == "code"):
                exec(compile(cell.source, "cell", "exec"), names)
                if "parameters" in cell.metadata.get("tags", []):
                    names.update(sector=sector, data=str(folder), alpha=alpha)
    return drawn


def keep_figure(draw, drawn):
    """`draw`, with the figure that it makes kept in `drawn` as well."""

    def kept(*given, **named):
        figure = draw(*given, **named)
        return drawn.setdefault(figure.id, figure)

    return kept


# --- A note taken apart
# -------------------------------------------------------------------------------------------

NBSP = "\u00a0"
# in per cent: what is neither none nor all is not told as such
SHARE = r"(?:under 0,5|over 99,5|\d+)"
PIECES = (
    r"Spørgsmål: »(?P<question>.+?)«",
    r"(?:(?P<asked>Spurgt|Medregnet): (?P<base>.+?)|Ikke alle er (?:spurgt|medregnet))\.",
    r"Delene (?P<overlap>er|kan) tilsammen (?:være )?mere end helheden, fordi flere kan gælde på "
    r"én gang\.",
    r"Ikke vist: (?P<left_out>.+?)\.",
    r"(?P<reserved>\* med forbehold, se tabellen\.)",
    r"n(?: = (?P<n>[^ ]+?)|: (?P<per_group>.+?))\.",
    r"(?P<synthetic>Syntetiske data\.)",
)
NOTE = re.compile(" ?".join(f"(?:{piece})?" for piece in PIECES))
MARKS = {"[c]", "[u]"}
QUOTED = re.compile("»([^«]+)«")


def read_note(note):
    """{part: text or None}. A sentence that no part knows fails here, or is read as the end of the
    part before it.
    """
    found = NOTE.fullmatch(note.replace(NBSP, " "))
    assert found, f"a note of another kind: {note}"
    return found.groupdict()


# --- The same, from the files
# -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What a figure's words must agree with. `closed` is the gate's decision and read in the
    figure's table.
    """

    figure: Figure
    sample: Sample
    cards: dict
    sector: str
    alpha: float

    @cached_property
    def about(self):
        """Of the figure that was drawn: of the two groups, or of the report's part and the rest."""
        about, heads = describe_figures(self.sector), self.figure.table["columns"]
        beside = about.get(f"{self.figure.id} beside the rest")
        return beside if beside and not self._has(heads, about[self.figure.id]) else about[
            self.figure.id
        ]  # fmt: skip

    def _has(self, heads, about):
        named = [*heads, *(row[0] for row in self.figure.table["rows"])]
        return any(name.startswith("Andre årsager") for name in named) or not any(
            label == "Andre årsager" for label in about.groups.values()
        )

    @cached_property
    def labels(self):
        return self.about.items | self.about.left_out

    def share(self, item, group):
        return self.sample.take_share(item, group, self.about.domain or self.sector)

    def find_shown(self, item, group):
        """A cell of the table: of one item the groups are its rows."""
        rows, table = {row[0]: row for row in self.figure.table["rows"]}, self.figure.table
        if table["columns"][0] == "Gruppe":
            return rows[self.about.groups[group]][1]
        place = next(
            k for k, head in enumerate(table["columns"])
            if head.replace(NBSP, " ").partition(" (n ")[0] == self.about.groups[group]
        )  # fmt: skip
        return rows[self.labels[item]][place]

    def find_mark(self, item, group):
        """ "[c]" or "[u]" where a cell is closed, otherwise ""."""
        shown = self.find_shown(item, group)
        return shown if shown in MARKS else ""

    def write(self, item, group):
        share = self.share(item, group)
        shown = f"{write_share(share.value)} %" if share.base.any() else "ingen svar"
        return self.find_mark(item, group) or shown

    @cached_property
    def bases(self):
        """{group: who is counted in it, of each item}."""
        return {
            group: [self.share(item, group).base for item in self.labels]
            for group in self.about.groups
        }

    @cached_property
    def tests(self):
        """{item: finding} of the first group against the second, where both cells are shown."""
        shown = [
            item
            for item in self.about.items
            if not any(self.find_mark(item, group) for group in self.about.groups)
        ]
        return {item: self._test(item) for item in shown}

    def _test(self, item):
        groups = [*self.about.groups]
        shares = [self.share(item, group) for group in groups]
        found = self.sample.compare(*shares, self.alpha)
        if (
            found.outcome != "untested"
            or "exact" not in {share.state for share in shares}
            or found.a == found.b
        ):
            return found
        domain = self.about.domain or self.sector
        return self.sample.test_extreme(found, item, groups, domain, self.alpha)

    def list_labels(self, *outcomes):
        return sorted(
            self.labels[item] for item, test in self.tests.items() if test.outcome in outcomes
        )


def round_half_up(number):
    return math.floor(number + 0.5)


def write_share(share):
    """A share in whole per cent, as text; only a share of nobody is 0, and only one of all is
    100.
    """
    percent = round_half_up(100 * share)
    if share > 1e-9 and percent == 0:
        return "under 0,5"
    return "over 99,5" if share < 1 - 1e-9 and percent == 100 else str(percent)


def lower_first(label):
    return label[0].lower() + label[1:]


def write_count(number):
    return (
        "[c]" if number in (1, 2) else f"{number:,}".replace(",", ".") if number else "ingen svar"
    )


def find_question(facts):
    """What was asked; None where the note has no room for it."""
    if not facts.about.question:
        return None
    text, note = QUESTIONS[facts.about.question]["text"], facts.figure.note
    words = len(note.split()) + len(f"Spørgsmål: {text}".split())
    return text if words <= LONGEST_NOTE or text in note else None


def read_base(parts):
    """Who was asked, in the registry's words; None where there was no room for it."""
    named = [
        name
        for name, about in DERIVED.items()
        if about.get("base_text", "").replace("{periode}", PERIOD) == parts["base"]
    ]
    return named or None


def find_base(facts):
    """Whom the shares are of; None where the note has no room for it."""
    if not read_note(facts.figure.note)["base"]:
        return None
    counted = np.any([base for bases in facts.bases.values() for base in bases], axis=0)
    domain = facts.about.domain or facts.sector
    inside = (facts.sample.sectors == domain) | (domain == "all")
    return ["innovative"] if (counted == (facts.sample.innovative & inside)).all() else []


def find_n(facts):
    """How many are counted in each group: from the fewest to the most of its items.

    Where a cell is confidential the gate may have closed its n too: what is told may then leave
    such cells out, and nothing else.
    """
    said = read_n(read_note(facts.figure.note), facts)
    names, told = [*facts.labels], {}
    for group, bases in facts.bases.items():
        counts = [int(base.sum()) for base in bases]
        closed = [k for k, item in enumerate(names) if facts.find_mark(item, group) in MARKS]
        left = [
            write_range([n for k, n in enumerate(counts) if k not in out])
            for size in range(len(closed) + 1)
            for out in combinations(closed, size)
            if size < len(counts)
        ]
        if len(closed) == len(counts) and len({*counts}) > 1:  # no row has an n
            left += [facts.find_mark(names[0], group)]
        name = group if len(facts.bases) > 1 else ""
        told[name] = said[name] if said.get(name) in left else left[0]
    return told


def write_range(counts):
    ends = dict.fromkeys((write_count(min(counts)), write_count(max(counts))))
    return "–".join(ends)


def read_n(parts, facts):
    if parts["n"]:
        return {"": parts["n"]}
    names = {lower_first(label): group for group, label in facts.about.groups.items()}
    told = (text.rpartition(" ") for text in parts["per_group"].split("; "))
    return {names.get(label, label): n for label, _, n in told}


def find_left_out(facts):
    return sorted({label.rpartition(": ")[2] for label in facts.about.left_out.values()})


def find_overlap(facts):
    """Whether the parts add up to more than the whole, or may."""
    if facts.figure.id != "positive-role":
        return None
    whole, *parts = facts.labels
    total, shares = (
        sum(facts.share(item, "all").value for item in items) for items in ([whole], parts)
    )
    closed = any(facts.find_mark(item, "all") for item in facts.labels)
    return "er" if shares > total and not closed else "kan"


def find_reserved(facts):
    """Whether a number in the picture has a flag in the table."""
    shown = [facts.find_shown(item, group) for item in facts.about.items
             for group in facts.about.groups]  # fmt: skip
    return any(re.search(r"\[[agø]\]$", one) for one in shown)


STATEMENTS = {
    "what was asked": (lambda parts, _: parts["question"], find_question),
    "who was asked": (lambda parts, _: read_base(parts), find_base),
    "how many are counted": (read_n, find_n),
    "what is left out": (
        lambda parts, _: sorted(QUOTED.findall(parts["left_out"] or "")),
        find_left_out,
    ),
    "whether parts add up to more than their whole": (lambda parts, _: parts["overlap"],
                                                      find_overlap),
    "what is told with a reservation": (lambda parts, _: bool(parts["reserved"]), find_reserved),
    "that data are synthetic": (
        lambda parts, _: bool(parts["synthetic"]),
        lambda facts: facts.cards["files"][facts.cards["microdata"]]["origin"] == "synthetic",
    ),
}  # fmt: skip


def list_faults(facts, note=""):
    """{statement: (what the note says, what is so)} of a figure's note, or of another put in its
    place.
    """
    parts = read_note(note or facts.figure.note)
    found = {name: (read(parts, facts), find(facts)) for name, (read, find) in STATEMENTS.items()}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


# --- Verdicts

WORDS = {
    "more": "oftere",
    "less": "sjældnere",
    "same": "ingen sikker forskel",
    "tendency_more": "tendens til oftere",
    "tendency_less": "tendens til sjældnere",
    "untested": "ikke testet",
}


def list_verdict_faults(facts):
    """{item: (what the table says of two groups' difference, what is so)}; the graver mark where
    one of them is closed.
    """
    if facts.figure.id not in PAIRED:
        return {}
    faults = {}
    for item, label in facts.about.items.items():
        row = next(row for row in facts.figure.table["rows"] if row[0] == label)
        marks = sorted({facts.find_mark(item, group) for group in facts.about.groups} - {""})
        expected = marks[0] if marks else WORDS[facts.tests[item].outcome]
        if row[-1] != expected:
            faults[item] = (row[-1], expected)
    return faults


# --- Alternative texts
# --------------------------------------------------------------------------------------------


def find_told(facts):
    """What an alternative text must say of a figure: pieces of text, each found again."""
    tellers = {
        "values": tell_ends,
        "positive-role": tell_whole,
        "influence": tell_sides,
        "novelty": tell_distances,
    }
    return tellers.get(facts.figure.id, tell_groups)(facts)


def sort_shown(facts, items, group):
    shown = [item for item in items if not facts.find_mark(item, group)]
    return sorted(shown, key=lambda item: -facts.share(item, group).value)


def tell(facts, item, group):
    return f"{facts.write(item, group).removesuffix(' %')} pct."


def tell_pair(facts, item):
    return f"{facts.labels[item]}, {' mod '.join(tell(facts, item, one) for one in facts.about.groups)}"


def tell_ends(facts):
    most, *_, least = sort_shown(facts, facts.about.items, "all")
    pieces = [f"{facts.labels[item]}, {tell(facts, item, 'all')}" for item in (most, least)]
    return [f"Størst: {pieces[0]}", f"mindst: {pieces[1]}"]


def tell_whole(facts):
    whole, *parts = facts.labels
    most, *_, least = sort_shown(facts, parts, "all")
    told = [f"Størst af delene: {facts.labels[most]}, {tell(facts, most, 'all')}",
            f"mindst: {facts.labels[least]}, {tell(facts, least, 'all')}"]  # fmt: skip
    mark = facts.find_mark(whole, "all")
    return told + ([] if mark else [f"{facts.labels[whole]}: {tell(facts, whole, 'all')}"])


def tell_sides(facts):
    """Per row who promoted and who hindered, where that is shown."""
    told = []
    for label, who in (("Den nærmeste politiske ledelse", "politicians"),
                       ("Ny lovgivning og nationale krav", "legislation")):  # fmt: skip
        sides = [
            f"{tell(facts, f'{way}_by_{who}', 'innovative')} {word}"
            for way, word in (("promoted", "fremmende"), ("hindered", "hæmmende"))
            if not facts.find_mark(f"{way}_by_{who}", "innovative")
        ]
        told += [f"{label}: {' mod '.join(sides)}."] if sides else []
    return told


def tell_distances(facts):
    """The largest share, where the groups lie furthest apart, and the whole table's verdict."""
    if not facts.tests:
        return ["Svarene kan ikke sammenlignes."]
    groups = list(facts.about.groups)
    largest = max(facts.tests, key=lambda item: max(facts.tests[item].a, facts.tests[item].b))
    apart = max(facts.tests, key=lambda item: abs(facts.tests[item].a - facts.tests[item].b))
    told = [f"Størst andel: {tell_pair(facts, largest)}"]
    told += [f"Størst afstand: {tell_pair(facts, apart)}"] if apart != largest else []
    if not any(facts.find_mark(item, group) for item in facts.labels for group in groups):
        items = [*facts.labels]
        found = facts.sample.test_table(items, groups, facts.sector, facts.alpha)
        sure = "Forskellen er samlet set sikker", "Ingen sikker forskel samlet set"
        told.append(sure[found.outcome != "difference"])
    return told


def list_untold(facts, alt):
    """What an alternative text keeps silent of two groups' differences: a verdict, its largest
    difference, another answer of it, or shares that there is room for.
    """
    if not facts.tests:
        return [] if "Ingen svar kan vises for begge grupper." in alt else ["nothing is shown"]
    by_size = sorted(facts.tests, key=lambda item: -abs(facts.tests[item].a - facts.tests[item].b))
    heads = "|".join(word.capitalize() for word in WORDS.values())
    sentence = rf"({heads})(?: i den første gruppe)?: (.+?\.)(?= (?:{heads}|\d+ tal kan|Tal i))"
    said, untold = dict(re.findall(sentence, alt)), []
    room = LONGEST_ALT - 2 * (len(facts.figure.alt) - len(alt))  # two of them may be with a reserve
    for outcome, word in WORDS.items():
        items = [item for item in by_size if facts.tests[item].outcome == outcome]
        text = said.pop(word.capitalize(), "")
        with_shares = outcome in ("more", "less") or "tendency" in outcome
        rest = [item for item in items if tell_pair(facts, item) not in text or not with_shares]
        if with_shares and items and not text.startswith(tell_pair(facts, items[0])):
            untold.append(tell_pair(facts, items[0]))
        if rest and not re.search(rf"(?:^|desuden ){len(rest)} svar\.$", text):
            untold += [facts.labels[item] for item in rest if facts.labels[item] not in text]
        if rest and with_shares:  # the largest that has no shares, which would need this much room
            name, pair = facts.labels[rest[0]], tell_pair(facts, rest[0])
            untold += [pair] if len(alt) + len(pair) - len(name) <= room else []
    return [*untold, *said]


def tell_groups(facts):
    """The highest and the lowest of the first answer."""
    item = next(iter(facts.about.items))
    shown = [group for group in facts.about.groups if not facts.find_mark(item, group)]
    shown.sort(key=lambda group: -facts.share(item, group).value)
    if len(shown) < 2:
        return []
    most, least = (
        f"{tell(facts, item, group)} for {lower_first(facts.about.groups[group])}"
        for group in (shown[0], shown[-1])
    )
    return [f"øjest og lavest: {most} mod {least}"]


def list_alt_faults(facts):
    """What an alternative text does not say, though it is so and there is room for it; and numbers
    in it that are none of its figure's.
    """
    alt = facts.figure.alt.replace(NBSP, " ").replace(" (med forbehold)", "")
    if facts.figure.id in PAIRED and (facts.about.domain or facts.figure.id != "novelty"):
        lost = list_untold(facts, alt)
    else:
        lost = [one for one in find_told(facts) if one not in alt]
        lost = [one for one in lost if len(alt) + len(one) < LONGEST_ALT]
    known = {
        facts.write(item, group).removesuffix(" %")
        for item in facts.labels
        for group in facts.about.groups
    }
    unknown = [one for one in re.findall(rf"({SHARE}) pct", alt) if one not in known]
    return [*lost, *unknown]


# --- Tests
# --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def find_facts(tmp_path_factory):
    """{figure: Facts} by survey, sector and level; each is drawn once."""
    make_folder = cache(
        lambda name: (
            SHIPPED
            if name == "shipped"
            else make_perturbed(name, tmp_path_factory.mktemp(name) / name)
        )
    )
    make_sample = cache(lambda name: Sample(make_folder(name)))

    @cache
    def find(name, sector, alpha=0.05, chapters=tuple(WITH_FIGURES)):
        cards = yaml.safe_load((make_folder(name) / "cards.yaml").read_text(encoding="utf-8"))
        figures = draw_figures(make_folder(name), sector, alpha, chapters)
        expected = [figure for chapter in chapters for figure in WITH_FIGURES[chapter]]
        # what began an innovation is told in no report with too few of them
        assert [*figures] in (expected, [one for one in expected if one != "help-by-beginning"])
        return {
            id: Facts(figure, make_sample(name), cards, sector, alpha)
            for id, figure in figures.items()
        }

    return find


def list_all_faults(facts):
    return {
        id: found
        for id, one in facts.items()
        if (found := [list_faults(one), list_verdict_faults(one), list_alt_faults(one)])
        != [{}, {}, []]
    }


@pytest.mark.parametrize("sector", DAILY)
def test_notes_verdicts_and_alternative_texts_say_what_a_second_calculation_finds(
    find_facts, sector
):
    assert list_all_faults(find_facts("shipped", sector)) == {}


@pytest.mark.parametrize("sector", DAILY)
def test_every_share_in_a_table_behind_a_figure_is_found_again(find_facts, sector):
    for id, facts in find_facts("shipped", sector).items():
        for item in facts.labels:
            for group in facts.about.groups:
                shown = facts.find_shown(item, group).replace(NBSP, " ")
                assert shown.partition(" (")[0].partition(" [")[0] in (
                    facts.write(item, group),
                    shown if shown in MARKS else "",
                ), (id, item, group)


@pytest.mark.parametrize("sector", DAILY)
def test_no_note_has_more_than_forty_words(find_facts, sector):
    for id, facts in find_facts("shipped", sector).items():
        assert len(facts.figure.note.split()) <= LONGEST_NOTE, id


@pytest.mark.parametrize("sector", DAILY)
def test_no_figure_shows_a_number_with_one_or_two_respondents_behind_it(find_facts, sector):
    for id, facts in find_facts("shipped", sector).items():
        few = {
            (item, group)
            for item in facts.labels
            for group in facts.about.groups
            if facts.share(item, group).state == "closed"
        }
        assert [cell for cell in few if not facts.find_mark(*cell)] == [], id


def test_a_figure_of_few_pairs_is_of_the_reports_part_and_the_rest(find_facts):
    regional, whole = (find_facts("shipped", sector) for sector in ("region", "all"))
    for name in PAIRED:
        assert regional[name].figure.table["columns"][1].startswith("Regionerne (n")
        assert whole[name].figure.table["columns"][1].startswith("Politisk igangsat (n")


@pytest.mark.parametrize(
    ("id", "sector", "text", "wrong", "statement"),
    [
        ("positive-role", "all", "n = 1.877", "n = 1.878", "how many are counted"),
        ("partners", "state", "igangsat 153", "igangsat 152", "how many are counted"),
        ("values", "all", "seneste innovation givet", "første innovation givet", "what was asked"),
        ("values", "all", "mindst én innovation", "en innovation på vej", "who was asked"),
        ("values", "all", " og »Ved ikke«", "", "what is left out"),
        ("novelty", "all", " Syntetiske data.", "", "that data are synthetic"),
        (
            "positive-role",
            "all",
            "er tilsammen",
            "kan tilsammen være",
            "whether parts add up to more than their whole",
        ),
    ],
)
def test_a_note_with_one_wrong_word_or_number_is_noticed(
    find_facts, id, sector, text, wrong, statement
):
    (chapter,) = (one for one, ids in WITH_FIGURES.items() if id in ids)
    facts = find_facts("shipped", sector, chapters=(chapter,))[id]
    note = facts.figure.note.replace(NBSP, " ")
    assert note.count(text) == 1
    assert list(list_faults(facts, note.replace(text, wrong))) == [statement]


@pytest.mark.parametrize("number", [57, 25, 37, 51])
def test_an_alternative_text_with_a_wrong_number_is_noticed(find_facts, number):
    facts = find_facts("shipped", "all")["values-by-initiation"]
    alt = facts.figure.alt.replace(f"{number}{NBSP}pct.", f"{number + 20}{NBSP}pct.")
    assert list_alt_faults(replace(facts, figure=replace(facts.figure, alt=alt)))


def count_one_too_many(monkeypatch):
    write_count = cells.write_number
    monkeypatch.setattr(
        cells,
        "write_number",
        lambda value, kind, status="": write_count(value + (kind == "count"), kind, status),
    )


def swap_verdicts(monkeypatch):
    test = cells.Selection.test

    def swapped(selection, item):
        found = test(selection, item)
        return found and (cells.OPPOSITE.get(found[0], found[0]), *found[1:])

    monkeypatch.setattr(cells.Selection, "test", swapped)


@pytest.mark.parametrize("spoil", [count_one_too_many, swap_verdicts])
def test_a_report_whose_code_counts_or_compares_wrongly_is_noticed(monkeypatch, find_facts, spoil):
    usual = find_facts("shipped", "state", chapters=("05",))["partners"]
    spoil(monkeypatch)
    figure = draw_figures(SHIPPED, "state", chapters=("05",))["partners"]
    assert list_all_faults({"partners": replace(usual, figure=figure)})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sector"),
    # each survey on the whole and on one of the sectors, which take turns
    [(name, "all") for name in SURVEYS[1:]]
    + [(name, [*CODES][1 + at % (len(CODES) - 1)]) for at, name in enumerate(SURVEYS[1:])]
    + [(name, "region") for name in REGIONAL],
)
def test_notes_and_alternative_texts_follow_the_answers(find_facts, name, sector):
    assert list_all_faults(find_facts(name, sector)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("chapter", WITH_FIGURES)
def test_the_figures_drawn_here_are_those_of_the_executed_chapter(find_facts, chapter):
    name = next(path.stem for path in NOTEBOOKS.glob(f"{chapter}_*.ipynb"))
    outputs = [
        output for cell in run_chapter(name, "region").cells for output in cell.get("outputs", [])
    ]
    payloads = [output.data[MIME] for output in outputs if MIME in output.get("data", {})]
    told = {
        one["id"]: (one["note"], one["alt"], one["table"])
        for one in payloads
        if one["kind"] == "figure"
    }
    drawn = find_facts("shipped", "region", chapters=(chapter,))
    assert told == {
        id: (one.figure.note, one.figure.alt, one.figure.table) for id, one in drawn.items()
    }
