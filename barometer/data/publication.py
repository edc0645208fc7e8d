"""A survey's published.csv: its columns, what they mean where they are empty, and their faults.

A row is a number or a verdict that was published of the survey; without rows nothing was.
"""

import pandas as pd

from barometer.data.cards import AGGREGATES, PUBLISHED, REGISTRY
from barometer.data.domains import WHOLE as EVERYBODY
from barometer.data.domains import name_domain, name_group
from barometer.data.registry import RegistryError
from barometer.files.csv_files import parse_csv
from barometer.files.faults import check_columns, find_row_faults, raise_faults
from barometer.files.texts import LOOKS, WHOLE, is_number
from barometer.languages.speaking import _, translate

KINDS = ("fact", "share", "count", "groups", "items", "table", "parts")
# kinds of rows that state a number; the others but facts state a verdict
NUMBERS = ("share", "count")
VERDICTS = ("higher", "lower", "no_difference", "difference", "tendency_lower")
NAMES = ("item", "group", "versus")  # columns that name variables
REQUIRED = ("id", "kind", "item")  # columns of a file with rows
# and one that is called as the survey's first dimension, with its parts
_COLUMNS = """id chapter figure statement kind item group versus value unit qualifier tolerance
    verdict target reason source"""
COLUMNS = tuple(_COLUMNS.split())
EARLIER = "sectors"  # what the kind `parts` was called
MEASURED = ("value", "tolerance")  # columns of numbers
# of aggregates.csv: published shares of other rounds or countries
_BESIDE = "over group label item share n effect response coverage publisher source"
BESIDE = tuple(_BESIDE.split())
BESIDE_NUMBERS = {"share": (0, 100), "n": (1, 1e9), "effect": (0.1, 100), "response": (0, 100)}
PLAIN_NUMBER = "skriv tal med cifre og decimalpunktum og uden tusindtalsskilletegn, fx 2816 og 6.5"


def load_published(folder, first):
    """The rows of a folder's faultless published.csv, filled; none without the file. `first`: as
    `fill_published`.
    """
    path = folder / PUBLISHED
    if not path.exists():
        return None
    parsed = parse_csv(path.name, path.read_bytes())
    return fill_published(parsed.table.fillna(""), first, parsed.comma)


def read_aggregates(content, registry):
    """The rows of aggregates.csv, in which `share` and `response` are proportions; nan for an empty
    number.

    `over`: "round", or what else the groups are; `group`: the round's number, or a code. `effect`:
    a design effect. Raises `DataFault`.
    """
    parsed = parse_csv(AGGREGATES, content)
    raise_faults(check_columns(AGGREGATES, parsed.table, BESIDE))
    table = parsed.table.astype(object).fillna("").astype(str)
    table = table.assign(id=table["over"] + " " + table["group"] + ": " + table["item"])
    rounds = table["over"] == "round"
    known = _as_rows([_is_known(registry, "", "item", name) for name in table["item"]], table)
    cases = {
        "item": [
            (~known, "navnet kendes ikke", f"brug navne fra {REGISTRY}, eller all"),
            (table["id"].duplicated(keep=False), "samme række flere gange", "behold én"),
        ],
        "group": [
            (
                rounds & ~table["group"].str.fullmatch(WHOLE.pattern),
                "runden er intet tal",
                "ret den",
            )
        ],
        "source": [(table["source"] == "", "kilden mangler", "skriv, hvor tallet står")],
    }
    faults = [
        fault
        for column, found in cases.items()
        for fault in find_row_faults(AGGREGATES, table, [column], found, shown=True)
    ]
    numbers = {}
    for name, (least, most) in BESIDE_NUMBERS.items():
        texts = table[name].str.replace(",", ".") if parsed.comma else table[name]
        numbers[name] = pd.to_numeric(texts, errors="coerce").astype(float)
        wrong = (texts != "") & ~numbers[name].between(least, most)
        case = [(wrong, f"ikke et tal fra {least} til {most:.0f}", PLAIN_NUMBER)]
        faults += find_row_faults(AGGREGATES, table, [name], case, shown=True)
    raise_faults(faults)
    parts = {name: numbers[name] / 100 for name in ("share", "response")}
    return table.drop(columns="id").assign(**numbers | parts)


def fill_published(table, first, comma=False):
    """All columns of published numbers (text, decimal points) with what an empty cell stands for:

    the whole population, everybody, and for a tolerance half a unit of the number's last digit.
    `first`: what the first dimension is called. `domain` is its answer as `domains.py` names it.
    """
    column = name_column(first)
    table = table.assign(**{name: "" for name in (*COLUMNS, column) if name not in table})
    table["kind"] = table["kind"].replace(EARLIER, "parts")
    stated = table["kind"] != "fact"
    if comma:
        for name in MEASURED:
            decimal = _as_rows([is_number(text, comma) for text in table[name]], table)
            table[name] = table[name].where(~decimal, table[name].str.replace(",", "."))
    codes = table[column].where((table[column] != "") | ~stated, EVERYBODY)
    table["domain"] = [code and name_domain({first: code}) for code in codes]
    open_group = (table["group"] == "") & table["kind"].isin([*NUMBERS, "items"])
    table["group"] = table["group"].where(~open_group, "all")
    bare = (table["tolerance"] == "") & table["kind"].isin(NUMBERS)
    table["tolerance"] = table["tolerance"].where(~bare, table["value"].map(_find_reach))
    named = table["statement"].where(table["statement"] != "", table["item"])
    return table.assign(statement=named)


