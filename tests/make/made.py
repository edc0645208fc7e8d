"""Valid surveys of a shape that the shipped one has not: `make_made(name, folder)`, by the names in
`SHAPES`.

Each is made from the shipped answers and keeps to the questionnaire's routing. It keeps no plan of
closed cells: who opens it says which plan is to be used.
"""

import csv
import io

from barometer.tools.seal import seal_cards
from tests.make.perturbed import (
    POLITICAL,
    VALUES,
    find_sector,
    is_innovative,
    read_answers,
    set_political,
    set_ticks,
    write_answers,
)
from tests.make.shipped import copy_sectors


def make_made(name, folder):
    """Write the survey `name` to `folder`, sealed, and return the folder."""
    copy_sectors(folder)
    edit, cards = SHAPES[name]
    with open(folder / "population.csv", encoding="utf-8", newline="") as lines:
        strata = list(csv.DictReader(lines))
    rows, strata = edit(read_answers(folder), strata)
    write_answers(folder, rows)
    table = io.StringIO()
    writer = csv.DictWriter(table, list(strata[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(strata)
    (folder / "population.csv").write_text(table.getvalue(), encoding="utf-8")
    path = folder / "cards.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "    rows: 39\n", f"    rows: {len(strata)}\n", 1
    )
    text = text[: text.index("  closed.yaml:")] + text[text.index("  synthetic.yaml:") :]
    path.write_text(cards + text, encoding="utf-8")
    seal_cards(folder)
    return folder


def ask_all(rows, strata):
    """Everybody in the population has answered."""
    count = count_strata(rows)
    return (
        [row | {"weight": "1"} for row in rows],
        [stratum | {"units": count[stratum["stratum"]]} for stratum in strata],
    )


def keep_municipalities(rows, strata):
    """A survey of one sector."""
    return (
        [row for row in rows if find_sector(row) == "municipality"],
        [stratum for stratum in strata if stratum["sector"] == "municipality"],
    )


def drop_regions(rows, strata):
    """The regions were asked, and nobody answered."""
    return [row for row in rows if find_sector(row) != "region"], strata


def agree(rows, strata):
    """Who has answered from the regions is innovative."""
    return rescale(
        [row for row in rows if find_sector(row) != "region" or is_innovative(row)], strata
    )


def agree_altogether(rows, strata):
    """All are innovative, and all say the same of what the innovation gave."""
    rows = [row for row in rows if is_innovative(row)]
    for row in rows:
        set_ticks(row, "value", {item: item == "quality" for item in VALUES})
    return rescale(rows, strata)


def begin_without_politics(rows, strata):
    """Nobody's innovation was begun by politics."""
    for row in rows:
        if is_innovative(row):
            set_political(row, False, NoLuck())
    assert not any(row[column] == "1" for row in rows for column in POLITICAL)
    return rows, strata


def keep_twelve(rows, strata):
    """Two respondents in each of six strata, two in each sector, are all there are."""
    chosen = {}
    for stratum in strata:
        chosen.setdefault(stratum["sector"], []).append(stratum["stratum"])
    names = [name for own in chosen.values() for name in own[:2]]
    return rescale(
        [row for name in names for row in [one for one in rows if one["stratum"] == name][:2]],
        [stratum for stratum in strata if stratum["stratum"] in names],
    )


def normalise(rows, strata):
    """Weights of mean 1."""
    mean = sum(float(row["weight"]) for row in rows) / len(rows)
    return [row | {"weight": repr(float(row["weight"]) / mean)} for row in rows], strata


def rescale(rows, strata):
    """Weights that add up to the population of each stratum."""
    count, units = (
        count_strata(rows),
        {one["stratum"]: int(one["units"]) for one in strata},
    )
    return [
        row | {"weight": repr(units[row["stratum"]] / count[row["stratum"]])} for row in rows
    ], strata


def count_strata(rows):
    found = {}
    for row in rows:
        found[row["stratum"]] = found.get(row["stratum"], 0) + 1
    return found


class NoLuck:
    """Stands in for a random generator: the first of what is to be chosen from."""

    def choice(self, several):
        return several[0]

    def random(self):
        return 0.5

    def sample(self, several, few):
        return list(several)[:few]


SHAPES = {
    "census": (ask_all, ""),
    "one_sector": (keep_municipalities, ""),
    "no_region": (drop_regions, "empty_strata: accept\n"),
    "unanimous": (agree, ""),
    "alike": (agree_altogether, ""),
    "no_politics": (begin_without_politics, ""),
    "twelve": (keep_twelve, ""),
    "normalised": (normalise, "weights: normalised\n"),
}
