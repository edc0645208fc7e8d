"""A figure's or table's shares as a cube: answer x group x what is measured x period, in JSON-stat
2.0 (json-stat.org/format) and in PX as the tables of Statistics Denmark are
(Statistics Sweden: PX file format specification 2013).
"""

from itertools import product

from barometer.document.imprint import date_file
from barometer.exports.cells import MEAN, MEASURES
from barometer.exports.tables import describe_data, write_field, write_json
from barometer.languages.numerals import separators
from barometer.languages.speaking import N_, _
from barometer.marks import FLAGS, MARKS

DIMENSIONS = {"svar": N_("svar"), "gruppe": N_("gruppe"), "maal": N_("måltal"), "tid": N_("tid")}
ROLES = {"metric": ["maal"], "time": ["tid"]}
LONGEST = 220  # characters of a quoted piece in a PX file, whose lines have at most 256
# PX's signs of missing numbers: not shown, to protect somebody or as too uncertain; not asked for
CLOSED, NOT_THERE = '".."', '"..."'
PROGRAM = "barometer"


class Cube:
    """The cells of one exhibit; `axes` = {dimension: {code: label}}, no two labels of which are
    the same; `cells` = {(item, group): `Cell`}.
    """

    def __init__(self, exhibit, cells, meta):
        self.exhibit, self.meta = exhibit, meta
        self.cells = {(one.item, one.group): one for one in cells}
        # what a table of several questions has twice, as "Ved ikke", is named with its question
        answers = [(one.item, one.answer, f"{one.question}: {one.answer}") for one in cells]
        groups = [(one.group, one.group_label, f"{one.group_label}, {one.group}") for one in cells]
        means = cells[0].unit == _(MEAN)
        measures = MEASURES | ({"share": N_("Gennemsnit")} if means else {})
        self.axes = {
            "svar": _name_alike(answers),
            "gruppe": _name_alike(groups),
            "maal": {name: _(words) for name, words in measures.items()},
            "tid": {meta["period"]: meta["period"]},
        }

    @property
    def unit(self):
        """What its numbers are counted in."""
        return next(iter(self.cells.values())).unit

    @property
    def decimals(self):
        """The most decimals that any of its numbers is shown with."""
        shown = [
            one.shown.partition(separators()[0])[2]
            for one in self.cells.values()
            if one.value is not None
        ]
        return max((sum(map(str.isdigit, digits)) for digits in shown), default=0)

    def list_values(self):
        """(number or None, its words where it is None or has a reservation, cell or None), in the
        order of the axes, the last one fastest.
        """
        for item, group, measure, _period in product(*self.axes.values()):
            cell = self.cells.get((item, group))
            if cell is None:
                yield None, "", None
                continue
            value = {"share": cell.value, "low": cell.low, "high": cell.high, "n": cell.n}[measure]
            words = cell.shown if value is None and (measure == "share" or cell.mark) else ""
            yield value, words or (cell.flag if measure == "share" else ""), cell


def write_json_stat(cube):
    """The text of a JSON-stat 2.0 dataset."""
    values = list(cube.list_values())
    meta, used = cube.meta, {words for _value, words, _cell in values}
    content = {
        "version": "2.0",
        "class": "dataset",
        "label": name_cube(cube),
        "source": meta["citation"],
        "updated": meta["data_date"],
        "note": [one for one in (describe_data(meta), cube.exhibit.get("note")) if one],
        "id": list(DIMENSIONS),
        "size": [len(axis) for axis in cube.axes.values()],
        "role": ROLES,
        "dimension": {
            name: {
                "label": _(DIMENSIONS[name]),
                "category": {"index": list(axis), "label": axis} | _list_units(cube, name),
            }
            for name, axis in cube.axes.items()
        },
        "value": [None if one[0] is None else _shorten(one[0]) for one in values],
        "status": {str(at): words for at, (_value, words, _cell) in enumerate(values) if words},
        "extension": {
            "status": {
                mark: _(words)
                for mark, words in (MARKS | FLAGS).items()
                if any(mark in one.split() for one in used)
            }
        },
    }
    return write_json(content)


