"""How the files of `data/` were made, and what R is given of them. Not run by any test.

python tests/surveys/make_surveys.py FOLDER, then Rscript tests/surveys/make_expected.R FOLDER
tests/surveys/data/expected.csv. `yrbs.csv` is the Youth Risk Behavior Survey of 2015 (Centers for
Disease Control and Prevention, a work of the United States' government in the public domain): the
question on bicycle helmets, as R's package survey has it.
"""

import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

HERE = Path(__file__).parent / "data"
SATISFIED = [
    *("Meget tilfreds", "Tilfreds", "Hverken eller", "Utilfreds", "Meget utilfreds", "Ved ikke")
]
REMARKS = ["", "", "", "Fin betjening; tak", "Ventede længe", '"God" hjælp\nog kaffe']
CHANNELS = ("Telefon", "Mail", "Personligt fremmøde")


def make_customers():
    """Answers in a file from a spreadsheet: texts, decimal commas, weights with a mean of 1."""
    draw = random.Random(5)
    rows = []
    for number in range(640):
        row = {
            "Kundenr": 10000 + number,
            "Dato for svar": f"{draw.randint(1, 28):02d}-03-2026",
            "Hvilken afdeling besøgte du?": draw.choice(["Nord", "Syd", "Øst", "Vest"]),
            "Køn": draw.choice(["Mand", "Kvinde", "Andet"] + ["Mand", "Kvinde"] * 20),
            "Alder": draw.randint(18, 90),
        }
        for about, odds in (
            ("alt i alt", [30, 35, 15, 10, 5, 5, 0]),
            ("med ventetiden", [20, 30, 20, 15, 10, 5, 3]),
            ("med personalet", [40, 30, 10, 6, 4, 5, 3]),
        ):
            answer = draw.choices([*SATISFIED, ""], odds)[0]
            row[f"Hvor tilfreds er du {about}?"] = answer
        likely = draw.choices(range(11), [2, 1, 1, 2, 3, 6, 8, 14, 22, 20, 21])[0]
        row["Hvor sandsynligt er det, at du vil anbefale os? (0-10)"] = likely
        row["Har du klaget det seneste år?"] = draw.choices(["Ja", "Nej"], [12, 88])[0]
        for channel in CHANNELS:
            row[f"Hvilke kanaler har du brugt? - {channel}"] = draw.choice(["Ja", "Nej"])
        row["Hvilke kanaler har du brugt? - Andet, skriv"] = ""
        row["Hvor mange gange har du henvendt dig?"] = draw.choice([1, 1, 1, 2, 2, 3, 4, 5, 12])
        row["Kommentarer"] = draw.choice(REMARKS)
        row["Vægt"] = draw.uniform(0.4, 2.1)
        rows.append(row)
    table = pd.DataFrame(rows)
    table["Vægt"] = (table["Vægt"] / table["Vægt"].mean()).round(4)
    path = HERE / "customers.csv"
    table.to_csv(path, sep=";", decimal=",", encoding="cp1252", index=False)


def make_barometer():
    """Another country's barometer by an agency: English, clusters, a scale of six, open text."""
    draw = np.random.default_rng(7)
    n = 900
    sector = draw.choice([1, 2, 3], n, p=[0.3, 0.3, 0.4])
    table = pd.DataFrame({"RespID": np.arange(1, n + 1) + 5000, "SECTOR": sector.astype(float)})
    table["psu_id"] = (draw.integers(1, 60, n) + sector * 100).astype(float)
    table["stratum"] = (sector * 10 + draw.integers(1, 4, n)).astype(float)
    table["wt_final"] = np.round(draw.uniform(0.3, 3, n), 3)
    table["Q1"] = draw.choice([1.0, 2.0, 8.0], n, p=[0.6, 0.35, 0.05])
    for item in "abcd":
        table[f"Q2{item}"] = np.where(table.Q1 == 1, draw.choice([0.0, 1.0], n), np.nan)
    for item in range(1, 6):
        table[f"Q3_{item}"] = draw.choice([1.0, 2, 3, 4, 5, 6, 98], n)
    table["Q4"] = draw.integers(0, 5000, n).astype(float)
    table["Q4"] = table["Q4"].where(draw.random(n) > 0.1)
    table["Q5_open"] = ["" if draw.random() > 0.1 else f"text {one}, see me" for one in range(n)]
    table["Q6"] = draw.choice([1.0, 2, 3, -99], n)
    ticks, agree = {0: "Not selected", 1: "Selected"}, ("Strongly disagree", "Strongly agree")
    labels = {
        "SECTOR": {1: "Central government", 2: "Health boards", 3: "Local councils"},
        "Q1": {1: "Yes", 2: "No", 8: "Don't know"},
        **{f"Q2{item}": ticks for item in "abcd"},
        **{f"Q3_{item}": {1: agree[0], 6: agree[1], 98: "Don't know"} for item in range(1, 6)},
        "Q6": {1: "Less than 10", 2: "10-49", 3: "50 or more", -99: "Refused"},
    }
    part = ("Citizens", "Companies", "Universities", "None of these")
    agreed = ("We have time", "We have money", "Leaders listen", "Errors are allowed", "We learn")
    titles = {
        "RespID": "Respondent",
        "SECTOR": "Sector",
        "psu_id": "Primary sampling unit",
        "wt_final": "Final weight",
        "Q1": "Q1. Has your workplace introduced a new service?",
        **{
            f"Q2{item}": f"Q2. Who took part? {one}" for item, one in zip("abcd", part, strict=True)
        },
        **{f"Q3_{at}": f"Q3. How far do you agree: {one}" for at, one in enumerate(agreed, 1)},
        "Q4": "Q4. How much did it cost (1,000 €)?",
        "Q5_open": "Q5. Anything else?",
        "Q6": "Q6. Number of employees",
    }
    pyreadstat.write_sav(
        table,
        str(HERE / "barometer.sav"),
        column_labels=titles,
        variable_value_labels=labels,
        missing_ranges={"Q6": [-99.0]},
    )


