"""The report's figures: picture, alternative text, note and table made in one call from one `Released`.

The picture holds bars and their labels only; title and note are text on the page.
"""
from itertools import chain, cycle
from math import isfinite

from matplotlib import style

from barometer import alternatives, bars, canvas, notes, trace
from barometer.cells import (
    WORDS,
    is_open,
    select_cells,
    sort_items,
    split_label,
    tabulate_groups,
    tabulate_items,
    tell_verdict,
    trace_picture,
)
from barometer.display import Figure
from barometer.numbers import write_number
from barometer.paths import FONTS

THEME = str(FONTS.parent / "theme.mplstyle")

# One colour, one meaning, in every figure: blue is what politics initiated and orange what others did, purple hinders
# and green promotes, slate is everybody, teal the answers to a question. Blue and orange, 3:1 to white and to each
# other, are the pair of the UK Government Analysis Function's palette; purple and green stay apart for those who do not
# see red or green. Three steps between white and black cannot all be 3:1 to white and to their neighbours, so the
# palest is outlined.
FIRST, SECOND, EVERYBODY = "#12436D", "#F46A25", "#333F4A"
BALANCE = {"hindered_high": "#4F1A63", "hindered_some": "#AE79C4",
           "promoted_some": "#5E9E3A", "promoted_high": "#1F4711"}
PARTS = (BALANCE["promoted_some"], FIRST)   # in Figure 1: promoted by politics, then initiated by it
ANSWERS = (canvas.OUTLINE, "#21948A", "#E3F3F1", "#8A5A00")
VERDICT = 62   # points: width of the words on a difference
DISTRIBUTION = {"difference": "sikker forskel", "no_difference": WORDS["no_difference"]}


def draw_whole_and_parts(released, id, title, whole, parts, shows="", group="all"):
    """A share and the overlapping parts it is made of. `parts`: heading → items, whose labels begin with it.

    `shows` replaces the note's first sentence, where a person can say better what the figure shows.
    """
    items = [item for members in parts.values() for item in members]
    selection = select_cells(released, [group], [whole, *items])
    shows = shows or (f"Figuren viser andelen ”{selection.label(whole)}” og dens dele. Den samlede andel tæller alle "
                      "med, som mindst én af delene gælder for.")
    shows += " Delenes rammer er så lange som den samlede andel." * is_open(selection.cell(whole, group))
    return _finish(
        id, title, selection, lambda: alternatives.describe_whole(selection, whole, items),
        lambda: notes.write_note(selection, shows, notes.tell_overlap(selection, whole, items)),
        lambda: tabulate_items(selection), lambda: paint_whole_and_parts(selection, whole, parts))


def draw_balance(released, id, title, rows, left_out=(), shows="", group="all"):
    """Answers on both sides of zero. `rows`: label → {"hindered_high": item, …} with the four keys of `BALANCE`."""
    items = [members[key] for members in rows.values() for key in BALANCE]
    selection = select_cells(released, [group], items, left_out)
    about = f" på ”{released.about.question}”" if released.about.question else ""
    shows = shows or f"Figuren viser svarene{about}: hæmmende til venstre for nul, fremmende til højre."
    sides = [(label, *join_sides(selection, members)) for label, members in rows.items()]
    totals = [(label, hindered.share, promoted.share) for label, hindered, promoted in sides]
    shows += " Tallene for enden er summen af to svar, beregnet før afrunding."
    return _finish(
        id, title, selection, lambda: alternatives.describe_balance(selection, sides),
        lambda: notes.write_note(selection, shows, notes.tell_left_out(selection), stacked=True),
        lambda: tabulate_items(selection), lambda: paint_balance(selection, rows, totals),
        stacked=True, sums=[cell for _, *both in sides for cell in both])


def draw_distribution(released, id, title, groups, left_out=(), shows=""):
    """A stacked bar per group, the answers in the questionnaire's order."""
    selection = select_cells(released, groups, left_out=left_out)
    if len(selection.items) > len(ANSWERS):
        raise ValueError(f"{id}: en stablet bjælke viser højst {len(ANSWERS)} svar; udelad nogle (left_out)")
    return _finish(
        id, title, selection, lambda: alternatives.describe_distribution(selection),
        lambda: notes.write_note(selection, shows or notes.tell_answers(selection), notes.tell_left_out(selection),
                                 notes.tell_distribution(selection), stacked=True),
        lambda: tabulate_items(selection), lambda: paint_distribution(selection), stacked=True)


