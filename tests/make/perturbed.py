"""Survey folders that tell another story than the shipped one, all of them valid:
`make_perturbed(name, folder)`.

Each starts from the shipped answers. Every edit keeps to the questionnaire's routing, because a
folder is only of use if `open_survey` finds nothing wrong with it. Same name, same bytes.
"""

import csv
import io
import random
import re

from barometer.paths import DATA
from tests.make.asked import seal_shipped
from tests.make.shipped import copy_sectors

SHIPPED = DATA / "barometer-2020"
KEYS = ("id", "stratum", "weight")
POLITICAL = ("initiator_nearest_politicians", "initiator_legislation")
VALUES = (
    "quality",
    "efficiency",
    "employee_satisfaction",
    "citizen_involvement",
    "political_goals",
)
PARTNERS = (
    "internal",
    "same_sector",
    "other_sector",
    "knowledge_institutions",
    "citizens",
    "associations",
    "companies",
    "foundations",
    "abroad",
)
# if no tick is left
FALLBACKS = {"value": "other", "partner": "none", "initiator": "other", "inspiration": "other"}
SECTORS = ("state", "region", "municipality")
POLITICS = ("influence_nearest_politicians", "influence_legislation")
# what hindered promotes, and the other way round
TURNED = {
    f"{one}_{much}": f"{other}_{much}"
    for one, other in (("promoted", "hindered"), ("hindered", "promoted"))
    for much in ("some", "high")
}


def make_perturbed(name, folder):
    """Write the perturbed survey `name` (of `PERTURBATIONS`) to `folder`, sealed, and return the
    folder.
    """
    copy_sectors(folder)
    write_answers(folder, PERTURBATIONS[name](read_answers(folder), random.Random(name)))
    seal_shipped(folder)
    return folder


def write_answers(folder, rows):
    """Put a list of {column: text} in place of the microdata, and their number on the card."""
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "microdata.csv").write_text(table.getvalue(), encoding="utf-8")
    cards = folder / "cards.yaml"
    card = r"(?m)^(  microdata\.csv:\n(?:    .*\n)*?    rows: )\d+"
    text, found = re.subn(card, rf"\g<1>{len(rows)}", cards.read_text(encoding="utf-8"))
    assert found == 1
    cards.write_text(text, encoding="utf-8")


