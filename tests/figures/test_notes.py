"""What a figure's note and alternative text say is so: each statement is calculated again from the
survey's files.

The chapters' own code draws the figures in this process. `NOTE` takes a note apart and leaves no
sentence over; each of `STATEMENTS` is then read out of it and found again from microdata.csv,
population.csv and questionnaire.yaml, with the second calculation of test_perturbed.py. What the
gate closed is read in the figure's own table.
"""

import math
import re
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pytest
import yaml

from barometer.display import Figure
from barometer.figures import cells, drawing
from barometer.figures.drawing import draw_distribution
from barometer.paths import NOTEBOOKS
from barometer.payloads import MIME
from tests.figures.test_drawing import PAIR as SAMPLED_PAIR
from tests.figures.test_drawing import make_table, release
from tests.make.perturbed import PERTURBATIONS, SHIPPED, make_perturbed
from tests.make.shipped import CODES
from tests.whole.test_notebooks import run_chapter
from tests.whole.test_perturbed import CHAPTERS, Sample

WITH_FIGURES = {
    "02": ("positive-role", "influence"),
    "03": ("novelty",),
    "04": ("values-by-initiation",),
    "05": ("partners",),
}
FIGURES = [figure for ids in WITH_FIGURES.values() for figure in ids]
REGISTRY = yaml.safe_load((SHIPPED / "questionnaire.yaml").read_text(encoding="utf-8"))
QUESTIONS, DERIVED, PERIOD = REGISTRY["questions"], REGISTRY["derived"], REGISTRY["period"]
SECTORS = {
    "all": "hele den offentlige sektor",
    "state": "staten",
    "region": "regionerne",
    "municipality": "kommunerne",
}
LONGEST_ALT = 300


# --- What the five figures are about
# ------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """What a figure shows: the questions behind it, {item: label} drawn and left out, {group:
    label}.
    """

    questions: tuple
    items: dict
    groups: dict
    left_out: dict


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


def describe_figures():
    """{id: About} as the chapters' prose describes the figures."""
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
    novelty, rows = name_answers("novelty"), ("nearest_politicians", "legislation")
    unknown = {"novelty=dont_know": novelty.pop("novelty=dont_know")}
    return {
        "positive-role": About(
            ("initiator", "influence"),
            {item: DERIVED[item]["label"] for item in roles},
            {"all": "Andel"},
            {},
        ),
        "influence": About(
            ("influence",), name_rows(rows, False), {"innovative": "Andel"}, name_rows(rows, True)
        ),
        "novelty": About(("novelty",), novelty, pair, unknown),
        "values-by-initiation": About(("value",), name_answers("value"), pair, {}),
        "partners": About(("partner",), name_answers("partner"), pair, {}),
    }


ABOUT = describe_figures()


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
    r"(?P<shows>Figuren viser .+?\.)",
    r"(?P<asked>Spurgt|Medregnet|Figuren omfatter)(?: er)? kun (?P<base>.+?)\.",
    rf"(?P<overlap>Delene (?:summerer til mere end (?P<whole>{SHARE} %)|overlapper), "
    r"fordi flere af dem kan gælde på én gang\.)",
    r"(?P<over>Flere svar var mulige, så andelene (?:kan summere|summerer) til over 100 %\.)",
    r"Udeladt er (?P<left_out>.+?)(?:; derfor (?P<less>.+?) 100 %)?\.",
    r"Forskellen på grupperne er (?P<table>samlet set(?: ikke)? signifikant(?:, men en tendens)? "
    r"\(niveau \S+\)|"
    r"ikke testet samlet)\.",
    r"Grupperne er ikke sammenlignet samlet, (?P<apart>af hensyn til fortrolighed|fordi tallene "
    r"er for usikre)\.",
    r"(?:(?P<sure>Signifikante|Ingen signifikante) forskelle \((?P<made>\d+) tests?, niveau "
    r"(?P<level>[\d,]+)\)"
    r"(?:: (?P<found>.+?))?(?:; med Holms korrektion (?P<holm>.+?))?(?:; (?P<leaning>tendens til "
    r".+?))?"
    r"(?:; ikke testet for (?P<untested>.+?))?|Forskellen er ikke testet for "
    r"(?P<none_tested>.+?))\.",
    r"(?P<intervals>Streger og tabellens parenteser): statistisk usikkerhed \(95 pct\. interval\)"
    r"(?P<ends>; en streg ligger, hvor dens svar ender)?\.",
    r"(?P<few>\[c\]: vises ikke af hensyn til fortrolighed, for tallets egen skyld eller for at "
    r"et andet ikke kan "
    r"regnes ud af det\.)",
    r"(?P<unsure>\[u\]: for usikkert til at vise tallet\.)",
    r"(?P<extreme>\[a\]: ingen eller alle i gruppen svarede sådan; tallet vises med forbehold\.)",
    r"(?P<rest>\[ø\]: tallet er sikkert nok, men andelen, der ikke svarede sådan, er for "
    r"usikker\.)",
    r"(?P<width>Bredden af et stiplet felt viser ikke et tal\.)",
    r"Data er vægtet til (?P<sector>.+?)\.",
    r"n(?: = (?P<n>\S+?)|: (?P<per_group>.+?))\.",
    r"Kilde: (?P<source>.+?)\.",
    r"(?P<synthetic>Tallene bygger på syntetiske data\.)",
)
NOTE = re.compile(" ?".join(f"(?:{piece})?" for piece in PIECES))
CLOSED_NOTE = (
    "[c]: vises ikke af hensyn til fortrolighed, for tallets egen skyld eller for at et andet "
    "ikke kan "
    "regnes ud af det."
)
MARKS = {"[c]", "[u]"}
FLAGS = ("[a]", "[ø]")  # beside a number: those that stand in the shipped reports
QUOTED = re.compile("”([^”]+)”")


