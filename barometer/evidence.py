"""What a sentence rests on, as rows of text: columns of `claims.csv` (docs/design.md, "The trace")."""
from math import isfinite

from barometer.disclosure import CLOSED
from barometer.numbers import NBSP, lower_first, write_number

# Upper bound of p for a tendency: our choice. The publication speaks of one (Figur 5) and gives no rule.
TENDENCY = 0.10
COLUMNS = (
    "about", "item", "group", "versus", "first", "second", "difference", "low", "high", "p", "p_adjusted", "verdict",
    "published",
)


def describe_test(row, published, alpha):
    """The row of one tested difference. `published`: id of the verdict that the publication printed, if it did."""
    status = row["status"] if row["status"] == CLOSED else ""
    verdict = row["verdict"] or ("closed" if status else "untested")
    if verdict == "no_difference" and alpha <= row["p"] < TENDENCY:
        verdict = "tendency_higher" if row["difference"] > 0 else "tendency_lower"
    shown = {name: _write(row[f"share_{name}"], "share", status) for name in ("first", "second")}
    shown |= {name: _write(100 * row[name], "signed", status) for name in ("difference", "low", "high")}
    shown |= {name: _write(row[name], "p", status) for name in ("p", "p_adjusted")}
    about = f"{row['label']}: {lower_first(row['first_label'])} mod {lower_first(row['second_label'])}"
    if "group" in row:   # two items in one group
        about = f"{row['first_label']} mod {lower_first(row['second_label'])}: {lower_first(row['group_label'])}"
    names = {"about": about, "item": row["item"], "group": row.get("group", row["first"]), "versus": row["second"]}
    return _fill(names | shown | {"verdict": verdict, "published": published})


def describe_table(released, published):
    """The row of a whole table's test."""
    test = released.distribution
    item = test.items[0] if len(test.items) == 1 else test.items[0].partition("=")[0]
    groups = ", ".join(dict.fromkeys(lower_first(label) for label in released.table["group_label"]))
    about = f"{released.about.question or released.table['label'].iloc[0]} (samlet test: {groups})"
    names = {"about": about, "item": item, "group": " / ".join(test.groups), "p": _write(test.p, "p", "")}
    return _fill(names | {"verdict": test.verdict or "untested", "published": published})


def describe_share(cell):
    """The row of one share, for a sentence that compares nothing."""
    status = cell["status"] if cell["status"] == CLOSED else ""
    limits = {name: _write(cell[name], "one_decimal", status).removesuffix(f"{NBSP}%") for name in ("low", "high")}
    about = f"{cell['label']}: {lower_first(cell['group_label'])}"
    names = {"about": about, "item": cell["item"], "group": cell["group"]}
    limits["first"] = _write(cell["share"], "share", status)
    return _fill(names | limits | {"verdict": "closed" if status else "description"})


def _write(value, kind, status):
    text = write_number(value, kind, status) if status or isfinite(value) else ""
    return text.removeprefix("p = ").removeprefix("p ")


def _fill(row):
    return {name: row.get(name) or "" for name in COLUMNS}
