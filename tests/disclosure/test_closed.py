"""A survey whose folder has no plan that fits is planned once, for all who open it; an edited plan
is refused.
"""

import json
import stat
import subprocess
import sys

import numpy as np
import pytest

from barometer import survey
from barometer.disclosure import closed
from barometer.disclosure.plan import Plan
from barometer.files import yaml_files
from barometer.files.faults import DataFault
from barometer.files.private import PLANS
from barometer.parameters import check_parameters
from barometer.paths import ROOT
from barometer.payloads import hold_internal
from barometer.survey import open_survey
from barometer.tools import seal
from tests.make import small_survey
from tests.make.asked import make_carded
from tests.tools.test_seal import ASKED, CLOSED_CARD

LINE = "Fortrolighed: Planen over de celler, der må lukkes, laves nu, for "
OLD = (
    "made_for: "
    + "ab" * 32
    + '\nclosed:\n  - {sector: all, group: "all", item: "innovative", rule: base}\n'
)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """A place of its own where no plan is kept yet."""
    monkeypatch.setenv(PLANS, str(tmp_path / "plans"))
    forget()
    return tmp_path / "plans"


def forget():
    """As in a process that has opened nothing yet."""
    survey._PLANS.clear()


def read_cards(folder):
    return json.loads((folder / "cards.yaml").read_text(encoding="utf-8"))


def put_plan(folder, text):
    """Another closed.yaml, and its card."""
    small_survey.replace_file(folder, "closed.yaml", text.encode())


def make_stale(folder):
    """A sealed survey of which a file was changed on purpose, with its card, since the plan was
    made.
    """
    seal.seal_survey(make_carded(folder), plan=ASKED)
    population = (folder / "population.csv").read_bytes()
    small_survey.replace_file(folder, "population.csv", population + b"\n")
    return folder


def make_older(folder):
    """A plan of before plans had a checksum of their contents."""
    put_plan(make_stale(folder), OLD)
    return folder


def make_gone(folder):
    """Nothing where the plan should be."""
    (make_stale(folder) / "closed.yaml").unlink()
    return folder


def make_uncarded(folder):
    """A folder that was never to have a plan."""
    return small_survey.make_survey(folder)


def keep(folder, asked_by="a"):
    """The plan that a run makes and keeps; what chapters would ask for is named."""
    found, plan = survey.read_survey(check_parameters(data=str(folder)))
    return plan or closed.make_kept(
        found, asked_by, lambda: ASKED(found, folder, tell=lambda *_: None)
    )


SHAPES = {
    make_stale: "closed.yaml er lavet til andre filer eller efter andre regler. Skal den ligge i "
    "undersøgelsens mappe, "
    "så kør python -m barometer seal ",
    make_older: "closed.yaml er lavet til andre filer eller efter andre regler. ",
    make_gone: "closed.yaml mangler. ",
    make_uncarded: "closed.yaml har intet kort i cards.yaml. Skal den ligge i undersøgelsens "
    "mappe, så giv closed.yaml "
    "et kort i cards.yaml, og kør python -m barometer seal ",
}


@pytest.mark.parametrize("make", SHAPES, ids=lambda make: make.__name__)
def test_a_survey_without_a_plan_that_fits_is_planned_once_in_one_line_and_the_plan_is_kept_for_its_owner(
    make, tmp_path, kept, capsys
):
    folder = make(tmp_path / "s")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    capsys.readouterr()  # of the seal that came before
    assert open_survey(str(folder), "region").plan == Plan()  # to be looked at
    first = keep(folder)
    told = capsys.readouterr().err
    assert told.startswith(LINE + SHAPES[make]) and told.count("\n") == 1 and str(folder) in told
    (path,) = (path for path in kept.rglob("*") if path.is_file())
    assert (
        stat.S_IMODE(path.stat().st_mode) == 0o600
        and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    )
    forget()
    again = open_survey(str(folder)).plan
    assert (again.closed, again.scope) == (first.closed, first.scope) and again.closed
    assert capsys.readouterr().err == ""
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    small_survey.change_cards(
        folder, lambda cards: cards["files"].update({"closed.yaml": CLOSED_CARD})
    )
    assert (
        seal.seal_survey(folder, plan=ASKED).closed == first.closed
    )  # it is the plan that a seal makes


