"""The pages for people: links lead somewhere, commands and code run, numbers are right."""

import inspect
import re
from contextlib import suppress

import pandas as pd
import pytest
import yaml

from barometer.__main__ import main
from barometer.disclosure.closed import read_lines
from barometer.disclosure.rules import FLAGS, RULES
from barometer.door.answer import Answer
from barometer.door.means import MeanAnswer
from barometer.door.passages import PublishedCheck, QuestionTable
from barometer.door.telling import KINDS
from barometer.door.views import list_names
from barometer.marks import FLAGS as RESERVATIONS
from barometer.marks import MARKS
from barometer.paths import DATA, ROOT
from barometer.rounds.published import Published
from barometer.survey import Rounds, Survey
from barometer.tools.command_line import read_arguments
from tests.make.shipped import open_shipped
from tests.statistics.test_golden import DESIGNS, FEWEST_NUMBERS
from tests.whole.test_habits import list_commands

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for folder in ("", "docs", "data", "outputs", "benchmarks")
    for path in sorted((ROOT / folder).glob("*.md"))
}
READMES = ("README.md", "README.da.md")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CHAPTER = "from barometer import open_survey"  # what each chapter imports
OTHERS = {"--protocol"}  # a scheduler's
FOLDERS = "|".join(
    ["barometer", "tests", "notebooks", "docs", "benchmarks"]
    + [path.parent.name for path in (ROOT / "barometer").glob("*/__init__.py")]
)


def list_anchors(text):
    """What a page's headings are called in a link, as the sites that show Markdown call them."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", plain, re.M)
    }


def list_spans(text):
    """The short pieces of code in a page's text."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(name):
    broken = []
    for target in LINK.findall(re.sub(r"`[^`\n]+`", "", PAGES[name])):
        path, _, anchor = target.partition("#")
        if target.startswith("https://"):
            continue
        file = (ROOT / name).parent / path if path else ROOT / name
        if not file.exists() or (
            anchor and anchor not in list_anchors(file.read_text(encoding="utf-8"))
        ):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_every_path_that_a_page_names_is_there(name):
    paths = [
        span
        for span in list_spans(PAGES[name])
        if re.fullmatch(rf"({FOLDERS})/(?!ID)[\w./-]+", span)
    ]
    places = (ROOT, ROOT / "barometer")  # a room's modules are named without the package
    assert [one for one in paths if not any((place / one).exists() for place in places)] == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_every_module_that_a_page_names_is_there(name):
    there = {path.name for path in ROOT.rglob("*.py") if ".venv" not in path.parts}
    named = {span for span in list_spans(PAGES[name]) if re.fullmatch(r"\w+\.py", span)}
    assert named - there == set()


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_short(name):
    assert len(PAGES[name].splitlines()) < 150


def test_both_readmes_have_the_same_commands_code_sections_and_links():
    english, danish = (PAGES[name] for name in READMES)
    for find in (
        list_commands,
        lambda text: re.findall(r"^```python\n(.*?)^```", text, re.M | re.S),
        lambda text: re.findall(r"^(#+) ", text, re.M),
        lambda text: sorted({*LINK.findall(text)} - {*READMES}),
    ):
        assert find(english) == find(danish) != []


