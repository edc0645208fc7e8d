"""Relations between counts, worked out by hand on the shipped registry and held against the shipped
answers.
"""

import numpy as np
import pytest
from scipy.optimize import linprog

from barometer.disclosure.relations import list_sources, relate_cells
from barometer.suppression.attacks import attack
from tests.make.shipped import open_shipped

PLACES = ("all", "state", "region", "municipality")


def relate(*pairs, sectors=("all",)):
    return relate_cells(
        open_shipped(), [(item, group, sector) for item, group in pairs for sector in sectors]
    )


def find_line(relations, cell):
    """A cell's row in the largest block that has it, as numbers: a base has others besides."""
    name = relations.names[cell]
    blocks = [block for block in relations.blocks if name in block.cells]
    block = max(blocks, key=lambda one: len(one.cells))
    return block.lines[block.cells.index(name)].astype(int)


def test_the_answers_to_a_question_add_up_to_everybody_asked():
    answers = ("first", "inspired", "copy", "dont_know")
    relations = relate(*((f"novelty={answer}", "all") for answer in answers))
    lines = [find_line(relations, (f"novelty={answer}", "all", "all")) for answer in answers]
    assert (sum(lines) == find_line(relations, ("innovative", "all", "all"))).all()


def test_how_many_were_asked_because_of_an_answer_tells_of_that_answer():
    """The reused innovations are the inspired and the copied: n of what those are asked is the sum
    of both, in each group, also where no chapter asks for it by name.
    """
    group = "politically_initiated"
    answers = ("first", "inspired", "copy", "dont_know")
    pairs = [
        *((f"novelty={answer}", group) for answer in answers),
        ("inspiration.companies", group),
    ]
    relations = relate(*pairs)
    asked, *both = (
        find_line(relations, (item, group, "all"))
        for item in ("reused", "novelty=inspired", "novelty=copy")
    )
    assert (sum(both) == asked).all()
    closed = frozenset(relations.names[f"novelty={answer}", group, "all"] for answer in answers[2:])
    assert attack(relations, closed, relations.names["novelty=copy", group, "all"]).succeeds


def test_the_size_of_a_group_that_is_asked_more_tells_of_the_answer_that_made_it_be_asked():
    relations = relate(*((item, "all") for item in ("novelty=inspired", "novelty=copy")),
                       ("core_task=no", "reused"))  # fmt: skip
    closed = frozenset([relations.names["novelty=copy", "all", "all"]])
    assert attack(relations, closed, *closed).succeeds


def test_the_sectors_add_up_to_the_whole():
    relations = relate(("value.quality", "all"), sectors=PLACES)
    whole, *parts = (find_line(relations, ("value.quality", "all", sector)) for sector in PLACES)
    assert (sum(parts) == whole).all()


def test_political_initiation_and_other_causes_add_up_to_all_innovations():
    relations = relate(
        *(
            ("value.quality", group)
            for group in ("politically_initiated", "initiated_by_other_causes", "all")
        )
    )
    one, other, both = (
        find_line(relations, ("value.quality", group, "all"))
        for group in ("politically_initiated", "initiated_by_other_causes", "all")
    )
    assert (one + other == both).all()


def test_a_union_holds_each_of_its_parts_and_no_more_than_both():
    groups = ("initiated_by_politicians", "initiated_by_legislation", "politically_initiated")
    relations = relate(*(("value.quality", group) for group in groups))
    one, other, union = (find_line(relations, ("value.quality", group, "all")) for group in groups)
    assert (union == np.maximum(one, other)).all()
    assert (one * other).any()  # both can have begun the same innovation


def test_cells_with_the_same_respondents_behind_them_are_one():
    relations = relate(
        ("reused_politically_initiated", "all"),
        ("novelty=inspired|copy", "politically_initiated"),
        ("attempted_shared", "all"),
        ("shared=yes", "all"),
    )
    assert (
        len(
            {
                relations.names["reused_politically_initiated", "all", "all"],
                relations.names["novelty=inspired|copy", "politically_initiated", "all"],
            }
        )
        == 1
    )
    assert (
        relations.names["attempted_shared", "all", "all"]
        == relations.names["shared=yes", "all", "all"]
    )


def test_counts_are_respondents_with_a_weight_straight_from_the_answers():
    survey, cell = open_shipped(), ("novelty=copy", "politically_initiated", "region")
    relations = relate_cells(survey, [cell])
    answers = survey.variables.answers
    political = (answers["initiator_nearest_politicians"] == 1) | (
        answers["initiator_legislation"] == 1
    )
    expected = ((answers["novelty"] == "copy") & political & (answers["sector"] == "region")).sum()
    assert relations.counts[relations.names[cell]] == expected > 0


@pytest.mark.parametrize(
    "group", ["all", "politically_initiated", "field=health", "size=large", "novelty=copy"]
)
def test_the_shipped_counts_fit_the_relations(group):
    """The real answers are a sum of kinds: else the questionnaire would not allow what somebody has
    answered.
    """
    items = [
        *open_shipped().question("novelty"),
        "collaborated",
        "partner.citizens",
        "political_positive_role",
    ]
    relations = relate(*((item, group) for item in items), sectors=PLACES)
    for block in relations.blocks:
        counts = [relations.counts[cell] for cell in block.cells]
        fits = linprog(
            np.zeros(block.lines.shape[1]),
            A_eq=block.lines.astype(float),
            b_eq=counts,
            bounds=(0, None),
        )
        assert fits.status == 0


def test_the_opposite_of_a_base_holds_nobody_whom_the_base_does_not_concern():
    """Who works on an innovation without having one is asked about influence, but not about
    collaboration.
    """
    groups = ("collaborated", "not_collaborated", "all")
    relations = relate(*(("influence.safe_operation=promoted_some", group) for group in groups))
    one, other, both = (
        find_line(relations, ("influence.safe_operation=promoted_some", group, "all"))
        for group in groups
    )
    assert not (one * other).any()
    assert (one + other < both).any() and (one + other <= both).all()


@pytest.mark.parametrize(
    "question",
    [
        # of every kind of question one each day
        one
        if one in ("influence", "novelty", "value")
        else pytest.param(one, marks=pytest.mark.slow)
        for one in open_shipped().registry.questions
    ],
)
def test_the_shipped_counts_of_each_question_fit_the_relations(question):
    groups = (
        "all",
        "politically_initiated",
        "initiated_by_other_causes",
        "collaborated",
        "not_collaborated",
    )
    relations = relate(
        *((item, group) for item in open_shipped().question(question) for group in groups),
        sectors=PLACES,
    )
    for block in relations.blocks:
        counts = [relations.counts[cell] for cell in block.cells]
        fits = linprog(
            np.zeros(block.lines.shape[1]),
            A_eq=block.lines.astype(float),
            b_eq=counts,
            bounds=(0, None),
        )
        assert fits.status == 0


def test_a_base_that_is_a_group_needs_no_columns_and_a_background_group_its_own():
    registry = open_shipped().registry
    assert list_sources(registry, "innovative", as_group=True) == []
    assert len(list_sources(registry, "innovative")) == 4
    assert list_sources(registry, "field=health", as_group=True) == ["field"]
    assert set(list_sources(registry, "!politically_initiated")) == {
        "initiator_nearest_politicians",
        "initiator_legislation",
    }