DIVISIONS = {1: "Children", 2: "Roads", 3: "Care"}
DEPARTMENTS = {11: "Nurseries", 12: "Schools", 21: "Paving", 22: "Parks", 31: "Homes", 32: "Visits"}
GROUPS = 20  # of which each set of weights leaves one out


def make_employees():
    """Persons at work: scales of five and eleven, numbers, departments in divisions, replicate
    weights of a jackknife.
    """
    draw = np.random.default_rng(11)
    n = 780
    department = draw.choice([*DEPARTMENTS], n, p=[0.25, 0.3, 0.15, 0.1, 0.12, 0.08])
    table = pd.DataFrame({"id": np.arange(1, n + 1) + 90_000})
    table["division"] = (department // 10).astype(float)
    table["department"] = department.astype(float)
    mood = draw.normal(0, 0.7, n) + (department % 10 == 2) * 0.4
    for item in "abc":
        points = np.clip(np.round(3.4 + mood + draw.normal(0, 0.8, n)), 1, 5)
        table[f"q1{item}"] = np.where(draw.random(n) < 0.08, 9.0, points)
    table["q2"] = np.clip(np.round(6.5 + 2 * mood + draw.normal(0, 1.2, n)), 0, 10)
    table["q2"] = table["q2"].where(draw.random(n) > 0.05)
    table["hours"] = np.round(np.clip(draw.normal(33, 5, n), 5, 60))
    table["hours"] = np.where(draw.random(n) < 0.03, -9.0, table["hours"])
    table["seniority"] = np.round(draw.gamma(2, 4, n)) + 1.0
    table["wt"] = np.round(draw.uniform(1.1, 3.2, n), 3)
    group = draw.permutation(np.arange(n) % GROUPS)
    for number in range(GROUPS):
        table[f"rep{number + 1:02}"] = np.round(
            np.where(group == number, 0, table["wt"] * GROUPS / (GROUPS - 1)), 6
        )
    agree = {1: "Strongly disagree", 5: "Strongly agree", 9: "Don't know"}
    items = ("My work has meaning", "I am heard", "I get help")
    titles = {
        "division": "Division",
        "department": "Department",
        **{f"q1{item}": f"Do you agree? {text}" for item, text in zip("abc", items, strict=True)},
        "q2": "Would you recommend your place of work?",
        "hours": "Hours of work in a week",
        "seniority": "Years in the job",
        "wt": "Weight",
    }
    pyreadstat.write_sav(
        table,
        str(HERE / "employees.sav"),
        column_labels=titles,
        variable_value_labels={
            "division": DIVISIONS,
            "department": DEPARTMENTS,
            **{f"q1{item}": agree for item in "abc"},
            "q2": {0: "Not at all", 10: "Certainly"},
            "hours": {-9: "Refused"},
        },
        missing_ranges={"hours": [-9.0]},
    )


def write_for_r(folder):
    """The same answers as R reads them."""
    table, _ = pyreadstat.read_sav(HERE / "barometer.sav", user_missing=True)
    table.drop(columns="Q5_open").to_csv(folder / "barometer.csv", index=False)
    table, _ = pyreadstat.read_sav(HERE / "employees.sav", user_missing=True)
    table = table.replace({f"q1{item}": 9 for item in "abc"} | {"hours": -9}, np.nan)
    table.to_csv(folder / "employees.csv", index=False)
    table = pd.read_csv(HERE / "customers.csv", sep=";", encoding="cp1252", dtype=str)
    asked = [name for name in table if name.endswith("?") and "gange" not in name]
    table["w"] = table["Vægt"].str.replace(",", ".").astype(float)
    table = table[[*asked, "Køn", "w"]].fillna("Intet svar")
    table.to_csv(folder / "customers_weights.csv", index=False)
    (folder / "yrbs.csv").write_bytes((HERE / "yrbs.csv").read_bytes())


if __name__ == "__main__":
    make_customers()
    make_barometer()
    make_employees()
    write_for_r(Path(sys.argv[1]))