def write_px(cube):
    """The text of a PX file, in UTF-8."""
    meta, quoted = cube.meta, {name: _(DIMENSIONS[name]) for name in cube.axes}
    lines = [
        ("CHARSET", "ANSI"),
        ("AXIS-VERSION", "2013"),
        ("CODEPAGE", "utf-8"),
        ("LANGUAGE", meta["language"]),
        ("CREATION-DATE", f"{date_file(meta):%Y%m%d %H:%M}"),
        ("DECIMALS", cube.decimals),
        ("SHOWDECIMALS", cube.decimals),
        ("MATRIX", cube.exhibit["id"]),
        ("COPYRIGHT", False),
        ("SUBJECT-CODE", PROGRAM),
        ("SUBJECT-AREA", meta["series"]),
        ("TITLE", name_cube(cube)),
        ("CONTENTS", cube.exhibit["title"]),
        ("UNITS", cube.unit),
        ("STUB", [quoted["svar"], quoted["gruppe"]]),
        ("HEADING", [quoted["maal"], quoted["tid"]]),
        *((f'VALUES("{quoted[name]}")', list(axis.values())) for name, axis in cube.axes.items()),
        *((f'CODES("{quoted[name]}")', list(axis)) for name, axis in cube.axes.items()),
        ("SOURCE", meta["citation"]),
        ("LAST-UPDATED", f"{meta['data_date'].replace('-', '')} 12:00"),
        ("NOTEX", describe_data(meta)),
        ("NOTE", " ".join(filter(None, (cube.exhibit.get("note"), _explain(cube))))),
        *_list_cell_notes(cube),
    ]
    head = [f"{name}={_quote(value)};" for name, value in lines]
    data = [_write_value(*one) for one in cube.list_values()]
    width = len(cube.axes["maal"]) * len(cube.axes["tid"])
    rows = [" ".join(data[at : at + width]) for at in range(0, len(data), width)]
    return "\r\n".join([*head, "DATA=", *rows, ";", ""])


def name_cube(cube):
    """ "Figur 3. … efter svar, gruppe, måltal og tid", as a statistics bank names its tables."""
    label = ". ".join(filter(None, (cube.exhibit["label"], cube.exhibit["title"])))
    *others, last = map(_, DIMENSIONS.values())
    mark = f" ({cube.meta['synthetic_mark']})" if cube.meta["synthetic"] else ""
    axes = _("efter {others} og {last}").format(others=", ".join(others), last=last)
    return f"{label} {axes}{mark}"


def _name_alike(named):
    """{code: label} of (code, label, longer label): the longer one where two labels are alike."""
    labels = {code: label for code, label, _long in named}
    longer = {code: long for code, _label, long in named}
    often = [*labels.values()]
    return {
        code: longer[code] if often.count(label) > 1 else label for code, label in labels.items()
    }


def _list_units(cube, dimension):
    if dimension != "maal":
        return {}
    unit, count = {"label": cube.unit, "decimals": cube.decimals}, {"label": _("svar")}
    return {"unit": {name: count | {"decimals": 0} if name == "n" else unit for name in MEASURES}}


def _shorten(value):
    return int(value) if float(value).is_integer() else value


def _explain(cube):
    marks = {one for cell in cube.cells.values() for one in (cell.mark, *cell.flag.split()) if one}
    return " ".join(
        f"{mark}: {_(words)}." for mark, words in (MARKS | FLAGS).items() if mark in marks
    )


def _list_cell_notes(cube):
    """A note on each share that words or a mark stand for, or that has a reservation."""
    for item, group in product(cube.axes["svar"], cube.axes["gruppe"]):
        cell = cube.cells.get((item, group))
        if cell is None or (cell.value is not None and not cell.flag):
            continue
        named = cube.axes["svar"][item], cube.axes["gruppe"][group]
        place = ",".join(f'"{_clean(one)}"' for one in (*named, cube.axes["maal"]["share"], "*"))
        words = cell.shown if cell.value is None else cell.flag
        yield f"CELLNOTE({place})", f"{words} {_((MARKS | FLAGS).get(words, ''))}".strip()


def _write_value(value, words, cell):
    if value is None:
        return CLOSED if words else NOT_THERE
    return write_field(value)


def _quote(value):
    """A value of a keyword: texts in quotation marks, long ones in pieces, a line each."""
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return ",\r\n".join(f'"{_clean(one)}"' for one in value)
    text = _clean(value)
    pieces = [text[at : at + LONGEST] for at in range(0, max(1, len(text)), LONGEST)]
    return "\r\n".join(f'"{piece}"' for piece in pieces)


def _clean(text):
    """Text without what ends a quoted piece, and without the report's fixed spaces."""
    return " ".join(text.replace('"', "'").split())
