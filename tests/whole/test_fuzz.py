"""Whatever a survey's folder holds, opening it ends soon: with a survey, or with a fault told; and
writes nothing.

The same cases every time. A few of each kind every day; many more with the slow tests.
"""

import json
import shutil
import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barometer.disclosure.closed import CLOSED, read_closed, write_closed
from barometer.files.faults import DataFault
from barometer.parameters import ParameterError
from barometer.survey import open_survey
from barometer.tools.seal import seal_survey
from tests.make.asked import plan_asked
from tests.make.small_survey import CARD, REGISTRY, change_cards, make_survey, recard

SECONDS = 5  # none may take longer; the slowest of the day's takes a tenth of it
PATIENT = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
FEW, MANY = settings(max_examples=30, **PATIENT), settings(max_examples=250, **PATIENT)
FILES = (
    "microdata.csv",
    "population.csv",
    "published.csv",
    "questionnaire.yaml",
    "closed.yaml",
    "exceptions.yaml",
    "cards.yaml",
)
WORDS = (
    "",
    "all",
    "innovative",
    "!innovative",
    "initiator.leaders",
    "evaluated=no",
    "evaluated=external|internal",
    "introduced.product=yes",
    "sector=state",
    "a.b=c",
    "=",
    ".",
    "|",
    "!",
    "none_of",
    "label",
    "=SUM(A1)",
    "\u202e",
    "\0",
    "../..",
    "1",
    "ja",
    "æ",
    "x" * 1001,
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 10**20)
    | st.floats()
    | st.dates()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=6,
)
PUBLISHED = (
    "id,kind,sector,item,group,versus,value,tolerance,verdict\nP1,share,all,innovative,,,50,0.5,\n"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = make_survey(tmp_path_factory.mktemp("template") / "small")
    (folder / "exceptions.yaml").write_text("exceptions: []\n")
    # its card is what makes a plan of it
    (folder / "closed.yaml").write_text("made_for: nothing\nclosed: []\n")
    (folder / "published.csv").write_text(PUBLISHED)
    change_cards(
        folder, lambda cards: cards["files"].update({"exceptions.yaml": CARD, "closed.yaml": CARD})
    )
    seal_survey(
        recard(folder), plan=plan_asked(["initiator", "evaluated=no"], ["all", "innovative"])
    )
    return folder


@pytest.fixture
def folder(template, tmp_path):
    return shutil.copytree(template, tmp_path / "small")


def list_files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}


def open_or_fault(folder, opening=open_survey):
    """Open the folder; what is raised must be a fault told in printable text. Returns whether it
    opened.
    """
    before, start, opened = list_files(folder), time.monotonic(), True
    try:
        opening(str(folder))
    except (DataFault, ParameterError) as fault:
        told, opened = getattr(fault, "full_message", fault.__str__)(), False
        assert told.replace("\n", "").isprintable()
        assert len(told) < 40 * 1000
    assert time.monotonic() - start < SECONDS
    assert list_files(folder) == before
    return opened


def try_file(folder, name, content):
    """Put the content in the folder, on its card too, open it, and put back what was there."""
    before = {one: (folder / one).read_bytes() for one in (name, CLOSED, "cards.yaml")}
    (folder / name).write_bytes(content)
    if name != "cards.yaml":
        recard(folder)
    # the same plan, as if it had been made for what is there now
    if name not in ("cards.yaml", CLOSED):
        made_for = yaml.safe_load(before["cards.yaml"])
        plan = read_closed(before[CLOSED], made_for)
        cards = yaml.safe_load((folder / "cards.yaml").read_text(encoding="utf-8"))
        (folder / CLOSED).write_text(write_closed(plan, cards), encoding="utf-8")
        recard(folder)
    try:
        return open_or_fault(folder)
    finally:
        for one, content in before.items():
            (folder / one).write_bytes(content)


def list_places(part, path=()):
    """The path to every value within what a YAML file says."""
    inside = (
        part.items()
        if isinstance(part, dict)
        else enumerate(part)
        if isinstance(part, list)
        else ()
    )
    return [path, *(place for key, value in inside for place in list_places(value, (*path, key)))]


