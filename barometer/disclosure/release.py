"""What a chapter requests: estimate, compare and pass the gate in one call."""

from barometer.disclosure.gate import protect
from barometer.files.texts import normalise
from barometer.numbers.means import compare_means, estimate_means, test_means
from barometer.numbers.quantities import Quantity, estimate_numbers
from barometer.statistics.comparisons import compare_groups, compare_items
from barometer.statistics.estimates import estimate_shares
from barometer.statistics.interactions import test_interaction
from barometer.statistics.tabletests import test_distribution


def release_shares(survey, items, groups=("all",)):
    """Shares of `items` in each of `groups` (one of either may be named alone; one that is named
    twice counts once).
    """
    items, groups = (tuple(dict.fromkeys(_list_names(names))) for names in (items, groups))
    return protect(estimate_shares(survey, items, groups))


def release_differences(survey, items, first, second, others=()):
    """Shares of `items` in two groups (and `others`, untested), and whether the first differs from
    the second.

    `others` may name one of the two, as where what is left beside a part is the whole.
    """
    first, second, *others = map(normalise, (first, second, *_list_names(others)))
    estimates = estimate_shares(
        survey, _list_names(items), tuple(dict.fromkeys((first, second, *others)))
    )
    return protect(estimates, compare_groups(estimates, first, second, survey.alpha))


def release_contrast(survey, first, second, groups=("all",)):
    """Shares of two items in each of `groups`, and whether the first item is more frequent than the
    second.
    """
    first, second = normalise(first), normalise(second)
    estimates = estimate_shares(survey, (first, second), _list_names(groups))
    return protect(estimates, compare_items(estimates, first, second, survey.alpha))


def release_distribution(survey, items, groups):
    """Shares of mutually exclusive `items` in disjoint `groups`, and whether the distribution as a
    whole differs.

    With two groups each item is compared as well.
    """
    items, groups = _list_names(items), _list_names(groups)
    estimates = estimate_shares(survey, items, groups)
    compared = compare_groups(estimates, *groups, survey.alpha) if len(groups) == 2 else None
    return protect(estimates, compared, test_distribution(survey, items, groups, survey.alpha))


def release_means(survey, variables, groups=("all",), tested=False, whole=False):
    """Means of scales, each named by the variable that is true of all who gave a point
    (`variables.list_scales`), in each of `groups`.

    `tested`: whether they differ between the groups: each between two, or the one scale's between
    all; with `whole` also of two groups.
    """
    scales = {name: survey.scale(name) for name in variables}
    if len(scales) == 1 and isinstance(one := scales[variables[0]], Quantity):
        return release_numbers(survey, variables[0], one, groups, tested, whole)
    estimates = estimate_means(survey, scales, groups)
    compared = (
        compare_means(estimates, *groups, survey.alpha) if tested and len(groups) == 2 else None
    )
    whole = whole or (tested and len(scales) == 1 and len(groups) > 2)
    return protect(estimates, compared, test_means(estimates, survey.alpha) if whole else None)


def release_numbers(survey, item, quantity, groups=("all",), tested=False, whole=False):
    """A `Quantity` of the numbers that `item` says were given, in each of `groups`; tested as means
    are.
    """
    estimates = estimate_numbers(survey, item, quantity, groups)
    compared = (
        compare_means(estimates, *groups, survey.alpha) if tested and len(groups) == 2 else None
    )
    whole = whole or (tested and len(groups) > 2)
    return protect(estimates, compared, test_means(estimates, survey.alpha) if whole else None)


def release_interaction(survey, items, groups):
    """Whether two items differ unlike each other between `groups`: an `InteractionTest` as
    `Released.distribution`.

    `items`: two; `groups`: two or more, disjoint or not. With four groups and one item, whether the
    first two differ unlike the last two: release_interaction(survey, ["x"], ["a&u", "b&u", "a&v",
    "b&v"]). Write "it is A that distinguishes them, not B" where its `verdict` is "difference", and
    nothing of the kind where it is not.
    """
    half = len(groups) // 2
    first, second = (
        ([(item, group) for group in groups] for item in items)
        if len(items) == 2
        else (
            [(item, group) for item in items for group in part]
            for part in (groups[:half], groups[half:])
        )
    )
    test = test_interaction(survey, first, second, survey.alpha)
    return protect(estimate_shares(survey, items, groups), None, test)


def _list_names(names):
    """Names as a list, also where one is given alone; å is one character in all of them."""
    return [normalise(name) for name in ([names] if isinstance(names, str) else names)]
