"""A tiny valid survey folder with every kind of question, and ways to break it. Any test may use
it.

`make_survey(tmp_path)` writes the folder and returns it; `open_survey(str(folder))` opens it.
Twelve respondents in four strata: of each stratum's three two are innovative (one of those has
evaluated) and one is not.
"""

import hashlib
import io
import json

import pandas as pd

REGISTRY = """
title: Lille undersøgelse
round: 1
period: 2018-2019
respondents:
  {one: arbejdsplads, many: arbejdspladser, the_one: arbejdspladsen, the_many: arbejdspladserne, all: offentlige arbejdspladser}
whole:
  name: Hele den offentlige sektor
  as_one: den offentlige sektor som helhed
  rest: resten af den offentlige sektor
  rest_name: Den øvrige offentlige sektor
  part: denne del af det offentlige
measure: {variable: innovative, of: af innovative arbejdspladser, none: alle eller ingen er innovative}
background:
  sector:
    text: Niveau
    heading: Sektor
    answers:
      state: {label: Staten, place: i staten}
      region: {label: Regionerne, place: i regionerne}
      municipality: {label: Kommunerne, place: i kommunerne}
  field: {text: Fagområde, answers: {administration: Administration, health: Sundhed}}
  size: {text: Størrelse, answers: {small: Få ansatte, large: Mange ansatte}}
questions:
  introduced:
    text: Har I indført noget nyt?
    kind: battery
    asked: all
    items: {product: Produkter, service: Serviceydelser}
    answers: {"yes": Ja, "no": Nej, dont_know: Ved ikke}
    residual: [dont_know]
  underway:
    text: Har I noget på vej?
    kind: single
    asked: not_innovative
    answers: {"yes": Ja, "no": Nej, dont_know: Ved ikke}
    residual: [dont_know]
  initiator:
    text: Hvem satte arbejdet i gang?
    kind: multiple
    asked: innovative
    max: 2
    items: {employees: Medarbejdere, leaders: Ledere, citizens: Borgere, dont_know: Ved ikke}
    exclusive: [dont_know]
    residual: [dont_know]
  evaluated:
    text: Har I evalueret?
    kind: single
    asked: innovative
    answers: {external: "Ja, udefra", internal: "Ja, internt", "no": Nej}
  purpose:
    text: Hvorfor evaluerede I?
    kind: multiple
    asked: was_evaluated
    items: {learning: At lære, required: Det var et krav}
derived:
  innovative: {label: Innovativ, any_of: [introduced.product=yes, introduced.service=yes]}
  not_innovative: {label: Ikke innovativ, none_of: [innovative]}
  both_types: {label: Begge slags, any_of: [introduced.product=yes, introduced.service=yes], at_least: 2}
  was_evaluated: {label: Evalueret, any_of: [evaluated=external|internal]}
  evaluated_by_own: {label: Evalueret internt, any_of: [evaluated=internal], among: was_evaluated}
"""
STRATA = [
    ("state-small", "state", "administration", "small", 20),
    ("region-large", "region", "health", "large", 30),
    ("municipality-small", "municipality", "health", "small", 40),
    ("municipality-large", "municipality", "administration", "large", 25),
]
COLUMNS = [
    "id",
    "stratum",
    "weight",
    "introduced_product",
    "introduced_service",
    "underway",
    "initiator_employees",
    "initiator_leaders",
    "initiator_citizens",
    "initiator_dont_know",
    "evaluated",
    "purpose_learning",
    "purpose_required",
]
ANSWERS = [
    ["yes", "no", "", "1", "1", "0", "0", "internal", "1", "0"],  # innovative and evaluated
    ["yes", "yes", "", "0", "0", "0", "1", "no", "", ""],  # innovative, not evaluated
    ["no", "dont_know", "no", "", "", "", "", "", "", ""],  # not innovative
]
CARD = {
    "title": "Lille fil",
    "producer": "Prøven",
    "round": 1,
    "collected": "2020",
    "origin": "synthetic",
    "licence": "CC BY 4.0",
    "citation": "Lille undersøgelse (2020)",
}
ROWS = [
    [f"r{3 * place + number + 1:02}", stratum[0], f"{stratum[4] / 3:.10g}", *answers]
    for place, stratum in enumerate(STRATA)
    for number, answers in enumerate(ANSWERS)
]  # ids r01 to r12; r01, r04, r07, r10 evaluated, r03, r06, r09, r12 not innovative


