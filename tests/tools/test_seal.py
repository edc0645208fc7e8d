"""A seal is whole or not at all, and takes cards.yaml however it is laid out."""

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import yaml

from barometer import survey_files
from barometer.disclosure import closed, facts, plan
from barometer.files.faults import DataFault
from barometer.files.private import PLANS
from barometer.files.yaml_files import load_yaml
from barometer.paths import ROOT
from barometer.suppression import bounds
from barometer.survey import open_survey
from barometer.tools import seal, summary
from barometer.tools.card_text import put_checksums
from tests.make import small_survey
from tests.make.asked import make_carded, plan_asked, seal_shipped
from tests.make.copies import make_copy
from tests.make.shipped import copy_sectors, open_shipped

NEW = "ab" * 32
# few have evaluated
ASKED = plan_asked(["evaluated", "purpose"], ["all", "both_types"])
CLOSED_CARD = small_survey.CARD | {"sha256": "0" * 64}


def plan_by(monkeypatch, make):
    """Let the command have its plan made by `make`, and not from chapters."""
    monkeypatch.setattr(seal, "plan_chapters", lambda *given, workers: make(*given))


def read_all(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def put_unknown_answer(folder):
    """A free text where one of the registry's answers should stand."""
    table = small_survey.read_text(folder)
    table.loc[0, "evaluated"] = "måske"
    (folder / "microdata.csv").write_bytes(table.to_csv(index=False, lineterminator="\n").encode())


LAYOUTS = {
    "as a rule": "files:\n  a.csv:\n    title: A   # åben\n    sha256: old  # ny\n    rows: 1\n"
    '  "b.csv":\n    sha256: "x"\n',
    "quoted names, single "
    "quotes": "files:\n  'a.csv':\n    'title': A\n    'sha256': 'old'\n  b.csv: {sha256: b}\n",
    "four spaces and blank "
    "lines": "files:\n\n    a.csv:\n\n        title: A\n\n        sha256: old\n"
    "    b.csv:\n        sha256: b\n",
    "tight": "files:\n a.csv:\n  sha256: old\n b.csv:\n  title: 'sha256: old'\n  sha256: b",
    "flow": "title: Å\nfiles: {a.csv: {title: A, sha256: old}, b.csv: {sha256: , title: B}}\n",
    "json": json.dumps(
        {"title": "Å", "files": {"a.csv": {"title": "A", "sha256": None}, "b.csv": {"rows": 2}}},
        indent=1,
    ),
    "json on one "
    "line": '{"files":{"a.csv":{"sha256":null,"title":"A"},"b.csv":{"title":"\\u00c5"}}}',
    "missing and empty": "files:\n  a.csv:\n    title: A\n  b.csv:\n    sha256:\n    title: B\n",
    "folded": "files:\n  a.csv:\n    sha256: >-\n      old\n    title: A\n  b.csv:\n    sha256: "
    "|\n      b\n",
    "over two lines": "files:\n  a.csv:\n    sha256: old\n      er\n    title: A\n  b.csv: "
    "{title: B,\n    rows: 1}\n",
    "windows": "\ufefftitle: Å\r\nfiles:\r\n  a.csv:\r\n    title: A\r\n  b.csv:\r\n    sha256: "
    "b\r\n    rows: 1\r\n",
    "explicit": "--- # kort\nfiles:\n  ? a.csv\n  : title: A\n    sha256: !!str old\n  b.csv:\n   "
    " sha256: b\n...\n",
    "letters of two parts": "title: A\u030aben \U0001f600\nfiles:\n  a.csv:\n    sha256: old\n"
    "  b.csv:\n    sha256: b\n",
}


@pytest.mark.parametrize("checksum", [NEW, "1" * 64], ids=["letters", "digits"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_cards_laid_out_in_any_way_get_their_checksums_and_keep_the_rest(layout, checksum):
    content = LAYOUTS[layout].encode()
    before, found = (
        load_yaml("cards.yaml", content),
        put_checksums(content, {"a.csv": checksum, "b.csv": NEW}),
    )
    after = load_yaml("cards.yaml", found)
    assert [after["files"][name].pop("sha256") for name in ("a.csv", "b.csv")] == [checksum, NEW]
    for card in before["files"].values():
        card.pop("sha256", None)
    assert after == before
    kept = found.decode()
    for comment in ("# åben", "# ny", "# kort", "\ufeff", "A\u030aben"):
        assert (comment in kept) == (comment in LAYOUTS[layout])
    assert kept.count("\n") - kept.count("\r\n") == 0 if layout == "windows" else "\r" not in kept
    assert not layout.startswith("json") or json.loads(kept)


def test_a_card_whose_checksum_cannot_be_put_there_is_told():
    content = b"files:\n  a.csv:\n    ? title\n    : A\n"
    with pytest.raises(DataFault, match='skriv linjen sha256: ""'):
        put_checksums(content, {"a.csv": NEW})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"files:\n  a.csv:\n\tsha256: x\n", "linje 3 er rykket ind med tabulator"),
        ("files:\n  a.csv:\n    title: Å\n".encode("cp1252"), r"UTF-8 \(linje 3\)"),
        (b"files: [a\n", "ikke gyldig YAML"),
    ],
)
def test_cards_that_are_no_yaml_are_told_by_file_and_line_and_stay(content, told, tmp_path):
    folder = small_survey.make_survey(tmp_path / "s")
    (folder / "cards.yaml").write_bytes(content)
    before = read_all(folder)
    with pytest.raises(DataFault, match=f"cards.yaml: .*{told}"):
        seal.seal_survey(folder, plan=ASKED)
    assert read_all(folder) == before


