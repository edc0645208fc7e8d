"""Plans beside releases: what was shown stays shown, what was suppressed stays so, and what cannot
be made safe beside a release is refused by its name.
"""

from collections import Counter
from dataclasses import replace
from itertools import cycle, product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from barometer.disclosure.rules import Limits
from barometer.files.faults import DataFault
from barometer.releases.differences import find_differences
from barometer.releases.memory import ReleaseError, list_all, list_releases, remember, withdraw
from barometer.releases.planning import InTheWay, OtherQuestionnaire
from barometer.releases.reading import SUPPRESSED, Seen, read_folder
from barometer.releases.standing import Standing, find_uncovered, refuse_standing
from barometer.suppression.bounds import Progress
from barometer.survey import open_planned
from barometer.tools.seal import seal_survey
from tests.make import small_survey
from tests.make.asked import make_carded, plan_asked
from tests.make.published import SIZES, add_respondent, make_rows, publish

ITEMS = ("evaluated=external", "evaluated=internal", "evaluated=no")
MORE = (*ITEMS, "initiator.employees", "initiator.leaders", "initiator.dont_know")
DAY = "2026-11-27"


def make_survey(folder, rows=None, items=ITEMS, groups=("all",)):
    """A survey of seventy, sealed for some items in some groups."""
    make_carded(folder, rows=rows or make_rows())
    return seal(folder, items, groups)


def seal(folder, items, groups=("all",)):
    seal_survey(folder, plan=plan_asked(items, groups))
    return folder


def release(folder, name, output, items=ITEMS, groups=("all",), reports=None):
    """Publish what a plan allows, and remember it. Returns {cell: whether it is shown}."""
    shown = publish(folder, output / name, items, groups, reports)
    remember(folder, name, read_folder(output / name), DAY)
    return shown


def find_against(folder, *published):
    """The cells that a plan opens and a release suppressed, or the other way round."""
    plan = open_planned(str(folder)).plan
    return {
        cell
        for shown in published
        for cell, open_ in shown.items()
        if cell in plan.scope and open_ == (cell in plan.closed)
    }


def test_a_release_has_what_its_reports_tell_and_nothing_else(tmp_path):
    folder = make_survey(tmp_path / "s")
    shown = release(folder, "en", tmp_path)
    (found,) = list_releases(folder)
    assert (
        {cell for cell, told in found.cells.items() if told.status == SUPPRESSED}
        == {cell for cell, open_ in shown.items() if not open_}
        != set()
    )
    assert found.cells.keys() == shown.keys()
    told = "".join(path.read_text() for path in sorted((tmp_path / "en").glob("*/*.csv")))
    kept = (folder / "releases" / "en" / "cells.csv").read_text().splitlines()[1:]
    told = told.replace("\u00a0", " ")
    assert all(part in told for line in kept for part in line.split(",")[4:])


def test_a_release_that_is_not_as_it_was_written_is_refused_by_its_name(tmp_path):
    folder = make_survey(tmp_path / "s")
    release(folder, "en", tmp_path)
    path = folder / "releases" / "en" / "cells.csv"
    path.write_text(path.read_text().replace("suppressed", "shown", 1))
    with pytest.raises(DataFault, match="releases/en: udgivelsen er ikke, som den blev husket"):
        open_planned(str(folder))


@pytest.mark.parametrize(
    ("name", "told"), [("en", "allerede"), ("../x", "navn"), ("", "navn"), ("A B", "navn")]
)
def test_a_name_that_is_taken_or_no_name_is_refused(tmp_path, name, told):
    folder = make_survey(tmp_path / "s")
    release(folder, "en", tmp_path)
    with pytest.raises(ReleaseError, match=told):
        remember(folder, name, read_folder(tmp_path / "en"), DAY)
    assert [one.name for one in list_all(folder)] == ["en"]


def test_a_release_counts_until_it_is_withdrawn_and_stays_on_the_list(tmp_path):
    folder = make_survey(tmp_path / "s")
    release(folder, "en", tmp_path)
    withdraw(folder, "en", DAY)
    assert list_releases(folder) == [] and [one.withdrawn for one in list_all(folder)] == [DAY]
    for name in ("en", "to"):
        with pytest.raises(ReleaseError, match=name):
            withdraw(folder, name, DAY)


def test_a_plan_that_was_not_made_beside_a_release_is_not_used(tmp_path):
    folder = make_survey(tmp_path / "s")
    assert open_planned(str(folder)).plan.scope
    release(folder, "en", tmp_path)
    survey = open_planned(str(folder))
    assert not survey.plan.scope and "ved siden af alle udgivelser" in survey.unplanned
    seal(folder, ITEMS)
    assert open_planned(str(folder)).plan.beside.keys() == {"en"}


