"""Files of answers as people send them, for drafts of projects: each with its hand-countable
respondents.
"""

import numpy as np
import pandas as pd
import pyreadstat

LABELS = {
    "part": {1: "Nord", 2: "Syd"},
    "q1": {1: "Ja", 2: "Nej", 9: "Ved ikke"},
    "q2": {1: "Meget", 2: "Lidt"},
    "q3_1": {0: "Ikke valgt", 1: "Valgt"},
    "q3_2": {0: "Ikke valgt", 1: "Valgt"},
    "q4a": {1: "Uenig", 2: "Hverken", 3: "Enig"},
    "q4b": {1: "Uenig", 2: "Hverken", 3: "Enig"},
}
TITLES = {
    "respnr": "Løbenummer",
    "part": "Landsdel",
    "wgt": "Vægt",
    "q1": "Er der indført noget nyt?",
    "q2": "Hvor meget?",
    "q3_1": "Hvem hjalp? - Borgere",
    "q3_2": "Hvem hjalp? - Ved ikke",
    "q4a": "Hvor enig? - Løn",
    "q4b": "Hvor enig? - Ledelse",
    "age": "Alder",
    "open": "Hvad ellers?",
}


def make_answers(respondents=60):
    """A frame of numeric answers; q2 was put to those with q1 = 1, and two of them gave none."""
    row = np.arange(respondents)
    first = np.select([row % 3 == 0, row % 10 == 1], [2, 9], 1)
    second = np.where(first == 1, 1.0 + row % 2, np.nan)
    second[np.flatnonzero(first == 1)[:2]] = np.nan
    return pd.DataFrame(
        {
            "respnr": row + 1,
            "part": 1.0 + (row >= respondents // 2),
            "stratum": 1.0 + (row >= respondents // 2) * 10 + row % 2,
            "wgt": 10 + row % 4 / 2,
            "q1": first.astype(float),
            "q2": second,
            "q3_1": (row % 2).astype(float),
            "q3_2": (row % 3 == 0).astype(float),
            "q4a": 1.0 + row % 3,
            "q4b": np.where(row == 5, np.nan, 1.0 + (row + 1) % 3),
            "age": 20.0 + row % 40,
            "open": [f"Noget, der er skrevet af nummer {one}, og som er langt" for one in row],
        }
    )


def write_sav(path, frame=None, **options):
    """The answers as an SPSS file with labels; `q1 = 9` is declared missing."""
    frame = make_answers() if frame is None else frame
    titles = [TITLES.get(name, "") for name in frame]
    labels = {name: found for name, found in LABELS.items() if name in frame}
    given = {
        "column_labels": titles,
        "variable_value_labels": labels,
        "missing_ranges": {"q1": [9]},
    }
    pyreadstat.write_sav(frame, str(path), **(given | options))
    return path


def make_texts():
    """The same answers as a form on the web exports them: titles for names, texts for codes."""
    frame = make_answers().drop(columns=["stratum"])
    for name, labels in LABELS.items():
        frame[name] = frame[name].map(labels)
    return frame.rename(columns=TITLES)
