"""The report's figures: picture, alternative text, note and table in one call from one `Released`.

The picture on a page holds marks and their labels only; title and note are text there. A picture
that stands alone has its title, its source and how many answered within it.
"""

import pickle
import zlib
from base64 import b64decode, b64encode
from functools import partial
from io import BytesIO
from itertools import chain
from types import SimpleNamespace

from matplotlib import style

from barometer.display import Figure
from barometer.errors import ContentError
from barometer.figures import alt_texts, charts, findings, notes, sheets
from barometer.figures.cells import (
    is_open,
    list_tests,
    name_verdict,
    select_cells,
    sort_items,
    trace_picture,
)
from barometer.figures.findings import MEASURE_NAMES, tabulate_groups, tabulate_items
from barometer.languages.speaking import _, is_again
from barometer.paths import PACKAGE
from barometer.payloads import is_collecting, is_for_screen
from barometer.sentences import trace
from barometer.text import name_statistic

THEME = str(PACKAGE / "figures" / "theme.mplstyle")


def draw_whole_and_parts(released, id, title, whole, parts, shows="", group="all"):
    """A share and its overlapping parts. `parts`: heading → items, whose labels begin with it.

    `shows`: replaces the question in the note, here and in the other figures.
    """
    items = [item for members in parts.values() for item in members]
    selection = select_cells(released, [group], [whole, *items])
    note = notes.write_note(selection, shows, notes.explain_overlap(selection, whole, items))
    alt, table = alt_texts.describe_whole(selection, whole, items), tabulate_items(selection)
    paint = partial(charts.paint_whole_and_parts, selection, whole, parts)
    return finish(id, title, selection, alt, note, table, paint)


def draw_shares(released, id, title, shows="", group="all", ordered=False):
    """A bar per answer, of one group, the largest on top, or `ordered` as in the questionnaire;
    residual ones are in the table alone.
    """
    selection = leave_out_residual(released, [group])
    selection = selection if ordered else sort_items(selection)
    note, alt = notes.write_note(selection, shows), alt_texts.describe_shares(selection)
    paint = partial(charts.paint_shares, selection)
    return finish(id, title, selection, alt, note, tabulate_items(selection), paint)


def draw_balance(released, id, title, rows, words, left_out=(), shows="", group="all", totals=None):
    """Answers on both sides of zero. `rows`: {label: (items to the left, items to the right)};
    `words`: what each side is called; `totals`: {label: (item, item)} that are a side's answers in
    all, with an interval that a sum has not.

    Raises `ContentError` where a total is another than its answers' sum.
    """
    items = [item for sides in rows.values() for side in sides for item in side]
    summed = [item for pair in (totals or {}).values() for item in pair]
    selection = select_cells(released, [group], [*summed, *items], left_out)
    added = {label: join_sides(selection, sides) for label, sides in rows.items()}
    for label, pair in (totals or {}).items():
        cells = [selection.cell(item, group) for item in pair]
        for one, other in zip(cells, added[label], strict=True):
            if is_open(one) and is_open(other) and abs(one.share - other.share) > 1e-9:
                raise ContentError(f"{id}: »{one.label}« er ikke summen af sine svar")
        added[label] = cells
    note = notes.write_note(selection, shows)
    alt, table = alt_texts.describe_balance(selection, added, words), tabulate_items(selection)
    paint = partial(charts.paint_balance, selection, rows, added, words)
    cells = list(chain(*added.values()))
    return finish(id, title, selection, alt, note, table, paint, cells)


def draw_distribution(released, id, title, groups, left_out=(), shows=""):
    """A point per group at each answer, in the questionnaire's order; of two groups on one line."""
    selection = select_cells(released, groups, left_out=left_out)
    if len(groups) > len(charts.LOOKS):
        raise ContentError(f"{id}: figuren viser højst {len(charts.LOOKS)} grupper")
    note, alt = notes.write_note(selection, shows), alt_texts.describe_distribution(selection)
    paint, tested = partial(charts.paint_answers, selection), False
    if len(groups) == 2:
        words = {
            item: name_verdict(selection, item)
            for item in selection.items
            if (test := selection.test(item)) and (test[0] or test[1].startswith("["))
        }
        tested = bool(words)
        words = {item: word for item, word in words.items() if not word.startswith("[")}
        sections = [("", selection.items, False, words)]
        paint = partial(charts.paint_two_groups, selection, sections, pair=True)
    table = tabulate_items(selection, tested)
    return finish(id, title, selection, alt, note, table, paint)


def draw_two_groups(released, id, title, groups, shows="", first=()):
    """Two points per answer with their intervals, in sections by what the test of their difference
    says. `first`: items on top of all, such as what the others are parts of.
    """
    if len(groups) != 2:
        raise ContentError(f"{id}: figuren sammenligner to grupper, ikke {len(groups)}")
    selection = sort_items(leave_out_residual(released, groups), first)
    tested = any(selection.test(item) for item in selection.items)
    note, alt = notes.write_note(selection, shows), alt_texts.describe_two_groups(selection)
    sections = findings.divide_items(selection, first)
    paint = partial(charts.paint_two_groups, selection, sections)
    return finish(id, title, selection, alt, note, tabulate_items(selection, tested), paint)