def read_note(note):
    """{part: text or None}. A sentence that no part knows fails here, or is read as the end of the
    part before it.
    """
    found = NOTE.fullmatch(note.replace(NBSP, " "))
    assert found, f"a note of another kind: {note}"
    return found.groupdict()


def read_labels(text):
    return sorted(QUOTED.findall(text or ""))


def read_left_out(parts):
    """{label as in the registry but for its capital: shares by group, as text}."""
    told, row = {}, ""
    for begun, answer, shares in re.findall(
        r"(?:for ([^”]+) )?”([^”]+)” \(([^)]+)\)", parts["left_out"] or ""
    ):
        row = f"{begun}: " if begun else row
        told[lower_first(f"{row}{answer}")] = [
            share for share in re.findall(rf"{SHARE} %|\[[cu]\]|ingen svar", shares)
        ]
    return told


def read_found(parts):
    """{direction: labels} of the answers said to differ, the first group against the second."""
    found = [text for text in (parts["found"], parts["leaning"]) if text]
    told = [
        one
        for text in found
        for one in re.findall(
            r"((?:tendens til )?(?:oftere|sjældnere))(?: i gruppen ”([^”]+)”)? for (.+?)"
            r"(?=, (?:tendens til )?(?:oftere|sjældnere) |$)",
            text,
        )
    ]
    return {direction: read_labels(labels) for direction, _, labels in told}


def read_holm(parts):
    """The labels that Holm's correction is said to keep; None where nothing is said of it."""
    named, found = (
        read_labels(parts["holm"]),
        read_labels(re.sub("i gruppen ”[^”]+”", "", parts["found"] or "")),
    )
    kept = {"ingen": [], "de samme": found, "den samme": found}
    if not parts["holm"] or parts["holm"] in kept:
        return kept.get(parts["holm"])
    return named if parts["holm"].startswith("kun ") else sorted(set(found) - set(named))


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

    @property
    def about(self):
        return ABOUT[self.figure.id]

    @cached_property
    def labels(self):
        return self.about.items | self.about.left_out

    def share(self, item, group):
        return self.sample.take_share(item, group, self.sector)

    def find_row(self, item):
        return next(row for row in self.figure.table["rows"] if row[0] == self.labels[item])

    def find_mark(self, item, group):
        """ "[c]" or "[u]" where a cell is closed, otherwise ""."""
        shown = self.find_row(item)[1 + list(self.about.groups).index(group)]
        return shown if shown in MARKS else ""

    def write(self, item, group):
        share = self.share(item, group)
        shown = f"{write_share(share.value)} %" if share.base.any() else "ingen svar"
        return self.find_mark(item, group) or shown

    @cached_property
    def bases(self):
        """{group: who is counted in it}: the same for each of the figure's items, or the note's n
        would be none.
        """
        bases = {}
        for group in self.about.groups:
            bases[group], *others = (self.share(item, group).base for item in self.labels)
            assert all((bases[group] == base).all() for base in others)
        return bases

    @cached_property
    def tests(self):
        """{item: finding} of the first group against the second, where both cells are shown."""
        shown = [item for item in self.about.items if MARKS.isdisjoint(self.find_row(item))]
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
        return self.sample.test_extreme(found, item, groups, self.sector, self.alpha)

    @cached_property
    def sums(self):
        """{group: sum of the shares shown}."""
        return {
            group: sum(
                self.share(item, group).value
                for item in self.about.items
                if not self.find_mark(item, group)
            )
            for group in self.about.groups
        }

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


