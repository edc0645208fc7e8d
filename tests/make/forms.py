"""The same made answers as the programs for forms on the web write them in a file."""

import csv
import json
from datetime import datetime

import numpy as np
import openpyxl

REGION, CONTENT = "In which region do you live?", "How satisfied are you with the service?"
USED, AGREE = "Which of these did you use?", "How much do you agree?"
HOURS, ADVISE = "How many hours did you spend?", "How likely are you to recommend us?"
COMMENT = "Any comments?"
TOOLS = ("Email", "Phone, landline", "Chat", "Meetings")
ROWS = ("The staff were helpful", "The wait was short", "I would return")
ANSWERS = {
    REGION: ("North", "South", "East"),
    CONTENT: ("Very satisfied", "Satisfied", "Neither", "Dissatisfied", "Don't know"),
    AGREE: ("Strongly agree", "Agree", "Disagree", "Strongly disagree"),
}


def make_forms(many=240):
    """[{question: answer, ticks of `TOOLS`, a list for `ROWS`, number or text}, …] of made
    answers.
    """
    draw = np.random.default_rng(20261129)
    return [
        {
            REGION: str(draw.choice(ANSWERS[REGION])),
            CONTENT: str(draw.choice(ANSWERS[CONTENT])),
            USED: draw.random(len(TOOLS)) < 0.5,
            AGREE: [str(draw.choice(ANSWERS[AGREE])) for _ in ROWS],
            HOURS: round(float(draw.gamma(4, 4)), 1),
            ADVISE: int(draw.integers(0, 11)),
            COMMENT: "it was fine, thanks" if draw.random() < 0.2 else "",
        }
        for _ in range(many)
    ]


def _list_ticked(row):
    return [tool for tool, ticked in zip(TOOLS, row[USED], strict=True) if ticked]


def _spread_ticks(row):
    return [tool if ticked else "" for tool, ticked in zip(TOOLS, row[USED], strict=True)]


def _write_csv(path, lines):
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(lines)
    return path


def _write_sheet(path, lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([None if cell == "" else cell for cell in line])
    book.save(path)
    return path


def write_three_rows(folder, answers):
    """Names, questions, and ids for machines (Qualtrics)."""
    names = ["StartDate", "ResponseId", "Q1", "Q2", *(f"Q3_{at + 1}" for at in range(len(TOOLS)))]
    names += [*(f"Q4_{at + 1}" for at in range(len(ROWS))), "Q5", "Q6", "Q7"]
    ticks = [f"{USED} - Selected Choice - {tool}" for tool in TOOLS]
    rows = [f"{AGREE} - {row}" for row in ROWS]
    asked = ["Start Date", "Response ID", REGION, CONTENT, *ticks, *rows, HOURS, ADVISE, COMMENT]
    lines = [names, asked, [json.dumps({"ImportId": name}) for name in names]]
    for at, row in enumerate(answers):
        given = [row[REGION], row[CONTENT], *_spread_ticks(row), *row[AGREE], row[HOURS]]
        lines.append([f"2026-03-{1 + at % 28:02} 10:00:00", f"R_{at:06x}", *given, row[ADVISE],
                      row[COMMENT]])  # fmt: skip
    return _write_csv(folder / "three.csv", lines)


def write_parts_below(folder, answers):
    """A question above its first column, and its parts in the second row (SurveyMonkey)."""
    blank = [""] * (len(TOOLS) - 1)
    first = ["Respondent ID", REGION, CONTENT, USED, *blank, AGREE, "", "", HOURS, ADVISE, COMMENT]
    second = ["", "Response", "Response", *TOOLS, *ROWS, *["Open-Ended Response"] * 3]
    lines = [
        [1000 + at, row[REGION], row[CONTENT], *_spread_ticks(row), *row[AGREE], row[HOURS],
         row[ADVISE], row[COMMENT]]
        for at, row in enumerate(answers)
    ]  # fmt: skip
    return _write_sheet(folder / "parts.xlsx", [first, second, *lines])


def write_one_row(folder, answers, divider, name):
    """Questions as names, several answers in one cell: Google Forms with commas, as CSV;
    Microsoft's with semicolons, as a sheet.
    """
    first = ["Timestamp", REGION, CONTENT, USED, *(f"{AGREE} [{row}]" for row in ROWS)]
    lines = [[*first, HOURS, ADVISE, COMMENT]]
    for at, row in enumerate(answers):
        day = datetime(2026, 3, 1 + at % 28, 10, at % 60)
        day = day if name.endswith(".xlsx") else day.strftime("%Y/%m/%d %I:%M:%S %p GMT+1")
        lines.append([day, row[REGION], row[CONTENT], divider.join(_list_ticked(row)), *row[AGREE],
                      row[HOURS], row[ADVISE], row[COMMENT]])  # fmt: skip
    return (_write_csv if name.endswith(".csv") else _write_sheet)(folder / name, lines)


def write_codes(folder, answers):
    """A code and a question in each name, and "Yes" or "No" for a tick (LimeSurvey)."""
    ticks = [f"Q03[SQ00{at}]. {USED} [{tool}]" for at, tool in enumerate(TOOLS, 1)]
    rows = [f"Q04[SQ00{at}]. {AGREE} [{row}]" for at, row in enumerate(ROWS, 1)]
    first = ["id. Response ID", "submitdate. Date submitted", f"Q01. {REGION}", f"Q02. {CONTENT}"]
    lines = [[*first, *ticks, *rows, f"Q05. {HOURS}", f"Q06. {ADVISE}", f"Q07. {COMMENT}"]]
    for at, row in enumerate(answers, 1):
        ticked = ["Yes" if one else "No" for one in row[USED]]
        lines.append([at, "2026-03-05 10:00:00", row[REGION], row[CONTENT], *ticked, *row[AGREE],
                      row[HOURS], row[ADVISE], row[COMMENT]])  # fmt: skip
    return _write_csv(folder / "codes.csv", lines)


def write_titled(folder, answers):
    """A sheet with a title and a date above its names."""
    path = write_one_row(folder, answers, ";", "titled.xlsx")
    book = openpyxl.load_workbook(path)
    book.active.insert_rows(1, 3)
    book.active["A1"], book.active["A2"], book.active["B2"] = "Our users", "Printed", "2026-03-30"
    book.save(path)
    return path


WRITERS = {
    "three rows": write_three_rows,
    "parts below": write_parts_below,
    "commas in cells": lambda folder, answers: write_one_row(folder, answers, ", ", "one.csv"),
    "semicolons in cells": lambda folder, answers: write_one_row(folder, answers, ";", "one.xlsx"),
    "codes in names": write_codes,
    "title above": write_titled,
}
