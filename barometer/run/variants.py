"""Which reports a run makes: the parts of the public sector that were named, and one for each that
has answers.
"""

from collections import Counter
from itertools import product

from barometer.data.domains import DIMENSIONS, SECTORS, WHOLE
from barometer.files.faults import suggest
from barometer.parameters import ParameterError, check_parameters, list_answers, quote


def list_variants(named, each=(), **shared):
    """`Parameters` of every combination of what is named, as a tuple; raises `ParameterError` with
    all problems.

    `named`: {dimension: answers}. `each`: dimensions of which every answer (or each of those named)
    is to have its report. `shared`: the other parameters.
    """
    allowed = f"Tilladt er {', '.join(DIMENSIONS)}."
    problems = [
        f"--each {quote(name)[1:-1]} findes ikke.{suggest(name, DIMENSIONS)} {allowed}"
        for name in each
        if name not in DIMENSIONS
    ]
    chosen = {
        name: _choose(name, named.get(name, ()), name in each, shared.get("data"))
        for name in DIMENSIONS
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


def _choose(name, named, each, data):
    if named or not each:
        return list(dict.fromkeys(named)) or [WHOLE]
    known = SECTORS if name == DIMENSIONS[0] else list_answers(data, name)
    return [answer for answer in known if answer != WHOLE]
