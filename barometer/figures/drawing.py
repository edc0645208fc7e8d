"""The report's figures: picture, alternative text, note and table in one call from one `Released`.

The picture holds bars and their labels only; title and note are text on the page.
"""

from functools import partial
from itertools import chain

from matplotlib import style

from barometer.display import Figure
from barometer.errors import ContentError
from barometer.figures import alt_texts, charts, findings, notes, sheets
from barometer.figures.cells import (
    is_open,
    list_tests,
    select_cells,
    sort_items,
    tabulate_groups,
    tabulate_items,
    trace_picture,
)
from barometer.paths import PACKAGE
from barometer.sentences import trace

THEME = str(PACKAGE / "figures" / "theme.mplstyle")


def draw_whole_and_parts(released, id, title, whole, parts, shows="", group="all"):
    """A share and its overlapping parts. `parts`: heading → items, whose labels begin with it.

    `shows`: the note's first sentence, where a person can write a better one.
    """
    items = [item for members in parts.values() for item in members]
    selection = select_cells(released, [group], [whole, *items])
    shows = shows or (
        f"Figuren viser andelen ”{selection.label(whole)}” og dens dele. Den samlede andel tæller "
        "alle med, som mindst én af delene gælder for."
    )
    shows += " De tomme rammer viser den samlede andel." * is_open(selection.cell(whole, group))
    note = notes.write_note(selection, shows, notes.explain_overlap(selection, whole, items))
    alt, table = alt_texts.describe_whole(selection, whole, items), tabulate_items(selection)
    paint = partial(charts.paint_whole_and_parts, selection, whole, parts)
    return _finish(id, title, selection, alt, note, table, paint)


def draw_balance(released, id, title, rows, words, left_out=(), shows="", group="all"):
    """Answers on both sides of zero. `rows`: {label: (items to the left, items to the right)};
    `words`: what each side is called.
    """
    items = [item for sides in rows.values() for side in sides for item in side]
    selection = select_cells(released, [group], items, left_out)
    about = f" på ”{released.about.question}”" if released.about.question else ""
    shows = shows or (
        f"Figuren viser svarene{about}: {words[0]} til venstre for nul, {words[1]} til højre."
    )
    added = [(label, *join_sides(selection, sides)) for label, sides in rows.items()]
    totals = [(label, left.share, right.share) for label, left, right in added]
    sizes = {len(side) for sides in rows.values() for side in sides}
    if max(sizes) > 1:
        summed = "to svar" if sizes == {2} else "sidens svar"
        shows += f" Tallene for enden er summen af {summed}, beregnet før afrunding."
    note = notes.write_note(selection, shows, notes.describe_left_out(selection), stacked=True)
    alt, table = alt_texts.describe_balance(selection, added, words), tabulate_items(selection)
    paint, sums = partial(charts.paint_balance, selection, rows, totals), []
    for _, *both in added:
        sums += both
    return _finish(id, title, selection, alt, note, table, paint, stacked=True, sums=sums)


def draw_distribution(released, id, title, groups, left_out=(), shows=""):
    """A stacked bar per group, the answers in the questionnaire's order."""
    selection = select_cells(released, groups, left_out=left_out)
    if len(selection.items) > len(charts.ANSWERS):
        most = f"viser højst {len(charts.ANSWERS)} svar; udelad nogle (left_out)"
        raise ContentError(f"{id}: en stablet bjælke {most}")
    shows = shows or notes.describe_answers(selection)
    tested, sums = findings.describe_distribution(selection), notes.describe_left_out(selection)
    note = notes.write_note(selection, shows, sums, tested, stacked=True)
    alt, table = alt_texts.describe_distribution(selection), tabulate_items(selection)
    paint = partial(charts.paint_distribution, selection)
    return _finish(id, title, selection, alt, note, table, paint, stacked=True)


def draw_two_groups(released, id, title, groups, shows=""):
    """Two bars per answer, with intervals and what the test of their difference says."""
    if len(groups) != 2:
        raise ContentError(f"{id}: figuren sammenligner to grupper, ikke {len(groups)}")
    selection = sort_items(select_cells(released, groups))
    tested = any(selection.test(item) for item in selection.items)
    shows = shows or notes.describe_answers(selection)
    found, sums = findings.describe_differences(selection), notes.explain_multiple(selection)
    note = notes.write_note(selection, shows, sums, found)
    alt, table = alt_texts.describe_two_groups(selection), tabulate_items(selection, tested)
    paint = partial(charts.paint_two_groups, selection, tested)
    return _finish(id, title, selection, alt, note, table, paint)


def draw_groups(released, id, title, item, groups, shows=""):
    """One answer in several groups, the largest share on top."""
    groups = select_cells(released, groups, [item]).groups
    by_size = sorted(
        groups, key=lambda group: -c.share if is_open(c := released.cell(item, group)) else 1
    )
    selection = select_cells(released, {group: groups[group] for group in by_size}, [item])
    shows, found = shows or notes.describe_share(selection), findings.describe_pairs(selection)
    note = notes.write_note(selection, shows, tested=found)
    alt, table = alt_texts.describe_groups(selection), tabulate_groups(selection)
    return _finish(id, title, selection, alt, note, table, partial(charts.paint_groups, selection))


def _finish(id, title, selection, alt, note, table, paint, stacked=False, sums=()):
    """Paint the picture under the report's theme, and join it with its texts and their trace."""
    about, claim = selection.about, trace.read_claim(title)
    rows = (
        trace.trace_title(title),
        trace_picture(selection, stacked, sums),
        trace.trace_table_texts(table, about),
        trace.trace_text(note, "note", about),
        trace.trace_text(alt, "alt", about),
    )
    title, alt, note = str(title), str(alt), str(note)
    sheets.register_fonts()
    with style.context(["default", THEME]):
        painted = paint()
        svg = sheets.write_svg(painted)
        png = sheets.write_png(painted, {"Title": title, "Description": alt, "Comment": note})
    texts, tests = (id, title, alt, note, table), list_tests(selection)
    return Figure(*texts, svg, tuple(chain(*rows)), claim, png, tests)


def join_sides(selection, sides):
    """What the answers of each side are in all, as cells."""
    group = next(iter(selection.groups))
    return [trace.add_cells([selection.cell(item, group) for item in side]) for side in sides]
