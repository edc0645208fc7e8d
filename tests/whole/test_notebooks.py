"""The chapters: what they look like as files, and that every one of them really runs for every
sector.
"""

import ast
import re
import shutil
from dataclasses import replace
from itertools import chain, pairwise

import nbformat
import numpy as np
import pytest
import yaml
from scipy import stats

from barometer.disclosure.closed import write_closed
from barometer.disclosure.plan import Plan, list_tiers
from barometer.disclosure.relations import find_base
from barometer.parameters import REQUIRED, check_declaration, check_parameters
from barometer.paths import NOTEBOOKS
from barometer.payloads import MIME
from barometer.run import process
from barometer.run.tasks import execute_chapter
from barometer.run.work import ChapterTask
from barometer.tools.seal import seal_cards
from tests.make.perturbed import SHIPPED
from tests.make.shipped import CODES, copy_sectors, open_shipped

PATHS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
CHAPTERS = {path.stem: nbformat.read(path, 4) for path in PATHS}
WORDINGS = (
    "differs",
    "tendency",
    "more",
    "less",
    "same",
    "mixed",
    "tendency_more",
    "tendency_less",
    "text",
    "words",
    "whole",
    "sector",
    "difference",
    "some",
    "none",
    "untested",
    "only_first",
    "only_second",
    "both",
    "neither",
    "every",
    "one",
    "empty",
    "synthetic",
    "real",
)
TESTED = {"differs", "more", "less", "some"}  # of a sentence on differences
# What reads wrongly where the sentence before fell out otherwise.
# A comparison that nothing was adjusted for shows what goes together, and not what comes of what.
COMPARED = ("differs", "more", "less", "same", "tendency", "tendency_more", "tendency_less")
EFFECTS = re.compile(
    r"\b(giver|skaber|medfører|fører til|bevirker|betyder|påvirker|øger|mindsker)\b"
)
LEANING = re.compile(r"^(Også|Heller|Men|Dog|Derimod)\b|\b(er|har|giver|bliver) også\b")


PARTS = [{"field": "justice"}, {"size": "small"}]
CROSSED = {"sector": "region", "size": "large"}
PLACES = {
    "justice": "i politi, retsvæsen og kriminalforsorg",
    "small": "på små arbejdspladser",
    "large": "på store arbejdspladser i regionerne",
}


def list_code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_chapters_are_numbered_from_one_without_a_gap():
    assert [name[:2] for name in CHAPTERS] == [
        f"{number:02}" for number in range(1, len(PATHS) + 1)
    ]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_imports_the_door_in_one_line_and_its_parameters_are_six_at_most(name):
    code = list_code(CHAPTERS[name])
    imports = [line for source in code for line in source.splitlines() if "import " in line[:40]]
    assert [line for line in imports if line.startswith(("from ", "import "))] == imports
    assert len(imports) == 1 and imports[0].startswith("from barometer import ")
    assert len(code[0].splitlines()) <= 6


def test_every_link_to_a_figure_or_table_leads_to_one_and_no_number_is_typed():
    texts = [cell.source for book in CHAPTERS.values() for cell in book.cells]
    ids = {
        one
        for text in texts
        for one in re.findall(r'\.(?:draw_\w+|show\w*)\(\s*"([a-z0-9-]+)"', text)
    }
    linked = [one for text in texts for one in re.findall(r"\[(?:Figur|Tabel)\]\(#(.+?)\)", text)]
    assert len(linked) >= 5 and set(linked) <= ids
    assert not [text for text in texts if re.search(r"\b(figur|tabel)[- ]\d", text, re.I)]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_kept_without_output(name):
    for cell in CHAPTERS[name].cells:
        assert cell.cell_type == "markdown" or (not cell.outputs and cell.execution_count is None)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_declares_every_parameter(name):
    assert check_declaration(CHAPTERS[name]) == []
    declared = next(
        cell.source
        for cell in CHAPTERS[name].cells
        if "parameters" in cell.metadata.get("tags", ())
    )
    assert [line.partition(" =")[0] for line in declared.splitlines()] == [
        "sector",
        *REQUIRED,
        "field",
        "size",
    ]


@pytest.mark.parametrize("name", CHAPTERS)
def test_code_cells_are_short_define_nothing_and_name_no_path(name):
    for source in list_code(CHAPTERS[name]):
        assert len(source.splitlines()) <= 12
        nodes = ast.walk(ast.parse(source))
        assert not any(
            isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda) for node in nodes
        )
        assert not re.search(r"sys\.path|Path\(|\bopen\(|read_csv|\.mplstyle|rcParams", source)