def read_answers(folder):
    """The microdata as a list of {column: text}."""
    with open(folder / "microdata.csv", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def swap_roles(rows, rng):
    """Everybody politically initiated gives the whole question of who began to one in the same
    sector who is not.
    """
    for sector in SECTORS:
        own = [row for row in rows if is_innovative(row) and find_sector(row) == sector]
        political = [row for row in own if is_political(row)]
        others = [row for row in own if not is_political(row)]
        few = min(len(political), len(others))
        for one, other in zip(rng.sample(political, few), rng.sample(others, few), strict=True):
            exchange(one, other, "initiator_")
    return rows


def invert_state(rows, rng):
    """In the state who was politically initiated no longer is, and the other way round; elsewhere
    nothing changes.
    """
    for row in rows:
        if find_sector(row) == "state" and is_innovative(row):
            set_political(row, not is_political(row), rng)
    return rows


def halve(rows, rng):
    """Half of each stratum's respondents at random (two at least) with weights that stand for as
    many units.
    """
    kept = {}
    for stratum in sorted({row["stratum"] for row in rows}):
        own = [row for row in rows if row["stratum"] == stratum]
        half = rng.sample(own, min(len(own), max(2, (len(own) + rng.randrange(2)) // 2)))
        kept |= {
            row["id"]: row | {"weight": repr(float(row["weight"]) * len(own) / len(half))}
            for row in half
        }
    return [kept[row["id"]] for row in rows if row["id"] in kept]


def favour_politics(rows, rng):
    """Everything goes better with politics, and state and regions have more of it than the
    municipalities.
    """
    deal_answers(rows, {"state": 2.0, "region": 2.0, "municipality": 0.0}, rng)
    return tilt(rows, True, rng)


def oppose_politics(rows, rng):
    """Everything goes worse with politics, and the municipalities have most of it, the state
    least.
    """
    deal_answers(rows, {"state": 0.0, "region": 0.5, "municipality": 2.0}, rng)
    return tilt(rows, False, rng)


def even_out(rows, rng):
    """Nothing has to do with anything: whole forms, then questions, are dealt at random, and so are
    a form's ticks.
    """
    deal_answers(rows, None, rng)
    innovative = [row for row in rows if is_innovative(row)]
    for row in innovative:
        # Three shares that sentences set against each other: employees began, politics began,
        # politics promoted.
        known = [row["initiator_employees"] == "1", is_political(row), is_promoted(row)]
        rng.shuffle(known)
        set_ticks(row, "initiator", {"employees": known[0]})
        set_political(row, known[1], rng)
        set_promoted(row, known[2], rng)
        shuffle_ticks(row, "value", VALUES, rng)
        shuffle_ticks(row, "partner", PARTNERS, rng)
        if row["novelty"] != "dont_know":
            set_novelty(row, rng.choice(["first", "first", "copy", "inspired"]))
    for prefix in ("initiator_", "value_"):
        for one, other in zip(innovative, rng.sample(innovative, len(innovative)), strict=True):
            exchange(one, other, prefix)
    return rows


def raise_regions(rows, rng):
    """The regions have more than the others of what their report sets beside the rest."""
    return set_regions(rows, True, rng)


def lower_regions(rows, rng):
    """The regions have less of it; and everywhere politics hinders what it began and no other."""
    for row in filter(is_innovative, rows):
        turned = TURNED if is_political(row) else {}
        row.update({column: turned.get(row[column], row[column]) for column in POLITICS})
    return set_regions(rows, False, rng)


def level_regions(rows, rng):
    """The regions are as new and as often with citizens as the municipalities, but share more."""
    others = [row for row in rows if is_innovative(row) and find_sector(row) == "municipality"]
    for row in rows:
        if find_sector(row) == "region" and is_innovative(row):
            other = rng.choice(others)
            set_novelty(row, other["novelty"])
            set_ticks(row, "partner", {"citizens": other["partner_citizens"] == "1"})
            if rng.random() < 0.2:
                row["shared"] = "yes"
    return rows


def set_regions(rows, more, rng):
    """Let six of ten in the regions be new or copied (or neither), share, involve, cooperate."""
    for row in rows:
        if find_sector(row) == "region" and is_innovative(row) and rng.random() < 0.6:
            set_novelty(row, rng.choice(["first", "copy"]) if more else "inspired")
            set_ticks(row, "value", {"citizen_involvement": more, "political_goals": more})
            set_ticks(row, "partner", {"internal": more, "citizens": more})
            row["shared"] = "yes" if more else "no"
    return rows


PERTURBATIONS = {
    "roles_swapped": swap_roles,
    "state_inverted": invert_state,
    "half": halve,
    "politics_favoured": favour_politics,
    "politics_opposed": oppose_politics,
    "evened_out": even_out,
    "regions_raised": raise_regions,
    "regions_lowered": lower_regions,
    "regions_levelled": level_regions,
}


def tilt(rows, favoured, rng):
    """Let most answers of the innovative follow, for better or worse, whether politics began the
    innovation.
    """
    for row in filter(is_innovative, rows):
        set_ticks(row, "initiator", {"employees": not favoured} if rng.random() < 0.9 else {})
        good = is_political(row) == favoured
        near = (row["initiator_nearest_politicians"] == "1") == favoured
        values = {item: near if item == "citizen_involvement" else good for item in VALUES}
        set_ticks(
            row,
            "value",
            {item: to for item, to in values.items() if rng.random() < intensity(item)},
        )
        partners = dict.fromkeys(PARTNERS, good)
        set_ticks(
            row,
            "partner",
            {item: to for item, to in partners.items() if rng.random() < intensity(item)},
        )
        if rng.random() < 0.8:
            set_novelty(row, rng.choice(["copy", *["first"] * 4]) if good else "inspired")
        if row["novelty"] in ("inspired", "copy") and rng.random() < 0.6:
            set_ticks(row, "inspiration", {"nearest_politicians": good})
        if rng.random() < 0.6:
            row["shared"] = "yes" if good else "no"
        for column in POLITICS:
            helped = (
                "promoted_some" if rng.random() < (0.4 if favoured else 0.9) else "not_relevant"
            )
            row[column] = (
                (helped if good else "hindered_some") if rng.random() < 0.95 else row[column]
            )
    return rows


def intensity(item):
    """How often an answer follows: most for the two that sentences call the most frequent."""
    return 0.9 if item in ("quality", "internal") else 0.5


def deal_answers(rows, luck, rng):
    """Deal out whole forms anew; sectors with more `luck` get more of the innovative and
    politically initiated.
    """

    def score(row):
        return is_innovative(row) + is_political(row) + rng.gauss(0, 2) if luck else rng.random()

    def rank(row):
        return (luck[find_sector(row)] if luck else 0) + rng.gauss(0, 1)

    forms = [
        {name: row[name] for name in row if name not in KEYS} for row in sorted(rows, key=score)
    ]
    for row, form in zip(sorted(rows, key=rank), forms, strict=True):
        row.update(form)


def exchange(one, other, prefix):
    """Let two respondents exchange their answers to one question."""
    for column in one:
        if column.startswith(prefix):
            one[column], other[column] = other[column], one[column]


def shuffle_ticks(row, question, items, rng):
    """Move a form's ticks to other items of the same question at random."""
    ticks = [row[f"{question}_{item}"] == "1" for item in items]
    rng.shuffle(ticks)
    if any(ticks):
        set_ticks(row, question, dict(zip(items, ticks, strict=True)))


def set_ticks(row, question, ticks):
    """Set some ticks of a question and keep the rest valid: three initiators at most, no exclusive
    tick in company.
    """
    columns = [name for name in row if name.startswith(f"{question}_")]
    wanted = {f"{question}_{item}": str(int(to)) for item, to in ticks.items()}
    row.update(wanted)
    if "1" in wanted.values():
        row.update({name: "0" for name in columns if name.endswith(("_none", "_dont_know"))})
    spare = [name for name in columns if row[name] == "1" and name not in (*wanted, *POLITICAL)]
    while question == "initiator" and sum(row[name] == "1" for name in columns) > 3:
        row[spare.pop()] = "0"
    if not any(row[name] == "1" for name in columns):
        row[f"{question}_{FALLBACKS[question]}"] = "1"
    if question == "partner":
        follow_route(
            row,
            "phase_",
            any(row[f"partner_{item}"] == "1" for item in PARTNERS),
            "phase_dont_know",
        )


def set_novelty(row, answer):
    """Answer how new the innovation is; only who reused is asked where the solution came from."""
    row["novelty"] = answer
    follow_route(row, "inspiration_", answer in ("inspired", "copy"), "inspiration_other")


def follow_route(row, prefix, asked, ticked):
    """Fill a question in, with one tick, for who is asked now and was not before; empty it for who
    is not asked.
    """
    columns = [name for name in row if name.startswith(prefix)]
    if not asked:
        row.update(dict.fromkeys(columns, ""))
    elif not row[ticked]:
        row.update(dict.fromkeys(columns, "0") | {ticked: "1"})


def set_political(row, political, rng):
    """Let politics have begun the innovation, or not."""
    if political != is_political(row):
        began = rng.choice(POLITICAL) if political else ""
        set_ticks(
            row, "initiator", {name.removeprefix("initiator_"): name == began for name in POLITICAL}
        )


def set_promoted(row, promoted, rng):
    """Let politics have promoted the innovation, or not."""
    if promoted and not is_promoted(row):
        row[rng.choice(POLITICS)] = "promoted_some"
    elif not promoted:
        row.update({name: "not_relevant" for name in POLITICS if row[name].startswith("promoted")})


def is_innovative(row):
    return any(row[name] == "yes" for name in row if name.startswith("introduced_"))


def is_political(row):
    return any(row[name] == "1" for name in POLITICAL)


def is_promoted(row):
    return any(row[name].startswith("promoted") for name in POLITICS)


def find_sector(row):
    return row["stratum"].partition("-")[0]
