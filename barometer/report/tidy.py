"""All shares of a report's figures and tables in one table, a row each; and traces as columns."""

from barometer.figures.tables import MEASURE_NAMES
from barometer.forms import MEASURES
from barometer.languages.speaking import N_, _
from barometer.marks import FLAGS, MARKS
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import Number, begin, write_number

ENDS = N_(("nedre grænse ({level})", "øvre grænse ({level})"))  # of an interval
HEADS = N_(("Vist i", "Gruppe", "Emne", "Svar", "Andel", "", "", "n", "Status"))
NUMERIC = (False, False, False, False, True, True, True, True, False)
SHOWN = N_("vist")  # status of a share without a mark
PARTS, SHARES = ("picture", "table"), ("share", "sum")
FORMS = ("percent", "one_decimal")  # of shares, in the order in which they are tried
MEANS = [name for name in MEASURES if name != "share"]
KINDS = dict.fromkeys(SHARES, N_("andel")) | MEASURE_NAMES
# where there are numbers that are no shares, what each is
MEASURE = 4, *N_(("Mål", "Tal"))


def name_level():
    """How sure intervals are: "95 %"."""
    return write_number(CONFIDENCE, "percent")


def name_ends():
    """What the columns of an interval's ends are called."""
    return [_(end).format(level=name_level()) for end in ENDS]


def tabulate_cells(document, numbers):
    """Columns (head, whether numeric, cells) of every share that a figure or table shows, once.

    A share that is closed is an empty cell, and its status says why.
    """
    blocks = [block for chapter in document["chapters"] for block in chapter["blocks"]]
    labels = {one["id"]: one["label"] for one in blocks if one["type"] in ("figure", "table")}
    cells = {}
    for row in numbers:
        if row["where"] in labels and row["part"] in PARTS and row["kind"] in KINDS:
            key = labels[row["where"]], row["item"], row["group"], KINDS[row["kind"]]
            cells.setdefault(key, _describe_cell(labels[row["where"]], row))
    columns = zip(*cells.values(), strict=True) if cells else [()] * len(HEADS)
    heads = [*map(_, HEADS)]
    heads[5:7] = [begin(end) for end in name_ends()]
    found = [*zip(heads, NUMERIC, map(list, columns), strict=True)]
    kinds = [key[-1] for key in cells]
    if {*kinds} - {KINDS["share"]}:
        place, name, number = MEASURE
        found[place] = (_(number), *found[place][1:])
        found.insert(place, (_(name), False, [*map(_, kinds)]))
    return found


def name_answer(row):
    """(what was asked, what was answered) of a row's share, in words."""
    question, answer = row["question"], row["label"]
    if "." in row["item"].partition("=")[0] and "=" in row["item"]:  # a row of a battery
        # "Loven: i høj grad + Loven: i nogen grad" is of both answers
        subjects, _, last = zip(*(one.rpartition(": ") for one in answer.split(" + ")), strict=True)
        question, answer = subjects[0] or question, " + ".join(last)
    return question, answer


def _describe_cell(label, row):
    exact, (question, answer) = row["internal"], name_answer(row)
    closed = row["shown"] in MARKS
    share_of = row["kind"] in SHARES
    forms = FORMS if share_of else MEANS
    share = "" if closed else _find_number(exact.get("share"), row["shown"], forms)
    ends = ("limit",) if share_of else [MEASURES[name][2] for name in MEANS]
    limits = [_find_number(exact.get(end), row[end], ends) for end in ("low", "high")]
    flags = "; ".join(_(FLAGS[mark]) for mark in row["flag"].split())
    status = _(MARKS[row["shown"]]) if closed else flags or _(SHOWN)
    n = Number(int(row["n"]), "count") if row["n"] else ""
    return label, row["group_label"], question, answer, share, *limits, n, status


def _find_number(value, shown, forms):
    """The number that is written as `shown`; the words where none is, as of "under 0,5 %"."""
    if value is None:
        return shown
    written = (Number(value, form) for form in forms)
    return next((one for one in written if one.shown == shown), shown)


def tabulate_rows(columns, rows):
    """Columns of a trace: texts as they are in its CSV file, but for n, which is a number."""
    return [
        (name, name == "n", [_read_count(row[name]) if name == "n" else row[name] for row in rows])
        for name in columns
    ]


def _read_count(text):
    return Number(int(text), "count") if text.isdigit() else text
