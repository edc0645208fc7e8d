"""What is to be run, checked before anything is: which parts of the population, which chapters,
over which data, and where the reports go.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path

from barometer import paths
from barometer.data.domains import WHOLE
from barometer.document.chapters import check_chapter_names, check_links, list_chapters
from barometer.document.conditions import check_conditions
from barometer.files.faults import suggest
from barometer.files.private import check_place, locate_internal
from barometer.files.texts import normalise
from barometer.languages.naming import name_partly
from barometer.machine import check_limits
from barometer.parameters import (
    ParameterError,
    Parameters,
    check_declaration,
    check_parameters,
    list_parts,
    list_reported,
    quote,
    resolve_data,
)
from barometer.run import cache, process
from barometer.run.cache import Sources, check_date, make_key, read_sources
from barometer.run.records import read_record
from barometer.run.work import shorten

OWN = ("barometer", "data", "notebooks", "tests", "docs", "benchmarks", ".git")  # not for reports


@dataclass(frozen=True)
class Chapter:
    """A notebook as it was when the run began."""

    name: str
    source: bytes


@dataclass(frozen=True)
class Run:
    """A run that has been checked: which chapters, with which parameters, to where."""

    variants: tuple[Parameters, ...]
    chapters: tuple[Chapter, ...]
    sources: Sources  # when the run began
    suffix: str = ""  # of a partial report's folder, so that it never replaces a complete one
    left_out: tuple[str, ...] = ()  # why parts that were not named have no report
    output: Path = field(default_factory=lambda: paths.OUTPUTS)
    formats: tuple[str, ...] = ("html", "pdf")
    jobs: int | None = None  # chapters at a time; none: as many as there are cores, and one more
    timeout: int = 600  # seconds a cell may take
    strict: bool = False  # whether a report with a finding is made
    force: bool = False  # whether what is kept of earlier runs is left aside
    supersede: bool = False  # whether earlier reports that may not stay are moved away
    cluster: str | None = None  # a Dask scheduler whose workers do the work
    language: str = ""  # of the reports, where it is not that of the chapters
    within: Path | None = None  # the folder of reports that `output` is a language of

    @cached_property
    def internal(self):
        """The folder for what is not for publication."""
        return locate_internal(self.within or self.output) / self.language

    @property
    def results(self):
        """Where executed chapters are kept, whichever language their report is in."""
        return cache.locate_results(locate_internal(self.within or self.output))

    def in_language(self, language):
        """The same run with its reports in another language, in a folder within its own."""
        return replace(self, output=self.output / language, language=language, within=self.output)


def plan_run(parts=(), wanted=(), data=None, alpha=0.05, further=None, each=(), **rest):
    """A `Run` of these parts and chapters (all when none are named).

    `parts`: answers in the first dimension; `further`: {dimension: answers} of the others. `each`:
    the dimensions of which every answer has a report of its own. Where nothing is named, the whole
    and each part of the first dimension have one, where they have answers. Raises `ParameterError`
    with all problems.
    """
    output, sources, variants, unmade = rest.get("output", paths.OUTPUTS), None, (), {}
    data = data or paths.name_default()
    further = {name: answers for name, answers in (further or {}).items() if answers}
    named = parts or further or each
    chosen, unknown = select_chapters(list_chapters(), wanted)
    chapters = tuple(Chapter(path.stem, path.read_bytes()) for path in chosen)
    problems = [*unknown, *check_chapter_names(), *_check_output(output), *check_date()]
    problems += [
        f"{chapter.name}.ipynb: {problem}"
        for chapter in chapters
        for problem in _check_chapter(chapter.source, data)
    ]
    problems += [] if problems else _check_links()
    try:
        first = dict.fromkeys([*list_parts(data)][:1], parts if named else list_reported(data))
        listed = list_variants(first | further, each, data=data, alpha=alpha)
        sources = read_sources(resolve_data(data))
        place, here = None if problems else output, not rest.get("cluster")
        unmade = _find_unmade(listed, sources, place, here)
        variants = leave_out(listed, unmade, each or not named)
    except ParameterError as error:
        problems = str(error).splitlines() + problems
    numbers = "-".join(chapter.name[:2] for chapter in chapters)
    suffix = name_partly(numbers) if wanted else ""
    variants = tuple(replace(variant, data=_name_data(variant.data)) for variant in variants)
    problems += _check_targets(output, variants, suffix)
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return Run(variants, chapters, sources, suffix, tuple(unmade.values()), **rest)


def list_variants(named, each=(), **shared):
    """`Parameters` of every combination of what is named, as a tuple; raises `ParameterError` with
    all problems.

    `named`: {dimension: answers}. `each`: dimensions of which every answer (or each of those named)
    is to have its report. `shared`: the other parameters.
    """
    known = list_parts(shared.get("data", ""))
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
    names = [one.name for one in variants]
    if repeated := [name for name in names if names.count(name) > 1]:
        problems.append(
            f"Flere af rapporterne ville få mappen {repeated[0]}: ret koderne i questionnaire.yaml."
        )
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return tuple(variants)


def find_unmade(variants):
    """{domain: why no report can be made of it, as a sentence} of these. Reads the survey."""
    from barometer.survey import describe_unmade, read_survey

    survey, _ = read_survey(check_parameters(data=variants[0].data))
    return {
        variant.domain: problem
        for variant in variants
        if (problem := describe_unmade(survey, variant.domain))
    }


def leave_out(variants, unmade, spare):
    """The variants that a report can be made of. Raises `ParameterError` where none is left, or not
    `spare`: the run named the parts itself.
    """
    if unmade and (not spare or len(unmade) == len(variants)):
        raise ParameterError("\n".join(dict.fromkeys(unmade.values())))
    return tuple(variant for variant in variants if variant.domain not in unmade)


def _choose(named, answers):
    """The answers that were named; or else each of `answers`, where there are any; or the whole."""
    return list(dict.fromkeys(named)) or [*(answers or (WHOLE,))]


def select_chapters(chapters, wanted):
    """The chapters named by number ("2", "02") or name, and a sentence for each unknown one."""
    names = {
        path: {stem, path.name, stem[3:], stem[:2], stem[:2].lstrip("0")}
        for path in chapters
        for stem in [normalise(path.stem)]
    }
    known = ", ".join(path.stem for path in chapters)
    unknown = [
        f"Kapitel »{quote(name)[1:-1]}« findes ikke. Kapitlerne er {known}."
        for name in wanted
        if not any(name in fitting for fitting in names.values())
    ]
    if not chapters:
        unknown.append("Der er ingen kapitler i notebooks/ (filer med navne som 01_navn.ipynb).")
    return [path for path in chapters if not wanted or names[path] & set(wanted)], unknown


def _name_data(data):
    """What a chapter is given: a name under `data/`, or a full path, since its working directory is
    not the user's.
    """
    folder = resolve_data(data)
    return folder.name if folder.parent == paths.DATA else folder.as_posix()


def _check_chapter(source, data):
    """What is wrong with a notebook's parameters, or with what its cells' tags ask for."""
    try:
        cells = _read_cells(source)
        return check_declaration({"cells": cells}) + check_conditions(cells, list_parts(data))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [
            f"kan ikke læses som notebook: {shorten(error) or type(error).__name__}. "
            "Åbn og gem den i JupyterLab, eller hent den igen."
        ]


def _read_cells(source):
    # read as the JSON it is: nbformat would be half of a short run
    return [
        cell | {"source": "".join(cell["source"]), "metadata": dict(cell["metadata"])}
        for cell in json.loads(source)["cells"]
    ]


def _check_links():
    """What is wrong with links among all chapters; nothing while one of them cannot be read."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        return check_links({one.stem: _read_cells(one.read_bytes()) for one in list_chapters()})
    return []


