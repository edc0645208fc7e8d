"""Shares over rounds as lines that stop where the measure was changed, one below the other."""

from functools import partial
from itertools import chain, pairwise

from barometer.figures import alt_texts, charts, drawing, points, sheets
from barometer.figures.cells import (
    describe_cell,
    has_interval,
    is_open,
    list_tests,
    make_count,
    make_number,
    round_shown,
    select_cells,
    trace_picture,
    write_drawn,
    write_estimate,
)
from barometer.figures.notes import list_origin
from barometer.figures.sheets import Row
from barometer.languages.speaking import N_, _
from barometer.sentences import trace
from barometer.text import NONE, Number, Text, join_texts, say

BAND, NUMBER = 62, 17  # points: from the least to the largest share, and above it for a number
EDGE = 0.07  # of the width at least, left of the first round and right of the last
BROKEN = N_("Linjen er brudt, hvor målet er ændret.")
CHANGED = N_("ændret", "line")  # in the picture, where a line is broken


def draw_line(released, id, title, items, groups, breaks, shows=""):
    """A `Figure` of the items over `groups` ({group: label}, the earliest first).

    `breaks`: {item: the groups in which its measure was changed}. A round that lacks an item is
    passed over, and the line is broken there too.
    """
    every = {(row.item, row.group) for row in released.table.itertuples()}
    parts = [
        select_cells(
            released,
            {group: label for group, label in groups.items() if (item, group) in every},
            [item],
        )
        for item in items
    ]
    table = tabulate(parts, groups)
    broken = any(breaks.get(item) for item in items)
    note = Text(" ".join(filter(None, [shows, _(BROKEN) * broken])))
    alt = describe(parts, groups, breaks)
    about, claim = released.about, trace.read_claim(title)
    rows = (
        trace.trace_title(title),
        *map(trace_picture, parts),
        trace.trace_table_texts(table, about),
        trace.trace_text(note, "note", about),
        trace.trace_text(alt, "alt", about),
    )
    paint = partial(_paint, parts, groups, breaks)
    texts, tests = (
        (id, str(title), str(alt), str(note), table),
        tuple(chain(*map(list_tests, parts))),
    )
    lines = list_origin(parts[0])[1:]
    return drawing.make_figure(*texts, tuple(chain(*rows)), claim, tests, paint, lines)


def tabulate(parts, groups):
    """A row for each round, with each item's share, interval and n; "–" where it was not asked."""
    columns = [head for part in parts for head in (part.label(part.items[0]), "n")]
    rows = []
    for group, label in groups.items():
        row = [label]
        for part in parts:
            if group not in part.groups:
                row += [NONE, NONE]
                continue
            cell = part.cell(part.items[0], group)
            row += [write_estimate(cell), Number(cell.n, "count", cell=cell)]
        rows.append(row)
    return {
        "columns": [_("Runde"), *columns],
        "rows": rows,
        "numeric": [False, *[True] * len(columns)],
    }


def describe(parts, groups, breaks):
    """The alternative text: first and last share of each item, and where lines are broken."""
    counts = {"count": make_count(len(parts)), "rounds": make_count(len(groups))}
    said = [say("Linjer for {count} mål over {rounds} runder.", **counts)]
    for part in parts:
        item = part.items[0]
        known = [(part.cell(item, group), label) for group, label in part.groups.items()]
        known = [(cell, label) for cell, label in known if is_open(cell)]
        ends = dict.fromkeys(label for _, label in (known[:1] + known[-1:]))
        cells = {label: cell for cell, label in known}
        ends = [
            say("{number} i {round}", number=make_number(cells[label], "share"), round=label)
            for label in ends
        ]
        said.append(Text(f"{part.label(item)}: ", join_texts(", ", ends), "."))
    if any(breaks.get(part.items[0]) for part in parts):
        said.append(Text(_(BROKEN)))
    return join_texts(" ", [*said, Text(_(alt_texts.TAIL))])