def test_a_sealed_folder_opens_with_the_plan_that_was_made(tmp_path):
    folder = make_carded(tmp_path / "s")
    sealed = seal.seal_survey(folder, plan=ASKED)
    assert open_survey(str(folder)).plan.closed == sealed.closed != {}
    assert (folder / "dictionary.csv").read_text(encoding="utf-8").count("\n") == 14
    assert sealed.checksums == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sealed.checksums
    }
    assert len(sealed.checksums) == 6


@pytest.mark.parametrize("planned", [True, False])
def test_what_a_run_refuses_is_not_sealed_and_every_byte_stays(planned, tmp_path):
    folder = (make_carded if planned else small_survey.make_survey)(tmp_path / "s")
    put_unknown_answer(folder)
    before = read_all(folder)
    with pytest.raises(DataFault, match="evaluated"):
        seal.seal_survey(folder, plan=ASKED)
    assert read_all(folder) == before


def test_a_plan_that_cannot_be_made_changes_nothing(tmp_path):
    folder = make_carded(tmp_path / "s")
    before = read_all(folder)
    with pytest.raises(ZeroDivisionError):
        seal.seal_survey(folder, plan=lambda *_: 1 / 0)
    assert read_all(folder) == before


@pytest.mark.parametrize("name", ["microdata.csv", "cards.yaml"])
def test_a_file_that_is_changed_meanwhile_stops_the_seal(name, tmp_path):
    folder = make_carded(tmp_path / "s")

    def change(*_):
        (folder / name).write_bytes((folder / name).read_bytes() + b" ")
        return plan.Plan()

    cards = (folder / "cards.yaml").read_bytes()
    with pytest.raises(DataFault, match="blev ændret, mens den blev forseglet"):
        seal.seal_survey(folder, plan=change)
    assert (folder / "cards.yaml").read_bytes().rstrip() == cards and not (
        folder / "closed.yaml"
    ).exists()


@pytest.mark.parametrize("last", ["dictionary.csv", "closed.yaml", "cards.yaml"])
def test_a_seal_that_ends_between_two_files_leaves_what_is_refused(last, tmp_path, monkeypatch):
    folder = make_carded(tmp_path / "s")
    seal.seal_survey(folder, plan=ASKED)
    put_no = small_survey.set_cells(["r01"], initiator_citizens="1", initiator_leaders="0")
    (folder / "microdata.csv").write_bytes(
        put_no(small_survey.read_text(folder)).to_csv(index=False, lineterminator="\n").encode()
    )
    write = seal.write_file

    def stop(path, *rest):
        if path.name == last:
            raise OSError("no space left")
        write(path, *rest)

    monkeypatch.setattr(seal, "write_file", stop)
    monkeypatch.setattr(
        seal, "write_closed", lambda *given: closed.write_closed(*given) + "# anden\n"
    )
    (folder / "dictionary.csv").write_text("gammel", encoding="utf-8")
    with pytest.raises(OSError, match="no space left"):
        seal.seal_survey(folder, plan=ASKED)
    with pytest.raises(DataFault, match=r"kør python -m barometer seal"):
        open_survey(str(folder))


