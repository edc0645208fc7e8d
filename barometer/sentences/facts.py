"""Passages on the survey and on what the report covers: chosen by the kind of both, not by a test.

Their numbers come from the survey's files: registry, cards, microdata, population, published facts.
"""

from dataclasses import replace

from barometer.data.domains import WHOLE
from barometer.languages.speaking import N_, _
from barometer.sentences.published import NOTES, count_agreement
from barometer.sentences.trace import Asked, trace_text
from barometer.sentences.withheld import UNCOUNTED, WITHHELD
from barometer.sentences.wordings import Sentence, fill_wording
from barometer.statistics.inferences import FINITE, SUPERPOPULATION
from barometer.text import EARLIER, Number, Text, name_both, write_published

# placeholders of the limits of the rules of confidentiality: {placeholder: (limit, form)}
LIMITS = {
    "mindste": ("smallest_count", "count"),
    "mindste_kendte": ("smallest_known", "count"),
    "mindste_grundlag": ("smallest_sample", "count"),
    "dominans": ("heaviest", "share"),
}
STRATA = ("vaegtsum", "strata", "tomme", "uden_svar")  # placeholders of weights and strata


def tell_scope(id, survey, whole, sector=None, part=None):
    """A sentence without numbers, for reports on the whole or on a `part`; nothing where a wording
    is empty. `sector`: of a part of the first dimension, and of others where `part` is not given.
    """
    by_part = sector if part is None or (survey.is_sector and sector is not None) else part
    wording = whole if survey.is_whole else by_part
    return Sentence(id, fill_wording(wording, survey.terms), "text")


def tell_facts(id, survey, synthetic, real="", published=None):
    """A passage on the survey, by whether its data are synthetic or real; nothing where that is
    empty.

    Placeholders: `{alpha}` the level of significance, `{svar}` respondents, `{population}` its
    size, `{vaegtsum}` the sum of weights, `{strata}` of the population, `{tomme}` those without
    answers, `{uden_svar}` how many they have, `{mindste}`, `{mindste_kendte}`, `{mindste_grundlag}`
    and `{dominans}` the limits of the rules of confidentiality, `{svarprocent}` of the cards, the
    survey's terms, and those of `published` = {placeholder: id of a published fact}. A passage on
    what this survey does not say, such as the time of its fieldwork, is not shown.
    """
    wording = synthetic if survey.synthetic else real
    asked = survey.count_respondents()
    if "{svar}" in wording and asked.status in WITHHELD:
        wording = _(UNCOUNTED)
    registry, n = survey.registry, None if asked.status in WITHHELD else asked.value
    cell = Asked(n, WHOLE, registry.whole["name"], registry.respondents)
    units = int(survey.population["units"].sum())
    facts = {
        "alpha": Number(survey.alpha, "level"),
        "svar": replace(asked, cell=cell),
        "population": Number(units, "count", cell=cell, kind="units"),
    }
    for name, (limit, form) in LIMITS.items():
        if f"{{{name}}}" in wording:
            facts[name] = Number(getattr(survey.limits, limit), form, kind="fact")
    if any(f"{{{name}}}" in wording for name in STRATA):
        facts |= dict(zip(STRATA, _count_strata(survey, cell), strict=True))
    facts |= _find_facts(survey, published or {})
    known = survey.terms | facts
    named = [name for name in known if f"{{{name}}}" in wording]
    if not wording or "" in [known[name] for name in named if EARLIER.get(name, name) != "sted"]:
        return None
    # in the order they are listed above, as `numbers.csv` lists them
    used = Text(*(fact for name, fact in facts.items() if name in named))
    text = fill_wording(wording, survey.terms, **facts)
    return Sentence(id, text, "text", trace=tuple(trace_text(used, "text", None)))


def tell_design(id, survey, sampled, census, certain=None):
    """A passage on how the survey was made: `census` where every respondent of the population
    answered.

    `certain`: instead of `census` where the tests are about those alone (`inferences.FINITE`), so
    that nothing is left to test. An empty one shows nothing. Placeholders as in `tell_facts`.
    """
    wording = census if survey.is_census else sampled
    if certain is not None and survey.is_census and survey.inference == FINITE:
        wording = certain
    return tell_facts(id, survey, wording, wording)


def tell_normalised(id, survey, text):
    """A passage on weights that were normalised, as the card says; nothing where not."""
    normalised = survey.cards.get("weights") == "normalised"
    return tell_facts(id, survey, text, text) if normalised else None


def tell_always(id, survey, text):
    """A passage on any survey, with the placeholders of `tell_facts`."""
    return tell_facts(id, survey, text, text)


def tell_gaps(id, survey, text):
    """A passage on strata that nobody has answered from; nothing where there are none."""
    return tell_facts(id, survey, text, text) if survey.empty_strata else None


def _count_strata(survey, cell):
    """Facts on the weights and the strata, in the order of `STRATA`."""
    empty = survey.population[survey.population["stratum"].isin(survey.empty_strata)]
    counts = (len(survey.population), len(empty), int(empty["units"].sum()))
    weights = Number(survey.design.weights.sum(), "count", cell=cell, kind="units")
    return weights, *(Number(count, "count", kind="fact") for count in counts)


def tell_inference(id, survey, finite, superpopulation, certain=""):
    """A passage on what the tests infer to, by the card; `certain` for `finite` in a census."""
    wordings = {
        FINITE: certain if certain and survey.is_census else finite,
        SUPERPOPULATION: superpopulation,
    }
    return Sentence(id, fill_wording(wordings[survey.inference], survey.terms), "text")


def _find_facts(survey, published):
    """{placeholder: number} of the cards and the published facts (by id); "" for what they lack."""
    rate, rows, values = survey.cards.get("response_rate"), survey.published, {}
    if published and "value" in rows:
        values = dict(zip(rows["id"], rows["value"], strict=True))
    facts = {"svarprocent": Number(rate / 100, "share", kind="fact") if rate else ""}
    for name, row in published.items():
        value = values.get(row, "")
        written = write_published(value)
        facts[name] = Number(float(value), "count", kind="fact", written=written) if value else ""
    return facts


# counts as a text has them
_SMALL = N_("nul et to tre fire fem seks syv otte ni ti elleve tolv")


def tell_agreement(id, compared, what, place, every, one="", some="", empty="", **alone):
    """How many published numbers (or verdicts) ours agree with: `{a}` of `{b}`, `{c}` do not.
    `alone`, `alone_missed`: where only one could be tried, and agrees or not. Of "all" that agree
    (`agree_all`) `{a}` are the numbers and `{b}` the verdicts. `place`: what `{sted}` stands for.
    """
    if what == "all":
        counts = dict(zip("ab", (count_agreement(compared, one)[0] for one in NOTES), strict=True))
        wording = every
    else:
        agree, missed = count_agreement(compared, what)
        counts = {"a": agree, "b": agree + missed, "c": missed}
        wording = empty if not agree + missed else some if missed > 1 else one if missed else every
        if agree + missed == 1:
            wording = alone.get("alone_missed" if missed else "alone") or wording
    counts = {name: _write_count(n) for name, n in counts.items()}
    text = fill_wording(wording, name_both({"sted": place}), **counts)
    used = Text(*(one for name, one in counts.items() if f"{{{name}}}" in wording))
    return Sentence(id, text, "text", trace=tuple(trace_text(used, "text", None)))


def _write_count(n):
    words = _(_SMALL).split()
    return words[n] if n < len(words) else Number(n, "count", kind="agreement")