def find_shows(facts):
    """The first sentences, that begin every note."""
    question = f"”{QUESTIONS[facts.about.questions[0]]['text']}”"
    framed = facts.find_mark(next(iter(facts.labels)), next(iter(facts.about.groups))) == ""
    return {
        "positive-role": f"Figuren viser andelen ”{next(iter(facts.labels.values()))}” og dens dele. "
        f"Den samlede andel "
        "tæller alle med, som mindst én af delene gælder for."
        f"{' De tomme rammer viser den samlede andel.' * framed}",
        "influence": f"Figuren viser svarene på {question}: hæmmende til venstre for nul, fremmende "
        f"til højre. Tallene "
        "for enden er summen af to svar, beregnet før afrunding.",
    }.get(facts.figure.id, f"Figuren viser svarene på {question}.")


def find_base(facts):
    """Whether those counted are all who answered, and the variable that is true for them and nobody
    else.
    """
    answers, innovative = facts.sample.columns, facts.sample.innovative
    variables = {
        "innovative": innovative,
        "has_innovation_work": innovative | (answers["underway"] == "yes"),
    }
    domain = facts.sample.find(f"sector={facts.sector}")[0] | (facts.sector == "all")
    counted, asked = np.any(list(facts.bases.values()), axis=0), True
    for question in facts.about.questions:
        columns = [
            answers[name] != ""
            for name in answers
            if re.fullmatch(rf"{question}(_(?!novelty).+)?", name)
        ]
        answered = np.all(columns, axis=0)
        assert (answered == np.any(columns, axis=0)).all()
        assert (answered == variables[QUESTIONS[question]["asked"]]).all()
        asked &= (counted == (answered & domain)).all()
    return bool(asked), [
        name for name, members in variables.items() if (counted == (members & domain)).all()
    ]


def read_base(parts):
    named = [
        name
        for name, about in DERIVED.items()
        if about.get("base_text", "").replace("{periode}", PERIOD) == parts["base"]
    ]
    return parts["asked"] == "Spurgt", named


def find_n(facts):
    return {
        group if len(facts.bases) > 1 else "": write_count(base.sum())
        for group, base in facts.bases.items()
    }


def read_n(parts):
    if parts["n"]:
        return {"": parts["n"]}
    names = {
        lower_first(label): group for group, label in ABOUT["values-by-initiation"].groups.items()
    }
    told = (text.rpartition(" ") for text in parts["per_group"].split("; "))
    return {names.get(label, label): n for label, _, n in told}


def find_left_out(facts):
    return {
        lower_first(label): [facts.write(item, group) for group in facts.about.groups]
        for item, label in facts.about.left_out.items()
    }


def find_less(facts):
    """Which bars, one per row of a battery or per group, add up to less than 100 per cent."""
    bars, closed = {}, False
    for item in facts.about.left_out:
        for group in facts.about.groups:
            bar, mark = (item.partition("=")[0], group), facts.find_mark(item, group)
            bars[bar] = bars.get(bar, False) or (not mark and facts.share(item, group).value > 0)
            closed = closed or bool(mark)
    if closed and not all(bars.values()):
        return "kan bjælkerne summere til mindre end"
    if not any(bars.values()):
        return None
    return (
        "summerer hver bjælke til mindre end"
        if all(bars.values())
        else "summerer ikke alle bjælker til"
    )


def find_over(facts):
    if (
        QUESTIONS[facts.about.questions[0]]["kind"] != "multiple"
        or facts.figure.id == "positive-role"
    ):
        return ""
    return "summerer" if min(facts.sums.values()) > 1 else "kan summere"


def read_over(parts):
    return re.search("kan summere|summerer", parts["over"]).group() if parts["over"] else ""


def find_overlap(facts):
    """The whole that its parts add up to more than; "" where the parts shown do not."""
    if facts.figure.id != "positive-role":
        return None
    whole, *parts = facts.labels
    total, shares = (
        sum(facts.share(item, "all").value for item in items) for items in ([whole], parts)
    )
    closed = any(facts.find_mark(item, "all") for item in facts.labels)
    return facts.write(whole, "all") if shares > total and not closed else ""