@pytest.mark.slow
def test_a_seal_killed_at_any_moment_leaves_the_old_one_or_is_refused(tmp_path):
    folder = copy_sectors(tmp_path / "s")
    seal_shipped(folder)
    population = (folder / "population.csv").read_text(encoding="utf-8")
    old, moments = read_all(folder), [0.3, 0.8, 1.2, 1.6, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10]
    ended = 0
    for number, seconds in enumerate(moments):
        # read as the same
        (folder / "population.csv").write_text(population + "\n" * number, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "barometer", "seal", folder],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        ended += process.wait() == -signal.SIGKILL
        process.communicate()
        assert b"made_for: none" not in (folder / "closed.yaml").read_bytes()
        try:
            open_survey(str(folder))
        except DataFault as fault:
            assert "kør python -m barometer seal" in str(fault)
            (folder / "population.csv").write_text(population, encoding="utf-8")
            if (folder / "cards.yaml").read_bytes() == old["cards.yaml"]:
                assert {
                    name: content
                    for name, content in read_all(folder).items()
                    if not name.startswith(".")
                } == old
    assert ended > 3


def test_the_plan_of_another_programme_or_of_other_files_is_not_used(tmp_path, monkeypatch):
    folder = make_carded(tmp_path / "s")
    seal.seal_survey(folder, plan=ASKED)
    assert open_survey(str(folder)).plan.closed
    monkeypatch.setenv(PLANS, str(tmp_path / "plans"))
    for name, value in (("VERSION", "another"), ("METHOD", "another")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(closed, name, value)
            patch.setattr("barometer.survey_files._READ", {})  # another version is another program
            assert open_survey(str(folder)).plan == plan.Plan()
    small_survey.change_cards(folder, lambda cards: cards | {"weight_tolerance": 0.02})
    assert open_survey(str(folder)).plan == plan.Plan()


@pytest.mark.parametrize(
    "edit",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines[:-1], lines[-1].replace("rule: ", "rule: un")],
        lambda lines: [*lines, lines[-1].replace('items: ["', 'items: ["!')],
    ],
    ids=["a line less", "another rule", "a line more"],
)
def test_a_plan_that_was_edited_is_refused(edit, tmp_path):
    folder = make_carded(tmp_path / "s")
    seal.seal_survey(folder, plan=ASKED)
    lines = (folder / "closed.yaml").read_text(encoding="utf-8").splitlines()
    small_survey.replace_file(folder, "closed.yaml", ("\n".join(edit(lines)) + "\n").encode())
    with pytest.raises(
        DataFault, match=r"closed\.yaml: filen er rettet, siden den blev lavet; kør python"
    ):
        open_survey(str(folder))


def reseal(folder, scope, cells):
    """Write a plan with its checksums as the program would, whatever it closes."""
    cards = json.loads((folder / "cards.yaml").read_text(encoding="utf-8"))
    small_survey.replace_file(
        folder, "closed.yaml", closed.write_closed(plan.Plan(scope, cells), cards).encode()
    )


def test_a_plan_with_its_checksums_made_anew_is_refused_where_a_rule_closes_what_it_leaves_open(
    tmp_path,
):
    folder = make_carded(tmp_path / "s")
    whole = seal.seal_survey(folder, plan=ASKED).closed
    scope = open_survey(str(folder)).plan.scope
    cells = [cell for cell, rule in whole.items() if rule != plan.SECONDARY]
    assert {"base", "answer"} <= {*whole.values()}
    for cell in cells:
        reseal(folder, scope, {one: rule for one, rule in whole.items() if one != cell})
        with pytest.raises(DataFault, match=r"som reglerne lukker \(antal: 1\); kør python"):
            open_survey(str(folder))
    reseal(folder, scope, whole)
    assert open_survey(str(folder)).plan.closed == whole


def test_every_cell_of_the_shipped_plan_is_counted_as_it_was_when_it_was_planned(monkeypatch):
    monkeypatch.setattr(facts, "MOST", 500)  # a large survey is counted part by part
    survey = open_shipped()
    cells = sorted(survey.plan.scope)
    found = facts.count_cells(survey, cells).to_numpy()
    assert len(cells) > 1000
    assert found == pytest.approx(np.array([plan.count_cell(survey, cell) for cell in cells]))


def test_where_the_plan_alone_is_another_the_answers_are_not_read_again(tmp_path, monkeypatch):
    folder = make_carded(tmp_path / "s")
    whole = seal.seal_survey(folder, plan=ASKED).closed
    scope, (cell, *_) = open_survey(str(folder)).plan.scope, whole
    before = survey_files.read_folder(folder)
    monkeypatch.setattr(survey_files, "read_files", None)
    reseal(folder, scope, {cell: plan.SECONDARY})
    files = survey_files.read_folder(folder)
    assert files.plan.closed == {cell: plan.SECONDARY} != before.plan.closed
    assert files.microdata.equals(before.microdata)
    small_survey.change_cards(folder, lambda cards: cards.update(title="En anden"))
    with pytest.raises(TypeError):  # all is read again
        survey_files.read_folder(folder)