def make_survey(folder, rows=None, registry=None):
    """Write a survey to `folder` and return it; `rows` are lists in the order of COLUMNS,
    `registry` is YAML.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questionnaire.yaml").write_text(registry or REGISTRY, encoding="utf-8")
    population = [[*stratum, "invented"] for stratum in STRATA]
    names = ["stratum", "sector", "field", "size", "units", "basis"]
    _write(folder / "population.csv", pd.DataFrame(population, columns=names))
    _write(
        folder / "published.csv",
        pd.DataFrame([["P1", "fact", "innovative"]], columns=["id", "kind", "item"]),
    )
    _write(folder / "microdata.csv", pd.DataFrame(rows or ROWS, columns=COLUMNS))
    files = ["microdata.csv", "questionnaire.yaml", "population.csv", "published.csv"]
    cards = {
        "title": "Lille undersøgelse",
        "notice": "Syntetiske data.",
        "data_date": "2020-02-29",
        "microdata": "microdata.csv",
        "files": {name: CARD for name in files},
    }
    _write_cards(folder, cards)
    return recard(folder)


def break_and_recard(folder, edit, name="microdata.csv"):
    """Replace a table by `edit(table)` (all cells text, empty cells "") and bring its card up to
    date.
    """
    table = edit(read_text(folder, name))
    _write(folder / name, table)
    return recard(folder)


def replace_file(folder, name, content):
    """Replace a file by these bytes and bring its card up to date, so that nothing but its contents
    can be wrong.
    """
    (folder / name).write_bytes(content)
    return recard(folder)


def change_cards(folder, edit):
    """Replace the cards by `edit(cards)`, or change them in place if `edit` returns nothing."""
    cards = json.loads((folder / "cards.yaml").read_text(encoding="utf-8"))
    _write_cards(folder, edit(cards) or cards)
    return folder


def set_cells(ids, **values):
    """An `edit` that gives the rows with these ids new contents in the named columns."""

    def edit(table):
        changed = table.copy()
        for column, value in values.items():
            changed.loc[changed["id"].isin(ids), column] = value
        return changed

    return edit


def read_text(folder, name="microdata.csv"):
    """A table of the folder with all cells as text."""
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False)


def recard(folder):
    """Bring checksum and number of rows of every card up to date."""

    def edit(cards):
        files = {name: card | _measure(folder / name) for name, card in cards["files"].items()}
        return cards | {"files": files}

    return change_cards(folder, edit)


def use_as_microdata(folder, name, content):
    """Make `name`, with these bytes and a card, the survey's microdata."""
    (folder / name).write_bytes(content)
    rows = len(read_text(folder))

    def edit(cards):
        card = CARD | {"sha256": hashlib.sha256(content).hexdigest(), "rows": rows}
        return cards | {"microdata": name, "files": cards["files"] | {name: card}}

    return change_cards(folder, edit)


def _measure(path):
    content = path.read_bytes()
    measured = {"sha256": hashlib.sha256(content).hexdigest()}
    if path.suffix == ".csv":
        try:
            measured["rows"] = len(pd.read_csv(io.BytesIO(content), dtype=str, on_bad_lines="skip"))
        except (ValueError, OSError):
            measured["rows"] = 0
    return measured


def _write(path, table):
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())


def _write_cards(folder, cards):
    # JSON is YAML too, and much faster to write.
    (folder / "cards.yaml").write_text(
        json.dumps(cards, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def make_waves(folder, registry, waves):
    """The survey with `waves` respondents for each of its own, who stand for fifty times as many."""
    rows = [
        [f"{row[0]}x{wave}", row[1], f"{float(row[2]) * 50 / waves:.10g}", *row[3:]]
        for row in ROWS
        for wave in range(waves)
    ]

    def enlarge(table):
        return table.assign(units=(table["units"].astype(int) * 50).astype(str))

    return break_and_recard(make_survey(folder, rows, registry), enlarge, "population.csv")
