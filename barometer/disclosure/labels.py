"""A released table in another language: the same numbers with other labels."""

from dataclasses import replace

from barometer.data.cards import AGGREGATES, CARDS
from barometer.data.variables import list_scales
from barometer.disclosure.gate import describe_table
from barometer.languages.speaking import translate
from barometer.numbers.means import MEAN
from barometer.released import Released, ReleasedTable

# columns of labels, by the column with what they are the labels of
LABELS = {"item": "label", "group": "group_label", "first": "first_label", "second": "second_label"}


def translate_released(released, survey):
    """A `Released` with the labels that a survey in another language has.

    It has passed the gate if the first one has: no number is touched.
    """
    survey = replace(survey, domain=released.about.domain)
    table, compared = (
        ReleasedTable(_label(part, survey, released.about.rounds))
        for part in (released.table, released.comparisons)
    )
    items, groups = (list(dict.fromkeys(table[name])) for name in ("item", "group"))
    passed = {name: getattr(released.about, name) for name in ("by_hand", "beside")}
    if released.about.rounds:
        passed |= {name: getattr(released.about, name) for name in ("rounds", "synthetic")}
        passed["source"] = "; ".join(
            translate(translate(one, AGGREGATES), f"{CARDS} citation")
            for one in released.about.source.split("; ")
        )
    about = replace(describe_table(survey, items, groups), **passed)
    translated = Released(table, compared, released.distribution, about)
    object.__setattr__(translated, "about", about)
    return translated


def _label(table, survey, rounds):
    means = MEAN in set(table.get("measure", ()))
    columns = {}
    for name, label in LABELS.items():
        if label not in table:
            continue
        if rounds and name != "item":  # of a round or a country: no group of the survey's
            columns[label] = [translate(one, AGGREGATES) for one in table[label]]
            continue
        find = _find_scale if means and name == "item" else _find_label
        known = {one: find(survey, one) for one in dict.fromkeys(table[name])}
        columns[label] = [known[one] for one in table[name]]
    return table.assign(**columns)


def _find_label(survey, name):
    return survey.label(name)


def _find_scale(survey, variable):
    question = survey.registry.questions[survey.registry.find_question(variable)]
    return next(label for one, label, *_ in list_scales(question).values() if one == variable)
