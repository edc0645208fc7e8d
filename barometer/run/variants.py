"""Which reports a run makes: the parts of the population that were named, and one for each that
has answers.
"""

from collections import Counter
from itertools import product

from barometer.data.domains import FIRST, WHOLE
from barometer.files.faults import suggest
from barometer.parameters import ParameterError, check_parameters, list_parts, quote


def list_variants(named, each=(), **shared):
    """`Parameters` of every combination of what is named, as a tuple; raises `ParameterError` with
    all problems.

    `named`: {dimension: answers}. `each`: dimensions of which every answer (or each of those named)
    is to have its report. `shared`: the other parameters.
    """
    known = list_parts(shared.get("data", "")) or {FIRST: {}}
    allowed = f"Tilladt er {', '.join(known)}."
    problems = [
        f"--each {quote(name)[1:-1]} findes ikke.{suggest(name, known)} {allowed}"
        for name in each
        if name not in known
    ]
    chosen = {
        name: _choose(named.get(name, ()), name in each and answers)
        for name, answers in (known | {n: known.get(n) for n in named}).items()
    }
    variants = []
    for answers in product(*chosen.values()):
        try:
            variants.append(check_parameters(**dict(zip(chosen, answers, strict=True)), **shared))
        except ParameterError as error:
            problems += str(error).splitlines()
    if not variants and not problems:  # a survey whose registry cannot be read has no answers
        check_parameters(**shared)
        problems = [f"Undersøgelsen har ingen svar til --each {', '.join(each)}."]
    if repeated := [
        name for name, count in Counter(one.name for one in variants).items() if count > 1
    ]:
        problems.append(
            f"Flere af rapporterne ville få mappen {repeated[0]}: ret koderne i questionnaire.yaml."
        )
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return tuple(variants)


def find_unmade(variants):
    """{domain: why no report can be made of it, as a sentence} of the variants' domains. Reads the
    survey.
    """
    # Imported here, so that a run with nothing to do need not wait for pandas.
    from barometer.survey import describe_unmade, read_survey

    survey, _ = read_survey(check_parameters(data=variants[0].data))
    return {
        variant.domain: problem
        for variant in variants
        if (problem := describe_unmade(survey, variant.domain))
    }


def leave_out(variants, unmade, spare):
    """The variants that a report can be made of. Raises `ParameterError` where one was named, or
    none is left.

    `spare`: whether the run named no parts, or asked for each that there is.
    """
    if unmade and (not spare or len(unmade) == len(variants)):
        raise ParameterError("\n".join(dict.fromkeys(unmade.values())))
    return tuple(variant for variant in variants if variant.domain not in unmade)


def _choose(named, answers):
    """The answers that were named; or else each of `answers`, where there are any; or the whole."""
    return list(dict.fromkeys(named)) or [*(answers or (WHOLE,))]
