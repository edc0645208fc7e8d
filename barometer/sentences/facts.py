"""Passages on the survey itself and on what the report covers: chosen by the kind of data and of
report, not by a test.

Their numbers come from the survey's files: registry, cards, microdata, population and published
facts.
"""

import re

from barometer.sentences.trace import trace_asked, trace_number
from barometer.sentences.withheld import UNCOUNTED, WITHHELD
from barometer.sentences.wordings import Sentence, fill_wording
from barometer.statistics.inferences import FINITE, SUPERPOPULATION
from barometer.text import write_number, write_published


def tell_scope(id, survey, whole, sector, part=""):
    """A sentence without numbers that differs between the report on the whole and those on a
    sector.

    `part`: for those on another part of the public sector; the same as for a sector where it is
    left out.
    """
    wording = whole if survey.is_whole else sector if survey.is_sector or not part else part
    return Sentence(id, fill_wording(wording, survey.terms), "text")


def tell_facts(id, survey, synthetic, real="", published=None):
    """A passage on the survey itself, by whether its data are synthetic or real; an empty one shows
    nothing.

    Placeholders: `{alpha}` the level of significance, `{svar}` respondents, `{arbejdspladser}`
    workplaces of the population, `{vaegtsum}` what the weights add up to, `{strata}` of the
    population, `{tomme}` those without answers and `{uden_svar}` their workplaces, `{svarprocent}`
    of the cards, the survey's terms, and those of `published` = {placeholder: id of a published
    fact}. A passage on what this survey does not say, such as the time of its fieldwork, is not
    shown.
    """
    wording = synthetic if survey.synthetic else real
    asked = survey.tell_respondents()
    if "{svar}" in wording and asked in WITHHELD:
        wording = UNCOUNTED
    facts = {  # the level as a p-value, because "decimal" would round one of 0.001 to 0,00
        "alpha": (write_number(survey.alpha, "p").removeprefix("p = ").rstrip("0"), "level"),
        "svar": (asked, "count"),
        "arbejdspladser": (
            write_number(survey.population["workplaces"].sum(), "count"),
            "workplaces",
        ),
    }
    facts |= (
        _count_strata(survey) if re.search(r"{(vaegtsum|strata|tomme|uden_svar)}", wording) else {}
    )
    facts |= {name: (text, "fact") for name, text in _find_facts(survey, published or {}).items()}
    used = {name: fact for name, fact in facts.items() if f"{{{name}}}" in wording}
    told = [text for text, _ in used.values()]
    told += [
        text for name, text in survey.terms.items() if f"{{{name}}}" in wording and name != "sektor"
    ]
    if not wording or "" in told:
        return None
    trace = tuple(
        trace_number(text, "text", kind)
        if kind in ("level", "fact")
        else trace_asked(text, "text", kind, asked)
        for text, kind in used.values()
    )
    shown = {name: text for name, (text, _) in used.items()}
    return Sentence(id, fill_wording(wording, survey.terms, **shown), "text", trace=trace)


def tell_design(id, survey, sampled, census, certain=None):
    """A passage on how the survey was made, or on its uncertainty: `census` where every workplace
    has answered.

    `certain`: the passage instead where they have, and the tests ask about them alone
    (`inferences.FINITE`), so that nothing is left to test. An empty one shows nothing. Placeholders
    as in `tell_facts`.
    """
    wording = census if survey.is_census else sampled
    if certain is not None and survey.is_census and survey.inference == FINITE:
        wording = certain
    return tell_facts(id, survey, wording, wording)


def tell_normalised(id, survey, text):
    """A passage on weights that were delivered normalised, as the card says; nothing where they
    were not.
    """
    return (
        tell_facts(id, survey, text, text) if survey.cards.get("weights") == "normalised" else None
    )


def tell_gaps(id, survey, text):
    """A passage on strata that nobody has answered from; nothing where there are none."""
    return tell_facts(id, survey, text, text) if survey.empty_strata else None


def _count_strata(survey):
    """Facts on the weights and the strata."""
    empty = survey.population[survey.population["stratum"].isin(survey.empty_strata)]
    return {
        "vaegtsum": (write_number(survey.design.weights.sum(), "count"), "workplaces"),
        "strata": (write_number(len(survey.population), "count"), "fact"),
        "tomme": (write_number(len(empty), "count"), "fact"),
        "uden_svar": (write_number(empty["workplaces"].sum(), "count"), "fact"),
    }


def tell_inference(id, survey, finite, superpopulation, certain=""):
    """A passage on what the tests infer to: the one for the inference that the survey's card names.

    `certain`: instead of `finite` where every workplace has answered.
    """
    wordings = {
        FINITE: certain if certain and survey.is_census else finite,
        SUPERPOPULATION: superpopulation,
    }
    return Sentence(id, fill_wording(wordings[survey.inference], survey.terms), "text")


def _find_facts(survey, published):
    """{placeholder: text} of what the cards and the published facts (by id) say; "" for what they
    do not.
    """
    rate, rows = survey.cards.get("response_rate"), survey.published
    values = (
        dict(zip(rows["id"], rows["value"], strict=True)) if published and "value" in rows else {}
    )
    return {"svarprocent": write_number(rate / 100, "share") if rate else ""} | {
        name: write_published(values.get(row, "")) for name, row in published.items()
    }
