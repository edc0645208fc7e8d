"""An intruder who has nothing but what a run publishes: `find_secrets(outputs)` says what comes
back of closed counts.

It knows the questionnaire, as anybody may, and no line of the package. It reads every published
file, takes each number for what it can have been before rounding, and asks by linear programming
how many respondents can stand behind a cell that is closed. Unknown are, for each kind of
respondent (sector, field and size where reports are made by them, and an answer to each question in
play), how many there are and the sum of their weights; that sum lies between the sector's published
smallest and largest weight for each.
"""

import csv
import html.parser
import json
import math
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product

import highspy
import numpy as np
from PIL import Image
from scipy.sparse import coo_array

from tests.whole.test_perturbed import AMONG, COMPLEMENTS, UNIONS

PLACES = ("state", "region", "municipality")
NAMES = {
    "Hele den offentlige sektor": "all",
    "Staten": "state",
    "Regionerne": "region",
    "Kommunerne": "municipality",
}
# Which fields of work a sector has, as everybody knows: the police is the state's, and
# kindergartens are not.
FIELDS = {
    "state": ("administration", "justice", "education", "culture"),
    "region": ("administration", "health", "care"),
    "municipality": ("administration", "education", "health", "care", "childcare", "culture"),
}
BACKGROUND = {
    "field": ("administration", "justice", "education", "health", "care", "childcare", "culture"),
    "size": ("small", "medium", "large"),
}
ANSWERS = {
    "novelty": ("first", "inspired", "copy", "dont_know"),
    "shared": ("yes", "no", "dont_know"),
    "influence": (
        "hindered_high",
        "hindered_some",
        "promoted_some",
        "promoted_high",
        "not_relevant",
        "dont_know",
    ),
}
ALONE = ("dont_know", "none")  # items that are ticked alone
# the others are asked of the innovative
ASKED = {"inspiration": "reused", "purpose": "was_evaluated"}
PART = re.compile(r"(?:sector|field|size)=[a-z]+(?:&(?:field|size)=[a-z]+)*")
FAR = 1e4  # a weight that none is above
SHARE, CLOSED, WIDTH, NEAR = (
    re.compile(r"(under |over )?(\d+(?:,\d+)?) ?(?:%|pct\.?)"),
    "[c]",
    3,
    1e-6,
)
UNSURE = "[u]"
# of HiGHS: its primal simplex method goes on from where it ended with other costs
OPTIONS = {"output_flag": False, "threads": 1, "simplex_strategy": 4}
FLAG = re.compile(r" ?\[[agø]\]")


@dataclass
class Facts:
    """What was read: by cell (item, group, sector) the limits of its share, its n, and whether it
    is closed.
    """

    shares: dict = field(default_factory=dict)
    bases: dict = field(default_factory=dict)
    closed: set = field(default_factory=set)
    # closed as too uncertain, which none is that a rule of secrecy closes
    unsure: set = field(default_factory=set)
    units: dict = field(default_factory=dict)
    weights: dict = field(default_factory=lambda: defaultdict(dict))

    def tell_share(self, cell, shown):
        """Keep what a share can have been before it was rounded, or that it is closed."""
        shown = FLAG.sub("", shown.replace("\u00a0", " "))
        if shown == CLOSED:
            self.closed.add(cell)
        elif shown == UNSURE:
            self.unsure.add(cell)
        elif found := SHARE.fullmatch(shown):
            half = float(found[2].replace(",", ".")) / 100
            low, high = {"under ": (0, half), "over ": (half, 1), None: round_back(found[2], 100)}[
                found[1]
            ]
            before = self.shares.get(cell, (0, 1))
            self.shares[cell] = (max(low, before[0]), min(high, before[1]))

    def tell_difference(self, first, second, shown):
        """Narrow two shares by what their difference can have been."""
        found = re.fullmatch(
            r"([+−-]?)(\d+(?:,\d+)?)(?: procentpoint)?", shown.replace("\u00a0", " ")
        )
        if found and {first, second} <= self.shares.keys():
            limits, less = round_back(found[2], 100), found[1] in ("−", "-")
            low, high = (-limits[1], -limits[0]) if less else limits
            (a, b), (c, d) = self.shares[first], self.shares[second]
            self.shares[first] = max(a, c + low), min(b, d + high)
            self.shares[second] = max(c, a - high), min(d, b - low)


def round_back(text, unit=1):
    """The least and the largest number that is written so."""
    half = 0.5 / 10 ** len(text.partition(",")[2]) + NEAR
    value = float(text.replace(".", "").replace(",", "."))
    return (value - half) / unit, (value + half) / unit


