"""Which figure shows an answer best: of what is asked, how many answers and how many groups."""

from barometer.door.asking import is_exclusive, list_items
from barometer.exploring.choosing import MEAN, SHARES, find_question

MOST_BARS = 15  # answers in a figure of one group, or points in one of several
MOST_BLOCKS = 3  # answers with a block of groups each
MOST_LOOKS = 5  # groups whose points have looks of their own
MOST_ANSWERS = 4  # answers that more than two groups are set beside each other at


def suit_figure(survey, items, groups, measure=SHARES):
    """(method of the answer, its further arguments) of the figure, or None for a table alone.

    `groups`: the groups that are shown, empty for everybody; `measure`: of `choosing.MEASURES`.
    """
    count, question = len(groups) or 1, find_question(survey.registry, items)
    if measure == "quantiles":
        return None
    if measure in (MEAN, "median", "total"):
        rows = len(question.items) if items == question.id and question.items else 1
        return ("draw_means", {}) if rows * count <= 2 * MOST_BARS else None
    variables = list_items(survey, items)
    plain = [one for one in variables if not survey.registry.is_residual(one)]
    plain = plain or variables
    exclusive = is_exclusive(survey, variables)
    rows = question and question.items and question.answers and items == question.id
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
        return ("draw_groups", {}) if count <= MOST_BARS else None
    if count == 2:
        kind = "draw_distribution" if exclusive else "draw_pairs"
        return (kind, {}) if len(plain) <= MOST_BARS else None
    if exclusive and count <= MOST_LOOKS and len(plain) <= MOST_ANSWERS:
        return "draw_distribution", {}
    return ("draw_groups", {}) if len(plain) <= MOST_BLOCKS and count <= MOST_BARS else None