GROUPS = ("all", "initiator.leaders", "initiator.employees")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_what_was_shown_stays_shown_and_what_was_suppressed_stays_so_in_any_order(tmp_path, order):
    """Chapters that ask for more, for less, and for what was left out again."""
    asked = [(ITEMS, ("all",)), (MORE, ("all",)), (MORE, GROUPS)]
    folder = make_carded(tmp_path / "s", rows=make_rows())
    published, alone = [], set()
    for number in order:
        seal(folder, *asked[number])
        published.append(release(folder, f"nr-{number}", tmp_path, *asked[number]))
        assert find_against(folder, *published) == set()
    for number in order:  # as it was where nothing is remembered
        for one in list_releases(folder):
            withdraw(folder, one.name, DAY)
        seal(folder, *asked[number])
        alone |= find_against(folder, *published)
    assert alone


def test_what_the_rules_suppress_and_a_release_shows_is_refused_by_the_releases_name(tmp_path):
    """As where the survey's count criterion is raised."""
    folder = make_survey(tmp_path / "s", items=MORE)
    release(folder, "før", tmp_path, MORE)
    limit = {"value": 6, "reason": "Svarene er personers", "source": "Prøven"}
    small_survey.change_cards(folder, lambda cards: cards.update(limits={"smallest_count": limit}))
    before = (folder / "closed.yaml").read_bytes()
    with pytest.raises(InTheWay, match=r"Udgivelsen før .*viser tal.*release --withdraw før"):
        seal(folder, MORE)
    assert (folder / "closed.yaml").read_bytes() == before
    withdraw(folder, "før", DAY)
    seal(folder, MORE)


def test_a_lowered_count_criterion_keeps_what_was_suppressed_at_its_distance(tmp_path):
    folder = make_survey(tmp_path / "s", items=MORE)
    shown = release(folder, "før", tmp_path, MORE)
    limit = {"value": 2, "reason": "Svarene er arbejdspladsers", "source": "Prøven"}
    small_survey.change_cards(folder, lambda cards: cards.update(limits={"smallest_count": limit}))
    seal(folder, MORE)
    assert find_against(folder, shown) == set()


def put_rows(folder, rows):
    """Other answers in the survey's file, which has yet to be sealed."""
    table = pd.DataFrame(rows, columns=small_survey.COLUMNS)
    small_survey.break_and_recard(folder, lambda _: table)
    return folder


def test_other_weights_change_nothing_of_what_is_suppressed(tmp_path):
    rows = make_rows()
    folder = make_survey(tmp_path / "s", rows, MORE)
    shown = release(folder, "før", tmp_path, MORE)
    for row, step in ((rows[0], 0.3), (rows[1], -0.3)):
        row[2] = f"{float(row[2]) + step}"
    seal(put_rows(folder, rows), MORE)
    assert find_against(folder, shown) == set()


def test_who_has_come_and_who_has_gone_is_found_from_numbers_of_respondents(tmp_path):
    rows = make_rows()
    folder = make_survey(tmp_path / "s", rows, MORE, GROUPS)
    release(folder, "før", tmp_path, MORE, GROUPS)
    (before,) = list_releases(folder)
    answers = np.array([row[3:] for row in rows])
    for changed, added, gone in (
        (add_respondent(rows, 4), [4], []),
        (add_respondent(rows, 4, 3), [4, 4, 4], []),
        (rows[:4] + rows[5:], [], [4]),
        (rows, [], []),
    ):
        survey = open_planned(str(put_rows(folder, weigh(changed))))
        found = find_differences(survey, before)
        now = np.array([row[3:] for row in changed])
        for places, wanted in zip(found, (added, gone), strict=True):
            assert len(places) == len(wanted)
            strata = {changed[place][1] for place in places}
            assert strata <= {rows[place][1] for place in wanted}
            # whether he is innovative, and who began it, decides which numbers he is in
            assert {tuple(now[place][[0, 3, 4]]) for place in places} == {
                tuple(answers[place][[0, 3, 4]]) for place in wanted
            }


def weigh(rows):
    """The rows with weights that add up to each stratum's units."""
    rows, units = [[*row] for row in rows], {one[0]: one[4] for one in small_survey.STRATA}
    many = Counter(row[1] for row in rows)
    for row in rows:
        row[2] = f"{units[row[1]] / many[row[1]]:.10g}"
    return rows


