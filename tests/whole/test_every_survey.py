"""A report is made from every valid survey, and says of what does not exist that it does not, and
why.

All code cells of all chapters are run here, with the figures drawn; what they end with is read as a
reader meets it.
"""

import ast
import json
import re
from dataclasses import replace
from functools import cache

import nbformat
import pytest

from barometer import survey as surveys
from barometer.disclosure.plan import Plan
from barometer.paths import NOTEBOOKS
from barometer.payloads import MIME
from barometer.sentences.facts import tell_design
from tests.make.made import SHAPES, make_made

CHAPTERS = {
    path.stem[:2]: nbformat.read(path, 4) for path in sorted(NOTEBOOKS.glob("0[1-7]_*.ipynb"))
}
SECTORS = {"one_sector": ("all", "municipality"), "no_region": ("all", "state")}
HOLES = re.compile(r"\{\w+\}|\bnan\b|None|KeyError")


class Everything(frozenset):
    """The scope of a plan that was made for every cell."""

    def issuperset(self, cells):
        return True


@pytest.fixture(scope="module", autouse=True)
def plan_nothing():
    """A plan that closes nothing, as what is tried here is what happens before the gate and after
    it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surveys, "find_plan", lambda survey, closed: Plan(Everything(), {}))
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return cache(lambda name: make_made(name, tmp_path_factory.mktemp(name) / "survey"))


@pytest.fixture(scope="module")
def told(folders):
    """{id or number: payload} of what the chapters show, by survey and sector."""
    return cache(
        lambda name, sector, chapters=tuple(CHAPTERS): show_chapters(
            folders(name), sector, chapters
        )
    )


def show_chapters(folder, sector, chapters):
    payloads = {}
    for chapter in chapters:
        names = {}
        for cell in (cell for cell in CHAPTERS[chapter].cells if cell.cell_type == "code"):
            tree = ast.parse(cell.source)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "cell", "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"sector": sector, "data": str(folder)}
            shown = (
                eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
            )
            if shown is not None:
                payload = shown._repr_mimebundle_()[MIME]
                payloads[payload.get("id") or f"{chapter}-{len(payloads)}"] = payload
    return payloads


def read(payloads):
    """All that a reader meets, as one text."""
    return "\n".join(
        json.dumps(
            {key: value for key, value in payload.items() if key not in ("trace", "evidence")},
            ensure_ascii=False,
        )
        for payload in payloads.values()
    )


SHAPES_BY_SECTOR = [
    (name, sector) for name in SHAPES for sector in SECTORS.get(name, ("all", "region"))
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sector"), SHAPES_BY_SECTOR)
def test_a_report_is_made_and_has_no_hole(told, name, sector):
    payloads = told(name, sector)
    # the others are left out where hardly anybody is in one of the groups
    assert {"positive-role", "influence"} <= {*payloads}
    assert HOLES.findall(read(payloads)) == []


def say(told, name, sector, chapter, identifier):
    return told(name, sector, (chapter,))[identifier]["markdown"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("name", "sector", "chapter", "identifier", "text"),
    [
        (
            "one_sector",
            "all",
            "01",
            "T002",
            "",  # R01 says it
        ),
        (
            "one_sector",
            "all",
            "01",
            "R01",
            "Denne udgave dækker hele den offentlige sektor. Svarene kommer fra kommunerne.",
        ),
        (
            "one_sector",
            "municipality",
            "01",
            "T002s",
            "",
        ),
        (
            "unanimous",
            "region",
            "01",
            "T002s",
            "Det er en højere andel end i resten af den offentlige sektor, hvor den er 81 pct.",
        ),
        (
            "no_politics",
            "region",
            "04",
            "D19",
            "",
        ),
        (
            "no_politics",
            "region",
            "05",
            "D21",
            "De øvrige partnere kan vi ikke sammenligne i regionerne.",
        ),
        (
            "no_politics",
            "all",
            "03",
            "D08",
            "",
        ),
    ],
)
def test_what_cannot_be_compared_is_told_in_words_once_and_not_by_each_sentence(
    told, name, sector, chapter, identifier, text
):
    assert say(told, name, sector, chapter, identifier) == text


def test_a_sector_without_answers_is_not_named_among_those_compared(told):
    assert "er 84 pct. i staten og 80 pct. i kommunerne." in say(
        told, "no_region", "all", "01", "T002"
    )


def test_a_part_without_one_of_two_groups_is_drawn_beside_the_rest(told):
    figure = told("no_politics", "region", ("04",))["values-by-initiation"]
    assert figure["title"] == (
        "Medarbejderne er oftere blevet mere tilfredse ved innovationerne i regionerne end i "
        "resten af den offentlige sektor"
    )
    assert all("ingen svar" not in cell for row in figure["table"]["rows"] for cell in row)


@pytest.mark.slow
def test_comparisons_of_sectors_are_left_out_where_there_is_one(told):
    assert {"D03"} == {
        name for name in told("one_sector", "all", ("02",)) if name.startswith(("D03", "D04"))
    }
    assert {"D03s", "D04s"}.isdisjoint(told("one_sector", "municipality", ("02",)))


def test_a_census_has_verdicts_and_says_why_it_has_no_intervals(told):
    shown = told("census", "region", ("01", "06"))
    assert shown["T002s"]["outcome"] == "more"
    assert {row[-1] for row in shown["weights"]["table"]["rows"]} == {"–"}
    assert "Regionerne har ingen designeffekt: alle er spurgt." in shown["weights"]["note"]
    assert {row[-1] for row in shown["response"]["table"]["rows"]} == {"100\u00a0%"}


SAMPLED = re.compile(
    "signifikan|sikker forskel|sikkert (?!nok)|statistisk sikker|tilfældig|Holm|"
    "statistisk usikkerhed|sikkerhedsinterval|bortfaldet"
)


def list_sampled(payloads):
    """What is said as if a sample had been drawn, by sentence, figure and table."""
    texts = {name: read({name: payload}) for name, payload in payloads.items()}
    # but for what the publication said
    for name in (
        "verdicts-politics",
        "verdicts-reuse",
        "verdicts-goals",
        "verdicts-collaboration",
        "verdicts-elsewhere",
    ):
        texts[name] = (
            " ".join(" ".join(row[1:]) for row in payloads[name]["table"]["rows"])
            if name in texts
            else ""
        )
    return {
        name: sorted({*SAMPLED.findall(text)})
        for name, text in texts.items()
        if SAMPLED.search(text)
    }


@pytest.mark.parametrize(
    ("sector", "chapters"),
    [
        ("all", ("01", "06")),
        *(pytest.param(one, tuple(CHAPTERS), marks=pytest.mark.slow) for one in ("all", "region")),
    ],
)
def test_a_census_says_nothing_of_chance_and_a_sample_does(told, sector, chapters):
    assert list(list_sampled(told("census", sector, chapters)).items()) == []
    assert {"R06", "M14", "M19", "weights"} <= {
        *list_sampled(told("no_politics", sector, chapters))
    }


def test_a_census_says_that_all_have_answered(told):
    assert "forskelle er forskelle" in say(told, "census", "all", "01", "R06")
    assert "Der er ingen stikprøve" in say(told, "census", "all", "06", "M14")
    assert say(told, "census", "all", "01", "T002").endswith("det er en forskel.")


def test_a_passage_on_a_census_follows_what_its_tests_ask_about(folders):
    survey = surveys.open_survey(str(folders("census")))
    wider = replace(survey, cards=survey.cards | {"inference": "superpopulation"})
    words = {"sampled": "Trukket.", "census": "Alle.", "certain": "Kendt."}
    assert [str(tell_design("X", one, **words)) for one in (survey, wider)] == ["Kendt.", "Alle."]
    assert tell_design("X", survey, "Trukket.", "Alle.", certain="") is None
    assert (
        str(tell_design("X", surveys.open_survey(str(folders("no_region"))), **words)) == "Trukket."
    )


def test_a_sector_that_was_asked_and_did_not_answer_is_in_the_table_of_the_sample(told):
    shown = told("no_region", "all", ("06",))
    (region,) = (row for row in shown["weights"]["table"]["rows"] if row[0] == "Regionerne")
    assert region[1:] == ["1.150", "0", "–", "–", "–", "–"]
    assert {
        row[2] for row in shown["response"]["table"]["rows"] if row[0].startswith("Regionerne")
    } == {"0"}
    assert "strata har ingen svaret" in shown["M10"]["markdown"]


def test_the_sum_of_the_weights_stands_beside_the_population(told):
    assert "giver vægtene 15.000, og der er 15.000 arbejdspladser i alt." in say(
        told, "no_politics", "all", "06", "M05"
    )
    assert "leveret normaliseret" in say(told, "normalised", "all", "06", "M11")
    assert "M11" not in told("no_politics", "all", ("06",))


def test_published_numbers_are_neither_met_nor_missed_where_ours_does_not_exist(told):
    rows = [
        row
        for payload in told("no_politics", "all", ("07",)).values()
        if payload["kind"] == "table"
        for row in payload["table"]["rows"]
    ]
    assert [row for row in rows if "ingen svar" in row]
    assert {row[-1] for row in rows if "ingen svar" in row or "ikke testet" in row} == {
        "kan ikke prøves"
    }