@pytest.mark.parametrize(
    "edit",
    [
        lambda text, key: text.replace("rule: base", "rule: other", 1),
        lambda text, key: "\n".join(text.splitlines()[:-1]) + "\n",
        lambda text, key: text.replace("made_for: ", "made_for: x"),
        lambda text, key: text.replace("rule: base", "why: base", 1),
        lambda text, key: OLD.replace("ab" * 32, key),
        lambda text, key: "closed: []\n",
    ],
    ids=[
        "another rule",
        "a line less",
        "no key",
        "no rule",
        "the new key without checksum",
        "no key at all",
    ],
)
def test_a_plan_that_was_edited_is_refused_whatever_it_was_made_for(edit, tmp_path, capsys):
    fits, stale = make_carded(tmp_path / "fits"), make_stale(tmp_path / "stale")
    seal.seal_survey(fits, plan=ASKED)
    for folder in (fits, stale):
        text = (folder / "closed.yaml").read_text(encoding="utf-8")
        put_plan(folder, edit(text, closed.make_key(read_cards(folder))))
        with pytest.raises(
            DataFault, match=r"closed\.yaml: filen er rettet, siden den blev lavet; kør python"
        ):
            open_survey(str(folder))
    assert LINE not in capsys.readouterr().err


def test_a_plan_that_fits_and_whose_checksum_was_taken_out_is_refused(tmp_path):
    folder = make_carded(tmp_path / "s")
    seal.seal_survey(folder, plan=ASKED)
    lines = (folder / "closed.yaml").read_text(encoding="utf-8").splitlines()
    put_plan(folder, "\n".join(line for line in lines if not line.startswith("contents: ")))
    with pytest.raises(DataFault, match=r"closed\.yaml: filen er rettet"):
        open_survey(str(folder))


def test_a_plan_that_its_card_does_not_know_is_refused_though_it_would_not_be_used(tmp_path):
    folder = make_stale(tmp_path / "s")
    (folder / "closed.yaml").write_bytes((folder / "closed.yaml").read_bytes() + b"\n")
    with pytest.raises(DataFault, match=r"closed\.yaml: kontrolsummen er en anden end kortets"):
        open_survey(str(folder))


def test_a_plan_of_an_earlier_program_is_not_used_and_not_called_edited():
    assert closed.read_closed(OLD.encode(), {"files": {}, "microdata": "m.csv"}) is None


def test_a_plan_is_held_against_the_rules_but_where_chapters_are_run_for_what_they_ask(
    tmp_path, monkeypatch
):
    folder = make_carded(tmp_path / "s")
    sealed, looked = seal.seal_survey(folder, plan=ASKED), []
    monkeypatch.setattr(survey, "find_left_open", lambda *given: looked.append(given))
    with hold_internal([]):
        assert open_survey(str(folder)).plan.closed == sealed.closed
    assert not looked
    forget()
    assert open_survey(str(folder)).plan.closed == sealed.closed and looked


@pytest.mark.slow
def test_a_plan_of_very_many_cells_is_read_as_it_was_written():
    rng = np.random.default_rng(1)
    rules = {
        (f"item_{item}", f"group_{group}", f"place=p{domain}"): f"rule_{rule}"
        for item, group, domain, rule in rng.integers(0, (60, 40, 98, 3), (40_000, 4)).tolist()
    }
    cards = {"files": {}, "microdata": "m.csv"}
    text = closed.write_closed(Plan(frozenset(rules), rules), cards).encode()
    assert len(text) > yaml_files.LARGEST
    plan = closed.read_closed(text, cards)
    assert plan.closed == rules and plan.scope == rules.keys()