def try_sealing(folder, items, groups=("all",)):
    """Whether there is a plan beside what is published."""
    try:
        seal(folder, items, groups)
    except InTheWay as error:
        assert "før" in str(error) and "--withdraw før" in str(error)
        return False
    return True


def find_moves(rows, then, shown, now):
    """{suppressed cell of a release: respondents between the ends of what it can be} for whoever
    knows every count that release and new reports show, and that nobody has changed his answers: by
    linear programming over who may have answered what, written anew. `then`: rows of the release.
    """
    before = {tuple(row[1:2] + row[3:]) for row in then}
    kinds = sorted(
        {(stratum, *answers) for stratum in SIZES for answers in map(tuple, list_answers())}
        | before | {tuple(row[1:2] + row[3:]) for row in rows}
    )  # fmt: skip
    many = len(kinds)
    counts = [Counter(tuple(row[1:2] + row[3:]) for row in part) for part in (then, rows)]
    old, new = (np.array([count[kind] for kind in kinds], float) for count in counts)
    equations, values = [], []
    for side, cells, number in ((0, shown, old), (1, now, new)):
        for cell in {base_of(cell) for cell in cells} | {c for c, open_ in cells.items() if open_}:
            line = np.array([holds(kind, cell) for kind in kinds], float)
            equations.append(np.concatenate([line, line * side, -line * side]))
            values.append(line @ number)
    found = {}
    for side, cells in ((0, shown), (1, now)):
        for cell in [one for one, open_ in cells.items() if not open_]:
            line = np.array([holds(kind, cell) for kind in kinds], float)
            goal = np.concatenate([line, line * side, -line * side])
            # those who came, and those who left: not more than the totals tell
            bounds = [(0, None)] * many + [
                (0, limit)
                for limit in [max(len(rows) - len(then), 0)] * many
                + [max(len(then) - len(rows), 0)] * many
            ]
            ends = [sign * linprog(sign * goal, A_eq=np.array(equations), b_eq=values,
                                   bounds=bounds).fun for sign in (1, -1)]  # fmt: skip
            found[side, *cell] = round(ends[1] - ends[0], 6)
    return found


def list_answers():
    """All that can be answered, as the tiny survey's columns."""
    begun = ["".join(ticks) for ticks in product("01", repeat=3)]
    begun = [f"{ticks}0" for ticks in begun if ticks.count("1") <= 2] + ["0001"]
    rates = [("no", "", ""), *product(("external", "internal"), "01", "01")]
    for answers in small_survey.ANSWERS:
        if answers[-3]:
            yield from ([*answers[:3], *ticks, *rate] for ticks in begun for rate in rates)
        else:
            yield answers


def base_of(cell):
    return ("innovative" if cell[0] != "all" else "all", *cell[1:])


def holds(kind, cell):
    """Whether a respondent of a kind (stratum and answers) is counted in a cell."""
    stratum, *answers = kind
    item, group, domain = cell
    given = dict(zip(small_survey.COLUMNS[3:], answers, strict=True))

    def true(name):
        if name in ("all", "innovative"):
            return name == "all" or "yes" in answers[:2]
        column, _, answer = name.replace(".", "_").partition("=")
        return given[column] == (answer or "1")

    return true(item) and true(group) and stratum.startswith(domain if domain != "all" else "")


def check_change(folder, like, change):
    """That a respondent who comes (several, where `change` is more) or goes (-1) tells no count."""
    rows = make_rows()
    changed = add_respondent(rows, like, change) if change > 0 else rows[:like] + rows[like + 1 :]
    make_survey(folder / "s", rows, MORE)
    shown = release(folder / "s", "før", folder, MORE)
    put_rows(folder / "s", weigh(changed))
    if try_sealing(folder / "s", MORE):
        now = publish(folder / "s", folder / "efter", MORE)
        assert min(find_moves(changed, rows, shown, now).values()) >= Limits().smallest_count


@pytest.mark.parametrize(("like", "change"), [(0, 1), (35, 1), (0, 6), (35, -1)])
def test_an_earlier_count_is_told_by_no_late_answer_and_by_none_that_was_withdrawn(
    tmp_path, like, change
):
    check_change(tmp_path, like, change)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("like", "change"), [*zip(range(3, 70, 7), cycle([1, 2, 6, -1]), strict=False)]
)
def test_the_same_of_every_kind_of_respondent(tmp_path, like, change):
    check_change(tmp_path, like, change)