def _find_unmade(variants, sources, output, chapters):
    """`find_unmade`, in a process that has the survey for all work; kept where there is an output
    folder. `chapters`: whether this machine is to execute any.
    """
    domains = [variant.domain for variant in variants]
    key = make_key("unmade", sources.data, sources.program, sources.python, domains)
    results = cache.locate_results(locate_internal(output)) if output else None
    if output and (kept := cache.read_result(results, key)) is not None:
        return kept
    if chapters and (problems := check_limits()):
        raise ParameterError("\n".join(problems))
    process.allow()
    process.prepare(_name_data(variants[0].data), chapters)
    try:
        found = process.call(find_unmade, variants)
    except process.Ended as error:
        raise ParameterError(f"Undersøgelsens filer blev ikke læst: {error}. Kør igen.") from None
    except ValueError:
        if not any("=" in domain for domain in domains):
            return {}  # what is wrong with the survey is written in full when the run would begin
        raise
    if output:
        with suppress(OSError):  # reported when there is more to write
            output.parent.mkdir(parents=True, exist_ok=True)
            cache.keep_result(results, key, found)
    return found


def _check_output(output):
    around = (output, *output.parents)
    if files := [path for path in around if path.exists() and not path.is_dir()]:
        allowed = "Tilladt er en mappe, som findes eller kan oprettes."
        return [f"output = {str(files[0])!r} er en fil. {allowed}"]
    own = {paths.PACKAGE} | {paths.ROOT / name for name in OWN}
    if output == paths.ROOT or own & {*around}:
        other = "er en af projektets egne mapper. Vælg en anden, fx outputs."
        return [f"output = {str(output)!r} {other}"]
    return check_place(output)


def _check_targets(output, variants, suffix):
    targets = [output / (variant.name + suffix) for variant in variants]
    return [
        f"Mappen {target} er ikke en rapport og bliver ikke erstattet. Vælg en anden --output."
        for target in targets
        if target.exists() and not _is_report(target)
    ]


def _is_report(folder):
    """Whether a folder is a report, though parts of it may be gone, or empty."""
    return folder.is_dir() and (
        (folder / "chapters").is_dir()
        or not any(folder.iterdir())
        or bool(read_record(locate_internal(folder.parent), folder.name))
    )