def name_cell(item, group, label, report, base=""):
    """The cell that a row of a report is about. "all" is the report's own part unless the label
    says another.

    A part as a group lies in the report's own where that is named behind the base, and otherwise in
    the whole, and so does what is left beside it.
    """
    if is_rest(group):
        return item, group, "all"
    if is_part(group):
        within = split_place(report) if base.endswith(")") else {}
        return item, "all", name_place(within | dict(one.split("=") for one in group.split("&")))
    return item, group, NAMES.get(label, report) if group == "all" else report


def is_part(group):
    return bool(PART.fullmatch(group))


def is_rest(group):
    """Whether a group is all that are not in a part of the public sector."""
    return group.startswith("!") and is_part(group[1:])


def name_place(parts):
    """The folder of the report on some part of the public sector: "region", "all-field-health"."""
    return "-".join(
        [
            parts.get("sector", "all"),
            *(f"{name}-{parts[name]}" for name in BACKGROUND if name in parts),
        ]
    )


def split_place(place):
    """{"sector": "region", "size": "large"} of the folder "region-size-large"."""
    sector, *rest = place.split("-")
    return ({} if sector == "all" else {"sector": sector}) | dict(
        zip(rest[::2], rest[1::2], strict=True)
    )


# --- Reading
# ------------------------------------------------------------------------------------------------------


def read_facts(outputs):
    """All that the reports of a run tell, from each kind of file they have; not `internal/`."""
    facts = Facts()
    for folder in sorted(
        path for path in outputs.iterdir() if path.name.partition("-")[0] in NAMES.values()
    ):
        report = folder.name
        rows = list(csv.DictReader((folder / "numbers.csv").open(encoding="utf-8-sig", newline="")))
        _read_numbers(facts, rows, report)
        figures = {path.stem for path in (folder / "figures").glob("*.csv")}
        for table in read_tables(folder):
            if table[0] in figures:
                _read_table(facts, table, rows, report)
    return facts


def _read_numbers(facts, rows, report):
    for row in rows:
        cell = name_cell(row["item"], row["group"], row["group_label"], report, row["base"])
        if row["kind"] in ("share", "sum") and row["item"]:
            facts.tell_share(cell, row["shown"])
        if row["kind"] == "share" and row["n"].isdecimal():
            facts.bases[cell] = int(row["n"])
        if row["kind"] == "count" and row["item"] == row["group"] == "all":  # how many answered
            if row["shown"] == CLOSED:
                facts.closed.add(cell)
            elif row["n"].isdecimal():
                facts.bases[cell] = int(row["n"])
        if row["kind"] == "units" and row["item"] == "all" and row["shown"] != CLOSED:
            facts.units[cell[2]] = round_back(row["shown"])
        if row["kind"] == "weight" and cell[2] in PLACES and row["shown"] != CLOSED:
            facts.weights[cell[2]][row["label"]] = round_back(row["shown"])
    for row in rows:
        # In running text a difference has lost its sign.
        if (
            row["kind"] == "difference"
            and row["part"] != "text"
            and row["group"].count(" mod ") == 1
        ):
            groups = row["group"].split(" mod ")
            whole = (
                "Hele den offentlige sektor"
                if any(is_part(one.removeprefix("!")) for one in groups)
                else ""
            )
            facts.tell_difference(
                *(name_cell(row["item"], group, whole, report) for group in groups), row["shown"]
            )


def _read_table(facts, table, rows, report):
    """A figure's table of answers by group: its cells by label of row, and by the order of groups
    in numbers.csv.
    """
    where, columns, lines = table
    cells = [
        row
        for row in rows
        if row["where"] == where and row["part"] == "table" and row["kind"] == "share"
    ]
    groups = list(dict.fromkeys((row["group"], row["group_label"]) for row in cells))
    items = {row["label"]: row["item"] for row in cells}
    for label, *shown in lines:
        for (group, name), text in zip(groups, shown, strict=False):
            if label in items:
                facts.tell_share(
                    name_cell(items[label], group, name, report),
                    re.sub(r" ?\(.*", "", text).strip(),
                )
    for (group, name), head in zip(groups, columns[1:], strict=False):
        if n := re.search(r"\(n = ([\d.]+)\)", head.replace("\u00a0", " ")):
            # of rows that are shown, and of others that are asked of the same respondents
            asked = {row["base"] for row in cells if row["group"] == group and row["n"]}
            for row in cells:
                if row["group"] == group and row["base"] in asked:
                    cell = name_cell(row["item"], group, name, report)
                    facts.bases.setdefault(cell, int(n[1].replace(".", "")))