def test_a_plan_for_which_there_is_no_time_gives_nothing_back_of_a_release(tmp_path):
    """All that may be suppressed is, and that is not enough where a release shows the rest."""
    rows, changed = make_rows(), add_respondent(make_rows(), 0)
    folder = make_survey(tmp_path / "s", rows, MORE)
    shown = release(folder, "før", tmp_path, MORE)
    over = Progress(1e-9)
    seal_survey(folder, over, plan_asked(MORE, GROUPS))
    assert find_against(folder, shown) == set() and over.reached
    with pytest.raises(InTheWay, match="før"):
        seal_survey(put_rows(folder, weigh(changed)), Progress(1e-9), plan_asked(MORE))


def test_without_a_memory_a_late_answer_tells_earlier_counts(tmp_path):
    """What the tests above are against is there."""
    rows, changed = make_rows(), add_respondent(make_rows(), 0)
    folder = make_survey(tmp_path / "s", rows, MORE)
    shown = publish(folder, tmp_path / "før", MORE)
    seal(put_rows(folder, weigh(changed)), MORE)
    now = publish(folder, tmp_path / "efter", MORE)
    found = find_moves(changed, rows, shown, now)
    assert min(found.values()) < Limits().smallest_count


def test_a_variable_that_has_another_meaning_now_is_refused_by_its_name(tmp_path):
    folder = make_survey(tmp_path / "s", items=("evaluated_by_own", *ITEMS))
    release(folder, "før", tmp_path, ("evaluated_by_own", *ITEMS))
    path = folder / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (("evaluated=internal]", "evaluated=external]"), ("evaluated_by_own", "own")):
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(OtherQuestionnaire, match="før fortæller om evaluated_by_own"):
            seal(folder, ITEMS)


def test_reports_of_two_plans_may_not_lie_in_one_folder(tmp_path):
    folder = make_survey(tmp_path / "s", items=MORE)
    publish(folder, tmp_path / "ud", MORE)
    survey = open_planned(str(folder))
    refuse_standing(tmp_path / "ud", ["all", "state"], survey)
    rows = make_rows()
    last = max(place for place, row in enumerate(rows) if row[-3])  # who was asked
    for change in (
        lambda: seal(folder, ITEMS),
        lambda: seal(put_rows(folder, add_respondent(rows, last)), MORE),
        lambda: seal(put_rows(folder, weigh(rows[:last] + rows[last + 1 :])), MORE),
    ):
        change()
        with pytest.raises(Standing, match=r"all er lavet tidligere.*--output"):
            refuse_standing(tmp_path / "ud", ["all"], open_planned(str(folder)))


def test_what_a_plan_lets_be_shown_is_covered_with_its_bases_and_sums(tmp_path):
    folder = make_survey(tmp_path / "s", items=MORE, groups=GROUPS)
    survey = open_planned(str(folder))
    publish(folder, tmp_path / "ud", [*MORE, "evaluated=internal|no"], GROUPS, ["all"])
    told = read_folder(tmp_path / "ud")
    assert find_uncovered(survey, survey.plan, told.cells["all"]) == []


def test_how_many_are_in_a_group_is_covered_as_the_answer_that_it_is(tmp_path):
    folder = make_survey(tmp_path / "s", items=MORE, groups=GROUPS)
    survey = open_planned(str(folder))
    count = str(np.count_nonzero(survey.variables.is_true("initiator.leaders")))
    size = {("all", "initiator.leaders", "all"): Seen("shown", shown=count)}
    assert find_uncovered(survey, survey.plan, size) == []
    hidden = replace(survey.plan, closed={("initiator.leaders", "all", "all"): "answer"})
    assert find_uncovered(survey, hidden, size) == [*size]


def test_the_least_and_the_most_of_several_bases_are_no_count_of_a_cell(tmp_path):
    folder = make_survey(tmp_path / "s", items=MORE, groups=GROUPS)
    publish(folder, tmp_path / "ud", MORE, GROUPS, ["all"])
    path = tmp_path / "ud" / "all" / "numbers.csv"
    before = read_folder(tmp_path / "ud").cells
    columns, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    places = {name: place for place, name in enumerate(columns.split(","))}
    parts = dict.fromkeys(places, "") | {
        "shown": "12–31", "kind": "count", "item": "all", "group": "initiator.leaders", "base": "x"
    }  # fmt: skip
    lines = [columns, *rows, ",".join(parts.values())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    assert read_folder(tmp_path / "ud").cells == before
    lines[-1] = lines[-1].replace("12–31", "31")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    assert read_folder(tmp_path / "ud").cells != before