def read_overlap(parts):
    return parts["overlap"] and (parts["whole"] or "")


def find_table(facts):
    """Who in the figure with a test of the whole table lacks an answer, is not in it; nobody
    does.
    """
    if facts.figure.id != "novelty":
        return None
    if why := find_why_apart(facts):
        return why
    found = facts.sample.test_table(
        [*facts.labels], list(facts.about.groups), facts.sector, facts.alpha
    )
    hidden = any(
        facts.find_mark(item, group) == "[c]"
        for item in facts.labels
        for group in facts.about.groups
    )
    # p is not told, and neither is how near it is
    near = facts.alpha == 0.05 and found.p < 0.10 and not hidden
    tending = ", men en tendens" if found.outcome != "difference" and near else ""
    negated = "" if found.outcome == "difference" else "ikke "
    return f"samlet set {negated}signifikant{tending} (niveau {write_level(facts)})"


def find_why_apart(facts):
    """Why a whole table's verdict is not told: nothing may be shown of a group, or it is fewer than
    30 (Kish 1965).
    """
    marks = [
        {facts.find_mark(item, group) for item in facts.labels} for group in facts.about.groups
    ]
    untold = [held for held in marks if "" not in held]
    if any("[c]" in held for held in untold):
        return "af hensyn til fortrolighed"
    weights = [facts.sample.weights[base] for base in facts.bases.values()]
    few = any(len(one) < 30 or one.sum() ** 2 / (one**2).sum() < 30 for one in weights)
    return "fordi tallene er for usikre" if untold or few else ""


def write_level(facts):
    return f"{facts.alpha:.3f}".rstrip("0").replace(".", ",")


def find_made(facts):
    """How many tests, at which level; which of them found a difference, and what was not tested."""
    if facts.figure.id not in ("values-by-initiation", "partners"):
        return None, None, {}, []
    made = sum(test.outcome != "untested" for test in facts.tests.values())
    found = {
        "oftere": facts.list_labels("more"),
        "sjældnere": facts.list_labels("less"),
        "tendens til oftere": facts.list_labels("tendency_more"),
        "tendens til sjældnere": facts.list_labels("tendency_less"),
    }
    return (
        str(made) if made else None,
        write_level(facts) if made else None,
        {word: labels for word, labels in found.items() if labels},
        facts.list_labels("untested"),
    )


def read_made(parts):
    assert (parts["sure"] == "Signifikante") == bool(parts["found"])
    return (
        parts["made"],
        parts["level"],
        read_found(parts),
        read_labels(parts["untested"] or parts["none_tested"]),
    )


def find_holm(facts):
    """What is left when the smallest p of m is set against alpha / m, the next against alpha / (m -
    1), and so on.
    """
    if facts.figure.id not in ("values-by-initiation", "partners"):
        return None
    tested = {item: test for item, test in facts.tests.items() if test.outcome != "untested"}
    kept = []
    for place, item in enumerate(sorted(tested, key=lambda item: tested[item].p)):
        if tested[item].p >= facts.alpha / (len(tested) - place):
            break
        kept.append(facts.labels[item])
    return sorted(kept) if len(tested) > 1 and facts.list_labels("more", "less") else None


def find_intervals(facts):
    drawn = [row for row in facts.figure.table["rows"] if row[0] in facts.about.items.values()]
    if not any("–" in cell for row in drawn for cell in row[1:]):
        return False, False
    return True, facts.figure.id in ("influence", "novelty")


def find_marks(facts):
    """Which marks are explained, and whether one of them is a field of a stacked bar."""
    marks = {
        item: {facts.find_mark(item, group) for group in facts.about.groups} - {""}
        for item in facts.labels
    }
    drawn = any(marks[item] for item in facts.about.items)
    flags = {
        flag
        for row in facts.figure.table["rows"]
        for cell in row[1:]
        for flag in FLAGS
        if cell.endswith(flag)
    }
    return set().union(*marks.values(), flags), facts.figure.id in (
        "influence",
        "novelty",
    ) and drawn


def read_marks(parts):
    told = {"[c]": "few", "[u]": "unsure", "[a]": "extreme", "[ø]": "rest"}
    return {mark for mark, part in told.items() if parts[part]}, bool(parts["width"])


