"""Two adjustments of every p in a report, made when its chapters are together: Holm's and
Benjamini–Hochberg's.

A *test* is an item, two groups (or a group and two items, or a whole table) and a domain, however
often it is shown. Tests that one figure shows at its rows are a *family*; all other tests of the
report belong with those of the same question or derived variable, and where one sentence rests on
several of them, with all of theirs. A test belongs to one family. Holm's (1979) adjustment is made
within families, Benjamini & Hochberg's (1995) over all tests of the report; those
between rounds are adjusted by themselves. A test whose p is not shown counts in neither, so that no
place in an order gives it away.
"""

import copy
import re

import numpy as np

from barometer.languages.speaking import _
from barometer.payloads import MIME, list_data, read_payload
from barometer.statistics.comparisons import ROUNDS, adjust_holm
from barometer.text import write_number

SURE = ("higher", "lower", "difference")
NAMES = ("p_adjusted", "p_bh")
FALLS = {"p_adjusted": "Holm", "p_bh": "Benjamini–Hochberg"}


def adjust_chapters(chapters):
    """Copies of [(name, executed notebook)] whose evidence has both adjustments.

    Rows of evidence get `family`, `p_adjusted`, `p_bh` and `falls`, and rows of the trace on the
    two numbers; nothing where full precision is missing, as in a chapter exported alone.
    """
    chapters = [(name, copy.deepcopy(notebook)) for name, notebook in chapters]
    payloads = [payload for _, notebook in chapters for payload in _open_payloads(notebook)]
    tests, families = {}, {}
    for payload in payloads:
        shown = payload.get("internal", {}).get("tests", ())
        shown = {name_test(test): test["p"] for test in shown}
        tests |= shown
        families |= dict.fromkeys(shown, _name_family(payload))
    for payload in payloads:
        _join_sentence(payload, tests, families)
    adjusted = _adjust(tests, families)
    for payload in payloads:
        for row in payload.get("evidence", ()):
            if (test := _read_test(row)) and test in adjusted:
                _write_row(row, families[test], adjusted[test])
    return chapters


def adjust_discoveries(p):
    """Benjamini & Hochberg's (1995) step-up adjusted p-values of an array without missing ones."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")[::-1]
    ranks = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1, np.minimum.accumulate(p[order] * len(p) / ranks))
    return adjusted


def name_test(test):
    """What makes two tests one: domain, item, and the two groups in whatever order."""
    return (test["domain"], test["item"], *sorted((test["group"], test["versus"])))


def _name_family(payload):
    """What the family of a figure's tests is called: never as a question is."""
    name = str(payload.get("id"))
    return name if name.startswith(("figur-", "tabel-")) else f"figur-{name}"


def _open_payloads(notebook):
    """The payloads of a notebook, as data that can be changed in it."""
    for data in list_data(notebook):
        data[MIME] = read_payload(data)
        yield data[MIME]


def _read_test(row):
    known = row.get("internal", {})
    if not (row.get("p") and not row["p"].startswith("[") and "p" in known):
        return None
    return name_test(row | known)


def _join_sentence(payload, tests, families):
    """Put a sentence's tests that no figure shows into their question's family, as one."""
    found = [(test, row) for row in payload.get("evidence", ()) if (test := _read_test(row))]
    tests |= {test: row["internal"]["p"] for test, row in found if test not in tests}
    alone = [
        test
        for test, _ in found
        if not str(families.get(test, "")).startswith(("figur-", "tabel-"))
    ]
    names = [re.split(r"[.=]", test[1])[0] for test in alone]
    old = {families.get(test, name) for test, name in zip(alone, names, strict=True)} | {*names}
    if alone:
        whole = families.get(("question", names[0]), names[0])
        joined = {families.get(("question", name), name) for name in old}
        for key, family in list(families.items()):
            if family in joined:
                families[key] = whole
        families |= dict.fromkeys([*alone, *(("question", name) for name in names)], whole)


def _adjust(tests, families):
    """{test: {"p_adjusted": number, "p_bh": number}}."""
    names = list(tests)
    every = {}
    for rounds in (False, True):  # tests of other data than the report's own are adjusted apart
        part = [name for name in names if (name[0] == ROUNDS) == rounds]
        every |= dict(zip(part, adjust_discoveries([tests[name] for name in part]), strict=True))
    found = {}
    for family in dict.fromkeys(families[name] for name in names):
        members = [name for name in names if families[name] == family]
        for name, holm in zip(members, adjust_holm([tests[name] for name in members]), strict=True):
            found[name] = {"p_adjusted": float(holm), "p_bh": float(every[name])}
    return found


def _write_row(row, family, numbers):
    alpha = row["internal"]["alpha"]
    text = {name: write_number(value, "bare_p") for name, value in numbers.items()}
    falls = [FALLS[name] for name in NAMES if row["verdict"] in SURE and numbers[name] >= alpha]
    row |= text | {"family": family, "falls": _(" og ").join(falls)}
    plain = next((one for one in row["trace"] if one["kind"] == "p"), None)
    row["trace"] = [one for one in row["trace"] if one["kind"] not in NAMES]
    row["trace"] += [plain | {"kind": name, "shown": text[name]} for name in NAMES if plain]