def mutate(draw, content):
    """A copy in which a few values are replaced, renamed, repeated or gone."""
    content = json.loads(json.dumps(content, default=str))
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(
            st.sampled_from([place for place in list_places(content) if place] or [("x",)])
        )
        part = content
        for key in path:
            part = part[key]
        change = draw(st.sampled_from(["replace", "remove", "rename", "move"]))
        if change == "replace" or not isinstance(part, dict):
            part[last] = draw(VALUES)
        else:
            value = part.pop(last, None)
            if change == "rename":
                part[str(draw(SCALARS))] = value
            elif change == "move":
                part[draw(st.sampled_from(sorted(map(str, part)) or ["x"]))] = value
    return content


MUTATED = {
    name: st.composite(
        lambda draw, text=text: yaml.safe_dump(mutate(draw, yaml.safe_load(text))).encode()
    )()
    for name, text in {
        "questionnaire.yaml": REGISTRY + "domains: [field, sector&size]\n",
        "exceptions.yaml": json.dumps(
            {
                "exceptions": [
                    {
                        "item": "innovative",
                        "group": "all",
                        "sector": "state",
                        "reason": "Aftalt",
                        "responsible": "Mette",
                        "date": "2020-02-29",
                    }
                ]
            }
        ),
        "closed.yaml": "form: 2\nmade_for: nothing\nplanned: []\nclosed: [{rule: base, domains: "
        "[state], groups: [all], items: [innovative]}]",
    }.items()
}
BYTES = st.binary(max_size=300) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "replace")
)
CELLS = st.sampled_from(
    [
        "yes",
        "no",
        "1",
        "0",
        "nan",
        "inf",
        "-0",
        "1e999",
        "",
        "share",
        "table",
        "items",
        "state",
        *WORDS[:-1],
    ]
) | st.text(st.characters(codec="utf-8"), max_size=12)


def write_rows(lines):
    return "\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines
    ).encode()


def try_cards(folder, data):
    """Cards of which a few values are others."""
    cards = json.loads((folder / "cards.yaml").read_text(encoding="utf-8"))
    try_file(folder, "cards.yaml", yaml.safe_dump(mutate(data.draw, cards)).encode())


def try_cells(folder, name, data):
    """A table in which one row, or the line of column names, has other cells."""
    lines = [line.split(",") for line in (folder / name).read_text().splitlines()]
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place] = [data.draw(CELLS) if data.draw(st.booleans()) else cell for cell in lines[place]]
    try_file(folder, name, write_rows(lines))


CASES = {
    "any bytes": (try_file, {"name": st.sampled_from(FILES), "content": BYTES}),
    "other cells": (try_cells, {"name": st.sampled_from(FILES[:3]), "data": st.data()}),
    "other cards": (try_cards, {"data": st.data()}),
    **{
        f"another {name}": (try_file, {"name": st.just(name), "content": made})
        for name, made in MUTATED.items()
    },
}


def try_cases(folder, case, chosen):
    """Try as many examples of a case as the settings say, the same each time."""
    attempt, strategies = CASES[case]
    opened = []

    def check(**values):
        opened.append(attempt(folder, **values))

    chosen(given(**strategies)(check))()
    return opened


@pytest.mark.parametrize("case", CASES)
def test_a_folder_opens_or_its_fault_is_told(folder, case):
    assert len(try_cases(folder, case, FEW)) >= 20


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_folder_opens_or_its_fault_is_told_in_many_more_cases(folder, case):
    try_cases(folder, case, MANY)


def test_the_folder_that_the_cases_start_from_opens(folder):
    assert open_or_fault(folder)


@pytest.mark.parametrize(
    "opening", [lambda folder: 1 / 0, lambda folder: open(f"{folder}/new", "w").close()]
)
def test_another_error_and_a_written_file_would_be_noticed(folder, opening):
    with pytest.raises((ZeroDivisionError, AssertionError)):
        open_or_fault(folder, opening)