def _paint(parts, groups, breaks, layout):
    rows, band = [], BAND * layout.size / sheets.WIDE.size
    for part in parts:
        rows += [
            Row(part.label(part.items[0]), 0, weight="semibold"),
            Row("", 1, band + 2 * NUMBER + layout.line),
        ]
    narrow = sheets.Layout(layout.page, layout.size, layout.line, 0)
    sheet = sheets.open_sheet(narrow, rows)
    sheet.axes.set_xlim(0, 1)
    widest = max(sheets.measure_text(str(label), size=layout.size) for label in groups.values())
    edge = max(EDGE, (widest / 2 + 2) / sheet.width)  # no round's name is cut off
    step = (1 - 2 * edge) / max(len(groups) - 1, 1)
    across = {group: edge + number * step for number, group in enumerate(groups)}
    for part, places in zip(parts, sheet.places[1::2], strict=True):
        item, middle = part.items[0], places[0]
        bottom = middle + band / 2 - layout.line / 2 + NUMBER / 2
        _paint_item(sheet, part, across, groups, breaks.get(item, ()), (bottom, band))
    points.paint_points(sheet)
    return sheets.close_sheet(sheet)


def _paint_item(sheet, part, across, groups, broken, place):
    item, (bottom, band) = part.items[0], place
    cells = {group: part.cell(item, group) for group in part.groups}
    known = {group: cell for group, cell in cells.items() if is_open(cell)}
    down = _fit_band(known.values(), bottom, band)
    track = {"color": sheets.TRACK, "linewidth": 1, "zorder": 0.6}
    sheet.axes.plot([0, 1], [bottom + 6, bottom + 6], **track)
    names = list(groups)
    for before, after in pairwise(names):
        if before in known and after in known and after not in broken:
            ends = [round_shown(known[one].share) for one in (before, after)]
            line = {"color": charts.EVERYBODY, "linewidth": 2, "zorder": 2}
            sheet.axes.plot([across[before], across[after]], [*map(down, ends)], **line)
        elif after in broken and before in cells:
            x = (across[before] + across[after]) / 2
            dashed = {"color": sheets.GREY, "linewidth": 1, "linestyle": (0, (3, 3)), "zorder": 1}
            sheet.axes.plot([x, x], [bottom + 6, bottom - band], **dashed)
            sheets.write(
                sheet, _(CHANGED, "line"), x, bottom - band - 6, ha="center", color=sheets.GREY
            )
    for group, label in groups.items():
        x = across[group]
        sheets.write(sheet, label, x, bottom + 6 + sheet.layout.line, ha="center",
                     color=sheets.GREY)  # fmt: skip
        if group in known:
            _paint_share(sheet, part, item, group, x, down)
        elif group in cells:
            sheets.write(sheet, write_drawn(cells[group]), x, bottom - 8, ha="center",
                         color=sheets.GREY)  # fmt: skip


def _paint_share(sheet, part, item, group, x, down):
    cell = part.cell(item, group)
    y = down(round_shown(cell.share))
    top = y
    if has_interval(cell):
        ends = [down(end) for end in round_shown([cell.low, cell.high])]
        look = {"color": charts.EVERYBODY, "linewidth": 1.6, "zorder": 2}
        sheet.axes.plot([x, x], ends, solid_capstyle="butt", **look)
        top = ends[1]
    points.paint_point(sheet, x, y, charts.EVERYBODY, True)
    sheets.write(sheet, write_drawn(cell), x, top - points.DIAMETER / 2 - 6, ha="center",
                 weight="semibold")  # fmt: skip
    half = 14 * sheets.find_point(sheet)
    text = describe_cell(part, item, group)
    sheets.add_mark(sheet, x - half, x + half, y, 2 * sheet.layout.line, text)


def _fit_band(cells, bottom, band):
    """A share's y: the band is at least 20 points of per cent high, so that small changes look
    small.
    """
    ends = [
        float(round_shown(one))
        for cell in cells
        for one in ((cell.low, cell.high) if has_interval(cell) else (cell.share,))
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    middle, half = (low + high) / 2, max(high - low, points.LEAST) / 2
    low = min(max(middle - half, 0.0), 1 - 2 * half)
    return lambda share: bottom - band * (float(share) - low) / (2 * half)
