"""Cells as SDMX-CSV 2.0 (SDMX 3.0, section "SDMX-CSV field guide"): a row each, named by codes.

A code of SDMX is of letters, digits and a few signs, so a variable's name is escaped as a web
address is, with $ for %: "novelty=copy" is "novelty$3Dcopy".
"""

import csv
import io
from urllib.parse import quote

from barometer.exports.cells import SHARE
from barometer.exports.tables import write_field
from barometer.languages.speaking import _
from barometer.marks import CONFIDENTIAL, UNRELIABLE

FILE = "data/cells-sdmx.csv"
STRUCTURE = "BAROMETER:CELLS(1.0.0)"  # agency, name and version of what the columns are
DIMENSIONS = ("PART", "EXHIBIT", "ITEM", "GROUP", "TIME_PERIOD")
MEASURE = "OBS_VALUE"
ATTRIBUTES = (
    *("OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "LOWER", "UPPER", "N"),
    *("QUESTION", "ANSWER", "GROUP_NAME", "BASE", "SHOWN", "FLAG"),
)
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, MEASURE, *ATTRIBUTES)
# SDMX's own code lists, CL_OBS_STATUS and CL_CONF_STATUS: of a number that is shown, of one that is
# not for certainty's sake, and of one that is not for confidentiality's
SHOWN, UNCERTAIN, CLOSED = ("A", "F"), ("U", "F"), ("Q", "C")
OTHER = ("M", "F")  # words stand in its place, as "under 0,5 %"
PERCENT, POINTS = "PT", "POINTS"


def write_sdmx(cells, meta):
    """The text of `FILE`. `meta`: the document's."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cell in cells:
        writer.writerow(map(write_field, _describe(cell, meta)))
    return text.getvalue()


def write_code(name):
    """A name as a code of SDMX; two names never have the same."""
    return quote(name, safe="").replace(".", "%2E").replace("~", "%7E").replace("%", "$")


def write_period(period):
    """ "2018–2019" as an interval of ISO 8601 that begins with its first day: "2018-01-01/P2Y"."""
    first, _dash, last = period.partition("–")
    if first.isdecimal() and last.isdecimal():
        return f"{first}-01-01/P{int(last) - int(first) + 1}Y"
    return period


def _describe(cell, meta):
    status = {CONFIDENTIAL: CLOSED, UNRELIABLE: UNCERTAIN}.get(cell.mark, SHOWN)
    if not cell.mark and cell.value is None:
        status = OTHER
    unit = PERCENT if cell.unit == _(SHARE) else POINTS
    names = meta["part"], cell.exhibit, cell.item, cell.group
    named = cell.question, cell.answer, cell.group_label, cell.base, cell.shown, cell.flag
    numbers = cell.low, cell.high, cell.n
    head = "dataflow", STRUCTURE, "I"
    place = *map(write_code, names), write_period(meta["period"])
    return *head, *place, cell.value, *status, unit, *numbers, *named
