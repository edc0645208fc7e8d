"""The plan of closed cells, on the tiny survey (every count known) and on the shipped one."""

import shutil
from dataclasses import replace

import pytest

from barometer import survey_files
from barometer.disclosure import closed, plan
from barometer.disclosure.gate import protect
from barometer.disclosure.relations import relate_cells
from barometer.disclosure.release import release_differences, release_shares
from barometer.disclosure.rules import LIMITS
from barometer.files.faults import DataFault
from barometer.paths import DATA
from barometer.statistics.estimates import estimate_shares
from barometer.suppression.attacks import Search, attack
from barometer.survey import open_survey
from barometer.tools.seal import seal_survey
from tests.make.asked import make_carded, plan_asked, plan_cells, plan_shipped, seal_shipped
from tests.make.shipped import CODES, INITIATION, copy_sectors, open_shipped

GROUPS = ("all", "politically_initiated", "initiated_by_other_causes")
EXCEPTION = """exceptions:
  - {item: inspiration.companies, group: politically_initiated, sector: region,
     reason: Opdigtede svar, responsible: A. Holm, date: 2026-11-24}
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan") / "survey"
    shutil.copytree(DATA / "barometer-2020", folder)
    return folder


def test_the_plan_covers_what_chapters_ask_for_in_every_report_that_the_registry_names():
    scope = open_shipped().plan.scope
    for domain in (*CODES, "field=health", "size=small"):
        assert ("value.quality", "politically_initiated", domain) in scope
        assert ("influence.legislation=hindered_high", "innovative", domain) in scope
    assert ("novelty=first|inspired", "all", "all") not in scope
    assert not {group for _, group, _ in scope if group.startswith("!sector=")}


def test_a_published_number_is_in_the_plan_with_all_its_cells():
    row = {
        "kind": "table",
        "item": "core_task",
        "group": "novelty=copy",
        "versus": "reused",
        "domain": "all",
    }
    found = plan._list_published(open_shipped().registry, row)
    assert ("core_task=future", "novelty=copy", "all") in found and (
        "core_task=no",
        "reused",
        "all",
    ) in found
    assert len(found) == 8


def test_every_cell_that_a_chapter_shows_by_sector_is_in_the_plan():
    """Else each report would plan it for itself, and two reports could give a count back
    together.
    """
    survey = open_shipped()
    for question in ("value", "novelty", "inspiration", "partner"):
        for item in survey.question(question):
            assert {
                (item, group, sector) for group in GROUPS[1:] for sector in CODES
            } <= survey.plan.scope


@pytest.mark.parametrize("sector", CODES)
def test_a_sector_run_alone_closes_what_the_whole_run_closes(sector):
    assert open_shipped(sector).plan == open_shipped().plan
    whole = protect(
        estimate_shares(open_shipped(), ["partner.foundations"], ["sector=region"])
    ).table["status"]
    own = protect(estimate_shares(open_shipped("region"), ["partner.foundations"], ["all"])).table[
        "status"
    ]
    assert whole.tolist() == own.tolist()


@pytest.mark.slow
def test_no_closed_cell_of_the_shipped_plan_comes_back_from_the_open_ones():
    """Of any report on any part of the public sector, from all of them together."""
    survey = open_shipped()
    relations = relate_cells(survey, sorted(survey.plan.scope))
    names = frozenset(relations.names[cell] for cell in survey.plan.closed)
    assert len({cell[2] for cell in survey.plan.closed}) > 10
    assert Search(relations).find_all(names) == set()


def test_no_closed_cell_of_the_sectors_comes_back_from_their_open_ones():
    survey = open_shipped()
    relations = relate_cells(survey, sorted(cell for cell in survey.plan.scope if cell[2] in CODES))
    names = frozenset(
        relations.names[cell] for cell in survey.plan.closed if cell in relations.names
    )
    widths = {name: attack(relations, names, name) for name in sorted(names)}
    assert len(widths) > 20
    assert min(found.high - found.low for found in widths.values()) >= LIMITS.smallest_count


@pytest.mark.slow
def test_where_the_card_says_five_no_count_below_it_is_open_and_none_is_known_nearer():
    """Counts of 3 and 4, which the shipped plan shows, are closed; the attack uses 5 as well."""
    entry = {"value": 5, "reason": "Svarene er personers", "source": "Danmarks Statistik"}
    shipped = open_shipped()
    survey = replace(shipped, cards=shipped.cards | {"limits": {"smallest_count": entry}})
    cells = [(item, group) for item in shipped.question("partner") for group in GROUPS]
    made = plan.make_plan(survey, {code: [(*cell, code) for cell in cells] for code in CODES})
    relations = relate_cells(survey, sorted(made.scope))
    few = {cell for cell in made.scope if 0 < relations.counts[relations.names[cell]] < 5}
    assert few <= made.closed.keys()
    assert {relations.counts[relations.names[cell]] for cell in few} & {3, 4}
    names = frozenset(relations.names[cell] for cell in made.closed)
    widths = [attack(relations, names, name) for name in sorted(names)]
    assert min(found.high - found.low for found in widths) >= 5
    assert closed.make_key(survey.cards) != closed.make_key(shipped.cards)


@pytest.mark.slow
def test_what_the_sectors_close_is_closed_whether_reports_are_made_by_field_or_not():
    """And what was published is shown: a field closes nothing of the whole that it can do
    without.
    """
    survey = open_shipped()
    alone = plan_shipped(replace(survey, registry=replace(survey.registry, domains=())), None)
    assert alone.scope < survey.plan.scope
    assert alone.closed.keys() < survey.plan.closed.keys()
    assert {
        cell for cell in survey.plan.closed.keys() - alone.closed.keys() if cell[2] == "all"
    } == set()


def test_a_field_as_a_group_of_the_whole_is_the_cell_of_its_own_report():
    assert plan.name_cell(open_shipped().registry, "value.quality", "field=health", "all") == (
        "value.quality",
        "all",
        "field=health",
    )
    seen = open_shipped(field="health")
    whole = protect(estimate_shares(open_shipped(), seen.question("value"), ["field=health"])).table
    own = protect(estimate_shares(seen, seen.question("value"), ["all"])).table
    assert whole["status"].tolist() == own["status"].tolist()
    assert whole["share"].equals(own["share"])


def test_a_cell_closed_for_anothers_sake_is_left_open_where_it_would_come_back():
    """The answers and their sum are published, so `core_task=no` is known: something else must hide
    what is closed.
    """
    survey = open_shipped()
    table = release_differences(
        survey, survey.question("core_task"), *INITIATION, others=["all"]
    ).table
    region = release_differences(
        open_shipped("region"), survey.question("core_task"), *INITIATION
    ).table
    assert (region["status"] == "[c]").any()
    shown = table[(table["item"] == "core_task=no") & (table["group"] == "all")]
    assert shown["status"].tolist() == [""]


def test_with_the_primary_rules_alone_most_of_them_come_back():
    survey = open_shipped()
    relations = relate_cells(survey, sorted(cell for cell in survey.plan.scope if cell[2] in CODES))
    primary = frozenset(
        relations.names[cell]
        for cell, rule in survey.plan.closed.items()
        if rule != plan.SECONDARY and cell in relations.names
    )
    came_back = [name for name in sorted(primary) if attack(relations, primary, name).succeeds]
    assert len(came_back) > len(primary) / 2


def test_a_tiny_survey_closes_a_base_of_two_and_tells_no_n(tmp_path):
    """Each stratum has one evaluated respondent: region and state one each, municipalities two."""
    folder = make_carded(tmp_path / "s")
    seal_survey(folder, plan=plan_asked(["purpose.learning"]))
    table = release_shares(
        open_survey(str(folder)), ["purpose.learning"], ["all", "sector=municipality"]
    ).table
    assert table["n"].isna().tolist() == [False, True]
    assert table["status"].tolist() == ["[c]", "[c]"]
    assert table["rule"].tolist()[1] == "base"


@pytest.mark.slow
def test_the_shipped_plan_is_what_the_shipped_files_give():
    survey = open_shipped()
    assert plan_shipped(survey, None).closed == survey.plan.closed


def test_an_exception_opens_a_cell_to_the_rules_and_names_who_answers_for_it(tmp_path):
    folder = copy_sectors(tmp_path / "excepted")
    (folder / "exceptions.yaml").write_text(EXCEPTION, encoding="utf-8")
    cards = (folder / "cards.yaml").read_text(encoding="utf-8")
    card = cards[cards.index("  closed.yaml:") : cards.index("  synthetic.yaml:")]
    (folder / "cards.yaml").write_text(
        cards + card.replace("closed.yaml", "exceptions.yaml"), encoding="utf-8"
    )
    seal_shipped(folder)
    survey, cell = (
        open_survey(str(folder), "region"),
        ("inspiration.companies", "politically_initiated", "region"),
    )
    assert survey.exceptions[cell]["responsible"] == "A. Holm"
    assert open_shipped().plan.closed[cell] == "answer"
    assert cell not in survey.plan.closed


@pytest.mark.parametrize(
    ("text", "wrong", "told"),
    [
        ("reason: Opdigtede svar, ", "", "undtagelse 1 mangler reason"),
        ("inspiration.companies", "vaerdi.dont_know", "undtagelse 1 har et navn, der ikke kendes"),
        ("politically_initiated", "politisk", "undtagelse 1 har et navn, der ikke kendes"),
        ("sector: region", "sector: regionerne", "undtagelse 1 har sector, der ikke kendes"),
        (
            "sector: region",
            "sector: region, field: sundhed",
            "undtagelse 1 har field, der ikke kendes",
        ),
        ("2026-11-24", "i morgen", "undtagelse 1 har en dato, der ikke er en dato"),
        ("exceptions:", "undtagelser:", "skriv exceptions: øverst"),
    ],
)
def test_an_exception_that_is_incomplete_or_fits_nothing_is_refused(text, wrong, told):
    with pytest.raises(DataFault, match=told):
        survey_files.read_exceptions(
            EXCEPTION.replace(text, wrong).encode(), open_shipped().registry
        )


def test_an_exception_for_a_sector_as_a_group_is_that_sectors_own():
    text = EXCEPTION.replace(
        "group: politically_initiated, sector: region", "group: sector=region, sector: all"
    )
    found = survey_files.read_exceptions(text.encode(), open_shipped().registry)
    assert list(found) == [("inspiration.companies", "all", "region")]


def test_an_exception_may_be_for_a_field_of_a_sector():
    text = EXCEPTION.replace("sector: region", "sector: region, field: health")
    found = survey_files.read_exceptions(text.encode(), open_shipped().registry)
    assert list(found) == [
        ("inspiration.companies", "politically_initiated", "region&field=health")
    ]


def test_exceptions_without_a_card_are_refused_before_anything_is_run(copied, tmp_path):
    folder = shutil.copytree(copied, tmp_path / "uncarded")
    (folder / "exceptions.yaml").write_text(EXCEPTION, encoding="utf-8")
    with pytest.raises(DataFault, match=r"exceptions\.yaml"):
        open_survey(str(folder))


def test_closed_yaml_is_read_as_it_was_written():
    cards = {"microdata": "m.csv", "files": {"m.csv": {"sha256": "AB"}}}
    cells = {("novelty=a|b", "x", "all"): "answer", ("value.y", "all", "region"): plan.SECONDARY}
    scope = frozenset([*cells, ("value.y", "all", "all"), ("value.å", "x", "region")])
    made = plan.Plan(scope, cells)
    text = closed.write_closed(made, cards).encode()
    assert closed.read_closed(text, cards) == made
    others = {"microdata": "m.csv", "files": {"m.csv": {"sha256": "cd"}}}
    assert closed.read_closed(text, others) is None
    assert closed.read_closed(closed.write_closed(plan.Plan(), cards).encode(), cards).closed == {}
    kept = closed.write_closed(made, cards, "ef").encode()
    assert closed.read_closed(kept, cards, "ef") == closed.read_closed(kept, cards) == made
    assert closed.read_closed(kept, cards, "01") is None


def ask_in_all_reports(folder, *asked):
    """{sector: statuses} of tables of one item and one group each, in the reports of all sectors,
    planned for `asked`.
    """
    seal_survey(folder, plan=plan_cells(*asked))
    return {
        sector: [
            release_shares(open_survey(str(folder), sector), [item], [group]).table["status"].iat[0]
            for item, group in asked
        ]
        for sector in CODES
    }


@pytest.mark.parametrize("group", ["all", "both_types", "evaluated_by_own"])
@pytest.mark.parametrize(
    "item", ["evaluated=external", "initiator.leaders", "introduced.service=yes", "innovative"]
)
def test_an_answer_and_its_opposite_are_open_or_closed_together_whichever_is_asked_for(
    item, group, tmp_path
):
    folder = make_carded(tmp_path / "s")
    found = [
        ask_in_all_reports(folder, *((one, group) for one in asked))
        for asked in ((item, f"!{item}"), (f"!{item}",), (item,))
    ]
    for sector in CODES:
        assert len({status == "[c]" for one in found for status in one[sector]}) == 1
    assert any("[c]" in statuses for statuses in found[0].values())


def test_what_is_left_beside_a_part_is_closed_where_it_breaks_a_rule_and_its_part_with_it():
    """One answer beside the region's is the whole's minus the region's."""
    survey, rest = open_shipped(), ("value.quality", "!sector=region", "all")
    with pytest.MonkeyPatch.context() as patch:
        count = plan.count_cell
        patch.setattr(
            plan, "count_cell", lambda s, cell: (1, 900, 0.0) if cell == rest else count(s, cell)
        )
        made = plan.make_plan(survey, {"region": [rest]})
        assert made.closed["value.quality", "all", "region"] == plan.SECONDARY
        found, _ = plan.find_rules(replace(survey, plan=made), [rest])
    assert rest not in made.scope and found == {rest: "answer"}


def test_cells_that_the_plan_was_not_made_for_are_closed_by_the_rules_alone():
    survey = open_shipped("region")
    known, other = ("innovative", "all", "region"), ("financing.own_budget", "all", "region")
    assert plan.find_beside(survey, [known, other]) == {other}
    few = [(item, "novelty=dont_know", "region") for item in survey.question("financing")]
    rules, bases = plan.find_rules(survey, [known, other, *few])
    assert rules == {
        cell: rule for cell, rule in plan.find_confidential(survey, few).items() if rule
    }
    assert rules and all(rules[cell] == "base" for cell in bases)


def test_a_group_that_is_named_twice_has_one_row():
    """The rest beside a part in several dimensions is the whole, which may be shown beside it
    already.
    """
    survey = open_shipped()
    named = release_differences(
        survey, ["innovative"], "sector=region", "all", others=["all", "sector=state"]
    )
    assert named.table["group"].tolist() == ["sector=region", "all", "sector=state"]
    assert release_shares(survey, ["innovative"], ["all", "all"]).table["group"].tolist() == ["all"]