def find_source(facts):
    card = facts.cards["files"][facts.cards["microdata"]]
    return SECTORS[facts.sector], card["citation"].rstrip(". "), card["origin"] == "synthetic"


def read_source(parts):
    return (
        parts["sector"],
        parts["source"],
        "syntetisk" in f"{parts['source']} {parts['synthetic']}",
    )


STATEMENTS = {
    "what is shown": (lambda parts: parts["shows"], find_shows),
    "who was asked": (read_base, find_base),
    "how many are counted": (read_n, find_n),
    "what is left out and how large it is": (read_left_out, find_left_out),
    "which bars do not reach 100 per cent": (lambda parts: parts["less"], find_less),
    "whether shares add up to more than 100 per cent": (read_over, find_over),
    "whether parts add up to more than their whole": (read_overlap, find_overlap),
    "whether the groups differ on the whole": (
        lambda parts: parts["table"] or parts["apart"],
        find_table,
    ),
    "which answers differ, by how many tests at which level": (read_made, find_made),
    "what Holm's correction leaves": (read_holm, find_holm),
    "where limits are shown": (
        lambda parts: (bool(parts["intervals"]), bool(parts["ends"])),
        find_intervals,
    ),
    "what is closed": (read_marks, find_marks),
    "whom the data stand for and where they are from": (read_source, find_source),
}


def list_faults(facts, note=""):
    """{statement: (what the note says, what is so)} of a figure's note, or of another put in its
    place.
    """
    parts = read_note(note or facts.figure.note)
    found = {name: (read(parts), find(facts)) for name, (read, find) in STATEMENTS.items()}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


# --- Alternative texts
# --------------------------------------------------------------------------------------------

PAIR = (
    r"(?P<{0}>.+?), (?P<{0}_a>{1}) pct\.(?: \(med forbehold\))? mod "
    r"(?P<{0}_b>{1}) pct\.(?: \(med forbehold\))?"
)
BARS = (
    r"Liggende søjler for (?P<items>\d+) svar i to grupper: politisk igangsat og andre årsager\. "
    r"(?:Ingen svar kan vises for begge grupper\.|"
    r"(?:(?P<start>(?:Ingen sikker forskel(?: blandt de viste svar)?; s|S)tørst(?: blandt de "
    r"viste svar)?"
    r" er afstanden) for "
    r"|Størst sikker forskel, (?P<word>oftere|sjældnere) i den første gruppe: )"
    + PAIR.format("main", SHARE)
    + r"(?: (?P<other>(?:Tendens til o|O)ftere|(?:Tendens til s|S)jældnere): "
    + PAIR.format("exception", SHARE)
    + r")?)"
)
ALTS = {
    "positive-role": r"Liggende søjler: en samlet andel og (?P<items>\d+) dele, der overlapper\. "
    rf"(?:(?P<whole>.+?): (?P<share>{SHARE}) pct\. )?Størst af delene: (?P<most>.+?), "
    rf"(?P<high>{SHARE}) pct"
    rf"\.(?:; mindst: (?P<least>.+?), (?P<low>{SHARE}) pct\.)?",
    "influence": r"Søjler til begge sider af nul for den nærmeste politiske ledelse og ny "
    r"lovgivning og nationale krav\."
    r"(?P<rows>.+?)",
    "novelty": r"Stablede søjler med (?P<items>\d+) svar for politisk igangsat og andre årsager\. "
    r"(?:Svarene kan ikke sammenlignes\.|Størst afstand: "
    + PAIR.format("main", SHARE)
    + r"(?: (?P<verdict>(?:Forskellen er|Ingen sikker forskel) samlet set(?: sikker|, men en "
    r"tendens)?)"
    r"\.)?)",
    "values-by-initiation": BARS,
    "partners": BARS,
}


def read_alt(figure):
    """{part: text} of an alternative text. Fails on one that is put together in another way."""
    tail = r"(?: (?P<closed>\d+) tal kan ikke vises\.)? Tal i tabellen nedenfor\."
    found = re.fullmatch(ALTS[figure.id] + tail, figure.alt.replace(NBSP, " "))
    assert found, f"an alternative text of another kind: {figure.alt}"
    return {part: text for part, text in found.groupdict().items() if text}