@pytest.mark.parametrize("name", CHAPTERS)
def test_nothing_is_overwritten_under_the_same_name(name):
    assigned = [
        target.id
        for source in list_code(CHAPTERS[name])
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert len(assigned) == len(set(assigned))


@pytest.mark.parametrize("name", CHAPTERS)
def test_headings_begin_with_one_title_and_skip_no_level(name):
    text = "\n".join(cell.source for cell in CHAPTERS[name].cells if cell.cell_type == "markdown")
    levels = [len(mark) for mark in re.findall(r"^(#+) ", text, flags=re.M)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def list_wordings(notebook, names=WORDINGS):
    nodes = [node for source in list_code(notebook) for node in ast.walk(ast.parse(source))]
    return [
        keyword.value.value
        for call in nodes
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg in names and isinstance(keyword.value, ast.Constant)
    ]


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_digit_is_typed_into_a_wording(name):
    assert [text for text in list_wordings(CHAPTERS[name]) if re.search(r"\d", text)] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_wording_tells_what_goes_together_as_an_effect(name):
    assert [text for text in list_wordings(CHAPTERS[name], COMPARED) if EFFECTS.search(text)] == []


def test_that_differences_are_statistically_sure_is_said_where_sureness_is_introduced():
    first = next(
        cell.source for cell in CHAPTERS["01_indledning"].cells if "signifikant" in cell.source
    )
    assert re.search(
        r"statistisk sikker\W+\(?signifikant|signifikant\w*\W+\(?statistisk sikker", first
    )


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_wording_leans_on_the_sentence_before_it(name):
    assert [text for text in list_wordings(CHAPTERS[name]) if LEANING.search(text)] == []


def test_a_sentence_whose_labels_do_not_say_what_it_is_about_has_a_topic_for_where_its_numbers_are_closed():
    questions = open_shipped().registry.questions
    labels = [label for question in questions.values() for label in question.items.values()]
    lacking = []
    for source in chain.from_iterable(map(list_code, CHAPTERS.values())):
        for call in ast.walk(ast.parse(source)):
            wordings = {keyword.arg for keyword in getattr(call, "keywords", ())}
            if getattr(getattr(call, "func", None), "attr", "") == "tell" and wordings & TESTED:
                if len(call.args) < 2:
                    continue
                asked = ast.unparse(call.args[1])
                several = [question for question in questions if f"'{question}." in asked]
                items = [
                    item.value for item in ast.walk(call.args[1]) if isinstance(item, ast.Constant)
                ]
                shared = [
                    item
                    for item in items
                    for question in several
                    if labels.count(
                        # "Borgere", "Fonde": of what?
                        questions[question].items.get(item.partition(".")[2])
                    )
                    > 1
                ]
                if shared and "topic" not in wordings:
                    lacking.append(call.args[0].value)
    assert lacking == []


def test_no_sentence_has_the_same_id_as_another():
    code = "\n".join(source for book in CHAPTERS.values() for source in list_code(book))
    ids = re.findall(r'\.tell\(\s*"(\w+)"', code)
    assert len(ids) > 80
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def region():
    """Chapters 04 and 05 of the regions' report, really executed."""
    return {name: run_chapter(name, "region") for name in CHAPTERS if name[:2] in ("04", "05")}


def run_chapter(name, sector="all", **parameters):
    """The executed notebook of one chapter."""
    source = (NOTEBOOKS / f"{name}.ipynb").read_bytes()
    parameters = {"sector": sector, "data": "barometer-2020"} | parameters
    task = ChapterTask(name, source, check_parameters(**parameters))
    result = process.call(execute_chapter, task, str(NOTEBOOKS))
    assert result.failure is None, str(result.failure)
    return nbformat.from_dict(result.notebook)


def list_prose(notebook):
    """{id: text} of the sentences that a notebook shows."""
    return {name: one["markdown"] for name, one in list_sentences(notebook).items()}


def list_sentences(notebook):
    """{id: payload} of the same."""
    payloads = [
        output.data[MIME]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if MIME in output.get("data", {})
    ]
    return {payload["id"]: payload for payload in payloads if payload["kind"] == "prose"}


# Sentence → item, first group, second group. Tested again below by another route than the report's
# own.
REGION_CLAIMS = {
    "D14": ("value.quality", "politically_initiated", "initiated_by_other_causes"),
    "D15": ("value.efficiency", "politically_initiated", "initiated_by_other_causes"),
    "D16": ("value.employee_satisfaction", "politically_initiated", "initiated_by_other_causes"),
    "D17": ("value.political_goals", "politically_initiated", "initiated_by_other_causes"),
    "D18": ("value.citizen_involvement", "politically_initiated", "initiated_by_other_causes"),
    "S053": ("collaborated", "politically_initiated", "initiated_by_other_causes"),
    "D20": ("partner.internal", "politically_initiated", "initiated_by_other_causes"),
    "D23": ("partner.citizens", "politically_initiated", "initiated_by_other_causes"),
}


def find_p(survey, item, first, second):
    """p of a difference of two disjoint groups, stratum by stratum in a plain loop (Cochran 1977,
    section 5.4).
    """
    y, w, z = survey.indicator(item), survey.design.weights, np.zeros(len(survey.design.weights))
    shares = []
    for group, sign in ((first, 1), (second, -1)):
        rows = survey.member(group) & ~np.isnan(y)
        shares.append((w[rows] * y[rows]).sum() / w[rows].sum())
        z[rows] += sign * w[rows] * (y[rows] - shares[-1]) / w[rows].sum()
    base = (survey.member(first) | survey.member(second)) & ~np.isnan(y)
    variance, strata = 0, survey.design.stratum_names[survey.design.stratum]
    for row in survey.population.itertuples():
        here = strata == row.stratum
        n = here.sum()
        variance += (1 - n / row.units) * n / (n - 1) * ((z[here] - z[here].mean()) ** 2).sum()
    df = base.sum() - len(set(strata[base]))
    return 2 * stats.t.sf(abs(shares[0] - shares[1]) / variance**0.5, df)


@pytest.mark.parametrize("identifier", REGION_CLAIMS)
def test_the_regions_report_claims_a_difference_only_where_a_second_calculation_finds_it(
    region, identifier
):
    sentence = next(
        found[identifier] for found in map(list_sentences, region.values()) if identifier in found
    )
    told = sentence["markdown"]
    if sentence["outcome"] in ("closed", "uncertain"):
        assert not re.search(r"\d", told)
    else:
        claimed = bool(re.search(r"oftere|sjældnere", told))
        assert claimed == (find_p(open_shipped("region"), *REGION_CLAIMS[identifier]) < 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("sector", CODES)
@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_runs_for_every_sector_and_says_that_its_data_are_synthetic(name, sector):
    book = run_chapter(name, sector)
    payloads = [
        output.data[MIME]
        for cell in book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if MIME in output.get("data", {})
    ]
    survey = next(payload for payload in payloads if payload["kind"] == "survey")
    assert survey["synthetic"] is True
    assert survey["part"] == sector
    assert all(
        payload["alt"] and payload["note"] for payload in payloads if payload["kind"] == "figure"
    )
    assert not any("{" in text for text in list_prose(book).values())


@pytest.mark.slow
@pytest.mark.parametrize("parameters", PARTS, ids=lambda parameters: "-".join(parameters.values()))
@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_runs_for_a_part_of_the_public_sector_and_says_which(name, parameters):
    """The smallest field of work, and a size."""
    check_part(name, run_chapter(name, **parameters), parameters)


@pytest.fixture(scope="module")
def crossed(tmp_path_factory):
    """The shipped survey with a plan for sizes within sectors that closes them altogether: what is
    safest of all.
    """
    folder = copy_sectors(tmp_path_factory.mktemp("crossed") / "survey", "sector&size")
    shutil.copy(SHIPPED / "closed.yaml", folder)
    seal_cards(folder)
    survey = open_shipped()
    asked = [cell for cell in survey.plan.scope if cell[2] == "region"]
    tiers = list_tiers(replace(survey.registry, domains=(("sector", "size"),)))
    crossed = [(item, group, domain) for item, group, _ in asked for domain in tiers[-1]]
    bases = [find_base(survey.registry, cell) for cell in crossed]
    closed = survey.plan.closed | dict.fromkeys([*crossed, *bases], "secondary")
    plan = Plan(survey.plan.scope | {*crossed}, closed)
    cards = yaml.safe_load((folder / "cards.yaml").read_text(encoding="utf-8"))
    (folder / "closed.yaml").write_text(write_closed(plan, cards), encoding="utf-8")
    seal_cards(folder)
    return str(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_runs_where_two_parts_are_crossed_and_everything_is_closed(name, crossed):
    check_part(name, run_chapter(name, **CROSSED, data=crossed), CROSSED)


def check_part(name, book, parameters):
    """A chapter on a part of the public sector says which, in sentences without holes, and claims
    nothing published.
    """
    payloads = [
        output.data[MIME]
        for cell in book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if MIME in output.get("data", {})
    ]
    survey = next(payload for payload in payloads if payload["kind"] == "survey")
    assert survey["part"] == check_parameters(**parameters).domain
    assert all(
        payload["alt"] and payload["note"] for payload in payloads if payload["kind"] == "figure"
    )
    told = " ".join(list_prose(book).values())
    assert "{" not in told
    # the method is the whole survey's, and other rounds and countries are known of the whole alone
    of_the_whole = name[:2] in ("06", "08", "09")
    assert of_the_whole or PLACES[parameters.get("field", parameters.get("size"))] in told
    if name[:2] == "07":  # nothing has been published of such a part
        assert "Ingen af dem er opgjort alene" in told
        assert not re.search(r"Alle .{3,40} stemmer|Det stemmer", told)