@pytest.mark.slow
def test_each_cell_of_the_shipped_plan_that_a_rule_closes_is_missed_when_it_is_open():
    survey = open_shipped()
    rules = [cell for cell, rule in survey.plan.closed.items() if rule != plan.SECONDARY]
    assert closed.find_left_open(survey, survey.plan) == []
    assert closed.find_left_open(survey, replace(survey.plan, closed={})) == sorted(rules)
    excepted = replace(survey, exceptions={rules[0]: {}})
    assert closed.find_left_open(excepted, replace(survey.plan, closed={})) == sorted(rules[1:])


def test_a_first_card_of_a_new_folder_needs_no_checksums(tmp_path):
    folder = make_carded(tmp_path / "s")
    text = yaml.safe_dump(
        json.loads((folder / "cards.yaml").read_text(encoding="utf-8")), allow_unicode=True
    )
    text = "".join(line for line in text.splitlines(True) if "sha256" not in line)
    (folder / "cards.yaml").write_text(text, encoding="utf-8")
    seal.seal_survey(folder, plan=ASKED)
    assert open_survey(str(folder)).plan.closed


def test_the_last_words_say_how_much_is_closed_or_that_no_plan_is_kept(
    tmp_path, monkeypatch, capsys
):
    plan_by(monkeypatch, ASKED)
    assert seal.main([str(make_carded(tmp_path / "a"))]) == 0
    told, count = capsys.readouterr(), len(open_survey(str(tmp_path / "a")).plan.closed)
    assert f"a er forseglet, 6 filer. Planen lukker {count} celler: " in told.out
    assert told.err == f"{bounds.AT_WORK}Undersøgelsens filer efterses\n"
    assert seal.main([str(small_survey.make_survey(tmp_path / "b"))]) == 0
    told = capsys.readouterr()
    assert (
        "Ingen plan over lukkede celler er gemt her, for closed.yaml har intet kort" in told.out
        and not told.err
    )


def test_a_plan_that_closes_much_says_of_what_and_what_helps():
    registry, group = open_shipped().registry, "initiated_by_other_causes"
    domains, answers = ["state", "region", "field=health", "all"], ("internal", "external")
    scope = [(f"evaluated={one}", group, where) for one in answers for where in domains]
    items = registry.questions["partner"].variables
    scope += [(item, "all", where) for where in ("all", "state") for item in items]
    few = dict.fromkeys(scope[:4], "answer") | {scope[4]: plan.SECONDARY}
    assert [*summary.list_costs(registry, plan.Plan(frozenset(scope), few))] == []
    many = few | dict.fromkeys(scope[8:24], plan.SECONDARY)
    assert [*summary.list_costs(registry, plan.Plan(frozenset(scope), many))][:-1] == [
        "Lukkede celler: 21 af 30. Mest lukkes her:",
        "  partner: 16 af 22, heraf 0 efter reglerne",
        f"  evaluated, by={group}: 5 af 8, heraf 4 efter reglerne",
        "  Svar, som få har givet: evaluated=internal (Ja, internt) 4",
        f"  Grupper med få svar: {group} (Igangsat af andre årsager) 4",
        "  Rapporter efter del: hele undersøgelsen 12, sector 8, field 1",
    ]


def test_a_mean_that_an_answer_of_few_withholds_is_named_with_what_to_do():
    registry = open_shipped().registry
    question = registry.questions["novelty"]
    scale = replace(question, kind="scale", residual=("dont_know",), unanswered=())
    points = [one for one in question.answers if one != "dont_know"]
    assert len(points) < len(question.answers)
    item = f"novelty={'|'.join(points)}"
    cells = {(item, "all", "state"): "complement", (f"novelty={points[0]}", "all", "all"): "answer"}
    few = plan.Plan(frozenset(cells), cells)
    assert [*summary.list_costs(registry, few)] == []
    known = replace(registry, questions=registry.questions | {"novelty": scale})
    (told,) = summary.list_costs(known, few)
    assert told.startswith(
        "Gennemsnittet af novelty vises ikke i alle grupper og dele (1 lukkes): "
    )
    assert "dont_know (Ved ikke)" in told and "under unanswered" in told
    left = replace(scale, unanswered=("dont_know",))
    assert [*summary.list_costs(replace(registry, questions={"novelty": left}), few)] == []