def find_whole(facts):
    """The whole, the largest of its parts and the smallest."""
    whole, *parts = facts.labels
    shown = sorted(
        (item for item in parts if not facts.find_mark(item, "all")),
        key=lambda item: -facts.share(item, "all").value,
    )
    named = {"high": shown[0], "low": shown[-1]} | (
        {} if facts.find_mark(whole, "all") else {"share": whole}
    )
    return {
        "items": str(len(parts)),
        "most": facts.labels[shown[0]],
        "least": facts.labels[shown[-1]],
        **({"whole": facts.labels[whole]} if "share" in named else {}),
        **{part: facts.write(item, "all").removesuffix(" %") for part, item in named.items()},
    }


def find_sides(facts):
    """Per row who promoted and who hindered, added up before they are rounded; not where a part is
    closed.
    """
    rows = {
        "Den nærmeste politiske ledelse": "nearest_politicians",
        "Ny lovgivning og nationale krav": "legislation",
    }
    told = ""
    for label, row in rows.items():
        sides = []
        for side, word in (("promoted", "fremmende"), ("hindered", "hæmmende")):
            items = [f"influence.{row}={side}_{degree}" for degree in ("some", "high")]
            if not any(facts.find_mark(item, "innovative") for item in items):
                total = sum(facts.share(item, "innovative").value for item in items)
                sides.append(f"{write_share(total)} pct. {word}")
        told += f" {label}: {' mod '.join(sides)}." if sides else ""
    return {"rows": told}


def find_largest(facts):
    """The answer that the groups lie furthest apart on, and what is said of the table as a
    whole.
    """
    items = {"items": str(len(facts.about.items))}
    if not facts.tests:
        return items
    table = find_table(facts)
    if find_why_apart(facts):
        return {**items, **name_pair(facts, "main", sort_by_distance(facts)[0])}
    sure, tending = (
        table.startswith("samlet set signifikant"),
        ", men en tendens" * ("tendens" in table),
    )
    return {
        **items,
        **name_pair(facts, "main", sort_by_distance(facts)[0]),
        "verdict": "Forskellen er samlet set sikker"
        if sure
        else f"Ingen sikker forskel samlet set{tending}",
    }


def find_differences(facts):
    """The largest sure difference and the largest the other way; the largest at all where none is
    sure.
    """
    items = sort_by_distance(facts)
    if not items:
        return {"items": str(len(facts.about.items))}
    sure = [item for item in items if facts.tests[item].outcome in ("more", "less")]
    told = {"items": str(len(facts.about.items)), **name_pair(facts, "main", (sure or items)[0])}
    if not sure:
        tested = any(test.outcome != "untested" for test in facts.tests.values())
        among = " blandt de viste svar" if len(items) < len(facts.about.items) else ""
        start = f"Ingen sikker forskel{among}; størst" if tested else f"Størst{among}"
        tending = [item for item in items if facts.tests[item].outcome.startswith("tendency")]
        other = {"tendency_more": "Tendens til oftere", "tendency_less": "Tendens til sjældnere"}
        exception = (
            {
                "other": other[facts.tests[tending[0]].outcome],
                **name_pair(facts, "exception", tending[0]),
            }
            if tending
            else {}
        )
        return told | {"start": f"{start} er afstanden"} | exception
    words = {"more": "oftere", "less": "sjældnere"}
    first = facts.tests[sure[0]].outcome
    others = [item for item in sure if facts.tests[item].outcome != first]
    told["word"] = words.pop(first)
    other = words.popitem()[1].capitalize()
    return told | ({"other": other, **name_pair(facts, "exception", others[0])} if others else {})


def sort_by_distance(facts):
    return sorted(facts.tests, key=lambda item: -abs(facts.tests[item].a - facts.tests[item].b))


def name_pair(facts, part, item):
    shares = [facts.write(item, group).removesuffix(" %") for group in facts.about.groups]
    return {part: facts.labels[item], f"{part}_a": shares[0], f"{part}_b": shares[1]}


FINDERS = {
    "positive-role": find_whole,
    "influence": find_sides,
    "novelty": find_largest,
    "values-by-initiation": find_differences,
    "partners": find_differences,
}


