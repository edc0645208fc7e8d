"""Which figure shows an answer best: of what is asked, how many answers and how many groups."""

from barometer.exploring.choosing import MEAN, SHARES, find_question
from barometer.exploring.wording import is_one_answer, list_variables

MOST_BARS = 30  # answers in a figure of one group
MOST_POINTS = 15  # answers, or groups, in one of several
MOST_BLOCKS = 3  # answers with a block of groups each
MOST_LOOKS = 5  # groups whose points have looks of their own
MOST_ANSWERS = 4  # answers that more than two groups are set beside each other at
MOST_COLUMNS, MOST_ROWS = 10, 30  # of a table with shades


def suit_figure(registry, items, groups, measure=SHARES):
    """(method of the answer, its further arguments) of the figure, or None for a table alone.

    `groups`: the groups that are shown, empty for everybody; `measure`: of `choosing.MEASURES`.
    """
    count, question = len(groups) or 1, find_question(registry, items)
    if measure == "quantiles":
        return None
    if measure in (MEAN, "median", "total"):
        rows = len(question.items) if items == question.id and question.items else 1
        return ("draw_means", {}) if rows * count <= 2 * MOST_POINTS else None
    if measure != SHARES:  # the ends of scales
        return ("draw_shares", {}) if count == 1 else ("draw_groups", {})
    variables = list_variables(registry, items)
    plain = [one for one in variables if not registry.is_residual(one)] or variables
    exclusive = is_one_answer(registry, items)
    rows = bool(question and question.items and question.answers and items == question.id)
    scale = question and question.kind == "scale" and (rows or exclusive) and rows != (count > 1)
    if scale and count != 2 and max(count, len(question.items)) <= MOST_POINTS:
        return "draw_scale", {}
    if count == 1:
        if question and question.sides and "=" not in items:
            names = [items] if "." in items else [f"{items}.{one}" for one in question.items]
            return "draw_balance", {"rows": names}
        if rows or len(plain) > MOST_BARS:
            return None
        return "draw_shares", {"ordered": True} if exclusive else {}
    if rows:
        return None
    if len(plain) == 1:
        return ("draw_groups", {}) if count <= MOST_POINTS else None
    if count == 2:
        kind = "draw_distribution" if exclusive else "draw_pairs"
        return (kind, {}) if len(plain) <= MOST_POINTS else None
    if exclusive and count <= MOST_LOOKS and len(plain) <= MOST_ANSWERS:
        return "draw_distribution", {}
    if len(plain) <= MOST_BLOCKS and count <= MOST_POINTS and not exclusive:
        return "draw_groups", {}
    few, many = sorted([len(variables), count])
    return ("draw_heat", {}) if few <= MOST_COLUMNS and many <= MOST_ROWS else None