def test_a_seal_says_which_cells_what_is_new_has_cost(tmp_path, monkeypatch, capsys):
    folder = make_carded(tmp_path / "a")
    no, internal, external = (
        (f"evaluated={one}", "all", "all") for one in ("no", "internal", "external")
    )
    plans = [
        plan.Plan(frozenset([no, internal]), {no: "answer"}),
        plan.Plan(frozenset([no, internal, external]), {internal: "secondary", external: "answer"}),
    ]
    plan_by(monkeypatch, lambda *_: plans.pop(0))
    assert seal.main([str(folder)]) == 0
    assert not any(title in capsys.readouterr().out for title in seal.CHANGES)
    assert seal.main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Lukkes nu, men kunne vises før: 1",
        "  evaluated=internal / all / all: Ja, internt",
        "Nye i planen og lukkede: 1",
        "  evaluated=external / all / all: Ja, udefra",
        "Kan vises nu, men var lukkede før: 1",
        "  evaluated=no / all / all: Nej",
    ]


@pytest.mark.parametrize("watched", [True, False], ids=["a terminal", "a log"])
def test_checksums_of_the_files_are_told_in_a_terminal_alone(
    tmp_path, monkeypatch, capsys, watched
):
    monkeypatch.setattr(seal, "is_watched", lambda stream: watched)
    plan_by(monkeypatch, ASKED)
    folder = make_carded(tmp_path / "a")
    assert seal.main([str(folder)]) == 0
    told = capsys.readouterr()
    sums = [
        hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("closed.yaml", "microdata.csv")
    ]
    assert [one in told.out + told.err for one in sums] == [watched, watched]


def test_a_seal_that_may_take_no_time_closes_more_and_says_so(tmp_path, monkeypatch, capsys):
    plan_by(monkeypatch, ASKED)
    folder = make_carded(tmp_path / "a")
    assert seal.main([str(folder), "--time-limit", "600"]) == 0
    assert "Tidsgrænsen" not in capsys.readouterr().out
    before = open_survey(str(folder)).plan
    monkeypatch.setattr(seal, "Progress", lambda seconds: bounds.Progress(seconds / 1e9))
    assert seal.main([str(folder), "--time-limit", "1"]) == 0
    assert "Tidsgrænsen blev nået: Der er lukket flere celler" in capsys.readouterr().out
    after = open_survey(str(folder)).plan
    assert before.scope == after.scope and before.closed.keys() < after.closed.keys()
    with pytest.raises(SystemExit) as ended:
        seal.main([str(folder), "--time-limit", "0"])
    assert ended.value.code == 2


def test_help_and_a_folder_that_is_none_are_answered_in_danish(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        seal.main(["--help"])
    assert ended.value.code == 0 and "Brug: python -m barometer seal" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        seal.main(["--hlep"])
    assert ended.value.code == 2 and "Ukendt valg: --hlep" in capsys.readouterr().err
    assert seal.main([str(tmp_path / "væk")]) == 1
    assert "findes ikke" in capsys.readouterr().err


@pytest.mark.slow
def test_a_seal_runs_the_chapters_and_what_they_did_not_ask_for_is_in_no_report(tmp_path):
    """Financing is in no chapter and not published: asked for after the seal, it is refused."""
    copy = make_copy(tmp_path)
    asks = "release_shares(survey, survey.question('{}'))"
    load = "from barometer.disclosure.release import release_shares\n"
    copy.write_chapter("01_ok", load + asks.format("novelty"))
    folder = copy.folder / "data" / "barometer-2020"
    shutil.rmtree(folder)
    copy_sectors(folder)
    command = [sys.executable, "-m", "barometer", "seal"]

    def seal_copy():
        return subprocess.run(command, cwd=copy.folder, capture_output=True, text=True)

    sealed = seal_copy()
    assert sealed.returncode == 0 and "er forseglet" in sealed.stdout
    code, told = copy.run("--sector", "region")
    assert code == 0, told
    copy.write_chapter("01_ok", load + asks.format("financing"))
    code, told = copy.run("--sector", "region")
    assert code == 1 and "NotPlanned: financing." in told
    assert "Forsegl undersøgelsen igen: python -m barometer seal" in told
    assert seal_copy().returncode == 0
    assert copy.run("--sector", "region")[0] == 0
    before = read_all(folder)
    copy.write_chapter("01_ok", "1 / 0")
    refused = seal_copy()
    assert refused.returncode == 1 and read_all(folder) == before
    assert "01_ok (all) kan ikke køres over undersøgelsen: celle 4 (1 / 0)" in refused.stderr