def test_every_page_of_the_docs_can_be_reached_from_the_readme():
    reached, waiting = set(), ["README.md"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for target in LINK.findall(PAGES[name]):
            path = ((ROOT / name).parent / target.partition("#")[0]).resolve()
            if path.is_relative_to(ROOT):
                found = path.relative_to(ROOT).as_posix()
                waiting += [found] * (found in PAGES and found not in reached)
    assert {*PAGES} - reached == set()


def test_every_option_of_a_run_that_a_page_names_is_one(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--help"], "")
    for command in (
        "new",
        "draft",
        "check",
        "seal",
        "prove",
        "release",
        "publish",
        "merge",
        "translate",
    ):
        with suppress(SystemExit):
            main([command, "--help"])
    known = {*re.findall(r"(?<=\s)--[a-z]+", capsys.readouterr().out)}
    named = [
        option
        for text in PAGES.values()
        for code in [*list_commands(text), *list_spans(text)]
        for option in re.findall(r"(?:^|run_all\.py.*? )(--[a-z]+)", code)
    ]
    assert len(known) > 10 and len(named) > 10
    assert {*named} - known - OTHERS == set()


@pytest.mark.parametrize("name", READMES)
def test_python_on_a_page_runs_in_a_chapter(name):
    names = {"survey": open_shipped()}
    exec(CHAPTER, names)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGES[name], re.M | re.S)
    assert blocks and not any("```python" in PAGES[other] for other in {*PAGES} - {*READMES})
    for block in blocks:
        exec(block, names)


def test_what_the_page_on_chapters_asks_and_calls_can_be_asked_and_called():
    names, spans = {"survey": open_shipped()}, list_spans(PAGES["docs/chapters.md"])
    exec(CHAPTER, names)
    asked = [span for span in spans if span.startswith("survey.") and "…" not in span]
    called = {match[1] for span in spans if (match := re.match(r"answer\.(\w+)", span))}
    assert len(asked) > 8 and len(called) > 6
    kinds = {Answer, dict, QuestionTable, PublishedCheck, Survey, bool, str}
    assert {type(eval(ask, names)) for ask in asked} == kinds
    assert [name for name in called if not hasattr(Answer, name)] == []


def test_the_page_on_chapters_names_every_wording_of_a_sentence():
    named = {*list_spans(PAGES["docs/chapters.md"])}
    for needed, further in KINDS.values():
        assert {*needed, *further} <= named


def test_the_page_on_chapters_names_every_call_and_each_argument_that_may_be_left_out():
    page = PAGES["docs/chapters.md"]
    for owner in (Survey, Rounds, Answer, MeanAnswer, Published, PublishedCheck):
        members = {name: one for part in owner.__mro__ for name, one in vars(part).items()}
        calls = {one for one in list_names(object.__new__(owner)) if callable(members[one])}
        assert [one for one in calls if f".{one}" not in page] == []
        given = (inspect.signature(members[one]).parameters.values() for one in calls)
        may = {one.name for each in given for one in each if one.default is not one.empty}
        assert [
            one for one in sorted(may) if f"{one}=" not in page and f"`{one}`" not in page
        ] == []


def test_the_pages_have_the_numbers_that_are():
    plan = yaml.safe_load((DATA / "barometer-2020" / "closed.yaml").read_text(encoding="utf-8"))
    closed = [*read_lines(plan["closed"]).values()]
    page = PAGES["docs/confidentiality.md"]
    assert f"{len(closed)} cells, {closed.count('secondary')} of them" in page
    published = pd.read_csv(DATA / "barometer-2020" / "published.csv", dtype=str).fillna("")
    tried = published[published["target"] == "yes"]
    verdicts = (tried["verdict"] != "").sum()
    numbers = len(tried) - verdicts
    assert f"all {numbers} numbers and {verdicts} verdicts" in PAGES["README.md"]
    assert f"alle {numbers} tal og {verdicts} udsagn" in PAGES["README.da.md"]
    page = PAGES["docs/statistics.md"]
    assert f"all {numbers} numbers and all {verdicts} verdicts" in page
    assert DESIGNS.index.get_level_values("dataset").nunique() == 11
    assert "on eleven data sets" in page
    assert f"more than {FEWEST_NUMBERS:,}" in page


def test_the_pages_explain_every_mark_and_every_rule_has_its_row():
    glossary, page = PAGES["docs/glossary.md"], PAGES["docs/confidentiality.md"]
    for mark in (*MARKS, *RESERVATIONS):
        assert f"`{mark}`" in glossary and f"| `{mark}` |" in page
    rows = re.findall(r"^\| `(\[.\])` \| (.+?) \| (.+?) \|$", page, re.M)
    for rule in (*RULES, *FLAGS):
        assert [row for row in rows if row[0] == rule.mark and find_source(rule) in row[2].lower()]


def find_source(rule):
    """The word by which the page's table names a rule's source."""
    return next(
        word for word in ("count", "dominance", "our choice", "nchs") if word in rule.source.lower()
    )


def test_each_word_of_the_glossary_has_its_danish_word_and_one_sentence():
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", PAGES["docs/glossary.md"], re.M)
    rows = [row for row in rows if row[0] not in ("word", "---")]
    assert len(rows) > 50 and len({word for word, *_ in rows}) == len(rows)
    for word, danish, meaning in rows:
        assert (
            danish and meaning[0].isupper() and meaning.endswith(".") and meaning.count(". ") == 0
        ), word