def draw_two_groups(released, id, title, groups, shows=""):
    """Two bars per answer, with intervals and with what the test of their difference says, in words."""
    if len(groups) != 2:
        raise ValueError(f"{id}: figuren sammenligner to grupper, ikke {len(groups)}")
    selection = sort_items(select_cells(released, groups))
    tested = any(selection.test(item) for item in selection.items)
    return _finish(
        id, title, selection, lambda: alternatives.describe_two_groups(selection),
        lambda: notes.write_note(selection, shows or notes.tell_answers(selection), notes.tell_multiple(selection),
                                 notes.tell_differences(selection)),
        lambda: tabulate_items(selection, tested), lambda: paint_two_groups(selection, tested))


def draw_groups(released, id, title, item, groups, shows=""):
    """One answer in several groups, the largest share on top."""
    groups = select_cells(released, groups, [item]).groups
    by_size = sorted(groups, key=lambda group: -c.share if is_open(c := released.cell(item, group)) else 1)
    selection = select_cells(released, {group: groups[group] for group in by_size}, [item])
    return _finish(
        id, title, selection, lambda: alternatives.describe_groups(selection),
        lambda: notes.write_note(selection, shows or notes.tell_share_by_group(selection),
                                 tested=notes.tell_pairs(selection)),
        lambda: tabulate_groups(selection), lambda: paint_groups(selection))


def paint_whole_and_parts(selection, whole, parts):
    """The whole as a heavy bar, then each part as what it fills of the whole's frame, under a heading per kind."""
    lines = [(whole, selection.label(whole), EVERYBODY)]
    for (heading, items), color in zip(parts.items(), cycle(PARTS), strict=False):
        lines += [(None, heading, color),
                  *((item, _strip_heading(selection.label(item), heading), color) for item in items)]
    bold = ["semibold", *("regular" for _ in lines[1:])]
    sheet = canvas.open_sheet([label if item else "" for item, label, _ in lines], 24, weights=bold)
    cells = [selection.cell(item, next(iter(selection.groups))) if item else None for item, *_ in lines]
    bars.fit_scale(sheet, [cell for cell in cells if cell])
    numbers = bars.frame_parts(sheet, cells)
    for y, (cell, (_, label, color)) in enumerate(zip(cells, lines, strict=True)):
        if cell:
            bars.paint_bars(sheet, [*[None] * y, cell], color, 12 if y else 20)
            bars.mark_cell(sheet, cell, y, bold[y], canvas.SIZE if y else 12, numbers)
        else:   # nearer to the bars it heads than to those above
            canvas.write(sheet, label, 0, y, 1 - sheet.left, -4, weight="semibold", where="axes")
    return canvas.close_sheet(sheet)


def paint_balance(selection, rows, totals):
    """Hindering answers to the left of zero, promoting ones to the right, the milder ones nearest."""
    sides = {-1: ("hindered_some", "hindered_high"), 1: ("promoted_some", "promoted_high")}
    answers = [split_label(selection.label(item))[1] for item in selection.items[:len(BALANCE)]]
    sheet = canvas.open_sheet(list(rows), 52, list(zip(BALANCE.values(), answers, strict=True)))
    group = next(iter(selection.groups))
    cells = {side: [[selection.cell(members[key], group) for key in keys] for members in rows.values()]
             for side, keys in sides.items()}
    scale = bars.find_scale(sheet.width - 5 * canvas.LINE - 8, *cells.values())
    reach = {side: max(bars.measure_reach(row, bars.GAP / scale) for row in cells[side]) for side in sides}
    spare = (sheet.width / scale - sum(reach.values())) / 2
    sheet.axes.set_xlim(-reach[-1] - spare, reach[1] + spare)
    for side, keys in sides.items():
        ends = bars.paint_stack(sheet, cells[side], [BALANCE[key] for key in keys], scale, side, edge=canvas.WHITE)
        for y, end in enumerate(ends):
            if isfinite(total := totals[y][1 if side < 0 else 2]):
                canvas.write(sheet, write_number(total, "percent"), end, y, 5 * side,
                             ha="left" if side > 0 else "right", weight="semibold")
    return canvas.close_sheet(sheet)