def read_tables(folder):
    """(figure's id, heads, rows) of each figure's table in each kind of file."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".csv" and path.parent.name == "figures":
            heads, *lines = csv.reader(path.open(encoding="utf-8-sig", newline=""))
            yield path.stem, heads, lines
        elif path.suffix == ".ipynb":
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                for output in cell.get("outputs", ()):
                    payload = output.get("data", {}).get("application/vnd.barometer+json", {})
                    if payload.get("kind") in ("figure", "table"):
                        yield payload["id"], payload["table"]["columns"], payload["table"]["rows"]
        elif path.suffix == ".html":
            reader = TableReader()
            reader.feed(path.read_text(encoding="utf-8"))
            yield from reader.tables


class TableReader(html.parser.HTMLParser):
    """The tables of a page that stand in something with a figure's or a table's id."""

    def __init__(self):
        super().__init__()
        self.tables, self.where, self.text = [], "", None

    def handle_starttag(self, tag, attributes):
        self.where = dict(attributes).get("id") or self.where
        if tag == "table":
            self.tables.append((self.where, [], []))
        elif tag == "tr" and self.tables:
            self.tables[-1][2].append([])
        elif tag in ("td", "th"):
            self.text = ""

    def handle_data(self, data):
        self.text = None if self.text is None else self.text + data

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.text is not None:
            self.tables[-1][2][-1].append(" ".join(self.text.split()))
            self.text = None
        elif tag == "table":
            heads, *lines = self.tables[-1][2] or [[]]
            self.tables[-1] = (self.tables[-1][0], heads, lines)


def read_words(path):
    """The words of a published file of any kind, in the order they stand in: for what is in no
    table.
    """
    if path.suffix == ".pdf":
        told = subprocess.run(
            ["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True
        )
        return told.stdout
    if path.suffix == ".png":  # the words stored in it
        with Image.open(path) as picture:
            return " ".join(map(str, picture.info.values()))
    text = path.read_text(encoding="utf-8")
    marked = path.suffix in (".svg", ".html")
    return re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL) if marked else text


# --- What follows from it
# -----------------------------------------------------------------------------------------


def list_columns(name):
    """The questions' columns that a variable is made of; none for what all kinds are told apart
    by.
    """
    if is_rest(name):
        return frozenset()
    name = name.removeprefix("!")
    if name in ("all", "innovative"):
        return frozenset()
    if name in COMPLEMENTS or name in UNIONS:
        parts = (
            [COMPLEMENTS[name]] if name in COMPLEMENTS else [*UNIONS[name], *AMONG.get(name, ())]
        )
        if name == "collaborated":
            return frozenset(["collaborated"])
        return frozenset().union(*map(list_columns, parts))
    return frozenset([name.partition("=")[0]])


def is_true(name, kind):
    """Whether a kind of respondent is counted in a variable; None outside its base."""
    if name == "all":
        return True
    column, _, answers = name.partition("=")
    if name == "innovative":
        return kind["innovative"]
    if name in ASKED.values() or name.partition(".")[0] not in ASKED:
        inside = kind["innovative"]
    else:
        inside = is_true(ASKED[name.partition(".")[0]], kind)
    if name in AMONG:
        inside = inside and any(is_true(part, kind) for part in AMONG[name])
    if not inside:
        return None
    if name in COMPLEMENTS:
        return not is_true(COMPLEMENTS[name], kind)
    if name in UNIONS and name not in kind:
        return any(is_true(part, kind) for part in UNIONS[name])
    return kind[column] in answers.split("|") if answers else bool(kind[column])


def list_values(column):
    return ANSWERS.get(column) or (
        ANSWERS["influence"] if column.startswith("influence.") else (False, True)
    )


@cache
def list_kinds(columns):
    """Every kind of respondent that the questionnaire allows, as {column: answer}, without the
    background.
    """
    columns, kinds = sorted(columns), [{"innovative": False}]
    for values in product(*map(list_values, columns)):
        kind = {"innovative": True, **dict(zip(columns, values, strict=True))}
        ticked = [column for column in columns if "." in column and kind[column] is True]
        alone = [column for column in ticked if column.partition(".")[2] in ALONE]
        own = [
            one
            for column in alone
            for one in ticked
            if one.partition(".")[0] == column.partition(".")[0]
        ]
        partners = [
            column for column in ticked if column.startswith("partner.") and column not in alone
        ]
        if len(own) > len(alone) or len(alone) > len(
            {column.partition(".")[0] for column in alone}
        ):
            continue
        if "collaborated" in kind and (
            kind["collaborated"] < bool(partners)
            or (kind["collaborated"] and any(one.startswith("partner.") for one in alone))
        ):
            continue
        kinds.append(kind)
    return kinds


def find_columns(cell):
    """The questions in play when a cell is attacked: its own, the two that make a group, and who is
    ticked alone.
    """
    item, group, _ = cell
    columns = (
        {"initiator.nearest_politicians", "initiator.legislation"}
        | list_columns(item)
        | list_columns(group)
    )
    for question in {column.partition(".")[0] for column in columns}:
        if question == "partner":
            columns |= {"collaborated", "partner.none", "partner.dont_know"}
        elif question in ("value", "inspiration"):
            columns.add(f"{question}.dont_know")
        if question == "inspiration":
            columns.add("novelty")
    return frozenset(columns)


def is_known(cell):
    """Whether the intruder knows what can be answered to the questions of a cell, and who is asked
    them.
    """
    columns = list_columns(cell[0]) | list_columns(cell[1])
    single = {name.partition("=")[0] for name in cell[:2] if "=" in name and not is_rest(name)}
    return (
        columns.isdisjoint({"was_evaluated", "evaluated"})
        and all(column.partition(".")[0] not in ("purpose", "phase") for column in columns)
        and all(column in ANSWERS or column.startswith("influence.") for column in single)
    )


def find_range(editions, cell, edition=0, written=None):
    """The least and the largest number of respondents behind a cell whose questions are known
    (`is_known`), in one of some editions: `Facts` of reports, of which each has those respondents
    whom the ones before it have, and maybe more. Weights may be others in each.

    `written`: {columns: kinds and rows} of these editions, kept from one cell to the next.
    """
    columns, written = find_columns(cell), {} if written is None else written
    if columns not in written:
        written[columns] = _write_rows(editions, columns)
    kinds, rows = written[columns]
    there = [(where, kind) for where, kind in kinds if where["since"] <= edition]
    goal = dict.fromkeys(select_kinds(there, cell)[1], 1)
    return math.ceil(rows.solve(goal, 1) - NEAR), math.floor(rows.solve(goal, -1) + NEAR)


def _write_rows(editions, columns):
    """(all kinds of respondents that some columns tell apart, the `Rows` of what is told)."""
    kinds = [
        (place | {"since": since}, kind)
        for since in range(len(editions))
        for place in list_places(editions)
        for kind in list_kinds(columns)
    ]
    rows = Rows(len(kinds), len(editions))
    for number, facts in enumerate(editions):
        rows.edition = number
        there = [(where, kind) for where, kind in kinds if where["since"] <= number]
        _add_facts(rows, facts, there, columns)
    return kinds, rows


def _add_facts(rows, facts, kinds, columns):
    """The rows of what one edition tells. `kinds`: those who had answered by then."""
    for sector in PLACES:
        place = [position for position, (where, _) in enumerate(kinds) if where["sector"] == sector]
        limits = {"Mindste vægt": (0, math.inf), "Største vægt": (0, math.inf)} | facts.weights[
            sector
        ]
        least, most = limits["Mindste vægt"][0], min(limits["Største vægt"][1], FAR)
        for position in place:
            rows.add({position: least}, {position: -1})
            rows.add({position: -most}, {position: 1})
        if sector in facts.units:
            rows.add({}, dict.fromkeys(place, 1), facts.units[sector][1])
            rows.add({}, dict.fromkeys(place, -1), -facts.units[sector][0])
    for known in sorted(facts.bases):
        asked = name_asked(known)
        if asked and (list_columns(asked[0]) | list_columns(asked[1])) <= columns:
            rows.add_equal(dict.fromkeys(select_kinds(kinds, asked)[1], 1), facts.bases[known])
    for known in facts.shares.keys() | facts.bases.keys():
        if (list_columns(known[0]) | list_columns(known[1])) <= columns:
            base, yes = select_kinds(kinds, known)
            if known in facts.bases:
                rows.add_equal(dict.fromkeys(base, 1), facts.bases[known])
            if known in facts.shares:
                low, high = facts.shares[known]
                rows.add({}, dict.fromkeys(base, -high) | dict.fromkeys(yes, 1 - high))
                rows.add({}, dict.fromkeys(base, low) | dict.fromkeys(yes, low - 1))


def name_asked(cell):
    """The cell of those who were asked a question because of their answer to another, in a group
    and a place: its n says how many they are. None of other questions.
    """
    question = cell[0].removeprefix("!").partition("=")[0].partition(".")[0]
    return (ASKED[question], *cell[1:]) if question in ASKED else None


def list_places(editions):
    """The smallest parts of the public sector that what was read tells apart, as {dimension:
    answer}.
    """
    told = {
        name
        for facts in editions
        for _, _, place in {*facts.shares, *facts.bases, *facts.closed}
        for name in split_place(place)
    }
    further = [name for name in BACKGROUND if name in told]
    combined = [
        {"sector": sector, **dict(zip(further, answers, strict=True))}
        for sector in PLACES
        for answers in product(*(BACKGROUND[name] for name in further))
    ]
    return [place for place in combined if place.get("field") in (None, *FIELDS[place["sector"]])]


def select_kinds(kinds, cell):
    """Positions of the kinds that were asked an item in a group and a place, and of those that are
    counted.
    """
    item, group, place = cell
    base, yes, wanted, besides = [], [], split_place(place).items(), None
    if is_rest(group):
        group, besides = "all", dict(one.split("=") for one in group[1:].split("&")).items()
    for position, (where, kind) in enumerate(kinds):
        inside = wanted <= where.items() and not (besides and besides <= where.items())
        if inside and is_true(group, kind) and (answer := is_true(item, kind)) is not None:
            base.append(position)
            if answer:
                yes.append(position)
    return base, yes


class Rows:
    """The inequalities and equations of one attack: unknown are n numbers of respondents, then as
    many sums of weights in each edition. `edition`: the one whose weights are meant.
    """

    def __init__(self, n, editions=1):
        self.n, self.parts = n, {False: ([], [], [], []), True: ([], [], [], [])}
        self.unknown, self.edition = (1 + editions) * n, 0

    def add(self, counts, weights, limit=0.0):
        """counts . respondents + weights . sums of weights <= limit."""
        start = (1 + self.edition) * self.n
        self._add(
            False,
            {**counts, **{start + place: value for place, value in weights.items()}},
            limit,
        )

    def add_equal(self, counts, value):
        self._add(True, counts, value)

    def _add(self, equal, values, limit):
        rows, places, numbers, limits = self.parts[equal]
        rows += [len(limits)] * len(values)
        places += values.keys()
        numbers += values.values()
        limits.append(limit)

    @cached_property
    def model(self):
        """The rows as a model of HiGHS, in which each search begins where the last one ended."""
        model = highspy._Highs()  # Highs itself writes a notice to standard output
        for name, value in OPTIONS.items():
            model.setOptionValue(name, value)
        programme = highspy.HighsLp()
        (rows, places, numbers, limits), (others, columns, values, sums) = (
            self.parts[equal] for equal in (False, True)
        )
        both = [*rows, *(len(limits) + row for row in others)], [*places, *columns]
        shape = len(limits) + len(sums), self.unknown
        matrix = coo_array(([*numbers, *values], both), shape=shape).tocsr()
        programme.num_row_, programme.num_col_ = shape
        programme.col_cost_ = programme.col_lower_ = np.zeros(self.unknown)
        programme.col_upper_ = np.full(self.unknown, np.inf)
        programme.row_lower_ = np.array([-np.inf] * len(limits) + sums, float)
        programme.row_upper_ = np.array([*limits, *sums], float)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = matrix.indptr
        programme.a_matrix_.index_, programme.a_matrix_.value_ = matrix.indices, matrix.data
        model.passModel(programme)
        return model

    def solve(self, goal, side):
        """The least (`side` 1) or largest (-1) value of a sum of respondents."""
        target = np.zeros(self.unknown)
        target[list(goal)] = side
        self.model.changeColsCost(self.unknown, np.arange(self.unknown, dtype=np.int32), target)
        self.model.run()
        status = self.model.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, f"what was read is {status.name}"
        return side * self.model.getObjectiveValue()


def find_secrets(outputs):
    """({closed cell: (least, largest number of respondents)}, those of them nearer than three).

    A cell that has a mark in one place, as part of a comparison that is closed, and a number or the
    mark of what is too uncertain in another is not confidential.
    """
    ranges, secrets = find_secrets_of_editions(outputs)
    return tuple({cell[1:]: held for cell, held in found.items()} for found in (ranges, secrets))


def find_secrets_of_editions(*folders):
    """The same of several folders together, the fewest respondents first: cells begin with the
    number of their folder.
    """
    editions = [read_facts(folder) for folder in folders]
    written = {}
    ranges = {
        (number, *cell): find_range(editions, cell, number, written)
        for number, facts in enumerate(editions)
        for cell in sorted(facts.closed - facts.shares.keys() - facts.unsure)
        if is_known(cell)
    }
    return ranges, {cell: found for cell, found in ranges.items() if found[1] - found[0] < WIDTH}