def draw_groups(released, id, title, items, groups, shows="", whole=None, own=None):
    """Answers in several groups, one after the other, the largest share of the first on top.

    `whole`: the group that all are parts of, which comes first and is a line through the others;
    `own`: the report's.
    """
    items = [items] if isinstance(items, str) else items
    groups = select_cells(released, groups, items).groups
    by_size = sorted(
        groups,
        key=lambda group: (
            group != whole,
            -c.share if is_open(c := released.cell(items[0], group)) else 1,
        ),
    )
    selection = select_cells(released, {group: groups[group] for group in by_size}, items)
    note, alt = notes.write_note(selection, shows), alt_texts.describe_groups(selection)
    paint = partial(charts.paint_groups, selection, whole, own)
    return finish(id, title, selection, alt, note, tabulate_groups(selection), paint)


def draw_means(released, id, title, groups, ends, names=(), shows="", own=None, unit=""):
    """A point with its interval for each mean in each group. `ends`, `names`: of the axis
    (`charts.paint_means`); `unit`: what numbers count.
    """
    selection = select_cells(released, groups)
    what = _(MEASURE_NAMES[name_statistic(selection.cells_of(selection.items[0])[0])])
    what = what.capitalize()
    what = _("{measure} i {unit}").format(measure=what, unit=unit) if unit else what
    note = notes.write_note(selection, shows, f"{what}.".replace("..", "."))
    alt, table = alt_texts.describe_groups(selection), tabulate_groups(selection)
    paint = partial(charts.paint_means, selection, ends, names, own)
    return finish(id, title, selection, alt, note, table, paint)


def leave_out_residual(released, groups):
    """All answers in some groups, those that are no opinion left out of the picture, unless there
    is no other.
    """
    selection = select_cells(released, groups)
    residual = [item for item in selection.items if item in released.about.residual]
    residual = residual if len(residual) < len(selection.items) else []
    return select_cells(released, groups, left_out=residual)


def finish(id, title, selection, alt, note, table, paint, numbered=None):
    """The `Figure` of a picture, painted in both layouts under the report's theme, with its texts
    and their trace. `numbered`: the cells whose numbers are in it, where that is not all.
    """
    about, claim = selection.about, trace.read_claim(title)
    rows = (
        trace.trace_title(title),
        trace_picture(selection, numbered),
        trace.trace_table_texts(table, about),
        trace.trace_text(note, "note", about),
        trace.trace_text(alt, "alt", about),
    )
    texts, tests = (id, str(title), str(alt), str(note), table), list_tests(selection)
    return make_figure(
        *texts, tuple(chain(*rows)), claim, tests, paint, notes.list_origin(selection)
    )


def make_figure(id, title, alt, note, table, rows, claim, tests, paint, lines):
    """A `Figure` with its pictures, or with that of a screen alone; in a further language, and
    where nobody sees it, with what they are painted of later.

    `paint`: of a layout; `lines`: what stands below the picture where it is alone.
    """
    texts, drawn = (id, title, alt, note, table), (paint, title, alt, note, lines)
    if is_again() or is_collecting():
        return Figure(*texts, "", rows, claim, tests=tests, sketch=_write_sketch(drawn))
    if is_for_screen():
        return Figure(*texts, _paint_layout(paint, sheets.WIDE), rows, claim, tests=tests)
    svg, png, narrow = _paint(*drawn)
    return Figure(*texts, svg, rows, claim, png, tests, narrow)


def _paint(paint, title, alt, note, lines):
    """(SVG, PNG, SVG for a phone) of a picture, under the report's theme."""
    texts = {"Title": title, "Description": alt, "Comment": note}
    narrow = _paint_layout(paint, sheets.NARROW)
    with style.context(["default", THEME]):
        svg, png = sheets.write_framed(paint(sheets.WIDE), title, lines, texts)
    return svg, png, narrow


def _paint_layout(paint, layout):
    """The SVG of a picture in a layout, under the report's theme, without a frame."""
    sheets.register_fonts()
    with style.context(["default", THEME]):
        return sheets.write_svg(paint(layout))


class _Pickler(pickle.Pickler):
    def reducer_override(self, value):
        """A row of a table as its fields: its class is made when the table is read."""
        if isinstance(value, tuple) and hasattr(type(value), "_asdict"):
            return _make_row, (value._asdict(),)
        return NotImplemented


def _make_row(fields):
    return SimpleNamespace(**fields)


def _write_sketch(drawn):
    _Pickler(buffer := BytesIO()).dump(drawn)
    return b64encode(zlib.compress(buffer.getvalue(), 1)).decode()


def paint_sketch(sketch):
    """As `_paint`, of a figure in a further language, which is painted when a report shows it: the
    executing of a chapter would else paint for reports that are not made.

    `sketch`: from a kept result, which is trusted as those are (`run/cache.py`).
    """
    return _paint(*pickle.loads(zlib.decompress(b64decode(sketch))))


def join_sides(selection, sides):
    """What the answers of each side are in all, as cells."""
    group = next(iter(selection.groups))
    return [trace.add_cells([selection.cell(item, group) for item in side]) for side in sides]