def open_line(path):
    """A kept plan with one cell opened that a rule closes by itself, its checksum made anew."""
    found = closed.load_yaml("closed.yaml", path.read_bytes())
    cells = closed.read_lines(found["closed"])
    cells.pop(next(cell for cell, rule in cells.items() if rule == "base"))
    plan = Plan(closed.read_planned(found["planned"]), cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed, "make_key", lambda cards: found["made_for"])
        return closed.write_closed(plan, {}, found["asked_by"]).encode()


@pytest.mark.parametrize(
    "tamper",
    [
        lambda path: path.read_bytes()[:-40],
        lambda path: b"",
        lambda path: b"closed: [",
        open_line,
    ],
    ids=["cut", "empty", "no yaml", "a cell opened"],
)
def test_a_kept_plan_that_is_not_as_it_was_kept_is_not_used_but_made_again_and_told(
    tamper, tmp_path, kept, capsys
):
    folder = make_stale(tmp_path / "s")
    whole = keep(folder).closed
    (path,) = kept.rglob("closed.yaml")
    content = path.read_bytes()
    path.write_bytes(tamper(path))
    forget()
    capsys.readouterr()
    assert open_survey(str(folder)).plan == Plan()
    assert keep(folder).closed == whole == open_survey(str(folder)).plan.closed
    assert capsys.readouterr().err.startswith(
        LINE + "den gemte er ændret siden, og closed.yaml er lavet til andre"
    )
    assert path.read_bytes() == content


def test_who_only_gets_ready_makes_no_plan(tmp_path, kept, capsys):
    folder = make_stale(tmp_path / "s")
    survey.prepare_survey(str(folder))
    assert not survey._PLANS and not kept.exists() and LINE not in capsys.readouterr().err
    keep(folder)
    forget()
    survey.prepare_survey(str(folder))
    assert survey._PLANS


def test_another_version_of_the_rules_makes_a_plan_of_its_own(tmp_path, kept, monkeypatch):
    folder = make_stale(tmp_path / "s")
    keep(folder)
    monkeypatch.setattr(closed, "METHOD", "another")
    monkeypatch.setattr("barometer.survey_files._READ", {})  # another version is another program
    keep(folder)
    assert len([*kept.rglob("closed.yaml")]) == 2


def test_a_plan_that_nobody_has_used_for_a_month_goes(tmp_path, kept, monkeypatch):
    keep(make_stale(tmp_path / "a"))
    (old,) = kept.rglob("closed.yaml")
    monkeypatch.setattr(closed, "LONGEST_KEPT", -1)
    monkeypatch.setattr(closed.time, "time", lambda: old.stat().st_mtime - 0.5)
    forget()
    keep(make_uncarded(tmp_path / "b"))
    assert not old.exists() and not old.parent.exists()


def test_a_plan_that_cannot_be_kept_is_made_all_the_same(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(PLANS, str(tmp_path / "file" / "plans"))
    assert keep(make_stale(tmp_path / "s")).closed
    assert capsys.readouterr().err.count("\n") == 1


def test_of_several_who_open_it_at_once_one_makes_the_plan(tmp_path):
    folder = make_stale(tmp_path / "s")
    code = (
        "import sys; from tests.disclosure.test_closed import keep; "
        "print(len(keep(sys.argv[1]).closed))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    told = [process.communicate() for process in processes]
    assert "".join(err for _, err in told).count(LINE) == 1
    assert {out for out, _ in told} == {f"{len(open_survey(str(folder)).plan.closed)}\n"}


def test_a_plan_that_is_kept_for_other_chapters_is_made_again_and_told(tmp_path, kept, capsys):
    folder = make_stale(tmp_path / "s")
    keep(folder, "a")
    capsys.readouterr()
    keep(folder, "a")
    assert capsys.readouterr().err == ""
    keep(folder, "b")
    assert capsys.readouterr().err.startswith(LINE + "kapitlerne er ændret, siden den gemte blev")
    assert len([*kept.rglob("closed.yaml")]) == 1
