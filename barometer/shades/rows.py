"""What each bar of a figure of scales is of."""

from barometer.data.variables import list_points


def list_rows(registry, names, groups):
    """([(label, group, items from the lowest, (variable of those below the middle, of those above
    it))], all these items) of scales with the same points, in a group, or of one in several.
    """
    rows, every = [], []
    for name in names:
        question, _, row = name.partition(".")
        scale = registry.questions[question]
        codes = [*list_points(scale)]
        half = len(codes) // 2
        ends = "|".join(codes[:half]), "|".join(codes[len(codes) - half :])
        items, pair = [f"{name}={code}" for code in codes], [f"{name}={end}" for end in ends]
        for group, label in groups.items():
            rows.append(
                (label if len(groups) > 1 else scale.items.get(row, ""), group, items, pair)
            )
        every += [*pair, *items]
    return rows, every