def list_alt_faults(facts):
    """{part: (what the alternative text says, what is so)}; what there was no room for is no
    fault.
    """
    told, found = read_alt(facts.figure), FINDERS[facts.figure.id](facts)
    closed = sum(
        facts.find_mark(item, group) != ""
        for item in facts.about.items
        for group in facts.about.groups
    )
    if closed and (
        "closed" in told
        or len(facts.figure.alt) + len(f" {closed} tal kan ikke vises.") <= LONGEST_ALT
    ):
        found["closed"] = str(closed)
    if "exception" in found and "exception" not in told:
        left = {
            part: found.pop(part) for part in ("other", "exception", "exception_a", "exception_b")
        }
        sentence = " {other}: {exception}, {exception_a} pct. mod {exception_b} pct.".format(**left)
        assert len(facts.figure.alt) + len(sentence) > LONGEST_ALT
    return {
        part: (told.get(part), found.get(part))
        for part in told.keys() | found.keys()
        if told.get(part) != found.get(part)
    }


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
        assert list(figures) == [figure for chapter in chapters for figure in WITH_FIGURES[chapter]]
        return {
            id: Facts(figure, make_sample(name), cards, sector, alpha)
            for id, figure in figures.items()
        }

    return find


@pytest.mark.parametrize("sector", CODES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_figures_note_says_what_a_second_calculation_finds(find_facts, statement, sector):
    read, find = STATEMENTS[statement]
    facts = find_facts("shipped", sector)
    told = {id: read(read_note(one.figure.note)) for id, one in facts.items()}
    assert told == {id: find(one) for id, one in facts.items()}


@pytest.mark.parametrize("sector", CODES)
def test_every_alternative_text_tells_the_main_result_that_a_second_calculation_finds(
    find_facts, sector
):
    facts = find_facts("shipped", sector)
    assert {id: list_alt_faults(one) for id, one in facts.items()} == {id: {} for id in FIGURES}


@pytest.mark.parametrize("sector", CODES)
def test_n_stands_in_the_heads_of_the_table_as_in_the_note(find_facts, sector):
    for id, facts in find_facts("shipped", sector).items():
        heads = [
            re.search(r"\(n = (\S+)\)", head.replace(NBSP, " "))
            for head in facts.figure.table["columns"]
        ]
        assert [head[1] for head in heads if head] == list(find_n(facts).values()), id


@pytest.mark.parametrize("sector", CODES)
def test_no_figure_shows_a_number_with_one_or_two_respondents_behind_it(find_facts, sector):
    for id, facts in find_facts("shipped", sector).items():
        few = {
            (item, group)
            for item in facts.labels
            for group in facts.about.groups
            if facts.share(item, group).state == "closed"
        }
        assert [cell for cell in few if not facts.find_mark(*cell)] == [], id


def test_some_note_explains_closed_cells_and_some_has_none(find_facts):
    marked = [
        find_marks(facts)[0] for sector in CODES for facts in find_facts("shipped", sector).values()
    ]
    assert any("[c]" in marks for marks in marked) and set() in marked


@pytest.mark.parametrize("alpha", [0.001, 0.3])
def test_a_note_names_other_differences_at_another_level(find_facts, alpha):
    facts, usual = (
        find_facts("shipped", "state", *rest)["partners"] for rest in ((alpha, ("05",)), ())
    )
    assert list_faults(facts) | list_alt_faults(facts) == {}
    assert find_made(facts)[2] != find_made(usual)[2]


def test_a_note_says_that_not_every_bar_lacks_something_where_nobody_gave_the_answer_left_out():
    rows = [("first", "Den første", 20, 30), ("dont_know", "Ved ikke", 0, 10)]
    released = release(make_table(rows), multiple=False)
    note = draw_distribution(released, "novelty", "Titel", SAMPLED_PAIR, ["dont_know"]).note
    assert f"10{NBSP}%); derfor summerer ikke alle bjælker til 100{NBSP}%." in note


@pytest.mark.parametrize(
    ("id", "sector", "text", "wrong", "statement"),
    [
        ("positive-role", "all", "n = 1.877", "n = 1.878", "how many are counted"),
        ("partners", "state", "igangsat 153", "igangsat 152", "how many are counted"),
        ("positive-role", "all", "Medregnet", "Spurgt", "who was asked"),
        ("influence", "all", "Figuren omfatter", "Spurgt er", "who was asked"),
        (
            "positive-role",
            "all",
            "mere end 59",
            "mere end 60",
            "whether parts add up to more than their whole",
        ),
        ("influence", "state", " og ”Ved ikke” (9 %)", "", "what is left out and how large it is"),
        ("novelty", "state", "årsager 10 %", "årsager [c]", "what is left out and how large it is"),
        (
            "novelty",
            "all",
            "hver bjælke til mindre end",
            "ikke alle bjælker til",
            "which bars do not reach 100 per cent",
        ),
        (
            "novelty",
            "municipality",
            "set signifikant",
            "set ikke signifikant",
            "whether the groups differ on the whole",
        ),
        (
            "values-by-initiation",
            "all",
            "andelene summerer",
            "andelene kan summere",
            "whether shares add up to more than 100 per cent",
        ),
        (
            "values-by-initiation",
            "state",
            "6 tests",
            "7 tests",
            "which answers differ, by how many tests at which level",
        ),
        (
            "values-by-initiation",
            "all",
            "niveau 0,05",
            "niveau 0,01",
            "which answers differ, by how many tests at which level",
        ),
        (
            "values-by-initiation",
            "state",
            "oftere i gruppen ”Politisk igangsat”",
            "sjældnere i gruppen ”Politisk igangsat”",
            "which answers differ, by how many tests at which level",
        ),
        (
            "partners",
            "all",
            "de samme",
            "de samme; ikke testet for ”Fonde”",
            "which answers differ, by how many tests at which level",
        ),
        (
            "values-by-initiation",
            "municipality",
            "ikke for ”Effektivitet”",
            "de samme",
            "what Holm's correction leaves",
        ),
        (
            "influence",
            "all",
            "; en streg ligger, hvor dens svar ender",
            "",
            "where limits are shown",
        ),
        ("partners", "all", "Data er vægtet", f"{CLOSED_NOTE} Data er vægtet", "what is closed"),
        (
            "values-by-initiation",
            "region",
            "til regionerne",
            "til staten",
            "whom the data stand for and where they are from",
        ),
        (
            "values-by-initiation",
            "all",
            "syntetiske",
            "ægte",
            "whom the data stand for and where they are from",
        ),
    ],
)
def test_a_note_with_one_wrong_word_or_number_is_noticed(
    find_facts, id, sector, text, wrong, statement
):
    facts = find_facts("shipped", sector)[id]
    note = facts.figure.note.replace(NBSP, " ")
    assert note.count(text) == 1
    assert list(list_faults(facts, note.replace(text, wrong))) == [statement]


def test_a_note_that_leaves_its_marks_unexplained_is_noticed(find_facts):
    marked = [
        facts
        for sector in CODES
        for facts in find_facts("shipped", sector).values()
        if find_marks(facts)[0]
    ]
    assert marked
    for facts in marked:
        spoiled = re.sub(r"\[[cuaø]\]: [^.]+\. ", "", facts.figure.note)
        assert list(list_faults(facts, spoiled)) == ["what is closed"]


def test_a_sentence_that_nobody_checks_is_noticed(find_facts):
    facts = find_facts("shipped", "all")["values-by-initiation"]
    for place in ("Spurgt", "Flere svar", "Data er", "n:", "Kilde:"):
        assert list_faults(
            facts, facts.figure.note.replace(place, f"Kun de største er med. {place}")
        )
    assert list_faults(facts, f"{facts.figure.note} Kun de største er med.")


@pytest.mark.parametrize(("number", "part"), [(57, "main_a"), (25, "main_b"), (37, "exception_a")])
def test_an_alternative_text_with_a_wrong_number_is_noticed(find_facts, number, part):
    facts = find_facts("shipped", "all")["values-by-initiation"]
    spoiled = replace(
        facts.figure, alt=facts.figure.alt.replace(f"{number}{NBSP}pct.", f"{number + 1}{NBSP}pct.")
    )
    assert list(list_alt_faults(replace(facts, figure=spoiled))) == [part]


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


@pytest.mark.parametrize(
    ("spoil", "statement"),
    [
        (count_one_too_many, "how many are counted"),
        (swap_verdicts, "which answers differ, by how many tests at which level"),
    ],
)
def test_a_report_whose_code_counts_or_compares_wrongly_is_noticed(
    monkeypatch, find_facts, spoil, statement
):
    usual = find_facts("shipped", "state")["partners"]
    spoil(monkeypatch)
    figure = draw_figures(SHIPPED, "state", chapters=("05",))["partners"]
    assert list(list_faults(replace(usual, figure=figure))) == [statement]


@pytest.mark.slow
@pytest.mark.parametrize("sector", CODES)
@pytest.mark.parametrize("name", PERTURBATIONS)
def test_notes_and_alternative_texts_follow_the_answers(find_facts, name, sector):
    facts = find_facts(name, sector)
    assert {id: list_faults(one) | list_alt_faults(one) for id, one in facts.items()} == {
        id: {} for id in FIGURES
    }


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