def name_column(first):
    """The column with the first dimension's answers, which is called as that is."""
    return "domain" if first in COLUMNS else first


def name_statement(row, registry):
    """What a published row is about: its own words, or those of the registry where it has none."""
    if row["statement"] != row["item"] or row["kind"] in ("fact", "table"):
        return translate(row["statement"], PUBLISHED)
    first, *others = [row["item"], *([row["versus"]] if row["kind"] == "items" else [])]
    groups = [row["group"], *([row["versus"]] if row["kind"] == "groups" else [])]
    groups = [one for one in groups if one not in ("", EVERYBODY)]
    part = [] if row["domain"] == EVERYBODY else [name_group(row["domain"])]
    others, groups, part = (
        [registry.inside(registry.label(name)) for name in names]
        for names in (others, groups, part)
    )
    about = _(" mod ").join([registry.label(first), *others])
    where = ", ".join(filter(None, (_(" mod ").join(groups), *part)))
    return ": ".join(filter(None, (about, where)))


def check_numbers(table, comma=False):
    """The faults of how numbers are written, in facts too; `table` as it was read."""
    faults = []
    for name in (name for name in MEASURED if name in table):
        texts = table[name]
        meant = (table["kind"] != "fact") if "kind" in table else texts == texts
        wrong = [
            bool(text) and not is_number(text, comma) and (known or bool(LOOKS.fullmatch(text)))
            for text, known in zip(texts, meant, strict=True)
        ]
        cases = [(wrong, "tallet kan ikke læses på én måde", PLAIN_NUMBER)]
        faults += find_row_faults(PUBLISHED, table, [name], cases, shown=True)
    return faults


def check_published(table, registry):
    """Faults of rows that are of no kind or part, name what is not there, or state nothing."""
    kind, value, verdict, faults = table["kind"], table["value"], table["verdict"], []
    stated, number = kind != "fact", kind.isin(NUMBERS)
    column = name_column(registry.first)
    parts = [EVERYBODY, *registry.background[registry.first]["answers"]]
    known = {"kind": KINDS, column: parts, "verdict": VERDICTS}
    there = table["domain"].isin([*registry.domain_names, ""])
    unknown = {"kind": ~kind.isin(KINDS), column: ~there}
    for name in NAMES:
        pairs = zip(kind, table[name], strict=True)
        there = [_is_known(registry, one, name, text) for one, text in pairs]
        unknown[name] = stated & ~_as_rows(there, table)
    unknown["verdict"] = stated & ~verdict.isin([*VERDICTS, ""])
    for name, rows in unknown.items():
        allowed = f"en af {', '.join(known[name])}" if name in known else f"navne fra {REGISTRY}"
        cases = [(rows, "indholdet kendes ikke", f"brug {allowed}")]
        faults += find_row_faults(PUBLISHED, table, [name], cases, shown=True)
    remedy = "skriv det tal, der er publiceret, eller lad rækken være fact"
    cases = [(number & (value == "") & (verdict == ""), "tallet mangler", remedy)]
    faults += find_row_faults(PUBLISHED, table, ["value"], cases)
    part = (kind == "count") & (value != "") & ~value.str.fullmatch(WHOLE.pattern)
    cases = [(part, "antallet er ikke et helt tal", "skriv det med cifre alene")]
    faults += find_row_faults(PUBLISHED, table, ["value"], cases, shown=True)
    unjudged = ~number & stated & ~unknown["kind"] & (verdict == "")
    cases = [(unjudged, "afgørelsen mangler", f"skriv en af {', '.join(VERDICTS)}")]
    faults += find_row_faults(PUBLISHED, table, ["verdict"], cases)
    for name, kinds in (("group", ("groups", "table")), ("versus", ("groups", "table", "items"))):
        rows = kind.isin(kinds) & (table[name] == "")
        cases = [(rows, "feltet er tomt", "skriv, hvad der sammenlignes")]
        faults += find_row_faults(PUBLISHED, table, [name], cases)
    return faults


def _as_rows(values, table):
    return pd.Series(values, table.index, dtype=bool)


def _find_reach(value):
    """Half a unit of a number's last digit: what it may have been rounded by."""
    decimals = len(value.partition(".")[2])
    return f"{0.5 * 10**-decimals:.{decimals + 1}f}" if value else ""


def _is_known(registry, kind, column, name):
    """Whether a row's item (a whole question's, where a table was tested) or group is known."""
    try:
        if column == "item" and kind == "table":
            registry.check_item(name)
            return bool(registry.questions[name.partition(".")[0]].answers)
        return (name == "" and column != "item") or registry.check_group(name) is None
    except (RegistryError, KeyError):
        return False