def paint_distribution(selection):
    """One bar per group, its segments labelled; at the right margin the verdict on the whole table."""
    verdict = getattr(selection.released.distribution, "verdict", "")
    colors = ANSWERS[:len(selection.items)]
    key = [(color, selection.label(item)) for color, item in zip(colors, selection.items, strict=True)]
    right = VERDICT + 8 if verdict else 0
    sheet = canvas.open_sheet(list(selection.groups.values()), 48, key, right)
    cells = [selection.cells(group) for group in selection.groups]
    scale = bars.find_scale(sheet.width - 22, cells)
    sheet.axes.set_xlim(0, sheet.width / scale)
    bars.paint_stack(sheet, cells, colors, scale, edge=canvas.OUTLINE)
    if verdict:
        write_verdict(sheet, f"{DISTRIBUTION[verdict]} samlet set", (sheet.rows - 1) / 2, verdict == "difference")
    return canvas.close_sheet(sheet)


def paint_two_groups(selection, tested):
    """Pairs of bars; at the right margin, row by row, the verdict on their difference."""
    right = VERDICT + 8 if tested else 0
    key = list(zip((FIRST, SECOND), selection.groups.values(), strict=True))
    sheet = canvas.open_sheet([selection.label(item) for item in selection.items], 33, key, right,
                              key_end=canvas.PAGE - right)
    bars.fit_scale(sheet, [cell for group in selection.groups for cell in selection.cells(group)])
    bars.paint_pairs(sheet, selection, 20, (FIRST, SECOND))
    if tested:
        start = canvas.PAGE - VERDICT
        canvas.write_key(sheet, [(start, FIRST, "mod"), (start + 16 + canvas.measure_text("mod"), SECOND, "")])
    for y, item in enumerate(selection.items):
        for cell, shift in zip(selection.cells_of(item), (-5.25, 5.25), strict=True):
            bars.mark_cell(sheet, cell, y + shift / sheet.pitch)
        if tested:
            write_verdict(sheet, tell_verdict(selection, item), y, selection.is_sure(item))
    return canvas.close_sheet(sheet)


def write_verdict(sheet, words, y, sure):
    """What a test found, at the right margin; what is no sure difference steps back."""
    weight, color = ("semibold", canvas.INK) if sure else ("regular", canvas.GREY)
    canvas.write(sheet, canvas.wrap_text(words, VERDICT, weight), 1, y, 8, weight=weight, color=color, where="axes")


def paint_groups(selection):
    """One bar per group."""
    sheet, cells = canvas.open_sheet(list(selection.groups.values()), 26), selection.cells_of(selection.items[0])
    bars.fit_scale(sheet, cells)
    bars.paint_bars(sheet, cells, EVERYBODY, 13)
    for y, cell in enumerate(cells):
        bars.mark_cell(sheet, cell, y)
    return canvas.close_sheet(sheet)


def _finish(id, title, selection, describe, annotate, tabulate, paint, stacked=False, sums=()):
    """Paint the picture under the theme alone, whatever styles the notebook has set, and join it with its words.

    Each part is made while its numbers are listened to, so that the trace has what is shown and no more.
    """
    makers = {"table": tabulate, "note": annotate, "alt": describe}
    parts, rows = zip(*(trace.trace_part(part, make, selection.about) for part, make in makers.items()), strict=True)
    table, note, alt = parts
    rows = (trace.trace_title(title, selection), trace_picture(selection, stacked, sums), *rows)
    canvas.register_fonts()
    with style.context(["default", THEME]):
        painted = paint()
        svg = canvas.write_svg(painted)
        png = canvas.write_png(painted, {"Title": str(title), "Description": alt, "Comment": note})
    return Figure(id, str(title), alt, note, table, svg, tuple(chain(*rows)), trace.read_claim(title), png)


def add_sides(selection, members):
    """Hindered and promoted in all; nan where a part is closed."""
    return [cell.share for cell in join_sides(selection, members)]


def join_sides(selection, members):
    """Hindered and promoted in all, as cells."""
    group = next(iter(selection.groups))
    cells = [selection.cell(members[key], group) for key in BALANCE]
    return [trace.add_cells(side) for side in (cells[:2], cells[2:])]


def _strip_heading(label, heading):
    rest = label.removeprefix(heading).strip()
    return rest[:1].upper() + rest[1:]
